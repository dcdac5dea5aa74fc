/* edgebind/body.h -- bytes to upload: from memory, from a file, or from a function.
 *
 * An eb_body is a small value that borrows what it names until the call returns. It can be read more
 * than once, because a call may be attempted more than once, and it is streamed: a file of 1 GB does
 * not sit in memory. */
#ifndef EDGEBIND_BODY_H
#define EDGEBIND_BODY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the bytes of a body come from. */
typedef enum eb_body_kind { EB_BODY_NONE = 0, EB_BODY_MEMORY, EB_BODY_FILE, EB_BODY_READER } eb_body_kind;

/* Fills at most size bytes and gives how many; 0 is the end, a negative number a failure, which ends
 * the call with EB_INVALID. offset is where the bytes belong in the body: it goes up by what was
 * given, and starts again at 0 for a further attempt. Called from the thread that makes the call. */
typedef int64_t (*eb_body_read)(void *context, uint64_t offset, void *buffer, size_t size);

/* The bytes of one upload; made by eb_body_memory, eb_body_file or eb_body_reader. */
typedef struct eb_body {
    eb_body_kind kind;
    const void  *data;    /* MEMORY */
    const char  *path;    /* FILE */
    eb_body_read read;    /* READER */
    void        *context; /* READER */
    uint64_t     size;    /* bytes; a FILE's is found when the call starts */
    const char  *filename;     /* for a form part; NULL: none is sent */
    const char  *content_type; /* of the part or body; NULL: what the document says, if it says one */
    void        *reserved_[2];
} eb_body;

/* Several files under one name. */
typedef struct eb_body_list {
    const eb_body *items;
    size_t         count;
} eb_body_list;

/* Bytes in memory. */
static inline eb_body eb_body_memory(const void *data, size_t size)
{
    eb_body body = { EB_BODY_MEMORY, NULL, NULL, NULL, NULL, 0, NULL, NULL, { NULL, NULL } };

    body.data = data;
    body.size = size;
    return body;
}

/* A file. It is opened when the call starts; one that cannot be read is EB_INVALID, and one that
 * changes its size under way ends the call. */
static inline eb_body eb_body_file(const char *path)
{
    eb_body body = { EB_BODY_FILE, NULL, NULL, NULL, NULL, 0, NULL, NULL, { NULL, NULL } };

    body.path = path;
    return body;
}

/* Bytes that a function gives when they are wanted, size of them in all. */
static inline eb_body eb_body_reader(eb_body_read read, void *context, uint64_t size)
{
    eb_body body = { EB_BODY_READER, NULL, NULL, NULL, NULL, 0, NULL, NULL, { NULL, NULL } };

    body.read    = read;
    body.context = context;
    body.size    = size;
    return body;
}

#ifdef __cplusplus
}
#endif
#endif
