/* test_retry.c -- what holds for every decision and every hint, on random ones. Single cases
 * stand in vectors/retry/. */
#include "unit.h"

#include <math.h>
#include <stdio.h>

#include "outcome.h"

static eb_retry_input random_input(uint64_t *random)
{
    const eb_retry_input input = {
        .event          = (eb_event)(unit_random(random) % (EB_EVENT_UNREADABLE + 1)),
        .sent           = (eb_sent)(unit_random(random) % 4),
        .safe           = unit_random(random) % 2,
        .attempt        = (int)(unit_random(random) % 40) + 1,
        .attempts_max   = (int)(unit_random(random) % 60) + 1,
        .base_ms        = unit_random(random) % 2 ? (int64_t)(unit_random(random) % 9000) : 0,
        .cap_ms         = unit_random(random) % 2 ? (int64_t)(unit_random(random) % 50000) : 0,
        .hint_ms        = (int64_t)(unit_random(random) % 150000) - 1,
        .remaining_ms   = (int64_t)(unit_random(random) % 100000) - 1,
        .quota          = (int)(unit_random(random) % 40),
        .random         = (double)(unit_random(random) >> 11) / 9007199254740992.0,
        .skew_corrected = unit_random(random) % 2,
    };

    return input;
}

START_TEST(every_decision_keeps_the_rules)
{
    uint64_t random = 11;
    long     again  = 0;

    for (long n = 0; n < unit_cases(20000); n++) {
        const eb_retry_input    in  = random_input(&random);
        const eb_retry_decision out = eb__retry_decide(&in);
        const eb_outcome_row   *row = eb__outcome(in.event, in.sent, in.safe);
        const int64_t           cap = in.cap_ms > 0 ? in.cap_ms : EB_RETRY_CAP_MS;

        if (!out.again) {
            ck_assert_int_eq(out.delay_ms, 0);
            ck_assert_int_eq(out.cost, 0);
            ck_assert_int_ne(out.reason, EB_REASON_NONE);
            continue;
        }
        again++;
        ck_assert_int_ne(row->retry, EB_RETRY_NO);
        ck_assert_int_eq(out.reason, row->reason);
        ck_assert_int_lt(in.attempt, in.attempts_max);
        ck_assert_int_ge(out.delay_ms, 0);
        ck_assert_int_ge(out.delay_ms, in.hint_ms);
        ck_assert_int_le(out.delay_ms, EB_RETRY_HINT_MAX_MS);
        ck_assert_int_le(out.delay_ms, in.hint_ms > cap ? in.hint_ms : cap);
        if (in.remaining_ms >= 0)
            ck_assert_int_lt(out.delay_ms, in.remaining_ms);
        ck_assert_int_le(out.cost, in.quota);
    }
    ck_assert_int_gt(again, unit_cases(20000) / 50);
}
END_TEST

START_TEST(jitter_uses_the_whole_range)
{
    eb_retry_input in    = { .event        = EB_EVENT_THROTTLED,
                             .sent         = EB_SENT_ANSWERED,
                             .attempt      = 1,
                             .attempts_max = 3,
                             .hint_ms      = -1,
                             .remaining_ms = -1,
                             .quota        = EB_QUOTA_FULL };
    int64_t        below = 0;

    for (int i = 0; i < 1000; i++) {
        in.random = i / 1000.0;
        below += eb__retry_decide(&in).delay_ms < 500;
    }
    ck_assert_int_eq(below, 500);
}
END_TEST

START_TEST(chance_that_is_none_does_no_harm)
{
    eb_retry_input in = { .event        = EB_EVENT_NETWORK,
                          .attempt      = 1,
                          .attempts_max = 3,
                          .hint_ms      = -1,
                          .remaining_ms = -1,
                          .quota        = EB_QUOTA_FULL };

    in.random = (double)NAN;
    ck_assert_int_eq(eb__retry_decide(&in).delay_ms, 0);
    in.random = -3;
    ck_assert_int_eq(eb__retry_decide(&in).delay_ms, 0);
    in.random = 1e300;
    ck_assert_int_eq(eb__retry_decide(&in).delay_ms, EB_RETRY_BASE_MS);
    in.attempt = -5;
    ck_assert_int_eq(eb__retry_decide(&in).delay_ms, EB_RETRY_BASE_MS);
}
END_TEST

