/* test_union.c -- unions: how the alternatives are told apart, what is kept of what nobody knows, and
 * that a value says one thing only. */
#include "sample.h"

#include <time.h>

static const sample_any *any_of(const char *json, eb_arena **arena)
{
    const void *value;
    eb_problem  problem;

    ck_assert_msg(sample_decode(&sample_any_type, json, &value, arena, &problem) == EB_OK, "%s: %s",
                  json, problem.text);
    return value;
}

static void assert_kind(const char *json, sample_any_kind kind)
{
    eb_arena         *arena;
    const sample_any *any = any_of(json, &arena);

    ck_assert_msg(any->kind == kind, "%s: %d", json, (int)any->kind);
    eb__arena_free(arena);
}

static void assert_invalid(const eb_type *type, const void *value, const char *field, const char *text)
{
    eb_problem problem;

    ck_assert_int_eq(eb__check(type, value, "", false, &problem), EB_INVALID);
    ck_assert_str_eq(problem.field, field);
    ck_assert_str_eq(problem.text, text);
}

static void assert_encodes(const eb_type *type, const void *value, const char *expected)
{
    eb_buf     out = { 0 };
    eb_problem problem;

    ck_assert_msg(eb__check(type, value, "", false, &problem) == EB_OK, "%s", problem.text);
    eb__encode(&out, type, value);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
}

/* ---- Discriminators -------------------------------------------------------------------------- */

START_TEST(union_is_told_by_its_discriminator_wherever_it_stands)
{
    const void         *value;
    eb_arena           *arena;
    eb_problem          problem;
    const sample_shape *shape;

    ck_assert_int_eq(sample_decode(&sample_shape_type,
                                   "{\"radius\":3,\"deep\":[{\"shape\":\"square\"}],\"sh\\u0061pe\":\"disc\"}",
                                   &value, &arena, &problem),
                     EB_OK);
    shape = value;
    ck_assert_int_eq(shape->kind, SAMPLE_SHAPE_CIRCLE);
    ck_assert_int_eq(shape->u.circle->radius.v, 3);
    ck_assert_str_eq(shape->u.circle->shape, "disc");
    eb__arena_free(arena);
}
END_TEST

START_TEST(union_writes_the_discriminator_of_its_kind)
{
    const sample_circle circle = { .radius = EB_INT(3) };
    const sample_circle disc   = { .shape = "disc", .radius = EB_INT(3) };
    const sample_square square = { .side = EB_NUM(2) };
    const sample_square empty  = { .side = { 0, EB_ABSENT } };
    const sample_group  group  = { .parts = EB_EMPTY };
    sample_shape        shape  = { .kind = SAMPLE_SHAPE_CIRCLE, .u = { .circle = &circle } };

    assert_encodes(&sample_shape_type, &shape, "{\"shape\":\"circle\",\"radius\":3}");
    shape.u.circle = &disc;
    assert_encodes(&sample_shape_type, &shape, "{\"shape\":\"disc\",\"radius\":3}");
    shape.kind     = SAMPLE_SHAPE_SQUARE;
    shape.u.square = &square;
    assert_encodes(&sample_shape_type, &shape, "{\"shape\":\"square\",\"side\":2}");
    shape.u.square = &empty;
    assert_encodes(&sample_shape_type, &shape, "{\"shape\":\"square\"}");
    shape.kind    = SAMPLE_SHAPE_GROUP;
    shape.u.group = &group;
    assert_encodes(&sample_shape_type, &shape, "{\"shape\":\"group\",\"parts\":[]}");
}
END_TEST

START_TEST(union_says_one_thing_only)
{
    const eb_str_entry  entry  = { "shape", "circle" };
    const sample_circle circle = { .shape = "square", .radius = EB_INT(3) };
    const sample_square square = { .rest = { &entry, 1 } };
    sample_shape        shape  = { .kind = SAMPLE_SHAPE_CIRCLE, .u = { .circle = &circle } };
    const sample_unions unions = { .shape = &shape };

    assert_invalid(&sample_shape_type, &shape, "shape", "shape: expected \"circle\", as the kind says");
    assert_invalid(&sample_unions_type, &unions, "shape.shape",
                   "shape.shape: expected \"circle\", as the kind says");
    shape.kind     = SAMPLE_SHAPE_SQUARE;
    shape.u.square = &square;
    assert_invalid(&sample_shape_type, &shape, "shape", "shape: the kind says it already");
    sample_refused(&sample_shape_type, "{\"shape\":\"circle\",\"radius\":1,\"shape\":\"square\"}",
                   EB_DECODE, "shape", "shape: stands there twice, with two meanings");
}
END_TEST

