/* test_sink.c -- downloads that go to a file, a stream or a function: all of it or none, in constant memory,
 * again after a broken attempt where that can be, and failures of the sink itself. */
#include "api.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory of its own, and a path in it. */
typedef struct place {
    char directory[64];
    char path[128], part[160];
} place;

static void make_place(place *p)
{
    (void)snprintf(p->directory, sizeof p->directory, "/tmp/edgebind-sink-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(p->directory));
    (void)snprintf(p->path, sizeof p->path, "%s/file", p->directory);
    (void)snprintf(p->part, sizeof p->part, "%s.part", p->path);
}

static void drop_place(const place *p)
{
    (void)unlink(p->path);
    ck_assert_int_eq(rmdir(p->directory), 0); /* nothing else is there */
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void check_file(const char *path, const char *expected)
{
    char         found[256];
    FILE        *file = fopen(path, "r");
    const size_t len  = file != NULL ? fread(found, 1, sizeof found - 1, file) : 0;

    ck_assert_ptr_nonnull(file);
    found[len] = '\0';
    ck_assert_str_eq(found, expected);
    (void)fclose(file);
}

static eb_status fetch(bench *b, const eb_sink *sink)
{
    const eb_call_options      options = { .sink = sink };
    const shop_item_get_params params  = { .options = &options, .path = "a" };
    const eb_status st = eb_call_operation(b->client, &shop_image_get_op, &params, NULL, &b->response);

    bench_texts(&b->response);
    ck_assert(st == EB_OK || *b->response.message != '\0');
    return st;
}

/* ---- A function to write with ------------------------------------------------------------------ */

typedef struct taker {
    char              bytes[64];
    size_t            len;
    size_t            full_at; /* takes no more from here on; 0: always */
    int               restarts;
    bool              cannot;
    eb_cancel_source *cancel; /* cancelled by the first bytes */
} taker;

static bool take(void *context, const void *data, size_t size)
{
    taker *t = context;

    if (t->full_at != 0 && t->len + size > t->full_at)
        return false;
    for (size_t i = 0; i < size && t->len + 1 < sizeof t->bytes; i++)
        t->bytes[t->len++] = ((const char *)data)[i];
    eb_cancel(t->cancel);
    return true;
}

static bool again(void *context)
{
    taker *t = context;

    t->restarts++;
    t->len = 0;
    memset(t->bytes, 0, sizeof t->bytes);
    return !t->cannot;
}

/* ---- Tests ------------------------------------------------------------------------------------- */

START_TEST(a_file_is_there_when_the_download_is_complete)
{
    static const size_t pieces[] = { 0, 1, 3 };

    for (size_t i = 0; i < 3; i++) {
        place   p = { .path = "" };
        bench   b;
        eb_sink sink;

        make_place(&p);
        put_file(p.path, "old");
        sink = eb_sink_file(p.path);
        bench_start(&b);
        bench_answer(&b, 0, 200, "new and longer")->piece = pieces[i];
        ck_assert_int_eq(fetch(&b, &sink), EB_OK);
        ck_assert_uint_eq(b.response.sink_bytes, 14);
        ck_assert_uint_eq(b.response.body.len, 0);
        check_file(p.path, "new and longer");
        bench_end(&b);
        drop_place(&p);
    }
}
END_TEST

START_TEST(an_empty_success_is_an_empty_file)
{
    place   p = { .path = "" };
    bench   b;
    eb_sink sink;

    make_place(&p);
    sink = eb_sink_file(p.path);
    bench_start(&b);
    bench_answer(&b, 0, 204, NULL);
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    check_file(p.path, "");
    bench_end(&b);
    drop_place(&p);
}
END_TEST

START_TEST(a_failure_goes_to_memory_and_leaves_the_file_alone)
{
    place   p = { .path = "" };
    bench   b;
    eb_sink sink;

    make_place(&p);
    put_file(p.path, "old");
    sink = eb_sink_file(p.path);
    bench_start(&b);
    bench_answer(&b, 0, 404, "{\"code\":\"Gone\",\"message\":\"no such image\"}");
    ck_assert_int_eq(fetch(&b, &sink), EB_API);
    ck_assert_str_eq(b.response.message, "no such image");
    ck_assert_uint_gt(b.response.body.len, 0);
    check_file(p.path, "old");
    bench_end(&b);
    drop_place(&p);
}
END_TEST

START_TEST(a_file_begins_again_after_a_broken_attempt)
{
    place   p = { .path = "" };
    bench   b;
    eb_sink sink;

    make_place(&p);
    sink = eb_sink_file(p.path);
    bench_start(&b);
    bench_answer(&b, 0, 200, "half of it, and some more")->status = EB_NETWORK;
    bench_answer(&b, 1, 503, "busy");
    bench_answer(&b, 2, 200, "all of it");
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    ck_assert_uint_eq(b.response.attempt_count, 3);
    ck_assert_uint_eq(b.response.sink_bytes, 9);
    check_file(p.path, "all of it");
    bench_end(&b);
    drop_place(&p);
}
END_TEST

START_TEST(a_broken_download_leaves_no_half_file)
{
    place   p = { .path = "" };
    bench   b;
    eb_sink sink;

    make_place(&p);
    sink = eb_sink_file(p.path);
    bench_start(&b);
    bench_answer(&b, 0, 200, "half of it")->status = EB_NETWORK;
    ck_assert_int_eq(fetch(&b, &sink), EB_DECODE);
    ck_assert_int_eq(b.response.cause, EB_NETWORK);
    ck_assert_int_eq(b.response.reason, EB_REASON_ATTEMPTS_USED);
    ck_assert_int_ne(access(p.path, F_OK), 0);
    bench_end(&b);
    drop_place(&p);
}
END_TEST

START_TEST(what_cannot_begin_again_is_not_tried_again)
{
    taker   t      = { .len = 0 };
    eb_sink sink   = eb_sink_writer(take, NULL, &t);
    FILE   *stream = tmpfile();
    bench   b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "half")->status = EB_NETWORK;
    bench_answer(&b, 1, 200, "whole");
    ck_assert_int_eq(fetch(&b, &sink), EB_DECODE);
    ck_assert_int_eq(b.response.reason, EB_REASON_SINK);
    ck_assert_int_eq(b.response.cause, EB_NETWORK);
    ck_assert_uint_eq(b.response.attempt_count, 1);
    ck_assert_str_eq(t.bytes, "half");
    eb_script_reset(&b.script);

    ck_assert_ptr_nonnull(stream);
    sink = eb_sink_stream(stream);
    ck_assert_int_eq(fetch(&b, &sink), EB_DECODE);
    ck_assert_int_eq(b.response.reason, EB_REASON_SINK);
    ck_assert_int_eq(ftell(stream), 4);
    bench_end(&b);

    bench_start(&b); /* nothing had reached it yet */
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    bench_answer(&b, 1, 200, "whole");
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    ck_assert_int_eq(ftell(stream), 9);
    (void)fclose(stream);
    bench_end(&b);
}
END_TEST

START_TEST(a_function_that_can_is_told_to_begin_again)
{
    taker         t    = { .len = 0 };
    const eb_sink sink = eb_sink_writer(take, again, &t);
    bench         b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "half")->status = EB_NETWORK;
    bench_answer(&b, 1, 200, "whole")->piece = 2;
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    ck_assert_str_eq(t.bytes, "whole");
    ck_assert_int_eq(t.restarts, 1);

    eb_script_reset(&b.script);
    t.cannot = true;
    ck_assert_int_eq(fetch(&b, &sink), EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.sink");
    bench_end(&b);
}
END_TEST

START_TEST(a_sink_that_fails_ends_the_call)
{
    taker         t    = { .full_at = 4 };
    const eb_sink sink = eb_sink_writer(take, again, &t);
    eb_sink       full;
    FILE         *stream = fopen("/dev/full", "w");
    bench         b;

    bench_start(&b);
    bench_answer(&b, 0, 200, "too much")->piece = 4;
    ck_assert_int_eq(fetch(&b, &sink), EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.sink");
    ck_assert_str_eq(b.response.message, "options.sink: it took no more");
    ck_assert_int_eq(b.response.http_status, 200);
    ck_assert_uint_eq(b.response.attempt_count, 1);
    eb_script_reset(&b.script);

    if (stream != NULL) { /* Linux has one; what is buffered fails at the end */
        full = eb_sink_stream(stream);
        ck_assert_int_eq(fetch(&b, &full), EB_INVALID);
        ck_assert_str_eq(b.response.message, "options.sink: it took no more: no space left");
        (void)fclose(stream);
    }
    bench_end(&b);
}
END_TEST

START_TEST(a_sink_has_a_limit_of_its_own)
{
    taker   t    = { .len = 0 };
    eb_sink sink = eb_sink_writer(take, again, &t);
    bench   b;

    sink.max_bytes = 8;
    bench_start_with(&b, (eb_client_options){ .max_body_bytes = 4 });
    bench_answer(&b, 0, 200, "12345678")->piece = 3;
    ck_assert_int_eq(fetch(&b, &sink), EB_OK); /* max_body_bytes is that of memory */
    eb_script_reset(&b.script);
    bench_answer(&b, 0, 200, "123456789");
    ck_assert_int_eq(fetch(&b, &sink), EB_LIMIT);
    ck_assert_str_eq(b.response.message, "options.sink: the answer exceeds max_bytes (8)");
    bench_end(&b);
}
END_TEST

START_TEST(a_sink_that_cannot_be_used_is_refused_before_anything_is_sent)
{
    const struct {
        eb_sink     sink;
        const char *message;
    } cases[] = {
        { { .kind = EB_SINK_NONE }, "options.sink: expected a file, a stream or a function, got nothing" },
        { eb_sink_file(NULL), "options.sink: expected the path of a file, got none" },
        { eb_sink_file(""), "options.sink: expected the path of a file, got none" },
        { eb_sink_file("/nowhere/at/all"),
          "options.sink: cannot make \"/nowhere/at/all.part\": no such directory" },
        { eb_sink_stream(NULL), "options.sink: expected a stream, got NULL" },
        { eb_sink_writer(NULL, NULL, NULL), "options.sink: expected a function to write with, got NULL" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        bench_start(&b);
        ck_assert_int_eq(fetch(&b, &cases[i].sink), EB_INVALID);
        ck_assert_str_eq(b.response.message, cases[i].message);
        ck_assert_str_eq(b.response.field, "options.sink");
        ck_assert_uint_eq(b.script.exchanges, 0);
        bench_end(&b);
    }
}
END_TEST

START_TEST(an_answer_that_has_to_be_read_takes_no_sink)
{
    taker                      t       = { .len = 0 };
    const eb_sink              sink    = eb_sink_writer(take, again, &t);
    const eb_call_options      options = { .sink = &sink };
    const shop_item_get_params params  = { .options = &options, .id = "a" };
    const shop_list_params     list    = { .options = &options };
    const void                *value   = NULL;
    eb_pager                   pager   = { .state_ = NULL };
    bench                      b;

    bench_start(&b);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, &value, &b.response),
                     EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.sink");
    ck_assert_int_eq(eb_pager_start(b.client, &shop_list_op, &list, &pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&pager, &shop_list_op, &value), EB_INVALID);
    ck_assert_uint_eq(b.script.exchanges, 0);
    eb_pager_free(&pager);
    bench_end(&b);
}
END_TEST

START_TEST(a_part_that_is_there_already_belongs_to_somebody_else)
{
    place   p = { .path = "" };
    bench   b;
    eb_sink sink;

    make_place(&p);
    put_file(p.part, "another's");
    sink = eb_sink_file(p.path);
    bench_start(&b);
    bench_answer(&b, 0, 200, "mine");
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    check_file(p.path, "mine");
    check_file(p.part, "another's");
    ck_assert_int_eq(unlink(p.part), 0);
    bench_end(&b);
    drop_place(&p);
}
END_TEST

START_TEST(a_cancelled_download_leaves_nothing)
{
    place                 p = { .path = "" };
    bench                 b;
    eb_cancel_source     *cancel  = NULL;
    taker                 t       = { .len = 0 };
    eb_sink               sink    = eb_sink_writer(take, again, &t);
    const eb_call_options options = { .sink = &sink };
    eb_call_options       given;
    shop_item_get_params  params = { .path = "a" };

    make_place(&p);
    ck_assert_int_eq(eb_cancel_source_new(&cancel), EB_OK);
    t.cancel       = cancel;
    given          = options;
    given.cancel   = cancel;
    params.options = &given;
    bench_start(&b);
    bench_answer(&b, 0, 200, "a long one")->piece = 2;
    ck_assert_int_eq(eb_call_operation(b.client, &shop_image_get_op, &params, NULL, &b.response),
                     EB_CANCELLED);
    ck_assert_str_eq(t.bytes, "a ");
    sink = eb_sink_file(p.path);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_image_get_op, &params, NULL, &b.response),
                     EB_CANCELLED);
    eb_cancel_source_free(cancel);
    bench_end(&b);
    drop_place(&p);
}
END_TEST

