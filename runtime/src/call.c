/* call.c -- the story of a call: check, encode, sign, send, classify, decide, decode.
 *
 * eb__call_start prepares the first attempt, eb__call_attempted looks at what came of one, eb__call_timer
 * prepares the next. Each stage is one line in them; what can be pure is elsewhere (check.c, request.c,
 * auth.c, outcome.c, decode.c). */
#include "call.h"

#include <string.h>

#include "codec.h"
#include "errors.h"
#include "explain.h"
#include "memory.h"
#include "response.h"
#include "text.h"
#include "watch.h"

static int64_t now_ms(const eb_call *call)
{
    return call->in.client->clock.monotonic_ms(call->in.client->clock.context);
}

static int64_t wall_ms(const eb_call *call)
{
    return call->in.client->clock.wall_ms(call->in.client->clock.context);
}

/* The time by the service's clock, as far as it is known. */
static int64_t service_now_ms(const eb_call *call)
{
    return eb__later(wall_ms(call), atomic_load(&call->in.client->clock_offset_ms));
}

/* To the deadline; -1: there is none. */
static int64_t remaining_ms(const eb_call *call)
{
    return call->deadline_at_ms == EB_FOREVER ? -1 : eb__until(call->deadline_at_ms, now_ms(call));
}

/* After a timeout: was it the deadline's? The transport's clock may ring a moment before ours. */
static bool was_the_deadline(const eb_call *call)
{
    enum { EARLY_MS = 5 };
    const int64_t left = remaining_ms(call);

    return left >= 0 && left <= EARLY_MS;
}

static eb_cancel_source *cancel_of(const eb_call *call)
{
    return call->in.options != NULL ? call->in.options->cancel : NULL;
}

int64_t eb__deadline_at(const eb_client *client, const eb_call_options *options)
{
    const int64_t given = options != NULL && options->deadline_ms != 0 ? options->deadline_ms
                                                                       : client->deadline_ms;

    return given < 0 ? EB_FOREVER : eb__later(client->clock.monotonic_ms(client->clock.context), given);
}

const eb_call_options *eb__params_options(const void *params)
{
    const eb_call_options *options;

    memcpy(&options, params, sizeof options);
    return options;
}

/* ---- The answer as it arrives ------------------------------------------------------------------ */

/* Makes room for a body whose length was announced, as far as that is believable. */
static void expect_body(eb_call *call, const char *digits, size_t len)
{
    enum { BELIEVED = 1024 * 1024 };
    size_t size = 0;

    for (size_t i = 0; i < len && digits[i] >= '0' && digits[i] <= '9' && size <= BELIEVED; i++)
        size = size * 10 + (size_t)(digits[i] - '0');
    if (size > 0 && size <= BELIEVED && size <= call->in.client->max_body_bytes)
        (void)eb__buf_reserve(&call->body, size);
}

static bool on_header(void *context, const char *name, size_t name_len, const char *value, size_t value_len)
{
    eb_call *call = context;
    char    *room;

    if (name_len == 0 || memchr(name, '\0', name_len) != NULL ||
        (value_len > 0 && memchr(value, '\0', value_len) != NULL))
        return true; /* nothing that could be handed out as text */
    room = eb__buf_room(&call->headers, name_len + value_len + 2);
    if (room == NULL) {
        call->refused = eb__problem_set(&call->problem, eb__buf_status(&call->headers),
                                        "the response's headers exceed max_header_bytes (%zu)",
                                        call->in.client->max_header_bytes);
        return false;
    }
    memcpy(room, name, name_len);
    room[name_len] = '\0';
    if (value_len > 0)
        memcpy(room + name_len + 1, value, value_len);
    room[name_len + 1 + value_len] = '\0';
    eb__buf_added(&call->headers, name_len + value_len + 2);
    call->header_count++;
    if (name_len == 14 && eb__same_text(name, name_len, "content-length", 14))
        expect_body(call, value, value_len);
    return true;
}

static bool on_body(void *context, const void *data, size_t size)
{
    eb_call *call = context;

    if (size == 0)
        return true;
    eb__buf_put(&call->body, data, size);
    if (eb__buf_status(&call->body) != EB_OK) {
        call->refused = eb__problem_set(&call->problem, eb__buf_status(&call->body),
                                        "the response's body exceeds max_body_bytes (%zu)",
                                        call->in.client->max_body_bytes);
        return false;
    }
    return true;
}

