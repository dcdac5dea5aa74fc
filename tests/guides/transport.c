/* transport.c -- an HTTP transport of your own: here one that answers by itself. */
#include <string.h>

#include "guide.h"

/* [exchange] */
/* One request, once: no retries, no redirects. Says how far it got. */
static eb_status exchange(void *context, eb_exchange *x)
{
    static const char body[] = "{\"name\":\"shooter\",\"is_active\":true}";
    size_t           *count  = context;

    ++*count;
    printf("%s %s\n", x->method, x->url);
    if (strstr(x->url, "/v1/app/") == NULL) {
        x->sent = EB_SENT_NOTHING;
        snprintf(x->problem, sizeof x->problem, "nothing listens there");
        return EB_NETWORK;
    }
    x->http_status = 200;
    x->sent        = EB_SENT_ANSWERED;
    if (!x->on_header(x->context, "content-type", 12, "application/json", 16) ||
        !x->on_body(x->context, body, sizeof body - 1))
        return EB_LIMIT; /* the library wants no more */
    return EB_OK;
}
/* [/exchange] */

int main(void)
{
    /* [client] */
    size_t             count     = 0;
    const eb_transport transport = { .exchange = exchange, .context = &count };
    eb_client         *client    = NULL;
    eb_response        response  = { 0 };

    if (eb_client_new(&(eb_client_options){ .api         = &edgegap_api,
                                            .credentials = eb_credentials_token("not-a-real-token"),
                                            .transport   = &transport },
                      &client) != EB_OK)
        return 1;
    /* [/client] */

    const edgegap_application *app = NULL;
    const eb_status            st =
        edgegap_application_get(client, &(edgegap_application_get_params){ .app_name = "shooter" },
                                &app, &response);
    const int failed = st != EB_OK || app == NULL || strcmp(app->name, "shooter") != 0 || count != 1;

    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
