/* acs3.h -- Alibaba's signature, ACS3-HMAC-SHA256, as pure functions of their arguments. */
#ifndef EB_ACS3_H
#define EB_ACS3_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "crypto.h"
#include "edgebind/response.h"
#include "edgebind/status.h"

enum { EB_ACS3_DATE_SIZE = 21, EB_ACS3_NONCE_SIZE = 33 };

/* "2026-03-28T08:09:10Z" from seconds since 1970. */
void eb__acs3_date(char date[EB_ACS3_DATE_SIZE], int64_t seconds);
/* 32 hex digits of 16 random bytes. */
void eb__acs3_nonce(char nonce[EB_ACS3_NONCE_SIZE], const unsigned char random[16]);

typedef struct eb_acs3_pair {
    const char *name;  /* decoded */
    const char *value; /* decoded */
} eb_acs3_pair;

typedef struct eb_acs3_request {
    const char         *method;
    const char         *path;  /* as sent, percent-encoded */
    const eb_acs3_pair *query; /* any order */
    size_t              query_count;
    const eb_header    *headers; /* as sent; only host, content-type and x-acs-* are signed */
    size_t              header_count;
    const char         *payload_hash; /* value of x-acs-content-sha256 */
} eb_acs3_request;

/* The stages one by one, each appended to out; EB_OK, EB_NOMEM or EB_LIMIT. */
eb_status eb__acs3_canonical(eb_buf *out, const eb_acs3_request *request);
eb_status eb__acs3_string_to_sign(eb_buf *out, const char *canonical, size_t len);
/* The whole: the value of the Authorization header. */
eb_status eb__acs3_authorization(eb_buf *out, const eb_acs3_request *request, const char *id,
                                 const char *secret, const eb_allocator *allocator);

#endif
