/* test_pager.c -- walking paged lists: where a walk ends, what it asks for next, what it does after a
 * failure, which field masks it can see through, and who owns what. */
#include "api.h"

#include <stdio.h>

typedef struct walk {
    bench               b;
    eb_pager            pager;
    const eb_operation *operation;
} walk;

static void begin_with(walk *w, const eb_operation *operation, const shop_list_params *params)
{
    memset(&w->pager, 0, sizeof w->pager);
    w->operation = operation;
    ck_assert_int_eq(eb_pager_start(w->b.client, operation, params, &w->pager), EB_OK);
}

static void begin(walk *w)
{
    bench_start(&w->b);
    begin_with(w, &shop_list_op, NULL);
}

static void end(walk *w)
{
    eb_pager_free(&w->pager);
    eb_pager_free(&w->pager);
    bench_end(&w->b);
}

static eb_status next(walk *w, const char **name)
{
    const void     *item = w;
    const eb_status st   = eb_pager_next(&w->pager, w->operation, &item);

    bench_texts(&w->pager.response);
    if (st != EB_OK)
        ck_assert_ptr_eq(item, w); /* untouched */
    *name = st == EB_OK ? ((const shop_item *)item)->name : NULL;
    return st;
}

/* The names to the end, and how it ended. */
static eb_status collect(walk *w, char *names, size_t size)
{
    const char *name;
    eb_status   st;

    names[0] = '\0';
    while ((st = next(w, &name)) == EB_OK)
        (void)snprintf(names + strlen(names), size - strlen(names), "%s ", name);
    ck_assert_int_eq(next(w, &name), st == EB_DONE ? EB_DONE : st);
    return st;
}

#define URL(query) "https://shop.example.com/v1/items" query

/* ---- The way ----------------------------------------------------------------------------------- */

START_TEST(a_walk_follows_the_next_page)
{
    char names[100];
    walk w;

    begin(&w);
    bench_answer(&w.b, 0, 200,
                 "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"paging\":{\"next\":2,\"more\":true}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"c\"}],\"paging\":{\"next\":7,\"more\":true}}");
    bench_answer(&w.b, 2, 200, "{\"items\":[{\"name\":\"d\"}],\"paging\":{\"next\":null,\"more\":false}}");
    ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
    ck_assert_str_eq(names, "a b c d ");
    ck_assert_uint_eq(w.b.script.exchanges, 3);
    ck_assert_str_eq(w.b.script.seen[0].url, URL(""));
    ck_assert_str_eq(w.b.script.seen[1].url, URL("?page=2"));
    ck_assert_str_eq(w.b.script.seen[2].url, URL("?page=7"));
    end(&w);
}
END_TEST

START_TEST(a_walk_begins_where_the_parameters_say)
{
    const shop_list_params params = { .page = EB_INT(3), .size = EB_INT(1) };
    char                   names[100];
    walk                   w;

    bench_start(&w.b);
    begin_with(&w, &shop_list_op, &params);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":4}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"b\"}],\"paging\":{}}");
    ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
    ck_assert_str_eq(names, "a b ");
    ck_assert_str_eq(w.b.script.seen[0].url, URL("?page=3&size=1"));
    ck_assert_str_eq(w.b.script.seen[1].url, URL("?page=4&size=1"));
    end(&w);
}
END_TEST

START_TEST(a_success_that_is_no_page_is_not_the_end_of_a_list)
{
    static const char *const bodies[] = { "", "{}", "{\"message\":\"hello\"}" };

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char names[100];
        walk w;

        begin(&w);
        bench_answer(&w.b, 0, 200, bodies[i]);
        ck_assert_int_eq(collect(&w, names, sizeof names), EB_DECODE);
        ck_assert_str_eq(names, "");
        ck_assert_str_eq(w.pager.response.field, "items");
        ck_assert_str_ne(w.pager.response.message, "");
        ck_assert_int_eq(collect(&w, names, sizeof names), EB_DECODE);
        end(&w);
    }
}
END_TEST

