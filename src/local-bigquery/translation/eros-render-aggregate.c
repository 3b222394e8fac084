/* eros-render-aggregate.c: calls of aggregate and analytic functions, with OVER
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

static void
render_bound (ErosTranslator *self, const ErosAstBound *bound, const ErosExpr *offset, GString *out)
{
  switch (bound->kind)
    {
    case EROS_AST_BOUND_UNBOUNDED_PRECEDING:
      g_string_append (out, "UNBOUNDED PRECEDING");
      break;
    case EROS_AST_BOUND_PRECEDING:
      eros_render_expr (self, offset, out);
      g_string_append (out, " PRECEDING");
      break;
    case EROS_AST_BOUND_CURRENT_ROW:
      g_string_append (out, "CURRENT ROW");
      break;
    case EROS_AST_BOUND_FOLLOWING:
      eros_render_expr (self, offset, out);
      g_string_append (out, " FOLLOWING");
      break;
    case EROS_AST_BOUND_UNBOUNDED_FOLLOWING:
      g_string_append (out, "UNBOUNDED FOLLOWING");
      break;
    }
}

static void
render_window_order (ErosTranslator *self,
                     const ErosResolvedAggregate *aggregate,
                     gboolean plain,
                     GString *out)
{
  const ErosSortKey *key = aggregate->window_order->pdata[0];

  g_string_append (out, " ORDER BY ");
  if (!plain)
    {
      eros_render_sort_keys (self, aggregate->window_order, out);
      return;
    }
  /* RANGE with an offset allows one term only. */
  if (!eros_sql_type_is (key->expr->type, EROS_SQL_INT64) &&
      !eros_sql_type_is (key->expr->type, EROS_SQL_FLOAT64))
    eros_translation_fail (self, "RANGE with an offset over %s is not supported by the local BigQuery",
                           eros_sql_type_get_name (key->expr->type));
  eros_render_expr (self, key->expr, out);
  g_string_append (out, key->descending ? " DESC" : "");
  if (key->nulls_last != key->descending)
    g_string_append (out, key->nulls_last ? " NULLS LAST" : " NULLS FIRST");
}

static void
render_over (ErosTranslator *self, const ErosResolvedAggregate *aggregate, GString *out)
{
  const ErosAstFrame *frame = aggregate->frame;
  gboolean plain = frame != NULL && frame->unit == EROS_AST_FRAME_RANGE &&
                   (aggregate->frame_start != NULL || aggregate->frame_end != NULL);

  g_string_append (out, " OVER (");
  for (guint i = 0; i < aggregate->partition_by->len; i++)
    {
      g_string_append (out, i > 0 ? ", " : "PARTITION BY ");
      eros_render_root (self, aggregate->partition_by->pdata[i], out);
    }
  if (aggregate->window_order->len > 0)
    render_window_order (self, aggregate, plain, out);
  if (frame != NULL)
    {
      g_string_append (out, frame->unit == EROS_AST_FRAME_ROWS ? " ROWS BETWEEN " : " RANGE BETWEEN ");
      render_bound (self, &frame->start, aggregate->frame_start, out);
      g_string_append (out, " AND ");
      render_bound (self, &frame->end, aggregate->frame_end, out);
    }
  g_string_append_c (out, ')');
}

static char *
root_text (ErosTranslator *self, const ErosExpr *expr)
{
  GString *text = g_string_new (NULL);

  eros_render_root (self, expr, text);
  return g_string_free (text, FALSE);
}

void
eros_render_aggregate (ErosTranslator *self,
                       const ErosResolvedAggregate *aggregate,
                       gboolean window,
                       GString *out)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) key_texts = g_ptr_array_new_with_free_func (g_free);
  guint n = aggregate->order_by->len;
  g_autofree ErosOrderKey *keys = g_new0 (ErosOrderKey, MAX (n, 1));
  g_autofree char *having = aggregate->having != NULL ? root_text (self, aggregate->having) : NULL;
  ErosAggregateModifiers modifiers = { 0 };

  for (guint i = 0; i < aggregate->arguments->len; i++)
    g_ptr_array_add (texts, root_text (self, aggregate->arguments->pdata[i]));
  for (guint i = 0; i < n; i++)
    {
      const ErosSortKey *key = aggregate->order_by->pdata[i];

      g_ptr_array_add (key_texts, root_text (self, key->expr));
      keys[i] = (ErosOrderKey){ key_texts->pdata[i], key->descending, key->nulls_last, key->expr->type };
    }
  modifiers.distinct = aggregate->distinct;
  modifiers.nulls = aggregate->nulls;
  modifiers.keys = keys;
  modifiers.n_keys = n;
  modifiers.limit = aggregate->limit;
  modifiers.having = having;
  modifiers.having_max = aggregate->having_max;
  modifiers.window = window;
  eros_function_append_aggregate (&aggregate->call, &modifiers, (const char *const *) texts->pdata, out);
  if (window)
    render_over (self, aggregate, out);
}
