/* edgebind/value.h -- the values that members of requests and responses have.
 *
 * { 0 } always means "nothing set". Absent, null and a value are three different things:
 *
 *     number, boolean  eb_opt_int ...      { 0 }              EB_INT_NULL          EB_INT(3)
 *     string           const char *        NULL               eb_string_null       "text"
 *     list, map        { items, count }    items == NULL      EB_LIST_NULL         EB_LIST(array), EB_EMPTY
 *     object           const T *           NULL               &<type>_null         &(T){ ... }
 *     enum             X and x_text        X_UNSET            X_NULL               a constant, or X_OTHER with text
 *     one of several   const T *           NULL               &<type>_null         &(T){ .kind = X, .u.x = ... }
 *     anything         eb_json             text == NULL       "null"               exact JSON text
 *
 * The upper-case macros are brace initialisers (`.max_duration = EB_INT(30)`), the lower-case
 * functions make the same for an assignment (`body.max_duration = eb_int(30)`); a list is assigned as
 * `body.ports = (edgegap_app_version_port_list)EB_LIST(ports)`. `.max_duration = 30` compiles, for C takes it
 * for the value inside, and is refused when it is sent; a bare 0 or false cannot be told from nothing.
 *
 * After decoding, the text beside an enum is always set, for known values too. */
#ifndef EDGEBIND_VALUE_H
#define EDGEBIND_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In front of what a document calls deprecated; define EB_ALLOW_DEPRECATED before the first header to have no
 * warnings of it. */
#if defined(EB_ALLOW_DEPRECATED)
#define EB_DEPRECATED
#elif defined(__GNUC__)
#define EB_DEPRECATED __attribute__((deprecated))
#elif defined(_MSC_VER)
#define EB_DEPRECATED __declspec(deprecated)
#else
#define EB_DEPRECATED
#endif

/* Whether a value is there, and whether it is null. */
typedef enum eb_presence { EB_ABSENT = 0, EB_SET = 1, EB_NULL = 2 } eb_presence;

/* A number or boolean that may be absent or null; v counts only when is == EB_SET. */
typedef struct eb_opt_int {
    int64_t     v;
    eb_presence is;
} eb_opt_int;

typedef struct eb_opt_num {
    double      v;
    eb_presence is;
} eb_opt_num;

typedef struct eb_opt_bool {
    bool        v;
    eb_presence is;
} eb_opt_bool;

/* Values and nulls as initialisers. */
#define EB_INT(value)  { (value), EB_SET }
#define EB_NUM(value)  { (value), EB_SET }
#define EB_BOOL(value) { (value), EB_SET }
#define EB_INT_NULL    { 0, EB_NULL }
#define EB_NUM_NULL    { 0, EB_NULL }
#define EB_BOOL_NULL   { false, EB_NULL }

/* The same for an assignment, and for C++. */
static inline eb_opt_int eb_int(int64_t value)
{
    const eb_opt_int made = EB_INT(value);

    return made;
}

static inline eb_opt_num eb_num(double value)
{
    const eb_opt_num made = EB_NUM(value);

    return made;
}

static inline eb_opt_bool eb_bool(bool value)
{
    const eb_opt_bool made = EB_BOOL(value);

    return made;
}

static inline eb_opt_int eb_int_null(void)
{
    const eb_opt_int made = EB_INT_NULL;

    return made;
}

static inline eb_opt_num eb_num_null(void)
{
    const eb_opt_num made = EB_NUM_NULL;

    return made;
}

static inline eb_opt_bool eb_bool_null(void)
{
    const eb_opt_bool made = EB_BOOL_NULL;

    return made;
}

/* A JSON null where a string may stand. Compared by address; reads as the empty string. */
extern const char eb_string_null[1];
#define EB_STRING_NULL eb_string_null

/* Bytes with a length. What the library hands out has a NUL behind the last byte, not counted. */
typedef struct eb_bytes {
    const char *data;
    size_t      len;
} eb_bytes;

/* Exact JSON text of one value of any type. text == NULL: absent. Checked before it is sent. */
typedef struct eb_json {
    const char *text;
    size_t      len;
} eb_json;

/* JSON from a literal: `.envs = EB_JSON("[\"production\"]")`. */
#define EB_JSON(literal) { (literal), sizeof(literal) - 1 }

