/* invoke.c -- makes the calls that the contract tests order. Reads one JSON object a line from standard
 * input and answers each with one on standard output; ends with its input.
 *
 *     {"api":"edgegap","operation":"app-version-get","params":"{...}","options":{"base_url":"..."}}
 *     {"status":"EB_OK","http_status":200,...,"value":{...},"body":"..."}
 *
 * It knows no operation: `params` is JSON text as eb_invoke takes it, and a result is decoded and written
 * again by the rows of its type. Beside a plain call there are
 *
 *     "call": {...}       the call's own options; eb_call_operation instead of eb_invoke
 *     "walk": N           a pager over at most N items
 *     "upload": {...}     the linked upload of a file: "path", or "data" in memory; "filename"
 *     "verify": true      asks what became of the call instead of making it
 *     "client": "name"    a client that stays until {"forget":"name"}; without a name it serves one call
 *     "cancel_ms": N      a thread cancels the call after that time
 *     {"usage":true}      the peak of this process's memory
 *     {"list":true}       the operations of every API
 */
#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "edgebind/esa.h"
#include "edgebind/observe.h"
#include "edgebind/oss.h"
#include "edgebind/sae.h"

static const eb_api *const apis[] = { &edgegap_api, &esa_api, &dcdn_api, &sae_api, &oss_api };

enum { CLIENTS_MAX = 16, HEADERS_MAX = 80, HOSTS_MAX = 8 };

/* A clock whose waits are over at once: they move it ahead instead. */
typedef struct skipping {
    int64_t ahead_ms;
} skipping;

typedef struct client {
    char         *name; /* NULL: free */
    const eb_api *api;
    eb_client    *eb;
    skipping      waits;
} client;

typedef struct request {
    const cJSON        *json;
    cJSON              *answer;
    client             *client;
    const eb_operation *operation;
    const char         *params;
} request;

static client clients[CLIENTS_MAX];
static cJSON *log_lines; /* of the order at hand */

/* ---- Reading orders --------------------------------------------------------------------------- */

