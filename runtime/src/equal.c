/* equal.c -- are two values the same, by their rows? Absent, null and empty are three different
 * things; an enum is what it is on the wire; entries of a map may stand in any order. */
#include <string.h>

#include "rows.h"

static bool same_member(const eb_field *row, const char *a, const char *b);

static bool same_struct(const eb_type *type, const char *a, const char *b)
{
    for (size_t i = 0; i < type->row_count; i++)
        if (!same_member(&type->rows[i], a, b))
            return false;
    return true;
}

static bool same_json(const char *a, const char *b)
{
    eb_json one, other;

    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return one.len == other.len && (one.len == 0 || memcmp(one.text, other.text, one.len) == 0);
}

#if EB_PART_UNIONS
static bool same_union(const eb_type *type, const char *a, const char *b)
{
    const eb_field *row = eb__union_row(type, a);

    if (eb__enum_at(a) != eb__enum_at(b))
        return false;
    if (row != NULL)
        return same_member(row, a, b);
    return eb__enum_at(a) != EB_ENUM_OTHER ||
           same_json(eb__union_other(type, a), eb__union_other(type, b));
}
#endif

static bool same_object(const eb_type *type, const char *a, const char *b)
{
#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION)
        return same_union(type, a, b);
#endif
    return same_struct(type, a, b);
}

static bool same_list(const eb_type *type, eb_list_head a, eb_list_head b)
{
    const char *one = a.items, *other = b.items;

    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++, one += type->size, other += type->size)
        if (!same_member(&type->rows[0], one, other))
            return false;
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_map(const eb_type *type, eb_list_head a, eb_list_head b)
{
    const char *one = a.items, *others = b.items;

    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++, one += type->size) {
        size_t tried = 0;
        size_t at    = i; /* most likely at the same place */

        while (tried < b.count &&
               !same_text(eb__string_at(one), eb__string_at(others + at * type->size))) {
            at = at + 1 < b.count ? at + 1 : 0;
            tried++;
        }
        if (tried == b.count || !same_member(&type->rows[0], one, others + at * type->size))
            return false;
    }
    return true;
}

static bool same_body(const char *a, const char *b)
{
    eb_body one, other;

    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    if (one.kind != other.kind || one.size != other.size || one.read != other.read ||
        one.context != other.context || !same_text(one.path, other.path) ||
        !same_text(one.filename, other.filename) || !same_text(one.content_type, other.content_type))
        return false;
    return one.data == other.data || (one.data != NULL && other.data != NULL &&
                                      memcmp(one.data, other.data, (size_t)one.size) == 0);
}

static bool same_bool(const char *a, const char *b)
{
    bool one, other;

    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return one == other;
}

static bool same_double(const char *a, const char *b)
{
    double one, other;

    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return one == other;
}

static bool same_enum(const eb_field *row, const char *a, const char *b)
{
    return same_text(eb__enum_wire_text(row, a), eb__enum_wire_text(row, b));
}

/* Both are set. */
static bool same_set(const eb_field *row, const char *a, const char *b)
{
    const char *one = a + row->offset, *other = b + row->offset;

    switch (row->kind) {
    case EB_KIND_BOOL:
        return same_bool(one, other);
    case EB_KIND_OPT_BOOL:
        return same_bool(one + offsetof(eb_opt_bool, v), other + offsetof(eb_opt_bool, v));
    case EB_KIND_INT:
        return eb__int_at(one) == eb__int_at(other);
    case EB_KIND_OPT_INT:
        return eb__int_at(one + offsetof(eb_opt_int, v)) == eb__int_at(other + offsetof(eb_opt_int, v));
    case EB_KIND_NUM:
        return same_double(one, other);
    case EB_KIND_OPT_NUM:
        return same_double(one + offsetof(eb_opt_num, v), other + offsetof(eb_opt_num, v));
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        return same_text(eb__string_at(one), eb__string_at(other));
    case EB_KIND_ENUM:
        return same_enum(row, a, b);
    case EB_KIND_INT_ENUM:
        return eb__enum_wire_number(row, a) == eb__enum_wire_number(row, b);
    case EB_KIND_JSON:
        return same_json(one, other);
    case EB_KIND_OBJECT:
        return same_object(row->target, eb__pointer_at(one), eb__pointer_at(other));
    case EB_KIND_STRUCT:
        return same_object(row->target, one, other);
    case EB_KIND_LIST:
        return same_list(row->target, eb__list_at(one), eb__list_at(other));
    case EB_KIND_MAP:
        return same_map(row->target, eb__list_at(one), eb__list_at(other));
    case EB_KIND_BODY:
        return same_body(one, other);
    default:
        return false;
    }
}

/* Unknown members: none is none, whether the map is absent or empty. */
static bool none_of_rest(const eb_field *row, const char *base)
{
    return (row->flags & EB_REST) != 0 && eb__list_at(base + row->offset).count == 0;
}

static bool same_member(const eb_field *row, const char *a, const char *b)
{
    const eb_presence is = eb__state(row, a);

    if (none_of_rest(row, a) && none_of_rest(row, b))
        return true;
    if (is != eb__state(row, b))
        return false;
    return is != EB_SET || same_set(row, a, b);
}

bool eb__equal(const eb_type *type, const void *a, const void *b)
{
    const eb_field whole = { .target = type,
                             .kind   = type->shape == EB_SHAPE_LIST ? EB_KIND_LIST : EB_KIND_MAP };

    if (a == NULL || b == NULL || a == b)
        return a == b;
    if (type->null != NULL && (a == type->null || b == type->null))
        return false;
    if (!eb__is_list(type))
        return same_object(type, a, b);
    return same_member(&whole, a, b);
}
