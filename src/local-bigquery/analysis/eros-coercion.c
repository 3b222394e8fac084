/* eros-coercion.c: literals, types as written, and what silently becomes what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

ErosAstSpan
eros_expr_span (const ErosExpr *expr)
{
  return (ErosAstSpan){ 0, 0, expr->line, expr->column_number };
}

gboolean
eros_expr_is_null (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_LITERAL && expr->literal.is_null;
}

/* Takes over a value whose data may be its own or lent. */
static void
set_literal (ErosAnalyzer *self, ErosExpr *expr, ErosSqlValue *value)
{
  expr->literal = *value;
  if (!value->is_null && eros_sql_type_get_kind (value->type) != EROS_SQL_FLOAT64 && value->owned != NULL)
    {
      expr->literal.data = eros_arena_strndup (self->arena, value->data, value->size);
      expr->literal.owned = NULL;
    }
  eros_sql_value_clear (value);
}

ErosExpr *
eros_literal_null (ErosAnalyzer *self, const ErosSqlType *type, const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, type, span);

  expr->form = EROS_SQL_FORM_LITERAL;
  eros_sql_value_set_null (&expr->literal, type);
  return expr;
}

ErosExpr *
eros_literal_integer (ErosAnalyzer *self, gint64 value, const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (EROS_SQL_INT64), span);

  expr->form = EROS_SQL_FORM_LITERAL;
  eros_sql_value_set_integer (&expr->literal, expr->type, value);
  return expr;
}

static ErosExpr *
literal_data (ErosAnalyzer *self, ErosSqlKind kind, const ErosAstExpr *ast)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (kind), &ast->span);
  const ErosAstLiteral *literal = &ast->literal;

  expr->form = EROS_SQL_FORM_LITERAL;
  expr->literal.type = expr->type;
  expr->literal.data = eros_arena_strndup (self->arena, literal->text, literal->length);
  expr->literal.size = literal->length;
  return expr;
}

static ErosExpr *
literal_int (ErosAnalyzer *self, const ErosAstExpr *ast, gboolean negative, GError **error)
{
  const ErosAstLiteral *literal = &ast->literal;
  guint64 limit = (guint64) G_MAXINT64 + (negative ? 1 : 0);

  if (literal->too_big || literal->integer > limit)
    return eros_analyzer_fail (&ast->span, error, "Invalid integer literal: %s%.*s", negative ? "-" : "",
                               (int) literal->length, literal->text);
  return eros_literal_integer (self, (gint64) (negative ? 0 - literal->integer : literal->integer),
                               &ast->span);
}

static ErosExpr *
literal_float (ErosAnalyzer *self, const ErosAstExpr *ast, gboolean negative)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (EROS_SQL_FLOAT64), &ast->span);
  g_autofree char *text = g_strndup (ast->literal.text, ast->literal.length);
  double value = g_ascii_strtod (text, NULL);

  expr->form = EROS_SQL_FORM_LITERAL;
  eros_sql_value_set_real (&expr->literal, negative ? -value : value);
  return expr;
}

/* DATE '2025-01-31' and its like */
static ErosExpr *
literal_typed (ErosAnalyzer *self, ErosSqlKind kind, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (kind), &ast->span);
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_autoptr (GError) reason = NULL;
  const char *name = eros_sql_kind_get_name (kind);

  expr->form = EROS_SQL_FORM_LITERAL;
  if (eros_sql_value_from_text (expr->type, ast->literal.text, (gssize) ast->literal.length, &value, &reason))
    {
      set_literal (self, expr, &value);
      return expr;
    }
  if (kind == EROS_SQL_JSON)
    return eros_analyzer_fail (&ast->span, error, "Invalid JSON literal: %s", reason->message);
  if (kind == EROS_SQL_NUMERIC || kind == EROS_SQL_BIGNUMERIC)
    return eros_analyzer_fail (&ast->span, error, "Invalid %s literal: \"%.*s\"", name,
                               (int) ast->literal.length, ast->literal.text);
  return eros_analyzer_fail (&ast->span, error, "Invalid %s literal", name);
}

