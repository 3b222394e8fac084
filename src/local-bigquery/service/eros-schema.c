/* eros-schema.c: columns as the REST API writes them, and rows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-schema.h"

#include <string.h>

#include "eros-call.h"
#include "eros-function.h"
#include "eros-json-reader.h"

/* BigQuery ends a page at about this size, however many rows were asked for. */
#define MAX_PAGE_SIZE (20 * 1024 * 1024)
#define MAX_FIELDS    10000

static const struct
{
  ErosSqlKind kind;
  const char *name; /* in answers */
} TYPES[] = {
  { EROS_SQL_INT64, "INTEGER" },     { EROS_SQL_FLOAT64, "FLOAT" },
  { EROS_SQL_BOOL, "BOOLEAN" },      { EROS_SQL_STRING, "STRING" },
  { EROS_SQL_BYTES, "BYTES" },       { EROS_SQL_NUMERIC, "NUMERIC" },
  { EROS_SQL_DATE, "DATE" },         { EROS_SQL_TIME, "TIME" },
  { EROS_SQL_DATETIME, "DATETIME" }, { EROS_SQL_TIMESTAMP, "TIMESTAMP" },
  { EROS_SQL_JSON, "JSON" },         { EROS_SQL_INTERVAL, "INTERVAL" },
  { EROS_SQL_STRUCT, "RECORD" },     { EROS_SQL_BIGNUMERIC, "BIGNUMERIC" },
  { EROS_SQL_RANGE, "RANGE" },       { EROS_SQL_GEOGRAPHY, "GEOGRAPHY" },
};

static const char *
eros_schema_type_name (ErosSqlKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++)
    if (TYPES[i].kind == kind)
      return TYPES[i].name;
  return "STRING";
}

static gboolean
parse_type_name (const char *name, ErosSqlKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++)
    if (g_ascii_strcasecmp (TYPES[i].name, name) == 0)
      {
        *kind = TYPES[i].kind;
        return TRUE;
      }
  return eros_sql_kind_from_name (name, kind);
}

static void write_field (const ErosStoreColumn *column, ErosJsonWriter *writer);

/* Query results know the fields of a STRUCT by its type alone. */
static void
write_type_fields (const ErosSqlType *type, ErosJsonWriter *writer)
{
  eros_json_open (writer, "fields", '[');
  for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
    {
      const ErosSqlField *field = eros_sql_type_get_field (type, i);
      ErosStoreColumn column = { .name = (char *) field->name, .type = field->type };

      if (column.name[0] == '\0') /* BigQuery numbers them */
        {
          g_autofree char *name = g_strdup_printf ("_field_%u", i + 1);

          column.name = name;
          write_field (&column, writer);
        }
      else
        write_field (&column, writer);
    }
  eros_json_close (writer, ']');
}

static void
write_field (const ErosStoreColumn *column, ErosJsonWriter *writer)
{
  gboolean repeated = eros_sql_type_is (column->type, EROS_SQL_ARRAY);
  const ErosSqlType *type = repeated ? eros_sql_type_get_element (column->type) : column->type;

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "name", column->name);
  eros_json_string (writer, "type", eros_schema_type_name (eros_sql_type_get_kind (type)));
  eros_json_string (writer, "mode", repeated ? "REPEATED" : column->required ? "REQUIRED" : "NULLABLE");
  eros_json_string (writer, "description", column->description);
  eros_json_string (writer, "defaultValueExpression", column->default_expression);
  if (column->max_length > 0)
    eros_json_int_string (writer, "maxLength", column->max_length);
  if (column->precision > 0)
    eros_json_int_string (writer, "precision", column->precision);
  if (column->scale > 0)
    eros_json_int_string (writer, "scale", column->scale);
  if (eros_sql_type_is (type, EROS_SQL_RANGE))
    {
      eros_json_open (writer, "rangeElementType", '{');
      eros_json_string (writer, "type", eros_sql_type_get_name (eros_sql_type_get_element (type)));
      eros_json_close (writer, '}');
    }
  if (eros_sql_type_is (type, EROS_SQL_STRUCT) && column->fields != NULL)
    {
      eros_json_open (writer, "fields", '[');
      for (guint i = 0; i < column->fields->len; i++)
        write_field (g_ptr_array_index (column->fields, i), writer);
      eros_json_close (writer, ']');
    }
  else if (eros_sql_type_is (type, EROS_SQL_STRUCT))
    write_type_fields (type, writer);
  eros_json_close (writer, '}');
}

