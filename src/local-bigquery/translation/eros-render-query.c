/* eros-render-query.c: queries other than one plain SELECT: WITH, set operations, subqueries in expressions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

/* Compound SELECTs may have 500 terms. */
#define MAX_TERMS 400

#define MAX_FROM_DEPTH 2

/* ---- ORDER BY, LIMIT ----------------------------------------------------------------------------------- */

static void eros_render_query (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out);

static gboolean
is_volatile (const ErosExpr *expr)
{
  return (expr->kind == EROS_EXPR_CALL && (expr->call.call.flags & EROS_FUNCTION_VOLATILE)) ||
         (expr->kind == EROS_EXPR_ROUTINE && expr->routine.is_volatile);
}

static gboolean
find_varying (ErosExpr **slot, gpointer user_data)
{
  gboolean *found = user_data;

  *found =
    *found || (*slot)->kind == EROS_EXPR_COLUMN || (*slot)->kind == EROS_EXPR_SUBQUERY || is_volatile (*slot);
  return !*found;
}

/* Whether SQLite might make a number of it: that would be a column's, in GROUP BY and ORDER BY. RAND () is
 * another one in each row. */
gboolean
eros_is_constant (ErosExpr *expr)
{
  gboolean found = FALSE;

  eros_resolved_walk_expr (&expr, find_varying, &found);
  return !found;
}

/* NaN comes between NULL and the numbers; to SQLite it is a blob and above all. 9e999 is infinity. */
static void
eros_render_sort_key (ErosTranslator *self, const ErosSortKey *key, GString *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *direction = key->descending ? " DESC" : "";
  const char *nulls = key->nulls_last == key->descending ? ""
                      : key->nulls_last                  ? " NULLS LAST"
                                                         : " NULLS FIRST";

  if (eros_is_constant (key->expr))
    {
      g_string_append (out, "NULL");
      return;
    }
  eros_render_root (self, key->expr, text);
  if (key->expr->kind == EROS_EXPR_LOGICAL)
    {
      /* (0 AND x) is 0 to SQLite's parser, and that would be a column's number. */
      g_string_prepend (text, "CASE WHEN 1 THEN ");
      g_string_append (text, " END");
    }
  if (eros_sql_type_is (key->expr->type, EROS_SQL_FLOAT64))
    g_string_append_printf (out, "%s <= 9e999%s%s, ", text->str, direction, nulls);
  g_string_append_printf (out, "%s%s%s", text->str, direction, nulls);
}

void
eros_render_sort_keys (ErosTranslator *self, GPtrArray *keys, GString *out)
{
  for (guint i = 0; i < keys->len; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      eros_render_sort_key (self, keys->pdata[i], out);
    }
}

/* ---- what must be computed once ------------------------------------------------------------------------ */

static gboolean
find_volatile (ErosExpr **slot, gpointer user_data)
{
  gboolean *found = user_data;

  *found = *found || is_volatile (*slot);
  return !*found;
}

/* Whether a column of @query is RAND () or the like. SQLite would compute it anew wherever the column is
 * used. */
static gboolean
yields_volatile (ErosQuery *query)
{
  gboolean found = FALSE;

  if (query->kind == EROS_QUERY_NESTED)
    return yields_volatile (query->nested);
  for (guint i = 0; query->kind == EROS_QUERY_SET && i < query->set->inputs->len && !found; i++)
    found = yields_volatile (query->set->inputs->pdata[i]);
  for (guint i = 0; query->kind == EROS_QUERY_SELECT && i < query->select->items->len && !found; i++)
    eros_resolved_walk_expr (&((ErosOutput *) query->select->items->pdata[i])->expr, find_volatile, &found);
  return found;
}

static void
note_barrier (ErosTranslator *self, ErosQuery *query)
{
  if (yields_volatile (query))
    g_hash_table_add (self->barriers, query);
}

static void
render_limit (ErosTranslator *self, const ErosQuery *query, GString *out)
{
  if (query->limit != NULL)
    {
      g_string_append (out, " LIMIT ");
      eros_render_expr (self, query->limit, out);
    }
  else if (query->offset != NULL || g_hash_table_contains (self->barriers, query))
    g_string_append (out, " LIMIT -1");
  if (query->offset == NULL && g_hash_table_contains (self->barriers, query))
    g_string_append (out, " OFFSET 0");
  if (query->offset != NULL)
    {
      g_string_append (out, " OFFSET ");
      eros_render_expr (self, query->offset, out);
    }
}

/* ---- set operations ------------------------------------------------------------------------------------ */

static gboolean
is_plain (const ErosQuery *query)
{
  return query->kind == EROS_QUERY_SELECT && query->with->len == 0 && query->order_by->len == 0 &&
         query->limit == NULL && query->offset == NULL;
}

