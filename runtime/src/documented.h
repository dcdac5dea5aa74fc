/* documented.h -- answers as the document tells them apart: by status, and each with its type; headers too. */
#ifndef EB_DOCUMENTED_H
#define EB_DOCUMENTED_H

#include "call.h"

/* What the last answer said besides the result: a response points at it. */
typedef struct eb_answered {
    const char      *operation; /* C name */
    const eb_answer *row;       /* NULL: none */
    const void      *value;     /* of row->type; NULL: the result, or not readable */
    const void      *headers;   /* of operation->headers; NULL */
} eb_answered;

/* The row that a status falls under; NULL: there is none. */
const eb_answer *eb__documented_row(const eb_operation *operation, int status);

/* Is it a success as far as its status tells, for this API? */
bool eb__is_success(const eb_api *api, int status);

/* Is the media type one of JSON? -1: it is missing, or says nothing. */
int eb__is_json(const char *content_type);

/* Has Content-Type this media type? */
bool eb__is_media(const char *content_type, const char *media);

/* Reads headers and, after a failure, the body as far as the document has types for them. EB_OK or EB_NOMEM:
 * what is not as documented is absent. */
eb_status eb__documented_headers(eb_call *call);
eb_status eb__documented_failure(eb_call *call);

/* The type a success is to be decoded as; NULL: it is left as it came. *is_result: it is the result. */
const eb_type *eb__documented_success(const eb_call *call, bool *is_result);

/* Keeps the value of a success that is not the result. EB_OK or EB_NOMEM. */
eb_status eb__documented_keep(eb_call *call, const void *value);

/* Headers as a struct in the arena, by its rows; NULL: out of memory. */
const void *eb__headers_decode(const eb_type *type, const eb_header *headers, size_t count,
                               eb_arena *arena);

#endif
