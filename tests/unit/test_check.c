/* test_check.c -- what is refused before it is sent, in which words, and what the documented limits
 * are good for. */
#include "sample.h"

#include <math.h>
#include <stdio.h>

static void assert_refused(const eb_type *type, const void *value, bool skip_limits,
                           const char *field, const char *text)
{
    eb_problem problem;

    ck_assert_int_eq(eb__check(type, value, "body", skip_limits, &problem), EB_INVALID);
    ck_assert_str_eq(problem.field, field);
    ck_assert_str_eq(problem.text, text);
    ck_assert_int_eq(problem.status, EB_INVALID);
}

static void assert_fine(const eb_type *type, const void *value, bool skip_limits)
{
    eb_problem problem;

    ck_assert_msg(eb__check(type, value, "body", skip_limits, &problem) == EB_OK, "%s", problem.text);
}

static sample_strict whole(void)
{
    static const sample_point point = { 0 };
    const sample_strict       made  = { .name   = "n",
                                        .port   = EB_INT(1),
                                        .ratio  = EB_NUM(1),
                                        .tags   = EB_EMPTY,
                                        .color  = SAMPLE_COLOR_RED,
                                        .point  = &point,
                                        .extra  = EB_JSON("null"),
                                        .labels = EB_EMPTY };

    return made;
}

START_TEST(check_wants_what_is_required)
{
    sample_strict s = whole();

    assert_fine(&sample_strict_type, &s, false);
    s.port = eb_int_null();
    assert_fine(&sample_strict_type, &s, false);
    s.port.is = EB_ABSENT;
    assert_refused(&sample_strict_type, &s, true, "body.port", "body.port: required, but not given");
    s      = whole();
    s.name = NULL;
    assert_refused(&sample_strict_type, &s, true, "body.name", "body.name: required, but not given");
    s            = whole();
    s.tags.items = NULL;
    assert_refused(&sample_strict_type, &s, true, "body.tags", "body.tags: required, but not given");
    s       = whole();
    s.color = SAMPLE_COLOR_UNSET;
    assert_refused(&sample_strict_type, &s, true, "body.color", "body.color: required, but not given");
    s       = whole();
    s.point = NULL;
    assert_refused(&sample_strict_type, &s, true, "body.point", "body.point: required, but not given");
    s            = whole();
    s.extra.text = NULL;
    assert_refused(&sample_strict_type, &s, true, "body.extra", "body.extra: required, but not given");
    assert_refused(&sample_strict_type, NULL, true, "body", "body: required, but not given");
    assert_fine(&sample_point_type, &sample_point_null, false);
}
END_TEST

/* `.port = 30` fills the value alone, and C says nothing. */
START_TEST(check_refuses_a_value_that_would_silently_not_be_sent)
{
    sample value = { 0 };

    value.port.v = 30;
    assert_refused(&sample_type, &value, false, "body.port",
                   "body.port: a value without EB_INT, EB_NUM or EB_BOOL around it");
    value        = (sample){ 0 };
    value.flag.v = true;
    assert_refused(&sample_type, &value, false, "body.flag",
                   "body.flag: a value without EB_INT, EB_NUM or EB_BOOL around it");
    value         = (sample){ 0 };
    value.ratio.v = -0.5;
    assert_refused(&sample_type, &value, false, "body.ratio",
                   "body.ratio: a value without EB_INT, EB_NUM or EB_BOOL around it");
    value            = (sample){ 0 };
    value.color_text = "red";
    assert_refused(&sample_type, &value, false, "body.color",
                   "body.color: a text without its value: set ..._OTHER");
}
END_TEST

START_TEST(check_refuses_null_where_it_has_no_meaning)
{
    sample_strict s = whole();
    sample        t = { 0 };

    s.name = eb_string_null;
    assert_refused(&sample_strict_type, &s, true, "body.name", "body.name: must not be null");
    s       = whole();
    s.ratio = eb_num_null();
    assert_refused(&sample_strict_type, &s, true, "body.ratio", "body.ratio: must not be null");
    t.node = &sample_node_null;
    assert_refused(&sample_type, &t, true, "body.node", "body.node: must not be null");
    t.node = NULL;
    t.ints = (eb_int_list)EB_LIST_NULL;
    assert_refused(&sample_type, &t, true, "body.ints", "body.ints: must not be null");
}
END_TEST

