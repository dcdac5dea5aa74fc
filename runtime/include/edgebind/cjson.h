/* edgebind/cjson.h -- from eb_json to cJSON and back; the only header that knows cJSON.
 *
 * An eb_json is exact text. cJSON's numbers are doubles, so an integer beyond 2^53 becomes a cJSON_Raw
 * item that holds its digits: nothing is lost, and it prints as it came. */
#ifndef EDGEBIND_CJSON_H
#define EDGEBIND_CJSON_H

#include <cjson/cJSON.h>

#include "edgebind/status.h"
#include "edgebind/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a tree that cJSON_Delete releases. EB_INVALID: not one JSON value; EB_LIMIT: nested deeper
 * than 512 levels; EB_NOMEM. *tree is written on success only. */
eb_status eb_json_to_cjson(eb_json json, cJSON **tree);

/* Prints a tree into one block that free() releases; *json points into it. Doubles are written so that
 * they read back the same. EB_INVALID: NULL, or an invalid item; EB_NOMEM. */
eb_status eb_json_from_cjson(const cJSON *tree, eb_json *json);

#ifdef __cplusplus
}
#endif
#endif
