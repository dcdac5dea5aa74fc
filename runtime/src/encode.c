/* encode.c -- structs straight into a buffer as JSON, by their rows, members in the order of the
 * rows.
 *
 * The writer keeps its place in the buffer and makes room in large steps; the buffer remembers a
 * failure, after which nothing is written any more. */
#include <string.h>

#include "number.h"
#include "rows.h"
#include "words.h"

/* Bytes that every step may write without asking: a number, an escape, a brace, eight bytes of
 * text. */
enum { SLACK = 64, FIRST_ROOM = 1000 };

typedef struct writer {
    eb_buf *out;
    char   *at;
    char   *end;
    bool    sending; /* by a call: without what is read only */
    char    nowhere[1];
} writer;

static void write_set(writer *w, const eb_field *row, const char *base);
static void write_value(writer *w, const eb_field *row, const char *base);

/* ---- The buffer ------------------------------------------------------------------------------ */

static void begin(writer *w, eb_buf *out, bool sending)
{
    w->out     = out;
    w->sending = sending;
    w->at      = eb__buf_reserve(out, SLACK);
    if (w->at == NULL)
        w->at = w->end = w->nowhere;
    else
        w->end = out->data + out->size - 1;
}

static void finish(writer *w)
{
    if (w->at != w->nowhere)
        eb__buf_added(w->out, (size_t)(w->at - (w->out->data + w->out->len)));
}

static bool more_room(writer *w, size_t size)
{
    if (w->at == w->nowhere)
        return false;
    finish(w);
    w->at = eb__buf_reserve(w->out, size);
    if (w->at == NULL) {
        w->at = w->end = w->nowhere;
        return false;
    }
    w->end = w->out->data + w->out->size - 1;
    return true;
}

static inline bool room(writer *w, size_t size)
{
    return (size_t)(w->end - w->at) >= size || more_room(w, size);
}

static inline void put_char(writer *w, char c)
{
    if (room(w, 1))
        *w->at++ = c;
}

static inline void put_bytes(writer *w, const char *text, size_t len)
{
    if (!room(w, len))
        return;
    memcpy(w->at, text, len);
    w->at += len;
}

/* ---- Scalars --------------------------------------------------------------------------------- */

static char *put_escape(char *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";

    *to++ = '\\';
    switch (c) {
    case '"':
    case '\\':
        *to++ = (char)c;
        break;
    case '\b':
        *to++ = 'b';
        break;
    case '\f':
        *to++ = 'f';
        break;
    case '\n':
        *to++ = 'n';
        break;
    case '\r':
        *to++ = 'r';
        break;
    case '\t':
        *to++ = 't';
        break;
    default:
        memcpy(to, "u00", 3);
        to[3] = digits[c >> 4];
        to[4] = digits[c & 15];
        to += 5;
        break;
    }
    return to;
}

/* A string with something to escape in it. */
static void put_escaped(writer *w, const char *text, size_t len)
{
    const char *const end = text + len;

    *w->at++ = '"';
    for (; text < end; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c >= 0x20 && c != '"' && c != '\\') {
            *w->at++ = (char)c;
            continue;
        }
        w->at = put_escape(w->at, c);
        if (!room(w, (size_t)(end - text) + SLACK))
            return;
    }
    *w->at++ = '"';
}

/* Copies a text that needs no escape; false: it does. There is room for it. The last bytes are
 * copied together with some of those before them, so that all are moved by words. */
static inline bool copy_plain(char *to, const char *text, size_t len)
{
    uint64_t bytes;
    size_t   at = 0;

    if (len >= 8) {
        for (; at + 8 <= len; at += 8) {
            bytes = eb__load8(text + at);
            if (eb__marks_to_escape(bytes) != 0)
                return false;
            memcpy(to + at, &bytes, 8);
        }
        bytes = eb__load8(text + len - 8);
        memcpy(to + len - 8, &bytes, 8);
        return eb__marks_to_escape(bytes) == 0;
    }
    if (len >= 4) {
        bytes = eb__load4(text) & UINT32_MAX;
        bytes |= eb__load4(text + len - 4) << 32;
        memcpy(to, text, 4);
        memcpy(to + len - 4, text + len - 4, 4);
        return eb__marks_to_escape(bytes) == 0;
    }
    for (; at < len; at++) {
        const unsigned char c = (unsigned char)text[at];

        if (c < 0x20 || c == '"' || c == '\\')
            return false;
        to[at] = text[at];
    }
    return true;
}

