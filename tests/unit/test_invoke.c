/* test_invoke.c -- calls by name with parameters as JSON: the same rows, the same checks. */
#include "api.h"

START_TEST(an_operation_is_found_by_either_name)
{
    static const char *const names[] = { "order-create", "shop_order_create" };
    bench                    b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a\"}");
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(eb_invoke(b.client, names[i],
                                   "{\"body\":{\"name\":\"n\",\"count\":12,\"gift\":false,\"extra\":[1.0]}}",
                                   &b.response),
                         EB_OK);
        ck_assert_str_eq(b.script.seen[i].body,
                         "{\"name\":\"n\",\"count\":12,\"gift\":false,\"extra\":[1.0]}");
        ck_assert_str_eq(b.response.body.data, "{\"name\":\"a\"}");
    }
    bench_end(&b);
}
END_TEST

START_TEST(the_answer_is_checked)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":1}");
    ck_assert_int_eq(eb_invoke(b.client, "order-create", "{\"body\":{\"name\":\"n\"}}", &b.response),
                     EB_DECODE);
    ck_assert_str_eq(b.response.field, "name");
    bench_end(&b);
}
END_TEST

START_TEST(mistakes_of_the_caller_are_named)
{
    static const struct {
        const char *operation, *params, *field;
    } cases[] = { { "order-creat", "{}", "operation" },
                  { "", "{}", "operation" },
                  { NULL, "{}", "operation" },
                  { "evil\x1b[31m\r\n", "{}", "operation" },
                  { "order-create", "{}", "body" },
                  { "order-create", NULL, "body" },
                  { "order-create", "{\"body\":{}}", "body.name" },
                  { "order-create", "{\"body\":{\"name\":3}}", "body.name" },
                  { "order-create", "{\"body\":{\"name\":\"n\",\"count\":\"x\"}}", "body.count" },
                  { "item-list", "{\"pag\":1}", "pag" },
                  { "item-list", "{\"options\":null}", "options" },
                  { "item-list", "{\"page\":9223372036854775808}", "page" },
                  { "image-get", "{\"path\":\"a/../b\"}", "path" },
                  { "image-get", "{\"path\":\"a\\u0000b\"}", "path" },
                  { "item-list", "", "" },
                  { "item-list", "[]", "" },
                  { "item-list", "null", "" },
                  { "item-list", "{", "" },
                  { "item-list", "{} {}", "" } };
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(eb_invoke(b.client, cases[i].operation, cases[i].params, &b.response) == EB_INVALID,
                      "%zu: %s", i, b.response.message);
        bench_texts(&b.response);
        ck_assert_int_eq(b.response.status, EB_INVALID);
        ck_assert_msg(strcmp(b.response.field, cases[i].field) == 0, "%zu: %s", i, b.response.field);
        ck_assert_str_ne(b.response.message, "");
        ck_assert_ptr_null(strpbrk(b.response.message, "\x1b\r\n"));
        ck_assert_int_eq(b.response.cause, EB_INVALID);
        ck_assert_int_eq(b.response.reason, EB_REASON_LOCAL);
    }
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(parameters_may_be_the_answer_before)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"page\":3}");
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(eb_invoke(b.client, "item-list", NULL, &b.response), EB_OK);
    ck_assert_int_eq(eb_invoke(b.client, "item-list", b.response.body.data, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[1].url, "https://shop.example.com/v1/items?page=3");
    bench_answer(&b, 2, 200, "{\"page\":true}");
    ck_assert_int_eq(eb_invoke(b.client, "item-list", NULL, &b.response), EB_OK);
    ck_assert_int_eq(eb_invoke(b.client, b.response.body.data, b.response.body.data, &b.response),
                     EB_INVALID);
    ck_assert_str_eq(b.response.message, "operation: shop has none named \"{\"page\":true}\"");
    bench_end(&b);
}
END_TEST

START_TEST(nothing_given_is_a_mistake)
{
    eb_response response = { 0 };
    bench       b;

    ck_assert_int_eq(eb_invoke(NULL, "item-list", NULL, &response), EB_INVALID);
    bench_texts(&response);
    ck_assert_str_ne(response.message, "");
    bench_start(&b);
    ck_assert_int_eq(eb_invoke(b.client, "item-list", NULL, NULL), EB_INVALID);
    ck_assert_int_eq(eb_invoke(NULL, NULL, NULL, NULL), EB_INVALID);
    eb_response_free(&response);
    bench_end(&b);
}
END_TEST

START_TEST(without_memory_an_invocation_says_so)
{
    for (int good = 0; good < 2; good++)
        for (long n = 1;; n++) {
            bench     b;
            eb_status st;
            long      calls;

            bench_start(&b);
            bench_answer(&b, 0, 200, "{}");
            b.memory.calls   = 0;
            b.memory.fail_at = n;
            st               = eb_invoke(b.client, "order-create",
                           good ? "{\"body\":{\"name\":\"n\"}}" : "{\"body\":{}}", &b.response);
            bench_texts(&b.response);
            calls            = b.memory.calls;
            b.memory.fail_at = 0;
            ck_assert_int_eq(st, calls >= n ? EB_NOMEM : good ? EB_OK : EB_INVALID);
            bench_end(&b);
            if (calls < n)
                break;
        }
}
END_TEST

UNIT_TESTS("invoke", an_operation_is_found_by_either_name, the_answer_is_checked,
           mistakes_of_the_caller_are_named, parameters_may_be_the_answer_before,
           nothing_given_is_a_mistake, without_memory_an_invocation_says_so)
