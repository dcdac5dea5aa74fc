/* xml.c -- the text of one element of an XML error body: tags, character data, CDATA, comments,
 * the five entities and numeric ones. What has a DOCTYPE is refused whole, so there is nothing to
 * expand, and the text that comes out is never longer than what went in. */
#include <stdint.h>
#include <string.h>

#include "errors.h"
#include "text.h"

#if EB_PART_XML

enum token { END, BROKEN, TEXT, CDATA, OPEN, CLOSE, EMPTY, OTHER };

/* A piece of the text; of a tag, its name. */
typedef struct piece {
    const char *at;
    size_t      len;
} piece;

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static bool looking_at(const cursor *c, const char *text)
{
    const size_t len = strlen(text);

    return (size_t)(c->end - c->at) >= len && memcmp(c->at, text, len) == 0;
}

/* Passes begin, and everything to the end of the next stop; found is what stands between. */
static bool take_until(cursor *c, const char *begin, const char *stop, piece *found)
{
    found->at = c->at += strlen(begin);
    for (; c->at < c->end; c->at++)
        if (looking_at(c, stop)) {
            found->len = (size_t)(c->at - found->at);
            c->at += strlen(stop);
            return true;
        }
    return false;
}

static bool is_name(char c)
{
    return !eb__is_space(c) && c != '\0' && !strchr("<>/=\"'&!?", c);
}

static void take_name(cursor *c, piece *name)
{
    name->at = c->at;
    while (c->at < c->end && is_name(*c->at))
        c->at++;
    name->len = (size_t)(c->at - name->at);
}

static enum token take_tag(cursor *c, piece *name)
{
    const bool closing = looking_at(c, "</");
    bool       slash   = false;

    c->at += closing ? 2 : 1;
    take_name(c, name);
    if (name->len == 0)
        return BROKEN;
    for (; c->at < c->end; c->at++) {
        if (*c->at == '>') {
            c->at++;
            return closing ? CLOSE : slash ? EMPTY : OPEN;
        }
        slash = *c->at == '/';
        if (*c->at == '"' || *c->at == '\'') {
            c->at = memchr(c->at + 1, *c->at, (size_t)(c->end - c->at - 1));
            if (!c->at) {
                c->at = c->end;
                return BROKEN;
            }
        } else if (*c->at == '<') {
            return BROKEN;
        }
    }
    return BROKEN;
}

static enum token take_token(cursor *c, piece *found)
{
    if (c->at == c->end)
        return END;
    if (*c->at != '<') {
        const char *stop = memchr(c->at, '<', (size_t)(c->end - c->at));

        found->at  = c->at;
        c->at      = stop ? stop : c->end;
        found->len = (size_t)(c->at - found->at);
        return TEXT;
    }
    if (looking_at(c, "<!--"))
        return take_until(c, "<!--", "-->", found) ? OTHER : BROKEN;
    if (looking_at(c, "<![CDATA["))
        return take_until(c, "<![CDATA[", "]]>", found) ? CDATA : BROKEN;
    if (looking_at(c, "<?"))
        return take_until(c, "<?", "?>", found) ? OTHER : BROKEN;
    return take_tag(c, found); /* "<!DOCTYPE" has no name */
}

/* ---- Character data -------------------------------------------------------------------------- */

static char *put_character(char *out, uint32_t c)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = '?';
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

static int digit_of(char c, unsigned base)
{
    const int value = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : 16;

    return value < (int)base ? value : -1;
}

/* An entity between & and ;. False: not one we know, and it stays as it is written. */
static bool read_entity(const char *name, size_t len, uint32_t *character)
{
    static const struct {
        const char *name;
        uint32_t    character;
    } known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };
    const unsigned base  = len > 1 && name[1] == 'x' ? 16 : 10;
    uint32_t       value = 0;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strlen(known[i].name) == len && memcmp(known[i].name, name, len) == 0) {
            *character = known[i].character;
            return true;
        }
    if (len < (base == 16 ? 3U : 2U) || name[0] != '#')
        return false;
    for (size_t i = base == 16 ? 2 : 1; i < len; i++) {
        const int digit = digit_of(name[i], base);

        if (digit < 0)
            return false;
        value = value > 0x10FFFF ? value : value * base + (uint32_t)digit;
    }
    *character = value;
    return true;
}

/* No entity is longer; who writes many a & must not make us look for the end of each. */
enum { ENTITY_MAX = 32 };

static char *put_text(char *out, piece text, bool entities)
{
    const char *const end = text.at + text.len;

    for (const char *at = text.at; at < end; at++) {
        const char *stop;
        uint32_t    character;

        if (entities && *at == '&') {
            stop = memchr(at, ';', end - at < ENTITY_MAX ? (size_t)(end - at) : ENTITY_MAX);
            if (stop && read_entity(at + 1, (size_t)(stop - at - 1), &character)) {
                out = put_character(out, character);
                at  = stop;
                continue;
            }
        }
        *out++ = *at ? *at : '?';
    }
    return out;
}

/* What lies between an element's tags, tags within it left out. out NULL: only passes over it.
 * False: the element does not end, or another does. */
static bool take_content(cursor *c, const char *element, char **out)
{
    piece  found;
    size_t depth = 1;

    for (;;) {
        switch (take_token(c, &found)) {
        case END:
        case BROKEN:
            return false;
        case TEXT:
            if (out)
                *out = put_text(*out, found, true);
            break;
        case CDATA:
            if (out)
                *out = put_text(*out, found, false);
            break;
        case OPEN:
            depth++;
            break;
        case CLOSE:
            if (--depth == 0)
                return found.len == strlen(element) && memcmp(found.at, element, found.len) == 0;
            break;
        case EMPTY:
        case OTHER:
            break;
        }
    }
}

const char *eb__xml_text(const char *xml, size_t len, const char *element, eb_arena *arena)
{
    cursor     c = { xml, xml + len }, behind;
    piece      found;
    enum token token;
    char      *text, *out;

    do {
        token = take_token(&c, &found);
        if (token == END || token == BROKEN)
            return NULL;
    } while ((token != OPEN && token != EMPTY) || found.len != strlen(element) ||
             memcmp(found.at, element, found.len) != 0);
    if (token == EMPTY)
        return eb__arena_dup(arena, "", 0);

    behind = c;
    if (!take_content(&behind, element, NULL))
        return NULL;
    text = out = eb__arena_text(arena, (size_t)(behind.at - c.at));
    if (!text)
        return NULL;
    (void)take_content(&c, element, &out);
    *out = '\0'; /* in the room of the end tag */
    return text;
}

#endif
