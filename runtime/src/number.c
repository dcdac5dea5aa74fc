/* number.c -- integers and doubles to text and back, exactly, whatever the locale. What is common
 * takes a short way that is provably right; the rest goes through strtod and snprintf, which round
 * correctly, in forms that have no decimal point and so do not depend on the locale. */
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

/* Powers of ten that a double holds exactly. */
static const double exact_powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

enum {
    EXACT_POWER_MAX = 22,
    DIGITS_KEPT     = 800,     /* more than any double or halfway point between two has */
    EXPONENT_MAX    = 1000000, /* far beyond all doubles */
    EXACT_DIGITS    = 15,      /* so many digits always survive a double */
    MOST_DIGITS     = 17       /* so many are always enough */
};

/* A double whose operations are rounded to a double is what the short ways need. */
#if FLT_EVAL_METHOD == 0
#define SHORT_WAYS 1
#else
#define SHORT_WAYS 0
#endif

bool eb__parse_int(const char *text, size_t len, int64_t *value)
{
    const bool  negative = len > 0 && text[0] == '-';
    const char *at       = text + (negative ? 1 : 0);
    const char *end      = text + len;
    uint64_t    limit    = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t    sum      = 0;

    if (end - at > 19)
        return false;
    for (; at < end; at++)
        sum = sum * 10 + (uint64_t)(*at - '0'); /* 19 digits fit into 64 bits */
    if (sum > limit)
        return false;
    if (!negative)
        *value = (int64_t)sum;
    else
        *value = sum == limit ? INT64_MIN : -(int64_t)sum;
    return true;
}

size_t eb__format_int(char to[EB_INT_TEXT_SIZE], int64_t value)
{
    char     digits[EB_INT_TEXT_SIZE];
    char    *at   = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t   len;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    len = (size_t)(digits + sizeof digits - at);
    memcpy(to, at, len);
    return len;
}

/* ---- Text to double -------------------------------------------------------------------------- */

/* The significant digits of a number text and where its point stands among them. */
typedef struct decimal {
    const char *first; /* first digit that is not 0; NULL: the number is 0 */
    uint64_t    head;  /* the first 19 of them */
    size_t      count; /* of all digits from first on */
    int64_t     power; /* the value is those digits times ten to this */
    bool        negative;
} decimal;

static int64_t read_exponent(const char *at, const char *end)
{
    const bool negative = at < end && *at == '-';
    int64_t    value    = 0;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    for (; at < end; at++)
        if (value < INT64_MAX / 100)
            value = value * 10 + (*at - '0');
    return negative ? -value : value;
}

static void read_decimal(decimal *d, const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    bool        fraction = false;

    memset(d, 0, sizeof *d);
    if (at < end && *at == '-') {
        d->negative = true;
        at++;
    }
    for (; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        if (fraction)
            d->power--;
        if (d->first == NULL) {
            if (*at == '0')
                continue;
            d->first = at;
        }
        if (d->count < 19)
            d->head = d->head * 10 + (uint64_t)(*at - '0');
        d->count++;
    }
    if (at < end)
        d->power += read_exponent(at + 1, end);
}

/* The long way: strtod reads the digits as an integer with an exponent. */
static double through_strtod(const decimal *d)
{
    char        text[DIGITS_KEPT + 16];
    size_t      kept  = 0;
    int64_t     power = d->power;
    const char *at    = d->first;

    for (size_t seen = 0; seen < d->count; at++) {
        if (*at == '.')
            continue;
        seen++;
        if (kept < DIGITS_KEPT) {
            text[kept++] = *at;
            continue;
        }
        if (*at != '0') { /* more than a tie: any digit behind the kept ones says so */
            text[DIGITS_KEPT - 1] = '1';
        }
        power++;
    }
    if (power > EXPONENT_MAX)
        power = EXPONENT_MAX;
    if (power < -EXPONENT_MAX)
        power = -EXPONENT_MAX;
    (void)snprintf(text + kept, sizeof text - kept, "e%d", (int)power);
    return strtod(text, NULL);
}

bool eb__parse_double(const char *text, size_t len, double *value)
{
    decimal d;
    double  made;

    read_decimal(&d, text, len);
    if (d.first == NULL)
        made = 0;
    else if (SHORT_WAYS && d.count <= 19 && d.head <= UINT64_C(1) << 53 &&
             d.power >= -EXACT_POWER_MAX && d.power <= EXACT_POWER_MAX)
        made = d.power < 0 ? (double)d.head / exact_powers[-d.power]
                           : (double)d.head * exact_powers[d.power];
    else
        made = through_strtod(&d);
    if (made > DBL_MAX)
        return false;
    *value = d.negative ? -made : made;
    return true;
}

