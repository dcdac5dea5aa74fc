/* edgebind/observe.h -- watching calls: hooks for tracing, a log, a response as text for a ticket.
 *
 * No secret is in anything shown here: headers appear by an allow-list, query values and body members
 * unless the document calls them secret, and bodies only in the curl command of EB_LOG_TRACE, by their
 * rows. Hooks and the log are called on the thread that makes the call, never two at once for one call,
 * and must not make calls with the same client. */
#ifndef EDGEBIND_OBSERVE_H
#define EDGEBIND_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/parts.h"
#include "edgebind/response.h"
#include "edgebind/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One moment of a call. Texts live as long as the hook runs, are never NULL, and are "" when not known yet. */
typedef struct eb_moment {
    const char *api;       /* "edgegap" */
    const char *operation; /* "edgegap_app_version_create" */
    const char *method;
    const char *url;       /* secret query values as *** */
    uint64_t    call;      /* number of the call in its client, the same in all its moments */
    int         attempt;   /* number of the attempt, from 1 */

    /* Of the attempt just made in after_attempt, of the whole call in after_call. */
    eb_status   status;
    int         http_status;
    eb_sent     sent;
    eb_reason   reason;
    const char *code;
    const char *request_id;
    int64_t     duration_ms;
    int64_t     delay_ms;       /* until the next attempt; 0: there is none */
    uint64_t    request_bytes;  /* of the body */
    uint64_t    response_bytes; /* of the body */

    struct eb_call *call_;      /* private */
    void           *reserved_[4];
} eb_moment;

/* Functions that are called at the moments of a call. Any may be NULL. */
typedef struct eb_hooks {
    void (*before_sign)(void *context, eb_moment *moment); /* may add headers: eb_moment_header */
    void (*before_send)(void *context, const eb_moment *moment);
    void (*after_attempt)(void *context, const eb_moment *moment);
    void (*after_call)(void *context, const eb_moment *moment);
    void *context;
    void *reserved_[4];
} eb_hooks;

/* Adds a header to the attempt at hand, for instance "traceparent"; both texts are copied. Only in
 * before_sign. EB_INVALID: a name or value that cannot be sent, or one the library sets itself. */
eb_status eb_moment_header(eb_moment *moment, const char *name, const char *value);

/* How much is logged; each level has what is more urgent too. */
typedef enum eb_log_level {
    EB_LOG_NONE  = 0,
    EB_LOG_ERROR = 1, /* calls that failed */
    EB_LOG_WARN  = 2, /* attempts that were made again */
    EB_LOG_INFO  = 3, /* every call, in one line */
    EB_LOG_DEBUG = 4, /* every attempt with its headers */
    EB_LOG_TRACE = 5  /* every attempt as a curl command, secrets as *** */
} eb_log_level;

/* "error", static. */
const char *eb_log_level_name(eb_log_level level);

/* Is the value of the header of that name shown in logs? It is no secret then. */
bool eb_may_show_header(const char *name);

/* Where the log goes, a line at a time, without its end. */
typedef struct eb_log {
    eb_log_level level; /* and everything more urgent */
    void (*write)(void *context, eb_log_level level, const char *line);
    void *context;
} eb_log;

/* The response as a few lines of text, ready to paste into a ticket: status, code, message, request id,
 * attempts, and the headers that are no secret; not the body. It is added to what lives in the response. "" when memory is
 * out, or the response was never used. */
const char *eb_response_print(eb_response *response);

#if EB_PART_ACS3
/* Why a signature was refused, offline: compares a canonical request of ours with the service's words about it
 * (an error message, or its canonical request) and names the first difference in one line, which is added to
 * what lives in the response. A call whose signature is refused has such a line in its message already.
 * Security tokens are not shown. EB_OK, EB_INVALID (a NULL), EB_NOMEM. */
eb_status eb_acs3_explain(const char *ours, const char *theirs, const char **line, eb_response *response);
#endif

#ifdef __cplusplus
}
#endif
#endif
