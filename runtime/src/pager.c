/* pager.c -- walking a paged list item by item.
 *
 * One page is in memory at a time: an item lives until the next one is asked for. The walk ends when the
 * service says so, and also when it would never end: on an empty page, on a page number that does not
 * grow, and on a page that repeats the one before. */
#include <string.h>

#include "call.h"
#include "crypto.h"
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
    int64_t             page;           /* number of the page in the response; 0: none yet */
    int64_t             next;           /* number to ask for; 0: as the params say */
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

/* ---- Field masks ------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':' || c == '*';
}

/* Behind the closing brace that matches one already open. */
static const char *skip_group(const char *at)
{
    for (int depth = 1; *at != '\0' && depth > 0; at++)
        depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
    return at;
}

/* Does a mask like {a{b,c},d} let through what a JSON pointer leads to? * lets through what is not named
 * beside it. White space counts for nothing. */
static bool mask_shows(const char *mask, const char *pointer)
{
    const char *name = pointer + 1;
    size_t      len;
    bool        rest = false;

    if (*pointer != '/') /* nothing is left of it */
        return true;
    len = strcspn(name, "/");
    while (*mask == '{' || eb__is_space(*mask))
        mask++;
    while (*mask != '\0' && *mask != '}') {
        const char *from = mask;
        size_t      found;

        while (is_name_char(*mask))
            mask++;
        found = (size_t)(mask - from);
        if (found == 0) { /* a comma, a space, or what the service will refuse */
            mask++;
            continue;
        }
        while (eb__is_space(*mask))
            mask++;
        if (found == len && memcmp(from, name, len) == 0)
            return *mask != '{' || mask_shows(mask, name + len);
        rest = rest || (found == 1 && *from == '*');
        if (*mask == '{')
            mask = skip_group(mask + 1);
    }
    return rest;
}

static eb_status check_mask(eb_pager_state *s, const void *params, eb_response *response)
{
    const eb_operation *op = s->operation;
    const char *const wanted[] = { op->pages->items, op->pages->next, op->pages->more, op->pages->total };

    for (uint16_t i = 0; i < op->params->row_count; i++) {
        const eb_field *row  = &op->params->rows[i];
        const char     *mask = NULL;

        if ((op->places[i] & EB_FIELD_MASK) == 0)
            continue;
        memcpy(&mask, (const char *)params + row->offset, sizeof mask);
        if (mask == NULL || *mask == '\0')
            continue;
        for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++)
            if (wanted[k] != NULL && !mask_shows(mask, wanted[k])) {
                response->field = row->json;
                eb__response_message(response,
                                     "%s: the mask hides %s, without which the pages cannot be walked",
                                     row->json, wanted[k]);
                return EB_INVALID;
            }
    }
    return EB_OK;
}

/* ---- Numbers on a page ------------------------------------------------------------------------- */

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

/* Decides from a page whether there is another, and which. */
static void look_ahead(eb_pager_state *s, const void *page)
{
    const eb_pages *pages = s->operation->pages;
    int64_t         next, total;
    bool            more;

    s->ended = true;
    if (flag_at(s, page, pages->more, &more) && !more)
        return;
    if (pages->next != NULL) {
        if (!number_at(s, page, pages->next, &next) || next <= s->page)
            return;
        s->next = next;
    } else {
        if (pages->total == NULL && pages->more == NULL)
            return;
        if (number_at(s, page, pages->total, &total) && (total < 0 || s->seen >= (uint64_t)total))
            return;
        if (s->page == INT64_MAX)
            return;
        s->next = s->page + 1;
    }
    s->ended = false;
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

static eb_status fetch(eb_pager *pager)
{
    eb_pager_state *s    = pager->state_;
    const void     *page = NULL;
    int64_t         number;
    bool            numbered;
    eb_call_input   input;
    eb_status       st;

    if (s->ended)
        return pager->response.status == EB_DECODE ? EB_DECODE : EB_DONE;
    if (s->next > 0) {
        const eb_opt_int value = eb_int(s->next);

        memcpy((char *)s->params + s->page_row->offset, &value, sizeof value);
    }
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
    if (s->next == 0) {
        eb_opt_int first;

        memcpy(&first, (const char *)s->params + s->page_row->offset, sizeof first);
        s->page = first.is == EB_SET ? first.v : 1;
    } else {
        s->page = s->next;
    }
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
    if (s->next == 0 && s->page > 1) /* the pages before the first one asked for: as full as this one */
        s->seen = (uint64_t)(s->page - 1) < UINT64_MAX / s->list.count - 1
                      ? (uint64_t)(s->page - 1) * s->list.count
                      : UINT64_MAX - s->list.count;
    s->seen += s->list.count;
    look_ahead(s, page);
    return EB_OK;
}

/* ---- The three calls --------------------------------------------------------------------------- */

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
    s->page_row = eb__row_find(operation->params, operation->pages->page, strlen(operation->pages->page));
    s->arena = eb__arena_new(&client->allocator, 0);
    if (s->arena == NULL)
        return EB_NOMEM;
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
    st = check_mask(s, params, &pager->response);
    if (st == EB_OK)
        st = keep_options(s, options);
    if (st != EB_OK)
        return st;
    if (options != NULL && options->deadline_ms > 0)
        s->deadline_at_ms = eb__deadline_at(client, options);
    copy = eb__copy(operation->params, params, s->arena);
    if (copy == NULL)
        return EB_NOMEM;
    s->params = copy_bytes(s->arena, copy, operation->params->size); /* one that can be written to */
    return s->params != NULL ? EB_OK : EB_NOMEM;
}

static void drop_state(eb_pager *pager)
{
    const eb_allocator allocator = pager->state_->allocator;

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
