/* eros-from.c: FROM: tables, views, subqueries and arrays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

void
eros_use_table (ErosAnalyzer *self, const ErosCatalogTable *table)
{
  GPtrArray *tables = self->result->analysis.tables;
  ErosTableUse *use = NULL;

  for (guint i = 0; i < tables->len; i++)
    if (((ErosTableUse *) tables->pdata[i])->table == table)
      return;
  use = new_node (self, ErosTableUse);
  use->table = table;
  use->columns = eros_arena_alloc (self->arena, sizeof (gboolean) * MAX (table->n_columns, 1));
  use->unfiltered = eros_arena_alloc (self->arena, sizeof (gboolean) * MAX (table->n_columns, 1));
  use->through_view = self->in_view;
  g_ptr_array_add (tables, use);
}

ErosRelation *
eros_table_relation (ErosAnalyzer *self, const ErosCatalogTable *table, gconstpointer owner)
{
  ErosRelation *relation = eros_analyzer_relation (self, EROS_RELATION_TABLE);

  relation->table = table;
  for (guint i = 0; i < table->n_columns; i++)
    {
      ErosColumn *column = eros_analyzer_column (self, table->columns[i].name, table->columns[i].type, owner);

      column->relation = relation;
      column->index = i;
      g_ptr_array_add (relation->columns, column);
    }
  g_ptr_array_add (self->relations, relation);
  return relation;
}

/* New columns for what a query yields. */
static void
add_query_columns (ErosAnalyzer *self, ErosRelation *relation, const ErosQuery *query, gconstpointer owner)
{
  for (guint i = 0; i < query->columns->len; i++)
    {
      const ErosColumn *inner = query->columns->pdata[i];
      ErosColumn *column = eros_analyzer_column (self, inner->name, inner->type, owner);

      column->relation = relation;
      column->index = i;
      g_ptr_array_add (relation->columns, column);
    }
}

ErosNames *
eros_relation_names (ErosAnalyzer *self, ErosRelation *relation, gboolean is_value)
{
  ErosNames *names = eros_names_new (self);

  if (is_value)
    {
      ErosColumn *column = relation->columns->pdata[0];

      eros_names_add_value (self, names, column->name, column);
      return names;
    }
  for (guint i = 0; i < relation->columns->len; i++)
    {
      ErosColumn *column = relation->columns->pdata[i];

      if (relation->kind == EROS_RELATION_TABLE && relation->table->columns[i].hidden)
        eros_names_add_hidden (self, names, column->name, column);
      else
        eros_names_add_column (self, names, column->name, column, -1);
    }
  return names;
}

/* Adds a relation under its alias; without one its columns are seen all the same. */
static void
show (ErosAnalyzer *self, ErosNames *names, ErosRelation *relation, const char *alias, gboolean is_value)
{
  ErosNames *own = eros_relation_names (self, relation, is_value);

  if (is_value && alias != NULL && !eros_sql_type_is (own->value->type, EROS_SQL_STRUCT))
    {
      ErosNames *renamed = eros_names_new (self);

      eros_names_add_value (self, renamed, alias, own->value);
      own = renamed;
    }
  eros_names_merge (self, names, own);
  if (alias != NULL)
    eros_names_add_range (self, names, alias, own);
}

static ErosRelation *
query_relation (ErosAnalyzer *self, ErosQuery *query, ErosSelect *owner)
{
  ErosRelation *relation = eros_analyzer_relation (self, EROS_RELATION_QUERY);

  relation->query = query;
  add_query_columns (self, relation, query, owner);
  return relation;
}

/* ---- WITH ---------------------------------------------------------------------------------------------- */

static ErosRelation *
find_cte (ErosAnalyzer *self, const ErosAstTableRef *ast, ErosSelect *owner)
{
  for (guint i = self->ctes->len; ast->path.n_parts == 1 && i-- > 0;)
    {
      ErosCte *cte = self->ctes->pdata[i];
      ErosRelation *relation = NULL;

      if (g_ascii_strcasecmp (cte->name, ast->path.parts[0].text) != 0)
        continue;
      relation = eros_analyzer_relation (self, EROS_RELATION_CTE);
      relation->cte = cte;
      cte->n_uses++;
      add_query_columns (self, relation, cte->query, owner);
      return relation;
    }
  return NULL;
}

/* ---- views --------------------------------------------------------------------------------------------- */

