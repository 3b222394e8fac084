/* eros-detect.c: columns that data seem to have
 *
 * https://cloud.google.com/bigquery/docs/schema-detect: the first 500 rows are looked at; the first line of a
 * CSV file names the columns when it is all text and a column below it is not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-detect.h"

#include <string.h>

#include "eros-sql-value.h"
#include "eros-store-table.h"

#define MAX_ROWS 500

typedef enum
{
  UNKNOWN,
  BOOL,
  INT64,
  FLOAT64,
  DATE,
  TIMESTAMP,
  TIME,
  STRING,
  RECORD,
} Kind;

static const ErosSqlKind SQL_KINDS[] = { EROS_SQL_STRING,  EROS_SQL_BOOL,  EROS_SQL_INT64,
                                         EROS_SQL_FLOAT64, EROS_SQL_DATE,  EROS_SQL_TIMESTAMP,
                                         EROS_SQL_TIME,    EROS_SQL_STRING };

typedef struct
{
  char *name;
  Kind kind;
  gboolean repeated;
  GPtrArray *fields; /* of Field, of a record */
} Field;

struct _ErosDetector
{
  GPtrArray *fields; /* of Field */
  GPtrArray *first;  /* of char *: the first record */
  guint n_rows;
  gboolean first_is_text;
};

static void
field_free (Field *field)
{
  g_free (field->name);
  g_clear_pointer (&field->fields, g_ptr_array_unref);
  g_free (field);
}

/**
 * eros_detector_new:
 *
 * Returns: (transfer full): a detector that has seen nothing
 */
ErosDetector *
eros_detector_new (void)
{
  ErosDetector *detector = g_new0 (ErosDetector, 1);

  detector->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) field_free);
  detector->first = g_ptr_array_new_with_free_func (g_free);
  return detector;
}

/**
 * eros_detector_free:
 * @detector: (transfer full) (nullable): a detector
 */
void
eros_detector_free (ErosDetector *detector)
{
  if (detector == NULL)
    return;
  g_ptr_array_unref (detector->fields);
  g_ptr_array_unref (detector->first);
  g_free (detector);
}

static gboolean
reads_as (const char *text, ErosSqlKind kind)
{
  ErosSqlValue value = EROS_SQL_VALUE_INIT;
  gboolean good = eros_sql_value_from_text (eros_sql_type (kind), text, strlen (text), &value, NULL);

  eros_sql_value_clear (&value);
  return good;
}

static Kind
kind_of_text (const char *text)
{
  if (*text == '\0')
    return UNKNOWN;
  if (g_ascii_strcasecmp (text, "true") == 0 || g_ascii_strcasecmp (text, "false") == 0)
    return BOOL;
  if (strspn (text, "+-0123456789") == strlen (text) && reads_as (text, EROS_SQL_INT64))
    return INT64;
  if (strpbrk (text, "0123456789") == NULL)
    return STRING;
  if (strspn (text, "+-.eE0123456789") == strlen (text) && reads_as (text, EROS_SQL_FLOAT64))
    return FLOAT64;
  if (reads_as (text, EROS_SQL_DATE))
    return DATE;
  if (strchr (text, '-') != NULL && reads_as (text, EROS_SQL_TIMESTAMP))
    return TIMESTAMP;
  return reads_as (text, EROS_SQL_TIME) ? TIME : STRING;
}

static Kind
combine (Kind one, Kind other)
{
  if (one == UNKNOWN || one == other)
    return other;
  if (other == UNKNOWN)
    return one;
  if ((one == INT64 && other == FLOAT64) || (one == FLOAT64 && other == INT64))
    return FLOAT64;
  if ((one == DATE && other == TIMESTAMP) || (one == TIMESTAMP && other == DATE))
    return TIMESTAMP;
  return STRING;
}

static Field *
field_at (ErosDetector *detector, guint index)
{
  while (detector->fields->len <= index)
    g_ptr_array_add (detector->fields, g_new0 (Field, 1));
  return g_ptr_array_index (detector->fields, index);
}

/**
 * eros_detector_add_record:
 * @detector: a detector
 * @record: the next record
 *
 * Returns: whether another one is wanted
 */
gboolean
eros_detector_add_record (ErosDetector *detector, const ErosCsvRecord *record)
{
  gboolean is_first = detector->n_rows++ == 0;

  detector->first_is_text = is_first || detector->first_is_text;
  for (guint i = 0; i < record->n; i++)
    {
      const char *text = ((ErosCsvField *) g_ptr_array_index (record->fields, i))->text->str;
      Kind kind = kind_of_text (text);
      Field *field = field_at (detector, i);

      if (is_first)
        {
          g_ptr_array_add (detector->first, g_strdup (text));
          detector->first_is_text = detector->first_is_text && kind == STRING;
        }
      else
        field->kind = combine (field->kind, kind);
    }
  return detector->n_rows < MAX_ROWS;
}

