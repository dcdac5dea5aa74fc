/* test_link.c -- a call whose answer is a ticket for an upload: where the file may go, which fields go
 * along, what is checked before anything is sent, what is said when one of the two calls fails. */
#include "api.h"

#include <stdio.h>
#include <unistd.h>

#define TICKET(url, more) \
    "{\"id\":\"t-1\",\"upload\":{\"url\":\"" url "\",\"key\":\"canary-key\",\"policy\":\"cG9s\"" more "}}"

static const eb_header ticket_headers[] = { { "x-request-id", "ticket-9" } };
static const eb_header depot_headers[]  = { { "x-depot-id", "depot-3" } };

typedef struct upload {
    bench             b;
    eb_body           file;
    shop_order        order;
    shop_order_params params;
    const void       *value;
} upload;

static void begin_with(upload *u, eb_client_options options, const char *ticket)
{
    bench_start_with(&u->b, options);
    bench_answer(&u->b, 0, 200, ticket);
    bench_header(&u->b, 0, ticket_headers, 1);
    bench_answer(&u->b, 1, 204, NULL);
    bench_header(&u->b, 1, depot_headers, 1);
    u->file   = eb_body_memory("file bytes", 10);
    u->order  = (shop_order){ .name = "n" };
    u->params = (shop_order_params){ NULL, &u->order };
    u->value  = u;
}

static void begin(upload *u, const char *ticket)
{
    begin_with(u, (eb_client_options){ 0 }, ticket);
}

static eb_status run(upload *u)
{
    const eb_status st = eb_call_link(u->b.client, &shop_ticket_op, &shop_link, &u->params,
                                      &u->file, &u->value, &u->b.response);

    bench_texts(&u->b.response);
    ck_assert_int_eq(u->b.response.status, st);
    if (st != EB_OK) {
        if (u->b.script.exchanges == 0)
            ck_assert_ptr_eq(u->value, u); /* untouched: there was no ticket */
        ck_assert_str_ne(u->b.response.message, "");
        ck_assert_int_ne(u->b.response.cause, EB_OK);
        ck_assert_ptr_null(strstr(u->b.response.message, "canary"));
    }
    return st;
}

static void end(upload *u)
{
    bench_end(&u->b);
}

START_TEST(an_upload_makes_both_calls)
{
    upload u;

    begin(&u, TICKET("https://a.depot.example",
                     ",\"x-extra\":\"1\",\"empty\":\"\",\"none\":null,\"n\":12,\"o\":{\"p\":[1]}"));
    ck_assert_int_eq(run(&u), EB_OK);
    ck_assert_str_eq(((const shop_ticket *)u.value)->id, "t-1");
    ck_assert_int_eq(u.b.response.http_status, 204);
    ck_assert_str_eq(u.b.response.request_id, "depot-3");
    ck_assert_str_eq(u.b.response.ticket_request_id, "ticket-9");
    ck_assert_uint_eq(u.b.response.attempt_count, 1);
    ck_assert_str_eq(u.b.script.seen[1].url, "https://a.depot.example/");
    ck_assert_ptr_null(strstr(u.b.script.seen[1].headers, SHOP_TOKEN)); /* not the depot's business */
    ck_assert_ptr_nonnull(
        strstr(u.b.script.seen[1].headers,
               "content-type: multipart/form-data; boundary=edgebind808080808080808080808080"));
#define PART(name, value)                                                                \
    "--edgebind808080808080808080808080\r\nContent-Disposition: form-data; name=\"" name \
    "\"\r\n\r\n" value "\r\n"
    ck_assert_str_eq(u.b.script.seen[1].body,
                     PART("key", "canary-key") PART("policy", "cG9s") PART("x-extra", "1")
                         PART("n", "12") PART("o", "{\"p\":[1]}")
                             PART("file", "file bytes") "--edgebind808080808080808080808080--\r\n");
    end(&u);
}
END_TEST

