/* eros-aggregate.c: calls of aggregate and analytic functions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static gboolean
check_place (ErosScope *scope, const ErosFunction *function, const ErosAstExpr *ast, GError **error)
{
  gboolean star = ast->call.n_arguments > 0 && ast->call.arguments[0].kind == EROS_AST_ARGUMENT_STAR;
  const char *name = star ? "COUNT(*)" : eros_function_get_name (function);
  const char *clause = scope->clause != NULL ? scope->clause : "this expression";

  if (ast->call.over != NULL)
    {
      if (eros_function_get_kind (function) == EROS_FUNCTION_AGGREGATE &&
          !(eros_function_get_flags (function) & EROS_FUNCTION_WINDOW))
        return !!eros_analyzer_fail (&ast->span, error, "Function %s does not support an OVER clause", name);
      if (scope->in_aggregate)
        return !!eros_analyzer_fail (scope->call_span, error,
                                     "Analytic functions cannot be arguments to aggregate functions");
      if (scope->in_analytic)
        return !!eros_analyzer_fail (scope->call_span, error,
                                     "Analytic function cannot be an argument of another analytic function");
      if (scope->select == NULL || !scope->allow_analytics)
        return !!eros_analyzer_fail (&ast->span, error, "Analytic function not allowed in %s", clause);
      if (scope->select->from == NULL)
        return !!eros_analyzer_fail (&scope->ast->span, error,
                                     "SELECT without FROM clause cannot use analytic functions");
      return TRUE;
    }
  if (eros_function_get_kind (function) == EROS_FUNCTION_ANALYTIC)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "Analytic function %s cannot be called without an OVER clause", name);
  if (scope->in_aggregate)
    return !!eros_analyzer_fail (scope->call_span, error, "Aggregations of aggregations are not allowed");
  if (scope->select == NULL || !scope->allow_aggregates)
    return !!eros_analyzer_fail (&ast->span, error, "Aggregate function %s not allowed in %s", name, clause);
  if (scope->select->from == NULL)
    return !!eros_analyzer_fail (&scope->ast->span, error,
                                 "SELECT without FROM clause cannot use aggregation");
  if (scope->needs_grouping && !scope->in_analytic)
    return !!eros_analyzer_fail (
      &ast->span, error, "The %s only allows aggregation if GROUP BY or SELECT list aggregation is present",
      scope->clause);
  return TRUE;
}

static gboolean
check_modifiers (const ErosFunction *function, const ErosAstExpr *ast, GError **error)
{
  const ErosAstCall *call = &ast->call;
  const char *name = eros_function_get_name (function);
  ErosFunctionFlags flags = eros_function_get_flags (function);

  if (call->distinct && !(flags & EROS_FUNCTION_DISTINCT))
    return !!eros_analyzer_fail (&ast->span, error,
                                 "Aggregate function %s does not support DISTINCT in arguments", name);
  if (call->order_by.length > 0 && !(flags & EROS_FUNCTION_ORDER_BY))
    return !!eros_analyzer_fail (&call->order_by.items[0].span, error,
                                 "Aggregate function %s does not support ORDER BY in arguments", name);
  if (call->order_by.length > 0 && call->over != NULL)
    return !!eros_analyzer_fail (&call->order_by.items[0].span, error,
                                 "ORDER BY in arguments is not supported for analytic function %s", name);
  if (call->limit != NULL && (!(flags & EROS_FUNCTION_LIMIT) || call->over != NULL))
    return !!eros_analyzer_fail (&call->limit->span, error,
                                 "Aggregate function %s does not support LIMIT in arguments", name);
  if (call->nulls != EROS_AST_NULL_HANDLING_DEFAULT && !(flags & EROS_FUNCTION_NULLS))
    return !!eros_analyzer_fail (&ast->span, error,
                                 "IGNORE NULLS and RESPECT NULLS are not supported for function %s", name);
  if (call->having != EROS_AST_HAVING_NONE && (!(flags & EROS_FUNCTION_HAVING) || call->over != NULL))
    return !!eros_analyzer_fail (&ast->span, error,
                                 "Aggregate function %s does not support HAVING in arguments", name);
  return TRUE;
}

/* STRING_AGG's separator, APPROX_QUANTILES' number … are the same for all rows. */
static gboolean
check_constant (const ErosFunction *function, const GPtrArray *arguments, GError **error)
{
  static const char *const names[] = { "STRING_AGG",      "APPROX_QUANTILES", "APPROX_TOP_COUNT",
                                       "PERCENTILE_CONT", "PERCENTILE_DISC",  NULL };
  const char *name = eros_function_get_name (function);
  const ErosExpr *argument = arguments->len > 1 ? arguments->pdata[1] : NULL;
  ErosAstSpan span;

  if (argument == NULL || !g_strv_contains (names, name))
    return TRUE;
  span = eros_expr_span (argument);
  if (argument->kind == EROS_EXPR_COLUMN)
    return !!eros_analyzer_fail (&span, error, "Argument 2 to %s must be a literal or query parameter", name);
  if (eros_expr_is_null (argument))
    return !!eros_analyzer_fail (&span, error, "Argument 2 to %s must be non-NULL", name);
  return TRUE;
}

