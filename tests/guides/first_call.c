/* first_call.c -- a client, one call, its answer. */
#include <stdio.h>
#include <stdlib.h>

#include "edgebind/edgegap.h"

int main(void)
{
    /* [client] */
    char                    problem[256];
    const eb_client_options options = {
        .api          = &edgegap_api, /* the token: from EDGEGAP_TOKEN */
        .base_url     = getenv("EDGEBIND_MOCK_URL"),
        .problem      = problem,
        .problem_size = sizeof problem,
    };
    eb_client *client = NULL;

    if (eb_client_new(&options, &client) != EB_OK) {
        fprintf(stderr, "%s\n", problem); /* one line that names the option at fault */
        return 1;
    }
    /* [/client] */

    /* [call] */
    const edgegap_application_create_params params = {
        .body = &(edgegap_application_create_body){ .name      = "shooter",
                                                    .is_active = EB_BOOL(true),
                                                    .image     = "aQ==" },
    };
    const edgegap_application *app      = NULL;
    eb_response                response = { 0 };
    eb_status                  st = edgegap_application_create(client, &params, &app, &response);

    if (st == EB_OK && app != NULL && app->name != NULL)
        printf("made %s\n", app->name);
    else if (st != EB_OK)
        fprintf(stderr, "%s: %s\n", eb_status_text(st), response.message);
    /* [/call] */

    /* [end] */
    eb_response_free(&response); /* and with it everything that `app` points to */
    eb_client_free(client);
    return st == EB_OK ? 0 : 1;
    /* [/end] */
}
