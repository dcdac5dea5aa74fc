/* next_url.c -- from what an answer calls the next page to a URL that credentials may go to.
 *
 * The answer is not trusted: whoever could write next into it would be sent the caller's key. So the reference is
 * resolved as RFC 3986 has it, read strictly, and must lead to where the page itself came from. What cannot be read in
 * but one way is refused, not repaired. */
#include "next_url.h"

#include <string.h>

#include "codec.h"
#include "parameters.h"
#include "text.h"
#include "url.h"

enum { URL_MAX = 64 * 1024 };

/* ---- Resolving ------------------------------------------------------------------------------------- */

/* Does it begin with a scheme? */
static bool has_scheme(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && ((eb__lower(text[at]) >= 'a' && eb__lower(text[at]) <= 'z') ||
                        (at > 0 && ((text[at] >= '0' && text[at] <= '9') || text[at] == '+' ||
                                    text[at] == '-' || text[at] == '.'))))
        at++;
    return at > 0 && at < len && text[at] == ':';
}

/* The reference as an absolute URL, "." and ".." still in it. */
static void resolve(eb_buf *out, const eb_url *page, const char *reference, size_t len)
{
    size_t kept = page->path_len;

    if (has_scheme(reference, len)) {
        eb__buf_put(out, reference, len);
        return;
    }
    eb__buf_put(out, page->scheme, page->scheme_len);
    eb__buf_putc(out, ':');
    if (len < 2 || reference[0] != '/' || reference[1] != '/') {
        eb__buf_puts(out, "//");
        eb__buf_put(out, page->authority, page->authority_len);
        while (*reference != '?' && kept > 0 && page->path[kept - 1] != '/')
            kept--;
        if (*reference != '/')
            eb__buf_put(out, page->path, kept);
        if (*reference != '/' && kept == 0)
            eb__buf_putc(out, '/');
    }
    eb__buf_put(out, reference, len);
}

/* A segment of a path without its escapes: is it . or ..? */
static size_t dots(const char *segment, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; count++)
        if (segment[i] == '.')
            i++;
        else if (len - i >= 3 && segment[i] == '%' && segment[i + 1] == '2' &&
                 eb__lower(segment[i + 2]) == 'e')
            i += 3;
        else
            return 0;
    return count <= 2 ? count : 0;
}

/* The path without the segments that say where they are. from is where it begins in out. */
static void put_path(eb_buf *out, const eb_url *url)
{
    const size_t from = out->len;

    if (url->path_len == 0)
        eb__buf_putc(out, '/');
    for (size_t at = 0; at < url->path_len && eb__buf_status(out) == EB_OK;) {
        const char  *segment = url->path + at + 1; /* behind its slash */
        const char  *slash   = memchr(segment, '/', url->path_len - at - 1);
        const size_t len     = slash != NULL ? (size_t)(slash - segment) : url->path_len - at - 1;
        const size_t up      = dots(segment, len);

        at += 1 + len;
        if (up == 2)
            while (out->len > from && out->data[--out->len] != '/')
                ;
        if (up == 0 || at == url->path_len)
            eb__buf_putc(out, '/');
        if (up == 0)
            eb__buf_put(out, segment, len);
    }
}

/* ---- What is in a query ---------------------------------------------------------------------------- */

/* Is a name in the query, with its escapes, this one? */
static bool is_name(const char *text, size_t len, const char *name)
{
    for (size_t i = 0; i < len; name++) {
        char         c    = text[i];
        const size_t step = c == '%' && len - i >= 3 ? 3 : 1;

        if (step == 3)
            (void)eb__url_decode(&c, text + i, 3);
        if (*name == '\0' || c != *name)
            return false;
        i += step;
    }
    return *name == '\0';
}

/* Did the caller give a query parameter of this name? Then the call adds no key. */
static bool is_given(const eb_walked *walked, const char *name)
{
    const eb_operation *op = walked->operation;

    for (uint16_t i = 0; i < op->params->row_count; i++)
        if ((op->places[i] & EB_PLACE_MASK_) == EB_IN_QUERY &&
            strcmp(eb__parameter_name(op, i), name) == 0 &&
            eb__is_given(&op->params->rows[i], walked->params))
            return true;
    return false;
}

/* Is it a key that the call adds anyway? */
static bool is_key(const eb_walked *walked, uint32_t schemes, const char *name, size_t len)
{
    for (size_t i = 0; i < walked->client->held_count; i++) {
        const eb_auth *auth = walked->client->held[i].auth;

        if ((schemes >> i & 1) != 0 && auth->kind == EB_AUTH_API_KEY_QUERY &&
            is_name(name, len, auth->header))
            return !is_given(walked, auth->header);
    }
    return false;
}

