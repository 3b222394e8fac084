/* eros-constructor.c: CASE, ARRAY and STRUCT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static const char *
shown_type (const ErosExpr *expr)
{
  return expr->form == EROS_SQL_FORM_NULL ? "NULL" : eros_sql_type_get_name (expr->type);
}

static gboolean
coerce_all (ErosAnalyzer *self, GPtrArray *exprs, const ErosSqlType *type, GError **error)
{
  for (guint i = 0; i < exprs->len; i++)
    {
      exprs->pdata[i] = eros_coerce (self, exprs->pdata[i], type, error);
      if (exprs->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static char *
list_types (GPtrArray *exprs)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < exprs->len; i++)
    if (g_hash_table_add (seen, (gpointer) shown_type (exprs->pdata[i])))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", shown_type (exprs->pdata[i]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (BOOL INT64) (BOOL STRING) NULL */
static char *
list_branches (const ErosCase *parts, gboolean has_else)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < parts->conditions->len; i++)
    g_string_append_printf (text, "(%s %s) ", shown_type (parts->conditions->pdata[i]),
                            shown_type (parts->results->pdata[i]));
  g_string_append (text, shown_type (parts->results->pdata[parts->results->len - 1]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Types of the WHENs: all BOOL, or, with an operand, all comparable with it. */
static gboolean
check_conditions (ErosAnalyzer *self, ErosCase *parts, const ErosAstExpr *ast, GError **error)
{
  const ErosSqlType *boolean = eros_sql_type (EROS_SQL_BOOL);

  if (parts->operand != NULL)
    {
      const ErosSqlType *type = NULL;

      g_ptr_array_insert (parts->conditions, 0, parts->operand);
      type = eros_supertype (parts->conditions);
      if (type == NULL || !eros_sql_type_is_comparable (type))
        {
          g_autoptr (GString) text = g_string_new (shown_type (parts->operand));

          for (guint i = 0; i < parts->results->len; i++)
            g_string_append_printf (
              text, ", %s%s%s",
              i + 1 < parts->conditions->len ? shown_type (parts->conditions->pdata[i + 1]) : "",
              i + 1 < parts->conditions->len ? ", " : "", shown_type (parts->results->pdata[i]));
          return !!eros_analyzer_fail (
            &ast->span, error, "No matching signature for operator CASE for argument types: %s", text->str);
        }
      if (!coerce_all (self, parts->conditions, type, error))
        return FALSE;
      parts->operand = parts->conditions->pdata[0];
      g_ptr_array_remove_index (parts->conditions, 0);
      return TRUE;
    }
  for (guint i = 0; i < parts->conditions->len; i++)
    {
      ErosExpr *condition = parts->conditions->pdata[i];

      if (condition->type != boolean && condition->form != EROS_SQL_FORM_NULL)
        {
          g_autofree char *types = list_types (parts->conditions);
          g_autofree char *branches = list_branches (parts, TRUE);

          return !!eros_analyzer_fail (
            &ast->span, error,
            "No matching signature for operator CASE; all WHEN argument types must be BOOL but "
            "found: %s; actual argument types (WHEN THEN) ELSE: %s",
            types, branches);
        }
    }
  return coerce_all (self, parts->conditions, boolean, error);
}

ErosExpr *
eros_analyze_case (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_CASE, NULL, &ast->span);
  ErosCase *parts = &expr->case_;
  ErosExpr *otherwise = NULL;

  parts->conditions = eros_analyzer_list (self);
  parts->results = eros_analyzer_list (self);
  if (ast->case_.operand != NULL)
    {
      parts->operand = eros_analyze_expr (self, scope, ast->case_.operand, error);
      if (parts->operand == NULL)
        return NULL;
    }
  for (guint i = 0; i < ast->case_.n_whens; i++)
    {
      ErosExpr *when = eros_analyze_expr (self, scope, ast->case_.whens[i].when, error);
      ErosExpr *then = when != NULL ? eros_analyze_expr (self, scope, ast->case_.whens[i].then, error) : NULL;

      if (then == NULL)
        return NULL;
      g_ptr_array_add (parts->conditions, when);
      g_ptr_array_add (parts->results, then);
    }
  if (ast->case_.otherwise != NULL)
    otherwise = eros_analyze_expr (self, scope, ast->case_.otherwise, error);
  else
    {
      otherwise = eros_literal_null (self, eros_sql_type (EROS_SQL_INT64), &ast->span);
      otherwise->form = EROS_SQL_FORM_NULL;
    }
  if (otherwise == NULL)
    return NULL;
  g_ptr_array_add (parts->results, otherwise);
  if (!check_conditions (self, parts, ast, error))
    return NULL;
  expr->type = eros_supertype (parts->results);
  if (expr->type == NULL)
    {
      g_autofree char *types = list_types (parts->results);
      g_autofree char *branches = list_branches (parts, TRUE);

      return eros_analyzer_fail (
        &ast->span, error,
        "No matching signature for operator CASE; all THEN/ELSE arguments must be coercible to a "
        "common type but found: %s; actual argument types (WHEN THEN) ELSE: %s",
        types, branches);
    }
  if (!coerce_all (self, parts->results, expr->type, error))
    return NULL;
  parts->otherwise = g_ptr_array_steal_index (parts->results, parts->results->len - 1);
  return expr;
}

/* Made of literals only, it coerces as one. */
static ErosSqlForm
form_of (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      ErosSqlForm form = ((ErosExpr *) items->pdata[i])->form;

      if (form != EROS_SQL_FORM_LITERAL && form != EROS_SQL_FORM_NULL)
        return EROS_SQL_FORM_EXPRESSION;
    }
  return EROS_SQL_FORM_LITERAL;
}

