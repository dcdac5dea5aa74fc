/* waits.c -- the typed functions of waits: what each hands out, and how long it took. */
#include <stdio.h>
#include <string.h>

#include "edgebind/testing.h"
#include "edgebind/wai.h"

enum { ANSWERS = 4 };

typedef struct tried {
    const char *what;
    eb_status (*run)(eb_client *client, const char **said, eb_response *response);
    eb_script_answer answers[ANSWERS]; /* the last one is repeated */
    size_t           count;
    eb_status        status;
    const char      *said; /* of the last answer; NULL: nothing was handed out */
    size_t           calls;
    int64_t          slept_ms;
    const char      *message;
} tried;

static const char untouched[] = "untouched";

static eb_status ready(eb_client *client, const char **said, eb_response *response)
{
    const wai_job  *job = NULL;
    const eb_status st = wai_job_get_wait_ready(client, &(wai_job_get_params){ .id = "j-1" }, &job, response);

    *said = job == NULL ? untouched : job->state != NULL ? job->state->phase_text : NULL;
    return st;
}

static eb_status gone(eb_client *client, const char **said, eb_response *response)
{
    static const wai_job none = { .name = untouched };
    const wai_job       *job  = &none;
    const eb_status st = wai_job_get_wait_gone(client, &(wai_job_get_params){ .id = "j-1" }, &job, response);

    *said = job != NULL ? job->name : NULL;
    return st;
}

static eb_status built(eb_client *client, const char **said, eb_response *response)
{
    const wai_job  *job = NULL;
    const eb_status st = wai_job_get_wait_built_twice(client, &(wai_job_get_params){ .id = "j-1" }, &job, response);

    *said = job == NULL ? untouched : job->builds.v == 2 ? "2" : "another";
    return st;
}

static eb_status there(eb_client *client, const char **said, eb_response *response)
{
    (void)response; /* there is nothing to hand out: none is needed */
    *said = NULL;
    return wai_job_look_wait_there(client, &(wai_job_look_params){ .id = "j-1" }, NULL);
}

static eb_status complete(eb_client *client, const char **said, eb_response *response)
{
    const wai_query_result *result = NULL;
    const eb_status         st     = wai_query_wait_complete(
                        client, &(wai_query_params){ .body = &(wai_query_body){ .text = "all" } }, &result, response);

    *said = result == NULL ? untouched : result->complete ? "complete" : "incomplete";
    return st;
}

#define PHASE(phase) { .http_status = 200, .body = "{\"state\":{\"phase\":\"" phase "\"}}" }
#define HTTP(status) { .http_status = (status), .body = "{}" }
#define BODY(text)   { .http_status = 200, .body = text }

static const tried all[] = {
    { "ready", ready, { HTTP(404), PHASE("queued"), PHASE("running"), PHASE("ready") }, 4, EB_OK, "ready", 4,
      1000 + 2000 + 4000, "" },
    { "failed", ready, { PHASE("running"), PHASE("stopped") }, 2, EB_API, "stopped", 2, 1000,
      "state.phase is \"stopped\": what was waited for will not come" },
    { "never", ready, { PHASE("running") }, 1, EB_TIMEOUT, "running", 10, 29000,
      "the time to wait is over; state.phase was still \"running\"" },
    { "refused", ready, { PHASE("running"), HTTP(403) }, 2, EB_API, untouched, 2, 1000, "HTTP 403" },
    { "gone", gone, { BODY("{\"name\":\"a\"}"), HTTP(410) }, 2, EB_OK, NULL, 2, 2000, "" },
    { "not gone", gone, { BODY("{\"name\":\"a\"}") }, 1, EB_TIMEOUT, "a", 26, 599000,
      "the time to wait is over; the last answer was HTTP 200" },
    { "built", built, { BODY("{\"builds\":22}"), BODY("{\"builds\":2}") }, 2, EB_OK, "2", 2, 500 + 250, "" },
    { "there", there, { HTTP(404), HTTP(404), HTTP(200) }, 3, EB_OK, NULL, 3, 2000 + 3000, "" },
    { "complete", complete, { BODY("{\"complete\":false}"), BODY("{\"complete\":true}") }, 2, EB_OK, "complete", 2, 2000,
      "" },
};

static int same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int failed(const tried *t)
{
    eb_script       script    = { .answers = t->answers, .count = t->count };
    eb_transport    transport = eb_script_transport(&script);
    eb_clock        clock     = eb_script_clock(&script);
    eb_response     response  = { 0 };
    eb_client      *client    = NULL;
    const char     *said      = NULL;
    eb_status       st;
    int             wrong;

    if (eb_client_new(&(eb_client_options){ .api = &wai_api, .transport = &transport, .clock = &clock }, &client) != EB_OK)
        return 1;
    st    = t->run(client, &said, &response);
    wrong = st != t->status || !same(said, t->said) || script.exchanges != t->calls || script.slept_ms != t->slept_ms ||
            (response.message != NULL && strncmp(response.message, t->message, strlen(t->message)) != 0) ||
            (response.message != NULL && st == EB_OK && *response.message != '\0' && response.http_status == 200);
    if (wrong)
        (void)fprintf(stderr, "%s: %s, %s, %zu calls, %lld ms: %s\n", t->what, eb_status_name(st),
                      said != NULL ? said : "NULL", script.exchanges, (long long)script.slept_ms,
                      response.message != NULL ? response.message : "");
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    return wrong;
}

int main(void)
{
    int count = 0;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        count += failed(&all[i]);
    return count != 0;
}
