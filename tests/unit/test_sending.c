/* Promises of what a document says of sending: one idempotency key for all attempts of a call, deadlines and retries of
 * an operation, and that a caller's word comes before them. */
#include "api.h"

#include <stdio.h>

#include "outcome.h"

/* ---- Operations with a word of their own -------------------------------------------------------- */

typedef struct job_params {
    const eb_call_options *options;
    const char            *key;
    const shop_order      *body;
} job_params;

static const eb_field job_rows[] = {
    EB_ROW_STR(job_params, key, "Idempotency-Key", EB_OPTIONAL),
    EB_ROW_OBJECT(job_params, body, "body", EB_OPTIONAL, shop_order),
};
static const uint8_t job_places[]    = { EB_IN_HEADER, EB_IN_BODY };
static const eb_type job_params_type = EB_TYPE(job_params, job_rows);

#define JOB_OP(name_, ...)                                                                  \
    {                                                                                       \
        .id = #name_, .name = "job_" #name_, .method = "POST", .path = "/" #name_,          \
        .params = &job_params_type, .places = job_places, .send = EB_SEND_JSON, __VA_ARGS__ \
    }

static const eb_retries job_never  = { 1, 0, 0 };
static const eb_retries job_five   = { 5, 400, 900 };
static const eb_retries job_slowly = { 0, 4000, 0 };

static const eb_operation job_add_op   = JOB_OP(add, .flags = EB_SAFE, .key = 1);
static const eb_operation job_plain_op = JOB_OP(plain, .flags = 0);
static const eb_operation job_long_op  = JOB_OP(long, .flags = EB_SAFE, .timeout_ms = 120000);
static const eb_operation job_short_op = JOB_OP(short, .flags = EB_SAFE, .timeout_ms = 2000);
static const eb_operation job_once_op  = JOB_OP(once, .flags = EB_SAFE, .retries = &job_never);
static const eb_operation job_often_op = JOB_OP(often, .flags = EB_SAFE, .retries = &job_five);
static const eb_operation job_slow_op  = JOB_OP(slow, .flags = EB_SAFE, .retries = &job_slowly);

static const eb_operation *const job_operations[] = { &job_add_op,   &job_plain_op, &job_long_op,
                                                      &job_short_op, &job_once_op,  &job_often_op,
                                                      &job_slow_op };
static const eb_api              job_api          = { .contract   = EB_CONTRACT,
                                                      .name       = "job",
                                                      .server     = "https://job.example.com",
                                                      .auth       = &shop_auth,
                                                      .errors     = &shop_errors,
                                                      .operations = job_operations,
                                                      .operation_count = sizeof job_operations / sizeof job_operations[0] };

static void job_start(bench *b, eb_client_options options)
{
    options.api = &job_api;
    bench_start_with(b, options);
}

static eb_status job_call(bench *b, const eb_operation *op, const char *key, const eb_call_options *options)
{
    const job_params params = { .options = options, .key = key };
    const eb_status  st     = eb_call_operation(b->client, op, &params, NULL, &b->response);

    bench_texts(&b->response);
    return st;
}

/* The key of the n-th request; "" for none. */
static const char *key_of(const bench *b, size_t n, char value[100])
{
    return bench_sent_header(&b->script.seen[n], "Idempotency-Key", value, 100) != NULL ? value : "";
}

/* ---- Keys ---------------------------------------------------------------------------------------- */