/* ---- Double to text -------------------------------------------------------------------------- */

/* Lays out digits times ten to the power. */
static size_t lay_out(char *to, uint64_t digits, int power)
{
    char   text[EB_INT_TEXT_SIZE];
    size_t count, len = 0;
    int    point; /* how many digits stand before the point */

    while (digits % 10 == 0) {
        digits /= 10;
        power++;
    }
    count = eb__format_int(text, (int64_t)digits);
    point = (int)count + power;
    if (point > MOST_DIGITS || point < -5) { /* 1.5e-7 */
        to[len++] = text[0];
        if (count > 1) {
            to[len++] = '.';
            memcpy(to + len, text + 1, count - 1);
            len += count - 1;
        }
        to[len++] = 'e';
        return len + eb__format_int(to + len, point - 1);
    }
    if (point <= 0) { /* 0.0015 */
        to[len++] = '0';
        to[len++] = '.';
        memset(to + len, '0', (size_t)-point);
        len += (size_t)-point;
        memcpy(to + len, text, count);
        return len + count;
    }
    if ((size_t)point >= count) { /* 1500 */
        memcpy(to, text, count);
        memset(to + count, '0', (size_t)point - count);
        return (size_t)point;
    }
    memcpy(to, text, (size_t)point); /* 1.5 */
    to[point] = '.';
    memcpy(to + point + 1, text + point, count - (size_t)point);
    return count + 1;
}

/* Few decimals and at most 15 digits: the one such text that reads back the same is the
 * shortest. */
static bool short_way(double value, uint64_t *digits, int *power)
{
    if (!SHORT_WAYS || value >= 1e15 || value < 1e-5)
        return false;
    for (int places = 0; places <= EXACT_POWER_MAX; places++) {
        const double scaled = value * exact_powers[places] + 0.5;

        if (scaled >= 1e15)
            return false;
        if ((double)(uint64_t)scaled / exact_powers[places] == value) {
            *digits = (uint64_t)scaled;
            *power  = -places;
            return *digits > 0;
        }
    }
    return false;
}

static bool reads_back(uint64_t digits, int power, double value)
{
    char   text[EB_INT_TEXT_SIZE + 16];
    size_t len = eb__format_int(text, (int64_t)digits);

    (void)snprintf(text + len, sizeof text - len, "e%d", power);
    return strtod(text, NULL) == value;
}

/* As many digits as are wanted, rounded correctly. */
static void round_to(double value, int count, uint64_t *digits, int *power)
{
    char        text[48];
    const char *at = text;

    (void)snprintf(text, sizeof text, "%.*e", count - 1, value);
    *digits = 0;
    for (; *at != 'e'; at++) /* the point, whatever it is in this locale, is no digit */
        if (*at >= '0' && *at <= '9')
            *digits = *digits * 10 + (uint64_t)(*at - '0');
    *power = (int)strtol(at + 1, NULL, 10) - (count - 1);
}

static void long_way(double value, uint64_t *digits, int *power)
{
    int count = value < DBL_MIN ? 1 : EXACT_DIGITS;

    for (; count < MOST_DIGITS; count++) {
        round_to(value, count, digits, power);
        if (reads_back(*digits, *power, value))
            return;
        /* Beside a power of two the nearest text may be too far and the next one up near enough. */
        if (reads_back(*digits + 1, *power, value)) {
            ++*digits;
            return;
        }
    }
    round_to(value, MOST_DIGITS, digits, power);
}

size_t eb__format_double(char to[EB_DOUBLE_TEXT_SIZE], double value)
{
    uint64_t digits = 0;
    size_t   len    = 0;
    int      power  = 0;

    if (!isfinite(value)) {
        memcpy(to, "null", 4);
        return 4;
    }
    if (signbit(value)) {
        to[len++] = '-';
        value     = -value;
    }
    if (value == 0) {
        to[len++] = '0';
        return len;
    }
    if (!short_way(value, &digits, &power))
        long_way(value, &digits, &power);
    return len + lay_out(to + len, digits, power);
}

void eb__put_double(eb_buf *out, double value)
{
    char         text[EB_DOUBLE_TEXT_SIZE];
    const size_t len = eb__format_double(text, value);

    eb__buf_put(out, text, len);
}
