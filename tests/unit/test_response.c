/* test_response.c -- the life of a response: reset, open, taken, refused, freed; its texts are never NULL. */
#include "api.h"

#include "response.h"

START_TEST(a_reset_response_is_blank)
{
    unit_memory memory;
    eb_response r = { 0 };

    unit_memory_init(&memory, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
        bench_texts(&r);
        ck_assert_int_eq(r.http_status, 0);
        ck_assert_int_eq(r.retry_after_ms, -1);
        ck_assert_str_eq(r.message, "");
        eb__response_message(&r, "%s %d", "text", i);
        ck_assert_int_eq(strncmp(r.message, "text ", 5), 0);
    }
    eb_response_free(&r);
    ck_assert_ptr_null(r.message);
    ck_assert_ptr_null(r.arena_);
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(without_memory_a_response_can_still_be_read)
{
    unit_memory memory;
    eb_response r = { 0 };

    unit_memory_init(&memory, 1);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_NOMEM);
    bench_texts(&r);
    ck_assert_str_eq(r.message, "out of memory");
    ck_assert_int_eq(r.cause, EB_NOMEM);
    eb__response_message(&r, "text");
    ck_assert_str_eq(r.message, "out of memory");
    ck_assert_int_eq(eb__response_open(&r, &memory.allocator), EB_NOMEM);
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(open_keeps_and_blank_drops_what_is_said)
{
    unit_memory memory;
    eb_response r = { 0 };
    const char *message;

    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb__response_open(&r, &memory.allocator), EB_OK);
    bench_texts(&r);
    eb__response_message(&r, "text");
    r.http_status = 7;
    message       = r.message;
    ck_assert_int_eq(eb__response_open(&r, &memory.allocator), EB_OK);
    ck_assert_str_eq(r.message, "text");
    ck_assert_int_eq(r.http_status, 7);
    eb__response_blank(&r);
    ck_assert_str_eq(r.message, "");
    ck_assert_int_eq(r.http_status, 0);
    ck_assert_str_eq(message, "text"); /* still there */
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(what_is_taken_lives_on)
{
    unit_memory memory;
    eb_response r = { 0 };
    const char *message;
    eb_arena   *taken;

    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
    eb__response_message(&r, "text");
    message = r.message;
    taken   = eb__response_take(&r);
    ck_assert_ptr_null(r.arena_);
    ck_assert_ptr_null(r.message);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
    ck_assert_str_eq(message, "text");
    eb__arena_free(taken);
    ck_assert_ptr_null(eb__response_take(&(eb_response){ 0 }));
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(a_refusal_takes_no_memory)
{
    unit_memory memory;
    eb_response r = { 0 };

    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
    memory.fail_at = 1;
    ck_assert_int_eq(eb__response_refuse(&r, EB_INVALID, "why"), EB_INVALID);
    bench_texts(&r);
    ck_assert_str_eq(r.message, "why");
    ck_assert_int_eq(r.status, EB_INVALID);
    ck_assert_int_eq(r.cause, EB_INVALID);
    ck_assert_int_eq(r.reason, EB_REASON_LOCAL);
    ck_assert_int_eq(eb__response_refuse(NULL, EB_INVALID, "why"), EB_INVALID);
    unit_memory_check(&memory); /* the old contents are gone already */
    eb_response_free(&r);
}
END_TEST

START_TEST(headers_are_found_in_any_case)
{
    const eb_header headers[] = { { "Aa", "1" }, { "aA", "2" }, { "b", "" } };
    eb_response     r         = { 0 };

    ck_assert_ptr_null(eb_response_header(&r, "a"));
    r.headers      = headers;
    r.header_count = 3;
    ck_assert_str_eq(eb_response_header(&r, "AA"), "1");
    ck_assert_str_eq(eb_response_header(&r, "B"), "");
    ck_assert_ptr_null(eb_response_header(&r, "A"));
    ck_assert_ptr_null(eb_response_header(&r, ""));
    ck_assert_ptr_null(eb_response_header(&r, NULL));
    ck_assert_ptr_null(eb_response_header(NULL, "a"));
}
END_TEST

START_TEST(a_problem_is_told_as_well_as_memory_allows)
{
    eb_problem  problem = { .status = EB_INVALID, .field = "a.b", .text = "a.b: no" };
    unit_memory memory;
    eb_response r = { 0 };

    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
    ck_assert_int_eq(eb__response_problem(&r, &problem), EB_INVALID);
    ck_assert_int_eq(r.status, EB_INVALID);
    ck_assert_str_eq(r.field, "a.b");
    ck_assert_str_eq(r.message, "a.b: no");
    memory.fail_at = memory.calls + 1;
    while (eb__arena_alloc(r.arena_, 300) != NULL) /* what the arena has is used up */
        ;
    while (eb__arena_text(r.arena_, 1) != NULL)
        ;
    ck_assert_int_eq(eb__response_problem(&r, &problem), EB_INVALID);
    bench_texts(&r);
    ck_assert_str_eq(r.message, eb_status_text(EB_INVALID));
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(a_long_message_is_told_to_its_end)
{
    char        said[2049];
    unit_memory memory;
    eb_response r = { 0 };

    memset(said, 'x', sizeof said - 1);
    said[sizeof said - 1] = '\0';
    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb__response_reset(&r, &memory.allocator), EB_OK);
    r.message = said;
    eb__response_message(&r, "%s: it may have been carried out", r.message);
    ck_assert_uint_eq(strlen(r.message), strlen(said) + 30);
    ck_assert_str_eq(r.message + strlen(said), ": it may have been carried out");
    eb_response_free(&r);
    unit_memory_check(&memory);
}
END_TEST

UNIT_TESTS("response", a_reset_response_is_blank, without_memory_a_response_can_still_be_read,
           open_keeps_and_blank_drops_what_is_said, what_is_taken_lives_on,
           a_refusal_takes_no_memory, headers_are_found_in_any_case,
           a_problem_is_told_as_well_as_memory_allows, a_long_message_is_told_to_its_end)
