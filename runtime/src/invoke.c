/* invoke.c -- calling any operation by its name, parameters as JSON: the same rows, read the other way. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "memory.h"
#include "response.h"
#include "rows.h"
#include "watch.h"

#if EB_PART_INVOKE

/* What a name means, and the parameters for it. */
typedef struct invocation {
    const eb_operation *operation;
    const eb_link      *link; /* the name means both calls; NULL */
    const eb_wait      *wait; /* it means to wait; NULL */
    eb_arena           *arena;
    char               *params;
    const eb_body      *file; /* of the link */
    eb_problem          problem;
} invocation;

/* ---- Names ------------------------------------------------------------------------------------- */

/* Is it the C function, with or without the API's prefix? */
static bool is_function(const eb_api *api, const char *function, const char *name)
{
    const size_t prefix = strlen(api->name);

    return strcmp(function, name) == 0 ||
           (strncmp(function, api->name, prefix) == 0 && strcmp(function + prefix + 1, name) == 0);
}

/* An upload or a wait of an operation, by its C function. */
static void find_more(invocation *in, const eb_api *api, const eb_operation *op, const char *name)
{
    if (op->link != NULL && op->link->name != NULL && is_function(api, op->link->name, name))
        in->link = op->link;
    for (size_t i = 0; i < op->wait_count; i++)
        if (is_function(api, op->waits[i].name, name))
            in->wait = &op->waits[i];
    if (in->link != NULL || in->wait != NULL)
        in->operation = op;
}

static void take_nearer(const char **nearest, size_t *best, const char *wanted, const char *name)
{
    const size_t far = eb_text_distance(wanted, strlen(wanted), name, strlen(name), *best);

    if (far < *best) {
        *best    = far;
        *nearest = name;
    }
}

static const char *nearest_operation(const eb_api *api, const char *wanted)
{
    const char *nearest = NULL;
    size_t      best    = strlen(wanted) / 2 + 1;

    for (size_t i = 0; i < api->operation_count; i++) {
        const eb_operation *op = api->operations[i];

        take_nearer(&nearest, &best, wanted, op->id);
        take_nearer(&nearest, &best, wanted, op->name);
        if (op->link != NULL && op->link->name != NULL)
            take_nearer(&nearest, &best, wanted, op->link->name);
        for (size_t k = 0; k < op->wait_count; k++)
            take_nearer(&nearest, &best, wanted, op->waits[k].name);
    }
    return nearest;
}

