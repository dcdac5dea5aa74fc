/* explain.c -- finds what the service signed in its error message and names the first part of the canonical
 * request in which it differs from ours. Works on texts alone, so it does so offline too. */
#include "explain.h"

#include <stdbool.h>
#include <string.h>

#include "crypto.h"
#include "edgebind/observe.h"
#include "response.h"
#include "text.h"

#if EB_PART_ACS3

/* Each look at a place may go to the end of the words, which a stranger wrote: more places are not tried. */
enum { TRIES_MAX = 20 };

typedef struct span {
    const char *at;
    size_t      len;
} span;

/* A canonical request by its parts. */
typedef struct parts {
    span method, uri, query, headers, names, hash;
} parts;

static bool equal(span a, span b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* The next line, and what follows it. A line ends at \n, or at a backslash and an n. */
static span next_line(span *rest)
{
    span line = { rest->at, rest->len };

    for (size_t i = 0; i < rest->len; i++) {
        const bool real    = rest->at[i] == '\n';
        const bool escaped = rest->at[i] == '\\' && i + 1 < rest->len && rest->at[i + 1] == 'n';

        if (real || escaped) {
            line.len = i;
            rest->at += i + (real ? 1 : 2);
            rest->len -= i + (real ? 1 : 2);
            return line;
        }
    }
    rest->at += rest->len;
    rest->len = 0;
    return line;
}

/* How many bytes of lower-case hex stand here. */
static size_t hex_run(const char *at, size_t len)
{
    size_t n = 0;

    while (n < len && ((at[n] >= '0' && at[n] <= '9') || (at[n] >= 'a' && at[n] <= 'f')))
        n++;
    return n;
}

static bool is_header_line(span line)
{
    return line.len > 0 && memchr(line.at, ':', line.len) != NULL && line.at[0] != ';';
}

/* Splits a canonical request; false: it is none. Behind the hash anything may follow. */
static bool split(span text, parts *p)
{
    span line;

    p->method  = next_line(&text);
    p->uri     = next_line(&text);
    p->query   = next_line(&text);
    p->headers = (span){ text.at, 0 };
    while (line = next_line(&text), is_header_line(line))
        p->headers.len = (size_t)(line.at + line.len - p->headers.at);
    if (line.len != 0)
        return false;
    p->names    = next_line(&text);
    p->hash     = text;
    p->hash.len = hex_run(text.at, text.len);
    return p->headers.len > 0 && p->hash.len == 64;
}

/* Where a canonical request begins in the service's words; false: nowhere. */
static bool find_canonical(span words, parts *p)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD" };
    int                      tries     = 0;

    for (size_t i = 0; i < words.len && tries < TRIES_MAX; i++)
        for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
            const size_t len = strlen(methods[m]);

            if (words.len - i <= len || memcmp(words.at + i, methods[m], len) != 0 ||
                (words.at[i + len] != '\n' && words.at[i + len] != '\\'))
                continue;
            if (split((span){ words.at + i, words.len - i }, p))
                return true;
            tries++;
        }
    return false;
}

/* The value of a header line of that name; at NULL: there is none. */
static span header_value(span headers, span name)
{
    while (headers.len > 0) {
        const span line = next_line(&headers);

        if (line.len > name.len && line.at[name.len] == ':' && memcmp(line.at, name.at, name.len) == 0)
            return (span){ line.at + name.len + 1, line.len - name.len - 1 };
    }
    return (span){ NULL, 0 };
}

static void put_quoted(eb_buf *out, span text)
{
    enum { SHOWN = 200 };

    eb__buf_putc(out, '"');
    for (size_t i = 0; i < text.len && i < SHOWN; i++)
        eb__buf_putc(out, text.at[i] >= ' ' && text.at[i] <= '~' ? text.at[i] : '?');
    eb__buf_puts(out, text.len > SHOWN ? "...\"" : "\"");
}

/* What differs, from a little before the first byte that does. */
static void put_difference(eb_buf *out, const char *what, span ours, span theirs, const char *cause)
{
    size_t same = 0, from;

    while (same < ours.len && same < theirs.len && ours.at[same] == theirs.at[same])
        same++;
    from = same > 20 ? same - 20 : 0;
    eb__buf_printf(out, "%s differs at byte %zu: we signed ", what, same);
    put_quoted(out, (span){ ours.at + from, ours.len - from });
    eb__buf_puts(out, ", the service ");
    put_quoted(out, (span){ theirs.at + from, theirs.len - from });
    eb__buf_printf(out, "; %s", cause);
}

static bool is_secret(span name)
{
    static const char token[] = "x-acs-security-token";

    return eb__same_text(name.at, name.len, token, sizeof token - 1);
}

