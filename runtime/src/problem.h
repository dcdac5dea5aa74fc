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

/* Put one step more in front of the path, on the way out of a nested value: a member's name (NULL
 * or "": none), a list's index, a map's key. */
void eb__problem_member(eb_problem *problem, const char *name);
void eb__problem_index(eb_problem *problem, size_t index);
void eb__problem_key(eb_problem *problem, const char *key);

/* Puts the whole path in front of the text: "expected a string" becomes "ports[2].protocol:
 * expected a string". Once, at the end of the way. */
void eb__problem_name(eb_problem *problem);

/* Makes len bytes fit for a line that is shown to a person: what is a control character or no UTF-8 becomes
 * '?'. eb__problem_set does it with every text. */
void eb__problem_plain(char *text, size_t len);

/* The first len bytes of a foreign text, made plain; what is too long for size is cut between two characters
 * and ends in "...". */
void eb__problem_quote(char *to, size_t size, const char *text, size_t len);

#endif
