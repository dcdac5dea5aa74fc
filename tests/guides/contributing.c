/* contributing.c -- a call seen from inside: the moments of its attempts, and the request as a curl command. */
#include "guide.h"

/* [hooks] */
static void signing(void *context, eb_moment *moment)
{
    (void)context;
    printf("attempt %d of %s: %s %s\n", moment->attempt, moment->operation, moment->method, moment->url);
    eb_moment_header(moment, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

static void attempted(void *context, const eb_moment *moment)
{
    int *attempts = context;

    ++*attempts;
    printf("HTTP %d after %lld ms: %s\n", moment->http_status, (long long)moment->duration_ms,
           eb_reason_text(moment->reason));
}

static void write_line(void *context, eb_log_level level, const char *line)
{
    (void)context;
    printf("%s: %s\n", eb_log_level_name(level), line);
}
/* [/hooks] */

int main(void)
{
    /* [client] */
    int            attempts = 0;
    const eb_hooks hooks = { .before_sign = signing, .after_attempt = attempted, .context = &attempts };
    const eb_log log     = { .level = EB_LOG_TRACE, .write = write_line };
    eb_client   *client = NULL;

    if (eb_client_new(&(eb_client_options){ .api      = &edgegap_api,
                                            .base_url = getenv("EDGEBIND_MOCK_URL"),
                                            .hooks    = &hooks,
                                            .log      = &log },
                      &client) != EB_OK)
        return 1;
    /* [/client] */

    eb_response     response = { 0 };
    const eb_status st =
        edgegap_application_get(client, &(edgegap_application_get_params){ .app_name = "shooter" },
                                NULL, &response);

    const int http = response.http_status;

    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_API && http == 404 && attempts == 1 ? 0 : 1; /* the mock begins without applications */
}
