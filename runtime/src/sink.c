/* sink.c -- files, streams and functions as one: open, put, begin again, finish. */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

static eb_status refuse(eb_problem *problem, eb_status status, const char *what, int error)
{
    eb__problem_member(problem, "options.sink");
    return eb__problem_set(problem, status, "options.sink: %s%s%s", what, error != 0 ? ": " : "",
                           error == 0        ? ""
                           : error == ENOSPC ? "no space left"
                           : error == EACCES ? "no permission"
                           : error == ENOENT ? "no such directory"
                           : error == EROFS  ? "a file system that cannot be written to"
                           : error == EFBIG  ? "the file is too large"
                           : error == EDQUOT ? "the quota is used up"
                                             : "an error of the file system");
}

/* ---- Files ------------------------------------------------------------------------------------- */

/* Makes "name.part", or "name.part2" and so on when there is one already: another call's, or what a program
 * left that was killed. */
static eb_status open_part(eb_drain *drain, eb_problem *problem)
{
    enum { TRIES = 100, MORE = 16 };
    const size_t len = strlen(drain->sink->path);
    char         what[300];
    int          error = EEXIST;

    drain->part_size = len + MORE;
    drain->part      = eb__alloc(drain->allocator, drain->part_size);
    if (drain->part == NULL)
        return EB_NOMEM;
    for (int i = 1; i <= TRIES && error == EEXIST; i++) {
        (void)snprintf(drain->part, drain->part_size, i == 1 ? "%s.part" : "%s.part%d",
                       drain->sink->path, i);
        drain->descriptor = open(drain->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (drain->descriptor >= 0)
            return EB_OK;
        error = errno;
    }
    (void)snprintf(what, sizeof what, "cannot make \"%.200s\"", drain->part);
    eb__release(drain->allocator, drain->part, drain->part_size);
    drain->part = NULL;
    return refuse(problem, EB_INVALID, what, error);
}

static bool put_file(const eb_drain *drain, const char *data, size_t size, int *error)
{
    while (size > 0) {
        const ssize_t put = write(drain->descriptor, data, size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            *error = put < 0 ? errno : ENOSPC;
            return false;
        }
        data += put;
        size -= (size_t)put;
    }
    return true;
}

/* ---- Any of them ------------------------------------------------------------------------------- */

eb_status eb__drain_open(eb_drain *drain, const eb_sink *sink, const eb_allocator *allocator,
                         eb_problem *problem)
{
    drain->sink       = sink;
    drain->allocator  = allocator;
    drain->part       = NULL;
    drain->descriptor = -1;
    drain->written    = 0;
    if (sink == NULL)
        return EB_OK;
    switch (sink->kind) {
    case EB_SINK_FILE:
        if (sink->path == NULL || *sink->path == '\0')
            return refuse(problem, EB_INVALID, "expected the path of a file, got none", 0);
        return open_part(drain, problem);
    case EB_SINK_STREAM:
        return sink->stream != NULL ? EB_OK
                                    : refuse(problem, EB_INVALID, "expected a stream, got NULL", 0);
    case EB_SINK_WRITER:
        return sink->write != NULL
                   ? EB_OK
                   : refuse(problem, EB_INVALID, "expected a function to write with, got NULL", 0);
    case EB_SINK_NONE:
    default:
        return refuse(problem, EB_INVALID, "expected a file, a stream or a function, got nothing", 0);
    }
}

eb_status eb__drain_put(eb_drain *drain, const void *data, size_t size, eb_problem *problem)
{
    const eb_sink *sink  = drain->sink;
    int            error = 0;
    bool           good;
    char           what[80];

    if (sink->max_bytes != 0 && size > sink->max_bytes - drain->written) {
        (void)snprintf(what, sizeof what, "the answer exceeds max_bytes (%llu)",
                       (unsigned long long)sink->max_bytes);
        return refuse(problem, EB_LIMIT, what, 0);
    }
    if (size == 0)
        return EB_OK;
    if (sink->kind == EB_SINK_FILE) {
        good = put_file(drain, data, size, &error);
    } else if (sink->kind == EB_SINK_STREAM) {
        errno = 0;
        good  = fwrite(data, 1, size, sink->stream) == size;
        error = good ? 0 : errno;
    } else {
        good = sink->write(sink->context, data, size);
    }
    drain->written += size; /* of what failed some may be there */
    return good ? EB_OK : refuse(problem, EB_INVALID, "it took no more", error);
}

bool eb__drain_can_restart(const eb_drain *drain)
{
    return drain->sink == NULL || drain->written == 0 || drain->sink->kind == EB_SINK_FILE ||
           (drain->sink->kind == EB_SINK_WRITER && drain->sink->restart != NULL);
}

eb_status eb__drain_restart(eb_drain *drain, eb_problem *problem)
{
    if (drain->sink == NULL || drain->written == 0)
        return EB_OK;
    drain->written = 0;
    if (drain->sink->kind == EB_SINK_FILE) {
        if (ftruncate(drain->descriptor, 0) != 0 || lseek(drain->descriptor, 0, SEEK_SET) != 0)
            return refuse(problem, EB_INVALID, "it cannot begin again", errno);
        return EB_OK;
    }
    return drain->sink->restart != NULL && drain->sink->restart(drain->sink->context)
               ? EB_OK
               : refuse(problem, EB_INVALID, "it cannot begin again", 0);
}

eb_status eb__drain_finish(eb_drain *drain, eb_problem *problem)
{
    int descriptor;

    if (drain->sink == NULL)
        return EB_OK;
    if (drain->sink->kind == EB_SINK_STREAM) {
        errno = 0;
        return fflush(drain->sink->stream) == 0
                   ? EB_OK
                   : refuse(problem, EB_INVALID, "it took no more", errno);
    }
    if (drain->sink->kind != EB_SINK_FILE)
        return EB_OK;
    descriptor        = drain->descriptor;
    drain->descriptor = -1;
    if (close(descriptor) != 0)
        return refuse(problem, EB_INVALID, "it took no more", errno);
    if (rename(drain->part, drain->sink->path) != 0)
        return refuse(problem, EB_INVALID, "the file cannot be given its name", errno);
    eb__release(drain->allocator, drain->part, drain->part_size);
    drain->part = NULL;
    return EB_OK;
}

void eb__drain_close(eb_drain *drain)
{
    if (drain->sink == NULL)
        return;
    if (drain->descriptor >= 0)
        (void)close(drain->descriptor);
    if (drain->part != NULL) {
        (void)unlink(drain->part);
        eb__release(drain->allocator, drain->part, drain->part_size);
    }
    drain->sink       = NULL;
    drain->part       = NULL;
    drain->descriptor = -1;
}
