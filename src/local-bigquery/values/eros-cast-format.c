/* eros-cast-format.c: CAST (… FORMAT …) of dates and times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-cast.h"
#include "eros-cast-private.h"

#include "eros-time-format.h"

#include <string.h>

typedef enum
{
  YEAR,
  YEAR_ROUNDED,
  MONTH,
  MONTH_NAME,
  MONTH_SHORT,
  DAY,
  DAY_OF_YEAR,
  DAY_OF_WEEK,
  WEEKDAY_NAME,
  WEEKDAY_SHORT,
  HOUR_12,
  HOUR_24,
  MINUTE,
  SECOND,
  SECOND_OF_DAY,
  FRACTION,
  HALF_OF_DAY,
  HALF_WITH_DOTS,
  ZONE_HOUR,
  ZONE_MINUTE,
  UNSUPPORTED,
  LITERAL,
  SPACE,
} ElementKind;

typedef struct
{
  const char *name;
  ElementKind kind;
  int width; /* digits */
} ElementName;

/* A longer name before what it begins with. */
static const ElementName element_names[] = {
  { "YYYY", YEAR, 4 },
  { "YYY", YEAR, 3 },
  { "YY", YEAR, 2 },
  { "Y,YYY", UNSUPPORTED, 0 },
  { "Y", YEAR, 1 },
  { "RRRR", YEAR_ROUNDED, 4 },
  { "RR", YEAR_ROUNDED, 2 },
  { "MONTH", MONTH_NAME, 0 },
  { "MON", MONTH_SHORT, 0 },
  { "MM", MONTH, 2 },
  { "DDD", DAY_OF_YEAR, 3 },
  { "DD", DAY, 2 },
  { "DAY", WEEKDAY_NAME, 0 },
  { "DY", WEEKDAY_SHORT, 0 },
  { "D", DAY_OF_WEEK, 1 },
  { "HH24", HOUR_24, 2 },
  { "HH12", HOUR_12, 2 },
  { "HH", HOUR_12, 2 },
  { "MI", MINUTE, 2 },
  { "SSSSS", SECOND_OF_DAY, 5 },
  { "SS", SECOND, 2 },
  { "FF1", FRACTION, 1 },
  { "FF2", FRACTION, 2 },
  { "FF3", FRACTION, 3 },
  { "FF4", FRACTION, 4 },
  { "FF5", FRACTION, 5 },
  { "FF6", FRACTION, 6 },
  { "FF7", FRACTION, 7 },
  { "FF8", FRACTION, 8 },
  { "FF9", FRACTION, 9 },
  { "A.M.", HALF_WITH_DOTS, 0 },
  { "P.M.", HALF_WITH_DOTS, 0 },
  { "AM", HALF_OF_DAY, 0 },
  { "PM", HALF_OF_DAY, 0 },
  { "TZH", ZONE_HOUR, 2 },
  { "TZM", ZONE_MINUTE, 2 },
  { "Q", UNSUPPORTED, 0 },
  { "WW", UNSUPPORTED, 0 },
  { "IW", UNSUPPORTED, 0 },
  { "CC", UNSUPPORTED, 0 },
  { "J", UNSUPPORTED, 0 },
};

typedef struct
{
  ElementKind kind;
  int width;
  const char *text; /* as it stands in the format: its case says that of names */
  gsize size;
} Element;

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error,
                     g_error_new_valist (EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, format, arguments));
  va_end (arguments);
  return FALSE;
}

/* ---- Reading the format -------------------------------------------------------------------------------- */

static gboolean
has_element (ErosSqlKind kind, ElementKind element)
{
  if (element == UNSUPPORTED)
    return FALSE;
  if (element >= LITERAL)
    return TRUE;
  if (element >= ZONE_HOUR)
    return kind == EROS_SQL_TIMESTAMP;
  return element >= HOUR_12 ? kind != EROS_SQL_DATE : kind != EROS_SQL_TIME;
}

static gboolean
next_name (const char *p, gsize left, Element *element)
{
  for (guint i = 0; i < G_N_ELEMENTS (element_names); i++)
    {
      gsize size = strlen (element_names[i].name);

      if (left < size || g_ascii_strncasecmp (p, element_names[i].name, size) != 0)
        continue;
      *element = (Element){ element_names[i].kind, element_names[i].width, p, size };
      return TRUE;
    }
  return FALSE;
}

