/* outcome.c -- the one table of what an attempt came to. Rows are tried in order, the first that
 * fits holds; each event ends in rows that fit whatever was sent.
 *
 * The thought behind it: nothing sent is always safe to send again; sent without an answer is
 * not, unless the call is safe to repeat; throttled means "not done". Once a status line was
 * seen, an answer that breaks off is EB_DECODE, with the http_status set and the cause beside it;
 * only a call that is safe to repeat still answers with the caller's own limits, EB_TIMEOUT for
 * the deadline and EB_CANCELLED. When an answer is cut whose status is not 2xx, the event is that
 * of the status: PASSING, REFUSED, ... */
#include "outcome.h"

#include <assert.h>

/* clang-format off */
enum { ANY = -1, UNSAFE = 0, SAFE = 1 };
enum { NOTHING = EB_SENT_NOTHING, ANSWERED = EB_SENT_ANSWERED };

#define ROW(event, sent, safe, status, retry, reason) \
    { EB_EVENT_##event, sent, safe, EB_##status, EB_RETRY_##retry, EB_REASON_##reason }

/* OK in a LOCAL row is the status that came with the event: EB_NOMEM, EB_LIMIT, ... */
const eb_outcome_row eb__outcome_table[] = {
    /*  event       sent      safe    status      retry      reason */
    ROW(OK,         ANY,      ANY,    OK,         NO,        DONE),

    ROW(NETWORK,    NOTHING,  ANY,    NETWORK,    TRANSPORT, CONNECT),
    ROW(NETWORK,    ANSWERED, SAFE,   DECODE,     TRANSPORT, TRANSPORT),
    ROW(NETWORK,    ANSWERED, UNSAFE, DECODE,     NO,        NOT_SAFE),
    ROW(NETWORK,    ANY,      SAFE,   NETWORK,    TRANSPORT, TRANSPORT),
    ROW(NETWORK,    ANY,      UNSAFE, MAYBE_SENT, NO,        NOT_SAFE),

    ROW(TIMEOUT,    NOTHING,  ANY,    TIMEOUT,    TRANSPORT, CONNECT),
    ROW(TIMEOUT,    ANSWERED, SAFE,   DECODE,     TRANSPORT, TRANSPORT),
    ROW(TIMEOUT,    ANSWERED, UNSAFE, DECODE,     NO,        NOT_SAFE),
    ROW(TIMEOUT,    ANY,      SAFE,   TIMEOUT,    TRANSPORT, TRANSPORT),
    ROW(TIMEOUT,    ANY,      UNSAFE, MAYBE_SENT, NO,        NOT_SAFE),

    ROW(DEADLINE,   NOTHING,  ANY,    TIMEOUT,    NO,        DEADLINE),
    ROW(DEADLINE,   ANSWERED, UNSAFE, DECODE,     NO,        DEADLINE),
    ROW(DEADLINE,   ANY,      SAFE,   TIMEOUT,    NO,        DEADLINE),
    ROW(DEADLINE,   ANY,      UNSAFE, MAYBE_SENT, NO,        DEADLINE),

    ROW(CANCELLED,  NOTHING,  ANY,    CANCELLED,  NO,        CANCELLED),
    ROW(CANCELLED,  ANSWERED, UNSAFE, DECODE,     NO,        CANCELLED),
    ROW(CANCELLED,  ANY,      SAFE,   CANCELLED,  NO,        CANCELLED),
    ROW(CANCELLED,  ANY,      UNSAFE, MAYBE_SENT, NO,        CANCELLED),

    ROW(LOCAL,      NOTHING,  ANY,    OK,         NO,        LOCAL),
    ROW(LOCAL,      ANSWERED, ANY,    OK,         NO,        LOCAL),
    ROW(LOCAL,      ANY,      SAFE,   OK,         NO,        LOCAL),
    ROW(LOCAL,      ANY,      UNSAFE, MAYBE_SENT, NO,        LOCAL),

    ROW(CUT,        ANY,      SAFE,   DECODE,     TRANSPORT, TRANSPORT),
    ROW(CUT,        ANY,      UNSAFE, DECODE,     NO,        NOT_SAFE),

    ROW(THROTTLED,  ANY,      ANY,    API,        THROTTLED, THROTTLED),

    ROW(PASSING,    ANY,      SAFE,   API,        TRANSPORT, SERVER),
    ROW(PASSING,    ANY,      UNSAFE, API,        NO,        NOT_SAFE),

    ROW(SKEW,       ANY,      ANY,    API,        NOW,       CLOCK_SKEW),

    ROW(TOKEN,      ANY,      ANY,    API,        NOW,       TOKEN),

    ROW(REFUSED,    ANY,      ANY,    API,        NO,        SERVER_SAID_NO),

    ROW(UNREADABLE, ANY,      ANY,    DECODE,     NO,        SERVER_SAID_NO),
};
/* clang-format on */

const size_t eb__outcome_count = sizeof(eb__outcome_table) / sizeof(eb__outcome_table[0]);

const eb_outcome_row *eb__outcome(eb_event event, eb_sent sent, bool safe)
{
    const eb_outcome_row *row = eb__outcome_table;

    while (row->event != event || (row->sent != ANY && row->sent != (int)sent) ||
           (row->safe != ANY && row->safe != (int)safe)) {
        row++;
        assert(row < eb__outcome_table + eb__outcome_count);
    }
    return row;
}
