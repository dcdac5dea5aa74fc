/* test_multipart.c -- forms with files: the parts in their order, byte for byte; what could break out of a
 * part is refused. */
#include "api.h"

#include <stdio.h>

#define BOUNDARY "edgebind808080808080808080808080"

static void start(bench *b)
{
    bench_start_with(b, (eb_client_options){ .api = &depot_api, .base_url = "http://127.0.0.1:1" });
    bench_answer(b, 0, 204, NULL);
}

static eb_status post(bench *b, const depot_form *form)
{
    const depot_post_params params = { NULL, form };

    return eb_call_operation(b->client, &depot_post_op, &params, NULL, &b->response);
}

START_TEST(a_form_is_laid_out_in_order_files_last)
{
    const eb_str_entry rest[] = { { "x:note", "line\r\nline" },
                                  { "empty", "" },
                                  { "caf\xc3\xa9", "\xc3\xa9" } };
    const depot_form   form   = { .key    = "k\"&=%",
                                  .policy = "--" BOUNDARY,
                                  .file   = { .kind         = EB_BODY_MEMORY,
                                              .data         = "a\0b",
                                              .size         = 3,
                                              .filename     = "a \"b\" caf\xc3\xa9.zip",
                                              .content_type = "application/zip" },
                                  .rest   = EB_LIST(rest) };
    static const char  expected[] =
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\"&=%\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"policy\"\r\n\r\n--" BOUNDARY "\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"x:note\"\r\n\r\nline\r\nline\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"caf\xc3\xa9\"\r\n\r\n\xc3\xa9\r\n"
        "--" BOUNDARY
        "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22 caf\xc3\xa9.zip\"\r\n"
        "Content-Type: application/zip\r\n\r\na\0b\r\n--" BOUNDARY "--\r\n";
    bench b;

    start(&b);
    ck_assert_int_eq(post(&b, &form), EB_OK);
    ck_assert_uint_eq(b.script.seen[0].body_len, sizeof expected - 1);
    ck_assert_mem_eq(b.script.seen[0].body, expected, sizeof expected - 1);
    ck_assert_ptr_nonnull(strstr(b.script.seen[0].headers,
                                 "content-type: multipart/form-data; boundary=" BOUNDARY "\r\n"));
    bench_end(&b);
}
END_TEST

START_TEST(what_could_break_out_of_a_part_is_refused)
{
    const eb_str_entry names[] = { { "a\r\nb: c", "v" } };
    const depot_form   forms[] = {
          { .key = "k", .file = { .kind = EB_BODY_MEMORY, .filename = "a\r\nb" } },
          { .key = "k", .file = { .kind = EB_BODY_MEMORY, .filename = "a\x7f" } },
          { .key = "k", .file = { .kind = EB_BODY_MEMORY, .content_type = "a\r\nb: c" } },
          { .key = "k", .file = { .kind = EB_BODY_MEMORY, .content_type = "caf\xc3\xa9" } },
          { .key = "k", .file = { .kind = EB_BODY_MEMORY }, .rest = EB_LIST(names) },
          { .key = "k", .file = { .kind = EB_BODY_FILE, .path = "/nowhere/at/all" } },
          { .key = "k" },
          { .file = { .kind = EB_BODY_MEMORY } },
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bench b;

        start(&b);
        ck_assert_int_eq(post(&b, &forms[i]), EB_INVALID);
        bench_texts(&b.response);
        ck_assert_str_ne(b.response.message, "");
        ck_assert_uint_eq(b.script.exchanges, 0);
        bench_end(&b);
    }
}
END_TEST

START_TEST(each_attempt_sends_the_same)
{
    const depot_form form = { .key = "k", .file = eb_body_memory("bytes", 5) };
    bench            b;

    start(&b);
    bench_answer(&b, 0, 429, NULL);
    bench_answer(&b, 1, 204, NULL);
    ck_assert_int_eq(post(&b, &form), EB_OK);
    ck_assert_str_eq(b.script.seen[0].body, b.script.seen[1].body);
    ck_assert_str_eq(b.script.seen[0].headers, b.script.seen[1].headers);
    bench_end(&b);
}
END_TEST

START_TEST(without_random_bytes_there_is_no_form)
{
    const depot_form form = { .key = "k", .file = eb_body_memory("bytes", 5) };
    bench            b;

    start(&b);
    b.no_random = true;
    ck_assert_int_eq(post(&b, &form), EB_AUTH);
    ck_assert_str_ne(b.response.message, "");
    bench_end(&b);
}
END_TEST

START_TEST(without_memory_there_is_no_form)
{
    const eb_str_entry rest[] = { { "a", "b" } };
    const depot_form   form   = {
            .key    = "k",
            .policy = "p",
            .file = { .kind = EB_BODY_MEMORY, .data = "x", .size = 1, .filename = "f", .content_type = "a/b" },
            .rest = EB_LIST(rest)
    };

    for (long n = 1;; n++) {
        bench     b;
        eb_status st;
        long      calls;

        start(&b);
        b.memory.calls   = 0;
        b.memory.fail_at = n;
        st               = post(&b, &form);
        calls            = b.memory.calls;
        b.memory.fail_at = 0;
        ck_assert_int_eq(st, calls < n ? EB_OK : EB_NOMEM);
        bench_end(&b);
        if (calls < n)
            break;
    }
}
END_TEST

UNIT_TESTS("multipart", a_form_is_laid_out_in_order_files_last,
           what_could_break_out_of_a_part_is_refused, each_attempt_sends_the_same,
           without_random_bytes_there_is_no_form, without_memory_there_is_no_form)
