/* json_conformance.c -- every case of json_cases.h, and limits, and what strings and numbers come to, through
 * the check and through the decoder: as a whole text, as a free-form member, and as a member of each type.
 * cJSON is asked too, where it is known how it differs. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "number.h"
#include "rows.h"
#include "text.h"

/* What cJSON 1.7.15 does. */
enum cjson { REFUSES, TAKES, EITHER };

typedef struct json_case {
    const char *text;
    size_t      len;
    const char *why;
    bool        valid;
    enum cjson  cjson;
} json_case;

#define CASE_(text, why, valid, cjson) { (text), sizeof(text) - 1, (why), (valid), (cjson) },
#define YES(text, why)                 CASE_(text, why, true, TAKES)
#define NO(text, why)                  CASE_(text, why, false, REFUSES)
#define NOT_BUT(text, why)             CASE_(text, why, false, TAKES)
#define YES_BUT(text, why)             CASE_(text, why, true, EITHER)
#define CHOICE(text, why)              CASE_(text, why, false, TAKES)

static const json_case cases[] = {
#include "json_cases.h"
};

/* What a string between its quotes is, and NULL when no C string can hold it. */
static const struct string_case {
    const char *json;
    const char *plain;
} strings[] = {
    { "\"\"", "" },
    { "\"a b\"", "a b" },
    { "\"\\\"\\\\\\/\"", "\"\\/" },
    { "\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t" },
    { "\"\\u0001\\u001F\\u007f\"", "\x01\x1f\x7f" },
    { "\"\\u00e9\"", "\xc3\xa9" },
    { "\"\\u07ff\\u0800\"", "\xdf\xbf\xe0\xa0\x80" },
    { "\"\\u20AC\"", "\xe2\x82\xac" },
    { "\"\\uFFFF\"", "\xef\xbf\xbf" },
    { "\"\\uD83C\\uDFAE\"", "\xf0\x9f\x8e\xae" },
    { "\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
    { "\"\xf0\x9f\x8e\xae\xc3\xa9\"", "\xf0\x9f\x8e\xae\xc3\xa9" },
    { "\"\\\\u0041\"", "\\u0041" },
    { "\"\\u005cu0041\"", "\\u0041" },
    { "\"a\\u0000b\"", NULL },
    { "\"\\u0000\"", NULL },
};

/* What a number is as an integer, where it is one that fits; as a double strtod knows. */
static const struct number_case {
    const char *json;
    bool        fits;
    int64_t     value;
} numbers[] = {
    { "0", true, 0 },
    { "-0", true, 0 },
    { "42", true, 42 },
    { "-42", true, -42 },
    { "9007199254740993", true, 9007199254740993 },
    { "9223372036854775807", true, INT64_MAX },
    { "-9223372036854775808", true, INT64_MIN },
    { "9223372036854775808", false, 0 },
    { "-9223372036854775809", false, 0 },
    { "18446744073709551616", false, 0 },
    { "99999999999999999999999", false, 0 },
    { "1.0", false, 0 },
    { "1e3", false, 0 },
    { "-0.0", false, 0 },
    { "0.1", false, 0 },
    { "1e400", false, 0 },
    { "-1e400", false, 0 },
    { "5e-324", false, 0 },
    { "2.4703282292062327e-324", false, 0 },
    { "2.4703282292062328e-324", false, 0 },
    { "1.7976931348623158e308", false, 0 },
    { "1.7976931348623159e308", false, 0 },
    { "9007199254740993.00000000000000000000000000000000000000000000000000001", false, 0 },
};

/* One member of each type under the name "v". */
typedef struct members {
    eb_json     json;
    const char *text;
    double      number;
    int64_t     integer;
    bool        boolean;
} members;

static const eb_field json_row[]    = { EB_ROW_JSON(members, json, "v", EB_REQUIRED) };
static const eb_field text_row[]    = { EB_ROW_STR(members, text, "v", EB_REQUIRED) };
static const eb_field number_row[]  = { EB_ROW_NUM(members, number, "v", EB_REQUIRED) };
static const eb_field integer_row[] = { EB_ROW_INT(members, integer, "v", EB_REQUIRED) };
static const eb_field boolean_row[] = { EB_ROW_BOOL(members, boolean, "v", EB_REQUIRED) };
static const eb_type  as_json       = EB_TYPE(members, json_row);
static const eb_type  as_text       = EB_TYPE(members, text_row);
static const eb_type  as_number     = EB_TYPE(members, number_row);
static const eb_type  as_integer    = EB_TYPE(members, integer_row);
static const eb_type  as_boolean    = EB_TYPE(members, boolean_row);

static int failed, ran;

static void print_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len && i < 100; i++)
        if (text[i] >= ' ' && text[i] <= '~')
            fputc(text[i], stderr);
        else
            fprintf(stderr, "\\x%02x", (unsigned)(unsigned char)text[i]);
}

