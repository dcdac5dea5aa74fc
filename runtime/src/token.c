/* token.c -- getting and keeping an access token, once for all threads of a client.
 *
 * The kept token, and whether somebody asks for one, stand under a lock that is held for moments only. Each
 * answer, good or bad, has a number: who waited for it takes it, who comes later looks at the clock. What only
 * one call suffers from, its deadline or a lack of memory, is no answer: the next in line asks again. */
#include "token.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "call.h"
#include "crypto.h"
#include "errors.h"
#include "codec.h"
#include "memory.h"
#include "text.h"
#include "url.h"
#include "watch.h"

#if EB_PART_OAUTH2

enum {
    BODY_MAX  = 64 * 1024,
    TOKEN_MAX = 16 * 1024,
    SLACK_MS = 60 * 1000, /* a token is renewed so long before it expires, or a tenth of its time */
    EARLY_MS = 5,         /* a transport's clock may ring so much before ours */
    WAIT_MS  = 5,
    WAIT_MAX_MS      = 40,
    HEADERS          = 6,
    RETRY_AFTER_SIZE = 64
};
#define LIFETIME_MAX_S INT64_C(315360000) /* ten years */

struct eb_token {
    eb_allocator    allocator;
    pthread_mutex_t lock;
    bool            asked;  /* some call asks right now */
    uint64_t        number; /* of the last answer */
    char           *text;   /* what it gave; NULL: nothing, or it was refused */
    size_t          size;
    int64_t         fresh_until_ms; /* to be renewed then */
    int64_t         expires_ms;
    eb_problem      failure; /* why it gave nothing, when it did not */
    eb_status       cause;
    bool            failed;
};

/* A call's part in it. */
struct eb_fetch {
    const eb_held *held;
    eb_credential  credential;
    bool           has_credential;
    bool           asks;  /* this call does */
    bool           sent;  /* an exchange is under way */
    bool           waits; /* for the answer with the number awaited */
    bool           got;   /* the answer came for this call: not old, whatever the clock says */
    bool           renewed;
    bool           local; /* the failure at hand is this call's alone */
    uint64_t       awaited;
    uint64_t       number; /* of the token in use */
    uint64_t       fresh;  /* number of one that this call waited for */
    int            attempt;
    int64_t        wait_ms;
    eb_status      cause;
    const char    *url, *text, *authority;
    eb_header      headers[HEADERS];
    size_t         header_count;
    eb_buf         body; /* of the answer */
    char           retry_after[RETRY_AFTER_SIZE];
};

eb_token *eb__token_new(const eb_allocator *allocator)
{
    eb_token *made = eb__alloc(allocator, sizeof *made);

    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    made->allocator = *allocator;
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        eb__release(allocator, made, sizeof *made);
        return NULL;
    }
    return made;
}

static void forget(eb_token *token)
{
    eb__release(&token->allocator, token->text, token->size);
    token->text = NULL;
    token->size = 0;
}

void eb__token_free(eb_token *token)
{
    eb_allocator allocator;

    if (token == NULL)
        return;
    forget(token);
    (void)pthread_mutex_destroy(&token->lock);
    allocator = token->allocator;
    eb__release(&allocator, token, sizeof *token);
}

static int64_t now_ms(const eb_call *call)
{
    return call->in.client->clock.monotonic_ms(call->in.client->clock.context);
}

/* The scheme whose tokens this call gets by itself; NULL: there is none among those it uses. */
static const eb_held *scheme_of(const eb_call *call)
{
    const eb_client *client = call->in.client;

    for (size_t i = 0; i < client->held_count; i++)
        if ((call->request.schemes >> i & 1) != 0 && client->held[i].token != NULL)
            return &client->held[i];
    return NULL;
}

/* "credentials: account: " */
static eb_status say(eb_call *call, eb_status status, const char *format, const char *detail)
{
    const char *scheme = call->fetch->held->auth->scheme;
    char        text[360];

    (void)snprintf(text, sizeof text, format, detail);
    return eb__problem_set(&call->problem, status, "credentials: %s%sno access token: %s",
                           scheme != NULL ? scheme : "", scheme != NULL ? ": " : "", text);
}

/* ---- The question ---------------------------------------------------------------------------------- */

static void put_field(eb_buf *out, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    if (out->len > 0)
        eb__buf_putc(out, '&');
    eb__buf_puts(out, name);
    eb__buf_putc(out, '=');
    eb__url_encode(out, value, strlen(value));
}

