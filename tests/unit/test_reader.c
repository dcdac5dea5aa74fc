/* test_reader.c -- which texts are JSON and which are not, by RFC 8259; limits; free-form values
 * found by pointer. cJSON is asked as well, where it follows the same rules. */
#include "unit.h"

#include <cjson/cJSON.h>

#include "codec.h"
#include "reader.h"

typedef struct text_case {
    const char *text;
    size_t      len; /* 0: of the string */
    bool        cjson_differs;
} text_case;

#define BYTES(literal) literal, sizeof(literal) - 1, false
#define OURS(literal)  literal, sizeof(literal) - 1, true

static const text_case accepted[] = {
    { BYTES("null") },
    { BYTES("true") },
    { BYTES("false") },
    { BYTES("0") },
    { BYTES("-0") },
    { BYTES("1") },
    { BYTES("-1") },
    { BYTES("1234567890") },
    { BYTES("9223372036854775807") },
    { BYTES("123456789012345678901234567890") },
    { BYTES("0.5") },
    { BYTES("-0.0") },
    { BYTES("1.25") },
    { BYTES("1e5") },
    { BYTES("1E5") },
    { BYTES("1e+5") },
    { BYTES("1e-5") },
    { BYTES("0e0") },
    { BYTES("1.5e300") },
    { BYTES("1e999") },
    { BYTES("\"\"") },
    { BYTES("\"a\"") },
    { BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
    { BYTES("\"\\u0041\"") },
    { BYTES("\"\\u00e9\"") },
    { BYTES("\"\\u20AC\"") },
    { BYTES("\"\\ud83c\\udfae\"") },
    { BYTES("\"\\uD800\\uDC00\"") },
    { BYTES("\"\\uDBFF\\uDFFF\"") },
    { OURS("\"\\u0000\"") },
    { BYTES("\"\x7f\"") },
    { BYTES("\"\xc3\xa9\"") },
    { BYTES("\"\xe2\x82\xac\"") },
    { BYTES("\"\xe0\xa0\x80\"") },
    { BYTES("\"\xed\x9f\xbf\"") },
    { BYTES("\"\xee\x80\x80\"") },
    { BYTES("\"\xef\xbf\xbf\"") },
    { BYTES("\"\xf0\x90\x80\x80\"") },
    { BYTES("\"\xf4\x8f\xbf\xbf\"") },
    { BYTES("\"\xe2\x80\xa8\"") },
    { BYTES("\"a long text without anything special in it at all\"") },
    { BYTES("\"1234567\"") },
    { BYTES("\"12345678\"") },
    { BYTES("\"123456789\"") },
    { BYTES("[]") },
    { BYTES("[ ]") },
    { BYTES("[1]") },
    { BYTES("[1,2]") },
    { BYTES("[ 1 , 2 ]") },
    { BYTES("[[[]]]") },
    { BYTES("[[],[]]") },
    { BYTES("[{},{}]") },
    { BYTES("{}") },
    { BYTES("{ }") },
    { BYTES("{\"a\":1}") },
    { BYTES("{\"a\":1,\"b\":2}") },
    { BYTES("{\"a\":1,\"a\":2}") },
    { BYTES("{\"\":1}") },
    { BYTES("{ \"a\" : [ ] , \"b\" : { } }") },
    { BYTES("{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}") },
    { BYTES(" \t\r\n1 \t\r\n") },
    { BYTES("\n[\n1\n,\n2\n]\n") },
};

static const text_case refused[] = {
    { BYTES("") },
    { BYTES(" ") },
    { BYTES("nul") },
    { BYTES("nulll") },
    { BYTES("Null") },
    { BYTES("tru") },
    { BYTES("TRUE") },
    { BYTES("truefalse") },
    { BYTES("fals") },
    { BYTES("NaN") },
    { BYTES("Infinity") },
    { BYTES("-Infinity") },
    { BYTES("undefined") },
    { BYTES("-") },
    { BYTES("+1") },
    { BYTES("- 1") },
    { OURS("01") },
    { OURS("-01") },
    { OURS("00") },
    { OURS("-00") },
    { BYTES(".5") },
    { OURS("1.") },
    { OURS("-.5") },
    { OURS("1.e5") },
    { BYTES("1e") },
    { BYTES("1e+") },
    { BYTES("1ee5") },
    { BYTES("1e5.5") },
    { BYTES("0x10") },
    { BYTES("1 2") },
    { BYTES("1,") },
    { BYTES("1a") },
    { BYTES("1.2.3") },
    { BYTES("--1") },
    { BYTES("\"") },
    { BYTES("\"a") },
    { BYTES("a\"") },
    { BYTES("'a'") },
    { BYTES("\"a\"b") },
    { BYTES("\"\\\"") },
    { BYTES("\"\\") },
    { BYTES("\"\\a\"") },
    { BYTES("\"\\x41\"") },
    { BYTES("\"\\'\"") },
    { BYTES("\"\\U0041\"") },
    { OURS("\"\\\0\"") },
    { BYTES("\"\\u\"") },
    { BYTES("\"\\u004\"") },
    { OURS("\"\\u00g0\"") },
    { OURS("\"\\u+041\"") },
    { OURS("\"\\u 041\"") },
    { BYTES("\"\\ud800\"") },
    { BYTES("\"\\ud800x\"") },
    { BYTES("\"\\ud800\\n\"") },
    { BYTES("\"\\ud800\\u0041\"") },
    { BYTES("\"\\ud800\\ud800\"") },
    { BYTES("\"\\udc00\"") },
    { BYTES("\"\\udc00\\ud800\"") },
    { BYTES("\"\\ud83c\\udfa\"") },
    { OURS("\"a\nb\"") },
    { OURS("\"a\tb\"") },
    { OURS("\"a\0b\"") },
    { OURS("\"12345678\x1f\"") },
    { OURS("\"\x80\"") },
    { OURS("\"\xbf\"") },
    { OURS("\"\xc0\x80\"") },
    { OURS("\"\xc1\xbf\"") },
    { OURS("\"\xc3\"") },
    { OURS("\"\xc3(\"") },
    { OURS("\"\xe0\x80\x80\"") },
    { OURS("\"\xe0\x9f\xbf\"") },
    { OURS("\"\xe2\x82\"") },
    { OURS("\"\xe2(\xac\"") },
    { OURS("\"\xed\xa0\x80\"") },
    { OURS("\"\xed\xbf\xbf\"") },
    { OURS("\"\xf0\x80\x80\x80\"") },
    { OURS("\"\xf0\x8f\xbf\xbf\"") },
    { OURS("\"\xf0\x90\x80\"") },
    { OURS("\"\xf4\x90\x80\x80\"") },
    { OURS("\"\xf5\x80\x80\x80\"") },
    { OURS("\"\xfe\"") },
    { OURS("\"\xff\"") },
    { BYTES("[") },
    { BYTES("]") },
    { BYTES("[1") },
    { BYTES("[1,") },
    { BYTES("[1,]") },
    { BYTES("[,1]") },
    { BYTES("[1,,2]") },
    { BYTES("[1 2]") },
    { BYTES("[1}") },
    { BYTES("[[]") },
    { BYTES("[]]") },
    { BYTES("[1:2]") },
    { BYTES("{") },
    { BYTES("}") },
    { BYTES("{]") },
    { BYTES("{1:2}") },
    { BYTES("{a:1}") },
    { BYTES("{'a':1}") },
    { BYTES("{\"a\"}") },
    { BYTES("{\"a\":}") },
    { BYTES("{\"a\",1}") },
    { BYTES("{\"a\":1") },
    { BYTES("{\"a\":1,") },
    { BYTES("{\"a\":1,}") },
    { BYTES("{,\"a\":1}") },
    { BYTES("{\"a\":1 \"b\":2}") },
    { BYTES("{\"a\":1]") },
    { BYTES("{\"a\"::1}") },
    { BYTES("{\"a\":1}}") },
    { BYTES("{}{}") },
    { BYTES("[] []") },
    { BYTES("/* c */ 1") },
    { BYTES("1 // c") },
    { OURS("\xef\xbb\xbf{}") },
    { OURS("\0") },
    { OURS("1\0") },
    { OURS("\0"
           "1") },
    { OURS("[1\v]") },
    { OURS("\f1") },
    { OURS("\xc2\xa0"
           "1") },
};

/* A copy without a NUL behind it, so that a read beyond the end is noticed. */
static eb_status check_copy(const char *text, size_t len, eb_problem *problem)
{
    char     *copy = malloc(len > 0 ? len : 1);
    eb_status st;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, len);
    st = eb__json_check(copy, len, NULL, problem);
    free(copy);
    return st;
}

