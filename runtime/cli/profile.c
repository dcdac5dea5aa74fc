/* profile.c -- credentials, and the settings of a profile.
 *
 * The configuration file is an INI file that nobody else can read: a section for each profile; in it the credentials
 * under the names of their environment variables, and the options that belong to an account or a network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What a profile may set besides credentials: options of the same name. */
static const char *const settable[] = { "region", "base-url", "ca-file",
                                        "proxy",  "timeout",  "retries" };

enum { ID, SECRET, TOKEN, CREDENTIAL_COUNT };

const eb_auth *cli_scheme(const eb_api *api, size_t n)
{
    if (api->schemes != NULL)
        return n < api->scheme_count ? &api->schemes[n] : NULL;
    return n == 0 ? api->auth : NULL;
}

bool cli_scheme_has(const eb_auth *auth, int which)
{
    switch (auth->kind) {
    case EB_AUTH_NONE:
    case EB_AUTH_CLIENT_CERT:
        return false;
    case EB_AUTH_ACS3:
    case EB_AUTH_OAUTH2:
        return true;
    case EB_AUTH_BASIC:
        return which != TOKEN;
    default:
        return which == TOKEN;
    }
}

void cli_credential_name(cli_text *to, const eb_api *api, const eb_auth *auth, int which)
{
    const char *const names[] = { auth->env_id, auth->env_secret, auth->env_token };
    const char *const ends[]  = { "_KEY_ID", "_KEY_SECRET", "_TOKEN" };

    to->len = 0;
    if (names[which] != NULL) {
        cli_puts(to, names[which]);
        return;
    }
    cli_puts(to, api->name);
    if (auth->scheme != NULL && api->scheme_count > 1)
        cli_printf(to, "_%s", auth->scheme);
    cli_puts(to, ends[which]);
    for (char *at = to->data; *at != '\0'; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - ('a' - 'A') : *at == '-' ? '_' : *at);
}

void cli_profile_path(cli_text *to)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (config != NULL && config[0] == '/')
        cli_printf(to, "%s/edgebind/config", config);
    else
        cli_printf(to, "%s/.config/edgebind/config", home != NULL ? home : "");
}

/* Without any the operation cannot be called. */
static bool needs_credentials(const cli_call *call)
{
    const eb_api  *api  = call->api;
    const eb_auth *auth = cli_scheme(api, 0);

    if (auth == NULL || (call->operation->flags & EB_NO_AUTH) != 0)
        return false;
    if (api->schemes != NULL && call->operation->security == NULL && api->security == NULL)
        return false;
    return cli_scheme_has(auth, ID) || cli_scheme_has(auth, TOKEN);
}

/* ---- The file ---------------------------------------------------------------------------------- */

static char *trim(char *text)
{
    size_t len;

    text += strspn(text, " \t\r");
    len = strlen(text);
    while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
        text[--len] = '\0';
    return text;
}

/* Whose credential is it, and which? */
static bool is_credential(const char *key, const eb_api *api, size_t *scheme, int *which)
{
    cli_text name  = { 0 };
    bool     found = false;

    for (size_t n = 0; !found && n < CLI_SCHEMES_MAX && cli_scheme(api, n) != NULL; n++)
        for (int i = 0; !found && i < CREDENTIAL_COUNT; i++) {
            if (!cli_scheme_has(cli_scheme(api, n), i))
                continue;
            cli_credential_name(&name, api, cli_scheme(api, n), i);
            found   = strcmp(cli_str(&name), key) == 0;
            *scheme = n;
            *which  = i;
        }
    cli_text_free(&name);
    return found;
}

/* Is it a credential of some API of this program? */
static bool is_any_credential(const char *key)
{
    size_t scheme;
    int    which;

    for (size_t i = 0; eb_helps[i] != NULL; i++)
        if (is_credential(key, eb_helps[i]->api, &scheme, &which))
            return true;
    return false;
}

typedef const char *found_texts[CREDENTIAL_COUNT];

typedef struct reading {
    const char   *path;
    int           line;
    const eb_api *api;
    found_texts   found[CLI_SCHEMES_MAX];
    cli_settings  set; /* what the profile sets */
} reading;

static cli_exit take(reading *r, char *key, char *value)
{
    char   where[300];
    size_t scheme = 0;
    int    which  = 0;

    if (is_credential(key, r->api, &scheme, &which)) {
        r->found[scheme][which] = value;
        return CLI_GO_ON;
    }
    for (char *at = key; *at != '\0'; at++)
        *at = (char)(*at == '_' && strchr("rbcpt", key[0]) != NULL ? '-' : *at);
    (void)snprintf(where, sizeof where, "%s:%d: %s", r->path, r->line, key);
    for (size_t i = 0; i < sizeof settable / sizeof settable[0]; i++)
        if (strcmp(settable[i], key) == 0)
            return cli_option_set(&r->set, cli_option_find(key, strlen(key)), where, value);
    if (is_any_credential(key))
        return CLI_GO_ON;
    return cli_fail(CLI_USAGE,
                    "%s: expected the name of a credential's variable, or one of region, base-url, ca-file, "
                    "proxy, timeout, retries, client-cert, client-key",
                    where);
}

