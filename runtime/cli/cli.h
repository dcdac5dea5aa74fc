/* cli.h -- what the parts of eb, the command-line tool, know of each other.
 *
 * It is driven by the rows of generated.h and the texts of help.h, has no code for any operation, and calls by
 * eb_invoke. main.c reads the command line as far as the operation; options.c knows the tool's own options, params.c
 * those that the operation's rows give; call.c makes the call, output.c shows what came of it. */
#ifndef EB_CLI_H
#define EB_CLI_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edgebind/cjson.h"
#include "edgebind/edgebind.h"
#include "edgebind/help.h"

/* ---- Exit statuses: one list gives numbers and what --help says about them ---------------------- */

#define CLI_EXIT_MAP(X)                                                                      \
    X(OK, 0, "it worked")                                                                    \
    X(REFUSED, 1, "the service refused the request")                                         \
    X(USAGE, 2, "used wrongly: an option, a value, a file; nothing was sent")                \
    X(CREDENTIALS, 3, "credentials are missing or cannot be read")                           \
    X(NETWORK, 4, "no usable answer: connection, name, certificate")                         \
    X(TIMEOUT, 5, "the time allowed is over")                                                \
    X(MAYBE_SENT, 6, "no answer came, and the request may have been carried out")            \
    X(ANSWER, 7, "the answer does not match the document, or is beyond a limit")             \
    X(NOT_FOUND, 8, "what the request names does not exist (HTTP 404)")                      \
    X(OUTPUT, 9, "the output could not be written")                                          \
    X(MEMORY, 10, "out of memory")                                                           \
    X(INTERRUPTED, 130,                                                                      \
      "interrupted by Ctrl-C; 143 by SIGTERM; after a request that must not be repeated, 6") \
    X(PIPE, 141, "whoever read the output went away")

typedef enum cli_exit {
#define CLI_EXIT_VALUE_(name, number, text) CLI_##name = number,
    CLI_EXIT_MAP(CLI_EXIT_VALUE_)
#undef CLI_EXIT_VALUE_
        CLI_TERMINATED = 143,
    CLI_GO_ON          = -1 /* not an exit status: go on */
} cli_exit;

#if defined(__GNUC__)
#define CLI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CLI_PRINTF(text, first)
#endif

/* ---- memory.c: never NULL; without memory the program ends ---------------------------------------- */

void *cli_alloc(size_t size); /* zeroed */
void *cli_grow(void *block, size_t size);
char *cli_dup(const char *text, size_t len);
void  cli_free(const void *block);
/* Overwrite a secret and release it; NULL is fine. */
void cli_wipe(const char *text);
void cli_wipe_bytes(const void *block, size_t len);

/* ---- text.c ---------------------------------------------------------------------------------------- */

typedef struct cli_text {
    char  *data; /* NUL-terminated; NULL: nothing yet */
    size_t len;
    size_t size;
} cli_text;

void        cli_put(cli_text *text, const char *data, size_t len);
void        cli_puts(cli_text *text, const char *more);
void        cli_printf(cli_text *text, const char *format, ...) CLI_PRINTF(2, 3);
const char *cli_str(const cli_text *text); /* "" when nothing was put */
void        cli_text_free(cli_text *text);

/* "req_cpu" and "ReqCPU" as "req-cpu": the words of a name on the wire, as the C name has them. */
void cli_kebab(cli_text *to, const char *wire, size_t len);

/* Is the word the name, or its kebab form? */
bool cli_is_name(const char *wire, const char *word, size_t len);

/* The nearest of the names taken so far to a word; best starts at half its length. */
typedef struct cli_nearest {
    const char *word;
    size_t      best;
    char        name[80]; /* "": none is near */
} cli_nearest;

void cli_nearest_start(cli_nearest *nearest, const char *word);
void cli_nearest_take(cli_nearest *nearest, const char *name, size_t len);

/* Paragraphs wrapped to the terminal, each line indented. */
void cli_put_wrapped(cli_text *to, const char *text, size_t indent);

