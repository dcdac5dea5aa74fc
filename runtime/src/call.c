/* call.c -- the story of a call: check, encode, sign, send, classify, decide.
 *
 * eb__call_start prepares the first attempt, eb__call_attempted looks at what came of one, eb__call_timer
 * prepares the next. Each stage is one line in them, and lives in a file of its own: check.c, request.c,
 * auth.c, answer.c, outcome.c. */
#include "call.h"

#include <string.h>

#include "answer.h"
#include "codec.h"
#include "memory.h"
#include "response.h"
#include "text.h"
#include "token.h"
#include "watch.h"

static int64_t now_ms(const eb_call *call)
{
    return call->in.client->clock.monotonic_ms(call->in.client->clock.context);
}

/* To the deadline; -1: there is none. */
int64_t eb__call_remaining_ms(const eb_call *call)
{
    return call->deadline_at_ms == EB_FOREVER ? -1 : eb__until(call->deadline_at_ms, now_ms(call));
}

static eb_cancel_source *cancel_of(const eb_call *call)
{
    return call->in.options != NULL ? call->in.options->cancel : NULL;
}

int64_t eb__deadline_at(const eb_client *client, const eb_operation *operation,
                        const eb_call_options *options)
{
    const int64_t given = options != NULL && options->deadline_ms != 0 ? options->deadline_ms
                          : operation->timeout_ms != 0 && !client->own_deadline ? operation->timeout_ms
                                                                                : client->deadline_ms;

    return given < 0 ? EB_FOREVER : eb__later(client->clock.monotonic_ms(client->clock.context), given);
}

const eb_call_options *eb__params_options(const void *params)
{
    const eb_call_options *options;

    memcpy(&options, params, sizeof options);
    return options;
}

const eb_operation *eb__operation_find(const eb_api *api, const char *name)
{
    for (size_t i = 0; i < api->operation_count; i++)
        if (strcmp(api->operations[i]->id, name) == 0 || strcmp(api->operations[i]->name, name) == 0)
            return api->operations[i];
    return NULL;
}

/* ---- Ending ------------------------------------------------------------------------------------ */

