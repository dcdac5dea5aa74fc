/* request.h -- a request made from a params struct and its rows: URL, headers, body. Pure: it sends nothing,
 * and what changes from attempt to attempt (date, nonce, signature) is added by auth.c. */
#ifndef EB_REQUEST_H
#define EB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acs3.h"
#include "arena.h"
#include "buf.h"
#include "client.h"
#include "edgebind/generated.h"
#include "problem.h"
#include "source.h"

/* A text that no message may show. */
typedef struct eb_secret {
    struct eb_secret *next;
    const char       *text;
} eb_secret;

enum { EB_REQUEST_HEADERS = 48 }; /* ours, the parameters', the caller's */

typedef struct eb_request {
    eb_arena           *arena; /* everything below lives here, but the encoded body */
    const eb_operation *operation;
    const char         *method;
    const char         *url;
    const char         *authority;    /* host[:port] as the Host header has it */
    const char         *path;         /* as sent, without the query */
    eb_acs3_pair       *query;        /* decoded, in the order sent */
    bool               *query_secret; /* is the pair one whose value is not shown? */
    size_t              query_count;
    eb_header           headers[EB_REQUEST_HEADERS];
    size_t              header_count;
    size_t              header_common; /* headers that every attempt has; auth.c adds behind them */
    bool                has_body;
    eb_buf              text;   /* body in memory */
    eb_source           source; /* body in pieces, when streamed */
    bool                streamed;
    const char         *payload_hash; /* once it is known */
    const char *key; /* the idempotency key, the same on every attempt; NULL: there is none */

    /* auth.c's */
    uint32_t schemes; /* a bit for each security scheme that is used */
    const char *token; /* an access token that was got for this attempt; NULL: it is among the credentials */
    eb_secret    *secrets; /* what the attempt at hand carries or was signed with */
    bool          acs3;    /* the attempt at hand is signed */
    const char   *plain_url, *plain_cookie; /* without credentials */
    eb_acs3_pair *plain_query;
    size_t        plain_query_count;
} eb_request;

/* base_url is a checked URL without a query. Headers of the client's security schemes are nobody else's. EB_OK,
 * EB_INVALID, EB_NOMEM, EB_LIMIT. The request starts as zeros but for its arena; free it whatever came.
 * params may not be NULL. All but what is streamed is copied. */
eb_status eb__request_build(eb_request *request, const eb_client *client,
                            const eb_operation *operation, const void *params,
                            const eb_call_options *options, const char *base_url, eb_problem *problem);
void      eb__request_free(eb_request *request);

/* Makes a request that was built go to another URL of the same origin: that of a further page, from eb__next_url. What
 * its query holds is shown only where it is a parameter of the operation that is no secret. EB_OK, EB_NOMEM. */
eb_status eb__request_go_to(eb_request *request, const char *url);

/* Which attempt it is, and when. */
typedef struct eb_attempt_at {
    int     attempt; /* from 1 */
    int64_t delay_ms, now_ms;
} eb_attempt_at;

/* auth_acs3.c: adds date, nonce and signature. EB_OK, EB_AUTH, EB_NOMEM, EB_LIMIT, EB_INVALID. */
eb_status eb__request_sign(eb_request *request, const eb_client *client, const eb_auth *auth,
                           const eb_credential *credential, const eb_attempt_at *when,
                           eb_problem *problem);

/* The canonical request of what was signed last, for explaining a refused signature. */
eb_status eb__request_canonical(const eb_request *request, eb_buf *out);

/* Adds a copy of a header that a hook wants, if it may be sent. EB_OK, EB_INVALID, EB_NOMEM. */
eb_status eb__request_extra_header(eb_request *request, const eb_client *client, const char *name,
                                   const char *value);

/* Adds a header; both texts stay where they are. EB_LIMIT: too many. */
eb_status eb__request_header(eb_request *request, const char *name, const char *value);

/* auth.c: adds credentials, date, nonce and signature, as request->schemes has it. attempt is
 * from 1, delay_ms what was waited before it. EB_OK, EB_AUTH, EB_NOMEM, EB_LIMIT, EB_INVALID. */
eb_status eb__request_authorize(eb_request *request, const eb_client *client, int attempt,
                                int64_t delay_ms, int64_t now_ms, eb_problem *problem);

#endif
