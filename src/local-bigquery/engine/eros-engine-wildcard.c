/* eros-engine-wildcard.c: `dataset.prefix*`: tables of one name as if they were one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

static gboolean
fail_type (const ErosStoreTable *table,
           const ErosStoreColumn *found,
           const ErosStoreColumn *wanted,
           GError **error)
{
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               "Cannot read field '%s' of type %s as %s Field: %s: table %s:%s.%s", found->name,
               eros_sql_type_get_name (found->type), eros_sql_type_get_name (wanted->type), found->name,
               table->project, table->dataset, table->name);
  return FALSE;
}

/* SELECT of one table, with the columns of the newest; those that it lacks are NULL. */
static gboolean
append_member (ErosRun *run,
               ErosStoreTable *table,
               GPtrArray *columns,
               const char *suffix,
               GString *sql,
               GError **error)
{
  g_autofree char *source = eros_store_table_source (run->session->connection, table, error);
  g_auto (GStrv) parts = g_strsplit (suffix, "'", -1);
  g_autofree char *quoted = g_strjoinv ("''", parts);

  if (source == NULL)
    return FALSE;
  g_string_append (sql, sql->len > 1 ? " UNION ALL SELECT " : "SELECT ");
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosStoreColumn *wanted = columns->pdata[i];
      const ErosStoreColumn *found = eros_store_table_find_column (table, wanted->name, NULL);

      if (found != NULL && found->type != wanted->type)
        return fail_type (table, found, wanted, error);
      if (found != NULL)
        g_string_append_printf (sql, "c%u AS w%u, ", found->physical, i);
      else
        g_string_append_printf (sql, "NULL AS w%u, ", i);
    }
  g_string_append_printf (sql, "'%s' AS w%u FROM %s", quoted, columns->len, source);
  return TRUE;
}

/* The tables whose names begin with @prefix, and the newest of them. */
static GPtrArray *
list_members (ErosRun *run,
              const ErosEngineName *name,
              const char *prefix,
              ErosStoreTable **newest,
              GError **error)
{
  g_autoptr (GPtrArray) tables =
    eros_store_list_tables (run->session->connection, name->project, name->dataset, error);
  g_autoptr (GPtrArray) members = NULL;

  if (tables == NULL)
    return NULL;
  members = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_table_unref);
  for (guint i = 0; i < tables->len; i++)
    {
      ErosStoreTable *table = tables->pdata[i];

      if (!g_str_has_prefix (table->name, prefix) || table->storage == 0)
        continue;
      if (!eros_engine_sees_all (run, table, error))
        return NULL;
      g_ptr_array_add (members, eros_store_table_ref (table));
      if (*newest == NULL || table->created >= (*newest)->created)
        *newest = table;
    }
  if (members->len > 0)
    return g_steal_pointer (&members);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s:%s.%s does not match any table.",
               name->project, name->dataset, name->name);
  return NULL;
}

static const char *
keep (ErosEngineTable *table, char *text)
{
  g_ptr_array_add (table->texts, text);
  return text;
}

static void
set_columns (ErosEngineTable *table, GPtrArray *columns)
{
  ErosCatalogColumn *list = g_new0 (ErosCatalogColumn, columns->len + 1);

  for (guint i = 0; i < columns->len; i++)
    {
      const ErosStoreColumn *column = columns->pdata[i];

      list[i].name = keep (table, g_strdup (column->name));
      list[i].type = column->type;
      list[i].sql = keep (table, g_strdup_printf ("w%u", i));
    }
  list[columns->len].name = "_TABLE_SUFFIX";
  list[columns->len].type = eros_sql_type (EROS_SQL_STRING);
  list[columns->len].sql = keep (table, g_strdup_printf ("w%u", columns->len));
  list[columns->len].hidden = TRUE;
  table->table.columns = list;
  table->table.n_columns = columns->len + 1;
}

gboolean
eros_engine_is_wildcard (const ErosAstPath *path)
{
  return path->n_parts > 0 && g_str_has_suffix (path->parts[path->n_parts - 1].text, "*");
}

/*
 * eros_engine_wildcard_table:
 * @name: whose last part ends in an asterisk
 *
 * Its columns are those of the newest table, as in BigQuery; the pseudo column _TABLE_SUFFIX is what stands
 * for the asterisk.
 *
 * Returns: (transfer full) (nullable): the table
 */
ErosEngineTable *
eros_engine_wildcard_table (ErosRun *run, const ErosEngineName *name, GError **error)
{
  g_autofree char *prefix = g_strndup (name->name, strlen (name->name) - 1);
  ErosStoreTable *newest = NULL;
  g_autoptr (GPtrArray) members = list_members (run, name, prefix, &newest, error);
  g_autoptr (GString) sql = g_string_new ("(");
  ErosEngineTable *table = NULL;

  if (members == NULL)
    return NULL;
  for (guint i = 0; i < members->len; i++)
    {
      ErosStoreTable *member = members->pdata[i];

      if (!append_member (run, member, newest->columns, member->name + strlen (prefix), sql, error))
        return NULL;
    }
  g_string_append_c (sql, ')');
  table = eros_engine_table_new (name->project, name->dataset, name->name);
  set_columns (table, newest->columns);
  table->members = g_steal_pointer (&members);
  table->table.read_only = TRUE;
  table->source = g_string_free (g_steal_pointer (&sql), FALSE);
  table->table.source = table->source;
  return table;
}
