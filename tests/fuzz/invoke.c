/* invoke.c -- whole calls on a scripted transport: caller and service both say anything. Lines: an API and a
 * way (invoke, pages, verify, upload); an operation; the parameters as JSON. Then the answers, each from a line that
 * holds a single dot: a status; headers, each with a colon; an empty line; the body.
 *
 * Whatever they say: what is sent is a request in its form to the service's own host, an upload goes where it
 * may, the status is one of those that can come of it, what is shown is lines that a terminal may see, and
 * every block comes back wiped. */
#include "fuzz.h"

#include "codec.h"
#include "edgebind/testing.h"
#include "url.h"

enum { ANSWERS_MAX = 8, HEADERS_MAX = 16, EXCHANGES_MAX = 400, ITEMS_MAX = 300 };

/* Part of every secret. */
static const char secret[] = "s3cr3t-9f31";

static const char base_url[] = "https://service.example:8443/base";

/* ---- The service ------------------------------------------------------------------------------ */

typedef struct service {
    eb_script        script;
    eb_transport     play;
    eb_script_answer answers[ANSWERS_MAX];
    eb_header        headers[ANSWERS_MAX][HEADERS_MAX];
    char            *texts[ANSWERS_MAX * (2 * HEADERS_MAX + 1)];
    size_t           text_count;
    bool             upload;
    bool             tells; /* somebody said a secret, so it may be shown */
    int64_t          now_ms;
} service;

static char *keep(service *s, fuzz_input text)
{
    return s->texts[s->text_count++] = fuzz_text(text);
}

/* A status below 100 is an exchange that fails, by its number; "200 cut" one that is lost behind the headers. */
static void take_answer(service *s, fuzz_input *rest)
{
    static const eb_status failures[] = { EB_NETWORK, EB_TIMEOUT, EB_LIMIT, EB_NOMEM, EB_INVALID };
    eb_script_answer      *answer     = &s->answers[s->script.count];
    eb_header             *headers    = s->headers[s->script.count++];
    fuzz_input             line       = fuzz_until(rest, '\n');
    fuzz_input             body;
    const size_t           number = (size_t)((fuzz_int(line) % 1000 + 1000) % 1000);

    if (number < 100) {
        answer->status = failures[number % 5];
        answer->sent   = (eb_sent)(number / 5 % 3);
    } else {
        answer->http_status = (int)number;
        answer->status      = line.len > 3 ? EB_NETWORK : EB_OK;
    }
    answer->headers = headers;
    while (rest->len > 0 && answer->header_count < HEADERS_MAX) {
        line = fuzz_until(rest, '\n');
        if (line.len == 0)
            break;
        headers[answer->header_count].name = keep(s, fuzz_until(&line, ':'));
        if (line.len > 0 && line.at[0] == ' ') {
            line.at++;
            line.len--;
        }
        headers[answer->header_count++].value = keep(s, line);
    }
    body = *rest;
    for (size_t i = 0; i + 2 < rest->len; i++)
        if (memcmp(rest->at + i, "\n.\n", 3) == 0) {
            body.len = i;
            break;
        }
    rest->at += body.len < rest->len ? body.len + 3 : rest->len;
    rest->len -= body.len < rest->len ? body.len + 3 : rest->len;
    answer->body     = keep(s, body);
    answer->body_len = body.len;
}

static void header_is_whole(const eb_header *header)
{
    MUST(header->name[0] != '\0');
    for (const char *c = header->name; *c != '\0'; c++)
        MUST(*c > ' ' && *c < 0x7f && strchr("()<>@,;:\\\"/[]?={}", *c) == NULL);
    for (const char *c = header->value; *c != '\0'; c++)
        MUST((unsigned char)*c >= ' ' && *c != 0x7f);
}

static void goes_where_it_may(const service *s, const eb_exchange *x)
{
    const size_t base = sizeof base_url - 1;
    eb_url       url;

    MUST(eb__url_parse(x->url, &url));
    for (const char *c = x->url; *c != '\0'; c++)
        MUST(*c > ' ' && *c < 0x7f);
    if (strncmp(x->url, base_url, base) == 0 && (x->url[base] == '/' || x->url[base] == '?')) {
        MUST(strstr(x->url, "/../") == NULL && strstr(x->url, "/./") == NULL);
        return;
    }
    MUST(s->upload && s->script.exchanges > 0);
    if (eb__url_is_loopback(url.host, url.host_len))
        return;
    MUST(url.https && eb__url_host_matches(url.host, url.host_len, "*.aliyuncs.com"));
    for (size_t i = 0; i < x->header_count; i++) /* nor do the credentials go along */
        MUST(s->tells || strstr(x->headers[i].value, secret) == NULL);
}

