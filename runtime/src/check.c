/* check.c -- a value looked over before it is sent, by its rows. The first problem found is worded
 * like those of decoding: the member's path, what was expected, what was found. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "keys.h"
#include "number.h"
#include "reader.h"
#include "rows.h"

typedef struct checker {
    eb_problem *problem;
    bool        skip_limits;
    unsigned    depth;
} checker;

static eb_status check_member(checker *c, const eb_type *owner, const eb_field *row,
                              const char *base, eb_presence is, bool must);

#define refuse(c, ...) eb__problem_set((c)->problem, EB_INVALID, __VA_ARGS__)

/* ---- Ranges ---------------------------------------------------------------------------------- */

static const eb_limits *limits_of(const checker *c, const eb_type *owner, const eb_field *row)
{
    const unsigned number = (unsigned)row->flags >> 8;

    if (c->skip_limits || number == 0 || owner->limits == NULL)
        return NULL;
    return &owner->limits[number - 1];
}

/* what: " characters", or "" for the number itself. */
static eb_status check_range(checker *c, const eb_limits *limits, int64_t found, const char *what)
{
    if (limits == NULL || (found >= limits->min && found <= limits->max))
        return EB_OK;
    if (limits->min == limits->max)
        return refuse(c, "expected %lld%s, got %lld", (long long)limits->min, what, (long long)found);
    if (limits->max == INT64_MAX)
        return refuse(c, "expected at least %lld%s, got %lld", (long long)limits->min, what,
                      (long long)found);
    if (limits->min == INT64_MIN || (limits->min == 0 && what[0] != '\0'))
        return refuse(c, "expected at most %lld%s, got %lld", (long long)limits->max, what,
                      (long long)found);
    return refuse(c, "expected %lld to %lld%s, got %lld", (long long)limits->min,
                  (long long)limits->max, what, (long long)found);
}

#if EB_PART_NUMBERS
static eb_status check_double(checker *c, const eb_limits *limits, const char *at)
{
    char   texts[3][EB_DOUBLE_TEXT_SIZE + 1];
    bool   low, high;
    double found;

    memcpy(&found, at, sizeof found);
    if (!isfinite(found))
        return refuse(c, "expected a finite number");
    if (limits == NULL || (found >= limits->num_min && found <= limits->num_max))
        return EB_OK;
    texts[0][eb__format_double(texts[0], limits->num_min)] = '\0';
    texts[1][eb__format_double(texts[1], limits->num_max)] = '\0';
    texts[2][eb__format_double(texts[2], found)]           = '\0';
    low                                                    = limits->num_min > -DBL_MAX;
    high                                                   = limits->num_max < DBL_MAX;
    if (!high)
        return refuse(c, "expected at least %s, got %s", texts[0], texts[2]);
    if (!low)
        return refuse(c, "expected at most %s, got %s", texts[1], texts[2]);
    return refuse(c, "expected %s to %s, got %s", texts[0], texts[1], texts[2]);
}
#endif

/* ---- Texts ----------------------------------------------------------------------------------- */

static eb_status check_text(checker *c, const eb_limits *limits, const char *text)
{
    const char *const end   = text + strlen(text);
    const char       *at    = text;
    int64_t           count = 0;

    while (at < end) {
        const char *stop = eb__plain_run(at, end);
        size_t      len;

        count += stop - at;
        at = stop;
        if (at == end)
            break;
        len = (unsigned char)*at < 0x80 ? 1 : eb__utf8_len(at, end);
        if (len == 0)
            return refuse(c, "a string that is not UTF-8 at byte %zu", (size_t)(at - text));
        at += len;
        count++;
    }
    return check_range(c, limits, count, " characters");
}

static eb_status check_enum(checker *c, const eb_field *row, const char *base)
{
    const eb_enum *e     = row->target;
    const int      value = eb__enum_at(base + row->offset);
    const char    *text;

    if (eb__enum_known(e, value) || (value == EB_ENUM_UNSET && (row->flags & EB_FIXED) != 0))
        return EB_OK;
    if (value != EB_ENUM_OTHER)
        return refuse(c, "%d is not a value of %s", value, e->name);
    if (row->kind == EB_KIND_INT_ENUM)
        return EB_OK;
    text = eb__string_at(base + row->beside);
    if (text == NULL || text == eb_string_null)
        return refuse(c, "the value is OTHER, but the text beside it is not given");
    return check_text(c, NULL, text);
}

