/* test_next_page.c -- pages by URL: what a Link header says, where a reference leads, who gets credentials and who
 * never does, and lists that are the whole answer. */
#include "api.h"

#include <stdio.h>

#include "web_link.h"

/* ---- The header Link ------------------------------------------------------------------------------- */

START_TEST(a_link_header_is_read_as_rfc_8288_has_it)
{
    static const struct {
        const char *lines[3];
        const char *target; /* NULL: none */
    } cases[] = {
        { { "</a?page=2>; rel=\"next\", </a?page=9>; rel=\"last\"" }, "/a?page=2" },
        { { "</a?page=9>; rel=\"last\", </a?page=2>; rel=\"next\"" }, "/a?page=2" },
        { { "</a>;rel=next" }, "/a" },
        { { "</a> ; REL = NEXT" }, "/a" },
        { { "</a>; rel=\"Prefetch nExT\"" }, "/a" },
        { { "</a>; rel=\"next last\"" }, "/a" },
        { { "</a>; rel=\"ne\\xt\"" }, "/a" },
        { { "</b>; title=\"one, two; rel=next, <x>\"; rel=prev, </a>; rel=next" }, "/a" },
        { { "</b>; title=\"a \\\" quote, \\\\\"; rel=\"last\", </a>; rel=next" }, "/a" },
        { { "</b,c;d>; rel=prev, </a,b;c>; rel=next" }, "/a,b;c" },
        { { "</b>; rel=prev", "</a>; rel=next", "</c>; rel=next" }, "/a" },
        { { ", , </a>; rel=next, ," }, "/a" },
        { { "</b>; rel=last; rel=next, </a>; rel=next" }, "/a" }, /* the first rel counts */
        { { "</b>; rel=next; anchor=\"/other\", </a>; rel=next" }, "/a" },
        { { "</b>; anchor=\"\"; rel=next" }, NULL },
        { { "</a>; rel=next; title*=UTF-8''n%c3%a4chste; type" }, "/a" },
        { { "</a>;;;rel=next;" }, "/a" },
        { { "<>; rel=next" }, "" },
        { { "</b>; rel=nextpage, </b>; rel=\"xnext\", </b>; rel=\"ne xt\", </b>; rel, </b>" }, NULL },
        { { "</b>; title=\"next\"" }, NULL },
        { { "" }, NULL },
        { { " \t, " }, NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        eb_header   headers[4] = { { "x-link", "</x>; rel=next" } };
        size_t      count = 1, len = 99;
        const char *target  = NULL;
        eb_problem  problem = { 0 };
        eb_status   st;

        for (; count <= 3 && cases[i].lines[count - 1] != NULL; count++)
            headers[count] = (eb_header){ count % 2 == 0 ? "Link" : "link", cases[i].lines[count - 1] };
        st = eb__web_link_next(headers, count, &target, &len, &problem);
        ck_assert_msg(st == (cases[i].target != NULL ? EB_OK : EB_DONE), "%s", cases[i].lines[0]);
        if (cases[i].target != NULL)
            ck_assert_msg(len == strlen(cases[i].target) && strncmp(target, cases[i].target, len) == 0,
                          "%s", cases[i].lines[0]);
    }
}
END_TEST

START_TEST(a_broken_link_header_is_not_the_end_of_a_list)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "https://a.example/2; rel=next", "Link: expected < at character 1" },
        { "</b>; rel=last, /a; rel=next", "Link: expected < at character 17" },
        { "</a; rel=next", "Link: expected > at character 14" },
        { "<", "Link: expected > at character 2" },
        { "</b>; title=\"a, </a>; rel=next", "Link: expected the end of a quoted text at character 31" },
        { "</b>; title=\"a\\", "Link: expected the end of a quoted text at character 16" },
        { "</a> rel=next", "Link: expected ; or , at character 6" },
        { "</a>; rel=next <b>", "Link: expected ; or , at character 16" },
        { "</a>; rel=next, \"", NULL }, /* behind what was wanted */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_header header  = { "LINK", cases[i].line };
        const char     *target  = NULL;
        size_t          len     = 0;
        eb_problem      problem = { 0 };
        const eb_status st      = eb__web_link_next(&header, 1, &target, &len, &problem);

        ck_assert_msg(st == (cases[i].says != NULL ? EB_DECODE : EB_OK), "%s", cases[i].line);
        if (cases[i].says != NULL)
            ck_assert_str_eq(problem.text, cases[i].says);
    }
}
END_TEST

/* ---- An API of such lists -------------------------------------------------------------------------- */

typedef struct book {
    const char *name;
} book;

typedef struct book_list {
    const book *items;
    size_t      count;
} book_list;

typedef struct book_page {
    book_list   items;
    const char *next;
    eb_opt_bool more;
} book_page;

typedef struct book_params {
    const eb_call_options *options;
    const char            *q;
    const char            *secret;
    const char            *key;
    const char            *trace;
    eb_opt_int             page;
} book_params;