static Field *
field_named (GPtrArray *fields, const char *name)
{
  Field *field;

  for (guint i = 0; i < fields->len; i++)
    if (g_ascii_strcasecmp (((Field *) g_ptr_array_index (fields, i))->name, name) == 0)
      return g_ptr_array_index (fields, i);
  field = g_new0 (Field, 1);
  field->name = g_strdup (name);
  g_ptr_array_add (fields, field);
  return field;
}

static void add_members (GPtrArray *fields, JsonObject *object);

static void
add_node (Field *field, JsonNode *node)
{
  GType type;
  Kind kind = UNKNOWN;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      field->repeated = TRUE;
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        add_node (field, json_array_get_element (json_node_get_array (node), i));
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      if (field->fields == NULL)
        field->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) field_free);
      field->kind = combine (field->kind, RECORD);
      add_members (field->fields, json_node_get_object (node));
      return;
    }
  if (JSON_NODE_HOLDS_NULL (node))
    return;
  type = json_node_get_value_type (node);
  kind = type == G_TYPE_BOOLEAN  ? BOOL
         : type == G_TYPE_INT64  ? INT64
         : type == G_TYPE_DOUBLE ? FLOAT64
                                 : kind_of_text (json_node_get_string (node));
  field->kind = combine (field->kind, kind);
}

static void
add_members (GPtrArray *fields, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    add_node (field_named (fields, name), node);
}

/**
 * eros_detector_add_object:
 * @detector: a detector
 * @object: the next row
 *
 * Returns: whether another one is wanted
 */
gboolean
eros_detector_add_object (ErosDetector *detector, JsonObject *object)
{
  add_members (detector->fields, object);
  return ++detector->n_rows < MAX_ROWS;
}

/**
 * eros_detector_has_header:
 * @detector: a detector
 *
 * Returns: whether the first record names the columns
 */
gboolean
eros_detector_has_header (ErosDetector *detector)
{
  if (!detector->first_is_text || detector->first->len == 0)
    return FALSE;
  for (guint i = 0; i < detector->fields->len; i++)
    {
      Field *field = g_ptr_array_index (detector->fields, i);

      if (field->kind != STRING && field->kind != UNKNOWN)
        return TRUE;
    }
  return FALSE;
}

static ErosStoreColumn *
to_column (const Field *field, const char *name)
{
  ErosStoreColumn *column = eros_store_column_new (name, eros_sql_type (EROS_SQL_STRING));

  if (field->kind == RECORD && field->fields->len > 0)
    {
      g_autofree ErosSqlField *members = g_new0 (ErosSqlField, field->fields->len);

      column->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
      for (guint i = 0; i < field->fields->len; i++)
        {
          const Field *inner = g_ptr_array_index (field->fields, i);
          ErosStoreColumn *child = to_column (inner, inner->name);

          g_ptr_array_add (column->fields, child);
          members[i] = (ErosSqlField){ .name = child->name, .type = child->type };
        }
      column->type = eros_sql_type_struct (members, field->fields->len);
    }
  else if (field->kind != RECORD)
    column->type = eros_sql_type (SQL_KINDS[field->kind]);
  if (field->repeated)
    column->type = eros_sql_type_array (column->type);
  return column;
}

/* What cannot stand in a name becomes `_`. */
static char *
clean_name (const char *text)
{
  char *name = g_strdup (text);

  for (char *at = name; *at != '\0'; at++)
    if ((guchar) *at < 0x80 && !g_ascii_isalnum (*at))
      *at = '_';
  if (*name == '\0' || g_ascii_isdigit (*name))
    {
      char *other = g_strconcat ("_", name, NULL);

      g_free (name);
      return other;
    }
  return name;
}

/**
 * eros_detector_get_columns:
 * @detector: a detector
 *
 * Returns: (transfer full) (element-type ErosStoreColumn): the columns of what it has seen
 */
GPtrArray *
eros_detector_get_columns (ErosDetector *detector)
{
  static const char *const PREFIXES[] = { "string", "bool",      "int64", "double",
                                          "date",   "timestamp", "time",  "string" };
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  gboolean header = eros_detector_has_header (detector);

  for (guint i = 0; i < detector->fields->len; i++)
    {
      Field *field = g_ptr_array_index (detector->fields, i);
      g_autofree char *name = NULL;

      if (field->name == NULL && !header && i < detector->first->len)
        field->kind = combine (field->kind, kind_of_text (g_ptr_array_index (detector->first, i)));
      name = field->name != NULL ? g_strdup (field->name)
             : header && i < detector->first->len
               ? clean_name (g_ptr_array_index (detector->first, i))
               : g_strdup_printf ("%s_field_%u", PREFIXES[MIN (field->kind, STRING)], i);
      g_ptr_array_add (columns, to_column (field, name));
    }
  return columns;
}