START_TEST(only_known_hosts_get_the_file)
{
    static const char *const own[] = { "files.example", "*.more.example" };
    static const struct {
        const char *ticket;
        const char *url; /* NULL: refused */
    } cases[] = {
        { TICKET("https://a.depot.example", ""), "https://a.depot.example/" },
        { TICKET("https://a.b.depot.example/sub/", ""), "https://a.b.depot.example/sub/" },
        { TICKET("http://a.depot.example", ""), "https://a.depot.example/" },
        { TICKET("http://a.depot.example:80", ""), "https://a.depot.example/" },
        { TICKET("http://a.depot.example:8080/x", ""), "https://a.depot.example:8080/x/" },
        { TICKET("HTTP://A.DEPOT.EXAMPLE", ""), "https://A.DEPOT.EXAMPLE/" },
        { TICKET("http://127.0.0.1:9", ""), "http://127.0.0.1:9/" },
        { TICKET("http://localhost", ""), "http://localhost/" },
        { TICKET("http://[::1]:9", ""), "http://[::1]:9/" },
        { TICKET("https://files.example", ""), "https://files.example/" },
        { TICKET("https://a.more.example", ""), "https://a.more.example/" },
        { TICKET("https://depot.example", ""), NULL },
        { TICKET("https://xdepot.example", ""), NULL },
        { TICKET("https://a.depot.example.evil.example", ""), NULL },
        { TICKET("https://evil.example/a.depot.example", ""), NULL },
        { TICKET("https://a.depot.example@evil.example", ""), NULL },
        { TICKET("https://evil.example#.depot.example", ""), NULL },
        { TICKET("https://a.depot.example?x=1", ""), NULL },
        { TICKET("https://127.0.0.1.evil.example", ""), NULL },
        { TICKET("ftp://a.depot.example", ""), NULL },
        { TICKET("file:///etc/passwd", ""), NULL },
        { TICKET("", ""), NULL },
        { TICKET("//a.depot.example", ""), NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        upload u;

        begin_with(&u, (eb_client_options){ .upload_hosts = EB_LIST(own) }, cases[i].ticket);
        if (cases[i].url != NULL) {
            ck_assert_msg(run(&u) == EB_OK, "%s: %s", cases[i].ticket, u.b.response.message);
            ck_assert_str_eq(u.b.script.seen[1].url, cases[i].url);
        } else {
            ck_assert_msg(run(&u) != EB_OK, "%s", cases[i].ticket);
            ck_assert_uint_eq(u.b.script.exchanges, 1);
            ck_assert_int_eq(u.b.response.reason, EB_REASON_LOCAL);
            ck_assert_int_eq(u.b.response.http_status, 200); /* of the call that was made */
        }
        end(&u);
    }
}
END_TEST

START_TEST(a_host_that_is_not_allowed_is_named_with_the_option)
{
    upload u;

    begin(&u, TICKET("https://evil.example/canary-path", ""));
    ck_assert_int_eq(run(&u), EB_INVALID);
    ck_assert_str_eq(u.b.response.message,
                     "the ticket sends to evil.example, which upload_hosts does not list");
    end(&u);
}
END_TEST

START_TEST(a_ticket_that_is_none_ends_the_upload)
{
    static const struct {
        const char *ticket;
        eb_status   status;
    } cases[] = { { "{\"id\":\"t\"}", EB_DECODE },
                  { "{\"upload\":{}}", EB_DECODE },
                  { "{\"upload\":{\"url\":null}}", EB_DECODE },
                  { "{\"upload\":{\"url\":12}}", EB_DECODE },
                  { "{\"upload\":[]}", EB_DECODE },
                  { "", EB_DECODE },
                  { "{\"upload\":{\"url\":\"https://a.depot.example\"}}", EB_INVALID } /* no key */ };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        upload u;

        begin(&u, cases[i].ticket);
        ck_assert_int_eq(run(&u), cases[i].status);
        ck_assert_uint_eq(u.b.script.exchanges, 1);
        end(&u);
    }
}
END_TEST

