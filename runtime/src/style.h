/* style.h -- a value written as OpenAPI's styles want it, in a path, a query, a header, a cookie or a form.
 * Pure: JSON in, text out. The styles are those of RFC 6570, and the bracketed names that forms know. */
#ifndef EB_STYLE_H
#define EB_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "edgebind/generated.h"
#include "problem.h"

/* Where and how a value is written. */
typedef struct eb_styled {
    const char *name; /* on the wire */
    uint8_t     in;   /* EB_IN_PATH, _QUERY, _HEADER, _COOKIE, or EB_IN_BODY for a form */
    uint8_t     style;
    bool        explode;
} eb_styled;

/* Appends a scalar's text. In a query, a form or a cookie it goes behind what is there already. EB_OK; EB_INVALID: the
 * place cannot hold it, and the problem says why, without the member's path. Whether there was memory is asked of the
 * buffer. */
eb_status eb__style_text(eb_buf *out, const eb_styled *how, const char *text, size_t len,
                         eb_problem *problem);

/* The same for one valid JSON value of any kind: lists and objects by the style, what is nested in them as JSON text
 * but for deepObject, nulls left out. EB_DONE: there was nothing to write (null; a list or object with nothing in it). */
eb_status eb__style_json(eb_buf *out, const eb_styled *how, eb_json value, eb_problem *problem);

#endif
