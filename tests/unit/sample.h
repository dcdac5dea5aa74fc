/* sample.h -- types written by hand as the generator would write them, with a member of every kind:
 * what the tests of the codec decode, encode, check and copy. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "unit.h"

#include "codec.h"
#include "edgebind/generated.h"

typedef enum sample_color {
    SAMPLE_COLOR_NULL  = -2,
    SAMPLE_COLOR_OTHER = -1,
    SAMPLE_COLOR_UNSET = 0,
    SAMPLE_COLOR_RED   = 1, /* "red" */
    SAMPLE_COLOR_GREEN = 3  /* "gr\"een"; 2 is retired */
} sample_color;

typedef struct sample_color_item {
    sample_color value;
    const char  *text;
} sample_color_item;

typedef struct sample_color_list {
    const sample_color_item *items;
    size_t                   count;
} sample_color_list;

typedef enum sample_level {
    SAMPLE_LEVEL_NULL  = -2,
    SAMPLE_LEVEL_OTHER = -1,
    SAMPLE_LEVEL_UNSET = 0,
    SAMPLE_LEVEL_LOW   = 1, /* 10 */
    SAMPLE_LEVEL_HIGH  = 2  /* -20 */
} sample_level;

typedef struct sample_level_item {
    sample_level value;
    int64_t      number;
} sample_level_item;

typedef struct sample_level_list {
    const sample_level_item *items;
    size_t                   count;
} sample_level_list;

/* A response type: plain members, of which some are required. */
typedef struct sample_point {
    int64_t x;
    int64_t y;
    double  weight;
    bool    visible;
} sample_point;

typedef struct sample_point_list {
    const sample_point *items;
    size_t              count;
} sample_point_list;

typedef struct sample_point_list_list {
    const sample_point_list *items;
    size_t                   count;
} sample_point_list_list;

typedef struct sample_point_entry {
    const char  *key;
    sample_point value;
} sample_point_entry;

typedef struct sample_point_map {
    const sample_point_entry *items;
    size_t                    count;
} sample_point_map;

/* Recursive. */
typedef struct sample_node sample_node;
typedef struct sample_node_list {
    const sample_node *items;
    size_t             count;
} sample_node_list;

struct sample_node {
    const char        *name;
    const sample_node *next;
    sample_node_list   children;
};

typedef struct sample {
    void                  *options; /* has no row, as in params */
    bool                   plain_bool;
    int64_t                plain_int;
    double                 plain_num;
    eb_opt_bool            flag;
    eb_opt_int             port;
    eb_opt_num             ratio;
    const char            *name;
    const char            *id;
    sample_color           color;
    const char            *color_text;
    sample_level           level;
    int64_t                level_number;
    eb_json                extra;
    const sample_point    *point;
    const sample_node     *node;
    sample_point           inside;
    eb_str_list            tags;
    eb_str_list            holes; /* strings that may be null */
    eb_int_list            ints;
    eb_num_list            nums;
    eb_bool_list           bools;
    eb_opt_int_list        opt_ints;
    eb_opt_num_list        opt_nums;
    eb_opt_bool_list       opt_bools;
    eb_json_list           jsons;
    sample_color_list      colors;
    sample_level_list      levels;
    sample_point_list      points;
    sample_point_list_list grid;
    eb_str_map             labels;
    eb_json_map            anything;
    sample_point_map       places;
    const char            *secret;
    eb_str_list            secrets;
    const char            *odd;
    eb_str_map             rest;
} sample;

/* A struct that keeps members it does not know, of any type. */
typedef struct sample_open {
    eb_opt_int  known;
    eb_json_map rest;
} sample_open;

/* What must be given. */
typedef struct sample_strict {
    const char         *name;
    eb_opt_int          port;
    eb_opt_num          ratio;
    eb_str_list         tags;
    sample_color        color;
    const char         *color_text;
    const sample_point *point;
    eb_json             extra;
    eb_str_map          labels;
    eb_body             file;
} sample_strict;

