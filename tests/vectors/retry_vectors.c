/* retry_vectors.c -- runs files of outcome and retry vectors: cells of the outcome table, single
 * decisions, whole calls, hints in headers, and dates. The formats are described in README.md
 * beside this file; a file may hold any of the lists. With --table it prints the outcome table instead, as it stands in
 * runtime/docs/errors-and-retries.md. */
#include "vectors.h"

#include "outcome.h"

/* ---- Words ----------------------------------------------------------------------------------- */

static const char *const event_words[] = {
    [EB_EVENT_OK]         = "ok",
    [EB_EVENT_NETWORK]    = "network",
    [EB_EVENT_TIMEOUT]    = "timeout",
    [EB_EVENT_DEADLINE]   = "deadline",
    [EB_EVENT_CANCELLED]  = "cancelled",
    [EB_EVENT_LOCAL]      = "local",
    [EB_EVENT_CUT]        = "cut",
    [EB_EVENT_THROTTLED]  = "throttled",
    [EB_EVENT_PASSING]    = "passing",
    [EB_EVENT_SKEW]       = "skew",
    [EB_EVENT_TOKEN]      = "token",
    [EB_EVENT_REFUSED]    = "refused",
    [EB_EVENT_UNREADABLE] = "unreadable",
};
static const char *const sent_words[]  = { "nothing", "part", "all", "answered" };
static const char *const retry_words[] = { "no", "transport", "throttled", "now" };

enum { EVENTS = sizeof(event_words) / sizeof(event_words[0]), SENTS = 4 };

