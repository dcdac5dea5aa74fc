/* value_api.c -- what every generated type can do, for the user: the codec with an eb_response
 * around it, which holds what is made and says what went wrong. */
#include <string.h>

#include "codec.h"
#include "response.h"

static eb_status decode(const eb_type *type, const char *json, size_t len, const void **made,
                        eb_response *response)
{
    eb_problem      problem;
    const eb_status st = eb__decode(type, json, len, false, NULL, response->arena_, made, &problem);

    return st == EB_OK ? EB_OK : eb__response_problem(response, &problem);
}

eb_status eb_value_from_json(const eb_type *type, const char *json, size_t len, const void **value,
                             eb_response *response)
{
    const void *made = NULL;
    eb_arena   *old;
    eb_status   st;

    if (type == NULL || value == NULL || response == NULL)
        return EB_INVALID;
    old = eb__response_take(response); /* json may point into it */
    st  = eb__response_reset(response, NULL);
    if (st == EB_OK)
        st = decode(type, json, len, &made, response);
    eb__arena_free(old);
    if (st == EB_OK)
        *value = made;
    return st;
}

/* Hands the buffer's text over to the response. */
static eb_status keep_text(eb_buf *text, eb_json *kept, eb_response *response)
{
    eb_status st = eb__buf_status(text);

    if (st == EB_OK && !eb__arena_adopt(response->arena_, text->data, text->size))
        st = EB_NOMEM;
    if (st != EB_OK) {
        response->status  = st;
        response->message = eb_status_text(st);
        eb__buf_free(text);
        return st;
    }
    kept->text = text->data;
    kept->len  = text->len;
    return EB_OK;
}

eb_status eb_value_to_json(const eb_type *type, const void *value, eb_json *json, eb_response *response)
{
    eb_problem problem;
    eb_buf     text;
    eb_status  st;

    if (type == NULL || json == NULL || response == NULL)
        return EB_INVALID;
    st = eb__response_open(response, NULL);
    if (st != EB_OK)
        return st;
    if (eb__check(type, value, "", false, &problem) != EB_OK)
        return eb__response_problem(response, &problem);
    eb__buf_init(&text, eb__arena_allocator(response->arena_), 0);
    eb__encode(&text, type, value);
    return keep_text(&text, json, response);
}

eb_status eb_value_print(const eb_type *type, const void *value, eb_json *text, eb_response *response)
{
    eb_buf    printed;
    eb_status st;

    if (type == NULL || text == NULL || response == NULL)
        return EB_INVALID;
    st = eb__response_open(response, NULL);
    if (st != EB_OK)
        return st;
    eb__buf_init(&printed, eb__arena_allocator(response->arena_), 0);
    eb__print(&printed, type, value);
    return keep_text(&printed, text, response);
}

bool eb_value_equal(const eb_type *type, const void *a, const void *b)
{
    return eb__equal(type, a, b);
}

void *eb_value_dup(const eb_type *type, const void *value)
{
    return eb__dup(type, value);
}