START_TEST(a_walk_that_would_not_end_ends)
{
    static const struct {
        const char *first, *second;
        const char *names;
        size_t      exchanges;
    } cases[] = {
        /* a next that does not grow */
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":1,\"more\":true}}", NULL, "a ", 1 },
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":-5,\"more\":true}}", NULL, "a ", 1 },
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":2}}",
          "{\"items\":[{\"name\":\"b\"}],\"paging\":{\"next\":2}}", "a b ", 2 },
        /* an empty page, a missing one, none at all */
        { "{\"items\":[],\"paging\":{\"next\":2,\"more\":true}}", NULL, "", 1 },
        { "{\"items\":null,\"paging\":{\"next\":2,\"more\":true}}", NULL, "", 1 },
        { "{\"paging\":{\"next\":2,\"more\":true}}", NULL, "", 1 },
        /* the same page again */
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":2}}",
          "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":3}}", "a ", 2 },
        /* an earlier page */
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}",
          "{\"items\":[{\"name\":\"z\"}],\"paging\":{\"number\":1,\"next\":3}}", "a ", 2 },
        /* no more, whatever next says */
        { "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":2,\"more\":false}}", NULL, "a ", 1 },
        { "{\"items\":[{\"name\":\"a\"}]}", NULL, "a ", 1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char names[100];
        walk w;

        begin(&w);
        bench_answer(&w.b, 0, 200, cases[i].first);
        if (cases[i].second != NULL)
            bench_answer(&w.b, 1, 200, cases[i].second);
        ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
        ck_assert_str_eq(names, cases[i].names);
        ck_assert_uint_eq(w.b.script.exchanges, cases[i].exchanges);
        end(&w);
    }
}
END_TEST

/* A mask may leave of two pages what looks alike; their numbers tell them apart. */
START_TEST(pages_that_look_alike_are_not_the_same)
{
    char names[100];
    walk w;

    begin(&w);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":2,\"next\":null}}");
    ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
    ck_assert_str_eq(names, "a a ");
    end(&w);
}
END_TEST

START_TEST(a_walk_by_count_stops_at_the_count)
{
    static const struct {
        int64_t     page;
        const char *names;
        size_t      exchanges;
    } cases[] = { { 0, "a b c ", 2 }, { 2, "c ", 2 }, { 1, "a b c ", 2 } };

    for (size_t i = 0; i < 3; i++) {
        const shop_list_params params = { .page = { cases[i].page,
                                                    cases[i].page != 0 ? EB_SET : EB_ABSENT } };
        char                   names[100];
        walk                   w;

        bench_start(&w.b);
        begin_with(&w, &shop_counted_list_op, &params);
        if (cases[i].page == 2) { /* a part of a page: one more is asked for, and is empty */
            bench_answer(&w.b, 0, 200, "{\"total\":3,\"items\":[{\"name\":\"c\"}]}");
            bench_answer(&w.b, 1, 200, "{\"total\":3,\"items\":[]}");
        } else {
            bench_answer(&w.b, 0, 200, "{\"total\":3,\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
            bench_answer(&w.b, 1, 200, "{\"total\":3,\"items\":[{\"name\":\"c\"}]}");
        }
        ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
        ck_assert_str_eq(names, cases[i].names);
        ck_assert_uint_eq(w.b.script.exchanges, cases[i].exchanges);
        end(&w);
    }
    {
        const shop_list_params last = { .page = EB_INT(INT64_MAX) };
        char                   names[100];
        walk                   w;

        bench_start(&w.b);
        begin_with(&w, &shop_counted_list_op, &last);
        bench_answer(&w.b, 0, 200,
                     "{\"total\":9223372036854775807,\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
        ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
        ck_assert_uint_eq(w.b.script.exchanges, 1);
        end(&w);
    }
}
END_TEST

/* Begun at the third of three full pages, it need not ask for a fourth. */
START_TEST(a_walk_by_count_knows_the_pages_before_it)
{
    const shop_list_params params = { .page = EB_INT(3) };
    char                   names[100];
    walk                   w;

    bench_start(&w.b);
    begin_with(&w, &shop_counted_list_op, &params);
    bench_answer(&w.b, 0, 200, "{\"total\":6,\"items\":[{\"name\":\"e\"},{\"name\":\"f\"}]}");
    ck_assert_int_eq(collect(&w, names, sizeof names), EB_DONE);
    ck_assert_str_eq(names, "e f ");
    ck_assert_uint_eq(w.b.script.exchanges, 1);
    end(&w);
}
END_TEST

/* ---- Failures ---------------------------------------------------------------------------------- */

START_TEST(after_a_failure_the_same_page_is_asked_for_again)
{
    const char *name;
    walk        w;

    begin(&w);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"next\":2}}");
    bench_answer(&w.b, 1, 404, "{\"message\":\"not now\"}");
    bench_answer(&w.b, 2, 200, "{\"items\":[1]}");
    bench_answer(&w.b, 3, 200, "{\"items\":[{\"name\":\"b\"}],\"paging\":{\"next\":3}}");
    bench_answer(&w.b, 4, 200, "{\"items\":[]}");
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_API);
    ck_assert_str_eq(w.pager.response.message, "not now");
    ck_assert_int_eq(next(&w, &name), EB_DECODE);
    ck_assert_str_eq(w.pager.response.field, "items[0]");
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_str_eq(name, "b");
    ck_assert_int_eq(next(&w, &name), EB_DONE);
    for (size_t i = 1; i < 4; i++)
        ck_assert_str_eq(w.b.script.seen[i].url, URL("?page=2"));
    ck_assert_str_eq(w.b.script.seen[4].url, URL("?page=3"));
    end(&w);
}
END_TEST

