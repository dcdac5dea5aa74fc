/* test_transport.c -- the real transport against a server on the loopback interface: what goes over the
 * wire, what comes of connections that break at every place, how fast a call can be ended, and that
 * nothing is ever sent twice. */
#include "api.h"
#include "server.h"

#include <signal.h>

/* A client of the real transport and a server; waits between attempts are real, but short. */
typedef struct net {
    unit_memory memory;
    server     *server;
    eb_client  *client;
    eb_response response;
} net;

static void net_start_with(net *n, void (*serve)(peer *p), void *context, eb_client_options options)
{
    char url[64];

    memset(n, 0, sizeof *n);
    unit_memory_init(&n->memory, 0);
    n->server = server_start(serve, context);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", n->server->port);
    options.api         = &shop_api;
    options.credentials = eb_credentials_token(SHOP_TOKEN);
    if (options.allocator == NULL)
        options.allocator = &n->memory.allocator;
    if (options.base_url == NULL)
        options.base_url = url;
    if (options.proxy == NULL)
        options.proxy = "";
    ck_assert_int_eq(eb_client_new(&options, &n->client), EB_OK);
}

static void net_start(net *n, void (*serve)(peer *p))
{
    net_start_with(n, serve, NULL, (eb_client_options){ .retries = EB_RETRIES_NONE });
}

static void net_end(net *n)
{
    eb_response_free(&n->response);
    eb_client_free(n->client);
    server_stop(n->server);
    unit_memory_check(&n->memory);
}

static eb_status net_get_with(net *n, const eb_call_options *options)
{
    const shop_item_get_params params = { .options = options, .id = "a" };
    const void                *value  = NULL;
    const eb_status st = eb_call_operation(n->client, &shop_item_get_op, &params, &value, &n->response);

    bench_texts(&n->response);
    return st;
}

static eb_status net_get(net *n)
{
    return net_get_with(n, NULL);
}

static eb_status net_order_with(net *n, const char *name, const eb_call_options *options)
{
    const shop_order        order  = { .name = name };
    const shop_order_params params = { options, &order };
    const void             *value  = NULL;
    const eb_status st = eb_call_operation(n->client, &shop_order_op, &params, &value, &n->response);

    bench_texts(&n->response);
    return st;
}

static eb_status net_order(net *n)
{
    return net_order_with(n, "n", NULL);
}

/* ---- On the wire ------------------------------------------------------------------------------- */

static void answer_all(peer *p)
{
    while (server_read(p))
        server_answer(p, 200, "{\"name\":\"a\"}");
}

START_TEST(a_get_is_sent_as_it_should_be)
{
    net  n;
    char expected[400];

    net_start(&n, answer_all);
    ck_assert_int_eq(net_get(&n), EB_OK);
    ck_assert_int_eq(n.response.http_status, 200);
    ck_assert_int_eq(n.response.sent, EB_SENT_ANSWERED);
    (void)snprintf(expected, sizeof expected,
                   "GET /v1/items/a HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: gzip, deflate\r\n"
                   "accept: application/json\r\nuser-agent: edgebind/0.1.0\r\n"
                   "authorization: token " SHOP_TOKEN "\r\n\r\n",
                   n.server->port);
    ck_assert_str_eq(n.server->heads[0], expected);
    net_end(&n);
}
END_TEST

START_TEST(an_empty_body_has_a_length_and_no_type)
{
    net n;

    net_start(&n, answer_all);
    ck_assert_int_eq(eb_call_operation(n.client, &shop_poke_op, NULL, NULL, &n.response), EB_OK);
    ck_assert_int_eq(eb_call_operation(n.client, &shop_put_op, NULL, NULL, &n.response), EB_OK);
    ck_assert_int_eq(net_get(&n), EB_OK);
    for (int i = 0; i < 3; i++) {
        const char *head = n.server->heads[i];

        ck_assert_int_eq(strncmp(head, i == 0 ? "POST " : i == 1 ? "PUT " : "GET ", 4), 0);
        ck_assert((strstr(head, "Content-Length: 0\r\n") != NULL) == (i < 2));
        ck_assert_ptr_null(strstr(head, "Content-Type"));
        ck_assert_ptr_null(strstr(head, "Expect"));
        ck_assert_ptr_null(strstr(head, "Transfer-Encoding"));
    }
    ck_assert_int_eq(atomic_load(&n.server->connections), 1);
    net_end(&n);
}
END_TEST

