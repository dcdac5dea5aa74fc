/* mask.h -- field masks of requests, as Flask-RESTX has them. */
#ifndef EB_MASK_H
#define EB_MASK_H

#include "edgebind/generated.h"

/* EB_INVALID and a message when a mask among the parameters hides what one of the pointers leads to, without which
 * what is said there holds: "the pages cannot be walked". Pointers may be NULL. */
eb_status eb__mask_check(const eb_operation *op, const void *params, const char *const *wanted,
                         size_t count, const char *without, eb_response *response);

#endif
