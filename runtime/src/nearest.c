/* nearest.c -- how far one word is from another: for "did you mean". */
#include "edgebind/generated.h"

size_t eb_text_distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t max)
{
    size_t row[65];

    if (a_len >= sizeof row / sizeof row[0] || b_len >= sizeof row / sizeof row[0])
        return max;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            const size_t leave  = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            corner = row[j];
            row[j] = change < leave ? change : leave;
        }
    }
    return row[b_len] < max ? row[b_len] : max;
}
