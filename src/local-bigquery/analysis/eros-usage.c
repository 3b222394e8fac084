/* eros-usage.c: which columns a result depends on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/* From the result inwards: what is needed of a query decides what is needed of its FROM clause, and only
 * after all that uses a WITH entry is known, what is needed of that entry. */

static void need_query (ErosQuery *query);

static gboolean
need_visitor (ErosExpr **slot, gpointer user_data)
{
  ErosExpr *expr = *slot;

  if (expr->kind == EROS_EXPR_COLUMN)
    expr->column->used = TRUE;
  if (expr->kind != EROS_EXPR_SUBQUERY)
    return TRUE;
  if (expr->subquery.operand != NULL)
    eros_resolved_walk_expr (&expr->subquery.operand, need_visitor, NULL);
  if (expr->subquery.kind != EROS_SUBQUERY_EXISTS)
    for (guint i = 0; i < expr->subquery.query->columns->len; i++)
      ((ErosColumn *) expr->subquery.query->columns->pdata[i])->used = TRUE;
  need_query (expr->subquery.query);
  return FALSE;
}

static void
need (ErosExpr *expr)
{
  eros_resolved_walk_expr (&expr, need_visitor, NULL);
}

static void
need_keys (GPtrArray *keys)
{
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    need (((ErosSortKey *) keys->pdata[i])->expr);
}

static void
need_calls (GPtrArray *calls)
{
  for (guint i = 0; i < calls->len; i++)
    {
      ErosResolvedAggregate *call = calls->pdata[i];

      if (!call->column->used)
        continue;
      for (guint j = 0; j < call->arguments->len; j++)
        need (call->arguments->pdata[j]);
      need (call->having);
      need_keys (call->order_by);
      need_keys (call->window_order);
      for (guint j = 0; call->partition_by != NULL && j < call->partition_by->len; j++)
        need (call->partition_by->pdata[j]);
    }
}

/* ---- conditions ---------------------------------------------------------------------------------------- */

static gboolean note_column (ErosExpr **slot, gpointer user_data);

/* What column @index of @query is made of is filtered, too. */
static void
note_output (ErosQuery *query, guint index)
{
  if (query->kind == EROS_QUERY_SELECT)
    eros_resolved_walk_expr (&((ErosOutput *) query->select->items->pdata[index])->expr, note_column,
                             query->select);
  else if (query->kind == EROS_QUERY_NESTED)
    note_output (query->nested, index);
  for (guint i = 0; query->kind == EROS_QUERY_SET && !query->set->recursive && i < query->set->inputs->len;
       i++)
    note_output (query->set->inputs->pdata[i], index);
}

/* @user_data: (nullable) the SELECT whose keys a column may be */
static gboolean
note_column (ErosExpr **slot, gpointer user_data)
{
  ErosColumn *column = (*slot)->kind == EROS_EXPR_COLUMN ? (*slot)->column : NULL;
  const ErosSelect *select = user_data;

  if (column == NULL)
    return (*slot)->kind != EROS_EXPR_SUBQUERY;
  if (column->filtered)
    return TRUE;
  column->filtered = TRUE;
  for (guint i = 0; select != NULL && i < select->keys->len; i++)
    {
      ErosOutput *key = select->keys->pdata[i];

      if (key->column == column)
        eros_resolved_walk_expr (&key->expr, note_column, NULL);
    }
  if (column->relation == NULL)
    return TRUE;
  if (column->relation->kind == EROS_RELATION_QUERY)
    note_output (column->relation->query, column->index);
  else if (column->relation->kind == EROS_RELATION_CTE)
    note_output (column->relation->cte->query, column->index);
  return TRUE;
}

