/* test_wait.c -- calls that are made until something has come: when they end and how, what pauses are between
 * them, what bounds them all, and what can be read afterwards. */
#include "api.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

/* ---- A job that takes its time ------------------------------------------------------------------- */

typedef enum job_phase {
    JOB_PHASE_UNSET   = 0,
    JOB_PHASE_OTHER   = -1,
    JOB_PHASE_NULL    = -2,
    JOB_PHASE_PENDING = 1,
    JOB_PHASE_READY   = 2,
    JOB_PHASE_BROKEN  = 3
} job_phase;

static const char *const job_phase_texts[] = { "pending", "ready", "broken" };
static const eb_enum     job_phase_enum    = EB_ENUM(job_phase, job_phase_texts);

typedef struct job_step {
    const char *name;
    eb_opt_int  number;
    eb_opt_bool done;
} job_step;

typedef struct job {
    job_phase       phase;
    const char     *phase_text;
    const job_step *step;
} job;

static const eb_field job_step_rows[] = {
    EB_ROW_STR(job_step, name, "name", EB_NULLABLE),
    EB_ROW_OPT_INT(job_step, number, "number", EB_OPTIONAL),
    EB_ROW_OPT_BOOL(job_step, done, "done", EB_OPTIONAL),
};
static const eb_type  job_step_type = EB_TYPE(job_step, job_step_rows);
static const eb_field job_rows[]    = {
       EB_ROW_ENUM(job, phase, "phase", EB_NULLABLE, job_phase),
       EB_ROW_OBJECT(job, step, "step", EB_NULLABLE, job_step),
};
static const eb_type job_type = EB_TYPE(job, job_rows);

static const char *const is_ready[]  = { "ready", NULL };
static const char *const is_broken[] = { "broken", NULL };
static const char *const is_true[]   = { "true", NULL };
static const char *const is_3[]      = { "3", "4", NULL };
static const char *const is_built[]  = { "built", NULL };
static const uint16_t    is_404[]    = { 404, 0 };
static const uint16_t    is_202[]    = { 202, 204, 404, 0 };
static const uint16_t    is_200[]    = { 200, 0 };

#define WAIT(id_, ...)                                                                     \
    {                                                                                      \
        .id = (id_), .name = "job_get_wait_" id_, .first_ms = 2000, .growth_percent = 150, \
        .cap_ms = 5000, .maximum_ms = 60000, __VA_ARGS__                                   \
    }

enum { READY, GONE, NAMED, NUMBERED, DONE, THERE, LATER };

static const eb_wait job_waits[] = {
    WAIT("ready", .state = "/phase", .success = is_ready, .failure = is_broken),
    WAIT("gone", .success_status = is_404),
    WAIT("named", .state = "/step/name", .success = is_built),
    WAIT("numbered", .state = "/step/number", .success = is_3),
    WAIT("done", .state = "/step/done", .success = is_true),
    WAIT("there", .success_status = is_200, .pending_status = is_202),
    WAIT("later", .state = "/phase", .success = is_ready, .failure = is_broken,
         .pending_status = is_202, .before_ms = 1500),
};

typedef struct job_params {
    const eb_call_options *options;
    const char            *id;
    const char            *mask;
    const char            *key;
} job_params;

static const eb_field job_params_rows[] = {
    EB_ROW_STR(job_params, id, "id", EB_REQUIRED),
    EB_ROW_STR(job_params, mask, "x-fields", EB_OPTIONAL),
    EB_ROW_STR(job_params, key, "key", EB_SECRET),
};
static const uint8_t       job_places[] = { EB_IN_PATH, EB_IN_HEADER | EB_FIELD_MASK, EB_IN_QUERY };
static const eb_type       job_params_type        = EB_TYPE(job_params, job_params_rows);
static const eb_rate_limit job_rate               = { 1, 10, "account" };
static const eb_operation  job_get_op             = { .id         = "job-get",
                                                      .name       = "job_get",
                                                      .method     = "GET",
                                                      .path       = "/v1/jobs/{id}",
                                                      .params     = &job_params_type,
                                                      .places     = job_places,
                                                      .result     = &job_type,
                                                      .flags      = EB_SAFE,
                                                      .waits      = job_waits,
                                                      .wait_count = sizeof job_waits / sizeof job_waits[0] };
