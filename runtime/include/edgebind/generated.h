/* edgebind/generated.h -- the contract between generated code and the runtime. Not for your code.
 *
 * The generator writes rows (eb_field), one array per struct, and an eb_operation per endpoint; the
 * runtime interprets them: decode, encode, check, print, compare, copy, random fill, call. A change to
 * anything here that generated code can see changes EB_CONTRACT, which stands in every eb_api and is
 * checked by eb_client_new. The row macros are C11: they look at the member's type, so that a row that
 * disagrees with its struct does not compile. */
#ifndef EDGEBIND_GENERATED_H
#define EDGEBIND_GENERATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/body.h"
#include "edgebind/client.h"
#include "edgebind/parts.h"
#include "edgebind/response.h"
#include "edgebind/status.h"
#include "edgebind/value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EB_CONTRACT 2

typedef struct eb_field     eb_field;
typedef struct eb_type      eb_type;
typedef struct eb_enum      eb_enum;
typedef struct eb_limits    eb_limits;
typedef struct eb_union     eb_union;
typedef struct eb_operation eb_operation;
typedef struct eb_pages     eb_pages;
typedef struct eb_link      eb_link;
typedef struct eb_wait      eb_wait;
typedef struct eb_answer    eb_answer;
typedef struct eb_events    eb_events;
typedef struct eb_security  eb_security;
typedef struct eb_server    eb_server;

/* ---- Types ------------------------------------------------------------------------------------ */

/* What a member is in C. */
enum eb_kind {
    EB_KIND_BOOL = 1, /* bool */
    EB_KIND_INT,      /* int64_t */
    EB_KIND_NUM,      /* double */
    EB_KIND_OPT_BOOL, /* eb_opt_bool */
    EB_KIND_OPT_INT,  /* eb_opt_int */
    EB_KIND_OPT_NUM,  /* eb_opt_num */
    EB_KIND_STR,      /* const char * */
    EB_KIND_TEXT,     /* const char *; a string or an integer on the wire, its text in C */
    EB_KIND_DECIMAL,  /* const char *; a number on the wire, its exact text in C */
    EB_KIND_ENUM,     /* an open enum with `<member>_text` beside it */
    EB_KIND_INT_ENUM, /* an open enum with `<member>_number` (int64_t) beside it */
    EB_KIND_JSON,     /* eb_json */
    EB_KIND_OBJECT,   /* const T *, a struct or a union; target is its eb_type */
    EB_KIND_STRUCT,   /* T itself, as an element of a list or map */
    EB_KIND_LIST,     /* { const X *items; size_t count; }; target is the list's eb_type */
    EB_KIND_MAP,      /* { const struct { const char *key; X value; } *items; size_t count; }; likewise */
    EB_KIND_BODY      /* eb_body */
};

/* What holds for a member. */
#define EB_OPTIONAL  0
#define EB_REQUIRED  1  /* must be given when sent, must be there when received */
#define EB_NULLABLE  2
#define EB_SECRET    4  /* printed and logged as "***" */
#define EB_REST      8  /* a map of the members that have no row of their own; its name is "" */
#define EB_FIXED     16 /* a required enum of one value, which UNSET stands for */
#define EB_READ_ONLY  32 /* not sent by a call; required when received only */
#define EB_WRITE_ONLY 64 /* required when sent only */
#define EB_LIMITS(n) ((n) << 8) /* n-th entry, from 1, of the type's limits */

struct eb_field {
    const char *json;   /* name on the wire, "" for an element */
    const void *target; /* eb_type of OBJECT, STRUCT, LIST, MAP; eb_enum of ENUM, INT_ENUM; else NULL */
    uint16_t    offset;
    uint16_t    beside; /* offset of <member>_text or <member>_number */
    uint16_t    flags;
    uint8_t     kind;
    uint8_t     json_len;
};

/* Documented range: of an integer, of a string's length in characters, of a list's or map's count, or,
 * as num, of a number. Advice: checked before sending unless switched off, never when decoding. */
struct eb_limits {
    int64_t min, max;
    double  num_min, num_max;
};

#define EB_RANGE(low, high)     { (low), (high), 0, 0 }
#define EB_NUM_RANGE(low, high) { 0, 0, (low), (high) }

/* JSON types, as bits. */
enum eb_json_type {
    EB_JSON_OBJECT  = 1,
    EB_JSON_ARRAY   = 2,
    EB_JSON_STRING  = 4,
    EB_JSON_NUMBER  = 8,
    EB_JSON_BOOLEAN = 16
};

