/* client.c -- making a client: every option is checked here, once, so that calls need not. */
#include "client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "crypto.h"
#include "memory.h"
#include "outcome.h"
#include "reader.h"
#include "token.h"
#include "url.h"

#define EB_VERSION "0.1.0"

enum {
    DEADLINE_MS        = 60 * 1000,
    CONNECT_TIMEOUT_MS = 10 * 1000,
    ATTEMPT_TIMEOUT_MS = 30 * 1000,
    STALL_TIMEOUT_MS   = 30 * 1000,
    RETRIES            = 2,
    BODY_MAX           = 64 * 1024 * 1024,
    HEADERS_MAX        = 256 * 1024,
    DEPTH_MAX          = 64,
    ITEMS_MAX          = 10 * 1000 * 1000
};

const char *eb_version(void)
{
    return EB_VERSION;
}

/* What eb_client_new is at work on. */
typedef struct making {
    const eb_client_options *options;
    eb_client               *client;
} making;

static eb_status refuse(const making *m, eb_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static eb_status refuse(const making *m, eb_status status, const char *format, ...)
{
    va_list arguments;

    if (m->options->problem == NULL || m->options->problem_size == 0)
        return status;
    va_start(arguments, format);
    (void)vsnprintf(m->options->problem, m->options->problem_size, format, arguments);
    va_end(arguments);
    eb__problem_plain(m->options->problem, strlen(m->options->problem));
    return status;
}

static eb_status no_memory(const making *m)
{
    return refuse(m, EB_NOMEM, "out of memory");
}

/* The value given for a variable of the server; NULL: none. */
static const char *variable(const eb_client_options *options, const char *name)
{
    if (strcmp(name, "region") == 0 && options->region != NULL)
        return options->region;
    if (EB_LIST_IS_SET(options->variables))
        for (size_t i = 0; i < options->variables.count; i++)
            if (options->variables.items[i].key != NULL &&
                strcmp(options->variables.items[i].key, name) == 0)
                return options->variables.items[i].value;
    return NULL;
}

/* Does a URL that is being put together go on behind its host? */
static bool has_path(const char *url)
{
    const char *host = strstr(url, "://");

    return host != NULL && strchr(host + 3, '/') != NULL;
}

/* The option that a variable is given by, as problems name it. */
static const char *option_of(const eb_server_variable *v, char *name, size_t size)
{
    if (strcmp(v->name, "region") == 0)
        return "region";
    (void)snprintf(name, size, "variables.%s", v->name);
    return name;
}

static eb_status refuse_value(const making *m, const eb_server *server, const eb_server_variable *v,
                              const char *value)
{
    eb_buf      known     = { 0 };
    char        name[100] = "", got[70] = "none";
    const char *option = option_of(v, name, sizeof name);
    eb_status   st;

    if (value != NULL)
        (void)snprintf(got, sizeof got, "\"%.60s\"", value);
    if (v->values == NULL)
        return refuse(m, EB_INVALID, "%s: expected a value for {%s} of %s, got %s", option, v->name,
                      server->url, got);
    eb__buf_init(&known, &m->client->allocator, 4096);
    for (size_t i = 0; v->values[i] != NULL; i++)
        eb__buf_printf(&known, "%s%s", i > 0 ? ", " : "", v->values[i]);
    st = refuse(m, EB_INVALID, "%s: expected one of %s, got %s; base_url can name any server",
                option, eb__buf_text(&known), got);
    eb__buf_free(&known);
    return st;
}

static eb_status fill_variable(const making *m, eb_buf *url, const eb_server *server,
                               const eb_server_variable *v)
{
    const char *value     = variable(m->options, v->name);
    char        name[100] = "";

    if (value == NULL)
        value = v->fallback;
    if (value == NULL || *value == '\0')
        return refuse_value(m, server, v, value);
    for (size_t i = 0; v->values != NULL; i++) {
        if (v->values[i] == NULL)
            return refuse_value(m, server, v, value);
        if (strcmp(v->values[i], value) == 0)
            break;
    }
    /* the part up to the path says who gets the credentials: a value may not end it early */
    if (url->len > 0 && !has_path(eb__buf_text(url)) && strpbrk(value, "/?#@:\\") != NULL)
        return refuse(m, EB_INVALID, "%s: expected a part of a host, got \"%.60s\"",
                      option_of(v, name, sizeof name), value);
    eb__buf_puts(url, value);
    return EB_OK;
}

/* A server of the document with its {variables} filled in. */
static eb_status fill_server(const making *m, eb_buf *url, const eb_server *server)
{
    for (const char *at = server->url; *at != '\0';) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        size_t      i     = 0;
        eb_status   st;

        if (close == NULL) {
            eb__buf_putc(url, *at++);
            continue;
        }
        while (i < server->variable_count &&
               (strlen(server->variables[i].name) != (size_t)(close - at - 1) ||
                memcmp(server->variables[i].name, at + 1, (size_t)(close - at - 1)) != 0))
            i++;
        if (i == server->variable_count)
            return refuse(m, EB_INVALID, "api: a server of %s has an unknown variable",
                          m->client->api->name);
        st = fill_variable(m, url, server, &server->variables[i]);
        if (st != EB_OK)
            return st;
        at = close + 1;
    }
    return EB_OK;
}

