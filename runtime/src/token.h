/* token.h -- access tokens for OAuth 2.0 client credentials (RFC 6749, 4.4): one for each client and scheme, asked for
 * by the first call that needs one while others wait for it, kept until shortly before it expires.
 *
 * Nothing here blocks: a call's machine asks before each attempt, and is told to send the question, to wait, or
 * to go on. */
#ifndef EB_TOKEN_H
#define EB_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "edgebind/memory.h"
#include "edgebind/parts.h"
#include "edgebind/status.h"

struct eb_call;

typedef struct eb_token eb_token;

typedef enum eb_token_step {
    EB_TOKEN_READY, /* request.token is there, if the call needs one */
    EB_TOKEN_ASK,   /* make call->exchange, then eb__token_attempted */
    EB_TOKEN_WAIT,  /* another call asks: take again after call->sleep_ms */
    EB_TOKEN_FAILED /* call->problem says why; what lies underneath is in *cause */
} eb_token_step;

#if EB_PART_OAUTH2
eb_token *eb__token_new(const eb_allocator *allocator); /* NULL: out of memory */
void      eb__token_free(eb_token *token);              /* NULL is fine */

/* Before an attempt of the call. left_ms is what its deadline leaves, -1: no deadline. */
eb_token_step eb__token_take(struct eb_call *call, int64_t left_ms, eb_status *cause);

/* Is the exchange under way one for a token? */
bool eb__token_is_asked(const struct eb_call *call);

/* What came of it. How long to wait before eb__token_take is called again. */
int64_t eb__token_attempted(struct eb_call *call, eb_status transport_status);

/* The service answered 401: the token is forgotten. True: it was an old one, which may have expired, and another
 * attempt with a new one is due. True once in a call, and never where the client does not want it. */
bool eb__token_refused(struct eb_call *call);

/* The call ends: whoever waits for its question asks for himself. */
void eb__token_end(struct eb_call *call);
#else
#define eb__token_free(token)                ((void)(token))
#define eb__token_take(call, left_ms, cause) ((void)(left_ms), *(cause) = EB_OK, EB_TOKEN_READY)
#define eb__token_is_asked(call)             ((void)(call), false)
#define eb__token_attempted(call, status)    ((void)(call), INT64_C(0))
#define eb__token_refused(call)              ((void)(call), false)
#define eb__token_end(call)                  ((void)(call))
#endif

#endif
