/* source.c -- reading a request body piece by piece. Files are read with pread, so that an attempt more
 * starts where it wants and nothing has to be wound back. */
#define _FILE_OFFSET_BITS 64 /* files of 2 GB and more, on 32 bits too */

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

#if EB_PART_UPLOADS

void eb__source_init(eb_source *source, const eb_allocator *allocator, eb_problem *problem)
{
    source->allocator = allocator;
    source->pieces    = NULL;
    source->count     = 0;
    source->room      = 0;
    source->size      = 0;
    source->problem   = problem;
}

void eb__source_close(eb_source *source)
{
    for (size_t i = 0; i < source->count; i++)
        if (source->pieces[i].descriptor >= 0)
            close(source->pieces[i].descriptor);
    eb__release(source->allocator, source->pieces, source->room * sizeof *source->pieces);
    eb__source_init(source, source->allocator, source->problem);
}

static eb_status make_room(eb_source *source)
{
    const size_t room = source->room == 0 ? EB_SOURCE_PIECES : 2 * source->room;
    eb_piece    *pieces;

    if (source->count < source->room)
        return EB_OK;
    pieces = eb__alloc(source->allocator, room * sizeof *pieces);
    if (pieces == NULL)
        return EB_NOMEM;
    if (source->count > 0)
        memcpy(pieces, source->pieces, source->count * sizeof *pieces);
    eb__release(source->allocator, source->pieces, source->room * sizeof *source->pieces);
    source->pieces = pieces;
    source->room   = room;
    return EB_OK;
}

static eb_status add(eb_source *source, const eb_body *body, int descriptor)
{
    if (source->count == EB_SOURCE_PIECES_MAX || body->size > INT64_MAX - source->size)
        return eb__problem_set(source->problem, EB_LIMIT, "the body has too many parts, or is too large");
    if (make_room(source) != EB_OK)
        return EB_NOMEM;
    source->pieces[source->count++] =
        (eb_piece){ .body = *body, .descriptor = descriptor, .start = source->size };
    source->size += body->size;
    return EB_OK;
}

eb_status eb__source_add_text(eb_source *source, const char *text, size_t len)
{
    const eb_body body = eb_body_memory(text, len);

    return add(source, &body, -1);
}

static eb_status open_file(eb_source *source, const eb_body *body, const char *name)
{
    eb_body     sized = *body;
    struct stat facts;
    int         descriptor;
    eb_status   st;

    if (body->path == NULL)
        return eb__problem_set(source->problem, EB_INVALID,
                               "%s: expected the path of a file, got NULL", name);
    /* not blocking: a pipe by that name would wait for somebody to write */
    descriptor = open(body->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return eb__problem_set(source->problem, EB_INVALID, "%s: cannot open \"%.200s\": %s", name,
                               body->path,
                               errno == ENOENT   ? "no such file"
                               : errno == EACCES ? "no permission"
                                                 : "not readable");
    if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        close(descriptor);
        return eb__problem_set(source->problem, EB_INVALID, "%s: \"%.200s\" is not a regular file",
                               name, body->path);
    }
    sized.size = (uint64_t)facts.st_size;
    st         = add(source, &sized, descriptor);
    if (st != EB_OK)
        close(descriptor);
    return st;
}

static eb_status add_body(eb_source *source, const eb_body *body, const char *name)
{
    switch (body->kind) {
    case EB_BODY_FILE:
        return open_file(source, body, name);
    case EB_BODY_MEMORY:
        if (body->data == NULL && body->size > 0)
            return eb__problem_set(source->problem, EB_INVALID, "%s: expected data, got NULL", name);
        break;
    case EB_BODY_READER:
        if (body->read == NULL)
            return eb__problem_set(source->problem, EB_INVALID,
                                   "%s: expected a function to read with, got NULL", name);
        break;
    case EB_BODY_NONE:
    default:
        return eb__problem_set(source->problem, EB_INVALID,
                               "%s: expected something to upload, got nothing", name);
    }
    return add(source, body, -1);
}

eb_status eb__source_add_body(eb_source *source, const eb_body *body, const char *name)
{
    const eb_status st = add_body(source, body, name);

    if (st != EB_OK)
        eb__problem_member(source->problem, name);
    return st;
}

/* Bytes of one piece from an offset inside it; 0 or less: there should have been more. */
static int64_t read_piece(const eb_piece *piece, uint64_t offset, void *buffer, size_t size)
{
    ssize_t got;

    switch (piece->body.kind) {
    case EB_BODY_MEMORY:
        memcpy(buffer, (const char *)piece->body.data + offset, size);
        return (int64_t)size;
    case EB_BODY_FILE:
        do
            got = pread(piece->descriptor, buffer, size, (off_t)offset);
        while (got < 0 && errno == EINTR);
        return got;
    default:
        return piece->body.read(piece->body.context, offset, buffer, size);
    }
}

/* Has a file grown since it was opened? Then what we sent is half of something. */
static bool has_grown(const eb_piece *piece)
{
    char more;

    return piece->body.kind == EB_BODY_FILE &&
           pread(piece->descriptor, &more, 1, (off_t)piece->body.size) == 1;
}

int64_t eb__source_read(void *context, uint64_t offset, void *buffer, size_t size)
{
    eb_source *source = context;
    size_t     done   = 0;

    for (size_t i = 0; i < source->count && done < size; i++) {
        const eb_piece *piece = &source->pieces[i];
        uint64_t        at    = offset + done;

        while (at >= piece->start && at - piece->start < piece->body.size && done < size) {
            const uint64_t left = piece->body.size - (at - piece->start);
            const size_t   want = left < size - done ? (size_t)left : size - done;
            const int64_t  got  = read_piece(piece, at - piece->start, (char *)buffer + done, want);

            if (got <= 0 || (uint64_t)got > want || ((uint64_t)got == left && has_grown(piece))) {
                (void)eb__problem_set(source->problem, EB_INVALID,
                                      piece->body.kind == EB_BODY_FILE
                                          ? "the file \"%.200s\" changed its size, or could not be read to its end"
                                          : "the body ended early, or could not be read%.0s",
                                      piece->body.path != NULL ? piece->body.path : "");
                return -1;
            }
            done += (size_t)got;
            at += (uint64_t)got;
        }
    }
    return (int64_t)done;
}

#endif
