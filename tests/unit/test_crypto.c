/* test_crypto.c -- hashes, Base64 and random bytes against published vectors. */
#include "unit.h"

#include <openssl/crypto.h>

#include "crypto.h"

/* ---- OpenSSL's own memory, so that it can be made to fail ------------------------------------- */

static long allocations, failing_from; /* 0: none fails */

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    allocations++;
    return failing_from > 0 && allocations >= failing_from ? NULL : malloc(size);
}

static void *openssl_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    allocations++;
    return failing_from > 0 && allocations >= failing_from ? NULL : realloc(block, size);
}

static void openssl_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

/* Before main(): OpenSSL takes it only as long as it has allocated nothing. */
__attribute__((constructor)) static void replace_memory(void)
{
    if (!CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free))
        abort();
}

/* Each gives true when it worked, and then the hash is right. */
static bool hash(void)
{
    char hex[EB_SHA256_HEX_SIZE];

    if (eb__sha256_hex(hex, "abc", 3) != EB_OK)
        return false;
    ck_assert_int_eq(strncmp(hex, "ba7816bf8f01cfea", 16), 0);
    return true;
}

static bool hash_with_key(void)
{
    char hex[EB_SHA256_HEX_SIZE];

    if (eb__hmac_sha256_hex(hex, "", "", 0) != EB_OK)
        return false;
    ck_assert_int_eq(strncmp(hex, "b613679a0814d9ec", 16), 0);
    return true;
}

static bool hash_in_pieces(void)
{
    char       hex[EB_SHA256_HEX_SIZE];
    eb_sha256 *made   = eb__sha256_new();
    const bool worked = made && eb__sha256_add(made, "abc", 3) && eb__sha256_end(made, hex);

    eb__sha256_free(made);
    ck_assert(!worked || strncmp(hex, "ba7816bf8f01cfea", 16) == 0);
    return worked;
}

START_TEST(hashing_survives_failed_allocations)
{
    bool (*const runs[])(void) = { hash, hash_with_key, hash_in_pieces };

    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        ck_assert(runs[i]()); /* OpenSSL has made up its mind what to use */
        for (long n = 1;; n++) {
            bool worked;

            allocations  = 0;
            failing_from = n;
            worked       = runs[i]();
            failing_from = 0;
            if (allocations < n) {
                ck_assert(worked);
                break;
            }
            ck_assert_int_lt(n, 1000);
        }
    }
}
END_TEST

/* ---- Vectors --------------------------------------------------------------------------------- */

static const char empty_hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static void check_hash(const char *expected, const void *data, size_t len)
{
    char       hex[EB_SHA256_HEX_SIZE];
    eb_sha256 *hash = eb__sha256_new();

    ck_assert_int_eq(eb__sha256_hex(hex, data, len), EB_OK);
    ck_assert_str_eq(hex, expected);

    ck_assert_ptr_nonnull(hash);
    for (size_t at = 0, piece = 1; at < len; at += piece, piece = piece * 2 + 1) {
        if (piece > len - at)
            piece = len - at;
        ck_assert(eb__sha256_add(hash, (const char *)data + at, piece));
    }
    memset(hex, 0, sizeof(hex));
    ck_assert(eb__sha256_end(hash, hex));
    ck_assert_str_eq(hex, expected);
    eb__sha256_free(hash);
}

START_TEST(sha256_of_the_standard)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char             *million      = malloc(1000000);

    check_hash(empty_hash, "", 0);
    check_hash("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc", 3);
    check_hash("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", two_blocks, 56);
    ck_assert_ptr_nonnull(million);
    memset(million, 'a', 1000000);
    check_hash("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", million, 1000000);
    free(million);
}
END_TEST

START_TEST(sha256_of_nothing_takes_null)
{
    char       hex[EB_SHA256_HEX_SIZE];
    eb_sha256 *hash = eb__sha256_new();

    ck_assert_int_eq(eb__sha256_hex(hex, NULL, 0), EB_OK);
    ck_assert_str_eq(hex, empty_hash);
    ck_assert(eb__sha256_add(hash, NULL, 0));
    ck_assert(eb__sha256_end(hash, hex));
    ck_assert_str_eq(hex, empty_hash);
    eb__sha256_free(hash);
    eb__sha256_free(NULL);
}
END_TEST

static void check_hmac(const char *expected, const char *key, const void *data, size_t len)
{
    char hex[EB_SHA256_HEX_SIZE];

    ck_assert_int_eq(eb__hmac_sha256_hex(hex, key, data, len), EB_OK);
    ck_assert_int_eq(strncmp(hex, expected, strlen(expected)), 0);
    ck_assert_uint_eq(strlen(hex), 64);
}

START_TEST(hmac_of_rfc_4231)
{
    char key[132] = { 0 }, data[60] = { 0 };

    memset(key, 0x0b, 20);
    check_hmac("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", key, "Hi There", 8);
    check_hmac("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "Jefe",
               "what do ya want for nothing?", 28);
    memset(key, 0xaa, 20);
    memset(data, 0xdd, 50);
    check_hmac("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", key, data, 50);
    for (int i = 0; i < 25; i++)
        key[i] = (char)(i + 1);
    memset(data, 0xcd, 50);
    check_hmac("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b", key, data, 50);
    memset(key, 0, sizeof(key));
    memset(key, 0x0c, 20);
    check_hmac("a3b6167473100ee06e0c796c2955552b", key, "Test With Truncation", 20);
    memset(key, 0xaa, 131);
    check_hmac("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", key,
               "Test Using Larger Than Block-Size Key - Hash Key First", 54);
    check_hmac("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", key,
               "This is a test using a larger than block-size key and a larger than block-size data. "
               "The key needs to be hashed before being used by the HMAC algorithm.",
               152);
}
END_TEST

