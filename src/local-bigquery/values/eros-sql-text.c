/* eros-sql-text.c: the text forms of values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sql-value.h"

#include "eros-civil.h"
#include "eros-double.h"
#include "eros-geography.h"
#include "eros-interval.h"
#include "eros-json.h"
#include "eros-numeric.h"
#include "eros-range.h"

#include <math.h>
#include <string.h>

#define MAX_SAFE_INTEGER (G_GINT64_CONSTANT (1) << 53)

static void
append_numeric (const ErosSqlValue *value, GString *text)
{
  ErosSqlKind kind = eros_sql_type_get_kind (value->type);
  ErosWide number;

  if (eros_numeric_load (kind, value->data, value->size, &number))
    eros_numeric_append (kind, &number, text);
}

static void
append_interval (const ErosSqlValue *value, GString *text)
{
  ErosInterval interval;

  if (eros_interval_load (value->data, value->size, &interval))
    eros_interval_append (&interval, text);
}

static void
append_bound (const ErosSqlValue *bound, GString *text)
{
  if (bound->is_null)
    g_string_append (text, "UNBOUNDED");
  else
    eros_sql_value_append_cast (bound, text);
}

/* [start, end) */
static void
append_range (const ErosSqlValue *value, GString *text)
{
  ErosSqlValue start;
  ErosSqlValue end;

  eros_range_get_bounds (value, &start, &end);
  g_string_append_c (text, '[');
  append_bound (&start, text);
  g_string_append (text, ", ");
  append_bound (&end, text);
  g_string_append_c (text, ')');
}

/* Calls @append for each element or field, with @separator between. */
static void
append_elements (const ErosSqlValue *value,
                 const char *separator,
                 void (*append) (const ErosSqlValue *element, GString *text),
                 GString *text)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;
  guint n = 0;

  eros_sql_reader_init (&reader, value->data, value->size);
  n = array ? reader.n_elements : MIN (reader.n_elements, eros_sql_type_get_n_fields (value->type));
  for (guint i = 0; i < n; i++)
    {
      const ErosSqlType *type =
        array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

      if (!eros_sql_reader_next_value (&reader, type, &element))
        return;
      if (i > 0)
        g_string_append (text, separator);
      append (&element, text);
    }
}

/**
 * eros_sql_value_append_cast:
 * @value: a value
 * @text: where to append
 *
 * Appends what CAST (… AS STRING) gives, with UTC for a TIMESTAMP's zone; BYTES as they are, and NULL as
 * `NULL`.
 */
void
eros_sql_value_append_cast (const ErosSqlValue *value, GString *text)
{
  if (value->is_null)
    {
      g_string_append (text, "NULL");
      return;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, value->integer);
      break;
    case EROS_SQL_FLOAT64:
      eros_double_append (value->real, text);
      break;
    case EROS_SQL_BOOL:
      g_string_append (text, value->integer ? "true" : "false");
      break;
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
    case EROS_SQL_JSON:
      g_string_append_len (text, value->data, (gssize) value->size);
      break;
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
      append_numeric (value, text);
      break;
    case EROS_SQL_DATE:
      eros_date_append (value->integer, text);
      break;
    case EROS_SQL_TIME:
      eros_time_append (value->integer, text);
      break;
    case EROS_SQL_DATETIME:
      eros_datetime_append (value->integer, ' ', text);
      break;
    case EROS_SQL_TIMESTAMP:
      eros_timestamp_append (value->integer, eros_zone_utc (), text);
      break;
    case EROS_SQL_INTERVAL:
      append_interval (value, text);
      break;
    case EROS_SQL_GEOGRAPHY:
      eros_geography_append_text (value->data, value->size, text);
      break;
    case EROS_SQL_RANGE:
      append_range (value, text);
      break;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
    default:
      eros_sql_value_append_t (value, text);
    }
}

static void
append_escaped_bytes (const ErosSqlValue *value, char quote, GString *text)
{
  for (gsize i = 0; i < value->size; i++)
    {
      guchar c = (guchar) value->data[i];
      gboolean is_quote = quote != '\0' ? c == (guchar) quote : c == '\'' || c == '"';

      if (is_quote || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c < 0x20 || c >= 0x7f)
        g_string_append_printf (text, "\\x%02x", c);
      else
        g_string_append_c (text, (char) c);
    }
}

