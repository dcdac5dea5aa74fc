/* text.h -- comparing short texts as protocols do: ASCII, without case, whatever the locale. */
#ifndef EB_TEXT_H
#define EB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline char eb__lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Of the white space that protocols know. */
static inline bool eb__is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline bool eb__same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len != b_len)
        return false;
    for (size_t i = 0; i < a_len; i++)
        if (eb__lower(a[i]) != eb__lower(b[i]))
            return false;
    return true;
}

static inline bool eb__same_name(const char *a, const char *b)
{
    return eb__same_text(a, strlen(a), b, strlen(b));
}

/* Two lower-case digits for each byte, and a NUL: to has 2 * count + 1. */
static inline void eb__hex(char *to, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to = '\0';
}

static inline bool eb__contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static inline bool eb__starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

#endif
