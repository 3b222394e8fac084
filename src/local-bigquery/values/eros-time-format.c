/* eros-time-format.c: FORMAT_DATE, FORMAT_TIMESTAMP …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-time-format.h"

#include <string.h>

const char *const eros_month_names[12] = { "January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December" };
const char *const eros_weekday_names[7] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday" };

#define DATE_ELEMENTS "AaBbhCDdeFGgjmQUuVWwxYyJ"
#define TIME_ELEMENTS "HIklMpPRrSTX"
#define BOTH_ELEMENTS "cs"
#define ZONE_ELEMENTS "Zz"

typedef struct
{
  ErosSqlKind kind;
  ErosCivil civil;
  gint64 days;
  gint64 instant;
  const ErosZone *zone;
  GString *out;
} Formatter;

static gboolean
has_date (const Formatter *self)
{
  return self->kind != EROS_SQL_TIME;
}

static gboolean
has_time (const Formatter *self)
{
  return self->kind != EROS_SQL_DATE;
}

static gboolean
takes (const Formatter *self, char element)
{
  if (strchr (DATE_ELEMENTS, element) != NULL)
    return has_date (self);
  if (strchr (TIME_ELEMENTS, element) != NULL)
    return has_time (self);
  if (strchr (BOTH_ELEMENTS, element) != NULL)
    return has_date (self) && has_time (self);
  if (strchr (ZONE_ELEMENTS, element) != NULL)
    return self->kind == EROS_SQL_TIMESTAMP;
  return strchr ("nt%", element) != NULL;
}

/* A number of @width places; @flag "-" leaves the padding out, "_" pads with spaces, "0" with zeros. */
static void
append_number (Formatter *self, gint64 number, int width, char pad, char flag)
{
  char digits[32];
  int n = g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, number);

  if (flag == '_')
    pad = ' ';
  if (flag == '0')
    pad = '0';
  for (; n < width && flag != '-'; n++)
    g_string_append_c (self->out, pad);
  g_string_append (self->out, digits);
}

static void
append_name (Formatter *self, const char *name, int length, char flag)
{
  for (int i = 0; name[i] != '\0' && i < length; i++)
    g_string_append_c (self->out, flag == '^' || flag == '#' ? g_ascii_toupper (name[i]) : name[i]);
}

/* UTC, UTC-5, UTC+0530 */
static void
append_zone_name (Formatter *self)
{
  int offset = eros_zone_get_offset (self->zone, self->instant);

  g_string_append (self->out, "UTC");
  if (offset == 0)
    return;
  if (offset % 3600 == 0)
    g_string_append_printf (self->out, "%+d", offset / 3600);
  else
    eros_zone_append_offset (offset, FALSE, TRUE, self->out);
}

static void append_format (Formatter *self, const char *format, gsize size);

/* What depends on where weeks begin. */
static void
append_week_element (Formatter *self, char element, char flag)
{
  int weekday = eros_weekday (self->days);
  int iso_year = 0;
  int iso_week = 0;

  eros_iso_week (self->days, &iso_year, &iso_week);
  switch (element)
    {
    case 'G':
      append_number (self, iso_year, 0, '0', flag);
      break;
    case 'g':
      append_number (self, iso_year % 100, 2, '0', flag);
      break;
    case 'J':
      append_number (self, self->days - eros_iso_year_start (iso_year) + 1, 3, '0', flag);
      break;
    case 'U':
      append_number (self, eros_week_of_year (self->days, 0), 2, '0', flag);
      break;
    case 'u':
      append_number (self, weekday == 0 ? 7 : weekday, 1, '0', flag);
      break;
    case 'V':
      append_number (self, iso_week, 2, '0', flag);
      break;
    case 'W':
      append_number (self, eros_week_of_year (self->days, 1), 2, '0', flag);
      break;
    case 'w':
    default:
      append_number (self, weekday, 1, '0', flag);
    }
}

static void
append_date_element (Formatter *self, char element, char flag)
{
  const ErosCivil *civil = &self->civil;
  int weekday = eros_weekday (self->days);

  switch (element)
    {
    case 'A':
      append_name (self, eros_weekday_names[weekday], 99, flag);
      break;
    case 'a':
      append_name (self, eros_weekday_names[weekday], 3, flag);
      break;
    case 'B':
      append_name (self, eros_month_names[civil->month - 1], 99, flag);
      break;
    case 'b':
    case 'h':
      append_name (self, eros_month_names[civil->month - 1], 3, flag);
      break;
    case 'C':
      append_number (self, civil->year / 100, 0, '0', flag);
      break;
    case 'D':
    case 'x':
      append_format (self, "%m/%d/%y", 8);
      break;
    case 'd':
      append_number (self, civil->day, 2, '0', flag);
      break;
    case 'e':
      append_number (self, civil->day, 2, ' ', flag);
      break;
    case 'F':
      append_format (self, "%Y-%m-%d", 8);
      break;
    case 'j':
      append_number (self, eros_day_of_year (civil), 3, '0', flag);
      break;
    case 'm':
      append_number (self, civil->month, 2, '0', flag);
      break;
    case 'Q':
      append_number (self, (civil->month + 2) / 3, 1, '0', flag);
      break;
    case 'Y':
      append_number (self, civil->year, 0, '0', flag);
      break;
    case 'y':
      append_number (self, civil->year % 100, 2, '0', flag);
      break;
    default:
      append_week_element (self, element, flag);
    }
}

