/* table.c -- rows under columns, as wide as the terminal. Widths are known at the end, so rows are kept.
 *
 * A cell is cut only when that leaves enough to read. Columns that were asked for are all there, be the lines longer
 * than the terminal; otherwise there are as many as fit. */
#include <string.h>

#include "cli.h"

enum { READABLE = 36 }; /* what is shorter than a UUID is not cut */

typedef struct column {
    char  *path;
    size_t width;  /* of the widest cell */
    bool   number; /* every cell is one: to the right */
} column;

struct cli_table {
    column *columns;
    size_t  column_count;
    char  **cells; /* row after row */
    size_t  row_count;
    bool    open;   /* columns come from the rows */
    bool    chosen; /* columns were asked for */
};

static void add_column(cli_table *table, const char *path, size_t len)
{
    if (len == 0)
        return;
    table->columns = cli_grow(table->columns, (table->column_count + 1) * sizeof *table->columns);
    table->columns[table->column_count++] = (column){ cli_dup(path, len), cli_columns(path, len), true };
}

/* Without a choice, the members in the order of the document: what fits into a cell before what is made of more. */
cli_table *cli_table_new(const char *columns, const eb_type *type)
{
    cli_table *table = cli_alloc(sizeof *table);

    for (const char *at = columns; at != NULL && *at != '\0';) {
        const size_t len = strcspn(at, ",");

        add_column(table, at, len);
        at += len + (at[len] == ',');
    }
    for (int pass = 0; columns == NULL && type != NULL && pass < 2; pass++)
        for (uint16_t i = 0; i < type->row_count; i++)
            if ((type->rows[i].kind < EB_KIND_JSON) == (pass == 0))
                add_column(table, type->rows[i].json, type->rows[i].json_len);
    table->open   = table->column_count == 0;
    table->chosen = columns != NULL;
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

static void add_members(cli_table *table, const cJSON *row)
{
    for (int pass = 0; pass < 2; pass++)
        for (const cJSON *item = cJSON_IsObject(row) ? row->child : NULL; item != NULL; item = item->next)
            if ((!cJSON_IsObject(item) && !cJSON_IsArray(item)) == (pass == 0))
                add_column(table, item->string, strlen(item->string));
    if (table->column_count == 0)
        add_column(table, "value", 5);
}

void cli_table_add(cli_table *table, const cJSON *row)
{
    if (table->open && table->row_count == 0)
        add_members(table, row);
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

/* The width that a column wants at least: its heading and what is no longer than an id are shown whole, and so is the
 * first column, which says what a row is about. */
static size_t least(const cli_table *table, size_t i)
{
    const column *at      = &table->columns[i];
    const size_t  heading = cli_columns(at->path, strlen(at->path));
    const size_t  enough  = heading > READABLE ? heading : READABLE;

    return i == 0 || at->width < enough ? at->width : enough;
}

/* How many columns there are, and how wide each: the least that they want, and what is left over to those that would
 * be cut, the first ones first. */
static size_t fit(const cli_table *table, size_t *widths, size_t width)
{
    size_t count = 0, used = 0;

    for (; count < table->column_count; count++) {
        widths[count] = least(table, count);
        used += widths[count] + (count > 0 ? 2 : 0);
        if (used > width && count > 0 && !table->chosen) {
            used -= widths[count] + 2;
            break;
        }
    }
    for (size_t i = 0; i < count && used < width; i++) {
        const size_t cut  = table->columns[i].width - widths[i];
        const size_t more = cut < width - used ? cut : width - used;

        widths[i] += more;
        used += more;
    }
    return count;
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

size_t cli_table_print(const cli_table *table, cli_text *to, size_t width)
{
    size_t      *widths = cli_alloc((table->column_count + 1) * sizeof *widths);
    const size_t count  = fit(table, widths, width);

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
    cli_free(widths);
    return table->column_count - count;
}

void cli_table_free(cli_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        cli_wipe(table->cells[i]);
    for (size_t i = 0; i < table->column_count; i++)
        cli_free(table->columns[i].path);
    cli_free(table->columns);
    cli_free(table->cells);
    cli_free(table);
}