static void forget_answer(eb_call *call)
{
    eb__buf_clear(&call->headers);
    eb__buf_clear(&call->body);
    call->header_count = 0;
    call->refused      = EB_OK;
    memset(&call->problem, 0, sizeof call->problem);
}

/* ---- Ending ------------------------------------------------------------------------------------ */

static eb_step finish(eb_call *call, eb_status status)
{
    eb_response *response = call->response;
    eb_attempt  *attempts;

    call->status            = status;
    response->status        = status;
    response->attempt_count = 0;
    if (call->attempt > 0) {
        attempts = eb__arena_alloc(response->arena_, (size_t)call->attempt * sizeof *attempts);
        if (attempts != NULL) {
            memcpy(attempts, call->attempts, (size_t)call->attempt * sizeof *attempts);
            for (int i = 0; i < call->attempt; i++) {
                const char *code = eb__arena_dup(response->arena_, attempts[i].code,
                                                 strlen(attempts[i].code));

                attempts[i].code = code != NULL ? code : "";
            }
            response->attempts      = attempts;
            response->attempt_count = (size_t)call->attempt;
        }
    }
    if (status != EB_OK && *response->message == '\0')
        response->message = eb_status_text(status);
    return EB_STEP_DONE;
}

/* A failure on this side, before or between attempts: words are in the problem. */
static eb_step fail_locally(eb_call *call, eb_status status)
{
    if (call->problem.text[0] != '\0')
        (void)eb__response_problem(call->response, &call->problem);
    else
        call->response->message = eb_status_text(status);
    if (call->response->arena_ == NULL || eb__arena_failed(call->response->arena_))
        status = EB_NOMEM;
    call->response->cause  = status;
    call->response->reason = EB_REASON_LOCAL;
    return finish(call, status);
}

/* What the caller passed in has been copied into the request, but for what is read while it is sent. */
static void drop_old(eb_call *call)
{
    if (call->request.streamed)
        return;
    eb__arena_free(call->old);
    call->old = NULL;
}

/* ---- An attempt -------------------------------------------------------------------------------- */

static eb_step time_is_up(eb_call *call, eb_status status)
{
    eb_step step;

    (void)eb__problem_set(&call->problem, status,
                          status == EB_CANCELLED ? "cancelled by the caller"
                                                 : "the deadline of the call passed");
    step                   = fail_locally(call, status);
    call->response->reason = status == EB_CANCELLED ? EB_REASON_CANCELLED : EB_REASON_DEADLINE;
    return step;
}

/* Waits for the documented rate: a wait that would pass the deadline ends the call. */
static eb_step wait_for_rate(eb_call *call, int64_t left)
{
    const eb_rate_limit *rate = call->in.operation->rate_limit;

    call->sleep_ms = eb__limiter_take(&call->in.client->limiter, rate, now_ms(call) * 1000,
                                      left == EB_FOREVER ? -1 : left);
    call->may_send = true;
    if (call->sleep_ms >= 0)
        return call->sleep_ms > 0 ? EB_STEP_SLEEP : EB_STEP_SEND;
    (void)eb__problem_set(&call->problem, EB_TIMEOUT,
                          "waiting for the rate limit of %u requests in %u s would pass the deadline",
                          (unsigned)rate->requests, (unsigned)rate->seconds);
    (void)fail_locally(call, EB_TIMEOUT);
    call->response->reason = EB_REASON_DEADLINE;
    return EB_STEP_DONE;
}

/* An answer that led to another attempt is not kept: ten of them could be large. */
static eb_status drop_last_answer(eb_call *call)
{
    eb_arena *fresh;

    if (call->attempt == 0 || call->in.keep)
        return EB_OK;
    fresh = eb__arena_new(&call->in.client->allocator, 0);
    if (fresh == NULL)
        return EB_NOMEM;
    eb__arena_free(call->response->arena_);
    call->response->arena_ = fresh;
    eb__response_blank(call->response);
    call->response->operation = call->in.operation->name;
    return EB_OK;
}

