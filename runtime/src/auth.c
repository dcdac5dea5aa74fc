/* auth.c -- what makes a request ours: keys, tokens and passwords where the document wants them, or Alibaba's
 * signature over all of it. Done anew before every attempt, because date and nonce may not repeat and a token may
 * be another one by then. */
#include <string.h>

#include "codec.h"
#include "request.h"
#include "text.h"
#include "url.h"

/* ---- Keys, tokens, passwords ----------------------------------------------------------------------- */

/* Remembers a text that no message may show. */
static eb_status keep_secret(eb_request *request, const char *text)
{
    eb_secret *secret;

    if (text == NULL || *text == '\0')
        return EB_OK;
    secret = eb__arena_alloc(request->arena, sizeof *secret);
    if (secret == NULL)
        return EB_NOMEM;
    secret->next     = request->secrets;
    secret->text     = text;
    request->secrets = secret;
    return EB_OK;
}

/* Both texts as one, in the arena. */
static const char *joined(eb_request *request, const char *a, const char *b)
{
    const size_t len  = strlen(a);
    char        *text = eb__arena_text(request->arena, len + strlen(b) + 1);

    if (text != NULL) {
        memcpy(text, a, len);
        memcpy(text + len, b, strlen(b) + 1);
    }
    return text;
}

static const eb_header *header_of(const eb_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_common; i++)
        if (eb__same_name(request->headers[i].name, name))
            return &request->headers[i];
    return NULL;
}

static eb_status add_header_key(eb_request *request, const eb_auth *auth, const char *token)
{
    const char *value;

    if (header_of(request, auth->header) != NULL)
        return EB_OK; /* a parameter of the same name, which the caller gave */
    value = joined(request, auth->prefix != NULL ? auth->prefix : "", token);
    return value != NULL ? eb__request_header(request, auth->header, value) : EB_NOMEM;
}

#if EB_PART_KEYS
/* The request's URL and query with one pair more. */
static eb_status add_query_key(eb_request *request, const eb_auth *auth, const char *token)
{
    eb_acs3_pair *query;
    bool         *secret;
    eb_buf        url;
    const char   *made = NULL;

    for (size_t i = 0; i < request->query_count; i++)
        if (strcmp(request->query[i].name, auth->header) == 0)
            return EB_OK;
    query  = eb__arena_alloc(request->arena, (request->query_count + 1) * sizeof *query);
    secret = eb__arena_alloc(request->arena, (request->query_count + 1) * sizeof *secret);
    if (query == NULL || secret == NULL)
        return EB_NOMEM;
    if (request->query_count > 0) {
        memcpy(query, request->query, request->query_count * sizeof *query);
        memcpy(secret, request->query_secret, request->query_count * sizeof *secret);
    }
    secret[request->query_count] = true;
    query[request->query_count]  = (eb_acs3_pair){ auth->header, token };
    eb__buf_init(&url, eb__arena_allocator(request->arena), 0);
    eb__buf_puts(&url, request->url);
    eb__buf_putc(&url, strchr(request->url, '?') == NULL ? '?' : '&');
    eb__url_encode(&url, auth->header, strlen(auth->header));
    eb__buf_putc(&url, '=');
    eb__url_encode(&url, token, strlen(token));
    if (eb__buf_status(&url) == EB_OK)
        made = eb__arena_dup(request->arena, eb__buf_text(&url), url.len);
    eb__buf_free(&url);
    if (made == NULL)
        return EB_NOMEM;
    request->url          = made;
    request->query        = query;
    request->query_secret = secret;
    request->query_count++;
    return EB_OK;
}

/* There is but one Cookie header: the key goes behind what parameters put there. */
static eb_status add_cookie_key(eb_request *request, const eb_auth *auth, const char *token)
{
    const char *value = joined(request, auth->header, "=");

    if (value != NULL)
        value = joined(request, value, token);
    for (size_t i = 0; value != NULL && i < request->header_count; i++)
        if (eb__same_name(request->headers[i].name, "cookie")) {
            const char *before = joined(request, request->headers[i].value, "; ");

            value = before != NULL ? joined(request, before, value) : NULL;
            if (value == NULL)
                return EB_NOMEM;
            request->headers[i].value = value;
            return EB_OK;
        }
    return value != NULL ? eb__request_header(request, "cookie", value) : EB_NOMEM;
}
#endif /* EB_PART_KEYS */