size_t cli_width(void); /* of the terminal; 80 when it is none */

/* Columns that text takes on a terminal; len bytes of UTF-8. What is no UTF-8 counts byte by byte. */
size_t cli_columns(const char *text, size_t len);

/* Bytes of the first character, 1 when it is none, and the columns it takes. */
size_t cli_character(const char *text, size_t len, size_t *columns);

/* A whole file, "-" standard input; NULL: *problem is a static text or strerror's. private_file: one that others can
 * read is refused. The text ends in NUL; release with cli_wipe. */
char *cli_read_file(const char *path, bool private_file, size_t *len, const char **problem);

/* ---- Saying that something is wrong ------------------------------------------------------------------ */

/* "eb: ..." on stderr, control characters as question marks. Returns status. */
cli_exit cli_fail(cli_exit status, const char *format, ...) CLI_PRINTF(2, 3);

/* The end of such a sentence: "; did you mean x?" or "". */
const char *cli_did_you_mean(const cli_nearest *nearest, const char *before, cli_text *memory);

/* ---- options.c: what the tool itself is told ------------------------------------------------------ */

/* Set by the mock for whatever it starts: the base URL where none is given. */
#define CLI_MOCK_URL "EDGEBIND_MOCK_URL"

typedef enum cli_format { CLI_JSON, CLI_TABLE, CLI_RAW } cli_format;

typedef struct cli_settings {
    cli_format  output;
    const char *query;
    const char *columns;
    const char *body;
    const char *save;
    const char *wait;  /* what for, by its name in the document */
    int64_t     limit; /* items; -1: all */
    bool        dry_run, curl, verbose, skip_limits, show_secrets, help;

    const char   *profile, *token_file;
    const char   *base_url, *region, *ca_file, *proxy, *client_cert, *client_key;
    eb_str_entry *variables; /* keys are copies */
    size_t        variable_count;
    int64_t       timeout_ms; /* 0: the default */
    int           retries;    /* as eb_client_options has it */
    bool          from_mock;  /* base_url is the environment's */
} cli_settings;

typedef struct cli_option {
    const char *name;   /* "dry-run" */
    char        letter; /* 'n'; 0: none */
    const char *value;  /* "PATH"; NULL: takes none */
    const char *text;
    const char *choices; /* "json table raw" */
} cli_option;

extern const cli_option cli_options[]; /* name NULL behind the last */

const cli_option *cli_option_find(const char *word, size_t len);

/* Takes one option. value NULL where there is none. where is the word as it was written. */
cli_exit cli_option_set(cli_settings *settings, const cli_option *option, const char *where,
                        const char *value);

/* A problem of the library's as the tool's user knows it: the members of eb_client_options as options. */
void cli_put_problem(cli_text *to, const char *problem, const cli_settings *settings);

cli_exit cli_number(const char *where, const char *text, int64_t low, int64_t high, int64_t *number);
void     cli_settings_free(cli_settings *settings);

/* Is it a name under which people would write a secret on a command line? */
bool cli_is_secret_option(const eb_api *api, const char *word, size_t len);

/* ---- rows.c: what rows lead to ---------------------------------------------------------------------- */

/* An operation as the tool sees it; link: with the upload that follows it. */
typedef struct cli_call {
    const eb_help           *help;
    const eb_api            *api;
    const eb_operation      *operation;
    const eb_link           *link;
    const eb_help_operation *text;
} cli_call;

const char *cli_operation_word(const cli_call *call, cli_text *memory); /* "app-version-create" */

/* The row of the body and its struct type; NULL: there is none, or it is no object. */
const eb_field *cli_body_row(const eb_operation *operation);
const eb_type  *cli_body_type(const eb_operation *operation);

const eb_field *cli_row(const eb_type *type, const char *name, size_t len);

/* What stands inside a member: the row of a list's element, of a map's value; NULL. */
const eb_field *cli_element(const eb_field *row);
const eb_type  *cli_struct_of(const eb_field *row); /* of OBJECT and STRUCT; NULL */

