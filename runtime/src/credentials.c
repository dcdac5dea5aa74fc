/* credentials.c -- credentials as values; what each kind of security scheme takes, and refusing what it could not
 * carry; which of them a call uses. Nothing here ever prints a secret. */
#include <string.h>

#include "buf.h"
#include "client.h"
#include "held.h"
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

bool eb__credential_fits(const eb_auth *auth, eb_credentials_kind kind)
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

const char *eb__credential_wanted(const eb_auth *auth)
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

const char *eb__credential_words(eb_credentials_kind kind)
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
const char *eb__credential_missing(const eb_auth *auth, const eb_credential *credential)
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
eb_status eb__credential_keep(eb_credential *kept, const eb_credential *given, const eb_auth *auth,
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

/* ---- Which are needed ---------------------------------------------------------------------------- */

/* The schemes' names, for people. */
void eb__credential_names(eb_buf *out, const eb_client *client, uint32_t schemes, const char *between)
{
    bool any = false;

    for (size_t i = 0; i < client->held_count; i++)
        if ((schemes >> i & 1) != 0) {
            const char *name = client->held[i].auth->scheme;

            eb__buf_printf(out, "%s%s", any ? between : "",
                           name != NULL ? name : eb__credential_wanted(client->held[i].auth));
            any = true;
        }
}

/* The ways of an operation, or of the API when it is NULL; *one holds the only one of an API with but one scheme. */
const uint32_t *eb__credential_ways(const eb_client *client, const eb_operation *operation,
                                    uint32_t *one, size_t *count)
{
    const eb_security *security = operation != NULL && operation->security != NULL
                                      ? operation->security
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

/* Are there credentials for all of these schemes? */
static bool has_all(const eb_client *client, uint32_t schemes)
{
    for (size_t i = 0; i < client->held_count; i++)
        if ((schemes >> i & 1) != 0 && client->held[i].given.kind == EB_CREDENTIALS_NONE)
            return false;
    return true;
}

/* The first way for which there is all; the one that needs nothing only when no other fits. */
bool eb__credential_choice(const eb_client *client, const uint32_t *ways, size_t count, uint32_t *schemes)
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

/* ---- For a call ---------------------------------------------------------------------------------- */

eb_status eb__credentials_choose(const eb_client *client, const eb_operation *operation,
                                 uint32_t *schemes, eb_problem *problem)
{
    uint32_t        one;
    size_t          count;
    const uint32_t *ways = eb__credential_ways(client, operation, &one, &count);
    eb_buf          text;

    if (eb__credential_choice(client, ways, count, schemes))
        return EB_OK;
    eb__buf_init(&text, &client->allocator, 300);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            eb__buf_puts(&text, ", or ");
        eb__credential_names(&text, client, ways[i], " and ");
    }
    (void)eb__problem_set(problem, EB_AUTH, "credentials: %s wants %s; give the client what is missing",
                          operation->name, eb__buf_text(&text));
    eb__buf_free(&text);
    return EB_AUTH;
}

eb_status eb__credential_now(const eb_client *client, const eb_held *held, eb_arena *arena,
                             eb_credential *credential, eb_problem *problem)
{
    eb_credential given  = { NULL, NULL, NULL };
    const char   *scheme = client->held_count > 1 ? held->auth->scheme : NULL;
    const char   *fault;

    if (held->given.kind != EB_CREDENTIALS_CALLBACK) {
        *credential = held->given.fixed; /* checked when the client was made */
        return EB_OK;
    }
    fault = "the callback gave none";
    if (held->given.get(held->given.context, &given) == EB_OK) {
        if (eb__credential_keep(credential, &given, held->auth, arena) != EB_OK)
            return EB_NOMEM;
        fault = eb__credential_missing(held->auth, credential);
        if (fault == NULL && held->auth->kind == EB_AUTH_OAUTH2 && credential->token == NULL &&
            held->token == NULL)
            fault = "expected a token, got a client id and secret";
    }
    return fault == NULL
               ? EB_OK
               : eb__problem_set(problem, EB_AUTH, "credentials: %s%s%s",
                                 scheme != NULL ? scheme : "", scheme != NULL ? ": " : "", fault);
}
