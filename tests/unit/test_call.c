/* test_call.c -- whole calls on a scripted transport: what comes of each kind of answer, what is tried
 * again and when, how time is counted, and what stays whole when memory runs out. */
#include "api.h"

#include <stdio.h>

#include "call.h"
#include "outcome.h"

/* ---- What comes of an answer ------------------------------------------------------------------- */

START_TEST(success_gives_the_value_and_what_was_received)
{
    static const eb_header headers[] = { { "Content-Type", "application/json" },
                                         { "X-Request-Id", "r-1" } };
    const shop_item       *item      = NULL;
    bench                  b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a\",\"size\":3}");
    bench_header(&b, 0, headers, 2);
    ck_assert_int_eq(bench_get(&b, &item), EB_OK);
    ck_assert_str_eq(item->name, "a");
    ck_assert_int_eq(b.response.http_status, 200);
    ck_assert_int_eq(b.response.sent, EB_SENT_ANSWERED);
    ck_assert_int_eq(b.response.cause, EB_OK);
    ck_assert_int_eq(b.response.reason, EB_REASON_DONE);
    ck_assert_str_eq(b.response.request_id, "r-1");
    ck_assert_str_eq(b.response.message, "");
    ck_assert_int_eq(b.response.retry_after_ms, -1);
    ck_assert_uint_eq(b.response.header_count, 2);
    ck_assert_str_eq(eb_response_header(&b.response, "CONTENT-type"), "application/json");
    ck_assert_ptr_null(eb_response_header(&b.response, "content-typ"));
    ck_assert_str_eq(b.response.body.data, "{\"name\":\"a\",\"size\":3}");
    ck_assert_uint_eq(b.response.body.len, 21);
    ck_assert_uint_eq(b.response.attempt_count, 1);
    ck_assert_int_eq(b.response.attempts[0].reason, EB_REASON_DONE);
    bench_end(&b);
}
END_TEST

START_TEST(an_empty_success_has_no_value)
{
    static const char *const bodies[] = { NULL, "", " \r\n\t " };

    for (size_t i = 0; i < 3; i++) {
        const shop_item           *item   = (const shop_item *)&bodies;
        const shop_item_get_params params = { .id = "a" };
        const void                *value  = &params;
        bench                      b;

        (void)item;
        bench_start(&b);
        bench_answer(&b, 0, i == 0 ? 204 : 200, bodies[i]);
        ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, &value, &b.response),
                         EB_OK);
        ck_assert_ptr_null(value);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_failure_leaves_the_output_alone)
{
    static const struct {
        int         http_status;
        const char *body;
        eb_status   status;
    } cases[] = { { 404, "{}", EB_API },
                  { 200, "[]", EB_DECODE },
                  { 200, "{\"name\":1}", EB_DECODE },
                  { 200, "{\"ok\":false}", EB_API },
                  { 302, "", EB_API } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const shop_item_get_params params = { .id = "a" };
        const void                *value  = &params;
        bench                      b;

        bench_start(&b);
        bench_answer(&b, 0, cases[i].http_status, cases[i].body);
        ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, &value, &b.response),
                         cases[i].status);
        ck_assert_ptr_eq(value, &params);
        ck_assert_int_eq(b.response.http_status, cases[i].http_status);
        ck_assert_str_ne(b.response.message, "");
        bench_texts(&b.response);
        bench_end(&b);
    }
}
END_TEST

START_TEST(an_error_body_gives_code_message_and_request_id)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 409, "{\"code\":\"Full\",\"message\":\"no\\nroom\",\"request_id\":\"r-9\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_str_eq(b.response.code, "Full");
    ck_assert_str_eq(b.response.message, "no room");
    ck_assert_str_eq(b.response.request_id, "r-9");
    ck_assert_int_eq(b.response.reason, EB_REASON_SERVER_SAID_NO);
    ck_assert_int_eq(b.response.cause, EB_API);
    ck_assert_int_eq(eb_error_of(&shop_errors, &b.response), 1);
    bench_end(&b);

    bench_start(&b);
    bench_answer(&b, 0, 409, "<html>");
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_str_eq(b.response.message, "HTTP 409");
    bench_end(&b);

    bench_start(&b);
    bench_answer(&b, 0, 409, NULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_str_eq(b.response.message, "HTTP 409 without a body");
    bench_end(&b);
}
END_TEST

START_TEST(a_redirect_is_not_followed_and_named_in_one_safe_line)
{
    static const eb_header headers[] = { { "location", "http://elsewhere.example/\x1b[31m\r\nx" } };
    bench                  b;

    bench_start(&b);
    bench_answer(&b, 0, 307, NULL);
    bench_header(&b, 0, headers, 1);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_ptr_nonnull(strstr(b.response.message, "http://elsewhere.example/?[31m??x"));
    bench_end(&b);
}
END_TEST

START_TEST(a_redirect_that_repeats_the_token_is_told_without_it)
{
    static const eb_header headers[] = { { "location", "https://elsewhere.example/?t=" SHOP_TOKEN } };
    const shop_item       *item;
    bench                  b;

    bench_start(&b);
    bench_answer(&b, 0, 302, NULL);
    bench_header(&b, 0, headers, 1);
    ck_assert_int_eq(bench_get(&b, &item), EB_API);
    ck_assert_ptr_nonnull(strstr(b.response.message, "https://elsewhere.example/?t=*****"));
    ck_assert_ptr_null(strstr(b.response.message, "canary"));
    bench_end(&b);
}
END_TEST

