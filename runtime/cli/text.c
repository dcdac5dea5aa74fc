/* text.c -- growing text, names as people type them, widths on a terminal, files read whole. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "cli.h"

/* ---- Growing text ------------------------------------------------------------------------------ */

void cli_put(cli_text *text, const char *data, size_t len)
{
    if (text->size - text->len <= len) {
        text->size = (text->len + len + 1) * 2;
        text->data = cli_grow(text->data, text->size);
    }
    if (len > 0)
        memcpy(text->data + text->len, data, len);
    text->len += len;
    text->data[text->len] = '\0';
}

void cli_puts(cli_text *text, const char *more)
{
    cli_put(text, more, strlen(more));
}

void cli_printf(cli_text *text, const char *format, ...)
{
    char    small[256];
    va_list arguments;
    int     len;

    va_start(arguments, format);
    len = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    if ((size_t)len < sizeof small) {
        cli_put(text, small, (size_t)len);
        return;
    }
    char *large = cli_alloc((size_t)len + 1);

    va_start(arguments, format);
    (void)vsnprintf(large, (size_t)len + 1, format, arguments);
    va_end(arguments);
    cli_put(text, large, (size_t)len);
    cli_wipe(large);
}

const char *cli_str(const cli_text *text)
{
    return text->data != NULL ? text->data : "";
}

void cli_text_free(cli_text *text)
{
    cli_wipe(text->data);
    *text = (cli_text){ 0 };
}

/* ---- Names ------------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of other scripts count as lower case. */
static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Length of the word that begins at text; 0: none does. The generator's names.py has the same words. */
static size_t word_len(const char *text, size_t len)
{
    size_t upper = 0, end;

    if (len >= 4 && memcmp(text, "IPv", 3) == 0 && (text[3] == '4' || text[3] == '6'))
        return 4;
    while (upper < len && is_upper(text[upper]))
        upper++;
    if (upper >= 2 && upper < len && text[upper] == 's' &&
        !(upper + 1 < len && is_lower(text[upper + 1])))
        return upper + 1; /* URLs */
    if (upper > 0 && !(upper < len && is_lower(text[upper]))) {
        for (end = upper; end < len && is_digit(text[end]); end++)
            ;
        return end; /* MD5 */
    }
    if (upper > 1)
        return upper - 1; /* the ACR of ACRImage */
    end = upper;
    if (end < len && is_lower(text[end])) {
        while (end < len && (is_lower(text[end]) || is_digit(text[end])))
            end++;
        return end;
    }
    for (end = 0; end < len && is_digit(text[end]); end++)
        ;
    while (end > 0 && end < len && is_lower(text[end]))
        end++;
    return end;
}

void cli_kebab(cli_text *to, const char *wire, size_t len)
{
    const size_t before = to->len;

    for (size_t at = 0; at < len;) {
        const size_t word = word_len(wire + at, len - at);

        if (word > 0 && to->len > before)
            cli_puts(to, "-");
        for (size_t i = 0; i < word; i++) {
            const char c     = wire[at + i];
            const char lower = (char)(is_upper(c) ? c + ('a' - 'A') : c);

            cli_put(to, &lower, 1);
        }
        at += word > 0 ? word : 1;
    }
    if (to->len == before)
        cli_put(to, wire, len);
}

bool cli_is_name(const char *wire, const char *word, size_t len)
{
    cli_text kebab = { 0 };
    bool     same  = strlen(wire) == len && memcmp(wire, word, len) == 0;

    if (same)
        return true;
    cli_kebab(&kebab, wire, strlen(wire));
    same = kebab.len == len && memcmp(cli_str(&kebab), word, len) == 0;
    cli_text_free(&kebab);
    return same;
}

void cli_nearest_start(cli_nearest *nearest, const char *word)
{
    *nearest = (cli_nearest){ .word = word, .best = strlen(word) / 2 + 1 };
}

void cli_nearest_take(cli_nearest *nearest, const char *name, size_t len)
{
    const size_t far = eb_text_distance(nearest->word, strlen(nearest->word), name, len, nearest->best);

    if (far >= nearest->best || len >= sizeof nearest->name)
        return;
    nearest->best = far;
    memcpy(nearest->name, name, len);
    nearest->name[len] = '\0';
}

const char *cli_did_you_mean(const cli_nearest *nearest, const char *before, cli_text *memory)
{
    if (nearest->name[0] == '\0')
        return "";
    cli_printf(memory, "; did you mean %s%s?", before, nearest->name);
    return cli_str(memory);
}

/* ---- Terminals --------------------------------------------------------------------------------- */

