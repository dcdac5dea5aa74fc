/* decode.c -- JSON into every generated type. The first line names the type, or any text chooses one;
 * the rest is the JSON.
 *
 * Whatever decodes can be sent, reads back equal, copies equal, and prints as JSON; and what is read
 * strictly is read the same without. */
#include "fuzz.h"

#include "sample.h"

#include "codec.h"

/* What no provider's document has. */
static const eb_type *const more_types[] = { &sample_unions_type, &sample_shape_type, &sample_any_type };

enum { MORE_TYPES = sizeof more_types / sizeof more_types[0] };

static const eb_type *choose(fuzz_input name)
{
    size_t count = 0, wanted;

    for (size_t i = 0; i < MORE_TYPES; i++)
        if (fuzz_is(name, more_types[i]->name))
            return more_types[i];
    for (size_t i = 0; i < FUZZ_APIS; i++)
        for (size_t j = 0; j < fuzz_apis[i]->type_count; j++, count++)
            if (fuzz_is(name, fuzz_apis[i]->types[j]->name))
                return fuzz_apis[i]->types[j];
    wanted = fuzz_number(name) % count;
    for (size_t i = 0; i < FUZZ_APIS; i++) {
        if (wanted < fuzz_apis[i]->type_count)
            return fuzz_apis[i]->types[wanted];
        wanted -= fuzz_apis[i]->type_count;
    }
    return NULL;
}

static void copies_are_equal(const eb_type *type, const void *value, eb_arena *arena)
{
    const void *copy = eb__copy(type, value, arena);
    void       *dup  = eb__dup(type, value);

    MUST(eb__equal(type, value, copy));
    if (value == type->null)
        MUST(dup == NULL);
    else
        MUST(dup != NULL && eb__equal(type, dup, value));
    free(dup);
}

static void reads_back(const eb_type *type, const void *value, const eb_allocator *allocator,
                       eb_arena *arena)
{
    eb_buf      text, again;
    const void *back = NULL;
    eb_problem  problem;

    eb__buf_init(&text, allocator, 0);
    eb__buf_init(&again, allocator, 0);
    eb__encode(&text, type, value);
    MUST(eb__buf_status(&text) == EB_OK);
    MUST(eb__decode(type, text.data, text.len, false, NULL, arena, &back, &problem) == EB_OK);
    MUST(eb__equal(type, value, back));
    eb__encode(&again, type, back);
    MUST(text.len == again.len && memcmp(text.data, again.data, text.len) == 0);
    eb__buf_free(&again);
    eb__buf_free(&text);
}

static void prints(const eb_type *type, const void *value, const eb_allocator *allocator)
{
    eb_limits_in deep = { 512, 0 };
    eb_buf       text;

    eb__buf_init(&text, allocator, 0);
    eb__print(&text, type, value);
    MUST(eb__buf_status(&text) == EB_OK);
    MUST(eb__json_check(text.data, text.len, &deep, NULL) == EB_OK);
    eb__buf_free(&text);
}

static void problem_is_readable(const eb_problem *problem)
{
    MUST(memchr(problem->field, '\0', sizeof problem->field) != NULL);
    MUST(memchr(problem->text, '\0', sizeof problem->text) != NULL);
    MUST(problem->text[0] != '\0');
    for (const char *c = problem->text; *c != '\0'; c++)
        MUST((unsigned char)*c >= ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input     rest      = { (const char *)data, size };
    const eb_type *type      = choose(fuzz_until(&rest, '\n'));
    char          *json      = fuzz_bytes(rest);
    long           live      = 0;
    eb_allocator   allocator = fuzz_allocator(&live);
    eb_arena      *arena     = eb__arena_new(&allocator, 0);
    const void    *value = NULL, *strict = NULL;
    eb_problem     problem;
    eb_status      st = eb__decode(type, json, rest.len, false, NULL, arena, &value, &problem);

    if (st == EB_OK) {
        MUST(eb__json_check(json, rest.len, NULL, NULL) == EB_OK);
        MUST(eb__check(type, value, "", true, &problem) == EB_OK);
        copies_are_equal(type, value, arena);
        reads_back(type, value, &allocator, arena);
        prints(type, value, &allocator);
    } else {
        MUST(st == EB_DECODE || st == EB_LIMIT);
        MUST(value == NULL && problem.status == st && problem.offset <= rest.len);
        problem_is_readable(&problem);
    }
    if (eb__decode(type, json, rest.len, true, NULL, arena, &strict, &problem) == EB_OK)
        MUST(st == EB_OK && eb__equal(type, value, strict));
    eb__arena_free(arena);
    MUST(live == 0);
    free(json);
    return 0;
}
