/* test_outcome.c -- rules that hold for the outcome table as a whole. Its cells, one by one,
 * stand in vectors/outcome/table.json. */
#include "unit.h"

#include "outcome.h"

enum { EVENTS = EB_EVENT_UNREADABLE + 1, SENTS = EB_SENT_ANSWERED + 1 };

/* Runs the block for every cell; `row` is what the table says. */
#define EACH_CELL                                                                                   \
    for (int event = 0; event < EVENTS; event++)                                                    \
        for (int sent = 0; sent < SENTS; sent++)                                                    \
            for (int safe = 0; safe < 2; safe++)                                                    \
                for (const eb_outcome_row *row = eb__outcome((eb_event)event, (eb_sent)sent, safe); \
                     row; row                  = NULL)

START_TEST(every_cell_has_a_row_and_every_row_a_cell)
{
    bool used[100] = { false };

    ck_assert_uint_le(eb__outcome_count, sizeof(used));
    EACH_CELL
    {
        ck_assert_int_eq(row->event, event);
        ck_assert(row->sent == -1 || row->sent == sent);
        ck_assert(row->safe == -1 || row->safe == safe);
        used[row - eb__outcome_table] = true;
    }
    for (size_t i = 0; i < eb__outcome_count; i++)
        ck_assert_msg(used[i], "row %zu can never be reached", i);
}
END_TEST

START_TEST(an_unsafe_call_is_never_sent_again_unless_it_was_not_carried_out)
{
    EACH_CELL
    {
        if (!safe && row->retry != EB_RETRY_NO)
            ck_assert(sent == EB_SENT_NOTHING || event == EB_EVENT_THROTTLED ||
                      event == EB_EVENT_SKEW || event == EB_EVENT_TOKEN);
    }
}
END_TEST

START_TEST(maybe_sent_is_exactly_an_unsafe_call_sent_without_an_answer)
{
    EACH_CELL
    {
        const bool no_answer = event == EB_EVENT_NETWORK || event == EB_EVENT_TIMEOUT ||
                               event == EB_EVENT_DEADLINE || event == EB_EVENT_CANCELLED ||
                               event == EB_EVENT_LOCAL;
        const bool sent_some = sent == EB_SENT_PART || sent == EB_SENT_ALL;

        ck_assert_int_eq(row->status == EB_MAYBE_SENT, !safe && no_answer && sent_some);
    }
}
END_TEST

START_TEST(an_unsafe_call_that_was_answered_is_api_or_decode)
{
    EACH_CELL
    {
        if (!safe && sent == EB_SENT_ANSWERED && event != EB_EVENT_OK && event != EB_EVENT_LOCAL)
            ck_assert(row->status == EB_API || row->status == EB_DECODE);
    }
}
END_TEST

START_TEST(own_limits_are_never_retried)
{
    EACH_CELL
    {
        if (event == EB_EVENT_DEADLINE || event == EB_EVENT_CANCELLED || event == EB_EVENT_LOCAL)
            ck_assert_int_eq(row->retry, EB_RETRY_NO);
    }
}
END_TEST

START_TEST(reasons_say_what_is_done)
{
    EACH_CELL
    {
        const char *text = eb_reason_text(row->reason);

        if (event == EB_EVENT_OK)
            ck_assert_int_eq(row->reason, EB_REASON_DONE);
        else if (row->retry == EB_RETRY_NO)
            ck_assert_msg(strncmp(text, "not retried", 11) == 0, "%s", text);
        else
            ck_assert_msg(strncmp(text, "retried", 7) == 0, "%s", text);
    }
}
END_TEST

UNIT_TESTS("outcome", every_cell_has_a_row_and_every_row_a_cell,
           an_unsafe_call_is_never_sent_again_unless_it_was_not_carried_out,
           maybe_sent_is_exactly_an_unsafe_call_sent_without_an_answer,
           an_unsafe_call_that_was_answered_is_api_or_decode, own_limits_are_never_retried,
           reasons_say_what_is_done)
