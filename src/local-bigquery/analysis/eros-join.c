/* eros-join.c: joins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static const ErosNameColumn *
using_column (ErosNames *names, const ErosAstName *name, const char *side, GError **error)
{
  const ErosNameTarget *target = eros_names_find (names, name->text);

  if (target != NULL && target->kind == NAME_RANGE)
    {
      for (guint i = 0; i < names->columns->len; i++)
        {
          const ErosNameColumn *column = &g_array_index (names->columns, ErosNameColumn, i);

          if (column->name != NULL && g_ascii_strcasecmp (column->name, name->text) == 0)
            return column;
        }
      target = NULL;
    }
  if (target == NULL)
    return eros_analyzer_fail (&name->span, error, "Column %s in USING clause not found on %s side of join",
                               name->text, side);
  if (target->kind == NAME_AMBIGUOUS)
    return eros_analyzer_fail (&name->span, error,
                               "Column %s in USING clause is ambiguous on %s side of join", name->text, side);
  return &target->column;
}

/* One name of USING: left = right, and the column that stands for both. */
static ErosExpr *
join_using (ErosAnalyzer *self,
            ErosRelation *relation,
            const ErosAstName *name,
            ErosNames *left,
            ErosNames *right,
            ErosSelect *owner,
            GError **error)
{
  const ErosNameColumn *left_column = using_column (left, name, "left", error);
  const ErosNameColumn *right_column =
    left_column != NULL ? using_column (right, name, "right", error) : NULL;
  GPtrArray *pair = NULL, *both = NULL;
  ErosExpr *equal = NULL, *value = NULL;
  ErosColumn *column = NULL;

  if (right_column == NULL)
    return NULL;
  pair = eros_analyzer_list (self);
  g_ptr_array_add (pair, eros_name_column_expr (self, left_column, &name->span));
  g_ptr_array_add (pair, eros_name_column_expr (self, right_column, &name->span));
  both = eros_analyzer_list (self);
  g_ptr_array_add (both, pair->pdata[0]);
  g_ptr_array_add (both, pair->pdata[1]);
  equal = eros_build_call (self, "$equal", pair, FALSE, &name->span, error);
  if (equal == NULL)
    return NULL;
  if (relation->join.kind == EROS_AST_JOIN_FULL)
    value = eros_build_call (self, "COALESCE", both, FALSE, &name->span, error);
  else
    value = both->pdata[relation->join.kind == EROS_AST_JOIN_RIGHT ? 1 : 0];
  if (value == NULL)
    return NULL;
  column = eros_analyzer_column (self, left_column->name, value->type, owner);
  column->relation = relation;
  column->index = relation->columns->len;
  g_ptr_array_add (relation->columns, column);
  g_ptr_array_add (relation->join.using_values, value);
  return equal;
}

static gboolean
in_using (const ErosAstNames *using_, const char *name)
{
  for (guint i = 0; name != NULL && i < using_->length; i++)
    if (g_ascii_strcasecmp (using_->items[i].text, name) == 0)
      return TRUE;
  return FALSE;
}

/* All that one side brings, except the columns that USING has merged. */
static ErosNames *
without_using (ErosAnalyzer *self, ErosNames *side, const ErosAstNames *using_)
{
  ErosNames *rest = eros_names_new (self);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < side->columns->len; i++)
    {
      const ErosNameColumn *column = &g_array_index (side->columns, ErosNameColumn, i);

      if (!in_using (using_, column->name))
        g_array_append_val (rest->columns, *column);
    }
  g_hash_table_iter_init (&iter, side->targets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ErosNameTarget *target = value;

      if (target->kind == NAME_RANGE || !in_using (using_, target->name))
        g_hash_table_insert (rest->targets, (char *) eros_analyzer_lower (self, target->name), target);
    }
  return rest;
}

static gboolean
apply_using (ErosAnalyzer *self,
             const ErosAstJoin *ast,
             ErosRelation *relation,
             ErosNames *left,
             ErosNames *right,
             ErosSelect *owner,
             ErosNames *names,
             GError **error)
{
  ErosExpr *all = eros_analyzer_expr (self, EROS_EXPR_LOGICAL, eros_sql_type (EROS_SQL_BOOL), &ast->op_span);

  all->logical.operands = eros_analyzer_list (self);
  for (guint i = 0; i < ast->using_.length; i++)
    {
      ErosExpr *equal = join_using (self, relation, &ast->using_.items[i], left, right, owner, error);

      if (equal == NULL)
        return FALSE;
      g_ptr_array_add (all->logical.operands, equal);
    }
  relation->join.on = all->logical.operands->len == 1 ? all->logical.operands->pdata[0] : all;
  for (guint i = 0; i < relation->columns->len; i++)
    {
      ErosColumn *column = relation->columns->pdata[i];

      eros_names_add_column (self, names, column->name, column, -1);
    }
  eros_names_merge (self, names, without_using (self, left, &ast->using_));
  eros_names_merge (self, names, without_using (self, right, &ast->using_));
  return TRUE;
}

