/* arena.c -- memory given out piece by piece, see arena.h. A block is used from both ends: aligned
 * pieces go up from its start, text comes down from its end, so that neither pays for the other. */
#include "arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "memory.h"

enum {
    ALIGNMENT  = alignof(max_align_t),
    FIRST_SIZE = 4096,
    LAST_SIZE  = 1024 * 1024,
    /* Beyond this part of a block a piece that does not fit gets a block of its own. */
    OWN_BLOCK_PART = 4
};

/* Any block that goes with the arena. Our own begin with this; an adopted one has it in a piece. */
typedef struct block {
    struct block *next;
    void         *data;
    size_t        size;
} block;

struct eb_arena {
    eb_allocator allocator;
    block       *blocks;
    char        *low; /* free space of the current block */
    char        *high;
    size_t       next_size;
    int          failed;
    bool         borrowed; /* the first block is the caller's */
    block        first;
};

static size_t rounded(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static eb_arena *prepare(void *memory, size_t size, const eb_allocator *allocator)
{
    eb_arena *arena = memory;

    memset(arena, 0, sizeof *arena);
    if (allocator != NULL)
        arena->allocator = *allocator;
    arena->first.data = arena;
    arena->first.size = size;
    arena->blocks     = &arena->first;
    arena->low        = (char *)arena + rounded(sizeof *arena);
    arena->high       = (char *)arena + size;
    arena->next_size  = size * 2 < LAST_SIZE ? size * 2 : LAST_SIZE;
    return arena;
}

eb_arena *eb__arena_new(const eb_allocator *allocator, size_t hint)
{
    size_t    size = rounded(sizeof(eb_arena));
    eb_arena *arena;

    if (hint > LAST_SIZE - size)
        hint = LAST_SIZE - size;
    size  = size + hint < FIRST_SIZE ? FIRST_SIZE : rounded(size + hint);
    arena = eb__alloc(allocator, size);
    return arena != NULL ? prepare(arena, size, allocator) : NULL;
}

eb_arena *eb__arena_new_on(const eb_allocator *allocator, void *first, size_t first_size)
{
    eb_arena *arena = prepare(first, first_size, allocator);

    arena->borrowed  = true;
    arena->next_size = FIRST_SIZE;
    return arena;
}

void eb__arena_free(eb_arena *arena)
{
    eb_allocator allocator;
    block       *at, *next;
    bool         borrowed;

    if (arena == NULL)
        return;
    allocator = arena->allocator;
    borrowed  = arena->borrowed;
    /* The newest come first, so a block outlives the notes about adopted ones that stand in it. */
    for (at = arena->blocks; at != NULL; at = next) {
        next = at->next;
        if (next == NULL && borrowed)
            eb__wipe(at->data, at->size);
        else
            eb__release(&allocator, at->data, at->size);
    }
}

/* A new block of size bytes, in the list. */
static block *add_block(eb_arena *arena, size_t size)
{
    block *made = eb__alloc(&arena->allocator, size);

    if (made == NULL)
        return NULL;
    made->data    = made;
    made->size    = size;
    made->next    = arena->blocks;
    arena->blocks = made;
    return made;
}

/* A piece when the current block has no room for it: from a block of its own when it is large, from
 * the next block otherwise. */
static void *alloc_elsewhere(eb_arena *arena, size_t size, bool text)
{
    const size_t head = rounded(sizeof(block));
    block       *made;

    if (size > SIZE_MAX / 2) {
        arena->failed = 1;
        return NULL;
    }
    if (size > arena->next_size / OWN_BLOCK_PART) {
        made = add_block(arena, head + rounded(size));
        if (made != NULL)
            return (char *)made + head;
        arena->failed = 1;
        return NULL;
    }
    made = add_block(arena, arena->next_size);
    if (made == NULL) {
        arena->failed = 1;
        return NULL;
    }
    arena->low  = (char *)made + head;
    arena->high = (char *)made + made->size;
    if (arena->next_size < LAST_SIZE)
        arena->next_size *= 2;
    return text ? eb__arena_text(arena, size) : eb__arena_alloc(arena, size);
}

void *eb__arena_alloc(eb_arena *arena, size_t size)
{
    const size_t room = (size_t)(arena->high - arena->low);
    char        *made = arena->low;

    if (size == 0)
        size = 1;
    if (size > room || rounded(size) > room)
        return alloc_elsewhere(arena, size, false);
    arena->low = made + rounded(size);
    return made;
}

void *eb__arena_zalloc(eb_arena *arena, size_t size)
{
    void *made = eb__arena_alloc(arena, size);

    if (made != NULL)
        memset(made, 0, size);
    return made;
}

char *eb__arena_text(eb_arena *arena, size_t size)
{
    if (size > (size_t)(arena->high - arena->low))
        return alloc_elsewhere(arena, size, true);
    arena->high -= size;
    return arena->high;
}

char *eb__arena_dup(eb_arena *arena, const char *text, size_t len)
{
    char *made = len < SIZE_MAX ? eb__arena_text(arena, len + 1) : NULL;

    if (made == NULL)
        return NULL;
    if (len > 0)
        memcpy(made, text, len);
    made[len] = '\0';
    return made;
}

int eb__arena_adopt(eb_arena *arena, void *data, size_t size)
{
    block *note = eb__arena_alloc(arena, sizeof(block));

    if (note == NULL)
        return 0;
    note->data    = data;
    note->size    = size;
    note->next    = arena->blocks;
    arena->blocks = note;
    return 1;
}

void eb__arena_expect(eb_arena *arena, size_t size)
{
    const size_t wanted = rounded(sizeof(block)) + (size < LAST_SIZE ? rounded(size) : LAST_SIZE);

    if (size > (size_t)(arena->high - arena->low) && wanted > arena->next_size)
        arena->next_size = wanted < LAST_SIZE ? wanted : LAST_SIZE;
}

int eb__arena_failed(const eb_arena *arena)
{
    return arena->failed;
}

const eb_allocator *eb__arena_allocator(const eb_arena *arena)
{
    return &arena->allocator;
}