static const eb_field book_rows[]      = { EB_ROW_STR(book, name, "name", EB_OPTIONAL) };
static const eb_type  book_type        = EB_TYPE(book, book_rows);
static const eb_field book_list_item[] = { EB_ITEM_STRUCT(book_list, 0, book) };
static const eb_type  book_list_type   = EB_LIST_TYPE(book_list, book_list_item);
static const eb_field book_page_rows[] = {
    EB_ROW_LIST(book_page, items, "items", EB_NULLABLE, book_list),
    EB_ROW_STR(book_page, next, "next", EB_NULLABLE),
    EB_ROW_OPT_BOOL(book_page, more, "more", EB_NULLABLE),
};
static const eb_type  book_page_type     = EB_TYPE(book_page, book_page_rows);
static const eb_field book_params_rows[] = {
    EB_ROW_STR(book_params, q, "q", EB_OPTIONAL),
    EB_ROW_STR(book_params, secret, "secret", EB_SECRET),
    EB_ROW_STR(book_params, key, "api_key", EB_OPTIONAL),
    EB_ROW_STR(book_params, trace, "x-trace", EB_OPTIONAL),
    EB_ROW_OPT_INT(book_params, page, "page", EB_OPTIONAL),
};
static const uint8_t book_places[] = { EB_IN_QUERY, EB_IN_QUERY, EB_IN_QUERY, EB_IN_HEADER, EB_IN_QUERY };
static const eb_type book_params_type = EB_TYPE(book_params, book_params_rows);

static const eb_pages by_body = { .items = "/items", .next = "/next", .more = "/more", .kind = EB_PAGES_URL };
static const eb_pages by_link   = { .items = "", .kind = EB_PAGES_URL, .header = "Link" };
static const eb_pages by_header = { .items = "", .kind = EB_PAGES_URL, .header = "X-Next" };
static const eb_pages by_number = { .page = "page", .items = "", .kind = EB_PAGES_NUMBER, .header = "X-Next" };
static const eb_pages by_token = { .page = "q", .items = "", .kind = EB_PAGES_TOKEN, .header = "X-Next" };

#define BOOKS(id_, pages_, result_)                                                          \
    {                                                                                        \
        .id = (id_), .name = (id_), .method = "GET", .path = "/v1/books", .action = "Books", \
        .params = &book_params_type, .places = book_places, .result = &(result_),            \
        .pages = &(pages_), .flags = EB_SAFE                                                 \
    }
static const eb_operation        body_op           = BOOKS("body", by_body, book_page_type);
static const eb_operation        link_op           = BOOKS("link", by_link, book_list_type);
static const eb_operation        header_op         = BOOKS("header", by_header, book_list_type);
static const eb_operation        number_op         = BOOKS("number", by_number, book_list_type);
static const eb_operation        token_op          = BOOKS("token", by_token, book_list_type);
static const eb_operation *const book_operations[] = { &body_op, &link_op, &header_op, &number_op,
                                                       &token_op };

static const eb_auth key_auth = {
    .kind = EB_AUTH_API_KEY_QUERY, .header = "api_key", .prefix = "", .env_token = "BOOK_KEY"
};

#define BOOK_API(auth_)                                                             \
    {                                                                               \
        .contract = EB_CONTRACT, .name = "book", .title = "Books", .version = "1",  \
        .server = "https://books.example", .auth = (auth_), .errors = &shop_errors, \
        .operations      = book_operations,                                         \
        .operation_count = sizeof book_operations / sizeof book_operations[0]       \
    }
static const eb_api book_api = BOOK_API(&shop_auth), book_key_api = BOOK_API(&key_auth),
                    book_acs_api = BOOK_API(&shop_acs_auth);

#define KEY                "canary-key-19c4"
#define FIRST              "https://books.example/v1/books"
#define A_PAGE(name, next) "{\"items\":[{\"name\":\"" name "\"}],\"next\":" next "}"

typedef struct walk {
    bench    b;
    eb_pager pager;
    char     names[200];
} walk;

static void open_walk(walk *w, const eb_api *api)
{
    memset(w, 0, sizeof *w);
    bench_start_with(&w->b, (eb_client_options){ .api         = api,
                                                 .credentials = api == &book_key_api
                                                                    ? eb_credentials_token(KEY)
                                                                    : (eb_credentials){ 0 } });
}

static void close_walk(walk *w)
{
    eb_pager_free(&w->pager);
    bench_end(&w->b);
}

/* The names of all items, and how it ended. */
static eb_status collect(walk *w, const eb_operation *op, const book_params *params)
{
    const void *item;
    eb_status   st = eb_pager_start(w->b.client, op, params, &w->pager);

    while (st == EB_OK && (st = eb_pager_next(&w->pager, op, &item)) == EB_OK)
        (void)snprintf(w->names + strlen(w->names), sizeof w->names - strlen(w->names), "%s ",
                       ((const book *)item)->name);
    bench_texts(&w->pager.response);
    return st;
}

static const char *sent(const walk *w, size_t i)
{
    ck_assert_uint_lt(i, w->b.script.exchanges);
    return w->b.script.seen[i].url;
}

