/* test_url.c -- percent-encoding of every byte, and which URLs are let through. */
#include "unit.h"

#include <stdio.h>

#include "url.h"

START_TEST(encode_keeps_exactly_the_unreserved)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (int c = 0; c < 256; c++) {
        const char byte        = (char)c;
        char       expected[4] = { byte, '\0', '\0', '\0' };
        eb_buf     out         = { 0 };

        if (c == 0 || !strchr(unreserved, c))
            snprintf(expected, sizeof(expected), "%%%02X", (unsigned)c);
        eb__url_encode(&out, &byte, 1);
        ck_assert_str_eq(eb__buf_text(&out), expected);
        eb__buf_free(&out);
    }
}
END_TEST

static size_t decode(char *text)
{
    char *out = text;

    for (const char *in = text; *in; in++) {
        unsigned value = (unsigned char)*in;

        if (*in == '%') {
            ck_assert_int_eq(sscanf(in + 1, "%2X", &value), 1);
            in += 2;
        }
        *out++ = (char)value;
    }
    return (size_t)(out - text);
}

START_TEST(encode_can_be_undone)
{
    uint64_t random = 1;

    for (long n = 0; n < unit_cases(2000); n++) {
        char   text[64];
        size_t len = unit_random(&random) % sizeof(text);
        eb_buf out = { 0 };

        for (size_t i = 0; i < len; i++)
            text[i] = (char)(unit_random(&random) >> 32);
        eb__url_encode(&out, text, len);
        ck_assert_int_eq(eb__buf_status(&out), EB_OK);
        if (len > 0) {
            ck_assert_uint_eq(decode(out.data), len);
            ck_assert_mem_eq(out.data, text, len);
        }
        eb__buf_free(&out);
    }
}
END_TEST

START_TEST(encode_appends)
{
    eb_buf out = { 0 };

    eb__buf_puts(&out, "a=");
    eb__url_encode(&out, "b c", 3);
    eb__url_encode(&out, "", 0);
    ck_assert_str_eq(eb__buf_text(&out), "a=b%20c");
    eb__buf_free(&out);
}
END_TEST

static bool encode_with(const eb_allocator *allocator)
{
    eb_buf out;
    bool   worked;

    eb__buf_init(&out, allocator, 0);
    for (int i = 0; i < 300; i++)
        eb__url_encode(&out, "a b\xff", 4);
    worked = eb__buf_status(&out) == EB_OK;
    if (worked)
        ck_assert_uint_eq(out.len, 300 * 8);
    eb__buf_free(&out);
    return worked;
}

START_TEST(encode_survives_failed_allocations)
{
    unit_fail_each(encode_with);
}
END_TEST

static void check_part(const char *url, const char *part, size_t len, const char *expected)
{
    ck_assert_msg(len == strlen(expected) && memcmp(part, expected, len) == 0,
                  "%s: expected %s, found %.*s", url, expected, (int)len, part);
}

