/* cancelling.c -- a bound on time, and an end from outside: from another thread, from a signal handler. */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "guide.h"

/* [signal] */
static eb_cancel_source *on_interrupt; /* made before the handler is installed */

static void interrupted(int number)
{
    (void)number;
    eb_cancel(on_interrupt); /* async-signal-safe */
}
/* [/signal] */

/* [thread] */
static void *cancel_soon(void *source)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
    eb_cancel(source); /* the call ends within milliseconds, whatever it waits for */
    return NULL;
}
/* [/thread] */

int main(void)
{
    eb_client  *client   = edgegap_client(); /* the mock answers this program after a second */
    eb_response response = { 0 };
    int         failed   = 0;
    pthread_t   thread;

    /* [deadline] */
    const edgegap_application_get_params soon = {
        .app_name = "shooter",
        .options = &(eb_call_options){ .deadline_ms = 100 }, /* all attempts, waits and the connection together */
    };
    eb_status st = edgegap_application_get(client, &soon, NULL, &response);

    if (st == EB_TIMEOUT)
        printf("too slow: %s\n", response.message);
    /* [/deadline] */
    failed += st != EB_TIMEOUT;

    /* [cancel] */
    eb_cancel_source *source = NULL;

    if (eb_cancel_source_new(&source) != EB_OK)
        return 1;
    pthread_create(&thread, NULL, cancel_soon, source);

    const edgegap_application_get_params endable = { .app_name = "shooter",
                                                     .options = &(eb_call_options){ .cancel = source } };

    st = edgegap_application_get(client, &endable, NULL, &response);
    pthread_join(thread, NULL);
    if (st == EB_CANCELLED)
        puts("cancelled; and so is every further call with this source, until it is reset");
    eb_cancel_reset(source);
    eb_cancel_source_free(source);
    /* [/cancel] */
    failed += st != EB_CANCELLED;

    if (eb_cancel_source_new(&on_interrupt) != EB_OK)
        return 1;
    signal(SIGINT, interrupted);
    raise(SIGINT);
    st = edgegap_application_get(client,
                                 &(edgegap_application_get_params){
                                     .app_name = "shooter",
                                     .options  = &(eb_call_options){ .cancel = on_interrupt } },
                                 NULL, &response);
    failed += st != EB_CANCELLED;
    eb_cancel_source_free(on_interrupt);

    /* [unclear] */
    const edgegap_application_create_params unsafe = {
        .body    = &(edgegap_application_create_body){ .name      = "shooter",
                                                       .is_active = EB_BOOL(true),
                                                       .image     = "aQ==" },
        .options = &(eb_call_options){ .deadline_ms = 100 },
    };

    st = edgegap_application_create(client, &unsafe, NULL, &response);
    if (st == EB_MAYBE_SENT) /* it must not be repeated, and it had left when the time was over */
        printf("unclear, because of %s\n", eb_status_name(response.cause));
    /* [/unclear] */
    failed += st != EB_MAYBE_SENT || response.cause != EB_TIMEOUT;
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
