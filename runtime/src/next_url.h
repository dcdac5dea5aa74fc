/* next_url.h -- the URL of a further page, as an answer gave it. */
#ifndef EB_NEXT_URL_H
#define EB_NEXT_URL_H

#include <stddef.h>

#include "buf.h"
#include "client.h"
#include "problem.h"

/* What a walk began with. */
typedef struct eb_walked {
    const eb_client    *client;
    const eb_operation *operation;
    const void         *params;
    const char         *page; /* the URL of the page that the answer is, without credentials */
} eb_walked;

/* Puts into out the URL that a reference in an answer leads to. Only one of the page's own scheme, host and port is
 * given: credentials go along. Keys that the call will add are left out of its query, "." and ".." of its path.
 * named is what holds the reference, "next", for the problem. EB_OK, EB_NOMEM; EB_LIMIT: too long; EB_DECODE: no URL, or
 * somebody else's. */
eb_status eb__next_url(eb_buf *out, const eb_walked *walked, const char *named,
                       const char *reference, size_t len, eb_problem *problem);

#endif
