/* eros-grouping.c: GROUP BY, and what may be said after it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

/* ---- equality ------------------------------------------------------------------------------------------ */

#define MAX_SET_KEYS 50
#define MAX_SETS     4096

static gboolean
add_key (ErosAnalyzer *self, ErosSelect *select, ErosExpr *expr, const ErosAstSpan *span, GError **error)
{
  ErosOutput *key = NULL;
  const char *name = NULL;

  if (!eros_sql_type_is_groupable (expr->type))
    return !!eros_analyzer_fail (span, error, "Grouping by expressions of type %s is not allowed",
                                 eros_sql_type_is (expr->type, EROS_SQL_ARRAY) ||
                                     eros_sql_type_is (expr->type, EROS_SQL_STRUCT)
                                   ? eros_sql_type_get_name (expr->type)
                                   : eros_sql_kind_get_name (eros_sql_type_get_kind (expr->type)));
  if (expr->kind == EROS_EXPR_COLUMN)
    name = expr->column->name;
  key = new_node (self, ErosOutput);
  key->expr = expr;
  key->column = eros_analyzer_column (self, name, expr->type, NULL);
  g_ptr_array_add (select->keys, key);
  return TRUE;
}

static gboolean
is_call_column (const ErosExpr *expr, gconstpointer data)
{
  const GPtrArray *calls = data;

  for (guint i = 0; expr->kind == EROS_EXPR_COLUMN && i < calls->len; i++)
    if (((ErosResolvedAggregate *) calls->pdata[i])->column == expr->column)
      return TRUE;
  return FALSE;
}

static ErosExpr *
ordinal_item (ErosSelect *select, const ErosAstExpr *ast, GError **error)
{
  guint64 ordinal = ast->literal.integer;
  ErosExpr *expr = NULL;

  if (ast->literal.too_big || ordinal < 1 || ordinal > select->items->len)
    return eros_analyzer_fail (&ast->span, error, "GROUP BY is out of SELECT column number range: %.*s",
                               (int) ast->literal.length, ast->literal.text);
  expr = ((ErosOutput *) select->items->pdata[ordinal - 1])->expr;
  if (eros_expr_contains (expr, is_call_column, select->aggregates))
    return eros_analyzer_fail (&ast->span, error,
                               "Column %" G_GUINT64_FORMAT
                               " contains an aggregation function, which is not allowed in GROUP BY",
                               ordinal);
  if (eros_expr_contains (expr, is_call_column, select->analytics))
    return eros_analyzer_fail (&ast->span, error,
                               "Column %" G_GUINT64_FORMAT
                               " contains an analytic function, which is not allowed in GROUP BY",
                               ordinal);
  return expr;
}

static ErosExpr *
key_expr (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, ErosSelect *select, GError **error)
{
  if (ast->kind == EROS_AST_LITERAL && ast->literal.kind == EROS_AST_LITERAL_INT)
    return ordinal_item (select, ast, error);
  if (ast->kind == EROS_AST_LITERAL)
    return eros_analyzer_fail (&ast->span, error, "Cannot GROUP BY literal values");
  return eros_analyze_expr (self, scope, ast, error);
}

static gboolean
analyze_key (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, ErosSelect *select, GError **error)
{
  ErosExpr *expr = key_expr (self, scope, ast, select, error);

  return expr != NULL && add_key (self, select, expr, &ast->span, error);
}

