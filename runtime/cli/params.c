/* params.c -- the options that an operation's rows give, put together to the JSON that eb_invoke takes.
 *
 * An option is a path: the name of a parameter or of a member of the body, then .name into an object, .0 into a
 * list, .key into a map. Names are those of the wire or their kebab case. A list takes a whole JSON list, or one
 * item more each time; "null" is null where the document allows it; @FILE is what the file holds. */
#include <string.h>

#include "cli.h"

/* How far a path has been walked, and what it leads to. */
typedef struct walk {
    const char     *name; /* the whole */
    size_t          len;
    const eb_field *row; /* NULL inside free-form values */
    cJSON          *parent;
    char           *key;   /* of the parent, when that is an object */
    int             index; /* of the parent, when that is a list */
    cli_text        wire;  /* "body.file", for eb_invoke_file */
} walk;

static cli_exit wrong(const walk *w, const char *what)
{
    return cli_fail(CLI_USAGE, "--%.*s: %s", (int)w->len, w->name, what);
}

static void step_to(walk *w, const char *key, size_t len, const eb_field *row)
{
    cli_free(w->key);
    w->key = cli_dup(key, len);
    w->row = row;
    cli_printf(&w->wire, "%s%.*s", w->wire.len > 0 ? "." : "", (int)len, key);
}

/* ---- The first name of a path ------------------------------------------------------------------ */

/* In a paged list, --page and --page-size are what the document calls them otherwise. */
static const eb_field *paging_row(const cli_call *call, const char *name, size_t len)
{
    const eb_pages *pages = call->operation->pages;

    if (pages != NULL && pages->page != NULL && len == 4 && memcmp(name, "page", 4) == 0)
        return cli_row(call->operation->params, pages->page, strlen(pages->page));
    if (pages != NULL && pages->size != NULL && len == 9 && memcmp(name, "page-size", 9) == 0)
        return cli_row(call->operation->params, pages->size, strlen(pages->size));
    return NULL;
}

void cli_option_name(cli_text *to, const cli_call *call, const eb_type *owner, const eb_field *row)
{
    if (owner == call->operation->params && row == paging_row(call, "page", 4))
        cli_puts(to, "page");
    else if (owner == call->operation->params && row == paging_row(call, "page-size", 9))
        cli_puts(to, "page-size");
    else
        cli_kebab(to, row->json, row->json_len);
}

/* The row of a first name, and whether it is a member of the body. */
static const eb_field *first_row(const cli_call *call, const char *name, size_t len, bool *in_body)
{
    const eb_field *row  = paging_row(call, name, len);
    const eb_type  *body = cli_body_type(call->operation);

    *in_body = false;
    if (row == NULL)
        row = cli_row(call->operation->params, name, len);
    if (row == NULL && len == 4 && memcmp(name, "body", 4) == 0)
        row = cli_body_row(call->operation);
    if (row != NULL || body == NULL)
        return row;
    *in_body = true;
    return cli_row(body, name, len);
}

static bool is_link_file(const cli_call *call, const char *name, size_t len)
{
    return call->link != NULL && len == 4 && memcmp(name, "file", 4) == 0;
}

bool cli_param_known(const cli_call *call, const char *name, size_t len)
{
    const char  *dot   = memchr(name, '.', len);
    const size_t first = dot != NULL ? (size_t)(dot - name) : len;
    bool         in_body;

    if (len == 5 && memcmp(name, "limit", 5) == 0 && call->operation->pages != NULL)
        return false; /* items in all: the tool's */
    if (len == 4 && memcmp(name, "body", 4) == 0)
        return false; /* the whole: the tool's */
    return is_link_file(call, name, len) ||
           (first > 0 && first_row(call, name, first, &in_body) != NULL);
}

/* ---- Walking ----------------------------------------------------------------------------------- */

/* What stands at the place reached so far, made if there is nothing; NULL: something else stands there. */
static cJSON *container(walk *w, bool list)
{
    cJSON *found = w->key != NULL ? cJSON_GetObjectItemCaseSensitive(w->parent, w->key)
                                  : cJSON_GetArrayItem(w->parent, w->index);

    if (found == NULL) {
        found = list ? cJSON_CreateArray() : cJSON_CreateObject();
        if (w->key != NULL)
            cJSON_AddItemToObject(w->parent, w->key, found);
        else
            cJSON_AddItemToArray(w->parent, found);
    }
    return (list ? cJSON_IsArray(found) : cJSON_IsObject(found)) ? found : NULL;
}

