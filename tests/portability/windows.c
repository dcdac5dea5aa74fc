/* windows.c -- what the runtime has no code of its own for on Windows, so that the rest of it can be tested there:
 * a cancel that nobody can wait for, and files by the C library of Windows. */
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdatomic.h>
#include <stdio.h>

#include "client.h"
#include "memory.h"

struct eb_cancel_source {
    atomic_bool cancelled;
};

eb_status eb_cancel_source_new(eb_cancel_source **source)
{
    *source = eb__alloc(NULL, sizeof **source);
    if (*source == NULL)
        return EB_NOMEM;
    atomic_init(&(*source)->cancelled, false);
    return EB_OK;
}

void eb_cancel_source_free(eb_cancel_source *source)
{
    if (source != NULL)
        eb__release(NULL, source, sizeof *source);
}

void eb_cancel(eb_cancel_source *source)
{
    if (source != NULL)
        atomic_store(&source->cancelled, true);
}

void eb_cancel_reset(eb_cancel_source *source)
{
    if (source != NULL)
        atomic_store(&source->cancelled, false);
}

bool eb_is_cancelled(const eb_cancel_source *source)
{
    return source != NULL && atomic_load(&((eb_cancel_source *)(uintptr_t)source)->cancelled);
}

int eb__cancel_descriptor(const eb_cancel_source *source)
{
    (void)source;
    return -1;
}

#define O_NONBLOCK O_BINARY

static int64_t read_at(int descriptor, void *to, size_t size, int64_t offset)
{
    if (_lseeki64(descriptor, offset, SEEK_SET) < 0)
        return -1;
    return _read(descriptor, to, (unsigned)size);
}
#define pread read_at

#include "source.c"