static bool explain_headers(eb_buf *out, span ours, span theirs)
{
    span rest = ours;

    while (rest.len > 0) {
        const span  line  = next_line(&rest);
        const char *colon = memchr(line.at, ':', line.len);
        const span  name  = { line.at, colon != NULL ? (size_t)(colon - line.at) : line.len };
        const span  mine  = header_value(ours, name);
        const span  other = header_value(theirs, name);
        char        what[80];

        if (mine.at == NULL || (other.at != NULL && equal(mine, other)))
            continue;
        if (other.at == NULL) {
            eb__buf_printf(out, "the header %.*s was signed but did not arrive: a proxy removed or renamed it",
                           (int)(name.len < 60 ? name.len : 60), name.at);
            return true;
        }
        if (is_secret(name)) {
            eb__buf_puts(out, "the header x-acs-security-token differs: something changed it under way");
            return true;
        }
        memcpy(what, "the header ", 11);
        memcpy(what + 11, name.at, name.len < 60 ? name.len : 60);
        what[11 + (name.len < 60 ? name.len : 60)] = '\0';
        put_difference(out, what, mine, other,
                       eb__same_text(name.at, name.len, "host", 4)
                           ? "a proxy rewrote it, or the port is missing on one side"
                           : "something changed it under way");
        return true;
    }
    return false;
}

static void compare(eb_buf *out, const parts *ours, const parts *theirs)
{
    if (!equal(ours->method, theirs->method))
        put_difference(out, "the method", ours->method, theirs->method,
                       "a proxy or a redirect changed it");
    else if (!equal(ours->uri, theirs->uri))
        put_difference(out, "the path", ours->uri, theirs->uri,
                       "a part was percent-encoded twice or not at all, or a proxy normalised it");
    else if (!equal(ours->query, theirs->query))
        put_difference(out, "the query", ours->query, theirs->query,
                       "usually * + ~ or a space encoded differently, or parameters sorted after encoding");
    else if (explain_headers(out, ours->headers, theirs->headers))
        return;
    else if (!equal(ours->names, theirs->names))
        put_difference(out, "the list of signed headers", ours->names, theirs->names,
                       "a header of x-acs- was added after signing");
    else if (!equal(ours->hash, theirs->hash))
        put_difference(out, "the hash of the body", ours->hash, theirs->hash,
                       "the body was changed after it was hashed, or under way");
    else
        eb__buf_puts(out, "the service signed the same request as we did: the access key secret is not the one "
                          "of this access key id");
}

/* The hash in the service's string to sign; at NULL: none. */
static span find_hash(span words)
{
    static const char name[] = "ACS3-HMAC-SHA256";
    int               tries  = 0;

    for (size_t i = 0; i + sizeof name < words.len && tries < TRIES_MAX; i++)
        if (memcmp(words.at + i, name, sizeof name - 1) == 0) {
            span rest = { words.at + i, words.len - i };

            tries++;
            (void)next_line(&rest);
            if (hex_run(rest.at, rest.len) == 64)
                return (span){ rest.at, 64 };
        }
    return (span){ NULL, 0 };
}

void eb__explain(eb_buf *out, const char *ours, size_t ours_len, const char *theirs, size_t theirs_len)
{
    const span words = { theirs, theirs_len };
    parts      mine, other;
    char       hex[EB_SHA256_HEX_SIZE];
    span       hash;

    if (!split((span){ ours, ours_len }, &mine)) {
        eb__buf_puts(out, "what we signed is not a canonical request");
        return;
    }
    if (find_canonical(words, &other)) {
        compare(out, &mine, &other);
        return;
    }
    hash = find_hash(words);
    if (hash.at == NULL) {
        eb__buf_puts(out, "the service does not say what it signed");
    } else if (eb__sha256_hex(hex, ours, ours_len) != EB_OK) {
        eb__buf_puts(out, "out of memory");
    } else if (memcmp(hex, hash.at, hash.len) == 0) {
        eb__buf_puts(out, "the service signed the same request as we did: the access key secret is not the one "
                          "of this access key id");
    } else {
        eb__buf_puts(out, "the service signed another request than we did, and does not say which");
    }
}

eb_status eb_acs3_explain(const char *ours, const char *theirs, const char **line, eb_response *response)
{
    eb_buf    out = { 0 };
    eb_status st;

    if (ours == NULL || theirs == NULL || line == NULL || response == NULL)
        return EB_INVALID;
    st = eb__response_open(response, NULL);
    if (st != EB_OK)
        return st;
    eb__buf_init(&out, eb__arena_allocator(response->arena_), 0);
    eb__explain(&out, ours, strlen(ours), theirs, strlen(theirs));
    st = eb__buf_status(&out);
    if (st == EB_OK) {
        const char *text = eb__arena_dup(response->arena_, eb__buf_text(&out), out.len);

        st = text != NULL ? EB_OK : EB_NOMEM;
        if (st == EB_OK)
            *line = text;
    }
    eb__buf_free(&out);
    return st;
}

#endif