static const char *settle(eb_call *call, eb_buf *text)
{
    const char *kept = eb__buf_status(text) == EB_OK
                           ? eb__arena_dup(call->arena, eb__buf_text(text), text->len)
                           : NULL;

    eb__buf_free(text);
    return kept;
}

static const char *question(eb_call *call)
{
    const struct eb_fetch *f     = call->fetch;
    const eb_credentials  *given = &f->held->given;
    eb_buf                 text;

    eb__buf_init(&text, &call->in.client->allocator, 0);
    eb__buf_puts(&text, "grant_type=client_credentials");
    put_field(&text, "scope", given->scope);
    put_field(&text, "audience", given->audience);
    if (given->client_secret_post) {
        put_field(&text, "client_id", f->credential.id);
        put_field(&text, "client_secret", f->credential.secret);
    }
    return settle(call, &text);
}

/* RFC 6749, 2.3.1: both are encoded as in a form before they are put together. */
static const char *basic(eb_call *call)
{
    const struct eb_fetch *f = call->fetch;
    eb_buf                 pair, value;

    eb__buf_init(&pair, &call->in.client->allocator, 0);
    eb__buf_init(&value, &call->in.client->allocator, 0);
    eb__url_encode(&pair, f->credential.id, strlen(f->credential.id));
    eb__buf_putc(&pair, ':');
    eb__url_encode(&pair, f->credential.secret, strlen(f->credential.secret));
    eb__buf_puts(&value, "Basic ");
    eb__base64(&value, eb__buf_text(&pair), pair.len);
    if (eb__buf_status(&pair) != EB_OK)
        value.status = eb__buf_status(&pair);
    eb__buf_free(&pair);
    return settle(call, &value);
}

static void add_header(struct eb_fetch *f, const char *name, const char *value)
{
    f->headers[f->header_count++] = (eb_header){ name, value };
}

/* Makes the request for a token, once for all its attempts. */
static eb_status prepare(eb_call *call)
{
    struct eb_fetch      *f     = call->fetch;
    const eb_credentials *given = &f->held->given;
    const char           *authorization;
    eb_url                url;
    eb_buf                authority;

    if (!eb__url_parse(given->token_url, &url))
        return EB_INVALID; /* looked at when the client was made */
    eb__buf_init(&authority, &call->in.client->allocator, 0);
    eb__url_put_authority(&authority, &url);
    f->url          = given->token_url;
    f->authority    = settle(call, &authority);
    f->text         = question(call);
    authorization   = given->client_secret_post ? "" : basic(call);
    f->header_count = 0;
    if (f->authority == NULL || f->text == NULL || authorization == NULL)
        return EB_NOMEM;
    add_header(f, "host", f->authority);
    add_header(f, "accept", "application/json");
    add_header(f, "user-agent", call->in.client->user_agent);
    add_header(f, "content-type", "application/x-www-form-urlencoded");
    if (*authorization != '\0')
        add_header(f, "authorization", authorization);
    return EB_OK;
}

static bool take_header(void *context, const char *name, size_t name_len, const char *value,
                        size_t value_len)
{
    struct eb_fetch *f = ((eb_call *)context)->fetch;

    if (eb__same_text(name, name_len, "retry-after", 11) && value_len < sizeof f->retry_after &&
        memchr(value, '\0', value_len) == NULL) {
        memcpy(f->retry_after, value, value_len);
        f->retry_after[value_len] = '\0';
    }
    return true;
}

static bool take_body(void *context, const void *data, size_t size)
{
    struct eb_fetch *f = ((eb_call *)context)->fetch;

    eb__buf_put(&f->body, data, size);
    return eb__buf_status(&f->body) == EB_OK;
}

/* Sets the exchange up. The bounds of time are those of the call's own attempts. */
static void ask(eb_call *call, int64_t left_ms)
{
    const eb_client *client = call->in.client;
    struct eb_fetch *f      = call->fetch;
    eb_exchange     *x      = &call->exchange;
    int64_t          most   = client->attempt_timeout_ms;

    eb__buf_clear(&f->body);
    f->retry_after[0] = '\0';
    f->sent           = true;
    f->attempt++;
    memset(x, 0, sizeof *x);
    x->method             = "POST";
    x->url                = f->url;
    x->headers            = f->headers;
    x->header_count       = f->header_count;
    x->has_body           = true;
    x->body               = f->text;
    x->body_size          = strlen(f->text);
    x->timeout_ms         = left_ms >= 0 && left_ms < most ? left_ms : most;
    x->connect_timeout_ms = client->connect_timeout_ms;
    x->stall_timeout_ms   = client->stall_timeout_ms;
    x->cancel             = call->in.options != NULL ? call->in.options->cancel : NULL;
    x->on_header          = take_header;
    x->on_body            = take_body;
    x->context            = call;
    eb__watch_token(call, f->authority, f->attempt);
}

