/* eros-native-json-edit.c: JSON made, and JSON changed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-json-edit.h>

#include "eros-native-private.h"

static ErosJsonText
text_of (const GString *string)
{
  return (ErosJsonText){ string->str, string->len };
}

/* As JSON's own form: members sorted, no space. */
static void
result_json (sqlite3_context *context, const GString *text)
{
  GString *out = g_string_new (NULL);

  (void) eros_json_append_canonical (text_of (text), FALSE, out, NULL);
  eros_result_take_text (context, out);
}

/* JSON of argument @index; its type's name stands after all arguments. */
static gboolean
append_arg (sqlite3_context *context, int n, sqlite3_value **values, int index, GString *out)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2 + index);
  ErosSqlValue value;

  if (type == NULL)
    return FALSE;
  eros_sql_value_load (&value, type, values[index]);
  eros_append_json (&value, FALSE, out);
  return TRUE;
}

/* ---- making -------------------------------------------------------------------------------------------- */

static void
json_array (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (int i = 0; i < n / 2; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      if (!append_arg (context, n, values, i, text))
        return;
    }
  g_string_append_c (text, ']');
  result_json (context, text);
}

static gboolean
append_key (sqlite3_context *context, const ErosSqlValue *key, GString *text)
{
  if (text->len > 1)
    g_string_append_c (text, ',');
  if (key->is_null)
    {
      eros_native_fail (context, "JSON_OBJECT: a key cannot be NULL");
      return FALSE;
    }
  eros_json_append_string (key->data, key->size, FALSE, text);
  g_string_append_c (text, ':');
  return TRUE;
}

/* (key, value, key, value …) */
static void
json_object (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (int i = 0; i < n / 2; i += 2)
    {
      const ErosSqlType *type = eros_arg_type (context, values, n / 2 + i);
      ErosSqlValue key;

      if (!eros_sql_type_is (type, EROS_SQL_STRING) || (n / 2) % 2 != 0)
        {
          eros_native_fail (context, "JSON_OBJECT: arguments must be pairs of a STRING key and a value");
          return;
        }
      eros_sql_value_load (&key, type, values[i]);
      if (!append_key (context, &key, text) || !append_arg (context, n, values, i + 1, text))
        return;
    }
  g_string_append_c (text, '}');
  result_json (context, text);
}

/* (keys, values, types …) */
static void
json_object_of_arrays (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2 + 1);
  g_autoptr (GString) text = g_string_new ("{");
  ErosSqlReader keys, members;
  ErosSqlValue key, member;
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);

  if (type == NULL || eros_arg_is_null (values[0]) || eros_arg_is_null (values[1]))
    return;
  eros_sql_reader_init (&keys, data, size);
  data = eros_arg_data (values[1], &size);
  eros_sql_reader_init (&members, data, size);
  if (keys.n_elements != members.n_elements)
    {
      eros_native_fail (context, "The number of keys and values must match");
      return;
    }
  while (eros_sql_reader_next_value (&keys, eros_sql_type (EROS_SQL_STRING), &key) &&
         eros_sql_reader_next_value (&members, eros_sql_type_get_element (type), &member))
    {
      if (!append_key (context, &key, text))
        return;
      eros_append_json (&member, FALSE, text);
    }
  g_string_append_c (text, '}');
  result_json (context, text);
}

/* ---- changing ------------------------------------------------------------------------------------------ */

static ErosJsonPath *
path_of (sqlite3_context *context, sqlite3_value *value)
{
  gsize size = 0;
  const char *text = eros_arg_data (value, &size);
  g_autoptr (GError) error = NULL;
  ErosJsonPath *path = eros_json_path_new (text, size, FALSE, &error);

  if (path == NULL)
    eros_native_fail_error (context, error);
  return path;
}

static GString *
json_of (sqlite3_value *value)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  return g_string_new_len (data, (gssize) size);
}

/* Replaces @json by what @edit makes of it. */
static void
edit_json (GString **json, ErosJsonEdit edit, const ErosJsonPath *path, ErosJsonText value)
{
  GString *out = g_string_new (NULL);
  GString *whole = g_string_new (NULL);

  eros_json_edit (text_of (*json), edit, path, value, out);
  (void) eros_json_append_canonical (text_of (out), FALSE, whole, NULL);
  g_string_free (out, TRUE);
  g_string_free (*json, TRUE);
  *json = whole;
}

