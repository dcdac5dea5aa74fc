/* threads.c -- one client, many threads: each with a response and a pager of its own. */
#include <pthread.h>

#include "guide.h"

enum { THREADS = 8, CALLS = 20 };

typedef struct worker {
    pthread_t  thread;
    eb_client *client; /* shared */
    int        good;
} worker;

/* [worker] */
static void *work(void *context)
{
    worker     *w        = context;
    eb_response response = { 0 }; /* one thread at a time, reused by its calls */

    for (int i = 0; i < CALLS; i++) {
        const edgegap_application *app = NULL;

        if (edgegap_application_get(w->client, &(edgegap_application_get_params){ .app_name = "shooter" },
                                    &app, &response) == EB_OK &&
            app != NULL)
            w->good++;
    }
    eb_response_free(&response);
    return NULL;
}
/* [/worker] */

int main(void)
{
    /* [main] */
    eb_client *client = edgegap_client(); /* made by one thread, before the others begin */
    worker     workers[THREADS];
    int        good = 0;

    if (make_version(client, "shooter", "1.4.0") != EB_OK)
        return 1;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){ .client = client };
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        good += workers[i].good;
    }
    eb_client_free(client); /* when no call is running any more */
    /* [/main] */
    printf("%d calls of %d threads\n", good, THREADS);
    return good == THREADS * CALLS ? 0 : 1;
}