static void check_large(peer *p)
{
    while (server_read(p)) {
        const char *body = p->request + p->head_len;
        bool        good = p->len - p->head_len == 2000011 && memcmp(body, "{\"name\":\"", 9) == 0;

        for (size_t i = 9; good && i < 2000009; i++)
            good = body[i] == 'x';
        server_answer(p, good ? 200 : 400, "{}");
    }
}

START_TEST(a_large_body_is_sent_at_once)
{
    static char name[2000001];
    net         n;

    memset(name, 'x', sizeof name - 1);
    net_start(&n, check_large);
    ck_assert_int_eq(net_order_with(&n, name, NULL), EB_OK);
    ck_assert_ptr_null(strstr(n.server->heads[0], "xpect"));
    ck_assert_ptr_nonnull(strstr(n.server->heads[0], "Content-Length: 2000011\r\n"));
    net_end(&n);
}
END_TEST

static int64_t give_digits(void *context, uint64_t offset, void *buffer, size_t size)
{
    size_t *most = context; /* how many there are before it fails */
    char   *out  = buffer;

    if (size > 1000)
        size = 1000;
    if (offset + size > *most)
        return -1;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)('0' + (offset + i) % 10);
    return (int64_t)size;
}

static void check_digits(peer *p)
{
    while (server_read(p)) {
        const char *body = p->request + p->head_len;
        bool        good = p->len - p->head_len == 300000;

        for (size_t i = 0; good && i < 300000; i++)
            good = body[i] == (char)('0' + i % 10);
        server_answer(p, good ? 200 : 400, "{}");
    }
}

START_TEST(a_body_from_a_function_is_streamed)
{
    size_t                most   = 300000;
    const shop_put_params params = { .body = eb_body_reader(give_digits, &most, 300000) };
    net                   n;

    net_start(&n, check_digits);
    ck_assert_int_eq(eb_call_operation(n.client, &shop_put_op, &params, NULL, &n.response), EB_OK);
    ck_assert_ptr_nonnull(strstr(n.server->heads[0], "Content-Length: 300000\r\n"));
    ck_assert_ptr_nonnull(strstr(n.server->heads[0], "content-type: application/octet-stream\r\n"));
    most = 150000; /* and one that fails half way */
    ck_assert_int_eq(eb_call_operation(n.client, &shop_put_op, &params, NULL, &n.response), EB_INVALID);
    ck_assert_int_eq(n.response.sent, EB_SENT_PART);
    ck_assert_str_eq(n.response.message, "the body ended early, or could not be read");
    most = 300000; /* the next one is not disturbed */
    ck_assert_int_eq(eb_call_operation(n.client, &shop_put_op, &params, NULL, &n.response), EB_OK);
    net_end(&n);
}
END_TEST

/* ---- Answers ----------------------------------------------------------------------------------- */

static void say_context(peer *p)
{
    while (server_read(p))
        server_say(p, p->server->context);
}

