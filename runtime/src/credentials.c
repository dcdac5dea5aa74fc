/* credentials.c -- taking credentials in: from values, from the environment, from a callback; and
 * refusing what could not stand in a header. Nothing here ever prints a secret. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "client.h"
#include "text.h"
#include "token.h"
#include "url.h"

static const eb_credentials nothing;

eb_credentials eb_credentials_token(const char *token)
{
    eb_credentials made = nothing;

    made.kind        = EB_CREDENTIALS_TOKEN;
    made.fixed.token = token;
    return made;
}

eb_credentials eb_credentials_key(const char *id, const char *secret)
{
    return eb_credentials_sts(id, secret, NULL);
}

eb_credentials eb_credentials_sts(const char *id, const char *secret, const char *security_token)
{
    eb_credentials made = nothing;

    made.kind         = EB_CREDENTIALS_KEY;
    made.fixed.id     = id;
    made.fixed.secret = secret;
    made.fixed.token  = security_token;
    return made;
}

eb_credentials eb_credentials_basic(const char *user, const char *password)
{
    eb_credentials made = nothing;

    made.kind         = EB_CREDENTIALS_BASIC;
    made.fixed.id     = user;
    made.fixed.secret = password;
    return made;
}

eb_credentials eb_credentials_oauth2(const char *client_id, const char *client_secret)
{
    eb_credentials made = nothing;

    made.kind         = EB_CREDENTIALS_OAUTH2;
    made.fixed.id     = client_id != NULL ? client_id : "";
    made.fixed.secret = client_secret;
    return made;
}

eb_credentials eb_credentials_for(const char *scheme, eb_credentials credentials)
{
    credentials.scheme = scheme;
    return credentials;
}

eb_credentials eb_credentials_several(const eb_credentials *items, size_t count)
{
    eb_credentials made = nothing;

    made.kind          = EB_CREDENTIALS_SEVERAL;
    made.several       = items;
    made.several_count = count;
    return made;
}

eb_credentials eb_credentials_callback(eb_credentials_get get, void *context)
{
    eb_credentials made = nothing;

    made.kind    = EB_CREDENTIALS_CALLBACK;
    made.get     = get;
    made.context = context;
    return made;
}

eb_credentials eb_credentials_none(void)
{
    eb_credentials made = nothing;

    made.kind = EB_CREDENTIALS_NONE;
    return made;
}

/* May the text stand in a header: visible ASCII and inner spaces, not empty. */
static bool fits_header(const char *text)
{
    if (text == NULL || *text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

/* The text without spaces at both ends and one leading prefix of any case. */
static const char *trim(const char *text, const char *prefix, size_t *len)
{
    const size_t prefix_len = prefix != NULL ? strlen(prefix) : 0;

    while (eb__is_space(*text))
        text++;
    if (prefix_len > 0 && strlen(text) >= prefix_len &&
        eb__same_text(text, prefix_len, prefix, prefix_len))
        text += prefix_len;
    while (eb__is_space(*text))
        text++;
    *len = strlen(text);
    while (*len > 0 && eb__is_space(text[*len - 1]))
        --*len;
    return text;
}

static eb_status keep(const char **kept, const char *text, const char *prefix, bool exact, eb_arena *arena)
{
    const char *from = text;
    size_t      len;

    *kept = NULL;
    if (text == NULL)
        return EB_OK;
    len = strlen(text);
    if (!exact)
        from = trim(text, prefix, &len);
    *kept = eb__arena_dup(arena, from, len);
    return *kept != NULL ? EB_OK : EB_NOMEM;
}

/* ---- What each kind of scheme takes ------------------------------------------------------------- */

static bool takes(const eb_auth *auth, eb_credentials_kind kind)
{
    switch (auth->kind) {
    case EB_AUTH_API_KEY_HEADER:
    case EB_AUTH_API_KEY_QUERY:
    case EB_AUTH_API_KEY_COOKIE:
        return kind == EB_CREDENTIALS_TOKEN || kind == EB_CREDENTIALS_CALLBACK;
    case EB_AUTH_ACS3:
        return kind == EB_CREDENTIALS_KEY || kind == EB_CREDENTIALS_CALLBACK;
    case EB_AUTH_BASIC:
        return kind == EB_CREDENTIALS_BASIC || kind == EB_CREDENTIALS_CALLBACK;
    case EB_AUTH_OAUTH2:
        return kind == EB_CREDENTIALS_OAUTH2 || kind == EB_CREDENTIALS_TOKEN ||
               kind == EB_CREDENTIALS_CALLBACK;
    default:
        return false;
    }
}

static const char *wanted(const eb_auth *auth)
{
    switch (auth->kind) {
    case EB_AUTH_ACS3:
        return "an access key pair";
    case EB_AUTH_BASIC:
        return "a user name and a password";
    case EB_AUTH_OAUTH2:
        return "a client id and secret, or a token";
    case EB_AUTH_CLIENT_CERT:
        return "a client certificate among the client's options";
    default:
        return "a token";
    }
}

static const char *given_as(eb_credentials_kind kind)
{
    switch (kind) {
    case EB_CREDENTIALS_KEY:
        return "an access key pair";
    case EB_CREDENTIALS_BASIC:
        return "a user name and a password";
    case EB_CREDENTIALS_OAUTH2:
        return "a client id and secret";
    case EB_CREDENTIALS_CALLBACK:
        return "a callback";
    case EB_CREDENTIALS_TOKEN:
        return "a token";
    default:
        return "something else";
    }
}

/* May it stand in a cookie as it is (RFC 6265)? */
static bool fits_cookie(const char *text)
{
    return strpbrk(text, " \",;\\") == NULL;
}

/* What a token needs; NULL: nothing is missing. */
static const char *missing_token(const eb_auth *auth, const char *token)
{
    if (token == NULL || *token == '\0')
        return "expected a token, got none";
    if (auth->kind == EB_AUTH_API_KEY_QUERY) /* it is encoded */
        return NULL;
    if (!fits_header(token))
        return "expected a token of visible ASCII characters";
    return auth->kind != EB_AUTH_API_KEY_COOKIE || fits_cookie(token)
               ? NULL
               : "a token for a cookie has no spaces, quotes, commas, semicolons or backslashes";
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

/* What a scheme needs of a credential; NULL: nothing is missing. */
static const char *missing(const eb_auth *auth, const eb_credential *credential)
{
    const char *id = credential->id, *secret = credential->secret;

    switch (auth->kind) {
    case EB_AUTH_ACS3:
        if (id == NULL || *id == '\0')
            return "expected an access key id, got none";
        if (!fits_header(id))
            return "expected an access key id of visible ASCII characters";
        if (secret == NULL || *secret == '\0')
            return "expected an access key secret, got none";
        if (credential->token != NULL && !fits_header(credential->token))
            return "expected a security token of visible ASCII characters";
        return NULL;
    case EB_AUTH_BASIC:
        if (id == NULL || *id == '\0')
            return "expected a user name, got none";
        if (strchr(id, ':') != NULL)
            return "a user name has no colon";
        return has_control(id) || (secret != NULL && has_control(secret))
                   ? "expected a user name and a password without control characters"
                   : NULL;
    case EB_AUTH_OAUTH2:
        if (credential->token != NULL || (id == NULL && secret == NULL))
            return missing_token(auth, credential->token);
        if (id == NULL || *id == '\0')
            return "expected a client id, got none";
        return secret == NULL || *secret == '\0' ? "expected a client secret, got none" : NULL;
    default:
        return missing_token(auth, credential->token);
    }
}

/* The texts of a credential, trimmed, in the arena. EB_OK or EB_NOMEM. */
static eb_status keep_all(eb_credential *kept, const eb_credential *given, const eb_auth *auth,
                          eb_arena *arena)
{
    const bool exact = auth->kind == EB_AUTH_BASIC; /* spaces may be part of a password */

    if (keep(&kept->id, given->id, NULL, exact, arena) != EB_OK ||
        keep(&kept->secret, given->secret, NULL, exact, arena) != EB_OK ||
        keep(&kept->token, given->token, auth->prefix, false, arena) != EB_OK)
        return EB_NOMEM;
    if (auth->kind == EB_AUTH_ACS3 && kept->token != NULL && *kept->token == '\0')
        kept->token = NULL;
    return EB_OK;
}

/* ---- Taking them in ------------------------------------------------------------------------------ */

typedef struct taking {
    eb_client *client;
    char      *problem;
    size_t     size;
} taking;

/* "credentials: expected ...", with the scheme's name where there are several. */
static eb_status say(const taking *t, eb_status status, const eb_held *held, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static eb_status say(const taking *t, eb_status status, const eb_held *held, const char *format, ...)
{
    va_list     arguments;
    const char *scheme = held != NULL && t->client->held_count > 1 ? held->auth->scheme : NULL;
    int         len;

    if (t->problem == NULL || t->size == 0)
        return status;
    len = snprintf(t->problem, t->size, "credentials: %s%s", scheme != NULL ? scheme : "",
                   scheme != NULL ? ": " : "");
    if (len < 0 || (size_t)len >= t->size)
        return status;
    va_start(arguments, format);
    (void)vsnprintf(t->problem + len, t->size - (size_t)len, format, arguments);
    va_end(arguments);
    return status;
}

static eb_status keep_text(const taking *t, const char **text)
{
    if (*text != NULL)
        *text = eb__arena_dup(t->client->arena, *text, strlen(*text));
    return eb__arena_failed(t->client->arena) ? EB_NOMEM : EB_OK;
}

/* A place to ask for tokens: what the caller says, else what the document does. Secrets go there: https, or this
 * machine. */
static eb_status take_token_url(const taking *t, eb_held *held)
{
    const eb_client *c    = t->client;
    const char      *from = held->given.token_url != NULL ? held->given.token_url : held->auth->token_url;
    eb_buf           text;
    eb_url           url;
    eb_status        st;

    if (from == NULL)
        return say(t, EB_INVALID, held,
                   "%s cannot be exchanged for a token: the document names no flow for them; give a token",
                   given_as(EB_CREDENTIALS_OAUTH2));
    eb__buf_init(&text, &c->allocator, 8192);
    if (*from == '/' && c->base_url != NULL && eb__url_parse(c->base_url, &url))
        eb__buf_put(&text, c->base_url, (size_t)(url.authority + url.authority_len - c->base_url));
    eb__buf_puts(&text, from);
    from = eb__buf_text(&text);
    st   = eb__buf_status(&text);
    if (st == EB_OK && !eb__url_parse(from, &url))
        st = say(t, EB_INVALID, held, "token_url: expected an https URL%s",
                 *from == '/' ? "; the API's server, which it stands on, comes with each call" : "");
    else if (st == EB_OK && !url.https && !eb__url_is_loopback(url.host, url.host_len))
        st = say(t, EB_INVALID, held, "token_url: a client secret is sent by https only, got http://%.*s",
                 (int)(url.authority_len < 100 ? url.authority_len : 100), url.authority);
    if (st == EB_OK) {
        held->given.token_url = eb__arena_dup(c->arena, from, text.len);
        st                    = held->given.token_url != NULL ? EB_OK : EB_NOMEM;
    }
    eb__buf_free(&text);
    return st;
}

/* What a scheme that fetches tokens needs besides id and secret. */
static eb_status take_oauth2(const taking *t, eb_held *held)
{
    eb_credentials *given = &held->given;
    eb_status       st    = take_token_url(t, held);

    if (st != EB_OK)
        return st;
    if (given->scope == NULL)
        given->scope = held->auth->scope;
    given->client_secret_post = given->client_secret_post || held->auth->in_body;
    st                        = keep_text(t, &given->scope);
    if (st == EB_OK)
        st = keep_text(t, &given->audience);
    if (st == EB_OK) {
        held->token = eb__token_new(&t->client->allocator);
        st          = held->token != NULL ? EB_OK : EB_NOMEM;
    }
    return st;
}

/* One credential for one scheme that takes its kind. */
static eb_status take_one(const taking *t, eb_held *held, const eb_credentials *given)
{
    const char *fault;
    eb_status   st = EB_OK;

    if (held->given.kind != EB_CREDENTIALS_NONE)
        return say(t, EB_INVALID, held, "given twice");
    if (given->kind == EB_CREDENTIALS_CALLBACK && given->get == NULL)
        return say(t, EB_INVALID, held, "the callback is NULL");
    if (keep_all(&held->given.fixed, &given->fixed, held->auth, t->client->arena) != EB_OK)
        return say(t, EB_NOMEM, held, "out of memory");
    fault = given->kind == EB_CREDENTIALS_CALLBACK ? NULL : missing(held->auth, &held->given.fixed);
    if (fault != NULL)
        return say(t, EB_AUTH, held, "%s", fault);
    held->given.get                = given->get;
    held->given.context            = given->context;
    held->given.token_url          = given->token_url;
    held->given.scope              = given->scope;
    held->given.audience           = given->audience;
    held->given.client_secret_post = given->client_secret_post;
    held->given.kind               = given->kind;
    if (given->kind == EB_CREDENTIALS_OAUTH2 ||
        (held->auth->kind == EB_AUTH_OAUTH2 && given->kind == EB_CREDENTIALS_CALLBACK &&
         held->auth->token_url != NULL))
        st = take_oauth2(t, held);
    return st == EB_NOMEM ? say(t, st, held, "out of memory") : st;
}

/* The schemes' names, for people. */
static void list_names(eb_buf *out, const eb_client *client, uint32_t schemes, const char *last)
{
    bool any = false;

    for (size_t i = 0; i < client->held_count; i++)
        if ((schemes >> i & 1) != 0) {
            const char *name = client->held[i].auth->scheme;

            eb__buf_printf(out, "%s%s", any ? last : "", name != NULL ? name : wanted(client->held[i].auth));
            any = true;
        }
}

static eb_status say_names(const taking *t, eb_status status, uint32_t schemes, const char *before)
{
    eb_buf names;

    eb__buf_init(&names, &t->client->allocator, 1024);
    list_names(&names, t->client, schemes, ", ");
    (void)say(t, status, NULL, "%s%s", before, eb__buf_text(&names));
    eb__buf_free(&names);
    return status;
}

/* The ways of an operation, or of the API when it is NULL; *one holds the only one of an API with but one scheme. */
static const uint32_t *ways_of(const eb_client *client, const eb_operation *operation, uint32_t *one,
                               size_t *count)
{
    const eb_security *security = operation != NULL && operation->security != NULL ? operation->security
                                                                                   : client->api->security;

    *one   = 1;
    *count = 0;
    if (client->held_count == 0 || (operation != NULL && (operation->flags & EB_NO_AUTH) != 0))
        return one;
    if (security == NULL) {
        *count = client->api->schemes == NULL ? 1 : 0;
        return one;
    }
    *count = security->count;
    return security->ways;
}

/* The schemes in the ways of operations that say nothing themselves. */
static uint32_t usual_schemes(const eb_client *client)
{
    uint32_t        one, schemes = 0;
    size_t          count;
    const uint32_t *ways = ways_of(client, NULL, &one, &count);

    for (size_t i = 0; i < count; i++)
        schemes |= ways[i];
    return schemes;
}

/* The scheme that credentials are for: the one they name, or the only one that takes their kind, if need be among
 * those that most operations want. */
static eb_status find_scheme(const taking *t, const eb_credentials *given, eb_held **found)
{
    eb_client *c      = t->client;
    uint32_t   takers = 0;

    *found = NULL;
    for (size_t i = 0; i < c->held_count; i++) {
        const char *name = c->held[i].auth->scheme;

        if (given->scheme != NULL ? name != NULL && strcmp(name, given->scheme) == 0
                                  : takes(c->held[i].auth, given->kind)) {
            takers |= UINT32_C(1) << i;
            *found = &c->held[i];
        }
    }
    if (*found == NULL && given->scheme != NULL)
        return say_names(t, EB_INVALID, UINT32_MAX,
                         c->held_count == 0 ? "the API has no security schemes"
                                            : "no scheme has the name given; there are: ");
    else if ((takers & (takers - 1)) != 0) {
        const uint32_t usual = takers & usual_schemes(c); /* those that most operations want */

        if (usual == 0 || (usual & (usual - 1)) != 0)
            return say_names(t, EB_INVALID, takers,
                             "say which scheme they are for with eb_credentials_for: ");
        for (size_t i = 0; i < c->held_count; i++)
            if ((usual >> i & 1) != 0)
                *found = &c->held[i];
    }
    if (*found == NULL || !takes((*found)->auth, given->kind)) {
        const eb_held *only = *found != NULL ? *found : &c->held[0];

        return c->held_count == 1
                   ? say(t, EB_INVALID, NULL, "this API wants %s, got %s", wanted(only->auth),
                         given_as(given->kind))
               : *found != NULL ? say(t, EB_INVALID, *found, "wants %s, got %s", wanted(only->auth),
                                      given_as(given->kind))
                                : say(t, EB_INVALID, NULL, "no scheme of this API takes %s",
                                      given_as(given->kind));
    }
    return EB_OK;
}

static const char *environment(const char *name)
{
    const char *value = name != NULL ? getenv(name) : NULL;

    return value != NULL && *value != '\0' ? value : NULL;
}

/* The variable without which the environment has no credentials for a scheme; NULL: they are all there. */
static const char *unset_variable(const eb_auth *auth, const eb_credentials *found)
{
    if (found->kind == EB_CREDENTIALS_TOKEN)
        return found->fixed.token == NULL ? auth->env_token : NULL;
    if (found->fixed.id == NULL)
        return auth->env_id;
    return found->fixed.secret == NULL && found->kind != EB_CREDENTIALS_BASIC ? auth->env_secret : NULL;
}

static eb_credentials from_environment(const eb_auth *auth)
{
    eb_credentials found = nothing;

    found.fixed.id     = environment(auth->env_id);
    found.fixed.secret = environment(auth->env_secret);
    found.fixed.token  = environment(auth->env_token);
    switch (auth->kind) {
    case EB_AUTH_ACS3:
        found.kind = EB_CREDENTIALS_KEY;
        break;
    case EB_AUTH_BASIC:
        found.kind = EB_CREDENTIALS_BASIC;
        break;
    case EB_AUTH_OAUTH2:
        found.kind = found.fixed.token != NULL || auth->env_id == NULL ? EB_CREDENTIALS_TOKEN
                                                                       : EB_CREDENTIALS_OAUTH2;
        break;
    default:
        found.kind = EB_CREDENTIALS_TOKEN;
    }
    if (found.kind == EB_CREDENTIALS_TOKEN) /* half of a pair is of no use beside it */
        found.fixed.id = found.fixed.secret = NULL;
    return found;
}

/* Takes what the environment has for a scheme, if it has all of it. */
static eb_status take_environment(const taking *t, eb_held *held)
{
    const eb_credentials found = from_environment(held->auth);
    const bool           some  = found.fixed.id != NULL || found.fixed.secret != NULL ||
                      (found.fixed.token != NULL && found.kind == EB_CREDENTIALS_TOKEN);
    const char          *unset = unset_variable(held->auth, &found);

    if (held->auth->kind == EB_AUTH_CLIENT_CERT || held->given.kind != EB_CREDENTIALS_NONE)
        return EB_OK;
    if (unset != NULL && some)
        return say(t, EB_AUTH, held, "none given, and none in the environment variable %s", unset);
    return some ? take_one(t, held, &found) : EB_OK;
}

/* ---- Which are needed ---------------------------------------------------------------------------- */

/* Are there credentials for all of these schemes? */
static bool has_all(const eb_client *client, uint32_t schemes)
{
    for (size_t i = 0; i < client->held_count; i++)
        if ((schemes >> i & 1) != 0 && client->held[i].given.kind == EB_CREDENTIALS_NONE)
            return false;
    return true;
}

/* The first way for which there is all; the one that needs nothing only when no other fits. */
static bool choose(const eb_client *client, const uint32_t *ways, size_t count, uint32_t *schemes)
{
    bool open = count == 0;

    *schemes = 0;
    for (size_t i = 0; i < count; i++) {
        open = open || ways[i] == 0;
        if (ways[i] != 0 && has_all(client, ways[i])) {
            *schemes = ways[i];
            return true;
        }
    }
    return open;
}

/* No environment variable gave what the API needs: says where it could have been given. */
static eb_status say_unset(const taking *t, uint32_t way)
{
    const eb_client *c = t->client;

    for (size_t i = 0; i < c->held_count; i++) {
        const eb_held       *held  = &c->held[i];
        const eb_credentials found = from_environment(held->auth);
        const char          *unset = unset_variable(held->auth, &found);

        if ((way >> i & 1) == 0 || held->given.kind != EB_CREDENTIALS_NONE)
            continue;
        if (held->auth->kind == EB_AUTH_CLIENT_CERT)
            return say(t, EB_AUTH, held, "expected %s", wanted(held->auth));
        if (unset != NULL)
            return say(t, EB_AUTH, held, "none given, and none in the environment variable %s", unset);
        return say(t, EB_AUTH, held, "expected %s, got none", wanted(held->auth));
    }
    return EB_OK;
}

static eb_status take_item(const taking *t, const eb_credentials *item)
{
    eb_client *c  = t->client;
    eb_status  st = EB_OK;
    eb_held   *held;

    if (item->kind == EB_CREDENTIALS_SEVERAL)
        return say(t, EB_INVALID, NULL, "a list within a list");
    if (item->kind == EB_CREDENTIALS_NONE)
        return EB_OK;
    if (item->kind == EB_CREDENTIALS_ENVIRONMENT && item->scheme == NULL) {
        for (size_t i = 0; i < c->held_count && st == EB_OK; i++)
            st = take_environment(t, &c->held[i]);
        return st;
    }
    if (c->held_count == 0 && item->scheme == NULL)
        return EB_OK; /* an API without credentials has no use for them */
    if (item->kind == EB_CREDENTIALS_ENVIRONMENT) {
        for (size_t i = 0; i < c->held_count; i++)
            if (c->held[i].auth->scheme != NULL && strcmp(c->held[i].auth->scheme, item->scheme) == 0)
                return take_environment(t, &c->held[i]);
    }
    st = find_scheme(t, item, &held);
    return st == EB_OK ? take_one(t, held, item) : st;
}

eb_status eb__credentials_take(eb_client *client, const eb_client_options *options, char *problem,
                               size_t problem_size)
{
    const taking          t     = { client, problem, problem_size };
    const eb_credentials *given = &options->credentials;
    const bool            own_transport = options->transport != NULL;
    const eb_api         *api           = client->api;
    const eb_auth        *schemes       = api->schemes != NULL ? api->schemes : api->auth;
    size_t                count = api->schemes != NULL                                 ? api->scheme_count
                                  : schemes != NULL && schemes->kind != EB_AUTH_NONE ? 1
                                                                                      : 0;
    const uint32_t       *ways;
    uint32_t              one, chosen;
    eb_status             st = EB_OK;

    if (count > 32)
        return say(&t, EB_INVALID, NULL, "more than 32 schemes");
    client->held = eb__arena_zalloc(client->arena, (count + 1) * sizeof *client->held);
    if (client->held == NULL)
        return say(&t, EB_NOMEM, NULL, "out of memory");
    client->held_count = count;
    for (size_t i = 0; i < count; i++) {
        client->held[i].auth       = &schemes[i];
        client->held[i].given.kind = EB_CREDENTIALS_NONE;
        /* a transport of the caller's may have a certificate that we know nothing of */
        if (schemes[i].kind == EB_AUTH_CLIENT_CERT &&
            (own_transport || options->client_cert_file != NULL || options->client_cert_pem != NULL))
            client->held[i].given.kind = EB_CREDENTIALS_TOKEN;
    }
    if (given->kind == EB_CREDENTIALS_NONE)
        return EB_OK;
    if (given->kind != EB_CREDENTIALS_SEVERAL)
        st = take_item(&t, given);
    else if (given->several == NULL && given->several_count > 0)
        st = say(&t, EB_INVALID, NULL, "expected a list, got NULL");
    else
        for (size_t i = 0; i < given->several_count && st == EB_OK; i++)
            st = take_item(&t, &given->several[i]);
    if (st != EB_OK)
        return st;
    ways = ways_of(client, NULL, &one, &count);
    if (given->kind == EB_CREDENTIALS_ENVIRONMENT && !choose(client, ways, count, &chosen))
        return say_unset(&t, ways[0]);
    return EB_OK;
}

/* ---- For a call ---------------------------------------------------------------------------------- */

eb_status eb__credentials_choose(const eb_client *client, const eb_operation *operation, uint32_t *schemes,
                                 eb_problem *problem)
{
    uint32_t        one;
    size_t          count;
    const uint32_t *ways = ways_of(client, operation, &one, &count);
    eb_buf          text;

    if (choose(client, ways, count, schemes))
        return EB_OK;
    eb__buf_init(&text, &client->allocator, 300);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            eb__buf_puts(&text, ", or ");
        list_names(&text, client, ways[i], " and ");
    }
    (void)eb__problem_set(problem, EB_AUTH, "credentials: %s wants %s; give the client what is missing",
                          operation->name, eb__buf_text(&text));
    eb__buf_free(&text);
    return EB_AUTH;
}

eb_status eb__credential_now(const eb_client *client, const eb_held *held, eb_arena *arena,
                             eb_credential *credential, eb_problem *problem)
{
    eb_credential given = { NULL, NULL, NULL };
    const char   *scheme = client->held_count > 1 ? held->auth->scheme : NULL;
    const char   *fault;

    if (held->given.kind != EB_CREDENTIALS_CALLBACK) {
        *credential = held->given.fixed; /* checked when the client was made */
        return EB_OK;
    }
    fault = "the callback gave none";
    if (held->given.get(held->given.context, &given) == EB_OK) {
        if (keep_all(credential, &given, held->auth, arena) != EB_OK)
            return EB_NOMEM;
        fault = missing(held->auth, credential);
        if (fault == NULL && held->auth->kind == EB_AUTH_OAUTH2 && credential->token == NULL &&
            held->token == NULL)
            fault = "expected a token, got a client id and secret";
    }
    return fault == NULL ? EB_OK
                         : eb__problem_set(problem, EB_AUTH, "credentials: %s%s%s",
                                           scheme != NULL ? scheme : "", scheme != NULL ? ": " : "", fault);
}
