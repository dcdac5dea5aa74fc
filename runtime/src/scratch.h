/* scratch.h -- where the elements of a list wait until their count is known: a stack of chunks that
 * never move, so that an element can be filled in place while lists inside it use the space above.
 * The first chunk is part of the struct, which stands on the C stack. */
#ifndef EB_SCRATCH_H
#define EB_SCRATCH_H

#include <stdalign.h>
#include <stddef.h>

#include "memory.h"

enum { EB_SCRATCH_FIRST_SIZE = 2048 };

typedef struct eb_scratch_chunk {
    struct eb_scratch_chunk *next;
    char                    *data;
    size_t                   size;
    size_t                   used; /* when the top went on to the next one */
} eb_scratch_chunk;

typedef struct eb_scratch {
    const eb_allocator *allocator;
    eb_scratch_chunk   *top;
    char               *at; /* free space of the top chunk */
    char               *end;
    size_t              next_size;
    struct {
        eb_scratch_chunk chunk;
        alignas(max_align_t) char data[EB_SCRATCH_FIRST_SIZE];
    } first;
} eb_scratch;

/* Where a list begins. */
typedef struct eb_scratch_mark {
    eb_scratch_chunk *chunk;
    char             *before; /* the top before the list was aligned */
    char             *start;
} eb_scratch_mark;

/* expected: how many bytes may be wanted. */
void eb__scratch_init(eb_scratch *scratch, const eb_allocator *allocator, size_t expected);
void eb__scratch_free(eb_scratch *scratch); /* wipes */

eb_scratch_mark eb__scratch_begin(eb_scratch *scratch);

/* Room for the next element, of the same size for a whole list, cleared; NULL: out of memory. */
void *eb__scratch_push(eb_scratch *scratch, size_t size);

/* Copies all elements since the mark, one behind the other. */
void eb__scratch_copy(const eb_scratch *scratch, const eb_scratch_mark *mark, void *to);

/* Forgets everything since the mark. */
void eb__scratch_end(eb_scratch *scratch, const eb_scratch_mark *mark);

#endif
