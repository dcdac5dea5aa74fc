/* Promises of asking what became of a call: the right question with the right parameters, or a clear no. */
#include "api.h"

static const shop_order_params order = { .body = &(shop_order){ .name = "a/b", .count = EB_INT(1) } };

START_TEST(the_question_takes_its_parameters_from_the_call)
{
    bench       b;
    const void *item = NULL;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a/b\"}");
    ck_assert_msg(eb_call_verify(b.client, &shop_order_op, &order, &item, &b.response) == EB_OK,
                  "%s", b.response.message);
    ck_assert_ptr_nonnull(item);
    ck_assert_str_eq(((const shop_item *)item)->name, "a/b");
    ck_assert_str_eq(b.script.seen[0].method, "GET");
    ck_assert_str_eq(b.script.seen[0].url, "https://shop.example.com/v1/items/a%2Fb");
    bench_end(&b);
}
END_TEST

START_TEST(what_did_not_arrive_is_a_404)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 404, "{\"message\":\"no such item\"}");
    ck_assert_int_eq(eb_call_verify(b.client, &shop_order_op, &order, NULL, &b.response), EB_API);
    ck_assert_int_eq(b.response.http_status, 404);
    bench_end(&b);
}
END_TEST

START_TEST(a_call_without_a_question_or_its_parameters_is_refused)
{
    bench                   b;
    const shop_order_params empty = { .body = NULL };

    bench_start(&b);
    ck_assert_int_eq(eb_call_verify(b.client, &shop_form_op, &order, NULL, &b.response), EB_INVALID);
    ck_assert_ptr_nonnull(strstr(b.response.message, "nothing tells"));
    ck_assert_int_eq(eb_call_verify(b.client, &shop_order_op, &empty, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "id");
    ck_assert_int_eq(eb_call_verify(b.client, &shop_order_op, NULL, NULL, &b.response), EB_INVALID);
    ck_assert_int_eq(eb_call_verify(NULL, &shop_order_op, &order, NULL, &b.response), EB_INVALID);
    ck_assert_int_eq(eb_call_verify(b.client, &shop_order_op, &order, NULL, NULL), EB_INVALID);
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(a_used_nonce_means_that_a_copy_arrived_before)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .api         = &shop_acs_api,
                                              .credentials = eb_credentials_key("id", "secret") });
    bench_answer(&b, 0, 400, "{\"code\":\"SignatureNonceUsed\",\"message\":\"used\"}");
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_MAYBE_DONE);
    ck_assert_ptr_nonnull(strstr(b.response.message, "a copy of the request arrived before"));
    ck_assert_ptr_nonnull(strstr(b.response.message, "shop_order_create_verify"));
    ck_assert_uint_eq(b.script.exchanges, 1);
    bench_answer(&b, 1, 400, "{\"code\":\"SignatureNonceUsed\"}"); /* without a message, the code */
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_ptr_eq(strstr(b.response.message, "SignatureNonceUsed: a copy"), b.response.message);
    /* what may be repeated is, with a nonce of its own */
    bench_answer(&b, 2, 400, "{\"code\":\"SignatureNonceUsed\",\"message\":\"used\"}");
    bench_answer(&b, 3, 200, "{\"name\":\"a\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 4);
    bench_end(&b);
}
END_TEST

UNIT_TESTS("verify", the_question_takes_its_parameters_from_the_call, what_did_not_arrive_is_a_404,
           a_call_without_a_question_or_its_parameters_is_refused,
           a_used_nonce_means_that_a_copy_arrived_before)
