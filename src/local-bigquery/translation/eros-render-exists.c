/* eros-render-exists.c: EXISTS as a set that is made once
 *
 * SQLite runs the subquery of EXISTS anew for each row around it, and reads a whole table each time when
 * there is no index. Where the two are tied by equalities only, the same is said by IN, whose set SQLite
 * makes once and looks up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

typedef struct
{
  const ErosSelect *select;
  GPtrArray *inner; /* of ErosExpr: what the equalities compare, inside … */
  GPtrArray *outer; /* … and outside */
  GPtrArray *rest;  /* of ErosExpr: conditions of the inside alone */
} Tie;

typedef struct
{
  const ErosSelect *select;
  gboolean has_inner;
  gboolean has_outer;
  gboolean is_plain; /* no subquery, nothing volatile */
} Reach;

static gboolean
look_at (ErosExpr **slot, gpointer user_data)
{
  Reach *reach = user_data;
  const ErosExpr *expr = *slot;

  if (expr->kind == EROS_EXPR_SUBQUERY ||
      (expr->kind == EROS_EXPR_CALL && (expr->call.call.flags & EROS_FUNCTION_VOLATILE)))
    reach->is_plain = FALSE;
  if (expr->kind == EROS_EXPR_COLUMN && expr->column->owner == reach->select)
    reach->has_inner = TRUE;
  else if (expr->kind == EROS_EXPR_COLUMN)
    reach->has_outer = TRUE;
  return reach->is_plain;
}

static Reach
reach_of (const ErosSelect *select, ErosExpr *expr)
{
  Reach reach = { select, FALSE, FALSE, TRUE };

  eros_resolved_walk_expr (&expr, look_at, &reach);
  return reach;
}

/* An equality that SQLite's own IN decides in the same way: NaN, structs and the like have other rules. */
static gboolean
is_equality (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_CALL && !expr->call.safe && expr->call.arguments->len == 2 &&
         g_strcmp0 (expr->call.call.native, "(?1 = ?2)") == 0;
}

static gboolean
take_equality (Tie *tie, const ErosExpr *expr)
{
  ErosExpr *left = expr->call.arguments->pdata[0];
  ErosExpr *right = expr->call.arguments->pdata[1];
  Reach left_reach = reach_of (tie->select, left);
  gboolean left_is_inner = left_reach.has_inner;
  Reach right_reach = reach_of (tie->select, right);

  if ((left_reach.has_inner && left_reach.has_outer) || (right_reach.has_inner && right_reach.has_outer) ||
      left_reach.has_inner == right_reach.has_inner)
    return FALSE;
  g_ptr_array_add (tie->inner, left_is_inner ? left : right);
  g_ptr_array_add (tie->outer, left_is_inner ? right : left);
  return TRUE;
}

static gboolean
take_condition (Tie *tie, ErosExpr *expr)
{
  Reach reach;

  if (expr->kind == EROS_EXPR_LOGICAL && !expr->logical.is_or)
    {
      for (guint i = 0; i < expr->logical.operands->len; i++)
        if (!take_condition (tie, expr->logical.operands->pdata[i]))
          return FALSE;
      return TRUE;
    }
  reach = reach_of (tie->select, expr);
  if (!reach.is_plain)
    return FALSE;
  if (!reach.has_outer)
    {
      g_ptr_array_add (tie->rest, expr);
      return TRUE;
    }
  return is_equality (expr) && take_equality (tie, expr);
}

static gboolean
is_free (const ErosSelect *select, const ErosRelation *relation)
{
  Reach reach;

  if (relation->kind == EROS_RELATION_TABLE || relation->kind == EROS_RELATION_CTE)
    return TRUE;
  if (relation->kind != EROS_RELATION_JOIN || !is_free (select, relation->join.left) ||
      !is_free (select, relation->join.right))
    return FALSE;
  if (relation->join.on == NULL)
    return TRUE;
  reach = reach_of (select, relation->join.on);
  return reach.is_plain && !reach.has_outer;
}

static gboolean
is_simple (const ErosQuery *query)
{
  const ErosSelect *select = query->kind == EROS_QUERY_SELECT ? query->select : NULL;

  return select != NULL && query->with->len == 0 && query->limit == NULL && query->offset == NULL &&
         select->from != NULL && select->where != NULL && !select->grouped && select->having == NULL &&
         select->analytics->len == 0 && is_free (select, select->from);
}

static void
render_row (ErosTranslator *self, GPtrArray *exprs, GString *out)
{
  for (guint i = 0; i < exprs->len; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      eros_render_root (self, exprs->pdata[i], out);
    }
}

/* The inside: a query of its own, with a WITH of its own for what is nested deep in it. */
static void
render_inside (ErosTranslator *self, const Tie *tie, GString *out)
{
  g_autoptr (GString) with = g_string_new (NULL);
  g_autoptr (GString) from = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new ("SELECT ");
  ErosHost host = { with, 0 };
  ErosHost *outer_host = self->host;
  ErosRoot *outer_root = self->root;

  self->host = &host;
  self->root = NULL;
  eros_render_relation (self, tie->select->from, from);
  render_row (self, tie->inner, text);
  g_string_append_printf (text, " FROM %s WHERE ", from->str);
  for (guint i = 0; i < tie->inner->len; i++)
    {
      g_string_append (text, i > 0 ? " AND " : "");
      eros_render_root (self, tie->inner->pdata[i], text);
      g_string_append (text, " IS NOT NULL");
    }
  for (guint i = 0; i < tie->rest->len; i++)
    {
      g_string_append (text, " AND ");
      eros_render_root (self, tie->rest->pdata[i], text);
    }
  self->host = outer_host;
  self->root = outer_root;
  if (with->len > 0)
    g_string_append_printf (out, "WITH %s ", with->str);
  g_string_append (out, text->str);
}

/* A NULL on either side is equal to nothing: EXISTS is false then, and never NULL. */
static void
render_in (ErosTranslator *self, const Tie *tie, GString *out)
{
  gboolean many = tie->inner->len > 1;

  g_string_append (out, many ? "ifnull((" : "ifnull(");
  render_row (self, tie->outer, out);
  g_string_append (out, many ? ") IN (" : " IN (");
  render_inside (self, tie, out);
  g_string_append (out, "), 0)");
}

/* Whether EXISTS could be rendered as a set. */
gboolean
eros_render_exists (ErosTranslator *self, const ErosQuery *query, GString *out)
{
  g_autoptr (GPtrArray) inner = g_ptr_array_new ();
  g_autoptr (GPtrArray) outer = g_ptr_array_new ();
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  Tie tie = { query->select, inner, outer, rest };

  if (!is_simple (query) || !take_condition (&tie, query->select->where) || inner->len == 0)
    return FALSE;
  render_in (self, &tie, out);
  return TRUE;
}
