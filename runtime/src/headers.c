/* headers.c -- response headers into a struct, by its rows: each becomes the JSON that its row reads. */
#include <string.h>

#include "codec.h"
#include "documented.h"
#include "number.h"
#include "reader.h"
#include "text.h"

#if EB_PART_HEADERS

static bool is_utf8(const char *text, size_t len)
{
    const char *const end = text + len;

    while (text < end) {
        const size_t step = (unsigned char)*text < 0x80 ? 1 : eb__utf8_len(text, end);

        if (step == 0)
            return false;
        text += step;
    }
    return true;
}

/* A number as JSON writes it, whole if so wanted, within what its C type holds. */
static bool is_number(const char *text, size_t len, bool whole)
{
    int64_t integer;
    double  number;

    if (len == 0 || (*text != '-' && (*text < '0' || *text > '9')) ||
        eb__json_check(text, len, NULL, NULL) != EB_OK)
        return false;
    if (!whole)
        return eb__parse_double(text, len, &number);
    return memchr(text, '.', len) == NULL && memchr(text, 'e', len) == NULL &&
           memchr(text, 'E', len) == NULL && eb__parse_int(text, len, &integer);
}

/* One value as JSON; false: it is not what the kind holds. */
static bool put_value(eb_buf *out, int kind, const char *text, size_t len)
{
    switch (kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        if (!eb__same_text(text, len, "true", 4) && !eb__same_text(text, len, "false", 5))
            return false;
        eb__buf_puts(out, len == 4 ? "true" : "false");
        return true;
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
    case EB_KIND_INT_ENUM:
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
        if (!is_number(text, len, kind != EB_KIND_NUM && kind != EB_KIND_OPT_NUM))
            return false;
        eb__buf_put(out, text, len);
        return true;
    case EB_KIND_JSON:
        if (eb__json_check(text, len, NULL, NULL) != EB_OK)
            return false;
        eb__buf_put(out, text, len);
        return true;
    default:
        if (!is_utf8(text, len))
            return false;
        eb__put_json_string(out, text, len);
        return true;
    }
}

/* The elements of one line of a list: a, b, c. */
static bool put_elements(eb_buf *out, int kind, const char *text, bool *first)
{
    while (*text != '\0') {
        size_t      len  = strcspn(text, ",");
        const char *next = text + len + (text[len] == ',');

        while (len > 0 && eb__is_space(text[len - 1]))
            len--;
        while (len > 0 && eb__is_space(*text)) {
            text++;
            len--;
        }
        if (len > 0) { /* "a,,b" has two */
            if (!*first)
                eb__buf_putc(out, ',');
            if (!put_value(out, kind, text, len))
                return false;
            *first = false;
        }
        text = next;
    }
    return true;
}

/* A header as a member. Of a scalar the first counts, a list goes on over all of that name. */
static bool put_header(eb_buf *out, const eb_field *row, const eb_header *headers, size_t count)
{
    bool found = false, first = true;

    for (size_t i = 0; i < count; i++) {
        if (!eb__same_text(headers[i].name, strlen(headers[i].name), row->json, row->json_len))
            continue;
        if (row->kind != EB_KIND_LIST)
            return put_value(out, row->kind, headers[i].value, strlen(headers[i].value));
        if (!found)
            eb__buf_putc(out, '[');
        found = true;
        if (!put_elements(out, ((const eb_type *)row->target)->rows[0].kind, headers[i].value, &first))
            return false;
    }
    if (found)
        eb__buf_putc(out, ']');
    return found;
}

const void *eb__headers_decode(const eb_type *type, const eb_header *headers, size_t count, eb_arena *arena)
{
    const void *value = NULL;
    bool        first = true;
    eb_buf      json;

    eb__buf_init(&json, eb__arena_allocator(arena), 0);
    eb__buf_putc(&json, '{');
    for (uint16_t i = 0; i < type->row_count; i++) {
        const eb_field *row  = &type->rows[i];
        const size_t    mark = json.len;

        if (!first)
            eb__buf_putc(&json, ',');
        eb__put_json_string(&json, row->json, row->json_len);
        eb__buf_putc(&json, ':');
        if (put_header(&json, row, headers, count))
            first = false;
        else if (eb__buf_status(&json) == EB_OK)
            json.len = mark;
    }
    eb__buf_putc(&json, '}');
    if (eb__buf_status(&json) == EB_OK &&
        eb__decode(type, json.data, json.len, false, NULL, arena, &value, NULL) != EB_OK)
        value = !eb__arena_failed(arena) ? eb__arena_zalloc(arena, type->size) : NULL;
    eb__buf_free(&json);
    return value;
}

#endif
