/* client.h -- what a client holds. Everything but the atomics is read-only after eb_client_new, which is
 * what lets many threads use one client. */
#ifndef EB_CLIENT_PRIVATE_H
#define EB_CLIENT_PRIVATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "edgebind/client.h"
#include "edgebind/generated.h"
#include "edgebind/transport.h"
#include "problem.h"
#include "shared.h"

struct eb_token;

/* A security scheme of the API, and what the client was given for it. */
typedef struct eb_held {
    const eb_auth *auth;
    eb_credentials given; /* NONE: nothing. Never ENVIRONMENT, which is resolved when the client is made */
    struct eb_token *token; /* of a scheme whose access tokens the client gets; NULL */
} eb_held;

/* Where the requests of operations with a server of their own go. */
typedef struct eb_place_of {
    const eb_server *server;
    const char      *url;
} eb_place_of;

struct eb_client {
    eb_allocator    allocator;
    eb_arena       *arena; /* the texts below */
    const eb_api   *api;
    eb_held        *held; /* one for each scheme of the API */
    size_t          held_count;
    const char     *base_url;       /* without a trailing slash; NULL: every call names its own */
    bool            base_url_given; /* by the caller: operations' own servers are left out of it */
    eb_place_of    *places;         /* of operations with servers of their own */
    size_t          place_count;
    const char     *user_agent;
    const char    **upload_hosts; /* NULL-terminated */
    int64_t         deadline_ms;  /* EB_NO_DEADLINE: none */
    int64_t         connect_timeout_ms;
    int64_t         attempt_timeout_ms;
    int64_t         stall_timeout_ms;
    int             retries;
    bool            own_deadline; /* the caller's, not the default: before what a document says */
    bool            own_attempt_timeout;
    bool            own_stall_timeout;
    bool            own_retries;
    bool            skip_limits;
    bool            skip_rate_limits;
    bool            skip_token_renewal;
    size_t          max_body_bytes;
    size_t          max_header_bytes;
    size_t          max_depth;
    size_t          max_items;
    eb_transport    transport;
    eb_clock        clock;
    eb_random       random;
    eb_hooks        hooks;
    eb_log          log;
    eb_shared      *shared;          /* with others, or its own; never NULL */
    _Atomic int64_t clock_offset_ms; /* the service's clock less ours, once it is known */
    atomic_ullong   calls;           /* how many were started */
};

/* clock.c: the system's clock, and a wait that a cancel ends early. */
extern const eb_clock eb__system_clock;
void eb__sleep(const eb_clock *clock, int64_t duration_ms, const eb_cancel_source *cancel);

/* The moment that is so much later; EB_FOREVER when it lies beyond what can be counted. */
#define EB_FOREVER INT64_MAX
int64_t eb__later(int64_t moment_ms, int64_t duration_ms);

/* How long it is to a moment, 0 when it has passed; EB_FOREVER to EB_FOREVER. */
int64_t eb__until(int64_t moment_ms, int64_t now_ms);

/* credentials.c: copies credentials into the client's arena, from the environment if so asked, for each scheme
 * of the API. problem gets a line when the answer is not EB_OK: EB_AUTH, EB_INVALID or EB_NOMEM. */
eb_status eb__credentials_take(eb_client *client, const eb_client_options *options, char *problem,
                               size_t problem_size);

/* The schemes that a call of the operation uses, a bit each: its first way for which there are credentials. EB_AUTH:
 * there is none, and a line in problem names what is missing. */
eb_status eb__credentials_choose(const eb_client *client, const eb_operation *operation,
                                 uint32_t *schemes, eb_problem *problem);

/* The credential for one attempt, checked for what a header may hold; what a callback gives is trimmed into
 * the arena. EB_OK, EB_AUTH or EB_NOMEM, and a line in problem. */
eb_status eb__credential_now(const eb_client *client, const eb_held *held, eb_arena *arena,
                             eb_credential *credential, eb_problem *problem);

/* cancel.c: a descriptor that becomes readable when the source is cancelled. */
int eb__cancel_descriptor(const eb_cancel_source *source);

/* client.c: is it a URL that requests can be made under? EB_INVALID: problem says why not. */
eb_status eb__client_base_url(const char *url, const char *what, char *problem, size_t size);

/* client.c: where an operation with a server of its own goes; NULL: to the client's. */
#if EB_PART_SERVERS
const char *eb__client_place(const eb_client *client, const eb_operation *operation);
#else
#define eb__client_place(client, operation) ((void)(operation), (const char *)NULL)
#endif

/* transport_curl.c: the default transport. Fails with EB_NOMEM, or EB_INVALID and a line in problem. */
eb_status eb__curl_transport_new(const eb_client_options *options, eb_shared *shared,
                                 const eb_allocator *allocator, eb_transport *transport,
                                 char *problem, size_t problem_size);

/* What libcurl shares between clients; NULL: out of memory. */
struct eb_curl_share;
struct eb_curl_share *eb__curl_share_new(const eb_allocator *allocator);
void                  eb__curl_share_free(struct eb_curl_share *share);

#endif
