/* value.c -- the text of an option as JSON, typed by its row. */
#include <string.h>

#include "cli.h"

/* Length of a JSON number at the start of a text; fraction and exponent only where they may be. */
static size_t number_len(const char *text, bool integer)
{
    size_t at = text[0] == '-';

    if (text[at] == '0')
        at++;
    else if (strspn(text + at, "0123456789") > 0)
        at += strspn(text + at, "0123456789");
    else
        return 0;
    if (integer)
        return at;
    if (text[at] == '.' && strspn(text + at + 1, "0123456789") > 0)
        at += 1 + strspn(text + at + 1, "0123456789");
    if (text[at] == 'e' || text[at] == 'E') {
        const size_t sign = text[at + 1] == '-' || text[at + 1] == '+';

        if (strspn(text + at + 1 + sign, "0123456789") > 0)
            at += 1 + sign + strspn(text + at + 1 + sign, "0123456789");
    }
    return at;
}

static cJSON *expected(cli_text *problem, const char *what, const char *text)
{
    cli_printf(problem, "expected %s, got \"%.60s%s\"", what, text, strlen(text) > 60 ? "..." : "");
    return NULL;
}

/* Kept as its digits: a double would round them. */
static cJSON *number(const char *text, bool integer, cli_text *problem)
{
    const size_t len = number_len(text, integer);

    if (len == 0 || text[len] != '\0')
        return expected(problem, integer ? "an integer" : "a number", text);
    return cJSON_CreateRaw(text);
}

static cJSON *parsed(const char *text, const char *what, cli_text *problem)
{
    cJSON        *tree = NULL;
    const eb_json json = { text, strlen(text) };

    if (eb_json_to_cjson(json, &tree) == EB_OK)
        return tree;
    return expected(problem, what, text);
}

static void put_choices(cli_text *problem, const eb_enum *e)
{
    size_t shown = 0;

    cli_puts(problem, "expected one of ");
    for (uint16_t i = 0; i < e->count; i++) {
        if (e->texts != NULL && e->texts[i] == NULL)
            continue;
        cli_puts(problem, shown++ > 0 ? ", " : "");
        if (e->texts != NULL)
            cli_puts(problem, e->texts[i]);
        else
            cli_printf(problem, "%lld", (long long)e->numbers[i]);
    }
}

static cJSON *enumerated(const eb_enum *e, const char *text, bool skip_limits, cli_text *problem)
{
    cli_nearest nearest;
    cli_text    hint = { 0 };

    if (skip_limits || eb_enum_find(e, text) > 0)
        return cJSON_CreateString(text);
    cli_nearest_start(&nearest, text);
    for (uint16_t i = 0; i < e->count; i++)
        if (e->texts[i] != NULL)
            cli_nearest_take(&nearest, e->texts[i], strlen(e->texts[i]));
    put_choices(problem, e);
    cli_printf(problem, ", got \"%.60s\"%s", text, cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    return NULL;
}

static cJSON *integer_enumerated(const eb_enum *e, const char *text, bool skip_limits, cli_text *problem)
{
    cJSON *made  = number(text, true, problem);
    bool   known = skip_limits;

    for (uint16_t i = 0; i < e->count && made != NULL && !known; i++) {
        cli_text printed = { 0 };

        cli_printf(&printed, "%lld", (long long)e->numbers[i]);
        known = strcmp(cli_str(&printed), text) == 0;
        cli_text_free(&printed);
    }
    if (made == NULL || known)
        return made;
    cJSON_Delete(made);
    put_choices(problem, e);
    cli_printf(problem, ", got %.60s", text);
    return NULL;
}

cJSON *cli_value(const eb_field *row, const char *text, bool skip_limits, cli_text *problem)
{
    if (row == NULL) { /* inside a free-form value */
        const eb_json json = { text, strlen(text) };
        cJSON        *tree = NULL;

        return eb_json_to_cjson(json, &tree) == EB_OK ? tree : cJSON_CreateString(text);
    }
    if (strcmp(text, "null") == 0 && (row->flags & EB_NULLABLE) != 0)
        return cJSON_CreateNull();
    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
            return cJSON_CreateBool(text[0] == 't');
        return expected(problem, "true or false", text);
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
        return number(text, true, problem);
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
    case EB_KIND_DECIMAL:
        return number(text, false, problem);
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_BODY:
        return cJSON_CreateString(text);
    case EB_KIND_ENUM:
        return enumerated(row->target, text, skip_limits, problem);
    case EB_KIND_INT_ENUM:
        return integer_enumerated(row->target, text, skip_limits, problem);
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
    case EB_KIND_MAP:
        if (row->kind != EB_KIND_MAP && cli_struct_of(row) == NULL)
            return parsed(text, "a value in JSON", problem);
        return text[strspn(text, " \t\r\n")] == '{' ? parsed(text, "an object in JSON", problem)
                                                    : expected(problem, "an object in JSON", text);
    case EB_KIND_LIST:
        return parsed(text, "a list in JSON", problem);
    default:
        return parsed(text, "a value in JSON", problem);
    }
}

void cli_each_choice(const eb_field *row, void (*take)(void *context, const char *text), void *context)
{
    const eb_enum *e    = row->target;
    cli_text       text = { 0 };

    if (row->kind == EB_KIND_BOOL || row->kind == EB_KIND_OPT_BOOL) {
        take(context, "true");
        take(context, "false");
    }
    if (row->kind != EB_KIND_ENUM && row->kind != EB_KIND_INT_ENUM)
        return;
    for (uint16_t i = 0; i < e->count; i++) {
        text.len = 0;
        if (e->texts == NULL)
            cli_printf(&text, "%lld", (long long)e->numbers[i]);
        else if (e->texts[i] != NULL)
            cli_puts(&text, e->texts[i]);
        if (text.len > 0)
            take(context, cli_str(&text));
    }
    cli_text_free(&text);
}
