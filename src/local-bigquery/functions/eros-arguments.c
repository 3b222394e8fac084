/* eros-arguments.c: arguments and results of a native function, between SQLite and C
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-geo-private.h"
#include "eros-native-private.h"
#include "eros-register-private.h"

/* ---- Ends ---------------------------------------------------------------------------------------------- */

void
eros_native_fail (sqlite3_context *context, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  if (eros_registration_of (context)->safe)
    {
      sqlite3_result_null (context);
      return;
    }
  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sqlite3_result_error (context, message, -1);
}

void
eros_native_fail_error (sqlite3_context *context, const GError *error)
{
  eros_native_fail (context, "%s", error->message);
}

gboolean
eros_native_is_safe (sqlite3_context *context)
{
  return eros_registration_of (context)->safe;
}

ErosFunctionContext *
eros_native_get_world (sqlite3_context *context)
{
  return eros_registration_of (context)->world;
}

const ErosZone *
eros_native_get_default_zone (sqlite3_context *context)
{
  const char *name = eros_registration_of (context)->world->time_zone;
  const ErosZone *zone = name != NULL ? eros_zone_find (name, strlen (name)) : NULL;

  return zone != NULL ? zone : eros_zone_utc ();
}

/* ---- Arguments and results ----------------------------------------------------------------------------- */

gboolean
eros_arg_numeric (sqlite3_value *value, ErosSqlKind kind, ErosWide *number)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  return eros_numeric_load (kind, data, size, number);
}

/**
 * eros_arg_type:
 * @context: a call
 * @values: its arguments
 * @index: which of them is the name of a type
 *
 * Returns: (transfer none) (nullable): the type, remembered for the statement's other rows
 */
const ErosSqlType *
eros_arg_type (sqlite3_context *context, sqlite3_value **values, int index)
{
  const ErosSqlType *type = sqlite3_get_auxdata (context, index);

  if (type != NULL)
    return type;
  type = eros_sql_type_parse ((const char *) sqlite3_value_text (values[index]), NULL);
  if (type == NULL)
    {
      sqlite3_result_error (context, "internal error: a native function got no type", -1);
      return NULL;
    }
  sqlite3_set_auxdata (context, index, (gpointer) type, NULL);
  return type;
}

/**
 * eros_arg_zone:
 * @context: a call
 * @n: how many arguments it has
 * @values: its arguments
 * @index: which of them is a zone's name, if it is there
 *
 * Returns: (transfer none) (nullable): the zone; the default one if the argument is missing; %NULL, and the
 * call has ended, if there is no such zone
 */
const ErosZone *
eros_arg_zone (sqlite3_context *context, int n, sqlite3_value **values, int index)
{
  const ErosZone *zone = NULL;
  const char *name = NULL;
  gsize size = 0;

  if (index >= n)
    return eros_native_get_default_zone (context);
  zone = sqlite3_get_auxdata (context, index);
  if (zone != NULL)
    return zone;
  name = eros_arg_data (values[index], &size);
  zone = eros_zone_find (name, size);
  if (zone == NULL)
    {
      eros_native_fail (context, "Invalid time zone: %.*s", (int) size, name);
      return NULL;
    }
  sqlite3_set_auxdata (context, index, (gpointer) zone, NULL);
  return zone;
}

/**
 * eros_compare_args:
 * @a: a value other than NULL
 * @b: another of the same type
 *
 * Returns: their order as SQLite has it, except that NaN, a blob among numbers, is less than the numbers
 */