static void put_string(writer *w, const char *text, size_t len)
{
    if (!room(w, len + SLACK))
        return;
    if (!copy_plain(w->at + 1, text, len)) {
        put_escaped(w, text, len);
        return;
    }
    w->at[0]       = '"';
    w->at[len + 1] = '"';
    w->at += len + 2;
}

static void put_text(writer *w, const char *text)
{
    put_string(w, text, strlen(text));
}

static void put_int(writer *w, int64_t value)
{
    if (room(w, EB_INT_TEXT_SIZE))
        w->at += eb__format_int(w->at, value);
}

#if EB_PART_NUMBERS
static void put_number(writer *w, const char *at)
{
    double value;

    memcpy(&value, at, sizeof value);
    if (room(w, EB_DOUBLE_TEXT_SIZE))
        w->at += eb__format_double(w->at, value);
}
#endif

static void put_bool(writer *w, bool value)
{
    if (value)
        put_bytes(w, "true", 4);
    else
        put_bytes(w, "false", 5);
}

/* ---- Structs, lists, maps -------------------------------------------------------------------- */

/* "key":value for each entry, with commas between; gives whether the next one is still the
 * first. */
static bool write_entries(writer *w, const eb_type *map, eb_list_head list, bool first)
{
    const char *entry = list.items;

    for (size_t i = 0; i < list.count; i++, entry += map->size) {
        const char *key = eb__string_at(entry);

        if (!first)
            put_char(w, ',');
        put_text(w, key != NULL ? key : "");
        put_char(w, ':');
        write_value(w, &map->rows[0], entry);
        first = false;
    }
    return first;
}

/* member, tag: the discriminator of the union around, when none of the members is that; NULL. */
static void write_struct(writer *w, const eb_type *type, const char *base, const char *member,
                         const char *tag)
{
    bool first = tag == NULL;

    put_char(w, '{');
    if (tag != NULL) {
        put_text(w, member);
        put_char(w, ':');
        put_text(w, tag);
    }
    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field   *row = &type->rows[i];
        const eb_presence is  = eb__state(row, base);

        if (is == EB_ABSENT || row->kind == EB_KIND_BODY ||
            (w->sending && (row->flags & EB_READ_ONLY) != 0))
            continue;
        if ((row->flags & EB_REST) != 0) {
            if (is == EB_SET)
                first = write_entries(w, row->target, eb__list_at(base + row->offset), first);
            continue;
        }
        if (!first)
            put_char(w, ',');
        put_string(w, row->json, row->json_len);
        put_char(w, ':');
        if (is == EB_NULL)
            put_bytes(w, "null", 4);
        else
            write_set(w, row, base);
        first = false;
    }
    put_char(w, '}');
}

#if EB_PART_UNIONS
static void write_union(writer *w, const eb_type *type, const char *base)
{
    const eb_field *row = eb__union_row(type, base);
    const char     *object;
    eb_json         json;

    if (row == NULL && eb__enum_at(base) == EB_ENUM_OTHER) {
        memcpy(&json, eb__union_other(type, base), sizeof json);
        put_bytes(w, json.text, json.len);
    } else if (row == NULL || eb__state(row, base) != EB_SET) {
        put_bytes(w, "null", 4);
    } else if (!eb__is_struct_row(row)) {
        write_set(w, row, base);
    } else {
        object = eb__pointer_at(base + row->offset);
        write_struct(w, row->target, object, type->one_of->member, eb__union_tag(type, row, object));
    }
}
#endif

static inline void write_object(writer *w, const eb_type *type, const char *base)
{
#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION) {
        write_union(w, type, base);
        return;
    }
#endif
    write_struct(w, type, base, NULL, NULL);
}

static void write_list(writer *w, const eb_type *type, eb_list_head list)
{
    const char *item = list.items;

    put_char(w, '[');
    for (size_t i = 0; i < list.count; i++, item += type->size) {
        if (i > 0)
            put_char(w, ',');
        write_value(w, &type->rows[0], item);
    }
    put_char(w, ']');
}

/* An element; what is absent, which a checked value has none of, becomes null. */
static void write_value(writer *w, const eb_field *row, const char *base)
{
    if (eb__state(row, base) == EB_SET)
        write_set(w, row, base);
    else
        put_bytes(w, "null", 4);
}

