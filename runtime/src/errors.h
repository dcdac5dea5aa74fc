/* errors.h -- what a service says about a failure, read leniently from whatever it sent. */
#ifndef EB_ERRORS_H
#define EB_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "edgebind/generated.h"

typedef struct eb_error_body {
    const char *code; /* texts in the arena, "" when absent */
    const char *message;
    const char *field;      /* first member of the body's map of fields */
    const char *request_id; /* from the body */
} eb_error_body;

/* Reads code, message, request id from a body of the API's format; an XML body is recognised by its first
 * character whatever the format, anything that cannot be read leaves "". EB_OK or EB_NOMEM. */
eb_status eb__error_read(const eb_errors *errors, const char *body, size_t len, eb_arena *arena,
                         eb_error_body *found);

/* Is this 2xx a failure by its status or by a value inside its body? */
bool eb__error_inside(const eb_errors *errors, int http_status, const char *body, size_t len,
                      eb_arena *arena);

/* The text of the first element of that name anywhere in an XML text, entities of XML resolved, in the
 * arena; NULL: not there. No DTD, no namespaces; a text with a DOCTYPE gives NULL. */
#if EB_PART_XML
const char *eb__xml_text(const char *xml, size_t len, const char *element, eb_arena *arena);
#else
#define eb__xml_text(xml, len, element, arena) ((void)(element), (const char *)NULL)
#endif

#endif
