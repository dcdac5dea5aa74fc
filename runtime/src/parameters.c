/* parameters.c -- from a params struct and its rows to path, query, headers and cookie. */
#include "parameters.h"

#include <string.h>

#include "rows.h"
#include "style.h"
#include "text.h"
#include "url.h"

enum { QUERY_MAX = 64 * 1024, UUID_SIZE = 37 };

static enum eb_place place_of(const eb_operation *operation, size_t i)
{
    return (enum eb_place)(operation->places[i] & EB_PLACE_MASK_);
}

static uint8_t style_of(const eb_operation *operation, size_t i)
{
    return operation->styles != NULL ? operation->styles[i] : (uint8_t)EB_STYLE_USUAL;
}

const char *eb__parameter_name(const eb_operation *operation, size_t i)
{
    const char *name = operation->params->rows[i].json;

    return (style_of(operation, i) & EB_QUALIFIED) != 0 ? strchr(name, '.') + 1 : name;
}

bool eb__is_scalar(const eb_field *row)
{
    return row->kind <= EB_KIND_INT_ENUM;
}

eb_status eb__styled_put(eb_buf *out, eb_buf *scratch, const eb_styled *how, const eb_field *row,
                         const void *base, eb_problem *problem)
{
    eb_status st;

    eb__buf_clear(scratch);
    if (eb__is_scalar(row) ? !eb__encode_plain(scratch, row, base)
                           : !eb__encode_member(scratch, row, base))
        return EB_DONE;
    st = eb__buf_status(scratch);
    if (st != EB_OK)
        return st;
#if EB_PART_STYLES
    if (!eb__is_scalar(row))
        return eb__style_json(out, how, (eb_json){ scratch->data, scratch->len }, problem);
#endif
    return eb__style_text(out, how, eb__buf_text(scratch), scratch->len, problem);
}

/* As one JSON text. In a cookie that can stand only percent-encoded. */
static eb_status put_json(eb_buf *out, eb_buf *scratch, const eb_styled *how, const eb_field *row,
                          const void *params, eb_problem *problem)
{
    eb_buf    encoded;
    eb_status st;

    eb__buf_clear(scratch);
    if (eb__state(row, params) == EB_NULL)
        eb__buf_puts(scratch, "null");
    else if (!eb__encode_member(scratch, row, params))
        return EB_DONE;
    st = eb__buf_status(scratch);
    if (st != EB_OK || how->in != EB_IN_COOKIE)
        return st == EB_OK ? eb__style_text(out, how, scratch->data, scratch->len, problem) : st;
    eb__buf_init(&encoded, scratch->allocator, 0);
    eb__url_encode(&encoded, scratch->data, scratch->len);
    st = eb__buf_status(&encoded);
    if (st == EB_OK)
        st = eb__style_text(out, how, encoded.data, encoded.len, problem);
    eb__buf_free(&encoded);
    return st;
}

eb_status eb__parameter_put(eb_buf *out, eb_buf *scratch, const eb_operation *operation, size_t i,
                            const void *params, eb_problem *problem)
{
    const eb_field *row   = &operation->params->rows[i];
    const uint8_t   place = operation->places[i];
    const uint8_t   style = style_of(operation, i);
    const eb_styled how   = { .name    = eb__parameter_name(operation, i),
                              .in      = place_of(operation, i) == EB_IN_PART ? (uint8_t)EB_IN_HEADER
                                                                              : (uint8_t)place_of(operation, i),
                              .style   = style,
                              .explode = (place & EB_EXPLODE) != 0 };
    eb_status       st    = EB_DONE;

    if (!eb__is_given(row, params))
        return EB_DONE;
    st = (place & EB_AS_JSON) != 0 ? put_json(out, scratch, &how, row, params, problem)
                                   : eb__styled_put(out, scratch, &how, row, params, problem);
    if (st == EB_DONE && (style & EB_ALLOW_EMPTY) != 0)
        st = eb__style_text(out, &how, "", 0, problem);
    if (st == EB_INVALID) {
        eb__problem_member(problem, row->json);
        eb__problem_name(problem);
    }
    return st;
}

/* ---- Path -------------------------------------------------------------------------------------- */

/* A text whose slashes separate segments. */
static eb_status put_segments(eb_buf *url, const eb_field *row, const char *text, eb_problem *problem)
{
    const eb_styled how = { .name = row->json, .in = EB_IN_PATH };

    for (;;) {
        const size_t    len = strcspn(text, "/");
        const eb_status st  = eb__style_text(url, &how, text, len, problem);

        if (st != EB_OK) {
            eb__problem_member(problem, row->json);
            eb__problem_name(problem);
            return st;
        }
        if (text[len] == '\0')
            return EB_OK;
        eb__buf_putc(url, '/');
        text += len + 1;
    }
}

