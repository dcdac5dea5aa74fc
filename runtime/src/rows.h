/* rows.h -- looking at members through their rows: what decode, encode, check, print, copy
 * share. */
#ifndef EB_ROWS_H
#define EB_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "codec.h"

enum { EB_ENUM_UNSET = 0, EB_ENUM_OTHER = -1, EB_ENUM_NULL = -2 };

/* Any list or map in C. */
typedef struct eb_list_head {
    const void *items;
    size_t      count;
} eb_list_head;

static inline eb_list_head eb__list_at(const void *list)
{
    eb_list_head head;

    memcpy(&head, list, sizeof head);
    return head;
}

static inline const char *eb__string_at(const void *member)
{
    const char *text;

    memcpy(&text, member, sizeof text);
    return text;
}

static inline const void *eb__pointer_at(const void *member)
{
    const void *pointer;

    memcpy(&pointer, member, sizeof pointer);
    return pointer;
}

/* An enum's value: every generated enum has the size of an int. */
static inline int eb__enum_at(const void *member)
{
    int value;

    memcpy(&value, member, sizeof value);
    return value;
}

static inline int64_t eb__int_at(const void *member)
{
    int64_t value;

    memcpy(&value, member, sizeof value);
    return value;
}

static inline eb_presence eb__presence_at(const void *member)
{
    eb_presence is;

    memcpy(&is, member, sizeof is);
    return is;
}

/* Is a value of the type { items, count }? Structs and unions are what their size says. */
static inline bool eb__is_list(const eb_type *type)
{
    return type->shape == EB_SHAPE_LIST || type->shape == EB_SHAPE_MAP;
}

/* Is the member, or element, a union; and is it a pointer to a struct? */
static inline bool eb__is_union(const eb_field *row)
{
    return (row->kind == EB_KIND_OBJECT || row->kind == EB_KIND_STRUCT) &&
           ((const eb_type *)row->target)->shape == EB_SHAPE_UNION;
}

static inline bool eb__is_struct_row(const eb_field *row)
{
    return row->kind == EB_KIND_OBJECT && ((const eb_type *)row->target)->shape == EB_SHAPE_STRUCT;
}

/* A union's kind says whether it is there, where it stands by value. */
static inline eb_presence eb__kind_state(int kind)
{
    return kind == EB_ENUM_UNSET ? EB_ABSENT : kind == EB_ENUM_NULL ? EB_NULL : EB_SET;
}

/* Absent, set or null: the member of the row in the struct, or the element, at base. Inline,
 * because writing and checking ask it for every row. */
static inline eb_presence eb__state(const eb_field *row, const void *base)
{
    const char *at = (const char *)base + row->offset;
    const void *pointer;
    const void *null = eb_list_null_;
    eb_json     json;

    switch (row->kind) {
    case EB_KIND_OPT_BOOL:
        return eb__presence_at(at + offsetof(eb_opt_bool, is));
    case EB_KIND_OPT_INT:
        return eb__presence_at(at + offsetof(eb_opt_int, is));
    case EB_KIND_OPT_NUM:
        return eb__presence_at(at + offsetof(eb_opt_num, is));
    case EB_KIND_ENUM:
    case EB_KIND_INT_ENUM:
        if (eb__enum_at(at) == EB_ENUM_UNSET)
            return (row->flags & EB_FIXED) != 0 ? EB_SET : EB_ABSENT;
        return eb__enum_at(at) == EB_ENUM_NULL ? EB_NULL : EB_SET;
    case EB_KIND_JSON:
        memcpy(&json, at, sizeof json);
        if (json.text == NULL)
            return EB_ABSENT;
        return json.len == 4 && memcmp(json.text, "null", 4) == 0 ? EB_NULL : EB_SET;
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_DECIMAL:
        null = eb_string_null;
        break;
    case EB_KIND_OBJECT:
        null = ((const eb_type *)row->target)->null;
        break;
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        break;
    case EB_KIND_BODY:
        return eb__enum_at(at + offsetof(eb_body, kind)) == EB_BODY_NONE ? EB_ABSENT : EB_SET;
    case EB_KIND_STRUCT:
        if (((const eb_type *)row->target)->shape == EB_SHAPE_UNION)
            return eb__kind_state(eb__enum_at(at));
        return EB_SET;
    default: /* plain numbers, booleans and structs are always there */
        return EB_SET;
    }
    pointer = eb__pointer_at(at); /* a list begins with one */
    return pointer == NULL ? EB_ABSENT : pointer == null ? EB_NULL : EB_SET;
}

/* Must the member be there, when it is sent by a call, or else received? */
static inline bool eb__is_required(const eb_field *row, bool sending)
{
    return (row->flags & (EB_REQUIRED | (sending ? EB_READ_ONLY : EB_WRITE_ONLY))) == EB_REQUIRED;
}

/* How many bytes the member has in C, the text or number beside an enum not counted. */
size_t eb__member_size(const eb_field *row);

/* Makes the member absent, or null. */
void eb__set_absent(const eb_field *row, void *base);
void eb__set_null(const eb_field *row, void *base);

/* The row of the members that have no row; NULL. */
const eb_field *eb__rest_row(const eb_type *type);

/* The constant for a text, EB_ENUM_OTHER if there is none; and for a number. */
int eb__enum_find(const eb_enum *e, const char *text, size_t len);
int eb__enum_find_number(const eb_enum *e, int64_t number);

/* Is it a constant of the enum (UNSET, OTHER and NULL are not)? */
bool eb__enum_known(const eb_enum *e, int value);

/* What an enum's member is on the wire: of a constant its text or number, else the one beside it.
 * The text is NULL when there is none. */
const char *eb__enum_wire_text(const eb_field *row, const void *base);
int64_t     eb__enum_wire_number(const eb_field *row, const void *base);

/* The value of an enum that has no other; 0: it has others, or none. */
int eb__enum_only(const eb_enum *e);

/* The alternative that a union's value holds; NULL: none, it is UNSET, OTHER or NULL. And what OTHER
 * holds. */
const eb_field  *eb__union_row(const eb_type *type, const void *value);
const eb_choice *eb__union_choice(const eb_type *type, const eb_field *row);
const char      *eb__union_other(const eb_type *type, const void *value);

/* Of an alternative that is a struct, the member that the union's discriminator is; NULL. And does that
 * member of a struct, if it is set, say that it is this alternative? */
const eb_field *eb__union_tag_row(const eb_type *type, const eb_field *row);
bool            eb__union_is_tagged(const eb_type *type, const eb_field *row, const void *object);

/* The discriminator that must be written before the members of a struct, because none of them is it;
 * NULL: none. */
const char *eb__union_tag(const eb_type *type, const eb_field *row, const void *object);

/* The member whose name is most like this one; NULL: none is near. */
const char *eb__nearest_name(const eb_type *type, const char *name, size_t len);

#endif
