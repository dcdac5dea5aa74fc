/* limiter.h -- keeping below a provider's documented rate without asking it: one budget per rate limit of
 * the documents, shared by all threads of a client, without locks. */
#ifndef EB_LIMITER_H
#define EB_LIMITER_H

#include <stdatomic.h>
#include <stdint.h>

#include "edgebind/generated.h"
#include "edgebind/memory.h"

enum { EB_LIMITER_BUDGETS = 16 }; /* of a block; few APIs have more */

/* Zeroes are a fresh limiter. */
typedef struct eb_limiter {
    struct {
        _Atomic int64_t  free_at_us; /* first, so that { 0 } is fine for clang */
        atomic_uintptr_t owner;      /* the limit's address; 0: free */
    } budgets[EB_LIMITER_BUDGETS];
    struct eb_limiter *_Atomic more;
} eb_limiter;

/* Takes one request out of the budget and says how many milliseconds to wait before sending it. -1: it would
 * be longer than longest_ms (-1: no bound), and nothing was taken. now_us is of a clock that never goes back.
 * limit NULL, or one of zero requests or seconds: no wait; without memory for a further block neither, the service is
 * the limit then. */
int64_t eb__limiter_take(eb_limiter *limiter, const eb_allocator *allocator,
                         const eb_rate_limit *limit, int64_t now_us, int64_t longest_ms);

/* Releases what was allocated, not the limiter itself. */
void eb__limiter_free(eb_limiter *limiter, const eb_allocator *allocator);

#endif
