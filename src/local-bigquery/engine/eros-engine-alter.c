/* eros-engine-alter.c: ALTER
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-constraints.h"

#include <string.h>

typedef struct
{
  ErosRun *run;
  ErosStoreTable *table;
  char *rename; /* RENAME TO */
} Alter;

static gboolean fail (const ErosAstAlterAction *action, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static gboolean
fail (const ErosAstAlterAction *action, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s at [%u:%u]", message,
               action->span.line, action->span.column);
  return FALSE;
}

/* The named column; NULL with *done when there is none and that is fine. */
static ErosStoreColumn *
find_column (Alter *self, const ErosAstAlterAction *action, guint *index, gboolean *done, GError **error)
{
  ErosStoreColumn *column = eros_store_table_find_column (self->table, action->name.text, index);
  g_autofree char *name = NULL;

  *done = column == NULL && action->if_exists;
  if (column != NULL || *done)
    return column;
  name = eros_store_table_get_full_name (self->table);
  fail (action, error, "Column %s was not found in table %s", action->name.text, name);
  return NULL;
}

static gboolean
add_column (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  ErosStoreColumn *column;

  if (eros_store_table_find_column (self->table, action->column->name.text, NULL) != NULL)
    return action->if_not_exists ||
           fail (action, error, "Column already exists: %s", action->column->name.text);
  if (action->column->not_null)
    return fail (action, error, "Cannot add required column %s to an existing table",
                 action->column->name.text);
  if (action->column->default_ != NULL)
    return fail (
      action, error,
      "Cannot add column %s with a default value to an existing table; use ALTER COLUMN SET DEFAULT",
      action->column->name.text);
  column = eros_engine_column_from_ast (self->run, action->column, error);
  if (column == NULL)
    return FALSE;
  g_ptr_array_add (self->table->columns, column);
  return TRUE;
}

