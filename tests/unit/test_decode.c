/* test_decode.c -- text into structs: what each kind of member accepts, how absent, null and values
 * stay apart, what a refusal says, and that memory running out at any point leaves nothing
 * behind. */
#include "sample.h"

#include <stdio.h>

static const sample *decode(eb_arena **arena, const char *json)
{
    const void *value;
    eb_problem  problem;

    ck_assert_msg(sample_decode(&sample_type, json, &value, arena, &problem) == EB_OK, "%s: %s",
                  json, problem.text);
    return value;
}

/* ---- Scalars --------------------------------------------------------------------------------- */

START_TEST(decode_keeps_false_apart_from_absent)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"flag\":false}");

    ck_assert_int_eq(s->flag.is, EB_SET);
    ck_assert(!s->flag.v);
    ck_assert_int_eq(s->port.is, EB_ABSENT);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_keeps_null_apart_from_absent_and_empty)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"flag\":null,\"port\":null,\"ratio\":null,\"name\":null,"
                                     "\"color\":null,\"level\":null,\"point\":null,\"tags\":null,"
                                     "\"labels\":null,\"extra\":null}");

    ck_assert_int_eq(s->flag.is, EB_NULL);
    ck_assert_int_eq(s->port.is, EB_NULL);
    ck_assert_int_eq(s->ratio.is, EB_NULL);
    ck_assert_ptr_eq(s->name, eb_string_null);
    ck_assert_int_eq(s->color, SAMPLE_COLOR_NULL);
    ck_assert_int_eq(s->level, SAMPLE_LEVEL_NULL);
    ck_assert_ptr_eq(s->point, &sample_point_null);
    ck_assert(EB_LIST_IS_NULL(s->tags));
    ck_assert(EB_LIST_IS_NULL(s->labels));
    ck_assert_str_eq(s->extra.text, "null");
    ck_assert_ptr_null(s->secret);
    eb__arena_free(arena);

    s = decode(&arena, "{\"name\":\"\",\"tags\":[],\"labels\":{},\"point\":{\"x\":0}}");
    ck_assert_str_eq(s->name, "");
    ck_assert_ptr_ne(s->name, eb_string_null);
    ck_assert(EB_LIST_IS_SET(s->tags));
    ck_assert_uint_eq(s->tags.count, 0);
    ck_assert(EB_LIST_IS_SET(s->labels));
    ck_assert_ptr_ne(s->point, &sample_point_null);
    ck_assert_ptr_null(s->ints.items);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_takes_null_for_absent_where_null_has_no_meaning)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"id\":null,\"node\":null,\"ints\":null,\"plain_int\":null,"
                                     "\"places\":null,\"inside\":null}");

    ck_assert_ptr_null(s->id);
    ck_assert_ptr_null(s->node);
    ck_assert_ptr_null(s->ints.items);
    ck_assert_ptr_null(s->places.items);
    ck_assert_int_eq(s->plain_int, 0);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_lets_the_last_of_duplicates_win)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"port\":1,\"port\":2,\"id\":\"a\",\"id\":null,\"ints\":[1,2],"
                                     "\"ints\":[3],\"color\":\"red\",\"color\":\"blue\","
                                     "\"labels\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}}");

    ck_assert_int_eq(s->port.v, 2);
    ck_assert_ptr_null(s->id);
    ck_assert_uint_eq(s->ints.count, 1);
    ck_assert_int_eq(s->ints.items[0], 3);
    ck_assert_int_eq(s->color, SAMPLE_COLOR_OTHER);
    ck_assert_str_eq(s->color_text, "blue");
    ck_assert_uint_eq(s->labels.count, 2);
    ck_assert_str_eq(s->labels.items[0].key, "b");
    ck_assert_str_eq(s->labels.items[1].key, "a");
    ck_assert_str_eq(s->labels.items[1].value, "3");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_is_exact_over_all_int64)
{
    static const struct {
        const char *text;
        int64_t     value;
    } cases[] = { { "0", 0 },
                  { "-0", 0 },
                  { "9223372036854775807", INT64_MAX },
                  { "-9223372036854775808", INT64_MIN },
                  { "-9223372036854775807", -INT64_MAX },
                  { "9007199254740993", 9007199254740993 },
                  { "1000000000000000000", 1000000000000000000 } };
    char json[128];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_arena     *arena;
        const sample *s;

        snprintf(json, sizeof json, "{\"plain_int\":%s,\"port\":%s,\"ints\":[%s]}", cases[i].text,
                 cases[i].text, cases[i].text);
        s = decode(&arena, json);
        ck_assert(s->plain_int == cases[i].value);
        ck_assert(s->port.v == cases[i].value);
        ck_assert(s->ints.items[0] == cases[i].value);
        eb__arena_free(arena);
    }
}
END_TEST

