/* test_stream.c -- streams and downloads: scripted, with memory that runs out and limits that are reached, and
 * over real sockets, where they break off, stand still, are cancelled, and must not sit in memory. */
#include "api.h"
#include "server.h"

#include <sys/resource.h>

static const eb_header is_stream[] = { { "Content-Type", "text/event-stream" } };

static void bench_stream(bench *b, size_t k, const char *body, size_t piece)
{
    bench_answer(b, k, 200, body)->piece = piece;
    bench_header(b, k, is_stream, 1);
    b->transport.step = NULL;
}

/* ---- Scripted ---------------------------------------------------------------------------------- */

START_TEST(a_transport_without_steps_has_the_stream_there_at_once)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    bench           b;

    bench_start(&b);
    bench_stream(&b, 0, "data: {\"name\":\"a\"}\n\ndata: [DONE]\n\n", 5);
    ck_assert_int_eq(eb_stream_start(b.client, &shop_watch_op, NULL, &stream), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
    ck_assert_str_eq(((const shop_item *)event.value)->name, "a");
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_DONE);
    eb_stream_free(&stream);
    bench_end(&b);
}
END_TEST

START_TEST(an_operation_without_events_has_no_stream)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    bench           b;

    bench_start(&b);
    ck_assert_int_eq(eb_stream_start(b.client, &shop_poke_op, NULL, &stream), EB_INVALID);
    ck_assert_str_eq(stream.response.message, "operation: expected one with a stream of events");
    ck_assert_int_eq(eb_stream_next(&stream, &shop_poke_op, &event), EB_INVALID);
    eb_stream_free(&stream);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_INVALID);
    ck_assert_str_eq(stream.response.message, "stream: expected one that was started");
    eb_stream_free(&stream);
    ck_assert_int_eq(eb_stream_next(NULL, &shop_watch_op, &event), EB_INVALID);
    bench_end(&b);
}
END_TEST

/* A client whose transport goes in steps, which the bench's own does not. */
static void start_stepping(bench *b, eb_transport *script, eb_client_options options)
{
    bench_open(b);
    *script           = eb_script_transport(&b->script);
    options.transport = script;
    ck_assert_int_eq(bench_make(b, options), EB_OK);
}

START_TEST(an_event_may_be_as_long_as_a_body_and_no_longer)
{
    static char     body[2048];
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    eb_transport    script;
    bench           b;

    memset(body, 'x', sizeof body - 1);
    memcpy(body, "data: {}\n\ndata: ", 16);
    start_stepping(&b, &script, (eb_client_options){ .max_body_bytes = 1024 });
    bench_stream(&b, 0, body, 100);
    ck_assert_int_eq(eb_stream_start(b.client, &shop_watch_op, NULL, &stream), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_LIMIT);
    ck_assert_str_eq(stream.response.message, "an event exceeds max_body_bytes (1024)");
    eb_stream_free(&stream);
    bench_end(&b);
}
END_TEST

START_TEST(a_long_stream_does_not_sit_in_memory)
{
    enum { TIMES = 20000 };
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    eb_transport    script;
    eb_status       st;
    bench           b;
    long            count = 0;

    start_stepping(&b, &script, (eb_client_options){ 0 });
    bench_stream(&b, 0, "id: 1\ndata: {\"name\":\"abc\"}\n\n: beat\n\n", 0);
    b.answers[0].times = TIMES;
    ck_assert_int_eq(eb_stream_start(b.client, &shop_watch_op, NULL, &stream), EB_OK);
    while ((st = eb_stream_next(&stream, &shop_watch_op, &event)) == EB_OK)
        count++;
    ck_assert_int_eq(st, EB_DONE);
    ck_assert_int_eq(count, TIMES);
    ck_assert_uint_lt(b.memory.peak, 64 * 1024);
    eb_stream_free(&stream);
    bench_end(&b);
}
END_TEST

START_TEST(a_stream_takes_no_sink)
{
    const eb_sink          sink    = eb_sink_file("/tmp/edgebind-none");
    const eb_call_options  options = { .sink = &sink };
    const eb_call_options *params  = &options; /* all that the params struct holds */
    eb_stream              stream  = { .state_ = NULL };
    bench                  b;

    bench_start(&b);
    ck_assert_int_eq(eb_stream_start(b.client, &shop_watch_op, &params, &stream), EB_INVALID);
    ck_assert_str_eq(stream.response.field, "options.sink");
    ck_assert_uint_eq(b.script.exchanges, 0);
    eb_stream_free(&stream);
    bench_end(&b);
}
END_TEST

