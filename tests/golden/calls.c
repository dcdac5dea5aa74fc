/* calls.c -- plays the calls of a golden document through a scripted transport and prints what went over the
 * wire and what came of it; before that, every type takes random values through JSON and back. Built once for
 * each document: API is its eb_api, API_HEADER what declares it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "buf.h"
#include "codec.h"
#include "edgebind/edgebind.h"
#include "edgebind/testing.h"
#include "memory.h"
#include API_HEADER

enum { ANSWERS = 8, HEADERS = 16, SEEDS = 40 };

static void fail(const char *what, const char *name)
{
    (void)fprintf(stderr, "calls: %s: %s\n", name, what);
    exit(1);
}

/* ---- Types --------------------------------------------------------------------------------------- */

static void round_trip(const eb_type *type)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        eb_response made = { 0 }, read = { 0 };
        const void *value = eb_value_random(type, seed, &made), *again = NULL;
        eb_buf      json;
        void       *copy;

        if (value == NULL)
            fail("no random value", type->name);
        eb__buf_init(&json, NULL, 0);
        eb__encode(&json, type, value); /* whatever the documented limits are */
        if (eb__buf_status(&json) != EB_OK)
            fail("cannot be encoded", type->name);
        if (eb_value_from_json(type, json.data, json.len, &again, &read) != EB_OK)
            fail(read.message, type->name);
        if (!eb_value_equal(type, value, again)) {
            (void)fprintf(stderr, "%.*s\n", (int)json.len, json.data);
            fail("not the same after JSON", type->name);
        }
        eb__buf_free(&json);
        copy = eb_value_dup(type, again);
        if (copy == NULL || !eb_value_equal(type, value, copy))
            fail("not the same in a copy", type->name);
        free(copy);
        eb_response_free(&made);
        eb_response_free(&read);
    }
}

/* ---- Calls --------------------------------------------------------------------------------------- */