static const eb_operation  job_rated_op           = { .id         = "job-rated",
                                                      .name       = "job_rated",
                                                      .method     = "GET",
                                                      .path       = "/v1/jobs/{id}",
                                                      .params     = &job_params_type,
                                                      .places     = job_places,
                                                      .result     = &job_type,
                                                      .rate_limit = &job_rate,
                                                      .flags      = EB_SAFE,
                                                      .waits      = job_waits,
                                                      .wait_count = 1 };
static const eb_operation *const job_operations[] = { &job_get_op, &job_rated_op };
static const eb_api              job_api          = { .contract        = EB_CONTRACT,
                                                      .name            = "job",
                                                      .server          = "https://jobs.example.com",
                                                      .auth            = &shop_auth,
                                                      .errors          = &shop_errors,
                                                      .operations      = job_operations,
                                                      .operation_count = 2 };

static void start_with(bench *b, eb_client_options options)
{
    options.api         = &job_api;
    options.credentials = eb_credentials_token(SHOP_TOKEN);
    bench_start_with(b, options);
}

static void start(bench *b)
{
    start_with(b, (eb_client_options){ 0 });
}

/* Waits; the value is what was handed out, the bench itself when nothing was. */
static eb_status wait_with(bench *b, int which, const job_params *params, const job **value)
{
    const void     *made = b;
    const eb_status st   = eb_call_wait(b->client, &job_get_op, &job_waits[which], params, &made,
                                        &b->response);

    bench_texts(&b->response);
    ck_assert_int_eq(b->response.status, st);
    ck_assert(st == EB_OK || *b->response.message != '\0');
    if (value != NULL)
        *value = made;
    return st;
}

static eb_status wait_for(bench *b, int which, const job **value)
{
    return wait_with(b, which, &(job_params){ .id = "a" }, value);
}

static void answers(bench *b, size_t count, const char *body)
{
    for (size_t i = 0; i < count; i++)
        bench_answer(b, i, 200, body);
}

#define PENDING "{\"phase\":\"pending\"}"
#define READY_  "{\"phase\":\"ready\"}"

/* ---- What ends a wait ------------------------------------------------------------------------------ */

START_TEST(a_wait_ends_when_the_state_has_come)
{
    bench      b;
    const job *value;

    start(&b);
    answers(&b, 4, PENDING);
    bench_answer(&b, 4, 200, READY_);
    ck_assert_int_eq(wait_for(&b, READY, &value), EB_OK);
    ck_assert_int_eq(value->phase, JOB_PHASE_READY);
    ck_assert_str_eq(value->phase_text, "ready");
    ck_assert_uint_eq(b.script.exchanges, 5);
    ck_assert_int_eq(b.slept_ms, 2000 + 3000 + 4500 + 5000); /* half as much again, and no more than the cap */
    ck_assert_int_eq(b.sleeps, 4);
    ck_assert_str_eq(b.script.seen[4].url, "https://jobs.example.com/v1/jobs/a");
    ck_assert_str_eq(b.response.message, "");
    ck_assert_str_eq(b.response.operation, "job_get");
    ck_assert_uint_eq(b.response.attempt_count, 1);
    bench_end(&b);
}
END_TEST

