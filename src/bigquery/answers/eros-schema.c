/* eros-schema.c: the columns of a table or an answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-schema.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-json.h"

#define MOST_COLUMNS 10000 /* BigQuery's own limit */
#define DEEPEST      15    /* likewise, for nested records */

typedef struct
{
  char *name;
  ErosColumnType type;
  gboolean repeated;
  ErosSchema *nested;
} Column;

struct _ErosSchema
{
  grefcount references;
  Column *columns;
  guint n_columns;
};

static const struct
{
  const char *name;
  ErosColumnType type;
} types[] = {
  { "STRING", EROS_COLUMN_STRING },       { "BYTES", EROS_COLUMN_BYTES },
  { "INTEGER", EROS_COLUMN_INT64 },       { "INT64", EROS_COLUMN_INT64 },
  { "FLOAT", EROS_COLUMN_FLOAT64 },       { "FLOAT64", EROS_COLUMN_FLOAT64 },
  { "BOOLEAN", EROS_COLUMN_BOOL },        { "BOOL", EROS_COLUMN_BOOL },
  { "NUMERIC", EROS_COLUMN_NUMERIC },     { "BIGNUMERIC", EROS_COLUMN_NUMERIC },
  { "TIMESTAMP", EROS_COLUMN_TIMESTAMP }, { "DATE", EROS_COLUMN_DATE },
  { "TIME", EROS_COLUMN_TIME },           { "DATETIME", EROS_COLUMN_DATETIME },
  { "JSON", EROS_COLUMN_JSON },           { "RECORD", EROS_COLUMN_STRUCT },
  { "STRUCT", EROS_COLUMN_STRUCT },
};

static ErosColumnType
type_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].name, name) == 0)
      return types[i].type;
  return EROS_COLUMN_OTHER;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                       _ ("the server's answer has a schema that cannot be one"));
  return FALSE;
}

static ErosSchema *parse_fields (JsonObject *schema, guint depth, GError **error);

static gboolean
parse_column (Column *column, JsonNode *node, guint depth, GError **error)
{
  JsonObject *field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = field != NULL ? eros_json_string (field, "name") : NULL;
  const char *type = field != NULL ? eros_json_string (field, "type") : NULL;

  if (name == NULL || type == NULL)
    return malformed (error);
  column->name = g_strdup (name);
  column->type = type_of (type);
  column->repeated = g_strcmp0 (eros_json_string (field, "mode"), "REPEATED") == 0;
  if (column->type != EROS_COLUMN_STRUCT)
    return TRUE;
  column->nested = parse_fields (field, depth + 1, error);
  return column->nested != NULL;
}

static ErosSchema *
parse_fields (JsonObject *schema, guint depth, GError **error)
{
  g_autoptr (ErosSchema) self = g_new0 (ErosSchema, 1);
  JsonNode *member = json_object_get_member (schema, "fields");
  JsonArray *fields = member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  guint n = fields != NULL ? json_array_get_length (fields) : 0;

  g_ref_count_init (&self->references);
  if (n > MOST_COLUMNS || depth > DEEPEST || (member != NULL && fields == NULL))
    {
      malformed (error);
      return NULL;
    }
  self->columns = g_new0 (Column, n);
  self->n_columns = n;
  for (guint i = 0; i < n; i++)
    if (!parse_column (&self->columns[i], json_array_get_element (fields, i), depth, error))
      return NULL;
  return g_steal_pointer (&self);
}

/**
 * eros_schema_new_from_json:
 * @schema: a TableSchema of the REST contract
 * @error: return location for %EROS_BIG_QUERY_ERROR_MALFORMED
 *
 * Returns: (transfer full): the schema
 */
ErosSchema *
eros_schema_new_from_json (JsonObject *schema, GError **error)
{
  return parse_fields (schema, 1, error);
}

ErosSchema *
eros_schema_new_element (const ErosSchema *self, guint column)
{
  ErosSchema *element = g_new0 (ErosSchema, 1);

  g_ref_count_init (&element->references);
  element->n_columns = 1;
  element->columns = g_new0 (Column, 1);
  element->columns[0].name = g_strdup (self->columns[column].name);
  element->columns[0].type = self->columns[column].type;
  return element;
}

ErosSchema *
eros_schema_ref (ErosSchema *self)
{
  g_ref_count_inc (&self->references);
  return self;
}

void
eros_schema_unref (ErosSchema *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].name);
      g_clear_pointer (&self->columns[i].nested, eros_schema_unref);
    }
  g_free (self->columns);
  g_free (self);
}

guint
eros_schema_get_n_columns (const ErosSchema *self)
{
  return self->n_columns;
}

const char *
eros_schema_get_name (const ErosSchema *self, guint column)
{
  return self->columns[column].name;
}

ErosColumnType
eros_schema_get_column_type (const ErosSchema *self, guint column)
{
  return self->columns[column].type;
}

gboolean
eros_schema_is_repeated (const ErosSchema *self, guint column)
{
  return self->columns[column].repeated;
}

const ErosSchema *
eros_schema_get_struct (const ErosSchema *self, guint column)
{
  return self->columns[column].nested;
}
