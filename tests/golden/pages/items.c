/* items.c -- what a walk hands out: texts and numbers as they are, lists and objects by pointer. */
#include <stdio.h>
#include <string.h>

#include "edgebind/pag.h"
#include "edgebind/testing.h"

static int failed;

#define MUST(what)                                                            \
    do                                                                        \
        if (!(what)) {                                                        \
            (void)fprintf(stderr, "items.c:%d: %s\n", __LINE__, #what);       \
            failed = 1;                                                       \
        }                                                                     \
    while (0)

/* A client that gets these answers. */
static eb_client *client_of(eb_script *script, const eb_script_answer *answers, size_t count)
{
    eb_client   *client = NULL;
    eb_transport transport;

    *script           = (eb_script){ .answers = answers, .count = count };
    transport         = eb_script_transport(script);
    const eb_status st = eb_client_new(
        &(eb_client_options){ .api = &pag_api, .transport = &transport, .credentials = eb_credentials_token("k3y") }, &client);
    MUST(st == EB_OK);
    return client;
}

static void texts(void)
{
    static const eb_header        two = { "X-Next-Page", "2" };
    static const eb_script_answer answers[] = {
        { .http_status = 200, .headers = &two, .header_count = 1, .body = "[\"a\",\"\"]" },
        { .http_status = 200, .body = "[\"c\"]" },
    };
    eb_script           script;
    eb_client          *client = client_of(&script, answers, 2);
    pag_name_list_pager pager  = { 0 };
    const char         *name   = NULL;

    MUST(pag_name_list_all(client, NULL, &pager) == EB_OK);
    MUST(pag_name_list_next(&pager, &name) == EB_OK && strcmp(name, "a") == 0);
    MUST(pag_name_list_next(&pager, &name) == EB_OK && *name == '\0');
    MUST(pag_name_list_next(&pager, &name) == EB_OK && strcmp(name, "c") == 0);
    MUST(pag_name_list_next(&pager, &name) == EB_DONE && strcmp(name, "c") == 0);
    MUST(script.exchanges == 2 && strcmp(script.seen[1].url, "https://pages.example.com/names?page=2") == 0);
    pag_name_list_pager_free(&pager);
    eb_client_free(client);
    eb_script_reset(&script);
}

static void numbers(void)
{
    static const eb_script_answer answers[] = { { .http_status = 200, .body = "{\"sizes\":[1,-9223372036854775808]}" } };
    eb_script                     script;
    eb_client                    *client = client_of(&script, answers, 1);
    pag_size_list_pager           pager  = { 0 };
    int64_t                       size   = 7;

    MUST(pag_size_list_all(client, NULL, &pager) == EB_OK);
    MUST(pag_size_list_next(&pager, &size) == EB_OK && size == 1);
    MUST(pag_size_list_next(&pager, &size) == EB_OK && size == INT64_MIN);
    MUST(pag_size_list_next(&pager, &size) == EB_DONE && size == INT64_MIN);
    pag_size_list_pager_free(&pager);
    eb_client_free(client);
    eb_script_reset(&script);
}

static void lists(void)
{
    static const eb_script_answer answers[] = { { .http_status = 200, .body = "[[1,2.5],[]]" }, { .http_status = 200, .body = "[]" } };
    eb_script                     script;
    eb_client                    *client = client_of(&script, answers, 2);
    pag_cell_list_pager           pager  = { 0 };
    const eb_num_list            *row    = NULL;

    MUST(pag_cell_list_all(client, NULL, &pager) == EB_OK);
    MUST(pag_cell_list_next(&pager, &row) == EB_OK && row->count == 2 && row->items[1] > 2.4);
    MUST(pag_cell_list_next(&pager, &row) == EB_OK && row->count == 0);
    MUST(pag_cell_list_next(&pager, &row) == EB_DONE);
    MUST(strcmp(script.seen[1].url, "https://pages.example.com/cells?skip=2") == 0);
    pag_cell_list_pager_free(&pager);
    eb_client_free(client);
    eb_script_reset(&script);
}

static void objects_or_null(void)
{
    static const eb_script_answer answers[] = {
        { .http_status = 200, .body = "{\"gaps\":[{\"name\":\"a\"},null],\"next\":\"gaps?from=2\"}" },
        { .http_status = 200, .body = "{\"gaps\":[{\"name\":\"c\"}]}" },
    };
    eb_script                      script;
    eb_client                     *client = client_of(&script, answers, 2);
    pag_gap_list_pager             pager  = { 0 };
    const pag_gap_list_result_gaps *gap   = NULL;

    MUST(pag_gap_list_all(client, NULL, &pager) == EB_OK);
    MUST(pag_gap_list_next(&pager, &gap) == EB_OK && strcmp(gap->name, "a") == 0);
    MUST(pag_gap_list_next(&pager, &gap) == EB_OK && gap == &pag_gap_list_result_gaps_null);
    MUST(pag_gap_list_next(&pager, &gap) == EB_OK && strcmp(gap->name, "c") == 0);
    MUST(pag_gap_list_next(&pager, &gap) == EB_DONE);
    MUST(strcmp(script.seen[1].url, "https://pages.example.com/gaps?from=2") == 0);
    pag_gap_list_pager_free(&pager);
    eb_client_free(client);
    eb_script_reset(&script);
}

int main(void)
{
    texts();
    numbers();
    lists();
    objects_or_null();
    return failed;
}
