/* decode.c -- JSON text straight into structs in the arena, by their rows.
 *
 * Everything that is kept comes from the arena; the elements of a list whose length is not yet
 * known wait in the scratch stack. A problem is worded where it is found, and each level puts its
 * own name in front of the path on the way out, so that success pays nothing for it. */
#include <string.h>

#include "decoder.h"
#include "keys.h"

/* The members without a row that a struct has met so far. */
typedef struct rest_entries {
    const eb_field *row; /* NULL: not looked for yet */
    eb_scratch_mark mark;
    size_t          count;
} rest_entries;

static eb_status decode_value(eb_decoder *d, const eb_field *row, char *base, bool must);
#if EB_PART_UNIONS
static eb_status decode_union(eb_decoder *d, const eb_type *type, char *base);
#endif

/* ---- Structs --------------------------------------------------------------------------------- */

/* Before a struct is made: a large one counts as several values. "{}" takes two bytes of text, a few bits of
 * it compressed, and hundreds in C; so the limit on values bounds memory as well. */
static inline eb_status count_room(eb_decoder *d, size_t size)
{
    enum { ROOM_OF_A_VALUE = 64 };

    return size > ROOM_OF_A_VALUE ? eb__read_count(&d->reader, size / ROOM_OF_A_VALUE) : EB_OK;
}

/* One more entry of a map, its value read. */
static eb_status decode_entry(eb_decoder *d, const eb_type *map, const eb_text *name)
{
    const char *key = NULL;
    char       *entry;
    eb_status   st = count_room(d, map->size);

    if (st != EB_OK)
        return st;
    entry = eb__scratch_push(&d->scratch, map->size);
    if (entry == NULL)
        return eb__decode_no_memory(d);
    st = eb__decode_keep(d, name, &key);
    if (st != EB_OK)
        return st;
    memcpy(entry, &key, sizeof key);
    st = decode_value(d, &map->rows[0], entry, true);
    if (st != EB_OK)
        eb__problem_key(d->reader.problem, key);
    return st;
}

bool eb__decode_is(const eb_text *text, const char *plain)
{
    char   known[256];
    size_t len = strlen(plain);

    if (text->plain_len != len)
        return false;
    if (text->len == len)
        return memcmp(text->at, plain, len) == 0;
    if (len > sizeof known)
        return false;
    eb__unescape(known, text);
    return memcmp(known, plain, len) == 0;
}

/* A member without a row. tag: the discriminator of the union around, which the kind stands for; NULL. */
static eb_status decode_rest(eb_decoder *d, const eb_type *type, const eb_text *name,
                             const char *tag, rest_entries *rest)
{
    if (tag != NULL && eb__decode_is(name, tag))
        return eb__skip_value(&d->reader);
    if (rest->row == NULL) {
        rest->row = eb__rest_row(type);
        if (rest->row != NULL)
            rest->mark = eb__scratch_begin(&d->scratch);
    }
    if (rest->row == NULL) {
        if (d->strict)
            return eb__decode_unknown(d, type, name);
        return eb__skip_value(&d->reader);
    }
    rest->count++;
    return decode_entry(d, rest->row->target, name);
}

/* Moves what was pushed since the mark into a list or map in the arena. */
static eb_status keep_list(eb_decoder *d, const eb_type *type, const eb_scratch_mark *mark,
                           size_t count, char *to)
{
    eb_list_head list = { eb_list_empty_, count };

    if (count > 0) {
        void *items = eb__arena_alloc(d->arena, count * type->size);

        if (items == NULL)
            return eb__decode_no_memory(d);
        eb__scratch_copy(&d->scratch, mark, items);
        if (type->shape == EB_SHAPE_MAP)
            list.count = eb__keys_last_wins(&d->scratch, items, count, type->size);
        if (list.count == 0)
            return eb__decode_no_memory(d);
        list.items = items;
    }
    memcpy(to, &list, sizeof list);
    return EB_OK;
}

static eb_status check_required(eb_decoder *d, const eb_type *type, const uint64_t *seen)
{
    for (size_t i = 0; i < type->row_count; i++) {
        if (!eb__is_required(&type->rows[i], d->strict) || (seen[i / 64] >> i % 64 & 1) != 0)
            continue;
        d->reader.problem->offset = (size_t)(d->reader.at - d->reader.start) - 1;
        (void)eb__problem_set(d->reader.problem, EB_DECODE, "required, but missing");
        eb__problem_member(d->reader.problem, type->rows[i].json);
        return EB_DECODE;
    }
    return EB_OK;
}

