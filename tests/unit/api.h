/* api.h -- a small API written by hand as the generator would write it, and a bench to call it on: a
 * scripted transport, a clock that only moves when told, random bytes that are all alike, an allocator
 * that knows what came back. */
#ifndef API_H
#define API_H

#include "unit.h"

#include "client.h"
#include "codec.h"
#include "edgebind/edgebind.h"
#include "edgebind/testing.h"

/* ---- Types ------------------------------------------------------------------------------------- */

typedef struct shop_item {
    const char *name;
    eb_opt_int  size;
    const char *secret;
    eb_str_list tags;
} shop_item;

typedef struct shop_item_list {
    const shop_item *items;
    size_t           count;
} shop_item_list;

typedef struct shop_paging {
    eb_opt_int  number;
    eb_opt_int  next;
    eb_opt_bool more;
} shop_paging;

typedef struct shop_page {
    eb_opt_int         total;
    shop_item_list     items;
    const shop_paging *paging;
} shop_page;

typedef struct shop_order {
    const char *name;
    eb_opt_int  count;
    eb_opt_bool gift;
    eb_json     extra;
    eb_str_map  rest;
} shop_order;

typedef struct shop_ticket {
    const char *id;
    eb_json     upload;
} shop_ticket;

typedef struct depot_form {
    const char *key;
    const char *policy;
    eb_body     file;
    eb_str_map  rest;
} depot_form;

static const eb_field shop_item_rows[] = {
    EB_ROW_STR(shop_item, name, "name", EB_NULLABLE),
    EB_ROW_OPT_INT(shop_item, size, "size", EB_NULLABLE),
    EB_ROW_STR(shop_item, secret, "secret", EB_SECRET),
    EB_ROW_LIST(shop_item, tags, "tags", EB_OPTIONAL, eb_str_list),
};
static const eb_type  shop_item_type        = EB_TYPE(shop_item, shop_item_rows);
static const eb_field shop_item_list_item[] = { EB_ITEM_STRUCT(shop_item_list, 0, shop_item) };
static const eb_type  shop_item_list_type   = EB_LIST_TYPE(shop_item_list, shop_item_list_item);
static const eb_field shop_paging_rows[]    = {
       EB_ROW_OPT_INT(shop_paging, number, "number", EB_NULLABLE),
       EB_ROW_OPT_INT(shop_paging, next, "next", EB_NULLABLE),
       EB_ROW_OPT_BOOL(shop_paging, more, "more", EB_NULLABLE),
};
static const eb_type  shop_paging_type = EB_TYPE(shop_paging, shop_paging_rows);
static const eb_field shop_page_rows[] = {
    EB_ROW_OPT_INT(shop_page, total, "total", EB_NULLABLE),
    EB_ROW_LIST(shop_page, items, "items", EB_NULLABLE, shop_item_list),
    EB_ROW_OBJECT(shop_page, paging, "paging", EB_OPTIONAL, shop_paging),
};
static const eb_type  shop_page_type    = EB_TYPE(shop_page, shop_page_rows);
static const eb_field shop_order_rows[] = {
    EB_ROW_STR(shop_order, name, "name", EB_REQUIRED),
    EB_ROW_OPT_INT(shop_order, count, "count", EB_OPTIONAL),
    EB_ROW_OPT_BOOL(shop_order, gift, "gift", EB_OPTIONAL),
    EB_ROW_JSON(shop_order, extra, "extra", EB_OPTIONAL),
    EB_ROW_MAP(shop_order, rest, "", EB_REST, eb_str_map),
};
static const eb_type  shop_order_type    = EB_TYPE(shop_order, shop_order_rows);
static const eb_field shop_ticket_rows[] = {
    EB_ROW_STR(shop_ticket, id, "id", EB_OPTIONAL),
    EB_ROW_JSON(shop_ticket, upload, "upload", EB_SECRET),
};
static const eb_type  shop_ticket_type  = EB_TYPE(shop_ticket, shop_ticket_rows);
static const eb_field depot_form_rows[] = {
    EB_ROW_STR(depot_form, key, "key", EB_REQUIRED | EB_SECRET),
    EB_ROW_STR(depot_form, policy, "policy", EB_SECRET),
    EB_ROW_BODY(depot_form, file, "file", EB_REQUIRED),
    EB_ROW_MAP(depot_form, rest, "", EB_REST | EB_SECRET, eb_str_map),
};
static const eb_type depot_form_type = EB_TYPE(depot_form, depot_form_rows);