static bool walk(const eb_allocator *allocator)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    eb_transport    script;
    eb_status       st;
    bench           b;
    int             count = 0;

    bench_open(&b);
    script = eb_script_transport(&b.script);
    bench_answer(&b, 0, 503, "busy");
    bench_stream(&b, 1, "id: 1\nevent: e\ndata: {\"name\":\"a\",\"tags\":[\"b\"]}\n\ndata: {}\n\n", 7);
    st = bench_make(&b, (eb_client_options){ .allocator = allocator, .transport = &script });
    if (st == EB_OK)
        st = eb_stream_start(b.client, &shop_watch_op, NULL, &stream);
    while (st == EB_OK && (st = eb_stream_next(&stream, &shop_watch_op, &event)) == EB_OK)
        count++;
    ck_assert(st == EB_DONE || st == EB_NOMEM);
    ck_assert(st != EB_DONE || count == 2);
    eb_stream_free(&stream);
    bench_end(&b);
    return st == EB_DONE;
}

START_TEST(a_stream_without_memory_leaks_nothing)
{
    unit_fail_each(walk);
}
END_TEST

/* ---- Over sockets ------------------------------------------------------------------------------ */

typedef struct net {
    unit_memory memory;
    server     *server;
    eb_client  *client;
    eb_response response;
} net;

static void net_start(net *n, void (*serve)(peer *p), void *context, eb_client_options options)
{
    char url[64];

    memset(n, 0, sizeof *n);
    unit_memory_init(&n->memory, 0);
    n->server = server_start(serve, context);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", n->server->port);
    options.api         = &shop_api;
    options.credentials = eb_credentials_token(SHOP_TOKEN);
    options.allocator   = &n->memory.allocator;
    options.base_url    = url;
    options.proxy       = "";
    ck_assert_int_eq(eb_client_new(&options, &n->client), EB_OK);
}

static void net_end(net *n)
{
    eb_response_free(&n->response);
    eb_client_free(n->client);
    server_stop(n->server);
    unit_memory_check(&n->memory);
}

static const char stream_head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

static void say_chunk(const peer *p, const char *text)
{
    char head[32];

    (void)snprintf(head, sizeof head, "%zx\r\n", strlen(text));
    server_say(p, head);
    server_say(p, text);
    server_say(p, "\r\n");
}

/* What the server waits for before it goes on. */
static atomic_int heard;

static void wait_until_heard(const peer *p, int count)
{
    for (int i = 0; i < 500 && atomic_load(&heard) < count && !atomic_load(&p->server->stopping); i++)
        server_sleep_ms(10);
}

static void tell_slowly(peer *p)
{
    while (server_read(p)) {
        server_say(p, stream_head);
        for (int i = 1; i <= 3; i++) {
            say_chunk(p, i == 2 ? "data: {\"na" : "data: {\"name\":\"a\"}\n\n");
            if (i == 2)
                say_chunk(p, "me\":\"b\"}\n\n");
            wait_until_heard(p, i); /* nothing more comes before this was walked */
        }
        server_say(p, "0\r\n\r\n");
    }
}

START_TEST(events_are_there_as_they_come)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    net             n;

    atomic_store(&heard, 0);
    net_start(&n, tell_slowly, NULL, (eb_client_options){ 0 });
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_OK);
        for (int i = 1; i <= 3; i++) {
            ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
            ck_assert_str_eq(((const shop_item *)event.value)->name, i == 2 ? "b" : "a");
            atomic_store(&heard, i);
        }
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_DONE);
        atomic_store(&heard, 0);
        eb_stream_free(&stream);
    }
    ck_assert_int_eq(atomic_load(&n.server->connections), 1); /* kept open */
    net_end(&n);
}
END_TEST

static void tell_and_break(peer *p)
{
    if (!server_read(p))
        return;
    server_say(p, stream_head);
    say_chunk(p, "id: 5\ndata: {\"name\":\"a\"}\n\n");
    say_chunk(p, "id: 6\ndata: {\"na");
    if (p->server->context != NULL) /* silence */
        while (!atomic_load(&p->server->stopping))
            server_sleep_ms(10);
}

START_TEST(a_stream_that_breaks_off_says_so_and_is_not_asked_for_again)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    net             n;

    net_start(&n, tell_and_break, NULL, (eb_client_options){ 0 });
    ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_NETWORK);
    ck_assert_str_ne(stream.response.message, "");
    ck_assert_str_eq(stream.last_id, "5");
    eb_stream_free(&stream);
    ck_assert_int_eq(atomic_load(&n.server->requests), 1);
    net_end(&n);
}
END_TEST

