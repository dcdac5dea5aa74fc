/* value.c -- the marks that mean null and empty, enums by text, and two helpers for values that
 * APIs want in a form of their own. */
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "memory.h"
#include "rows.h"

const char    eb_string_null[1] = "";
const int64_t eb_list_empty_[1] = { 0 };
const int64_t eb_list_null_[1]  = { 0 };

int eb_enum_find(const eb_enum *e, const char *text)
{
    return text == NULL ? EB_ENUM_UNSET : eb__enum_find(e, text, strlen(text));
}

const char *eb_enum_text(const eb_enum *e, int value)
{
    return eb__enum_known(e, value) && e->texts != NULL ? e->texts[value - 1] : "";
}

/* All of a file of at most max_bytes. */
static eb_status read_file(FILE *file, size_t max_bytes, eb_buf *content)
{
    char      part[4096];
    size_t    len;
    eb_status st = EB_OK;

    while (st == EB_OK && (len = fread(part, 1, sizeof part, file)) > 0) {
        if (len > max_bytes - content->len) {
            st = EB_LIMIT;
            break;
        }
        eb__buf_put(content, part, len);
        st = eb__buf_status(content);
    }
    if (st == EB_OK && ferror(file))
        st = EB_INVALID;
    eb__wipe(part, sizeof part);
    return st;
}

eb_status eb_base64_file(const char *path, size_t max_bytes, char **text)
{
    eb_buf    content = { 0 }, encoded = { 0 };
    FILE     *file;
    eb_status st;

    if (path == NULL || text == NULL)
        return EB_INVALID;
    file = fopen(path, "rb");
    if (file == NULL)
        return EB_INVALID;
    st = read_file(file, max_bytes, &content);
    (void)fclose(file);
    if (st == EB_OK) {
        eb__base64(&encoded, eb__buf_text(&content), content.len);
        eb__buf_put(&encoded, "", 0); /* an empty file is an empty text */
        st = eb__buf_status(&encoded);
    }
    if (st == EB_OK) {
        *text = encoded.data; /* the buffer takes its memory from malloc */
        memset(&encoded, 0, sizeof encoded);
    }
    eb__buf_free(&encoded);
    eb__buf_free(&content);
    return st;
}

eb_status eb_time_from_ms_text(const char *text, int64_t *seconds, int *milliseconds)
{
    const bool  negative = text != NULL && text[0] == '-';
    const char *at       = text;
    int64_t     total    = 0; /* counted below zero, where one more value fits */
    int64_t     rest;

    if (text == NULL)
        return EB_INVALID;
    if (*at == '-' || *at == '+')
        at++;
    if (*at == '\0')
        return EB_INVALID;
    for (; *at != '\0'; at++) {
        const int digit = *at - '0';

        if (digit < 0 || digit > 9 || total < (INT64_MIN + digit) / 10)
            return EB_INVALID;
        total = total * 10 - digit;
    }
    if (!negative && total == INT64_MIN)
        return EB_INVALID;
    if (!negative)
        total = -total;
    rest = total % 1000;
    if (rest < 0) /* milliseconds go up from the second before */
        rest += 1000;
    if (seconds != NULL)
        *seconds = total / 1000 - (total < 0 && total % 1000 != 0 ? 1 : 0);
    if (milliseconds != NULL)
        *milliseconds = (int)rest;
    return EB_OK;
}
