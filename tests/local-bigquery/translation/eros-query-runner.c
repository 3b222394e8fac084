/* eros-query-runner.c: runs GoogleSQL on a bare SQLite database, for tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-query-runner.h"

#include "eros-function.h"

#include <math.h>

struct _ErosQueryRunner
{
  ErosCatalog catalog; /* first */
  sqlite3 *database;
  ErosFunctionContext context;
  GPtrArray *tables;   /* of ErosCatalogTable */
  GPtrArray *routines; /* of ErosCatalogRoutine */
  GPtrArray *values;   /* of Variable */
  GPtrArray *scripts;
};

typedef struct
{
  ErosParameterKind kind;
  char *name;
  ErosSqlValue value;
} Variable;

static char *
path_text (const ErosAstPath *path)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < path->n_parts; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "." : "", path->parts[i].text);
  return g_string_free (text, FALSE);
}

static const ErosCatalogTable *
find_table (ErosCatalog *catalog, const ErosAstPath *path, const gint64 *system_time, GError **error)
{
  ErosQueryRunner *self = (ErosQueryRunner *) catalog;
  g_autofree char *name = path_text (path);

  for (guint i = 0; i < self->tables->len; i++)
    if (g_ascii_strcasecmp (((ErosCatalogTable *) self->tables->pdata[i])->name, name) == 0)
      return self->tables->pdata[i];
  return NULL;
}

static const ErosCatalogRoutine *
find_routine (ErosCatalog *catalog, const ErosAstPath *path, GError **error)
{
  ErosQueryRunner *self = (ErosQueryRunner *) catalog;
  g_autofree char *name = path_text (path);

  for (guint i = 0; i < self->routines->len; i++)
    if (g_ascii_strcasecmp (((ErosCatalogRoutine *) self->routines->pdata[i])->name, name) == 0)
      return self->routines->pdata[i];
  return NULL;
}

static Variable *
find_value (ErosQueryRunner *self, ErosParameterKind kind, const char *name)
{
  for (guint i = 0; i < self->values->len; i++)
    {
      Variable *variable = self->values->pdata[i];

      if (variable->kind == kind && g_ascii_strcasecmp (variable->name, name) == 0)
        return variable;
    }
  return NULL;
}

static const ErosSqlType *
find_variable (ErosCatalog *catalog, const char *name)
{
  Variable *variable = find_value ((ErosQueryRunner *) catalog, EROS_PARAMETER_VARIABLE, name);

  return variable != NULL ? variable->value.type : NULL;
}

static const ErosSqlType *
find_parameter (ErosCatalog *catalog, const char *name, guint position)
{
  g_autofree char *number = g_strdup_printf ("%u", position);
  Variable *variable =
    find_value ((ErosQueryRunner *) catalog, name != NULL ? EROS_PARAMETER_NAMED : EROS_PARAMETER_POSITIONAL,
                name != NULL ? name : number);

  return variable != NULL ? variable->value.type : NULL;
}

static const ErosSqlType *
find_system_variable (ErosCatalog *catalog, const ErosAstPath *path)
{
  g_autofree char *name = path_text (path);
  Variable *variable = find_value ((ErosQueryRunner *) catalog, EROS_PARAMETER_SYSTEM, name);

  return variable != NULL ? variable->value.type : NULL;
}

static const ErosCatalogClass class_ = {
  .find_table = find_table,
  .find_routine = find_routine,
  .find_variable = find_variable,
  .find_parameter = find_parameter,
  .find_system_variable = find_system_variable,
};

ErosQueryRunner *
eros_query_runner_new (void)
{
  ErosQueryRunner *self = g_new0 (ErosQueryRunner, 1);

  self->catalog.class_ = &class_;
  self->context.now = G_GINT64_CONSTANT (1735689600000000);
  self->context.session_user = "tester@example.com";
  self->tables = g_ptr_array_new_with_free_func (g_free);
  self->routines = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new ();
  self->scripts = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_script_unref);
  g_assert_cmpint (sqlite3_open (":memory:", &self->database), ==, SQLITE_OK);
  g_assert_true (eros_functions_register (self->database, &self->context, NULL));
  return self;
}

void
eros_query_runner_free (ErosQueryRunner *self)
{
  sqlite3_close (self->database);
  for (guint i = 0; i < self->tables->len; i++)
    {
      ErosCatalogTable *table = self->tables->pdata[i];

      for (guint j = 0; j < table->n_columns; j++)
        g_free ((char *) table->columns[j].name);
      g_free ((gpointer) table->columns);
      g_free ((char *) table->name);
      g_free ((char *) table->source);
      g_free ((char *) table->view_sql);
    }
  for (guint i = 0; i < self->routines->len; i++)
    {
      ErosCatalogRoutine *routine = self->routines->pdata[i];

      g_free ((char *) routine->name);
      g_free ((char *) routine->body);
      g_free ((gpointer) routine->arguments);
    }
  for (guint i = 0; i < self->values->len; i++)
    {
      Variable *variable = self->values->pdata[i];

      eros_sql_value_clear (&variable->value);
      g_free (variable->name);
      g_free (variable);
    }
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->routines);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->scripts);
  g_free (self);
}

