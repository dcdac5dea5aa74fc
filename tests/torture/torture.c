/* torture.c -- whole calls of the generated APIs on a scripted transport, with every allocation of ours
 * failing in turn: alone, and with all that come after it. Whatever fails, nothing may crash or leak, the
 * answer is EB_NOMEM, outputs are untouched, every block comes back wiped, and with memory again the same
 * client makes the same call. Run under the sanitizers by make check-torture. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "edgebind/testing.h"

/* ---- Memory that fails ------------------------------------------------------------------------- */

enum { HEAD = 2 * sizeof(max_align_t), ALONE = 0, AND_ALL_AFTER = 1 };

static struct {
    long fail_at; /* from 1; 0: never */
    int  how;
    long calls, failed, live;
} memory;

static const char *scenario_name = "";

__attribute__((format(printf, 1, 2), noreturn)) static void give_up(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "torture: %s, allocation %ld %s: ", scenario_name, memory.fail_at,
            memory.how == ALONE ? "alone" : "and all after it");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static void *allocate(void *context, size_t size)
{
    char *block;

    (void)context;
    memory.calls++;
    if (memory.fail_at > 0 && (memory.calls == memory.fail_at ||
                               (memory.how == AND_ALL_AFTER && memory.calls > memory.fail_at))) {
        memory.failed++;
        return NULL;
    }
    block = malloc(HEAD + size);
    if (block == NULL)
        give_up("really out of memory");
    memcpy(block, &size, sizeof size);
    memset(block + HEAD, 0xA5, size);
    memory.live++;
    return block + HEAD;
}

static void release(void *context, void *block, size_t size)
{
    char  *start = (char *)block - HEAD;
    size_t asked;

    (void)context;
    memcpy(&asked, start, sizeof asked);
    if (asked != size)
        give_up("a block of %zu bytes came back as one of %zu", asked, size);
    for (size_t i = 0; i < size; i++)
        if (start[HEAD + i] != 0)
            give_up("a block of %zu bytes came back with something in it", size);
    memory.live--;
    free(start);
}

static const eb_allocator allocator = { allocate, release, NULL };

/* ---- Clients ----------------------------------------------------------------------------------- */

static int64_t clock_ms;

static int64_t now(void *context)
{
    (void)context;
    return clock_ms;
}

static void skip(void *context, int64_t duration_ms)
{
    (void)context;
    clock_ms += duration_ms;
}

static bool constant(void *context, void *buffer, size_t size)
{
    (void)context;
    memset(buffer, 0x5A, size);
    return true;
}

static void ignore(void *context, eb_log_level level, const char *line)
{
    (void)context;
    (void)level;
    if (strstr(line, "canary") != NULL)
        give_up("a secret in the log: %s", line);
}

static const eb_log trace = { EB_LOG_TRACE, ignore, NULL };

/* The same API behind access tokens. */
static const eb_auth account_auth = { .kind      = EB_AUTH_OAUTH2,
                                      .header    = "authorization",
                                      .prefix    = "Bearer ",
                                      .scheme    = "account",
                                      .token_url = "https://login.example/token",
                                      .scope     = "read" };
static eb_api        account_api;

static eb_status make_client(const eb_api *api, eb_script *script, bool logs, eb_client **client)
{
    static const char *const hosts[]   = { "files.example" };
    const eb_transport       transport = eb_script_transport(script);
    const eb_clock           clock     = { now, now, skip, NULL };
    const eb_random          random    = { constant, NULL };
    const eb_client_options  options   = {
           .api         = api,
           .credentials = api == &dcdn_api ? eb_credentials_sts("canary-id", "canary-secret", "canary-sts")
                          : api == &account_api ? eb_credentials_oauth2("canary-id", "canary-secret")
                                                : eb_credentials_token("canary-token"),
           .base_url     = "http://127.0.0.1:1",
           .user_agent   = "torture",
           .upload_hosts = EB_LIST(hosts),
           .transport    = &transport,
           .clock        = &clock,
           .random       = &random,
           .log          = logs ? &trace : NULL,
           .allocator    = &allocator
    };

    return eb_client_new(&options, client);
}

/* ---- Scenarios --------------------------------------------------------------------------------- */

