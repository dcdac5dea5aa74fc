/* test_errors.c -- error bodies of every origin become one safe line, and failures inside a 2xx
 * are seen. */
#include "unit.h"

#include <stdio.h>

#include "errors.h"

/* The rules of the documents, as the generator writes them. */
static const char *const edgegap_message[] = { "/message", NULL };
static const eb_errors   edgegap           = { .message = edgegap_message, .fields = "/errors" };

static const char *const acs_code[]       = { "/Code", "/code", NULL };
static const char *const acs_message[]    = { "/Message", "/message", NULL };
static const char *const acs_request_id[] = { "/RequestId", "/requestId", NULL };
static const eb_errors   acs              = {
                   .code = acs_code, .message = acs_message, .request_id = acs_request_id, .throttled = "Throttling"
};

static const char *const sae_code[]     = { "/ErrorCode", "/Code", "/code", NULL };
static const char *const is_false[]     = { "false", NULL };
static const char *const not_success[]  = { "2xx", "OK", "Success", NULL };
static const eb_failure  sae_failures[] = { { "/Success", is_false, NULL },
                                            { "/Code", NULL, not_success } };
static const eb_errors   sae            = { .code          = sae_code,
                                            .message       = acs_message,
                                            .request_id    = acs_request_id,
                                            .failures      = sae_failures,
                                            .failure_count = 2 };

static const char *const oss_code[]       = { "/Code", NULL };
static const char *const oss_message[]    = { "/Message", NULL };
static const char *const oss_request_id[] = { "/RequestId", NULL };
static const int         oss_status[]     = { 203, 0 };
static const eb_errors   oss              = { .code           = oss_code,
                                              .message        = oss_message,
                                              .request_id     = oss_request_id,
                                              .failure_status = oss_status,
                                              .format         = EB_ERROR_XML };

/* Reads a copy whose end the sanitizer guards. */
static eb_error_body read_len(const eb_errors *errors, const char *body, size_t len, eb_arena *arena)
{
    char         *copy = malloc(len ? len : 1);
    eb_error_body found;

    ck_assert_ptr_nonnull(copy);
    ck_assert_ptr_nonnull(arena);
    memcpy(copy, body, len);
    ck_assert_int_eq(eb__error_read(errors, copy, len, arena, &found), EB_OK);
    memset(copy, 'x', len); /* what was found must not point into it */
    free(copy);
    return found;
}

static void check_len(const eb_errors *errors, const char *body, size_t len, const char *code,
                      const char *message, const char *field, const char *request_id)
{
    eb_arena           *arena = eb__arena_new(NULL, 0);
    const eb_error_body found = read_len(errors, body, len, arena);

    ck_assert_str_eq(found.code, code);
    ck_assert_str_eq(found.message, message);
    ck_assert_str_eq(found.field, field);
    ck_assert_str_eq(found.request_id, request_id);
    eb__arena_free(arena);
}

static void check(const eb_errors *errors, const char *body, const char *code, const char *message,
                  const char *field, const char *request_id)
{
    check_len(errors, body, strlen(body), code, message, field, request_id);
}

START_TEST(bodies_of_the_services)
{
    check(&edgegap, "{\"message\":\"App not found\"}", "", "App not found", "", "");
    check(&acs,
          "{\"RequestId\":\"R-1\",\"HostId\":\"h\",\"Code\":\"Throttling.User\",\"Message\":\"Slow "
          "down.\",\"Recommend\":\"https://x\",\"AccessDeniedDetail\":{\"Code\":\"no\"}}",
          "Throttling.User", "Slow down.", "", "R-1");
    check(&acs, "{\"requestId\":\"R-2\",\"code\":\"C\",\"message\":\"m\"}", "C", "m", "", "R-2");
    check(&sae, "{\"Code\":\"400\",\"ErrorCode\":\"InvalidAppId.NotFound\",\"Message\":\"m\",\"Success\":false}",
          "InvalidAppId.NotFound", "m", "", "");
    check(&sae, "{\"Code\":400,\"ErrorCode\":\"\",\"Message\":\"m\"}", "400", "m", "", "");
    check(&sae, "{\"Code\":\"Throttling.User\",\"ErrorCode\":null}", "Throttling.User", "", "", "");
    check(&oss,
          "<?xml version=\"1.0\"?>\n<Error><Code>CallbackFailed</Code><Message>Error &amp; "
          "more</Message><RequestId>R</RequestId></Error>",
          "CallbackFailed", "Error & more", "", "R");
}
END_TEST

