/* show.c -- --dry-run and --curl: a transport that shows a signed request, without its secrets, and sends nothing. */
#include <string.h>

#include "cli.h"

/* The URL comes from the moment before, where secret query values are *** already. */
void cli_show_moment(cli_show *show, const eb_moment *moment)
{
    cli_free(show->url);
    show->url = cli_dup(moment->url, strlen(moment->url));
}

static void put_upload(cli_text *to, const cli_show *show, const char *name)
{
    for (size_t i = 0; i < show->params->file_count; i++)
        if (strcmp(show->params->files[i].name, name) == 0)
            cli_printf(to, "(%llu bytes of %s)", (unsigned long long)show->params->files[i].body.size,
                       show->params->files[i].body.filename);
}

static void put_form(cli_text *to, const cli_show *show, const cJSON *body, const eb_type *type)
{
    for (const cJSON *item = body->child; item != NULL; item = item->next) {
        const eb_field *row  = cli_row(type, item->string, strlen(item->string));
        cli_text        name = { 0 };

        cli_printf(to, "%s=", item->string);
        cli_printf(&name, "body.%s", item->string);
        if (row != NULL && row->kind == EB_KIND_BODY)
            put_upload(to, show, cli_str(&name));
        else
            cli_put_plain(to, item);
        cli_puts(to, "\n");
        cli_text_free(&name);
    }
}

static void put_body(cli_show *show)
{
    const eb_operation *op  = show->call->operation;
    const eb_field     *row = cli_body_row(op);
    const cJSON *sent = row != NULL ? cJSON_GetObjectItemCaseSensitive(show->params->tree, row->json)
                                    : NULL;
    cJSON       *body;

    if (sent == NULL)
        return;
    cli_puts(&show->text, "\n");
    if (row->kind == EB_KIND_BODY) {
        put_upload(&show->text, show, row->json);
        cli_puts(&show->text, "\n");
        return;
    }
    body = cJSON_Duplicate(sent, true);
    cli_mask(body, row);
    if (op->send == EB_SEND_JSON || cli_struct_of(row) == NULL) {
        cli_put_json(&show->text, body, true);
        cli_puts(&show->text, "\n");
    } else {
        put_form(&show->text, show, body, cli_struct_of(row));
    }
    cJSON_Delete(body);
}

static eb_status exchange(void *context, eb_exchange *x)
{
    cli_show *show = context;

    if (!show->settings->curl) {
        cli_printf(&show->text, "%s %s\n", x->method, show->url != NULL ? show->url : "");
        for (size_t i = 0; i < x->header_count; i++)
            cli_printf(&show->text, "%s: %s\n", x->headers[i].name,
                       eb_may_show_header(x->headers[i].name) ? x->headers[i].value : "***");
        put_body(show);
    }
    show->done = true;
    x->sent    = EB_SENT_NOTHING;
    return EB_CANCELLED;
}

eb_transport cli_show_transport(cli_show *show)
{
    const eb_transport transport = { .exchange = exchange, .context = show };

    return transport;
}

void cli_show_free(cli_show *show)
{
    cli_free(show->url);
    cli_text_free(&show->text);
}
