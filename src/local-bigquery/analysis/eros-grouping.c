/* eros-grouping.c: GROUP BY, and what may be said after it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/* ---- equality ------------------------------------------------------------------------------------------ */

static gboolean
add_key (ErosAnalyzer *self, ErosSelect *select, ErosExpr *expr, const ErosAstSpan *span, GError **error)
{
  ErosOutput *key = NULL;
  const char *name = NULL;

  if (!eros_sql_type_is_groupable (expr->type))
    return !!eros_analyzer_fail (span, error, "Grouping by expressions of type %s is not allowed",
                                 eros_sql_type_is (expr->type, EROS_SQL_ARRAY) ||
                                     eros_sql_type_is (expr->type, EROS_SQL_STRUCT)
                                   ? eros_sql_type_get_name (expr->type)
                                   : eros_sql_kind_get_name (eros_sql_type_get_kind (expr->type)));
  if (expr->kind == EROS_EXPR_COLUMN)
    name = expr->column->name;
  key = new_node (self, ErosOutput);
  key->expr = expr;
  key->column = eros_analyzer_column (self, name, expr->type, NULL);
  g_ptr_array_add (select->keys, key);
  return TRUE;
}

static gboolean
is_call_column (const ErosExpr *expr, gconstpointer data)
{
  const GPtrArray *calls = data;

  for (guint i = 0; expr->kind == EROS_EXPR_COLUMN && i < calls->len; i++)
    if (((ErosResolvedAggregate *) calls->pdata[i])->column == expr->column)
      return TRUE;
  return FALSE;
}

static ErosExpr *
ordinal_item (ErosSelect *select, const ErosAstExpr *ast, GError **error)
{
  guint64 ordinal = ast->literal.integer;
  ErosExpr *expr = NULL;

  if (ast->literal.too_big || ordinal < 1 || ordinal > select->items->len)
    return eros_analyzer_fail (&ast->span, error, "GROUP BY is out of SELECT column number range: %.*s",
                               (int) ast->literal.length, ast->literal.text);
  expr = ((ErosOutput *) select->items->pdata[ordinal - 1])->expr;
  if (eros_expr_contains (expr, is_call_column, select->aggregates))
    return eros_analyzer_fail (&ast->span, error,
                               "Column %" G_GUINT64_FORMAT
                               " contains an aggregation function, which is not allowed in GROUP BY",
                               ordinal);
  if (eros_expr_contains (expr, is_call_column, select->analytics))
    return eros_analyzer_fail (&ast->span, error,
                               "Column %" G_GUINT64_FORMAT
                               " contains an analytic function, which is not allowed in GROUP BY",
                               ordinal);
  return expr;
}

static gboolean
analyze_key (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, ErosSelect *select, GError **error)
{
  ErosExpr *expr = NULL;

  if (ast->kind == EROS_AST_LITERAL && ast->literal.kind == EROS_AST_LITERAL_INT)
    expr = ordinal_item (select, ast, error);
  else if (ast->kind == EROS_AST_LITERAL)
    return !!eros_analyzer_fail (&ast->span, error, "Cannot GROUP BY literal values");
  else
    expr = eros_analyze_expr (self, scope, ast, error);
  return expr != NULL && add_key (self, select, expr, &ast->span, error);
}

/* GROUP BY ALL: by each item that has no aggregate in it. */
static gboolean
group_by_all (ErosAnalyzer *self, const ErosAstSelect *ast, ErosSelect *select, GError **error)
{
  for (guint i = 0; i < select->items->len; i++)
    {
      ErosExpr *expr = ((ErosOutput *) select->items->pdata[i])->expr;

      if (eros_expr_contains (expr, is_call_column, select->aggregates) ||
          eros_expr_contains (expr, is_call_column, select->analytics) ||
          !eros_expr_uses_owner (expr, select))
        continue;
      if (!add_key (self, select, expr, &ast->group_by.span, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
analyze_rollup (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosAstSelect *ast,
                const ErosAstGroupItem *item,
                ErosSelect *select,
                GError **error)
{
  if (ast->group_by.length > 1)
    return !!eros_analyzer_refuse (
      &item->span, error,
      "GROUP BY with ROLLUP beside other grouping items is not supported by the local BigQuery");
  select->rollup = TRUE;
  select->rollup_start = select->keys->len;
  for (guint i = 0; i < item->rollup.length; i++)
    if (!analyze_key (self, scope, item->rollup.items[i], select, error))
      return FALSE;
  return TRUE;
}

gboolean
eros_analyze_group_by (ErosAnalyzer *self,
                       ErosScope *scope,
                       const ErosAstSelect *ast,
                       ErosSelect *select,
                       GHashTable *aliases,
                       GError **error)
{
  ErosScope inner = *scope;

  if (!ast->group_by.present)
    return TRUE;
  if (ast->group_by.all)
    return group_by_all (self, ast, select, error);
  inner.clause = "GROUP BY";
  inner.allow_aggregates = FALSE;
  inner.allow_analytics = FALSE;
  for (guint i = 0; i < ast->group_by.length; i++)
    {
      const ErosAstGroupItem *item = &ast->group_by.items[i];

      if (item->kind == EROS_AST_GROUP_ROLLUP ? !analyze_rollup (self, &inner, ast, item, select, error)
                                              : !analyze_key (self, &inner, item->expr, select, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- after GROUP BY ------------------------------------------------------------------------------------ */

typedef struct
{
  ErosAnalyzer *analyzer;
  ErosSelect *select;
  const char *clause;
  ErosExpr *root; /* (nullable) may be equal to a key as a whole, whatever it is made of */
  GError **error;
  gboolean failed;
} Grouping;

static gboolean
is_path (const ErosExpr *expr)
{
  while (expr->kind == EROS_EXPR_FIELD)
    expr = expr->field.operand;
  return expr->kind == EROS_EXPR_COLUMN;
}

static gboolean
replace_by_keys (ErosExpr **slot, gpointer user_data)
{
  Grouping *grouping = user_data;
  GPtrArray *keys = grouping->select->keys;
  ErosExpr *expr = *slot;
  ErosAstSpan span = eros_expr_span (expr);

  if (grouping->failed)
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    {
      ErosOutput *key = keys->pdata[i];

      if (expr->identity != key->expr->identity &&
          !((expr == grouping->root || is_path (expr) || expr->kind == EROS_EXPR_STRUCT) &&
            eros_expr_equal (expr, key->expr)))
        continue;
      *slot = eros_analyzer_column_expr (grouping->analyzer, key->column, &span);
      return FALSE;
    }
  if (expr->kind != EROS_EXPR_COLUMN || expr->column->owner != grouping->select)
    return TRUE;
  grouping->failed = TRUE;
  eros_analyzer_fail (&span, grouping->error,
                      "%s expression references column %s which is neither grouped nor aggregated",
                      grouping->clause, expr->column->name != NULL ? expr->column->name : "");
  return FALSE;
}

/* Replaces keys by their columns; any other column of FROM is an error. */
gboolean
eros_apply_grouping (ErosAnalyzer *self,
                     ErosSelect *select,
                     ErosExpr **slot,
                     const char *clause,
                     gboolean whole,
                     GError **error)
{
  Grouping grouping = { self, select, clause, whole ? *slot : NULL, error, FALSE };

  eros_resolved_walk_expr (slot, replace_by_keys, &grouping);
  return !grouping.failed;
}
