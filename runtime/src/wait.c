/* wait.c -- making a call that reads again and again, until a member of its answer has a value that was waited for.
 *
 * The last answer is kept: when the time is over, or somebody cancels, it can still be read. Each call is an
 * ordinary one, with its own attempts; between calls the client's clock sleeps, as it does between attempts. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "mask.h"
#include "memory.h"
#include "response.h"
#include "rows.h"
#include "watch.h"

#if EB_PART_WAITS

/* What is kept for the last call, when a pause would take all that is left. */
enum { LAST_CALL_MS = 1000 };

typedef enum verdict {
    GO_ON,   /* not yet */
    CAME,    /* what was waited for */
    FAILED,  /* it will not come */
    UNKNOWN, /* a success that does not say */
    BROKEN,  /* the call did not succeed: its own answer stands */
    NO_MEMORY
} verdict;

typedef struct waiting {
    eb_client          *client;
    const eb_operation *operation;
    const eb_wait      *wait;
    eb_response        *response; /* of the last answer */
    const void         *value;    /* what it decoded to */
    const char         *state; /* as it may be shown; in the response. "": nothing was said yet */
    eb_cancel_source   *cancel;
    eb_call_input       input;
    int64_t             deadline_at_ms;
    verdict             verdict;
    bool                last; /* there is no time for a further call */
} waiting;

/* ---- What an answer says ------------------------------------------------------------------------- */

static bool lists(const uint16_t *statuses, int status)
{
    for (; statuses != NULL && *statuses != 0; statuses++)
        if (*statuses == status)
            return true;
    return false;
}

static bool has(const char *const *values, const char *text)
{
    for (; values != NULL && *values != NULL; values++)
        if (strcmp(*values, text) == 0)
            return true;
    return false;
}

/* Is the member, or one that it stands in, null? That is an answer: there is no state yet. */
static bool is_null(const eb_bytes *body, const char *pointer)
{
    char    path[256];
    size_t  len = strlen(pointer);
    eb_json found;

    if (len >= sizeof path)
        return false;
    memcpy(path, pointer, len + 1);
    for (; len > 0; len--) {
        if (path[len] != '/' && path[len] != '\0')
            continue;
        path[len] = '\0';
        if (eb__json_find(body->data, body->len, path, &found))
            return found.len == 4 && memcmp(found.text, "null", 4) == 0;
    }
    return false;
}

/* Keeps a state to be shown: what a service says may hold anything, and may repeat a secret. */
static verdict keep(waiting *w, eb_call *call, const char *text, verdict found)
{
    char        quoted[100];
    const char *kept;

    eb__problem_quote(quoted, sizeof quoted, text, strlen(text));
    kept = quoted;
    if (eb__scrub_text(call, &kept) != EB_OK)
        return NO_MEMORY;
    w->state = kept;
    return found;
}

static verdict read_state(waiting *w, eb_call *call)
{
    const eb_wait  *wait = w->wait;
    const void     *base = NULL;
    const eb_field *row  = call->value != NULL
                               ? eb__row_at(w->operation->result, call->value, wait->state, &base)
                               : NULL;
    eb_buf          text;
    verdict         found = NO_MEMORY;

    if (row == NULL || eb__state(row, base) != EB_SET)
        return is_null(&call->response->body, wait->state) ? keep(w, call, "null", GO_ON) : UNKNOWN;
    eb__buf_init(&text, &w->client->allocator, 0);
    (void)eb__encode_plain(&text, row, base);
    if (eb__buf_status(&text) == EB_OK) {
        const char *plain = eb__buf_text(&text);

        found = keep(w, call, plain,
                     has(wait->success, plain)   ? CAME
                     : has(wait->failure, plain) ? FAILED
                                                 : GO_ON);
    }
    eb__buf_free(&text);
    return found;
}

/* At the end of each call, while it is still known what it must not show. */
static void look(void *context, eb_call *call)
{
    waiting   *w      = context;
    const int  status = call->response->http_status;
    const bool is_2xx = status >= 200 && status <= 299;
    /* a failure inside a 2xx answer has a status that says nothing */
    const bool says = call->status == EB_OK || (call->status == EB_API && !is_2xx);

    w->state = "";
    if (says && lists(w->wait->success_status, status))
        w->verdict = CAME;
    else if (says && lists(w->wait->pending_status, status))
        w->verdict = GO_ON;
    else if (call->status != EB_OK)
        w->verdict = BROKEN;
    else
        w->verdict = w->wait->state != NULL ? read_state(w, call) : GO_ON;
}

