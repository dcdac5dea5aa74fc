/* test_encode.c -- structs into text: every kind of member, what is left out, escapes, limits.
 * Reading back is asked of cJSON as well as of our own reader. */
#include "sample.h"

#include <cjson/cJSON.h>

static void assert_encodes(const eb_type *type, const void *value, const char *expected)
{
    eb_buf out = { 0 };

    eb__encode(&out, type, value);
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
}

#define PLAIN  "{\"plain_bool\":false,\"plain_int\":0,\"plain_num\":0"
#define INSIDE "\"inside\":{\"x\":0,\"y\":0,\"weight\":0,\"visible\":false}"

START_TEST(encode_leaves_out_what_is_absent)
{
    const sample        s = { 0 };
    const sample_strict t = { 0 };
    const sample_node   n = { 0 };

    assert_encodes(&sample_type, &s, PLAIN "," INSIDE "}");
    assert_encodes(&sample_strict_type, &t, "{}");
    assert_encodes(&sample_node_type, &n, "{}");
}
END_TEST

START_TEST(encode_writes_false_zero_and_empty)
{
    const sample s = { .flag   = EB_BOOL(false),
                       .port   = EB_INT(0),
                       .ratio  = EB_NUM(0),
                       .name   = "",
                       .tags   = EB_EMPTY,
                       .labels = EB_EMPTY,
                       .node   = &(sample_node){ 0 },
                       .extra  = EB_JSON("{}") };

    assert_encodes(&sample_type, &s,
                   PLAIN ",\"flag\":false,\"port\":0,\"ratio\":0,\"name\":\"\",\"extra\":{},"
                         "\"node\":{}," INSIDE ",\"tags\":[],\"labels\":{}}");
}
END_TEST

START_TEST(encode_writes_null_where_it_was_set)
{
    const sample s = { .flag   = EB_BOOL_NULL,
                       .port   = EB_INT_NULL,
                       .ratio  = EB_NUM_NULL,
                       .name   = eb_string_null,
                       .color  = SAMPLE_COLOR_NULL,
                       .level  = SAMPLE_LEVEL_NULL,
                       .point  = &sample_point_null,
                       .tags   = EB_LIST_NULL,
                       .labels = EB_LIST_NULL,
                       .extra  = EB_JSON("null") };

    assert_encodes(&sample_type, &s,
                   PLAIN ",\"flag\":null,\"port\":null,\"ratio\":null,\"name\":null,\"color\":null,"
                         "\"level\":null,\"extra\":null,\"point\":null," INSIDE ",\"tags\":null,"
                         "\"labels\":null}");
    assert_encodes(&sample_point_type, &sample_point_null, "null");
}
END_TEST

START_TEST(encode_writes_every_kind)
{
    static const sample_color_item colors[] = { { SAMPLE_COLOR_RED, NULL },
                                                { SAMPLE_COLOR_OTHER, "m" },
                                                { SAMPLE_COLOR_NULL, NULL } };
    static const sample_level_item levels[] = { { SAMPLE_LEVEL_HIGH, 0 }, { SAMPLE_LEVEL_OTHER, 5 } };
    static const eb_str_entry      labels[]  = { { "k", "v" }, { "\"", "\\" } };
    static const eb_str_entry      rest[]    = { { "more", "x" }, { "and", "y" } };
    static const sample_point_entry places[] = { { "home", { 1, 2, 0.5, true } } };
    static const bool               bools[]  = { true, false };
    static const double             nums[]   = { 0.1, -2 };
    static const char *const        holes[]  = { "a", eb_string_null };
    static const sample_point       row[]    = { { .x = 1 } };
    static const sample_point_list  grid[]   = { EB_LIST(row), EB_EMPTY, EB_LIST_NULL };
    const sample                    s        = { .plain_bool   = true,
                                                 .plain_int    = INT64_MIN,
                                                 .plain_num    = 1e300,
                                                 .id           = "7",
                                                 .color        = SAMPLE_COLOR_GREEN,
                                                 .color_text   = "ignored",
                                                 .level        = SAMPLE_LEVEL_OTHER,
                                                 .level_number = -3,
                                                 .holes        = EB_LIST(holes),
                                                 .nums         = EB_LIST(nums),
                                                 .bools        = EB_LIST(bools),
                                                 .colors       = EB_LIST(colors),
                                                 .levels       = EB_LIST(levels),
                                                 .grid         = EB_LIST(grid),
                                                 .labels       = EB_LIST(labels),
                                                 .places       = EB_LIST(places),
                                                 .odd          = "o",
                                                 .rest         = EB_LIST(rest) };

    assert_encodes(&sample_type, &s,
                   "{\"plain_bool\":true,\"plain_int\":-9223372036854775808,\"plain_num\":1e300,\"id\":\"7\","
                   "\"color\":\"gr\\\"een\",\"level\":-3," INSIDE ",\"holes\":[\"a\",null],\"nums\":[0.1,-2],"
                   "\"bools\":[true,false],\"colors\":[\"red\",\"m\",null],\"levels\":[-20,5],"
                   "\"grid\":[[{\"x\":1,\"y\":0,\"weight\":0,\"visible\":false}],[],null],"
                   "\"labels\":{\"k\":\"v\",\"\\\"\":\"\\\\\"},"
                   "\"places\":{\"home\":{\"x\":1,\"y\":2,\"weight\":0.5,\"visible\":true}},"
                   "\"x:o\\\"d\\\\d/\xc3\xa9\":\"o\",\"more\":\"x\",\"and\":\"y\"}");
}
END_TEST

