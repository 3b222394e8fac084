/* eros-engine-catalog.c: tables, routines and variables as the analysis sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* Names */

static const char *
default_project (ErosRun *run)
{
  return run->session->default_project != NULL ? run->session->default_project : run->request->project;
}

static char *
join_path (const ErosAstPath *path)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < path->n_parts; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : ".", path->parts[i].text);
  return g_string_free (text, FALSE);
}

/* p:d.t, an older way to write it; what stands before a colon and has a dot is the domain of a project:
 * example.com:p */
static const char *
skip_project (const char *text, char **project)
{
  const char *colon = strrchr (text, ':');

  if (colon == NULL || (strchr (text, ':') == colon && memchr (text, '.', colon - text) != NULL))
    return text;
  *project = g_strndup (text, colon - text);
  return colon + 1;
}

/*
 * eros_engine_resolve_name:
 * @is_schema: @path names a data set; else a table or routine
 * @name: (out): what it means, with the job's defaults for what it does not say
 */
gboolean
eros_engine_resolve_name (ErosRun *run,
                          const ErosAstPath *path,
                          gboolean is_schema,
                          ErosEngineName *name,
                          GError **error)
{
  guint wanted = is_schema ? 1 : 2; /* parts that follow the project */
  g_autofree char *text = join_path (path);
  g_autofree char *project = NULL;
  guint n = path->n_parts;
  const char *first = skip_project (path->parts[0].text, &project);

  eros_engine_name_clear (name);
  if (n > wanted + 1)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   is_schema ? "Invalid dataset path \"%s\" at [%u:%u]"
                             : "Invalid path \"%s\": at most a project, a dataset and a name at [%u:%u]",
                   text, path->span.line, path->span.column);
      return FALSE;
    }
  if (!is_schema && n == 1 && run->session->default_dataset == NULL)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                   "Table \"%s\" must be qualified with a dataset (e.g. dataset.table).", text);
      return FALSE;
    }

  name->project = n == wanted + 1   ? g_strdup (path->parts[0].text)
                  : project != NULL ? g_steal_pointer (&project)
                                    : g_strdup (default_project (run));
  if (is_schema)
    name->dataset = g_strdup (n == 2 ? path->parts[1].text : first);
  else
    {
      name->dataset =
        n == 1 ? g_strdup (run->session->default_dataset) : g_strdup (n == 2 ? first : path->parts[1].text);
      name->name = g_strdup (path->parts[n - 1].text);
    }
  return TRUE;
}

/* A job that names a region finds only what is there. One of the default location may have named none, and
 * then goes where its data is. */
static gboolean
is_within_reach (ErosRun *run, const ErosEngineName *name, GError **error)
{
  const char *location = run->request->location;
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (location == NULL || g_ascii_strcasecmp (location, run->engine->location) == 0)
    return TRUE;
  dataset = eros_store_get_dataset (run->session->connection, name->project, name->dataset, NULL);
  if (dataset == NULL || dataset->location == NULL || g_ascii_strcasecmp (location, dataset->location) == 0)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND,
               "Not found: Dataset %s:%s was not found in location %s", name->project, name->dataset,
               location);
  return FALSE;
}

/* What is in somebody else's project is neither shown nor denied. */
static gboolean
is_foreign (ErosRun *run, const char *project)
{
  g_autoptr (GPtrArray) datasets = NULL;

  if (strcmp (project, run->engine->project) == 0 || g_strcmp0 (project, run->request->project) == 0)
    return FALSE;
  datasets = eros_store_list_datasets (run->session->connection, project, NULL);
  return datasets == NULL || datasets->len == 0;
}

ErosStoreTable *
eros_engine_get_table (ErosRun *run, const ErosEngineName *name, GError **error)
{
  g_autoptr (ErosStoreTable) table =
    eros_store_get_table (run->session->connection, name->project, name->dataset, name->name, error);

  if (table == NULL)
    {
      if (error == NULL || !is_foreign (run, name->project))
        return eros_engine_add_location (run, error), NULL;
      g_clear_error (error);
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_DENIED,
                   "Access Denied: Table %s:%s.%s: User does not have permission to query table %s:%s.%s, or "
                   "perhaps it does not exist.",
                   name->project, name->dataset, name->name, name->project, name->dataset, name->name);
      return NULL;
    }
  return is_within_reach (run, name, error) ? g_steal_pointer (&table) : NULL;
}

