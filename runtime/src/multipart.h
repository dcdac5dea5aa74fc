/* multipart.h -- a body of multipart/form-data, RFC 7578, streamed. */
#ifndef EB_MULTIPART_H
#define EB_MULTIPART_H

#include "request.h"

/* Lays out the members of a form struct as parts in the order of its rows, unknown ones (EB_REST) before
 * the first file, files last. The texts go into the request's arena and buffer, the files are opened; the
 * content type names the boundary. */
eb_status eb__multipart_build(eb_request *request, const eb_type *type, const void *form,
                              const eb_client *client, const char **content_type, eb_problem *problem);

#endif
