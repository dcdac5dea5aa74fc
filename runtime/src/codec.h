/* codec.h -- what the rows are for: decode, encode, check, print, compare, copy, fill.
 *
 * reader.c reads JSON text piece by piece, decode.c puts it straight into structs in the arena,
 * encode.c writes structs straight into a buffer; check.c, copy.c and random.c walk the same rows.
 * Members are read and written by memcpy at the row's offset. */
#ifndef EB_CODEC_H
#define EB_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "edgebind/generated.h"
#include "problem.h"

typedef struct eb_limits_in {
    size_t max_depth; /* 0: 64 */
    size_t max_items; /* values in one text, all nested ones counted, large structs more than once; 0: 10 million */
} eb_limits_in;

/* Decodes one JSON text of a type into the arena. *value is written on success only: a pointer to
 * the struct, or for a list or map type to its { items, count }. JSON null for a struct gives
 * type->null, or EB_DECODE. Statuses: EB_OK, EB_DECODE, EB_LIMIT, EB_NOMEM. strict: an unknown
 * member is an error (eb_invoke's parameters). */
eb_status eb__decode(const eb_type *type, const char *text, size_t len, bool strict,
                     const eb_limits_in *limits, eb_arena *arena, const void **value,
                     eb_problem *problem);

/* Checks that the text is exactly one JSON value within the limits. EB_OK, EB_DECODE, EB_LIMIT. */
eb_status eb__json_check(const char *text, size_t len, const eb_limits_in *limits, eb_problem *problem);

/* Finds the value a JSON pointer (RFC 6901; "" is the whole) leads to in valid or invalid text, and
 * gives its exact text. False: not there, or the text is broken before it is reached. Names match
 * exactly; of duplicates the last counts. */
bool eb__json_find(const char *text, size_t len, const char *pointer, eb_json *found);

/* The value as plain text in the arena: a string unescaped, a number or literal as written, an
 * object or array as JSON. NULL: null, broken, or out of memory. */
const char *eb__json_plain(eb_json value, eb_arena *arena);

/* Walks the members of an object in order: *at starts at 0. False: no more, or not an object. key
 * is in the arena. */
bool eb__json_member(eb_json object, size_t *at, const char **key, eb_json *value, eb_arena *arena);

/* Checks a value before it is sent: required members, null where it may not be, enum OTHER without
 * text, UTF-8, free-form values, and unless skip_limits the documented ranges. path goes before the
 * member names ("body"). EB_OK or EB_INVALID. */
eb_status eb__check(const eb_type *type, const void *value, const char *path, bool skip_limits,
                    eb_problem *problem);

/* Writes JSON. The value has been checked. Fails only through the buffer. */
void eb__encode(eb_buf *out, const eb_type *type, const void *value);

/* Writes one member, the row's, of a struct, as JSON; and a scalar member as plain text for a
 * query, form or header (true, 12, the string itself). False: absent or null, nothing written. */
bool eb__encode_member(eb_buf *out, const eb_field *row, const void *base);
bool eb__encode_plain(eb_buf *out, const eb_field *row, const void *base);

/* A JSON string with its quotes, of valid UTF-8. */
void eb__put_json_string(eb_buf *out, const char *text, size_t len);

/* Is the member given (null counts as given)? */
bool eb__is_given(const eb_field *row, const void *base);
bool eb__is_null(const eb_field *row, const eb_type *owner, const void *base);

/* For people: indented, secrets masked. */
void eb__print(eb_buf *out, const eb_type *type, const void *value);
void eb__print_member(eb_buf *out, const eb_field *row, const void *base);

bool  eb__equal(const eb_type *type, const void *a, const void *b);
void *eb__dup(const eb_type *type, const void *value); /* one block for free(); NULL: out of memory, NULL, null */

/* A copy of a value into the arena, everything it points at included. NULL: out of memory. */
const void *eb__copy(const eb_type *type, const void *value, eb_arena *arena);

const void *eb__random_value(const eb_type *type, uint64_t seed, eb_arena *arena);

/* Doubles, whatever the locale: the shortest text that reads back the same; JSON number text to
 * double, false when it is out of range. Not for NaN and infinities, which eb__check refuses. */
void eb__put_double(eb_buf *out, double value);
bool eb__parse_double(const char *text, size_t len, double *value);

/* Follows a JSON pointer ("/pagination/has_next") through a decoded value by its rows. NULL: no
 * such member, or absent on the way. *base is the struct the row belongs to. */
const eb_field *eb__row_at(const eb_type *type, const void *value, const char *pointer,
                           const void **base);

/* A row by its wire name, NULL if there is none. */
const eb_field *eb__row_find(const eb_type *type, const char *name, size_t len);

#endif
