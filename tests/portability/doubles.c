/* doubles.c -- what stands in for libcrypto and libcurl where Debian has neither: musl, and Windows. For tests alone:
 * the hash is right but slow and wipes nothing, random bytes are the same in every run, and the default transport
 * refuses; whoever sends brings a scripted one. */
#include <string.h>

#include "client.h"
#include "crypto.h"
#include "memory.h"
#include "text.h"

enum { BLOCK = 64, DIGEST = 32, ROUNDS = 64 };

struct eb_sha256 {
    uint32_t      state[8];
    unsigned char block[BLOCK];
    uint64_t      size;
};

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4). */
static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

static uint32_t turn(uint32_t word, int by)
{
    return word >> by | word << (32 - by);
}

static void mix(eb_sha256 *hash)
{
    uint32_t w[ROUNDS], v[8];

    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)hash->block[4 * i] << 24 | (uint32_t)hash->block[4 * i + 1] << 16 |
               (uint32_t)hash->block[4 * i + 2] << 8 | hash->block[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, hash->state, sizeof v);
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t one = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
                             ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] + w[i];
        const uint32_t two = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
                             ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++)
        hash->state[i] += v[i];
}

static void begin(eb_sha256 *hash)
{
    memset(hash, 0, sizeof *hash);
    memcpy(hash->state, start, sizeof start);
}

static void add(eb_sha256 *hash, const void *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        hash->block[hash->size++ % BLOCK] = ((const unsigned char *)data)[i];
        if (hash->size % BLOCK == 0)
            mix(hash);
    }
}

static void end(eb_sha256 *hash, unsigned char digest[DIGEST])
{
    const uint64_t bits = hash->size * 8;

    add(hash, "\x80", 1);
    while (hash->size % BLOCK != BLOCK - 8)
        add(hash, "", 1);
    for (int shift = 56; shift >= 0; shift -= 8) {
        const unsigned char byte = (unsigned char)(bits >> shift);

        add(hash, &byte, 1);
    }
    for (int i = 0; i < DIGEST; i++)
        digest[i] = (unsigned char)(hash->state[i / 4] >> (24 - i % 4 * 8));
}

eb_status eb__sha256_hex(char hex[EB_SHA256_HEX_SIZE], const void *data, size_t len)
{
    unsigned char digest[DIGEST];
    eb_sha256     hash;

    begin(&hash);
    add(&hash, data, len);
    end(&hash, digest);
    eb__hex(hex, digest, DIGEST);
    return EB_OK;
}

eb_status eb__hmac_sha256_hex(char hex[EB_SHA256_HEX_SIZE], const char *key, const void *data, size_t len)
{
    unsigned char inner[BLOCK] = { 0 }, outer[BLOCK], digest[DIGEST];
    eb_sha256     hash;

    if (strlen(key) > BLOCK) {
        begin(&hash);
        add(&hash, key, strlen(key));
        end(&hash, inner);
    } else
        memcpy(inner, key, strlen(key));
    for (int i = 0; i < BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    begin(&hash);
    add(&hash, inner, BLOCK);
    add(&hash, data, len);
    end(&hash, digest);
    begin(&hash);
    add(&hash, outer, BLOCK);
    add(&hash, digest, DIGEST);
    end(&hash, digest);
    eb__hex(hex, digest, DIGEST);
    return EB_OK;
}

eb_sha256 *eb__sha256_new(void)
{
    eb_sha256 *hash = eb__alloc(NULL, sizeof *hash);

    if (hash != NULL)
        begin(hash);
    return hash;
}

bool eb__sha256_add(eb_sha256 *hash, const void *data, size_t len)
{
    add(hash, data, len);
    return true;
}

bool eb__sha256_end(eb_sha256 *hash, char hex[EB_SHA256_HEX_SIZE])
{
    unsigned char digest[DIGEST];

    end(hash, digest);
    eb__hex(hex, digest, DIGEST);
    return true;
}

void eb__sha256_free(eb_sha256 *hash)
{
    eb__release(NULL, hash, sizeof *hash);
}

bool eb__random_bytes(void *context, void *buffer, size_t size)
{
    static uint32_t state = 1;

    (void)context;
    for (size_t i = 0; i < size; i++) {
        state                        = state * 1664525 + 1013904223;
        ((unsigned char *)buffer)[i] = (unsigned char)(state >> 24);
    }
    return true;
}

void eb__base64(eb_buf *out, const void *data, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at    = data;

    for (size_t i = 0; i < len; i += 3) {
        const uint32_t group = (uint32_t)at[i] << 16 | (i + 1 < len ? (uint32_t)at[i + 1] << 8 : 0) |
                               (i + 2 < len ? at[i + 2] : 0U);
        const char four[4] = { digits[group >> 18], digits[group >> 12 & 63],
                               i + 1 < len ? digits[group >> 6 & 63] : '=',
                               i + 2 < len ? digits[group & 63] : '=' };

        eb__buf_put(out, four, sizeof four);
    }
}

/* Nobody looks into certificates here. */
eb_identity eb__check_identity(const char *cert_pem, const char *cert_file, const char *key_pem,
                               const char *key_file, const char *password)
{
    (void)cert_pem;
    (void)cert_file;
    (void)key_pem;
    (void)key_file;
    (void)password;
    return EB_IDENTITY_GOOD;
}

static eb_status no_exchange(void *context, eb_exchange *exchange)
{
    (void)context;
    (void)exchange;
    return EB_NETWORK;
}

eb_status eb__curl_transport_new(const eb_client_options *options, eb_shared *shared,
                                 const eb_allocator *allocator, eb_transport *transport,
                                 char *problem, size_t problem_size)
{
    (void)options;
    (void)shared;
    (void)allocator;
    (void)problem;
    (void)problem_size;
    *transport = (eb_transport){ .exchange = no_exchange };
    return EB_OK;
}

struct eb_curl_share *eb__curl_share_new(const eb_allocator *allocator)
{
    return eb__alloc(allocator, 1);
}

void eb__curl_share_free(struct eb_curl_share *share)
{
    eb__release(NULL, share, 1);
}