/* The server that the client is for. */
static eb_server server_of(const making *m)
{
    const eb_api *api = m->client->api;

    if (m->options->server > 0)
        return api->servers[m->options->server - 1];
    return (eb_server){ api->server, api->variables, api->variable_count };
}

/* Is a server variable without a value there whose place only a call can fill (an upload's host)? */
static bool server_comes_with_calls(const making *m, const eb_server *server)
{
    for (size_t i = 0; i < server->variable_count; i++)
        if (m->client->api->auth == NULL && m->client->api->schemes == NULL &&
            server->variables[i].fallback == NULL &&
            variable(m->options, server->variables[i].name) == NULL)
            return true;
    return false;
}

eb_status eb__client_base_url(const char *url, const char *what, char *problem, size_t size)
{
    eb_url parts;

    if (!eb__url_parse(url, &parts)) {
        if (strchr(url, '@') != NULL) /* it may hold a password, and is not shown */
            (void)snprintf(problem, size,
                           "%s: expected an http or https URL without name and password", what);
        else
            (void)snprintf(problem, size, "%s: expected an http or https URL, got \"%.100s\"", what, url);
        return EB_INVALID;
    }
    if (parts.query_len > 0) {
        (void)snprintf(problem, size, "%s: a query has no place in \"%.100s\"", what, url);
        return EB_INVALID;
    }
    return EB_OK;
}

static bool has_variable(const eb_server *server, const char *name)
{
    for (size_t i = 0; i < server->variable_count; i++)
        if (strcmp(server->variables[i].name, name) == 0)
            return true;
    return false;
}

/* A value given for a variable that the document's server does not have is a typing mistake; a region is not,
 * since some APIs of a provider have one and others do not. */
static eb_status check_variables(const making *m)
{
    const eb_api     *api    = m->client->api;
    const eb_server   server = server_of(m);
    const eb_str_map *given  = &m->options->variables;
    const size_t      count  = EB_LIST_IS_SET(*given) ? given->count : 0;

    for (size_t i = 0; i < count; i++) {
        const char *name  = given->items[i].key;
        bool        known = false;

        if (name == NULL)
            return refuse(m, EB_INVALID, "variables[%zu]: expected a name, got NULL", i);
        known = has_variable(&server, name);
        for (size_t k = 0; k < api->operation_count && !known; k++)
            known = api->operations[k]->server != NULL && has_variable(api->operations[k]->server, name);
        if (!known)
            return refuse(m, EB_INVALID, "variables: the server of %s has none named \"%.60s\"",
                          api->name, given->items[i].key);
    }
    return EB_OK;
}