size_t cli_width(void)
{
    struct winsize size   = { 0 };
    const char    *stated = getenv("COLUMNS");
    const long     given  = stated != NULL ? strtol(stated, NULL, 10) : 0;

    if (given >= 20 && given <= 10000)
        return (size_t)given;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

/* Widths are those of UTF-8, whatever the environment says: what we show is UTF-8. */
static void use_utf8(void)
{
    static locale_t utf8;

    if (utf8 == (locale_t)0) {
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        if (utf8 != (locale_t)0)
            (void)uselocale(utf8);
    }
}

size_t cli_character(const char *text, size_t len, size_t *columns)
{
    mbstate_t state;
    wchar_t   wide;
    size_t    bytes;
    int       found;

    *columns = 1;
    if ((unsigned char)text[0] < 0x80)
        return 1;
    use_utf8();
    memset(&state, 0, sizeof state);
    bytes = mbrtowc(&wide, text, len, &state);
    if (bytes == (size_t)-1 || bytes == (size_t)-2 || bytes == 0)
        return 1;
    found    = wcwidth(wide);
    *columns = found >= 0 ? (size_t)found : 1;
    return bytes;
}

size_t cli_columns(const char *text, size_t len)
{
    size_t all = 0, columns;

    for (size_t at = 0; at < len; all += columns)
        at += cli_character(text + at, len - at, &columns);
    return all;
}

static void put_paragraph(cli_text *to, const char *text, size_t len, size_t indent, size_t width)
{
    size_t column = 0;

    for (size_t at = 0; at < len;) {
        size_t word = 0, columns;

        while (at < len && text[at] == ' ')
            at++;
        while (at + word < len && text[at + word] != ' ')
            word++;
        if (word == 0)
            break;
        columns = cli_columns(text + at, word);
        if (column > 0 && column + 1 + columns > width) {
            cli_puts(to, "\n");
            column = 0;
        }
        cli_printf(to, "%*s", column == 0 ? (int)indent : 1, "");
        column = column == 0 ? indent + columns : column + 1 + columns;
        cli_put(to, text + at, word);
        at += word;
    }
    cli_puts(to, "\n");
}

void cli_put_wrapped(cli_text *to, const char *text, size_t indent)
{
    const size_t terminal = cli_width();
    const size_t width    = terminal > 100 ? 100 : terminal;

    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");

        if (len == 0)
            cli_puts(to, "\n");
        else
            put_paragraph(to, text, len, indent, width < indent + 20 ? indent + 20 : width);
        text += len + (text[len] == '\n');
    }
}

/* ---- Files ------------------------------------------------------------------------------------- */

enum { FILE_MAX = 64 * 1024 * 1024 };

static const char *too_open(int descriptor)
{
    struct stat found;

    if (fstat(descriptor, &found) != 0)
        return strerror(errno);
    if (!S_ISREG(found.st_mode))
        return NULL; /* a pipe or a terminal is nobody else's */
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "others can read it or write to it; run chmod 600 on it";
    if (found.st_uid != geteuid() && found.st_uid != 0)
        return "it belongs to somebody else";
    return NULL;
}

char *cli_read_file(const char *path, bool private_file, size_t *len, const char **problem)
{
    const int descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    cli_text  text       = { 0 };
    char      piece[8192];
    ssize_t   got = 0;

    *problem = descriptor < 0 ? strerror(errno) : private_file ? too_open(descriptor) : NULL;
    while (*problem == NULL && (got = read(descriptor, piece, sizeof piece)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            *problem = strerror(errno);
        else if (text.len + (size_t)got > FILE_MAX)
            *problem = "it is larger than 64 MiB";
        else
            cli_put(&text, piece, (size_t)got);
    }
    if (descriptor > STDIN_FILENO)
        (void)close(descriptor);
    if (*problem == NULL && text.len > 0 && strlen(text.data) != text.len)
        *problem = "it holds a NUL byte";
    if (*problem != NULL) {
        cli_text_free(&text);
        return NULL;
    }
    cli_put(&text, "", 0);
    if (len != NULL)
        *len = text.len;
    return text.data;
}

/* ---- Problems ---------------------------------------------------------------------------------- */

cli_exit cli_fail(cli_exit status, const char *format, ...)
{
    char    line[2048];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *at = line; *at != '\0'; at++) {
        const unsigned char c    = (unsigned char)at[0];
        const unsigned char next = (unsigned char)at[1];

        if ((c < ' ' && c != '\n') || c == 0x7f)
            *at = '?';
        if (c == 0xC2 && next >= 0x80 && next < 0xA0) { /* U+0080 to U+009F */
            *at++ = '?';
            *at   = '?';
        }
    }
    (void)fprintf(stderr, "eb: %s\n", line);
    return status;
}
