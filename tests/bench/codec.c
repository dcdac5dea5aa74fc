/* codec.c -- decoding and encoding beside cJSON, on a list of about 100 KB: application versions
 * with ports, variables, maps, nulls and free-form objects, the same in every run.
 *
 *     bench-codec [ROUNDS]           times and allocations, as one JSON object
 *     bench-codec --callgrind WHAT N only decode, encode or to_json, N times: the difference between
 *                                    two such runs under valgrind --tool=callgrind is N passes' cost
 *
 * Both sides get the same bytes in turns within one process, with malloc's thresholds pinned alike;
 * a ratio is ours to cJSON's of one turn. Decoding is from_json and freeing the response, against
 * cJSON_Parse and cJSON_Delete. Encoding is the writing of the text, against cJSON_PrintUnformatted
 * of a tree made before; to_json checks the value beforehand as well, which cJSON does not do. */
#include <cjson/cJSON.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "codec.h"
#include "edgebind/edgegap.h"
#include "memory.h"
#include "number.h"

enum { PAYLOAD_SIZE = 100 * 1000, PASSES = 20, ROUNDS = 41 };

/* What the list holds: the generated type, and beside it what the API itself has none of. */
typedef struct bench_item {
    const edgegap_app_version *version;
    eb_str_map                 labels;
    eb_int_list                builds;
    eb_json                    settings;
} bench_item;

typedef struct bench_item_list {
    const bench_item *items;
    size_t            count;
} bench_item_list;

typedef struct bench_page {
    bench_item_list           items;
    const edgegap_pagination *pagination;
} bench_page;

static const eb_field bench_item_rows[] = {
    EB_ROW_OBJECT(bench_item, version, "version", EB_OPTIONAL, edgegap_app_version),
    EB_ROW_MAP(bench_item, labels, "labels", EB_OPTIONAL, eb_str_map),
    EB_ROW_LIST(bench_item, builds, "builds", EB_OPTIONAL, eb_int_list),
    EB_ROW_JSON(bench_item, settings, "settings", EB_OPTIONAL),
};
static const eb_type  bench_item_type        = EB_TYPE(bench_item, bench_item_rows);
static const eb_field bench_item_list_item[] = { EB_ITEM_STRUCT(bench_item_list, 0, bench_item) };
static const eb_type  bench_item_list_type   = EB_LIST_TYPE(bench_item_list, bench_item_list_item);
static const eb_field bench_page_rows[]      = {
         EB_ROW_LIST(bench_page, items, "items", EB_OPTIONAL, bench_item_list),
         EB_ROW_OBJECT(bench_page, pagination, "pagination", EB_NULLABLE, edgegap_pagination),
};
static const eb_type bench_page_type = EB_TYPE(bench_page, bench_page_rows);

static void fail(const char *what)
{
    fprintf(stderr, "bench-codec: %s\n", what);
    exit(1);
}

/* ---- The payload ----------------------------------------------------------------------------- */

static void put_version(eb_buf *out, int n)
{
    static const char *const protocols[] = { "UDP", "TCP", "TCP/UDP", "WS", "Websocket" };

    eb__buf_printf(out,
                   "{\"version\":{\"name\":\"1.%d.%d\",\"create_time\":\"2025-11-%02dT09:%02d:31.104729\","
                   "\"last_updated\":null,\"is_active\":%s,\"docker_repository\":\"docker.io\","
                   "\"docker_image\":\"studio/shooter-server\",\"docker_tag\":\"1.%d.%d\","
                   "\"private_username\":null,\"private_token\":null,\"req_cpu\":%d,"
                   "\"req_memory\":%d,\"req_video\":null,\"max_duration\":%d,\"force_cache\":%s,"
                   "\"caching_percent\":0.%02d,\"time_to_deploy\":%d,\"verify_image\":true,"
                   "\"termination_grace_period_seconds\":5,\"endpoint_storage\":%s,"
                   "\"command\":null,\"arguments\":\"-batchmode -log \\\"/var/log/%d.log\\\"\","
                   "\"dns_config\":null,\"will_deploy_in_mainland_china\":false,\"ports\":[",
                   n / 10, n % 10, n % 28 + 1, n % 60, n % 3 ? "true" : "false", n / 10, n % 10,
                   256 << n % 4, 512 << n % 4, n % 5 ? 60 * n : -1, n % 2 ? "true" : "false",
                   n % 97 + 1, 30 + n % 90, n % 4 ? "null" : "\"container-logs\"", n);
    for (int i = 0; i <= n % 3; i++)
        eb__buf_printf(out,
                       "%s{\"port\":%d,\"protocol\":\"%s\",\"to_check\":true,"
                       "\"tls_upgrade\":%s,\"name\":\"gameport %d\"}",
                       i > 0 ? "," : "", 7777 + i, protocols[(n + i) % 5], i ? "true" : "false", i);
    eb__buf_puts(out, "],\"envs\":[");
    for (int i = 0; i < n % 4; i++)
        eb__buf_printf(out,
                       "%s{\"key\":\"MODE_%d\",\"value\":\"caf\xc3\xa9 %d\",\"is_secret\":false,"
                       "\"is_hidden\":null}",
                       i > 0 ? "," : "", i, n * i);
    eb__buf_printf(out,
                   "],\"restart_policy\":null,\"session_config\":%s,\"probe\":{\"optimal_ping\":%d,"
                   "\"rejected_ping\":%d},\"whitelisting_active\":false},\"labels\":{"
                   "\"team\":\"netcode\",\"stage\":\"%s\",\"commit\":\"%08x\"},\"builds\":[%d,%d,%d],"
                   "\"settings\":{\"map\":\"harbor\",\"slots\":%d,\"rotation\":[\"a\",\"b\",null],"
                   "\"tuning\":{\"tick\":%d.5,\"lag\":[1,2,3]}}}",
                   n % 2 ? "{\"kind\":\"Seat\",\"sockets\":10,\"autodeploy\":true,\"empty_ttl\":60,"
                           "\"session_max_duration\":90}"
                         : "null",
                   20 + n % 10, 120 + n % 50, n % 2 ? "live" : "test", (unsigned)n * 2654435761u,
                   1000 * n, 1000 * n + 1, 1000 * n + 7, 8 + n % 56, 20 + n % 40);
}

