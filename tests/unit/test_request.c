/* test_request.c -- from parameters to a request: the URL, the headers, the body; and what is refused
 * before a byte is sent. */
#include "api.h"

#include <stdio.h>

#include "request.h"

/* One item-get with these parameters; the URL that was asked for, or NULL and the response tells. */
static const char *get_url(bench *b, const shop_item_get_params *params)
{
    const size_t n = b->script.exchanges;

    if (eb_call_operation(b->client, &shop_item_get_op, params, NULL, &b->response) != EB_OK)
        return NULL;
    return b->script.seen[n].url;
}

static void start(bench *b, const char *base_url)
{
    bench_start_with(b, (eb_client_options){ .base_url = base_url });
    bench_answer(b, 0, 200, "{}");
}

/* ---- Path -------------------------------------------------------------------------------------- */

START_TEST(a_path_part_is_encoded_whole)
{
    static const struct {
        const char *id, *path;
    } cases[] = { { "a", "/v1/items/a" },
                  { "a b", "/v1/items/a%20b" },
                  { "a/b", "/v1/items/a%2Fb" },
                  { "../x", "/v1/items/..%2Fx" },
                  { "...", "/v1/items/..." },
                  { ".a", "/v1/items/.a" },
                  { "%2e%2e", "/v1/items/%252e%252e" },
                  { "a?b#c", "/v1/items/a%3Fb%23c" },
                  { "a\\b", "/v1/items/a%5Cb" },
                  { "{id}", "/v1/items/%7Bid%7D" },
                  { "\r\n\x01", "/v1/items/%0D%0A%01" },
                  { "\xc3\xa9\xf0\x9f\x98\x80", "/v1/items/%C3%A9%F0%9F%98%80" } };
    bench b;

    start(&b, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const shop_item_get_params params = { .id = cases[i].id };
        const char                *url    = get_url(&b, &params);

        ck_assert_ptr_nonnull(url);
        ck_assert_str_eq(url + strlen("https://shop.example.com"), cases[i].path);
    }
    bench_end(&b);
}
END_TEST

START_TEST(a_path_part_that_would_change_the_path_is_refused)
{
    static const char *const ids[] = { "", ".", ".." };
    bench                    b;

    start(&b, NULL);
    for (size_t i = 0; i < 3; i++) {
        const shop_item_get_params params = { .id = ids[i] };
        char                       expected[64];

        ck_assert_ptr_null(get_url(&b, &params));
        snprintf(expected, sizeof expected, "id: \"%s\" cannot be part of a path", ids[i]);
        ck_assert_str_eq(b.response.message, expected);
        ck_assert_str_eq(b.response.field, "id");
        ck_assert_int_eq(b.response.cause, EB_INVALID);
    }
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(segments_are_checked_one_by_one)
{
    static const struct {
        const char *path, *url;
    } cases[] = { { "a/b c/d", "https://shop.example.com/v1/images/a/b%20c/d/raw" },
                  { "a", "https://shop.example.com/v1/images/a/raw" },
                  { "a/..", NULL },
                  { "../a", NULL },
                  { "a/./b", NULL },
                  { "a//b", NULL },
                  { "/a", NULL },
                  { "a/", NULL },
                  { "/", NULL },
                  { "", NULL } };
    bench b;

    start(&b, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const shop_item_get_params params = { .path = cases[i].path };
        const size_t               n      = b.script.exchanges;
        const eb_status st = eb_call_operation(b.client, &shop_image_get_op, &params, NULL, &b.response);

        ck_assert_int_eq(st, cases[i].url != NULL ? EB_OK : EB_INVALID);
        if (st == EB_OK)
            ck_assert_str_eq(b.script.seen[n].url, cases[i].url);
        else
            ck_assert_str_eq(b.response.field, "path");
    }
    bench_end(&b);
}
END_TEST

START_TEST(a_name_in_the_path_is_the_paths_own)
{
    const shop_item_get_params params = { .id = "in-path", .query_id = "in-query" };
    bench                      b;

    start(&b, NULL);
    ck_assert_str_eq(get_url(&b, &params), "https://shop.example.com/v1/items/in-path?id=in-query");
    bench_end(&b);
}
END_TEST

/* ---- Base URL ---------------------------------------------------------------------------------- */

START_TEST(the_base_url_goes_before_the_path)
{
    static const struct {
        const char *base, *url, *host;
    } cases[] = { { "http://a.example", "http://a.example/v1/items/x", "a.example" },
                  { "http://a.example/", "http://a.example/v1/items/x", "a.example" },
                  { "http://a.example///", "http://a.example/v1/items/x", "a.example" },
                  { "http://a.example/base/", "http://a.example/base/v1/items/x", "a.example" },
                  { "http://a.example:8080/b", "http://a.example:8080/b/v1/items/x", "a.example:8080" },
                  { "http://a.example:80", "http://a.example:80/v1/items/x", "a.example" },
                  { "https://a.example:443", "https://a.example:443/v1/items/x", "a.example" },
                  { "http://a.example:443", "http://a.example:443/v1/items/x", "a.example:443" },
                  { "http://[::1]:99/z", "http://[::1]:99/z/v1/items/x", "[::1]:99" },
                  { "HTTP://[::1]", "HTTP://[::1]/v1/items/x", "[::1]" } };

    for (int own = 0; own < 2; own++) /* the client's, then the call's */
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            const eb_call_options      options = { .base_url = own ? cases[i].base : NULL };
            const shop_item_get_params params  = { .options = &options, .id = "x" };
            char                       host[64];
            bench                      b;

            start(&b, own ? NULL : cases[i].base);
            ck_assert_str_eq(get_url(&b, &params), cases[i].url);
            ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "host", host, sizeof host),
                             cases[i].host);
            bench_end(&b);
        }
}
END_TEST

