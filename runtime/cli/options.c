/* options.c -- what the tool itself is told, on the command line or by a profile. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const cli_option cli_options[] = {
    { "help", 'h', NULL, "What there is: APIs, the operations of one, the options of an operation.", NULL },
    { "output", 'o', "FORMAT",
      "json (lists: an item a line), table, or raw: the answer's bytes, texts without quotes.",
      "json table raw" },
    { "query", 'q', "PATH",
      "Shows a part of the answer, or of each item of a list: a.b[0].c, [*] for every item.", NULL },
    { "columns", 0, "A,B.C",
      "Columns of a table, paths like those of --query; as many members as fit unless given.", NULL },
    { "limit", 0, "N", "At most N items of a list.", NULL },
    { "body", 0, "JSON",
      "The request's body; @FILE and @- (standard input) too. Options change its members.", NULL },
    { "wait", 0, "NAME",
      "Calls until that has come, or --timeout is over; --help behind the operation says what there is to wait for.",
      NULL },
    { "save", 0, "FILE", "Writes the answer's bytes to a file, all or none, however large.", NULL },
    { "dry-run", 'n', NULL, "Shows the signed request, secrets as ***, and sends nothing.", NULL },
    { "curl", 0, NULL, "Shows the request as a curl command, secrets as ***, and sends nothing.", NULL },
    { "verbose", 'v', NULL,
      "Says on standard error what is sent, each attempt, and why there was another.", NULL },
    { "show-secrets", 0, NULL, "Does not mask what the document calls a secret in answers.", NULL },
    { "profile", 'p', "NAME", "Credentials and settings of that section of the configuration file.", NULL },
    { "token-file", 0, "FILE",
      "Credentials: a token, or an access key's id, secret and security token, a line each.", NULL },
    { "region", 'r', "NAME",
      "The region, where the server's address has one; the help of an operation says which there are.",
      NULL },
    { "variable", 0, "NAME=VALUE", "Another variable of the server's address; may be repeated.", NULL },
    { "base-url", 0, "URL", "Another server; unless given, " CLI_MOCK_URL ", when that is set.", NULL },
    { "timeout", 't', "SECONDS",
      "For all attempts, pages and waiting together; 0: no bound. Unless given, 60 for each request and its attempts.",
      NULL },
    { "retries", 0, "N", "Attempts after the first; 2 unless given, at most 10.", NULL },
    { "skip-limits", 0, NULL,
      "Sends what is outside the documented ranges and values; the service decides.", NULL },
    { "ca-file", 0, "FILE", "Certificates to trust, PEM.", NULL },
    { "client-cert", 0, "FILE", "A certificate of yours, PEM, for a server that wants one.", NULL },
    { "client-key", 0, "FILE", "Its key, PEM.", NULL },
    { "proxy", 0, "URL", "A proxy; the environment's unless given, empty: none.", NULL },
    { "version", 0, NULL, "The version of eb.", NULL },
    { NULL, 0, NULL, NULL, NULL },
};

const cli_option *cli_option_find(const char *word, size_t len)
{
    for (const cli_option *option = cli_options; option->name != NULL; option++)
        if (strlen(option->name) == len && memcmp(option->name, word, len) == 0)
            return option;
    return NULL;
}

cli_exit cli_number(const char *where, const char *text, int64_t low, int64_t high, int64_t *number)
{
    char *end = NULL;

    errno   = 0;
    *number = strtoll(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && *number >= low && *number <= high)
        return CLI_GO_ON;
    return cli_fail(CLI_USAGE, "%s: expected a number from %lld to %lld, got \"%.60s\"", where,
                    (long long)low, (long long)high, text);
}

static cli_exit set_output(cli_settings *settings, const char *where, const char *value)
{
    static const char *const names[] = { "json", "table", "raw" };
    cli_nearest              nearest;
    cli_text                 hint = { 0 };

    cli_nearest_start(&nearest, value);
    for (int i = 0; i < 3; i++) {
        cli_nearest_take(&nearest, names[i], strlen(names[i]));
        if (strcmp(value, names[i]) == 0) {
            settings->output = (cli_format)i;
            return CLI_GO_ON;
        }
    }
    (void)cli_fail(CLI_USAGE, "%s: expected json, table or raw, got \"%.60s\"%s", where, value,
                   cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    return CLI_USAGE;
}

static cli_exit add_variable(cli_settings *settings, const char *where, const char *value)
{
    const char *equals = strchr(value, '=');

    if (equals == NULL || equals == value)
        return cli_fail(CLI_USAGE, "%s: expected NAME=VALUE, got \"%.60s\"", where, value);
    settings->variables = cli_grow(settings->variables,
                                   (settings->variable_count + 1) * sizeof *settings->variables);
    settings->variables[settings->variable_count++] =
        (eb_str_entry){ cli_dup(value, (size_t)(equals - value)), equals + 1 };
    return CLI_GO_ON;
}

static cli_exit set_number(cli_settings *settings, const char *name, const char *where, const char *value)
{
    int64_t  number = 0;
    cli_exit done   = CLI_GO_ON;

    if (strcmp(name, "limit") == 0)
        return cli_number(where, value, 1, INT64_MAX, &settings->limit);
    if (strcmp(name, "timeout") == 0) {
        done                 = cli_number(where, value, 0, 1000000, &number);
        settings->timeout_ms = number > 0 ? number * 1000 : EB_NO_DEADLINE;
        return done;
    }
    done              = cli_number(where, value, 0, 10, &number);
    settings->retries = number > 0 ? (int)number : EB_RETRIES_NONE;
    return done;
}

cli_exit cli_option_set(cli_settings *settings, const cli_option *option, const char *where,
                        const char *value)
{
    const struct {
        const char *name;
        bool       *flag;
    } flags[] = { { "help", &settings->help },
                  { "dry-run", &settings->dry_run },
                  { "curl", &settings->curl },
                  { "verbose", &settings->verbose },
                  { "show-secrets", &settings->show_secrets },
                  { "skip-limits", &settings->skip_limits } };
    const struct {
        const char  *name;
        const char **text;
    } texts[] = { { "query", &settings->query },
                  { "columns", &settings->columns },
                  { "body", &settings->body },
                  { "save", &settings->save },
                  { "wait", &settings->wait },
                  { "profile", &settings->profile },
                  { "token-file", &settings->token_file },
                  { "region", &settings->region },
                  { "base-url", &settings->base_url },
                  { "ca-file", &settings->ca_file },
                  { "proxy", &settings->proxy },
                  { "client-cert", &settings->client_cert },
                  { "client-key", &settings->client_key } };

    if (option->value != NULL && value == NULL)
        return cli_fail(CLI_USAGE, "%s: expected a value, %s", where, option->value);
    if (option->value == NULL && value != NULL)
        return cli_fail(CLI_USAGE, "%s: takes no value, got \"%.60s\"", where, value);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(option->name, flags[i].name) == 0) {
            *flags[i].flag = true;
            return CLI_GO_ON;
        }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(option->name, texts[i].name) == 0) {
            if (*value == '\0' && strcmp(option->name, "proxy") != 0)
                return cli_fail(CLI_USAGE, "%s: expected a value, got an empty one", where);
            *texts[i].text = value;
            return CLI_GO_ON;
        }
    if (strcmp(option->name, "output") == 0)
        return set_output(settings, where, value);
    if (strcmp(option->name, "variable") == 0)
        return add_variable(settings, where, value);
    return set_number(settings, option->name, where, value);
}

/* ---- What the library says of its options ---------------------------------------------------- */

