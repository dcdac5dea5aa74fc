/* decode_union.c -- which alternative of a union a value is; see decoder.h.
 *
 * Where the document names a discriminator, its value says so. Otherwise the value itself does, and
 * the text ahead is looked over, never twice for the same reason (see eb_ends):
 *
 *   1. The JSON type. Of texts, an enum that knows the text comes before any text, any text before
 *      an enum that does not know it; of numbers, an integer before a number. Of lists, the first
 *      item that is not null decides, by the same rules.
 *   2. Of objects, a struct is out when a required member is missing, when a member has another JSON
 *      type, when a member that has one value only has another one. Of those left, the one counts that
 *      knows more of the values its enums have, then the one that knows more of the members, then
 *      the one that stands first. Maps are structs that know all members; free-form objects come last.
 *
 * What is none of them is OTHER: newer services say things that older documents do not know. */
#include <string.h>

#include "decoder.h"
#include "number.h"

#if EB_PART_UNIONS

/* What a value may be. */
typedef struct candidate {
    const eb_field  *row; /* the alternative; of the union that was asked for, whatever is inside */
    const eb_field  *inner; /* behind unions and lists: what the value that is looked at would be */
    const eb_choice *choice; /* of inner; NULL: it is an element */
    const char      *member; /* the discriminator of the union inside; NULL */
    size_t           next;
    uint64_t         seen;     /* bit per row below 64 */
    size_t           required; /* members seen that must be */
    size_t           known;    /* enum values known, discriminators among them */
    size_t           unknown;  /* members not known */
    bool             tagged;
    bool             out;
} candidate;

typedef struct candidates {
    candidate *list;
    size_t     count;
} candidates;

enum {
    ANY_TYPE = EB_JSON_OBJECT | EB_JSON_ARRAY | EB_JSON_STRING | EB_JSON_NUMBER | EB_JSON_BOOLEAN
};

static eb_status choose(eb_decoder *d, eb_reader ahead, candidates all, const candidate **best);

/* ---- JSON types ------------------------------------------------------------------------------ */

static unsigned type_of(char first)
{
    switch (first) {
    case '{':
        return EB_JSON_OBJECT;
    case '[':
        return EB_JSON_ARRAY;
    case '"':
        return EB_JSON_STRING;
    case 't':
    case 'f':
        return EB_JSON_BOOLEAN;
    default:
        return first == '-' || (first >= '0' && first <= '9') ? EB_JSON_NUMBER : 0;
    }
}

/* The JSON types that a row takes. choice: of an alternative, else NULL. */
static unsigned types_of(const eb_field *row, const eb_choice *choice)
{
    const eb_type *type  = row->target;
    unsigned       types = 0;

    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        return EB_JSON_BOOLEAN;
    case EB_KIND_INT:
    case EB_KIND_NUM:
    case EB_KIND_OPT_INT:
    case EB_KIND_OPT_NUM:
    case EB_KIND_INT_ENUM:
    case EB_KIND_DECIMAL:
        return EB_JSON_NUMBER;
    case EB_KIND_TEXT:
        return EB_JSON_STRING | EB_JSON_NUMBER;
    case EB_KIND_JSON:
        return choice != NULL && choice->types != 0 ? (unsigned)choice->types : ANY_TYPE;
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
        if (type->shape != EB_SHAPE_UNION)
            return EB_JSON_OBJECT;
        for (size_t i = 0; i < type->row_count; i++)
            types |= types_of(&type->rows[i], &type->one_of->choices[i]);
        return types;
    case EB_KIND_LIST:
        return EB_JSON_ARRAY;
    case EB_KIND_MAP:
        return EB_JSON_OBJECT;
    default:
        return EB_JSON_STRING;
    }
}

/* must: null does not mean absent. */
static bool takes(const eb_field *row, char first, bool must)
{
    if (first == 'n')
        return !must || (row->flags & EB_NULLABLE) != 0 || row->kind == EB_KIND_JSON;
    return (types_of(row, NULL) & type_of(first)) != 0;
}

/* Must the member be there, whichever way the value goes? */
static bool always(const eb_field *row)
{
    return eb__is_required(row, true) && eb__is_required(row, false);
}

