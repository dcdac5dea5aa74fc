/* rows.c -- looking at members through their rows, see rows.h: is a member there, where is it, what
 * is it called. */
#include "rows.h"

#include <stdint.h>

bool eb__is_given(const eb_field *row, const void *base)
{
    return eb__state(row, base) != EB_ABSENT;
}

bool eb__is_null(const eb_field *row, const eb_type *owner, const void *base)
{
    (void)owner;
    return eb__state(row, base) == EB_NULL;
}

size_t eb__member_size(const eb_field *row)
{
    switch (row->kind) {
    case EB_KIND_BOOL:
        return sizeof(bool);
    case EB_KIND_INT:
        return sizeof(int64_t);
    case EB_KIND_NUM:
        return sizeof(double);
    case EB_KIND_OPT_BOOL:
        return sizeof(eb_opt_bool);
    case EB_KIND_OPT_INT:
        return sizeof(eb_opt_int);
    case EB_KIND_OPT_NUM:
        return sizeof(eb_opt_num);
    case EB_KIND_ENUM:
    case EB_KIND_INT_ENUM:
        return sizeof(int);
    case EB_KIND_JSON:
        return sizeof(eb_json);
    case EB_KIND_STRUCT:
        return ((const eb_type *)row->target)->size;
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        return sizeof(eb_list_head);
    case EB_KIND_BODY:
        return sizeof(eb_body);
    default:
        return sizeof(void *);
    }
}

void eb__set_absent(const eb_field *row, void *base)
{
    char *at = (char *)base + row->offset;

    memset(at, 0, eb__member_size(row));
    if (row->kind == EB_KIND_ENUM)
        memset((char *)base + row->beside, 0, sizeof(const char *));
    if (row->kind == EB_KIND_INT_ENUM)
        memset((char *)base + row->beside, 0, sizeof(int64_t));
}

void eb__set_null(const eb_field *row, void *base)
{
    char              *at      = (char *)base + row->offset;
    const eb_opt_int   integer = EB_INT_NULL;
    const eb_opt_num   number  = EB_NUM_NULL;
    const eb_opt_bool  boolean = EB_BOOL_NULL;
    const eb_list_head list    = { eb_list_null_, 0 };
    const char *const  text    = eb_string_null;
    const eb_json      json    = EB_JSON("null");
    const int          none    = EB_ENUM_NULL;
    const void        *object;

    eb__set_absent(row, base);
    switch (row->kind) {
    case EB_KIND_OPT_BOOL:
        memcpy(at, &boolean, sizeof boolean);
        break;
    case EB_KIND_OPT_INT:
        memcpy(at, &integer, sizeof integer);
        break;
    case EB_KIND_OPT_NUM:
        memcpy(at, &number, sizeof number);
        break;
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        memcpy(at, &text, sizeof text);
        break;
    case EB_KIND_ENUM:
        memcpy(at, &none, sizeof none);
        memcpy((char *)base + row->beside, &text, sizeof text);
        break;
    case EB_KIND_INT_ENUM:
        memcpy(at, &none, sizeof none);
        break;
    case EB_KIND_JSON:
        memcpy(at, &json, sizeof json);
        break;
    case EB_KIND_OBJECT:
        object = ((const eb_type *)row->target)->null;
        memcpy(at, &object, sizeof object);
        break;
    case EB_KIND_STRUCT: /* a union */
        memcpy(at, &none, sizeof none);
        break;
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        memcpy(at, &list, sizeof list);
        break;
    default:
        break;
    }
}

const eb_field *eb__rest_row(const eb_type *type)
{
    for (size_t i = type->row_count; i > 0; i--)
        if ((type->rows[i - 1].flags & EB_REST) != 0)
            return &type->rows[i - 1];
    return NULL;
}

/* ---- Enums ----------------------------------------------------------------------------------- */

int eb__enum_find(const eb_enum *e, const char *text, size_t len)
{
    if (e->texts == NULL)
        return EB_ENUM_OTHER;
    for (int i = 0; i < e->count; i++) {
        const char *known = e->texts[i];

        if (known != NULL && strncmp(known, text, len) == 0 && known[len] == '\0')
            return i + 1;
    }
    return EB_ENUM_OTHER;
}

