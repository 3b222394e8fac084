/* eros-query.c: WITH, set operations, LIMIT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static ErosQuery *eros_analyze_body (ErosAnalyzer *self,
                                     ErosScope *outer,
                                     const ErosAstQueryBody *body,
                                     const ErosAstQuery *order,
                                     GError **error);

static gboolean check_counts (const ErosAstSetOperation *set, GPtrArray *inputs, GError **error);

/* ---- WITH RECURSIVE ------------------------------------------------------------------------------------ */

static gboolean
may_recurse (const ErosAstQuery *query)
{
  return query->n_with == 0 && query->body->kind == EROS_AST_BODY_SET &&
         query->body->set.op == EROS_AST_UNION && query->body->set.match == EROS_AST_MATCH_POSITION &&
         query->order_by.length == 0 && query->limit == NULL;
}

static const ErosAstQueryBody *
without_parentheses (const ErosAstQueryBody *body)
{
  while (body->kind == EROS_AST_BODY_QUERY && body->query->n_with == 0 && body->query->order_by.length == 0 &&
         body->query->limit == NULL)
    body = body->query->body;
  return body;
}

/* Ends a recursion that does not end by itself. */
static gboolean
guard_recursion (ErosAnalyzer *self,
                 ErosQuery *input,
                 const ErosCte *cte,
                 const ErosAstSpan *span,
                 GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *guard = NULL;
  ErosExpr *both = NULL;

  if (input->kind != EROS_QUERY_SELECT || input->select->grouped || input->select->distinct ||
      input->select->analytics->len > 0)
    return !!eros_analyzer_refuse (span, error,
                                   "A recursive term with aggregation, DISTINCT, window functions or "
                                   "parentheses is not supported by the local "
                                   "BigQuery");
  g_ptr_array_add (arguments, eros_literal_integer (self, cte->id, span));
  guard = eros_build_call (self, "$recursion", arguments, FALSE, span, error);
  if (guard == NULL)
    return FALSE;
  if (input->select->where != NULL)
    {
      both = eros_analyzer_expr (self, EROS_EXPR_LOGICAL, eros_sql_type (EROS_SQL_BOOL), span);
      both->logical.operands = eros_analyzer_list (self);
      g_ptr_array_add (both->logical.operands, input->select->where);
      g_ptr_array_add (both->logical.operands, guard);
      guard = both;
    }
  input->select->where = guard;
  return TRUE;
}

static gboolean
check_coercions (const ErosCte *cte,
                 const ErosQuery *input,
                 const ErosSqlType **types,
                 const ErosAstSpan *span,
                 GError **error)
{
  for (guint i = 0; i < input->columns->len; i++)
    {
      const ErosSqlType *type = ((ErosColumn *) input->columns->pdata[i])->type;

      if (type != types[i] && !eros_sql_type_coerces (type, EROS_SQL_FORM_EXPRESSION, types[i]))
        return !!eros_analyzer_fail (
          span, error, "Cannot coerce column %u of the recursive term of %s from type %s to %s", i + 1,
          cte->name, eros_sql_type_get_name (type), eros_sql_type_get_name (types[i]));
    }
  return TRUE;
}

/* The base decides about columns; each other term sees the whole by its name. */
static gboolean
analyze_recursive (ErosAnalyzer *self, ErosCte *cte, const ErosAstWith *entry, GError **error)
{
  const ErosAstSetOperation *ast = &entry->query->body->set;
  ErosQuery *base = eros_analyze_body (self, NULL, ast->inputs[0], NULL, error);
  g_autofree const ErosSqlType **types = NULL;

  if (base == NULL)
    return FALSE;
  cte->query = eros_query_new (self);
  cte->query->kind = EROS_QUERY_SET;
  cte->query->set = new_node (self, ErosSetOperation);
  cte->query->set->op = ast->op;
  cte->query->set->distinct = ast->distinct;
  cte->query->set->recursive = TRUE;
  cte->query->set->inputs = eros_analyzer_list (self);
  g_ptr_array_add (cte->query->set->inputs, base);
  types = g_new0 (const ErosSqlType *, base->columns->len + 1);
  for (guint i = 0; i < base->columns->len; i++)
    {
      const ErosColumn *column = base->columns->pdata[i];

      types[i] = column->type;
      g_ptr_array_add (cte->query->columns, eros_analyzer_column (self, column->name, column->type, NULL));
    }
  g_ptr_array_add (self->ctes, cte);
  for (guint i = 1; i < ast->n_inputs; i++)
    {
      guint before = cte->n_uses;
      ErosQuery *input = eros_analyze_body (self, NULL, without_parentheses (ast->inputs[i]), NULL, error);

      if (input == NULL)
        return FALSE;
      g_ptr_array_add (cte->query->set->inputs, input);
      if (!check_counts (ast, cte->query->set->inputs, error))
        return FALSE;
      if (!check_coercions (cte, input, types, &ast->inputs[i]->span, error))
        return FALSE;
      if (cte->n_uses > before && i + 1 < ast->n_inputs)
        return !!eros_analyzer_fail (&ast->inputs[i]->span, error,
                                     "Recursive reference is not allowed in non-recursive UNION term");
      if (cte->n_uses > before && !guard_recursion (self, input, cte, &ast->inputs[i]->span, error))
        return FALSE;
      input = eros_coerce_query (self, input, types, &ast->inputs[i]->span, error);
      if (input == NULL)
        return FALSE;
      cte->query->set->inputs->pdata[i] = input;
    }
  return TRUE;
}

