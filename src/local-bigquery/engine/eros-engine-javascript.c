/* eros-engine-javascript.c: functions whose body is JavaScript
 *
 * A call is an expression in JavaScript: the function, and its arguments as literals. What comes back is JSON
 * text, and becomes a value of the type that the function declares. INT64 is a string there, as in BigQuery.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-cast.h"
#include "eros-engine-private.h"
#include "eros-json.h"

#include <jsc/jsc.h>
#include <math.h>
#include <string.h>

/* Numbers that JSON cannot write come as strings; so do large integers. */
static const char prologue[] =
  "function $json(x) { return JSON.stringify(x, function (key, value) {"
  " if (typeof value === 'bigint') return value.toString();"
  " if (typeof value === 'number' && !Number.isFinite(value)) return String(value);"
  " if (value instanceof Map || value instanceof Set) return {};"
  " return value; }); }";

/* ---- a value as JavaScript ----------------------------------------------------------------------------- */

static void append_script (const ErosSqlValue *value, GString *script);

static void
append_quoted (const char *text, gsize size, GString *script)
{
  eros_json_append_string (text, size, TRUE, script);
}

static void
append_elements (const ErosSqlValue *value, GString *script)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;

  g_string_append_c (script, array ? '[' : '{');
  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlField *field = array ? NULL : eros_sql_type_get_field (value->type, i);

      if (!eros_sql_reader_next_value (&reader, array ? eros_sql_type_get_element (value->type) : field->type,
                                       &element))
        break;
      if (i > 0)
        g_string_append_c (script, ',');
      if (field != NULL)
        {
          append_quoted (field->name, strlen (field->name), script);
          g_string_append_c (script, ':');
        }
      append_script (&element, script);
    }
  g_string_append_c (script, array ? ']' : '}');
}

static void
append_real (double real, GString *script)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (real))
    g_string_append (script, "NaN");
  else if (isinf (real))
    g_string_append (script, real < 0 ? "-Infinity" : "Infinity");
  else
    g_string_append (script, g_ascii_dtostr (buffer, sizeof buffer, real));
}

static void
append_script (const ErosSqlValue *value, GString *script)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *base64 = NULL;

  if (value->is_null)
    {
      g_string_append (script, "null");
      return;
    }
  switch ((int) eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_FLOAT64:
      append_real (value->real, script);
      break;
    case EROS_SQL_BOOL:
      g_string_append (script, value->integer ? "true" : "false");
      break;
    case EROS_SQL_JSON:
      g_string_append_len (script, value->data, (gssize) value->size);
      break;
    case EROS_SQL_BYTES:
      base64 = g_base64_encode ((const guchar *) value->data, value->size);
      append_quoted (base64, strlen (base64), script);
      break;
    case EROS_SQL_DATE:
      g_string_append_printf (script, "new Date(%" G_GINT64_FORMAT ")", value->integer * 86400000);
      break;
    case EROS_SQL_TIMESTAMP:
      g_string_append_printf (script, "new Date(%" G_GINT64_FORMAT ")",
                              eros_floor_divide (value->integer, 1000));
      break;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      append_elements (value, script);
      break;
    default:
      text = g_string_new (NULL);
      eros_sql_value_append_cast (value, text);
      append_quoted (text->str, text->len, script);
    }
}

/* ---- JSON as a value ----------------------------------------------------------------------------------- */

static gboolean take_json (ErosJsonText json, const ErosSqlType *type, ErosSqlValue *value, GError **error);

static gboolean
take_array (ErosJsonText json, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  ErosSqlBuilder builder;
  ErosJsonIter iter;
  ErosJsonText key, item;
  gboolean good = TRUE;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  eros_json_iter_init (&iter, json);
  while (good && eros_json_iter_next (&iter, &key, &item))
    {
      g_auto (ErosSqlValue) element = EROS_SQL_VALUE_INIT;

      good = take_json (item, eros_sql_type_get_element (type), &element, error);
      if (good)
        eros_sql_builder_add (&builder, &element);
    }
  if (good)
    eros_sql_builder_end_value (&builder, type, value);
  else
    eros_sql_builder_clear (&builder);
  return good;
}

