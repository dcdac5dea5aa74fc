/* number.h -- numbers as JSON writes them, the same in every locale. */
#ifndef EB_NUMBER_H
#define EB_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EB_INT_TEXT_SIZE = 20, EB_DOUBLE_TEXT_SIZE = 32 };

/* Digits with an optional minus, as the reader checked them. False: does not fit into 64 bits. */
bool eb__parse_int(const char *text, size_t len, int64_t *value);

/* Write the number and give its length; there is no NUL behind it. A double that is not finite,
 * which eb__check refuses, becomes null. */
size_t eb__format_int(char to[EB_INT_TEXT_SIZE], int64_t value);
size_t eb__format_double(char to[EB_DOUBLE_TEXT_SIZE], double value);

#endif