static gboolean
analyze_with (ErosAnalyzer *self, const ErosAstQuery *ast, ErosQuery *query, GError **error)
{
  for (guint i = 0; i < ast->n_with; i++)
    {
      const ErosAstWith *entry = &ast->with[i];
      ErosCte *cte = NULL;

      for (guint j = 0; j < i; j++)
        if (g_ascii_strcasecmp (ast->with[j].name.text, entry->name.text) == 0)
          return !!eros_analyzer_fail (&entry->name.span, error, "Duplicate alias %s for WITH subquery",
                                       entry->name.text);
      if (++self->n_ctes > MAX_CTES)
        return !!eros_analyzer_too_complex (&entry->name.span, error);
      cte = new_node (self, ErosCte);
      cte->name = eros_analyzer_text (self, entry->name.text);
      cte->id = self->next_id++;
      if (ast->recursive && may_recurse (entry->query))
        {
          if (!analyze_recursive (self, cte, entry, error))
            return FALSE;
          g_ptr_array_add (query->with, cte);
          continue;
        }
      cte->query = eros_analyze_body_query (self, NULL, entry->query, error);
      if (cte->query == NULL)
        return FALSE;
      g_ptr_array_add (query->with, cte);
      g_ptr_array_add (self->ctes, cte);
    }
  return TRUE;
}

/* LIMIT and OFFSET: a literal or a parameter. */
static gboolean
eros_analyze_limit (ErosAnalyzer *self,
                    ErosScope *scope,
                    const ErosAstExpr *ast,
                    const char *what,
                    ErosExpr **out,
                    GError **error)
{
  const ErosSqlType *integer = eros_sql_type (EROS_SQL_INT64);
  ErosScope nothing = { .clause = what };
  ErosExpr *expr = NULL;

  if (ast == NULL)
    return TRUE;
  expr = eros_analyze_expr (self, &nothing, ast, error);
  if (expr == NULL)
    return FALSE;
  if (!eros_expr_assignable (expr, integer))
    return !!eros_analyzer_fail (&ast->span, error, "%s expects an integer literal or parameter", what);
  *out = eros_coerce (self, expr, integer, error);
  if (*out == NULL)
    return FALSE;
  if ((*out)->kind == EROS_EXPR_LITERAL && ((*out)->literal.is_null || (*out)->literal.integer < 0))
    return !!eros_analyzer_fail (&ast->span, error, "%s expects a non-negative integer literal or parameter",
                                 what);
  return TRUE;
}

/* ---- set operations ------------------------------------------------------------------------------------ */

static const char *
operation_name (const ErosAstSetOperation *set)
{
  switch (set->op)
    {
    case EROS_AST_UNION:
      return set->distinct ? "UNION DISTINCT" : "UNION ALL";
    case EROS_AST_INTERSECT:
      return set->distinct ? "INTERSECT DISTINCT" : "INTERSECT ALL";
    case EROS_AST_EXCEPT:
      return set->distinct ? "EXCEPT DISTINCT" : "EXCEPT ALL";
    }
  g_return_val_if_reached ("");
}

static ErosExpr *
output_expr (const ErosQuery *query, guint index)
{
  if (query->kind == EROS_QUERY_SELECT)
    return ((ErosOutput *) query->select->items->pdata[index])->expr;
  return NULL;
}

static gboolean
needs_coercion (const ErosQuery *query, const ErosSqlType *const *types)
{
  for (guint i = 0; i < query->columns->len; i++)
    if (((ErosColumn *) query->columns->pdata[i])->type != types[i])
      return TRUE;
  return FALSE;
}

