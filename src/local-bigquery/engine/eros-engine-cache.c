/* eros-engine-cache.c: results that need not be computed again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key is what SQLite would run, with what is bound to it and which state the tables are in: a hit is
 * right by construction.
 */
#include "eros-engine-private.h"

#define CAPACITY 64
#define MAX_ROWS 1000

static void
append_value (GString *key, const ErosSqlValue *value)
{
  g_string_append_printf (key, "\n%s ", value->type == NULL ? "" : eros_sql_type_get_name (value->type));
  if (value->type != NULL)
    eros_sql_value_append_literal (value, key);
}

static void
append_parameter (ErosRun *run, GString *key, const ErosResolvedParameter *parameter)
{
  ErosEngineVariable *variable;
  guint position = 0;

  if (parameter->kind == EROS_PARAMETER_VARIABLE)
    {
      variable = eros_engine_find_variable (run, parameter->name);
      if (variable != NULL)
        append_value (key, &variable->value);
      return;
    }
  for (guint i = 0; i < run->frame->n_parameters; i++)
    {
      const ErosEngineParameter *given = &run->frame->parameters[i];

      if (parameter->kind == EROS_PARAMETER_NAMED
            ? given->name != NULL && g_ascii_strcasecmp (given->name, parameter->name) == 0
            : given->name == NULL && position++ == parameter->position)
        append_value (key, &given->value);
    }
}

/* NULL when the result depends on more than the key can say. */
char *
eros_engine_cache_key (ErosRun *run, const char *sql, const ErosAnalysis *analysis)
{
  g_autoptr (GString) key = g_string_new (sql);

  g_string_append_printf (key, "\n%s", run->session->time_zone == NULL ? "" : run->session->time_zone);
  for (guint i = 0; analysis->parameters != NULL && i < analysis->parameters->len; i++)
    {
      const ErosResolvedParameter *parameter = g_ptr_array_index (analysis->parameters, i);

      if (parameter->kind == EROS_PARAMETER_SYSTEM)
        return NULL;
      append_parameter (run, key, parameter);
    }
  for (guint i = 0; i < analysis->tables->len; i++)
    {
      const ErosEngineTable *table = ((ErosTableUse *) g_ptr_array_index (analysis->tables, i))->table->data;

      g_string_append_printf (key, "\n%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, table->store->etag,
                              table->store->storage, table->store->version);
    }
  for (guint i = 0; i < run->current->columns->len; i++)
    g_string_append_printf (key, "\n%s",
                            ((ErosStoreColumn *) g_ptr_array_index (run->current->columns, i))->name);
  return g_strdup (key->str);
}

ErosStoreResult *
eros_engine_cache_lookup (ErosEngine *engine, const char *key)
{
  ErosStoreResult *result;

  g_mutex_lock (&engine->lock);
  result = g_hash_table_lookup (engine->cache, key);
  if (result != NULL)
    eros_store_result_ref (result);
  g_mutex_unlock (&engine->lock);
  return result;
}

/* The oldest one goes when there are too many; large ones are not kept at all. */
void
eros_engine_cache_insert (ErosEngine *engine, const char *key, ErosStoreResult *result)
{
  char *copy;

  if (eros_store_result_get_n_rows (result) > MAX_ROWS)
    return;
  g_mutex_lock (&engine->lock);
  if (g_hash_table_lookup (engine->cache, key) == NULL)
    {
      if (g_queue_get_length (&engine->cache_order) >= CAPACITY)
        g_hash_table_remove (engine->cache, g_queue_pop_head (&engine->cache_order));
      copy = g_strdup (key);
      g_hash_table_insert (engine->cache, copy, eros_store_result_ref (result));
      g_queue_push_tail (&engine->cache_order, copy);
    }
  g_mutex_unlock (&engine->lock);
}