START_TEST(silence_a_deadline_and_a_cancel_end_a_stream)
{
    static const struct {
        eb_client_options client;
        eb_call_options   call;
        const char       *message;
    } cases[] = {
        { { .stall_timeout_ms = 300 }, { 0 }, "no byte in either direction for 300 ms" },
        { { 0 }, { .deadline_ms = 300 }, "the deadline of the call passed" },
        { { .deadline_ms = 300, .stall_timeout_ms = 1000 }, { 0 }, "no byte in either direction for 1000 ms" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_call_options *params = &cases[i].call;
        const int64_t          from   = server_now_ms();
        eb_stream              stream = { .state_ = NULL };
        eb_stream_event        event;
        net                    n;

        net_start(&n, tell_and_break, &n, cases[i].client);
        ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, &params, &stream), EB_OK);
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_TIMEOUT);
        ck_assert_str_eq(stream.response.message, cases[i].message);
        ck_assert_int_ge(server_now_ms() - from, 250);
        ck_assert_int_lt(server_now_ms() - from, 4000);
        eb_stream_free(&stream);
        net_end(&n);
    }
}
END_TEST

static void *cancel_soon(void *source)
{
    server_sleep_ms(100);
    eb_cancel(source);
    return NULL;
}

START_TEST(a_cancel_ends_the_wait_for_an_event)
{
    eb_cancel_source      *source = NULL;
    eb_call_options        options;
    const eb_call_options *params = &options;
    eb_stream              stream = { .state_ = NULL };
    eb_stream_event        event;
    pthread_t              thread;
    net                    n;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    options = (eb_call_options){ .cancel = source };
    net_start(&n, tell_and_break, &n, (eb_client_options){ 0 });
    ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, &params, &stream), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, source), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_CANCELLED);
    ck_assert_str_eq(stream.response.message, "cancelled by the caller");
    (void)pthread_join(thread, NULL);
    eb_stream_free(&stream);
    eb_cancel_source_free(source);
    net_end(&n);
}
END_TEST

START_TEST(a_stream_may_be_left_at_any_event)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    net             n;

    net_start(&n, tell_and_break, &n, (eb_client_options){ 0 });
    ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_OK);
    eb_stream_free(&stream);
    ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_OK);
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
    eb_stream_free(&stream);
    net_end(&n);
}
END_TEST

/* What a caller does between two events is no silence of the service. */
START_TEST(the_caller_may_take_its_time_between_events)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    net             n;

    atomic_store(&heard, 0);
    net_start(&n, tell_slowly, NULL, (eb_client_options){ .stall_timeout_ms = 200 });
    ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_OK);
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_OK);
        server_sleep_ms(300);
        atomic_store(&heard, i);
    }
    ck_assert_int_eq(eb_stream_next(&stream, &shop_watch_op, &event), EB_DONE);
    eb_stream_free(&stream);
    net_end(&n);
}
END_TEST

static void refuse_streams(peer *p)
{
    while (server_read(p))
        server_answer(p, 404, "{\"code\":\"Gone\",\"message\":\"no events\"}");
}

START_TEST(a_refusal_is_read_to_its_end_and_the_connection_kept)
{
    eb_stream stream = { .state_ = NULL };
    net       n;

    net_start(&n, refuse_streams, NULL, (eb_client_options){ 0 });
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(eb_stream_start(n.client, &shop_watch_op, NULL, &stream), EB_API);
        ck_assert_str_eq(stream.response.message, "no events");
        eb_stream_free(&stream);
    }
    ck_assert_int_eq(atomic_load(&n.server->connections), 1);
    net_end(&n);
}
END_TEST

/* ---- Downloads --------------------------------------------------------------------------------- */

enum { MIB = 1024 * 1024 };

/* So many MiB announced, and how many sent. */
typedef struct load {
    atomic_int announced, sent;
    bool       drip; /* a byte every 20 ms after that */
} load;

static void send_load(peer *p)
{
    load *l     = p->server->context;
    char *bytes = calloc(1, MIB);
    char  head[200];

    while (server_read(p)) {
        (void)snprintf(head, sizeof head,
                       "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %lld\r\n\r\n",
                       (long long)atomic_load(&l->announced) * MIB);
        server_say(p, head);
        for (int i = 0; i < atomic_load(&l->sent) && !atomic_load(&p->server->stopping); i++)
            server_send(p, bytes, MIB);
        for (int i = 0; l->drip && i < 500 && !atomic_load(&p->server->stopping); i++) {
            server_send(p, bytes, 1);
            server_sleep_ms(20);
        }
        if (atomic_load(&l->sent) < atomic_load(&l->announced))
            break;
    }
    free(bytes);
}

