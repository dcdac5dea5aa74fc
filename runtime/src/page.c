/* page.c -- what a page says: its items, and which page comes behind it.
 *
 * A walk that would never end ends here: on a page number that does not grow, and on a token or a URL that leads round in
 * a circle. One that would go astray does so as well, and says why. */
#include <string.h>

#include "codec.h"
#include "next_url.h"
#include "number.h"
#include "pager.h"
#include "text.h"
#include "web_link.h"

/* ---- Members --------------------------------------------------------------------------------------- */

bool eb__page_number(const eb_pager_state *s, const void *page, const char *pointer, int64_t *number)
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

eb_list_head eb__page_items(const eb_pager_state *s, const void *page, size_t *item_size)
{
    const char     *pointer = s->operation->pages->items;
    const eb_type  *type    = s->operation->result;
    const void     *base;
    const eb_field *row;
    eb_list_head    list = { NULL, 0 };

    if (*pointer != '\0') {
        row = eb__row_at(type, page, pointer, &base);
        if (row == NULL || row->kind != EB_KIND_LIST)
            return list;
        type = row->target;
        page = (const char *)base + row->offset;
    }
    *item_size = type->size;
    return eb__list_at(page);
}

bool eb__page_says_anything(const eb_pager_state *s, const void *page)
{
    const eb_pages *pages = s->operation->pages;
    const char     *all[] = { pages->items, pages->next, pages->more, pages->number, pages->total };
    const void     *base;

    if (*pages->items == '\0')
        return true;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const eb_field *row = all[i] != NULL ? eb__row_at(s->operation->result, page, all[i], &base)
                                             : NULL;

        if (row != NULL && eb__is_given(row, base))
            return true;
    }
    return false;
}

const char *eb__page_field(const char *pointer)
{
    return *pointer == '/' ? pointer + 1 : pointer;
}

/* ---- The next one ---------------------------------------------------------------------------------- */

/* What the pages of an operation name the next one in. */
static const char *next_field(const eb_pages *pages)
{
    return pages->header != NULL ? pages->header : eb__page_field(pages->next);
}

/* Ends a walk that cannot go on as the answer says. */
static void give_up(eb_pager_state *s, eb_problem *problem, eb_status fault)
{
    s->ended = true;
    s->fault = fault;
    if (problem->text[0] == '\0')
        (void)eb__problem_set(problem, fault, "%s", eb_status_text(fault));
}