START_TEST(encode_writes_unknown_members_alone)
{
    static const eb_json_entry rest[] = { { "a", EB_JSON("[1]") }, { "b", EB_JSON("null") } };
    const sample_open          open   = { .rest = EB_LIST(rest) };

    assert_encodes(&sample_open_type, &open, "{\"a\":[1],\"b\":null}");
}
END_TEST

START_TEST(encode_takes_lists_and_maps_as_the_whole)
{
    static const int64_t      numbers[] = { 1, 2 };
    static const eb_str_entry entries[] = { { "a", "b" } };
    const eb_int_list         list      = EB_LIST(numbers);
    const eb_str_map          map       = EB_LIST(entries);

    assert_encodes(&eb_int_list_type, &list, "[1,2]");
    assert_encodes(&eb_str_map_type, &map, "{\"a\":\"b\"}");
    assert_encodes(&eb_str_map_type, NULL, "null");
}
END_TEST

/* Each byte at each place of texts of every length around a word: our text reads back in cJSON. */
START_TEST(encode_escapes_exactly_what_must_be)
{
    for (int c = 1; c < 128; c++) {
        for (size_t len = 1; len <= 20; len++) {
            for (size_t at = 0; at<len; at += len> 9 ? 3 : 1) {
                char   text[24];
                eb_buf out = { 0 };
                cJSON *back;

                memset(text, 'x', len);
                text[at]  = (char)c;
                text[len] = '\0';
                eb__put_json_string(&out, text, len);
                back = cJSON_Parse(eb__buf_text(&out));
                ck_assert_ptr_nonnull(back);
                ck_assert_str_eq(back->valuestring, text);
                if (c >= 0x20 && c != '"' && c != '\\')
                    ck_assert_uint_eq(out.len, len + 2);
                cJSON_Delete(back);
                eb__buf_free(&out);
            }
        }
    }
}
END_TEST

START_TEST(encode_leaves_what_is_not_ascii)
{
    static const char *const texts[] = { "\xe2\x80\xa8", "caf\xc3\xa9 and more \xf0\x9f\x8e\xae text",
                                         "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "\x7f" };
    eb_buf                   out     = { 0 };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        eb__buf_clear(&out);
        eb__put_json_string(&out, texts[i], strlen(texts[i]));
        ck_assert_uint_eq(out.len, strlen(texts[i]) + 2);
        ck_assert_mem_eq(out.data + 1, texts[i], strlen(texts[i]));
    }
    eb__buf_clear(&out);
    eb__put_json_string(&out, "\x01\x1f\b\f\n\r\t/", 8);
    ck_assert_str_eq(eb__buf_text(&out), "\"\\u0001\\u001f\\b\\f\\n\\r\\t/\"");
    eb__buf_free(&out);
}
END_TEST

START_TEST(encode_keeps_to_the_limit_of_the_buffer)
{
    const sample_point point = { 1, 2, 3, true };
    const size_t       len   = strlen("{\"x\":1,\"y\":2,\"weight\":3,\"visible\":true}");

    for (size_t max = 1; max <= len; max++) {
        eb_buf out;

        eb__buf_init(&out, NULL, max);
        eb__encode(&out, &sample_point_type, &point);
        ck_assert_int_eq(eb__buf_status(&out), max < len ? EB_LIMIT : EB_OK);
        ck_assert_uint_le(out.len, max);
        eb__buf_free(&out);
    }
}
END_TEST

