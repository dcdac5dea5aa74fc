/* test_token.c -- access tokens of OAuth 2.0 client credentials: asked for when one is needed, once for all threads,
 * kept, renewed in time, renewed after a 401, and what it comes to when there is none. */
#include "api.h"

#include <pthread.h>
#include <stdatomic.h>

#include "token.h"

static const eb_auth account_auth = { .kind      = EB_AUTH_OAUTH2,
                                      .header    = "authorization",
                                      .prefix    = "Bearer ",
                                      .scheme    = "account",
                                      .token_url = "https://login.example.com/token",
                                      .scope     = "read write" };
static const eb_api  account_api  = SHOP_API(&account_auth);

#define SECRET "canary secret/1"
#define TOKEN(n) \
    "{\"access_token\":\"canary-at-" n "\",\"token_type\":\"bearer\",\"expires_in\":3600}"
#define HOUR_MS   (3600 * 1000)
#define BEARER(n) "authorization: Bearer canary-at-" n "\r\n"

static void start(bench *b, eb_client_options options)
{
    options.api = &account_api;
    if (options.credentials.kind == EB_CREDENTIALS_ENVIRONMENT)
        options.credentials = eb_credentials_oauth2("me", SECRET);
    bench_start_with(b, options);
}

/* Was the n-th exchange a question for a token? */
static bool asked(const bench *b, size_t n)
{
    return strcmp(b->script.seen[n].url, "https://login.example.com/token") == 0;
}

static bool carried(const bench *b, size_t n, const char *line)
{
    return strstr(b->script.seen[n].headers, line) != NULL;
}

START_TEST(a_token_is_fetched_when_one_is_needed_and_kept)
{
    bench b;

    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 200, "{}");
    ck_assert_uint_eq(b.script.exchanges, 0); /* making a client sends nothing */
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 3);
    ck_assert(asked(&b, 0));
    ck_assert_str_eq(b.script.seen[0].method, "POST");
    ck_assert_str_eq(b.script.seen[0].body, "grant_type=client_credentials&scope=read%20write");
    ck_assert(carried(&b, 0, "authorization: Basic bWU6Y2FuYXJ5JTIwc2VjcmV0JTJGMQ==\r\n")); /* me:canary%20secret%2F1 */
    ck_assert(carried(&b, 1, BEARER("1")));
    ck_assert(carried(&b, 2, BEARER("1")));
    ck_assert_uint_eq(b.response.attempt_count, 1); /* a question is no attempt of the call */
    bench_end(&b);
}
END_TEST

START_TEST(a_token_is_renewed_a_minute_before_it_expires)
{
    bench b;

    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 200, "{}");
    bench_answer(&b, 2, 200, "{}");
    bench_answer(&b, 3, 200, TOKEN("2"));
    bench_answer(&b, 4, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    bench_pass(&b, HOUR_MS - 60 * 1000 - 1);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    bench_pass(&b, 1);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 5);
    ck_assert(asked(&b, 3));
    ck_assert(carried(&b, 4, BEARER("2")));
    bench_end(&b);
}
END_TEST

START_TEST(a_token_that_is_due_serves_while_no_new_one_is_to_be_had)
{
    bench b;

    start(&b, (eb_client_options){ .retries = EB_RETRIES_NONE });
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 200, "{}");
    bench_answer(&b, 2, 503, NULL);
    bench_answer(&b, 3, 200, "{}");
    bench_answer(&b, 4, 503, NULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    bench_pass(&b, HOUR_MS - 30 * 1000);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert(asked(&b, 2));
    ck_assert(carried(&b, 3, BEARER("1")));
    bench_pass(&b, 30 * 1000); /* now it has expired */
    ck_assert_int_eq(bench_get(&b, NULL), EB_AUTH);
    ck_assert_uint_eq(b.script.exchanges, 5);
    bench_end(&b);
}
END_TEST

