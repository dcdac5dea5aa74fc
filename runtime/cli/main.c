/* main.c -- eb, the command-line tool: reads the command line as far as the operation, then its options.
 *
 * Options are paths into a request, which getopt cannot know beforehand, and an abbreviation would change its meaning
 * with the next version of a document; so they are taken apart here. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

typedef struct line {
    int            count, at;
    char         **words;
    cli_settings   settings;
    cli_call       call;
    const eb_help *help;
    cli_params     params;
} line;

/* An option as it was written: --name value, --name=value, -n value. */
typedef struct given {
    const char *word; /* as written, without its value */
    const char *name;
    size_t      len;
    const char *value; /* behind an =; NULL */
    char        where[100];
} given;

/* Words that stand where an API does, and take the words behind them as they are. */
static const struct {
    const char *word;
    cli_exit (*run)(int count, char **words);
} commands[] = { { "completion", cli_completion }, { "complete", cli_complete } };

/* ---- Mistakes ---------------------------------------------------------------------------------- */

static cli_exit unknown_api(const char *word)
{
    cli_nearest nearest;
    cli_text    hint = { 0 };

    cli_nearest_start(&nearest, word);
    for (size_t i = 0; eb_helps[i] != NULL; i++)
        cli_nearest_take(&nearest, eb_helps[i]->api->name, strlen(eb_helps[i]->api->name));
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        cli_nearest_take(&nearest, commands[i].word, strlen(commands[i].word));
    (void)cli_fail(CLI_USAGE, "there is no API %.60s%s", word, cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    return CLI_USAGE;
}

static bool take_word(void *context, const cli_call *call)
{
    cli_text word = { 0 };

    (void)cli_operation_word(call, &word);
    cli_nearest_take(context, cli_str(&word), word.len);
    cli_text_free(&word);
    return true;
}

static cli_exit unknown_operation(const eb_help *help, const char *word)
{
    cli_nearest nearest;
    cli_text    hint = { 0 };

    cli_nearest_start(&nearest, word);
    cli_each_call(help, take_word, &nearest);
    (void)cli_fail(CLI_USAGE, "%s has no operation %.60s%s", help->api->name, word,
                   cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    return CLI_USAGE;
}

static void take_rows(cli_nearest *nearest, const eb_type *type)
{
    for (uint16_t i = 0; type != NULL && i < type->row_count; i++) {
        cli_text kebab = { 0 };

        cli_kebab(&kebab, type->rows[i].json, type->rows[i].json_len);
        cli_nearest_take(nearest, cli_str(&kebab), kebab.len);
        cli_text_free(&kebab);
    }
}

static cli_exit unknown_option(const line *l, const given *g)
{
    char       *name = cli_dup(g->name, g->len);
    cli_nearest nearest;
    cli_text    hint = { 0 };

    cli_nearest_start(&nearest, name);
    if (l->call.operation != NULL) {
        take_rows(&nearest, l->call.operation->params);
        take_rows(&nearest, cli_body_type(l->call.operation));
    }
    for (const cli_option *option = cli_options; option->name != NULL; option++)
        cli_nearest_take(&nearest, option->name, strlen(option->name));
    (void)cli_fail(CLI_USAGE, "there is no option %s%s", g->where,
                   cli_did_you_mean(&nearest, "--", &hint));
    cli_text_free(&hint);
    cli_free(name);
    return CLI_USAGE;
}

static cli_exit secret_option(const line *l, const given *g)
{
    const char *api = l->call.api != NULL ? l->call.api->name : "API";

    return cli_fail(CLI_USAGE,
                    "%s: a secret on a command line can be read by others, and stays in the shell's history; put it into "
                    "the environment, a profile, or a file for --token-file (eb %s says under which names)",
                    g->where, api);
}

/* ---- Options ----------------------------------------------------------------------------------- */

/* A value may begin with dashes, like arguments for a server; what has the form of an option was meant as one. */
static bool looks_like_option(const char *word)
{
    static const char named[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    const size_t      name    = strncmp(word, "--", 2) == 0 ? strspn(word + 2, named) : 0;

    return name > 0 && (word[2 + name] == '\0' || word[2 + name] == '=');
}

static cli_exit value_of(line *l, given *g)
{
    if (g->value != NULL)
        return CLI_GO_ON;
    if (l->at >= l->count)
        return cli_fail(CLI_USAGE, "%s: expected a value", g->where);
    g->value = l->words[l->at];
    if (looks_like_option(g->value))
        return cli_fail(CLI_USAGE, "%s: expected a value, got %.60s; write %s=%.60s if that is the value",
                        g->where, g->value, g->where, g->value);
    l->at++;
    return CLI_GO_ON;
}

static cli_exit take_option(line *l)
{
    const char       *word   = l->words[l->at++];
    const cli_option *option = NULL;
    given             g      = { .word = word };
    cli_exit          done   = CLI_GO_ON;

    if (word[1] == '-') {
        g.name  = word + 2;
        g.len   = strcspn(g.name, "=");
        g.value = g.name[g.len] == '=' ? g.name + g.len + 1 : NULL;
        (void)snprintf(g.where, sizeof g.where, "--%.*s", (int)(g.len < 90 ? g.len : 90), g.name);
        if (l->call.operation != NULL && cli_param_known(&l->call, g.name, g.len)) {
            done = value_of(l, &g);
            return done != CLI_GO_ON
                       ? done
                       : cli_param_set(&l->params, &l->call, &l->settings, g.name, g.len, g.value);
        }
        option = cli_option_find(g.name, g.len);
    } else {
        (void)snprintf(g.where, sizeof g.where, "%.90s", word);
        for (option = cli_options;
             option->name != NULL && !(option->letter == word[1] && word[2] == '\0'); option++)
            ;
        option = option->name != NULL ? option : NULL;
        g.name = word + 1;
        g.len  = strlen(g.name);
    }
    if (option == NULL)
        return cli_is_secret_option(l->call.api, g.name, g.len) ? secret_option(l, &g)
                                                                : unknown_option(l, &g);
    if (strcmp(option->name, "version") == 0) {
        (void)printf("eb %s\n", eb_version());
        return CLI_OK;
    }
    if (option->value != NULL)
        done = value_of(l, &g);
    return done != CLI_GO_ON ? done : cli_option_set(&l->settings, option, g.where, g.value);
}

/* ---- Words ------------------------------------------------------------------------------------- */

static cli_exit take_name(line *l, const char *word)
{
    for (size_t i = 0; l->help == NULL && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].word, word) == 0)
            return commands[i].run(l->count - l->at, l->words + l->at);
    if (l->help == NULL) {
        l->help     = cli_api_find(word);
        l->call.api = l->help != NULL ? l->help->api : NULL;
        return l->help != NULL ? CLI_GO_ON : unknown_api(word);
    }
    if (l->call.operation == NULL)
        return cli_call_find(l->help, word, &l->call) ? CLI_GO_ON : unknown_operation(l->help, word);
    return cli_fail(CLI_USAGE,
                    "\"%.60s\": expected an option; values stand behind the option they are for", word);
}

static cli_exit read_line(line *l)
{
    cli_exit done = CLI_GO_ON;

    while (done == CLI_GO_ON && l->at < l->count) {
        const char *word = l->words[l->at];

        if (word[0] == '-' && word[1] != '\0' && strcmp(word, "--") != 0) {
            done = take_option(l);
        } else {
            l->at++;
            if (strcmp(word, "--") != 0)
                done = take_name(l, word);
        }
    }
    return done;
}

/* Some options mean the same wherever they stand: the body comes first, for options change its members, and what
 * may be sent is known before values are looked at. */
static cli_exit read_ahead(line *l)
{
    cli_exit done = CLI_GO_ON;

    for (int i = l->at; done == CLI_GO_ON && i < l->count; i++) {
        const char *value = strncmp(l->words[i], "--body=", 7) == 0 ? l->words[i] + 7 : NULL;

        if (strcmp(l->words[i], "--skip-limits") == 0)
            l->settings.skip_limits = true;
        if (strcmp(l->words[i], "--body") == 0 && i + 1 < l->count)
            value = l->words[++i];
        if (value != NULL && l->settings.body != NULL)
            done = cli_fail(CLI_USAGE, "--body: given twice");
        else if (value != NULL) {
            l->settings.body = value;
            done             = cli_param_body(&l->params, &l->call, value);
        }
    }
    return done;
}

static cli_exit run(line *l)
{
    cli_exit done = CLI_GO_ON;

    while (done == CLI_GO_ON && l->at < l->count && l->call.operation == NULL) {
        const char *word = l->words[l->at];

        if (word[0] == '-' && word[1] != '\0') {
            done = take_option(l);
        } else {
            l->at++;
            done = take_name(l, word);
        }
    }
    if (done == CLI_GO_ON && l->call.operation != NULL && l->settings.body != NULL)
        done = cli_param_body(&l->params, &l->call, l->settings.body);
    if (done == CLI_GO_ON && l->call.operation != NULL)
        done = read_ahead(l);
    if (done == CLI_GO_ON)
        done = read_line(l);
    if (done != CLI_GO_ON)
        return done;
    if (l->help == NULL || l->call.operation == NULL || l->settings.help) {
        if (l->call.operation != NULL)
            cli_help_call(&l->call);
        else if (l->help != NULL)
            cli_help_api(l->help);
        else
            cli_help_top();
        return fflush(stdout) == 0 ? CLI_OK : CLI_OUTPUT;
    }
    done = cli_params_complete(&l->params, &l->call);
    return done != CLI_GO_ON ? done : cli_call_run(&l->call, &l->settings, &l->params);
}

int main(int argc, char **argv)
{
    line     l = { .count = argc, .at = 1, .words = argv };
    cli_exit done;

    (void)signal(SIGPIPE, SIG_IGN); /* a reader that goes away is seen when writing */
    l.settings.limit = -1;
    l.params.tree    = cJSON_CreateObject();
    done             = run(&l);
    cli_params_free(&l.params);
    cli_settings_free(&l.settings);
    return (int)done;
}
