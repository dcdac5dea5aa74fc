/* edgebind/status.h -- what a call answers.
 *
 * Every function that can fail returns an eb_status. EB_OK is 0, EB_DONE is the end of a list, and
 * failures are negative. The details of a failed call stand in its eb_response (response.h). */
#ifndef EDGEBIND_STATUS_H
#define EDGEBIND_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Every status: name, number, sentence. */
#define EB_STATUS_MAP(X)                                                      \
    X(OK,          0, "success")                                              \
    X(DONE,        1, "no more items")                                        \
    X(INVALID,    -1, "a parameter is missing or not what it must be")        \
    X(NOMEM,      -2, "out of memory")                                        \
    X(NETWORK,    -3, "no usable HTTP response")                              \
    X(MAYBE_SENT, -4, "the request may have been carried out")                \
    X(API,        -5, "the service refused the request")                      \
    X(DECODE,     -6, "the response does not match the document")             \
    X(AUTH,       -7, "credentials are missing or cannot be obtained")        \
    X(TIMEOUT,    -8, "the time allowed is over")                             \
    X(CANCELLED,  -9, "cancelled by the caller")                              \
    X(LIMIT,     -10, "a size, depth or count limit was reached")

/* What a call answers. */
typedef enum eb_status {
#define EB_STATUS_VALUE_(name, number, text) EB_##name = number,
    EB_STATUS_MAP(EB_STATUS_VALUE_)
#undef EB_STATUS_VALUE_
    EB_STATUS_MIN_ = -2147483647 /* not a status: keeps the type at the size of an int */
} eb_status;

/* A sentence for a person, static. A number that is no status gives "unknown status". */
const char *eb_status_text(eb_status status);

/* The constant's own name, "EB_MAYBE_SENT", static. */
const char *eb_status_name(eb_status status);

#ifdef __cplusplus
}
#endif
#endif
