/* eros-cast.c: CAST without FORMAT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-cast.h"

#include "eros-double.h"
#include "eros-interval.h"
#include "eros-json.h"
#include "eros-numeric.h"
#include "eros-range.h"

#include <math.h>
#include <string.h>

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list arguments;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  *error = g_error_new_valist (EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, format, arguments);
  va_end (arguments);
  return FALSE;
}

static void
set_numeric (ErosSqlValue *result, const ErosSqlType *to, const ErosWide *number)
{
  gsize size = eros_numeric_get_size (eros_sql_type_get_kind (to));
  char *data = g_malloc (size);

  eros_numeric_store (eros_sql_type_get_kind (to), number, data);
  eros_sql_value_take_data (result, to, data, (gssize) size);
}

/* ---- From STRING --------------------------------------------------------------------------------------- */

/* Decimal, or hexadecimal with 0x; spaces around are allowed. */
static gboolean
parse_int64 (const char *text, gsize size, gint64 *integer)
{
  const char *p = text;
  const char *end = text + size;
  gboolean negative = FALSE;
  guint64 limit = G_MAXINT64;
  guint64 number = 0;
  guint base = 10;

  while (p < end && g_ascii_isspace (*p))
    p++;
  while (end > p && g_ascii_isspace (end[-1]))
    end--;
  if (p < end && (*p == '+' || *p == '-'))
    negative = *p++ == '-';
  if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    {
      base = 16;
      p += 2;
    }
  limit += negative;
  if (p == end)
    return FALSE;
  for (; p < end; p++)
    {
      int digit = base == 16 ? g_ascii_xdigit_value (*p) : g_ascii_digit_value (*p);

      if (digit < 0 || number > (limit - (guint) digit) / base)
        return FALSE;
      number = number * base + (guint) digit;
    }
  *integer = negative ? (gint64) -number : (gint64) number;
  return TRUE;
}

static gboolean
parse_bool (const char *text, gsize size, gint64 *integer)
{
  if (size == 4 && g_ascii_strncasecmp (text, "true", 4) == 0)
    *integer = 1;
  else if (size == 5 && g_ascii_strncasecmp (text, "false", 5) == 0)
    *integer = 0;
  else
    return FALSE;
  return TRUE;
}

static gboolean
cast_to_date (const char *text, gsize size, gint64 *days, GError **error)
{
  if (!eros_date_parse (text, size, days))
    return fail (error, "Invalid date: '%.*s'", (int) size, text);
  if (!eros_days_in_range (*days))
    return fail (error, "Date value out of range: '%.*s'", (int) size, text);
  return TRUE;
}

static gboolean
cast_to_json (const char *text, gsize size, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gsize length = 0;

  if (!eros_json_append_canonical ((ErosJsonText){ text, size }, FALSE, out, error))
    return FALSE;
  length = out->len;
  eros_sql_value_take_data (result, to, g_string_free (g_steal_pointer (&out), FALSE), (gssize) length);
  return TRUE;
}

static gboolean
cast_to_number (const char *text, gsize size, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  ErosSqlKind kind = eros_sql_type_get_kind (to);
  gint64 integer = 0;
  double real = 0;
  ErosWide number;

  switch ((guint) kind)
    {
    case EROS_SQL_INT64:
      if (!parse_int64 (text, size, &integer))
        return fail (error, "Bad int64 value: %.*s", (int) size, text);
      eros_sql_value_set_integer (result, to, integer);
      return TRUE;
    case EROS_SQL_FLOAT64:
      if (!eros_double_parse (text, size, &real))
        return fail (error, "Bad double value: %.*s", (int) size, text);
      eros_sql_value_set_real (result, real);
      return TRUE;
    default:
      if (!eros_numeric_parse (kind, text, size, &number))
        return fail (error, "Invalid %s value: %.*s", eros_sql_type_get_name (to), (int) size, text);
      set_numeric (result, to, &number);
      return TRUE;
    }
}

