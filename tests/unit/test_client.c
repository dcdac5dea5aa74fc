/* test_client.c -- making a client: every option is checked by name, what is left out has its default,
 * and a client that is not made leaves nothing behind. */
#include "api.h"

#include <stdio.h>

/* What eb_client_new says of these options. */
static eb_status make(eb_client_options options, char *problem, size_t size)
{
    bench     b;
    eb_status st;

    bench_open(&b);
    st = bench_make(&b, options);
    (void)snprintf(problem, size, "%s", b.problem);
    if (st != EB_OK)
        ck_assert_ptr_null(b.client);
    bench_end(&b);
    return st;
}

START_TEST(options_have_defaults)
{
    bench b;

    bench_start(&b);
    ck_assert_int_eq(b.client->deadline_ms, 60000);
    ck_assert_int_eq(b.client->connect_timeout_ms, 10000);
    ck_assert_int_eq(b.client->attempt_timeout_ms, 30000);
    ck_assert_int_eq(b.client->stall_timeout_ms, 30000);
    ck_assert_int_eq(b.client->retries, 2);
    ck_assert_uint_eq(b.client->max_body_bytes, 64u << 20);
    ck_assert_uint_eq(b.client->max_header_bytes, 256u << 10);
    ck_assert_uint_eq(b.client->max_depth, 64);
    ck_assert_uint_eq(b.client->max_items, 10000000);
    ck_assert_str_eq(b.client->base_url, "https://shop.example.com");
    ck_assert_str_eq(b.client->user_agent, "edgebind/0.1.0");
    ck_assert_str_eq(eb_version(), "0.1.0");
    bench_end(&b);
}
END_TEST

