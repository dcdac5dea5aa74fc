/* soak.c -- many calls from four threads over a long time, one in a hundred of which meets a fault: what is
 * held must not grow, and every outcome must be one that can come of such faults.
 *
 *     python3 -m edgebind_mock --exec build/bin/soak CALLS SECONDS
 *
 * The calls are made in rounds. Between two rounds nothing is under way, and memory, descriptors and
 * connections are looked at: after the rounds that warm up they stay where they are. Fewer calls than asked for within
 * so many seconds are a failure too. */
#include <curl/curl.h>
#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "edgebind/edgegap.h"
#include "edgebind/esa.h"

enum {
    THREADS         = 4,
    ROUNDS          = 20, /* at least, and those that warm up */
    ROUNDS_WARM     = 4,
    ROUNDS_MAX      = 400,
    ROUND_CALLS_MAX = 2000,
    VERSIONS        = 12, /* of an application, walked over in pages of 5 */
    CLIENTS         = 2,
    IDLE_MAX        = 8 /* connections that a client keeps */
};

static const char picture[] = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                              "awAAAABJRU5ErkJggg==";

/* ---- What is held ------------------------------------------------------------------------------ */

typedef struct sample {
    long   blocks;   /* of the library's allocator */
    size_t heap;     /* bytes given out by malloc to anybody */
    long   resident; /* KiB */
    int    descriptors;
    int    sockets;
} sample;

static atomic_long blocks;

static void *allocate(void *context, size_t size)
{
    (void)context;
    atomic_fetch_add(&blocks, 1);
    return malloc(size);
}

static void release(void *context, void *block, size_t size)
{
    (void)context;
    (void)size;
    atomic_fetch_sub(&blocks, 1);
    free(block);
}

static sample look(void)
{
    sample         found = { .blocks = atomic_load(&blocks) };
    FILE          *file  = fopen("/proc/self/statm", "r");
    DIR           *all   = opendir("/proc/self/fd");
    struct dirent *entry;
    long           pages = 0;

    (void)malloc_trim(0);
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1 || all == NULL) {
        fprintf(stderr, "soak: /proc cannot be read\n");
        exit(2);
    }
    fclose(file);
    while ((entry = readdir(all)) != NULL) {
        char path[300], target[64] = "";

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        if (readlink(path, target, sizeof target - 1) < 0)
            continue;
        found.descriptors++;
        found.sockets += strncmp(target, "socket:", 7) == 0;
    }
    closedir(all);
    found.resident = pages * (sysconf(_SC_PAGESIZE) / 1024);
    found.heap     = mallinfo2().uordblks;
    return found;
}

static void print_sample(const char *when, const sample *s)
{
    printf("%-8s %5ld blocks, %6zu KiB of heap, %6ld KiB resident, %3d descriptors, %2d of them sockets\n",
           when, s->blocks, s->heap / 1024, s->resident, s->descriptors, s->sockets);
}

/* ---- Faults ------------------------------------------------------------------------------------ */

static const char *const faults[] = {
    "{\"reset\":\"before\"}",
    "{\"status\":503}",
    "{\"close\":\"mid_body\"}",
    "{\"status\":429,\"headers\":{\"retry-after-ms\":\"5\"}}",
    "{\"stale\":true}",
    "{\"chunked_cut\":true}",
    "{\"delay_ms\":30}",
    "{\"wrong_type\":true}",
    "{\"reset\":\"headers\"}",
    "{\"status\":400}",
    "{\"reset\":\"after_headers\"}",
    "{\"status\":200,\"body\":\"no JSON\"}",
};

enum { FAULTS = sizeof faults / sizeof faults[0] };

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

/* Tells the mock to play one fault in every hundred requests of the round to come. */
static void order_faults(const char *mock, int round, int requests)
{
    const size_t size = (size_t)requests * 2 + 4096;
    char         url[300], *order = malloc(size);
    CURL        *easy = curl_easy_init();
    size_t       len  = 0;

    if (order == NULL || easy == NULL)
        exit(2);
    for (int i = 0; i < requests / 100 || i == 0; i++)
        len += (size_t)snprintf(order + len, size - len,
                                "%s{\"operation\":\"*\",\"after\":%d,\"fault\":%s}",
                                i > 0 ? "," : "[", i * 100 + (i * 37 + round * 11) % 60,
                                faults[(i + round * 5) % FAULTS]);
    (void)snprintf(order + len, size - len, "]");
    (void)snprintf(url, sizeof url, "%s/_mock/faults", mock);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, order);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    if (curl_easy_perform(easy) != CURLE_OK) {
        fprintf(stderr, "soak: the mock does not take faults\n");
        exit(2);
    }
    curl_easy_cleanup(easy);
    free(order);
}

/* ---- Calls ------------------------------------------------------------------------------------- */

static eb_client  *edgegap, *esa;
static atomic_long calls, retried, outcomes[1 - EB_LIMIT + EB_DONE], surprises;

