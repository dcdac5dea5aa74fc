/* url.c -- URLs, percent-encoding, the canonical request, and the explanation of a refused signature. Lines:
 * a URL; a host pattern; method and path; the query as name=value&...; headers, each with a colon; after an
 * empty line, the service's words about the signature. */
#include "fuzz.h"

#include "acs3.h"
#include "explain.h"
#include "next_url.h"
#include "text.h"
#include "url.h"

enum { PAIRS_MAX = 48 };

/* ---- URLs ------------------------------------------------------------------------------------- */

static bool lies_within(const char *part, size_t len, const char *whole)
{
    const size_t all = strlen(whole);

    return part >= whole && part <= whole + all && len <= all - (size_t)(part - whole);
}

static void url_has_parts(const char *text, const char *pattern)
{
    eb_url url, again;
    eb_buf made = { 0 };

    if (!eb__url_parse(text, &url))
        return;
    MUST(lies_within(url.scheme, url.scheme_len, text) && lies_within(url.host, url.host_len, text));
    MUST(lies_within(url.authority, url.authority_len, text));
    MUST(lies_within(url.path, url.path_len, text) && lies_within(url.query, url.query_len, text));
    MUST(url.scheme_len == (url.https ? 5u : 4u) && url.host_len > 0);
    MUST(url.port >= 1 && url.port <= 65535);
    MUST(url.path_len == 0 || url.path[0] == '/');
    for (const char *c = text; *c != '\0'; c++)
        MUST(*c > ' ' && *c < 0x7f && *c != '#' && *c != '\\' && *c != '"' && *c != '<' && *c != '>');
    MUST(memchr(url.authority, '@', url.authority_len) == NULL);
    if (eb__url_is_loopback(url.host, url.host_len))
        MUST(url.host_len >= 3 &&
             (eb__same_text(url.host, url.host_len, "localhost", 9) ||
              strspn(url.host, "0123456789.:") >= url.host_len || url.authority[0] == '['));
    (void)eb__url_host_matches(url.host, url.host_len, pattern);
    MUST(eb__url_host_matches(url.host, url.host_len, "*.example.com") ==
         (url.host_len > 12 && url.authority[0] != '[' &&
          eb__same_text(url.host + url.host_len - 12, 12, ".example.com", 12)));

    eb__buf_put(&made, url.scheme, url.scheme_len);
    eb__buf_puts(&made, "://");
    eb__url_put_authority(&made, &url);
    eb__buf_put(&made, url.path, url.path_len);
    eb__buf_puts(&made, "?");
    eb__buf_put(&made, url.query, url.query_len);
    MUST(eb__buf_status(&made) == EB_OK && eb__url_parse(made.data, &again));
    MUST(again.port == url.port && again.https == url.https && again.has_port == url.has_port);
    MUST(again.host_len == url.host_len && memcmp(again.host, url.host, url.host_len) == 0);
    MUST(again.path_len == url.path_len && memcmp(again.path, url.path, url.path_len) == 0);
    MUST(again.query_len == url.query_len && memcmp(again.query, url.query, url.query_len) == 0);
    eb__buf_free(&made);
}

