/* streams.c -- answers walked event by event: values, the end, what is no stream, what breaks off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/ev.h"
#include "edgebind/testing.h"

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

typedef struct bench {
    eb_header        type;
    eb_script_answer answers[3];
    eb_script        script;
    eb_transport     transport;
    eb_client       *client;
} bench;

static void open_bench(bench *b, int status, const char *type, const char *body, size_t piece)
{
    memset(b, 0, sizeof *b);
    b->type           = (eb_header){ "Content-Type", type };
    b->answers[0]     = (eb_script_answer){ .http_status  = status,
                                            .headers      = &b->type,
                                            .header_count = type != NULL ? 1 : 0,
                                            .body         = body,
                                            .piece        = piece };
    b->script.answers = b->answers;
    b->script.count   = 1;
    b->transport      = eb_script_transport(&b->script);
    CHECK(eb_client_new(&(eb_client_options){ .api = &ev_api, .transport = &b->transport },
                        &b->client) == EB_OK);
}

static void close_bench(bench *b)
{
    eb_client_free(b->client);
    eb_script_reset(&b->script);
}

static const ev_chat_params hello = { .body = &(ev_question){ .text = "hello", .stream = EB_BOOL(true) } };

static void events_have_values_wherever_they_are_cut(void)
{
    static const char body[] =
        "\xEF\xBB\xBF: welcome\r\nretry: 250\r\n\r\nid: 1\r\ndata: {\"word\":\r\ndata: \"a\"}\r\n\r\n"
        "event: word\rid: 2\rdata:{\"word\":\"b\",\"last\":true}\r\rdata: [DONE]\n\ndata: {}\n\n";

    for (size_t piece = 0; piece < sizeof body; piece++) {
        ev_chat_stream stream = { 0 };
        ev_chat_event  event;
        bench          b;

        open_bench(&b, 200, "text/event-stream; charset=utf-8", body, piece);
        CHECK(ev_chat_events(b.client, &hello, &stream) == EB_OK);
        CHECK(strstr(b.script.seen[0].headers, "accept: text/event-stream\r\n") != NULL);
        CHECK(stream.response.http_status == 200 && stream.response.status == EB_OK);
        CHECK(ev_chat_next(&stream, &event) == EB_OK);
        CHECK(strcmp(event.value->word, "a") == 0 && strcmp(event.type, "message") == 0);
        CHECK(strcmp(event.id, "1") == 0 && strcmp(event.data, "{\"word\":\n\"a\"}") == 0 &&
              event.len == 13);
        CHECK(ev_chat_next(&stream, &event) == EB_OK);
        CHECK(strcmp(event.type, "word") == 0 && event.value->last.v && strcmp(event.id, "2") == 0);
        for (int i = 0; i < 3; i++)
            CHECK(ev_chat_next(&stream, &event) == EB_DONE);
        CHECK(stream.retry_ms == 250 && strcmp(stream.last_id, "2") == 0);
        ev_chat_stream_free(&stream);
        close_bench(&b);
    }
}

static void a_result_that_is_no_stream_is_still_the_result(void)
{
    const ev_answer *answer   = NULL;
    eb_response      response = { 0 };
    ev_chat_stream   stream   = { 0 };
    ev_chat_event    event;
    bench            b;

    open_bench(&b, 200, "application/json", "{\"text\":\"hi\"}", 0);
    CHECK(ev_chat(b.client, &hello, &answer, &response) == EB_OK && strcmp(answer->text, "hi") == 0);
    CHECK(strstr(b.script.seen[0].headers, "accept: application/json\r\n") != NULL);
    eb_response_free(&response);

    CHECK(ev_chat_events(b.client, &hello, &stream) == EB_DECODE); /* it was not asked to stream */
    CHECK(strcmp(stream.response.message,
                 "expected a stream of events (text/event-stream), got application/json") == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_DECODE);
    ev_chat_stream_free(&stream);
    close_bench(&b);
}

static void a_failure_is_that_of_the_call(void)
{
    ev_chat_stream stream = { 0 };
    ev_chat_event  event;
    bench          b;

    open_bench(&b, 400, "application/json", "{\"error\":\"no such model\"}", 3);
    CHECK(ev_chat_events(b.client, &hello, &stream) == EB_API);
    CHECK(strcmp(ev_chat_error(&stream.response)->error, "no such model") == 0);
    CHECK(strcmp(stream.response.message, "no such model") == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_API);
    ev_chat_stream_free(&stream);
    ev_chat_stream_free(&stream);
    CHECK(ev_chat_events(b.client, NULL, &stream) == EB_INVALID &&
          strcmp(stream.response.field, "body") == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_INVALID);
    ev_chat_stream_free(&stream);
    CHECK(ev_chat_next(&stream, &event) == EB_INVALID);
    CHECK(ev_chat_events(NULL, &hello, &stream) == EB_INVALID);
    CHECK(ev_chat_events(b.client, &hello, NULL) == EB_INVALID);
    ev_chat_stream_free(NULL);
    close_bench(&b);
}

