/* eros-render-select.c: one SELECT, which the analysis has made such that it is one in SQLite too
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

/* ---- GROUP BY ------------------------------------------------------------------------------------------ */

/* ROLLUP (a, b) reads each row three times: as (a, b), as (a, NULL), and as (NULL, NULL). s counts the sets,
 * the bits of v tell which keys are in them. */
static guint
render_sets (ErosTranslator *self, const ErosSelect *select, GString *from)
{
  guint alias = self->next_alias++;

  g_string_append (from, " JOIN (");
  for (guint i = 0; i < select->sets->len; i++)
    g_string_append_printf (from,
                            i == 0 ? "SELECT %u AS s, %" G_GUINT64_FORMAT " AS v"
                                   : " UNION ALL SELECT %u, %" G_GUINT64_FORMAT,
                            i, g_array_index (select->sets, guint64, i));
  g_string_append_printf (from, ") AS r%u", alias);
  return alias;
}

static void
render_keys (ErosTranslator *self, const ErosSelect *select, guint sets, GString *group_by)
{
  if (select->sets != NULL)
    g_string_append_printf (group_by, "r%u.s", sets);
  for (guint i = 0; i < select->keys->len; i++)
    {
      ErosOutput *key = select->keys->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);

      eros_render_root (self, key->expr, text);
      if (group_by->len > 0)
        g_string_append (group_by, ", ");
      if (select->sets != NULL)
        eros_set_column (self, key->column, "(CASE WHEN r%u.v >> %u & 1 THEN %s END)", sets, i, text->str);
      else
        eros_set_column (self, key->column, "%s", text->str);
      if (key->grouping != NULL && select->sets != NULL)
        eros_set_column (self, key->grouping, "(1 - (r%u.v >> %u & 1))", sets, i);
      else if (key->grouping != NULL)
        eros_set_column (self, key->grouping, "(0 + 0)");
      if (eros_is_constant (key->expr) && select->sets == NULL)
        g_string_append (group_by, "NULL");
      else if (key->expr->kind == EROS_EXPR_LOGICAL)
        /* (0 AND x) is 0 to SQLite's parser, and that would be a column's number. */
        g_string_append_printf (group_by, "CASE WHEN 1 THEN %s END", text->str);
      else
        g_string_append (group_by, g_hash_table_lookup (self->columns, key->column));
    }
}

static void
render_calls (ErosTranslator *self, GPtrArray *calls, gboolean window)
{
  for (guint i = 0; i < calls->len; i++)
    {
      const ErosResolvedAggregate *call = calls->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);

      if (!call->column->used)
        continue;
      eros_render_aggregate (self, call, window, text);
      eros_set_column (self, call->column, "%s", text->str);
      g_hash_table_add (self->calls, call->column);
    }
}

/* ---- the rest ------------------------------------------------------------------------------------------ */

static gboolean
find_call (ErosExpr **slot, gpointer user_data)
{
  ErosTranslator *self = user_data;

  if ((*slot)->kind == EROS_EXPR_COLUMN && g_hash_table_contains (self->calls, (*slot)->column))
    self->n_calls_seen++;
  return TRUE;
}

/* A SELECT that makes one row of all is known to SQLite by an aggregate in its list. */
static gboolean
lacks_aggregate (ErosTranslator *self, const ErosSelect *select)
{
  guint n_calls = self->n_calls_seen;

  if (!select->grouped || select->keys->len > 0)
    return FALSE;
  for (guint i = 0; i < select->items->len; i++)
    {
      ErosOutput *output = select->items->pdata[i];

      if (output->column->used || select->distinct)
        eros_resolved_walk_expr (&output->expr, find_call, self);
    }
  return self->n_calls_seen == n_calls;
}

/* What nobody uses is not computed. */
static void
render_list (ErosTranslator *self, const ErosSelect *select, GPtrArray *names, GString *out)
{
  gboolean lacking = lacks_aggregate (self, select);

  g_string_append (out, select->distinct ? "SELECT DISTINCT " : "SELECT ");
  for (guint i = 0; i < select->items->len; i++)
    {
      const ErosOutput *output = select->items->pdata[i];
      guint id = ((ErosColumn *) names->pdata[i])->id;

      if (i > 0)
        g_string_append (out, ", ");
      if (lacking && i == 0)
        g_string_append (out, "CASE WHEN count(*) >= 0 THEN ");
      if (output->column->used || select->distinct)
        eros_render_root (self, output->expr, out);
      else
        g_string_append (out, "NULL");
      g_string_append_printf (out, "%s AS c%u", lacking && i == 0 ? " END" : "", id);
      eros_set_column (self, output->column, "c%u", id);
    }
}

/* The text of a SELECT with its ORDER BY, but without its LIMIT. */
void
eros_render_select (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  ErosSelect *select = query->select;
  g_autoptr (GString) from = g_string_new (NULL);
  g_autoptr (GString) where = g_string_new (NULL);
  g_autoptr (GString) group_by = g_string_new (NULL);
  g_autoptr (GString) having = g_string_new (NULL);
  guint sets = 0;

  if (select->from != NULL)
    eros_render_relation (self, select->from, from);
  if (select->sets != NULL)
    sets = render_sets (self, select, from);
  if (select->where != NULL)
    eros_render_root (self, select->where, where);
  render_keys (self, select, sets, group_by);
  render_calls (self, select->aggregates, FALSE);
  if (select->having != NULL)
    eros_render_root (self, select->having, having);
  render_calls (self, select->analytics, TRUE);
  render_list (self, select, names, out);
  if (from->len > 0)
    g_string_append_printf (out, " FROM %s", from->str);
  if (where->len > 0)
    g_string_append_printf (out, " WHERE %s", where->str);
  if (group_by->len > 0)
    g_string_append_printf (out, " GROUP BY %s", group_by->str);
  if (having->len > 0)
    g_string_append_printf (out, " HAVING %s", having->str);
  if (query->order_by->len > 0)
    {
      g_string_append (out, " ORDER BY ");
      eros_render_sort_keys (self, query->order_by, out);
    }
}
