/* outcome.c -- the one table of what an attempt came to. Rows are tried in order, the first that fits
 * holds; each event ends in rows that fit whatever was sent.
 *
 * The thought behind it: nothing sent is always safe to send again; sent without an answer is not, unless
 * the call is safe to repeat; throttled means "not done". Once a status line was seen, an answer that
 * breaks off is EB_DECODE, with the http_status set and the cause beside it; only a call that is safe to
 * repeat still answers with the caller's own limits, EB_TIMEOUT for the deadline and EB_CANCELLED. When an
 * answer is cut whose status is not 2xx, the event is that of the status: PASSING, REFUSED, ... */
#include "outcome.h"

#include <assert.h>

/* clang-format off */
enum { ANY = -1, UNSAFE = 0, SAFE = 1 };
enum { NOTHING = EB_SENT_NOTHING, PART = EB_SENT_PART, ALL = EB_SENT_ALL, ANSWERED = EB_SENT_ANSWERED };

#define CAUSE EB_OK /* the status that came with the event: EB_NOMEM, EB_LIMIT, ... */

const eb_outcome_row eb__outcome_table[] = {
    /* event              sent      safe    status         retry                reason */
    { EB_EVENT_OK,         ANY,      ANY,    EB_OK,         EB_RETRY_NO,         EB_REASON_DONE },

    { EB_EVENT_NETWORK,    NOTHING,  ANY,    EB_NETWORK,    EB_RETRY_TRANSPORT,  EB_REASON_CONNECT },
    { EB_EVENT_NETWORK,    ANSWERED, SAFE,   EB_DECODE,     EB_RETRY_TRANSPORT,  EB_REASON_TRANSPORT },
    { EB_EVENT_NETWORK,    ANSWERED, UNSAFE, EB_DECODE,     EB_RETRY_NO,         EB_REASON_NOT_SAFE },
    { EB_EVENT_NETWORK,    ANY,      SAFE,   EB_NETWORK,    EB_RETRY_TRANSPORT,  EB_REASON_TRANSPORT },
    { EB_EVENT_NETWORK,    ANY,      UNSAFE, EB_MAYBE_SENT, EB_RETRY_NO,         EB_REASON_NOT_SAFE },

    { EB_EVENT_TIMEOUT,    NOTHING,  ANY,    EB_TIMEOUT,    EB_RETRY_TRANSPORT,  EB_REASON_CONNECT },
    { EB_EVENT_TIMEOUT,    ANSWERED, SAFE,   EB_DECODE,     EB_RETRY_TRANSPORT,  EB_REASON_TRANSPORT },
    { EB_EVENT_TIMEOUT,    ANSWERED, UNSAFE, EB_DECODE,     EB_RETRY_NO,         EB_REASON_NOT_SAFE },
    { EB_EVENT_TIMEOUT,    ANY,      SAFE,   EB_TIMEOUT,    EB_RETRY_TRANSPORT,  EB_REASON_TRANSPORT },
    { EB_EVENT_TIMEOUT,    ANY,      UNSAFE, EB_MAYBE_SENT, EB_RETRY_NO,         EB_REASON_NOT_SAFE },

    { EB_EVENT_DEADLINE,   NOTHING,  ANY,    EB_TIMEOUT,    EB_RETRY_NO,         EB_REASON_DEADLINE },
    { EB_EVENT_DEADLINE,   ANSWERED, UNSAFE, EB_DECODE,     EB_RETRY_NO,         EB_REASON_DEADLINE },
    { EB_EVENT_DEADLINE,   ANY,      SAFE,   EB_TIMEOUT,    EB_RETRY_NO,         EB_REASON_DEADLINE },
    { EB_EVENT_DEADLINE,   ANY,      UNSAFE, EB_MAYBE_SENT, EB_RETRY_NO,         EB_REASON_DEADLINE },

    { EB_EVENT_CANCELLED,  NOTHING,  ANY,    EB_CANCELLED,  EB_RETRY_NO,         EB_REASON_CANCELLED },
    { EB_EVENT_CANCELLED,  ANSWERED, UNSAFE, EB_DECODE,     EB_RETRY_NO,         EB_REASON_CANCELLED },
    { EB_EVENT_CANCELLED,  ANY,      SAFE,   EB_CANCELLED,  EB_RETRY_NO,         EB_REASON_CANCELLED },
    { EB_EVENT_CANCELLED,  ANY,      UNSAFE, EB_MAYBE_SENT, EB_RETRY_NO,         EB_REASON_CANCELLED },

    { EB_EVENT_LOCAL,      NOTHING,  ANY,    CAUSE,         EB_RETRY_NO,         EB_REASON_LOCAL },
    { EB_EVENT_LOCAL,      ANSWERED, ANY,    CAUSE,         EB_RETRY_NO,         EB_REASON_LOCAL },
    { EB_EVENT_LOCAL,      ANY,      SAFE,   CAUSE,         EB_RETRY_NO,         EB_REASON_LOCAL },
    { EB_EVENT_LOCAL,      ANY,      UNSAFE, EB_MAYBE_SENT, EB_RETRY_NO,         EB_REASON_LOCAL },

    { EB_EVENT_CUT,        ANY,      SAFE,   EB_DECODE,     EB_RETRY_TRANSPORT,  EB_REASON_TRANSPORT },
    { EB_EVENT_CUT,        ANY,      UNSAFE, EB_DECODE,     EB_RETRY_NO,         EB_REASON_NOT_SAFE },

    { EB_EVENT_THROTTLED,  ANY,      ANY,    EB_API,        EB_RETRY_THROTTLED,  EB_REASON_THROTTLED },

    { EB_EVENT_PASSING,    ANY,      SAFE,   EB_API,        EB_RETRY_TRANSPORT,  EB_REASON_SERVER },
    { EB_EVENT_PASSING,    ANY,      UNSAFE, EB_API,        EB_RETRY_NO,         EB_REASON_NOT_SAFE },

    { EB_EVENT_SKEW,       ANY,      ANY,    EB_API,        EB_RETRY_NOW,        EB_REASON_CLOCK_SKEW },

    { EB_EVENT_REFUSED,    ANY,      ANY,    EB_API,        EB_RETRY_NO,         EB_REASON_SERVER_SAID_NO },

    { EB_EVENT_UNREADABLE, ANY,      ANY,    EB_DECODE,     EB_RETRY_NO,         EB_REASON_SERVER_SAID_NO },
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
