/* eros-native-json.c: JSON_QUERY, JSON_VALUE and their elder kin, of STRING and JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <eros-json.h>

/* How a function reads and answers. */
typedef struct
{
  gboolean legacy; /* JSON_EXTRACT …: $['name'] */
  gboolean string; /* the input is a STRING: its JSON is not canonical */
} Dialect;

static void
free_path (gpointer data)
{
  eros_json_path_free (data);
}

/* The path at @index, "$" where there is none. NULL: the call has ended. */
static const ErosJsonPath *
get_path (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect)
{
  ErosJsonPath *path = sqlite3_get_auxdata (context, n > 1 ? 1 : 0);
  g_autoptr (GError) error = NULL;
  gsize size = 1;
  const char *text = n > 1 ? eros_arg_data (values[1], &size) : "$";

  if (path != NULL)
    return path;
  path = eros_json_path_new (text, size, dialect.legacy, &error);
  if (path == NULL)
    {
      eros_native_fail_error (context, error);
      return NULL;
    }
  sqlite3_set_auxdata (context, n > 1 ? 1 : 0, path, free_path);
  path = sqlite3_get_auxdata (context, n > 1 ? 1 : 0);
  if (path == NULL)
    sqlite3_result_error_nomem (context);
  return path;
}

static gboolean
find (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect, ErosJsonText *found)
{
  const ErosJsonPath *path = get_path (context, n, values, dialect);
  ErosJsonText json;

  if (path == NULL)
    return FALSE;
  json.data = eros_arg_data (values[0], &json.size);
  return eros_json_find (json, path, found);
}

/* JSON null is NULL for a STRING's functions. */
static void
query (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect)
{
  ErosJsonText found;
  GString *out = NULL;

  if (!find (context, n, values, dialect, &found))
    return;
  if (!dialect.string)
    {
      eros_result_text (context, found.data, found.size);
      return;
    }
  if (eros_json_get_kind (found) == EROS_JSON_NULL)
    return;
  out = g_string_new (NULL);
  eros_json_append_compact (found, out);
  eros_result_take_text (context, out);
}

/* A scalar as a STRING; FALSE for what is none, and for null. */
static gboolean
append_scalar (ErosJsonText json, GString *out)
{
  switch (eros_json_get_kind (json))
    {
    case EROS_JSON_STRING:
      return eros_json_append_unescaped (json, out);
    case EROS_JSON_NUMBER:
    case EROS_JSON_BOOL:
      g_string_append_len (out, json.data, (gssize) json.size);
      return TRUE;
    case EROS_JSON_NULL:
    case EROS_JSON_ARRAY:
    case EROS_JSON_OBJECT:
    default:
      return FALSE;
    }
}

static void
value (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect)
{
  ErosJsonText found;
  g_autoptr (GString) out = NULL;

  if (!find (context, n, values, dialect, &found))
    return;
  out = g_string_new (NULL);
  if (append_scalar (found, out))
    eros_result_take_text (context, g_steal_pointer (&out));
}

/* ARRAY<STRING> or ARRAY<JSON> of an array's elements */
static void
query_array (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect)
{
  ErosJsonText found, key, element;
  ErosJsonIter iter;
  ErosSqlBuilder builder;

  if (!find (context, n, values, dialect, &found) || !eros_json_iter_init (&iter, found) || iter.object)
    return;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  while (eros_json_iter_next (&iter, &key, &element))
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (dialect.string)
        eros_json_append_compact (element, text);
      else
        g_string_append_len (text, element.data, (gssize) element.size);
      eros_sql_builder_add_text (&builder, text->str, text->len);
    }
  eros_result_builder (context, &builder);
}

/* ARRAY<STRING> of scalars; NULL if one of the elements is none */
static void
value_array (sqlite3_context *context, int n, sqlite3_value **values, Dialect dialect)
{
  ErosJsonText found, key, element;
  ErosJsonIter iter;
  ErosSqlBuilder builder;

  if (!find (context, n, values, dialect, &found) || !eros_json_iter_init (&iter, found) || iter.object)
    return;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  while (eros_json_iter_next (&iter, &key, &element))
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (append_scalar (element, text))
        eros_sql_builder_add_text (&builder, text->str, text->len);
      else if (eros_json_get_kind (element) == EROS_JSON_NULL)
        eros_sql_builder_add_null (&builder);
      else
        {
          eros_sql_builder_clear (&builder);
          return;
        }
    }
  eros_result_builder (context, &builder);
}

#define DEFINE(name, function, legacy, string)                                                               \
  static void name (sqlite3_context *context, int n, sqlite3_value **values)                                 \
  {                                                                                                          \
    function (context, n, values, (Dialect){ legacy, string });                                              \
  }

