/* acs3.c -- Alibaba's signature ACS3-HMAC-SHA256: canonical request, string to sign, authorization.
 *
 * Nothing here knows the time or makes a nonce: both are headers like any other. Signed are host,
 * content-type and every x-acs-*, whatever the case of their names. A name that occurs several
 * times is one line with its trimmed values in byte order, joined with commas. */
#include "acs3.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "text.h"
#include "url.h"

static const char algorithm[] = "ACS3-HMAC-SHA256";

enum { ON_STACK = 32 }; /* entries sorted without an allocation */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- Query ----------------------------------------------------------------------------------- */

static int compare_pairs(const void *a, const void *b)
{
    const eb_acs3_pair *const *one     = a;
    const eb_acs3_pair *const *two     = b;
    const int                  by_name = strcmp((*one)->name, (*two)->name);

    return by_name != 0 ? by_name : strcmp((*one)->value, (*two)->value);
}

static eb_status put_query(eb_buf *out, const eb_acs3_request *request)
{
    const eb_acs3_pair  *few[ON_STACK];
    const eb_acs3_pair **pairs = few;
    const size_t         count = request->query_count;
    const size_t         size  = count * sizeof(*pairs);

    if (count > ON_STACK) {
        if (count > SIZE_MAX / sizeof(*pairs))
            return EB_LIMIT;
        pairs = eb__alloc(out->allocator, size);
        if (!pairs)
            return EB_NOMEM;
    }
    for (size_t i = 0; i < count; i++)
        pairs[i] = &request->query[i];
    if (count > 1)
        qsort(pairs, count, sizeof(*pairs), compare_pairs);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            eb__buf_putc(out, '&');
        eb__url_encode(out, pairs[i]->name, strlen(pairs[i]->name));
        eb__buf_putc(out, '=');
        eb__url_encode(out, pairs[i]->value, strlen(pairs[i]->value));
    }
    if (pairs != few)
        eb__release(out->allocator, pairs, size);
    return EB_OK;
}

/* ---- Headers --------------------------------------------------------------------------------- */

/* A header that is signed; its value without the white space around it. */
typedef struct entry {
    const char *name;
    const char *value;
    size_t      value_len;
} entry;

typedef struct entries {
    entry  few[ON_STACK];
    entry *items;
    size_t count;
    size_t size; /* allocated bytes, 0 when on the stack */
} entries;

static int compare_names(const char *a, const char *b)
{
    while (*a && eb__lower(*a) == eb__lower(*b)) {
        a++;
        b++;
    }
    return (unsigned char)eb__lower(*a) - (unsigned char)eb__lower(*b);
}

static int compare_entries(const void *a, const void *b)
{
    const entry *one   = a;
    const entry *two   = b;
    const size_t len   = one->value_len < two->value_len ? one->value_len : two->value_len;
    int          order = compare_names(one->name, two->name);

    if (order == 0)
        order = memcmp(one->value, two->value, len);
    if (order == 0)
        order = (one->value_len > two->value_len) - (one->value_len < two->value_len);
    return order;
}

static bool is_signed(const char *name)
{
    static const char prefix[] = "x-acs-";
    size_t            i        = 0;

    while (prefix[i] && eb__lower(name[i]) == prefix[i])
        i++;
    return prefix[i] == '\0' || compare_names(name, "host") == 0 ||
           compare_names(name, "content-type") == 0;
}

/* Finds the headers that are signed, in order. */
static eb_status collect(entries *found, const eb_acs3_request *request, const eb_allocator *allocator)
{
    found->items = found->few;
    found->count = 0;
    found->size  = 0;
    if (request->header_count > ON_STACK) {
        if (request->header_count > SIZE_MAX / sizeof(entry))
            return EB_LIMIT;
        found->size  = request->header_count * sizeof(entry);
        found->items = eb__alloc(allocator, found->size);
        if (!found->items)
            return EB_NOMEM;
    }
    for (size_t i = 0; i < request->header_count; i++) {
        const char *value = request->headers[i].value;
        size_t      len;

        if (!is_signed(request->headers[i].name))
            continue;
        while (is_space(*value))
            value++;
        len = strlen(value);
        while (len > 0 && is_space(value[len - 1]))
            len--;
        found->items[found->count++] = (entry){ request->headers[i].name, value, len };
    }
    if (found->count > 1)
        qsort(found->items, found->count, sizeof(entry), compare_entries);
    return EB_OK;
}

