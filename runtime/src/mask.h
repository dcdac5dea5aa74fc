/* mask.h -- field masks of requests, as Flask-RESTX has them. */
#ifndef EB_MASK_H
#define EB_MASK_H

#include "edgebind/generated.h"

/* EB_INVALID and a message when a mask among the parameters hides the items or the page data of a list. */
eb_status eb__mask_check(const eb_operation *op, const void *params, eb_response *response);

#endif