int
eros_compare_args (sqlite3_value *a, sqlite3_value *b)
{
  int x = sqlite3_value_type (a);
  int y = sqlite3_value_type (b);
  gsize a_size = 0;
  gsize b_size = 0;
  const char *a_data = NULL;
  const char *b_data = NULL;
  int order = 0;

  if (x == SQLITE_INTEGER && y == SQLITE_INTEGER)
    {
      gint64 i = sqlite3_value_int64 (a);
      gint64 j = sqlite3_value_int64 (b);

      return (i > j) - (i < j);
    }
  if ((x == SQLITE_INTEGER || x == SQLITE_FLOAT) && (y == SQLITE_INTEGER || y == SQLITE_FLOAT))
    {
      double i = sqlite3_value_double (a);
      double j = sqlite3_value_double (b);

      return (i > j) - (i < j);
    }
  if (x == SQLITE_INTEGER || x == SQLITE_FLOAT || y == SQLITE_INTEGER || y == SQLITE_FLOAT)
    return (x == SQLITE_BLOB) ? -1 : 1;
  a_data = eros_arg_data (a, &a_size);
  b_data = eros_arg_data (b, &b_size);
  order = memcmp (a_data, b_data, MIN (a_size, b_size));
  return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

void
eros_result_take_text (sqlite3_context *context, GString *text)
{
  gsize size = text->len;

  sqlite3_result_text64 (context, g_string_free (text, FALSE), size, g_free, SQLITE_UTF8);
}

void
eros_result_take_blob (sqlite3_context *context, GString *bytes)
{
  gsize size = bytes->len;

  sqlite3_result_blob64 (context, g_string_free (bytes, FALSE), size, g_free);
}

void
eros_result_builder (sqlite3_context *context, ErosSqlBuilder *builder)
{
  gsize size = 0;
  char *data = eros_sql_builder_end (builder, &size);

  sqlite3_result_blob64 (context, data, size, g_free);
}

void
eros_result_element (sqlite3_context *context, const ErosSqlElement *element)
{
  switch (element->storage)
    {
    case EROS_SQL_STORAGE_INTEGER:
      sqlite3_result_int64 (context, element->integer);
      break;
    case EROS_SQL_STORAGE_REAL:
      eros_result_real (context, element->real);
      break;
    case EROS_SQL_STORAGE_TEXT:
      eros_result_text (context, element->data, element->size);
      break;
    case EROS_SQL_STORAGE_BLOB:
      eros_result_blob (context, element->data, element->size);
      break;
    case EROS_SQL_STORAGE_NULL:
    default:
      sqlite3_result_null (context);
    }
}

void
eros_result_numeric (sqlite3_context *context, ErosSqlKind kind, const ErosWide *number)
{
  char data[EROS_NUMERIC_MAX_SIZE];

  eros_numeric_store (kind, number, data);
  eros_result_blob (context, data, eros_numeric_get_size (kind));
}

void
eros_result_value (sqlite3_context *context, const ErosSqlValue *value)
{
  if (value->is_null)
    sqlite3_result_null (context);
  else if (eros_sql_type_is (value->type, EROS_SQL_FLOAT64))
    eros_result_real (context, value->real);
  else if (eros_sql_type_is (value->type, EROS_SQL_STRING) || eros_sql_type_is (value->type, EROS_SQL_JSON))
    eros_result_text (context, value->data, value->size);
  else if (eros_sql_value_has_data (value))
    eros_result_blob (context, value->data, value->size);
  else
    sqlite3_result_int64 (context, value->integer);
}

void
eros_builder_add_arg (ErosSqlBuilder *builder, sqlite3_value *value)
{
  const char *data = NULL;
  gsize size = 0;

  switch (sqlite3_value_type (value))
    {
    case SQLITE_INTEGER:
      eros_sql_builder_add_integer (builder, sqlite3_value_int64 (value));
      break;
    case SQLITE_FLOAT:
      eros_sql_builder_add_real (builder, sqlite3_value_double (value));
      break;
    case SQLITE_TEXT:
      data = eros_arg_data (value, &size);
      eros_sql_builder_add_text (builder, data, size);
      break;
    case SQLITE_BLOB:
      data = eros_arg_data (value, &size);
      eros_sql_builder_add_blob (builder, data, size);
      break;
    default:
      eros_sql_builder_add_null (builder);
    }
}

/* ---- Values between SQLite and the other rooms --------------------------------------------------------- */

/**
 * eros_sql_value_load:
 * @value: (out): a value that borrows from @from
 * @type: its type
 * @from: how it lies in SQLite
 */
void
eros_sql_value_load (ErosSqlValue *value, const ErosSqlType *type, sqlite3_value *from)
{
  gsize size = 0;
  const char *data = NULL;

  eros_sql_value_set_null (value, type);
  if (eros_arg_is_null (from))
    return;
  value->is_null = FALSE;
  if (eros_sql_type_is (type, EROS_SQL_FLOAT64))
    value->real = eros_arg_real (from);
  else if (eros_sql_value_has_data (value))
    {
      data = eros_arg_data (from, &size);
      value->data = data;
      value->size = size;
    }
  else
    value->integer = sqlite3_value_int64 (from);
}

void
eros_sql_value_load_column (ErosSqlValue *value, const ErosSqlType *type, sqlite3_stmt *statement, int column)
{
  int storage = sqlite3_column_type (statement, column);

  eros_sql_value_set_null (value, type);
  if (storage == SQLITE_NULL)
    return;
  value->is_null = FALSE;
  if (eros_sql_type_is (type, EROS_SQL_FLOAT64))
    value->real = storage == SQLITE_BLOB ? (double) NAN : sqlite3_column_double (statement, column);
  else if (eros_sql_value_has_data (value))
    {
      value->data = storage == SQLITE_TEXT ? (const char *) sqlite3_column_text (statement, column)
                                           : sqlite3_column_blob (statement, column);
      value->size = (gsize) sqlite3_column_bytes (statement, column);
      if (value->data == NULL)
        value->data = "";
    }
  else
    value->integer = sqlite3_column_int64 (statement, column);
}

/**
 * eros_sql_value_bind:
 * @value: a value; its data is copied
 * @statement: a statement
 * @index: the parameter's number, from 1
 *
 * Returns: a SQLite result code
 */
int
eros_sql_value_bind (const ErosSqlValue *value, sqlite3_stmt *statement, int index)
{
  if (value->is_null)
    return sqlite3_bind_null (statement, index);
  if (eros_sql_type_is (value->type, EROS_SQL_FLOAT64))
    return isnan (value->real) ? sqlite3_bind_blob (statement, index, "N", 1, SQLITE_STATIC)
                               : sqlite3_bind_double (statement, index, value->real);
  if (eros_sql_type_is (value->type, EROS_SQL_STRING) || eros_sql_type_is (value->type, EROS_SQL_JSON))
    return sqlite3_bind_text64 (statement, index, value->data, value->size, SQLITE_TRANSIENT, SQLITE_UTF8);
  if (eros_sql_value_has_data (value))
    return sqlite3_bind_blob64 (statement, index, value->data, value->size, SQLITE_TRANSIENT);
  return sqlite3_bind_int64 (statement, index, value->integer);
}

/**
 * eros_sql_value_read_geography:
 * @value: (out): filled in
 * @text: WKT
 * @problem: (out) (nullable): what is wrong with it
 *
 * Returns: whether @text is a GEOGRAPHY
 */
gboolean
eros_sql_value_read_geography (ErosSqlValue *value, const char *text, char **problem)
{
#ifdef EROS_HAVE_S2
  ErosGeo *geo = eros_geo_new_from_text (text, 0, problem);
  GString *bytes = geo != NULL ? eros_geo_store (geo) : NULL;
  gssize size = bytes != NULL ? (gssize) bytes->len : 0;

  if (bytes != NULL)
    eros_sql_value_take_data (value, eros_sql_type (EROS_SQL_GEOGRAPHY), g_string_free (bytes, FALSE), size);
  g_clear_pointer (&geo, eros_geo_free);
  return bytes != NULL;
#else
  *problem = g_strdup ("The local server was built without geography");
  return FALSE;
#endif
}
