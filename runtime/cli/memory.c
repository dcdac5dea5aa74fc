/* memory.c -- the only file of the tool that allocates. There is nothing sensible to do without memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void *checked(void *block)
{
    if (block == NULL) {
        (void)fputs("eb: out of memory\n", stderr);
        exit(CLI_MEMORY);
    }
    return block;
}

void *cli_alloc(size_t size)
{
    return checked(calloc(1, size > 0 ? size : 1));
}

void *cli_grow(void *block, size_t size)
{
    return checked(realloc(block, size));
}

char *cli_dup(const char *text, size_t len)
{
    char *copy = cli_alloc(len + 1);

    if (len > 0)
        memcpy(copy, text, len);
    return copy;
}

/* What is released may have been handed out as constant: it is ours all the same. */
void cli_free(const void *block)
{
    cli_wipe_bytes(block, 0);
}

void cli_wipe_bytes(const void *block, size_t len)
{
    char          *own;
    volatile char *at;

    memcpy(&own, &block, sizeof own);
    at = own;
    for (size_t i = 0; own != NULL && i < len; i++)
        at[i] = '\0';
    free(own);
}

void cli_wipe(const char *text)
{
    cli_wipe_bytes(text, text != NULL ? strlen(text) : 0);
}
