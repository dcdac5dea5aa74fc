/* test_events.c -- streams cut into events: the rules of WHATWG one by one, the same events wherever the bytes
 * were cut on the way, and what is too long. */
#include "unit.h"

#include <stdio.h>

#include "events.h"

/* Reads a whole stream in pieces and writes each event as "type|id|data;". */
static void read_in(const char *bytes, size_t len, size_t piece, bool lines, char *seen, size_t size)
{
    eb_events_reader reader;
    eb_stream_event  event;
    unit_memory      memory;
    size_t           at = 0, used = 0;

    unit_memory_init(&memory, 0);
    eb__events_init(&reader, &memory.allocator, 4096);
    reader.lines = lines;
    *seen        = '\0';
    for (;;) {
        const size_t    more = len - at < piece ? len - at : piece;
        const eb_status st   = eb__events_next(&reader, at == len, &event);

        if (st == EB_OK) {
            ck_assert(event.data[event.len] == '\0');
            used += (size_t)snprintf(seen + used, size - used, "%s|%s|%s;", event.type, event.id,
                                     event.data);
            ck_assert_uint_lt(used, size);
            continue;
        }
        ck_assert_int_eq(st, EB_DONE);
        if (at == len)
            break;
        ck_assert_int_eq(eb__events_put(&reader, bytes + at, more), EB_OK);
        at += more;
    }
    eb__events_free(&reader);
    unit_memory_check(&memory);
}

static void check(const char *bytes, size_t len, const char *expected)
{
    char seen[1024];

    for (size_t piece = 1; piece <= len + 1; piece++) {
        read_in(bytes, len, piece, false, seen, sizeof seen);
        ck_assert_str_eq(seen, expected);
    }
}