/* ---- Where it leads -------------------------------------------------------------------------------- */

START_TEST(a_reference_leads_where_rfc_3986_says)
{
    static const struct {
        const char *next, *url;
    } cases[] = {
        { "https://books.example/v1/books?page=2", FIRST "?page=2" },
        { "HTTPS://BOOKS.Example:443/v1/books?page=2", FIRST "?page=2" },
        { "//books.example/other?x=1", "https://books.example/other?x=1" },
        { "/v2/books?page=2", "https://books.example/v2/books?page=2" },
        { "?page=2", FIRST "?page=2" },
        { "books?page=2", FIRST "?page=2" },
        { "more/books", "https://books.example/v1/more/books" },
        { "./books?page=2", FIRST "?page=2" },
        { "../v3/./x/../books", "https://books.example/v3/books" },
        { "../../../../books", "https://books.example/books" },
        { "/a/%2e%2E/b/%2e/c", "https://books.example/b/c" },
        { "/a/b/..", "https://books.example/a/" },
        { "/a/.", "https://books.example/a/" },
        { "/a/..b/.c/...", "https://books.example/a/..b/.c/..." },
        { "/a//b", "https://books.example/a//b" },
        { "https://books.example", "https://books.example/" },
        { "https://books.example?page=2", "https://books.example/?page=2" },
        { "?", FIRST }, /* the same page: the walk ends */
        { "?a=1&&b=2&", FIRST "?a=1&b=2" },
        { "?q=a+b&c=%C3%A4&d=x%2By&e", FIRST "?q=a+b&c=%C3%A4&d=x%2By&e" },
        { "?q=https://elsewhere.example/?x=@y", FIRST "?q=https://elsewhere.example/?x=@y" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bool repeated = strcmp(cases[i].url, FIRST) == 0;
        char       first[200];
        walk       w;

        open_walk(&w, &book_api);
        (void)snprintf(first, sizeof first, A_PAGE("a", "\"%s\""), cases[i].next);
        bench_answer(&w.b, 0, 200, first);
        bench_answer(&w.b, 1, 200, A_PAGE("b", "null"));
        ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
        ck_assert_str_eq(w.names, repeated ? "a " : "a b ");
        ck_assert_str_eq(sent(&w, 0), FIRST);
        if (!repeated)
            ck_assert_str_eq(sent(&w, 1), cases[i].url);
        ck_assert_uint_eq(w.b.script.exchanges, repeated ? 1 : 2);
        close_walk(&w);
    }
}
END_TEST

/* References count from the page that they stand in, not from the first. */
START_TEST(every_page_leads_on_from_itself)
{
    const book_params params = { .q = "x y", .trace = "t1" };
    walk              w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"/v1/cursor/two?size=1\""));
    bench_answer(&w.b, 1, 200, A_PAGE("b", "\"three?size=1\""));
    bench_answer(&w.b, 2, 200, A_PAGE("c", "\"?size=2\""));
    bench_answer(&w.b, 3, 200, A_PAGE("d", "\"\""));
    ck_assert_int_eq(collect(&w, &body_op, &params), EB_DONE);
    ck_assert_str_eq(w.names, "a b c d ");
    ck_assert_str_eq(sent(&w, 0), FIRST "?q=x%20y");
    ck_assert_str_eq(sent(&w, 1), "https://books.example/v1/cursor/two?size=1");
    ck_assert_str_eq(sent(&w, 2), "https://books.example/v1/cursor/three?size=1");
    ck_assert_str_eq(sent(&w, 3), "https://books.example/v1/cursor/three?size=2");
    for (size_t i = 0; i < 4; i++) { /* headers and credentials as the first had them */
        ck_assert_ptr_nonnull(
            strstr(w.b.script.seen[i].headers, "authorization: token " SHOP_TOKEN "\r\n"));
        ck_assert_ptr_nonnull(strstr(w.b.script.seen[i].headers, "x-trace: t1\r\n"));
        ck_assert_ptr_nonnull(strstr(w.b.script.seen[i].headers, "host: books.example\r\n"));
        ck_assert_str_eq(w.b.script.seen[i].method, "GET");
    }
    close_walk(&w);
}
END_TEST