/* A query that stands elsewhere: it sees @arguments (nullable), and nothing of where it is used. */
static ErosQuery *
analyze_text (ErosAnalyzer *self, const char *text, GHashTable *arguments, GError **error)
{
  ErosAnalyzer saved = *self;
  ErosScript *script = eros_syntax_parse (text, -1, error);
  const ErosAstStatements *statements = script != NULL ? eros_script_get_statements (script) : NULL;
  ErosQuery *query = NULL;

  if (script == NULL)
    return NULL;
  eros_analyzer_own (self, script, (GDestroyNotify) eros_script_unref);
  if (statements->length != 1 || statements->items[0]->kind != EROS_AST_STATEMENT_QUERY)
    {
      g_set_error (error, EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_INVALID, "Its text is not a query");
      return NULL;
    }
  self->ctes = eros_analyzer_list (self);
  self->arguments = arguments;
  self->in_view = TRUE;
  query = eros_analyze_body_query (self, NULL, statements->items[0]->query, error);
  self->ctes = saved.ctes;
  self->arguments = saved.arguments;
  self->in_view = saved.in_view;
  return query;
}

static ErosQuery *
analyze_view (ErosAnalyzer *self, const ErosCatalogTable *view, GError **error)
{
  ErosQuery *query = NULL;

  g_ptr_array_add (self->views, (gpointer) view);
  query = analyze_text (self, view->view_sql, NULL, error);
  g_ptr_array_set_size (self->views, (int) self->views->len - 1);
  return query;
}

static ErosRelation *
view_relation (ErosAnalyzer *self,
               const ErosCatalogTable *view,
               ErosSelect *owner,
               const ErosAstSpan *span,
               GError **error)
{
  g_autoptr (GError) reason = NULL;
  ErosRelation *relation = NULL;
  ErosQuery *query = NULL;

  if (g_ptr_array_find (self->views, view, NULL))
    return eros_analyzer_fail (span, error, "View %s.%s refers to itself", view->dataset, view->name);
  query = analyze_view (self, view, &reason);
  if (query == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&reason), "Invalid view %s:%s.%s: ", view->project,
                                  view->dataset, view->name);
      return NULL;
    }
  eros_use_table (self, view);
  relation = query_relation (self, query, owner);
  for (guint i = 0; view->view_columns != NULL && view->view_columns[i] != NULL && i < relation->columns->len;
       i++)
    ((ErosColumn *) relation->columns->pdata[i])->name = view->view_columns[i];
  return relation;
}

/* ---- tables -------------------------------------------------------------------------------------------- */

/* FOR SYSTEM_TIME AS OF must be known before the table is looked up. */
static gboolean
evaluate_time (ErosAnalyzer *self, const ErosAstExpr *ast, gint64 *time, GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  g_autoptr (ErosAnalysis) expression = NULL;
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  ErosAnalyzer inner;
  ErosScope scope = { .clause = "FOR SYSTEM_TIME AS OF clause" };

  eros_analyzer_init (&inner, self->catalog);
  inner.depth = self->depth;
  inner.in_view = self->in_view;
  inner.result->analysis.expression = eros_analyze_expr (&inner, &scope, ast, error);
  if (inner.result->analysis.expression != NULL &&
      !eros_expr_assignable (inner.result->analysis.expression, eros_sql_type (EROS_SQL_TIMESTAMP)))
    {
      eros_analyzer_fail (&ast->span, error,
                          "FOR SYSTEM_TIME AS OF must be of type TIMESTAMP but was of type %s",
                          eros_sql_type_get_name (inner.result->analysis.expression->type));
      inner.result->analysis.expression = NULL;
    }
  if (inner.result->analysis.expression != NULL)
    inner.result->analysis.expression =
      eros_coerce (&inner, inner.result->analysis.expression, eros_sql_type (EROS_SQL_TIMESTAMP), error);
  expression = eros_analyzer_finish (&inner, inner.result->analysis.expression != NULL);
  if (expression == NULL)
    return FALSE;
  if (class->evaluate == NULL)
    return !!eros_analyzer_refuse (&ast->span, error, "FOR SYSTEM_TIME AS OF is not supported here");
  if (!class->evaluate (self->catalog, expression, &value, error))
    return !!eros_analyzer_place (&ast->span, error);
  if (value.is_null)
    return !!eros_analyzer_fail (&ast->span, error, "FOR SYSTEM_TIME AS OF must not be NULL");
  *time = value.integer;
  self->result->analysis.is_volatile = TRUE;
  return TRUE;
}

static gpointer
fail_not_found (const ErosAstPath *path, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < path->n_parts; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "." : "", path->parts[i].text);
  return eros_analyzer_fail (&path->span, error, "Table not found: %s", text->str);
}