static eb_status get(eb_client *client, eb_response *response)
{
    const edgegap_app_version_get_params params  = { .app_name = "a b", .version_name = "1/2" };
    const edgegap_app_version           *version = NULL;
    const eb_status st = edgegap_app_version_get(client, &params, &version, response);

    if ((st == EB_OK) != (version != NULL))
        give_up("an output that does not go with %s", eb_status_name(st));
    return st;
}

/* The second call's token is refused, and another one asked for. */
static eb_status get_twice(eb_client *client, eb_response *response)
{
    const eb_status st = get(client, response);

    return st == EB_OK ? get(client, response) : st;
}

static void check_texts(const eb_response *r)
{
    if (r->message == NULL) /* a scenario without this response */
        return;
    if (r->code == NULL || r->field == NULL || r->request_id == NULL ||
        r->ticket_request_id == NULL || r->body.data == NULL)
        give_up("a text of the response is NULL");
    if (strstr(r->message, "canary") != NULL)
        give_up("a secret in the message: %s", r->message);
}

static eb_status create(eb_client *client, eb_response *response)
{
    const eb_header                         header  = { "traceparent", "00-1-2-03" };
    const eb_call_options                   options = { .headers = &header, .header_count = 1 };
    const edgegap_app_version_create_body   body    = { .name              = "1.4.0",
                                                        .docker_repository = "docker.io",
                                                        .docker_image      = "studio/shooter",
                                                        .docker_tag        = "1.4.0",
                                                        .private_token     = "canary-registry",
                                                        .req_cpu           = EB_INT(512),
                                                        .req_memory        = EB_INT(1024),
                                                        .force_cache       = EB_BOOL(false) };
    const edgegap_app_version_create_params params  = { &options, "shooter", &body };
    const edgegap_app_version_result       *made    = NULL;
    const eb_status st = edgegap_app_version_create(client, &params, &made, response);

    if ((st == EB_OK) != (made != NULL))
        give_up("an output that does not go with %s", eb_status_name(st));
    return st;
}

/* Asks what became of a creation. */
static eb_status ask(eb_client *client, eb_response *response)
{
    const edgegap_app_version_create_body body = { .name = "1.4.0", .docker_repository = "docker.io" };
    const edgegap_app_version_create_params params  = { NULL, "shooter", &body };
    const edgegap_app_version              *version = NULL;

    return edgegap_app_version_create_verify(client, &params, &version, response);
}

static eb_status remove_revision(eb_client *client, eb_response *response)
{
    const dcdn_delete_routine_code_revision_request body   = { "routine", "17" };
    const dcdn_delete_routine_code_revision_params  params = { NULL, &body };

    return dcdn_delete_routine_code_revision(client, &params, NULL, response);
}

static eb_status walk(eb_client *client, eb_response *response)
{
    const edgegap_app_version_list_params params = { .app_name = "shooter", .limit = EB_INT(2) };
    const edgegap_app_version            *version;
    edgegap_app_version_list_pager        pager = { 0 };
    eb_status st    = edgegap_app_version_list_all(client, &params, &pager);
    int       count = 0;

    (void)response;
    while (st == EB_OK && (st = edgegap_app_version_list_next(&pager, &version)) == EB_OK)
        count++;
    if (pager.response.message == NULL || (st == EB_DONE && count != 3))
        give_up("a walk of %d items that ended with %s", count, eb_status_name(st));
    edgegap_app_version_list_pager_free(&pager);
    return st == EB_DONE ? EB_OK : st;
}

static eb_status upload(eb_client *client, eb_response *response)
{
    const dcdn_upload_routine_code_request     body   = { "routine", "a description" };
    const dcdn_upload_routine_code_file_params params = { NULL, &body,
                                                          eb_body_memory("canary-file", 11) };
    const dcdn_upload_routine_code_response   *ticket = NULL;
    const eb_status st = dcdn_upload_routine_code_file(client, &params, &ticket, response);

    if ((st == EB_OK) != (ticket != NULL))
        give_up("an output that does not go with %s", eb_status_name(st));
    return st;
}

static eb_status invoke(eb_client *client, eb_response *response)
{
    return eb_invoke(client, "app-version-get", "{\"app_name\":\"a\",\"version_name\":\"1\"}", response);
}