static eb_step send(eb_call *call)
{
    const eb_client *client = call->in.client;
    eb_exchange     *x      = &call->exchange;
    int64_t          left   = remaining_ms(call);
    int64_t          timeout;
    eb_status        st;

    if (eb_is_cancelled(cancel_of(call)))
        return time_is_up(call, EB_CANCELLED);
    if (left == 0)
        return time_is_up(call, EB_TIMEOUT);
    if (!call->may_send && !client->skip_rate_limits && call->in.operation->rate_limit != NULL) {
        const eb_step step = wait_for_rate(call, left);

        if (step != EB_STEP_SEND)
            return step;
    }
    call->may_send = false;
    forget_answer(call);
    st = drop_last_answer(call);
    if (st != EB_OK)
        return fail_locally(call, st);
    call->attempt++;
    call->attempt_started_ms   = now_ms(call);
    call->request.header_count = call->request.header_common;
    eb__watch_sign(call);
    call->offset_ms = atomic_load(&client->clock_offset_ms);
    st = eb__request_authorize(&call->request, client, call->in.api->auth, call->attempt,
                               call->delay_ms, service_now_ms(call), &call->problem);
    if (st != EB_OK) {
        call->attempt--;
        return fail_locally(call, st);
    }
    memset(x, 0, sizeof *x);
    x->method       = call->request.method;
    x->url          = call->request.url;
    x->headers      = call->request.headers;
    x->header_count = call->request.header_count;
    x->has_body     = call->request.has_body;
    if (call->request.streamed) {
        x->read         = eb__source_read;
        x->read_context = &call->request.source;
        x->body_size    = call->request.source.size;
    } else if (x->has_body) {
        x->body      = eb__buf_text(&call->request.text);
        x->body_size = call->request.text.len;
    }
    timeout = call->in.options != NULL && call->in.options->attempt_timeout_ms > 0
                  ? call->in.options->attempt_timeout_ms
              : call->in.upload ? 0
                                : client->attempt_timeout_ms;
    if (left > 0 && (timeout == 0 || left < timeout))
        timeout = left;
    x->timeout_ms         = timeout;
    x->connect_timeout_ms = client->connect_timeout_ms;
    x->stall_timeout_ms   = client->stall_timeout_ms;
    x->fresh_if_idle      = (call->in.operation->flags & EB_SAFE) == 0;
    x->cancel             = cancel_of(call);
    x->on_header          = on_header;
    x->on_body            = on_body;
    x->context            = call;
    eb__watch_send(call);
    return EB_STEP_SEND;
}

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            return false;
    return true;
}

/* Moves headers and body into the response. */
static eb_status keep_answer(eb_call *call)
{
    eb_response *response = call->response;
    eb_header   *headers;
    char        *texts;

    response->http_status = call->exchange.http_status;
    response->sent        = call->exchange.sent;
    if (call->header_count > 0) {
        headers = eb__arena_alloc(response->arena_, call->header_count * sizeof *headers);
        texts   = eb__arena_text(response->arena_, call->headers.len);
        if (headers == NULL || texts == NULL)
            return EB_NOMEM;
        memcpy(texts, call->headers.data, call->headers.len);
        for (size_t i = 0; i < call->header_count; i++) {
            headers[i].name  = texts;
            headers[i].value = texts + strlen(texts) + 1;
            texts            = texts + strlen(texts) + 1;
            texts += strlen(texts) + 1;
        }
        response->headers      = headers;
        response->header_count = call->header_count;
    }
    if (call->body.len > 0) {
        response->body.data = call->body.data;
        response->body.len  = call->body.len;
        if (!eb__arena_adopt(response->arena_, call->body.data, call->body.size)) {
            response->body.data = "";
            response->body.len  = 0;
            return EB_NOMEM;
        }
        call->body.data = NULL; /* it is the arena's now */
        call->body.size = 0;
        call->body.len  = 0;
    }
    return EB_OK;
}

static bool signs_acs3(const eb_call *call)
{
    return call->in.api->auth != NULL && call->in.api->auth->kind == EB_AUTH_ACS3;
}

static bool is_throttling_code(const eb_errors *errors, const char *code)
{
    return errors != NULL && errors->throttled != NULL && strstr(code, errors->throttled) != NULL;
}

