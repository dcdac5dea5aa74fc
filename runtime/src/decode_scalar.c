/* decode_scalar.c -- values without parts into their members: texts, numbers, enums, free-form
 * JSON; see decoder.h. */
#include <string.h>

#include "decoder.h"
#include "number.h"

eb_status eb__decode_keep(eb_decoder *d, const eb_text *text, const char **kept)
{
    char *to;

    if (text->has_nul)
        return eb__decode_holds_nul(d, text);
    to = eb__arena_text(d->arena, text->plain_len + 1);
    if (to == NULL)
        return eb__decode_no_memory(d);
    eb__unescape(to, text);
    to[text->plain_len] = '\0';
    *kept               = to;
    return EB_OK;
}

static eb_status decode_string(eb_decoder *d, char *to)
{
    const char *kept = NULL;
    eb_text     text;
    eb_status   st = eb__read_string(&d->reader, &text);

    if (st == EB_OK)
        st = eb__decode_keep(d, &text, &kept);
    if (st == EB_OK)
        memcpy(to, &kept, sizeof kept);
    return st;
}

static eb_status decode_integer(eb_decoder *d, int64_t *value)
{
    eb_number number;
    eb_status st = eb__read_number(&d->reader, &number);

    if (st != EB_OK)
        return st;
    if (!number.integer)
        return eb__decode_bad_number(d, &number, "expected an integer, got %s");
    if (!eb__parse_int(number.at, number.len, value))
        return eb__decode_bad_number(d, &number, "%s does not fit into 64 bits");
    return EB_OK;
}

#if EB_PART_NUMBERS
static eb_status decode_double(eb_decoder *d, char *to)
{
    double    value = 0;
    eb_number number;
    eb_status st = eb__read_number(&d->reader, &number);

    if (st != EB_OK)
        return st;
    if (!eb__parse_double(number.at, number.len, &value))
        return eb__decode_bad_number(d, &number, "%s does not fit into a double");
    memcpy(to, &value, sizeof value);
    return EB_OK;
}
#endif

/* An integer whose digits are the text. */
/* The text of a number. */
static eb_status decode_digits(eb_decoder *d, const eb_field *row, char *to)
{
    const char *kept;
    eb_number   number;
    eb_status   st;

    st = eb__read_number(&d->reader, &number);
    if (st != EB_OK)
        return st;
    if (row->kind == EB_KIND_TEXT && !number.integer)
        return eb__decode_bad_number(d, &number, "expected a string or an integer, got %s");
    kept = eb__arena_dup(d->arena, number.at, number.len);
    if (kept == NULL)
        return eb__decode_no_memory(d);
    memcpy(to, &kept, sizeof kept);
    return EB_OK;
}

static eb_status decode_enum(eb_decoder *d, const eb_field *row, char *base)
{
    const eb_enum *e     = row->target;
    const char    *known = NULL;
    int            value = EB_ENUM_OTHER;
    eb_text        text;
    eb_status      st = eb__read_string(&d->reader, &text);

    if (st != EB_OK)
        return st;
    if (text.len == text.plain_len)
        value = eb__enum_find(e, text.at, text.len);
    if (value == EB_ENUM_OTHER) {
        st = eb__decode_keep(d, &text, &known);
        if (st != EB_OK)
            return st;
        if (text.len != text.plain_len)
            value = eb__enum_find(e, known, text.plain_len);
    } else {
        known = e->texts[value - 1];
    }
    memcpy(base + row->offset, &value, sizeof value);
    memcpy(base + row->beside, &known, sizeof known);
    return EB_OK;
}

static eb_status decode_int_enum(eb_decoder *d, const eb_field *row, char *base)
{
    int64_t   number = 0;
    eb_status st     = decode_integer(d, &number);
    int       value;

    if (st != EB_OK)
        return st;
    value = eb__enum_find_number(row->target, number);
    memcpy(base + row->offset, &value, sizeof value);
    memcpy(base + row->beside, &number, sizeof number);
    return EB_OK;
}

