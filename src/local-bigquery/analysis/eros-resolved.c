/* eros-resolved.c: walking the resolved tree
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-resolved.h"

typedef struct
{
  ErosExprVisitor visitor;
  gpointer user_data;
} Walk;

static void walk_expr (Walk *walk, ErosExpr **slot);
static void walk_query (Walk *walk, ErosQuery *query);

static void
walk_exprs (Walk *walk, GPtrArray *exprs)
{
  for (guint i = 0; exprs != NULL && i < exprs->len; i++)
    walk_expr (walk, (ErosExpr **) &exprs->pdata[i]);
}

static void
walk_sort_keys (Walk *walk, GPtrArray *keys)
{
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    walk_expr (walk, &((ErosSortKey *) keys->pdata[i])->expr);
}

static void
walk_outputs (Walk *walk, GPtrArray *outputs)
{
  for (guint i = 0; i < outputs->len; i++)
    walk_expr (walk, &((ErosOutput *) outputs->pdata[i])->expr);
}

static void
walk_aggregates (Walk *walk, GPtrArray *aggregates)
{
  for (guint i = 0; i < aggregates->len; i++)
    {
      ErosResolvedAggregate *aggregate = aggregates->pdata[i];

      walk_exprs (walk, aggregate->arguments);
      walk_expr (walk, &aggregate->having);
      walk_sort_keys (walk, aggregate->order_by);
      walk_exprs (walk, aggregate->partition_by);
      walk_sort_keys (walk, aggregate->window_order);
      walk_expr (walk, &aggregate->frame_start);
      walk_expr (walk, &aggregate->frame_end);
    }
}

static void
walk_relation (Walk *walk, ErosRelation *relation)
{
  if (relation == NULL)
    return;
  switch (relation->kind)
    {
    case EROS_RELATION_QUERY:
      walk_query (walk, relation->query);
      break;
    case EROS_RELATION_UNNEST:
      walk_expr (walk, &relation->unnest.array);
      break;
    case EROS_RELATION_JOIN:
      walk_relation (walk, relation->join.left);
      walk_relation (walk, relation->join.right);
      walk_expr (walk, &relation->join.on);
      walk_exprs (walk, relation->join.using_values);
      break;
    case EROS_RELATION_TABLE:
    case EROS_RELATION_CTE:
      break;
    }
}

static void
walk_select (Walk *walk, ErosSelect *select)
{
  walk_relation (walk, select->from);
  walk_expr (walk, &select->where);
  walk_outputs (walk, select->keys);
  walk_aggregates (walk, select->aggregates);
  walk_expr (walk, &select->having);
  walk_aggregates (walk, select->analytics);
  walk_expr (walk, &select->qualify);
  walk_outputs (walk, select->items);
}

static void
walk_query (Walk *walk, ErosQuery *query)
{
  for (guint i = 0; i < query->with->len; i++)
    walk_query (walk, ((ErosCte *) query->with->pdata[i])->query);
  switch (query->kind)
    {
    case EROS_QUERY_SELECT:
      walk_select (walk, query->select);
      break;
    case EROS_QUERY_SET:
      for (guint i = 0; i < query->set->inputs->len; i++)
        walk_query (walk, query->set->inputs->pdata[i]);
      break;
    case EROS_QUERY_VALUES:
      for (guint i = 0; i < query->rows->len; i++)
        walk_exprs (walk, query->rows->pdata[i]);
      break;
    case EROS_QUERY_NESTED:
      walk_query (walk, query->nested);
      break;
    }
  walk_sort_keys (walk, query->order_by);
  walk_expr (walk, &query->limit);
  walk_expr (walk, &query->offset);
}

static void
walk_children (Walk *walk, ErosExpr *expr)
{
  switch (expr->kind)
    {
    case EROS_EXPR_CALL:
      walk_exprs (walk, expr->call.arguments);
      break;
    case EROS_EXPR_ROUTINE:
      walk_exprs (walk, expr->routine.arguments);
      break;
    case EROS_EXPR_LOGICAL:
      walk_exprs (walk, expr->logical.operands);
      break;
    case EROS_EXPR_CASE:
      walk_expr (walk, &expr->case_.operand);
      walk_exprs (walk, expr->case_.conditions);
      walk_exprs (walk, expr->case_.results);
      walk_expr (walk, &expr->case_.otherwise);
      break;
    case EROS_EXPR_CAST:
      walk_expr (walk, &expr->cast.operand);
      walk_expr (walk, &expr->cast.format);
      walk_expr (walk, &expr->cast.zone);
      break;
    case EROS_EXPR_ARRAY:
    case EROS_EXPR_STRUCT:
      walk_exprs (walk, expr->items);
      break;
    case EROS_EXPR_FIELD:
      walk_expr (walk, &expr->field.operand);
      break;
    case EROS_EXPR_SUBQUERY:
      walk_expr (walk, &expr->subquery.operand);
      walk_query (walk, expr->subquery.query);
      break;
    case EROS_EXPR_LET:
      walk_exprs (walk, expr->let.values);
      walk_expr (walk, &expr->let.body);
      break;
    case EROS_EXPR_INTERVAL:
      walk_expr (walk, &expr->interval.value);
      break;
    case EROS_EXPR_LITERAL:
    case EROS_EXPR_PARAMETER:
    case EROS_EXPR_COLUMN:
    case EROS_EXPR_PART:
      break;
    }
}

static void
walk_expr (Walk *walk, ErosExpr **slot)
{
  if (*slot != NULL && walk->visitor (slot, walk->user_data))
    walk_children (walk, *slot);
}

/**
 * eros_resolved_walk_expr:
 * @slot: where an expression is kept; may hold %NULL
 * @visitor: is called for it, and for each slot below as long as it returns %TRUE
 * @user_data: for @visitor
 *
 * Visits an expression before its parts. Parts of subqueries are visited too.
 */
void
eros_resolved_walk_expr (ErosExpr **slot, ErosExprVisitor visitor, gpointer user_data)
{
  Walk walk = { visitor, user_data };

  walk_expr (&walk, slot);
}

/**
 * eros_resolved_walk_query:
 * @query: a query
 * @visitor: is called for each expression in it
 * @user_data: for @visitor
 *
 * Visits all expressions of a query, those of its WITH clause and of subqueries included.
 */
void
eros_resolved_walk_query (ErosQuery *query, ErosExprVisitor visitor, gpointer user_data)
{
  Walk walk = { visitor, user_data };

  walk_query (&walk, query);
}