/* A table of which not all rows are seen is read whole by the query that says which. */
static gboolean
is_within (ErosAnalyzer *self, const ErosCatalogTable *table)
{
  for (guint i = 0; i < self->views->len; i++)
    {
      const ErosCatalogTable *view = self->views->pdata[i];

      if (view->kind == EROS_CATALOG_TABLE && strcmp (view->project, table->project) == 0 &&
          strcmp (view->dataset, table->dataset) == 0 && strcmp (view->name, table->name) == 0)
        return TRUE;
    }
  return FALSE;
}

static ErosRelation *
eros_analyze_table (ErosAnalyzer *self,
                    const ErosAstPath *path,
                    const ErosAstName *alias,
                    const ErosAstExpr *time,
                    ErosSelect *owner,
                    ErosNames *names,
                    GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  const ErosCatalogTable *table = NULL;
  const char *name = alias != NULL ? alias->text : path->parts[path->n_parts - 1].text;
  g_autoptr (GError) reason = NULL;
  ErosRelation *relation = NULL;
  gint64 moment = 0;

  if (time != NULL && !evaluate_time (self, time, &moment, error))
    return NULL;
  if (class->find_table != NULL)
    table = class->find_table (self->catalog, path, time != NULL ? &moment : NULL, &reason);
  if (table == NULL && reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return eros_analyzer_place (&path->span, error);
    }
  if (table == NULL)
    return fail_not_found (path, error);
  if (table->kind == EROS_CATALOG_VIEW || (table->view_sql != NULL && !is_within (self, table)))
    relation = view_relation (self, table, owner, &path->span, error);
  else
    {
      eros_use_table (self, table);
      relation = eros_table_relation (self, table, owner);
    }
  if (relation != NULL)
    show (self, names, relation, name, relation->kind == EROS_RELATION_QUERY && relation->query->is_value);
  return relation;
}

/* ---- table functions ----------------------------------------------------------------------------------- */

/* What BigQuery has of its own, and this server has not, is refused by name. */
static ErosRelation *
fail_no_function (const ErosAstPath *path, GError **error)
{
  static const char *const elsewhere[] = { "APPENDS",        "CHANGES",     "EXTERNAL_OBJECT_TRANSFORM",
                                           "EXTERNAL_QUERY", "GAP_FILL",    "VECTOR_SEARCH",
                                           "GRAPH_TABLE",    "RANGE_EXPAND" };
  const char *name = path->parts[path->n_parts - 1].text;
  gboolean model = path->n_parts == 2 && (g_ascii_strcasecmp (path->parts[0].text, "ML") == 0 ||
                                          g_ascii_strcasecmp (path->parts[0].text, "AI") == 0);

  for (guint i = 0; i < G_N_ELEMENTS (elsewhere) && !model; i++)
    model = path->n_parts == 1 && g_ascii_strcasecmp (name, elsewhere[i]) == 0;
  if (!model)
    return eros_analyzer_fail (&path->span, error, "Table-valued function not found: %s", name);
  g_set_error (error, EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_UNSUPPORTED,
               "The table function %s%s%s is not supported by the local BigQuery at [%u:%u]",
               path->n_parts == 2 ? path->parts[0].text : "", path->n_parts == 2 ? "." : "", name,
               path->span.line, path->span.column);
  return NULL;
}

/* Columns as RETURNS TABLE<…> declares them. */
static gboolean
declare_columns (ErosAnalyzer *self,
                 const ErosCatalogRoutine *routine,
                 ErosQuery **query,
                 const ErosAstSpan *span,
                 GError **error)
{
  g_autofree const ErosSqlType **types = g_new0 (const ErosSqlType *, routine->n_columns + 1);

  if (routine->n_columns == 0)
    return TRUE;
  if (routine->n_columns != (*query)->columns->len)
    return !!eros_analyzer_fail (span, error, "Table function %s returns %u columns, but declares %u",
                                 routine->name, (*query)->columns->len, routine->n_columns);
  for (guint i = 0; i < routine->n_columns; i++)
    types[i] = routine->columns[i].type;
  *query = eros_coerce_query (self, *query, types, span, error);
  if (*query == NULL)
    return FALSE;
  for (guint i = 0; i < routine->n_columns; i++)
    ((ErosColumn *) (*query)->columns->pdata[i])->name = routine->columns[i].name;
  return TRUE;
}

