/* rows.c -- what rows lead to: operations by the words people type, members inside members, what is secret. */
#include <string.h>

#include "cli.h"

/* ---- APIs and operations ----------------------------------------------------------------------- */

const eb_help *cli_api_find(const char *name)
{
    for (size_t i = 0; eb_helps[i] != NULL; i++)
        if (strcmp(eb_helps[i]->api->name, name) == 0)
            return eb_helps[i];
    return NULL;
}

static const eb_help_operation *help_of(const eb_help *help, const char *name)
{
    static const eb_help_operation nothing = { "", "", "", "", "", NULL, 0 };

    for (size_t i = 0; i < help->operation_count; i++)
        if (strcmp(help->operations[i].name, name) == 0)
            return &help->operations[i];
    return &nothing;
}

void cli_each_call(const eb_help *help, bool (*take)(void *context, const cli_call *call), void *context)
{
    for (size_t i = 0; i < help->api->operation_count; i++) {
        const eb_operation *op   = help->api->operations[i];
        cli_call            call = { help, help->api, op, NULL, help_of(help, op->name) };

        if (!take(context, &call))
            return;
        call.link = op->link;
        if (call.link != NULL && !take(context, &call))
            return;
    }
}

/* The name in C without the API's prefix: so "AppVersionGet" and "app-version-get" are the same word. */
const char *cli_operation_word(const cli_call *call, cli_text *memory)
{
    const char  *name   = call->link != NULL ? call->link->name : call->operation->name;
    const size_t prefix = strlen(call->api->name);

    if (strncmp(name, call->api->name, prefix) == 0 && name[prefix] == '_')
        name += prefix + 1;
    memory->len = 0;
    cli_puts(memory, name);
    for (char *at = memory->data; *at != '\0'; at++)
        *at = (char)(*at == '_' ? '-' : *at);
    return memory->data;
}

typedef struct finding {
    const char *word;
    cli_call   *call;
    bool        found;
} finding;

static bool find(void *context, const cli_call *call)
{
    finding   *f      = context;
    cli_text   memory = { 0 };
    const bool same   = strcmp(f->word, cli_operation_word(call, &memory)) == 0 ||
                      (call->link == NULL && strcmp(f->word, call->operation->id) == 0) ||
                      strcmp(f->word, call->link != NULL ? call->link->name : call->operation->name) == 0;

    cli_text_free(&memory);
    if (same) {
        *f->call = *call;
        f->found = true;
    }
    return !same;
}

bool cli_call_find(const eb_help *help, const char *word, cli_call *call)
{
    finding f = { word, call, false };

    cli_each_call(help, find, &f);
    return f.found;
}

/* ---- Members ----------------------------------------------------------------------------------- */

const eb_field *cli_body_row(const eb_operation *operation)
{
    for (uint16_t i = 0; i < operation->params->row_count; i++)
        if ((operation->places[i] & EB_PLACE_MASK_) == EB_IN_BODY)
            return &operation->params->rows[i];
    return NULL;
}

static const eb_type *target_of(const eb_field *row)
{
    return row != NULL && (row->kind == EB_KIND_OBJECT || row->kind == EB_KIND_STRUCT) ? row->target
                                                                                       : NULL;
}

/* A union has alternatives, not members: it is written as JSON. */
const eb_type *cli_struct_of(const eb_field *row)
{
    const eb_type *type = target_of(row);

    return type != NULL && type->shape == EB_SHAPE_STRUCT ? type : NULL;
}

const eb_type *cli_body_type(const eb_operation *operation)
{
    return cli_struct_of(cli_body_row(operation));
}

const eb_field *cli_element(const eb_field *row)
{
    if (row == NULL || (row->kind != EB_KIND_LIST && row->kind != EB_KIND_MAP))
        return NULL;
    return &((const eb_type *)row->target)->rows[0];
}

/* By its name on the wire, else by that in kebab case. */
const eb_field *cli_row(const eb_type *type, const char *name, size_t len)
{
    for (uint16_t i = 0; i < type->row_count; i++)
        if (type->rows[i].json_len == len && len > 0 && memcmp(type->rows[i].json, name, len) == 0)
            return &type->rows[i];
    for (uint16_t i = 0; i < type->row_count; i++)
        if ((type->rows[i].flags & EB_REST) == 0 && cli_is_name(type->rows[i].json, name, len))
            return &type->rows[i];
    return NULL;
}

const eb_field *cli_row_at(const eb_type *type, const char *pointer)
{
    const eb_field *row = NULL;

    while (*pointer == '/' && type != NULL) {
        const size_t len = strcspn(pointer + 1, "/");

        row  = cli_row(type, pointer + 1, len);
        type = cli_struct_of(row);
        pointer += len + 1;
    }
    return *pointer == '\0' ? row : NULL;
}

const eb_limits *cli_limits(const eb_type *owner, const eb_field *row)
{
    const unsigned number = (unsigned)row->flags >> 8;

    return number > 0 && owner->limits != NULL ? &owner->limits[number - 1] : NULL;
}