START_TEST(a_body_that_does_not_match_names_the_member)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a\",\"size\":\"3\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_DECODE);
    ck_assert_str_eq(b.response.field, "size");
    ck_assert_str_eq(b.response.message, "size: expected an integer, got string");
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_int_eq(b.response.cause, EB_DECODE);
    bench_end(&b);
}
END_TEST

START_TEST(a_dropped_status_is_no_success)
{
    const shop_item_get_params params = { .id = "a" };
    const void                *value  = &params;
    bench                      b;

    bench_start_with(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
    bench_answer(&b, 0, 0, "{\"name\":\"a\"}");
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, &value, &b.response),
                     EB_NETWORK);
    ck_assert_ptr_eq(value, &params);
    ck_assert_int_eq(bench_order(&b, NULL), EB_MAYBE_SENT);
    ck_assert_int_eq(b.response.sent, EB_SENT_ALL);
    bench_end(&b);
}
END_TEST

/* ---- The outcome table, played ----------------------------------------------------------------- */

/* Every cell of the table that a transport can bring about comes out of a call as it stands there. */
START_TEST(failures_come_out_as_the_table_says)
{
    static const eb_status causes[] = { EB_NETWORK, EB_TIMEOUT, EB_CANCELLED,
                                        EB_LIMIT,   EB_NOMEM,   EB_INVALID };
    static const eb_event  events[] = { EB_EVENT_NETWORK, EB_EVENT_TIMEOUT, EB_EVENT_CANCELLED,
                                        EB_EVENT_LOCAL,   EB_EVENT_LOCAL,   EB_EVENT_LOCAL };

    for (size_t c = 0; c < sizeof causes / sizeof causes[0]; c++)
        for (int sent = EB_SENT_NOTHING; sent <= EB_SENT_ANSWERED; sent++)
            for (int safe = 0; safe < 2; safe++) {
                const bool     answered = sent == EB_SENT_ANSWERED;
                const eb_event event = answered && (causes[c] == EB_NETWORK || causes[c] == EB_TIMEOUT)
                                           ? EB_EVENT_CUT
                                           : events[c];
                const eb_outcome_row *row = eb__outcome(event, (eb_sent)sent, safe);
                const eb_status status = event == EB_EVENT_LOCAL && row->status == EB_OK ? causes[c]
                                                                                         : row->status;
                bench           b;

                bench_start_with(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
                bench_fails(&b, 0, causes[c], (eb_sent)sent);
                b.answers[0].http_status = answered ? 200 : 0;
                ck_assert_int_eq(safe ? bench_get(&b, NULL) : bench_order(&b, NULL), status);
                ck_assert_int_eq(b.response.sent, sent);
                ck_assert_int_eq(b.response.cause, causes[c]);
                ck_assert_int_eq(b.response.http_status, answered ? 200 : 0);
                ck_assert_int_eq(b.response.reason,
                                 row->retry != EB_RETRY_NO ? EB_REASON_ATTEMPTS_USED : row->reason);
                ck_assert_int_eq(b.response.attempts[0].status, status);
                ck_assert_int_eq(b.response.attempts[0].sent, sent);
                bench_end(&b);
            }
}
END_TEST

START_TEST(an_operation_of_another_api_is_not_sent)
{
    bench       b;
    const void *value = &b;

    bench_start(&b);
    ck_assert_int_eq(eb_call_operation(b.client, &depot_post_op, NULL, &value, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "client");
    ck_assert_str_eq(b.response.message, "client: made for shop, but depot_post_object is of another API");
    ck_assert_str_eq(b.response.operation, "depot_post_object");
    ck_assert_uint_eq(b.script.exchanges, 0);
    ck_assert_ptr_eq(value, &b);
    bench_end(&b);
}
END_TEST

START_TEST(a_passing_failure_of_what_must_not_be_repeated_says_that_it_may_be_done)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 502, "<html>Bad Gateway</html>");
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_NOT_SAFE);
    ck_assert_ptr_nonnull(strstr(b.response.message, "HTTP 502: it may have been carried out"));
    ck_assert_ptr_nonnull(strstr(b.response.message, "shop_order_create_verify"));
    bench_end(&b);
}
END_TEST

START_TEST(maybe_sent_says_how_to_find_out)
{
    bench b;

    bench_start(&b);
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    ck_assert_int_eq(bench_order(&b, NULL), EB_MAYBE_SENT);
    ck_assert_int_eq(b.response.cause, EB_NETWORK);
    ck_assert_int_eq(b.response.reason, EB_REASON_NOT_SAFE);
    ck_assert_ptr_nonnull(strstr(b.response.message, "after all of the request was sent"));
    ck_assert_ptr_nonnull(
        strstr(b.response.message, "; shop_order_create_verify tells (it calls shop_item_get)"));
    ck_assert_uint_eq(b.script.exchanges, 1);
    bench_end(&b);
}
END_TEST