static gboolean
take_struct (ErosJsonText json, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  ErosSqlBuilder builder;
  gboolean good = TRUE;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; good && i < eros_sql_type_get_n_fields (type); i++)
    {
      const ErosSqlField *field = eros_sql_type_get_field (type, i);
      g_auto (ErosSqlValue) member = EROS_SQL_VALUE_INIT;
      ErosJsonText item;

      eros_sql_value_set_null (&member, field->type);
      if (eros_json_find_member (json, field->name, strlen (field->name), &item))
        good = take_json (item, field->type, &member, error);
      if (good)
        eros_sql_builder_add (&builder, &member);
    }
  if (good)
    eros_sql_builder_end_value (&builder, type, value);
  else
    eros_sql_builder_clear (&builder);
  return good;
}

static gboolean
take_scalar (const GString *text, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  ErosSqlKind kind = eros_sql_type_get_kind (type);
  g_autofree char *shorter = NULL;

  /* "2025-01-31T00:00:00.000Z", as a Date writes itself */
  if (kind == EROS_SQL_DATE && text->len > 10 && text->str[10] == 'T')
    shorter = g_strndup (text->str, 10);
  if (kind == EROS_SQL_INT64)
    {
      double real = g_ascii_strtod (text->str, NULL);

      if (strpbrk (text->str, ".eE") != NULL && real == trunc (real) && fabs (real) < 0x1p63)
        shorter = g_strdup_printf ("%.0f", real);
    }
  return eros_sql_value_from_text (type, shorter != NULL ? shorter : text->str,
                                   shorter != NULL ? -1 : (gssize) text->len, value, error);
}

static gboolean
take_json (ErosJsonText json, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  ErosJsonKind kind = eros_json_get_kind (json);
  g_autoptr (GString) text = g_string_new (NULL);

  eros_sql_value_set_null (value, type);
  if (kind == EROS_JSON_NULL && !eros_sql_type_is (type, EROS_SQL_JSON))
    return TRUE;
  if (eros_sql_type_is (type, EROS_SQL_ARRAY) && kind == EROS_JSON_ARRAY)
    return take_array (json, type, value, error);
  if (eros_sql_type_is (type, EROS_SQL_STRUCT) && kind == EROS_JSON_OBJECT)
    return take_struct (json, type, value, error);
  if (kind == EROS_JSON_STRING && !eros_sql_type_is (type, EROS_SQL_JSON))
    eros_json_append_unescaped (json, text);
  else
    g_string_append_len (text, json.data, (gssize) json.size);
  if (take_scalar (text, type, value, error))
    return TRUE;
  g_clear_error (error);
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
               "Failed to coerce output value %s to type %s", text->str, eros_sql_type_get_name (type));
  return FALSE;
}

/* ---- calls --------------------------------------------------------------------------------------------- */

typedef struct
{
  JSCContext *context;
  guint n_functions;
} Interpreter;

typedef struct
{
  char *name; /* what the function is called in the interpreter */
} Compiled;

static void
interpreter_free (gpointer data)
{
  Interpreter *interpreter = data;

  g_clear_object (&interpreter->context);
  g_free (interpreter);
}

static void
compiled_free (gpointer data)
{
  Compiled *compiled = data;

  g_free (compiled->name);
  g_free (compiled);
}

/* Whether there was an exception, which then ends the call. */
static gboolean
has_failed (sqlite3_context *context, JSCContext *script)
{
  JSCException *exception = jsc_context_get_exception (script);
  g_autofree char *message = NULL;

  if (exception == NULL)
    return FALSE;
  message =
    g_strdup_printf ("%s: %s at UDF$1(%u)", jsc_exception_get_name (exception),
                     jsc_exception_get_message (exception), jsc_exception_get_line_number (exception));
  sqlite3_result_error (context, message, -1);
  jsc_context_clear_exception (script);
  return TRUE;
}

static const char *
text_of (sqlite3_value *value)
{
  const char *text = (const char *) sqlite3_value_text (value);

  return text != NULL ? text : "";
}

