/* multipart.c -- forms with files. Names and values are sent as they are, without percent-encoding; what
 * could break out of a part's header is refused. The order is the rows', with every file behind the text
 * parts, because OSS ignores what follows the file. */
#include "multipart.h"

#include <string.h>

#include "codec.h"
#include "text.h"

enum { BOUNDARY_BYTES = 12 };

typedef struct layout {
    eb_request *request;
    eb_problem *problem;
    eb_buf      text; /* of the part being made */
    char        boundary[2 * BOUNDARY_BYTES + 10];
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

static eb_status text_part(layout *l, const char *name, const char *value, size_t len)
{
    const eb_status st = head(l, name);

    if (st != EB_OK)
        return st;
    eb__buf_puts(&l->text, "\r\n\r\n");
    eb__buf_put(&l->text, value, len);
    eb__buf_puts(&l->text, "\r\n");
    return eb__buf_status(&l->text);
}

static eb_status file_part(layout *l, const char *name, const eb_body *body)
{
    eb_status st = head(l, name);

    if (st == EB_OK && body->filename != NULL) {
        eb__buf_puts(&l->text, "; filename=");
        st = quoted(l, "filename", body->filename);
    }
    if (st == EB_OK && body->content_type != NULL) {
        for (const char *c = body->content_type; *c != '\0'; c++)
            if (*c < ' ' || *c > '~')
                return eb__problem_set(l->problem, EB_INVALID,
                                       "content_type: expected visible ASCII characters");
        eb__buf_printf(&l->text, "\r\nContent-Type: %s", body->content_type);
    }
    eb__buf_puts(&l->text, "\r\n\r\n");
    if (st == EB_OK)
        st = flush(l);
    if (st == EB_OK)
        st = eb__source_add_body(&l->request->source, body, name);
    eb__buf_puts(&l->text, "\r\n");
    return st;
}

/* A text part with the member's value, none when that is absent or null. */
static eb_status member_part(layout *l, const char *name, const eb_field *row, const void *base,
                             eb_buf *value)
{
    eb__buf_clear(value);
    if (!eb__put_form_value(value, row, base))
        return EB_OK;
    return eb__buf_status(value) == EB_OK ? text_part(l, name, eb__buf_text(value), value->len)
                                          : eb__buf_status(value);
}

static eb_status rest_parts(layout *l, const eb_field *row, const void *form, eb_buf *value)
{
    eb_form_entry entry;
    eb_status     st = EB_OK;

    for (size_t k = 0; st == EB_OK && eb__form_rest(row, form, k, &entry); k++)
        st = member_part(l, entry.name, entry.row, entry.base, value);
    return st;
}

static eb_status make_boundary(layout *l, const eb_client *client)
{
    static const char name[] = "edgebind";
    unsigned char     random[BOUNDARY_BYTES];

    if (!client->random.bytes(client->random.context, random, sizeof random))
        return eb__problem_set(l->problem, EB_AUTH, "no random bytes for the boundary of a form");
    memcpy(l->boundary, name, sizeof name - 1);
    eb__hex(l->boundary + sizeof name - 1, random, sizeof random);
    return EB_OK;
}

eb_status eb__multipart_build(eb_request *request, const eb_type *type, const void *form,
                              const eb_client *client, const char **content_type, eb_problem *problem)
{
    layout    l     = { .request = request, .problem = problem };
    eb_buf    value = { 0 };
    eb_status st    = make_boundary(&l, client);

    eb__buf_init(&l.text, &client->allocator, 0);
    eb__buf_init(&value, &client->allocator, 0);
    for (int files = 0; files < 2; files++)
        for (uint16_t i = 0; i < type->row_count && st == EB_OK; i++) {
            const eb_field *row = &type->rows[i];

            if ((row->kind == EB_KIND_BODY) != (files == 1) || !eb__is_given(row, form))
                continue;
            if (row->kind == EB_KIND_BODY)
                st = file_part(&l, row->json,
                               (const eb_body *)(const void *)((const char *)form + row->offset));
            else if ((row->flags & EB_REST) != 0)
                st = rest_parts(&l, row, form, &value);
            else
                st = member_part(&l, row->json, row, form, &value);
        }
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
    eb__buf_free(&value);
    return st;
}
