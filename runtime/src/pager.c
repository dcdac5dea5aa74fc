/* pager.c -- walking a paged list item by item.
 *
 * One page is in memory at a time: an item lives until the next one is asked for. The walk ends when the
 * service says so (page.c), and also when it would never end: on an empty page, unless a URL leads on from it, and on
 * one that repeats the one before. */
#include <string.h>

#include "call.h"
#include "mask.h"
#include "memory.h"
#include "pager.h"
#include "reader.h"
#include "response.h"
#include "watch.h"

#if EB_PART_PAGES

enum { EMPTY_MAX = 100 };

static void *copy_bytes(eb_arena *arena, const void *data, size_t size)
{
    void *kept = eb__arena_alloc(arena, size);

    if (kept != NULL)
        memcpy(kept, data, size);
    return kept;
}

/* Copies what the options point at; the cancel source is shared, not copied. */
static eb_status keep_options(eb_pager_state *s, const eb_call_options *options)
{
    eb_header *headers;

    if (options == NULL)
        return EB_OK;
    s->options = *options;
    if (options->base_url != NULL) {
        s->options.base_url = eb__arena_dup(s->arena, options->base_url, strlen(options->base_url));
        if (s->options.base_url == NULL)
            return EB_NOMEM;
    }
    if (options->header_count == 0 || options->headers == NULL)
        return EB_OK; /* the call will say what is wrong with the latter */
    headers = copy_bytes(s->arena, options->headers, options->header_count * sizeof *headers);
    if (headers == NULL)
        return EB_NOMEM;
    for (size_t i = 0; i < options->header_count; i++) {
        if (headers[i].name == NULL || headers[i].value == NULL)
            continue; /* the call will say so */
        headers[i].name  = eb__arena_dup(s->arena, headers[i].name, strlen(headers[i].name));
        headers[i].value = eb__arena_dup(s->arena, headers[i].value, strlen(headers[i].value));
        if (headers[i].name == NULL || headers[i].value == NULL)
            return EB_NOMEM;
    }
    s->options.headers = headers;
    return EB_OK;
}

/* ---- A page ------------------------------------------------------------------------------------- */

/* Is this page the one before over again? By the text of its items, since ids of requests differ. */
static bool is_repeat(eb_pager_state *s, const eb_response *response)
{
    char    digest[EB_SHA256_HEX_SIZE];
    eb_json items;
    bool    same;

    if (!eb__json_find(response->body.data, response->body.len, s->operation->pages->items, &items) ||
        eb__sha256_hex(digest, items.text, items.len) != EB_OK)
        return false;
    same = memcmp(digest, s->digest, sizeof digest) == 0;
    memcpy(s->digest, digest, sizeof digest);
    return same;
}

static eb_status done(eb_pager *pager, const char *why)
{
    pager->state_->ended = true;
    if (why != NULL && pager->response.arena_ != NULL)
        eb__response_message(&pager->response, "%s", why);
    return EB_DONE;
}

/* A success that is no page: to call it the end of the list would be to say that there is nothing. */
static eb_status not_a_page(eb_pager *pager, const char *why)
{
    pager->state_->ended = true;
    pager->state_->fault = EB_DECODE;
    eb__response_message(&pager->response, "%s", why);
    pager->response.field  = eb__page_field(pager->state_->operation->pages->items);
    pager->response.status = pager->response.cause = EB_DECODE;
    return EB_DECODE;
}

/* Behind the last item: of the list, or of what could be had of it. The message is there since its page. */
static eb_status at_the_end(eb_pager *pager)
{
    const eb_pager_state *s     = pager->state_;
    const eb_pages       *pages = s->operation->pages;

    if (s->fault == EB_OK)
        return EB_DONE;
    if (pager->response.status == EB_OK) {
        pager->response.field  = pages->header != NULL ? pages->header
                                 : pages->next != NULL ? eb__page_field(pages->next)
                                                       : "";
        pager->response.status = pager->response.cause = s->fault;
    }
    return s->fault;
}

