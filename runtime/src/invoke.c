/* invoke.c -- calling any operation by its name, parameters as JSON: the same rows, read the other way. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "response.h"
#include "watch.h"

static eb_status refuse(eb_client *client, eb_response *response, eb_problem *problem, eb_status status)
{
    if (status == EB_DECODE)
        status = EB_INVALID; /* it is the caller's text */
    if (eb__response_reset(response, &client->allocator) != EB_OK)
        return EB_NOMEM;
    if (problem->text[0] == '\0')
        (void)eb__problem_set(problem, status, "%s", eb_status_text(status));
    problem->status = status;
    (void)eb__response_problem(response, problem);
    return eb__watch_refused(client, "eb_invoke", response, status);
}

eb_status eb_invoke(eb_client *client, const char *operation, const char *params_json, eb_response *response)
{
    eb_problem          problem = { 0 };
    const eb_operation *found;
    const void         *params = NULL, *value = NULL;
    eb_arena           *arena;
    eb_status           st;

    if (response == NULL)
        return EB_INVALID;
    if (client == NULL)
        return eb__response_refuse(response, EB_INVALID, "client: expected one, got NULL");
    found = operation != NULL ? eb__operation_find(client->api, operation) : NULL;
    if (found == NULL) {
        char name[100] = "";

        if (operation != NULL)
            eb__problem_quote(name, sizeof name, operation, strlen(operation));
        eb__problem_member(&problem, "operation");
        st = eb__problem_set(&problem, EB_INVALID, "operation: %s has none named \"%s\"",
                             client->api->name, name);
        return refuse(client, response, &problem, st);
    }
    arena = eb__arena_new(&client->allocator, 0);
    if (arena == NULL)
        return refuse(client, response, &problem, EB_NOMEM);
    if (params_json == NULL)
        params_json = "{}";
    /* both texts may be of the response's old contents, which are dropped behind this */
    st = eb__decode(found->params, params_json, strlen(params_json), true, NULL, arena, &params, &problem);
    st = st != EB_OK ? refuse(client, response, &problem, st)
                     : eb_call_operation(client, found, params, &value, response);
    eb__arena_free(arena);
    return st;
}
