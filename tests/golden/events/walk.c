/* walk.c -- a stream from beginning to end, as a program would walk it. */
#include <stdio.h>
#include <string.h>

#include "edgebind/ev.h"
#include "edgebind/testing.h"

static eb_status ask(eb_client *client, FILE *out)
{
    /* [walk] */
    const ev_chat_params params = { .body = &(ev_question){ .text = "Why?", .stream = EB_BOOL(true) } };
    ev_chat_stream       stream = { 0 };
    ev_chat_event        event;
    eb_status st = ev_chat_events(client, &params, &stream); /* EB_OK: a stream has begun */

    while (st == EB_OK && (st = ev_chat_next(&stream, &event)) == EB_OK)
        fprintf(out, "%s ", event.value != NULL ? event.value->word : "");
    if (st != EB_DONE)
        fprintf(out, "broke off: %s", stream.response.message);
    ev_chat_stream_free(&stream);
    /* [/walk] */
    return st;
}

/* [headers] */
/* Goes on behind the last event it has seen. */
static eb_status go_on(eb_client *client, ev_news_stream *stream, const char *last_id)
{
    return ev_news_events(client, &(ev_news_params){ .last_event_id = last_id }, stream);
}
/* [/headers] */

int main(void)
{
    static const eb_header        type[]    = { { "Content-Type", "text/event-stream" } };
    static const eb_script_answer answers[] = {
        { .http_status  = 200,
          .headers      = type,
          .header_count = 1,
          .piece        = 3,
          .body = "data: {\"word\":\"Because\"}\n\ndata: {\"word\":\"so.\"}\n\ndata: [DONE]\n\n" },
        { .http_status = 200, .headers = type, .header_count = 1, .body = "id: 8\ndata: a\n\n" },
    };
    eb_script          script    = { .answers = answers, .count = 2 };
    const eb_transport transport = eb_script_transport(&script);
    eb_client         *client    = NULL;
    ev_news_stream     news      = { 0 };
    ev_news_event      event;
    char               said[64] = "";
    FILE              *out      = tmpfile();
    bool               good;

    if (out == NULL || eb_client_new(&(eb_client_options){ .api = &ev_api, .transport = &transport },
                                     &client) != EB_OK)
        return 1;
    good = ask(client, out) == EB_DONE;
    rewind(out);
    good = good && fgets(said, sizeof said, out) != NULL && strcmp(said, "Because so. ") == 0;
    good = good && go_on(client, &news, "7") == EB_OK && ev_news_next(&news, &event) == EB_OK;
    good = good && strcmp(news.last_id, "8") == 0;
    good = good && strstr(script.seen[1].headers, "Last-Event-ID: 7\r\n") != NULL;
    ev_news_stream_free(&news);
    (void)fclose(out);
    eb_client_free(client);
    eb_script_reset(&script);
    return good ? 0 : 1;
}