/* A clock that is off by less than this is not why a date was refused; a clock beyond the year 9999 is
 * none that could be corrected. */
enum { SKEW_MIN_MS = 60000 };
#define WALL_MAX_MS INT64_C(253402300799999)

static bool is_passing(int status)
{
    return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
}

/* Takes the service's clock from its Date header, if that explains a refused date. */
static bool learn_clock(eb_call *call)
{
    const char *date = eb_response_header(call->response, "date");
    int64_t     seconds, ours, offset;

    if (!signs_acs3(call) || date == NULL || !eb__http_date(date, &seconds))
        return false;
    ours = wall_ms(call);
    if (ours < 0 || ours > WALL_MAX_MS)
        return false;
    offset = seconds * 1000 - ours;
    /* against what this attempt was signed with: another thread may have learned the same meanwhile */
    if (offset - call->offset_ms > -SKEW_MIN_MS && offset - call->offset_ms < SKEW_MIN_MS)
        return false;
    atomic_store(&call->in.client->clock_offset_ms, offset);
    return true;
}

/* Every attempt has a nonce of its own: one that was used before means that a copy of this very request
 * arrived already, sent by something on the way. */
static bool is_copy(const eb_call *call)
{
    return signs_acs3(call) && strcmp(call->response->code, "SignatureNonceUsed") == 0;
}

/* The service's message with its line breaks, which response->message has not. */
static const char *raw_message(const eb_call *call)
{
    const eb_errors   *errors = call->in.api->errors;
    const eb_response *r      = call->response;
    eb_json            found;

    for (size_t i = 0; errors->message != NULL && errors->message[i] != NULL; i++)
        if (eb__json_find(r->body.data, r->body.len, errors->message[i], &found)) {
            const char *text = eb__json_plain(found, r->arena_);

            return text != NULL ? text : "";
        }
    return r->message;
}

/* Adds to the message in what the service's idea of the signed request differs from ours. */
static eb_status explain_signature(eb_call *call)
{
    const eb_allocator *allocator = &call->in.client->allocator;
    eb_response        *r         = call->response;
    eb_buf              ours = { 0 }, line = { 0 };
    const char         *theirs;
    eb_status           st;

    if (!signs_acs3(call) || !eb__contains(r->code, "DoesNotMatch"))
        return EB_OK;
    eb__buf_init(&ours, allocator, 0);
    eb__buf_init(&line, allocator, 0);
    st = eb__request_canonical(&call->request, &ours);
    if (st == EB_OK) {
        theirs = raw_message(call);
        eb__buf_printf(&line, "%s (", r->message);
        eb__explain(&line, eb__buf_text(&ours), ours.len, theirs, strlen(theirs));
        eb__buf_putc(&line, ')');
        st = eb__buf_status(&line);
    }
    if (st == EB_OK) {
        r->message = eb__arena_dup(r->arena_, eb__buf_text(&line), line.len);
        if (r->message == NULL) {
            r->message = "";
            st         = EB_NOMEM;
        }
    }
    eb__buf_free(&ours);
    eb__buf_free(&line);
    return st;
}

/* Reads what the service says of a failure; classifies it. */
static eb_event classify_failure(eb_call *call, bool asked_to_wait)
{
    eb_response  *response = call->response;
    eb_error_body said     = { "", "", "", "" };

    if (eb__error_read(call->in.api->errors, response->body.data, response->body.len,
                       response->arena_, &said) != EB_OK)
        return EB_EVENT_LOCAL;
    response->code    = said.code;
    response->message = said.message;
    response->field   = said.field;
    if (*said.request_id != '\0')
        response->request_id = said.request_id;
    if (explain_signature(call) != EB_OK)
        return EB_EVENT_LOCAL;
    if (eb__scrub_answer(call) != EB_OK)
        return EB_EVENT_LOCAL;
    if (response->http_status == 429 || is_throttling_code(call->in.api->errors, said.code) || asked_to_wait)
        return EB_EVENT_THROTTLED;
    if (eb__starts_with(said.code, "InvalidTimeStamp") && learn_clock(call))
        return EB_EVENT_SKEW;
    return is_passing(response->http_status) || is_copy(call) ? EB_EVENT_PASSING : EB_EVENT_REFUSED;
}