#if EB_PART_BASIC
static eb_status add_basic(eb_request *request, const eb_credential *credential)
{
    eb_buf      pair, value;
    const char *made = NULL;
    eb_status   st;

    eb__buf_init(&pair, eb__arena_allocator(request->arena), 0);
    eb__buf_init(&value, eb__arena_allocator(request->arena), 0);
    eb__buf_puts(&pair, credential->id);
    eb__buf_putc(&pair, ':');
    eb__buf_puts(&pair, credential->secret != NULL ? credential->secret : "");
    eb__base64(&value, eb__buf_text(&pair), pair.len);
    if (eb__buf_status(&pair) == EB_OK && eb__buf_status(&value) == EB_OK)
        made = eb__arena_dup(request->arena, eb__buf_text(&value), value.len);
    eb__buf_free(&pair);
    eb__buf_free(&value);
    st = made != NULL ? keep_secret(request, made) : EB_NOMEM;
    if (st == EB_OK && header_of(request, "authorization") == NULL) {
        made = joined(request, "Basic ", made);
        st   = made != NULL ? eb__request_header(request, "authorization", made) : EB_NOMEM;
    }
    return st;
}
#endif

/* What one scheme adds. */
static eb_status add_scheme(eb_request *request, const eb_client *client, const eb_held *held,
                            const eb_attempt_at *when, eb_problem *problem)
{
    const eb_auth *auth       = held->auth;
    eb_credential  credential = { NULL, NULL, request->token };
    eb_status      st         = EB_OK;

    (void)when; /* signatures alone ask for it */
    if (auth->kind == EB_AUTH_CLIENT_CERT)
        return EB_OK;
    if (auth->kind != EB_AUTH_OAUTH2 || request->token == NULL)
        st = eb__credential_now(client, held, request->arena, &credential, problem);
    if (st == EB_OK)
        st = keep_secret(request, credential.token);
    if (st == EB_OK)
        st = keep_secret(request, credential.secret);
    if (st != EB_OK)
        return st;
    switch (auth->kind) {
#if EB_PART_ACS3
    case EB_AUTH_ACS3:
        return eb__request_sign(request, client, auth, &credential, when, problem);
#endif
#if EB_PART_KEYS
    case EB_AUTH_API_KEY_QUERY:
        return add_query_key(request, auth, credential.token);
    case EB_AUTH_API_KEY_COOKIE:
        return add_cookie_key(request, auth, credential.token);
#endif
#if EB_PART_BASIC
    case EB_AUTH_BASIC:
        return add_basic(request, &credential);
#endif
    default:
        return add_header_key(request, auth, credential.token);
    }
}

/* Takes away what the attempt before had added. */
static void start_over(eb_request *request)
{
    if (request->plain_url == NULL) {
        request->plain_url         = request->url;
        request->plain_query       = request->query;
        request->plain_query_count = request->query_count;
        for (size_t i = 0; i < request->header_common; i++)
            if (eb__same_name(request->headers[i].name, "cookie"))
                request->plain_cookie = request->headers[i].value;
    }
    request->url         = request->plain_url;
    request->query       = request->plain_query;
    request->query_count = request->plain_query_count;
    request->secrets     = NULL;
    request->acs3        = false;
    for (size_t i = 0; request->plain_cookie != NULL && i < request->header_common; i++)
        if (eb__same_name(request->headers[i].name, "cookie"))
            request->headers[i].value = request->plain_cookie;
}

eb_status eb__request_authorize(eb_request *request, const eb_client *client, int attempt,
                                int64_t delay_ms, int64_t now_ms, eb_problem *problem)
{
    const eb_attempt_at when = { attempt, delay_ms, now_ms };
    eb_status           st   = EB_OK;

    start_over(request);
    /* signatures come last: they are over what the others add */
    for (int last = 0; last < 2; last++)
        for (size_t i = 0; i < client->held_count && st == EB_OK; i++)
            if ((request->schemes >> i & 1) != 0 &&
                (client->held[i].auth->kind == EB_AUTH_ACS3) == (last != 0))
                st = add_scheme(request, client, &client->held[i], &when, problem);
    if (st == EB_LIMIT)
        st = eb__problem_set(problem, EB_INVALID, "options.headers: too many headers, at most %d in all",
                             EB_REQUEST_HEADERS);
    return st;
}
