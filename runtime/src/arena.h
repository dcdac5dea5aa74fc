/* arena.h -- memory that is given out piece by piece and released all at once: what an eb_response
 * holds. Blocks double in size up to a megabyte; larger pieces get a block of their own. */
#ifndef EB_ARENA_H
#define EB_ARENA_H

#include <stddef.h>

#include "edgebind/memory.h"

typedef struct eb_arena eb_arena;

/* hint: how much will be wanted at first; 0: unknown. NULL: out of memory. The allocator is
 * copied. */
eb_arena *eb__arena_new(const eb_allocator *allocator, size_t hint);
/* The same in memory of the caller to begin with, aligned for any type and larger than 1 KB, which is wiped
 * when the arena is freed and must outlive it. Never fails. */
eb_arena *eb__arena_new_on(const eb_allocator *allocator, void *first, size_t first_size);
void      eb__arena_free(eb_arena *arena); /* wipes; NULL is fine */

/* size bytes, aligned for any type, not cleared. NULL: out of memory, which the arena remembers. */
void *eb__arena_alloc(eb_arena *arena, size_t size);
void *eb__arena_zalloc(eb_arena *arena, size_t size);
/* As eb__arena_alloc without alignment, for text. */
char *eb__arena_text(eb_arena *arena, size_t size);
/* A copy with a NUL behind it; NULL: out of memory. */
char *eb__arena_dup(eb_arena *arena, const char *text, size_t len);

/* Hands over a block of the same allocator: it is released with the arena. False: out of memory,
 * the block stays the caller's. */
int eb__arena_adopt(eb_arena *arena, void *data, size_t size);

/* Says that about size bytes more will be wanted, so that the next block is not too small. */
void eb__arena_expect(eb_arena *arena, size_t size);

/* Did any allocation fail? */
int eb__arena_failed(const eb_arena *arena);

const eb_allocator *eb__arena_allocator(const eb_arena *arena);

#endif