START_TEST(what_follows_a_hash_is_never_sent)
{
    const shop_order        order  = { .name = "n" };
    const shop_order_params params = { NULL, &order };
    bench                   b;

    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_form_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].url, "https://shop.example.com/");
    bench_end(&b);
}
END_TEST

/* ---- Query ------------------------------------------------------------------------------------- */

START_TEST(a_query_is_written_in_the_order_of_the_rows)
{
    static const char *const   texts[] = { "a,b", "c&d=", "" };
    const shop_item_get_params params  = { .id       = "x",
                                           .query_id = "1 2+3",
                                           .limit    = EB_INT(INT64_MIN),
                                           .tags     = EB_LIST(texts),
                                           .marks    = EB_LIST(texts),
                                           .filter   = EB_JSON("{\"a\":[1]}") };
    bench                      b;

    start(&b, NULL);
    ck_assert_str_eq(get_url(&b, &params),
                     "https://shop.example.com/v1/items/x?id=1%202%2B3&limit=-9223372036854775808"
                     "&tags=a%2Cb,c%26d%3D,&marks=a%2Cb&marks=c%26d%3D&marks="
                     "&filter=%7B%22a%22%3A%5B1%5D%7D");
    bench_end(&b);
}
END_TEST

START_TEST(a_list_without_items_is_not_sent)
{
    static const struct {
        eb_str_list list;
        const char *query;
    } cases[] = { { { NULL, 0 }, "" }, { EB_EMPTY, "" }, { EB_LIST_NULL, "" } };

    for (size_t i = 0; i < 3; i++) {
        const shop_item_get_params params = { .id = "x", .tags = cases[i].list };
        char                       url[100];
        bench                      b;

        start(&b, NULL);
        snprintf(url, sizeof url, "https://shop.example.com/v1/items/x%s", cases[i].query);
        ck_assert_str_eq(get_url(&b, &params), url);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_url_without_end_is_a_limit)
{
    static char                big[70000];
    const shop_item_get_params params = { .id = "x", .query_id = big };
    bench                      b;

    memset(big, 'a', sizeof big - 1);
    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, &b.response), EB_LIMIT);
    ck_assert_str_eq(b.response.message, "the URL is too long");
    bench_end(&b);
}
END_TEST

/* ---- Headers ----------------------------------------------------------------------------------- */

START_TEST(every_request_has_our_headers_and_no_others)
{
    bench b;

    start(&b, NULL);
    ck_assert_int_eq(bench_get(&b, NULL), EB_OK);
    ck_assert_str_eq(b.script.seen[0].headers, "host: shop.example.com\r\naccept: application/json\r\n"
                                               "user-agent: edgebind/0.1.0\r\n"
                                               "authorization: token " SHOP_TOKEN "\r\n");
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(b.script.seen[1].headers, "content-type: application/json\r\n"));
    bench_end(&b);
}
END_TEST

