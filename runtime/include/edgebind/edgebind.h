/* edgebind/edgebind.h -- everything a program that makes calls needs; the generated header of an API
 * (edgebind/edgegap.h, ...) includes it.
 *
 *     status.h       what a call answers
 *     value.h        absent, null and set: what members hold
 *     response.h     what came back from a call, and the memory it lives in
 *     client.h       a client, its options, those of one call, cancelling
 *     credentials.h  who is calling
 *     body.h         bytes to upload
 *     sink.h         where a download goes
 *     memory.h       an allocator of your own
 *     transport.h    an HTTP transport of your own
 *     observe.h      hooks, a log, a response as text for a ticket
 *     generated.h    the contract between generated code and the runtime; not for your code
 *     parts.h        what of the runtime can be left out
 *
 * Not included here: cjson.h (free-form values as cJSON trees), testing.h (a scripted transport for
 * your unit tests, random values), help.h (what the document says, for programs that show it). */
#ifndef EDGEBIND_EDGEBIND_H
#define EDGEBIND_EDGEBIND_H

#include "edgebind/body.h"
#include "edgebind/client.h"
#include "edgebind/credentials.h"
#include "edgebind/generated.h"
#include "edgebind/memory.h"
#include "edgebind/observe.h"
#include "edgebind/response.h"
#include "edgebind/sink.h"
#include "edgebind/status.h"
#include "edgebind/transport.h"
#include "edgebind/value.h"

#endif
