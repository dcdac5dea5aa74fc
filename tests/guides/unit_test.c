/* unit_test.c -- testing a program that makes calls, without a network and without waiting. */
#include <assert.h>
#include <string.h>

#include "guide.h"

#include "edgebind/testing.h"

#ifdef NDEBUG
#error "this program tests by assert"
#endif

/* What is under test: is there such a version? */
static int has_version(eb_client *client, const char *app, const char *version)
{
    eb_response     response = { 0 };
    const eb_status st       = edgegap_app_version_get(client,
                                                       &(edgegap_app_version_get_params){
                                                           .app_name = app, .version_name = version },
                                                       NULL, &response);
    const int       http     = response.http_status;

    eb_response_free(&response);
    return st == EB_OK ? 1 : st == EB_API && http == 404 ? 0 : -1;
}

int main(void)
{
    /* [script] */
    static const eb_script_answer answers[] = {
        { .http_status = 429 },
        { .http_status = 200, .body = "{\"name\":\"1.4.0\"}" },
        { .http_status = 404, .body = "{\"message\":\"no such version\"}" },
        { .status = EB_NETWORK, .sent = EB_SENT_NOTHING },
    };
    eb_script          script    = { .answers = answers, .count = 4 };
    const eb_transport transport = eb_script_transport(&script);
    const eb_clock     clock     = eb_script_clock(&script); /* what calls wait passes at once */
    eb_client         *client    = NULL;

    assert(eb_client_new(&(eb_client_options){ .api         = &edgegap_api,
                                               .credentials = eb_credentials_token("not-a-real-token"),
                                               .transport = &transport,
                                               .clock     = &clock },
                         &client) == EB_OK);
    /* [/script] */

    /* [assert] */
    assert(has_version(client, "shooter", "1.4.0") == 1);
    assert(script.exchanges == 2); /* throttled once, then answered */
    assert(script.slept_ms > 0);
    assert(strcmp(script.seen[1].method, "GET") == 0);
    assert(strstr(script.seen[1].url, "/v1/app/shooter/version/1.4.0") != NULL);
    assert(strstr(script.seen[1].headers, "not-a-real-token") != NULL);

    assert(has_version(client, "shooter", "2") == 0);
    assert(has_version(client, "shooter", "3") == -1);
    /* [/assert] */
    eb_script_reset(&script);
    eb_client_free(client);
    return 0;
}