DEFINE (json_query_string, query, FALSE, TRUE)
DEFINE (json_query_json, query, FALSE, FALSE)
DEFINE (json_extract_string, query, TRUE, TRUE)
DEFINE (json_extract_json, query, TRUE, FALSE)
DEFINE (json_value_string, value, FALSE, TRUE)
DEFINE (json_extract_scalar_string, value, TRUE, TRUE)
DEFINE (json_query_array_string, query_array, FALSE, TRUE)
DEFINE (json_query_array_json, query_array, FALSE, FALSE)
DEFINE (json_extract_array_string, query_array, TRUE, TRUE)
DEFINE (json_extract_array_json, query_array, TRUE, FALSE)
DEFINE (json_value_array_string, value_array, FALSE, TRUE)
DEFINE (json_extract_string_array_string, value_array, TRUE, TRUE)

/* json.member and json[index]: (json, name or index), NULL where there is none */
static void
json_subscript (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json, found;
  gsize size = 0;
  const char *name = NULL;
  gboolean there = FALSE;

  json.data = eros_arg_data (values[0], &json.size);
  if (sqlite3_value_type (values[1]) == SQLITE_INTEGER)
    there = eros_json_find_element (json, sqlite3_value_int64 (values[1]), &found);
  else
    {
      name = eros_arg_data (values[1], &size);
      there = eros_json_find_member (json, name, size, &found);
    }
  if (there)
    eros_result_text (context, found.data, found.size);
}

const ErosNative eros_native_json[] = {
  { "JSON_QUERY", "(STRING, STRING) -> STRING", "bq_json_query_string", STRICT_FAIL, json_query_string,
    NULL },
  { "JSON_QUERY", "(JSON, STRING) -> JSON", "bq_json_query", STRICT_FAIL, json_query_json, NULL },
  { "JSON_EXTRACT", "(STRING, STRING) -> STRING", "bq_json_extract_string", STRICT_FAIL, json_extract_string,
    NULL },
  { "JSON_EXTRACT", "(JSON, STRING) -> JSON", "bq_json_extract", STRICT_FAIL, json_extract_json, NULL },
  { "JSON_VALUE", "(STRING, [STRING]) -> STRING", "bq_json_value", STRICT_FAIL, json_value_string, NULL },
  { "JSON_VALUE", "(JSON, [STRING]) -> STRING", "bq_json_value", STRICT_FAIL, NULL, NULL },
  { "JSON_EXTRACT_SCALAR", "(STRING, [STRING]) -> STRING", "bq_json_extract_scalar", STRICT_FAIL,
    json_extract_scalar_string, NULL },
  { "JSON_EXTRACT_SCALAR", "(JSON, [STRING]) -> STRING", "bq_json_extract_scalar", STRICT_FAIL, NULL, NULL },
  { "JSON_QUERY_ARRAY", "(STRING, [STRING]) -> ARRAY<STRING>", "bq_json_query_array_string", STRICT_FAIL,
    json_query_array_string, NULL },
  { "JSON_QUERY_ARRAY", "(JSON, [STRING]) -> ARRAY<JSON>", "bq_json_query_array", STRICT_FAIL,
    json_query_array_json, NULL },
  { "JSON_EXTRACT_ARRAY", "(STRING, [STRING]) -> ARRAY<STRING>", "bq_json_extract_array_string", STRICT_FAIL,
    json_extract_array_string, NULL },
  { "JSON_EXTRACT_ARRAY", "(JSON, [STRING]) -> ARRAY<JSON>", "bq_json_extract_array", STRICT_FAIL,
    json_extract_array_json, NULL },
  { "JSON_VALUE_ARRAY", "(STRING, [STRING]) -> ARRAY<STRING>", "bq_json_value_array", STRICT_FAIL,
    json_value_array_string, NULL },
  { "JSON_VALUE_ARRAY", "(JSON, [STRING]) -> ARRAY<STRING>", "bq_json_value_array", STRICT_FAIL, NULL, NULL },
  { "JSON_EXTRACT_STRING_ARRAY", "(STRING, [STRING]) -> ARRAY<STRING>", "bq_json_extract_string_array",
    STRICT_FAIL, json_extract_string_array_string, NULL },
  { "JSON_EXTRACT_STRING_ARRAY", "(JSON, [STRING]) -> ARRAY<STRING>", "bq_json_extract_string_array",
    STRICT_FAIL, NULL, NULL },
  { "$json_subscript", "(JSON, STRING) -> JSON", "bq_json_subscript", NULLS_STRICT, json_subscript, NULL },
  { "$json_subscript", "(JSON, INT64) -> JSON", "bq_json_subscript", NULLS_STRICT, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
