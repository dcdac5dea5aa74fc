/* help.c -- what there is: APIs, the operations of one, the options of an operation, from the document's words. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static void print(cli_text *text)
{
    (void)fwrite(cli_str(text), 1, text->len, stdout);
    cli_text_free(text);
}

static void put_option(cli_text *to, const cli_option *option)
{
    const char *value = option->value != NULL ? option->value : "";

    if (option->letter != 0)
        cli_printf(to, "  -%c, --%s %s\n", option->letter, option->name, value);
    else
        cli_printf(to, "      --%s %s\n", option->name, value);
    if (to->data[to->len - 2] == ' ') {
        to->len -= 2;
        cli_puts(to, "\n");
    }
    cli_put_wrapped(to, option->text, 10);
}

static const char usage[] = "usage: eb API OPERATION [OPTION ...]\n"
                            "       eb API                        the operations of an API\n"
                            "       eb API OPERATION --help       what an operation does and takes\n"
                            "       eb completion bash|zsh|fish   completion for a shell\n\n";

static const char rules[] =
    "Options of an operation are its parameters and the members of its body, by their name on the wire or in lower "
    "case with dashes; --body.NAME is the member where a parameter has the same name. They win over an option above of "
    "that name, which then stands before the operation.\n\n"
    "--ports.0.protocol TCP goes into lists and objects, --envs.KEY value into maps. A list takes a JSON list, or an item "
    "each time it is given. null is null where the document allows it. @FILE is what the file holds, @- standard input, "
    "@@ a leading @. Secrets are taken from files alone.\n";

static void put_exits(cli_text *to)
{
    static const struct {
        int         number;
        const char *text;
    } exits[] = {
#define EXIT_(name, number, text) { number, text },
        CLI_EXIT_MAP(EXIT_)
#undef EXIT_
    };

    cli_puts(to, "\nExit status:\n");
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++)
        cli_printf(to, "  %3d  %s\n", exits[i].number, exits[i].text);
}

void cli_help_top(void)
{
    cli_text text = { 0 }, path = { 0 };

    cli_puts(&text, usage);
    cli_puts(&text, "APIs:\n");
    for (size_t i = 0; eb_helps[i] != NULL; i++)
        cli_printf(&text, "  %-12s %s\n", eb_helps[i]->api->name, eb_helps[i]->api->title);
    cli_puts(&text, "\nOptions:\n");
    for (const cli_option *option = cli_options; option->name != NULL; option++)
        put_option(&text, option);
    cli_puts(&text, "\n");
    cli_put_wrapped(&text, rules, 0);
    cli_profile_path(&path);
    cli_printf(&text,
               "\nCredentials come from --token-file, else from --profile (or EB_PROFILE), else from the environment, "
               "else from the profile [default].\nProfiles: %s\n",
               cli_str(&path));
    put_exits(&text);
    cli_text_free(&path);
    print(&text);
}

/* ---- The server --------------------------------------------------------------------------------- */

static const eb_server_variable *variable_in(const eb_server *server, const char *name)
{
    for (size_t i = 0; server != NULL && i < server->variable_count; i++)
        if (strcmp(server->variables[i].name, name) == 0)
            return &server->variables[i];
    return NULL;
}

static eb_server server_of(const cli_call *call)
{
    return call->operation != NULL && call->operation->server != NULL
               ? *call->operation->server
               : (eb_server){ call->api->server, call->api->variables, call->api->variable_count };
}

/* A variable as this call needs it: of the server it goes to, or one that no client of the API can be without.
 * Without an operation all are needed. NULL: it is not. */
static const eb_server_variable *needed(const cli_call *call, const char *name)
{
    const eb_server           own    = server_of(call);
    const eb_server           common = server_of(&(cli_call){ .api = call->api });
    const eb_server_variable *found  = variable_in(&own, name);
    const bool                on_top = *own.url == '/' || call->operation == NULL;

    if (found != NULL)
        return found;
    found = variable_in(&common, name);
    for (size_t i = 0; found == NULL && i < call->api->operation_count; i++)
        found = variable_in(call->api->operations[i]->server, name);
    return found != NULL && (on_top || found->fallback == NULL) ? found : NULL;
}

static bool is_region(const eb_help_variable *variable)
{
    return strcmp(variable->name, "region") == 0;
}

/* Is there an option of the operation by the name of the one that sets the variable? */
static bool hides(const cli_call *call, const eb_help_variable *variable)
{
    const char *option = is_region(variable) ? "region" : "variable";

    return call->operation != NULL && cli_param_known(call, option, strlen(option));
}

