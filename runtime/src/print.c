/* print.c -- a value for people: JSON, two spaces per level, secrets as "***" with all that is in
 * them. Members that the document does not know are left out, because nobody said whether they are
 * secret. Nothing is checked before, so whatever a struct holds is printed as well as it can be. */
#include <string.h>

#include "reader.h"
#include "rows.h"

static void print_value(eb_buf *out, const eb_field *row, const char *base, unsigned level);

static void new_line(eb_buf *out, unsigned level)
{
    eb__buf_putc(out, '\n');
    for (unsigned i = 0; i < level; i++)
        eb__buf_put(out, "  ", 2);
}

/* A string; bytes that are not UTF-8 become question marks. */
static void print_text(eb_buf *out, const char *text)
{
    const char *const end  = text + strlen(text);
    const char       *at   = text;
    eb_buf            good = { 0 };

    eb__buf_init(&good, out->allocator, 0);
    while (at < end) {
        const char  *stop = eb__plain_run(at, end);
        const size_t len  = stop == end                   ? 0
                            : (unsigned char)*stop < 0x80 ? 1
                                                          : eb__utf8_len(stop, end);

        eb__buf_put(&good, at, (size_t)(stop - at) + len);
        at = stop + len;
        if (len == 0 && stop < end) {
            eb__buf_putc(&good, '?');
            at++;
        }
    }
    if (eb__buf_status(&good) != EB_OK && out->status == EB_OK)
        out->status = eb__buf_status(&good);
    eb__put_json_string(out, eb__buf_text(&good), good.len);
    eb__buf_free(&good);
}

static void print_json(eb_buf *out, const char *at)
{
    eb_json json;

    memcpy(&json, at, sizeof json);
    if (eb__json_check(json.text, json.len, NULL, NULL) == EB_OK)
        eb__buf_put(out, json.text, json.len);
    else
        eb__buf_puts(out, "\"(invalid JSON)\"");
}

/* tag: the discriminator of the union around, which none of the members is; NULL. */
static void print_struct(eb_buf *out, const eb_type *type, const char *base, unsigned level,
                         const char *member, const char *tag)
{
    bool any = tag != NULL;

    eb__buf_putc(out, '{');
    if (tag != NULL) {
        new_line(out, level + 1);
        print_text(out, member);
        eb__buf_put(out, ": ", 2);
        print_text(out, tag);
    }
    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];

        if (!eb__is_given(row, base) || (row->flags & EB_REST) != 0)
            continue;
        if (any)
            eb__buf_putc(out, ',');
        new_line(out, level + 1);
        eb__put_json_string(out, row->json, row->json_len);
        eb__buf_put(out, ": ", 2);
        print_value(out, row, base, level + 1);
        any = true;
    }
    if (any)
        new_line(out, level);
    eb__buf_putc(out, '}');
}

#if EB_PART_UNIONS
/* JSON that the document does not know is not shown: nobody said what of it is secret. */
static void print_union(eb_buf *out, const eb_type *type, const char *base, unsigned level)
{
    const eb_field *row = eb__union_row(type, base);
    const char     *object;
    eb_json         json;

    if (row == NULL && eb__enum_at(base) == EB_ENUM_OTHER) {
        memcpy(&json, eb__union_other(type, base), sizeof json);
        eb__buf_printf(out, "\"(%zu bytes of JSON)\"", json.len);
    } else if (row == NULL) {
        eb__buf_put(out, "null", 4);
    } else if (!eb__is_struct_row(row) || eb__state(row, base) != EB_SET) {
        print_value(out, row, base, level);
    } else {
        object = eb__pointer_at(base + row->offset);
        print_struct(out, row->target, object, level, type->one_of->member,
                     eb__union_tag(type, row, object));
    }
}
#endif

static void print_object(eb_buf *out, const eb_type *type, const char *base, unsigned level)
{
#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION) {
        print_union(out, type, base, level);
        return;
    }
#endif
    print_struct(out, type, base, level, NULL, NULL);
}

static void print_list(eb_buf *out, const eb_type *type, eb_list_head list, unsigned level)
{
    const bool  map  = type->shape == EB_SHAPE_MAP;
    const char *item = list.items;

    eb__buf_putc(out, map ? '{' : '[');
    for (size_t i = 0; i < list.count; i++, item += type->size) {
        if (i > 0)
            eb__buf_putc(out, ',');
        new_line(out, level + 1);
        if (map) {
            const char *key = eb__string_at(item);

            print_text(out, key != NULL ? key : "");
            eb__buf_put(out, ": ", 2);
        }
        print_value(out, &type->rows[0], item, level + 1);
    }
    if (list.count > 0)
        new_line(out, level);
    eb__buf_putc(out, map ? '}' : ']');
}

static void print_value(eb_buf *out, const eb_field *row, const char *base, unsigned level)
{
    const char *at = base + row->offset;
    const char *text;
    eb_body     body;

    if (eb__state(row, base) != EB_SET) {
        eb__buf_put(out, "null", 4);
        return;
    }
    if ((row->flags & EB_SECRET) != 0) {
        eb__buf_put(out, "\"***\"", 5);
        return;
    }
    if (level > EB_DEPTH_MAX) {
        eb__buf_put(out, "\"...\"", 5);
        return;
    }
    switch (row->kind) {
    case EB_KIND_STR:
    case EB_KIND_TEXT:
        print_text(out, eb__string_at(at));
        break;
    case EB_KIND_DECIMAL:
        eb__buf_puts(out, eb__string_at(at));
        break;
    case EB_KIND_ENUM:
        text = eb__enum_wire_text(row, base);
        print_text(out, text != NULL ? text : "");
        break;
    case EB_KIND_JSON:
        print_json(out, at);
        break;
    case EB_KIND_OBJECT:
        print_object(out, row->target, eb__pointer_at(at), level);
        break;
    case EB_KIND_STRUCT:
        print_object(out, row->target, at, level);
        break;
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        print_list(out, row->target, eb__list_at(at), level);
        break;
    case EB_KIND_BODY:
        memcpy(&body, at, sizeof body);
        if (body.kind == EB_BODY_FILE)
            eb__buf_puts(out, "\"(a file)\"");
        else
            eb__buf_printf(out, "\"(%llu bytes)\"", (unsigned long long)body.size);
        break;
    default:
        (void)eb__encode_member(out, row, base);
        break;
    }
}

void eb__print(eb_buf *out, const eb_type *type, const void *value)
{
    const eb_field whole = { .target = type,
                             .kind   = type->shape == EB_SHAPE_LIST ? EB_KIND_LIST : EB_KIND_MAP };

    if (value == NULL || value == type->null)
        eb__buf_put(out, "null", 4);
    else if (!eb__is_list(type))
        print_object(out, type, value, 0);
    else
        print_value(out, &whole, value, 0);
}

void eb__print_member(eb_buf *out, const eb_field *row, const void *base)
{
    print_value(out, row, base, 0);
}
