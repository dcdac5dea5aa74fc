/* events.h -- the bytes of a stream cut into events, wherever they were cut on the way: server-sent events as
 * WHATWG has them, or a JSON text a line. */
#ifndef EB_EVENTS_H
#define EB_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "edgebind/generated.h"

typedef struct eb_events_reader {
    bool    lines;      /* a line is an event */
    eb_buf  raw;        /* what came and has not been read */
    size_t  at;         /* where the next line begins in it */
    size_t  scanned;    /* up to here it has no end */
    bool    begun;      /* the byte order mark is behind us */
    bool    after_cr;   /* a \n right now belongs to the line end before it */
    eb_buf  data, type; /* of the event being read, or of the last one given */
    bool    has_data;
    bool    given;  /* the event was handed out: the next begins */
    eb_buf  id;     /* the last one of a complete event */
    eb_buf  new_id; /* of the event being read */
    bool    has_new_id;
    int64_t retry_ms; /* -1: none was asked for */
} eb_events_reader;

#if EB_PART_EVENTS
/* max bounds an event, and what has come and was not read. */
void eb__events_init(eb_events_reader *events, const eb_allocator *allocator, size_t max);
void eb__events_free(eb_events_reader *events);

/* As before the first byte; format and last id stay. */
void eb__events_clear(eb_events_reader *events);

/* More bytes. EB_OK, EB_LIMIT or EB_NOMEM. */
eb_status eb__events_put(eb_events_reader *events, const void *data, size_t size);

/* The next event; value is not touched. EB_DONE: none is complete yet. ended: no more bytes will come, so that a
 * last line without its end counts; half an event of the other kind does not. EB_LIMIT, EB_NOMEM. */
eb_status eb__events_next(eb_events_reader *events, bool ended, eb_stream_event *event);
#else
#define eb__events_clear(events)           ((void)(events))
#define eb__events_put(events, data, size) ((void)(events), (void)(data), (void)(size), EB_OK)
#endif

#endif