/* The order itself is wrong: a mistake of the test. */
static void complain(cJSON *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(cJSON *answer, const char *format, ...)
{
    char    text[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    cJSON_DeleteItemFromObject(answer, "error");
    cJSON_AddStringToObject(answer, "error", text);
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static int64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static bool flag_of(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* Every member must be among the words: a misspelt option would otherwise test nothing. */
static bool knows_all(const cJSON *object, const char *const *words, cJSON *answer)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, object)
    {
        size_t i = 0;

        while (words[i] != NULL && strcmp(words[i], item->string) != 0)
            i++;
        if (words[i] == NULL) {
            complain(answer, "nothing is called \"%s\" here", item->string);
            return false;
        }
    }
    return true;
}

/* ---- Clients ---------------------------------------------------------------------------------- */

static int64_t clock_ms(clockid_t which, const skipping *waits)
{
    struct timespec now;

    (void)clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + waits->ahead_ms;
}

static int64_t wall_ms(void *context)
{
    return clock_ms(CLOCK_REALTIME, context);
}

static int64_t monotonic_ms(void *context)
{
    return clock_ms(CLOCK_MONOTONIC, context);
}

static void skip_ms(void *context, int64_t duration_ms)
{
    ((skipping *)context)->ahead_ms += duration_ms;
}

/* Everything there is to log goes into the answer. */
static void keep_line(void *context, eb_log_level level, const char *line)
{
    (void)context;
    (void)level;
    cJSON_AddItemToArray(log_lines, cJSON_CreateString(line));
}

static eb_credentials credentials_of(const cJSON *options)
{
    const char *id = text_of(options, "key_id"), *secret = text_of(options, "key_secret");

    if (flag_of(options, "no_credentials"))
        return eb_credentials_none();
    if (id != NULL && cJSON_HasObjectItem(options, "security_token"))
        return eb_credentials_sts(id, secret, text_of(options, "security_token"));
    if (id != NULL)
        return eb_credentials_key(id, secret);
    if (cJSON_HasObjectItem(options, "token"))
        return eb_credentials_token(text_of(options, "token"));
    return (eb_credentials){ .kind = EB_CREDENTIALS_ENVIRONMENT };
}

static eb_status make_client(request *r, client *made)
{
    static const eb_log log = { EB_LOG_TRACE, keep_line, NULL };

    static const char *const words[] = { "base_url",
                                         "region",
                                         "deadline_ms",
                                         "connect_timeout_ms",
                                         "retries",
                                         "skip_limits",
                                         "attempt_timeout_ms",
                                         "stall_timeout_ms",
                                         "max_body_bytes",
                                         "max_header_bytes",
                                         "max_depth",
                                         "max_items",
                                         "max_idle_connections",
                                         "user_agent",
                                         "key_id",
                                         "key_secret",
                                         "security_token",
                                         "token",
                                         "no_credentials",
                                         "upload_hosts",
                                         "skip_waits",
                                         "ca_file",
                                         "ca_pem",
                                         "client_cert_file",
                                         "client_key_file",
                                         "client_cert_pem",
                                         "client_key_pem",
                                         "client_key_password",
                                         "proxy",
                                         "no_proxy",
                                         NULL };
    const cJSON             *options = cJSON_GetObjectItemCaseSensitive(r->json, "options");
    const cJSON             *listed  = cJSON_GetObjectItemCaseSensitive(options, "upload_hosts");
    const char              *hosts[HOSTS_MAX];
    size_t                   host_count = 0;
    const char              *proxy      = text_of(options, "proxy"); /* not the environment's */
    char                     problem[512];
    eb_status                st;

    const eb_clock clock = { wall_ms, monotonic_ms, flag_of(options, "skip_waits") ? skip_ms : NULL,
                             &made->waits };

    if (!knows_all(options, words, r->answer))
        return EB_INVALID;
    for (const cJSON *host = cJSON_IsArray(listed) ? listed->child : NULL;
         host != NULL && host_count < HOSTS_MAX; host = host->next)
        hosts[host_count++] = host->valuestring;
    made->waits.ahead_ms = 0;

    const eb_client_options given = {
        .api                  = made->api,
        .credentials          = credentials_of(options),
        .base_url             = text_of(options, "base_url"),
        .region               = text_of(options, "region"),
        .deadline_ms          = number_of(options, "deadline_ms"),
        .connect_timeout_ms   = number_of(options, "connect_timeout_ms"),
        .attempt_timeout_ms   = number_of(options, "attempt_timeout_ms"),
        .stall_timeout_ms     = number_of(options, "stall_timeout_ms"),
        .retries              = (int)number_of(options, "retries"),
        .skip_limits          = flag_of(options, "skip_limits"),
        .max_body_bytes       = (size_t)number_of(options, "max_body_bytes"),
        .max_header_bytes     = (size_t)number_of(options, "max_header_bytes"),
        .max_depth            = (size_t)number_of(options, "max_depth"),
        .max_items            = (size_t)number_of(options, "max_items"),
        .max_idle_connections = (size_t)number_of(options, "max_idle_connections"),
        .ca_file              = text_of(options, "ca_file"),
        .ca_pem               = text_of(options, "ca_pem"),
        .client_cert_file     = text_of(options, "client_cert_file"),
        .client_key_file      = text_of(options, "client_key_file"),
        .client_cert_pem      = text_of(options, "client_cert_pem"),
        .client_key_pem       = text_of(options, "client_key_pem"),
        .client_key_password  = text_of(options, "client_key_password"),
        .proxy                = proxy != NULL ? proxy : "",
        .no_proxy             = text_of(options, "no_proxy"),
        .upload_hosts         = { host_count > 0 ? hosts : NULL, host_count },
        .user_agent           = text_of(options, "user_agent"),
        .clock                = &clock,
        .log                  = &log,
        .problem              = problem,
        .problem_size         = sizeof problem,
    };

    st = eb_client_new(&given, &made->eb);
    if (st != EB_OK) {
        cJSON_AddStringToObject(r->answer, "status", eb_status_name(st));
        cJSON_AddStringToObject(r->answer, "message", problem);
        cJSON_AddStringToObject(r->answer, "stage", "client");
    }
    return st;
}

static const eb_api *find_api(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof apis / sizeof apis[0]; i++)
        if (strcmp(apis[i]->name, name) == 0)
            return apis[i];
    return NULL;
}

static const eb_operation *find_operation(const eb_api *api, const char *name)
{
    for (size_t i = 0; name != NULL && i < api->operation_count; i++)
        if (strcmp(api->operations[i]->id, name) == 0 || strcmp(api->operations[i]->name, name) == 0)
            return api->operations[i];
    return NULL;
}

static client *find_client(const char *name)
{
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (clients[i].name != NULL && strcmp(clients[i].name, name) == 0)
            return &clients[i];
    return NULL;
}

static void drop_client(client *dropped)
{
    eb_client_free(dropped->eb);
    free(dropped->name);
    *dropped = (client){ 0 };
}

/* The client of that name, made if there is none; NULL: the answer says why. */
static client *take_client(request *r, client *unnamed)
{
    const char   *name  = text_of(r->json, "client");
    const eb_api *api   = find_api(text_of(r->json, "api"));
    client       *taken = name != NULL ? find_client(name) : unnamed;

    if (taken != NULL && taken->eb != NULL)
        return taken;
    if (api == NULL) {
        complain(r->answer, "no API is called \"%s\"", text_of(r->json, "api"));
        return NULL;
    }
    for (size_t i = 0; taken == NULL && i < CLIENTS_MAX; i++)
        if (clients[i].name == NULL)
            taken = &clients[i];
    if (taken == NULL) {
        complain(r->answer, "more than %d clients", CLIENTS_MAX);
        return NULL;
    }
    taken->api = api;
    if (make_client(r, taken) != EB_OK)
        return NULL;
    taken->name = name != NULL ? strdup(name) : NULL;
    return taken;
}

/* ---- Writing answers -------------------------------------------------------------------------- */

static void put_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddStringToObject(object, name, text != NULL ? text : "(NULL)");
}

