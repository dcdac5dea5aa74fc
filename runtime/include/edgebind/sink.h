/* edgebind/sink.h -- where a download goes: a file, a stream, or a function.
 *
 *     const eb_sink sink = eb_sink_file("build.zip");
 *     st = acme_build_get(client, &(acme_build_get_params){
 *             .id = "7", .options = &(eb_call_options){ .sink = &sink, .deadline_ms = 600000 } }, &response);
 *
 * The body of a success streams there as it arrives, whatever its type, and does not sit in memory: *value is
 * NULL, response->body empty, response->sink_bytes its length. max_body_bytes does not apply to it; the bodies
 * of failures go to response->body as always. Such a call is bounded by its deadline and by the stall timeout,
 * and by an attempt timeout only if one is given with the call.
 *
 * A download that breaks off is made again like any other call, if the sink can begin again: a file can, a
 * stream cannot, a function can if it has restart. If not, there is no further attempt once the sink has taken
 * something: response->reason is EB_REASON_SINK. A sink that fails ends the call with EB_INVALID, and
 * response->field is "options.sink". It borrows what it names until the call returns, and serves one call at a
 * time. */
#ifndef EDGEBIND_SINK_H
#define EDGEBIND_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the bytes go. */
typedef enum eb_sink_kind { EB_SINK_NONE = 0, EB_SINK_FILE, EB_SINK_STREAM, EB_SINK_WRITER } eb_sink_kind;

/* Takes the next bytes, all of them; false: it cannot. Called from the thread that makes the call. */
typedef bool (*eb_sink_write)(void *context, const void *data, size_t size);

/* Drops what was taken, because all of it will come again; false: it cannot. */
typedef bool (*eb_sink_restart)(void *context);

/* Where one download goes; made by eb_sink_file, eb_sink_stream or eb_sink_writer. */
typedef struct eb_sink {
    eb_sink_kind    kind;
    const char     *path;    /* FILE */
    FILE           *stream;  /* STREAM */
    eb_sink_write   write;   /* WRITER */
    eb_sink_restart restart; /* WRITER; NULL: it cannot begin again */
    void           *context; /* WRITER */
    uint64_t        max_bytes; /* more than that is EB_LIMIT; 0: no limit */
    void           *reserved_[2];
} eb_sink;

/* The bytes go to a file beside it ("build.zip.part"), which gets its name, and replaces what had it, when the
 * download is complete; after a failure it is removed. It is made before anything is sent. */
static inline eb_sink eb_sink_file(const char *path)
{
    eb_sink sink = { EB_SINK_FILE, NULL, NULL, NULL, NULL, NULL, 0, { NULL, NULL } };

    sink.path = path;
    return sink;
}

/* A stream that stays open; what a failed download has written to it stays as well. */
static inline eb_sink eb_sink_stream(FILE *stream)
{
    eb_sink sink = { EB_SINK_STREAM, NULL, NULL, NULL, NULL, NULL, 0, { NULL, NULL } };

    sink.stream = stream;
    return sink;
}

/* restart may be NULL. Whether the download is complete is what the call answers. */
static inline eb_sink eb_sink_writer(eb_sink_write write, eb_sink_restart restart, void *context)
{
    eb_sink sink = { EB_SINK_WRITER, NULL, NULL, NULL, NULL, NULL, 0, { NULL, NULL } };

    sink.write   = write;
    sink.restart = restart;
    sink.context = context;
    return sink;
}

#ifdef __cplusplus
}
#endif
#endif