START_TEST(decode_refuses_integers_that_do_not_fit)
{
    static const char *const texts[] = { "9223372036854775808", "-9223372036854775809",
                                         "18446744073709551616", "10000000000000000000",
                                         "123456789012345678901234567890" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char json[80], says[120];

        snprintf(json, sizeof json, "{\"port\":%s}", texts[i]);
        snprintf(says, sizeof says, "port: %s does not fit into 64 bits", texts[i]);
        sample_refused(&sample_type, json, EB_DECODE, "port", says);
    }
    sample_refused(&sample_type, "{\"port\":1.5}", EB_DECODE, "port",
                   "port: expected an integer, got 1.5");
    sample_refused(&sample_type, "{\"port\":1e3}", EB_DECODE, "port",
                   "port: expected an integer, got 1e3");
    sample_refused(&sample_type, "{\"level\":1.0}", EB_DECODE, "level",
                   "level: expected an integer, got 1.0");
    sample_refused(&sample_type, "{\"ratio\":1e400}", EB_DECODE, "ratio",
                   "ratio: 1e400 does not fit into a double");
    sample_refused(&sample_type, "{\"id\":1.5}", EB_DECODE, "id",
                   "id: expected a string or an integer, got 1.5");
}
END_TEST

START_TEST(decode_gives_numbers_as_text_where_both_are_allowed)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"id\":-12345678901234567890123}");

    ck_assert_str_eq(s->id, "-12345678901234567890123");
    eb__arena_free(arena);
    s = decode(&arena, "{\"id\":\"7\"}");
    ck_assert_str_eq(s->id, "7");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_resolves_escapes)
{
    eb_arena     *arena;
    const sample *s = decode(&arena, "{\"n\\u0061me\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac"
                                     "\\ud83c\\udfae end\",\"x:o\\\"d\\\\d/\\u00e9\":\"odd\"}");

    ck_assert_str_eq(s->name, "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xae end");
    ck_assert_str_eq(s->odd, "odd");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_refuses_nul_inside_a_c_string)
{
    const char *const says = "a string that holds the character U+0000";
    char              text[100];
    eb_arena         *arena;
    const sample     *s;

    snprintf(text, sizeof text, "name: %s", says);
    sample_refused(&sample_type, "{\"name\":\"a\\u0000b\"}", EB_DECODE, "name", text);
    snprintf(text, sizeof text, "color: %s", says);
    sample_refused(&sample_type, "{\"color\":\"\\u0000\"}", EB_DECODE, "color", text);
    snprintf(text, sizeof text, "labels: %s", says);
    sample_refused(&sample_type, "{\"labels\":{\"\\u0000\":\"\"}}", EB_DECODE, "labels", text);
    s = decode(&arena, "{\"extra\":\"a\\u0000b\"}");
    ck_assert_str_eq(s->extra.text, "\"a\\u0000b\"");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_keeps_enums_open)
{
    eb_arena     *arena;
    const sample *s = decode(&arena,
                             "{\"color\":\"red\",\"level\":-20,\"colors\":[\"red\",null,"
                             "\"gr\\\"een\",\"mauve\",\"re\",\"redd\",\"\"],\"levels\":[10,11]}");

    ck_assert_int_eq(s->color, SAMPLE_COLOR_RED);
    ck_assert_str_eq(s->color_text, "red");
    ck_assert_int_eq(s->level, SAMPLE_LEVEL_HIGH);
    ck_assert_int_eq(s->level_number, -20);
    ck_assert_uint_eq(s->colors.count, 7);
    ck_assert_int_eq(s->colors.items[0].value, SAMPLE_COLOR_RED);
    ck_assert_int_eq(s->colors.items[1].value, SAMPLE_COLOR_NULL);
    ck_assert_int_eq(s->colors.items[2].value, SAMPLE_COLOR_GREEN);
    ck_assert_str_eq(s->colors.items[2].text, "gr\"een");
    ck_assert_int_eq(s->colors.items[3].value, SAMPLE_COLOR_OTHER);
    ck_assert_str_eq(s->colors.items[3].text, "mauve");
    ck_assert_int_eq(s->colors.items[4].value, SAMPLE_COLOR_OTHER);
    ck_assert_int_eq(s->colors.items[5].value, SAMPLE_COLOR_OTHER);
    ck_assert_int_eq(s->colors.items[6].value, SAMPLE_COLOR_OTHER);
    ck_assert_int_eq(s->levels.items[0].value, SAMPLE_LEVEL_LOW);
    ck_assert_int_eq(s->levels.items[1].value, SAMPLE_LEVEL_OTHER);
    ck_assert_int_eq(s->levels.items[1].number, 11);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_keeps_free_form_values_to_the_byte)
{
    eb_arena *arena;
    const sample *s = decode(&arena, "{\"extra\": {\"a\" : [1.10, 1e2]} , \"jsons\":[ 1.0 ,\"\\u0041\", "
                                     "null ],\"anything\":{\"k\": {} }}");

    ck_assert_str_eq(s->extra.text, "{\"a\" : [1.10, 1e2]}");
    ck_assert_uint_eq(s->extra.len, strlen(s->extra.text));
    ck_assert_str_eq(s->jsons.items[0].text, "1.0");
    ck_assert_str_eq(s->jsons.items[1].text, "\"\\u0041\"");
    ck_assert_str_eq(s->jsons.items[2].text, "null");
    ck_assert_str_eq(s->anything.items[0].value.text, "{}");
    eb__arena_free(arena);
}
END_TEST