/**
 * eros_sql_value_append_t:
 * @value: a value
 * @text: where to append
 *
 * Appends what FORMAT ('%t', …) gives.
 */
void
eros_sql_value_append_t (const ErosSqlValue *value, GString *text)
{
  if (value->is_null)
    g_string_append (text, "NULL");
  else if (eros_sql_type_is (value->type, EROS_SQL_FLOAT64))
    eros_double_append_t (value->real, text);
  else if (eros_sql_type_is (value->type, EROS_SQL_BYTES))
    append_escaped_bytes (value, '\0', text);
  else if (eros_sql_type_is (value->type, EROS_SQL_ARRAY) || eros_sql_type_is (value->type, EROS_SQL_STRUCT))
    {
      gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);

      g_string_append_c (text, array ? '[' : '(');
      append_elements (value, ", ", eros_sql_value_append_t, text);
      g_string_append_c (text, array ? ']' : ')');
    }
  else
    eros_sql_value_append_cast (value, text);
}

/* ---- Literals ------------------------------------------------------------------------------------------ */

/* The kind of quote that needs fewer escapes, double when in doubt. */
static char
choose_quote (const char *data, gsize size)
{
  return memchr (data, '"', size) != NULL && memchr (data, '\'', size) == NULL ? '\'' : '"';
}

static void
append_quoted (const char *data, gsize size, GString *text)
{
  char quote = choose_quote (data, size);
  gboolean after_hex = FALSE;

  g_string_append_c (text, quote);
  for (gsize i = 0; i < size; i++)
    {
      guchar c = (guchar) data[i];
      /* a digit after \x00 would seem to belong to it */
      gboolean hex = c < 0x20 || c == 0x7f || (after_hex && g_ascii_isxdigit (c));

      after_hex = FALSE;
      if (c == (guchar) quote || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\r')
        g_string_append (text, "\\r");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (hex)
        {
          g_string_append_printf (text, "\\x%02x", c);
          after_hex = TRUE;
        }
      else
        g_string_append_c (text, (char) c);
    }
  g_string_append_c (text, quote);
}

static void
append_real_literal (double real, GString *text)
{
  if (isfinite (real))
    {
      eros_double_append_t (real, text);
      return;
    }
  g_string_append (text, "CAST(\"");
  eros_double_append (real, text);
  g_string_append (text, "\" AS FLOAT64)");
}

static void
append_bytes_literal (const ErosSqlValue *value, GString *text)
{
  char quote = choose_quote (value->data, value->size);

  g_string_append_printf (text, "b%c", quote);
  append_escaped_bytes (value, quote, text);
  g_string_append_c (text, quote);
}

static void
append_struct_literal (const ErosSqlValue *value, GString *text)
{
  if (eros_sql_type_get_n_fields (value->type) < 2)
    g_string_append (text, "STRUCT");
  g_string_append_c (text, '(');
  append_elements (value, ", ", eros_sql_value_append_literal, text);
  g_string_append_c (text, ')');
}

/**
 * eros_sql_value_append_literal:
 * @value: a value
 * @text: where to append
 *
 * Appends what FORMAT ('%T', …) gives: GoogleSQL for the value.
 */
void
eros_sql_value_append_literal (const ErosSqlValue *value, GString *text)
{
  g_autoptr (GString) plain = NULL;

  if (value->is_null)
    {
      g_string_append (text, "NULL");
      return;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
    case EROS_SQL_BOOL:
      eros_sql_value_append_cast (value, text);
      break;
    case EROS_SQL_FLOAT64:
      append_real_literal (value->real, text);
      break;
    case EROS_SQL_STRING:
      append_quoted (value->data, value->size, text);
      break;
    case EROS_SQL_BYTES:
      append_bytes_literal (value, text);
      break;
    case EROS_SQL_ARRAY:
      g_string_append_c (text, '[');
      append_elements (value, ", ", eros_sql_value_append_literal, text);
      g_string_append_c (text, ']');
      break;
    case EROS_SQL_STRUCT:
      append_struct_literal (value, text);
      break;
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
    case EROS_SQL_JSON:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    default:
      plain = g_string_new (NULL);
      eros_sql_value_append_cast (value, plain);
      g_string_append_printf (text, "%s ", eros_sql_type_get_name (value->type));
      append_quoted (plain->str, plain->len, text);
    }
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static void
append_base64 (const ErosSqlValue *value, GString *text)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *) value->data, value->size);

  g_string_append_printf (text, "\"%s\"", base64);
}

