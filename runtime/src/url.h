/* url.h -- percent-encoding and URLs, RFC 3986. */
#ifndef EB_URL_H
#define EB_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* Unreserved characters (A-Z a-z 0-9 - . _ ~) stay, every other byte becomes %XX in upper case. */
void eb__url_encode(eb_buf *out, const char *text, size_t len);

/* The same, but :/?@!$'()*,;= and what is percent-encoded already stay: OpenAPI's allowReserved. What would end a
 * query's value (& # [ ]) or be read as a space (+) is encoded still. */
void eb__url_encode_reserved(eb_buf *out, const char *text, size_t len);

/* Undoes %XX; gives how many bytes there are, at most len. */
size_t eb__url_decode(char *to, const char *text, size_t len);

/* The parts of an absolute http or https URL, pointing into it. False: not one; it has a user, a
 * fragment, spaces or control characters, a bad port, or no host. */
typedef struct eb_url {
    const char *scheme;
    size_t      scheme_len;
    const char *host;
    size_t      host_len; /* without brackets of an IPv6 address */
    const char *authority;
    size_t      authority_len; /* host[:port] as written */
    const char *path;
    size_t      path_len; /* with a leading /, or empty */
    const char *query;
    size_t      query_len; /* without ?, or empty */
    int         port;      /* the scheme's own when none is written */
    bool        https;
    bool        has_port; /* written, and not the scheme's own */
} eb_url;
bool eb__url_parse(const char *url, eb_url *parts);

/* host[:port] as the Host header has it: a port only when it is not the scheme's own. */
void eb__url_put_authority(eb_buf *out, const eb_url *url);

/* Is the host loopback: localhost, 127.0.0.0/8, ::1? By its text alone. */
bool eb__url_is_loopback(const char *host, size_t len);

/* Does the host match a pattern, "a.example.com" or "*.example.com" (one or more labels)? Without case. */
bool eb__url_host_matches(const char *host, size_t len, const char *pattern);

#endif
