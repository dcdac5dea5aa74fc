/* test_payload.c -- an operation with everything a request can have at once: parameters in every place, several bodies,
 * forms whose members are written each in its own way. What is chosen, what is refused, and what happens without memory. */
#include "api.h"

#include "payload.h"
#include "request.h"

/* ---- An operation ------------------------------------------------------------------------------ */

typedef struct crate_size {
    eb_opt_int  width;
    eb_str_list tags;
} crate_size;

static const eb_field crate_size_rows[] = {
    EB_ROW_OPT_INT(crate_size, width, "width", EB_OPTIONAL),
    EB_ROW_LIST(crate_size, tags, "tags", EB_OPTIONAL, eb_str_list),
};
static const eb_type crate_size_type = EB_TYPE(crate_size, crate_size_rows);

typedef struct crate_form {
    const char       *name;
    const crate_size *size;
    const crate_size *deep;
    eb_str_list       words;
    eb_body           file;
    eb_body_list      files;
} crate_form;

static const eb_field crate_form_rows[] = {
    EB_ROW_STR(crate_form, name, "name", EB_OPTIONAL),
    EB_ROW_OBJECT(crate_form, size, "size", EB_OPTIONAL, crate_size),
    EB_ROW_OBJECT(crate_form, deep, "deep", EB_OPTIONAL, crate_size),
    EB_ROW_LIST(crate_form, words, "words", EB_OPTIONAL, eb_str_list),
    EB_ROW_BODY(crate_form, file, "file", EB_OPTIONAL),
    EB_ROW_LIST(crate_form, files, "files", EB_OPTIONAL, eb_body_list),
};
static const eb_type crate_form_type = EB_TYPE(crate_form, crate_form_rows);

typedef struct crate_params {
    const eb_call_options *options;
    const crate_size      *label;
    const crate_size      *filter;
    eb_str_list            session;
    eb_str_list            marks;
    const crate_form      *body;
    const crate_form      *body_form;
    const crate_form      *body_multipart;
    const char            *body_text;
    eb_body                body_binary;
    const char            *camera;
    const char            *agent;
} crate_params;

static const eb_field crate_rows[] = {
    EB_ROW_OBJECT(crate_params, label, "label", EB_REQUIRED, crate_size),
    EB_ROW_OBJECT(crate_params, filter, "filter", EB_OPTIONAL, crate_size),
    EB_ROW_LIST(crate_params, session, "session", EB_OPTIONAL | EB_SECRET, eb_str_list),
    EB_ROW_LIST(crate_params, marks, "X-Marks", EB_OPTIONAL, eb_str_list),
    EB_ROW_OBJECT(crate_params, body, "body", EB_OPTIONAL, crate_form),
    EB_ROW_OBJECT(crate_params, body_form, "body_form", EB_OPTIONAL, crate_form),
    EB_ROW_OBJECT(crate_params, body_multipart, "body_multipart", EB_OPTIONAL, crate_form),
    EB_ROW_STR(crate_params, body_text, "body_text", EB_OPTIONAL),
    EB_ROW_BODY(crate_params, body_binary, "body_binary", EB_OPTIONAL),
    EB_ROW_STR(crate_params, camera, "file.X-Camera", EB_OPTIONAL),
    EB_ROW_STR(crate_params, agent, "User-Agent", EB_OPTIONAL),
};
static const uint8_t crate_places[] = { EB_IN_PATH | EB_EXPLODE,
                                        EB_IN_QUERY,
                                        EB_IN_COOKIE | EB_EXPLODE,
                                        EB_IN_HEADER,
                                        EB_IN_BODY,
                                        EB_IN_BODY,
                                        EB_IN_BODY,
                                        EB_IN_BODY,
                                        EB_IN_BODY,
                                        EB_IN_PART,
                                        EB_IN_HEADER };
