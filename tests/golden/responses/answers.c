/* answers.c -- what each documented answer comes to in C: the result, other statuses, ranges, the default,
 * headers, media types, bodies that are not what the document says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/res.h"
#include "edgebind/testing.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

typedef struct bench {
    eb_header        headers[16];
    eb_script_answer answer;
    eb_script        script;
    eb_transport     transport;
    eb_client       *client;
    eb_response      response;
} bench;

/* A client whose next answer is this one, of that media type; NULL: none is said. */
static void open_bench(bench *b, int status, const char *type, const char *body)
{
    memset(b, 0, sizeof *b);
    b->headers[0]          = (eb_header){ "Content-Type", type };
    b->answer.http_status  = status;
    b->answer.headers      = b->headers;
    b->answer.header_count = type != NULL ? 1 : 0;
    b->answer.body         = body;
    b->script.answers      = &b->answer;
    b->script.count        = 1;
    b->transport           = eb_script_transport(&b->script);
    CHECK(eb_client_new(&(eb_client_options){ .api = &res_api, .transport = &b->transport, .retries = EB_RETRIES_NONE },
                        &b->client) == EB_OK);
}

static void close_bench(bench *b)
{
    eb_response_free(&b->response);
    eb_client_free(b->client);
    eb_script_reset(&b->script);
}

static void add_header(bench *b, const char *name, const char *value)
{
    b->headers[b->answer.header_count++] = (eb_header){ name, value };
}

static const res_pet_create_params rex = { .body = &(res_pet){ .name = "Rex" } };

static void statuses_have_types_of_their_own(void)
{
    const res_pet *pet = NULL;
    bench          b;

    open_bench(&b, 200, "application/json", "{\"name\":\"Rex\",\"age\":3}");
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_OK);
    CHECK(strcmp(pet->name, "Rex") == 0 && res_pet_create_202(&b.response) == NULL);
    CHECK(res_pet_create_error(&b.response) == NULL && res_pet_create_409(&b.response) == NULL);
    close_bench(&b);

    pet = NULL;
    open_bench(&b, 201, "application/json", "{\"name\":\"Rex\"}"); /* of the same type as 200 */
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_OK && pet != NULL);
    close_bench(&b);

    pet = rex.body;
    open_bench(&b, 202, "application/json", "{\"id\":\"j1\"}");
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_OK);
    CHECK(pet == NULL && strcmp(res_pet_create_202(&b.response)->id, "j1") == 0);
    CHECK(res_pet_list_429(&b.response) == NULL && res_pet_create_202(NULL) == NULL);
    close_bench(&b);

    open_bench(&b, 409, "application/json", "{\"name\":\"Rex\",\"age\":9}");
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_API);
    CHECK(res_pet_create_409(&b.response)->age.v == 9 && res_pet_create_error(&b.response) == NULL);
    close_bench(&b);

    open_bench(&b, 422, "application/json", "{\"code\":7,\"reason\":\"no\"}"); /* 4XX */
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_API);
    CHECK(res_pet_create_error(&b.response)->code == 7 &&
          strcmp(res_pet_create_error(&b.response)->reason, "no") == 0);
    CHECK(res_pet_create_409(&b.response) == NULL);
    close_bench(&b);

    open_bench(&b, 418, "application/json", "{\"code\":8}"); /* the default */
    CHECK(res_pet_get(b.client, &(res_pet_get_params){ .name = "a" }, &pet, &b.response) == EB_API);
    CHECK(res_pet_get_error(&b.response)->code == 8 && res_pet_get_404(&b.response) == NULL);
    close_bench(&b);

    open_bench(&b, 410, "application/json", "{\"code\":8}"); /* documented, without a type */
    CHECK(res_pet_get(b.client, &(res_pet_get_params){ .name = "a" }, &pet, &b.response) == EB_API);
    CHECK(res_pet_get_error(&b.response) == NULL);
    close_bench(&b);

    open_bench(&b, 404, "application/json", "{\"nearest\":[\"b\",\"c\"]}");
    CHECK(res_pet_get(b.client, &(res_pet_get_params){ .name = "a" }, &pet, &b.response) == EB_API);
    CHECK(res_pet_get_404(&b.response)->nearest.count == 2);
    close_bench(&b);

    open_bench(&b, 203, "application/json", "{\"name\":\"Rex\"}"); /* a success only the default covers */
    CHECK(res_anything_get(b.client, NULL, &pet, &b.response) == EB_OK && strcmp(pet->name, "Rex") == 0);
    close_bench(&b);
}