START_TEST(a_body_of_the_other_format)
{
    check(&acs, "<Error><RequestId>R</RequestId><HostId>h</HostId><Code>C</Code><Message>m</Message></Error>",
          "C", "m", "", "R");
    check(&acs, " \r\n<?xml version='1.0' encoding='UTF-8'?><Error><Code>C</Code></Error>", "C", "",
          "", "");
    check(&oss, "{\"Code\":\"C\",\"Message\":\"m\",\"RequestId\":\"R\"}", "C", "m", "", "R");
    check(&acs, "\xEF\xBB\xBF{\"Code\":\"C\"}", "C", "", "", "");
    check(&acs, "\xEF\xBB\xBF<Error><Code>C</Code></Error>", "C", "", "", "");
}
END_TEST

START_TEST(what_cannot_be_read_leaves_nothing)
{
    static const char *const bodies[] = {
        "",
        " \r\n\t",
        "\xEF\xBB\xBF",
        "Too Many Requests",
        "null",
        "[]",
        "{}",
        "[{\"Code\":\"C\"}]",
        "\"Code\"",
        "{\"Code\":",
        "{\"Code\":\"C",
        "{'Code':'C'}",
        "{\"Code\":null,\"Message\":null,\"RequestId\":null}",
        "{\"Code\":{\"a\":1},\"RequestId\":[\"R\"]}",
        "{\"Code\":\"\",\"Message\":\"   \"}",
        "<html><body><h1>502 Bad Gateway</h1><code>Code</code></body></html>",
        "<HTML><Code>C</Code></HTML>",
        "<!DOCTYPE html><html><Code>C</Code></html>",
        "<Error><Code>C",
        "<",
        "{",
        "\xff\xfe{\0",
        "\x1f\x8b\x08\x00",
    };

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        check(&acs, bodies[i], "", "", "", "");
    check_len(&acs, "\0\0\0", 3, "", "", "", "");
    check(NULL, "{\"Code\":\"C\"}", "", "", "", "");
}
END_TEST

START_TEST(a_cut_body_gives_what_was_whole)
{
    check(&acs, "{\"Code\":\"C\",\"RequestId\":\"R\",\"Message\":\"half of", "C", "", "", "R");
    check(&acs, "{\"Code\":\"C\",\"Message\":\"m\",", "C", "m", "", "");
    check(&acs, "{\"Code\":\"C\",\"Message\":\"m\"} and more", "C", "m", "", "");
    check(&acs, "<Error><Code>C</Code><Message>half of", "C", "", "", "");
}
END_TEST

START_TEST(cut_anywhere_does_no_harm)
{
    static const char whole[] =
        "{\"Code\":\"C\\u00e9\",\"Message\":\"a\\ud83d\\ude00\\n\xc3\xa9\",\"e\":{\"a\":[\"b\"]}}";

    for (size_t len = 0; len < sizeof(whole); len++) {
        eb_arena           *arena = eb__arena_new(NULL, 0);
        const eb_error_body found = read_len(&acs, whole, len, arena);

        ck_assert(found.code[0] == '\0' || strcmp(found.code, "C\xc3\xa9") == 0);
        eb__arena_free(arena);
    }
}
END_TEST

START_TEST(messages_are_one_safe_line)
{
    check(&edgegap, "{\"message\":\"a\\nb\\r\\nc\\td\"}", "", "a b  c d", "", "");
    check(&edgegap, "{\"message\":\"a\nb\tc\"}", "", "a b c", "", "");
    check(&edgegap, "{\"message\":\"\\u001b[31mred\\u0007\\u007f\\u009b1m\"}", "", "?[31mred???1m",
          "", "");
    check(&edgegap, "{\"message\":\"\x1b[31m\x01\"}", "", "?[31m?", "", "");
    check(&edgegap, "{\"message\":\"  both ends \\n\"}", "", "both ends", "", "");
    check(&edgegap, "{\"message\":\"\xff\xfe \xc3\x28 \xc3\xa9 \xed\xa0\x80 \xf4\x90\x80\x80 \xe7\x89\"}",
          "", "?? ?( \xc3\xa9 ??? ???? ??", "", "");
    check(&edgegap, "{\"message\":\"a\\u0000b\"}", "", "a?b", "", "");
    check(&edgegap, "{\"message\":\"\\ud800 \\udc00 \\ud83d\\ude00 \\ud83dx\"}", "",
          "? ? \xf0\x9f\x98\x80 ?x", "", "");
    check(&edgegap, "{\"message\":\"\\ud83d\\u0041 \\ud83d\\ud83d\\ude00\"}", "",
          "?A ?\xf0\x9f\x98\x80", "", "");
    check(&edgegap, "{\"message\":\"\\x41 \\u12 \\uzzzz\"}", "", "?x41 ?u12 ?uzzzz", "", "");
    check(&edgegap, "{\"message\":\"\\\"\\\\\\/\\b\\f\"}", "", "\"\\/??", "", "");
    check_len(&edgegap, "{\"message\":\"a\0b\"}", 17, "", "a?b", "", "");
    check(&oss, "<Error><Code>\x80</Code><Message>a&#10;b&#27;&#x9b;\xff</Message></Error>", "?",
          "a b???", "", "");
}
END_TEST