START_TEST(an_answer_that_says_no_says_so_when_it_is_cut)
{
    static const eb_status cuts[] = { EB_NETWORK, EB_TIMEOUT, EB_LIMIT };

    for (size_t i = 0; i < 3; i++) {
        bench b;

        /* unsafe, 500: not retried, and it is the service that said so */
        bench_start(&b);
        *bench_answer(&b, 0, 500, "{\"code\":\"Full\",\"mess") = (eb_script_answer){
            .status = cuts[i], .http_status = 500, .body = "{\"code\":\"Full\",\"mess"
        };
        ck_assert_int_eq(bench_order(&b, NULL), EB_API);
        ck_assert_int_eq(b.response.http_status, 500);
        ck_assert_str_eq(b.response.code, "Full");
        ck_assert_int_eq(b.response.cause, cuts[i]);
        ck_assert_int_eq(b.response.reason, EB_REASON_NOT_SAFE);
        bench_end(&b);

        /* throttled: not done, so even an unsafe call goes on */
        bench_start(&b);
        b.answers[0] = (eb_script_answer){ .status = cuts[i], .http_status = 429 };
        bench_answer(&b, 1, 200, "{}");
        ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
        ck_assert_uint_eq(b.script.exchanges, 2);
        bench_end(&b);
    }
}
END_TEST

START_TEST(the_deadline_and_a_cancel_end_an_unsafe_call_with_what_is_known)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .deadline_ms = 500 });
    bench_fails(&b, 0, EB_TIMEOUT, EB_SENT_ALL);
    b.took_ms = 500;
    ck_assert_int_eq(bench_order(&b, NULL), EB_MAYBE_SENT);
    ck_assert_int_eq(b.response.cause, EB_TIMEOUT);
    ck_assert_int_eq(b.response.reason, EB_REASON_DEADLINE);
    bench_end(&b);

    bench_start(&b);
    bench_fails(&b, 0, EB_CANCELLED, EB_SENT_PART);
    ck_assert_int_eq(bench_order(&b, NULL), EB_MAYBE_SENT);
    ck_assert_int_eq(b.response.cause, EB_CANCELLED);
    ck_assert_int_eq(b.response.reason, EB_REASON_CANCELLED);
    ck_assert_ptr_nonnull(strstr(b.response.message, "after part of the request"));
    bench_end(&b);
}
END_TEST

START_TEST(an_unknown_word_of_a_transport_is_a_network_failure)
{
    static const eb_status words[] = { EB_DONE, EB_API,        EB_DECODE,
                                       EB_AUTH, EB_MAYBE_SENT, (eb_status)77 };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        bench b;

        bench_start_with(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
        bench_fails(&b, 0, words[i], EB_SENT_NOTHING);
        ck_assert_int_eq(bench_get(&b, NULL), EB_NETWORK);
        bench_end(&b);
    }
}
END_TEST

/* ---- Retries ----------------------------------------------------------------------------------- */

START_TEST(a_lost_connection_is_tried_again_with_growing_waits)
{
    bench b;

    bench_start(&b);
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    bench_fails(&b, 1, EB_NETWORK, EB_SENT_NOTHING);
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.response.attempt_count, 3);
    ck_assert_int_eq(b.response.attempts[0].reason, EB_REASON_TRANSPORT);
    ck_assert_int_eq(b.response.attempts[0].delay_ms, 25);
    ck_assert_int_eq(b.response.attempts[1].reason, EB_REASON_CONNECT);
    ck_assert_int_eq(b.response.attempts[1].delay_ms, 50);
    ck_assert_int_eq(b.response.attempts[2].delay_ms, 0);
    ck_assert_int_eq(b.slept_ms, 75);
    ck_assert_int_eq(b.response.cause, EB_OK);
    bench_end(&b);
}
END_TEST

START_TEST(what_a_service_asks_to_wait_is_waited)
{
    static const eb_header headers[] = { { "Retry-After", "3" } };
    bench                  b;

    bench_start(&b);
    bench_answer(&b, 0, 503, "{\"code\":\"Full\"}");
    bench_header(&b, 0, headers, 1);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(b.slept_ms, 3000);
    ck_assert_str_eq(b.response.attempts[0].code, "Full");
    ck_assert_int_eq(b.response.attempts[0].http_status, 503);
    ck_assert_int_eq(b.response.attempts[0].status, EB_API);
    ck_assert_int_eq(b.response.retry_after_ms, -1);
    bench_end(&b);
}
END_TEST

START_TEST(options_say_how_often)
{
    static const struct {
        int    client, call;
        size_t exchanges;
    } cases[] = { { 0, 0, 3 },
                  { 0, EB_RETRIES_NONE, 1 },
                  { EB_RETRIES_NONE, 0, 1 },
                  { EB_RETRIES_NONE, 1, 2 },
                  { 10, 0, 11 },
                  { 1, 10, 11 } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_call_options options = { .retries = cases[i].call, .deadline_ms = EB_NO_DEADLINE };
        const shop_item_get_params params = { .options = &options, .id = "a" };
        bench                      b;

        bench_start_with(&b, (eb_client_options){ .retries = cases[i].client });
        bench_answer(&b, 0, 500, NULL);
        ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response),
                         EB_API);
        ck_assert_uint_eq(b.script.exchanges, cases[i].exchanges);
        ck_assert_uint_eq(b.response.attempt_count, cases[i].exchanges);
        ck_assert_int_eq(b.response.reason, EB_REASON_ATTEMPTS_USED);
        bench_end(&b);
    }
}
END_TEST

