/* eros-civil-parse.c: reading dates and times in their canonical text form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-civil.h"

#include "eros-sql-type.h"

#include <string.h>

typedef struct
{
  const char *next;
  const char *end;
} Scanner;

static gboolean
scan_number (Scanner *scanner, int min_digits, int max_digits, int *number)
{
  int n = 0;

  *number = 0;
  for (; n < max_digits && scanner->next < scanner->end && g_ascii_isdigit (*scanner->next); n++)
    *number = *number * 10 + (*scanner->next++ - '0');
  return n >= min_digits;
}

static gboolean
scan_char (Scanner *scanner, char c)
{
  if (scanner->next == scanner->end || *scanner->next != c)
    return FALSE;
  scanner->next++;
  return TRUE;
}

static gboolean
scan_date (Scanner *scanner, ErosCivil *civil)
{
  return scan_number (scanner, 4, 5, &civil->year) && scan_char (scanner, '-') &&
         scan_number (scanner, 1, 2, &civil->month) && scan_char (scanner, '-') &&
         scan_number (scanner, 1, 2, &civil->day) && civil->year <= 9999 && civil->month >= 1 &&
         civil->month <= 12 && civil->day >= 1 &&
         civil->day <= eros_days_in_month (civil->year, civil->month);
}

static gboolean
scan_time (Scanner *scanner, ErosCivil *civil)
{
  const char *start = NULL;

  if (!scan_number (scanner, 1, 2, &civil->hour) || !scan_char (scanner, ':') ||
      !scan_number (scanner, 1, 2, &civil->minute) || !scan_char (scanner, ':') ||
      !scan_number (scanner, 1, 2, &civil->second))
    return FALSE;
  if (scan_char (scanner, '.'))
    {
      start = scanner->next;
      if (!scan_number (scanner, 1, 6, &civil->micro))
        return FALSE;
      for (int n = (int) (scanner->next - start); n < 6; n++)
        civil->micro *= 10;
    }
  /* A leap second is the first second of the next minute. */
  if (civil->second == 60)
    civil->micro = 0;
  return civil->hour < 24 && civil->minute < 60 && civil->second <= 60;
}

static gboolean
at_end (const Scanner *scanner)
{
  return scanner->next == scanner->end;
}

static gboolean
scan_separator (Scanner *scanner)
{
  return scan_char (scanner, ' ') || scan_char (scanner, 'T') || scan_char (scanner, 't');
}

/**
 * eros_date_parse:
 * @text: `YYYY-[M]M-[D]D`
 * @size: its length
 * @days: (out): days since 1970-01-01
 *
 * Returns: whether @text is a date; one of year 0 is well-formed, but not eros_days_in_range()
 */
gboolean
eros_date_parse (const char *text, gsize size, gint64 *days)
{
  Scanner scanner = { text, text + size };
  ErosCivil civil = { 0 };

  if (!scan_date (&scanner, &civil) || !at_end (&scanner))
    return FALSE;
  *days = eros_days_from_civil (civil.year, civil.month, civil.day);
  return TRUE;
}

gboolean
eros_time_parse (const char *text, gsize size, gint64 *micros)
{
  Scanner scanner = { text, text + size };
  ErosCivil civil = { 1970, 1, 1, 0, 0, 0, 0 };

  if (!scan_time (&scanner, &civil) || !at_end (&scanner))
    return FALSE;
  *micros = eros_micros_from_civil (&civil) % EROS_MICROS_PER_DAY;
  return TRUE;
}

/**
 * eros_datetime_parse:
 * @text: a date, or a date and a time with a space or `T` between
 * @size: its length
 * @micros: (out): microseconds since 1970-01-01 of the civil calendar
 *
 * Returns: whether @text is such a text and in range
 */
gboolean
eros_datetime_parse (const char *text, gsize size, gint64 *micros)
{
  Scanner scanner = { text, text + size };
  ErosCivil civil = { 0 };

  if (!scan_date (&scanner, &civil))
    return FALSE;
  if (!at_end (&scanner) && (!scan_separator (&scanner) || !scan_time (&scanner, &civil)))
    return FALSE;
  *micros = eros_micros_from_civil (&civil);
  return at_end (&scanner) && eros_micros_in_range (*micros);
}

static gboolean
fail (const char *text, gsize size, GError **error)
{
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Invalid timestamp: '%.*s'", (int) size,
               text);
  return FALSE;
}

/**
 * eros_timestamp_parse:
 * @text: as for eros_datetime_parse(), with an optional zone: `Z`, `+5:30`, or after a space `Europe/Berlin`
 * @size: its length
 * @zone: the zone of a text that names none
 * @micros: (out): microseconds since 1970-01-01 00:00:00 UTC
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: whether @text is such a text and in range
 */
gboolean
eros_timestamp_parse (const char *text, gsize size, const ErosZone *zone, gint64 *micros, GError **error)
{
  Scanner scanner = { text, text + size };
  ErosCivil civil = { 0 };
  const char *name = NULL;
  gboolean spaced = FALSE;

  if (!scan_date (&scanner, &civil))
    return fail (text, size, error);
  if (scanner.next < scanner.end && memchr (" Tt", *scanner.next, 3) != NULL &&
      scanner.end - scanner.next > 1 && g_ascii_isdigit (scanner.next[1]))
    {
      scanner.next++;
      if (!scan_time (&scanner, &civil))
        return fail (text, size, error);
    }
  if (!at_end (&scanner))
    {
      spaced = scan_char (&scanner, ' ');
      name = scanner.next;
      if (at_end (&scanner) || spaced == (memchr ("+-Zz", *name, 4) != NULL))
        return fail (text, size, error);
      zone = eros_zone_find (name, (gsize) (scanner.end - name));
      if (zone == NULL)
        {
          g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Invalid time zone: %.*s",
                       (int) (scanner.end - name), name);
          return FALSE;
        }
    }
  *micros = eros_zone_from_local (zone, eros_micros_from_civil (&civil));
  return eros_micros_in_range (*micros) || fail (text, size, error);
}
