/* quota.h -- how many retries a host may still be sent: tokens per host, shared by all threads of a client,
 * so that a service in trouble is not asked again by everybody at once. Without locks. */
#ifndef EB_QUOTA_H
#define EB_QUOTA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { EB_QUOTA_HOSTS = 16 };

/* Zeroes are full quotas. */
typedef struct eb_quota {
    struct {
        _Atomic uint64_t host;  /* hash of the authority; 0: free */
        atomic_int       taken; /* tokens out */
    } hosts[EB_QUOTA_HOSTS];
} eb_quota;

/* Tokens left for a host, "api.example.com:8443". Hosts beyond those there is room for share the last place. */
int eb__quota_left(eb_quota *quota, const char *authority);

/* Takes tokens; false: there are not so many, and none was taken. */
bool eb__quota_take(eb_quota *quota, const char *authority, int tokens);

/* Gives tokens back, never beyond full. */
void eb__quota_return(eb_quota *quota, const char *authority, int tokens);

#endif
