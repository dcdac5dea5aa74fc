/* test_number.c -- integers exact over 64 bits, doubles that read back the same, both in any
 * locale. The locale is real: where the machine has none with a decimal comma, that test says so
 * and passes. */
#include "unit.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

#include "codec.h"
#include "number.h"

static double parse(const char *text)
{
    double value = -1;

    ck_assert_msg(eb__parse_double(text, strlen(text), &value), "%s", text);
    return value;
}

/* A constant becomes a double on its way here, also where expressions have more digits than that. */
static bool reads(const char *text, double expected)
{
    return parse(text) == expected;
}

static const char *format(double value)
{
    static char text[EB_DOUBLE_TEXT_SIZE + 1];

    text[eb__format_double(text, value)] = '\0';
    return text;
}

static void assert_int_survives(int64_t value)
{
    char    text[EB_INT_TEXT_SIZE + 1], expected[32];
    int64_t back = 0;
    size_t  len  = eb__format_int(text, value);

    text[len] = '\0';
    if (!eb__parse_int(text, len, &back) || back != value) {
        snprintf(expected, sizeof expected, "%lld", (long long)value);
        ck_assert_str_eq(text, expected);
        ck_assert_msg(back == value, "%s came back as another number", text);
    }
}

START_TEST(int64_survives_over_its_whole_range)
{
    const long cases  = getenv("EDGEBIND_LONG") ? 10000000 : 100000;
    uint64_t   random = 1;

    for (int bit = 0; bit < 64; bit++)
        for (int near = -3; near <= 3; near++) {
            assert_int_survives((int64_t)((UINT64_C(1) << bit) + (uint64_t)(int64_t)near));
            assert_int_survives((int64_t)(0 - (UINT64_C(1) << bit) + (uint64_t)(int64_t)near));
        }
    for (uint64_t power = 1, i = 0; i < 19; i++, power *= 10)
        for (uint64_t near = 0; near < 3; near++) {
            assert_int_survives((int64_t)(power + near - 1));
            assert_int_survives(-(int64_t)(power + near - 1));
        }
    for (long i = 0; i < cases / 2; i++) {
        const uint64_t bits = unit_random(&random);

        assert_int_survives((int64_t)bits);
        assert_int_survives((int64_t)bits >> (bits & 63));
    }
}
END_TEST

START_TEST(int64_text_is_what_printf_writes)
{
    uint64_t random = 2;

    for (int i = 0; i < 20000; i++) {
        const int64_t value = (int64_t)unit_random(&random) >> (i % 64);
        char          text[EB_INT_TEXT_SIZE + 1], expected[32];

        text[eb__format_int(text, value)] = '\0';
        snprintf(expected, sizeof expected, "%lld", (long long)value);
        ck_assert_str_eq(text, expected);
    }
}
END_TEST

START_TEST(int64_refuses_what_does_not_fit)
{
    static const char *const texts[] = { "9223372036854775808",  "-9223372036854775809",
                                         "9999999999999999999",  "-9999999999999999999",
                                         "18446744073709551615", "18446744073709551616",
                                         "36893488147419103232", "100000000000000000000000000" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 7;

        ck_assert_msg(!eb__parse_int(texts[i], strlen(texts[i]), &value), "%s", texts[i]);
        ck_assert_int_eq(value, 7);
    }
}
END_TEST

START_TEST(doubles_are_read_as_strtod_reads_them)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "0e99999",
        "0.000e-5",
        "1",
        "0.1",
        "123.456",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993e5",
        "8.41e21",
        "9.5e-3",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "4.9e-324",
        "5e-324",
        "2.4703282292062328e-324",
        "2.4703282292062327e-324",
        "1e-400",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207"
        "096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764"
        "475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000123456789",
        "123456789012345678901234567890.123456789012345678901234567890e-20",
        "1e000000000000000000005",
        "100000000000000000000000000000000000000000000000000e-50",
        "0.30000000000000004",
        "6.02214076e23",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126"
    };
    uint64_t random = 3;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_msg(parse(texts[i]) == strtod(texts[i], NULL), "%s", texts[i]);
    ck_assert(signbit(parse("-0")) && signbit(parse("-0.0e5")));
    for (long i = 0; i < unit_cases(20000); i++) {
        char           text[64];
        const uint64_t bits = unit_random(&random);

        snprintf(text, sizeof text, "%llu%s%llue%d", (unsigned long long)(bits >> (bits & 63)),
                 bits % 3 == 0 ? "." : "0.", (unsigned long long)(unit_random(&random) >> (i % 64)),
                 (int)(bits >> 40 & 63) - 32);
        ck_assert_msg(parse(text) == strtod(text, NULL), "%s", text);
    }
}
END_TEST

/* A digit beyond all those that are kept decides which way a tie goes. */
START_TEST(doubles_heed_every_digit)
{
    enum { ZEROS = 5000 };
    static char text[ZEROS + 100];
    const char *tie = "9007199254740993"; /* between two doubles */
    size_t      len = strlen(tie);

    memcpy(text, tie, len);
    text[len++] = '.';
    memset(text + len, '0', ZEROS);
    len += ZEROS;
    ck_assert(reads(text, 9007199254740992.0));
    text[len] = '1';
    ck_assert(reads(text, 9007199254740994.0));
    memset(text, '1', ZEROS);
    memcpy(text + ZEROS, "e-5000", 7);
    ck_assert(reads(text, 0.1111111111111111111111));
    memcpy(text, "0.", 2);
    memset(text + 2, '0', ZEROS);
    memcpy(text + 2 + ZEROS, "25e5001", 8);
    ck_assert(reads(text, 2.5));
}
END_TEST