START_TEST(nothing_can_break_out_of_a_header)
{
    static const char *const values[] = { "a\r\nb: c", "a\n", "\r", "a\x01", "\x7f", "a\x1b[0m" };
    bench                    b;

    start(&b, NULL);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const eb_header            header  = { "x-mine", values[i] };
        const eb_call_options      options = { .headers = &header, .header_count = 1 };
        const shop_item_get_params row     = { .id = "x", .mask = values[i] };

        ck_assert_ptr_null(get_url(&b, &row));
        ck_assert_str_eq(b.response.field, "x-fields");
        ck_assert_int_eq(bench_order(&b, &options), EB_INVALID);
        ck_assert_str_eq(b.response.field, "options.headers[0]");
        ck_assert_str_eq(b.response.message,
                         "options.headers[0]: control characters cannot be sent in a header");
    }
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(header_names_are_tokens_and_not_ours)
{
    static const char *const names[] = { "",
                                         "a b",
                                         "a:",
                                         "a\r\n",
                                         "\xc3\xa9",
                                         "(",
                                         NULL, /* no names */
                                         "Host",
                                         "AUTHORIZATION",
                                         "content-length",
                                         "Content-Type",
                                         "transfer-encoding",
                                         "Expect",
                                         "connection",
                                         "Accept",
                                         "Accept-Encoding",
                                         "user-agent",
                                         "TE",
                                         "Trailer",
                                         "Upgrade",
                                         "Proxy-Authorization",
                                         "x-acs-date",
                                         "X-Acs-Security-Token",
                                         "X-ACS-AccessKey-Id" };
    bench                    b;

    start(&b, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const eb_header       headers[] = { { "x-good", "v" }, { names[i], "v" } };
        const eb_call_options options   = { .headers = headers, .header_count = 2 };

        ck_assert_msg(bench_order(&b, &options) == EB_INVALID, "%s", names[i]);
        ck_assert_str_eq(b.response.field, "options.headers[1]");
    }
    {
        const eb_header            twice   = { "X-Fields", "b" };
        const eb_call_options      options = { .headers = &twice, .header_count = 1 };
        const shop_item_get_params params  = { .options = &options, .id = "x", .mask = "a" };

        ck_assert_ptr_null(get_url(&b, &params)); /* it would say two things */
        ck_assert_str_eq(b.response.field, "options.headers[0]");
    }
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

/* An API whose key has a header of its own: nobody else may set it. */
START_TEST(the_header_of_the_key_is_ours)
{
    static const eb_auth auth = { .kind = EB_AUTH_API_KEY_HEADER, .header = "X-Key", .prefix = "" };
    eb_api               api  = shop_api;
    const eb_header      header   = { "x-key", "mine" };
    const eb_call_options options = { .headers = &header, .header_count = 1 };
    bench                 b;

    api.auth = &auth;
    bench_start_with(&b, (eb_client_options){ .api = &api, .credentials = eb_credentials_token("k") });
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(bench_order(&b, &options), EB_INVALID);
    ck_assert_int_eq(bench_order(&b, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(b.script.seen[0].headers, "X-Key: k\r\n"));
    bench_end(&b);
}
END_TEST

START_TEST(headers_are_counted)
{
    eb_header       headers[EB_REQUEST_HEADERS];
    eb_call_options options = { .headers = headers };
    bench           b;

    for (size_t i = 0; i < EB_REQUEST_HEADERS; i++)
        headers[i] = (eb_header){ "x-more", "v" };
    start(&b, NULL);
    options.header_count = EB_REQUEST_HEADERS - 5; /* host, accept, user-agent, content-type, the key */
    ck_assert_int_eq(bench_order(&b, &options), EB_OK);
    options.header_count++;
    ck_assert_int_eq(bench_order(&b, &options), EB_INVALID);
    ck_assert_ptr_nonnull(strstr(b.response.message, "too many headers"));
    options.header_count = EB_REQUEST_HEADERS;
    ck_assert_int_eq(bench_order(&b, &options), EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.headers[44]");
    ck_assert_uint_eq(b.script.exchanges, 1);
    bench_end(&b);
}
END_TEST

/* ---- Body -------------------------------------------------------------------------------------- */

START_TEST(a_json_body_is_exact)
{
    const shop_order order = { .name = "a\"\n", .count = EB_INT(INT64_MAX), .extra = EB_JSON("[1.10]") };
    const shop_order_params params = { NULL, &order };
    bench                   b;

    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_order_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].body,
                     "{\"name\":\"a\\\"\\n\",\"count\":9223372036854775807,\"extra\":[1.10]}");
    bench_end(&b);
}
END_TEST

START_TEST(a_form_is_encoded_and_takes_members_without_rows)
{
    const eb_str_entry      rest[] = { { "x:more", "a b" }, { "&", "=" } };
    const shop_order        order  = { .name  = "a b&c=d+\xc3\xa9",
                                       .gift  = EB_BOOL(false),
                                       .extra = EB_JSON("{\"k\":[1]}"),
                                       .rest  = EB_LIST(rest) };
    const shop_order_params params = { NULL, &order };
    bench                   b;

    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_form_op, &params, NULL, &b.response), EB_OK);
    ck_assert_str_eq(b.script.seen[0].body, "name=a%20b%26c%3Dd%2B%C3%A9&gift=false"
                                            "&extra=%7B%22k%22%3A%5B1%5D%7D&x%3Amore=a%20b&%26=%3D");
    ck_assert_ptr_nonnull(
        strstr(b.script.seen[0].headers, "content-type: application/x-www-form-urlencoded\r\n"));
    bench_end(&b);
}
END_TEST