static gboolean cast_from_string (const ErosSqlValue *value,
                                  const ErosSqlType *to,
                                  const ErosZone *zone,
                                  ErosSqlValue *result,
                                  GError **error);

/* A bound, or UNBOUNDED, which is NULL too. */
static gboolean
parse_bound (char *text,
             const ErosSqlType *type,
             const ErosZone *zone,
             gboolean *is_bound,
             gint64 *bound,
             GError **error)
{
  g_auto (ErosSqlValue) result = EROS_SQL_VALUE_INIT;
  ErosSqlValue string;

  g_strstrip (text);
  *is_bound = g_ascii_strcasecmp (text, "UNBOUNDED") != 0 && g_ascii_strcasecmp (text, "NULL") != 0;
  if (!*is_bound)
    return TRUE;
  eros_sql_value_set_data (&string, eros_sql_type (EROS_SQL_STRING), text, -1);
  if (!cast_from_string (&string, type, zone, &result, error))
    return FALSE;
  *bound = result.integer;
  return TRUE;
}

/* [start, end) */
static gboolean
cast_to_range (const ErosSqlValue *value,
               const ErosSqlType *to,
               const ErosZone *zone,
               ErosSqlValue *result,
               GError **error)
{
  g_autofree char *text = g_strstrip (g_strndup (value->data, value->size));
  gsize size = strlen (text);
  const ErosSqlType *element = eros_sql_type_get_element (to);
  char *comma = strchr (text, ',');
  ErosRange range = { 0 };

  if (size < 2 || text[0] != '[' || text[size - 1] != ')')
    return fail (error, "Invalid RANGE value \"%s\": it must have the form [start, end)", text);
  if (comma == NULL || strchr (comma + 1, ',') != NULL)
    return fail (
      error, "Invalid RANGE value \"%s\": it must have two parts, START and END, divided by a comma", text);
  text[size - 1] = '\0';
  *comma = '\0';
  if (!parse_bound (text + 1, element, zone, &range.has_start, &range.start, error) ||
      !parse_bound (comma + 1, element, zone, &range.has_end, &range.end, error))
    return FALSE;
  if (range.has_start && range.has_end && range.start >= range.end)
    return fail (error, "Range start element must be smaller than range end element: [%s, %s)", text + 1,
                 g_strstrip (comma + 1));
  eros_range_set_value (result, to, &range);
  return TRUE;
}

static gboolean
cast_from_string (const ErosSqlValue *value,
                  const ErosSqlType *to,
                  const ErosZone *zone,
                  ErosSqlValue *result,
                  GError **error)
{
  const char *text = value->data;
  gsize size = value->size;
  gint64 integer = 0;
  ErosInterval interval;

  switch (eros_sql_type_get_kind (to))
    {
    case EROS_SQL_INT64:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
      return cast_to_number (text, size, to, result, error);
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
      eros_sql_value_copy (value, result);
      result->type = to;
      return TRUE;
    case EROS_SQL_BOOL:
      if (!parse_bool (text, size, &integer))
        return fail (error, "Bad bool value: %.*s", (int) size, text);
      break;
    case EROS_SQL_DATE:
      if (!cast_to_date (text, size, &integer, error))
        return FALSE;
      break;
    case EROS_SQL_TIME:
      if (!eros_time_parse (text, size, &integer))
        return fail (error, "Invalid time string \"%.*s\"", (int) size, text);
      break;
    case EROS_SQL_DATETIME:
      if (!eros_datetime_parse (text, size, &integer))
        return fail (error, "Invalid datetime string \"%.*s\"", (int) size, text);
      break;
    case EROS_SQL_TIMESTAMP:
      if (!eros_timestamp_parse (text, size, zone, &integer, error))
        return FALSE;
      break;
    case EROS_SQL_INTERVAL:
      if (!eros_interval_parse (text, size, &interval))
        return fail (error, "Invalid INTERVAL value '%.*s'", (int) size, text);
      eros_sql_value_take_data (result, to, g_malloc (EROS_INTERVAL_SIZE), EROS_INTERVAL_SIZE);
      eros_interval_store (&interval, result->owned);
      return TRUE;
    case EROS_SQL_JSON:
      return cast_to_json (text, size, to, result, error);
    case EROS_SQL_RANGE:
      return cast_to_range (value, to, zone, result, error);
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
    default:
      return fail (error, "Invalid cast from STRING to %s", eros_sql_type_get_name (to));
    }
  eros_sql_value_set_integer (result, to, integer);
  return TRUE;
}