/* The function that argument 0 is the body of; it is kept with the statement. */
static Compiled *
compile (sqlite3_context *context, Interpreter *interpreter, int n, sqlite3_value **values)
{
  Compiled *compiled = sqlite3_get_auxdata (context, 0);
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (JSCValue) unused = NULL;

  if (compiled != NULL)
    return compiled;
  if (interpreter->context == NULL)
    {
      g_autoptr (JSCValue) begun = NULL;

      interpreter->context = jsc_context_new ();
      begun = jsc_context_evaluate (interpreter->context, prologue, -1);
    }
  compiled = g_new0 (Compiled, 1);
  compiled->name = g_strdup_printf ("$udf%u", interpreter->n_functions++);
  g_string_append_printf (script, "var %s = function (", compiled->name);
  for (int i = 2; i < n; i += 2)
    g_string_append_printf (script, "%s%.*s", i > 2 ? ", " : "", (int) strcspn (text_of (values[i]), " "),
                            text_of (values[i]));
  g_string_append_printf (script, ") {%s\n};", text_of (values[0]));
  unused = jsc_context_evaluate (interpreter->context, script->str, (gssize) script->len);
  if (has_failed (context, interpreter->context))
    {
      compiled_free (compiled);
      return NULL;
    }
  sqlite3_set_auxdata (context, 0, compiled, compiled_free);
  return sqlite3_get_auxdata (context, 0);
}

static char *
run (sqlite3_context *context,
     Interpreter *interpreter,
     const Compiled *compiled,
     int n,
     sqlite3_value **values)
{
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (JSCValue) result = NULL;

  g_string_append_printf (script, "$json(%s(", compiled->name);
  for (int i = 3; i < n; i += 2)
    {
      const char *parameter = text_of (values[i - 1]);
      const ErosSqlType *type = eros_sql_type_parse (parameter + strcspn (parameter, " "), NULL);
      ErosSqlValue value;

      eros_sql_value_load (&value, type, values[i]);
      if (i > 3)
        g_string_append_c (script, ',');
      append_script (&value, script);
    }
  g_string_append (script, "))");
  result = jsc_context_evaluate (interpreter->context, script->str, (gssize) script->len);
  if (has_failed (context, interpreter->context) || jsc_value_is_undefined (result))
    return NULL;
  return jsc_value_to_string (result);
}

static void
result_value (sqlite3_context *context, const ErosSqlValue *value)
{
  if (value->is_null)
    sqlite3_result_null (context);
  else if (eros_sql_type_is (value->type, EROS_SQL_FLOAT64) && isnan (value->real))
    sqlite3_result_blob (context, "N", 1, SQLITE_STATIC);
  else if (eros_sql_type_is (value->type, EROS_SQL_FLOAT64))
    sqlite3_result_double (context, value->real);
  else if (eros_sql_type_is (value->type, EROS_SQL_STRING) || eros_sql_type_is (value->type, EROS_SQL_JSON))
    sqlite3_result_text64 (context, value->data, value->size, SQLITE_TRANSIENT, SQLITE_UTF8);
  else if (eros_sql_value_has_data (value))
    sqlite3_result_blob64 (context, value->data, value->size, SQLITE_TRANSIENT);
  else
    sqlite3_result_int64 (context, value->integer);
}

/* See EROS_JAVASCRIPT_NATIVE. */
static void
call_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  Interpreter *interpreter = sqlite3_user_data (context);
  const ErosSqlType *type = eros_sql_type_parse (text_of (values[1]), NULL);
  Compiled *compiled = compile (context, interpreter, n, values);
  g_autofree char *json = compiled != NULL ? run (context, interpreter, compiled, n, values) : NULL;
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (json == NULL)
    return;
  if (take_json ((ErosJsonText){ json, strlen (json) }, type, &value, &error))
    result_value (context, &value);
  else
    sqlite3_result_error (context, error->message, -1);
}

gboolean
eros_engine_register_javascript (sqlite3 *db)
{
  return sqlite3_create_function_v2 (db, EROS_JAVASCRIPT_NATIVE, -1, SQLITE_UTF8, g_new0 (Interpreter, 1),
                                     call_func, NULL, NULL, interpreter_free) == SQLITE_OK;
}
