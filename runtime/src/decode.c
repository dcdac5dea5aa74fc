/* decode.c -- JSON text straight into structs in the arena, by their rows.
 *
 * Everything that is kept comes from the arena; the elements of a list whose length is not yet known wait
 * in the scratch stack. A problem is worded where it is found, and each level puts its own name in front
 * of the path on the way out, so that success pays nothing for it. */
#include <string.h>

#include "keys.h"
#include "number.h"
#include "reader.h"
#include "rows.h"
#include "scratch.h"

typedef struct decoder {
    eb_reader  reader;
    eb_arena  *arena;
    eb_scratch scratch;
    bool       strict;
} decoder;

/* The members without a row that a struct has met so far. */
typedef struct rest_entries {
    const eb_field *row; /* NULL: not looked for yet */
    eb_scratch_mark mark;
    size_t          count;
} rest_entries;

static eb_status decode_value(decoder *d, const eb_field *row, char *base, bool must);

static eb_status no_memory(decoder *d)
{
    return eb__problem_set(d->reader.problem, EB_NOMEM, "out of memory");
}

/* ---- Problems --------------------------------------------------------------------------------- */

static const char *expectation(const eb_field *row)
{
    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        return "a boolean";
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
    case EB_KIND_INT_ENUM:
        return "an integer";
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
        return "a number";
    case EB_KIND_TEXT:
        return "a string or an integer";
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
    case EB_KIND_MAP:
        return "an object";
    case EB_KIND_LIST:
        return "an array";
    default:
        return "a string";
    }
}

/* What stands where something else was expected; broken JSON is the worse problem and comes first. */
static eb_status mismatch(decoder *d, const char *expected)
{
    const char *from  = d->reader.at;
    const char  first = eb__peek(&d->reader);
    eb_status   st    = eb__skip_value(&d->reader);

    if (st != EB_OK)
        return st;
    d->reader.problem->offset = (size_t)(from - d->reader.start);
    return eb__problem_set(d->reader.problem, EB_DECODE, "expected %s, got %s", expected,
                           eb__json_kind(first));
}

static eb_status bad_number(decoder *d, const eb_number *number, const char *format)
{
    char text[48];

    eb__problem_quote(text, sizeof text, number->at, number->len);
    d->reader.problem->offset = (size_t)(number->at - d->reader.start);
    return eb__problem_set(d->reader.problem, EB_DECODE, format, text);
}

static eb_status holds_nul(decoder *d, const eb_text *text)
{
    d->reader.problem->offset = (size_t)(text->at - d->reader.start) - 1;
    return eb__problem_set(d->reader.problem, EB_DECODE, "a string that holds the character U+0000");
}

/* ---- Scalars ---------------------------------------------------------------------------------- */

static eb_status keep_text(decoder *d, const eb_text *text, const char **kept)
{
    char *to;

    if (text->has_nul)
        return holds_nul(d, text);
    to = eb__arena_text(d->arena, text->plain_len + 1);
    if (to == NULL)
        return no_memory(d);
    eb__unescape(to, text);
    to[text->plain_len] = '\0';
    *kept               = to;
    return EB_OK;
}

static eb_status decode_string(decoder *d, char *to)
{
    const char *kept = NULL;
    eb_text     text;
    eb_status   st = eb__read_string(&d->reader, &text);

    if (st == EB_OK)
        st = keep_text(d, &text, &kept);
    if (st == EB_OK)
        memcpy(to, &kept, sizeof kept);
    return st;
}

static eb_status decode_integer(decoder *d, int64_t *value)
{
    eb_number number;
    eb_status st = eb__read_number(&d->reader, &number);

    if (st != EB_OK)
        return st;
    if (!number.integer)
        return bad_number(d, &number, "expected an integer, got %s");
    if (!eb__parse_int(number.at, number.len, value))
        return bad_number(d, &number, "%s does not fit into 64 bits");
    return EB_OK;
}

static eb_status decode_double(decoder *d, double *value)
{
    eb_number number;
    eb_status st = eb__read_number(&d->reader, &number);

    if (st != EB_OK)
        return st;
    if (!eb__parse_double(number.at, number.len, value))
        return bad_number(d, &number, "%s does not fit into a double");
    return EB_OK;
}