/* Checks a URL that was put together and keeps it without the slashes at its end. */
static eb_status keep_url(const making *m, eb_buf *url, const char **kept)
{
    eb_status st = eb__buf_status(url);
    char      fault[256];

    if (st != EB_OK)
        return st == EB_LIMIT ? refuse(m, EB_INVALID, "base_url: longer than 8192 bytes")
                              : no_memory(m);
    st = eb__client_base_url(eb__buf_text(url), "base_url", fault, sizeof fault);
    if (st != EB_OK)
        return refuse(m, st, "%s", fault);
    while (url->len > 0 && url->data[url->len - 1] == '/')
        url->len--;
    *kept = eb__arena_dup(m->client->arena, url->data, url->len);
    return *kept != NULL ? EB_OK : no_memory(m);
}

static eb_status take_base_url(const making *m)
{
    const eb_api *api = m->client->api;
    eb_server     server;
    eb_buf        url = { 0 };
    eb_status     st  = EB_OK;

    server                    = server_of(m);
    m->client->base_url_given = m->options->base_url != NULL;
    eb__buf_init(&url, &m->client->allocator, 8192);
    if (m->options->base_url != NULL)
        eb__buf_puts(&url, m->options->base_url);
    else if (server.url == NULL || server_comes_with_calls(m, &server))
        goto out;
    else if (*server.url == '/')
        st = refuse(m, EB_INVALID, "base_url: the document of %s names no host; expected https://HOST%s",
                    api->name, server.url[1] != '\0' ? server.url : "");
    else
        st = fill_server(m, &url, &server);
    if (st == EB_OK)
        st = keep_url(m, &url, &m->client->base_url);
out:
    eb__buf_free(&url);
    return st;
}

#if EB_PART_SERVERS
/* Where an operation's own server is: a path alone stands on the client's. */
static eb_status take_place(const making *m, const eb_server *server, const char **kept)
{
    const char *base = m->client->base_url;
    eb_url      parts;
    eb_buf      url;
    eb_status   st;

    eb__buf_init(&url, &m->client->allocator, 8192);
    if (*server->url == '/' && base != NULL && eb__url_parse(base, &parts))
        eb__buf_put(&url, base, (size_t)(parts.authority + parts.authority_len - base));
    st = fill_server(m, &url, server);
    if (st == EB_OK)
        st = keep_url(m, &url, kept);
    eb__buf_free(&url);
    return st;
}

/* The servers that single operations have, each once. */
static eb_status take_places(const making *m)
{
    eb_client    *c     = m->client;
    const eb_api *api   = c->api;
    size_t        count = 0;

    for (size_t i = 0; i < api->operation_count; i++)
        count += api->operations[i]->server != NULL;
    if (count == 0 || c->base_url_given)
        return EB_OK;
    c->places = eb__arena_alloc(c->arena, count * sizeof *c->places);
    if (c->places == NULL)
        return no_memory(m);
    for (size_t i = 0; i < api->operation_count; i++) {
        const eb_server *server = api->operations[i]->server;
        eb_status        st;

        if (server == NULL || eb__client_place(c, api->operations[i]) != NULL)
            continue;
        st = take_place(m, server, &c->places[c->place_count].url);
        if (st != EB_OK)
            return st;
        c->places[c->place_count++].server = server;
    }
    return EB_OK;
}

const char *eb__client_place(const eb_client *client, const eb_operation *operation)
{
    for (size_t i = 0; operation->server != NULL && i < client->place_count; i++)
        if (client->places[i].server == operation->server)
            return client->places[i].url;
    return NULL;
}
#endif

