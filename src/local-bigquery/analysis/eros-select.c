/* eros-select.c: one SELECT, clause by clause
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static ErosSelect *
select_new (ErosAnalyzer *self)
{
  ErosSelect *select = new_node (self, ErosSelect);

  select->keys = eros_analyzer_list (self);
  select->aggregates = eros_analyzer_list (self);
  select->analytics = eros_analyzer_list (self);
  select->items = eros_analyzer_list (self);
  return select;
}

/* The clauses that make no sense without FROM. */
static gboolean
check_without_from (const ErosAstSelect *ast, GError **error)
{
  if (ast->from != NULL)
    return TRUE;
  if (ast->where != NULL)
    return !!eros_analyzer_fail (&ast->where->span, error,
                                 "Query without FROM clause cannot have a WHERE clause");
  if (ast->group_by.present)
    return !!eros_analyzer_fail (&ast->group_by.span, error,
                                 "Query without FROM clause cannot have a GROUP BY clause");
  if (ast->having != NULL)
    return !!eros_analyzer_fail (&ast->having->span, error,
                                 "Query without FROM clause cannot have a HAVING clause");
  if (ast->qualify != NULL)
    return !!eros_analyzer_fail (&ast->qualify->span, error,
                                 "Query without FROM clause cannot have a QUALIFY clause");
  if (ast->distinct)
    return !!eros_analyzer_fail (&ast->span, error, "Query without FROM clause cannot use SELECT DISTINCT");
  return TRUE;
}

static gboolean
is_call_of (const ErosExpr *expr, gconstpointer data)
{
  const GPtrArray *aggregates = data;

  if (expr->kind != EROS_EXPR_COLUMN)
    return FALSE;
  for (guint i = 0; i < aggregates->len; i++)
    if (((ErosResolvedAggregate *) aggregates->pdata[i])->column == expr->column)
      return TRUE;
  return FALSE;
}

static gboolean
analytics_contain (ErosExpr *expr, const ErosSelect *select)
{
  for (guint i = 0; i < select->analytics->len; i++)
    {
      ErosResolvedAggregate *analytic = select->analytics->pdata[i];
      GPtrArray single = { (gpointer *) &analytic, 1 };

      if (!eros_expr_contains (expr, is_call_of, &single))
        continue;
      for (guint j = 0; j < analytic->arguments->len; j++)
        if (eros_expr_contains (analytic->arguments->pdata[j], is_call_of, select->aggregates))
          return TRUE;
    }
  return FALSE;
}

/* The select list's names, as GROUP BY, HAVING, QUALIFY and ORDER BY see them. */
static GHashTable *
collect_aliases (ErosAnalyzer *self, ErosSelect *select)
{
  GHashTable *aliases = eros_analyzer_map (self);

  for (guint i = 0; i < select->items->len; i++)
    {
      ErosOutput *output = select->items->pdata[i];
      const char *lower = NULL;
      ErosAlias *alias = NULL;

      if (output->column->name == NULL)
        continue;
      lower = eros_analyzer_lower (self, output->column->name);
      alias = g_hash_table_lookup (aliases, lower);
      if (alias != NULL)
        {
          alias->ambiguous = TRUE;
          continue;
        }
      alias = new_node (self, ErosAlias);
      alias->name = output->column->name;
      alias->output = output;
      alias->has_aggregate = eros_expr_contains (output->expr, is_call_of, select->aggregates) ||
                             analytics_contain (output->expr, select);
      alias->has_analytic = eros_expr_contains (output->expr, is_call_of, select->analytics);
      g_hash_table_insert (aliases, (char *) lower, alias);
    }
  return aliases;
}

static gboolean
analyze_having (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosAstSelect *ast,
                ErosSelect *select,
                GError **error)
{
  if (ast->having == NULL)
    return TRUE;
  scope->clause = "HAVING clause";
  scope->allow_analytics = FALSE;
  scope->needs_grouping = !ast->group_by.present && select->aggregates->len == 0;
  select->having = eros_analyze_bool (self, scope, ast->having, "HAVING clause", error);
  if (select->having == NULL)
    return FALSE;
  if (!ast->group_by.present && select->aggregates->len == 0)
    return !!eros_analyzer_fail (&ast->having->span, error,
                                 "The HAVING clause requires GROUP BY or aggregation to be present");
  return TRUE;
}

static gboolean
analyze_qualify (ErosAnalyzer *self,
                 ErosScope *scope,
                 const ErosAstSelect *ast,
                 ErosSelect *select,
                 GError **error)
{
  if (ast->qualify == NULL)
    return TRUE;
  scope->clause = "QUALIFY clause";
  scope->needs_grouping = !ast->group_by.present && select->aggregates->len == 0;
  scope->allow_analytics = TRUE;
  select->qualify = eros_analyze_bool (self, scope, ast->qualify, "QUALIFY clause", error);
  if (select->qualify == NULL)
    return FALSE;
  if (select->analytics->len == 0)
    return !!eros_analyzer_fail (&ast->qualify->span, error,
                                 "The QUALIFY clause requires analytic function to be present");
  return TRUE;
}

