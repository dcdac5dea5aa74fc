/* call.c -- one call, from settings and parameters to output and exit status. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

typedef struct run {
    const cli_call     *call;
    const cli_settings *settings;
    cli_params         *params;
    eb_client          *client;
    eb_invoke_options   options;
    eb_sink             sink;
    cli_output          output;
    cli_show            show;
    cli_wait            wait;
    char               *json; /* the parameters */
    cli_text            name; /* of the C function */
} run;

/* ---- Watching ---------------------------------------------------------------------------------- */

static void before_send(void *context, const eb_moment *moment)
{
    run *r = context;

    cli_show_moment(&r->show, moment);
    if (r->settings->verbose)
        (void)fprintf(stderr, "> %s %s\n", moment->method, moment->url);
}

static void after_attempt(void *context, const eb_moment *moment)
{
    const run *r = context;

    if (!r->settings->verbose || r->show.done)
        return;
    (void)fprintf(stderr, "< attempt %d: ", moment->attempt);
    if (moment->http_status != 0)
        (void)fprintf(stderr, "HTTP %d", moment->http_status);
    else
        (void)fputs(eb_status_text(moment->status), stderr);
    (void)fprintf(stderr, "%s%s, %lld ms", *moment->code != '\0' ? ", " : "", moment->code,
                  (long long)moment->duration_ms);
    if (*moment->request_id != '\0')
        (void)fprintf(stderr, ", request %s", moment->request_id);
    if (moment->status != EB_OK || moment->delay_ms > 0)
        (void)fprintf(stderr, "; %s", eb_reason_text(moment->reason));
    if (moment->delay_ms > 0)
        (void)fprintf(stderr, ", in %lld ms", (long long)moment->delay_ms);
    (void)fputc('\n', stderr);
}

static void take_line(void *context, eb_log_level level, const char *line)
{
    run *r = context;

    if (level == EB_LOG_TRACE && r->settings->curl)
        cli_printf(&r->show.text, "%s\n", line);
    else if (level == EB_LOG_INFO && cli_wait_is_shown(&r->wait))
        cli_wait_line(&r->wait, line);
}

/* ---- How it ended ------------------------------------------------------------------------------ */

static cli_exit exit_of(eb_status status, int http_status)
{
    switch (status) {
    case EB_OK:
    case EB_DONE:
        return CLI_OK;
    case EB_INVALID:
        return CLI_USAGE;
    case EB_NOMEM:
        return CLI_MEMORY;
    case EB_NETWORK:
        return CLI_NETWORK;
    case EB_MAYBE_SENT:
        return CLI_MAYBE_SENT;
    case EB_API:
        return http_status == 404 ? CLI_NOT_FOUND : CLI_REFUSED;
    case EB_AUTH:
        return CLI_CREDENTIALS;
    case EB_TIMEOUT:
        return CLI_TIMEOUT;
    case EB_CANCELLED:
        return cli_signal_caught() == SIGTERM ? CLI_TERMINATED : CLI_INTERRUPTED;
    default:
        return CLI_ANSWER;
    }
}

/* The caller's mistakes are named as options; the rest speaks of the answer. */
static void put_message(cli_text *to, const run *r, eb_status status, const eb_response *response)
{
    const size_t len = strlen(response->field);

    if (status != EB_INVALID || len == 0 || strncmp(response->message, response->field, len) != 0 ||
        strncmp(response->field, "...", 3) == 0) {
        cli_puts(to, response->message);
        return;
    }
    cli_option_of_field(to, r->call, response->field);
    cli_puts(to, response->message + len);
}