static void
append_time_element (Formatter *self, char element, char flag)
{
  const ErosCivil *civil = &self->civil;
  int hour12 = civil->hour % 12 == 0 ? 12 : civil->hour % 12;

  switch (element)
    {
    case 'H':
      append_number (self, civil->hour, 2, '0', flag);
      break;
    case 'I':
      append_number (self, hour12, 2, '0', flag);
      break;
    case 'k':
      append_number (self, civil->hour, 2, ' ', flag);
      break;
    case 'l':
      append_number (self, hour12, 2, ' ', flag);
      break;
    case 'M':
      append_number (self, civil->minute, 2, '0', flag);
      break;
    case 'p':
      g_string_append (self->out, civil->hour < 12 ? "AM" : "PM");
      break;
    case 'P':
      g_string_append (self->out, civil->hour < 12 ? "am" : "pm");
      break;
    case 'R':
      append_format (self, "%H:%M", 5);
      break;
    case 'r':
      append_format (self, "%I:%M:%S %p", 11);
      break;
    case 'T':
    case 'X':
      append_format (self, "%H:%M:%S", 8);
      break;
    case 'S':
    default:
      append_number (self, civil->second, 2, '0', flag);
    }
}

static void
append_element (Formatter *self, char element, char flag)
{
  if (strchr (DATE_ELEMENTS, element) != NULL)
    append_date_element (self, element, flag);
  else if (strchr (TIME_ELEMENTS, element) != NULL)
    append_time_element (self, element, flag);
  else if (element == 'c')
    append_format (self, "%a %b %e %H:%M:%S %Y", 20);
  else if (element == 's')
    g_string_append_printf (self->out, "%" G_GINT64_FORMAT,
                            eros_floor_divide (self->instant, EROS_MICROS_PER_SECOND));
  else if (element == 'Z')
    append_zone_name (self);
  else if (element == 'z')
    eros_zone_append_offset (eros_zone_get_offset (self->zone, self->instant), FALSE, TRUE, self->out);
  else
    g_string_append_c (self->out, element == 'n' ? '\n' : element == 't' ? '\t' : '%');
}

static void
append_seconds (Formatter *self, int places)
{
  char digits[16];

  g_snprintf (digits, sizeof digits, "%06d000", self->civil.micro);
  append_number (self, self->civil.second, 2, '0', '\0');
  if (places < 0)
    {
      places = 6;
      while (places > 0 && digits[places - 1] == '0')
        places--;
    }
  if (places > 0)
    g_string_append_printf (self->out, ".%.*s", MIN (places, 9), digits);
}

/* %E…, from the E on; returns how many characters it is, or 0 if it is none. */
static gsize
append_extended (Formatter *self, const char *p, gsize size)
{
  if (size >= 2 && p[1] == 'z' && self->kind == EROS_SQL_TIMESTAMP)
    {
      eros_zone_append_offset (eros_zone_get_offset (self->zone, self->instant), TRUE, TRUE, self->out);
      return 2;
    }
  if (size >= 3 && p[2] == 'S' && (p[1] == '*' || g_ascii_isdigit (p[1])) && has_time (self))
    {
      append_seconds (self, p[1] == '*' ? -1 : p[1] - '0');
      return 3;
    }
  if (size >= 3 && p[1] == '4' && p[2] == 'Y' && has_date (self))
    {
      append_number (self, self->civil.year, 4, '0', '\0');
      return 3;
    }
  /* Alternative representations are the same in English. */
  if (size >= 2 && strchr ("cCxXyY", p[1]) != NULL && p[1] != '\0' && takes (self, p[1]))
    {
      append_element (self, p[1], '\0');
      return 2;
    }
  return 0;
}

static void
append_format (Formatter *self, const char *format, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      gsize next = i + 1;
      char flag = '\0';
      gsize extended = 0;

      if (format[i] != '%' || next >= size)
        {
          g_string_append_c (self->out, format[i]);
          continue;
        }
      if (format[next] == 'E')
        extended = append_extended (self, format + next, size - next);
      else if (format[next] == 'O' && next + 1 < size && strchr ("deHImMSuUVwWy", format[next + 1]) != NULL &&
               format[next + 1] != '\0' && takes (self, format[next + 1]))
        {
          append_element (self, format[next + 1], '\0');
          extended = 2;
        }
      if (extended > 0)
        {
          i += extended;
          continue;
        }
      if (strchr ("-_0^#", format[next]) != NULL && format[next] != '\0' && next + 1 < size)
        flag = format[next++];
      if (format[next] != '\0' && takes (self, format[next]))
        {
          append_element (self, format[next], flag);
          i = next;
        }
      else
        g_string_append_c (self->out, '%');
    }
}

/**
 * eros_time_format:
 * @kind: DATE, TIME, DATETIME or TIMESTAMP
 * @value: the value
 * @zone: the zone to write a TIMESTAMP in
 * @format: the format; an element that @kind does not have stays as it is
 * @size: its length
 * @out: where to append
 */
void
eros_time_format (ErosSqlKind kind,
                  gint64 value,
                  const ErosZone *zone,
                  const char *format,
                  gsize size,
                  GString *out)
{
  Formatter self = { .kind = kind, .instant = value, .zone = zone, .out = out };

  if (kind == EROS_SQL_DATE)
    value *= EROS_MICROS_PER_DAY;
  if (kind == EROS_SQL_TIMESTAMP)
    {
      int offset = eros_zone_get_offset (zone, value);

      /* see eros_timestamp_append() */
      value += (offset - offset % 60) * EROS_MICROS_PER_SECOND;
    }
  eros_civil_from_micros (value, &self.civil);
  self.days = eros_floor_divide (value, EROS_MICROS_PER_DAY);
  append_format (&self, format, size);
}
