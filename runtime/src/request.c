/* request.c -- from a params struct and its rows to a URL, headers and a body. */
#include "request.h"

#include <string.h>

#include "multipart.h"
#include "rows.h"
#include "text.h"
#include "url.h"

static const void *member(const void *base, const eb_field *row)
{
    return (const char *)base + row->offset;
}

static bool is_in(const eb_operation *operation, size_t i, enum eb_place place)
{
    return (operation->places[i] & EB_PLACE_MASK_) == place;
}

eb_status eb__request_header(eb_request *request, const char *name, const char *value)
{
    if (request->header_count == EB_REQUEST_HEADERS)
        return EB_LIMIT;
    request->headers[request->header_count++] = (eb_header){ name, value };
    return EB_OK;
}

/* A buffer's text, moved into the arena. */
static const char *settle(eb_request *request, eb_buf *text, eb_status *st)
{
    const char *kept = NULL;

    *st = eb__buf_status(text);
    if (*st == EB_OK) {
        kept = eb__arena_dup(request->arena, eb__buf_text(text), text->len);
        *st  = kept != NULL ? EB_OK : EB_NOMEM;
    }
    eb__buf_clear(text);
    return kept;
}

/* A parameter as plain text, a list with commas between its items. False: absent or null. */
static bool put_plain(eb_buf *out, const eb_field *row, const void *params)
{
    const eb_type *type = row->target;
    eb_list_head   list;

    if (row->kind != EB_KIND_LIST)
        return eb__encode_plain(out, row, params);
    if (eb__state(row, params) != EB_SET)
        return false;
    list = eb__list_at(member(params, row));
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            eb__buf_putc(out, ',');
        (void)eb__encode_plain(out, type->rows, (const char *)list.items + i * type->size);
    }
    return true;
}

/* ---- Path -------------------------------------------------------------------------------------- */

static eb_status put_segment(eb_buf *url, const eb_field *row, const char *text, size_t len,
                             eb_problem *problem)
{
    if (len == 0 || (len == 1 && text[0] == '.') || (len == 2 && text[0] == '.' && text[1] == '.')) {
        eb__problem_member(problem, row->json);
        return eb__problem_set(problem, EB_INVALID, "%s: \"%.*s\" cannot be part of a path",
                               row->json, (int)len, text);
    }
    eb__url_encode(url, text, len);
    return EB_OK;
}

static eb_status put_path_value(eb_buf *url, const eb_field *row, uint8_t place, const char *text,
                                eb_problem *problem)
{
    eb_status st;

    for (;;) {
        const size_t len = (place & EB_SEGMENTS) != 0 ? strcspn(text, "/") : strlen(text);

        st = put_segment(url, row, text, len, problem);
        if (st != EB_OK || text[len] == '\0')
            return st;
        eb__buf_putc(url, '/');
        text += len + 1;
    }
}

/* The row of a {name} in the path: another place may have a parameter of the same name. */
static const eb_field *path_row(const eb_operation *operation, const char *name, size_t len)
{
    for (size_t i = 0; i < operation->params->row_count; i++) {
        const eb_field *row = &operation->params->rows[i];

        if (is_in(operation, i, EB_IN_PATH) && row->json_len == len && memcmp(row->json, name, len) == 0)
            return row;
    }
    return NULL;
}

static eb_status put_path(eb_buf *url, eb_buf *scratch, const eb_operation *operation,
                          const void *params, eb_problem *problem)
{
    for (const char *at = operation->path; *at != '\0' && *at != '#';) {
        const char     *close = *at == '{' ? strchr(at, '}') : NULL;
        const eb_field *row   = close == NULL ? NULL
                                              : path_row(operation, at + 1, (size_t)(close - at - 1));
        eb_status       st;

        if (row == NULL) {
            const size_t plain = 1 + strcspn(at + 1, "{#");

            eb__buf_put(url, at, plain);
            at += plain;
            continue;
        }
        eb__buf_clear(scratch);
        (void)put_plain(scratch, row, params);
        st = eb__buf_status(scratch);
        if (st == EB_OK)
            st = put_path_value(url, row, operation->places[row - operation->params->rows],
                                eb__buf_text(scratch), problem);
        if (st != EB_OK)
            return st;
        at = close + 1;
    }
    return EB_OK;
}

/* ---- Query ------------------------------------------------------------------------------------- */

static eb_status add_pair(eb_request *request, const char *name, eb_buf *value)
{
    eb_status st;

    request->query[request->query_count].name  = name;
    request->query[request->query_count].value = settle(request, value, &st);
    if (st == EB_OK)
        request->query_count++;
    return st;
}

/* Is it a list with a pair for each item? */
static bool is_exploded(const eb_operation *operation, size_t i)
{
    return operation->params->rows[i].kind == EB_KIND_LIST &&
           (operation->places[i] & (EB_EXPLODE | EB_AS_JSON)) == EB_EXPLODE;
}

