/* test_credentials.c -- taking credentials in: from values, the environment, a callback; what is dropped
 * around them, what is refused, and that no message ever shows one. */
#define _POSIX_C_SOURCE 200809L

#include "api.h"

static void clear_environment(void)
{
    unsetenv("SHOP_TOKEN");
    unsetenv("SHOP_ID");
    unsetenv("SHOP_SECRET");
    unsetenv("SHOP_STS");
}

/* What comes of a client with these credentials; kept is read before it is freed. */
static eb_status take(const eb_api *api, eb_credentials given, char *token, size_t size, char *problem)
{
    eb_script          script    = { 0 };
    const eb_transport transport = eb_script_transport(&script);
    eb_client         *client    = NULL;
    const eb_status    st        = eb_client_new(&(eb_client_options){ .api          = api,
                                                                       .credentials  = given,
                                                                       .region       = "r",
                                                                       .transport    = &transport,
                                                                       .problem      = problem,
                                                                       .problem_size = 256 },
                                                 &client);

    ck_assert_ptr_null(strstr(problem, "canary"));
    if (st == EB_OK && token != NULL) {
        const char *kept = client->held[0].given.fixed.token;

        ck_assert_uint_lt(kept != NULL ? strlen(kept) : 0, size);
        memcpy(token, kept != NULL ? kept : "", kept != NULL ? strlen(kept) + 1 : 1);
    }
    eb_client_free(client);
    return st;
}

START_TEST(a_token_loses_spaces_and_one_prefix)
{
    static const struct {
        const char *given, *kept; /* NULL: EB_AUTH */
    } cases[] = { { "abc", "abc" },
                  { "  abc\r\n", "abc" },
                  { "token abc", "abc" },
                  { "Token abc ", "abc" },
                  { " TOKEN  abc", "abc" },
                  { "token token abc", "token abc" },
                  { "tokenabc", "tokenabc" },
                  { "token", "token" },
                  { "a b", "a b" },
                  { NULL, NULL },
                  { "", NULL },
                  { " \n", NULL },
                  { "token ", "token" },
                  { "token \t", "" },
                  { "a\nb", NULL },
                  { "a\x7f", NULL },
                  { "caf\xc3\xa9", NULL } };
    char problem[256], token[64];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_status st = take(&shop_api, eb_credentials_token(cases[i].given), token,
                                  sizeof token, problem);

        if (i == 12 || i == 13) /* nothing but the prefix is no token */
            ck_assert_int_eq(st, EB_AUTH);
        else if (cases[i].kept == NULL)
            ck_assert_int_eq(st, EB_AUTH);
        else {
            ck_assert_int_eq(st, EB_OK);
            ck_assert_str_eq(token, cases[i].kept);
        }
        if (st != EB_OK)
            ck_assert_int_eq(strncmp(problem, "credentials: ", 13), 0);
    }
}
END_TEST

START_TEST(a_key_needs_both_halves)
{
    static const struct {
        const char *id, *secret, *token;
        eb_status   status;
    } cases[] = { { "canary-id", "canary", NULL, EB_OK },
                  { "canary-id", "canary", "canary-sts", EB_OK },
                  { "canary-id", "canary", "", EB_OK }, /* no security token */
                  { "canary-id", "canary", " \n", EB_OK },
                  { "canary-id", NULL, NULL, EB_AUTH },
                  { "canary-id", " ", NULL, EB_AUTH },
                  { NULL, "canary", NULL, EB_AUTH },
                  { "", "canary", NULL, EB_AUTH },
                  { "canary\nid", "canary", NULL, EB_AUTH },
                  { "canary-id", "canary", "canary\x01", EB_AUTH } };
    char problem[256];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(take(&shop_acs_api,
                              eb_credentials_sts(cases[i].id, cases[i].secret, cases[i].token),
                              NULL, 0, problem),
                         cases[i].status);
}
END_TEST