static cli_exit report(const run *r, eb_status status, const eb_response *response)
{
    const char *message = response->message != NULL ? response->message : "";
    cli_text    text    = { 0 };

    if (status == EB_CANCELLED && cli_signal_caught() != 0) /* whoever did it knows */
        return exit_of(status, 0);
    if (status != EB_INVALID)
        cli_puts(&text, eb_status_text(status));
    if (response->http_status != 0 && status != EB_INVALID)
        cli_printf(&text, " (HTTP %d%s%s)", response->http_status,
                   *response->code != '\0' ? ", " : "", response->code);
    if (*message != '\0' && strcmp(message, eb_status_text(status)) != 0) {
        cli_puts(&text, text.len > 0 ? ": " : "");
        put_message(&text, r, status, response);
    }
    if (response->attempt_count > 1)
        cli_printf(&text, "\n%zu attempts; %s", response->attempt_count,
                   eb_reason_text(response->reason));
    if (response->request_id != NULL && *response->request_id != '\0')
        cli_printf(&text, "\nrequest id: %s", response->request_id);
    if (response->ticket_request_id != NULL && *response->ticket_request_id != '\0')
        cli_printf(&text, "\nrequest id of the ticket: %s", response->ticket_request_id);
    if (response->idempotency_key != NULL && *response->idempotency_key != '\0')
        cli_printf(&text, "\nidempotency key: %s", response->idempotency_key);
    (void)cli_fail(CLI_USAGE, "%s", cli_str(&text));
    cli_text_free(&text);
    return exit_of(status, response->http_status);
}

/* ---- The calls --------------------------------------------------------------------------------- */

/* Items of one page, which a pointer leads to in the answer. */
static void show_page(run *r, cJSON *page)
{
    const char *at    = r->call->operation->pages->items;
    cJSON      *items = page, *item, *next;
    int64_t     count = 0;

    while (items != NULL && *at == '/') {
        const size_t len  = strcspn(at + 1, "/");
        char        *name = cli_dup(at + 1, len);

        items = cJSON_GetObjectItemCaseSensitive(items, name);
        cli_free(name);
        at += len + 1;
    }
    for (item = items != NULL && cJSON_IsArray(items) ? items->child : NULL; item != NULL; item = next) {
        next = item->next;
        if (r->settings->limit < 0 || count++ < r->settings->limit)
            cli_output_item(&r->output, item);
    }
}

/* The type of a success that has one of its own, by its status; else the operation's result. */
static const eb_type *type_of_answer(const eb_operation *op, int status)
{
    for (uint8_t i = 0; i < op->answer_count; i++)
        if (op->answers[i].type != NULL &&
            (op->answers[i].status == status || op->answers[i].status == status / 100))
            return op->answers[i].type;
    return op->result;
}

static void show_answer(run *r, const void *value, const eb_response *response)
{
    eb_response memory = { 0 };
    eb_json     json   = { response->body.data, response->body.len };
    cJSON      *tree   = NULL;

    if (r->call->link == NULL)
        r->output.type = type_of_answer(r->call->operation, response->http_status);
    if (r->call->link != NULL) { /* the ticket names what was reserved; the body is of the upload */
        json = (eb_json){ NULL, 0 };
        if (value != NULL)
            (void)eb_value_to_json(r->call->operation->result, value, &json, &memory);
    } else if (r->settings->output == CLI_RAW && r->settings->query == NULL) {
        cli_output_bytes(&r->output, json.text, json.len);
        json.len = 0;
    }
    if (json.text != NULL && json.len > 0) {
        if (eb_json_to_cjson(json, &tree) != EB_OK)
            cli_output_bytes(&r->output, json.text, json.len);
        else if (r->call->operation->pages != NULL)
            show_page(r, tree);
        else
            cli_output_whole(&r->output, tree);
    }
    cJSON_Delete(tree);
    eb_response_free(&memory);
}