static const uint8_t crate_styles[] = { EB_STYLE_LABEL, EB_STYLE_DEEP, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const eb_part crate_form_parts[] = {
    { NULL, 0, EB_ALLOW_RESERVED, 0, 0 },
    { NULL, EB_AS_JSON, 0, 0, 0 },
    { NULL, 0, EB_STYLE_DEEP, 0, 0 },
    { NULL, EB_EXPLODE, 0, 0, 0 },
    { NULL, 0, 0, 0, 0 },
    { NULL, 0, 0, 0, 0 },
};
static const eb_part crate_multi_parts[] = {
    { NULL, 0, 0, 0, 0 },
    { NULL, EB_AS_JSON, 0, 0, 0 },
    { NULL, 0, EB_STYLE_DEEP, 0, 0 },
    { NULL, EB_EXPLODE, 0, 0, 0 },
    { "image/png, image/gif", 0, 0, 9, 1 },
    { NULL, EB_EXPLODE, 0, 0, 0 },
};
static const eb_content crate_contents[] = {
    { "application/vnd.crate+json", NULL, EB_SEND_JSON },
    { "application/x-www-form-urlencoded", crate_form_parts, EB_SEND_FORM },
    { "multipart/form-data", crate_multi_parts, EB_SEND_MULTIPART },
    { "text/csv", NULL, EB_SEND_TEXT },
    { "image/*, application/zip", NULL, EB_SEND_BYTES },
};
static const eb_type             crate_params_type  = EB_TYPE(crate_params, crate_rows);
static const eb_operation        crate_op           = { .id       = "crate-add",
                                                        .name     = "crate_add",
                                                        .method   = "POST",
                                                        .path     = "/crates/{label}",
                                                        .params   = &crate_params_type,
                                                        .places   = crate_places,
                                                        .send     = EB_SEND_JSON,
                                                        .styles   = crate_styles,
                                                        .contents = crate_contents,
                                                        .one_body = 1 };
static const eb_operation *const crate_operations[] = { &crate_op };
static const char *const         crate_none[]       = { NULL };
static const eb_errors crate_errors = { .code = crate_none, .message = crate_none, .request_id = crate_none };
static const eb_api crate_api = { .contract        = EB_CONTRACT,
                                  .name            = "crate",
                                  .server          = "https://crate.example.com",
                                  .errors          = &crate_errors,
                                  .operations      = crate_operations,
                                  .operation_count = 1 };

static const char *const words[]  = { "a b", "c" };
static const crate_size  some     = { .width = EB_INT(3), .tags = EB_LIST(words) };
static const crate_size  narrow   = { .width = EB_INT(1) };
static const char *const tokens[] = { "t=1", "t2" };

static void start(bench *b)
{
    bench_start_with(b, (eb_client_options){ .api = &crate_api });
    bench_answer(b, 0, 204, NULL);
}

static eb_status add(bench *b, const crate_params *params)
{
    return eb_call_operation(b->client, &crate_op, params, NULL, &b->response);
}

/* ---- Tests ------------------------------------------------------------------------------------- */

START_TEST(every_place_has_its_own)
{
    const crate_params params = { .label     = &narrow,
                                  .filter    = &some,
                                  .session   = EB_LIST(tokens),
                                  .marks     = EB_LIST(tokens),
                                  .body_text = "a,b\n" };
    char               header[100];
    bench              b;

    start(&b);
    ck_assert_int_eq(add(&b, &params), EB_OK);
    ck_assert_str_eq(b.script.seen[0].url,
                     "https://crate.example.com/crates/.width=1?filter%5Bwidth%5D=3&filter%5Btags%5D%5B%5D=a%20b"
                     "&filter%5Btags%5D%5B%5D=c");
    ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "cookie", header, sizeof header),
                     "session=t=1; session=t2");
    ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "X-Marks", header, sizeof header), "t=1,t2");
    ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "content-type", header, sizeof header),
                     "text/csv");
    ck_assert_str_eq(b.script.seen[0].body, "a,b\n");
    bench_end(&b);
}
END_TEST

