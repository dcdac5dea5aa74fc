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

/* answer_acs3.c: what is said about a signed request. Did a copy of this very request arrive before? Was the date
 * refused because of our clock, and is the service's known now? And adds to the message in what the service's idea
 * of the request differs from ours: EB_OK or EB_NOMEM. */
#if EB_PART_ACS3
bool      eb__answer_is_copy(const eb_call *call);
bool      eb__answer_clock(eb_call *call);
eb_status eb__answer_explain(eb_call *call);
#else
#define eb__answer_is_copy(call) ((void)(call), false)
#define eb__answer_clock(call)   ((void)(call), false)
#define eb__answer_explain(call) ((void)(call), EB_OK)
#endif

#endif
