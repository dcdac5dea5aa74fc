/* web_link.h -- the header Link, RFC 8288. */
#ifndef EB_WEB_LINK_H
#define EB_WEB_LINK_H

#include <stddef.h>

#include "edgebind/response.h"
#include "problem.h"

/* The first target of an answer's Link headers whose rel has the word next, as it is written: a reference. A link with
 * an anchor is about something else than the answer and is passed over. EB_OK; EB_DONE: there is none; EB_DECODE: what
 * stands before it is no list of links, and problem says where it goes wrong. */
eb_status eb__web_link_next(const eb_header *headers, size_t count, const char **target,
                            size_t *len, eb_problem *problem);

#endif
