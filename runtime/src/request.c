/* request.c -- from a params struct and its rows to a URL, headers and a body. */
#include "request.h"

#include <string.h>

#include "codec.h"
#include "multipart.h"
#include "text.h"
#include "url.h"

static const void *member(const void *base, const eb_field *row)
{
    return (const char *)base + row->offset;
}

static const eb_field *row_in(const eb_operation *operation, enum eb_place place, size_t from, size_t *at)
{
    for (size_t i = from; i < operation->params->row_count; i++)
        if ((operation->places[i] & EB_PLACE_MASK_) == place) {
            *at = i;
            return &operation->params->rows[i];
        }
    return NULL;
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

/* ---- Path -------------------------------------------------------------------------------------- */

static eb_status put_segment(eb_buf *url, const eb_field *row, const char *text, size_t len,
                             eb_problem *problem)
{
    if (len == 0 || (len == 1 && text[0] == '.') || (len == 2 && text[0] == '.' && text[1] == '.')) {
        (void)eb__problem_set(problem, EB_INVALID, "%s: \"%.*s\" cannot be part of a path",
                              row->json, (int)len, text);
        return EB_INVALID;
    }
    eb__url_encode(url, text, len);
    return EB_OK;
}

static eb_status put_path_value(eb_buf *url, const eb_field *row, uint8_t place, const char *text,
                                eb_problem *problem)
{
    size_t len = strlen(text);

    while ((place & EB_SEGMENTS) != 0) {
        const char     *slash = memchr(text, '/', len);
        const eb_status st    = slash == NULL
                                    ? EB_OK
                                    : put_segment(url, row, text, (size_t)(slash - text), problem);

        if (slash == NULL || st != EB_OK) {
            if (st != EB_OK)
                return st;
            break;
        }
        eb__buf_putc(url, '/');
        len -= (size_t)(slash + 1 - text);
        text = slash + 1;
    }
    return put_segment(url, row, text, len, problem);
}

static eb_status put_path(eb_buf *url, eb_buf *scratch, const eb_operation *operation,
                          const void *params, eb_problem *problem)
{
    const eb_type *type = operation->params;

    for (const char *at = operation->path; *at != '\0' && *at != '#';) {
        const char     *close = *at == '{' ? strchr(at, '}') : NULL;
        const eb_field *row   = close == NULL ? NULL
                                              : eb__row_find(type, at + 1, (size_t)(close - at - 1));
        eb_status       st;

        if (row == NULL) {
            eb__buf_putc(url, *at++);
            continue;
        }
        eb__buf_clear(scratch);
        (void)eb__encode_plain(scratch, row, params);
        st = eb__buf_status(scratch);
        (void)strncpy(problem->field, row->json, sizeof problem->field - 1);
        if (st == EB_OK)
            st = put_path_value(url, row, operation->places[row - type->rows],
                                eb__buf_text(scratch), problem);
        if (st != EB_OK)
            return st;
        problem->field[0] = '\0';
        at                = close + 1;
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

static size_t list_count(const eb_field *row, const void *params)
{
    struct {
        const void *items;
        size_t      count;
    } list;

    if (row->kind != EB_KIND_LIST || !eb__is_given(row, params))
        return 0;
    memcpy(&list, member(params, row), sizeof list);
    return list.count;
}

/* A list in the query: name=a&name=b, or name=a,b. */
static eb_status add_list(eb_request *request, const eb_field *row, bool explode,
                          const void *params, eb_buf *value)
{
    const eb_type *type = row->target;
    eb_status      st   = EB_OK;
    struct {
        const char *items;
        size_t      count;
    } list;

    memcpy(&list, member(params, row), sizeof list);
    for (size_t i = 0; i < list.count && st == EB_OK; i++) {
        if (i > 0 && !explode)
            eb__buf_putc(value, ',');
        (void)eb__encode_plain(value, type->rows, list.items + i * type->size);
        if (explode)
            st = add_pair(request, row->json, value);
    }
    return st == EB_OK && !explode ? add_pair(request, row->json, value) : st;
}

static eb_status collect_query(eb_request *request, const eb_operation *operation,
                               const void *params, eb_buf *value)
{
    const eb_field *row;
    size_t          at = 0, most = 0;
    eb_status       st = EB_OK;

    for (size_t from = 0; (row = row_in(operation, EB_IN_QUERY, from, &at)) != NULL; from = at + 1)
        most += 1 + list_count(row, params);
    if (most == 0)
        return EB_OK;
    request->query = eb__arena_alloc(request->arena, most * sizeof *request->query);
    if (request->query == NULL)
        return EB_NOMEM;
    for (size_t from = 0; st == EB_OK && (row = row_in(operation, EB_IN_QUERY, from, &at)) != NULL;
         from        = at + 1) {
        if (!eb__is_given(row, params))
            continue;
        if (row->kind == EB_KIND_LIST && (operation->places[at] & EB_AS_JSON) == 0)
            st = add_list(request, row, (operation->places[at] & EB_EXPLODE) != 0, params, value);
        else if ((operation->places[at] & EB_AS_JSON) != 0 ? eb__encode_member(value, row, params)
                                                           : eb__encode_plain(value, row, params))
            st = add_pair(request, row->json, value);
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
    if (!is_header_value(value)) {
        (void)strncpy(problem->field, field, sizeof problem->field - 1);
        return eb__problem_set(problem, EB_INVALID,
                               "%s: control characters cannot be sent in a header", field);
    }
    if (eb__request_header(request, name, value) != EB_OK)
        return eb__problem_set(problem, EB_INVALID, "%s: too many headers, at most %d in all",
                               field, EB_REQUEST_HEADERS);
    return EB_OK;
}

static eb_status parameter_headers(eb_request *request, const eb_operation *operation,
                                   const void *params, eb_buf *value, eb_problem *problem)
{
    const eb_field *row;
    size_t          at = 0;
    eb_status       st = EB_OK;

    for (size_t from = 0; st == EB_OK && (row = row_in(operation, EB_IN_HEADER, from, &at)) != NULL;
         from        = at + 1)
        if (eb__is_given(row, params) && eb__encode_plain(value, row, params)) {
                   const char *text = settle(request, value, &st);

                   if (st == EB_OK)
                st = add_header(request, row->json, row->json, text, problem);
        }
    return st;
}

static eb_status caller_headers(eb_request *request, const eb_call_options *options, eb_problem *problem)
{
    static const char *const ours[] = {
        "authorization", "connection",   "content-length",    "content-type",
        "expect",        "host",         "transfer-encoding", "x-acs-content-sha256",
        "x-acs-date",    "x-acs-action", "x-acs-version",     "x-acs-signature-nonce"
    };

    for (size_t i = 0; options != NULL && i < options->header_count; i++) {
        const eb_header *header = &options->headers[i];
        eb_status        st;

        if (header->name == NULL || !is_token(header->name) || header->value == NULL)
            return eb__problem_set(problem, EB_INVALID,
                                   "options.headers[%zu]: expected a header name and a value", i);
        for (size_t k = 0; k < sizeof ours / sizeof ours[0]; k++)
            if (eb__same_name(header->name, ours[k]))
                return eb__problem_set(problem, EB_INVALID,
                                       "options.headers[%zu]: %s is set by the library", i, ours[k]);
        st = add_header(request, "options.headers", header->name, header->value, problem);
        if (st != EB_OK)
            return st;
    }
    return EB_OK;
}

/* ---- Body -------------------------------------------------------------------------------------- */

static void put_form(eb_buf *out, eb_buf *value, const eb_type *type, const void *form)
{
    for (uint16_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];

        eb__buf_clear(value);
        if (!eb__is_given(row, form) ||
            !(eb__encode_plain(value, row, form) || eb__encode_member(value, row, form)))
            continue;
        if (out->len > 0)
            eb__buf_putc(out, '&');
        eb__url_encode(out, row->json, row->json_len);
        eb__buf_putc(out, '=');
        eb__url_encode(out, eb__buf_text(value), value->len);
        if (eb__buf_status(value) != EB_OK)
            out->status = eb__buf_status(value);
    }
}

static eb_status build_body(eb_request *request, const eb_operation *operation, const void *params,
                            eb_buf *scratch, const eb_client *client, eb_problem *problem)
{
    size_t          at   = 0;
    const eb_field *row  = row_in(operation, EB_IN_BODY, 0, &at);
    const void     *body = NULL;
    const char     *type = NULL;
    eb_status       st   = EB_OK;

    /* what usually has a body says so when it has none: Content-Length: 0 */
    request->has_body = strcmp(operation->method, "POST") == 0 ||
                        strcmp(operation->method, "PUT") == 0 ||
                        strcmp(operation->method, "PATCH") == 0;
    if (row == NULL || operation->send == EB_SEND_NOTHING)
        return EB_OK;
    if (row->kind == EB_KIND_OBJECT && eb__is_given(row, params))
        memcpy(&body, member(params, row), sizeof body);
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
    eb__buf_put(scratch, parts.host[-1] == '[' ? parts.host - 1 : parts.host,
                parts.host[-1] == '[' ? parts.host_len + 2 : parts.host_len);
    if (parts.has_port)
        eb__buf_printf(scratch, ":%d", parts.port);
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

eb_status eb__request_build(eb_request *request, const eb_client *client,
                            const eb_operation *operation, const void *params,
                            const eb_call_options *options, const char *base_url, eb_problem *problem)
{
    enum { URL_MAX = 64 * 1024, BODY_MAX = 1 << 30 };
    eb_buf    url = { 0 }, scratch = { 0 };
    eb_status st;

    request->operation = operation;
    request->method    = operation->method;
    eb__buf_init(&request->text, &client->allocator, BODY_MAX);
    eb__source_init(&request->source, problem);
    eb__buf_init(&url, &client->allocator, URL_MAX);
    eb__buf_init(&scratch, &client->allocator, BODY_MAX);
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
        st = caller_headers(request, options, problem);
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