START_TEST(a_key_is_made_once_and_every_attempt_has_it)
{
    bench b;
    char  first[100], value[100];

    job_start(&b, (eb_client_options){ 0 });
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    bench_answer(&b, 1, 503, NULL);
    bench_answer(&b, 2, 200, "{}");
    ck_assert_int_eq(job_call(&b, &job_add_op, NULL, NULL), EB_OK);
    ck_assert_uint_eq(b.script.exchanges, 3);
    ck_assert_str_eq(key_of(&b, 0, first), "80808080-8080-4080-8080-808080808080");
    ck_assert_str_eq(key_of(&b, 1, value), first);
    ck_assert_str_eq(key_of(&b, 2, value), first);
    ck_assert_str_eq(b.response.idempotency_key, first);
    b.random_byte = 0xff; /* another call, another key; a UUID of version 4 whatever the bytes are */
    ck_assert_int_eq(job_call(&b, &job_add_op, NULL, NULL), EB_OK);
    ck_assert_str_eq(key_of(&b, 3, value), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    bench_end(&b);
}
END_TEST

START_TEST(the_callers_key_is_sent_as_it_is)
{
    bench                 b;
    char                  value[100];
    const eb_header       twice   = { "idempotency-key", "other" };
    const eb_call_options options = { .headers = &twice, .header_count = 1 };

    job_start(&b, (eb_client_options){ 0 });
    b.no_random = true; /* none is needed for it */
    bench_fails(&b, 0, EB_TIMEOUT, EB_SENT_PART);
    bench_answer(&b, 1, 200, "{}");
    ck_assert_int_eq(job_call(&b, &job_add_op, "order 7/1", NULL), EB_OK);
    ck_assert_str_eq(key_of(&b, 0, value), "order 7/1");
    ck_assert_str_eq(key_of(&b, 1, value), "order 7/1");
    ck_assert_str_eq(b.response.idempotency_key, "order 7/1");
    ck_assert_int_eq(job_call(&b, &job_add_op, "order 7/1", &options), EB_INVALID);
    ck_assert_str_eq(b.response.field, "options.headers[0]");
    ck_assert_uint_eq(b.script.exchanges, 2);
    bench_end(&b);
}
END_TEST

START_TEST(a_key_that_would_be_none_or_two_headers_is_refused)
{
    static const char *const keys[] = { "a\r\nX-Other: b", "a\nb", "a\rb", "\x7f", "", " ", "\t " };
    bench                    b;

    job_start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 200, "{}");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        ck_assert_int_eq(job_call(&b, &job_add_op, keys[i], NULL), EB_INVALID);
        ck_assert_str_eq(b.response.field, "Idempotency-Key");
        ck_assert_ptr_nonnull(strstr(b.response.message, "Idempotency-Key: "));
    }
    ck_assert_int_eq(job_call(&b, &job_add_op, eb_string_null, NULL), EB_INVALID);
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(without_randomness_nothing_is_sent_without_a_key)
{
    bench b;

    job_start(&b, (eb_client_options){ 0 });
    b.no_random = true;
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(job_call(&b, &job_add_op, NULL, NULL), EB_AUTH);
    ck_assert_str_eq(b.response.field, "Idempotency-Key");
    ck_assert_uint_eq(b.script.exchanges, 0);
    bench_end(&b);
}
END_TEST

START_TEST(without_a_key_an_unsafe_call_is_never_repeated)
{
    bench b;
    char  value[100];

    job_start(&b, (eb_client_options){ 0 });
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    ck_assert_int_eq(job_call(&b, &job_plain_op, NULL, NULL), EB_MAYBE_SENT);
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_str_eq(key_of(&b, 0, value), "");
    ck_assert_str_eq(b.response.idempotency_key, "");
    bench_answer(&b, 1, 503, NULL);
    ck_assert_int_eq(job_call(&b, &job_plain_op, NULL, NULL), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_NOT_SAFE);
    /* the parameter alone, without the mark, makes no call safe */
    bench_answer(&b, 2, 503, NULL);
    ck_assert_int_eq(job_call(&b, &job_plain_op, "k", NULL), EB_API);
    ck_assert_str_eq(key_of(&b, 2, value), "k");
    ck_assert_uint_eq(b.script.exchanges, 3);
    bench_end(&b);
}
END_TEST

START_TEST(a_key_outlives_the_attempts_that_failed)
{
    const eb_call_options once = { .retries = EB_RETRIES_NONE };
    bench                 b;

    job_start(&b, (eb_client_options){ 0 });
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    ck_assert_int_eq(job_call(&b, &job_add_op, NULL, NULL), EB_NETWORK); /* not EB_MAYBE_SENT: it may be repeated */
    ck_assert_uint_eq(b.script.exchanges, 3);
    ck_assert_str_eq(b.response.idempotency_key, "80808080-8080-4080-8080-808080808080");
    ck_assert_int_eq(job_call(&b, &job_add_op, b.response.idempotency_key, &once), EB_NETWORK);
    ck_assert_uint_eq(b.script.exchanges, 4); /* and no attempt more than the caller allows */
    ck_assert_str_eq(b.response.idempotency_key, "80808080-8080-4080-8080-808080808080");
    bench_end(&b);
}
END_TEST

static void keep_line(void *context, eb_log_level level, const char *line)
{
    char *kept = context;

    if (level == EB_LOG_TRACE)
        (void)snprintf(kept, 500, "%s", line);
}