START_TEST(nothing_is_sent_to_anybody_else)
{
    static const struct {
        const char *base, *next, *says;
    } cases[] = {
        { NULL, "https://evil.example/v1/books?page=2",
          "next: leads to https://evil.example, expected https://books.example; credentials go nowhere else" },
        { NULL, "https://books.example.evil.example/",
          "leads to https://books.example.evil.example, expected" },
        { NULL, "https://books.example:444/v1",
          "leads to https://books.example:444, expected https://books.example" },
        { NULL, "http://books.example/v1/books?page=2",
          "leads to http://books.example, expected https://books.example" },
        { NULL, "http://books.example:443/", "leads to http://books.example:443, expected" },
        { NULL, "//evil.example/v1/books", "leads to https://evil.example, expected" },
        { NULL, "https://books.example./v1", "leads to https://books.example., expected" },
        { NULL, "https://[::1]/", "leads to https://[::1], expected" },
        { "http://127.0.0.1:8080", "http://127.0.0.1:8081/x",
          "leads to http://127.0.0.1:8081, expected http://127.0.0.1:8080" },
        { "http://127.0.0.1:8080", "http://localhost:8080/x",
          "leads to http://localhost:8080, expected http://127.0.0.1:8080" },
        { "http://127.0.0.1:8080", "https://127.0.0.1:8080/x",
          "leads to https://127.0.0.1:8080, expected http://127.0.0.1:8080" },
        { "http://a.example", "https://a.example/",
          "leads to https://a.example, expected http://a.example" },
        /* what can be read in more than one way, or is no URL of ours */
        { NULL, "https://me:secret@books.example/", "without name, password" },
        { NULL, "https://books.example@evil.example/", "without name, password" },
        { NULL, "https://books.example:@evil.example/", "without name, password" },
        { NULL, "//me@books.example/", "without name, password" },
        { NULL, "https://books.example\\\\@evil.example/", "expected an http or https URL" },
        { NULL, "/\\\\evil.example/", "expected an http or https URL" },
        { NULL, "https:/evil.example/", "expected an http or https URL" },
        { NULL, "https:evil", "expected an http or https URL" },
        { NULL, "https:///v1/books", "expected an http or https URL" },
        { NULL, "ftp://books.example/", "expected an http or https URL" },
        { NULL, "javascript:alert(1)", "expected an http or https URL" },
        { NULL, "/v1/books#top", "fragment" },
        { NULL, "/v1/books?page=2 HTTP/1.1\\r\\nx-evil: 1", "expected an http or https URL" },
        { NULL, "/v1/books?page=2\\n", "expected an http or https URL" },
        { NULL, " /v1/books", "expected an http or https URL" },
        { NULL, "/v1/books?page=\\u0001", "expected an http or https URL" },
        { NULL, "/v1/books?page=\\u00e4", "expected an http or https URL" },
        { NULL, "/v1/books?page=%", "expected an http or https URL" },
        { NULL, "/v1/books?page=%2", "expected an http or https URL" },
        { NULL, "/v1/books?page=%zz", "expected an http or https URL" },
        { NULL, "/v1/books?page=2%0d%0ax-evil:1", "without control characters" },
        { NULL, "/v1/bo%00oks", "without control characters" },
        { NULL, "/v1/books?x=%7F", "without control characters" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const eb_call_options options = { .base_url = cases[i].base };
        const book_params     params  = { .options = &options };
        char                  first[300];
        const void           *item = NULL;
        walk                  w;

        open_walk(&w, &book_api);
        (void)snprintf(first, sizeof first, A_PAGE("a", "\"%s\""), cases[i].next);
        bench_answer(&w.b, 0, 200, first);
        ck_assert_msg(collect(&w, &body_op, &params) == EB_DECODE, "%s", cases[i].next);
        ck_assert_str_eq(w.names, "a "); /* what was good is given */
        ck_assert_uint_eq(w.b.script.exchanges, 1);
        ck_assert_str_eq(w.pager.response.field, "next");
        ck_assert_int_eq(w.pager.response.status, EB_DECODE);
        ck_assert_msg(strstr(w.pager.response.message, cases[i].says) != NULL, "%s: %s",
                      cases[i].next, w.pager.response.message);
        ck_assert_ptr_null(strstr(w.pager.response.message, "secret"));
        for (int again = 0; again < 2; again++) /* it stays so */
            ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_DECODE);
        ck_assert_uint_eq(w.b.script.exchanges, 1);
        close_walk(&w);
    }
}
END_TEST

START_TEST(a_url_longer_than_any_request_is_refused)
{
    enum { LENGTH = 70 * 1024 };
    char *first = malloc(LENGTH + 100);
    walk  w;

    ck_assert_ptr_nonnull(first);
    memset(first, 'x', LENGTH);
    memcpy(first, "{\"items\":[{\"name\":\"a\"}],\"next\":\"/", 33);
    memcpy(first + LENGTH, "\"}", 3);
    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, first);
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_LIMIT);
    ck_assert_str_eq(w.names, "a ");
    ck_assert_str_eq(w.pager.response.message, "next: expected a URL of at most 65536 characters");
    ck_assert_uint_eq(w.b.script.exchanges, 1);
    close_walk(&w);
    free(first);
}
END_TEST

/* ---- Credentials ----------------------------------------------------------------------------------- */

typedef struct logged {
    char text[16 * 1024];
} logged;

static void log_line(void *context, eb_log_level level, const char *line)
{
    logged *l = context;

    (void)level;
    (void)snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text), "%s\n", line);
}