START_TEST(retries_take_from_a_quota_and_success_gives_back)
{
    bench b;

    bench_start(&b);
    bench_answer(&b, 0, 500, NULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"),
                     EB_QUOTA_FULL - 2 * EB_QUOTA_COST);
    bench_answer(&b, 3, 503, NULL);
    bench_answer(&b, 4, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"),
                     EB_QUOTA_FULL - 2 * EB_QUOTA_COST);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"),
                     EB_QUOTA_FULL - 2 * EB_QUOTA_COST + 1);
    eb__quota_return(&b.client->shared->quota, "shop.example.com", EB_QUOTA_FULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"), EB_QUOTA_FULL);

    ck_assert(eb__quota_take(&b.client->shared->quota, "shop.example.com",
                             EB_QUOTA_FULL - EB_QUOTA_COST + 1));
    bench_answer(&b, 7, 503, NULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_QUOTA_EMPTY);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"), EB_QUOTA_COST - 1);
    bench_end(&b);
}
END_TEST

START_TEST(throttled_is_tried_again_even_when_unsafe)
{
    static const eb_header acs[] = { { "x-acs-retry-after", "700" } };
    static const struct {
        int              http_status;
        const char      *body;
        const eb_header *header;
        int64_t          wait_ms;
    } cases[] = { { 429, NULL, NULL, 501 },
                  { 400, "{\"code\":\"Throttling.User\"}", NULL, 501 },
                  { 403, "{}", acs, 700 },
                  { 200, "{\"ok\":false,\"code\":\"Throttling\"}", NULL, 501 } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        if (cases[i].header == acs) /* means something from services that sign so, nothing from others */
            bench_start_with(&b, (eb_client_options){ .api         = &shop_acs_api,
                                                      .credentials = eb_credentials_key("id", "secret") });
        else
            bench_start(&b);
        bench_answer(&b, 0, cases[i].http_status, cases[i].body);
        bench_header(&b, 0, cases[i].header, cases[i].header != NULL);
        bench_answer(&b, 1, 200, "{}");
        ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
        ck_assert_int_eq(b.response.attempts[0].reason, EB_REASON_THROTTLED);
        ck_assert_int_ge(b.slept_ms, cases[i].wait_ms - 2);
        ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"), EB_QUOTA_FULL);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_header_of_another_provider_does_not_make_a_call_safe)
{
    static const eb_header acs[] = { { "x-acs-retry-after", "700" } };
    bench                  b;

    bench_start(&b);
    bench_answer(&b, 0, 502, NULL);
    bench_header(&b, 0, acs, 1);
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_NOT_SAFE);
    ck_assert_uint_eq(b.script.exchanges, 1);
    bench_end(&b);
}
END_TEST

START_TEST(a_delete_that_finds_nothing_after_an_attempt_may_have_done_it)
{
    static const struct {
        int       http_status;
        eb_status status;
        eb_sent   sent;
        eb_reason reason;
    } first[]                         = { { 0, EB_NETWORK, EB_SENT_ALL, EB_REASON_MAYBE_DONE },
                                          { 500, EB_OK, EB_SENT_ANSWERED, EB_REASON_MAYBE_DONE },
                                          { 0, EB_NETWORK, EB_SENT_NOTHING, EB_REASON_SERVER_SAID_NO },
                                          { 429, EB_OK, EB_SENT_ANSWERED, EB_REASON_SERVER_SAID_NO } };
    const shop_item_get_params params = { .id = "a" };

    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        bench b;

        bench_start(&b);
        b.answers[0] = (eb_script_answer){ .http_status = first[i].http_status,
                                           .status      = first[i].status,
                                           .sent        = first[i].sent };
        bench_answer(&b, 1, 404, "{}");
        ck_assert_int_eq(eb_call_operation(b.client, &shop_item_delete_op, &params, NULL, &b.response),
                         EB_API);
        ck_assert_int_eq(b.response.reason, first[i].reason);
        ck_assert_int_eq(b.response.http_status, 404);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_wrong_clock_is_corrected_once)
{
    static const eb_header dates[] = { { "Date", "Sat, 28 Mar 2026 09:09:10 GMT" } }; /* an hour ahead */
    char                   value[64];
    bench                  b;

    bench_start_with(&b, (eb_client_options){ .api = &shop_acs_api });
    bench_answer(&b, 0, 400, "{\"code\":\"InvalidTimeStamp.Expired\"}");
    bench_header(&b, 0, dates, 1);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_int_eq(b.response.attempts[0].reason, EB_REASON_CLOCK_SKEW);
    ck_assert_int_eq(b.sleeps, 0);
    ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "x-acs-date", value, sizeof value),
                     "2026-03-28T08:09:10Z");
    ck_assert_str_eq(bench_sent_header(&b.script.seen[1], "x-acs-date", value, sizeof value),
                     "2026-03-28T09:09:10Z");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_str_eq(bench_sent_header(&b.script.seen[2], "x-acs-date", value, sizeof value),
                     "2026-03-28T09:09:10Z");

    /* right by now and refused all the same: that is not the clock */
    bench_answer(&b, 3, 400, "{\"code\":\"InvalidTimeStamp.Expired\"}");
    bench_header(&b, 3, dates, 1);
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 4);
    bench_end(&b);
}
END_TEST

