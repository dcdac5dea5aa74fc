/* number.c -- numbers to text and back. The input is a number's text; its first eight bytes are a double and an
 * integer as well. strtod and strtoll, in the C locale, say what is right. */
#include <errno.h>
#include <math.h>

#include "fuzz.h"

#include "codec.h"
#include "number.h"

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void double_is_read_as_strtod_does(const char *text, size_t len)
{
    const double right = strtod(text, NULL);
    double       value = 0;

    if (eb__parse_double(text, len, &value))
        MUST(same_bits(value, right));
    else
        MUST(isinf(right));
}

static void integer_is_read_as_strtoll_does(const char *text, size_t len)
{
    long long right;
    int64_t   value = 0;

    errno = 0;
    right = strtoll(text, NULL, 10);
    if (eb__parse_int(text, len, &value))
        MUST(errno == 0 && value == right);
    else
        MUST(errno == ERANGE);
}

/* How many significant digits a text has. */
static int digits_of(const char *text)
{
    int  count = 0, zeros = 0;
    bool begun = false;

    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9')
            continue;
        begun = begun || *text != '0';
        zeros = *text == '0' ? zeros + 1 : 0;
        count += begun;
    }
    return count > zeros ? count - zeros : count;
}

/* As few digits as printf needs at least for the value to read back. */
static int fewest_digits(double value)
{
    char text[64];

    for (int count = 1; count < 17; count++) {
        (void)snprintf(text, sizeof text, "%.*e", count - 1, value);
        if (same_bits(strtod(text, NULL), value))
            return count;
    }
    return 17;
}

static void double_reads_back(double value)
{
    eb_buf out  = { 0 };
    double back = 0;

    eb__put_double(&out, value);
    MUST(eb__buf_status(&out) == EB_OK && out.len < EB_DOUBLE_TEXT_SIZE);
    if (!isfinite(value)) {
        MUST(strcmp(out.data, "null") == 0);
    } else {
        MUST(eb__json_check(out.data, out.len, NULL, NULL) == EB_OK);
        MUST(same_bits(strtod(out.data, NULL), value));
        MUST(eb__parse_double(out.data, out.len, &back) && same_bits(back, value));
        MUST(digits_of(out.data) <= fewest_digits(value));
    }
    eb__buf_free(&out);
}

static void integer_reads_back(int64_t value)
{
    char    text[EB_INT_TEXT_SIZE], right[32];
    size_t  len  = eb__format_int(text, value);
    int64_t back = 0;

    MUST(len == (size_t)snprintf(right, sizeof right, "%lld", (long long)value));
    MUST(memcmp(text, right, len) == 0);
    MUST(eb__parse_int(text, len, &back) && back == value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzz_input all  = { (const char *)data, size };
    char            *text = fuzz_text(all);
    double           value;
    int64_t          number;

    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        memcpy(&number, data, sizeof number);
        double_reads_back(value);
        integer_reads_back(number);
    }
    if (size > 0 && (*text == '-' || (*text >= '0' && *text <= '9')) && strlen(text) == size &&
        text[size - 1] > ' ' && eb__json_check(text, size, NULL, NULL) == EB_OK) {
        double_is_read_as_strtod_does(text, size);
        if (strpbrk(text, ".eE") == NULL)
            integer_is_read_as_strtoll_does(text, size);
        double_reads_back(strtod(text, NULL));
    }
    free(text);
    return 0;
}
