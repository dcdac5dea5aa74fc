/* demo.c -- the main job at both providers, step by step, each step verified.
 *
 * `make demo` runs it against the mock. `demo --live` with the ids it needs goes to the real services: it
 * says what it will create, asks first, and deletes what can be deleted. Exit status: 0 when every step
 * was verified, 1 when one was not, 2 for wrong usage. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgegap.h"
#include "edgebind/esa.h"
#include "edgebind/sae.h"

enum { VERSIONS_MAX = 3 };

typedef struct demo {
    bool        live, yes;
    const char *base_url; /* the mock's; NULL: the real services */
    const char *esa_app, *esa_region, *routine, *sae_app, *sae_region;
    int         versions; /* how many to make; a page holds one */
    int         steps, failed;
    char        app[64];
} demo;

static const char *const version_names[VERSIONS_MAX] = { "1.4.0", "1.4.1", "1.4.2" };

/* A picture of one pixel: Edgegap wants one for every application. */
static const char picture[] = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                              "awAAAABJRU5ErkJggg==";

static const char routine_code[] = "addEventListener('fetch', (event) => {\n"
                                   "  event.respondWith(new Response('hello from the edge'));\n"
                                   "});\n";

/* ---- Saying what happens ----------------------------------------------------------------------- */

static void provider(const char *name)
{
    printf("\n%s\n", name);
}

/* One line for a step; details of the response when it failed. */
static bool step(demo *d, bool good, eb_status st, const eb_response *response, const char *format, ...)
{
    va_list arguments;

    d->steps++;
    d->failed += good ? 0 : 1;
    printf("  %-6s ", good ? "ok" : "FAILED");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    if (response != NULL && response->attempt_count > 1)
        printf(" [%zu attempts: %s, waited %lld ms]", response->attempt_count,
               eb_reason_word(response->attempts[0].reason), (long long)response->attempts[0].delay_ms);
    printf("\n");
    if (!good && response != NULL)
        printf("         %s, HTTP %d, code \"%s\", field \"%s\", request %s\n         %s\n",
               eb_status_name(st), response->http_status, response->code, response->field,
               response->request_id, response->message);
    fflush(stdout);
    return good;
}

/* With the mock one answer of each provider is a throttled one; the library must have tried again. */
static bool retried(const demo *d, const eb_response *response)
{
    return d->live ||
           (response->attempt_count == 2 && response->attempts[0].reason == EB_REASON_THROTTLED);
}

static eb_client *connect_to(demo *d, const eb_api *api, const char *region)
{
    char       problem[256] = "";
    eb_client *client       = NULL;
    eb_status  st           = eb_client_new(&(eb_client_options){ .api          = api,
                                                                  .base_url     = d->base_url,
                                                                  .region       = region,
                                                                  .user_agent   = "edgebind-demo",
                                                                  .problem      = problem,
                                                                  .problem_size = sizeof problem },
                                            &client);

    if (st != EB_OK)
        step(d, false, st, NULL, "client: %s: %s", eb_status_text(st), problem);
    return client;
}

/* ---- Edgegap ----------------------------------------------------------------------------------- */

static bool make_version(demo *d, eb_client *client, eb_response *response, const char *name, bool first)
{
    const edgegap_app_version_port ports[] = {
        { .port = EB_INT(7777), .protocol = EDGEGAP_PROTOCOL_UDP, .name = "game" },
        { .port = EB_INT(8080), .protocol = EDGEGAP_PROTOCOL_HTTP, .name = "status", .to_check = EB_BOOL(false) },
    };
    const edgegap_app_version_env envs[] = { { .key = "REGION_HINT", .value = "nearest" } };
    const edgegap_app_version_create_params params = {
        .app_name = d->app,
        .body =
            &(edgegap_app_version_create_body){
                .name              = name,
                .docker_repository = "docker.io",
                .docker_image      = "library/nginx",
                .docker_tag        = "1.27",
                .req_cpu           = EB_INT(256),
                .req_memory        = EB_INT(512),
                .max_duration      = EB_INT(30),
                .force_cache       = EB_BOOL(false),
                .ports             = EB_LIST(ports),
                .envs              = EB_LIST(envs),
            },
    };
    const edgegap_app_version_result *made = NULL;
    const eb_status st   = edgegap_app_version_create(client, &params, &made, response);
    const bool      good = st == EB_OK && made != NULL && made->version != NULL &&
                      made->version->name != NULL && strcmp(made->version->name, name) == 0 &&
                      (!first || retried(d, response));

    return step(d, good, st, response, "version %s of %s made", name, d->app);
}

