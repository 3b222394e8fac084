/* eros-inspect.c: whether expressions are the same, and what stands in one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static gboolean
lists_equal (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!eros_expr_equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
calls_equal (const ErosExpr *a, const ErosExpr *b)
{
  return !(a->call.call.flags & EROS_FUNCTION_VOLATILE) && a->call.call.signature == b->call.call.signature &&
         a->call.safe == b->call.safe && lists_equal (a->call.arguments, b->call.arguments);
}

static gboolean
optional_equal (const ErosExpr *a, const ErosExpr *b)
{
  return a == NULL || b == NULL ? a == b : eros_expr_equal (a, b);
}

/* Whether two expressions surely have the same value. */
gboolean
eros_expr_equal (const ErosExpr *a, const ErosExpr *b)
{
  if (a == b)
    return TRUE;
  if (a->kind != b->kind || a->type != b->type)
    return FALSE;
  switch (a->kind)
    {
    case EROS_EXPR_LITERAL:
      return a->literal.is_null || b->literal.is_null ? a->literal.is_null == b->literal.is_null
                                                      : eros_sql_value_equal (&a->literal, &b->literal);
    case EROS_EXPR_PARAMETER:
      return a->parameter == b->parameter;
    case EROS_EXPR_COLUMN:
      return a->column == b->column;
    case EROS_EXPR_CALL:
      return calls_equal (a, b);
    case EROS_EXPR_ROUTINE:
      return !a->routine.is_volatile && g_str_equal (a->routine.native, b->routine.native) &&
             lists_equal (a->routine.arguments, b->routine.arguments);
    case EROS_EXPR_LOGICAL:
      return a->logical.is_or == b->logical.is_or && lists_equal (a->logical.operands, b->logical.operands);
    case EROS_EXPR_CASE:
      return optional_equal (a->case_.operand, b->case_.operand) &&
             optional_equal (a->case_.otherwise, b->case_.otherwise) &&
             lists_equal (a->case_.conditions, b->case_.conditions) &&
             lists_equal (a->case_.results, b->case_.results);
    case EROS_EXPR_CAST:
      return a->cast.safe == b->cast.safe && eros_expr_equal (a->cast.operand, b->cast.operand) &&
             optional_equal (a->cast.format, b->cast.format) && optional_equal (a->cast.zone, b->cast.zone);
    case EROS_EXPR_ARRAY:
    case EROS_EXPR_STRUCT:
      return lists_equal (a->items, b->items);
    case EROS_EXPR_FIELD:
      return a->field.index == b->field.index && eros_expr_equal (a->field.operand, b->field.operand);
    case EROS_EXPR_PART:
      return g_str_equal (a->part, b->part);
    case EROS_EXPR_INTERVAL:
      return g_str_equal (a->interval.part, b->interval.part) &&
             eros_expr_equal (a->interval.value, b->interval.value);
    case EROS_EXPR_SUBQUERY:
    case EROS_EXPR_LET:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

typedef struct
{
  gboolean (*test) (const ErosExpr *expr, gconstpointer data);
  gconstpointer data;
  gboolean found;
} Search;

static gboolean
search (ErosExpr **slot, gpointer user_data)
{
  Search *state = user_data;

  state->found = state->found || state->test (*slot, state->data);
  return !state->found;
}

gboolean
eros_expr_contains (ErosExpr *expr,
                    gboolean (*test) (const ErosExpr *expr, gconstpointer data),
                    gconstpointer data)
{
  Search state = { test, data, FALSE };

  eros_resolved_walk_expr (&expr, search, &state);
  return state.found;
}

static gboolean
is_owned (const ErosExpr *expr, gconstpointer owner)
{
  return expr->kind == EROS_EXPR_COLUMN && expr->column->owner == owner;
}

/* Whether @expr depends on a row of the FROM clause of @owner. */
gboolean
eros_expr_uses_owner (ErosExpr *expr, gconstpointer owner)
{
  return eros_expr_contains (expr, is_owned, owner);
}

/* ---- GROUP BY ------------------------------------------------------------------------------------------ */