/* Without memory a page counts as not fetched: the next call tries it again. */
static eb_status no_memory(eb_pager *pager)
{
    eb_problem problem = { 0 };

    pager->state_->list.count = 0;
    pager->state_->digest[0]  = '\0';
    (void)eb__problem_set(&problem, EB_NOMEM, "%s", eb_status_text(EB_NOMEM));
    return eb__response_problem(&pager->response, &problem);
}

/* Puts the page that is wanted into the parameters. */
static void ask_for_next(eb_pager_state *s)
{
    char            *at;
    const eb_opt_int value = eb_int(s->next);
    const char      *token = s->token.len > 0 ? eb__buf_text(&s->token) : NULL;

    if (s->page_row == NULL)
        return;
    at = (char *)s->params + s->page_row->offset;
    if (token != NULL)
        memcpy(at, &token, sizeof token);
    else if (s->next > 0)
        memcpy(at, &value, sizeof value);
}

/* By token or URL, which nobody can count? */
static bool is_by_text(const eb_pager_state *s)
{
    return s->operation->pages->kind == EB_PAGES_TOKEN || s->operation->pages->kind == EB_PAGES_URL;
}

/* The number or offset that the caller began with. */
static int64_t first_page(const eb_pager_state *s)
{
    const int64_t usual = s->operation->pages->kind == EB_PAGES_NUMBER ? 1 : 0;
    eb_opt_int    first;

    if (is_by_text(s))
        return 0;
    memcpy(&first, (const char *)s->params + s->page_row->offset, sizeof first);
    return first.is == EB_SET ? first.v : usual;
}

/* How many items come before the first page asked for: pages before it count as full as it is. */
static uint64_t before_first(const eb_pager_state *s)
{
    const uint64_t pages = s->page > 1 ? (uint64_t)(s->page - 1) : 0;

    if (is_by_text(s))
        return 0;
    if (s->operation->pages->kind == EB_PAGES_OFFSET)
        return s->page > 0 ? (uint64_t)s->page : 0;
    return pages < UINT64_MAX / s->list.count - 1 ? pages * s->list.count : UINT64_MAX - s->list.count;
}

/* A page without items. By its URL the next one is known still, and services that filter do give such. */
static eb_status empty_page(eb_pager *pager, const void *page)
{
    eb_pager_state *s       = pager->state_;
    eb_problem      problem = { 0 };

    s->list.count = 0;
    if (s->operation->pages->kind != EB_PAGES_URL)
        return done(pager, NULL);
    if (++s->empty > EMPTY_MAX) {
        s->ended = true;
        s->fault = EB_LIMIT;
        eb__response_message(&pager->response, "%d pages without an item, one after the other", EMPTY_MAX);
        return at_the_end(pager);
    }
    if (eb__page_look_ahead(s, page, &pager->response, &problem) != EB_OK)
        return no_memory(pager);
    if (problem.text[0] != '\0')
        eb__response_message(&pager->response, "%s", problem.text);
    return s->ended ? at_the_end(pager) : EB_OK;
}