/* Integers up to 2^53 are numbers, everything else that is exact is a string. */
static void
append_numeric_json (const ErosSqlValue *value, GString *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  gint64 integer = 0;

  eros_sql_value_append_cast (value, plain);
  if (g_ascii_string_to_signed (plain->str, 10, -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER, &integer, NULL))
    g_string_append (text, plain->str);
  else
    g_string_append_printf (text, "\"%s\"", plain->str);
}

static void
append_real_json (double real, GString *text)
{
  if (isnan (real))
    g_string_append (text, "\"NaN\"");
  else if (isinf (real))
    g_string_append (text, real < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  else
    eros_double_append (real, text);
}

static void
append_time_json (const ErosSqlValue *value, GString *text)
{
  g_string_append_c (text, '"');
  if (eros_sql_type_is (value->type, EROS_SQL_TIMESTAMP) || eros_sql_type_is (value->type, EROS_SQL_DATETIME))
    eros_datetime_append (value->integer, 'T', text);
  else
    eros_sql_value_append_cast (value, text);
  if (eros_sql_type_is (value->type, EROS_SQL_TIMESTAMP))
    g_string_append_c (text, 'Z');
  g_string_append_c (text, '"');
}

static void
append_break (gboolean pretty, guint indent, GString *text)
{
  if (pretty)
    g_string_append_printf (text, "\n%*s", (int) (2 * indent), "");
}

static void
append_elements_json (const ErosSqlValue *value, gboolean pretty, guint indent, GString *text)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;
  guint n = 0;

  eros_sql_reader_init (&reader, value->data, value->size);
  n = array ? reader.n_elements : MIN (reader.n_elements, eros_sql_type_get_n_fields (value->type));
  g_string_append_c (text, array ? '[' : '{');
  for (guint i = 0; i < n; i++)
    {
      const ErosSqlField *field = array ? NULL : eros_sql_type_get_field (value->type, i);

      if (!eros_sql_reader_next_value (&reader, array ? eros_sql_type_get_element (value->type) : field->type,
                                       &element))
        break;
      if (i > 0)
        g_string_append_c (text, ',');
      append_break (pretty, indent + 1, text);
      if (field != NULL)
        {
          eros_json_append_string (field->name, strlen (field->name), TRUE, text);
          g_string_append (text, pretty ? ": " : ":");
        }
      eros_sql_value_append_json (&element, pretty, indent + 1, text);
    }
  if (n > 0)
    append_break (pretty, indent, text);
  g_string_append_c (text, array ? ']' : '}');
}

static void
append_range_json (const ErosSqlValue *value, gboolean pretty, guint indent, GString *text)
{
  ErosSqlValue bounds[2];

  eros_range_get_bounds (value, &bounds[0], &bounds[1]);
  g_string_append_c (text, '{');
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_break (pretty, indent + 1, text);
      g_string_append_printf (text, "\"%s\":%s", i == 0 ? "start" : "end", pretty ? " " : "");
      eros_sql_value_append_json (&bounds[i], pretty, indent + 1, text);
    }
  append_break (pretty, indent, text);
  g_string_append_c (text, '}');
}

/**
 * eros_sql_value_append_json:
 * @value: a value
 * @pretty: whether to break lines
 * @indent: levels of two spaces that the value itself is indented by
 * @text: where to append
 *
 * Appends what TO_JSON_STRING gives.
 */
