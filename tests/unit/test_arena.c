/* test_arena.c -- pieces of every size, aligned where they must be, none over another, all gone at
 * once. */
#include "unit.h"

#include <stdalign.h>

#include "arena.h"
#include "memory.h"

START_TEST(arena_pieces_are_aligned_and_apart)
{
    enum { PIECES = 600 };
    unit_memory    memory;
    eb_arena      *arena;
    uint64_t       random = 5;
    unsigned char *pieces[PIECES];
    size_t         sizes[PIECES];

    unit_memory_init(&memory, 0);
    arena = eb__arena_new(&memory.allocator, 100);
    for (size_t i = 0; i < PIECES; i++) {
        const uint64_t kind = unit_random(&random) >> 20 & 15;

        sizes[i] = (size_t)(unit_random(&random) % (kind == 0 ? 30000 : 200));
        if (kind < 8) {
            pieces[i] = eb__arena_alloc(arena, sizes[i]);
            ck_assert_uint_eq((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        } else {
            pieces[i] = (unsigned char *)eb__arena_text(arena, sizes[i]);
        }
        ck_assert_ptr_nonnull(pieces[i]);
        memset(pieces[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            ck_assert_uint_eq(pieces[i][j], i % 251);
    ck_assert(!eb__arena_failed(arena));
    eb__arena_free(arena);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(arena_takes_few_blocks)
{
    unit_memory memory;
    eb_arena   *arena;

    unit_memory_init(&memory, 0);
    arena = eb__arena_new(&memory.allocator, 0);
    for (int i = 0; i < 10000; i++)
        ck_assert_ptr_nonnull(eb__arena_text(arena, 20));
    ck_assert_int_le(memory.calls, 8);
    eb__arena_free(arena);
    unit_memory_init(&memory, 0);
    arena = eb__arena_new(&memory.allocator, 0);
    eb__arena_expect(arena, 200000);
    for (int i = 0; i < 10000; i++)
        ck_assert_ptr_nonnull(eb__arena_text(arena, 20));
    ck_assert_int_le(memory.calls, 2);
    eb__arena_free(arena);
    unit_memory_init(&memory, 0);
    arena = eb__arena_new(&memory.allocator, 200000);
    for (int i = 0; i < 10000; i++)
        ck_assert_ptr_nonnull(eb__arena_text(arena, 20));
    ck_assert_int_le(memory.calls, 1);
    eb__arena_free(arena);
    eb__arena_free(NULL);
}
END_TEST

START_TEST(arena_releases_what_it_adopted)
{
    unit_memory memory;
    eb_arena   *arena;

    unit_memory_init(&memory, 0);
    arena = eb__arena_new(&memory.allocator, 0);
    for (size_t i = 1; i < 500; i++) {
        void *block = eb__alloc(&memory.allocator, i);

        ck_assert(eb__arena_adopt(arena, block, i));
        memset(block, 'x', i);
    }
    eb__arena_free(arena);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(arena_clears_and_copies)
{
    eb_arena *arena = eb__arena_new(NULL, 0);
    char     *zeros, *copy;

    memset(eb__arena_alloc(arena, 3000), 'x', 3000);
    zeros = eb__arena_zalloc(arena, 500);
    for (int i = 0; i < 500; i++)
        ck_assert_int_eq(zeros[i], 0);
    copy = eb__arena_dup(arena, "a\0b", 3);
    ck_assert_mem_eq(copy, "a\0b\0", 4);
    ck_assert_str_eq(eb__arena_dup(arena, NULL, 0), "");
    eb__arena_free(arena);
}
END_TEST

START_TEST(arena_refuses_sizes_that_overflow)
{
    eb_arena *arena = eb__arena_new(NULL, SIZE_MAX);

    ck_assert_ptr_nonnull(arena);
    ck_assert_ptr_null(eb__arena_alloc(arena, SIZE_MAX));
    ck_assert_ptr_null(eb__arena_text(arena, SIZE_MAX));
    ck_assert_ptr_null(eb__arena_dup(arena, "", SIZE_MAX));
    ck_assert_ptr_null(eb__arena_zalloc(arena, SIZE_MAX - 8));
    ck_assert(eb__arena_failed(arena));
    ck_assert_ptr_nonnull(eb__arena_alloc(arena, 8));
    eb__arena_free(arena);
}
END_TEST

static bool fill(const eb_allocator *allocator)
{
    eb_arena *arena = eb__arena_new(allocator, 0);
    void     *block;
    bool      worked = true;

    if (arena == NULL)
        return false;
    for (int i = 0; i < 200; i++) {
        worked = eb__arena_alloc(arena, 100) != NULL && worked;
        worked = eb__arena_text(arena, 333) != NULL && worked;
    }
    worked = eb__arena_alloc(arena, 100000) != NULL && worked;
    block  = eb__alloc(allocator, 10);
    if (block == NULL || !eb__arena_adopt(arena, block, 10)) {
        eb__release(allocator, block, 10);
        worked = false;
    }
    ck_assert(eb__arena_failed(arena) ? !worked : true);
    eb__arena_free(arena);
    return worked;
}

START_TEST(arena_survives_each_failing_allocation)
{
    unit_fail_each(fill);
}
END_TEST

UNIT_TESTS("arena", arena_pieces_are_aligned_and_apart, arena_takes_few_blocks,
           arena_releases_what_it_adopted, arena_clears_and_copies,
           arena_refuses_sizes_that_overflow, arena_survives_each_failing_allocation)