START_TEST(the_wrong_kind_is_named)
{
    char problem[256];

    ck_assert_int_eq(take(&shop_api, eb_credentials_key("canary", "canary"), NULL, 0, problem),
                     EB_INVALID);
    ck_assert_str_eq(problem, "credentials: this API wants a token, got an access key pair");
    ck_assert_int_eq(take(&shop_acs_api, eb_credentials_token("canary"), NULL, 0, problem), EB_INVALID);
    ck_assert_str_eq(problem, "credentials: this API wants an access key pair, got a token");
    ck_assert_int_eq(take(&shop_api, eb_credentials_callback(NULL, NULL), NULL, 0, problem), EB_INVALID);
    ck_assert_int_eq(take(&depot_api, eb_credentials_token("canary"), NULL, 0, problem), EB_OK);
}
END_TEST

START_TEST(the_environment_is_read_when_nothing_is_given)
{
    const eb_credentials environment = { 0 };
    char                 problem[256], token[64];

    clear_environment();
    ck_assert_int_eq(take(&shop_api, environment, NULL, 0, problem), EB_AUTH);
    ck_assert_str_eq(problem, "credentials: none given, and none in the environment variable SHOP_TOKEN");
    setenv("SHOP_TOKEN", "", 1);
    ck_assert_int_eq(take(&shop_api, environment, NULL, 0, problem), EB_AUTH);
    setenv("SHOP_TOKEN", "canary\x01", 1);
    ck_assert_int_eq(take(&shop_api, environment, NULL, 0, problem), EB_AUTH);
    ck_assert_str_eq(problem, "credentials: expected a token of visible ASCII characters");
    setenv("SHOP_TOKEN", "token canary-e\n", 1);
    ck_assert_int_eq(take(&shop_api, environment, token, sizeof token, problem), EB_OK);
    ck_assert_str_eq(token, "canary-e");

    ck_assert_int_eq(take(&shop_acs_api, environment, NULL, 0, problem), EB_AUTH);
    ck_assert_str_eq(problem, "credentials: none given, and none in the environment variable SHOP_ID");
    setenv("SHOP_ID", "canary-i", 1);
    ck_assert_int_eq(take(&shop_acs_api, environment, NULL, 0, problem), EB_AUTH);
    ck_assert_str_eq(problem, "credentials: none given, and none in the environment variable SHOP_SECRET");
    setenv("SHOP_SECRET", "canary-s", 1);
    ck_assert_int_eq(take(&shop_acs_api, environment, token, sizeof token, problem), EB_OK);
    ck_assert_str_eq(token, "");
    setenv("SHOP_STS", "canary-t", 1);
    ck_assert_int_eq(take(&shop_acs_api, environment, token, sizeof token, problem), EB_OK);
    ck_assert_str_eq(token, "canary-t");
    clear_environment();
}
END_TEST

typedef struct rotation {
    const char *tokens[4];
    int         asked;
    eb_status   status;
} rotation;

static eb_status rotate(void *context, eb_credential *credential)
{
    rotation *r = context;

    credential->token = r->tokens[r->asked++];
    return r->status;
}

START_TEST(a_callback_is_asked_before_every_attempt)
{
    rotation r = { { "one", " token two \n", "three", "four" }, 0, EB_OK };
    bench    b;

    bench_start_with(&b, (eb_client_options){ .credentials = eb_credentials_callback(rotate, &r) });
    bench_answer(&b, 0, 503, NULL);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(r.asked, 0);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_int_eq(r.asked, 2);
    ck_assert_ptr_nonnull(strstr(b.script.seen[0].headers, "authorization: token one\r\n"));
    ck_assert_ptr_nonnull(strstr(b.script.seen[1].headers, "authorization: token two\r\n"));
    bench_end(&b);
}
END_TEST