static eb_status take_user_agent(const making *m)
{
    static const char own[] = "edgebind/" EB_VERSION;
    const char       *given = m->options->user_agent;
    eb_buf            text  = { 0 };
    eb_status         st;

    eb__buf_init(&text, &m->client->allocator, 1024);
    for (const char *at = given; at != NULL && *at != '\0'; at++)
        if (*at < ' ' || *at > '~') {
            st = refuse(m, EB_INVALID, "user_agent: expected visible ASCII characters");
            goto out;
        }
    if (given != NULL && *given != '\0') {
        eb__buf_puts(&text, given);
        eb__buf_putc(&text, ' ');
    }
    eb__buf_puts(&text, own);
    st = eb__buf_status(&text);
    if (st != EB_OK) {
        st = st == EB_LIMIT ? refuse(m, EB_INVALID, "user_agent: longer than 1024 bytes")
                            : no_memory(m);
        goto out;
    }
    m->client->user_agent = eb__arena_dup(m->client->arena, eb__buf_text(&text), text.len);
    st                    = m->client->user_agent != NULL ? EB_OK : no_memory(m);
out:
    eb__buf_free(&text);
    return st;
}

static eb_status take_upload_hosts(const making *m)
{
    const eb_str_list *hosts = &m->options->upload_hosts;
    const size_t       count = EB_LIST_IS_SET(*hosts) ? hosts->count : 0;
    const char       **kept  = eb__arena_alloc(m->client->arena, (count + 1) * sizeof *kept);

    if (kept == NULL)
        return no_memory(m);
    for (size_t i = 0; i < count; i++) {
        if (hosts->items[i] == NULL || *hosts->items[i] == '\0')
            return refuse(m, EB_INVALID, "upload_hosts[%zu]: expected a host, got none", i);
        if (strpbrk(hosts->items[i], "/:@ ") != NULL)
            return refuse(m, EB_INVALID,
                          "upload_hosts[%zu]: expected a host or \"*.\" and a domain, got \"%.60s\"",
                          i, hosts->items[i]);
        kept[i] = eb__arena_dup(m->client->arena, hosts->items[i], strlen(hosts->items[i]));
        if (kept[i] == NULL)
            return no_memory(m);
    }
    kept[count]             = NULL;
    m->client->upload_hosts = kept;
    return EB_OK;
}

static eb_status take_duration(const making *m, const char *name, int64_t given, int64_t fallback,
                               int64_t *kept)
{
    if (given < 0)
        return refuse(m, EB_INVALID, "%s: expected milliseconds%s, got %lld", name,
                      strcmp(name, "deadline_ms") == 0 ? " or EB_NO_DEADLINE" : "", (long long)given);
    *kept = given == 0 ? fallback : given;
    return EB_OK;
}

