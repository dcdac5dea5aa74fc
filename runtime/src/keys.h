/* keys.h -- the keys of a map, of which each may stand there once. */
#ifndef EB_KEYS_H
#define EB_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "scratch.h"

/* Drops every entry whose key comes again later and gives how many are left; 0: out of memory. The
 * order stays. An entry begins with its key. Time n log n, whatever the keys. */
size_t eb__keys_last_wins(eb_scratch *scratch, void *entries, size_t count, size_t size);

/* Does a key come twice? The index of the second one, or count. */
size_t eb__keys_twice(const void *entries, size_t count, size_t size);

#endif
