/* invoke.c -- calling any operation by its name, parameters as JSON: the same rows, read the other way. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "response.h"

static eb_status refuse(eb_response *response, eb_problem *problem, eb_status status)
{
    if (status == EB_DECODE)
        status = problem->status = EB_INVALID; /* it is the caller's text */
    response->cause  = status;
    response->reason = EB_REASON_LOCAL;
    if (problem->text[0] == '\0')
        (void)eb__problem_set(problem, status, "%s", eb_status_text(status));
    (void)eb__response_problem(response, problem);
    return status;
}

eb_status eb_invoke(eb_client *client, const char *operation, const char *params_json, eb_response *response)
{
    eb_problem          problem = { 0 };
    const eb_operation *found;
    const void         *params = NULL;
    eb_arena           *arena;
    eb_status           st;

    if (client == NULL || response == NULL)
        return EB_INVALID;
    st = eb__response_reset(response, &client->allocator);
    if (st != EB_OK)
        return st;
    found = operation != NULL ? eb__operation_find(client->api, operation) : NULL;
    if (found == NULL) {
        st = eb__problem_set(&problem, EB_INVALID, "operation: %s has none named \"%.100s\"",
                             client->api->name, operation != NULL ? operation : "");
        return refuse(response, &problem, st);
    }
    arena = eb__arena_new(&client->allocator, 0);
    if (arena == NULL)
        return refuse(response, &problem, EB_NOMEM);
    if (params_json == NULL)
        params_json = "{}";
    st = eb__decode(found->params, params_json, strlen(params_json), true, NULL, arena, &params, &problem);
    if (st != EB_OK) {
        st = refuse(response, &problem, st);
    } else {
        const void *value = NULL;

        st = eb_call_operation(client, found, params, &value, response);
    }
    eb__arena_free(arena);
    return st;
}
