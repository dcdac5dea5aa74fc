/* skip.c -- values passed over and checked, of any kind and nesting, without recursion: one bit per
 * level says whether it is an object. Looking ahead also keeps where what it passes over ends. */
#include <string.h>

#include "reader.h"

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

/* ---- Ends ------------------------------------------------------------------------------------ */

enum { SMALL = 64 }; /* bytes of text: cheaper passed over than looked up */

typedef struct eb_end {
    size_t start; /* of the object or array, in the text */
    size_t end;   /* behind it; while it is open, the number of the entry around it, from 1 */
} eb_end;

/* Notes that an object or array begins at `start`; gives its number, from 1. */
static size_t note_start(eb_ends *ends, size_t start, size_t around)
{
    const eb_end open = { start, around };

    eb__buf_put(&ends->list, &open, sizeof open);
    return ends->list.len / sizeof open;
}

/* Notes where the entry ends and gives the number of the one around it. */
static size_t note_end(eb_ends *ends, size_t number, size_t end)
{
    eb_end entry;
    size_t around;
    char  *at;

    if (eb__buf_status(&ends->list) != EB_OK)
        return 0;
    at = ends->list.data + (number - 1) * sizeof entry;
    memcpy(&entry, at, sizeof entry);
    around    = entry.end;
    entry.end = end;
    memcpy(at, &entry, sizeof entry);
    if (end - entry.start < SMALL) /* so is all inside: it is the last one */
        ends->list.len -= sizeof entry;
    return around;
}

/* Where what begins at `start` ends; 0: not known. */
static size_t known_end(const eb_ends *ends, size_t start)
{
    size_t low = 0, high = ends->list.len / sizeof(eb_end);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        eb_end       entry;

        memcpy(&entry, ends->list.data + middle * sizeof entry, sizeof entry);
        if (entry.start == start)
            return entry.end;
        if (entry.start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* ---- Any value ------------------------------------------------------------------------------- */

/* Made twice, so that who does not look ahead pays nothing for it. */
#if defined(__GNUC__)
#define TWICE inline __attribute__((always_inline))
#else
#define TWICE inline
#endif

/* ends: NULL, or what is known of the text already and what is found out. */
static TWICE eb_status skip(eb_reader *reader, eb_ends *ends)
{
    const bool note   = ends != NULL && (size_t)(reader->at - reader->start) >= ends->known;
    size_t     number = 0; /* of the entry noted last that is open */

    uint64_t objects[EB_DEPTH_MAX / 64] = { 0 }; /* per level: is it an object? */

    unsigned level = 0;
    bool     first = false;

    for (;;) {
        const char next = eb__peek(reader);
        eb_status  st;

        if (ends != NULL && !note && (next == '{' || next == '[')) {
            const size_t end = known_end(ends, (size_t)(reader->at - reader->start));

            if (end > 0) {
                reader->at = reader->start + end;
                first      = false;
                goto passed;
            }
        }
        if (next == '{' || next == '[') {
            if (note)
                number = note_start(ends, (size_t)(reader->at - reader->start), number);
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
    passed: /* to the next value, out of everything that ends here */
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
            if (note)
                number = note_end(ends, number, (size_t)(reader->at - reader->start));
        }
    }
}

eb_status eb__skip_value(eb_reader *reader)
{
    return skip(reader, NULL);
}

eb_status eb__skip_ahead(eb_reader *reader, eb_ends *ends)
{
    eb_status st;
    size_t    at;

    (void)eb__peek(reader);
    st = skip(reader, ends);
    at = (size_t)(reader->at - reader->start);
    if (st == EB_OK)
        st = eb__buf_status(&ends->list);
    if (st == EB_OK && at > ends->known)
        ends->known = at;
    return st;
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