/* The row that a JSON pointer or a dotted path ends at, from a type. Free-form values have no rows: *free is set. */
const eb_field *cli_row_at(const eb_type *type, const char *pointer);

bool                  cli_has_secrets(const eb_field *row);
bool                  cli_type_has_secrets(const eb_type *type);
const char           *cli_kind_text(const eb_field *row); /* "integer", "list of objects" */
const eb_limits      *cli_limits(const eb_type *owner, const eb_field *row);
const eb_help_member *cli_help_member(const eb_help *help, const eb_type *owner, const eb_field *row);

/* Overwrites secrets with "***", by the rows. row NULL: nothing is known of it, and nothing is done. */
void cli_mask(cJSON *value, const eb_field *row);
void cli_mask_struct(cJSON *value, const eb_type *type);

/* ---- params.c: the operation's options ---------------------------------------------------------------- */

typedef struct cli_upload cli_upload; /* progress.c */

typedef struct cli_params {
    cJSON          *tree; /* as eb_invoke takes it */
    eb_invoke_file *files;
    cli_upload    **uploads;
    size_t          file_count;
    bool            page_given;
} cli_params;

/* Does the operation know an option of that name? No check of the value. */
bool cli_param_known(const cli_call *call, const char *name, size_t len);

/* Puts one option into the tree. */
cli_exit cli_param_set(cli_params *params, const cli_call *call, const cli_settings *settings,
                       const char *name, size_t len, const char *value);
cli_exit cli_param_body(cli_params *params, const cli_call *call, const char *value);
cli_exit cli_params_complete(cli_params *params, const cli_call *call); /* is all there that is required? */
void cli_params_free(cli_params *params);

/* What the option of a row is called: its kebab name, or in a paged list "page" and "page-size". */
void cli_option_name(cli_text *to, const cli_call *call, const eb_type *owner, const eb_field *row);

/* "body.ports[2].protocol" as "--ports.2.protocol". */
void cli_option_of_field(cli_text *to, const cli_call *call, const char *field);

/* value.c: the text of an option as JSON, by its row; NULL: *problem says what was expected. */
cJSON *cli_value(const eb_field *row, const char *text, bool skip_limits, cli_text *problem);

/* The items an option may be set to; takes the texts of an enum, true and false. */
void cli_each_choice(const eb_field *row, void (*take)(void *context, const char *text), void *context);

/* ---- progress.c ------------------------------------------------------------------------------------------ */

/* An upload of a file, with a bar on stderr when that is a terminal. NULL: *problem says why. */
cli_upload *cli_upload_new(const char *path, eb_body *body, const char **problem);
void        cli_upload_free(cli_upload *upload);

/* ---- query.c ----------------------------------------------------------------------------------------------- */

/* Is it a path, and one that leads somewhere in the type? CLI_GO_ON: it is. */
cli_exit cli_query_check(const char *option, const char *path, const eb_type *type);

/* The value at a path: borrowed, or NULL. A [*] on the way makes *made, an array to delete. */
const cJSON *cli_query(const cJSON *value, const char *path, cJSON **made);

/* ---- output.c, table.c ------------------------------------------------------------------------------------ */

typedef struct cli_table cli_table;

typedef struct cli_output {
    const cli_settings *settings;
    const eb_field     *item; /* rows of what is shown; NULL */
    const eb_type      *type; /* of a single answer; NULL */
    cli_table          *table;
    bool                failed;
} cli_output;

void cli_output_item(cli_output *output, cJSON *item); /* one of many: a line, or a row. Masks it */
void cli_output_whole(cli_output *output, cJSON *value); /* the one answer. Masks it */
void cli_output_bytes(cli_output *output, const char *data, size_t len);
/* Writes what is left. CLI_OK, CLI_OUTPUT or CLI_PIPE. */
cli_exit cli_output_end(cli_output *output);