/* ---- Between numbers ----------------------------------------------------------------------------------- */

static gboolean
cast_real_to_int64 (double real, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  double rounded = round (real);

  if (!isfinite (real))
    return fail (error, "Illegal conversion of non-finite floating point number to an integer: %g", real);
  if (rounded < -0x1p63 || rounded >= 0x1p63)
    return fail (error, "int64 out of range: %g", real);
  eros_sql_value_set_integer (result, to, (gint64) rounded);
  return TRUE;
}

static gboolean
cast_real_to_numeric (double real, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  ErosSqlKind kind = eros_sql_type_get_kind (to);
  ErosWide number;

  if (!isfinite (real))
    return fail (error, "Illegal conversion of non-finite floating point number to %s: %g",
                 kind == EROS_SQL_NUMERIC ? "numeric" : "BIGNUMERIC", real);
  if (!eros_numeric_from_double (kind, real, &number))
    return fail (error, "%s out of range: %g", kind == EROS_SQL_NUMERIC ? "numeric" : "BIGNUMERIC", real);
  set_numeric (result, to, &number);
  return TRUE;
}

static gboolean
cast_numeric (const ErosSqlValue *value, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  ErosSqlKind from = eros_sql_type_get_kind (value->type);
  ErosWide number;
  g_autoptr (GString) text = NULL;
  gint64 integer = 0;

  if (!eros_numeric_load (from, value->data, value->size, &number))
    return fail (error, "Invalid %s value", eros_sql_type_get_name (value->type));
  if (eros_sql_type_is (to, EROS_SQL_FLOAT64))
    {
      eros_sql_value_set_real (result, eros_numeric_to_double (from, &number));
      return TRUE;
    }
  if (eros_sql_type_is (to, EROS_SQL_INT64) && eros_numeric_to_int64 (from, &number, &integer))
    {
      eros_sql_value_set_integer (result, to, integer);
      return TRUE;
    }
  if (!eros_sql_type_is (to, EROS_SQL_INT64) &&
      eros_numeric_convert (from, &number, eros_sql_type_get_kind (to), &number))
    {
      set_numeric (result, to, &number);
      return TRUE;
    }
  text = g_string_new (NULL);
  eros_sql_value_append_cast (value, text);
  return fail (error, "%s out of range: %s", eros_sql_type_is (to, EROS_SQL_INT64) ? "int64" : "numeric",
               text->str);
}

static gboolean
cast_from_number (const ErosSqlValue *value, const ErosSqlType *to, ErosSqlValue *result, GError **error)
{
  ErosSqlKind from = eros_sql_type_get_kind (value->type);
  ErosWide number;

  if (from == EROS_SQL_NUMERIC || from == EROS_SQL_BIGNUMERIC)
    return cast_numeric (value, to, result, error);
  if (from == EROS_SQL_FLOAT64)
    return eros_sql_type_is (to, EROS_SQL_INT64) ? cast_real_to_int64 (value->real, to, result, error)
                                                 : cast_real_to_numeric (value->real, to, result, error);
  if (eros_sql_type_is (to, EROS_SQL_FLOAT64))
    eros_sql_value_set_real (result, (double) value->integer);
  else if (eros_sql_type_is (to, EROS_SQL_BOOL))
    eros_sql_value_set_integer (result, to, value->integer != 0);
  else if (eros_sql_type_is (to, EROS_SQL_INT64))
    eros_sql_value_set_integer (result, to, value->integer);
  else
    {
      (void) eros_numeric_from_int64 (eros_sql_type_get_kind (to), value->integer, &number);
      set_numeric (result, to, &number);
    }
  return TRUE;
}

