/* crypto.h -- the few things we want from a crypto library; crypto_openssl.c gives them. */
#ifndef EB_CRYPTO_H
#define EB_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "edgebind/status.h"

enum { EB_SHA256_HEX_SIZE = 65 }; /* 64 lower-case digits and a NUL */

/* EB_OK or EB_NOMEM. */
eb_status eb__sha256_hex(char hex[EB_SHA256_HEX_SIZE], const void *data, size_t len);
eb_status eb__hmac_sha256_hex(char hex[EB_SHA256_HEX_SIZE], const char *key, const void *data,
                              size_t len);

/* The same piece by piece, for bodies that do not sit in memory. */
typedef struct eb_sha256 eb_sha256;
eb_sha256               *eb__sha256_new(void); /* NULL: out of memory */
bool                     eb__sha256_add(eb_sha256 *hash, const void *data, size_t len);
bool                     eb__sha256_end(eb_sha256 *hash, char hex[EB_SHA256_HEX_SIZE]);
void                     eb__sha256_free(eb_sha256 *hash);

/* Unpredictable bytes; false: there are none. */
bool eb__random_bytes(void *context, void *buffer, size_t size);

/* A client certificate and its key, each as PEM text or, when that is NULL, the name of a file. password NULL: none. */
typedef enum eb_identity {
    EB_IDENTITY_GOOD,
    EB_IDENTITY_NO_FILE,
    EB_IDENTITY_NO_CERT,
    EB_IDENTITY_NO_KEY, /* or the password is wrong */
    EB_IDENTITY_OTHERS  /* the key is not the certificate's */
} eb_identity;
eb_identity eb__check_identity(const char *cert_pem, const char *cert_file, const char *key_pem,
                               const char *key_file, const char *password);

/* Standard Base64 with padding. */
void eb__base64(eb_buf *out, const void *data, size_t len);

#endif