START_TEST(options_that_cannot_be_are_refused_by_name)
{
    static char                     long_text[9000];
    static const eb_api             old          = { .contract = EB_CONTRACT + 1, .name = "shop" };
    static const char               ansi[]       = "a\x1b[0m";
    const eb_clock                  half_clock   = { .wall_ms = bench_wall };
    const eb_random                 no_random    = { NULL, NULL };
    const eb_transport              no_transport = { .exchange = NULL };
    static const char *const        no_hosts[]   = { "a.example", "" };
    static const char *const        null_host[]  = { NULL };
    static const char *const        zones[]      = { "a", "b", NULL };
    static const eb_server_variable variable[] = { { "zone", NULL, zones }, { "floor", NULL, NULL } };
    static const eb_auth            none       = { .kind = EB_AUTH_NONE };
    static const eb_api             zoned      = { .contract       = EB_CONTRACT,
                                                   .name           = "zoned",
                                                   .auth           = &none,
                                                   .server         = "https://{zone}.{floor}.example",
                                                   .variables      = variable,
                                                   .variable_count = 2 };
    const eb_str_entry              zone[]     = { { "zone", "a" } };
    const eb_str_entry              moon[]     = { { "zone", "moon" } };
    const eb_str_entry              slash[]    = { { "zone", "a" }, { "floor", "1/" } };
    const struct {
        eb_client_options options;
        const char       *starts;
    } cases[] = {
        { { .api = &zoned }, "variables.zone: expected one of a, b, got none; base_url can" },
        { { .api = &zoned, .variables = EB_LIST(moon) },
          "variables.zone: expected one of a, b, got \"moon\"; base_url can" },
        { { .api = &zoned, .variables = EB_LIST(zone) },
          "variables.floor: expected a value for {floor} of https://{zone}.{floor}.example, got none" },
        { { .api = &zoned, .variables = EB_LIST(slash) },
          "variables.floor: expected a part of a host, got \"1/\"" },
        { { .client_key_file = "key.pem" }, "client_key_file: expected client_cert_file beside it" },
        { { .client_key_pem = "key" }, "client_key_pem: expected client_cert_pem beside it" },
        { { .api = &old }, "api: shop was generated for contract" },
        { { .base_url = "" }, "base_url: " },
        { { .base_url = "shop.example.com" }, "base_url: " },
        { { .base_url = "ftp://a" }, "base_url: " },
        { { .base_url = "http://" }, "base_url: " },
        { { .base_url = "http://user:password@a" }, "base_url: " },
        { { .base_url = "http://a/#x" }, "base_url: " },
        { { .base_url = "http://a/?x" }, "base_url: a query" },
        { { .base_url = "http://a:0" }, "base_url: " },
        { { .base_url = "http://a:65536" }, "base_url: " },
        { { .base_url = "http://[::1" }, "base_url: " },
        { { .base_url = "http://a b" }, "base_url: " },
        { { .base_url = long_text }, "base_url: " },
        { { .api = &shop_region_api }, "region: expected a value" },
        { { .api = &shop_region_api, .region = "" }, "region: expected a value" },
        { { .api = &shop_region_api, .region = "evil.example/" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "a@evil.example" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "evil.example?" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "evil.example#" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "evil.example:1" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "a\\b" }, "region: expected a part of a host" },
        { { .api = &shop_region_api, .region = "a b" }, "base_url: " },
        { { .deadline_ms = -2 }, "deadline_ms: " },
        { { .deadline_ms = INT64_MIN }, "deadline_ms: " },
        { { .connect_timeout_ms = -1 }, "connect_timeout_ms: " },
        { { .attempt_timeout_ms = -1 }, "attempt_timeout_ms: " },
        { { .stall_timeout_ms = -1 }, "stall_timeout_ms: " },
        { { .retries = -2 }, "retries: " },
        { { .retries = 11 }, "retries: " },
        { { .max_depth = 513 }, "max_depth: " },
        { { .user_agent = "a\r\nb: c" }, "user_agent: " },
        { { .user_agent = ansi }, "user_agent: " },
        { { .user_agent = "\xc3\xa9" }, "user_agent: " },
        { { .user_agent = long_text }, "user_agent: " },
        { { .upload_hosts = EB_LIST(no_hosts) }, "upload_hosts[1]: " },
        { { .upload_hosts = EB_LIST(null_host) }, "upload_hosts[0]: " },
        { { .clock = &half_clock }, "clock: " },
        { { .random = &no_random }, "random: " },
        { { .transport = &no_transport }, "transport: " },
    };
    char problem[256];

    memset(long_text, 'a', sizeof long_text - 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(make(cases[i].options, problem, sizeof problem) == EB_INVALID, "%zu: %s", i,
                      cases[i].starts);
        ck_assert_msg(strncmp(problem, cases[i].starts, strlen(cases[i].starts)) == 0, "%s / %s",
                      problem, cases[i].starts);
        ck_assert_ptr_null(strchr(problem, '\x1b'));
    }
}
END_TEST

START_TEST(an_allocator_has_both_functions)
{
    unit_memory  memory;
    eb_allocator half[2];
    eb_client   *client = NULL;
    char         problem[100];

    unit_memory_init(&memory, 0);
    half[0]          = memory.allocator;
    half[0].allocate = NULL;
    half[1]          = memory.allocator;
    half[1].release  = NULL;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                             .credentials = eb_credentials_token("t"),
                                                             .allocator   = &half[i],
                                                             .problem     = problem,
                                                             .problem_size = sizeof problem },
                                       &client),
                         EB_INVALID);
        ck_assert_str_eq(problem, "allocator: expected both allocate and release");
    }
    ck_assert_ptr_null(client);
}
END_TEST

/* The client's own allocator is { NULL, NULL, NULL } then, and means malloc everywhere. */
START_TEST(without_an_allocator_malloc_is_used)
{
    eb_script                  script    = { 0 };
    const eb_transport         transport = eb_script_transport(&script);
    const eb_script_answer     answer    = { .http_status = 200, .body = "{\"name\":\"a\"}" };
    const shop_item_get_params params    = { .id = "a" };
    const void                *value     = NULL;
    eb_response                response  = { 0 };
    eb_client                 *client    = NULL;

    script.answers = &answer;
    script.count   = 1;
    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                         .credentials = eb_credentials_token("t"),
                                                         .transport   = &transport },
                                   &client),
                     EB_OK);
    ck_assert_int_eq(eb_call_operation(client, &shop_item_get_op, &params, &value, &response), EB_OK);
    ck_assert_str_eq(((const shop_item *)value)->name, "a");
    eb_response_free(&response);
    eb_script_reset(&script);
    eb_client_free(client);
}
END_TEST

