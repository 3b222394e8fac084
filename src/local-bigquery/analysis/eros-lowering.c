/* eros-lowering.c: takes a SELECT apart into several, where one SQL SELECT could not say the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/* What moves into an inner SELECT, and what stands for it outside. */
typedef struct
{
  ErosAnalyzer *analyzer;
  ErosSelect *outer;
  ErosSelect *inner;
  ErosQuery *query; /* of the inner one */
  ErosRelation *relation;
  GHashTable *moved; /* ErosColumn to its ErosColumn outside */
} Split;

static void
split_init (Split *split, ErosAnalyzer *self, ErosSelect *outer)
{
  *split = (Split){ .analyzer = self, .outer = outer };
  split->inner = new_node (self, ErosSelect);
  split->inner->keys = eros_analyzer_list (self);
  split->inner->aggregates = eros_analyzer_list (self);
  split->inner->analytics = eros_analyzer_list (self);
  split->inner->items = eros_analyzer_list (self);
  split->query = new_node (self, ErosQuery);
  split->query->kind = EROS_QUERY_SELECT;
  split->query->select = split->inner;
  split->query->with = eros_analyzer_list (self);
  split->query->columns = eros_analyzer_list (self);
  split->query->order_by = eros_analyzer_list (self);
  split->relation = eros_analyzer_relation (self, EROS_RELATION_QUERY);
  split->relation->query = split->query;
  split->moved = g_hash_table_new (NULL, NULL);
  split->inner->from = outer->from;
  split->inner->where = outer->where;
  outer->from = split->relation;
  outer->where = NULL;
}

/* Adds @expr to what the inner SELECT yields; the column that it is outside. */
static ErosColumn *
yield (Split *split, const char *name, ErosExpr *expr)
{
  ErosOutput *output = new_node (split->analyzer, ErosOutput);
  ErosColumn *column = eros_analyzer_column (split->analyzer, name, expr->type, split->outer);

  output->expr = expr;
  output->column = eros_analyzer_column (split->analyzer, name, expr->type, NULL);
  g_ptr_array_add (split->inner->items, output);
  g_ptr_array_add (split->query->columns, output->column);
  column->relation = split->relation;
  column->index = split->relation->columns->len;
  g_ptr_array_add (split->relation->columns, column);
  return column;
}

static gboolean
is_inner (const Split *split, const ErosColumn *column)
{
  if (column->owner == split->outer)
    return column->relation != split->relation;
  for (guint i = 0; i < split->inner->keys->len; i++)
    if (((ErosOutput *) split->inner->keys->pdata[i])->column == column ||
        ((ErosOutput *) split->inner->keys->pdata[i])->grouping == column)
      return TRUE;
  for (guint list = 0; list < 2; list++)
    {
      GPtrArray *calls = list == 0 ? split->inner->aggregates : split->inner->analytics;

      for (guint i = 0; i < calls->len; i++)
        if (((ErosResolvedAggregate *) calls->pdata[i])->column == column)
          return TRUE;
    }
  return FALSE;
}

static gboolean
move_visitor (ErosExpr **slot, gpointer user_data)
{
  Split *split = user_data;
  ErosColumn *column = (*slot)->kind == EROS_EXPR_COLUMN ? (*slot)->column : NULL;
  ErosColumn *outside = NULL;
  ErosAstSpan span = eros_expr_span (*slot);

  if (column == NULL || !is_inner (split, column))
    return TRUE;
  outside = g_hash_table_lookup (split->moved, column);
  if (outside == NULL)
    {
      outside = yield (split, column->name, eros_analyzer_column_expr (split->analyzer, column, &span));
      g_hash_table_insert (split->moved, column, outside);
    }
  *slot = eros_analyzer_column_expr (split->analyzer, outside, &span);
  return FALSE;
}

static void
move (Split *split, ErosExpr **slot)
{
  eros_resolved_walk_expr (slot, move_visitor, split);
}

static void
move_keys (Split *split, GPtrArray *keys)
{
  for (guint i = 0; i < keys->len; i++)
    move (split, &((ErosSortKey *) keys->pdata[i])->expr);
}

static gboolean
adopt_visitor (ErosExpr **slot, gpointer user_data)
{
  Split *split = user_data;

  if ((*slot)->kind == EROS_EXPR_COLUMN && (*slot)->column->owner == split->outer &&
      (*slot)->column->relation != split->relation)
    (*slot)->column->owner = split->inner;
  return TRUE;
}

/* The columns that stayed inside belong to the inner SELECT now. */
static void
split_finish (Split *split)
{
  eros_resolved_walk_query (split->query, adopt_visitor, split);
  g_hash_table_unref (split->moved);
}

