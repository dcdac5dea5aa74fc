/* libcurl.c -- calls over the real transport with libcurl's own allocations failing in turn. Whatever
 * fails, nothing may crash or leak, what is sent is what was asked for, and with memory again the same client
 * makes the same call. Run under the sanitizers by make check-torture. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "server.h"

/* ---- libcurl's memory -------------------------------------------------------------------------- */

static atomic_long fail_at, calls; /* fail_at from 1; 0: never */

static bool fails(void)
{
    return atomic_fetch_add(&calls, 1) + 1 == atomic_load(&fail_at);
}

static void *curl_malloc(size_t size)
{
    return fails() ? NULL : malloc(size);
}

static void *curl_realloc(void *block, size_t size)
{
    return fails() ? NULL : realloc(block, size);
}

static char *curl_strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char        *copy = fails() ? NULL : malloc(size);

    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static void *curl_calloc(size_t count, size_t size)
{
    return fails() ? NULL : calloc(count, size);
}

/* ---- A service --------------------------------------------------------------------------------- */

static atomic_int others; /* requests that nobody asked for */

/* Answers by what is asked for, for as long as the connection lasts. */
static void serve(peer *p)
{
    char ticket[256];

    (void)snprintf(ticket, sizeof ticket,
                   "{\"Content\":{\"CodeRevision\":\"1\",\"OssPostConfig\":{\"Url\":\"http://127.0.0.1:%d\",\"key\":\"k\"}}}",
                   p->server->port);
    while (server_read(p)) {
        const char *body = "{\"name\":\"a\"}";

        if (strstr(p->request, "/unwanted") != NULL && strncmp(p->request, "DELETE ", 7) != 0)
            atomic_fetch_add(&others, 1);
        if (strstr(p->request, "UploadRoutineCode") != NULL)
            body = ticket;
        else if (strstr(p->request, "/versions") != NULL)
            body = strstr(p->request, "page=2") != NULL
                       ? "{\"versions\":[{\"name\":\"2\"}],\"pagination\":{\"has_next\":false}}"
                       : "{\"versions\":[{\"name\":\"1\"}],\"pagination\":{\"number\":1,\"has_next\":true,"
                         "\"next_page_number\":2}}";
        if (strstr(p->request, "/news") != NULL)
            server_say(p, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 20\r\n\r\n"
                          "data: a\n\n: b\ndata:\n\n");
        else
            server_answer(p, 200, body);
    }
}

/* ---- One call of each kind --------------------------------------------------------------------- */

static eb_status read_one(eb_client *client, eb_response *response)
{
    const edgegap_app_version *version = NULL;

    return edgegap_app_version_get(client,
                                   &(edgegap_app_version_get_params){ .app_name = "a", .version_name = "1" },
                                   &version, response);
}

static eb_status make_one(eb_client *client, eb_response *response)
{
    return edgegap_endpoint_create(client,
                                   &(edgegap_endpoint_create_params){
                                       .body = &(edgegap_endpoint_create_body){ .name = "a",
                                                                                .access_key_id = "b",
                                                                                .secret_access_key = "cccc",
                                                                                .endpoint = "https://d",
                                                                                .bucket = "e" } },
                                   NULL, response);
}

static eb_status remove_one(eb_client *client, eb_response *response)
{
    return edgegap_application_delete(client,
                                      &(edgegap_application_delete_params){ .app_name = "unwanted" },
                                      response);
}

static eb_status walk(eb_client *client, eb_response *response)
{
    edgegap_app_version_list_pager pager = { 0 };
    const edgegap_app_version     *v     = NULL;
    int                            seen  = 0;
    eb_status                      st    = edgegap_app_version_list_all(client,
                                                                        &(edgegap_app_version_list_params){ .app_name = "a" },
                                                                        &pager);

    (void)response;
    while (st == EB_OK && (st = edgegap_app_version_list_next(&pager, &v)) == EB_OK)
        seen++;
    edgegap_app_version_list_pager_free(&pager);
    return st == EB_DONE && seen == 2 ? EB_OK : st;
}

static eb_status upload(eb_client *client, eb_response *response)
{
    const dcdn_upload_routine_code_response *ticket = NULL;

    return dcdn_upload_routine_code_file(
        client,
        &(dcdn_upload_routine_code_file_params){
            .body = &(dcdn_upload_routine_code_request){ .name = "a", .code_description = "b" },
            .file = eb_body_memory("code", 4) },
        &ticket, response);
}

