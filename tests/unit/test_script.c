/* test_script.c -- the scripted transport that ships for users' own tests. */
#include "api.h"

#include <stdio.h>

START_TEST(a_script_answers_in_order_and_then_repeats_its_last)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
    bench_answer(&b, 0, 200, "{\"name\":\"a\"}");
    bench_answer(&b, 1, 404, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 3);
    eb_script_reset(&b.script);
    ck_assert_uint_eq(b.script.exchanges, 0);
    ck_assert_ptr_null(b.script.seen[0].url);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    bench_end(&b);
}
END_TEST

START_TEST(a_script_records_what_it_was_sent)
{
    const shop_put_params params = { .body = eb_body_memory("a\0b", 3) };
    bench                 b;

    bench_start(&b);
    bench_answer(&b, 0, 204, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].method, "PUT");
    ck_assert_str_eq(b.script.seen[0].url, "https://shop.example.com/v1/raw");
    ck_assert_uint_eq(b.script.seen[0].body_len, 3);
    ck_assert_mem_eq(b.script.seen[0].body, "a\0b", 4);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_poke_op, NULL, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[1].body, "");
    bench_end(&b);
}
END_TEST

START_TEST(the_scripts_clock_moves_only_by_what_calls_wait)
{
    static const eb_header        later[]   = { { "Retry-After", "7" } };
    static const eb_script_answer answers[] = {
        { .http_status = 429, .headers = later, .header_count = 1 },
        { .http_status = 200, .body = "{}" },
    };
    eb_script          script    = { .answers = answers, .count = 2 };
    const eb_transport transport = eb_script_transport(&script);
    const eb_clock     clock     = eb_script_clock(&script);
    const int64_t      began     = eb__system_clock.monotonic_ms(NULL);
    eb_client         *client    = NULL;
    eb_response        response  = { 0 };

    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                         .credentials = eb_credentials_token("abcd"),
                                                         .transport   = &transport,
                                                         .clock       = &clock },
                                   &client),
                     EB_OK);
    ck_assert_int_eq(eb_invoke(client, "item-list", NULL, &response), EB_OK);
    ck_assert_uint_eq(script.exchanges, 2);
    ck_assert_int_ge(script.slept_ms, 7000);
    ck_assert_int_lt(eb__system_clock.monotonic_ms(NULL) - began, 5000);
    eb_script_reset(&script);
    ck_assert_int_eq(script.slept_ms, 0);
    eb_response_free(&response);
    eb_client_free(client);
}
END_TEST

START_TEST(a_script_without_answers_is_a_network_failure)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
    ck_assert_int_eq(bench_get(&b, NULL), EB_NETWORK);
    ck_assert_int_eq(bench_order(&b, NULL), EB_NETWORK);
    bench_end(&b);
}
END_TEST

START_TEST(more_exchanges_than_can_be_recorded_are_only_counted)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{}");
    for (int i = 0; i < EB_SCRIPT_SEEN_MAX + 5; i++)
        ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, EB_SCRIPT_SEEN_MAX + 5);
    bench_end(&b);
}
END_TEST

START_TEST(a_body_may_hold_any_byte)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, NULL);
    b.answers[0].body     = "{}\0x";
    b.answers[0].body_len = 4;
    ck_assert_int_eq(bench_get(&b, NULL), EB_DECODE);
    ck_assert_uint_eq(b.response.body.len, 4);
    bench_end(&b);
}
END_TEST

UNIT_TESTS("script", a_script_answers_in_order_and_then_repeats_its_last,
           a_script_records_what_it_was_sent, the_scripts_clock_moves_only_by_what_calls_wait,
           a_script_without_answers_is_a_network_failure,
           more_exchanges_than_can_be_recorded_are_only_counted, a_body_may_hold_any_byte)