START_TEST(what_is_there_already_is_not_waited_for)
{
    bench b;

    start(&b);
    answers(&b, 1, READY_);
    ck_assert_int_eq(wait_for(&b, READY, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_int_eq(b.sleeps, 0);
    bench_end(&b);
}
END_TEST

START_TEST(a_failure_state_ends_it_and_is_named)
{
    bench      b;
    const job *value;

    start(&b);
    answers(&b, 2, PENDING);
    bench_answer(&b, 2, 200, "{\"phase\":\"broken\",\"step\":{\"name\":\"link\"}}");
    ck_assert_int_eq(wait_for(&b, READY, &value), EB_API);
    ck_assert_str_eq(b.response.message, "phase is \"broken\": what was waited for will not come");
    ck_assert_str_eq(b.response.field, "phase");
    ck_assert_int_eq(b.response.http_status, 200);
    ck_assert_int_eq(b.response.cause, EB_API);
    ck_assert_str_eq(value->step->name, "link"); /* it says why */
    ck_assert_uint_eq(b.script.exchanges, 3);
    bench_end(&b);
}
END_TEST

START_TEST(values_of_every_kind_are_told_by_their_text)
{
    static const struct {
        int         which;
        const char *before, *then;
    } cases[] = {
        { NAMED, "{\"step\":{\"name\":\"Built\"}}", "{\"step\":{\"name\":\"buil\\u0074\"}}" },
        { NUMBERED, "{\"step\":{\"number\":33}}", "{\"step\":{\"number\":4}}" },
        { DONE, "{\"step\":{\"done\":false}}", "{\"step\":{\"done\":true}}" },
        { READY, "{\"phase\":\"no such phase yet\"}", READY_ }, /* unknown ones are waited on */
        { READY, "{\"phase\":null}", READY_ },
        { NAMED, "{\"step\":{\"name\":null}}", "{\"step\":{\"name\":\"built\"}}" },
        { NAMED, "{\"step\":null}", "{\"step\":{\"name\":\"built\"}}" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;

        start(&b);
        bench_answer(&b, 0, 200, cases[i].before);
        bench_answer(&b, 1, 200, cases[i].then);
        ck_assert_msg(wait_for(&b, cases[i].which, NULL) == EB_OK, "%zu: %s", i, b.response.message);
        ck_assert_uint_eq(b.script.exchanges, 2);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_success_without_the_state_is_no_answer)
{
    static const struct {
        int         which, status;
        const char *body, *field;
    } cases[] = {
        { READY, 200, "{}", "phase" },
        { READY, 200, "", "phase" },
        { READY, 204, NULL, "phase" },
        { NAMED, 200, "{}", "step.name" },
        { NAMED, 200, "{\"step\":{}}", "step.name" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench b;
        char  said[100];

        start(&b);
        bench_answer(&b, 0, cases[i].status, cases[i].body);
        ck_assert_int_eq(wait_for(&b, cases[i].which, NULL), EB_DECODE);
        ck_assert_str_eq(b.response.field, cases[i].field);
        (void)snprintf(said, sizeof said, "%s: expected a state to wait on, got nothing", cases[i].field);
        ck_assert_str_eq(b.response.message, said);
        ck_assert_uint_eq(b.script.exchanges, 1);
        bench_end(&b);
    }
}
END_TEST

START_TEST(a_status_can_be_what_is_waited_for)
{
    bench      b;
    const job *value;

    start(&b);
    answers(&b, 2, "{}"); /* nobody looks into it */
    bench_answer(&b, 2, 404, "{\"message\":\"no such job\"}");
    ck_assert_int_eq(wait_for(&b, GONE, &value), EB_OK);
    ck_assert_ptr_null(value);
    ck_assert_int_eq(b.response.http_status, 404);
    ck_assert_int_eq(b.response.cause, EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 3);
    bench_end(&b);
}
END_TEST

START_TEST(a_status_can_be_waited_on)
{
    bench b;

    start(&b);
    bench_answer(&b, 0, 404, "{\"message\":\"not yet\"}");
    bench_answer(&b, 1, 202, NULL);
    bench_answer(&b, 2, 204, NULL);
    bench_answer(&b, 3, 200, "{}");
    ck_assert_int_eq(wait_for(&b, THERE, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 4);
    ck_assert_str_eq(b.response.message, "");
    bench_answer(&b, 4, 404, "{}");
    bench_answer(&b, 5, 200, PENDING);
    bench_answer(&b, 6, 200, READY_);
    ck_assert_int_eq(wait_for(&b, LATER, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 7);
    bench_end(&b);
}
END_TEST

START_TEST(any_other_failure_of_a_call_ends_it)
{
    bench      b;
    const job *value;

    start(&b);
    answers(&b, 2, PENDING);
    bench_answer(&b, 2, 404, "{\"message\":\"no such job\"}");
    ck_assert_int_eq(wait_for(&b, READY, &value), EB_API);
    ck_assert_int_eq(b.response.http_status, 404);
    ck_assert_str_eq(b.response.message, "no such job");
    ck_assert_ptr_eq(value, (const job *)(const void *)&b); /* untouched: the answer before is gone */
    bench_answer(&b, 3, 200, "{\"phase\":5}");
    ck_assert_int_eq(wait_for(&b, READY, NULL), EB_DECODE);
    ck_assert_str_eq(b.response.field, "phase");
    bench_end(&b);
}
END_TEST

START_TEST(every_call_has_its_own_attempts)
{
    bench b;

    start(&b);
    bench_answer(&b, 0, 503, "{}");
    bench_answer(&b, 1, 200, PENDING);
    bench_answer(&b, 2, 429, "{}");
    bench_fails(&b, 3, EB_NETWORK, EB_SENT_ALL);
    bench_answer(&b, 4, 200, READY_);
    ck_assert_int_eq(wait_for(&b, READY, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 5);
    ck_assert_uint_eq(b.response.attempt_count, 3);
    bench_answer(&b, 5, 500, "{}");
    ck_assert_int_eq(wait_with(&b, READY,
                               &(job_params){ .options = &(eb_call_options){ .retries = EB_RETRIES_NONE },
                                              .id = "a" },
                               NULL),
                     EB_API);
    bench_end(&b);
}
END_TEST

/* ---- Time ---------------------------------------------------------------------------------------- */

START_TEST(the_maximum_bounds_a_wait_and_the_last_answer_stays)
{
    bench      b;
    const job *value;

    start(&b);
    b.took_ms = 10;
    answers(&b, 1, "{\"phase\":\"pending\",\"step\":{\"name\":\"link\"}}");
    ck_assert_int_eq(wait_for(&b, READY, &value), EB_TIMEOUT);
    ck_assert_str_eq(b.response.message, "the time to wait is over; phase was still \"pending\"");
    ck_assert_int_eq(b.response.reason, EB_REASON_DEADLINE);
    ck_assert_int_eq(b.response.http_status, 200);
    ck_assert_str_eq(value->step->name, "link");
    /* the last call begins a second before the end */
    ck_assert_int_eq(b.monotonic_ms - 1000, 60000 - 1000 + 10);
    ck_assert_int_eq(b.timeouts_ms[b.script.exchanges - 1], 1000);
    bench_end(&b);
}
END_TEST

START_TEST(a_shorter_deadline_of_the_caller_wins)
{
    bench                 b;
    const eb_call_options options = { .deadline_ms = 7000 };
    const eb_call_options brief   = { .deadline_ms = 1000 };
    const eb_call_options no_end  = { .deadline_ms = EB_NO_DEADLINE };

    start(&b);
    answers(&b, 1, PENDING);
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .options = &options, .id = "a" }, NULL),
                     EB_TIMEOUT);
    ck_assert_int_eq(b.slept_ms, 2000 + 3000 + 1000);
    ck_assert_uint_eq(b.script.exchanges, 4);
    ck_assert_int_eq(b.timeouts_ms[0], 7000);
    b.slept_ms = 0;
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .options = &brief, .id = "a" }, NULL),
                     EB_TIMEOUT);
    ck_assert_int_eq(b.slept_ms, 500); /* half of what is left for the last call */
    b.slept_ms = 0;
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .options = &no_end, .id = "a" }, NULL),
                     EB_TIMEOUT);
    ck_assert_int_eq(b.slept_ms, 59000); /* there is a maximum all the same */
    bench_end(&b);
    start_with(&b, (eb_client_options){ .deadline_ms = 3000 }); /* one that somebody gave to the client */
    answers(&b, 1, PENDING);
    ck_assert_int_eq(wait_for(&b, READY, NULL), EB_TIMEOUT);
    ck_assert_int_eq(b.slept_ms, 2000);
    ck_assert_int_eq(b.timeouts_ms[0], 3000);
    bench_end(&b);
}
END_TEST