/* ---- Lists, maps, nesting -------------------------------------------------------------------- */

START_TEST(decode_fills_every_kind_of_list)
{
    sample_same(&sample_type,
                "{\"tags\":[\"a\",\"\"],\"holes\":[null,\"x\"],\"ints\":[1,-2],\"nums\":[0.5,2],"
                "\"bools\":[true,false,true],\"opt_ints\":[1,null],\"opt_nums\":[null,1.5],"
                "\"opt_bools\":[false,null],\"grid\":[[{\"x\":1}],[],null,[{\"x\":2},{\"x\":3}]]}",
                "{\"plain_bool\":false,\"plain_int\":0,\"plain_num\":0,\"inside\":{\"x\":0,\"y\":0,"
                "\"weight\":0,\"visible\":false},\"tags\":[\"a\",\"\"],\"holes\":[null,\"x\"],"
                "\"ints\":[1,-2],\"nums\":[0.5,2],\"bools\":[true,false,true],\"opt_ints\":[1,null],"
                "\"opt_nums\":[null,1.5],\"opt_bools\":[false,null],\"grid\":[[{\"x\":1,\"y\":0,"
                "\"weight\":0,\"visible\":false}],[],null,[{\"x\":2,\"y\":0,\"weight\":0,"
                "\"visible\":false},{\"x\":3,\"y\":0,\"weight\":0,\"visible\":false}]]}");
}
END_TEST

/* Lists of every length up to a few chunks, with lists inside that make the stack grow and
 * shrink. */
START_TEST(decode_keeps_long_lists_in_one_piece)
{
    for (int count = 0; count < 3000; count += count < 200 ? 7 : 431) {
        eb_buf             json = { 0 };
        eb_arena          *arena;
        const void        *value;
        eb_problem         problem;
        const sample_node *node;

        eb__buf_puts(&json, "{\"children\":[");
        for (int i = 0; i < count; i++) {
            eb__buf_printf(&json, "%s{\"name\":\"%d\",\"children\":[", i > 0 ? "," : "", i);
            for (int j = 0; j < i % 5 * 40; j++)
                eb__buf_printf(&json, "%s{\"name\":\"%d.%d\"}", j > 0 ? "," : "", i, j);
            eb__buf_puts(&json, "]}");
        }
        eb__buf_puts(&json, "]}");
        ck_assert_int_eq(sample_decode(&sample_node_type, eb__buf_text(&json), &value, &arena, &problem),
                         EB_OK);
        node = value;
        ck_assert_uint_eq(node->children.count, (size_t)count);
        for (int i = 0; i < count; i++) {
            const sample_node *child = &node->children.items[i];
            char               name[32];

            snprintf(name, sizeof name, "%d", i);
            ck_assert_str_eq(child->name, name);
            ck_assert_uint_eq(child->children.count, (size_t)(i % 5 * 40));
            for (int j = 0; j < i % 5 * 40; j++) {
                snprintf(name, sizeof name, "%d.%d", i, j);
                ck_assert_str_eq(child->children.items[j].name, name);
            }
        }
        eb__arena_free(arena);
        eb__buf_free(&json);
    }
}
END_TEST

