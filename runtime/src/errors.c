/* errors.c -- what a service says about a failure, and failures that hide inside a 2xx.
 *
 * The body of a failure may come from anything on the way: the service, a gateway, a proxy's web
 * page, or half of one of them. So it is read leniently: a copy is repaired first (bytes that are
 * not UTF-8, raw control characters, broken escapes), then the document's pointers are tried, and
 * what is found becomes one line that is safe to print. Nothing here can turn the failure into
 * another one. */
#include "errors.h"

#include <string.h>

#include "buf.h"
#include "codec.h"
#include "reader.h"
#include "text.h"

enum {
    BODY_MAX    = 256 * 1024, /* an error stands at the beginning */
    MESSAGE_MAX = 2048,
    SHORT_MAX   = 256 /* code, field, request id */
};

/* ---- One safe line --------------------------------------------------------------------------- */

static bool is_control(const char *at, size_t len)
{
    const unsigned char first = (unsigned char)at[0];

    /* ASCII's, and those of U+0080 to U+009F, which terminals obey as well */
    return len == 1 ? first < 0x20 || first == 0x7f : first == 0xC2 && (unsigned char)at[1] < 0xA0;
}

/* A line being put together; what does not fit ends in "...". */
typedef struct line {
    size_t len;
    char   text[MESSAGE_MAX + 1];
} line;

static const char more[] = "...";

/* Appends bytes, all or none. False: they do not fit, and the line ends here. */
static bool put_bytes(line *out, const char *bytes, size_t len, size_t max)
{
    const size_t room = max - (sizeof(more) - 1);

    if (len <= max - out->len) {
        memcpy(out->text + out->len, bytes, len);
        out->len += len;
        return true;
    }
    if (out->len > room) {
        out->len = room;
        while (out->len > 0 && ((unsigned char)out->text[out->len] & 0xC0) == 0x80)
            out->len--; /* not within a character */
    }
    memcpy(out->text + out->len, more, sizeof(more) - 1);
    out->len += sizeof(more) - 1;
    return false;
}

/* Appends any text: a control character or an invalid byte becomes a ?, a line end or tab a
 * space. */
static bool put_text(line *out, const char *text, size_t max)
{
    const char *const end  = text + strlen(text);
    bool              fits = true;

    while (fits && text < end) {
        const size_t len = (unsigned char)*text < 0x80 ? 1 : eb__utf8_len(text, end);

        if (*text == '\n' || *text == '\r' || *text == '\t')
            fits = put_bytes(out, " ", 1, max);
        else if (len == 0 || is_control(text, len))
            fits = put_bytes(out, "?", 1, max);
        else
            fits = put_bytes(out, text, len, max);
        text += len ? len : 1;
    }
    return fits;
}

/* The line in the arena, without the white space around it; "" also when memory is out. */
static const char *keep(const line *from, eb_arena *arena)
{
    const char *text = from->text;
    size_t      len  = from->len;

    while (len > 0 && *text == ' ') {
        text++;
        len--;
    }
    while (len > 0 && text[len - 1] == ' ')
        len--;
    text = len > 0 ? eb__arena_dup(arena, text, len) : NULL;
    return text ? text : "";
}

/* ---- Repair ---------------------------------------------------------------------------------- */

