/* outcome.h -- what an attempt came to, and whether there is another: one table and one pure function.
 *
 * Event x bytes sent x safety gives status, retry and reason. The rows stand in outcome.c as data; tests
 * read them, and the documentation prints them. Times, random numbers and the quota come in as
 * arguments. */
#ifndef EB_OUTCOME_H
#define EB_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/response.h"
#include "edgebind/status.h"

/* What happened in one attempt. */
typedef enum eb_event {
    EB_EVENT_OK = 0,   /* 2xx that is a success and could be read */
    EB_EVENT_NETWORK,  /* connection or TLS failed or was lost */
    EB_EVENT_TIMEOUT,  /* the attempt's time, not the call's */
    EB_EVENT_DEADLINE, /* the call's time */
    EB_EVENT_CANCELLED,
    EB_EVENT_LOCAL,     /* out of memory, a limit, a body that cannot be read */
    EB_EVENT_CUT,       /* a status line came, the rest did not */
    EB_EVENT_THROTTLED, /* 429, a throttling code, a positive x-acs-retry-after */
    EB_EVENT_PASSING,   /* 408, 500, 502, 503, 504 */
    EB_EVENT_SKEW,      /* the signature's time was refused */
    EB_EVENT_TOKEN,     /* 401 for an access token that was kept from before and may have expired */
    EB_EVENT_REFUSED,   /* any other status that is not 2xx, and a failure inside a 2xx */
    EB_EVENT_UNREADABLE /* 2xx whose body does not match the document */
} eb_event;

typedef enum eb_retry {
    EB_RETRY_NO = 0,
    EB_RETRY_TRANSPORT,
    EB_RETRY_THROTTLED,
    EB_RETRY_NOW
} eb_retry;

typedef struct eb_outcome_row {
    eb_event  event;
    int       sent;   /* eb_sent, or -1: any */
    int       safe;   /* 1, 0, or -1: any */
    eb_status status; /* of the attempt; EB_OK in a LOCAL row: the cause itself */
    eb_retry  retry;
    eb_reason reason; /* when it is retried, or when the table alone forbids it */
} eb_outcome_row;

extern const eb_outcome_row eb__outcome_table[];
extern const size_t         eb__outcome_count;

/* The first row that fits; there always is one. */
const eb_outcome_row *eb__outcome(eb_event event, eb_sent sent, bool safe);

enum {
    EB_RETRY_BASE_MS           = 50,
    EB_RETRY_THROTTLED_BASE_MS = 1000,
    EB_RETRY_CAP_MS            = 20000,
    EB_RETRY_HINT_MAX_MS       = 120000,
    EB_QUOTA_FULL              = 500,
    EB_RETRIES_MAX             = 10, /* that may be asked for */
    EB_QUOTA_COST              = 14,
    EB_QUOTA_COST_THROTTLED    = 5
};

typedef struct eb_retry_input {
    eb_event event;
    eb_sent  sent;
    bool     safe;
    int      attempt; /* number of the attempt just made, from 1 */
    int      attempts_max;
    int64_t  base_ms; /* bound of the first wait, what throttles at least its own; 0: as usual */
    int64_t  cap_ms;  /* bound of any wait; 0: as usual */
    int64_t  hint_ms; /* what the service asked to wait; -1: nothing */
    int64_t  remaining_ms;   /* to the deadline; -1: no deadline */
    int      quota;          /* tokens left */
    double   random;         /* [0, 1) */
    bool     skew_corrected; /* what this event asks for was done in this call already */
} eb_retry_input;

typedef struct eb_retry_decision {
    bool      again;
    int64_t   delay_ms; /* 0 when not again */
    int       cost;     /* quota tokens to take */
    eb_reason reason;
} eb_retry_decision;

/* Full jitter: random * min(base * 2^(attempt-1), cap), never less than the hint. A throttled call's base is never
 * less than what is usual for one. */
eb_retry_decision eb__retry_decide(const eb_retry_input *input);

/* Milliseconds to wait from the answer's headers: x-acs-retry-after (ms), retry-after-ms, Retry-After
 * (seconds or HTTP date against now_ms, UTC). The longest counts; -1: no usable hint. *acs is set when a
 * positive x-acs-retry-after was among them. */
int64_t eb__retry_hint(const eb_header *headers, size_t count, int64_t now_ms, bool *acs);

/* An HTTP date (RFC 9110, all three forms) to seconds since 1970; false: not one. */
bool eb__http_date(const char *text, int64_t *seconds);

#endif