static eb_status exchange(void *context, eb_exchange *x)
{
    service *s = context;

    MUST(s->script.exchanges < EXCHANGES_MAX);
    MUST(x->method[0] >= 'A' && x->method[0] <= 'Z');
    for (size_t i = 0; i < x->header_count; i++) {
        header_is_whole(&x->headers[i]);
        if (strcmp(x->headers[i].name, "content-type") == 0 && x->body != NULL &&
            strcmp(x->headers[i].value, "application/json") == 0)
            MUST(eb__json_check(x->body, (size_t)x->body_size, NULL, NULL) == EB_OK);
    }
    goes_where_it_may(s, x);
    if (s->script.exchanges >= EB_SCRIPT_SEEN_MAX) /* it only counts from here on */
        s->script.exchanges++;
    return s->play.exchange(s->play.context, x);
}

/* ---- What is shown ---------------------------------------------------------------------------- */

/* No control character reaches a log or a person: it could forge a line, or drive a terminal. */
static void is_one_line(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        MUST(*c >= ' ' && *c != 0x7f && (*c != 0xC2 || c[1] < 0x80 || c[1] >= 0xA0));
}

static void log_line(void *context, eb_log_level level, const char *line)
{
    const service *s = context;

    MUST(s->tells || strstr(line, secret) == NULL);
    if (level < EB_LOG_TRACE) /* a body in a curl command has lines */
        is_one_line(line);
    else
        MUST(strpbrk(line, "\r\x1b\x7f") == NULL);
}

static void report_is_lines(eb_response *response)
{
    const char *text = eb_response_print(response);

    for (const char *c = text; *c != '\0'; c++)
        MUST((unsigned char)*c >= ' ' || *c == '\n');
    for (size_t lines = 0; *text != '\0'; lines++) {
        text = strchr(text, '\n');
        MUST(text != NULL && lines < 30 + response->header_count);
        text++;
    }
}

/* ---- The machine ------------------------------------------------------------------------------ */

static int64_t now_ms(void *context)
{
    return ((service *)context)->now_ms;
}

static void sleep_ms(void *context, int64_t duration_ms)
{
    MUST(duration_ms >= 0);
    ((service *)context)->now_ms += duration_ms;
}

static bool random_bytes(void *context, void *buffer, size_t size)
{
    (void)context;
    memset(buffer, 7, size);
    return true;
}

static eb_client *client_of(const eb_api *api, service *s, const eb_allocator *allocator)
{
    const eb_clock          clock     = { now_ms, now_ms, sleep_ms, s };
    const eb_random         chance    = { random_bytes, NULL };
    const eb_transport      transport = { .exchange = exchange, .context = s };
    const eb_log            log       = { EB_LOG_TRACE, log_line, s };
    eb_client              *client    = NULL;
    const eb_client_options options   = {
          .api         = api,
          .credentials = api->auth == NULL || api->auth->kind == EB_AUTH_NONE ? eb_credentials_none()
                         : api->auth->kind == EB_AUTH_ACS3 ? eb_credentials_sts(secret, secret, secret)
                                                           : eb_credentials_token(secret),
          .base_url    = base_url,
          .deadline_ms = 100000,
          .skip_limits = true,
          .skip_rate_limits = true,
          .allocator        = allocator,
          .transport        = &transport,
          .clock            = &clock,
          .random           = &chance,
          .log              = &log,
    };

    MUST(eb_client_new(&options, &client) == EB_OK);
    return client;
}

/* ---- Calls ------------------------------------------------------------------------------------ */

static const eb_operation *choose(const eb_api *api, fuzz_input name)
{
    for (size_t i = 0; i < api->operation_count; i++)
        if (fuzz_is(name, api->operations[i]->id))
            return api->operations[i];
    return api->operations[fuzz_number(name) % api->operation_count];
}

