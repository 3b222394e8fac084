/* eros-date-part.c: arithmetic with the parts of dates and times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-date-part.h"

#include <string.h>

static const char *const part_names[] = {
  "MICROSECOND", "MILLISECOND", "SECOND",  "MINUTE",    "HOUR",      "DAY",  "WEEK", "ISOWEEK",  "MONTH",
  "QUARTER",     "YEAR",        "ISOYEAR", "DAYOFWEEK", "DAYOFYEAR", "DATE", "TIME", "DATETIME",
};

static const char *const weekday_names[] = {
  "WEEK(SUNDAY)",   "WEEK(MONDAY)", "WEEK(TUESDAY)",  "WEEK(WEDNESDAY)",
  "WEEK(THURSDAY)", "WEEK(FRIDAY)", "WEEK(SATURDAY)",
};

static gboolean
is_name (const char *text, gsize size, const char *name)
{
  return strlen (name) == size && g_ascii_strncasecmp (text, name, size) == 0;
}

/**
 * eros_part_parse:
 * @text: a part's name in any case, such as `DAY` or `WEEK(MONDAY)`
 * @size: its length
 * @part: (out): the part
 *
 * Returns: whether there is such a part
 */
gboolean
eros_part_parse (const char *text, gsize size, ErosPart *part)
{
  *part = (ErosPart){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (part_names); i++)
    if (is_name (text, size, part_names[i]))
      {
        part->kind = i;
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (weekday_names); i++)
    if (is_name (text, size, weekday_names[i]))
      {
        part->kind = EROS_PART_WEEK;
        part->first_weekday = (int) i;
        return TRUE;
      }
  return FALSE;
}

const char *
eros_part_get_name (ErosPart part)
{
  return part.kind == EROS_PART_WEEK && part.first_weekday > 0 ? weekday_names[part.first_weekday]
                                                               : part_names[part.kind];
}

/**
 * eros_part_get_micros:
 * @part: a part
 *
 * Returns: its length, or 0 for one that is not always as long (MONTH …)
 */
gint64
eros_part_get_micros (ErosPart part)
{
  switch ((guint) part.kind)
    {
    case EROS_PART_MICROSECOND:
      return 1;
    case EROS_PART_MILLISECOND:
      return 1000;
    case EROS_PART_SECOND:
      return EROS_MICROS_PER_SECOND;
    case EROS_PART_MINUTE:
      return EROS_MICROS_PER_MINUTE;
    case EROS_PART_HOUR:
      return EROS_MICROS_PER_HOUR;
    case EROS_PART_DAY:
      return EROS_MICROS_PER_DAY;
    case EROS_PART_WEEK:
    case EROS_PART_ISOWEEK:
      return 7 * EROS_MICROS_PER_DAY;
    default:
      return 0;
    }
}

static gint64
months_in (ErosPart part)
{
  return part.kind == EROS_PART_YEAR ? 12 : part.kind == EROS_PART_QUARTER ? 3 : 1;
}

static gboolean
add_months (gint64 micros, gint64 n, gint64 *result)
{
  ErosCivil civil;
  gint64 month = 0;
  gint64 year = 0;

  eros_civil_from_micros (micros, &civil);
  if (__builtin_add_overflow (n, (gint64) civil.year * 12 + civil.month - 1, &month))
    return FALSE;
  year = eros_floor_divide (month, 12);
  if (year < 1 || year > 9999)
    return FALSE;
  civil.year = (int) year;
  civil.month = (int) (month - year * 12) + 1;
  civil.day = MIN (civil.day, eros_days_in_month (civil.year, civil.month));
  *result = eros_micros_from_civil (&civil);
  return TRUE;
}

/**
 * eros_part_add:
 * @micros: civil time
 * @n: how many parts to add
 * @part: MICROSECOND … YEAR
 * @result: (out): the sum; a day that its month does not have is the month's last
 *
 * Returns: whether the sum is in range
 */
gboolean
eros_part_add (gint64 micros, gint64 n, ErosPart part, gint64 *result)
{
  gint64 unit = eros_part_get_micros (part);

  if (unit == 0)
    return !__builtin_mul_overflow (n, months_in (part), &n) && add_months (micros, n, result);
  return !__builtin_mul_overflow (n, unit, &n) && !__builtin_add_overflow (micros, n, result) &&
         eros_micros_in_range (*result);
}

/* Weeks since one that began long ago. */
static gint64
week_number (gint64 days, int first_weekday)
{
  return eros_floor_divide (days + 4 - first_weekday, 7);
}

/**
 * eros_part_difference:
 * @a: civil time
 * @b: civil time
 * @part: MICROSECOND … ISOYEAR
 *
 * Returns: how many times @part's value changes between @b and @a, negative when @a is the earlier
 */
gint64
eros_part_difference (gint64 a, gint64 b, ErosPart part)
{
  gint64 a_days = eros_floor_divide (a, EROS_MICROS_PER_DAY);
  gint64 b_days = eros_floor_divide (b, EROS_MICROS_PER_DAY);
  ErosCivil x, y;
  int x_year = 0;
  int y_year = 0;

  switch ((guint) part.kind)
    {
    case EROS_PART_WEEK:
      return week_number (a_days, part.first_weekday) - week_number (b_days, part.first_weekday);
    case EROS_PART_ISOWEEK:
      return week_number (a_days, 1) - week_number (b_days, 1);
    case EROS_PART_ISOYEAR:
      eros_iso_week (a_days, &x_year, NULL);
      eros_iso_week (b_days, &y_year, NULL);
      return x_year - y_year;
    case EROS_PART_YEAR:
    case EROS_PART_QUARTER:
    case EROS_PART_MONTH:
      eros_civil_from_days (a_days, &x);
      eros_civil_from_days (b_days, &y);
      return (x.year * 12 + x.month - 1) / months_in (part) - (y.year * 12 + y.month - 1) / months_in (part);
    default:
      return eros_floor_divide (a, eros_part_get_micros (part)) -
             eros_floor_divide (b, eros_part_get_micros (part));
    }
}