static void an_error_that_is_not_as_documented_stays_that_error(void)
{
    static const char *const bodies[] = { "",   "{",    "<html>",       "[]", "{\"code\":\"x\"}",
                                          "{}", "null", "{\"code\":1}x" };

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const res_pet *pet = rex.body;
        bench          b;

        open_bench(&b, 422, i % 2 ? "text/html" : NULL, bodies[i]);
        CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_API);
        CHECK(pet == rex.body && b.response.http_status == 422 &&
              res_pet_create_error(&b.response) == NULL);
        CHECK(*b.response.message != '\0');
        close_bench(&b);
    }
}

static void a_success_that_is_not_as_documented_is_unreadable(void)
{
    const res_pet *pet = rex.body;
    bench          b;

    open_bench(&b, 202, "application/json", "{\"id\":1}");
    CHECK(res_pet_create(b.client, &rex, &pet, &b.response) == EB_DECODE);
    CHECK(pet == rex.body && strcmp(b.response.field, "id") == 0 &&
          res_pet_create_202(&b.response) == NULL);
    close_bench(&b);
}

static void what_came_decides_between_media_types(void)
{
    static const struct {
        const char *type, *body;
        bool        read;
    } cases[] = { { "application/json", "{\"name\":\"a\"}", true },
                  { "application/json; charset=utf-8", "{\"name\":\"a\"}", true },
                  { "Application/HAL+JSON", "{\"name\":\"a\"}", true },
                  { NULL, " {\"name\":\"a\"}", true },
                  { "*/*", "{\"name\":\"a\"}", true },
                  { "text/plain", "{\"name\":\"a\"}", false },
                  { "image/png", "\x89PNG", false },
                  { NULL, "\x89PNG", false } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const res_pet *pet = rex.body;
        bench          b;

        open_bench(&b, 200, cases[i].type, cases[i].body);
        CHECK(res_pet_get(b.client, &(res_pet_get_params){ .name = "a" }, &pet, &b.response) == EB_OK);
        CHECK((pet != NULL) == cases[i].read);
        CHECK(strcmp(b.response.body.data, cases[i].body) == 0);
        CHECK(strcmp(b.response.content_type, cases[i].type != NULL ? cases[i].type : "") == 0);
        CHECK(strstr(b.script.seen[0].headers,
                     "accept: application/json, image/png;q=0.9, text/plain;q=0.8\r\n"));
        close_bench(&b);
    }
}

static void headers_have_types(void)
{
    const res_pet_items        *pets = NULL;
    int64_t                     seconds;
    const res_pet_list_headers *h;
    bench                       b;

    open_bench(&b, 200, "application/json", "[]");
    add_header(&b, "x-total-count", "9007199254740993");
    add_header(&b, "X-Rate-Left", "-3");
    add_header(&b, "Link", "<https://a.example/?page=2>; rel=\"next\"");
    add_header(&b, "X-Tags", "a, b ,,c\"d");
    add_header(&b, "X-Sizes", "1,2");
    add_header(&b, "x-tags", "e");
    add_header(&b, "X-Order", "age");
    add_header(&b, "X-Complete", "TRUE");
    add_header(&b, "X-Load", "0.5");
    add_header(&b, "Expires", "Wed, 21 Oct 2015 07:28:00 GMT");
    add_header(&b, "X-Cursor", "{\"at\": 5}");
    add_header(&b, "X-Options", "a,1");
    CHECK(res_pet_list_headers_of(&b.response) == NULL);
    CHECK(res_pet_list(b.client, NULL, &pets, &b.response) == EB_OK);
    h = res_pet_list_headers_of(&b.response);
    CHECK(h->x_total_count.v == INT64_C(9007199254740993) && h->x_rate_left.v == -3);
    CHECK(strcmp(h->link, "<https://a.example/?page=2>; rel=\"next\"") == 0);
    CHECK(h->x_tags.count == 4 && strcmp(h->x_tags.items[2], "c\"d") == 0 &&
          strcmp(h->x_tags.items[3], "e") == 0);
    CHECK(h->x_sizes.count == 2 && h->x_sizes.items[1] == 2);
    CHECK(h->x_order == RES_PET_LIST_HEADERS_X_ORDER_AGE && h->x_complete.v && h->x_load.v == 0.5);
    CHECK(strcmp(h->expires, "Wed, 21 Oct 2015 07:28:00 GMT") == 0 &&
          strcmp(h->x_cursor.text, "{\"at\": 5}") == 0);
    CHECK(eb_http_date(h->expires, &seconds) && seconds == 1445412480 &&
          !eb_http_date(h->link, &seconds));
    CHECK(strcmp(h->x_options, "a,1") == 0 && h->retry_after.is == EB_ABSENT);
    CHECK(res_pet_exists_headers_of(&b.response) == NULL);
    close_bench(&b);

    open_bench(&b, 429, "application/problem+json",
               "{\"title\":\"Slow\",\"detail\":\"wait\",\"seconds\":3}");
    add_header(&b, "Retry-After", "3");
    CHECK(res_pet_list(b.client, NULL, &pets, &b.response) == EB_API);
    CHECK(res_pet_list_headers_of(&b.response)->retry_after.v == 3);
    CHECK(res_pet_list_429(&b.response)->seconds.v == 3 && res_pet_list_error(&b.response) == NULL);
    CHECK(strcmp(b.response.message, "wait") == 0);
    close_bench(&b);
}