START_TEST(a_key_is_shown_where_secrets_are_not)
{
    char         line[500] = "";
    const eb_log log       = { .level = EB_LOG_TRACE, .write = keep_line, .context = line };
    bench        b;

    job_start(&b, (eb_client_options){ .log = &log });
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(job_call(&b, &job_add_op, "k-1", NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(line, "'Idempotency-Key: k-1'"));
    ck_assert_ptr_null(strstr(line, SHOP_TOKEN));
    ck_assert_ptr_nonnull(strstr(eb_response_print(&b.response), "idempotency key: k-1\n"));
    bench_end(&b);
}
END_TEST

START_TEST(a_call_with_a_key_survives_each_failed_allocation)
{
    long  needed;
    bench b;

    job_start(&b, (eb_client_options){ 0 });
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    bench_answer(&b, 1, 200, "{}");
    needed = b.memory.calls;
    ck_assert_int_eq(job_call(&b, &job_add_op, NULL, NULL), EB_OK);
    needed = b.memory.calls - needed;
    bench_end(&b);
    ck_assert_int_gt(needed, 0);
    for (long i = 1; i <= needed; i++) {
        eb_status st;

        job_start(&b, (eb_client_options){ 0 });
        bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
        bench_answer(&b, 1, 200, "{}");
        b.memory.fail_at = b.memory.calls + i;
        st               = job_call(&b, &job_add_op, NULL, NULL);
        ck_assert(st == EB_NOMEM || st == EB_OK);
        bench_end(&b);
    }
}
END_TEST

/* ---- Time ---------------------------------------------------------------------------------------- */

/* What the first attempt of a call was allowed. */
static int64_t allowed_ms(const eb_operation *op, eb_client_options with,
                          const eb_call_options *options, int64_t *stall_ms)
{
    bench   b;
    int64_t timeout_ms;

    job_start(&b, with);
    bench_answer(&b, 0, 200, "{}");
    ck_assert_int_eq(job_call(&b, op, NULL, options), EB_OK);
    timeout_ms = b.timeouts_ms[0];
    *stall_ms  = b.stalls_ms[0];
    bench_end(&b);
    return timeout_ms;
}

START_TEST(the_documents_timeout_is_the_deadline_and_attempts_may_last_as_long)
{
    int64_t stall_ms;

    ck_assert_int_eq(allowed_ms(&job_plain_op, (eb_client_options){ 0 }, NULL, &stall_ms), 30000);
    ck_assert_int_eq(stall_ms, 30000);
    ck_assert_int_eq(allowed_ms(&job_long_op, (eb_client_options){ 0 }, NULL, &stall_ms), 120000);
    ck_assert_int_eq(stall_ms, 120000);
    ck_assert_int_eq(allowed_ms(&job_short_op, (eb_client_options){ 0 }, NULL, &stall_ms), 2000);
    ck_assert_int_eq(stall_ms, 30000);
}
END_TEST

START_TEST(what_a_caller_says_of_time_comes_before_the_document)
{
    const eb_client_options client  = { .deadline_ms = 5000 };
    const eb_client_options forever = { .deadline_ms = EB_NO_DEADLINE };
    const eb_client_options limits  = { .attempt_timeout_ms = 7000, .stall_timeout_ms = 6000 };
    const eb_call_options   longer  = { .deadline_ms = 90000 };
    const eb_call_options   attempt = { .attempt_timeout_ms = 1500 };
    int64_t                 stall_ms;

    ck_assert_int_eq(allowed_ms(&job_long_op, client, NULL, &stall_ms), 5000);
    ck_assert_int_eq(allowed_ms(&job_short_op, client, NULL, &stall_ms), 5000);
    ck_assert_int_eq(allowed_ms(&job_long_op, client, &longer, &stall_ms), 90000);
    ck_assert_int_eq(allowed_ms(&job_short_op, (eb_client_options){ 0 }, &longer, &stall_ms), 30000);
    ck_assert_int_eq(allowed_ms(&job_short_op, forever, NULL, &stall_ms), 30000);
    ck_assert_int_eq(allowed_ms(&job_long_op, limits, NULL, &stall_ms), 7000);
    ck_assert_int_eq(stall_ms, 6000);
    ck_assert_int_eq(allowed_ms(&job_long_op, (eb_client_options){ 0 }, &attempt, &stall_ms), 1500);
}
END_TEST

START_TEST(the_documents_timeout_bounds_all_attempts_together)
{
    bench b;

    job_start(&b, (eb_client_options){ 0 });
    b.took_ms = 1500;
    bench_fails(&b, 0, EB_NETWORK, EB_SENT_ALL);
    bench_fails(&b, 1, EB_TIMEOUT, EB_SENT_ALL);
    ck_assert_int_eq(job_call(&b, &job_short_op, NULL, NULL), EB_TIMEOUT);
    ck_assert_uint_eq(b.script.exchanges, 2);
    ck_assert_int_eq(b.timeouts_ms[1], 2000 - 1500 - b.slept_ms);
    ck_assert_int_eq(b.response.reason, EB_REASON_DEADLINE);
    bench_end(&b);
}
END_TEST

/* ---- Retries ------------------------------------------------------------------------------------- */

static size_t attempts(const eb_operation *op, eb_client_options with,
                       const eb_call_options *options, int64_t *slept_ms)
{
    bench  b;
    size_t count;

    job_start(&b, with);
    bench_answer(&b, 0, 503, NULL);
    ck_assert_int_eq(job_call(&b, op, NULL, options), EB_API);
    ck_assert_int_eq(b.response.reason, EB_REASON_ATTEMPTS_USED);
    count = b.script.exchanges;
    ck_assert_uint_eq(b.response.attempt_count, count);
    *slept_ms = b.slept_ms;
    bench_end(&b);
    return count;
}

START_TEST(the_document_says_how_often_and_a_caller_comes_before_it)
{
    const eb_client_options nobody  = { 0 };
    const eb_client_options one     = { .retries = 1 };
    const eb_client_options none    = { .retries = EB_RETRIES_NONE };
    const eb_call_options   three   = { .retries = 3 };
    const eb_call_options   not_now = { .retries = EB_RETRIES_NONE };
    int64_t                 slept_ms;

    ck_assert_uint_eq(attempts(&job_once_op, nobody, NULL, &slept_ms), 1);
    ck_assert_int_eq(slept_ms, 0);
    ck_assert_uint_eq(attempts(&job_once_op, one, NULL, &slept_ms), 2);
    ck_assert_uint_eq(attempts(&job_once_op, none, &three, &slept_ms), 4);
    ck_assert_uint_eq(attempts(&job_often_op, nobody, NULL, &slept_ms), 5);
    ck_assert_uint_eq(attempts(&job_often_op, none, NULL, &slept_ms), 1);
    ck_assert_uint_eq(attempts(&job_often_op, one, NULL, &slept_ms), 2);
    ck_assert_uint_eq(attempts(&job_often_op, nobody, &not_now, &slept_ms), 1);
    ck_assert_uint_eq(attempts(&job_slow_op, nobody, NULL, &slept_ms), 3); /* says nothing of how often */
}
END_TEST

START_TEST(the_document_says_how_long_to_wait)
{
    int64_t slept_ms;

    /* the draw is a little over one half */
    (void)attempts(&job_often_op, (eb_client_options){ 0 }, NULL, &slept_ms);
    ck_assert_int_eq(slept_ms, 200 + 401 + 451 + 451); /* of 400, 800, and twice 900 */
    (void)attempts(&job_slow_op, (eb_client_options){ 0 }, NULL, &slept_ms);
    ck_assert_int_eq(slept_ms, 2007 + 4015); /* of 4000 and 8000 */
}
END_TEST

START_TEST(a_throttled_call_is_sent_again_unless_the_document_says_never)
{
    bench b;

    job_start(&b, (eb_client_options){ 0 });
    bench_answer(&b, 0, 429, NULL);
    ck_assert_int_eq(job_call(&b, &job_once_op, NULL, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 1);
    ck_assert_int_eq(job_call(&b, &job_often_op, NULL, NULL), EB_API);
    ck_assert_uint_eq(b.script.exchanges, 6);
    bench_end(&b);
}
END_TEST

UNIT_TESTS("sending", a_key_is_made_once_and_every_attempt_has_it, the_callers_key_is_sent_as_it_is,
           a_key_that_would_be_none_or_two_headers_is_refused,
           without_randomness_nothing_is_sent_without_a_key,
           without_a_key_an_unsafe_call_is_never_repeated, a_key_outlives_the_attempts_that_failed,
           a_key_is_shown_where_secrets_are_not, a_call_with_a_key_survives_each_failed_allocation,
           the_documents_timeout_is_the_deadline_and_attempts_may_last_as_long,
           what_a_caller_says_of_time_comes_before_the_document,
           the_documents_timeout_bounds_all_attempts_together,
           the_document_says_how_often_and_a_caller_comes_before_it, the_document_says_how_long_to_wait,
           a_throttled_call_is_sent_again_unless_the_document_says_never)