/* The element at *p, which moves on. Text in quotes is unescaped into @texts. */
static gboolean
next_element (const char *format,
              const char **p,
              const char *end,
              GPtrArray *texts,
              Element *element,
              GError **error)
{
  GString *text = NULL;

  if (g_ascii_isspace (**p))
    {
      *element = (Element){ SPACE, 0, *p, 1 };
      (*p)++;
      return TRUE;
    }
  if (**p != '\0' && strchr ("-./,';:", **p) != NULL)
    {
      *element = (Element){ LITERAL, 0, *p, 1 };
      (*p)++;
      return TRUE;
    }
  if (**p != '"')
    {
      if (!next_name (*p, (gsize) (end - *p), element))
        return fail (error, "Cannot find matched format element at %d", (int) (*p - format));
      *p += element->size;
      return TRUE;
    }
  text = g_string_new (NULL);
  g_ptr_array_add (texts, text);
  for ((*p)++; *p < end && **p != '"'; (*p)++)
    {
      if (**p == '\\' && *p + 1 < end)
        (*p)++;
      g_string_append_c (text, **p);
    }
  if (*p == end)
    return fail (error, "Cannot find matching \" for quoted literal");
  (*p)++;
  *element = (Element){ LITERAL, 0, text->str, text->len };
  return TRUE;
}

static void
free_text (gpointer text)
{
  g_string_free (text, TRUE);
}

static gboolean
parse_format (ErosSqlKind kind,
              const char *format,
              gsize size,
              GArray *elements,
              GPtrArray *texts,
              GError **error)
{
  const char *end = format + size;

  for (const char *p = format; p < end;)
    {
      Element element = { 0 };

      if (!next_element (format, &p, end, texts, &element, error))
        return FALSE;
      if (!has_element (kind, element.kind))
        return fail (error, "%s does not support '%.*s'", eros_sql_kind_get_name (kind), (int) element.size,
                     element.text);
      g_array_append_val (elements, element);
    }
  return TRUE;
}

/* ---- Writing ------------------------------------------------------------------------------------------- */

/* MON, Mon or mon: as the element itself is written */
static void
append_name (GString *out, const Element *element, const char *name, gboolean whole)
{
  gboolean first = g_ascii_isupper (element->text[0]);
  gboolean rest = g_ascii_isupper (element->text[1]);

  for (gsize i = 0; name[i] != '\0' && (whole || i < 3); i++)
    {
      gboolean upper = i == 0 ? first : first && rest;

      g_string_append_c (out, upper ? g_ascii_toupper (name[i]) : g_ascii_tolower (name[i]));
    }
}

static void
append_half (GString *out, const Element *element, int hour)
{
  gboolean upper = g_ascii_isupper (element->text[0]);
  char letter = hour < 12 ? 'A' : 'P';

  g_string_append_c (out, upper ? letter : g_ascii_tolower (letter));
  g_string_append (out, element->kind == HALF_OF_DAY ? (upper ? "M" : "m") : upper ? ".M." : ".m.");
}

static void
append_element (GString *out, const Element *element, const ErosCivil *civil, gint64 days, int offset)
{
  static const int powers[] = { 1, 10, 100, 1000, 10000 };
  char digits[16];

  switch (element->kind)
    {
    case YEAR:
    case YEAR_ROUNDED:
      g_string_append_printf (out, "%0*d", element->width, civil->year % powers[element->width]);
      break;
    case MONTH:
      g_string_append_printf (out, "%02d", civil->month);
      break;
    case MONTH_NAME:
    case MONTH_SHORT:
      append_name (out, element, eros_month_names[civil->month - 1], element->kind == MONTH_NAME);
      break;
    case DAY:
      g_string_append_printf (out, "%02d", civil->day);
      break;
    case DAY_OF_YEAR:
      g_string_append_printf (out, "%03d", eros_day_of_year (civil));
      break;
    case DAY_OF_WEEK:
      g_string_append_printf (out, "%d", eros_weekday (days) + 1);
      break;
    case WEEKDAY_NAME:
    case WEEKDAY_SHORT:
      append_name (out, element, eros_weekday_names[eros_weekday (days)], element->kind == WEEKDAY_NAME);
      break;
    case HOUR_12:
      g_string_append_printf (out, "%02d", civil->hour % 12 == 0 ? 12 : civil->hour % 12);
      break;
    case HOUR_24:
      g_string_append_printf (out, "%02d", civil->hour);
      break;
    case MINUTE:
      g_string_append_printf (out, "%02d", civil->minute);
      break;
    case SECOND:
      g_string_append_printf (out, "%02d", civil->second);
      break;
    case SECOND_OF_DAY:
      g_string_append_printf (out, "%05d", civil->hour * 3600 + civil->minute * 60 + civil->second);
      break;
    case FRACTION:
      g_snprintf (digits, sizeof digits, "%06d000", civil->micro);
      g_string_append_len (out, digits, element->width);
      break;
    case HALF_OF_DAY:
    case HALF_WITH_DOTS:
      append_half (out, element, civil->hour);
      break;
    case ZONE_HOUR:
      g_string_append_printf (out, "%c%02d", offset < 0 ? '-' : '+', ABS (offset) / 3600);
      break;
    case ZONE_MINUTE:
      g_string_append_printf (out, "%02d", ABS (offset) / 60 % 60);
      break;
    case UNSUPPORTED:
      break;
    case LITERAL:
    case SPACE:
    default:
      g_string_append_len (out, element->text, (gssize) element->size);
    }
}