static gboolean
is_clustered_or_partitioned (ErosStoreTable *table, const char *name)
{
  if (table->partition_field != NULL && g_ascii_strcasecmp (table->partition_field, name) == 0)
    return TRUE;
  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    if (g_ascii_strcasecmp (table->clustering[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
drop_column (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  guint index;
  gboolean done;
  ErosStoreColumn *column = find_column (self, action, &index, &done, error);

  if (column == NULL)
    return done;
  if (is_clustered_or_partitioned (self->table, column->name))
    return fail (action, error, "Cannot drop column %s because it is used for partitioning or clustering",
                 column->name);
  if (self->table->columns->len == 1)
    return fail (action, error, "Cannot drop all columns of a table");
  g_ptr_array_remove_index (self->table->columns, index);
  return TRUE;
}

static gboolean
rename_column (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  gboolean done;
  ErosStoreColumn *column = find_column (self, action, NULL, &done, error);
  ErosStoreColumn *other = eros_store_table_find_column (self->table, action->new_name.text, NULL);

  if (column == NULL)
    return done;
  if (other != NULL && other != column)
    return fail (action, error, "Column already exists: %s", action->new_name.text);
  if (is_clustered_or_partitioned (self->table, column->name))
    return fail (action, error, "Cannot rename column %s because it is used for partitioning or clustering",
                 column->name);
  g_free (column->name);
  column->name = g_strdup (action->new_name.text);
  return TRUE;
}

/* What BigQuery lets a column become: all that loses nothing. */
static gboolean
widens (const ErosSqlType *from, const ErosSqlType *to)
{
  ErosSqlKind a = eros_sql_type_get_kind (from);
  ErosSqlKind b = eros_sql_type_get_kind (to);

  if (from == to)
    return TRUE;
  if (a == EROS_SQL_INT64)
    return b == EROS_SQL_NUMERIC || b == EROS_SQL_BIGNUMERIC || b == EROS_SQL_FLOAT64;
  if (a == EROS_SQL_NUMERIC)
    return b == EROS_SQL_BIGNUMERIC || b == EROS_SQL_FLOAT64;
  return FALSE;
}

/* A column of the new type takes over the values and the place of the old one. */
static gboolean
convert_column (Alter *self, guint index, const ErosSqlType *type, GError **error)
{
  ErosRun *run = self->run;
  ErosStoreColumn *old = g_ptr_array_index (self->table->columns, index);
  ErosStoreColumn *fresh = eros_store_column_copy (old);
  g_autofree char *name = NULL;
  g_autofree char *plain = g_strdup_printf ("c%u", old->physical);
  g_autoptr (GString) cast = g_string_new (NULL);
  const ErosSqlType *from = old->type;

  fresh->type = type;
  fresh->physical = EROS_STORE_NEW_COLUMN;
  g_ptr_array_remove_index (self->table->columns, index);
  g_ptr_array_insert (self->table->columns, index, fresh);
  if (!eros_store_update_table (run->session->connection, self->table, error))
    return FALSE;
  name = eros_store_prepare_write (run->session->connection, self->table, EROS_STORE_CHANGE, run->cancellable,
                                   error);
  if (name == NULL)
    return FALSE;
  eros_function_append_cast (plain, from, type, FALSE, NULL, NULL, cast);
  return eros_engine_exec (run, error, "UPDATE %s SET c%u = %s, _v = eros_version()", name, fresh->physical,
                           cast->str);
}

static gboolean
set_type (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  guint index;
  gboolean done;
  ErosStoreColumn *column = find_column (self, action, &index, &done, error);
  const ErosSqlType *type;
  g_autofree char *name = NULL;

  if (column == NULL)
    return done;
  type = eros_analyze_type (action->type, error);
  if (type == NULL)
    return FALSE;
  if (!widens (column->type, type))
    {
      name = eros_store_table_get_full_name (self->table);
      return fail (action, error,
                   "ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (%s) is "
                   "assignable to the "
                   "new type (%s)",
                   eros_sql_type_get_name (column->type), eros_sql_type_get_name (type));
    }
  column->max_length = 0;
  column->precision = column->scale = 0;
  if (action->type->parameters.length > 0 && action->type->parameters.items[0]->kind == EROS_AST_LITERAL)
    {
      gint64 first = action->type->parameters.items[0]->literal.integer;

      if (eros_sql_type_is (type, EROS_SQL_STRING) || eros_sql_type_is (type, EROS_SQL_BYTES))
        column->max_length = first;
      else
        column->precision = first;
      if (action->type->parameters.length > 1)
        column->scale = action->type->parameters.items[1]->literal.integer;
    }
  return column->type == type || convert_column (self, index, type, error);
}

static gboolean
set_default (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  gboolean done;
  ErosStoreColumn *column = find_column (self, action, NULL, &done, error);
  g_autoptr (ErosEngineCatalog) catalog = NULL;
  g_autoptr (ErosAnalysis) analysis = NULL;

  if (column == NULL)
    return done;
  g_clear_pointer (&column->default_expression, g_free);
  if (action->kind == EROS_AST_ALTER_COLUMN_DROP_DEFAULT)
    return TRUE;
  catalog = eros_engine_catalog_new (self->run);
  analysis = eros_analyze_expression (action->expr, column->type, &catalog->catalog, error);
  if (analysis == NULL)
    return FALSE;
  column->default_expression = eros_script_dup_span (self->run->frame->script, &action->expr->span);
  return TRUE;
}

static gboolean
change_column (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  gboolean done;
  ErosStoreColumn *column = find_column (self, action, NULL, &done, error);

  if (column == NULL)
    return done;
  if (action->kind == EROS_AST_ALTER_COLUMN_SET_OPTIONS)
    return eros_engine_column_options (self->run, &action->options, column, error);
  if (!column->required)
    return fail (action, error, "ALTER TABLE ALTER COLUMN DROP NOT NULL: column %s is nullable already",
                 column->name);
  column->required = FALSE;
  return TRUE;
}

static gboolean
rename_table (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  if (action->path.n_parts != 1)
    return fail (action, error,
                 "RENAME TO needs a table name without a dataset: a table cannot change its dataset");
  self->rename = g_strdup (action->path.parts[0].text);
  return TRUE;
}

static gboolean
apply (Alter *self, const ErosAstAlterAction *action, GError **error)
{
  switch (action->kind)
    {
    case EROS_AST_ALTER_SET_OPTIONS:
      return eros_engine_table_options (self->run, &action->options, self->table, error);
    case EROS_AST_ALTER_ADD_COLUMN:
      return add_column (self, action, error);
    case EROS_AST_ALTER_DROP_COLUMN:
      return drop_column (self, action, error);
    case EROS_AST_ALTER_RENAME_COLUMN:
      return rename_column (self, action, error);
    case EROS_AST_ALTER_RENAME_TO:
      return rename_table (self, action, error);
    case EROS_AST_ALTER_COLUMN_SET_TYPE:
      return set_type (self, action, error);
    case EROS_AST_ALTER_COLUMN_SET_DEFAULT:
    case EROS_AST_ALTER_COLUMN_DROP_DEFAULT:
      return set_default (self, action, error);
    case EROS_AST_ALTER_COLUMN_SET_OPTIONS:
    case EROS_AST_ALTER_COLUMN_DROP_NOT_NULL:
      return change_column (self, action, error);
    case EROS_AST_ALTER_ADD_CONSTRAINT:
    case EROS_AST_ALTER_DROP_CONSTRAINT:
    case EROS_AST_ALTER_DROP_PRIMARY_KEY:
      return eros_engine_alter_constraint (self->run, action, self->table, error);
    case EROS_AST_ALTER_SET_DEFAULT_COLLATE: /* the parser lets only the empty one through */
    default:
      return TRUE;
    }
}

static const char *
kind_word (ErosStoreTableKind kind)
{
  static const char *const words[] = { "TABLE", "VIEW", "MATERIALIZED_VIEW", "SNAPSHOT" };

  return words[kind];
}

static gboolean
fits (ErosAstObject object, ErosStoreTableKind kind)
{
  if (object == EROS_AST_OBJECT_VIEW)
    return kind == EROS_STORE_VIEW;
  if (object == EROS_AST_OBJECT_MATERIALIZED_VIEW)
    return kind == EROS_STORE_MATERIALIZED_VIEW;
  return kind == EROS_STORE_TABLE || kind == EROS_STORE_SNAPSHOT;
}

static gboolean
alter_table (ErosRun *run, const ErosAstAlter *alter, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;
  g_autofree char *rename = NULL;
  Alter self = { .run = run };

  if (!eros_engine_resolve_name (run, &alter->path, FALSE, &name, error))
    return FALSE;
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  table = eros_engine_get_table (run, &name, error);
  if (table == NULL)
    return FALSE;
  if (!fits (alter->object, table->kind))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "%s:%s.%s is not allowed for this operation because it is currently a %s.", name.project,
                   name.dataset, name.name, kind_word (table->kind));
      return FALSE;
    }
  self.table = table;
  for (guint i = 0; i < alter->n_actions; i++)
    if (!apply (&self, &alter->actions[i], error))
      {
        g_free (self.rename);
        return FALSE;
      }
  rename = self.rename;
  return eros_store_update_table (run->session->connection, table, error) &&
         (rename == NULL || eros_store_rename_table (run->session->connection, table, rename, error));
}

static gboolean
alter_schema (ErosRun *run, const ErosAstAlter *alter, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (!eros_engine_resolve_name (run, &alter->path, TRUE, &name, error))
    return FALSE;
  run->current->ddl_dataset = eros_engine_name_new (name.project, name.dataset, NULL);
  dataset = eros_store_get_dataset (run->session->connection, name.project, name.dataset, error);
  if (dataset == NULL)
    return FALSE;
  for (guint i = 0; i < alter->n_actions; i++)
    if (alter->actions[i].kind == EROS_AST_ALTER_SET_OPTIONS &&
        !eros_engine_schema_options (run, &alter->actions[i].options, dataset, error))
      return FALSE;
  return eros_store_update_dataset (run->session->connection, dataset, error);
}

/* Defaults of a project: `region-us.default_time_zone` … Each is evaluated, so that a wrong one is an error;
 * the only one with a meaning here is the time zone, which later jobs begin with. */
static gboolean
alter_project (ErosRun *run, const ErosAstAlter *alter, GError **error)
{
  for (guint i = 0; i < alter->n_actions; i++)
    for (guint j = 0; j < alter->actions[i].options.length; j++)
      {
        const ErosAstOption *option = &alter->actions[i].options.items[j];
        const char *dot = strrchr (option->name.text, '.');
        g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

        if (!eros_engine_evaluate_here (run, option->value, NULL, &value, error))
          return FALSE;
        if (dot != NULL && strcmp (dot + 1, "default_time_zone") == 0)
          {
            g_mutex_lock (&run->engine->lock);
            g_free (run->engine->time_zone);
            run->engine->time_zone = value.is_null ? NULL : g_strndup (value.data, value.size);
            g_mutex_unlock (&run->engine->lock);
          }
      }
  return TRUE;
}

gboolean
eros_engine_alter (ErosRun *run, const ErosAstAlter *alter, GError **error)
{
  GError *failure = NULL;
  gboolean good;

  run->current->ddl_operation = "ALTER";
  if (alter->object == EROS_AST_OBJECT_PROJECT || alter->object == EROS_AST_OBJECT_ORGANIZATION)
    return alter_project (run, alter, error);
  good = alter->object == EROS_AST_OBJECT_SCHEMA ? alter_schema (run, alter, &failure)
                                                 : alter_table (run, alter, &failure);
  if (!good && alter->if_exists && eros_engine_is_not_found (failure))
    {
      g_clear_error (&failure);
      run->current->ddl_operation = "SKIP";
      return TRUE;
    }
  if (!good)
    g_propagate_error (error, failure);
  return good;
}
