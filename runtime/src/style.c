/* style.c -- values in paths, queries, headers, cookies and forms, see style.h.
 *
 * One table says what the styles differ in: what stands before a value, between its parts, and whether a name goes with
 * it. In a header and a cookie nothing can be encoded, so that what would be read differently there is refused; in a
 * path, what would change the path is. */
#include "style.h"

#include <string.h>

#include "reader.h"
#include "text.h"
#include "url.h"

/* What a style differs in. */
typedef struct manner {
    const char *first;   /* before the value */
    const char *between; /* between exploded parts */
    const char *listing; /* between the items of one part */
    char        refused; /* what an item may not hold, because it would read as two */
    bool        named;   /* name=value */
    bool        joined;  /* goes behind what stands there already, with `between` */
} manner;

static const manner path_manners[] = {
    [EB_STYLE_USUAL]  = { "", ",", ",", 0, false, false },
    [EB_STYLE_LABEL]  = { ".", ".", ",", 0, false, false },
    [EB_STYLE_MATRIX] = { ";", ";", ",", 0, true, false },
};
static const manner query_manners[] = {
    [EB_STYLE_USUAL]  = { "", "&", ",", 0, true, true },
    [EB_STYLE_LABEL]  = { "", "&", ",", 0, true, true },
    [EB_STYLE_MATRIX] = { "", "&", ",", 0, true, true },
    [EB_STYLE_SPACE]  = { "", "&", "%20", ' ', true, true },
    [EB_STYLE_PIPE]   = { "", "&", "%7C", '|', true, true },
    [EB_STYLE_DEEP]   = { "", "&", ",", 0, true, true },
};
static const manner header_manner = { "", ",", ",", ',', false, false };
static const manner cookie_manner = { "", "; ", ",", 0, true, true };

typedef struct writer {
    eb_buf          *out;
    const eb_styled *how;
    manner           is;
    eb_problem      *problem;
    bool             begun;  /* something of this value is written */
    bool             listed; /* what comes is one item of several */
} writer;

static manner manner_of(const eb_styled *how)
{
    const unsigned style = how->style & EB_STYLE_MASK_;

    switch (how->in) {
    case EB_IN_PATH:
        return path_manners[style <= EB_STYLE_MATRIX ? style : EB_STYLE_USUAL];
    case EB_IN_HEADER:
        return header_manner;
    case EB_IN_COOKIE:
        return cookie_manner;
    default:
        return query_manners[style <= EB_STYLE_DEEP ? style : EB_STYLE_USUAL];
    }
}

/* ---- Texts ------------------------------------------------------------------------------------- */

/* RFC 6265: visible ASCII without the quote, comma, semicolon and backslash. */
static bool is_cookie_char(unsigned char c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

static eb_status refuse_part(writer *w, const char *text, size_t len)
{
    return eb__problem_set(w->problem, EB_INVALID, "\"%.*s\" cannot be part of a path",
                           (int)(len < 200 ? len : 200), text);
}

/* May this text stand where it goes? */
static eb_status check(writer *w, const char *text, size_t len)
{
    if (w->is.refused != 0 && w->listed && memchr(text, w->is.refused, len) != NULL)
        return eb__problem_set(w->problem, EB_INVALID,
                               "an item with \"%c\", which separates the items here, would be read as two",
                               w->is.refused);
    if (w->how->in == EB_IN_PATH && len == 0)
        return refuse_part(w, text, len);
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (w->how->in == EB_IN_HEADER && ((c < ' ' && c != '\t') || c == 0x7f))
            return eb__problem_set(w->problem, EB_INVALID,
                                   "control characters cannot be sent in a header");
        if (w->how->in == EB_IN_COOKIE && !is_cookie_char(c))
            return eb__problem_set(w->problem, EB_INVALID,
                                   "byte %zu is 0x%02x, which cannot be sent in a cookie; visible ASCII "
                                   "without quotes, commas, semicolons and backslashes can",
                                   i, c);
    }
    return EB_OK;
}

static eb_status put(writer *w, const char *text, size_t len)
{
    const eb_status st = check(w, text, len);

    if (st != EB_OK)
        return st;
    if (w->how->in == EB_IN_HEADER || w->how->in == EB_IN_COOKIE)
        eb__buf_put(w->out, text, len);
    else if ((w->how->style & EB_ALLOW_RESERVED) != 0)
        eb__url_encode_reserved(w->out, text, len);
    else
        eb__url_encode(w->out, text, len);
    return EB_OK;
}

/* A name is no value: EB_ALLOW_RESERVED says nothing about it. */
static eb_status put_name(writer *w, const char *text, size_t len)
{
    const eb_status st = check(w, text, len);

    if (st != EB_OK)
        return st;
    if (w->how->in == EB_IN_HEADER || w->how->in == EB_IN_COOKIE)
        eb__buf_put(w->out, text, len);
    else
        eb__url_encode(w->out, text, len);
    return EB_OK;
}

