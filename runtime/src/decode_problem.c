/* decode_problem.c -- why a text was refused, worded where it is found; see decoder.h. */
#include <string.h>

#include "decoder.h"

eb_status eb__decode_no_memory(eb_decoder *d)
{
    return eb__problem_set(d->reader.problem, EB_NOMEM, "out of memory");
}

static const char *expectation(const eb_field *row)
{
    if (eb__is_union(row))
        return "a value";
    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        return "a boolean";
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
    case EB_KIND_INT_ENUM:
        return "an integer";
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
    case EB_KIND_DECIMAL:
        return "a number";
    case EB_KIND_TEXT:
        return "a string or an integer";
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
    case EB_KIND_MAP:
        return "an object";
    case EB_KIND_LIST:
        return "an array";
    default:
        return "a string";
    }
}

/* What stands where something else was expected; broken JSON is the worse problem and comes
 * first. */
eb_status eb__decode_mismatch(eb_decoder *d, const eb_field *row)
{
    const char *from  = d->reader.at;
    const char  first = eb__peek(&d->reader);
    eb_status   st    = eb__skip_value(&d->reader);

    if (st != EB_OK)
        return st;
    d->reader.problem->offset = (size_t)(from - d->reader.start);
    return eb__problem_set(d->reader.problem, EB_DECODE, "expected %s, got %s", expectation(row),
                           eb__json_kind(first));
}

eb_status eb__decode_bad_number(eb_decoder *d, const eb_number *number, const char *format)
{
    char text[48];

    eb__problem_quote(text, sizeof text, number->at, number->len);
    d->reader.problem->offset = (size_t)(number->at - d->reader.start);
    return eb__problem_set(d->reader.problem, EB_DECODE, format, text);
}

eb_status eb__decode_holds_nul(eb_decoder *d, const eb_text *text)
{
    d->reader.problem->offset = (size_t)(text->at - d->reader.start) - 1;
    return eb__problem_set(d->reader.problem, EB_DECODE, "a string that holds the character U+0000");
}

eb_status eb__decode_unknown(eb_decoder *d, const eb_type *type, const eb_text *name)
{
    char        shown[64], plain[256];
    const char *nearest = NULL;

    d->reader.problem->offset = (size_t)(name->at - d->reader.start) - 1;
    if (name->plain_len < sizeof plain) {
        eb__unescape(plain, name);
        eb__problem_quote(shown, sizeof shown, plain, name->plain_len);
        nearest = eb__nearest_name(type, plain, name->plain_len);
    } else {
        eb__problem_quote(shown, sizeof shown, name->at, name->len);
    }
    (void)eb__problem_set(d->reader.problem, EB_DECODE, "unknown member%s%s%s",
                          nearest != NULL ? "; did you mean \"" : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    eb__problem_key(d->reader.problem, shown);
    return EB_DECODE;
}

/* A name with escapes, looked up the slow way. */
const eb_field *eb__decode_find_escaped(const eb_type *type, const eb_text *name)
{
    char plain[256];

    if (name->plain_len >= sizeof plain || name->has_nul)
        return NULL;
    eb__unescape(plain, name);
    return eb__row_find(type, plain, name->plain_len);
}
