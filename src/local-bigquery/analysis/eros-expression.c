/* eros-expression.c: expressions other than calls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static const char *const binary_functions[] = {
  [EROS_AST_ADD] = "$add",
  [EROS_AST_SUBTRACT] = "$subtract",
  [EROS_AST_MULTIPLY] = "$multiply",
  [EROS_AST_DIVIDE] = "$divide",
  [EROS_AST_CONCAT] = "$concat",
  [EROS_AST_BIT_AND] = "$bitwise_and",
  [EROS_AST_BIT_OR] = "$bitwise_or",
  [EROS_AST_BIT_XOR] = "$bitwise_xor",
  [EROS_AST_SHIFT_LEFT] = "$shift_left",
  [EROS_AST_SHIFT_RIGHT] = "$shift_right",
  [EROS_AST_EQUAL] = "$equal",
  [EROS_AST_NOT_EQUAL] = "$not_equal",
  [EROS_AST_LESS] = "$less",
  [EROS_AST_LESS_OR_EQUAL] = "$less_or_equal",
  [EROS_AST_GREATER] = "$greater",
  [EROS_AST_GREATER_OR_EQUAL] = "$greater_or_equal",
  [EROS_AST_LIKE] = "$like",
  [EROS_AST_IS_DISTINCT_FROM] = "$is_distinct_from",
};

static const char *const binary_names[] = {
  [EROS_AST_ADD] = "+",         [EROS_AST_SUBTRACT] = "-",
  [EROS_AST_MULTIPLY] = "*",    [EROS_AST_DIVIDE] = "/",
  [EROS_AST_CONCAT] = "||",     [EROS_AST_BIT_AND] = "&",
  [EROS_AST_BIT_OR] = "|",      [EROS_AST_BIT_XOR] = "^",
  [EROS_AST_SHIFT_LEFT] = "<<", [EROS_AST_SHIFT_RIGHT] = ">>",
  [EROS_AST_EQUAL] = "=",       [EROS_AST_NOT_EQUAL] = "!=",
  [EROS_AST_LESS] = "<",        [EROS_AST_LESS_OR_EQUAL] = "<=",
  [EROS_AST_GREATER] = ">",     [EROS_AST_GREATER_OR_EQUAL] = ">=",
  [EROS_AST_LIKE] = "LIKE",     [EROS_AST_IS_DISTINCT_FROM] = "IS DISTINCT FROM",
};

static ErosExpr *
negate (ErosAnalyzer *self, ErosExpr *expr, const ErosAstSpan *span, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);

  g_ptr_array_add (arguments, expr);
  return eros_build_call (self, "$not", arguments, FALSE, span, error);
}

static ErosExpr *
analyze_unary (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosAstExpr *operand_ast = ast->unary.operand;
  GPtrArray *arguments = NULL;
  ErosExpr *operand = NULL;

  if (ast->unary.op == EROS_AST_MINUS && operand_ast->kind == EROS_AST_LITERAL &&
      !operand_ast->parenthesized &&
      (operand_ast->literal.kind == EROS_AST_LITERAL_INT ||
       operand_ast->literal.kind == EROS_AST_LITERAL_FLOAT))
    {
      operand = eros_analyze_literal (self, operand_ast, TRUE, error);
      if (operand != NULL)
        operand->column_number = ast->span.column, operand->line = ast->span.line;
      return operand;
    }
  operand = eros_analyze_expr (self, scope, operand_ast, error);
  if (operand == NULL)
    return NULL;
  if (operand->form == EROS_SQL_FORM_NULL && eros_expr_is_null (operand))
    {
      static const char *const names[] = { "NOT", "-", "+", "~" };

      return eros_analyzer_fail (&operand_ast->span, error, "Operands of %s cannot be literal NULL",
                                 names[ast->unary.op]);
    }
  arguments = eros_analyzer_list (self);
  g_ptr_array_add (arguments, operand);
  switch (ast->unary.op)
    {
    case EROS_AST_NOT:
      return eros_build_call (self, "$not", arguments, FALSE, &ast->span, error);
    case EROS_AST_MINUS:
      return eros_build_call (self, "$unary_minus", arguments, FALSE, &ast->span, error);
    case EROS_AST_BIT_NOT:
      return eros_build_call (self, "$bitwise_not", arguments, FALSE, &ast->span, error);
    case EROS_AST_PLUS:
      if (!eros_sql_type_is_numeric (operand->type))
        return eros_analyzer_fail (
          &ast->span, error,
          "No matching signature for operator + for argument types: %s. Supported signatures: "
          "+(INT64); +(FLOAT64); +(NUMERIC); +(BIGNUMERIC)",
          eros_sql_type_get_name (operand->type));
      return operand;
    }
  g_return_val_if_reached (NULL);
}

/* a || b || c is one call, however long: SQLite's parser has a shallow stack. */
static gboolean
collect_concat (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosAstExpr *ast,
                GPtrArray *arguments,
                GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();

  for (; ast->kind == EROS_AST_BINARY && ast->binary.op == EROS_AST_CONCAT; ast = ast->binary.left)
    g_ptr_array_add (chain, ast->binary.right);
  g_ptr_array_add (chain, (gpointer) ast);
  for (guint i = chain->len; i-- > 0;)
    {
      ErosExpr *operand = eros_analyze_expr (self, scope, chain->pdata[i], error);

      if (operand == NULL)
        return FALSE;
      if (eros_expr_is_null (operand) && operand->form == EROS_SQL_FORM_NULL)
        return !!eros_analyzer_fail (&((const ErosAstExpr *) chain->pdata[i])->span, error,
                                     "Operands of || cannot be literal NULL");
      g_ptr_array_add (arguments, operand);
    }
  return TRUE;
}