START_TEST(check_names_elements_and_keys)
{
    static const char *const  tags[]      = { "a", NULL };
    static const char *const  nulls[]     = { eb_string_null };
    static const eb_opt_int   ints[]      = { EB_INT(1), EB_INT_NULL, { 0, EB_ABSENT } };
    static const eb_str_entry twice[]     = { { "a", "" }, { "b", "" }, { "a", "" } };
    static const eb_str_entry keyless[]   = { { NULL, "" } };
    static const eb_str_entry valueless[] = { { "a b", NULL } };
    static const sample_color_item colors[] = { { SAMPLE_COLOR_RED, NULL }, { SAMPLE_COLOR_UNSET, "x" } };
    sample                         s        = { .tags = EB_LIST(tags) };

    assert_refused(&sample_type, &s, true, "body.tags[1]", "body.tags[1]: required, but not given");
    s.tags = (eb_str_list)EB_LIST(nulls);
    assert_refused(&sample_type, &s, true, "body.tags[0]", "body.tags[0]: must not be null");
    s.holes = s.tags;
    s.tags  = (eb_str_list){ 0 };
    assert_fine(&sample_type, &s, true);
    s.opt_ints = (eb_opt_int_list)EB_LIST(ints);
    assert_refused(&sample_type, &s, true, "body.opt_ints[2]",
                   "body.opt_ints[2]: required, but not given");
    s = (sample){ .labels = EB_LIST(twice) };
    assert_refused(&sample_type, &s, true, "body.labels.a", "body.labels.a: stands there twice");
    s = (sample){ .labels = EB_LIST(keyless) };
    assert_refused(&sample_type, &s, true, "body.labels", "body.labels: the key of entry 0 is not given");
    s = (sample){ .labels = EB_LIST(valueless) };
    assert_refused(&sample_type, &s, true, "body.labels[\"a b\"]",
                   "body.labels[\"a b\"]: required, but not given");
    s = (sample){ .colors = EB_LIST(colors) };
    assert_refused(&sample_type, &s, true, "body.colors[1]", "body.colors[1]: required, but not given");
    s = (sample){ .ints = { NULL, 3 } };
    assert_refused(&sample_type, &s, true, "body.ints", "body.ints: the count is 3, but items is NULL");
}
END_TEST

START_TEST(check_wants_a_text_beside_other)
{
    sample s = { .color = SAMPLE_COLOR_OTHER };

    assert_refused(&sample_type, &s, true, "body.color",
                   "body.color: the value is OTHER, but the text beside it is not given");
    s.color_text = "mauve";
    assert_fine(&sample_type, &s, true);
    s.color = (sample_color)2; /* retired */
    assert_refused(&sample_type, &s, true, "body.color", "body.color: 2 is not a value of sample_color");
    s.color = (sample_color)99;
    assert_refused(&sample_type, &s, true, "body.color", "body.color: 99 is not a value of sample_color");
    s = (sample){ .level = SAMPLE_LEVEL_OTHER, .level_number = 5 };
    assert_fine(&sample_type, &s, true);
    s.level = (sample_level)-7;
    assert_refused(&sample_type, &s, true, "body.level", "body.level: -7 is not a value of sample_level");
}
END_TEST

START_TEST(check_refuses_what_json_cannot_hold)
{
    static const char *const  bad[] = { "ok", "caf\xe9" };
    static const eb_str_entry key[] = { { "\xff", "v" } };
    sample                    s     = { .id = "a\xc3" };

    assert_refused(&sample_type, &s, true, "body.id", "body.id: a string that is not UTF-8 at byte 1");
    s = (sample){ .tags = EB_LIST(bad) };
    assert_refused(&sample_type, &s, true, "body.tags[1]",
                   "body.tags[1]: a string that is not UTF-8 at byte 3");
    s = (sample){ .color = SAMPLE_COLOR_OTHER, .color_text = "\x80" };
    assert_refused(&sample_type, &s, true, "body.color",
                   "body.color: a string that is not UTF-8 at byte 0");
    s = (sample){ .ratio = EB_NUM(NAN) };
    assert_refused(&sample_type, &s, true, "body.ratio", "body.ratio: expected a finite number");
    s = (sample){ .plain_num = -HUGE_VAL };
    assert_refused(&sample_type, &s, true, "body.plain_num", "body.plain_num: expected a finite number");
    s = (sample){ .extra = EB_JSON("{\"a\":}") };
    assert_refused(&sample_type, &s, true, "body.extra",
                   "body.extra: invalid JSON at byte 5: expected a value");
    s = (sample){ .extra = EB_JSON("1 2") };
    assert_refused(&sample_type, &s, true, "body.extra",
                   "body.extra: invalid JSON at byte 2: something follows the value");
    s = (sample){ .extra = EB_JSON("") };
    assert_refused(&sample_type, &s, true, "body.extra",
                   "body.extra: invalid JSON at byte 0: the text ends where a value should stand");
    s = (sample){ .labels = EB_LIST(key) };
    ck_assert_int_eq(eb__check(&sample_type, &s, "", true, NULL), EB_INVALID);
    s = (sample){ .id = "control \x01\x1f characters are fine", .extra = EB_JSON(" [1] ") };
    assert_fine(&sample_type, &s, true);
}
END_TEST