static eb_status take_numbers(const making *m)
{
    const eb_client_options *o = m->options;
    eb_client               *c = m->client;
    eb_status                st;

    if (o->server < 0 || (size_t)o->server > c->api->server_count ||
        (o->server > 0 && c->api->servers[o->server - 1].url == NULL))
        return refuse(m, EB_INVALID, "server: the document of %s has none with the number %d",
                      c->api->name, o->server);
    if (o->deadline_ms == EB_NO_DEADLINE)
        c->deadline_ms = EB_NO_DEADLINE;
    else if ((st = take_duration(m, "deadline_ms", o->deadline_ms, DEADLINE_MS, &c->deadline_ms)) != EB_OK)
        return st;
    st = take_duration(m, "connect_timeout_ms", o->connect_timeout_ms, CONNECT_TIMEOUT_MS,
                       &c->connect_timeout_ms);
    if (st == EB_OK)
        st = take_duration(m, "attempt_timeout_ms", o->attempt_timeout_ms, ATTEMPT_TIMEOUT_MS,
                           &c->attempt_timeout_ms);
    if (st == EB_OK)
        st = take_duration(m, "stall_timeout_ms", o->stall_timeout_ms, STALL_TIMEOUT_MS,
                           &c->stall_timeout_ms);
    if (st != EB_OK)
        return st;
    if (o->retries < EB_RETRIES_NONE || o->retries > EB_RETRIES_MAX)
        return refuse(m, EB_INVALID,
                      "retries: expected EB_RETRIES_NONE, 0 for the default, or up to %d, got %d",
                      EB_RETRIES_MAX, o->retries);
    c->retries      = o->retries == EB_RETRIES_NONE ? 0 : o->retries == 0 ? RETRIES : o->retries;
    c->own_deadline = o->deadline_ms != 0;
    c->own_attempt_timeout = o->attempt_timeout_ms != 0;
    c->own_stall_timeout   = o->stall_timeout_ms != 0;
    c->own_retries         = o->retries != 0;
    if (o->max_depth > EB_DEPTH_MAX) /* decoding recurses: more would endanger the stack */
        return refuse(m, EB_INVALID, "max_depth: expected at most %d, got %zu", (int)EB_DEPTH_MAX,
                      o->max_depth);
    c->skip_limits        = o->skip_limits;
    c->skip_rate_limits   = o->skip_rate_limits;
    c->skip_token_renewal = o->skip_token_renewal;
    c->max_body_bytes     = o->max_body_bytes != 0 ? o->max_body_bytes : BODY_MAX;
    c->max_header_bytes   = o->max_header_bytes != 0 ? o->max_header_bytes : HEADERS_MAX;
    c->max_depth          = o->max_depth != 0 ? o->max_depth : DEPTH_MAX;
    c->max_items          = o->max_items != 0 ? o->max_items : ITEMS_MAX;
    return EB_OK;
}

/* A certificate or key that cannot be used would fail every connection with far less to say. */
static eb_status take_identity(const making *m)
{
    const eb_client_options *o = m->options;
    const char *cert = o->client_cert_pem != NULL ? "client_cert_pem" : "client_cert_file";
    const char *key  = o->client_key_pem != NULL    ? "client_key_pem"
                       : o->client_key_file != NULL ? "client_key_file"
                                                    : cert;
    const char *fault;

    if (o->client_cert_pem == NULL && o->client_cert_file == NULL) {
        if (key != cert)
            return refuse(m, EB_INVALID, "%s: expected %s beside it", key,
                          o->client_key_pem != NULL ? "client_cert_pem" : "client_cert_file");
        if (o->client_key_password != NULL)
            return refuse(m, EB_INVALID, "client_key_password: expected a client certificate and its key");
        return EB_OK;
    }
    switch (eb__check_identity(o->client_cert_pem, o->client_cert_file,
                               key == cert ? o->client_cert_pem : o->client_key_pem,
                               key == cert ? o->client_cert_file : o->client_key_file,
                               o->client_key_password)) {
    case EB_IDENTITY_GOOD:
        return EB_OK;
    case EB_IDENTITY_NO_FILE:
        return EB_OK; /* the transport says which */
    case EB_IDENTITY_NO_CERT:
        return refuse(m, EB_INVALID, "%s: expected a certificate in PEM", cert);
    case EB_IDENTITY_NO_KEY:
        fault = o->client_key_password != NULL ? ", or client_key_password does not open it"
                                               : ", or it wants client_key_password";
        return refuse(m, EB_INVALID, "%s: expected a private key in PEM%s", key, fault);
    default:
        return refuse(m, EB_INVALID, "%s: the key is not that of the certificate in %s", key, cert);
    }
}