static cli_exit call_once(run *r)
{
    eb_response response = { 0 };
    const void *value    = NULL;
    eb_status st = eb_invoke_with(r->client, cli_str(&r->name), r->json, &r->options, &value, &response);
    cli_exit done;

    cli_wait_clear(&r->wait);
    if (r->show.done) {
        cli_output_bytes(&r->output, cli_str(&r->show.text), r->show.text.len);
        if (r->call->link != NULL)
            (void)fputs("eb: the upload would follow, to where the answer says\n", stderr);
        done = cli_output_end(&r->output);
    } else {
        /* a status alone may be what was waited for: what it came with is no answer */
        if ((st == EB_OK && response.http_status < 300) || value != NULL)
            show_answer(r, value, &response);
        done = cli_output_end(&r->output);
        if (st != EB_OK)
            done = report(r, st, &response);
    }
    eb_response_free(&response);
    return done;
}

static cli_exit call_all(run *r)
{
    eb_pager  pager = { 0 };
    eb_json   item;
    int64_t   count = 0;
    eb_status st    = eb_invoke_all(r->client, cli_str(&r->name), r->json, &r->options, &pager);
    cli_exit  done;

    while (st == EB_OK && !r->output.failed && (r->settings->limit < 0 || count < r->settings->limit)) {
        cJSON *tree = NULL;

        st = eb_invoke_next(&pager, &item);
        if (st == EB_OK)
            st = eb_json_to_cjson(item, &tree);
        if (st == EB_OK)
            cli_output_item(&r->output, tree);
        cJSON_Delete(tree);
        count++;
    }
    done = cli_output_end(&r->output);
    if (st != EB_OK && st != EB_DONE)
        done = report(r, st, &pager.response);
    else if (st == EB_DONE && pager.response.message != NULL && *pager.response.message != '\0')
        (void)cli_fail(CLI_OK, "%s", pager.response.message);
    eb_pager_free(&pager);
    return done;
}

/* ---- Before it begins -------------------------------------------------------------------------- */

static cli_exit check_columns(const char *columns, const eb_type *type)
{
    cli_exit done = CLI_GO_ON;

    for (const char *at = columns; done == CLI_GO_ON && *at != '\0';) {
        const size_t len  = strcspn(at, ",");
        char        *path = cli_dup(at, len);

        done = cli_query_check("columns", path, type);
        cli_free(path);
        at += len + (at[len] == ',');
    }
    return done;
}

static cli_exit check_settings(run *r)
{
    const cli_settings *s    = r->settings;
    const eb_operation *op   = r->call->operation;
    const eb_type      *type = op->result;
    cli_exit            done = CLI_GO_ON;

    done = cli_wait_find(&r->wait, r->call, s);
    if (done != CLI_GO_ON)
        return done;
    if (s->limit >= 0 && op->pages == NULL)
        return cli_fail(CLI_USAGE, "--limit: the operation is no list of pages");
    if (s->save != NULL && r->call->link != NULL)
        return cli_fail(CLI_USAGE, "--save: an upload has no answer to save");
    if (s->save != NULL && type != NULL && cli_type_has_secrets(type) && !s->show_secrets)
        return cli_fail(CLI_USAGE,
                        "--save: the answer can hold secrets, which would be saved; say --show-secrets too");
    if (s->columns != NULL && s->output != CLI_TABLE)
        return cli_fail(CLI_USAGE, "--columns: they are for --output table");
    if (s->output == CLI_RAW && s->query == NULL && type != NULL && cli_type_has_secrets(type) &&
        !s->show_secrets)
        return cli_fail(CLI_USAGE, "--output raw: the answer can hold secrets, which would be shown; say "
                                   "--show-secrets too, or choose another format");
    if (op->pages != NULL && type != NULL) {
        r->output.item = *op->pages->items == '\0' ? &type->rows[0]
                                                   : cli_element(cli_row_at(type, op->pages->items));
        type           = cli_struct_of(r->output.item);
    } else {
        r->output.type = type;
        r->output.item = type != NULL && type->shape == EB_SHAPE_LIST ? &type->rows[0] : NULL;
    }
    if (s->query != NULL)
        done = cli_query_check("query", s->query, type);
    else if (s->columns != NULL)
        done = check_columns(s->columns, r->output.item != NULL ? cli_struct_of(r->output.item) : type);
    return done;
}