static bool cjson_accepts(const text_case *c)
{
    char  *copy = malloc(c->len + 1);
    cJSON *tree;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, c->text, c->len);
    copy[c->len] = '\0';
    tree         = cJSON_ParseWithOpts(copy, NULL, 1);
    free(copy);
    cJSON_Delete(tree);
    return tree != NULL;
}

START_TEST(reader_accepts_what_rfc_8259_allows)
{
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        eb_problem problem;

        ck_assert_msg(check_copy(accepted[i].text, accepted[i].len, &problem) == EB_OK,
                      "accepted[%zu] %s: %s", i, accepted[i].text, problem.text);
        if (!accepted[i].cjson_differs)
            ck_assert_msg(cjson_accepts(&accepted[i]), "cJSON differs on accepted[%zu] %s", i,
                          accepted[i].text);
    }
}
END_TEST

START_TEST(reader_refuses_everything_else)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        eb_problem problem;

        ck_assert_msg(check_copy(refused[i].text, refused[i].len, &problem) == EB_DECODE,
                      "refused[%zu] %s", i, refused[i].text);
        ck_assert_ptr_nonnull(strstr(problem.text, "invalid JSON at byte "));
        if (!refused[i].cjson_differs)
            ck_assert_msg(!cjson_accepts(&refused[i]), "cJSON differs on refused[%zu] %s", i,
                          refused[i].text);
    }
}
END_TEST

