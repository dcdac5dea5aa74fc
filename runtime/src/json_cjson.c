/* json_cjson.c -- from eb_json to cJSON and back; the only file that knows cJSON, see
 * edgebind/cjson.h. Trees are built by cJSON's own constructors from the pieces our reader gives,
 * so that numbers and texts follow our rules. cJSON takes memory through its hooks; what we need
 * for ourselves comes from malloc. */
#include "edgebind/cjson.h"

#include <math.h>
#include <string.h>

#include "memory.h"
#include "number.h"
#include "reader.h"

typedef struct builder {
    eb_reader  reader;
    eb_problem problem;
    eb_buf     text; /* a name or string without its escapes */
} builder;

static eb_status build_value(builder *b, cJSON **made);

/* EB_DECODE is the caller's EB_INVALID here. */
static eb_status as_invalid(eb_status st)
{
    return st == EB_DECODE ? EB_INVALID : st;
}

static eb_status plain_text(builder *b, const eb_text *text)
{
    char *to;

    if (text->has_nul) /* cJSON's texts end at a NUL */
        return EB_INVALID;
    eb__buf_clear(&b->text);
    to = eb__buf_room(&b->text, text->plain_len + 1);
    if (to == NULL)
        return EB_NOMEM;
    eb__unescape(to, text);
    to[text->plain_len] = '\0';
    return EB_OK;
}

static eb_status build_string(builder *b, cJSON **made)
{
    eb_text   text;
    eb_status st = as_invalid(eb__read_string(&b->reader, &text));

    if (st == EB_OK)
        st = plain_text(b, &text);
    if (st == EB_OK)
        *made = cJSON_CreateString(b->text.data);
    return st;
}

static eb_status build_number(builder *b, cJSON **made)
{
    const int64_t exact = INT64_C(1) << 53;
    double        value = 0;
    int64_t       integer;
    eb_number     number;
    eb_status     st = as_invalid(eb__read_number(&b->reader, &number));

    if (st != EB_OK)
        return st;
    if (number.integer && eb__parse_int(number.at, number.len, &integer) && integer >= -exact &&
        integer <= exact) {
        *made = cJSON_CreateNumber((double)integer);
        return EB_OK;
    }
    if (!number.integer && eb__parse_double(number.at, number.len, &value)) {
        *made = cJSON_CreateNumber(value);
        return EB_OK;
    }
    /* Its digits as they are: a double would lose some. */
    eb__buf_clear(&b->text);
    eb__buf_put(&b->text, number.at, number.len);
    st = eb__buf_status(&b->text);
    if (st == EB_OK)
        *made = cJSON_CreateRaw(b->text.data);
    return st;
}

static eb_status build_object(builder *b, cJSON *object)
{
    eb_text   name;
    eb_status st = EB_OK;
    int       step;

    for (bool first = true; (step = eb__read_member(&b->reader, first, &name)) > 0; first = false) {
        cJSON *value = NULL;
        char  *key;

        st = build_value(b, &value);
        if (st == EB_OK)
            st = plain_text(b, &name);
        if (st != EB_OK) {
            cJSON_Delete(value);
            return st;
        }
        key = b->text.data;
        if (!cJSON_AddItemToObject(object, key, value)) {
            cJSON_Delete(value);
            return EB_NOMEM;
        }
    }
    return step < 0 ? as_invalid(b->problem.status) : EB_OK;
}

static eb_status build_array(builder *b, cJSON *array)
{
    int step;

    for (bool first = true; (step = eb__read_element(&b->reader, first)) > 0; first = false) {
        cJSON          *value = NULL;
        const eb_status st    = build_value(b, &value);

        if (st != EB_OK)
            return st;
        if (!cJSON_AddItemToArray(array, value)) {
            cJSON_Delete(value);
            return EB_NOMEM;
        }
    }
    return step < 0 ? as_invalid(b->problem.status) : EB_OK;
}