/* ---- Between dates and times --------------------------------------------------------------------------- */

static gboolean
cast_time (const ErosSqlValue *value,
           const ErosSqlType *to,
           const ErosZone *zone,
           ErosSqlValue *result,
           GError **error)
{
  ErosSqlKind from = eros_sql_type_get_kind (value->type);
  ErosSqlKind kind = eros_sql_type_get_kind (to);
  gint64 local = value->integer;
  gint64 days = 0;

  if (from == EROS_SQL_DATE)
    local = value->integer * EROS_MICROS_PER_DAY;
  if (from == EROS_SQL_TIMESTAMP)
    local = eros_zone_to_local (zone, value->integer);
  days = eros_floor_divide (local, EROS_MICROS_PER_DAY);
  if (kind == EROS_SQL_DATE)
    local = days;
  else if (kind == EROS_SQL_TIME)
    local -= days * EROS_MICROS_PER_DAY;
  else if (kind == EROS_SQL_TIMESTAMP)
    local = eros_zone_from_local (zone, local);
  if (kind == EROS_SQL_DATE ? !eros_days_in_range (local) : !eros_micros_in_range (local))
    return fail (error, "Invalid cast from %s to %s: the value is out of range",
                 eros_sql_type_get_name (value->type), eros_sql_type_get_name (to));
  eros_sql_value_set_integer (result, to, local);
  return TRUE;
}

/* ---- To STRING ----------------------------------------------------------------------------------------- */

static gboolean
cast_to_string (const ErosSqlValue *value,
                const ErosSqlType *to,
                const ErosZone *zone,
                ErosSqlValue *result,
                GError **error)
{
  g_autoptr (GString) text = NULL;
  gsize size = 0;

  if (eros_sql_type_is (value->type, EROS_SQL_BYTES))
    {
      if (!eros_sql_is_utf8 (value->data, value->size))
        return fail (error, "Invalid cast of bytes to UTF8 string");
      eros_sql_value_copy (value, result);
      result->type = to;
      return TRUE;
    }
  text = g_string_new (NULL);
  if (eros_sql_type_is (value->type, EROS_SQL_TIMESTAMP))
    eros_timestamp_append (value->integer, zone, text);
  else
    eros_sql_value_append_cast (value, text);
  size = text->len;
  eros_sql_value_take_data (result, to, g_string_free (g_steal_pointer (&text), FALSE), (gssize) size);
  return TRUE;
}

/* ---- Of arrays and structs ----------------------------------------------------------------------------- */

static gboolean
cast_elements (const ErosSqlValue *value,
               const ErosSqlType *to,
               const ErosZone *zone,
               gboolean safe,
               ErosSqlValue *result,
               GError **error)
{
  gboolean array = eros_sql_type_is (to, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlBuilder builder;
  ErosSqlValue element;

  eros_sql_builder_init (&builder, eros_sql_type_get_kind (to));
  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements && (array || i < eros_sql_type_get_n_fields (to)); i++)
    {
      const ErosSqlType *from =
        array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;
      const ErosSqlType *wanted =
        array ? eros_sql_type_get_element (to) : eros_sql_type_get_field (to, i)->type;
      g_auto (ErosSqlValue) cast = EROS_SQL_VALUE_INIT;

      if (!eros_sql_reader_next_value (&reader, from, &element))
        break;
      /* SAFE_CAST makes a bad field NULL, but a bad element makes the whole array NULL. */
      if (!eros_sql_value_cast (&element, wanted, zone, safe && !array, &cast, error))
        {
          eros_sql_builder_clear (&builder);
          return FALSE;
        }
      eros_sql_builder_add (&builder, &cast);
    }
  eros_sql_builder_end_value (&builder, to, result);
  return TRUE;
}