/* Takes the lines of a section. *found: there is one of that name. */
static cli_exit read_section(reading *r, char *text, const char *section, bool *found)
{
    bool     inside = false;
    cli_exit done   = CLI_GO_ON;

    for (char *next; done == CLI_GO_ON && text != NULL; text = next) {
        char *end = strchr(text, '\n'), *line, *equals;

        next = end != NULL ? end + 1 : NULL;
        if (end != NULL)
            *end = '\0';
        r->line++;
        line = trim(text);
        if (*line == '\0' || *line == '#' || *line == ';')
            continue;
        if (*line == '[') {
            end = strchr(line, ']');
            if (end == NULL || end[1] != '\0')
                return cli_fail(CLI_USAGE, "%s:%d: expected [NAME]", r->path, r->line);
            *end   = '\0';
            inside = strcmp(trim(line + 1), section) == 0;
            *found = *found || inside;
            continue;
        }
        equals = strchr(line, '=');
        if (equals == NULL)
            return cli_fail(CLI_USAGE, "%s:%d: expected NAME = VALUE or [NAME]", r->path, r->line);
        *equals = '\0';
        if (inside)
            done = take(r, trim(line), trim(equals + 1));
    }
    return done;
}

static void merge(cli_settings *settings, const cli_settings *set)
{
    settings->region      = settings->region != NULL ? settings->region : set->region;
    settings->base_url    = settings->base_url != NULL ? settings->base_url : set->base_url;
    settings->ca_file     = settings->ca_file != NULL ? settings->ca_file : set->ca_file;
    settings->proxy       = settings->proxy != NULL ? settings->proxy : set->proxy;
    settings->client_cert = settings->client_cert != NULL ? settings->client_cert : set->client_cert;
    settings->client_key  = settings->client_key != NULL ? settings->client_key : set->client_key;
    settings->timeout_ms  = settings->timeout_ms != 0 ? settings->timeout_ms : set->timeout_ms;
    settings->retries     = settings->retries != 0 ? settings->retries : set->retries;
}

/* The named profile must be there; the default one need not. */
static cli_exit read_profile(cli_profile *profile, cli_settings *settings, reading *r, const char *name)
{
    cli_text    path    = { 0 };
    const char *problem = NULL;
    bool        found   = false;
    cli_exit    done    = CLI_GO_ON;

    cli_profile_path(&path);
    r->path           = cli_str(&path);
    profile->texts[0] = cli_read_file(r->path, true, &profile->lens[0], &problem);
    if (profile->texts[0] == NULL) {
        FILE *there = fopen(r->path, "r");

        if (there != NULL || name != NULL)
            done = cli_fail(CLI_CREDENTIALS, "%s: %s", r->path, problem);
        if (there != NULL)
            (void)fclose(there);
    } else {
        done = read_section(r, profile->texts[0], name != NULL ? name : "default", &found);
        if (done == CLI_GO_ON && !found && name != NULL)
            done = cli_fail(CLI_CREDENTIALS, "%s: there is no profile [%s]", r->path, name);
        merge(settings, &r->set);
    }
    cli_text_free(&path);
    return done;
}

/* ---- A file of its own ------------------------------------------------------------------------- */

static cli_exit read_token_file(cli_profile *profile, const char *path, const eb_auth *auth,
                                const char **found)
{
    const bool pair = auth->kind == EB_AUTH_ACS3 || auth->kind == EB_AUTH_BASIC ||
                      auth->kind == EB_AUTH_OAUTH2;
    const char *problem = NULL;
    char       *lines[3];
    size_t      count = 0;

    profile->texts[1] = cli_read_file(path, true, &profile->lens[1], &problem);
    if (profile->texts[1] == NULL)
        return cli_fail(CLI_CREDENTIALS, "--token-file: %s: %s", path, problem);
    for (char *at = profile->texts[1], *next; at != NULL; at = next) {
        char *end = strchr(at, '\n');

        next = end != NULL ? end + 1 : NULL;
        if (end != NULL)
            *end = '\0';
        at = trim(at);
        if (*at != '\0' && count == 3)
            count = 4;
        if (*at != '\0' && count < 3)
            lines[count++] = at;
    }
    if (pair ? count != 2 && count != 3 : count != 1)
        return cli_fail(CLI_CREDENTIALS, "--token-file: %s: expected %s", path,
                        pair ? "an id, its secret and, if there is one, the security token, a line each"
                             : "one line, the token");
    found[TOKEN]  = pair ? count == 3 ? lines[2] : NULL : lines[0];
    found[ID]     = pair ? lines[0] : NULL;
    found[SECRET] = pair ? lines[1] : NULL;
    return CLI_GO_ON;
}

