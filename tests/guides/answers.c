/* answers.c -- what else an answer says: an error's own body, and a download to a file. */
#include <string.h>

#include "guide.h"

int main(void)
{
    eb_client  *client   = edgegap_client();
    eb_response response = { 0 };

    /* [error] */
    const edgegap_application           *application = NULL;
    const edgegap_application_get_params none        = { .app_name = "no-such-application" };
    const edgegap_error                 *error;

    eb_status st = edgegap_application_get(client, &none, &application, &response);

    error = edgegap_application_get_error(&response); /* NULL if it said nothing of the kind */
    if (st == EB_API && error != NULL)
        printf("HTTP %d: %s\n", response.http_status, error->message != NULL ? error->message : "");
    /* [/error] */
    if (error == NULL)
        return 1;

    /* [file] */
    const eb_sink                         sink = eb_sink_file("applications.json");
    const edgegap_application_list_params list = {
        .options = &(eb_call_options){ .sink = &sink, .deadline_ms = 10 * 60 * 1000 }
    };

    st = edgegap_application_list(client, &list, NULL, &response);
    if (st == EB_OK)
        printf("%llu bytes\n", (unsigned long long)response.sink_bytes);
    else if (response.reason == EB_REASON_SINK)
        printf("it broke off, and what was written cannot be taken back\n");
    else
        say(st, &response); /* there is no applications.json, or the one that was there */
    /* [/file] */

    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_OK ? 0 : 1;
}