static const char *sent_word(eb_sent sent)
{
    static const char *const words[] = { "nothing", "part", "all", "answered" };

    return (size_t)sent < sizeof words / sizeof words[0] ? words[sent] : "?";
}

static void put_response(cJSON *answer, eb_response *response)
{
    cJSON *attempts = cJSON_AddArrayToObject(answer, "attempts");
    cJSON *headers  = cJSON_AddArrayToObject(answer, "headers");

    cJSON_AddNumberToObject(answer, "http_status", response->http_status);
    put_text(answer, "sent", sent_word(response->sent));
    put_text(answer, "cause", eb_status_name(response->cause));
    put_text(answer, "reason", eb_reason_word(response->reason));
    put_text(answer, "code", response->code);
    put_text(answer, "message", response->message);
    put_text(answer, "field", response->field);
    put_text(answer, "request_id", response->request_id);
    put_text(answer, "ticket_request_id", response->ticket_request_id);
    cJSON_AddNumberToObject(answer, "retry_after_ms", (double)response->retry_after_ms);
    for (size_t i = 0; i < response->attempt_count; i++) {
        const eb_attempt *attempt = &response->attempts[i];
        cJSON            *item    = cJSON_CreateObject();

        cJSON_AddNumberToObject(item, "http_status", attempt->http_status);
        put_text(item, "status", eb_status_name(attempt->status));
        put_text(item, "sent", sent_word(attempt->sent));
        put_text(item, "reason", eb_reason_word(attempt->reason));
        put_text(item, "code", attempt->code);
        cJSON_AddNumberToObject(item, "delay_ms", (double)attempt->delay_ms);
        cJSON_AddItemToArray(attempts, item);
    }
    for (size_t i = 0; i < response->header_count; i++) {
        const char *const pair[] = { response->headers[i].name, response->headers[i].value };

        cJSON_AddItemToArray(headers, cJSON_CreateStringArray(pair, 2));
    }
    put_text(answer, "report", eb_response_print(response));
    put_text(answer, "body", response->body.data);
    cJSON_AddNumberToObject(answer, "body_len", (double)response->body.len);
}

/* A decoded value, written again; with the copy and comparison every type has. */
static cJSON *written(request *r, const eb_type *type, const void *value)
{
    eb_response scratch = { 0 };
    eb_json     text    = { NULL, 0 };
    cJSON      *item    = NULL;
    eb_status   st      = eb_value_to_json(type, value, &text, &scratch);
    void       *copy    = eb_value_dup(type, value);

    if (st != EB_OK)
        put_text(r->answer, "not_written", scratch.message); /* may be received, not sent */
    else
        item = cJSON_CreateRaw(text.text);
    if (!eb_value_equal(type, copy, value))
        complain(r->answer, "a copy of %s is not equal to it", type->name);
    free(copy);
    eb_response_free(&scratch);
    return item;
}