START_TEST(unusual_answers_are_understood)
{
    static const struct {
        const char *answer;
        int         http_status;
        eb_status   status;
        const char *body;
    } cases[] = {
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nearly: x\r\n\r\n"
          "HTTP/1.1 200 OK\r\nlate: y\r\nContent-Length: 2\r\n\r\n{}",
          200, EB_OK, "{}" },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, EB_OK, "" },
        { "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", 200, EB_OK, "{}" },
        { "HTTP/1.1 200 Fine: really\r\nContent-Length: 2\r\n\r\n{}", 200, EB_OK, "{}" },
        { "HTTP/1.1 404 Not here: sorry\r\nContent-Length: 2\r\n\r\n{}", 404, EB_API, "{}" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\nearly: trailer\r\n\r\n",
          200, EB_OK, "{}" },
        { "HTTP/1.1 200 OK\r\nodd : v\r\n  folded\r\nContent-Length: 2\r\n\r\n{}", 200, EB_OK, "{}" },
        { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302,
          EB_API, "" },
        { "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", 401, EB_API, "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char answer[400];
        net  n;

        memcpy(answer, cases[i].answer, strlen(cases[i].answer) + 1);
        net_start_with(&n, say_context, answer, (eb_client_options){ .retries = EB_RETRIES_NONE });
        ck_assert_msg(net_get(&n) == cases[i].status, "%s: %s", answer, n.response.message);
        ck_assert_int_eq(n.response.http_status, cases[i].http_status);
        ck_assert_str_eq(n.response.body.data, cases[i].body);
        ck_assert_ptr_null(eb_response_header(&n.response, "early"));
        ck_assert_int_eq(atomic_load(&n.server->requests), 1);
        if (i == 0)
            ck_assert_str_eq(eb_response_header(&n.response, "late"), "y");
        if (i == 6)
            ck_assert_str_eq(eb_response_header(&n.response, "odd"), "v");
        net_end(&n);
    }
}
END_TEST

/* {"name":"packed"}, packed by gzip. */
static const unsigned char packed[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
                                        0xab, 0x56, 0xca, 0x4b, 0xcc, 0x4d, 0x55, 0xb2, 0x52, 0x2a,
                                        0x48, 0x4c, 0xce, 0x4e, 0x4d, 0x51, 0xaa, 0x05, 0x00, 0xfc,
                                        0xab, 0xea, 0xe9, 0x11, 0x00, 0x00, 0x00 };

static void answer_packed(peer *p)
{
    char         head[200];
    const size_t cut = p->server->context != NULL ? 15 : 0;

    while (server_read(p)) {
        (void)snprintf(head, sizeof head,
                       "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                       sizeof packed - cut);
        server_say(p, head);
        server_send(p, packed, sizeof packed - cut);
    }
}

START_TEST(a_packed_answer_is_unpacked)
{
    net n;

    net_start(&n, answer_packed);
    ck_assert_int_eq(net_get(&n), EB_OK);
    ck_assert_str_eq(n.response.body.data, "{\"name\":\"packed\"}");
    net_end(&n);

    net_start_with(&n, answer_packed, &n, (eb_client_options){ .retries = EB_RETRIES_NONE }); /* cut */
    ck_assert_int_eq(net_get(&n), EB_DECODE);
    ck_assert_int_eq(n.response.http_status, 200);
    net_end(&n);
}
END_TEST

static void answer_much(peer *p)
{
    while (server_read(p)) {
        server_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n");
        for (int i = 0; i < 400; i++) {
            char spaces[10000];

            memset(spaces, ' ', sizeof spaces);
            server_send(p, spaces, sizeof spaces);
        }
    }
}

START_TEST(a_body_without_end_is_a_limit)
{
    net n;

    net_start_with(&n, answer_much, NULL, (eb_client_options){ .max_body_bytes = 100000 });
    ck_assert_int_eq(net_get(&n), EB_LIMIT);
    ck_assert_int_eq(n.response.http_status, 200);
    ck_assert_ptr_nonnull(strstr(n.response.message, "max_body_bytes (100000)"));
    ck_assert_int_eq(atomic_load(&n.server->requests), 1);
    net_end(&n);
}
END_TEST

static void answer_headers(peer *p)
{
    const size_t *size = p->server->context; /* lines, and bytes in each */

    while (server_read(p)) {
        server_say(p, "HTTP/1.1 200 OK\r\n");
        for (size_t i = 0; i < size[0]; i++) {
            char *line = malloc(size[1] + 10);

            memset(line, 'h', size[1]);
            memcpy(line, "x: ", 3);
            memcpy(line + size[1], "\r\n", 3);
            server_say(p, line);
            free(line);
        }
        server_say(p, "Content-Length: 2\r\n\r\n{}");
    }
}

START_TEST(headers_without_end_are_a_limit)
{
    static const struct {
        size_t    size[2], max;
        eb_status status;
    } cases[] = { { { 100, 500 }, 0, EB_OK },          { { 100, 500 }, 40000, EB_LIMIT },
                  { { 1, 90000 }, 0, EB_OK },          { { 1, 150000 }, 0, EB_LIMIT },
                  { { 1, 400000 }, 0, EB_LIMIT },      { { 3000, 200 }, 0, EB_LIMIT },
                  { { 1, 150000 }, 1000000, EB_LIMIT } /* libcurl's own */ };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size[2] = { cases[i].size[0], cases[i].size[1] };
        net    n;

        net_start_with(&n, answer_headers, size,
                       (eb_client_options){ .max_header_bytes = cases[i].max, .retries = EB_RETRIES_NONE });
        ck_assert_msg(net_order(&n) == cases[i].status, "%zu: %s", i, n.response.message);
        ck_assert_int_eq(n.response.http_status, 200);
        net_end(&n);
    }
}
END_TEST