static void make_payload(eb_buf *out)
{
    eb__buf_puts(out, "{\"items\":[");
    for (int n = 0; out->len < PAYLOAD_SIZE - 300; n++) {
        if (n > 0)
            eb__buf_putc(out, ',');
        put_version(out, n);
    }
    eb__buf_puts(out, "],\"pagination\":{\"number\":1,\"next_page_number\":2,"
                      "\"previous_page_number\":null,\"paginator\":{\"num_pages\":12},"
                      "\"has_next\":true,\"has_previous\":false}}");
    if (eb__buf_status(out) != EB_OK)
        fail("out of memory");
}

/* ---- What is measured ------------------------------------------------------------------------ */

static void decode_ours(const eb_buf *json)
{
    eb_response response = { 0 };
    const void *value    = NULL;

    if (eb_value_from_json(&bench_page_type, json->data, json->len, &value, &response) != EB_OK)
        fail(response.message);
    eb_response_free(&response);
}

static void decode_cjson(const eb_buf *json)
{
    cJSON *tree = cJSON_ParseWithLength(json->data, json->len);

    if (tree == NULL)
        fail("cJSON cannot read the payload");
    cJSON_Delete(tree);
}

static void encode_ours(const void *value)
{
    eb_buf out;

    eb__buf_init(&out, NULL, 0);
    eb__encode(&out, &bench_page_type, value);
    if (eb__buf_status(&out) != EB_OK)
        fail("out of memory");
    eb__buf_free(&out);
}

static void to_json_ours(const void *value)
{
    eb_response response = { 0 };
    eb_json     json;

    if (eb_value_to_json(&bench_page_type, value, &json, &response) != EB_OK)
        fail(response.message);
    eb_response_free(&response);
}

static void encode_cjson(const cJSON *tree)
{
    char *text = cJSON_PrintUnformatted(tree);

    if (text == NULL)
        fail("cJSON cannot print");
    cJSON_free(text);
}

typedef struct subjects {
    eb_buf      json;
    eb_response response;
    const void *value;
    cJSON      *tree;
} subjects;

typedef enum task { DECODE, ENCODE, TO_JSON, TASKS } task;

static const char *const task_names[TASKS] = { "decode", "encode", "to_json" };

static void run(const subjects *s, task what, bool ours, int passes)
{
    for (int i = 0; i < passes; i++) {
        if (what == DECODE && ours)
            decode_ours(&s->json);
        else if (what == DECODE)
            decode_cjson(&s->json);
        else if (!ours)
            encode_cjson(s->tree);
        else if (what == ENCODE)
            encode_ours(s->value);
        else
            to_json_ours(s->value);
    }
}

/* ---- Times ----------------------------------------------------------------------------------- */

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double pass_us(const subjects *s, task what, bool ours)
{
    const double start = now_us();

    run(s, what, ours, PASSES);
    return (now_us() - start) / PASSES;
}

static int by_size(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_size);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* ---- Allocations ----------------------------------------------------------------------------- */

static long allocations;

static void *count_allocate(void *context, size_t size)
{
    (void)context;
    allocations++;
    return malloc(size);
}

static void count_release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    free(block);
}

