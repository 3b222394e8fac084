/* eros-exists.c: EXISTS that is a look-up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SQLite runs a correlated EXISTS anew for each row, and makes no index for it. Where the only thing it has
 * of the row is one side of an equality,
 *
 *   EXISTS (SELECT … FROM t WHERE t.a = x AND rest)  is  (x IN (SELECT t.a FROM t WHERE rest)) IS TRUE
 *
 * of which SQLite makes the list once.
 */
#include "eros-analyzer-private.h"

/* The SELECTs of a query, at any depth, and how often it uses columns of none of them. */
typedef struct
{
  GHashTable *inner;
  guint n_outer;
} Reach;

static void collect_selects (ErosQuery *query, GHashTable *selects);

static void
collect_relation (ErosRelation *relation, GHashTable *selects)
{
  if (relation == NULL)
    return;
  if (relation->kind == EROS_RELATION_QUERY)
    collect_selects (relation->query, selects);
  if (relation->kind != EROS_RELATION_JOIN)
    return;
  collect_relation (relation->join.left, selects);
  collect_relation (relation->join.right, selects);
}

static void
collect_selects (ErosQuery *query, GHashTable *selects)
{
  for (guint i = 0; query->with != NULL && i < query->with->len; i++)
    collect_selects (((ErosCte *) query->with->pdata[i])->query, selects);
  if (query->kind == EROS_QUERY_NESTED)
    collect_selects (query->nested, selects);
  else if (query->kind == EROS_QUERY_SET)
    for (guint i = 0; i < query->set->inputs->len; i++)
      collect_selects (query->set->inputs->pdata[i], selects);
  else if (query->kind == EROS_QUERY_SELECT)
    {
      g_hash_table_add (selects, query->select);
      collect_relation (query->select->from, selects);
    }
}

static gboolean
collect_visitor (ErosExpr **slot, gpointer user_data)
{
  if ((*slot)->kind == EROS_EXPR_SUBQUERY)
    collect_selects ((*slot)->subquery.query, user_data);
  return TRUE;
}

static gboolean
count_visitor (ErosExpr **slot, gpointer user_data)
{
  Reach *reach = user_data;
  const ErosExpr *expr = *slot;

  if (expr->kind == EROS_EXPR_COLUMN && expr->column->owner != NULL &&
      !g_hash_table_contains (reach->inner, expr->column->owner))
    reach->n_outer++;
  return TRUE;
}

/* ---- the equality -------------------------------------------------------------------------------------- */

static gboolean
is_plainly_equal (const ErosExpr *expr)
{
  ErosExpr *first = NULL, *second = NULL;

  if (expr->kind != EROS_EXPR_CALL || expr->call.call.function == NULL ||
      !g_str_equal (eros_function_get_name (expr->call.call.function), "$equal"))
    return FALSE;
  first = expr->call.arguments->pdata[0];
  second = expr->call.arguments->pdata[1];
  if (first->type != second->type)
    return FALSE;
  /* what SQLite finds equal if and only if GoogleSQL does: not NaN, not JSON, no structs */
  switch ((int) eros_sql_type_get_kind (first->type))
    {
    case EROS_SQL_INT64:
    case EROS_SQL_BOOL:
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Takes an equality of the query's own with something from outside apart. */
static gboolean
split_equality (ErosSelect *select, const ErosExpr *equality, ErosExpr **own, ErosExpr **other)
{
  if (!is_plainly_equal (equality))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      *own = equality->call.arguments->pdata[i];
      *other = equality->call.arguments->pdata[1 - i];
      if (eros_expr_uses_owner (*own, select) && !eros_expr_uses_owner (*other, select))
        return TRUE;
    }
  return FALSE;
}

/* Whether @other is all that the query has from outside. */
static gboolean
is_only_outer (ErosQuery *query, ErosExpr *other)
{
  g_autoptr (GHashTable) inner = g_hash_table_new (NULL, NULL);
  Reach whole = { inner, 0 }, part = { inner, 0 };

  collect_selects (query, inner);
  eros_resolved_walk_query (query, collect_visitor, inner);
  eros_resolved_walk_query (query, count_visitor, &whole);
  eros_resolved_walk_expr (&other, count_visitor, &part);
  return part.n_outer > 0 && whole.n_outer == part.n_outer;
}

/* ---- the rewriting ------------------------------------------------------------------------------------- */

static gboolean
is_plain (const ErosQuery *query)
{
  const ErosSelect *select = query->select;

  return query->kind == EROS_QUERY_SELECT && query->limit == NULL && query->offset == NULL &&
         !select->grouped && select->having == NULL && select->qualify == NULL &&
         select->analytics->len == 0 && select->from != NULL && select->where != NULL;
}

static ErosExpr *
without (ErosAnalyzer *self, ErosExpr *where, guint index)
{
  ErosExpr *rest = NULL;

  if (where->kind != EROS_EXPR_LOGICAL)
    return NULL;
  if (where->logical.operands->len == 2)
    return where->logical.operands->pdata[1 - index];
  rest = eros_analyzer_clone (self, where);
  rest->logical.operands = eros_analyzer_list (self);
  for (guint i = 0; i < where->logical.operands->len; i++)
    if (i != index)
      g_ptr_array_add (rest->logical.operands, where->logical.operands->pdata[i]);
  return rest;
}

static ErosExpr *
rewrite (ErosAnalyzer *self, ErosExpr *exists, ErosExpr *own, ErosExpr *other, guint index, GError **error)
{
  ErosQuery *query = exists->subquery.query;
  ErosAstSpan span = eros_expr_span (exists);
  ErosOutput *output = new_node (self, ErosOutput);
  GPtrArray *arguments = eros_analyzer_list (self);

  output->column = eros_analyzer_column (self, NULL, own->type, NULL);
  output->expr = own;
  query->select->items = eros_analyzer_list (self);
  g_ptr_array_add (query->select->items, output);
  query->select->distinct = FALSE;
  query->select->where = without (self, query->select->where, index);
  query->columns = eros_analyzer_list (self);
  g_ptr_array_add (query->columns, output->column);
  query->order_by = eros_analyzer_list (self);
  query->is_value = FALSE;
  exists->subquery.kind = EROS_SUBQUERY_IN;
  exists->subquery.operand = other;
  g_ptr_array_add (arguments, exists);
  return eros_build_call (self, "$is_true", arguments, FALSE, &span, error);
}

/* Returns: what is the same as @exists, and need not be run for each row, if that is possible */
ErosExpr *
eros_simplify_exists (ErosAnalyzer *self, ErosExpr *exists, GError **error)
{
  ErosQuery *query = exists->subquery.query;
  ErosExpr *where = NULL, *own = NULL, *other = NULL;
  gboolean is_and = FALSE;
  guint n = 1;

  if (!is_plain (query))
    return exists;
  where = query->select->where;
  is_and = where->kind == EROS_EXPR_LOGICAL && !where->logical.is_or;
  if (is_and)
    n = where->logical.operands->len;
  for (guint i = 0; i < n; i++)
    if (split_equality (query->select, is_and ? where->logical.operands->pdata[i] : where, &own, &other) &&
        is_only_outer (query, other))
      return rewrite (self, exists, own, other, i, error);
  return exists;
}