static gboolean
cast_not_null (const ErosSqlValue *value,
               const ErosSqlType *to,
               const ErosZone *zone,
               gboolean safe,
               ErosSqlValue *result,
               GError **error)
{
  if (value->type == to)
    {
      eros_sql_value_copy (value, result);
      return TRUE;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_STRING:
      return cast_from_string (value, to, zone, result, error);
    case EROS_SQL_INT64:
    case EROS_SQL_BOOL:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
      return eros_sql_type_is (to, EROS_SQL_STRING) ? cast_to_string (value, to, zone, result, error)
                                                    : cast_from_number (value, to, result, error);
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      return eros_sql_type_is (to, EROS_SQL_STRING) ? cast_to_string (value, to, zone, result, error)
                                                    : cast_time (value, to, zone, result, error);
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      return cast_elements (value, to, zone, safe, result, error);
    case EROS_SQL_BYTES:
    case EROS_SQL_JSON:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    default:
      return cast_to_string (value, to, zone, result, error);
    }
}

/**
 * eros_sql_value_cast:
 * @value: a value
 * @to: a type that eros_sql_type_casts() or eros_sql_type_coerces() allows for it; also JSON from STRING
 * @zone: the zone in which a TIMESTAMP is read, written or taken apart
 * @safe: whether what does not fit becomes NULL instead of an error
 * @result: (out): the value as @to; clear it
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: whether @value fits into @to; always %TRUE when @safe
 */
gboolean
eros_sql_value_cast (const ErosSqlValue *value,
                     const ErosSqlType *to,
                     const ErosZone *zone,
                     gboolean safe,
                     ErosSqlValue *result,
                     GError **error)
{
  if (value->is_null)
    {
      eros_sql_value_set_null (result, to);
      return TRUE;
    }
  if (!eros_sql_type_casts (value->type, to) && !eros_sql_type_is (to, EROS_SQL_JSON))
    return fail (error, "Invalid cast from %s to %s", eros_sql_type_get_name (value->type),
                 eros_sql_type_get_name (to));
  if (cast_not_null (value, to, zone, safe, result, safe ? NULL : error))
    return TRUE;
  eros_sql_value_set_null (result, to);
  return safe;
}

/**
 * eros_sql_value_from_text:
 * @type: a type, no ARRAY or STRUCT
 * @text: a value as CAST (… AS @type) reads it; BYTES as base64
 * @size: its length, or -1 for a NUL-terminated text
 * @value: (out): the value; clear it
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: whether @text is a value of @type
 */
gboolean
eros_sql_value_from_text (const ErosSqlType *type,
                          const char *text,
                          gssize size,
                          ErosSqlValue *value,
                          GError **error)
{
  ErosSqlValue string;

  eros_sql_value_set_data (&string, eros_sql_type (EROS_SQL_STRING), text, size);
  eros_sql_value_set_null (value, type);
  if (eros_sql_type_is (type, EROS_SQL_BYTES))
    {
      g_autofree char *copy = g_strndup (string.data, string.size);
      gsize n_bytes = 0;
      guchar *bytes = g_base64_decode (copy, &n_bytes);

      eros_sql_value_take_data (value, type, (char *) bytes, (gssize) n_bytes);
      return TRUE;
    }
  if (eros_sql_type_is (type, EROS_SQL_ARRAY) || eros_sql_type_is (type, EROS_SQL_STRUCT))
    return fail (error, "Invalid cast from STRING to %s", eros_sql_type_get_name (type));
  if (eros_sql_type_is (type, EROS_SQL_STRING) && !eros_sql_is_utf8 (string.data, string.size))
    return fail (error, "Invalid UTF-8 in a STRING");
  return cast_from_string (&string, type, eros_zone_utc (), value, error);
}