/* What is neither text nor bytes becomes text. */
static void
cast_to_text (ErosAnalyzer *self, GPtrArray *operands)
{
  const ErosSqlType *string = eros_sql_type (EROS_SQL_STRING);

  for (guint i = 0; i < operands->len; i++)
    if (eros_sql_type_is (((ErosExpr *) operands->pdata[i])->type, EROS_SQL_BYTES))
      return;
  for (guint i = 0; i < operands->len; i++)
    {
      ErosExpr *operand = operands->pdata[i];
      ErosSqlKind kind = eros_sql_type_get_kind (operand->type);

      if (kind != EROS_SQL_STRING && kind != EROS_SQL_JSON && kind != EROS_SQL_INTERVAL &&
          kind < EROS_SQL_N_SCALAR_KINDS)
        operands->pdata[i] = eros_cast_to (self, operand, string, TRUE);
    }
}

/* Pairs neighbours until one is left: || is associative, and so the tree is as low as can be. */
static ErosExpr *
analyze_concat (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  GPtrArray *level = eros_analyzer_list (self);

  if (!collect_concat (self, scope, ast, level, error))
    return NULL;
  cast_to_text (self, level);
  while (level->len > 1)
    {
      GPtrArray *next = eros_analyzer_list (self);

      for (guint i = 0; i < level->len; i += 2)
        {
          GPtrArray *pair = eros_analyzer_list (self);
          ErosExpr *joined = level->pdata[i];

          if (i + 1 < level->len)
            {
              g_ptr_array_add (pair, level->pdata[i]);
              g_ptr_array_add (pair, level->pdata[i + 1]);
              joined = eros_build_call (self, "$concat", pair, FALSE, &ast->span, error);
              if (joined == NULL)
                return NULL;
            }
          g_ptr_array_add (next, joined);
        }
      level = next;
    }
  return level->pdata[0];
}