/* GROUP BY ALL: by each item that has no aggregate in it. */
static gboolean
group_by_all (ErosAnalyzer *self, const ErosAstSelect *ast, ErosSelect *select, GError **error)
{
  for (guint i = 0; i < select->items->len; i++)
    {
      ErosExpr *expr = ((ErosOutput *) select->items->pdata[i])->expr;

      if (eros_expr_contains (expr, is_call_column, select->aggregates) ||
          eros_expr_contains (expr, is_call_column, select->analytics) ||
          !eros_expr_uses_owner (expr, select))
        continue;
      if (!add_key (self, select, expr, &ast->group_by.span, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- grouping sets ------------------------------------------------------------------------------------- */

/* What the sets are made of while they are collected. */
typedef struct
{
  ErosAnalyzer *analyzer;
  ErosScope *scope;
  ErosSelect *select;
  GError **error;
} Sets;

/* The bit of the key that @ast is; one that is there already is not added again. */
static gboolean
add_bit (Sets *sets, const ErosAstExpr *ast, guint64 *bits)
{
  GPtrArray *keys = sets->select->keys;
  ErosExpr *expr = key_expr (sets->analyzer, sets->scope, ast, sets->select, sets->error);
  guint i = 0;

  if (expr == NULL)
    return FALSE;
  while (i < keys->len && ((ErosOutput *) keys->pdata[i])->expr->identity != expr->identity &&
         !eros_expr_equal (((ErosOutput *) keys->pdata[i])->expr, expr))
    i++;
  if (i == MAX_SET_KEYS)
    return !!eros_analyzer_too_complex (&ast->span, sets->error);
  if (i == keys->len && !add_key (sets->analyzer, sets->select, expr, &ast->span, sets->error))
    return FALSE;
  *bits |= G_GUINT64_CONSTANT (1) << i;
  return TRUE;
}

/* The bits of a, or of all in (a, b). */
static gboolean
add_unit (Sets *sets, const ErosAstExpr *ast, guint64 *bits)
{
  if (ast->kind != EROS_AST_STRUCT || !ast->struct_.is_tuple)
    return add_bit (sets, ast, bits);
  for (guint i = 0; i < ast->struct_.n_items; i++)
    if (!add_bit (sets, ast->struct_.items[i].expr, bits))
      return FALSE;
  return TRUE;
}

static gboolean
add_set (Sets *sets, guint64 bits, const ErosAstSpan *span)
{
  if (sets->select->sets->len == MAX_SETS)
    return !!eros_analyzer_fail (span, sets->error, "At most %u grouping sets are allowed", MAX_SETS);
  g_array_append_val (sets->select->sets, bits);
  return TRUE;
}

static gboolean
add_sets (Sets *sets, const ErosAstGroupItem *item)
{
  guint64 units[MAX_SET_KEYS] = { 0 };
  guint64 all = 0;
  guint n = item->exprs.length;

  if (n > MAX_SET_KEYS || (item->kind == EROS_AST_GROUP_CUBE && n > 12))
    return !!eros_analyzer_fail (&item->span, sets->error, "At most %u grouping sets are allowed", MAX_SETS);
  for (guint i = 0; i < item->n_sets; i++)
    if (!add_sets (sets, &item->sets[i]))
      return FALSE;
  for (guint i = 0; i < n; all |= units[i++])
    if (!add_unit (sets, item->exprs.items[i], &units[i]))
      return FALSE;
  if (item->kind == EROS_AST_GROUP_SET)
    return add_set (sets, all, &item->span);
  for (guint chosen = 1u << n; item->kind == EROS_AST_GROUP_CUBE && chosen-- > 0;)
    {
      guint64 bits = 0;

      for (guint i = 0; i < n; i++)
        bits |= (chosen >> i) & 1 ? units[i] : 0;
      if (!add_set (sets, bits, &item->span))
        return FALSE;
    }
  for (guint length = n + 1; item->kind == EROS_AST_GROUP_ROLLUP && length-- > 0;)
    {
      guint64 bits = 0;

      for (guint i = 0; i < length; i++)
        bits |= units[i];
      if (!add_set (sets, bits, &item->span))
        return FALSE;
    }
  return TRUE;
}

static gboolean
analyze_sets (ErosAnalyzer *self,
              ErosScope *scope,
              const ErosAstSelect *ast,
              const ErosAstGroupItem *item,
              ErosSelect *select,
              GError **error)
{
  Sets sets = { self, scope, select, error };

  if (ast->group_by.length > 1)
    return !!eros_analyzer_refuse (&item->span, error,
                                   "GROUP BY with ROLLUP, CUBE or GROUPING SETS beside other grouping items "
                                   "is not supported by the local BigQuery");
  select->sets = g_array_new (FALSE, FALSE, sizeof (guint64));
  eros_analyzer_own (self, select->sets, (GDestroyNotify) g_array_unref);
  return add_sets (&sets, item);
}

gboolean
eros_analyze_group_by (ErosAnalyzer *self,
                       ErosScope *scope,
                       const ErosAstSelect *ast,
                       ErosSelect *select,
                       GHashTable *aliases,
                       GError **error)
{
  ErosScope inner = *scope;

  if (!ast->group_by.present)
    return TRUE;
  if (ast->group_by.all)
    return group_by_all (self, ast, select, error);
  inner.clause = "GROUP BY";
  inner.allow_aggregates = FALSE;
  inner.allow_analytics = FALSE;
  for (guint i = 0; i < ast->group_by.length; i++)
    {
      const ErosAstGroupItem *item = &ast->group_by.items[i];

      if (item->kind == EROS_AST_GROUP_EXPR ? !analyze_key (self, &inner, item->expr, select, error)
                                            : !analyze_sets (self, &inner, ast, item, select, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- after GROUP BY ------------------------------------------------------------------------------------ */

typedef struct
{
  ErosAnalyzer *analyzer;
  ErosSelect *select;
  const char *clause;
  ErosExpr *root; /* (nullable) may be equal to a key as a whole, whatever it is made of */
  GError **error;
  gboolean failed;
} Grouping;

static gboolean
is_path (const ErosExpr *expr)
{
  while (expr->kind == EROS_EXPR_FIELD)
    expr = expr->field.operand;
  return expr->kind == EROS_EXPR_COLUMN;
}

static gboolean
is_grouping_call (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_CALL &&
         g_str_equal (eros_function_get_name (expr->call.call.function), "GROUPING");
}

/* GROUPING (key) becomes a column of its own. */
static void
replace_grouping_call (Grouping *grouping, ErosExpr **slot)
{
  GPtrArray *keys = grouping->select->keys;
  const ErosExpr *argument = (*slot)->call.arguments->pdata[0];
  ErosAstSpan span = eros_expr_span (*slot);

  for (guint i = 0; i < keys->len; i++)
    {
      ErosOutput *key = keys->pdata[i];

      if (argument->identity != key->expr->identity && !eros_expr_equal (argument, key->expr))
        continue;
      if (key->grouping == NULL)
        key->grouping = eros_analyzer_column (grouping->analyzer, NULL, eros_sql_type (EROS_SQL_INT64), NULL);
      *slot = eros_analyzer_column_expr (grouping->analyzer, key->grouping, &span);
      return;
    }
  grouping->failed = TRUE;
  eros_analyzer_fail (&span, grouping->error,
                      "GROUPING must have an argument that exists within the group-by grouping keys list");
}

static gboolean
replace_by_keys (ErosExpr **slot, gpointer user_data)
{
  Grouping *grouping = user_data;
  GPtrArray *keys = grouping->select->keys;
  ErosExpr *expr = *slot;
  ErosAstSpan span = eros_expr_span (expr);

  if (grouping->failed)
    return FALSE;
  if (is_grouping_call (expr))
    {
      replace_grouping_call (grouping, slot);
      return FALSE;
    }
  for (guint i = 0; i < keys->len; i++)
    {
      ErosOutput *key = keys->pdata[i];

      if (expr->identity != key->expr->identity &&
          !((expr == grouping->root || is_path (expr) || expr->kind == EROS_EXPR_STRUCT) &&
            eros_expr_equal (expr, key->expr)))
        continue;
      *slot = eros_analyzer_column_expr (grouping->analyzer, key->column, &span);
      return FALSE;
    }
  if (expr->kind != EROS_EXPR_COLUMN || expr->column->owner != grouping->select)
    return TRUE;
  grouping->failed = TRUE;
  eros_analyzer_fail (&span, grouping->error,
                      "%s expression references column %s which is neither grouped nor aggregated",
                      grouping->clause, expr->column->name != NULL ? expr->column->name : "");
  return FALSE;
}

/* Replaces keys by their columns; any other column of FROM is an error. */
gboolean
eros_apply_grouping (ErosAnalyzer *self,
                     ErosSelect *select,
                     ErosExpr **slot,
                     const char *clause,
                     gboolean whole,
                     GError **error)
{
  Grouping grouping = { self, select, clause, whole ? *slot : NULL, error, FALSE };

  eros_resolved_walk_expr (slot, replace_by_keys, &grouping);
  return !grouping.failed;
}