ErosStoreTable *
eros_engine_get_table_at (ErosRun *run, const ErosEngineName *name, gint64 time, GError **error)
{
  GError *failure = NULL;
  ErosStoreTable *table = eros_store_get_table_at (run->session->connection, name->project, name->dataset,
                                                   name->name, time, &failure);

  if (table != NULL)
    return table;
  if (failure == NULL)
    g_set_error (&failure, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s:%s.%s",
                 name->project, name->dataset, name->name);
  eros_engine_add_location (run, &failure);
  g_propagate_error (error, failure);
  return NULL;
}

/* Tables */

#define MAX_PSEUDO_COLUMNS 2

static const char *
keep (ErosEngineTable *table, char *text)
{
  g_ptr_array_add (table->texts, text);
  return text;
}

/* @columns: (element-type ErosStoreColumn); read as "c0" … */
static void
eros_engine_table_set_columns (ErosEngineTable *table, GPtrArray *columns, gboolean temporary)
{
  ErosCatalogColumn *list = g_new0 (ErosCatalogColumn, columns->len + MAX_PSEUDO_COLUMNS);

  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      list[i].name = keep (table, g_strdup (column->name));
      list[i].type = column->type;
      list[i].sql = keep (table, g_strdup_printf ("c%u", column->physical));
      list[i].not_null = column->required;
      if (column->default_expression != NULL)
        list[i].default_ = keep (table, g_strdup (column->default_expression));
    }
  table->table.columns = list;
  table->table.n_columns = columns->len;
}

static const char *
partition_time_sql (ErosStorePartition partition)
{
  switch ((int) partition)
    {
    case EROS_STORE_PARTITION_HOUR:
      return EROS_ENGINE_LOADED " / 3600000000 * 3600000000";
    case EROS_STORE_PARTITION_MONTH:
      return "strftime('%s', " EROS_ENGINE_LOADED " / 1000000, 'unixepoch', 'start of month') * 1000000";
    case EROS_STORE_PARTITION_YEAR:
      return "strftime('%s', " EROS_ENGINE_LOADED " / 1000000, 'unixepoch', 'start of year') * 1000000";
    default:
      return EROS_ENGINE_LOADED " / 86400000000 * 86400000000";
    }
}

static void
add_pseudo_column (ErosEngineTable *table, const char *name, ErosSqlKind kind, const char *sql)
{
  ErosCatalogColumn *column = (ErosCatalogColumn *) table->table.columns + table->table.n_columns++;

  column->name = name;
  column->type = eros_sql_type (kind);
  column->sql = sql;
  column->hidden = TRUE;
}

/* _PARTITIONTIME and _PARTITIONDATE of a table that is partitioned by the time of loading. */
static void
add_pseudo_columns (ErosEngineTable *table)
{
  const ErosStoreTable *store = table->store;
  gboolean plain = table->source != NULL && *table->source != '(';
  char *source = NULL;

  if (store->partition == EROS_STORE_PARTITION_NONE || store->partition == EROS_STORE_PARTITION_RANGE ||
      store->partition_field != NULL)
    return;
  add_pseudo_column (table, "_PARTITIONTIME", EROS_SQL_TIMESTAMP, "p0");
  if (store->partition == EROS_STORE_PARTITION_DAY)
    add_pseudo_column (table, "_PARTITIONDATE", EROS_SQL_DATE, "p1");
  source =
    g_strdup_printf ("(SELECT %s*, %s AS p0, " EROS_ENGINE_LOADED " / 86400000000 AS p1 FROM %s)",
                     plain ? "rowid AS _r, " : "", partition_time_sql (store->partition), table->source);
  g_free (table->source);
  table->source = source;
  table->table.source = source;
  if (plain)
    table->table.rowid = "_r";
}

