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

START_TEST(the_nearest_operation_is_named)
{
    static const char *const cases[][2] = {
        { "order-creat", "operation: shop has none named \"order-creat\"; did you mean \"order-create\"?" },
        { "shop_item_lst",
          "operation: shop has none named \"shop_item_lst\"; did you mean \"shop_item_list\"?" },
        { "shop_ticket_fil",
          "operation: shop has none named \"shop_ticket_fil\"; did you mean \"shop_ticket_file\"?" },
        { "weather", "operation: shop has none named \"weather\"" },
    };
    bench b;

    bench_start(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(eb_invoke(b.client, cases[i][0], "{}", &b.response), EB_INVALID);
        ck_assert_str_eq(b.response.message, cases[i][1]);
    }
    bench_end(&b);
}
END_TEST

START_TEST(what_is_no_json_is_said_to_be_the_parameters)
{
    bench b;

    bench_start(&b);
    ck_assert_int_eq(eb_invoke(b.client, "item-list", "{\"page\":1,}", &b.response), EB_INVALID);
    ck_assert_ptr_nonnull(strstr(b.response.message, "params_json: invalid JSON at byte "));
    ck_assert_int_eq(eb_invoke(b.client, "item-list", "[]", &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.message, "params_json: expected an object, got array");
    bench_end(&b);
}
END_TEST

START_TEST(a_call_has_its_own_options)
{
    eb_cancel_source *source  = NULL;
    eb_invoke_options options = { .call = { .base_url = "http://127.0.0.1:1" } };
    bench             b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(eb_invoke_with(b.client, "item-list", NULL, &options, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].url, "http://127.0.0.1:1/v1/items");
    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    eb_cancel(source);
    options.call.cancel = source;
    ck_assert_int_eq(eb_invoke_with(b.client, "item-list", NULL, &options, NULL, &b.response),
                     EB_CANCELLED);
    eb_cancel_source_free(source);
    bench_end(&b);
}
END_TEST

START_TEST(a_file_goes_where_its_name_leads)
{
    eb_invoke_file    file    = { "body", eb_body_memory("bytes", 5) };
    eb_invoke_options options = { .files = &file, .file_count = 1 };
    bench             b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(eb_invoke_with(b.client, "item-put", "{\"body\":\"\"}", &options, NULL, &b.response),
                     EB_OK);
    ck_assert_str_eq(b.script.seen[0].body, "bytes");
    file.name = "body.file";
    ck_assert_int_eq(eb_invoke_with(b.client, "item-put", "{\"body\":\"\"}", &options, NULL, &b.response),
                     EB_INVALID);
    ck_assert_str_eq(b.response.message, "files: no upload is called \"body.file\" here");
    file.name = NULL;
    ck_assert_int_eq(eb_invoke_with(b.client, "item-put", "{\"body\":\"\"}", &options, NULL, &b.response),
                     EB_INVALID);
    bench_end(&b);
}
END_TEST

START_TEST(the_upload_that_an_answer_leads_to_is_called_by_its_name)
{
    static const char *const names[] = { "shop_ticket_file", "ticket_file" };
    const char              *params  = "{\"body\":{\"name\":\"n\"}}";
    eb_invoke_file           file    = { "file", eb_body_memory("bytes", 5) };
    eb_invoke_options        options = { .files = &file, .file_count = 1 };
    bench                    b;

    bench_start(&b);
    bench_answer(&b, 0, 200,
                 "{\"id\":\"t\",\"upload\":{\"url\":\"https://a.depot.example\",\"key\":\"k\",\"policy\":\"p\"}}");
    bench_answer(&b, 1, 204, NULL);
    for (size_t i = 0; i < 2; i++) {
        bench_answer(&b, 2 * i, 200, b.answers[0].body);
        bench_answer(&b, 2 * i + 1, 204, NULL);
        ck_assert_int_eq(eb_invoke_with(b.client, names[i], params, &options, NULL, &b.response), EB_OK);
        ck_assert_uint_eq(b.script.exchanges, 2 * i + 2);
        ck_assert_ptr_nonnull(strstr(b.script.seen[2 * i + 1].body, "bytes"));
    }
    options.file_count = 0;
    ck_assert_int_eq(eb_invoke_with(b.client, names[0], params, &options, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.message, "files: expected one named \"file\"");
    ck_assert_uint_eq(b.script.exchanges, 4);
    bench_end(&b);
}
END_TEST

START_TEST(items_come_as_they_were_received)
{
    static const char *const wanted[] = { "{\"name\":\"a\", \"new\" : [1.50, \",]\"]}",
                                          "{ \"name\" :\"b\"}", "{\"name\":\"c\"}" };
    eb_pager                 pager    = { 0 };
    eb_json                  item     = { NULL, 0 };
    bench                    b;

    bench_start(&b);
    bench_answer(&b, 0, 200,
                 "{\"items\": [ {\"name\":\"a\", \"new\" : [1.50, \",]\"]} ,{ \"name\" :\"b\"} ],"
                 "\"paging\":{\"next\":2,\"more\":true}}");
    bench_answer(&b, 1, 200, "{\"items\":[{\"name\":\"c\"}],\"paging\":{\"more\":false}}");
    ck_assert_int_eq(eb_invoke_all(b.client, "item-list", "{\"size\":2}", NULL, &pager), EB_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(eb_invoke_next(&pager, &item), EB_OK);
        ck_assert_uint_eq(item.len, strlen(wanted[i]));
        ck_assert_mem_eq(item.text, wanted[i], item.len);
    }
    ck_assert_int_eq(eb_invoke_next(&pager, &item), EB_DONE);
    eb_pager_free(&pager);
    ck_assert_int_eq(eb_invoke_all(b.client, "order-create", "{\"body\":{\"name\":\"n\"}}", NULL, &pager),
                     EB_INVALID);
    ck_assert_str_eq(pager.response.message, "operation: shop_order_create has no pages");
    eb_pager_free(&pager);
    ck_assert_int_eq(eb_invoke_all(b.client, "item-list", "{\"page\":\"x\"}", NULL, &pager), EB_INVALID);
    ck_assert_str_eq(pager.response.field, "page");
    ck_assert_int_eq(eb_invoke_next(&pager, &item), EB_INVALID);
    eb_pager_free(&pager);
    bench_end(&b);
}
END_TEST

UNIT_TESTS("invoke", the_nearest_operation_is_named, what_is_no_json_is_said_to_be_the_parameters,
           a_call_has_its_own_options, a_file_goes_where_its_name_leads,
           the_upload_that_an_answer_leads_to_is_called_by_its_name, items_come_as_they_were_received,
           an_operation_is_found_by_either_name, the_answer_is_checked,
           mistakes_of_the_caller_are_named, parameters_may_be_the_answer_before,
           nothing_given_is_a_mistake, without_memory_an_invocation_says_so)
