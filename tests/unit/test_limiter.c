/* Promises of the rate limiter: the documented rate, order, deadlines, and many threads. */
#include <pthread.h>

#include "limiter.h"
#include "unit.h"

static const eb_rate_limit hundred = { 100, 1, "account" };
static const eb_rate_limit sixty   = { 60, 60, "user" };

START_TEST(a_full_budget_goes_at_once_and_then_at_the_documented_rate)
{
    eb_limiter limiter = { 0 };

    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 5000000, -1), 0);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 5000000, -1), 10);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 5000000, -1), 20);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 5020000, -1), 10);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 9000000, -1), 0);
}
END_TEST

START_TEST(a_wait_beyond_the_deadline_is_refused_and_takes_nothing)
{
    eb_limiter limiter = { 0 };

    for (int i = 0; i < 60; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &sixty, 0, 0), 0);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &sixty, 0, 999), -1);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &sixty, 0, 1000), 1000);
}
END_TEST

START_TEST(each_limit_has_a_budget_of_its_own)
{
    eb_limiter limiter = { 0 };

    for (int i = 0; i < 60; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &sixty, 0, -1), 0);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 0, -1), 0);
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &sixty, 0, -1), 1000);
}
END_TEST

enum { LIMITS = 3 * EB_LIMITER_BUDGETS + 1 };

START_TEST(any_number_of_limits_is_kept)
{
    eb_rate_limit limits[LIMITS];
    eb_limiter    limiter = { 0 };
    unit_memory   memory;

    unit_memory_init(&memory, 0);
    for (int i = 0; i < LIMITS; i++)
        limits[i] = (eb_rate_limit){ 1, 1, "account" };
    for (int i = 0; i < LIMITS; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, &memory.allocator, &limits[i], 0, -1), 0);
    for (int i = 0; i < LIMITS; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, &memory.allocator, &limits[i], 0, -1), 1000);
    eb__limiter_free(&limiter, &memory.allocator);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(without_memory_for_more_the_service_is_the_limit)
{
    eb_rate_limit limits[EB_LIMITER_BUDGETS + 1];
    eb_limiter    limiter = { 0 };
    unit_memory   memory;

    unit_memory_init(&memory, 1);
    for (int i = 0; i <= EB_LIMITER_BUDGETS; i++)
        limits[i] = (eb_rate_limit){ 1, 1, "account" };
    for (int i = 0; i <= EB_LIMITER_BUDGETS; i++)
        ck_assert_int_eq(eb__limiter_take(&limiter, &memory.allocator, &limits[i], 0, -1), 0);
    ck_assert_int_eq(eb__limiter_take(&limiter, &memory.allocator, &limits[0], 0, -1), 1000);
    eb__limiter_free(&limiter, &memory.allocator);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(no_limit_and_a_limit_of_nothing_never_wait)
{
    static const eb_rate_limit nothing = { 0, 1, "account" }, no_time = { 1, 0, "account" };
    eb_limiter                 limiter = { 0 };

    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, NULL, 0, 0), 0);
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &nothing, 0, 0), 0);
        ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &no_time, 0, 0), 0);
    }
}
END_TEST

enum { THREADS = 8, EACH = 2000 };

static void *take_many(void *limiter)
{
    for (int i = 0; i < EACH; i++)
        (void)eb__limiter_take(limiter, NULL, &hundred, 0, -1);
    return NULL;
}

START_TEST(threads_lose_no_request_and_take_none_twice)
{
    eb_limiter limiter = { 0 };
    pthread_t  threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_many, &limiter), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    /* 16000 are taken; the next is the 16001st, 15901 beyond the first hundred */
    ck_assert_int_eq(eb__limiter_take(&limiter, NULL, &hundred, 0, -1), (THREADS * EACH + 1 - 100) * 10);
}
END_TEST

UNIT_TESTS("limiter", a_full_budget_goes_at_once_and_then_at_the_documented_rate,
           a_wait_beyond_the_deadline_is_refused_and_takes_nothing, each_limit_has_a_budget_of_its_own,
           any_number_of_limits_is_kept, without_memory_for_more_the_service_is_the_limit,
           no_limit_and_a_limit_of_nothing_never_wait, threads_lose_no_request_and_take_none_twice)
