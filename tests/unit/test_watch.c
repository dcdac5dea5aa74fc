/* Promises of hooks, the log and the report; and that no secret of any operation of any API is in anything
 * that is shown or left in memory: a canary goes into every secret parameter and credential, and every
 * output is searched for it. */
#include <stdio.h>

#include "codec.h"
#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "edgebind/esa.h"
#include "edgebind/oss.h"
#include "edgebind/sae.h"
#include "edgebind/testing.h"
#include "unit.h"
#include "watch.h"

#define CANARY "C4N4RY-s3cret-7f3e"

static const eb_api *const apis[] = { &edgegap_api, &esa_api, &dcdn_api, &sae_api, &oss_api };

/* Everything that was shown, one text. */
typedef struct shown {
    eb_buf    text;
    int       before_sign, before_send, after_attempt, after_call;
    eb_moment last;
} shown;

static void show_line(void *context, eb_log_level level, const char *line)
{
    (void)level;
    eb__buf_puts(&((shown *)context)->text, line);
    eb__buf_putc(&((shown *)context)->text, '\n');
}

static void show_moment(shown *all, const eb_moment *moment)
{
    eb__buf_printf(&all->text, "%s %s %s %s %s %s\n", moment->api, moment->operation,
                   moment->method, moment->url, moment->code, moment->request_id);
}