ErosCatalog *
eros_query_runner_get_catalog (ErosQueryRunner *self)
{
  return &self->catalog;
}

sqlite3 *
eros_query_runner_get_database (ErosQueryRunner *self)
{
  return self->database;
}

/* ---- tables -------------------------------------------------------------------------------------------- */

/* A cell as the test files have it: numbers as numbers, all else as text. */
static void
read_cell (JsonNode *node, const ErosSqlType *type, ErosSqlValue *value)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    {
      eros_sql_value_set_null (value, type);
      return;
    }
  if (eros_sql_type_is (type, EROS_SQL_ARRAY))
    {
      JsonArray *array = json_node_get_array (node);
      ErosSqlBuilder builder;

      eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_auto (ErosSqlValue) element = EROS_SQL_VALUE_INIT;

          read_cell (json_array_get_element (array, i), eros_sql_type_get_element (type), &element);
          eros_sql_builder_add (&builder, &element);
        }
      eros_sql_builder_end_value (&builder, type, value);
      return;
    }
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_dup_string (node);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    text = g_strdup (json_node_get_boolean (node) ? "true" : "false");
  else
    text = json_to_string (node, FALSE);
  g_assert_true (eros_sql_value_from_text (type, text, -1, value, &error));
  g_assert_no_error (error);
}

static void
insert_rows (ErosQueryRunner *self, const ErosCatalogTable *table, JsonArray *rows)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_string_append_printf (sql, "INSERT INTO %s VALUES (", table->source);
  for (guint i = 0; i < table->n_columns; i++)
    g_string_append (sql, i > 0 ? ", ?" : "?");
  g_string_append_c (sql, ')');
  g_assert_cmpint (sqlite3_prepare_v2 (self->database, sql->str, -1, &statement, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonArray *row = json_array_get_array_element (rows, i);

      for (guint j = 0; j < table->n_columns; j++)
        {
          g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

          read_cell (json_array_get_element (row, j), table->columns[j].type, &value);
          eros_sql_value_bind (&value, statement, (int) j + 1);
          g_assert_true (j + 1 < table->n_columns || sqlite3_step (statement) == SQLITE_DONE);
        }
      sqlite3_reset (statement);
    }
  sqlite3_finalize (statement);
}

/* @table: {"columns": [["name", "TYPE"], …], "rows": [[…], …]} */
void
eros_query_runner_add_table (ErosQueryRunner *self, const char *name, JsonObject *table)
{
  JsonArray *columns = json_object_get_array_member (table, "columns");
  guint n = json_array_get_length (columns);
  ErosCatalogColumn *made = g_new0 (ErosCatalogColumn, n);
  ErosCatalogTable *result = g_new0 (ErosCatalogTable, 1);
  g_autoptr (GString) sql = g_string_new (NULL);

  result->project = "p";
  result->dataset = "d";
  result->name = g_strdup (name);
  result->columns = made;
  result->n_columns = n;
  result->source = g_strdup_printf ("t_%u", self->tables->len);
  g_string_append_printf (sql, "CREATE TABLE %s (", result->source);
  for (guint i = 0; i < n; i++)
    {
      JsonArray *column = json_array_get_array_element (columns, i);

      made[i].name = g_strdup (json_array_get_string_element (column, 0));
      made[i].type = eros_sql_type_parse (json_array_get_string_element (column, 1), NULL);
      if (json_array_get_length (column) > 2)
        made[i].default_ = json_array_get_string_element (column, 2);
      g_assert_nonnull (made[i].type);
      g_string_append_printf (sql, "%s\"%s\"", i > 0 ? ", " : "", made[i].name);
    }
  g_string_append_c (sql, ')');
  g_assert_cmpint (sqlite3_exec (self->database, sql->str, NULL, NULL, NULL), ==, SQLITE_OK);
  g_ptr_array_add (self->tables, result);
  insert_rows (self, result, json_object_get_array_member (table, "rows"));
}

void
eros_query_runner_add_view (ErosQueryRunner *self, const char *name, const char *sql)
{
  ErosCatalogTable *view = g_new0 (ErosCatalogTable, 1);

  view->kind = EROS_CATALOG_VIEW;
  view->project = "p";
  view->dataset = "d";
  view->name = g_strdup (name);
  view->view_sql = g_strdup (sql);
  g_ptr_array_add (self->tables, view);
}

