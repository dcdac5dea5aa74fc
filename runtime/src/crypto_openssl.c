/* crypto_openssl.c -- hashes, random bytes and Base64 by OpenSSL's libcrypto; no other file knows
 * it.
 *
 * Only functions that 1.1.1 and 3.x share and neither calls deprecated. Digests are wiped once
 * their hex text is written. */
#include "crypto.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>

#include "memory.h"
#include "text.h"

enum { DIGEST_SIZE = 32 };

/* The one-shot functions fail only when they cannot allocate. */
eb_status eb__sha256_hex(char hex[EB_SHA256_HEX_SIZE], const void *data, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_Digest(len ? data : "", len, digest, NULL, EVP_sha256(), NULL) != 1)
        return EB_NOMEM;
    eb__hex(hex, digest, DIGEST_SIZE);
    eb__wipe(digest, sizeof(digest));
    return EB_OK;
}

eb_status eb__hmac_sha256_hex(char hex[EB_SHA256_HEX_SIZE], const char *key, const void *data, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    const size_t  key_len = strlen(key);

    if (key_len > INT_MAX)
        return EB_NOMEM;
    if (!HMAC(EVP_sha256(), key, (int)key_len, len ? data : "", len, digest, NULL))
        return EB_NOMEM;
    eb__hex(hex, digest, DIGEST_SIZE);
    eb__wipe(digest, sizeof(digest));
    return EB_OK;
}

/* An eb_sha256 is OpenSSL's context under another name. */
static EVP_MD_CTX *context_of(eb_sha256 *hash)
{
    return (EVP_MD_CTX *)hash;
}

eb_sha256 *eb__sha256_new(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return (eb_sha256 *)context;
}

bool eb__sha256_add(eb_sha256 *hash, const void *data, size_t len)
{
    return len == 0 || EVP_DigestUpdate(context_of(hash), data, len) == 1;
}

bool eb__sha256_end(eb_sha256 *hash, char hex[EB_SHA256_HEX_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (EVP_DigestFinal_ex(context_of(hash), digest, NULL) != 1)
        return false;
    eb__hex(hex, digest, DIGEST_SIZE);
    eb__wipe(digest, sizeof(digest));
    return true;
}

void eb__sha256_free(eb_sha256 *hash)
{
    EVP_MD_CTX_free(context_of(hash)); /* takes NULL */
}

bool eb__random_bytes(void *context, void *buffer, size_t size)
{
    unsigned char *at = buffer;

    (void)context;
    while (size > 0) {
        const size_t piece = size < INT_MAX ? size : INT_MAX;

        if (RAND_bytes(at, (int)piece) != 1)
            return false;
        at += piece;
        size -= piece;
    }
    return true;
}

void eb__base64(eb_buf *out, const void *data, size_t len)
{
    enum { PIECE = 3 << 20 }; /* whole groups of three, so that padding comes last only */
    const unsigned char *at = data;

    while (len > 0) {
        const size_t piece = len < PIECE ? len : PIECE;
        char        *room = eb__buf_room(out, (piece + 2) / 3 * 4); /* the NUL has room behind it */

        if (!room)
            return;
        out->len += (size_t)EVP_EncodeBlock((unsigned char *)room, at, (int)piece);
        at += piece;
        len -= piece;
    }
}

static BIO *open_pem(const char *pem, const char *file)
{
    const size_t len = pem != NULL ? strlen(pem) : 0;

    if (pem == NULL)
        return BIO_new_file(file, "rb");
    return len > INT_MAX ? NULL : BIO_new_mem_buf(pem, (int)len);
}

/* Without one OpenSSL would ask on the terminal. */
static int give_password(char *buffer, int size, int writing, void *context)
{
    const char  *password = context;
    const size_t len      = password != NULL ? strlen(password) : 0;

    (void)writing;
    if (size < 0 || len > (size_t)size)
        return 0;
    memcpy(buffer, password != NULL ? password : "", len);
    return (int)len;
}

eb_identity eb__check_identity(const char *cert_pem, const char *cert_file, const char *key_pem,
                               const char *key_file, const char *password)
{
    BIO        *cert_in = open_pem(cert_pem, cert_file), *key_in = open_pem(key_pem, key_file);
    X509       *cert = NULL;
    EVP_PKEY   *key  = NULL;
    void       *context;
    eb_identity found = EB_IDENTITY_GOOD;

    memcpy(&context, &password, sizeof context); /* OpenSSL's pointer is not const */
    if (cert_in == NULL || key_in == NULL)
        found = EB_IDENTITY_NO_FILE;
    else if ((cert = PEM_read_bio_X509(cert_in, NULL, give_password, NULL)) == NULL)
        found = EB_IDENTITY_NO_CERT;
    else if ((key = PEM_read_bio_PrivateKey(key_in, NULL, give_password, context)) == NULL)
        found = EB_IDENTITY_NO_KEY;
    else if (X509_check_private_key(cert, key) != 1)
        found = EB_IDENTITY_OTHERS;
    EVP_PKEY_free(key);
    X509_free(cert);
    BIO_free(key_in);
    BIO_free(cert_in);
    ERR_clear_error();
    return found;
}
