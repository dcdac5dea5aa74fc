/* test_auth.c -- what makes a request ours: a token behind its prefix, or a signature that is made anew
 * for every attempt and covers what is sent. */
#include "api.h"

#include <stdio.h>

#include "acs3.h"

static const char *sent(const bench *b, size_t n, const char *name)
{
    static char value[4][600];
    static int  turn;

    turn = (turn + 1) % 4;
    return bench_sent_header(&b->script.seen[n], name, value[turn], sizeof value[turn]);
}

static void start(bench *b, const char *token)
{
    bench_start_with(b, (eb_client_options){
                            .api         = &shop_acs_api,
                            .credentials = eb_credentials_sts("canary-id", "canary-secret", token) });
    bench_answer(b, 0, 200, "{}");
}

START_TEST(a_signed_request_has_its_headers)
{
    bench b;

    start(&b, NULL);
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_str_eq(sent(&b, 0, "x-acs-action"), "CreateOrder");
    ck_assert_str_eq(sent(&b, 0, "x-acs-version"), "2024-09-10");
    ck_assert_str_eq(sent(&b, 0, "x-acs-date"), "2026-03-28T08:09:10Z");
    ck_assert_str_eq(sent(&b, 0, "x-acs-signature-nonce"), "80808080808080808080808080808080");
    ck_assert_uint_eq(strlen(sent(&b, 0, "x-acs-content-sha256")), 64);
    ck_assert_int_eq(strncmp(sent(&b, 0, "authorization"),
                             "ACS3-HMAC-SHA256 Credential=canary-id,SignedHeaders=content-type;host;x-acs-action;"
                             "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=",
                             160),
                     0);
    ck_assert_ptr_null(sent(&b, 0, "x-acs-security-token"));
    ck_assert_ptr_null(sent(&b, 0, "x-acs-retry-attempts"));
    ck_assert_ptr_null(strstr(b.script.seen[0].headers, "canary-secret"));
    bench_end(&b);
}
END_TEST

START_TEST(a_security_token_is_sent_and_signed)
{
    bench b;

    start(&b, "canary-sts");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_str_eq(sent(&b, 0, "x-acs-security-token"), "canary-sts");
    ck_assert_str_eq(sent(&b, 0, "x-acs-accesskey-id"), "canary-id");
    ck_assert_ptr_nonnull(strstr(sent(&b, 0, "authorization"), ";x-acs-security-token;"));
    bench_end(&b);
}
END_TEST

/* Signs what was recorded again, from outside, and must come to the same. */
static void check_signature(const bench *b, size_t n, const char *path, const eb_acs3_pair *query,
                            size_t query_count)
{
    const eb_script_seen *seen = &b->script.seen[n];
    eb_header             headers[40];
    char                 *text  = malloc(strlen(seen->headers) + 1);
    size_t                count = 0;
    eb_buf                out   = { 0 };
    char                  hash[EB_SHA256_HEX_SIZE];
    eb_acs3_request       again;

    memcpy(text, seen->headers, strlen(seen->headers) + 1);
    for (char *line = text; *line != '\0';) {
        char *end = strstr(line, "\r\n"), *colon = strstr(line, ": ");

        *end   = '\0';
        *colon = '\0';
        if (strcmp(line, "authorization") != 0)
            headers[count++] = (eb_header){ line, colon + 2 };
        line = end + 2;
    }
    ck_assert_int_eq(eb__sha256_hex(hash, seen->body, seen->body_len), EB_OK);
    ck_assert_str_eq(sent(b, n, "x-acs-content-sha256"), hash);
    again = (eb_acs3_request){ seen->method, path, query, query_count, headers, count, hash };
    ck_assert_int_eq(eb__acs3_authorization(&out, &again, "canary-id", "canary-secret", NULL), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out), sent(b, n, "authorization"));
    eb__buf_free(&out);
    free(text);
}