static eb_status shown(eb_client *client, eb_response *response)
{
    const edgegap_app_version_get_params params  = { .app_name = "a", .version_name = "1" };
    const edgegap_app_version           *version = NULL;
    eb_json                              text    = { 0 };
    eb_status st = edgegap_app_version_get(client, &params, &version, response);

    if (st == EB_OK)
        st = edgegap_app_version_print(version, &text, response);
    if (st == EB_OK)
        st = edgegap_app_version_to_json(version, &text, response);
    return st;
}

/* A sink that counts, and can begin again. */
static bool take(void *count, const void *data, size_t size)
{
    (void)data;
    *(size_t *)count += size;
    return true;
}

static bool take_again(void *count)
{
    *(size_t *)count = 0;
    return true;
}

static eb_status download(eb_client *client, eb_response *response)
{
    size_t                                count   = 0;
    const eb_sink                         sink    = eb_sink_writer(take, take_again, &count);
    const eb_call_options                 options = { .sink = &sink };
    const edgegap_application_list_params params  = { .options = &options };
    const eb_status st = edgegap_application_list(client, &params, NULL, response);

    if (st == EB_OK && count != 5)
        give_up("%zu bytes in the sink", count);
    return st;
}

/* None of our documents has a stream: an API that is Edgegap's with one. */
typedef struct news_params {
    const eb_call_options *options;
} news_params;

static const eb_type news_params_type = EB_TYPE_WITHOUT_ROWS(news_params);
static const eb_events news_events = { .type = &edgegap_app_version_type, .accept = "text/event-stream" };
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
    eb_status       st    = eb_stream_start(client, &news_op, NULL, &stream);
    int             count = 0;

    (void)response;
    while (st == EB_OK && (st = eb_stream_next(&stream, &news_op, &event)) == EB_OK)
        count += event.value != NULL;
    check_texts(&stream.response);
    if (st == EB_DONE && count != 2)
        give_up("a stream of %d events", count);
    eb_stream_free(&stream);
    return st == EB_DONE ? EB_OK : st;
}

/* Nor one to wait on: the same API with a wait. */
static const char *const         tag_ready[]      = { "ready", NULL };
static const char *const         tag_failed[]     = { "failed", NULL };
static const uint16_t            tag_later[]      = { 404, 0 };
static const eb_wait             tag_wait         = { .id             = "ready",
                                                      .name           = "edgegap_tag_wait_ready",
                                                      .state          = "/docker_tag",
                                                      .success        = tag_ready,
                                                      .failure        = tag_failed,
                                                      .pending_status = tag_later,
                                                      .first_ms       = 1000,
                                                      .growth_percent = 150,
                                                      .cap_ms         = 2000,
                                                      .maximum_ms     = 6000 };
static const eb_operation        tag_op           = { .id         = "tag",
                                                      .name       = "edgegap_tag",
                                                      .method     = "GET",
                                                      .path       = "/tag",
                                                      .params     = &news_params_type,
                                                      .result     = &edgegap_app_version_type,
                                                      .flags      = EB_SAFE,
                                                      .waits      = &tag_wait,
                                                      .wait_count = 1 };
static const eb_operation *const tag_operations[] = { &tag_op };
static eb_api                    tag_api;

static eb_status tag(eb_client *client, eb_response *response)
{
    const void     *value = NULL;
    const eb_status st    = eb_call_wait(client, &tag_op, &tag_wait, NULL, &value, response);

    if (st == EB_OK && value == NULL)
        give_up("an output that does not go with %s", eb_status_name(st));
    if (value != NULL && ((const edgegap_app_version *)value)->docker_tag == NULL)
        give_up("an output without its member");
    return st;
}

/* Nor a list by URL. */
static const eb_type  shelf_params_type = EB_TYPE_WITHOUT_ROWS(news_params);
static const eb_pages shelf_pages = { .items = "/versions", .kind = EB_PAGES_URL, .header = "Link" };
static const eb_auth  shelf_auth = { .kind = EB_AUTH_API_KEY_QUERY, .header = "key", .prefix = "" };
static const eb_operation        shelf_op           = { .id     = "shelf",
                                                        .name   = "edgegap_shelf",
                                                        .method = "GET",
                                                        .path   = "/shelf",
                                                        .params = &shelf_params_type,
                                                        .result = &edgegap_app_version_list_value_type,
                                                        .pages  = &shelf_pages,
                                                        .flags  = EB_SAFE };
