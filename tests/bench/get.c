/* CPU time and allocations of one GET over a kept connection: bare libcurl on one reused handle, and ours, in
 * turns within one process, so that both see the same machine. tests/bench/bench.py starts the server and reads
 * the lines this prints:
 *
 *     curl 41.250 18.00        microseconds of CPU per GET, allocations per GET; one line per round
 *     edgebind 43.120 20.00
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "edgebind/edgebind.h"
#include "edgebind/edgegap.h"

/* Every allocation of the process goes through here, libcurl's and OpenSSL's too. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

static unsigned long allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    allocations++;
    return __libc_realloc(block, size);
}

static double cpu_us(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Bare libcurl: what a careful person writes by hand, set up once. */
typedef struct body {
    char  *data;
    size_t len;
    size_t size;
} body;

static size_t body_write(char *data, size_t size, size_t count, void *context)
{
    body  *to  = context;
    size_t len = size * count;

    if (to->size - to->len < len) {
        to->size = (to->len + len) * 2;
        to->data = realloc(to->data, to->size);
        if (to->data == NULL)
            return 0;
    }
    memcpy(to->data + to->len, data, len);
    to->len += len;
    return len;
}

static CURL *curl_get_new(const char *base_url, const char *ca_file, body *to)
{
    CURL              *curl    = curl_easy_init();
    struct curl_slist *headers = NULL;
    char               url[256];

    snprintf(url, sizeof(url), "%s/v1/app/shooter/version/1.4.0", base_url);
    headers = curl_slist_append(headers, "Authorization: token not-a-token");
    headers = curl_slist_append(headers, "Accept: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "bench/1");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, to);
    if (ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    return curl;
}

static void curl_get(CURL *curl, body *to)
{
    long status = 0;

    to->len = 0;
    if (curl_easy_perform(curl) != CURLE_OK ||
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200) {
        fprintf(stderr, "curl: HTTP %ld\n", status);
        exit(1);
    }
}

static void edgebind_get(eb_client *client, eb_response *response)
{
    const edgegap_app_version_get_params params = { .app_name = "shooter", .version_name = "1.4.0" };
    const edgegap_app_version           *version = NULL;

    if (edgegap_app_version_get(client, &params, &version, response) != EB_OK || version == NULL) {
        fprintf(stderr, "edgebind: %s\n", response->message);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        fprintf(stderr, "usage: bench-get BASE_URL ROUNDS GETS_PER_ROUND [CA_FILE]\n");
        return 2;
    }
    const char *base_url = argv[1];
    const char *ca_file  = argc == 5 ? argv[4] : NULL;
    const int   rounds   = (int)strtol(argv[2], NULL, 10);
    const int   gets     = (int)strtol(argv[3], NULL, 10);
    char        problem[200];
    body        to       = { 0 };
    eb_response response = { 0 };
    eb_client  *client   = NULL;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL           *curl = curl_get_new(base_url, ca_file, &to);
    const eb_status made =
        eb_client_new(&(eb_client_options){ .api          = &edgegap_api,
                                            .credentials  = eb_credentials_token("not-a-token"),
                                            .base_url     = base_url,
                                            .ca_file      = ca_file,
                                            .problem      = problem,
                                            .problem_size = sizeof(problem) },
                      &client);
    if (made != EB_OK) {
        fprintf(stderr, "edgebind: %s: %s\n", eb_status_text(made), problem);
        return 1;
    }

    for (int round = -2; round < rounds; round++) { /* two to warm up */
        for (int turn = 0; turn < 2; turn++) {
            const int           ours   = (round + turn) & 1; /* who goes first changes */
            const double        start  = cpu_us();
            const unsigned long before = allocations;

            for (int i = 0; i < gets; i++) {
                if (ours)
                    edgebind_get(client, &response);
                else
                    curl_get(curl, &to);
            }
            if (round >= 0)
                printf("%s %.3f %.2f\n", ours ? "edgebind" : "curl", (cpu_us() - start) / gets,
                       (double)(allocations - before) / gets);
        }
    }
    eb_response_free(&response);
    eb_client_free(client);
    curl_easy_cleanup(curl);
    return 0;
}
