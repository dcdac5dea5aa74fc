/* vectors.h -- what the vector programs share: reading a file, and asking its JSON for members.
 *
 * A file that cannot be used ends the program with exit status 2 and one line that says where and
 * why; a difference ends it with 1. Memory is left to the end of the process, except the tree. */
#ifndef VECTORS_H
#define VECTORS_H

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIFFERENT = 1, UNUSABLE = 2 };

/* A file being read, and the case that messages name: "canonical" or "vector 3" until it has a
 * name. */
typedef struct vectors {
    const char *file;
    char        name[200];
    char       *text;
    cJSON      *root;
} vectors;

static inline void vectors_close(vectors *v)
{
    cJSON_Delete(v->root);
    free(v->text);
    v->root = NULL;
    v->text = NULL;
}

__attribute__((format(printf, 2, 3), noreturn)) static inline void unusable(vectors    *v,
                                                                            const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", v->file);
    if (v->name[0])
        fprintf(stderr, "%s: ", v->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    vectors_close(v);
    exit(UNUSABLE);
}

/* cJSON's strings end at a NUL, so an escaped one is read as U+FDD0, which no text uses. */
static const char nul_escape[] = "uFDD0";
static const char nul_mark[]   = "\xEF\xB7\x90";

static inline void mark_nuls(char *text)
{
    bool in_string = false;

    for (char *c = text; *c; c++) {
        if (*c == '"')
            in_string = !in_string;
        if (*c != '\\' || !in_string || c[1] == '\0')
            continue;
        c++;
        if (strncmp(c, "u0000", 5) == 0)
            memcpy(c, nul_escape, 5);
    }
}

static inline void vectors_open(vectors *v, const char *file)
{
    FILE       *in  = fopen(file, "rb");
    size_t      len = 0, size = 1 << 16;
    const char *end = NULL;
    bool        failed;

    *v = (vectors){ .file = file };
    if (!in)
        unusable(v, "cannot be opened");
    v->text = malloc(size + 1);
    for (size_t got; v->text && (got = fread(v->text + len, 1, size - len, in)) > 0;) {
        char *larger = v->text;

        len += got;
        if (len == size)
            larger = realloc(v->text, (size *= 2) + 1);
        if (!larger)
            free(v->text);
        v->text = larger;
    }
    failed = ferror(in) != 0;
    fclose(in);
    if (!v->text)
        unusable(v, "out of memory");
    if (failed)
        unusable(v, "cannot be read");
    v->text[len] = '\0';
    if (strlen(v->text) != len)
        unusable(v, "not JSON: a NUL at byte %zu", strlen(v->text));

    mark_nuls(v->text);
    v->root = cJSON_ParseWithOpts(v->text, &end, 1);
    if (!v->root) {
        int line = 1;

        for (const char *c = v->text; end && c < end; c++)
            line += *c == '\n';
        unusable(v, "not JSON: broken at line %d", line);
    }
}

/* The array of cases; at least one, or the file checks nothing. */
static inline const cJSON *vectors_list(vectors *v, const char *member)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(v->root, member);

    if (!cJSON_IsObject(v->root))
        unusable(v, "expected an object with a list `%s`", member);
    if (!cJSON_IsArray(list))
        unusable(v, "`%s` %s", member, list ? "is not a list" : "is missing");
    if (!list->child)
        unusable(v, "`%s` is empty", member);
    return list;
}

/* Makes messages name this case. */
static inline void vectors_case(vectors *v, const cJSON *item, int number)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");

    snprintf(v->name, sizeof(v->name), "number %d", number);
    if (!cJSON_IsObject(item))
        unusable(v, "expected an object");
    if (!cJSON_IsString(name) || !name->valuestring[0])
        unusable(v, "`name` %s", name ? "is not a text" : "is missing");
    snprintf(v->name, sizeof(v->name), "%s", name->valuestring);
}

static inline const char *text_of(vectors *v, const cJSON *value, const char *what)
{
    if (!cJSON_IsString(value))
        unusable(v, "%s %s", what, value ? "is not a text" : "is missing");
    if (strstr(value->valuestring, nul_mark))
        unusable(v, "%s holds a NUL", what);
    return value->valuestring;
}

static inline const char *text_member(vectors *v, const cJSON *object, const char *member)
{
    char what[100];

    snprintf(what, sizeof(what), "`%s`", member);
    return text_of(v, cJSON_GetObjectItemCaseSensitive(object, member), what);
}

static inline bool bool_member(vectors *v, const cJSON *object, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, member);

    if (!cJSON_IsBool(value))
        unusable(v, "`%s` %s", member, value ? "is not true or false" : "is missing");
    return cJSON_IsTrue(value);
}

static inline double number_member(vectors *v, const cJSON *object, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, member);

    if (!cJSON_IsNumber(value))
        unusable(v, "`%s` %s", member, value ? "is not a number" : "is missing");
    return value->valuedouble;
}

static inline int64_t int_member(vectors *v, const cJSON *object, const char *member)
{
    const double value = number_member(v, object, member);
    const double whole = 9007199254740992.0; /* 2^53, up to which doubles are exact */

    if (!(value >= -whole && value <= whole) || (double)(int64_t)value != value)
        unusable(v, "`%s` is not a whole number", member);
    return (int64_t)value;
}

#endif
