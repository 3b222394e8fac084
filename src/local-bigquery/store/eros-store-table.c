/* eros-store-table.c: what the catalogue says about data sets, tables and routines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-table.h"

static GHashTable *
labels_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * eros_store_dataset_new:
 * @project: the project it belongs to
 * @name: its id
 *
 * Returns: (transfer full): a data set in location US with BigQuery's defaults, not stored yet
 */
ErosStoreDataset *
eros_store_dataset_new (const char *project, const char *name)
{
  ErosStoreDataset *dataset = g_new0 (ErosStoreDataset, 1);

  dataset->project = g_strdup (project);
  dataset->name = g_strdup (name);
  dataset->location = g_strdup ("US");
  dataset->labels = labels_new ();
  dataset->max_time_travel_hours = 168;
  return dataset;
}

/**
 * eros_store_dataset_free:
 * @dataset: (transfer full) (nullable): a data set
 *
 * Frees the description; the data set itself stays stored.
 */
void
eros_store_dataset_free (ErosStoreDataset *dataset)
{
  if (dataset == NULL)
    return;
  g_free (dataset->project);
  g_free (dataset->name);
  g_free (dataset->location);
  g_free (dataset->friendly_name);
  g_free (dataset->description);
  g_hash_table_unref (dataset->labels);
  g_free (dataset->extra);
  g_free (dataset->etag);
  g_free (dataset);
}

/**
 * eros_store_column_new:
 * @name: the column's name
 * @type: its type
 *
 * Returns: (transfer full): a nullable column
 */
ErosStoreColumn *
eros_store_column_new (const char *name, const ErosSqlType *type)
{
  ErosStoreColumn *column = g_new0 (ErosStoreColumn, 1);

  column->name = g_strdup (name);
  column->type = type;
  column->physical = EROS_STORE_NEW_COLUMN;
  return column;
}

static gpointer
copy_column (gconstpointer column, gpointer unused)
{
  return eros_store_column_copy (column);
}

/**
 * eros_store_column_copy:
 * @column: a column
 *
 * Returns: (transfer full): a copy of @column and of the fields inside it
 */
ErosStoreColumn *
eros_store_column_copy (const ErosStoreColumn *column)
{
  ErosStoreColumn *copy = g_memdup2 (column, sizeof *column);

  copy->name = g_strdup (column->name);
  copy->description = g_strdup (column->description);
  copy->default_expression = g_strdup (column->default_expression);
  if (column->fields != NULL)
    {
      copy->fields = g_ptr_array_copy (column->fields, copy_column, NULL);
      g_ptr_array_set_free_func (copy->fields, (GDestroyNotify) eros_store_column_free);
    }
  return copy;
}

/**
 * eros_store_column_free:
 * @column: (transfer full) (nullable): a column
 */
void
eros_store_column_free (ErosStoreColumn *column)
{
  if (column == NULL)
    return;
  g_free (column->name);
  g_free (column->description);
  g_free (column->default_expression);
  g_clear_pointer (&column->fields, g_ptr_array_unref);
  g_free (column);
}

/**
 * eros_store_table_new:
 * @project: the project
 * @dataset: the data set's id
 * @name: the table's id
 * @kind: what it is
 *
 * Returns: (transfer full): a table without columns, not stored yet
 */
ErosStoreTable *
eros_store_table_new (const char *project, const char *dataset, const char *name, ErosStoreTableKind kind)
{
  ErosStoreTable *table = g_new0 (ErosStoreTable, 1);

  table->ref_count = 1;
  table->project = g_strdup (project);
  table->dataset = g_strdup (dataset);
  table->name = g_strdup (name);
  table->kind = kind;
  table->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  table->labels = labels_new ();
  return table;
}

/**
 * eros_store_table_copy:
 * @table: a table
 *
 * Returns: (transfer full): a copy that can be changed without changing @table
 */
ErosStoreTable *
eros_store_table_copy (const ErosStoreTable *table)
{
  ErosStoreTable *copy = g_memdup2 (table, sizeof *table);
  GHashTableIter iter;
  gpointer key, value;

  copy->ref_count = 1;
  copy->project = g_strdup (table->project);
  copy->dataset = g_strdup (table->dataset);
  copy->name = g_strdup (table->name);
  copy->columns = g_ptr_array_copy (table->columns, copy_column, NULL);
  g_ptr_array_set_free_func (copy->columns, (GDestroyNotify) eros_store_column_free);
  copy->query = g_strdup (table->query);
  copy->partition_field = g_strdup (table->partition_field);
  copy->clustering = g_strdupv (table->clustering);
  copy->friendly_name = g_strdup (table->friendly_name);
  copy->description = g_strdup (table->description);
  copy->extra = g_strdup (table->extra);
  copy->base_project = g_strdup (table->base_project);
  copy->base_dataset = g_strdup (table->base_dataset);
  copy->base_name = g_strdup (table->base_name);
  copy->etag = g_strdup (table->etag);
  copy->labels = labels_new ();
  g_hash_table_iter_init (&iter, table->labels);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->labels, g_strdup (key), g_strdup (value));
  return copy;
}

