/* eros-dml-statement.c: INSERT and DELETE, and which of the four statements it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-dml-private.h"

static ErosQuery *
values_query (ErosDmlAnalysis *dml, const ErosAstInsert *ast, const GArray *columns, GError **error)
{
  ErosAnalyzer *self = dml->analyzer;
  ErosScope scope = { .clause = "VALUES" };
  ErosQuery *query = new_node (self, ErosQuery);

  query->kind = EROS_QUERY_VALUES;
  query->with = eros_analyzer_list (self);
  query->columns = eros_analyzer_list (self);
  query->order_by = eros_analyzer_list (self);
  query->rows = eros_analyzer_list (self);
  for (guint i = 0; i < ast->n_rows; i++)
    {
      const ErosAstRow *row = &ast->rows[i];
      GPtrArray *values = eros_analyzer_list (self);

      if (row->values.length != columns->len)
        return eros_analyzer_fail (&row->span, error,
                                   "Inserted row has wrong column count; Has %u, expected %u",
                                   row->values.length, columns->len);
      for (guint j = 0; j < columns->len; j++)
        {
          ErosExpr *value = eros_dml_value (dml, &scope, row->values.items[j],
                                            g_array_index (columns, guint, j), FALSE, error);

          if (value == NULL)
            return NULL;
          g_ptr_array_add (values, value);
        }
      g_ptr_array_add (query->rows, values);
    }
  for (guint j = 0; j < columns->len; j++)
    {
      const ErosCatalogColumn *column = &dml->table->columns[g_array_index (columns, guint, j)];

      g_ptr_array_add (query->columns, eros_analyzer_column (self, column->name, column->type, NULL));
    }
  return query;
}

static ErosQuery *
insert_query (ErosDmlAnalysis *dml, const ErosAstInsert *ast, const GArray *columns, GError **error)
{
  ErosAnalyzer *self = dml->analyzer;
  ErosQuery *query = eros_analyze_body_query (self, NULL, ast->query, error);
  g_autofree const ErosSqlType **types = g_new0 (const ErosSqlType *, MAX (columns->len, 1));

  if (query == NULL)
    return NULL;
  if (query->columns->len != columns->len)
    return eros_analyzer_fail (&ast->query->span, error,
                               "Inserted row has wrong column count; Has %u, expected %u",
                               query->columns->len, columns->len);
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosCatalogColumn *column = &dml->table->columns[g_array_index (columns, guint, i)];
      ErosSqlArgument argument = { ((ErosColumn *) query->columns->pdata[i])->type, EROS_SQL_FORM_EXPRESSION,
                                   NULL, NULL };

      if (query->kind == EROS_QUERY_SELECT && !query->is_value)
        eros_expr_argument (((ErosOutput *) query->select->items->pdata[i])->expr, &argument);
      types[i] = column->type;
      if (argument.type != column->type &&
          !eros_sql_type_coerces (argument.type, argument.form, column->type))
        return eros_analyzer_fail (
          &ast->query->span, error,
          "Query column %u has type %s which cannot be inserted into column %s, which has type %s", i + 1,
          eros_sql_type_get_name (argument.type), column->name, eros_sql_type_get_name (column->type));
    }
  return eros_coerce_query (self, query, types, &ast->query->span, error);
}

/* Columns that are not named but have a DEFAULT. */
static gboolean
insert_defaults (ErosDmlAnalysis *dml, GArray *columns, const ErosAstSpan *span, GError **error)
{
  guint n_named = columns->len;

  for (guint i = 0; i < dml->table->n_columns; i++)
    {
      gboolean named = dml->table->columns[i].default_ == NULL;
      ErosExpr *value = NULL;

      for (guint j = 0; j < n_named && !named; j++)
        named = g_array_index (columns, guint, j) == i;
      if (named)
        continue;
      value = eros_dml_default (dml, i, span, error);
      if (value == NULL)
        return FALSE;
      g_array_append_val (columns, i);
      eros_dml_add_item (dml, dml->table->columns[i].name, value);
    }
  return TRUE;
}

