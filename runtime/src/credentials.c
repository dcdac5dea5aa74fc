/* credentials.c -- taking credentials in: from values, from the environment, from a callback; and
 * refusing what could not stand in a header. Nothing here ever prints a secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "text.h"

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

static eb_status keep(const char **kept, const char *text, const char *prefix, eb_arena *arena)
{
    size_t      len;
    const char *from;

    *kept = NULL;
    if (text == NULL)
        return EB_OK;
    from  = trim(text, prefix, &len);
    *kept = eb__arena_dup(arena, from, len);
    return *kept != NULL ? EB_OK : EB_NOMEM;
}

static const char *environment(const char *name)
{
    const char *value = name != NULL ? getenv(name) : NULL;

    return value != NULL && *value != '\0' ? value : NULL;
}

static eb_status say(eb_status status, char *problem, size_t size, const char *text, const char *name)
{
    if (problem != NULL && size > 0)
        (void)snprintf(problem, size, "credentials: %s%s", text, name != NULL ? name : "");
    return status;
}

/* What an API of this kind needs of a credential; NULL: nothing is missing. */
static const char *missing(const eb_auth *auth, const eb_credential *credential)
{
    switch (auth->kind) {
    case EB_AUTH_API_KEY_HEADER:
        if (credential->token == NULL || *credential->token == '\0')
            return "expected a token, got none";
        return fits_header(credential->token) ? NULL : "expected a token of visible ASCII characters";
    case EB_AUTH_ACS3:
        if (credential->id == NULL || *credential->id == '\0')
            return "expected an access key id, got none";
        if (!fits_header(credential->id))
            return "expected an access key id of visible ASCII characters";
        if (credential->secret == NULL || *credential->secret == '\0')
            return "expected an access key secret, got none";
        if (credential->token != NULL && !fits_header(credential->token))
            return "expected a security token of visible ASCII characters";
        return NULL;
    default:
        return NULL;
    }
}

/* The texts of a credential, trimmed, in the arena. EB_OK or EB_NOMEM. */
static eb_status keep_all(eb_credential *kept, const eb_credential *given, const eb_auth *auth,
                          eb_arena *arena)
{
    if (keep(&kept->id, given->id, NULL, arena) != EB_OK ||
        keep(&kept->secret, given->secret, NULL, arena) != EB_OK ||
        keep(&kept->token, given->token, auth->prefix, arena) != EB_OK)
        return EB_NOMEM;
    if (auth->kind == EB_AUTH_ACS3 && kept->token != NULL && *kept->token == '\0')
        kept->token = NULL;
    return EB_OK;
}

/* The variable without which the environment has no credentials; NULL: they are all there. */
static const char *unset_variable(const eb_auth *auth, const eb_credential *found)
{
    if (auth->kind != EB_AUTH_ACS3)
        return found->token == NULL ? auth->env_token : NULL;
    return found->id == NULL ? auth->env_id : found->secret == NULL ? auth->env_secret : NULL;
}

eb_status eb__credentials_keep(eb_credentials *kept, const eb_credentials *given, const eb_auth *auth,
                               eb_arena *arena, char *problem, size_t problem_size)
{
    eb_credentials from = *given;
    const char    *fault, *unset = NULL;

    *kept = nothing;
    if (auth == NULL || auth->kind == EB_AUTH_NONE || from.kind == EB_CREDENTIALS_NONE) {
        kept->kind = EB_CREDENTIALS_NONE;
        return EB_OK;
    }
    if (from.kind == EB_CREDENTIALS_CALLBACK) {
        if (from.get == NULL)
            return say(EB_INVALID, problem, problem_size, "the callback is NULL", NULL);
        *kept = from;
        return EB_OK;
    }
    kept->kind = auth->kind == EB_AUTH_ACS3 ? EB_CREDENTIALS_KEY : EB_CREDENTIALS_TOKEN;
    if (from.kind == EB_CREDENTIALS_ENVIRONMENT) {
        from.fixed.id     = environment(auth->env_id);
        from.fixed.secret = environment(auth->env_secret);
        from.fixed.token  = environment(auth->env_token);
        unset             = unset_variable(auth, &from.fixed);
        if (unset != NULL)
            return say(EB_AUTH, problem, problem_size,
                       "none given, and none in the environment variable ", unset);
    } else if (from.kind != kept->kind) {
        return say(EB_INVALID, problem, problem_size,
                   auth->kind == EB_AUTH_ACS3 ? "this API wants an access key pair, got a token"
                                              : "this API wants a token, got an access key pair",
                   NULL);
    }
    if (keep_all(&kept->fixed, &from.fixed, auth, arena) != EB_OK)
        return say(EB_NOMEM, problem, problem_size, "out of memory", NULL);
    fault = missing(auth, &kept->fixed);
    return fault == NULL ? EB_OK : say(EB_AUTH, problem, problem_size, fault, NULL);
}

eb_status eb__credential_now(const eb_client *client, const eb_auth *auth, eb_arena *arena,
                             eb_credential *credential, eb_problem *problem)
{
    eb_credential given = { NULL, NULL, NULL };
    const char   *fault;

    if (client->credentials.kind == EB_CREDENTIALS_NONE)
        return eb__problem_set(problem, EB_AUTH, "credentials: the client was made without any");
    if (client->credentials.kind != EB_CREDENTIALS_CALLBACK) {
        *credential = client->credentials.fixed; /* checked when the client was made */
        return EB_OK;
    }
    if (client->credentials.get(client->credentials.context, &given) != EB_OK)
        return eb__problem_set(problem, EB_AUTH, "credentials: the callback gave none");
    if (keep_all(credential, &given, auth, arena) != EB_OK)
        return EB_NOMEM;
    fault = missing(auth, credential);
    return fault == NULL ? EB_OK : eb__problem_set(problem, EB_AUTH, "credentials: %s", fault);
}
