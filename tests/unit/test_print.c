/* test_print.c -- what people are shown, and what they are not. */
#include "sample.h"

static void assert_prints(const eb_type *type, const void *value, const char *expected)
{
    eb_buf out = { 0 };

    eb__print(&out, type, value);
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
}

START_TEST(print_indents_by_two)
{
    static const sample_node kids[] = { { .name = "a" }, { .name = "b", .next = &sample_node_null } };
    const sample_node        node   = { .name = "top", .children = EB_LIST(kids) };
    const sample_node        childless = { .children = EB_EMPTY };

    assert_prints(&sample_node_type, &node,
                  "{\n"
                  "  \"name\": \"top\",\n"
                  "  \"children\": [\n"
                  "    {\n"
                  "      \"name\": \"a\"\n"
                  "    },\n"
                  "    {\n"
                  "      \"name\": \"b\",\n"
                  "      \"next\": null\n"
                  "    }\n"
                  "  ]\n"
                  "}");
    assert_prints(&sample_node_type, &childless, "{\n  \"children\": []\n}");
    assert_prints(&sample_node_type, &(sample_node){ 0 }, "{}");
    assert_prints(&sample_node_type, NULL, "null");
    assert_prints(&sample_node_type, &sample_node_null, "null");
}
END_TEST

START_TEST(print_masks_secrets_whole)
{
    static const char *const  secrets[] = { "one", "two" };
    static const eb_str_entry rest[]    = { { "unknown", "may be secret" } };
    const sample              s         = { .secret  = "hunter2",
                                            .secrets = EB_LIST(secrets),
                                            .rest    = EB_LIST(rest),
                                            .extra   = EB_JSON("{\"shown\": 1}") };
    eb_buf                    out       = { 0 };

    eb__print(&out, &sample_type, &s);
    ck_assert_ptr_nonnull(strstr(out.data, "\"secret\": \"***\""));
    ck_assert_ptr_nonnull(strstr(out.data, "\"secrets\": \"***\""));
    ck_assert_ptr_nonnull(strstr(out.data, "\"extra\": {\"shown\": 1}"));
    ck_assert_ptr_null(strstr(out.data, "hunter2"));
    ck_assert_ptr_null(strstr(out.data, "two"));
    ck_assert_ptr_null(strstr(out.data, "unknown"));
    ck_assert_ptr_null(strstr(out.data, "may be"));
    eb__buf_free(&out);
}
END_TEST

START_TEST(print_shows_null_of_a_secret)
{
    const sample s   = { .secret = eb_string_null };
    eb_buf       out = { 0 };

    eb__print(&out, &sample_type, &s);
    ck_assert_ptr_nonnull(strstr(out.data, "\"secret\": null"));
    eb__buf_free(&out);
}
END_TEST

START_TEST(print_shows_broken_values_as_well_as_it_can)
{
    static const char *const       tags[]   = { "caf\xe9!", NULL, "\xc3" };
    static const sample_color_item colors[] = { { SAMPLE_COLOR_OTHER, NULL } };
    const sample s = { .tags = EB_LIST(tags), .extra = EB_JSON("{broken \xff"), .colors = EB_LIST(colors) };
    eb_buf     out = { 0 };
    eb_problem problem;

    eb__print(&out, &sample_type, &s);
    ck_assert_msg(eb__json_check(out.data, out.len, NULL, &problem) == EB_OK, "%s", problem.text);
    ck_assert_ptr_nonnull(strstr(out.data, "\"caf?!\",\n    null,\n    \"?\""));
    ck_assert_ptr_nonnull(strstr(out.data, "\"extra\": \"(invalid JSON)\""));
    eb__buf_free(&out);
}
END_TEST

START_TEST(print_says_how_large_a_body_is)
{
    const sample_strict memory = { .file = eb_body_memory("secret bytes", 12) };
    const sample_strict file   = { .file = eb_body_file("/tmp/x") };

    assert_prints(&sample_strict_type, &memory, "{\n  \"file\": \"(12 bytes)\"\n}");
    assert_prints(&sample_strict_type, &file, "{\n  \"file\": \"(a file)\"\n}");
}
END_TEST

START_TEST(print_ends_in_circles)
{
    sample_node node = { 0 };
    eb_buf      out  = { 0 };

    node.next = &node;
    eb__print(&out, &sample_node_type, &node);
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert_ptr_nonnull(strstr(out.data, "\"...\""));
    eb__buf_free(&out);
}
END_TEST

static bool print_much(const eb_allocator *allocator)
{
    static const sample_node kids[400] = { { .name = "a \"name\"" } };
    const sample_node        node      = { .children = EB_LIST(kids) };
    eb_buf                   out;
    bool                     worked;

    eb__buf_init(&out, allocator, 0);
    eb__print(&out, &sample_node_type, &node);
    worked = eb__buf_status(&out) == EB_OK;
    eb__buf_free(&out);
    return worked;
}

START_TEST(print_survives_each_failing_allocation)
{
    unit_fail_each(print_much);
}
END_TEST

UNIT_TESTS("print", print_indents_by_two, print_masks_secrets_whole, print_shows_null_of_a_secret,
           print_shows_broken_values_as_well_as_it_can, print_says_how_large_a_body_is,
           print_ends_in_circles, print_survives_each_failing_allocation)