static gboolean
analyze_values (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosFunction *function,
                const ErosAstExpr *ast,
                ErosResolvedAggregate *aggregate,
                GError **error)
{
  const ErosAstCall *call = &ast->call;

  aggregate->arguments = eros_analyzer_list (self);
  if (call->n_arguments > 0 && call->arguments[0].kind == EROS_AST_ARGUMENT_STAR)
    {
      if (g_ascii_strcasecmp (eros_function_get_name (function), "COUNT") != 0 || call->n_arguments > 1)
        return !!eros_analyzer_fail (&ast->span, error, "Argument * can only be used in COUNT(*)");
      if (call->distinct)
        return !!eros_analyzer_fail (&ast->span, error, "COUNT(*) cannot be used with DISTINCT");
      function =
        eros_function_lookup ("$count_star") != NULL ? eros_function_lookup ("$count_star") : function;
    }
  else if (!eros_analyze_arguments (self, scope, function, call, aggregate->arguments, error))
    return FALSE;
  if (!eros_resolve_function (self, function, aggregate->arguments, call, &aggregate->call, &ast->span,
                              error))
    return FALSE;
  if (!check_constant (function, aggregate->arguments, error))
    return FALSE;
  for (guint i = 0; call->distinct && i < aggregate->arguments->len; i++)
    {
      ErosExpr *argument = aggregate->arguments->pdata[i];

      if (argument->type != NULL && !eros_sql_type_is_groupable (argument->type))
        return !!eros_analyzer_fail (
          &ast->span, error, "Aggregate functions with DISTINCT cannot be used with arguments of type %s",
          eros_sql_type_get_name (argument->type));
    }
  return TRUE;
}

static gboolean
analyze_limit_literal (const ErosAstExpr *ast, gint64 *limit, GError **error)
{
  *limit = -1;
  if (ast == NULL)
    return TRUE;
  if (ast->kind != EROS_AST_LITERAL || ast->literal.kind != EROS_AST_LITERAL_INT || ast->literal.too_big ||
      ast->literal.integer > G_MAXINT64)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "LIMIT in arguments must be a non-negative integer literal");
  *limit = (gint64) ast->literal.integer;
  return TRUE;
}