/* A member or element that is set. */
static void write_set(writer *w, const eb_field *row, const char *base)
{
    const char *at = base + row->offset;
    const char *text;
    eb_opt_int  integer;
    eb_opt_bool boolean;
    eb_json     json;

    switch (row->kind) {
    case EB_KIND_BOOL:
        memcpy(&boolean.v, at, sizeof boolean.v);
        put_bool(w, boolean.v);
        break;
    case EB_KIND_OPT_BOOL:
        memcpy(&boolean, at, sizeof boolean);
        put_bool(w, boolean.v);
        break;
    case EB_KIND_INT:
        put_int(w, eb__int_at(at));
        break;
    case EB_KIND_OPT_INT:
        memcpy(&integer, at, sizeof integer);
        put_int(w, integer.v);
        break;
#if EB_PART_NUMBERS
    case EB_KIND_NUM:
        put_number(w, at);
        break;
    case EB_KIND_OPT_NUM:
        put_number(w, at + offsetof(eb_opt_num, v));
        break;
#endif
    case EB_KIND_STR:
    case EB_KIND_TEXT:
        put_text(w, eb__string_at(at));
        break;
    case EB_KIND_DECIMAL:
        text = eb__string_at(at);
        put_bytes(w, text, strlen(text));
        break;
    case EB_KIND_ENUM:
        text = eb__enum_wire_text(row, base);
        put_text(w, text != NULL ? text : "");
        break;
    case EB_KIND_INT_ENUM:
        put_int(w, eb__enum_wire_number(row, base));
        break;
    case EB_KIND_JSON:
        memcpy(&json, at, sizeof json);
        put_bytes(w, json.text, json.len);
        break;
    case EB_KIND_OBJECT:
        write_object(w, row->target, eb__pointer_at(at));
        break;
    case EB_KIND_STRUCT:
        write_object(w, row->target, at);
        break;
    case EB_KIND_LIST:
        write_list(w, row->target, eb__list_at(at));
        break;
    case EB_KIND_MAP:
        put_char(w, '{');
        (void)write_entries(w, row->target, eb__list_at(at), true);
        put_char(w, '}');
        break;
    default:
        put_bytes(w, "null", 4);
        break;
    }
}

/* ---- The whole ------------------------------------------------------------------------------- */

void eb__encode(eb_buf *out, const eb_type *type, const void *value)
{
    const eb_field list = { .target = type, .kind = EB_KIND_LIST };
    const eb_field map  = { .target = type, .kind = EB_KIND_MAP };
    writer         w;

    (void)eb__buf_reserve(out, FIRST_ROOM);
    begin(&w, out, false);
    if (value == NULL || value == type->null)
        put_bytes(&w, "null", 4);
    else if (!eb__is_list(type))
        write_object(&w, type, value);
    else
        write_value(&w, type->shape == EB_SHAPE_LIST ? &list : &map, value);
    finish(&w);
}

void eb__put_json_string(eb_buf *out, const char *text, size_t len)
{
    writer w;

    begin(&w, out, false);
    put_string(&w, text, len);
    finish(&w);
}

bool eb__encode_member(eb_buf *out, const eb_field *row, const void *base)
{
    writer w;

    if (eb__state(row, base) != EB_SET || row->kind == EB_KIND_BODY)
        return false;
    begin(&w, out, true);
    write_set(&w, row, base);
    finish(&w);
    return true;
}

bool eb__encode_plain(eb_buf *out, const eb_field *row, const void *base)
{
    const char *at = (const char *)base + row->offset;
    const char *text;

    if (eb__state(row, base) != EB_SET)
        return false;
    switch (row->kind) {
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        eb__buf_puts(out, eb__string_at(at));
        return true;
    case EB_KIND_ENUM:
        text = eb__enum_wire_text(row, base);
        eb__buf_puts(out, text != NULL ? text : "");
        return true;
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
#if EB_PART_UNIONS
        at = row->kind == EB_KIND_OBJECT ? eb__pointer_at(at) : at;
        if (!eb__is_union(row))
            return false;
        base = at;
        row  = eb__union_row(row->target, base);
        return row != NULL && eb__encode_plain(out, row, base);
#endif
    case EB_KIND_LIST:
    case EB_KIND_MAP:
    case EB_KIND_BODY:
        return false;
    default:
        return eb__encode_member(out, row, base);
    }
}
