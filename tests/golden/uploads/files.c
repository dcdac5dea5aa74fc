/* files.c -- files of several kinds in one form, with types, names and headers of their own; and what is refused before a
 * byte is sent. */
#include <stdio.h>
#include <string.h>

#include "edgebind/edgebind.h"
#include "edgebind/testing.h"
#include "edgebind/upl.h"

static const char *const wanted[] = {
    "name=\"title\"\r\n\r\nSea\r\n",
    "name=\"cover\"; filename=\"sea.jpg\"\r\nContent-Type: image/jpeg\r\nX-Camera: Leica\r\nX-Sizes: 1,2\r\n\r\nJPEG\r\n",
    "name=\"photos\"; filename=\"1.png\"\r\nContent-Type: image/png\r\n\r\nfirst\r\n",
    "name=\"photos\"\r\nContent-Type: image/webp\r\n\r\n\r\n",
};

int main(void)
{
    static const int64_t          sizes[]    = { 1, 2 };
    static const eb_script_answer answers[]  = { { .http_status = 204 } };
    eb_script                     script     = { .answers = answers, .count = 1 };
    const eb_transport            transport  = eb_script_transport(&script);
    eb_body                       photos[40] = { { 0 } };
    upl_album_make_body           body       = { .title = "Sea", .cover = eb_body_memory("JPEG", 4) };
    upl_album_make_params         params     = { .body           = &body,
                                                 .cover_x_camera = "Leica",
                                                 .cover_x_sizes  = EB_LIST(sizes) };
    eb_invoke_file                files[]    = { { "body.photos", eb_body_memory("one", 3) },
                                                 { "body.photos", eb_body_memory("two", 3) } };
    eb_client                    *client     = NULL;
    eb_response                   response   = { 0 };
    const char                   *at;
    eb_status                     st;

    if (eb_client_new(&(eb_client_options){ .api = &upl_api, .transport = &transport }, &client) != EB_OK)
        return 1;
    for (size_t i = 0; i < sizeof photos / sizeof photos[0]; i++)
        photos[i] = eb_body_memory("", 0);
    photos[0]              = eb_body_memory("first", 5);
    photos[0].filename     = "1.png";
    photos[0].content_type = "image/png";
    for (size_t i = 1; i < sizeof photos / sizeof photos[0]; i++)
        photos[i].content_type = "image/webp";
    body.photos             = (eb_body_list)EB_LIST(photos);
    body.cover.filename     = "sea.jpg";
    body.cover.content_type = "image/jpeg";

    st = upl_album_make(client, &params, &response);
    if (st != EB_OK || script.exchanges != 1) {
        fprintf(stderr, "%s: %s\n", eb_status_text(st), response.message);
        return 1;
    }
    at = script.seen[0].body;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        at = at != NULL ? strstr(at, wanted[i]) : NULL;
        if (at == NULL) {
            fprintf(stderr, "missing: %s\nin %s\n", wanted[i], script.seen[0].body);
            return 1;
        }
    }

    body.cover.content_type = "text/html";
    st                      = upl_album_make(client, &params, &response);
    if (st != EB_INVALID ||
        strcmp(response.message,
               "body.cover: content_type: expected image/png, image/jpeg, got text/html") != 0) {
        fprintf(stderr, "%s: %s\n", eb_status_text(st), response.message);
        return 1;
    }
    body.cover.content_type = "image/png";
    photos[39].content_type = "video/mp4";
    st                      = upl_album_make(client, &params, &response);
    if (st != EB_INVALID || strcmp(response.field, "body.photos[39]") != 0) {
        fprintf(stderr, "%s: %s\n", response.field, response.message);
        return 1;
    }
    params.options = &(eb_call_options){ .skip_limits = true };
    st             = upl_album_make(client, &params, &response);
    if (st != EB_OK) {
        fprintf(stderr, "%s: %s\n", eb_status_text(st), response.message);
        return 1;
    }

    files[0].body.content_type = files[1].body.content_type = "image/png";
    st = eb_invoke_with(client, "album-make", "{\"body\":{\"title\":\"b\"}}",
                        &(eb_invoke_options){ .files = files, .file_count = 2 }, NULL, &response);
    at = script.seen[2].body;
    if (st != EB_OK || strstr(at, "name=\"photos\"\r\nContent-Type: image/png\r\n\r\none\r\n") == NULL ||
        strstr(at, "name=\"photos\"\r\nContent-Type: image/png\r\n\r\ntwo\r\n") == NULL) {
        fprintf(stderr, "%s: %s\n%s\n", eb_status_text(st), response.message, at);
        return 1;
    }
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    return 0;
}
