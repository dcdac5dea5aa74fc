/* reader.c -- JSON text piece by piece, see reader.h. Nothing here allocates or recurses. */
#include "reader.h"

#include <string.h>

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

/* ---- Strings --------------------------------------------------------------------------------- */

/* A string, a member's name as well. */
static inline eb_status read_text(eb_reader *reader, eb_text *text)
{
    const char *const from = reader->at + 1;
    const char *const at   = eb__plain_run(from, reader->end);

    text->at      = from;
    text->has_nul = false;
    if (at == reader->end || *at != '"')
        return eb__read_text_on(reader, text, at);
    text->len       = (size_t)(at - from);
    text->plain_len = text->len;
    reader->at      = at + 1;
    return EB_OK;
}

eb_status eb__read_string(eb_reader *reader, eb_text *text)
{
    if (reader->items_left == 0)
        return too_many_items(reader);
    reader->items_left--;
    return read_text(reader, text);
}

/* ---- Numbers and literals -------------------------------------------------------------------- */

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

/* ---- Objects and arrays ---------------------------------------------------------------------- */

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

eb_status eb__read_count(eb_reader *reader, size_t values)
{
    if (values > reader->items_left)
        return too_many_items(reader);
    reader->items_left -= values;
    return EB_OK;
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
