/* copy.c -- values copied with all they point at, and compared, by their rows.
 *
 * A copy is made in two walks: the first counts the bytes, the second fills one block. Both go
 * through the same code, so they agree on every place. */
#include <stdalign.h>
#include <string.h>

#include "memory.h"
#include "rows.h"

typedef struct copier {
    char  *block; /* NULL: count only */
    size_t used;
    bool   overflow;
} copier;

static void copy_member(copier *c, const eb_field *row, char *to, const char *from);

/* The next piece of the block; NULL while counting. */
static char *take(copier *c, size_t size, bool aligned)
{
    const size_t unit = aligned ? alignof(max_align_t) : 1;
    const size_t at   = (c->used + unit - 1) / unit * unit;

    if (c->overflow || size > SIZE_MAX / 2 - at) {
        c->overflow = true;
        return NULL;
    }
    c->used = at + size;
    return c->block != NULL ? c->block + at : NULL;
}

static const char *copy_bytes(copier *c, const void *data, size_t len)
{
    char *made = take(c, len + 1, false);

    if (made == NULL)
        return NULL;
    if (len > 0)
        memcpy(made, data, len);
    made[len] = '\0';
    return made;
}

static void copy_text(copier *c, char *to, const char *from)
{
    const char *text = eb__string_at(from);

    if (text == NULL || text == eb_string_null)
        return;
    text = copy_bytes(c, text, strlen(text));
    if (to != NULL)
        memcpy(to, &text, sizeof text);
}

static void copy_json(copier *c, char *to, const char *from)
{
    eb_json json;

    memcpy(&json, from, sizeof json);
    if (json.text == NULL)
        return;
    json.text = copy_bytes(c, json.text, json.len);
    if (to != NULL)
        memcpy(to, &json, sizeof json);
}

/* The members of a struct, or what a union holds. */
static void copy_rows(copier *c, const eb_type *type, char *to, const char *from)
{
#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION) {
        const eb_field *row = eb__union_row(type, from);

        if (row != NULL)
            copy_member(c, row, to, from);
        else if (eb__enum_at(from) == EB_ENUM_OTHER)
            copy_json(c, to != NULL ? to + type->rows[0].offset : NULL, eb__union_other(type, from));
        return;
    }
#endif
    for (size_t i = 0; i < type->row_count; i++)
        copy_member(c, &type->rows[i], to, from);
}

static void copy_object(copier *c, const eb_type *type, char *to, const char *from)
{
    const char *object = eb__pointer_at(from);
    char       *made   = take(c, type->size, true);

    if (made != NULL)
        memcpy(made, object, type->size);
    copy_rows(c, type, made, object);
    if (to != NULL)
        memcpy(to, &made, sizeof made);
}

static void copy_list(copier *c, const eb_type *type, char *to, const char *from)
{
    eb_list_head list = eb__list_at(from);
    const char  *item = list.items;
    char        *made;

    if (list.count == 0) {
        list.items = eb_list_empty_;
        if (to != NULL)
            memcpy(to, &list, sizeof list);
        return;
    }
    made = take(c, list.count * type->size, true);
    if (made != NULL)
        memcpy(made, item, list.count * type->size);
    list.items = made;
    if (to != NULL)
        memcpy(to, &list, sizeof list);
    for (size_t i = 0; i < list.count; i++, item += type->size) {
        char *place = made != NULL ? made + i * type->size : NULL;

        if (type->shape == EB_SHAPE_MAP)
            copy_text(c, place, item);
        copy_member(c, &type->rows[0], place, item);
    }
}

static void copy_body(copier *c, char *to, const char *from)
{
    eb_body body;

    memcpy(&body, from, sizeof body);
    if (body.kind == EB_BODY_MEMORY && body.data != NULL)
        body.data = copy_bytes(c, body.data, (size_t)body.size);
    if (body.path != NULL)
        body.path = copy_bytes(c, body.path, strlen(body.path));
    if (body.filename != NULL)
        body.filename = copy_bytes(c, body.filename, strlen(body.filename));
    if (body.content_type != NULL)
        body.content_type = copy_bytes(c, body.content_type, strlen(body.content_type));
    if (to != NULL)
        memcpy(to, &body, sizeof body);
}

/* The member's bytes stand in `to` already; what they point at is copied. */
static void copy_member(copier *c, const eb_field *row, char *to, const char *from)
{
    char       *place = to != NULL ? to + row->offset : NULL;
    const char *at    = from + row->offset;

    if (eb__state(row, from) != EB_SET && row->kind != EB_KIND_JSON)
        return;
    switch (row->kind) {
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        copy_text(c, place, at);
        break;
    case EB_KIND_ENUM:
        copy_text(c, to != NULL ? to + row->beside : NULL, from + row->beside);
        break;
    case EB_KIND_JSON:
        copy_json(c, place, at);
        break;
    case EB_KIND_OBJECT:
        copy_object(c, row->target, place, at);
        break;
    case EB_KIND_STRUCT:
        copy_rows(c, row->target, place, at);
        break;
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        copy_list(c, row->target, place, at);
        break;
    case EB_KIND_BODY:
        copy_body(c, place, at);
        break;
    default:
        break;
    }
}

/* The value itself, first in the block. */
static void copy_value(copier *c, const eb_type *type, const void *value)
{
    const size_t   size  = eb__is_list(type) ? sizeof(eb_list_head) : type->size;
    const eb_field whole = { .target = type, .kind = EB_KIND_LIST };
    char          *made  = take(c, size, true);

    if (made != NULL)
        memcpy(made, value, size);
    if (!eb__is_list(type))
        copy_rows(c, type, made, value);
    else
        copy_member(c, &whole, made, value);
}

void *eb__dup(const eb_type *type, const void *value)
{
    copier c = { 0 };

    if (value == NULL || value == type->null) /* null is an address: a block would read as {} */
        return NULL;
    copy_value(&c, type, value);
    c.block = c.overflow ? NULL : eb__user_alloc(c.used);
    c.used  = 0;
    if (c.block != NULL)
        copy_value(&c, type, value);
    return c.block;
}

const void *eb__copy(const eb_type *type, const void *value, eb_arena *arena)
{
    copier c = { 0 };

    if (value == NULL || value == type->null)
        return value;
    copy_value(&c, type, value);
    c.block = c.overflow ? NULL : eb__arena_alloc(arena, c.used);
    c.used  = 0;
    if (c.block != NULL)
        copy_value(&c, type, value);
    return c.block;
}