static void put_variable(cli_text *to, const cli_call *call, const eb_help_variable *variable)
{
    const eb_server_variable *row = needed(call, variable->name);

    if (row == NULL)
        return;
    if (is_region(variable))
        cli_puts(to, "\n  --region   text");
    else
        cli_printf(to, "\n  --variable %s=VALUE   text", variable->name);
    for (size_t i = 0; row->values != NULL && row->values[i] != NULL; i++)
        cli_printf(to, "%s%s", i == 0 ? ", one of " : ", ", row->values[i]);
    cli_puts(to, row->fallback == NULL ? "; required\n" : "\n");
    if (*variable->text != '\0')
        cli_put_wrapped(to, variable->text, 6);
    if (row->fallback != NULL)
        cli_printf(to, "      Default: %s.\n", row->fallback);
    if (hides(call, variable))
        cli_puts(to, "      Stands before the operation, which has an option of that name.\n");
}

static void put_server(cli_text *to, const cli_call *call)
{
    cli_text text = { 0 };

    for (size_t i = 0; i < call->help->variable_count; i++)
        put_variable(&text, call, &call->help->variables[i]);
    if (text.len > 0)
        cli_printf(to, "\nServer: %s\n%s", server_of(call).url, cli_str(&text));
    cli_text_free(&text);
}

/* ---- An API ------------------------------------------------------------------------------------ */

static bool put_call(void *context, const cli_call *call)
{
    cli_text *to   = context;
    cli_text  word = { 0 };

    (void)cli_operation_word(call, &word);
    cli_printf(to, "  %s\n", cli_str(&word));
    if (call->link != NULL)
        cli_put_wrapped(to, "The same, and the upload of a file that the answer leads to.", 6);
    else if (*call->text->summary != '\0')
        cli_put_wrapped(to, call->text->summary, 6);
    cli_text_free(&word);
    return true;
}

static void put_credentials(cli_text *to, const eb_api *api)
{
    cli_text       name  = { 0 };
    size_t         count = 0;
    const eb_auth *auth;

    for (size_t n = 0; (auth = cli_scheme(api, n)) != NULL; n++)
        for (int i = 0; i < 3; i++)
            if (cli_scheme_has(auth, i)) {
                cli_credential_name(&name, api, auth, i);
                cli_printf(to, "%s%s%s", count++ == 0 ? "\nCredentials: " : ", ", cli_str(&name),
                           auth->kind == EB_AUTH_ACS3 && i == 2 ? " (temporary keys)" : "");
            }
    cli_puts(to, count > 0 ? "\n" : "");
    cli_text_free(&name);
}

void cli_help_api(const eb_help *help)
{
    cli_text text = { 0 };

    cli_printf(&text, "eb %s -- %s\n\n", help->api->name, help->api->title);
    if (*help->text != '\0') {
        cli_put_wrapped(&text, help->text, 0);
        cli_puts(&text, "\n");
    }
    cli_puts(&text, "Operations:\n");
    cli_each_call(help, put_call, &text);
    cli_printf(&text, "\nServer: %s\n", help->api->server);
    for (size_t i = 0; i < help->variable_count; i++)
        put_variable(&text, &(cli_call){ .help = help, .api = help->api }, &help->variables[i]);
    put_credentials(&text, help->api);
    print(&text);
}

/* ---- An operation ------------------------------------------------------------------------------ */

static void put_choice(void *context, const char *text)
{
    cli_text *to = context;

    cli_printf(to, "%s%s", to->len > 0 ? ", " : "", text);
}

static void put_type(cli_text *to, const eb_field *row)
{
    cli_text choices = { 0 };

    if (row->kind == EB_KIND_ENUM || row->kind == EB_KIND_INT_ENUM)
        cli_each_choice(row, put_choice, &choices);
    cli_puts(to, cli_kind_text(row));
    if (choices.len > 0)
        cli_printf(to, ", one of %s", cli_str(&choices));
    cli_puts(to, (row->flags & EB_NULLABLE) != 0 ? ", or null" : "");
    cli_text_free(&choices);
}