static bool count_bytes(void *context, const void *data, size_t size)
{
    (void)data;
    *(uint64_t *)context += size;
    return true;
}

static eb_status download(net *n, const eb_sink *sink, eb_call_options options)
{
    shop_item_get_params params = { .path = "a" };

    options.sink   = sink;
    params.options = &options;
    return eb_call_operation(n->client, &shop_image_get_op, &params, NULL, &n->response);
}

static long kilobytes(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

START_TEST(a_download_of_256_mib_does_not_sit_in_memory)
{
    load          l     = { 256, 256, false };
    uint64_t      taken = 0;
    const eb_sink sink  = eb_sink_writer(count_bytes, NULL, &taken);
    long          before;
    net           n;

    net_start(&n, send_load, &l, (eb_client_options){ 0 });
    atomic_store(&l.announced, 1);
    atomic_store(&l.sent, 1);
    ck_assert_int_eq(download(&n, &sink, (eb_call_options){ 0 }), EB_OK); /* everything warm */
    before = kilobytes();
    atomic_store(&l.announced, 256);
    atomic_store(&l.sent, 256);
    taken = 0;
    ck_assert_int_eq(download(&n, &sink, (eb_call_options){ 0 }), EB_OK);
    ck_assert_uint_eq(taken, (uint64_t)256 * MIB);
    ck_assert_uint_lt(n.memory.peak, 256 * 1024);
    ck_assert_int_lt(kilobytes() - before, 128 * 1024); /* sanitizers take some */
    net_end(&n);
}
END_TEST

START_TEST(a_download_that_is_cut_short_is_no_success)
{
    load          l     = { 3, 2, false };
    uint64_t      taken = 0;
    const eb_sink sink  = eb_sink_writer(count_bytes, NULL, &taken);
    net           n;

    net_start(&n, send_load, &l, (eb_client_options){ 0 });
    ck_assert_int_eq(download(&n, &sink, (eb_call_options){ 0 }), EB_DECODE);
    ck_assert_int_eq(n.response.cause, EB_NETWORK);
    ck_assert_int_eq(n.response.reason, EB_REASON_SINK);
    ck_assert_uint_eq(taken, 2 * MIB);
    ck_assert_int_eq(atomic_load(&n.server->requests), 1);
    net_end(&n);
}
END_TEST

START_TEST(a_slow_download_is_bounded_by_deadline_and_cancel)
{
    load              l      = { 3, 1, true };
    uint64_t          taken  = 0;
    const eb_sink     sink   = eb_sink_writer(count_bytes, NULL, &taken);
    eb_cancel_source *source = NULL;
    pthread_t         thread;
    net               n;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    /* each attempt may take less than this, but not that of a download */
    net_start(&n, send_load, &l,
              (eb_client_options){ .attempt_timeout_ms = 50, .retries = EB_RETRIES_NONE });
    ck_assert_int_eq(download(&n, &sink, (eb_call_options){ .deadline_ms = 400 }), EB_TIMEOUT);
    ck_assert_uint_gt(taken, MIB);
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, source), 0);
    ck_assert_int_eq(download(&n, &sink, (eb_call_options){ .cancel = source }), EB_CANCELLED);
    (void)pthread_join(thread, NULL);
    eb_cancel_source_free(source);
    net_end(&n);
}
END_TEST

UNIT_TESTS("stream", a_transport_without_steps_has_the_stream_there_at_once,
           an_operation_without_events_has_no_stream,
           an_event_may_be_as_long_as_a_body_and_no_longer, a_long_stream_does_not_sit_in_memory,
           a_stream_takes_no_sink, a_stream_without_memory_leaks_nothing,
           events_are_there_as_they_come, a_stream_that_breaks_off_says_so_and_is_not_asked_for_again,
           silence_a_deadline_and_a_cancel_end_a_stream, a_cancel_ends_the_wait_for_an_event,
           a_stream_may_be_left_at_any_event, the_caller_may_take_its_time_between_events,
           a_refusal_is_read_to_its_end_and_the_connection_kept,
           a_download_of_256_mib_does_not_sit_in_memory, a_download_that_is_cut_short_is_no_success,
           a_slow_download_is_bounded_by_deadline_and_cancel)