static const eb_operation *const shelf_operations[] = { &shelf_op };
static eb_api                    shelf_api;

static eb_status walk_urls(eb_client *client, eb_response *response)
{
    eb_pager    pager = { .state_ = NULL };
    const void *version;
    eb_status   st    = eb_pager_start(client, &shelf_op, NULL, &pager);
    int         count = 0;

    (void)response;
    while (st == EB_OK && (st = eb_pager_next(&pager, &shelf_op, &version)) == EB_OK)
        count++;
    check_texts(&pager.response);
    if ((st == EB_DONE && count != 3) || (st == EB_DECODE && count != 2))
        give_up("a walk of %d items that ended with %s", count, eb_status_name(st));
    eb_pager_free(&pager);
    return st == EB_DONE ? EB_OK : st;
}

#define VERSION                                                                                    \
    "{\"name\":\"1\",\"is_active\":true,\"docker_tag\":\"t\",\"private_token\":\"canary-answer\"," \
    "\"req_cpu\":128,\"ports\":[{\"port\":7777,\"protocol\":\"UDP\",\"name\":\"game\"}],\"other\":{\"a\":[1]}}"
#define ERROR "{\"message\":\"no\",\"errors\":{\"name\":\"taken\"}}"
#define TICKET                                                                                              \
    "{\"RequestId\":\"r\",\"Content\":{\"OssPostConfig\":{\"OSSAccessKeyId\":\"canary-oss\",\"key\":\"k\"," \
    "\"Signature\":\"canary-signature\",\"policy\":\"p\",\"Url\":\"http://files.example\",\"x-new\":\"n\"," \
    "\"callback\":\"c\",\"x:codeDescription\":\"d\"},\"CodeVersion\":\"1\"}}"

static const eb_header headers[] = { { "Content-Type", "application/json" }, { "Retry-After", "1" } };

#define ANSWER(status_, body_)                                                           \
    {                                                                                    \
        .http_status = (status_), .headers = headers, .header_count = 2, .body = (body_) \
    }

static const eb_script_answer good[]  = { ANSWER(200, VERSION) };
static const eb_script_answer slow[]  = { ANSWER(429, ERROR),
                                          { .status = EB_NETWORK, .sent = EB_SENT_NOTHING },
                                          ANSWER(200, VERSION) };
static const eb_script_answer bad[]   = { ANSWER(409, ERROR) };
static const eb_script_answer wrong[] = { ANSWER(200, "{\"success\":true,\"version\":[]}") };
static const eb_script_answer lost[]  = { { .status = EB_NETWORK, .sent = EB_SENT_ALL } };
static const eb_script_answer pages[] = {
    ANSWER(200, "{\"versions\":[" VERSION "," VERSION "],\"total_count\":3,\"pagination\":{\"number\":1,"
                "\"next_page_number\":2,\"has_next\":true}}"),
    ANSWER(200, "{\"versions\":[" VERSION "],\"total_count\":3,\"pagination\":{\"number\":2,"
                "\"next_page_number\":null,\"has_next\":false}}")
};
static const eb_header leads_on[] = {
    { "Link", "</shelf>; rel=first, <shelf?key=canary-echo&page=2>; rel=next" }
};
static const eb_header leads_off[] = { { "Link", "<https://evil.example/shelf?page=2>; rel=\"next\"" } };
static const eb_script_answer shelf[]   = { { .http_status  = 200,
                                              .headers      = leads_on,
                                              .header_count = 1,
                                              .body = "{\"versions\":[" VERSION "," VERSION "]}" },
                                            ANSWER(200, "{\"versions\":[" VERSION "]}") };
static const eb_script_answer astray[]  = { { .http_status  = 200,
                                              .headers      = leads_off,
                                              .header_count = 1,
                                              .body = "{\"versions\":[" VERSION "," VERSION "]}" } };
static const eb_script_answer uploads[] = { ANSWER(200, TICKET), ANSWER(200, "") };
static const eb_script_answer expired[] = {
    ANSWER(200, TICKET), ANSWER(403, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"
                                     "<Message>expired &amp; gone</Message></Error>")
};