/* ---- Parameters -------------------------------------------------------------------------------- */

typedef struct shop_item_get_params {
    const eb_call_options *options;
    const char            *id;
    eb_opt_int             limit;
    const char            *query_id; /* `id` again, in the query */
    eb_str_list            tags;
    eb_str_list            marks;
    const char            *mask;
    const char            *path; /* for image_get */
    eb_json                filter;
} shop_item_get_params;

typedef struct shop_order_params {
    const eb_call_options *options;
    const shop_order      *body;
} shop_order_params;

typedef struct shop_put_params {
    const eb_call_options *options;
    eb_body                body;
} shop_put_params;

typedef struct shop_list_params {
    const eb_call_options *options;
    eb_opt_int             page;
    eb_opt_int             size;
    const char            *mask;
} shop_list_params;

typedef struct depot_post_params {
    const eb_call_options *options;
    const depot_form      *body;
} depot_post_params;

static const eb_field shop_item_get_rows[] = {
    EB_ROW_STR(shop_item_get_params, query_id, "id", EB_OPTIONAL),
    EB_ROW_STR(shop_item_get_params, id, "id", EB_REQUIRED),
    EB_ROW_OPT_INT(shop_item_get_params, limit, "limit", EB_OPTIONAL),
    EB_ROW_LIST(shop_item_get_params, tags, "tags", EB_NULLABLE, eb_str_list),
    EB_ROW_LIST(shop_item_get_params, marks, "marks", EB_OPTIONAL, eb_str_list),
    EB_ROW_STR(shop_item_get_params, mask, "x-fields", EB_OPTIONAL),
    EB_ROW_JSON(shop_item_get_params, filter, "filter", EB_OPTIONAL),
};
static const uint8_t shop_item_get_places[] = {
    EB_IN_QUERY, EB_IN_PATH, EB_IN_QUERY, EB_IN_QUERY, EB_IN_QUERY | EB_EXPLODE, EB_IN_HEADER, EB_IN_QUERY | EB_AS_JSON
};
static const eb_type shop_item_get_params_type = EB_TYPE(shop_item_get_params, shop_item_get_rows);

static const eb_field shop_image_get_rows[] = {
    EB_ROW_STR(shop_item_get_params, path, "path", EB_REQUIRED),
};
static const uint8_t shop_image_get_places[]    = { EB_IN_PATH | EB_SEGMENTS };
static const eb_type shop_image_get_params_type = EB_TYPE(shop_item_get_params, shop_image_get_rows);

static const eb_field shop_order_params_rows[] = {
    EB_ROW_OBJECT(shop_order_params, body, "body", EB_REQUIRED, shop_order),
};
static const uint8_t shop_body_places[]     = { EB_IN_BODY };
static const eb_type shop_order_params_type = EB_TYPE(shop_order_params, shop_order_params_rows);

static const eb_field shop_put_rows[] = {
    EB_ROW_BODY(shop_put_params, body, "body", EB_OPTIONAL),
};
static const eb_type shop_put_params_type = EB_TYPE(shop_put_params, shop_put_rows);

static const eb_type shop_nothing_params_type = EB_TYPE_WITHOUT_ROWS(shop_put_params);

static const eb_field shop_list_rows[] = {
    EB_ROW_OPT_INT(shop_list_params, page, "page", EB_OPTIONAL),
    EB_ROW_OPT_INT(shop_list_params, size, "size", EB_OPTIONAL),
    EB_ROW_STR(shop_list_params, mask, "x-fields", EB_OPTIONAL),
};
static const uint8_t shop_list_places[] = { EB_IN_QUERY, EB_IN_QUERY, EB_IN_HEADER | EB_FIELD_MASK };
static const eb_type shop_list_params_type = EB_TYPE(shop_list_params, shop_list_rows);

