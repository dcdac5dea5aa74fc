/* response.c -- the life of an eb_response: reset before a call, filled by it, freed by the caller. */
#include "response.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "outcome.h"
#include "text.h"

static void blank(eb_response *response, struct eb_arena *arena)
{
    memset(response, 0, sizeof *response);
    response->operation         = "";
    response->code              = "";
    response->message           = "";
    response->field             = "";
    response->request_id        = "";
    response->ticket_request_id = "";
    response->retry_after_ms    = -1;
    response->body.data         = "";
    response->content_type      = "";
    response->idempotency_key   = "";
    response->arena_            = arena;
}

eb_status eb__response_reset(eb_response *response, const eb_allocator *allocator)
{
    eb__arena_free(response->arena_);
    blank(response, eb__arena_new(allocator, 0));
    return response->arena_ != NULL
               ? EB_OK
               : eb__response_refuse(response, EB_NOMEM, eb_status_text(EB_NOMEM));
}

eb_arena *eb__response_take(eb_response *response)
{
    eb_arena *taken = response->arena_;

    memset(response, 0, sizeof *response);
    return taken;
}

eb_status eb__response_open(eb_response *response, const eb_allocator *allocator)
{
    return response->arena_ != NULL ? EB_OK : eb__response_reset(response, allocator);
}

void eb__response_blank(eb_response *response)
{
    blank(response, response->arena_);
}

eb_status eb__response_refuse(eb_response *response, eb_status status, const char *message)
{
    if (response == NULL)
        return status;
    eb__arena_free(response->arena_);
    blank(response, NULL);
    response->status  = status;
    response->message = message;
    response->cause   = status;
    response->reason  = EB_REASON_LOCAL;
    return status;
}

eb_status eb__response_problem(eb_response *response, const eb_problem *problem)
{
    const char *field = eb__arena_dup(response->arena_, problem->field, strlen(problem->field));
    const char *text  = eb__arena_dup(response->arena_, problem->text, strlen(problem->text));

    response->status  = problem->status;
    response->field   = field != NULL ? field : "";
    response->message = text != NULL ? text : eb_status_text(problem->status);
    return problem->status;
}

void eb__response_message(eb_response *response, const char *format, ...)
{
    va_list arguments;
    char   *text = NULL;
    int     len;

    va_start(arguments, format);
    len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (response->arena_ != NULL && len >= 0)
        text = eb__arena_text(response->arena_, (size_t)len + 1);
    if (text != NULL) {
        va_start(arguments, format);
        (void)vsnprintf(text, (size_t)len + 1, format, arguments);
        va_end(arguments);
    }
    response->message = text != NULL ? text : eb_status_text(EB_NOMEM);
}

void eb_response_free(eb_response *response)
{
    if (response == NULL)
        return;
    eb__arena_free(response->arena_);
    memset(response, 0, sizeof *response);
}

const char *eb_response_header(const eb_response *response, const char *name)
{
    if (response == NULL || name == NULL)
        return NULL;
    for (size_t i = 0; i < response->header_count; i++)
        if (eb__same_name(response->headers[i].name, name))
            return response->headers[i].value;
    return NULL;
}

bool eb_http_date(const char *text, int64_t *seconds)
{
    return text != NULL && seconds != NULL && eb__http_date(text, seconds);
}