/* ---- Connections ------------------------------------------------------------------------------- */

START_TEST(a_connection_serves_many_calls)
{
    net n;

    net_start(&n, answer_all);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(i % 2 == 0 ? net_get(&n) : net_order(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->connections), 1);
    ck_assert_int_eq(atomic_load(&n.server->requests), 6);
    net_end(&n);
}
END_TEST

/* One answer, then the next request is read and the connection closed or reset without a word. */
static void answer_once(peer *p)
{
    const int *how = p->server->context; /* 0: closed, 1: reset, 2: closed at once behind the answer */

    if (p->number > 0) {
        answer_all(p);
        return;
    }
    if (!server_read(p))
        return;
    server_answer(p, 200, "{}");
    if (*how == 2)
        return;
    (void)server_read(p);
    if (*how == 1)
        server_reset(p);
}

START_TEST(a_dead_connection_never_sends_twice)
{
    for (int how = 0; how < 2; how++) {
        net n;

        net_start_with(&n, answer_once, &how, (eb_client_options){ 0 });
        ck_assert_int_eq(net_get(&n), EB_OK);
        ck_assert_int_eq(net_order(&n), EB_MAYBE_SENT);
        ck_assert_int_eq(n.response.cause, EB_NETWORK);
        ck_assert_int_eq(n.response.sent, EB_SENT_ALL);
        ck_assert_uint_eq(n.response.attempt_count, 1);
        server_sleep_ms(50);
        ck_assert_int_eq(atomic_load(&n.server->requests), 2); /* the GET and one POST */
        net_end(&n);

        net_start_with(&n, answer_once, &how, (eb_client_options){ 0 });
        ck_assert_int_eq(net_get(&n), EB_OK);
        ck_assert_int_eq(net_get(&n), EB_OK); /* safe: ours to send again, and noted */
        ck_assert_uint_eq(n.response.attempt_count, 2);
        ck_assert_int_eq(n.response.attempts[0].reason, EB_REASON_TRANSPORT);
        ck_assert_int_eq(atomic_load(&n.server->requests), 3);
        net_end(&n);
    }
}
END_TEST

START_TEST(a_connection_closed_while_idle_is_not_used)
{
    int how = 2;
    net n;

    net_start_with(&n, answer_once, &how, (eb_client_options){ .retries = EB_RETRIES_NONE });
    ck_assert_int_eq(net_get(&n), EB_OK);
    server_sleep_ms(50);
    ck_assert_int_eq(net_order(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->requests), 2);
    ck_assert_int_eq(atomic_load(&n.server->connections), 2);
    net_end(&n);
}
END_TEST

START_TEST(an_unsafe_call_avoids_what_was_idle_for_long)
{
    net n;

    net_start(&n, answer_all);
    ck_assert_int_eq(net_order(&n), EB_OK);
    server_sleep_ms(2100);
    ck_assert_int_eq(net_get(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->connections), 1);
    server_sleep_ms(2100);
    ck_assert_int_eq(net_order(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->connections), 2);
    ck_assert_int_eq(net_order(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->connections), 2);
    net_end(&n);
}
END_TEST

