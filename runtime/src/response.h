/* response.h -- how the rest of the runtime fills an eb_response. */
#ifndef EB_RESPONSE_PRIVATE_H
#define EB_RESPONSE_PRIVATE_H

#include "arena.h"
#include "edgebind/response.h"
#include "problem.h"

/* Drops the old contents and gives the response an arena; texts are "" afterwards. EB_OK or EB_NOMEM,
 * in which case the response can still be read and freed. */
eb_status eb__response_reset(eb_response *response, const eb_allocator *allocator);

/* Gives the response an arena if it has none, and keeps what it holds. */
eb_status eb__response_open(eb_response *response, const eb_allocator *allocator);

/* Puts a problem's field and text into the response; returns its status. */
eb_status eb__response_problem(eb_response *response, const eb_problem *problem);

/* The message, printed into the arena; a static text when memory is out. */
void eb__response_message(eb_response *response, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
