/* test_shared.c -- what several clients have in common: quotas, rates, addresses, sessions; who may go first; and what
 * they do not have in common. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "api.h"
#include "outcome.h"
#include "server.h"

START_TEST(clients_with_the_same_share_a_quota)
{
    eb_shared *shared = NULL;
    bench      a, b, alone;

    ck_assert_int_eq(eb_shared_new(NULL, &shared), EB_OK);
    bench_start_with(&a, (eb_client_options){ .shared = shared });
    bench_start_with(&b, (eb_client_options){ .shared = shared });
    bench_start(&alone);
    bench_answer(&a, 0, 503, NULL);
    ck_assert_int_eq(bench_get(&a, NULL), EB_API);
    ck_assert_int_eq(eb__quota_left(&b.client->shared->quota, "shop.example.com"),
                     EB_QUOTA_FULL - 2 * EB_QUOTA_COST);
    ck_assert_int_eq(eb__quota_left(&alone.client->shared->quota, "shop.example.com"), EB_QUOTA_FULL);
    bench_end(&a);
    bench_end(&alone);
    eb_shared_free(shared); /* whoever is left still has it */
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    bench_end(&b);
}
END_TEST

START_TEST(a_rate_holds_for_all_of_them)
{
    static const eb_rate_limit rate   = { 2, 10, "account" };
    const shop_item_get_params params = { .id = "a" };
    eb_operation               slow   = shop_item_get_op;
    eb_shared                 *shared = NULL;
    bench                      a, b;

    slow.rate_limit = &rate;
    ck_assert_int_eq(eb_shared_new(NULL, &shared), EB_OK);
    bench_start_with(&a, (eb_client_options){ .shared = shared });
    bench_start_with(&b, (eb_client_options){ .shared = shared });
    bench_answer(&a, 0, 200, "{}");
    bench_answer(&b, 0, 200, "{}");
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(eb_call_operation(a.client, &slow, &params, NULL, &a.response), EB_OK);
    ck_assert_int_eq(a.sleeps, 0);
    ck_assert_int_eq(eb_call_operation(b.client, &slow, &params, NULL, &b.response), EB_OK);
    ck_assert_int_ge(b.slept_ms, 4000);
    bench_end(&a);
    bench_end(&b);
    eb_shared_free(shared);
}
END_TEST

START_TEST(its_memory_is_its_own)
{
    unit_memory memory;
    eb_shared  *shared = NULL;
    bench       b;

    unit_memory_init(&memory, 0);
    ck_assert_int_eq(eb_shared_new(&memory.allocator, &shared), EB_OK);
    ck_assert_int_eq(memory.live, 1);
    bench_start_with(&b, (eb_client_options){ .shared = shared });
    eb_shared_free(shared);
    ck_assert_int_eq(memory.live, 1);
    bench_end(&b);
    unit_memory_check(&memory);

    unit_memory_init(&memory, 1);
    shared = NULL;
    ck_assert_int_eq(eb_shared_new(&memory.allocator, &shared), EB_NOMEM);
    ck_assert_ptr_null(shared);
    ck_assert_int_eq(eb_shared_new(&(eb_allocator){ .allocate = unit_allocate }, &shared), EB_INVALID);
    ck_assert_int_eq(eb_shared_new(NULL, NULL), EB_INVALID);
    eb_shared_free(NULL);
}
END_TEST

/* Clients over libcurl come, call and go in threads of their own, while the one who made what they share lets go. */
enum { THREADS = 8, CLIENTS = 6, CALLS = 5 };

typedef struct crowd {
    eb_shared *shared;
    char       url[64];
    atomic_int good;
} crowd;

static void serve(peer *p)
{
    while (server_read(p))
        server_answer(p, 200, "{}");
}

static void *come_and_go(void *context)
{
    crowd                     *c        = context;
    eb_response                response = { 0 };
    const shop_item_get_params params   = { .id = "a" };

    for (int i = 0; i < CLIENTS; i++) {
        eb_client *client = NULL;

        if (eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                .credentials = eb_credentials_token("t"),
                                                .base_url    = c->url,
                                                .proxy       = "",
                                                .shared      = c->shared },
                          &client) != EB_OK)
            continue;
        for (int k = 0; k < CALLS; k++)
            if (eb_call_operation(client, &shop_item_get_op, &params, NULL, &response) == EB_OK)
                atomic_fetch_add(&c->good, 1);
        eb_client_free(client);
    }
    eb_response_free(&response);
    return NULL;
}

START_TEST(clients_of_many_threads_come_and_go)
{
    crowd     c = { 0 };
    server   *s = server_start(serve, NULL);
    pthread_t threads[THREADS];

    (void)snprintf(c.url, sizeof c.url, "http://127.0.0.1:%d", s->port);
    ck_assert_int_eq(eb_shared_new(NULL, &c.shared), EB_OK);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, come_and_go, &c), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    eb_shared_free(c.shared);
    server_stop(s);
    ck_assert_int_eq(atomic_load(&c.good), THREADS * CLIENTS * CALLS);
}
END_TEST

UNIT_TESTS("shared", clients_with_the_same_share_a_quota, a_rate_holds_for_all_of_them,
           its_memory_is_its_own, clients_of_many_threads_come_and_go)