START_TEST(a_deadline_given_for_a_walk_is_for_all_of_it)
{
    eb_call_options        options = { .deadline_ms = 100 };
    const shop_list_params params  = { .options = &options };
    const char            *name;
    walk                   w;

    bench_start(&w.b);
    begin_with(&w, &shop_list_op, &params);
    options.deadline_ms = 0; /* was copied */
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":2,\"next\":3}}");
    w.b.took_ms = 60;
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(w.b.timeouts_ms[0], 100);
    ck_assert_int_eq(w.b.timeouts_ms[1], 40);
    ck_assert_int_eq(next(&w, &name), EB_TIMEOUT);
    ck_assert_uint_eq(w.b.script.exchanges, 2);
    end(&w);
}
END_TEST

START_TEST(a_deadline_given_to_the_client_is_for_all_of_a_walk_too)
{
    const char *name;
    walk        w;

    bench_start_with(&w.b, (eb_client_options){ .deadline_ms = 100 });
    begin_with(&w, &shop_list_op, NULL);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"b\"}],\"paging\":{\"number\":2,\"next\":3}}");
    w.b.took_ms = 60;
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(w.b.timeouts_ms[1], 40);
    ck_assert_int_eq(next(&w, &name), EB_TIMEOUT);
    ck_assert_uint_eq(w.b.script.exchanges, 2);
    end(&w);
}
END_TEST

START_TEST(a_walk_may_be_without_the_deadline_of_its_client)
{
    const eb_call_options  options = { .deadline_ms = EB_NO_DEADLINE };
    const shop_list_params params  = { .options = &options };
    const char            *name;
    walk                   w;

    bench_start_with(&w.b, (eb_client_options){ .deadline_ms = 100 });
    begin_with(&w, &shop_list_op, &params);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[]}");
    w.b.took_ms = 150;
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_DONE);
    end(&w);
}
END_TEST

START_TEST(the_default_deadline_is_for_each_page)
{
    const char *name;
    walk        w;

    bench_start(&w.b);
    begin_with(&w, &shop_list_op, NULL);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}],\"paging\":{\"number\":1,\"next\":2}}");
    bench_answer(&w.b, 1, 200, "{\"items\":[{\"name\":\"b\"}],\"paging\":{\"number\":2,\"next\":3}}");
    bench_answer(&w.b, 2, 200, "{\"items\":[]}");
    w.b.took_ms = 29 * 1000;
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_OK);
    ck_assert_int_eq(next(&w, &name), EB_DONE);
    end(&w);
}
END_TEST

/* ---- Masks ------------------------------------------------------------------------------------- */

START_TEST(a_mask_must_show_what_pages_are_walked_by)
{
    static const struct {
        const char *mask;
        bool        good;
    } cases[] = { { "items,paging,total", true },
                  { "{items,paging,total}", true },
                  { "{items{name},paging{next,more},total}", true },
                  { " { items { name } , paging { next , more } , total } ", true },
                  { "*", true },
                  { "{*}", true },
                  { "{*,items{name}}", true },
                  { "{items{*},paging{*},total}", true },
                  { "", true }, /* no mask */
                  { "items,paging", false },
                  { "items,total", false },
                  { "{items}", false },
                  { "name", false },
                  { "{items,paging{next},total}", false },
                  { "{items,paging {next},total}", false },
                  { "{paging{next,more,items},total}", false },
                  { "{*,paging{number}}", false },
                  { "{paging{number},*}", false },
                  { "items2,paging,total", false },
                  { "item,paging,total", false },
                  { "{", false },
                  { "}", false },
                  { "{{{{", false },
                  { "items{,paging,total", false } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const shop_list_params params = { .mask = cases[i].mask };
        eb_pager               pager  = { 0 };
        bench                  b;

        bench_start(&b);
        ck_assert_msg(eb_pager_start(b.client, &shop_list_op, &params, &pager) ==
                          (cases[i].good ? EB_OK : EB_INVALID),
                      "%s", cases[i].mask);
        if (!cases[i].good) {
            bench_texts(&pager.response);
            ck_assert_str_eq(pager.response.field, "x-fields");
            ck_assert_int_eq(pager.response.cause, EB_INVALID);
        }
        eb_pager_free(&pager);
        bench_end(&b);
    }
}
END_TEST

