/* test_value.c -- what users call: the codec with a response around it, enums by text, Base64 of a
 * file, times as text. */
#include "sample.h"

#include <stdio.h>
#include <unistd.h>

#include "edgebind/testing.h"

START_TEST(from_json_fills_the_response_and_drops_what_it_held)
{
    eb_response         response = { 0 };
    const void         *value    = NULL;
    const sample_point *point;

    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(eb_value_from_json(&sample_point_type, "{\"x\":7}", 7, &value, &response), EB_OK);
        point = value;
        ck_assert_int_eq(point->x, 7);
        ck_assert_str_eq(response.message, "");
    }
    value = NULL;
    ck_assert_int_eq(eb_value_from_json(&sample_point_type, "{\"x\":\"7\"}", 9, &value, &response),
                     EB_DECODE);
    ck_assert_ptr_null(value);
    ck_assert_str_eq(response.field, "x");
    ck_assert_str_eq(response.message, "x: expected an integer, got string");
    ck_assert_str_eq(response.code, "");
    ck_assert_int_eq(eb_value_from_json(&sample_point_type, NULL, 0, &value, &response), EB_DECODE);
    ck_assert_int_eq(response.status, EB_DECODE);
    ck_assert_int_eq(eb_value_from_json(&sample_point_type, "{}", 2, &value, NULL), EB_INVALID);
    eb_response_free(&response);
}
END_TEST

START_TEST(to_json_adds_to_what_the_response_holds)
{
    eb_response         response = { 0 };
    const void         *value    = NULL;
    const sample_point *point;
    eb_json             one, other;

    ck_assert_int_eq(eb_value_from_json(&sample_point_type, "{\"x\":7}", 7, &value, &response), EB_OK);
    ck_assert_int_eq(eb_value_to_json(&sample_point_type, value, &one, &response), EB_OK);
    ck_assert_int_eq(eb_value_print(&sample_point_type, value, &other, &response), EB_OK);
    point = value;
    ck_assert_int_eq(point->x, 7);
    ck_assert_str_eq(one.text, "{\"x\":7,\"y\":0,\"weight\":0,\"visible\":false}");
    ck_assert_uint_eq(one.len, strlen(one.text));
    ck_assert_str_eq(other.text, "{\n  \"x\": 7,\n  \"y\": 0,\n  \"weight\": 0,\n  \"visible\": false\n}");
    eb_response_free(&response);
    ck_assert_int_eq(eb_value_to_json(&sample_point_type, &(sample_point){ 0 }, &one, &response), EB_OK);
    eb_response_free(&response);
}
END_TEST

START_TEST(to_json_checks_first)
{
    const sample_strict nothing  = { 0 };
    eb_response         response = { 0 };
    eb_json             json     = { NULL, 0 };

    ck_assert_int_eq(eb_value_to_json(&sample_strict_type, &nothing, &json, &response), EB_INVALID);
    ck_assert_ptr_null(json.text);
    ck_assert_str_eq(response.field, "name");
    ck_assert_str_eq(response.message, "name: required, but not given");
    ck_assert_int_eq(eb_value_to_json(&sample_strict_type, NULL, &json, &response), EB_INVALID);
    ck_assert_int_eq(eb_value_print(&sample_strict_type, NULL, &json, &response), EB_OK);
    ck_assert_str_eq(json.text, "null");
    eb_response_free(&response);
}
END_TEST

START_TEST(random_fills_the_same_for_the_same_seed)
{
    eb_response one = { 0 }, other = { 0 };
    const void *a = eb_value_random(&sample_type, 42, &one);
    const void *b = eb_value_random(&sample_type, 42, &other);
    void       *copy;

    ck_assert(eb_value_equal(&sample_type, a, b));
    copy = eb_value_dup(&sample_type, a);
    ck_assert(eb_value_equal(&sample_type, copy, b));
    b = eb_value_random(&sample_type, 43, &other);
    ck_assert(!eb_value_equal(&sample_type, copy, b));
    free(copy);
    eb_response_free(&one);
    eb_response_free(&other);
}
END_TEST