static void put_printed(request *r, const eb_type *type, const void *value)
{
    eb_response scratch = { 0 };
    eb_json     text    = { NULL, 0 };

    if (flag_of(r->json, "print") && eb_value_print(type, value, &text, &scratch) == EB_OK)
        put_text(r->answer, "printed", text.text);
    eb_response_free(&scratch);
}

static void put_value(request *r, const eb_type *type, const void *value)
{
    cJSON *item = value != NULL ? written(r, type, value) : NULL;

    if (item == NULL)
        item = cJSON_CreateNull();
    else
        put_printed(r, type, value);
    cJSON_AddItemToObject(r->answer, "value", item);
}

/* ---- Cancelling ------------------------------------------------------------------------------- */

typedef struct canceller {
    pthread_t         thread;
    eb_cancel_source *source;
    int64_t           after_ms;
} canceller;

static void *cancel_later(void *context)
{
    const canceller      *c = context;
    const struct timespec wait = { (time_t)(c->after_ms / 1000), (long)(c->after_ms % 1000) * 1000000L };

    (void)nanosleep(&wait, NULL);
    eb_cancel(c->source);
    return NULL;
}

static bool start_canceller(const request *r, canceller *c)
{
    c->after_ms = number_of(r->json, "cancel_ms");
    if (c->after_ms <= 0 || eb_cancel_source_new(&c->source) != EB_OK)
        return false;
    return pthread_create(&c->thread, NULL, cancel_later, c) == 0;
}

/* ---- Calls ------------------------------------------------------------------------------------ */

/* Reads the options of one call; headers has room for HEADERS_MAX. */
static bool read_call_options(const request *r, eb_call_options *options, eb_header *headers)
{
    static const char *const words[] = { "deadline_ms", "attempt_timeout_ms", "retries", "headers",
                                         "base_url",    "skip_limits",        NULL };
    const cJSON             *call    = cJSON_GetObjectItemCaseSensitive(r->json, "call");
    const cJSON             *listed  = cJSON_GetObjectItemCaseSensitive(call, "headers");

    if (!knows_all(call, words, r->answer))
        return false;
    options->deadline_ms        = number_of(call, "deadline_ms");
    options->attempt_timeout_ms = number_of(call, "attempt_timeout_ms");
    options->retries            = (int)number_of(call, "retries");
    options->base_url           = text_of(call, "base_url");
    options->skip_limits        = flag_of(call, "skip_limits");
    for (const cJSON *item = cJSON_IsArray(listed) ? listed->child : NULL;
         item != NULL && options->header_count < HEADERS_MAX; item = item->next) {
        headers[options->header_count].name    = cJSON_GetStringValue(cJSON_GetArrayItem(item, 0));
        headers[options->header_count++].value = cJSON_GetStringValue(cJSON_GetArrayItem(item, 1));
    }
    options->headers = headers;
    return true;
}

/* The parameters as the generated functions take them, with options in front; free() releases them. */
static void *make_params(request *r, size_t size, const eb_call_options *options, eb_response *memory)
{
    const eb_type *type   = r->operation->params;
    const void    *read   = NULL;
    char          *params = calloc(1, size);
    eb_status      st     = eb_value_from_json(type, r->params, strlen(r->params), &read, memory);

    if (st != EB_OK || params == NULL) {
        complain(r->answer, "params: %s: %s", memory->field, memory->message);
        free(params);
        return NULL;
    }
    memcpy(params, read, type->size);
    memcpy(params, &options, sizeof options);
    return params;
}

static void plain_call(request *r)
{
    eb_response response = { 0 };
    const void *value    = NULL;
    eb_status   st = eb_invoke(r->client->eb, text_of(r->json, "operation"), r->params, &response);

    put_text(r->answer, "status", eb_status_name(st));
    put_response(r->answer, &response);
    if (st == EB_OK && r->operation->result != NULL &&
        strspn(response.body.data, " \t\r\n") < response.body.len) {
        eb_response memory = { 0 };

        st = eb_value_from_json(r->operation->result, response.body.data, response.body.len, &value,
                                &memory);
        if (st != EB_OK)
            complain(r->answer, "the call could read the body, %s_from_json not: %s",
                     r->operation->result->name, memory.message);
        put_value(r, r->operation->result, st == EB_OK ? value : NULL);
        eb_response_free(&memory);
    }
    eb_response_free(&response);
}

