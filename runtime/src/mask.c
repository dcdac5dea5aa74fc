/* mask.c -- field masks, a{b,c}: does one hide what a walk over pages, or a wait, needs? */
#include "mask.h"

#include <string.h>

#include "response.h"
#include "text.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':' || c == '*';
}

/* Behind the closing brace that matches one already open. */
static const char *skip_group(const char *at)
{
    for (int depth = 1; *at != '\0' && depth > 0; at++)
        depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
    return at;
}

/* Does a mask like {a{b,c},d} let through what a JSON pointer leads to? * lets through what is not named
 * beside it. White space counts for nothing. */
static bool mask_shows(const char *mask, const char *pointer)
{
    const char *name = pointer + 1;
    size_t      len;
    bool        rest = false;

    if (*pointer != '/') /* nothing is left of it */
        return true;
    len = strcspn(name, "/");
    while (*mask == '{' || eb__is_space(*mask))
        mask++;
    while (*mask != '\0' && *mask != '}') {
        const char *from = mask;
        size_t      found;

        while (is_name_char(*mask))
            mask++;
        found = (size_t)(mask - from);
        if (found == 0) { /* a comma, a space, or what the service will refuse */
            mask++;
            continue;
        }
        while (eb__is_space(*mask))
            mask++;
        if (found == len && memcmp(from, name, len) == 0)
            return *mask != '{' || mask_shows(mask, name + len);
        rest = rest || (found == 1 && *from == '*');
        if (*mask == '{')
            mask = skip_group(mask + 1);
    }
    return rest;
}

eb_status eb__mask_check(const eb_operation *op, const void *params, const char *const *wanted,
                         size_t count, const char *without, eb_response *response)
{
    for (uint16_t i = 0; i < op->params->row_count; i++) {
        const eb_field *row  = &op->params->rows[i];
        const char     *mask = NULL;

        if ((op->places[i] & EB_FIELD_MASK) == 0)
            continue;
        memcpy(&mask, (const char *)params + row->offset, sizeof mask);
        if (mask == NULL || *mask == '\0')
            continue;
        for (size_t k = 0; k < count; k++)
            if (wanted[k] != NULL && !mask_shows(mask, wanted[k])) {
                response->field = row->json;
                eb__response_message(response, "%s: the mask hides %s, without which %s", row->json,
                                     wanted[k], without);
                return EB_INVALID;
            }
    }
    return EB_OK;
}
