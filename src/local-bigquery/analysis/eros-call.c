/* eros-call.c: calls of functions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/* Where a function takes the name of a date part, or INTERVAL n DAY, in place of an expression. */
typedef struct
{
  const char *name;
  int part;
  int interval;
} PartPlace;

static const PartPlace part_places[] = {
  { "DATE_ADD", -1, 1 },
  { "DATE_SUB", -1, 1 },
  { "DATE_DIFF", 2, -1 },
  { "DATE_TRUNC", 1, -1 },
  { "DATE_BUCKET", -1, 1 },
  { "LAST_DAY", 1, -1 },
  { "DATETIME_ADD", -1, 1 },
  { "DATETIME_SUB", -1, 1 },
  { "DATETIME_DIFF", 2, -1 },
  { "DATETIME_TRUNC", 1, -1 },
  { "DATETIME_BUCKET", -1, 1 },
  { "TIME_ADD", -1, 1 },
  { "TIME_SUB", -1, 1 },
  { "TIME_DIFF", 2, -1 },
  { "TIME_TRUNC", 1, -1 },
  { "TIMESTAMP_ADD", -1, 1 },
  { "TIMESTAMP_SUB", -1, 1 },
  { "TIMESTAMP_DIFF", 2, -1 },
  { "TIMESTAMP_TRUNC", 1, -1 },
  { "TIMESTAMP_BUCKET", -1, 1 },
  { "GENERATE_DATE_ARRAY", -1, 2 },
  { "GENERATE_RANGE_ARRAY", -1, 1 },
  { "GENERATE_TIMESTAMP_ARRAY", -1, 2 },
  { "GENERATE_DATETIME_ARRAY", -1, 2 },
  { "NORMALIZE", 1, -1 },
  { "NORMALIZE_AND_CASEFOLD", 1, -1 },
};

static ErosExpr *
part_argument (ErosAnalyzer *self, const ErosAstExpr *ast, GError **error)
{
  const ErosAstExpr *inner = NULL;

  if (ast->kind == EROS_AST_PATH && ast->path.n_parts == 1 && !ast->parenthesized)
    return eros_part_expr (self, ast->path.parts[0].text, NULL, &ast->span);
  if (ast->kind == EROS_AST_CALL && ast->call.function.n_parts == 1 && ast->call.n_arguments == 1)
    {
      inner = ast->call.arguments[0].expr;
      if (inner != NULL && inner->kind == EROS_AST_PATH && inner->path.n_parts == 1)
        return eros_part_expr (self, ast->call.function.parts[0].text, inner->path.parts[0].text, &ast->span);
    }
  return eros_analyzer_fail (&ast->span, error, "A valid date part name is required");
}

/* INTERVAL '4' HOUR: the number may be quoted */
static ErosExpr *
interval_number (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *value = eros_analyze_expr (self, scope, ast->interval.value, error);

  if (value != NULL && value->kind == EROS_EXPR_LITERAL && eros_sql_type_is (value->type, EROS_SQL_STRING) &&
      ast->interval.to.name == NULL)
    return eros_cast_to (self, value, eros_sql_type (EROS_SQL_INT64), FALSE);
  return value;
}

static ErosExpr *
interval_argument (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosSqlType *integer = eros_sql_type (EROS_SQL_INT64);
  ErosExpr *value = NULL, *expr = NULL;

  if (ast->interval.to.name != NULL)
    return eros_analyzer_fail (&ast->span, error, "INTERVAL with a range of date parts is not allowed here");
  value = interval_number (self, scope, ast, error);
  if (value == NULL)
    return NULL;
  if (!eros_expr_assignable (value, integer))
    return eros_analyzer_fail (&ast->interval.value->span, error,
                               "Interval value must be coercible to INT64 type, but has type %s",
                               eros_sql_type_get_name (value->type));
  value = eros_coerce (self, value, integer, error);
  if (value == NULL)
    return NULL;
  expr = eros_analyzer_expr (self, EROS_EXPR_INTERVAL, integer, &ast->interval.from.span);
  expr->form = EROS_SQL_FORM_INTERVAL;
  expr->interval.value = value;
  expr->interval.part =
    eros_part_expr (self, ast->interval.from.name, ast->interval.from.argument, &ast->span)->part;
  return expr;
}

/* INTERVAL as a value of its own */
ErosExpr *
eros_analyze_interval (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *value = interval_number (self, scope, ast, error);

  if (value == NULL)
    return NULL;
  g_ptr_array_add (arguments, value);
  g_ptr_array_add (arguments, eros_part_expr (self, ast->interval.from.name, ast->interval.from.argument,
                                              &ast->interval.from.span));
  if (ast->interval.to.name != NULL)
    g_ptr_array_add (arguments, eros_part_expr (self, ast->interval.to.name, ast->interval.to.argument,
                                                &ast->interval.to.span));
  return eros_build_call (self, "$interval", arguments, FALSE, &ast->span, error);
}