static ErosExpr *
analyze_binary (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosAstBinaryOp op = ast->binary.op;
  GPtrArray *arguments = NULL;
  ErosExpr *left = NULL, *right = NULL, *result = NULL;
  gboolean takes_null = FALSE;
  gboolean folds =
    op >= EROS_AST_EQUAL && (eros_is_collated (ast->binary.left) || eros_is_collated (ast->binary.right));

  if (op == EROS_AST_CONCAT)
    return analyze_concat (self, scope, ast, error);
  left =
    eros_analyze_expr (self, scope, folds ? eros_collated_text (ast->binary.left) : ast->binary.left, error);
  if (left == NULL)
    return NULL;
  takes_null = op == EROS_AST_IS_DISTINCT_FROM || op == EROS_AST_SHIFT_LEFT || op == EROS_AST_SHIFT_RIGHT;
  right = eros_analyze_expr (self, scope, folds ? eros_collated_text (ast->binary.right) : ast->binary.right,
                             error);
  if (right == NULL)
    return NULL;
  if (folds && ((left = eros_fold_case (self, left, &ast->span, error)) == NULL ||
                (right = eros_fold_case (self, right, &ast->span, error)) == NULL))
    return NULL;
  if (eros_expr_is_null (left) && left->form == EROS_SQL_FORM_NULL && !takes_null)
    return eros_analyzer_fail (&ast->binary.left->span, error, "Operands of %s cannot be literal NULL",
                               binary_names[op]);
  if (eros_expr_is_null (right) && right->form == EROS_SQL_FORM_NULL && !takes_null)
    return eros_analyzer_fail (&ast->binary.right->span, error, "Operands of %s cannot be literal NULL",
                               binary_names[op]);
  arguments = eros_analyzer_list (self);
  g_ptr_array_add (arguments, left);
  g_ptr_array_add (arguments, right);
  if (op == EROS_AST_LIKE && ast->binary.negated)
    return eros_build_call (self, "$not_like", arguments, FALSE, &ast->span, error);
  result = eros_build_call (self, binary_functions[op], arguments, FALSE, &ast->span, error);
  if (result != NULL && ast->binary.negated)
    return negate (self, result, &ast->span, error);
  return result;
}

/* AND, OR: their operands are BOOL, whatever else is said of their signature. */
static ErosExpr *
analyze_logical (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosSqlType *boolean = eros_sql_type (EROS_SQL_BOOL);
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LOGICAL, boolean, &ast->span);
  g_autoptr (GString) types = g_string_new (NULL);
  gboolean valid = TRUE;
  const char *name = ast->logical.is_or ? "OR" : "AND";

  expr->logical.is_or = ast->logical.is_or;
  expr->logical.operands = eros_analyzer_list (self);
  for (guint i = 0; i < ast->logical.operands.length; i++)
    {
      ErosExpr *operand = eros_analyze_expr (self, scope, ast->logical.operands.items[i], error);

      if (operand == NULL)
        return NULL;
      g_string_append_printf (types, "%s%s", i > 0 ? ", " : "",
                              operand->form == EROS_SQL_FORM_NULL ? "NULL"
                                                                  : eros_sql_type_get_name (operand->type));
      if (operand->type == boolean || operand->form == EROS_SQL_FORM_NULL)
        operand = eros_coerce (self, operand, boolean, error);
      else
        valid = FALSE;
      g_ptr_array_add (expr->logical.operands, operand);
    }
  if (!valid)
    return eros_analyzer_fail (
      &ast->span, error,
      "No matching signature for operator %s for argument types: %s. Supported signature: BOOL %s "
      "([BOOL, ...])",
      name, types->str, name);
  return expr;
}

static ErosExpr *
analyze_is (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  static const char *const functions[] = {
    [EROS_AST_IS_NULL] = "$is_null",
    [EROS_AST_IS_TRUE] = "$is_true",
    [EROS_AST_IS_FALSE] = "$is_false",
    [EROS_AST_IS_UNKNOWN] = "$is_null",
  };
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->is.operand, error);
  GPtrArray *arguments = NULL;
  ErosExpr *result = NULL;

  if (operand == NULL)
    return NULL;
  arguments = eros_analyzer_list (self);
  g_ptr_array_add (arguments, operand);
  result = eros_build_call (self, functions[ast->is.what], arguments, FALSE, &ast->span, error);
  if (result != NULL && ast->is.negated)
    return negate (self, result, &ast->span, error);
  return result;
}

static ErosExpr *
analyze_between (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosAstExpr *parts[] = { ast->between.operand, ast->between.low, ast->between.high };
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *result = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      ErosExpr *part = eros_analyze_expr (self, scope, parts[i], error);

      if (part == NULL)
        return NULL;
      g_ptr_array_add (arguments, part);
    }
  result = eros_build_call (self, "$between", arguments, FALSE, &ast->between.op_span, error);
  if (result != NULL && ast->between.negated)
    return negate (self, result, &ast->span, error);
  return result;
}

