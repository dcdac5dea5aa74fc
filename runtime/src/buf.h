/* buf.h -- growing text. An append that fails is remembered: append on, and ask eb__buf_status
 * once.
 *
 * The buffer always has room for a NUL behind its text, so that data can be read as a string once
 * something was appended. { 0 } is an empty buffer with malloc and without limit. */
#ifndef EB_BUF_H
#define EB_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "edgebind/memory.h"
#include "edgebind/status.h"

typedef struct eb_buf {
    const eb_allocator *allocator;
    char               *data;
    size_t              len;
    size_t              size;   /* allocated */
    size_t              max;    /* limit on len; 0: none */
    eb_status           status; /* EB_OK, EB_NOMEM or EB_LIMIT */
    char               *first;  /* memory of the caller to begin with; NULL: none */
    size_t              first_size;
} eb_buf;

void eb__buf_init(eb_buf *buf, const eb_allocator *allocator, size_t max);
/* The same with memory of the caller to begin with, usually an array beside the buffer. It is wiped when it
 * is left, and must outlive the buffer. */
void      eb__buf_init_on(eb_buf *buf, const eb_allocator *allocator, size_t max, char *first,
                          size_t first_size);
void      eb__buf_free(eb_buf *buf);  /* wipes; the buffer can be used again */
void      eb__buf_clear(eb_buf *buf); /* keeps the memory and forgets a failure */
eb_status eb__buf_status(const eb_buf *buf);

/* Makes room for more bytes behind len and gives where; NULL: failed. The caller then adds to
 * len. */
char *eb__buf_room(eb_buf *buf, size_t more);

/* The same for a writer that does not know beforehand how much it will write: the limit is looked
 * at when eb__buf_added counts what was written, at most as much as there was room for. */
char *eb__buf_reserve(eb_buf *buf, size_t more);
void  eb__buf_added(eb_buf *buf, size_t len);

void eb__buf_put(eb_buf *buf, const void *data, size_t len);
void eb__buf_puts(eb_buf *buf, const char *text);
void eb__buf_putc(eb_buf *buf, char c);
void eb__buf_put_int(eb_buf *buf, int64_t value);
void eb__buf_printf(eb_buf *buf, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The text as a string: "" when nothing was appended or an append failed. */
const char *eb__buf_text(const eb_buf *buf);

#endif
