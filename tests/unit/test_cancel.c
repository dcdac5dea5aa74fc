/* test_cancel.c -- sources of a cancel, and waits that they end; with the system's clock. */
#include "api.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    return eb__system_clock.monotonic_ms(NULL);
}

static bool is_readable(const eb_cancel_source *source)
{
    struct pollfd ready = { .fd = eb__cancel_descriptor(source), .events = POLLIN };

    return poll(&ready, 1, 0) == 1;
}

START_TEST(a_cancel_stays_until_it_is_reset)
{
    eb_cancel_source *source = NULL;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    ck_assert(!eb_is_cancelled(source) && !is_readable(source));
    for (int i = 0; i < 3; i++) {
        eb_cancel(source);
        eb_cancel(source);
        ck_assert(eb_is_cancelled(source) && is_readable(source));
        eb_cancel_reset(source);
        ck_assert(!eb_is_cancelled(source) && !is_readable(source));
        eb_cancel_reset(source); /* a second one changes nothing and waits for nobody */
    }
    eb_cancel_source_free(source);
}
END_TEST

START_TEST(nothing_is_no_source)
{
    ck_assert_int_eq(eb_cancel_source_new(NULL), EB_INVALID);
    eb_cancel_source_free(NULL);
    eb_cancel(NULL);
    eb_cancel_reset(NULL);
    ck_assert(!eb_is_cancelled(NULL));
}
END_TEST

START_TEST(a_cancel_leaves_errno_alone)
{
    eb_cancel_source *source;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    errno = ENOTTY;
    eb_cancel(source);
    ck_assert_int_eq(errno, ENOTTY);
    eb_cancel_source_free(source);
}
END_TEST

START_TEST(descriptors_do_not_outlive_exec_nor_block)
{
    eb_cancel_source *source;
    int               fd;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    fd = eb__cancel_descriptor(source);
    ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    eb_cancel_source_free(source);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(without_descriptors_there_is_no_source)
{
    eb_cancel_source *source = NULL;
    struct rlimit     before, none;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    none          = before;
    none.rlim_cur = 3;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    ck_assert_int_eq(eb_cancel_source_new(&source), EB_LIMIT);
    ck_assert_ptr_null(source);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

START_TEST(a_wait_lasts_as_long_as_it_should)
{
    eb_cancel_source *source;
    int64_t           begun = now_ms();

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    eb__sleep(&eb__system_clock, 60, NULL);
    ck_assert_int_ge(now_ms() - begun, 60);
    begun = now_ms();
    eb__sleep(&eb__system_clock, 60, source);
    ck_assert_int_ge(now_ms() - begun, 60);
    begun = now_ms();
    eb__sleep(&eb__system_clock, 0, source);
    eb__sleep(&eb__system_clock, -5, NULL);
    eb_cancel(source);
    eb__sleep(&eb__system_clock, INT64_MAX, source);
    ck_assert_int_lt(now_ms() - begun, 50);
    eb_cancel_source_free(source);
}
END_TEST

static void *cancel_soon(void *context)
{
    const struct timespec time = { 0, 50 * 1000000 };

    nanosleep(&time, NULL);
    eb_cancel(context);
    return NULL;
}

START_TEST(a_wait_without_end_is_ended_by_a_cancel)
{
    eb_cancel_source *source;
    pthread_t         other;
    const int64_t     begun = now_ms();

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    ck_assert_int_eq(pthread_create(&other, NULL, cancel_soon, source), 0);
    eb__sleep(&eb__system_clock, INT64_MAX, source);
    pthread_join(other, NULL);
    ck_assert_int_lt(now_ms() - begun, 1000);
    eb_cancel_source_free(source);
}
END_TEST

UNIT_TESTS("cancel", a_cancel_stays_until_it_is_reset, nothing_is_no_source, a_cancel_leaves_errno_alone,
           descriptors_do_not_outlive_exec_nor_block, without_descriptors_there_is_no_source,
           a_wait_lasts_as_long_as_it_should, a_wait_without_end_is_ended_by_a_cancel)