/**
 * eros_schema_write:
 * @columns: (element-type ErosStoreColumn): columns
 * @writer: inside an object
 *
 * Writes the member `schema`.
 */
void
eros_schema_write (GPtrArray *columns, ErosJsonWriter *writer)
{
  eros_json_open (writer, "schema", '{');
  eros_json_open (writer, "fields", '[');
  for (guint i = 0; i < columns->len; i++)
    write_field (g_ptr_array_index (columns, i), writer);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

static gboolean
is_valid_name (const char *name)
{
  glong length = g_utf8_strlen (name, -1);

  return length >= 1 && length <= 300 && !g_ascii_isdigit (*name) &&
         strpbrk (name, "!\"$()*,./;?@[\\]^`{}~\n") == NULL;
}

static GPtrArray *read_fields (JsonArray *array, guint depth, GError **error);

static const ErosSqlType *
struct_type (GPtrArray *fields)
{
  g_autofree ErosSqlField *members = g_new0 (ErosSqlField, fields->len);

  for (guint i = 0; i < fields->len; i++)
    {
      ErosStoreColumn *field = g_ptr_array_index (fields, i);

      members[i].name = field->name;
      members[i].type = field->type;
    }
  return eros_sql_type_struct (members, fields->len);
}

/* NULL if the element's type is none that a RANGE has. */
static const ErosSqlType *
read_range_type (JsonObject *object)
{
  JsonObject *element = eros_json_get_object (object, "rangeElementType");
  const char *name = element != NULL ? eros_json_get_string (element, "type") : NULL;
  ErosSqlKind kind;

  if (name == NULL || !eros_sql_kind_from_name (name, &kind) || kind >= EROS_SQL_N_SCALAR_KINDS)
    return NULL;
  return eros_sql_type_range (eros_sql_type (kind));
}

static gboolean
read_column_type (ErosStoreColumn *column, JsonObject *object, guint depth, GError **error)
{
  const char *type = eros_json_get_string (object, "type");
  const char *mode = eros_json_get_string (object, "mode");
  JsonNode *fields = json_object_get_member (object, "fields");
  ErosSqlKind kind;

  if (type == NULL || !parse_type_name (type, &kind) || kind == EROS_SQL_ARRAY)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Invalid field type for field %s: %s", column->name, type != NULL ? type : "(none)");
      return FALSE;
    }
  if (kind == EROS_SQL_STRUCT)
    {
      if (fields == NULL || !JSON_NODE_HOLDS_ARRAY (fields) ||
          json_array_get_length (json_node_get_array (fields)) == 0)
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Field %s is type RECORD but has no schema", column->name);
          return FALSE;
        }
      column->fields = read_fields (json_node_get_array (fields), depth + 1, error);
      if (column->fields == NULL)
        return FALSE;
      column->type = struct_type (column->fields);
    }
  else if (kind == EROS_SQL_RANGE)
    column->type = read_range_type (object);
  else
    column->type = eros_sql_type (kind);
  if (column->type == NULL)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Field %s is type RANGE, whose rangeElementType must be DATE, DATETIME or TIMESTAMP",
                   column->name);
      return FALSE;
    }
  if (mode != NULL && g_ascii_strcasecmp (mode, "REPEATED") == 0)
    column->type = eros_sql_type_array (column->type);
  else if (mode != NULL && g_ascii_strcasecmp (mode, "REQUIRED") == 0)
    column->required = TRUE;
  else if (mode != NULL && *mode != '\0' && g_ascii_strcasecmp (mode, "NULLABLE") != 0)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Invalid field mode for field %s: %s", column->name, mode);
      return FALSE;
    }
  return TRUE;
}