const eb_help_member *cli_help_member(const eb_help *help, const eb_type *owner, const eb_field *row)
{
    static const eb_help_member nothing = { "", "" };

    for (size_t i = 0; i < help->type_count; i++)
        if (strcmp(help->types[i].name, owner->name) == 0 && help->types[i].count == owner->row_count)
            return &help->types[i].members[row - owner->rows];
    return &nothing;
}

static const char *list_text(const eb_field *item)
{
    switch (item->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        return "list of true, false";
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
        return "list of integers";
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
        return "list of numbers";
    case EB_KIND_STRUCT:
    case EB_KIND_OBJECT:
        return "list of objects";
    default:
        return "list";
    }
}

const char *cli_kind_text(const eb_field *row)
{
    switch (row->kind) {
    case EB_KIND_BOOL:
    case EB_KIND_OPT_BOOL:
        return "true or false";
    case EB_KIND_INT:
    case EB_KIND_OPT_INT:
    case EB_KIND_INT_ENUM:
        return "integer";
    case EB_KIND_NUM:
    case EB_KIND_OPT_NUM:
    case EB_KIND_DECIMAL:
        return "number";
    case EB_KIND_STR:
    case EB_KIND_TEXT:
    case EB_KIND_ENUM:
        return "text";
    case EB_KIND_OBJECT:
    case EB_KIND_STRUCT:
        return cli_struct_of(row) != NULL ? "object" : "JSON, one of several types";
    case EB_KIND_LIST:
        return list_text(cli_element(row));
    case EB_KIND_MAP:
        return "map";
    case EB_KIND_BODY:
        return "file";
    default:
        return "JSON";
    }
}

/* ---- Secrets ----------------------------------------------------------------------------------- */

enum { DEPTH = 12 }; /* of types that hold themselves */

static bool type_has_secrets(const eb_type *type, int depth);

static bool has_secrets(const eb_field *row, int depth)
{
    if ((row->flags & EB_SECRET) != 0)
        return true;
    if (depth == 0)
        return false;
    if (target_of(row) != NULL)
        return type_has_secrets(target_of(row), depth - 1);
    return cli_element(row) != NULL && has_secrets(cli_element(row), depth - 1);
}

static bool type_has_secrets(const eb_type *type, int depth)
{
    for (uint16_t i = 0; i < type->row_count; i++)
        if (has_secrets(&type->rows[i], depth))
            return true;
    return false;
}

bool cli_has_secrets(const eb_field *row)
{
    return has_secrets(row, DEPTH);
}

bool cli_type_has_secrets(const eb_type *type)
{
    return type_has_secrets(type, DEPTH);
}

static void mask_whole(cJSON *value)
{
    char *name = value->string;

    if (cJSON_IsNull(value))
        return;
    cJSON *masked = cJSON_CreateString("***");

    if (masked == NULL)
        return;
    /* the item stays where it is, so that lists keep their order: only what it holds is exchanged */
    cJSON_Delete(value->child);
    cJSON_free(value->valuestring);
    value->child        = NULL;
    value->type         = cJSON_String | (value->type & cJSON_StringIsConst);
    value->string       = name;
    value->valuestring  = masked->valuestring;
    masked->valuestring = NULL;
    cJSON_Delete(masked);
}

void cli_mask(cJSON *value, const eb_field *row)
{
    if (row == NULL)
        return;
    if ((row->flags & EB_SECRET) != 0 && (row->flags & EB_REST) == 0) {
        mask_whole(value);
        return;
    }
    if (target_of(row) != NULL) {
        cli_mask_struct(value, target_of(row));
        return;
    }
    for (cJSON *item = cli_element(row) != NULL ? value->child : NULL; item != NULL; item = item->next)
        cli_mask(item, cli_element(row));
}

/* A member that the document does not know, beside a secret one, may be one too. */
void cli_mask_struct(cJSON *value, const eb_type *type)
{
    bool beside = false;

    if (type->shape == EB_SHAPE_UNION) { /* whichever it is: what would be secret in one of them is masked */
        for (uint16_t i = 0; i < type->row_count; i++)
            cli_mask(value, &type->rows[i]);
        return;
    }
    if (type->shape != EB_SHAPE_STRUCT) {
        for (cJSON *item = value->child; item != NULL; item = item->next)
            cli_mask(item, &type->rows[0]);
        return;
    }
    if (!cJSON_IsObject(value))
        return;
    for (uint16_t i = 0; i < type->row_count; i++)
        beside = beside || (type->rows[i].flags & EB_SECRET) != 0;
    for (cJSON *item = value->child; item != NULL; item = item->next) {
        const eb_field *row = NULL;

        for (uint16_t i = 0; i < type->row_count; i++)
            if (type->rows[i].json_len > 0 && strcmp(type->rows[i].json, item->string) == 0)
                row = &type->rows[i];
        if (row != NULL)
            cli_mask(item, row);
        else if (beside)
            mask_whole(item);
    }
}