START_TEST(lifetimes_of_every_kind_are_understood)
{
    static const struct {
        const char *life;
        int64_t     kept_ms; /* -1: for good */
    } cases[] = { { "", -1 },
                  { ",\"expires_in\":null", -1 },
                  { ",\"expires_in\":\"soon\"", -1 },
                  { ",\"expires_in\":100", 90000 },
                  { ",\"expires_in\":\"600\"", 540000 },
                  { ",\"expires_in\":3599.5", 3539000 },
                  { ",\"expires_in\":0", 0 },
                  { ",\"expires_in\":-5", -1 },
                  { ",\"expires_in\":99999999999999999999", -1 } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;
        char  body[200];

        (void)snprintf(body, sizeof body, "{\"access_token\":\"canary-at-1\"%s}", cases[i].life);
        start(&b, (eb_client_options){ 0 });
        bench_answer(&b, 0, 200, body);
        bench_answer(&b, 1, 200, "{}");
        ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
        bench_answer(&b, 2, 200, body);
        bench_pass(&b, cases[i].kept_ms < 0 ? INT64_C(9) * 365 * 24 * HOUR_MS : cases[i].kept_ms);
        bench_answer(&b, 3, 200, "{}");
        ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
        ck_assert_msg(asked(&b, 2) == (cases[i].kept_ms >= 0), "case %zu", i);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_401_for_a_kept_token_is_tried_once_more_with_a_new_one)
{
    bench b;

    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 200, "{}");
    bench_answer(&b, 2, 401, "{\"code\":\"Expired\"}");
    bench_answer(&b, 3, 200, TOKEN("2"));
    bench_answer(&b, 4, 200, "{}");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK); /* not safe to repeat, and yet: it was not done */
    ck_assert_uint_eq(b.script.exchanges, 5);
    ck_assert(asked(&b, 3));
    ck_assert(carried(&b, 4, BEARER("2")));
    ck_assert_uint_eq(b.response.attempt_count, 2);
    ck_assert_int_eq(b.response.attempts[0].http_status, 401);
    ck_assert_int_eq(b.response.attempts[0].reason, EB_REASON_TOKEN);

    bench_answer(&b, 5, 401, "{\"code\":\"No\"}"); /* the new one too: that is the answer */
    bench_answer(&b, 6, 200, TOKEN("3"));
    bench_answer(&b, 7, 401, "{\"code\":\"No\"}");
    ck_assert_int_eq(bench_order(&b, NULL), EB_API);
    ck_assert_int_eq(b.response.http_status, 401);
    ck_assert_uint_eq(b.script.exchanges, 8);
    bench_end(&b);
}
END_TEST

START_TEST(a_401_for_a_token_just_fetched_is_the_answer)
{
    bench b;

    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 401, "{\"code\":\"No\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 2);
    bench_answer(&b, 2, 200, TOKEN("2"));
    bench_answer(&b, 3, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK); /* it is forgotten all the same */
    ck_assert(asked(&b, 2));
    bench_end(&b);
}
END_TEST

START_TEST(renewing_can_be_switched_off)
{
    static const eb_client_options off[] = { { .skip_token_renewal = true },
                                             { .retries = EB_RETRIES_NONE } };

    for (int i = 0; i < 2; i++) {
        bench b;

        start(&b, off[i]);
        bench_answer(&b, 0, 200, TOKEN("1"));
        bench_answer(&b, 1, 200, "{}");
        bench_answer(&b, 2, 401, "{\"code\":\"Expired\"}");
        ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
        ck_assert_int_eq(bench_get(&b, NULL), EB_API);
        ck_assert_uint_eq(b.script.exchanges, 3);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_passing_failure_is_asked_about_again)
{
    static const eb_header later = { "Retry-After", "7" };
    bench                  b;

    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 503, NULL);
    bench_header(&b, 0, &later, 1);
    bench_fails(&b, 1, EB_NETWORK, EB_SENT_ALL);
    bench_answer(&b, 2, 200, TOKEN("1"));
    bench_answer(&b, 3, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 4);
    ck_assert_int_ge(b.slept_ms, 7000);
    bench_end(&b);
}
END_TEST

