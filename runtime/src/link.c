/* link.c -- a call whose answer is a ticket for a second one: code uploads. The first call's answer names
 * the server and the form fields of the second; its members are secrets and go nowhere else. */
#include <string.h>

#include "call.h"
#include "codec.h"
#include "memory.h"
#include "response.h"
#include "text.h"
#include "url.h"
#include "watch.h"

#if EB_PART_LINKS

typedef struct linking {
    eb_client          *client;
    const eb_operation *first;
    const eb_link      *link;
    const eb_operation *second;
    const eb_body      *file;
    eb_response        *response;
    eb_arena           *arena; /* the second call's parameters */
    const char         *url;
    eb_problem          problem;
} linking;

/* Looks at the file before the first call, so that no ticket is asked for in vain. */
static eb_status check_file(linking *l)
{
    eb_source source;
    eb_status st;

    eb__source_init(&source, &l->client->allocator, &l->problem);
    st = eb__source_add_body(&source, l->file, "file");
    eb__source_close(&source);
    return st;
}

static bool is_allowed(const linking *l, const eb_url *url)
{
    if (eb__url_is_loopback(url->host, url->host_len))
        return true;
    for (size_t i = 0; l->link->hosts != NULL && l->link->hosts[i] != NULL; i++)
        if (eb__url_host_matches(url->host, url->host_len, l->link->hosts[i]))
            return true;
    for (size_t i = 0; l->client->upload_hosts[i] != NULL; i++)
        if (eb__url_host_matches(url->host, url->host_len, l->client->upload_hosts[i]))
            return true;
    return false;
}

/* The same URL with https; a written port 80 goes with the scheme it belonged to. */
static const char *secured(linking *l, const eb_url *url)
{
    eb_buf      text = { 0 };
    const char *made = NULL;

    eb__buf_init(&text, &l->client->allocator, 0);
    eb__buf_puts(&text, "https://");
    eb__url_put_authority(&text, url);
    eb__buf_put(&text, url->path, url->path_len);
    if (eb__buf_status(&text) == EB_OK)
        made = eb__arena_dup(l->arena, eb__buf_text(&text), text.len);
    eb__buf_free(&text);
    return made;
}

/* The ticket's server: an http URL becomes https, but for loopback, and only known hosts are sent to. */
static eb_status find_server(linking *l)
{
    const eb_bytes *body = &l->response->body;
    eb_json         found;
    const char     *text = NULL;
    eb_url          url;

    if (eb__json_find(body->data, body->len, l->link->server, &found))
        text = eb__json_plain(found, l->arena);
    if (eb__arena_failed(l->arena))
        return EB_NOMEM;
    if (text == NULL)
        return eb__problem_set(&l->problem, EB_DECODE, "the ticket has no %s to upload to",
                               l->link->server);
    if (!eb__url_parse(text, &url) || url.query_len > 0) /* not shown: a ticket is a secret */
        return eb__problem_set(&l->problem, EB_DECODE,
                               "the ticket's %s is not an http or https URL", l->link->server);
    if (!is_allowed(l, &url))
        return eb__problem_set(&l->problem, EB_INVALID,
                               "the ticket sends to %.*s, which upload_hosts does not list",
                               (int)(url.host_len < 200 ? url.host_len : 200), url.host);
    l->url = url.https || eb__url_is_loopback(url.host, url.host_len) ? text : secured(l, &url);
    return l->url != NULL ? EB_OK : EB_NOMEM;
}

static bool is_named(const eb_link *link, const char *object, const char *key)
{
    const size_t prefix = strlen(object);
    const char  *server = link->server;

    if (eb__starts_with(server, object) && server[prefix] == '/' && strcmp(server + prefix + 1, key) == 0)
        return true;
    for (size_t i = 0; i < link->field_count; i++)
        if (eb__starts_with(link->fields[i].pointer, object) && link->fields[i].pointer[prefix] == '/' &&
            strcmp(link->fields[i].pointer + prefix + 1, key) == 0)
            return true;
    return false;
}

/* Puts a text where the form's rows want it, or among the members without a row. */
static eb_status put_field(linking *l, const eb_type *type, void *form, eb_str_entry *rest,
                           size_t *rest_count, const char *name, const char *value)
{
    const eb_field *row = eb__row_find(type, name, strlen(name));

    if (value == NULL || *value == '\0')
        return eb__arena_failed(l->arena) ? EB_NOMEM : EB_OK; /* absent and empty members are left out */
    if (row != NULL && (row->kind == EB_KIND_STR || row->kind == EB_KIND_TEXT))
        memcpy((char *)form + row->offset, &value, sizeof value);
    else
        rest[(*rest_count)++] = (eb_str_entry){ name, value };
    return EB_OK;
}

static size_t count_members(const linking *l, eb_json object)
{
    size_t      at = 0, count = 0;
    const char *key;
    eb_json     value;

    while (eb__json_member(object, &at, &key, &value, l->arena))
        count++;
    return count;
}

