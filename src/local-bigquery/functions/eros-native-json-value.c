/* eros-native-json-value.c: values to JSON and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <eros-double.h>
#include <eros-json.h>

#define MAX_SAFE_INTEGER (G_GINT64_CONSTANT (1) << 53)

static ErosJsonText
get_json (sqlite3_value *value)
{
  ErosJsonText json = { NULL, 0 };

  json.data = eros_arg_data (value, &json.size);
  return json;
}

/* ---- To JSON ------------------------------------------------------------------------------------------- */

/* (value, [pretty], types …) */
static void
to_json_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2);
  gboolean pretty = n > 2 && sqlite3_value_int (values[1]) != 0;
  ErosSqlValue value;
  GString *out = NULL;

  if (type == NULL || (n > 2 && eros_arg_is_null (values[1])))
    return;
  out = g_string_new (NULL);
  eros_sql_value_load (&value, type, values[0]);
  eros_sql_value_append_json (&value, pretty, 0, out);
  eros_result_take_text (context, out);
}

static void append_value (const ErosSqlValue *value, gboolean stringify, GString *out);

static void
append_fields (const ErosSqlValue *value, gboolean stringify, GString *out)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;

  g_string_append_c (out, array ? '[' : '{');
  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlField *field = array ? NULL : eros_sql_type_get_field (value->type, i);

      if (!eros_sql_reader_next_value (&reader, array ? eros_sql_type_get_element (value->type) : field->type,
                                       &element))
        break;
      if (i > 0)
        g_string_append_c (out, ',');
      if (field != NULL)
        {
          eros_json_append_string (field->name, strlen (field->name), FALSE, out);
          g_string_append_c (out, ':');
        }
      append_value (&element, stringify, out);
    }
  g_string_append_c (out, array ? ']' : '}');
}

static void
append_decimal (const ErosSqlValue *value, gboolean stringify, GString *out)
{
  ErosSqlKind kind = eros_sql_type_get_kind (value->type);
  gsize start = out->len;
  ErosWide number;
  double real = 0;
  g_autofree char *exact = NULL;
  g_autoptr (GString) again = NULL;

  eros_sql_value_append_cast (value, out);
  if (strchr (out->str + start, '.') == NULL && out->len - start < 19)
    return;
  exact = g_strdup (out->str + start);
  g_string_truncate (out, start);
  if (!eros_numeric_load (kind, value->data, value->size, &number))
    return;
  real = eros_numeric_to_double (kind, &number);
  again = g_string_new (NULL);
  if (eros_numeric_from_double (kind, real, &number))
    eros_numeric_append (kind, &number, again);
  if (stringify && strcmp (again->str, exact) != 0)
    g_string_append_printf (out, "\"%s\"", exact);
  else
    eros_double_append_json (real, out);
}

/* JSON text for a value, not canonical yet: numbers are numbers here, unless they are too wide and @stringify
 * says so. */
static void
append_value (const ErosSqlValue *value, gboolean stringify, GString *out)
{
  if (value->is_null)
    {
      g_string_append (out, "null");
      return;
    }
  switch ((guint) eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
      g_string_append_printf (out,
                              stringify && ABS (value->integer) > MAX_SAFE_INTEGER ? "\"%" G_GINT64_FORMAT
                                                                                     "\""
                                                                                   : "%" G_GINT64_FORMAT,
                              value->integer);
      break;
    case EROS_SQL_FLOAT64:
      if (isfinite (value->real))
        eros_double_append_json (value->real, out);
      else
        eros_sql_value_append_json (value, FALSE, 0, out);
      break;
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
      append_decimal (value, stringify, out);
      break;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      append_fields (value, stringify, out);
      break;
    default:
      eros_sql_value_append_json (value, FALSE, 0, out);
    }
}

/* JSON's own form of @value. */
void
eros_append_json (const ErosSqlValue *value, gboolean stringify, GString *out)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_value (value, stringify, text);
  (void) eros_json_append_canonical ((ErosJsonText){ text->str, text->len }, TRUE, out, NULL);
}

/* (value, [stringify_wide_numbers], types …) */
static void
to_json (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2);
  gboolean stringify = n > 2 && sqlite3_value_int (values[1]) != 0;
  GString *out = NULL;
  ErosSqlValue value;

  if (type == NULL)
    return;
  out = g_string_new (NULL);
  eros_sql_value_load (&value, type, values[0]);
  eros_append_json (&value, stringify, out);
  eros_result_take_text (context, out);
}