START_TEST(without_a_token_nothing_is_sent_and_the_reason_is_said)
{
    static const struct {
        int         http_status;
        const char *body, *said;
    } cases[] = {
        { 400, "{\"error\":\"invalid_scope\",\"error_description\":\"no read\"}",
          "HTTP 400: invalid_scope: no read" },
        { 401, "{\"error\":\"invalid_client\",\"error_description\":\"canary%20secret%2f1 is wrong\"}",
          "HTTP 401: invalid_client: ******************* is wrong" },
        { 403, "<html>", "HTTP 403" },
        { 302, NULL, "HTTP 302" },
        { 200, "{}", "has no access_token" },
        { 200, "", "has no access_token" },
        { 200, "{\"access_token\":\"a b\"}", "what login.example.com gave as access_token is none" },
        { 200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", "not of type Bearer" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        start(&b, (eb_client_options){ 0 });
        bench_answer(&b, 0, cases[i].http_status, cases[i].body);
        ck_assert_int_eq(bench_order(&b, NULL), EB_AUTH);
        ck_assert_msg(strstr(b.response.message, cases[i].said) != NULL, "%s", b.response.message);
        ck_assert_ptr_null(strstr(b.response.message, "canary"));
        ck_assert_uint_eq(b.script.exchanges, 1);
        ck_assert_int_eq(b.response.sent, EB_SENT_NOTHING);
        ck_assert_uint_eq(b.response.attempt_count, 0);
        bench_texts(&b.response);
        bench_end(&b);
    }
}
END_TEST

START_TEST(an_endless_answer_is_none)
{
    static char long_body[70 * 1024];
    bench       b;

    memset(long_body, ' ', sizeof long_body - 1);
    start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, long_body);
    ck_assert_int_eq(bench_get(&b, NULL), EB_AUTH);
    ck_assert_int_eq(b.response.cause, EB_LIMIT);
    bench_end(&b);
}
END_TEST

START_TEST(the_deadline_and_a_cancel_hold_for_the_question)
{
    eb_cancel_source *source;
    bench             b;
    eb_call_options   options = { .deadline_ms = 1000 };

    start(&b, (eb_client_options){ 0 });
    b.took_ms = 2000;
    bench_fails(&b, 0, EB_TIMEOUT, EB_SENT_ALL);
    ck_assert_int_eq(bench_order(&b, &options), EB_TIMEOUT);
    ck_assert_int_eq(b.timeouts_ms[0], 1000);
    ck_assert_uint_eq(b.script.exchanges, 1);
    bench_end(&b);

    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    start(&b, (eb_client_options){ 0 });
    options = (eb_call_options){ .cancel = source };
    bench_answer(&b, 0, 503, NULL);
    b.cancel_in_sleep = source;
    ck_assert_int_eq(bench_order(&b, &options), EB_CANCELLED);
    eb_cancel_reset(source);
    b.cancel_in_sleep = NULL;
    bench_answer(&b, 1, 200, TOKEN("1")); /* nobody is held up by one who gave up */
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(bench_order(&b, &options), EB_OK);
    bench_end(&b);
    eb_cancel_source_free(source);
}
END_TEST

START_TEST(a_place_for_secrets_is_https_or_this_machine)
{
    static const struct {
        const char *url;
        eb_status   status;
    } cases[] = { { "https://login.example.com/other", EB_OK },
                  { "http://127.0.0.1:8080/token", EB_OK },
                  { "http://[::1]/token", EB_OK },
                  { "/oauth/token", EB_OK },
                  { "http://login.example.com/token", EB_INVALID },
                  { "http://127.0.0.1.example.com/token", EB_INVALID },
                  { "https://u:p@login.example.com/token", EB_INVALID },
                  { "token", EB_INVALID },
                  { "", EB_INVALID } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_credentials credentials = eb_credentials_oauth2("me", SECRET);
        bench          b;

        credentials.token_url = cases[i].url;
        bench_open(&b);
        ck_assert_int_eq(bench_make(&b, (eb_client_options){ .api         = &account_api,
                                                             .credentials = credentials }),
                         cases[i].status);
        if (cases[i].status == EB_OK) {
            bench_answer(&b, 0, 200, TOKEN("1"));
            ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
            ck_assert_str_eq(b.script.seen[0].url, cases[i].url[0] == '/' ? "https://shop.example.com/oauth/token"
                                                                          : cases[i].url);
        } else {
            ck_assert_ptr_nonnull(strstr(b.problem, "token_url"));
            ck_assert_ptr_null(strstr(b.problem, "canary"));
        }
        bench_end(&b);
    }
}
END_TEST

static eb_status give(void *context, eb_credential *credential)
{
    *credential = *(eb_credential *)context;
    return EB_OK;
}

START_TEST(a_callback_gives_tokens_or_what_gets_them)
{
    eb_credential given = { .token = "canary-own" };
    bench         b;

    start(&b, (eb_client_options){ .credentials = eb_credentials_callback(give, &given) });
    bench_answer(&b, 0, 200, "{}");
    bench_answer(&b, 1, 200, TOKEN("1"));
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert(carried(&b, 0, "authorization: Bearer canary-own\r\n"));
    given = (eb_credential){ .id = "me", .secret = SECRET };
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert(asked(&b, 1));
    ck_assert(carried(&b, 2, BEARER("1")));
    bench_end(&b);
}
END_TEST