START_TEST(reader_refuses_every_cut_of_a_text)
{
    static const char text[] = "{\"a\":[1,-2.5e+3,\"\\u20ac\\ud83c\\udfae\xf0\x9f\x8e\xae\",true,"
                               "null,{\"b\":{}}]}";

    for (size_t len = 0; len < sizeof text - 1; len++) {
        eb_problem problem;

        ck_assert_msg(check_copy(text, len, &problem) == EB_DECODE, "%zu bytes", len);
        ck_assert_uint_le(problem.offset, len);
    }
}
END_TEST

START_TEST(reader_says_where_and_what)
{
    static const struct {
        const char *text;
        size_t      offset;
        const char *says;
    } cases[] = {
        { "", 0, "invalid JSON at byte 0: the text ends where a value should stand" },
        { "[1,2", 4, "invalid JSON at byte 4: expected ',' or ']'" },
        { "{\"a\" 1}", 5, "invalid JSON at byte 5: expected ':'" },
        { "[1,]", 3, "invalid JSON at byte 3: expected a value" },
        { "[01]", 1, "invalid JSON at byte 1: a number with a leading zero" },
        { "\"\\ud800\"", 1, "invalid JSON at byte 1: half of a surrogate pair in a string" },
        { "\"ab\xff\"", 3, "invalid JSON at byte 3: a string that is not UTF-8" },
        { "\xef\xbb\xbf{}", 0, "invalid JSON at byte 0: the text begins with a byte order mark" },
        { "{} x", 3, "invalid JSON at byte 3: something follows the value" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_problem problem;

        ck_assert_int_eq(check_copy(cases[i].text, strlen(cases[i].text), &problem), EB_DECODE);
        ck_assert_str_eq(problem.text, cases[i].says);
        ck_assert_uint_eq(problem.offset, cases[i].offset);
    }
}
END_TEST

START_TEST(reader_accepts_random_trees_that_cjson_prints)
{
    uint64_t random = 7;

    for (long n = 0; n < unit_cases(300); n++) {
        cJSON     *tree = cJSON_CreateArray(), *at = tree;
        char      *text;
        eb_problem problem;

        for (int i = 0; i < 30; i++) {
            cJSON *made;

            switch (unit_random(&random) >> 40 & 7) {
            case 0:
                made = cJSON_CreateNumber((double)(int64_t)unit_random(&random));
                break;
            case 1:
                made = cJSON_CreateNumber((double)(int32_t)unit_random(&random) / 64);
                break;
            case 2:
                made = cJSON_CreateString("\n\"\\ \xe2\x82\xac \x01");
                break;
            case 3:
                made = cJSON_CreateNull();
                break;
            case 4:
                made = cJSON_CreateBool(true);
                break;
            case 5:
                made = cJSON_CreateObject();
                break;
            default:
                made = cJSON_CreateArray();
                break;
            }
            if (cJSON_IsObject(at))
                cJSON_AddItemToObject(at, "k\"ey", made);
            else
                cJSON_AddItemToArray(at, made);
            if (cJSON_IsObject(made) || cJSON_IsArray(made))
                at = made;
        }
        text = n % 2 == 0 ? cJSON_Print(tree) : cJSON_PrintUnformatted(tree);
        ck_assert_msg(eb__json_check(text, strlen(text), NULL, &problem) == EB_OK, "%s", problem.text);
        cJSON_free(text);
        cJSON_Delete(tree);
    }
}
END_TEST

/* Bytes changed at random: whatever comes out, nothing is read beyond the end, and what we accept
 * is accepted by cJSON too. */
START_TEST(reader_survives_random_damage)
{
    static const char text[] = "{\"name\":\"edge \\u00e9\\ud83c\\udfae\",\"n\":[1,2.5,-3e10,true,"
                               "false,null],\"o\":{\"a\":{},\"b\":[]}}";
    uint64_t          random = 3;

    for (long n = 0; n < unit_cases(20000); n++) {
        char   copy[sizeof text];
        size_t len = sizeof text - 1;

        memcpy(copy, text, sizeof text);
        for (uint64_t changes = unit_random(&random) % 3 + 1; changes > 0; changes--) {
            const size_t at = (size_t)(unit_random(&random) % len);

            copy[at] = unit_random(&random) % 2 == 0 ? text[unit_random(&random) % len]
                                                     : (char)(unit_random(&random) >> 32);
        }
        if (check_copy(copy, len, NULL) == EB_OK) {
            const text_case c = { copy, len, false };

            ck_assert_msg(cjson_accepts(&c), "%s", copy);
        }
    }
}
END_TEST

START_TEST(reader_stops_at_the_depth_allowed)
{
    char         text[2100];
    eb_limits_in limits = { 3, 0 };
    eb_problem   problem;

    ck_assert_int_eq(eb__json_check("[[[1]]]", 7, &limits, &problem), EB_OK);
    ck_assert_int_eq(eb__json_check("[[[[]]]]", 8, &limits, &problem), EB_LIMIT);
    ck_assert_str_eq(problem.text, "nested deeper than 3 levels");
    ck_assert_int_eq(eb__json_check("[{\"a\":{}},[[]],{\"a\":{}}]", 24, &limits, &problem), EB_OK);
    for (size_t depth = 1; depth <= 1000; depth++) {
        const size_t allowed = depth % 2 == 0 ? 64 : 512;

        limits.max_depth = depth % 2 == 0 ? 0 : 100000;
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        ck_assert_int_eq(eb__json_check(text, 2 * depth, &limits, &problem),
                         depth <= allowed ? EB_OK : EB_LIMIT);
        ck_assert_int_eq(eb__json_check(text, depth, &limits, &problem),
                         depth <= allowed ? EB_DECODE : EB_LIMIT);
    }
}
END_TEST

START_TEST(reader_counts_every_value)
{
    const char        *text   = "{\"a\":1,\"a\":[2,\"3\",null,true],\"b\":{}}"; /* 8 values */
    const eb_limits_in enough = { 0, 8 }, short_of_one = { 0, 7 };
    eb_problem         problem;

    ck_assert_int_eq(eb__json_check(text, strlen(text), &enough, &problem), EB_OK);
    ck_assert_int_eq(eb__json_check(text, strlen(text), &short_of_one, &problem), EB_LIMIT);
    ck_assert_str_eq(problem.text, "more values in one text than allowed");
}
END_TEST

/* ---- Free-form values ------------------------------------------------------------------------ */

static void assert_found(const char *text, const char *pointer, const char *expected)
{
    eb_json found = { NULL, 0 };

    if (expected == NULL) {
        ck_assert_msg(!eb__json_find(text, strlen(text), pointer, &found), "%s in %s", pointer, text);
        return;
    }
    ck_assert_msg(eb__json_find(text, strlen(text), pointer, &found), "%s in %s", pointer, text);
    ck_assert_uint_eq(found.len, strlen(expected));
    ck_assert_mem_eq(found.text, expected, found.len);
}

START_TEST(find_follows_pointers)
{
    const char *text = " {\"a\":[10,{\"b\":\"x\"},[]],\"\":1,\"a/b\":2,\"m~n\":3,\"\\u0065\\\"\":4,"
                       "\"n\":null} ";

    assert_found(text, "/a/0", "10");
    assert_found(text, "/a/1/b", "\"x\"");
    assert_found(text, "/a/2", "[]");
    assert_found(text, "/a/3", NULL);
    assert_found(text, "/a/00", NULL);
    assert_found(text, "/a/-", NULL);
    assert_found(text, "/a/2/0", NULL);
    assert_found(text, "/", "1");
    assert_found(text, "/a~1b", "2");
    assert_found(text, "/m~0n", "3");
    assert_found(text, "/e\"", "4");
    assert_found(text, "/n", "null");
    assert_found(text, "/n/x", NULL);
    assert_found(text, "/x", NULL);
    assert_found(text, "a", NULL);
    assert_found("[1]", "", "[1]");
    assert_found(" \"x\" ", "", "\"x\"");
    assert_found("", "", NULL);
    assert_found("", "/a", NULL);
}
END_TEST

START_TEST(find_takes_the_last_of_duplicates)
{
    assert_found("{\"a\":1,\"b\":0,\"a\":{\"c\":2},\"a\":{\"c\":3,\"c\":4}}", "/a/c", "4");
}
END_TEST

START_TEST(find_reads_broken_text_as_far_as_it_goes)
{
    assert_found("{\"code\":\"X\",\"message\":\"cut of", "/code", "\"X\"");
    assert_found("{\"code\":\"X\",\"message\":\"cut of", "/message", NULL);
    assert_found("{\"code\":\"X\"", "/code", "\"X\"");
    assert_found("{\"error\":{\"code\":\"X\",\"mess", "/error/code", "\"X\"");
    assert_found("{\"error\":{\"code\":\"X\",\"mess", "/error", NULL);
    assert_found("{\"code\":1, oops", "/code", "1");
    assert_found("<html>", "/code", NULL);
    assert_found("{\"a\":1}{", "/a", "1");
}
END_TEST

START_TEST(plain_gives_text_without_quotes)
{
    static const struct {
        const char *json, *plain;
    } cases[] = {
        { "\"a\\n\\u20ac\"", "a\n\xe2\x82\xac" },
        { "12.50", "12.50" },
        { "true", "true" },
        { "null", NULL },
        { "[1, 2]", "[1, 2]" },
        { "{\"a\":1}", "{\"a\":1}" },
        { "\"a\\u0000\"", NULL },
        { "\"broken", NULL },
        { "", NULL },
        { "nope", NULL },
        { " \"spaced\" ", "spaced" },
        { "\"\"", "" },
    };
    eb_arena *arena = eb__arena_new(NULL, 0);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_json json  = { cases[i].json, strlen(cases[i].json) };
        const char   *plain = eb__json_plain(json, arena);

        if (cases[i].plain == NULL)
            ck_assert_ptr_null(plain);
        else
            ck_assert_str_eq(plain, cases[i].plain);
    }
    eb__arena_free(arena);
}
END_TEST