eb_status eb__decode_json(eb_decoder *d, char *to)
{
    const char *from = d->reader.at;
    eb_json     json;
    eb_status   st = eb__skip_value(&d->reader);

    if (st != EB_OK)
        return st;
    json.len  = (size_t)(d->reader.at - from);
    json.text = eb__arena_dup(d->arena, from, json.len);
    if (json.text == NULL)
        return eb__decode_no_memory(d);
    memcpy(to, &json, sizeof json);
    return EB_OK;
}

/* A string stands for the bytes of a body. */
static eb_status decode_body(eb_decoder *d, char *to)
{
    const char *kept = NULL;
    eb_body     body;
    eb_text     text;
    eb_status   st = eb__read_string(&d->reader, &text);

    if (st == EB_OK)
        st = eb__decode_keep(d, &text, &kept);
    if (st != EB_OK)
        return st;
    body = eb_body_memory(kept, text.plain_len);
    memcpy(to, &body, sizeof body);
    return EB_OK;
}

static eb_status decode_null(eb_decoder *d, const eb_field *row, char *base, bool must)
{
    eb_status st;

    if ((row->flags & EB_NULLABLE) == 0 && (must || d->strict)) /* strict: it would not be sent */
        return eb__decode_mismatch(d, row);
    st = eb__read_null(&d->reader);
    if (st != EB_OK)
        return st;
    if ((row->flags & EB_NULLABLE) != 0)
        eb__set_null(row, base);
    else
        eb__set_absent(row, base);
    return EB_OK;
}

/* true, false */
static eb_status decode_bool(eb_decoder *d, const eb_field *row, char *to)
{
    eb_opt_bool boolean = { false, EB_SET };
    eb_status   st;

    if (row->kind != EB_KIND_BOOL && row->kind != EB_KIND_OPT_BOOL)
        return eb__decode_mismatch(d, row);
    st = eb__read_bool(&d->reader, &boolean.v);
    if (row->kind == EB_KIND_BOOL)
        memcpy(to, &boolean.v, sizeof boolean.v);
    else
        memcpy(to, &boolean, sizeof boolean);
    return st;
}

eb_status eb__decode_scalar(eb_decoder *d, const eb_field *row, char *base, char first, bool must)
{
    char      *to      = base + row->offset;
    eb_opt_int integer = { 0, EB_SET };
    eb_status  st;

    if (first == 'n')
        return decode_null(d, row, base, must);
    if (first == 't' || first == 'f')
        return decode_bool(d, row, to);
    if (first == '"') {
        switch (row->kind) {
        case EB_KIND_STR:
        case EB_KIND_TEXT:
            return decode_string(d, to);
        case EB_KIND_ENUM:
            return decode_enum(d, row, base);
        case EB_KIND_BODY:
            return decode_body(d, to);
        default:
            return eb__decode_mismatch(d, row);
        }
    }
    if (first != '-' && (first < '0' || first > '9'))
        return eb__decode_mismatch(d, row);
    switch (row->kind) {
    case EB_KIND_INT:
        st = decode_integer(d, &integer.v);
        memcpy(to, &integer.v, sizeof integer.v);
        return st;
    case EB_KIND_OPT_INT:
        st = decode_integer(d, &integer.v);
        memcpy(to, &integer, sizeof integer);
        return st;
#if EB_PART_NUMBERS
    case EB_KIND_NUM:
        return decode_double(d, to);
    case EB_KIND_OPT_NUM:
        memcpy(to + offsetof(eb_opt_num, is), &integer.is, sizeof integer.is);
        return decode_double(d, to + offsetof(eb_opt_num, v));
#endif
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        return decode_digits(d, row, to);
    case EB_KIND_INT_ENUM:
        return decode_int_enum(d, row, base);
    default:
        return eb__decode_mismatch(d, row);
    }
}
