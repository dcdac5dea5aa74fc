/* acs3_vectors.c -- runs files of signing vectors through the signer, stage by stage, so that the
 * first difference names the vector and the stage. The format is described in README.md beside
 * this file. */
#include "vectors.h"

#include "acs3.h"

typedef struct bytes {
    char  *data;
    size_t len;
} bytes;

static void *make(vectors *v, size_t size)
{
    void *block = calloc(1, size ? size : 1);

    if (!block)
        unusable(v, "out of memory");
    return block;
}

/* ---- Reading a vector ------------------------------------------------------------------------ */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *const at       = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static bytes from_base64(vectors *v, const char *text)
{
    size_t   len  = strlen(text);
    bytes    out  = { make(v, len), 0 };
    unsigned bits = 0;

    if (len % 4 != 0)
        goto broken;
    while (len > 0 && text[len - 1] == '=' && strlen(text) - len < 2)
        len--;
    for (size_t i = 0; i < len; i++) {
        const int digit = digit_of(text[i]);

        if (digit < 0)
            goto broken;
        bits = bits << 6 | (unsigned)digit;
        if (i % 4 != 0)
            out.data[out.len++] = (char)(bits >> (6 - i % 4 * 2) & 0xff);
    }
    return out;
broken:
    free(out.data);
    unusable(v, "`body_base64` is not Base64");
}

static bytes read_body(vectors *v, const cJSON *vector)
{
    const cJSON *text   = cJSON_GetObjectItemCaseSensitive(vector, "body");
    const cJSON *base64 = cJSON_GetObjectItemCaseSensitive(vector, "body_base64");
    bytes        out;

    if (base64 && !cJSON_IsNull(base64))
        return from_base64(v, text_of(v, base64, "`body_base64`"));
    if (!text || cJSON_IsNull(text))
        return (bytes){ make(v, 1), 0 };
    if (!cJSON_IsString(text))
        unusable(v, "`body` is not a text");
    out = (bytes){ make(v, strlen(text->valuestring)), 0 };
    for (const char *c = text->valuestring; *c;) {
        const bool nul = strncmp(c, nul_mark, 3) == 0;

        out.data[out.len++] = nul ? '\0' : *c;
        c += nul ? 3 : 1;
    }
    return out;
}

/* A list of names and values, which both members may write as an object or as a list of pairs; a
 * value may be a list of values, and null is none. */
typedef struct names {
    const char **names;
    const char **values;
    size_t       count;
} names;

static void add_name(vectors *v, names *out, const char *name, const cJSON *value, const char *member)
{
    char what[200];

    snprintf(what, sizeof(what), "`%s`: the value of `%s`", member, name);
    if (cJSON_IsNull(value))
        return;
    out->names  = realloc(out->names, (out->count + 1) * sizeof(*out->names));
    out->values = realloc(out->values, (out->count + 1) * sizeof(*out->values));
    if (!out->names || !out->values)
        unusable(v, "out of memory");
    out->names[out->count]    = name;
    out->values[out->count++] = text_of(v, value, what);
}

static names read_names(vectors *v, const cJSON *vector, const char *member)
{
    const cJSON *holder = cJSON_GetObjectItemCaseSensitive(vector, member);
    names        out    = { 0 };

    if (!holder || cJSON_IsNull(holder))
        return out;
    if (!cJSON_IsArray(holder) && !cJSON_IsObject(holder))
        unusable(v, "`%s` is neither an object nor a list of pairs", member);
    for (const cJSON *item = holder->child; item; item = item->next) {
        const char  *name  = item->string;
        const cJSON *value = item;

        if (cJSON_IsArray(holder)) {
            if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != 2)
                unusable(v, "`%s` holds something else than pairs [name, value]", member);
            name  = text_of(v, item->child, "the name in a pair");
            value = item->child->next;
        }
        if (!cJSON_IsArray(value)) {
            add_name(v, &out, name, value, member);
            continue;
        }
        for (const cJSON *one = value->child; one; one = one->next)
            add_name(v, &out, name, one, member);
    }
    return out;
}

static void free_names(names *list)
{
    free(list->names);
    free(list->values);
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static void print_line(const char *label, const char *text, size_t len)
{
    fprintf(stderr, "  %s", label);
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (c == '\n')
            fputs("\\n", stderr);
        else if (c < 0x20 || c == 0x7f)
            fprintf(stderr, "\\x%02x", c);
        else
            fputc(c, stderr);
    }
    fputc('\n', stderr);
}