static eb_event decode_success(eb_call *call)
{
    const eb_limits_in limits = { call->in.client->max_depth, call->in.client->max_items };
    const eb_response *r      = call->response;
    eb_status          st;

    if (call->in.operation->result == NULL || is_blank(r->body.data, r->body.len))
        return EB_EVENT_OK;
    st = eb__decode(call->in.operation->result, r->body.data, r->body.len, false, &limits,
                    r->arena_, &call->value, &call->problem);
    if (st == EB_OK)
        return EB_EVENT_OK;
    (void)eb__response_problem(call->response, &call->problem);
    return st == EB_DECODE ? EB_EVENT_UNREADABLE : EB_EVENT_LOCAL;
}

/* The request id from the header, or from anywhere the document says in the body, as it may stand in a line of
 * a log. */
static eb_status find_request_id(eb_call *call)
{
    const eb_errors *errors = call->in.api->errors;
    eb_response     *r      = call->response;
    const char      *id;
    eb_json          found;
    char             quoted[256];

    if (errors == NULL)
        return EB_OK;
    id = errors->request_id_header != NULL ? eb_response_header(r, errors->request_id_header) : NULL;
    for (size_t i = 0; id == NULL && errors->format == EB_ERROR_JSON &&
                       errors->request_id != NULL && errors->request_id[i] != NULL;
         i++)
        if (eb__json_find(r->body.data, r->body.len, errors->request_id[i], &found))
            id = eb__json_plain(found, r->arena_);
    if (id != NULL) {
        eb__problem_quote(quoted, sizeof quoted, id, strlen(id));
        id = eb__arena_dup(r->arena_, quoted, strlen(quoted));
    }
    r->request_id = id != NULL ? id : "";
    return eb__arena_failed(r->arena_) ? EB_NOMEM : EB_OK;
}

/* Makes what a transport reports fit together, whoever wrote it. Returns its word. */
static eb_status straighten(eb_exchange *x, eb_status status)
{
    x->problem[sizeof x->problem - 1] = '\0';
    if (x->http_status < 100 || x->http_status > 999)
        x->http_status = 0;
    if (x->http_status != 0)
        x->sent = EB_SENT_ANSWERED;
    else if (x->sent != EB_SENT_NOTHING && x->sent != EB_SENT_PART)
        x->sent = EB_SENT_ALL;
    switch (status) {
    case EB_OK:
        if (x->http_status != 0)
            return EB_OK;
        x->sent = EB_SENT_ALL; /* nobody answers what was not asked */
        (void)strncpy(x->problem, "an answer without a status", sizeof x->problem - 1);
        return EB_NETWORK;
    case EB_TIMEOUT:
    case EB_CANCELLED:
    case EB_LIMIT:
    case EB_NOMEM:
    case EB_INVALID:
        return status;
    default:
        return EB_NETWORK;
    }
}

/* A transport's failure, or that of a callback which stopped it. */
static eb_event classify_broken(eb_call *call, eb_status cause)
{
    const int status = call->exchange.http_status;

    if (call->problem.text[0] == '\0')
        (void)eb__problem_set(&call->problem, cause, "%s",
                              call->exchange.problem[0] != '\0' ? call->exchange.problem
                                                                : eb_status_text(cause));
    (void)eb__response_problem(call->response, &call->problem);
    switch (cause) {
    case EB_NETWORK:
        return status != 0 ? EB_EVENT_CUT : EB_EVENT_NETWORK;
    case EB_TIMEOUT:
        if (was_the_deadline(call)) {
            call->response->message = "the deadline of the call passed";
            return EB_EVENT_DEADLINE;
        }
        return status != 0 ? EB_EVENT_CUT : EB_EVENT_TIMEOUT;
    case EB_CANCELLED:
        return EB_EVENT_CANCELLED;
    default:
        return EB_EVENT_LOCAL;
    }
}