START_TEST(a_key_in_the_query_is_sent_once_and_never_logged)
{
    static const struct {
        const char *next, *url;
    } cases[] = {
        { "?page=2", FIRST "?page=2&api_key=" KEY },
        { "?page=2&api_key=" KEY, FIRST "?page=2&api_key=" KEY },
        { "?api_key=" KEY "&page=2", FIRST "?page=2&api_key=" KEY },
        { "?api_key=REDACTED", FIRST "?api_key=" KEY },
        { "?api_key=a&api_key=b&page=2&api_key", FIRST "?page=2&api_key=" KEY },
        { "?api%5Fkey=x&page=2", FIRST "?page=2&api_key=" KEY },
        { "?API_KEY=x", FIRST "?API_KEY=x&api_key=" KEY }, /* another name */
        { "?secret=hidden-by-row&cursor=hidden-by-nobody&q=shown",
          FIRST "?secret=hidden-by-row&cursor=hidden-by-nobody&q=shown&api_key=" KEY },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        logged       lines = { "" };
        const eb_log log   = { EB_LOG_TRACE, log_line, &lines };
        char         first[200];
        walk         w;

        memset(&w, 0, sizeof w);
        bench_start_with(&w.b, (eb_client_options){ .api         = &book_key_api,
                                                    .credentials = eb_credentials_token(KEY),
                                                    .log         = &log });
        (void)snprintf(first, sizeof first, A_PAGE("a", "\"%s\""), cases[i].next);
        bench_answer(&w.b, 0, 200, first);
        bench_answer(&w.b, 1, 200, A_PAGE("b", "null"));
        ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
        ck_assert_str_eq(sent(&w, 0), FIRST "?api_key=" KEY);
        if (strcmp(cases[i].next, "?api_key=REDACTED") == 0) { /* without the key it is the same page */
            ck_assert_uint_eq(w.b.script.exchanges, 1);
        } else {
            ck_assert_str_eq(w.names, "a b ");
            ck_assert_str_eq(sent(&w, 1), cases[i].url);
        }
        ck_assert_ptr_null(strstr(lines.text, KEY));
        ck_assert_ptr_null(strstr(lines.text, "hidden"));
        if (strstr(cases[i].next, "shown") != NULL)
            ck_assert_ptr_nonnull(strstr(lines.text, "?secret=***&cursor=***&q=shown&api_key=***"));
        close_walk(&w);
    }
}
END_TEST

/* A parameter in the key's place is the caller's, and what the answer makes of it is not taken away. */
START_TEST(a_key_that_the_caller_gave_as_a_parameter_stays)
{
    const book_params params = { .key = "mine" };
    walk              w;

    open_walk(&w, &book_key_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?api_key=mine&page=2\""));
    bench_answer(&w.b, 1, 200, A_PAGE("b", "null"));
    ck_assert_int_eq(collect(&w, &body_op, &params), EB_DONE);
    ck_assert_str_eq(sent(&w, 0), FIRST "?api_key=mine");
    ck_assert_str_eq(sent(&w, 1), FIRST "?api_key=mine&page=2");
    close_walk(&w);
}
END_TEST

/* The text between two marks in what was sent, for comparing. */
static const char *part(const char *text, const char *from, char *to, size_t size)
{
    const char *found = strstr(text, from);
    size_t      len;

    ck_assert_ptr_nonnull(found);
    len = strcspn(found, "\r\n");
    ck_assert_uint_lt(len, size);
    memcpy(to, found, len);
    to[len] = '\0';
    return to;
}

/* The signature of a further page is that of a first page which asks for the same. */
START_TEST(a_further_page_is_signed_for_its_own_url)
{
    const book_params params = { .q = "a b", .page = EB_INT(2) };
    char              one[600], two[600];
    walk              w, direct;

    open_walk(&w, &book_acs_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?q=a+b&page=2\""));
    bench_answer(&w.b, 1, 200, A_PAGE("b", "null"));
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
    ck_assert_str_eq(sent(&w, 1), FIRST "?q=a+b&page=2");
    open_walk(&direct, &book_acs_api);
    bench_answer(&direct.b, 0, 200, A_PAGE("b", "null"));
    ck_assert_int_eq(collect(&direct, &body_op, &params), EB_DONE);
    ck_assert_str_eq(part(w.b.script.seen[1].headers, "authorization: ", one, sizeof one),
                     part(direct.b.script.seen[0].headers, "authorization: ", two, sizeof two));
    ck_assert_str_ne(part(w.b.script.seen[0].headers, "authorization: ", two, sizeof two), one);
    ck_assert_ptr_null(
        strstr(strstr(w.b.script.seen[1].headers, "authorization: ") + 1, "authorization: "));
    close_walk(&w);
    close_walk(&direct);
}
END_TEST

/* ---- Ends ------------------------------------------------------------------------------------------ */

START_TEST(a_url_that_leads_round_ends_the_walk)
{
    static const char *const seconds[] = { A_PAGE("b", "\"?page=2\""),
                                           A_PAGE("b", "\"/v1/../v1/books?page=2\""),
                                           A_PAGE("b", "\"https://BOOKS.example/v1/books?page=2&\"") };

    for (size_t i = 0; i < 3; i++) {
        walk w;

        open_walk(&w, &book_api);
        bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?page=2\""));
        bench_answer(&w.b, 1, 200, seconds[i]);
        ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
        ck_assert_str_eq(w.names, "a b ");
        ck_assert_uint_eq(w.b.script.exchanges, 2);
        ck_assert_str_eq(w.pager.response.message,
                         "the service gave the same URL again; the walk ends here");
        close_walk(&w);
    }
}
END_TEST

