/* text.c -- strings of JSON text: UTF-8 and escapes checked on the way in, resolved on the way
 * out. */
#include <string.h>

#include "reader.h"

size_t eb__utf8_len(const char *text, const char *end)
{
    const unsigned char *at   = (const unsigned char *)text;
    const size_t         left = (size_t)(end - text);
    const unsigned       c    = left > 0 ? at[0] : 0;

    if (c >= 0xc2 && c <= 0xdf)
        return left >= 2 && (at[1] & 0xc0) == 0x80 ? 2 : 0;
    if (c >= 0xe0 && c <= 0xef) {
        if (left < 3 || (at[1] & 0xc0) != 0x80 || (at[2] & 0xc0) != 0x80)
            return 0;
        if ((c == 0xe0 && at[1] < 0xa0) || (c == 0xed && at[1] > 0x9f)) /* overlong, surrogate */
            return 0;
        return 3;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        if (left < 4 || (at[1] & 0xc0) != 0x80 || (at[2] & 0xc0) != 0x80 || (at[3] & 0xc0) != 0x80)
            return 0;
        if ((c == 0xf0 && at[1] < 0x90) || (c == 0xf4 && at[1] > 0x8f)) /* overlong, out of range */
            return 0;
        return 4;
    }
    return 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The value of "\uXXXX" at text, -1 if it is not one. */
static int escaped_unit(const char *text, const char *end)
{
    int value = 0;

    if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const int digit = hex_digit(text[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Reads the escape at *at; *len is how many bytes it stands for. NULL, or what is wrong. */
static const char *read_escape(const char **at, const char *end, size_t *len, bool *has_nul)
{
    int unit;

    if (end - *at >= 2 && (*at)[1] != 'u') {
        if ((*at)[1] == '\0' || strchr("\"\\/bfnrt", (*at)[1]) == NULL)
            return "an unknown escape in a string";
        *at += 2;
        *len = 1;
        return NULL;
    }
    unit = escaped_unit(*at, end);
    if (unit < 0)
        return "expected four hex digits after \\u";
    if (unit >= 0xdc00 && unit <= 0xdfff)
        return "half of a surrogate pair in a string";
    if (unit >= 0xd800 && unit <= 0xdbff) {
        const int second = escaped_unit(*at + 6, end);

        if (second < 0xdc00 || second > 0xdfff)
            return "half of a surrogate pair in a string";
        *at += 12;
        *len = 4;
        return NULL;
    }
    if (unit == 0)
        *has_nul = true;
    *at += 6;
    *len = unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    return NULL;
}

eb_status eb__read_text_on(eb_reader *reader, eb_text *text, const char *at)
{
    const char *const end   = reader->end;
    size_t            saved = 0;

    for (;; at = eb__plain_run(at, end)) {
        const char *problem;
        size_t      len;

        if (at == end)
            return eb__reader_invalid(reader, at, "the text ends inside a string");
        if (*at == '"')
            break;
        if (*at == '\\') {
            const char *const from = at;

            problem = read_escape(&at, end, &len, &text->has_nul);
            if (problem != NULL)
                return eb__reader_invalid(reader, from, problem);
            saved += (size_t)(at - from) - len;
            continue;
        }
        len = eb__utf8_len(at, end);
        if (len == 0)
            return eb__reader_invalid(reader, at,
                                      (unsigned char)*at < 0x20 ? "a control character in a string"
                                                                : "a string that is not UTF-8");
        at += len;
    }
    text->len       = (size_t)(at - text->at);
    text->plain_len = text->len - saved;
    reader->at      = at + 1;
    return EB_OK;
}

static char *put_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

void eb__unescape(char *to, const eb_text *text)
{
    const char       *at  = text->at;
    const char *const end = text->at + text->len;

    if (text->len == text->plain_len) {
        memcpy(to, at, text->len);
        return;
    }
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        const char *stop   = escape != NULL ? escape : end;
        unsigned    code;

        memcpy(to, at, (size_t)(stop - at));
        to += stop - at;
        at = stop;
        if (escape == NULL)
            break;
        switch (at[1]) {
        case 'u':
            code = (unsigned)escaped_unit(at, end);
            at += 6;
            if (code >= 0xd800 && code <= 0xdbff) {
                code = 0x10000 + ((code - 0xd800) << 10) + ((unsigned)escaped_unit(at, end) - 0xdc00);
                at += 6;
            }
            to = put_utf8(to, code);
            continue;
        case 'b':
            *to++ = '\b';
            break;
        case 'f':
            *to++ = '\f';
            break;
        case 'n':
            *to++ = '\n';
            break;
        case 'r':
            *to++ = '\r';
            break;
        case 't':
            *to++ = '\t';
            break;
        default:
            *to++ = at[1];
            break;
        }
        at += 2;
    }
}
