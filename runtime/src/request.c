/* request.c -- from a params struct and its rows to a URL, headers and a body. */
#include "request.h"

#include <string.h>

#include "parameters.h"
#include "payload.h"
#include "text.h"
#include "url.h"

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

/* Is a header the library's: one it sends, one that frames the message, or one that would say twice what
 * the request says already? */
static bool is_ours(const eb_request *request, size_t own_count, const eb_client *client, const char *name)
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
    for (size_t i = 0; i < client->held_count; i++) {
        const eb_auth *auth = client->held[i].auth;

        if (auth->kind == EB_AUTH_API_KEY_COOKIE
                ? eb__same_name(name, "cookie")
                : auth->kind != EB_AUTH_API_KEY_QUERY && auth->header != NULL &&
                      eb__same_name(name, auth->header))
            return true;
    }
    return false;
}

eb_status eb__request_extra_header(eb_request *request, const eb_client *client, const char *name,
                                   const char *value)
{
    const char *own_name, *own_value;

    if (!is_token(name) || !is_header_value(value) ||
        is_ours(request, request->header_count, client, name))
        return EB_INVALID;
    own_name  = eb__arena_dup(request->arena, name, strlen(name));
    own_value = eb__arena_dup(request->arena, value, strlen(value));
    if (own_name == NULL || own_value == NULL)
        return EB_NOMEM;
    return eb__request_header(request, own_name, own_value) == EB_OK ? EB_OK : EB_INVALID;
}

static eb_status caller_headers(eb_request *request, const eb_call_options *options,
                                const eb_client *client, eb_problem *problem)
{
    const size_t own_count = request->header_count;

    for (size_t i = 0; options != NULL && i < options->header_count; i++) {
        const eb_header *given = &options->headers[i];
        const char      *name, *value;
        eb_status        st = EB_INVALID;

        if (given->name == NULL || !is_token(given->name) || given->value == NULL)
            (void)eb__problem_set(problem, st, "expected a header's name and its value");
        else if (is_ours(request, own_count, client, given->name))
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
    st        = eb__parameters_path(url, scratch, operation, params, problem);
    if (st != EB_OK)
        return st;
    path_len = url->len - path_from;
    st       = eb__parameters_query(url, scratch, request, operation, params, problem);
    if (st != EB_OK)
        return st;
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
    char      url_first[512], scratch_first[512];
    eb_status st;

    request->operation = operation;
    request->method    = operation->method;
    eb__buf_init(&request->text, &client->allocator, BODY_MAX);
    eb__source_init(&request->source, &client->allocator, problem);
    eb__buf_init_on(&url, &client->allocator, URL_MAX, url_first, sizeof url_first);
    eb__buf_init_on(&scratch, &client->allocator, BODY_MAX, scratch_first, sizeof scratch_first);
    st = build_url(request, operation, params, base_url, &url, &scratch, problem);
    if (st == EB_OK)
        st = eb__request_header(request, "host", request->authority);
    if (st == EB_OK)
        st = eb__request_header(request, "accept",
                                operation->accept != NULL ? operation->accept : "application/json");
    if (st == EB_OK)
        st = eb__request_header(request, "user-agent", client->user_agent);
    if (st == EB_OK)
        st = eb__payload_build(request, client, operation, params, options, problem);
    if (st == EB_OK)
        st = eb__parameters_headers(request, &scratch, operation, params, problem);
    if (st == EB_OK && operation->key != 0)
        st = eb__parameters_key(request, &client->random, operation, params, problem);
    if (st == EB_OK)
        st = caller_headers(request, options, client, problem);
    request->header_common = request->header_count;
    eb__buf_free(&url);
    eb__buf_free(&scratch);
    if (st != EB_OK && problem->status == EB_OK)
        (void)eb__problem_set(problem, st, "%s", eb_status_text(st));
    return st;
}

/* ---- Further pages ----------------------------------------------------------------------------- */

/* May the value of a pair in somebody else's query be shown? */
static bool is_known(const eb_operation *op, const char *name)
{
    for (uint16_t i = 0; i < op->params->row_count; i++)
        if ((op->places[i] & EB_PLACE_MASK_) == EB_IN_QUERY &&
            strcmp(eb__parameter_name(op, i), name) == 0)
            return (op->params->rows[i].flags & EB_SECRET) == 0;
    return false;
}

/* Decodes a part of a query, where + is a space, and a NUL behind it. Gives where to go on. */
static char *decode_part(char *to, const char *text, size_t len)
{
    const char *const end = text + len;

    while (text < end) {
        const char *plus  = memchr(text, '+', (size_t)(end - text));
        const char *until = plus != NULL ? plus : end;

        to += eb__url_decode(to, text, (size_t)(until - text));
        if (plus != NULL)
            *to++ = ' ';
        text = plus != NULL ? plus + 1 : end;
    }
    *to = '\0';
    return to + 1;
}

eb_status eb__request_go_to(eb_request *request, const char *url)
{
    eb_url      parts = { 0 };
    size_t      count = 1;
    const char *text;
    char       *to;

    (void)eb__url_parse(url, &parts); /* it is one */
    for (size_t i = 0; i < parts.query_len; i++)
        count += parts.query[i] == '&';
    request->url          = eb__arena_dup(request->arena, url, strlen(url));
    request->path         = eb__arena_dup(request->arena, parts.path, parts.path_len);
    request->query        = eb__arena_alloc(request->arena, count * sizeof *request->query);
    request->query_secret = eb__arena_alloc(request->arena, count * sizeof *request->query_secret);
    request->query_count  = parts.query_len > 0 ? count : 0;
    to                    = eb__arena_text(request->arena, parts.query_len + 2 * count);
    if (eb__arena_failed(request->arena))
        return EB_NOMEM;
    text = parts.query;
    for (size_t i = 0; i < request->query_count; i++) {
        const size_t pair  = strcspn(text, "&");
        const size_t until = strcspn(text, "=&");
        const size_t value = until < pair ? until + 1 : pair;

        request->query[i].name   = to;
        to                       = decode_part(to, text, until);
        request->query[i].value  = to;
        to                       = decode_part(to, text + value, pair - value);
        request->query_secret[i] = !is_known(request->operation, request->query[i].name);
        text += pair + 1;
    }
    return EB_OK;
}

void eb__request_free(eb_request *request)
{
    eb__buf_free(&request->text);
    eb__source_close(&request->source);
}