static eb_status check_decimal(checker *c, const char *text)
{
    const size_t len = strlen(text);
    eb_problem   found;
    char         quoted[60];

    if ((text[0] == '-' || (text[0] >= '0' && text[0] <= '9')) && text[len - 1] > ' ' &&
        eb__json_check(text, len, NULL, &found) == EB_OK)
        return EB_OK;
    eb__problem_quote(quoted, sizeof quoted, text, len);
    return refuse(c, "expected a number as JSON writes it, got \"%s\"", quoted);
}

static eb_status check_json(checker *c, const char *at)
{
    eb_problem found;
    eb_json    json;

    memcpy(&json, at, sizeof json);
    if (eb__json_check(json.text, json.len, NULL, &found) == EB_OK)
        return EB_OK;
    return refuse(c, "%s", found.text);
}

/* ---- Structs, lists, maps -------------------------------------------------------------------- */

/* `.max_duration = 30` fills only the value, and C does not complain: it would silently not be sent. */
static bool is_half_set(const eb_field *row, const char *base)
{
    const char *at = base + row->offset;
    eb_opt_int  integer;
    eb_opt_num  number;
    eb_opt_bool flag;

    switch (row->kind) {
    case EB_KIND_OPT_INT:
        memcpy(&integer, at, sizeof integer);
        return integer.v != 0;
    case EB_KIND_OPT_NUM:
        memcpy(&number, at, sizeof number);
        return number.v < 0 || number.v > 0;
    case EB_KIND_OPT_BOOL:
        memcpy(&flag, at, sizeof flag);
        return flag.v;
    case EB_KIND_ENUM:
        return eb__string_at(base + row->beside) != NULL;
    default:
        return false;
    }
}

/* given: the member that the kind of the union around stands for; NULL. */
static eb_status check_struct(checker *c, const eb_type *type, const char *base, const eb_field *given)
{
    for (size_t i = 0; i < type->row_count; i++) {
        const eb_field   *row  = &type->rows[i];
        const bool        must = eb__is_required(row, true) && (given == NULL || row != given);
        const eb_presence is   = eb__state(row, base);
        eb_status         st;

        if (is == EB_ABSENT && is_half_set(row, base)) {
            st = refuse(c, row->kind == EB_KIND_ENUM
                               ? "a text without its value: set ..._OTHER"
                               : "a value without EB_INT, EB_NUM or EB_BOOL around it");
            eb__problem_member(c->problem, row->json);
            return st;
        }
        if (is == EB_ABSENT && !must && row->kind != EB_KIND_LIST && row->kind != EB_KIND_MAP)
            continue;
        st = check_member(c, type, row, base, is, must);
        if (st != EB_OK) {
            eb__problem_member(c->problem, row->json);
            return st;
        }
    }
    return EB_OK;
}

/* An element of a list or the value of an entry. */
static eb_status check_element(checker *c, const eb_type *type, const char *item)
{
    const eb_field *row = &type->rows[0];

    return check_member(c, type, row, item, eb__state(row, item), true);
}

static eb_status check_list(checker *c, const eb_type *type, eb_list_head list)
{
    const char *item = list.items;

    for (size_t i = 0; i < list.count; i++, item += type->size) {
        const eb_status st = check_element(c, type, item);

        if (st != EB_OK) {
            eb__problem_index(c->problem, i);
            return st;
        }
    }
    return EB_OK;
}