void
eros_query_runner_add_routine (ErosQueryRunner *self, const char *create_function)
{
  g_autoptr (GError) error = NULL;
  ErosScript *script = eros_syntax_parse (create_function, -1, &error);
  const ErosAstCreateFunction *ast = NULL;
  ErosCatalogRoutine *routine = g_new0 (ErosCatalogRoutine, 1);
  ErosCatalogArgument *arguments = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (self->scripts, script);
  ast = &eros_script_get_statements (script)->items[0]->create_function;
  arguments = g_new0 (ErosCatalogArgument, MAX (ast->n_parameters, 1));
  for (guint i = 0; i < ast->n_parameters; i++)
    {
      arguments[i].name = ast->parameters[i].name.text;
      if (ast->parameters[i].type != NULL)
        arguments[i].type = eros_analyze_type (ast->parameters[i].type, NULL);
    }
  routine->name = path_text (&ast->create.path);
  routine->arguments = arguments;
  routine->n_arguments = ast->n_parameters;
  routine->returns = ast->returns != NULL ? eros_analyze_type (ast->returns, NULL) : NULL;
  routine->body = eros_script_dup_span (script, &ast->body_span);
  g_ptr_array_add (self->routines, routine);
}

void
eros_query_runner_add_variable (ErosQueryRunner *self,
                                ErosParameterKind kind,
                                const char *name,
                                const char *type,
                                const char *value)
{
  Variable *variable = g_new0 (Variable, 1);

  variable->kind = kind;
  variable->name = g_strdup (name);
  if (value == NULL)
    eros_sql_value_set_null (&variable->value, eros_sql_type_parse (type, NULL));
  else
    g_assert_true (
      eros_sql_value_from_text (eros_sql_type_parse (type, NULL), value, -1, &variable->value, NULL));
  g_ptr_array_add (self->values, variable);
}

/* ---- running ------------------------------------------------------------------------------------------- */

static ErosAnalysis *
analyze (ErosQueryRunner *self, const char *sql, GError **error)
{
  g_autoptr (ErosScript) script = eros_syntax_parse (sql, -1, error);
  const ErosAstStatement *statement = NULL;

  if (script == NULL)
    return NULL;
  if (eros_script_get_statements (script)->length != 1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "not one statement");
      return NULL;
    }
  statement = eros_script_get_statements (script)->items[0];
  g_ptr_array_add (self->scripts, eros_script_ref (script));
  if (statement->kind == EROS_AST_STATEMENT_QUERY)
    return eros_analyze_query (statement->query, &self->catalog, error);
  return eros_analyze_dml (statement, &self->catalog, error);
}

char *
eros_query_runner_translate (ErosQueryRunner *self, const char *sql, GError **error)
{
  g_autoptr (ErosAnalysis) analysis = analyze (self, sql, error);

  return analysis != NULL ? eros_translate (analysis, error) : NULL;
}

static char *
timestamp_text (gint64 micros)
{
  g_autoptr (GDateTime) time =
    g_date_time_new_from_unix_utc ((micros - ((micros % 1000000) + 1000000) % 1000000) / 1000000);
  g_autofree char *seconds = NULL;
  gint64 rest = ((micros % 1000000) + 1000000) % 1000000;

  seconds = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d", g_date_time_get_year (time),
                             g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                             g_date_time_get_hour (time), g_date_time_get_minute (time),
                             g_date_time_get_second (time));
  return rest == 0 ? g_strdup_printf ("%sZ", seconds)
                   : g_strdup_printf ("%s.%06" G_GINT64_FORMAT "Z", seconds, rest);
}

static JsonNode *
string_node (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return node;
}

static JsonNode *
number_node (double real)
{
  JsonNode *node = NULL;

  if (isnan (real))
    return string_node ("NaN");
  if (isinf (real))
    return string_node (real > 0 ? "Infinity" : "-Infinity");
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_double (node, real);
  return node;
}

static JsonNode *value_node (const ErosSqlValue *value);

static JsonNode *
list_node (const ErosSqlValue *value)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  ErosSqlReader reader;

  json_node_take_array (node, json_array_new ());
  g_assert_true (eros_sql_reader_init (&reader, value->data, value->size));
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlType *type =
        array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;
      g_auto (ErosSqlValue) element = EROS_SQL_VALUE_INIT;

      g_assert_true (eros_sql_reader_next_value (&reader, type, &element));
      json_array_add_element (json_node_get_array (node), value_node (&element));
    }
  return node;
}

