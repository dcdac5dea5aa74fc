/* words.h -- text looked at eight bytes at once: which of them are special in a JSON string.
 *
 * Each function answers with a mask that has the highest bit of every special byte set. Beside a
 * true one there may be false ones, never before it in the order of memory on a little-endian
 * machine, and never alone; elsewhere a mask only says that there is one. */
#ifndef EB_WORDS_H
#define EB_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EB_EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (uint64_t)(c))

static inline uint64_t eb__load8(const char *at)
{
    uint64_t bytes;

    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* Four bytes, and four spaces, which are not special. */
static inline uint64_t eb__load4(const char *at)
{
    uint32_t bytes;

    memcpy(&bytes, at, sizeof bytes);
    return bytes | (uint64_t)0x20202020 << 32;
}

/* Quotes, backslashes and control characters, among ASCII; other bytes may or may not be marked. */
static inline uint64_t eb__marks(uint64_t bytes)
{
    return ((bytes - EB_EACH_BYTE(0x20)) | ((bytes ^ EB_EACH_BYTE('"')) - EB_EACH_BYTE(1)) |
            ((bytes ^ EB_EACH_BYTE('\\')) - EB_EACH_BYTE(1))) &
           EB_EACH_BYTE(0x80);
}

/* Those and everything that is not ASCII. */
static inline uint64_t eb__marks_not_plain(uint64_t bytes)
{
    return eb__marks(bytes) | (bytes & EB_EACH_BYTE(0x80));
}

/* Those that need an escape: what is not ASCII does not. */
static inline uint64_t eb__marks_to_escape(uint64_t bytes)
{
    return eb__marks(bytes) & ~bytes;
}

/* Does the mask say where the first marked byte stands? Elsewhere only a look at each byte can
 * tell. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EB_MARKS_SAY_WHERE 1
static inline size_t eb__before_mark(uint64_t marks)
{
    return (size_t)__builtin_ctzll(marks) / 8;
}
#else
#define EB_MARKS_SAY_WHERE 0
static inline size_t eb__before_mark(uint64_t marks)
{
    (void)marks;
    return 0;
}
#endif

/* Are two texts of the same length the same? For short ones, where a call costs as much as the
 * work. */
static inline bool eb__same_bytes(const char *a, const char *b, size_t len)
{
    if (len >= 8) {
        for (size_t i = 0; i + 8 <= len; i += 8)
            if (eb__load8(a + i) != eb__load8(b + i))
                return false;
        return eb__load8(a + len - 8) == eb__load8(b + len - 8);
    }
    if (len >= 4)
        return eb__load4(a) == eb__load4(b) && eb__load4(a + len - 4) == eb__load4(b + len - 4);
    for (; len > 0; len--)
        if (a[len - 1] != b[len - 1])
            return false;
    return true;
}

/* First byte that is a quote, a backslash, a control character or not ASCII; end if there is
 * none. */
static inline const char *eb__plain_run(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        const uint64_t marks = eb__marks_not_plain(eb__load8(at));

        if (marks == 0)
            continue;
        if (EB_MARKS_SAY_WHERE)
            return at + eb__before_mark(marks);
        break;
    }
    if (end - at >= 4 && eb__marks_not_plain(eb__load4(at)) == 0)
        at += 4;
    while (at < end) {
        const unsigned char c = (unsigned char)*at;

        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            break;
        at++;
    }
    return at;
}

#endif