/* Seventy rows: more than one word of marks. */
typedef struct sample_wide {
    eb_opt_int m[70];
    int64_t    last;
} sample_wide;

static const char *const  sample_color_texts[]   = { "red", NULL, "gr\"een" };
static const eb_enum      sample_color_enum      = EB_ENUM(sample_color, sample_color_texts);
static const int64_t      sample_level_numbers[] = { 10, -20 };
static const eb_enum      sample_level_enum      = EB_INT_ENUM(sample_level, sample_level_numbers);
static const sample_point sample_point_null      = { 0 };
static const sample_node  sample_node_null       = { 0 };
static const eb_limits sample_limits[] = { EB_RANGE(1, 65535), EB_RANGE(2, 5), EB_NUM_RANGE(0.5, 2.5),
                                           EB_RANGE(1, 2), EB_RANGE(INT64_MIN, 10) };

static const eb_field sample_point_rows[] = {
    EB_ROW_INT(sample_point, x, "x", EB_REQUIRED),
    EB_ROW_INT(sample_point, y, "y", EB_OPTIONAL),
    EB_ROW_NUM(sample_point, weight, "weight", EB_OPTIONAL),
    EB_ROW_BOOL(sample_point, visible, "visible", EB_OPTIONAL),
};
static const eb_type sample_point_type = EB_TYPE_WITH(sample_point, sample_point_rows, NULL,
                                                      &sample_point_null);

static const eb_field sample_point_list_item[] = { EB_ITEM_STRUCT(sample_point_list, 0, sample_point) };
static const eb_type sample_point_list_type = EB_LIST_TYPE(sample_point_list, sample_point_list_item);
static const eb_field sample_point_list_list_item[] = { EB_ITEM_LIST(sample_point_list_list,
                                                                     EB_NULLABLE, sample_point_list) };
static const eb_type  sample_point_list_list_type   = EB_LIST_TYPE(sample_point_list_list,
                                                                   sample_point_list_list_item);
static const eb_field sample_point_map_value[] = { EB_ROW_STRUCT(sample_point_entry, value, "", 0,
                                                                 sample_point) };
static const eb_type  sample_point_map_type = EB_MAP_TYPE(sample_point_map, sample_point_map_value);
static const eb_field sample_color_list_item[] = { EB_ITEM_ENUM(sample_color_list, EB_NULLABLE,
                                                                sample_color) };
static const eb_type sample_color_list_type = EB_LIST_TYPE(sample_color_list, sample_color_list_item);
static const eb_field sample_level_list_item[] = { EB_ITEM_INT_ENUM(sample_level_list, 0, sample_level) };
static const eb_type sample_level_list_type = EB_LIST_TYPE(sample_level_list, sample_level_list_item);

static const eb_type  sample_node_type;
static const eb_field sample_node_list_item[] = { EB_ITEM_STRUCT(sample_node_list, 0, sample_node) };
static const eb_type  sample_node_list_type = EB_LIST_TYPE(sample_node_list, sample_node_list_item);
static const eb_field sample_node_rows[]    = {
       EB_ROW_STR(sample_node, name, "name", EB_OPTIONAL),
       EB_ROW_OBJECT(sample_node, next, "next", EB_NULLABLE, sample_node),
       EB_ROW_LIST(sample_node, children, "children", EB_OPTIONAL, sample_node_list),
};
static const eb_type sample_node_type = EB_TYPE_WITH(sample_node, sample_node_rows, NULL,
                                                     &sample_node_null);