/* (text, [wide_number_mode]) */
static void
parse_json (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) out = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 5;
  const char *mode = n > 1 ? eros_arg_data (values[1], &size) : "exact";
  gboolean round = size == 5 && g_ascii_strncasecmp (mode, "round", 5) == 0;

  if (!round && (size != 5 || g_ascii_strncasecmp (mode, "exact", 5) != 0))
    {
      eros_native_fail (context, "Invalid `wide_number_mode` specified: %.*s", (int) size, mode);
      return;
    }
  out = g_string_new (NULL);
  if (eros_json_append_canonical (get_json (values[0]), round, out, &error))
    eros_result_take_text (context, g_steal_pointer (&out));
  else
    eros_native_fail (context, "Invalid input to PARSE_JSON: %s", error->message);
}

/* ---- From JSON ----------------------------------------------------------------------------------------- */

static void
json_type (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const char *const names[] = { "null", "boolean", "number", "string", "array", "object" };
  const char *name = names[eros_json_get_kind (get_json (values[0]))];

  sqlite3_result_text (context, name, -1, SQLITE_STATIC);
}

static double
json_number (ErosJsonText json)
{
  g_autofree char *text = g_strndup (json.data, json.size);

  return g_ascii_strtod (text, NULL);
}

/* An integer, also when it is written as a fraction or with an exponent. */
static gboolean
json_integer (ErosJsonText json, gint64 *integer)
{
  g_autofree char *text = g_strndup (json.data, json.size);
  double real = 0;

  if (strpbrk (text, ".eE") == NULL)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, integer, NULL);
  real = g_ascii_strtod (text, NULL);
  if (real != trunc (real) || real < -0x1p63 || real >= 0x1p63)
    return FALSE;
  *integer = (gint64) real;
  return TRUE;
}

static void
int64_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);
  gint64 integer = 0;

  if (eros_json_get_kind (json) != EROS_JSON_NUMBER)
    eros_native_fail (context, "The provided JSON input is not an integer");
  else if (json_integer (json, &integer))
    sqlite3_result_int64 (context, integer);
  else
    eros_native_fail (context, "The provided JSON number: %.*s cannot be converted to an integer",
                      (int) json.size, json.data);
}

/* (json, [wide_number_mode]) */
static void
float64_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);

  if (eros_json_get_kind (json) == EROS_JSON_NUMBER)
    sqlite3_result_double (context, json_number (json));
  else
    eros_native_fail (context, "The provided JSON input is not a number");
}

static void
bool_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);

  if (eros_json_get_kind (json) == EROS_JSON_BOOL)
    sqlite3_result_int (context, json.data[0] == 't');
  else
    eros_native_fail (context, "The provided JSON input is not a boolean");
}

static void
string_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);
  GString *out = NULL;

  if (eros_json_get_kind (json) != EROS_JSON_STRING)
    {
      eros_native_fail (context, "The provided JSON input is not a string");
      return;
    }
  out = g_string_new (NULL);
  eros_json_append_unescaped (json, out);
  eros_result_take_text (context, out);
}

/* ---- LAX_…: whatever can be made of it, NULL otherwise ------------------------------------------------- */

static GString *
unescaped (ErosJsonText json)
{
  GString *text = g_string_new (NULL);

  eros_json_append_unescaped (json, text);
  return text;
}

/* The number in a JSON string or number; FALSE if there is none. */
static gboolean
lax_number (ErosJsonText json, double *real)
{
  g_autoptr (GString) text = NULL;

  if (eros_json_get_kind (json) == EROS_JSON_NUMBER)
    {
      *real = json_number (json);
      return TRUE;
    }
  if (eros_json_get_kind (json) != EROS_JSON_STRING)
    return FALSE;
  text = unescaped (json);
  return eros_double_parse (text->str, text->len, real);
}

static void
lax_int64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);
  g_autoptr (GString) text = NULL;
  gint64 integer = 0;
  double real = 0;

  if (eros_json_get_kind (json) == EROS_JSON_BOOL)
    sqlite3_result_int (context, json.data[0] == 't');
  else if (eros_json_get_kind (json) == EROS_JSON_STRING)
    {
      text = unescaped (json);
      json = (ErosJsonText){ text->str, text->len };
    }
  if (eros_json_get_kind (json) == EROS_JSON_BOOL && text == NULL)
    return;
  if (text != NULL || eros_json_get_kind (json) == EROS_JSON_NUMBER)
    {
      g_autofree char *copy = g_strndup (json.data, json.size);

      if (g_ascii_string_to_signed (copy, 10, G_MININT64, G_MAXINT64, &integer, NULL))
        sqlite3_result_int64 (context, integer);
      else if (eros_double_parse (json.data, json.size, &real) && isfinite (real) &&
               round (real) >= -0x1p63 && round (real) < 0x1p63)
        sqlite3_result_int64 (context, (gint64) round (real));
    }
}

static void
lax_float64 (sqlite3_context *context, int n, sqlite3_value **values)
{
  double real = 0;

  if (lax_number (get_json (values[0]), &real))
    eros_result_real (context, real);
}