/* What the exchange came to. *cause is what stands underneath: the transport's word. */
static eb_event classify(eb_call *call, eb_status transport_status, eb_status *cause, int64_t *hint_ms)
{
    eb_response *r      = call->response;
    const int    status = call->exchange.http_status;
    bool         acs    = false;
    eb_status    st;

    *cause   = call->refused != EB_OK ? call->refused : transport_status;
    *hint_ms = -1;
    eb__response_blank(r);
    r->operation = call->in.operation->name;
    st           = keep_answer(call);
    if (st == EB_OK)
        st = find_request_id(call);
    if (st != EB_OK) {
        *cause = st;
        return EB_EVENT_LOCAL;
    }
    /* an answer that says no says so even when the rest of it is missing */
    if (*cause != EB_OK && (status == 0 || (status >= 200 && status <= 299) || *cause == EB_NOMEM ||
                            *cause == EB_INVALID))
        return classify_broken(call, *cause);
    *hint_ms          = eb__retry_hint(r->headers, r->header_count, service_now_ms(call), &acs);
    r->retry_after_ms = *hint_ms;
    if (status < 200 || status > 299 ||
        eb__error_inside(call->in.api->errors, status, r->body.data, r->body.len, r->arena_))
        return classify_failure(call, acs && signs_acs3(call));
    return decode_success(call);
}

/* ---- What is said of it ------------------------------------------------------------------------ */

/* Adds which call tells whether this one arrived, if there is one. */
static void say_how_to_ask(const eb_call *call)
{
    const eb_verify    *verify = call->in.operation->verify;
    const eb_operation *asking = verify != NULL ? eb__operation_find(call->in.api, verify->operation)
                                                : NULL;

    if (asking != NULL)
        eb__response_message(call->response, "%s; %s_verify tells (it calls %s)",
                             call->response->message, call->in.operation->name, asking->name);
}

static void describe(eb_call *call, eb_event event, eb_status status)
{
    eb_response *r        = call->response;
    const char  *location = r->http_status >= 300 && r->http_status < 400
                                ? eb_response_header(r, "location")
                                : NULL;
    char         to[300];

    if (location != NULL) {
        eb__problem_quote(to, sizeof to, location, strlen(location));
        eb__response_message(r, "HTTP %d sends elsewhere, to %s; redirects are not followed",
                             r->http_status, to);
        if (eb__scrub_answer(call) != EB_OK) /* a place may repeat what was sent */
            r->message = eb_status_text(EB_NOMEM);
    } else if (status == EB_MAYBE_SENT) {
        eb__response_message(r, "%s, after %s of the request was sent: it may have been carried out",
                             *r->message != '\0' ? r->message : eb_status_text(r->cause),
                             r->sent == EB_SENT_PART ? "part" : "all");
        say_how_to_ask(call);
    } else if (is_copy(call)) {
        eb__response_message(r, "%s: a copy of the request arrived before and may have been carried out",
                             *r->message != '\0' ? r->message : r->code);
        say_how_to_ask(call);
    } else if (event == EB_EVENT_PASSING && (call->in.operation->flags & EB_SAFE) == 0) {
        eb__response_message(r, "%s%sHTTP %d: it may have been carried out", r->message,
                             *r->message != '\0' ? ", " : "", r->http_status);
        say_how_to_ask(call);
    } else if (event == EB_EVENT_CUT) {
        eb__response_message(r, "the answer (HTTP %d) was cut off: %s", r->http_status, r->message);
    } else if (status == EB_API && *r->message == '\0') {
        eb__response_message(r, "HTTP %d%s%s%s", r->http_status, *r->code != '\0' ? " " : "",
                             r->code, r->body.len == 0 ? " without a body" : "");
    }
}

/* ---- Starting ---------------------------------------------------------------------------------- */

static eb_status refuse_option(eb_call *call, const char *name, const char *expected, int64_t given)
{
    eb__problem_member(&call->problem, name);
    return eb__problem_set(&call->problem, EB_INVALID, "%s: expected %s, got %lld", name, expected,
                           (long long)given);
}

/* An operation of another API would go to the wrong provider, with the wrong credentials. */
static eb_status check_belonging(eb_call *call)
{
    const eb_api *api = call->in.api;

    for (size_t i = 0; i < api->operation_count; i++)
        if (strcmp(api->operations[i]->name, call->in.operation->name) == 0)
            return EB_OK;
    eb__problem_member(&call->problem, "client");
    return eb__problem_set(&call->problem, EB_INVALID, "client: made for %s, but %s is of another API",
                           api->name, call->in.operation->name);
}