int eb__enum_find_number(const eb_enum *e, int64_t number)
{
    if (e->numbers == NULL)
        return EB_ENUM_OTHER;
    for (int i = 0; i < e->count; i++)
        if (e->numbers[i] == number)
            return i + 1;
    return EB_ENUM_OTHER;
}

bool eb__enum_known(const eb_enum *e, int value)
{
    if (value < 1 || value > e->count)
        return false;
    return e->numbers != NULL || (e->texts != NULL && e->texts[value - 1] != NULL);
}

int eb__enum_only(const eb_enum *e)
{
    int found = 0;

    for (int i = 1; i <= e->count; i++) {
        if (!eb__enum_known(e, i))
            continue;
        if (found != 0)
            return 0;
        found = i;
    }
    return found;
}

/* The value on the wire of a member that has none in C. */
static int wire_value(const eb_field *row, const void *base)
{
    const int value = eb__enum_at((const char *)base + row->offset);

    return value == EB_ENUM_UNSET && (row->flags & EB_FIXED) != 0 ? eb__enum_only(row->target) : value;
}

const char *eb__enum_wire_text(const eb_field *row, const void *base)
{
    const eb_enum *e     = row->target;
    const int      value = wire_value(row, base);

    if (eb__enum_known(e, value) && e->texts != NULL)
        return e->texts[value - 1];
    return eb__string_at((const char *)base + row->beside);
}

int64_t eb__enum_wire_number(const eb_field *row, const void *base)
{
    const eb_enum *e     = row->target;
    const int      value = wire_value(row, base);

    if (eb__enum_known(e, value) && e->numbers != NULL)
        return e->numbers[value - 1];
    return eb__int_at((const char *)base + row->beside);
}

/* ---- Unions ---------------------------------------------------------------------------------- */

const eb_field *eb__union_row(const eb_type *type, const void *value)
{
    const int        kind    = eb__enum_at(value);
    const eb_choice *choices = type->one_of->choices;

    if (kind <= 0)
        return NULL;
    if (kind <= type->row_count && choices[kind - 1].kind == kind) /* unless some are retired */
        return &type->rows[kind - 1];
    for (size_t i = 0; i < type->row_count; i++)
        if (choices[i].kind == kind)
            return &type->rows[i];
    return NULL;
}

const eb_choice *eb__union_choice(const eb_type *type, const eb_field *row)
{
    return &type->one_of->choices[row - type->rows];
}

const char *eb__union_other(const eb_type *type, const void *value)
{
    return (const char *)value + type->rows[0].offset;
}

const eb_field *eb__union_tag_row(const eb_type *type, const eb_field *row)
{
    const char *member = type->one_of->member;

    return member != NULL && eb__is_struct_row(row) ? eb__row_find(row->target, member, strlen(member))
                                                    : NULL;
}

bool eb__union_is_tagged(const eb_type *type, const eb_field *row, const void *object)
{
    const eb_field    *member = eb__union_tag_row(type, row);
    const char *const *tag    = eb__union_choice(type, row)->tags;
    const char        *text;

    if (member == NULL || tag == NULL || eb__state(member, object) != EB_SET)
        return true;
    text = member->kind == EB_KIND_ENUM ? eb__enum_wire_text(member, object)
                                        : eb__string_at((const char *)object + member->offset);
    for (; *tag != NULL; tag++)
        if (text != NULL && strcmp(*tag, text) == 0)
            return true;
    return false;
}

const char *eb__union_tag(const eb_type *type, const eb_field *row, const void *object)
{
    const char *const *tags   = eb__union_choice(type, row)->tags;
    const eb_field    *member = eb__union_tag_row(type, row);

    if (type->one_of->member == NULL || !eb__is_struct_row(row) || tags == NULL)
        return NULL;
    return member == NULL || eb__state(member, object) == EB_ABSENT ? tags[0] : NULL;
}

/* ---- Names and places ------------------------------------------------------------------------ */

