/* paging.c -- every item of a list, over all its pages; one page by hand; stopping early. */
#include <stdio.h>
#include <stdlib.h>

#include "edgebind/esa.h"

int main(void)
{
    eb_client *client = NULL;

    if (eb_client_new(&(eb_client_options){ .api      = &esa_api,
                                            .region   = "ap-southeast-1",
                                            .base_url = getenv("EDGEBIND_MOCK_URL") },
                      &client) != EB_OK)
        return 1;

    /* [walk] */
    const esa_list_edge_container_apps_params params = { .page_size = EB_INT(10) };
    esa_list_edge_container_apps_pager        pager  = { 0 };
    const esa_edge_container_app             *app    = NULL;
    size_t                                    count  = 0;

    eb_status st = esa_list_edge_container_apps_all(client, &params, &pager); /* sends nothing yet */

    while (st == EB_OK && (st = esa_list_edge_container_apps_next(&pager, &app)) == EB_OK) {
        count++; /* app lives until the next _next */
        if (count == 1)
            printf("first: %s\n", app->name != NULL ? app->name : "(no name)");
    }
    if (st == EB_DONE) /* after the last item */
        printf("%zu applications\n", count);
    else
        fprintf(stderr, "stopped at %zu: %s\n", count, pager.response.message);
    esa_list_edge_container_apps_pager_free(&pager);
    /* [/walk] */

    /* [early] */
    st = esa_list_edge_container_apps_all(client, &params, &pager);
    if (st == EB_OK && esa_list_edge_container_apps_next(&pager, &app) == EB_OK)
        printf("one is enough: %s\n", app->app_id != NULL ? app->app_id : "(no id)");
    esa_list_edge_container_apps_pager_free(&pager); /* at any time */
    /* [/early] */

    /* [page] */
    const esa_list_edge_container_apps_response *page     = NULL;
    eb_response                                  response = { 0 };
    const esa_list_edge_container_apps_params    third    = { .page_number = EB_INT(3),
                                                              .page_size   = EB_INT(10) };

    st = esa_list_edge_container_apps(client, &third, &page, &response);
    if (st == EB_OK && page != NULL)
        printf("page 3 holds %zu of %lld\n", page->apps.count, (long long)page->total_count.v);
    /* [/page] */
    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_OK && count == 25 ? 0 : 1;
}
