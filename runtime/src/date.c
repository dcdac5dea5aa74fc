/* date.c -- calendar dates and seconds since 1970, by arithmetic alone: no time zone but what a text
 * says, no locale, no call of the system. Years are counted from 1 March, so that a leap day ends its
 * year. */
#include <string.h>

#include "acs3.h"
#include "edgebind/value.h"
#include "outcome.h"
#include "text.h"

enum { SECONDS_PER_DAY = 86400, DAYS_PER_400_YEARS = 146097, DAYS_TO_1970 = 719468 };

/* 9999-12-31T23:59:59Z, the last date four digits can write. */
#define LAST_SECOND INT64_C(253402300799)

/* 0001-01-01T00:00:00Z */
#define FIRST_SECOND INT64_C(-62135596800)

static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int64_t days_from_date(int64_t year, int month, int day)
{
    const int64_t y           = month <= 2 ? year - 1 : year; /* 0 at least: year is 1 or more */
    const int64_t era         = y / 400;
    const int64_t year_of_era = y % 400;
    const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * DAYS_PER_400_YEARS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_TO_1970;
}

static char *put_digits(char *at, int64_t value, int count, char behind)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    at[count] = behind;
    return at + count + 1;
}

/* "2026-01-31T23:59:59", without a NUL; gives its end. From FIRST_SECOND to LAST_SECOND. */
static char *put_date_time(char *date, int64_t seconds)
{
    const int64_t now  = seconds - FIRST_SECOND;
    const int64_t days = now / SECONDS_PER_DAY + DAYS_TO_1970 + FIRST_SECOND / SECONDS_PER_DAY;
    const int64_t time = now % SECONDS_PER_DAY;
    const int64_t day_of_era = days % DAYS_PER_400_YEARS;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t leap_days        = year_of_era / 4 - year_of_era / 100;
    const int64_t day_of_year      = day_of_era - 365 * year_of_era - leap_days;
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const int64_t year  = days / DAYS_PER_400_YEARS * 400 + year_of_era + (month <= 2);

    date = put_digits(date, year, 4, '-');
    date = put_digits(date, month, 2, '-');
    date = put_digits(date, day_of_year - (153 * month_from_march + 2) / 5 + 1, 2, 'T');
    date = put_digits(date, time / 3600, 2, ':');
    date = put_digits(date, time / 60 % 60, 2, ':');
    return put_digits(date, time % 60, 2, 'Z') - 1;
}

void eb__acs3_date(char date[EB_ACS3_DATE_SIZE], int64_t seconds)
{
    char *end = put_date_time(date, seconds < 0             ? 0
                                    : seconds > LAST_SECOND ? LAST_SECOND
                                                            : seconds);

    end[0] = 'Z';
    end[1] = '\0';
}

eb_status eb_time_to_text(int64_t seconds, int nanoseconds, char text[EB_TIME_TEXT_SIZE])
{
    char *end;
    int   digits = 9;

    text[0] = '\0';
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanoseconds < 0 || nanoseconds > 999999999)
        return EB_INVALID;
    end = put_date_time(text, seconds);
    if (nanoseconds > 0) {
        for (; nanoseconds % 10 == 0; digits--)
            nanoseconds /= 10;
        *end++ = '.';
        end    = put_digits(end, nanoseconds, digits, 'Z') - 1;
    }
    end[0] = 'Z';
    end[1] = '\0';
    return EB_OK;
}

/* ---- Reading: each function takes its piece from *at, or leaves it and gives false ----------- */

static bool take(const char **at, const char *word)
{
    const char *p = *at;

    for (; *word; word++, p++)
        if (eb__lower(*p) != eb__lower(*word))
            return false;
    *at = p;
    return true;
}

/* Exactly count digits; with spaces, the first may be one (the day in "Nov  6"). */
static bool take_number(const char **at, int count, bool spaces, int *value)
{
    const char *p = *at;

    *value = 0;
    for (int i = 0; i < count; i++, p++) {
        if (spaces && i == 0 && *p == ' ')
            continue;
        if (*p < '0' || *p > '9')
            return false;
        *value = *value * 10 + (*p - '0');
    }
    *at = p;
    return true;
}

static bool take_month(const char **at, int *month)
{
    for (*month = 1; *month <= 12; ++*month)
        if (take(at, months[*month - 1]))
            return true;
    return false;
}

