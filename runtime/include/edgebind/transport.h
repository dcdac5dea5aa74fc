/* edgebind/transport.h -- how one HTTP exchange is made, and how to replace it.
 *
 * The default transport is libcurl with a pool of connections. A transport of your own is one
 * function that makes one exchange: it sends the request exactly once, never again by itself, follows
 * no redirect, and reports how far it got. eb_script (testing.h) is one for unit tests. */
#ifndef EDGEBIND_TRANSPORT_H
#define EDGEBIND_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/response.h"
#include "edgebind/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ends calls from outside: eb_cancel in client.h. */
typedef struct eb_cancel_source eb_cancel_source;

/* One request, and where its answer goes. The request part is the library's, read-only. */
typedef struct eb_exchange {
    const char      *method;
    const char      *url;          /* whole, encoded */
    const eb_header *headers;      /* all that is to be sent but Content-Length */
    size_t           header_count;
    const char      *body;         /* the body when it is in memory; NULL: use read, or none */
    uint64_t         body_size;
    bool             has_body;     /* an empty body is a body: Content-Length: 0 */
    /* The body piece by piece when body is NULL: as eb_body_read, offset going up from 0. */
    int64_t (*read)(void *context, uint64_t offset, void *buffer, size_t size);
    void            *read_context;
    int64_t          connect_timeout_ms; /* 0: none */
    int64_t          timeout_ms;         /* for the whole exchange; 0: none */
    int64_t          stall_timeout_ms;   /* no byte either way for that long; 0: none */
    bool             fresh_if_idle;      /* not safe to repeat: avoid a connection idle for over 2 s */
    eb_cancel_source *cancel;            /* NULL: cannot be cancelled */

    /* The answer goes here as it arrives. on_header gets each header of the final response, name and
     * value without surrounding white space; on_body gets pieces of the decoded body, when http_status has been
     * written. false: stop, the exchange ends with EB_LIMIT or what the library finds. context is the
     * library's. */
    bool (*on_header)(void *context, const char *name, size_t name_len, const char *value, size_t value_len);
    bool (*on_body)(void *context, const void *data, size_t size);
    void *context;

    /* Written by the transport. */
    int         http_status; /* 0: no status line arrived */
    eb_sent     sent;
    char        problem[256]; /* one line that says what went wrong; "" for nothing to say */
    void       *state;        /* between steps; NULL before the first */
    void       *reserved_[4];
} eb_exchange;

/* How exchanges are made. EB_OK when a complete answer arrived, whatever its status. EB_NETWORK, EB_TIMEOUT, EB_CANCELLED,
 * EB_LIMIT, EB_NOMEM, EB_INVALID (a URL or option it cannot use, or read failed) otherwise. Called
 * from every thread that uses the client. */
typedef struct eb_transport {
    eb_status (*exchange)(void *context, eb_exchange *exchange);
    void (*free)(void *context); /* called by eb_client_free; NULL: nothing to do */
    void *context;

    /* The same exchange piece by piece, for streams of events; NULL: exchange is used, and a stream is there as a
     * whole before its first event. The first step sends the request. EB_OK: the headers are complete, or more of
     * the body has come since the last step; EB_DONE: the answer is complete; anything else as exchange. The
     * library may change timeout_ms between steps; it counts from the first one. end is called once after the
     * last step, whatever that was. */
    eb_status (*step)(void *context, eb_exchange *exchange);
    void (*end)(void *context, eb_exchange *exchange);
    void *reserved_[4];
} eb_transport;

#ifdef __cplusplus
}
#endif
#endif
