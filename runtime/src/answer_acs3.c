/* answer_acs3.c -- what the answer to a signed request may say besides: that the signature is not what the service
 * made of the request, that the clock is off, that a copy arrived before. */
#include "answer.h"

#include <string.h>

#include "codec.h"
#include "explain.h"
#include "response.h"
#include "text.h"

#if EB_PART_ACS3

/* A clock that is off by less than this is not why a date was refused; a clock beyond the year 9999 is
 * none that could be corrected. */
enum { SKEW_MIN_MS = 60000 };
#define WALL_MAX_MS INT64_C(253402300799999)

bool eb__answer_clock(eb_call *call)
{
    const eb_clock *clock = &call->in.client->clock;
    const char     *date  = eb_response_header(call->response, "date");
    int64_t         seconds, ours, offset;

    if (!call->request.acs3 || date == NULL || !eb__http_date(date, &seconds))
        return false;
    ours = clock->wall_ms(clock->context);
    if (ours < 0 || ours > WALL_MAX_MS)
        return false;
    offset = seconds * 1000 - ours;
    /* against what this attempt was signed with: another thread may have learned the same meanwhile */
    if (offset - call->offset_ms > -SKEW_MIN_MS && offset - call->offset_ms < SKEW_MIN_MS)
        return false;
    atomic_store(&call->in.client->clock_offset_ms, offset);
    return true;
}

/* Every attempt has a nonce of its own: one that was used before means that a copy arrived already, sent by
 * something on the way. */
bool eb__answer_is_copy(const eb_call *call)
{
    return call->request.acs3 && strcmp(call->response->code, "SignatureNonceUsed") == 0;
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

eb_status eb__answer_explain(eb_call *call)
{
    const eb_allocator *allocator = &call->in.client->allocator;
    eb_response        *r         = call->response;
    eb_buf              ours = { 0 }, line = { 0 };
    const char         *theirs;
    eb_status           st;

    if (!call->request.acs3 || !eb__contains(r->code, "DoesNotMatch"))
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

#endif