static cli_exit make_client(run *r, const cli_profile *profile)
{
    const cli_settings *s         = r->settings;
    const bool          shows     = s->dry_run || s->curl;
    const eb_transport  transport = cli_show_transport(&r->show);
    const eb_hooks hooks = { .before_send = before_send, .after_attempt = after_attempt, .context = r };
    const eb_log log     = { s->curl ? EB_LOG_TRACE : EB_LOG_INFO, take_line, r };
    char         problem[1500] = "";
    cli_text     text          = { 0 };
    eb_status    st;

    const eb_client_options options = {
        .api              = r->call->api,
        .credentials      = profile->credentials,
        .base_url         = s->base_url,
        .region           = s->region,
        .variables        = { s->variables, s->variable_count },
        .deadline_ms      = s->timeout_ms,
        .retries          = s->retries,
        .skip_limits      = s->skip_limits,
        .ca_file          = s->ca_file,
        .proxy            = s->proxy,
        .client_cert_file = s->client_cert,
        .client_key_file  = s->client_key,
        .user_agent       = "eb",
        .transport        = shows ? &transport : NULL,
        .hooks            = &hooks,
        .log              = s->curl || cli_wait_is_shown(&r->wait) ? &log : NULL,
        .problem          = problem,
        .problem_size     = sizeof problem,
    };
    st = eb_client_new(&options, &r->client);
    if (st == EB_OK)
        return CLI_GO_ON;
    cli_put_problem(&text, *problem != '\0' ? problem : eb_status_text(st), s);
    (void)cli_fail(CLI_USAGE, "%s", cli_str(&text));
    cli_text_free(&text);
    return exit_of(st, 0);
}

static cli_exit write_params(run *r)
{
    cli_text       text = { 0 };
    const eb_link *link = r->call->link;

    cli_put_json(&text, r->params->tree, false);
    r->json = text.data;
    cli_puts(&r->name, link != NULL           ? link->name
                       : r->wait.wait != NULL ? r->wait.wait->name
                                              : r->call->operation->name);
    r->options.files      = r->params->files;
    r->options.file_count = r->params->file_count;
    r->sink               = eb_sink_file(r->settings->save);
    if (r->settings->save != NULL && !r->settings->dry_run && !r->settings->curl)
        r->options.call.sink = &r->sink;
    if (r->settings->timeout_ms > 0)
        r->options.call.deadline_ms = r->settings->timeout_ms;
    r->options.call.cancel = cli_signals_catch();
    return r->options.call.cancel != NULL ? CLI_GO_ON : cli_fail(CLI_MEMORY, "no descriptors are left");
}

cli_exit cli_call_run(const cli_call *call, cli_settings *settings, cli_params *params)
{
    run         r       = { .call = call, .settings = settings, .params = params };
    cli_profile profile = { 0 };
    cli_exit    done;

    r.output.settings = settings;
    r.show            = (cli_show){ .call = call, .settings = settings, .params = params };
    done              = check_settings(&r);
    if (done == CLI_GO_ON)
        done = cli_profile_load(&profile, settings, call);
    if (done == CLI_GO_ON)
        done = make_client(&r, &profile);
    if (done == CLI_GO_ON)
        done = write_params(&r);
    if (done == CLI_GO_ON)
        done = call->operation->pages != NULL && !params->page_given && settings->save == NULL &&
                       r.wait.wait == NULL && settings->output != CLI_RAW && !settings->dry_run &&
                       !settings->curl
                   ? call_all(&r)
                   : call_once(&r);
    eb_client_free(r.client);
    cli_signals_release();
    cli_table_free(r.output.table);
    cli_show_free(&r.show);
    cli_text_free(&r.name);
    cli_wipe(r.json);
    cli_profile_free(&profile);
    return done;
}
