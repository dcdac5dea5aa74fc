/* payload.c -- the body of a request, see payload.h. */
#include "payload.h"

#include <string.h>

#include "multipart.h"
#include "parameters.h"
#include "rows.h"
#include "style.h"
#include "text.h"
#include "url.h"

const eb_part eb__part_usual = { .place = EB_AS_JSON };

/* ---- Media types ------------------------------------------------------------------------------- */

static size_t type_len(const char *media)
{
    size_t len = strcspn(media, ";,");

    while (len > 0 && media[len - 1] == ' ')
        len--;
    return len;
}

/* Is the type the pattern's, parameters not looked at? */
static bool matches(const char *pattern, size_t len, const char *media)
{
    const size_t found = type_len(media);

    if (len == 3 && memcmp(pattern, "*/*", 3) == 0)
        return true;
    if (len > 2 && memcmp(pattern + len - 2, "/*", 2) == 0)
        return found >= len && eb__same_text(pattern, len - 1, media, len - 1);
    return eb__same_text(pattern, len, media, found);
}

static bool is_declared(const char *declared, const char *media)
{
    for (const char *at = declared;;) {
        if (matches(at, type_len(at), media))
            return true;
        at += strcspn(at, ",");
        if (*at == '\0')
            return false;
        at += 1 + strspn(at + 1, " ");
    }
}

