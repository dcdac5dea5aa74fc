/* two.c -- two vendored copies under different prefixes in one program, and in one translation unit. */
#include <stdio.h>
#include <string.h>

#include "acme.h"
#include "zeta.h"

int main(void)
{
    const acme_app_version_update_body one = { .is_active = ACME_EB_BOOL(false) };
    const zeta_application_create_body two = { .name      = "shooter",
                                               .image     = "",
                                               .is_active = ZETA_EB_BOOL(true) };
    acme_eb_response                   a   = { 0 };
    zeta_eb_response                   z   = { 0 };
    acme_eb_json                       first;
    zeta_eb_json                       second;
    int                                failed = 1;

    if (acme_app_version_update_body_to_json(&one, &first, &a) == ACME_EB_OK &&
        zeta_application_create_body_to_json(&two, &second, &z) == ZETA_EB_OK) {
        printf("%s %s\n", first.text, second.text);
        failed = strcmp(first.text, "{\"is_active\":false}") != 0 ||
                 strcmp(second.text, "{\"name\":\"shooter\",\"is_active\":true,\"image\":\"\"}") != 0;
    }
    acme_eb_response_free(&a);
    zeta_eb_response_free(&z);
    return failed;
}
