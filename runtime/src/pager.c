/* pager.c -- walking a paged list item by item.
 *
 * One page is in memory at a time: an item lives until the next one is asked for. The walk ends when the
 * service says so, and also when it would never end: on an empty page, on a page number that does not
 * grow, on a token that was given before, and on a page that repeats the one before. */
#include <string.h>

#include "call.h"
#include "crypto.h"
#include "mask.h"
#include "memory.h"
#include "reader.h"
#include "response.h"
#include "rows.h"
#include "text.h"
#include "watch.h"

typedef struct eb_pager_state {
    eb_allocator        allocator; /* the client's; a pager may be freed after it */
    eb_client          *client;
    const eb_operation *operation;
    eb_arena           *arena; /* params, options, texts of options */
    void               *params;
    eb_call_options     options; /* a copy of the caller's */
    const eb_field     *page_row;
    int64_t             deadline_at_ms; /* 0: every page has its own */
    int64_t             page;           /* number or offset of the page in the response */
    int64_t             next;           /* the one to ask for; 0: as the params say */
    eb_buf              token;          /* the one to ask for; empty: as the params say */
    bool                ended;
    uint64_t            seen; /* items on all pages so far */
    eb_list_head        list;
    size_t              at, item_size;
    const char *text; /* behind the item of the page's text that was given last; NULL: none was */
    size_t      text_at;                    /* how many items of the text that is */
    char        digest[EB_SHA256_HEX_SIZE]; /* of the page before */
} eb_pager_state;

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

/* ---- What a page says ---------------------------------------------------------------------------- */

/* The integer a pointer leads to; false: absent or null. */
static bool number_at(const eb_pager_state *s, const void *page, const char *pointer, int64_t *number)
{
    const void *base;
    const eb_field *row = pointer != NULL ? eb__row_at(s->operation->result, page, pointer, &base) : NULL;
    eb_opt_int value;

    if (row == NULL || (row->kind != EB_KIND_INT && row->kind != EB_KIND_OPT_INT))
        return false;
    if (row->kind == EB_KIND_INT) {
        *number = eb__int_at((const char *)base + row->offset);
        return true;
    }
    memcpy(&value, (const char *)base + row->offset, sizeof value);
    *number = value.v;
    return value.is == EB_SET;
}

static bool flag_at(const eb_pager_state *s, const void *page, const char *pointer, bool *flag)
{
    const void *base;
    const eb_field *row = pointer != NULL ? eb__row_at(s->operation->result, page, pointer, &base) : NULL;
    eb_opt_bool value;

    if (row == NULL || (row->kind != EB_KIND_BOOL && row->kind != EB_KIND_OPT_BOOL))
        return false;
    if (row->kind == EB_KIND_BOOL) {
        memcpy(flag, (const char *)base + row->offset, sizeof *flag);
        return true;
    }
    memcpy(&value, (const char *)base + row->offset, sizeof value);
    *flag = value.v;
    return value.is == EB_SET;
}

static eb_list_head items_of(const eb_pager_state *s, const void *page, size_t *item_size)
{
    const void     *base;
    const eb_field *row = eb__row_at(s->operation->result, page, s->operation->pages->items, &base);
    eb_list_head    list = { NULL, 0 };

    if (row == NULL || row->kind != EB_KIND_LIST)
        return list;
    memcpy(&list, (const char *)base + row->offset, sizeof list);
    *item_size = ((const eb_type *)row->target)->size;
    return list;
}

/* The text a pointer leads to; NULL: absent or null. */
static const char *text_at(const eb_pager_state *s, const void *page, const char *pointer)
{
    const void *base;
    const eb_field *row = pointer != NULL ? eb__row_at(s->operation->result, page, pointer, &base) : NULL;

    if (row == NULL || (row->kind != EB_KIND_STR && row->kind != EB_KIND_TEXT) ||
        eb__state(row, base) != EB_SET)
        return NULL;
    return eb__string_at((const char *)base + row->offset);
}

/* Does the page hold fewer items than were asked for? */
static bool is_short(const eb_pager_state *s)
{
    const char     *name = s->operation->pages->size;
    const eb_field *row = name != NULL ? eb__row_find(s->operation->params, name, strlen(name)) : NULL;
    eb_opt_int      size;

    if (row == NULL || row->kind != EB_KIND_OPT_INT)
        return false;
    memcpy(&size, (const char *)s->params + row->offset, sizeof size);
    return size.is == EB_SET && size.v > 0 && s->list.count < (uint64_t)size.v;
}

/* By number: is there another page, and which? */
static bool next_number(eb_pager_state *s, const void *page, bool told)
{
    const eb_pages *pages = s->operation->pages;
    int64_t         next, total;

    if (pages->next != NULL) {
        if (!number_at(s, page, pages->next, &next) || next <= s->page)
            return false;
        s->next = next;
        return true;
    }
    if (number_at(s, page, pages->total, &total)) {
        if (total < 0 || s->seen >= (uint64_t)total)
            return false;
    } else if (!told && is_short(s)) {
        return false;
    }
    if (pages->kind == EB_PAGES_OFFSET) {
        if (s->list.count > (uint64_t)(INT64_MAX - s->page))
            return false;
        s->next = s->page + (int64_t)s->list.count;
        return true;
    }
    if (s->page == INT64_MAX)
        return false;
    s->next = s->page + 1;
    return true;
}

