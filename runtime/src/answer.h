/* answer.h -- what came back of an attempt: collected, classified, put in words. */
#ifndef EB_ANSWER_H
#define EB_ANSWER_H

#include "call.h"

/* For eb_exchange: context is the call. */
bool eb__answer_header(void *context, const char *name, size_t name_len, const char *value,
                       size_t value_len);
bool eb__answer_body(void *context, const void *data, size_t size);

/* Before an attempt: nothing has come yet. */
void eb__answer_forget(eb_call *call);

/* Makes what a transport reports fit together, whoever wrote it. Returns its word. */
eb_status eb__answer_straighten(eb_exchange *x, eb_status status);

/* Moves the answer into the response, reads it, and says what it came to. *cause is what stands underneath:
 * the transport's word; *hint_ms what the service asked to wait, -1 for nothing. */
eb_event eb__answer_classify(eb_call *call, eb_status transport_status, eb_status *cause,
                             int64_t *hint_ms);

/* Completes the message once it is known what the attempt is answered with. */
void eb__answer_describe(eb_call *call, eb_event event, eb_status status);

/* Does the service say that a copy of this very request arrived before? */
bool eb__answer_is_copy(const eb_call *call);

#endif