/* $.a[2] for the (offset)th element after it */
static ErosJsonPath *
path_after (sqlite3_value *value, guint offset)
{
  gsize size = 0;
  const char *text = eros_arg_data (value, &size);
  g_autofree char *copy = g_strndup (text, size);
  char *bracket = strrchr (copy, '[');
  g_autofree char *moved = NULL;

  if (bracket == NULL)
    return eros_json_path_new (text, size, FALSE, NULL);
  *bracket = '\0';
  moved =
    g_strdup_printf ("%s[%" G_GINT64_FORMAT "]", copy, g_ascii_strtoll (bracket + 1, NULL, 10) + offset);
  return eros_json_path_new (moved, strlen (moved), FALSE, NULL);
}

/* Each element of the ARRAY that is argument @index, one after the other. */
static void
edit_each (sqlite3_context *context,
           int n,
           sqlite3_value **values,
           int index,
           ErosJsonEdit edit,
           GString **json)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2 + index);
  ErosSqlReader reader;
  ErosSqlValue element;
  gsize size = 0;
  const char *data = eros_arg_data (values[index], &size);

  if (eros_arg_is_null (values[index]) || !eros_sql_reader_init (&reader, data, size))
    return;
  for (guint i = 0; eros_sql_reader_next_value (&reader, eros_sql_type_get_element (type), &element); i++)
    {
      g_autoptr (ErosJsonPath) path = path_after (values[index - 1], edit == EROS_JSON_EDIT_INSERT ? i : 0);
      g_autoptr (GString) value = g_string_new (NULL);

      eros_append_json (&element, FALSE, value);
      edit_json (json, edit, path, text_of (value));
    }
}

/* (json, path, value, path, value …, [flag], types …): one change after the other. @flag_given: whether the
 * last value is one; it is TRUE by default. */
static void
change (sqlite3_context *context, int n, sqlite3_value **values, ErosJsonEdit edit)
{
  int n_arguments = n / 2;
  gboolean flag = n_arguments % 2 == 1 || sqlite3_value_int (values[n_arguments - 1]) != 0;
  g_autoptr (GString) json = NULL;

  if (eros_arg_is_null (values[0]))
    return;
  json = json_of (values[0]);
  for (int i = 1; i + 1 < n_arguments; i += 2)
    {
      const ErosSqlType *type = eros_arg_type (context, values, n_arguments + i + 1);
      g_autoptr (ErosJsonPath) path = eros_arg_is_null (values[i]) ? NULL : path_of (context, values[i]);
      g_autoptr (GString) value = g_string_new (NULL);
      gboolean each = flag && edit != EROS_JSON_EDIT_SET && eros_sql_type_is (type, EROS_SQL_ARRAY);

      if (eros_arg_is_null (values[i]))
        continue;
      if (path == NULL || !append_arg (context, n, values, i + 1, value))
        return;
      if (each)
        edit_each (context, n, values, i + 1, edit, &json);
      else
        edit_json (&json, edit == EROS_JSON_EDIT_SET && !flag ? EROS_JSON_EDIT_REPLACE : edit, path,
                   text_of (value));
    }
  eros_result_text (context, json->str, json->len);
}

static void
json_set (sqlite3_context *context, int n, sqlite3_value **values)
{
  change (context, n, values, EROS_JSON_EDIT_SET);
}

static void
json_append (sqlite3_context *context, int n, sqlite3_value **values)
{
  change (context, n, values, EROS_JSON_EDIT_APPEND);
}

static void
json_insert (sqlite3_context *context, int n, sqlite3_value **values)
{
  change (context, n, values, EROS_JSON_EDIT_INSERT);
}

/* (json, path …) */
static void
json_remove (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) json = json_of (values[0]);

  for (int i = 1; i < n; i++)
    {
      g_autoptr (ErosJsonPath) path = path_of (context, values[i]);

      if (path == NULL)
        return;
      if (eros_json_path_get_n_steps (path) == 0)
        {
          eros_native_fail (context, "The JSONPath cannot be '$'");
          return;
        }
      edit_json (&json, EROS_JSON_EDIT_REMOVE, path, (ErosJsonText){ "null", 4 });
    }
  eros_result_text (context, json->str, json->len);
}