START_TEST(enums_are_found_by_text)
{
    ck_assert_int_eq(eb_enum_find(&sample_color_enum, "red"), SAMPLE_COLOR_RED);
    ck_assert_int_eq(eb_enum_find(&sample_color_enum, "gr\"een"), SAMPLE_COLOR_GREEN);
    ck_assert_int_eq(eb_enum_find(&sample_color_enum, "Red"), SAMPLE_COLOR_OTHER);
    ck_assert_int_eq(eb_enum_find(&sample_color_enum, ""), SAMPLE_COLOR_OTHER);
    ck_assert_int_eq(eb_enum_find(&sample_color_enum, NULL), SAMPLE_COLOR_UNSET);
    ck_assert_str_eq(eb_enum_text(&sample_color_enum, SAMPLE_COLOR_GREEN), "gr\"een");
    ck_assert_str_eq(eb_enum_text(&sample_color_enum, 2), "");
    ck_assert_str_eq(eb_enum_text(&sample_color_enum, SAMPLE_COLOR_OTHER), "");
    ck_assert_str_eq(eb_enum_text(&sample_color_enum, 99), "");
    ck_assert_str_eq(eb_enum_text(&sample_level_enum, SAMPLE_LEVEL_LOW), "");
}
END_TEST

START_TEST(marks_are_apart_and_read_as_empty)
{
    const eb_str_list empty = EB_EMPTY, null = EB_LIST_NULL, absent = { NULL, 0 };

    ck_assert_str_eq(eb_string_null, "");
    ck_assert(EB_LIST_IS_SET(empty) && !EB_LIST_IS_NULL(empty));
    ck_assert(!EB_LIST_IS_SET(null) && EB_LIST_IS_NULL(null));
    ck_assert(!EB_LIST_IS_SET(absent) && !EB_LIST_IS_NULL(absent));
    ck_assert_ptr_ne(eb_list_empty_, eb_list_null_);
}
END_TEST