static gboolean
set_source (ErosEngineCatalog *self, ErosEngineTable *table, GError **error)
{
  ErosStoreTable *store = table->store;

  if (self->target != NULL && self->target->id == store->id && self->target->storage == store->storage &&
      self->target_source != NULL)
    table->source = g_strdup (self->target_source);
  else
    table->source = eros_store_table_source (self->run->session->connection, store, error);
  table->table.source = table->source;
  return table->source != NULL;
}

/* Row access policies: what a query sees of the table. */
static void
filter_rows (ErosRun *run, ErosEngineTable *table)
{
  const ErosStoreTable *store = table->store;
  g_autofree char *filter = eros_store_table_get_filter (store, run->request->user_email);

  if (filter != NULL)
    table->table.view_sql =
      keep (table, g_strdup_printf ("SELECT * FROM `%s`.`%s`.`%s` WHERE %s", store->project, store->dataset,
                                    store->name, filter));
}

/* Takes @store over. */
static ErosEngineTable *
table_from_store (ErosEngineCatalog *self, ErosStoreTable *store, GError **error)
{
  ErosEngineTable *table = eros_engine_table_new (store->project, store->dataset, store->name);
  gboolean is_view = store->kind == EROS_STORE_VIEW || store->kind == EROS_STORE_MATERIALIZED_VIEW;

  table->store = store;
  table->table.read_only = store->kind != EROS_STORE_TABLE;
  eros_engine_table_set_columns (table, store->columns, FALSE);
  if (is_view)
    {
      table->table.kind = EROS_CATALOG_VIEW;
      table->table.view_sql = store->query;
      table->view_columns = g_new0 (char *, store->columns->len + 1);
      for (guint i = 0; i < store->columns->len; i++)
        table->view_columns[i] = g_strdup (table->table.columns[i].name);
      table->table.view_columns = store->columns->len > 0 ? (const char *const *) table->view_columns : NULL;
    }
  else if (!set_source (self, table, error))
    {
      eros_engine_table_free (table);
      return NULL;
    }
  else
    {
      add_pseudo_columns (table);
      filter_rows (self->run, table);
    }
  return table;
}

static ErosEngineTable *
table_from_temp (ErosEngineTempTable *temp)
{
  ErosEngineTable *table =
    eros_engine_table_new (temp->table->project, temp->table->dataset, temp->table->name);

  table->temp = temp;
  eros_engine_table_set_columns (table, temp->table->columns, TRUE);
  table->table.source = temp->source;
  return table;
}

static gboolean
is_information (const ErosAstPath *path)
{
  for (guint i = 0; i < path->n_parts; i++)
    if (g_ascii_strcasecmp (path->parts[i].text, "INFORMATION_SCHEMA") == 0)
      return TRUE;
  return path->n_parts > 1 && strcmp (path->parts[path->n_parts - 1].text, "__TABLES__") == 0;
}

static ErosEngineTempTable *
find_temp (ErosRun *run, const ErosAstPath *path)
{
  if (path->n_parts == 1)
    return eros_engine_find_temp_table (run->session, path->parts[0].text);
  if (path->n_parts == 2 && g_ascii_strcasecmp (path->parts[0].text, "_SESSION") == 0)
    return eros_engine_find_temp_table (run->session, path->parts[1].text);
  return NULL;
}

static gboolean
check_dataset (const ErosEngineName *name, const ErosAstSpan *span, GError **error)
{
  gsize good = 0;

  while (g_ascii_isalnum (name->dataset[good]) || name->dataset[good] == '_' || name->dataset[good] == '-')
    good++;
  if (name->dataset[good] == '\0' && good <= 1024)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "Invalid dataset ID \"%s\". Dataset IDs must be alphanumeric (plus underscores and dashes) "
               "and must be at "
               "most 1024 characters long.",
               name->dataset);
  return FALSE;
}