static eb_status add_each(eb_request *request, const eb_field *row, const void *params, eb_buf *value)
{
    const eb_type     *type = row->target;
    const eb_list_head list = eb__list_at(member(params, row));
    eb_status          st   = EB_OK;

    for (size_t i = 0; i < list.count && st == EB_OK; i++) {
        (void)eb__encode_plain(value, type->rows, (const char *)list.items + i * type->size);
        st = add_pair(request, row->json, value);
    }
    return st;
}

static eb_status collect_query(eb_request *request, const eb_operation *operation,
                               const void *params, eb_buf *value)
{
    const eb_field *rows  = operation->params->rows;
    const size_t    count = operation->params->row_count;
    size_t          most  = 0;
    eb_status       st    = EB_OK;

    for (size_t i = 0; i < count; i++)
        if (is_in(operation, i, EB_IN_QUERY) && eb__state(&rows[i], params) == EB_SET)
            most += is_exploded(operation, i) ? eb__list_at(member(params, &rows[i])).count : 1;
    if (most == 0)
        return EB_OK;
    if (most > SIZE_MAX / sizeof *request->query)
        return EB_LIMIT;
    request->query = eb__arena_alloc(request->arena, most * sizeof *request->query);
    if (request->query == NULL)
        return EB_NOMEM;
    for (size_t i = 0; i < count && st == EB_OK; i++) {
        if (!is_in(operation, i, EB_IN_QUERY) || eb__state(&rows[i], params) != EB_SET)
            continue;
        if (is_exploded(operation, i))
            st = add_each(request, &rows[i], params, value);
        else if ((operation->places[i] & EB_AS_JSON) != 0 ? eb__encode_member(value, &rows[i], params)
                                                          : put_plain(value, &rows[i], params))
            st = add_pair(request, rows[i].json, value);
    }
    return st;
}

static void put_query(eb_buf *url, const eb_request *request)
{
    for (size_t i = 0; i < request->query_count; i++) {
        eb__buf_putc(url, i == 0 ? '?' : '&');
        eb__url_encode(url, request->query[i].name, strlen(request->query[i].name));
        eb__buf_putc(url, '=');
        eb__url_encode(url, request->query[i].value, strlen(request->query[i].value));
    }
}

/* ---- Headers ----------------------------------------------------------------------------------- */

static bool is_token(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
              (*text >= '0' && *text <= '9') || strchr(others, *text) != NULL))
            return false;
    return true;
}

/* No control characters: nothing that could end a header line. */
static bool is_header_value(const char *text)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

static eb_status add_header(eb_request *request, const char *field, const char *name,
                            const char *value, eb_problem *problem)
{
    const bool good = is_header_value(value);

    if (good && eb__request_header(request, name, value) == EB_OK)
        return EB_OK;
    eb__problem_member(problem, field);
    return good ? eb__problem_set(problem, EB_INVALID, "%s: too many headers, at most %d in all",
                                  field, EB_REQUEST_HEADERS)
                : eb__problem_set(problem, EB_INVALID,
                                  "%s: control characters cannot be sent in a header", field);
}

static eb_status parameter_headers(eb_request *request, const eb_operation *operation,
                                   const void *params, eb_buf *value, eb_problem *problem)
{
    eb_status st = EB_OK;

    for (size_t i = 0; i < operation->params->row_count && st == EB_OK; i++) {
        const eb_field *row = &operation->params->rows[i];
        const char     *text;

        eb__buf_clear(value);
        if (!is_in(operation, i, EB_IN_HEADER) || !put_plain(value, row, params))
            continue;
        text = settle(request, value, &st);
        if (st == EB_OK)
            st = add_header(request, row->json, row->json, text, problem);
    }
    return st;
}

/* Is a header the library's: one it sends, one that frames the message, or one that would say twice what
 * the request says already? */
static bool is_ours(const eb_request *request, size_t own_count, const eb_auth *auth, const char *name)
{
    static const char *const ours[] = { "accept-encoding",
                                        "authorization",
                                        "connection",
                                        "content-encoding",
                                        "content-length",
                                        "content-type",
                                        "expect",
                                        "keep-alive",
                                        "proxy-authorization",
                                        "proxy-connection",
                                        "te",
                                        "trailer",
                                        "transfer-encoding",
                                        "upgrade",
                                        "x-acs-accesskey-id",
                                        "x-acs-action",
                                        "x-acs-content-sha256",
                                        "x-acs-date",
                                        "x-acs-retry-attempts",
                                        "x-acs-retry-delay",
                                        "x-acs-security-token",
                                        "x-acs-signature-nonce",
                                        "x-acs-version" };

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (eb__same_name(name, ours[i]))
            return true;
    for (size_t i = 0; i < own_count; i++)
        if (eb__same_name(name, request->headers[i].name))
            return true;
    return auth != NULL && auth->header != NULL && eb__same_name(name, auth->header);
}

