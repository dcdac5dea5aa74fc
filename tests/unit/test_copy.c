/* test_copy.c -- copies hold nothing of the original, in one block; what is equal and what is
 * not. */
#include "sample.h"

#include "memory.h"

static const char rich[] =
    "{\"plain_int\":5,\"flag\":true,\"port\":null,\"ratio\":0.5,\"name\":\"n\",\"id\":7,\"color\":\"mauve\","
    "\"level\":-20,\"extra\":[1,{}],\"point\":null,\"node\":{\"name\":\"a\",\"next\":{\"name\":\"b\"},"
    "\"children\":[{\"name\":\"c\"},{}]},\"tags\":[\"x\",\"y\"],\"holes\":[null,\"z\"],\"ints\":[1,2,3],"
    "\"nums\":[0.5],\"bools\":[true,false,true],\"opt_ints\":[null,4],\"jsons\":[null,[]],"
    "\"colors\":[\"red\",\"blue\"],\"levels\":[10,99],\"grid\":[[{\"x\":1}],[],null],"
    "\"labels\":{\"k\":\"v\",\"l\":\"w\"},\"anything\":{\"a\":{}},\"places\":{\"home\":{\"x\":1}},"
    "\"secret\":\"s\",\"secrets\":[],\"more\":\"rest\"}";

static const sample *decode(eb_arena **arena, const char *json)
{
    const void *value;
    eb_problem  problem;

    ck_assert_msg(sample_decode(&sample_type, json, &value, arena, &problem) == EB_OK, "%s",
                  problem.text);
    return value;
}

static void assert_text(const eb_type *type, const void *value, const char *expected)
{
    eb_buf out = { 0 };

    eb__encode(&out, type, value);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
}

/* The original is gone, overwritten, when the copy is looked at. */
START_TEST(dup_outlives_the_original)
{
    eb_arena     *arena;
    const sample *s      = decode(&arena, rich);
    sample       *copy   = eb__dup(&sample_type, s);
    eb_buf        before = { 0 };

    ck_assert_ptr_nonnull(copy);
    ck_assert(eb__equal(&sample_type, s, copy));
    eb__encode(&before, &sample_type, s);
    eb__arena_free(arena);
    assert_text(&sample_type, copy, eb__buf_text(&before));
    ck_assert_int_eq(copy->color, SAMPLE_COLOR_OTHER);
    ck_assert_str_eq(copy->color_text, "mauve");
    ck_assert_ptr_eq(copy->point, &sample_point_null);
    ck_assert_ptr_eq(copy->holes.items[0], eb_string_null);
    ck_assert(EB_LIST_IS_NULL(copy->grid.items[2]));
    ck_assert_uint_eq((uintptr_t)copy->ints.items % sizeof(int64_t), 0);
    eb__buf_free(&before);
    free(copy);
}
END_TEST

START_TEST(copy_lives_in_the_arena)
{
    eb_arena     *arena, *other = eb__arena_new(NULL, 0);
    const sample *s      = decode(&arena, rich);
    const sample *copy   = eb__copy(&sample_type, s, other);
    eb_buf        before = { 0 };

    eb__encode(&before, &sample_type, s);
    eb__arena_free(arena);
    assert_text(&sample_type, copy, eb__buf_text(&before));
    eb__buf_free(&before);
    eb__arena_free(other);
}
END_TEST

START_TEST(dup_takes_lists_maps_and_nothing)
{
    static const eb_str_entry entries[] = { { "a", "b" } };
    const eb_str_map          map       = EB_LIST(entries);
    const eb_str_list         empty     = EB_EMPTY;
    eb_str_map               *map_copy  = eb__dup(&eb_str_map_type, &map);
    eb_str_list              *copy      = eb__dup(&eb_str_list_type, &empty);

    assert_text(&eb_str_map_type, map_copy, "{\"a\":\"b\"}");
    ck_assert_ptr_ne(map_copy->items, entries);
    assert_text(&eb_str_list_type, copy, "[]");
    ck_assert(EB_LIST_IS_SET(*copy));
    ck_assert_ptr_null(eb__dup(&sample_type, NULL));
    ck_assert_ptr_null(eb__dup(&sample_point_type, &sample_point_null)); /* and not a copy that reads as {} */
    free(map_copy);
    free(copy);
}
END_TEST

