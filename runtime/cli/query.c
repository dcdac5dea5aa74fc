/* query.c -- paths into answers: a.b[0].c, [*] for every item. */
#include <string.h>

#include "cli.h"

typedef struct step {
    const char *name; /* a member; NULL: an item */
    size_t      len;
    long        index; /* of the item; -1: all */
} step;

/* Reads one step and moves behind it. False: the path is over, or *problem says what is wrong. */
static bool next_step(const char **path, step *found, const char **problem)
{
    const char *at = *path;

    if (*at == '\0')
        return false;
    *found = (step){ 0 };
    if (*at == '[') {
        size_t digits = strspn(at + 1, "0123456789");

        if (at[1] == '*') {
            found->index = -1;
            digits       = 1;
        } else {
            for (size_t i = 1; i <= digits && found->index < 1000000000; i++)
                found->index = found->index * 10 + (at[i] - '0');
        }
        if (digits == 0 || at[1 + digits] != ']') {
            *problem = "expected [0] or [*]";
            return false;
        }
        *path = at + digits + 2;
        return true;
    }
    if (*at == '.')
        at++;
    found->name = at;
    found->len  = strcspn(at, ".[");
    if (found->len == 0) {
        *problem = "expected a name";
        return false;
    }
    *path = at + found->len;
    return true;
}

static cli_exit unknown(const char *option, const char *path, const step *at, const eb_type *type)
{
    cli_nearest nearest;
    cli_text    hint = { 0 };
    char       *name = cli_dup(at->name, at->len);

    cli_nearest_start(&nearest, name);
    for (uint16_t i = 0; i < type->row_count; i++)
        cli_nearest_take(&nearest, type->rows[i].json, type->rows[i].json_len);
    (void)cli_fail(CLI_USAGE, "--%s %s: the answer has no %s there%s", option, path, name,
                   cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    cli_free(name);
    return CLI_USAGE;
}

cli_exit cli_query_check(const char *option, const char *path, const eb_type *type)
{
    const eb_field *row      = NULL;
    bool            is_list  = type != NULL && type->shape == EB_SHAPE_LIST;
    const eb_field *element  = is_list ? &type->rows[0] : NULL;
    const char     *problem  = NULL;
    const char     *at       = path;
    bool            is_known = type != NULL;
    step            found;

    if (*path == '\0')
        return cli_fail(CLI_USAGE, "--%s: expected a path like a.b[0].c", option);
    while (next_step(&at, &found, &problem)) {
        if (!is_known)
            continue;
        if (found.name == NULL) {
            if (element == NULL)
                return cli_fail(CLI_USAGE, "--%s %s: what stands before [ is no list", option, path);
            row = element;
        } else if (is_list) {
            return cli_fail(CLI_USAGE, "--%s %s: what stands before %.*s is a list; say [*] or [0]",
                            option, path, (int)found.len, found.name);
        } else if (type != NULL) {
            row = cli_row(type, found.name, found.len);
            if (row == NULL || row->json_len != found.len)
                return unknown(option, path, &found, type);
        } else if (element != NULL) {
            row = element; /* of a map */
        } else {
            return cli_fail(CLI_USAGE, "--%s %s: there is nothing in what stands before %.*s",
                            option, path, (int)found.len, found.name);
        }
        is_known = row->kind != EB_KIND_JSON && (row->flags & EB_REST) == 0;
        type     = cli_struct_of(row);
        element  = cli_element(row);
        is_list  = row->kind == EB_KIND_LIST;
    }
    return problem != NULL ? cli_fail(CLI_USAGE, "--%s %s: %s", option, path, problem) : CLI_GO_ON;
}

const cJSON *cli_query(const cJSON *value, const char *path, cJSON **made)
{
    const char *problem = NULL;
    step        at;

    *made = NULL;
    while (value != NULL && next_step(&path, &at, &problem)) {
        if (at.name != NULL) {
            char *name = cli_dup(at.name, at.len);

            value = cJSON_IsObject(value) ? cJSON_GetObjectItemCaseSensitive(value, name) : NULL;
            cli_free(name);
        } else if (at.index >= 0) {
            value = cJSON_IsArray(value) ? cJSON_GetArrayItem(value, (int)at.index) : NULL;
        } else {
            *made = cJSON_CreateArray();
            for (const cJSON *item = value->child; item != NULL; item = item->next) {
                cJSON       *inner = NULL;
                const cJSON *found = cli_query(item, path, &inner);

                if (found != NULL)
                    cJSON_AddItemToArray(*made, cJSON_Duplicate(found, true));
                cJSON_Delete(inner);
            }
            return *made;
        }
    }
    return problem == NULL ? value : NULL;
}