static void
render_input (ErosTranslator *self, ErosQuery *input, GPtrArray *names, GString *out)
{
  if (is_plain (input))
    {
      eros_render_query (self, input, names, out);
      return;
    }
  g_string_append (out, "SELECT * FROM ");
  eros_render_derived (self, input, names, out);
}

static void
render_inputs (ErosTranslator *self,
               const ErosSetOperation *set,
               guint start,
               guint end,
               GPtrArray *names,
               GString *out)
{
  const char *operator= set->op == EROS_AST_UNION ? (set->distinct ? " UNION " : " UNION ALL ")
  : set->op == EROS_AST_INTERSECT                 ? " INTERSECT "
                                                  : " EXCEPT ";
  guint step = 1;

  while ((end - start + step - 1) / step > MAX_TERMS)
    step *= MAX_TERMS;
  if (step > 1 && set->op == EROS_AST_EXCEPT)
    {
      eros_translation_fail (self, "Too many inputs of EXCEPT DISTINCT: %u", end - start);
      return;
    }
  for (guint i = start; i < end; i += step)
    {
      if (i > start)
        g_string_append (out, operator);
      if (step == 1)
        {
          render_input (self, set->inputs->pdata[i], names, out);
          continue;
        }
      g_string_append (out, "SELECT * FROM (");
      render_inputs (self, set, i, MIN (i + step, end), names, out);
      g_string_append_c (out, ')');
    }
}

/* ORDER BY after a set operation may compute: that needs a SELECT around it. */
static void
render_ordered (ErosTranslator *self, ErosQuery *query, GPtrArray *names, const char *inner, GString *out)
{
  guint alias = self->next_alias++;

  g_string_append (out, "SELECT ");
  for (guint i = 0; i < names->len; i++)
    {
      const ErosColumn *column = names->pdata[i];

      g_string_append_printf (out, "%sr%u.c%u AS c%u", i > 0 ? ", " : "", alias, column->id, column->id);
      eros_set_column (self, query->columns->pdata[i], "r%u.c%u", alias, column->id);
    }
  g_string_append_printf (out, " FROM (%s) AS r%u", inner, alias);
  if (query->order_by->len > 0)
    {
      g_string_append (out, " ORDER BY ");
      eros_render_sort_keys (self, query->order_by, out);
    }
  render_limit (self, query, out);
}

static void
render_values (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  g_string_append (out, "SELECT ");
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (out, "%scolumn%u AS c%u", i > 0 ? ", " : "", i + 1,
                            ((ErosColumn *) names->pdata[i])->id);
  g_string_append (out, " FROM (VALUES ");
  for (guint i = 0; i < query->rows->len; i++)
    {
      GPtrArray *row = query->rows->pdata[i];

      g_string_append (out, i > 0 ? ", (" : "(");
      for (guint j = 0; j < row->len; j++)
        {
          if (j > 0)
            g_string_append (out, ", ");
          eros_render_root (self, row->pdata[j], out);
        }
      g_string_append_c (out, ')');
    }
  g_string_append_c (out, ')');
}

static void
render_body (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  g_autoptr (GString) inner = NULL;

  if (query->kind == EROS_QUERY_SELECT)
    {
      eros_render_select (self, query, names, out);
      render_limit (self, query, out);
      return;
    }
  if (query->kind == EROS_QUERY_VALUES)
    {
      render_values (self, query, names, out);
      return;
    }
  inner = g_string_new (NULL);
  if (query->kind == EROS_QUERY_SET)
    render_inputs (self, query->set, 0, query->set->inputs->len, names, inner);
  else
    eros_render_query (self, query->nested, names, inner);
  if (query->order_by->len == 0 && query->limit == NULL && query->offset == NULL &&
      !g_hash_table_contains (self->barriers, query))
    g_string_append (out, inner->str);
  else
    render_ordered (self, query, names, inner->str, out);
}

static void
host_entry (ErosTranslator *self, const char *name, guint id, const char *text)
{
  g_string_append_printf (self->host->with, "%s%s%u AS (%s)", self->host->with->len > 0 ? ", " : "", name, id,
                          text);
}

/* All WITH entries go to the host: that is as good as their own place, since names are unique. */
static void
render_with (ErosTranslator *self, ErosQuery *query)
{
  guint depth = self->host->depth;

  for (guint i = 0; i < query->with->len; i++)
    {
      ErosCte *cte = query->with->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);

      if (cte->n_uses == 0)
        continue;
      self->host->depth = 0;
      note_barrier (self, cte->query);
      eros_render_query (self, cte->query, cte->query->columns, text);
      self->host->depth = depth;
      host_entry (self, "q", cte->id, text->str);
    }
}