/* A minus before a number belongs to it. */
ErosExpr *
eros_analyze_literal (ErosAnalyzer *self, const ErosAstExpr *ast, gboolean negative, GError **error)
{
  ErosExpr *expr = NULL;

  switch (ast->literal.kind)
    {
    case EROS_AST_LITERAL_NULL:
      expr = eros_literal_null (self, eros_sql_type (EROS_SQL_INT64), &ast->span);
      expr->form = EROS_SQL_FORM_NULL;
      return expr;
    case EROS_AST_LITERAL_BOOL:
      expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (EROS_SQL_BOOL), &ast->span);
      expr->form = EROS_SQL_FORM_LITERAL;
      eros_sql_value_set_integer (&expr->literal, expr->type, ast->literal.boolean);
      return expr;
    case EROS_AST_LITERAL_INT:
      return literal_int (self, ast, negative, error);
    case EROS_AST_LITERAL_FLOAT:
      return literal_float (self, ast, negative);
    case EROS_AST_LITERAL_STRING:
      return literal_data (self, EROS_SQL_STRING, ast);
    case EROS_AST_LITERAL_BYTES:
      return literal_data (self, EROS_SQL_BYTES, ast);
    case EROS_AST_LITERAL_NUMERIC:
      return literal_typed (self, EROS_SQL_NUMERIC, ast, error);
    case EROS_AST_LITERAL_BIGNUMERIC:
      return literal_typed (self, EROS_SQL_BIGNUMERIC, ast, error);
    case EROS_AST_LITERAL_DATE:
      return literal_typed (self, EROS_SQL_DATE, ast, error);
    case EROS_AST_LITERAL_TIME:
      return literal_typed (self, EROS_SQL_TIME, ast, error);
    case EROS_AST_LITERAL_DATETIME:
      return literal_typed (self, EROS_SQL_DATETIME, ast, error);
    case EROS_AST_LITERAL_TIMESTAMP:
      return literal_typed (self, EROS_SQL_TIMESTAMP, ast, error);
    case EROS_AST_LITERAL_JSON:
      return literal_typed (self, EROS_SQL_JSON, ast, error);
    }
  g_return_val_if_reached (NULL);
}

void
eros_expr_argument (const ErosExpr *expr, ErosSqlArgument *argument)
{
  *argument = (ErosSqlArgument){ expr->type, expr->form, NULL, NULL };
  if (expr->kind == EROS_EXPR_PART)
    argument->part = expr->part;
  if (expr->kind == EROS_EXPR_INTERVAL)
    argument->part = expr->interval.part;
}

/* The type that all of @exprs become, or NULL. */
const ErosSqlType *
eros_supertype (GPtrArray *exprs)
{
  g_autofree ErosSqlArgument *arguments = g_new0 (ErosSqlArgument, exprs->len);

  for (guint i = 0; i < exprs->len; i++)
    eros_expr_argument (exprs->pdata[i], &arguments[i]);
  return eros_sql_type_supertype (arguments, exprs->len);
}

ErosExpr *
eros_cast_to (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, gboolean implicit)
{
  ErosAstSpan span = eros_expr_span (expr);
  ErosExpr *cast = eros_analyzer_expr (self, EROS_EXPR_CAST, type, &span);

  cast->cast.operand = expr;
  cast->cast.implicit = implicit;
  return cast;
}

/* A literal becomes another literal here and now, so that a wrong one is an error before anything runs. */
static ErosExpr *
coerce_literal (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  ErosAstSpan span = eros_expr_span (expr);
  ErosExpr *result = eros_analyzer_expr (self, EROS_EXPR_LITERAL, type, &span);

  result->form = EROS_SQL_FORM_LITERAL;
  if (expr->literal.is_null)
    {
      eros_sql_value_set_null (&result->literal, type);
      return result;
    }
  if (eros_sql_type_is (expr->type, EROS_SQL_INT64) && eros_sql_type_is (type, EROS_SQL_FLOAT64))
    {
      eros_sql_value_set_real (&result->literal, (double) expr->literal.integer);
      return result;
    }
  eros_sql_value_append_cast (&expr->literal, text);
  if (!eros_sql_value_from_text (type, text->str, (gssize) text->len, &value, NULL))
    {
      if (eros_sql_type_is (expr->type, EROS_SQL_STRING))
        return eros_analyzer_fail (&span, error, "Could not cast literal \"%s\" to type %s", text->str,
                                   eros_sql_type_get_name (type));
      return eros_analyzer_fail (&span, error, "Could not cast literal %s to type %s", text->str,
                                 eros_sql_type_get_name (type));
    }
  set_literal (self, result, &value);
  return result;
}

static ErosExpr *
coerce_items (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error)
{
  gboolean array = expr->kind == EROS_EXPR_ARRAY;

  for (guint i = 0; i < expr->items->len; i++)
    {
      const ErosSqlType *item =
        array ? eros_sql_type_get_element (type) : eros_sql_type_get_field (type, i)->type;

      expr->items->pdata[i] = eros_coerce (self, expr->items->pdata[i], item, error);
      if (expr->items->pdata[i] == NULL)
        return NULL;
    }
  expr->type = type;
  return expr;
}

static gboolean
same_shape (const ErosExpr *expr, const ErosSqlType *type)
{
  if (expr->kind == EROS_EXPR_ARRAY)
    return eros_sql_type_is (type, EROS_SQL_ARRAY);
  return expr->kind == EROS_EXPR_STRUCT && eros_sql_type_is (type, EROS_SQL_STRUCT) &&
         eros_sql_type_get_n_fields (type) == expr->items->len;
}

