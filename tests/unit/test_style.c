/* test_style.c -- every style of OpenAPI in every place it can stand in: the examples of its own table, byte for byte,
 * and what a place cannot hold. */
#include "unit.h"

#include "style.h"

#define EMPTY  "\"\""
#define STRING "\"blue\""
#define LIST   "[\"blue\",\"black\",\"brown\"]"
#define OBJECT "{\"R\":100,\"G\":200,\"B\":150}"

static eb_problem problem;

/* A value as it is written, "" when nothing is; NULL when it is refused. */
static const char *written(uint8_t in, unsigned style, bool explode, const char *name, const char *json)
{
    static char     text[1000];
    const eb_styled how = { .name = name, .in = in, .style = (uint8_t)style, .explode = explode };
    eb_buf          out = { 0 };
    eb_status       st;

    memset(&problem, 0, sizeof problem);
    st = eb__style_json(&out, &how, (eb_json){ json, strlen(json) }, &problem);
    ck_assert(st == EB_OK || st == EB_DONE || st == EB_INVALID);
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert(st != EB_DONE || out.len == 0);
    memcpy(text, eb__buf_text(&out), out.len);
    text[out.len] = '\0';
    eb__buf_free(&out);
    return st == EB_INVALID ? NULL : text;
}

START_TEST(the_table_of_the_specification)
{
    static const struct {
        uint8_t     in, style;
        bool        explode;
        const char *empty, *string, *list, *object;
    } rows[] = {
        { EB_IN_PATH, EB_STYLE_MATRIX, false, NULL, ";color=blue", ";color=blue,black,brown",
          ";color=R,100,G,200,B,150" },
        { EB_IN_PATH, EB_STYLE_MATRIX, true, NULL, ";color=blue",
          ";color=blue;color=black;color=brown", ";R=100;G=200;B=150" },
        { EB_IN_PATH, EB_STYLE_LABEL, false, NULL, ".blue", ".blue,black,brown", ".R,100,G,200,B,150" },
        { EB_IN_PATH, EB_STYLE_LABEL, true, NULL, ".blue", ".blue.black.brown", ".R=100.G=200.B=150" },
        { EB_IN_PATH, EB_STYLE_USUAL, false, NULL, "blue", "blue,black,brown", "R,100,G,200,B,150" },
        { EB_IN_PATH, EB_STYLE_USUAL, true, NULL, "blue", "blue,black,brown", "R=100,G=200,B=150" },
        { EB_IN_HEADER, EB_STYLE_USUAL, false, "", "blue", "blue,black,brown", "R,100,G,200,B,150" },
        { EB_IN_HEADER, EB_STYLE_USUAL, true, "", "blue", "blue,black,brown", "R=100,G=200,B=150" },
        { EB_IN_QUERY, EB_STYLE_USUAL, false, "color=", "color=blue", "color=blue,black,brown",
          "color=R,100,G,200,B,150" },
        { EB_IN_QUERY, EB_STYLE_USUAL, true, "color=", "color=blue",
          "color=blue&color=black&color=brown", "R=100&G=200&B=150" },
        { EB_IN_QUERY, EB_STYLE_SPACE, false, "color=", "color=blue", "color=blue%20black%20brown",
          "color=R%20100%20G%20200%20B%20150" },
        { EB_IN_QUERY, EB_STYLE_PIPE, false, "color=", "color=blue", "color=blue%7Cblack%7Cbrown",
          "color=R%7C100%7CG%7C200%7CB%7C150" },
        { EB_IN_QUERY, EB_STYLE_DEEP, true, "color=", "color=blue",
          "color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown",
          "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150" },
        { EB_IN_COOKIE, EB_STYLE_USUAL, false, "color=", "color=blue", "color=blue,black,brown",
          "color=R,100,G,200,B,150" },
        { EB_IN_COOKIE, EB_STYLE_USUAL, true, "color=", "color=blue",
          "color=blue; color=black; color=brown", "R=100; G=200; B=150" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const values[] = { EMPTY, STRING, LIST, OBJECT };
        const char *const wanted[4] = { rows[i].empty, rows[i].string, rows[i].list, rows[i].object };

        for (size_t k = 0; k < 4; k++) {
            const char *found = written(rows[i].in, rows[i].style, rows[i].explode, "color", values[k]);

            ck_assert_msg((found == NULL) == (wanted[k] == NULL) &&
                              (found == NULL || strcmp(found, wanted[k]) == 0),
                          "row %zu, value %zu: %s, expected %s", i, k, found ? found : "(refused)",
                          wanted[k] ? wanted[k] : "(refused)");
        }
    }
}
END_TEST

START_TEST(a_form_is_written_like_a_query)
{
    ck_assert_str_eq(written(EB_IN_BODY, EB_STYLE_USUAL, true, "color", LIST),
                     "color=blue&color=black&color=brown");
    ck_assert_str_eq(written(EB_IN_BODY, EB_STYLE_DEEP, true, "color", OBJECT),
                     "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150");
}
END_TEST

START_TEST(what_separates_is_encoded_inside_a_value)
{
    ck_assert_str_eq(written(EB_IN_QUERY, 0, false, "a b", "[\"x,y\",\"&=\",\"\"]"),
                     "a%20b=x%2Cy,%26%3D,");
    ck_assert_str_eq(written(EB_IN_PATH, 0, false, "a", "[\"x,y\",\"/\",\"..\"]"), "x%2Cy,%2F,..");
    ck_assert_str_eq(written(EB_IN_PATH, EB_STYLE_MATRIX, true, "a", "[\";\",\"=\"]"), ";a=%3B;a=%3D");
    ck_assert_str_eq(written(EB_IN_QUERY, 0, true, "a", "{\"k=&\":\"v=&\"}"), "k%3D%26=v%3D%26");
    ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_DEEP, true, "a", "{\"]\":{\"[\":1}}"),
                     "a%5B%5D%5D%5B%5B%5D=1");
    ck_assert_str_eq(written(EB_IN_QUERY, 0, true, "a", "\"\\u00e9\\n\\\"\\u0000\""), "a=%C3%A9%0A%22%00");
}
END_TEST