static const eb_script_answer halves[] = {
    { .status = EB_NETWORK, .http_status = 200, .headers = headers, .header_count = 1, .body = "half of it" },
    { .http_status = 200, .headers = headers, .header_count = 1, .body = "whole", .piece = 2 }
};
static const eb_header        is_stream[] = { { "Content-Type", "text/event-stream" } };
static const eb_script_answer events[]    = { ANSWER(429, ERROR),
                                              { .http_status  = 200,
                                                .headers      = is_stream,
                                                .header_count = 1,
                                                .piece        = 50,
                                                .body         = "id: 1\nevent: made\ndata: " VERSION
                                                        "\n\nretry: 10\ndata: " VERSION "\n\n" } };

#define TOKEN(n) "{\"access_token\":\"canary-" n "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
static const eb_script_answer tokens[] = { ANSWER(200, TOKEN("1")), ANSWER(200, VERSION),
                                           ANSWER(401, ERROR), ANSWER(200, TOKEN("2")),
                                           ANSWER(200, VERSION) };
static const eb_script_answer locked[] = { ANSWER(400, "{\"error\":\"invalid_client\"}") };

static const eb_header        dates[]     = { { "Date", "Sat, 28 Mar 2026 09:09:10 GMT" } };
static const eb_script_answer skewed[]    = { { .http_status  = 400,
                                                .headers      = dates,
                                                .header_count = 1,
                                                .body = "{\"Code\":\"InvalidTimeStamp.Expired\"}" },
                                              ANSWER(200, "{\"RequestId\":\"r\"}") };
static const eb_script_answer unsigned_[] = {
    ANSWER(400, "{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"canonical: [POST\\n/\\n\\nhost:other.example\\n"
                "x-acs-security-token:canary-sts\\n\\nhost\\n"
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855]\"}")
};
#define TAG(tag) ANSWER(200, "{\"name\":\"1\",\"docker_tag\":\"" tag "\"}")
static const eb_script_answer tags[]   = { ANSWER(404, ERROR), TAG("new"), ANSWER(429, ERROR),
                                           TAG("ready") };
static const eb_script_answer broken[] = { TAG("new"), TAG("failed") };
static const eb_script_answer never[]  = { TAG("new of canary-token") };

static const struct scenario {
    const char *name;
    eb_status (*run)(eb_client *client, eb_response *response);
    const eb_api           *api;
    const eb_script_answer *answers;
    size_t                  count;
    eb_status               status; /* with memory */
    bool                    logs;
} scenarios[] = {
#define SCENARIO(name, run, api, answers, status, logs)                                \
    {                                                                                  \
        name, run, &api, answers, sizeof(answers) / sizeof((answers)[0]), status, logs \
    }
    SCENARIO("get", get, edgegap_api, good, EB_OK, false),
    SCENARIO("get, logged", get, edgegap_api, slow, EB_OK, true),
    SCENARIO("create", create, edgegap_api, good, EB_OK, false),
    SCENARIO("create, retried", create, edgegap_api, slow, EB_OK, false),
    SCENARIO("create, refused", create, edgegap_api, bad, EB_API, false),
    SCENARIO("create, unreadable", create, edgegap_api, wrong, EB_DECODE, false),
    SCENARIO("create, lost", create, edgegap_api, lost, EB_MAYBE_SENT, false),
    SCENARIO("create, logged", create, edgegap_api, bad, EB_API, true),
    SCENARIO("create, asked about", ask, edgegap_api, good, EB_OK, false),
    SCENARIO("clock off", remove_revision, dcdn_api, skewed, EB_OK, false),
    SCENARIO("signature refused", remove_revision, dcdn_api, unsigned_, EB_API, false),
    SCENARIO("list walk", walk, edgegap_api, pages, EB_OK, false),
    SCENARIO("invoke", invoke, edgegap_api, good, EB_OK, false),
    SCENARIO("print", shown, edgegap_api, good, EB_OK, false),
    SCENARIO("upload", upload, dcdn_api, uploads, EB_OK, false),
    SCENARIO("upload, expired", upload, dcdn_api, expired, EB_API, false),
    SCENARIO("upload, logged", upload, dcdn_api, uploads, EB_OK, true),
    SCENARIO("access tokens", get_twice, account_api, tokens, EB_OK, false),
    SCENARIO("access tokens, logged", get_twice, account_api, tokens, EB_OK, true),
    SCENARIO("access tokens, refused", get, account_api, locked, EB_AUTH, false),
    SCENARIO("download", download, edgegap_api, halves, EB_OK, false),
    SCENARIO("list by URL", walk_urls, shelf_api, shelf, EB_OK, false),
    SCENARIO("list by URL, logged", walk_urls, shelf_api, shelf, EB_OK, true),
    SCENARIO("list by URL, astray", walk_urls, shelf_api, astray, EB_DECODE, false),
    SCENARIO("stream", news, news_api, events, EB_OK, false),
    SCENARIO("stream, logged", news, news_api, events, EB_OK, true),
    SCENARIO("stream, refused", news, news_api, bad, EB_API, false),
    SCENARIO("wait", tag, tag_api, tags, EB_OK, false),
    SCENARIO("wait, failed", tag, tag_api, broken, EB_API, false),
    SCENARIO("wait, never", tag, tag_api, never, EB_TIMEOUT, true),
};