START_TEST(a_call_that_the_end_cuts_off_leaves_the_answer_before)
{
    bench      b;
    const job *value;

    start(&b);
    answers(&b, 2, PENDING);
    bench_fails(&b, 2, EB_TIMEOUT, EB_SENT_ALL);
    ck_assert_int_eq(wait_with(&b, READY,
                               &(job_params){ .options = &(eb_call_options){ .deadline_ms = 6000,
                                                                             .retries = EB_RETRIES_NONE },
                                              .id      = "a" },
                               &value),
                     EB_TIMEOUT);
    ck_assert_int_eq(value->phase, JOB_PHASE_PENDING);
    ck_assert_str_eq(b.response.message, "the time to wait is over; phase was still \"pending\"");
    /* before there was an answer, the call's own words stand */
    bench_fails(&b, 3, EB_TIMEOUT, EB_SENT_ALL);
    ck_assert_int_eq(wait_with(&b, READY,
                               &(job_params){ .options = &(eb_call_options){ .retries = EB_RETRIES_NONE },
                                              .id = "a" },
                               &value),
                     EB_TIMEOUT);
    ck_assert_ptr_eq(value, (const job *)(const void *)&b);
    bench_end(&b);
}
END_TEST

START_TEST(a_pause_is_never_shorter_than_the_service_asks)
{
    static const eb_header soon = { "Retry-After", "4" }, late = { "Retry-After", "3600" };
    bench                  b;

    start(&b);
    bench_answer(&b, 0, 202, NULL);
    bench_header(&b, 0, &soon, 1);
    bench_answer(&b, 1, 404, "{}");
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(wait_for(&b, THERE, NULL), EB_OK);
    ck_assert_int_eq(b.slept_ms, 4000 + 3000);
    bench_answer(&b, 3, 202, NULL);
    bench_header(&b, 3, &late, 1);
    ck_assert_int_eq(wait_for(&b, THERE, NULL), EB_TIMEOUT);
    ck_assert_int_eq(b.slept_ms, 4000 + 3000); /* and where there is no time for that, at once */
    ck_assert_int_eq(b.response.reason, EB_REASON_HINT_TOO_LONG);
    ck_assert_ptr_nonnull(strstr(b.response.message, "the last answer was HTTP 202"));
    bench_end(&b);
}
END_TEST

