/* multipart.h -- a body of multipart/form-data, RFC 7578, streamed. */
#ifndef EB_MULTIPART_H
#define EB_MULTIPART_H

#include "request.h"

/* Lays out the members of the form in the row-th row of params as parts in the order of its rows, unknown ones
 * (EB_REST) before the first file, files last. The texts go into the request's arena and buffer, the files are opened;
 * the content type names the boundary. any: content types of parts are not held against the document's. */
eb_status eb__multipart_build(eb_request *request, const eb_client *client,
                              const eb_operation *operation, const void *params, size_t row,
                              bool any, const char **content_type, eb_problem *problem);

#endif
