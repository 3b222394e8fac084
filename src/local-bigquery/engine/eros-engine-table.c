/* eros-engine-table.c: a table as the analysis sees it, and one that is not there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

gboolean
eros_engine_is_not_found (const GError *error)
{
  return g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND);
}

/* The store does not know where it is. */
void
eros_engine_add_location (ErosRun *run, GError **error)
{
  g_autofree char *message = NULL;

  if (error == NULL || !eros_engine_is_not_found (*error) || strstr ((*error)->message, "location") != NULL)
    return;
  message = g_strdup_printf ("%s was not found in location %s", (*error)->message, run->engine->location);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

ErosEngineTable *
eros_engine_table_new (const char *project, const char *dataset, const char *name)
{
  ErosEngineTable *table = g_new0 (ErosEngineTable, 1);
  char *texts[] = { g_strdup (project), g_strdup (dataset), g_strdup (name) };

  table->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (table->texts, texts[i]);
  table->table.project = texts[0];
  table->table.dataset = texts[1];
  table->table.name = texts[2];
  table->table.data = table;
  return table;
}

void
eros_engine_table_free (ErosEngineTable *table)
{
  g_clear_pointer (&table->store, eros_store_table_unref);
  g_clear_pointer (&table->members, g_ptr_array_unref);
  g_free ((gpointer) table->table.columns);
  g_ptr_array_unref (table->texts);
  g_strfreev (table->view_columns);
  g_free (table->key);
  g_free (table->source);
  g_free (table);
}

/*
 * eros_engine_sees_all:
 *
 * Whether no row access policy hides rows of @table from the caller: what reads it whole, or changes rows
 * that are there, needs that.
 */
gboolean
eros_engine_sees_all (ErosRun *run, const ErosStoreTable *table, GError **error)
{
  g_autofree char *refusal = eros_store_table_get_refusal (table, run->request->user_email);

  if (refusal != NULL)
    g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_DENIED, refusal);
  return refusal == NULL;
}