START_TEST(a_region_and_variables_fill_the_server)
{
    const eb_str_entry entries[] = { { "region", "eu-1" } };
    const eb_str_map   variables = EB_LIST(entries);
    eb_client_options  options[] = { { .api = &shop_region_api, .region = "eu-1" },
                                     { .api = &shop_region_api, .variables = variables },
                                     { .api = &shop_region_api, .region = "eu-1", .variables = EB_EMPTY } };

    for (size_t i = 0; i < 3; i++) {
        bench b;

        options[i].credentials = eb_credentials_key("id", "secret");
        bench_start_with(&b, options[i]);
        ck_assert_str_eq(b.client->base_url, "https://shop.eu-1.example.com");
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_variable_that_the_server_does_not_have_is_named)
{
    const eb_str_entry entries[] = { { "region", "eu-1" }, { "regoin", "eu-1" } },
                       nameless  = { NULL, "x" };
    char              problem[200];
    eb_client        *client  = NULL;
    eb_client_options options = { .api          = &shop_region_api,
                                  .credentials  = eb_credentials_key("id", "secret"),
                                  .variables    = EB_LIST(entries),
                                  .problem      = problem,
                                  .problem_size = sizeof problem };

    ck_assert_int_eq(eb_client_new(&options, &client), EB_INVALID);
    ck_assert_str_eq(problem, "variables: the server of shop has none named \"regoin\"");
    options.variables = (eb_str_map){ &nameless, 1 };
    ck_assert_int_eq(eb_client_new(&options, &client), EB_INVALID);
    ck_assert_str_eq(problem, "variables[0]: expected a name, got NULL");
    ck_assert_ptr_null(client);
}
END_TEST

START_TEST(a_base_url_wins_and_loses_its_slashes)
{
    bench b;

    bench_start_with(&b, (eb_client_options){ .api         = &shop_region_api,
                                              .credentials = eb_credentials_key("id", "secret"),
                                              .base_url    = "http://[::1]:80/a//" });
    ck_assert_str_eq(b.client->base_url, "http://[::1]:80/a");
    bench_end(&b);
}
END_TEST

/* An API whose server only a ticket names: without a URL the call says so. */
START_TEST(a_server_may_come_with_the_call)
{
    const depot_form        form   = { .key = "k", .file = eb_body_memory("f", 1) };
    const depot_post_params params = { NULL, &form };
    bench                   b;

    bench_start_with(&b, (eb_client_options){ .api = &depot_api });
    bench_answer(&b, 0, 204, NULL);
    ck_assert_ptr_null(b.client->base_url);
    ck_assert_int_eq(eb_call_operation(b.client, &depot_post_op, &params, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.base_url");
    {
        const eb_call_options   options = { .base_url = "http://127.0.0.1:1" };
        const depot_post_params there   = { &options, &form };

        ck_assert_int_eq(eb_call_operation(b.client, &depot_post_op, &there, NULL, &b.response), EB_OK);
    }
    bench_end(&b);
}
END_TEST

START_TEST(texts_are_copied)
{
    char              base[] = "http://a.example", agent[] = "mine/1", host[] = "files.example";
    const char       *hosts[] = { host };
    eb_client_options options = { .base_url = base, .user_agent = agent, .upload_hosts = EB_LIST(hosts) };
    bench             b;

    bench_start_with(&b, options);
    memset(base, '?', 4);
    memset(agent, '?', 4);
    memset(host, '?', 4);
    ck_assert_str_eq(b.client->base_url, "http://a.example");
    ck_assert_str_eq(b.client->user_agent, "mine/1 edgebind/0.1.0");
    ck_assert_str_eq(b.client->upload_hosts[0], "files.example");
    ck_assert_ptr_null(b.client->upload_hosts[1]);
    bench_end(&b);
}
END_TEST

static int freed;

static void count_free(void *context)
{
    (void)context;
    freed++;
}

START_TEST(a_transport_is_freed_with_its_client_and_only_then)
{
    eb_script    script    = { 0 };
    eb_transport transport = eb_script_transport(&script);
    char         problem[256];

    transport.free = count_free;
    freed          = 0;
    ck_assert_int_eq(make((eb_client_options){ .transport = &transport }, problem, sizeof problem), EB_OK);
    ck_assert_int_eq(freed, 1);
    ck_assert_int_eq(make((eb_client_options){ .transport = &transport, .retries = 99 }, problem,
                          sizeof problem),
                     EB_INVALID);
    ck_assert_int_eq(make((eb_client_options){ .transport   = &transport,
                                               .credentials = eb_credentials_token("") },
                          problem, sizeof problem),
                     EB_AUTH);
    ck_assert_int_eq(freed, 1); /* a client that was not made took nothing over */
}
END_TEST

START_TEST(nothing_given_is_refused)
{
    eb_client *client = NULL;
    char       one[1] = { 'x' };

    ck_assert_int_eq(eb_client_new(NULL, &client), EB_INVALID);
    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .api = &shop_api }, NULL), EB_INVALID);
    ck_assert_int_eq(eb_client_new(&(eb_client_options){ 0 }, &client), EB_INVALID);
    ck_assert_int_eq(eb_client_new(&(eb_client_options){ .problem = one, .problem_size = 1 }, &client),
                     EB_INVALID);
    ck_assert_int_eq(one[0], '\0');
    ck_assert_ptr_null(client);
    eb_client_free(NULL);
}
END_TEST

