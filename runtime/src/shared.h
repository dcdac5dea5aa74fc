/* shared.h -- what clients may have in common. A client that was given nothing has one of its own, so that there is
 * but one way to the quota, the limiter and libcurl's caches. */
#ifndef EB_SHARED_H
#define EB_SHARED_H

#include <pthread.h>
#include <stdatomic.h>

#include "edgebind/client.h"
#include "limiter.h"
#include "quota.h"

struct eb_shared {
    eb_allocator          allocator;
    atomic_size_t         owners; /* whoever made it, and every client that has it */
    eb_limiter            limiter;
    eb_quota              quota;
    pthread_mutex_t       lock;
    struct eb_curl_share *curl; /* made for the first client that wants it */
};

/* One owner more. */
eb_shared *eb__shared_keep(eb_shared *shared);

/* The part that is libcurl's; NULL: out of memory. It lives as long as the rest. */
struct eb_curl_share *eb__shared_curl(eb_shared *shared);

#endif
