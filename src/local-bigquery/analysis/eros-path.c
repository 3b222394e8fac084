/* eros-path.c: what a.b.c in an expression means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

ErosExpr *
eros_field_of (ErosAnalyzer *self, ErosExpr *operand, guint index, const ErosAstSpan *span)
{
  const ErosSqlType *type = eros_sql_type_get_field (operand->type, index)->type;
  ErosExpr *expr = NULL;

  if (operand->kind == EROS_EXPR_STRUCT && operand->form == EROS_SQL_FORM_EXPRESSION)
    return operand->items->pdata[index];
  expr = eros_analyzer_expr (self, EROS_EXPR_FIELD, type, span);
  expr->field.operand = operand;
  expr->field.index = index;
  return expr;
}

/* json.name is JSON_QUERY (json, '$."name"') */
static ErosExpr *
json_field (ErosAnalyzer *self, ErosExpr *operand, const ErosAstName *name, GError **error)
{
  g_autofree char *escaped = g_strescape (name->text, NULL);
  g_autofree char *path = g_strdup_printf ("$.\"%s\"", escaped);
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *literal =
    eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (EROS_SQL_STRING), &name->span);

  literal->form = EROS_SQL_FORM_LITERAL;
  eros_sql_value_set_data (&literal->literal, literal->type, eros_analyzer_text (self, path),
                           (gssize) strlen (path));
  g_ptr_array_add (arguments, operand);
  g_ptr_array_add (arguments, literal);
  return eros_build_call (self, "JSON_QUERY", arguments, FALSE, &name->span, error);
}

ErosExpr *
eros_analyze_field (ErosAnalyzer *self, ErosExpr *operand, const ErosAstName *name, GError **error)
{
  guint index = 0;
  gboolean ambiguous = FALSE;

  if (eros_sql_type_is (operand->type, EROS_SQL_JSON))
    return json_field (self, operand, name, error);
  if (!eros_sql_type_is (operand->type, EROS_SQL_STRUCT))
    return eros_analyzer_fail (&name->span, error, "Cannot access field %s on a value with type %s",
                               name->text, eros_sql_type_get_name (operand->type));
  if (!eros_sql_type_find_field (operand->type, name->text, &index, &ambiguous))
    return eros_analyzer_fail (&name->span, error, "Field name %s does not exist in %s", name->text,
                               eros_sql_type_get_name (operand->type));
  if (ambiguous)
    return eros_analyzer_fail (&name->span, error, "Struct field name %s is ambiguous", name->text);
  return eros_field_of (self, operand, index, &name->span);
}

ErosExpr *
eros_name_column_expr (ErosAnalyzer *self, const ErosNameColumn *column, const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_column_expr (self, column->column, span);

  return column->field < 0 ? expr : eros_field_of (self, expr, (guint) column->field, span);
}

/* A range variable by itself is its whole row. */
static ErosExpr *
row_expr (ErosAnalyzer *self, ErosNames *range, const ErosAstSpan *span)
{
  g_autofree ErosSqlField *fields = NULL;
  ErosExpr *expr = NULL;

  if (range->value != NULL)
    return eros_analyzer_column_expr (self, range->value, span);
  fields = g_new0 (ErosSqlField, MAX (range->columns->len, 1));
  expr = eros_analyzer_expr (self, EROS_EXPR_STRUCT, NULL, span);
  expr->items = eros_analyzer_list (self);
  for (guint i = 0; i < range->columns->len; i++)
    {
      const ErosNameColumn *column = &g_array_index (range->columns, ErosNameColumn, i);

      fields[i].name = column->name != NULL ? column->name : "";
      fields[i].type = eros_name_column_type (column);
      g_ptr_array_add (expr->items, eros_name_column_expr (self, column, span));
    }
  expr->type = eros_sql_type_struct (fields, range->columns->len);
  return expr;
}

/* What @target is, followed by the path's second part if that is what a range variable's column is named by.
 * Counts the parts that it has taken. */
static ErosExpr *
target_expr (ErosAnalyzer *self,
             const ErosNameTarget *target,
             const ErosAstPath *path,
             guint *taken,
             GError **error)
{
  const ErosAstName *name = &path->parts[0];
  const ErosNameTarget *inner = NULL;

  *taken = 1;
  switch (target->kind)
    {
    case NAME_AMBIGUOUS:
      return eros_analyzer_fail (&name->span, error, "Column name %s is ambiguous", name->text);
    case NAME_COLUMN:
      return eros_name_column_expr (self, &target->column, &name->span);
    case NAME_RANGE:
      if (path->n_parts == 1)
        return row_expr (self, target->range, &name->span);
      name = &path->parts[1];
      inner = eros_names_find (target->range, name->text);
      if (target->range->value != NULL &&
          (inner == NULL || inner->kind != NAME_COLUMN || inner->column.field < 0))
        return eros_analyzer_column_expr (self, target->range->value, &path->parts[0].span);
      if (inner == NULL)
        return eros_analyzer_fail (&name->span, error, "Name %s not found inside %s", name->text,
                                   path->parts[0].text);
      if (inner->kind == NAME_AMBIGUOUS)
        return eros_analyzer_fail (&name->span, error, "Column name %s is ambiguous", name->text);
      *taken = 2;
      return eros_name_column_expr (self, &inner->column, &path->parts[0].span);
    }
  g_return_val_if_reached (NULL);
}