static gboolean
analyze_modifiers (ErosAnalyzer *self,
                   ErosScope *scope,
                   const ErosAstExpr *ast,
                   ErosResolvedAggregate *aggregate,
                   GError **error)
{
  const ErosAstCall *call = &ast->call;

  aggregate->safe = call->safe;
  aggregate->distinct = call->distinct;
  aggregate->nulls = call->nulls == EROS_AST_IGNORE_NULLS    ? EROS_NULLS_IGNORE
                     : call->nulls == EROS_AST_RESPECT_NULLS ? EROS_NULLS_RESPECT
                                                             : EROS_NULLS_DEFAULT;
  aggregate->order_by = eros_analyzer_list (self);
  if (!eros_analyze_order (self, scope, &call->order_by, aggregate->order_by, error))
    return FALSE;
  for (guint i = 0; call->distinct && i < aggregate->order_by->len; i++)
    {
      ErosSortKey *key = aggregate->order_by->pdata[i];

      if (aggregate->arguments->len == 0 || !eros_expr_equal (key->expr, aggregate->arguments->pdata[0]))
        return !!eros_analyzer_fail (
          &call->order_by.items[i].span, error,
          "An aggregate function that has both DISTINCT and ORDER BY arguments can only ORDER BY "
          "expressions that are arguments to the function");
    }
  if (!analyze_limit_literal (call->limit, &aggregate->limit, error))
    return FALSE;
  if (call->having == EROS_AST_HAVING_NONE)
    return TRUE;
  aggregate->having_max = call->having == EROS_AST_HAVING_MAX;
  aggregate->having = eros_analyze_expr (self, scope, call->having_expr, error);
  return aggregate->having != NULL &&
         eros_check_orderable (aggregate->having, &call->having_expr->span, error);
}

/* ---- OVER ---------------------------------------------------------------------------------------------- */

/* A window is put together from the one that it is based on and its own clauses. */
typedef struct
{
  ErosAstExprs partition_by;
  ErosAstOrder order_by;
  const ErosAstFrame *frame;
} Window;

static gboolean
find_window (ErosScope *scope, const ErosAstWindow *ast, guint depth, Window *window, GError **error)
{
  if (ast->base != NULL)
    {
      const ErosAstNamedWindow *named = NULL;

      for (guint i = 0; scope->ast != NULL && i < scope->ast->n_windows; i++)
        if (g_ascii_strcasecmp (scope->ast->windows[i].name.text, ast->base->text) == 0)
          named = &scope->ast->windows[i];
      if (named == NULL || depth > 100)
        return !!eros_analyzer_fail (&ast->base->span, error, "Unrecognized window alias %s",
                                     ast->base->text);
      if (!find_window (scope, &named->window, depth + 1, window, error))
        return FALSE;
    }
  if (ast->partition_by.length > 0)
    window->partition_by = ast->partition_by;
  if (ast->order_by.length > 0)
    window->order_by = ast->order_by;
  if (ast->frame != NULL)
    window->frame = ast->frame;
  return TRUE;
}

static gboolean
check_bounds (const ErosAstFrame *frame, GError **error)
{
  ErosAstBoundKind start = frame->start.kind, end = frame->end.kind;

  if (start == EROS_AST_BOUND_UNBOUNDED_FOLLOWING)
    return !!eros_analyzer_fail (&frame->start.span, error,
                                 "Starting window framing expression cannot be UNBOUNDED FOLLOWING");
  if (end == EROS_AST_BOUND_UNBOUNDED_PRECEDING)
    return !!eros_analyzer_fail (&frame->end.span, error,
                                 "Ending window framing expression cannot be UNBOUNDED PRECEDING");
  if (start == EROS_AST_BOUND_CURRENT_ROW && end == EROS_AST_BOUND_PRECEDING)
    return !!eros_analyzer_fail (
      &frame->end.span, error,
      "Starting window framing expression cannot be CURRENT ROW when the ending window framing "
      "expression is OFFSET PRECEDING");
  if (start == EROS_AST_BOUND_FOLLOWING &&
      (end == EROS_AST_BOUND_PRECEDING || end == EROS_AST_BOUND_CURRENT_ROW))
    return !!eros_analyzer_fail (
      &frame->end.span, error,
      "Ending window framing expression cannot be %s when the starting window framing expression "
      "is OFFSET FOLLOWING",
      end == EROS_AST_BOUND_PRECEDING ? "OFFSET PRECEDING" : "CURRENT ROW");
  return TRUE;
}

