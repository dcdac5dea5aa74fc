/* edgebind/client.h -- a client, its options, and the options of one call.
 *
 * One client per API, used by many threads at once: eb_client_new and eb_client_free by one thread,
 * everything between by any. Options structs start as { 0 }, which is "default" for every member;
 * what can be switched off has a name for it. All texts in options are borrowed until the function
 * returns. Times are durations in milliseconds. */
#ifndef EDGEBIND_CLIENT_H
#define EDGEBIND_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/body.h"
#include "edgebind/credentials.h"
#include "edgebind/memory.h"
#include "edgebind/observe.h"
#include "edgebind/parts.h"
#include "edgebind/response.h"
#include "edgebind/sink.h"
#include "edgebind/status.h"
#include "edgebind/transport.h"
#include "edgebind/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A client, and the API that it is for. Neither shows what is inside. */
typedef struct eb_client eb_client;
typedef struct eb_api    eb_api; /* edgegap_api, esa_api, ...: from the generated headers */
typedef struct eb_shared eb_shared;

/* Switched off: 0 would be the default. */
#define EB_RETRIES_NONE (-1) /* for .retries: one attempt only */
#define EB_NO_DEADLINE  (-1) /* for .deadline_ms: no bound at all */

/* Time and chance, replaceable so that requests are reproducible in tests. */
typedef struct eb_clock {
    int64_t (*wall_ms)(void *context);      /* since 1970, UTC */
    int64_t (*monotonic_ms)(void *context); /* never goes back */
    /* Waits; NULL: really waits, ended early by a cancel. Must not return before its time otherwise. */
    void (*sleep_ms)(void *context, int64_t duration_ms);
    void *context;
} eb_clock;

/* Where random bytes come from: nonces, boundaries, the length of waits. */
typedef struct eb_random {
    /* Fills the buffer with bytes nobody can predict; false: it cannot. */
    bool (*bytes)(void *context, void *buffer, size_t size);
    void *context;
} eb_random;

/* What a client is made of. Texts and what pointers lead to are copied. */
typedef struct eb_client_options {
    const eb_api  *api;         /* required */
    eb_credentials credentials; /* { 0 }: from the environment */

    /* Where the service is. server is one of the document's servers (ACME_SERVER_SANDBOX); 0 is the first.
     * base_url ("http://127.0.0.1:8080", with the path before the operations' own, if there is one) wins over
     * it, and over servers that single operations have: with a base_url, nothing goes anywhere else but what
     * an upload ticket names. region and variables fill the server's {variables}. A region that the API needs
     * and does not get is EB_INVALID, and so is a base_url that is missing though the document names no host. */
    const char *base_url;
    int         server;
    const char *region;
    eb_str_map  variables;

    /* Time. 0 is the default: deadline 60 s, connect 10 s, attempt 30 s, stall 30 s. Where a document says how long
     * an operation takes, that is its default deadline, and attempt and silence may last as long. */
    int64_t deadline_ms;        /* bounds a call with all its attempts and pauses, a walk with all its pages, a
                                 * wait with all its calls (the default bounds each); EB_NO_DEADLINE */
    int64_t connect_timeout_ms;
    int64_t attempt_timeout_ms;
    int64_t stall_timeout_ms;   /* no byte in either direction for so long */

    int  retries;               /* after the first attempt; 0 is the default, 2, unless the document of an
                                   operation says otherwise; EB_RETRIES_NONE; at most 10 */
    bool skip_limits;           /* send what is outside documented ranges: the service decides */
    bool skip_rate_limits;      /* do not keep below the rates that the documents state */
    bool skip_token_renewal;    /* a 401 for a kept access token is the answer: no second try with a new one */

    /* Limits on what is accepted. 0 is the default: body 64 MiB, headers 256 KiB (the libcurl transport
     * takes no more whatever is allowed), depth 64 (512 at most), and 10 million values in one answer, where
     * an object whose struct is large counts once more for each 64 bytes of it. */
    size_t max_body_bytes;
    size_t max_header_bytes;
    size_t max_depth;
    size_t max_items;

    /* TLS and proxy for the default transport. Verification cannot be switched off. */
    const char *ca_file;        /* PEM file; NULL: the system's */
    const char *ca_pem;         /* PEM text; wins over ca_file */
    const char *client_cert_file; /* PEM, for services that ask who is calling; may hold the key as well */
    const char *client_key_file;
    const char *client_cert_pem;  /* PEM text; wins over the file */
    const char *client_key_pem;
    const char *client_key_password;
    const char *proxy;          /* URL; NULL: the environment's; "": none */
    const char *no_proxy;       /* hosts, comma separated */
    size_t      max_idle_connections; /* kept open; 0: 8 */

    /* Hosts, besides those the document allows and loopback, that an upload ticket may send to. */
    eb_str_list upload_hosts;   /* "files.example.com", "*.example.com" */

    const char *user_agent;     /* put before the library's own */

    const eb_allocator *allocator; /* NULL: malloc and free. The pointed-to structs are copied */
    const eb_transport *transport; /* NULL: libcurl */
    const eb_clock     *clock;     /* NULL: the system's */
    const eb_random    *random;    /* NULL: OpenSSL's */
    eb_shared          *shared;    /* with other clients; NULL: nothing */
    const eb_hooks     *hooks;     /* NULL: nobody watches */
    const eb_log       *log;       /* NULL: nothing is logged */

    /* Where eb_client_new puts one line that says what is wrong, naming the option; may be NULL. */
    char  *problem;
    size_t problem_size;

    void *reserved_[4];
} eb_client_options;

