/* decimal.c -- what cannot be a number on the wire is not sent as one. */
#include <stdio.h>
#include <string.h>

#include "edgebind/val.h"

int main(void)
{
    static const char *const refused[] = { "", "-", "1,5", "01", "0x10", "1 ", " 1", "NaN", "true", "\"1\"", "1]", "+1" };
    static const char *const taken[]   = { "0", "-0.10", "18446744073709551616", "1e400" };
    eb_response              response  = { 0 };
    eb_json                  json      = { 0 };
    int                      wrong     = 0;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0] + sizeof taken / sizeof taken[0]; i++) {
        const size_t     many  = sizeof refused / sizeof refused[0];
        const char      *text  = i < many ? refused[i] : taken[i - many];
        const val_inner  inner = { .seconds = EB_INT(1) };
        const val_thing  thing = { .name = "n", .count = EB_INT(1), .ratio = EB_NUM(1), .active = EB_BOOL(true),
             .password = "p", .inner = &inner, .price = text };
        const eb_status  st    = val_thing_to_json(&thing, &json, &response);
        const bool       good  = i < many ? st == EB_INVALID && strcmp(response.field, "price") == 0
                                          : st == EB_OK && strstr(json.text, text) != NULL;

        if (!good)
            (void)fprintf(stderr, "%s: %s %s\n", text, eb_status_name(st), response.message);
        wrong += !good;
    }
    eb_response_free(&response);
    return wrong != 0;
}