/* ---- Who owns what ----------------------------------------------------------------------------- */

START_TEST(parameters_and_options_are_copied)
{
    char      mask[] = "*", name[] = "x-mine", value[] = "v1", base[] = "http://other.example";
    eb_header header         = { name, value };
    eb_call_options  options = { .headers = &header, .header_count = 1, .base_url = base };
    shop_list_params params  = { .options = &options, .mask = mask };
    const char      *first;
    walk             w;

    bench_start(&w.b);
    begin_with(&w, &shop_list_op, &params);
    memset(mask, '?', 1);
    memset(name, '?', 6);
    memset(value, '?', 2);
    memset(base, '?', 4);
    memset(&header, 0xA5, sizeof header);
    memset(&options, 0xA5, sizeof options);
    memset(&params, 0xA5, sizeof params);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"a\"}]}");
    ck_assert_int_eq(next(&w, &first), EB_OK);
    ck_assert_str_eq(w.b.script.seen[0].url, "http://other.example/v1/items");
    ck_assert_ptr_nonnull(strstr(w.b.script.seen[0].headers, "x-fields: *\r\nx-mine: v1\r\n"));
    end(&w);
}
END_TEST

START_TEST(a_walk_may_begin_with_an_item_of_the_one_before)
{
    const void      *item;
    shop_list_params params = { .mask = "*" };
    walk             w;

    begin(&w);
    bench_answer(&w.b, 0, 200, "{\"items\":[{\"name\":\"*\"}],\"paging\":{\"next\":2}}");
    ck_assert_int_eq(eb_pager_next(&w.pager, &shop_list_op, &item), EB_OK);
    params.mask = ((const shop_item *)item)->name;
    ck_assert_int_eq(eb_pager_start(w.b.client, &shop_list_op, &params, &w.pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&w.pager, &shop_list_op, &item), EB_OK);
    ck_assert_ptr_nonnull(strstr(w.b.script.seen[1].headers, "x-fields: *\r\n"));
    end(&w);
}
END_TEST

START_TEST(a_pager_may_be_freed_after_its_client)
{
    bench    b;
    eb_pager pager = { 0 };

    bench_start(&b);
    ck_assert_int_eq(eb_pager_start(b.client, &shop_list_op, NULL, &pager), EB_OK);
    eb_client_free(b.client);
    b.client = NULL;
    eb_pager_free(&pager);
    bench_end(&b);
}
END_TEST

START_TEST(a_pager_that_was_not_started_says_so)
{
    const void *item  = &item;
    eb_pager    pager = { 0 };
    bench       b;

    ck_assert_int_eq(eb_pager_next(&pager, &shop_list_op, &item), EB_INVALID);
    bench_texts(&pager.response);
    ck_assert_int_eq(eb_pager_next(NULL, &shop_list_op, &item), EB_INVALID);
    ck_assert_int_eq(eb_pager_start(NULL, &shop_list_op, NULL, &pager), EB_INVALID);
    bench_texts(&pager.response);
    ck_assert_str_ne(pager.response.message, "");
    ck_assert_int_eq(eb_pager_start(NULL, &shop_list_op, NULL, NULL), EB_INVALID);
    bench_start(&b);
    ck_assert_int_eq(eb_pager_start(b.client, NULL, NULL, &pager), EB_INVALID);
    bench_texts(&pager.response);
    ck_assert_int_eq(eb_pager_start(b.client, &shop_order_op, NULL, &pager), EB_INVALID);
    ck_assert_int_eq(eb_pager_start(b.client, &shop_list_op, NULL, &pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&pager, &shop_counted_list_op, &item), EB_INVALID);
    ck_assert_int_eq(eb_pager_next(&pager, &shop_list_op, NULL), EB_INVALID);
    ck_assert_ptr_eq(item, &item);
    eb_pager_free(&pager);
    eb_pager_free(NULL);
    bench_end(&b);
}
END_TEST