static ErosQuery *
call_table_function (ErosAnalyzer *self,
                     const ErosAstTableRef *ast,
                     const ErosCatalogRoutine *routine,
                     GError **error)
{
  GHashTable *arguments = eros_table_function_arguments (self, routine, ast, error);
  ErosQuery *query = NULL;

  if (arguments == NULL)
    return NULL;
  if (g_ptr_array_find (self->routines, routine, NULL))
    return eros_analyzer_fail (&ast->path.span, error, "Table function %s calls itself, which is not allowed",
                               routine->name);
  g_ptr_array_add (self->routines, (gpointer) routine);
  query = analyze_text (self, routine->body, arguments, error);
  g_ptr_array_set_size (self->routines, (int) self->routines->len - 1);
  if (query == NULL)
    g_prefix_error (error, "In the body of table function %s: ", routine->name);
  return query != NULL && declare_columns (self, routine, &query, &ast->path.span, error) ? query : NULL;
}

static ErosRelation *
analyze_table_call (ErosAnalyzer *self,
                    const ErosAstTableRef *ast,
                    ErosSelect *owner,
                    ErosNames *names,
                    GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  const char *name = ast->path.parts[ast->path.n_parts - 1].text;
  const ErosCatalogRoutine *routine = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  ErosRelation *relation = NULL;
  ErosQuery *query = NULL;

  if (ast->path.n_parts == 1 && g_ascii_strcasecmp (name, "RANGE_SESSIONIZE") == 0)
    {
      text = eros_sessionize_text (ast, error);
      query = text != NULL ? analyze_text (self, text, NULL, error) : NULL;
    }
  else
    {
      if (class->find_table_function != NULL)
        routine = class->find_table_function (self->catalog, &ast->path, &reason);
      if (routine == NULL && reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return eros_analyzer_place (&ast->path.span, error);
        }
      if (routine == NULL)
        return fail_no_function (&ast->path, error);
      query = call_table_function (self, ast, routine, error);
    }
  if (query == NULL)
    return NULL;
  relation = query_relation (self, query, owner);
  show (self, names, relation, ast->alias != NULL ? ast->alias->text : NULL, query->is_value);
  return relation;
}

/* ---- arrays -------------------------------------------------------------------------------------------- */

static ErosRelation *
unnest_relation (ErosAnalyzer *self,
                 ErosExpr *array,
                 const char *alias,
                 gboolean with_offset,
                 const char *offset_alias,
                 ErosSelect *owner,
                 ErosNames *names)
{
  ErosRelation *relation = eros_analyzer_relation (self, EROS_RELATION_UNNEST);
  ErosColumn *element = eros_analyzer_column (self, alias, eros_sql_type_get_element (array->type), owner);

  relation->unnest.array = array;
  relation->unnest.with_offset = with_offset;
  element->relation = relation;
  g_ptr_array_add (relation->columns, element);
  show (self, names, relation, alias, TRUE);
  if (with_offset)
    {
      const char *name = offset_alias != NULL ? offset_alias : "offset";
      ErosColumn *offset = eros_analyzer_column (self, name, eros_sql_type (EROS_SQL_INT64), owner);

      offset->relation = relation;
      offset->index = 1;
      g_ptr_array_add (relation->columns, offset);
      eros_names_add_column (self, names, name, offset, -1);
    }
  return relation;
}

static ErosRelation *
analyze_unnest (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosAstFrom *ast,
                ErosSelect *owner,
                ErosNames *names,
                GError **error)
{
  const ErosAstUnnest *unnest = &ast->unnest;
  const char *alias = unnest->alias != NULL ? unnest->alias->text : NULL;
  ErosExpr *array = eros_analyze_expr (self, scope, unnest->expr, error);

  if (array == NULL)
    return NULL;
  if (array->form == EROS_SQL_FORM_EMPTY_ARRAY)
    array = eros_coerce (self, array, array->type, error);
  if (!eros_sql_type_is (array->type, EROS_SQL_ARRAY))
    return eros_analyzer_fail (&unnest->expr->span, error,
                               "Values referenced in UNNEST must be arrays. UNNEST contains "
                               "expression of type %s",
                               eros_sql_type_get_name (array->type));
  if (alias == NULL && unnest->expr->kind == EROS_AST_PATH)
    alias = unnest->expr->path.parts[unnest->expr->path.n_parts - 1].text;
  return unnest_relation (self, array, alias, unnest->with_offset,
                          unnest->offset_alias != NULL ? unnest->offset_alias->text : NULL, owner, names);
}