static ErosExpr *
alias_expr (ErosAnalyzer *self,
            ErosScope *scope,
            const ErosAlias *alias,
            const ErosAstName *name,
            GError **error)
{
  if (alias->ambiguous && g_str_equal (scope->clause, "GROUP BY"))
    return eros_analyzer_fail (
      &name->span, error,
      "Name %s in GROUP BY clause is ambiguous; it may refer to multiple columns in the SELECT-list",
      name->text);
  if (alias->ambiguous)
    return eros_analyzer_fail (&name->span, error, "Column name %s is ambiguous", name->text);
  if (alias->has_aggregate && scope->in_aggregate)
    return eros_analyzer_fail (scope->call_span, error, "Aggregations of aggregations are not allowed");
  if (scope->aliases_are_columns)
    return eros_analyzer_column_expr (self, alias->output->column, &name->span);
  if (alias->has_analytic && !scope->allow_analytics)
    return eros_analyzer_fail (&name->span, error,
                               "Column %s contains an analytic function, which is not allowed in %s",
                               name->text, scope->clause);
  if (alias->has_aggregate && !scope->allow_aggregates)
    return eros_analyzer_fail (&name->span, error,
                               "Column %s contains an aggregation function, which is not allowed in %s",
                               name->text, scope->clause);
  return eros_analyzer_clone (self, alias->output->expr);
}

/* The first part, in the scopes from the innermost outwards. NULL without an error: nobody knows it. */
static ErosExpr *
find_in_scopes (ErosAnalyzer *self, ErosScope *scope, const ErosAstPath *path, guint *taken, GError **error)
{
  const char *name = path->parts[0].text;
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (; scope != NULL; scope = scope->parent)
    {
      const ErosAlias *alias = scope->aliases != NULL ? g_hash_table_lookup (scope->aliases, lower) : NULL;
      const ErosNameTarget *target = scope->names != NULL ? eros_names_find (scope->names, name) : NULL;

      *taken = 1;
      if (alias != NULL && !(target != NULL && target->kind == NAME_RANGE && path->n_parts > 1))
        return alias_expr (self, scope, alias, &path->parts[0], error);
      if (target != NULL)
        return target_expr (self, target, path, taken, error);
    }
  return NULL;
}

static ErosExpr *
find_variable (ErosAnalyzer *self, const ErosAstName *name)
{
  const ErosCatalogClass *class = self->catalog->class_;
  const ErosSqlType *type = NULL;
  ErosExpr *expr = NULL;

  if (self->arguments != NULL)
    {
      g_autofree char *lower = g_utf8_strdown (name->text, -1);

      expr = g_hash_table_lookup (self->arguments, lower);
      if (expr != NULL)
        return expr;
    }
  if (self->in_view || class->find_variable == NULL)
    return NULL;
  type = class->find_variable (self->catalog, name->text);
  if (type == NULL)
    return NULL;
  expr = eros_analyzer_expr (self, EROS_EXPR_PARAMETER, type, &name->span);
  expr->parameter = eros_analyzer_parameter (self, EROS_PARAMETER_VARIABLE, name->text, 0, type);
  return expr;
}

/* CURRENT_DATE and its like need no parentheses. */
static ErosExpr *
find_constant (ErosAnalyzer *self, const ErosAstPath *path, GError **error)
{
  static const char *const names[] = { "CURRENT_DATE", "CURRENT_TIME", "CURRENT_DATETIME",
                                       "CURRENT_TIMESTAMP" };

  if (path->n_parts != 1 || path->parts[0].quoted)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (path->parts[0].text, names[i]) == 0)
      return eros_build_call (self, names[i], eros_analyzer_list (self), FALSE, &path->span, error);
  return NULL;
}

static void
collect_name (gpointer key, gpointer value, gpointer user_data)
{
  g_ptr_array_add (user_data, (gpointer) ((ErosNameTarget *) value)->name);
}

static gpointer
fail_unrecognized (ErosScope *scope, const ErosAstName *name, GError **error)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autofree char *suggestion = NULL;

  for (; scope != NULL; scope = scope->parent)
    if (scope->names != NULL)
      g_hash_table_foreach (scope->names->targets, collect_name, candidates);
  suggestion = eros_name_suggestion (name->text, candidates);
  if (suggestion != NULL)
    return eros_analyzer_fail (&name->span, error, "Unrecognized name: %s; Did you mean %s?", name->text,
                               suggestion);
  return eros_analyzer_fail (&name->span, error, "Unrecognized name: %s", name->text);
}

ErosExpr *
eros_analyze_path (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const ErosAstPath *path = &ast->path;
  g_autoptr (GError) inner = NULL;
  guint taken = 1;
  ErosExpr *expr = find_in_scopes (self, scope, path, &taken, &inner);

  if (expr == NULL && inner == NULL)
    expr = find_variable (self, &path->parts[0]);
  if (expr == NULL && inner == NULL)
    expr = find_constant (self, path, &inner);
  if (expr == NULL && inner == NULL)
    return fail_unrecognized (scope, &path->parts[0], error);
  if (expr == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  for (; expr != NULL && taken < path->n_parts; taken++)
    expr = eros_analyze_field (self, expr, &path->parts[taken], error);
  return expr;
}

/* The range variable of that name, for t.* and for t.array_column after FROM. */
const ErosNames *
eros_find_range (ErosScope *scope, const char *name)
{
  for (; scope != NULL; scope = scope->parent)
    {
      const ErosNameTarget *target = scope->names != NULL ? eros_names_find (scope->names, name) : NULL;

      if (target != NULL)
        return target->kind == NAME_RANGE ? target->range : NULL;
    }
  return NULL;
}
