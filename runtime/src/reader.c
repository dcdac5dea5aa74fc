/* reader.c -- JSON text piece by piece, see reader.h. Nothing here allocates or recurses: a value that is
 * skipped keeps its nesting in one bit per level. */
#include "reader.h"

#include <string.h>

#include "words.h"

void eb__reader_init(eb_reader *reader, const char *text, size_t len, const eb_limits_in *limits,
                     eb_problem *problem)
{
    size_t depth = limits != NULL && limits->max_depth > 0 ? limits->max_depth : EB_DEPTH_DEFAULT;

    if (depth > EB_DEPTH_MAX)
        depth = EB_DEPTH_MAX;
    reader->start      = text != NULL ? text : "";
    reader->at         = reader->start;
    reader->end        = reader->start + (text != NULL ? len : 0);
    reader->items_left = limits != NULL && limits->max_items > 0 ? limits->max_items : EB_ITEMS_DEFAULT;
    reader->max_depth  = (unsigned)depth;
    reader->depth_left = (unsigned)depth;
    reader->problem    = problem;
}

eb_status eb__reader_invalid(eb_reader *reader, const char *at, const char *what)
{
    reader->problem->offset = (size_t)(at - reader->start);
    return eb__problem_set(reader->problem, EB_DECODE, "invalid JSON at byte %zu: %s",
                           reader->problem->offset, what);
}

char eb__peek_far(eb_reader *reader)
{
    const char *at = reader->at;

    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    reader->at = at;
    return at < reader->end ? *at : '\0';
}

/* What stands where a value should. */
static eb_status no_value(eb_reader *reader)
{
    return eb__reader_invalid(reader, reader->at,
                              reader->at == reader->end ? "the text ends where a value should stand"
                                                        : "expected a value");
}

static eb_status too_many_items(eb_reader *reader)
{
    reader->problem->offset = (size_t)(reader->at - reader->start);
    return eb__problem_set(reader->problem, EB_LIMIT, "more values in one text than allowed");
}

static eb_status too_deep(eb_reader *reader)
{
    reader->problem->offset = (size_t)(reader->at - reader->start);
    return eb__problem_set(reader->problem, EB_LIMIT, "nested deeper than %u levels", reader->max_depth);
}

const char *eb__json_kind(char first)
{
    switch (first) {
    case '{':
        return "object";
    case '[':
        return "array";
    case '"':
        return "string";
    case 't':
    case 'f':
        return "boolean";
    case 'n':
        return "null";
    default:
        return "number";
    }
}

/* ---- Strings ---------------------------------------------------------------------------------- */

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

/* Bytes of ASCII with neither quote, backslash nor control character. */
static inline const char *plain_run(const char *at, const char *end)
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

