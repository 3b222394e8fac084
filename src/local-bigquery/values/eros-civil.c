/* eros-civil.c: the civil calendar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-civil.h"

/**
 * eros_days_from_civil:
 * @year: a year of the proleptic Gregorian calendar
 * @month: 1 to 12
 * @day: 1 to 31
 *
 * Howard Hinnant's algorithm, http://howardhinnant.github.io/date_algorithms.html.
 *
 * Returns: days since 1970-01-01
 */
gint64
eros_days_from_civil (gint64 year, int month, int day)
{
  gint64 y = year - (month <= 2);
  gint64 era = eros_floor_divide (y, 400);
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

/**
 * eros_civil_from_days:
 * @days: days since 1970-01-01
 * @civil: (out): year, month and day; the time is midnight
 */
void
eros_civil_from_days (gint64 days, ErosCivil *civil)
{
  gint64 z = days + 719468;
  gint64 era = eros_floor_divide (z, 146097);
  gint64 day_of_era = z - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int mp = (int) ((5 * day_of_year + 2) / 153);

  *civil = (ErosCivil){ 0 };
  civil->day = (int) (day_of_year - (153 * mp + 2) / 5 + 1);
  civil->month = mp < 10 ? mp + 3 : mp - 9;
  civil->year = (int) (year_of_era + era * 400 + (civil->month <= 2));
}

gint64
eros_micros_from_civil (const ErosCivil *civil)
{
  return eros_days_from_civil (civil->year, civil->month, civil->day) * EROS_MICROS_PER_DAY +
         civil->hour * EROS_MICROS_PER_HOUR + civil->minute * EROS_MICROS_PER_MINUTE +
         civil->second * EROS_MICROS_PER_SECOND + civil->micro;
}

void
eros_civil_from_micros (gint64 micros, ErosCivil *civil)
{
  gint64 days = eros_floor_divide (micros, EROS_MICROS_PER_DAY);
  gint64 rest = micros - days * EROS_MICROS_PER_DAY;

  eros_civil_from_days (days, civil);
  civil->hour = (int) (rest / EROS_MICROS_PER_HOUR);
  civil->minute = (int) (rest / EROS_MICROS_PER_MINUTE % 60);
  civil->second = (int) (rest / EROS_MICROS_PER_SECOND % 60);
  civil->micro = (int) (rest % EROS_MICROS_PER_SECOND);
}

int
eros_days_in_month (int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

  return days[month - 1] + (month == 2 && leap);
}

/**
 * eros_weekday:
 * @days: days since 1970-01-01
 *
 * Returns: 0 for Sunday to 6 for Saturday
 */
int
eros_weekday (gint64 days)
{
  return (int) (days + 4 - 7 * eros_floor_divide (days + 4, 7));
}

int
eros_day_of_year (const ErosCivil *civil)
{
  return (int) (eros_days_from_civil (civil->year, civil->month, civil->day) -
                eros_days_from_civil (civil->year, 1, 1)) +
         1;
}

/**
 * eros_week_of_year:
 * @days: days since 1970-01-01
 * @first_weekday: the day that begins a week, 0 for Sunday
 *
 * Returns: 0 to 53; days before the year's first @first_weekday are in week 0
 */
int
eros_week_of_year (gint64 days, int first_weekday)
{
  ErosCivil civil;

  eros_civil_from_days (days, &civil);
  return (eros_day_of_year (&civil) - 1 + 7 - (eros_weekday (days) - first_weekday + 7) % 7) / 7;
}

/**
 * eros_iso_year_start:
 * @iso_year: a year of ISO 8601's week calendar
 *
 * Returns: its first Monday, in days since 1970-01-01
 */
gint64
eros_iso_year_start (int iso_year)
{
  gint64 january_fourth = eros_days_from_civil (iso_year, 1, 4);

  return january_fourth - (eros_weekday (january_fourth) + 6) % 7;
}

void
eros_iso_week (gint64 days, int *iso_year, int *iso_week)
{
  ErosCivil civil;
  int year = 0;

  /* The week belongs to the year of its Thursday. */
  eros_civil_from_days (days - (eros_weekday (days) + 6) % 7 + 3, &civil);
  year = civil.year;
  if (iso_year != NULL)
    *iso_year = year;
  if (iso_week != NULL)
    *iso_week = (int) ((days - eros_iso_year_start (year)) / 7) + 1;
}

static void
append_date (const ErosCivil *civil, GString *text)
{
  g_string_append_printf (text, "%04d-%02d-%02d", civil->year, civil->month, civil->day);
}

/* No, three or six places of a second, whatever is enough. */
static void
append_time (const ErosCivil *civil, GString *text)
{
  g_string_append_printf (text, "%02d:%02d:%02d", civil->hour, civil->minute, civil->second);
  if (civil->micro % 1000 != 0)
    g_string_append_printf (text, ".%06d", civil->micro);
  else if (civil->micro != 0)
    g_string_append_printf (text, ".%03d", civil->micro / 1000);
}

/**
 * eros_date_append:
 * @days: days since 1970-01-01
 * @text: where to append
 */
void
eros_date_append (gint64 days, GString *text)
{
  ErosCivil civil;

  eros_civil_from_days (days, &civil);
  append_date (&civil, text);
}

void
eros_time_append (gint64 micros, GString *text)
{
  ErosCivil civil;

  eros_civil_from_micros (micros, &civil);
  append_time (&civil, text);
}

/**
 * eros_datetime_append:
 * @micros: microseconds of the civil calendar
 * @separator: what stands between date and time
 * @text: where to append
 */
void
eros_datetime_append (gint64 micros, char separator, GString *text)
{
  ErosCivil civil;

  eros_civil_from_micros (micros, &civil);
  append_date (&civil, text);
  g_string_append_c (text, separator);
  append_time (&civil, text);
}

/**
 * eros_timestamp_append:
 * @micros: an instant
 * @zone: the zone to write it in
 * @text: where to append
 *
 * Appends `2025-01-31 12:00:00.123+00`.
 */
void
eros_timestamp_append (gint64 micros, const ErosZone *zone, GString *text)
{
  int offset = eros_zone_get_offset (zone, micros);

  /* Local mean time has seconds, which the offset does not show: then the time does not either. */
  offset -= offset % 60;
  eros_datetime_append (micros + offset * EROS_MICROS_PER_SECOND, ' ', text);
  eros_zone_append_offset (offset, TRUE, FALSE, text);
}