START_TEST(copy_takes_bodies_and_members_without_a_row)
{
    char                 bytes[] = "some bytes";
    char                 path[]  = "/tmp/some-path";
    int                  options = 0;
    const sample         s       = { .options = &options };
    sample_strict        strict  = { .file = eb_body_memory(bytes, 4) };
    eb_arena            *arena   = eb__arena_new(NULL, 0);
    const sample_strict *copy;

    ck_assert_ptr_eq(((const sample *)eb__copy(&sample_type, &s, arena))->options, &options);
    strict.file.filename = path;
    copy                 = eb__copy(&sample_strict_type, &strict, arena);
    ck_assert(eb__equal(&sample_strict_type, copy, &strict));
    memset(bytes, 'x', sizeof bytes - 1);
    ck_assert_mem_eq(copy->file.data, "some", 4);
    ck_assert(!eb__equal(&sample_strict_type, copy, &strict));
    strict.file = eb_body_file(path);
    copy        = eb__copy(&sample_strict_type, &strict, arena);
    memset(path, 'x', sizeof path - 1);
    ck_assert_str_eq(copy->file.path, "/tmp/some-path");
    eb__arena_free(arena);
}
END_TEST

static bool copy_rich(const eb_allocator *allocator)
{
    eb_arena     *from, *arena = eb__arena_new(allocator, 0);
    const sample *s;
    bool          worked = arena != NULL;

    if (arena == NULL)
        return false;
    s = decode(&from, rich);
    for (int i = 0; i < 20; i++)
        worked = eb__copy(&sample_type, s, arena) != NULL && worked;
    eb__arena_free(from);
    eb__arena_free(arena);
    return worked;
}

START_TEST(copy_survives_each_failing_allocation)
{
    unit_fail_each(copy_rich);
}
END_TEST

/* ---- Equal ----------------------------------------------------------------------------------- */

static bool equal(const char *a, const char *b)
{
    eb_arena     *one, *other;
    const sample *x    = decode(&one, a);
    const sample *y    = decode(&other, b);
    const bool    same = eb__equal(&sample_type, x, y);

    ck_assert(eb__equal(&sample_type, y, x) == same);
    ck_assert(eb__equal(&sample_type, x, x));
    eb__arena_free(one);
    eb__arena_free(other);
    return same;
}