static void
write_value (const ErosSqlValue *value, const ErosZone *zone, const GArray *elements, GString *out)
{
  ErosSqlKind kind = eros_sql_type_get_kind (value->type);
  int offset = kind == EROS_SQL_TIMESTAMP ? eros_zone_get_offset (zone, value->integer) : 0;
  gint64 local = kind == EROS_SQL_DATE ? value->integer * EROS_MICROS_PER_DAY : value->integer;
  ErosCivil civil;

  offset -= offset % 60;
  local += offset * EROS_MICROS_PER_SECOND;
  eros_civil_from_micros (local, &civil);
  for (guint i = 0; i < elements->len; i++)
    append_element (out, &g_array_index (elements, Element, i), &civil,
                    eros_floor_divide (local, EROS_MICROS_PER_DAY), offset);
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *text;
  const char *next;
  const char *end;
  ErosCivil civil;
  ErosCivil now;
  gboolean half_seen;
  gboolean afternoon;
  gboolean hour_12_seen;
  gboolean zone_seen;
  int zone_sign;
  int zone_hours;
  int zone_minutes;
} Reader;

static gboolean
read_number (Reader *self, int max_digits, int least, int most, int *number)
{
  int n = 0;

  *number = 0;
  for (; n < max_digits && self->next < self->end && g_ascii_isdigit (*self->next); n++)
    *number = *number * 10 + (*self->next++ - '0');
  return n > 0 && *number >= least && *number <= most;
}

static gboolean
read_text (Reader *self, const char *text, gsize size)
{
  if ((gsize) (self->end - self->next) < size || g_ascii_strncasecmp (self->next, text, size) != 0)
    return FALSE;
  self->next += size;
  return TRUE;
}

/* Fewer digits than four are the last ones of a year of this millennium, century … */
static gboolean
read_year (Reader *self, const Element *element)
{
  static const int powers[] = { 1, 10, 100, 1000, 10000 };
  int year = 0;

  if (!read_number (self, element->width, 0, 9999, &year))
    return FALSE;
  if (element->kind == YEAR_ROUNDED && element->width == 2)
    {
      int century = self->now.year / 100 * 100;

      if (year < 50 && self->now.year % 100 >= 50)
        century += 100;
      if (year >= 50 && self->now.year % 100 < 50)
        century -= 100;
      year += century;
    }
  else if (element->width < 4)
    year += self->now.year / powers[element->width] * powers[element->width];
  self->civil.year = year;
  return TRUE;
}