static const eb_field depot_post_rows[] = {
    EB_ROW_OBJECT(depot_post_params, body, "body", EB_REQUIRED, depot_form),
};
static const eb_type depot_post_params_type = EB_TYPE(depot_post_params, depot_post_rows);

/* ---- Operations -------------------------------------------------------------------------------- */

static const eb_operation shop_item_get_op = { .id     = "item-get",
                                               .name   = "shop_item_get",
                                               .method = "GET",
                                               .path   = "/v1/items/{id}",
                                               .action = "GetItem",
                                               .params = &shop_item_get_params_type,
                                               .places = shop_item_get_places,
                                               .result = &shop_item_type,
                                               .flags  = EB_SAFE };

static const eb_operation shop_image_get_op = { .id     = "image-get",
                                                .name   = "shop_image_get",
                                                .method = "GET",
                                                .path   = "/v1/images/{path}/raw",
                                                .params = &shop_image_get_params_type,
                                                .places = shop_image_get_places,
                                                .accept = "image/png",
                                                .flags  = EB_SAFE };

static const eb_operation shop_item_delete_op = { .id     = "item-delete",
                                                  .name   = "shop_item_delete",
                                                  .method = "DELETE",
                                                  .path   = "/v1/items/{id}",
                                                  .params = &shop_item_get_params_type,
                                                  .places = shop_item_get_places,
                                                  .flags  = EB_SAFE };

static const eb_verify_param shop_order_verify_params[] = { { "id", "/body/name" } };
static const eb_verify       shop_order_verify = { "item-get", shop_order_verify_params, 1 };

static const eb_operation shop_order_op = { .id     = "order-create",
                                            .name   = "shop_order_create",
                                            .method = "POST",
                                            .path   = "/v1/orders",
                                            .action = "CreateOrder",
                                            .params = &shop_order_params_type,
                                            .places = shop_body_places,
                                            .result = &shop_item_type,
                                            .verify = &shop_order_verify,
                                            .send   = EB_SEND_JSON };

static const eb_operation shop_form_op = { .id     = "order-form",
                                           .name   = "shop_order_form",
                                           .method = "POST",
                                           .path   = "/#OrderForm",
                                           .action = "OrderForm",
                                           .params = &shop_order_params_type,
                                           .places = shop_body_places,
                                           .result = &shop_item_type,
                                           .send   = EB_SEND_FORM };

static const eb_operation shop_put_op = { .id     = "item-put",
                                          .name   = "shop_item_put",
                                          .method = "PUT",
                                          .path   = "/v1/raw",
                                          .params = &shop_put_params_type,
                                          .places = shop_body_places,
                                          .send   = EB_SEND_BYTES,
                                          .flags  = EB_SAFE };

static const eb_operation shop_poke_op = { .id     = "poke",
                                           .name   = "shop_poke",
                                           .method = "POST",
                                           .path   = "/v1/poke",
                                           .params = &shop_nothing_params_type,
                                           .places = shop_body_places };

static const eb_pages     shop_pages   = { .page   = "page",
                                           .size   = "size",
                                           .items  = "/items",
                                           .next   = "/paging/next",
                                           .more   = "/paging/more",
                                           .number = "/paging/number",
                                           .total  = "/total" };
static const eb_operation shop_list_op = { .id     = "item-list",
                                           .name   = "shop_item_list",
                                           .method = "GET",
                                           .path   = "/v1/items",
                                           .params = &shop_list_params_type,
                                           .places = shop_list_places,
                                           .result = &shop_page_type,
                                           .pages  = &shop_pages,
                                           .flags  = EB_SAFE };

/* The same list where the service says only how many there are. */
static const eb_pages shop_counted_pages = { .page = "page", .items = "/items", .total = "/total" };
static const eb_operation shop_counted_list_op = { .id     = "counted-list",
                                                   .name   = "shop_counted_list",
                                                   .method = "GET",
                                                   .path   = "/v1/items",
                                                   .params = &shop_list_params_type,
                                                   .places = shop_list_places,
                                                   .result = &shop_page_type,
                                                   .pages  = &shop_counted_pages,
                                                   .flags  = EB_SAFE };

static const eb_api depot_api;

static const eb_link_field shop_link_fields[] = { { "key", "/upload/key" },
                                                  { "policy", "/upload/policy" } };
