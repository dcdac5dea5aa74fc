/* test_threads.c -- one client, eight threads: everything that calls share is shared safely. For the thread
 * sanitizer above all; without it these are still calls that must come out right. */
#include "api.h"
#include "server.h"

#include "outcome.h"

enum { THREADS = 8, CALLS = 25 };

typedef struct crowd {
    eb_client        *client;
    eb_cancel_source *cancel;
    atomic_int        next;
    atomic_int        failed;
    atomic_int        asked;
    atomic_int        live;
} crowd;

static void *counted_allocate(void *context, size_t size)
{
    atomic_fetch_add(&((crowd *)context)->live, 1);
    return malloc(size);
}

static void counted_release(void *context, void *block, size_t size)
{
    (void)size;
    atomic_fetch_sub(&((crowd *)context)->live, 1);
    free(block);
}

static eb_status own_credential(void *context, eb_credential *credential)
{
    atomic_fetch_add(&((crowd *)context)->asked, 1);
    credential->token = "a-token";
    return EB_OK;
}

/* Throttles every fifth, fails every seventh, takes its time for every third. */
static void serve(peer *p)
{
    while (server_read(p)) {
        const int n = atomic_load(&p->server->requests);

        if (n % 3 == 0)
            server_sleep_ms(1);
        if (n % 5 == 0)
            server_say(p, "HTTP/1.1 429 Slow\r\nretry-after-ms: 1\r\nContent-Length: 2\r\n\r\n{}");
        else if (n % 7 == 0)
            server_say(p, "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}");
        else if (n % 11 == 0)
            return;
        else
            server_answer(p, 200, "{\"name\":\"a\",\"items\":[{\"name\":\"b\"}],\"tags\":[\"x\",\"y\"]}");
    }
}

static void expect(crowd *c, bool good)
{
    if (!good)
        atomic_fetch_add(&c->failed, 1);
}

static void *work(void *context)
{
    crowd                     *c        = context;
    const int                  self     = atomic_fetch_add(&c->next, 1);
    const eb_call_options      options  = { .cancel = c->cancel, .retries = 3 };
    const shop_item_get_params get      = { .options = &options, .id = "a" };
    const shop_order           order    = { .name = "n" };
    const shop_order_params    ordered  = { &options, &order };
    const shop_list_params     list     = { .options = &options };
    eb_response                response = { 0 };

    for (int i = 0; i < CALLS; i++) {
        const void *value = NULL;
        eb_pager    pager = { 0 };
        eb_status   st;

        switch ((self + i) % 4) {
        case 0:
            st = eb_call_operation(c->client, &shop_item_get_op, &get, &value, &response);
            break;
        case 1:
            st = eb_call_operation(c->client, &shop_order_op, &ordered, &value, &response);
            break;
        case 2:
            st = eb_invoke(c->client, "item-list", "{\"page\":1}", &response);
            break;
        default:
            st = eb_pager_start(c->client, &shop_list_op, &list, &pager);
            if (st == EB_OK)
                st = eb_pager_next(&pager, &shop_list_op, &value);
            eb_pager_free(&pager);
            break;
        }
        /* what a service of this mood may bring about, and nothing else */
        expect(c, st == EB_OK || st == EB_API || st == EB_NETWORK || st == EB_MAYBE_SENT ||
                      st == EB_CANCELLED || st == EB_DONE || st == EB_DECODE);
        expect(c, st != EB_CANCELLED || eb_is_cancelled(c->cancel));
    }
    eb_response_free(&response);
    return NULL;
}