/* ---- All together ------------------------------------------------------------------------------ */

static bool complete(const eb_auth *auth, const char *const *found)
{
    const bool pair = found[ID] != NULL && found[SECRET] != NULL;

    switch (auth->kind) {
    case EB_AUTH_NONE:
    case EB_AUTH_CLIENT_CERT:
        return false;
    case EB_AUTH_ACS3:
        return pair;
    case EB_AUTH_BASIC:
        return found[ID] != NULL;
    case EB_AUTH_OAUTH2:
        return pair || found[TOKEN] != NULL;
    default:
        return found[TOKEN] != NULL;
    }
}

static eb_credentials credentials_of(const eb_auth *auth, const char *const *found)
{
    switch (auth->kind) {
    case EB_AUTH_ACS3:
        return eb_credentials_sts(found[ID], found[SECRET], found[TOKEN]);
    case EB_AUTH_BASIC:
        return eb_credentials_basic(found[ID], found[SECRET]);
    case EB_AUTH_OAUTH2:
        return found[TOKEN] != NULL ? eb_credentials_token(found[TOKEN])
                                    : eb_credentials_oauth2(found[ID], found[SECRET]);
    default:
        return eb_credentials_token(found[TOKEN]);
    }
}

static void read_environment(const eb_api *api, const eb_auth *auth, const char **found)
{
    cli_text name = { 0 };

    for (int i = 0; i < CREDENTIAL_COUNT; i++) {
        const char *value;

        if (!cli_scheme_has(auth, i))
            continue;
        cli_credential_name(&name, api, auth, i);
        value    = getenv(cli_str(&name));
        found[i] = value != NULL && *value != '\0' ? value : NULL;
    }
    cli_text_free(&name);
}

static cli_exit nothing_found(const eb_api *api)
{
    const eb_auth *auth = cli_scheme(api, 0);
    cli_text       path = { 0 }, first = { 0 }, second = { 0 };

    cli_profile_path(&path);
    cli_credential_name(&first, api, auth, cli_scheme_has(auth, ID) ? ID : TOKEN);
    if (cli_scheme_has(auth, SECRET)) {
        cli_credential_name(&second, api, auth, SECRET);
        cli_puts(&first, " and ");
        cli_puts(&first, cli_str(&second));
    }
    (void)cli_fail(CLI_CREDENTIALS,
                   "no credentials for %s: put them into the environment as %s, under these names into %s, or into "
                   "a file for --token-file",
                   api->name, cli_str(&first), cli_str(&path));
    cli_text_free(&path);
    cli_text_free(&first);
    cli_text_free(&second);
    return CLI_CREDENTIALS;
}

/* What there is for each scheme of the document. */
static void gather(cli_profile *profile, const reading *r, bool named, bool file)
{
    size_t count = 0;

    for (size_t n = 0; n < CLI_SCHEMES_MAX && cli_scheme(r->api, n) != NULL; n++) {
        const eb_auth     *auth        = cli_scheme(r->api, n);
        found_texts        environment = { NULL, NULL, NULL };
        const char *const *found       = r->found[n];

        read_environment(r->api, auth, environment);
        if (complete(auth, environment) && !(file && n == 0) && (!named || !complete(auth, found)))
            found = environment;
        if (!complete(auth, found))
            continue;
        profile->items[count] = credentials_of(auth, found);
        if (r->api->schemes != NULL && auth->scheme != NULL)
            profile->items[count] = eb_credentials_for(auth->scheme, profile->items[count]);
        count++;
    }
    if (count > 0)
        profile->credentials = count == 1 ? profile->items[0]
                                          : eb_credentials_several(profile->items, count);
    profile->given = count > 0;
}

cli_exit cli_profile_load(cli_profile *profile, cli_settings *settings, const cli_call *call)
{
    const eb_api *api  = call->api;
    reading       r    = { .api = api };
    const char   *name = settings->profile != NULL ? settings->profile : getenv("EB_PROFILE");
    const char   *mock = getenv(CLI_MOCK_URL);
    const bool    file = settings->token_file != NULL && needs_credentials(call);
    cli_exit      done;

    profile->credentials = eb_credentials_none();
    if (name != NULL && *name == '\0')
        name = NULL;
    done = read_profile(profile, settings, &r, name);
    if (done == CLI_GO_ON && file)
        done = read_token_file(profile, settings->token_file, cli_scheme(api, 0), r.found[0]);
    if (done != CLI_GO_ON)
        return done;
    settings->from_mock = settings->base_url == NULL && mock != NULL && *mock != '\0';
    if (settings->from_mock)
        settings->base_url = mock;
    gather(profile, &r, name != NULL, file);
    return profile->given || !needs_credentials(call) ? CLI_GO_ON : nothing_found(api);
}

void cli_profile_free(cli_profile *profile)
{
    for (int i = 0; i < 2; i++)
        cli_wipe_bytes(profile->texts[i], profile->lens[i]);
    *profile = (cli_profile){ 0 };
}