static ErosStoreColumn *
read_field (JsonNode *node, guint depth, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? eros_json_get_string (object, "name") : NULL;
  g_autoptr (ErosStoreColumn) column = NULL;

  if (name == NULL || !is_valid_name (name))
    {
      g_set_error (
        error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
        "Invalid field name \"%s\". Fields must contain the allowed characters, and be at most 300 characters"
        " long.",
        name != NULL ? name : "");
      return NULL;
    }
  column = eros_store_column_new (name, NULL);
  if (!read_column_type (column, object, depth, error))
    return NULL;
  column->description = g_strdup (eros_json_get_string (object, "description"));
  column->default_expression = g_strdup (eros_json_get_string (object, "defaultValueExpression"));
  column->max_length = eros_json_get_int (object, "maxLength", 0);
  column->precision = eros_json_get_int (object, "precision", 0);
  column->scale = eros_json_get_int (object, "scale", 0);
  return g_steal_pointer (&column);
}

static GPtrArray *
read_fields (JsonArray *array, guint depth, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (depth > 15 || json_array_get_length (array) > MAX_FIELDS)
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                           depth > 15 ? "Too many nested fields: the maximum depth is 15"
                                      : "Too many total leaf fields: the maximum is 10000");
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      ErosStoreColumn *column = read_field (json_array_get_element (array, i), depth, error);

      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
      if (!g_hash_table_add (names, g_utf8_strdown (column->name, -1)))
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Field %s already exists in schema", column->name);
          return NULL;
        }
    }
  return g_steal_pointer (&columns);
}

/**
 * eros_schema_read:
 * @schema: TableSchema
 * @error: return location for an #ErosServiceError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreColumn): its columns
 */
GPtrArray *
eros_schema_read (JsonObject *schema, GError **error)
{
  JsonNode *fields = json_object_get_member (schema, "fields");

  if (fields == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  if (JSON_NODE_HOLDS_ARRAY (fields))
    return read_fields (json_node_get_array (fields), 0, error);
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Invalid value at 'schema.fields': a list is expected");
  return NULL;
}

static gboolean
fail_value (const ErosStoreColumn *column, JsonNode *node, GError **error)
{
  g_autofree char *text = json_to_string (node, FALSE);

  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "Could not convert value %s to %s (field %s)", text, eros_sql_type_get_name (column->type),
               column->name);
  return FALSE;
}

static gboolean
read_list (JsonNode *node, const ErosStoreColumn *column, ErosSqlValue *value, GError **error)
{
  ErosStoreColumn element = *column;
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  ErosSqlBuilder builder;

  if (array == NULL)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Array specified for non-repeated field or a single value for repeated field: %s",
                   column->name);
      return FALSE;
    }
  element.type = eros_sql_type_get_element (column->type);
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;

      if (!eros_schema_read_value (json_array_get_element (array, i), &element, &item, error))
        {
          eros_sql_builder_clear (&builder);
          return FALSE;
        }
      eros_sql_builder_add (&builder, &item);
    }
  eros_sql_builder_end_value (&builder, column->type, value);
  return TRUE;
}

static gboolean
read_record (JsonNode *node, const ErosStoreColumn *column, ErosSqlValue *value, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  ErosSqlBuilder builder;

  if (object == NULL)
    return fail_value (column, node, error);
  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < eros_sql_type_get_n_fields (column->type); i++)
    {
      const ErosSqlField *field = eros_sql_type_get_field (column->type, i);
      ErosStoreColumn member = { .name = (char *) field->name, .type = field->type };
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;
      JsonNode *child = json_object_get_member (object, field->name);

      if (child == NULL)
        eros_sql_value_set_null (&item, field->type);
      else if (!eros_schema_read_value (child, &member, &item, error))
        {
          eros_sql_builder_clear (&builder);
          return FALSE;
        }
      eros_sql_builder_add (&builder, &item);
    }
  eros_sql_builder_end_value (&builder, column->type, value);
  return TRUE;
}

