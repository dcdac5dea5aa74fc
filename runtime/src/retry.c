/* retry.c -- is there another attempt, and after how long. Pure: time, chance and the quota come
 * in.
 *
 * What forbids it is asked in a fixed order, and the first that does is the reason: the table, a
 * clock corrected once already, the attempts, a hint that is too long, the deadline, the quota.
 * The quota comes last so that tokens are taken only for attempts that are made. */
#include <string.h>

#include "outcome.h"
#include "text.h"

/* What a hint counts as when it is longer than any wait: 2^53 - 1, exact in every JSON reader. */
#define HINT_ENDLESS_MS INT64_C(9007199254740991)

static int64_t jittered(const eb_retry_input *input, int64_t usual_ms)
{
    const double cap    = (double)(input->cap_ms > 0 ? input->cap_ms : EB_RETRY_CAP_MS);
    double       bound  = (double)usual_ms;
    double       random = input->random;

    for (int n = 1; n < input->attempt && bound < cap; n++)
        bound *= 2;
    if (bound > cap)
        bound = cap;
    if (!(random > 0)) /* NaN too */
        random = 0;
    if (random > 1)
        random = 1;
    return (int64_t)(random * bound);
}

eb_retry_decision eb__retry_decide(const eb_retry_input *input)
{
    const eb_outcome_row *row      = eb__outcome(input->event, input->sent, input->safe);
    eb_retry_decision     decision = { .reason = row->reason };
    int64_t               delay_ms = 0;
    int                   cost     = 0;

    switch (row->retry) {
    case EB_RETRY_NO:
        return decision;
    case EB_RETRY_NOW:
        break;
    case EB_RETRY_TRANSPORT:
        delay_ms = jittered(input, input->base_ms > 0 ? input->base_ms : EB_RETRY_BASE_MS);
        cost     = EB_QUOTA_COST;
        break;
    case EB_RETRY_THROTTLED:
        delay_ms = jittered(input, input->base_ms > EB_RETRY_THROTTLED_BASE_MS
                                       ? input->base_ms
                                       : EB_RETRY_THROTTLED_BASE_MS);
        cost     = EB_QUOTA_COST_THROTTLED;
        break;
    }
    if (delay_ms < input->hint_ms)
        delay_ms = input->hint_ms;

    if (row->retry == EB_RETRY_NOW && input->skew_corrected) {
        decision.reason = EB_REASON_SERVER_SAID_NO;
    } else if (input->attempt >= input->attempts_max) {
        decision.reason = EB_REASON_ATTEMPTS_USED;
    } else if (input->hint_ms > EB_RETRY_HINT_MAX_MS) {
        decision.reason = EB_REASON_HINT_TOO_LONG;
    } else if (input->remaining_ms >= 0 && delay_ms >= input->remaining_ms) {
        decision.reason = EB_REASON_DEADLINE; /* nothing would be left for the attempt itself */
    } else if (input->quota < cost) {
        decision.reason = EB_REASON_QUOTA_EMPTY;
    } else {
        decision.again    = true;
        decision.delay_ms = delay_ms;
        decision.cost     = cost;
    }
    return decision;
}

/* ---- Hints ----------------------------------------------------------------------------------- */

/* A decimal number with or without a fraction, times scale, rounded up: a hint is never shortened.
 * False: anything else, a sign or an exponent included. */
static bool read_number(const char *text, int64_t scale, int64_t *value_ms)
{
    int64_t value = 0, unit = scale;
    bool    digits = false, more = false;

    text += strspn(text, " \t");
    for (; *text >= '0' && *text <= '9'; text++) {
        digits = true;
        value  = value > HINT_ENDLESS_MS / 10 ? HINT_ENDLESS_MS : value * 10 + (*text - '0');
    }
    value = value > HINT_ENDLESS_MS / scale ? HINT_ENDLESS_MS : value * scale;
    if (digits && *text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++) {
            unit /= 10;
            value += (*text - '0') * unit;
            more = more || (unit == 0 && *text != '0');
        }
    if (!digits || text[strspn(text, " \t")] != '\0')
        return false;
    value += more;
    *value_ms = value < HINT_ENDLESS_MS ? value : HINT_ENDLESS_MS;
    return true;
}

static bool read_hint(const eb_header *header, int64_t now_ms, int64_t *hint_ms, bool *acs)
{
    int64_t seconds;

    if (eb__same_name(header->name, "x-acs-retry-after")) {
        if (!read_number(header->value, 1, hint_ms))
            return false;
        *acs = *acs || *hint_ms > 0;
        return true;
    }
    if (eb__same_name(header->name, "retry-after-ms"))
        return read_number(header->value, 1, hint_ms);
    if (!eb__same_name(header->name, "retry-after"))
        return false;
    if (read_number(header->value, 1000, hint_ms))
        return true;
    if (!eb__http_date(header->value, &seconds))
        return false;
    if (now_ms < 0)
        now_ms = 0;
    *hint_ms = seconds * 1000 > now_ms ? seconds * 1000 - now_ms : 0;
    return true;
}

int64_t eb__retry_hint(const eb_header *headers, size_t count, int64_t now_ms, bool *acs)
{
    int64_t longest = -1, hint_ms;

    *acs = false;
    for (size_t i = 0; i < count; i++)
        if (headers[i].name && headers[i].value && read_hint(&headers[i], now_ms, &hint_ms, acs) &&
            hint_ms > longest)
            longest = hint_ms;
    return longest;
}