/* RANGE with an offset: one key, and a number. */
static gboolean
check_range (const ErosResolvedAggregate *aggregate, const ErosAstFrame *frame, GError **error)
{
  const ErosSortKey *key = NULL;

  if (aggregate->window_order->len == 0)
    return !!eros_analyzer_fail (
      &frame->span, error,
      "A RANGE-based window including an OFFSET PRECEDING or OFFSET FOLLOWING window frame "
      "boundary requires an ORDER BY");
  if (aggregate->window_order->len > 1)
    return !!eros_analyzer_fail (
      &frame->span, error,
      "A RANGE-based window with OFFSET PRECEDING or OFFSET FOLLOWING boundaries must have "
      "exactly one ORDER BY key");
  key = aggregate->window_order->pdata[0];
  if (eros_sql_type_is_numeric (key->expr->type))
    return TRUE;
  return !!eros_analyzer_fail (
    &frame->span, error,
    "ORDER BY key must be numeric in a RANGE-based window with OFFSET PRECEDING or OFFSET "
    "FOLLOWING boundaries, but has type %s",
    eros_sql_type_get_name (key->expr->type));
}

static gboolean
is_negative (const ErosSqlValue *value)
{
  if (eros_sql_type_is (value->type, EROS_SQL_INT64))
    return value->integer < 0;
  return eros_sql_type_is (value->type, EROS_SQL_FLOAT64) && value->real < 0;
}

static ErosExpr *
analyze_bound (ErosAnalyzer *self,
               ErosScope *scope,
               const ErosAstBound *bound,
               ErosResolvedAggregate *aggregate,
               gboolean rows,
               GError **error)
{
  const ErosSqlType *type = eros_sql_type (EROS_SQL_INT64);
  const ErosAstSpan *at = &bound->offset->span;
  ErosExpr *offset = eros_analyze_expr (self, scope, bound->offset, error);

  if (offset == NULL)
    return NULL;
  if (!rows)
    type = ((ErosSortKey *) aggregate->window_order->pdata[0])->expr->type;
  if (offset->kind != EROS_EXPR_LITERAL && offset->kind != EROS_EXPR_PARAMETER)
    return eros_analyzer_fail (at, error, "Window framing expression must be a literal or parameter");
  if (!eros_expr_assignable (offset, type))
    return rows
             ? eros_analyzer_fail (
                 at, error, "Window framing expression for ROWS can only be of integer type, but has type %s",
                 eros_sql_type_get_name (offset->type))
             : eros_analyzer_fail (
                 at, error,
                 "Window framing expression has type %s that cannot be coerced to the ORDER BY key's "
                 "type %s",
                 eros_sql_type_get_name (offset->type), eros_sql_type_get_name (type));
  offset = eros_coerce (self, offset, type, error);
  if (offset == NULL || offset->kind != EROS_EXPR_LITERAL)
    return offset;
  if (offset->literal.is_null)
    return eros_analyzer_fail (at, error, "Window framing expression cannot be NULL");
  if (is_negative (&offset->literal))
    return eros_analyzer_fail (at, error, "Window framing expression cannot evaluate to a negative value");
  return offset;
}