START_TEST(check_heeds_limits_unless_told_otherwise)
{
    static const char *const three[] = { "a", "b", "c" };
    sample                   s       = { .port = EB_INT(65536) };

    assert_refused(&sample_type, &s, false, "body.port", "body.port: expected 1 to 65535, got 65536");
    assert_fine(&sample_type, &s, true);
    s = (sample){ .ratio = EB_NUM(0.25) };
    assert_refused(&sample_type, &s, false, "body.ratio", "body.ratio: expected 0.5 to 2.5, got 0.25");
    assert_fine(&sample_type, &s, true);
    s = (sample){ .name = "\xf0\x9f\x8e\xae" };
    assert_refused(&sample_type, &s, false, "body.name", "body.name: expected 2 to 5 characters, got 1");
    s = (sample){ .name = "\xf0\x9f\x8e\xae\xc3\xa9\n\"a" };
    assert_fine(&sample_type, &s, false);
    s = (sample){ .name = "123456" };
    assert_refused(&sample_type, &s, false, "body.name", "body.name: expected 2 to 5 characters, got 6");
    s = (sample){ .name = eb_string_null, .port = EB_INT_NULL, .tags = EB_LIST_NULL };
    assert_fine(&sample_type, &s, false);
    s = (sample){ .tags = EB_LIST(three) };
    assert_refused(&sample_type, &s, false, "body.tags", "body.tags: expected 1 to 2 items, got 3");
    s = (sample){ .tags = EB_EMPTY };
    assert_refused(&sample_type, &s, false, "body.tags", "body.tags: expected 1 to 2 items, got 0");
}
END_TEST

START_TEST(check_words_one_sided_ranges)
{
    static const eb_limits limits[] = { EB_RANGE(3, INT64_MAX), EB_RANGE(INT64_MIN, 10), EB_RANGE(7, 7),
                                        EB_NUM_RANGE(0.5, HUGE_VAL), EB_NUM_RANGE(-HUGE_VAL, 2) };
    static const struct {
        int         limit;
        const char *says;
    } cases[] = { { 1, "at least 3, got 1" },
                  { 2, "at most 10, got 11" },
                  { 3, "7, got 8" },
                  { 4, "at least 0.5, got 0.25" },
                  { 5, "at most 2, got 3.5" } };

    for (int i = 0; i < 5; i++) {
        const eb_field rows[] = {
            { "m", NULL, i < 3 ? offsetof(sample, plain_int) : offsetof(sample, plain_num), 0,
              (uint16_t)EB_LIMITS(cases[i].limit), i < 3 ? EB_KIND_INT : EB_KIND_NUM, 1 }
        };
        const eb_type type = EB_TYPE_WITH(sample, rows, limits, NULL);
        const sample  s    = { .plain_int = i == 0   ? 1
                                            : i == 1 ? 11
                                                     : 8,
                               .plain_num = i == 3 ? 0.25 : 3.5 };
        char          text[80];

        snprintf(text, sizeof text, "body.m: expected %s", cases[i].says);
        assert_refused(&type, &s, false, "body.m", text);
    }
}
END_TEST

START_TEST(check_goes_into_nested_values)
{
    const sample_point bad[]  = { { .weight = 1 }, { .weight = NAN } };
    sample_node        leaf   = { .name = "\xff" };
    sample_node        middle = { .next = &leaf };
    sample_node_list   nodes  = { &middle, 1 };
    sample_node        top    = { .children = nodes };
    sample             s      = { .node = &top };
    sample_point_list  grid[] = { EB_EMPTY, EB_LIST(bad) };
    eb_problem         problem;

    assert_refused(&sample_type, &s, true, "body.node.children[0].next.name",
                   "body.node.children[0].next.name: a string that is not UTF-8 at byte 0");
    s = (sample){ .grid = EB_LIST(grid) };
    assert_refused(&sample_type, &s, true, "body.grid[1][1].weight",
                   "body.grid[1][1].weight: expected a finite number");
    leaf.name   = NULL;
    middle.next = &middle; /* around and around */
    s           = (sample){ .node = &top };
    ck_assert_int_eq(eb__check(&sample_type, &s, "", true, &problem), EB_INVALID);
    ck_assert_ptr_nonnull(strstr(problem.text, "nested deeper than 512 levels"));
}
END_TEST

START_TEST(check_refuses_unknown_members_with_a_known_name)
{
    static const eb_json_entry rest[] = { { "new", EB_JSON("1") }, { "known", EB_JSON("2") } };
    const sample_open          open   = { .rest = EB_LIST(rest) };

    assert_refused(&sample_open_type, &open, true, "body.known", "body.known: has a member of its own");
}
END_TEST

UNIT_TESTS("check", check_wants_what_is_required, check_refuses_a_value_that_would_silently_not_be_sent,
           check_refuses_null_where_it_has_no_meaning, check_names_elements_and_keys,
           check_wants_a_text_beside_other, check_refuses_what_json_cannot_hold,
           check_heeds_limits_unless_told_otherwise, check_words_one_sided_ranges,
           check_goes_into_nested_values, check_refuses_unknown_members_with_a_known_name)
