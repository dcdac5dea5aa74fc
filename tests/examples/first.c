/* first.c -- a first program: an application at Edgegap, a version of it, and a list of all versions. */
#include <stdio.h>
#include <stdlib.h>

#include "edgebind/edgegap.h"

static void report(eb_status st, const eb_response *response)
{
    if (st != EB_OK)
        fprintf(stderr, "%s (HTTP %d): %s\n", eb_status_text(st), response->http_status,
                response->message);
}

/* A picture of one pixel, Base64: Edgegap wants one for every application. */
#define PICTURE                                                    \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" \
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

int main(void)
{
    char                    problem[256];
    const eb_client_options options = {
        .api          = &edgegap_api,
        .credentials  = eb_credentials_token(getenv("EDGEGAP_TOKEN")),
        .base_url     = getenv("EDGEBIND_MOCK_URL"), /* NULL: the real service */
        .problem      = problem,
        .problem_size = sizeof problem,
    };
    eb_client  *client   = NULL;
    eb_response response = { 0 }; /* what each call leaves behind; one serves them all */
    eb_status   st       = eb_client_new(&options, &client);

    if (st != EB_OK) {
        fprintf(stderr, "%s: %s\n", eb_status_text(st), problem);
        return 1;
    }

    const edgegap_application_create_params app = {
        .body = &(edgegap_application_create_body){ .name      = "shooter",
                                                    .is_active = EB_BOOL(true),
                                                    .image     = PICTURE },
    };

    st = edgegap_application_create(client, &app, NULL, &response);
    report(st, &response); /* HTTP 409 when it is there already */

    const edgegap_app_version_create_params version = {
        .app_name = "shooter",
        .body =
            &(edgegap_app_version_create_body){
                .name              = "1.4.0",
                .docker_repository = "docker.io",
                .docker_image      = "studio/shooter",
                .docker_tag        = "1.4.0",
                .req_cpu           = EB_INT(512),
                .req_memory        = EB_INT(1024),
                .force_cache       = EB_BOOL(false),
            },
    };
    const edgegap_app_version_result *made = NULL; /* lives in the response */

    st = edgegap_app_version_create(client, &version, &made, &response);
    report(st, &response);
    if (st == EB_OK && made != NULL && made->version != NULL && made->version->name != NULL)
        printf("made %s, force_cache %s\n", made->version->name,
               made->version->force_cache.v ? "on" : "off");

    const edgegap_app_version_list_params all   = { .app_name = "shooter" };
    edgegap_app_version_list_pager        pager = { 0 };
    const edgegap_app_version            *v     = NULL; /* lives until the next one is asked for */

    st = edgegap_app_version_list_all(client, &all, &pager);
    while (st == EB_OK && (st = edgegap_app_version_list_next(&pager, &v)) == EB_OK)
        printf("%s\n", v->name != NULL ? v->name : "(no name)");
    if (st != EB_DONE) /* EB_DONE comes after the last item */
        report(st, &pager.response);

    edgegap_app_version_list_pager_free(&pager);
    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_DONE ? 0 : 1;
}
