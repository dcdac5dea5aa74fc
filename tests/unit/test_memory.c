/* test_memory.c -- blocks of an allocator come back wiped and with their size; wiping itself. */
#include "unit.h"

#include "memory.h"

START_TEST(memory_comes_from_the_allocator_and_goes_back_wiped)
{
    unit_memory memory;
    char       *block;

    unit_memory_init(&memory, 0);
    block = eb__alloc(&memory.allocator, 5000);
    ck_assert_ptr_nonnull(block);
    memset(block, 'x', 5000);
    ck_assert_int_eq(memory.live, 1);
    eb__release(&memory.allocator, block, 5000);
    unit_memory_check(&memory);
}
END_TEST

START_TEST(memory_without_allocator_is_malloc)
{
    const eb_allocator none  = { 0 };
    char              *block = eb__alloc(NULL, 16);

    ck_assert_ptr_nonnull(block);
    eb__release(NULL, block, 16);
    block = eb__alloc(&none, 16);
    ck_assert_ptr_nonnull(block);
    eb__release(&none, block, 16);
    eb__release(NULL, NULL, 16);
    ck_assert_ptr_null(eb__alloc(NULL, 0));
    ck_assert_ptr_null(eb__user_alloc(0));
}
END_TEST

START_TEST(wipe_clears_every_byte_and_no_other)
{
    unsigned char data[3100];

    for (size_t size = 0; size <= 3000; size += size < 20 ? 1 : 113) {
        memset(data, 0xa5, sizeof data);
        eb__wipe(data + 1, size);
        ck_assert_uint_eq(data[0], 0xa5);
        for (size_t i = 1; i <= size; i++)
            ck_assert_uint_eq(data[i], 0);
        ck_assert_uint_eq(data[size + 1], 0xa5);
    }
    eb__wipe(NULL, 0);
}
END_TEST

UNIT_TESTS("memory", memory_comes_from_the_allocator_and_goes_back_wiped,
           memory_without_allocator_is_malloc, wipe_clears_every_byte_and_no_other)