/* Texts are there after every call, a failure says what, and there were not more attempts than allowed. */
static void response_is_whole(const eb_response *response, eb_status st)
{
    MUST(st <= EB_DONE && st >= EB_LIMIT);
    MUST(response->code != NULL && response->message != NULL && response->field != NULL);
    MUST(response->request_id != NULL && response->ticket_request_id != NULL);
    MUST(st >= EB_OK || response->message[0] != '\0');
    is_one_line(response->code);
    is_one_line(response->message);
    is_one_line(response->field);
    is_one_line(response->request_id);
    is_one_line(response->ticket_request_id);
    MUST(response->attempt_count <= 3 + 1); /* one more when the clock was wrong */
    MUST(st != EB_MAYBE_SENT || response->http_status == 0);
}

static void invoke(eb_client *client, const eb_operation *operation, const char *params)
{
    eb_response  response = { 0 };
    const size_t len      = strlen(params);
    eb_status    st       = eb_invoke(client, operation->id, params, &response);

    MUST(strlen(params) == len);
    response_is_whole(&response, st);
    report_is_lines(&response);
    eb_response_free(&response);
}

/* Parameters as a struct in the arena; NULL: they are none. */
static const void *read_params(const eb_operation *operation, const char *params, eb_arena *arena)
{
    const void *given = NULL;
    eb_problem  problem;
    eb_status st = eb__decode(operation->params, params, strlen(params), true, NULL, arena, &given,
                              &problem);

    return st == EB_OK ? given : NULL;
}

static void verify(eb_client *client, const eb_operation *operation, const char *params)
{
    eb_response response = { 0 };
    eb_arena   *arena    = eb__arena_new(NULL, 0);
    const void *value    = NULL;
    eb_status st = eb_call_verify(client, operation, read_params(operation, params, arena), &value,
                                  &response);

    response_is_whole(&response, st);
    eb_response_free(&response);
    eb__arena_free(arena);
}

static void walk(eb_client *client, const eb_operation *operation, const char *params)
{
    eb_pager    pager = { 0 };
    eb_arena   *arena = eb__arena_new(NULL, 0);
    const void *item;
    eb_status st = eb_pager_start(client, operation, read_params(operation, params, arena), &pager);

    for (int i = 0; st == EB_OK && i < ITEMS_MAX; i++)
        st = eb_pager_next(&pager, operation, &item);
    response_is_whole(&pager.response, st);
    eb_pager_free(&pager);
    eb__arena_free(arena);
}

static void upload(eb_client *client, const char *params)
{
    dcdn_upload_routine_code_file_params     with     = { .file = eb_body_memory("code", 4) };
    const dcdn_upload_routine_code_response *ticket   = NULL;
    eb_response                              response = { 0 };
    eb_arena                                *arena    = eb__arena_new(NULL, 0);
    const void                              *body     = NULL;
    eb_problem                               problem;
    eb_status                                st;

    if (eb__decode(&dcdn_upload_routine_code_request_type, params, strlen(params), true, NULL,
                   arena, &body, &problem) == EB_OK)
        with.body = body;
    st = dcdn_upload_routine_code_file(client, &with, &ticket, &response);
    response_is_whole(&response, st);
    MUST(st != EB_OK || ticket != NULL);
    eb_response_free(&response);
    eb__arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzz_input    all       = { (const char *)data, size };
    fuzz_input          rest      = all;
    fuzz_input          first     = fuzz_until(&rest, '\n');
    const eb_api       *api       = fuzz_api(fuzz_until(&first, ' '));
    const eb_operation *operation = choose(api, fuzz_until(&rest, '\n'));
    char               *params    = fuzz_text(fuzz_until(&rest, '\n'));
    long                live      = 0;
    eb_allocator        allocator = fuzz_allocator(&live);
    service            *s         = calloc(1, sizeof *s);
    eb_client          *client;

    MUST(s != NULL);
    s->script.answers = s->answers;
    s->play           = eb_script_transport(&s->script);
    s->now_ms         = INT64_C(1774684800000);
    while (rest.len > 0 && s->script.count < ANSWERS_MAX)
        take_answer(s, &rest);
    s->upload = fuzz_is(first, "upload");
    s->tells  = fuzz_holds(all, secret);
    client    = client_of(s->upload ? &dcdn_api : api, s, &allocator);
    if (s->upload)
        upload(client, params);
    else if (fuzz_is(first, "verify"))
        verify(client, operation, params);
    else if (fuzz_is(first, "pages") && operation->pages != NULL)
        walk(client, operation, params);
    else
        invoke(client, operation, params);
    eb_client_free(client);
    MUST(live == 0);
    eb_script_reset(&s->script);
    while (s->text_count > 0)
        free(s->texts[--s->text_count]);
    free(s);
    free(params);
    return 0;
}