START_TEST(the_signature_covers_what_is_sent)
{
    static const char *const   marks[] = { "b", "a" };
    static const eb_acs3_pair  query[] = { { "id", "1 2" }, { "marks", "b" }, { "marks", "a" } };
    static const eb_header     header  = { "x-acs-mine", "  v  " };
    const eb_call_options      options = { .headers      = &header,
                                           .header_count = 1,
                                           .base_url     = "http://h.example/base/" };
    const shop_item_get_params params  = {
         .options = &options, .id = "a/b", .query_id = "1 2", .marks = EB_LIST(marks)
    };
    const shop_put_params   put   = { .body = eb_body_memory("streamed bytes", 14) };
    const shop_order        order = { .name = "n" };
    const shop_order_params form  = { NULL, &order };
    bench                   b;

    start(&b, "canary-sts");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, &put, NULL, &b.response), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_form_op, &form, NULL, &b.response), EB_OK);
    check_signature(&b, 0, "/v1/orders", NULL, 0);
    check_signature(&b, 1, "/base/v1/items/a%2Fb", query, 3);
    check_signature(&b, 2, "/v1/raw", NULL, 0);
    check_signature(&b, 3, "/", NULL, 0);
    ck_assert_ptr_nonnull(strstr(sent(&b, 1, "authorization"), ";x-acs-mine;"));
    bench_end(&b);
}
END_TEST

START_TEST(every_attempt_is_signed_anew)
{
    bench b;

    start(&b, NULL);
    bench_answer(&b, 0, 429, NULL);
    bench_answer(&b, 1, 429, NULL);
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_str_ne(sent(&b, 0, "x-acs-date"), sent(&b, 2, "x-acs-date"));
    ck_assert_str_ne(sent(&b, 0, "authorization"), sent(&b, 1, "authorization"));
    ck_assert_str_eq(sent(&b, 1, "x-acs-retry-attempts"), "1");
    ck_assert_str_eq(sent(&b, 2, "x-acs-retry-attempts"), "2");
    ck_assert_str_eq(sent(&b, 1, "x-acs-retry-delay"), "501");
    for (size_t i = 0; i < 3; i++)
        check_signature(&b, i, "/v1/orders", NULL, 0);
    bench_end(&b);
}
END_TEST

static int64_t half(void *context, uint64_t offset, void *buffer, size_t size)
{
    (void)context;
    memset(buffer, 'x', size);
    return offset >= 5 ? -1 : 1;
}

START_TEST(a_body_that_cannot_be_hashed_is_not_sent)
{
    const shop_put_params put = { .body = eb_body_reader(half, NULL, 10) };
    bench                 b;

    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, &put, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.message, "the body ended early, or could not be read");
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(without_random_bytes_nothing_is_signed)
{
    bench b;

    start(&b, NULL);
    b.no_random = true;
    ck_assert_int_eq(bench_order(&b, NULL), EB_AUTH);
    ck_assert_str_eq(b.response.message, "no random bytes for the nonce of the signature");
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

/* Retries add headers: with the caller's there must still be room, or a clear word. */
START_TEST(headers_of_signing_count_too)
{
    eb_header       headers[48];
    eb_call_options options = { .headers = headers };
    size_t          fitting = 0;

    for (size_t i = 0; i < 48; i++)
        headers[i] = (eb_header){ "x-more", "v" };
    for (size_t n = 30; n < 48; n++) {
        bench     b;
        eb_status st;

        start(&b, "canary-sts");
        bench_answer(&b, 0, 429, NULL);
        bench_answer(&b, 1, 200, "{}");
        options.header_count = n;
        st                   = bench_order(&b, &options);
        ck_assert(st == EB_OK || st == EB_INVALID);
        if (st == EB_OK)
            fitting = n;
        else
            ck_assert_ptr_nonnull(strstr(b.response.message, "too many headers"));
        ck_assert(st == EB_OK ? b.script.exchanges == 2 : b.script.exchanges < 2);
        bench_end(&b);
    }
    ck_assert_uint_ge(fitting, 32);
}
END_TEST

UNIT_TESTS("auth", a_signed_request_has_its_headers, a_security_token_is_sent_and_signed,
           the_signature_covers_what_is_sent, every_attempt_is_signed_anew,
           a_body_that_cannot_be_hashed_is_not_sent, without_random_bytes_nothing_is_signed,
           headers_of_signing_count_too)
