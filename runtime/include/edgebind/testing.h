/* edgebind/testing.h -- for tests, yours and ours: a transport that plays a script, values at random.
 *
 *     static const eb_script_answer answers[] = { { .http_status = 200, .body = "{\"name\":\"a\"}" } };
 *     eb_script script = { .answers = answers, .count = 1 };
 *     const eb_transport transport = eb_script_transport(&script);
 *     ... .transport = &transport ... a call ... strstr(script.seen[0].url, "/v1/app/a")
 */
#ifndef EDGEBIND_TESTING_H
#define EDGEBIND_TESTING_H

#include <stddef.h>
#include <stdint.h>

#include "edgebind/generated.h"
#include "edgebind/transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the n-th exchange answers. */
typedef struct eb_script_answer {
    eb_status        status;      /* what exchange returns; EB_OK: an answer arrived */
    eb_sent          sent;        /* for a failure; an answer is ANSWERED */
    int              http_status;
    const eb_header *headers;
    size_t           header_count;
    const char      *body;        /* NULL: empty */
    size_t           body_len;    /* 0: the length of the text */
    size_t           piece;       /* the body arrives in pieces of so many bytes; 0: at once */
    size_t           times;       /* the body so many times over; 0: once */
} eb_script_answer;

/* What the n-th exchange was asked to send: copies. */
typedef struct eb_script_seen {
    char      *method;
    char      *url;
    char      *headers; /* "name: value\r\n" lines */
    char      *body;    /* NUL-terminated, may hold more NULs */
    size_t     body_len;
} eb_script_seen;

enum { EB_SCRIPT_SEEN_MAX = 64 }; /* what came after that is counted, not kept */

/* Answers in their order, and what was sent. */
typedef struct eb_script {
    const eb_script_answer *answers; /* the last one is repeated when more exchanges come */
    size_t                  count;
    size_t                  exchanges; /* how many came */
    eb_script_seen          seen[EB_SCRIPT_SEEN_MAX];
    int64_t                 slept_ms; /* what calls waited on the script's clock */
    const eb_script_answer *playing;  /* of a stream: what it is made of, and how much of it has come */
    uint64_t                at;
} eb_script;

/* A transport over the script, which must stay until the client is freed. One thread at a time. */
eb_transport eb_script_transport(eb_script *script);

/* A clock for eb_client_options.clock that stands still but for what calls wait, so that a test of retries does
 * not wait itself. It begins at noon of 1 January 2026, UTC. */
eb_clock eb_script_clock(eb_script *script);

/* Releases what was seen and starts the script again. */
void eb_script_reset(eb_script *script);

/* Fills a value of any generated type with random members; the same seed gives the same value. It
 * lives in the response, which is dropped first. NULL: out of memory. */
const void *eb_value_random(const eb_type *type, uint64_t seed, eb_response *response);

#ifdef __cplusplus
}
#endif
#endif
