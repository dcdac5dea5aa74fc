/* call.h -- one call as a state machine without any blocking inside: whoever drives it sends, waits, and
 * tells it what came of that. drive.c is the driver that blocks. */
#ifndef EB_CALL_H
#define EB_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "events.h"
#include "outcome.h"
#include "problem.h"
#include "request.h"
#include "sink.h"

enum { EB_ATTEMPTS_MAX = 1 + EB_RETRIES_MAX };

typedef enum eb_step {
    EB_STEP_SEND,  /* make the exchange, then eb__call_attempted */
    EB_STEP_SLEEP, /* wait delay_ms, then eb__call_timer */
    EB_STEP_DONE   /* status is the call's answer */
} eb_step;

/* What to call. */
typedef struct eb_call_input {
    eb_client             *client;
    const eb_api          *api; /* the client's, or that of a linked upload */
    const eb_operation    *operation;
    const void            *params;    /* never NULL */
    const eb_call_options *options;   /* NULL: the client's */
    const char            *base_url;  /* NULL: the options', then the client's */
    int64_t           deadline_at_ms; /* on the monotonic clock; EB_FOREVER; 0: from the options */
    bool              keep;           /* the response keeps what its arena holds */
    bool              upload; /* bounded by deadline and stall, not by the attempt's default */
    bool              plain;  /* one call and its answer: the options may name a sink */
    eb_events_reader *events; /* reads a success; NULL: it is no stream */
    void (*ended)(void *context, struct eb_call *call); /* looks at it before it is gone; NULL */
    void       *context;                                /* of `ended` */
    const char *go_to; /* URL of a further page, in place of the one that params make; NULL */
    eb_buf     *url;   /* gets the URL that is asked for, without credentials; NULL */
} eb_call_input;

typedef struct eb_call {
    eb_call_input in;
    eb_response  *response;
    const void   *value; /* the decoded result */
    eb_status     status;

    eb_arena         *old;   /* what the response held before: parameters may point into it */
    eb_arena         *arena; /* of the call alone: the request */
    eb_request        request;
    eb_exchange       exchange;
    eb_buf            headers; /* of the answer: name NUL value NUL ... */
    size_t            header_count;
    eb_buf            body;
    eb_status         refused; /* why a callback stopped the exchange */
    eb_drain          drain;   /* where the body of a success goes, if not to memory */
    eb_events_reader *events;  /* or here, if it is a stream; NULL */

    int64_t          deadline_at_ms;
    int64_t          delay_ms; /* between the attempt before and this one */
    int64_t          sleep_ms; /* what EB_STEP_SLEEP waits */
    bool             may_send; /* the rate limiter let this attempt through */
    uint64_t         number;   /* of the call in its client */
    int64_t          started_ms, attempt_started_ms;
    eb_secret       *secrets; /* texts of the parameters that no message may show */
    eb_secret       *path_secrets;
    struct eb_fetch *fetch;     /* of an access token, when this call needs one; token.c */
    const char      *curl_body; /* the body as part of a curl command; NULL: not wanted */
    int64_t          offset_ms; /* the service's clock less ours, as this attempt was signed */
    int              attempt;
    int              attempts_max;
    int              last_cost;
    bool             skew_corrected;
    bool             path_hidden; /* the path holds a secret that cannot be told from the rest */
    bool             sent_before; /* an earlier attempt may have reached the service */
    eb_problem       problem;
    /* from here on nothing is read before it was written, and nothing is zeroed */
    eb_attempt attempts[EB_ATTEMPTS_MAX];
    char       headers_first[1024];
    union {
        max_align_t alignment;
        char        bytes[3072];
    } arena_first;
} eb_call;

eb_step eb__call_start(eb_call *call, const eb_call_input *input, eb_response *response);
eb_step eb__call_attempted(eb_call *call, eb_status transport_status);
eb_step eb__call_timer(eb_call *call);
void    eb__call_end(eb_call *call);

/* drive.c: runs a call to its end. *value may be NULL. */
eb_status eb__call_run(const eb_call_input *input, const void **value, eb_response *response);

/* To the call's deadline; -1: there is none. */
int64_t eb__call_remaining_ms(const eb_call *call);

/* Chance for a wait, [0, 1). */
double eb__call_random(const eb_client *client);

/* answer.c: the time by the service's clock, as far as it is known. */
int64_t eb__service_now_ms(const eb_call *call);

/* The moment, on the client's monotonic clock, that a call may last to: by its options, the client's, the operation's
 * document, the default, whichever says so first; EB_FOREVER. */
int64_t eb__deadline_at(const eb_client *client, const eb_operation *operation,
                        const eb_call_options *options);

/* An operation of an API by its operationId or C name; NULL: there is none. */
const eb_operation *eb__operation_find(const eb_api *api, const char *name);

/* The options member that every params struct begins with. */
const eb_call_options *eb__params_options(const void *params);

#endif