static cli_exit step_into_list(walk *w, const char *name, size_t len)
{
    cJSON *list  = container(w, true);
    long   index = 0;

    if (list == NULL)
        return wrong(w, "what it is part of is no list");
    for (size_t i = 0; i < len; i++)
        index = name[i] >= '0' && name[i] <= '9' && index < 100000 ? index * 10 + (name[i] - '0')
                                                                   : -1000000;
    if (len == 0 || index < 0)
        return wrong(w, "an item of a list has a number, from 0");
    if (index > cJSON_GetArraySize(list))
        return cli_fail(CLI_USAGE, "--%.*s: the next item of the list is %d", (int)w->len, w->name,
                        cJSON_GetArraySize(list));
    cli_free(w->key);
    w->key    = NULL;
    w->parent = list;
    w->index  = (int)index;
    w->row    = cli_element(w->row);
    cli_printf(&w->wire, ".%.*s", (int)len, name);
    return CLI_GO_ON;
}

static cli_exit unknown_member(const walk *w, const eb_type *type, const char *name, size_t len)
{
    cli_nearest nearest;
    cli_text    kebab = { 0 }, hint = { 0 };
    char       *word = cli_dup(name, len);

    cli_nearest_start(&nearest, word);
    for (uint16_t i = 0; i < type->row_count; i++) {
        kebab.len = 0;
        cli_kebab(&kebab, type->rows[i].json, type->rows[i].json_len);
        cli_nearest_take(&nearest, cli_str(&kebab), kebab.len);
    }
    (void)cli_fail(CLI_USAGE, "--%.*s: there is no member %s%s", (int)w->len, w->name, word,
                   cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&kebab);
    cli_text_free(&hint);
    cli_free(word);
    return CLI_USAGE;
}

static cli_exit step_into(walk *w, const char *name, size_t len)
{
    const eb_type  *type = cli_struct_of(w->row);
    const eb_field *row  = NULL;
    cJSON          *object;

    if (w->row != NULL && w->row->kind == EB_KIND_LIST)
        return step_into_list(w, name, len);
    if (type != NULL) {
        row = cli_row(type, name, len);
        for (uint16_t i = 0; row == NULL && i < type->row_count; i++)
            if ((type->rows[i].flags & EB_REST) != 0)
                row = cli_element(&type->rows[i]);
        if (row == NULL)
            return unknown_member(w, type, name, len);
    } else if (w->row != NULL && w->row->kind == EB_KIND_MAP) {
        row = cli_element(w->row);
    } else if (w->row != NULL && w->row->kind != EB_KIND_JSON) {
        return cli_fail(CLI_USAGE, "--%.*s: what it is part of is no object but %s", (int)w->len,
                        w->name, cli_kind_text(w->row));
    }
    if (len == 0)
        return wrong(w, "a name is missing in the path");
    object = container(w, false);
    if (object == NULL)
        return wrong(w, "what it is part of is no object");
    w->parent = object;
    if (row != NULL && row->json_len > 0)
        step_to(w, row->json, row->json_len, row);
    else
        step_to(w, name, len, row);
    return CLI_GO_ON;
}

static cli_exit walk_path(walk *w, cJSON *tree, const cli_call *call)
{
    const char     *dot = memchr(w->name, '.', w->len);
    size_t          at  = dot != NULL ? (size_t)(dot - w->name) : w->len;
    bool            in_body;
    const eb_field *row  = first_row(call, w->name, at, &in_body);
    cli_exit        done = CLI_GO_ON;

    w->parent = tree;
    if (row == NULL)
        return wrong(w, "there is no such option");
    if (in_body) {
        const eb_field *body = cli_body_row(call->operation);

        step_to(w, body->json, body->json_len, body);
        w->parent = container(w, false);
        if (w->parent == NULL)
            return wrong(w, "--body is no object");
    }
    step_to(w, row->json, row->json_len, row);
    while (done == CLI_GO_ON && at < w->len) {
        const char  *name = w->name + at + 1;
        const char  *next = memchr(name, '.', w->len - at - 1);
        const size_t len  = next != NULL ? (size_t)(next - name) : w->len - at - 1;

        done = step_into(w, name, len);
        at += 1 + len;
    }
    return done;
}

/* ---- Values ------------------------------------------------------------------------------------ */