/* Makes a client. *client is written on success only. EB_INVALID: an option is missing or not
 * usable; EB_AUTH: no credentials; EB_NOMEM. Sends nothing. */
eb_status eb_client_new(const eb_client_options *options, eb_client **client);

/* Closes connections and releases the client. No call may be running. NULL is fine. */
void eb_client_free(eb_client *client);

/* What several clients have in common when they are given the same one: retry quotas, documented rates, the
 * addresses of hosts, and TLS sessions. Rates are counted by API: clients of different accounts should not share.
 * Everything else, credentials and connections first of all, stays with each client. Clients may be made,
 * used and freed from different threads. It lives until it and every client that was given it have been freed, in
 * any order. Its memory is from its own allocator, NULL for malloc and free, which must be good for all that
 * time; the clients may have others. EB_INVALID, EB_NOMEM. */
eb_status eb_shared_new(const eb_allocator *allocator, eb_shared **shared);
void      eb_shared_free(eb_shared *shared); /* NULL is fine */

/* Options of one call, as the member `options` of every params struct. { 0 } and NULL: the client's. A
 * deadline or a cancel that comes after a request which must not be repeated has left answers EB_MAYBE_SENT,
 * with EB_TIMEOUT or EB_CANCELLED as response->cause. */
typedef struct eb_call_options {
    int64_t           deadline_ms; /* of a pager or a wait: for all of it. Of a stream: for all of it; the client's
                                      is for its beginning */
    int64_t           attempt_timeout_ms;
    int               retries; /* 0: the client's; EB_RETRIES_NONE */
    eb_cancel_source *cancel;
    const eb_header  *headers; /* sent besides the library's own; names and values are checked */
    size_t            header_count;
    const char       *base_url;
    bool              skip_limits;
    const eb_sink    *sink; /* where the body of a success goes, piece by piece; see sink.h */
    void             *reserved_[4];
} eb_call_options;

/* Ends calls from outside: from any thread, and from a signal handler, with EB_CANCELLED or, see above,
 * EB_MAYBE_SENT. Sticky until it is reset: a call
 * that is given a cancelled source ends at once with EB_CANCELLED. One source may serve many calls. */
eb_status eb_cancel_source_new(eb_cancel_source **source); /* EB_NOMEM, or EB_LIMIT: no descriptors */
void      eb_cancel_source_free(eb_cancel_source *source); /* NULL is fine; no call may be using it */
void      eb_cancel(eb_cancel_source *source);             /* async-signal-safe; NULL is fine */
void      eb_cancel_reset(eb_cancel_source *source);
bool      eb_is_cancelled(const eb_cancel_source *source);

#if EB_PART_INVOKE
/* Calls any operation of the client's API by its operationId or its C name. params_json is one JSON
 * object whose members are the parameters by their names on the wire, with the request body as "body":
 *
 *     eb_invoke(client, "app-version-get", "{\"app_name\":\"a\",\"version_name\":\"1\"}", &response);
 *
 * NULL is {}. The answer is checked against the document and is in response->body. A name that is no
 * operation, or a member that is no parameter, is EB_INVALID. */
eb_status eb_invoke(eb_client *client, const char *operation, const char *params_json, eb_response *response);

/* What JSON cannot say. A file goes to the parameter, or the member of the body, that `name` leads to: "body",
 * "body.file"; what params_json has there, "" for instance, gives way to it. To a list of files it is added. */
typedef struct eb_invoke_file {
    const char *name;
    eb_body     body;
} eb_invoke_file;

/* Options of eb_invoke_with and eb_invoke_all. */
typedef struct eb_invoke_options {
    eb_call_options       call;
    const eb_invoke_file *files;
    size_t                file_count;
    void                 *reserved_[4];
} eb_invoke_options;

/* The same with options; NULL: none. *value, unless value is NULL, is what the typed function hands out. What goes by
 * the name of a C function, without the API's prefix if you like: a call with the upload that its answer leads to
 * ("dcdn_upload_routine_code_file"), which takes one file, named "file", and leaves the response to describe the
 * upload; and a call that waits ("acme_job_get_wait_ready"). */
eb_status eb_invoke_with(eb_client *client, const char *operation, const char *params_json,
                         const eb_invoke_options *options, const void **value, eb_response *response);

#if EB_PART_PAGES
/* All items of a paged list, by its name. Start the pager with { 0 } and end with eb_pager_free (generated.h) in any
 * case; its response says what was wrong. eb_invoke_next gives the text of one item as it was received, which
 * lives until the next one is asked for, and EB_DONE after the last. */
struct eb_pager;
eb_status eb_invoke_all(eb_client *client, const char *operation, const char *params_json,
                        const eb_invoke_options *options, struct eb_pager *pager);
eb_status eb_invoke_next(struct eb_pager *pager, eb_json *item);
#endif
#endif

/* The library's version, "0.1.0". */
const char *eb_version(void);

#ifdef __cplusplus
}
#endif
#endif