static ErosExpr *
analyze_parameter (ErosAnalyzer *self, const ErosAstExpr *ast, GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  const ErosAstParameter *parameter = &ast->parameter;
  const ErosSqlType *type = NULL;
  ErosExpr *expr = NULL;

  if (self->in_view)
    return eros_analyzer_fail (&ast->span, error,
                               "Query parameters cannot be used inside SQL function bodies or views");
  if (class->find_parameter != NULL)
    type = class->find_parameter (self->catalog, parameter->name, parameter->position);
  if (type == NULL && parameter->name != NULL)
    return eros_analyzer_fail (&ast->span, error, "Query parameter '%s' not found", parameter->name);
  if (type == NULL)
    return eros_analyzer_fail (&ast->span, error, "Query parameter number %u is not defined",
                               parameter->position + 1);
  expr = eros_analyzer_expr (self, EROS_EXPR_PARAMETER, type, &ast->span);
  expr->form = EROS_SQL_FORM_PARAMETER;
  expr->parameter =
    eros_analyzer_parameter (self, parameter->name != NULL ? EROS_PARAMETER_NAMED : EROS_PARAMETER_POSITIONAL,
                             parameter->name, parameter->position, type);
  return expr;
}

static ErosExpr *
analyze_system_variable (ErosAnalyzer *self, const ErosAstExpr *ast, GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  g_autoptr (GString) name = g_string_new (NULL);
  const ErosSqlType *type = NULL;
  ErosExpr *expr = NULL;

  for (guint i = 0; i < ast->path.n_parts; i++)
    g_string_append_printf (name, "%s%s", i > 0 ? "." : "", ast->path.parts[i].text);
  if (class->find_system_variable != NULL)
    type = class->find_system_variable (self->catalog, &ast->path);
  if (type == NULL)
    return eros_analyzer_fail (&ast->span, error, "Unrecognized name: @@%s", name->str);
  expr = eros_analyzer_expr (self, EROS_EXPR_PARAMETER, type, &ast->span);
  expr->parameter = eros_analyzer_parameter (self, EROS_PARAMETER_SYSTEM, name->str, 0, type);
  return expr;
}

static ErosExpr *
optional (ErosAnalyzer *self,
          ErosScope *scope,
          const ErosAstExpr *ast,
          const ErosSqlType *type,
          const char *what,
          GError **error)
{
  ErosExpr *expr = eros_analyze_expr (self, scope, ast, error);

  if (expr == NULL)
    return NULL;
  if (!eros_expr_assignable (expr, type))
    return eros_analyzer_fail (&ast->span, error, "%s should return type %s, but returns %s", what,
                               eros_sql_type_get_name (type), eros_sql_type_get_name (expr->type));
  return eros_coerce (self, expr, type, error);
}

static ErosExpr *
analyze_cast (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosSqlType *string = eros_sql_type (EROS_SQL_STRING);
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->cast.operand, error);
  const ErosSqlType *type = NULL;
  ErosExpr *cast = NULL;

  if (operand == NULL)
    return NULL;
  type = eros_resolve_type (ast->cast.type, error);
  if (type == NULL)
    return NULL;
  if (operand->form == EROS_SQL_FORM_NULL && eros_expr_is_null (operand))
    {
      cast = eros_literal_null (self, type, &ast->span);
      cast->form = EROS_SQL_FORM_EXPRESSION;
      return cast;
    }
  if (operand->form == EROS_SQL_FORM_EMPTY_ARRAY && eros_sql_type_is (type, EROS_SQL_ARRAY))
    operand = eros_coerce (self, operand, type, error);
  if (!eros_sql_type_casts (operand->type, type))
    return eros_analyzer_fail (&ast->cast.operand->span, error, "Invalid cast from %s to %s",
                               eros_sql_type_get_name (operand->type), eros_sql_type_get_name (type));
  /* A literal keeps its digits: CAST (0.1 AS NUMERIC) is 0.1 and not the FLOAT64 next to it. */
  if (operand->kind == EROS_EXPR_LITERAL && eros_sql_type_is (operand->type, EROS_SQL_FLOAT64) &&
      (eros_sql_type_is (type, EROS_SQL_NUMERIC) || eros_sql_type_is (type, EROS_SQL_BIGNUMERIC)))
    {
      ErosExpr *exact = eros_coerce (self, operand, type, NULL);

      if (exact != NULL)
        return exact;
    }
  cast = eros_cast_to (self, operand, type, FALSE);
  cast->cast.safe = ast->cast.safe;
  cast->line = ast->span.line;
  cast->column_number = ast->span.column;
  if (ast->cast.format != NULL)
    {
      cast->cast.format = optional (self, scope, ast->cast.format, string, "FORMAT clause", error);
      if (cast->cast.format == NULL)
        return NULL;
    }
  if (ast->cast.time_zone != NULL)
    {
      cast->cast.zone = optional (self, scope, ast->cast.time_zone, string, "AT TIME ZONE clause", error);
      if (cast->cast.zone == NULL)
        return NULL;
    }
  return cast;
}

