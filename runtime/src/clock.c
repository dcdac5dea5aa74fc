/* clock.c -- the system's clocks, and waiting for a time or a cancel, whichever comes first. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "client.h"

static int64_t read_clock(clockid_t which)
{
    struct timespec now;

    if (clock_gettime(which, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t wall_ms(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t monotonic_ms(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

const eb_clock eb__system_clock = { wall_ms, monotonic_ms, NULL, NULL };

int64_t eb__later(int64_t moment_ms, int64_t duration_ms)
{
    if (moment_ms > 0 && duration_ms > EB_FOREVER - moment_ms)
        return EB_FOREVER;
    return moment_ms + duration_ms;
}

int64_t eb__until(int64_t moment_ms, int64_t now_ms)
{
    if (moment_ms == EB_FOREVER)
        return EB_FOREVER;
    if (moment_ms <= now_ms)
        return 0;
    return now_ms < 0 && moment_ms > EB_FOREVER + now_ms ? EB_FOREVER : moment_ms - now_ms;
}

void eb__sleep(const eb_clock *clock, int64_t duration_ms, const eb_cancel_source *cancel)
{
    int64_t until, left = duration_ms;

    if (clock->sleep_ms != NULL) {
        clock->sleep_ms(clock->context, duration_ms);
        return;
    }
    until = eb__later(monotonic_ms(NULL), duration_ms);
    while (left > 0 && !eb_is_cancelled(cancel)) {
        struct pollfd wake = { .fd     = cancel != NULL ? eb__cancel_descriptor(cancel) : -1,
                               .events = POLLIN };

        if (poll(&wake, cancel != NULL ? 1 : 0, left > INT_MAX ? INT_MAX : (int)left) < 0 && errno != EINTR)
            return;
        left = eb__until(until, monotonic_ms(NULL));
    }
}
