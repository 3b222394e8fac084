/* eros-analysis.c: the room's front door
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/**
 * eros_analyze_query:
 * @query: a query's syntax tree
 * @catalog: what is known of tables, routines, variables and parameters
 * @error: return location for an #ErosAnalysisError, or what @catalog reports
 *
 * The syntax tree may be freed afterwards.
 *
 * Returns: (transfer full): the resolved tree, or %NULL
 */
ErosAnalysis *
eros_analyze_query (const ErosAstQuery *query, ErosCatalog *catalog, GError **error)
{
  ErosAnalyzer self;

  eros_analyzer_init (&self, catalog);
  self.result->analysis.query = eros_analyze_body_query (&self, NULL, query, error);
  return eros_analyzer_finish (&self, self.result->analysis.query != NULL);
}

static gboolean
convert (ErosAnalyzer *self, const ErosAstSpan *span, const ErosSqlType *wanted, GError **error)
{
  ErosExpr *expr = self->result->analysis.expression;

  if (expr == NULL || wanted == NULL)
    {
      if (expr != NULL && expr->form == EROS_SQL_FORM_EMPTY_ARRAY)
        self->result->analysis.expression = eros_coerce (self, expr, expr->type, error);
      return expr != NULL;
    }
  if (!eros_expr_assignable (expr, wanted))
    return !!eros_analyzer_fail (span, error, "Cannot coerce expression of type %s to type %s",
                                 eros_sql_type_get_name (expr->type), eros_sql_type_get_name (wanted));
  self->result->analysis.expression = eros_coerce (self, expr, wanted, error);
  return self->result->analysis.expression != NULL;
}

/**
 * eros_analyze_expression:
 * @expression: an expression of a script: what SET assigns, a condition of IF, an argument of CALL, a
 * DEFAULT, an option
 * @wanted: (nullable): the type that it is to be coerced to
 * @catalog: what is known of tables, routines, variables and parameters
 * @error: return location for an #ErosAnalysisError, or what @catalog reports
 *
 * Returns: (transfer full): the resolved expression, or %NULL
 */
ErosAnalysis *
eros_analyze_expression (const ErosAstExpr *expression,
                         const ErosSqlType *wanted,
                         ErosCatalog *catalog,
                         GError **error)
{
  ErosAnalyzer self;
  ErosScope scope = { .clause = "a standalone expression" };

  eros_analyzer_init (&self, catalog);
  self.result->analysis.expression = eros_analyze_expr (&self, &scope, expression, error);
  return eros_analyzer_finish (&self, convert (&self, &expression->span, wanted, error));
}

/**
 * eros_analyze_row_expression:
 * @expression: an expression over one table's columns, such as PARTITION BY
 * @columns: the columns
 * @n_columns: their number
 * @catalog: what is known of routines
 * @error: return location for an #ErosAnalysisError
 *
 * The translation of the result reads the columns by their names (ErosCatalogColumn.sql), without a table's
 * name.
 *
 * Returns: (transfer full): the resolved expression, or %NULL
 */
ErosAnalysis *
eros_analyze_row_expression (const ErosAstExpr *expression,
                             const ErosCatalogColumn *columns,
                             guint n_columns,
                             ErosCatalog *catalog,
                             GError **error)
{
  ErosAnalyzer self;
  ErosNames *names = NULL;
  ErosCatalogTable *table = NULL;
  ErosRelation *relation = NULL;
  ErosScope scope = { .clause = "a table's expression" };

  eros_analyzer_init (&self, catalog);
  table = eros_arena_new_struct (self.arena, ErosCatalogTable);
  table->columns = columns;
  table->n_columns = n_columns;
  relation = eros_table_relation (&self, table, NULL);
  names = eros_relation_names (&self, relation, FALSE);
  scope.names = names;
  self.result->analysis.of_row = TRUE;
  self.result->analysis.expression = eros_analyze_expr (&self, &scope, expression, error);
  return eros_analyzer_finish (&self, self.result->analysis.expression != NULL);
}