static ErosExpr *
analyze_extract (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);
  const ErosAstPart *part = &ast->extract.part;
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->extract.operand, error);

  if (operand == NULL)
    return NULL;
  g_ptr_array_add (arguments, operand);
  g_ptr_array_add (arguments, eros_part_expr (self, part->name, part->argument, &part->span));
  if (ast->extract.time_zone != NULL)
    {
      ErosExpr *zone = optional (self, scope, ast->extract.time_zone, eros_sql_type (EROS_SQL_STRING),
                                 "AT TIME ZONE clause", error);

      if (zone == NULL)
        return NULL;
      g_ptr_array_add (arguments, zone);
    }
  return eros_build_call (self, "$extract", arguments, FALSE, &ast->span, error);
}

static ErosExpr *
analyze_field_access (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->field.operand, error);

  return operand != NULL ? eros_analyze_field (self, operand, &ast->field.name, error) : NULL;
}

/* struct[0]: the field must be known */
static ErosExpr *
struct_subscript (ErosAnalyzer *self,
                  ErosExpr *operand,
                  const ErosExpr *index,
                  gboolean ordinal,
                  const ErosAstSpan *at,
                  GError **error)
{
  gint64 place = 0;

  if (index->kind != EROS_EXPR_LITERAL || index->literal.is_null ||
      !eros_sql_type_is (index->type, EROS_SQL_INT64))
    return eros_analyzer_fail (at, error,
                               "Field element access requires the position to be a literal integer");
  place = index->literal.integer - ordinal;
  if (place < 0 || place >= eros_sql_type_get_n_fields (operand->type))
    return eros_analyzer_fail (at, error, "Field %s %" G_GINT64_FORMAT " is out of bounds in %s",
                               ordinal ? "ordinal" : "offset", index->literal.integer,
                               eros_sql_type_get_name (operand->type));
  return eros_field_of (self, operand, (guint) place, at);
}