static void drop(entries *found, const eb_allocator *allocator)
{
    if (found->size > 0)
        eb__release(allocator, found->items, found->size);
}

static void put_lower(eb_buf *out, const char *text)
{
    for (; *text; text++)
        eb__buf_putc(out, eb__lower(*text));
}

static bool same_as_before(const entries *headers, size_t i)
{
    return i > 0 && compare_names(headers->items[i - 1].name, headers->items[i].name) == 0;
}

static void put_headers(eb_buf *out, const entries *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        if (same_as_before(headers, i)) {
            eb__buf_putc(out, ',');
        } else {
            if (i > 0)
                eb__buf_putc(out, '\n');
            put_lower(out, headers->items[i].name);
            eb__buf_putc(out, ':');
        }
        eb__buf_put(out, headers->items[i].value, headers->items[i].value_len);
    }
    if (headers->count > 0)
        eb__buf_putc(out, '\n');
}

static void put_signed_names(eb_buf *out, const entries *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        if (same_as_before(headers, i))
            continue;
        if (i > 0)
            eb__buf_putc(out, ';');
        put_lower(out, headers->items[i].name);
    }
}

/* ---- Stages ---------------------------------------------------------------------------------- */

void eb__acs3_nonce(char nonce[EB_ACS3_NONCE_SIZE], const unsigned char random[16])
{
    eb__hex(nonce, random, 16);
}

static eb_status put_canonical(eb_buf *out, const eb_acs3_request *request, const entries *headers)
{
    eb_status st;

    for (const char *c = request->method; *c; c++)
        eb__buf_putc(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    eb__buf_putc(out, '\n');
    eb__buf_puts(out, request->path[0] ? request->path : "/");
    eb__buf_putc(out, '\n');
    st = put_query(out, request);
    if (st != EB_OK)
        return st;
    eb__buf_putc(out, '\n');
    put_headers(out, headers);
    eb__buf_putc(out, '\n'); /* behind the last header's own: an empty line */
    put_signed_names(out, headers);
    eb__buf_putc(out, '\n');
    eb__buf_puts(out, request->payload_hash);
    return eb__buf_status(out);
}

eb_status eb__acs3_canonical(eb_buf *out, const eb_acs3_request *request)
{
    entries   headers;
    eb_status st = collect(&headers, request, out->allocator);

    if (st != EB_OK)
        return st;
    st = put_canonical(out, request, &headers);
    drop(&headers, out->allocator);
    return st;
}

eb_status eb__acs3_string_to_sign(eb_buf *out, const char *canonical, size_t len)
{
    char            hash[EB_SHA256_HEX_SIZE];
    const eb_status st = eb__sha256_hex(hash, canonical, len);

    if (st != EB_OK)
        return st;
    eb__buf_puts(out, algorithm);
    eb__buf_putc(out, '\n');
    eb__buf_puts(out, hash);
    return eb__buf_status(out);
}

eb_status eb__acs3_authorization(eb_buf *out, const eb_acs3_request *request, const char *id,
                                 const char *secret, const eb_allocator *allocator)
{
    eb_buf    canonical, text;
    char      canonical_first[1024], text_first[128];
    char      signature[EB_SHA256_HEX_SIZE];
    entries   headers;
    eb_status st = collect(&headers, request, allocator);

    if (st != EB_OK)
        return st;
    eb__buf_init_on(&canonical, allocator, 0, canonical_first, sizeof canonical_first);
    eb__buf_init_on(&text, allocator, 0, text_first, sizeof text_first);
    st = put_canonical(&canonical, request, &headers);
    if (st != EB_OK)
        goto out;
    st = eb__acs3_string_to_sign(&text, canonical.data, canonical.len);
    if (st != EB_OK)
        goto out;
    st = eb__hmac_sha256_hex(signature, secret, text.data, text.len);
    if (st != EB_OK)
        goto out;

    eb__buf_puts(out, algorithm);
    eb__buf_puts(out, " Credential=");
    eb__buf_puts(out, id);
    eb__buf_puts(out, ",SignedHeaders=");
    put_signed_names(out, &headers);
    eb__buf_puts(out, ",Signature=");
    eb__buf_puts(out, signature);
    st = eb__buf_status(out);
out:
    eb__buf_free(&text);
    eb__buf_free(&canonical);
    drop(&headers, allocator);
    return st;
}
