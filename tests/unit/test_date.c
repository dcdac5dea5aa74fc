/* test_date.c -- the calendar, both ways. HTTP dates that are not ones stand in
 * vectors/retry/hints.json. */
#include "unit.h"

#include <stdio.h>

#include "acs3.h"
#include "outcome.h"

static void check_date(int64_t seconds, const char *expected)
{
    char date[EB_ACS3_DATE_SIZE + 1];

    date[EB_ACS3_DATE_SIZE] = '#';
    eb__acs3_date(date, seconds);
    ck_assert_str_eq(date, expected);
    ck_assert_int_eq(date[EB_ACS3_DATE_SIZE], '#');
}

START_TEST(dates_are_written)
{
    check_date(0, "1970-01-01T00:00:00Z");
    check_date(1698315752, "2023-10-26T10:22:32Z");
    check_date(1774685350, "2026-03-28T08:09:10Z");
    check_date(951782399, "2000-02-28T23:59:59Z");
    check_date(951782400, "2000-02-29T00:00:00Z");
    check_date(951868800, "2000-03-01T00:00:00Z");
    check_date(4107542399, "2100-02-28T23:59:59Z");
    check_date(4107542400, "2100-03-01T00:00:00Z");
    check_date(2147483648, "2038-01-19T03:14:08Z");
    check_date(253402300799, "9999-12-31T23:59:59Z");
}
END_TEST

START_TEST(dates_that_cannot_be_written_stay_in_range)
{
    check_date(-1, "1970-01-01T00:00:00Z");
    check_date(INT64_MIN, "1970-01-01T00:00:00Z");
    check_date(253402300800, "9999-12-31T23:59:59Z");
    check_date(INT64_MAX, "9999-12-31T23:59:59Z");
}
END_TEST

/* Every day of 400 years, counted one by one, at a time that moves along. */
START_TEST(every_day_reads_back)
{
    static const char months[]    = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char days[7][10] = { "Thursday", "Friday",  "Saturday", "Sunday",
                                      "Monday",   "Tuesday", "Wednesday" };
    static const int  lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int               year = 1970, month = 1, day = 1;

    for (int64_t n = 0; n < 146097; n++) {
        const bool    leap    = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int64_t seconds = n * 86400 + n % 86400;
        const int     hour = (int)(n % 86400 / 3600), minute = (int)(n / 60 % 60);
        const int     second = (int)(n % 60);
        char          text[64];
        int64_t       found;

        snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, hour,
                 minute, second);
        check_date(seconds, text);
        snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days[n % 7], day,
                 months + (month - 1) * 3, year, hour, minute, second);
        ck_assert_msg(eb__http_date(text, &found) && found == seconds, "%s", text);
        snprintf(text, sizeof(text), "%.3s %.3s %2d %02d:%02d:%02d %04d", days[n % 7],
                 months + (month - 1) * 3, day, hour, minute, second, year);
        ck_assert_msg(eb__http_date(text, &found) && found == seconds, "%s", text);
        if (year < 2070) {
            snprintf(text, sizeof(text), "%s, %02d-%.3s-%02d %02d:%02d:%02d GMT", days[n % 7], day,
                     months + (month - 1) * 3, year % 100, hour, minute, second);
            ck_assert_msg(eb__http_date(text, &found) && found == seconds, "%s", text);
        }
        if (++day > lengths[month - 1] + (month == 2 && leap)) {
            day = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
    ck_assert_int_eq(year, 2370);
}
END_TEST

START_TEST(a_date_cut_anywhere_is_none)
{
    static const char *const dates[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994" };

    for (size_t i = 0; i < 3; i++)
        for (size_t len = 0; len < strlen(dates[i]); len++) {
            char   *copy    = malloc(len + 1); /* the sanitizer guards its end */
            int64_t seconds = 7;

            ck_assert_ptr_nonnull(copy);
            memcpy(copy, dates[i], len);
            copy[len] = '\0';
            ck_assert(!eb__http_date(copy, &seconds));
            ck_assert_int_eq(seconds, 7);
            free(copy);
        }
    ck_assert(!eb__http_date(NULL, &(int64_t){ 0 }));
}
END_TEST

START_TEST(random_text_is_no_date_and_does_no_harm)
{
    static const char pieces[] = "SunMonday, 061994-:NovGMT \t\xff\x80";
    uint64_t          random   = 3;

    for (long n = 0; n < unit_cases(20000); n++) {
        char    text[40];
        size_t  len = (size_t)(unit_random(&random) % (sizeof(text) - 1));
        int64_t seconds;

        for (size_t i = 0; i < len; i++)
            text[i] = pieces[unit_random(&random) % (sizeof(pieces) - 1)];
        text[len] = '\0';
        (void)eb__http_date(text, &seconds);
    }
}
END_TEST

UNIT_TESTS("date", dates_are_written, dates_that_cannot_be_written_stay_in_range,
           every_day_reads_back, a_date_cut_anywhere_is_none, random_text_is_no_date_and_does_no_harm)