/* One option and, below it, those of the members it has. path is its name so far, without dashes. */
static void put_member(cli_text *to, const cli_call *call, const eb_type *owner,
                       const eb_field *row, const char *path, int depth)
{
    const eb_help_member *help  = cli_help_member(call->help, owner, row);
    const eb_field       *item  = cli_element(row);
    const eb_type        *inner = cli_struct_of(item != NULL ? item : row);
    cli_text              name  = { 0 };

    if (row->json_len == 0 || (row->flags & EB_READ_ONLY) != 0)
        return;
    cli_puts(&name, path);
    cli_option_name(&name, call, owner, row);
    cli_printf(to, "\n  --%s   ", cli_str(&name));
    put_type(to, row);
    cli_puts(to, (row->flags & EB_REQUIRED) != 0 ? "; required" : "");
    cli_puts(to, (row->flags & EB_SECRET) != 0 ? "; secret, as @FILE alone" : "");
    cli_puts(to, "\n");
    if (*help->text != '\0')
        cli_put_wrapped(to, help->text, 6);
    if (*help->facts != '\0')
        cli_put_wrapped(to, help->facts, 6);
    cli_puts(&name, item == NULL ? "." : row->kind == EB_KIND_LIST ? ".N." : ".KEY.");
    for (uint16_t i = 0; inner != NULL && depth > 0 && i < inner->row_count; i++)
        put_member(to, call, inner, &inner->rows[i], cli_str(&name), depth - 1);
    cli_text_free(&name);
}

static void put_options(cli_text *to, const cli_call *call)
{
    enum { DEPTH = 3 };
    const eb_type  *params = call->operation->params;
    const eb_type  *body   = cli_body_type(call->operation);
    const eb_field *row    = cli_body_row(call->operation);

    if (params->row_count == 0 && call->link == NULL)
        return;
    cli_puts(to, "\nOptions:\n");
    if (call->link != NULL)
        cli_puts(to, "\n  --file   file; required\n      What to upload, as @PATH.\n");
    for (uint16_t i = 0; i < params->row_count; i++)
        if (&params->rows[i] != row)
            put_member(to, call, params, &params->rows[i], "", DEPTH);
    if (row != NULL && body == NULL)
        put_member(to, call, params, row, "", DEPTH);
    if (row == NULL || body == NULL)
        return;
    cli_puts(to, (row->flags & EB_REQUIRED) != 0 ? "\nMembers of the body, which is required:\n"
                                                 : "\nMembers of the body:\n");
    for (uint16_t i = 0; i < body->row_count; i++)
        put_member(to, call, body, &body->rows[i],
                   cli_row(params, body->rows[i].json, body->rows[i].json_len) != NULL ? "body." : "",
                   DEPTH);
}

/* A text for a shell. */
static void put_word(cli_text *to, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,+-";

    if (*text != '\0' && strspn(text, plain) == strlen(text)) {
        cli_puts(to, text);
        return;
    }
    cli_puts(to, "'");
    for (; *text != '\0'; text++)
        if (*text == '\'')
            cli_puts(to, "'\\''");
        else
            cli_put(to, text, 1);
    cli_puts(to, "'");
}

static void put_given(cli_text *to, const cli_call *call, const eb_type *type, const cJSON *object)
{
    for (const cJSON *item = object != NULL ? object->child : NULL; item != NULL; item = item->next) {
        const eb_field *row   = cli_row(type, item->string, strlen(item->string));
        cli_text        value = { 0 };

        if (row == NULL || row->json_len == 0)
            continue;
        cli_puts(to, " \\\n    --");
        cli_option_name(to, call, type, row);
        if (row->kind == EB_KIND_BODY || cli_has_secrets(row)) {
            cli_puts(to, " @FILE");
        } else {
            if (cJSON_IsString(item) && item->valuestring[0] == '@')
                cli_puts(&value, "@");
            if (row->kind == EB_KIND_JSON)
                cli_put_json(&value, item, false);
            else
                cli_put_plain(&value, item);
            cli_puts(to, cli_str(&value)[0] == '-' ? "=" : " ");
            put_word(to, cli_str(&value));
        }
        cli_text_free(&value);
    }
}

/* What the server needs to be told; before the operation, or behind it. */
static void put_needed(cli_text *to, const cli_call *call, bool before)
{
    for (size_t i = 0; i < call->help->variable_count; i++) {
        const eb_help_variable   *variable = &call->help->variables[i];
        const eb_server_variable *row      = needed(call, variable->name);
        cli_text                  value    = { 0 };

        if (row == NULL || row->fallback != NULL || hides(call, variable) != before)
            continue;
        if (!is_region(variable))
            cli_printf(&value, "%s=", variable->name);
        cli_puts(&value, variable->example);
        cli_printf(to, "%s--%s ", before ? " " : " \\\n    ", is_region(variable) ? "region" : "variable");
        put_word(to, cli_str(&value));
        cli_text_free(&value);
    }
}

