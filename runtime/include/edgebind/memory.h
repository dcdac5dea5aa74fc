/* edgebind/memory.h -- where the library's memory comes from.
 *
 * A client takes its memory from one allocator, by default malloc and free. Every block is
 * overwritten before it is released, because requests and responses hold secrets. The functions are
 * called from every thread that uses the client, so they must be safe for that. */
#ifndef EDGEBIND_MEMORY_H
#define EDGEBIND_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Two functions, and what they are called with. */
typedef struct eb_allocator {
    /* Returns size bytes (never 0) aligned for any type, or NULL. */
    void *(*allocate)(void *context, size_t size);
    /* Takes back a block of allocate with the size that it was asked for. Never called with NULL. */
    void (*release)(void *context, void *block, size_t size);
    void *context;
} eb_allocator;

#ifdef __cplusplus
}
#endif
#endif