static bool same_bytes(void *context, void *buffer, size_t size)
{
    (void)context;
    memset(buffer, 0x5a, size);
    return true;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static const cJSON *first_of(const cJSON *list)
{
    return list != NULL ? list->child : NULL;
}

/* The text of a value: a string as it is, anything else as JSON. NULL for no value. Allocated. */
static char *text_as_given(const cJSON *value)
{
    const char *string = cJSON_GetStringValue(value);
    size_t      size;
    char       *copy;

    if (value == NULL || string == NULL)
        return value != NULL ? cJSON_PrintUnformatted(value) : NULL;
    size = strlen(string) + 1;
    copy = malloc(size);
    if (copy == NULL)
        fail("out of memory", string);
    return memcpy(copy, string, size);
}

static const eb_operation *find(const char *id)
{
    for (size_t i = 0; i < API.operation_count; i++)
        if (strcmp(API.operations[i]->id, id) == 0)
            return API.operations[i];
    return NULL;
}

static void print_seen(const eb_script_seen *seen)
{
    const char *line = seen->headers, *end;

    (void)printf("%s %s\n", seen->method, seen->url);
    for (; (end = strstr(line, "\r\n")) != NULL; line = end + 2)
        if (strncmp(line, "user-agent:", 11) != 0) /* it has the version in it */
            (void)printf("%.*s\n", (int)(end - line), line);
    (void)putchar('\n');
    for (size_t i = 0; i < seen->body_len; i++)
        if (seen->body[i] != '\r')
            (void)putchar(seen->body[i]);
    if (seen->body_len != 0)
        (void)putchar('\n');
}

static void print_outcome(const eb_operation *operation, eb_status st, const eb_response *response)
{
    eb_response read  = { 0 };
    const void *value = NULL;
    eb_json     json  = { 0 };

    (void)printf("=> %s", eb_status_name(st));
    if (response->http_status != 0)
        (void)printf(" %d", response->http_status);
    if (response->field[0] != '\0')
        (void)printf(" %s", response->field);
    if (response->code[0] != '\0')
        (void)printf(" [%s]", response->code);
    if (response->message[0] != '\0')
        (void)printf(": %s", response->message);
    (void)putchar('\n');
    if (st == EB_OK && operation != NULL && operation->result != NULL && response->body.len != 0 &&
        eb_value_from_json(operation->result, response->body.data, response->body.len, &value,
                           &read) == EB_OK &&
        eb_value_to_json(operation->result, value, &json, &read) == EB_OK)
        (void)printf("%.*s\n", (int)json.len, json.text);
    eb_response_free(&read);
}

/* A walk over all pages: each request where it was made, each item behind it. */
static void play_walk(eb_client *client, const char *name, const char *params, const eb_script *script)
#ifdef WITHOUT_PAGES /* a vendored copy for operations that have none */
{
    (void)client, (void)params, (void)script;
    (void)printf("=> %s: there are no pages in this copy\n", name);
}
#else
{
    eb_pager  pager = { 0 };
    eb_json   item;
    size_t    shown = 0;
    eb_status st    = eb_invoke_all(client, name, params, NULL, &pager);

    while (st == EB_OK) {
        st = eb_invoke_next(&pager, &item);
        for (; shown < script->exchanges && shown < EB_SCRIPT_SEEN_MAX; shown++)
            print_seen(&script->seen[shown]);
        if (st == EB_OK)
            (void)printf("-> %.*s\n", (int)item.len, item.text);
    }
    print_outcome(NULL, st, &pager.response);
    eb_pager_free(&pager);
}
#endif

enum { SCHEMES = 8 };

/* One scheme's credentials: { "token": ... }, { "user": ..., "password": ... }, { "client_id": ..., "client_secret": ...,
 * "scope": ... } or an access key pair. */
static eb_credentials credentials_of(const cJSON *given)
{
    eb_credentials made;

    if (text_of(given, "user") != NULL)
        made = eb_credentials_basic(text_of(given, "user"), text_of(given, "password"));
    else if (text_of(given, "client_id") != NULL)
        made = eb_credentials_oauth2(text_of(given, "client_id"), text_of(given, "client_secret"));
    else if (text_of(given, "id") != NULL)
        made = eb_credentials_key(text_of(given, "id"), text_of(given, "secret"));
    else
        made = eb_credentials_token(text_of(given, "token") != NULL ? text_of(given, "token") : "t0ken");
    made.scope    = text_of(given, "scope");
    made.audience = text_of(given, "audience");
    return eb_credentials_for(given->string != NULL && strcmp(given->string, "client") != 0 ? given->string
                                                                                            : NULL,
                              made);
}

static void play(const cJSON *defaults, const cJSON *call)
{
    static const cJSON no_options;
    const cJSON       *own  = cJSON_GetObjectItemCaseSensitive(call, "client"), *item;
    const cJSON       *with = own != NULL ? own : defaults != NULL ? defaults : &no_options;
    const char        *name = text_of(call, "operation");
    eb_script_answer   answers[ANSWERS] = { { .http_status = 200, .body = "{}" } };
    eb_header          headers[ANSWERS][HEADERS];
    char              *bodies[ANSWERS] = { NULL };
    eb_script          script          = { .answers = answers };
    eb_transport       transport       = eb_script_transport(&script);
    eb_clock           clock           = eb_script_clock(&script);
    eb_random          random          = { .bytes = same_bytes };
    char               problem[200]    = "";
    eb_client         *client          = NULL;
    eb_response        response        = { 0 };
    char              *params  = text_as_given(cJSON_GetObjectItemCaseSensitive(call, "params"));
    eb_client_options  options = { .api          = &API,
                                   .base_url     = text_of(with, "base_url"),
                                   .region       = text_of(with, "region"),
                                   .transport    = &transport,
                                   .clock        = &clock,
                                   .random       = &random,
                                   .problem      = problem,
                                   .problem_size = sizeof problem };
    const cJSON       *server  = cJSON_GetObjectItemCaseSensitive(with, "server");
    eb_credentials     schemes[SCHEMES];
    size_t             scheme_count = 0;
    eb_status          st;

    for (item = first_of(cJSON_GetObjectItemCaseSensitive(with, "credentials")); item != NULL;
         item = item->next) {
        if (scheme_count == SCHEMES)
            fail("too many credentials", name);
        schemes[scheme_count++] = credentials_of(item);
    }
    options.server      = server != NULL ? server->valueint : 0;
    options.credentials = cJSON_HasObjectItem(with, "credentials")
                              ? eb_credentials_several(schemes, scheme_count)
                              : credentials_of(with);
    for (item = first_of(cJSON_GetObjectItemCaseSensitive(call, "answers")); item != NULL;
         item = item->next) {
        eb_script_answer *answer = &answers[script.count];
        const cJSON      *status = cJSON_GetObjectItemCaseSensitive(item, "status"), *header;

        if (script.count == ANSWERS)
            fail("too many answers", name);
        *answer = (eb_script_answer){ .http_status = status != NULL ? status->valueint : 200,
                                      .headers     = headers[script.count] };
        for (header = first_of(cJSON_GetObjectItemCaseSensitive(item, "headers")); header != NULL;
             header = header->next) {
            if (answer->header_count == HEADERS)
                fail("too many headers", name);
            headers[script.count][answer->header_count++] = (eb_header){ header->string,
                                                                         cJSON_GetStringValue(header) };
        }
        answer->body = bodies[script.count] = text_as_given(
            cJSON_GetObjectItemCaseSensitive(item, "body"));
        script.count++;
    }
    if (script.count == 0)
        script.count = 1;

    (void)printf("## %s\n", text_of(call, "what") != NULL ? text_of(call, "what") : name);
    st = eb_client_new(&options, &client);
    if (st != EB_OK) {
        (void)printf("=> %s: %s\n", eb_status_name(st), problem);
    } else if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call, "walk"))) {
        play_walk(client, name, params, &script);
    } else {
        st = eb_invoke(client, name, params, &response);
        for (size_t i = 0; i < script.exchanges && i < EB_SCRIPT_SEEN_MAX; i++)
            print_seen(&script.seen[i]);
        print_outcome(find(name), st, &response);
    }
    (void)putchar('\n');
    eb_response_free(&response);
    eb_client_free(client);
    eb_script_reset(&script);
    for (size_t i = 0; i < ANSWERS; i++)
        cJSON_free(bodies[i]);
    cJSON_free(params);
}

/* ---- The file ------------------------------------------------------------------------------------ */

static cJSON *read_json(const char *path)
{
    FILE  *file = fopen(path, "rb");
    cJSON *root;
    char  *text;
    long   size;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        fseek(file, 0, SEEK_SET) != 0)
        fail("cannot be read", path);
    text = malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size)
        fail("cannot be read", path);
    text[size] = '\0';
    (void)fclose(file);
    root = cJSON_ParseWithOpts(text, NULL, true);
    if (root == NULL)
        fail("is not JSON", path);
    free(text);
    return root;
}

int main(int argc, char **argv)
{
    cJSON       *root;
    const cJSON *call;

    for (size_t i = 0; i < API.type_count; i++)
        round_trip(API.types[i]);
    if (argc < 2)
        return 0;
    root = read_json(argv[1]);
    for (call = first_of(cJSON_GetObjectItemCaseSensitive(root, "calls")); call != NULL; call = call->next)
        play(cJSON_GetObjectItemCaseSensitive(root, "client"), call);
    cJSON_Delete(root);
    return 0;
}