static ErosEngineTable *
load_table (ErosEngineCatalog *self, const ErosAstPath *path, const gint64 *time, GError **error)
{
  ErosEngineTempTable *temp = find_temp (self->run, path);
  ErosStoreTable *store;
  g_auto (ErosEngineName) name = { 0 };

  if (temp != NULL)
    return table_from_temp (temp);
  if (is_information (path))
    return eros_engine_information_table (self->run, path, error);
  if (!eros_engine_resolve_name (self->run, path, FALSE, &name, error))
    return NULL;
  if (!check_dataset (&name, &path->span, error))
    return NULL;
  if (eros_engine_is_wildcard (path) && time != NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "FOR SYSTEM_TIME AS OF is not supported on wildcard tables");
      return NULL;
    }
  if (eros_engine_is_wildcard (path))
    return eros_engine_wildcard_table (self->run, &name, error);
  store = time != NULL ? eros_engine_get_table_at (self->run, &name, *time, error)
                       : eros_engine_get_table (self->run, &name, error);
  if (store != NULL && time != NULL && !eros_engine_sees_all (self->run, store, error))
    g_clear_pointer (&store, eros_store_table_unref);
  return store == NULL ? NULL : table_from_store (self, store, error);
}

static const ErosCatalogTable *
find_table (ErosCatalog *catalog, const ErosAstPath *path, const gint64 *time, GError **error)
{
  ErosEngineCatalog *self = (ErosEngineCatalog *) catalog;
  g_autofree char *joined = join_path (path);
  g_autofree char *key = g_strdup_printf ("%s@%" G_GINT64_FORMAT, joined, time == NULL ? 0 : *time);
  ErosEngineTable *table;

  for (guint i = 0; i < self->tables->len; i++)
    {
      table = g_ptr_array_index (self->tables, i);
      if (g_strcmp0 (table->key, key) == 0)
        return &table->table;
    }
  table = load_table (self, path, time, error);
  if (table == NULL)
    return NULL;
  table->key = g_steal_pointer (&key);
  g_ptr_array_add (self->tables, table);
  return &table->table;
}

/* Routines */

typedef struct
{
  ErosCatalogRoutine routine; /* first */
  ErosCatalogArgument *arguments;
  ErosCatalogArgument *columns;
  char *name;
  ErosStoreRoutine *store;
} EngineRoutine;

static void
routine_free (EngineRoutine *routine)
{
  g_clear_pointer (&routine->store, eros_store_routine_free);
  g_free (routine->arguments);
  g_free (routine->columns);
  g_free (routine->name);
  g_free (routine);
}

static ErosCatalogArgument *
catalog_arguments (GPtrArray *list)
{
  ErosCatalogArgument *arguments = g_new0 (ErosCatalogArgument, MAX (list->len, 1));

  for (guint i = 0; i < list->len; i++)
    {
      ErosStoreArgument *argument = g_ptr_array_index (list, i);

      arguments[i] = (ErosCatalogArgument){ argument->name, argument->type };
    }
  return arguments;
}

static EngineRoutine *
routine_new (char *name, GPtrArray *arguments, const ErosSqlType *returns, const char *body)
{
  EngineRoutine *routine = g_new0 (EngineRoutine, 1);

  routine->name = name;
  routine->arguments = catalog_arguments (arguments);
  routine->routine = (ErosCatalogRoutine){ .name = name,
                                           .arguments = routine->arguments,
                                           .n_arguments = arguments->len,
                                           .returns = returns,
                                           .body = body };
  return routine;
}

static EngineRoutine *
load_routine (ErosRun *run, const ErosAstPath *path, ErosStoreRoutineKind kind)
{
  ErosEngineTempFunction *temp = path->n_parts == 1 && kind == EROS_STORE_FUNCTION
                                   ? eros_engine_find_temp_function (run->session, path->parts[0].text)
                                   : NULL;
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreRoutine) store = NULL;
  EngineRoutine *routine;

  if (temp != NULL)
    {
      routine = routine_new (g_strdup (temp->name), temp->arguments, temp->returns, temp->body);
      routine->routine.is_javascript = temp->is_javascript;
      return routine;
    }
  if (!eros_engine_resolve_name (run, path, FALSE, &name, NULL))
    return NULL;
  store = eros_store_get_routine (run->session->connection, name.project, name.dataset, name.name, NULL);
  if (store == NULL || store->kind != kind)
    return NULL;
  routine = routine_new (g_strdup_printf ("%s.%s.%s", name.project, name.dataset, name.name),
                         store->arguments, store->return_type, store->body);
  routine->routine.is_javascript = store->language != NULL;
  if (store->columns != NULL)
    {
      routine->columns = catalog_arguments (store->columns);
      routine->routine.columns = routine->columns;
      routine->routine.n_columns = store->columns->len;
    }
  routine->store = g_steal_pointer (&store);
  return routine;
}