/* owner: the struct whose unknown members these are; NULL: an ordinary map. */
static eb_status check_map(checker *c, const eb_type *type, eb_list_head map, const eb_type *owner)
{
    const char *entry = map.items;
    size_t      twice;

    for (size_t i = 0; i < map.count; i++, entry += type->size) {
        const char *key = eb__string_at(entry);
        eb_status   st;

        if (key == NULL)
            return refuse(c, "the key of entry %zu is not given", i);
        st = check_text(c, NULL, key);
        if (st == EB_OK && owner != NULL && eb__row_find(owner, key, strlen(key)) != NULL)
            st = refuse(c, "has a member of its own");
        if (st == EB_OK)
            st = check_element(c, type, entry);
        if (st != EB_OK) {
            eb__problem_key(c->problem, key);
            return st;
        }
    }
    twice = eb__keys_twice(map.items, map.count, type->size);
    if (twice == map.count)
        return EB_OK;
    (void)refuse(c, "stands there twice");
    eb__problem_key(c->problem, eb__string_at((const char *)map.items + twice * type->size));
    return EB_INVALID;
}

#if EB_PART_UNIONS
/* A struct under a discriminator: what it says of itself, if it does, must be what the kind says. */
static eb_status check_tagged(checker *c, const eb_type *type, const eb_field *row, const char *object)
{
    const char *const *tags = eb__union_choice(type, row)->tags;
    const char *const  name = type->one_of->member;
    const eb_field    *tag  = eb__union_tag_row(type, row);
    const eb_field    *rest = tag == NULL ? eb__rest_row(row->target) : NULL;
    eb_list_head       map  = { NULL, 0 };
    eb_status          st   = check_struct(c, row->target, object, tag);

    if (st != EB_OK)
        return st;
    if (!eb__union_is_tagged(type, row, object)) {
        st = refuse(c, "expected \"%s\", as the kind says", tags[0]);
        eb__problem_member(c->problem, name);
        return st;
    }
    if (rest != NULL && eb__state(rest, object) == EB_SET)
        map = eb__list_at(object + rest->offset);
    for (size_t i = 0; i < map.count; i++) {
        const char *entry = (const char *)map.items + i * ((const eb_type *)rest->target)->size;

        if (strcmp(eb__string_at(entry), name) == 0) {
            st = refuse(c, "the kind says it already");
            eb__problem_member(c->problem, name);
            return st;
        }
    }
    return EB_OK;
}

static eb_status check_other(checker *c, const eb_type *type, const char *base)
{
    eb_json json;

    memcpy(&json, eb__union_other(type, base), sizeof json);
    if (json.text == NULL)
        return refuse(c, "the kind is OTHER, but .u.other is not given");
    return check_json(c, eb__union_other(type, base));
}

/* may: may it be null? */
static eb_status check_union(checker *c, const eb_type *type, const char *base, bool may)
{
    const int       kind = eb__enum_at(base);
    const eb_field *row  = eb__union_row(type, base);

    if (kind == EB_ENUM_OTHER)
        return check_other(c, type, base);
    if (kind == EB_ENUM_NULL)
        return may ? EB_OK : refuse(c, "must not be null");
    if (kind == EB_ENUM_UNSET)
        return refuse(c, "the kind of %s is not set", type->name);
    if (row == NULL)
        return refuse(c, "%d is not a kind of %s", kind, type->name);
    if (eb__state(row, base) == EB_ABSENT)
        return refuse(c, "the kind is %d, but .u.%s is not given", kind, row->json);
    if (type->one_of->member != NULL && eb__is_struct_row(row) && eb__state(row, base) == EB_SET)
        return check_tagged(c, type, row, eb__pointer_at(base + row->offset));
    return check_member(c, type, row, base, eb__state(row, base), true);
}

#endif

static eb_status check_object(checker *c, const eb_field *row, const char *base)
{
#if EB_PART_UNIONS
    if (eb__is_union(row))
        return check_union(c, row->target, base, (row->flags & EB_NULLABLE) != 0);
#endif
    return check_struct(c, row->target, base, NULL);
}

static eb_status check_nested(checker *c, const eb_type *owner, const eb_field *row, const char *at)
{
    const eb_type *target = row->target;
    eb_status      st;

    if (c->depth == EB_DEPTH_MAX)
        return refuse(c, "nested deeper than %d levels", (int)EB_DEPTH_MAX);
    c->depth++;
    switch (row->kind) {
    case EB_KIND_OBJECT:
        st = check_object(c, row, eb__pointer_at(at));
        break;
    case EB_KIND_LIST:
        st = check_list(c, target, eb__list_at(at));
        break;
    case EB_KIND_MAP:
        st = check_map(c, target, eb__list_at(at), (row->flags & EB_REST) != 0 ? owner : NULL);
        break;
    default:
        st = check_object(c, row, at);
        break;
    }
    c->depth--;
    return st;
}