/* A transport that says the status at the end only, as the first ones of users may. */
static eb_status late(void *context, eb_exchange *x)
{
    (void)context;
    (void)x->on_body(x->context, "late", 4);
    x->http_status = 200;
    return EB_OK;
}

START_TEST(a_transport_that_says_the_status_late_fills_the_sink_at_the_end)
{
    const eb_transport transport = { .exchange = late };
    taker              t         = { .len = 0 };
    const eb_sink      sink      = eb_sink_writer(take, again, &t);
    bench              b;

    bench_start_with(&b, (eb_client_options){ .transport = &transport });
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    ck_assert_str_eq(t.bytes, "late");
    ck_assert_uint_eq(b.response.sink_bytes, 4);
    bench_end(&b);
}
END_TEST

static bool count(void *context, const void *data, size_t size)
{
    (void)data;
    *(uint64_t *)context += size;
    return true;
}

START_TEST(a_large_download_does_not_sit_in_memory)
{
    enum { PIECE = 16 * 1024, TIMES = 64 * 1024 }; /* 1 GiB */
    static char   bytes[PIECE];
    uint64_t      taken = 0;
    const eb_sink sink  = eb_sink_writer(count, NULL, &taken);
    bench         b;

    bench_start(&b);
    memset(bytes, 'x', sizeof bytes);
    *bench_answer(&b, 0, 200, bytes) = (eb_script_answer){
        .http_status = 200, .body = bytes, .body_len = sizeof bytes, .times = TIMES
    };
    ck_assert_int_eq(fetch(&b, &sink), EB_OK);
    ck_assert_uint_eq(taken, (uint64_t)PIECE * TIMES);
    ck_assert_uint_eq(b.response.sink_bytes, taken);
    ck_assert_uint_lt(b.memory.peak, 64 * 1024);
    bench_end(&b);
}
END_TEST