/* The value of the four hexadecimal digits at text; -1: there are none. */
static int read_hex4(const char *text, const char *end)
{
    int value = 0;

    if (end - text < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = eb__lower(text[i]);

        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + (c - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* Mends the escape at the backslash in place; returns how many bytes it takes. */
static size_t repair_escape(char *at, const char *end)
{
    static const char question[] = "\\u003f";
    int               unit;

    if (end - at < 2)
        return 1; /* cut right here */
    if (at[1] != 'u') {
        if (at[1] != '\0' && strchr("\"\\/bfnrt", at[1]))
            return 2;
        *at = '?';
        return 1;
    }
    unit = read_hex4(at + 2, end);
    if (unit < 0) {
        *at = '?';
        return 1;
    }
    if (unit >= 0xD800 && unit < 0xDC00 && end - at >= 8 && at[6] == '\\' && at[7] == 'u') {
        const int low = read_hex4(at + 8, end);

        if (low >= 0xDC00 && low < 0xE000)
            return 12;
    }
    if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
        memcpy(at, question, sizeof(question) - 1);
    return 6;
}

/* Makes what a strict reader would stumble over inside JSON strings into ?, without moving
 * anything. */
static void repair_json(char *text, size_t len)
{
    char *const end       = text + len;
    bool        in_string = false;

    for (char *at = text; at < end;) {
        const unsigned char c    = (unsigned char)*at;
        size_t              step = 1;

        if (c == '"') {
            in_string = !in_string;
        } else if (c == '\\' && in_string) {
            step = repair_escape(at, end);
        } else if (c < 0x20 && in_string) {
            *at = c == '\n' || c == '\r' || c == '\t' ? ' ' : '?';
        } else if (c >= 0x80) {
            step = eb__utf8_len(at, end);
            if (step == 0) {
                *at  = '?';
                step = 1;
            }
        }
        at += step;
    }
}

/* ---- Finding --------------------------------------------------------------------------------- */

typedef struct source {
    const char *text;
    size_t      len;
    bool        xml;
} source;

/* The value at a pointer as text; NULL: absent, null, or, unless structured, an object or array. */
static const char *plain_at(const source *from, const char *pointer, bool structured, eb_arena *arena)
{
    const char *slash = strrchr(pointer, '/');
    eb_json     found;

    if (from->xml)
        return eb__xml_text(from->text, from->len, slash ? slash + 1 : pointer, arena);
    if (!eb__json_find(from->text, from->len, pointer, &found) || found.len == 0)
        return NULL;
    if (!structured && (found.text[0] == '{' || found.text[0] == '['))
        return NULL;
    return eb__json_plain(found, arena);
}

/* What the first pointer to a text that is not empty leads to, on one line; "" if none does. */
static const char *first_text(const source *from, const char *const *pointers, size_t max, eb_arena *arena)
{
    for (; pointers && *pointers; pointers++) {
        const char *text = plain_at(from, *pointers, max == MESSAGE_MAX, arena);
        line        made = { 0 };

        if (!text)
            continue;
        (void)put_text(&made, text, max);
        text = keep(&made, arena);
        if (*text)
            return text;
    }
    return "";
}

/* The first member of the map of fields; its text goes behind the message. */
static void read_fields(const source *from, const char *pointer, eb_arena *arena, eb_error_body *found)
{
    const char *key, *text;
    eb_json     map, value, element;
    size_t      at   = 0;
    line        made = { 0 };

    if (from->xml || !eb__json_find(from->text, from->len, pointer, &map) ||
        !eb__json_member(map, &at, &key, &value, arena))
        return;
    (void)put_text(&made, key, SHORT_MAX);
    found->field = keep(&made, arena);

    if (eb__json_find(value.text, value.len, "/0", &element) && value.text[0] == '[')
        value = element; /* a list of texts */
    text = eb__json_plain(value, arena);
    if (!text || !*text)
        return;
    made.len = 0;
    if (put_text(&made, found->message, MESSAGE_MAX) &&
        (made.len == 0 || put_text(&made, ": ", MESSAGE_MAX)) &&
        (!*found->field ||
         (put_text(&made, found->field, MESSAGE_MAX) && put_text(&made, ": ", MESSAGE_MAX))))
        (void)put_text(&made, text, MESSAGE_MAX);
    found->message = keep(&made, arena);
}

/* Where services usually put it, when a document does not say: response.h lists them. */
static const char *const usual_message[] = { "/detail",
                                             "/message",
                                             "/error_description",
                                             "/error/message",
                                             "/error/detail",
                                             "/error/description",
                                             "/errors/0/message",
                                             "/errors/0/detail",
                                             "/error_message",
                                             "/msg",
                                             "/Message",
                                             "/title",
                                             "/errors/0/title",
                                             "/errors/0",
                                             "/error",
                                             "/description",
                                             NULL };
static const char *const usual_code[]    = {
       "/code",          "/error/status", "/error/code", "/error/type",
       "/errors/0/code", "/error_code",   "/errorCode",  "/Code",
       "/type",          "/error",        NULL
};

static bool is_empty(const char *const *pointers)
{
    return !pointers || !*pointers;
}

/* Says what would be the status once more, or nothing: 404, "404", about:blank. */
static bool is_no_code(const char *text)
{
    return (strlen(text) == 3 && strspn(text, "0123456789") == 3) || eb__same_name(text, "about:blank");
}

/* The first of the usual members that is a text or a number, on one line; "" if none is. */
static const char *usual_text(const source *from, const char *const *pointers, size_t max,
                              const char *not_this, eb_arena *arena)
{
    for (; *pointers; pointers++) {
        const char *text = plain_at(from, *pointers, false, arena);
        line        made = { 0 };

        if (!text)
            continue;
        (void)put_text(&made, text, max);
        text = keep(&made, arena);
        if (*text && !(not_this && (is_no_code(text) || strcmp(text, not_this) == 0)))
            return text;
    }
    return "";
}

static bool is_html(const source *from)
{
    return from->len >= 5 && eb__same_text(from->text, 5, "<html", 5);
}

eb_status eb__error_read(const eb_errors *errors, const char *body, size_t len, eb_arena *arena,
                         eb_error_body *found)
{
    static const char          byte_order_mark[] = "\xEF\xBB\xBF";
    static const eb_error_body nothing           = { "", "", "", "" };
    eb_buf                     copy;
    source                     from;
    eb_status                  st;

    *found = nothing;
    if (!errors || len == 0)
        return EB_OK;
    if (len >= 3 && memcmp(body, byte_order_mark, 3) == 0) {
        body += 3;
        len -= 3;
    }
    while (len > 0 && (*body == ' ' || *body == '\t' || *body == '\r' || *body == '\n')) {
        body++;
        len--;
    }
    if (len == 0 || (*body != '{' && *body != '[' && *body != '<'))
        return EB_OK;

    eb__buf_init(&copy, eb__arena_allocator(arena), 0);
    eb__buf_put(&copy, body, len < BODY_MAX ? len : BODY_MAX);
    st = eb__buf_status(&copy);
    if (st != EB_OK)
        goto out;
    from = (source){ copy.data, copy.len, *body == '<' };
    if (!from.xml)
        repair_json(copy.data, copy.len);
    if (is_html(&from))
        goto out;
    if (is_empty(errors->message) && is_empty(errors->code)) { /* the document does not say */
        found->message = usual_text(&from, usual_message, MESSAGE_MAX, NULL, arena);
        found->code    = usual_text(&from, usual_code, SHORT_MAX, found->message, arena);
    } else {
        found->code    = first_text(&from, errors->code, SHORT_MAX, arena);
        found->message = first_text(&from, errors->message, MESSAGE_MAX, arena);
    }
    found->request_id = first_text(&from, errors->request_id, SHORT_MAX, arena);
    if (errors->fields)
        read_fields(&from, errors->fields, arena, found);
    if (eb__arena_failed(arena)) {
        *found = nothing;
        st     = EB_NOMEM;
    }
out:
    eb__buf_free(&copy);
    return st;
}

/* ---- Inside a 2xx ---------------------------------------------------------------------------- */

static bool is_2xx(const char *text)
{
    return text[0] == '2' && text[1] >= '0' && text[1] <= '9' && text[2] >= '0' && text[2] <= '9' &&
           text[3] == '\0';
}

static bool is_among(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (eb__same_name(text, *list) || (eb__same_name(*list, "2xx") && is_2xx(text)))
            return true;
    return false;
}

bool eb__error_inside(const eb_errors *errors, int http_status, const char *body, size_t len,
                      eb_arena *arena)
{
    const source from = { body, len, false };

    if (!errors)
        return false;
    for (const int *status = errors->failure_status; status && *status; status++)
        if (*status == http_status)
            return true;
    for (size_t i = 0; len > 0 && i < errors->failure_count; i++) {
        const eb_failure *failure = &errors->failures[i];
        const char       *value   = plain_at(&from, failure->pointer, false, arena);

        if (!value || !*value) /* absent, null, or says nothing */
            continue;
        if ((failure->is && is_among(value, failure->is)) ||
            (failure->is_not && !is_among(value, failure->is_not)))
            return true;
    }
    return false;
}

/* ---- Documented codes ------------------------------------------------------------------------ */

int eb_error_of(const eb_errors *errors, const eb_response *response)
{
    if (!response || !response->code || !*response->code)
        return 0;
    return errors && errors->codes ? eb_enum_find(errors->codes, response->code) : -1;
}