static gboolean
analyze_frame (ErosAnalyzer *self,
               ErosScope *scope,
               const ErosAstFrame *frame,
               ErosResolvedAggregate *aggregate,
               GError **error)
{
  gboolean rows = frame->unit == EROS_AST_FRAME_ROWS;
  gboolean has_offset = frame->start.offset != NULL || frame->end.offset != NULL;

  if (!check_bounds (frame, error))
    return FALSE;
  aggregate->frame = frame;
  if (!rows && has_offset && !check_range (aggregate, frame, error))
    return FALSE;
  if (frame->start.offset != NULL)
    {
      aggregate->frame_start = analyze_bound (self, scope, &frame->start, aggregate, rows, error);
      if (aggregate->frame_start == NULL)
        return FALSE;
    }
  if (frame->end.offset != NULL)
    {
      aggregate->frame_end = analyze_bound (self, scope, &frame->end, aggregate, rows, error);
      if (aggregate->frame_end == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
analyze_partition (ErosAnalyzer *self,
                   ErosScope *scope,
                   const ErosAstExprs *exprs,
                   ErosResolvedAggregate *aggregate,
                   GError **error)
{
  aggregate->partition_by = eros_analyzer_list (self);
  for (guint i = 0; i < exprs->length; i++)
    {
      ErosExpr *expr = eros_analyze_expr (self, scope, exprs->items[i], error);

      if (expr == NULL)
        return FALSE;
      if (!eros_sql_type_is_groupable (expr->type) || eros_sql_type_is (expr->type, EROS_SQL_FLOAT64))
        return !!eros_analyzer_fail (&exprs->items[i]->span, error,
                                     "Partitioning by expressions of type %s is not allowed",
                                     eros_sql_type_get_name (expr->type));
      g_ptr_array_add (aggregate->partition_by, expr);
    }
  return TRUE;
}

static gboolean
check_window (const ErosResolvedAggregate *aggregate,
              const Window *window,
              const ErosFunction *function,
              const ErosAstExpr *ast,
              GError **error)
{
  g_autofree char *name = g_ascii_strdown (eros_function_get_name (function), -1);
  ErosFunctionFlags flags = eros_function_get_flags (function);
  const ErosAstSpan *at = &ast->call.over->span;

  if (window->order_by.length == 0 && (flags & EROS_FUNCTION_NEEDS_ORDER))
    return !!eros_analyzer_fail (at, error, "Window ORDER BY is required for analytic function %s", name);
  if (window->order_by.length > 0 && (flags & EROS_FUNCTION_NO_ORDER))
    return !!eros_analyzer_fail (&window->order_by.items[0].span, error,
                                 "Window ORDER BY is not allowed for analytic function %s", name);
  if (window->order_by.length > 0 && aggregate->distinct)
    return !!eros_analyzer_fail (&window->order_by.items[0].span, error,
                                 "Window ORDER BY is not allowed if DISTINCT is specified");
  if (window->frame != NULL && (!(flags & EROS_FUNCTION_FRAME) || aggregate->distinct))
    return !!eros_analyzer_fail (&window->frame->span, error,
                                 aggregate->distinct
                                   ? "Window framing clause is not allowed if DISTINCT is specified"
                                   : "Window framing clause is not allowed for analytic function %s",
                                 name);
  return TRUE;
}

static gboolean
analyze_over (ErosAnalyzer *self,
              ErosScope *scope,
              const ErosFunction *function,
              const ErosAstExpr *ast,
              ErosResolvedAggregate *aggregate,
              GError **error)
{
  Window window = { 0 };

  if (!find_window (scope, ast->call.over, 0, &window, error))
    return FALSE;
  if (!check_window (aggregate, &window, function, ast, error))
    return FALSE;
  if (!analyze_partition (self, scope, &window.partition_by, aggregate, error))
    return FALSE;
  aggregate->window_order = eros_analyzer_list (self);
  if (!eros_analyze_order (self, scope, &window.order_by, aggregate->window_order, error))
    return FALSE;
  return window.frame == NULL || analyze_frame (self, scope, window.frame, aggregate, error);
}

ErosExpr *
eros_analyze_aggregate (ErosAnalyzer *self,
                        ErosScope *scope,
                        const ErosFunction *function,
                        const ErosAstExpr *ast,
                        GError **error)
{
  gboolean analytic = ast->call.over != NULL;
  ErosResolvedAggregate *aggregate = NULL;
  ErosScope inner = *scope;

  if (!check_place (scope, function, ast, error) || !check_modifiers (function, ast, error))
    return NULL;
  aggregate = new_node (self, ErosResolvedAggregate);
  inner.aliases_are_columns = FALSE;
  inner.call_span = &ast->span;
  if (analytic)
    inner.in_analytic = TRUE;
  else
    {
      inner.in_aggregate = TRUE;
      inner.allow_aggregates = FALSE;
      inner.allow_analytics = FALSE;
    }
  if (!analyze_values (self, &inner, function, ast, aggregate, error) ||
      !analyze_modifiers (self, &inner, ast, aggregate, error))
    return NULL;
  if (analytic && !analyze_over (self, &inner, function, ast, aggregate, error))
    return NULL;
  aggregate->column = eros_analyzer_column (self, NULL, aggregate->call.result, NULL);
  g_ptr_array_add (analytic ? scope->select->analytics : scope->select->aggregates, aggregate);
  return eros_analyzer_column_expr (self, aggregate->column, &ast->span);
}