static void expect(bool good, const char *text, size_t len, const char *what, const char *why)
{
    if (good)
        return;
    print_text(text, len);
    fprintf(stderr, " -- %s: %s\n", what, why);
    failed++;
}

/* {"v":text} read as a type. The members live in the arena. */
static eb_status decode(const eb_type *type, const char *text, size_t len, eb_arena *arena,
                        const members **value)
{
    eb_buf      whole = { 0 };
    const void *made  = NULL;
    eb_problem  problem;
    eb_status   st;

    eb__buf_puts(&whole, "{\"v\":");
    eb__buf_put(&whole, text, len);
    eb__buf_puts(&whole, "}");
    st = eb__buf_status(&whole);
    if (st == EB_OK)
        st = eb__decode(type, whole.data, whole.len, true, NULL, arena, &made, &problem);
    *value = made;
    eb__buf_free(&whole);
    return st;
}

/* ---- Cases ------------------------------------------------------------------------------------ */

static void check_members(const json_case *c, const char *text, size_t len)
{
    const bool number  = c->valid && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    const bool integer = number && memchr(text, '.', len) == NULL &&
                         memchr(text, 'e', len) == NULL && memchr(text, 'E', len) == NULL;
    eb_arena      *arena = eb__arena_new(NULL, 0);
    const members *m     = NULL;
    eb_status      st    = decode(&as_json, c->text, c->len, arena, &m);
    double         value;
    int64_t        whole;
    bool           fits;

    expect(st == (c->valid ? EB_OK : EB_DECODE), c->text, c->len, "as a free-form member", c->why);
    if (st == EB_OK)
        expect(m->json.len == len && memcmp(m->json.text, text, len) == 0, c->text, c->len,
               "kept as it stands", c->why);
    st = decode(&as_text, c->text, c->len, arena, &m);
    if (c->valid && text[0] == '"')
        expect((st == EB_OK) == (strstr(c->text, "\\u0000") == NULL), c->text, c->len,
               "as a string", c->why);
    else
        expect(st == EB_DECODE, c->text, c->len, "is no string", c->why);
    st   = decode(&as_number, c->text, c->len, arena, &m);
    fits = number && eb__parse_double(text, len, &value);
    expect((st == EB_OK) == fits, c->text, c->len, "as a number", c->why);
    if (st == EB_OK)
        expect(m->number == strtod(text, NULL), c->text, c->len, "the same number", c->why);
    st   = decode(&as_integer, c->text, c->len, arena, &m);
    fits = integer && eb__parse_int(text, len, &whole);
    expect((st == EB_OK) == fits, c->text, c->len, "as an integer", c->why);
    st = decode(&as_boolean, c->text, c->len, arena, &m);
    expect((st == EB_OK) == (c->valid && (text[0] == 't' || text[0] == 'f')), c->text, c->len,
           "as a boolean", c->why);
    eb__arena_free(arena);
}

/* Within brackets and white space it is what it was, but for what depends on being first. */
static void check_wrapped(const json_case *c)
{
    eb_buf whole = { 0 };

    eb__buf_puts(&whole, "[ [0,\t");
    eb__buf_put(&whole, c->text, c->len);
    eb__buf_puts(&whole, "\r]\n]");
    expect(eb__json_check(whole.data, whole.len, NULL, NULL) == (c->valid ? EB_OK : EB_DECODE),
           whole.data, whole.len, "within brackets", c->why);
    eb__buf_free(&whole);
}

/* No beginning of a string, array or object is one. */
static void check_beginnings(const json_case *c, const char *text, size_t len)
{
    if (!c->valid || (text[0] != '"' && text[0] != '[' && text[0] != '{'))
        return;
    for (size_t cut = 0; cut < len; cut++)
        expect(eb__json_check(text, cut, NULL, NULL) == EB_DECODE, text, cut, "cut off", c->why);
}

static void check_cjson(const json_case *c)
{
    char  *text = malloc(c->len + 1);
    cJSON *tree;

    if (text == NULL)
        abort();
    memcpy(text, c->text, c->len);
    text[c->len] = '\0';
    tree         = cJSON_ParseWithLengthOpts(text, c->len + 1, NULL, true);
    if (c->cjson != EITHER && strcmp(cJSON_Version(), "1.7.15") == 0)
        expect((tree != NULL) == (c->cjson == TAKES), c->text, c->len,
               tree != NULL ? "cJSON takes it" : "cJSON does not take it", c->why);
    cJSON_Delete(tree);
    free(text);
}