START_TEST(a_file_is_looked_at_before_a_ticket_is_asked_for)
{
    const eb_body files[] = { eb_body_file("/nowhere/at/all"),
                              eb_body_file(NULL),
                              eb_body_file("/tmp"),
                              eb_body_memory(NULL, 4),
                              eb_body_reader(NULL, NULL, 4),
                              { 0 },
                              { .kind = (eb_body_kind)77 } };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        upload u;

        begin(&u, TICKET("https://a.depot.example", ""));
        u.file = files[i];
        ck_assert_int_eq(run(&u), EB_INVALID);
        ck_assert_str_eq(u.b.response.field, "file");
        ck_assert_uint_eq(u.b.script.exchanges, 0);
        end(&u);
    }
}
END_TEST

START_TEST(the_response_tells_which_call_failed)
{
    upload u;

    begin(&u, "{}");
    bench_answer(&u.b, 0, 403, "{\"message\":\"no ticket for you\"}");
    ck_assert_int_eq(run(&u), EB_API);
    ck_assert_str_eq(u.b.response.message, "no ticket for you");
    ck_assert_str_eq(u.b.response.ticket_request_id, "");
    end(&u);

    begin(&u, TICKET("https://a.depot.example", ""));
    bench_answer(&u.b, 1, 403,
                 "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>expired</Message></Error>");
    ck_assert_int_eq(run(&u), EB_API);
    ck_assert_str_eq(u.b.response.code, "AccessDenied");
    ck_assert_str_eq(u.b.response.ticket_request_id, "ticket-9");
    end(&u);

    begin(&u, TICKET("https://a.depot.example", ""));
    bench_answer(&u.b, 1, 203, "<Error><Code>CallbackFailed</Code></Error>");
    ck_assert_int_eq(run(&u), EB_API);
    ck_assert_str_eq(u.b.response.code, "CallbackFailed");
    end(&u);

    begin(&u, TICKET("https://a.depot.example", ""));
    bench_fails(&u.b, 1, EB_NETWORK, EB_SENT_PART);
    ck_assert_int_eq(run(&u), EB_MAYBE_SENT);
    ck_assert_str_eq(u.b.response.ticket_request_id, "ticket-9");
    ck_assert_str_eq(u.b.response.operation, "depot_post_object");
    /* only the ticket names what was reserved, so it is handed out all the same */
    ck_assert_ptr_ne(u.value, &u);
    ck_assert_ptr_nonnull(u.value);
    end(&u);
}
END_TEST

START_TEST(what_the_ticket_holds_is_not_shown_when_it_is_refused)
{
    upload u;

    begin(&u, TICKET("https://a.depot.example", ",\"x-token\":\"canary-token\""));
    bench_answer(&u.b, 1, 403, "{\"Code\":\"No\",\"Message\":\"canary-token does not fit canary-key\"}");
    ck_assert_int_eq(run(&u), EB_API);
    ck_assert_str_eq(u.b.response.message, "************ does not fit **********");
    end(&u);
}
END_TEST

START_TEST(headers_and_base_url_of_the_caller_are_for_the_first_call)
{
    static const eb_header header  = { "x-mine", "v" };
    const eb_call_options  options = {
         .headers = &header, .header_count = 1, .base_url = "http://other.example", .deadline_ms = 1000
    };
    upload u;

    begin(&u, TICKET("https://a.depot.example", ""));
    u.params.options = &options;
    u.b.took_ms      = 400;
    ck_assert_int_eq(run(&u), EB_OK);
    ck_assert_str_eq(u.b.script.seen[0].url, "http://other.example/v1/ticket");
    ck_assert_ptr_nonnull(strstr(u.b.script.seen[0].headers, "x-mine: v"));
    ck_assert_ptr_null(strstr(u.b.script.seen[1].headers, "x-mine"));
    ck_assert_int_eq(u.b.timeouts_ms[0], 1000);
    ck_assert_int_eq(u.b.timeouts_ms[1], 600); /* one deadline for both */
    end(&u);
}
END_TEST

