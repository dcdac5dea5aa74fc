/* parameters.h -- the parameters of an operation, written where they go: path, query, headers, cookie. */
#ifndef EB_PARAMETERS_H
#define EB_PARAMETERS_H

#include "buf.h"
#include "edgebind/generated.h"
#include "problem.h"
#include "request.h"
#include "style.h"

/* Appends the operation's path with its parameters in it. EB_OK, EB_INVALID, EB_NOMEM. */
eb_status eb__parameters_path(eb_buf *url, eb_buf *scratch, const eb_operation *operation,
                              const void *params, eb_problem *problem);

/* Appends ?name=value&... and keeps the pairs in the request, decoded. */
eb_status eb__parameters_query(eb_buf *url, eb_buf *scratch, eb_request *request,
                               const eb_operation *operation, const void *params, eb_problem *problem);

/* Adds the headers, and one Cookie header with all cookies. */
eb_status eb__parameters_headers(eb_request *request, eb_buf *scratch, const eb_operation *operation,
                                 const void *params, eb_problem *problem);

/* Sees to the operation's idempotency key behind its headers: the caller's, or a new one. EB_AUTH: no random bytes. */
eb_status eb__parameters_key(eb_request *request, const eb_random *random,
                             const eb_operation *operation, const void *params, eb_problem *problem);

/* Appends the value of one parameter, the i-th row's, as its place and style want it. EB_DONE: there is nothing to
 * write. scratch is cleared. */
eb_status eb__parameter_put(eb_buf *out, eb_buf *scratch, const eb_operation *operation, size_t i,
                            const void *params, eb_problem *problem);

/* Appends a member as a styled value: of a form, or with the place of a parameter. */
eb_status eb__styled_put(eb_buf *out, eb_buf *scratch, const eb_styled *how, const eb_field *row,
                         const void *base, eb_problem *problem);

/* What the i-th row's parameter is called on the wire. */
const char *eb__parameter_name(const eb_operation *operation, size_t i);

/* Is it a value without parts, plain text? */
bool eb__is_scalar(const eb_field *row);

#endif