START_TEST(doubles_out_of_range_are_refused)
{
    static const char *const texts[] = {
        "1e309",        "1e400", "-1e400", "1.7976931348623159e308", "1e99999999999999999999999",
        "123456789e301"
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = 7;

        ck_assert_msg(!eb__parse_double(texts[i], strlen(texts[i]), &value), "%s", texts[i]);
        ck_assert(value == 7);
    }
    ck_assert(reads("1e-99999999999999999999999", 0));
    ck_assert(reads("0e99999999999999999999999", 0));
}
END_TEST

START_TEST(doubles_are_written_shortest)
{
    static const struct {
        double      value;
        const char *text;
    } cases[] = { { 0, "0" },
                  { -0.0, "-0" },
                  { 1, "1" },
                  { -1.5, "-1.5" },
                  { 0.1, "0.1" },
                  { 0.25, "0.25" },
                  { 4.35, "4.35" },
                  { 100, "100" },
                  { 1e15, "1000000000000000" },
                  { 123456789012345.6, "123456789012345.6" },
                  { 9007199254740992.0, "9007199254740992" },
                  { 1e16, "10000000000000000" },
                  { 1e17, "1e17" },
                  { 1e21, "1e21" },
                  { 1e22, "1e22" },
                  { 1.5e300, "1.5e300" },
                  { 0.00001, "0.00001" },
                  { 0.000015, "0.000015" },
                  { 0.000001, "0.000001" },
                  { 0.0000015, "0.0000015" },
                  { 1.5e-7, "1.5e-7" },
                  { 0.30000000000000004, "0.30000000000000004" },
                  { 5e-324, "5e-324" },
                  { 1e-323, "1e-323" },
                  { 2.2250738585072014e-308, "2.2250738585072014e-308" },
                  { 1.7976931348623157e308, "1.7976931348623157e308" },
                  { 5.684341886080802e-14, "5.684341886080802e-14" },
                  { 9.5367431640625e-7, "9.5367431640625e-7" },
                  { HUGE_VAL, "null" } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(format(cases[i].value), cases[i].text);
}
END_TEST

static size_t significant(const char *text)
{
    size_t count = 0, zeros = 0;

    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9')
            continue;
        if (*text == '0') {
            zeros += count > 0;
            continue;
        }
        count += zeros + 1;
        zeros = 0;
    }
    return count;
}

START_TEST(doubles_read_back_the_same_in_as_few_digits_as_can_be)
{
    uint64_t random = 4;

    for (long i = 0; i < unit_cases(30000); i++) {
        uint64_t    bits = unit_random(&random);
        double      value, back;
        const char *text;
        int         digits;

        if (i % 3 == 1)
            bits &= ~(UINT64_MAX >> 12); /* powers of two */
        memcpy(&value, &bits, sizeof value);
        if (i % 3 == 2)
            value = (double)(int64_t)(bits >> 24) / (double)(1 + (bits & 0xffff));
        if (!isfinite(value))
            continue;
        text = format(value);
        ck_assert_uint_le(strlen(text), EB_DOUBLE_TEXT_SIZE);
        back = strtod(text, NULL);
        ck_assert_msg(memcmp(&back, &value, sizeof back) == 0, "%.17g became %s", value, text);
        ck_assert(parse(text) == value);
        ck_assert_int_eq(eb__json_check(text, strlen(text), NULL, NULL), EB_OK);
        for (digits = 1; digits < 17; digits++) {
            char shorter[40];

            snprintf(shorter, sizeof shorter, "%.*e", digits - 1, value);
            if (strtod(shorter, NULL) == value)
                break;
        }
        ck_assert_msg(value == 0 || significant(text) <= (size_t)digits,
                      "%s has more than %d digits", text, digits);
    }
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "fr_FR" };
    const char              *set     = NULL;

    for (size_t i = 0; i < sizeof names / sizeof names[0] && set == NULL; i++)
        set = setlocale(LC_ALL, names[i]);
    if (set == NULL)
        printf("no locale with a decimal comma on this machine\n");
    ck_assert(reads("1.5", 1.5));
    ck_assert(reads("0.30000000000000004", 0.30000000000000004));
    ck_assert(reads("123456789012345678901.5e-10", 12345678901.234567890));
    ck_assert_str_eq(format(0.30000000000000004), "0.30000000000000004");
    ck_assert_str_eq(format(1.7976931348623157e308), "1.7976931348623157e308");
    ck_assert_str_eq(format(1.5), "1.5");
    setlocale(LC_ALL, "C");
}
END_TEST

UNIT_TESTS("number", int64_survives_over_its_whole_range, int64_text_is_what_printf_writes,
           int64_refuses_what_does_not_fit, doubles_are_read_as_strtod_reads_them,
           doubles_heed_every_digit, doubles_out_of_range_are_refused, doubles_are_written_shortest,
           doubles_read_back_the_same_in_as_few_digits_as_can_be, numbers_do_not_depend_on_the_locale)
