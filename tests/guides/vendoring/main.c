/* main.c -- a program over a vendored copy: two operations, names of its own. */
#include <stdio.h>
#include <stdlib.h>

#include "acme.h"

int main(void)
{
    /* [call] */
    acme_eb_client *client = NULL;

    if (acme_eb_client_new(&(acme_eb_client_options){ .api      = &acme_api,
                                                      .base_url = getenv("EDGEBIND_MOCK_URL") },
                           &client) != ACME_EB_OK)
        return 1;

    acme_eb_response     response = { 0 };
    const acme_eb_status st       = acme_application_create(
              client,
              &(acme_application_create_params){
                  .body = &(acme_application_create_body){ .name      = "shooter",
                                                           .is_active = ACME_EB_BOOL(true),
                                                           .image     = "aQ==" } },
              NULL, &response);

    printf("%s\n", st == ACME_EB_OK ? "made" : response.message);
    /* [/call] */
    acme_eb_response_free(&response);
    acme_eb_client_free(client);
    return st == ACME_EB_OK ? 0 : 1;
}