eb_status eb__media_choose(const char *declared, const char *given, bool any, const char **type,
                           eb_problem *problem)
{
    *type = given;
    for (const char *c = given != NULL ? given : ""; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            return eb__problem_set(problem, EB_INVALID, "content_type: expected visible ASCII characters");
    if (given == NULL && declared != NULL) {
        if (strcmp(declared, "*/*") == 0)
            *type = "application/octet-stream";
        else if (strpbrk(declared, "*,") == NULL)
            *type = declared;
        else
            return eb__problem_set(problem, EB_INVALID, "content_type: expected %s%.200s, got NULL",
                                   strchr(declared, ',') != NULL ? "one of " : "", declared);
    }
    if (given != NULL && declared != NULL && !any && !is_declared(declared, given))
        return eb__problem_set(problem, EB_INVALID, "content_type: expected %.200s, got %.100s",
                               declared, given);
    return EB_OK;
}

/* ---- Forms ------------------------------------------------------------------------------------- */

bool eb__has_rows(const eb_field *row)
{
    return row->kind == EB_KIND_OBJECT && ((const eb_type *)row->target)->shape == EB_SHAPE_STRUCT;
}

bool eb__form_rest(const eb_field *row, const void *form, size_t k, eb_form_entry *entry)
{
    const eb_type     *type = row->target;
    const eb_list_head map  = eb__list_at((const char *)form + row->offset);

    if (row->kind != EB_KIND_MAP || eb__state(row, form) != EB_SET || k >= map.count)
        return false;
    entry->base = (const char *)map.items + k * type->size;
    entry->name = eb__string_at(entry->base); /* every entry begins with its key */
    entry->row  = &type->rows[0];
    return true;
}

bool eb__is_text(const eb_field *row, const eb_buf *json)
{
    return row->kind != EB_KIND_JSON && json->data[0] == '"';
}

#if EB_PART_FORMS
static eb_status put_field(eb_buf *out, eb_buf *scratch, const char *name, const eb_field *row,
                           const void *base, const eb_part *part, eb_problem *problem)
{
    const eb_styled how = {
        .name = name, .in = EB_IN_BODY, .style = part->style, .explode = (part->place & EB_EXPLODE) != 0
    };
    eb_status st;

    if (eb__is_scalar(row) || (part->place & EB_AS_JSON) == 0) {
        st = eb__styled_put(out, scratch, &how, row, base, problem);
    } else {
        eb__buf_clear(scratch);
        if (!eb__encode_member(scratch, row, base))
            return EB_OK;
        st = eb__buf_status(scratch);
        if (st == EB_OK)
            st = eb__is_text(row, scratch)
                     ? eb__styled_put(out, scratch, &how, row, base, problem)
                     : eb__style_text(out, &how, scratch->data, scratch->len, problem);
    }
    return st == EB_DONE ? EB_OK : st;
}

static eb_status put_members(eb_buf *out, eb_buf *scratch, const eb_type *type, const void *form,
                             const eb_part *parts, eb_problem *problem)
{
    eb_status st = EB_OK;

    for (size_t i = 0; i < type->row_count && st == EB_OK; i++) {
        const eb_field *row  = &type->rows[i];
        const eb_part  *part = parts != NULL ? &parts[i] : &eb__part_usual;
        eb_form_entry   entry;

        if ((row->flags & EB_READ_ONLY) != 0)
            continue;
        if ((row->flags & EB_REST) == 0)
            st = put_field(out, scratch, row->json, row, form, part, problem);
        else
            for (size_t k = 0; st == EB_OK && eb__form_rest(row, form, k, &entry); k++)
                st = put_field(out, scratch, entry.name, entry.row, entry.base, part, problem);
        if (st == EB_INVALID)
            eb__problem_member(problem, row->json);
    }
    return st;
}

/* A form of any kind: what has no rows is exploded. */
static eb_status put_form(eb_buf *out, const eb_field *row, const void *params,
                          const eb_part *parts, eb_problem *problem)
{
    const eb_styled open = { .name = "", .in = EB_IN_BODY, .explode = true };
    eb_buf          scratch;
    eb_status       st;

    eb__buf_init(&scratch, out->allocator, 0);
    if (eb__is_struct_row(row))
        st = put_members(out, &scratch, row->target,
                         eb__pointer_at((const char *)params + row->offset), parts, problem);
    else
        st = eb__styled_put(out, &scratch, &open, row, params, problem);
    eb__buf_free(&scratch);
    if (st == EB_INVALID) {
        eb__problem_member(problem, row->json);
        eb__problem_name(problem);
    }
    return st == EB_DONE ? EB_OK : st;
}
#endif

/* ---- Bodies ------------------------------------------------------------------------------------ */

static bool is_body(const eb_operation *operation, size_t i)
{
    return (operation->places[i] & EB_PLACE_MASK_) == EB_IN_BODY;
}

eb_content eb__payload_content(const eb_operation *operation, size_t i)
{
    static const char *const usual[] = { [EB_SEND_JSON]      = "application/json",
                                         [EB_SEND_FORM]      = "application/x-www-form-urlencoded",
                                         [EB_SEND_MULTIPART] = "multipart/form-data",
                                         [EB_SEND_BYTES]     = "application/octet-stream",
                                         [EB_SEND_TEXT]      = "text/plain" };
    size_t                   before  = 0;

    if (operation->contents == NULL)
        return (eb_content){ .type = usual[operation->send], .send = operation->send };
    for (size_t k = 0; k < i; k++)
        before += is_body(operation, k);
    return operation->contents[before];
}

/* Finds the body that is given: *chosen is its row, or the number of rows when there is none. */
static eb_status choose(const eb_operation *operation, const void *params, size_t *chosen,
                        eb_problem *problem)
{
    const eb_type *type  = operation->params;
    const char    *first = NULL;

    *chosen = type->row_count;
    for (size_t i = 0; i < type->row_count; i++) {
        if (!is_body(operation, i))
            continue;
        first = first != NULL ? first : type->rows[i].json;
        if (!eb__is_given(&type->rows[i], params))
            continue;
        if (*chosen != type->row_count) {
            eb__problem_member(problem, type->rows[i].json);
            return eb__problem_set(problem, EB_INVALID, "%s: %s is given too, and one body can be sent",
                                   type->rows[i].json, type->rows[*chosen].json);
        }
        *chosen = i;
    }
    if (*chosen == type->row_count && operation->one_body) {
        eb__problem_member(problem, first);
        return eb__problem_set(problem, EB_INVALID,
                               "%s: one of the bodies of this operation is required, but none is given",
                               first);
    }
    return EB_OK;
}

#if EB_PART_UPLOADS
static eb_status put_bytes(eb_request *request, const eb_field *row, const void *params, bool any,
                           const char **type, eb_problem *problem)
{
    eb_body   body;
    eb_status st;

    memcpy(&body, (const char *)params + row->offset, sizeof body);
    st = eb__media_choose(*type, body.content_type, any, type, problem);
    if (st != EB_OK) {
        eb__problem_member(problem, row->json);
        eb__problem_name(problem);
        return st;
    }
    if (*type == NULL)
        *type = "application/octet-stream";
    *type             = eb__arena_dup(request->arena, *type, strlen(*type));
    request->streamed = true;
    st                = *type != NULL ? EB_OK : EB_NOMEM;
    return st == EB_OK ? eb__source_add_body(&request->source, &body, row->json) : st;
}
#endif

static eb_status put_body(eb_request *request, const eb_client *client,
                          const eb_operation *operation, const void *params, size_t chosen,
                          bool any, const char **type, eb_problem *problem)
{
    const eb_field  *row     = &operation->params->rows[chosen];
    const eb_content content = eb__payload_content(operation, chosen);
    const bool       is_null = eb__state(row, params) == EB_NULL;
    eb_status        st      = EB_OK;

    *type = content.type;
    switch (content.send) {
    case EB_SEND_JSON:
        if (is_null)
            eb__buf_puts(&request->text, "null");
        else
            (void)eb__encode_member(&request->text, row, params);
        break;
    case EB_SEND_TEXT:
        (void)eb__encode_plain(&request->text, row, params);
        break;
#if EB_PART_FORMS
    case EB_SEND_FORM:
        st = is_null ? EB_OK : put_form(&request->text, row, params, content.parts, problem);
        break;
#endif
#if EB_PART_MULTIPART
    case EB_SEND_MULTIPART:
        if (is_null)
            break;
        request->streamed = true;
        st = eb__multipart_build(request, client, operation, params, chosen, any, type, problem);
        break;
#endif
#if EB_PART_UPLOADS
    case EB_SEND_BYTES:
        st = put_bytes(request, row, params, any, type, problem);
        break;
#endif
    default: /* what nobody needs is not there */
        (void)client, (void)any, (void)problem;
        break;
    }
    return st == EB_OK ? eb__buf_status(&request->text) : st;
}

eb_status eb__payload_build(eb_request *request, const eb_client *client, const eb_operation *operation,
                            const void *params, const eb_call_options *options, eb_problem *problem)
{
    const bool  any  = client->skip_limits || (options != NULL && options->skip_limits);
    const char *type = NULL;
    size_t      chosen;
    eb_status   st = choose(operation, params, &chosen, problem);

    /* what usually has a body says so when it has none: Content-Length: 0 */
    request->has_body = strcmp(operation->method, "POST") == 0 ||
                        strcmp(operation->method, "PUT") == 0 ||
                        strcmp(operation->method, "PATCH") == 0;
    if (st != EB_OK || chosen == operation->params->row_count)
        return st;
    request->has_body = true;
    st                = put_body(request, client, operation, params, chosen, any, &type, problem);
    return st == EB_OK ? eb__request_header(request, "content-type", type) : st;
}