static void put_example(cli_text *to, const cli_call *call)
{
    const eb_json   json = { call->text->example, strlen(call->text->example) };
    const eb_field *row  = cli_body_row(call->operation);
    cJSON          *tree = NULL, *body = NULL;
    cli_text        word = { 0 };

    if (json.len == 0 || eb_json_to_cjson(json, &tree) != EB_OK)
        return;
    if (cli_struct_of(row) != NULL)
        body = cJSON_DetachItemFromObjectCaseSensitive(tree, row->json);
    cli_puts(to, "\nExample:\n  eb");
    put_needed(to, call, true);
    cli_printf(to, " %s %s", call->api->name, cli_operation_word(call, &word));
    put_needed(to, call, false);
    put_given(to, call, call->operation->params, tree);
    if (body != NULL)
        put_given(to, call, cli_struct_of(row), body);
    cli_puts(to, call->link != NULL ? " \\\n    --file @FILE\n" : "\n");
    cJSON_Delete(body);
    cJSON_Delete(tree);
    cli_text_free(&word);
}

/* How often and until when it is sent again, where its document says so. */
static void put_sending(cli_text *to, const eb_operation *op)
{
    const eb_retries *retries = op->retries;

    if (retries != NULL && retries->attempts == 1)
        cli_puts(to, "Sent once, unless --retries is given.\n");
    else if (retries != NULL && retries->attempts > 1)
        cli_printf(to, "Attempts: %u, unless --retries is given.\n", (unsigned)retries->attempts);
    if (op->timeout_ms != 0)
        cli_printf(to, "Time: %g s, unless --timeout is given.\n", op->timeout_ms / 1000.0);
}

static void put_pages(cli_text *to, const eb_pages *pages)
{
    cli_text text = { 0 };

    cli_puts(&text, "A list of pages: all items are shown, one a line.");
    if (pages->page != NULL)
        cli_printf(&text, " --page %s shows one page,", pages->kind == EB_PAGES_TOKEN ? "TOKEN" : "N");
    if (pages->size != NULL)
        cli_puts(&text, " --page-size N asks for larger or smaller ones,");
    cli_puts(&text, " --limit N ends after N items.");
    cli_put_wrapped(to, cli_str(&text), 0);
    cli_text_free(&text);
}

static void put_about(cli_text *to, const cli_call *call)
{
    const eb_operation *op = call->operation;

    cli_printf(to, "\nRequest: %s %s%s%s\n", op->method, op->path,
               op->action != NULL ? ", action " : "", op->action != NULL ? op->action : "");
    if (op->pages != NULL)
        put_pages(to, op->pages);
    cli_put_waits(to, op);
    if (op->key != 0)
        cli_put_wrapped(to,
                        "Safe to repeat: it has an idempotency key, and is sent again with the same after a lost "
                        "connection or a passing failure.",
                        0);
    else if ((op->flags & EB_SAFE) != 0)
        cli_put_wrapped(to, "Safe to repeat: sent again after a lost connection or a passing failure.", 0);
    else
        cli_put_wrapped(to, "Not safe to repeat: when no answer comes, the exit status is 6.", 0);
    if (op->verify != NULL)
        cli_printf(to, "%s tells then whether it arrived.\n", op->verify->operation);
    put_sending(to, op);
    if (op->rate_limit != NULL)
        cli_printf(to, "Rate limit: %u requests in %u s for each %s; eb waits.\n",
                   (unsigned)op->rate_limit->requests, (unsigned)op->rate_limit->seconds,
                   op->rate_limit->scope);
    if (*call->text->facts != '\0')
        cli_put_wrapped(to, call->text->facts, 0);
}

void cli_help_call(const cli_call *call)
{
    cli_text text = { 0 }, word = { 0 };

    cli_printf(&text, "eb %s %s", call->api->name, cli_operation_word(call, &word));
    if (*call->text->summary != '\0')
        cli_printf(&text, " -- %s", call->text->summary);
    cli_puts(&text, "\n\n");
    cli_put_wrapped(&text, call->text->text, 0);
    if (call->link != NULL)
        cli_put_wrapped(&text, "Then uploads the file to where the answer says.", 0);
    put_about(&text, call);
    put_server(&text, call);
    put_options(&text, call);
    if (call->text->answer_count > 0)
        cli_puts(&text, "\nFailures:\n");
    for (size_t i = 0; i < call->text->answer_count; i++) {
        const eb_help_answer *answer = &call->text->answers[i];

        cli_printf(&text, "  %s\n", answer->status);
        cli_put_wrapped(&text, answer->text, 6);
        cli_put_wrapped(&text, answer->codes, 6);
    }
    put_example(&text, call);
    cli_puts(&text, "\neb --help lists the options that every operation has.\n");
    cli_text_free(&word);
    print(&text);
}