/* ---- Candidates ------------------------------------------------------------------------------ */

static const eb_type *union_of(const eb_field *row)
{
    const eb_type *type = row->kind == EB_KIND_OBJECT || row->kind == EB_KIND_STRUCT ? row->target : NULL;

    return type != NULL && type->shape == EB_SHAPE_UNION ? type : NULL;
}

/* Adds what a row may be, a union's alternatives one by one; list NULL: only counts. types: those
 * that the value may have. */
static size_t add(candidate *list, const candidate *made, unsigned types)
{
    const eb_type *type  = union_of(made->inner);
    size_t         count = 0;

    if ((types_of(made->inner, made->choice) & types) == 0)
        return 0;
    if (type == NULL) {
        if (list != NULL)
            *list = *made;
        return 1;
    }
    for (size_t i = 0; i < type->row_count; i++) {
        const candidate inner = { .row    = made->row != NULL ? made->row : &type->rows[i],
                                  .inner  = &type->rows[i],
                                  .choice = &type->one_of->choices[i],
                                  .member = type->one_of->member };

        count += add(list != NULL ? list + count : NULL, &inner, types);
    }
    return count;
}

/* ---- Texts, numbers -------------------------------------------------------------------------- */

static bool knows_text(const eb_enum *e, const eb_text *text)
{
    for (int i = 0; e->texts != NULL && i < e->count; i++)
        if (e->texts[i] != NULL && eb__decode_is(text, e->texts[i]))
            return true;
    return false;
}

static unsigned fits_text(const eb_field *row, const eb_text *text)
{
    return row->kind != EB_KIND_ENUM ? 2 : knows_text(row->target, text) ? 3 : 1;
}

static unsigned fits_number(const eb_field *row, const eb_number *number)
{
    int64_t value;
    bool    fits = number->integer && eb__parse_int(number->at, number->len, &value);

    switch (row->kind) {
    case EB_KIND_INT_ENUM:
        return !fits ? 0 : eb__enum_find_number(row->target, value) != EB_ENUM_OTHER ? 5 : 1;
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
        return fits ? 4 : 0;
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
    case EB_KIND_DECIMAL:
        return 3;
    case EB_KIND_TEXT: /* its digits */
        return number->integer ? 2 : 0;
    default:
        return 1;
    }
}

static eb_status choose_text(eb_reader *ahead, candidates all, const candidate **best)
{
    unsigned        most = 0;
    eb_text         text;
    const eb_status st = eb__read_string(ahead, &text);

    for (size_t i = 0; st == EB_OK && i < all.count; i++) {
        const unsigned fits = fits_text(all.list[i].inner, &text);

        if (fits > most) {
            most  = fits;
            *best = &all.list[i];
        }
    }
    return st;
}

static eb_status choose_number(eb_reader *ahead, candidates all, const candidate **best)
{
    unsigned        most = 0;
    eb_number       number;
    const eb_status st = eb__read_number(ahead, &number);

    for (size_t i = 0; st == EB_OK && i < all.count; i++) {
        const unsigned fits = fits_number(all.list[i].inner, &number);

        if (fits > most) {
            most  = fits;
            *best = &all.list[i];
        }
    }
    return st;
}

/* ---- Lists ----------------------------------------------------------------------------------- */

/* Chooses by an item, before which the reader stands. */
static eb_status choose_by_item(eb_decoder *d, eb_reader ahead, candidates lists, const candidate **best)
{
    const unsigned        types = type_of(eb__peek(&ahead));
    const eb_scratch_mark mark  = eb__scratch_begin(&d->scratch);
    const candidate      *found = NULL;
    candidates            items = { 0 };
    eb_status             st    = EB_OK;

    for (int pass = 0; pass < 2; pass++) { /* count, then fill */
        size_t count = 0;

        for (size_t i = 0; i < lists.count; i++) {
            const eb_type  *list = lists.list[i].inner->target;
            const candidate item = { .row   = lists.list[i].row,
                                     .inner = lists.list[i].inner->kind == EB_KIND_LIST
                                                  ? &list->rows[0]
                                                  : lists.list[i].inner };

            count += add(items.list != NULL ? items.list + count : NULL, &item, types);
        }
        if (count == 0)
            break;
        if (items.list == NULL)
            items.list = eb__scratch_push(&d->scratch, count * sizeof *items.list);
        if (items.list == NULL) {
            st = eb__decode_no_memory(d);
            break;
        }
        items.count = count;
    }
    if (st == EB_OK && items.count > 0)
        st = choose(d, ahead, items, &found);
    for (size_t i = 0; found != NULL && i < lists.count; i++)
        if (lists.list[i].row == found->row)
            *best = &lists.list[i];
    eb__scratch_end(&d->scratch, &mark);
    return st;
}

