/* headers.c -- what an answer's headers say about waiting and about the next page, and dates. The first line is now, in milliseconds;
 * every further one is a header. */
#include <time.h>

#include "fuzz.h"

#include "acs3.h"
#include "outcome.h"
#include "web_link.h"

enum { HEADERS_MAX = 32 };

/* A date that was read can be written, in the form everybody writes, and reads back. */
static void date_survives(const char *text)
{
    int64_t   seconds, again;
    struct tm parts;
    time_t    moment;
    char      date[64], acs[EB_ACS3_DATE_SIZE];

    if (!eb__http_date(text, &seconds))
        return;
    MUST(seconds >= INT64_C(-62135596800) && seconds <= INT64_C(253402300800)); /* years 1 to 9999 */
    moment = (time_t)seconds;
    MUST(gmtime_r(&moment, &parts) != NULL);
    if (parts.tm_year + 1900 > 9999) /* the leap second of 9999 */
        return;
    MUST(strftime(date, sizeof date, "%a, %d %b ", &parts) > 0);
    (void)snprintf(date + strlen(date), sizeof date - strlen(date), "%04d %02d:%02d:%02d GMT",
                   parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    MUST(eb__http_date(date, &again) && again == seconds);
    if (seconds < 0)
        return;
    eb__acs3_date(acs, seconds);
    (void)snprintf(date, sizeof date, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    MUST(strcmp(acs, date) == 0);
}

/* What is found stands between < and > in one of the headers, and the first header that says anything decides. */
static void next_is_in_a_link(const eb_header *headers, size_t count)
{
    const char     *target = NULL, *alone = NULL;
    size_t          len = 0, alone_len = 0;
    eb_problem      problem = { 0 }, other = { 0 };
    const eb_status st  = eb__web_link_next(headers, count, &target, &len, &problem);
    eb_status       one = EB_DONE;
    size_t          i   = 0;

    for (; i < count && one == EB_DONE; i++)
        one = eb__web_link_next(&headers[i], 1, &alone, &alone_len, &other);
    MUST(st == one && (st == EB_OK || st == EB_DONE || st == EB_DECODE));
    MUST((st == EB_DECODE) == (problem.text[0] != '\0'));
    if (st != EB_OK)
        return;
    MUST(target == alone && len == alone_len && target > headers[i - 1].value);
    MUST(target + len < headers[i - 1].value + strlen(headers[i - 1].value));
    MUST(target[-1] == '<' && target[len] == '>' && memchr(target, '>', len) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input rest   = { (const char *)data, size };
    int64_t    now_ms = fuzz_int(fuzz_until(&rest, '\n'));
    eb_header  headers[HEADERS_MAX];
    char      *names[HEADERS_MAX], *values[HEADERS_MAX];
    size_t     count = 0;
    int64_t    all_ms, longest_ms = -1;
    bool       acs, any_acs       = false;

    for (; rest.len > 0 && count < HEADERS_MAX; count++) {
        fuzz_input line = fuzz_until(&rest, '\n');

        names[count]   = fuzz_text(fuzz_until(&line, ':'));
        values[count]  = fuzz_text(line);
        headers[count] = (eb_header){ names[count], values[count] };
    }
    all_ms = eb__retry_hint(headers, count, now_ms, &acs);
    MUST(all_ms >= -1 && (!acs || all_ms > 0));
    for (size_t i = 0; i < count; i++) { /* the longest of what each says alone */
        bool          one;
        const int64_t ms = eb__retry_hint(&headers[i], 1, now_ms, &one);

        longest_ms = ms > longest_ms ? ms : longest_ms;
        any_acs    = any_acs || one;
        date_survives(values[i]);
    }
    MUST(all_ms == longest_ms && acs == any_acs);
    next_is_in_a_link(headers, count);
    while (count-- > 0) {
        free(names[count]);
        free(values[count]);
    }
    return 0;
}
