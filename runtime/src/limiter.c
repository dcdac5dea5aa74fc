/* limiter.c -- a token bucket written as the time at which it is full again (the generic cell rate
 * algorithm): one number per budget, moved by compare and swap.
 *
 * A bucket of n requests in s seconds lets n go at once and then one every s/n. A request that must wait
 * has its place already, so that waiting threads go in the order they came and none is passed over. */
#include "limiter.h"

#include <stddef.h>
#include <string.h>

#include "memory.h"

/* The next block, made when it is needed for the first time. */
static eb_limiter *more_of(eb_limiter *limiter, const eb_allocator *allocator)
{
    eb_limiter *more = atomic_load(&limiter->more), *made;

    if (more != NULL)
        return more;
    made = eb__alloc(allocator, sizeof *made);
    if (made == NULL)
        return NULL;
    memset(made, 0, sizeof *made);
    if (atomic_compare_exchange_strong(&limiter->more, &more, made))
        return made;
    eb__release(allocator, made, sizeof *made); /* another thread was faster */
    return more;
}

static _Atomic int64_t *budget_of(eb_limiter *limiter, const eb_allocator *allocator,
                                  const eb_rate_limit *limit)
{
    const uintptr_t wanted = (uintptr_t)limit;

    for (; limiter != NULL; limiter = more_of(limiter, allocator)) {
        for (size_t i = 0; i < EB_LIMITER_BUDGETS; i++) {
            uintptr_t owner = atomic_load(&limiter->budgets[i].owner);

            if (owner == 0 && atomic_compare_exchange_strong(&limiter->budgets[i].owner, &owner, wanted))
                owner = wanted;
            if (owner == wanted)
                return &limiter->budgets[i].free_at_us;
        }
    }
    return NULL;
}

void eb__limiter_free(eb_limiter *limiter, const eb_allocator *allocator)
{
    for (eb_limiter *block = atomic_load(&limiter->more), *next; block != NULL; block = next) {
        next = atomic_load(&block->more);
        eb__release(allocator, block, sizeof *block);
    }
    atomic_store(&limiter->more, NULL);
}

int64_t eb__limiter_take(eb_limiter *limiter, const eb_allocator *allocator,
                         const eb_rate_limit *limit, int64_t now_us, int64_t longest_ms)
{
    _Atomic int64_t *free_at_us;
    int64_t          each_us, full_us, was_us, next_us, wait_ms;

    if (limit == NULL || limit->requests == 0 || limit->seconds == 0)
        return 0;
    free_at_us = budget_of(limiter, allocator, limit);
    if (free_at_us == NULL)
        return 0;
    full_us = (int64_t)limit->seconds * 1000000;
    each_us = full_us / limit->requests;
    was_us  = atomic_load(free_at_us);
    do {
        const int64_t from_us = was_us > now_us ? was_us : now_us;

        next_us = from_us + each_us;
        wait_ms = next_us - now_us <= full_us ? 0 : (next_us - now_us - full_us + 999) / 1000;
        if (longest_ms >= 0 && wait_ms > longest_ms)
            return -1;
    } while (!atomic_compare_exchange_weak(free_at_us, &was_us, next_us));
    return wait_ms;
}
