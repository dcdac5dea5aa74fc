/* allocator.c -- memory of your own for one client: counted, and bounded. */
#include <stdatomic.h>
#include <stdlib.h>

#include "guide.h"

/* [allocator] */
typedef struct budget {
    atomic_size_t held; /* called from every thread that uses the client */
    size_t        limit;
} budget;

static void *take(void *context, size_t size)
{
    budget *b = context;

    if (atomic_fetch_add(&b->held, size) + size > b->limit) {
        atomic_fetch_sub(&b->held, size);
        return NULL; /* the call answers EB_NOMEM, and nothing leaks */
    }
    return malloc(size);
}

static void give_back(void *context, void *block, size_t size)
{
    budget *b = context;

    atomic_fetch_sub(&b->held, size); /* the block was overwritten already: it may have held secrets */
    free(block);
}
/* [/allocator] */

int main(void)
{
    /* [client] */
    budget             b         = { .limit = 256 * 1024 };
    const eb_allocator allocator = { .allocate = take, .release = give_back, .context = &b };
    eb_client         *client    = NULL;

    if (eb_client_new(&(eb_client_options){ .api       = &edgegap_api,
                                            .base_url  = getenv("EDGEBIND_MOCK_URL"),
                                            .allocator = &allocator },
                      &client) != EB_OK)
        return 1;
    /* [/client] */

    int failed = make_version(client, "shooter", "1.4.0") != EB_OK;

    printf("%zu bytes held by the client\n", atomic_load(&b.held));
    failed += atomic_load(&b.held) == 0;

    /* [dup] */
    eb_response                response = { 0 };
    const edgegap_application *app      = NULL;
    edgegap_application       *kept     = NULL;

    if (edgegap_application_get(client, &(edgegap_application_get_params){ .app_name = "shooter" },
                                &app, &response) == EB_OK)
        kept = edgegap_application_dup(app); /* one block of malloc, with all it points at */
    eb_response_free(&response);
    eb_client_free(client);
    if (kept != NULL)
        printf("%s, after the client is gone\n", kept->name);
    /* [/dup] */
    failed += kept == NULL;
    free(kept);
    failed += atomic_load(&b.held) != 0; /* everything came back */
    return failed;
}
