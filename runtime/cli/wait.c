/* wait.c -- --wait: what an operation can be called for until it has come, and how that is going. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

cli_exit cli_wait_find(cli_wait *to, const cli_call *call, const cli_settings *settings)
{
    const eb_operation *op   = call->operation;
    cli_text            hint = { 0 };
    cli_nearest         nearest;

    to->verbose = settings->verbose;
    to->draws   = !settings->verbose && isatty(STDERR_FILENO);
    if (settings->wait == NULL)
        return CLI_GO_ON;
    if (op->wait_count == 0 || call->link != NULL)
        return cli_fail(CLI_USAGE, "--wait: there is nothing that this operation could be waited on for");
    if (settings->save != NULL)
        return cli_fail(CLI_USAGE, "--save: what is waited for has to be read; leave out one of the two");
    cli_nearest_start(&nearest, settings->wait);
    for (size_t i = 0; i < op->wait_count; i++) {
        if (strcmp(op->waits[i].id, settings->wait) == 0)
            to->wait = &op->waits[i];
        cli_nearest_take(&nearest, op->waits[i].id, strlen(op->waits[i].id));
    }
    if (to->wait != NULL)
        return CLI_GO_ON;
    (void)cli_fail(CLI_USAGE, "--wait: %.60s is nothing to wait for%s", settings->wait,
                   cli_did_you_mean(&nearest, "", &hint));
    cli_text_free(&hint);
    return CLI_USAGE;
}

bool cli_wait_is_shown(const cli_wait *wait)
{
    return wait->wait != NULL && (wait->verbose || wait->draws);
}

/* How many bytes of a text fit into so many columns. */
static size_t fits(const char *text, size_t columns)
{
    size_t at = 0, taken = 0, wide = 0;

    while (text[at] != '\0') {
        const size_t len = cli_character(text + at, strlen(text + at), &wide);

        if (taken + wide > columns)
            break;
        taken += wide;
        at += len;
    }
    return at;
}

void cli_wait_line(cli_wait *wait, const char *line)
{
    const size_t name = strlen(wait->wait->name);
    size_t       len, columns;

    if (strncmp(line, wait->wait->name, name) != 0 || strncmp(line + name, ": ", 2) != 0)
        return; /* of a call of its own */
    line += name + 2;
    if (wait->verbose) {
        (void)fprintf(stderr, "= %s\n", line);
        return;
    }
    len     = fits(line, cli_width() - 1);
    columns = cli_columns(line, len);
    (void)fprintf(stderr, "\r%.*s%*s", (int)len, line,
                  (int)(wait->drawn > columns ? wait->drawn - columns : 0), "");
    wait->drawn = columns;
}

void cli_wait_clear(cli_wait *wait)
{
    if (wait->drawn > 0)
        (void)fprintf(stderr, "\r%*s\r", (int)wait->drawn, "");
    wait->drawn = 0;
}

/* ---- Help -------------------------------------------------------------------------------------- */

static void put_either(cli_text *to, const char *const *values)
{
    for (size_t i = 0; values[i] != NULL; i++)
        cli_printf(to, "%s%s", i == 0 ? "" : values[i + 1] == NULL ? " or " : ", ", values[i]);
}

static void put_statuses(cli_text *to, const uint16_t *statuses)
{
    cli_puts(to, "HTTP ");
    for (size_t i = 0; statuses[i] != 0; i++)
        cli_printf(to, "%s%u",
                   i == 0                 ? ""
                   : statuses[i + 1] == 0 ? " or "
                                          : ", ",
                   (unsigned)statuses[i]);
}

static void put_state(cli_text *to, const char *pointer)
{
    for (const char *at = pointer + 1; *at != '\0'; at++)
        cli_put(to, *at == '/' ? "." : at, 1);
    cli_puts(to, " is ");
}

void cli_put_waits(cli_text *to, const eb_operation *operation)
{
    for (size_t i = 0; i < operation->wait_count; i++) {
        const eb_wait *wait = &operation->waits[i];
        cli_text       text = { 0 };

        cli_printf(&text, "--wait %s calls until ", wait->id);
        if (wait->success != NULL) {
            put_state(&text, wait->state);
            put_either(&text, wait->success);
        }
        if (wait->success_status != NULL) {
            cli_puts(&text, wait->success != NULL ? ", or the answer is " : "the answer is ");
            put_statuses(&text, wait->success_status);
        }
        if (wait->failure != NULL) {
            cli_puts(&text, "; not any more when ");
            put_state(&text, wait->state);
            put_either(&text, wait->failure);
        }
        cli_printf(&text, "; for %g seconds at most.", wait->maximum_ms / 1000.0);
        cli_put_wrapped(to, cli_str(&text), 0);
        cli_text_free(&text);
    }
}