/* A number for a TIMESTAMP is in seconds, as in BigQuery. */
static char *
scalar_text (JsonNode *node, const ErosSqlType *type)
{
  GType json = json_node_get_value_type (node);

  if (json == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (json == G_TYPE_BOOLEAN)
    return eros_sql_type_is (type, EROS_SQL_BOOL) || eros_sql_type_is (type, EROS_SQL_STRING)
             ? g_strdup (json_node_get_boolean (node) ? "true" : "false")
             : NULL;
  if (eros_sql_type_is (type, EROS_SQL_DATE) || eros_sql_type_is (type, EROS_SQL_BOOL))
    return NULL;
  return json_to_string (node, FALSE);
}

/* Google's client for Node writes nanoseconds, which BigQuery takes although it keeps microseconds. */
static void
drop_nanoseconds (char *text)
{
  char *point = strchr (text, '.');
  gsize digits = point != NULL ? strspn (point + 1, "0123456789") : 0;

  if (digits > 6 && digits <= 9 && strspn (point + 7, "0") == digits - 6)
    memmove (point + 7, point + 1 + digits, strlen (point + 1 + digits) + 1);
}

/**
 * eros_schema_read_text:
 * @type: a scalar type
 * @text: (transfer full): a value as a client writes it
 * @value: (out): filled in
 * @error: return location for a #GError
 *
 * Returns: whether @text is a value of @type
 */
gboolean
eros_schema_read_text (const ErosSqlType *type, char *text, ErosSqlValue *value, GError **error)
{
  g_autofree char *owned = text;
  g_autofree char *problem = NULL;

  if (eros_sql_type_is (type, EROS_SQL_GEOGRAPHY))
    {
      if (eros_sql_value_read_geography (value, owned, &problem))
        return TRUE;
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, problem);
      return FALSE;
    }
  if (eros_sql_type_is (type, EROS_SQL_TIMESTAMP) || eros_sql_type_is (type, EROS_SQL_DATETIME) ||
      eros_sql_type_is (type, EROS_SQL_TIME))
    drop_nanoseconds (owned);
  if (!eros_sql_value_from_text (type, owned, -1, value, error))
    return FALSE;
  if (value->owned == NULL && !value->is_null && eros_sql_type_is (type, EROS_SQL_STRING))
    eros_sql_value_take_data (value, type, g_steal_pointer (&owned), value->size);
  return TRUE;
}

/**
 * eros_schema_read_value:
 * @node: JSON
 * @column: the column it is for
 * @value: (out): filled in
 * @error: return location for a #GError
 *
 * Returns: whether @node is a value of the column's type
 */
gboolean
eros_schema_read_value (JsonNode *node, const ErosStoreColumn *column, ErosSqlValue *value, GError **error)
{
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    {
      eros_sql_value_set_null (value, column->type);
      return TRUE;
    }
  if (eros_sql_type_is (column->type, EROS_SQL_ARRAY))
    return read_list (node, column, value, error);
  if (eros_sql_type_is (column->type, EROS_SQL_STRUCT))
    return read_record (node, column, value, error);
  if (eros_sql_type_is (column->type, EROS_SQL_JSON) && !JSON_NODE_HOLDS_VALUE (node))
    text = json_to_string (node, FALSE);
  else if (JSON_NODE_HOLDS_VALUE (node))
    text = scalar_text (node, column->type);
  if (text == NULL || !eros_schema_read_text (column->type, g_steal_pointer (&text), value, NULL))
    return fail_value (column, node, error);
  return TRUE;
}

