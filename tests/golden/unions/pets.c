/* pets.c -- unions as a program writes and reads them. */
#include <stdio.h>
#include <string.h>

#include "edgebind/un.h"

static int failures;

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "not so: %s\n", what);
        failures++;
    }
}

static void is_written(const un_house *house, const char *expected)
{
    eb_response     response = { 0 };
    eb_json         json     = { 0 };
    const eb_status st       = un_house_to_json(house, &json, &response);

    if (st != EB_OK || strcmp(json.text, expected) != 0) {
        fprintf(stderr, "expected %s\ngot      %s\n", expected,
                st == EB_OK ? json.text : response.message);
        failures++;
    }
    eb_response_free(&response);
}

static void write_some(void)
{
    const un_cat   cat    = { .lives = EB_INT(9) };
    const un_dog   dog    = { .bark = "wuff" };
    const un_pet   pets[] = { { .kind = UN_PET_CAT, .u.cat = &cat },
                              { .kind = UN_PET_HOUND, .u.dog = &dog },
                              { .kind = UN_PET_OTHER, .u.other = EB_JSON("{\"petType\":\"bird\"}") } };
    const un_any   any[]  = { { .kind = UN_ANY_NUMBER, .u.number = 0.5 },
                              { .kind = UN_ANY_TEXT, .u.text = "t" } };
    const un_house house  = {
         .owner     = &(un_owner){ .kind = UN_OWNER_TEXT, .u.text = "Ada" },
         .pet       = &un_pet_null,
         .pets      = EB_LIST(pets),
         .extra     = &(un_any){ .kind = UN_ANY_ANY_LIST, .u.any_list = EB_LIST(any) },
         .colour    = UN_HOUSE_COLOUR_BLUE,
         .mode      = UN_HOUSE_MODE_OTHER,
         .mode_text = "steady",
         .address   = &(un_house_address){ .kind = UN_HOUSE_ADDRESS_BOX,
                                           .u.box = &(un_house_address_box){ .city = "X", .box = EB_INT(7) } },
    };

    is_written(&house, "{\"kind\":\"house\",\"version\":2,\"owner\":\"Ada\",\"pet\":null,\"pets\":["
                       "{\"petType\":\"cat\",\"lives\":9},{\"petType\":\"hound\",\"bark\":\"wuff\"},"
                       "{\"petType\":\"bird\"}],\"extra\":[0.5,\"t\"],\"colour\":\"blue\",\"mode\":\"steady\","
                       "\"address\":{\"city\":\"X\",\"box\":7}}");
}

static void read_some(void)
{
    static const char text[] =
        "{\"kind\":\"house\",\"version\":2,\"owner\":{\"legal_form\":\"AG\",\"name\":\"n\"},"
        "\"pet\":{\"chip\":\"secret\",\"lives\":1,\"petType\":\"cat\"},\"note\":[\"a\"],"
        "\"rooms\":{\"attic\":{\"petType\":\"dog\",\"bark\":\"w\"}},\"size\":null}";
    eb_response     response = { 0 };
    const un_house *house    = NULL;
    eb_json         printed  = { 0 };

    if (un_house_from_json(text, sizeof text - 1, &house, &response) != EB_OK) {
        fprintf(stderr, "%s\n", response.message);
        failures++;
        return;
    }
    must(house->owner->kind == UN_OWNER_COMPANY, "a company has a legal form");
    must(house->pet->kind == UN_PET_CAT && house->pet->u.cat->lives.v == 1, "a cat");
    must(house->note->kind == UN_HOUSE_NOTE_TEXT_LIST && house->note->u.text_list.count == 1,
         "a list of texts");
    must(house->rooms.items[0].value.kind == UN_PET_DOG, "a dog in a map");
    must(house->size == UN_HOUSE_SIZE_NULL, "null among enums");
    must(un_house_print(house, &printed, &response) == EB_OK &&
             strstr(printed.text, "secret") == NULL && strstr(printed.text, "***") != NULL,
         "no secret is printed");
    eb_response_free(&response);
}

int main(void)
{
    write_some();
    read_some();
    return failures == 0 ? 0 : 1;
}
