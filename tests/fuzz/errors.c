/* errors.c -- bodies of failures, JSON and XML, as each API reads them. The first line is an API's name and a
 * status, the rest the body.
 *
 * Whatever arrives, what comes out is one line of UTF-8 without control characters, and short. */
#include "fuzz.h"

#include "errors.h"
#include "reader.h"

enum { CODE_MAX = 256, MESSAGE_MAX = 2048 }; /* as errors.c has them */

static void is_one_safe_line(const char *text, size_t max)
{
    const char *const end = text + strlen(text);

    MUST((size_t)(end - text) <= max);
    while (text < end) {
        const unsigned char c   = (unsigned char)*text;
        const size_t        len = c < 0x80 ? 1 : eb__utf8_len(text, end);

        MUST(len > 0 && c >= 0x20 && c != 0x7f);
        MUST(c != 0xC2 || (unsigned char)text[1] >= 0xA0);
        text += len;
    }
}

/* A text of an element has no more bytes than the whole. */
static void elements_are_short(const char *body, size_t len, eb_arena *arena)
{
    static const char *const names[] = { "Code", "Message", "RequestId", "a", "" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = eb__xml_text(body, len, names[i], arena);

        MUST(text == NULL || strlen(text) <= len);
    }
}

static void nothing_is_read(const char *body, size_t len, eb_arena *arena)
{
    eb_error_body found;

    MUST(eb__error_read(NULL, body, len, arena, &found) == EB_OK);
    MUST(*found.code == '\0' && *found.message == '\0' && *found.field == '\0');
    MUST(!eb__error_inside(NULL, 200, body, len, arena));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input    rest      = { (const char *)data, size };
    fuzz_input    line      = fuzz_until(&rest, '\n');
    const eb_api *api       = fuzz_api(fuzz_until(&line, ' '));
    const int     status    = (int)(fuzz_int(line) % 1000);
    char         *body      = fuzz_bytes(rest);
    long          live      = 0;
    eb_allocator  allocator = fuzz_allocator(&live);
    eb_arena     *arena     = eb__arena_new(&allocator, 0);
    eb_error_body found     = { NULL, NULL, NULL, NULL };

    MUST(eb__error_read(api->errors, body, rest.len, arena, &found) == EB_OK);
    is_one_safe_line(found.code, CODE_MAX);
    is_one_safe_line(found.message, MESSAGE_MAX);
    is_one_safe_line(found.field, CODE_MAX);
    is_one_safe_line(found.request_id, CODE_MAX);
    (void)eb__error_inside(api->errors, status, body, rest.len, arena);
    elements_are_short(body, rest.len, arena);
    nothing_is_read(body, rest.len, arena);
    MUST(memcmp(body, rest.at, rest.len) == 0); /* what is repaired is a copy */
    eb__arena_free(arena);
    MUST(live == 0);
    free(body);
    return 0;
}