/* Another thread learned the offset while this attempt, signed without it, was under way. */
START_TEST(a_clock_that_another_thread_corrected_is_taken_too)
{
    static const eb_header  dates[] = { { "date", "Sat, 28 Mar 2026 09:09:10 GMT" } };
    const shop_order        order   = { .name = "a" };
    const shop_order_params params  = { NULL, &order };
    bench                   b;
    eb_call                 call;
    eb_call_input           input;

    bench_start_with(&b, (eb_client_options){ .api = &shop_acs_api });
    input = (eb_call_input){
        .client = b.client, .api = &shop_acs_api, .operation = &shop_order_op, .params = &params
    };
    ck_assert_int_eq(eb__call_start(&call, &input, &b.response), EB_STEP_SEND);
    atomic_store(&b.client->clock_offset_ms, 3600 * 1000);
    bench_answer(&b, 0, 400, "{\"code\":\"InvalidTimeStamp.Expired\"}");
    bench_header(&b, 0, dates, 1);
    ck_assert_int_eq(eb__call_attempted(&call, bench_exchange(&b, &call.exchange)), EB_STEP_SEND);
    eb__call_end(&call);
    bench_end(&b);
}
END_TEST

START_TEST(a_clock_out_of_this_world_overflows_nothing)
{
    static const eb_header dates[]  = { { "date", "Sat, 28 Mar 2026 09:09:10 GMT" },
                                        { "retry-after", "9" } };
    static const int64_t   clocks[] = { INT64_MIN, INT64_MAX, -1, 0 };

    for (size_t i = 0; i < 4; i++) {
        bench b;

        bench_start_with(&b, (eb_client_options){ .api = &shop_acs_api, .retries = 1 });
        b.wall_ms      = clocks[i];
        b.monotonic_ms = clocks[i] == INT64_MAX ? INT64_MAX - 1000 : clocks[i];
        bench_answer(&b, 0, 400, "{\"code\":\"InvalidTimeStamp.Expired\"}");
        bench_header(&b, 0, dates, 1);
        ck_assert_int_ne(bench_order(&b, NULL), EB_OK);
        bench_end(&b);
    }
}
END_TEST

/* ---- Time -------------------------------------------------------------------------------------- */

START_TEST(an_attempt_gets_the_shorter_of_its_own_time_and_what_is_left)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .deadline_ms = 1000, .attempt_timeout_ms = 600 });
    bench_fails(&b, 0, EB_TIMEOUT, EB_SENT_ALL);
    b.took_ms = 600;
    ck_assert_int_eq(bench_get(&b, NULL), EB_TIMEOUT);
    ck_assert_int_eq(b.timeouts_ms[0], 600);
    ck_assert_int_eq(b.timeouts_ms[1], 375); /* 1000 less 600 and a wait of 25 */
    ck_assert_int_eq(b.response.reason, EB_REASON_DEADLINE);
    bench_end(&b);
}
END_TEST

START_TEST(a_wait_past_the_deadline_is_not_begun)
{
    static const eb_header headers[] = { { "retry-after", "2" } };
    bench                  b;

    bench_start_with(&b, (eb_client_options){ .deadline_ms = 2000 });
    bench_answer(&b, 0, 503, "{}");
    bench_header(&b, 0, headers, 1);
    b.took_ms = 1;
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_DEADLINE);
    ck_assert_int_eq(b.response.retry_after_ms, 2000);
    ck_assert_int_eq(b.sleeps, 0);
    bench_end(&b);
}
END_TEST

START_TEST(durations_of_any_size_are_counted_right)
{
    static const int64_t huge[] = { INT64_MAX, INT64_MAX - 1, EB_NO_DEADLINE };

    for (size_t i = 0; i < 3; i++) {
        const eb_call_options      options = { .deadline_ms = huge[i] };
        const shop_item_get_params params  = { .options = &options, .id = "a" };
        bench                      b;

        bench_start_with(&b, (eb_client_options){ .deadline_ms        = huge[i],
                                                  .attempt_timeout_ms = INT64_MAX,
                                                  .connect_timeout_ms = INT64_MAX,
                                                  .stall_timeout_ms   = INT64_MAX });
        bench_answer(&b, 0, 503, NULL);
        bench_answer(&b, 1, 200, "{}");
        ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response),
                         EB_OK);
        ck_assert_int_gt(b.timeouts_ms[0], INT64_C(1) << 60);
        bench_end(&b);
    }
    ck_assert_int_eq(eb__later(INT64_MAX - 5, 5), INT64_MAX);
    ck_assert_int_eq(eb__later(INT64_MAX - 5, 6), INT64_MAX);
    ck_assert_int_eq(eb__later(-5, INT64_MAX), INT64_MAX - 5);
    ck_assert_int_eq(eb__until(INT64_MAX, INT64_MIN), INT64_MAX);
    ck_assert_int_eq(eb__until(10, INT64_MIN), INT64_MAX);
    ck_assert_int_eq(eb__until(INT64_MIN, 10), 0);
    ck_assert_int_eq(eb__until(10, 3), 7);
}
END_TEST