/* ---- Ending ------------------------------------------------------------------------------------ */

/* "status", "job.state": the member's name on the wire. */
static const char *member(const waiting *w)
{
    char *name = eb__arena_dup(w->response->arena_, w->wait->state + 1, strlen(w->wait->state + 1));

    for (char *at = name; at != NULL && *at != '\0'; at++)
        if (*at == '/')
            *at = '.';
    return name != NULL ? name : "";
}

/* An answer that was a success, or a status to wait on, becomes the end of the wait. */
static eb_status finish(waiting *w, eb_status status, eb_reason reason)
{
    eb_response *response = w->response;

    if (eb__arena_failed(response->arena_)) {
        status            = EB_NOMEM;
        response->message = eb_status_text(EB_NOMEM);
    }
    response->status = response->cause = status;
    response->reason                   = reason;
    if (status != EB_OK)
        eb__watch_line(w->client, EB_LOG_ERROR, w->wait->name, status, response->message);
    return status;
}

/* Time or patience ended between two calls: what the last answer said is what is known. */
static eb_status stop(waiting *w, eb_status status, eb_reason reason)
{
    const char *why = status == EB_CANCELLED              ? "cancelled by the caller"
                      : reason == EB_REASON_HINT_TOO_LONG ? "the service asked for a longer pause "
                                                            "than there is time for"
                                                          : "the time to wait is over";

    if (*w->state != '\0')
        eb__response_message(w->response, "%s; %s was still \"%s\"", why, member(w), w->state);
    else if (w->response->http_status != 0)
        eb__response_message(w->response, "%s; the last answer was HTTP %d", why,
                             w->response->http_status);
    else
        eb__response_message(w->response, "%s", why);
    return finish(w, status, reason);
}

/* ---- Between calls ------------------------------------------------------------------------------- */

/* EB_OK: there is time for another call. */
static eb_status idle(waiting *w, int64_t pause_ms)
{
    const eb_clock *clock = &w->client->clock;
    const int64_t   left  = eb__until(w->deadline_at_ms, clock->monotonic_ms(clock->context));
    const int64_t   asked = w->response->retry_after_ms; /* never less than the service asks for */
    const int64_t   until_last = left > 2 * LAST_CALL_MS ? left - LAST_CALL_MS : left / 2;

    if (eb_is_cancelled(w->cancel))
        return stop(w, EB_CANCELLED, EB_REASON_CANCELLED);
    if (w->last || left == 0)
        return stop(w, EB_TIMEOUT, EB_REASON_DEADLINE);
    if (asked >= left)
        return stop(w, EB_TIMEOUT, EB_REASON_HINT_TOO_LONG);
    if (pause_ms < asked)
        pause_ms = asked;
    if (pause_ms >= until_last) {
        pause_ms = until_last > asked ? until_last : asked;
        w->last  = true;
    }
    eb__watch_waits(w->client, w->wait->name, *w->state != '\0' ? member(w) : "", w->state,
                    w->response->http_status, pause_ms);
    eb__sleep(clock, pause_ms, w->cancel);
    return eb_is_cancelled(w->cancel) ? stop(w, EB_CANCELLED, EB_REASON_CANCELLED) : EB_OK;
}

/* The answer of another call takes the place of the last one, unless it says less: a call that was cut off by
 * the end of the time, or by a cancel. */
static eb_status ask(waiting *w, bool *asked_before)
{
    eb_response   next  = { 0 };
    const void   *value = NULL;
    const char   *state = w->state;
    const int64_t each  = eb__deadline_at(w->client, w->operation, w->input.options);
    eb_status     st;

    w->input.deadline_at_ms = each < w->deadline_at_ms ? each : w->deadline_at_ms;
    st                      = eb__call_run(&w->input, &value, &next);
    if (*asked_before && w->verdict == BROKEN && (st == EB_TIMEOUT || st == EB_CANCELLED)) {
        const eb_reason reason = next.reason;

        w->state = state;
        eb_response_free(&next);
        return stop(w, st, reason);
    }
    eb_response_free(w->response);
    *w->response  = next;
    w->value      = value;
    *asked_before = true;
    return EB_OK;
}

