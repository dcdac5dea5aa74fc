/* answer.c -- what came back: collected as it arrives, moved into the response, read for what it says, and
 * put in words. eb__answer_classify gives the event that the outcome table knows. */
#include "answer.h"

#include <string.h>

#include "codec.h"
#include "documented.h"
#include "errors.h"
#include "response.h"
#include "text.h"
#include "watch.h"

/* ---- The answer as it arrives ------------------------------------------------------------------ */

/* Makes room for a body whose length was announced, as far as that is believable. */
static void expect_body(eb_call *call, const char *digits, size_t len)
{
    enum { BELIEVED = 1024 * 1024 };
    size_t size = 0;

    for (size_t i = 0; i < len && digits[i] >= '0' && digits[i] <= '9' && size <= BELIEVED; i++)
        size = size * 10 + (size_t)(digits[i] - '0');
    if (call->drain.sink == NULL && call->events == NULL && size > 0 && size <= BELIEVED &&
        size <= call->in.client->max_body_bytes)
        (void)eb__buf_reserve(&call->body, size);
}

bool eb__answer_header(void *context, const char *name, size_t name_len, const char *value, size_t value_len)
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

bool eb__answer_body(void *context, const void *data, size_t size)
{
    eb_call *call = context;

    if (size == 0)
        return true;
    if (call->events != NULL && eb__is_success(call->in.api, call->exchange.http_status)) {
        call->refused = eb__events_put(call->events, data, size);
        if (call->refused != EB_OK)
            (void)eb__problem_set(&call->problem, call->refused, "an event exceeds max_body_bytes (%zu)",
                                  call->in.client->max_body_bytes);
        return call->refused == EB_OK;
    }
    if (call->drain.sink != NULL && eb__is_success(call->in.api, call->exchange.http_status)) {
        call->refused = eb__drain_put(&call->drain, data, size, &call->problem);
        return call->refused == EB_OK;
    }
    eb__buf_put(&call->body, data, size);
    if (eb__buf_status(&call->body) != EB_OK) {
        call->refused = eb__problem_set(&call->problem, eb__buf_status(&call->body),
                                        "the response's body exceeds max_body_bytes (%zu)",
                                        call->in.client->max_body_bytes);
        return false;
    }
    return true;
}

void eb__answer_forget(eb_call *call)
{
    eb__buf_clear(&call->headers);
    eb__buf_clear(&call->body);
    if (call->events != NULL)
        eb__events_clear(call->events);
    call->header_count = 0;
    call->refused      = EB_OK;
    memset(&call->problem, 0, sizeof call->problem);
}

/* ---- What it came to --------------------------------------------------------------------------- */

static int64_t wall_ms(const eb_call *call)
{
    return call->in.client->clock.wall_ms(call->in.client->clock.context);
}

/* The time by the service's clock, as far as it is known. */
int64_t eb__service_now_ms(const eb_call *call)
{
    return eb__later(wall_ms(call), atomic_load(&call->in.client->clock_offset_ms));
}

/* After a timeout: was it the deadline's? The transport's clock may ring a moment before ours. */
static bool was_the_deadline(const eb_call *call)
{
    enum { EARLY_MS = 5 };
    const int64_t left = eb__call_remaining_ms(call);

    return left >= 0 && left <= EARLY_MS;
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
    if (eb_response_header(response, "content-type") != NULL)
        response->content_type = eb_response_header(response, "content-type");
    response->sink_bytes = call->drain.written;
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

static bool is_throttling_code(const eb_errors *errors, const char *code)
{
    return errors != NULL && errors->throttled != NULL && strstr(code, errors->throttled) != NULL;
}

static bool is_passing(int status)
{
    return status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
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
    if (eb__answer_explain(call) != EB_OK || eb__scrub_answer(call) != EB_OK) {
        /* what could not be looked through for secrets is not shown */
        response->code = response->message = response->field = response->request_id = "";
        return EB_EVENT_LOCAL;
    }
    if (eb__documented_failure(call) != EB_OK)
        return EB_EVENT_LOCAL;
    if (response->http_status == 429 || is_throttling_code(call->in.api->errors, said.code) || asked_to_wait)
        return EB_EVENT_THROTTLED;
    if (eb__starts_with(said.code, "InvalidTimeStamp") && eb__answer_clock(call))
        return EB_EVENT_SKEW;
    return is_passing(response->http_status) || eb__answer_is_copy(call) ? EB_EVENT_PASSING
                                                                         : EB_EVENT_REFUSED;
}

/* A body that came before its status was known goes to the sink at the end. */
static eb_event fill_sink(eb_call *call)
{
    eb_response *r = call->response;

    if (r->body.len > 0 &&
        eb__drain_put(&call->drain, r->body.data, r->body.len, &call->problem) != EB_OK) {
        (void)eb__response_problem(r, &call->problem);
        return EB_EVENT_LOCAL;
    }
    r->body.data  = "";
    r->body.len   = 0;
    r->sink_bytes = call->drain.written;
    return EB_EVENT_OK;
}

static eb_event decode_success(eb_call *call)
{
    const eb_limits_in limits = { call->in.client->max_depth, call->in.client->max_items };
    const eb_response *r      = call->response;
    const eb_type     *type;
    const void        *value = NULL;
    bool               is_result;
    eb_status          st;

    if (call->drain.sink != NULL)
        return fill_sink(call);
    if (is_blank(r->body.data, r->body.len))
        return EB_EVENT_OK;
    type = eb__documented_success(call, &is_result);
    if (type == NULL)
        return EB_EVENT_OK;
    st = eb__decode(type, r->body.data, r->body.len, false, &limits, r->arena_, &value, &call->problem);
    if (st == EB_OK && is_result)
        call->value = value;
    else if (st == EB_OK && eb__documented_keep(call, value) != EB_OK)
        return EB_EVENT_LOCAL;
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
eb_status eb__answer_straighten(eb_exchange *x, eb_status status)
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
eb_event eb__answer_classify(eb_call *call, eb_status transport_status, eb_status *cause, int64_t *hint_ms)
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
    if (st == EB_OK)
        st = eb__documented_headers(call);
    if (st != EB_OK) {
        *cause = st;
        return EB_EVENT_LOCAL;
    }
    /* an answer that says no says so even when the rest of it is missing */
    if (*cause != EB_OK && (status == 0 || (status >= 200 && status <= 299) || *cause == EB_NOMEM ||
                            *cause == EB_INVALID))
        return classify_broken(call, *cause);
    *hint_ms          = eb__retry_hint(r->headers, r->header_count, eb__service_now_ms(call), &acs);
    r->retry_after_ms = *hint_ms;
    if (status < 200 || status > 299 ||
        eb__error_inside(call->in.api->errors, status, r->body.data, r->body.len, r->arena_))
        return classify_failure(call, acs && call->request.acs3);
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

void eb__answer_describe(eb_call *call, eb_event event, eb_status status)
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
    } else if (eb__answer_is_copy(call)) {
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
