/* script.c -- the scripted transport of testing.h: no socket, canned answers, a record of what was sent. */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "edgebind/testing.h"
#include "memory.h"

/* A block that eb_script_reset releases with eb__user_free. */
static char *keep(const eb_buf *text)
{
    char *kept = eb__buf_status(text) == EB_OK ? eb__user_alloc(text->len + 1) : NULL;

    if (kept != NULL) {
        memcpy(kept, eb__buf_text(text), text->len);
        kept[text->len] = '\0';
    }
    return kept;
}

static eb_status record(eb_script_seen *seen, eb_exchange *x)
{
    eb_buf   text = { 0 };
    uint64_t at   = 0;

    eb__buf_puts(&text, x->method);
    seen->method = keep(&text);
    eb__buf_clear(&text);
    eb__buf_puts(&text, x->url);
    seen->url = keep(&text);
    eb__buf_clear(&text);
    for (size_t i = 0; i < x->header_count; i++)
        eb__buf_printf(&text, "%s: %s\r\n", x->headers[i].name, x->headers[i].value);
    seen->headers = keep(&text);
    eb__buf_clear(&text);
    if (x->read == NULL && x->body != NULL)
        eb__buf_put(&text, x->body, (size_t)x->body_size);
    while (x->read != NULL && at < x->body_size) {
        char          bytes[4096];
        const int64_t got = x->read(x->read_context, at, bytes, sizeof bytes);

        if (got <= 0) {
            (void)snprintf(x->problem, sizeof x->problem, "the body could not be read");
            eb__buf_free(&text);
            return EB_INVALID;
        }
        eb__buf_put(&text, bytes, (size_t)got);
        at += (uint64_t)got;
    }
    seen->body     = keep(&text);
    seen->body_len = text.len;
    eb__buf_free(&text);
    return seen->method != NULL && seen->url != NULL && seen->headers != NULL && seen->body != NULL
               ? EB_OK
               : EB_NOMEM;
}

static size_t length(const eb_script_answer *answer)
{
    return answer->body == NULL    ? 0
           : answer->body_len != 0 ? answer->body_len
                                   : strlen(answer->body);
}

/* Bytes of the answer's body from an offset on. */
static uint64_t left(const eb_script_answer *answer, uint64_t at)
{
    return (uint64_t)length(answer) * (answer->times != 0 ? answer->times : 1) - at;
}

/* The next piece; a repetition of the body ends one. */
static eb_status give_piece(const eb_script_answer *answer, uint64_t *at, eb_exchange *x)
{
    const size_t len  = length(answer);
    const size_t from = len > 0 ? (size_t)(*at % len) : 0;
    const size_t size = answer->piece != 0 && answer->piece < len - from ? answer->piece : len - from;

    if (eb_is_cancelled(x->cancel))
        return EB_CANCELLED;
    *at += size;
    return x->on_body(x->context, answer->body + from, size) ? EB_OK : EB_LIMIT;
}

/* The request is looked at, the headers are given; *answer is what comes next, NULL after a failure. */
static eb_status open_answer(eb_script *script, eb_exchange *x, const eb_script_answer **answer)
{
    const size_t n = script->exchanges++;
    eb_status    st;

    *answer        = NULL;
    x->http_status = 0;
    x->sent        = EB_SENT_NOTHING;
    if (eb_is_cancelled(x->cancel))
        return EB_CANCELLED;
    if (script->count == 0) {
        (void)snprintf(x->problem, sizeof x->problem, "the script has no answers");
        return EB_NETWORK;
    }
    if (n < EB_SCRIPT_SEEN_MAX) {
        st = record(&script->seen[n], x);
        if (st != EB_OK)
            return st;
    }
    *answer        = &script->answers[n < script->count ? n : script->count - 1];
    x->sent        = (*answer)->http_status != 0 ? EB_SENT_ANSWERED : (*answer)->sent;
    x->http_status = (*answer)->http_status;
    for (size_t i = 0; i < (*answer)->header_count; i++)
        if (!x->on_header(x->context, (*answer)->headers[i].name, strlen((*answer)->headers[i].name),
                          (*answer)->headers[i].value, strlen((*answer)->headers[i].value)))
            return EB_LIMIT;
    return EB_OK;
}

static eb_status play(void *context, eb_exchange *x)
{
    const eb_script_answer *answer;
    uint64_t                at = 0;
    eb_status               st = open_answer(context, x, &answer);

    while (st == EB_OK && left(answer, at) > 0)
        st = give_piece(answer, &at, x);
    return st == EB_OK ? answer->status : st;
}

/* The headers are a step, and each piece is one. */
static eb_status step(void *context, eb_exchange *x)
{
    eb_script *script = context;
    eb_status  st;

    if (x->state == NULL) {
        x->state   = script;
        script->at = 0;
        st         = open_answer(script, x, &script->playing);
        return st == EB_OK && script->playing->http_status == 0 ? script->playing->status : st;
    }
    if (eb_is_cancelled(x->cancel))
        return EB_CANCELLED;
    if (left(script->playing, script->at) > 0)
        return give_piece(script->playing, &script->at, x);
    return script->playing->status == EB_OK ? EB_DONE : script->playing->status;
}

static void end(void *context, eb_exchange *x)
{
    (void)context;
    x->state = NULL;
}

eb_transport eb_script_transport(eb_script *script)
{
    eb_transport transport;

    memset(&transport, 0, sizeof transport);
    transport.exchange = play;
    transport.step     = step;
    transport.end      = end;
    transport.context  = script;
    return transport;
}

static int64_t now_ms(void *context)
{
    return INT64_C(1767268800000) + ((const eb_script *)context)->slept_ms;
}

static void sleep_ms(void *context, int64_t duration_ms)
{
    ((eb_script *)context)->slept_ms += duration_ms;
}

eb_clock eb_script_clock(eb_script *script)
{
    eb_clock clock;

    memset(&clock, 0, sizeof clock);
    clock.wall_ms      = now_ms;
    clock.monotonic_ms = now_ms;
    clock.sleep_ms     = sleep_ms;
    clock.context      = script;
    return clock;
}

void eb_script_reset(eb_script *script)
{
    const size_t seen = script->exchanges < EB_SCRIPT_SEEN_MAX ? script->exchanges : EB_SCRIPT_SEEN_MAX;

    for (size_t i = 0; i < seen; i++) {
        eb__user_free(script->seen[i].method);
        eb__user_free(script->seen[i].url);
        eb__user_free(script->seen[i].headers);
        eb__user_free(script->seen[i].body);
    }
    memset(script->seen, 0, sizeof script->seen);
    script->exchanges = 0;
    script->slept_ms  = 0;
}