/* ---- The rack ---------------------------------------------------------------------------------- */

static void begin(eb_script *script, const struct scenario *s, int day)
{
    eb_script_reset(script);
    script->answers = s->answers;
    script->count   = s->count;
    clock_ms = 1774685350000 + day * (INT64_C(24) * 3600 * 1000); /* what was kept the day before is old */
}

/* One run with one allocation failing. False: it has no such allocation. */
static bool run_once(const struct scenario *s, long fail_at, int how)
{
    eb_script   script   = { 0 };
    eb_client  *client   = NULL;
    eb_response response = { 0 };
    eb_status   st;
    bool        failed;

    memset(&memory, 0, sizeof memory);
    if (make_client(s->api, &script, s->logs, &client) != EB_OK)
        give_up("no client");
    begin(&script, s, 0);
    memory.calls   = 0;
    memory.fail_at = fail_at;
    memory.how     = how;
    st             = s->run(client, &response);
    failed         = memory.failed > 0;
    check_texts(&response);
    /* a line of the log is not worth failing a call for */
    if (failed ? st != EB_NOMEM && !(s->logs && st == s->status) : st != s->status)
        give_up("%s: %s", eb_status_name(st), response.message != NULL ? response.message : "");

    memory.fail_at = 0;
    begin(&script, s, 1);
    st = s->run(client, &response);
    if (st != s->status)
        give_up("afterwards %s: %s", eb_status_name(st),
                response.message != NULL ? response.message : "");
    memory.fail_at = fail_at; /* for the words of what follows */
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    if (memory.live != 0)
        give_up("%ld blocks were not released", memory.live);
    return failed;
}

/* The same for making a client. */
static bool make_once(long fail_at, int how)
{
    eb_script  script = { 0 };
    eb_client *client = NULL;
    eb_status  st;
    bool       failed;

    memset(&memory, 0, sizeof memory);
    memory.fail_at = fail_at;
    memory.how     = how;
    st             = make_client(&dcdn_api, &script, false, &client);
    failed         = memory.failed > 0;
    if (st != (failed ? EB_NOMEM : EB_OK) || (client != NULL) == failed)
        give_up("%s", eb_status_name(st));
    eb_client_free(client);
    if (memory.live != 0)
        give_up("%ld blocks were not released", memory.live);
    return failed;
}

int main(void)
{
    long runs = 0;

    account_api               = edgegap_api;
    account_api.auth          = &account_auth;
    news_api                  = edgegap_api;
    news_api.operations       = news_operations;
    news_api.operation_count  = 1;
    tag_api                   = edgegap_api;
    tag_api.operations        = tag_operations;
    tag_api.operation_count   = 1;
    account_api               = edgegap_api;
    account_api.auth          = &account_auth;
    shelf_api                 = edgegap_api;
    shelf_api.auth            = &shelf_auth;
    shelf_api.operations      = shelf_operations;
    shelf_api.operation_count = 1;
    news_api                  = edgegap_api;
    news_api.operations       = news_operations;
    news_api.operation_count  = 1;
    for (int how = ALONE; how <= AND_ALL_AFTER; how++) {
        scenario_name = "client";
        for (long n = 1; make_once(n, how); n++)
            runs++;
        for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
            scenario_name = scenarios[i].name;
            for (long n = 1; run_once(&scenarios[i], n, how); n++)
                runs++;
        }
    }
    printf("torture: %zu scenarios, %ld failed allocations survived\n",
           sizeof scenarios / sizeof scenarios[0] + 1, runs);
    return 0;
}