START_TEST(options_out_of_range_are_refused_by_name)
{
    static const eb_header one = { "a", "b" };
    const struct {
        eb_call_options options;
        const char     *field;
    } cases[] = { { { .deadline_ms = -2 }, "options.deadline_ms" },
                  { { .deadline_ms = INT64_MIN }, "options.deadline_ms" },
                  { { .attempt_timeout_ms = -1 }, "options.attempt_timeout_ms" },
                  { { .retries = -2 }, "options.retries" },
                  { { .retries = 11 }, "options.retries" },
                  { { .header_count = 1 }, "options.header_count" },
                  { { .base_url = "" }, "options.base_url" },
                  { { .base_url = "ftp://a" }, "options.base_url" },
                  { { .base_url = "http://u:p@a" }, "options.base_url" },
                  { { .base_url = "http://a/?q=1" }, "options.base_url" },
                  { { .headers = &one, .header_count = 60 }, NULL } };

    for (size_t i = 0; i + 1 < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        bench_start(&b);
        bench_answer(&b, 0, 200, "{}");
        ck_assert_int_eq(bench_order(&b, &cases[i].options), EB_INVALID);
        ck_assert_str_eq(b.response.field, cases[i].field);
        ck_assert_int_eq(strncmp(b.response.message, cases[i].field, strlen(cases[i].field)), 0);
        ck_assert_int_eq(b.response.cause, EB_INVALID);
        ck_assert_int_eq(b.response.reason, EB_REASON_LOCAL);
        ck_assert_int_eq(b.response.sent, EB_SENT_NOTHING);
        ck_assert_uint_eq(b.script.exchanges, 0);
        bench_end(&b);
    }
}
END_TEST

/* ---- Cancelling -------------------------------------------------------------------------------- */

START_TEST(a_cancelled_source_ends_calls_at_once)
{
    eb_cancel_source *cancel;
    eb_call_options   options = { 0 };
    bench             b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(eb_cancel_source_new(&cancel), EB_OK);
    options.cancel = cancel;
    eb_cancel(cancel);
    ck_assert_int_eq(bench_order(&b, &options), EB_CANCELLED);
    ck_assert_uint_eq(b.script.exchanges, 0);
    ck_assert_int_eq(b.response.sent, EB_SENT_NOTHING);
    ck_assert_int_eq(b.response.reason, EB_REASON_CANCELLED);
    ck_assert_int_eq(b.response.cause, EB_CANCELLED);
    ck_assert_int_eq(bench_order(&b, &options), EB_CANCELLED);
    eb_cancel_reset(cancel);
    ck_assert_int_eq(bench_order(&b, &options), EB_OK);
    eb_cancel_source_free(cancel);
    bench_end(&b);
}
END_TEST

START_TEST(a_cancel_between_attempts_keeps_what_was_learned)
{
    eb_call_options            options = { 0 };
    const shop_item_get_params params  = { .options = &options, .id = "a" };
    bench                      b;

    bench_start(&b);
    bench_answer(&b, 0, 503, "{\"code\":\"Full\",\"message\":\"later\"}");
    ck_assert_int_eq(eb_cancel_source_new(&b.cancel_in_sleep), EB_OK);
    options.cancel = b.cancel_in_sleep;
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response),
                     EB_CANCELLED);
    ck_assert_int_eq(b.response.http_status, 503);
    ck_assert_uint_eq(b.response.attempt_count, 1);
    ck_assert_int_eq(b.response.reason, EB_REASON_CANCELLED);
    ck_assert_str_eq(b.response.message, "cancelled by the caller");
    eb_cancel_source_free(b.cancel_in_sleep);
    bench_end(&b);
}
END_TEST

/* ---- Limits ------------------------------------------------------------------------------------ */

START_TEST(limits_on_headers_and_body_are_kept)
{
    static const eb_header headers[] = { { "a", "1234567890" },
                                         { "b", "1234567890" },
                                         { "c", "1234567890" } };
    bench                  b;

    bench_start_with(&b, (eb_client_options){ .max_header_bytes = 30, .max_body_bytes = 10 });
    bench_answer(&b, 0, 200, "{}");
    bench_header(&b, 0, headers, 2);
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    bench_header(&b, 0, headers, 3);
    eb_script_reset(&b.script);
    ck_assert_int_eq(bench_order(&b, NULL), EB_LIMIT);
    ck_assert_ptr_nonnull(strstr(b.response.message, "max_header_bytes (30)"));
    ck_assert_uint_eq(b.response.header_count, 2);
    ck_assert_str_eq(b.response.headers[1].value, "1234567890");
    ck_assert_int_eq(b.response.http_status, 200);

    bench_header(&b, 0, NULL, 0);
    b.answers[0].body = "{        }";
    eb_script_reset(&b.script);
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    b.answers[0].body = "{         }";
    eb_script_reset(&b.script);
    ck_assert_int_eq(bench_order(&b, NULL), EB_LIMIT);
    ck_assert_ptr_nonnull(strstr(b.response.message, "max_body_bytes (10)"));
    bench_end(&b);
}
END_TEST