eb_status eb__request_extra_header(eb_request *request, const eb_auth *auth, const char *name,
                                   const char *value)
{
    const char *own_name, *own_value;

    if (!is_token(name) || !is_header_value(value) || is_ours(request, request->header_count, auth, name))
        return EB_INVALID;
    own_name  = eb__arena_dup(request->arena, name, strlen(name));
    own_value = eb__arena_dup(request->arena, value, strlen(value));
    if (own_name == NULL || own_value == NULL)
        return EB_NOMEM;
    return eb__request_header(request, own_name, own_value) == EB_OK ? EB_OK : EB_INVALID;
}

static eb_status caller_headers(eb_request *request, const eb_call_options *options,
                                const eb_auth *auth, eb_problem *problem)
{
    const size_t own_count = request->header_count;

    for (size_t i = 0; options != NULL && i < options->header_count; i++) {
        const eb_header *given = &options->headers[i];
        const char      *name, *value;
        eb_status        st = EB_INVALID;

        if (given->name == NULL || !is_token(given->name) || given->value == NULL)
            (void)eb__problem_set(problem, st, "expected a header's name and its value");
        else if (is_ours(request, own_count, auth, given->name))
            (void)eb__problem_set(problem, st, "%.60s is set by the library", given->name);
        else if (!is_header_value(given->value))
            (void)eb__problem_set(problem, st, "control characters cannot be sent in a header");
        else {
            name  = eb__arena_dup(request->arena, given->name, strlen(given->name));
            value = eb__arena_dup(request->arena, given->value, strlen(given->value));
            if (name == NULL || value == NULL)
                return EB_NOMEM;
            st = EB_OK;
            if (eb__request_header(request, name, value) != EB_OK)
                st = eb__problem_set(problem, EB_INVALID, "too many headers, at most %d in all",
                                     EB_REQUEST_HEADERS);
        }
        if (st != EB_OK) {
            eb__problem_index(problem, i);
            eb__problem_member(problem, "options.headers");
            eb__problem_name(problem);
            return st;
        }
    }
    return EB_OK;
}

/* ---- Body -------------------------------------------------------------------------------------- */

static void put_field(eb_buf *out, const char *name, size_t name_len, const eb_buf *value)
{
    if (out->len > 0)
        eb__buf_putc(out, '&');
    eb__url_encode(out, name, name_len);
    eb__buf_putc(out, '=');
    if (eb__buf_status(value) == EB_OK)
        eb__url_encode(out, eb__buf_text(value), value->len);
    else if (eb__buf_status(out) == EB_OK)
        out->status = eb__buf_status(value);
}

static void put_form(eb_buf *out, eb_buf *value, const eb_type *type, const void *form)
{
    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];
        eb_form_entry   entry;

        if ((row->flags & EB_REST) == 0) {
            eb__buf_clear(value);
            if (eb__put_form_value(value, row, form))
                put_field(out, row->json, row->json_len, value);
            continue;
        }
        for (size_t k = 0; eb__form_rest(row, form, k, &entry); k++) {
            eb__buf_clear(value);
            if (eb__put_form_value(value, entry.row, entry.base))
                put_field(out, entry.name, strlen(entry.name), value);
        }
    }
}

bool eb__put_form_value(eb_buf *out, const eb_field *row, const void *base)
{
    return eb__encode_plain(out, row, base) || eb__encode_member(out, row, base);
}

bool eb__form_rest(const eb_field *row, const void *form, size_t k, eb_form_entry *entry)
{
    const eb_type     *type = row->target;
    const eb_list_head map  = eb__list_at(member(form, row));

    if (row->kind != EB_KIND_MAP || eb__state(row, form) != EB_SET || k >= map.count)
        return false;
    entry->base = (const char *)map.items + k * type->size;
    entry->name = eb__string_at(entry->base); /* every entry begins with its key */
    entry->row  = &type->rows[0];
    return true;
}

static const eb_field *body_row(const eb_operation *operation)
{
    for (size_t i = 0; i < operation->params->row_count; i++)
        if (is_in(operation, i, EB_IN_BODY))
            return &operation->params->rows[i];
    return NULL;
}