static eb_status choose_list(eb_decoder *d, eb_reader *ahead, candidates all, const candidate **best)
{
    eb_status st = eb__read_open(ahead);
    int       step;

    if (st != EB_OK)
        return st;
    for (bool first = true; (step = eb__read_element(ahead, first)) > 0; first = false) {
        if (eb__peek(ahead) != 'n')
            return choose_by_item(d, *ahead, all, best);
        st = eb__read_null(ahead);
        if (st != EB_OK)
            return st;
    }
    *best = &all.list[0]; /* empty, or nothing but null */
    return step < 0 ? ahead->problem->status : EB_OK;
}

/* ---- Objects --------------------------------------------------------------------------------- */

/* The discriminator of a union inside. */
static void see_tag(candidate *c, bool is_text, const eb_text *text)
{
    const char *const *tag = c->choice->tags;

    while (is_text && tag != NULL && *tag != NULL && !eb__decode_is(text, *tag))
        tag++;
    c->tagged = is_text && tag != NULL && *tag != NULL;
    c->out    = c->out || !c->tagged;
    c->known++;
}

/* A member of the value, which begins with `first`; a text is in text. */
static void see_member(candidate *c, const eb_text *name, char first, const eb_text *text)
{
    const eb_field *row, *rest;

    if (c->inner->kind == EB_KIND_JSON) {
        c->unknown = SIZE_MAX;
        return;
    }
    if (c->inner->kind == EB_KIND_MAP) {
        c->out = c->out || !takes(&((const eb_type *)c->inner->target)->rows[0], first, true);
        return;
    }
    if (c->member != NULL && eb__decode_is(name, c->member)) {
        see_tag(c, first == '"', text);
        if (eb__row_find(c->inner->target, c->member, strlen(c->member)) == NULL)
            return;
    }
    row = eb__decode_find(c->inner->target, name, c->next);
    if (row == NULL) {
        rest = eb__rest_row(c->inner->target);
        if (rest == NULL)
            c->unknown++;
        else
            c->out = c->out || !takes(&((const eb_type *)rest->target)->rows[0], first, true);
        return;
    }
    c->next = (size_t)(row - ((const eb_type *)c->inner->target)->rows);
    if (always(row) && (c->next >= 64 || (c->seen >> c->next & 1) == 0))
        c->required++;
    if (c->next < 64)
        c->seen |= UINT64_C(1) << c->next;
    c->next++;
    if (!takes(row, first, (row->flags & EB_REQUIRED) != 0)) {
        c->out = true;
    } else if (row->kind == EB_KIND_ENUM && first == '"') {
        if (knows_text(row->target, text))
            c->known++;
        else if (eb__enum_only(row->target) != 0)
            c->out = true;
    }
}

static void see_end(candidate *c)
{
    const eb_type *type = c->inner->target;

    if (c->inner->kind == EB_KIND_JSON)
        c->unknown = SIZE_MAX;
    if (c->inner->kind != EB_KIND_OBJECT && c->inner->kind != EB_KIND_STRUCT)
        return;
    for (size_t i = 0; i < type->row_count; i++)
        if (always(&type->rows[i])) {
            if (c->required == 0)
                c->out = true;
            else
                c->required--;
        }
    if (c->member != NULL && !c->tagged)
        c->out = true;
}

static bool is_better(const candidate *c, const candidate *best)
{
    if (best == NULL || c->known != best->known)
        return best == NULL || c->known > best->known;
    return c->unknown < best->unknown;
}