/* Looks the options of one call over and takes what holds for it. */
static eb_status check_options(eb_call *call, const eb_call_options *o, const char **base_url)
{
    static const eb_call_options none;
    const eb_client             *client = call->in.client;
    const int  retries = o != NULL && o->retries != 0 ? o->retries : client->retries;
    const bool own_url = call->in.base_url == NULL && o != NULL && o->base_url != NULL;
    char       fault[256];

    if (o == NULL)
        o = &none;
    if (o->deadline_ms < EB_NO_DEADLINE)
        return refuse_option(call, "options.deadline_ms", "milliseconds or EB_NO_DEADLINE",
                             o->deadline_ms);
    if (o->attempt_timeout_ms < 0)
        return refuse_option(call, "options.attempt_timeout_ms", "milliseconds", o->attempt_timeout_ms);
    if (retries < EB_RETRIES_NONE || retries > EB_RETRIES_MAX)
        return refuse_option(call, "options.retries",
                             "EB_RETRIES_NONE, 0 for the client's, or up to 10", retries);
    if (o->header_count > 0 && o->headers == NULL)
        return refuse_option(call, "options.header_count", "0 since headers is NULL",
                             (int64_t)o->header_count);
    *base_url = call->in.base_url != NULL ? call->in.base_url
                : own_url                 ? o->base_url
                                          : client->base_url;
    if (*base_url == NULL) {
        eb__problem_member(&call->problem, "options.base_url");
        return eb__problem_set(&call->problem, EB_INVALID,
                               "options.base_url: %s has no server of its own, expected a URL",
                               call->in.api->name);
    }
    if (own_url && eb__client_base_url(*base_url, "options.base_url", fault, sizeof fault) != EB_OK) {
        eb__problem_member(&call->problem, "options.base_url");
        return eb__problem_set(&call->problem, EB_INVALID, "%s", fault);
    }
    call->deadline_at_ms = call->in.deadline_at_ms != 0 ? call->in.deadline_at_ms
                                                        : eb__deadline_at(client, o);
    call->attempts_max   = retries == EB_RETRIES_NONE ? 1 : 1 + retries;
    return EB_OK;
}

/* ---- The machine ------------------------------------------------------------------------------- */

eb_step eb__call_start(eb_call *call, const eb_call_input *input, eb_response *response)
{
    const eb_call_options *options  = input->options;
    const char            *base_url = NULL;
    eb_status              st;

    memset(call, 0, offsetof(eb_call, attempts));
    call->in              = *input;
    call->response        = response;
    call->number          = atomic_fetch_add(&input->client->calls, 1) + 1;
    call->started_ms      = now_ms(call);
    call->exchange.cancel = cancel_of(call);
    if (!input->keep)
        call->old = eb__response_take(response);
    st = eb__response_open(response, &input->client->allocator);
    if (st != EB_OK)
        return fail_locally(call, st);
    eb__response_blank(response);
    response->operation = input->operation->name;
    eb__buf_init_on(&call->headers, &input->client->allocator, input->client->max_header_bytes,
                    call->headers_first, sizeof call->headers_first);
    eb__buf_init(&call->body, &input->client->allocator, input->client->max_body_bytes);
    call->deadline_at_ms = input->deadline_at_ms != 0 ? input->deadline_at_ms
                                                      : eb__deadline_at(input->client, options);
    st                   = check_belonging(call);
    if (st != EB_OK)
        return fail_locally(call, st);
    st = check_options(call, options, &base_url);
    if (st != EB_OK)
        return fail_locally(call, st);
    st = eb__check(input->operation->params, input->params, "",
                   input->client->skip_limits || (options != NULL && options->skip_limits),
                   &call->problem);
    if (st != EB_OK)
        return fail_locally(call, st);
    call->arena         = eb__arena_new_on(&input->client->allocator, &call->arena_first,
                                           sizeof call->arena_first);
    call->request.arena = call->arena;
    st = eb__request_build(&call->request, input->client, input->api->auth, input->operation,
                           input->params, options, base_url, &call->problem);
    if (st == EB_OK)
        st = eb__watch_start(call);
    if (st != EB_OK)
        return fail_locally(call, st);
    drop_old(call);
    return send(call);
}