/* How the answer names the next page; *len is 0 where it names none. EB_DECODE: it does not make sense. */
static eb_status find_next(const eb_pager_state *s, const void *page, const eb_response *response,
                           const char **next, size_t *len, eb_problem *problem)
{
    const eb_pages *pages = s->operation->pages;

    *len = 0;
    if (pages->kind == EB_PAGES_URL && pages->header != NULL && eb__same_name(pages->header, "link")) {
        const eb_status st = eb__web_link_next(response->headers, response->header_count, next, len,
                                               problem);

        return st == EB_DONE ? EB_OK : st;
    }
    *next = pages->header != NULL ? eb_response_header(response, pages->header)
                                  : text_at(s, page, pages->next);
    if (*next != NULL)
        *len = strlen(*next);
    return EB_OK;
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

/* The number of the next page as the answer gives it. */
static bool given_number(eb_pager_state *s, const void *page, const eb_response *response,
                         int64_t *next, eb_problem *problem)
{
    const eb_pages *pages = s->operation->pages;
    const char     *text;
    size_t          len;

    if (pages->header == NULL)
        return eb__page_number(s, page, pages->next, next);
    (void)find_next(s, page, response, &text, &len, problem);
    if (len == 0)
        return false;
    if (strspn(text, "0123456789") == len && eb__parse_int(text, len, next))
        return true;
    (void)eb__problem_set(problem, EB_DECODE, "%s: expected a number, got \"%.60s\"", pages->header, text);
    give_up(s, problem, EB_DECODE);
    return false;
}

/* By number: is there another page, and which? */
static bool next_number(eb_pager_state *s, const void *page, const eb_response *response, bool told,
                        eb_problem *problem)
{
    const eb_pages *pages = s->operation->pages;
    int64_t         next, total;

    if (pages->next != NULL || pages->header != NULL) {
        if (!given_number(s, page, response, &next, problem) || next <= s->page)
            return false;
        s->next = next;
        return true;
    }
    if (eb__page_number(s, page, pages->total, &total)) {
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

/* Puts the URL that the answer leads to into kept. */
static eb_status take_url(eb_pager_state *s, eb_buf *kept, const char *next, size_t len, eb_problem *problem)
{
    const eb_buf   *page   = s->token.len > 0 ? &s->token : &s->first_url;
    const eb_walked walked = { s->client, s->operation, s->params, eb__buf_text(page) };

    return eb__next_url(kept, &walked, next_field(s->operation->pages), next, len, problem);
}

static bool same(const eb_buf *a, const eb_buf *b)
{
    return a->len == b->len && a->len > 0 && memcmp(a->data, b->data, a->len) == 0;
}

/* Keeps every token whose number is a power of two until the next such one (Brent's way of finding circles): in a
 * circle of any length one of them comes again. */
static eb_status mark(eb_pager_state *s, const eb_buf *kept)
{
    const uint64_t step = s->steps + 1;
    eb_buf         copy;

    if ((step & (step - 1)) == 0) {
        eb__buf_init(&copy, &s->allocator, 0);
        eb__buf_put(&copy, kept->data, kept->len);
        if (eb__buf_status(&copy) != EB_OK) {
            eb__buf_free(&copy);
            return EB_NOMEM;
        }
        eb__buf_free(&s->mark);
        s->mark = copy;
    }
    s->steps = step;
    return EB_OK;
}

/* By token or URL: one that was asked for before would lead round and round. */
static eb_status next_text(eb_pager_state *s, const void *page, const eb_response *response,
                           eb_problem *problem)
{
    const bool  by_url = s->operation->pages->kind == EB_PAGES_URL;
    const char *next   = NULL;
    size_t      len;
    eb_buf      kept;
    eb_status   st = find_next(s, page, response, &next, &len, problem);

    eb__buf_init(&kept, &s->allocator, 0);
    if (st == EB_OK && len == 0) {
        s->ended = true;
        return EB_OK;
    }
    if (st == EB_OK && by_url)
        st = take_url(s, &kept, next, len, problem);
    else if (st == EB_OK)
        eb__buf_put(&kept, next, len);
    if (st == EB_OK)
        st = eb__buf_status(&kept);
    if (st == EB_OK) {
        const eb_buf *asked = by_url && s->token.len == 0 ? &s->first_url : &s->token;

        s->ended = same(asked, &kept) || same(&s->mark, &kept);
    }
    if (st == EB_OK && !s->ended)
        st = mark(s, &kept);
    if (st == EB_OK && !s->ended) {
        eb__buf_free(&s->token);
        s->token = kept;
        return EB_OK;
    }
    eb__buf_free(&kept);
    if (st == EB_OK)
        (void)eb__problem_set(problem, EB_DONE, "the service gave the same %s again; the walk ends here",
                              by_url ? "URL" : "token");
    else if (st != EB_NOMEM)
        give_up(s, problem, st);
    return st == EB_NOMEM ? st : EB_OK;
}

eb_status eb__page_look_ahead(eb_pager_state *s, const void *page, const eb_response *response,
                              eb_problem *problem)
{
    const eb_pages *pages = s->operation->pages;
    bool            more  = false;
    const bool      told  = flag_at(s, page, pages->more, &more);

    s->ended = told && !more;
    if (s->ended)
        return EB_OK;
    if (pages->kind == EB_PAGES_TOKEN || pages->kind == EB_PAGES_URL)
        return next_text(s, page, response, problem);
    if (!next_number(s, page, response, told, problem))
        s->ended = true;
    return EB_OK;
}