/* ---- Any member ------------------------------------------------------------------------------ */

static eb_status check_set(checker *c, const eb_type *owner, const eb_field *row, const char *base)
{
    const char      *at     = base + row->offset;
    const eb_limits *limits = limits_of(c, owner, row);
    eb_opt_int       integer;
    eb_status        st;
    bool             flag;

    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL: /* the value comes first in both */
        memcpy(&flag, at, sizeof flag);
        if (limits != NULL && flag != (limits->min != 0))
            return refuse(c, "expected %s, got %s", flag ? "false" : "true", flag ? "true" : "false");
        return EB_OK;
    case EB_KIND_INT:
        return check_range(c, limits, eb__int_at(at), "");
    case EB_KIND_OPT_INT:
        memcpy(&integer, at, sizeof integer);
        return check_range(c, limits, integer.v, "");
#if EB_PART_NUMBERS
    case EB_KIND_NUM:
        return check_double(c, limits, at);
    case EB_KIND_OPT_NUM:
        return check_double(c, limits, at + offsetof(eb_opt_num, v));
#endif
    case EB_KIND_STR:
    case EB_KIND_TEXT:
        return check_text(c, limits, eb__string_at(at));
    case EB_KIND_DECIMAL:
        return check_decimal(c, eb__string_at(at));
    case EB_KIND_ENUM:
    case EB_KIND_INT_ENUM:
        return check_enum(c, row, base);
    case EB_KIND_JSON:
        return check_json(c, at);
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
        return check_nested(c, owner, row, at);
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        st = check_range(c, limits, (int64_t)eb__list_at(at).count,
                         row->kind == EB_KIND_LIST ? " items" : " entries");
        return st != EB_OK ? st : check_nested(c, owner, row, at);
    default:
        return EB_OK;
    }
}

static eb_status check_member(checker *c, const eb_type *owner, const eb_field *row,
                              const char *base, eb_presence is, bool must)
{
    switch (is) {
    case EB_ABSENT:
        if ((row->kind == EB_KIND_LIST || row->kind == EB_KIND_MAP) &&
            eb__list_at(base + row->offset).count > 0)
            return refuse(c, "the count is %zu, but items is NULL", eb__list_at(base + row->offset).count);
        return must ? refuse(c, "required, but not given") : EB_OK;
    case EB_NULL:
        if ((row->flags & EB_NULLABLE) == 0 && row->kind != EB_KIND_JSON)
            return refuse(c, "must not be null");
        return EB_OK;
    case EB_SET:
        return check_set(c, owner, row, base);
    default:
        return refuse(c, "neither absent nor set nor null");
    }
}

eb_status eb__check(const eb_type *type, const void *value, const char *path, bool skip_limits,
                    eb_problem *problem)
{
    eb_problem     unwanted;
    checker        c      = { problem != NULL ? problem : &unwanted, skip_limits, 0 };
    const eb_field whole  = { .target = type,
                              .kind   = type->shape == EB_SHAPE_LIST ? EB_KIND_LIST : EB_KIND_MAP };
    const eb_field object = { .target = type,
                              .flags  = type->null != NULL ? EB_NULLABLE : 0,
                              .kind   = EB_KIND_STRUCT };
    eb_status      st;

    memset(c.problem, 0, sizeof *c.problem);
    if (value == NULL)
        st = refuse(&c, "required, but not given");
    else if (type->null != NULL && value == type->null)
        st = EB_OK;
    else if (!eb__is_list(type))
        st = check_object(&c, &object, value);
    else
        st = check_member(&c, type, &whole, value, eb__state(&whole, value), true);
    if (st != EB_OK) {
        eb__problem_member(c.problem, path);
        eb__problem_name(c.problem);
    }
    return st;
}
