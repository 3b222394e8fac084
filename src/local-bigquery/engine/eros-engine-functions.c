/* eros-engine-functions.c: SQLite functions that the engine's own statements call
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"
#include "eros-numeric.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* What a table demands of its values */

static void
required_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  g_autofree char *message = NULL;

  if (sqlite3_value_type (arguments[0]) != SQLITE_NULL)
    {
      sqlite3_result_value (context, arguments[0]);
      return;
    }
  message =
    g_strdup_printf ("Required field %s cannot be null", (const char *) sqlite3_value_text (arguments[1]));
  sqlite3_result_error (context, message, -1);
}

static void
max_length_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  gint64 max = sqlite3_value_int64 (arguments[1]);
  gboolean bytes = sqlite3_value_type (arguments[0]) == SQLITE_BLOB;
  gint64 length;
  g_autofree char *message = NULL;

  if (sqlite3_value_type (arguments[0]) == SQLITE_NULL)
    return;
  length = bytes ? sqlite3_value_bytes (arguments[0])
                 : g_utf8_strlen ((const char *) sqlite3_value_text (arguments[0]),
                                  sqlite3_value_bytes (arguments[0]));
  if (length <= max)
    {
      sqlite3_result_value (context, arguments[0]);
      return;
    }
  message = g_strdup_printf ("Field %s: %s(%" G_GINT64_FORMAT ") has maximum length %" G_GINT64_FORMAT
                             " but got a value with length %" G_GINT64_FORMAT,
                             (const char *) sqlite3_value_text (arguments[2]), bytes ? "BYTES" : "STRING",
                             max, max, length);
  sqlite3_result_error (context, message, -1);
}

/* NUMERIC (p, s): rounds, and refuses what has too many digits before the point */
static void
numeric_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  int size = sqlite3_value_bytes (arguments[0]);
  ErosSqlKind kind =
    size == (int) eros_numeric_get_size (EROS_SQL_NUMERIC) ? EROS_SQL_NUMERIC : EROS_SQL_BIGNUMERIC;
  int precision = sqlite3_value_int (arguments[1]);
  int scale = sqlite3_value_int (arguments[2]);
  ErosWide number;
  ErosWide rounded;
  char data[EROS_NUMERIC_MAX_SIZE];
  g_autoptr (GString) text = NULL;
  g_autofree char *message = NULL;
  const char *digits;

  if (sqlite3_value_type (arguments[0]) != SQLITE_BLOB ||
      !eros_numeric_load (kind, sqlite3_value_blob (arguments[0]), size, &number) ||
      !eros_numeric_round (kind, &number, scale, EROS_WIDE_HALF_AWAY, &rounded))
    {
      sqlite3_result_value (context, arguments[0]);
      return;
    }
  text = g_string_new (NULL);
  eros_numeric_append (kind, &rounded, text);
  digits = text->str + strspn (text->str, "-0");
  if ((int) strcspn (digits, ".") <= precision - scale)
    {
      eros_numeric_store (kind, &rounded, data);
      sqlite3_result_blob (context, data, size, SQLITE_TRANSIENT);
      return;
    }
  message = g_strdup_printf (
    "Field %s: %s(%d, %d) has precision %d and scale %d but got a value that is not in range: %s",
    (const char *) sqlite3_value_text (arguments[3]), eros_sql_kind_get_name (kind), precision, scale,
    precision, scale, text->str);
  sqlite3_result_error (context, message, -1);
}

/* eros_whole_array (value, name, type): the value with no array that is NULL, if none has a NULL in it */
static void
whole_array_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  const ErosSqlType *type = sqlite3_get_auxdata (context, 2);
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_autofree char *message = NULL;

  if (type == NULL)
    {
      type = eros_sql_type_parse ((const char *) sqlite3_value_text (arguments[2]), NULL);
      sqlite3_set_auxdata (context, 2, (gpointer) type, NULL);
    }
  value.type = type;
  value.is_null = sqlite3_value_type (arguments[0]) != SQLITE_BLOB;
  if (!value.is_null)
    {
      value.data = sqlite3_value_blob (arguments[0]);
      value.size = sqlite3_value_bytes (arguments[0]);
    }
  if (!eros_sql_value_has_null_element (&value))
    {
      eros_sql_value_fill_arrays (&value);
      if (value.is_null)
        sqlite3_result_null (context);
      else
        sqlite3_result_blob (context, value.data, (int) value.size, SQLITE_TRANSIENT);
      return;
    }
  message = g_strdup_printf ("Array cannot have a null element; error in writing field %s",
                             (const char *) sqlite3_value_text (arguments[1]));
  sqlite3_result_error (context, message, -1);
}

/* Arrays and structs of the job history */

static void
take_built (sqlite3_context *context, ErosSqlBuilder *builder)
{
  gsize size;
  char *bytes = eros_sql_builder_end (builder, &size);

  sqlite3_result_blob64 (context, bytes, size, g_free);
}

