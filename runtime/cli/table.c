/* table.c -- rows under columns, as wide as the terminal. Widths are known at the end, so rows are kept. */
#include <string.h>

#include "cli.h"

enum { COLUMNS_MAX = 64, NARROWEST = 6 };

typedef struct column {
    char  *path;
    size_t width;
    bool   number; /* every cell is one: to the right */
} column;

struct cli_table {
    column columns[COLUMNS_MAX];
    size_t column_count;
    char **cells; /* row after row */
    size_t row_count;
    bool   open; /* columns come from the rows */
};

static void add_column(cli_table *table, const char *path, size_t len)
{
    if (table->column_count == COLUMNS_MAX || len == 0)
        return;
    table->columns[table->column_count++] = (column){ cli_dup(path, len), cli_columns(path, len), true };
}

/* Without a choice, the members that fit into a cell, in the order of the document. */
cli_table *cli_table_new(const char *columns, const eb_type *type)
{
    cli_table *table = cli_alloc(sizeof *table);

    for (const char *at = columns; at != NULL && *at != '\0';) {
        const size_t len = strcspn(at, ",");

        add_column(table, at, len);
        at += len + (at[len] == ',');
    }
    for (uint16_t i = 0; columns == NULL && type != NULL && i < type->row_count; i++)
        if (type->rows[i].kind < EB_KIND_JSON && type->rows[i].json_len > 0)
            add_column(table, type->rows[i].json, type->rows[i].json_len);
    table->open = table->column_count == 0;
    return table;
}

/* A cell is one line: what would move the cursor is shown as an escape. */
static char *cell_text(const cJSON *value)
{
    cli_text plain = { 0 }, shown = { 0 };

    if (value != NULL && !cJSON_IsNull(value))
        cli_put_plain(&plain, value);
    for (size_t i = 0; i < plain.len; i++) {
        const unsigned char c = (unsigned char)plain.data[i];

        if (c == '\n')
            cli_puts(&shown, "\\n");
        else if (c < ' ' || c == 0x7f)
            cli_printf(&shown, "\\x%02x", c);
        else if (c == 0xC2 && (unsigned char)plain.data[i + 1] >= 0x80 &&
                 (unsigned char)plain.data[i + 1] < 0xA0)
            cli_printf(&shown, "\\x%02x", (unsigned char)plain.data[++i]);
        else
            cli_put(&shown, plain.data + i, 1);
    }
    cli_put(&shown, "", 0);
    cli_text_free(&plain);
    return shown.data;
}

void cli_table_add(cli_table *table, const cJSON *row)
{
    if (table->open && table->row_count == 0) {
        for (const cJSON *item = cJSON_IsObject(row) ? row->child : NULL; item != NULL; item = item->next)
            add_column(table, item->string, strlen(item->string));
        if (table->column_count == 0)
            add_column(table, "value", 5);
    }
    table->cells = cli_grow(table->cells,
                            (table->row_count + 1) * table->column_count * sizeof *table->cells);
    for (size_t i = 0; i < table->column_count; i++) {
        column      *at    = &table->columns[i];
        cJSON       *made  = NULL;
        const cJSON *value = cJSON_IsObject(row) ? cli_query(row, at->path, &made)
                             : i == 0            ? row
                                                 : NULL;
        char        *cell  = cell_text(value);
        const size_t width = cli_columns(cell, strlen(cell));

        at->width  = width > at->width ? width : at->width;
        at->number = at->number && (value == NULL || cJSON_IsNull(value) || cJSON_IsNumber(value) ||
                                    cJSON_IsRaw(value));
        table->cells[table->row_count * table->column_count + i] = cell;
        cJSON_Delete(made);
    }
    table->row_count++;
}

/* The widest columns give way until all fit; the last ones are left out when even that does not help. */
static size_t fit(const cli_table *table, size_t *widths, size_t width)
{
    size_t count = table->column_count;
    size_t all, widest;

    for (size_t i = 0; i < count; i++)
        widths[i] = table->columns[i].width;
    for (;;) {
        all = widest = 0;
        for (size_t i = 0; i < count; i++) {
            all += widths[i] + (i > 0 ? 2 : 0);
            widest = widths[i] > widths[widest] ? i : widest;
        }
        if (all <= width || count == 0)
            return count;
        if (widths[widest] > NARROWEST)
            widths[widest]--;
        else if (count > 1)
            count--;
        else
            return count;
    }
}

/* Text in a column: cut with an ellipsis, or filled up. */
static void put_cell(cli_text *to, const char *text, size_t width, bool right, bool last)
{
    const size_t len     = strlen(text);
    const size_t columns = cli_columns(text, len);
    size_t       at = 0, shown = 0, more = 0;

    if (columns <= width) {
        if (right)
            cli_printf(to, "%*s", (int)(width - columns), "");
        cli_puts(to, text);
        if (!right && !last)
            cli_printf(to, "%*s", (int)(width - columns), "");
        return;
    }
    while (at < len) {
        const size_t bytes = cli_character(text + at, len - at, &more);

        if (shown + more + 1 > width)
            break;
        cli_put(to, text + at, bytes);
        at += bytes;
        shown += more;
    }
    cli_puts(to, "\xE2\x80\xA6"); /* an ellipsis */
    if (!last)
        cli_printf(to, "%*s", (int)(width - shown - 1), "");
}

void cli_table_print(const cli_table *table, cli_text *to, size_t width)
{
    size_t       widths[COLUMNS_MAX];
    const size_t count = fit(table, widths, width);

    for (size_t i = 0; i < count; i++) {
        cli_puts(to, i > 0 ? "  " : "");
        put_cell(to, table->columns[i].path, widths[i],
                 table->columns[i].number && table->row_count > 0, i + 1 == count);
    }
    cli_puts(to, count > 0 ? "\n" : "");
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < count; i++) {
            cli_puts(to, i > 0 ? "  " : "");
            put_cell(to, table->cells[row * table->column_count + i], widths[i],
                     table->columns[i].number, i + 1 == count);
        }
        cli_puts(to, "\n");
    }
}

void cli_table_free(cli_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        cli_wipe(table->cells[i]);
    for (size_t i = 0; i < table->column_count; i++)
        cli_free(table->columns[i].path);
    cli_free(table->cells);
    cli_free(table);
}