START_TEST(nothing_is_written_for_nothing)
{
    static const char *const nothing[] = { "null", "[]", "{}", "[null]", "{\"a\":null}", " [ ] ", "" };

    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_USUAL, false, "a", nothing[i]), "");
        ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_USUAL, true, "a", nothing[i]), "");
        ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_DEEP, true, "a", nothing[i]), "");
        ck_assert_str_eq(written(EB_IN_PATH, EB_STYLE_MATRIX, false, "a", nothing[i]), "");
    }
    ck_assert_str_eq(written(EB_IN_QUERY, 0, false, "a", "[null,1,null,2]"), "a=1,2");
    ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_DEEP, true, "a", "[null,[1],null,[2]]"),
                     "a%5B0%5D%5B%5D=1&a%5B1%5D%5B%5D=2");
}
END_TEST

START_TEST(a_deep_object_goes_all_the_way_down)
{
    ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_DEEP, true, "a",
                             "{\"b\":{\"c\":[1,2]},\"d\":[{\"e\":true},{\"e\":[\"x\"],\"f\":0.5}]}"),
                     "a%5Bb%5D%5Bc%5D%5B%5D=1&a%5Bb%5D%5Bc%5D%5B%5D=2&a%5Bd%5D%5B0%5D%5Be%5D=true"
                     "&a%5Bd%5D%5B1%5D%5Be%5D%5B%5D=x&a%5Bd%5D%5B1%5D%5Bf%5D=0.5");
}
END_TEST

START_TEST(what_is_nested_otherwise_is_json)
{
    ck_assert_str_eq(written(EB_IN_QUERY, 0, true, "a", "{\"b\":[1,2],\"c\":3}"), "b=%5B1%2C2%5D&c=3");
    ck_assert_str_eq(written(EB_IN_QUERY, 0, false, "a", "[{\"b\":1}]"), "a=%7B%22b%22%3A1%7D");
}
END_TEST

START_TEST(reserved_signs_stay_where_they_are_allowed)
{
    ck_assert_str_eq(written(EB_IN_QUERY, EB_ALLOW_RESERVED, true, "a[b]", "\":/?#[]@!$&'()*+,;= %\""),
                     "a%5Bb%5D=:/?%23%5B%5D@!$%26'()*%2B,;=%20%25");
    ck_assert_str_eq(written(EB_IN_QUERY, EB_ALLOW_RESERVED, true, "a", "\"%2F%2f%zz%4\""),
                     "a=%2F%2f%25zz%254");
}
END_TEST

START_TEST(a_path_is_not_led_elsewhere)
{
    static const char *const elsewhere[] = { "\"\"", "\".\"", "\"..\"" };

    for (size_t i = 0; i < 3; i++)
        for (unsigned style = EB_STYLE_USUAL; style <= EB_STYLE_MATRIX; style++)
            for (int explode = 0; explode < 2; explode++) {
                char list[20] = "[";

                ck_assert_ptr_null(written(EB_IN_PATH, style, explode, "a", elsewhere[i]));
                ck_assert_ptr_nonnull(strstr(problem.text, "cannot be part of a path"));
                strcat(strcat(list, elsewhere[i]), "]");
                if (style == EB_STYLE_USUAL || i == 0)
                    ck_assert_ptr_null(written(EB_IN_PATH, style, explode, "a", list));
            }
    ck_assert_ptr_null(written(EB_IN_PATH, EB_STYLE_LABEL, true, "a", "[\".\"]"));
    ck_assert_ptr_null(written(EB_IN_PATH, EB_STYLE_USUAL, false, "a", "[\"x\",\"\"]"));
}
END_TEST

