/* test_random.c -- values at random, of our own types and of every generated one: they pass the
 * check, read back equal after being written, and so do their copies; cJSON reads what we write. */
#include "sample.h"

#include <cjson/cJSON.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "edgebind/esa.h"
#include "edgebind/oss.h"
#include "edgebind/sae.h"

/* Deep values are fine: nothing here comes from outside. */
static const eb_limits_in deep = { 512, 0 };

static void assert_survives(const eb_type *type, uint64_t seed)
{
    eb_arena   *arena = eb__arena_new(NULL, 0);
    const void *value = eb__random_value(type, seed, arena);
    const void *back  = NULL, *copy;
    eb_buf      text = { 0 }, again = { 0 }, printed = { 0 };
    eb_problem  problem;
    void       *dup;

    ck_assert_msg(value != NULL, "%s %llu", type->name, (unsigned long long)seed);
    ck_assert_msg(eb__check(type, value, "", true, &problem) == EB_OK, "%s %llu: %s", type->name,
                  (unsigned long long)seed, problem.text);
    eb__encode(&text, type, value);
    ck_assert_int_eq(eb__buf_status(&text), EB_OK);
    ck_assert_msg(eb__decode(type, text.data, text.len, false, &deep, arena, &back, &problem) == EB_OK,
                  "%s %llu: %s in %s", type->name, (unsigned long long)seed, problem.text, text.data);
    ck_assert_msg(eb__equal(type, value, back), "%s %llu: %s", type->name, (unsigned long long)seed,
                  text.data);
    eb__encode(&again, type, back);
    ck_assert_str_eq(text.data, again.data);
    dup = eb__dup(type, back);
    ck_assert(eb__equal(type, value, dup));
    copy = eb__copy(type, value, arena);
    ck_assert(eb__equal(type, copy, dup));
    free(dup);
    eb__print(&printed, type, value);
    ck_assert_int_eq(eb__json_check(printed.data, printed.len, &deep, &problem), EB_OK);
    eb__buf_free(&printed);
    eb__buf_free(&again);
    eb__buf_free(&text);
    eb__arena_free(arena);
}

START_TEST(random_values_of_every_kind_survive)
{
    for (uint64_t seed = 0; seed < (uint64_t)unit_cases(1000); seed++) {
        assert_survives(&sample_type, seed);
        assert_survives(&sample_node_type, seed);
        assert_survives(&sample_open_type, seed);
        assert_survives(&sample_strict_type, seed);
        assert_survives(&sample_unions_type, seed);
        assert_survives(&sample_shape_type, seed);
        assert_survives(&sample_any_type, seed);
        assert_survives(&sample_point_list_list_type, seed);
        assert_survives(&sample_point_map_type, seed);
        assert_survives(&eb_json_map_type, seed);
        assert_survives(&eb_nullable_str_list_type, seed);
    }
}
END_TEST

START_TEST(random_values_of_every_generated_type_survive)
{
    const eb_api *const apis[] = { &edgegap_api, &esa_api, &dcdn_api, &sae_api, &oss_api };

    for (size_t i = 0; i < sizeof apis / sizeof apis[0]; i++)
        for (size_t j = 0; j < apis[i]->type_count; j++)
            for (uint64_t seed = 0; seed < (uint64_t)unit_cases(40); seed++)
                assert_survives(apis[i]->types[j], seed);
}
END_TEST

START_TEST(random_values_are_bounded)
{
    size_t longest = 0;

    for (uint64_t seed = 0; seed < 500; seed++) {
        eb_arena *arena = eb__arena_new(NULL, 0);
        eb_buf    text  = { 0 };

        eb__encode(&text, &sample_node_type, eb__random_value(&sample_node_type, seed, arena));
        longest = text.len > longest ? text.len : longest;
        eb__buf_free(&text);
        eb__arena_free(arena);
    }
    ck_assert_uint_gt(longest, 500);
    ck_assert_uint_lt(longest, 500000);
}
END_TEST

/* What the edges are for: each comes up in a few hundred values. */
START_TEST(random_values_show_the_edges)
{
    bool lowest = false, highest = false, empty = false, null = false, other = false, none = false,
         astral = false;

    for (uint64_t seed = 0; seed < 500; seed++) {
        eb_arena     *arena = eb__arena_new(NULL, 0);
        const sample *s     = eb__random_value(&sample_type, seed, arena);

        lowest  = lowest || s->plain_int == INT64_MIN;
        highest = highest || s->plain_int == INT64_MAX;
        empty   = empty || (EB_LIST_IS_SET(s->tags) && s->tags.count == 0);
        null    = null || s->name == eb_string_null;
        other   = other || s->color == SAMPLE_COLOR_OTHER;
        none    = none || (s->name != NULL && s->name != eb_string_null && s->name[0] == '\0');
        astral  = astral || (s->id != NULL && strstr(s->id, "\xf0\x9f\x8e\xae") != NULL);
        eb__arena_free(arena);
    }
    ck_assert(lowest && highest && empty && null && other && none && astral);
}
END_TEST

/* cJSON and our reader agree on what our writer wrote. */
START_TEST(random_values_are_json_for_cjson_too)
{
    for (uint64_t seed = 0; seed < (uint64_t)unit_cases(500); seed++) {
        eb_arena     *arena = eb__arena_new(NULL, 0);
        const sample *s     = eb__random_value(&sample_type, seed, arena);
        eb_buf        text  = { 0 };
        cJSON        *tree;
        const cJSON  *name, *tags;

        eb__encode(&text, &sample_type, s);
        tree = cJSON_ParseWithLength(text.data, text.len);
        ck_assert_msg(tree != NULL, "%s", text.data);
        name = cJSON_GetObjectItemCaseSensitive(tree, "name");
        ck_assert((s->name != NULL) == (name != NULL));
        if (s->name != NULL && s->name != eb_string_null)
            ck_assert_str_eq(name->valuestring, s->name);
        tags = cJSON_GetObjectItemCaseSensitive(tree, "tags");
        ck_assert((s->tags.items != NULL) == (tags != NULL));
        if (EB_LIST_IS_SET(s->tags))
            ck_assert_int_eq(cJSON_GetArraySize(tags), (int)s->tags.count);
        cJSON_Delete(tree);
        eb__buf_free(&text);
        eb__arena_free(arena);
    }
}
END_TEST

static bool fill(const eb_allocator *allocator)
{
    eb_arena *arena  = eb__arena_new(allocator, 0);
    bool      worked = arena != NULL;

    for (uint64_t seed = 0; worked && seed < 30; seed++)
        worked = eb__random_value(&sample_type, seed, arena) != NULL;
    eb__arena_free(arena);
    return worked;
}

START_TEST(random_survives_each_failing_allocation)
{
    unit_fail_each(fill);
}
END_TEST

UNIT_TESTS("random", random_values_of_every_kind_survive, random_values_of_every_generated_type_survive,
           random_values_are_bounded, random_values_show_the_edges,
           random_values_are_json_for_cjson_too, random_survives_each_failing_allocation)
