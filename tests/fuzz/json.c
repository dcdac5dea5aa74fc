/* json.c -- arbitrary text as JSON: our reader against cJSON, and the functions that look into text without
 * rows. The input is the text; its first line is also tried as a pointer.
 *
 * What we accept, cJSON accepts and understands the same, but for numbers of more than 63 characters, which
 * not every version reads whole. What cJSON accepts and we refuse is one of its known liberties, see `liberties`. */
#include <cjson/cJSON.h>
#include <math.h>

#include "fuzz.h"

#include "codec.h"
#include "edgebind/cjson.h"

enum { CJSON_NUMBER_MAX = 63, ELEMENTS_LOOKED_AT = 8 };

/* Why we refuse what cJSON accepts. RFC 8259 is on our side in each. */
static const char *const liberties[] = {
    "the text begins with a byte order mark",
    "a number with a leading zero",
    "expected a digit", /* 1.  1.e5 */
    "expected a value", /* control characters as white space, all of these */
    "expected ','",
    "expected ':'",
    "expected a member's name",
    "something follows the value",
    "a control character", /* in a string */
    "UTF-8",
    "expected four hex digits after \\u", /* a NUL to cJSON */
    "surrogate",
};

static bool is_liberty(const eb_problem *problem)
{
    for (size_t i = 0; i < sizeof liberties / sizeof liberties[0]; i++)
        if (strstr(problem->text, liberties[i]) != NULL)
            return true;
    return false;
}

/* Is there a number that cJSON may cut? Any run of so many characters that numbers are made of counts. */
static bool has_long_number(const char *text, size_t len)
{
    size_t run = 0;

    for (size_t i = 0; i < len && run <= CJSON_NUMBER_MAX; i++)
        run = text[i] != '\0' && strchr("0123456789+-.eE", text[i]) != NULL ? run + 1 : 0;
    return run > CJSON_NUMBER_MAX;
}

static void same_scalar(eb_json ours, const cJSON *theirs, eb_arena *arena)
{
    const char *plain = eb__json_plain(ours, arena);
    double      number;

    switch (ours.text[0]) {
    case '"':
        MUST(cJSON_IsString(theirs));
        if (plain != NULL) /* else it holds a NUL, where cJSON's text ends */
            MUST(strcmp(plain, theirs->valuestring) == 0);
        break;
    case 'n':
        MUST(cJSON_IsNull(theirs) && plain == NULL);
        break;
    case 't':
        MUST(cJSON_IsTrue(theirs) && strcmp(plain, "true") == 0);
        break;
    case 'f':
        MUST(cJSON_IsFalse(theirs) && strcmp(plain, "false") == 0);
        break;
    default:
        MUST(cJSON_IsNumber(theirs) && strlen(plain) == ours.len);
        if (eb__parse_double(ours.text, ours.len, &number))
            MUST(number == theirs->valuedouble && signbit(number) == signbit(theirs->valuedouble));
        else
            MUST(isinf(theirs->valuedouble));
        break;
    }
}

static void same_value(eb_json ours, const cJSON *theirs, eb_arena *arena, int depth)
{
    const cJSON *child = theirs->child;
    const char  *key;
    eb_json      value;
    size_t       at = 0;

    if (depth == 0)
        return;
    if (ours.text[0] == '{') {
        MUST(cJSON_IsObject(theirs));
        for (; eb__json_member(ours, &at, &key, &value, arena); child = child->next) {
            MUST(child != NULL && strcmp(child->string, key) == 0);
            same_value(value, child, arena, depth - 1);
        }
        if (child != NULL) /* the only key at which the walk may end early */
            MUST(fuzz_holds((fuzz_input){ ours.text, ours.len }, "\\u0000"));
    } else if (ours.text[0] == '[') {
        MUST(cJSON_IsArray(theirs));
        for (int i = 0; i < ELEMENTS_LOOKED_AT; i++) {
            char pointer[16];

            (void)snprintf(pointer, sizeof pointer, "/%d", i);
            if (!eb__json_find(ours.text, ours.len, pointer, &value)) {
                MUST(child == NULL);
                break;
            }
            MUST(child != NULL);
            same_value(value, child, arena, depth - 1);
            child = child->next;
        }
    } else {
        same_scalar(ours, theirs, arena);
    }
}

/* Our own way to a cJSON tree and back keeps the value. */
static void survives_cjson(eb_json json)
{
    cJSON    *tree = NULL, *again = NULL;
    eb_json   made = { NULL, 0 };
    eb_status st   = eb_json_to_cjson(json, &tree);
    void     *block;

    if (st != EB_OK) /* it holds a NUL, or is nested deeper than that allows */
        return;
    MUST(eb_json_from_cjson(tree, &made) == EB_OK);
    MUST(eb_json_to_cjson(made, &again) == EB_OK);
    memcpy(&block, &made.text, sizeof block);
    free(block);
    cJSON_Delete(again);
    cJSON_Delete(tree);
}

/* Looking into anything must be safe, and finds whole values only. */
static void look_into(const char *text, size_t len, const char *pointer, eb_arena *arena)
{
    eb_json     found = { NULL, 0 };
    const char *key;
    size_t      at = 0;

    if (eb__json_find(text, len, pointer, &found)) {
        const eb_limits_in deep = { 512, 0 };

        MUST(found.text >= text && found.len <= len - (size_t)(found.text - text));
        MUST(eb__json_check(found.text, found.len, &deep, NULL) == EB_OK);
        (void)eb__json_plain(found, arena);
    }
    (void)eb__json_plain((eb_json){ text, len }, arena);
    while (eb__json_member((eb_json){ text, len }, &at, &key, &found, arena))
        MUST(at <= len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const eb_limits_in deep      = { 512, 0 };
    fuzz_input         rest      = { (const char *)data, size };
    char              *text      = fuzz_bytes(rest);
    char              *pointer   = fuzz_text(fuzz_until(&rest, '\n'));
    cJSON             *tree      = cJSON_ParseWithLengthOpts(text, size, NULL, false);
    long               live      = 0;
    eb_allocator       allocator = fuzz_allocator(&live);
    eb_arena          *arena     = eb__arena_new(&allocator, 0);
    eb_json            whole     = { NULL, 0 };
    eb_problem         problem;
    eb_status          st = eb__json_check(text, size, &deep, &problem);

    if (st == EB_OK) {
        MUST(eb__json_find(text, size, "", &whole));
        MUST(tree != NULL || has_long_number(text, size));
        if (tree != NULL)
            same_value(whole, tree, arena, 40);
        survives_cjson((eb_json){ text, size });
    } else {
        MUST(st == EB_DECODE || st == EB_LIMIT);
        MUST(problem.status == st && problem.offset <= size && problem.text[0] != '\0');
        if (tree != NULL && st == EB_DECODE)
            MUST(is_liberty(&problem));
    }
    look_into(text, size, pointer, arena);
    look_into(text, size, "/0/a/0", arena);
    eb__arena_free(arena);
    MUST(live == 0);
    cJSON_Delete(tree);
    free(pointer);
    free(text);
    return 0;
}