/* An alternative of a union, beside its row. */
typedef struct eb_choice {
    int                kind;  /* the constant of the union's kind: 1, 2, ... */
    int                types; /* of a free-form alternative: eb_json_type; 0: what the row takes */
    const char *const *tags;  /* values of the discriminator that mean it, NULL-terminated; NULL: none */
} eb_choice;

/* How the alternatives of a union are told apart. */
struct eb_union {
    const char      *member;  /* the discriminator's name on the wire; NULL: by what they hold */
    const eb_choice *choices; /* one per row */
};

enum eb_shape { EB_SHAPE_STRUCT = 1, EB_SHAPE_LIST, EB_SHAPE_MAP, EB_SHAPE_UNION };

struct eb_type {
    const char      *name;   /* "edgegap_port" */
    const eb_field  *rows;   /* STRUCT: its members. LIST: the element. MAP: the value in its entry. UNION: the
                              * alternatives, all at the offset of `u`, in the order of the document */
    const eb_limits *limits;
    const void      *null;   /* STRUCT, UNION: the address that means null, if it may be null */
    uint32_t         size;   /* of the struct or union, the list's element, the map's entry */
    uint16_t         row_count;
    uint8_t          shape;
    uint8_t          reserved;
    const eb_union  *one_of; /* UNION, whose struct begins with `kind`: 0 UNSET, -1 OTHER with the text in
                              * `u.other`, -2 NULL, else a choice's */
};

/* Values are 1, 2, ... in the order of the document; 0 is UNSET, -1 OTHER, -2 NULL. A retired value
 * leaves a NULL. */
struct eb_enum {
    const char        *name;
    const char *const *texts;   /* of a string enum */
    const int64_t     *numbers; /* of an integer enum; NULL for strings */
    uint16_t           count;
};

/* Lists and maps that every API shares. */
extern const eb_type eb_str_list_type, eb_nullable_str_list_type, eb_int_list_type, eb_num_list_type,
    eb_bool_list_type, eb_opt_int_list_type, eb_opt_num_list_type, eb_opt_bool_list_type,
    eb_json_list_type, eb_body_list_type, eb_str_map_type, eb_json_map_type;

#ifndef __cplusplus

/* The offset of member m of struct T; compiles only if the member's type is C. */
#define EB_AT_(T, m, C) _Generic(((const T *)0)->m, C: offsetof(T, m))

#define EB_ROW_(T, m, C, wire, kind_, flags_, target_, beside_)                              \
    { (wire), (target_), (uint16_t)EB_AT_(T, m, C), (uint16_t)(beside_), (uint16_t)(flags_), \
      (uint8_t)(kind_), (uint8_t)(sizeof(wire) - 1) }

