/* status.c -- names and sentences of statuses and reasons, from the lists in the public headers.
 *
 * One list gives numbers, names and texts, so none can be missing here. */
#include "edgebind/response.h"
#include "edgebind/status.h"

const char *eb_status_text(eb_status status)
{
    switch ((int)status) {
#define TEXT(name, number, text) \
    case number:                 \
        return text;
        EB_STATUS_MAP(TEXT)
#undef TEXT
    default:
        return "unknown status";
    }
}

const char *eb_status_name(eb_status status)
{
    switch ((int)status) {
#define NAME(name, number, text) \
    case number:                 \
        return "EB_" #name;
        EB_STATUS_MAP(NAME)
#undef NAME
    default:
        return "unknown status";
    }
}

const char *eb_reason_word(eb_reason reason)
{
    switch ((int)reason) {
#define WORD(name, number, word, text) \
    case number:                       \
        return word;
        EB_REASON_MAP(WORD)
#undef WORD
    default:
        return "unknown";
    }
}

const char *eb_reason_text(eb_reason reason)
{
    switch ((int)reason) {
#define TEXT(name, number, word, text) \
    case number:                       \
        return text;
        EB_REASON_MAP(TEXT)
#undef TEXT
    default:
        return "unknown reason";
    }
}
