/* decoder.h -- what the parts of decoding share: decode.c walks structs, lists and maps,
 * decode_scalar.c reads what has no parts, decode_problem.c words refusals. */
#ifndef EB_DECODER_H
#define EB_DECODER_H

#include <stdbool.h>

#include "reader.h"
#include "rows.h"
#include "scratch.h"

typedef struct eb_decoder {
    eb_reader  reader;
    eb_arena  *arena;
    eb_scratch scratch;
    eb_ends    ends; /* of what was looked over to tell the alternatives of a union apart */
    bool       strict;
} eb_decoder;

/* A value that begins with `first` into the member or element of the row at base, of any kind; an
 * object or array is no such value and refused. must: null does not mean absent. */
eb_status eb__decode_scalar(eb_decoder *d, const eb_field *row, char *base, char first, bool must);

/* Free-form values, of any kind. */
eb_status eb__decode_json(eb_decoder *d, char *to);

/* A text without its escapes into the arena; one that holds a NUL is refused. */
eb_status eb__decode_keep(eb_decoder *d, const eb_text *text, const char **kept);

/* The alternative that the value is before which the reader stands; NULL: it is none of them. */
eb_status eb__decode_choose(eb_decoder *d, const eb_type *type, const eb_field **row);

/* Is the text, which may have escapes, this one? */
bool eb__decode_is(const eb_text *text, const char *plain);

/* What stands where something else was expected; broken JSON is the worse problem and comes
 * first. */
eb_status eb__decode_mismatch(eb_decoder *d, const eb_field *row);

/* "expected an integer, got %s": format takes the number's text. */
eb_status eb__decode_bad_number(eb_decoder *d, const eb_number *number, const char *format);

eb_status eb__decode_holds_nul(eb_decoder *d, const eb_text *text);
eb_status eb__decode_unknown(eb_decoder *d, const eb_type *type, const eb_text *name);
eb_status eb__decode_no_memory(eb_decoder *d);

/* The row of a name that has escapes. */
const eb_field *eb__decode_find_escaped(const eb_type *type, const eb_text *name);

static inline bool eb__is_named(const eb_field *row, const eb_text *name, char first)
{
    return row->json_len == name->len && row->json[0] == first &&
           eb__same_bytes(row->json, name->at, name->len) && (row->flags & EB_REST) == 0;
}

/* The row of a name. Members mostly come in the order of the rows: the search begins at `next`. */
static inline const eb_field *eb__decode_find(const eb_type *type, const eb_text *name, size_t next)
{
    const char first = name->len > 0 ? name->at[0] : '\0';

    if (name->len != name->plain_len)
        return eb__decode_find_escaped(type, name);
    for (size_t i = next; i < type->row_count; i++)
        if (eb__is_named(&type->rows[i], name, first))
            return &type->rows[i];
    for (size_t i = 0; i < next; i++)
        if (eb__is_named(&type->rows[i], name, first))
            return &type->rows[i];
    return NULL;
}

#endif
