/* update.c -- absent, null and a value in one PATCH, seen without a network: the scripted transport plays
 * the service and keeps what was sent. The way to unit-test a program that makes calls. */
#include <stdio.h>
#include <string.h>

#include "edgebind/edgegap.h"
#include "edgebind/testing.h"

int main(void)
{
    static const eb_script_answer answers[] = { { .http_status = 200, .body = "{\"success\":true}" } };
    eb_script                     script    = { .answers = answers, .count = 1 };
    const eb_transport            transport = eb_script_transport(&script);
    eb_client                    *client    = NULL;
    eb_response                   response  = { 0 };
    int                           failed    = 1;

    if (eb_client_new(&(eb_client_options){ .api         = &edgegap_api,
                                            .credentials = eb_credentials_token("not-a-real-token"),
                                            .transport   = &transport },
                      &client) != EB_OK)
        return 1;

    /* [patch] */
    const edgegap_app_version_update_params params = {
        .app_name     = "shooter",
        .version_name = "1.4.0",
        .body =
            &(edgegap_app_version_update_body){
                .is_active    = EB_BOOL(false), /* sent as false */
                .max_duration = EB_INT_NULL,    /* sent as null */
                .arguments    = eb_string_null, /* sent as null */
                .docker_tag   = "1.4.1",        /* everything else is absent: unchanged */
            },
    };
    const eb_status st = edgegap_app_version_update(client, &params, NULL, &response);
    /* [/patch] */

    if (st != EB_OK || script.exchanges != 1) {
        fprintf(stderr, "%s: %s\n", eb_status_name(st), response.message);
    } else {
        printf("%s %s\n%s\n", script.seen[0].method, script.seen[0].url, script.seen[0].body);
        failed = strstr(script.seen[0].body, "\"max_duration\":null") == NULL;
    }
    eb_script_reset(&script);
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