START_TEST(depth_and_count_are_limited)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .max_depth = 3, .max_items = 8 });
    bench_answer(&b, 0, 200, "{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_LIMIT);
    bench_answer(&b, 1, 200, "{\"other\":[[[[]]]]}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_LIMIT);
    ck_assert_int_eq(b.response.http_status, 200);
    bench_end(&b);
}
END_TEST

static eb_status answer_with_nuls(void *context, eb_exchange *x)
{
    (void)context;
    x->http_status = 200;
    (void)x->on_header(x->context, "a\0b", 3, "v", 1);
    (void)x->on_header(x->context, "c", 1, "v\0w", 3);
    (void)x->on_header(x->context, "", 0, "v", 1);
    (void)x->on_header(x->context, "empty", 5, NULL, 0);
    (void)x->on_header(x->context, "d", 1, "good", 4);
    (void)x->on_body(x->context, NULL, 0);
    return EB_OK;
}

START_TEST(headers_that_are_no_text_are_left_out)
{
    const eb_transport transport = { .exchange = answer_with_nuls };
    bench              b;

    bench_start_with(&b, (eb_client_options){ .transport = &transport });
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.response.header_count, 2);
    ck_assert_str_eq(b.response.headers[0].name, "empty");
    ck_assert_str_eq(b.response.headers[0].value, "");
    ck_assert_str_eq(b.response.headers[1].value, "good");
    bench_end(&b);
}
END_TEST

/* ---- Who owns what ----------------------------------------------------------------------------- */

START_TEST(parameters_may_come_from_the_response_that_is_passed)
{
    const shop_item     *item    = NULL;
    eb_call_options      options = { 0 };
    shop_item_get_params params  = { .options = &options };
    eb_header            header;
    bench                b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"first\",\"tags\":[\"x\",\"y\"]}");
    ck_assert_int_eq(bench_get(&b, &item), EB_OK);
    params.id            = item->name;
    params.marks         = item->tags;
    header.name          = item->tags.items[0];
    header.value         = item->tags.items[1];
    options.headers      = &header;
    options.header_count = 1;
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[1].url, "https://shop.example.com/v1/items/first?marks=x&marks=y");
    ck_assert_ptr_nonnull(strstr(b.script.seen[1].headers, "x: y\r\n"));
    bench_end(&b);
}
END_TEST

START_TEST(a_streamed_body_may_come_from_the_response_that_is_passed)
{
    const shop_item *item   = NULL;
    shop_put_params  params = { 0 };
    bench            b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"bytes to send\"}");
    ck_assert_int_eq(bench_get(&b, &item), EB_OK);
    params.body = eb_body_memory(item->name, strlen(item->name));
    bench_answer(&b, 1, 503, NULL);
    bench_answer(&b, 2, 204, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[1].body, "bytes to send");
    ck_assert_str_eq(b.script.seen[2].body, "bytes to send");
    bench_end(&b);
}
END_TEST

START_TEST(printing_a_value_keeps_what_the_response_says)
{
    const shop_item *item = NULL;
    eb_json          text = { 0 };
    bench            b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a\",\"secret\":\"canary\"}");
    ck_assert_int_eq(bench_get(&b, &item), EB_OK);
    ck_assert_int_eq(eb_value_print(&shop_item_type, item, &text, &b.response), EB_OK);
    ck_assert_ptr_null(strstr(text.text, "canary"));
    ck_assert_str_eq(item->name, "a");
    ck_assert_int_eq(b.response.http_status, 200);
    ck_assert_uint_eq(b.response.attempt_count, 1);
    ck_assert_int_eq(eb_value_to_json(&shop_item_type, item, &text, &b.response), EB_OK);
    ck_assert_str_eq(item->name, "a");
    bench_end(&b);
}
END_TEST

START_TEST(decoding_may_read_the_response_it_fills)
{
    const void *value = NULL;
    bench       b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "{\"name\":\"a\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(eb_value_from_json(&shop_item_type, b.response.body.data, b.response.body.len,
                                        &value, &b.response),
                     EB_OK);
    ck_assert_str_eq(((const shop_item *)value)->name, "a");
    bench_end(&b);
}
END_TEST

START_TEST(one_response_serves_many_calls)
{
    bench b;

    bench_start(&b);
    for (size_t i = 0; i < 12; i++)
        bench_answer(&b, i, i % 3 == 0 ? 404 : 200,
                     i % 3 == 1 ? "{\"name\":\"b\"}" : "{\"code\":\"Full\"}");
    for (size_t i = 0; i < 12; i++) {
        ck_assert_int_eq(bench_get(&b, NULL), i % 3 == 0 ? EB_API : EB_OK);
        ck_assert_str_eq(b.response.code, i % 3 == 0 ? "Full" : "");
    }
    bench_end(&b);
}
END_TEST

