/* Promises of the signature explainer: the first difference is named, whatever form the service's words
 * have, and no security token is shown. */
#include "explain.h"

#include "buf.h"
#include "unit.h"

#define HASH  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OTHER "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
#define HEADERS \
    "host:esa.cn-hangzhou.aliyuncs.com\nx-acs-action:GetErService\nx-acs-security-token:canary\n"
#define NAMES "host;x-acs-action;x-acs-security-token"

static const char ours[] = "POST\n/\na=1%2A&b=2\n" HEADERS "\n" NAMES "\n" HASH;

static void expect(const char *theirs, const char *words)
{
    eb_buf out = { 0 };

    eb__explain(&out, ours, sizeof ours - 1, theirs, strlen(theirs));
    ck_assert_int_eq(eb__buf_status(&out), EB_OK);
    ck_assert_msg(strstr(eb__buf_text(&out), words) != NULL, "\"%s\" is not in \"%s\"", words,
                  eb__buf_text(&out));
    ck_assert_ptr_null(strstr(eb__buf_text(&out), "canary"));
    eb__buf_free(&out);
}

START_TEST(the_same_request_points_at_the_secret)
{
    expect(ours, "access key secret");
    expect("Specified signature is not matched with our calculation. canonical request is:[POST\\n/\\na=1%2A&b=2"
           "\\nhost:esa.cn-hangzhou.aliyuncs.com\\nx-acs-action:GetErService\\nx-acs-security-token:canary\\n\\n" NAMES
           "\\n" HASH "]",
           "access key secret");
}
END_TEST

START_TEST(each_part_that_differs_is_named)
{
    expect("GET\n/\na=1%2A&b=2\n" HEADERS "\n" NAMES "\n" HASH, "the method differs");
    expect("POST\n/x\na=1%2A&b=2\n" HEADERS "\n" NAMES "\n" HASH, "the path differs at byte 1");
    expect("POST\n/\na=1*&b=2\n" HEADERS "\n" NAMES "\n" HASH, "the query differs at byte 3");
    expect("POST\n/\na=1%2A&b=2\n" HEADERS "\n" NAMES "\n" OTHER, "the hash of the body differs");
    expect("POST\n/\na=1%2A&b=2\n" HEADERS "x-acs-via:p\n\n" NAMES ";x-acs-via\n" HASH,
           "added after signing");
}
END_TEST

START_TEST(headers_are_compared_by_name)
{
    expect("POST\n/\na=1%2A&b=2\nhost:proxy\nx-acs-action:GetErService\nx-acs-security-token:canary\n\n" NAMES
           "\n" HASH,
           "the header host differs");
    expect("POST\n/\na=1%2A&b=2\nhost:esa.cn-hangzhou.aliyuncs.com\nx-acs-security-token:canary\n\n" NAMES
           "\n" HASH,
           "x-acs-action was signed but did not arrive");
    expect("POST\n/\na=1%2A&b=2\nhost:esa.cn-hangzhou.aliyuncs.com\nx-acs-action:GetErService\n"
           "x-acs-security-token:canary2\n\n" NAMES "\n" HASH,
           "x-acs-security-token differs");
}
END_TEST

START_TEST(words_without_a_request_are_said_to_be_so)
{
    expect("", "does not say");
    expect("Signature does not match. GET /? POST", "does not say");
    expect("server string to sign is:ACS3-HMAC-SHA256\n" OTHER, "another request");
    expect("POST\n/\n", "does not say");
}
END_TEST

START_TEST(a_text_cut_anywhere_is_read_without_going_past_it)
{
    for (size_t len = 0; len < sizeof ours; len++) {
        char  *cut = malloc(len + 1); /* exact, so that a sanitizer sees one byte too many */
        eb_buf out = { 0 };

        ck_assert_ptr_nonnull(cut);
        memcpy(cut, ours, len);
        eb__explain(&out, ours, sizeof ours - 1, cut, len);
        eb__buf_clear(&out);
        eb__explain(&out, cut, len, ours, sizeof ours - 1);
        eb__buf_free(&out);
        free(cut);
    }
}
END_TEST

/* Words that begin to look like a request at every line: reading them takes no more than a moment. */
START_TEST(endless_words_are_read_in_a_moment)
{
    static const char *const lines[] = { "x:GET\n", "a:POST\\n", "ACS3-HMAC-SHA256" };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const size_t len = strlen(lines[i]), count = 4 * 1024 * 1024 / len;
        char        *words = malloc(count * len + 1);

        ck_assert_ptr_nonnull(words);
        for (size_t k = 0; k < count; k++)
            memcpy(words + k * len, lines[i], len);
        words[count * len] = '\0';
        expect(words, "does not say");
        free(words);
    }
}
END_TEST

UNIT_TESTS("explain", the_same_request_points_at_the_secret, each_part_that_differs_is_named,
           headers_are_compared_by_name, words_without_a_request_are_said_to_be_so,
           a_text_cut_anywhere_is_read_without_going_past_it, endless_words_are_read_in_a_moment)