static const PartPlace *
find_part_place (const ErosFunction *function)
{
  for (guint i = 0; i < G_N_ELEMENTS (part_places); i++)
    if (g_ascii_strcasecmp (part_places[i].name, eros_function_get_name (function)) == 0)
      return &part_places[i];
  return NULL;
}

gboolean
eros_analyze_arguments (ErosAnalyzer *self,
                        ErosScope *scope,
                        const ErosFunction *function,
                        const ErosAstCall *call,
                        GPtrArray *arguments,
                        GError **error)
{
  const PartPlace *place = find_part_place (function);

  for (guint i = 0; i < call->n_arguments; i++)
    {
      const ErosAstArgument *argument = &call->arguments[i];
      ErosExpr *expr = NULL;

      if (argument->kind == EROS_AST_ARGUMENT_STAR)
        return !!eros_analyzer_fail (&call->function.span, error, "Argument * can only be used in COUNT(*)");
      if (place != NULL && place->part == (int) i)
        expr = part_argument (self, argument->expr, error);
      else if (place != NULL && place->interval == (int) i && argument->expr->kind == EROS_AST_INTERVAL)
        expr = interval_argument (self, scope, argument->expr, error);
      else if (place != NULL && place->interval == (int) i)
        return !!eros_analyzer_fail (&argument->expr->span, error, "Expected INTERVAL expression");
      else
        expr = eros_analyze_expr (self, scope, argument->expr, error);
      if (expr == NULL)
        return FALSE;
      g_ptr_array_add (arguments, expr);
    }
  return TRUE;
}

static char *
dotted (const ErosAstPath *path)
{
  GString *text = g_string_new (path->parts[0].text);

  for (guint i = 1; i < path->n_parts; i++)
    g_string_append_printf (text, ".%s", path->parts[i].text);
  return g_string_free (text, FALSE);
}

static gboolean
check_scalar (const ErosFunction *function, const ErosAstExpr *ast, GError **error)
{
  const ErosAstCall *call = &ast->call;
  const char *name = eros_function_get_name (function);

  if (call->over != NULL)
    return !!eros_analyzer_fail (&ast->span, error, "Function %s does not support an OVER clause", name);
  if (call->distinct)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "Non-aggregate function %s cannot be called with DISTINCT", name);
  if (call->order_by.length > 0)
    return !!eros_analyzer_fail (
      &ast->span, error, "ORDER BY in arguments is only allowed for aggregate functions, not for %s", name);
  if (call->limit != NULL)
    return !!eros_analyzer_fail (
      &ast->span, error, "LIMIT in arguments is only allowed for aggregate functions, not for %s", name);
  if (call->nulls != EROS_AST_NULL_HANDLING_DEFAULT)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "IGNORE NULLS and RESPECT NULLS are not allowed for scalar functions");
  if (call->having != EROS_AST_HAVING_NONE)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "HAVING MAX and HAVING MIN are not allowed for scalar functions");
  return TRUE;
}

static ErosExpr *
fail_missing (const char *name, const ErosAstSpan *span, GError **error)
{
  if (error != NULL)
    *error = eros_function_missing (name);
  return eros_analyzer_place (span, error);
}

ErosExpr *
eros_analyze_call (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosAstCall *call = &ast->call;
  g_autofree char *name = dotted (&call->function);
  const ErosFunction *function = *name != '$' ? eros_function_lookup (name) : NULL;
  GPtrArray *arguments = NULL;
  ErosExpr *expr = NULL;
  gboolean found = FALSE;

  if (function == NULL && g_ascii_strcasecmp (name, "COLLATE") == 0)
    return eros_analyze_collate (self, scope, ast, error);
  if (function == NULL)
    {
      expr = eros_analyze_routine_call (self, scope, ast, &found, error);
      return found ? expr : fail_missing (name, &ast->span, error);
    }
  if (eros_function_get_kind (function) != EROS_FUNCTION_SCALAR)
    return eros_analyze_aggregate (self, scope, function, ast, error);
  if (!check_scalar (function, ast, error))
    return NULL;
  if (g_str_equal (eros_function_get_name (function), "GROUPING") &&
      (scope->ast == NULL || !scope->ast->group_by.present))
    return eros_analyzer_fail (&ast->span, error, "GROUPING function is not supported without GROUP BY");
  arguments = eros_analyzer_list (self);
  if (!eros_analyze_arguments (self, scope, function, call, arguments, error))
    return NULL;
  expr = eros_build_function (self, function, arguments, call, call->safe, &ast->span, error);
  if (expr != NULL && g_str_equal (eros_function_get_name (function), "ERROR"))
    expr->form = EROS_SQL_FORM_NULL;
  return expr;
}