/* FROM t, t.items: a path whose first part is a range variable names an array. */
static ErosRelation *
analyze_array_path (ErosAnalyzer *self,
                    ErosScope *scope,
                    const ErosAstTableRef *ast,
                    ErosSelect *owner,
                    ErosNames *names,
                    GError **error)
{
  ErosAstExpr path = { .kind = EROS_AST_PATH, .span = ast->path.span, .path = ast->path };
  const char *alias = ast->alias != NULL ? ast->alias->text : ast->path.parts[ast->path.n_parts - 1].text;
  ErosExpr *array = eros_analyze_path (self, scope, &path, error);

  if (array == NULL)
    return NULL;
  if (!eros_sql_type_is (array->type, EROS_SQL_ARRAY))
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; i < ast->path.n_parts; i++)
        g_string_append_printf (text, "%s%s", i > 0 ? "." : "", ast->path.parts[i].text);
      return eros_analyzer_fail (&ast->path.span, error,
                                 "Values referenced in FROM clause must be arrays. %s has type %s", text->str,
                                 eros_sql_type_get_name (array->type));
    }
  return unnest_relation (self, array, alias, ast->with_offset,
                          ast->offset_alias != NULL ? ast->offset_alias->text : NULL, owner, names);
}

static ErosRelation *
analyze_table_ref (ErosAnalyzer *self,
                   ErosScope *scope,
                   const ErosAstFrom *ast,
                   ErosSelect *owner,
                   ErosNames *names,
                   GError **error)
{
  const ErosAstTableRef *table = &ast->table;
  ErosRelation *relation = NULL;

  if (table->path.n_parts > 1 && table->system_time == NULL &&
      eros_find_range (scope, table->path.parts[0].text) != NULL)
    return analyze_array_path (self, scope, table, owner, names, error);
  if (table->is_call)
    return analyze_table_call (self, table, owner, names, error);
  if (table->with_offset)
    return eros_analyzer_fail (&ast->span, error, "WITH OFFSET can only be used with array paths and UNNEST");
  relation = find_cte (self, table, owner);
  if (relation == NULL)
    return eros_analyze_table (self, &table->path, table->alias, table->system_time, owner, names, error);
  if (table->system_time != NULL)
    return eros_analyzer_fail (&table->system_time->span, error,
                               "FOR SYSTEM_TIME AS OF cannot be used with tables defined in WITH");
  show (self, names, relation, table->alias != NULL ? table->alias->text : table->path.parts[0].text,
        relation->cte->query->is_value);
  return relation;
}

static ErosRelation *
analyze_from_subquery (ErosAnalyzer *self,
                       ErosScope *outer,
                       const ErosAstFrom *ast,
                       ErosSelect *owner,
                       ErosNames *names,
                       GError **error)
{
  ErosQuery *query = eros_analyze_body_query (self, outer, ast->subquery.query, error);
  ErosRelation *relation = NULL;

  if (query == NULL)
    return NULL;
  relation = query_relation (self, query, owner);
  show (self, names, relation, ast->subquery.alias != NULL ? ast->subquery.alias->text : NULL,
        query->is_value);
  return relation;
}

/* One item of FROM. @left holds the names of what stands to its left, which arrays may use. */
ErosRelation *
eros_analyze_from_item (ErosAnalyzer *self,
                        ErosScope *outer,
                        const ErosAstFrom *ast,
                        ErosSelect *owner,
                        ErosNames *left,
                        ErosNames *names,
                        GError **error)
{
  ErosScope scope = { .parent = outer, .names = left, .clause = "FROM clause" };
  ErosRelation *relation = NULL;

  if (!eros_analyzer_enter (self, &ast->span, error))
    return NULL;
  switch (ast->kind)
    {
    case EROS_AST_FROM_TABLE:
      relation = analyze_table_ref (self, &scope, ast, owner, names, error);
      break;
    case EROS_AST_FROM_UNNEST:
      relation = analyze_unnest (self, &scope, ast, owner, names, error);
      break;
    case EROS_AST_FROM_SUBQUERY:
      relation = analyze_from_subquery (self, outer, ast, owner, names, error);
      break;
    case EROS_AST_FROM_JOIN:
      relation = eros_analyze_join (self, outer, ast, owner, left, names, error);
      break;
    }
  eros_analyzer_leave (self);
  return relation;
}

ErosRelation *
eros_analyze_from (ErosAnalyzer *self,
                   ErosScope *outer,
                   const ErosAstFrom *ast,
                   ErosSelect *owner,
                   ErosNames *names,
                   GError **error)
{
  return eros_analyze_from_item (self, outer, ast, owner, NULL, names, error);
}