static eb_status decode_struct(eb_decoder *d, const eb_type *type, char *base, const char *tag)
{
    uint64_t        few  = 0; /* bit per row: has it been seen? */
    uint64_t       *seen = &few;
    size_t          next = 0;
    rest_entries    rest = { 0 };
    const eb_field *row;
    eb_text         name;
    eb_status       st = eb__read_open(&d->reader);
    int             step;

    if (st != EB_OK)
        return st;
    if (type->row_count > 64) {
        seen = eb__arena_zalloc(d->arena, ((size_t)type->row_count + 63) / 64 * sizeof *seen);
        if (seen == NULL)
            return eb__decode_no_memory(d);
    }
    for (bool first = true; (step = eb__read_member(&d->reader, first, &name)) > 0; first = false) {
        row = eb__decode_find(type, &name, next);
        if (row == NULL) {
            st = decode_rest(d, type, &name, tag, &rest);
            if (st != EB_OK)
                return st;
            continue;
        }
        next = (size_t)(row - type->rows);
        seen[next / 64] |= UINT64_C(1) << next % 64;
        next++;
        if (row->kind < EB_KIND_JSON) /* the shorter way for what has no parts */
            st = eb__decode_scalar(d, row, base, eb__peek(&d->reader), eb__is_required(row, d->strict));
        else
            st = decode_value(d, row, base, eb__is_required(row, d->strict));
        if (st != EB_OK) {
            eb__problem_member(d->reader.problem, row->json);
            return st;
        }
    }
    if (step < 0)
        return d->reader.problem->status;
    if (rest.row != NULL) {
        st = keep_list(d, rest.row->target, &rest.mark, rest.count, base + rest.row->offset);
        eb__scratch_end(&d->scratch, &rest.mark);
        if (st != EB_OK)
            return st;
    }
    return check_required(d, type, seen);
}

static inline eb_status make_object(eb_decoder *d, const eb_type *type, char **made)
{
    const eb_status st = count_room(d, type->size);

    if (st != EB_OK)
        return st;
    *made = eb__arena_zalloc(d->arena, type->size);
    return *made != NULL ? EB_OK : eb__decode_no_memory(d);
}

static inline eb_status decode_into(eb_decoder *d, const eb_type *type, char *made)
{
#if EB_PART_UNIONS
    if (type->shape == EB_SHAPE_UNION)
        return decode_union(d, type, made);
#endif
    return decode_struct(d, type, made, NULL);
}

static eb_status decode_object(eb_decoder *d, const eb_type *type, char *to)
{
    char     *made = NULL;
    eb_status st   = make_object(d, type, &made);

    if (st != EB_OK)
        return st;
    st = decode_into(d, type, made);
    if (st == EB_OK)
        memcpy(to, &made, sizeof made);
    return st;
}

/* ---- Unions ---------------------------------------------------------------------------------- */

#if EB_PART_UNIONS
/* A struct with the discriminator of the union in it. */
static eb_status decode_tagged(eb_decoder *d, const eb_type *type, const eb_field *row, char *base)
{
    char     *made = NULL;
    eb_status st   = make_object(d, row->target, &made);

    if (st == EB_OK)
        st = decode_struct(d, row->target, made, type->one_of->member);
    if (st != EB_OK)
        return st;
    memcpy(base + row->offset, &made, sizeof made);
    if (eb__union_is_tagged(type, row, made))
        return EB_OK;
    (void)eb__problem_set(d->reader.problem, EB_DECODE, "stands there twice, with two meanings");
    eb__problem_member(d->reader.problem, type->one_of->member);
    return EB_DECODE;
}

static eb_status decode_union(eb_decoder *d, const eb_type *type, char *base)
{
    const eb_field *row  = NULL;
    int             kind = EB_ENUM_OTHER;
    eb_status       st   = eb__decode_choose(d, type, &row);

    if (st != EB_OK)
        return st;
    if (row == NULL) {
        st = eb__decode_json(d, base + type->rows[0].offset);
    } else {
        kind = eb__union_choice(type, row)->kind;
        if (type->one_of->member != NULL && eb__is_struct_row(row))
            st = decode_tagged(d, type, row, base);
        else
            st = decode_value(d, row, base, true);
    }
    memcpy(base, &kind, sizeof kind);
    return st;
}
#endif

/* ---- Lists and maps -------------------------------------------------------------------------- */

static eb_status decode_list(eb_decoder *d, const eb_type *type, char *to)
{
    const eb_scratch_mark mark  = eb__scratch_begin(&d->scratch);
    size_t                count = 0;
    eb_status             st    = eb__read_open(&d->reader);
    int                   step;

    if (st != EB_OK)
        return st;
    while ((step = eb__read_element(&d->reader, count == 0)) > 0) {
        char *item;

        st = count_room(d, type->size);
        if (st == EB_OK) {
            item = eb__scratch_push(&d->scratch, type->size);
            st = item != NULL ? decode_value(d, &type->rows[0], item, true) : eb__decode_no_memory(d);
        }
        if (st != EB_OK) {
            eb__problem_index(d->reader.problem, count);
            return st;
        }
        count++;
    }
    if (step < 0)
        return d->reader.problem->status;
    st = keep_list(d, type, &mark, count, to);
    eb__scratch_end(&d->scratch, &mark);
    return st;
}

