/* response.h -- how the rest of the runtime fills an eb_response. */
#ifndef EB_RESPONSE_PRIVATE_H
#define EB_RESPONSE_PRIVATE_H

#include "arena.h"
#include "edgebind/response.h"
#include "problem.h"

/* Drops the old contents and gives the response an arena; texts are "" afterwards. EB_OK or EB_NOMEM,
 * in which case the response can still be read and freed. */
eb_status eb__response_reset(eb_response *response, const eb_allocator *allocator);

/* Takes the old contents away from the response, which is { 0 } then. Whoever takes them frees them once
 * nothing that the caller passed in can point into them any more. */
eb_arena *eb__response_take(eb_response *response);

/* Gives the response an arena if it has none, and keeps all it says and holds. */
eb_status eb__response_open(eb_response *response, const eb_allocator *allocator);

/* Makes the texts "" and the numbers 0 for what is to come; the arena and what lives in it stay. */
void eb__response_blank(eb_response *response);

/* Drops everything and says why there was no call, without taking memory. message is static; a response
 * of NULL is left alone. Returns the status. */
eb_status eb__response_refuse(eb_response *response, eb_status status, const char *message);

/* Puts a problem's field and text into the response; returns its status. */
eb_status eb__response_problem(eb_response *response, const eb_problem *problem);

/* The message, printed into the arena; a static text when memory is out. */
void eb__response_message(eb_response *response, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
