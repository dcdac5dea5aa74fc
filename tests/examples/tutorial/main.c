/* main.c -- adds a pet to the shop, and lists all of them. */
#include <stdio.h>
#include <stdlib.h>

#include "edgebind/shop.h"

int main(void)
{
    char                    problem[256];
    const eb_client_options options = {
        .api          = &shop_api,
        .base_url     = getenv("EDGEBIND_MOCK_URL"), /* NULL: https://pets.example.com */
        .problem      = problem,
        .problem_size = sizeof problem,
    };
    eb_client  *client   = NULL;
    eb_response response = { 0 };
    eb_status   st       = eb_client_new(&options, &client);

    if (st != EB_OK) {
        fprintf(stderr, "%s\n", problem);
        return 1;
    }

    const shop_pet *pet = NULL;

    st = shop_add_pet(client,
                      &(shop_add_pet_params){ .body = &(shop_new_pet){ .name  = "Rex",
                                                                       .kind  = SHOP_KIND_DOG,
                                                                       .price = EB_NUM(249.5) } },
                      &pet, &response);
    if (st == EB_OK && pet != NULL)
        printf("%s has number %lld\n", pet->name, (long long)pet->id);

    const shop_pet_list *pets = NULL; /* the next call drops `pet` */

    if (st == EB_OK)
        st = shop_list_pets(client, &(shop_list_pets_params){ 0 }, &pets, &response);
    for (size_t i = 0; st == EB_OK && pets != NULL && i < pets->count; i++)
        printf("%s, a %s\n", pets->items[i].name, pets->items[i].kind_text);

    if (st != EB_OK)
        fprintf(stderr, "%s (HTTP %d): %s\n", eb_status_text(st), response.http_status, response.message);
    eb_response_free(&response);
    eb_client_free(client);
    return st == EB_OK ? 0 : 1;
}