static eb_status take_systems(const making *m)
{
    static const eb_random   system_random = { eb__random_bytes, NULL };
    const eb_client_options *o             = m->options;
    eb_client               *c             = m->client;
    char                     fault[256]    = "";
    eb_status                st            = take_identity(m);

    if (st != EB_OK)
        return st;
    if (o->hooks != NULL)
        c->hooks = *o->hooks;
    if (o->log != NULL)
        c->log = *o->log;
    if (c->log.level != EB_LOG_NONE && c->log.write == NULL)
        return refuse(m, EB_INVALID, "log: expected write");
    c->clock  = o->clock != NULL ? *o->clock : eb__system_clock;
    c->random = o->random != NULL ? *o->random : system_random;
    if (c->clock.wall_ms == NULL || c->clock.monotonic_ms == NULL)
        return refuse(m, EB_INVALID, "clock: expected both wall_ms and monotonic_ms");
    if (c->random.bytes == NULL)
        return refuse(m, EB_INVALID, "random: expected bytes");
    if (o->transport != NULL) {
        if (o->transport->exchange == NULL)
            return refuse(m, EB_INVALID, "transport: expected exchange");
        c->transport = *o->transport;
        return EB_OK;
    }
    st = eb__curl_transport_new(o, c->shared, &c->allocator, &c->transport, fault, sizeof fault);
    return st == EB_OK ? EB_OK : refuse(m, st, "%s", fault);
}

eb_status eb_client_new(const eb_client_options *options, eb_client **client)
{
    making             m         = { options, NULL };
    const eb_allocator allocator = options != NULL && options->allocator != NULL
                                       ? *options->allocator
                                       : (eb_allocator){ NULL, NULL, NULL };
    eb_status          st;
    char               fault[256] = "";

    if (options == NULL || client == NULL)
        return EB_INVALID;
    if (options->problem != NULL && options->problem_size > 0)
        options->problem[0] = '\0';
    if (options->api == NULL)
        return refuse(&m, EB_INVALID, "api: expected the address of an API, as &edgegap_api");
    if (options->api->contract != EB_CONTRACT)
        return refuse(&m, EB_INVALID,
                      "api: %s was generated for contract %u, this runtime has %d: regenerate",
                      options->api->name, (unsigned)options->api->contract, EB_CONTRACT);
    if (options->allocator != NULL && (allocator.allocate == NULL || allocator.release == NULL))
        return refuse(&m, EB_INVALID, "allocator: expected both allocate and release");
    m.client = eb__alloc(options->allocator, sizeof *m.client);
    if (m.client == NULL)
        return no_memory(&m);
    memset(m.client, 0, sizeof *m.client);
    m.client->allocator = allocator;
    m.client->api       = options->api;
    atomic_init(&m.client->clock_offset_ms, 0);
    m.client->arena = eb__arena_new(&m.client->allocator, 0);
    st              = m.client->arena != NULL ? EB_OK : no_memory(&m);
    if (st == EB_OK && options->shared != NULL)
        m.client->shared = eb__shared_keep(options->shared);
    else if (st == EB_OK && eb_shared_new(&m.client->allocator, &m.client->shared) != EB_OK)
        st = no_memory(&m);
    if (st == EB_OK)
        st = take_numbers(&m);
    if (st == EB_OK)
        st = check_variables(&m);
    if (st == EB_OK)
        st = take_base_url(&m);
#if EB_PART_SERVERS
    if (st == EB_OK)
        st = take_places(&m);
#endif
    if (st == EB_OK)
        st = take_user_agent(&m);
    if (st == EB_OK)
        st = take_upload_hosts(&m);
    if (st == EB_OK) {
        st = eb__credentials_take(m.client, options, fault, sizeof fault);
        if (st != EB_OK)
            st = refuse(&m, st, "%s", fault);
    }
    if (st == EB_OK)
        st = take_systems(&m);
    if (st != EB_OK) {
        eb_client_free(m.client);
        return st;
    }
    *client = m.client;
    return EB_OK;
}

void eb_client_free(eb_client *client)
{
    eb_allocator allocator;

    if (client == NULL)
        return;
    if (client->transport.free != NULL)
        client->transport.free(client->transport.context);
    for (size_t i = 0; i < client->held_count; i++)
        eb__token_free(client->held[i].token);
    eb_shared_free(client->shared);
    eb__arena_free(client->arena);
    allocator = client->allocator;
    eb__release(&allocator, client, sizeof *client);
}