/* ---- ORDER BY ------------------------------------------------------------------------------------------ */

/* After DISTINCT only what the select list yields can be sorted by. */
typedef struct
{
  ErosAnalyzer *analyzer;
  ErosSelect *select;
  GError **error;
  gboolean failed;
} DistinctOrder;

static gboolean
order_by_output (ErosExpr **slot, gpointer user_data)
{
  DistinctOrder *order = user_data;
  ErosAstSpan span = eros_expr_span (*slot);

  if (order->failed)
    return FALSE;
  for (guint i = 0; i < order->select->items->len; i++)
    {
      ErosOutput *output = order->select->items->pdata[i];

      if (!eros_expr_equal (*slot, output->expr) &&
          !((*slot)->kind == EROS_EXPR_COLUMN && (*slot)->column == output->column))
        continue;
      *slot = eros_analyzer_column_expr (order->analyzer, output->column, &span);
      return FALSE;
    }
  if ((*slot)->kind == EROS_EXPR_COLUMN &&
      ((*slot)->column->owner == order->select || is_call_of (*slot, order->select->aggregates) ||
       is_call_of (*slot, order->select->analytics)))
    {
      order->failed = TRUE;
      eros_analyzer_fail (
        &span, order->error,
        (*slot)->column->name != NULL
          ? "ORDER BY clause expression references column %s which is not visible after SELECT DISTINCT"
          : "ORDER BY clause expression references a column%s which is not visible after SELECT DISTINCT",
        (*slot)->column->name != NULL ? (*slot)->column->name : "");
    }
  return TRUE;
}

static gboolean
restrict_order (ErosAnalyzer *self, ErosSelect *select, GPtrArray *keys, GError **error)
{
  DistinctOrder order = { self, select, error, FALSE };

  for (guint i = 0; select->distinct && i < keys->len; i++)
    eros_resolved_walk_expr (&((ErosSortKey *) keys->pdata[i])->expr, order_by_output, &order);
  return !order.failed;
}

static ErosExpr *
order_ordinal (ErosAnalyzer *self,
               const ErosQuery *query,
               const ErosSelect *select,
               gboolean as_columns,
               const ErosAstExpr *ast,
               GError **error)
{
  guint64 ordinal = ast->literal.integer;
  guint n = select != NULL ? select->items->len : query->columns->len;

  if (!ast->literal.too_big && ordinal == 0)
    return eros_analyzer_fail (
      &ast->span, error,
      "ORDER BY column number item is out of range. Column numbers must be greater than or equal to "
      "one. Found : 0");
  if (ast->literal.too_big || ordinal > n)
    return eros_analyzer_fail (&ast->span, error, "ORDER BY is out of SELECT column number range: %.*s",
                               (int) ast->literal.length, ast->literal.text);
  if (select == NULL)
    return eros_analyzer_column_expr (self, query->columns->pdata[ordinal - 1], &ast->span);
  if (as_columns)
    return eros_analyzer_column_expr (self, ((ErosOutput *) select->items->pdata[ordinal - 1])->column,
                                      &ast->span);
  return ((ErosOutput *) select->items->pdata[ordinal - 1])->expr;
}

gboolean
eros_check_orderable (const ErosExpr *expr, const ErosAstSpan *span, GError **error)
{
  if (eros_sql_type_is_orderable (expr->type))
    return TRUE;
  return !!eros_analyzer_fail (span, error, "ORDER BY does not support expressions of type %s",
                               eros_sql_type_get_name (expr->type));
}

static ErosSortKey *
sort_key (ErosAnalyzer *self, ErosExpr *expr, const ErosAstOrderItem *item)
{
  ErosSortKey *key = new_node (self, ErosSortKey);

  key->expr = expr;
  key->descending = item->descending;
  key->nulls_last =
    item->nulls == EROS_AST_NULLS_LAST || (item->nulls == EROS_AST_NULLS_DEFAULT && item->descending);
  return key;
}

static ErosExpr *
order_expr (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  ErosExpr *expr = eros_analyze_expr (self, scope, eros_collated_text (ast), error);

  return expr != NULL && eros_is_collated (ast) ? eros_fold_case (self, expr, &ast->span, error) : expr;
}