/* An argument of a function that is being created. */
static void
declare_arguments (ErosAnalyzer *self, const ErosAstCreateFunction *routine, const ErosSqlType *const *types)
{
  self->arguments = eros_analyzer_map (self);
  for (guint i = 0; i < routine->n_parameters; i++)
    {
      const ErosAstName *name = &routine->parameters[i].name;
      ErosColumn *column = eros_analyzer_column (self, name->text, types[i], NULL);

      g_hash_table_insert (self->arguments, (char *) eros_analyzer_lower (self, name->text),
                           eros_analyzer_column_expr (self, column, &name->span));
    }
}

/**
 * eros_analyze_routine:
 * @routine: CREATE FUNCTION
 * @catalog: what is known of tables and routines
 * @error: return location for an #ErosAnalysisError
 *
 * Checks a SQL function's body. One with an ANY TYPE argument cannot be checked before it is called: its type
 * is %NULL without an error.
 *
 * Returns: (nullable): the function's type
 */
const ErosSqlType *
eros_analyze_routine (const ErosAstCreateFunction *routine, ErosCatalog *catalog, GError **error)
{
  g_autofree const ErosSqlType **types = g_new0 (const ErosSqlType *, MAX (routine->n_parameters, 1));
  const ErosSqlType *returns = NULL;
  ErosScope scope = { .clause = "a SQL function's body" };
  g_autoptr (ErosAnalysis) analysis = NULL;
  ErosAnalyzer self;

  if (routine->returns != NULL && (returns = eros_resolve_type (routine->returns, error)) == NULL)
    return NULL;
  for (guint i = 0; i < routine->n_parameters; i++)
    {
      if (routine->parameters[i].type == NULL)
        return returns;
      types[i] = eros_resolve_type (routine->parameters[i].type, error);
      if (types[i] == NULL)
        return NULL;
    }
  eros_analyzer_init (&self, catalog);
  self.in_view = TRUE;
  declare_arguments (&self, routine, types);
  self.result->analysis.expression = eros_analyze_expr (&self, &scope, routine->body, error);
  if (self.result->analysis.expression != NULL && returns != NULL &&
      !eros_expr_assignable (self.result->analysis.expression, returns))
    {
      eros_analyzer_fail (&routine->body->span, error,
                          "Function declared to return %s but the function body produces "
                          "incompatible type %s",
                          eros_sql_type_get_name (returns),
                          eros_sql_type_get_name (self.result->analysis.expression->type));
      self.result->analysis.expression = NULL;
    }
  analysis = eros_analyzer_finish (&self, self.result->analysis.expression != NULL);
  if (analysis == NULL)
    return NULL;
  return returns != NULL ? returns : analysis->expression->type;
}

/**
 * eros_analyze_table_routine:
 * @routine: CREATE TABLE FUNCTION, without an argument of ANY TYPE
 * @catalog: what is known of tables and routines
 * @error: return location for an #ErosAnalysisError
 *
 * Returns: whether the function's body makes sense
 */
gboolean
eros_analyze_table_routine (const ErosAstCreateFunction *routine, ErosCatalog *catalog, GError **error)
{
  g_autofree const ErosSqlType **types = g_new0 (const ErosSqlType *, MAX (routine->n_parameters, 1));
  g_autoptr (ErosAnalysis) analysis = NULL;
  ErosAnalyzer self;

  for (guint i = 0; i < routine->n_parameters; i++)
    {
      types[i] = eros_resolve_type (routine->parameters[i].type, error);
      if (types[i] == NULL)
        return FALSE;
    }
  eros_analyzer_init (&self, catalog);
  self.in_view = TRUE;
  declare_arguments (&self, routine, types);
  self.result->analysis.query = eros_analyze_body_query (&self, NULL, routine->query, error);
  analysis = eros_analyzer_finish (&self, self.result->analysis.query != NULL);
  return analysis != NULL;
}
