/* eros-render-select.c: one SELECT, which the analysis has made such that it is one in SQLite too
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

/* ---- GROUP BY ---- */

/* ROLLUP (a, b) reads each row three times: at level 2 as (a, b), at level 1 as (a, NULL), at level 0 as
 * (NULL, NULL). */
static guint
render_levels (Translator *self, const ErosSelect *select, GString *from)
{
  guint alias = self->next_alias++;

  g_string_append (from, " JOIN (");
  for (guint level = 0; level <= select->keys->len; level++)
    g_string_append_printf (from, level == 0 ? "SELECT %u AS v" : " UNION ALL SELECT %u", level);
  g_string_append_printf (from, ") AS r%u", alias);
  return alias;
}

/* A constant key would be taken for a column's number. */
static gboolean
is_constant (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_LITERAL || expr->kind == EROS_EXPR_PARAMETER;
}

static void
render_keys (Translator *self, const ErosSelect *select, guint levels, GString *group_by)
{
  if (select->rollup)
    g_string_append_printf (group_by, "r%u.v", levels);
  for (guint i = 0; i < select->keys->len; i++)
    {
      ErosOutput *key = select->keys->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);

      render_root (self, key->expr, text);
      if (group_by->len > 0)
        g_string_append (group_by, ", ");
      if (select->rollup)
        set_column (self, key->column, "(CASE WHEN r%u.v > %u THEN %s END)", levels, i, text->str);
      else
        set_column (self, key->column, "%s", text->str);
      if (is_constant (key->expr) && !select->rollup)
        g_string_append (group_by, "NULL");
      else
        g_string_append (group_by, g_hash_table_lookup (self->columns, key->column));
    }
}

static void
render_calls (Translator *self, GPtrArray *calls, gboolean window)
{
  for (guint i = 0; i < calls->len; i++)
    {
      const ErosAggregate *call = calls->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);

      render_aggregate (self, call, window, text);
      set_column (self, call->column, "%s", text->str);
      g_hash_table_add (self->calls, call->column);
    }
}

/* ---- the rest ---- */

static void
render_list (Translator *self, const ErosSelect *select, GPtrArray *names, GString *out)
{
  g_string_append (out, select->distinct ? "SELECT DISTINCT " : "SELECT ");
  for (guint i = 0; i < select->items->len; i++)
    {
      const ErosOutput *output = select->items->pdata[i];
      guint id = ((ErosColumn *) names->pdata[i])->id;

      if (i > 0)
        g_string_append (out, ", ");
      render_root (self, output->expr, out);
      g_string_append_printf (out, " AS c%u", id);
      set_column (self, output->column, "c%u", id);
    }
}

/* Without aggregates, GROUP BY () would go unnoticed. */
static gboolean
needs_dummy_aggregate (const ErosSelect *select)
{
  return select->grouped && select->keys->len == 0 && select->aggregates->len == 0;
}

/* The text of a SELECT with its ORDER BY, but without its LIMIT. */
void
render_select (Translator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  ErosSelect *select = query->select;
  g_autoptr (GString) from = g_string_new (NULL);
  g_autoptr (GString) where = g_string_new (NULL);
  g_autoptr (GString) group_by = g_string_new (NULL);
  g_autoptr (GString) having = g_string_new (NULL);
  guint levels = 0;

  if (select->from != NULL)
    render_relation (self, select->from, from);
  if (select->rollup)
    levels = render_levels (self, select, from);
  if (select->where != NULL)
    render_root (self, select->where, where);
  render_keys (self, select, levels, group_by);
  render_calls (self, select->aggregates, FALSE);
  if (select->having != NULL)
    render_root (self, select->having, having);
  render_calls (self, select->analytics, TRUE);
  render_list (self, select, names, out);
  if (from->len > 0)
    g_string_append_printf (out, " FROM %s", from->str);
  if (where->len > 0)
    g_string_append_printf (out, " WHERE %s", where->str);
  if (group_by->len > 0)
    g_string_append_printf (out, " GROUP BY %s", group_by->str);
  if (having->len > 0 || needs_dummy_aggregate (select))
    g_string_append_printf (out, " HAVING %s", having->len > 0 ? having->str : "count(*) >= 0");
  if (query->order_by->len > 0)
    {
      g_string_append (out, " ORDER BY ");
      render_sort_keys (self, query->order_by, out);
    }
}