START_TEST(a_client_without_memory_is_not_made)
{
    for (int real = 0; real < 2; real++)
        for (long n = 1;; n++) {
            bench                    b;
            eb_status                st;
            long                     calls;
            static const char *const hosts[] = { "a.example", "b.example" };

            bench_open(&b);
            b.memory.fail_at = n;
            if (real) { /* with libcurl's */
                st = eb_client_new(&(eb_client_options){ .api         = &shop_api,
                                                         .credentials = eb_credentials_token("t"),
                                                         .proxy       = "",
                                                         .allocator   = &b.memory.allocator },
                                   &b.client);
            } else {
                st = bench_make(&b, (eb_client_options){ .user_agent   = "u",
                                                         .upload_hosts = EB_LIST(hosts) });
            }
            calls = b.memory.calls;
            ck_assert_int_eq(st, calls < n ? EB_OK : EB_NOMEM);
            bench_end(&b);
            if (calls < n)
                break;
        }
}
END_TEST

START_TEST(files_that_cannot_be_read_are_named)
{
    const eb_client_options options[] = { { .ca_file = "/nowhere/ca.pem" },
                                          { .client_cert_file = "/nowhere/cert.pem" },
                                          { .client_key_file = "/nowhere/key.pem" } };
    const char *const       starts[]  = { "ca_file: ", "client_cert_file: ", "client_key_file: " };

    for (size_t i = 0; i < 3; i++) {
        eb_client_options o = options[i];
        char              problem[256];
        eb_client        *client = NULL;

        o.api          = &shop_api;
        o.credentials  = eb_credentials_token("t");
        o.problem      = problem;
        o.problem_size = sizeof problem;
        ck_assert_int_eq(eb_client_new(&o, &client), EB_INVALID);
        ck_assert_int_eq(strncmp(problem, starts[i], strlen(starts[i])), 0);
    }
}
END_TEST

UNIT_TESTS("client", options_have_defaults, options_that_cannot_be_are_refused_by_name,
           an_allocator_has_both_functions, without_an_allocator_malloc_is_used,
           a_region_and_variables_fill_the_server, a_variable_that_the_server_does_not_have_is_named,
           a_base_url_wins_and_loses_its_slashes, a_server_may_come_with_the_call, texts_are_copied,
           a_transport_is_freed_with_its_client_and_only_then, nothing_given_is_refused,
           a_client_without_memory_is_not_made, files_that_cannot_be_read_are_named)