static void read_version(demo *d, eb_client *client, eb_response *response)
{
    const edgegap_app_version *version = NULL;
    const eb_status            st      = edgegap_app_version_get(
                        client,
                        &(edgegap_app_version_get_params){ .app_name = d->app, .version_name = version_names[0] },
                        &version, response);
    const bool good = st == EB_OK && version != NULL && version->force_cache.is == EB_SET &&
                      !version->force_cache.v && version->req_cpu.v == 256 &&
                      version->ports.count == 2 && version->ports.items[0].port.v == 7777 &&
                      version->ports.items[0].protocol == EDGEGAP_PROTOCOL_UDP;

    step(d, good, st, response, "version %s read back: false is false, 7777 is 7777", version_names[0]);
}

static void list_versions(demo *d, eb_client *client)
{
    edgegap_app_version_list_pager pager = { 0 };
    const edgegap_app_version     *v     = NULL;
    int                            seen  = 0;
    eb_status                      st    = edgegap_app_version_list_all(
                                client, &(edgegap_app_version_list_params){ .app_name = d->app, .limit = EB_INT(1) }, &pager);

    while (st == EB_OK && (st = edgegap_app_version_list_next(&pager, &v)) == EB_OK)
        for (int i = 0; i < d->versions; i++)
            if (v->name != NULL && strcmp(v->name, version_names[i]) == 0)
                seen++;
    step(d, st == EB_DONE && seen == d->versions, st, &pager.response,
         "%d versions listed over %d pages", seen, d->versions);
    edgegap_app_version_list_pager_free(&pager);
}

static void remove_application(demo *d, eb_client *client, eb_response *response)
{
    eb_status st = EB_OK;

    for (int i = 0; i < d->versions && st == EB_OK; i++)
        st = edgegap_app_version_delete(client,
                                        &(edgegap_app_version_delete_params){
                                            .app_name = d->app, .version_name = version_names[i] },
                                        NULL, response);
    if (st == EB_OK)
        st = edgegap_application_delete(client,
                                        &(edgegap_application_delete_params){ .app_name = d->app },
                                        response);
    step(d, st == EB_OK, st, response, "application %s and its versions deleted", d->app);
}

static void edgegap(demo *d)
{
    eb_client                 *client   = connect_to(d, &edgegap_api, NULL);
    eb_response                response = { 0 };
    const edgegap_application *app      = NULL;
    eb_status                  st;

    if (client == NULL)
        return;
    st = edgegap_application_create(client,
                                    &(edgegap_application_create_params){
                                        .body = &(edgegap_application_create_body){ .name = d->app,
                                                                                    .is_active = EB_BOOL(true),
                                                                                    .image = picture } },
                                    &app, &response);
    if (step(d, st == EB_OK && app != NULL && app->name != NULL && strcmp(app->name, d->app) == 0,
             st, &response, "application %s made", d->app)) {
        bool made = true;

        for (int i = 0; i < d->versions && made; i++)
            made = make_version(d, client, &response, version_names[i], i == 0);
        if (made) {
            read_version(d, client, &response);
            list_versions(d, client);
        }
        remove_application(d, client, &response);
    }
    eb_response_free(&response);
    eb_client_free(client);
}

/* ---- Alibaba Cloud ----------------------------------------------------------------------------- */