static gboolean
coerce_elements (ErosAnalyzer *self, ErosExpr *expr, const ErosSqlType *element, GError **error)
{
  for (guint i = 0; i < expr->items->len; i++)
    {
      ErosExpr *item = expr->items->pdata[i];
      ErosAstSpan span = eros_expr_span (item);

      if (!eros_expr_assignable (item, element))
        return !!eros_analyzer_fail (&span, error, "Array element type %s does not coerce to %s",
                                     shown_type (item), eros_sql_type_get_name (element));
      expr->items->pdata[i] = eros_coerce (self, item, element, error);
      if (expr->items->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

ErosExpr *
eros_analyze_array (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_ARRAY, NULL, &ast->span);
  const ErosSqlType *element = NULL;

  expr->items = eros_analyzer_list (self);
  if (ast->array.element != NULL)
    {
      element = eros_resolve_type (ast->array.element, error);
      if (element == NULL)
        return NULL;
    }
  for (guint i = 0; i < ast->array.items.length; i++)
    {
      ErosExpr *item = eros_analyze_expr (self, scope, ast->array.items.items[i], error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (expr->items, item);
    }
  if (element == NULL && expr->items->len == 0)
    {
      expr->type = eros_sql_type_array (eros_sql_type (EROS_SQL_INT64));
      expr->form = EROS_SQL_FORM_EMPTY_ARRAY;
      return expr;
    }
  if (element == NULL)
    {
      expr->form = form_of (expr->items);
      element = eros_supertype (expr->items);
    }
  if (element == NULL)
    {
      g_autofree char *types = list_types (expr->items);

      return eros_analyzer_fail (&ast->span, error,
                                 "Array elements of types {%s} do not have a common supertype", types);
    }
  if (eros_sql_type_is (element, EROS_SQL_ARRAY))
    return eros_analyzer_fail (
      ast->array.items.length > 0 ? &ast->array.items.items[0]->span : &ast->span, error,
      "Cannot construct array with element type %s because nested arrays are not supported",
      eros_sql_type_get_name (element));
  expr->type = eros_sql_type_array (element);
  return coerce_elements (self, expr, element, error) ? expr : NULL;
}

static const char *
item_name (const ErosAstStructItem *item)
{
  if (item->name != NULL)
    return item->name->text;
  if (item->expr->kind == EROS_AST_PATH)
    return item->expr->path.parts[item->expr->path.n_parts - 1].text;
  if (item->expr->kind == EROS_AST_FIELD)
    return item->expr->field.name.text;
  return "";
}

/* STRUCT<a INT64, b STRING>(1, 'x') */
static ErosExpr *
typed_struct (ErosAnalyzer *self, ErosExpr *expr, const ErosAstExpr *ast, GError **error)
{
  expr->type = eros_resolve_type (ast->struct_.type, error);
  if (expr->type == NULL)
    return NULL;
  if (eros_sql_type_get_n_fields (expr->type) != expr->items->len)
    return eros_analyzer_fail (&ast->span, error,
                               "STRUCT type has %u fields but constructor call has %u fields",
                               eros_sql_type_get_n_fields (expr->type), expr->items->len);
  for (guint i = 0; i < expr->items->len; i++)
    {
      ErosExpr *item = expr->items->pdata[i];
      const ErosSqlType *type = eros_sql_type_get_field (expr->type, i)->type;

      if (ast->struct_.items[i].name != NULL)
        return eros_analyzer_fail (
          &ast->struct_.items[i].name->span, error,
          "STRUCT constructors cannot specify both an explicit type and field names with AS");
      if (!eros_expr_assignable (item, type))
        return eros_analyzer_fail (&ast->struct_.items[i].expr->span, error,
                                   "Struct field %u has type %s which does not coerce to %s", i + 1,
                                   shown_type (item), eros_sql_type_get_name (type));
      expr->items->pdata[i] = eros_coerce (self, item, type, error);
      if (expr->items->pdata[i] == NULL)
        return NULL;
    }
  return expr;
}

ErosExpr *
eros_analyze_struct (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_STRUCT, NULL, &ast->span);
  guint n = ast->struct_.n_items;
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, MAX (n, 1));

  expr->items = eros_analyzer_list (self);
  for (guint i = 0; i < n; i++)
    {
      ErosExpr *item = eros_analyze_expr (self, scope, ast->struct_.items[i].expr, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (expr->items, item);
    }
  if (ast->struct_.type != NULL)
    return typed_struct (self, expr, ast, error);
  for (guint i = 0; i < n; i++)
    {
      ErosExpr *item = expr->items->pdata[i];

      fields[i].name = ast->struct_.is_tuple ? "" : item_name (&ast->struct_.items[i]);
      fields[i].type = item->type;
    }
  expr->form = n > 0 ? form_of (expr->items) : EROS_SQL_FORM_EXPRESSION;
  expr->type = eros_sql_type_struct (fields, n);
  return expr;
}