static cli_exit put(walk *w, cJSON *value, bool item)
{
    if (item) {
        cJSON *list = container(w, true);

        if (list == NULL) {
            cJSON_Delete(value);
            return wrong(w, "what stands there already is no list");
        }
        cJSON_AddItemToArray(list, value);
    } else if (w->key != NULL) {
        cJSON_DeleteItemFromObjectCaseSensitive(w->parent, w->key);
        cJSON_AddItemToObject(w->parent, w->key, value);
    } else if (w->index < cJSON_GetArraySize(w->parent)) {
        cJSON_ReplaceItemInArray(w->parent, w->index, value);
    } else {
        cJSON_AddItemToArray(w->parent, value);
    }
    return CLI_GO_ON;
}

/* Does a tree hold a secret that the rows know? */
static bool holds_secret(const cJSON *value, const eb_field *row)
{
    const eb_type *type = cli_struct_of(row);

    if (row == NULL || cJSON_IsNull(value))
        return false;
    if ((row->flags & EB_SECRET) != 0)
        return true;
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        const eb_field *inner = cli_element(row);

        if (type != NULL)
            inner = item->string != NULL ? cli_row(type, item->string, strlen(item->string)) : NULL;
        if (holds_secret(item, inner))
            return true;
    }
    return false;
}

static cli_exit secret_on_the_line(const char *name, size_t len)
{
    return cli_fail(CLI_USAGE,
                    "--%.*s: a secret on a command line can be read by others; write it into a file that only you "
                    "can read, and give --%.*s @FILE",
                    (int)len, name, (int)len, name);
}

static cli_exit put_file(cli_params *params, walk *w, const char *value)
{
    const size_t n       = params->file_count;
    const char  *problem = NULL;

    if (value[0] != '@' || value[1] == '\0')
        return cli_fail(CLI_USAGE, "--%.*s: expected a file as @PATH, got \"%.60s\"", (int)w->len,
                        w->name, value);
    params->files   = cli_grow(params->files, (n + 1) * sizeof *params->files);
    params->uploads = cli_grow(params->uploads, (n + 1) * sizeof *params->uploads);
    memset(&params->files[n], 0, sizeof params->files[n]);
    params->uploads[n] = cli_upload_new(value + 1, &params->files[n].body, &problem);
    if (params->uploads[n] == NULL)
        return cli_fail(CLI_USAGE, "--%.*s: %s: %s", (int)w->len, w->name, value + 1, problem);
    params->files[n].name = cli_dup(cli_str(&w->wire), w->wire.len);
    params->file_count++;
    return CLI_GO_ON;
}

/* The text of a value: as it stands, or of its file; NULL: the message is out. */
static char *text_of(const char *name, size_t len, const char *value, bool secret)
{
    const char *problem = NULL;
    size_t      size    = 0;
    char       *text;

    if (value[0] != '@' || value[1] == '@')
        return cli_dup(value + (value[0] == '@'), strlen(value) - (value[0] == '@'));
    text = cli_read_file(value + 1, secret, &size, &problem);
    if (text == NULL)
        (void)cli_fail(CLI_USAGE, "--%.*s: %s: %s", (int)len, name, value + 1, problem);
    else if (size > 0 && text[size - 1] == '\n')
        text[size - (size > 1 && text[size - 2] == '\r' ? 2 : 1)] = '\0';
    return text;
}

/* w stands at the member. */
static cli_exit set_member(cli_params *params, walk *w, const char *value, bool skip_limits)
{
    const eb_field *row     = w->row;
    const bool      inline_ = value[0] != '@' || value[1] == '@';
    cli_text        problem = { 0 };
    cli_exit        done    = CLI_GO_ON;
    bool            item;
    char           *text;
    cJSON          *made;

    if (row != NULL && row->kind == EB_KIND_BODY) {
        done = put_file(params, w, value);
        return done != CLI_GO_ON ? done : put(w, cJSON_CreateString(""), false);
    }
    if (inline_ && row != NULL && (row->flags & EB_SECRET) != 0)
        return secret_on_the_line(w->name, w->len);
    text = text_of(w->name, w->len, value, row != NULL && (row->flags & EB_SECRET) != 0);
    if (text == NULL)
        return CLI_USAGE;
    item = row != NULL && row->kind == EB_KIND_LIST && text[strspn(text, " \t\r\n")] != '[' &&
           !(strcmp(text, "null") == 0 && (row->flags & EB_NULLABLE) != 0);
    made = cli_value(item ? cli_element(row) : row, text, skip_limits, &problem);
    if (made == NULL)
        done = row != NULL && cli_has_secrets(row)
                   ? wrong(w, "this is not what is expected; it is not shown, for it may hold a secret")
                   : wrong(w, cli_str(&problem));
    else if (inline_ && holds_secret(made, item ? cli_element(row) : row)) {
        cJSON_Delete(made);
        done = secret_on_the_line(w->name, w->len);
    } else {
        done = put(w, made, item);
    }
    cli_wipe(text);
    cli_text_free(&problem);
    return done;
}