START_TEST(messages_that_are_not_texts)
{
    check(&edgegap, "{\"message\":{\"name\":\"required\"}}", "", "{\"name\":\"required\"}", "", "");
    check(&edgegap, "{\"message\":[\"a\",1]}", "", "[\"a\",1]", "", "");
    check(&edgegap, "{\"message\":12}", "", "12", "", "");
    check(&edgegap, "{\"message\":false}", "", "false", "", "");
}
END_TEST

START_TEST(the_first_field_is_named)
{
    check(&edgegap,
          "{\"message\":\"Input payload validation failed\",\"errors\":{\"req_cpu\":\"'req_cpu' is a required "
          "property\",\"name\":\"no\"}}",
          "", "Input payload validation failed: req_cpu: 'req_cpu' is a required property",
          "req_cpu", "");
    check(&edgegap, "{\"errors\":{\"ports.0\":\"no\"}}", "", "ports.0: no", "ports.0", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\":[\"one\",\"two\"]}}", "", "m: a: one", "a", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\":{\"b\":\"c\"}}}", "",
          "m: a: {\"b\":\"c\"}", "a", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\":null}}", "", "m", "a", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\":\"\"}}", "", "m", "a", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"\":\"no\"}}", "", "m: no", "", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{}}", "", "m", "", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":[]}", "", "m", "", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":\"no\"}", "", "m", "", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\\nb\\u0001\":\"c\\nd\"}}", "",
          "m: a b?: c d", "a b?", "");
    check(&edgegap, "{\"message\":\"m\",\"errors\":{\"a\":\"b", "", "m", "", "");
}
END_TEST

START_TEST(long_texts_are_bounded)
{
    static char   body[9000], text[4001];
    eb_arena     *arena = eb__arena_new(NULL, 0);
    eb_error_body found;

    memset(text, 'm', 2048);
    snprintf(body, sizeof(body), "{\"message\":\"%s\"}", text);
    found = read_len(&edgegap, body, strlen(body), arena);
    ck_assert_str_eq(found.message, text);

    memset(text, 'm', 4000);
    snprintf(body, sizeof(body), "{\"message\":\"%s\",\"errors\":{\"%s\":\"%.500s\"}}", text, text, text);
    found = read_len(&edgegap, body, strlen(body), arena);
    ck_assert_uint_eq(strlen(found.message), 2048);
    ck_assert_str_eq(found.message + 2045, "...");
    ck_assert_uint_eq(strlen(found.field), 256);
    ck_assert_str_eq(found.field + 253, "...");

    /* Cut between characters: each of three bytes. */
    for (size_t i = 0; i + 3 <= 4000; i += 3)
        memcpy(text + i, "\xe7\x89\x88", 4);
    for (size_t pad = 0; pad < 3; pad++) {
        snprintf(body, sizeof(body), "{\"message\":\"%.*s%s\"}", (int)pad, "xx", text);
        found = read_len(&edgegap, body, strlen(body), arena);
        ck_assert_uint_le(strlen(found.message), 2048);
        ck_assert_uint_ge(strlen(found.message), 2045);
        ck_assert_str_eq(found.message + strlen(found.message) - 6, "\xe7\x89\x88...");
    }

    memset(text, 'c', 4000);
    snprintf(body, sizeof(body), "{\"Code\":\"%s\",\"RequestId\":\"%s\"}", text, text);
    found = read_len(&acs, body, strlen(body), arena);
    ck_assert_uint_eq(strlen(found.code), 256);
    ck_assert_uint_eq(strlen(found.request_id), 256);
    eb__arena_free(arena);
}
END_TEST

