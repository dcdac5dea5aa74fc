/* report.c -- a response as text for a ticket. */
#include <string.h>

#include "buf.h"
#include "edgebind/observe.h"
#include "response.h"
#include "watch.h"

static const char *sent_text(eb_sent sent)
{
    switch (sent) {
    case EB_SENT_NOTHING:
        return "nothing was sent";
    case EB_SENT_PART:
        return "part of the request was sent";
    case EB_SENT_ALL:
        return "the request was sent, no answer came";
    default:
        return "answered";
    }
}

static void put_if(eb_buf *out, const char *name, const char *value)
{
    if (*value != '\0')
        eb__buf_printf(out, "%s: %s\n", name, value);
}

static void put_attempt(eb_buf *out, size_t number, const eb_attempt *attempt)
{
    eb__buf_printf(out, "attempt %zu: %s", number, eb_status_name(attempt->status));
    if (attempt->http_status != 0)
        eb__buf_printf(out, ", HTTP %d", attempt->http_status);
    if (*attempt->code != '\0')
        eb__buf_printf(out, ", %s", attempt->code);
    eb__buf_printf(out, ", %s; %s", sent_text(attempt->sent), eb_reason_text(attempt->reason));
    if (attempt->delay_ms > 0)
        eb__buf_printf(out, "; waited %lld ms", (long long)attempt->delay_ms);
    eb__buf_putc(out, '\n');
}

static void put_header(eb_buf *out, const eb_header *header)
{
    char value[1024];

    eb__problem_quote(value, sizeof value, header->value, strlen(header->value));
    eb__buf_printf(out, "< %s: %s\n", header->name, value);
}

const char *eb_response_print(eb_response *response)
{
    const char *text = NULL;
    eb_buf      out  = { 0 };

    if (response == NULL || response->arena_ == NULL)
        return "";
    eb__buf_init(&out, eb__arena_allocator(response->arena_), 0);
    eb__buf_printf(&out, "edgebind %s: %s%s%s, %s\n", eb_version(), response->operation,
                   *response->operation != '\0' ? ": " : "", eb_status_name(response->status),
                   eb_status_text(response->status));
    if (response->http_status != 0)
        eb__buf_printf(&out, "HTTP status: %d\n", response->http_status);
    put_if(&out, "code", response->code);
    put_if(&out, "message", response->message);
    put_if(&out, "field", response->field);
    put_if(&out, "request id", response->request_id);
    put_if(&out, "request id of the ticket", response->ticket_request_id);
    put_if(&out, "idempotency key", response->idempotency_key);
    for (size_t i = 0; i < response->attempt_count; i++)
        put_attempt(&out, i + 1, &response->attempts[i]);
    for (size_t i = 0; i < response->header_count; i++)
        if (eb_may_show_header(response->headers[i].name))
            put_header(&out, &response->headers[i]);
    if (response->http_status != 0)
        eb__buf_printf(&out, "body: %zu bytes\n", response->body.len);
    if (eb__buf_status(&out) == EB_OK)
        text = eb__arena_dup(response->arena_, eb__buf_text(&out), out.len);
    eb__buf_free(&out);
    return text != NULL ? text : "";
}
