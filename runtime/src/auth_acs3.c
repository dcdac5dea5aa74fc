/* auth_acs3.c -- Alibaba's signature over all that a request is: its x-acs headers, and the authorization. */
#include <string.h>

#include "codec.h"
#include "request.h"

#if EB_PART_ACS3

/* SHA-256 of the body as it will be sent. */
static eb_status hash_body(eb_request *request, eb_problem *problem)
{
    char       hex[EB_SHA256_HEX_SIZE];
    eb_sha256 *hash;
    eb_status  st = EB_NOMEM;
    char       bytes[8192];

    if (!request->streamed) {
        st = eb__sha256_hex(hex, eb__buf_text(&request->text), request->text.len);
        goto keep;
    }
    hash = eb__sha256_new();
    if (hash == NULL)
        return EB_NOMEM;
    for (uint64_t at = 0;;) {
        const int64_t got = eb__source_read(&request->source, at, bytes, sizeof bytes);

        if (got < 0) {
            eb__sha256_free(hash);
            return problem->status;
        }
        if (got == 0)
            break;
        if (!eb__sha256_add(hash, bytes, (size_t)got)) {
            eb__sha256_free(hash);
            return EB_NOMEM;
        }
        at += (uint64_t)got;
    }
    st = eb__sha256_end(hash, hex) ? EB_OK : EB_NOMEM;
    eb__sha256_free(hash);
keep:
    if (st != EB_OK)
        return st;
    request->payload_hash = eb__arena_dup(request->arena, hex, strlen(hex));
    return request->payload_hash != NULL ? EB_OK : EB_NOMEM;
}

static eb_status add_copy(eb_request *request, const char *name, const char *value)
{
    const char *kept = eb__arena_dup(request->arena, value, strlen(value));

    return kept != NULL ? eb__request_header(request, name, kept) : EB_NOMEM;
}

static eb_status add_number(eb_request *request, const char *name, int64_t value)
{
    eb_buf    text = { 0 };
    char      first[32];
    eb_status st;

    eb__buf_init_on(&text, eb__arena_allocator(request->arena), 0, first, sizeof first);
    eb__buf_put_int(&text, value);
    st = eb__buf_status(&text);
    if (st == EB_OK)
        st = add_copy(request, name, eb__buf_text(&text));
    eb__buf_free(&text);
    return st;
}

/* The x-acs headers of one attempt; all of them are signed. */
static eb_status add_headers(eb_request *request, const eb_client *client, const eb_auth *auth,
                             const eb_credential *credential, const eb_attempt_at *when,
                             eb_problem *problem)
{
    unsigned char random[16];
    char          date[EB_ACS3_DATE_SIZE], nonce[EB_ACS3_NONCE_SIZE];
    eb_status     st;

    if (!client->random.bytes(client->random.context, random, sizeof random))
        return eb__problem_set(problem, EB_AUTH, "no random bytes for the nonce of the signature");
    eb__acs3_date(date, when->now_ms / 1000);
    eb__acs3_nonce(nonce, random);
    st = request->payload_hash != NULL ? EB_OK : hash_body(request, problem);
    if (st == EB_OK && request->operation->action != NULL)
        st = eb__request_header(request, "x-acs-action", request->operation->action);
    if (st == EB_OK && auth->acs_version != NULL)
        st = eb__request_header(request, "x-acs-version", auth->acs_version);
    if (st == EB_OK)
        st = add_copy(request, "x-acs-date", date);
    if (st == EB_OK)
        st = add_copy(request, "x-acs-signature-nonce", nonce);
    if (st == EB_OK)
        st = eb__request_header(request, "x-acs-content-sha256", request->payload_hash);
    if (st == EB_OK && credential->token != NULL)
        st = add_copy(request, "x-acs-accesskey-id", credential->id);
    if (st == EB_OK && credential->token != NULL)
        st = add_copy(request, "x-acs-security-token", credential->token);
    if (st == EB_OK && when->attempt > 1)
        st = add_number(request, "x-acs-retry-attempts", when->attempt - 1);
    if (st == EB_OK && when->attempt > 1)
        st = add_number(request, "x-acs-retry-delay", when->delay_ms);
    return st;
}

static eb_acs3_request signed_part_of(const eb_request *request)
{
    return (eb_acs3_request){ request->method,      request->path,    request->query,
                              request->query_count, request->headers, request->header_count,
                              request->payload_hash };
}

static eb_status sign(eb_request *request, const eb_client *client, const eb_credential *credential)
{
    const eb_acs3_request signed_part = signed_part_of(request);
    eb_buf                value       = { 0 };
    char                  first[512];
    eb_status             st;

    eb__buf_init_on(&value, &client->allocator, 0, first, sizeof first);
    st = eb__acs3_authorization(&value, &signed_part, credential->id, credential->secret,
                                &client->allocator);
    if (st == EB_OK)
        st = add_copy(request, "authorization", eb__buf_text(&value));
    eb__buf_free(&value);
    return st;
}

eb_status eb__request_canonical(const eb_request *request, eb_buf *out)
{
    const eb_acs3_request signed_part = signed_part_of(request);

    return eb__acs3_canonical(out, &signed_part);
}

eb_status eb__request_sign(eb_request *request, const eb_client *client, const eb_auth *auth,
                           const eb_credential *credential, const eb_attempt_at *when, eb_problem *problem)
{
    eb_status st = add_headers(request, client, auth, credential, when, problem);

    if (st == EB_OK)
        st = sign(request, client, credential);
    request->acs3 = true;
    return st;
}

#endif