static void
lax_bool (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);
  g_autoptr (GString) text = NULL;

  switch ((guint) eros_json_get_kind (json))
    {
    case EROS_JSON_BOOL:
      sqlite3_result_int (context, json.data[0] == 't');
      break;
    case EROS_JSON_NUMBER:
      sqlite3_result_int (context, json_number (json) != 0);
      break;
    case EROS_JSON_STRING:
      text = unescaped (json);
      if (g_ascii_strcasecmp (text->str, "true") == 0 || g_ascii_strcasecmp (text->str, "false") == 0)
        sqlite3_result_int (context, g_ascii_tolower (text->str[0]) == 't');
      break;
    default:
      break;
    }
}

static void
lax_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json = get_json (values[0]);

  switch ((guint) eros_json_get_kind (json))
    {
    case EROS_JSON_STRING:
      eros_result_take_text (context, unescaped (json));
      break;
    case EROS_JSON_NUMBER:
    case EROS_JSON_BOOL:
      eros_result_text (context, json.data, json.size);
      break;
    default:
      break;
    }
}

/* ---- JSON_KEYS: names and, with dots between, names in names, down to a depth -------------------------- */

static void
add_keys (GHashTable *keys, GString *path, ErosJsonText json, gint64 depth)
{
  ErosJsonIter iter;
  ErosJsonText key, value;
  gsize length = path->len;

  if (depth == 0 || !eros_json_iter_init (&iter, json) || !iter.object)
    return;
  while (eros_json_iter_next (&iter, &key, &value))
    {
      if (length > 0)
        g_string_append_c (path, '.');
      if (memchr (key.data, '.', key.size) != NULL)
        g_string_append_len (path, key.data, (gssize) key.size);
      else
        eros_json_append_unescaped (key, path);
      g_hash_table_add (keys, g_strdup (path->str));
      add_keys (keys, path, value, depth - 1);
      g_string_truncate (path, length);
    }
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (json, [max depth]) */
static void
json_keys (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  gint64 depth = n > 1 ? sqlite3_value_int64 (values[1]) : -1;
  GHashTableIter iter;
  gpointer name = NULL;
  ErosSqlBuilder builder;

  if (n > 1 && depth < 1)
    {
      eros_native_fail (context, "max_depth must be positive");
      return;
    }
  add_keys (keys, path, get_json (values[0]), depth);
  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (sorted, name);
  g_ptr_array_sort (sorted, compare_strings);
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (guint i = 0; i < sorted->len; i++)
    eros_sql_builder_add_text (&builder, sorted->pdata[i], strlen (sorted->pdata[i]));
  eros_result_builder (context, &builder);
}

#define TYPES EROS_FUNCTION_NEEDS_TYPES

const ErosNative eros_native_json_value[] = {
  { "TO_JSON_STRING", "(ANY, [pretty_print => BOOL]) -> STRING", "bq_to_json_string", TYPES, to_json_string,
    NULL },
  { "TO_JSON", "(ANY, [stringify_wide_numbers => BOOL]) -> JSON", "bq_to_json", TYPES, to_json, NULL },
  { "PARSE_JSON", "(STRING, [wide_number_mode => STRING]) -> JSON", "bq_parse_json", STRICT_FAIL, parse_json,
    NULL },
  { "JSON_TYPE", "(JSON) -> STRING", "bq_json_type", NULLS_STRICT, json_type, NULL },
  { "JSON_KEYS", "(JSON, [INT64]) -> ARRAY<STRING>", "bq_json_keys", STRICT_FAIL, json_keys, NULL },
  { "INT64", "(JSON) -> INT64", "bq_int64_of_json", STRICT_FAIL, int64_of, NULL },
  { "FLOAT64", "(JSON, [wide_number_mode => STRING]) -> FLOAT64", "bq_float64_of_json", STRICT_FAIL,
    float64_of, NULL },
  { "BOOL", "(JSON) -> BOOL", "bq_bool_of_json", STRICT_FAIL, bool_of, NULL },
  { "STRING", "(JSON) -> STRING", "bq_string_of_json", STRICT_FAIL, string_of, NULL },
  { "LAX_INT64", "(JSON) -> INT64", "bq_lax_int64", NULLS_STRICT, lax_int64, NULL },
  { "LAX_FLOAT64", "(JSON) -> FLOAT64", "bq_lax_float64", NULLS_STRICT, lax_float64, NULL },
  { "LAX_BOOL", "(JSON) -> BOOL", "bq_lax_bool", NULLS_STRICT, lax_bool, NULL },
  { "LAX_STRING", "(JSON) -> STRING", "bq_lax_string", NULLS_STRICT, lax_string, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
