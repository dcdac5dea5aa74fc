/* multipart.c -- forms with files. Names and values are sent as they are, without percent-encoding; what
 * could break out of a part's header is refused. The order is the rows', with every file behind the text
 * parts, because OSS ignores what follows the file. */
#include "multipart.h"

#include <string.h>

#include "parameters.h"
#include "payload.h"
#include "rows.h"
#include "text.h"
#include "url.h"

#if EB_PART_MULTIPART

enum { BOUNDARY_BYTES = 12 };

#define NO_INDEX SIZE_MAX /* it is no item of a list */

typedef struct layout {
    eb_request         *request;
    const eb_operation *operation;
    const void         *params;
    const char         *member; /* the body's */
    eb_problem         *problem;
    bool                any;     /* any content type will do */
    eb_buf              text;    /* of the part being made */
    eb_buf              value;   /* what stands in it */
    eb_buf              header;  /* a value of its head */
    eb_buf              scratch; /* for who makes these */
    char                boundary[2 * BOUNDARY_BYTES + 10];
} layout;

static eb_status flush(layout *l)
{
    const char *kept;
    eb_status   st = eb__buf_status(&l->text);

    if (st != EB_OK)
        return st;
    kept = eb__arena_dup(l->request->arena, eb__buf_text(&l->text), l->text.len);
    st   = kept != NULL ? eb__source_add_text(&l->request->source, kept, l->text.len) : EB_NOMEM;
    eb__buf_clear(&l->text);
    return st;
}

static eb_status quoted(layout *l, const char *what, const char *text)
{
    eb__buf_putc(&l->text, '"');
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return eb__problem_set(l->problem, EB_INVALID,
                                   "%s: control characters cannot be sent in a form", what);
        if (*text == '"')
            eb__buf_puts(&l->text, "%22"); /* as browsers do */
        else
            eb__buf_putc(&l->text, *text);
    }
    eb__buf_putc(&l->text, '"');
    return EB_OK;
}

static eb_status head(layout *l, const char *name)
{
    eb__buf_printf(&l->text, "--%s\r\nContent-Disposition: form-data; name=", l->boundary);
    return quoted(l, "name of a form field", name);
}

/* The headers of a part that have parameters of their own: "picture.X-Camera" is X-Camera. */
static eb_status part_headers(layout *l, const char *name, const eb_part *part)
{
    eb_status st = EB_OK;

    for (size_t i = 0; i < part->header_count && st == EB_OK; i++) {
        const size_t row = (size_t)part->first_header + i;

        eb__buf_clear(&l->header);
        st = eb__parameter_put(&l->header, &l->scratch, l->operation, row, l->params, l->problem);
        if (st == EB_OK)
            eb__buf_printf(&l->text, "\r\n%s: %s",
                           l->operation->params->rows[row].json + strlen(name) + 1,
                           eb__buf_text(&l->header));
        st = st == EB_DONE ? eb__buf_status(&l->header) : st;
    }
    return st;
}

/* What stands between the part's name and its value; type NULL: no Content-Type. */
static eb_status end_head(layout *l, const char *name, const char *type, const eb_part *part)
{
    eb_status st;

    if (type != NULL)
        eb__buf_printf(&l->text, "\r\nContent-Type: %s", type);
    st = part_headers(l, name, part);
    eb__buf_puts(&l->text, "\r\n\r\n");
    return st;
}

/* part is the member's: the name of what a style makes of it may be another. */
static eb_status text_part(layout *l, const char *name, const char *member, const char *type,
                           const eb_part *part, const char *value, size_t len)
{
    eb_status st = head(l, name);

    if (st == EB_OK)
        st = end_head(l, member, type, part);
    if (st != EB_OK)
        return st;
    eb__buf_put(&l->text, value, len);
    eb__buf_puts(&l->text, "\r\n");
    return eb__buf_status(&l->text);
}

