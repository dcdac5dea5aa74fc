/* test_buf.c -- text that grows, remembers a failure, and keeps to its limit. */
#include "unit.h"

#include "buf.h"

START_TEST(buf_grows_and_stays_a_string)
{
    unit_memory memory;
    eb_buf      buf;

    unit_memory_init(&memory, 0);
    eb__buf_init(&buf, &memory.allocator, 0);
    ck_assert_str_eq(eb__buf_text(&buf), "");
    for (int i = 0; i < 20000; i++) {
        eb__buf_putc(&buf, (char)('a' + i % 26));
        ck_assert_uint_eq(buf.len, (size_t)i + 1);
        ck_assert(buf.data[buf.len] == '\0');
    }
    ck_assert_mem_eq(buf.data, "abcdefghijklmnopqrstuvwxyzab", 28);
    ck_assert_int_lt(memory.calls, 12);
    eb__buf_clear(&buf);
    ck_assert_str_eq(eb__buf_text(&buf), "");
    eb__buf_puts(&buf, "again");
    ck_assert_str_eq(eb__buf_text(&buf), "again");
    eb__buf_free(&buf);
    unit_memory_check(&memory);
    eb__buf_puts(&buf, "once more");
    ck_assert_str_eq(eb__buf_text(&buf), "once more");
    eb__buf_free(&buf);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(buf_works_from_zero)
{
    eb_buf buf = { 0 };

    eb__buf_put(&buf, "a\0b", 3);
    eb__buf_put(&buf, NULL, 0);
    eb__buf_put_int(&buf, INT64_MIN);
    eb__buf_printf(&buf, " %d %s", 7, "x");
    eb__buf_put_int(&buf, INT64_MAX);
    ck_assert_mem_eq(buf.data, "a\0b-9223372036854775808 7 x9223372036854775807", buf.len + 1);
    eb__buf_free(&buf);
    eb__buf_put_int(&buf, 0);
    ck_assert_str_eq(eb__buf_text(&buf), "0");
    eb__buf_free(&buf);
}
END_TEST

START_TEST(buf_keeps_to_its_limit_exactly)
{
    eb_buf buf;

    eb__buf_init(&buf, NULL, 10);
    eb__buf_puts(&buf, "0123456789");
    ck_assert_int_eq(eb__buf_status(&buf), EB_OK);
    eb__buf_putc(&buf, '!');
    ck_assert_int_eq(eb__buf_status(&buf), EB_LIMIT);
    ck_assert_str_eq(eb__buf_text(&buf), "");
    ck_assert_ptr_null(eb__buf_room(&buf, 1));
    eb__buf_clear(&buf);
    eb__buf_printf(&buf, "%s", "0123456789!");
    ck_assert_int_eq(eb__buf_status(&buf), EB_LIMIT);
    eb__buf_clear(&buf);
    ck_assert_ptr_nonnull(eb__buf_reserve(&buf, 100));
    eb__buf_added(&buf, 10);
    ck_assert_int_eq(eb__buf_status(&buf), EB_OK);
    ck_assert_ptr_nonnull(eb__buf_reserve(&buf, 100));
    eb__buf_added(&buf, 1);
    ck_assert_int_eq(eb__buf_status(&buf), EB_LIMIT);
    eb__buf_free(&buf);
}
END_TEST

START_TEST(buf_refuses_sizes_that_overflow)
{
    eb_buf buf = { 0 };

    eb__buf_puts(&buf, "x");
    ck_assert_ptr_null(eb__buf_room(&buf, SIZE_MAX));
    ck_assert_int_eq(eb__buf_status(&buf), EB_NOMEM);
    eb__buf_free(&buf);
}
END_TEST

static bool append(const eb_allocator *allocator)
{
    eb_buf buf;
    bool   worked;

    eb__buf_init(&buf, allocator, 0);
    for (int i = 0; i < 5000; i++)
        eb__buf_puts(&buf, "0123456789");
    eb__buf_printf(&buf, "%0512d", 1);
    worked = eb__buf_status(&buf) == EB_OK;
    ck_assert_uint_eq(strlen(eb__buf_text(&buf)), worked ? 50512 : 0);
    eb__buf_free(&buf);
    return worked;
}

START_TEST(buf_survives_each_failing_allocation)
{
    unit_fail_each(append);
}
END_TEST

UNIT_TESTS("buf", buf_grows_and_stays_a_string, buf_works_from_zero, buf_keeps_to_its_limit_exactly,
           buf_refuses_sizes_that_overflow, buf_survives_each_failing_allocation)