START_TEST(decode_collects_members_without_a_row)
{
    eb_arena          *arena;
    const void        *value;
    eb_problem         problem;
    const sample_open *open;

    ck_assert_int_eq(sample_decode(&sample_open_type,
                                   "{\"a\":[1,{}],\"known\":5,\"\":true,\"b\\n\":null,\"a\":2}",
                                   &value, &arena, &problem),
                     EB_OK);
    open = value;
    ck_assert_int_eq(open->known.v, 5);
    ck_assert_uint_eq(open->rest.count, 3);
    ck_assert_str_eq(open->rest.items[0].key, "");
    ck_assert_str_eq(open->rest.items[0].value.text, "true");
    ck_assert_str_eq(open->rest.items[1].key, "b\n");
    ck_assert_str_eq(open->rest.items[1].value.text, "null");
    ck_assert_str_eq(open->rest.items[2].key, "a");
    ck_assert_str_eq(open->rest.items[2].value.text, "2");
    eb__arena_free(arena);
    ck_assert_int_eq(sample_decode(&sample_open_type, "{}", &value, &arena, &problem), EB_OK);
    open = value;
    ck_assert_ptr_null(open->rest.items);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_drops_duplicate_keys_of_large_maps)
{
    eb_buf        json = { 0 };
    eb_arena     *arena;
    const sample *s;

    eb__buf_puts(&json, "{\"labels\":{");
    for (int i = 0; i < 5000; i++)
        eb__buf_printf(&json, "%s\"k%d\":\"%d\"", i > 0 ? "," : "", i * 7919 % 1000, i);
    eb__buf_puts(&json, "}}");
    s = decode(&arena, eb__buf_text(&json));
    ck_assert_uint_eq(s->labels.count, 1000);
    for (int i = 0; i < 1000; i++) {
        char key[16], value[16];

        snprintf(key, sizeof key, "k%d", (4000 + i) * 7919 % 1000);
        snprintf(value, sizeof value, "%d", 4000 + i);
        ck_assert_str_eq(s->labels.items[i].key, key);
        ck_assert_str_eq(s->labels.items[i].value, value);
    }
    eb__arena_free(arena);
    eb__buf_free(&json);
}
END_TEST

START_TEST(decode_takes_lists_and_maps_as_the_whole)
{
    eb_arena                *arena;
    const void              *value;
    eb_problem               problem;
    const sample_point_list *points;
    const eb_str_map        *map;

    ck_assert_int_eq(sample_decode(&sample_point_list_type, " [{\"x\":1},{\"x\":2}] ", &value,
                                   &arena, &problem),
                     EB_OK);
    points = value;
    ck_assert_uint_eq(points->count, 2);
    ck_assert_int_eq(points->items[1].x, 2);
    eb__arena_free(arena);
    ck_assert_int_eq(sample_decode(&eb_str_map_type, "{\"a\":\"b\"}", &value, &arena, &problem), EB_OK);
    map = value;
    ck_assert_str_eq(map->items[0].value, "b");
    eb__arena_free(arena);
    ck_assert_int_eq(sample_decode(&sample_point_type, "null", &value, &arena, &problem), EB_OK);
    ck_assert_ptr_eq(value, &sample_point_null);
    eb__arena_free(arena);
    sample_refused(&sample_type, "null", EB_DECODE, "", "expected an object, got null");
    sample_refused(&sample_type, "[]", EB_DECODE, "", "expected an object, got array");
    sample_refused(&eb_int_list_type, "{}", EB_DECODE, "", "expected an array, got object");
    sample_refused(&eb_int_list_type, "[1,\"2\"]", EB_DECODE, "[1]",
                   "[1]: expected an integer, got string");
}
END_TEST

START_TEST(decode_knows_members_in_any_order)
{
    sample_same(&sample_point_type, "{\"visible\":true,\"weight\":1,\"y\":2,\"x\":3}",
                "{\"x\":3,\"y\":2,\"weight\":1,\"visible\":true}");
    sample_same(&sample_point_type, "{\"u\":{\"x\":[]},\"y\":2,\"x\":3,\"xx\":4,\"\":[],\"\\u0078x\":5}",
                "{\"x\":3,\"y\":2,\"weight\":0,\"visible\":false}");
}
END_TEST

/* ---- Refusals -------------------------------------------------------------------------------- */