cli_exit cli_param_set(cli_params *params, const cli_call *call, const cli_settings *settings,
                       const char *name, size_t len, const char *value)
{
    walk     w = { .name = name, .len = len };
    cli_exit done;

    if (is_link_file(call, name, len)) {
        cli_puts(&w.wire, "file");
        done = put_file(params, &w, value);
    } else {
        done = walk_path(&w, params->tree, call);
        if (done == CLI_GO_ON)
            done = set_member(params, &w, value, settings->skip_limits);
        if (done == CLI_GO_ON && w.row != NULL && w.row == paging_row(call, "page", 4))
            params->page_given = true;
    }
    cli_free(w.key);
    cli_text_free(&w.wire);
    return done;
}

cli_exit cli_param_body(cli_params *params, const cli_call *call, const char *value)
{
    const eb_field *body = cli_body_row(call->operation);
    walk            w    = { .name = "body", .len = 4, .row = body, .parent = params->tree };
    cli_exit        done;

    if (body == NULL)
        return cli_fail(CLI_USAGE, "--body: the operation has none");
    step_to(&w, body->json, body->json_len, body);
    if (strcmp(value, "-") == 0)
        value = "@-";
    done = set_member(params, &w, value, false);
    cli_free(w.key);
    cli_text_free(&w.wire);
    return done;
}

void cli_params_free(cli_params *params)
{
    for (size_t i = 0; i < params->file_count; i++) {
        cli_upload_free(params->uploads[i]);
        cli_free(params->files[i].name);
    }
    cli_free(params->files);
    cli_free(params->uploads);
    cJSON_Delete(params->tree);
    *params = (cli_params){ 0 };
}

/* ---- What is missing --------------------------------------------------------------------------- */

static void put_missing(cli_text *missing, const cli_call *call, const cJSON *object, const eb_type *type)
{
    for (uint16_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];

        if ((row->flags & EB_REQUIRED) == 0 || (row->flags & (EB_READ_ONLY | EB_FIXED)) != 0 ||
            row->json_len == 0 || cli_struct_of(row) != NULL ||
            cJSON_GetObjectItemCaseSensitive(object, row->json) != NULL)
            continue;
        cli_puts(missing, missing->len > 0 ? ", --" : "--");
        cli_option_name(missing, call, type, row);
    }
}

cli_exit cli_params_complete(cli_params *params, const cli_call *call)
{
    const eb_field *row = cli_body_row(call->operation);
    const cJSON *body = row != NULL ? cJSON_GetObjectItemCaseSensitive(params->tree, row->json) : NULL;
    cli_text     missing = { 0 }, word = { 0 };
    bool         file = call->link == NULL;

    put_missing(&missing, call, params->tree, call->operation->params);
    if (row != NULL && cli_struct_of(row) != NULL && (body != NULL || (row->flags & EB_REQUIRED) != 0))
        put_missing(&missing, call, body, cli_struct_of(row));
    for (size_t i = 0; i < params->file_count; i++)
        file = file || strcmp(params->files[i].name, "file") == 0;
    if (!file)
        cli_puts(&missing, missing.len > 0 ? ", --file" : "--file");
    if (missing.len > 0)
        (void)cli_fail(CLI_USAGE, "missing: %s; eb %s %s --help says what they are",
                       cli_str(&missing), call->api->name, cli_operation_word(call, &word));
    const cli_exit done = missing.len > 0 ? CLI_USAGE : CLI_GO_ON;

    cli_text_free(&missing);
    cli_text_free(&word);
    return done;
}

void cli_option_of_field(cli_text *to, const cli_call *call, const char *field)
{
    const eb_field *body = cli_body_row(call->operation);

    cli_puts(to, "--");
    if (cli_struct_of(body) != NULL && strncmp(field, "body.", 5) == 0 &&
        cli_row(call->operation->params, field + 5, strcspn(field + 5, ".[")) == NULL)
        field += 5;
    while (*field != '\0') {
        const size_t len = strcspn(field, ".[]");

        if (len > 0)
            cli_kebab(to, field, len);
        field += len;
        if (*field == '.' || *field == '[')
            cli_puts(to, ".");
        field += *field != '\0';
    }
}