/* ---- depth --------------------------------------------------------------------------------------------- */

/* SQLite's parser does not go deep. The translation moves deep parts of an expression into subqueries, which
 * must not have calls of aggregates in them. */
#define MAX_DEPTH_AROUND_CALLS 8

static guint expr_depth (const ErosExpr *expr);

static guint
list_depth (GPtrArray *exprs)
{
  guint most = 0;

  for (guint i = 0; i < exprs->len; i++)
    {
      guint depth = expr_depth (exprs->pdata[i]);

      most = MAX (most, depth);
    }
  return most;
}

static guint
case_depth (const ErosCase *parts)
{
  guint depths[] = { expr_depth (parts->operand), expr_depth (parts->otherwise),
                     list_depth (parts->conditions), list_depth (parts->results) };
  guint most = 0;

  for (guint i = 0; i < G_N_ELEMENTS (depths); i++)
    most = MAX (most, depths[i]);
  return most;
}

static guint
expr_depth (const ErosExpr *expr)
{
  if (expr == NULL)
    return 0;
  switch (expr->kind)
    {
    case EROS_EXPR_CALL:
      return 1 + list_depth (expr->call.arguments);
    case EROS_EXPR_ROUTINE:
      return 1 + list_depth (expr->routine.arguments);
    case EROS_EXPR_LOGICAL:
      return 1 + list_depth (expr->logical.operands);
    case EROS_EXPR_CASE:
      return 1 + case_depth (&expr->case_);
    case EROS_EXPR_CAST:
      return 1 + expr_depth (expr->cast.operand);
    case EROS_EXPR_FIELD:
      return 1 + expr_depth (expr->field.operand);
    case EROS_EXPR_ARRAY:
    case EROS_EXPR_STRUCT:
      return 1 + list_depth (expr->items);
    case EROS_EXPR_INTERVAL:
      return 1 + expr_depth (expr->interval.value);
    case EROS_EXPR_LITERAL:
    case EROS_EXPR_PARAMETER:
    case EROS_EXPR_COLUMN:
    case EROS_EXPR_SUBQUERY:
    case EROS_EXPR_LET:
    case EROS_EXPR_PART:
      return 1;
    }
  g_return_val_if_reached (0);
}

/* ---- rows below a grouping ----------------------------------------------------------------------------- */

static gboolean
is_unstable (const ErosExpr *expr, gconstpointer data)
{
  return expr->kind == EROS_EXPR_SUBQUERY || expr->kind == EROS_EXPR_LET ||
         (expr->kind == EROS_EXPR_CALL && (expr->call.call.flags & EROS_FUNCTION_VOLATILE)) ||
         (expr->kind == EROS_EXPR_ROUTINE && expr->routine.is_volatile);
}

static gboolean
is_column (const ErosExpr *expr, gconstpointer data)
{
  return expr->kind == EROS_EXPR_COLUMN;
}

/* An aggregate over columns of an outer query only: SQLite would take it for the outer query's. */
static gboolean
aggregates_outer (ErosSelect *select, const ErosResolvedAggregate *aggregate)
{
  gboolean outer = FALSE;

  for (guint i = 0; i < aggregate->arguments->len; i++)
    {
      if (eros_expr_uses_owner (aggregate->arguments->pdata[i], select))
        return FALSE;
      outer = outer || eros_expr_contains (aggregate->arguments->pdata[i], is_column, NULL);
    }
  return outer;
}