START_TEST(wrong_parameters_stop_a_walk_before_it_begins)
{
    const eb_call_options  headers = { .header_count = 3 };
    const shop_list_params null = { .page = EB_INT_NULL }, broken = { .options = &headers };
    const void            *item;
    eb_pager               pager = { 0 };
    bench                  b;

    bench_start(&b);
    ck_assert_int_eq(eb_pager_start(b.client, &shop_list_op, &null, &pager), EB_INVALID);
    ck_assert_int_eq(pager.response.status, EB_INVALID);
    ck_assert_str_eq(pager.response.field, "page");
    ck_assert_int_eq(pager.response.reason, EB_REASON_LOCAL);
    ck_assert_int_eq(eb_pager_start(b.client, &shop_list_op, &broken, &pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&pager, &shop_list_op, &item), EB_INVALID);
    ck_assert_str_eq(pager.response.field, "options.header_count");
    eb_pager_free(&pager);
    bench_end(&b);
}
END_TEST

START_TEST(a_walk_without_memory_fails_and_goes_on)
{
    static const eb_header header = { "x-mine", "v" };

    for (long n = 1;; n++) {
        const eb_call_options  options = { .headers      = &header,
                                           .header_count = 1,
                                           .base_url     = "http://a.example" };
        const shop_list_params params  = { .options = &options, .mask = "*" };
        const void            *item;
        eb_pager               pager = { 0 };
        bench                  b;
        eb_status              st;
        long                   calls;
        size_t                 items = 0;

        bench_start(&b);
        bench_answer(&b, 0, 200,
                     "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"paging\":{\"number\":1,\"next\":2}}");
        bench_answer(&b, 1, 200, "{\"items\":[{\"name\":\"c\"}],\"paging\":{\"number\":2}}");
        b.memory.calls   = 0;
        b.memory.fail_at = n;
        st               = eb_pager_start(b.client, &shop_list_op, &params, &pager);
        while (st == EB_OK && (st = eb_pager_next(&pager, &shop_list_op, &item)) == EB_OK)
            items++;
        bench_texts(&pager.response);
        calls            = b.memory.calls;
        b.memory.fail_at = 0;
        if (calls < n) {
            ck_assert_int_eq(st, EB_DONE);
            ck_assert_uint_eq(items, 3);
        } else {
            ck_assert_int_eq(st, EB_NOMEM);
            if (pager.state_ != NULL) { /* with memory again the walk goes on where it was */
                eb_script_reset(&b.script);
                if (items == 2)
                    bench_answer(&b, 0, 200, "{\"items\":[{\"name\":\"c\"}],\"paging\":{\"number\":2}}");
                while ((st = eb_pager_next(&pager, &shop_list_op, &item)) == EB_OK)
                    items++;
                ck_assert_int_eq(st, EB_DONE);
                ck_assert_uint_eq(items, 3);
            }
        }
        eb_pager_free(&pager);
        bench_end(&b);
        if (calls < n)
            break;
    }
}
END_TEST

UNIT_TESTS("pager", a_walk_follows_the_next_page, a_walk_begins_where_the_parameters_say,
           a_success_that_is_no_page_is_not_the_end_of_a_list, a_walk_that_would_not_end_ends,
           pages_that_look_alike_are_not_the_same, a_walk_by_count_stops_at_the_count,
           a_walk_by_count_knows_the_pages_before_it, after_a_failure_the_same_page_is_asked_for_again,
           a_deadline_given_for_a_walk_is_for_all_of_it,
           a_deadline_given_to_the_client_is_for_all_of_a_walk_too,
           a_walk_may_be_without_the_deadline_of_its_client, the_default_deadline_is_for_each_page,
           a_mask_must_show_what_pages_are_walked_by, parameters_and_options_are_copied,
           a_walk_may_begin_with_an_item_of_the_one_before, a_pager_may_be_freed_after_its_client,
           a_pager_that_was_not_started_says_so, wrong_parameters_stop_a_walk_before_it_begins,
           a_walk_without_memory_fails_and_goes_on)
