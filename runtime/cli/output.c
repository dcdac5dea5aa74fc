/* output.c -- answers on standard output: JSON, a table, or the bytes as they came. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* ---- JSON -------------------------------------------------------------------------------------- */

static void put_scalar(cli_text *to, const cJSON *value)
{
    eb_json text = { NULL, 0 };

    if (eb_json_from_cjson(value, &text) == EB_OK)
        cli_put(to, text.text, text.len);
    cli_wipe(text.text);
}

static void put_name(cli_text *to, const char *name)
{
    cJSON *text = cJSON_CreateString(name);

    put_scalar(to, text);
    cJSON_Delete(text);
}

static void put_indented(cli_text *to, const cJSON *value, int indent)
{
    const bool object = cJSON_IsObject(value);

    if ((!object && !cJSON_IsArray(value)) || value->child == NULL) {
        put_scalar(to, value);
        return;
    }
    cli_puts(to, object ? "{\n" : "[\n");
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        cli_printf(to, "%*s", indent + 2, "");
        if (object) {
            put_name(to, item->string);
            cli_puts(to, ": ");
        }
        put_indented(to, item, indent + 2);
        cli_puts(to, item->next != NULL ? ",\n" : "\n");
    }
    cli_printf(to, "%*s%s", indent, "", object ? "}" : "]");
}

void cli_put_json(cli_text *to, const cJSON *value, bool pretty)
{
    if (pretty)
        put_indented(to, value, 0);
    else
        put_scalar(to, value);
}

void cli_put_plain(cli_text *to, const cJSON *value)
{
    if (cJSON_IsString(value))
        cli_puts(to, value->valuestring);
    else
        put_scalar(to, value);
}

/* ---- Writing ----------------------------------------------------------------------------------- */

void cli_output_bytes(cli_output *output, const char *data, size_t len)
{
    if (!output->failed && fwrite(data, 1, len, stdout) != len)
        output->failed = true;
}

/* A list shows each item as soon as it is there. */
static void write_line(cli_output *output, const cli_text *line)
{
    cli_output_bytes(output, cli_str(line), line->len);
    cli_output_bytes(output, "\n", 1);
    if (!output->failed && fflush(stdout) != 0)
        output->failed = true;
}

cli_exit cli_output_end(cli_output *output)
{
    cli_text text     = { 0 };
    size_t   left_out = 0;

    if (output->table != NULL) {
        left_out = cli_table_print(output->table, &text, cli_width());
        cli_output_bytes(output, cli_str(&text), text.len);
        cli_table_free(output->table);
        output->table = NULL;
    }
    cli_text_free(&text);
    if (!output->failed && fflush(stdout) != 0)
        output->failed = true;
    if (!output->failed && left_out > 0 && isatty(STDERR_FILENO))
        (void)cli_fail(CLI_OK, "%zu more column%s would not fit; --columns chooses which are shown",
                       left_out, left_out > 1 ? "s" : "");
    if (!output->failed)
        return CLI_OK;
    return errno == EPIPE ? CLI_PIPE : cli_fail(CLI_OUTPUT, "standard output: %s", strerror(errno));
}

/* ---- Answers ----------------------------------------------------------------------------------- */

static void show(cli_output *output, const cJSON *value, bool pretty)
{
    cli_text line = { 0 };

    if (output->settings->output == CLI_RAW)
        cli_put_plain(&line, value);
    else
        cli_put_json(&line, value, pretty);
    write_line(output, &line);
    cli_text_free(&line);
}

/* What --query leads to; null where it leads to nothing. */
static const cJSON *queried(const cli_output *output, const cJSON *value, cJSON **made)
{
    const cJSON *found;

    *made = NULL;
    if (output->settings->query == NULL)
        return value;
    found = cli_query(value, output->settings->query, made);
    if (found == NULL)
        found = *made = cJSON_CreateNull();
    return found;
}

static void add_row(cli_output *output, const cJSON *row)
{
    if (output->table == NULL)
        output->table = cli_table_new(output->settings->columns, output->settings->query == NULL
                                                                     ? cli_struct_of(output->item)
                                                                     : NULL);
    cli_table_add(output->table, row);
}

void cli_output_item(cli_output *output, cJSON *item)
{
    cJSON       *made;
    const cJSON *shown;

    if (!output->settings->show_secrets)
        cli_mask(item, output->item);
    shown = queried(output, item, &made);
    if (output->settings->output == CLI_TABLE)
        add_row(output, shown);
    else
        show(output, shown, false);
    cJSON_Delete(made);
}

/* As a table: a list's items are its rows; an object has a row for each member. */
static void whole_as_table(cli_output *output, const cJSON *value)
{
    if (cJSON_IsArray(value)) {
        for (const cJSON *item = value->child; item != NULL; item = item->next)
            add_row(output, item);
    } else if (cJSON_IsObject(value) && output->settings->columns == NULL) {
        for (const cJSON *item = value->child; item != NULL; item = item->next) {
            cJSON *row = cJSON_CreateObject();

            cJSON_AddStringToObject(row, "member", item->string);
            cJSON_AddItemToObject(row, "value", cJSON_Duplicate(item, true));
            if (output->table == NULL)
                output->table = cli_table_new("member,value", NULL);
            cli_table_add(output->table, row);
            cJSON_Delete(row);
        }
    } else {
        add_row(output, value);
    }
}

void cli_output_whole(cli_output *output, cJSON *value)
{
    cJSON       *made;
    const cJSON *shown;

    if (!output->settings->show_secrets && output->type != NULL)
        cli_mask_struct(value, output->type);
    shown = queried(output, value, &made);
    if (output->settings->output == CLI_TABLE)
        whole_as_table(output, shown);
    else
        show(output, shown, true);
    cJSON_Delete(made);
}
