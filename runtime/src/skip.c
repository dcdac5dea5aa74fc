/* skip.c -- values passed over and checked, of any kind and nesting, without recursion: one bit per
 * level says whether it is an object. */
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