static void what_breaks_off_says_so_after_the_last_event(void)
{
    ev_news_stream stream = { 0 };
    ev_news_event  event;
    bench          b;

    open_bench(&b, 200, "text/event-stream", "id: 7\ndata: a\n\nid: 8\ndata: half", 0);
    b.answers[0].status = EB_NETWORK;
    CHECK(ev_news_events(b.client, NULL, &stream) == EB_OK);
    CHECK(ev_news_next(&stream, &event) == EB_OK && strcmp(event.data, "a") == 0);
    CHECK(ev_news_next(&stream, &event) == EB_NETWORK);
    CHECK(stream.response.status == EB_NETWORK && *stream.response.message != '\0');
    CHECK(strcmp(stream.last_id, "7") == 0); /* half an event has no id */
    CHECK(ev_news_next(&stream, &event) == EB_NETWORK && b.script.exchanges == 1);
    ev_news_stream_free(&stream);
    close_bench(&b);
}

static void an_event_that_cannot_be_read_is_not_the_last(void)
{
    ev_chat_stream stream = { 0 };
    ev_chat_event  event  = { 0 };
    bench          b;

    open_bench(&b, 200, "text/event-stream",
               "data: {\"word\":1}\n\ndata:\n\ndata: {\"word\":\"b\"}\n\n", 0);
    CHECK(ev_chat_events(b.client, &hello, &stream) == EB_OK);
    CHECK(ev_chat_next(&stream, &event) == EB_DECODE && strcmp(stream.response.field, "word") == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_OK && event.value == NULL && event.len == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_OK && strcmp(event.value->word, "b") == 0);
    CHECK(ev_chat_next(&stream, &event) == EB_DONE);
    ev_chat_stream_free(&stream);
    close_bench(&b);
}

static void lines_are_events_too(void)
{
    static const char *const types[] = { "application/x-ndjson", "application/jsonl", NULL };

    for (size_t i = 0; i < 6; i++) {
        ev_rows_stream stream = { 0 };
        ev_rows_event  event;
        int64_t        sum = 0;
        eb_status      st;
        bench          b;

        open_bench(&b, 200, types[i % 3], "{\"n\":1}\n\r\n {\"n\":2} \n\x1e{\"n\":4}", i);
        CHECK(ev_rows_events(b.client, NULL, &stream) == EB_OK);
        while ((st = ev_rows_next(&stream, &event)) == EB_OK)
            sum += event.value->n.v;
        CHECK(st == EB_DONE && sum == 7);
        ev_rows_stream_free(&stream);
        close_bench(&b);
    }
}

static void an_attempt_that_fails_is_made_again_before_the_stream_begins(void)
{
    ev_steps_stream stream = { 0 };
    ev_steps_event  event;
    bench           b;

    open_bench(&b, 503, NULL, "busy", 0);
    b.answers[1] = (eb_script_answer){ .status = EB_NETWORK, .sent = EB_SENT_ALL };
    b.answers[2] = (eb_script_answer){ .http_status = 200, .body = "data: {\"step\":1}\n\n", .piece = 1 };
    b.script.count = 3;
    CHECK(ev_steps_events(b.client, NULL, &stream) == EB_OK && stream.response.attempt_count == 3);
    CHECK(ev_steps_next(&stream, &event) == EB_OK && event.value->step.v == 1);
    CHECK(ev_steps_next(&stream, NULL) == EB_INVALID);
    CHECK(ev_steps_events(b.client, NULL, &stream) == EB_OK); /* the old one goes */
    ev_steps_stream_free(&stream);
    close_bench(&b);
}

static void nothing_is_a_stream_without_events(void)
{
    ev_news_stream stream = { 0 };
    ev_news_event  event;
    bench          b;

    open_bench(&b, 204, NULL, NULL, 0);
    CHECK(ev_news_events(b.client, NULL, &stream) == EB_OK);
    CHECK(ev_news_next(&stream, &event) == EB_DONE && *stream.last_id == '\0' && stream.retry_ms == -1);
    ev_news_stream_free(&stream);
    close_bench(&b);
}

int main(void)
{
    events_have_values_wherever_they_are_cut();
    a_result_that_is_no_stream_is_still_the_result();
    a_failure_is_that_of_the_call();
    what_breaks_off_says_so_after_the_last_event();
    an_event_that_cannot_be_read_is_not_the_last();
    lines_are_events_too();
    an_attempt_that_fails_is_made_again_before_the_stream_begins();
    nothing_is_a_stream_without_events();
    return 0;
}
