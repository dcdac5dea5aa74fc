/* memory.c -- the one place that takes and gives back memory. Blocks of the client's allocator are
 * wiped on their way back; blocks for the user come from malloc, whatever the client's allocator
 * is. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { WIPE_PART = 1024 };

void *eb__alloc(const eb_allocator *allocator, size_t size)
{
    if (size == 0)
        return NULL;
    if (allocator == NULL || allocator->allocate == NULL)
        return malloc(size);
    return allocator->allocate(allocator->context, size);
}

void eb__release(const eb_allocator *allocator, void *block, size_t size)
{
    if (block == NULL)
        return;
    eb__wipe(block, size);
    if (allocator == NULL || allocator->allocate == NULL)
        free(block);
    else
        allocator->release(allocator->context, block, size);
}

void eb__wipe(void *data, size_t size)
{
    /* A call through a volatile pointer may do anything, so no compiler leaves it out. Small parts
     * keep memset on its path for them, which is as fast and starts at once. */
    void *(*const volatile fill)(void *, int, size_t) = memset;
    char *at                                          = data;

    for (; size > WIPE_PART; at += WIPE_PART, size -= WIPE_PART)
        fill(at, 0, WIPE_PART);
    if (size > 0)
        fill(at, 0, size);
}

void *eb__user_alloc(size_t size)
{
    return size == 0 ? NULL : malloc(size);
}

void eb__user_free(void *block)
{
    free(block);
}