static void before_sign(void *context, eb_moment *moment)
{
    ((shown *)context)->before_sign++;
    show_moment(context, moment);
    ck_assert_int_eq(eb_moment_header(moment, "traceparent",
                                      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                     EB_OK);
    ck_assert_int_eq(eb_moment_header(moment, "authorization", "x"), EB_INVALID);
    ck_assert_int_eq(eb_moment_header(moment, "a b", "x"), EB_INVALID);
    ck_assert_int_eq(eb_moment_header(moment, "x", "a\r\nb: c"), EB_INVALID);
}

static void before_send(void *context, const eb_moment *moment)
{
    ((shown *)context)->before_send++;
    show_moment(context, moment);
}

static void after_attempt(void *context, const eb_moment *moment)
{
    ((shown *)context)->after_attempt++;
    show_moment(context, moment);
}

static void after_call(void *context, const eb_moment *moment)
{
    ((shown *)context)->after_call++;
    ((shown *)context)->last       = *moment;
    ((shown *)context)->last.call_ = NULL;
    show_moment(context, moment);
}

static void no_sleep(void *context, int64_t duration_ms)
{
    (void)context;
    (void)duration_ms;
}

static int64_t fixed_ms(void *context)
{
    (void)context;
    return INT64_C(1774685350000);
}

static const eb_clock still = { fixed_ms, fixed_ms, no_sleep, NULL };

/* A client that shows all it does. */
static eb_client *watched(const eb_api *api, shown *all, eb_script *script, const eb_allocator *allocator)
{
    const eb_transport transport    = eb_script_transport(script);
    const eb_hooks     hooks        = { .before_sign   = before_sign,
                                        .before_send   = before_send,
                                        .after_attempt = after_attempt,
                                        .after_call    = after_call,
                                        .context       = all };
    const eb_log       log          = { EB_LOG_TRACE, show_line, all };
    const bool         acs          = api->auth != NULL && api->auth->kind == EB_AUTH_ACS3;
    eb_client         *client       = NULL;
    char               problem[256] = "";

    ck_assert_msg(eb_client_new(&(eb_client_options){ .api = api,
                                                      .credentials =
                                                          acs ? eb_credentials_sts("id", CANARY, CANARY "-token")
                                                              : eb_credentials_token(CANARY "-token"),
                                                      .base_url = "https://files.example.aliyuncs.com",
                                                      .region       = NULL,
                                                      .transport    = &transport,
                                                      .clock        = &still,
                                                      .hooks        = &hooks,
                                                      .log          = &log,
                                                      .allocator    = allocator,
                                                      .skip_limits  = true,
                                                      .problem      = problem,
                                                      .problem_size = sizeof problem },
                                &client) == EB_OK,
                  "%s: %s", api->name, problem);
    return client;
}

/* Puts the canary into every secret text of a value made at random. */
static int plant(const eb_type *type, void *value);

static int plant_member(const eb_field *row, void *base)
{
    static const char *const canary  = CANARY "-member";
    char                    *at      = (char *)base + row->offset;
    int                      planted = 0;
    void                    *inner;
    struct {
        char  *items;
        size_t count;
    } list;

    switch (row->kind) {
    case EB_KIND_STR:
        if ((row->flags & EB_SECRET) == 0)
            return 0;
        memcpy(at, &canary, sizeof canary);
        return 1;
    case EB_KIND_OBJECT:
        memcpy(&inner, at, sizeof inner);
        return inner != NULL && inner != ((const eb_type *)row->target)->null
                   ? plant(row->target, inner)
                   : 0;
    case EB_KIND_STRUCT:
        return plant(row->target, at);
    case EB_KIND_LIST:
    case EB_KIND_MAP:
        memcpy(&list, at, sizeof list);
        for (size_t i = 0; EB_LIST_IS_SET(list) && i < list.count; i++)
            planted += plant_member(((const eb_type *)row->target)->rows,
                                    list.items + i * ((const eb_type *)row->target)->size);
        return planted;
    default:
        return 0;
    }
}

static int plant(const eb_type *type, void *value)
{
    int planted = 0;

    for (uint16_t i = 0; i < type->row_count; i++)
        planted += plant_member(&type->rows[i], value);
    return planted;
}

static void search(const char *where, const char *operation, const char *text)
{
    ck_assert_msg(strstr(text, CANARY) == NULL, "%s of %s shows a secret: %.600s", where, operation,
                  strstr(text, CANARY) -
                      (strstr(text, CANARY) - text > 80 ? 80 : strstr(text, CANARY) - text));
}

static const eb_script_answer answers[] = {
    { .http_status = 503, .body = "" },
    { .http_status = 400,
      .body        = "{\"Code\":\"SignatureDoesNotMatch\",\"RequestId\":\"" CANARY "-member\",\"Message\":\"no, " CANARY
              " is not " CANARY "-token nor " CANARY "-member\",\"message\":\"bad " CANARY
              "-token, " CANARY "-member\",\"errors\":{\"name\":\"" CANARY "-member\"}}" },
    { .http_status = 400,
      .body = "<Error><Code>AccessDenied</Code><Message>" CANARY "-member</Message></Error>" },
    { .http_status = 200, .body = "{\"Content\": 5, \"name\": 6, \"x\": \"" CANARY "\"}" },
    { .http_status = 302, .body = "" },
    { .status = EB_NETWORK, .sent = EB_SENT_ALL },
    { .status = EB_NETWORK, .sent = EB_SENT_NOTHING },
};

static int try_operation(const eb_api *api, const eb_operation *operation, size_t answer, uint64_t seed)
{
    eb_script   script = { .answers = &answers[answer], .count = 1 };
    shown       all    = { .text = { 0 } };
    eb_arena   *arena  = eb__arena_new(NULL, 0);
    void       *params;
    const void *value    = NULL, *random;
    eb_response response = { 0 };
    unit_memory memory;
    eb_client  *client;
    eb_json     printed = { NULL, 0 };
    int         planted;

    unit_memory_init(&memory, 0);
    client = watched(api, &all, &script, &memory.allocator);
    ck_assert_ptr_nonnull(arena);
    random = eb__random_value(operation->params, seed, arena);
    params = eb__arena_alloc(arena, operation->params->size);
    ck_assert_ptr_nonnull(random);
    memcpy(params, random, operation->params->size);
    memset(params, 0, sizeof(void *)); /* options */
    planted = plant(operation->params, params);
    if (planted == 0 && answers[answer].body != NULL && strstr(answers[answer].body, "-member") != NULL)
        goto out; /* the service cannot know what was not sent */
    (void)eb_call_operation(client, operation, params, &value, &response);
    ck_assert_int_eq(eb__buf_status(&all.text), EB_OK);
    search("the log", operation->name, eb__buf_text(&all.text));
    search("the message", operation->name, response.message);
    search("the field", operation->name, response.field);
    search("the code", operation->name, response.code);
    search("the report", operation->name, eb_response_print(&response));
    ck_assert_int_eq(eb_value_print(operation->params, params, &printed, &response), EB_OK);
    search("the print", operation->name, printed.text);
    ck_assert_int_eq(all.after_call, 1);
out:
    eb_response_free(&response);
    eb_client_free(client);
    unit_memory_check(&memory); /* every block came back wiped */
    eb__arena_free(arena);
    eb__buf_free(&all.text);
    eb_script_reset(&script);
    return planted;
}

START_TEST(no_output_of_any_operation_shows_a_secret)
{
    int planted = 0;

    for (size_t a = 0; a < sizeof apis / sizeof apis[0]; a++)
        for (size_t o = 0; o < apis[a]->operation_count; o++)
            for (size_t answer = 0; answer < sizeof answers / sizeof answers[0]; answer++)
                for (uint64_t seed = 1; seed <= (uint64_t)unit_cases(3); seed++)
                    planted += try_operation(apis[a], apis[a]->operations[o], answer, seed);
    ck_assert_int_gt(planted, 100); /* or the search would mean nothing */
}
END_TEST

START_TEST(hooks_see_every_moment_and_can_add_a_header)
{
    static const eb_script_answer twice[] = {
        { .http_status = 429, .body = "{\"message\":\"slow down\"}" },
        { .http_status = 200, .body = "{\"name\":\"a\"}" },
    };
    eb_script                  script   = { .answers = twice, .count = 2 };
    shown                      all      = { .text = { 0 } };
    eb_client                 *client   = watched(&edgegap_api, &all, &script, NULL);
    eb_response                response = { 0 };
    const edgegap_application *app      = NULL;

    ck_assert_int_eq(edgegap_application_get(client, &(edgegap_application_get_params){ .app_name = "a b" },
                                             &app, &response),
                     EB_OK);
    ck_assert_int_eq(all.before_sign, 2);
    ck_assert_int_eq(all.before_send, 2);
    ck_assert_int_eq(all.after_attempt, 2);
    ck_assert_int_eq(all.after_call, 1);
    ck_assert_int_eq(all.last.attempt, 2);
    ck_assert_int_eq(all.last.status, EB_OK);
    ck_assert_int_eq(all.last.http_status, 200);
    ck_assert_uint_eq(all.last.call, 1);
    ck_assert_ptr_nonnull(
        strstr(script.seen[1].headers, "traceparent: 00-0af7651916cd43dd8448eb211c80319c"));
    ck_assert_ptr_nonnull(
        strstr(eb__buf_text(&all.text), "curl -X GET -H 'host: files.example.aliyuncs.com'"));
    ck_assert_ptr_nonnull(strstr(eb__buf_text(&all.text), "'authorization: ***'"));
    ck_assert_ptr_nonnull(strstr(eb__buf_text(&all.text), "/v1/app/a%20b'"));
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

START_TEST(a_report_says_what_support_asks_for)
{
    static const eb_header headers[] = { { "x-acs-request-id", "REQ-1" }, { "set-cookie", CANARY } };
    static const eb_script_answer refused = {
        .http_status = 404, .headers = headers, .header_count = 2, .body = "{\"Code\":\"InvalidApp.NotFound\",\"Message\":\"no\"}"
    };
    eb_script   script   = { .answers = &refused, .count = 1 };
    shown       all      = { .text = { 0 } };
    eb_client  *client   = watched(&esa_api, &all, &script, NULL);
    eb_response response = { 0 };
    const char *report;

    ck_assert_int_eq(eb_invoke(client, "ListEdgeContainerApps", "{}", &response), EB_API);
    report = eb_response_print(&response);
    ck_assert_ptr_nonnull(strstr(report, "EB_API"));
    ck_assert_ptr_nonnull(strstr(report, "HTTP status: 404"));
    ck_assert_ptr_nonnull(strstr(report, "code: InvalidApp.NotFound"));
    ck_assert_ptr_nonnull(strstr(report, "request id: REQ-1"));
    ck_assert_ptr_nonnull(strstr(report, "attempt 1: EB_API, HTTP 404"));
    ck_assert_ptr_null(strstr(report, CANARY));
    ck_assert_str_eq(eb_response_print(NULL), "");
    eb_response_free(&response);
    ck_assert_str_eq(eb_response_print(&response), "");
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

START_TEST(a_refused_signature_explains_itself)
{
    static const eb_script_answer refused = {
        .http_status = 403,
        .body        = "{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"canonical: [GET\\n/pop/v1/sam/app/listAppVersions\\n"
                       "AppId=x\\nhost:other.example\\nx-acs-security-token:" CANARY "-token\\n\\nhost\\n"
                       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855]\"}"
    };
    eb_script   script   = { .answers = &refused, .count = 1 };
    shown       all      = { .text = { 0 } };
    eb_client  *client   = watched(&sae_api, &all, &script, NULL);
    eb_response response = { 0 };

    ck_assert_int_eq(eb_invoke(client, "ListAppVersions", "{\"AppId\":\"x\"}", &response), EB_API);
    ck_assert_msg(strstr(response.message, "the header host differs") != NULL, "%s", response.message);
    ck_assert_ptr_null(strstr(response.message, CANARY));
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

START_TEST(a_documented_rate_is_kept_and_never_past_the_deadline)
{
    static const eb_script_answer      good     = { .http_status = 200, .body = "{}" };
    eb_script                          script   = { .answers = &good, .count = 1 };
    shown                              all      = { .text = { 0 } };
    eb_client                         *client   = watched(&sae_api, &all, &script, NULL);
    eb_response                        response = { 0 };
    const sae_list_app_versions_params at_once = { .options = &(eb_call_options){ .deadline_ms = 500 },
                                                   .app_id = "x" };

    for (int i = 0; i < 60; i++) /* the clock stands still */
        ck_assert_int_eq(sae_list_app_versions(client, &at_once, NULL, &response), EB_OK);
    ck_assert_int_eq(sae_list_app_versions(client, &at_once, NULL, &response), EB_TIMEOUT);
    ck_assert_int_eq(response.reason, EB_REASON_DEADLINE);
    ck_assert_int_eq(response.sent, EB_SENT_NOTHING);
    ck_assert_ptr_nonnull(strstr(response.message, "60 requests in 60 s"));
    ck_assert_uint_eq(script.exchanges, 60);
    ck_assert_int_eq(sae_list_app_versions(client, &(sae_list_app_versions_params){ .app_id = "x" },
                                           NULL, &response),
                     EB_OK);
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

START_TEST(scrubbing_takes_out_every_occurrence_and_only_those)
{
    char text[] = "abcd abcabcd xabcdx";

    eb__scrub(text, "abcd");
    ck_assert_str_eq(text, "**** abc**** x****x");
    eb__scrub(text, "abc"); /* too short to be taken out */
    eb__scrub(text, "");
    eb__scrub(text, NULL);
    ck_assert_str_eq(text, "**** abc**** x****x");
}
END_TEST

/* A log is read by people in terminals and by programs line by line. */
START_TEST(no_answer_forges_a_line_or_drives_a_terminal)
{
    static const eb_header        headers[] = { { "location", "\x1b]0;title\x07" },
                                                { "server", "\xc2\x9b"
                                                                   "31m" } };
    static const eb_script_answer forging[] = { { .http_status  = 200,
                                                  .headers      = headers,
                                                  .header_count = 2,
                                                  .body = "{\"RequestId\":\"a\\nfake\\u001b[2J\"}" } };
    eb_script                     script    = { .answers = forging, .count = 1 };
    shown                         all       = { .text = { 0 } };
    eb_client                    *client    = watched(&esa_api, &all, &script, NULL);
    eb_response                   response  = { 0 };

    ck_assert_int_eq(eb_invoke(client, "ListEdgeContainerApps", "{}", &response), EB_OK);
    ck_assert_str_eq(response.request_id, "a?fake?[2J");
    eb__buf_puts(&all.text, eb_response_print(&response));
    ck_assert_ptr_nonnull(strstr(all.text.data, "< location: ?]0;title?\n"));
    ck_assert_ptr_nonnull(strstr(all.text.data, "< server: ??31m\n"));
    ck_assert_ptr_null(strstr(all.text.data, "\nfake"));
    ck_assert_ptr_null(strpbrk(all.text.data, "\x1b\x07\x9b"));
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

START_TEST(no_parameter_drives_a_terminal_either)
{
    static const eb_script_answer made     = { .http_status = 200, .body = "{}" };
    eb_script                     script   = { .answers = &made, .count = 1 };
    shown                         all      = { .text = { 0 } };
    eb_client                    *client   = watched(&dcdn_api, &all, &script, NULL);
    eb_response                   response = { 0 };

    ck_assert_int_eq(eb_invoke(client, "PublishRoutineCodeRevision",
                               "{\"body\":{\"Name\":\"a\\u001bb\\u007fc\\u009b'\",\"Envs\":[\"production\"],"
                               "\"SelectCodeRevision\":\"1\"}}",
                               &response),
                     EB_OK);
    ck_assert_ptr_nonnull(strstr(all.text.data, "'Name=a?b?c?'\\'''"));
    ck_assert_ptr_null(strpbrk(all.text.data, "\x1b\x7f\x9b"));
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    eb__buf_free(&all.text);
}
END_TEST

UNIT_TESTS("watch", no_output_of_any_operation_shows_a_secret,
           hooks_see_every_moment_and_can_add_a_header, a_report_says_what_support_asks_for,
           no_answer_forges_a_line_or_drives_a_terminal, no_parameter_drives_a_terminal_either,
           a_refused_signature_explains_itself, a_documented_rate_is_kept_and_never_past_the_deadline,
           scrubbing_takes_out_every_occurrence_and_only_those)