static void run(crowd *c, bool cancelled)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, c), 0);
    if (cancelled) {
        server_sleep_ms(20);
        eb_cancel(c->cancel);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

START_TEST(eight_threads_use_one_client)
{
    for (int round = 0; round < 2; round++) {
        crowd              c         = { 0 };
        const eb_allocator allocator = { counted_allocate, counted_release, &c };
        server            *s         = server_start(serve, NULL);
        char               url[64];

        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", s->port);
        ck_assert_int_eq(eb_cancel_source_new(&c.cancel), EB_OK);
        ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                             .credentials = eb_credentials_callback(
                                                                 own_credential, &c),
                                                             .base_url             = url,
                                                             .proxy                = "",
                                                             .allocator            = &allocator,
                                                             .max_idle_connections = 4 },
                                       &c.client),
                         EB_OK);
        run(&c, round == 1);
        ck_assert_int_eq(atomic_load(&c.failed), 0);
        ck_assert_int_ge(atomic_load(&c.asked), round == 0 ? THREADS * CALLS * 3 / 4 : 1);
        ck_assert_int_ge(eb__quota_left(&c.client->shared->quota, url + strlen("http://")), 0);
        ck_assert_int_le(eb__quota_left(&c.client->shared->quota, url + strlen("http://")), EB_QUOTA_FULL);
        eb_client_free(c.client);
        server_stop(s);
        eb_cancel_source_free(c.cancel);
        ck_assert_int_eq(atomic_load(&c.live), 0);
    }
}
END_TEST

/* The same without sockets, where more happens at once. Each answer is made for its own exchange. */
static eb_status answer_anything(void *context, eb_exchange *x)
{
    static const char *const bodies[] = { "{\"name\":\"a\"}", "{\"items\":[{\"name\":\"b\"}]}",
                                          "{\"code\":\"Full\"}" };
    atomic_int              *count    = context;
    const int                n        = atomic_fetch_add(count, 1);

    x->sent = EB_SENT_ALL;
    if (n % 17 == 0)
        return EB_NETWORK;
    x->http_status = n % 13 == 0 ? 503 : n % 5 == 0 ? 400 : 200;
    (void)x->on_header(x->context, "Date", 4, "Sat, 28 Mar 2026 09:09:10 GMT", 29);
    (void)x->on_body(x->context, bodies[n % 3], strlen(bodies[n % 3]));
    return EB_OK;
}

static void sleep_not(void *context, int64_t ms)
{
    (void)context;
    (void)ms;
}

START_TEST(eight_threads_share_quota_and_clock)
{
    crowd              c         = { 0 };
    atomic_int         count     = 0;
    const eb_transport transport = { .exchange = answer_anything, .context = &count };
    eb_clock           clock     = eb__system_clock;

    clock.sleep_ms = sleep_not;
    ck_assert_int_eq(eb_cancel_source_new(&c.cancel), EB_OK);
    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &shop_acs_api,
                                                         .credentials = eb_credentials_key("id", "secret"),
                                                         .clock     = &clock,
                                                         .transport = &transport },
                                   &c.client),
                     EB_OK);
    run(&c, false);
    ck_assert_int_eq(atomic_load(&c.failed), 0);
    ck_assert_int_ge(atomic_load(&count), THREADS * CALLS);
    eb_client_free(c.client);
    eb_cancel_source_free(c.cancel);
}
END_TEST

/* Cancelling and resetting at once from many sides leaves no byte in the pipe that would make a wait spin. */
static void *cancel_and_reset(void *context)
{
    eb_cancel_source *source = context;

    for (int i = 0; i < 2000; i++) {
        eb_cancel(source);
        eb_cancel_reset(source);
    }
    return NULL;
}

START_TEST(a_source_is_whole_after_any_crowd)
{
    eb_cancel_source *source;
    pthread_t         threads[4];
    struct pollfd     left;

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, cancel_and_reset, source), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    eb_cancel_reset(source);
    left = (struct pollfd){ .fd = eb__cancel_descriptor(source), .events = POLLIN };
    ck_assert_int_eq(poll(&left, 1, 0), 0);
    ck_assert(!eb_is_cancelled(source));
    eb_cancel(source);
    ck_assert_int_eq(poll(&left, 1, 0), 1);
    eb_cancel_source_free(source);
}
END_TEST

UNIT_TESTS("threads", eight_threads_use_one_client, eight_threads_share_quota_and_clock,
           a_source_is_whole_after_any_crowd)