START_TEST(decode_names_the_member_and_what_it_found)
{
    static const struct {
        const char *json, *field, *says;
    } cases[] = {
        { "{\"flag\":1}", "flag", "expected a boolean, got number" },
        { "{\"flag\":\"true\"}", "flag", "expected a boolean, got string" },
        { "{\"port\":\"1\"}", "port", "expected an integer, got string" },
        { "{\"port\":true}", "port", "expected an integer, got boolean" },
        { "{\"port\":{}}", "port", "expected an integer, got object" },
        { "{\"port\":[1]}", "port", "expected an integer, got array" },
        { "{\"ratio\":\"1\"}", "ratio", "expected a number, got string" },
        { "{\"name\":1}", "name", "expected a string, got number" },
        { "{\"id\":true}", "id", "expected a string or an integer, got boolean" },
        { "{\"color\":1}", "color", "expected a string, got number" },
        { "{\"level\":\"10\"}", "level", "expected an integer, got string" },
        { "{\"point\":[]}", "point", "expected an object, got array" },
        { "{\"tags\":\"a\"}", "tags", "expected an array, got string" },
        { "{\"tags\":[\"a\",null]}", "tags[1]", "expected a string, got null" },
        { "{\"labels\":[]}", "labels", "expected an object, got array" },
        { "{\"labels\":{\"k\":1}}", "labels.k", "expected a string, got number" },
        { "{\"labels\":{\"a b\":null}}", "labels[\"a b\"]", "expected a string, got null" },
        { "{\"places\":{\"home\":{\"x\":[]}}}", "places.home.x", "expected an integer, got array" },
        { "{\"grid\":[[],[{\"x\":1},{\"x\":\"\"}]]}", "grid[1][1].x", "expected an integer, got string" },
        { "{\"node\":{\"children\":[{},{\"next\":{\"name\":5}}]}}", "node.children[1].next.name",
          "expected a string, got number" },
        { "{\"points\":[{}]}", "points[0].x", "required, but missing" },
        { "{\"points\":[{\"x\":null}]}", "points[0].x", "expected an integer, got null" },
        { "{\"points\":[null]}", "points[0]", "expected an object, got null" },
        { "{\"point\":{\"x\":1,}}", "point", "invalid JSON at byte 16: expected a member's name" },
        { "{\"tags\":[\"a\",]}", "tags[1]", "invalid JSON at byte 13: expected a value" },
        { "{\"extra\":[1,]}", "extra", "invalid JSON at byte 12: expected a value" },
        { "{\"rest1\":1}", "rest1", "expected a string, got number" },
        { "{\"port\":01}", "port", "invalid JSON at byte 8: a number with a leading zero" },
        { "{\"port\":nul}", "port", "invalid JSON at byte 8: expected a value" },
        { "{\"port\":\"a}", "port", "invalid JSON at byte 11: the text ends inside a string" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char says[300];

        snprintf(says, sizeof says, "%s: %s", cases[i].field, cases[i].says);
        sample_refused(&sample_type, cases[i].json, EB_DECODE, cases[i].field, says);
    }
}
END_TEST

START_TEST(decode_says_at_which_byte)
{
    const void *value;
    eb_arena   *arena;
    eb_problem  problem;

    ck_assert_int_eq(sample_decode(&sample_type, "{\"tags\": [\"a\", 5]}", &value, &arena, &problem),
                     EB_DECODE);
    ck_assert_uint_eq(problem.offset, 15);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_cuts_long_paths_at_the_front)
{
    eb_buf      json = { 0 };
    const void *value;
    eb_arena   *arena;
    eb_problem  problem;
    size_t      len;

    for (int i = 0; i < 60; i++)
        eb__buf_puts(&json, "{\"next\":");
    eb__buf_puts(&json, "{\"name\":1}");
    for (int i = 0; i < 60; i++)
        eb__buf_putc(&json, '}');
    ck_assert_int_eq(sample_decode(&sample_node_type, eb__buf_text(&json), &value, &arena, &problem),
                     EB_DECODE);
    len = strlen(problem.field);
    ck_assert_uint_eq(len, sizeof problem.field - 1);
    ck_assert_mem_eq(problem.field, "...", 3);
    ck_assert_str_eq(problem.field + len - 15, ".next.next.name");
    ck_assert_ptr_nonnull(strstr(problem.text, ".next.name: expected a string, got number"));
    eb__arena_free(arena);
    eb__buf_free(&json);
}
END_TEST

START_TEST(decode_counts_required_members_beyond_64_rows)
{
    static eb_field rows[71];
    static char     names[71][8];
    eb_buf          json = { 0 };

    for (size_t i = 0; i < 71; i++) {
        snprintf(names[i], sizeof names[i], "m%zu", i);
        rows[i].json     = names[i];
        rows[i].json_len = (uint8_t)strlen(names[i]);
        rows[i].flags    = i % 2 == 0 ? EB_REQUIRED : EB_OPTIONAL;
        rows[i].kind     = i < 70 ? EB_KIND_OPT_INT : EB_KIND_INT;
        rows[i].offset   = (uint16_t)(i < 70 ? offsetof(sample_wide, m) + i * sizeof(eb_opt_int)
                                             : offsetof(sample_wide, last));
    }
    for (size_t left_out = 0; left_out < 71; left_out++) {
        const eb_type type = EB_TYPE(sample_wide, rows);

        eb__buf_clear(&json);
        eb__buf_putc(&json, '{');
        for (size_t i = 71; i > 0; i--)
            if (i - 1 != left_out)
                eb__buf_printf(&json, "%s\"m%zu\":%zu", json.len > 1 ? "," : "", i - 1, i - 1);
        eb__buf_putc(&json, '}');
        if (left_out % 2 == 0) {
            char field[8], says[64];

            snprintf(field, sizeof field, "m%zu", left_out);
            snprintf(says, sizeof says, "%s: required, but missing", field);
            sample_refused(&type, eb__buf_text(&json), EB_DECODE, field, says);
        } else {
            const void *value;
            eb_arena   *arena;

            ck_assert_int_eq(sample_decode(&type, eb__buf_text(&json), &value, &arena, NULL), EB_OK);
            ck_assert_int_eq(((const sample_wide *)value)->last, 70);
            eb__arena_free(arena);
        }
    }
    eb__buf_free(&json);
}
END_TEST

static eb_status decode_strictly(const eb_type *type, const char *json, eb_problem *problem)
{
    eb_arena   *arena = eb__arena_new(NULL, 0);
    const void *value;
    eb_status   st = eb__decode(type, json, strlen(json), true, NULL, arena, &value, problem);

    eb__arena_free(arena);
    return st;
}

START_TEST(decode_strict_refuses_unknown_members_by_name)
{
    eb_problem problem;

    ck_assert_int_eq(decode_strictly(&sample_point_type, "{\"x\":1}", &problem), EB_OK);
    ck_assert_int_eq(decode_strictly(&sample_point_type, "{\"x\":1,\"wieght\":2}", &problem), EB_DECODE);
    ck_assert_str_eq(problem.field, "wieght");
    ck_assert_str_eq(problem.text, "wieght: unknown member; did you mean \"weight\"?");
    ck_assert_int_eq(decode_strictly(&sample_node_type, "{\"children\":[{\"zzz\":{}}]}", &problem),
                     EB_DECODE);
    ck_assert_str_eq(problem.text, "children[0].zzz: unknown member");
    ck_assert_int_eq(decode_strictly(&sample_open_type, "{\"new\":1}", &problem), EB_OK);
    ck_assert_int_eq(decode_strictly(&sample_point_type, "{\"a\\u000ab\\u0000\":1}", &problem), EB_DECODE);
    ck_assert_str_eq(problem.field, "[\"a?b?\"]");
}
END_TEST

START_TEST(decode_obeys_limits)
{
    const eb_limits_in deep = { 2, 0 }, few = { 0, 4 };
    eb_arena          *arena = eb__arena_new(NULL, 0);
    const char        *json  = "{\"children\":[{\"name\":\"a\"}]}"; /* four values, three levels */
    const void        *value = NULL;
    eb_problem         problem;

    ck_assert_int_eq(eb__decode(&sample_node_type, json, strlen(json), false, &deep, arena, &value,
                                &problem),
                     EB_LIMIT);
    ck_assert_str_eq(problem.text, "children[0]: nested deeper than 2 levels");
    ck_assert_int_eq(eb__decode(&sample_node_type, json, strlen(json), false, &few, arena, &value, &problem),
                     EB_OK);
    json = "{\"name\":\"\",\"name\":\"\",\"name\":\"\",\"name\":\"\"}";
    ck_assert_int_eq(eb__decode(&sample_node_type, json, strlen(json), false, &few, arena, &value, &problem),
                     EB_LIMIT);
    ck_assert_str_eq(problem.text, "name: more values in one text than allowed");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_counts_large_structs_more_than_once)
{
    const size_t       each = 1 + sizeof(sample) / 64;
    const eb_limits_in fits = { 0, 1 + 3 * each }, few = { 0, 3 * each };
    const eb_field     item = { .target = &sample_type, .kind = EB_KIND_STRUCT };
    const eb_type list = { .rows = &item, .size = sizeof(sample), .row_count = 1, .shape = EB_SHAPE_LIST };
    eb_arena   *arena = eb__arena_new(NULL, 0);
    const char *json  = "[{},{},{}]";
    const void *value = NULL;
    eb_problem  problem;

    ck_assert_uint_gt(each, 2);
    ck_assert_int_eq(eb__decode(&list, json, strlen(json), false, &fits, arena, &value, &problem), EB_OK);
    ck_assert_int_eq(eb__decode(&list, json, strlen(json), false, &few, arena, &value, &problem),
                     EB_LIMIT);
    ck_assert_str_eq(problem.field, "[2]");
    ck_assert_str_eq(problem.text, "[2]: more values in one text than allowed");
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_goes_as_deep_as_allowed)
{
    const eb_limits_in deep  = { 512, 0 };
    eb_arena          *arena = eb__arena_new(NULL, 0);
    eb_buf             json  = { 0 };
    const void        *value;

    for (int depth = 511; depth <= 512; depth++) {
        eb__buf_clear(&json);
        for (int i = 0; i < depth; i++)
            eb__buf_puts(&json, "{\"next\":");
        eb__buf_puts(&json, "{}");
        for (int i = 0; i < depth; i++)
            eb__buf_putc(&json, '}');
        ck_assert_int_eq(eb__decode(&sample_node_type, eb__buf_text(&json), json.len, false, &deep,
                                    arena, &value, NULL),
                         depth == 511 ? EB_OK : EB_LIMIT);
    }
    eb__buf_free(&json);
    eb__arena_free(arena);
}
END_TEST

START_TEST(decode_writes_the_value_on_success_only)
{
    eb_arena   *arena = eb__arena_new(NULL, 0);
    const void *value = "untouched";

    ck_assert_int_eq(eb__decode(&sample_point_type, "{\"x\":1} x", 9, false, NULL, arena, &value, NULL),
                     EB_DECODE);
    ck_assert_str_eq(value, "untouched");
    eb__arena_free(arena);
}
END_TEST

/* ---- Memory ---------------------------------------------------------------------------------- */

static const char rich[] =
    "{\"name\":\"\\u20ac\",\"tags\":[\"a\",\"b\"],\"color\":\"mauve\",\"node\":{\"children\":[{\"name\":"
    "\"x\"},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},"
    "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]},"
    "\"extra\":{\"a\":[1,2,3]},\"labels\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\",\"e\":\"5\","
    "\"f\":\"6\",\"g\":\"7\",\"h\":\"8\",\"i\":\"9\",\"j\":\"10\",\"k\":\"11\",\"l\":\"12\",\"m\":\"13\","
    "\"n\":\"14\",\"o\":\"15\",\"p\":\"16\",\"q\":\"17\",\"a\":\"18\"},\"unknown\":\"kept\"}";

static bool decode_rich(const eb_allocator *allocator)
{
    eb_arena   *arena = eb__arena_new(allocator, 0);
    const void *value = NULL;
    eb_problem  problem;
    eb_status   st;
    eb_buf      json;

    if (arena == NULL)
        return false;
    eb__buf_init(&json, NULL, 0); /* long enough for several blocks */
    eb__buf_puts(&json, "[");
    for (int i = 0; i < 40; i++)
        eb__buf_printf(&json, "%s%s", i > 0 ? "," : "", rich);
    eb__buf_puts(&json, "]");
    {
        static const eb_field item[]    = { { "", &sample_type, 0, 0, 0, EB_KIND_STRUCT, 0 } };
        static const eb_type  list_type = { "list", item,          NULL, NULL, sizeof(sample),
                                            1,      EB_SHAPE_LIST, 0,    NULL };

        st = eb__decode(&list_type, json.data, json.len, false, NULL, arena, &value, &problem);
    }
    if (st != EB_OK) {
        ck_assert_int_eq(st, EB_NOMEM);
        ck_assert_str_eq(problem.text, "out of memory");
        ck_assert_str_eq(problem.field, "");
        ck_assert_ptr_null(value);
    }
    eb__buf_free(&json);
    eb__arena_free(arena);
    return st == EB_OK;
}

START_TEST(decode_survives_each_failing_allocation)
{
    unit_fail_each(decode_rich);
}
END_TEST

START_TEST(decode_reads_nothing_beyond_the_text)
{
    const size_t len = sizeof rich - 1;

    for (size_t cut = 0; cut <= len; cut++) {
        char       *copy  = malloc(cut > 0 ? cut : 1);
        eb_arena   *arena = eb__arena_new(NULL, 0);
        const void *value;

        memcpy(copy, rich, cut);
        ck_assert_int_eq(eb__decode(&sample_type, copy, cut, false, NULL, arena, &value, NULL),
                         cut == len ? EB_OK : EB_DECODE);
        eb__arena_free(arena);
        free(copy);
    }
}
END_TEST

START_TEST(decode_survives_random_damage)
{
    uint64_t random = 11;

    for (long n = 0; n < unit_cases(5000); n++) {
        char        copy[sizeof rich];
        eb_arena   *arena = eb__arena_new(NULL, 0);
        const void *value;

        memcpy(copy, rich, sizeof rich);
        for (uint64_t changes = unit_random(&random) % 3 + 1; changes > 0; changes--)
            copy[unit_random(&random) % (sizeof rich - 1)] =
                unit_random(&random) % 2 == 0 ? rich[unit_random(&random) % (sizeof rich - 1)]
                                              : (char)(unit_random(&random) >> 32);
        if (eb__decode(&sample_type, copy, sizeof rich - 1, false, NULL, arena, &value, NULL) == EB_OK) {
            eb_problem problem;

            ck_assert_msg(eb__check(&sample_type, value, "", true, &problem) == EB_OK, "%s: %s",
                          copy, problem.text);
        }
        eb__arena_free(arena);
    }
}
END_TEST

/* ---- Pointers into values -------------------------------------------------------------------- */

START_TEST(row_at_follows_pointers_through_structs)
{
    eb_arena       *arena;
    const sample   *s = decode(&arena,
                               "{\"port\":7,\"node\":{\"next\":{\"name\":\"deep\"}},\"points\":[{"
                                 "\"x\":1},{\"x\":2}],\"places\":{\"a/b\":{\"x\":3}},\"point\":null}");
    const void     *base;
    const eb_field *row;

    row = eb__row_at(&sample_type, s, "/port", &base);
    ck_assert_ptr_nonnull(row);
    ck_assert_ptr_eq(base, s);
    ck_assert_str_eq(row->json, "port");
    row = eb__row_at(&sample_type, s, "/node/next/name", &base);
    ck_assert_ptr_eq(base, s->node->next);
    ck_assert_str_eq(row->json, "name");
    row = eb__row_at(&sample_type, s, "/points/1/x", &base);
    ck_assert_ptr_eq(base, &s->points.items[1]);
    row = eb__row_at(&sample_type, s, "/places/a~1b/x", &base);
    ck_assert_ptr_eq(base, &s->places.items[0].value);
    row = eb__row_at(&sample_type, s, "/ratio", &base); /* absent itself */
    ck_assert_ptr_nonnull(row);
    base = "untouched";
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "/point/x", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "/points/2/x", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "/nope", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "/port/x", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "/node/children/0", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "port", &base));
    ck_assert_ptr_null(eb__row_at(&sample_type, s, "", &base));
    ck_assert_str_eq(base, "untouched");
    eb__arena_free(arena);
}
END_TEST