static int word_member(vectors *v, const cJSON *object, const char *member,
                       const char *const *words, int count)
{
    const char *word = text_member(v, object, member);

    for (int i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    unusable(v, "`%s` is no word for it: %s", member, word);
}

__attribute__((noreturn)) static void differ(vectors *v, const char *what, const char *expected,
                                             const char *found)
{
    fprintf(stderr, "%s: %s: %s differs\n  expected: %s\n  found:    %s\n", v->file, v->name, what,
            expected, found);
    vectors_close(v);
    exit(DIFFERENT);
}

static void same_word(vectors *v, const cJSON *object, const char *member, const char *found)
{
    const char *expected = text_member(v, object, member);

    if (strcmp(expected, found) != 0)
        differ(v, member, expected, found);
}

static void same_int(vectors *v, const cJSON *object, const char *member, int64_t found)
{
    const int64_t expected = int_member(v, object, member);
    char          one[32], two[32];

    if (expected == found)
        return;
    snprintf(one, sizeof(one), "%lld", (long long)expected);
    snprintf(two, sizeof(two), "%lld", (long long)found);
    differ(v, member, one, two);
}

static void same_bool(vectors *v, const cJSON *object, const char *member, bool found)
{
    if (bool_member(v, object, member) != found)
        differ(v, member, found ? "false" : "true", found ? "true" : "false");
}

static const cJSON *expectation(vectors *v, const cJSON *object)
{
    const cJSON *expect = cJSON_GetObjectItemCaseSensitive(object, "expect");

    if (!cJSON_IsObject(expect))
        unusable(v, "`expect` %s", expect ? "is not an object" : "is missing");
    return expect;
}

/* ---- Lists ----------------------------------------------------------------------------------- */

static bool cell_seen[EVENTS][SENTS][2];

static void run_cell(vectors *v, const cJSON *cell)
{
    const int             event = word_member(v, cell, "event", event_words, EVENTS);
    const int             sent  = word_member(v, cell, "sent", sent_words, SENTS);
    const bool            safe  = bool_member(v, cell, "safe");
    const eb_outcome_row *row   = eb__outcome((eb_event)event, (eb_sent)sent, safe);
    const bool            cause = event == EB_EVENT_LOCAL && row->status == EB_OK;

    same_word(v, cell, "status", cause ? "cause" : eb_status_name(row->status));
    same_word(v, cell, "retry", retry_words[row->retry]);
    same_word(v, cell, "reason", eb_reason_word(row->reason));
    cell_seen[event][sent][safe] = true;
}

static void all_cells(vectors *v)
{
    v->name[0] = '\0';
    for (int event = 0; event < EVENTS; event++)
        for (int sent = 0; sent < SENTS; sent++)
            for (int safe = 0; safe < 2; safe++)
                if (!cell_seen[event][sent][safe])
                    unusable(v, "complete, but the cell %s, %s, %s is missing", event_words[event],
                             sent_words[sent], safe ? "safe" : "unsafe");
}

/* What a document says of waits; usually nothing. */
static int64_t wait_member(vectors *v, const cJSON *object, const char *member)
{
    return cJSON_HasObjectItem(object, member) ? int_member(v, object, member) : 0;
}

/* The members a decision and a step of a call share. */
static eb_retry_input read_input(vectors *v, const cJSON *object)
{
    return (eb_retry_input){
        .event   = (eb_event)word_member(v, object, "event", event_words, EVENTS),
        .sent    = (eb_sent)word_member(v, object, "sent", sent_words, SENTS),
        .hint_ms = int_member(v, object, "hint_ms"),
        .random  = number_member(v, object, "random"),
    };
}

static void run_decision(vectors *v, const cJSON *item)
{
    const cJSON      *expect = expectation(v, item);
    eb_retry_input    input  = read_input(v, item);
    eb_retry_decision found;

    input.safe           = bool_member(v, item, "safe");
    input.attempt        = (int)int_member(v, item, "attempt");
    input.attempts_max   = (int)int_member(v, item, "attempts_max");
    input.base_ms        = wait_member(v, item, "base_ms");
    input.cap_ms         = wait_member(v, item, "cap_ms");
    input.remaining_ms   = int_member(v, item, "remaining_ms");
    input.quota          = (int)int_member(v, item, "quota");
    input.skew_corrected = bool_member(v, item, "skew_corrected");
    found                = eb__retry_decide(&input);
    same_bool(v, expect, "again", found.again);
    same_word(v, expect, "reason", eb_reason_word(found.reason));
    same_int(v, expect, "delay_ms", found.delay_ms);
    same_int(v, expect, "cost", found.cost);
}

/* Plays a call: each step is an attempt, time passes by its duration and by the delay after it. */
static void run_call(vectors *v, const cJSON *call)
{
    const bool    safe         = bool_member(v, call, "safe");
    const int     attempts_max = (int)int_member(v, call, "attempts_max");
    const int64_t deadline_ms  = int_member(v, call, "deadline_ms");
    const cJSON  *steps        = cJSON_GetObjectItemCaseSensitive(call, "steps");
    int           quota        = (int)int_member(v, call, "quota");
    int64_t       now_ms       = 0;
    int           attempt      = 0;
    bool          corrected = false, again = true;
    const size_t  name_len = strlen(v->name);

    if (!cJSON_IsArray(steps) || !steps->child)
        unusable(v, "`steps` is not a list with at least one step");
    for (const cJSON *step = steps->child; step; step = step->next) {
        eb_retry_input    input;
        eb_retry_decision found;
        const cJSON      *expect;

        snprintf(v->name + name_len, sizeof(v->name) - name_len, ", step %d", ++attempt);
        if (!again)
            unusable(v, "comes after the last attempt");
        expect = expectation(v, step);
        input  = read_input(v, step);
        now_ms += int_member(v, step, "took_ms");
        input.safe         = safe;
        input.attempt      = attempt;
        input.attempts_max = attempts_max;
        input.base_ms      = wait_member(v, call, "base_ms");
        input.cap_ms       = wait_member(v, call, "cap_ms");
        input.remaining_ms = deadline_ms < 0 ? -1 : deadline_ms > now_ms ? deadline_ms - now_ms : 0;
        input.quota        = quota;
        input.skew_corrected = corrected;
        found                = eb__retry_decide(&input);
        same_bool(v, expect, "again", found.again);
        same_word(v, expect, "reason", eb_reason_word(found.reason));
        same_int(v, expect, "delay_ms", found.delay_ms);
        again = found.again;
        now_ms += found.delay_ms;
        quota -= found.cost;
        corrected = corrected || (again && found.reason == EB_REASON_CLOCK_SKEW);
    }
    v->name[name_len] = '\0';
    if (again)
        unusable(v, "ends before its last attempt");
    same_int(v, call, "quota_left", quota);
}

static void run_hint(vectors *v, const cJSON *item)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(item, "headers");
    eb_header    headers[16];
    size_t       count = 0;
    bool         acs   = true;

    if (!cJSON_IsArray(list))
        unusable(v, "`headers` %s", list ? "is not a list" : "is missing");
    for (const cJSON *pair = list->child; pair; pair = pair->next) {
        if (!cJSON_IsArray(pair) || cJSON_GetArraySize(pair) != 2)
            unusable(v, "`headers` holds something else than pairs [name, value]");
        if (count == sizeof(headers) / sizeof(headers[0]))
            unusable(v, "`headers` holds more than %zu", count);
        headers[count].name    = text_of(v, pair->child, "the name of a header");
        headers[count++].value = text_of(v, pair->child->next, "the value of a header");
    }
    same_int(v, item, "hint_ms", eb__retry_hint(headers, count, int_member(v, item, "now_ms"), &acs));
    same_bool(v, item, "acs", acs);
}

