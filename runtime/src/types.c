/* types.c -- the lists and maps of scalars that every API shares, as rows. */
#include "codec.h"

#define ITEM(kind_, flags_)                  \
    {                                        \
        "", NULL, 0, 0, (flags_), (kind_), 0 \
    }
#define LIST(name_, C, row)                                             \
    {                                                                   \
        name_, &(row), NULL, NULL, sizeof(C), 1, EB_SHAPE_LIST, 0, NULL \
    }

static const eb_field str_item          = ITEM(EB_KIND_STR, 0);
static const eb_field nullable_str_item = ITEM(EB_KIND_STR, EB_NULLABLE);
static const eb_field int_item          = ITEM(EB_KIND_INT, 0);
static const eb_field num_item          = ITEM(EB_KIND_NUM, 0);
static const eb_field bool_item         = ITEM(EB_KIND_BOOL, 0);
static const eb_field opt_int_item      = ITEM(EB_KIND_OPT_INT, EB_NULLABLE);
static const eb_field opt_num_item      = ITEM(EB_KIND_OPT_NUM, EB_NULLABLE);
static const eb_field opt_bool_item     = ITEM(EB_KIND_OPT_BOOL, EB_NULLABLE);
static const eb_field json_item         = ITEM(EB_KIND_JSON, 0);
static const eb_field body_item         = ITEM(EB_KIND_BODY, 0);

static const eb_field str_entry[]  = { EB_ROW_STR(eb_str_entry, value, "", 0) };
static const eb_field json_entry[] = { EB_ROW_JSON(eb_json_entry, value, "", 0) };

const eb_type eb_str_list_type          = LIST("eb_str_list", const char *, str_item);
const eb_type eb_nullable_str_list_type = LIST("eb_str_list", const char *, nullable_str_item);
const eb_type eb_int_list_type          = LIST("eb_int_list", int64_t, int_item);
const eb_type eb_num_list_type          = LIST("eb_num_list", double, num_item);
const eb_type eb_bool_list_type         = LIST("eb_bool_list", bool, bool_item);
const eb_type eb_opt_int_list_type      = LIST("eb_opt_int_list", eb_opt_int, opt_int_item);
const eb_type eb_opt_num_list_type      = LIST("eb_opt_num_list", eb_opt_num, opt_num_item);
const eb_type eb_opt_bool_list_type     = LIST("eb_opt_bool_list", eb_opt_bool, opt_bool_item);
const eb_type eb_json_list_type         = LIST("eb_json_list", eb_json, json_item);
const eb_type eb_body_list_type         = LIST("eb_body_list", eb_body, body_item);
const eb_type eb_str_map_type           = EB_MAP_TYPE(eb_str_map, str_entry);
const eb_type eb_json_map_type          = EB_MAP_TYPE(eb_json_map, json_entry);
