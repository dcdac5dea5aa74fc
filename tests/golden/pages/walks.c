/* walks.c -- lists by token and by offset: what is asked for page by page, and where a walk ends. */
#include <stdio.h>
#include <string.h>

#include "edgebind/pag.h"
#include "edgebind/testing.h"

enum { PAGES = 4 };

typedef struct walk {
    const char *what;
    bool        by_token;
    const char *first; /* token or offset that the caller begins with; NULL */
    int         size;  /* 0: not said */
    const char *pages[PAGES];
    const char *asked[PAGES]; /* the query of each request; NULL: there is none */
    const char *items;        /* names, one after the other */
    const char *says;         /* in the response's message at the end */
} walk;

#define EVENTS(names, next, more) "{\"events\":[" names "],\"meta\":{\"next_cursor\":" next ",\"more\":" more "}}"
#define ROWS(names, count)        "{\"rows\":[" names "],\"count\":" count "}"
#define ITEM(name)                "{\"name\":\"" name "\"}"

static const walk walks[] = {
    { "tokens until there is none", true, NULL, 2,
      { EVENTS(ITEM("a") "," ITEM("b"), "\"t&1\"", "true"), EVENTS(ITEM("c"), "null", "true") },
      { "limit=2", "cursor=t%261&limit=2" }, "abc", "" },
    { "an empty token", true, NULL, 0, { EVENTS(ITEM("a"), "\"\"", "true") }, { "" }, "a", "" },
    { "a flag that says the end", true, NULL, 0, { EVENTS(ITEM("a"), "\"more\"", "false") }, { "" }, "a", "" },
    { "a token the caller had", true, "kept", 0,
      { EVENTS(ITEM("a"), "\"x\"", "null"), EVENTS("", "\"y\"", "true") }, { "cursor=kept", "cursor=x" }, "a", "" },
    { "a token that leads round", true, NULL, 0,
      { EVENTS(ITEM("a"), "\"x\"", "true"), EVENTS(ITEM("b"), "\"x\"", "true") }, { "", "cursor=x" }, "ab", "same token" },
    { "a page over again", true, NULL, 0,
      { EVENTS(ITEM("a"), "\"x\"", "true"), EVENTS(ITEM("a"), "\"y\"", "true") }, { "", "cursor=x" }, "a", "same page" },
    { "offsets up to a count", false, NULL, 2, { ROWS(ITEM("a") "," ITEM("b"), "3"), ROWS(ITEM("c"), "3") },
      { "take=2", "skip=2&take=2" }, "abc", "" },
    { "an offset the caller had", false, "5", 0, { ROWS(ITEM("f"), "7"), ROWS(ITEM("g"), "7") }, { "skip=5", "skip=6" },
      "fg", "" },
    { "a short page without a count", false, NULL, 2, { ROWS(ITEM("a") "," ITEM("b"), "null"), ROWS(ITEM("c"), "null") },
      { "take=2", "skip=2&take=2" }, "abc", "" },
    { "an empty page without a count", false, NULL, 0, { ROWS(ITEM("a"), "null"), ROWS("", "null") }, { "", "skip=1" },
      "a", "" },
};

/* What is behind the question mark. */
static const char *query_of(const char *url)
{
    const char *mark = strchr(url, '?');

    return mark != NULL ? mark + 1 : "";
}

static eb_status next(const walk *w, eb_pager *pager, const pag_thing **item)
{
    return w->by_token ? pag_event_list_next(pager, item) : pag_row_list_next(pager, item);
}

static eb_status begin(const walk *w, eb_client *client, eb_pager *pager)
{
    const eb_opt_int size = w->size != 0 ? eb_int(w->size) : (eb_opt_int){ 0 };

    if (w->by_token)
        return pag_event_list_all(client, &(pag_event_list_params){ .cursor = w->first, .limit = size }, pager);
    return pag_row_list_all(
        client, &(pag_row_list_params){ .skip = w->first != NULL ? eb_int(w->first[0] - '0') : (eb_opt_int){ 0 }, .take = size },
        pager);
}

/* What went wrong; NULL. */
static const char *wrong(const walk *w, eb_client *client, eb_script *script)
{
    eb_pager         pager   = { 0 };
    const pag_thing *item    = NULL;
    const char      *said    = NULL;
    char             got[20] = "";
    eb_status        st      = begin(w, client, &pager);

    while (st == EB_OK && (st = next(w, &pager, &item)) == EB_OK && strlen(got) < sizeof got - 2)
        strncat(got, item->name, 1);
    if (st != EB_DONE)
        said = eb_status_name(st);
    else if (strcmp(got, w->items) != 0)
        said = "other items";
    else if (strstr(pager.response.message, w->says) == NULL || (*w->says == '\0' && *pager.response.message != '\0'))
        said = "another message";
    for (size_t i = 0; said == NULL && i < PAGES; i++)
        if ((w->asked[i] != NULL) != (i < script->exchanges) ||
            (w->asked[i] != NULL && strcmp(query_of(script->seen[i].url), w->asked[i]) != 0))
            said = i < script->exchanges ? script->seen[i].url : "a request is missing";
    if (said != NULL)
        (void)fprintf(stderr, "%s: %s, items %s, %s\n", w->what, said, got, pager.response.message);
    eb_pager_free(&pager);
    return said;
}

int main(void)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        eb_script_answer answers[PAGES];
        eb_script        script    = { .answers = answers };
        eb_transport     transport = eb_script_transport(&script);
        eb_client       *client    = NULL;

        while (script.count < PAGES && walks[i].pages[script.count] != NULL) {
            answers[script.count] = (eb_script_answer){ .http_status = 200, .body = walks[i].pages[script.count] };
            script.count++;
        }
        if (eb_client_new(&(eb_client_options){ .api = &pag_api, .transport = &transport }, &client) != EB_OK)
            return 2;
        failed += wrong(&walks[i], client, &script) != NULL;
        eb_client_free(client);
        eb_script_reset(&script);
    }
    return failed != 0;
}
