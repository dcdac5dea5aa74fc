/* style.c -- any JSON value in any place and style. The first line chooses: a digit for the place, one for the style,
 * one for explode and the flags; the second line is the name; the rest is the value.
 *
 * Whatever is written stays where it belongs: it ends no header, begins no second cookie, adds no segment, query or
 * fragment to a URL, and leads a path nowhere else. */
#include "fuzz.h"

#include "codec.h"
#include "style.h"

static const uint8_t places[] = { EB_IN_PATH, EB_IN_QUERY, EB_IN_HEADER, EB_IN_COOKIE, EB_IN_BODY };

static unsigned digit(fuzz_input *line)
{
    const unsigned found = line->len > 0 ? (unsigned char)line->at[0] - (unsigned)'0' : 0;

    if (line->len > 0) {
        line->at++;
        line->len--;
    }
    return found;
}

static void stays_in_a_path(const eb_buf *out)
{
    MUST(out->len > 0);
    MUST(strcmp(out->data, ".") != 0 && strcmp(out->data, "..") != 0);
    for (size_t i = 0; i < out->len; i++)
        MUST(out->data[i] > ' ' && out->data[i] < 0x7f && strchr("/?#\\\"<>^`{|}", out->data[i]) == NULL);
}

/* Every part is name=value. */
static void stays_in_a_query(const eb_buf *out)
{
    bool named = false;

    for (size_t i = 0; i < out->len; i++) {
        MUST(out->data[i] > ' ' && out->data[i] < 0x7f && strchr("#+[]\\\"<>^`{|}", out->data[i]) == NULL);
        MUST(out->data[i] != '&' || named);
        named = out->data[i] == '=' || (named && out->data[i] != '&');
    }
    MUST(named);
}

static void stays_in_a_line(const eb_buf *out)
{
    for (size_t i = 0; i < out->len; i++)
        MUST(((unsigned char)out->data[i] >= ' ' || out->data[i] == '\t') && out->data[i] != 0x7f);
}

/* A semicolon is one that separates. */
static void stays_in_a_cookie(const eb_buf *out)
{
    for (size_t i = 0; i < out->len; i++) {
        MUST(out->data[i] >= ' ' && out->data[i] < 0x7f && strchr("\"\\", out->data[i]) == NULL);
        MUST(out->data[i] != ';' || (i + 1 < out->len && out->data[i + 1] == ' '));
        MUST(out->data[i] != ' ' || (i > 0 && out->data[i - 1] == ';'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input rest    = { (const char *)data, size };
    fuzz_input choice  = fuzz_until(&rest, '\n');
    fuzz_input line    = fuzz_until(&rest, '\n');
    char      *name    = fuzz_text(line);
    char      *json    = fuzz_bytes(rest);
    eb_styled  how     = { .name = name, .in = places[digit(&choice) % sizeof places] };
    eb_problem problem = { 0 };
    eb_buf     out     = { 0 };
    eb_status  st;
    unsigned   flags;

    how.style   = (uint8_t)(digit(&choice) % (EB_STYLE_DEEP + 1));
    flags       = digit(&choice);
    how.explode = (flags & 1) != 0;
    how.style |= (flags & 2) != 0 ? EB_ALLOW_RESERVED : 0;
    if (how.in == EB_IN_PATH || how.in == EB_IN_HEADER || how.in == EB_IN_COOKIE)
        how.style &= EB_STYLE_MASK_;
    if (eb__json_check(json, rest.len, NULL, &problem) == EB_OK) {
        st = eb__style_json(&out, &how, (eb_json){ json, rest.len }, &problem);
        MUST(st == EB_OK || st == EB_DONE || st == EB_INVALID);
        MUST(st != EB_INVALID || problem.text[0] != '\0');
        MUST(st != EB_DONE || out.len == 0);
        if (st == EB_OK && out.len > 0) {
            if (how.in == EB_IN_PATH)
                stays_in_a_path(&out);
            else if (how.in == EB_IN_HEADER)
                stays_in_a_line(&out);
            else if (how.in == EB_IN_COOKIE)
                stays_in_a_cookie(&out);
            else
                stays_in_a_query(&out);
        }
    }
    eb__buf_free(&out);
    free(json);
    free(name);
    return 0;
}
