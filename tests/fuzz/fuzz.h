/* fuzz.h -- what the fuzzers share: a promise that must hold, input taken apart, an allocator that knows
 * whether every block came back, whole and wiped.
 *
 * An input is text that a person can write: lines that choose, then whatever is to be read. Built by
 * `make VARIANT=fuzz` the engine is libFuzzer; otherwise replay.c plays the files of the corpus. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgebind/dcdn.h"
#include "edgebind/edgebind.h"
#include "edgebind/edgegap.h"
#include "edgebind/esa.h"
#include "edgebind/oss.h"
#include "edgebind/sae.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program when the promise is broken, so that the engine keeps the input. */
#define MUST(promise) ((promise) ? (void)0 : fuzz_broken(#promise, __FILE__, __LINE__))

static inline void fuzz_broken(const char *promise, const char *file, int line)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
    abort();
}

/* ---- Input ------------------------------------------------------------------------------------ */

typedef struct fuzz_input {
    const char *at;
    size_t      len;
} fuzz_input;

/* Everything to the next stop, which is dropped; without one, all there is. */
static inline fuzz_input fuzz_until(fuzz_input *rest, char stop)
{
    const char *end   = rest->len > 0 ? memchr(rest->at, stop, rest->len) : NULL;
    fuzz_input  taken = { rest->at, end != NULL ? (size_t)(end - rest->at) : rest->len };

    rest->at += taken.len + (end != NULL);
    rest->len -= taken.len + (end != NULL);
    return taken;
}

/* A block of its own with a NUL behind it, for free(): reading past it is seen. */
static inline char *fuzz_text(fuzz_input from)
{
    char *text = malloc(from.len + 1);

    MUST(text != NULL);
    if (from.len > 0)
        memcpy(text, from.at, from.len);
    text[from.len] = '\0';
    return text;
}

/* The same without the NUL, for what is told its length. */
static inline char *fuzz_bytes(fuzz_input from)
{
    char *bytes = malloc(from.len > 0 ? from.len : 1);

    MUST(bytes != NULL);
    if (from.len > 0)
        memcpy(bytes, from.at, from.len);
    return bytes;
}

static inline bool fuzz_is(fuzz_input text, const char *name)
{
    return text.len == strlen(name) && memcmp(text.at, name, text.len) == 0;
}

static inline bool fuzz_holds(fuzz_input text, const char *part)
{
    const size_t len = strlen(part);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.at + i, part, len) == 0)
            return true;
    return false;
}

/* Any text as a number: every byte counts, so that every mutation may choose something else. */
static inline size_t fuzz_number(fuzz_input text)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
    return hash;
}

static inline int64_t fuzz_int(fuzz_input text)
{
    int64_t value = 0;

    for (size_t i = 0; i < text.len && i < 18; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            value = value * 10 + (text.at[i] - '0');
    return text.len > 0 && text.at[0] == '-' ? -value : value;
}

static const eb_api *const fuzz_apis[] = { &edgegap_api, &esa_api, &dcdn_api, &sae_api, &oss_api };

enum { FUZZ_APIS = sizeof fuzz_apis / sizeof fuzz_apis[0] };

static inline const eb_api *fuzz_api(fuzz_input name)
{
    for (size_t i = 0; i < FUZZ_APIS; i++)
        if (fuzz_is(name, fuzz_apis[i]->name))
            return fuzz_apis[i];
    return fuzz_apis[fuzz_number(name) % FUZZ_APIS];
}

/* ---- Memory ----------------------------------------------------------------------------------- */

enum { FUZZ_HEAD = 2 * sizeof(max_align_t) }; /* before each block: its size */

static inline void *fuzz_allocate(void *live, size_t size)
{
    char *block = malloc(FUZZ_HEAD + size);

    MUST(block != NULL && size > 0);
    memcpy(block, &size, sizeof size);
    memset(block + FUZZ_HEAD, 0xA5, size); /* nobody may count on zeros */
    ++*(long *)live;
    return block + FUZZ_HEAD;
}

static inline void fuzz_release(void *live, void *block, size_t size)
{
    char  *start = (char *)block - FUZZ_HEAD;
    size_t asked;

    memcpy(&asked, start, sizeof asked);
    MUST(asked == size);
    for (size_t i = 0; i < asked; i++)
        MUST(start[FUZZ_HEAD + i] == 0);
    --*(long *)live;
    free(start);
}

static inline eb_allocator fuzz_allocator(long *live)
{
    eb_allocator allocator = { fuzz_allocate, fuzz_release, live };

    *live = 0;
    return allocator;
}

#endif
