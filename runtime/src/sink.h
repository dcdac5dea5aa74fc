/* sink.h -- the body of a success on its way to where the caller wants it. */
#ifndef EB_SINK_PRIVATE_H
#define EB_SINK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/memory.h"
#include "edgebind/sink.h"
#include "problem.h"

typedef struct eb_drain {
    const eb_sink      *sink; /* NULL: the body goes to memory */
    const eb_allocator *allocator;
    char               *part; /* path of the file that is being written; NULL: none */
    size_t              part_size;
    int                 descriptor;
    uint64_t            written; /* in this attempt */
} eb_drain;

/* Makes ready; a file is made. EB_OK, EB_INVALID or EB_NOMEM. */
eb_status eb__drain_open(eb_drain *drain, const eb_sink *sink, const eb_allocator *allocator,
                         eb_problem *problem);

/* EB_OK, EB_INVALID, or EB_LIMIT. */
eb_status eb__drain_put(eb_drain *drain, const void *data, size_t size, eb_problem *problem);

/* Could another attempt be made after what was written? */
bool eb__drain_can_restart(const eb_drain *drain);

/* Begins again. */
eb_status eb__drain_restart(eb_drain *drain, eb_problem *problem);

/* All is there: a file gets its name. */
eb_status eb__drain_finish(eb_drain *drain, eb_problem *problem);

/* Lets go; what was not finished is removed. */
void eb__drain_close(eb_drain *drain);

#endif