static eb_status run(waiting *w)
{
    const eb_wait *wait     = w->wait;
    int64_t        pause_ms = wait->first_ms;
    bool           asked    = false;
    eb_status      st       = wait->before_ms > 0 ? idle(w, wait->before_ms) : EB_OK;

    while (st == EB_OK) {
        st = ask(w, &asked);
        if (st != EB_OK)
            break;
        switch (w->verdict) {
        case CAME:
            return finish(w, EB_OK, EB_REASON_DONE);
        case FAILED:
            eb__response_message(w->response, "%s is \"%s\": what was waited for will not come",
                                 member(w), w->state);
            w->response->field = member(w);
            return finish(w, EB_API, EB_REASON_SERVER_SAID_NO);
        case UNKNOWN:
            w->response->field = member(w);
            eb__response_message(w->response, "%s: expected a state to wait on, got nothing",
                                 w->response->field);
            return finish(w, EB_DECODE, EB_REASON_LOCAL);
        case NO_MEMORY:
            eb__response_message(w->response, "%s", eb_status_text(EB_NOMEM));
            return finish(w, EB_NOMEM, EB_REASON_LOCAL);
        case BROKEN:
            return w->response->status;
        case GO_ON:
            break;
        }
        st       = idle(w, pause_ms);
        pause_ms = pause_ms * wait->growth_percent / 100;
        if (pause_ms > wait->cap_ms)
            pause_ms = wait->cap_ms;
    }
    return st;
}

/* ---- The call ---------------------------------------------------------------------------------- */

/* What is wrong with the parameters is said before the first pause. */
static eb_status check(waiting *w)
{
    const eb_operation    *op      = w->operation;
    const eb_call_options *options = w->input.options;
    eb_problem             problem = { 0 };
    eb_status              st      = eb__check(op->params, w->input.params, "",
                                               w->client->skip_limits || (options != NULL && options->skip_limits),
                                               &problem);

    if (st != EB_OK)
        (void)eb__response_problem(w->response, &problem);
    else if (w->wait->state != NULL)
        st = eb__mask_check(op, w->input.params, &w->wait->state, 1, "nobody knows when to stop",
                            w->response);
    return st == EB_OK ? EB_OK : eb__watch_refused(w->client, w->wait->name, w->response, st);
}

eb_status eb_call_wait(eb_client *client, const eb_operation *operation, const eb_wait *wait,
                       const void *params, const void **value, eb_response *response)
{
    waiting     w       = { .client = client, .operation = operation, .wait = wait, .state = "" };
    eb_response own     = { 0 };
    void       *nothing = NULL;
    const eb_call_options *options;
    eb_arena              *old;
    int64_t                maximum_at_ms;
    eb_status              st;

    if (client == NULL || operation == NULL || wait == NULL)
        return eb__response_refuse(response, EB_INVALID,
                                   client == NULL ? "client: expected one, got NULL"
                                                  : "operation: expected one with a wait");
    if (response == NULL && value != NULL)
        return EB_INVALID;
    w.response = response != NULL ? response : &own;
    if (params == NULL) {
        nothing = eb__alloc(&client->allocator, operation->params->size);
        if (nothing == NULL)
            return eb__response_refuse(response, EB_NOMEM, eb_status_text(EB_NOMEM));
        memset(nothing, 0, operation->params->size);
        params = nothing;
    }
    old      = eb__response_take(w.response); /* parameters may point into it, at every call */
    st       = eb__response_reset(w.response, &client->allocator);
    options  = eb__params_options(params);
    w.input  = (eb_call_input){ .client    = client,
                                .api       = client->api,
                                .operation = operation,
                                .params    = params,
                                .options   = options,
                                .ended     = look,
                                .context   = &w };
    w.cancel = options != NULL ? options->cancel : NULL;
    /* the usual deadline is one of each call: what is waited for may be long in coming without being late */
    w.deadline_at_ms = client->own_deadline || (options != NULL && options->deadline_ms != 0)
                           ? eb__deadline_at(client, operation, options)
                           : EB_FOREVER;
    maximum_at_ms = eb__later(client->clock.monotonic_ms(client->clock.context), wait->maximum_ms);
    if (maximum_at_ms < w.deadline_at_ms)
        w.deadline_at_ms = maximum_at_ms;
    if (st == EB_OK)
        st = check(&w);
    if (st == EB_OK)
        st = run(&w);
    /* the last answer is handed out whatever became of the wait: it says where things stand */
    if (value != NULL && (st == EB_OK || w.value != NULL))
        *value = w.value;
    eb_response_free(&own);
    eb__arena_free(old);
    eb__release(&client->allocator, nothing, operation->params->size);
    return st;
}

#endif