static const char *const   shop_link_hosts[]  = { "*.depot.example", NULL };
static const eb_link       shop_link          = { .api         = &depot_api,
                                                  .operation   = "PostObject",
                                                  .server      = "/upload/url",
                                                  .fields      = shop_link_fields,
                                                  .field_count = 2,
                                                  .rest        = "/upload",
                                                  .file        = "file",
                                                  .hosts       = shop_link_hosts,
                                                  .name        = "shop_ticket_file" };

static const eb_operation shop_ticket_op = { .id     = "ticket",
                                             .name   = "shop_ticket",
                                             .method = "POST",
                                             .path   = "/v1/ticket",
                                             .params = &shop_order_params_type,
                                             .places = shop_body_places,
                                             .result = &shop_ticket_type,
                                             .send   = EB_SEND_JSON,
                                             .link   = &shop_link };

static const eb_events    shop_events   = { .type   = &shop_item_type,
                                            .accept = "text/event-stream",
                                            .done   = "[DONE]" };
static const eb_operation shop_watch_op = { .id     = "watch",
                                            .name   = "shop_watch",
                                            .method = "GET",
                                            .path   = "/v1/events",
                                            .params = &shop_nothing_params_type,
                                            .places = shop_body_places,
                                            .flags  = EB_SAFE,
                                            .events = &shop_events };

static const eb_operation *const shop_operations[] = {
    &shop_item_get_op,     &shop_image_get_op, &shop_item_delete_op, &shop_order_op,
    &shop_form_op,         &shop_put_op,       &shop_poke_op,        &shop_list_op,
    &shop_counted_list_op, &shop_ticket_op,    &shop_watch_op
};

static const eb_operation        depot_post_op      = { .id     = "PostObject",
                                                        .name   = "depot_post_object",
                                                        .method = "POST",
                                                        .path   = "/",
                                                        .params = &depot_post_params_type,
                                                        .places = shop_body_places,
                                                        .send   = EB_SEND_MULTIPART };
static const eb_operation *const depot_operations[] = { &depot_post_op };

/* ---- APIs -------------------------------------------------------------------------------------- */

static const char *const shop_error_code[]       = { "/code", NULL };
static const char *const shop_error_message[]    = { "/message", NULL };
static const char *const shop_error_request_id[] = { "/request_id", NULL };
static const char *const shop_failure_is[]       = { "false", NULL };
static const eb_failure  shop_failures[]         = { { "/ok", shop_failure_is, NULL } };
static const char *const shop_codes[]            = { "Full", "Gone" };
static const eb_enum     shop_codes_enum         = { "shop_error", shop_codes, NULL, 2 };
static const eb_errors   shop_errors             = { .code              = shop_error_code,
                                                     .message           = shop_error_message,
                                                     .request_id        = shop_error_request_id,
                                                     .request_id_header = "x-request-id",
                                                     .throttled         = "Throttling",
                                                     .failures          = shop_failures,
                                                     .failure_count     = 1,
                                                     .codes             = &shop_codes_enum };

static const eb_auth shop_auth     = { .kind      = EB_AUTH_API_KEY_HEADER,
                                       .header    = "authorization",
                                       .prefix    = "token ",
                                       .env_token = "SHOP_TOKEN" };
static const eb_auth shop_acs_auth = { .kind        = EB_AUTH_ACS3,
                                       .env_id      = "SHOP_ID",
                                       .env_secret  = "SHOP_SECRET",
                                       .env_token   = "SHOP_STS",
                                       .acs_version = "2024-09-10" };

#define SHOP_API(auth_)                                                                \
    {                                                                                  \
        .contract = EB_CONTRACT, .name = "shop", .title = "Shop", .version = "1",      \
        .server = "https://shop.example.com", .auth = (auth_), .errors = &shop_errors, \
        .operations      = shop_operations,                                            \
        .operation_count = sizeof shop_operations / sizeof shop_operations[0]          \
    }
static const eb_api shop_api     = SHOP_API(&shop_auth);
static const eb_api shop_acs_api = SHOP_API(&shop_acs_auth);