static const eb_field sample_rows[] = {
    EB_ROW_BOOL(sample, plain_bool, "plain_bool", EB_OPTIONAL),
    EB_ROW_INT(sample, plain_int, "plain_int", EB_OPTIONAL),
    EB_ROW_NUM(sample, plain_num, "plain_num", EB_OPTIONAL),
    EB_ROW_OPT_BOOL(sample, flag, "flag", EB_NULLABLE),
    EB_ROW_OPT_INT(sample, port, "port", EB_NULLABLE | EB_LIMITS(1)),
    EB_ROW_OPT_NUM(sample, ratio, "ratio", EB_NULLABLE | EB_LIMITS(3)),
    EB_ROW_STR(sample, name, "name", EB_NULLABLE | EB_LIMITS(2)),
    EB_ROW_TEXT(sample, id, "id", EB_OPTIONAL),
    EB_ROW_ENUM(sample, color, "color", EB_NULLABLE, sample_color),
    EB_ROW_INT_ENUM(sample, level, "level", EB_NULLABLE, sample_level),
    EB_ROW_JSON(sample, extra, "extra", EB_OPTIONAL),
    EB_ROW_OBJECT(sample, point, "point", EB_NULLABLE, sample_point),
    EB_ROW_OBJECT(sample, node, "node", EB_OPTIONAL, sample_node),
    EB_ROW_STRUCT(sample, inside, "inside", EB_OPTIONAL, sample_point),
    EB_ROW_LIST(sample, tags, "tags", EB_NULLABLE | EB_LIMITS(4), eb_str_list),
    EB_ROW_NULLABLE_STR_LIST(sample, holes, "holes", EB_OPTIONAL),
    EB_ROW_LIST(sample, ints, "ints", EB_OPTIONAL, eb_int_list),
    EB_ROW_LIST(sample, nums, "nums", EB_OPTIONAL, eb_num_list),
    EB_ROW_LIST(sample, bools, "bools", EB_OPTIONAL, eb_bool_list),
    EB_ROW_LIST(sample, opt_ints, "opt_ints", EB_OPTIONAL, eb_opt_int_list),
    EB_ROW_LIST(sample, opt_nums, "opt_nums", EB_OPTIONAL, eb_opt_num_list),
    EB_ROW_LIST(sample, opt_bools, "opt_bools", EB_OPTIONAL, eb_opt_bool_list),
    EB_ROW_LIST(sample, jsons, "jsons", EB_OPTIONAL, eb_json_list),
    EB_ROW_LIST(sample, colors, "colors", EB_OPTIONAL, sample_color_list),
    EB_ROW_LIST(sample, levels, "levels", EB_OPTIONAL, sample_level_list),
    EB_ROW_LIST(sample, points, "points", EB_OPTIONAL, sample_point_list),
    EB_ROW_LIST(sample, grid, "grid", EB_OPTIONAL, sample_point_list_list),
    EB_ROW_MAP(sample, labels, "labels", EB_NULLABLE, eb_str_map),
    EB_ROW_MAP(sample, anything, "anything", EB_OPTIONAL, eb_json_map),
    EB_ROW_MAP(sample, places, "places", EB_OPTIONAL, sample_point_map),
    EB_ROW_STR(sample, secret, "secret", EB_NULLABLE | EB_SECRET),
    EB_ROW_LIST(sample, secrets, "secrets", EB_SECRET, eb_str_list),
    EB_ROW_STR(sample, odd, "x:o\"d\\d/\xc3\xa9", EB_OPTIONAL),
    EB_ROW_MAP(sample, rest, "", EB_REST, eb_str_map),
};
static const eb_type sample_type = EB_TYPE_WITH(sample, sample_rows, sample_limits, NULL);

static const eb_field sample_open_rows[] = {
    EB_ROW_OPT_INT(sample_open, known, "known", EB_OPTIONAL),
    EB_ROW_MAP(sample_open, rest, "", EB_REST, eb_json_map),
};
static const eb_type sample_open_type = EB_TYPE(sample_open, sample_open_rows);

