/* keys.c -- duplicate keys of a map, see keys.h. Few entries are compared each with each; many are
 * sorted by heapsort, which no choice of keys can make slow. */
#include "keys.h"

#include <string.h>

enum { FEW = 16 };

static const char *key_at(const char *entry)
{
    const char *key;

    memcpy(&key, entry, sizeof key);
    return key;
}

static bool same_key(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}

static void drop(char *entry)
{
    const char *const none = NULL;

    memcpy(entry, &none, sizeof none);
}

static void drop_among_few(char *entries, size_t count, size_t size)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const char *key = key_at(entries + i * size);

        for (size_t j = i + 1; j < count; j++) {
            if (same_key(key, key_at(entries + j * size))) {
                drop(entries + i * size);
                break;
            }
        }
    }
}

/* By key, equal keys in the order in which they stand. */
static bool before(const char *a, const char *b)
{
    const int order = strcmp(key_at(a), key_at(b));

    return order < 0 || (order == 0 && a < b);
}

static void sift_down(char **heap, size_t at, size_t count)
{
    char *moved = heap[at];

    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && before(heap[child], heap[child + 1]))
            child++;
        if (!before(moved, heap[child]))
            break;
        heap[at] = heap[child];
        at       = child;
    }
    heap[at] = moved;
}

static void sort(char **entries, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sift_down(entries, i - 1, count);
    for (size_t left = count; left > 1; left--) {
        char *largest = entries[0];

        entries[0]        = entries[left - 1];
        entries[left - 1] = largest;
        sift_down(entries, 0, left - 1);
    }
}

static bool drop_among_many(eb_scratch *scratch, char *entries, size_t count, size_t size)
{
    const eb_scratch_mark mark   = eb__scratch_begin(scratch);
    char                **sorted = eb__scratch_push(scratch, count * sizeof *sorted);

    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        sorted[i] = entries + i * size;
    sort(sorted, count);
    for (size_t i = 0; i + 1 < count; i++)
        if (same_key(key_at(sorted[i]), key_at(sorted[i + 1])))
            drop(sorted[i]);
    eb__scratch_end(scratch, &mark);
    return true;
}

size_t eb__keys_last_wins(eb_scratch *scratch, void *entries, size_t count, size_t size)
{
    char  *at   = entries;
    size_t left = 0;

    if (count <= FEW)
        drop_among_few(at, count, size);
    else if (!drop_among_many(scratch, at, count, size))
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (key_at(at + i * size) == NULL)
            continue;
        if (left < i)
            memcpy(at + left * size, at + i * size, size);
        left++;
    }
    return left;
}

size_t eb__keys_twice(const void *entries, size_t count, size_t size)
{
    const char *at = entries;

    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_key(key_at(at + i * size), key_at(at + j * size)))
                return i;
    return count;
}
