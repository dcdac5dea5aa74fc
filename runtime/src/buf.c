/* buf.c -- growing text, see buf.h. The old block is wiped when the text moves to a larger one,
 * which is why realloc is not used. */
#include "buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

enum { FIRST_SIZE = 256, FAST_GROWTH_BELOW = 64 * 1024 };

void eb__buf_init(eb_buf *buf, const eb_allocator *allocator, size_t max)
{
    const eb_buf empty = { .allocator = allocator, .max = max };

    *buf = empty;
}

void eb__buf_init_on(eb_buf *buf, const eb_allocator *allocator, size_t max, char *first, size_t first_size)
{
    eb__buf_init(buf, allocator, max);
    buf->first      = first;
    buf->first_size = first_size;
    if (first == NULL)
        return;
    first[0]  = '\0';
    buf->data = first;
    buf->size = first_size;
}

static void drop(eb_buf *buf)
{
    if (buf->data != NULL && buf->data == buf->first)
        eb__wipe(buf->first, buf->first_size);
    else
        eb__release(buf->allocator, buf->data, buf->size);
}

void eb__buf_free(eb_buf *buf)
{
    drop(buf);
    eb__buf_init_on(buf, buf->allocator, buf->max, buf->first, buf->first_size);
}

void eb__buf_clear(eb_buf *buf)
{
    buf->len    = 0;
    buf->status = EB_OK;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

eb_status eb__buf_status(const eb_buf *buf)
{
    return buf->status;
}

/* Moves the text to a block of at least size bytes. */
static bool grow(eb_buf *buf, size_t size)
{
    size_t wanted = buf->size == 0 ? FIRST_SIZE : buf->size;
    char  *data;

    while (wanted < size) {
        if (wanted > SIZE_MAX / 4) {
            wanted = size;
            break;
        }
        wanted *= wanted < FAST_GROWTH_BELOW ? 4 : 2;
    }
    data = eb__alloc(buf->allocator, wanted);
    if (data == NULL) {
        buf->status = EB_NOMEM;
        return false;
    }
    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    data[buf->len] = '\0';
    drop(buf);
    buf->data = data;
    buf->size = wanted;
    return true;
}

char *eb__buf_reserve(eb_buf *buf, size_t more)
{
    if (buf->status != EB_OK)
        return NULL;
    if (more > SIZE_MAX / 2 - buf->len) {
        buf->status = EB_NOMEM;
        return NULL;
    }
    if (buf->size - buf->len <= more && !grow(buf, buf->len + more + 1))
        return NULL;
    return buf->data + buf->len;
}

void eb__buf_added(eb_buf *buf, size_t len)
{
    if (buf->status != EB_OK || len == 0)
        return;
    assert(len < buf->size - buf->len);
    if (buf->max > 0 && len > buf->max - buf->len) {
        buf->data[buf->len] = '\0';
        buf->status         = EB_LIMIT;
        return;
    }
    buf->len += len;
    buf->data[buf->len] = '\0';
}

char *eb__buf_room(eb_buf *buf, size_t more)
{
    if (buf->status == EB_OK && buf->max > 0 && more > buf->max - buf->len)
        buf->status = EB_LIMIT;
    return eb__buf_reserve(buf, more);
}

void eb__buf_put(eb_buf *buf, const void *data, size_t len)
{
    char *to = eb__buf_room(buf, len);

    if (to == NULL)
        return;
    if (len > 0)
        memcpy(to, data, len);
    to[len] = '\0';
    buf->len += len;
}

void eb__buf_puts(eb_buf *buf, const char *text)
{
    eb__buf_put(buf, text, strlen(text));
}

void eb__buf_putc(eb_buf *buf, char c)
{
    eb__buf_put(buf, &c, 1);
}

void eb__buf_put_int(eb_buf *buf, int64_t value)
{
    char     digits[20];
    char    *at   = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    eb__buf_put(buf, at, (size_t)(digits + sizeof digits - at));
}

void eb__buf_printf(eb_buf *buf, const char *format, ...)
{
    va_list arguments;
    int     len;
    char   *to;

    va_start(arguments, format);
    len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0) {
        if (buf->status == EB_OK)
            buf->status = EB_NOMEM;
        return;
    }
    to = eb__buf_room(buf, (size_t)len);
    if (to == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(to, (size_t)len + 1, format, arguments);
    va_end(arguments);
    buf->len += (size_t)len;
}

const char *eb__buf_text(const eb_buf *buf)
{
    return buf->status == EB_OK && buf->data != NULL ? buf->data : "";
}
