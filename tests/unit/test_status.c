/* test_status.c -- every status and reason has its name and its sentence, and no number crashes. */
#include "unit.h"

#include "edgebind/response.h"
#include "edgebind/status.h"

START_TEST(every_status_has_name_and_text)
{
#define CHECK(name, number, text)                             \
    ck_assert_int_eq(EB_##name, number);                      \
    ck_assert_str_eq(eb_status_name(EB_##name), "EB_" #name); \
    ck_assert_str_eq(eb_status_text(EB_##name), text);
    EB_STATUS_MAP(CHECK)
#undef CHECK
}
END_TEST

START_TEST(every_reason_has_word_and_text)
{
#define CHECK(name, number, word, text)                       \
    ck_assert_int_eq(EB_REASON_##name, number);               \
    ck_assert_str_eq(eb_reason_word(EB_REASON_##name), word); \
    ck_assert_str_eq(eb_reason_text(EB_REASON_##name), text);
    EB_REASON_MAP(CHECK)
#undef CHECK
}
END_TEST

START_TEST(a_number_that_is_none_has_a_text_too)
{
    ck_assert_str_eq(eb_status_text((eb_status)99), "unknown status");
    ck_assert_str_eq(eb_status_name((eb_status)-99), "unknown status");
    ck_assert_str_eq(eb_reason_word((eb_reason)99), "unknown");
    ck_assert_str_eq(eb_reason_text((eb_reason)1000000), "unknown reason");
}
END_TEST

START_TEST(words_and_names_are_unique)
{
    for (int i = -20; i < 20; i++)
        for (int j = -20; j < i; j++) {
            const char *one = eb_status_name((eb_status)i), *two = eb_status_name((eb_status)j);

            ck_assert(strcmp(one, "unknown status") == 0 || strcmp(one, two) != 0);
            if (j < 0)
                continue;
            one = eb_reason_word((eb_reason)i);
            two = eb_reason_word((eb_reason)j);
            ck_assert(strcmp(one, "unknown") == 0 || strcmp(one, two) != 0);
        }
}
END_TEST

UNIT_TESTS("status", every_status_has_name_and_text, every_reason_has_word_and_text,
           a_number_that_is_none_has_a_text_too, words_and_names_are_unique)