START_TEST(nothing_is_needed_that_is_not_there)
{
    const shop_item_get_params params = { .id = "a" };
    const void                *value  = &params;
    bench                      b;
    eb_response                response = { 0 };

    ck_assert_int_eq(eb_call_operation(NULL, &shop_item_get_op, &params, &value, &response), EB_INVALID);
    bench_texts(&response);
    ck_assert_str_ne(response.message, "");
    ck_assert_int_eq(response.cause, EB_INVALID);
    ck_assert_ptr_eq(value, &params);
    ck_assert_int_eq(eb_call_operation(NULL, NULL, NULL, NULL, NULL), EB_INVALID);
    eb_response_free(&response);
    eb_response_free(NULL);

    bench_start(&b);
    bench_answer(&b, 0, 204, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, NULL, NULL, NULL, &b.response), EB_INVALID);
    bench_texts(&b.response);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_poke_op, NULL, NULL, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_poke_op, NULL, NULL, &b.response), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, &value, NULL), EB_INVALID);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, NULL, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "id");
    ck_assert_str_eq(b.response.message, "id: required, but not given");
    bench_end(&b);
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------ */

/* No block goes back with a secret in it, and no message shows one. */
START_TEST(secrets_are_wiped_and_never_said)
{
    static const eb_credentials_kind kinds[] = { EB_CREDENTIALS_TOKEN, EB_CREDENTIALS_KEY };

    for (size_t i = 0; i < 2; i++) {
        bench b;

        bench_start_with(&b, (eb_client_options){
                                 .api = kinds[i] == EB_CREDENTIALS_TOKEN ? &shop_api : &shop_acs_api });
        bench_answer(&b, 0, 429, "{}");
        bench_fails(&b, 1, EB_NETWORK, EB_SENT_ALL);
        ck_assert_int_eq(bench_order(&b, NULL), EB_MAYBE_SENT);
        ck_assert_ptr_null(strstr(b.response.message, "canary"));
        ck_assert_ptr_nonnull(strstr(b.script.seen[0].headers, "canary"));
        ck_assert_ptr_nonnull(strstr(b.script.seen[1].body, "canary-body"));
        bench_end(&b); /* looks at every block */
    }
}
END_TEST

START_TEST(memory_that_runs_out_fails_the_call_and_nothing_else)
{
    for (int safe = 0; safe < 2; safe++)
        for (long n = 1;; n++) {
            bench     b;
            eb_status st;
            long      calls;

            bench_start_with(&b, (eb_client_options){ .api = &shop_acs_api });
            bench_answer(&b, 0, 429, "{\"code\":\"Throttling\",\"message\":\"slow\"}");
            bench_answer(&b, 1, 200, "{\"name\":\"a\",\"tags\":[\"x\"]}");
            b.memory.calls   = 0;
            b.memory.fail_at = n;
            st               = safe ? bench_get(&b, NULL) : bench_order(&b, NULL);
            calls            = b.memory.calls;
            b.memory.fail_at = 0;
            if (calls < n)
                ck_assert_int_eq(st, EB_OK);
            else {
                ck_assert_msg(st == EB_NOMEM, "%ld: %s", n, eb_status_name(st));
                ck_assert_int_eq(b.response.cause, EB_NOMEM);
            }
            ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
            bench_end(&b);
            if (calls < n)
                break;
        }
}
END_TEST

UNIT_TESTS("call", a_redirect_that_repeats_the_token_is_told_without_it,
           success_gives_the_value_and_what_was_received, an_empty_success_has_no_value,
           a_failure_leaves_the_output_alone, an_error_body_gives_code_message_and_request_id,
           a_redirect_is_not_followed_and_named_in_one_safe_line,
           a_body_that_does_not_match_names_the_member, a_dropped_status_is_no_success,
           failures_come_out_as_the_table_says, maybe_sent_says_how_to_find_out,
           an_operation_of_another_api_is_not_sent,
           a_passing_failure_of_what_must_not_be_repeated_says_that_it_may_be_done,
           an_answer_that_says_no_says_so_when_it_is_cut,
           the_deadline_and_a_cancel_end_an_unsafe_call_with_what_is_known,
           an_unknown_word_of_a_transport_is_a_network_failure,
           a_lost_connection_is_tried_again_with_growing_waits, what_a_service_asks_to_wait_is_waited,
           options_say_how_often, retries_take_from_a_quota_and_success_gives_back,
           throttled_is_tried_again_even_when_unsafe,
           a_header_of_another_provider_does_not_make_a_call_safe,
           a_delete_that_finds_nothing_after_an_attempt_may_have_done_it,
           a_wrong_clock_is_corrected_once, a_clock_that_another_thread_corrected_is_taken_too,
           a_clock_out_of_this_world_overflows_nothing,
           an_attempt_gets_the_shorter_of_its_own_time_and_what_is_left,
           a_wait_past_the_deadline_is_not_begun, durations_of_any_size_are_counted_right,
           options_out_of_range_are_refused_by_name, a_cancelled_source_ends_calls_at_once,
           a_cancel_between_attempts_keeps_what_was_learned, limits_on_headers_and_body_are_kept,
           depth_and_count_are_limited, headers_that_are_no_text_are_left_out,
           parameters_may_come_from_the_response_that_is_passed,
           a_streamed_body_may_come_from_the_response_that_is_passed,
           printing_a_value_keeps_what_the_response_says, decoding_may_read_the_response_it_fills,
           one_response_serves_many_calls, nothing_is_needed_that_is_not_there,
           secrets_are_wiped_and_never_said, memory_that_runs_out_fails_the_call_and_nothing_else)