/* Members of eb_client_options, and what sets them here. */
static const struct {
    const char *member, *option;
} members[] = { { "base_url", "--base-url" },
                { "region", "--region" },
                { "variables", "--variable" },
                { "deadline_ms", "--timeout" },
                { "retries", "--retries" },
                { "skip_limits", "--skip-limits" },
                { "ca_file", "--ca-file" },
                { "client_cert_file", "--client-cert" },
                { "client_key_file", "--client-key" },
                { "proxy", "--proxy" } };

/* "region" as "--region", "variables.zone" as "--variable zone"; what is no member stays. */
static void put_member(cli_text *to, const char *word, size_t len, const cli_settings *settings)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char  *option = members[i].option;
        const size_t size   = strlen(members[i].member);

        if (len < size || memcmp(word, members[i].member, size) != 0 || (len > size && word[size] != '.'))
            continue;
        if (settings->from_mock && strcmp(members[i].member, "base_url") == 0)
            option = CLI_MOCK_URL;
        cli_puts(to, option);
        if (len > size + 1) {
            cli_puts(to, " ");
            cli_put(to, word + size + 1, len - size - 1);
        }
        return;
    }
    cli_put(to, word, len);
}

/* What is quoted is somebody's value, and stays as well. */
void cli_put_problem(cli_text *to, const char *problem, const cli_settings *settings)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/{}";
    bool              quoted = false;

    while (*problem != '\0') {
        const size_t len = quoted ? 0 : strspn(problem, name);

        if (len > 0) {
            put_member(to, problem, len, settings);
            problem += len;
        } else {
            quoted = quoted != (*problem == '"');
            cli_put(to, problem++, 1);
        }
    }
}

void cli_settings_free(cli_settings *settings)
{
    for (size_t i = 0; i < settings->variable_count; i++)
        cli_free(settings->variables[i].key);
    cli_free(settings->variables);
    settings->variables = NULL;
}

bool cli_is_secret_option(const eb_api *api, const char *word, size_t len)
{
    static const char *const usual[] = {
        "token",          "secret",       "password",          "api-key",
        "access-token",   "access-key",   "access-key-secret", "secret-key",
        "security-token", "authorization"
    };
    cli_text name  = { 0 };
    bool     found = false;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        found = found || (strlen(usual[i]) == len && memcmp(usual[i], word, len) == 0);
    for (size_t n = 0; api != NULL && cli_scheme(api, n) != NULL; n++)
        for (int which = 1; which < 3; which++) { /* an id is no secret */
            cli_credential_name(&name, api, cli_scheme(api, n), which);
            found = found || cli_is_name(cli_str(&name), word, len);
        }
    cli_text_free(&name);
    return found;
}