static const eb_field sample_strict_rows[] = {
    EB_ROW_STR(sample_strict, name, "name", EB_REQUIRED),
    EB_ROW_OPT_INT(sample_strict, port, "port", EB_REQUIRED | EB_NULLABLE | EB_LIMITS(1)),
    EB_ROW_OPT_NUM(sample_strict, ratio, "ratio", EB_REQUIRED),
    EB_ROW_LIST(sample_strict, tags, "tags", EB_REQUIRED, eb_str_list),
    EB_ROW_ENUM(sample_strict, color, "color", EB_REQUIRED, sample_color),
    EB_ROW_OBJECT(sample_strict, point, "point", EB_REQUIRED, sample_point),
    EB_ROW_JSON(sample_strict, extra, "extra", EB_REQUIRED),
    EB_ROW_MAP(sample_strict, labels, "labels", EB_REQUIRED, eb_str_map),
    EB_ROW_BODY(sample_strict, file, "file", EB_OPTIONAL),
};
static const eb_type sample_strict_type = EB_TYPE_WITH(sample_strict, sample_strict_rows,
                                                       sample_limits, NULL);

/* ---- Unions ---------------------------------------------------------------------------------- */

/* Told apart by "shape"; a circle has it as a text, a square not at all, a group as an enum of one value. */
typedef struct sample_circle {
    const char *shape;
    eb_opt_int  radius;
} sample_circle;

typedef struct sample_square {
    eb_opt_num side;
    eb_str_map rest;
} sample_square;

typedef struct sample_shape sample_shape;
typedef struct sample_shape_list {
    const sample_shape *items;
    size_t              count;
} sample_shape_list;

typedef enum sample_group_shape {
    SAMPLE_GROUP_SHAPE_NULL  = -2,
    SAMPLE_GROUP_SHAPE_OTHER = -1,
    SAMPLE_GROUP_SHAPE_UNSET = 0,
    SAMPLE_GROUP_SHAPE_GROUP = 1
} sample_group_shape;

typedef struct sample_group {
    sample_group_shape shape;
    const char        *shape_text;
    const char        *password;
    sample_shape_list  parts;
} sample_group;

typedef enum sample_shape_kind {
    SAMPLE_SHAPE_NULL   = -2,
    SAMPLE_SHAPE_OTHER  = -1,
    SAMPLE_SHAPE_UNSET  = 0,
    SAMPLE_SHAPE_CIRCLE = 1,
    SAMPLE_SHAPE_SQUARE = 2,
    SAMPLE_SHAPE_GROUP  = 4, /* 3 is retired */
    SAMPLE_SHAPE_TEXT   = 5
} sample_shape_kind;

struct sample_shape {
    sample_shape_kind kind;
    union {
        const sample_circle *circle;
        const sample_square *square;
        const sample_group  *group;
        const char          *text;
        eb_json              other;
    } u;
};

/* Told apart by what they are; holds itself. */
typedef struct sample_any sample_any;
typedef struct sample_any_list {
    const sample_any *items;
    size_t            count;
} sample_any_list;

typedef enum sample_any_kind {
    SAMPLE_ANY_NULL    = -2,
    SAMPLE_ANY_OTHER   = -1,
    SAMPLE_ANY_UNSET   = 0,
    SAMPLE_ANY_POINT   = 1,
    SAMPLE_ANY_NODE    = 2,
    SAMPLE_ANY_SHAPE   = 3,
    SAMPLE_ANY_COLOR   = 4,
    SAMPLE_ANY_NUMBER  = 5,
    SAMPLE_ANY_BOOLEAN = 6,
    SAMPLE_ANY_INTS    = 7,
    SAMPLE_ANY_LIST    = 8,
    SAMPLE_ANY_LABELS  = 9
} sample_any_kind;

struct sample_any {
    sample_any_kind kind;
    union {
        const sample_point *point;
        const sample_node  *node;
        const sample_shape *shape;
        sample_color_item   color;
        double              number;
        bool                boolean;
        eb_int_list         ints;
        sample_any_list     list;
        eb_str_map          labels;
        eb_json             other;
    } u;
};

typedef struct sample_any_entry {
    const char *key;
    sample_any  value;
} sample_any_entry;

typedef struct sample_any_map {
    const sample_any_entry *items;
    size_t                  count;
} sample_any_map;

typedef struct sample_unions {
    const sample_shape *shape;
    const sample_shape *maybe;
    sample_shape_list   shapes;
    sample_any_list     anys;
    sample_any_map      map;
} sample_unions;

