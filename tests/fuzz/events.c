/* events.c -- streams cut into events, and headers made into structs. The first line chooses: "headers", one a
 * line after it; "lines", or anything else for server-sent events. However a stream is cut on the way, it holds the same events. */
#include "fuzz.h"

#include "codec.h"
#include "documented.h"
#include "events.h"
#include "text.h"

enum { MAX = 64 * 1024 };

/* Everything that the stream says, in one text. */
static void walk(const eb_allocator *allocator, bool lines, const char *bytes, size_t len,
                 size_t piece, eb_buf *said)
{
    eb_events_reader reader;
    eb_stream_event  event;
    size_t           at = 0;
    eb_status        st;

    eb__events_init(&reader, allocator, MAX);
    reader.lines = lines;
    for (;;) {
        st = eb__events_next(&reader, at == len, &event);
        if (st == EB_OK) {
            MUST(event.data[event.len] == '\0' && *event.type != '\0');
            MUST(lines ? event.len > 0 : memchr(event.data, '\r', event.len) == NULL);
            eb__buf_printf(said, "%s|%s|%zu|", event.type, event.id, event.len);
            eb__buf_put(said, event.data, event.len);
            continue;
        }
        MUST(st == EB_DONE);
        if (at == len)
            break;
        if (piece > len - at)
            piece = len - at;
        MUST(eb__events_put(&reader, bytes + at, piece) == EB_OK);
        at += piece;
    }
    eb__buf_printf(said, "%lld", (long long)reader.retry_ms);
    eb__events_free(&reader);
}

static void streams(fuzz_input rest, bool lines)
{
    char        *bytes     = fuzz_bytes(rest);
    long         live      = 0;
    eb_allocator allocator = fuzz_allocator(&live);
    eb_buf       whole, cut;

    eb__buf_init(&whole, &allocator, 0);
    eb__buf_init(&cut, &allocator, 0);
    if (rest.len < MAX) {
        walk(&allocator, lines, bytes, rest.len, rest.len, &whole);
        for (size_t piece = 1; piece <= 5; piece += 2) {
            eb__buf_clear(&cut);
            walk(&allocator, lines, bytes, rest.len, piece, &cut);
            MUST(cut.len == whole.len && memcmp(cut.data, whole.data, cut.len) == 0);
        }
    }
    eb__buf_free(&whole);
    eb__buf_free(&cut);
    MUST(live == 0);
    free(bytes);
}

/* ---- Headers ----------------------------------------------------------------------------------- */

typedef struct fuzz_headers {
    const char *text;
    eb_opt_int  integer;
    eb_opt_num  number;
    eb_opt_bool flag;
    eb_json     json;
    eb_str_list texts;
    eb_int_list integers;
} fuzz_headers;

static const eb_field header_rows[] = {
    EB_ROW_STR(fuzz_headers, text, "text", EB_OPTIONAL),
    EB_ROW_OPT_INT(fuzz_headers, integer, "integer", EB_OPTIONAL),
    EB_ROW_OPT_NUM(fuzz_headers, number, "number", EB_OPTIONAL),
    EB_ROW_OPT_BOOL(fuzz_headers, flag, "flag", EB_OPTIONAL),
    EB_ROW_JSON(fuzz_headers, json, "json", EB_OPTIONAL),
    EB_ROW_LIST(fuzz_headers, texts, "texts", EB_OPTIONAL, eb_str_list),
    EB_ROW_LIST(fuzz_headers, integers, "integers", EB_OPTIONAL, eb_int_list),
};
static const eb_type headers_type = EB_TYPE(fuzz_headers, header_rows);

/* A header that cannot be read is absent and takes no other with it. */
static void headers(fuzz_input rest)
{
    enum { COUNT_MAX = 32 };
    eb_header           given[COUNT_MAX + 1];
    char               *texts[2 * COUNT_MAX];
    size_t              count     = 0;
    long                live      = 0;
    eb_allocator        allocator = fuzz_allocator(&live);
    eb_arena           *arena     = eb__arena_new(&allocator, 0);
    const fuzz_headers *made;
    bool                named = false;

    for (; rest.len > 0 && count < COUNT_MAX; count++) {
        fuzz_input line = fuzz_until(&rest, '\n');

        texts[2 * count]     = fuzz_text(fuzz_until(&line, ':'));
        texts[2 * count + 1] = fuzz_text(line);
        given[count]         = (eb_header){ texts[2 * count], texts[2 * count + 1] };
    }
    given[count] = (eb_header){ "flag", "true" };
    made         = eb__headers_decode(&headers_type, given, count + 1, arena);
    MUST(made != NULL);
    for (size_t i = 0; i < count; i++)
        named = named || eb__same_name(given[i].name, "flag");
    MUST(named || made->flag.is == EB_SET);
    MUST(made->json.text == NULL || eb__json_check(made->json.text, made->json.len, NULL, NULL) == EB_OK);
    eb__arena_free(arena);
    MUST(live == 0);
    for (size_t i = 0; i < 2 * count; i++)
        free(texts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input       rest = { (const char *)data, size };
    const fuzz_input kind = fuzz_until(&rest, '\n');

    if (fuzz_is(kind, "headers"))
        headers(rest);
    else
        streams(rest, fuzz_is(kind, "lines"));
    return 0;
}