/* ORDER BY within an aggregate or window: no ordinals there. */
gboolean
eros_analyze_order (ErosAnalyzer *self,
                    ErosScope *scope,
                    const ErosAstOrder *order,
                    GPtrArray *keys,
                    GError **error)
{
  for (guint i = 0; i < order->length; i++)
    {
      const ErosAstOrderItem *item = &order->items[i];
      ErosExpr *expr = order_expr (self, scope, item->expr, error);

      if (expr == NULL || !eros_check_orderable (expr, &item->expr->span, error))
        return FALSE;
      g_ptr_array_add (keys, sort_key (self, expr, item));
    }
  return TRUE;
}

/* ORDER BY of a query: an integer is a column's number. @select is NULL unless the query is one. */
gboolean
eros_analyze_query_order (ErosAnalyzer *self,
                          ErosScope *scope,
                          const ErosAstOrder *order,
                          ErosQuery *query,
                          ErosSelect *select,
                          GError **error)
{
  for (guint i = 0; i < order->length; i++)
    {
      const ErosAstOrderItem *item = &order->items[i];
      ErosExpr *expr = NULL;

      if (item->expr->kind == EROS_AST_LITERAL && item->expr->literal.kind == EROS_AST_LITERAL_INT)
        expr = order_ordinal (self, query, select, scope->aliases_are_columns, item->expr, error);
      else if (item->expr->kind == EROS_AST_LITERAL)
        return !!eros_analyzer_fail (&item->expr->span, error, "Cannot ORDER BY literal values");
      else
        expr = order_expr (self, scope, item->expr, error);
      if (expr == NULL || !eros_check_orderable (expr, &item->expr->span, error))
        return FALSE;
      g_ptr_array_add (query->order_by, sort_key (self, expr, item));
    }
  return TRUE;
}

/* ---- grouping ------------------------------------------------------------------------------------------ */