static void check_case(const json_case *c)
{
    const char *text = c->text;
    size_t      len  = c->len;
    eb_problem  problem;
    eb_json     found;
    const bool  valid = eb__json_check(c->text, c->len, NULL, &problem) == EB_OK;

    while (len > 0 && eb__is_space(text[0])) {
        text++;
        len--;
    }
    while (len > 0 && eb__is_space(text[len - 1]))
        len--;
    expect(valid == c->valid, c->text, c->len, valid ? "is taken" : problem.text, c->why);
    if (valid)
        expect(eb__json_find(c->text, c->len, "", &found) && found.len == len, c->text, c->len,
               "found as a whole", c->why);
    else
        expect(problem.status == EB_DECODE && problem.offset <= c->len &&
                   strstr(problem.text, "invalid JSON at byte ") == problem.text,
               c->text, c->len, "says where", c->why);
    check_members(c, text, len);
    if (strcmp(c->why, "elements without an array") != 0)
        check_wrapped(c);
    check_beginnings(c, text, len);
    check_cjson(c);
    ran++;
}

/* ---- Values ----------------------------------------------------------------------------------- */

static void check_string(const struct string_case *c)
{
    const size_t   len   = strlen(c->json);
    eb_arena      *arena = eb__arena_new(NULL, 0);
    const char    *plain = eb__json_plain((eb_json){ c->json, len }, arena);
    const members *m     = NULL;
    eb_status      st    = decode(&as_text, c->json, len, arena, &m);

    expect(eb__json_check(c->json, len, NULL, NULL) == EB_OK, c->json, len, "string", "is JSON");
    if (c->plain == NULL) {
        expect(st == EB_DECODE && plain == NULL, c->json, len, "string", "holds a NUL");
    } else {
        expect(st == EB_OK && strcmp(m->text, c->plain) == 0, c->json, len, "string", "decoded");
        expect(plain != NULL && strcmp(plain, c->plain) == 0, c->json, len, "string", "plain");
    }
    eb__arena_free(arena);
    ran++;
}

static void check_number(const struct number_case *c)
{
    const size_t   len   = strlen(c->json);
    const double   right = strtod(c->json, NULL);
    eb_arena      *arena = eb__arena_new(NULL, 0);
    const members *m     = NULL;
    eb_status      st    = decode(&as_integer, c->json, len, arena, &m);

    expect(eb__json_check(c->json, len, NULL, NULL) == EB_OK, c->json, len, "number", "is JSON");
    expect(st == (c->fits ? EB_OK : EB_DECODE), c->json, len, "number", "as an integer");
    if (st == EB_OK)
        expect(m->integer == c->value, c->json, len, "number", "the same integer");
    st = decode(&as_number, c->json, len, arena, &m);
    expect(st == (isinf(right) ? EB_DECODE : EB_OK), c->json, len, "number", "as a double");
    if (st == EB_OK)
        expect(memcmp(&m->number, &right, sizeof right) == 0, c->json, len, "number", "the same double");
    eb__arena_free(arena);
    ran++;
}

/* ---- Limits ----------------------------------------------------------------------------------- */

/* How a text nested so deep, of brackets alone or of objects too, is taken. */
static void check_depth(size_t depth, size_t max, bool objects, eb_status wanted)
{
    const eb_limits_in limits = { max, 0 };
    eb_buf             text   = { 0 };

    for (size_t i = 0; i < depth; i++)
        eb__buf_puts(&text, objects && i % 2 == 1 ? "{\"a\":" : "[");
    for (size_t i = depth; i-- > 0;)
        eb__buf_puts(&text, objects && i % 2 == 1 ? (i + 1 == depth ? "1}" : "}") : "]");
    expect(eb__json_check(text.data, text.len, &limits, NULL) == wanted, text.data, text.len,
           "depth", eb_status_name(wanted));
    eb__buf_free(&text);
    ran++;
}

static void check_items(const char *text, size_t max, eb_status wanted)
{
    const eb_limits_in limits = { 0, max };

    expect(eb__json_check(text, strlen(text), &limits, NULL) == wanted, text, strlen(text), "items",
           eb_status_name(wanted));
    ran++;
}

static void check_limits(void)
{
    for (int objects = 0; objects <= 1; objects++) {
        check_depth(64, 0, objects, EB_OK); /* the default */
        check_depth(65, 0, objects, EB_LIMIT);
        check_depth(512, 512, objects, EB_OK); /* the most there is */
        check_depth(513, 100000, objects, EB_LIMIT);
        check_depth(100000, 0, objects, EB_LIMIT);
        check_depth(3, 2, objects, EB_LIMIT);
    }
    check_items("1", 1, EB_OK);
    check_items("[1,2]", 3, EB_OK);
    check_items("[1,2]", 2, EB_LIMIT);
    check_items("{\"a\":[1],\"b\":{}}", 4, EB_OK);
    check_items("{\"a\":[1],\"b\":{}}", 3, EB_LIMIT);
    check_items("{\"a\":1,\"a\":1}", 2, EB_LIMIT); /* a name twice counts twice */
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_case(&cases[i]);
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        check_string(&strings[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        check_number(&numbers[i]);
    check_limits();
    if (failed == 0)
        printf("json-conformance: %d vectors agree\n", ran);
    return failed != 0;
}