static void write_file(char *path, const void *bytes, size_t len)
{
    const int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

START_TEST(base64_file_reads_a_whole_file_up_to_a_limit)
{
    char  path[] = "/tmp/edgebind-unit-XXXXXX";
    char  large[10000];
    char *text = NULL;

    write_file(path, "foob", 4);
    ck_assert_int_eq(eb_base64_file(path, 4, &text), EB_OK);
    ck_assert_str_eq(text, "Zm9vYg==");
    free(text);
    text = NULL;
    ck_assert_int_eq(eb_base64_file(path, 3, &text), EB_LIMIT);
    ck_assert_ptr_null(text);
    unlink(path);
    ck_assert_int_eq(eb_base64_file(path, 100, &text), EB_INVALID);
    ck_assert_int_eq(eb_base64_file("/tmp", 100, &text), EB_INVALID);
    ck_assert_int_eq(eb_base64_file(NULL, 100, &text), EB_INVALID);
    ck_assert_ptr_null(text);

    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    write_file(path, "", 0);
    ck_assert_int_eq(eb_base64_file(path, 0, &text), EB_OK);
    ck_assert_str_eq(text, "");
    free(text);
    unlink(path);

    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    memset(large, 0, sizeof large);
    write_file(path, large, sizeof large);
    ck_assert_int_eq(eb_base64_file(path, sizeof large, &text), EB_OK);
    ck_assert_uint_eq(strlen(text), (sizeof large + 2) / 3 * 4);
    free(text);
    unlink(path);
}
END_TEST

START_TEST(times_in_milliseconds_are_read_exactly)
{
    static const struct {
        const char *text;
        int64_t     seconds;
        int         milliseconds;
    } cases[]                      = { { "1590124643553", 1590124643, 553 },
                                       { "0", 0, 0 },
                                       { "-0", 0, 0 },
                                       { "+5", 0, 5 },
                                       { "999", 0, 999 },
                                       { "1000", 1, 0 },
                                       { "-1", -1, 999 },
                                       { "-1000", -1, 0 },
                                       { "-1001", -2, 999 },
                                       { "000000000000000000000001", 0, 1 },
                                       { "9223372036854775807", 9223372036854775, 807 },
                                       { "-9223372036854775808", -9223372036854776, 192 } };
    static const char *const bad[] = {
        "", "-", "+", "1.5", " 1", "1 ", "1e3", "x", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "--1"
    };
    int64_t seconds;
    int     milliseconds;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(eb_time_from_ms_text(cases[i].text, &seconds, &milliseconds) == EB_OK, "%s",
                      cases[i].text);
        ck_assert_int_eq(seconds, cases[i].seconds);
        ck_assert_int_eq(milliseconds, cases[i].milliseconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        seconds      = 1;
        milliseconds = 2;
        ck_assert_msg(eb_time_from_ms_text(bad[i], &seconds, &milliseconds) == EB_INVALID, "%s", bad[i]);
        ck_assert(seconds == 1 && milliseconds == 2);
    }
    ck_assert_int_eq(eb_time_from_ms_text(NULL, &seconds, NULL), EB_INVALID);
    ck_assert_int_eq(eb_time_from_ms_text("5", NULL, NULL), EB_OK);
}
END_TEST

START_TEST(times_are_read_as_rfc_3339_writes_them)
{
    static const struct {
        const char *text;
        int64_t     seconds;
        int         nanoseconds;
    } cases[]                      = { { "1970-01-01T00:00:00Z", 0, 0 },
                                       { "1970-01-01", 0, 0 },
                                       { "1969-12-31T23:59:59.5Z", -1, 500000000 },
                                       { "2026-01-31t23:59:59.25+01:00", 1769900399, 250000000 },
                                       { "2026-01-31 23:59:59-23:59", 1769990339, 0 },
                                       { "2016-12-31T23:59:60Z", 1483228800, 0 },
                                       { "2000-02-29T12:00:00.1234567899z", 951825600, 123456789 },
                                       { "0001-01-01T00:00:00Z", -62135596800, 0 },
                                       { "9999-12-31T23:59:59Z", 253402300799, 0 } };
    static const char *const bad[] = { "",
                                       "2026",
                                       "2026-1-31",
                                       "2026-02-29",
                                       "2026-00-01",
                                       "2026-13-01",
                                       "0000-01-01",
                                       "1900-02-29",
                                       "2026-01-32",
                                       "2026-01-31T",
                                       "2026-01-31T24:00:00Z",
                                       "2026-01-31T23:60:00Z",
                                       "2026-01-31T23:59:61Z",
                                       "2026-01-31T23:59:59",
                                       "2026-01-31T23:59:59.Z",
                                       "2026-01-31T23:59:59+1:00",
                                       "2026-01-31T23:59:59+24:00",
                                       "2026-01-31T23:59:59Zx",
                                       "+026-01-31",
                                       " 2026-01-31",
                                       "2026-01-31 " };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds     = 7;
        int     nanoseconds = 7;

        ck_assert_msg(eb_time_from_text(cases[i].text, &seconds, &nanoseconds) == EB_OK, "%s",
                      cases[i].text);
        ck_assert_int_eq(seconds, cases[i].seconds);
        ck_assert_int_eq(nanoseconds, cases[i].nanoseconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t seconds     = 7;
        int     nanoseconds = 7;

        ck_assert_msg(eb_time_from_text(bad[i], &seconds, &nanoseconds) == EB_INVALID, "%s", bad[i]);
        ck_assert(seconds == 7 && nanoseconds == 7);
    }
    ck_assert_int_eq(eb_time_from_text(NULL, NULL, NULL), EB_INVALID);
    ck_assert_int_eq(eb_time_from_text("2026-01-31", NULL, NULL), EB_OK);
}
END_TEST

START_TEST(times_are_written_so_that_they_read_back)
{
    static const int64_t edges[] = { -62135596800, -62135596799, -1,          0,
                                     951782400,    951868799,    253402300799 };
    static const int     parts[] = { 0, 1, 10, 500000000, 999999999 };
    char                 text[EB_TIME_TEXT_SIZE];

    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            int64_t seconds     = 7;
            int     nanoseconds = 7;

            ck_assert_int_eq(eb_time_to_text(edges[i], parts[k], text), EB_OK);
            ck_assert_msg(eb_time_from_text(text, &seconds, &nanoseconds) == EB_OK, "%s", text);
            ck_assert_msg(seconds == edges[i] && nanoseconds == parts[k], "%s", text);
        }
    ck_assert_int_eq(eb_time_to_text(1769900399, 250000000, text), EB_OK);
    ck_assert_str_eq(text, "2026-01-31T22:59:59.25Z");
    ck_assert_int_eq(eb_time_to_text(253402300800, 0, text), EB_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(eb_time_to_text(-62135596801, 0, text), EB_INVALID);
    ck_assert_int_eq(eb_time_to_text(0, 1000000000, text), EB_INVALID);
    ck_assert_int_eq(eb_time_to_text(0, -1, text), EB_INVALID);
}
END_TEST

UNIT_TESTS("value", from_json_fills_the_response_and_drops_what_it_held,
           to_json_adds_to_what_the_response_holds, to_json_checks_first,
           random_fills_the_same_for_the_same_seed, enums_are_found_by_text,
           marks_are_apart_and_read_as_empty, base64_file_reads_a_whole_file_up_to_a_limit,
           times_in_milliseconds_are_read_exactly, times_are_read_as_rfc_3339_writes_them,
           times_are_written_so_that_they_read_back)
