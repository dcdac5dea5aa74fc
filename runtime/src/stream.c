/* stream.c -- a call whose answer is walked event by event while it arrives.
 *
 * Until the headers of a success are complete it is a call like any other, with its attempts and waits. From
 * then on the exchange is made step by step, as events are asked for; there is no further attempt, because
 * nobody knows what it would send again: a service that can go on says so by its ids, and the caller can ask
 * it to. */
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "codec.h"
#include "documented.h"
#include "memory.h"
#include "response.h"
#include "watch.h"
#include "token.h"

#if EB_PART_EVENTS

typedef struct eb_stream_state {
    eb_allocator        allocator;
    const eb_operation *asked;     /* by the caller */
    eb_operation        operation; /* the same, asking for events */
    eb_call_options     options;
    eb_call             call;
    eb_events_reader    reader;
    eb_arena           *value;  /* of the last event */
    bool                called; /* the call was started */
    bool                open;   /* there is more to come */
    eb_status           ended;  /* what comes behind the last event: EB_DONE, or why it broke off */
} eb_stream_state;

static const eb_transport *transport_of(const eb_stream_state *s)
{
    return &s->call.in.client->transport;
}

/* No more will come. */
static void close_exchange(eb_stream_state *s)
{
    const eb_transport *transport = transport_of(s);

    if (s->open && transport->end != NULL)
        transport->end(transport->context, &s->call.exchange);
    s->open = false;
}

/* ---- Beginning --------------------------------------------------------------------------------- */

/* One attempt, up to the headers of a success or the end of anything else. */
static eb_status attempt(eb_stream_state *s)
{
    const eb_transport *transport = transport_of(s);
    eb_exchange        *x         = &s->call.exchange;
    eb_status           st;

    close_exchange(s);
    if (transport->step == NULL || eb__token_is_asked(&s->call)) /* a token comes whole */
        return transport->exchange(transport->context, x);
    s->open = true;
    do
        st = transport->step(transport->context, x);
    while (st == EB_OK && !eb__is_success(s->call.in.api, x->http_status));
    if (st != EB_OK)
        close_exchange(s);
    return st == EB_DONE ? EB_OK : st;
}

/* From here on silence and the call's own deadline are what bounds it. */
static void extend_time(eb_stream_state *s)
{
    const int64_t   left  = s->options.deadline_ms > 0 ? eb__call_remaining_ms(&s->call) : -1;
    const eb_clock *clock = &s->call.in.client->clock;

    s->call.exchange.timeout_ms = left < 0 ? 0
                                           : clock->monotonic_ms(clock->context) -
                                                 s->call.attempt_started_ms + (left > 0 ? left : 1);
}

static eb_status break_off(eb_stream *stream, eb_status status, const char *why)
{
    eb_stream_state *s = stream->state_;

    close_exchange(s);
    s->ended                = status;
    stream->response.status = stream->response.cause = status;
    stream->response.reason = status == EB_CANCELLED ? EB_REASON_CANCELLED : EB_REASON_LOCAL;
    eb__response_message(&stream->response, "%s", why);
    return status;
}

/* Is it a stream that came, and of which kind? */
static eb_status look_at_type(eb_stream *stream)
{
    static const char *const lines[] = { "application/x-ndjson",  "application/ndjson",
                                         "application/jsonl",     "application/x-jsonl",
                                         "application/jsonlines", "application/x-jsonlines",
                                         "application/json-seq",  "application/stream+json" };
    eb_stream_state         *s       = stream->state_;
    const char              *type    = stream->response.content_type;
    char                     quoted[80], text[200];

    s->reader.lines = s->operation.events->format == EB_EVENTS_LINES;
    if (*type == '\0' || stream->response.http_status == 204)
        return EB_OK;
    if (eb__is_media(type, "text/event-stream")) {
        s->reader.lines = false;
        return EB_OK;
    }
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (eb__is_media(type, lines[i])) {
            s->reader.lines = true;
            return EB_OK;
        }
    eb__problem_quote(quoted, sizeof quoted, type, strlen(type));
    (void)snprintf(text, sizeof text, "expected a stream of events (%s), got %s",
                   s->operation.events->accept, quoted);
    return break_off(stream, EB_DECODE, text);
}

