/* test_xml.c -- the text of an element: well-formed bodies, broken ones, and nothing beyond the
 * end. */
#include "unit.h"

#include <stdio.h>

#include "errors.h"

/* The text of element in xml, in a copy whose end the sanitizer guards; "(none)" for NULL. */
static void check_len(const char *xml, size_t len, const char *element, const char *expected)
{
    eb_arena   *arena = eb__arena_new(NULL, 0);
    char       *copy  = malloc(len ? len : 1);
    const char *found;

    ck_assert_ptr_nonnull(copy);
    ck_assert_ptr_nonnull(arena);
    memcpy(copy, xml, len);
    found = eb__xml_text(copy, len, element, arena);
    ck_assert_msg(strcmp(found ? found : "(none)", expected) == 0, "%.*s: expected %s, found %s",
                  (int)len, xml, expected, found ? found : "(none)");
    free(copy);
    eb__arena_free(arena);
}

static void check(const char *xml, const char *element, const char *expected)
{
    check_len(xml, strlen(xml), element, expected);
}

static const char oss[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<Error>\n"
                          "  <Code>AccessDenied</Code>\n"
                          "  <Message>Invalid according to Policy: Policy expired.</Message>\n"
                          "  <RequestId>5CAC0ABC1234</RequestId>\n"
                          "  <HostId>b.oss-cn-hangzhou.aliyuncs.com</HostId>\n"
                          "</Error>\n";

START_TEST(the_body_of_an_error)
{
    check(oss, "Code", "AccessDenied");
    check(oss, "Message", "Invalid according to Policy: Policy expired.");
    check(oss, "RequestId", "5CAC0ABC1234");
    check(oss, "EC", "(none)");
    check(oss, "code", "(none)");
    check(oss, "Cod", "(none)");
    check(oss, "CodeX", "(none)");
}
END_TEST

START_TEST(spellings_of_elements)
{
    check("<a>x</a>", "a", "x");
    check("<a></a>", "a", "");
    check("<a/>", "a", "");
    check("<a />", "a", "");
    check("<a b='c'/>", "a", "");
    check("<a b=\"c>d</a>\" e='\"'>x</a >", "a", "x");
    check("<a\n\tb='1'\n>x</a\n>", "a", "x");
    check("<r><b><a>x</a></b></r>", "a", "x");
    check("<r><a>first</a><a>second</a></r>", "a", "first");
    check("<r a='<'><a>x</a></r>", "a", "x");
    check("<a>x<b>y</b>z<c/></a>", "a", "xyz");
    check("<a><a>inner</a></a>", "a", "inner");
    check("<a> x\n y </a>", "a", " x\n y ");
    check("<\xe7\x89\x88>x</\xe7\x89\x88>", "\xe7\x89\x88", "x");
    check("text <a>x</a>", "a", "x");
    check("<ns:a>x</ns:a><a>y</a>", "a", "y");
    check("<a>x</a> rubbish <", "a", "x");
}
END_TEST

START_TEST(entities)
{
    check("<a>&lt;&gt;&amp;&quot;&apos;</a>", "a", "<>&\"'");
    check("<a>&amp;lt;</a>", "a", "&lt;");
    check("<a>&#65;&#x42;&#x6a;&#x6A;</a>", "a", "ABjj");
    check("<a>&#xe9;&#x7248;&#x1F600;</a>", "a", "\xc3\xa9\xe7\x89\x88\xf0\x9f\x98\x80");
    check("<a>&#0;&#xD800;&#xDFFF;&#x110000;&#99999999999999999999;</a>", "a", "?????");
    check("<a>&#4294967361;&#x100000041;</a>", "a", "??");
    check("<a>&unknown;&;&#;&#x;&#xg;&#1a;&#-1; & &lt</a>", "a",
          "&unknown;&;&#;&#x;&#xg;&#1a;&#-1; & &lt");
    check("<a>&lt</a>&gt;", "a", "&lt");
    check("<a>&#x000000000000000000000041;</a>", "a", "A");
    check("<a>&#x00000000000000000000000000000041;</a>", "a", "&#x00000000000000000000000000000041;");
}
END_TEST

START_TEST(cdata_comments_and_instructions)
{
    check("<a><![CDATA[<b>&amp;]]]></a>", "a", "<b>&amp;]");
    check("<a>x<![CDATA[]]>y</a>", "a", "xy");
    check("<a>x<!-- </a> -->y<?p </a> ?>z</a>", "a", "xyz");
    check("<!-- <a>no</a> --><?a <a>no</a> ?><a>x</a>", "a", "x");
    check("<r><![CDATA[<a>no</a>]]><a>x</a></r>", "a", "x");
}
END_TEST

START_TEST(what_is_broken_gives_nothing)
{
    static const char *const broken[] = {
        "",
        " ",
        "a",
        "<",
        "<a",
        "<a>",
        "<a>x",
        "<a>x<",
        "<a>x</",
        "<a>x</a",
        "<a>x</b>",
        "</a>",
        "<a>x</ab>",
        "<a>x<b></a>",
        "<a b='>x</a>",
        "<a b=\">x</a>",
        "<a <b>x</a>",
        "< a>x</a>",
        "<>x</>",
        "<a><!-- x</a>",
        "<a><![CDATA[x</a>",
        "<a><?x</a>",
        "<a><!x></a>",
        "<a>x<!--</a>",
        "<a/ ",
        "&a;",
        "<a>x</ a>",
        "<a>x</a b='>",
    };

    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        check(broken[i], "a", "(none)");
}
END_TEST

START_TEST(a_doctype_is_refused)
{
    check("<!DOCTYPE a><a>x</a>", "a", "(none)");
    check("<!doctype html><html><a>x</a></html>", "a", "(none)");
    check("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "a", "(none)");
    check("<r><!DOCTYPE a><a>x</a></r>", "a", "(none)");
}
END_TEST

START_TEST(nul_bytes_do_no_harm)
{
    check_len("<a>x\0y</a>", 10, "a", "x?y");
    check_len("<a><![CDATA[x\0y]]></a>", 22, "a", "x?y");
    check_len("\0<a>x</a>", 9, "a", "x");
    check_len("<a\0>x</a>", 9, "a", "x");
    check_len("<\0a>x</a>", 9, "a", "(none)");
}
END_TEST

START_TEST(cut_anywhere_reads_nothing_behind_the_end)
{
    static const struct {
        const char *element, *end, *text;
    } parts[]                = { { "Code", "</Code>", "AccessDenied" },
                                 { "Message", "</Message>", "Invalid according to Policy: Policy expired." },
                                 { "RequestId", "</RequestId>", "5CAC0ABC1234" } };
    static const char rich[] = "<e a='b' c=\"d\"><!-- c --><?p i?><Code>&lt;&#x41;<![CDATA[x]]></Code></e>";

    for (size_t i = 0; i < 3; i++) {
        const size_t end = (size_t)(strstr(oss, parts[i].end) - oss) + strlen(parts[i].end);

        for (size_t len = 0; len < sizeof(oss); len++)
            check_len(oss, len, parts[i].element, len < end ? "(none)" : parts[i].text);
    }
    for (size_t len = 0; len < sizeof(rich); len++) {
        const bool whole = len >= (size_t)(strstr(rich, "</Code>") - rich) + 7;

        check_len(rich, len, "Code", whole ? "<Ax" : "(none)");
    }
}
END_TEST

START_TEST(random_text_does_no_harm)
{
    static const char *const pieces[] = { "<",   "</",        "a",    ">",  "/>",   "<!--",
                                          "-->", "<![CDATA[", "]]>",  "<?", "?>",   "&",
                                          "lt;", "#x41;",     "\"",   "'",  "\xff", " ",
                                          "b",   "<a>",       "</a>", "=",  ";",    "\n" };
    uint64_t                 random   = 19;

    for (long n = 0; n < unit_cases(20000); n++) {
        char      text[200];
        size_t    len = 0;
        char     *copy;
        eb_arena *arena = eb__arena_new(NULL, 0);

        for (unsigned i = (unsigned)(unit_random(&random) % 20); i > 0; i--) {
            const char *piece = pieces[unit_random(&random) % (sizeof(pieces) / sizeof(pieces[0]))];

            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        copy = malloc(len ? len : 1);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, text, len);
        ck_assert_ptr_nonnull(arena);
        {
            const char *found = eb__xml_text(copy, len, "a", arena);

            ck_assert(!found || strlen(found) <= len);
        }
        free(copy);
        eb__arena_free(arena);
    }
}
END_TEST

static bool read_long(const eb_allocator *allocator)
{
    static char text[40000];
    eb_arena   *arena  = eb__arena_new(allocator, 0);
    bool        worked = false;

    snprintf(text, sizeof(text), "<a>%039000d</a>", 0);
    if (arena) {
        const char *found = eb__xml_text(text, strlen(text), "a", arena);

        worked = found != NULL;
        ck_assert(!found || strlen(found) == 39000);
        ck_assert(worked || eb__arena_failed(arena));
    }
    eb__arena_free(arena);
    return worked;
}

START_TEST(survives_failed_allocations)
{
    unit_fail_each(read_long);
}
END_TEST

START_TEST(deep_nesting_does_no_harm)
{
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH * 7);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < DEPTH; i++) {
        memcpy(text + i * 3, "<b>", 3);
        memcpy(text + DEPTH * 3 + i * 4, "</b>", 4);
    }
    memcpy(text, "<a>", 3);
    memcpy(text + DEPTH * 7 - 4, "</a>", 4);
    check_len(text, DEPTH * 7, "a", "");
    free(text);
}
END_TEST

UNIT_TESTS("xml", the_body_of_an_error, spellings_of_elements, entities,
           cdata_comments_and_instructions, what_is_broken_gives_nothing, a_doctype_is_refused,
           nul_bytes_do_no_harm, cut_anywhere_reads_nothing_behind_the_end,
           random_text_does_no_harm, survives_failed_allocations, deep_nesting_does_no_harm)