static gboolean
is_comparison (const char *name)
{
  static const char *const names[] = {
    "$equal",    "$less",    "$less_or_equal",    "$greater", "$greater_or_equal", "$between", "$in",
    "$in_array", "$is_null", "$is_distinct_from", "$like",    "$not_equal"
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      return TRUE;
  return FALSE;
}

/* The columns that a condition compares. */
static void
note_filters (ErosExpr *condition, ErosSelect *select)
{
  if (condition == NULL)
    return;
  if (condition->kind == EROS_EXPR_LOGICAL)
    for (guint i = 0; i < condition->logical.operands->len; i++)
      note_filters (condition->logical.operands->pdata[i], select);
  else if (condition->kind == EROS_EXPR_SUBQUERY && condition->subquery.operand != NULL)
    eros_resolved_walk_expr (&condition->subquery.operand, note_column, select);
  else if (condition->kind == EROS_EXPR_CALL)
    {
      gboolean compares = is_comparison (eros_function_get_name (condition->call.call.function));

      for (guint i = 0; i < condition->call.arguments->len; i++)
        if (compares)
          eros_resolved_walk_expr ((ErosExpr **) &condition->call.arguments->pdata[i], note_column, select);
        else
          note_filters (condition->call.arguments->pdata[i], select);
    }
}

static void
need_relation (ErosRelation *relation)
{
  GPtrArray *inner = NULL;

  if (relation == NULL)
    return;
  switch (relation->kind)
    {
    case EROS_RELATION_TABLE:
      return;
    case EROS_RELATION_UNNEST:
      need (relation->unnest.array);
      return;
    case EROS_RELATION_JOIN:
      need (relation->join.on);
      note_filters (relation->join.on, NULL);
      for (guint i = 0; i < relation->columns->len; i++)
        if (((ErosColumn *) relation->columns->pdata[i])->used)
          need (relation->join.using_values->pdata[i]);
      need_relation (relation->join.right);
      need_relation (relation->join.left);
      return;
    case EROS_RELATION_QUERY:
      inner = relation->query->columns;
      break;
    case EROS_RELATION_CTE:
      inner = relation->cte->query->columns;
      break;
    }
  for (guint i = 0; i < relation->columns->len; i++)
    if (((ErosColumn *) relation->columns->pdata[i])->used)
      ((ErosColumn *) inner->pdata[i])->used = TRUE;
  if (relation->kind == EROS_RELATION_QUERY)
    need_query (relation->query);
}

static void
need_select (ErosSelect *select)
{
  for (guint i = 0; i < select->items->len; i++)
    {
      ErosOutput *output = select->items->pdata[i];

      if (select->distinct)
        output->column->used = TRUE;
      if (output->column->used)
        need (output->expr);
    }
  need (select->qualify);
  need_calls (select->analytics);
  need (select->having);
  need_calls (select->aggregates);
  for (guint i = 0; i < select->keys->len; i++)
    need (((ErosOutput *) select->keys->pdata[i])->expr);
  need (select->where);
  note_filters (select->where, NULL);
  note_filters (select->having, select);
  need_relation (select->from);
}

static void
need_inputs (ErosQuery *query)
{
  gboolean all = query->set->distinct || query->set->recursive;

  for (guint i = 0; i < query->set->inputs->len; i++)
    {
      ErosQuery *input = query->set->inputs->pdata[i];

      for (guint j = 0; j < input->columns->len; j++)
        if (all || ((ErosColumn *) query->columns->pdata[j])->used)
          ((ErosColumn *) input->columns->pdata[j])->used = TRUE;
      need_query (input);
    }
}

static void
need_query (ErosQuery *query)
{
  need_keys (query->order_by);
  need (query->limit);
  need (query->offset);
  switch (query->kind)
    {
    case EROS_QUERY_SELECT:
      need_select (query->select);
      break;
    case EROS_QUERY_SET:
      need_inputs (query);
      break;
    case EROS_QUERY_VALUES:
      for (guint i = 0; i < query->rows->len; i++)
        for (guint j = 0; j < query->columns->len; j++)
          need (((GPtrArray *) query->rows->pdata[i])->pdata[j]);
      break;
    case EROS_QUERY_NESTED:
      for (guint i = 0; i < query->columns->len; i++)
        if (((ErosColumn *) query->columns->pdata[i])->used)
          ((ErosColumn *) query->nested->columns->pdata[i])->used = TRUE;
      need_query (query->nested);
      break;
    }
  for (guint i = query->with->len; i-- > 0;)
    need_query (((ErosCte *) query->with->pdata[i])->query);
}

/* Marks columns, and notes for each table what is read of it. */
void
eros_mark_used (ErosAnalyzer *self)
{
  ErosAnalysis *analysis = &self->result->analysis;

  if (analysis->query != NULL)
    {
      for (guint i = 0; i < analysis->query->columns->len; i++)
        ((ErosColumn *) analysis->query->columns->pdata[i])->used = TRUE;
      need_query (analysis->query);
    }
  need (analysis->expression);
  for (guint i = 0; i < self->relations->len; i++)
    {
      const ErosRelation *relation = self->relations->pdata[i];

      for (guint j = 0; j < analysis->tables->len; j++)
        {
          ErosTableUse *use = analysis->tables->pdata[j];

          for (guint k = 0; use->table == relation->table && k < relation->columns->len; k++)
            use->unfiltered[k] =
              use->unfiltered[k] || !((ErosColumn *) relation->columns->pdata[k])->filtered;
          for (guint k = 0; use->table == relation->table && k < relation->columns->len; k++)
            use->columns[k] = use->columns[k] || ((ErosColumn *) relation->columns->pdata[k])->used;
        }
    }
}
