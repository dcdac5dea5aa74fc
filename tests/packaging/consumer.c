/* consumer.c -- what a program that uses the library as its own build system found it does: a call and a walk over
 * two pages, without a network. Every project of this directory builds it. */
#include <stdio.h>
#include <string.h>

#include "edgebind/edgegap.h"
#include "edgebind/testing.h"

int main(void)
{
    static const eb_script_answer answers[] = {
        { .http_status = 200, .body = "{\"success\":true}" },
        { .http_status = 200,
          .body = "{\"versions\":[{\"name\":\"1.0\"}],\"pagination\":{\"number\":1,\"next_page_number\":2,"
                  "\"has_next\":true}}" },
        { .http_status = 200,
          .body = "{\"versions\":[{\"name\":\"1.1\"}],\"pagination\":{\"number\":2,\"has_next\":false}}" },
    };
    static eb_script               script    = { .answers = answers, .count = 3 };
    const eb_transport             transport = eb_script_transport(&script);
    const eb_client_options        options   = { .api         = &edgegap_api,
                                                 .credentials = eb_credentials_token("none"),
                                                 .transport   = &transport };
    const edgegap_app_version     *version   = NULL;
    eb_client                     *client    = NULL;
    eb_response                    response  = { 0 };
    edgegap_app_version_list_pager pager     = { 0 };
    char                           names[16] = "";
    eb_status                      st        = eb_client_new(&options, &client);

    if (st == EB_OK) {
        const edgegap_app_version_update_params params = {
            .app_name     = "shooter",
            .version_name = "1.0",
            .body         = &(edgegap_app_version_update_body){ .is_active = EB_BOOL(false) },
        };
        st = edgegap_app_version_update(client, &params, NULL, &response);
    }
    if (st == EB_OK) {
        const edgegap_app_version_list_params all = { .app_name = "shooter" };
        st = edgegap_app_version_list_all(client, &all, &pager);
    }
    while (st == EB_OK && (st = edgegap_app_version_list_next(&pager, &version)) == EB_OK)
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ", version->name);
    printf("edgebind %s: %s, %zu exchanges, %s\n", eb_version(), names, script.exchanges,
           eb_status_name(st));
    if (st == EB_DONE && strcmp(names, "1.0 1.1 ") == 0 && script.exchanges == 3)
        st = EB_OK;

    edgegap_app_version_list_pager_free(&pager);
    eb_script_reset(&script);
    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_OK ? 0 : 1;
}