START_TEST(a_huge_body_is_read_at_its_beginning)
{
    const size_t      size    = (size_t)4 << 20;
    char             *body    = malloc(size);
    eb_arena         *arena   = eb__arena_new(NULL, 0);
    static const char start[] = "{\"Code\":\"C\",\"Detail\":\"";
    eb_error_body     found;

    ck_assert_ptr_nonnull(body);
    memset(body, 'x', size);
    memcpy(body, start, sizeof(start) - 1);
    found = read_len(&acs, body, size, arena);
    ck_assert_str_eq(found.code, "C");
    eb__arena_free(arena);
    free(body);
}
END_TEST

static bool read_all(const eb_allocator *allocator)
{
    static char   body[20000];
    eb_arena     *arena = eb__arena_new(allocator, 0);
    eb_error_body found;
    bool          worked;

    snprintf(body, sizeof(body),
             "{\"message\":\"%05000d\",\"Message\":\"%05000d\",\"Code\":\"C\",\"errors\":{\"a\":\"%05000d\"}}",
             0, 0, 0);
    worked = arena && eb__error_read(&edgegap, body, strlen(body), arena, &found) == EB_OK;
    if (worked)
        ck_assert_uint_eq(strlen(found.message), 2048);
    else if (arena)
        ck_assert_str_eq(found.message, "");
    eb__arena_free(arena);
    return worked;
}

START_TEST(survives_failed_allocations)
{
    unit_fail_each(read_all);
}
END_TEST