START_TEST(union_without_a_value_is_refused)
{
    sample_shape        shape  = { 0 };
    const sample_unions unions = { .shape = &shape };
    const sample_unions listed = { .shapes = { &shape, 1 } };
    const sample_any    any    = { 0 };
    const sample_unions anys   = { .anys = { &any, 1 } };

    assert_invalid(&sample_unions_type, &unions, "shape", "shape: the kind of sample_shape is not set");
    assert_invalid(&sample_unions_type, &listed, "shapes[0]", "shapes[0]: required, but not given");
    assert_invalid(&sample_unions_type, &anys, "anys[0]", "anys[0]: required, but not given");
    shape.kind = SAMPLE_SHAPE_CIRCLE;
    assert_invalid(&sample_unions_type, &unions, "shape",
                   "shape: the kind is 1, but .u.circle is not given");
    shape.kind = SAMPLE_SHAPE_OTHER;
    assert_invalid(&sample_unions_type, &unions, "shape",
                   "shape: the kind is OTHER, but .u.other is not given");
    shape.u.other = (eb_json)EB_JSON("{");
    assert_invalid(&sample_unions_type, &unions, "shape",
                   "shape: invalid JSON at byte 1: expected a member's name or '}'");
    shape.kind = (sample_shape_kind)3;
    assert_invalid(&sample_unions_type, &unions, "shape", "shape: 3 is not a kind of sample_shape");
    shape.kind = SAMPLE_SHAPE_NULL;
    assert_invalid(&sample_unions_type, &unions, "shape", "shape: must not be null");
    shape.kind   = SAMPLE_SHAPE_TEXT;
    shape.u.text = "x";
    assert_invalid(&sample_unions_type, &unions, "shape", "shape: expected 2 to 5 characters, got 1");
}
END_TEST

START_TEST(union_may_be_null_where_the_document_says_so)
{
    const sample_shape  null       = { .kind = SAMPLE_SHAPE_NULL };
    const sample_unions by_kind    = { .maybe = &null, .shapes = { &null, 1 } };
    const sample_unions by_address = { .maybe = &sample_shape_null };

    assert_encodes(&sample_unions_type, &by_kind, "{\"maybe\":null,\"shapes\":[null]}");
    assert_encodes(&sample_unions_type, &by_address, "{\"maybe\":null}");
    sample_same(&sample_unions_type, "{\"shape\":null,\"maybe\":null,\"shapes\":[null,\"text\"]}",
                "{\"maybe\":null,\"shapes\":[null,\"text\"]}");
    sample_refused(&sample_unions_type, "{\"map\":{\"k\":null}}", EB_DECODE, "map.k",
                   "map.k: expected a value, got null");
    sample_same(&sample_shape_type, "null", "null");
}
END_TEST

/* ---- What nobody knows ----------------------------------------------------------------------- */

START_TEST(union_keeps_what_it_does_not_know)
{
    sample_same(&sample_unions_type, "{\"shape\":{ \"shape\" : \"star\", \"n\":[1, 2] } }",
                "{\"shape\":{ \"shape\" : \"star\", \"n\":[1, 2] }}");
    sample_same(&sample_unions_type, "{\"shapes\":[{\"side\":1},12,{\"shape\":7},true]}",
                "{\"shapes\":[{\"side\":1},12,{\"shape\":7},true]}");
}
END_TEST

START_TEST(union_asked_strictly_wants_its_discriminator)
{
    const void *value = NULL;
    eb_arena   *arena = eb__arena_new(NULL, 0);
    eb_problem  problem;
    const char *text = "{\"shape\":{\"side\":1}}";

    ck_assert_int_eq(eb__decode(&sample_unions_type, text, strlen(text), true, NULL, arena, &value,
                                &problem),
                     EB_DECODE);
    ck_assert_str_eq(problem.text, "shape.shape: required, but missing");
    text = "{\"shape\":{\"side\":1,\"shape\":\"square\"}}";
    ck_assert_int_eq(eb__decode(&sample_unions_type, text, strlen(text), true, NULL, arena, &value,
                                &problem),
                     EB_OK);
    eb__arena_free(arena);
}
END_TEST

START_TEST(union_names_what_is_wrong_inside)
{
    sample_refused(&sample_unions_type,
                   "{\"shapes\":[{\"shape\":\"group\",\"parts\":[{\"radius\":\"x\","
                   "\"shape\":\"circle\"}]}]}",
                   EB_DECODE, "shapes[0].parts[0].radius",
                   "shapes[0].parts[0].radius: expected an integer, got string");
    sample_refused(&sample_shape_type, "{\"shape\":\"circle\"}", EB_DECODE, "radius",
                   "radius: required, but missing");
    sample_refused(&sample_shape_type, "{\"a\":[1,}", EB_DECODE, "",
                   "invalid JSON at byte 8: expected a value");
    sample_refused(&sample_shape_type, "?", EB_DECODE, "", "invalid JSON at byte 0: expected a value");
}
END_TEST