static void count_call(void *context, const eb_moment *moment)
{
    (void)context;
    atomic_fetch_add(&calls, 1);
    atomic_fetch_add(&retried, moment->attempt > 1);
}

/* Which outcomes can come of the faults: a call that is safe to repeat gets over all but a refusal and an
 * answer that makes no sense; one that is not may also be lost or cut short, or meet what such a call left. */
static void judge(const char *call, bool safe, eb_status st, const eb_response *r)
{
    bool good = st == EB_OK || st == EB_DONE || st == EB_DECODE;

    if (st == EB_API)
        good = r->http_status == 400 || (!safe && (r->http_status == 503 || r->http_status == 409)) ||
               (r->http_status == 404 && (!safe || r->reason == EB_REASON_MAYBE_DONE));
    if (st == EB_MAYBE_SENT)
        good = !safe && r->sent != EB_SENT_NOTHING && r->http_status == 0;
    if (st >= EB_LIMIT && st <= EB_DONE)
        atomic_fetch_add(&outcomes[st - EB_LIMIT], 1);
    if (good)
        return;
    atomic_fetch_add(&surprises, 1);
    fprintf(stderr, "soak: %s: %s, HTTP %d, cause %s, sent %d, reason %s: %s\n", call,
            eb_status_name(st), r->http_status, eb_status_name(r->cause), (int)r->sent,
            eb_reason_word(r->reason), r->message);
}

static void create(const char *version, eb_response *r)
{
    const edgegap_app_version_result       *made   = NULL;
    const edgegap_app_version_create_body   body   = { .name              = version,
                                                       .docker_repository = "docker.io",
                                                       .docker_image      = "studio/shooter",
                                                       .docker_tag        = "1.4.0",
                                                       .req_cpu           = EB_INT(512),
                                                       .req_memory        = EB_INT(1024) };
    const edgegap_app_version_create_params params = { .app_name = "soak", .body = &body };
    const eb_status st = edgegap_app_version_create(edgegap, &params, &made, r);

    judge("create", false, st, r);
}

static void update(const char *version, eb_response *r)
{
    const edgegap_app_version_result       *made   = NULL;
    const edgegap_app_version_update_body   body   = { .is_active = EB_BOOL(true) };
    const edgegap_app_version_update_params params = { .app_name     = "soak",
                                                       .version_name = version,
                                                       .body         = &body };
    const eb_status st = edgegap_app_version_update(edgegap, &params, &made, r);

    judge("update", false, st, r);
}

static void drop_version(const char *version, eb_response *r)
{
    const edgegap_app_version_delete_params params = { .app_name = "soak", .version_name = version };
    const eb_status st = edgegap_app_version_delete(edgegap, &params, NULL, r);

    judge("delete", false, st, r); /* safe, but what it deletes may never have come to be */
}

static void get(eb_response *r)
{
    const edgegap_app_version_get_params params = { .app_name = "soak", .version_name = "kept-3" };
    const edgegap_app_version           *found  = NULL;
    const eb_status                      st = edgegap_app_version_get(edgegap, &params, &found, r);

    if (st == EB_OK && (found == NULL || found->name == NULL || strcmp(found->name, "kept-3") != 0))
        judge("get: another version", true, EB_INVALID, r);
    judge("get", true, st, r);
}

static void walk(void)
{
    const edgegap_app_version_list_params params = { .app_name = "soak", .limit = EB_INT(5) };
    edgegap_app_version_list_pager        pager  = { 0 };
    const edgegap_app_version            *item   = NULL;
    eb_status st = edgegap_app_version_list_all(edgegap, &params, &pager);

    while (st == EB_OK)
        st = edgegap_app_version_list_next(&pager, &item);
    judge("walk", true, st, &pager.response);
    edgegap_app_version_list_pager_free(&pager);
}

static void list(eb_response *r)
{
    const esa_list_edge_container_apps_params    params = { .page_size = EB_INT(10) };
    const esa_list_edge_container_apps_response *found  = NULL;
    const eb_status st = esa_list_edge_container_apps(esa, &params, &found, r);

    judge("list", true, st, r);
}

typedef struct worker {
    pthread_t thread;
    int       number;
    long      until; /* calls of all together */
} worker;

static void *work(void *context)
{
    const worker *w = context;
    eb_response   r = { 0 };
    char          version[64];

    for (int i = 0; atomic_load(&calls) < w->until; i++) {
        (void)snprintf(version, sizeof version, "of-%d", w->number);
        create(version, &r);
        get(&r);
        list(&r);
        update(version, &r);
        if (i % 4 == 0)
            walk();
        get(&r);
        drop_version(version, &r);
    }
    eb_response_free(&r);
    return NULL;
}

static void make_round(long until)
{
    worker workers[THREADS];

    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){ .number = i, .until = until };
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            exit(2);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(workers[i].thread, NULL);
}

/* ---- The whole --------------------------------------------------------------------------------- */