static double random_fraction(const eb_client *client)
{
    uint32_t bits = 0;

    if (!client->random.bytes(client->random.context, &bits, sizeof bits))
        return 0.5;
    return (double)bits / 4294967296.0;
}

/* A DELETE that finds nothing, after an earlier attempt may have deleted it. */
static bool maybe_done(const eb_call *call)
{
    return call->sent_before && call->response->http_status == 404 &&
           strcmp(call->in.operation->method, "DELETE") == 0;
}

static void note_attempt(eb_call *call, eb_status status, const eb_retry_decision *decision)
{
    eb_attempt *attempt = &call->attempts[call->attempt - 1];
    const char *code = eb__arena_dup(call->arena, call->response->code, strlen(call->response->code));

    attempt->http_status = call->exchange.http_status;
    attempt->status      = status;
    attempt->sent        = call->exchange.sent;
    attempt->reason      = decision->reason;
    attempt->delay_ms    = decision->delay_ms;
    attempt->code        = code != NULL ? code : "";
}

eb_step eb__call_attempted(eb_call *call, eb_status transport_status)
{
    eb_client      *client = call->in.client;
    const char     *host   = call->request.authority;
    const bool      safe   = (call->in.operation->flags & EB_SAFE) != 0;
    eb_status       cause, status;
    int64_t         hint_ms;
    const eb_status word  = straighten(&call->exchange, transport_status);
    const eb_event  event = classify(call, word, &cause, &hint_ms);
    const eb_sent   sent  = call->exchange.sent;

    const eb_outcome_row *row   = eb__outcome(event, sent, safe);
    const eb_retry_input  facts = { .event        = event,
                                    .sent         = sent,
                                    .safe         = safe,
                                    .attempt      = call->attempt,
                                    .attempts_max = call->attempts_max,
                                    .hint_ms      = hint_ms,
                                    .remaining_ms = remaining_ms(call),
                                    .quota        = eb__quota_left(&client->quota, host),
                                    .random = row->retry != EB_RETRY_NO ? random_fraction(client) : 0,
                                    .skew_corrected = call->skew_corrected };
    eb_retry_decision     next  = eb__retry_decide(&facts);

    if (next.again && !eb__quota_take(&client->quota, host, next.cost)) /* another thread was faster */
        next = (eb_retry_decision){ .reason = EB_REASON_QUOTA_EMPTY };
    if (event == EB_EVENT_LOCAL && cause == EB_OK)
        cause = call->problem.status != EB_OK ? call->problem.status : EB_NOMEM;
    status = event == EB_EVENT_LOCAL && row->status == EB_OK ? cause : row->status;
    if (maybe_done(call) || (is_copy(call) && !safe))
        next.reason = EB_REASON_MAYBE_DONE;
    call->response->cause  = cause != EB_OK ? cause : status;
    call->response->sent   = sent;
    call->response->reason = next.reason;
    describe(call, event, status);
    note_attempt(call, status, &next);
    eb__watch_attempt(call);
    if (!next.again) {
        if (status == EB_OK)
            eb__quota_return(&client->quota, host, call->last_cost > 0 ? call->last_cost : 1);
        return finish(call, status);
    }
    call->last_cost = next.cost;
    call->sent_before = call->sent_before || (sent != EB_SENT_NOTHING && event != EB_EVENT_THROTTLED &&
                                              event != EB_EVENT_SKEW); /* those say: not done */
    call->skew_corrected = call->skew_corrected || event == EB_EVENT_SKEW;
    call->delay_ms       = next.delay_ms;
    call->sleep_ms       = next.delay_ms;
    return next.delay_ms > 0 ? EB_STEP_SLEEP : send(call);
}

eb_step eb__call_timer(eb_call *call)
{
    return send(call);
}

void eb__call_end(eb_call *call)
{
    eb__watch_end(call);
    eb__request_free(&call->request);
    eb__buf_free(&call->headers);
    eb__buf_free(&call->body);
    eb__arena_free(call->arena);
    eb__arena_free(call->old);
}