/* A member that cannot be sent as it is: the problem has its path. */
static eb_status refuse(layout *l, const char *name, size_t index)
{
    if (index != NO_INDEX)
        eb__problem_index(l->problem, index);
    eb__problem_member(l->problem, name);
    eb__problem_member(l->problem, l->member);
    eb__problem_name(l->problem);
    return EB_INVALID;
}

static eb_status file_part(layout *l, const char *name, size_t index, const void *file,
                           const eb_part *part)
{
    const char *type = NULL;
    eb_body     body;
    eb_status   st;

    memcpy(&body, file, sizeof body);
    if (eb__media_choose(part->type, body.content_type, l->any, &type, l->problem) != EB_OK)
        return refuse(l, name, index);
    st = head(l, name);
    if (st == EB_OK && body.filename != NULL) {
        eb__buf_puts(&l->text, "; filename=");
        st = quoted(l, "filename", body.filename);
    }
    if (st == EB_OK)
        st = end_head(l, name, type, part);
    if (st == EB_OK)
        st = flush(l);
    if (st == EB_OK)
        st = eb__source_add_body(&l->request->source, &body, name);
    eb__buf_puts(&l->text, "\r\n");
    return st;
}

/* A part for each name=value that the style makes of a member. */
static eb_status styled_parts(layout *l, const char *name, const eb_field *row, const void *base,
                              const eb_part *part)
{
    const eb_styled how = { .name    = name,
                            .in      = EB_IN_BODY,
                            .style   = (uint8_t)(part->style & ~(unsigned)EB_ALLOW_RESERVED),
                            .explode = (part->place & EB_EXPLODE) != 0 };
    eb_status       st;
    size_t          end = 0;

    eb__buf_clear(&l->value);
    st = eb__styled_put(&l->value, &l->scratch, &how, row, base, l->problem);
    if (st == EB_INVALID)
        return refuse(l, name, NO_INDEX);
    if (st == EB_OK)
        st = eb__buf_status(&l->value);
    for (size_t at = 0; st == EB_OK && at < l->value.len; at = end + 1) {
        char *const  pair   = l->value.data + at;
        const size_t whole  = strcspn(pair, "&");
        const size_t before = strcspn(pair, "=");
        const size_t len = eb__url_decode(pair + before + 1, pair + before + 1, whole - before - 1);

        end                                      = at + whole;
        pair[eb__url_decode(pair, pair, before)] = '\0';
        st = text_part(l, pair, name, NULL, part, pair + before + 1, len);
    }
    return st == EB_DONE ? EB_OK : st;
}

/* A part for one value: a scalar's text, JSON of the rest. None when it is absent or null. */
static eb_status value_part(layout *l, const char *name, const eb_field *row, const void *base,
                            const eb_part *part)
{
    const bool  scalar = eb__is_scalar(row);
    const char *type   = part->type != NULL || scalar ? part->type : "application/json";

    eb__buf_clear(&l->value);
    if (scalar ? !eb__encode_plain(&l->value, row, base) : !eb__encode_member(&l->value, row, base))
        return EB_OK;
    if (!scalar && eb__buf_status(&l->value) == EB_OK && eb__is_text(row, &l->value))
        return styled_parts(l, name, row, base, part);
    return eb__buf_status(&l->value) == EB_OK
               ? text_part(l, name, name, type, part, eb__buf_text(&l->value), l->value.len)
               : eb__buf_status(&l->value);
}

/* A list, a part for each of its items. */
static eb_status item_parts(layout *l, const char *name, const eb_field *row, const void *base,
                            const eb_part *part)
{
    const eb_type     *type = row->target;
    const eb_list_head list = eb__list_at((const char *)base + row->offset);
    eb_status          st   = EB_OK;

    for (size_t i = 0; i < list.count && st == EB_OK; i++) {
        const char *item = (const char *)list.items + i * type->size;

        st = type->rows[0].kind == EB_KIND_BODY ? file_part(l, name, i, item, part)
                                                : value_part(l, name, &type->rows[0], item, part);
    }
    return st;
}

