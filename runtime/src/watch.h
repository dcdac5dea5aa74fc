/* watch.h -- telling hooks and the log what a call is doing. Costs a comparison when nobody watches. */
#ifndef EB_WATCH_H
#define EB_WATCH_H

#include "call.h"

/* Keeps what is needed later of parameters that may be gone by then. EB_OK or EB_NOMEM. */
eb_status eb__watch_start(eb_call *call);
void      eb__watch_sign(eb_call *call);    /* hooks may add headers to the request */
void      eb__watch_send(eb_call *call);    /* signed, about to be sent */
void      eb__watch_attempt(eb_call *call); /* classified and decided */
void      eb__watch_end(eb_call *call);     /* the response is complete */

/* A call that was refused before there was one: completes the response, logs it, and returns the status. */
eb_status eb__watch_refused(const eb_client *client, const char *operation, eb_response *response,
                            eb_status status);

/* A line about something that is no call of its own: "shop_item_get_wait_ready: EB_TIMEOUT, the time is over". */
void eb__watch_line(const eb_client *client, eb_log_level level, const char *name, eb_status status,
                    const char *message);

/* A wait goes on: the state it saw, or "" and the HTTP status, and how long until the next call. */
void eb__watch_waits(const eb_client *client, const char *name, const char *member,
                     const char *state, int http_status, int64_t pause_ms);

/* The call asks for an access token before its own attempt, the n-th time. */
void eb__watch_token(const eb_call *call, const char *authority, int n);

/* Replaces every occurrence of a secret in a text by as many asterisks, also where some or all of it is percent-encoded.
 * Secrets of fewer than four bytes are left: they would tear holes into words. */
void eb__scrub(char *text, const char *secret);

/* Takes every secret that the request carried out of a text, which is copied into the response's arena. EB_OK or
 * EB_NOMEM. */
eb_status eb__scrub_text(const eb_call *call, const char **shown);

/* The same with what the service says of a failure: message, code, field
 * and request id. EB_OK or EB_NOMEM. */
eb_status eb__scrub_answer(eb_call *call);

#endif
