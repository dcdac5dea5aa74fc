/* test_acs3.c -- what the signing vectors do not show: nonces, order that does not matter,
 * memory. The vectors themselves are run by vectors/acs3_vectors.c. */
#include "unit.h"

#include <stdio.h>

#include "acs3.h"

static const char payload[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* The worked example of the provider's documentation. */
static const eb_acs3_pair example_query[] = {
    { "ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd" },
    { "RegionId", "cn-shanghai" },
};
static const eb_header example_headers[] = {
    { "host", "ecs.cn-shanghai.aliyuncs.com" },
    { "x-acs-version", "2014-05-26" },
    { "x-acs-action", "RunInstances" },
    { "user-agent", "any" },
    { "x-acs-date", "2023-10-26T10:22:32Z" },
    { "x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d" },
    { "x-acs-content-sha256", payload },
};
static const eb_acs3_request example = { "POST", "/", example_query, 2, example_headers, 7, payload };

static const char expected[] =
    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
    "x-acs-date;x-acs-signature-nonce;x-acs-version,"
    "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";

START_TEST(the_published_example_comes_out)
{
    eb_buf out = { 0 };

    ck_assert_int_eq(eb__acs3_authorization(&out, &example, "YourAccessKeyId", "YourAccessKeySecret", NULL),
                     EB_OK);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    eb__buf_free(&out);
}
END_TEST

START_TEST(the_order_of_query_and_headers_does_not_matter)
{
    uint64_t random = 5;

    for (int n = 0; n < 200; n++) {
        eb_acs3_pair    query[2] = { example_query[n & 1], example_query[!(n & 1)] };
        eb_header       headers[7];
        eb_acs3_request request = example;
        eb_buf          out     = { 0 };

        memcpy(headers, example_headers, sizeof(headers));
        for (size_t i = 6; i > 0; i--) {
            const size_t    other = (size_t)(unit_random(&random) % (i + 1));
            const eb_header keep  = headers[i];

            headers[i]     = headers[other];
            headers[other] = keep;
        }
        request.query   = query;
        request.headers = headers;
        ck_assert_int_eq(eb__acs3_authorization(&out, &request, "YourAccessKeyId",
                                                "YourAccessKeySecret", NULL),
                         EB_OK);
        ck_assert_str_eq(eb__buf_text(&out), expected);
        eb__buf_free(&out);
    }
}
END_TEST

START_TEST(nothing_at_all_can_be_signed)
{
    const eb_acs3_request request = { "get", "", NULL, 0, NULL, 0, payload };
    eb_buf                out     = { 0 };

    ck_assert_int_eq(eb__acs3_canonical(&out, &request), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out),
                     "GET\n/\n\n\n\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    eb__buf_free(&out);
}
END_TEST

START_TEST(stages_append)
{
    eb_buf out = { 0 };

    eb__buf_puts(&out, ">");
    ck_assert_int_eq(eb__acs3_string_to_sign(&out, "", 0), EB_OK);
    ck_assert_str_eq(eb__buf_text(&out),
                     ">ACS3-HMAC-SHA256\n"
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    eb__buf_free(&out);
}
END_TEST

START_TEST(nonces_are_the_random_bytes)
{
    const unsigned char zeros[16] = { 0 };
    const unsigned char bytes[16] = { 0x00, 0x1f, 0xa0, 0xff, [15] = 0x9b };
    char                nonce[EB_ACS3_NONCE_SIZE];

    eb__acs3_nonce(nonce, zeros);
    ck_assert_str_eq(nonce, "00000000000000000000000000000000");
    eb__acs3_nonce(nonce, bytes);
    ck_assert_str_eq(nonce, "001fa0ff00000000000000000000009b");
}
END_TEST

enum { MANY = 200 };

/* More than fits on the stack, so that every allocation of the signer is made. */
static bool sign_many(const eb_allocator *allocator)
{
    static char     texts[MANY][16];
    eb_acs3_pair    query[MANY];
    eb_header       headers[MANY];
    eb_acs3_request request = { "GET", "/", query, MANY, headers, MANY, payload };
    eb_buf          out;
    eb_status       st;

    for (int i = 0; i < MANY; i++) {
        const int n = (i * 7) % MANY;

        snprintf(texts[i], sizeof(texts[i]), "x-acs-%03d", n);
        query[i]   = (eb_acs3_pair){ texts[i], "v" };
        headers[i] = (eb_header){ texts[i], "v" };
    }
    eb__buf_init(&out, allocator, 0);
    st = eb__acs3_authorization(&out, &request, "id", "secret", allocator);
    if (st == EB_OK)
        st = eb__acs3_canonical(&out, &request);
    ck_assert(st == EB_OK || st == EB_NOMEM);
    if (st == EB_OK) {
        ck_assert_ptr_nonnull(strstr(out.data, "x-acs-000;x-acs-001;x-acs-002"));
        ck_assert_ptr_nonnull(strstr(out.data, "\nx-acs-000=v&x-acs-001=v&"));
        ck_assert_ptr_nonnull(strstr(out.data, "\nx-acs-198:v\nx-acs-199:v\n\nx-acs-000;"));
    }
    eb__buf_free(&out);
    return st == EB_OK;
}

START_TEST(signing_survives_failed_allocations)
{
    unit_fail_each(sign_many);
}
END_TEST

START_TEST(signing_respects_the_limit_of_its_output)
{
    eb_buf out;

    eb__buf_init(&out, NULL, 40);
    ck_assert_int_eq(eb__acs3_authorization(&out, &example, "id", "secret", NULL), EB_LIMIT);
    eb__buf_free(&out);
    eb__buf_init(&out, NULL, 40);
    ck_assert_int_eq(eb__acs3_canonical(&out, &example), EB_LIMIT);
    eb__buf_free(&out);
    eb__buf_init(&out, NULL, 40);
    ck_assert_int_eq(eb__acs3_string_to_sign(&out, "", 0), EB_LIMIT);
    eb__buf_free(&out);
}
END_TEST

UNIT_TESTS("acs3", the_published_example_comes_out, the_order_of_query_and_headers_does_not_matter,
           nothing_at_all_can_be_signed, stages_append, nonces_are_the_random_bytes,
           signing_survives_failed_allocations, signing_respects_the_limit_of_its_output)