UNIT_TESTS("decode", decode_keeps_false_apart_from_absent, decode_keeps_null_apart_from_absent_and_empty,
           decode_takes_null_for_absent_where_null_has_no_meaning,
           decode_lets_the_last_of_duplicates_win, decode_is_exact_over_all_int64,
           decode_refuses_integers_that_do_not_fit, decode_gives_numbers_as_text_where_both_are_allowed,
           decode_resolves_escapes, decode_refuses_nul_inside_a_c_string, decode_keeps_enums_open,
           decode_keeps_free_form_values_to_the_byte, decode_fills_every_kind_of_list,
           decode_keeps_long_lists_in_one_piece, decode_collects_members_without_a_row,
           decode_drops_duplicate_keys_of_large_maps, decode_takes_lists_and_maps_as_the_whole,
           decode_knows_members_in_any_order, decode_names_the_member_and_what_it_found,
           decode_says_at_which_byte, decode_cuts_long_paths_at_the_front,
           decode_counts_required_members_beyond_64_rows, decode_strict_refuses_unknown_members_by_name,
           decode_obeys_limits, decode_counts_large_structs_more_than_once,
           decode_goes_as_deep_as_allowed, decode_writes_the_value_on_success_only,
           decode_survives_each_failing_allocation, decode_reads_nothing_beyond_the_text,
           decode_survives_random_damage, row_at_follows_pointers_through_structs)
