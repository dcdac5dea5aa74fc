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

/* Reads headers as far as the document has types for them. EB_OK or EB_NOMEM: what is not as documented is absent. */
#if EB_PART_HEADERS
eb_status eb__documented_headers(eb_call *call);

/* Headers as a struct in the arena, by its rows; NULL: out of memory. */
const void *eb__headers_decode(const eb_type *type, const eb_header *headers, size_t count,
                               eb_arena *arena);
#else
#define eb__documented_headers(call) ((void)(call), EB_OK)
#endif

/* The same for the body of a failure; the type a success is to be decoded as, NULL: it is left as it came, and
 * *is_result: it is the result; keeps the value of a success that is not the result: EB_OK or EB_NOMEM. */
#if EB_PART_ANSWERS
eb_status      eb__documented_failure(eb_call *call);
const eb_type *eb__documented_success(const eb_call *call, bool *is_result);
eb_status      eb__documented_keep(eb_call *call, const void *value);
#else
#define eb__documented_failure(call)            ((void)(call), EB_OK)
#define eb__documented_success(call, is_result) (*(is_result) = true, (call)->in.operation->result)
#define eb__documented_keep(call, value)        ((void)(call), (void)(value), EB_OK)
#endif

#endif
