/* edgebind/response.h -- what came back from a call, and the memory it lives in.
 *
 * Members of a decoded answer may be NULL or absent, whatever a service usually sends: look before use.
 * A call that hands out a value wants a response; one without may be given NULL.
 * Everything a call hands out points into the eb_response you passed. Free it once, whether the call
 * worked or not. Passing it to another call drops its old contents, so one can serve a whole loop; they
 * go once the call has read its parameters, which may therefore be something the response held. A
 * response belongs to one thread at a time. Start with { 0 }.
 *
 * After a failure code and message are what the service says. Where a document does not tell where (x-eb-errors),
 * the first of these members of a JSON body that holds a text is taken. message: detail, message,
 * error_description, error.message, error.detail, error.description, errors[0].message, errors[0].detail,
 * error_message, msg, Message, title, errors[0].title, errors[0], error, description. code: code, error.status,
 * error.code, error.type, errors[0].code, error_code, errorCode, Code, type, error; but neither a three-digit
 * number, which is the status, nor about:blank, nor what is the message already. */
#ifndef EDGEBIND_RESPONSE_H
#define EDGEBIND_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/status.h"
#include "edgebind/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How far the request got before the outcome was known. */
typedef enum eb_sent {
    EB_SENT_NOTHING  = 0, /* no byte left this machine: the service knows nothing of it */
    EB_SENT_PART     = 1,
    EB_SENT_ALL      = 2,
    EB_SENT_ANSWERED = 3 /* a status line came back */
} eb_sent;

/* Every reason: name, number, word, sentence. */
#define EB_REASON_MAP(X)                                                                         \
    X(NONE,          0, "none",          "nothing to decide")                                    \
    X(DONE,          1, "done",          "the attempt succeeded")                                \
    X(CONNECT,       2, "connect",       "retried: nothing had been sent")                       \
    X(TRANSPORT,     3, "transport",     "retried: the connection was lost")                     \
    X(SERVER,        4, "server",        "retried: the service reported a passing failure")      \
    X(THROTTLED,     5, "throttled",     "retried: the service asked to slow down")              \
    X(NOT_SAFE,      6, "not_safe",      "not retried: the request may have been carried out")   \
    X(SERVER_SAID_NO, 7, "server_said_no", "not retried: the answer would be the same")          \
    X(ATTEMPTS_USED, 8, "attempts_used", "not retried: no attempts left")                        \
    X(QUOTA_EMPTY,   9, "quota_empty",   "not retried: too many retries to this host lately")    \
    X(DEADLINE,     10, "deadline",      "not retried: no time is left for it")        \
    X(HINT_TOO_LONG, 11, "hint_too_long", "not retried: the service asked for too long a wait")  \
    X(CANCELLED,    12, "cancelled",     "not retried: cancelled")                               \
    X(CLOCK_SKEW,   13, "clock_skew",    "retried: the clock was off and has been corrected")    \
    X(MAYBE_DONE,   14, "maybe_done",    "not retried: an earlier attempt may have done it")     \
    X(LOCAL,        15, "local",         "not retried: the failure was on this side")             \
    X(SINK,         16, "sink",          "not retried: the sink has some of it and cannot begin again")            \
    X(TOKEN,        17, "token",         "retried: the access token had expired")

/* Why an attempt was, or was not, followed by another. */
typedef enum eb_reason {
#define EB_REASON_VALUE_(name, number, word, text) EB_REASON_##name = number,
    EB_REASON_MAP(EB_REASON_VALUE_)
#undef EB_REASON_VALUE_
    EB_REASON_MAX_ = 2147483647 /* not a reason */
} eb_reason;

/* "not_safe", and the sentence that goes with it; both static. */
const char *eb_reason_word(eb_reason reason);
const char *eb_reason_text(eb_reason reason);

/* One attempt of a call. */
typedef struct eb_attempt {
    int         http_status; /* 0 when no status line arrived */
    eb_status   status;      /* what this attempt alone would have been answered with */
    eb_sent     sent;
    eb_reason   reason;
    const char *code;        /* the service's error code, "" when there was none */
    int64_t     delay_ms;    /* how long the call waited after it; 0 when it was the last */
} eb_attempt;

/* A header of a request or of an answer. */
typedef struct eb_header {
    const char *name;
    const char *value;
} eb_header;

/* What came of a call. */
typedef struct eb_response {
    eb_status   status;         /* what the call answered */
    const char *operation;      /* C name of the operation called last; "" */
    int         http_status;    /* 0 when no HTTP response arrived */
    eb_sent     sent;           /* how far the last attempt's request got */
    eb_status   cause;          /* the reason underneath EB_MAYBE_SENT: EB_NETWORK, EB_TIMEOUT, ... */
    eb_reason   reason;         /* why there was no further attempt */
    const char *code;           /* the service's error code. Texts here are never NULL after a call: absent is "" */
    const char *message;        /* one line for a person; not empty after a failure */
    const char *field;          /* "body.ports[2].protocol" for EB_INVALID and EB_DECODE: names of the wire */
    const char *request_id;     /* what the provider's support asks for */
    const char *ticket_request_id; /* an upload's: the request id of the call that gave the ticket. Not "": the
                                      rest describes the upload itself, and code is one of the file's host */
    int64_t     retry_after_ms; /* what the service asked to wait; -1 when it did not say */
    const eb_attempt *attempts;
    size_t      attempt_count;
    const eb_header *headers;   /* of the last answer, in wire order */
    size_t      header_count;
    eb_bytes    body;           /* as received, and a NUL behind it; empty when it went to a sink */
    struct eb_arena *arena_;    /* private */
    const char *content_type;   /* "text/csv; charset=utf-8", of the last answer; "" */
    uint64_t    sink_bytes;     /* how many bytes of the last answer went to the call's sink */
    const struct eb_answered *answered_; /* private */
    const char *idempotency_key; /* what the call was sent with, given or made; "" without one. A call with the same
                                    key is not carried out twice: give it to send again what failed */
    void       *reserved_[4];
} eb_response;

/* Releases everything the response holds and zeroes it. NULL and { 0 } are fine. */
void eb_response_free(eb_response *response);

/* The value of the first header of that name (any case), or NULL. Lives in the response. */
const char *eb_response_header(const eb_response *response, const char *name);

/* The moment that a header like Date, Expires or Last-Modified names, in seconds since 1970, UTC; false: it is no
 * HTTP date. */
bool eb_http_date(const char *text, int64_t *seconds);

#ifdef __cplusplus
}
#endif
#endif