static gboolean
read_month_name (Reader *self, gboolean whole)
{
  for (int i = 0; i < 12; i++)
    if (read_text (self, eros_month_names[i], whole ? strlen (eros_month_names[i]) : 3))
      {
        self->civil.month = i + 1;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_half (Reader *self, const char *morning, const char *afternoon)
{
  self->half_seen = TRUE;
  self->afternoon = read_text (self, afternoon, strlen (afternoon));
  return self->afternoon || read_text (self, morning, strlen (morning));
}

static gboolean
read_fraction (Reader *self, int width)
{
  int unit = 100000;
  int n = 0;

  for (; n < width && self->next < self->end && g_ascii_isdigit (*self->next); n++)
    {
      self->civil.micro += (*self->next++ - '0') * unit;
      unit /= 10;
    }
  return n > 0;
}

static gboolean
read_zone_hour (Reader *self)
{
  self->zone_seen = TRUE;
  if (self->next == self->end || strchr ("+- ", *self->next) == NULL)
    return FALSE;
  self->zone_sign = *self->next++ == '-' ? -1 : 1;
  return read_number (self, 2, 0, 14, &self->zone_hours);
}

static gboolean
read_spaces (Reader *self)
{
  const char *start = self->next;

  while (self->next < self->end && g_ascii_isspace (*self->next))
    self->next++;
  return self->next > start;
}

static gboolean
read_element (Reader *self, const Element *element)
{
  int seconds = 0;

  switch ((guint) element->kind)
    {
    case YEAR:
    case YEAR_ROUNDED:
      return read_year (self, element);
    case MONTH:
      return read_number (self, 2, 1, 12, &self->civil.month);
    case MONTH_NAME:
    case MONTH_SHORT:
      return read_month_name (self, element->kind == MONTH_NAME);
    case DAY:
      return read_number (self, 2, 1, 31, &self->civil.day);
    case HOUR_12:
      self->hour_12_seen = TRUE;
      return read_number (self, 2, 1, 12, &self->civil.hour);
    case HOUR_24:
      return read_number (self, 2, 0, 23, &self->civil.hour);
    case MINUTE:
      return read_number (self, 2, 0, 59, &self->civil.minute);
    case SECOND:
      return read_number (self, 2, 0, 59, &self->civil.second);
    case SECOND_OF_DAY:
      if (!read_number (self, 5, 0, 86399, &seconds))
        return FALSE;
      self->civil.hour = seconds / 3600;
      self->civil.minute = seconds / 60 % 60;
      self->civil.second = seconds % 60;
      return TRUE;
    case FRACTION:
      return read_fraction (self, element->width);
    case HALF_OF_DAY:
      return read_half (self, "AM", "PM");
    case HALF_WITH_DOTS:
      return read_half (self, "A.M.", "P.M.");
    case ZONE_HOUR:
      return read_zone_hour (self);
    case ZONE_MINUTE:
      return read_number (self, 2, 0, 59, &self->zone_minutes);
    case SPACE:
      return read_spaces (self);
    default:
      return read_text (self, element->text, element->size);
    }
}

/* Each element once, and all that are needed for each other. */
static gboolean
check_elements (const GArray *elements, GError **error)
{
  guint64 seen = 0;

  for (guint i = 0; i < elements->len; i++)
    {
      const Element *element = &g_array_index (elements, Element, i);
      guint64 bit = G_GUINT64_CONSTANT (1) << element->kind;

      if (element->kind == DAY_OF_YEAR || element->kind == DAY_OF_WEEK || element->kind == WEEKDAY_NAME ||
          element->kind == WEEKDAY_SHORT)
        return fail (error, "Format element '%.*s' is not supported for parsing", (int) element->size,
                     element->text);
      if ((seen & bit) != 0 && element->kind < LITERAL)
        return fail (error, "Format element '%.*s' appears more than once in the format string",
                     (int) element->size, element->text);
      seen |= bit;
    }
  if ((seen & (G_GUINT64_CONSTANT (1) << HOUR_12)) != 0 &&
      (seen & (G_GUINT64_CONSTANT (1) << HALF_OF_DAY | G_GUINT64_CONSTANT (1) << HALF_WITH_DOTS)) == 0)
    return fail (error,
                 "Format element in category MERIDIAN_INDICATOR is required when format element 'HH' exists");
  return TRUE;
}

static gboolean
settle (Reader *self, ErosSqlKind kind, const ErosZone *zone, gint64 *value)
{
  gint64 local = 0;

  if (self->hour_12_seen)
    self->civil.hour = self->civil.hour % 12 + (self->afternoon ? 12 : 0);
  if (self->civil.year < 1 || self->civil.day > eros_days_in_month (self->civil.year, self->civil.month))
    return FALSE;
  local = eros_micros_from_civil (&self->civil);
  switch ((guint) kind)
    {
    case EROS_SQL_DATE:
      *value = eros_floor_divide (local, EROS_MICROS_PER_DAY);
      return TRUE;
    case EROS_SQL_TIME:
      *value = local - eros_floor_divide (local, EROS_MICROS_PER_DAY) * EROS_MICROS_PER_DAY;
      return TRUE;
    case EROS_SQL_DATETIME:
      *value = local;
      return TRUE;
    default:
      *value = self->zone_seen ? local - self->zone_sign * (self->zone_hours * EROS_MICROS_PER_HOUR +
                                                            self->zone_minutes * EROS_MICROS_PER_MINUTE)
                               : eros_zone_from_local (zone, local);
      return eros_micros_in_range (*value);
    }
}

static gboolean
read_value (ErosSqlKind kind,
            const ErosSqlValue *text,
            const ErosZone *zone,
            gint64 now,
            const GArray *elements,
            gint64 *value,
            GError **error)
{
  Reader self = { .text = text->data, .next = text->data, .end = text->data + text->size };

  if (!check_elements (elements, error))
    return FALSE;
  eros_civil_from_micros (eros_zone_to_local (zone, now), &self.now);
  self.civil = (ErosCivil){ self.now.year, self.now.month, 1, 0, 0, 0, 0 };
  (void) read_spaces (&self);
  for (guint i = 0; i < elements->len; i++)
    {
      const Element *element = &g_array_index (elements, Element, i);
      const char *at = self.next;

      if (!read_element (&self, element))
        return fail (error, "Failed to parse input timestamp string at %d with format element '%.*s'",
                     (int) (at - self.text), (int) element->size, element->text);
    }
  (void) read_spaces (&self);
  if (self.next < self.end)
    return fail (error, "Illegal non-space trailing data '%.*s' in timestamp string",
                 (int) (self.end - self.next), self.next);
  return settle (&self, kind, zone, value) ||
         fail (error, "Invalid result from year, month, day values after parsing");
}

/* ---- Public -------------------------------------------------------------------------------------------- */

static gboolean
is_time (const ErosSqlType *type)
{
  ErosSqlKind kind = eros_sql_type_get_kind (type);

  return kind == EROS_SQL_DATE || kind == EROS_SQL_TIME || kind == EROS_SQL_DATETIME ||
         kind == EROS_SQL_TIMESTAMP;
}

static gboolean
cast_time (const ErosSqlValue *value,
           const ErosSqlType *to,
           const ErosZone *zone,
           gint64 now,
           const char *format,
           gsize format_size,
           ErosSqlValue *result,
           GError **error)
{
  g_autoptr (GArray) elements = g_array_new (FALSE, FALSE, sizeof (Element));
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (free_text);
  gboolean writes = is_time (value->type);
  ErosSqlKind kind = eros_sql_type_get_kind (writes ? value->type : to);
  GString *out = NULL;
  gint64 integer = 0;
  gsize size = 0;

  if (!parse_format (kind, format, format_size, elements, texts, error))
    return FALSE;
  if (!writes)
    {
      if (!read_value (kind, value, zone, now, elements, &integer, error))
        return FALSE;
      eros_sql_value_set_integer (result, to, integer);
      return TRUE;
    }
  out = g_string_new (NULL);
  write_value (value, zone, elements, out);
  size = out->len;
  eros_sql_value_take_data (result, to, g_string_free (out, FALSE), (gssize) size);
  return TRUE;
}

/**
 * eros_sql_value_cast_format:
 * @value: a value, not NULL
 * @to: the wanted type
 * @zone: the zone in which a TIMESTAMP is read or written
 * @now: the statement's instant: year and month of a text that does not say them
 * @format: the text after FORMAT
 * @format_size: its length
 * @result: (out): the value as @to; clear it
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE or %EROS_SQL_ERROR_UNSUPPORTED
 *
 * Between STRING and dates and times, and between STRING and BYTES. Formats for numbers are not supported.
 *
 * Returns: whether @value could be cast
 */
gboolean
eros_sql_value_cast_format (const ErosSqlValue *value,
                            const ErosSqlType *to,
                            const ErosZone *zone,
                            gint64 now,
                            const char *format,
                            gsize format_size,
                            ErosSqlValue *result,
                            GError **error)
{
  gboolean from_string = eros_sql_type_is (value->type, EROS_SQL_STRING);
  gboolean to_string = eros_sql_type_is (to, EROS_SQL_STRING);

  if ((is_time (value->type) && to_string) || (from_string && is_time (to)))
    return cast_time (value, to, zone, now, format, format_size, result, error);
  if ((eros_sql_type_is (value->type, EROS_SQL_BYTES) && to_string) ||
      (from_string && eros_sql_type_is (to, EROS_SQL_BYTES)))
    return eros_cast_bytes (value, to, format, format_size, result, error);
  if (eros_sql_type_is_numeric (value->type) && to_string)
    {
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_UNSUPPORTED,
                   "CAST of %s AS STRING with FORMAT is not supported by the local BigQuery",
                   eros_sql_type_get_name (value->type));
      return FALSE;
    }
  return fail (error, "FORMAT is not allowed for cast from %s to %s", eros_sql_type_get_name (value->type),
               eros_sql_type_get_name (to));
}
