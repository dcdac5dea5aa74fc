/* random.c -- values filled at random by their rows, for tests: the same seed gives the same value
 * on every machine. What comes out passes eb__check without its limits, and is the same after
 * encoding and decoding. Edges come up often: the largest integers, empty texts and lists, null,
 * characters of four bytes, enum values nobody knows. Deep or wide values get smaller members, so
 * recursive types end. */
#include <string.h>

#include "edgebind/testing.h"
#include "memory.h"
#include "response.h"
#include "rows.h"

enum { DEPTH_MAX = 8, BUDGET = 2000 };

typedef struct filler {
    eb_arena *arena;
    uint64_t  state;
    size_t    budget; /* values still to be made before everything optional is left out */
    unsigned  depth;
    bool      failed;
} filler;

static void fill_member(filler *f, const eb_field *row, char *base, bool must);
static void fill_set(filler *f, const eb_field *row, char *base);

/* ---- Random numbers -------------------------------------------------------------------------- */

/* SplitMix64. */
static uint64_t next_random(filler *f)
{
    uint64_t z = (f->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(filler *f, size_t limit)
{
    return (size_t)(next_random(f) % limit);
}

static bool one_in(filler *f, size_t count)
{
    return below(f, count) == 0;
}

static bool run_out(const filler *f)
{
    return f->budget == 0 || f->depth >= DEPTH_MAX;
}

static int64_t random_int(filler *f)
{
    static const int64_t edges[] = { 0,
                                     1,
                                     -1,
                                     INT64_MAX,
                                     INT64_MIN,
                                     INT32_MAX,
                                     INT32_MIN,
                                     (INT64_C(1) << 53) + 1,
                                     -(INT64_C(1) << 53) - 1,
                                     INT64_C(999999999999999999) };
    const uint64_t       bits    = next_random(f);

    if (one_in(f, 3))
        return edges[below(f, sizeof edges / sizeof edges[0])];
    /* Any number of digits is as likely as any other. */
    return (int64_t)(bits >> 1 >> below(f, 63)) * (one_in(f, 2) ? 1 : -1);
}

static double random_num(filler *f)
{
    static const double edges[] = {
        0.0, 0.1, -0.5, 1e22, 1e-7, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 1e15, -123.25, 9007199254740993.0, 0.30000000000000004
    };
    uint64_t bits;
    double   made;

    if (one_in(f, 3))
        return edges[below(f, sizeof edges / sizeof edges[0])];
    if (one_in(f, 2))
        return (double)random_int(f) / 100.0;
    bits = next_random(f);
    if ((bits >> 52 & 0x7ff) == 0x7ff) /* infinities and what is no number */
        bits ^= UINT64_C(1) << 62;
    memcpy(&made, &bits, sizeof made);
    return made;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static const char *random_text(filler *f, const char *prefix)
{
    static const char *const pieces[] = { "a",
                                          "Z",
                                          "0",
                                          " ",
                                          "-",
                                          "\"",
                                          "\\",
                                          "/",
                                          "\n",
                                          "\t",
                                          "\x01",
                                          "\x1f",
                                          "\x7f",
                                          "{",
                                          "\xc3\xa9",
                                          "\xe2\x82\xac",
                                          "\xe2\x80\xa8",
                                          "\xed\x9f\xbf",
                                          "\xee\x80\x80",
                                          "\xef\xbf\xbf",
                                          "\xf0\x9f\x8e\xae",
                                          "\xf4\x8f\xbf\xbf",
                                          "edge",
                                          "null" };
    char                     text[160];
    const size_t             wanted = one_in(f, 5) ? 0 : one_in(f, 4) ? 24 : below(f, 8) + 1;
    size_t                   len    = strlen(prefix);
    const char              *made;

    memcpy(text, prefix, len);
    for (size_t i = 0; i < wanted; i++) {
        const char  *piece = pieces[below(f, sizeof pieces / sizeof pieces[0])];
        const size_t more  = strlen(piece);

        memcpy(text + len, piece, more);
        len += more;
    }
    made = eb__arena_dup(f->arena, text, len);
    if (made == NULL)
        f->failed = true;
    return made;
}

static const char *random_digits(filler *f)
{
    eb_buf      text = { 0 };
    const char *made;

    eb__buf_init(&text, eb__arena_allocator(f->arena), 0);
    eb__buf_put_int(&text, random_int(f));
    made = eb__buf_status(&text) == EB_OK ? eb__arena_dup(f->arena, text.data, text.len) : NULL;
    if (made == NULL)
        f->failed = true;
    eb__buf_free(&text);
    return made;
}

static eb_json random_json(filler *f)
{
    static const char *const texts[] = { "null",
                                         "true",
                                         "false",
                                         "0",
                                         "-12.50e+3",
                                         "9223372036854775808",
                                         "\"\"",
                                         "\"\\u0000 \\ud83c\\udfae\"",
                                         "[]",
                                         "{}",
                                         "[1, [2, {\"a\": null}]]",
                                         "{\"k\":[{\"deep\":[true,\"x\"]}],\"k\":0.1}" };
    const char *const        text    = texts[below(f, sizeof texts / sizeof texts[0])];
    const eb_json            made    = { text, strlen(text) };

    return made;
}

/* ---- Enums ----------------------------------------------------------------------------------- */

static void random_enum(filler *f, const eb_field *row, char *base)
{
    const eb_enum *e      = row->target;
    int            value  = e->count > 0 ? (int)below(f, e->count) + 1 : EB_ENUM_OTHER;
    const char    *text   = NULL;
    int64_t        number = 0;

    if (one_in(f, 5) || !eb__enum_known(e, value))
        value = EB_ENUM_OTHER;
    if (row->kind == EB_KIND_ENUM) {
        text = value == EB_ENUM_OTHER ? random_text(f, "other ") : e->texts[value - 1];
        if (value == EB_ENUM_OTHER && text != NULL)
            value = eb__enum_find(e, text, strlen(text));
        memcpy(base + row->beside, &text, sizeof text);
    } else {
        number = value == EB_ENUM_OTHER ? random_int(f) : e->numbers[value - 1];
        value  = eb__enum_find_number(e, number);
        memcpy(base + row->beside, &number, sizeof number);
    }
    memcpy(base + row->offset, &value, sizeof value);
}

/* ---- Structs, lists, maps -------------------------------------------------------------------- */

static void fill_struct(filler *f, const eb_type *type, char *base)
{
    if (f->depth > DEPTH_MAX * 8) { /* a type that requires itself has no values */
        f->failed = true;
        return;
    }
    f->depth++;
    for (size_t i = 0; i < type->row_count && !f->failed; i++)
        fill_member(f, &type->rows[i], base, (type->rows[i].flags & EB_REQUIRED) != 0);
    f->depth--;
}

/* The tag that the kind stands for, into the struct, or nothing there. */
static void fill_tag(filler *f, const eb_type *type, const eb_field *row, char *object)
{
    const eb_choice *choice = eb__union_choice(type, row);
    const eb_field  *tag    = eb__union_tag_row(type, row);
    size_t           count  = 0;
    const char      *text;
    int              value;

    if (tag == NULL || choice->tags == NULL)
        return;
    while (choice->tags[count] != NULL)
        count++;
    if (count == 0 || one_in(f, 3)) {
        eb__set_absent(tag, object);
        return;
    }
    text = choice->tags[below(f, count)];
    memcpy(object + (tag->kind == EB_KIND_ENUM ? tag->beside : tag->offset), &text, sizeof text);
    if (tag->kind == EB_KIND_ENUM) {
        value = eb__enum_find(tag->target, text, strlen(text));
        memcpy(object + tag->offset, &value, sizeof value);
    }
}

/* Some JSON, the alternatives of the union put aside. */
static void fill_other(filler *f, const eb_type *type, char *base)
{
    const int     kind = EB_ENUM_OTHER;
    const eb_json json = random_json(f);

    memset(base, 0, type->size);
    memcpy(base, &kind, sizeof kind);
    memcpy(base + type->rows[0].offset, &json, sizeof json);
}

/* Two alternatives may look alike on the wire: what is filled in is what the decoder takes it for,
 * written and read until that is the same. */
static void fill_union(filler *f, const eb_type *type, char *base)
{
    const eb_limits_in deep = { 512, 0 };

    for (int tries = 0; tries < 20 && !f->failed; tries++) {
        const size_t    chosen = below(f, type->row_count + (run_out(f) ? 0 : 1u));
        const eb_field *row    = &type->rows[chosen < type->row_count ? chosen : 0];
        eb_buf          text;
        const void     *read = NULL;
        eb_problem      problem;
        eb_status       st = EB_OK;

        if (run_out(f) && row->kind == EB_KIND_OBJECT && tries < 10)
            continue;
        memset(base, 0, type->size);
        if (chosen == type->row_count) {
            fill_other(f, type, base);
        } else {
            memcpy(base, &eb__union_choice(type, row)->kind, sizeof(int));
            f->depth++;
            fill_set(f, row, base);
            f->depth--;
            if (type->one_of->member != NULL && eb__is_struct_row(row) && !f->failed) {
                char *object;

                memcpy(&object, base + row->offset, sizeof object);
                fill_tag(f, type, row, object);
            }
        }
        eb__buf_init(&text, eb__arena_allocator(f->arena), 0);
        for (int again = 0; again < 4 && st == EB_OK && !f->failed; again++) {
            eb__buf_clear(&text);
            eb__encode(&text, type, base);
            st = eb__buf_status(&text);
            if (st == EB_OK)
                st = eb__decode(type, text.data, text.len, false, &deep, f->arena, &read, &problem);
            if (st != EB_OK || read == type->null)
                break;
            if (eb__equal(type, base, read)) {
                eb__buf_free(&text);
                return;
            }
            memcpy(base, read, type->size);
        }
        eb__buf_free(&text);
        if (st == EB_NOMEM)
            f->failed = true;
    }
}

/* A key that no other entry has, and no member. */
static const char *random_key(filler *f, size_t index)
{
    const char   letters[] = "abcdefghijklmnopqrstuvwxyz";
    char         prefix[]  = "? #";
    const size_t count     = sizeof letters - 1;

    prefix[0] = letters[index % count];
    prefix[2] = letters[index / count % count];
    return random_text(f, prefix);
}

static void fill_list(filler *f, const eb_type *type, char *to, size_t least)
{
    const size_t count = run_out(f) || one_in(f, 4) ? 0 : one_in(f, 12) ? 20 : below(f, 3) + 1;
    eb_list_head list  = { eb_list_empty_, count > least ? count : least };
    char        *items;

    if (list.count > 0) {
        items = eb__arena_zalloc(f->arena, list.count * type->size);
        if (items == NULL) {
            f->failed = true;
            return;
        }
        f->depth++;
        for (size_t i = 0; i < list.count && !f->failed; i++) {
            if (type->shape == EB_SHAPE_MAP) {
                const char *key = random_key(f, i);

                memcpy(items + i * type->size, &key, sizeof key);
            }
            fill_member(f, &type->rows[0], items + i * type->size, true);
        }
        f->depth--;
        list.items = items;
    }
    memcpy(to, &list, sizeof list);
}

static void fill_object(filler *f, const eb_type *type, char *to)
{
    char *made = eb__arena_zalloc(f->arena, type->size);

    if (made == NULL) {
        f->failed = true;
        return;
    }
    if (type->shape == EB_SHAPE_UNION)
        fill_union(f, type, made);
    else
        fill_struct(f, type, made);
    memcpy(to, &made, sizeof made);
}

/* ---- Any member ------------------------------------------------------------------------------ */

static void fill_set(filler *f, const eb_field *row, char *base)
{
    char       *to      = base + row->offset;
    eb_opt_int  integer = EB_INT(0);
    eb_opt_num  number  = EB_NUM(0);
    eb_opt_bool boolean = EB_BOOL(false);
    const char *text;
    eb_json     json;

    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        boolean.v = one_in(f, 2);
        if (row->kind == EB_KIND_BOOL)
            memcpy(to, &boolean.v, sizeof boolean.v);
        else
            memcpy(to, &boolean, sizeof boolean);
        break;
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
        integer.v = random_int(f);
        if (row->kind == EB_KIND_INT)
            memcpy(to, &integer.v, sizeof integer.v);
        else
            memcpy(to, &integer, sizeof integer);
        break;
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
        number.v = random_num(f);
        if (row->kind == EB_KIND_NUM)
            memcpy(to, &number.v, sizeof number.v);
        else
            memcpy(to, &number, sizeof number);
        break;
    case EB_KIND_DECIMAL:
        text = one_in(f, 4) ? "18446744073709551615" : one_in(f, 3) ? "-0.10" : random_digits(f);
        memcpy(to, &text, sizeof text);
        break;
    case EB_KIND_STR:
    case EB_KIND_TEXT:
        text = row->kind == EB_KIND_TEXT && one_in(f, 2) ? random_digits(f) : random_text(f, "");
        memcpy(to, &text, sizeof text);
        break;
    case EB_KIND_ENUM:
    case EB_KIND_INT_ENUM:
        random_enum(f, row, base);
        break;
    case EB_KIND_JSON:
        json = random_json(f);
        memcpy(to, &json, sizeof json);
        break;
    case EB_KIND_OBJECT:
        fill_object(f, row->target, to);
        break;
    case EB_KIND_STRUCT:
        if (eb__is_union(row))
            fill_union(f, row->target, to);
        else
            fill_struct(f, row->target, to);
        break;
    case EB_KIND_LIST:
        fill_list(f, row->target, to, 0);
        break;
    case EB_KIND_MAP:
        fill_list(f, row->target, to, (row->flags & EB_REST) != 0 ? 1 : 0);
        break;
    default:
        break; /* a body is no JSON */
    }
}

static void fill_member(filler *f, const eb_field *row, char *base, bool must)
{
    if (f->budget > 0)
        f->budget--;
    if (!must && (run_out(f) || one_in(f, 3)))
        return;
    if ((row->flags & EB_NULLABLE) != 0 && (run_out(f) || one_in(f, 5)))
        eb__set_null(row, base);
    else
        fill_set(f, row, base);
}

const void *eb__random_value(const eb_type *type, uint64_t seed, eb_arena *arena)
{
    filler       f    = { .arena = arena, .state = seed, .budget = BUDGET };
    const size_t size = eb__is_list(type) ? sizeof(eb_list_head) : type->size;
    char        *made = eb__arena_zalloc(arena, size);

    if (made == NULL)
        return NULL;
    if (type->shape == EB_SHAPE_UNION)
        fill_union(&f, type, made);
    else if (type->shape == EB_SHAPE_STRUCT)
        fill_struct(&f, type, made);
    else
        fill_list(&f, type, made, 0);
    return f.failed ? NULL : made;
}

const void *eb_value_random(const eb_type *type, uint64_t seed, eb_response *response)
{
    if (type == NULL || response == NULL || eb__response_reset(response, NULL) != EB_OK)
        return NULL;
    return eb__random_value(type, seed, response->arena_);
}
