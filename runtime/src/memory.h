/* memory.h -- blocks from the client's allocator. Every block is wiped before it goes back. */
#ifndef EB_MEMORY_H
#define EB_MEMORY_H

#include <stddef.h>

#include "edgebind/memory.h"

/* NULL: out of memory. allocator NULL is malloc and free. size 0 gives NULL. */
void *eb__alloc(const eb_allocator *allocator, size_t size);

/* Wipes and releases; block NULL is fine. size as it was asked for. */
void eb__release(const eb_allocator *allocator, void *block, size_t size);

/* Overwrites in a way no compiler leaves out. */
void eb__wipe(void *data, size_t size);

/* Blocks that the caller releases with free(), for _dup, eb_base64_file and cJSON text. */
void *eb__user_alloc(size_t size);
void  eb__user_free(void *block);

#endif