/* A string, or an integer whose digits are the text. */
static eb_status decode_text(decoder *d, char *to, char first)
{
    const char *kept;
    eb_number   number;
    eb_status   st;

    if (first == '"')
        return decode_string(d, to);
    st = eb__read_number(&d->reader, &number);
    if (st != EB_OK)
        return st;
    if (!number.integer)
        return bad_number(d, &number, "expected a string or an integer, got %s");
    kept = eb__arena_dup(d->arena, number.at, number.len);
    if (kept == NULL)
        return no_memory(d);
    memcpy(to, &kept, sizeof kept);
    return EB_OK;
}

static eb_status decode_enum(decoder *d, const eb_field *row, char *base)
{
    const eb_enum *e     = row->target;
    const char    *known = NULL;
    int            value = EB_ENUM_OTHER;
    eb_text        text;
    eb_status      st = eb__read_string(&d->reader, &text);

    if (st != EB_OK)
        return st;
    if (text.len == text.plain_len)
        value = eb__enum_find(e, text.at, text.len);
    if (value == EB_ENUM_OTHER) {
        st = keep_text(d, &text, &known);
        if (st != EB_OK)
            return st;
        if (text.len != text.plain_len)
            value = eb__enum_find(e, known, text.plain_len);
    } else {
        known = e->texts[value - 1];
    }
    memcpy(base + row->offset, &value, sizeof value);
    memcpy(base + row->beside, &known, sizeof known);
    return EB_OK;
}

static eb_status decode_int_enum(decoder *d, const eb_field *row, char *base)
{
    int64_t   number = 0;
    eb_status st     = decode_integer(d, &number);
    int       value;

    if (st != EB_OK)
        return st;
    value = eb__enum_find_number(row->target, number);
    memcpy(base + row->offset, &value, sizeof value);
    memcpy(base + row->beside, &number, sizeof number);
    return EB_OK;
}

static eb_status decode_json(decoder *d, char *to)
{
    const char *from = d->reader.at;
    eb_json     json;
    eb_status   st = eb__skip_value(&d->reader);

    if (st != EB_OK)
        return st;
    json.len  = (size_t)(d->reader.at - from);
    json.text = eb__arena_dup(d->arena, from, json.len);
    if (json.text == NULL)
        return no_memory(d);
    memcpy(to, &json, sizeof json);
    return EB_OK;
}

/* A string stands for the bytes of a body. */
static eb_status decode_body(decoder *d, char *to)
{
    const char *kept = NULL;
    eb_body     body;
    eb_text     text;
    eb_status   st = eb__read_string(&d->reader, &text);

    if (st == EB_OK)
        st = keep_text(d, &text, &kept);
    if (st != EB_OK)
        return st;
    body = eb_body_memory(kept, text.plain_len);
    memcpy(to, &body, sizeof body);
    return EB_OK;
}

static eb_status decode_null(decoder *d, const eb_field *row, char *base, bool must)
{
    eb_status st;

    if ((row->flags & EB_NULLABLE) == 0 && (must || d->strict)) /* strict: it would not be sent */
        return mismatch(d, expectation(row));
    st = eb__read_null(&d->reader);
    if (st != EB_OK)
        return st;
    if ((row->flags & EB_NULLABLE) != 0)
        eb__set_null(row, base);
    else
        eb__set_absent(row, base);
    return EB_OK;
}

/* ---- Structs ---------------------------------------------------------------------------------- */

/* A name with escapes, looked up the slow way. */
static const eb_field *find_escaped(const eb_type *type, const eb_text *name)
{
    char plain[256];

    if (name->plain_len >= sizeof plain || name->has_nul)
        return NULL;
    eb__unescape(plain, name);
    return eb__row_find(type, plain, name->plain_len);
}

static inline bool is_named(const eb_field *row, const eb_text *name, char first)
{
    return row->json_len == name->len && row->json[0] == first &&
           memcmp(row->json, name->at, name->len) == 0 && (row->flags & EB_REST) == 0;
}

/* The row of a name. Members mostly come in the order of the rows: the search begins at `next`. */
static const eb_field *find_row(const eb_type *type, const eb_text *name, size_t next)
{
    const char first = name->len > 0 ? name->at[0] : '\0';

    if (name->len != name->plain_len)
        return find_escaped(type, name);
    for (size_t i = next; i < type->row_count; i++)
        if (is_named(&type->rows[i], name, first))
            return &type->rows[i];
    for (size_t i = 0; i < next; i++)
        if (is_named(&type->rows[i], name, first))
            return &type->rows[i];
    return NULL;
}