/* What stands before a part of the value: its beginning, or what separates it from the part before. */
static void begin_part(writer *w)
{
    if (w->begun || (w->is.joined && w->out->len > 0))
        eb__buf_puts(w->out, w->is.between);
    else
        eb__buf_puts(w->out, w->is.first);
    w->begun = true;
}

/* The beginning of a part that has the parameter's name, if the style has names. */
static eb_status begin_named(writer *w)
{
    eb_status st = EB_OK;

    begin_part(w);
    if (w->is.named) {
        st = put_name(w, w->how->name, strlen(w->how->name));
        eb__buf_putc(w->out, '=');
    }
    return st;
}

/* Refuses a path segment that would lead elsewhere. */
static eb_status check_segment(writer *w, size_t from)
{
    const char  *text = eb__buf_text(w->out) + from;
    const size_t len  = w->out->len - from;

    if (w->how->in != EB_IN_PATH || eb__buf_status(w->out) != EB_OK)
        return EB_OK;
    if (len == 0 || (len == 1 && text[0] == '.') || (len == 2 && text[0] == '.' && text[1] == '.'))
        return refuse_part(w, text, len);
    return EB_OK;
}

static eb_status put_scalar(writer *w, const char *text, size_t len)
{
    eb_status st;

    if (w->how->in == EB_IN_PATH && (len == 1 || len == 2) && memcmp(text, "..", len) == 0)
        return refuse_part(w, text, len); /* whatever stands around it */
    st = begin_named(w);
    return st == EB_OK ? put(w, text, len) : st;
}

/* ---- JSON -------------------------------------------------------------------------------------- */

#if EB_PART_STYLES
/* A value without its parts as text: strings unescaped, everything else as it is written. The text is in the JSON or
 * in scratch. */
static eb_json plain(eb_json value, eb_buf *scratch)
{
    eb_problem unwanted = { 0 };
    eb_reader  reader;
    eb_text    text;
    char      *to;

    eb__reader_init(&reader, value.text, value.len, NULL, &unwanted);
    if (eb__peek(&reader) != '"' || eb__read_string(&reader, &text) != EB_OK)
        return value;
    if (text.plain_len == text.len)
        return (eb_json){ text.at, text.len };
    eb__buf_clear(scratch);
    to = eb__buf_room(scratch, text.plain_len);
    if (to == NULL)
        return (eb_json){ "", 0 };
    eb__unescape(to, &text);
    scratch->len += text.plain_len;
    return (eb_json){ scratch->data, text.plain_len };
}

static bool is_null(eb_json value)
{
    return value.len == 4 && memcmp(value.text, "null", 4) == 0;
}

static bool is_nested(eb_json value)
{
    return value.text[0] == '{' || value.text[0] == '[';
}

/* The parts of a list or object, one after the other, nulls left out. */
typedef struct parts {
    eb_reader  reader;
    eb_problem problem;
    bool       object;
    bool       first;
    size_t     index; /* for who numbers them */
    eb_text    key;
    eb_json    value;
} parts;

static void open_parts(parts *p, eb_json value)
{
    const eb_limits_in limits = { EB_DEPTH_MAX, SIZE_MAX };

    memset(p, 0, sizeof *p);
    eb__reader_init(&p->reader, value.text, value.len, &limits, &p->problem);
    p->object = eb__peek(&p->reader) == '{';
    p->first  = true;
    (void)eb__read_open(&p->reader);
}

static bool next_part(parts *p)
{
    for (;;) {
        const int more = p->object ? eb__read_member(&p->reader, p->first, &p->key)
                                   : eb__read_element(&p->reader, p->first);

        p->first = false;
        if (more <= 0 || eb__peek(&p->reader) == '\0')
            return false;
        p->value.text = p->reader.at;
        if (eb__skip_value(&p->reader) != EB_OK)
            return false;
        p->value.len = (size_t)(p->reader.at - p->value.text);
        if (!is_null(p->value))
            return true;
    }
}

static eb_status put_key(writer *w, const eb_text *key, eb_buf *scratch)
{
    const eb_json quoted = { key->at - 1, key->len + 2 };
    const eb_json name   = plain(quoted, scratch);

    return put_name(w, name.text, name.len);
}

static eb_status put_value(writer *w, eb_json value, eb_buf *scratch)
{
    const eb_json text = plain(value, scratch);

    return put(w, text.text, text.len);
}