static bool take_time(const char **at, int *hour, int *minute, int *second)
{
    return take_number(at, 2, false, hour) && take(at, ":") && take_number(at, 2, false, minute) &&
           take(at, ":") && take_number(at, 2, false, second);
}

/* The name of a day: whole in the form of RFC 850, three letters in the others. */
static bool take_weekday(const char **at, bool *whole)
{
    static const char names[7][10] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday" };

    for (size_t i = 0; i < 7; i++) {
        const char brief[4] = { names[i][0], names[i][1], names[i][2], '\0' };

        *whole = take(at, names[i]);
        if (*whole || take(at, brief))
            return true;
    }
    return false;
}

/* Is there such a day? */
static bool is_date(int year, int month, int day)
{
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool       is_leap     = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (month == 2 && is_leap);
}

/* The digits of a fraction as nanoseconds; at least one. */
static bool take_fraction(const char **at, int *nanoseconds)
{
    int unit = 100000000;

    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; ++*at, unit /= 10)
        *nanoseconds += (**at - '0') * unit;
    return true;
}

/* "Z" or "+01:00", as seconds east of Greenwich. */
static bool take_zone(const char **at, int *east)
{
    const int sign = **at == '-' ? -1 : 1;
    int       hours, minutes;

    if (take(at, "z"))
        return true;
    if (!take(at, "+") && !take(at, "-"))
        return false;
    if (!take_number(at, 2, false, &hours) || !take(at, ":") ||
        !take_number(at, 2, false, &minutes) || hours > 23 || minutes > 59)
        return false;
    *east = sign * (hours * 3600 + minutes * 60);
    return true;
}

eb_status eb_time_from_text(const char *text, int64_t *seconds, int *nanoseconds)
{
    const char *at = text;
    int         year, month, day, hour = 0, minute = 0, second = 0, fraction = 0, east = 0;

    if (text == NULL || !take_number(&at, 4, false, &year) || !take(&at, "-") ||
        !take_number(&at, 2, false, &month) || !take(&at, "-") || !take_number(&at, 2, false, &day))
        return EB_INVALID;
    if (*at != '\0' && ((!take(&at, "t") && !take(&at, " ")) || !take_time(&at, &hour, &minute, &second) ||
                        (take(&at, ".") && !take_fraction(&at, &fraction)) || !take_zone(&at, &east)))
        return EB_INVALID;
    if (*at != '\0' || !is_date(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return EB_INVALID;
    if (seconds != NULL)
        *seconds = days_from_date(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 +
                   second - east;
    if (nanoseconds != NULL)
        *nanoseconds = fraction;
    return EB_OK;
}

bool eb__http_date(const char *text, int64_t *seconds)
{
    const char *at = text;
    bool        whole, good;
    int         year, month, day, hour, minute, second;

    if (!text)
        return false;
    at += strspn(at, " \t");
    if (!take_weekday(&at, &whole))
        return false;
    if (whole) { /* Sunday, 06-Nov-94 08:49:37 GMT */
        good = take(&at, ", ") && take_number(&at, 2, false, &day) && take(&at, "-") &&
               take_month(&at, &month) && take(&at, "-") && take_number(&at, 2, false, &year) &&
               take(&at, " ") && take_time(&at, &hour, &minute, &second) && take(&at, " GMT");
        if (good)
            year += year < 70 ? 2000 : 1900; /* no such date lies before 1970 */
    } else if (take(&at, ", ")) {            /* Sun, 06 Nov 1994 08:49:37 GMT */
        good = take_number(&at, 2, false, &day) && take(&at, " ") && take_month(&at, &month) &&
               take(&at, " ") && take_number(&at, 4, false, &year) && take(&at, " ") &&
               take_time(&at, &hour, &minute, &second) && take(&at, " GMT");
    } else { /* Sun Nov  6 08:49:37 1994 */
        good = take(&at, " ") && take_month(&at, &month) && take(&at, " ") &&
               take_number(&at, 2, true, &day) && take(&at, " ") &&
               take_time(&at, &hour, &minute, &second) && take(&at, " ") &&
               take_number(&at, 4, false, &year);
    }
    if (!good || at[strspn(at, " \t")] != '\0')
        return false;
    /* A leap second is the second after it. */
    if (!is_date(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return false;
    *seconds = days_from_date(year, month, day) * SECONDS_PER_DAY;
    *seconds += hour * 3600 + minute * 60 + second;
    return true;
}
