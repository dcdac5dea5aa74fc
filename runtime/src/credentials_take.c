/* credentials_take.c -- taking credentials in when a client is made: from values, from the environment, from lists of
 * both; each goes to the security scheme it is for. Nothing here ever shows a secret. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "client.h"
#include "held.h"
#include "token.h"
#include "url.h"

static const eb_credentials nothing;

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

#if EB_PART_OAUTH2
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
    const eb_client *c = t->client;
    const char *from = held->given.token_url != NULL ? held->given.token_url : held->auth->token_url;
    eb_buf      text;
    eb_url      url;
    eb_status   st;

    if (from == NULL)
        return say(t, EB_INVALID, held,
                   "%s cannot be exchanged for a token: the document names no flow for them; give a token",
                   eb__credential_words(EB_CREDENTIALS_OAUTH2));
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
#endif

/* One credential for one scheme that takes its kind. */
static eb_status take_one(const taking *t, eb_held *held, const eb_credentials *given)
{
    const char *fault;
    eb_status   st = EB_OK;

    if (held->given.kind != EB_CREDENTIALS_NONE)
        return say(t, EB_INVALID, held, "given twice");
    if (given->kind == EB_CREDENTIALS_CALLBACK && given->get == NULL)
        return say(t, EB_INVALID, held, "the callback is NULL");
    if (eb__credential_keep(&held->given.fixed, &given->fixed, held->auth, t->client->arena) != EB_OK)
        return say(t, EB_NOMEM, held, "out of memory");
    fault = given->kind == EB_CREDENTIALS_CALLBACK
                ? NULL
                : eb__credential_missing(held->auth, &held->given.fixed);
    if (fault != NULL)
        return say(t, EB_AUTH, held, "%s", fault);
    held->given.get                = given->get;
    held->given.context            = given->context;
    held->given.token_url          = given->token_url;
    held->given.scope              = given->scope;
    held->given.audience           = given->audience;
    held->given.client_secret_post = given->client_secret_post;
    held->given.kind               = given->kind;
#if EB_PART_OAUTH2
    if (given->kind == EB_CREDENTIALS_OAUTH2 ||
        (held->auth->kind == EB_AUTH_OAUTH2 && given->kind == EB_CREDENTIALS_CALLBACK &&
         held->auth->token_url != NULL))
        st = take_oauth2(t, held);
#endif
    return st == EB_NOMEM ? say(t, st, held, "out of memory") : st;
}

static eb_status say_names(const taking *t, eb_status status, uint32_t schemes, const char *before)
{
    eb_buf names;

    eb__buf_init(&names, &t->client->allocator, 1024);
    eb__credential_names(&names, t->client, schemes, ", ");
    (void)say(t, status, NULL, "%s%s", before, eb__buf_text(&names));
    eb__buf_free(&names);
    return status;
}

/* The schemes in the ways of operations that say nothing themselves. */
static uint32_t usual_schemes(const eb_client *client)
{
    uint32_t        one, schemes = 0;
    size_t          count;
    const uint32_t *ways = eb__credential_ways(client, NULL, &one, &count);

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
                                  : eb__credential_fits(c->held[i].auth, given->kind)) {
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
    if (*found == NULL || !eb__credential_fits((*found)->auth, given->kind)) {
        const eb_held *only = *found != NULL ? *found : &c->held[0];

        return c->held_count == 1
                   ? say(t, EB_INVALID, NULL, "this API wants %s, got %s",
                         eb__credential_wanted(only->auth), eb__credential_words(given->kind))
               : *found != NULL
                   ? say(t, EB_INVALID, *found, "wants %s, got %s",
                         eb__credential_wanted(only->auth), eb__credential_words(given->kind))
                   : say(t, EB_INVALID, NULL, "no scheme of this API takes %s",
                         eb__credential_words(given->kind));
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
    const char *unset = unset_variable(held->auth, &found);

    if (held->auth->kind == EB_AUTH_CLIENT_CERT || held->given.kind != EB_CREDENTIALS_NONE)
        return EB_OK;
    if (unset != NULL && some)
        return say(t, EB_AUTH, held, "none given, and none in the environment variable %s", unset);
    return some ? take_one(t, held, &found) : EB_OK;
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
            return say(t, EB_AUTH, held, "expected %s", eb__credential_wanted(held->auth));
        if (unset != NULL)
            return say(t, EB_AUTH, held, "none given, and none in the environment variable %s", unset);
        return say(t, EB_AUTH, held, "expected %s, got none", eb__credential_wanted(held->auth));
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
    return st == EB_OK && held != NULL ? take_one(t, held, item) : st;
}

eb_status eb__credentials_take(eb_client *client, const eb_client_options *options, char *problem,
                               size_t problem_size)
{
    const taking          t             = { client, problem, problem_size };
    const eb_credentials *given         = &options->credentials;
    const bool            own_transport = options->transport != NULL;
    const eb_api         *api           = client->api;
    const eb_auth        *schemes       = api->schemes != NULL ? api->schemes : api->auth;
    size_t                count         = api->schemes != NULL ? api->scheme_count
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
    ways = eb__credential_ways(client, NULL, &one, &count);
    if (given->kind == EB_CREDENTIALS_ENVIRONMENT && !eb__credential_choice(client, ways, count, &chosen))
        return say_unset(&t, ways[0]);
    return EB_OK;
}