START_TEST(hmac_with_empty_key_and_empty_data)
{
    check_hmac("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", "", 0);
    check_hmac("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", "", NULL, 0);
}
END_TEST

static void check_base64(const char *expected, const void *data, size_t len)
{
    eb_buf out = { 0 };

    eb__base64(&out, data, len);
    ck_assert_str_eq(eb__buf_text(&out), expected);
    ck_assert_uint_eq(out.len, strlen(expected));
    eb__buf_free(&out);
}

START_TEST(base64_of_rfc_4648)
{
    check_base64("", "", 0);
    check_base64("", NULL, 0);
    check_base64("Zg==", "f", 1);
    check_base64("Zm8=", "fo", 2);
    check_base64("Zm9v", "foo", 3);
    check_base64("Zm9vYg==", "foob", 4);
    check_base64("Zm9vYmE=", "fooba", 5);
    check_base64("Zm9vYmFy", "foobar", 6);
    check_base64("+/8=", "\xfb\xff", 2);
    check_base64("AA==", "\0", 1);
}
END_TEST

START_TEST(base64_appends)
{
    eb_buf out = { 0 };

    eb__buf_puts(&out, "x:");
    eb__base64(&out, "foo", 3);
    eb__base64(&out, "f", 1);
    eb__buf_putc(&out, '.');
    ck_assert_str_eq(eb__buf_text(&out), "x:Zm9vZg==.");
    eb__buf_free(&out);
}
END_TEST

static size_t decode_base64(char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t            out      = 0;
    unsigned          bits = 0, have = 0;

    ck_assert_uint_eq(len % 4, 0);
    for (size_t i = 0; i < len; i++) {
        const char *digit = strchr(digits, text[i]);

        if (text[i] == '=') {
            ck_assert_uint_ge(i, len - 2);
            continue;
        }
        ck_assert_ptr_nonnull(digit);
        bits = bits << 6 | (unsigned)(digit - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            text[out++] = (char)(bits >> have & 0xff);
        }
    }
    return out;
}

START_TEST(base64_can_be_undone)
{
    uint64_t random = 7;

    for (size_t len = 0; len < 600; len++) {
        unsigned char data[600];
        eb_buf        out = { 0 };

        for (size_t i = 0; i < len; i++)
            data[i] = (unsigned char)(unit_random(&random) >> 32);
        eb__base64(&out, data, len);
        ck_assert_uint_eq(out.len, (len + 2) / 3 * 4);
        if (len > 0) {
            ck_assert_uint_eq(decode_base64(out.data, out.len), len);
            ck_assert_mem_eq(out.data, data, len);
        }
        eb__buf_free(&out);
    }
}
END_TEST

START_TEST(base64_of_several_pieces_has_no_padding_within)
{
    const size_t len  = (size_t)7 << 20;
    char        *data = calloc(1, len);
    eb_buf       out  = { 0 };

    ck_assert_ptr_nonnull(data);
    eb__base64(&out, data, len);
    ck_assert_uint_eq(out.len, (len + 2) / 3 * 4);
    ck_assert_uint_eq(strspn(out.data, "A"), out.len - 2);
    ck_assert_str_eq(out.data + out.len - 2, "==");
    eb__buf_free(&out);
    free(data);
}
END_TEST

static bool base64_with(const eb_allocator *allocator)
{
    static const char data[5000] = { 0 };
    eb_buf            out;
    bool              worked;

    eb__buf_init(&out, allocator, 0);
    eb__base64(&out, data, sizeof(data));
    eb__base64(&out, data, sizeof(data));
    worked = eb__buf_status(&out) == EB_OK;
    eb__buf_free(&out);
    return worked;
}

START_TEST(base64_survives_failed_allocations)
{
    unit_fail_each(base64_with);
}
END_TEST

START_TEST(base64_respects_the_limit)
{
    eb_buf out;

    eb__buf_init(&out, NULL, 3);
    eb__base64(&out, "foo", 3);
    ck_assert_int_eq(eb__buf_status(&out), EB_LIMIT);
    eb__buf_free(&out);

    eb__buf_init(&out, NULL, 4);
    eb__base64(&out, "foo", 3);
    ck_assert_str_eq(eb__buf_text(&out), "Zm9v");
    eb__buf_free(&out);
}
END_TEST

START_TEST(random_bytes_differ)
{
    unsigned char one[32] = { 0 }, two[32] = { 0 };

    ck_assert(eb__random_bytes(NULL, one, sizeof(one)));
    ck_assert(eb__random_bytes(NULL, two, sizeof(two)));
    ck_assert_mem_ne(one, two, sizeof(one));
    ck_assert(eb__random_bytes(NULL, one, 0));
}
END_TEST

UNIT_TESTS("crypto", sha256_of_the_standard, sha256_of_nothing_takes_null, hmac_of_rfc_4231,
           hmac_with_empty_key_and_empty_data, base64_of_rfc_4648, base64_appends, base64_can_be_undone,
           base64_of_several_pieces_has_no_padding_within, base64_survives_failed_allocations,
           base64_respects_the_limit, random_bytes_differ, hashing_survives_failed_allocations)