/* Whether argument @index is there; one that is left out before one that is given has a type of its own. */
static gboolean
is_given (sqlite3_context *context, int n, sqlite3_value **values, int index, ErosSqlKind kind)
{
  return index < n / 2 && eros_sql_type_is (eros_arg_type (context, values, n / 2 + index), kind);
}

/* (json, [path], [include_arrays], [remove_empty], types …) */
static void
json_strip_nulls (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosJsonText json, part;
  g_autoptr (ErosJsonPath) path = NULL;
  g_autoptr (GString) stripped = g_string_new (NULL);
  g_autoptr (GString) whole = g_string_new (NULL);
  gboolean has_path = is_given (context, n, values, 1, EROS_SQL_STRING);
  gboolean arrays = !is_given (context, n, values, 2, EROS_SQL_BOOL) || sqlite3_value_int (values[2]) != 0;
  gboolean remove_empty =
    is_given (context, n, values, 3, EROS_SQL_BOOL) && sqlite3_value_int (values[3]) != 0;

  json.data = eros_arg_data (values[0], &json.size);
  path = has_path ? path_of (context, values[1]) : eros_json_path_new ("$", 1, FALSE, NULL);
  if (path == NULL)
    return;
  if (!eros_json_find (json, path, &part))
    {
      eros_result_text (context, json.data, json.size);
      return;
    }
  eros_json_strip_nulls (part, arrays, remove_empty, stripped);
  eros_json_edit (json, EROS_JSON_EDIT_REPLACE, path, text_of (stripped), whole);
  result_json (context, whole);
}

#define TYPES (EROS_FUNCTION_NEEDS_TYPES | CAN_FAIL)

const ErosNative eros_native_json_edit[] = {
  { "JSON_ARRAY", "([ANY...]) -> JSON", "bq_json_array", TYPES, json_array, NULL },
  { "JSON_OBJECT", "(ARRAY<STRING>, ARRAY<T>) -> JSON", "bq_json_object_of_arrays", TYPES,
    json_object_of_arrays, NULL },
  { "JSON_OBJECT", "([ANY...]) -> JSON", "bq_json_object", TYPES, json_object, NULL },
  { "JSON_SET", "(JSON, STRING, ANY, [create_if_missing => BOOL]) -> JSON", "bq_json_set", TYPES, json_set,
    NULL },
  { "JSON_SET", "(JSON, STRING, ANY, STRING, ANY, [create_if_missing => BOOL]) -> JSON", "bq_json_set", TYPES,
    NULL, NULL },
  { "JSON_SET", "(JSON, STRING, ANY, STRING, ANY, STRING, ANY, ANY...) -> JSON", "bq_json_set", TYPES, NULL,
    NULL },
  { "JSON_ARRAY_APPEND", "(JSON, STRING, ANY, [append_each_element => BOOL]) -> JSON", "bq_json_array_append",
    TYPES, json_append, NULL },
  { "JSON_ARRAY_APPEND", "(JSON, STRING, ANY, STRING, ANY, [append_each_element => BOOL]) -> JSON",
    "bq_json_array_append", TYPES, NULL, NULL },
  { "JSON_ARRAY_INSERT", "(JSON, STRING, ANY, [insert_each_element => BOOL]) -> JSON", "bq_json_array_insert",
    TYPES, json_insert, NULL },
  { "JSON_ARRAY_INSERT", "(JSON, STRING, ANY, STRING, ANY, [insert_each_element => BOOL]) -> JSON",
    "bq_json_array_insert", TYPES, NULL, NULL },
  { "JSON_REMOVE", "(JSON, STRING, STRING...) -> JSON", "bq_json_remove", STRICT_FAIL, json_remove, NULL },
  { "JSON_STRIP_NULLS",
    "(JSON, [json_path => STRING], [include_arrays => BOOL], [remove_empty => BOOL]) -> JSON",
    "bq_json_strip_nulls", TYPES | NULLS_STRICT, json_strip_nulls, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
