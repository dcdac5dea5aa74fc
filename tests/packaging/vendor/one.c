/* one.c -- a call and what came of it, and a value as text: what works whatever parts of the runtime are left out. A
 * credential that the API has no use for is refused in the same words. */
#include <stdio.h>
#include <string.h>

#include "edgebind/edgegap.h"

static eb_status answer(void *context, eb_exchange *exchange)
{
    static const char body[] = "{\"message\":\"no such version\"}";

    ++*(int *)context;
    exchange->sent        = EB_SENT_ANSWERED;
    exchange->http_status = 404;
    return exchange->on_body(exchange->context, body, sizeof body - 1) ? EB_OK : EB_NETWORK;
}

static int refused(eb_credentials credentials, const char *expected)
{
    char                    problem[256] = "";
    eb_client              *client       = NULL;
    const eb_client_options options      = {
             .api = &edgegap_api, .credentials = credentials, .problem = problem, .problem_size = sizeof problem
    };

    if (eb_client_new(&options, &client) == EB_INVALID && strcmp(problem, expected) == 0)
        return 1;
    fprintf(stderr, "expected \"%s\", got \"%s\"\n", expected, problem);
    eb_client_free(client);
    return 0;
}

int main(void)
{
    int                                     calls     = 0;
    const eb_transport                      transport = { .exchange = answer, .context = &calls };
    const eb_client_options                 options   = { .api         = &edgegap_api,
                                                          .credentials = eb_credentials_token("none"),
                                                          .transport   = &transport };
    const edgegap_app_version_update_body   change = { .name = "1.1", .is_active = EB_BOOL(false) };
    const edgegap_app_version_update_params params = { .app_name     = "shooter",
                                                       .version_name = "1.0",
                                                       .body         = &change };
    eb_client                              *client = NULL;
    eb_response                             response = { 0 };
    eb_json                                 text     = { 0 };
    int                                     ok;

    ok = eb_client_new(&options, &client) == EB_OK &&
         edgegap_app_version_update(client, &params, NULL, &response) == EB_API && calls == 1 &&
         response.http_status == 404 && strcmp(response.message, "no such version") == 0 &&
         edgegap_app_version_update_body_print(&change, &text, &response) == EB_OK &&
         strstr(text.text, "\"is_active\": false") != NULL;
    if (!ok)
        fprintf(stderr, "%s: %s\n", eb_status_name(response.status), response.message);
    eb_response_free(&response);
    eb_client_free(client);
    ok = ok &&
         refused(eb_credentials_oauth2("id", "secret"),
                 "credentials: this API wants a token, got a client id and secret") &&
         refused(eb_credentials_basic("user", "secret"),
                 "credentials: this API wants a token, got a user name and a password") &&
         refused(eb_credentials_key("id", "secret"),
                 "credentials: this API wants a token, got an access key pair");
    return ok ? 0 : 1;
}
