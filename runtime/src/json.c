/* json.c -- free-form JSON text looked into where no document says what it is: error bodies,
 * tickets, parameters by name. What is broken is read as far as it goes. */
#include <string.h>

#include "reader.h"

enum { STEP_SIZE = 256 };

/* Reads with the deepest nesting we know and any number of values; problems are of no interest. */
static void open_text(eb_reader *reader, const char *text, size_t len, eb_problem *problem)
{
    const eb_limits_in limits = { EB_DEPTH_MAX, SIZE_MAX };

    problem->status   = EB_OK;
    problem->field[0] = '\0';
    eb__reader_init(reader, text, len, &limits, problem);
}

/* ---- Pointers -------------------------------------------------------------------------------- */

/* A step of a pointer, without its escapes. */
typedef struct step {
    char   text[STEP_SIZE];
    size_t len;
} step;

/* Reads the step at *pointer, which is a '/'; false: too long. */
static bool read_step(const char **pointer, step *next)
{
    const char *at = *pointer + 1;

    for (next->len = 0; *at != '\0' && *at != '/'; at++) {
        char c = *at;

        if (c == '~' && (at[1] == '0' || at[1] == '1'))
            c = *++at == '0' ? '~' : '/';
        if (next->len == sizeof next->text)
            return false;
        next->text[next->len++] = c;
    }
    *pointer = at;
    return true;
}

static bool is_step(const eb_text *name, const step *wanted)
{
    char plain[STEP_SIZE];

    if (name->plain_len != wanted->len)
        return false;
    eb__unescape(plain, name);
    return memcmp(plain, wanted->text, wanted->len) == 0;
}

/* The index a step names: digits without a leading zero. */
static bool step_index(const step *from, size_t *index)
{
    if (from->len == 0 || from->len > 9 || (from->len > 1 && from->text[0] == '0'))
        return false;
    *index = 0;
    for (size_t i = 0; i < from->len; i++) {
        if (from->text[i] < '0' || from->text[i] > '9')
            return false;
        *index = *index * 10 + (size_t)(from->text[i] - '0');
    }
    return true;
}

/* Where a value begins and, if it is whole, how long it is. A value that breaks off has the length
 * of what is there, so that a step into it can still be tried. */
static bool take_value(eb_reader *reader, const char **from, size_t *len)
{
    bool whole;

    if (eb__peek(reader) == '\0')
        return false;
    *from = reader->at;
    whole = eb__skip_value(reader) == EB_OK;
    *len  = (size_t)((whole ? reader->at : reader->end) - *from);
    return whole;
}

/* One step into a value: the last member of that name, or the element of that index. *whole says
 * whether the value found ends where it should. */
static bool take_step(const step *wanted, eb_json *value, bool *whole)
{
    eb_problem problem;
    eb_reader  reader;
    eb_text    name;
    eb_json    found = { NULL, 0 };
    size_t     index = 0, at = 0, len = 0;
    char       kind;

    open_text(&reader, value->text, value->len, &problem);
    kind = eb__peek(&reader);
    if ((kind != '{' && kind != '[') || (kind == '[' && !step_index(wanted, &index)) ||
        eb__read_open(&reader) != EB_OK)
        return false;
    for (bool first = true;; first = false, at++) {
        const char *from = NULL;
        bool        complete;

        if ((kind == '{' ? eb__read_member(&reader, first, &name) : eb__read_element(&reader, first)) <= 0)
            break;
        complete = take_value(&reader, &from, &len);
        if (from != NULL && (kind == '{' ? is_step(&name, wanted) : at == index)) {
            found.text = from;
            found.len  = len;
            *whole     = complete;
        }
        if (!complete || (kind == '[' && at == index))
            break;
    }
    if (found.text == NULL)
        return false;
    *value = found;
    return true;
}

bool eb__json_find(const char *text, size_t len, const char *pointer, eb_json *found)
{
    eb_problem problem;
    eb_reader  reader;
    eb_json    value = { NULL, 0 };
    bool       whole;
    step       next;

    open_text(&reader, text, len, &problem);
    if (eb__read_begin(&reader) != EB_OK)
        return false;
    whole = take_value(&reader, &value.text, &value.len);
    if (value.text == NULL)
        return false;
    while (*pointer == '/')
        if (!read_step(&pointer, &next) || !take_step(&next, &value, &whole))
            return false;
    if (*pointer != '\0' || !whole)
        return false;
    *found = value;
    return true;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static const char *plain_string(eb_arena *arena, const eb_text *text)
{
    char *made = text->has_nul ? NULL : eb__arena_text(arena, text->plain_len + 1);

    if (made == NULL)
        return NULL;
    eb__unescape(made, text);
    made[text->plain_len] = '\0';
    return made;
}

const char *eb__json_plain(eb_json value, eb_arena *arena)
{
    eb_problem  problem;
    eb_reader   reader;
    eb_text     text;
    const char *from = NULL;
    size_t      len  = 0;

    open_text(&reader, value.text, value.len, &problem);
    switch (eb__peek(&reader)) {
    case '"':
        return eb__read_string(&reader, &text) == EB_OK ? plain_string(arena, &text) : NULL;
    case 'n':
        return NULL;
    default:
        break;
    }
    return take_value(&reader, &from, &len) ? eb__arena_dup(arena, from, len) : NULL;
}

bool eb__json_member(eb_json object, size_t *at, const char **key, eb_json *value, eb_arena *arena)
{
    const bool  first = *at == 0;
    eb_problem  problem;
    eb_reader   reader;
    eb_text     name;
    eb_json     found = { NULL, 0 };
    const char *text;

    open_text(&reader, object.text, object.len, &problem);
    if (first) {
        if (eb__peek(&reader) != '{' || eb__read_open(&reader) != EB_OK)
            return false;
    } else {
        if (*at > object.len)
            return false;
        reader.at = object.text + *at;
    }
    if (eb__read_member(&reader, first, &name) <= 0 || !take_value(&reader, &found.text, &found.len))
        return false;
    text = plain_string(arena, &name);
    if (text == NULL)
        return false;
    *at    = (size_t)(reader.at - object.text);
    *key   = text;
    *value = found;
    return true;
}