void cli_put_json(cli_text *to, const cJSON *value, bool pretty);
void cli_put_plain(cli_text *to, const cJSON *value); /* a text without its quotes */

cli_table *cli_table_new(const char *columns, const eb_type *type);
void       cli_table_add(cli_table *table, const cJSON *row);
size_t     cli_table_print(const cli_table *table, cli_text *to, size_t width); /* how many columns are left out */
void       cli_table_free(cli_table *table);

/* ---- profile.c -------------------------------------------------------------------------------------------- */

enum { CLI_SCHEMES_MAX = 8 };

/* Texts that must outlive eb_client_new. */
typedef struct cli_profile {
    eb_credentials credentials;
    eb_credentials items[CLI_SCHEMES_MAX];
    bool           given;
    char          *texts[2]; /* of files, cut into lines: values point into them */
    size_t         lens[2];
} cli_profile;

/* Credentials by --token-file, --profile, environment, default profile, in this order; and what a profile sets that
 * no option did, and the environment where neither did. */
cli_exit cli_profile_load(cli_profile *profile, cli_settings *settings, const cli_call *call);
void     cli_profile_free(cli_profile *profile);
void     cli_profile_path(cli_text *to); /* of the configuration file */
/* The name of a credential in the environment and in profiles: 0 the key's id, 1 its secret, 2 the token. */
void cli_credential_name(cli_text *to, const eb_api *api, const eb_auth *auth, int which);

const eb_auth *cli_scheme(const eb_api *api, size_t n); /* a security scheme of the document; NULL */
bool           cli_scheme_has(const eb_auth *auth, int which);

/* ---- wait.c -------------------------------------------------------------------------------------- */

/* A wait that is going on: a line on stderr, when that is a terminal or the tool is to say what it does. */
typedef struct cli_wait {
    const eb_wait *wait;
    bool           verbose; /* a line for each call, not one over the other */
    bool           draws;
    size_t         drawn; /* columns of the line on the terminal */
} cli_wait;

/* What --wait names; CLI_GO_ON: it is there, or nothing was named. */
cli_exit cli_wait_find(cli_wait *to, const cli_call *call, const cli_settings *settings);
bool     cli_wait_is_shown(const cli_wait *wait);
void     cli_wait_line(cli_wait *wait, const char *line); /* of the library's log */
void     cli_wait_clear(cli_wait *wait); /* the line goes, for what is shown next */
void     cli_put_waits(cli_text *to, const eb_operation *operation);

/* ---- signals.c -------------------------------------------------------------------------------- */

eb_cancel_source *cli_signals_catch(void); /* NULL: no descriptors are left */
void              cli_signals_release(void);
int               cli_signal_caught(void); /* 0: none was */

/* ---- call.c, show.c, help.c, complete.c ---------------------------------------------------------------- */

cli_exit cli_call_run(const cli_call *call, cli_settings *settings, cli_params *params);

/* show.c: --dry-run and --curl: a transport that shows a request and sends nothing. */
typedef struct cli_show {
    const cli_call     *call;
    const cli_settings *settings;
    const cli_params   *params;
    cli_text            text; /* what was shown */
    char               *url;  /* of the moment before */
    bool                done; /* a request was shown */
} cli_show;

eb_transport cli_show_transport(cli_show *show);
void         cli_show_moment(cli_show *show, const eb_moment *moment);
void         cli_show_free(cli_show *show);

void cli_help_top(void);
void cli_help_api(const eb_help *help);
void cli_help_call(const cli_call *call);

const eb_help *cli_api_find(const char *name);
bool           cli_call_find(const eb_help *help, const char *word, cli_call *call);
/* Every operation of an API, those with an upload too; false from take ends it. */
void cli_each_call(const eb_help *help, bool (*take)(void *context, const cli_call *call), void *context);

/* Commands, each with the words behind it. */
cli_exit cli_completion(int count, char **words); /* the script for a shell */
cli_exit cli_complete(int count, char **words);   /* what the last word may become */

#endif