static eb_status run(eb_stream *stream, const eb_call_input *input)
{
    eb_stream_state *s    = stream->state_;
    eb_step          step = eb__call_start(&s->call, input, &stream->response);

    s->called = true;
    while (step != EB_STEP_DONE) {
        if (step == EB_STEP_SEND) {
            step = eb__call_attempted(&s->call, attempt(s));
        } else {
            eb__sleep(&input->client->clock, s->call.sleep_ms, s->call.exchange.cancel);
            step = eb__call_timer(&s->call);
        }
    }
    if (s->call.status != EB_OK) {
        close_exchange(s);
        s->ended = s->call.status;
        return s->call.status;
    }
    s->ended = EB_DONE;
    extend_time(s);
    if (stream->response.body.len > 0) { /* it came before its status */
        const eb_status st = eb__events_put(&s->reader, stream->response.body.data,
                                            stream->response.body.len);

        if (st != EB_OK)
            return break_off(stream, st, eb_status_text(st));
    }
    return look_at_type(stream);
}

static eb_status start(eb_client *client, const eb_operation *operation, const void *params,
                       eb_stream *stream)
{
    eb_stream_state *s = eb__alloc(&client->allocator, sizeof *s);
    eb_call_input    input;
    void            *nothing = NULL;
    eb_status        st;

    if (s == NULL)
        return eb__response_refuse(&stream->response, EB_NOMEM, eb_status_text(EB_NOMEM));
    memset(s, 0, sizeof *s);
    stream->state_      = s;
    s->allocator        = client->allocator;
    s->asked            = operation;
    s->operation        = *operation;
    s->operation.accept = operation->events->accept;
    eb__events_init(&s->reader, &s->allocator, client->max_body_bytes);
    if (params == NULL) {
        nothing = eb__alloc(&client->allocator, operation->params->size);
        if (nothing == NULL)
            return eb__response_refuse(&stream->response, EB_NOMEM, eb_status_text(EB_NOMEM));
        memset(nothing, 0, operation->params->size);
        params = nothing;
    }
    if (eb__params_options(params) != NULL)
        s->options = *eb__params_options(params);
    input = (eb_call_input){ .client    = client,
                             .api       = client->api,
                             .operation = &s->operation,
                             .params    = params,
                             .options   = &s->options,
                             .events    = &s->reader };
    st    = run(stream, &input);
    eb__release(&client->allocator, nothing, operation->params->size);
    return st;
}

eb_status eb_stream_start(eb_client *client, const eb_operation *operation, const void *params,
                          eb_stream *stream)
{
    eb_stream old;
    eb_status st;

    if (stream == NULL)
        return EB_INVALID;
    old = *stream; /* params may point into its last event */
    memset(stream, 0, sizeof *stream);
    stream->last_id  = "";
    stream->retry_ms = -1;
    if (client == NULL || operation == NULL || operation->events == NULL)
        st = eb__response_refuse(&stream->response, EB_INVALID,
                                 client == NULL ? "client: expected one, got NULL"
                                                : "operation: expected one with a stream of events");
    else
        st = start(client, operation, params, stream);
    eb_stream_free(&old);
    return st;
}

/* ---- Going on ---------------------------------------------------------------------------------- */