START_TEST(there_can_be_a_pause_before_the_first_call)
{
    bench b;

    start(&b);
    answers(&b, 1, READY_);
    ck_assert_int_eq(wait_for(&b, LATER, NULL), EB_OK);
    ck_assert_int_eq(b.slept_ms, 1500);
    ck_assert_int_eq(wait_with(&b, LATER, &(job_params){ .id = NULL }, NULL), EB_INVALID);
    ck_assert_str_eq(b.response.field, "id");
    ck_assert_int_eq(b.slept_ms, 1500); /* who is wrong does not wait for it */
    bench_end(&b);
}
END_TEST

START_TEST(the_documented_rate_holds_for_every_call)
{
    bench       b;
    const void *value = NULL;

    start(&b);
    answers(&b, 2, PENDING);
    bench_answer(&b, 2, 200, READY_);
    ck_assert_int_eq(eb_call_wait(b.client, &job_rated_op, &job_waits[READY],
                                  &(job_params){ .id = "a" }, &value, &b.response),
                     EB_OK);
    ck_assert_int_eq(b.slept_ms, 20000);
    bench_end(&b);
}
END_TEST

/* ---- Cancelling ----------------------------------------------------------------------------------- */

START_TEST(a_cancel_in_a_pause_ends_the_wait)
{
    bench           b;
    eb_call_options options = { 0 };
    const job      *value;

    start(&b);
    answers(&b, 1, PENDING);
    ck_assert_int_eq(eb_cancel_source_new(&options.cancel), EB_OK);
    b.cancel_in_sleep = options.cancel;
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .options = &options, .id = "a" }, &value),
                     EB_CANCELLED);
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_int_eq(value->phase, JOB_PHASE_PENDING);
    ck_assert_str_eq(b.response.message, "cancelled by the caller; phase was still \"pending\"");
    ck_assert_int_eq(b.response.reason, EB_REASON_CANCELLED);
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .options = &options, .id = "a" }, &value),
                     EB_CANCELLED);
    ck_assert_ptr_eq(value, (const job *)(const void *)&b);
    eb_cancel_source_free(options.cancel);
    bench_end(&b);
}
END_TEST

static void *cancel_soon(void *source)
{
    const struct timespec soon = { .tv_nsec = 50000000 };

    nanosleep(&soon, NULL);
    eb_cancel(source);
    return NULL;
}