/**
 * eros_store_table_ref:
 * @table: a table
 *
 * Returns: (transfer full): @table
 */
ErosStoreTable *
eros_store_table_ref (ErosStoreTable *table)
{
  g_atomic_int_inc (&table->ref_count);
  return table;
}

/**
 * eros_store_table_unref:
 * @table: (transfer full) (nullable): a table
 */
void
eros_store_table_unref (ErosStoreTable *table)
{
  if (table == NULL || !g_atomic_int_dec_and_test (&table->ref_count))
    return;
  g_free (table->project);
  g_free (table->dataset);
  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_free (table->query);
  g_free (table->partition_field);
  g_strfreev (table->clustering);
  g_free (table->friendly_name);
  g_free (table->description);
  g_hash_table_unref (table->labels);
  g_free (table->extra);
  g_free (table->base_project);
  g_free (table->base_dataset);
  g_free (table->base_name);
  g_free (table->etag);
  g_free (table);
}

/**
 * eros_store_table_set_base:
 * @table: a snapshot or a clone to be
 * @base: what it is taken from
 * @time: as of when, microseconds
 *
 * Makes @table say that it comes from @base.
 */
void
eros_store_table_set_base (ErosStoreTable *table, const ErosStoreTable *base, gint64 time)
{
  g_free (table->base_project);
  g_free (table->base_dataset);
  g_free (table->base_name);
  table->base_project = g_strdup (base->project);
  table->base_dataset = g_strdup (base->dataset);
  table->base_name = g_strdup (base->name);
  table->base_time = time;
}

/**
 * eros_store_table_find_column:
 * @table: a table
 * @name: a column's name, in any case
 * @index: (out) (optional): its position in @table
 *
 * Returns: (transfer none) (nullable): the column, or %NULL
 */
ErosStoreColumn *
eros_store_table_find_column (ErosStoreTable *table, const char *name, guint *index)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (g_ascii_strcasecmp (column->name, name) != 0)
        continue;
      if (index != NULL)
        *index = i;
      return column;
    }
  return NULL;
}

/**
 * eros_store_table_get_full_name:
 * @table: a table
 *
 * Returns: (transfer full): `project:dataset.table`, as BigQuery's messages name it
 */
char *
eros_store_table_get_full_name (const ErosStoreTable *table)
{
  return g_strdup_printf ("%s:%s.%s", table->project, table->dataset, table->name);
}

/**
 * eros_store_argument_free:
 * @argument: (transfer full) (nullable): a routine's argument
 */
void
eros_store_argument_free (ErosStoreArgument *argument)
{
  if (argument == NULL)
    return;
  g_free (argument->name);
  g_free (argument);
}

/**
 * eros_store_routine_new:
 * @project: the project
 * @dataset: the data set's id
 * @name: the routine's id
 *
 * Returns: (transfer full): a function without arguments, not stored yet
 */
ErosStoreRoutine *
eros_store_routine_new (const char *project, const char *dataset, const char *name)
{
  ErosStoreRoutine *routine = g_new0 (ErosStoreRoutine, 1);

  routine->project = g_strdup (project);
  routine->dataset = g_strdup (dataset);
  routine->name = g_strdup (name);
  routine->arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_argument_free);
  return routine;
}

/**
 * eros_store_routine_add_argument:
 * @routine: a routine
 * @name: the argument's name
 * @type: (nullable): its type, %NULL for ANY TYPE
 * @mode: which way its value goes
 */
void
eros_store_routine_add_argument (ErosStoreRoutine *routine,
                                 const char *name,
                                 const ErosSqlType *type,
                                 ErosStoreArgumentMode mode)
{
  ErosStoreArgument *argument = g_new0 (ErosStoreArgument, 1);

  argument->name = g_strdup (name);
  argument->type = type;
  argument->mode = mode;
  g_ptr_array_add (routine->arguments, argument);
}

/**
 * eros_store_routine_free:
 * @routine: (transfer full) (nullable): a routine
 */
void
eros_store_routine_free (ErosStoreRoutine *routine)
{
  if (routine == NULL)
    return;
  g_free (routine->project);
  g_free (routine->dataset);
  g_free (routine->name);
  g_ptr_array_unref (routine->arguments);
  g_clear_pointer (&routine->columns, g_ptr_array_unref);
  g_free (routine->language);
  g_free (routine->body);
  g_free (routine->description);
  g_free (routine->extra);
  g_free (routine->etag);
  g_free (routine);
}
