/* signals.c -- Ctrl-C and SIGTERM cancel the call at hand. What a handler can reach has to be global. */
#include <signal.h>

#include "cli.h"

static eb_cancel_source *volatile cancel_source;
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
    eb_cancel(cancel_source);
}

/* The second signal of a kind ends the program as it always would. */
eb_cancel_source *cli_signals_catch(void)
{
    struct sigaction  action = { 0 };
    eb_cancel_source *source = NULL;

    if (eb_cancel_source_new(&source) != EB_OK)
        return NULL;
    cancel_source     = source;
    action.sa_handler = on_signal;
    action.sa_flags   = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    return source;
}

void cli_signals_release(void)
{
    eb_cancel_source *source = cancel_source;

    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    cancel_source = NULL;
    eb_cancel_source_free(source);
}

int cli_signal_caught(void)
{
    return (int)caught;
}