START_TEST(member_walks_an_object_in_order)
{
    const char   *text   = " { \"a\\u0062\" : 1 , \"c\":[2 ], \"a\\u0062\":null } ";
    const eb_json object = { text, strlen(text) };
    eb_arena     *arena  = eb__arena_new(NULL, 0);
    const char   *key;
    eb_json       value;
    size_t        at = 0;

    ck_assert(eb__json_member(object, &at, &key, &value, arena));
    ck_assert_str_eq(key, "ab");
    ck_assert_mem_eq(value.text, "1", value.len);
    ck_assert(eb__json_member(object, &at, &key, &value, arena));
    ck_assert_str_eq(key, "c");
    ck_assert_uint_eq(value.len, 4);
    ck_assert_mem_eq(value.text, "[2 ]", value.len);
    ck_assert(eb__json_member(object, &at, &key, &value, arena));
    ck_assert_str_eq(key, "ab");
    ck_assert_mem_eq(value.text, "null", value.len);
    ck_assert(!eb__json_member(object, &at, &key, &value, arena));
    ck_assert(!eb__json_member(object, &at, &key, &value, arena));
    at = 0;
    ck_assert(!eb__json_member((eb_json)EB_JSON("[1]"), &at, &key, &value, arena));
    at = 0;
    ck_assert(!eb__json_member((eb_json)EB_JSON("{}"), &at, &key, &value, arena));
    eb__arena_free(arena);
}
END_TEST

UNIT_TESTS("reader", reader_accepts_what_rfc_8259_allows, reader_refuses_everything_else,
           reader_refuses_every_cut_of_a_text, reader_says_where_and_what,
           reader_accepts_random_trees_that_cjson_prints, reader_survives_random_damage,
           reader_stops_at_the_depth_allowed, reader_counts_every_value, find_follows_pointers,
           find_takes_the_last_of_duplicates, find_reads_broken_text_as_far_as_it_goes,
           plain_gives_text_without_quotes, member_walks_an_object_in_order)