START_TEST(urls_that_lead_round_in_a_circle_end_the_walk)
{
    for (size_t length = 1; length <= 4; length++) { /* pages in the circle, which begins behind the first page */
        char texts[16][64];
        walk w;

        open_walk(&w, &book_api);
        for (size_t i = 0; i < 16; i++) {
            (void)snprintf(texts[i], sizeof texts[i], A_PAGE("%zu", "\"?page=%zu\""), i, 2 + i % length);
            bench_answer(&w.b, i, 200, texts[i]);
        }
        ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
        ck_assert_uint_ge(w.b.script.exchanges, length + 1); /* every page of it was seen */
        ck_assert_uint_le(w.b.script.exchanges, 4 * length);
        ck_assert_str_eq(w.pager.response.message,
                         "the service gave the same URL again; the walk ends here");
        close_walk(&w);
    }
}
END_TEST

START_TEST(a_flag_or_nothing_ends_the_walk)
{
    static const char *const pages[] = { "{\"items\":[{\"name\":\"a\"}],\"next\":\"?page=2\",\"more\":false}",
                                         A_PAGE("a", "null"), A_PAGE("a", "\"\""),
                                         "{\"items\":[{\"name\":\"a\"}]}" };

    for (size_t i = 0; i < 4; i++) {
        walk w;

        open_walk(&w, &book_api);
        bench_answer(&w.b, 0, 200, pages[i]);
        ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
        ck_assert_str_eq(w.names, "a ");
        ck_assert_str_eq(w.pager.response.message, "");
        ck_assert_uint_eq(w.b.script.exchanges, 1);
        close_walk(&w);
    }
}
END_TEST

/* Services that filter give pages without items which still lead on. */
START_TEST(an_empty_page_leads_on_but_not_for_ever)
{
    enum { MANY = 110 };
    static char             bodies[MANY][80];
    static eb_script_answer answers[MANY];
    walk                    w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, "{\"items\":[],\"next\":\"?page=2\"}");
    bench_answer(&w.b, 1, 200, "{\"next\":\"?page=3\"}");
    bench_answer(&w.b, 2, 200, A_PAGE("a", "\"?page=4\""));
    bench_answer(&w.b, 3, 200, "{\"items\":null,\"next\":null}");
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DONE);
    ck_assert_str_eq(w.names, "a ");
    ck_assert_uint_eq(w.b.script.exchanges, 4);
    close_walk(&w);

    open_walk(&w, &book_api);
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(bodies[i], sizeof bodies[i], "{\"items\":[],\"next\":\"?page=%zu\"}", i + 2);
        answers[i] = (eb_script_answer){ .http_status = 200, .body = bodies[i] };
    }
    w.b.script.answers = answers;
    w.b.script.count   = MANY;
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_LIMIT);
    ck_assert_uint_eq(w.b.script.exchanges, 101);
    ck_assert_str_eq(w.pager.response.message, "100 pages without an item, one after the other");
    close_walk(&w);

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, "{\"items\":[],\"next\":\"https://evil.example/\"}");
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_DECODE);
    ck_assert_uint_eq(w.b.script.exchanges, 1);
    close_walk(&w);
}
END_TEST

/* ---- Lists that are the whole answer ---------------------------------------------------------------- */

START_TEST(a_list_is_walked_by_its_link_headers)
{
    static const eb_header one[] = {
        { "Link", "</v1/books?page=3>; rel=last, </v1/books?page=2>; rel=\"next\"" }
    };
    static const eb_header two[]   = { { "link", "</v1/books>; rel=first" },
                                       { "link", "<?page=3>; rel=next" } };
    static const eb_header three[] = { { "link", "</v1/books>; rel=first" } };
    walk                   w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, " [ {\"name\":\"a\"}, {\"name\":\"b\"} ] ");
    bench_header(&w.b, 0, one, 1);
    bench_answer(&w.b, 1, 200, "[{\"name\":\"c\"}]");
    bench_header(&w.b, 1, two, 2);
    bench_answer(&w.b, 2, 200, "[{\"name\":\"d\"}]");
    bench_header(&w.b, 2, three, 1);
    ck_assert_int_eq(collect(&w, &link_op, NULL), EB_DONE);
    ck_assert_str_eq(w.names, "a b c d ");
    ck_assert_str_eq(sent(&w, 1), FIRST "?page=2");
    ck_assert_str_eq(sent(&w, 2), FIRST "?page=3");
    ck_assert_uint_eq(w.b.script.exchanges, 3);
    close_walk(&w);
}
END_TEST