/* Gets a page. EB_OK: there is one, though it may be empty. */
static eb_status fetch(eb_pager *pager)
{
    eb_pager_state *s       = pager->state_;
    const bool      by_url  = s->operation->pages->kind == EB_PAGES_URL;
    const void     *page    = NULL;
    eb_problem      problem = { 0 };
    int64_t         number;
    bool            numbered;
    eb_call_input   input;
    eb_status       st;

    if (s->ended)
        return at_the_end(pager);
    ask_for_next(s);
    s->list.count = 0;
    s->at         = 0;
    s->text       = NULL;
    input         = (eb_call_input){ .client         = s->client,
                                     .api            = s->client->api,
                                     .operation      = s->operation,
                                     .params         = s->params,
                                     .options        = &s->options,
                                     .deadline_at_ms = s->deadline_at_ms,
                                     .go_to = by_url && s->token.len > 0 ? eb__buf_text(&s->token) : NULL,
                                     .url   = by_url && s->token.len == 0 ? &s->first_url : NULL };
    st            = eb__call_run(&input, &page, &pager->response);
    if (st != EB_OK)
        return st; /* the next call tries the same page again */
    if (page == NULL)
        return not_a_page(pager, "the service gave an empty answer, not a page");
    s->page = s->next != 0 ? s->next : first_page(s);
    s->list = eb__page_items(s, page, &s->item_size);
    if (!EB_LIST_IS_SET(s->list) && !eb__page_says_anything(s, page))
        return not_a_page(pager, "the answer holds neither items nor anything about pages");
    if (!EB_LIST_IS_SET(s->list) || s->list.count == 0)
        return empty_page(pager, page);
    s->empty = 0;
    numbered = eb__page_number(s, page, s->operation->pages->number, &number);
    if (numbered && s->next > 0 && number < s->next) {
        s->list.count = 0;
        return done(pager, "the service gave an earlier page again; the walk ends here");
    }
    /* what a mask leaves of two pages may look alike: a page that says its number is believed */
    if (!numbered && is_repeat(s, &pager->response)) {
        s->list.count = 0;
        return done(pager, "the service gave the same page again; the walk ends here");
    }
    if (s->next == 0)
        s->seen = before_first(s);
    s->seen += s->list.count;
    if (eb__page_look_ahead(s, page, &pager->response, &problem) != EB_OK)
        return no_memory(pager);
    if (problem.text[0] != '\0')
        eb__response_message(&pager->response, "%s", problem.text);
    return EB_OK;
}

/* ---- The three calls --------------------------------------------------------------------------- */

/* A mask must let through the items, and what says where the next page is. */
static eb_status check_mask(const eb_operation *op, const void *params, eb_response *response)
{
    const char *const wanted[] = { op->pages->items, op->pages->next, op->pages->more, op->pages->total };

    return eb__mask_check(op, params, wanted, sizeof wanted / sizeof wanted[0],
                          "the pages cannot be walked", response);
}

static eb_status start(eb_client *client, const eb_operation *operation, const void *params,
                       eb_pager *pager)
{
    eb_pager_state        *s = eb__alloc(&client->allocator, sizeof *s);
    const eb_call_options *options;
    const void            *copy;
    eb_problem             problem = { 0 };
    eb_status              st;

    if (s == NULL)
        return EB_NOMEM;
    memset(s, 0, sizeof *s);
    pager->state_ = s;
    s->allocator  = client->allocator;
    s->client     = client;
    s->operation  = operation;
    eb__buf_init(&s->token, &s->allocator, 0);
    eb__buf_init(&s->mark, &s->allocator, 0);
    eb__buf_init(&s->first_url, &s->allocator, 0);
    if (operation->pages->page != NULL)
        s->page_row = eb__row_find(operation->params, operation->pages->page,
                                   strlen(operation->pages->page));
    s->arena = eb__arena_new(&client->allocator, 0);
    if (s->arena == NULL)
        return EB_NOMEM;
    if (client->own_deadline) /* one that somebody gave bounds the whole walk */
        s->deadline_at_ms = eb__deadline_at(client, operation, NULL);
    if (params == NULL) {
        s->params = eb__arena_zalloc(s->arena, operation->params->size);
        return s->params != NULL ? EB_OK : EB_NOMEM;
    }
    options = eb__params_options(params);
    /* checked before it is copied: the copy walks what it points at */
    st = eb__check(operation->params, params, "",
                   client->skip_limits || (options != NULL && options->skip_limits), &problem);
    if (st != EB_OK)
        return eb__response_problem(&pager->response, &problem);
    st = check_mask(operation, params, &pager->response);
    if (st == EB_OK)
        st = keep_options(s, options);
    if (st != EB_OK)
        return st;
    if (options != NULL && options->deadline_ms != 0)
        s->deadline_at_ms = options->deadline_ms > 0 ? eb__deadline_at(client, operation, options) : 0;
    copy = eb__copy(operation->params, params, s->arena);
    if (copy == NULL)
        return EB_NOMEM;
    s->params = copy_bytes(s->arena, copy, operation->params->size); /* one that can be written to */
    return s->params != NULL ? EB_OK : EB_NOMEM;
}