static ErosExpr *
analyze_subscript (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  static const char *const functions[] = {
    [EROS_AST_SUBSCRIPT_PLAIN] = "$array_offset",
    [EROS_AST_SUBSCRIPT_OFFSET] = "$array_offset",
    [EROS_AST_SUBSCRIPT_ORDINAL] = "$array_ordinal",
    [EROS_AST_SUBSCRIPT_SAFE_OFFSET] = "$array_safe_offset",
    [EROS_AST_SUBSCRIPT_SAFE_ORDINAL] = "$array_safe_ordinal",
  };
  static const char *const names[] = { "[]", "OFFSET", "ORDINAL", "SAFE_OFFSET", "SAFE_ORDINAL" };
  ErosAstSubscriptKind kind = ast->subscript.kind;
  const ErosAstSpan *at = &ast->subscript.index->span;
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *operand = eros_analyze_expr (self, scope, ast->subscript.operand, error);
  ErosExpr *index = operand != NULL ? eros_analyze_expr (self, scope, ast->subscript.index, error) : NULL;
  gboolean json = FALSE;

  if (index == NULL)
    return NULL;
  if (eros_sql_type_is (operand->type, EROS_SQL_STRUCT) && kind != EROS_AST_SUBSCRIPT_SAFE_OFFSET &&
      kind != EROS_AST_SUBSCRIPT_SAFE_ORDINAL)
    return struct_subscript (self, operand, index, kind == EROS_AST_SUBSCRIPT_ORDINAL, at, error);
  json = eros_sql_type_is (operand->type, EROS_SQL_JSON) && kind == EROS_AST_SUBSCRIPT_PLAIN;
  if (!json && !eros_sql_type_is (operand->type, EROS_SQL_ARRAY))
    return kind == EROS_AST_SUBSCRIPT_PLAIN
             ? eros_analyzer_fail (
                 at, error, "Subscript access using [%s] is not supported on values of type %s",
                 eros_sql_type_get_name (index->type), eros_sql_type_get_name (operand->type))
             : eros_analyzer_fail (at, error,
                                   "Subscript access using [%s()] is not supported on values of type %s",
                                   names[kind], eros_sql_type_get_name (operand->type));
  if (!json && !eros_expr_assignable (index, eros_sql_type (EROS_SQL_INT64)))
    return eros_analyzer_fail (at, error,
                               "Array position in %s must be coercible to INT64 type, but has type %s",
                               names[kind], eros_sql_type_get_name (index->type));
  g_ptr_array_add (arguments, operand);
  g_ptr_array_add (arguments, index);
  return eros_build_call (self, functions[kind], arguments, FALSE, &ast->span, error);
}

static ErosExpr *
dispatch (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  switch (ast->kind)
    {
    case EROS_AST_LITERAL:
      return eros_analyze_literal (self, ast, FALSE, error);
    case EROS_AST_PATH:
      return eros_analyze_path (self, scope, ast, error);
    case EROS_AST_PARAMETER:
      return analyze_parameter (self, ast, error);
    case EROS_AST_SYSTEM_VARIABLE:
      return analyze_system_variable (self, ast, error);
    case EROS_AST_UNARY:
      return analyze_unary (self, scope, ast, error);
    case EROS_AST_BINARY:
      return analyze_binary (self, scope, ast, error);
    case EROS_AST_LOGICAL:
      return analyze_logical (self, scope, ast, error);
    case EROS_AST_IS:
      return analyze_is (self, scope, ast, error);
    case EROS_AST_BETWEEN:
      return analyze_between (self, scope, ast, error);
    case EROS_AST_IN:
      return eros_analyze_in (self, scope, ast, error);
    case EROS_AST_CASE:
      return eros_analyze_case (self, scope, ast, error);
    case EROS_AST_CAST:
      return analyze_cast (self, scope, ast, error);
    case EROS_AST_EXTRACT:
      return analyze_extract (self, scope, ast, error);
    case EROS_AST_INTERVAL:
      return eros_analyze_interval (self, scope, ast, error);
    case EROS_AST_ARRAY:
      return eros_analyze_array (self, scope, ast, error);
    case EROS_AST_STRUCT:
      return eros_analyze_struct (self, scope, ast, error);
    case EROS_AST_FIELD:
      return analyze_field_access (self, scope, ast, error);
    case EROS_AST_SUBSCRIPT:
      return analyze_subscript (self, scope, ast, error);
    case EROS_AST_CALL:
      return eros_analyze_call (self, scope, ast, error);
    case EROS_AST_SUBQUERY:
      return eros_analyze_subquery (self, scope, ast, error);
    case EROS_AST_DEFAULT:
      return eros_analyzer_fail (&ast->span, error,
                                 "DEFAULT is allowed only as a value of INSERT, UPDATE and MERGE");
    }
  g_return_val_if_reached (NULL);
}

ErosExpr *
eros_analyze_expr (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = NULL;

  if (!eros_analyzer_enter (self, &ast->span, error))
    return NULL;
  expr = dispatch (self, scope, ast, error);
  eros_analyzer_leave (self);
  return expr;
}

/* A condition: @what is "WHERE clause" and so on. */
ErosExpr *
eros_analyze_bool (ErosAnalyzer *self,
                   ErosScope *scope,
                   const ErosAstExpr *ast,
                   const char *what,
                   GError **error)
{
  return optional (self, scope, ast, eros_sql_type (EROS_SQL_BOOL), what, error);
}
