/* held.h -- what credentials.c and credentials_take.c both know of security schemes. */
#ifndef EB_HELD_H
#define EB_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "client.h"

/* Does a scheme take credentials of that kind? */
bool eb__credential_fits(const eb_auth *auth, eb_credentials_kind kind);

/* "a user name and a password": what a scheme wants, and what credentials of a kind are. */
const char *eb__credential_wanted(const eb_auth *auth);
const char *eb__credential_words(eb_credentials_kind kind);

/* What a scheme still needs of a credential, in words; NULL: nothing. */
const char *eb__credential_missing(const eb_auth *auth, const eb_credential *credential);

/* The texts of a credential, trimmed, in the arena. EB_OK or EB_NOMEM. */
eb_status eb__credential_keep(eb_credential *kept, const eb_credential *given, const eb_auth *auth,
                              eb_arena *arena);

/* The schemes' names, for people. */
void eb__credential_names(eb_buf *out, const eb_client *client, uint32_t schemes, const char *between);

/* The ways of an operation, or of the API when it is NULL; *one holds the only one of an API with but one scheme. */
const uint32_t *eb__credential_ways(const eb_client *client, const eb_operation *operation,
                                    uint32_t *one, size_t *count);

/* The first way for which there is all; the one that needs nothing only when no other fits. False: none does. */
bool eb__credential_choice(const eb_client *client, const uint32_t *ways, size_t count, uint32_t *schemes);

#endif
