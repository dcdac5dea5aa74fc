/* scratch.c -- a stack of chunks that never move, see scratch.h. Chunks once made are kept for the
 * next list until the end. */
#include "scratch.h"

#include <stdint.h>
#include <string.h>

enum { ALIGNMENT = alignof(max_align_t), CHUNK_SIZE = 16 * 1024, CHUNK_MAX = 1024 * 1024 };

static size_t rounded(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t head_size(void)
{
    return rounded(sizeof(eb_scratch_chunk));
}

void eb__scratch_init(eb_scratch *scratch, const eb_allocator *allocator, size_t expected)
{
    scratch->allocator        = allocator;
    scratch->first.chunk.next = NULL;
    scratch->first.chunk.data = scratch->first.data;
    scratch->first.chunk.size = EB_SCRATCH_FIRST_SIZE;
    scratch->first.chunk.used = 0;
    scratch->top              = &scratch->first.chunk;
    scratch->at               = scratch->first.data;
    scratch->end              = scratch->first.data + EB_SCRATCH_FIRST_SIZE;
    scratch->next_size        = rounded(expected < CHUNK_MAX ? expected : CHUNK_MAX);
    if (scratch->next_size < CHUNK_SIZE)
        scratch->next_size = CHUNK_SIZE;
}

void eb__scratch_free(eb_scratch *scratch)
{
    eb_scratch_chunk *at = scratch->first.chunk.next, *next;

    for (; at != NULL; at = next) {
        next = at->next;
        eb__release(scratch->allocator, at, head_size() + at->size);
    }
    eb__wipe(&scratch->first, sizeof scratch->first);
}

eb_scratch_mark eb__scratch_begin(eb_scratch *scratch)
{
    eb_scratch_mark mark = { scratch->top, scratch->at, scratch->at };
    const size_t    past = (size_t)((uintptr_t)scratch->at % ALIGNMENT);

    if (past > 0) {
        const size_t room = (size_t)(scratch->end - scratch->at);

        scratch->at += ALIGNMENT - past < room ? ALIGNMENT - past : room;
    }
    mark.start = scratch->at;
    return mark;
}

/* Goes on to a chunk with room for size bytes. */
static int next_chunk(eb_scratch *scratch, size_t size)
{
    eb_scratch_chunk *next   = scratch->top->next;
    size_t            wanted = scratch->next_size;

    if (next == NULL || next->size < size) {
        while (wanted < size)
            wanted = wanted > SIZE_MAX / 4 ? size : wanted * 2;
        next = eb__alloc(scratch->allocator, head_size() + wanted);
        if (next == NULL)
            return 0;
        next->data         = (char *)next + head_size();
        next->size         = wanted;
        next->next         = scratch->top->next;
        scratch->top->next = next;
        if (scratch->next_size < CHUNK_MAX)
            scratch->next_size *= 2;
    }
    scratch->top->used = (size_t)(scratch->at - scratch->top->data);
    next->used         = 0;
    scratch->top       = next;
    scratch->at        = next->data;
    scratch->end       = scratch->at + next->size;
    return 1;
}

void *eb__scratch_push(eb_scratch *scratch, size_t size)
{
    void *made;

    if (size > (size_t)(scratch->end - scratch->at) && !next_chunk(scratch, size))
        return NULL;
    made = scratch->at;
    scratch->at += size;
    memset(made, 0, size);
    return made;
}

void eb__scratch_copy(const eb_scratch *scratch, const eb_scratch_mark *mark, void *to)
{
    eb_scratch_chunk *chunk = mark->chunk;
    const char       *from  = mark->start;
    char             *out   = to;

    while (chunk != scratch->top) {
        const size_t len = (size_t)(chunk->data + chunk->used - from);

        memcpy(out, from, len);
        out += len;
        chunk = chunk->next;
        from  = chunk->data;
    }
    memcpy(out, from, (size_t)(scratch->at - from));
}

void eb__scratch_end(eb_scratch *scratch, const eb_scratch_mark *mark)
{
    scratch->top = mark->chunk;
    scratch->at  = mark->before;
    scratch->end = mark->chunk->data + mark->chunk->size;
}