/* Turns literals of a plain select list into other literals. */
static gboolean
coerce_items (ErosAnalyzer *self, ErosQuery *query, const ErosSqlType *const *types, GError **error)
{
  for (guint i = 0; i < query->columns->len; i++)
    {
      ErosOutput *output = query->select->items->pdata[i];

      output->expr = eros_coerce (self, output->expr, types[i], error);
      if (output->expr == NULL)
        return FALSE;
      output->column->type = types[i];
    }
  return TRUE;
}

/* A query that yields columns of @types: the same one, or one around it that casts. */
ErosQuery *
eros_coerce_query (ErosAnalyzer *self,
                   ErosQuery *query,
                   const ErosSqlType *const *types,
                   const ErosAstSpan *span,
                   GError **error)
{
  g_autofree ErosQueryColumn *columns = NULL;

  if (!needs_coercion (query, types))
    return query;
  if (query->kind != EROS_QUERY_SELECT || query->select->distinct || query->order_by->len > 0 ||
      query->is_value)
    {
      columns = g_new0 (ErosQueryColumn, query->columns->len);
      for (guint i = 0; i < query->columns->len; i++)
        columns[i] = (ErosQueryColumn){ ((ErosColumn *) query->columns->pdata[i])->name, (int) i };
      query = eros_query_around (self, query, columns, query->columns->len, span);
    }
  return coerce_items (self, query, types, error) ? query : NULL;
}

static gboolean
check_counts (const ErosAstSetOperation *set, GPtrArray *inputs, GError **error)
{
  guint first = ((ErosQuery *) inputs->pdata[0])->columns->len;

  for (guint i = 1; i < inputs->len; i++)
    {
      guint n = ((ErosQuery *) inputs->pdata[i])->columns->len;

      if (n != first)
        return !!eros_analyzer_fail (
          &set->inputs[i]->span, error,
          "Queries in %s have mismatched column count; query 1 has %u column%s, query %u has %u "
          "column%s",
          operation_name (set), first, first == 1 ? "" : "s", i + 1, n, n == 1 ? "" : "s");
    }
  return TRUE;
}

static const ErosSqlType *
column_type (const ErosAstSetOperation *set, GPtrArray *inputs, guint index, GError **error)
{
  g_autofree ErosSqlArgument *arguments = g_new0 (ErosSqlArgument, inputs->len);
  g_autoptr (GString) types = g_string_new (NULL);
  const ErosSqlType *type = NULL;

  for (guint i = 0; i < inputs->len; i++)
    {
      const ErosQuery *input = inputs->pdata[i];
      const ErosExpr *expr = output_expr (input, index);

      if (expr != NULL)
        eros_expr_argument (expr, &arguments[i]);
      else
        arguments[i].type = ((ErosColumn *) input->columns->pdata[index])->type;
      g_string_append_printf (types, "%s%s", i > 0 ? ", " : "", eros_sql_type_get_name (arguments[i].type));
    }
  type = eros_sql_type_supertype (arguments, inputs->len);
  if (type == NULL)
    return eros_analyzer_fail (&set->inputs[1]->span, error, "Column %u in %s has incompatible types: %s",
                               index + 1, operation_name (set), types->str);
  if (!(set->op == EROS_AST_UNION && !set->distinct) && !eros_sql_type_is_groupable (type))
    return eros_analyzer_fail (&set->inputs[1]->span, error,
                               "Column %u in %s has type that does not support set operation "
                               "comparisons: %s",
                               index + 1, operation_name (set), eros_sql_type_get_name (type));
  return type;
}

