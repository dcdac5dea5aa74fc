/* documented.c -- which documented answer one is, and its value as that one's type. What an error body holds
 * is no reason for another failure: if it is not what the document says, it is as if it had no type. */
#include "documented.h"

#include <string.h>

#include "codec.h"
#include "response.h"
#include "text.h"

/* ---- Which one --------------------------------------------------------------------------------- */

const eb_answer *eb__documented_row(const eb_operation *operation, int status)
{
    const bool success = status >= 200 && status <= 299;

    for (size_t i = 0; i < operation->answer_count; i++) {
        const eb_answer *row = &operation->answers[i];

        if (row->status == status || (row->status == 0 ? !success : row->status == status / 100))
            return row;
    }
    return NULL;
}

bool eb__is_success(const eb_api *api, int status)
{
    if (status < 200 || status > 299)
        return false;
    for (const int *failed = api->errors != NULL ? api->errors->failure_status : NULL;
         failed != NULL && *failed != 0; failed++)
        if (*failed == status)
            return false;
    return true;
}

/* The media type without parameters. */
static size_t media_len(const char *content_type)
{
    size_t len = strcspn(content_type, ";");

    while (len > 0 && eb__is_space(content_type[len - 1]))
        len--;
    return len;
}

bool eb__is_media(const char *content_type, const char *media)
{
    return eb__same_text(content_type, media_len(content_type), media, strlen(media));
}

int eb__is_json(const char *content_type)
{
    const size_t len = media_len(content_type);

    if (len == 0 || eb__is_media(content_type, "*/*"))
        return -1;
    return len > 5 && (eb__same_text(content_type + len - 5, 5, "/json", 5) ||
                       eb__same_text(content_type + len - 5, 5, "+json", 5));
}

/* ---- What it says ------------------------------------------------------------------------------ */

#if EB_PART_ANSWERS || EB_PART_HEADERS
/* What the response points at, made when it is first needed. NULL: out of memory. */
static eb_answered *answered(eb_call *call)
{
    eb_answered *made = eb__arena_zalloc(call->response->arena_, sizeof *made);

    if (made == NULL)
        return NULL;
    if (call->response->answered_ != NULL)
        *made = *call->response->answered_;
    made->operation           = call->in.operation->name;
    made->row                 = eb__documented_row(call->in.operation, call->response->http_status);
    call->response->answered_ = made;
    return made;
}
#endif

#if EB_PART_HEADERS
eb_status eb__documented_headers(eb_call *call)
{
    const eb_type *type = call->in.operation->headers;
    eb_response   *r    = call->response;
    eb_answered   *made;

    if (type == NULL || r->http_status == 0)
        return EB_OK;
    made = answered(call);
    if (made == NULL)
        return EB_NOMEM;
    made->headers = eb__headers_decode(type, r->headers, r->header_count, r->arena_);
    return made->headers != NULL ? EB_OK : EB_NOMEM;
}
#endif

#if EB_PART_ANSWERS
/* Does the answer look like JSON, where it may be something else? */
static bool came_as_json(const eb_response *r)
{
    const int   said = eb__is_json(r->content_type);
    const char *at   = r->body.data;

    if (said >= 0)
        return said == 1;
    while (eb__is_space(*at))
        at++;
    return *at == '{' || *at == '[';
}

static bool is_typed(const eb_answer *row, const eb_response *r)
{
    const int kind = row->kind & EB_ANSWER_KIND_;

    return row->type != NULL &&
           (kind == EB_ANSWER_JSON || (kind == EB_ANSWER_MIXED && came_as_json(r)));
}

static bool is_null(const eb_response *r)
{
    const char  *at  = r->body.data;
    const size_t len = strlen("null");

    while (eb__is_space(*at))
        at++;
    return strncmp(at, "null", len) == 0 && at[len + strspn(at + len, " \t\r\n")] == '\0';
}

eb_status eb__documented_keep(eb_call *call, const void *value)
{
    eb_answered *made = answered(call);

    if (made == NULL)
        return EB_NOMEM;
    made->value = value;
    return EB_OK;
}

eb_status eb__documented_failure(eb_call *call)
{
    const eb_limits_in limits = { call->in.client->max_depth, call->in.client->max_items };
    eb_response       *r      = call->response;
    const eb_answer   *row    = eb__documented_row(call->in.operation, r->http_status);
    const void        *value  = NULL;
    eb_status          st;

    if (row == NULL || !is_typed(row, r) || r->body.len == 0)
        return EB_OK;
    st = eb__decode(row->type, r->body.data, r->body.len, false, &limits, r->arena_, &value, NULL);
    if (st != EB_OK)
        return st == EB_NOMEM ? EB_NOMEM : EB_OK;
    return eb__documented_keep(call, value);
}

const eb_type *eb__documented_success(const eb_call *call, bool *is_result)
{
    const eb_operation *operation = call->in.operation;
    const eb_answer    *row       = eb__documented_row(operation, call->response->http_status);

    *is_result = true;
    if (row == NULL)
        return operation->result;
    if (!is_typed(row, call->response) || ((row->kind & EB_ANSWER_NULL) != 0 && is_null(call->response)))
        return NULL;
    *is_result = row->type == operation->result;
    return row->type;
}
#endif

/* ---- For generated code ------------------------------------------------------------------------ */

static const eb_answered *of_operation(const eb_response *response, const char *operation)
{
    const eb_answered *made = response != NULL ? response->answered_ : NULL;

    return made != NULL && strcmp(made->operation, operation) == 0 ? made : NULL;
}

const void *eb_answer_value(const eb_response *response, const char *operation, int status)
{
    const eb_answered *made = of_operation(response, operation);
    const eb_answer   *row  = made != NULL ? made->row : NULL;

    if (row == NULL)
        return NULL;
    return status == EB_USUAL ? ((row->kind & EB_ANSWER_USUAL) != 0 ? made->value : NULL)
                              : (row->status == status ? made->value : NULL);
}

const void *eb_answer_headers(const eb_response *response, const char *operation)
{
    const eb_answered *made = of_operation(response, operation);

    return made != NULL ? made->headers : NULL;
}