#define EB_ROW_BOOL(T, m, wire, flags)     EB_ROW_(T, m, bool, wire, EB_KIND_BOOL, flags, NULL, 0)
#define EB_ROW_INT(T, m, wire, flags)      EB_ROW_(T, m, int64_t, wire, EB_KIND_INT, flags, NULL, 0)
#define EB_ROW_NUM(T, m, wire, flags)      EB_ROW_(T, m, double, wire, EB_KIND_NUM, flags, NULL, 0)
#define EB_ROW_OPT_BOOL(T, m, wire, flags) EB_ROW_(T, m, eb_opt_bool, wire, EB_KIND_OPT_BOOL, flags, NULL, 0)
#define EB_ROW_OPT_INT(T, m, wire, flags)  EB_ROW_(T, m, eb_opt_int, wire, EB_KIND_OPT_INT, flags, NULL, 0)
#define EB_ROW_OPT_NUM(T, m, wire, flags)  EB_ROW_(T, m, eb_opt_num, wire, EB_KIND_OPT_NUM, flags, NULL, 0)
#define EB_ROW_STR(T, m, wire, flags)      EB_ROW_(T, m, const char *, wire, EB_KIND_STR, flags, NULL, 0)
#define EB_ROW_TEXT(T, m, wire, flags)     EB_ROW_(T, m, const char *, wire, EB_KIND_TEXT, flags, NULL, 0)
#define EB_ROW_DECIMAL(T, m, wire, flags)  EB_ROW_(T, m, const char *, wire, EB_KIND_DECIMAL, flags, NULL, 0)
#define EB_ROW_JSON(T, m, wire, flags)     EB_ROW_(T, m, eb_json, wire, EB_KIND_JSON, flags, NULL, 0)
#define EB_ROW_BODY(T, m, wire, flags)     EB_ROW_(T, m, eb_body, wire, EB_KIND_BODY, flags, NULL, 0)
#define EB_ROW_ENUM(T, m, wire, flags, E) \
    EB_ROW_(T, m, E, wire, EB_KIND_ENUM, flags, &E##_enum, EB_AT_(T, m##_text, const char *))
#define EB_ROW_INT_ENUM(T, m, wire, flags, E) \
    EB_ROW_(T, m, E, wire, EB_KIND_INT_ENUM, flags, &E##_enum, EB_AT_(T, m##_number, int64_t))
#define EB_ROW_OBJECT(T, m, wire, flags, O) \
    EB_ROW_(T, m, const O *, wire, EB_KIND_OBJECT, flags, &O##_type, 0)
#define EB_ROW_STRUCT(T, m, wire, flags, O) EB_ROW_(T, m, O, wire, EB_KIND_STRUCT, flags, &O##_type, 0)
#define EB_ROW_LIST(T, m, wire, flags, L)   EB_ROW_(T, m, L, wire, EB_KIND_LIST, flags, &L##_type, 0)
#define EB_ROW_MAP(T, m, wire, flags, M)    EB_ROW_(T, m, M, wire, EB_KIND_MAP, flags, &M##_type, 0)
/* A list of strings that may be null. */
#define EB_ROW_NULLABLE_STR_LIST(T, m, wire, flags) \
    EB_ROW_(T, m, eb_str_list, wire, EB_KIND_LIST, flags, &eb_nullable_str_list_type, 0)

/* The element of a list struct L, at its start. */
#define EB_ITEM_(L, C, kind_, flags_, target_, beside_)                                         \
    { "", (target_), (uint16_t)_Generic(((const L *)0)->items, C const *: 0), (uint16_t)(beside_), \
      (uint16_t)(flags_), (uint8_t)(kind_), 0 }
#define EB_ITEM_STR(L, flags)       EB_ITEM_(L, const char *, EB_KIND_STR, flags, NULL, 0)
#define EB_ITEM_TEXT(L, flags)      EB_ITEM_(L, const char *, EB_KIND_TEXT, flags, NULL, 0)
#define EB_ITEM_DECIMAL(L, flags)   EB_ITEM_(L, const char *, EB_KIND_DECIMAL, flags, NULL, 0)
#define EB_ITEM_OBJECT(L, flags, O) EB_ITEM_(L, const O *, EB_KIND_OBJECT, flags, &O##_type, 0)
#define EB_ITEM_STRUCT(L, flags, O) EB_ITEM_(L, O, EB_KIND_STRUCT, flags, &O##_type, 0)
#define EB_ITEM_LIST(L, flags, I)   EB_ITEM_(L, I, EB_KIND_LIST, flags, &I##_type, 0)
#define EB_ITEM_MAP(L, flags, I)    EB_ITEM_(L, I, EB_KIND_MAP, flags, &I##_type, 0)
/* An enum in a list is a struct { E value; const char *text; } named E_item. */
#define EB_ITEM_ENUM(L, flags, E) \
    EB_ITEM_(L, E##_item, EB_KIND_ENUM, flags, &E##_enum, EB_AT_(E##_item, text, const char *))
#define EB_ITEM_INT_ENUM(L, flags, E) \
    EB_ITEM_(L, E##_item, EB_KIND_INT_ENUM, flags, &E##_enum, EB_AT_(E##_item, number, int64_t))

/* An enum in a union is its E_item. The other alternatives have the rows of members. */
#define EB_ROW_ENUM_ITEM(T, m, wire, flags, E) \
    EB_ROW_(T, m, E##_item, wire, EB_KIND_ENUM, flags, &E##_enum, EB_AT_(T, m.text, const char *))
#define EB_ROW_INT_ENUM_ITEM(T, m, wire, flags, E) \
    EB_ROW_(T, m, E##_item, wire, EB_KIND_INT_ENUM, flags, &E##_enum, EB_AT_(T, m.number, int64_t))

/* Rows keep offsets in 16 bits: a struct that is too large for that does not compile. */
#define EB_FITS_(T) (0 * sizeof(char[sizeof(T) <= 65536 ? 1 : -1]))

/* 0; compiles only if member m, a C, is the struct's first. */
#define EB_FIRST_(T, m, C) (0 * sizeof(char[EB_AT_(T, m, C) == 0 ? 1 : -1]))

#define EB_COUNT_(array) (sizeof(array) / sizeof((array)[0]))

#define EB_TYPE(T, rows)         EB_TYPE_WITH(T, rows, NULL, NULL)
#define EB_TYPE_WITH(T, rows, limits, null) \
    { #T, (rows), (limits), (null), sizeof(T), EB_COUNT_(rows) + EB_FITS_(T), EB_SHAPE_STRUCT, 0, NULL }
#define EB_TYPE_WITHOUT_ROWS(T)  { #T, NULL, NULL, NULL, sizeof(T), 0, EB_SHAPE_STRUCT, 0, NULL }
#define EB_UNION_TYPE(T, rows, limits, null, one_of) \
    { #T, (rows), (limits), (null), sizeof(T) + EB_FIRST_(T, kind, T##_kind), EB_COUNT_(rows) + EB_FITS_(T), \
      EB_SHAPE_UNION, 0, (one_of) }
#define EB_LIST_TYPE(L, item)    { #L, (item), NULL, NULL, sizeof(*((const L *)0)->items), 1, EB_SHAPE_LIST, 0, NULL }
#define EB_MAP_TYPE(M, value)    { #M, (value), NULL, NULL, sizeof(*((const M *)0)->items), 1, EB_SHAPE_MAP, 0, NULL }
#define EB_ENUM(E, texts)        { #E, (texts), NULL, EB_COUNT_(texts) }
#define EB_INT_ENUM(E, numbers)  { #E, NULL, (numbers), EB_COUNT_(numbers) }

#endif /* !__cplusplus */

/* ---- What every type can do -------------------------------------------------------------------- */

/* Declares, for a generated type T:
 *
 *     eb_status T_from_json(const char *json, size_t len, const T **value, eb_response *response)
 *         Decodes one JSON value; it lives in the response, whose old contents are dropped first.
 *         EB_DECODE or EB_LIMIT: response->field and ->message say where and why.
 *     eb_status T_to_json(const T *value, eb_json *json, eb_response *response)
 *         Checks and encodes; the text is added to what lives in the response. EB_INVALID as in a call.
 *     eb_status T_print(const T *value, eb_json *text, eb_response *response)
 *         The same for people: indented, unchecked, secrets as "***"; added to the response.
 *     bool T_equal(const T *a, const T *b)
 *         Same value, member by member. NULL equals NULL only.
 *     T *T_dup(const T *value)
 *         A copy with all it points at, in one block that free() releases. NULL: out of memory, or there was
 *         nothing to copy: NULL or &T_null. */
#define EB_DECLARE_TYPE(T)                                                                        \
    extern const eb_type T##_type;                                                                \
    static inline eb_status T##_from_json(const char *json, size_t len, const T **value,          \
                                          eb_response *response)                                  \
    {                                                                                             \
        const void     *made_ = NULL;                                                             \
        const eb_status st_   = eb_value_from_json(&T##_type, json, len, &made_, response);       \
                                                                                                  \
        if (st_ == EB_OK)                                                                         \
            *value = (const T *)made_;                                                            \
        return st_;                                                                               \
    }                                                                                             \
    static inline eb_status T##_to_json(const T *value, eb_json *json, eb_response *response)     \
    {                                                                                             \
        return eb_value_to_json(&T##_type, value, json, response);                                \
    }                                                                                             \
    static inline eb_status T##_print(const T *value, eb_json *text, eb_response *response)       \
    {                                                                                             \
        return eb_value_print(&T##_type, value, text, response);                                  \
    }                                                                                             \
    static inline bool T##_equal(const T *a, const T *b)                                          \
    {                                                                                             \
        return eb_value_equal(&T##_type, a, b);                                                   \
    }                                                                                             \
    static inline T *T##_dup(const T *value)                                                      \
    {                                                                                             \
        return (T *)eb_value_dup(&T##_type, value);                                               \
    }

eb_status eb_value_from_json(const eb_type *type, const char *json, size_t len, const void **value,
                             eb_response *response);
eb_status eb_value_to_json(const eb_type *type, const void *value, eb_json *json, eb_response *response);
eb_status eb_value_print(const eb_type *type, const void *value, eb_json *text, eb_response *response);
bool      eb_value_equal(const eb_type *type, const void *a, const void *b);
void     *eb_value_dup(const eb_type *type, const void *value);

/* The enum's constant for a text, -1 (OTHER) for one it does not know; the text of a constant, "" for
 * UNSET, OTHER and NULL. */
int         eb_enum_find(const eb_enum *e, const char *text);
const char *eb_enum_text(const eb_enum *e, int value);

/* ---- Operations -------------------------------------------------------------------------------- */

/* Where a parameter goes; one byte per row of the params type. */
enum eb_place {
    EB_IN_PATH = 1,
    EB_IN_QUERY,
    EB_IN_HEADER,
    EB_IN_BODY,
    EB_IN_COOKIE,
    EB_IN_PART, /* a header of a form's part: its wire name is "part.Header" */
    EB_PLACE_MASK_ = 0x0f,
    EB_SEGMENTS    = 0x10, /* path: an inner / separates segments */
    EB_AS_JSON     = 0x20, /* the value is JSON text; in a form, what is no scalar */
    EB_EXPLODE     = 0x40, /* lists and objects: name=a&name=b instead of name=a,b */
    EB_FIELD_MASK  = 0x80  /* header: a field mask, which a pager must be able to see through */
};

/* How it is written there, by OpenAPI's styles. */
enum eb_style {
    EB_STYLE_USUAL = 0, /* simple in path and header; form in query, cookie and forms */
    EB_STYLE_LABEL,     /* path: .a.b */
    EB_STYLE_MATRIX,    /* path: ;name=a,b */
    EB_STYLE_SPACE,     /* query, form: name=a%20b */
    EB_STYLE_PIPE,      /* query, form: name=a%7Cb */
    EB_STYLE_DEEP,      /* query, form: name[x]=a&name[y][]=b */
    EB_STYLE_MASK_    = 0x07,
    EB_ALLOW_RESERVED = 0x08, /* query, form: signs that URLs give a meaning stay as they are */
    EB_ALLOW_EMPTY    = 0x10, /* query: null, and a list without items, is sent as name= */
    EB_QUALIFIED      = 0x20  /* another place has the name too: the row's is "query.name" */
};

/* How the body is written. In a form without parts, members that are not scalars are JSON text. */
enum eb_send {
    EB_SEND_NOTHING = 0,
    EB_SEND_JSON,
    EB_SEND_FORM,
    EB_SEND_MULTIPART,
    EB_SEND_BYTES,
    EB_SEND_TEXT
};

/* How a member of a form is written: one for each row of the form's type. */
typedef struct eb_part {
    const char *type;         /* Content-Type, or several to choose from; NULL: none is said */
    uint8_t     place;        /* EB_EXPLODE, EB_AS_JSON */
    uint8_t     style;        /* eb_style */
    uint8_t     first_header; /* rows of params that are headers of this part */
    uint8_t     header_count;
} eb_part;

/* A way to send the body: one for each row of params whose place is EB_IN_BODY. */
typedef struct eb_content {
    const char    *type;  /* "application/json"; several are separated by ", ", and eb_body chooses */
    const eb_part *parts; /* of FORM and MULTIPART; NULL: all as usual */
    uint8_t        send;  /* eb_send */
} eb_content;

enum eb_operation_flags {
    EB_SAFE    = 1, /* may be sent again when it is not known whether it arrived */
    EB_NO_AUTH = 2
};

/* What says which page is wanted. */
enum eb_pages_kind {
    EB_PAGES_NUMBER = 0, /* its number, from 1 */
    EB_PAGES_OFFSET,     /* how many items come before it */
    EB_PAGES_TOKEN,      /* a text that the page before gave */
    EB_PAGES_URL         /* nothing: the page before gave the URL that answers the next one */
};

/* How a list is walked. The texts from items to total are JSON pointers into the success body, NULL where the
 * document has none. */
struct eb_pages {
    const char *page;   /* query parameter: number, offset or token; NULL: of URL */
    const char *size;   /* query parameter: items per page; NULL */
    const char *items;  /* the page's items; "": the whole answer */
    const char *next;   /* number, token or URL of the next page */
    const char *more;   /* boolean: is there a next page */
    const char *number; /* number of this page */
    const char *total;  /* count of all items */
    uint8_t     kind;   /* eb_pages_kind */
    const char *header; /* response header that has what next stands for; NULL. Of "Link": the URL with rel="next" */
};

typedef struct eb_rate_limit {
    uint32_t    requests;
    uint32_t    seconds;
    const char *scope; /* "account", "user" */
} eb_rate_limit;

/* How often an operation is sent again and after how long, where its document says so. */
typedef struct eb_retries {
    uint8_t  attempts; /* in all; 0: as usual */
    uint32_t base_ms;  /* bound of the first wait, of which chance takes a part; 0: as usual */
    uint32_t cap_ms;   /* bound of any wait; 0: as usual */
} eb_retries;

/* A form field filled from the first call's answer. */
typedef struct eb_link_field {
    const char *name;
    const char *pointer; /* into the answer's body */
} eb_link_field;

/* A second call made from the answer of the first, with a file. */
struct eb_link {
    const eb_api        *api;       /* of the second call */
    const char          *operation; /* its operationId */
    const char          *server;    /* pointer to the URL in the first answer */
    const eb_link_field *fields;
    size_t               field_count;
    const char          *rest;      /* pointer to an object whose other members go along; NULL */
    const char          *file;      /* name of the form field of the file */
    const char *const   *hosts;     /* allowed, NULL-terminated: "*.example.com" */
    const char          *name;      /* the C function that makes both calls */
};

/* A parameter of the call that asks, taken from those of the call it asks about. */
typedef struct eb_verify_param {
    const char *name; /* "version_name" */
    const char *from; /* pointer into the parameters: "/body/name" */
} eb_verify_param;

/* How to ask what became of a call that may have been carried out. */
typedef struct eb_verify {
    const char            *operation; /* operationId of the call that asks */
    const eb_verify_param *params;
    size_t                 count;
} eb_verify;

/* A wait: the operation, which only reads, is called until its answer says that something has come, or will not.
 * A status of the first list has come, one of the second is waited on, whatever the body says; any other failure
 * ends the wait. In a success the member at `state` decides, by the texts of its value: one of neither list is
 * waited on. Without a state every other success is waited on. */
struct eb_wait {
    const char        *id;             /* "ready" */
    const char        *name;           /* the C function */
    const char        *state;          /* pointer into the answer; NULL: the status alone says */
    const char *const *success;        /* NULL-terminated; NULL */
    const char *const *failure;
    const uint16_t    *success_status; /* 0-terminated; NULL */
    const uint16_t    *pending_status;
    uint32_t           before_ms;      /* pause before the first call */
    uint32_t           first_ms;       /* and behind it; each further one is growth_percent of the one before, */
    uint32_t           growth_percent;
    uint32_t           cap_ms;         /* and no longer than this */
    uint32_t           maximum_ms;     /* for all of it */
};

/* What the body of an answer is. */
enum eb_answer_kind {
    EB_ANSWER_JSON = 0, /* JSON of a type; without one it is left in response->body */
    EB_ANSWER_PLAIN,    /* text or bytes: left in response->body */
    EB_ANSWER_MIXED,    /* either: what Content-Type says */
    EB_ANSWER_KIND_ = 0x0f,
    EB_ANSWER_NULL  = 0x10, /* JSON null may stand for the value, and is none */
    EB_ANSWER_USUAL = 0x20  /* what most failures of the operation are */
};

/* A documented answer. Of several rows that a status falls under the first holds: exact ones come before
 * ranges, the default, which stands for failures alone, is last. What has no row has no type, but that every
 * other success is JSON of the operation's result. */
struct eb_answer {
    const eb_type *type;   /* NULL: none */
    uint16_t       status; /* 404; 4: 4XX; 0: default */
    uint8_t        kind;   /* eb_answer_kind */
};

enum eb_events_format { EB_EVENTS_SSE = 0, EB_EVENTS_LINES };

/* A success that arrives as a stream of events. */
struct eb_events {
    const eb_type *type;   /* of an event's data; NULL: text */
    const char    *accept; /* media type asked for */
    const char    *done;   /* data that ends the stream; NULL */
    uint8_t        format; /* eb_events_format, when the answer does not say */
};

struct eb_operation {
    const char          *id;     /* operationId */
    const char          *name;   /* the C function */
    const char          *method;
    const char          *path;   /* "/v1/app/{app_name}" */
    const char          *action; /* x-acs-action; NULL */
    const eb_type       *params; /* the first member of every params struct is `options`, without a row */
    const uint8_t       *places; /* eb_place of each row of params */
    const eb_type       *result; /* NULL: no output */
    const eb_pages      *pages;
    const eb_rate_limit *rate_limit;
    const eb_verify     *verify; /* the call that tells whether this one arrived; NULL */
    const char          *accept; /* media type asked for; NULL: application/json */
    uint8_t              send;   /* eb_send */
    uint8_t              flags;  /* eb_operation_flags */
    const eb_link       *link;   /* the upload that its answer leads to; NULL */
    const uint8_t       *styles; /* eb_style of each row of params; NULL: all as usual */
    const eb_content    *contents; /* of the bodies; NULL: one, as `send` says, of its usual type */
    uint8_t              one_body; /* of several bodies one must be given */
    uint8_t              answer_count;
    const eb_answer     *answers;
    const eb_type       *headers; /* response headers: a struct whose rows are all optional; NULL */
    const eb_events     *events;  /* the stream it can be asked for; NULL */
    const eb_security   *security; /* the ways in; NULL: the API's, unless EB_NO_AUTH */
    const eb_server     *server;   /* of its own; NULL: the API's */
    const eb_retries    *retries;  /* unless a caller says otherwise; NULL: as usual */
    uint32_t             timeout_ms; /* deadline where no caller gives one; 0: as usual */
    uint16_t             key; /* row of params, from 1, that is an idempotency key; 0: none */
    const eb_wait       *waits;    /* what can be waited for; NULL: nothing */
    size_t               wait_count;
};

/* Declares what a documented answer besides the result said: NULL unless the response is of that operation,
 * its status falls under that answer (EB_USUAL: one of the usual failures), and its body is what the document
 * says. It lives in the response. */
#define EB_USUAL (-1)
#define EB_DECLARE_ANSWER(function, operation, status, T)               \
    static inline const T *function(const eb_response *response)        \
    {                                                                   \
        return (const T *)eb_answer_value(response, operation, status); \
    }

/* Declares the headers of an operation's answer: NULL unless the response is of that operation and an answer
 * arrived. A header that did not come, or is not what the document says, is absent; its text is in
 * response->headers. */
#define EB_DECLARE_HEADERS(function, operation, T)                \
    static inline const T *function(const eb_response *response)  \
    {                                                             \
        return (const T *)eb_answer_headers(response, operation); \
    }

const void *eb_answer_value(const eb_response *response, const char *operation, int status);
const void *eb_answer_headers(const eb_response *response, const char *operation);

/* ---- An API ------------------------------------------------------------------------------------ */

/* Bearer tokens are API_KEY_HEADER: "authorization" with the prefix "Bearer ". */
enum eb_auth_kind {
    EB_AUTH_NONE = 0,
    EB_AUTH_API_KEY_HEADER,
    EB_AUTH_ACS3,
    EB_AUTH_API_KEY_QUERY,
    EB_AUTH_API_KEY_COOKIE,
    EB_AUTH_BASIC,      /* id and secret are user name and password */
    EB_AUTH_OAUTH2,     /* client credentials, or a token that the caller has */
    EB_AUTH_CLIENT_CERT /* mutual TLS: nothing is added to a request */
};

typedef struct eb_auth {
    uint8_t     kind;
    const char *header;     /* name of the header, query parameter or cookie */
    const char *prefix;     /* put before the value; "" for none */
    const char *env_id;     /* environment variables; NULL where there is none */
    const char *env_secret;
    const char *env_token;
    const char *acs_version; /* x-acs-version */
    const char *scheme;      /* its name in the document; NULL: it is the only one */
    const char *token_url;   /* OAUTH2: whole, or a path on the API's server */
    const char *scope;       /* OAUTH2: what the operations need, with spaces between; NULL */
    bool        in_body;     /* OAUTH2: id and secret go into the body: client_secret_post */
} eb_auth;

/* The ways in, in the document's order. Each is a bit for every scheme that it needs, the n-th bit for the
 * n-th of the API's schemes; 0 needs none. No way at all: no credentials. */
struct eb_security {
    const uint32_t *ways;
    size_t          count;
};

typedef struct eb_server_variable {
    const char        *name;
    const char        *fallback; /* NULL: the caller must give it */
    const char *const *values;   /* NULL-terminated; NULL: any */
} eb_server_variable;

/* A server with its variables. A URL that is only a path has no host: the caller names it. */
struct eb_server {
    const char               *url;
    const eb_server_variable *variables;
    size_t                    variable_count;
};

/* A value in a 2xx body that makes it a failure: is or not lists texts, NULL-terminated, compared
 * without case; "2xx" stands for 200 to 299. */
typedef struct eb_failure {
    const char        *pointer;
    const char *const *is;
    const char *const *is_not;
} eb_failure;

enum eb_error_format { EB_ERROR_JSON = 0, EB_ERROR_XML };

typedef struct eb_errors {
    const char *const *code;       /* JSON pointers (for XML: element names) tried in order, NULL-terminated */
    const char *const *message;
    const char *const *request_id;
    const char        *request_id_header;
    const char        *fields;     /* pointer to an object of member name -> text; NULL */
    const char        *throttled;  /* a code that contains this means "slow down"; NULL */
    const eb_failure  *failures;
    size_t             failure_count;
    const int         *failure_status; /* 2xx statuses that are failures, 0-terminated; NULL */
    const eb_enum     *codes;          /* documented codes; NULL */
    uint8_t            format;
} eb_errors;

struct eb_api {
    uint32_t                   contract; /* EB_CONTRACT */
    const char                *name;     /* "edgegap": the C prefix without its underscore */
    const char                *title;
    const char                *version;  /* of the document */
    const char                *server;   /* "https://esa.{region}.aliyuncs.com" */
    const eb_server_variable  *variables;
    size_t                     variable_count;
    const eb_auth             *auth;
    const eb_errors           *errors;
    const eb_operation *const *operations;
    size_t                     operation_count;
    const eb_type *const      *types;    /* every struct type, for tests and tools */
    size_t                     type_count;
    const eb_auth             *schemes;  /* all of them; NULL: auth is the only one, and every call wants it */
    size_t                     scheme_count;
    const eb_security         *security; /* with schemes: what holds for most operations; NULL: nothing */
    const eb_server           *servers;  /* by their numbers, from 1; a URL of NULL is one that is gone */
    size_t                     server_count;
};

/* Makes a call. params NULL is { 0 }. *value is written on success: the decoded body in the response,
 * or NULL when it was empty. value NULL: not wanted; response NULL: only then. */
eb_status eb_call_operation(eb_client *client, const eb_operation *operation, const void *params,
                            const void **value, eb_response *response);

#if EB_PART_LINKS
/* Makes a call and the one its answer leads to. params begins with the operation's own members. *value
 * is the first call's answer, written as soon as that succeeded, because only it names what was reserved; the
 * response describes the last call made. */
eb_status eb_call_link(eb_client *client, const eb_operation *operation, const eb_link *link,
                       const void *params, const eb_body *file, const void **value, eb_response *response);
#endif

/* Asks, with the parameters of a call that may have been carried out, whether it was: EB_OK and *value what is
 * there; EB_API with http_status 404: it was not. EB_INVALID: the operation has no such question. */
eb_status eb_call_verify(eb_client *client, const eb_operation *operation, const void *params, const void **value,
                         eb_response *response);

#if EB_PART_WAITS
/* Calls until a wait is over; a deadline that was given bounds all of it, the usual one each call. EB_OK: what
 * was waited for has come. EB_API: it will not, or the service refused a call. EB_TIMEOUT: the time is over,
 * EB_CANCELLED, EB_DECODE: a success without the state. *value is the last answer, NULL when a success was empty or
 * the status alone said it; it is written after a failure too when there is one, and the response describes it. */
eb_status eb_call_wait(eb_client *client, const eb_operation *operation, const eb_wait *wait,
                       const void *params, const void **value, eb_response *response);
#endif

/* A walk over all items of a paged list. Start with { 0 }; end with the free function, in any case. */
typedef struct eb_pager {
    eb_response             response; /* of the page last fetched: status, message, ... */
    struct eb_pager_state  *state_;   /* private */
    void                   *reserved_[4];
} eb_pager;

#if EB_PART_PAGES
eb_status eb_pager_start(eb_client *client, const eb_operation *operation, const void *params, eb_pager *pager);
eb_status eb_pager_next(eb_pager *pager, const eb_operation *operation, const void **item);
void      eb_pager_free(eb_pager *pager);
#endif

/* How many letters must be changed, added or left out to make b of a; max, when it is as many or more. For whoever
 * asks "did you mean". */
size_t eb_text_distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t max);

#if EB_PART_EVENTS
/* An event of a stream. Everything in it lives until the next one is asked for. */
typedef struct eb_stream_event {
    const char *type;  /* "message" unless the service says otherwise */
    const char *id;    /* of the last event that had one; "" */
    const char *data;  /* as received, lines joined by \n, and a NUL behind it */
    size_t      len;
    const void *value; /* data as the type of eb_events; NULL: there is none, or no data */
} eb_stream_event;

/* A stream of events. Start with { 0 }; end with the free function, in any case, before the client's. It is
 * not moved in between. */
typedef struct eb_stream {
    eb_response             response; /* of the call: headers, status, message, ... */
    const char             *last_id;  /* what a header Last-Event-ID of a further call would hold; "" */
    int64_t                 retry_ms; /* what the service asked to wait before that; -1 when it did not say */
    struct eb_stream_state *state_;   /* private */
    void                   *reserved_[4];
} eb_stream;

eb_status eb_stream_start(eb_client *client, const eb_operation *operation, const void *params, eb_stream *stream);
eb_status eb_stream_next(eb_stream *stream, const eb_operation *operation, eb_stream_event *event);
void      eb_stream_free(eb_stream *stream);
#endif

/* The constant for response->code in an API's errors: 0 none, -1 one that is not documented. */
int eb_error_of(const eb_errors *errors, const eb_response *response);

#ifdef __cplusplus
}
#endif
#endif