static void compare(vectors *v, const char *stage, const char *expected, const char *found, size_t len)
{
    const size_t expected_len = strlen(expected);
    size_t       at           = 0;

    if (expected_len == len && memcmp(expected, found, len) == 0)
        return;
    while (at < len && at < expected_len && expected[at] == found[at])
        at++;
    fprintf(stderr, "%s: %s: %s differs at byte %zu\n", v->file, v->name, stage, at);
    print_line("expected: ", expected, expected_len);
    print_line("found:    ", found, len);
    vectors_close(v);
    exit(DIFFERENT);
}

static void must(vectors *v, eb_status st, const char *stage)
{
    if (st != EB_OK)
        unusable(v, "%s: %s", stage, eb_status_text(st));
}

static const char *payload_hash(const names *headers, const char *computed)
{
    for (size_t i = 0; i < headers->count; i++) {
        static const char wanted[] = "x-acs-content-sha256";
        const char       *name     = headers->names[i];
        size_t            at       = 0;

        while (wanted[at] && (name[at] | (name[at] >= 'A' && name[at] <= 'Z' ? 32 : 0)) == wanted[at])
            at++;
        if (!wanted[at] && !name[at])
            return headers->values[i];
    }
    return computed;
}

static void run_vector(vectors *v, const cJSON *vector)
{
    const cJSON    *path                   = cJSON_GetObjectItemCaseSensitive(vector, "path");
    const char     *id                     = text_member(v, vector, "access_key_id");
    const char     *secret                 = text_member(v, vector, "access_key_secret");
    const char     *expected_hash          = text_member(v, vector, "hashed_payload");
    const char     *expected_canonical     = text_member(v, vector, "canonical_request");
    const char     *expected_string        = text_member(v, vector, "string_to_sign");
    const char     *expected_authorization = text_member(v, vector, "authorization");
    names           query                  = read_names(v, vector, "query");
    names           headers                = read_names(v, vector, "headers");
    bytes           body                   = read_body(v, vector);
    eb_acs3_pair   *pairs                  = make(v, query.count * sizeof(*pairs));
    eb_header      *sent                   = make(v, headers.count * sizeof(*sent));
    eb_buf          canonical = { 0 }, string = { 0 }, authorization = { 0 };
    char            hash[EB_SHA256_HEX_SIZE];
    eb_acs3_request request = { .method = text_member(v, vector, "method"),
                                .path = path && !cJSON_IsNull(path) ? text_of(v, path, "`path`") : "",
                                .query        = pairs,
                                .query_count  = query.count,
                                .headers      = sent,
                                .header_count = headers.count };

    for (size_t i = 0; i < query.count; i++)
        pairs[i] = (eb_acs3_pair){ query.names[i], query.values[i] };
    for (size_t i = 0; i < headers.count; i++)
        sent[i] = (eb_header){ headers.names[i], headers.values[i] };

    must(v, eb__sha256_hex(hash, body.data, body.len), "hashed payload");
    compare(v, "hashed payload", expected_hash, hash, strlen(hash));
    request.payload_hash = payload_hash(&headers, hash);

    must(v, eb__acs3_canonical(&canonical, &request), "canonical request");
    compare(v, "canonical request", expected_canonical, canonical.data, canonical.len);

    must(v, eb__acs3_string_to_sign(&string, canonical.data, canonical.len), "string to sign");
    compare(v, "string to sign", expected_string, string.data, string.len);

    must(v, eb__acs3_authorization(&authorization, &request, id, secret, NULL), "authorization");
    compare(v, "authorization", expected_authorization, authorization.data, authorization.len);

    eb__buf_free(&canonical);
    eb__buf_free(&string);
    eb__buf_free(&authorization);
    free(pairs);
    free(sent);
    free(body.data);
    free_names(&query);
    free_names(&headers);
}

static void run_file(const char *file)
{
    vectors v;
    int     count = 0;

    vectors_open(&v, file);
    for (const cJSON *vector = vectors_list(&v, "vectors")->child; vector; vector = vector->next) {
        vectors_case(&v, vector, ++count);
        run_vector(&v, vector);
    }
    printf("%s: %d vectors agree\n", file, count);
    vectors_close(&v);
}

int main(int argc, char **argv)
{
    if (argc < 2) { /* from the top of the repository */
        run_file("tests/vectors/acs3-vectors.json");
        run_file("tests/vectors/acs3-more.json");
    }
    for (int i = 1; i < argc; i++)
        run_file(argv[i]);
    return 0;
}