START_TEST(a_callback_that_gives_nothing_ends_the_call)
{
    static const char *const tokens[] = { NULL, "", "token ", "canary\r\nx: y", "\xc3\xa9" };

    for (size_t i = 0; i <= sizeof tokens / sizeof tokens[0]; i++) {
        rotation r = { { "one", i < 5 ? tokens[i] : "canary", "", "" }, 0, EB_OK };
        bench    b;

        bench_start_with(&b, (eb_client_options){ .credentials = eb_credentials_callback(rotate, &r) });
        bench_answer(&b, 0, 503, NULL);
        if (i == 5) {
            r.status = EB_NETWORK;
            r.asked  = 1;
        }
        ck_assert_int_eq(bench_get(&b, NULL), EB_AUTH);
        ck_assert_uint_eq(b.script.exchanges, i == 5 ? 0 : 1);
        ck_assert_uint_eq(b.response.attempt_count, i == 5 ? 0 : 1);
        ck_assert_int_eq(b.response.cause, EB_AUTH);
        ck_assert_ptr_null(strstr(b.response.message, "canary"));
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_client_without_credentials_calls_what_needs_none)
{
    eb_operation               open   = shop_item_get_op;
    const shop_item_get_params params = { .id = "a" };
    bench                      b;

    open.flags |= EB_NO_AUTH;
    bench_start_with(&b, (eb_client_options){ .credentials = eb_credentials_none() });
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_AUTH);
    ck_assert_int_eq(eb_call_operation(b.client, &open, &params, NULL, &b.response), EB_OK);
    ck_assert_ptr_null(strstr(b.script.seen[0].headers, "authorization"));
    bench_end(&b);

    bench_start(&b); /* nor does one with credentials give them away */
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(eb_call_operation(b.client, &open, &params, NULL, &b.response), EB_OK);
    ck_assert_ptr_null(strstr(b.script.seen[0].headers, "canary"));
    bench_end(&b);
}
END_TEST

static const eb_auth several_schemes[] = {
    { .kind = EB_AUTH_API_KEY_QUERY, .header = "key", .scheme = "query_key", .env_token = "SHOP_TOKEN" },
    { .kind = EB_AUTH_BASIC, .scheme = "staff", .env_id = "SHOP_ID" },
    { .kind = EB_AUTH_API_KEY_COOKIE, .header = "session", .scheme = "cookie_key" }
};
static const uint32_t    several_ways[]   = { 1u << 0, 1u << 1 | 1u << 2 };
static const eb_security several_security = { several_ways, 2 };

static eb_api several_api(void)
{
    eb_api api = shop_api;

    api.auth         = NULL;
    api.schemes      = several_schemes;
    api.scheme_count = 3;
    api.security     = &several_security;
    return api;
}

START_TEST(the_first_way_that_is_complete_is_taken)
{
    const eb_api api = several_api();
    bench        b;

    bench_start_with(&b, (eb_client_options){
                             .api         = &api,
                             .credentials = EB_CREDENTIALS(
                                 eb_credentials_basic("u", "canary-p"),
                                 eb_credentials_for("cookie_key", eb_credentials_token("canary-c"))) });
    bench_answer(&b, 0, 503, NULL);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    for (size_t i = 0; i < 2; i++) { /* the second attempt carries no more than the first */
        ck_assert_ptr_nonnull(
            strstr(b.script.seen[i].headers, "authorization: Basic dTpjYW5hcnktcA==\r\n"));
        ck_assert_ptr_nonnull(strstr(b.script.seen[i].headers, "cookie: session=canary-c\r\n"));
        ck_assert_ptr_null(strchr(b.script.seen[i].url, '?'));
    }
    bench_end(&b);

    bench_start_with(&b, (eb_client_options){
                             .api         = &api,
                             .credentials = EB_CREDENTIALS(
                                 eb_credentials_basic("u", NULL),
                                 eb_credentials_for("query_key", eb_credentials_token("a b&c"))) });
    bench_answer(&b, 0, 503, NULL);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_str_eq(b.script.seen[i].url + strlen(b.script.seen[i].url) - 13, "key=a%20b%26c");
        ck_assert_ptr_null(strstr(b.script.seen[i].headers, "authorization"));
    }
    bench_end(&b);
}
END_TEST

