/* eros-subquery.c: queries within expressions, and IN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static gboolean
single_column (const ErosQuery *query, const char *what, const ErosAstSpan *span, GError **error)
{
  if (query->columns->len == 1)
    return TRUE;
  return !!eros_analyzer_fail (
    span, error, "%s cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values",
    what);
}

static ErosExpr *
subquery_expr (ErosAnalyzer *self,
               ErosSubqueryKind kind,
               ErosQuery *query,
               const ErosSqlType *type,
               const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_SUBQUERY, type, span);

  expr->subquery.kind = kind;
  expr->subquery.query = query;
  return expr;
}

ErosExpr *
eros_analyze_subquery (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosQuery *query = eros_analyze_body_query (self, scope, ast->subquery.query, error);
  const ErosSqlType *type = NULL;

  if (query == NULL)
    return NULL;
  type = ((ErosColumn *) query->columns->pdata[0])->type;
  switch (ast->subquery.kind)
    {
    case EROS_AST_SUBQUERY_EXISTS:
      return eros_simplify_exists (
        self, subquery_expr (self, EROS_SUBQUERY_EXISTS, query, eros_sql_type (EROS_SQL_BOOL), &ast->span),
        error);
    case EROS_AST_SUBQUERY_SCALAR:
      if (!single_column (query, "Scalar subquery", &ast->span, error))
        return NULL;
      return subquery_expr (self, EROS_SUBQUERY_SCALAR, query, type, &ast->span);
    case EROS_AST_SUBQUERY_ARRAY:
      if (!single_column (query, "ARRAY subquery", &ast->span, error))
        return NULL;
      if (eros_sql_type_is (type, EROS_SQL_ARRAY))
        return eros_analyzer_fail (
          &ast->span, error,
          "Cannot use array subquery with column of type %s because nested arrays are not "
          "supported",
          eros_sql_type_get_name (type));
      return subquery_expr (self, EROS_SUBQUERY_ARRAY, query, eros_sql_type_array (type), &ast->span);
    }
  g_return_val_if_reached (NULL);
}

static ErosExpr *
in_query (ErosAnalyzer *self, ErosScope *scope, ErosExpr *operand, const ErosAstExpr *ast, GError **error)
{
  ErosQuery *query = eros_analyze_body_query (self, scope, ast->in.query, error);
  ErosSqlArgument arguments[2] = { 0 };
  const ErosSqlType *type = NULL, *column = NULL;
  ErosExpr *expr = NULL;

  if (query == NULL)
    return NULL;
  if (query->columns->len != 1)
    return eros_analyzer_fail (&ast->in.query->span, error,
                               "Subquery of type IN must have only one output column");
  column = ((ErosColumn *) query->columns->pdata[0])->type;
  eros_expr_argument (operand, &arguments[0]);
  arguments[1].type = column;
  type = eros_sql_type_supertype (arguments, 2);
  if (type == NULL || !eros_sql_type_is_comparable (type))
    return eros_analyzer_fail (&ast->span, error,
                               "Cannot execute IN subquery with uncomparable types %s and %s",
                               eros_sql_type_get_name (operand->type), eros_sql_type_get_name (column));
  operand = eros_coerce (self, operand, type, error);
  query = operand != NULL ? eros_coerce_query (self, query, &type, &ast->in.query->span, error) : NULL;
  if (query == NULL)
    return NULL;
  expr = subquery_expr (self, EROS_SUBQUERY_IN, query, eros_sql_type (EROS_SQL_BOOL), &ast->span);
  expr->subquery.operand = operand;
  return expr;
}

/* x LIKE ANY ('a%', 'b%') is x LIKE 'a%' OR x LIKE 'b%' */
static ErosExpr *
like_list (ErosAnalyzer *self, ErosScope *scope, ErosExpr *operand, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LOGICAL, eros_sql_type (EROS_SQL_BOOL), &ast->span);

  if (ast->in.query != NULL || ast->in.unnest != NULL)
    return eros_analyzer_refuse (
      &ast->in.op_span, error,
      "LIKE ANY/ALL with a subquery or UNNEST is not supported by the local BigQuery");
  expr->logical.is_or = ast->in.kind == EROS_AST_LIKE_ANY;
  expr->logical.operands = eros_analyzer_list (self);
  for (guint i = 0; i < ast->in.list.length; i++)
    {
      GPtrArray *pair = eros_analyzer_list (self);
      ErosExpr *pattern = eros_analyze_expr (self, scope, ast->in.list.items[i], error);
      ErosExpr *like = NULL;

      if (pattern == NULL)
        return NULL;
      g_ptr_array_add (pair, operand);
      g_ptr_array_add (pair, pattern);
      like = eros_build_call (self, "$like", pair, FALSE, &ast->span, error);
      if (like == NULL)
        return NULL;
      g_ptr_array_add (expr->logical.operands, like);
    }
  return expr->logical.operands->len == 1 ? expr->logical.operands->pdata[0] : expr;
}

static ErosExpr *
in_unnest (ErosAnalyzer *self, ErosScope *scope, ErosExpr *operand, const ErosAstExpr *ast, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *array = eros_analyze_expr (self, scope, ast->in.unnest, error);

  if (array == NULL)
    return NULL;
  if (array->form == EROS_SQL_FORM_NULL || array->form == EROS_SQL_FORM_EMPTY_ARRAY)
    array = eros_coerce (self, array, eros_sql_type_array (operand->type), error);
  if (!eros_sql_type_is (array->type, EROS_SQL_ARRAY))
    return eros_analyzer_fail (&ast->in.op_span, error,
                               "Second argument of IN UNNEST must be an array but was %s",
                               eros_sql_type_get_name (array->type));
  g_ptr_array_add (arguments, operand);
  g_ptr_array_add (arguments, array);
  return eros_build_call (self, "$in_array", arguments, FALSE, &ast->in.op_span, error);
}

static ErosExpr *
in_list (ErosAnalyzer *self, ErosScope *scope, ErosExpr *operand, const ErosAstExpr *ast, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);

  g_ptr_array_add (arguments, operand);
  for (guint i = 0; i < ast->in.list.length; i++)
    {
      ErosExpr *item = eros_analyze_expr (self, scope, ast->in.list.items[i], error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (arguments, item);
    }
  return eros_build_call (self, "$in", arguments, FALSE, &ast->in.op_span, error);
}

ErosExpr *
eros_analyze_in (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->in.operand, error);
  ErosExpr *result = NULL;
  GPtrArray *arguments = NULL;

  if (operand == NULL)
    return NULL;
  if (ast->in.kind != EROS_AST_IN_PLAIN)
    result = like_list (self, scope, operand, ast, error);
  else if (ast->in.query != NULL)
    result = in_query (self, scope, operand, ast, error);
  else if (ast->in.unnest != NULL)
    result = in_unnest (self, scope, operand, ast, error);
  else
    result = in_list (self, scope, operand, ast, error);
  if (result == NULL || !ast->in.negated)
    return result;
  arguments = eros_analyzer_list (self);
  g_ptr_array_add (arguments, result);
  return eros_build_call (self, "$not", arguments, FALSE, &ast->span, error);
}