START_TEST(random_bodies_do_no_harm)
{
    static const char *const pieces[] = { "{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          "\"Code\"",
                                          "\"message\"",
                                          "\"",
                                          "\\",
                                          "\\u00",
                                          "\\ud8",
                                          "00",
                                          "\xff",
                                          "\xc3",
                                          "\xa9",
                                          "<",
                                          ">",
                                          "<Code>",
                                          "</Code>",
                                          "&lt;",
                                          "null",
                                          "12",
                                          "\x01",
                                          "\"errors\":{",
                                          "\n",
                                          "\\u0000",
                                          "\\ud83d\\ude00" };
    uint64_t                 random   = 23;

    for (long n = 0; n < unit_cases(20000); n++) {
        char          text[400] = "{\"message\":\"";
        size_t        len       = unit_random(&random) % 2 ? strlen(text) : 1;
        eb_arena     *arena     = eb__arena_new(NULL, 0);
        eb_error_body found;

        if (unit_random(&random) % 4 == 0)
            text[0] = '<';
        for (unsigned i = (unsigned)(unit_random(&random) % 24); i > 0; i--) {
            const char *piece = pieces[unit_random(&random) % (sizeof(pieces) / sizeof(pieces[0]))];

            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        found = read_len(n % 2 ? &edgegap : &acs, text, len, arena);
        for (const char *c = found.message; *c; c++)
            ck_assert_msg((unsigned char)*c >= 0x20 && *c != 0x7f, "control character in a message");
        eb__arena_free(arena);
    }
}
END_TEST

START_TEST(where_a_document_does_not_say_the_usual_members_are_read)
{
    static const struct {
        const char *body, *code, *message;
    } cases[] = {
        { "{\"type\":\"https://a.example/short\",\"title\":\"Short\",\"status\":422,\"detail\":\"name: short\"}",
          "https://a.example/short", "name: short" },
        { "{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404}", "", "Not found" },
        { "{\"message\":\"no\",\"code\":\"E1\"}", "E1", "no" },
        { "{\"message\":\"no\",\"code\":404}", "", "no" },
        { "{\"message\":\"no\",\"code\":20404}", "20404", "no" },
        { "{\"error\":\"invalid_grant\",\"error_description\":\"expired\"}", "invalid_grant", "expired" },
        { "{\"error\":\"not found\"}", "", "not found" },
        { "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\",\"message\":\"no\"}}", "NOT_FOUND", "no" },
        { "{\"error\":{\"code\":null,\"type\":\"range\",\"message\":\"no\"}}", "range", "no" },
        { "{\"errors\":[{\"code\":\"a\",\"message\":\"b\"},{\"code\":\"c\"}]}", "a", "b" },
        { "{\"errors\":[\"b\"]}", "", "b" },
        { "{\"timestamp\":1,\"status\":404,\"error\":\"Not Found\",\"message\":\"\"}", "", "Not Found" },
        { "{\"Code\":\"C\"}", "C", "" },
        { "{\"message\":{\"a\":1},\"title\":\"t\"}", "", "t" },
        { "[]", "", "" },
        { "\"text\"", "", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(&(eb_errors){ 0 }, cases[i].body, cases[i].code, cases[i].message, "", "");
}
END_TEST

/* ---- Inside a 2xx ---------------------------------------------------------------------------- */

static bool inside(const eb_errors *errors, int status, const char *body)
{
    eb_arena  *arena = eb__arena_new(NULL, 0);
    const bool is    = eb__error_inside(errors, status, body, strlen(body), arena);

    ck_assert(!eb__arena_failed(arena));
    eb__arena_free(arena);
    return is;
}

START_TEST(failures_inside_a_success_are_seen)
{
    static const char *const failures[] = {
        "{\"Success\":false}",
        "{\"Success\":false,\"Code\":\"200\"}",
        "{\"Success\":\"false\"}",
        "{\"Success\":\"False\"}",
        "{\"Code\":400}",
        "{\"Code\":\"400\"}",
        "{\"Code\":\"300\",\"Success\":true}",
        "{\"Code\":\"199\"}",
        "{\"Code\":\"20\"}",
        "{\"Code\":\"2000\"}",
        "{\"Code\":\"2xy\"}",
        "{\"Code\":\"InvalidAppId.NotFound\",\"Success\":true}",
        "{\"Code\":false}",
        "{\"Data\":{},\"Code\":500,\"Success\":true}",
    };
    static const char *const successes[] = {
        "",
        "{}",
        "{\"Success\":true}",
        "{\"Success\":null,\"Code\":null}",
        "{\"Success\":true,\"Code\":\"200\"}",
        "{\"Success\":true,\"Code\":200}",
        "{\"Code\":204}",
        "{\"Code\":\"299\"}",
        "{\"Code\":\"OK\"}",
        "{\"Code\":\"ok\"}",
        "{\"Code\":\"success\",\"ErrorCode\":\"success\"}",
        "{\"Code\":\"Success\"}",
        "{\"Code\":\"\"}",
        "{\"success\":false,\"code\":400}",
        "{\"Data\":{\"Success\":false,\"Code\":400}}",
        "[{\"Success\":false}]",
        "not JSON",
    };

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
        ck_assert_msg(inside(&sae, 200, failures[i]), "%s", failures[i]);
    for (size_t i = 0; i < sizeof(successes) / sizeof(successes[0]); i++)
        ck_assert_msg(!inside(&sae, 200, successes[i]), "%s", successes[i]);
}
END_TEST

START_TEST(statuses_can_be_failures)
{
    ck_assert(inside(&oss, 203, ""));
    ck_assert(inside(&oss, 203, "<Error><Code>CallbackFailed</Code></Error>"));
    ck_assert(!inside(&oss, 200, ""));
    ck_assert(!inside(&oss, 204, ""));
    ck_assert(!inside(&sae, 203, "{}"));
    ck_assert(!inside(&acs, 200, "{\"Success\":false}"));
    ck_assert(!inside(NULL, 200, "{\"Success\":false}"));
    ck_assert(!eb__error_inside(&sae, 204, NULL, 0, NULL));
}
END_TEST

START_TEST(documented_codes_have_constants)
{
    static const char *const texts[] = { "Throttling.User", NULL, "InvalidParameter" };
    static const eb_enum     codes   = { "sae_error", texts, NULL, 3 };
    const eb_errors          errors  = { .codes = &codes };
    eb_response              said    = { 0 };

    ck_assert_int_eq(eb_error_of(&errors, NULL), 0);
    ck_assert_int_eq(eb_error_of(&errors, &said), 0);
    said.code = "";
    ck_assert_int_eq(eb_error_of(&errors, &said), 0);
    said.code = "Throttling.User";
    ck_assert_int_eq(eb_error_of(&errors, &said), 1);
    said.code = "InvalidParameter";
    ck_assert_int_eq(eb_error_of(&errors, &said), 3);
    said.code = "Throttling";
    ck_assert_int_eq(eb_error_of(&errors, &said), -1);
    ck_assert_int_eq(eb_error_of(&edgegap, &said), -1);
    ck_assert_int_eq(eb_error_of(NULL, &said), -1);
}
END_TEST

UNIT_TESTS("errors", where_a_document_does_not_say_the_usual_members_are_read,
           bodies_of_the_services, a_body_of_the_other_format, what_cannot_be_read_leaves_nothing,
           a_cut_body_gives_what_was_whole, cut_anywhere_does_no_harm, messages_are_one_safe_line,
           messages_that_are_not_texts, the_first_field_is_named, long_texts_are_bounded,
           a_huge_body_is_read_at_its_beginning, survives_failed_allocations,
           random_bodies_do_no_harm, failures_inside_a_success_are_seen, statuses_can_be_failures,
           documented_codes_have_constants)