/**
 * eros_page_write_row:
 * @values: a row
 * @n_values: how many columns
 * @page: an #ErosPage, whose list is open
 *
 * An #ErosStoreRowFunc.
 *
 * Returns: whether there is room for another row
 */
gboolean
eros_page_write_row (const ErosSqlValue *values, guint n_values, gpointer page)
{
  ErosPage *self = page;
  GString *text = self->writer->text;

  g_string_append (text, self->n_written > 0 ? ",{\"f\":[" : "{\"f\":[");
  for (guint i = 0; i < n_values; i++)
    {
      g_string_append (text, i > 0 ? ",{\"v\":" : "{\"v\":");
      eros_sql_value_append_rest (&values[i], self->flags, text);
      g_string_append_c (text, '}');
    }
  g_string_append (text, "]}");
  self->writer->comma = TRUE;
  self->n_written++;
  return text->len < MAX_PAGE_SIZE && (self->max_rows == 0 || self->n_written < self->max_rows);
}

/**
 * eros_page_write_result:
 * @page: which rows
 * @result: where they are
 * @error: return location for a #GError
 *
 * Writes the member `rows`, and `pageToken` when there are more.
 *
 * Returns: whether they could be read
 */
gboolean
eros_page_write_result (ErosPage *page, ErosStoreResult *result, GError **error)
{
  gint64 n_rows = eros_store_result_get_n_rows (result);
  g_autofree char *token = NULL;

  page->n_written = 0;
  if (page->first < n_rows)
    {
      eros_json_open (page->writer, "rows", '[');
      if (!eros_store_result_foreach (result, page->first, page->max_rows > 0 ? page->max_rows : G_MAXINT64,
                                      eros_page_write_row, page, error))
        return FALSE;
      eros_json_close (page->writer, ']');
    }
  if (page->first + page->n_written < n_rows)
    token = eros_page_token (page->first + page->n_written);
  eros_json_string (page->writer, "pageToken", token);
  return TRUE;
}

/**
 * eros_page_token:
 * @first: the first row of the next page
 *
 * Returns: (transfer full): what a client gives back to get it
 */
char *
eros_page_token (gint64 first)
{
  g_autofree char *text = g_strdup_printf ("row:%" G_GINT64_FORMAT, first);

  return g_base64_encode ((const guchar *) text, strlen (text));
}

/**
 * eros_page_parse_token:
 * @token: what a client gave back
 * @first: (out): the first row it stands for
 *
 * Returns: whether it is a token of ours
 */
gboolean
eros_page_parse_token (const char *token, gint64 *first)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (token, &size);
  g_autofree char *text = g_strndup ((const char *) bytes, size);

  return g_str_has_prefix (text, "row:") &&
         g_ascii_string_to_signed (text + 4, 10, 0, G_MAXINT64, first, NULL);
}

/**
 * eros_page_job_token:
 * @job: the last job of a page
 *
 * Returns: (transfer full): what a client gives back to get the jobs after it; several may be of one moment
 */
char *
eros_page_job_token (const ErosStoreJob *job)
{
  g_autofree char *text = g_strdup_printf ("job:%" G_GINT64_FORMAT ":%s", job->created, job->id);

  return g_base64_encode ((const guchar *) text, strlen (text));
}

/**
 * eros_page_parse_job_token:
 * @token: what a client gave back
 * @created: (out): when the last job of the page before was made
 * @id: (out) (transfer full): its id
 *
 * Returns: whether it is a token of ours
 */
gboolean
eros_page_parse_job_token (const char *token, gint64 *created, char **id)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (token, &size);
  g_autofree char *text = g_strndup ((const char *) bytes, size);
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);

  if (g_strv_length (parts) != 3 || !g_str_equal (parts[0], "job") ||
      !g_ascii_string_to_signed (parts[1], 10, 1, G_MAXINT64, created, NULL))
    return FALSE;
  *id = g_strdup (parts[2]);
  return TRUE;
}