/* ---- The answer ------------------------------------------------------------------------------------ */

/* Seconds as a number or, as some services have it, a text; -1: none that could be read. */
static int64_t lifetime_s(const char *text)
{
    int64_t value = 0;

    if (text == NULL || *text == '\0')
        return -1;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value > LIFETIME_MAX_S ? value : value * 10 + (*text - '0');
    if (*text != '\0' && *text != '.') /* 3599.5 */
        return -1;
    return value > LIFETIME_MAX_S ? LIFETIME_MAX_S : value;
}

static const char *member(eb_call *call, const char *pointer)
{
    const struct eb_fetch *f = call->fetch;
    eb_json                found;

    return eb__json_find(eb__buf_text(&f->body), f->body.len, pointer, &found)
               ? eb__json_plain(found, call->arena)
               : NULL;
}

static bool is_visible(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* Keeps what a success gave. EB_OK, EB_NOMEM, or EB_AUTH and a problem. */
static eb_status keep_answer(eb_call *call)
{
    struct eb_fetch *f    = call->fetch;
    eb_token        *kept = f->held->token;
    const char      *text = member(call, "/access_token"), *type = member(call, "/token_type");
    const int64_t    life_s  = lifetime_s(member(call, "/expires_in"));
    const int64_t    life_ms = life_s * 1000, tenth = life_ms / 10;
    size_t           size;
    char            *copy;

    if (eb__arena_failed(call->arena))
        return EB_NOMEM;
    if (text == NULL || *text == '\0')
        return say(call, EB_AUTH, "the answer of %s has no access_token", f->authority);
    if (strlen(text) > TOKEN_MAX || !is_visible(text))
        return say(call, EB_AUTH, "what %s gave as access_token is none", f->authority);
    if (type != NULL && !eb__same_text(type, strlen(type), "bearer", 6))
        return say(call, EB_AUTH, "%s gave one that is not of type Bearer", f->authority);
    size = strlen(text) + 1;
    copy = eb__alloc(&kept->allocator, size);
    if (copy == NULL)
        return EB_NOMEM;
    memcpy(copy, text, size);
    (void)pthread_mutex_lock(&kept->lock);
    forget(kept);
    kept->text   = copy;
    kept->size   = size;
    kept->failed = false;
    /* without a time it is kept until the service says no */
    kept->expires_ms     = life_s < 0 ? EB_FOREVER : eb__later(now_ms(call), life_ms);
    kept->fresh_until_ms = life_s < 0 ? EB_FOREVER
                                      : kept->expires_ms - (tenth < SLACK_MS ? tenth : SLACK_MS);
    f->fresh = f->number = ++kept->number;
    f->got               = true;
    kept->asked          = false;
    (void)pthread_mutex_unlock(&kept->lock);
    f->asks = false;
    return EB_OK;
}

/* Nobody will be told anything else for now: those who wait are told as well. A token that is due to be renewed
 * and has not expired yet still serves. */
static void keep_failure(eb_call *call, eb_status cause)
{
    struct eb_fetch *f    = call->fetch;
    eb_token        *kept = f->held->token;

    f->cause = cause;
    (void)pthread_mutex_lock(&kept->lock);
    if (now_ms(call) >= kept->expires_ms)
        forget(kept);
    kept->failure = call->problem;
    kept->cause   = cause;
    kept->failed  = true;
    kept->asked   = false;
    f->awaited    = ++kept->number;
    (void)pthread_mutex_unlock(&kept->lock);
    f->asks  = false;
    f->waits = true;
}

/* A failure of this call alone. */
static void fail_alone(eb_call *call, eb_status status)
{
    call->fetch->cause = status;
    call->fetch->local = true;
    if (call->problem.status != status)
        (void)eb__problem_set(&call->problem, status, "%s", eb_status_text(status));
}

static eb_event event_of(eb_status status, int http_status)
{
    if (status == EB_TIMEOUT)
        return EB_EVENT_TIMEOUT;
    if (status != EB_OK && http_status == 0)
        return EB_EVENT_NETWORK;
    if (http_status == 429)
        return EB_EVENT_THROTTLED;
    if (http_status == 408 || http_status == 500 || (http_status >= 502 && http_status <= 504))
        return EB_EVENT_PASSING;
    return status == EB_NETWORK ? EB_EVENT_CUT : EB_EVENT_REFUSED;
}

/* What the service says, RFC 6749, 5.2; without what was sent to it. */
static eb_status say_refused(eb_call *call, eb_status status)
{
    static const char *const code[]    = { "/error", NULL };
    static const char *const message[] = { "/error_description", NULL };
    static const eb_errors   errors    = { .code = code, .message = message };
    struct eb_fetch         *f         = call->fetch;
    const eb_exchange       *x         = &call->exchange;
    eb_error_body            said      = { "", "", "", "" };
    char                     text[300];

    if (x->http_status == 0) {
        (void)snprintf(text, sizeof text, "%s: %s", f->authority,
                       x->problem[0] != '\0' ? x->problem : eb_status_text(status));
        return say(call, EB_AUTH, "%s", text);
    }
    if (eb__error_read(&errors, eb__buf_text(&f->body), f->body.len, call->arena, &said) != EB_OK)
        return EB_NOMEM;
    (void)snprintf(text, sizeof text, "%s refused with HTTP %d%s%.60s%s%.160s", f->authority,
                   x->http_status, *said.code != '\0' ? ": " : "", said.code,
                   *said.message != '\0' ? ": " : "", *said.code != '\0' ? said.message : "");
    eb__scrub(text, f->credential.secret);
    return say(call, EB_AUTH, "%s", text);
}

int64_t eb__token_attempted(eb_call *call, eb_status transport_status)
{
    struct eb_fetch *f      = call->fetch;
    eb_exchange     *x      = &call->exchange;
    eb_client       *client = call->in.client;
    const int64_t    left   = eb__call_remaining_ms(call);
    const eb_status  word   = eb__answer_straighten(x, transport_status);
    const eb_header  after  = { "retry-after", f->retry_after };
    bool             acs;
    eb_status        st;

    f->sent = false;
    memset(&call->problem, 0, sizeof call->problem);
    if (word == EB_CANCELLED || word == EB_NOMEM || word == EB_INVALID ||
        eb__buf_status(&f->body) == EB_NOMEM) {
        if (word == EB_INVALID)
            (void)say(call, EB_INVALID, "%s", x->problem);
        fail_alone(call, word == EB_OK || word == EB_LIMIT ? EB_NOMEM : word);
        return 0;
    }
    if (word == EB_TIMEOUT && left >= 0 && left <= EARLY_MS)
        return left;
    if (word == EB_LIMIT) {
        (void)say(call, EB_AUTH, "the answer of %s is larger than one with a token can be", f->authority);
        keep_failure(call, EB_LIMIT);
        return 0;
    }
    if (word == EB_OK && x->http_status == 200) {
        st = keep_answer(call);
        if (st == EB_AUTH)
            keep_failure(call, EB_AUTH);
        else if (st != EB_OK)
            fail_alone(call, st);
        return 0;
    }
    const eb_event          event = event_of(word, x->http_status);
    const eb_retry_input    facts = { .event        = event,
                                      .sent         = x->sent,
                                      .safe         = true, /* a token more does no harm */
                                      .attempt      = f->attempt,
                                      .attempts_max = call->attempts_max,
                                      .hint_ms = eb__retry_hint(&after, *f->retry_after != '\0',
                                                                eb__service_now_ms(call), &acs),
                                      .remaining_ms = left,
                                      .quota = eb__quota_left(&client->shared->quota, f->authority),
                                      .random = eb__call_random(client) };
    const eb_retry_decision next  = eb__retry_decide(&facts);

    if (next.again && eb__quota_take(&client->shared->quota, f->authority, next.cost))
        return next.delay_ms;
    st = say_refused(call, word);
    if (st == EB_NOMEM)
        fail_alone(call, st);
    else
        keep_failure(call, word != EB_OK ? word : EB_AUTH);
    return 0;
}

/* ---- Before an attempt ----------------------------------------------------------------------------- */

/* The call's part is made when it first needs one. */
static eb_status begin(eb_call *call, const eb_held *held)
{
    struct eb_fetch *f;

    if (call->fetch == NULL) {
        f = eb__arena_zalloc(call->arena, sizeof *f);
        if (f == NULL)
            return EB_NOMEM;
        f->held = held;
        eb__buf_init(&f->body, &call->in.client->allocator, BODY_MAX);
        call->fetch = f;
    }
    f = call->fetch;
    if (!f->has_credential) {
        const eb_status st = eb__credential_now(call->in.client, held, call->arena, &f->credential,
                                                &call->problem);

        if (st != EB_OK)
            return st;
        f->has_credential = true;
    }
    return EB_OK;
}

/* With the lock held: copies the kept token if it will do. */
static bool use_kept(eb_call *call, eb_token *kept, eb_status *st)
{
    struct eb_fetch *f        = call->fetch;
    const bool       waited   = f->waits && kept->number >= f->awaited;
    const bool       just_got = f->got && kept->number == f->number;

    if (kept->text == NULL || (!waited && !just_got && now_ms(call) >= kept->fresh_until_ms))
        return false;
    call->request.token = eb__arena_dup(call->arena, kept->text, kept->size - 1);
    *st                 = call->request.token != NULL ? EB_OK : EB_NOMEM;
    f->number           = kept->number;
    if (waited)
        f->fresh = kept->number;
    f->waits = false;
    f->got   = false;
    return true;
}

eb_token_step eb__token_take(eb_call *call, int64_t left_ms, eb_status *cause)
{
    const eb_held   *held = scheme_of(call);
    struct eb_fetch *f;
    eb_token        *kept;
    eb_token_step    step = EB_TOKEN_READY;
    eb_status        st;

    *cause = EB_AUTH;
    if (held == NULL)
        return EB_TOKEN_READY;
    st = begin(call, held);
    f  = call->fetch;
    if (st != EB_OK) {
        *cause = st;
        return EB_TOKEN_FAILED;
    }
    if (f->credential.token != NULL) { /* a callback that gets tokens by itself */
        call->request.token = f->credential.token;
        f->has_credential   = false;
        return EB_TOKEN_READY;
    }
    if (f->local) {
        *cause = f->cause;
        return EB_TOKEN_FAILED;
    }
    kept = held->token;
    if (!f->asks) {
        (void)pthread_mutex_lock(&kept->lock);
        if (!use_kept(call, kept, &st)) {
            if (kept->failed && f->waits && kept->number >= f->awaited) {
                call->problem = kept->failure;
                *cause        = kept->cause;
                step          = EB_TOKEN_FAILED;
            } else if (kept->asked) {
                f->wait_ms     = f->waits && f->wait_ms < WAIT_MAX_MS ? f->wait_ms * 2 : WAIT_MS;
                f->waits       = true;
                f->awaited     = kept->number + 1;
                call->sleep_ms = left_ms >= 0 && left_ms < f->wait_ms ? left_ms : f->wait_ms;
                step           = EB_TOKEN_WAIT;
            } else {
                kept->asked = true;
                f->asks     = true;
                f->waits    = false;
                f->attempt  = 0;
            }
        }
        (void)pthread_mutex_unlock(&kept->lock);
        if (st == EB_OK && f->asks)
            st = prepare(call);
        if (st != EB_OK) {
            (void)eb__problem_set(&call->problem, st, "%s", eb_status_text(st));
            *cause = st;
            return EB_TOKEN_FAILED;
        }
        if (step == EB_TOKEN_READY && !f->asks)
            f->has_credential = false; /* the next attempt asks a callback anew */
    }
    if (!f->asks)
        return step;
    ask(call, left_ms);
    return EB_TOKEN_ASK;
}

bool eb__token_is_asked(const eb_call *call)
{
    return call->fetch != NULL && call->fetch->sent;
}

bool eb__token_refused(eb_call *call)
{
    struct eb_fetch *f = call->fetch;
    eb_token        *kept;

    if (f == NULL || f->number == 0)
        return false;
    kept = f->held->token;
    (void)pthread_mutex_lock(&kept->lock);
    if (kept->number == f->number)
        forget(kept);
    (void)pthread_mutex_unlock(&kept->lock);
    if (f->number == f->fresh || f->renewed || call->in.client->skip_token_renewal)
        return false;
    f->renewed = true;
    return true;
}

void eb__token_end(eb_call *call)
{
    struct eb_fetch *f = call->fetch;

    if (f == NULL)
        return;
    if (f->asks) {
        (void)pthread_mutex_lock(&f->held->token->lock);
        f->held->token->asked = false;
        (void)pthread_mutex_unlock(&f->held->token->lock);
        f->asks = false;
    }
    eb__buf_free(&f->body);
}

#endif