static const sample_shape sample_shape_null = { 0 };
static const eb_type      sample_shape_type, sample_any_type;

static const eb_field sample_circle_rows[] = {
    EB_ROW_STR(sample_circle, shape, "shape", EB_REQUIRED),
    EB_ROW_OPT_INT(sample_circle, radius, "radius", EB_REQUIRED | EB_LIMITS(1)),
};
static const eb_type  sample_circle_type   = EB_TYPE_WITH(sample_circle, sample_circle_rows,
                                                          sample_limits, NULL);
static const eb_field sample_square_rows[] = {
    EB_ROW_OPT_NUM(sample_square, side, "side", EB_OPTIONAL),
    EB_ROW_MAP(sample_square, rest, "", EB_REST, eb_str_map),
};
static const eb_type  sample_square_type       = EB_TYPE(sample_square, sample_square_rows);
static const eb_field sample_shape_list_item[] = { EB_ITEM_STRUCT(sample_shape_list, EB_NULLABLE,
                                                                  sample_shape) };
static const eb_type sample_shape_list_type = EB_LIST_TYPE(sample_shape_list, sample_shape_list_item);
static const char *const sample_group_shape_texts[] = { "group" };
static const eb_enum sample_group_shape_enum = EB_ENUM(sample_group_shape, sample_group_shape_texts);
static const eb_field sample_group_rows[]    = {
       EB_ROW_ENUM(sample_group, shape, "shape", EB_REQUIRED | EB_FIXED, sample_group_shape),
       EB_ROW_STR(sample_group, password, "password", EB_SECRET),
       EB_ROW_LIST(sample_group, parts, "parts", EB_OPTIONAL, sample_shape_list),
};
static const eb_type  sample_group_type   = EB_TYPE(sample_group, sample_group_rows);
static const eb_field sample_shape_rows[] = {
    EB_ROW_OBJECT(sample_shape, u.circle, "circle", EB_REQUIRED, sample_circle),
    EB_ROW_OBJECT(sample_shape, u.square, "square", EB_REQUIRED, sample_square),
    EB_ROW_OBJECT(sample_shape, u.group, "group", EB_REQUIRED, sample_group),
    EB_ROW_STR(sample_shape, u.text, "text", EB_REQUIRED | EB_LIMITS(2)),
};
static const char *const sample_circle_tags[]   = { "circle", "disc", NULL };
static const char *const sample_square_tags[]   = { "square", NULL };
static const char *const sample_group_tags[]    = { "group", NULL };
static const eb_choice   sample_shape_choices[] = {
      { SAMPLE_SHAPE_CIRCLE, 0, sample_circle_tags },
      { SAMPLE_SHAPE_SQUARE, 0, sample_square_tags },
      { SAMPLE_SHAPE_GROUP, 0, sample_group_tags },
      { SAMPLE_SHAPE_TEXT, 0, NULL },
};
static const eb_union sample_shape_one_of = { "shape", sample_shape_choices };
static const eb_type sample_shape_type = EB_UNION_TYPE(sample_shape, sample_shape_rows, sample_limits,
                                                       &sample_shape_null, &sample_shape_one_of);

