/* main.c -- an order is placed, all orders are listed, and one is waited for, over a document of our own. */
#include <stdio.h>
#include <stdlib.h>

#include "edgebind/shop.h"

int main(void)
{
    eb_client  *client   = NULL;
    eb_response response = { 0 };

    if (eb_client_new(&(eb_client_options){ .api = &shop_api, .base_url = getenv("EDGEBIND_MOCK_URL") },
                      &client) != EB_OK)
        return 1;

    /* [order] */
    const shop_item                items[] = { { .article = "rope", .count = EB_INT(2) } };
    const shop_order_create_params params  = {
         .body = &(shop_order){ .number = "A-17", .items = EB_LIST(items) },
    };
    eb_status st = shop_order_create(client, &params, NULL, &response);

    if (st == EB_MAYBE_SENT) /* x-eb-verify */
        st = shop_order_create_verify(client, &params, NULL, &response);
    if (st == EB_API && shop_error_of(&response) == SHOP_ERROR_SOLD_OUT) /* x-eb-errors */
        puts("sold out");
    /* [/order] */

    /* [list] */
    shop_order_list_pager pager = { 0 }; /* x-eb-pages */
    const shop_order     *order = NULL;

    if (st == EB_OK)
        st = shop_order_list_all(client, &(shop_order_list_params){ 0 }, &pager);
    while (st == EB_OK && (st = shop_order_list_next(&pager, &order)) == EB_OK)
        printf("%s: %s\n", order->number, order->state_text);
    /* [/list] */
    shop_order_list_pager_free(&pager);

    /* [wait] */
    const shop_order_get_params which = { .number = "A-17" };
    const shop_order           *sent  = NULL;

    if (st == EB_DONE) /* all were listed */
        st = shop_order_get_wait_sent(client, &which, &sent, &response); /* x-eb-wait */
    if (st == EB_TIMEOUT && sent != NULL) /* the last answer is there all the same */
        printf("still %s\n", sent->state_text);
    /* [/wait] */
    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_OK ? 0 : 1;
}