static const ErosCatalogRoutine *
find_of_kind (ErosEngineCatalog *self, const ErosAstPath *path, ErosStoreRoutineKind kind)
{
  EngineRoutine *routine = load_routine (self->run, path, kind);

  if (routine == NULL)
    return NULL;
  /* the same one each time, so that a function that calls itself is found out */
  for (guint i = 0; i < self->routines->len; i++)
    {
      EngineRoutine *known = g_ptr_array_index (self->routines, i);

      if (strcmp (known->name, routine->name) != 0)
        continue;
      routine_free (routine);
      return &known->routine;
    }
  g_ptr_array_add (self->routines, routine);
  return &routine->routine;
}

static const ErosCatalogRoutine *
find_routine (ErosCatalog *catalog, const ErosAstPath *path, GError **error)
{
  return find_of_kind ((ErosEngineCatalog *) catalog, path, EROS_STORE_FUNCTION);
}

static const ErosCatalogRoutine *
find_table_function (ErosCatalog *catalog, const ErosAstPath *path, GError **error)
{
  return find_of_kind ((ErosEngineCatalog *) catalog, path, EROS_STORE_TABLE_FUNCTION);
}

/* Variables and parameters */

static const ErosSqlType *
find_variable (ErosCatalog *catalog, const char *name)
{
  ErosEngineVariable *variable = eros_engine_find_variable (((ErosEngineCatalog *) catalog)->run, name);

  return variable == NULL ? NULL : variable->type;
}

static const ErosSqlType *
find_parameter (ErosCatalog *catalog, const char *name, guint position)
{
  ErosRunFrame *frame = ((ErosEngineCatalog *) catalog)->run->frame;
  guint at = 0;

  for (guint i = 0; i < frame->n_parameters; i++)
    {
      const ErosEngineParameter *parameter = &frame->parameters[i];

      if (name != NULL ? parameter->name != NULL && g_ascii_strcasecmp (parameter->name, name) == 0
                       : parameter->name == NULL && at++ == position)
        return parameter->value.type;
    }
  return NULL;
}

static const ErosSqlType *
find_system_variable (ErosCatalog *catalog, const ErosAstPath *path)
{
  g_autofree char *name = join_path (path);

  return eros_engine_system_variable_type (name);
}

static gboolean
evaluate (ErosCatalog *catalog, ErosAnalysis *expression, ErosSqlValue *value, GError **error)
{
  return eros_engine_evaluate_analysis (((ErosEngineCatalog *) catalog)->run, expression, value, error);
}

ErosEngineCatalog *
eros_engine_catalog_new (ErosRun *run)
{
  static const ErosCatalogClass class_ = {
    .find_table = find_table,
    .find_routine = find_routine,
    .find_table_function = find_table_function,
    .find_variable = find_variable,
    .find_parameter = find_parameter,
    .find_system_variable = find_system_variable,
    .evaluate = evaluate,
  };
  ErosEngineCatalog *self = g_new0 (ErosEngineCatalog, 1);

  self->catalog.class_ = &class_;
  self->run = run;
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_table_free);
  self->routines = g_ptr_array_new_with_free_func ((GDestroyNotify) routine_free);
  return self;
}

void
eros_engine_catalog_free (ErosEngineCatalog *catalog)
{
  g_ptr_array_unref (catalog->tables);
  g_ptr_array_unref (catalog->routines);
  g_clear_pointer (&catalog->target, eros_store_table_unref);
  g_free (catalog->target_source);
  g_free (catalog);
}