static eb_status find(invocation *in, const eb_api *api, const char *name)
{
    char        quoted[100] = "";
    const char *nearest     = NULL;

    in->operation = name != NULL ? eb__operation_find(api, name) : NULL;
    for (size_t i = 0; name != NULL && in->operation == NULL && i < api->operation_count; i++)
        find_more(in, api, api->operations[i], name);
    if (in->operation != NULL)
        return EB_OK;
    if (name != NULL) {
        eb__problem_quote(quoted, sizeof quoted, name, strlen(name));
        nearest = nearest_operation(api, name);
    }
    eb__problem_member(&in->problem, "operation");
    return eb__problem_set(&in->problem, EB_INVALID, "operation: %s has none named \"%s\"%s%s%s",
                           api->name, quoted, nearest != NULL ? "; did you mean \"" : "",
                           nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

/* ---- Files ------------------------------------------------------------------------------------- */

static eb_status no_such_file(invocation *in, const char *name)
{
    char quoted[100];

    eb__problem_quote(quoted, sizeof quoted, name, strlen(name));
    return eb__problem_set(&in->problem, EB_INVALID, "files: no upload is called \"%s\" here", quoted);
}

/* A file more in a list of them. False: out of memory. */
static bool add_file(invocation *in, const eb_field *row, char *base, const eb_invoke_file *file)
{
    eb_body_list list = { NULL, 0 };
    eb_body     *items;

    if (eb__state(row, base) == EB_SET)
        memcpy(&list, base + row->offset, sizeof list);
    items = eb__arena_alloc(in->arena, (list.count + 1) * sizeof *items);
    if (items == NULL)
        return false;
    if (list.count > 0)
        memcpy(items, list.items, list.count * sizeof *items);
    items[list.count] = file->body;
    list              = (eb_body_list){ items, list.count + 1 };
    memcpy(base + row->offset, &list, sizeof list);
    return true;
}

/* A copy of the struct at base, or an empty one, with the file in the member that rest leads to. NULL: out of memory,
 * or the problem says why. */
static char *with_file(invocation *in, const eb_type *type, const void *base,
                       const eb_invoke_file *file, const char *rest)
{
    const size_t    len  = strcspn(rest, ".");
    const eb_field *row  = eb__row_find(type, rest, len);
    char           *made = eb__arena_zalloc(in->arena, type->size);
    const void     *inner;

    if (made == NULL)
        return NULL;
    if (base != NULL)
        memcpy(made, base, type->size);
    if (row != NULL && rest[len] == '\0' && row->target == &eb_body_list_type)
        return add_file(in, row, made, file) ? made : NULL;
    if (row == NULL || row->kind != (rest[len] == '.' ? EB_KIND_OBJECT : EB_KIND_BODY)) {
        (void)no_such_file(in, file->name);
        return NULL;
    }
    if (rest[len] == '\0') {
        memcpy(made + row->offset, &file->body, sizeof file->body);
        return made;
    }
    memcpy(&inner, made + row->offset, sizeof inner);
    inner = with_file(in, row->target, inner == ((const eb_type *)row->target)->null ? NULL : inner,
                      file, rest + len + 1);
    if (inner == NULL)
        return NULL;
    memcpy(made + row->offset, &inner, sizeof inner);
    return made;
}

static eb_status put_files(invocation *in, const eb_invoke_options *options)
{
    for (size_t i = 0; i < options->file_count; i++) {
        const eb_invoke_file *file = &options->files[i];

        if (file->name == NULL)
            return eb__problem_set(&in->problem, EB_INVALID, "files: the name of file %zu is NULL", i);
        if (in->link != NULL && strcmp(file->name, "file") == 0) {
            in->file = &file->body;
            continue;
        }
        in->params = with_file(in, in->operation->params, in->params, file, file->name);
        if (in->params == NULL)
            return in->problem.text[0] != '\0' ? EB_INVALID : EB_NOMEM;
    }
    return EB_OK;
}

/* ---- Parameters -------------------------------------------------------------------------------- */

/* It is the caller's text: what is wrong with it is no answer's fault, and what is not JSON is said to be theirs. */
static eb_status of_caller(eb_problem *problem, eb_status status)
{
    char text[sizeof problem->text];

    if (status == EB_NOMEM)
        return status;
    if (problem->field[0] == '\0') {
        memcpy(text, problem->text, sizeof text);
        (void)eb__problem_set(problem, status, "params_json: %s", text);
    }
    return status == EB_DECODE ? EB_INVALID : status;
}

static eb_status prepare(invocation *in, eb_client *client, const char *name,
                         const char *params_json, const eb_invoke_options *options)
{
    const void            *read = NULL;
    const eb_call_options *call = options != NULL ? &options->call : NULL;
    eb_status              st   = find(in, client->api, name);

    if (st != EB_OK)
        return st;
    in->arena = eb__arena_new(&client->allocator, 0);
    if (in->arena == NULL)
        return EB_NOMEM;
    if (params_json == NULL)
        params_json = "{}";
    st = eb__decode(in->operation->params, params_json, strlen(params_json), true, NULL, in->arena,
                    &read, &in->problem);
    if (st != EB_OK)
        return of_caller(&in->problem, st);
    in->params = eb__arena_alloc(in->arena, in->operation->params->size);
    if (in->params == NULL)
        return EB_NOMEM;
    memcpy(in->params, read, in->operation->params->size);
    if (options == NULL)
        return EB_OK;
    memcpy(in->params, &call, sizeof call); /* the first member of every params struct */
    return put_files(in, options);
}

static eb_status refuse(eb_client *client, eb_response *response, eb_problem *problem, eb_status status)
{
    if (eb__response_reset(response, &client->allocator) != EB_OK)
        return EB_NOMEM;
    if (problem->text[0] == '\0')
        (void)eb__problem_set(problem, status, "%s", eb_status_text(status));
    problem->status = status;
    (void)eb__response_problem(response, problem);
    return eb__watch_refused(client, "eb_invoke", response, status);
}

/* ---- The calls --------------------------------------------------------------------------------- */

eb_status eb_invoke_with(eb_client *client, const char *operation, const char *params_json,
                         const eb_invoke_options *options, const void **value, eb_response *response)
{
    invocation  in   = { 0 };
    const void *made = NULL;
    eb_status   st;

    if (response == NULL)
        return EB_INVALID;
    if (client == NULL)
        return eb__response_refuse(response, EB_INVALID, "client: expected one, got NULL");
    /* both texts may be of the response's old contents, which are dropped behind this */
    st = prepare(&in, client, operation, params_json, options);
    if (st == EB_OK && in.link != NULL && in.file == NULL)
        st = eb__problem_set(&in.problem, EB_INVALID, "files: expected one named \"file\"");
    if (st != EB_OK)
        st = refuse(client, response, &in.problem, st);
#if EB_PART_LINKS
    else if (in.link != NULL)
        st = eb_call_link(client, in.operation, in.link, in.params, in.file, &made, response);
#endif
#if EB_PART_WAITS
    else if (in.wait != NULL)
        st = eb_call_wait(client, in.operation, in.wait, in.params, &made, response);
#endif
    else
        st = eb_call_operation(client, in.operation, in.params, &made, response);
    eb__arena_free(in.arena);
    if (value != NULL && (st == EB_OK || made != NULL)) /* a ticket, or an answer, stays after a failure */
        *value = made;
    return st;
}

eb_status eb_invoke(eb_client *client, const char *operation, const char *params_json, eb_response *response)
{
    return eb_invoke_with(client, operation, params_json, NULL, NULL, response);
}

#if EB_PART_PAGES
eb_status eb_invoke_all(eb_client *client, const char *operation, const char *params_json,
                        const eb_invoke_options *options, eb_pager *pager)
{
    invocation in = { 0 };
    eb_pager   old;
    eb_status  st;

    if (pager == NULL)
        return EB_INVALID;
    old = *pager; /* the texts may be of a walk's last page */
    memset(pager, 0, sizeof *pager);
    if (client == NULL) {
        st = eb__response_refuse(&pager->response, EB_INVALID, "client: expected one, got NULL");
        goto out;
    }
    st = prepare(&in, client, operation, params_json, options);
    if (st == EB_OK && (in.link != NULL || in.wait != NULL || in.operation->pages == NULL))
        st = eb__problem_set(&in.problem, EB_INVALID, "operation: %s has no pages", in.operation->name);
    if (st != EB_OK)
        st = refuse(client, &pager->response, &in.problem, st);
    else
        st = eb_pager_start(client, in.operation, in.params, pager); /* copies all it keeps */
    eb__arena_free(in.arena);
out:
    eb_pager_free(&old);
    return st;
}
#endif

#endif