static gboolean
eros_analyze_set (ErosAnalyzer *self,
                  ErosScope *outer,
                  const ErosAstQueryBody *body,
                  ErosQuery *query,
                  GError **error)
{
  const ErosAstSetOperation *ast = &body->set;
  ErosSetOperation *set = new_node (self, ErosSetOperation);
  ErosQuery *first = NULL;
  g_autofree const ErosSqlType **types = NULL;

  query->kind = EROS_QUERY_SET;
  query->set = set;
  set->op = ast->op;
  set->distinct = ast->distinct;
  set->inputs = eros_analyzer_list (self);
  if (!ast->distinct && ast->op != EROS_AST_UNION)
    return !!eros_analyzer_fail (&ast->op_span, error, "%s is not supported", operation_name (ast));
  for (guint i = 0; i < ast->n_inputs; i++)
    {
      ErosQuery *input = eros_analyze_body (self, outer, ast->inputs[i], NULL, error);

      if (input == NULL)
        return FALSE;
      g_ptr_array_add (set->inputs, input);
    }
  if (!(ast->match != EROS_AST_MATCH_POSITION
          ? eros_match_by_name (self, ast, operation_name (ast), set->inputs, error)
          : check_counts (ast, set->inputs, error)))
    return FALSE;
  first = set->inputs->pdata[0];
  types = g_new0 (const ErosSqlType *, first->columns->len);
  for (guint i = 0; i < first->columns->len; i++)
    {
      types[i] = column_type (ast, set->inputs, i, error);
      if (types[i] == NULL)
        return FALSE;
    }
  query->is_value = first->is_value;
  for (guint i = 0; i < set->inputs->len; i++)
    {
      set->inputs->pdata[i] =
        eros_coerce_query (self, set->inputs->pdata[i], types, &ast->inputs[i]->span, error);
      if (set->inputs->pdata[i] == NULL)
        return FALSE;
    }
  for (guint i = 0; i < first->columns->len; i++)
    g_ptr_array_add (
      query->columns,
      eros_analyzer_column (self, ((ErosColumn *) first->columns->pdata[i])->name, types[i], NULL));
  return TRUE;
}

/* ---- a query ------------------------------------------------------------------------------------------- */

/* After a set operation ORDER BY sees its columns only. */
static gboolean
order_outputs (ErosAnalyzer *self,
               ErosScope *outer,
               const ErosAstQuery *order,
               ErosQuery *query,
               GError **error)
{
  ErosNames *names = eros_names_new (self);
  ErosScope scope = { .parent = outer, .names = names, .clause = "ORDER BY clause after set operation" };

  if (order == NULL || order->order_by.length == 0)
    return TRUE;
  for (guint i = 0; i < query->columns->len; i++)
    {
      ErosColumn *column = query->columns->pdata[i];

      eros_names_add_column (self, names, column->name, column, -1);
    }
  scope.aliases_are_columns = TRUE;
  return eros_analyze_query_order (self, &scope, &order->order_by, query, NULL, error);
}

static gboolean
fill_nested (ErosAnalyzer *self,
             ErosScope *outer,
             const ErosAstQueryBody *body,
             ErosQuery *query,
             GError **error)
{
  query->kind = EROS_QUERY_NESTED;
  query->nested = eros_analyze_body_query (self, outer, body->query, error);
  if (query->nested == NULL)
    return FALSE;
  query->is_value = query->nested->is_value;
  for (guint i = 0; i < query->nested->columns->len; i++)
    {
      const ErosColumn *inner = query->nested->columns->pdata[i];

      g_ptr_array_add (query->columns, eros_analyzer_column (self, inner->name, inner->type, NULL));
    }
  return TRUE;
}

static gboolean
fill_body (ErosAnalyzer *self,
           ErosScope *outer,
           const ErosAstQueryBody *body,
           const ErosAstQuery *order,
           ErosQuery *query,
           GError **error)
{
  switch (body->kind)
    {
    case EROS_AST_BODY_SELECT:
      return eros_analyze_select (self, outer, &body->select, order, query, error);
    case EROS_AST_BODY_SET:
      return eros_analyze_set (self, outer, body, query, error) &&
             order_outputs (self, outer, order, query, error);
    case EROS_AST_BODY_QUERY:
      return fill_nested (self, outer, body, query, error) &&
             order_outputs (self, outer, order, query, error);
    }
  g_return_val_if_reached (FALSE);
}

/* A query's body, with the ORDER BY of @order if that is given. */
static ErosQuery *
eros_analyze_body (ErosAnalyzer *self,
                   ErosScope *outer,
                   const ErosAstQueryBody *body,
                   const ErosAstQuery *order,
                   GError **error)
{
  ErosQuery *query = eros_query_new (self);

  return fill_body (self, outer, body, order, query, error) ? query : NULL;
}

ErosQuery *
eros_analyze_body_query (ErosAnalyzer *self, ErosScope *outer, const ErosAstQuery *ast, GError **error)
{
  ErosQuery *query = eros_query_new (self);
  guint n_ctes = self->ctes->len;
  gboolean valid = FALSE;

  if (!eros_analyzer_enter (self, &ast->span, error))
    return NULL;
  valid = analyze_with (self, ast, query, error) && fill_body (self, outer, ast->body, ast, query, error) &&
          eros_analyze_limit (self, outer, ast->limit, "LIMIT", &query->limit, error) &&
          eros_analyze_limit (self, outer, ast->offset, "OFFSET", &query->offset, error);
  g_ptr_array_set_size (self->ctes, (int) n_ctes);
  eros_analyzer_leave (self);
  return valid ? query : NULL;
}