static gboolean
check_aliases (ErosNames *left, ErosNames *right, const ErosAstSpan *span, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, right->targets);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const ErosNameTarget *other = g_hash_table_lookup (left->targets, key);

      if (((ErosNameTarget *) value)->kind == NAME_RANGE && other != NULL && other->kind == NAME_RANGE)
        return !!eros_analyzer_fail (span, error, "Duplicate table alias %s in the same FROM clause",
                                     other->name);
    }
  return TRUE;
}

static const ErosAstSpan *
alias_span (const ErosAstFrom *ast)
{
  if (ast->kind == EROS_AST_FROM_TABLE && ast->table.alias != NULL)
    return &ast->table.alias->span;
  if (ast->kind == EROS_AST_FROM_SUBQUERY && ast->subquery.alias != NULL)
    return &ast->subquery.alias->span;
  if (ast->kind == EROS_AST_FROM_UNNEST && ast->unnest.alias != NULL)
    return &ast->unnest.alias->span;
  return &ast->span;
}

/* What an array on the right may use: the left side, and what is left of the whole join. */
static ErosNames *
visible_to_right (ErosAnalyzer *self, ErosNames *outer_left, ErosNames *left)
{
  ErosNames *names = NULL;

  if (outer_left == NULL)
    return left;
  names = eros_names_new (self);
  eros_names_merge (self, names, outer_left);
  eros_names_merge (self, names, left);
  return names;
}

static gboolean
check_condition (const ErosAstJoin *ast, const ErosAstSpan *span, GError **error)
{
  gboolean has_condition = ast->on != NULL || ast->using_.length > 0;

  if (ast->kind == EROS_AST_JOIN_CROSS && has_condition)
    return !!eros_analyzer_fail (&ast->op_span, error, "%s clause cannot be used with CROSS JOIN",
                                 ast->on != NULL ? "ON" : "USING");
  if (ast->kind == EROS_AST_JOIN_COMMA || ast->kind == EROS_AST_JOIN_CROSS || has_condition)
    return TRUE;
  /* An array of the left side's row needs no condition. */
  if ((ast->kind == EROS_AST_JOIN_INNER || ast->kind == EROS_AST_JOIN_LEFT) &&
      (ast->right->kind == EROS_AST_FROM_UNNEST ||
       (ast->right->kind == EROS_AST_FROM_TABLE && ast->right->table.path.n_parts > 1)))
    return TRUE;
  return !!eros_analyzer_fail (&ast->op_span, error,
                               "%s must have an immediately following ON or USING clause",
                               ast->kind == EROS_AST_JOIN_INNER   ? "INNER JOIN"
                               : ast->kind == EROS_AST_JOIN_LEFT  ? "LEFT JOIN"
                               : ast->kind == EROS_AST_JOIN_RIGHT ? "RIGHT JOIN"
                                                                  : "FULL JOIN");
}

ErosRelation *
eros_analyze_join (ErosAnalyzer *self,
                   ErosScope *outer,
                   const ErosAstFrom *ast,
                   ErosSelect *owner,
                   ErosNames *outer_left,
                   ErosNames *names,
                   GError **error)
{
  const ErosAstJoin *join = &ast->join;
  ErosRelation *relation = eros_analyzer_relation (self, EROS_RELATION_JOIN);
  ErosNames *left = eros_names_new (self), *right = eros_names_new (self), *visible = NULL;
  ErosScope scope = { .parent = outer, .names = names, .clause = "JOIN ON clause" };

  relation->join.kind = join->kind == EROS_AST_JOIN_COMMA ? EROS_AST_JOIN_CROSS : join->kind;
  relation->join.using_values = eros_analyzer_list (self);
  if (!check_condition (join, &ast->span, error))
    return NULL;
  relation->join.left = eros_analyze_from_item (self, outer, join->left, owner, outer_left, left, error);
  if (relation->join.left == NULL)
    return NULL;
  if (join->kind != EROS_AST_JOIN_RIGHT && join->kind != EROS_AST_JOIN_FULL)
    visible = visible_to_right (self, outer_left, left);
  relation->join.right = eros_analyze_from_item (self, outer, join->right, owner, visible, right, error);
  if (relation->join.right == NULL)
    return NULL;
  if (!check_aliases (left, right, alias_span (join->right), error))
    return NULL;
  if (join->using_.length > 0)
    return apply_using (self, join, relation, left, right, owner, names, error) ? relation : NULL;
  eros_names_merge (self, names, left);
  eros_names_merge (self, names, right);
  if (join->on == NULL)
    return relation;
  relation->join.on = eros_analyze_bool (self, &scope, join->on, "JOIN ON clause", error);
  return relation->join.on != NULL ? relation : NULL;
}