/* None of our documents has a stream: an API that is Edgegap's with one. */
typedef struct news_params {
    const eb_call_options *options;
} news_params;

static const eb_type             news_params_type  = EB_TYPE_WITHOUT_ROWS(news_params);
static const eb_events           news_events       = { .accept = "text/event-stream" };
static const eb_operation        news_op           = { .id     = "news",
                                                       .name   = "edgegap_news",
                                                       .method = "GET",
                                                       .path   = "/news",
                                                       .params = &news_params_type,
                                                       .flags  = EB_SAFE,
                                                       .events = &news_events };
static const eb_operation *const news_operations[] = { &news_op };
static eb_api                    news_api;

static eb_status news(eb_client *client, eb_response *response)
{
    eb_stream       stream = { .state_ = NULL };
    eb_stream_event event;
    eb_status       st   = eb_stream_start(client, &news_op, NULL, &stream);
    int             seen = 0;

    (void)response;
    while (st == EB_OK && (st = eb_stream_next(&stream, &news_op, &event)) == EB_OK)
        seen++;
    ck_assert(st != EB_DONE || seen == 2);
    eb_stream_free(&stream);
    return st == EB_DONE ? EB_OK : st;
}

static const struct {
    const char   *name;
    const eb_api *api;
    eb_status (*call)(eb_client *client, eb_response *response);
} kinds[] = { { "get", &edgegap_api, read_one },      { "create", &edgegap_api, make_one },
              { "delete", &edgegap_api, remove_one }, { "walk", &edgegap_api, walk },
              { "upload", &dcdn_api, upload },        { "stream", &news_api, news } };

static eb_client *client_of(const eb_api *api, const char *url)
{
    eb_client *client = NULL;
    eb_status  st =
        eb_client_new(&(eb_client_options){ .api         = api,
                                            .base_url    = url,
                                            .credentials = api != &dcdn_api
                                                               ? eb_credentials_token("not-a-token")
                                                               : eb_credentials_key("id", "secret"),
                                            .proxy       = "",
                                            .retries     = EB_RETRIES_NONE },
                      &client);

    return st == EB_OK ? client : NULL;
}

/* The n-th allocation fails; false: there are not so many. */
static bool try_one(size_t kind, const char *url, long n)
{
    eb_response response = { 0 };
    eb_client  *client;
    eb_status   st = EB_NOMEM;

    atomic_store(&calls, 0);
    atomic_store(&fail_at, n);
    client = client_of(kinds[kind].api, url);
    if (client != NULL)
        st = kinds[kind].call(client, &response);
    atomic_store(&fail_at, 0);
    /* without memory libcurl says so, or that it could not connect, or that a line is too long, or makes do */
    ck_assert_msg(st == EB_OK || st == EB_NOMEM || st == EB_NETWORK || st == EB_MAYBE_SENT ||
                      st == EB_DECODE || st == EB_TIMEOUT || st == EB_LIMIT,
                  "%s, allocation %ld: %s: %s", kinds[kind].name, n, eb_status_name(st),
                  response.message);
    ck_assert(st == EB_OK || client == NULL || response.arena_ == NULL || *response.message != '\0');
    if (client != NULL) {
        st = kinds[kind].call(client, &response);
        ck_assert_msg(st == EB_OK, "%s after allocation %ld failed: %s: %s", kinds[kind].name, n,
                      eb_status_name(st), response.message);
    }
    eb_response_free(&response);
    eb_client_free(client);
    return atomic_load(&calls) >= n;
}

START_TEST(calls_survive_every_failed_allocation_of_libcurl)
{
    long failed = 0;

    news_api                 = edgegap_api;
    news_api.operations      = news_operations;
    news_api.operation_count = 1;
    ck_assert_int_eq(curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_malloc, free, curl_realloc,
                                          curl_strdup, curl_calloc),
                     CURLE_OK);
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        server *s = server_start(serve, NULL);
        char    url[64];
        long    n = 1;

        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", s->port);
        while (n < 2000 && try_one(kind, url, n))
            n++;
        ck_assert_int_gt(n, 20); /* or nothing was tried */
        printf("%s: %ld allocations of libcurl failed\n", kinds[kind].name, n - 1);
        failed += n - 1;
        server_stop(s);
    }
    printf("%ld in all\n", failed);
    ck_assert_int_eq(atomic_load(&others), 0);
    curl_global_cleanup();
}
END_TEST

UNIT_TESTS("libcurl", calls_survive_every_failed_allocation_of_libcurl)