static eb_status refuse_unknown(decoder *d, const eb_type *type, const eb_text *name)
{
    char        shown[64], plain[256];
    const char *nearest = NULL;

    d->reader.problem->offset = (size_t)(name->at - d->reader.start) - 1;
    if (name->plain_len < sizeof plain) {
        eb__unescape(plain, name);
        eb__problem_quote(shown, sizeof shown, plain, name->plain_len);
        nearest = eb__nearest_name(type, plain, name->plain_len);
    } else {
        eb__problem_quote(shown, sizeof shown, name->at, name->len);
    }
    (void)eb__problem_set(d->reader.problem, EB_DECODE, "unknown member%s%s%s",
                          nearest != NULL ? "; did you mean \"" : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    eb__problem_key(d->reader.problem, shown);
    return EB_DECODE;
}

/* One more entry of a map, its value read. */
static eb_status decode_entry(decoder *d, const eb_type *map, const eb_text *name)
{
    char       *entry = eb__scratch_push(&d->scratch, map->size);
    const char *key   = NULL;
    eb_status   st;

    if (entry == NULL)
        return no_memory(d);
    st = keep_text(d, name, &key);
    if (st != EB_OK)
        return st;
    memcpy(entry, &key, sizeof key);
    st = decode_value(d, &map->rows[0], entry, true);
    if (st != EB_OK)
        eb__problem_key(d->reader.problem, key);
    return st;
}

static eb_status decode_unknown(decoder *d, const eb_type *type, const eb_text *name, rest_entries *rest)
{
    if (rest->row == NULL) {
        rest->row = eb__rest_row(type);
        if (rest->row != NULL)
            rest->mark = eb__scratch_begin(&d->scratch);
    }
    if (rest->row == NULL) {
        if (d->strict)
            return refuse_unknown(d, type, name);
        return eb__skip_value(&d->reader);
    }
    rest->count++;
    return decode_entry(d, rest->row->target, name);
}

/* Moves what was pushed since the mark into a list or map in the arena. */
static eb_status keep_list(decoder *d, const eb_type *type, const eb_scratch_mark *mark,
                           size_t count, char *to)
{
    eb_list_head list = { eb_list_empty_, count };

    if (count > 0) {
        void *items = eb__arena_alloc(d->arena, count * type->size);

        if (items == NULL)
            return no_memory(d);
        eb__scratch_copy(&d->scratch, mark, items);
        if (type->shape == EB_SHAPE_MAP)
            list.count = eb__keys_last_wins(&d->scratch, items, count, type->size);
        if (list.count == 0)
            return no_memory(d);
        list.items = items;
    }
    memcpy(to, &list, sizeof list);
    return EB_OK;
}

static eb_status check_required(decoder *d, const eb_type *type, const uint64_t *seen)
{
    for (size_t i = 0; i < type->row_count; i++) {
        if ((type->rows[i].flags & EB_REQUIRED) == 0 || (seen[i / 64] >> i % 64 & 1) != 0)
            continue;
        d->reader.problem->offset = (size_t)(d->reader.at - d->reader.start) - 1;
        (void)eb__problem_set(d->reader.problem, EB_DECODE, "required, but missing");
        eb__problem_member(d->reader.problem, type->rows[i].json);
        return EB_DECODE;
    }
    return EB_OK;
}

static eb_status decode_struct(decoder *d, const eb_type *type, char *base)
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
            return no_memory(d);
    }
    for (bool first = true; (step = eb__read_member(&d->reader, first, &name)) > 0; first = false) {
        row = find_row(type, &name, next);
        if (row == NULL) {
            st = decode_unknown(d, type, &name, &rest);
            if (st != EB_OK)
                return st;
            continue;
        }
        next = (size_t)(row - type->rows);
        seen[next / 64] |= UINT64_C(1) << next % 64;
        next++;
        st = decode_value(d, row, base, (row->flags & EB_REQUIRED) != 0);
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

static eb_status decode_object(decoder *d, const eb_type *type, char *to)
{
    void     *made = eb__arena_zalloc(d->arena, type->size);
    eb_status st;

    if (made == NULL)
        return no_memory(d);
    st = decode_struct(d, type, made);
    if (st == EB_OK)
        memcpy(to, &made, sizeof made);
    return st;
}

/* ---- Lists and maps --------------------------------------------------------------------------- */

static eb_status decode_list(decoder *d, const eb_type *type, char *to)
{
    const eb_scratch_mark mark  = eb__scratch_begin(&d->scratch);
    size_t                count = 0;
    eb_status             st    = eb__read_open(&d->reader);
    int                   step;

    if (st != EB_OK)
        return st;
    while ((step = eb__read_element(&d->reader, count == 0)) > 0) {
        char *item = eb__scratch_push(&d->scratch, type->size);

        if (item == NULL)
            return no_memory(d);
        st = decode_value(d, &type->rows[0], item, true);
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

static eb_status decode_map(decoder *d, const eb_type *type, char *to)
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

/* ---- Any member ------------------------------------------------------------------------------- */

/* must: null does not mean absent. */
static eb_status decode_value(decoder *d, const eb_field *row, char *base, bool must)
{
    const char first = eb__peek(&d->reader);
    char      *to    = base + row->offset;
    eb_status  st;

    if (row->kind == EB_KIND_JSON)
        return decode_json(d, to);
    if (first == 'n')
        return decode_null(d, row, base, must);
    if (first == '"') {
        switch (row->kind) {
        case EB_KIND_STR:
        case EB_KIND_TEXT:
            return decode_string(d, to);
        case EB_KIND_ENUM:
            return decode_enum(d, row, base);
        case EB_KIND_BODY:
            return decode_body(d, to);
        default:
            return mismatch(d, expectation(row));
        }
    }
    if (first == '{') {
        switch (row->kind) {
        case EB_KIND_OBJECT:
            return decode_object(d, row->target, to);
        case EB_KIND_STRUCT:
            return decode_struct(d, row->target, to);
        case EB_KIND_MAP:
            return decode_map(d, row->target, to);
        default:
            return mismatch(d, expectation(row));
        }
    }
    if (first == '[') {
        if (row->kind == EB_KIND_LIST)
            return decode_list(d, row->target, to);
        return mismatch(d, expectation(row));
    }
    if (first == 't' || first == 'f') {
        eb_opt_bool boolean = { false, EB_SET };

        if (row->kind != EB_KIND_BOOL && row->kind != EB_KIND_OPT_BOOL)
            return mismatch(d, expectation(row));
        st = eb__read_bool(&d->reader, &boolean.v);
        if (row->kind == EB_KIND_BOOL)
            memcpy(to, &boolean.v, sizeof boolean.v);
        else
            memcpy(to, &boolean, sizeof boolean);
        return st;
    }
    switch (row->kind) {
    case EB_KIND_INT:
    case EB_KIND_OPT_INT: {
        eb_opt_int integer = { 0, EB_SET };

        st = decode_integer(d, &integer.v);
        if (row->kind == EB_KIND_INT)
            memcpy(to, &integer.v, sizeof integer.v);
        else
            memcpy(to, &integer, sizeof integer);
        return st;
    }
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM: {
        eb_opt_num number = { 0, EB_SET };

        st = decode_double(d, &number.v);
        if (row->kind == EB_KIND_NUM)
            memcpy(to, &number.v, sizeof number.v);
        else
            memcpy(to, &number, sizeof number);
        return st;
    }
    case EB_KIND_TEXT:
        return decode_text(d, to, first);
    case EB_KIND_INT_ENUM:
        return decode_int_enum(d, row, base);
    default:
        return mismatch(d, expectation(row));
    }
}

/* ---- The whole -------------------------------------------------------------------------------- */

static eb_status decode_root(decoder *d, const eb_type *type, const void **value)
{
    const eb_field list  = { .target = type, .kind = EB_KIND_LIST };
    const eb_field map   = { .target = type, .kind = EB_KIND_MAP };
    const eb_field whole = { .target = type, .kind = EB_KIND_STRUCT };
    const size_t   size  = type->shape == EB_SHAPE_STRUCT ? type->size : sizeof(eb_list_head);
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
        return no_memory(d);
    st = decode_value(d,
                      type->shape == EB_SHAPE_STRUCT ? &whole
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
    decoder    d;
    eb_status  st;

    if (problem == NULL)
        problem = &unwanted;
    problem->status   = EB_OK;
    problem->offset   = 0;
    problem->field[0] = '\0';
    problem->text[0]  = '\0';
    eb__reader_init(&d.reader, text, len, limits, problem);
    eb__scratch_init(&d.scratch, eb__arena_allocator(arena), len / 2);
    d.arena  = arena;
    d.strict = strict;
    st       = decode_root(&d, type, value);
    eb__scratch_free(&d.scratch);
    if (st == EB_NOMEM)
        problem->field[0] = '\0';
    else if (st != EB_OK)
        eb__problem_name(problem);
    return st;
}