/* ---- Without a discriminator ----------------------------------------------------------------- */

START_TEST(union_is_told_by_what_it_holds)
{
    assert_kind("\"red\"", SAMPLE_ANY_COLOR);
    assert_kind("\"gr\\\"een\"", SAMPLE_ANY_COLOR);
    assert_kind("1.5", SAMPLE_ANY_NUMBER);
    assert_kind("false", SAMPLE_ANY_BOOLEAN);
    assert_kind("[1,2]", SAMPLE_ANY_INTS);
    assert_kind("[]", SAMPLE_ANY_INTS);
    assert_kind("[1.5]", SAMPLE_ANY_LIST);
    assert_kind("[null,\"red\"]", SAMPLE_ANY_LIST);
    assert_kind("[[1]]", SAMPLE_ANY_LIST);
    assert_kind("{\"x\":1}", SAMPLE_ANY_POINT);
    assert_kind("{\"y\":1,\"x\":2,\"new\":true}", SAMPLE_ANY_POINT);
    assert_kind("{\"name\":\"n\"}", SAMPLE_ANY_NODE);
    assert_kind("{\"name\":null,\"children\":[]}", SAMPLE_ANY_NODE);
    assert_kind("{\"shape\":\"circle\",\"radius\":1}", SAMPLE_ANY_SHAPE);
    assert_kind("{\"name\":\"a text\",\"colour\":\"b\"}", SAMPLE_ANY_LABELS);
    assert_kind("{\"name\":{},\"x\":\"1\"}", SAMPLE_ANY_OTHER);
}
END_TEST

START_TEST(union_takes_an_unknown_text_for_a_new_value)
{
    eb_arena         *arena;
    const sample_any *any = any_of("\"text\"", &arena);

    /* both an open enum and the text of a shape: any text comes first */
    ck_assert_int_eq(any->kind, SAMPLE_ANY_SHAPE);
    ck_assert_str_eq(any->u.shape->u.text, "text");
    eb__arena_free(arena);
}
END_TEST

/* ---- Printing, comparing, copying ------------------------------------------------------------ */

START_TEST(union_prints_no_secret)
{
    const sample_group  group    = { .password = "geheim" };
    const sample_square square   = { .side = { 0, EB_ABSENT } };
    const sample_shape  shapes[] = { { .kind = SAMPLE_SHAPE_GROUP, .u = { .group = &group } },
                                     { .kind = SAMPLE_SHAPE_OTHER, .u = { .other = EB_JSON("\"geheim\"") } },
                                     { .kind = SAMPLE_SHAPE_SQUARE, .u = { .square = &square } },
                                     { .kind = SAMPLE_SHAPE_UNSET } };
    const sample_unions unions   = { .shapes = EB_LIST(shapes) };
    eb_buf              out      = { 0 };

    eb__print(&out, &sample_unions_type, &unions);
    ck_assert_str_eq(eb__buf_text(&out),
                     "{\n  \"shapes\": [\n"
                     "    {\n      \"shape\": \"group\",\n      \"password\": \"***\"\n    },\n"
                     "    \"(8 bytes of JSON)\",\n"
                     "    {\n      \"shape\": \"square\"\n    },\n"
                     "    null\n  ]\n}");
    eb__buf_free(&out);
}
END_TEST

START_TEST(union_equals_its_copy_and_nothing_else)
{
    const char *const texts[] = { "{\"shape\":\"circle\",\"radius\":1}",
                                  "{\"shape\":\"disc\",\"radius\":1}",
                                  "{\"shape\":\"square\"}",
                                  "{\"shape\":\"group\",\"parts\":[\"ab\"]}",
                                  "{\"shape\":\"group\",\"parts\":[\"abc\"]}",
                                  "{\"shape\":\"star\"}",
                                  "{\"shape\": \"star\"}",
                                  "\"abc\"" };
    enum { COUNT = sizeof texts / sizeof texts[0] };
    const void *values[COUNT];
    eb_arena   *arenas[COUNT];
    eb_problem  problem;

    for (size_t i = 0; i < COUNT; i++)
        ck_assert_int_eq(sample_decode(&sample_shape_type, texts[i], &values[i], &arenas[i], &problem),
                         EB_OK);
    for (size_t i = 0; i < COUNT; i++) {
        void *copy = eb__dup(&sample_shape_type, values[i]);

        for (size_t j = 0; j < COUNT; j++)
            ck_assert_msg(eb__equal(&sample_shape_type, copy, values[j]) == (i == j), "%s %s",
                          texts[i], texts[j]);
        free(copy);
    }
    for (size_t i = 0; i < COUNT; i++)
        eb__arena_free(arenas[i]);
}
END_TEST