/* Whatever an answer calls its next page, nothing goes anywhere but to the page's origin, and reads as one URL. */
static void next_stays_at_home(fuzz_input reference)
{
#define HOME "https://home.example:8443"
    static const eb_type      params    = { .name = "params", .shape = EB_SHAPE_STRUCT };
    static const eb_operation operation = { .id = "o", .name = "o", .params = &params };
    static const eb_auth auth    = { .kind = EB_AUTH_API_KEY_QUERY, .header = "key", .prefix = "" };
    static const eb_api  api     = { .name = "home", .auth = &auth };
    eb_held              held    = { .auth = &auth, .given = eb_credentials_token("t") };
    eb_client            client  = { .api = &api, .held = &held, .held_count = 1 };
    const eb_walked      walked  = { &client, &operation, NULL, HOME "/a/b?x=1" };
    char                *text    = fuzz_text(reference);
    eb_buf               out     = { 0 };
    eb_problem           problem = { 0 };
    eb_url               url;
    eb_status            st;

    if (*text == '\0') {
        free(text);
        return;
    }
    st = eb__next_url(&out, &walked, "next", text, strlen(text), &problem);
    MUST(st == EB_OK || st == EB_DECODE || st == EB_LIMIT);
    MUST((st != EB_OK) == (problem.text[0] != '\0'));
    if (st == EB_OK) {
        MUST(strncmp(out.data, HOME "/", sizeof HOME) == 0 && eb__url_parse(out.data, &url));
        MUST(url.path_len > 0 && strstr(out.data, "%00") == NULL && strstr(out.data, "%0") == NULL);
        for (const char *at = url.path; at < url.query; at++)
            MUST(strncmp(at, "/../", 4) != 0 && strncmp(at, "/./", 3) != 0);
        for (const char *at = url.query; url.query_len > 0; at++) {
            MUST(strncmp(at, "key=", 4) != 0 && *at != '&');
            at = strchr(at, '&');
            if (at == NULL)
                break;
        }
    }
    eb__buf_free(&out);
    free(text);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decoding by the book gives the bytes back, and only the unreserved stand for themselves. */
static void encoding_is_exact(fuzz_input bytes)
{
    eb_buf out = { 0 };
    size_t at  = 0;

    eb__url_encode(&out, bytes.at, bytes.len);
    for (size_t i = 0; i < bytes.len; i++) {
        const unsigned char want = (unsigned char)bytes.at[i];

        MUST(at < out.len);
        if (out.data[at] == '%') {
            MUST(out.len - at >= 3);
            MUST(hex_value(out.data[at + 1]) * 16 + hex_value(out.data[at + 2]) == want);
            at += 3;
        } else {
            MUST((unsigned char)out.data[at] == want);
            MUST((want >= '0' && want <= '9') || (want >= 'A' && want <= 'Z') ||
                 (want >= 'a' && want <= 'z') || (want != '\0' && strchr("-._~", want) != NULL));
            at++;
        }
    }
    MUST(at == out.len);
    eb__buf_free(&out);
}

/* ---- Signing ---------------------------------------------------------------------------------- */

typedef struct pieces {
    char        *texts[4 * PAIRS_MAX + 8];
    size_t       text_count;
    eb_acs3_pair query[PAIRS_MAX];
    eb_header    headers[PAIRS_MAX];
} pieces;

static char *keep(pieces *p, fuzz_input text)
{
    return p->texts[p->text_count++] = fuzz_text(text);
}

static size_t take_query(pieces *p, fuzz_input line)
{
    size_t count = 0;

    for (; line.len > 0 && count < PAIRS_MAX; count++) {
        fuzz_input pair = fuzz_until(&line, '&');

        p->query[count].name  = keep(p, fuzz_until(&pair, '='));
        p->query[count].value = keep(p, pair);
    }
    return count;
}

/* Until an empty line, which is dropped. */
static size_t take_headers(pieces *p, fuzz_input *rest)
{
    size_t count = 0;

    while (rest->len > 0 && count < PAIRS_MAX - 1) {
        fuzz_input line = fuzz_until(rest, '\n');

        if (line.len == 0)
            break;
        p->headers[count].name    = keep(p, fuzz_until(&line, ':'));
        p->headers[count++].value = keep(p, line);
    }
    return count;
}

static void explains(const eb_buf *ours, fuzz_input theirs)
{
    eb_buf line = { 0 };

    eb__explain(&line, ours->data, ours->len, theirs.at, theirs.len);
    MUST(eb__buf_status(&line) == EB_OK && line.len > 0);
    eb__buf_free(&line);
}

/* What is signed does not depend on the order of query and headers. */
static void signing_knows_no_order(pieces *p, eb_acs3_request *request, const eb_buf *canonical)
{
    eb_buf again = { 0 };

    for (size_t i = 0; i < request->query_count / 2; i++) {
        const eb_acs3_pair first = p->query[i];

        p->query[i]                            = p->query[request->query_count - 1 - i];
        p->query[request->query_count - 1 - i] = first;
    }
    for (size_t i = 0; i < request->header_count / 2; i++) {
        const eb_header first = p->headers[i];

        p->headers[i]                             = p->headers[request->header_count - 1 - i];
        p->headers[request->header_count - 1 - i] = first;
    }
    MUST(eb__acs3_canonical(&again, request) == EB_OK);
    MUST(again.len == canonical->len && memcmp(again.data, canonical->data, again.len) == 0);
    eb__buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input      rest      = { (const char *)data, size };
    fuzz_input      url       = fuzz_until(&rest, '\n');
    fuzz_input      pattern   = fuzz_until(&rest, '\n');
    fuzz_input      line      = fuzz_until(&rest, '\n');
    fuzz_input      query     = fuzz_until(&rest, '\n');
    pieces          p         = { .text_count = 0 };
    eb_acs3_request request   = { .query = p.query, .headers = p.headers };
    eb_buf          canonical = { 0 }, authorization = { 0 };

    url_has_parts(keep(&p, url), keep(&p, pattern));
    encoding_is_exact(url);
    next_stays_at_home(url);
    request.method       = keep(&p, fuzz_until(&line, ' '));
    request.path         = keep(&p, line);
    request.query_count  = take_query(&p, query);
    request.header_count = take_headers(&p, &rest);
    request.payload_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    MUST(eb__acs3_canonical(&canonical, &request) == EB_OK);
    MUST(eb__acs3_authorization(&authorization, &request, "id", "secret", NULL) == EB_OK);
    MUST(strstr(authorization.data, ",Signature=") != NULL);
    explains(&canonical, rest);
    explains(&canonical, (fuzz_input){ canonical.data, canonical.len });
    explains(&(eb_buf){ .data = (char *)(uintptr_t)rest.at, .len = rest.len },
             (fuzz_input){ canonical.data, canonical.len });
    signing_knows_no_order(&p, &request, &canonical);
    eb__buf_free(&authorization);
    eb__buf_free(&canonical);
    while (p.text_count > 0)
        free(p.texts[--p.text_count]);
    return 0;
}