static eb_status put_path_value(eb_buf *url, eb_buf *scratch, const eb_operation *operation,
                                size_t i, const void *params, eb_problem *problem)
{
    const eb_field *row = &operation->params->rows[i];
    eb_status       st;

    if ((operation->places[i] & EB_SEGMENTS) != 0) {
        eb__buf_clear(scratch);
        (void)eb__encode_plain(scratch, row, params);
        st = eb__buf_status(scratch);
        return st == EB_OK ? put_segments(url, row, eb__buf_text(scratch), problem) : st;
    }
    st = eb__parameter_put(url, scratch, operation, i, params, problem);
    if (st != EB_DONE)
        return st;
    eb__problem_member(problem, row->json);
    return eb__problem_set(problem, EB_INVALID, "%s: nothing cannot be part of a path", row->json);
}

/* The row of a {name} in the path: another place may have a parameter of the same name. */
static bool path_row(const eb_operation *operation, const char *name, size_t len, size_t *row)
{
    for (*row = 0; *row < operation->params->row_count; (*row)++) {
        const char *own = eb__parameter_name(operation, *row);

        if (place_of(operation, *row) == EB_IN_PATH && strlen(own) == len && memcmp(own, name, len) == 0)
            return true;
    }
    return false;
}

eb_status eb__parameters_path(eb_buf *url, eb_buf *scratch, const eb_operation *operation,
                              const void *params, eb_problem *problem)
{
    for (const char *at = operation->path; *at != '\0' && *at != '#';) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        size_t      row   = 0;
        eb_status   st;

        if (close == NULL || !path_row(operation, at + 1, (size_t)(close - at - 1), &row)) {
            const size_t plain = 1 + strcspn(at + 1, "{#");

            eb__buf_put(url, at, plain);
            at += plain;
            continue;
        }
        st = put_path_value(url, scratch, operation, row, params, problem);
        if (st != EB_OK)
            return st;
        at = close + 1;
    }
    return EB_OK;
}

/* ---- Query ------------------------------------------------------------------------------------- */

/* The pairs of what was written, decoded: what is signed is what is sent. ends[i] is where the i-th row's are over. */
static eb_status keep_pairs(eb_request *request, const eb_buf *query, const eb_type *type,
                            const size_t *ends)
{
    const char *text  = query->data;
    size_t      count = 1, row = 0;
    char       *to;

    for (size_t i = 0; i < query->len; i++)
        count += text[i] == '&';
    request->query        = eb__arena_alloc(request->arena, count * sizeof *request->query);
    request->query_secret = eb__arena_alloc(request->arena, count * sizeof *request->query_secret);
    to                    = eb__arena_text(request->arena, query->len + 2 * count);
    if (request->query == NULL || request->query_secret == NULL || to == NULL)
        return EB_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const size_t pair = strcspn(text, "&");
        const size_t name = strcspn(text, "="); /* every pair has one */

        while (ends[row] <= (size_t)(text - query->data))
            row++;
        request->query_secret[i] = (type->rows[row].flags & EB_SECRET) != 0;
        request->query[i].name   = to;
        to += eb__url_decode(to, text, name);
        *to++                   = '\0';
        request->query[i].value = to;
        to += eb__url_decode(to, text + name + 1, pair - name - 1);
        *to++ = '\0';
        text += pair + 1;
    }
    request->query_count = count;
    return EB_OK;
}

static eb_status put_query(eb_buf *query, eb_buf *scratch, eb_request *request,
                           const eb_operation *operation, const void *params, eb_problem *problem)
{
    const size_t count = operation->params->row_count;
    size_t      *ends  = eb__arena_alloc(request->arena, (count + 1) * sizeof *ends);
    eb_status    st    = ends != NULL ? EB_OK : EB_NOMEM;

    for (size_t i = 0; i < count && st == EB_OK; i++) {
        if (place_of(operation, i) == EB_IN_QUERY)
            st = eb__parameter_put(query, scratch, operation, i, params, problem);
        st      = st == EB_DONE ? EB_OK : st;
        ends[i] = query->len;
    }
    if (st == EB_OK && eb__buf_status(query) == EB_LIMIT)
        return eb__problem_set(problem, EB_LIMIT, "the URL is too long");
    if (st == EB_OK)
        st = eb__buf_status(query);
    return st == EB_OK && query->len > 0 ? keep_pairs(request, query, operation->params, ends) : st;
}

eb_status eb__parameters_query(eb_buf *url, eb_buf *scratch, eb_request *request,
                               const eb_operation *operation, const void *params, eb_problem *problem)
{
    char      first[256];
    eb_buf    query;
    eb_status st;

    eb__buf_init_on(&query, scratch->allocator, QUERY_MAX, first, sizeof first);
    st = put_query(&query, scratch, request, operation, params, problem);
    if (st == EB_OK && query.len > 0) {
        eb__buf_putc(url, '?');
        eb__buf_put(url, query.data, query.len);
    }
    eb__buf_free(&query);
    return st;
}

/* ---- Headers and cookies ----------------------------------------------------------------------- */