static gint64
week_start (gint64 days, int first_weekday)
{
  return days - (eros_weekday (days) - first_weekday + 7) % 7;
}

/* The first day of the month, quarter or year. */
static gint64
month_start (gint64 days, ErosPart part)
{
  ErosCivil civil;

  eros_civil_from_days (days, &civil);
  if (part.kind == EROS_PART_YEAR)
    civil.month = 1;
  if (part.kind == EROS_PART_QUARTER)
    civil.month -= (civil.month - 1) % 3;
  return eros_days_from_civil (civil.year, civil.month, 1);
}

/**
 * eros_part_truncate:
 * @micros: civil time
 * @part: MICROSECOND … ISOYEAR
 * @result: (out): the beginning of the part that @micros is in
 *
 * Returns: whether that is in range
 */
gboolean
eros_part_truncate (gint64 micros, ErosPart part, gint64 *result)
{
  gint64 days = eros_floor_divide (micros, EROS_MICROS_PER_DAY);
  gint64 unit = eros_part_get_micros (part);
  int iso_year = 0;

  switch ((guint) part.kind)
    {
    case EROS_PART_WEEK:
      *result = week_start (days, part.first_weekday) * EROS_MICROS_PER_DAY;
      break;
    case EROS_PART_ISOWEEK:
      *result = week_start (days, 1) * EROS_MICROS_PER_DAY;
      break;
    case EROS_PART_ISOYEAR:
      eros_iso_week (days, &iso_year, NULL);
      *result = eros_iso_year_start (iso_year) * EROS_MICROS_PER_DAY;
      break;
    case EROS_PART_YEAR:
    case EROS_PART_QUARTER:
    case EROS_PART_MONTH:
      *result = month_start (days, part) * EROS_MICROS_PER_DAY;
      break;
    default:
      *result = eros_floor_divide (micros, unit) * unit;
    }
  return eros_micros_in_range (*result);
}

/**
 * eros_part_extract:
 * @micros: civil time
 * @part: any part; DATE gives days, TIME microseconds since midnight
 *
 * Returns: the part's value
 */
gint64
eros_part_extract (gint64 micros, ErosPart part)
{
  gint64 days = eros_floor_divide (micros, EROS_MICROS_PER_DAY);
  ErosCivil civil;
  int number = 0;

  eros_civil_from_micros (micros, &civil);
  switch (part.kind)
    {
    case EROS_PART_MICROSECOND:
      return civil.micro;
    case EROS_PART_MILLISECOND:
      return civil.micro / 1000;
    case EROS_PART_SECOND:
      return civil.second;
    case EROS_PART_MINUTE:
      return civil.minute;
    case EROS_PART_HOUR:
      return civil.hour;
    case EROS_PART_DAY:
      return civil.day;
    case EROS_PART_WEEK:
      return eros_week_of_year (days, part.first_weekday);
    case EROS_PART_ISOWEEK:
      eros_iso_week (days, NULL, &number);
      return number;
    case EROS_PART_MONTH:
      return civil.month;
    case EROS_PART_QUARTER:
      return (civil.month + 2) / 3;
    case EROS_PART_YEAR:
      return civil.year;
    case EROS_PART_ISOYEAR:
      eros_iso_week (days, &number, NULL);
      return number;
    case EROS_PART_DAYOFWEEK:
      return eros_weekday (days) + 1;
    case EROS_PART_DAYOFYEAR:
      return eros_day_of_year (&civil);
    case EROS_PART_DATE:
      return days;
    case EROS_PART_TIME:
      return micros - days * EROS_MICROS_PER_DAY;
    case EROS_PART_DATETIME:
    default:
      return micros;
    }
}

/**
 * eros_part_last_day:
 * @days: days since 1970-01-01
 * @part: WEEK, ISOWEEK, MONTH, QUARTER, YEAR or ISOYEAR
 * @result: (out): the last day of the part that @days is in
 *
 * Returns: whether that is in range
 */
gboolean
eros_part_last_day (gint64 days, ErosPart part, gint64 *result)
{
  ErosCivil civil;
  int iso_year = 0;

  switch ((guint) part.kind)
    {
    case EROS_PART_WEEK:
      *result = week_start (days, part.first_weekday) + 6;
      break;
    case EROS_PART_ISOWEEK:
      *result = week_start (days, 1) + 6;
      break;
    case EROS_PART_ISOYEAR:
      eros_iso_week (days, &iso_year, NULL);
      *result = eros_iso_year_start (iso_year + 1) - 1;
      break;
    default:
      eros_civil_from_days (month_start (days, part), &civil);
      civil.month += (int) months_in (part) - 1;
      *result = eros_days_from_civil (civil.year, civil.month, eros_days_in_month (civil.year, civil.month));
    }
  return eros_days_in_range (*result);
}