static void drop_state(eb_pager *pager)
{
    const eb_allocator allocator = pager->state_->allocator;

    eb__buf_free(&pager->state_->token);
    eb__buf_free(&pager->state_->mark);
    eb__buf_free(&pager->state_->first_url);
    eb__arena_free(pager->state_->arena);
    eb__release(&allocator, pager->state_, sizeof *pager->state_);
    pager->state_ = NULL;
}

eb_status eb_pager_start(eb_client *client, const eb_operation *operation, const void *params,
                         eb_pager *pager)
{
    eb_pager  old;
    eb_status st;

    if (pager == NULL)
        return EB_INVALID;
    old = *pager; /* params may point into a walk's last page */
    memset(pager, 0, sizeof *pager);
    if (client == NULL || operation == NULL || operation->pages == NULL) {
        st = eb__response_refuse(&pager->response, EB_INVALID,
                                 client == NULL ? "client: expected one, got NULL"
                                                : "operation: expected one with pages");
        goto out;
    }
    st = eb__response_reset(&pager->response, &client->allocator);
    if (st == EB_OK)
        st = start(client, operation, params, pager);
    if (st != EB_OK) {
        st = eb__watch_refused(client, operation->name, &pager->response, st);
        if (pager->state_ != NULL)
            drop_state(pager);
    }
out:
    eb_pager_free(&old);
    return st;
}

eb_status eb_pager_next(eb_pager *pager, const eb_operation *operation, const void **item)
{
    eb_pager_state *s;

    if (pager == NULL)
        return EB_INVALID;
    s = pager->state_;
    if (s == NULL && pager->response.message == NULL)
        return eb__response_refuse(&pager->response, EB_INVALID, "pager: expected one that was started");
    if (item == NULL || s == NULL || s->operation != operation)
        return EB_INVALID; /* what the response says of a start that failed stays */
    while (s->at >= s->list.count) {
        const eb_status st = fetch(pager);

        if (st != EB_OK)
            return st;
    }
    *item = (const char *)s->list.items + s->at * s->item_size;
    s->at++;
    return EB_OK;
}

/* Moves behind the next item of the page's text, which is valid: it has been decoded. */
static bool read_text(eb_pager_state *s, const eb_bytes *body, eb_json *item)
{
    eb_json    items;
    eb_problem problem;
    eb_reader  reader;

    if (s->text == NULL) {
        if (!eb__json_find(body->data, body->len, s->operation->pages->items, &items) || items.len == 0)
            return false;
        s->text    = items.text + 1; /* the bracket */
        s->text_at = 0;
    }
    eb__reader_init(&reader, s->text, (size_t)(body->data + body->len - s->text), NULL, &problem);
    if (eb__peek(&reader) == ',')
        reader.at++;
    (void)eb__peek(&reader);
    item->text = reader.at;
    if (eb__skip_value(&reader) != EB_OK)
        return false;
    item->len = (size_t)(reader.at - item->text);
    s->text   = reader.at;
    s->text_at++;
    return true;
}

eb_status eb_invoke_next(eb_pager *pager, eb_json *item)
{
    const void *value;
    eb_json     text = { NULL, 0 };
    eb_status   st;

    if (pager == NULL || item == NULL)
        return EB_INVALID;
    st = eb_pager_next(pager, pager->state_ != NULL ? pager->state_->operation : NULL, &value);
    if (st != EB_OK)
        return st;
    do
        if (!read_text(pager->state_, &pager->response.body, &text))
            return not_a_page(pager, "the items of the page cannot be told apart");
    while (pager->state_->text_at < pager->state_->at);
    *item = text;
    return EB_OK;
}

void eb_pager_free(eb_pager *pager)
{
    if (pager == NULL)
        return;
    if (pager->state_ != NULL)
        drop_state(pager);
    eb_response_free(&pager->response);
}

#endif