static gboolean
needs_rows (ErosSelect *select)
{
  for (guint i = 0; i < select->keys->len; i++)
    {
      ErosExpr *key = ((ErosOutput *) select->keys->pdata[i])->expr;

      if (eros_expr_contains (key, is_unstable, NULL) || expr_depth (key) > MAX_DEPTH_AROUND_CALLS)
        return TRUE;
    }
  for (guint i = 0; i < select->aggregates->len; i++)
    if (aggregates_outer (select, select->aggregates->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Computes keys and such arguments row by row in a SELECT below the one that groups. */
static void
split_rows (ErosAnalyzer *self, ErosSelect *select)
{
  Split split;

  split_init (&split, self, select);
  for (guint i = 0; i < select->keys->len; i++)
    {
      ErosOutput *key = select->keys->pdata[i];
      ErosAstSpan span = eros_expr_span (key->expr);

      key->expr = eros_analyzer_column_expr (self, yield (&split, key->column->name, key->expr), &span);
    }
  for (guint i = 0; i < select->aggregates->len; i++)
    {
      ErosResolvedAggregate *aggregate = select->aggregates->pdata[i];
      gboolean outer = aggregates_outer (select, aggregate);

      for (guint j = 0; j < aggregate->arguments->len; j++)
        {
          ErosExpr **slot = (ErosExpr **) &aggregate->arguments->pdata[j];
          ErosAstSpan span = eros_expr_span (*slot);

          if (outer && eros_expr_contains (*slot, is_column, NULL))
            *slot = eros_analyzer_column_expr (self, yield (&split, NULL, *slot), &span);
          else
            move (&split, slot);
        }
      move (&split, &aggregate->having);
      move_keys (&split, aggregate->order_by);
    }
  split_finish (&split);
}

/* ---- results above groups and windows ------------------------------------------------------------------ */

static gboolean
is_call_of (const ErosExpr *expr, gconstpointer data)
{
  const ErosSelect *select = data;

  if (expr->kind != EROS_EXPR_COLUMN)
    return FALSE;
  for (guint list = 0; list < 2; list++)
    {
      GPtrArray *calls = list == 0 ? select->aggregates : select->analytics;

      for (guint i = 0; i < calls->len; i++)
        if (((ErosResolvedAggregate *) calls->pdata[i])->column == expr->column)
          return TRUE;
    }
  return FALSE;
}

/* A subquery in which the result of an aggregate or analytic function is used: its text must not end up in
 * there. */
static gboolean
holds_call_in_subquery (const ErosExpr *expr, gconstpointer data)
{
  return (expr->kind == EROS_EXPR_SUBQUERY || expr->kind == EROS_EXPR_LET) &&
         eros_expr_contains ((ErosExpr *) expr, is_call_of, data);
}

static gboolean
holds_call (ErosExpr *expr, const ErosSelect *select)
{
  return expr != NULL &&
         (eros_expr_contains (expr, holds_call_in_subquery, select) ||
          (expr_depth (expr) > MAX_DEPTH_AROUND_CALLS && eros_expr_contains (expr, is_call_of, select)));
}

static gboolean
needs_results (ErosSelect *select, const ErosQuery *query)
{
  if (select->qualify != NULL)
    return TRUE;
  if (select->aggregates->len + select->analytics->len == 0)
    return FALSE;
  for (guint i = 0; i < select->items->len; i++)
    if (holds_call (((ErosOutput *) select->items->pdata[i])->expr, select))
      return TRUE;
  for (guint i = 0; i < query->order_by->len; i++)
    if (holds_call (((ErosSortKey *) query->order_by->pdata[i])->expr, select))
      return TRUE;
  return holds_call (select->having, select);
}

/* HAVING below analytic functions stays where it is: they see only the groups that it keeps. */
static gboolean
moves_having (const ErosSelect *select)
{
  return select->analytics->len == 0 && holds_call (select->having, select);
}

/* Groups and windows in a SELECT of their own; the list, QUALIFY and ORDER BY around it. */
static void
split_results (ErosAnalyzer *self, ErosSelect *select, ErosQuery *query)
{
  ErosExpr *filter = moves_having (select) ? select->having : select->qualify;
  Split split;

  split_init (&split, self, select);
  split.inner->grouped = select->grouped;
  split.inner->sets = select->sets;
  split.inner->keys = select->keys;
  split.inner->aggregates = select->aggregates;
  split.inner->having = moves_having (select) ? NULL : select->having;
  split.inner->analytics = select->analytics;
  select->grouped = FALSE;
  select->sets = NULL;
  select->keys = eros_analyzer_list (self);
  select->aggregates = eros_analyzer_list (self);
  select->having = NULL;
  select->analytics = eros_analyzer_list (self);
  select->where = filter;
  select->qualify = NULL;
  for (guint i = 0; i < select->items->len; i++)
    move (&split, &((ErosOutput *) select->items->pdata[i])->expr);
  move (&split, &select->where);
  move_keys (&split, query->order_by);
  split_finish (&split);
}

/* Moves the FROM and WHERE of @select below it, where @expr is computed too. @slots (of ErosExpr **) are
 * expressions over them that stay outside. Returns what @expr is outside. */
ErosColumn *
eros_compute_below (ErosAnalyzer *self, ErosSelect *select, ErosExpr *expr, GPtrArray *slots)
{
  ErosColumn *column = NULL;
  Split split;

  split_init (&split, self, select);
  column = yield (&split, NULL, expr);
  for (guint i = 0; i < slots->len; i++)
    move (&split, slots->pdata[i]);
  split_finish (&split);
  return column;
}

/* After this, each SELECT is what SQLite can do in one, and QUALIFY is gone. */
void
eros_lower_select (ErosAnalyzer *self, ErosSelect *select, ErosQuery *query)
{
  if (select->grouped && needs_rows (select))
    split_rows (self, select);
  if (needs_results (select, query))
    split_results (self, select, query);
}