static gboolean
analyze_insert (ErosAnalyzer *self, const ErosAstInsert *ast, const ErosAstSpan *span, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  ErosRelation *relation = NULL;
  ErosQuery *source = NULL;
  ErosDmlAnalysis dml;

  if (!eros_dml_init (&dml, self, EROS_DML_INSERT, &ast->table, error) ||
      !eros_dml_insert_columns (&dml, &ast->columns, columns, error))
    return FALSE;
  source =
    ast->query != NULL ? insert_query (&dml, ast, columns, error) : values_query (&dml, ast, columns, error);
  if (source == NULL)
    return FALSE;
  relation = eros_analyzer_relation (self, EROS_RELATION_QUERY);
  relation->query = source;
  dml.select->from = relation;
  eros_dml_add_item (&dml, NULL, eros_literal_null (self, eros_sql_type (EROS_SQL_INT64), span));
  eros_dml_add_item (&dml, NULL, eros_literal_integer (self, 0, span));
  for (guint i = 0; i < columns->len; i++)
    {
      ErosColumn *inner = source->columns->pdata[i];
      ErosColumn *column = eros_analyzer_column (self, inner->name, inner->type, dml.select);

      column->relation = relation;
      column->index = i;
      g_ptr_array_add (relation->columns, column);
      eros_dml_add_item (&dml, inner->name, eros_analyzer_column_expr (self, column, span));
    }
  if (!insert_defaults (&dml, columns, span, error))
    return FALSE;
  eros_dml_add_action (&dml, EROS_DML_ACTION_INSERT, columns, 2);
  eros_dml_finish (&dml);
  return TRUE;
}

static gboolean
analyze_delete (ErosAnalyzer *self, const ErosAstDelete *ast, const ErosAstSpan *span, GError **error)
{
  ErosNames *names = eros_names_new (self);
  ErosScope scope = { .names = names, .clause = "WHERE clause" };
  ErosRelation *target = NULL;
  ErosDmlAnalysis dml;

  if (ast->where == NULL)
    return !!eros_analyzer_fail (span, error, "DELETE must have a WHERE clause");
  if (!eros_dml_init (&dml, self, EROS_DML_DELETE, &ast->table, error))
    return FALSE;
  target = eros_dml_target (&dml, ast->alias, names);
  dml.select->from = target;
  dml.select->where = eros_analyze_bool (self, &scope, ast->where, "WHERE clause", error);
  if (dml.select->where == NULL)
    return FALSE;
  eros_dml_add_item (&dml, NULL, eros_analyzer_column_expr (self, target->rowid, span));
  eros_dml_add_item (&dml, NULL, eros_literal_integer (self, 0, span));
  eros_dml_add_action (&dml, EROS_DML_ACTION_DELETE, NULL, 2);
  eros_dml_finish (&dml);
  return TRUE;
}

/**
 * eros_analyze_dml:
 * @statement: INSERT, UPDATE, DELETE or MERGE
 * @catalog: what is known of tables, routines, variables and parameters
 * @error: return location for an #ErosAnalysisError, or what @catalog reports
 *
 * Returns: (transfer full): the query for the rows that are to change, see #ErosDml; or %NULL
 */
ErosAnalysis *
eros_analyze_dml (const ErosAstStatement *statement, ErosCatalog *catalog, GError **error)
{
  gboolean valid = FALSE;
  ErosAnalyzer self;

  eros_analyzer_init (&self, catalog);
  if (statement->kind == EROS_AST_STATEMENT_INSERT)
    valid = analyze_insert (&self, &statement->insert, &statement->span, error);
  else if (statement->kind == EROS_AST_STATEMENT_UPDATE)
    valid = eros_analyze_update (&self, &statement->update, &statement->span, error);
  else if (statement->kind == EROS_AST_STATEMENT_DELETE)
    valid = analyze_delete (&self, &statement->delete, &statement->span, error);
  else if (statement->kind == EROS_AST_STATEMENT_MERGE)
    valid = eros_analyze_merge (&self, &statement->merge, &statement->span, error);
  else
    eros_analyzer_fail (&statement->span, error, "Not a DML statement");
  return eros_analyzer_finish (&self, valid);
}

/**
 * eros_dml_duplicate_error:
 * @kind: UPDATE or MERGE
 *
 * Returns: (transfer full): the error when the result of the query has one target row twice
 */
GError *
eros_dml_duplicate_error (ErosDmlKind kind)
{
  return g_error_new (EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_INVALID, "%s",
                      "UPDATE/MERGE must match at most one source row for each target row");
}