/* The parts of one member. */
static eb_status member_parts(layout *l, const char *name, const eb_field *row, const void *base,
                              const eb_part *part)
{
    const bool as_json = (part->place & EB_AS_JSON) != 0;

    if (eb__state(row, base) != EB_SET)
        return EB_OK;
    if (row->kind == EB_KIND_BODY)
        return file_part(l, name, NO_INDEX, (const char *)base + row->offset, part);
    if (eb__is_scalar(row) || as_json)
        return value_part(l, name, row, base, part);
    if (row->kind == EB_KIND_LIST && (part->place & EB_EXPLODE) != 0 &&
        (part->style & EB_STYLE_MASK_) == EB_STYLE_USUAL)
        return item_parts(l, name, row, base, part);
    return styled_parts(l, name, row, base, part);
}

static bool has_files(const eb_field *row)
{
    const eb_type *type = row->target;

    return row->kind == EB_KIND_BODY ||
           (row->kind == EB_KIND_LIST && type->rows[0].kind == EB_KIND_BODY);
}

static eb_status form_parts(layout *l, const eb_type *type, const void *form, const eb_part *parts)
{
    eb_status st = EB_OK;

    for (int files = 0; files < 2; files++)
        for (uint16_t i = 0; i < type->row_count && st == EB_OK; i++) {
            const eb_field *row  = &type->rows[i];
            const eb_part  *part = parts != NULL ? &parts[i] : &eb__part_usual;
            eb_form_entry   entry;

            if (has_files(row) != (files == 1) || (row->flags & EB_READ_ONLY) != 0)
                continue;
            if ((row->flags & EB_REST) == 0)
                st = member_parts(l, row->json, row, form, part);
            else
                for (size_t k = 0; st == EB_OK && eb__form_rest(row, form, k, &entry); k++)
                    st = member_parts(l, entry.name, entry.row, entry.base, part);
        }
    return st;
}

static eb_status make_boundary(layout *l, const eb_client *client, eb_problem *problem)
{
    static const char name[] = "edgebind";
    unsigned char     random[BOUNDARY_BYTES];

    if (!client->random.bytes(client->random.context, random, sizeof random))
        return eb__problem_set(problem, EB_AUTH, "no random bytes for the boundary of a form");
    memcpy(l->boundary, name, sizeof name - 1);
    eb__hex(l->boundary + sizeof name - 1, random, sizeof random);
    return EB_OK;
}

eb_status eb__multipart_build(eb_request *request, const eb_client *client,
                              const eb_operation *operation, const void *params, size_t row,
                              bool any, const char **content_type, eb_problem *problem)
{
    static const eb_part open  = { .place = EB_EXPLODE };
    const eb_field      *field = &operation->params->rows[row];
    const void          *form  = (const char *)params + field->offset;
    layout               l     = { .request = request, .operation = operation, .params = params };
    eb_status            st    = make_boundary(&l, client, problem);

    l.member  = field->json;
    l.problem = problem;
    l.any     = any;
    eb__buf_init(&l.text, &client->allocator, 0);
    eb__buf_init(&l.value, &client->allocator, 0);
    eb__buf_init(&l.header, &client->allocator, 0);
    eb__buf_init(&l.scratch, &client->allocator, 0);
    if (st == EB_OK)
        st = eb__is_struct_row(field) ? form_parts(&l, field->target, eb__pointer_at(form),
                                                   eb__payload_content(operation, row).parts)
                                      : styled_parts(&l, "", field, params, &open);
    if (st == EB_OK) {
        eb__buf_printf(&l.text, "--%s--\r\n", l.boundary);
        st = flush(&l);
    }
    if (st == EB_OK) {
        eb__buf_printf(&l.text, "multipart/form-data; boundary=%s", l.boundary);
        *content_type = eb__arena_dup(request->arena, eb__buf_text(&l.text), l.text.len);
        st            = *content_type != NULL ? EB_OK : EB_NOMEM;
    }
    eb__buf_free(&l.text);
    eb__buf_free(&l.value);
    eb__buf_free(&l.header);
    eb__buf_free(&l.scratch);
    return st;
}

#endif
