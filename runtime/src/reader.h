/* reader.h -- JSON text read piece by piece, RFC 8259 strictly: what is not valid is refused at its
 * byte.
 *
 * The reader stands before a value, or behind one. Whoever reads an object asks eb__read_member
 * until it says 0, and reads or skips the value after each 1; arrays likewise. Texts it gives point
 * into the JSON text and are valid UTF-8, still with their escapes. */
#ifndef EB_READER_H
#define EB_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "problem.h"
#include "words.h"

enum { EB_DEPTH_DEFAULT = 64, EB_DEPTH_MAX = 512, EB_ITEMS_DEFAULT = 10000000 };

typedef struct eb_reader {
    const char *at;
    const char *end;
    const char *start;
    size_t      items_left;
    unsigned    depth_left;
    unsigned    max_depth;
    eb_problem *problem;
} eb_reader;

/* A string between its quotes. It holds escapes when plain_len, without them, is smaller. */
typedef struct eb_text {
    const char *at;
    size_t      len;
    size_t      plain_len;
    bool        has_nul; /* \u0000 */
} eb_text;

typedef struct eb_number {
    const char *at;
    size_t      len;
    bool        integer; /* neither fraction nor exponent */
} eb_number;

/* limits NULL: the defaults. Depth is at most EB_DEPTH_MAX. problem is not NULL. */
void eb__reader_init(eb_reader *reader, const char *text, size_t len, const eb_limits_in *limits,
                     eb_problem *problem);

/* The first character of what comes next, whitespace skipped; 0: the text is over. */
char eb__peek_far(eb_reader *reader);

static inline char eb__peek(eb_reader *reader)
{
    if (reader->at < reader->end && (unsigned char)*reader->at > ' ')
        return *reader->at;
    return eb__peek_far(reader);
}

/* Each reads one value, before whose first character the reader stands, as eb__peek said. EB_OK,
 * EB_DECODE or EB_LIMIT; every value counts against the limit on items. */
eb_status eb__read_string(eb_reader *reader, eb_text *text);
eb_status eb__read_number(eb_reader *reader, eb_number *number);
eb_status eb__read_bool(eb_reader *reader, bool *value);
eb_status eb__read_null(eb_reader *reader);

/* Passes over a value of any kind, checking it; its exact text is what lies between. */
eb_status eb__skip_value(eb_reader *reader);

/* Where objects and arrays end that were passed over once, the small ones aside. Who has to look ahead
 * inside what was looked ahead over already finds them here: each byte is passed over a few times
 * at most, however deep it stands. { 0 } knows nothing. */
typedef struct eb_ends {
    eb_buf list;  /* of eb_end, in the order of the text */
    size_t known; /* whatever begins before this offset is in the list, if it is not small */
} eb_ends;

/* The same as eb__skip_value. EB_NOMEM besides. */
eb_status eb__skip_ahead(eb_reader *reader, eb_ends *ends);

/* Enter after eb__peek said '{' or '['. */
eb_status eb__read_open(eb_reader *reader);

/* 1: there is a member, and the reader stands before its value; 0: the object is over; -1: the
 * status is in the problem. */
int eb__read_member(eb_reader *reader, bool first, eb_text *name);
int eb__read_element(eb_reader *reader, bool first);

/* The beginning: refuses a byte order mark. The end: only whitespace may follow. */
eb_status eb__read_begin(eb_reader *reader);
eb_status eb__read_end(eb_reader *reader);

/* Counts values that do not stand in the text against the limit. */
eb_status eb__read_count(eb_reader *reader, size_t values);

/* Writes the text without escapes: plain_len bytes, no NUL behind them. */
void eb__unescape(char *to, const eb_text *text);

/* The name of the JSON type that begins with this character: "an object", "null", ... */
const char *eb__json_kind(char first);

/* A problem where the reader stands: "invalid JSON at byte 12: expected a value". */
eb_status eb__reader_invalid(eb_reader *reader, const char *at, const char *what);

/* Length of the valid UTF-8 character of several bytes at text, 0 if it is not one. */
size_t eb__utf8_len(const char *text, const char *end);

/* The rest of a string that begins at text->at, when something else than plain ASCII stands at
 * `at`. */
eb_status eb__read_text_on(eb_reader *reader, eb_text *text, const char *at);

#endif
