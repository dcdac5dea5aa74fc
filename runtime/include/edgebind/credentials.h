/* edgebind/credentials.h -- who is calling.
 *
 * An eb_credentials is a small value that borrows its texts until eb_client_new has copied them.
 * { 0 } means: from the environment variables that the provider's own tools read (edgegap_api:
 * EDGEGAP_TOKEN; Alibaba: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and
 * ALIBABA_CLOUD_SECURITY_TOKEN), which are read once, by eb_client_new. */
#ifndef EDGEBIND_CREDENTIALS_H
#define EDGEBIND_CREDENTIALS_H

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
    EB_CREDENTIALS_CALLBACK
} eb_credentials_kind;

/* What one attempt is signed with. The texts must stay until the next call of the same callback on
 * the same thread, or for good. */
typedef struct eb_credential {
    const char *id;     /* access key id; NULL for a plain token */
    const char *secret; /* access key secret */
    const char *token;  /* API token, or the security token of a temporary key; NULL for none */
} eb_credential;

/* Gives the credential to use now. Called before every attempt, from any thread that uses the client.
 * Anything but EB_OK ends the call with EB_AUTH. */
typedef eb_status (*eb_credentials_get)(void *context, eb_credential *credential);

/* Who is calling; made by the functions below. */
typedef struct eb_credentials {
    eb_credentials_kind kind;
    eb_credential       fixed;
    eb_credentials_get  get;
    void               *context;
    void               *reserved_[2];
} eb_credentials;

/* An API token, as Edgegap's. Spaces around it and one leading "token " of any case are dropped,
 * because the dashboard's copy button adds that word. NULL or empty: eb_client_new answers EB_AUTH. */
eb_credentials eb_credentials_token(const char *token);

/* An Alibaba access key pair. */
eb_credentials eb_credentials_key(const char *id, const char *secret);

/* A temporary Alibaba key pair with its security token; NULL or "": there is none, the pair is a lasting one. */
eb_credentials eb_credentials_sts(const char *id, const char *secret, const char *security_token);

/* Asked before every attempt, so that a rotated credential is picked up. */
eb_credentials eb_credentials_callback(eb_credentials_get get, void *context);

/* No credentials at all, for an API that wants none. */
eb_credentials eb_credentials_none(void);

#ifdef __cplusplus
}
#endif
#endif