START_TEST(a_header_is_sent_once)
{
    const crate_params params = { .label = &narrow, .body_text = "", .agent = "mine/1" };
    const char        *at;
    bench              b;

    start(&b);
    ck_assert_int_eq(add(&b, &params), EB_OK);
    at = strstr(b.script.seen[0].headers, "user-agent: mine/1\r\n");
    ck_assert_ptr_nonnull(at);
    ck_assert_ptr_null(strstr(b.script.seen[0].headers, "User-Agent"));
    ck_assert_ptr_null(strstr(at + 1, "user-agent"));
    bench_end(&b);
}
END_TEST

START_TEST(one_of_several_bodies_is_sent)
{
    const crate_form form = { .name = "x/y&z", .size = &narrow, .deep = &some, .words = EB_LIST(words) };
    const struct {
        crate_params params;
        const char  *type, *body;
    } cases[] = {
        { { .label = &narrow, .body = &form },
          "application/vnd.crate+json",
          "{\"name\":\"x/y&z\",\"size\":{\"width\":1},\"deep\":{\"width\":3,\"tags\":[\"a b\",\"c\"]},"
          "\"words\":[\"a b\",\"c\"]}" },
        { { .label = &narrow, .body_form = &form },
          "application/x-www-form-urlencoded",
          "name=x/y%26z&size=%7B%22width%22%3A1%7D&deep%5Bwidth%5D=3&deep%5Btags%5D%5B%5D=a%20b"
          "&deep%5Btags%5D%5B%5D=c&words=a%20b&words=c" },
        { { .label = &narrow,
            .body_binary = { .kind = EB_BODY_MEMORY, .data = "GIF", .size = 3, .content_type = "IMAGE/gif; q=1" } },
          "IMAGE/gif; q=1",
          "GIF" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char  header[100];
        bench b;

        start(&b);
        ck_assert_int_eq(add(&b, &cases[i].params), EB_OK);
        ck_assert_str_eq(bench_sent_header(&b.script.seen[0], "content-type", header, sizeof header),
                         cases[i].type);
        ck_assert_str_eq(b.script.seen[0].body, cases[i].body);
        bench_end(&b);
    }
}
END_TEST

START_TEST(what_cannot_be_sent_is_named)
{
    static const char *const semicolon[] = { "a", "b;c" };
    static const eb_body     nothing[]   = { { 0 } };
    const crate_form         form        = { .name = "x" };
    const crate_form gif   = { .file = { .kind = EB_BODY_MEMORY, .content_type = "text/html" } };
    const crate_form empty = { .files = EB_LIST(nothing) };
    const struct {
        crate_params params;
        const char  *field, *message;
    } cases[] = {
        { { .label = &narrow },
          "body",
          "body: one of the bodies of this operation is required, but none is given" },
        { { .label = &narrow, .body = &form, .body_text = "a" },
          "body_text",
          "body_text: body is given too, and one body can be sent" },
        { { .label = &narrow, .body_binary = { .kind = EB_BODY_MEMORY } },
          "body_binary",
          "body_binary: content_type: expected one of image/*, application/zip, got NULL" },
        { { .label = &narrow, .body_binary = { .kind = EB_BODY_MEMORY, .content_type = "imag/x" } },
          "body_binary",
          "body_binary: content_type: expected image/*, application/zip, got imag/x" },
        { { .label = &narrow, .body_binary = { .kind = EB_BODY_MEMORY, .content_type = "image/x\r\na: b" } },
          "body_binary",
          "body_binary: content_type: expected visible ASCII characters" },
        { { .label = &narrow, .body_multipart = &gif },
          "body_multipart.file",
          "body_multipart.file: content_type: expected image/png, image/gif, got text/html" },
        { { .label = &narrow, .body_multipart = &empty },
          "body_multipart.files[0]",
          "body_multipart.files[0]: required, but not given" },
        { { .label = &(crate_size){ { 0 }, { 0 } }, .body_text = "a" },
          "label",
          "label: nothing cannot be part of a path" },
        { { .label = &narrow, .body_text = "a", .session = EB_LIST(semicolon) },
          "session",
          "session: byte 1 is 0x3b, which cannot be sent in a cookie; visible ASCII without quotes, commas, "
          "semicolons and backslashes can" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        start(&b);
        ck_assert_int_eq(add(&b, &cases[i].params), EB_INVALID);
        ck_assert_str_eq(b.response.message, cases[i].message);
        ck_assert_str_eq(b.response.field, cases[i].field);
        ck_assert_uint_eq(b.script.exchanges, 0);
        bench_end(&b);
    }
}
END_TEST

START_TEST(media_types_are_held_against_the_documents)
{
    static const struct {
        const char *declared, *given;
        bool        any;
        const char *type; /* NULL: refused */
    } cases[] = { { "image/png", NULL, false, "image/png" },
                  { "image/png", "image/png", false, "image/png" },
                  { "image/png; a=b", "IMAGE/PNG", false, "IMAGE/PNG" },
                  { "image/png", "image/pngx", false, NULL },
                  { "image/png", "image/pn", false, NULL },
                  { "image/png", "image/gif", true, "image/gif" },
                  { "image/*", "image/gif", false, "image/gif" },
                  { "image/*", "image/", false, NULL },
                  { "image/*", "image", false, NULL },
                  { "image/*", "imagex/gif", false, NULL },
                  { "image/*", NULL, false, NULL },
                  { "image/*", NULL, true, NULL },
                  { "*/*", NULL, false, "application/octet-stream" },
                  { "*/*", "a/b", false, "a/b" },
                  { "a/b,  c/d", "c/d ; x=y", false, "c/d ; x=y" },
                  { "a/b, c/d", "e/f", false, NULL },
                  { NULL, "x", false, "x" } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_problem      problem = { 0 };
        const char     *type    = NULL;
        const eb_status st      = eb__media_choose(cases[i].declared, cases[i].given, cases[i].any,
                                                   &type, &problem);

        ck_assert_msg((st == EB_OK) == (cases[i].type != NULL), "case %zu", i);
        if (st == EB_OK)
            ck_assert_str_eq(type, cases[i].type);
        else
            ck_assert_str_ne(problem.text, "");
    }
}
END_TEST

START_TEST(without_memory_nothing_is_sent_and_nothing_is_left)
{
    static eb_body   files[70];
    const crate_form form = {
        .name  = "n",
        .size  = &some,
        .deep  = &some,
        .words = EB_LIST(words),
        .file  = { .kind = EB_BODY_MEMORY, .data = "x", .size = 1, .content_type = "image/gif" },
        .files = EB_LIST(files)
    };
    crate_params params = {
        .label = &some, .filter = &some, .session = EB_LIST(tokens), .marks = EB_LIST(tokens), .camera = "c"
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        files[i] = eb_body_memory("f", 1);
    for (int way = 0; way < 3; way++) {
        bool done = false;

        params.body           = way == 0 ? &form : NULL;
        params.body_form      = way == 1 ? &form : NULL;
        params.body_multipart = way == 2 ? &form : NULL;
        for (long n = 1; !done; n++) {
            bench     b;
            eb_status st;

            start(&b);
            b.memory.calls   = 0;
            b.memory.fail_at = n;
            st               = add(&b, &params);
            done             = b.memory.calls < n;
            b.memory.fail_at = 0;
            ck_assert_int_eq(st, done ? EB_OK : EB_NOMEM);
            ck_assert_uint_eq(b.script.exchanges, done ? 1 : b.script.exchanges);
            bench_end(&b);
        }
    }
}
END_TEST

UNIT_TESTS("payload", every_place_has_its_own, a_header_is_sent_once, one_of_several_bodies_is_sent,
           what_cannot_be_sent_is_named, media_types_are_held_against_the_documents,
           without_memory_nothing_is_sent_and_nothing_is_left)
