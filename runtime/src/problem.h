/* problem.h -- what went wrong, in words, without allocating: the member's path and one line. */
#ifndef EB_PROBLEM_H
#define EB_PROBLEM_H

#include <stddef.h>

#include "edgebind/status.h"

typedef struct eb_problem {
    eb_status status;
    size_t    offset;     /* decode: byte offset in the text */
    char      field[200]; /* "ports[2].protocol"; cut at the front with "..." when longer */
    char      text[400];  /* "ports[2].protocol: expected a string, got number" */
} eb_problem;

/* Sets status and text (field stays as it is, or "" when it was never set) and returns status. */
eb_status eb__problem_set(eb_problem *problem, eb_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

#endif