/* Makes @expr one of @type; that it may become one has been found out before. */
ErosExpr *
eros_coerce (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *type, GError **error)
{
  if (expr->kind == EROS_EXPR_LITERAL && (expr->type != type || expr->form == EROS_SQL_FORM_NULL))
    {
      ErosSqlKind from = eros_sql_type_get_kind (expr->type);

      if (expr->literal.is_null ||
          (from < EROS_SQL_N_SCALAR_KINDS && from != EROS_SQL_BYTES &&
           eros_sql_type_get_kind (type) < EROS_SQL_N_SCALAR_KINDS &&
           (from == EROS_SQL_STRING || from == EROS_SQL_INT64 || from == EROS_SQL_FLOAT64 ||
            from == EROS_SQL_NUMERIC || from == EROS_SQL_BIGNUMERIC)))
        return coerce_literal (self, expr, type, error);
    }
  if (expr->kind == EROS_EXPR_CALL && expr->form == EROS_SQL_FORM_NULL)
    {
      /* ERROR () never yields a value, so it is of any type. */
      expr->type = type;
      return expr;
    }
  if (expr->type == type)
    {
      if (expr->form == EROS_SQL_FORM_EMPTY_ARRAY)
        expr->form = EROS_SQL_FORM_EXPRESSION;
      return expr;
    }
  if (same_shape (expr, type))
    return coerce_items (self, expr, type, error);
  return eros_cast_to (self, expr, type, TRUE);
}

/* What may be stored into a column or variable of @type without a CAST. */
gboolean
eros_expr_assignable (const ErosExpr *expr, const ErosSqlType *type)
{
  gboolean fits = TRUE;

  /* A constructor is as assignable as its fields: one that is NULL fits everywhere. */
  if (expr->kind == EROS_EXPR_STRUCT && expr->items != NULL && same_shape (expr, type))
    {
      for (guint i = 0; i < expr->items->len && fits; i++)
        fits = eros_expr_assignable (expr->items->pdata[i], eros_sql_type_get_field (type, i)->type);
      return fits;
    }
  return expr->type == type || eros_sql_type_coerces (expr->type, expr->form, type);
}

/* Text that a type's parameters limit is not checked here: STRING (10) is the table's business. */
static const ErosSqlType *
resolve_simple (const ErosAstType *type, GError **error)
{
  ErosSqlKind kind = EROS_SQL_INT64;

  if (type->name.n_parts == 1 && eros_sql_kind_from_name (type->name.parts[0].text, &kind) &&
      kind < EROS_SQL_N_SCALAR_KINDS)
    return eros_sql_type (kind);
  if (type->name.n_parts == 1)
    {
      static const char *const known[] = { "UUID", "GRAPH_ELEMENT" };

      for (guint i = 0; i < G_N_ELEMENTS (known); i++)
        if (g_ascii_strcasecmp (type->name.parts[0].text, known[i]) == 0)
          return eros_analyzer_refuse (&type->span, error, "Type %s is not supported by the local BigQuery",
                                       known[i]);
    }
  {
    g_autoptr (GString) path = g_string_new (NULL);

    for (guint i = 0; i < type->name.n_parts; i++)
      g_string_append_printf (path, "%s%s", i > 0 ? "." : "", type->name.parts[i].text);
    return eros_analyzer_fail (&type->span, error, "Type not found: %s", path->str);
  }
}

static const ErosSqlType *
resolve_struct (const ErosAstType *type, GError **error)
{
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, MAX (type->n_fields, 1));

  for (guint i = 0; i < type->n_fields; i++)
    {
      fields[i].name = type->fields[i].name != NULL ? type->fields[i].name->text : "";
      fields[i].type = eros_resolve_type (type->fields[i].type, error);
      if (fields[i].type == NULL)
        return NULL;
    }
  return eros_sql_type_struct (fields, type->n_fields);
}

const ErosSqlType *
eros_resolve_type (const ErosAstType *type, GError **error)
{
  const ErosSqlType *element = NULL;

  switch (type->kind)
    {
    case EROS_AST_TYPE_SIMPLE:
      return resolve_simple (type, error);
    case EROS_AST_TYPE_STRUCT:
      return resolve_struct (type, error);
    case EROS_AST_TYPE_ARRAY:
      element = eros_resolve_type (type->element, error);
      if (element == NULL)
        return NULL;
      if (eros_sql_type_is (element, EROS_SQL_ARRAY))
        return eros_analyzer_fail (&type->span, error, "Arrays of arrays are not supported");
      return eros_sql_type_array (element);
    case EROS_AST_TYPE_RANGE:
      element = eros_resolve_type (type->element, error);
      if (element == NULL)
        return NULL;
      if (eros_sql_type_range (element) == NULL)
        return eros_analyzer_fail (
          &type->span, error, "Unsupported type: RANGE<%s>. The element must be DATE, DATETIME or TIMESTAMP",
          eros_sql_type_get_name (element));
      return eros_sql_type_range (element);
    }
  g_return_val_if_reached (NULL);
}

/**
 * eros_analyze_type:
 * @type: a type as written
 * @error: return location for an #ErosAnalysisError
 *
 * Type parameters, STRING (10), are not part of the result.
 *
 * Returns: the type, or %NULL
 */
const ErosSqlType *
eros_analyze_type (const ErosAstType *type, GError **error)
{
  return eros_resolve_type (type, error);
}