static void typed_call(request *r, const eb_call_options *options)
{
    eb_response memory = { 0 }, response = { 0 };
    const void *value  = NULL;
    void       *params = make_params(r, r->operation->params->size, options, &memory);
    eb_status   st;

    if (params != NULL) {
        st = eb_call_operation(r->client->eb, r->operation, params, &value, &response);
        put_text(r->answer, "status", eb_status_name(st));
        put_response(r->answer, &response);
        if (st == EB_OK && r->operation->result != NULL)
            put_value(r, r->operation->result, value);
    }
    free(params);
    eb_response_free(&memory);
    eb_response_free(&response);
}

/* Asks what became of the call; nothing is known of it but its parameters. */
static void verify(request *r, const eb_call_options *options)
{
    const eb_operation *asking = NULL;
    eb_response         memory = { 0 }, response = { 0 };
    const void         *value  = NULL;
    void               *params = make_params(r, r->operation->params->size, options, &memory);

    if (params != NULL) {
        const eb_status st = eb_call_verify(r->client->eb, r->operation, params, &value, &response);

        put_text(r->answer, "status", eb_status_name(st));
        put_response(r->answer, &response);
        if (st == EB_OK)
            asking = find_operation(r->client->api, r->operation->verify->operation);
        if (asking != NULL)
            put_value(r, asking->result, value);
    }
    free(params);
    eb_response_free(&memory);
    eb_response_free(&response);
}

/* The type of a page's items: what the rows under the pointer lead to. */
static const eb_type *item_type(const eb_operation *operation)
{
    const eb_type *type = operation->result;

    for (const char *at = operation->pages->items; *at == '/';) {
        const size_t    len = strcspn(at + 1, "/");
        const eb_field *row = NULL;

        for (size_t i = 0; type != NULL && i < type->row_count; i++)
            if (type->rows[i].json_len == len && memcmp(type->rows[i].json, at + 1, len) == 0)
                row = &type->rows[i];
        type = row != NULL ? row->target : NULL;
        at += 1 + len;
    }
    return type != NULL && type->shape == EB_SHAPE_LIST ? type->rows[0].target : NULL;
}

static void walk(request *r, const eb_call_options *options)
{
    const int64_t  limit  = number_of(r->json, "walk");
    eb_response    memory = { 0 };
    eb_pager       pager  = { 0 };
    const eb_type *type   = r->operation->pages != NULL ? item_type(r->operation) : NULL;
    void *params = type != NULL ? make_params(r, r->operation->params->size, options, &memory) : NULL;
    const void *item  = NULL;
    cJSON      *items = cJSON_AddArrayToObject(r->answer, "items");
    eb_status   st;

    if (type == NULL)
        complain(r->answer, "%s has no pages", r->operation->id);
    if (params == NULL)
        goto out;
    st = eb_pager_start(r->client->eb, r->operation, params, &pager);
    free(params); /* the pager has copied them */
    eb_response_free(&memory);
    if (st == EB_OK)
        for (int64_t n = 0; n < limit && (st = eb_pager_next(&pager, r->operation, &item)) == EB_OK; n++)
            cJSON_AddItemToArray(items, written(r, type, item));
    if (st == EB_DONE && eb_pager_next(&pager, r->operation, &item) != EB_DONE)
        complain(r->answer, "a pager that was done went on");
    put_text(r->answer, "status", eb_status_name(st));
    put_response(r->answer, &pager.response);
out:
    eb_pager_free(&pager);
    eb_response_free(&memory);
}

/* The one linked call there is: a ticket, then the file. */
static void upload(request *r, const eb_call_options *options)
{
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(r->json, "upload");
    const char  *data   = text_of(wanted, "data");
    const char  *path   = text_of(wanted, "path");
    eb_response  memory = { 0 }, response = { 0 };
    const dcdn_upload_routine_code_response *ticket = NULL;
    dcdn_upload_routine_code_file_params *params = make_params(r, sizeof *params, options, &memory);
    eb_status                             st;

    if (params == NULL)
        goto out;
    if (path != NULL)
        params->file = eb_body_file(path);
    else if (data != NULL)
        params->file = eb_body_memory(data, strlen(data));
    params->file.filename     = text_of(wanted, "filename");
    params->file.content_type = text_of(wanted, "content_type");
    st = dcdn_upload_routine_code_file(r->client->eb, params, &ticket, &response);
    put_text(r->answer, "status", eb_status_name(st));
    put_response(r->answer, &response);
    if (st == EB_OK)
        put_value(r, &dcdn_upload_routine_code_response_type, ticket);
out:
    free(params);
    eb_response_free(&memory);
    eb_response_free(&response);
}