const eb_field *eb__row_find(const eb_type *type, const char *name, size_t len)
{
    if (type->shape != EB_SHAPE_STRUCT)
        return NULL;
    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];

        if (row->json_len == len && (row->flags & EB_REST) == 0 && memcmp(row->json, name, len) == 0)
            return row;
    }
    return NULL;
}

/* The next step of a JSON pointer without its escapes; false: too long for any name of ours. */
static bool pointer_step(const char **pointer, char *step, size_t size, size_t *len)
{
    const char *at = *pointer + 1;

    for (*len = 0; *at != '\0' && *at != '/'; at++) {
        char c = *at;

        if (c == '~' && (at[1] == '0' || at[1] == '1')) {
            c = at[1] == '0' ? '~' : '/';
            at++;
        }
        if (*len == size)
            return false;
        step[(*len)++] = c;
    }
    *pointer = at;
    return true;
}

/* The element of a list or map that a step names; NULL: none. */
static const void *element_at(const eb_type *type, eb_list_head list, const char *step, size_t len)
{
    const char *items = list.items;
    size_t      index = 0;

    if (items == NULL || list.items == eb_list_null_)
        return NULL;
    if (type->shape == EB_SHAPE_MAP) {
        for (size_t i = 0; i < list.count; i++) {
            const char *key = eb__string_at(items + i * type->size);

            if (key != NULL && strlen(key) == len && memcmp(key, step, len) == 0)
                return items + i * type->size;
        }
        return NULL;
    }
    if (len == 0 || (len > 1 && step[0] == '0'))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if (step[i] < '0' || step[i] > '9' || index > list.count)
            return NULL;
        index = index * 10 + (size_t)(step[i] - '0');
    }
    return index < list.count ? items + index * type->size : NULL;
}

#if EB_PART_UNIONS
/* What a value is behind the unions around it; NULL: nothing that has members. */
static const void *inside(const eb_type **type, const void *value)
{
    while (value != NULL && (*type)->shape == EB_SHAPE_UNION && value != (*type)->null) {
        const eb_field *row = eb__union_row(*type, value);

        if (row == NULL ||
            (row->kind != EB_KIND_OBJECT && row->kind != EB_KIND_LIST && row->kind != EB_KIND_MAP))
            return NULL;
        value = (const char *)value + row->offset;
        *type = row->target;
        if (row->kind == EB_KIND_OBJECT)
            value = eb__pointer_at(value);
    }
    return value;
}
#endif

const eb_field *eb__row_at(const eb_type *type, const void *value, const char *pointer, const void **base)
{
    const eb_field *row   = NULL;
    const void     *owner = NULL;
    char            step[256];
    size_t          len;

    while (*pointer == '/') {
        if (row != NULL) { /* into the member found last */
            const char *at = (const char *)owner + row->offset;

            if (eb__state(row, owner) != EB_SET)
                return NULL;
            switch (row->kind) {
            case EB_KIND_OBJECT:
                value = eb__pointer_at(at);
                break;
            case EB_KIND_STRUCT:
            case EB_KIND_LIST:
            case EB_KIND_MAP:
                value = at;
                break;
            default:
                return NULL;
            }
            type = row->target;
        }
#if EB_PART_UNIONS
        value = inside(&type, value);
#endif
        if (value == NULL || value == type->null || !pointer_step(&pointer, step, sizeof step, &len))
            return NULL;
        if (type->shape == EB_SHAPE_STRUCT) {
            row   = eb__row_find(type, step, len);
            owner = value;
        } else {
            row   = &type->rows[0];
            owner = element_at(type, eb__list_at(value), step, len);
        }
        if (row == NULL || owner == NULL)
            return NULL;
    }
    if (row == NULL || *pointer != '\0')
        return NULL;
    *base = owner;
    return row;
}

const char *eb__nearest_name(const eb_type *type, const char *name, size_t len)
{
    const char *nearest = NULL;
    size_t      best    = len / 2 + 1;

    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field *row = &type->rows[i];
        size_t          far;

        if ((row->flags & EB_REST) != 0)
            continue;
        far = eb_text_distance(name, len, row->json, row->json_len, best);
        if (far < best) {
            best    = far;
            nearest = row->json;
        }
    }
    return nearest;
}