START_TEST(a_cookie_holds_no_more_than_its_value)
{
    static const char *const bad[] = { "\"a;b\"",     "\"a,b\"",    "\"a b\"",  "\"a\\tb\"",
                                       "\"a\\nb\"",   "\"\\\"\"",   "\"\\\\\"", "\"\\u007f\"",
                                       "\"\\u00e9\"", "\"\\u0000\"" };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char list[40] = "[";

        ck_assert_msg(written(EB_IN_COOKIE, 0, false, "a", bad[i]) == NULL, "%s", bad[i]);
        ck_assert_ptr_null(written(EB_IN_COOKIE, 0, true, "a", strcat(strcat(list, bad[i]), "]")));
    }
    ck_assert_ptr_null(written(EB_IN_COOKIE, 0, true, "a", "{\"k;\":1}"));
    ck_assert_str_eq(written(EB_IN_COOKIE, 0, true, "a", "\"!#$%&'()*+-./:<=>?@[]^_`{|}~\""),
                     "a=!#$%&'()*+-./:<=>?@[]^_`{|}~");
    (void)written(EB_IN_COOKIE, 0, true, "a", "\"x;\"");
    ck_assert_str_eq(problem.text,
                     "byte 1 is 0x3b, which cannot be sent in a cookie; visible ASCII without quotes, "
                     "commas, semicolons and backslashes can");
}
END_TEST

START_TEST(an_item_that_would_read_as_two_is_refused)
{
    ck_assert_ptr_null(written(EB_IN_HEADER, 0, false, "a", "[\"x,y\"]"));
    ck_assert_str_eq(problem.text,
                     "an item with \",\", which separates the items here, would be read as two");
    ck_assert_ptr_null(written(EB_IN_HEADER, 0, true, "a", "{\"k\":\"x,y\"}"));
    ck_assert_str_eq(written(EB_IN_HEADER, 0, false, "a", "\"x,y\""), "x,y");
    ck_assert_ptr_null(written(EB_IN_QUERY, EB_STYLE_SPACE, false, "a", "[\"x y\"]"));
    ck_assert_ptr_null(written(EB_IN_QUERY, EB_STYLE_PIPE, false, "a", "[\"x|y\"]"));
    ck_assert_str_eq(written(EB_IN_QUERY, EB_STYLE_PIPE, true, "a", "[\"x|y\"]"), "a=x%7Cy");
    ck_assert_ptr_null(written(EB_IN_HEADER, 0, false, "a", "\"x\\r\\ny\""));
}
END_TEST

START_TEST(a_failed_allocation_is_told_and_leaves_nothing)
{
    const eb_styled how = { .name = "a", .in = EB_IN_QUERY, .style = EB_STYLE_DEEP, .explode = true };
    const char      json[] = "{\"a\\n\":{\"b\\n\":[\"\\u00e9\",2]}}";
    bool            done   = false;

    for (long fail_at = 1; !done; fail_at++) {
        unit_memory memory;
        eb_buf      out;
        eb_status   st;

        unit_memory_init(&memory, fail_at);
        eb__buf_init(&out, &memory.allocator, 0);
        st   = eb__style_json(&out, &how, (eb_json){ json, sizeof json - 1 }, &problem);
        st   = st == EB_OK ? eb__buf_status(&out) : st;
        done = st == EB_OK;
        ck_assert(done || st == EB_NOMEM);
        ck_assert_int_lt(fail_at, 20);
        eb__buf_free(&out);
        ck_assert_int_eq(memory.live, 0);
        ck_assert(!memory.bad);
    }
}
END_TEST

UNIT_TESTS("style", the_table_of_the_specification, a_form_is_written_like_a_query,
           what_separates_is_encoded_inside_a_value, nothing_is_written_for_nothing,
           a_deep_object_goes_all_the_way_down, what_is_nested_otherwise_is_json,
           reserved_signs_stay_where_they_are_allowed, a_path_is_not_led_elsewhere,
           a_cookie_holds_no_more_than_its_value, an_item_that_would_read_as_two_is_refused,
           a_failed_allocation_is_told_and_leaves_nothing)