START_TEST(a_header_of_another_name_has_the_url_the_number_or_the_token)
{
    static const eb_header url[]    = { { "X-NEXT", "/v1/books?page=7" } },
                           number[] = { { "x-next", "7" } }, token[] = { { "x-next", "t/7" } },
                           none[] = { { "x-next", "" } }, word[] = { { "x-next", "seven" } },
                           huge[] = { { "x-next", "99999999999999999999" } };
    const struct {
        const eb_operation *op;
        const eb_header    *header;
        const char         *url;
        eb_status           st;
    } cases[] = { { &header_op, url, FIRST "?page=7", EB_DONE },
                  { &number_op, number, FIRST "?page=7", EB_DONE },
                  { &token_op, token, FIRST "?q=t%2F7", EB_DONE },
                  { &header_op, none, NULL, EB_DONE },
                  { &number_op, none, NULL, EB_DONE },
                  { &token_op, none, NULL, EB_DONE },
                  { &number_op, word, NULL, EB_DECODE },
                  { &number_op, huge, NULL, EB_DECODE } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        walk w;

        open_walk(&w, &book_api);
        bench_answer(&w.b, 0, 200, "[{\"name\":\"a\"}]");
        bench_header(&w.b, 0, cases[i].header, 1);
        bench_answer(&w.b, 1, 200, "[{\"name\":\"b\"}]");
        ck_assert_int_eq(collect(&w, cases[i].op, NULL), cases[i].st);
        ck_assert_str_eq(w.names, cases[i].url != NULL ? "a b " : "a ");
        if (cases[i].url != NULL)
            ck_assert_str_eq(sent(&w, 1), cases[i].url);
        ck_assert_uint_eq(w.b.script.exchanges, cases[i].url != NULL ? 2 : 1);
        if (cases[i].st == EB_DECODE) {
            ck_assert_str_eq(w.pager.response.field, "X-Next");
            ck_assert_ptr_nonnull(strstr(w.pager.response.message, "X-Next: expected a number, got \""));
        }
        close_walk(&w);
    }
}
END_TEST

START_TEST(a_link_header_in_pieces_is_a_failure_after_the_items)
{
    static const eb_header broken = { "Link", "</v1/books?page=2; rel=next" };
    walk                   w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, "[{\"name\":\"a\"}]");
    bench_header(&w.b, 0, &broken, 1);
    ck_assert_int_eq(collect(&w, &link_op, NULL), EB_DECODE);
    ck_assert_str_eq(w.names, "a ");
    ck_assert_str_eq(w.pager.response.field, "Link");
    ck_assert_str_eq(w.pager.response.message, "Link: expected > at character 28");
    close_walk(&w);
}
END_TEST

START_TEST(an_empty_list_is_the_end_and_no_list_is_a_failure)
{
    static const struct {
        const char *body;
        eb_status   st;
    } cases[] = { { "[]", EB_DONE }, { "{}", EB_DECODE }, { "", EB_DECODE }, { "[1]", EB_DECODE } };

    for (size_t i = 0; i < 4; i++) {
        walk w;

        open_walk(&w, &book_api);
        bench_answer(&w.b, 0, 200, cases[i].body);
        ck_assert_int_eq(collect(&w, &link_op, NULL), cases[i].st);
        ck_assert_str_eq(w.names, "");
        close_walk(&w);
    }
}
END_TEST

/* The same by name, items as JSON. */
START_TEST(items_of_a_list_are_given_as_text)
{
    static const eb_header one = { "Link", "<?page=2>; rel=next" };
    eb_json                item;
    walk                   w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, " [ {\"name\":\"a\"} , {\"x\":[1,2]}]");
    bench_header(&w.b, 0, &one, 1);
    bench_answer(&w.b, 1, 200, "[{}]");
    ck_assert_int_eq(eb_invoke_all(w.b.client, "link", "{}", NULL, &w.pager), EB_OK);
    ck_assert_int_eq(eb_invoke_next(&w.pager, &item), EB_OK);
    ck_assert_uint_eq(item.len, 12);
    ck_assert_int_eq(memcmp(item.text, "{\"name\":\"a\"}", 12), 0);
    ck_assert_int_eq(eb_invoke_next(&w.pager, &item), EB_OK);
    ck_assert_int_eq(memcmp(item.text, "{\"x\":[1,2]}", 11), 0);
    ck_assert_int_eq(eb_invoke_next(&w.pager, &item), EB_OK);
    ck_assert_int_eq(memcmp(item.text, "{}", 2), 0);
    ck_assert_int_eq(eb_invoke_next(&w.pager, &item), EB_DONE);
    close_walk(&w);
}
END_TEST

/* ---- Failures -------------------------------------------------------------------------------------- */

START_TEST(after_a_failure_the_same_url_is_asked_for_again)
{
    const void *item;
    walk        w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 404, "{\"message\":\"not yet\"}");
    bench_answer(&w.b, 1, 200, A_PAGE("a", "\"?page=2\""));
    bench_answer(&w.b, 2, 404, "{\"message\":\"not now\"}");
    bench_answer(&w.b, 3, 200, A_PAGE("b", "null"));
    ck_assert_int_eq(collect(&w, &body_op, NULL), EB_API);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_OK);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_API);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_OK);
    ck_assert_str_eq(((const book *)item)->name, "b");
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_DONE);
    ck_assert_str_eq(sent(&w, 1), FIRST);
    ck_assert_str_eq(sent(&w, 2), FIRST "?page=2");
    ck_assert_str_eq(sent(&w, 3), FIRST "?page=2");
    close_walk(&w);
}
END_TEST