START_TEST(a_cancel_from_another_thread_wakes_a_real_pause)
{
    bench             b;
    eb_cancel_source *source = NULL;
    pthread_t         other;
    int64_t           began_ms;

    start_with(&b, (eb_client_options){ .clock = &eb__system_clock });
    answers(&b, 1, PENDING);
    ck_assert_int_eq(eb_cancel_source_new(&source), EB_OK);
    began_ms = eb__system_clock.monotonic_ms(NULL);
    ck_assert_int_eq(pthread_create(&other, NULL, cancel_soon, source), 0);
    ck_assert_int_eq(wait_with(&b, READY,
                               &(job_params){ .options = &(eb_call_options){ .cancel = source }, .id = "a" },
                               NULL),
                     EB_CANCELLED);
    ck_assert_int_lt(eb__system_clock.monotonic_ms(NULL) - began_ms, 1500); /* of a pause of two seconds */
    pthread_join(other, NULL);
    eb_cancel_source_free(source);
    bench_end(&b);
}
END_TEST

/* ---- What is refused, and what is never said --------------------------------------------------------- */

START_TEST(what_cannot_be_waited_for_is_refused)
{
    static const eb_sink sink = { .kind = EB_SINK_FILE, .path = "/nowhere" };
    bench                b;
    const void          *value = NULL;

    start(&b);
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .id = "a", .mask = "{step{name}}" }, NULL),
                     EB_INVALID);
    ck_assert_str_eq(b.response.message,
                     "x-fields: the mask hides /phase, without which nobody knows when to stop");
    ck_assert_int_eq(wait_with(&b, READY,
                               &(job_params){ .options = &(eb_call_options){ .sink = &sink }, .id = "a" },
                               NULL),
                     EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.sink");
    ck_assert_int_eq(wait_with(&b, READY, NULL, NULL), EB_INVALID);
    ck_assert_str_eq(b.response.field, "id");
    ck_assert_int_eq(eb_call_wait(NULL, &job_get_op, job_waits, NULL, &value, &b.response), EB_INVALID);
    ck_assert_int_eq(eb_call_wait(b.client, NULL, job_waits, NULL, &value, &b.response), EB_INVALID);
    ck_assert_int_eq(eb_call_wait(b.client, &job_get_op, NULL, NULL, &value, &b.response), EB_INVALID);
    ck_assert_int_eq(eb_call_wait(b.client, &job_get_op, job_waits, NULL, &value, NULL), EB_INVALID);
    ck_assert_uint_eq(b.script.exchanges, 0);
    answers(&b, 1, "{}");
    ck_assert_int_eq(wait_with(&b, GONE, &(job_params){ .id = "a", .mask = "{step{name}}" }, NULL),
                     EB_TIMEOUT);
    bench_answer(&b, 0, 404, "{}");
    ck_assert_int_eq(eb_call_wait(b.client, &job_get_op, &job_waits[GONE],
                                  &(job_params){ .id = "a" }, NULL, NULL),
                     EB_OK);
    bench_end(&b);
}
END_TEST

typedef struct heard {
    char lines[2000];
} heard;

static void hear(void *context, eb_log_level level, const char *line)
{
    heard *h = context;

    (void)snprintf(h->lines + strlen(h->lines), sizeof h->lines - strlen(h->lines), "%s: %s\n",
                   eb_log_level_name(level), line);
}