static void run_date(vectors *v, const cJSON *item)
{
    const cJSON *expected = cJSON_GetObjectItemCaseSensitive(item, "seconds");
    int64_t      seconds  = 0;

    if (!expected)
        unusable(v, "`seconds` is missing");
    if (!eb__http_date(text_member(v, item, "text"), &seconds)) {
        if (!cJSON_IsNull(expected))
            differ(v, "seconds", "a date", "null");
    } else if (cJSON_IsNull(expected)) {
        differ(v, "seconds", "null", "a date");
    } else {
        same_int(v, item, "seconds", seconds);
    }
}

/* ---- Files ----------------------------------------------------------------------------------- */

static const struct {
    const char *member;
    void (*run)(vectors *v, const cJSON *item);
} lists[] = {
    { "cells", run_cell }, { "decisions", run_decision }, { "calls", run_call },
    { "hints", run_hint }, { "dates", run_date },
};

static void run_file(const char *file)
{
    vectors v;
    int     total = 0;

    vectors_open(&v, file);
    memset(cell_seen, 0, sizeof(cell_seen));
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        int number = 0;

        v.name[0] = '\0';
        if (!cJSON_GetObjectItemCaseSensitive(v.root, lists[i].member))
            continue;
        for (const cJSON *item = vectors_list(&v, lists[i].member)->child; item; item = item->next) {
            vectors_case(&v, item, ++number);
            lists[i].run(&v, item);
        }
        total += number;
    }
    v.name[0] = '\0';
    if (total == 0)
        unusable(&v, "holds none of the lists cells, decisions, calls, hints, dates");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(v.root, "complete")))
        all_cells(&v);
    printf("%s: %d vectors agree\n", file, total);
    vectors_close(&v);
}

/* ---- The table for people ----------------------------------------------------------------------- */

static void print_table(void)
{
    static const char *const happened[] = {
        [EB_EVENT_OK]         = "a success that could be read",
        [EB_EVENT_NETWORK]    = "no connection, or it was lost",
        [EB_EVENT_TIMEOUT]    = "the time of the attempt passed",
        [EB_EVENT_DEADLINE]   = "the deadline passed",
        [EB_EVENT_CANCELLED]  = "cancelled",
        [EB_EVENT_LOCAL]      = "out of memory, a limit, a body that cannot be read",
        [EB_EVENT_CUT]        = "an answer that breaks off",
        [EB_EVENT_THROTTLED]  = "throttled",
        [EB_EVENT_PASSING]    = "408, 500, 502, 503, 504",
        [EB_EVENT_SKEW]       = "the signature's time was refused",
        [EB_EVENT_TOKEN]      = "401 for an access token that was kept",
        [EB_EVENT_REFUSED]    = "any other refusal",
        [EB_EVENT_UNREADABLE] = "a success that does not fit the document",
    };
    static const char *const again[] = { "no", "yes", "yes, later", "once, at once" };

    puts("| what happened | sent | the call | status | again | reason |\n| --- | --- | --- | --- | --- | --- |");
    for (size_t i = 0; i < eb__outcome_count; i++) {
        const eb_outcome_row *row = &eb__outcome_table[i];
        const bool            own = row->event == EB_EVENT_LOCAL && row->status == EB_OK;

        printf("| %s | %s | %s | %s%s%s | %s | %s |\n", happened[row->event],
               row->sent < 0 ? "" : sent_words[row->sent],
               row->safe < 0 ? ""
               : row->safe   ? "safe to repeat"
                             : "not safe",
               own ? "" : "`", own ? "its own" : eb_status_name(row->status), own ? "" : "`",
               again[row->retry], eb_reason_text(row->reason));
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--table") == 0) {
        print_table();
        return 0;
    }
    if (argc < 2) { /* from the top of the repository */
        run_file("tests/vectors/outcome/table.json");
        run_file("tests/vectors/retry/decisions.json");
        run_file("tests/vectors/retry/calls.json");
        run_file("tests/vectors/retry/hints.json");
    }
    for (int i = 1; i < argc; i++)
        run_file(argv[i]);
    return 0;
}