/* name=a&name=b, or x=1&y=2. */
static eb_status put_exploded(writer *w, parts *p, eb_buf *scratch)
{
    eb_status st = EB_OK;

    while (st == EB_OK && next_part(p)) {
        if (p->object) {
            begin_part(w);
            st = put_key(w, &p->key, scratch);
            eb__buf_putc(w->out, '=');
        } else {
            st = begin_named(w);
        }
        if (st == EB_OK)
            st = put_value(w, p->value, scratch);
    }
    return st;
}

/* name=a,b, or name=x,1,y,2. */
static eb_status put_listed(writer *w, parts *p, eb_buf *scratch)
{
    eb_status st = EB_OK;

    while (st == EB_OK && next_part(p)) {
        if (w->begun)
            eb__buf_puts(w->out, w->is.listing);
        else
            st = begin_named(w);
        if (st == EB_OK && p->object) {
            st = put_key(w, &p->key, scratch);
            eb__buf_puts(w->out, w->is.listing);
        }
        if (st == EB_OK)
            st = put_value(w, p->value, scratch);
    }
    return st;
}

/* name[x]=1&name[y][]=a: path is the name so far, encoded. An item that has parts itself is numbered, so that its
 * parts stay together. */
static eb_status put_deep(writer *w, eb_buf *path, eb_json value, eb_buf *scratch)
{
    const size_t len = path->len;
    eb_status    st  = EB_OK;
    parts        p;

    if (!is_nested(value)) {
        begin_part(w);
        eb__buf_put(w->out, eb__buf_text(path), path->len);
        eb__buf_putc(w->out, '=');
        return put_value(w, value, scratch);
    }
    for (open_parts(&p, value); st == EB_OK && next_part(&p); p.index++) {
        eb__buf_puts(path, "%5B");
        if (p.object) {
            const eb_json quoted = { p.key.at - 1, p.key.len + 2 };
            const eb_json name   = plain(quoted, scratch);

            eb__url_encode(path, name.text, name.len);
        } else if (is_nested(p.value)) {
            eb__buf_put_int(path, (int64_t)p.index);
        }
        eb__buf_puts(path, "%5D");
        if (eb__buf_status(path) != EB_OK)
            return eb__buf_status(path);
        st        = put_deep(w, path, p.value, scratch);
        path->len = len;
    }
    return st;
}

static eb_status put_parts(writer *w, eb_json value, eb_buf *scratch)
{
    eb_buf    path;
    eb_status st;
    parts     p;

    if (w->how->in != EB_IN_PATH && w->how->in != EB_IN_HEADER && w->how->in != EB_IN_COOKIE &&
        (w->how->style & EB_STYLE_MASK_) == EB_STYLE_DEEP) {
        eb__buf_init(&path, w->out->allocator, 0);
        eb__url_encode(&path, w->how->name, strlen(w->how->name));
        st = put_deep(w, &path, value, scratch);
        eb__buf_free(&path);
        return st;
    }
    open_parts(&p, value);
    w->listed = !w->how->explode || w->how->in == EB_IN_HEADER;
    if (!w->how->explode)
        return put_listed(w, &p, scratch);
    if (p.object) /* x=1: a name of its own for each */
        w->is.named = false;
    return put_exploded(w, &p, scratch);
}
#endif

/* ---- The whole --------------------------------------------------------------------------------- */

eb_status eb__style_text(eb_buf *out, const eb_styled *how, const char *text, size_t len,
                         eb_problem *problem)
{
    writer       w    = { .out = out, .how = how, .is = manner_of(how), .problem = problem };
    const size_t from = out->len;
    eb_status    st   = put_scalar(&w, text, len);

    return st == EB_OK ? check_segment(&w, from) : st;
}

#if EB_PART_STYLES
eb_status eb__style_json(eb_buf *out, const eb_styled *how, eb_json value, eb_problem *problem)
{
    writer       w    = { .out = out, .how = how, .is = manner_of(how), .problem = problem };
    const size_t from = out->len;
    eb_buf       scratch;
    eb_status    st;

    while (value.len > 0 && eb__is_space(*value.text)) {
        value.text++; /* free-form text may have space around it */
        value.len--;
    }
    while (value.len > 0 && eb__is_space(value.text[value.len - 1]))
        value.len--;
    if (value.len == 0 || is_null(value))
        return EB_DONE;
    eb__buf_init(&scratch, out->allocator, 0);
    if (is_nested(value)) {
        st = put_parts(&w, value, &scratch);
    } else {
        const eb_json text = plain(value, &scratch);

        st = put_scalar(&w, text.text, text.len);
    }
    if (st == EB_OK)
        st = eb__buf_status(&scratch);
    if (st == EB_OK && !w.begun)
        st = EB_DONE;
    eb__buf_free(&scratch);
    return st == EB_OK ? check_segment(&w, from) : st;
}
#endif