static eb_status decode_map(eb_decoder *d, const eb_type *type, char *to)
{
    const eb_scratch_mark mark  = eb__scratch_begin(&d->scratch);
    size_t                count = 0;
    eb_text               name;
    eb_status             st = eb__read_open(&d->reader);
    int                   step;

    if (st != EB_OK)
        return st;
    while ((step = eb__read_member(&d->reader, count == 0, &name)) > 0) {
        st = decode_entry(d, type, &name);
        if (st != EB_OK)
            return st;
        count++;
    }
    if (step < 0)
        return d->reader.problem->status;
    st = keep_list(d, type, &mark, count, to);
    eb__scratch_end(&d->scratch, &mark);
    return st;
}

/* ---- Any member ------------------------------------------------------------------------------ */

/* must: null does not mean absent. */
static eb_status decode_value(eb_decoder *d, const eb_field *row, char *base, bool must)
{
    const char first = eb__peek(&d->reader);
    char      *to    = base + row->offset;

    if (row->kind == EB_KIND_JSON)
        return eb__decode_json(d, to);
    if (first == '{') {
        switch (row->kind) {
        case EB_KIND_OBJECT:
            return decode_object(d, row->target, to);
        case EB_KIND_STRUCT:
            return decode_into(d, row->target, to);
        case EB_KIND_MAP:
            return decode_map(d, row->target, to);
        default:
            return eb__decode_mismatch(d, row);
        }
    }
    if (first == '[' && row->kind == EB_KIND_LIST)
        return decode_list(d, row->target, to);
#if EB_PART_UNIONS
    if (first != 'n' && eb__is_union(row))
        return row->kind == EB_KIND_OBJECT ? decode_object(d, row->target, to)
                                           : decode_union(d, row->target, to);
#endif
    if (first == '[')
        return eb__decode_mismatch(d, row);
    return eb__decode_scalar(d, row, base, first, must);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static eb_status decode_root(eb_decoder *d, const eb_type *type, const void **value)
{
    const eb_field list  = { .target = type, .kind = EB_KIND_LIST };
    const eb_field map   = { .target = type, .kind = EB_KIND_MAP };
    const eb_field whole = { .target = type, .kind = EB_KIND_STRUCT };
    const size_t   size  = eb__is_list(type) ? sizeof(eb_list_head) : type->size;
    void          *made;
    eb_status      st = eb__read_begin(&d->reader);

    if (st != EB_OK)
        return st;
    if (eb__peek(&d->reader) == 'n' && type->null != NULL) {
        st = eb__read_null(&d->reader);
        if (st == EB_OK)
            st = eb__read_end(&d->reader);
        if (st == EB_OK)
            *value = type->null;
        return st;
    }
    eb__arena_expect(d->arena, (size_t)(d->reader.end - d->reader.start));
    made = eb__arena_zalloc(d->arena, size);
    if (made == NULL)
        return eb__decode_no_memory(d);
    st = decode_value(d,
                      !eb__is_list(type)             ? &whole
                      : type->shape == EB_SHAPE_LIST ? &list
                                                     : &map,
                      made, true);
    if (st == EB_OK)
        st = eb__read_end(&d->reader);
    if (st == EB_OK)
        *value = made;
    return st;
}

eb_status eb__decode(const eb_type *type, const char *text, size_t len, bool strict,
                     const eb_limits_in *limits, eb_arena *arena, const void **value, eb_problem *problem)
{
    eb_problem unwanted;
    eb_decoder d;
    eb_status  st;

    if (problem == NULL)
        problem = &unwanted;
    problem->status   = EB_OK;
    problem->offset   = 0;
    problem->field[0] = '\0';
    problem->text[0]  = '\0';
    eb__reader_init(&d.reader, text, len, limits, problem);
    eb__scratch_init(&d.scratch, eb__arena_allocator(arena), len / 2);
    eb__buf_init(&d.ends.list, eb__arena_allocator(arena), 0);
    d.ends.known = 0;
    d.arena      = arena;
    d.strict     = strict;
    st           = decode_root(&d, type, value);
    eb__scratch_free(&d.scratch);
    eb__buf_free(&d.ends.list);
    if (st == EB_NOMEM)
        problem->field[0] = '\0';
    else if (st != EB_OK)
        eb__problem_name(problem);
    return st;
}
