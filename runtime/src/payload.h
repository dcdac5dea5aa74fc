/* payload.h -- the body of a request: which of the ways to send it the caller chose, and its bytes. */
#ifndef EB_PAYLOAD_H
#define EB_PAYLOAD_H

#include "client.h"
#include "edgebind/generated.h"
#include "problem.h"
#include "request.h"

/* Makes the body and its Content-Type. EB_OK, EB_INVALID, EB_LIMIT, EB_NOMEM. */
eb_status eb__payload_build(eb_request *request, const eb_client *client, const eb_operation *operation,
                            const void *params, const eb_call_options *options, eb_problem *problem);

/* How the body of the i-th row is sent. */
eb_content eb__payload_content(const eb_operation *operation, size_t i);

/* The type that a body or part is sent with: what the caller says, if the document allows it, or else the document's own
 * if it has but one. declared: "image/png", "image/png, image/jpeg", "image/" and a star; NULL: any, and none need be
 * said. *type may become NULL then. EB_OK; EB_INVALID without the member's path. */
eb_status eb__media_choose(const char *declared, const char *given, bool any, const char **type,
                           eb_problem *problem);

/* The k-th member without a row of its own, as the map of an EB_REST row has it; false: no more. */
typedef struct eb_form_entry {
    const char     *name;
    const eb_field *row; /* of its value, in the entry at base */
    const void     *base;
} eb_form_entry;
bool eb__form_rest(const eb_field *row, const void *form, size_t k, eb_form_entry *entry);

/* Is the form a struct, whose members are its rows? */
bool eb__has_rows(const eb_field *row);

/* Is what became this JSON a text, though the row might hold something with parts? Free-form JSON is sent as it is. */
bool eb__is_text(const eb_field *row, const eb_buf *json);

/* What holds for a form's members when the document says nothing: text for scalars, JSON for the rest. */
extern const eb_part eb__part_usual;

#endif
