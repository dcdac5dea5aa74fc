/* mock.c -- a test that runs against the mock provider: the program under test, and what must come of it. */
#include "guide.h"

int main(void)
{
    /* [test] */
    eb_client *client = edgegap_client(); /* EDGEBIND_MOCK_URL and EDGEGAP_TOKEN are set by --exec */
    eb_response response = { 0 };
    int         failed   = make_version(client, "shooter", "1.4.0") != EB_OK;
    eb_status   st       = edgegap_app_version_get(client,
                                                   &(edgegap_app_version_get_params){
                                                       .app_name = "shooter", .version_name = "1.4.0" },
                                                   NULL, &response);

    failed += st != EB_OK || response.attempt_count != 2; /* the scenario answers 503 once */
    failed += response.attempt_count > 0 && response.attempts[0].http_status != 503;
    /* [/test] */
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