START_TEST(several_are_refused_by_name)
{
    const eb_api api = several_api();
    const struct {
        eb_credentials credentials;
        eb_status      status;
        const char    *said;
    } cases[] = {
        { eb_credentials_for("nobody", eb_credentials_token("canary")), EB_INVALID,
          "query_key, staff, cookie_key" },
        { eb_credentials_for("staff", eb_credentials_token("canary")), EB_INVALID,
          "credentials: staff: wants a user name and a password, got a token" },
        { eb_credentials_token("canary"), EB_INVALID, "say which scheme they are for" },
        { eb_credentials_key("canary", "canary"), EB_INVALID,
          "no scheme of this API takes an access key pair" },
        { EB_CREDENTIALS(eb_credentials_basic("u", "p"), eb_credentials_basic("u", "p")),
          EB_INVALID, "credentials: staff: given twice" },
        { EB_CREDENTIALS(EB_CREDENTIALS(eb_credentials_none())), EB_INVALID, "a list within a list" },
        { eb_credentials_several(NULL, 1), EB_INVALID, "expected a list, got NULL" },
        { eb_credentials_basic("u:v", "canary"), EB_AUTH, "credentials: staff: a user name has no colon" },
        { eb_credentials_basic(NULL, "canary"), EB_AUTH, "expected a user name, got none" },
        { eb_credentials_basic("u", "canary\n"), EB_AUTH, "without control characters" },
        { eb_credentials_for("cookie_key", eb_credentials_token("canary; a=b")), EB_AUTH,
          "a token for a cookie" },
        { eb_credentials_for("query_key", eb_credentials_token("")), EB_AUTH,
          "query_key: expected a token, got none" },
        { eb_credentials_for("cookie_key", eb_credentials_token("canary")), EB_OK, "" }, /* calls say what is missing */
        { eb_credentials_none(), EB_OK, "" },
    };
    char  problem[256];
    bench b;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(take(&api, cases[i].credentials, NULL, 0, problem), cases[i].status);
        ck_assert_msg(strstr(problem, cases[i].said) != NULL, "%zu: %s", i, problem);
    }
    bench_start_with(&b, (eb_client_options){ .api = &api, .credentials = cases[12].credentials });
    ck_assert_int_eq(bench_get(&b, NULL), EB_AUTH);
    ck_assert_str_eq(b.response.message,
                     "credentials: shop_item_get wants query_key, or staff and cookie_key; give the "
                     "client what is missing");
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(the_environment_may_have_some_of_several)
{
    const eb_api         api         = several_api();
    const eb_credentials environment = { 0 };
    char                 problem[256];

    clear_environment();
    ck_assert_int_eq(take(&api, environment, NULL, 0, problem), EB_AUTH);
    ck_assert_str_eq(problem,
                     "credentials: query_key: none given, and none in the environment variable SHOP_TOKEN");
    setenv("SHOP_TOKEN", "canary", 1);
    ck_assert_int_eq(take(&api, environment, NULL, 0, problem), EB_OK);
    clear_environment();
    setenv("SHOP_ID", "canary", 1);
    ck_assert_int_eq(take(&api, environment, NULL, 0, problem), EB_AUTH); /* half of the second way */
    ck_assert_int_eq(take(&api,
                          EB_CREDENTIALS(environment,
                                         eb_credentials_for("cookie_key", eb_credentials_token("c"))),
                          NULL, 0, problem),
                     EB_OK);
    clear_environment();
}
END_TEST