static void *count_malloc(size_t size)
{
    return count_allocate(NULL, size);
}

/* What from_json and to_json do, with an allocator that counts. */
static long count_ours(const subjects *s, task what)
{
    const eb_allocator counting = { count_allocate, count_release, NULL };
    eb_arena          *arena;
    const void        *value;
    eb_problem         problem;
    eb_buf             out;

    allocations = 0;
    arena       = what == ENCODE ? NULL : eb__arena_new(&counting, 0);
    eb__buf_init(&out, &counting, 0);
    if (what != DECODE)
        eb__encode(&out, &bench_page_type, s->value);
    else if (eb__decode(&bench_page_type, s->json.data, s->json.len, false, NULL, arena, &value,
                        &problem) != EB_OK)
        fail(problem.text);
    eb__buf_free(&out);
    eb__arena_free(arena);
    return allocations;
}

static long count_cjson(const subjects *s, task what)
{
    cJSON_Hooks hooks = { count_malloc, free };

    allocations = 0;
    cJSON_InitHooks(&hooks);
    run(s, what, false, 1);
    cJSON_InitHooks(NULL);
    return allocations;
}

/* ---- The program ----------------------------------------------------------------------------- */

static void put_number(const char *name, double value, const char *end)
{
    char text[EB_DOUBLE_TEXT_SIZE + 1];

    text[eb__format_double(text, (double)(int64_t)(value * 1000 + 0.5) / 1000)] = '\0';
    printf("\"%s\": %s%s", name, text, end);
}

static void measure(const subjects *s, task what, int rounds)
{
    double *ours = calloc((size_t)rounds * 3, sizeof *ours);
    double *cjson, *ratio;

    if (ours == NULL)
        fail("out of memory");
    cjson = ours + rounds;
    ratio = cjson + rounds;
    run(s, what, true, PASSES);
    run(s, what, false, PASSES);
    for (int i = 0; i < rounds; i++) {
        const bool ours_first = i % 2 == 0;

        if (ours_first)
            ours[i] = pass_us(s, what, true);
        cjson[i] = pass_us(s, what, false);
        if (!ours_first)
            ours[i] = pass_us(s, what, true);
        ratio[i] = ours[i] / cjson[i];
    }
    printf(",\n  \"%s\": {", task_names[what]);
    put_number("ratio", median(ratio, rounds), ", ");
    put_number("ratio_min", ratio[0], ", ");
    put_number("ratio_max", ratio[rounds - 1], ", ");
    put_number("ours_us", median(ours, rounds), ", ");
    put_number("cjson_us", median(cjson, rounds), ", ");
    printf("\"allocations\": %ld, \"cjson_allocations\": %ld}", count_ours(s, what),
           count_cjson(s, what));
    free(ours);
}

static void check_same(const subjects *s)
{
    eb_response response = { 0 };
    const void *again    = NULL;
    eb_json     json;

    if (eb_value_to_json(&bench_page_type, s->value, &json, &response) != EB_OK)
        fail(response.message);
    if (eb_value_from_json(&bench_page_type, s->json.data, s->json.len, &again, &response) != EB_OK ||
        !eb_value_equal(&bench_page_type, s->value, again))
        fail("what was decoded is not what was encoded");
    eb_response_free(&response);
}

int main(int argc, char **argv)
{
    subjects s      = { { 0 }, { 0 }, NULL, NULL };
    int      rounds = ROUNDS;

    mallopt(M_MMAP_THRESHOLD, 1 << 28);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    make_payload(&s.json);
    if (eb_value_from_json(&bench_page_type, s.json.data, s.json.len, &s.value, &s.response) != EB_OK)
        fail(s.response.message);
    s.tree = cJSON_ParseWithLength(s.json.data, s.json.len);
    if (s.tree == NULL)
        fail("cJSON cannot read the payload");
    if (argc == 4 && strcmp(argv[1], "--callgrind") == 0) {
        int what = 0;

        while (what < TASKS && strcmp(argv[2], task_names[what]) != 0)
            what++;
        if (what == TASKS)
            fail("--callgrind wants decode, encode or to_json, and a number");
        run(&s, (task)what, true, (int)strtol(argv[3], NULL, 10));
    } else {
        if (argc > 1)
            rounds = (int)strtol(argv[1], NULL, 10);
        if (argc > 2 || rounds < 3)
            fail("usage: bench-codec [ROUNDS] | --callgrind WHAT N");
        check_same(&s);
        printf("{\n  \"payload_bytes\": %zu", s.json.len);
        for (int what = DECODE; what < TASKS; what++)
            measure(&s, (task)what, rounds);
        printf("\n}\n");
    }
    cJSON_Delete(s.tree);
    eb_response_free(&s.response);
    eb__buf_free(&s.json);
    return 0;
}