START_TEST(parse_finds_the_parts)
{
    static const struct {
        const char *url, *scheme, *host, *authority, *path, *query;
        int         port;
        bool        https, has_port;
    } cases[] = {
        { "https://esa.cn-hangzhou.aliyuncs.com", "https", "esa.cn-hangzhou.aliyuncs.com",
          "esa.cn-hangzhou.aliyuncs.com", "", "", 443, true, false },
        { "http://h/", "http", "h", "h", "/", "", 80, false, false },
        { "HTTPS://H.Example:8443/a/b?c=d&e", "HTTPS", "H.Example", "H.Example:8443", "/a/b",
          "c=d&e", 8443, true, true },
        { "http://127.0.0.1:8080", "http", "127.0.0.1", "127.0.0.1:8080", "", "", 8080, false, true },
        { "http://h:80/", "http", "h", "h:80", "/", "", 80, false, false },
        { "https://h:443", "https", "h", "h:443", "", "", 443, true, false },
        { "https://h:80", "https", "h", "h:80", "", "", 80, true, true },
        { "http://h:00080", "http", "h", "h:00080", "", "", 80, false, false },
        { "http://h:65535", "http", "h", "h:65535", "", "", 65535, false, true },
        { "http://h:1", "http", "h", "h:1", "", "", 1, false, true },
        { "http://[::1]:9/x", "http", "::1", "[::1]:9", "/x", "", 9, false, true },
        { "http://[2001:DB8::ffff:1.2.3.4]", "http", "2001:DB8::ffff:1.2.3.4",
          "[2001:DB8::ffff:1.2.3.4]", "", "", 80, false, false },
        { "https://h?q", "https", "h", "h", "", "q", 443, true, false },
        { "https://h/?", "https", "h", "h", "/", "", 443, true, false },
        { "https://h/?a=/?:@", "https", "h", "h", "/", "a=/?:@", 443, true, false },
        { "https://h.example./%C3%A9/~!$&'()*+,;=:@-._", "https", "h.example.", "h.example.",
          "/%C3%A9/~!$&'()*+,;=:@-._", "", 443, true, false },
        { "http://my_host-1.example", "http", "my_host-1.example", "my_host-1.example", "", "", 80,
          false, false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        eb_url url;

        ck_assert_msg(eb__url_parse(cases[i].url, &url), "%s: refused", cases[i].url);
        check_part(cases[i].url, url.scheme, url.scheme_len, cases[i].scheme);
        check_part(cases[i].url, url.host, url.host_len, cases[i].host);
        check_part(cases[i].url, url.authority, url.authority_len, cases[i].authority);
        check_part(cases[i].url, url.path, url.path_len, cases[i].path);
        check_part(cases[i].url, url.query, url.query_len, cases[i].query);
        ck_assert_int_eq(url.port, cases[i].port);
        ck_assert_int_eq(url.https, cases[i].https);
        ck_assert_int_eq(url.has_port, cases[i].has_port);
    }
}
END_TEST

START_TEST(parse_refuses)
{
    static const char *const bad[] = {
        "http://127.1", /* what other readers take for an address, and send as another host */
        "http://2130706433/",
        "http://0x7f.0.0.1",
        "http://127.0.0.01",
        "http://127.0.0.256",
        "http://127.0.0.1.",
        "https://a.0x7F/",
        "",
        "h",
        "/path",
        "//h",
        "http",
        "http:",
        "http:/",
        "http:/h",
        "http://",
        "http:///p",
        "https://?q",
        "https://:80",
        "ftp://h",
        "file:///etc/passwd",
        "httpss://h",
        "http ://h",
        " http://h",
        "http://h ",
        "http://h/a b",
        "http://h/a\tb",
        "http://h/a\nb",
        "http://h/\x7f",
        "http://h\r\nX: y",
        "http://h/#f",
        "http://h#f",
        "http://h/?q#f",
        "http://user@h/",
        "http://user:pw@h/",
        "http://@h/",
        "http://h@/",
        "http://a@b@c/",
        "http://h\\@evil/",
        "http://h/\\",
        "http://h:0",
        "http://h:65536",
        "http://h:99999",
        "http://h:",
        "http://h:/",
        "http://h:-1",
        "http://h:+1",
        "http://h: 80",
        "http://h:80a",
        "http://h:8:0",
        "http://h:0x50",
        "http://h:000080",
        "http://h:4294967376",
        "http://[::1",
        "http://::1/",
        "http://[]",
        "http://[::1]x",
        "http://[::1]:",
        "http://[:::1]",
        "http://[12345::]",
        "http://[fe80::1%25eth0]",
        "http://[v1.x]",
        "http://[127.0.0.1]",
        "http://a..b",
        "http://.a",
        "http://.",
        "http://a%2eb",
        "http://h%00",
        "http://\xc3\xa9.example",
        "http://h/\xc3\xa9",
        "http://h/%",
        "http://h/%4",
        "http://h/%4g",
        "http://h/?%4g/x",
        "http://h/%zz",
        "http://h/?%g0",
        "http://h/{id}",
        "http://h/<>",
        "http://h/\"",
        "http://h/a|b",
        "http://h/^",
        "http://h/`",
        "http://h/?[",
        "http://a,b",
        "http://a;b",
        "http://*",
        "http://$(x)",
    };
    char   long_name[400] = "http://";
    eb_url url;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!eb__url_parse(bad[i], &url), "%s: let through", bad[i]);
    ck_assert(!eb__url_parse(NULL, &url));
    memset(long_name + 7, 'a', 253);
    ck_assert(eb__url_parse(long_name, &url));
    long_name[7 + 253] = 'a';
    ck_assert(!eb__url_parse(long_name, &url));
}
END_TEST