/* Everything that hooks and the log see of a key in the query, at any level. */
static void collect(void *context, eb_log_level level, const char *line)
{
    (void)level;
    eb__buf_puts(context, line);
    eb__buf_putc(context, '\n');
}

static void collect_moment(void *context, const eb_moment *moment)
{
    eb__buf_puts(context, moment->url);
    eb__buf_putc(context, '\n');
}

START_TEST(a_key_in_the_query_is_in_nothing_that_is_shown)
{
    const eb_api api = several_api();
    eb_buf       all = { 0 };
    eb_header    to  = { "Location", "https://elsewhere.example/?key=canary%20%2fk&x=1" };
    bench        b;

    bench_start_with(&b, (eb_client_options){
                             .api         = &api,
                             .credentials = eb_credentials_for("query_key",
                                                               eb_credentials_token("canary /k")),
                             .log         = &(eb_log){ EB_LOG_TRACE, collect, &all },
                             .hooks       = &(eb_hooks){ .before_send   = collect_moment,
                                                         .after_attempt = collect_moment,
                                                         .after_call    = collect_moment,
                                                         .context       = &all } });
    bench_answer(&b, 0, 302, NULL);
    bench_header(&b, 0, &to, 1);
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    ck_assert_ptr_nonnull(strstr(b.script.seen[0].url, "key=canary%20%2Fk"));
    eb__buf_puts(&all, b.response.message);
    ck_assert_ptr_nonnull(strstr(b.response.message, "?key=*************&x=1"));
    bench_answer(&b, 1, 400, "{\"message\":\"no canary+%2Fk, nor canary /k\"}");
    ck_assert_int_eq(bench_get(&b, NULL), EB_API);
    eb__buf_puts(&all, b.response.message);
    ck_assert_ptr_null(strstr(eb__buf_text(&all), "canary"));
    ck_assert_ptr_nonnull(strstr(eb__buf_text(&all), "key=***"));
    bench_end(&b);
    eb__buf_free(&all);
}
END_TEST

START_TEST(a_secret_in_the_path_is_in_no_url_that_is_shown)
{
    eb_field                   rows[sizeof shop_item_get_rows / sizeof shop_item_get_rows[0]];
    eb_type                    type         = shop_item_get_params_type;
    eb_operation               op           = shop_item_get_op;
    eb_buf                     all          = { 0 };
    eb_api                     api          = shop_api;
    const eb_operation *const  operations[] = { &op };
    const shop_item_get_params params       = { .id = "a /1" };
    bench                      b;

    memcpy(rows, shop_item_get_rows, sizeof rows);
    rows[1].flags |= EB_SECRET;
    type.rows           = rows;
    op.params           = &type;
    api.operations      = operations;
    api.operation_count = 1;
    bench_start_with(&b, (eb_client_options){ .api         = &api,
                                              .credentials = eb_credentials_token("t"),
                                              .log = &(eb_log){ EB_LOG_TRACE, collect, &all } });
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(eb_call_operation(b.client, &op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].url, "https://shop.example.com/v1/items/a%20%2F1");
    ck_assert_ptr_null(strstr(eb__buf_text(&all), "%2F1"));
    ck_assert_ptr_nonnull(strstr(eb__buf_text(&all), "https://shop.example.com/v1/items/***"));
    bench_end(&b);
    eb__buf_free(&all);
}
END_TEST

UNIT_TESTS("credentials", the_first_way_that_is_complete_is_taken, several_are_refused_by_name,
           the_environment_may_have_some_of_several, a_key_in_the_query_is_in_nothing_that_is_shown,
           a_secret_in_the_path_is_in_no_url_that_is_shown, a_token_loses_spaces_and_one_prefix,
           a_key_needs_both_halves, the_wrong_kind_is_named,
           the_environment_is_read_when_nothing_is_given, a_callback_is_asked_before_every_attempt,
           a_callback_that_gives_nothing_ends_the_call, a_client_without_credentials_calls_what_needs_none)
