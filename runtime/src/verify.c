/* verify.c -- asking what became of a call whose answer was EB_MAYBE_SENT: another call, whose parameters are
 * taken from those of the first. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "response.h"
#include "watch.h"

static size_t size_of(uint8_t kind)
{
    switch (kind) {
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        return sizeof(const char *);
    case EB_KIND_OPT_INT:
        return sizeof(eb_opt_int);
    case EB_KIND_OPT_BOOL:
        return sizeof(eb_opt_bool);
    default:
        return 0; /* nothing that names a resource */
    }
}

/* The parameter of that name; one of the path before one of the query, where both have it. */
static const eb_field *parameter(const eb_operation *operation, const char *name)
{
    for (uint16_t i = 0; i < operation->params->row_count; i++)
        if ((operation->places[i] & EB_PLACE_MASK_) == EB_IN_PATH &&
            strcmp(operation->params->rows[i].json, name) == 0)
            return &operation->params->rows[i];
    return eb__row_find(operation->params, name, strlen(name));
}

static eb_status fill(const eb_operation *operation, const void *params, const eb_operation *asking,
                      void *filled, eb_problem *problem)
{
    for (size_t i = 0; i < operation->verify->count; i++) {
        const eb_verify_param *p    = &operation->verify->params[i];
        const eb_field        *to   = parameter(asking, p->name);
        const void            *base = NULL;
        const eb_field        *from = eb__row_at(operation->params, params, p->from, &base);

        if (from == NULL || to == NULL || from->kind != to->kind || size_of(to->kind) == 0) {
            eb__problem_member(problem, p->name);
            return eb__problem_set(problem, EB_INVALID,
                                   "%s: expected a value at %s of the parameters", p->name, p->from);
        }
        memcpy((char *)filled + to->offset, (const char *)base + from->offset, size_of(to->kind));
    }
    return EB_OK;
}

eb_status eb_call_verify(eb_client *client, const eb_operation *operation, const void *params,
                         const void **value, eb_response *response)
{
    eb_problem             problem = { 0 };
    const eb_operation    *asking;
    const eb_call_options *options;
    void                  *filled;
    eb_arena              *arena;
    eb_status              st;

    if (client == NULL || operation == NULL || params == NULL || response == NULL)
        return eb__response_refuse(response, EB_INVALID,
                                   "expected a client, the call's parameters and a response");
    asking = operation->verify != NULL ? eb__operation_find(client->api, operation->verify->operation)
                                       : NULL;
    if (asking == NULL)
        return eb__response_refuse(response, EB_INVALID, "nothing tells whether this call arrived");
    arena  = eb__arena_new(&client->allocator, 0);
    filled = arena != NULL ? eb__arena_zalloc(arena, asking->params->size) : NULL;
    if (filled == NULL) {
        eb__arena_free(arena);
        return eb__response_refuse(response, EB_NOMEM, eb_status_text(EB_NOMEM));
    }
    options = eb__params_options(params);
    memcpy(filled, &options, sizeof options);
    st = fill(operation, params, asking, filled, &problem);
    if (st == EB_OK) {
        st = eb_call_operation(client, asking, filled, value, response);
    } else {
        st = eb__response_reset(response, &client->allocator);
        if (st == EB_OK) {
            (void)eb__response_problem(response, &problem);
            st = eb__watch_refused(client, operation->name, response, EB_INVALID);
        }
    }
    eb__arena_free(arena);
    return st;
}