static void edge_containers(demo *d)
{
    const esa_container containers[] = { {
        .name          = "web",
        .image         = "docker.io/library/nginx:1.27",
        .is_acr_image  = EB_BOOL(false),
        .spec          = ESA_CONTAINER_SPEC_1C2G,
        .storage       = ESA_CONTAINER_STORAGE_10G,
        .probe_type    = ESA_PROBE_TYPE_TCP_SOCKET,
        .probe_content = &(esa_probe_content){ .port = EB_INT(80), .period_seconds = EB_INT(5) },
    } };
    eb_client          *client       = connect_to(d, &esa_api, d->esa_region);
    eb_response         response     = { 0 };
    const esa_create_edge_container_app_version_response *made = NULL;
    eb_status                                             st;

    if (client == NULL)
        return;
    st = esa_create_edge_container_app_version(
        client,
        &(esa_create_edge_container_app_version_params){
            .body = &(esa_create_edge_container_app_version_request){ .app_id = d->esa_app,
                                                                      .name   = "edgebind-demo-1",
                                                                      .containers = EB_LIST(containers) } },
        &made, &response);
    step(d, st == EB_OK && made != NULL && made->version_id != NULL && retried(d, &response), st,
         &response, "ESA: container version %s made in %s",
         st == EB_OK && made != NULL && made->version_id != NULL ? made->version_id : "-", d->esa_app);
    eb_response_free(&response);
    eb_client_free(client);
}

static void publish(demo *d, eb_client *client, const char *revision)
{
    eb_response response = { 0 };
    eb_status   st       = dcdn_publish_routine_code_revision(
                client,
                &(dcdn_publish_routine_code_revision_params){
                    .body = &(dcdn_publish_routine_code_revision_request){ .name = d->routine,
                                                                           .select_code_revision = revision,
                                                                           .envs = EB_JSON("[\"staging\"]") } },
                NULL, &response);

    step(d, st == EB_OK, st, &response, "DCDN: revision %s published to staging", revision);
    eb_response_free(&response);
}

static void edge_routine(demo *d)
{
    eb_client                               *client   = connect_to(d, &dcdn_api, NULL);
    eb_response                              response = { 0 };
    const dcdn_upload_routine_code_response *ticket   = NULL;
    eb_status                                st;

    if (client == NULL)
        return;
    st = dcdn_upload_routine_code_file(
        client,
        &(dcdn_upload_routine_code_file_params){
            .body = &(dcdn_upload_routine_code_request){ .name             = d->routine,
                                                         .code_description = "edgebind demo" },
            .file = eb_body_memory(routine_code, sizeof routine_code - 1) },
        &ticket, &response);
    if (step(d, st == EB_OK && ticket != NULL && ticket->content != NULL && ticket->content->code_revision != NULL,
             st, &response, "DCDN: code of %s uploaded through OSS, revision %s", d->routine,
             st == EB_OK && ticket != NULL && ticket->content != NULL ? ticket->content->code_revision
                                                                      : "-"))
        publish(d, client, ticket->content->code_revision);
    eb_response_free(&response);
    eb_client_free(client);
}

static void serverless_versions(demo *d)
{
    eb_client                            *client   = connect_to(d, &sae_api, d->sae_region);
    eb_response                           response = { 0 };
    const sae_list_app_versions_response *list     = NULL;
    eb_status                             st;

    if (client == NULL)
        return;
    st = sae_list_app_versions(client, &(sae_list_app_versions_params){ .app_id = d->sae_app },
                               &list, &response);
    step(d, st == EB_OK && list != NULL && EB_LIST_IS_SET(list->data), st, &response,
         "SAE: %zu versions of %s", st == EB_OK && list != NULL ? list->data.count : (size_t)0,
         d->sae_app);
    for (size_t i = 0; st == EB_OK && list != NULL && i < list->data.count && i < 3; i++) {
        int64_t seconds = 0;

        if (eb_time_from_ms_text(list->data.items[i].create_time, &seconds, NULL) == EB_OK)
            printf("           %s, %s, made at %lld\n", list->data.items[i].id,
                   list->data.items[i].type, (long long)seconds);
    }
    eb_response_free(&response);
    eb_client_free(client);
}

/* ---- The command ------------------------------------------------------------------------------- */

static int usage(const char *problem)
{
    if (problem != NULL)
        fprintf(stderr, "demo: %s\n", problem);
    fprintf(problem != NULL ? stderr : stdout,
            "usage: make demo                    against the mock\n"
            "       demo --live OPTIONS          against the real services, with your credentials\n"
            "         --esa-app ID               an ESA edge container application, app-...\n"
            "         --esa-region REGION        cn-hangzhou or ap-southeast-1\n"
            "         --routine NAME             a DCDN edge routine\n"
            "         --sae-app ID               an SAE application\n"
            "         --sae-region REGION        cn-hangzhou, cn-shanghai, ...\n"
            "         --yes                      do not ask\n"
            "       Edgegap runs when EDGEGAP_TOKEN is set; each other part when its options are given.\n");
    return problem != NULL ? 2 : 0;
}