static void make_client(const eb_api *api, const char *mock, const eb_allocator *allocator,
                        eb_client **client)
{
    const eb_hooks          hooks   = { .after_call = count_call };
    const eb_client_options options = { .api              = api,
                                        .base_url         = mock,
                                        .skip_rate_limits = true,
                                        .proxy            = "",
                                        .allocator        = allocator,
                                        .hooks            = &hooks };

    if (eb_client_new(&options, client) != EB_OK) {
        fprintf(stderr, "soak: no client for %s: is the mock's environment set?\n", api->name);
        exit(2);
    }
}

static void make_app(void)
{
    const edgegap_application_create_body   body   = { .name      = "soak",
                                                       .is_active = EB_BOOL(true),
                                                       .image     = picture };
    const edgegap_application_create_params params = { .body = &body };
    eb_response                             r      = { 0 };
    char                                    version[32];

    if (edgegap_application_create(edgegap, &params, NULL, &r) != EB_OK) {
        fprintf(stderr, "soak: no application: %s\n", r.message);
        exit(2);
    }
    for (int i = 0; i < VERSIONS; i++) {
        (void)snprintf(version, sizeof version, "kept-%d", i);
        create(version, &r);
    }
    eb_response_free(&r);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int failures;

static void at_most(const char *what, long found, long bound)
{
    if (found <= bound)
        return;
    fprintf(stderr, "soak: %s: %ld, expected at most %ld\n", what, found, bound);
    failures++;
}

static long larger(long a, long b)
{
    return a > b ? a : b;
}

/* The most of each, of some rounds. */
static sample most_of(const sample *samples, int from, int to)
{
    sample most = samples[from];

    for (int i = from + 1; i < to; i++) {
        most.blocks      = larger(most.blocks, samples[i].blocks);
        most.heap        = (size_t)larger((long)most.heap, (long)samples[i].heap);
        most.resident    = larger(most.resident, samples[i].resident);
        most.descriptors = (int)larger(most.descriptors, samples[i].descriptors);
        most.sockets     = (int)larger(most.sockets, samples[i].sockets);
    }
    return most;
}

int main(int count, char **args)
{
    const long         wanted    = count > 1 ? atol(args[1]) : 2000;
    const double       bound_s   = count > 2 ? atof(args[2]) : 60;
    const double       start_s   = seconds_now();
    const char        *mock      = getenv("EDGEBIND_MOCK_URL");
    const eb_allocator allocator = { allocate, release, NULL };
    const long    per_round = wanted / ROUNDS < ROUND_CALLS_MAX ? wanted / ROUNDS : ROUND_CALLS_MAX;
    static sample samples[ROUNDS_MAX];
    sample        warm, late;
    int           rounds = 0;
    double        took_s;

    if (mock == NULL || wanted < ROUNDS) {
        fprintf(stderr, "usage: python3 -m edgebind_mock --exec %s CALLS SECONDS\n", args[0]);
        return 2;
    }
    make_client(&edgegap_api, mock, &allocator, &edgegap);
    make_client(&esa_api, mock, &allocator, &esa);
    make_app();
    while (rounds < ROUNDS_MAX && atomic_load(&calls) < wanted &&
           (rounds <= ROUNDS_WARM || seconds_now() - start_s < bound_s)) {
        order_faults(mock, rounds, (int)per_round);
        make_round(larger(atomic_load(&calls), (rounds * per_round)) + per_round);
        samples[rounds++] = look();
    }
    took_s = seconds_now() - start_s;
    warm   = most_of(samples, 0, ROUNDS_WARM);
    late   = most_of(samples, rounds - (rounds - ROUNDS_WARM + 1) / 2, rounds);

    printf("%ld calls in %.0f s from %d threads, %ld attempts repeated\n", atomic_load(&calls),
           took_s, THREADS, atomic_load(&retried));
    for (int i = EB_LIMIT; i <= EB_DONE; i++)
        if (atomic_load(&outcomes[i - EB_LIMIT]) > 0)
            printf("  %-14s %6ld\n", eb_status_name((eb_status)i), atomic_load(&outcomes[i - EB_LIMIT]));
    print_sample("warm", &warm);
    print_sample("at last", &late);
    at_most("calls that there was no time for", wanted - atomic_load(&calls), 0);
    at_most("outcomes that cannot be", atomic_load(&surprises), 0);
    at_most("blocks of the library", late.blocks, warm.blocks);
    at_most("KiB of heap", (long)late.heap / 1024, (long)warm.heap / 1024 + 64);
    at_most("KiB resident", late.resident, warm.resident + 1024);
    at_most("descriptors", late.descriptors, warm.descriptors + 2);
    at_most("connections", late.sockets, CLIENTS * IDLE_MAX * 3);
    eb_client_free(edgegap);
    eb_client_free(esa);
    at_most("blocks when all is freed", atomic_load(&blocks), 0);
    printf("%d passed, %d failed\n", failures == 0, failures);
    return failures != 0;
}