START_TEST(numbers_at_the_ends_of_their_types_do_no_harm)
{
    eb_retry_input in = { .event        = EB_EVENT_THROTTLED,
                          .sent         = EB_SENT_ANSWERED,
                          .attempt      = 1,
                          .attempts_max = INT32_MAX,
                          .hint_ms      = INT64_MAX,
                          .remaining_ms = INT64_MAX,
                          .quota        = INT32_MAX,
                          .random       = 0.5 };

    ck_assert_int_eq(eb__retry_decide(&in).reason, EB_REASON_HINT_TOO_LONG);
    in.hint_ms = INT64_MIN;
    in.attempt = INT32_MAX - 1;
    ck_assert(eb__retry_decide(&in).again);
    in.remaining_ms = INT64_MIN; /* no deadline */
    ck_assert(eb__retry_decide(&in).again);
    in.quota = INT32_MIN;
    ck_assert_int_eq(eb__retry_decide(&in).reason, EB_REASON_QUOTA_EMPTY);
}
END_TEST

START_TEST(the_quota_lasts_for_35_retries)
{
    eb_retry_input in      = { .event        = EB_EVENT_NETWORK,
                               .attempt      = 1,
                               .attempts_max = 1000,
                               .hint_ms      = -1,
                               .remaining_ms = -1,
                               .quota        = EB_QUOTA_FULL };
    int            retries = 0;

    for (;;) {
        const eb_retry_decision out = eb__retry_decide(&in);

        if (!out.again)
            break;
        in.quota -= out.cost;
        retries++;
    }
    ck_assert_int_eq(retries, 35);
    in.event = EB_EVENT_THROTTLED; /* the 10 left are enough for two of these */
    ck_assert(eb__retry_decide(&in).again);
}
END_TEST

START_TEST(hints_from_random_headers_are_in_range)
{
    static const char *const names[]      = { "retry-after", "Retry-After-Ms", "X-Acs-Retry-After",
                                              "date", "" };
    static const char        characters[] = "0123456789.-+ \teE,xGMT:SunNov\xff";
    uint64_t                 random       = 13;

    for (long n = 0; n < unit_cases(5000); n++) {
        eb_header headers[3];
        char      values[3][32];
        bool      acs = true;
        int64_t   hint;

        for (size_t i = 0; i < 3; i++) {
            size_t len = unit_random(&random) % sizeof(values[i]);

            for (size_t k = 0; k < len; k++)
                values[i][k] = characters[unit_random(&random) % (sizeof(characters) - 1)];
            values[i][len] = '\0';
            headers[i]     = (eb_header){ names[unit_random(&random) % 5], values[i] };
        }
        hint = eb__retry_hint(headers, 3, (int64_t)unit_random(&random), &acs);
        ck_assert_int_ge(hint, -1);
        ck_assert_int_le(hint, INT64_C(9007199254740991));
        ck_assert(!acs || hint > 0);
    }
}
END_TEST

START_TEST(hints_read_back)
{
    uint64_t random = 17;

    for (long n = 0; n < unit_cases(20000); n++) {
        const int64_t ms = (int64_t)(unit_random(&random) >> (12 + unit_random(&random) % 40));
        char          text[40];
        eb_header     header = { "retry-after-ms", text };
        bool          acs;

        snprintf(text, sizeof(text), "%lld", (long long)ms);
        ck_assert_int_eq(eb__retry_hint(&header, 1, 0, &acs), ms);
        snprintf(text, sizeof(text), "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
        header.name = "RETRY-AFTER";
        ck_assert_int_eq(eb__retry_hint(&header, 1, 0, &acs), ms);
        ck_assert(!acs);
    }
}
END_TEST

START_TEST(missing_names_and_values_are_passed_over)
{
    const eb_header headers[] = { { NULL, "5" }, { "retry-after", NULL }, { "retry-after", "2" } };
    bool            acs       = true;

    ck_assert_int_eq(eb__retry_hint(headers, 3, 0, &acs), 2000);
    ck_assert(!acs);
    ck_assert_int_eq(eb__retry_hint(NULL, 0, 0, &acs), -1);
}
END_TEST

UNIT_TESTS("retry", every_decision_keeps_the_rules, jitter_uses_the_whole_range,
           chance_that_is_none_does_no_harm, numbers_at_the_ends_of_their_types_do_no_harm,
           the_quota_lasts_for_35_retries, hints_from_random_headers_are_in_range, hints_read_back,
           missing_names_and_values_are_passed_over)