static int parse(demo *d, int argc, char **argv)
{
    static const struct option options[] = {
        { "live", no_argument, NULL, 'l' },
        { "yes", no_argument, NULL, 'y' },
        { "esa-app", required_argument, NULL, 'e' },
        { "esa-region", required_argument, NULL, 'E' },
        { "routine", required_argument, NULL, 'r' },
        { "sae-app", required_argument, NULL, 's' },
        { "sae-region", required_argument, NULL, 'S' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (option) {
        case 'l':
            d->live = true;
            break;
        case 'y':
            d->yes = true;
            break;
        case 'e':
            d->esa_app = optarg;
            break;
        case 'E':
            d->esa_region = optarg;
            break;
        case 'r':
            d->routine = optarg;
            break;
        case 's':
            d->sae_app = optarg;
            break;
        case 'S':
            d->sae_region = optarg;
            break;
        case 'h':
            exit(usage(NULL));
        default:
            return usage("an option is wrong");
        }
    if (optind < argc)
        return usage("only options are understood");
    return 0;
}

static int prepare_mock(demo *d)
{
    d->base_url = getenv("EDGEBIND_MOCK_URL");
    if (d->base_url == NULL)
        return usage("no EDGEBIND_MOCK_URL in the environment, and no --live: use `make demo`");
    if (d->esa_app != NULL || d->esa_region != NULL || d->routine != NULL || d->sae_app != NULL ||
        d->sae_region != NULL || d->yes)
        return usage("ids and --yes go with --live");
    d->versions   = VERSIONS_MAX;
    d->esa_app    = "app-880688675783794000"; /* the mock has it from the start */
    d->esa_region = "cn-hangzhou";
    d->routine    = "hello-routine";
    d->sae_app    = "0099b7be-5f5b-4512-a7fc-56049ef1f000";
    d->sae_region = "cn-hangzhou";
    printf("Everything below goes to the mock at %s.\n", d->base_url);
    return 0;
}

static int prepare_live(demo *d)
{
    const bool edgegap_too = getenv("EDGEGAP_TOKEN") != NULL;
    char       answer[16]  = "";

    if ((d->esa_app == NULL) != (d->esa_region == NULL))
        return usage("--esa-app and --esa-region go together");
    if ((d->sae_app == NULL) != (d->sae_region == NULL))
        return usage("--sae-app and --sae-region go together");
    if (!edgegap_too && d->esa_app == NULL && d->routine == NULL && d->sae_app == NULL)
        return usage("nothing to do: set EDGEGAP_TOKEN, or name what to work on");
    d->versions = 2; /* what a free account may have */
    printf("This goes to the real services with your credentials, and may cost money:\n");
    if (edgegap_too)
        printf("  Edgegap: makes application %s with %d versions, deletes them again\n", d->app,
               d->versions);
    if (d->esa_app != NULL)
        printf("  ESA: makes a container version in %s, which stays (nothing is published)\n", d->esa_app);
    if (d->routine != NULL)
        printf("  DCDN: uploads code to routine %s, publishes it to staging; the revision stays\n",
               d->routine);
    if (d->sae_app != NULL)
        printf("  SAE: lists the versions of %s, changes nothing\n", d->sae_app);
    if (d->yes)
        return 0;
    printf("Go on? Type yes: ");
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) == NULL || strcmp(answer, "yes\n") != 0) {
        printf("Nothing was done.\n");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    demo d    = { .app = "edgebind-demo" };
    int  code = parse(&d, argc, argv);

    if (code == 0)
        code = d.live ? prepare_live(&d) : prepare_mock(&d);
    if (code != 0)
        return code;
    if (!d.live || getenv("EDGEGAP_TOKEN") != NULL) {
        provider("Edgegap");
        edgegap(&d);
    }
    if (d.esa_app != NULL || d.routine != NULL || d.sae_app != NULL)
        provider("Alibaba Cloud");
    if (d.esa_app != NULL)
        edge_containers(&d);
    if (d.routine != NULL)
        edge_routine(&d);
    if (d.sae_app != NULL)
        serverless_versions(&d);
    printf("\n%d steps, %d failed\n", d.steps, d.failed);
    return d.failed == 0 ? 0 : 1;
}
