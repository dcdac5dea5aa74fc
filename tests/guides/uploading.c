/* uploading.c -- code for an edge routine: ticket and file in one call, from a file, from memory, from a function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/dcdn.h"

static const char code[] = "addEventListener('fetch', (event) => event.respondWith(new Response('hi')));\n";

/* [reader] */
/* Bytes on demand: offset is where they belong, and starts again at 0 when the upload is attempted again. */
static int64_t read_code(void *context, uint64_t offset, void *buffer, size_t size)
{
    const char  *text = context;
    const size_t left = strlen(text) - (size_t)offset;
    const size_t n    = left < size ? left : size;

    memcpy(buffer, text + offset, n);
    return (int64_t)n; /* 0 is the end; negative ends the call */
}
/* [/reader] */

int main(void)
{
    eb_client  *client   = NULL;
    eb_response response = { 0 };
    int         failed   = 0;

    if (eb_client_new(&(eb_client_options){ .api = &dcdn_api, .base_url = getenv("EDGEBIND_MOCK_URL") },
                      &client) != EB_OK)
        return 1;

    /* [upload] */
    const dcdn_upload_routine_code_response   *made   = NULL;
    const dcdn_upload_routine_code_file_params params = {
        .body = &(dcdn_upload_routine_code_request){ .name = "hello", .code_description = "first" },
        .file = eb_body_file("hello.js"), /* streamed; its size is found when the call starts */
    };
    eb_status st = dcdn_upload_routine_code_file(client, &params, &made, &response);

    if (st == EB_OK && made != NULL && made->content != NULL)
        printf("uploaded revision %s\n", made->content->code_revision);
    else
        fprintf(stderr, "ticket %s: %s\n", response.ticket_request_id, response.message);
    /* [/upload] */
    failed += st != EB_OK;

    /* [sources] */
    const eb_body sources[] = {
        eb_body_memory(code, sizeof code - 1),
        eb_body_reader(read_code, (void *)(uintptr_t)code, sizeof code - 1),
    };

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const dcdn_upload_routine_code_file_params again = { .body = params.body, .file = sources[i] };

        st = dcdn_upload_routine_code_file(client, &again, &made, &response);
        failed += st != EB_OK;
    }
    /* [/sources] */

    if (failed == 0) {
        /* [publish] */
        char *revision = strdup(made->content->code_revision); /* the next call drops the response */

        st = dcdn_publish_routine_code_revision(client,
                                                &(dcdn_publish_routine_code_revision_params){
                                                    .body =
                                                        &(dcdn_publish_routine_code_revision_request){
                                                            .name                 = "hello",
                                                            .select_code_revision = revision,
                                                            .envs = EB_JSON("[\"production\"]"),
                                                        } },
                                                NULL, &response);
        free(revision);
        /* [/publish] */
        failed += st != EB_OK;
    }
    if (failed != 0)
        fprintf(stderr, "%s: %s\n", eb_status_text(st), response.message);
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