START_TEST(equal_tells_every_kind_apart)
{
    static const char *const texts[] = { "{}",
                                         "{\"plain_bool\":true}",
                                         "{\"plain_int\":1}",
                                         "{\"plain_num\":1}",
                                         "{\"flag\":false}",
                                         "{\"flag\":true}",
                                         "{\"flag\":null}",
                                         "{\"port\":0}",
                                         "{\"port\":1}",
                                         "{\"port\":null}",
                                         "{\"ratio\":0}",
                                         "{\"ratio\":0.5}",
                                         "{\"name\":\"\"}",
                                         "{\"name\":\"a\"}",
                                         "{\"name\":null}",
                                         "{\"id\":\"\"}",
                                         "{\"id\":\"a\"}",
                                         "{\"color\":\"red\"}",
                                         "{\"color\":\"mauve\"}",
                                         "{\"color\":\"blue\"}",
                                         "{\"color\":null}",
                                         "{\"level\":10}",
                                         "{\"level\":11}",
                                         "{\"level\":12}",
                                         "{\"extra\":1}",
                                         "{\"extra\":1.0}",
                                         "{\"extra\":null}",
                                         "{\"point\":{\"x\":0}}",
                                         "{\"point\":{\"x\":1}}",
                                         "{\"point\":null}",
                                         "{\"node\":{}}",
                                         "{\"node\":{\"next\":{}}}",
                                         "{\"node\":{\"next\":null}}",
                                         "{\"inside\":{\"x\":1}}",
                                         "{\"tags\":[]}",
                                         "{\"tags\":[\"a\"]}",
                                         "{\"tags\":[\"b\"]}",
                                         "{\"tags\":[\"a\",\"b\"]}",
                                         "{\"tags\":null}",
                                         "{\"holes\":[null]}",
                                         "{\"holes\":[\"\"]}",
                                         "{\"ints\":[1]}",
                                         "{\"ints\":[2]}",
                                         "{\"nums\":[1]}",
                                         "{\"nums\":[2]}",
                                         "{\"bools\":[true]}",
                                         "{\"bools\":[false]}",
                                         "{\"opt_ints\":[null]}",
                                         "{\"opt_ints\":[0]}",
                                         "{\"opt_nums\":[1]}",
                                         "{\"opt_nums\":[2]}",
                                         "{\"opt_bools\":[true]}",
                                         "{\"opt_bools\":[false]}",
                                         "{\"jsons\":[1]}",
                                         "{\"jsons\":[2]}",
                                         "{\"colors\":[\"red\"]}",
                                         "{\"colors\":[\"x\"]}",
                                         "{\"levels\":[10]}",
                                         "{\"grid\":[[]]}",
                                         "{\"grid\":[null]}",
                                         "{\"grid\":[[{\"x\":1}]]}",
                                         "{\"labels\":{}}",
                                         "{\"labels\":{\"a\":\"1\"}}",
                                         "{\"labels\":{\"a\":\"2\"}}",
                                         "{\"labels\":{\"b\":\"1\"}}",
                                         "{\"labels\":{\"a\":\"1\",\"b\":\"2\"}}",
                                         "{\"labels\":null}",
                                         "{\"places\":{\"a\":{\"x\":1}}}",
                                         "{\"places\":{\"a\":{\"x\":2}}}",
                                         "{\"rest1\":\"a\"}",
                                         "{\"rest1\":\"b\"}",
                                         "{\"rest2\":\"a\"}" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t j = i; j < sizeof texts / sizeof texts[0]; j++)
            ck_assert_msg(equal(texts[i], texts[j]) == (i == j), "%s and %s", texts[i], texts[j]);
}
END_TEST

START_TEST(equal_takes_map_entries_in_any_order)
{
    ck_assert(equal("{\"labels\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}}",
                    "{\"labels\":{\"c\":\"3\",\"a\":\"1\",\"b\":\"2\"}}"));
    ck_assert(!equal("{\"labels\":{\"a\":\"1\",\"b\":\"2\"}}", "{\"labels\":{\"a\":\"2\",\"b\":\"1\"}}"));
}
END_TEST

START_TEST(equal_asks_what_an_enum_is_on_the_wire)
{
    const sample known = { .color = SAMPLE_COLOR_RED };
    const sample other = { .color = SAMPLE_COLOR_OTHER, .color_text = "red" };
    const sample odd   = { .color = SAMPLE_COLOR_OTHER, .color_text = "Red" };

    ck_assert(eb__equal(&sample_type, &known, &other));
    ck_assert(!eb__equal(&sample_type, &known, &odd));
}
END_TEST

START_TEST(equal_of_null_pointers_is_identity)
{
    const sample s = { 0 };

    ck_assert(eb__equal(&sample_type, NULL, NULL));
    ck_assert(!eb__equal(&sample_type, &s, NULL));
    ck_assert(!eb__equal(&sample_type, NULL, &s));
    ck_assert(!eb__equal(&sample_point_type, &sample_point_null, &(sample_point){ 0 }));
}
END_TEST

UNIT_TESTS("copy", dup_outlives_the_original, copy_lives_in_the_arena, dup_takes_lists_maps_and_nothing,
           copy_takes_bodies_and_members_without_a_row, copy_survives_each_failing_allocation,
           equal_tells_every_kind_apart, equal_takes_map_entries_in_any_order,
           equal_asks_what_an_enum_is_on_the_wire, equal_of_null_pointers_is_identity)