static bool call_under(const eb_allocator *allocator)
{
    bench     b;
    eb_status st;

    bench_open(&b);
    bench_answer(&b, 0, 200, TOKEN("1"));
    bench_answer(&b, 1, 200, "{}");
    st = bench_make(&b, (eb_client_options){ .api         = &account_api,
                                             .credentials = eb_credentials_oauth2("me", SECRET),
                                             .allocator   = allocator });
    if (st == EB_OK)
        st = bench_get(&b, NULL);
    ck_assert(st == EB_OK || st == EB_NOMEM);
    bench_end(&b);
    return st == EB_OK;
}

START_TEST(each_failed_allocation_is_survived)
{
    unit_fail_each(call_under);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------- */

enum { THREADS = 8, CALLS = 20 };

typedef struct crowd {
    eb_client *client;
    atomic_int questions, calls, good, refused;
    bool       refuse; /* the token server says no */
} crowd;

static eb_status answer_slowly(void *context, eb_exchange *x)
{
    crowd *c = context;

    x->sent = EB_SENT_ALL;
    if (strcmp(x->url, "https://login.example.com/token") != 0) {
        atomic_fetch_add(&c->calls, 1);
        x->http_status = 200;
        (void)x->on_body(x->context, "{}", 2);
        return EB_OK;
    }
    atomic_fetch_add(&c->questions, 1);
    eb__sleep(&eb__system_clock, 100, NULL);
    x->http_status = c->refuse ? 400 : 200;
    if (c->refuse)
        (void)x->on_body(x->context, "{\"error\":\"invalid_client\"}", 26);
    else
        (void)x->on_body(x->context, TOKEN("1"), sizeof TOKEN("1") - 1);
    return EB_OK;
}

static void *call_often(void *context)
{
    crowd                     *c        = context;
    eb_response                response = { 0 };
    const shop_item_get_params params   = { .id = "a" };

    for (int i = 0; i < (c->refuse ? 1 : CALLS); i++) {
        const eb_status st = eb_call_operation(c->client, &shop_item_get_op, &params, NULL, &response);

        atomic_fetch_add(st == EB_OK ? &c->good : &c->refused, 1);
        if (st != EB_OK)
            ck_assert_ptr_nonnull(strstr(response.message, "invalid_client"));
    }
    eb_response_free(&response);
    return NULL;
}

static void run(crowd *c)
{
    const eb_transport transport = { .exchange = answer_slowly, .context = c };
    pthread_t          threads[THREADS];

    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &account_api,
                                                         .credentials = eb_credentials_oauth2("me", SECRET),
                                                         .transport = &transport },
                                   &c->client),
                     EB_OK);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_often, c), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    eb_client_free(c->client);
}

START_TEST(eight_threads_ask_once)
{
    crowd c = { 0 };

    run(&c);
    ck_assert_int_eq(atomic_load(&c.questions), 1);
    ck_assert_int_eq(atomic_load(&c.good), THREADS * CALLS);
    ck_assert_int_eq(atomic_load(&c.calls), THREADS * CALLS);
}
END_TEST

START_TEST(a_refusal_is_told_to_all_who_wait)
{
    crowd c = { .refuse = true };

    run(&c);
    ck_assert_int_eq(atomic_load(&c.refused), THREADS);
    ck_assert_int_eq(atomic_load(&c.calls), 0);
    ck_assert_int_lt(atomic_load(&c.questions), THREADS); /* a thread that came late asks for itself */
}
END_TEST

UNIT_TESTS("token", a_token_is_fetched_when_one_is_needed_and_kept,
           a_token_is_renewed_a_minute_before_it_expires,
           a_token_that_is_due_serves_while_no_new_one_is_to_be_had,
           lifetimes_of_every_kind_are_understood,
           a_401_for_a_kept_token_is_tried_once_more_with_a_new_one,
           a_401_for_a_token_just_fetched_is_the_answer, renewing_can_be_switched_off,
           a_passing_failure_is_asked_about_again, without_a_token_nothing_is_sent_and_the_reason_is_said,
           an_endless_answer_is_none, the_deadline_and_a_cancel_hold_for_the_question,
           a_place_for_secrets_is_https_or_this_machine, a_callback_gives_tokens_or_what_gets_them,
           each_failed_allocation_is_survived, eight_threads_ask_once, a_refusal_is_told_to_all_who_wait)
