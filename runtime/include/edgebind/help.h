/* edgebind/help.h -- what a document says to people, for programs that show it: the command-line tool eb.
 *
 * Rows hold no prose. `edgebind generate --help-tables` writes it into sources of their own, cli/<api>_help.c, in the
 * order of the rows, and lists the APIs in cli/apis.c; no library has any of it. Texts are UTF-8 and never NULL: what
 * the document does not say is "". */
#ifndef EDGEBIND_HELP_H
#define EDGEBIND_HELP_H

#include <stddef.h>

#include "edgebind/generated.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is said about a member or a parameter. */
typedef struct eb_help_member {
    const char *text;  /* the description */
    const char *facts; /* what it must be, what it is unless given, an example: sentences */
} eb_help_member;

/* What is said about the members of a type, in the order of its rows. */
typedef struct eb_help_type {
    const char           *name;    /* of the eb_type */
    const eb_help_member *members; /* of each row */
    size_t                count;
} eb_help_type;

/* What is said about a status. */
typedef struct eb_help_answer {
    const char *status; /* "404", "default" */
    const char *text;
    const char *codes;  /* error codes, with spaces between them */
} eb_help_answer;

/* What is said about an operation. */
typedef struct eb_help_operation {
    const char           *name;    /* of the C function */
    const char           *summary; /* one line */
    const char           *text;
    const char           *facts;   /* the permission it needs, that it is deprecated: sentences */
    const char           *example; /* parameters as eb_invoke takes them, in one line of JSON; "" when the document's
                                      examples do not say enough */
    const eb_help_answer *answers; /* the failures */
    size_t                answer_count;
} eb_help_operation;

/* What is said about a variable of a server. */
typedef struct eb_help_variable {
    const char *name;
    const char *text;
    const char *example; /* a value; never "" */
} eb_help_variable;

/* What is said about an API. */
typedef struct eb_help {
    const eb_api            *api;
    const char              *text;
    const eb_help_operation *operations;
    size_t                   operation_count;
    const eb_help_type      *types;
    size_t                   type_count;
    const eb_help_variable  *variables; /* of its server and of those that single operations have */
    size_t                   variable_count;
} eb_help;

/* The APIs of a program, NULL behind the last: cli/apis.c. */
extern const eb_help *const eb_helps[];

#ifdef __cplusplus
}
#endif
#endif