START_TEST(a_deadline_and_a_cancel_hold_for_further_pages)
{
    const eb_call_options timed   = { .deadline_ms = 100 };
    const book_params     one     = { .options = &timed };
    eb_call_options       stopped = { 0 };
    const book_params     two     = { .options = &stopped };
    const void           *item;
    walk                  w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?page=2\""));
    bench_answer(&w.b, 1, 200, "{\"items\":[],\"next\":\"?page=3\"}");
    w.b.took_ms = 60;
    ck_assert_int_eq(collect(&w, &body_op, &one), EB_TIMEOUT);
    ck_assert_uint_eq(w.b.script.exchanges, 2);
    ck_assert_int_eq(w.b.timeouts_ms[1], 40);
    close_walk(&w);

    ck_assert_int_eq(eb_cancel_source_new(&stopped.cancel), EB_OK);
    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?page=2\""));
    ck_assert_int_eq(eb_pager_start(w.b.client, &body_op, &two, &w.pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_OK);
    eb_cancel(stopped.cancel);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_CANCELLED);
    ck_assert_uint_eq(w.b.script.exchanges, 1);
    close_walk(&w);
    eb_cancel_source_free(stopped.cancel);
}
END_TEST

START_TEST(a_walk_without_memory_fails_and_goes_on)
{
    for (long n = 1;; n++) {
        const book_params params = { .q = "x" };
        const void       *item;
        eb_status         st;
        long              calls;
        size_t            items = 0;
        walk              w;

        open_walk(&w, &book_key_api);
        bench_answer(&w.b, 0, 200, A_PAGE("a", "\"more?api_key=x&page=2&q=+\""));
        bench_answer(&w.b, 1, 200, A_PAGE("b", "null"));
        w.b.memory.calls   = 0;
        w.b.memory.fail_at = n;
        st                 = eb_pager_start(w.b.client, &body_op, &params, &w.pager);
        while (st == EB_OK && (st = eb_pager_next(&w.pager, &body_op, &item)) == EB_OK)
            items++;
        bench_texts(&w.pager.response);
        calls              = w.b.memory.calls;
        w.b.memory.fail_at = 0;
        if (calls < n) {
            ck_assert_int_eq(st, EB_DONE);
            ck_assert_uint_eq(items, 2);
        } else {
            ck_assert_int_eq(st, EB_NOMEM);
            if (w.pager.state_ != NULL) { /* with memory again the walk goes on where it was */
                eb_script_reset(&w.b.script);
                if (items == 1)
                    bench_answer(&w.b, 0, 200, A_PAGE("b", "null"));
                while ((st = eb_pager_next(&w.pager, &body_op, &item)) == EB_OK)
                    items++;
                ck_assert_int_eq(st, EB_DONE);
                ck_assert_uint_eq(items, 2);
            }
        }
        close_walk(&w);
        if (calls < n)
            break;
    }
}
END_TEST

START_TEST(a_pager_may_be_freed_after_its_client)
{
    const void *item;
    walk        w;

    open_walk(&w, &book_api);
    bench_answer(&w.b, 0, 200, A_PAGE("a", "\"?page=2\""));
    ck_assert_int_eq(eb_pager_start(w.b.client, &body_op, NULL, &w.pager), EB_OK);
    ck_assert_int_eq(eb_pager_next(&w.pager, &body_op, &item), EB_OK);
    eb_client_free(w.b.client);
    w.b.client = NULL;
    close_walk(&w);
}
END_TEST

UNIT_TESTS("next page", a_link_header_is_read_as_rfc_8288_has_it,
           a_broken_link_header_is_not_the_end_of_a_list, a_reference_leads_where_rfc_3986_says,
           every_page_leads_on_from_itself, nothing_is_sent_to_anybody_else,
           a_url_longer_than_any_request_is_refused, a_key_in_the_query_is_sent_once_and_never_logged,
           a_key_that_the_caller_gave_as_a_parameter_stays,
           a_further_page_is_signed_for_its_own_url, a_url_that_leads_round_ends_the_walk,
           urls_that_lead_round_in_a_circle_end_the_walk, a_flag_or_nothing_ends_the_walk,
           an_empty_page_leads_on_but_not_for_ever, a_list_is_walked_by_its_link_headers,
           a_header_of_another_name_has_the_url_the_number_or_the_token,
           a_link_header_in_pieces_is_a_failure_after_the_items,
           an_empty_list_is_the_end_and_no_list_is_a_failure, items_of_a_list_are_given_as_text,
           after_a_failure_the_same_url_is_asked_for_again, a_deadline_and_a_cancel_hold_for_further_pages,
           a_walk_without_memory_fails_and_goes_on, a_pager_may_be_freed_after_its_client)