static void a_header_that_is_not_as_documented_is_absent(void)
{
    static const char *const numbers[] = { "",    "x",   "1.5", "01",  "9223372036854775808",
                                           "1 2", "0x1", "1e3", "\xff" };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const res_pet_items        *pets = NULL;
        const res_pet_list_headers *h;
        bench                       b;

        open_bench(&b, 200, "application/json", "[]");
        add_header(&b, "X-Total-Count", numbers[i]);
        add_header(&b, "X-Sizes", "1,x");
        add_header(&b, "X-Complete", "yes");
        add_header(&b, "X-Order", "colour");
        add_header(&b, "Link", numbers[i]);
        add_header(&b, "X-Cursor", "{");
        CHECK(res_pet_list(b.client, NULL, &pets, &b.response) == EB_OK);
        h = res_pet_list_headers_of(&b.response);
        CHECK(h->x_total_count.is == EB_ABSENT && h->x_sizes.items == NULL &&
              h->x_complete.is == EB_ABSENT);
        CHECK(h->x_cursor.text == NULL && h->x_order == RES_PET_LIST_HEADERS_X_ORDER_OTHER);
        CHECK(strcmp(h->x_order_text, "colour") == 0);
        CHECK(i == 8 ? h->link == NULL : strcmp(h->link, numbers[i]) == 0);
        CHECK(strcmp(eb_response_header(&b.response, "link"), numbers[i]) == 0);
        close_bench(&b);
    }
}

static void text_and_bytes_and_nothing(void)
{
    static const char picture[] = "\x89PNG\0\1\2";
    const eb_str_map *map       = &(eb_str_map){ 0 };
    bench             b;

    open_bench(&b, 200, "image/png", picture);
    b.answer.body_len = sizeof picture - 1;
    CHECK(res_picture_get(b.client, &(res_picture_get_params){ .name = "a" }, &b.response) == EB_OK);
    CHECK(b.response.body.len == sizeof picture - 1 &&
          memcmp(b.response.body.data, picture, sizeof picture) == 0);
    close_bench(&b);

    open_bench(&b, 200, "text/csv", "a,b\n");
    CHECK(res_report_get(b.client, NULL, &b.response) == EB_OK &&
          strcmp(b.response.body.data, "a,b\n") == 0);
    close_bench(&b);

    open_bench(&b, 200, "application/json", "12");
    CHECK(res_count_get(b.client, NULL, &b.response) == EB_OK && strcmp(b.response.body.data, "12") == 0);
    close_bench(&b);

    open_bench(&b, 204, NULL, NULL);
    CHECK(res_pet_delete(b.client, &(res_pet_delete_params){ .name = "a" }, &b.response) == EB_OK);
    CHECK(b.response.body.len == 0 && *b.response.content_type == '\0');
    close_bench(&b);

    open_bench(&b, 304, NULL, NULL);
    CHECK(res_pet_exists(b.client, &(res_pet_exists_params){ .name = "a" }, &b.response) == EB_API);
    close_bench(&b);

    open_bench(&b, 200, "application/json", " null\n");
    CHECK(res_settings_get(b.client, NULL, &map, &b.response) == EB_OK && map == NULL);
    close_bench(&b);

    open_bench(&b, 200, "application/json", "{\"a\":\"b\"}");
    CHECK(res_settings_get(b.client, NULL, &map, &b.response) == EB_OK && map->count == 1);
    close_bench(&b);
}

int main(void)
{
    statuses_have_types_of_their_own();
    an_error_that_is_not_as_documented_stays_that_error();
    a_success_that_is_not_as_documented_is_unreadable();
    what_came_decides_between_media_types();
    headers_have_types();
    a_header_that_is_not_as_documented_is_absent();
    text_and_bytes_and_nothing();
    return 0;
}