const char *eb__plain_run(const char *at, const char *end)
{
    return plain_run(at, end);
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

/* The rest of a string in which something else than plain ASCII was found at `at`. */
static eb_status read_text_on(eb_reader *reader, eb_text *text, const char *at)
{
    const char *const end   = reader->end;
    size_t            saved = 0;

    for (;; at = plain_run(at, end)) {
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

/* A string, a member's name as well. */
static inline eb_status read_text(eb_reader *reader, eb_text *text)
{
    const char *const from = reader->at + 1;
    const char *const at   = plain_run(from, reader->end);

    text->at      = from;
    text->has_nul = false;
    if (at == reader->end || *at != '"')
        return read_text_on(reader, text, at);
    text->len       = (size_t)(at - from);
    text->plain_len = text->len;
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

eb_status eb__read_string(eb_reader *reader, eb_text *text)
{
    if (reader->items_left == 0)
        return too_many_items(reader);
    reader->items_left--;
    return read_text(reader, text);
}

/* ---- Numbers and literals --------------------------------------------------------------------- */

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

eb_status eb__read_number(eb_reader *reader, eb_number *number)
{
    const char *const end = reader->end;
    const char       *at  = reader->at;

    if (reader->items_left == 0)
        return too_many_items(reader);
    reader->items_left--;
    number->at      = at;
    number->integer = true;
    if (at < end && *at == '-')
        at++;
    else if (!is_digit(at, end))
        return no_value(reader);
    if (!is_digit(at, end))
        return eb__reader_invalid(reader, at, "expected a digit");
    if (*at == '0' && is_digit(at + 1, end))
        return eb__reader_invalid(reader, at, "a number with a leading zero");
    while (is_digit(at, end))
        at++;
    if (at < end && *at == '.') {
        number->integer = false;
        if (!is_digit(++at, end))
            return eb__reader_invalid(reader, at, "expected a digit after the point");
        while (is_digit(at, end))
            at++;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        number->integer = false;
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        if (!is_digit(at, end))
            return eb__reader_invalid(reader, at, "expected a digit in the exponent");
        while (is_digit(at, end))
            at++;
    }
    number->len = (size_t)(at - number->at);
    reader->at  = at;
    return EB_OK;
}

static eb_status read_literal(eb_reader *reader, const char *literal, size_t len)
{
    if (reader->items_left == 0)
        return too_many_items(reader);
    reader->items_left--;
    if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, literal, len) != 0)
        return no_value(reader);
    reader->at += len;
    return EB_OK;
}

eb_status eb__read_bool(eb_reader *reader, bool *value)
{
    *value = *reader->at == 't';
    return *value ? read_literal(reader, "true", 4) : read_literal(reader, "false", 5);
}

eb_status eb__read_null(eb_reader *reader)
{
    return read_literal(reader, "null", 4);
}

/* ---- Objects and arrays ----------------------------------------------------------------------- */

eb_status eb__read_open(eb_reader *reader)
{
    if (reader->items_left == 0)
        return too_many_items(reader);
    reader->items_left--;
    if (reader->depth_left == 0)
        return too_deep(reader);
    reader->depth_left--;
    reader->at++;
    return EB_OK;
}

int eb__read_member(eb_reader *reader, bool first, eb_text *name)
{
    char next = eb__peek(reader);

    if (next == '}') {
        reader->at++;
        reader->depth_left++;
        return 0;
    }
    if (!first) {
        if (next != ',') {
            (void)eb__reader_invalid(reader, reader->at, "expected ',' or '}'");
            return -1;
        }
        reader->at++;
        next = eb__peek(reader);
    }
    if (next != '"') {
        (void)eb__reader_invalid(reader, reader->at,
                                 first ? "expected a member's name or '}'" : "expected a member's name");
        return -1;
    }
    if (read_text(reader, name) != EB_OK)
        return -1;
    if (eb__peek(reader) != ':') {
        (void)eb__reader_invalid(reader, reader->at, "expected ':'");
        return -1;
    }
    reader->at++;
    return 1;
}

int eb__read_element(eb_reader *reader, bool first)
{
    const char next = eb__peek(reader);

    if (next == ']') {
        reader->at++;
        reader->depth_left++;
        return 0;
    }
    if (first)
        return 1;
    if (next != ',') {
        (void)eb__reader_invalid(reader, reader->at, "expected ',' or ']'");
        return -1;
    }
    reader->at++;
    return 1;
}

/* Skips what is not an object or array. */
static eb_status skip_scalar(eb_reader *reader, char first)
{
    eb_text   text;
    eb_number number;
    bool      value;

    switch (first) {
    case '"':
        return eb__read_string(reader, &text);
    case 't':
    case 'f':
        return eb__read_bool(reader, &value);
    case 'n':
        return eb__read_null(reader);
    default:
        return eb__read_number(reader, &number);
    }
}

eb_status eb__skip_value(eb_reader *reader)
{
    uint64_t objects[EB_DEPTH_MAX / 64] = { 0 }; /* per level: is it an object? */

    unsigned level = 0;
    bool     first = false;

    for (;;) {
        const char next = eb__peek(reader);
        eb_status  st;

        if (next == '{' || next == '[') {
            st = eb__read_open(reader);
            if (st != EB_OK)
                return st;
            if (next == '{')
                objects[level / 64] |= UINT64_C(1) << level % 64;
            else
                objects[level / 64] &= ~(UINT64_C(1) << level % 64);
            level++;
            first = true;
        } else {
            st = skip_scalar(reader, next);
            if (st != EB_OK)
                return st;
            first = false;
        }
        /* To the next value, out of everything that ends here. */
        for (;;) {
            eb_text name;
            int     step;

            if (level == 0)
                return EB_OK;
            if ((objects[(level - 1) / 64] >> (level - 1) % 64 & 1) != 0)
                step = eb__read_member(reader, first, &name);
            else
                step = eb__read_element(reader, first);
            if (step < 0)
                return reader->problem->status;
            if (step > 0)
                break;
            level--;
            first = false;
        }
    }
}

eb_status eb__read_begin(eb_reader *reader)
{
    if (reader->end - reader->at >= 3 && memcmp(reader->at, "\xef\xbb\xbf", 3) == 0)
        return eb__reader_invalid(reader, reader->at, "the text begins with a byte order mark");
    return EB_OK;
}

eb_status eb__read_end(eb_reader *reader)
{
    (void)eb__peek(reader);
    if (reader->at != reader->end)
        return eb__reader_invalid(reader, reader->at, "something follows the value");
    return EB_OK;
}

eb_status eb__json_check(const char *text, size_t len, const eb_limits_in *limits, eb_problem *problem)
{
    eb_problem unwanted;
    eb_reader  reader;
    eb_status  st;

    if (problem == NULL)
        problem = &unwanted;
    memset(problem, 0, sizeof *problem);
    eb__reader_init(&reader, text, len, limits, problem);
    st = eb__read_begin(&reader);
    if (st == EB_OK)
        st = eb__skip_value(&reader);
    if (st == EB_OK)
        st = eb__read_end(&reader);
    return st;
}
