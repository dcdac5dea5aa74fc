/* pager.h -- a walk over a paged list: its state, and what a page says of itself and of the next. */
#ifndef EB_PAGER_H
#define EB_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "client.h"
#include "crypto.h"
#include "problem.h"
#include "rows.h"

typedef struct eb_pager_state {
    eb_allocator        allocator; /* the client's; a pager may be freed after it */
    eb_client          *client;
    const eb_operation *operation;
    eb_arena           *arena; /* params, options, texts of options */
    void               *params;
    eb_call_options     options;        /* a copy of the caller's */
    const eb_field     *page_row;       /* NULL: pages are asked for by their URLs */
    int64_t             deadline_at_ms; /* 0: every page has its own */
    int64_t             page;           /* number or offset of the page in the response */
    int64_t             next;           /* the one to ask for; 0: as the params say */
    eb_buf              token;          /* the token or URL to ask for; empty: as the params say */
    eb_buf              first_url; /* of the first page, where pages are asked for by their URLs */
    eb_buf    mark;  /* a token or URL of before, which comes again where a walk goes in circles */
    uint64_t  steps; /* how many tokens or URLs there were */
    bool      ended;
    eb_status fault; /* what an ended walk answers; EB_OK: EB_DONE */
    uint64_t  seen;  /* items on all pages so far */
    int       empty; /* pages without items, one after the other, up to now */
    eb_list_head list;
    size_t       at, item_size;
    const char  *text; /* behind the item of the page's text that was given last; NULL: none was */
    size_t       text_at;                    /* how many items of the text that is */
    char         digest[EB_SHA256_HEX_SIZE]; /* of the page before */
} eb_pager_state;

/* page.c */

/* The integer a pointer leads to; false: absent or null. */
bool eb__page_number(const eb_pager_state *s, const void *page, const char *pointer, int64_t *number);

eb_list_head eb__page_items(const eb_pager_state *s, const void *page, size_t *item_size);

/* Is there anything about pages in an answer without items? Then the page is an empty one. */
bool eb__page_says_anything(const eb_pager_state *s, const void *page);

/* What a pointer into an answer is called in response->field: "data/items"; "" of the whole. */
const char *eb__page_field(const char *pointer);

/* Decides from a page whether there is another, and which. EB_OK: s knows; problem has a line where the walk ends for
 * another reason than that it is at its end, and the status that it ends with. EB_NOMEM. */
eb_status eb__page_look_ahead(eb_pager_state *s, const void *page, const eb_response *response,
                              eb_problem *problem);

#endif