static void
struct_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (int i = 0; i < n_arguments; i++)
    switch (sqlite3_value_type (arguments[i]))
      {
      case SQLITE_NULL:
        eros_sql_builder_add_null (&builder);
        break;
      case SQLITE_INTEGER:
        eros_sql_builder_add_integer (&builder, sqlite3_value_int64 (arguments[i]));
        break;
      default:
        eros_sql_builder_add_text (&builder, (const char *) sqlite3_value_text (arguments[i]),
                                   sqlite3_value_bytes (arguments[i]));
      }
  take_built (context, &builder);
}

/* A field of a STRUCT, by its number. */
static void
field_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  ErosSqlReader reader;
  ErosSqlElement element = { .storage = EROS_SQL_STORAGE_NULL };
  int index = sqlite3_value_int (arguments[1]);

  if (sqlite3_value_type (arguments[0]) != SQLITE_BLOB ||
      !eros_sql_reader_init (&reader, sqlite3_value_blob (arguments[0]), sqlite3_value_bytes (arguments[0])))
    return;
  for (int i = 0; i <= index; i++)
    if (!eros_sql_reader_next (&reader, &element))
      return;
  if (element.storage == EROS_SQL_STORAGE_INTEGER)
    sqlite3_result_int64 (context, element.integer);
  else if (element.storage == EROS_SQL_STORAGE_REAL)
    sqlite3_result_double (context, element.real);
  else if (element.storage == EROS_SQL_STORAGE_TEXT)
    sqlite3_result_text64 (context, element.data, element.size, SQLITE_TRANSIENT, SQLITE_UTF8);
  else if (element.storage == EROS_SQL_STORAGE_BLOB)
    sqlite3_result_blob64 (context, element.data, element.size, SQLITE_TRANSIENT);
}

static JsonNode *
parse_json (sqlite3_value *value)
{
  const char *text = (const char *) sqlite3_value_text (value);

  return text == NULL ? NULL : json_from_string (text, NULL);
}

static void
add_member (ErosSqlBuilder *builder, JsonObject *object, const char *member)
{
  const char *text = json_object_get_string_member_with_default (object, member, NULL);

  if (text == NULL)
    eros_sql_builder_add_null (builder);
  else
    eros_sql_builder_add_text (builder, text, strlen (text));
}

static void
build_table (ErosSqlBuilder *builder, JsonObject *object)
{
  eros_sql_builder_init (builder, EROS_SQL_STRUCT);
  add_member (builder, object, "projectId");
  add_member (builder, object, "datasetId");
  add_member (builder, object, "tableId");
}

/* An element of @list: takes what @builder holds. */
static void
add_built (ErosSqlBuilder *list, ErosSqlBuilder *builder)
{
  gsize size;
  g_autofree char *bytes = eros_sql_builder_end (builder, &size);

  eros_sql_builder_add_blob (list, bytes, size);
}

/* A JSON list of tables to an ARRAY, one table to a STRUCT. */
static void
tables_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  g_autoptr (JsonNode) node = parse_json (arguments[0]);
  ErosSqlBuilder builder;
  ErosSqlBuilder list;
  JsonArray *array;

  if (node == NULL)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      build_table (&builder, json_node_get_object (node));
      take_built (context, &builder);
      return;
    }
  array = json_node_get_array (node);
  eros_sql_builder_init (&list, EROS_SQL_ARRAY);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      build_table (&builder, json_array_get_object_element (array, i));
      add_built (&list, &builder);
    }
  take_built (context, &list);
}

static void
labels_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  g_autoptr (JsonNode) node = parse_json (arguments[0]);
  g_autoptr (GList) members = NULL;
  ErosSqlBuilder list;
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  object = json_node_get_object (node);
  members = json_object_get_members (object);
  eros_sql_builder_init (&list, EROS_SQL_ARRAY);
  for (GList *link = members; link != NULL; link = link->next)
    {
      ErosSqlBuilder builder;

      eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
      eros_sql_builder_add_text (&builder, link->data, strlen (link->data));
      add_member (&builder, object, link->data);
      add_built (&list, &builder);
    }
  take_built (context, &list);
}

gboolean
eros_engine_register_functions (sqlite3 *db)
{
  static const struct
  {
    const char *name;
    int n_arguments;
    void (*func) (sqlite3_context *context, int n_arguments, sqlite3_value **arguments);
  } functions[] = {
    { "eros_required", 2, required_func },   { "eros_max_length", 3, max_length_func },
    { "eros_struct", -1, struct_func },      { "eros_field", 2, field_func },
    { "eros_max_numeric", 4, numeric_func }, { "eros_job_tables", 1, tables_func },
    { "eros_job_labels", 1, labels_func },   { "eros_whole_array", 3, whole_array_func },
  };
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    if (sqlite3_create_function_v2 (db, functions[i].name, functions[i].n_arguments, flags, NULL,
                                    functions[i].func, NULL, NULL, NULL) != SQLITE_OK)
      return FALSE;
#ifdef EROS_HAVE_JAVASCRIPT
  return eros_engine_register_javascript (db);
#else
  return TRUE;
#endif
}
