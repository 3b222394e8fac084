/* eros-engine-temp.c: a session's temporary tables, and going back to those that there were
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

static void
temp_table_clear (ErosEngineTempTable *table)
{
  eros_store_table_unref (table->table);
  g_free (table->source);
}

void
eros_engine_temp_table_free (ErosEngineTempTable *table)
{
  g_rc_box_release_full (table, (GDestroyNotify) temp_table_clear);
}

/* The list as it is now, to go back to when a statement or a transaction fails: SQLite undoes the tables
 * themselves. */
GPtrArray *
eros_engine_copy_temp_tables (ErosEngineSession *session)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_temp_table_free);

  for (guint i = 0; i < session->temp_tables->len; i++)
    g_ptr_array_add (copy, g_rc_box_acquire (g_ptr_array_index (session->temp_tables, i)));
  return copy;
}

/* @copy: (transfer full) */
void
eros_engine_restore_temp_tables (ErosEngineSession *session, GPtrArray *copy)
{
  g_ptr_array_unref (session->temp_tables);
  session->temp_tables = copy;
}
