/* unit.h -- what the unit tests share: main(), and an allocator that fails when told and knows whether
 * every block came back, whole and wiped.
 *
 *     UNIT_TESTS("url", url_encode_keeps_unreserved, url_parse_refuses_users)
 *
 * at the end of a program lists its tests and is its main(). */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/memory.h"

typedef struct unit_memory {
    eb_allocator allocator;
    long         fail_at; /* the allocation that fails, from 1, and all after it; 0: none */
    long         calls;
    long         live;        /* blocks not released */
    bool         bad;         /* a block came back of another size, or not wiped */
    size_t       bytes, peak; /* not released, and the most that was ever */
} unit_memory;

enum { UNIT_HEAD = 2 * sizeof(max_align_t) }; /* before each block: its size */

static inline void *unit_allocate(void *context, size_t size)
{
    unit_memory *memory = context;
    char        *block;

    memory->calls++;
    if (memory->fail_at > 0 && memory->calls >= memory->fail_at)
        return NULL;
    block = malloc(UNIT_HEAD + size);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof(size));
    memset(block + UNIT_HEAD, 0xA5, size); /* nobody may count on zeros */
    memory->live++;
    memory->bytes += size;
    memory->peak = memory->bytes > memory->peak ? memory->bytes : memory->peak;
    return block + UNIT_HEAD;
}

static inline void unit_release(void *context, void *block, size_t size)
{
    unit_memory *memory = context;
    char        *start  = (char *)block - UNIT_HEAD;
    size_t       asked;

    memcpy(&asked, start, sizeof(asked));
    memory->bad = memory->bad || asked != size;
    for (size_t i = 0; i < asked; i++)
        memory->bad = memory->bad || start[UNIT_HEAD + i] != 0;
    memory->live--;
    memory->bytes -= size;
    free(start);
}

static inline void unit_memory_init(unit_memory *memory, long fail_at)
{
    *memory = (unit_memory){ .allocator = { unit_allocate, unit_release, memory }, .fail_at = fail_at };
}

/* Did everything come back as it should? */
static inline void unit_memory_check(const unit_memory *memory)
{
    ck_assert_msg(memory->live == 0, "%ld blocks were not released", memory->live);
    ck_assert_msg(!memory->bad, "a block was released with another size or without wiping");
}

/* Runs a function with the first allocation failing, then the second, and so on, until none fails
 * any more. It returns whether it got what it wanted, and must release all it got in any case. */
static inline void unit_fail_each(bool (*run)(const eb_allocator *allocator))
{
    for (long n = 1;; n++) {
        unit_memory memory;
        bool        worked;

        unit_memory_init(&memory, n);
        worked = run(&memory.allocator);
        unit_memory_check(&memory);
        if (memory.calls < n) {
            ck_assert(worked);
            return;
        }
        ck_assert_msg(!worked, "worked although allocation %ld failed", n);
        ck_assert_int_lt(n, 10000);
    }
}

/* How many random cases: more when EDGEBIND_LONG is set, fewer with EDGEBIND_SHORT, for emulated processors. */
static inline long unit_cases(long cases)
{
    if (getenv("EDGEBIND_SHORT"))
        return cases < 100 ? cases : cases / 50;
    return getenv("EDGEBIND_LONG") ? cases * 50 : cases;
}

/* The same numbers in every run (xorshift64*). */
static inline uint64_t unit_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static inline int unit_main(const char *name, const TTest *const *tests, size_t count)
{
    Suite   *suite = suite_create(name);
    TCase   *all   = tcase_create(name);
    SRunner *runner;
    int      failed;

    tcase_set_timeout(all, 120);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT_TESTS(name, ...)                                              \
    int main(void)                                                         \
    {                                                                      \
        const TTest *const tests[] = { __VA_ARGS__ };                      \
                                                                           \
        return unit_main((name), tests, sizeof(tests) / sizeof(tests[0])); \
    }

#endif