static gboolean
group_analytics (ErosAnalyzer *self, ErosSelect *select, GError **error)
{
  for (guint i = 0; i < select->analytics->len; i++)
    {
      ErosResolvedAggregate *analytic = select->analytics->pdata[i];

      for (guint j = 0; j < analytic->arguments->len; j++)
        if (!eros_apply_grouping (self, select, (ErosExpr **) &analytic->arguments->pdata[j], "SELECT list",
                                  FALSE, error))
          return FALSE;
      for (guint j = 0; j < analytic->partition_by->len; j++)
        if (!eros_apply_grouping (self, select, (ErosExpr **) &analytic->partition_by->pdata[j],
                                  "PARTITION BY", FALSE, error))
          return FALSE;
      for (guint j = 0; j < analytic->window_order->len; j++)
        if (!eros_apply_grouping (self, select, &((ErosSortKey *) analytic->window_order->pdata[j])->expr,
                                  "Window ORDER BY", FALSE, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
group_all (ErosAnalyzer *self, ErosSelect *select, ErosQuery *query, GError **error)
{
  for (guint i = 0; i < select->items->len; i++)
    {
      ErosOutput *output = select->items->pdata[i];

      if (!eros_apply_grouping (self, select, &output->expr,
                                output->from_star ? "Star expansion" : "SELECT list", TRUE, error))
        return FALSE;
    }
  if (!eros_apply_grouping (self, select, &select->having, "HAVING clause", FALSE, error) ||
      !group_analytics (self, select, error) ||
      !eros_apply_grouping (self, select, &select->qualify, "QUALIFY clause", FALSE, error))
    return FALSE;
  for (guint i = 0; i < query->order_by->len; i++)
    if (!eros_apply_grouping (self, select, &((ErosSortKey *) query->order_by->pdata[i])->expr,
                              "ORDER BY clause", TRUE, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_distinct (const ErosAstSelect *ast, const ErosSelect *select, GError **error)
{
  for (guint i = 0; select->distinct && i < select->items->len; i++)
    {
      const ErosSqlType *type = ((ErosOutput *) select->items->pdata[i])->expr->type;

      if (!eros_sql_type_is_groupable (type))
        return !!eros_analyzer_fail (&ast->span, error,
                                     "Column %s of type %s cannot be used in SELECT DISTINCT",
                                     ((ErosOutput *) select->items->pdata[i])->column->name != NULL
                                       ? ((ErosOutput *) select->items->pdata[i])->column->name
                                       : "",
                                     eros_sql_type_get_name (type));
    }
  return TRUE;
}

/* ---- SELECT AS ----------------------------------------------------------------------------------------- */

static gboolean
make_value (ErosAnalyzer *self, const ErosAstSelect *ast, ErosSelect *select, GError **error)
{
  ErosExpr *row = NULL;
  ErosOutput *output = NULL;
  g_autofree ErosSqlField *fields = NULL;

  if (ast->as == EROS_AST_AS_NOTHING)
    return TRUE;
  if (ast->as == EROS_AST_AS_VALUE)
    {
      if (select->items->len != 1)
        return !!eros_analyzer_fail (&ast->span, error, "SELECT AS VALUE query must have exactly one column");
      ((ErosOutput *) select->items->pdata[0])->column->name = NULL;
      return TRUE;
    }
  fields = g_new0 (ErosSqlField, select->items->len);
  row = eros_analyzer_expr (self, EROS_EXPR_STRUCT, NULL, &ast->span);
  row->items = eros_analyzer_list (self);
  for (guint i = 0; i < select->items->len; i++)
    {
      output = select->items->pdata[i];
      fields[i].name = output->column->name != NULL ? output->column->name : "";
      fields[i].type = output->expr->type;
      g_ptr_array_add (row->items, output->expr);
    }
  row->type = eros_sql_type_struct (fields, select->items->len);
  output = new_node (self, ErosOutput);
  output->expr = row;
  output->column = eros_analyzer_column (self, NULL, row->type, NULL);
  select->items = eros_analyzer_list (self);
  g_ptr_array_add (select->items, output);
  return TRUE;
}

/* ---- all together -------------------------------------------------------------------------------------- */

static gboolean
analyze_source (ErosAnalyzer *self,
                ErosScope *outer,
                const ErosAstSelect *ast,
                ErosSelect *select,
                ErosNames *names,
                GError **error)
{
  ErosScope scope = { .parent = outer, .names = names, .clause = "WHERE clause" };

  if (!check_without_from (ast, error))
    return FALSE;
  if (ast->from != NULL)
    {
      select->from = eros_analyze_from (self, outer, ast->from, select, names, error);
      if (select->from == NULL)
        return FALSE;
    }
  if (ast->where == NULL)
    return TRUE;
  select->where = eros_analyze_bool (self, &scope, ast->where, "WHERE clause", error);
  return select->where != NULL;
}

static gboolean
check_windows (const ErosAstSelect *ast, GError **error)
{
  for (guint i = 0; i < ast->n_windows; i++)
    for (guint j = 0; j < i; j++)
      if (g_ascii_strcasecmp (ast->windows[i].name.text, ast->windows[j].name.text) == 0)
        return !!eros_analyzer_fail (&ast->windows[i].name.span, error, "Duplicate window alias %s",
                                     ast->windows[i].name.text);
  return TRUE;
}

gboolean
eros_analyze_select (ErosAnalyzer *self,
                     ErosScope *outer,
                     const ErosAstSelect *ast,
                     const ErosAstQuery *order,
                     ErosQuery *query,
                     GError **error)
{
  ErosSelect *select = select_new (self);
  ErosNames *names = eros_names_new (self);
  ErosScope scope = { .parent = outer,
                      .names = names,
                      .select = select,
                      .ast = ast,
                      .clause = "SELECT list",
                      .allow_aggregates = TRUE,
                      .allow_analytics = TRUE };

  query->kind = EROS_QUERY_SELECT;
  query->select = select;
  select->distinct = ast->distinct;
  if (!check_windows (ast, error) || !analyze_source (self, outer, ast, select, names, error) ||
      !eros_analyze_items (self, &scope, ast, query, error))
    return FALSE;
  scope.aliases = collect_aliases (self, select);
  if (!eros_analyze_group_by (self, &scope, ast, select, scope.aliases, error) ||
      !analyze_having (self, &scope, ast, select, error) ||
      !analyze_qualify (self, &scope, ast, select, error))
    return FALSE;
  if (order != NULL && order->order_by.length > 0)
    {
      if (ast->from == NULL)
        return !!eros_analyzer_fail (&order->order_by.items[0].span, error,
                                     "Query without FROM clause cannot have an ORDER BY clause");
      scope.clause = "ORDER BY clause";
      scope.allow_analytics = TRUE;
      scope.needs_grouping = !ast->group_by.present && select->aggregates->len == 0;
      scope.aliases_are_columns = ast->as == EROS_AST_AS_NOTHING;
      if (!eros_analyze_query_order (self, &scope, &order->order_by, query, select, error))
        return FALSE;
    }
  if (ast->is_pipe && select->aggregates->len > 0)
    return !!eros_analyzer_fail (&ast->span, error,
                                 "Aggregate functions are not allowed in |> SELECT: use |> AGGREGATE");
  select->grouped = ast->group_by.present || select->aggregates->len > 0;
  if (select->grouped && !group_all (self, select, query, error))
    return FALSE;
  if (!restrict_order (self, select, query->order_by, error) || !check_distinct (ast, select, error) ||
      !make_value (self, ast, select, error))
    return FALSE;
  eros_lower_select (self, select, query);
  query->is_value = ast->as != EROS_AST_AS_NOTHING;
  for (guint i = 0; i < select->items->len; i++)
    g_ptr_array_add (query->columns, ((ErosOutput *) select->items->pdata[i])->column);
  return TRUE;
}
