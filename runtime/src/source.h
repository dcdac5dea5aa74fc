/* source.h -- the bytes of a request body, in pieces: text we made, and what the caller uploads. It can be
 * read from any offset, as often as there are attempts, and never sits in memory as a whole. */
#ifndef EB_SOURCE_H
#define EB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/body.h"
#include "edgebind/memory.h"
#include "edgebind/parts.h"
#include "problem.h"

enum {
    EB_SOURCE_PIECES     = 64,
    EB_SOURCE_PIECES_MAX = 16384
}; /* at first; a file of a form takes two */

typedef struct eb_piece {
    eb_body  body;       /* MEMORY borrows; FILE has its size */
    int      descriptor; /* of a FILE; -1 otherwise */
    uint64_t start;      /* where it begins in the whole */
} eb_piece;

typedef struct eb_source {
    const eb_allocator *allocator;
    eb_piece           *pieces;
    size_t              count, room;
    uint64_t            size;
    eb_problem         *problem; /* where a failed read says why */
} eb_source;

#if EB_PART_UPLOADS
void eb__source_init(eb_source *source, const eb_allocator *allocator, eb_problem *problem);
void eb__source_close(eb_source *source);

/* Adds bytes that stay where they are, or what a caller uploads, whose file is opened. name is the member,
 * for the problem. EB_OK, EB_INVALID, EB_LIMIT or EB_NOMEM. */
eb_status eb__source_add_text(eb_source *source, const char *text, size_t len);
eb_status eb__source_add_body(eb_source *source, const eb_body *body, const char *name);

/* As eb_exchange's read: context is the source. */
int64_t eb__source_read(void *context, uint64_t offset, void *buffer, size_t size);
#else
#define eb__source_init(source, allocator, problem) ((void)(source), (void)(problem))
#define eb__source_close(source)                    ((void)(source))
#define eb__source_read(source, at, buffer, size)   ((void)(at), (void)(buffer), INT64_C(0))
#endif

#endif
