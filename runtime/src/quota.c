/* quota.c -- retry tokens by host: a small table, claimed by compare and swap. */
#include "quota.h"

#include <stddef.h>

#include "outcome.h"

/* FNV-1a; never 0. */
static uint64_t hash(const char *text)
{
    uint64_t value = UINT64_C(14695981039346656037);

    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return value != 0 ? value : 1;
}

static atomic_int *taken_of(eb_quota *quota, const char *authority)
{
    const uint64_t wanted = hash(authority);

    for (size_t i = 0; i < EB_QUOTA_HOSTS; i++) {
        uint64_t owner = atomic_load(&quota->hosts[i].host);

        if (owner == 0 && atomic_compare_exchange_strong(&quota->hosts[i].host, &owner, wanted))
            owner = wanted;
        if (owner == wanted)
            return &quota->hosts[i].taken;
    }
    return &quota->hosts[EB_QUOTA_HOSTS - 1].taken;
}

int eb__quota_left(eb_quota *quota, const char *authority)
{
    return EB_QUOTA_FULL - atomic_load(taken_of(quota, authority));
}

bool eb__quota_take(eb_quota *quota, const char *authority, int tokens)
{
    atomic_int *taken = taken_of(quota, authority);
    int         have  = atomic_load(taken);

    do
        if (have > EB_QUOTA_FULL - tokens)
            return false;
    while (!atomic_compare_exchange_weak(taken, &have, have + tokens));
    return true;
}

void eb__quota_return(eb_quota *quota, const char *authority, int tokens)
{
    atomic_int *taken = taken_of(quota, authority);
    int         have  = atomic_load(taken), want;

    do
        want = have > tokens ? have - tokens : 0;
    while (!atomic_compare_exchange_weak(taken, &have, want));
}