/* By token: one that the page before gave as well would lead round and round. */
static eb_status next_token(eb_pager_state *s, const void *page, bool *repeated)
{
    const char  *next = text_at(s, page, s->operation->pages->next);
    const size_t len  = next != NULL ? strlen(next) : 0;
    eb_buf       kept;
    eb_status    st;

    *repeated = len > 0 && s->token.len == len && memcmp(s->token.data, next, len) == 0;
    if (len == 0 || *repeated) {
        s->ended = true;
        return EB_OK;
    }
    eb__buf_init(&kept, &s->allocator, 0);
    eb__buf_put(&kept, next, len);
    st = eb__buf_status(&kept);
    if (st != EB_OK) {
        eb__buf_free(&kept);
        return st;
    }
    eb__buf_free(&s->token);
    s->token = kept;
    return EB_OK;
}

/* Decides from a page whether there is another, and which. */
static eb_status look_ahead(eb_pager_state *s, const void *page, bool *repeated)
{
    const eb_pages *pages = s->operation->pages;
    bool            more  = false;
    const bool      told  = flag_at(s, page, pages->more, &more);

    *repeated = false;
    s->ended  = told && !more;
    if (s->ended)
        return EB_OK;
    if (pages->kind == EB_PAGES_TOKEN)
        return next_token(s, page, repeated);
    s->ended = !next_number(s, page, told);
    return EB_OK;
}

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

/* Is there anything about pages in an answer without items? Then the page is an empty one. */
static bool says_anything(const eb_pager_state *s, const void *page)
{
    const eb_pages *pages = s->operation->pages;
    const char     *all[] = { pages->items, pages->next, pages->more, pages->number, pages->total };
    const void     *base;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const eb_field *row = all[i] != NULL ? eb__row_at(s->operation->result, page, all[i], &base)
                                             : NULL;

        if (row != NULL && eb__is_given(row, base))
            return true;
    }
    return false;
}

/* A success that is no page: to call it the end of the list would be to say that there is nothing. */
static eb_status not_a_page(eb_pager *pager, const char *why)
{
    pager->state_->ended = true;
    eb__response_message(&pager->response, "%s", why);
    pager->response.field  = pager->state_->operation->pages->items + 1;
    pager->response.status = pager->response.cause = EB_DECODE;
    return EB_DECODE;
}

/* Puts the page that is wanted into the parameters. */
static void ask_for_next(eb_pager_state *s)
{
    char            *at    = (char *)s->params + s->page_row->offset;
    const eb_opt_int value = eb_int(s->next);
    const char      *token = s->token.len > 0 ? eb__buf_text(&s->token) : NULL;

    if (token != NULL)
        memcpy(at, &token, sizeof token);
    else if (s->next > 0)
        memcpy(at, &value, sizeof value);
}

/* The number or offset that the caller began with. */
static int64_t first_page(const eb_pager_state *s)
{
    const int64_t usual = s->operation->pages->kind == EB_PAGES_NUMBER ? 1 : 0;
    eb_opt_int    first;

    if (s->operation->pages->kind == EB_PAGES_TOKEN)
        return 0;
    memcpy(&first, (const char *)s->params + s->page_row->offset, sizeof first);
    return first.is == EB_SET ? first.v : usual;
}

/* How many items come before the first page asked for: pages before it count as full as it is. */
static uint64_t before_first(const eb_pager_state *s)
{
    const uint64_t pages = s->page > 1 ? (uint64_t)(s->page - 1) : 0;

    if (s->operation->pages->kind == EB_PAGES_TOKEN)
        return 0;
    if (s->operation->pages->kind == EB_PAGES_OFFSET)
        return s->page > 0 ? (uint64_t)s->page : 0;
    return pages < UINT64_MAX / s->list.count - 1 ? pages * s->list.count : UINT64_MAX - s->list.count;
}

static eb_status fetch(eb_pager *pager)
{
    eb_pager_state *s    = pager->state_;
    const void     *page = NULL;
    int64_t         number;
    bool            numbered, repeated;
    eb_call_input   input;
    eb_status       st;

    if (s->ended)
        return pager->response.status == EB_DECODE ? EB_DECODE : EB_DONE;
    ask_for_next(s);
    s->list.count = 0;
    s->at         = 0;
    s->text       = NULL;
    input         = (eb_call_input){ .client         = s->client,
                                     .api            = s->client->api,
                                     .operation      = s->operation,
                                     .params         = s->params,
                                     .options        = &s->options,
                                     .deadline_at_ms = s->deadline_at_ms };
    st            = eb__call_run(&input, &page, &pager->response);
    if (st != EB_OK)
        return st; /* the next call tries the same page again */
    if (page == NULL)
        return not_a_page(pager, "the service gave an empty answer, not a page");
    s->page = s->next != 0 ? s->next : first_page(s);
    s->list = items_of(s, page, &s->item_size);
    if (!EB_LIST_IS_SET(s->list) && !says_anything(s, page))
        return not_a_page(pager, "the answer holds neither items nor anything about pages");
    if (!EB_LIST_IS_SET(s->list) || s->list.count == 0)
        return done(pager, NULL);
    numbered = number_at(s, page, s->operation->pages->number, &number);
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
    st = look_ahead(s, page, &repeated);
    if (st != EB_OK) { /* the next call tries the same page again */
        eb_problem problem = { 0 };

        s->list.count = 0;
        s->digest[0]  = '\0';
        (void)eb__problem_set(&problem, st, "%s", eb_status_text(st));
        return eb__response_problem(&pager->response, &problem);
    }
    if (repeated)
        eb__response_message(&pager->response,
                             "the service gave the same token again; the walk ends here");
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
    eb__buf_init(&s->token, &client->allocator, 0);
    s->page_row = eb__row_find(operation->params, operation->pages->page, strlen(operation->pages->page));
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
    if (s->at >= s->list.count) {
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