START_TEST(the_log_says_what_is_waited_for_and_nobody_is_told_a_secret)
{
    heard        h   = { "" };
    const eb_log log = { EB_LOG_INFO, hear, &h };
    bench        b;

    start_with(&b, (eb_client_options){ .log = &log });
    bench_answer(&b, 0, 200, "{\"step\":{\"name\":\"\\u001bof " SHOP_TOKEN " and canary-key\"}}");
    ck_assert_int_eq(wait_with(&b, NAMED,
                               &(job_params){ .options = &(eb_call_options){ .deadline_ms = 3000 },
                                              .id      = "a",
                                              .key     = "canary-key" },
                               NULL),
                     EB_TIMEOUT);
    ck_assert_ptr_null(strstr(b.response.message, "canary"));
    ck_assert_ptr_nonnull(strstr(b.response.message, "was still \"?of ***"));
    ck_assert_ptr_null(strstr(h.lines, "canary"));
    ck_assert_ptr_nonnull(strstr(h.lines, "info: job_get_wait_named: step.name is \"?of ***"));
    ck_assert_ptr_nonnull(strstr(h.lines, "next call in 2000 ms\n"));
    ck_assert_ptr_nonnull(
        strstr(h.lines, "error: job_get_wait_named: EB_TIMEOUT, the time to wait is over"));
    h.lines[0] = '\0';
    bench_answer(&b, 2, 404, "{}");
    bench_answer(&b, 3, 200, "{}");
    ck_assert_int_eq(wait_for(&b, THERE, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(h.lines, "info: job_get_wait_there: HTTP 404, next call in 2000 ms\n"));
    ck_assert_ptr_null(strstr(h.lines, "error: job_get_wait"));
    bench_end(&b);
}
END_TEST

START_TEST(a_wait_can_be_invoked_by_its_name)
{
    static const char *const names[] = { "job_get_wait_ready", "get_wait_ready" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bench       b;
        const void *value = NULL;

        start(&b);
        bench_answer(&b, 0, 200, PENDING);
        bench_answer(&b, 1, 200, READY_);
        ck_assert_int_eq(eb_invoke_with(b.client, names[i], "{\"id\":\"a\"}", NULL, &value, &b.response),
                         EB_OK);
        ck_assert_int_eq(((const job *)value)->phase, JOB_PHASE_READY);
        ck_assert_uint_eq(b.script.exchanges, 2);
        ck_assert_int_eq(eb_invoke(b.client, "job_get_wait_redy", "{\"id\":\"a\"}", &b.response),
                         EB_INVALID);
        ck_assert_ptr_nonnull(strstr(b.response.message, "did you mean \"job_get_wait_ready\"?"));
        bench_end(&b);
    }
}
END_TEST

START_TEST(parameters_may_be_what_the_response_held)
{
    bench      b;
    const job *value = NULL;

    start(&b);
    answers(&b, 1, "{\"phase\":\"ready\",\"step\":{\"name\":\"next\"}}");
    ck_assert_int_eq(wait_for(&b, READY, &value), EB_OK);
    bench_answer(&b, 1, 200, PENDING);
    bench_answer(&b, 2, 200, READY_);
    ck_assert_int_eq(wait_with(&b, READY, &(job_params){ .id = value->step->name }, &value), EB_OK);
    ck_assert_str_eq(b.script.seen[2].url, "https://jobs.example.com/v1/jobs/next");
    bench_end(&b);
}
END_TEST

START_TEST(a_wait_without_memory_says_so_and_can_be_made_again)
{
    static const struct {
        const char *then;
        eb_status   status;
    } cases[] = { { READY_, EB_OK },
                  { "{\"phase\":\"broken\"}", EB_API },
                  { "{}", EB_DECODE },
                  { PENDING, EB_TIMEOUT } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool worked = false;

        for (long n = 1; !worked; n++) {
            bench     b;
            eb_status st;

            start(&b);
            answers(&b, 2, PENDING);
            bench_answer(&b, 2, 200, cases[i].then);
            b.memory.calls   = 0;
            b.memory.fail_at = n;
            st               = wait_for(&b, READY, NULL);
            worked           = b.memory.calls < n;
            ck_assert_msg(st == (worked ? cases[i].status : EB_NOMEM), "%zu, allocation %ld: %s", i,
                          n, eb_status_name(st));
            b.memory.fail_at = 0;
            eb_script_reset(&b.script);
            ck_assert_int_eq(wait_for(&b, READY, NULL), cases[i].status);
            bench_end(&b);
        }
    }
}
END_TEST

UNIT_TESTS("wait", a_wait_ends_when_the_state_has_come, what_is_there_already_is_not_waited_for,
           a_failure_state_ends_it_and_is_named, values_of_every_kind_are_told_by_their_text,
           a_success_without_the_state_is_no_answer, a_status_can_be_what_is_waited_for,
           a_status_can_be_waited_on, any_other_failure_of_a_call_ends_it,
           every_call_has_its_own_attempts, the_maximum_bounds_a_wait_and_the_last_answer_stays,
           a_shorter_deadline_of_the_caller_wins, a_call_that_the_end_cuts_off_leaves_the_answer_before,
           a_pause_is_never_shorter_than_the_service_asks, there_can_be_a_pause_before_the_first_call,
           the_documented_rate_holds_for_every_call, a_cancel_in_a_pause_ends_the_wait,
           a_cancel_from_another_thread_wakes_a_real_pause, what_cannot_be_waited_for_is_refused,
           the_log_says_what_is_waited_for_and_nobody_is_told_a_secret,
           a_wait_can_be_invoked_by_its_name, parameters_may_be_what_the_response_held,
           a_wait_without_memory_says_so_and_can_be_made_again)
