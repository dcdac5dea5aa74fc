/* shared.c -- a counted set of what clients have in common; the last owner releases it. */
#include "shared.h"

#include <string.h>

#include "client.h"
#include "memory.h"

eb_status eb_shared_new(const eb_allocator *allocator, eb_shared **shared)
{
    eb_shared *made;

    if (shared == NULL ||
        (allocator != NULL && (allocator->allocate == NULL) != (allocator->release == NULL)))
        return EB_INVALID;
    made = eb__alloc(allocator, sizeof *made);
    if (made == NULL)
        return EB_NOMEM;
    memset(made, 0, sizeof *made);
    if (allocator != NULL)
        made->allocator = *allocator;
    atomic_init(&made->owners, 1);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        eb__release(allocator, made, sizeof *made);
        return EB_NOMEM;
    }
    *shared = made;
    return EB_OK;
}

eb_shared *eb__shared_keep(eb_shared *shared)
{
    atomic_fetch_add(&shared->owners, 1);
    return shared;
}

void eb_shared_free(eb_shared *shared)
{
    eb_allocator allocator;

    if (shared == NULL || atomic_fetch_sub(&shared->owners, 1) > 1)
        return;
    eb__curl_share_free(shared->curl);
    (void)pthread_mutex_destroy(&shared->lock);
    allocator = shared->allocator;
    eb__limiter_free(&shared->limiter, &allocator);
    eb__release(&allocator, shared, sizeof *shared);
}

struct eb_curl_share *eb__shared_curl(eb_shared *shared)
{
    struct eb_curl_share *curl;

    (void)pthread_mutex_lock(&shared->lock);
    if (shared->curl == NULL)
        shared->curl = eb__curl_share_new(&shared->allocator);
    curl = shared->curl;
    (void)pthread_mutex_unlock(&shared->lock);
    return curl;
}