static const eb_server_variable shop_region_variables[] = { { "region", NULL, NULL } };
static const eb_api             shop_region_api         = { .contract = EB_CONTRACT,
                                                            .name     = "shop",
                                                            .server   = "https://shop.{region}.example.com",
                                                            .variables       = shop_region_variables,
                                                            .variable_count  = 1,
                                                            .auth            = &shop_acs_auth,
                                                            .errors          = &shop_errors,
                                                            .operations      = shop_operations,
                                                            .operation_count = sizeof shop_operations /
                                                                               sizeof shop_operations[0] };

static const eb_server_variable depot_variables[]      = { { "host", NULL, NULL } };
static const int                depot_failure_status[] = { 203, 0 };
static const char *const        depot_error_code[]     = { "/Code", NULL };
static const char *const        depot_error_message[]  = { "/Message", NULL };
static const eb_errors          depot_errors           = { .code              = depot_error_code,
                                                           .message           = depot_error_message,
                                                           .request_id_header = "x-depot-id",
                                                           .failure_status    = depot_failure_status,
                                                           .format            = EB_ERROR_XML };
static const eb_api             depot_api              = { .contract        = EB_CONTRACT,
                                                           .name            = "depot",
                                                           .server          = "https://{host}",
                                                           .variables       = depot_variables,
                                                           .variable_count  = 1,
                                                           .errors          = &depot_errors,
                                                           .operations      = depot_operations,
                                                           .operation_count = 1 };

/* ---- The bench --------------------------------------------------------------------------------- */

#define SHOP_TOKEN "canary-token-7f3a"

typedef struct bench {
    unit_memory       memory;
    eb_script         script;
    eb_script_answer  answers[16];
    eb_transport      inner;
    eb_transport      transport; /* the script, with took_ms before each answer */
    int64_t           took_ms;
    int64_t           wall_ms;
    int64_t           monotonic_ms;
    int64_t           slept_ms;
    int               sleeps;
    unsigned char     random_byte;
    bool              no_random;
    char              problem[256];
    eb_client        *client;
    eb_response       response;
    eb_cancel_source *cancel_in_sleep; /* cancelled by the next sleep */
    int64_t           timeouts_ms[16]; /* what each exchange was allowed */
    int64_t           stalls_ms[16];   /* how long each might be silent */
} bench;

static inline int64_t bench_wall(void *context)
{
    return ((bench *)context)->wall_ms;
}

static inline int64_t bench_monotonic(void *context)
{
    return ((bench *)context)->monotonic_ms;
}

static inline void bench_pass(bench *b, int64_t ms)
{
    b->wall_ms += ms;
    b->monotonic_ms += ms;
}

static inline void bench_sleep(void *context, int64_t ms)
{
    bench *b = context;

    b->sleeps++;
    b->slept_ms += ms;
    bench_pass(b, ms);
    eb_cancel(b->cancel_in_sleep);
}

static inline bool bench_random(void *context, void *buffer, size_t size)
{
    const bench *b = context;

    memset(buffer, b->random_byte, size);
    return !b->no_random;
}

static inline eb_status bench_exchange(void *context, eb_exchange *x)
{
    bench *b = context;

    if (b->script.exchanges < 16) {
        b->timeouts_ms[b->script.exchanges] = x->timeout_ms;
        b->stalls_ms[b->script.exchanges]   = x->stall_timeout_ms;
    }
    bench_pass(b, b->took_ms);
    return b->inner.exchange(b->inner.context, x);
}

/* The k-th answer and all after it. */
static inline eb_script_answer *bench_answer(bench *b, size_t k, int http_status, const char *body)
{
    b->answers[k]     = (eb_script_answer){ .http_status = http_status, .body = body };
    b->script.answers = b->answers;
    if (b->script.count <= k)
        b->script.count = k + 1;
    return &b->answers[k];
}

static inline void bench_fails(bench *b, size_t k, eb_status status, eb_sent sent)
{
    *bench_answer(b, k, 0, NULL) = (eb_script_answer){ .status = status, .sent = sent };
}

static inline void bench_header(bench *b, size_t k, const eb_header *headers, size_t count)
{
    b->answers[k].headers      = headers;
    b->answers[k].header_count = count;
}

