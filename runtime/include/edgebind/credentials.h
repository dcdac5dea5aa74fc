/* edgebind/credentials.h -- who is calling.
 *
 * An eb_credentials is a small value that borrows its texts until eb_client_new has copied them. For an API
 * with one security scheme it stands in the client's options as it is:
 *
 *     .credentials = eb_credentials_token(getenv("ACME_TOKEN"))
 *
 * For one with several, each goes to the scheme that takes its kind, preferably one that most operations want, or to
 * the one it is named for:
 *
 *     .credentials = EB_CREDENTIALS(eb_credentials_for("api_key", eb_credentials_token(key)),
 *                                   eb_credentials_for("account", eb_credentials_oauth2(id, secret)))
 *
 * An operation then uses the first of its documented ways for which there are credentials, and goes without
 * only if the document allows that and none fits. What it needs stands in the API's reference.
 *
 * { 0 } means: from environment variables, which are read once, by eb_client_new. The reference names them:
 * what the document says (edgegap_api: EDGEGAP_TOKEN; Alibaba: ALIBABA_CLOUD_ACCESS_KEY_ID,
 * ALIBABA_CLOUD_ACCESS_KEY_SECRET and ALIBABA_CLOUD_SECURITY_TOKEN), else the API's prefix and _API_KEY, _TOKEN,
 * _USERNAME and _PASSWORD, or _CLIENT_ID and _CLIENT_SECRET. */
#ifndef EDGEBIND_CREDENTIALS_H
#define EDGEBIND_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "edgebind/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where credentials come from. */
typedef enum eb_credentials_kind {
    EB_CREDENTIALS_ENVIRONMENT = 0,
    EB_CREDENTIALS_NONE,
    EB_CREDENTIALS_TOKEN,
    EB_CREDENTIALS_KEY,
    EB_CREDENTIALS_CALLBACK,
    EB_CREDENTIALS_BASIC,
    EB_CREDENTIALS_OAUTH2,
    EB_CREDENTIALS_SEVERAL
} eb_credentials_kind;

/* What one attempt is signed with. The texts must stay until the next call of the same callback on
 * the same thread, or for good. */
typedef struct eb_credential {
    const char *id;     /* access key id, user name or client id; NULL for a plain token */
    const char *secret; /* access key secret, password or client secret */
    const char *token;  /* API token, or the security token of a temporary key; NULL for none */
} eb_credential;

/* Gives the credential to use now. Called before every attempt, from any thread that uses the client.
 * Anything but EB_OK ends the call with EB_AUTH. */
typedef eb_status (*eb_credentials_get)(void *context, eb_credential *credential);

/* Who is calling; made by the functions below. */
typedef struct eb_credentials eb_credentials;
struct eb_credentials {
    eb_credentials_kind   kind;
    eb_credential         fixed;
    eb_credentials_get    get;
    void                 *context;
    const char           *scheme; /* the security scheme, by its name in the document; NULL: the one that fits */
    const eb_credentials *several;
    size_t                several_count;

    /* How an access token is asked for with eb_credentials_oauth2, where it should be another way than the
     * document says. */
    const char *token_url;          /* for tests: another place */
    const char *scope;              /* "read write"; "": none; NULL: what the API's operations need */
    const char *audience;           /* some services want to know what the token is for */
    bool        client_secret_post; /* id and secret in the body instead of an Authorization header */
    void       *reserved_[4];
};

/* An API token, a bearer token, or an access token that you got yourself by whatever flow of OAuth 2.0 or OpenID
 * Connect. Spaces around it and one leading "token " or "Bearer " of any case, whichever the service wants, are
 * dropped, because copy buttons add that word. NULL or empty: eb_client_new answers EB_AUTH. */
eb_credentials eb_credentials_token(const char *token);

/* HTTP basic authentication. The password may be NULL: empty. */
eb_credentials eb_credentials_basic(const char *user, const char *password);

/* OAuth 2.0 client credentials. The client gets an access token with its own transport when it first needs one,
 * once for all threads, and keeps it until shortly before it expires. */
eb_credentials eb_credentials_oauth2(const char *client_id, const char *client_secret);

/* An Alibaba access key pair. */
eb_credentials eb_credentials_key(const char *id, const char *secret);

/* A temporary Alibaba key pair with its security token; NULL or "": there is none, the pair is a lasting one. */
eb_credentials eb_credentials_sts(const char *id, const char *secret, const char *security_token);

/* Asked before every attempt, so that a rotated credential is picked up: from a vault, for instance. */
eb_credentials eb_credentials_callback(eb_credentials_get get, void *context);

/* No credentials at all: only operations that want none can be called. */
eb_credentials eb_credentials_none(void);

/* The same credentials for one security scheme of the document, by its name there. */
eb_credentials eb_credentials_for(const char *scheme, eb_credentials credentials);

/* Credentials for several schemes, at most one for each. The array is borrowed like the texts. */
eb_credentials eb_credentials_several(const eb_credentials *items, size_t count);

/* The same without an array of your own, in C. */
#ifndef __cplusplus
#define EB_CREDENTIALS(...)                                       \
    eb_credentials_several((const eb_credentials[]){ __VA_ARGS__ }, \
                           sizeof((const eb_credentials[]){ __VA_ARGS__ }) / sizeof(eb_credentials))
#endif

#ifdef __cplusplus
}
#endif
#endif