static void serve_call(request *r)
{
    eb_header       headers[HEADERS_MAX];
    eb_call_options options   = { 0 };
    client          unnamed   = { 0 };
    canceller       cancelled = { 0 };
    const char     *name      = text_of(r->json, "operation");
    int64_t         ahead_ms;

    log_lines = cJSON_AddArrayToObject(r->answer, "log");
    r->client = take_client(r, &unnamed);
    if (r->client == NULL)
        goto out;
    ahead_ms     = r->client->waits.ahead_ms;
    r->operation = find_operation(r->client->api, name);
    r->params    = text_of(r->json, "params");
    if (!read_call_options(r, &options, headers))
        goto out;
    if (start_canceller(r, &cancelled))
        options.cancel = cancelled.source;
    if (r->operation == NULL ||
        (!cJSON_HasObjectItem(r->json, "call") && !cJSON_HasObjectItem(r->json, "walk") &&
         !cJSON_HasObjectItem(r->json, "upload") && !cJSON_HasObjectItem(r->json, "verify") &&
         cancelled.source == NULL))
        plain_call(r);
    else if (cJSON_HasObjectItem(r->json, "walk"))
        walk(r, &options);
    else if (cJSON_HasObjectItem(r->json, "upload"))
        upload(r, &options);
    else if (flag_of(r->json, "verify"))
        verify(r, &options);
    else
        typed_call(r, &options);
    cJSON_AddNumberToObject(r->answer, "waited_ms", (double)(r->client->waits.ahead_ms - ahead_ms));
out:
    if (cancelled.source != NULL)
        (void)pthread_join(cancelled.thread, NULL);
    eb_cancel_source_free(cancelled.source);
    drop_client(&unnamed);
}

static void list_operations(cJSON *answer)
{
    for (size_t i = 0; i < sizeof apis / sizeof apis[0]; i++) {
        cJSON *names = cJSON_AddArrayToObject(answer, apis[i]->name);

        for (size_t k = 0; k < apis[i]->operation_count; k++)
            cJSON_AddItemToArray(names, cJSON_CreateString(apis[i]->operations[k]->id));
    }
}

static cJSON *serve(const char *line)
{
    static const char *const words[] = { "api",    "operation", "params", "options", "client",
                                         "call",   "walk",      "upload", "print",   "cancel_ms",
                                         "forget", "usage",     "list",   "verify",  NULL };
    cJSON                   *json    = cJSON_Parse(line);
    request                  r       = { .json = json, .answer = cJSON_CreateObject() };

    if (json == NULL) {
        complain(r.answer, "the order is not JSON");
    } else if (!knows_all(json, words, r.answer)) {
        /* said already */
    } else if (flag_of(json, "usage")) {
        struct rusage usage;

        (void)getrusage(RUSAGE_SELF, &usage);
        cJSON_AddNumberToObject(r.answer, "peak_kb", (double)usage.ru_maxrss);
    } else if (flag_of(json, "list")) {
        list_operations(r.answer);
    } else if (text_of(json, "forget") != NULL) {
        client *dropped = find_client(text_of(json, "forget"));

        if (dropped != NULL)
            drop_client(dropped);
    } else {
        serve_call(&r);
    }
    cJSON_Delete(json);
    return r.answer;
}

int main(void)
{
    char  *line = NULL;
    size_t size = 0;

    while (getline(&line, &size, stdin) > 0) {
        cJSON *answer = serve(line);
        char  *text   = cJSON_PrintUnformatted(answer);

        puts(text != NULL ? text : "{\"error\":\"out of memory\"}");
        (void)fflush(stdout);
        cJSON_free(text);
        cJSON_Delete(answer);
    }
    free(line);
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (clients[i].name != NULL)
            drop_client(&clients[i]);
    return 0;
}