/* The text of a query. Its columns are called c1, c2 … by the ids of @names, one for each of its own. */
static void
eros_render_query (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  render_with (self, query);
  render_body (self, query, names, out);
}

/* A query that stands for itself, with all that its parts want to have in WITH. */
void
eros_render_hosted (ErosTranslator *self, ErosQuery *query, GString *out)
{
  g_autoptr (GString) with = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  ErosHost host = { with, 0 };
  ErosHost *outer = self->host;
  ErosRoot *root = self->root;

  self->host = &host;
  self->root = NULL;
  eros_render_query (self, query, query->columns, text);
  self->host = outer;
  self->root = root;
  if (with->len > 0)
    g_string_append_printf (out, "WITH %s ", with->str);
  g_string_append (out, text->str);
}

/* A query after FROM: in parentheses, or by its name when it is nested deep. */
void
eros_render_derived (ErosTranslator *self, ErosQuery *query, GPtrArray *names, GString *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint depth = self->host->depth;
  guint id = 0;

  self->host->depth = depth < MAX_FROM_DEPTH ? depth + 1 : 0;
  note_barrier (self, query);
  eros_render_query (self, query, names, text);
  self->host->depth = depth;
  if (depth < MAX_FROM_DEPTH)
    {
      g_string_append_printf (out, "(%s)", text->str);
      return;
    }
  id = self->next_alias++;
  host_entry (self, "h", id, text->str);
  g_string_append_printf (out, "h%u", id);
}

/* ---- subqueries in expressions ------------------------------------------------------------------------- */

static gboolean
has_one_row_at_most (const ErosQuery *query)
{
  if (query->limit != NULL && query->limit->kind == EROS_EXPR_LITERAL && query->limit->literal.integer <= 1)
    return TRUE;
  if (query->kind == EROS_QUERY_NESTED)
    return has_one_row_at_most (query->nested);
  if (query->kind != EROS_QUERY_SELECT)
    return FALSE;
  return query->select->from == NULL || (query->select->grouped && query->select->keys->len == 0);
}

static void
render_scalar (ErosTranslator *self, ErosQuery *query, GString *out)
{
  const ErosColumn *column = query->columns->pdata[0];

  if (has_one_row_at_most (query))
    {
      g_string_append_c (out, '(');
      eros_render_hosted (self, query, out);
      g_string_append_c (out, ')');
      return;
    }
  g_string_append_printf (
    out,
    "(SELECT CASE WHEN count(*) <= 1 THEN min(c%u) ELSE bq_error('Scalar subquery produced more "
    "than one element') END FROM (SELECT * FROM (",
    column->id);
  eros_render_hosted (self, query, out);
  g_string_append (out, ") LIMIT 2))");
}

static void
render_array (ErosTranslator *self, ErosQuery *query, GString *out)
{
  const ErosColumn *column = query->columns->pdata[0];

  g_string_append_printf (out, "ifnull((SELECT bq_array_agg(c%u) FROM (", column->id);
  eros_render_hosted (self, query, out);
  g_string_append (out, ")), bq_array())");
}

void
eros_render_subquery (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  ErosQuery *query = expr->subquery.query;

  switch (expr->subquery.kind)
    {
    case EROS_SUBQUERY_SCALAR:
      render_scalar (self, query, out);
      break;
    case EROS_SUBQUERY_ARRAY:
      render_array (self, query, out);
      break;
    case EROS_SUBQUERY_EXISTS:
      if (eros_render_exists (self, query, out))
        break;
      g_string_append (out, "EXISTS (");
      eros_render_hosted (self, query, out);
      g_string_append_c (out, ')');
      break;
    case EROS_SUBQUERY_IN:
      g_string_append_c (out, '(');
      eros_render_expr (self, expr->subquery.operand, out);
      g_string_append (out, " IN (");
      eros_render_hosted (self, query, out);
      g_string_append (out, "))");
      break;
    }
}

/* Values by name: a SELECT without FROM is never merged into the one around it, so each is computed once. */
void
eros_render_let (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  g_autoptr (GString) values = g_string_new (NULL);
  guint alias = self->next_alias++;

  for (guint i = 0; i < expr->let.values->len; i++)
    {
      const ErosColumn *column = expr->let.columns->pdata[i];

      g_string_append (values, i > 0 ? ", " : "SELECT ");
      eros_render_root (self, expr->let.values->pdata[i], values);
      g_string_append_printf (values, " AS c%u", column->id);
      eros_set_column (self, column, "r%u.c%u", alias, column->id);
    }
  g_string_append (out, "(SELECT ");
  eros_render_root (self, expr->let.body, out);
  g_string_append_printf (out, " FROM (%s) AS r%u)", values->str, alias);
}
