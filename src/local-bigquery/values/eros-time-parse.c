/* eros-time-parse.c: PARSE_DATE, PARSE_TIMESTAMP …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-time-format.h"

#include <string.h>

#define NOT_SEEN (-1)

typedef struct
{
  const char *next;
  const char *end;
  ErosSqlKind kind;
  ErosCivil civil;
  int century;
  int short_year;
  int hour12;
  int afternoon;
  int day_of_year;
  int weekday; /* 0 for Sunday */
  int week_sunday;
  int week_monday;
  int iso_year;
  int iso_week;
  gboolean epoch_seen;
  gint64 epoch;
  gboolean offset_seen;
  int offset;
  const ErosZone *zone;
} Parser;

static gboolean
scan_number (Parser *self, int max_digits, int least, int most, int *number)
{
  int n = 0;

  *number = 0;
  for (; n < max_digits && self->next < self->end && g_ascii_isdigit (*self->next); n++)
    *number = *number * 10 + (*self->next++ - '0');
  return n > 0 && *number >= least && *number <= most;
}

static void
skip_space (Parser *self)
{
  while (self->next < self->end && g_ascii_isspace (*self->next))
    self->next++;
}

/* A name in any case, whole or its first three letters. */
static gboolean
scan_name (Parser *self, const char *const *names, int n_names, int *index)
{
  gsize left = (gsize) (self->end - self->next);

  for (int i = 0; i < n_names; i++)
    {
      gsize size = strlen (names[i]);
      gboolean whole = left >= size && g_ascii_strncasecmp (self->next, names[i], size) == 0;

      if (!whole && (left < 3 || g_ascii_strncasecmp (self->next, names[i], 3) != 0))
        continue;
      self->next += whole ? size : 3;
      *index = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
scan_half_of_day (Parser *self)
{
  if (self->end - self->next < 2 || g_ascii_tolower (self->next[1]) != 'm')
    return FALSE;
  if (g_ascii_tolower (*self->next) != 'a' && g_ascii_tolower (*self->next) != 'p')
    return FALSE;
  self->afternoon = g_ascii_tolower (*self->next) == 'p';
  self->next += 2;
  return TRUE;
}

/* @places of a second after the point, -1 for as many as there are; more than six are dropped. */
static gboolean
scan_seconds (Parser *self, int places)
{
  int unit = 100000;

  if (!scan_number (self, 2, 0, 60, &self->civil.second))
    return FALSE;
  self->civil.micro = 0;
  if (places == 0 || self->next == self->end || *self->next != '.')
    return TRUE;
  self->next++;
  for (int n = 0; (places < 0 || n < places) && self->next < self->end && g_ascii_isdigit (*self->next); n++)
    {
      self->civil.micro += (*self->next++ - '0') * unit;
      unit /= 10;
    }
  return TRUE;
}

static gboolean
scan_offset (Parser *self)
{
  int hours = 0;
  int minutes = 0;
  gboolean negative = FALSE;

  if (self->next < self->end && (*self->next == 'Z' || *self->next == 'z'))
    self->next++;
  else
    {
      if (self->next == self->end || (*self->next != '+' && *self->next != '-'))
        return FALSE;
      negative = *self->next++ == '-';
      if (!scan_number (self, 2, 0, 14, &hours))
        return FALSE;
      if (self->next < self->end && *self->next == ':')
        self->next++;
      if (self->next < self->end && g_ascii_isdigit (*self->next) && !scan_number (self, 2, 0, 59, &minutes))
        return FALSE;
    }
  self->offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
  self->offset_seen = TRUE;
  return TRUE;
}

static gboolean
scan_zone (Parser *self)
{
  const char *start = self->next;

  while (self->next < self->end && (g_ascii_isalnum (*self->next) || strchr ("/_+-:", *self->next) != NULL) &&
         *self->next != '\0')
    self->next++;
  self->zone = eros_zone_find (start, (gsize) (self->next - start));
  return self->zone != NULL;
}

static gboolean
scan_epoch (Parser *self)
{
  gboolean negative = self->next < self->end && *self->next == '-';
  gint64 number = 0;
  int n = 0;

  self->next += negative;
  for (; n < 15 && self->next < self->end && g_ascii_isdigit (*self->next); n++)
    number = number * 10 + (*self->next++ - '0');
  self->epoch = (negative ? -number : number) * EROS_MICROS_PER_SECOND;
  self->epoch_seen = TRUE;
  return n > 0 && number < G_GINT64_CONSTANT (1000000000000);
}

static gboolean scan_format (Parser *self, const char *format, gsize size);

static gboolean
scan_date_element (Parser *self, char element)
{
  int number = 0;

  switch (element)
    {
    case 'A':
    case 'a':
      return scan_name (self, eros_weekday_names, 7, &self->weekday);
    case 'B':
    case 'b':
    case 'h':
      if (!scan_name (self, eros_month_names, 12, &number))
        return FALSE;
      self->civil.month = number + 1;
      return TRUE;
    case 'C':
      return scan_number (self, 2, 0, 99, &self->century);
    case 'D':
    case 'x':
      return scan_format (self, "%m/%d/%y", 8);
    case 'd':
    case 'e':
      skip_space (self);
      self->day_of_year = NOT_SEEN;
      return scan_number (self, 2, 1, 31, &self->civil.day);
    case 'F':
      return scan_format (self, "%Y-%m-%d", 8);
    case 'G':
      return scan_number (self, 4, 0, 9999, &self->iso_year);
    case 'g':
      if (!scan_number (self, 2, 0, 99, &number))
        return FALSE;
      self->iso_year = number + (number < 69 ? 2000 : 1900);
      return TRUE;
    case 'j':
      return scan_number (self, 3, 1, 366, &self->day_of_year);
    case 'm':
      self->day_of_year = NOT_SEEN;
      return scan_number (self, 2, 1, 12, &self->civil.month);
    case 'Q':
      if (!scan_number (self, 1, 1, 4, &number))
        return FALSE;
      self->civil.month = number * 3 - 2;
      return TRUE;
    case 'U':
      return scan_number (self, 2, 0, 53, &self->week_sunday);
    case 'u':
      if (!scan_number (self, 1, 1, 7, &number))
        return FALSE;
      self->weekday = number % 7;
      return TRUE;
    case 'V':
      return scan_number (self, 2, 1, 53, &self->iso_week);
    case 'W':
      return scan_number (self, 2, 0, 53, &self->week_monday);
    case 'w':
      return scan_number (self, 1, 0, 6, &self->weekday);
    case 'Y':
      self->century = NOT_SEEN;
      self->short_year = NOT_SEEN;
      return scan_number (self, 4, 0, 9999, &self->civil.year);
    case 'y':
      return scan_number (self, 2, 0, 99, &self->short_year);
    default:
      return FALSE;
    }
}

static gboolean
scan_time_element (Parser *self, char element)
{
  switch (element)
    {
    case 'H':
    case 'k':
      skip_space (self);
      self->hour12 = NOT_SEEN;
      return scan_number (self, 2, 0, 23, &self->civil.hour);
    case 'I':
    case 'l':
      skip_space (self);
      return scan_number (self, 2, 1, 12, &self->hour12);
    case 'M':
      return scan_number (self, 2, 0, 59, &self->civil.minute);
    case 'p':
    case 'P':
      return scan_half_of_day (self);
    case 'R':
      return scan_format (self, "%H:%M", 5);
    case 'r':
      return scan_format (self, "%I:%M:%S %p", 11);
    case 'S':
      return scan_seconds (self, 0);
    case 'T':
    case 'X':
      return scan_format (self, "%H:%M:%S", 8);
    default:
      return FALSE;
    }
}

static gboolean
scan_element (Parser *self, char element)
{
  if (strchr ("HkIlMpPRrSTX", element) != NULL)
    return scan_time_element (self, element);
  if (element == 'c')
    return scan_format (self, "%a %b %e %H:%M:%S %Y", 20);
  if (element == 's')
    return scan_epoch (self);
  if (element == 'z')
    return scan_offset (self);
  if (element == 'Z')
    return scan_zone (self);
  if (element == 'n' || element == 't')
    {
      skip_space (self);
      return TRUE;
    }
  if (element == '%')
    return self->next < self->end && *self->next++ == '%';
  return scan_date_element (self, element);
}

/* The length of an element after its percent sign, and the letter that stands for it. */
static gsize
element_size (const char *p, gsize size, char *letter)
{
  *letter = p[0];
  if (p[0] == 'E' && size >= 3 && (p[1] == '*' || g_ascii_isdigit (p[1])) && p[2] == 'S')
    {
      *letter = 'S';
      return 3;
    }
  if (p[0] == 'E' && size >= 3 && p[1] == '4' && p[2] == 'Y')
    {
      *letter = 'Y';
      return 3;
    }
  if ((p[0] == 'E' || p[0] == 'O') && size >= 2)
    {
      *letter = p[1];
      return 2;
    }
  return 1;
}

static gboolean
scan_format (Parser *self, const char *format, gsize size)
{
  for (gsize i = 0; i < size;)
    {
      char letter = '\0';
      gsize length = 0;
      gboolean matches = FALSE;

      if (g_ascii_isspace (format[i]))
        {
          skip_space (self);
          i++;
          continue;
        }
      if (format[i] != '%' || i + 1 == size)
        {
          if (self->next == self->end || *self->next++ != format[i++])
            return FALSE;
          continue;
        }
      length = element_size (format + i + 1, size - i - 1, &letter);
      if (letter == 'S' && length == 3)
        matches = scan_seconds (self, format[i + 2] == '*' ? -1 : format[i + 2] - '0');
      else
        matches = letter != '\0' && scan_element (self, letter);
      if (!matches)
        return FALSE;
      i += 1 + length;
    }
  return TRUE;
}

/* ---- Which elements a type has ------------------------------------------------------------------------- */

static gboolean
check_format (ErosSqlKind kind, const char *format, gsize size, GError **error)
{
  for (gsize i = 0; i + 1 < size; i++)
    {
      char letter = '\0';
      gsize length = 0;
      gboolean bad = FALSE;

      if (format[i] != '%')
        continue;
      length = element_size (format + i + 1, size - i - 1, &letter);
      if (letter == '\0' || letter == '%')
        bad = FALSE;
      else if (strchr ("zZ", letter) != NULL)
        bad = kind != EROS_SQL_TIMESTAMP;
      else if (strchr ("HkIlMpPRrSTX", letter) != NULL)
        bad = kind == EROS_SQL_DATE;
      else if (strchr ("cs", letter) != NULL)
        bad = kind == EROS_SQL_DATE || kind == EROS_SQL_TIME;
      else if (strchr ("AaBbhCDdeFGgjmQUuVWwxYy", letter) != NULL)
        bad = kind == EROS_SQL_TIME;
      if (bad)
        {
          g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
                       "Invalid format: %%%.*s is not allowed for the %s type.", (int) length, format + i + 1,
                       eros_sql_kind_get_name (kind));
          return FALSE;
        }
      i += length;
    }
  return TRUE;
}

/* ---- Putting it together ------------------------------------------------------------------------------- */

static void
settle_year_and_hour (Parser *self)
{
  if (self->century != NOT_SEEN)
    self->civil.year = self->century * 100 + MAX (self->short_year, 0);
  else if (self->short_year != NOT_SEEN)
    self->civil.year = self->short_year + (self->short_year < 69 ? 2000 : 1900);
  if (self->hour12 != NOT_SEEN)
    self->civil.hour = self->hour12 % 12 + (self->afternoon == 1 ? 12 : 0);
}

/* Days since 1970-01-01; FALSE if there is no such day. */
static gboolean
settle_day (const Parser *self, gint64 *days)
{
  const ErosCivil *civil = &self->civil;
  gint64 new_year = eros_days_from_civil (civil->year, 1, 1);

  if (self->iso_year != NOT_SEEN)
    {
      int weekday = self->weekday == NOT_SEEN ? 1 : self->weekday;

      *days = eros_iso_year_start (self->iso_year) + 7 * (MAX (self->iso_week, 1) - 1) + (weekday + 6) % 7;
      return TRUE;
    }
  if (self->week_sunday != NOT_SEEN || self->week_monday != NOT_SEEN)
    {
      int first = self->week_monday != NOT_SEEN;
      int week = first ? self->week_monday : self->week_sunday;
      int weekday = self->weekday == NOT_SEEN ? first : self->weekday;
      /* the first day of week 1 */
      gint64 start = new_year + (7 - (eros_weekday (new_year) - first + 7) % 7) % 7;

      *days = start + 7 * (week - 1) + (weekday - first + 7) % 7;
      return TRUE;
    }
  if (self->day_of_year != NOT_SEEN)
    {
      *days = new_year + self->day_of_year - 1;
      return self->day_of_year <= eros_days_from_civil (civil->year + 1, 1, 1) - new_year;
    }
  *days = eros_days_from_civil (civil->year, civil->month, civil->day);
  return civil->day <= eros_days_in_month (civil->year, civil->month);
}

static gboolean
settle (Parser *self, const ErosZone *zone, gint64 *value)
{
  ErosCivil time;
  gint64 days = 0;
  gint64 local = 0;

  settle_year_and_hour (self);
  if (!settle_day (self, &days))
    return FALSE;
  time =
    (ErosCivil){ 1970, 1, 1, self->civil.hour, self->civil.minute, self->civil.second, self->civil.micro };
  if (time.second == 60)
    time.micro = 0;
  local = self->epoch_seen ? self->epoch : days * EROS_MICROS_PER_DAY + eros_micros_from_civil (&time);
  switch ((guint) self->kind)
    {
    case EROS_SQL_DATE:
      *value = days;
      return eros_days_in_range (days);
    case EROS_SQL_TIME:
      *value = eros_micros_from_civil (&time) % EROS_MICROS_PER_DAY;
      return TRUE;
    case EROS_SQL_DATETIME:
      *value = local;
      break;
    default:
      if (self->epoch_seen)
        *value = local;
      else if (self->offset_seen)
        *value = local - self->offset * EROS_MICROS_PER_SECOND;
      else
        *value = eros_zone_from_local (self->zone != NULL ? self->zone : zone, local);
    }
  return eros_micros_in_range (*value);
}

/**
 * eros_time_parse_format:
 * @kind: DATE, TIME, DATETIME or TIMESTAMP
 * @format: the format
 * @format_size: its length
 * @text: what to read
 * @size: its length
 * @zone: the zone of a TIMESTAMP whose text names none
 * @value: (out): the value; what the text does not say is that of 1970-01-01 00:00:00
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: whether @text is as @format says
 */
gboolean
eros_time_parse_format (ErosSqlKind kind,
                        const char *format,
                        gsize format_size,
                        const char *text,
                        gsize size,
                        const ErosZone *zone,
                        gint64 *value,
                        GError **error)
{
  Parser self = { .next = text, .end = text + size, .kind = kind, .civil = { 1970, 1, 1, 0, 0, 0, 0 } };

  self.century = self.short_year = self.hour12 = self.afternoon = self.day_of_year = NOT_SEEN;
  self.weekday = self.week_sunday = self.week_monday = self.iso_year = self.iso_week = NOT_SEEN;
  if (!check_format (kind, format, format_size, error))
    return FALSE;
  skip_space (&self);
  if (scan_format (&self, format, format_size))
    {
      skip_space (&self);
      if (self.next == self.end)
        {
          if (settle (&self, zone, value))
            return TRUE;
          g_set_error_literal (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
                               "Out-of-range datetime field in parsing function");
          return FALSE;
        }
    }
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "Failed to parse input string \"%.*s\"",
               (int) size, text);
  return FALSE;
}
