/* test_source.c -- bytes of a body from memory, from files and from functions, read from any offset in
 * pieces of any size; and what is refused. */
#include "api.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"

/* A file with these bytes, and its name. */
static void write_file(char name[64], const char *text, size_t len)
{
    int fd;

    memcpy(name, "/tmp/edgebind-source-XXXXXX", 28);
    fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
    close(fd);
}

static int64_t alphabet(void *context, uint64_t offset, void *buffer, size_t size)
{
    const size_t most = *(const size_t *)context; /* at a time */

    if (size > most)
        size = most;
    for (size_t i = 0; i < size; i++)
        ((char *)buffer)[i] = (char)('a' + (offset + i) % 26);
    return (int64_t)size;
}

START_TEST(pieces_are_read_from_anywhere_in_any_size)
{
    static const char expected[] = "<one>abcdefghijklmnopqrstuvwxyzabcd<two>0123456789<three>";
    char              name[64];
    size_t            most    = 7;
    eb_problem        problem = { 0 };
    eb_source         source;
    const eb_body reader = eb_body_reader(alphabet, &most, 30), nothing = eb_body_memory(NULL, 0);
    eb_body       file;

    write_file(name, "0123456789", 10);
    file = eb_body_file(name);
    eb__source_init(&source, NULL, &problem);
    ck_assert_int_eq(eb__source_add_text(&source, "<one>", 5), EB_OK);
    ck_assert_int_eq(eb__source_add_body(&source, &reader, "reader"), EB_OK);
    ck_assert_int_eq(eb__source_add_body(&source, &nothing, "nothing"), EB_OK);
    ck_assert_int_eq(eb__source_add_text(&source, "<two>", 5), EB_OK);
    ck_assert_int_eq(eb__source_add_body(&source, &file, "file"), EB_OK);
    ck_assert_int_eq(eb__source_add_text(&source, "<three>", 7), EB_OK);
    ck_assert_uint_eq(source.size, sizeof expected - 1);
    for (size_t from = 0; from <= sizeof expected; from++)
        for (size_t size = 1; size < sizeof expected + 3; size++) {
            const size_t  left = from < sizeof expected - 1 ? sizeof expected - 1 - from : 0;
            char          bytes[80];
            const int64_t got = eb__source_read(&source, from, bytes, size);

            ck_assert_int_eq(got, (int64_t)(left < size ? left : size));
            ck_assert_mem_eq(bytes, expected + (got > 0 ? from : 0), (size_t)got);
        }
    ck_assert_int_eq(eb__source_read(&source, UINT64_MAX, name, 1), 0);
    eb__source_close(&source);
    eb__source_close(&source);
    unlink(name);
}
END_TEST

START_TEST(what_cannot_be_read_is_refused_with_its_name)
{
    char          name[64], pipe_name[80];
    eb_problem    problem;
    eb_source     source;
    const eb_body none = { 0 }, odd = { .kind = (eb_body_kind)9 },
                  null_memory = eb_body_memory(NULL, 1), null_path = eb_body_file(NULL),
                  null_reader = eb_body_reader(NULL, NULL, 1),
                  missing = eb_body_file("/nowhere/at/all"), folder = eb_body_file("/tmp");
    eb_body              fifo;
    const eb_body *const bodies[] = { &none,        &odd,     &null_memory, &null_path,
                                      &null_reader, &missing, &folder,      &fifo };

    write_file(name, "", 0);
    (void)snprintf(pipe_name, sizeof pipe_name, "%s.fifo", name);
    ck_assert_int_eq(mkfifo(pipe_name, 0600), 0);
    fifo = eb_body_file(pipe_name); /* nobody will ever write to it */
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        memset(&problem, 0, sizeof problem);
        eb__source_init(&source, NULL, &problem);
        ck_assert_int_eq(eb__source_add_body(&source, bodies[i], "upload"), EB_INVALID);
        ck_assert_str_eq(problem.field, "upload");
        ck_assert_int_eq(strncmp(problem.text, "upload: ", 8), 0);
        ck_assert_uint_eq(source.count, 0);
        eb__source_close(&source);
    }
    unlink(pipe_name);
    unlink(name);
}
END_TEST

START_TEST(too_much_is_a_limit)
{
    size_t        most    = 1;
    eb_problem    problem = { 0 };
    eb_source     source;
    const eb_body endless = eb_body_reader(alphabet, &most, UINT64_MAX),
                  huge    = eb_body_reader(alphabet, &most, INT64_MAX);

    eb__source_init(&source, NULL, &problem);
    ck_assert_int_eq(eb__source_add_body(&source, &endless, "a"), EB_LIMIT);
    ck_assert_int_eq(eb__source_add_body(&source, &huge, "a"), EB_OK);
    ck_assert_int_eq(eb__source_add_text(&source, "x", 1), EB_LIMIT);
    ck_assert_int_eq(eb__source_add_text(&source, "", 0), EB_OK);
    for (size_t i = 2; i < EB_SOURCE_PIECES_MAX; i++)
        ck_assert_int_eq(eb__source_add_text(&source, "", 0), EB_OK);
    ck_assert_int_eq(eb__source_add_text(&source, "", 0), EB_LIMIT);
    eb__source_close(&source);
}
END_TEST

static int64_t misbehave(void *context, uint64_t offset, void *buffer, size_t size)
{
    (void)offset;
    (void)buffer;
    return *(const int64_t *)context == INT64_MAX ? (int64_t)size + 1 : *(const int64_t *)context;
}

START_TEST(a_function_that_gives_too_little_or_too_much_ends_the_body)
{
    int64_t gives[] = { 0, -1, INT64_MIN, INT64_MAX };

    for (size_t i = 0; i < 4; i++) {
        eb_problem    problem = { 0 };
        eb_source     source;
        const eb_body body = eb_body_reader(misbehave, &gives[i], 10);
        char          bytes[64];

        eb__source_init(&source, NULL, &problem);
        ck_assert_int_eq(eb__source_add_body(&source, &body, "a"), EB_OK);
        ck_assert_int_eq(eb__source_read(&source, 0, bytes, 10), -1);
        ck_assert_int_eq(problem.status, EB_INVALID);
        ck_assert_str_eq(problem.text, "the body ended early, or could not be read");
        eb__source_close(&source);
    }
}
END_TEST

START_TEST(a_file_that_changes_its_size_is_not_sent_as_if_whole)
{
    for (int grown = 0; grown < 2; grown++) {
        char       name[64], bytes[64];
        eb_problem problem = { 0 };
        eb_source  source;
        eb_body    body;

        write_file(name, "0123456789", 10);
        body = eb_body_file(name);
        eb__source_init(&source, NULL, &problem);
        ck_assert_int_eq(eb__source_add_body(&source, &body, "a"), EB_OK);
        ck_assert_int_eq(eb__source_read(&source, 0, bytes, 4), 4);
        ck_assert_int_eq(truncate(name, grown ? 11 : 9), 0);
        ck_assert_int_eq(eb__source_read(&source, 4, bytes, 60), -1);
        ck_assert_int_eq(problem.status, EB_INVALID);
        ck_assert_ptr_nonnull(strstr(problem.text, name));
        eb__source_close(&source);
        unlink(name);
    }
}
END_TEST

UNIT_TESTS("source", pieces_are_read_from_anywhere_in_any_size,
           what_cannot_be_read_is_refused_with_its_name, too_much_is_a_limit,
           a_function_that_gives_too_little_or_too_much_ends_the_body,
           a_file_that_changes_its_size_is_not_sent_as_if_whole)