static void put_query(eb_buf *out, const eb_walked *walked, uint32_t schemes, const eb_url *url)
{
    char mark = '?';

    for (size_t at = 0, len; at < url->query_len; at += len + 1) {
        const char *pair = url->query + at;
        const char *end  = memchr(pair, '&', url->query_len - at);
        const char *equals;

        len    = end != NULL ? (size_t)(end - pair) : url->query_len - at;
        equals = memchr(pair, '=', len);
        if (len == 0 || is_key(walked, schemes, pair, equals != NULL ? (size_t)(equals - pair) : len))
            continue;
        eb__buf_putc(out, mark);
        eb__buf_put(out, pair, len);
        mark = '&';
    }
}

/* ---- The whole ------------------------------------------------------------------------------------- */

/* Does the URL hold a control character in disguise, %0A? Nothing that ends a line goes into a request. */
static bool has_controls(const char *url)
{
    for (; *url != '\0'; url++)
        if (*url == '%' &&
            (url[1] == '0' || url[1] == '1' || (url[1] == '7' && eb__lower(url[2]) == 'f')))
            return true;
    return false;
}

static void put_origin(eb_buf *out, const eb_url *url)
{
    eb__buf_puts(out, url->https ? "https://" : "http://");
    eb__url_put_authority(out, url);
}

static bool is_same_origin(const eb_url *a, const eb_url *b)
{
    return a->https == b->https && a->port == b->port &&
           eb__same_text(a->host, a->host_len, b->host, b->host_len);
}

/* The origins alone: what else the answer wrote may be a secret of somebody. */
static eb_status is_foreign(const eb_walked *walked, const char *named, const eb_url *page,
                            const eb_url *url, eb_problem *problem)
{
    char      first[2][200];
    eb_buf    theirs, ours;
    eb_status st = EB_DECODE;

    eb__buf_init_on(&theirs, &walked->client->allocator, 0, first[0], sizeof first[0]);
    eb__buf_init_on(&ours, &walked->client->allocator, 0, first[1], sizeof first[1]);
    put_origin(&theirs, url);
    put_origin(&ours, page);
    if (eb__buf_status(&theirs) != EB_OK || eb__buf_status(&ours) != EB_OK)
        st = EB_NOMEM;
    else
        (void)eb__problem_set(problem, st,
                              "%s: leads to %.150s, expected %.150s; credentials go nowhere else",
                              named, eb__buf_text(&theirs), eb__buf_text(&ours));
    eb__buf_free(&theirs);
    eb__buf_free(&ours);
    return st;
}

static eb_status check_url(const eb_walked *walked, const char *named, const char *text,
                           const eb_url *page, eb_url *url, eb_problem *problem)
{
    if (!eb__url_parse(text, url)) /* not shown: it may hold a password */
        return eb__problem_set(problem, EB_DECODE,
                               "%s: expected an http or https URL, or one from / or ?, without name, password and fragment",
                               named);
    if (has_controls(text))
        return eb__problem_set(problem, EB_DECODE, "%s: expected a URL without control characters", named);
    return is_same_origin(url, page) ? EB_OK : is_foreign(walked, named, page, url, problem);
}

eb_status eb__next_url(eb_buf *out, const eb_walked *walked, const char *named,
                       const char *reference, size_t len, eb_problem *problem)
{
    eb_url     page, url;
    eb_buf     whole;
    uint32_t   schemes = 0;
    eb_problem unsaid  = { 0 };
    eb_status  st;

    eb__buf_init(&whole, &walked->client->allocator, URL_MAX);
    (void)eb__credentials_choose(walked->client, walked->operation, &schemes, &unsaid);
    if (!eb__url_parse(walked->page, &page))
        return eb__problem_set(problem, EB_DECODE, "%s: the page has no URL", named);
    resolve(&whole, &page, reference, len);
    st = eb__buf_status(&whole);
    if (st == EB_LIMIT)
        (void)eb__problem_set(problem, st, "%s: expected a URL of at most %d characters", named, URL_MAX);
    if (st == EB_OK)
        st = check_url(walked, named, eb__buf_text(&whole), &page, &url, problem);
    if (st == EB_OK) {
        eb__buf_put(out, page.scheme, page.scheme_len);
        eb__buf_puts(out, "://");
        eb__buf_put(out, page.authority, page.authority_len);
        put_path(out, &url);
        put_query(out, walked, schemes, &url);
        st = eb__buf_status(out);
    }
    eb__buf_free(&whole);
    return st;
}
