/* explain.h -- why a signature was refused: our canonical request against the service's. */
#ifndef EB_EXPLAIN_H
#define EB_EXPLAIN_H

#include <stddef.h>

#include "buf.h"

/* Appends one line that names the first difference between our canonical request and the one in the
 * service's words (an error message with line breaks or \n in it, or the canonical request itself), or
 * its string to sign. Values of security tokens are not shown. */
void eb__explain(eb_buf *out, const char *ours, size_t ours_len, const char *theirs, size_t theirs_len);

#endif