/* Waits until something has come, or nothing more will. */
static void go_on(eb_stream *stream)
{
    eb_stream_state    *s         = stream->state_;
    const eb_transport *transport = transport_of(s);
    const eb_exchange  *x         = &s->call.exchange;
    eb_status           st        = transport->step(transport->context, &s->call.exchange);
    const bool in_time = s->options.deadline_ms <= 0 || eb__call_remaining_ms(&s->call) > 0;

    if (st == EB_OK)
        return;
    if (st == EB_DONE) {
        close_exchange(s);
        return;
    }
    if (s->call.refused != EB_OK)
        st = s->call.refused;
    else if (st != EB_TIMEOUT && st != EB_CANCELLED && st != EB_NOMEM && st != EB_LIMIT)
        st = EB_NETWORK;
    if (st == EB_CANCELLED)
        (void)break_off(stream, st, "cancelled by the caller");
    else if (st == EB_TIMEOUT && !in_time)
        (void)break_off(stream, st, "the deadline of the call passed");
    else
        (void)break_off(stream, st,
                        s->call.refused != EB_OK ? s->call.problem.text
                        : x->problem[0] != '\0'  ? x->problem
                                                 : "the stream broke off");
}

/* The data as its type. */
static eb_status read_value(eb_stream *stream, eb_stream_event *event)
{
    eb_stream_state   *s      = stream->state_;
    const eb_client   *client = s->call.in.client;
    const eb_limits_in limits = { client->max_depth, client->max_items };
    eb_problem         problem;
    eb_status          st;

    eb__arena_free(s->value);
    s->value     = NULL;
    event->value = NULL;
    if (s->asked->events->type == NULL || event->len == 0)
        return EB_OK;
    s->value = eb__arena_new(&s->allocator, 0);
    if (s->value == NULL)
        return EB_NOMEM;
    memset(&problem, 0, sizeof problem);
    st = eb__decode(s->asked->events->type, event->data, event->len, false, &limits, s->value,
                    &event->value, &problem);
    if (st == EB_OK)
        return EB_OK;
    (void)eb__response_problem(&stream->response, &problem);
    stream->response.cause = st;
    return st;
}

eb_status eb_stream_next(eb_stream *stream, const eb_operation *operation, eb_stream_event *event)
{
    eb_stream_state *s;
    eb_stream_event  found = { NULL, NULL, NULL, 0, NULL };
    eb_status        st;

    if (stream == NULL)
        return EB_INVALID;
    s = stream->state_;
    if (s == NULL && stream->response.message == NULL)
        return eb__response_refuse(&stream->response, EB_INVALID, "stream: expected one that was started");
    if (event == NULL || s == NULL || s->asked != operation)
        return EB_INVALID; /* what the response says of a start that failed stays */
    if (!s->called || s->call.status != EB_OK)
        return s->ended;
    s->call.response = &stream->response;
    while ((st = eb__events_next(&s->reader, !s->open && s->ended == EB_DONE, &found)) == EB_DONE &&
           s->open)
        go_on(stream);
    stream->retry_ms = s->reader.retry_ms;
    stream->last_id  = eb__buf_text(&s->reader.id);
    if (st == EB_DONE)
        return s->ended;
    if (st != EB_OK) {
        eb__events_clear(&s->reader);
        return break_off(stream, st, eb_status_text(st));
    }
    if (operation->events->done != NULL && strcmp(found.data, operation->events->done) == 0) {
        close_exchange(s);
        eb__events_clear(&s->reader); /* what comes behind it is nothing */
        return s->ended;
    }
    st = read_value(stream, &found);
    if (st == EB_OK)
        *event = found;
    return st;
}

void eb_stream_free(eb_stream *stream)
{
    eb_stream_state *s;
    eb_allocator     allocator;

    if (stream == NULL)
        return;
    s = stream->state_;
    if (s != NULL) {
        allocator = s->allocator;
        if (s->called) {
            close_exchange(s);
            s->call.response = &stream->response;
            eb__call_end(&s->call);
        }
        eb__events_free(&s->reader);
        eb__arena_free(s->value);
        eb__release(&allocator, s, sizeof *s);
    }
    eb_response_free(&stream->response);
    memset(stream, 0, sizeof *stream);
}

#endif