/* *made is NULL unless EB_OK is answered. */
static eb_status build_value(builder *b, cJSON **made)
{
    const char first = eb__peek(&b->reader);
    eb_status  st;
    bool       boolean;

    *made = NULL;
    switch (first) {
    case '"':
        st = build_string(b, made);
        break;
    case 't':
    case 'f':
        st = as_invalid(eb__read_bool(&b->reader, &boolean));
        if (st == EB_OK)
            *made = cJSON_CreateBool(boolean);
        break;
    case 'n':
        st = as_invalid(eb__read_null(&b->reader));
        if (st == EB_OK)
            *made = cJSON_CreateNull();
        break;
    case '{':
    case '[':
        st = as_invalid(eb__read_open(&b->reader));
        if (st != EB_OK)
            return st;
        *made = first == '{' ? cJSON_CreateObject() : cJSON_CreateArray();
        if (*made != NULL)
            st = first == '{' ? build_object(b, *made) : build_array(b, *made);
        break;
    default:
        st = build_number(b, made);
        break;
    }
    if (st != EB_OK) {
        cJSON_Delete(*made);
        *made = NULL;
        return st;
    }
    return *made != NULL ? EB_OK : EB_NOMEM;
}

eb_status eb_json_to_cjson(eb_json json, cJSON **tree)
{
    const eb_limits_in limits = { EB_DEPTH_MAX, 0 };
    builder            b      = { 0 };
    cJSON             *made   = NULL;
    eb_status          st;

    if (json.text == NULL || tree == NULL)
        return EB_INVALID;
    eb__reader_init(&b.reader, json.text, json.len, &limits, &b.problem);
    st = as_invalid(eb__read_begin(&b.reader));
    if (st == EB_OK)
        st = build_value(&b, &made);
    if (st == EB_OK)
        st = as_invalid(eb__read_end(&b.reader));
    if (st == EB_OK)
        *tree = made;
    else
        cJSON_Delete(made);
    eb__buf_free(&b.text);
    return st;
}

/* ---- Back ------------------------------------------------------------------------------------ */

/* Valid UTF-8 without a NUL, as a JSON string. */
static eb_status print_text(eb_buf *out, const char *text)
{
    const char *at, *end;

    if (text == NULL)
        return EB_INVALID;
    end = text + strlen(text);
    for (at = text; at < end;) {
        const char *stop = eb__plain_run(at, end);
        size_t      len;

        if (stop == end)
            break;
        len = (unsigned char)*stop < 0x80 ? 1 : eb__utf8_len(stop, end);
        if (len == 0)
            return EB_INVALID;
        at = stop + len;
    }
    eb__put_json_string(out, text, (size_t)(end - text));
    return eb__buf_status(out);
}

static eb_status print_raw(eb_buf *out, const char *text)
{
    const eb_limits_in limits = { EB_DEPTH_MAX, 0 };

    if (text == NULL || eb__json_check(text, strlen(text), &limits, NULL) != EB_OK)
        return EB_INVALID;
    eb__buf_puts(out, text);
    return eb__buf_status(out);
}

static eb_status print_item(eb_buf *out, const cJSON *item, unsigned depth)
{
    const cJSON *child;
    eb_status    st = EB_OK;

    switch (item->type & 0xff) {
    case cJSON_False:
        eb__buf_puts(out, "false");
        return eb__buf_status(out);
    case cJSON_True:
        eb__buf_puts(out, "true");
        return eb__buf_status(out);
    case cJSON_NULL:
        eb__buf_puts(out, "null");
        return eb__buf_status(out);
    case cJSON_Number:
        if (!isfinite(item->valuedouble))
            return EB_INVALID;
        eb__put_double(out, item->valuedouble);
        return eb__buf_status(out);
    case cJSON_String:
        return print_text(out, item->valuestring);
    case cJSON_Raw:
        return print_raw(out, item->valuestring);
    case cJSON_Array:
    case cJSON_Object:
        break;
    default:
        return EB_INVALID;
    }
    if (depth == EB_DEPTH_MAX)
        return EB_INVALID;
    eb__buf_putc(out, cJSON_IsObject(item) ? '{' : '[');
    for (child = item->child; child != NULL && st == EB_OK; child = child->next) {
        if (child != item->child)
            eb__buf_putc(out, ',');
        if (cJSON_IsObject(item)) {
            st = print_text(out, child->string);
            eb__buf_putc(out, ':');
        }
        if (st == EB_OK)
            st = print_item(out, child, depth + 1);
    }
    eb__buf_putc(out, cJSON_IsObject(item) ? '}' : ']');
    return st != EB_OK ? st : eb__buf_status(out);
}

eb_status eb_json_from_cjson(const cJSON *tree, eb_json *json)
{
    eb_buf    text = { 0 };
    eb_status st;

    if (tree == NULL || json == NULL)
        return EB_INVALID;
    st = print_item(&text, tree, 0);
    if (st != EB_OK) {
        eb__buf_free(&text);
        return st;
    }
    json->text = text.data; /* the buffer takes its memory from malloc */
    json->len  = text.len;
    return EB_OK;
}