static eb_status choose_object(eb_decoder *d, eb_reader *ahead, candidates all, const candidate **best)
{
    eb_text   name, text = { 0 };
    eb_status st = eb__read_open(ahead);
    int       step;

    if (st != EB_OK)
        return st;
    for (bool first = true; (step = eb__read_member(ahead, first, &name)) > 0; first = false) {
        const char next = eb__peek(ahead);

        st = next == '"' ? eb__read_string(ahead, &text) : eb__skip_ahead(ahead, &d->ends);
        if (st != EB_OK)
            return st;
        for (size_t i = 0; i < all.count; i++)
            see_member(&all.list[i], &name, next, &text);
    }
    if (step < 0)
        return ahead->problem->status;
    for (size_t i = 0; i < all.count; i++) {
        see_end(&all.list[i]);
        if (!all.list[i].out && is_better(&all.list[i], *best))
            *best = &all.list[i];
    }
    return EB_OK;
}

/* ---- Any value ------------------------------------------------------------------------------- */

/* The best of at least one candidate, all of which take the JSON type of the value; NULL: none. */
static eb_status choose(eb_decoder *d, eb_reader ahead, candidates all, const candidate **best)
{
    *best = NULL;
    switch (eb__peek(&ahead)) {
    case '"':
        return choose_text(&ahead, all, best);
    case '[':
        return choose_list(d, &ahead, all, best);
    case '{':
        return choose_object(d, &ahead, all, best);
    case 't':
    case 'f':
        *best = &all.list[0];
        return EB_OK;
    default:
        return choose_number(&ahead, all, best);
    }
}

/* The alternative whose discriminator the object has. */
static eb_status choose_by_tag(eb_decoder *d, const eb_type *type, const eb_field **row)
{
    const char *const member = type->one_of->member;
    eb_reader         ahead  = d->reader;
    eb_text           name, text;
    eb_status         st = eb__read_open(&ahead);
    int               step;

    if (st != EB_OK)
        return st;
    for (bool first = true; (step = eb__read_member(&ahead, first, &name)) > 0; first = false) {
        if (!eb__decode_is(&name, member)) {
            st = eb__skip_ahead(&ahead, &d->ends);
            if (st != EB_OK)
                return st;
            continue;
        }
        if (eb__peek(&ahead) != '"')
            return EB_OK;
        st = eb__read_string(&ahead, &text);
        for (size_t i = 0; st == EB_OK && i < type->row_count; i++) {
            const char *const *tag = type->one_of->choices[i].tags;

            for (; tag != NULL && *tag != NULL; tag++)
                if (eb__decode_is(&text, *tag)) {
                    *row = &type->rows[i];
                    return EB_OK;
                }
        }
        return st;
    }
    if (step < 0)
        return ahead.problem->status;
    if (!d->strict)
        return EB_OK;
    d->reader.problem->offset = (size_t)(d->reader.at - d->reader.start);
    (void)eb__problem_set(d->reader.problem, EB_DECODE, "required, but missing");
    eb__problem_member(d->reader.problem, member);
    return EB_DECODE;
}

/* The alternative by what the value holds. */
static eb_status choose_by_value(eb_decoder *d, const eb_type *type, unsigned types, const eb_field **row)
{
    const eb_field        whole = { .target = type, .kind = EB_KIND_STRUCT };
    const candidate       asked = { .inner = &whole };
    const eb_scratch_mark mark  = eb__scratch_begin(&d->scratch);
    const candidate      *best  = NULL;
    candidates            all   = { NULL, add(NULL, &asked, types) };
    eb_status             st    = EB_OK;

    if (all.count > 0) {
        all.list = eb__scratch_push(&d->scratch, all.count * sizeof *all.list);
        if (all.list == NULL)
            return eb__decode_no_memory(d);
        (void)add(all.list, &asked, types);
        best = &all.list[0];
    }
    if (all.count > 1)
        st = choose(d, d->reader, all, &best);
    if (best != NULL)
        *row = best->row;
    eb__scratch_end(&d->scratch, &mark);
    return st;
}

eb_status eb__decode_choose(eb_decoder *d, const eb_type *type, const eb_field **row)
{
    const char first = eb__peek(&d->reader);

    *row = NULL;
    if (first == '{' && type->one_of->member != NULL)
        return choose_by_tag(d, type, row);
    return choose_by_value(d, type, type_of(first), row);
}

#endif
