/* url.c -- percent-encoding, and the strict reading of absolute URLs.
 *
 * A URL is where a request with credentials goes, so whatever two readers could understand
 * differently (a user, a backslash, a raw space, a second @) is refused rather than repaired. */
#include "url.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

enum { HOST_MAX = 253 }; /* the longest name DNS knows */

static bool is_alpha(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(unsigned char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool is_unreserved(unsigned char c)
{
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void eb__url_encode(eb_buf *out, const char *text, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < len;) {
        size_t plain = i;

        while (plain < len && is_unreserved((unsigned char)text[plain]))
            plain++;
        if (plain > i) {
            eb__buf_put(out, text + i, plain - i);
            i = plain;
        } else {
            const unsigned char c       = (unsigned char)text[i++];
            const char          code[3] = { '%', digits[c >> 4], digits[c & 15] };

            eb__buf_put(out, code, sizeof(code));
        }
    }
}

/* May the character stand in a value of a query, though it has a meaning elsewhere in URLs? What would end the value
 * or the query, or read as a space, may not. */
static bool is_reserved_in_value(unsigned char c)
{
    return c != '\0' && strchr(":/?@!$'()*,;=", c) != NULL;
}

void eb__url_encode_reserved(eb_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const unsigned char c    = (unsigned char)text[i];
        size_t              step = 1;

        if (c == '%' && i + 2 < len && is_hex((unsigned char)text[i + 1]) &&
            is_hex((unsigned char)text[i + 2]))
            step = 3;
        if (step == 3 || is_reserved_in_value(c))
            eb__buf_put(out, text + i, step);
        else
            eb__url_encode(out, text + i, 1);
        i += step;
    }
}

static unsigned digit_of(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

size_t eb__url_decode(char *to, const char *text, size_t len)
{
    char *at = to;

    for (size_t i = 0; i < len; i++)
        if (text[i] == '%' && i + 2 < len && is_hex((unsigned char)text[i + 1]) &&
            is_hex((unsigned char)text[i + 2])) {
            *at++ = (char)(digit_of(text[i + 1]) << 4 | digit_of(text[i + 2]));
            i += 2;
        } else {
            *at++ = text[i];
        }
    return (size_t)(at - to);
}

/* How many bytes from text on may stand in a path or query; "/" among them, "?" only in a query. */
static size_t path_span(const char *text, bool query)
{
    const char *const others = query ? "!$&'()*+,;=:@/?" : "!$&'()*+,;=:@/";
    size_t            i      = 0;

    for (;;) {
        const unsigned char c = (unsigned char)text[i];

        if (c == '%' && is_hex((unsigned char)text[i + 1]) && is_hex((unsigned char)text[i + 2]))
            i += 3;
        else if (is_unreserved(c) || (c != '\0' && strchr(others, c)))
            i++;
        else
            return i;
    }
}

/* Does it end like a number? 127.1, 0x7f000001 and 2130706433 are addresses to some readers, libcurl among them, which
 * would send another host than the one that was signed: of these only four plain numbers are taken. */
static bool ends_in_number(const char *host, size_t len)
{
    size_t from;

    while (len > 0 && host[len - 1] == '.')
        len--;
    for (from = len; from > 0 && host[from - 1] != '.'; from--)
        ;
    if (len - from > 2 && host[from] == '0' && (host[from + 1] == 'x' || host[from + 1] == 'X'))
        for (from += 2; from < len && is_hex((unsigned char)host[from]); from++)
            ;
    else
        for (; from < len && is_digit((unsigned char)host[from]); from++)
            ;
    return len > 0 && from == len;
}

/* A name or IPv4 address: labels of letters, digits, - and _, no empty one but a last. */
static bool is_name(const char *host, size_t len)
{
    if (len == 0 || len > HOST_MAX || host[0] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)host[i];

        if (c == '.' && i > 0 && host[i - 1] == '.')
            return false;
        if (c != '.' && c != '-' && c != '_' && !is_alpha(c) && !is_digit(c))
            return false;
    }
    return true;
}

static bool read_address(int family, const char *host, size_t len, unsigned char address[16])
{
    char copy[INET6_ADDRSTRLEN];

    if (len == 0 || len >= sizeof(copy) || memchr(host, '\0', len))
        return false;
    memcpy(copy, host, len);
    copy[len] = '\0';
    return inet_pton(family, copy, address) == 1;
}

static bool read_port(const char *text, size_t len, int *port)
{
    int value = 0;

    if (len == 0 || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit((unsigned char)text[i]))
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *port = value;
    return value >= 1 && value <= 65535;
}

static bool read_authority(eb_url *url)
{
    const char *const end = url->authority + url->authority_len;
    const char       *behind; /* the host: a port or nothing */
    const int         own = url->https ? 443 : 80;
    unsigned char     address[16];

    url->host = url->authority;
    if (url->authority_len > 0 && url->authority[0] == '[') {
        const char *close = memchr(url->authority, ']', url->authority_len);

        if (!close)
            return false;
        url->host++;
        url->host_len = (size_t)(close - url->host);
        if (!read_address(AF_INET6, url->host, url->host_len, address))
            return false;
        behind = close + 1;
    } else {
        const char *colon = memchr(url->authority, ':', url->authority_len);

        behind        = colon ? colon : end;
        url->host_len = (size_t)(behind - url->host);
        if (!is_name(url->host, url->host_len) ||
            (ends_in_number(url->host, url->host_len) &&
             !read_address(AF_INET, url->host, url->host_len, address)))
            return false;
    }
    url->port = own;
    if (behind == end)
        return true;
    if (*behind != ':' || !read_port(behind + 1, (size_t)(end - behind - 1), &url->port))
        return false;
    url->has_port = url->port != own;
    return true;
}

bool eb__url_parse(const char *url, eb_url *parts)
{
    eb_url found = { 0 };

    if (!url)
        return false;
    found.scheme     = url;
    found.scheme_len = strcspn(url, ":");
    if (eb__same_text(url, found.scheme_len, "https", 5))
        found.https = true;
    else if (!eb__same_text(url, found.scheme_len, "http", 4))
        return false;
    url += found.scheme_len;
    if (strncmp(url, "://", 3) != 0)
        return false;

    found.authority     = url + 3;
    found.authority_len = strcspn(found.authority, "/?#");
    if (!read_authority(&found))
        return false;

    found.path     = found.authority + found.authority_len;
    found.path_len = path_span(found.path, false);
    found.query    = found.path + found.path_len;
    if (*found.query == '?') {
        found.query++;
        found.query_len = path_span(found.query, true);
    }
    if (found.query[found.query_len] != '\0')
        return false;
    *parts = found;
    return true;
}

void eb__url_put_authority(eb_buf *out, const eb_url *url)
{
    const bool bracket = *url->authority == '[';

    if (bracket)
        eb__buf_putc(out, '[');
    eb__buf_put(out, url->host, url->host_len);
    if (bracket)
        eb__buf_putc(out, ']');
    if (url->has_port) {
        eb__buf_putc(out, ':');
        eb__buf_put_int(out, url->port);
    }
}

bool eb__url_is_loopback(const char *host, size_t len)
{
    static const unsigned char one[16] = { [15] = 1 };
    unsigned char              address[16];

    if (eb__same_text(host, len, "localhost", 9))
        return true;
    if (read_address(AF_INET, host, len, address))
        return address[0] == 127;
    return read_address(AF_INET6, host, len, address) && memcmp(address, one, sizeof(one)) == 0;
}

bool eb__url_host_matches(const char *host, size_t len, const char *pattern)
{
    size_t tail = strlen(pattern);

    if (strncmp(pattern, "*.", 2) != 0)
        return len > 0 && eb__same_text(host, len, pattern, tail);
    pattern++;
    tail--; /* ".example.com" */
    return tail > 1 && len > tail && is_name(host, len - tail) && host[len - tail - 1] != '.' &&
           eb__same_text(host + len - tail, tail, pattern, tail);
}