static const eb_field sample_any_list_item[] = { EB_ITEM_STRUCT(sample_any_list, EB_NULLABLE, sample_any) };
static const eb_type  sample_any_list_type = EB_LIST_TYPE(sample_any_list, sample_any_list_item);
static const eb_field sample_any_rows[]    = {
       EB_ROW_OBJECT(sample_any, u.point, "point", EB_REQUIRED, sample_point),
       EB_ROW_OBJECT(sample_any, u.node, "node", EB_REQUIRED, sample_node),
       EB_ROW_OBJECT(sample_any, u.shape, "shape", EB_REQUIRED, sample_shape),
       EB_ROW_ENUM_ITEM(sample_any, u.color, "color", EB_REQUIRED, sample_color),
       EB_ROW_NUM(sample_any, u.number, "number", EB_REQUIRED),
       EB_ROW_BOOL(sample_any, u.boolean, "boolean", EB_REQUIRED),
       EB_ROW_LIST(sample_any, u.ints, "ints", EB_REQUIRED, eb_int_list),
       EB_ROW_LIST(sample_any, u.list, "list", EB_REQUIRED, sample_any_list),
       EB_ROW_MAP(sample_any, u.labels, "labels", EB_REQUIRED, eb_str_map),
};
static const eb_choice sample_any_choices[] = {
    { SAMPLE_ANY_POINT, 0, NULL }, { SAMPLE_ANY_NODE, 0, NULL },   { SAMPLE_ANY_SHAPE, 0, NULL },
    { SAMPLE_ANY_COLOR, 0, NULL }, { SAMPLE_ANY_NUMBER, 0, NULL }, { SAMPLE_ANY_BOOLEAN, 0, NULL },
    { SAMPLE_ANY_INTS, 0, NULL },  { SAMPLE_ANY_LIST, 0, NULL },   { SAMPLE_ANY_LABELS, 0, NULL },
};
static const eb_union sample_any_one_of = { NULL, sample_any_choices };
static const eb_type  sample_any_type   = EB_UNION_TYPE(sample_any, sample_any_rows, NULL, NULL,
                                                        &sample_any_one_of);

static const eb_field sample_any_map_value[] = { EB_ROW_STRUCT(sample_any_entry, value, "", 0,
                                                               sample_any) };
static const eb_type  sample_any_map_type    = EB_MAP_TYPE(sample_any_map, sample_any_map_value);
static const eb_field sample_unions_rows[]   = {
      EB_ROW_OBJECT(sample_unions, shape, "shape", EB_OPTIONAL, sample_shape),
      EB_ROW_OBJECT(sample_unions, maybe, "maybe", EB_NULLABLE, sample_shape),
      EB_ROW_LIST(sample_unions, shapes, "shapes", EB_OPTIONAL, sample_shape_list),
      EB_ROW_LIST(sample_unions, anys, "anys", EB_OPTIONAL, sample_any_list),
      EB_ROW_MAP(sample_unions, map, "map", EB_OPTIONAL, sample_any_map),
};
static const eb_type sample_unions_type = EB_TYPE(sample_unions, sample_unions_rows);

/* ---- Helpers --------------------------------------------------------------------------------- */

/* Decodes into a new arena, which the caller frees whatever comes of it. */
static inline eb_status sample_decode(const eb_type *type, const char *json, const void **value,
                                      eb_arena **arena, eb_problem *problem)
{
    *value = NULL;
    *arena = eb__arena_new(NULL, 0);
    ck_assert_ptr_nonnull(*arena);
    return eb__decode(type, json, strlen(json), false, NULL, *arena, value, problem);
}

/* What a text decodes and encodes to must be the expected one. */
static inline void sample_same(const eb_type *type, const char *json, const char *expected)
{
    const void *value;
    eb_arena   *arena;
    eb_problem  problem;
    eb_buf      out = { 0 };

    ck_assert_msg(sample_decode(type, json, &value, &arena, &problem) == EB_OK, "%s: %s", json,
                  problem.text);
    eb__encode(&out, type, value);
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
    eb__arena_free(arena);
}

/* A text must be refused with this status, path and message. */
static inline void sample_refused(const eb_type *type, const char *json, eb_status status,
                                  const char *field, const char *text)
{
    const void *value;
    eb_arena   *arena;
    eb_problem  problem;
    eb_status   st = sample_decode(type, json, &value, &arena, &problem);

    ck_assert_msg(st == status, "%s: %s", json, st == EB_OK ? "accepted" : problem.text);
    ck_assert_ptr_null(value);
    ck_assert_int_eq(problem.status, status);
    ck_assert_str_eq(problem.field, field);
    ck_assert_str_eq(problem.text, text);
    eb__arena_free(arena);
}

#endif