START_TEST(parse_leaves_its_output_alone_when_it_refuses)
{
    eb_url url = { .port = 7 };

    ck_assert(!eb__url_parse("http://h:0", &url));
    ck_assert_int_eq(url.port, 7);
    ck_assert_ptr_null(url.host);
}
END_TEST

START_TEST(parse_never_reads_behind_the_end)
{
    static const char whole[] = "https://[::1]:8443/a%20b?c=%7E#x";

    for (size_t len = 0; len < sizeof(whole); len++) {
        char  *copy = malloc(len + 1); /* the sanitizer guards its end */
        eb_url url;

        ck_assert_ptr_nonnull(copy);
        memcpy(copy, whole, len);
        copy[len] = '\0';
        (void)eb__url_parse(copy, &url);
        free(copy);
    }
}
END_TEST

START_TEST(loopback_is_told_by_its_text)
{
    static const struct {
        const char *host;
        bool        is;
    } cases[] = {
        { "localhost", true },
        { "LocalHost", true },
        { "127.0.0.1", true },
        { "127.255.255.255", true },
        { "127.0.0.0", true },
        { "::1", true },
        { "0:0:0:0:0:0:0:1", true },
        { "", false },
        { "localhos", false },
        { "localhost.", false },
        { "localhostx", false },
        { "x.localhost", false },
        { "128.0.0.1", false },
        { "127.0.0", false },
        { "127.1", false },
        { "127.0.0.1.example", false },
        { "127.0.0.256", false },
        { "127.0.0.01", false },
        { "::", false },
        { "::2", false },
        { "::ffff:128.0.0.1", false },
        { "0.0.0.0", false },
        { "[::1]", false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_msg(eb__url_is_loopback(cases[i].host, strlen(cases[i].host)) == cases[i].is,
                      "%s", cases[i].host);
    ck_assert(eb__url_is_loopback("127.0.0.1:80", 9));
    ck_assert(!eb__url_is_loopback("127.0.0.1\0x", 11));
}
END_TEST

START_TEST(hosts_match_patterns)
{
    static const struct {
        const char *host, *pattern;
        bool        does;
    } cases[] = {
        { "a.example.com", "a.example.com", true },
        { "A.Example.COM", "a.eXample.com", true },
        { "b.example.com", "a.example.com", false },
        { "a.example.comx", "a.example.com", false },
        { "xa.example.com", "a.example.com", false },
        { "a.example.com", "*.example.com", true },
        { "a.b.example.com", "*.example.com", true },
        { "A.EXAMPLE.COM", "*.example.com", true },
        { "example.com", "*.example.com", false },
        { ".example.com", "*.example.com", false },
        { "a..example.com", "*.example.com", false },
        { "..example.com", "*.example.com", false },
        { "aexample.com", "*.example.com", false },
        { "a.example.com.evil.net", "*.example.com", false },
        { "a.example.com.", "*.example.com", false },
        { "evil/.example.com", "*.example.com", false },
        { "a@.example.com", "*.example.com", false },
        { "a", "*", false },
        { "a.b", "*.", false },
        { "a.", "*.", false },
        { "a.b", "*b", false },
        { "a.b.c", "a.*.c", false },
        { "", "", false },
        { "", "*.example.com", false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_msg(eb__url_host_matches(cases[i].host, strlen(cases[i].host), cases[i].pattern) ==
                          cases[i].does,
                      "%s against %s", cases[i].host, cases[i].pattern);
}
END_TEST

UNIT_TESTS("url", encode_keeps_exactly_the_unreserved, encode_can_be_undone, encode_appends,
           encode_survives_failed_allocations, parse_finds_the_parts, parse_refuses,
           parse_leaves_its_output_alone_when_it_refuses, parse_never_reads_behind_the_end,
           loopback_is_told_by_its_text, hosts_match_patterns)