/* Lists. items == NULL: absent. A list whose elements may be null holds eb_opt_* or, for strings,
 * eb_string_null. */
typedef struct eb_str_list {
    const char *const *items;
    size_t             count;
} eb_str_list;

typedef struct eb_int_list {
    const int64_t *items;
    size_t         count;
} eb_int_list;

typedef struct eb_num_list {
    const double *items;
    size_t        count;
} eb_num_list;

typedef struct eb_bool_list {
    const bool *items;
    size_t      count;
} eb_bool_list;

typedef struct eb_opt_int_list {
    const eb_opt_int *items;
    size_t            count;
} eb_opt_int_list;

typedef struct eb_opt_num_list {
    const eb_opt_num *items;
    size_t            count;
} eb_opt_num_list;

typedef struct eb_opt_bool_list {
    const eb_opt_bool *items;
    size_t             count;
} eb_opt_bool_list;

typedef struct eb_json_list {
    const eb_json *items;
    size_t         count;
} eb_json_list;

/* Maps keep the order of the wire. */
typedef struct eb_str_entry {
    const char *key;
    const char *value;
} eb_str_entry;

typedef struct eb_str_map {
    const eb_str_entry *items;
    size_t              count;
} eb_str_map;

typedef struct eb_json_entry {
    const char *key;
    eb_json     value;
} eb_json_entry;

typedef struct eb_json_map {
    const eb_json_entry *items;
    size_t               count;
} eb_json_map;

/* Addresses that mean "empty" and "null" as the items of any list or map; nothing is read there. */
extern const int64_t eb_list_empty_[1];
extern const int64_t eb_list_null_[1];

/* A whole array as a list or map. */
#define EB_LIST(array) { (array), sizeof(array) / sizeof((array)[0]) }

#ifdef __cplusplus
}
struct eb_list_mark_ { /* C++ does not convert void pointers by itself */
    const void *address;
    template <class T> operator const T *() const { return static_cast<const T *>(address); }
};
#define EB_EMPTY     { eb_list_mark_{ eb_list_empty_ }, 0 }
#define EB_LIST_NULL { eb_list_mark_{ eb_list_null_ }, 0 }
extern "C" {
#else
#define EB_EMPTY     { (const void *)eb_list_empty_, 0 }
#define EB_LIST_NULL { (const void *)eb_list_null_, 0 }
#endif

/* Is the list or map given, and is it null? Both macros take a list or map by value. */
#define EB_LIST_IS_NULL(list) ((const void *)(list).items == (const void *)eb_list_null_)
#define EB_LIST_IS_SET(list)  ((list).items != NULL && !EB_LIST_IS_NULL(list))

/* Reads a whole file and gives it as Base64 text in one block that free() releases, as application
 * pictures want it. max_bytes bounds the file; a larger one is EB_LIMIT, one that cannot be read
 * EB_INVALID. *text is written on success only. */
eb_status eb_base64_file(const char *path, size_t max_bytes, char **text);

/* Reads "1590124643553", milliseconds since 1970 as Alibaba's SAE gives them. Anything but an
 * optional sign and digits that fit is EB_INVALID; the outputs are written on success only.
 * Milliseconds are 0 to 999; either output may be NULL. */
eb_status eb_time_from_ms_text(const char *text, int64_t *seconds, int *milliseconds);

/* Reads a `date-time` or `date` as RFC 3339 writes it: "2026-01-31T23:59:59.25+01:00", or "2026-01-31", which is
 * its midnight in UTC. Seconds since 1970; nanoseconds are 0 to 999999999, further digits are dropped; a leap
 * second is the second after it. Anything else is EB_INVALID; the outputs are written on success only, and
 * either may be NULL. */
eb_status eb_time_from_text(const char *text, int64_t *seconds, int *nanoseconds);

enum { EB_TIME_TEXT_SIZE = 31 };

/* Writes a `date-time` in UTC, "2026-01-31T22:59:59.25Z", with the digits of a fraction that there are. Years 1
 * to 9999 and nanoseconds 0 to 999999999; anything else is EB_INVALID, and text is "". */
eb_status eb_time_to_text(int64_t seconds, int nanoseconds, char text[EB_TIME_TEXT_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
