/* eros-value.c: a value of an answer as people read it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-value.h"

static gboolean
is_nested (ErosPage *page, guint column)
{
  ErosSchema *schema = eros_page_get_schema (page);

  return eros_schema_is_repeated (schema, column) ||
         eros_schema_get_column_type (schema, column) == EROS_COLUMN_STRUCT;
}

static gboolean
needs_quotes (ErosPage *page, guint column)
{
  switch (eros_schema_get_column_type (eros_page_get_schema (page), column))
    {
    case EROS_COLUMN_INT64:
    case EROS_COLUMN_FLOAT64:
    case EROS_COLUMN_BOOL:
    case EROS_COLUMN_NUMERIC:
    case EROS_COLUMN_JSON:
      return FALSE;
    case EROS_COLUMN_STRING:
    case EROS_COLUMN_BYTES:
    case EROS_COLUMN_TIMESTAMP:
    case EROS_COLUMN_DATE:
    case EROS_COLUMN_TIME:
    case EROS_COLUMN_DATETIME:
    case EROS_COLUMN_OTHER:
    case EROS_COLUMN_STRUCT:
    default:
      return TRUE;
    }
}

static void
append_quoted (GString *text, const char *value)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
  g_autofree char *quoted = json_to_string (node, FALSE);

  g_string_append (text, quoted);
}

static void append_nested (GString *text, ErosPage *page, guint row, guint column);

static void
append_value (GString *text, ErosPage *page, guint row, guint column)
{
  g_autofree char *value = NULL;

  if (is_nested (page, column) && !eros_page_is_null (page, row, column))
    {
      append_nested (text, page, row, column);
      return;
    }
  value = eros_page_dup_text (page, row, column);
  if (value == NULL)
    g_string_append (text, "null");
  else if (needs_quotes (page, column))
    append_quoted (text, value);
  else
    g_string_append (text, value);
}

static void
append_struct (GString *text, ErosPage *fields, guint row)
{
  ErosSchema *schema = eros_page_get_schema (fields);

  g_string_append_c (text, '{');
  for (guint i = 0; i < eros_schema_get_n_columns (schema); i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_quoted (text, eros_schema_get_name (schema, i));
      g_string_append (text, ": ");
      append_value (text, fields, row, i);
    }
  g_string_append_c (text, '}');
}

static void
append_nested (GString *text, ErosPage *page, guint row, guint column)
{
  ErosSchema *schema = eros_page_get_schema (page);
  gboolean of_structs = eros_schema_get_column_type (schema, column) == EROS_COLUMN_STRUCT;
  g_autoptr (ErosPage) inner = eros_page_dup_nested (page, row, column, NULL);

  if (inner == NULL)
    {
      /* Not what the schema says: better as it came than not at all. */
      g_autofree char *raw = eros_page_dup_text (page, row, column);

      g_string_append (text, raw != NULL ? raw : "null");
      return;
    }
  if (!eros_schema_is_repeated (schema, column))
    {
      append_struct (text, inner, 0);
      return;
    }
  g_string_append_c (text, '[');
  for (guint i = 0; i < eros_page_get_n_rows (inner); i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (of_structs)
        append_struct (text, inner, i);
      else
        append_value (text, inner, i, 0);
    }
  g_string_append_c (text, ']');
}

/**
 * eros_value_dup_text:
 * @page: rows of an answer
 * @row: one of them
 * @column: one of its columns
 *
 * Returns: (transfer full) (nullable): the value as text, an ARRAY and a STRUCT as plain JSON; %NULL: SQL
 * NULL
 */
char *
eros_value_dup_text (ErosPage *page, guint row, guint column)
{
  g_autoptr (GString) text = NULL;

  if (!is_nested (page, column) || eros_page_is_null (page, row, column))
    return eros_page_dup_text (page, row, column);
  text = g_string_new (NULL);
  append_nested (text, page, row, column);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