/* Fills what the options leave open and makes the client. */
static inline eb_status bench_make(bench *b, eb_client_options options)
{
    const eb_clock  clock  = { bench_wall, bench_monotonic, bench_sleep, b };
    const eb_random random = { bench_random, b };

    if (options.api == NULL)
        options.api = &shop_api;
    if (options.credentials.kind == EB_CREDENTIALS_ENVIRONMENT && options.api->auth == &shop_auth)
        options.credentials = eb_credentials_token(SHOP_TOKEN);
    if (options.credentials.kind == EB_CREDENTIALS_ENVIRONMENT && options.api->auth == &shop_acs_auth)
        options.credentials = eb_credentials_key("canary-id", "canary-secret");
    b->inner     = eb_script_transport(&b->script);
    b->transport = (eb_transport){ .exchange = bench_exchange, .context = b };
    if (options.transport == NULL)
        options.transport = &b->transport;
    if (options.clock == NULL)
        options.clock = &clock;
    if (options.random == NULL)
        options.random = &random;
    if (options.allocator == NULL)
        options.allocator = &b->memory.allocator;
    options.problem      = b->problem;
    options.problem_size = sizeof b->problem;
    return eb_client_new(&options, &b->client);
}

static inline void bench_open(bench *b)
{
    memset(b, 0, sizeof *b);
    unit_memory_init(&b->memory, 0);
    b->wall_ms      = INT64_C(1774685350000); /* 2026-03-28T08:09:10Z */
    b->monotonic_ms = 1000;
    b->random_byte  = 0x80; /* a little over one half */
}

static inline void bench_start_with(bench *b, eb_client_options options)
{
    bench_open(b);
    ck_assert_msg(bench_make(b, options) == EB_OK, "%s", b->problem);
}

static inline void bench_start(bench *b)
{
    bench_start_with(b, (eb_client_options){ 0 });
}

static inline void bench_end(bench *b)
{
    eb_response_free(&b->response);
    eb_client_free(b->client);
    eb_script_reset(&b->script);
    unit_memory_check(&b->memory);
}

/* No text of a response is ever NULL after a call. */
static inline void bench_texts(const eb_response *r)
{
    ck_assert_ptr_nonnull(r->code);
    ck_assert_ptr_nonnull(r->message);
    ck_assert_ptr_nonnull(r->field);
    ck_assert_ptr_nonnull(r->request_id);
    ck_assert_ptr_nonnull(r->ticket_request_id);
    ck_assert_ptr_nonnull(r->idempotency_key);
    ck_assert_ptr_nonnull(r->body.data);
    for (size_t i = 0; i < r->attempt_count; i++)
        ck_assert_ptr_nonnull(r->attempts[i].code);
}

static inline eb_status bench_get(bench *b, const shop_item **item)
{
    const shop_item_get_params params = { .id = "a" };
    const void                *value  = NULL;
    const eb_status st = eb_call_operation(b->client, &shop_item_get_op, &params, &value, &b->response);

    bench_texts(&b->response);
    ck_assert(st == EB_OK || *b->response.message != '\0');
    if (st == EB_OK && item != NULL)
        *item = value;
    return st;
}

static inline eb_status bench_order(bench *b, const eb_call_options *options)
{
    const shop_order        order  = { .name = "canary-body" };
    const shop_order_params params = { options, &order };
    const void             *value  = NULL;
    const eb_status st = eb_call_operation(b->client, &shop_order_op, &params, &value, &b->response);

    bench_texts(&b->response);
    ck_assert(st == EB_OK || *b->response.message != '\0');
    return st;
}

/* The value of the first header of that name in what was sent; NULL. Ends with the line. */
static inline const char *bench_sent_header(const eb_script_seen *seen, const char *name,
                                            char *value, size_t size)
{
    const size_t len = strlen(name);

    for (const char *at = seen->headers; *at != '\0'; at = strstr(at, "\r\n") + 2) {
        const size_t line = strcspn(at, "\r");

        if (line >= len + 2 && strncmp(at, name, len) == 0 && at[len] == ':') {
            const size_t value_len = line - len - 2;

            ck_assert_uint_lt(value_len, size);
            memcpy(value, at + len + 2, value_len);
            value[value_len] = '\0';
            return value;
        }
    }
    return NULL;
}

#endif
