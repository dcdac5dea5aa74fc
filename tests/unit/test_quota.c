/* Promises of the retry quota: a host's own, never over full, never under nothing, whoever takes. */
#include <pthread.h>
#include <stdio.h>

#include "outcome.h"
#include "quota.h"
#include "unit.h"

START_TEST(a_host_in_trouble_leaves_the_others_alone)
{
    eb_quota quota = { 0 };

    while (eb__quota_take(&quota, "a.example", EB_QUOTA_COST))
        ;
    ck_assert_int_lt(eb__quota_left(&quota, "a.example"), EB_QUOTA_COST);
    ck_assert_int_ge(eb__quota_left(&quota, "a.example"), 0);
    ck_assert_int_eq(eb__quota_left(&quota, "b.example"), EB_QUOTA_FULL);
    ck_assert(eb__quota_take(&quota, "b.example", EB_QUOTA_FULL));
    ck_assert(!eb__quota_take(&quota, "b.example", 1));
}
END_TEST

START_TEST(what_comes_back_never_overflows)
{
    eb_quota quota = { 0 };

    eb__quota_return(&quota, "a", 1);
    ck_assert_int_eq(eb__quota_left(&quota, "a"), EB_QUOTA_FULL);
    ck_assert(eb__quota_take(&quota, "a", 5));
    eb__quota_return(&quota, "a", 14);
    ck_assert_int_eq(eb__quota_left(&quota, "a"), EB_QUOTA_FULL);
}
END_TEST

START_TEST(more_hosts_than_there_is_room_for_still_have_a_quota)
{
    eb_quota quota = { 0 };
    char     name[32];

    for (int i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "h%d.example", i);
        ck_assert(eb__quota_take(&quota, name, 1));
    }
    ck_assert_int_eq(eb__quota_left(&quota, "h0.example"), EB_QUOTA_FULL - 1);
    ck_assert_int_eq(eb__quota_left(&quota, "h99.example"), EB_QUOTA_FULL - 85);
}
END_TEST

enum { THREADS = 8, EACH = 20000 };

static void *take_and_return(void *quota)
{
    for (int i = 0; i < EACH; i++)
        if (eb__quota_take(quota, "a", EB_QUOTA_COST))
            eb__quota_return(quota, "a", EB_QUOTA_COST);
    return NULL;
}

START_TEST(threads_lose_no_token)
{
    eb_quota  quota = { 0 };
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_return, &quota), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_int_eq(eb__quota_left(&quota, "a"), EB_QUOTA_FULL);
}
END_TEST

UNIT_TESTS("quota", a_host_in_trouble_leaves_the_others_alone, what_comes_back_never_overflows,
           more_hosts_than_there_is_room_for_still_have_a_quota, threads_lose_no_token)