static JsonNode *
value_node (const ErosSqlValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *made = NULL;
  JsonNode *node = NULL;

  if (value->is_null)
    return json_node_new (JSON_NODE_NULL);
  switch (eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_INT64:
      if (value->integer > G_GINT64_CONSTANT (9007199254740991) ||
          value->integer < -G_GINT64_CONSTANT (9007199254740991))
        break;
      node = json_node_new (JSON_NODE_VALUE);
      json_node_set_int (node, value->integer);
      return node;
    case EROS_SQL_BOOL:
      node = json_node_new (JSON_NODE_VALUE);
      json_node_set_boolean (node, value->integer != 0);
      return node;
    case EROS_SQL_FLOAT64:
      return number_node (value->real);
    case EROS_SQL_BYTES:
      made = g_base64_encode ((const guchar *) value->data, value->size);
      return string_node (made);
    case EROS_SQL_TIMESTAMP:
      made = timestamp_text (value->integer);
      return string_node (made);
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      return list_node (value);
    case EROS_SQL_STRING:
    case EROS_SQL_JSON:
      made = g_strndup (value->data, value->size);
      return string_node (made);
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
      break;
    case EROS_SQL_DATETIME:
      eros_sql_value_append_cast (value, text);
      if (text->len > 10)
        text->str[10] = 'T';
      return string_node (text->str);
    }
  eros_sql_value_append_cast (value, text);
  return string_node (text->str);
}

static void
bind_all (ErosQueryRunner *self, const ErosAnalysis *analysis, sqlite3_stmt *statement)
{
  for (guint i = 0; i < analysis->parameters->len; i++)
    {
      const ErosResolvedParameter *parameter = analysis->parameters->pdata[i];
      g_autofree char *number = g_strdup_printf ("%u", parameter->position);
      Variable *variable = find_value (
        self, parameter->kind, parameter->kind == EROS_PARAMETER_POSITIONAL ? number : parameter->name);

      g_assert_nonnull (variable);
      g_assert_cmpint (eros_sql_value_bind (&variable->value, statement, (int) parameter->slot + 1), ==,
                       SQLITE_OK);
    }
}

static JsonArray *
read_rows (const ErosAnalysis *analysis, sqlite3_stmt *statement, int *code)
{
  JsonArray *rows = json_array_new ();

  while ((*code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      JsonArray *row = json_array_new ();

      for (guint i = 0; i < analysis->query->columns->len; i++)
        {
          const ErosColumn *column = analysis->query->columns->pdata[i];
          g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

          eros_sql_value_load_column (&value, column->type, statement, (int) i);
          json_array_add_element (row, value_node (&value));
        }
      json_array_add_array_element (rows, row);
    }
  return rows;
}

static JsonArray *
describe_columns (const ErosAnalysis *analysis)
{
  JsonArray *columns = json_array_new ();

  for (guint i = 0; i < analysis->query->columns->len; i++)
    {
      const ErosColumn *column = analysis->query->columns->pdata[i];
      JsonArray *pair = json_array_new ();

      json_array_add_string_element (pair, column->name != NULL ? column->name : "");
      json_array_add_string_element (pair, eros_sql_type_get_name (column->type));
      json_array_add_array_element (columns, pair);
    }
  return columns;
}

static JsonObject *
error_object (const char *message)
{
  JsonObject *result = json_object_new ();

  json_object_set_string_member (result, "error", message);
  return result;
}

/* {"columns": [[name, type], …], "rows": [[…], …]} or {"error": text} */
JsonObject *
eros_query_runner_run (ErosQueryRunner *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosAnalysis) analysis = analyze (self, sql, &error);
  g_autofree char *text = analysis != NULL ? eros_translate (analysis, &error) : NULL;
  g_autoptr (JsonArray) rows = NULL;
  JsonObject *result = NULL;
  sqlite3_stmt *statement = NULL;
  int code = SQLITE_OK;

  if (text == NULL)
    return error_object (error->message);
  if (sqlite3_prepare_v2 (self->database, text, -1, &statement, NULL) != SQLITE_OK)
    {
      g_autofree char *message = g_strdup_printf ("SQLITE: %s: %s", sqlite3_errmsg (self->database), text);

      return error_object (message);
    }
  bind_all (self, analysis, statement);
  rows = read_rows (analysis, statement, &code);
  if (code != SQLITE_DONE)
    result = error_object (sqlite3_errmsg (self->database));
  else
    {
      result = json_object_new ();
      json_object_set_array_member (result, "columns", describe_columns (analysis));
      json_object_set_array_member (result, "rows", g_steal_pointer (&rows));
    }
  sqlite3_finalize (statement);
  return result;
}