void
eros_sql_value_append_json (const ErosSqlValue *value, gboolean pretty, guint indent, GString *text)
{
  if (value->is_null)
    {
      g_string_append (text, "null");
      return;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
      append_numeric_json (value, text);
      break;
    case EROS_SQL_FLOAT64:
      append_real_json (value->real, text);
      break;
    case EROS_SQL_BOOL:
      eros_sql_value_append_cast (value, text);
      break;
    case EROS_SQL_STRING:
      eros_json_append_string (value->data, value->size, TRUE, text);
      break;
    case EROS_SQL_BYTES:
      append_base64 (value, text);
      break;
    case EROS_SQL_JSON:
      if (pretty)
        eros_json_append_pretty ((ErosJsonText){ value->data, value->size }, indent, text);
      else
        g_string_append_len (text, value->data, (gssize) value->size);
      break;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      append_elements_json (value, pretty, indent, text);
      break;
    case EROS_SQL_RANGE:
      append_range_json (value, pretty, indent, text);
      break;
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    default:
      append_time_json (value, text);
    }
}

/* ---- REST ---------------------------------------------------------------------------------------------- */

static void
append_rest_elements (const ErosSqlValue *value, ErosSqlRestFlags flags, GString *text)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;
  guint n = 0;

  eros_sql_reader_init (&reader, value->data, value->size);
  n = array ? reader.n_elements : MIN (reader.n_elements, eros_sql_type_get_n_fields (value->type));
  g_string_append (text, array ? "[" : "{\"f\":[");
  for (guint i = 0; i < n; i++)
    {
      const ErosSqlType *type =
        array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

      if (!eros_sql_reader_next_value (&reader, type, &element))
        break;
      g_string_append (text, i > 0 ? ",{\"v\":" : "{\"v\":");
      eros_sql_value_append_rest (&element, flags, text);
      g_string_append_c (text, '}');
    }
  g_string_append (text, array ? "]" : "]}");
}

/* "[2025-01-01, UNBOUNDED)": each bound as a cell of its type would have it */
static void
append_rest_range (const ErosSqlValue *value, ErosSqlRestFlags flags, GString *text)
{
  ErosSqlValue bounds[2];

  eros_range_get_bounds (value, &bounds[0], &bounds[1]);
  g_string_append (text, "\"[");
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      g_autoptr (GString) bound = g_string_new (NULL);

      eros_sql_value_append_rest (&bounds[i], flags, bound);
      if (i > 0)
        g_string_append (text, ", ");
      if (bounds[i].is_null)
        g_string_append (text, "UNBOUNDED");
      else
        g_string_append_len (text, bound->str + 1, (gssize) bound->len - 2);
    }
  g_string_append (text, ")\"");
}

/**
 * eros_sql_value_append_rest:
 * @value: a value
 * @flags: formatOptions
 * @text: where to append
 *
 * Appends the JSON that stands after `"v":` in a row of a REST answer. A NULL array is an empty one, as in
 * BigQuery's results.
 */
void
eros_sql_value_append_rest (const ErosSqlValue *value, ErosSqlRestFlags flags, GString *text)
{
  if (value->is_null)
    {
      g_string_append (text, eros_sql_type_is (value->type, EROS_SQL_ARRAY) ? "[]" : "null");
      return;
    }
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_STRING:
    case EROS_SQL_JSON:
      eros_json_append_string (value->data, value->size, FALSE, text);
      break;
    case EROS_SQL_BYTES:
      append_base64 (value, text);
      break;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      append_rest_elements (value, flags, text);
      break;
    case EROS_SQL_RANGE:
      append_rest_range (value, flags, text);
      break;
    case EROS_SQL_FLOAT64:
      g_string_append_c (text, '"');
      eros_double_append_rest (value->real, text);
      g_string_append_c (text, '"');
      break;
    case EROS_SQL_TIMESTAMP:
      g_string_append_c (text, '"');
      if (flags & EROS_SQL_REST_INT64_TIMESTAMP)
        g_string_append_printf (text, "%" G_GINT64_FORMAT, value->integer);
      else
        eros_double_append_rest ((double) value->integer / 1e6, text);
      g_string_append_c (text, '"');
      break;
    case EROS_SQL_DATETIME:
      append_time_json (value, text);
      break;
    case EROS_SQL_INT64:
    case EROS_SQL_BOOL:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    default:
      g_string_append_c (text, '"');
      eros_sql_value_append_cast (value, text);
      g_string_append_c (text, '"');
    }
}