/* ---- Limits ---------------------------------------------------------------------------------- */

/* "{"shape":"group","parts":[...]}" in each other, the discriminator behind everything. */
static char *nested(size_t depth, size_t filling)
{
    const char *const before = "{\"parts\":[", *const after = "],\"shape\":\"group\"}";
    char *const text = malloc(depth * 32 + filling + 16);
    char       *at   = text;

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < depth; i++, at += strlen(before))
        memcpy(at, before, strlen(before));
    *at++ = '"';
    memset(at, 'x', filling);
    at += filling;
    *at++ = '"';
    for (size_t i = 0; i < depth; i++, at += strlen(after))
        memcpy(at, after, strlen(after));
    *at = '\0';
    return text;
}

static double seconds_for(char *text)
{
    const eb_limits_in limits = { 512, 0 };
    const clock_t      start  = clock();
    eb_arena          *arena  = eb__arena_new(NULL, 0);
    const void        *value  = NULL;
    eb_problem         problem;

    ck_assert_msg(eb__decode(&sample_shape_type, text, strlen(text), false, &limits, arena, &value,
                             &problem) == EB_OK,
                  "%s", problem.text);
    eb__arena_free(arena);
    free(text);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

START_TEST(union_looks_ahead_once_however_deep_it_stands)
{
    const size_t filling = 4000000;
    const double flat    = seconds_for(nested(1, filling));
    const double deep    = seconds_for(nested(200, filling));

    ck_assert_msg(deep < flat * 10 + 0.05, "%f s at depth 200, %f s at depth 1", deep, flat);
}
END_TEST

START_TEST(union_keeps_to_the_limits)
{
    const eb_limits_in few   = { 0, 20 };
    const eb_limits_in flat  = { 5, 0 };
    char *const        text  = nested(30, 1);
    eb_arena          *arena = eb__arena_new(NULL, 0);
    const void        *value = NULL;
    eb_problem         problem;

    ck_assert_int_eq(eb__decode(&sample_shape_type, text, strlen(text), false, &few, arena, &value,
                                &problem),
                     EB_LIMIT);
    ck_assert_int_eq(eb__decode(&sample_shape_type, text, strlen(text), false, &flat, arena, &value,
                                &problem),
                     EB_LIMIT);
    ck_assert_str_eq(problem.text, "nested deeper than 5 levels");
    eb__arena_free(arena);
    free(text);
}
END_TEST

static bool go_round(const eb_allocator *allocator)
{
    const char *const text =
        "{\"map\":{\"k\":{\"shape\":\"circle\",\"radius\":1}},\"anys\":[[[{\"x\":1}]],"
        "{\"name\":\"a text that is long enough\",\"next\":{\"name\":\"to be looked up again\"}}],"
        "\"shapes\":[{\"parts\":[{\"n\":{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]},"
        "\"shape\":\"star\"}],\"shape\":\"group\"}]}";
    eb_arena   *arena = eb__arena_new(allocator, 0);
    const void *value = NULL;
    eb_problem  problem;
    bool        worked = arena != NULL;

    if (worked) {
        const eb_status st = eb__decode(&sample_unions_type, text, strlen(text), false, NULL, arena,
                                        &value, &problem);

        ck_assert_msg(st == EB_OK || st == EB_NOMEM, "%s", problem.text);
        worked = st == EB_OK && eb__copy(&sample_unions_type, value, arena) != NULL;
    }
    eb__arena_free(arena);
    return worked;
}

START_TEST(union_survives_each_failing_allocation)
{
    unit_fail_each(go_round);
}
END_TEST

UNIT_TESTS("union", union_is_told_by_its_discriminator_wherever_it_stands,
           union_writes_the_discriminator_of_its_kind, union_says_one_thing_only,
           union_without_a_value_is_refused, union_may_be_null_where_the_document_says_so,
           union_keeps_what_it_does_not_know, union_asked_strictly_wants_its_discriminator,
           union_names_what_is_wrong_inside, union_is_told_by_what_it_holds,
           union_takes_an_unknown_text_for_a_new_value, union_prints_no_secret,
           union_equals_its_copy_and_nothing_else, union_looks_ahead_once_however_deep_it_stands,
           union_keeps_to_the_limits, union_survives_each_failing_allocation)
