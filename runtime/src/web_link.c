/* web_link.c -- Link: <https://...?page=2>; rel="next", <...>; rel="last".
 *
 * Read once from left to right, without memory and without going back. A list that breaks off is said to be broken
 * and never taken for one without a next page: the walk would end there as if there were nothing more. */
#include "web_link.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

/* A parameter's value, quotes left out; a backslash in it stands before a character that is meant as it is. */
typedef struct piece {
    const char *text;
    size_t      len;
    bool        quoted;
} piece;

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

static bool is_named(piece name, const char *word)
{
    return eb__same_text(name.text, name.len, word, strlen(word));
}

/* Is next among the words of a rel? */
static bool has_next(piece rel)
{
    static const char next[] = "next";
    size_t same = 0; /* letters of next, since the word began; more than it has: another word */

    for (size_t i = 0; i < rel.len; i++) {
        char c = rel.text[i];

        if (rel.quoted && c == '\\' && i + 1 < rel.len)
            c = rel.text[++i];
        if (c == ' ' || c == '\t') {
            if (same == sizeof next - 1)
                return true;
            same = 0;
        } else {
            same = same < sizeof next - 1 && eb__lower(c) == next[same] ? same + 1 : sizeof next;
        }
    }
    return same == sizeof next - 1;
}

/* Reads what comes behind the = of a parameter; NULL: its quotes do not end. */
static const char *read_value(const char *at, piece *value)
{
    value->quoted = *at == '"';
    value->text   = value->quoted ? ++at : at;
    if (!value->quoted) {
        at += strcspn(at, ";, \t");
        value->len = (size_t)(at - value->text);
        return at;
    }
    for (; *at != '"'; at++) {
        at += *at == '\\' && at[1] != '\0';
        if (*at == '\0')
            return NULL;
    }
    value->len = (size_t)(at - value->text);
    return at + 1;
}

/* Reads the parameters of a link; NULL: quotes do not end. Of several rels the first holds. */
static const char *read_parameters(const char *at, bool *is_next)
{
    bool has_rel = false, has_anchor = false, next = false;

    for (at = skip_space(at); *at == ';'; at = skip_space(at)) {
        piece name = { "", 0, false }, value = name;

        at        = skip_space(at + 1);
        name.text = at;
        at += strcspn(at, "=;, \t");
        name.len = (size_t)(at - name.text);
        at       = skip_space(at);
        if (*at == '=') {
            at = read_value(skip_space(at + 1), &value);
            if (at == NULL)
                return NULL;
        }
        if (is_named(name, "rel") && !has_rel) {
            has_rel = true;
            next    = has_next(value);
        }
        has_anchor = has_anchor || is_named(name, "anchor");
    }
    *is_next = next && !has_anchor;
    return at;
}

static eb_status is_broken(eb_problem *problem, const char *value, const char *at, const char *expected)
{
    return eb__problem_set(problem, EB_DECODE, "Link: expected %s at character %zu", expected,
                           (size_t)(at - value) + 1);
}

/* One header's value. */
static eb_status read_links(const char *value, const char **target, size_t *len, eb_problem *problem)
{
    for (const char *at = value;;) {
        const char *link, *end;
        bool        is_next = false;

        while (*at == ',' || *at == ' ' || *at == '\t')
            at++;
        if (*at == '\0')
            return EB_DONE;
        if (*at != '<')
            return is_broken(problem, value, at, "<");
        link = at + 1;
        end  = strchr(link, '>');
        if (end == NULL)
            return is_broken(problem, value, link + strlen(link), ">");
        at = read_parameters(end + 1, &is_next);
        if (at == NULL)
            return is_broken(problem, value, value + strlen(value), "the end of a quoted text");
        if (*at != ',' && *at != '\0')
            return is_broken(problem, value, at, "; or ,");
        if (is_next) {
            *target = link;
            *len    = (size_t)(end - link);
            return EB_OK;
        }
    }
}

eb_status eb__web_link_next(const eb_header *headers, size_t count, const char **target,
                            size_t *len, eb_problem *problem)
{
    eb_status st = EB_DONE;

    for (size_t i = 0; i < count && st == EB_DONE; i++)
        if (eb__same_name(headers[i].name, "link"))
            st = read_links(headers[i].value, target, len, problem);
    return st;
}