/* A header with a copy of the buffer's text. */
static eb_status add_header(eb_request *request, const char *field, const char *name,
                            const eb_buf *value, eb_problem *problem)
{
    const char *kept = NULL;

    if (eb__buf_status(value) != EB_OK)
        return eb__buf_status(value);
    kept = eb__arena_dup(request->arena, eb__buf_text(value), value->len);
    if (kept == NULL)
        return EB_NOMEM;
    for (size_t i = 0; i < request->header_count; i++)
        if (eb__same_name(request->headers[i].name, name)) { /* User-Agent: the document's way to say ours */
            request->headers[i].value = kept;
            return EB_OK;
        }
    if (eb__request_header(request, name, kept) == EB_OK)
        return EB_OK;
    eb__problem_member(problem, field);
    return eb__problem_set(problem, EB_INVALID, "%s: too many headers, at most %d in all", field,
                           EB_REQUEST_HEADERS);
}

/* There is but one Cookie header: a parameter that is all of it goes along with the others. */
static void join_cookies(eb_buf *cookies, const eb_buf *value)
{
    if (cookies->len > 0 && value->len > 0)
        eb__buf_puts(cookies, "; ");
    eb__buf_put(cookies, eb__buf_text(value), value->len);
}

static eb_status put_headers(eb_request *request, eb_buf *value, eb_buf *cookies, eb_buf *scratch,
                             const eb_operation *operation, const void *params, eb_problem *problem)
{
    eb_status st = EB_OK;

    for (size_t i = 0; i < operation->params->row_count && st == EB_OK; i++) {
        if (place_of(operation, i) == EB_IN_COOKIE) {
            st = eb__parameter_put(cookies, scratch, operation, i, params, problem);
        } else if (place_of(operation, i) == EB_IN_HEADER) {
            eb__buf_clear(value);
            st = eb__parameter_put(value, scratch, operation, i, params, problem);
            if (st == EB_OK && eb__same_name(eb__parameter_name(operation, i), "cookie"))
                join_cookies(cookies, value);
            else if (st == EB_OK)
                st = add_header(request, operation->params->rows[i].json,
                                eb__parameter_name(operation, i), value, problem);
        }
        st = st == EB_DONE ? EB_OK : st;
    }
    if (st == EB_OK && cookies->len > 0)
        st = add_header(request, "cookie", "cookie", cookies, problem);
    return st == EB_OK ? eb__buf_status(cookies) : st;
}

eb_status eb__parameters_headers(eb_request *request, eb_buf *scratch, const eb_operation *operation,
                                 const void *params, eb_problem *problem)
{
    char      value_first[256], cookies_first[256];
    eb_buf    value, cookies;
    eb_status st;

    eb__buf_init_on(&value, scratch->allocator, 0, value_first, sizeof value_first);
    eb__buf_init_on(&cookies, scratch->allocator, 0, cookies_first, sizeof cookies_first);
    st = put_headers(request, &value, &cookies, scratch, operation, params, problem);
    eb__buf_free(&value);
    eb__buf_free(&cookies);
    return st;
}

/* ---- The idempotency key ----------------------------------------------------------------------- */

/* A random UUID, version 4 (RFC 9562). */
static void format_uuid(char text[UUID_SIZE], const unsigned char random[16])
{
    unsigned char bytes[16];
    char          hex[2 * sizeof bytes + 1], *to = text;

    memcpy(bytes, random, sizeof bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    eb__hex(hex, bytes, sizeof bytes);
    for (size_t i = 0; i < 2 * sizeof bytes; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *to++ = '-';
        *to++ = hex[i];
    }
    *to = '\0';
}

static eb_status make_key(eb_request *request, const eb_random *random, const char *field,
                          const char *name, eb_problem *problem)
{
    unsigned char bytes[16];
    char          text[UUID_SIZE];

    if (!random->bytes(random->context, bytes, sizeof bytes)) {
        eb__problem_member(problem, field);
        return eb__problem_set(problem, EB_AUTH, "%s: no random bytes for a key", field);
    }
    format_uuid(text, bytes);
    request->key = eb__arena_dup(request->arena, text, sizeof text - 1);
    if (request->key == NULL)
        return EB_NOMEM;
    if (eb__request_header(request, name, request->key) == EB_OK)
        return EB_OK;
    eb__problem_member(problem, field);
    return eb__problem_set(problem, EB_INVALID, "%s: too many headers, at most %d in all", field,
                           EB_REQUEST_HEADERS);
}

eb_status eb__parameters_key(eb_request *request, const eb_random *random,
                             const eb_operation *operation, const void *params, eb_problem *problem)
{
    const size_t    i    = (size_t)operation->key - 1;
    const eb_field *row  = &operation->params->rows[i];
    const char     *name = eb__parameter_name(operation, i);

    if (!eb__is_given(row, params))
        return make_key(request, random, row->json, name, problem);
    for (size_t n = 0; n < request->header_count; n++)
        if (eb__same_name(request->headers[n].name, name))
            request->key = request->headers[n].value;
    if (request->key != NULL && request->key[strspn(request->key, " \t")] != '\0')
        return EB_OK;
    eb__problem_member(problem, row->json); /* a service would take it for none, and carry out each copy */
    return eb__problem_set(problem, EB_INVALID, "%s: expected a key, got an empty text", row->json);
}