static bool has_body[8];
static bool has_type[8];

static eb_status look(void *context, eb_exchange *x)
{
    size_t *n = context;

    has_body[*n] = x->has_body;
    has_type[*n] = false;
    for (size_t i = 0; i < x->header_count; i++)
        has_type[*n] = has_type[*n] || strcmp(x->headers[i].name, "content-type") == 0;
    ++*n;
    x->http_status = 200;
    return EB_OK;
}

START_TEST(methods_that_have_a_body_say_when_it_is_empty)
{
    size_t                     n         = 0;
    const eb_transport         transport = { .exchange = look, .context = &n };
    const shop_item_get_params params    = { .id = "x" };
    const shop_put_params      empty     = { .body = eb_body_memory(NULL, 0) };
    bench                      b;

    bench_start_with(&b, (eb_client_options){ .transport = &transport });
    ck_assert_int_eq(eb_call_operation(b.client, &shop_poke_op, NULL, NULL, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, NULL, NULL, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_put_op, &empty, NULL, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_get_op, &params, NULL, NULL), EB_OK);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_item_delete_op, &params, NULL, NULL), EB_OK);
    ck_assert(has_body[0] && !has_type[0]);
    ck_assert(has_body[1] && !has_type[1]);
    ck_assert(has_body[2] && has_type[2]);
    ck_assert(!has_body[3] && !has_type[3]);
    ck_assert(!has_body[4] && !has_type[4]);
    bench_end(&b);
}
END_TEST

START_TEST(a_mistake_in_the_body_is_named_by_its_path)
{
    const shop_order        nameless = { 0 };
    const shop_order        broken   = { .name = "a", .extra = EB_JSON("{") };
    const shop_order_params none = { 0 }, first = { NULL, &nameless }, second = { NULL, &broken };
    bench                   b;

    start(&b, NULL);
    ck_assert_int_eq(eb_call_operation(b.client, &shop_order_op, &none, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "body");
    ck_assert_int_eq(eb_call_operation(b.client, &shop_order_op, &first, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "body.name");
    ck_assert_int_eq(eb_call_operation(b.client, &shop_order_op, &second, NULL, &b.response), EB_INVALID);
    ck_assert_str_eq(b.response.field, "body.extra");
    bench_end(&b);
}
END_TEST

/* A form's field that could not be built must not be read, nor the form be sent without it. */
START_TEST(a_form_without_memory_is_not_sent)
{
    static char             big[5000];
    const shop_order        order  = { .name = "n", .extra = { big, sizeof big - 1 } };
    const shop_order_params params = { NULL, &order };

    memset(big, ' ', sizeof big - 1);
    big[0] = '1';
    for (long n = 1;; n++) {
        bench     b;
        eb_status st;
        long      calls;

        start(&b, NULL);
        b.memory.calls   = 0;
        b.memory.fail_at = n;
        st               = eb_call_operation(b.client, &shop_form_op, &params, NULL, &b.response);
        calls            = b.memory.calls;
        b.memory.fail_at = 0;
        ck_assert_int_eq(st, calls < n ? EB_OK : EB_NOMEM);
        bench_end(&b);
        if (calls < n)
            break;
    }
}
END_TEST

UNIT_TESTS("request", a_path_part_is_encoded_whole,
           a_path_part_that_would_change_the_path_is_refused, segments_are_checked_one_by_one,
           a_name_in_the_path_is_the_paths_own, the_base_url_goes_before_the_path,
           what_follows_a_hash_is_never_sent, a_query_is_written_in_the_order_of_the_rows,
           a_list_without_items_is_not_sent, a_url_without_end_is_a_limit,
           every_request_has_our_headers_and_no_others, nothing_can_break_out_of_a_header,
           header_names_are_tokens_and_not_ours, the_header_of_the_key_is_ours, headers_are_counted,
           a_json_body_is_exact, a_form_is_encoded_and_takes_members_without_rows,
           methods_that_have_a_body_say_when_it_is_empty,
           a_mistake_in_the_body_is_named_by_its_path, a_form_without_memory_is_not_sent)