static eb_status build_body(eb_request *request, const eb_operation *operation, const void *params,
                            eb_buf *scratch, const eb_client *client, eb_problem *problem)
{
    const eb_field *row  = body_row(operation);
    const void     *body = NULL;
    const char     *type = NULL;
    eb_status       st   = EB_OK;

    /* what usually has a body says so when it has none: Content-Length: 0 */
    request->has_body = strcmp(operation->method, "POST") == 0 ||
                        strcmp(operation->method, "PUT") == 0 ||
                        strcmp(operation->method, "PATCH") == 0;
    if (row == NULL || operation->send == EB_SEND_NOTHING)
        return EB_OK;
    if (row->kind == EB_KIND_OBJECT && eb__state(row, params) == EB_SET)
        body = eb__pointer_at(member(params, row));
    switch (operation->send) {
    case EB_SEND_JSON:
        if (!eb__encode_member(&request->text, row, params))
            return EB_OK;
        type = "application/json";
        break;
    case EB_SEND_FORM: /* without fields it is still a form, of no bytes */
        if (body != NULL)
            put_form(&request->text, scratch, row->target, body);
        type = "application/x-www-form-urlencoded";
        break;
    case EB_SEND_MULTIPART:
        if (body == NULL)
            return EB_OK;
        request->streamed = true;
        st                = eb__multipart_build(request, row->target, body, client, &type, problem);
        break;
    default: /* EB_SEND_BYTES */
        if (!eb__is_given(row, params))
            return EB_OK;
        request->streamed = true;
        st                = eb__source_add_body(&request->source, member(params, row), row->json);
        type              = "application/octet-stream";
        break;
    }
    request->has_body = true;
    if (st == EB_OK)
        st = eb__buf_status(&request->text);
    return st == EB_OK ? eb__request_header(request, "content-type", type) : st;
}

/* ---- The whole --------------------------------------------------------------------------------- */

static eb_status build_url(eb_request *request, const eb_operation *operation, const void *params,
                           const char *base_url, eb_buf *url, eb_buf *scratch, eb_problem *problem)
{
    eb_url    parts;
    eb_status st;
    size_t    path_from, path_len;

    if (!eb__url_parse(base_url, &parts))
        return eb__problem_set(problem, EB_INVALID,
                               "base_url: expected an http or https URL, got \"%.100s\"", base_url);
    eb__buf_clear(scratch);
    eb__url_put_authority(scratch, &parts);
    request->authority = settle(request, scratch, &st);
    if (st != EB_OK)
        return st;
    eb__buf_puts(url, base_url);
    while (url->len > 0 && url->data[url->len - 1] == '/')
        url->len--;
    path_from = url->len < (size_t)(parts.authority + parts.authority_len - base_url)
                    ? url->len
                    : (size_t)(parts.authority + parts.authority_len - base_url);
    st        = put_path(url, scratch, operation, params, problem);
    if (st != EB_OK)
        return st;
    path_len = url->len - path_from;
    put_query(url, request);
    if (eb__buf_status(url) != EB_OK)
        return eb__buf_status(url) == EB_LIMIT
                   ? eb__problem_set(problem, EB_LIMIT, "the URL is too long")
                   : EB_NOMEM;
    request->path = eb__arena_dup(request->arena, url->data + path_from, path_len);
    request->url  = settle(request, url, &st);
    return request->path != NULL ? st : EB_NOMEM;
}

eb_status eb__request_build(eb_request *request, const eb_client *client, const eb_auth *auth,
                            const eb_operation *operation, const void *params,
                            const eb_call_options *options, const char *base_url, eb_problem *problem)
{
    enum { URL_MAX = 64 * 1024, BODY_MAX = 1 << 30 };
    eb_buf    url = { 0 }, scratch = { 0 };
    char      url_first[512], scratch_first[512];
    eb_status st;

    request->operation = operation;
    request->method    = operation->method;
    eb__buf_init(&request->text, &client->allocator, BODY_MAX);
    eb__source_init(&request->source, &client->allocator, problem);
    eb__buf_init_on(&url, &client->allocator, URL_MAX, url_first, sizeof url_first);
    eb__buf_init_on(&scratch, &client->allocator, BODY_MAX, scratch_first, sizeof scratch_first);
    st = collect_query(request, operation, params, &scratch);
    if (st == EB_OK)
        st = build_url(request, operation, params, base_url, &url, &scratch, problem);
    if (st == EB_OK)
        st = eb__request_header(request, "host", request->authority);
    if (st == EB_OK)
        st = eb__request_header(request, "accept",
                                operation->accept != NULL ? operation->accept : "application/json");
    if (st == EB_OK)
        st = eb__request_header(request, "user-agent", client->user_agent);
    if (st == EB_OK)
        st = build_body(request, operation, params, &scratch, client, problem);
    if (st == EB_OK)
        st = parameter_headers(request, operation, params, &scratch, problem);
    if (st == EB_OK)
        st = caller_headers(request, options, auth, problem);
    request->header_common = request->header_count;
    eb__buf_free(&url);
    eb__buf_free(&scratch);
    if (st != EB_OK && problem->status == EB_OK)
        (void)eb__problem_set(problem, st, "%s", eb_status_text(st));
    return st;
}

void eb__request_free(eb_request *request)
{
    eb__buf_free(&request->text);
    eb__source_close(&request->source);
}