static bool download(const eb_allocator *allocator)
{
    bench     b;
    place     p = { .path = "" };
    eb_sink   sink;
    eb_status st;

    make_place(&p);
    sink = eb_sink_file(p.path);
    bench_open(&b);
    bench_answer(&b, 0, 200, "half")->status = EB_NETWORK;
    bench_answer(&b, 1, 200, "whole");
    st = bench_make(&b, (eb_client_options){ .allocator = allocator });
    if (st == EB_OK)
        st = fetch(&b, &sink);
    ck_assert(st == EB_OK || st == EB_NOMEM);
    if (st == EB_OK)
        check_file(p.path, "whole");
    else
        ck_assert_int_ne(access(p.path, F_OK), 0);
    bench_end(&b);
    drop_place(&p);
    return st == EB_OK;
}

START_TEST(a_download_without_memory_leaves_nothing)
{
    unit_fail_each(download);
}
END_TEST

UNIT_TESTS("sink", a_file_is_there_when_the_download_is_complete, an_empty_success_is_an_empty_file,
           a_failure_goes_to_memory_and_leaves_the_file_alone,
           a_file_begins_again_after_a_broken_attempt, a_broken_download_leaves_no_half_file,
           what_cannot_begin_again_is_not_tried_again, a_function_that_can_is_told_to_begin_again,
           a_sink_that_fails_ends_the_call, a_sink_has_a_limit_of_its_own,
           a_sink_that_cannot_be_used_is_refused_before_anything_is_sent,
           an_answer_that_has_to_be_read_takes_no_sink,
           a_part_that_is_there_already_belongs_to_somebody_else, a_cancelled_download_leaves_nothing,
           a_transport_that_says_the_status_late_fills_the_sink_at_the_end,
           a_large_download_does_not_sit_in_memory, a_download_without_memory_leaves_nothing)