/* Breaks off at a place of its choice. */
static void break_off(peer *p)
{
    const char *how = p->server->context;

    if (how[0] == 'r' || how[0] == 'c') /* before anything is read */
        goto out;
    if (!server_read(p))
        return;
    server_say(p, how + 1);
    server_sleep_ms(20);
out:
    if (how[0] == 'r' || how[0] == 'R')
        server_reset(p);
}

START_TEST(connections_that_break_come_out_right)
{
    static const struct {
        const char *how;
        eb_status   unsafe, safe;
        int         http_status;
    } cases[] = {
        { "c", EB_MAYBE_SENT, EB_NETWORK, 0 }, /* closed, reset: right away */
        { "r", EB_MAYBE_SENT, EB_NETWORK, 0 },
        { "C", EB_MAYBE_SENT, EB_NETWORK, 0 }, /* after the request */
        { "R", EB_MAYBE_SENT, EB_NETWORK, 0 },
        { "CHTTP/1.1 100 Continue\r\n\r\n", EB_MAYBE_SENT, EB_NETWORK, 0 },
        { "CHTTP/1.1 200 OK\r\nConte", EB_DECODE, EB_DECODE, 200 },
        { "CHTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", EB_DECODE, EB_DECODE, 200 },
        { "RHTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", EB_DECODE, EB_DECODE, 200 },
        { "CHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}", EB_DECODE, EB_DECODE, 200 },
        { "CHTTP/1.1 500 No\r\nContent-Length: 20\r\n\r\n{}", EB_API, EB_API, 500 },
        { "RHTTP/1.1 404 No\r\nContent-Length: 20\r\n\r\n{}", EB_API, EB_API, 404 },
        { "Cgarbage that is no HTTP at all\r\n\r\n", EB_MAYBE_SENT, EB_NETWORK, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char how[200];
        net  n;

        memcpy(how, cases[i].how, strlen(cases[i].how) + 1);
        net_start_with(&n, break_off, how, (eb_client_options){ .retries = EB_RETRIES_NONE });
        {
            const eb_status st = net_order(&n);

            /* a reset may be seen before the first byte goes out: then nothing was sent */
            if (!(i < 2 && st == EB_NETWORK && n.response.sent == EB_SENT_NOTHING))
                ck_assert_msg(st == cases[i].unsafe, "%s: %s, %s", how, eb_status_name(st),
                              n.response.message);
        }
        ck_assert_int_eq(n.response.http_status, cases[i].http_status);
        ck_assert_str_ne(n.response.message, "");
        ck_assert_msg(net_get(&n) == cases[i].safe, "%s: %s", how, n.response.message);
        ck_assert_int_eq(n.response.http_status, cases[i].http_status);
        net_end(&n);
    }
}
END_TEST

START_TEST(where_nobody_listens_nothing_was_sent)
{
    char url[64];
    net  n;

    net_start(&n, answer_all);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", n.server->port);
    server_stop(n.server);
    {
        const eb_call_options options = { .retries = 1 };

        ck_assert_int_eq(net_order_with(&n, "n", &options), EB_NETWORK);
    }
    ck_assert_int_eq(n.response.sent, EB_SENT_NOTHING);
    ck_assert_uint_eq(n.response.attempt_count, 2); /* even unsafe: nobody knows of it */
    ck_assert_int_eq(n.response.attempts[0].reason, EB_REASON_CONNECT);
    n.server = server_start(answer_all, NULL);
    net_end(&n);
}
END_TEST

static void plain_words(peer *p)
{
    if (server_wait(p))
        server_say(p, "this is not TLS\r\n");
}

START_TEST(without_tls_nothing_is_sent)
{
    char url[64];
    net  n;

    net_start(&n, plain_words);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%d", n.server->port);
    {
        const eb_call_options options = { .base_url = url };

        ck_assert_int_eq(net_order_with(&n, "n", &options), EB_NETWORK);
    }
    ck_assert_int_eq(n.response.sent, EB_SENT_NOTHING);
    net_end(&n);
}
END_TEST

static void refuse_tunnel(peer *p)
{
    while (server_read(p))
        server_say(p, "HTTP/1.1 403 No tunnel\r\nX-Proxy: yes\r\nContent-Length: 0\r\n\r\n");
}

START_TEST(a_proxy_that_refuses_has_sent_nothing)
{
    char    url[64];
    server *proxy = server_start(refuse_tunnel, NULL);
    net     n;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", proxy->port);
    net_start_with(&n, answer_all, NULL,
                   (eb_client_options){
                       .proxy = url, .base_url = "https://shop.example.com", .retries = 1 });
    ck_assert_int_eq(net_order(&n), EB_NETWORK);
    ck_assert_int_eq(n.response.sent, EB_SENT_NOTHING);
    ck_assert_int_eq(n.response.http_status, 0);
    ck_assert_uint_eq(n.response.header_count, 0);
    ck_assert_uint_eq(n.response.attempt_count, 2);
    ck_assert_int_eq(strncmp(proxy->heads[0], "CONNECT shop.example.com:443 ", 29), 0);
    ck_assert_ptr_null(strstr(proxy->heads[0], SHOP_TOKEN)); /* not for the proxy */
    net_end(&n);
    server_stop(proxy);
}
END_TEST

/* ---- Time -------------------------------------------------------------------------------------- */

static void never_answer(peer *p)
{
    if (server_read(p))
        while (server_wait(p) && recv(p->fd, p->request, sizeof p->request, 0) > 0)
            ;
}

static void trickle(peer *p)
{
    const atomic_int *bytes = p->server->context; /* then silence */
    int               count;

    while (server_read(p)) {
        server_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{");
        count = atomic_load(bytes);
        for (int i = 0; i < count; i++) {
            server_sleep_ms(60);
            server_say(p, i == 10 ? "}" : " ");
        }
        if (count < 11)
            (void)server_wait(p);
    }
}

START_TEST(the_password_of_a_proxy_is_not_shown)
{
    static const char *const proxies[] = { "http://user:canary-proxy@127.0.0.1:99999",
                                           "http://user:canary-proxy@no host",
                                           "gopher://user:canary-proxy@127.0.0.1:1",
                                           "http://user:canary-proxy@127.0.0.1:1" };

    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++) {
        net n;

        net_start_with(&n, answer_all, NULL,
                       (eb_client_options){ .proxy = proxies[i], .retries = EB_RETRIES_NONE });
        ck_assert_int_eq(net_order(&n), EB_NETWORK);
        ck_assert_int_eq(n.response.sent, EB_SENT_NOTHING);
        ck_assert_ptr_nonnull(strstr(n.response.message, i < 3 ? "the proxy's URL" : "connect"));
        ck_assert_ptr_null(strstr(n.response.message, "canary"));
        net_end(&n);
    }
}
END_TEST

START_TEST(an_attempt_ends_in_time)
{
    const int64_t begun = server_now_ms();
    net           n;

    net_start_with(&n, never_answer, NULL,
                   (eb_client_options){ .attempt_timeout_ms = 150, .retries = EB_RETRIES_NONE });
    ck_assert_int_eq(net_order(&n), EB_MAYBE_SENT);
    ck_assert_int_eq(n.response.cause, EB_TIMEOUT);
    ck_assert_int_eq(n.response.sent, EB_SENT_ALL);
    ck_assert_int_eq(n.response.reason, EB_REASON_NOT_SAFE);
    ck_assert_int_eq(net_get(&n), EB_TIMEOUT);
    ck_assert_int_ge(server_now_ms() - begun, 290);
    ck_assert_int_lt(server_now_ms() - begun, 2000);
    net_end(&n);
}
END_TEST

START_TEST(a_call_ends_with_its_deadline)
{
    net n;

    net_start_with(&n, never_answer, NULL, (eb_client_options){ .deadline_ms = 200, .retries = 10 });
    for (int safe = 0; safe < 2; safe++) {
        const int64_t begun = server_now_ms();

        ck_assert_int_eq(safe ? net_get(&n) : net_order(&n), safe ? EB_TIMEOUT : EB_MAYBE_SENT);
        ck_assert_int_eq(n.response.reason, EB_REASON_DEADLINE);
        ck_assert_int_ge(server_now_ms() - begun, 190);
        ck_assert_int_lt(server_now_ms() - begun, 1500);
    }
    net_end(&n);
}
END_TEST

START_TEST(silence_ends_an_attempt_and_slowness_does_not)
{
    atomic_int bytes = 11;
    int64_t    begun;
    net        n;

    net_start_with(&n, trickle, &bytes,
                   (eb_client_options){ .stall_timeout_ms = 300, .retries = EB_RETRIES_NONE });
    begun = server_now_ms();
    ck_assert_msg(net_get(&n) == EB_OK, "%s", n.response.message); /* 660 ms, never 300 without a byte */
    ck_assert_int_ge(server_now_ms() - begun, 600);
    atomic_store(&bytes, 3);
    begun = server_now_ms();
    ck_assert_int_eq(net_get(&n), EB_DECODE);
    ck_assert_int_eq(n.response.cause, EB_TIMEOUT);
    ck_assert_ptr_nonnull(strstr(n.response.message, "no byte in either direction for 300 ms"));
    ck_assert_int_ge(server_now_ms() - begun, 300);
    ck_assert_int_lt(server_now_ms() - begun, 2000);
    net_end(&n);

    net_start_with(&n, never_answer, NULL,
                   (eb_client_options){ .stall_timeout_ms = 100, .retries = EB_RETRIES_NONE });
    ck_assert_int_eq(net_order(&n), EB_MAYBE_SENT);
    ck_assert_int_eq(n.response.cause, EB_TIMEOUT);
    net_end(&n);
}
END_TEST

/* ---- Cancelling -------------------------------------------------------------------------------- */

/* A call ends within 10 ms of its cancel. On a busy machine the thread that waits may get its turn later,
 * so of five rounds the best is measured, and none may take longer than a quarter of a second. */
enum { CANCEL_BEST_MS = 10, CANCEL_WORST_MS = 250, CANCEL_ROUNDS = 5 };

static eb_cancel_source *cancel;
static _Atomic int64_t   cancelled_ms;

static void *cancel_soon(void *context)
{
    (void)context;
    server_sleep_ms(80);
    atomic_store(&cancelled_ms, server_now_ms());
    eb_cancel(cancel);
    return NULL;
}

static void on_signal(int number)
{
    (void)number;
    eb_cancel(cancel);
}

static void *signal_soon(void *context)
{
    const pthread_t *caller = context;

    server_sleep_ms(80);
    atomic_store(&cancelled_ms, server_now_ms());
    pthread_kill(*caller, SIGUSR1);
    return NULL;
}

static void check_cancel(net *n, void *(*soon)(void *context), bool safe, eb_status expected)
{
    pthread_t       self    = pthread_self(), other;
    eb_call_options options = { 0 };
    int64_t         best    = CANCEL_WORST_MS;

    for (int i = 0; i < CANCEL_ROUNDS; i++) {
        int64_t took;

        ck_assert_int_eq(eb_cancel_source_new(&cancel), EB_OK);
        options.cancel = cancel;
        ck_assert_int_eq(pthread_create(&other, NULL, soon, &self), 0);
        ck_assert_int_eq(safe ? net_get_with(n, &options) : net_order_with(n, "n", &options), expected);
        took = server_now_ms() - atomic_load(&cancelled_ms);
        pthread_join(other, NULL);
        ck_assert_int_eq(n->response.cause, EB_CANCELLED);
        ck_assert_int_eq(n->response.reason, EB_REASON_CANCELLED);
        ck_assert_int_ge(took, 0);
        ck_assert_int_lt(took, CANCEL_WORST_MS);
        best = took < best ? took : best;
        eb_cancel_source_free(cancel);
    }
    ck_assert_int_le(best, CANCEL_BEST_MS);
}

START_TEST(a_cancel_ends_a_call_from_any_thread)
{
    net n;

    net_start(&n, never_answer);
    check_cancel(&n, cancel_soon, true, EB_CANCELLED);
    check_cancel(&n, cancel_soon, false, EB_MAYBE_SENT);
    net_end(&n);
}
END_TEST

START_TEST(a_cancel_ends_a_call_from_a_signal_handler)
{
    const struct sigaction action = { .sa_handler = on_signal };
    struct sigaction       before;
    net                    n;

    sigaction(SIGUSR1, &action, &before);
    net_start(&n, never_answer);
    check_cancel(&n, signal_soon, true, EB_CANCELLED);
    net_end(&n);
    sigaction(SIGUSR1, &before, NULL);
}
END_TEST

static void answer_later(peer *p)
{
    while (server_read(p))
        server_say(p, "HTTP/1.1 503 Later\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
}

START_TEST(a_cancel_ends_the_wait_between_attempts)
{
    net n;

    net_start_with(&n, answer_later, NULL, (eb_client_options){ 0 });
    check_cancel(&n, cancel_soon, true, EB_CANCELLED);
    ck_assert_int_eq(n.response.http_status, 503);
    net_end(&n);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------- */

static void meet(peer *p)
{
    while (server_read(p))
        server_answer(p, server_meet(p, 2) ? 200 : 500, "{}");
}

static void *one_call(void *context)
{
    net                       *n        = context;
    const shop_item_get_params params   = { .id = "a" };
    eb_response                response = { 0 };
    const eb_status st = eb_call_operation(n->client, &shop_item_get_op, &params, NULL, &response);

    eb_response_free(&response);
    return st == EB_OK ? n : NULL;
}

/* That of the bench counts without a lock. */
static void *plain_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void plain_release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

/* The server answers neither before both requests are there: on one connection that would never be. */
START_TEST(two_threads_do_not_share_a_connection)
{
    const eb_allocator allocator = { plain_allocate, plain_release, NULL };
    pthread_t          threads[2];
    net                n;

    net_start_with(&n, meet, NULL, (eb_client_options){ .allocator = &allocator });
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, one_call, &n), 0);
    for (int i = 0; i < 2; i++) {
        void *worked;

        pthread_join(threads[i], &worked);
        ck_assert_ptr_nonnull(worked);
    }
    ck_assert_int_eq(atomic_load(&n.server->connections), 2);
    /* both are kept, and the one given back last is taken first */
    ck_assert_int_eq(net_get(&n), EB_OK);
    ck_assert_int_eq(net_get(&n), EB_OK);
    ck_assert_int_eq(atomic_load(&n.server->connections), 2);
    net_end(&n);
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------ */

START_TEST(an_exchange_without_memory_sends_nothing_or_says_so)
{
    for (long at = 1;; at++) {
        net       n;
        eb_status st;
        long      calls;

        net_start(&n, answer_all);
        n.memory.calls   = 0;
        n.memory.fail_at = at;
        st               = net_order(&n);
        calls            = n.memory.calls;
        n.memory.fail_at = 0;
        if (calls >= at)
            ck_assert_int_eq(st, EB_NOMEM);
        else
            ck_assert_int_eq(st, EB_OK);
        ck_assert_int_eq(net_get(&n), EB_OK);
        net_end(&n);
        if (calls < at)
            break;
    }
}
END_TEST

UNIT_TESTS("transport", a_get_is_sent_as_it_should_be, an_empty_body_has_a_length_and_no_type,
           a_large_body_is_sent_at_once, a_body_from_a_function_is_streamed,
           unusual_answers_are_understood, a_packed_answer_is_unpacked, a_body_without_end_is_a_limit,
           headers_without_end_are_a_limit, a_connection_serves_many_calls,
           a_dead_connection_never_sends_twice, a_connection_closed_while_idle_is_not_used,
           an_unsafe_call_avoids_what_was_idle_for_long, connections_that_break_come_out_right,
           where_nobody_listens_nothing_was_sent, without_tls_nothing_is_sent,
           a_proxy_that_refuses_has_sent_nothing, the_password_of_a_proxy_is_not_shown,
           an_attempt_ends_in_time, a_call_ends_with_its_deadline,
           silence_ends_an_attempt_and_slowness_does_not, a_cancel_ends_a_call_from_any_thread,
           a_cancel_ends_a_call_from_a_signal_handler, a_cancel_ends_the_wait_between_attempts,
           two_threads_do_not_share_a_connection, an_exchange_without_memory_sends_nothing_or_says_so)
