/* events.c -- bytes into lines, lines into fields, fields into events. */
#include "events.h"

#include <string.h>

#include "text.h"

#if EB_PART_EVENTS

void eb__events_init(eb_events_reader *events, const eb_allocator *allocator, size_t max)
{
    memset(events, 0, sizeof *events);
    eb__buf_init(&events->raw, allocator, max);
    eb__buf_init(&events->data, allocator, max);
    eb__buf_init(&events->type, allocator, max);
    eb__buf_init(&events->id, allocator, max);
    eb__buf_init(&events->new_id, allocator, max);
    events->retry_ms = -1;
}

void eb__events_free(eb_events_reader *events)
{
    eb__buf_free(&events->raw);
    eb__buf_free(&events->data);
    eb__buf_free(&events->type);
    eb__buf_free(&events->id);
    eb__buf_free(&events->new_id);
}

static void begin_event(eb_events_reader *events)
{
    eb__buf_clear(&events->data);
    eb__buf_clear(&events->type);
    events->has_data   = false;
    events->has_new_id = false;
    events->given      = false;
}

void eb__events_clear(eb_events_reader *events)
{
    begin_event(events);
    eb__buf_clear(&events->raw);
    events->at = events->scanned = 0;
    events->begun = events->after_cr = false;
}

eb_status eb__events_put(eb_events_reader *events, const void *data, size_t size)
{
    eb_buf *raw = &events->raw;

    if (events->at > 0) { /* what was read makes room */
        memmove(raw->data, raw->data + events->at, raw->len - events->at);
        raw->len -= events->at;
        events->scanned -= events->at;
        events->at = 0;
    }
    eb__buf_put(raw, data, size);
    return eb__buf_status(raw);
}

/* ---- Lines ------------------------------------------------------------------------------------- */

/* Passes over the mark that may stand at the beginning. False: it may yet come. */
static bool skip_mark(eb_events_reader *events, bool ended)
{
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t      have   = events->raw.len - events->at;
    const size_t      len    = have < 3 ? have : 3;

    if (!events->begun && memcmp(events->raw.data + events->at, mark, len) == 0) {
        if (have < 3)
            return ended;
        events->at += 3;
    }
    events->begun = true;
    return true;
}

/* The next line without its end; false: there is none that is complete. */
static bool next_line(eb_events_reader *events, bool ended, const char **line, size_t *len)
{
    const eb_buf *raw = &events->raw;
    size_t        end;

    if (events->at == raw->len || !skip_mark(events, ended))
        return false;
    if (events->after_cr && events->at < raw->len) {
        events->at += raw->data[events->at] == '\n';
        events->after_cr = false;
    }
    end = events->scanned > events->at ? events->scanned : events->at;
    while (end < raw->len && raw->data[end] != '\n' && (events->lines || raw->data[end] != '\r'))
        end++;
    events->scanned = end;
    if (end == raw->len && !(ended && events->lines && end > events->at))
        return false;
    *line = raw->data + events->at;
    *len  = end - events->at;
    if (end < raw->len) {
        events->after_cr = raw->data[end] == '\r';
        end++;
    }
    events->at = events->scanned = end;
    return true;
}

/* ---- Fields ------------------------------------------------------------------------------------ */

static void set(eb_buf *field, const char *value, size_t len)
{
    eb__buf_clear(field);
    eb__buf_put(field, value, len);
}

static void take_retry(eb_events_reader *events, const char *value, size_t len)
{
    int64_t ms = 0;

    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9')
            return;
        ms = ms < INT64_MAX / 10 - 1 ? ms * 10 + (value[i] - '0') : ms;
    }
    if (len > 0)
        events->retry_ms = ms;
}

static void take_field(eb_events_reader *events, const char *line, size_t len)
{
    const char  *colon    = memchr(line, ':', len);
    const size_t name_len = colon != NULL ? (size_t)(colon - line) : len;
    const char  *value    = colon != NULL ? colon + 1 : line + len;
    size_t       value_len;
    bool is_text; /* what a C string can hold: WHATWG ignores other ids, and we other types as well */

    if (value < line + len && *value == ' ')
        value++;
    value_len = (size_t)(line + len - value);
    is_text   = memchr(value, '\0', value_len) == NULL;
    if (name_len == 4 && memcmp(line, "data", 4) == 0) {
        if (events->has_data)
            eb__buf_putc(&events->data, '\n');
        eb__buf_put(&events->data, value, value_len);
        events->has_data = true;
    } else if (name_len == 5 && memcmp(line, "event", 5) == 0) {
        if (is_text)
            set(&events->type, value, value_len);
    } else if (name_len == 2 && memcmp(line, "id", 2) == 0) {
        if (is_text) {
            set(&events->new_id, value, value_len);
            events->has_new_id = true;
        }
    } else if (name_len == 5 && memcmp(line, "retry", 5) == 0) {
        take_retry(events, value, value_len);
    } /* anything else means nothing, a comment (its name is empty) least of all */
}

/* A line that is an event, without the white space around it; RFC 7464 puts a record separator before it. */
static void take_line(eb_events_reader *events, const char *line, size_t len)
{
    while (len > 0 && (eb__is_space(*line) || *line == '\x1e')) {
        line++;
        len--;
    }
    while (len > 0 && eb__is_space(line[len - 1]))
        len--;
    eb__buf_put(&events->data, line, len);
    events->has_data = len > 0;
}

/* ---- Events ------------------------------------------------------------------------------------ */

static eb_status failure(const eb_events_reader *events)
{
    const eb_buf *const all[] = { &events->data, &events->type, &events->id, &events->new_id };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (eb__buf_status(all[i]) != EB_OK)
            return eb__buf_status(all[i]);
    return EB_OK;
}

eb_status eb__events_next(eb_events_reader *events, bool ended, eb_stream_event *event)
{
    const char *line;
    size_t      len;

    if (events->given)
        begin_event(events);
    while (next_line(events, ended, &line, &len)) {
        if (events->lines)
            take_line(events, line, len);
        else if (len > 0)
            take_field(events, line, len);
        if (failure(events) != EB_OK)
            return failure(events);
        if (!events->lines && len > 0)
            continue;
        if (events->has_new_id) /* one of an event that breaks off was never there */
            set(&events->id, eb__buf_text(&events->new_id), events->new_id.len);
        if (!events->has_data) { /* nothing to give: its type is forgotten too */
            begin_event(events);
            continue;
        }
        events->given = true;
        event->type   = events->type.len > 0 ? events->type.data : "message";
        event->id     = eb__buf_text(&events->id);
        event->data   = eb__buf_text(&events->data);
        event->len    = events->data.len;
        return EB_OK;
    }
    return EB_DONE;
}

#endif
