/* date.c -- calendar dates and seconds since 1970, by arithmetic alone: UTC, no time zone, no
 * locale, no call of the system. Years are counted from 1 March, so that a leap day ends its
 * year. */
#include <string.h>

#include "acs3.h"
#include "outcome.h"
#include "text.h"

enum { SECONDS_PER_DAY = 86400, DAYS_PER_400_YEARS = 146097, DAYS_TO_1970 = 719468 };

/* 9999-12-31T23:59:59Z, the last date four digits can write. */
#define LAST_SECOND INT64_C(253402300799)

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

void eb__acs3_date(char date[EB_ACS3_DATE_SIZE], int64_t seconds)
{
    const int64_t now        = seconds < 0 ? 0 : seconds > LAST_SECOND ? LAST_SECOND : seconds;
    const int64_t days       = now / SECONDS_PER_DAY + DAYS_TO_1970;
    const int64_t time       = now % SECONDS_PER_DAY;
    const int64_t day_of_era = days % DAYS_PER_400_YEARS;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t leap_days        = year_of_era / 4 - year_of_era / 100;
    const int64_t day_of_year      = day_of_era - 365 * year_of_era - leap_days;
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const int64_t year  = days / DAYS_PER_400_YEARS * 400 + year_of_era + (month <= 2);

    date  = put_digits(date, year, 4, '-');
    date  = put_digits(date, month, 2, '-');
    date  = put_digits(date, day_of_year - (153 * month_from_march + 2) / 5 + 1, 2, 'T');
    date  = put_digits(date, time / 3600, 2, ':');
    date  = put_digits(date, time / 60 % 60, 2, ':');
    date  = put_digits(date, time % 60, 2, 'Z');
    *date = '\0';
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

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool eb__http_date(const char *text, int64_t *seconds)
{
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const char      *at          = text;
    bool             whole, good;
    int              year, month, day, hour, minute, second;

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
    if (year < 1 || day < 1 || day > lengths[month - 1] + (month == 2 && is_leap(year)) ||
        hour > 23 || minute > 59 || second > 60)
        return false;
    *seconds = days_from_date(year, month, day) * SECONDS_PER_DAY;
    *seconds += hour * 3600 + minute * 60 + second;
    return true;
}
