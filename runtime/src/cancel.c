/* cancel.c -- ends calls from any thread and from signal handlers: a flag for those who ask, and a byte in
 * a pipe for those who wait. The byte stays in the pipe, so every poll sees it until the reset. Each
 * change of the flag moves exactly one byte, so that no byte is left over for the next poll to spin on,
 * whatever threads cancel and reset at the same time. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "client.h"
#include "memory.h"

enum { RESET_WAIT_MS = 1000 }; /* for a thread that was stopped between flag and byte */

struct eb_cancel_source {
    atomic_bool cancelled;
    int         read_end, write_end;
};

static bool prepare(int descriptor)
{
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0;
}

eb_status eb_cancel_source_new(eb_cancel_source **source)
{
    eb_cancel_source *made;
    int               ends[2];

    if (source == NULL)
        return EB_INVALID;
    made = eb__alloc(NULL, sizeof *made);
    if (made == NULL)
        return EB_NOMEM;
    if (pipe(ends) != 0) {
        eb__release(NULL, made, sizeof *made);
        return EB_LIMIT;
    }
    atomic_init(&made->cancelled, false);
    made->read_end  = ends[0];
    made->write_end = ends[1];
    if (!prepare(ends[0]) || !prepare(ends[1])) {
        eb_cancel_source_free(made);
        return EB_LIMIT;
    }
    *source = made;
    return EB_OK;
}

void eb_cancel_source_free(eb_cancel_source *source)
{
    if (source == NULL)
        return;
    close(source->read_end);
    close(source->write_end);
    eb__release(NULL, source, sizeof *source);
}

void eb_cancel(eb_cancel_source *source)
{
    const int kept = errno; /* a signal handler must leave it alone */

    if (source == NULL)
        return;
    if (!atomic_exchange(&source->cancelled, true)) {
        ssize_t written;

        do
            written = write(source->write_end, "c", 1);
        while (written < 0 && errno == EINTR);
    }
    errno = kept;
}

void eb_cancel_reset(eb_cancel_source *source)
{
    struct pollfd written;
    char          byte;
    int           ready;

    if (source == NULL || !atomic_exchange(&source->cancelled, false))
        return;
    written = (struct pollfd){ .fd = source->read_end, .events = POLLIN };
    /* Whoever set the flag is about to write the byte, if it is not there yet; one that is there may be taken
     * by another reset, which waits for its own. */
    do
        ready = poll(&written, 1, RESET_WAIT_MS);
    while (ready != 0 && read(source->read_end, &byte, 1) < 0 && (errno == EINTR || errno == EAGAIN));
}

bool eb_is_cancelled(const eb_cancel_source *source)
{
    return source != NULL && atomic_load(&source->cancelled);
}

int eb__cancel_descriptor(const eb_cancel_source *source)
{
    return source->read_end;
}