START_TEST(the_rules_of_whatwg_hold)
{
    static const struct {
        const char *bytes, *expected;
    } cases[] = {
        { "data: a\n\n", "message||a;" },
        { "data: a\r\n\r\n", "message||a;" },
        { "data: a\r\r", "message||a;" },
        { "data:a\n\ndata: b\n\n", "message||a;message||b;" },
        { "data: YHOO\ndata: +2\ndata: 10\n\n", "message||YHOO\n+2\n10;" },
        { ": test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n",
          "message|1|first;message||second;message|| third;" },
        { "data\n\ndata\ndata\n\ndata:", "message||;message||\n;" },
        { "data:test\n\ndata: test\n\n", "message||test;message||test;" },
        { "event: add\ndata: 1\n\ndata: 2\n\n", "add||1;message||2;" },
        { "event: add\n\ndata: 2\n\n", "message||2;" }, /* its type is forgotten */
        { "id: 7\n\ndata: x\n\n", "message|7|x;" },
        { "id: 7\ndata: x\n\nid: 8\ndata: half", "message|7|x;" },
        { "\xEF\xBB\xBF"
          "data: a\n\n",
          "message||a;" },
        { "\xEF\xBB\xBF\xEF\xBB\xBF"
          "data: a\n\n",
          "" },
        { "data: \xEF\xBB\xBF\n\n", "message||\xEF\xBB\xBF;" },
        { "Data: a\n data: b\ndata : c\nfoo: d\n\n", "" },
        { "data: a:b: c\n\n", "message||a:b: c;" },
        { "data: a\n\n\n\n\ndata: b\n\n", "message||a;message||b;" },
        { "data: a\n\r\ndata: b\r\n\n", "message||a;message||b;" },
        { "event: a\nevent: b\ndata: c\n\n", "b||c;" },
        { "event:\ndata: c\n\n", "message||c;" },
        { "", "" },
        { "\n", "" },
        { "\xEF\xBB", "" },
        { "data: a", "" },
        { "data: a\n", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].bytes, strlen(cases[i].bytes), cases[i].expected);
    check("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 31, "message|1|a;message|1|b;"); /* an id with NUL is none */
    check("event: \0x\ndata: a\n\nevent: b\nevent: \0\ndata: c\n\n", 46, "message||a;b||c;"); /* nor is a type */
}
END_TEST

START_TEST(what_is_asked_to_wait_is_a_number_of_digits)
{
    static const struct {
        const char *bytes;
        int64_t     retry_ms;
    } cases[] = { { "retry: 250\n", 250 },
                  { "retry:0\n", 0 },
                  { "retry: -1\n", -1 },
                  { "retry: 1s\n", -1 },
                  { "retry:\n", -1 },
                  { "retry\n", -1 },
                  { "retry: 7\nretry: x\n", 7 },
                  { "retry: 99999999999999999999999\n", INT64_C(999999999999999999) } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_events_reader reader;
        eb_stream_event  event;

        eb__events_init(&reader, NULL, 0);
        ck_assert_int_eq(eb__events_put(&reader, cases[i].bytes, strlen(cases[i].bytes)), EB_OK);
        ck_assert_int_eq(eb__events_next(&reader, false, &event), EB_DONE);
        if (i < 7)
            ck_assert_int_eq(reader.retry_ms, cases[i].retry_ms);
        else
            ck_assert_int_ge(reader.retry_ms, cases[i].retry_ms); /* for ever */
        eb__events_free(&reader);
    }
}
END_TEST

START_TEST(lines_are_events_and_the_last_one_needs_no_end)
{
    static const char bytes[] = "{\"a\":1}\n\n  {\"b\":2}\r\n\x1e[3]\n\xEF\xBB\xBF\n4";
    char              seen[256];

    for (size_t piece = 1; piece < sizeof bytes; piece++) {
        read_in(bytes, sizeof bytes - 1, piece, true, seen, sizeof seen);
        ck_assert_str_eq(seen, "message||{\"a\":1};message||{\"b\":2};message||[3];message||\xEF\xBB\xBF;message||4;");
    }
}
END_TEST

START_TEST(an_event_that_is_too_long_is_a_limit)
{
    static const char *const starts[] = { "data: ", "data", "id:", "event: ", ":" };

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        eb_events_reader reader;
        eb_stream_event  event;
        eb_status        st;

        eb__events_init(&reader, NULL, 64);
        st = eb__events_put(&reader, starts[i], strlen(starts[i]));
        for (int k = 0; k < 70 && st == EB_OK; k++) {
            st = eb__events_put(&reader, "x", 1);
            if (st == EB_OK)
                ck_assert_int_eq(eb__events_next(&reader, false, &event), EB_DONE);
        }
        ck_assert_int_eq(st, EB_LIMIT);
        eb__events_clear(&reader);
        st = EB_OK;
        for (int k = 0; k < 70 && st == EB_OK; k++) { /* many short lines of one event */
            ck_assert_int_eq(eb__events_put(&reader, "data: x\n", 8), EB_OK);
            st = eb__events_next(&reader, false, &event);
            ck_assert(st == EB_DONE || st == EB_LIMIT);
            st = st == EB_DONE ? EB_OK : st;
        }
        ck_assert_int_eq(st, EB_LIMIT);
        eb__events_free(&reader);
    }
}
END_TEST

START_TEST(any_bytes_give_the_same_events_however_they_are_cut)
{
    static const char *const parts[] = { "data:", "data: ", "id:",  "event:", "retry:", ":",
                                         "\n",    "\r",     "\r\n", "a",      "\xEF",   "\xBB\xBF",
                                         "\n\n",  "{}",     " ",    "" };
    uint64_t                 state   = 1;

    for (long n = 0; n < unit_cases(300); n++) {
        char   bytes[256], whole[2048], cut[2048];
        size_t len = 0;

        while (len < 200 && unit_random(&state) % 40 != 0) {
            const char *part = parts[unit_random(&state) % (sizeof parts / sizeof parts[0])];

            memcpy(bytes + len, part, strlen(part));
            len += strlen(part);
        }
        for (int lines = 0; lines < 2; lines++) {
            read_in(bytes, len, len + 1, lines != 0, whole, sizeof whole);
            for (size_t piece = 1; piece < 8; piece++) {
                read_in(bytes, len, piece, lines != 0, cut, sizeof cut);
                ck_assert_str_eq(cut, whole);
            }
        }
    }
}
END_TEST

UNIT_TESTS("events", the_rules_of_whatwg_hold, what_is_asked_to_wait_is_a_number_of_digits,
           lines_are_events_and_the_last_one_needs_no_end, an_event_that_is_too_long_is_a_limit,
           any_bytes_give_the_same_events_however_they_are_cut)