START_TEST(an_upload_may_take_longer_than_an_attempt)
{
    const eb_call_options options = { .attempt_timeout_ms = 77 };
    upload                u;

    begin_with(&u, (eb_client_options){ .deadline_ms = EB_NO_DEADLINE, .attempt_timeout_ms = 50 },
               TICKET("https://a.depot.example", ""));
    ck_assert_int_eq(run(&u), EB_OK);
    ck_assert_int_eq(u.b.timeouts_ms[0], 50);
    ck_assert_int_eq(u.b.timeouts_ms[1], 0);
    u.params.options = &options;
    eb_script_reset(&u.b.script);
    u.value = &u;
    ck_assert_int_eq(run(&u), EB_OK);
    ck_assert_int_eq(u.b.timeouts_ms[1], 77);
    end(&u);
}
END_TEST

START_TEST(what_is_passed_may_come_from_the_response)
{
    const shop_item *item = NULL;
    upload           u;

    begin(&u, "{\"name\":\"from before\"}");
    ck_assert_int_eq(bench_get(&u.b, &item), EB_OK);
    bench_answer(&u.b, 1, 200, TICKET("https://a.depot.example", ""));
    bench_answer(&u.b, 2, 204, NULL);
    u.order.name = item->name;
    u.file       = eb_body_memory(item->name, strlen(item->name));
    ck_assert_int_eq(run(&u), EB_OK);
    ck_assert_ptr_nonnull(strstr(u.b.script.seen[1].body, "from before"));
    ck_assert_ptr_nonnull(strstr(u.b.script.seen[2].body, "from before"));
    end(&u);
}
END_TEST

START_TEST(nothing_given_is_a_mistake_not_a_crash)
{
    eb_response response = { 0 };
    upload      u;

    begin(&u, "{}");
    ck_assert_int_eq(eb_call_link(NULL, &shop_ticket_op, &shop_link, &u.params, &u.file, NULL, &response),
                     EB_INVALID);
    bench_texts(&response);
    ck_assert_int_eq(eb_call_link(u.b.client, NULL, &shop_link, &u.params, &u.file, NULL, &response),
                     EB_INVALID);
    ck_assert_int_eq(eb_call_link(u.b.client, &shop_ticket_op, NULL, &u.params, &u.file, NULL, &response),
                     EB_INVALID);
    ck_assert_int_eq(eb_call_link(u.b.client, &shop_ticket_op, &shop_link, NULL, &u.file, NULL, &response),
                     EB_INVALID);
    bench_texts(&response);
    ck_assert_int_eq(eb_call_link(u.b.client, &shop_ticket_op, &shop_link, &u.params, NULL, NULL, &response),
                     EB_INVALID);
    ck_assert_int_eq(eb_call_link(u.b.client, &shop_ticket_op, &shop_link, &u.params, &u.file, NULL, NULL),
                     EB_INVALID);
    ck_assert_uint_eq(u.b.script.exchanges, 0);
    eb_response_free(&response);
    end(&u);
}
END_TEST

START_TEST(an_upload_without_memory_says_so)
{
    for (long n = 1;; n++) {
        upload    u;
        eb_status st;
        long      calls;

        begin(&u, TICKET("http://a.depot.example", ",\"x-extra\":\"1\""));
        u.b.memory.calls   = 0;
        u.b.memory.fail_at = n;
        st                 = run(&u);
        calls              = u.b.memory.calls;
        u.b.memory.fail_at = 0;
        ck_assert_msg(st == (calls < n ? EB_OK : EB_NOMEM), "%ld: %s", n, eb_status_name(st));
        end(&u);
        if (calls < n)
            break;
    }
}
END_TEST

UNIT_TESTS("link", an_upload_makes_both_calls, only_known_hosts_get_the_file,
           a_host_that_is_not_allowed_is_named_with_the_option, a_ticket_that_is_none_ends_the_upload,
           a_file_is_looked_at_before_a_ticket_is_asked_for, the_response_tells_which_call_failed,
           what_the_ticket_holds_is_not_shown_when_it_is_refused,
           headers_and_base_url_of_the_caller_are_for_the_first_call,
           an_upload_may_take_longer_than_an_attempt, what_is_passed_may_come_from_the_response,
           nothing_given_is_a_mistake_not_a_crash, an_upload_without_memory_says_so)