static eb_status fill_form(linking *l, const eb_type *type, void *form)
{
    const eb_bytes *body    = &l->response->body;
    const char     *pointer = l->link->rest;
    eb_json         ticket  = { NULL, 0 }, value;
    eb_str_entry   *rest;
    size_t          rest_count = 0, at = 0;
    const char     *key;
    eb_status       st = EB_OK;

    if (pointer != NULL && !eb__json_find(body->data, body->len, pointer, &ticket))
        ticket.text = NULL;
    rest = eb__arena_alloc(l->arena,
                           (l->link->field_count + count_members(l, ticket) + 1) * sizeof *rest);
    if (rest == NULL)
        return EB_NOMEM;
    for (size_t i = 0; i < l->link->field_count && st == EB_OK; i++)
        if (eb__json_find(body->data, body->len, l->link->fields[i].pointer, &value))
            st = put_field(l, type, form, rest, &rest_count, l->link->fields[i].name,
                           eb__json_plain(value, l->arena));
    while (st == EB_OK && ticket.text != NULL && eb__json_member(ticket, &at, &key, &value, l->arena))
        if (!is_named(l->link, pointer, key))
            st = put_field(l, type, form, rest, &rest_count, key, eb__json_plain(value, l->arena));
    for (uint16_t i = 0; i < type->row_count && st == EB_OK; i++) {
        const eb_field  *row = &type->rows[i];
        const eb_str_map map = { rest, rest_count };

        if ((row->flags & EB_REST) != 0 && row->target == &eb_str_map_type && rest_count > 0)
            memcpy((char *)form + row->offset, &map, sizeof map);
        else if (row->kind == EB_KIND_BODY && strcmp(row->json, l->link->file) == 0)
            memcpy((char *)form + row->offset, l->file, sizeof *l->file);
    }
    return eb__arena_failed(l->arena) ? EB_NOMEM : st;
}

/* The second call's parameters: its body, filled from the ticket. */
static eb_status second_params(linking *l, void **params)
{
    const eb_type *type = l->second->params;

    *params = eb__arena_zalloc(l->arena, type->size);
    for (uint16_t i = 0; i < type->row_count && *params != NULL; i++) {
        const eb_field *row = &type->rows[i];
        const eb_type  *form_type;
        void           *form;

        if ((l->second->places[i] & EB_PLACE_MASK_) != EB_IN_BODY || row->kind != EB_KIND_OBJECT)
            continue;
        form_type = row->target;
        form      = eb__arena_zalloc(l->arena, form_type->size);
        if (form == NULL)
            return EB_NOMEM;
        memcpy((char *)*params + row->offset, &form, sizeof form);
        return fill_form(l, form_type, form);
    }
    return *params == NULL
               ? EB_NOMEM
               : eb__problem_set(&l->problem, EB_INVALID, "%s has no form to fill", l->second->name);
}

/* A failure on this side, between the calls or before them. */
static eb_status fail(linking *l, eb_status status)
{
    if (l->problem.text[0] == '\0')
        (void)eb__problem_set(&l->problem, status, "%s", eb_status_text(status));
    (void)eb__response_problem(l->response, &l->problem);
    return eb__watch_refused(l->client, l->first->name, l->response, status);
}

static eb_status upload(linking *l, const eb_call_options *options, int64_t deadline_at_ms)
{
    const char     *ticket_id      = l->response->request_id;
    eb_call_options second_options = { 0 };
    void           *params;
    eb_call_input   input;
    eb_status       st = find_server(l);

    if (st == EB_OK)
        st = second_params(l, &params);
    if (st != EB_OK) {
        (void)fail(l, st);
        l->response->ticket_request_id = ticket_id;
        return st;
    }
    if (options != NULL) { /* headers of the caller are meant for the provider, not for the file's host */
        second_options.attempt_timeout_ms = options->attempt_timeout_ms;
        second_options.retries            = options->retries;
        second_options.cancel             = options->cancel;
        second_options.skip_limits        = options->skip_limits;
    }
    input                          = (eb_call_input){ .client         = l->client,
                                                      .api            = l->link->api,
                                                      .operation      = l->second,
                                                      .params         = params,
                                                      .options        = &second_options,
                                                      .base_url       = l->url,
                                                      .deadline_at_ms = deadline_at_ms,
                                                      .keep           = true,
                                                      .upload         = true };
    st                             = eb__call_run(&input, NULL, l->response);
    l->response->ticket_request_id = ticket_id;
    return st;
}

eb_status eb_call_link(eb_client *client, const eb_operation *operation, const eb_link *link,
                       const void *params, const eb_body *file, const void **value, eb_response *response)
{
    linking l = { .client = client, .first = operation, .link = link, .file = file, .response = response };
    const eb_call_options *options;
    const void            *ticket = NULL;
    eb_arena              *old;
    eb_call_input          input;
    eb_status              st;

    if (response == NULL)
        return EB_INVALID;
    if (client == NULL || operation == NULL || link == NULL)
        return eb__response_refuse(response, EB_INVALID,
                                   client == NULL ? "client: expected one, got NULL"
                                                  : "operation: expected one, got NULL");
    old = eb__response_take(response); /* parameters and file may point into it */
    st  = eb__response_reset(response, &client->allocator);
    if (st != EB_OK)
        goto out;
    l.second = eb__operation_find(link->api, link->operation);
    if (params == NULL || file == NULL)
        st = eb__problem_set(&l.problem, EB_INVALID,
                             "params: expected the call's parameters and a file, got NULL");
    else if (l.second == NULL)
        st = eb__problem_set(&l.problem, EB_INVALID, "%s has no operation %s", link->api->name,
                             link->operation);
    else
        st = check_file(&l);
    if (st != EB_OK) {
        st = fail(&l, st);
        goto out;
    }
    options = eb__params_options(params);
    input   = (eb_call_input){ .client         = client,
                               .api            = client->api,
                               .operation      = operation,
                               .params         = params,
                               .options        = options,
                               .deadline_at_ms = eb__deadline_at(client, operation, options),
                               .keep           = true };
    st      = eb__call_run(&input, &ticket, response);
    if (st != EB_OK)
        goto out;
    if (value != NULL) /* whatever the second call answers: only the ticket names what was reserved */
        *value = ticket;
    l.arena = eb__arena_new(&client->allocator, 0);
    st      = l.arena != NULL ? upload(&l, options, input.deadline_at_ms) : fail(&l, EB_NOMEM);
    eb__arena_free(l.arena);
out:
    eb__arena_free(old);
    return st;
}

#endif