static eb_step finish(eb_call *call, eb_status status)
{
    eb_response *response = call->response;
    eb_attempt  *attempts;

    const char *key = call->request.key;

    call->status            = status;
    response->status        = status;
    response->attempt_count = 0;
    if (key != NULL && response->arena_ != NULL)
        key = eb__arena_dup(response->arena_, key, strlen(key));
    response->idempotency_key = key != NULL ? key : "";
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
    const eb_rate_limit *rate   = call->in.operation->rate_limit;
    eb_shared           *shared = call->in.client->shared;

    call->sleep_ms = eb__limiter_take(&shared->limiter, &shared->allocator, rate,
                                      now_ms(call) * 1000, left);
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

/* Sees to an access token, if the call needs one. True: it goes on; else *step is what comes first. */
static bool has_token(eb_call *call, int64_t left, eb_step *step)
{
    eb_status  cause, st;
    eb_problem problem;

    switch (eb__token_take(call, left, &cause)) {
    case EB_TOKEN_READY:
        return true;
    case EB_TOKEN_ASK:
        *step = EB_STEP_SEND;
        return false;
    case EB_TOKEN_WAIT:
        *step = EB_STEP_SLEEP;
        return false;
    default:
        problem                  = call->problem;
        st                       = drop_last_answer(call);
        call->problem            = problem;
        call->exchange.body_size = 0;
        *step                    = fail_locally(call, st != EB_OK ? st : problem.status);
        call->response->cause    = st != EB_OK ? st : cause;
        return false;
    }
}

/* A limit that nobody asked for does not cut off what takes long by its document. */
static int64_t as_long_as(const eb_call *call, int64_t limit_ms, bool own)
{
    const int64_t documented_ms = call->in.operation->timeout_ms;

    return !own && documented_ms > limit_ms ? documented_ms : limit_ms;
}

static eb_step send(eb_call *call)
{
    const eb_client *client = call->in.client;
    eb_exchange     *x      = &call->exchange;
    int64_t          left   = eb__call_remaining_ms(call);
    int64_t          timeout;
    eb_step          step;
    eb_status        st;

    if (eb_is_cancelled(cancel_of(call)))
        return time_is_up(call, EB_CANCELLED);
    if (left == 0)
        return time_is_up(call, EB_TIMEOUT);
    if (!call->may_send && !client->skip_rate_limits && call->in.operation->rate_limit != NULL) {
        step = wait_for_rate(call, left);
        if (step != EB_STEP_SEND)
            return step;
    }
    if (!has_token(call, left, &step))
        return step;
    call->may_send = false;
    eb__answer_forget(call);
    st = drop_last_answer(call);
    if (st == EB_OK)
        st = eb__drain_restart(&call->drain, &call->problem);
    if (st != EB_OK)
        return fail_locally(call, st);
    call->attempt++;
    call->attempt_started_ms   = now_ms(call);
    call->request.header_count = call->request.header_common;
    eb__watch_sign(call);
    call->offset_ms = atomic_load(&client->clock_offset_ms);
    st              = eb__request_authorize(&call->request, client, call->attempt, call->delay_ms,
                                            eb__service_now_ms(call), &call->problem);
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
    if (x->has_body) {
        x->body      = eb__buf_text(&call->request.text);
        x->body_size = call->request.text.len;
    }
#if EB_PART_UPLOADS
    if (call->request.streamed) {
        x->body         = NULL;
        x->read         = eb__source_read;
        x->read_context = &call->request.source;
        x->body_size    = call->request.source.size;
    }
#endif
    timeout = call->in.options != NULL && call->in.options->attempt_timeout_ms > 0
                  ? call->in.options->attempt_timeout_ms
              : call->in.upload || call->drain.sink != NULL
                  ? 0
                  : as_long_as(call, client->attempt_timeout_ms, client->own_attempt_timeout);
    if (left > 0 && (timeout == 0 || left < timeout))
        timeout = left;
    x->timeout_ms         = timeout;
    x->connect_timeout_ms = client->connect_timeout_ms;
    x->stall_timeout_ms   = as_long_as(call, client->stall_timeout_ms, client->own_stall_timeout);
    x->fresh_if_idle      = (call->in.operation->flags & EB_SAFE) == 0;
    x->cancel             = cancel_of(call);
    x->on_header          = eb__answer_header;
    x->on_body            = eb__answer_body;
    x->context            = call;
    eb__watch_send(call);
    return EB_STEP_SEND;
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

/* May the answer go elsewhere unread? Not if it says itself whether it is a success. */
static bool is_for_a_sink(const eb_call *call)
{
    const eb_errors *errors = call->in.api->errors;

    return call->in.operation->result == NULL || errors == NULL || errors->failure_count == 0;
}

/* The caller's word for this call, for the client, the document's, the default. */
static int retries_of(const eb_call *call, const eb_call_options *o)
{
    const eb_client  *client     = call->in.client;
    const eb_retries *documented = call->in.operation->retries;

    if (o != NULL && o->retries != 0)
        return o->retries;
    if (!client->own_retries && documented != NULL && documented->attempts > 0)
        return documented->attempts - 1;
    return client->retries;
}

/* Looks the options of one call over and takes what holds for it. */
static eb_status check_options(eb_call *call, const eb_call_options *o, const char **base_url)
{
    static const eb_call_options none;
    const eb_client             *client  = call->in.client;
    const int                    retries = retries_of(call, o);
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
    if (o->sink != NULL && !(call->in.plain && is_for_a_sink(call))) {
        eb__problem_member(&call->problem, "options.sink");
        return eb__problem_set(&call->problem, EB_INVALID,
                               "options.sink: expected none, because the answer has to be read here");
    }
    *base_url = call->in.base_url != NULL ? call->in.base_url
                : own_url                 ? o->base_url
                                          : eb__client_place(client, call->in.operation);
    if (*base_url == NULL)
        *base_url = client->base_url;
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
    call->deadline_at_ms = call->in.deadline_at_ms != 0
                               ? call->in.deadline_at_ms
                               : eb__deadline_at(client, call->in.operation, o);
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
    call->events          = input->events;
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
    call->deadline_at_ms = input->deadline_at_ms != 0
                               ? input->deadline_at_ms
                               : eb__deadline_at(input->client, input->operation, options);
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
    st = eb__request_build(&call->request, input->client, input->operation, input->params, options,
                           base_url, &call->problem);
#if EB_PART_PAGES
    if (st == EB_OK && input->go_to != NULL)
        st = eb__request_go_to(&call->request, input->go_to);
    if (st == EB_OK && input->url != NULL) {
        eb__buf_clear(input->url);
        eb__buf_puts(input->url, call->request.url);
        st = eb__buf_status(input->url);
    }
#endif
    if (st == EB_OK && input->api == input->client->api) /* an upload's ticket is all that goes with it */
        st = eb__credentials_choose(input->client, input->operation, &call->request.schemes,
                                    &call->problem);
    if (st == EB_OK)
        st = eb__watch_start(call);
    if (st == EB_OK)
        st = eb__drain_open(&call->drain, options != NULL ? options->sink : NULL,
                            &input->client->allocator, &call->problem);
    if (st != EB_OK)
        return fail_locally(call, st);
    drop_old(call);
    return send(call);
}

double eb__call_random(const eb_client *client)
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

/* A download that is complete: its sink is told, and may still fail. */
static eb_status finish_sink(eb_call *call, eb_status status)
{
    const eb_status st = status == EB_OK ? eb__drain_finish(&call->drain, &call->problem) : EB_OK;

    if (st == EB_OK)
        return status;
    (void)eb__response_problem(call->response, &call->problem);
    call->response->cause  = st;
    call->response->reason = EB_REASON_LOCAL;
    return st;
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
    eb_client  *client = call->in.client;
    const char *host   = call->request.authority;
    const bool  safe   = (call->in.operation->flags & EB_SAFE) != 0;

    static const eb_retries usual;
    const eb_retries *waits = call->in.operation->retries != NULL ? call->in.operation->retries : &usual;
    eb_status         cause, status;
    int64_t           hint_ms;

    if (eb__token_is_asked(call)) {
        call->sleep_ms = eb__token_attempted(call, transport_status);
        return call->sleep_ms > 0 ? EB_STEP_SLEEP : send(call);
    }

    const eb_status word  = eb__answer_straighten(&call->exchange, transport_status);
    eb_event        event = eb__answer_classify(call, word, &cause, &hint_ms);
    const eb_sent   sent  = call->exchange.sent;

    if (event == EB_EVENT_REFUSED && call->response->http_status == 401 && eb__token_refused(call))
        event = EB_EVENT_TOKEN;

    const eb_outcome_row *row   = eb__outcome(event, sent, safe);
    const eb_retry_input  facts = { .event        = event,
                                    .sent         = sent,
                                    .safe         = safe,
                                    .attempt      = call->attempt,
                                    .attempts_max = call->attempts_max,
                                    .base_ms      = waits->base_ms,
                                    .cap_ms       = waits->cap_ms,
                                    .hint_ms      = hint_ms,
                                    .remaining_ms = eb__call_remaining_ms(call),
                                    .quota        = eb__quota_left(&client->shared->quota, host),
                                    .random = row->retry != EB_RETRY_NO ? eb__call_random(client) : 0,
                                    .skew_corrected = event == EB_EVENT_SKEW && call->skew_corrected };
    eb_retry_decision     next  = eb__retry_decide(&facts);

    if (next.again && !eb__drain_can_restart(&call->drain))
        next = (eb_retry_decision){ .reason = EB_REASON_SINK };
    if (next.again && !eb__quota_take(&client->shared->quota, host, next.cost)) /* another thread was faster */
        next = (eb_retry_decision){ .reason = EB_REASON_QUOTA_EMPTY };
    if (event == EB_EVENT_LOCAL && cause == EB_OK)
        cause = call->problem.status != EB_OK ? call->problem.status : EB_NOMEM;
    status = event == EB_EVENT_LOCAL && row->status == EB_OK ? cause : row->status;
    if (maybe_done(call) || (eb__answer_is_copy(call) && !safe))
        next.reason = EB_REASON_MAYBE_DONE;
    call->response->cause  = cause != EB_OK ? cause : status;
    call->response->sent   = sent;
    call->response->reason = next.reason;
    eb__answer_describe(call, event, status);
    note_attempt(call, status, &next);
    eb__watch_attempt(call);
    if (!next.again) {
        if (status == EB_OK)
            eb__quota_return(&client->shared->quota, host, call->last_cost > 0 ? call->last_cost : 1);
        return finish(call, finish_sink(call, status));
    }
    call->last_cost   = next.cost;
    call->sent_before = call->sent_before ||
                        (sent != EB_SENT_NOTHING && event != EB_EVENT_THROTTLED &&
                         event != EB_EVENT_SKEW && event != EB_EVENT_TOKEN); /* those say: not done */
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
    eb__token_end(call);
    eb__watch_end(call);
    eb__drain_close(&call->drain);
    eb__request_free(&call->request);
    eb__buf_free(&call->headers);
    eb__buf_free(&call->body);
    eb__arena_free(call->arena);
    eb__arena_free(call->old);
}