START_TEST(encode_appends_to_what_stands_there)
{
    const sample_point point = { 0 };
    eb_buf             out   = { 0 };

    eb__buf_puts(&out, "p=");
    eb__encode(&out, &sample_point_type, &point);
    ck_assert_str_eq(eb__buf_text(&out), "p={\"x\":0,\"y\":0,\"weight\":0,\"visible\":false}");
    eb__buf_free(&out);
}
END_TEST

static bool encode_much(const eb_allocator *allocator)
{
    sample_node *nodes = calloc(2000, sizeof *nodes);
    sample_node  node  = { .children = { nodes, 2000 } };
    eb_buf       out;
    bool         worked;

    for (int i = 0; i < 2000; i++)
        nodes[i].name = i % 2 == 0 ? "a name without escapes" : "one \"with\"\n some";
    eb__buf_init(&out, allocator, 0);
    eb__encode(&out, &sample_node_type, &node);
    worked = eb__buf_status(&out) == EB_OK;
    if (worked)
        ck_assert_int_eq(eb__json_check(out.data, out.len, NULL, NULL), EB_OK);
    eb__buf_free(&out);
    free(nodes);
    return worked;
}

START_TEST(encode_survives_each_failing_allocation)
{
    unit_fail_each(encode_much);
}
END_TEST

/* ---- One member ------------------------------------------------------------------------------ */

static const char *member(eb_buf *out, const char *name, const sample *s, bool plain)
{
    const eb_field *row = eb__row_find(&sample_type, name, strlen(name));
    bool            written;

    ck_assert_ptr_nonnull(row);
    eb__buf_clear(out);
    written = plain ? eb__encode_plain(out, row, s) : eb__encode_member(out, row, s);
    ck_assert(written || out->len == 0);
    return written ? eb__buf_text(out) : NULL;
}

START_TEST(encode_member_and_plain_write_one_member)
{
    static const char *const tags[] = { "a", "b" };
    const sample             s      = { .flag   = EB_BOOL(true),
                                        .port   = EB_INT(-5),
                                        .ratio  = EB_NUM(0.5),
                                        .name   = "a \"b\"",
                                        .color  = SAMPLE_COLOR_RED,
                                        .level  = SAMPLE_LEVEL_LOW,
                                        .tags   = EB_LIST(tags),
                                        .secret = eb_string_null,
                                        .extra  = EB_JSON("[1]"),
                                        .node   = &(sample_node){ 0 } };
    eb_buf                   out    = { 0 };

    ck_assert_str_eq(member(&out, "flag", &s, true), "true");
    ck_assert_str_eq(member(&out, "port", &s, true), "-5");
    ck_assert_str_eq(member(&out, "ratio", &s, true), "0.5");
    ck_assert_str_eq(member(&out, "name", &s, true), "a \"b\"");
    ck_assert_str_eq(member(&out, "name", &s, false), "\"a \\\"b\\\"\"");
    ck_assert_str_eq(member(&out, "color", &s, true), "red");
    ck_assert_str_eq(member(&out, "color", &s, false), "\"red\"");
    ck_assert_str_eq(member(&out, "level", &s, true), "10");
    ck_assert_str_eq(member(&out, "tags", &s, false), "[\"a\",\"b\"]");
    ck_assert_str_eq(member(&out, "node", &s, false), "{}");
    ck_assert_str_eq(member(&out, "extra", &s, false), "[1]");
    ck_assert_ptr_null(member(&out, "tags", &s, true));
    ck_assert_ptr_null(member(&out, "node", &s, true));
    ck_assert_ptr_null(member(&out, "secret", &s, true));
    ck_assert_ptr_null(member(&out, "secret", &s, false));
    ck_assert_ptr_null(member(&out, "id", &s, true));
    ck_assert_ptr_null(member(&out, "id", &s, false));
    eb__buf_free(&out);
}
END_TEST

UNIT_TESTS("encode", encode_leaves_out_what_is_absent, encode_writes_false_zero_and_empty,
           encode_writes_null_where_it_was_set, encode_writes_every_kind,
           encode_writes_unknown_members_alone, encode_takes_lists_and_maps_as_the_whole,
           encode_escapes_exactly_what_must_be, encode_leaves_what_is_not_ascii,
           encode_keeps_to_the_limit_of_the_buffer, encode_appends_to_what_stands_there,
           encode_survives_each_failing_allocation, encode_member_and_plain_write_one_member)
