/* guide.h -- what the programs of the guides share: a client for Edgegap, and a way to say what went wrong. */
#ifndef GUIDE_H
#define GUIDE_H

#include <stdio.h>
#include <stdlib.h>

#include "edgebind/edgegap.h"

/* The service, or the mock where EDGEBIND_MOCK_URL says so; the token comes from EDGEGAP_TOKEN. */
static inline eb_client *edgegap_client(void)
{
    char                    problem[256];
    eb_client              *client  = NULL;
    const eb_client_options options = {
        .api          = &edgegap_api,
        .base_url     = getenv("EDGEBIND_MOCK_URL"),
        .problem      = problem,
        .problem_size = sizeof problem,
    };

    if (eb_client_new(&options, &client) != EB_OK) {
        fprintf(stderr, "%s\n", problem);
        exit(2);
    }
    return client;
}

static inline void say(eb_status st, const eb_response *response)
{
    fprintf(stderr, "%s (HTTP %d, request %s): %s\n", eb_status_text(st), response->http_status,
            response->request_id, response->message);
}

/* An application with one version, for what follows. */
static inline eb_status make_version(eb_client *client, const char *app, const char *name)
{
    eb_response response = { 0 };
    eb_status   st       = edgegap_application_create(
                client,
                &(edgegap_application_create_params){
                    .body = &(edgegap_application_create_body){ .name      = app,
                                                                .is_active = EB_BOOL(true),
                                                                .image     = "aQ==" } },
                NULL, &response);

    if (st == EB_OK || response.http_status == 409)
        st = edgegap_app_version_create(
            client,
            &(edgegap_app_version_create_params){
                .app_name = app,
                .body     = &(edgegap_app_version_create_body){ .name              = name,
                                                                .docker_repository = "docker.io",
                                                                .docker_image      = "studio/shooter",
                                                                .docker_tag        = name,
                                                                .req_cpu           = EB_INT(512),
                                                                .req_memory        = EB_INT(1024) } },
            NULL, &response);
    if (st != EB_OK)
        say(st, &response);
    eb_response_free(&response);
    return st;
}

#endif
