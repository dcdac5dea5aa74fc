/* test_cjson.c -- free-form values to cJSON trees and back, without losing a digit. */
#include "unit.h"

#include "edgebind/cjson.h"

static cJSON *to_tree(const char *text)
{
    const eb_json json = { text, strlen(text) };
    cJSON        *tree = NULL;

    ck_assert_msg(eb_json_to_cjson(json, &tree) == EB_OK, "%s", text);
    ck_assert_ptr_nonnull(tree);
    return tree;
}

static void assert_survives(const char *text)
{
    cJSON  *tree = to_tree(text);
    eb_json json = { NULL, 0 };
    void   *block;

    ck_assert_int_eq(eb_json_from_cjson(tree, &json), EB_OK);
    ck_assert_str_eq(json.text, text);
    ck_assert_uint_eq(json.len, strlen(text));
    memcpy(&block, &json.text, sizeof block); /* the caller's own, although const is written there */
    free(block);
    cJSON_Delete(tree);
}

START_TEST(cjson_round_trip_keeps_the_text)
{
    assert_survives("null");
    assert_survives("true");
    assert_survives("false");
    assert_survives("0");
    assert_survives("-12.5");
    assert_survives("0.30000000000000004");
    assert_survives("9007199254740992");
    assert_survives("9007199254740993");
    assert_survives("-9223372036854775808");
    assert_survives("123456789012345678901234567890");
    assert_survives("1e400");
    assert_survives("\"\"");
    assert_survives("\"a \\\"quoted\\\" caf\xc3\xa9 \xf0\x9f\x8e\xae\\n\"");
    assert_survives("[]");
    assert_survives("{}");
    assert_survives("[1,[2,{\"a\":null}],{\"\":[]}]");
    assert_survives("{\"k\\\"ey\":1,\"b\":{\"c\":[true]}}");
}
END_TEST

START_TEST(cjson_gets_numbers_it_can_hold_as_numbers)
{
    cJSON *tree = to_tree("[1,9007199254740992,9007199254740993,-9007199254740992,1.5,1e400]");

    ck_assert(cJSON_IsNumber(cJSON_GetArrayItem(tree, 0)));
    ck_assert(cJSON_GetArrayItem(tree, 0)->valuedouble == 1);
    ck_assert(cJSON_IsNumber(cJSON_GetArrayItem(tree, 1)));
    ck_assert(cJSON_IsRaw(cJSON_GetArrayItem(tree, 2)));
    ck_assert_str_eq(cJSON_GetArrayItem(tree, 2)->valuestring, "9007199254740993");
    ck_assert(cJSON_IsNumber(cJSON_GetArrayItem(tree, 3)));
    ck_assert(cJSON_GetArrayItem(tree, 4)->valuedouble == 1.5);
    ck_assert(cJSON_IsRaw(cJSON_GetArrayItem(tree, 5)));
    cJSON_Delete(tree);
}
END_TEST

START_TEST(cjson_is_not_given_what_is_no_value)
{
    static const char *const texts[] = {
        "", " ", "nope", "[1,]", "{\"a\":}", "{} {}", "\"\\u0000\"", "{\"\\u0000\":1}", "\"\xff\"", "[\"\\ud800\"]", "[[[1,2]"
    };
    cJSON *tree = NULL;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const eb_json json = { texts[i], strlen(texts[i]) };

        ck_assert_msg(eb_json_to_cjson(json, &tree) == EB_INVALID, "%s", texts[i]);
        ck_assert_ptr_null(tree);
    }
    ck_assert_int_eq(eb_json_to_cjson((eb_json){ NULL, 0 }, &tree), EB_INVALID);
    ck_assert_int_eq(eb_json_to_cjson((eb_json){ "1", 1 }, NULL), EB_INVALID);
}
END_TEST

START_TEST(cjson_depth_is_limited)
{
    char   text[2001];
    cJSON *tree = NULL;

    memset(text, '[', 1000);
    memset(text + 1000, ']', 1000);
    ck_assert_int_eq(eb_json_to_cjson((eb_json){ text, 2000 }, &tree), EB_LIMIT);
    ck_assert_int_eq(eb_json_to_cjson((eb_json){ text + 500, 1000 }, &tree), EB_OK);
    cJSON_Delete(tree);
}
END_TEST

START_TEST(cjson_trees_that_are_no_json_are_refused)
{
    eb_json json   = { NULL, 0 };
    cJSON  *number = cJSON_CreateNumber(1e308 * 10);
    cJSON  *raw    = cJSON_CreateRaw("[1,");
    cJSON  *text   = cJSON_CreateString("\xff");
    cJSON  *array  = cJSON_CreateArray();
    cJSON  *keyed  = cJSON_CreateObject();

    cJSON_AddItemToArray(array, cJSON_CreateRaw(""));
    cJSON_AddItemToObject(keyed, "\xc3", cJSON_CreateNull());
    ck_assert_int_eq(eb_json_from_cjson(NULL, &json), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(array, NULL), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(number, &json), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(raw, &json), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(text, &json), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(array, &json), EB_INVALID);
    ck_assert_int_eq(eb_json_from_cjson(keyed, &json), EB_INVALID);
    ck_assert_ptr_null(json.text);
    cJSON_Delete(number);
    cJSON_Delete(raw);
    cJSON_Delete(text);
    cJSON_Delete(array);
    cJSON_Delete(keyed);
}
END_TEST

static long left;

static void *limited_malloc(size_t size)
{
    return left-- > 0 ? malloc(size) : NULL;
}

START_TEST(cjson_survives_each_failing_allocation)
{
    cJSON_Hooks   hooks = { limited_malloc, free };
    const eb_json json = EB_JSON("{\"a\":[1,\"text\",null,true,9007199254740993],\"b\":{\"c\":{}}}");
    eb_status     st   = EB_NOMEM;

    cJSON_InitHooks(&hooks);
    for (long n = 0; st == EB_NOMEM; n++) {
        cJSON *tree = NULL;

        ck_assert_int_lt(n, 1000);
        left = n;
        st   = eb_json_to_cjson(json, &tree);
        ck_assert(st == EB_OK ? tree != NULL : tree == NULL);
        cJSON_Delete(tree);
    }
    ck_assert_int_eq(st, EB_OK);
    cJSON_InitHooks(NULL);
}
END_TEST

UNIT_TESTS("cjson", cjson_round_trip_keeps_the_text, cjson_gets_numbers_it_can_hold_as_numbers,
           cjson_is_not_given_what_is_no_value, cjson_depth_is_limited,
           cjson_trees_that_are_no_json_are_refused, cjson_survives_each_failing_allocation)
