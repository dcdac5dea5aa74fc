/* problem.c -- what went wrong, in words, see problem.h. Nothing here allocates or fails: texts
 * that are too long are cut, between two characters of UTF-8. */
#include "problem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "reader.h"

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Where to cut a text of len bytes so that at most max are left. */
static size_t cut_before(const char *text, size_t len, size_t max)
{
    if (len <= max)
        return len;
    while (max > 0 && continues_character(text[max]))
        max--;
    return max;
}

/* How many bytes the character at text has; 0: it is none, or none to be shown. */
static size_t shown_len(const char *text, const char *end)
{
    const unsigned char c = (unsigned char)*text;

    if (c < 0x80)
        return c >= 0x20 && c != 0x7f ? 1 : 0;
    if (c == 0xc2 && end - text > 1 && (unsigned char)text[1] < 0xa0)
        return 0; /* U+0080 to U+009F, which terminals obey as well */
    return eb__utf8_len(text, end);
}

void eb__problem_plain(char *text, size_t len)
{
    const char *const end = text + len;

    while (text < end) {
        const size_t shown = shown_len(text, end);

        if (shown == 0)
            *text = '?';
        text += shown > 0 ? shown : 1;
    }
}

eb_status eb__problem_set(eb_problem *problem, eb_status status, const char *format, ...)
{
    char    text[sizeof problem->text + 4];
    va_list arguments;
    int     len;
    size_t  kept;

    va_start(arguments, format);
    len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len < 0)
        text[0] = '\0';
    kept = cut_before(text, strlen(text), sizeof problem->text - 1);
    memcpy(problem->text, text, kept);
    eb__problem_plain(problem->text, kept);
    problem->text[kept] = '\0';
    problem->status     = status;
    return status;
}

/* Puts text in front of the path, which is cut at its front when that is too long. */
static void prepend(eb_problem *problem, const char *text, size_t len)
{
    static const char cut[]  = "...";
    const size_t      room   = sizeof problem->field - 1;
    const size_t      before = strlen(problem->field);

    if (before >= sizeof cut - 1 && memcmp(problem->field, cut, sizeof cut - 1) == 0)
        return;
    if (len <= room - before) {
        memmove(problem->field + len, problem->field, before + 1);
        memcpy(problem->field, text, len);
        return;
    }
    /* The end of both, behind "...": as many bytes of the whole as fit. */
    {
        const size_t keep       = room - (sizeof cut - 1);
        size_t       from_text  = keep > before ? keep - before : 0;
        size_t       from_field = keep > before ? before : keep;
        const char  *tail       = text + len - from_text;
        const char  *end        = problem->field + before - from_field;

        while (from_text > 0 && continues_character(*tail)) {
            tail++;
            from_text--;
        }
        while (from_text == 0 && from_field > 0 && continues_character(*end)) {
            end++;
            from_field--;
        }
        memmove(problem->field + sizeof cut - 1 + from_text, end, from_field + 1);
        memcpy(problem->field + sizeof cut - 1, tail, from_text);
        memcpy(problem->field, cut, sizeof cut - 1);
    }
}

/* A name joined to what stands behind it: "ports" before "[2]", "ports." before "name". */
static void prepend_name(eb_problem *problem, const char *name, size_t len)
{
    if (problem->field[0] != '\0' && problem->field[0] != '[')
        prepend(problem, ".", 1);
    prepend(problem, name, len);
}

void eb__problem_member(eb_problem *problem, const char *name)
{
    if (name != NULL && name[0] != '\0')
        prepend_name(problem, name, strlen(name));
}

void eb__problem_index(eb_problem *problem, size_t index)
{
    char      text[32];
    const int len = snprintf(text, sizeof text, "[%zu]", index);

    if (problem->field[0] != '\0' && problem->field[0] != '[')
        prepend(problem, ".", 1);
    prepend(problem, text, len > 0 ? (size_t)len : 0);
}

/* Can a key stand in a path as it is? */
static bool plain_key(const char *key)
{
    if (*key == '\0')
        return false;
    for (; *key != '\0'; key++) {
        const char c = *key;

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-'))
            return false;
    }
    return true;
}

void eb__problem_key(eb_problem *problem, const char *key)
{
    char text[100], quoted[sizeof text + 4];
    int  len;

    eb__problem_quote(text, sizeof text, key, strlen(key));
    if (plain_key(key)) {
        prepend_name(problem, text, strlen(text));
        return;
    }
    len = snprintf(quoted, sizeof quoted, "[\"%s\"]", text);
    if (problem->field[0] != '\0' && problem->field[0] != '[')
        prepend(problem, ".", 1);
    prepend(problem, quoted, len > 0 ? (size_t)len : 0);
}

void eb__problem_name(eb_problem *problem)
{
    char   text[sizeof problem->text];
    size_t before = strlen(problem->field), len, kept;

    if (before == 0)
        return;
    memcpy(text, problem->text, sizeof text);
    len  = strlen(text);
    kept = cut_before(text, len, sizeof problem->text - 1 - before - 2);
    memcpy(problem->text, problem->field, before);
    memcpy(problem->text + before, ": ", 2);
    memcpy(problem->text + before + 2, text, kept);
    problem->text[before + 2 + kept] = '\0';
}

void eb__problem_quote(char *to, size_t size, const char *text, size_t len)
{
    static const char cut[] = "...";
    size_t            kept  = len;

    if (len > size - 1)
        kept = cut_before(text, len, size - sizeof cut);
    memcpy(to, text, kept);
    eb__problem_plain(to, kept);
    if (kept < len) {
        memcpy(to + kept, cut, sizeof cut);
        return;
    }
    to[kept] = '\0';
}
