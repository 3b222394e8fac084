/* eros-merge.c: MERGE, as a query that tells for each pair of rows what is to be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-dml-private.h"

/* SELECT rowid, action, values… FROM target … JOIN source ON …, where the action is the first WHEN clause
 * that fits. The values of a clause are computed for its rows only. */
typedef struct
{
  ErosDmlAnalysis dml;
  const ErosAstMerge *ast;
  ErosRelation *target;
  ErosRelation *source;
  ErosColumn *marker; /* 1 in a row of the source; NULL where there is none */
  ErosNames *target_names;
  ErosNames *source_names;
  ErosNames *both;
  ErosExpr *action;  /* CASE WHEN … THEN 0 WHEN … THEN 1 … END */
  GPtrArray *values; /* of ErosExpr */
  GArray *owners;    /* of guint: the action that a value belongs to */
} Merge;

/* The source with a column that is never NULL. */
static gboolean
wrap_source (Merge *merge, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  ErosSelect *select = new_node (self, ErosSelect);
  ErosQuery *query = new_node (self, ErosQuery);
  ErosRelation *wrapped = NULL;
  ErosOutput *output = NULL;
  const ErosAstSpan *span = &merge->ast->source->span;

  select->keys = eros_analyzer_list (self);
  select->aggregates = eros_analyzer_list (self);
  select->analytics = eros_analyzer_list (self);
  select->items = eros_analyzer_list (self);
  query->kind = EROS_QUERY_SELECT;
  query->select = select;
  query->with = eros_analyzer_list (self);
  query->columns = eros_analyzer_list (self);
  query->order_by = eros_analyzer_list (self);
  wrapped = eros_analyzer_relation (self, EROS_RELATION_QUERY);
  wrapped->query = query;
  select->from =
    eros_analyze_from (self, NULL, merge->ast->source, merge->dml.select, merge->source_names, error);
  if (select->from == NULL)
    return FALSE;
  merge->source = wrapped;
  /* The names were made for the columns inside: each becomes the column outside, and a new one takes its
   * place. */
  for (guint i = 0; i < select->from->columns->len; i++)
    {
      ErosColumn *outside = select->from->columns->pdata[i];
      ErosColumn *inside = eros_analyzer_column (self, outside->name, outside->type, select);

      inside->relation = select->from;
      inside->index = outside->index;
      select->from->columns->pdata[i] = inside;
      outside->relation = wrapped;
      outside->index = i;
      g_ptr_array_add (wrapped->columns, outside);
      output = new_node (self, ErosOutput);
      output->expr = eros_analyzer_column_expr (self, inside, span);
      output->column = eros_analyzer_column (self, outside->name, outside->type, NULL);
      g_ptr_array_add (select->items, output);
      g_ptr_array_add (query->columns, output->column);
    }
  output = new_node (self, ErosOutput);
  output->expr = eros_literal_integer (self, 1, span);
  output->column = eros_analyzer_column (self, NULL, output->expr->type, NULL);
  g_ptr_array_add (select->items, output);
  g_ptr_array_add (query->columns, output->column);
  merge->marker = eros_analyzer_column (self, NULL, output->expr->type, merge->dml.select);
  merge->marker->relation = wrapped;
  merge->marker->index = wrapped->columns->len;
  g_ptr_array_add (wrapped->columns, merge->marker);
  return TRUE;
}

static ErosExpr *
is_null (Merge *merge, ErosColumn *column, gboolean negated, const ErosAstSpan *span, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  GPtrArray *arguments = eros_analyzer_list (self);
  ErosExpr *test = NULL;

  g_ptr_array_add (arguments, eros_analyzer_column_expr (self, column, span));
  test = eros_build_call (self, "$is_null", arguments, FALSE, span, error);
  if (test == NULL || !negated)
    return test;
  arguments = eros_analyzer_list (self);
  g_ptr_array_add (arguments, test);
  return eros_build_call (self, "$not", arguments, FALSE, span, error);
}

/* Which rows a clause is for: by whether target and source are there, and by its own condition. */
static ErosExpr *
clause_condition (Merge *merge, ErosScope *scope, const ErosAstMergeWhen *when, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  gboolean has_target = when->match != EROS_AST_MERGE_NOT_MATCHED_BY_TARGET;
  gboolean has_source = when->match != EROS_AST_MERGE_NOT_MATCHED_BY_SOURCE;
  ErosExpr *all = eros_analyzer_expr (self, EROS_EXPR_LOGICAL, eros_sql_type (EROS_SQL_BOOL), &when->span);
  ErosExpr *target = is_null (merge, merge->target->rowid, has_target, &when->span, error);
  ErosExpr *source = is_null (merge, merge->marker, has_source, &when->span, error);
  ErosExpr *condition = NULL;

  if (target == NULL || source == NULL)
    return NULL;
  all->logical.operands = eros_analyzer_list (self);
  g_ptr_array_add (all->logical.operands, target);
  g_ptr_array_add (all->logical.operands, source);
  if (when->condition == NULL)
    return all;
  condition = eros_analyze_bool (self, scope, when->condition, "WHEN clause", error);
  if (condition == NULL)
    return NULL;
  g_ptr_array_add (all->logical.operands, condition);
  return all;
}

/* INSERT ROW: the source's columns in their order. */
static gboolean
insert_row (Merge *merge, const ErosAstMergeWhen *when, const GArray *columns, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  GArray *source = merge->source_names->columns;

  if (source->len != columns->len)
    return !!eros_analyzer_fail (&when->span, error,
                                 "Inserted row has wrong column count; Has %u, expected %u", source->len,
                                 columns->len);
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosCatalogColumn *column = &merge->dml.table->columns[g_array_index (columns, guint, i)];
      ErosExpr *value = eros_name_column_expr (self, &g_array_index (source, ErosNameColumn, i), &when->span);

      if (!eros_expr_assignable (value, column->type))
        return !!eros_analyzer_fail (
          &when->span, error, "Value has type %s which cannot be inserted into column %s, which has type %s",
          eros_sql_type_get_name (value->type), column->name, eros_sql_type_get_name (column->type));
      value = eros_coerce (self, value, column->type, error);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (merge->values, value);
    }
  return TRUE;
}

static gboolean
insert_values (Merge *merge, ErosScope *scope, const ErosAstMergeWhen *when, GArray *columns, GError **error)
{
  guint n_named = 0;

  if (!eros_dml_insert_columns (&merge->dml, &when->columns, columns, error))
    return FALSE;
  n_named = columns->len;
  if (when->row ? !insert_row (merge, when, columns, error) : when->values.length != n_named)
    return error != NULL && *error != NULL
             ? FALSE
             : !!eros_analyzer_fail (&when->span, error,
                                     "Inserted row has wrong column count; Has %u, expected %u",
                                     when->values.length, n_named);
  for (guint i = 0; !when->row && i < n_named; i++)
    {
      ErosExpr *value = eros_dml_value (&merge->dml, scope, when->values.items[i],
                                        g_array_index (columns, guint, i), FALSE, error);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (merge->values, value);
    }
  for (guint i = 0; i < merge->dml.table->n_columns; i++)
    {
      gboolean named = merge->dml.table->columns[i].default_ == NULL;
      ErosExpr *value = NULL;

      for (guint j = 0; j < n_named && !named; j++)
        named = g_array_index (columns, guint, j) == i;
      if (named)
        continue;
      value = eros_dml_default (&merge->dml, i, &when->span, error);
      if (value == NULL)
        return FALSE;
      g_array_append_val (columns, i);
      g_ptr_array_add (merge->values, value);
    }
  return TRUE;
}

static gboolean
check_action (const ErosAstMergeWhen *when, GError **error)
{
  gboolean insert = when->action == EROS_AST_MERGE_INSERT;

  if (insert == (when->match == EROS_AST_MERGE_NOT_MATCHED_BY_TARGET))
    return TRUE;
  return !!eros_analyzer_fail (&when->span, error, "%s is not allowed in WHEN %s clause",
                               insert                                  ? "INSERT"
                               : when->action == EROS_AST_MERGE_UPDATE ? "UPDATE"
                                                                       : "DELETE",
                               when->match == EROS_AST_MERGE_MATCHED ? "MATCHED"
                               : when->match == EROS_AST_MERGE_NOT_MATCHED_BY_TARGET
                                 ? "NOT MATCHED BY TARGET"
                                 : "NOT MATCHED BY SOURCE");
}

static gboolean
analyze_when (Merge *merge, guint index, GError **error)
{
  static const ErosDmlActionKind kinds[] = {
    [EROS_AST_MERGE_INSERT] = EROS_DML_ACTION_INSERT,
    [EROS_AST_MERGE_UPDATE] = EROS_DML_ACTION_UPDATE,
    [EROS_AST_MERGE_DELETE] = EROS_DML_ACTION_DELETE,
  };
  const ErosAstMergeWhen *when = &merge->ast->whens[index];
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  const char *alias = merge->ast->alias != NULL ? merge->ast->alias->text : merge->dml.table->name;
  guint before = merge->values->len;
  ErosExpr *condition = NULL;
  ErosScope scope = { .clause = "WHEN clause" };

  scope.names = when->match == EROS_AST_MERGE_MATCHED                 ? merge->both
                : when->match == EROS_AST_MERGE_NOT_MATCHED_BY_TARGET ? merge->source_names
                                                                      : merge->target_names;
  if (!check_action (when, error))
    return FALSE;
  condition = clause_condition (merge, &scope, when, error);
  if (condition == NULL)
    return FALSE;
  g_ptr_array_add (merge->action->case_.conditions, condition);
  g_ptr_array_add (merge->action->case_.results,
                   eros_literal_integer (merge->dml.analyzer, index, &when->span));
  if (when->action == EROS_AST_MERGE_INSERT && !insert_values (merge, &scope, when, columns, error))
    return FALSE;
  if (when->action == EROS_AST_MERGE_UPDATE &&
      !eros_dml_assignments (&merge->dml, &scope, when->items, when->n_items, alias, merge->target, columns,
                             merge->values, error))
    return FALSE;
  for (guint i = before; i < merge->values->len; i++)
    g_array_append_val (merge->owners, index);
  eros_dml_add_action (&merge->dml, kinds[when->action], columns, 2 + before);
  return TRUE;
}

/* Unmatched rows of a side are only read when a clause is for them. */
static ErosAstJoinKind
join_kind (const ErosAstMerge *ast)
{
  gboolean target = FALSE, source = FALSE;

  for (guint i = 0; i < ast->n_whens; i++)
    {
      target = target || ast->whens[i].match == EROS_AST_MERGE_NOT_MATCHED_BY_SOURCE;
      source = source || ast->whens[i].match == EROS_AST_MERGE_NOT_MATCHED_BY_TARGET;
    }
  if (target && source)
    return EROS_AST_JOIN_FULL;
  return target ? EROS_AST_JOIN_LEFT : source ? EROS_AST_JOIN_RIGHT : EROS_AST_JOIN_INNER;
}

static gboolean
join_both (Merge *merge, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  ErosRelation *join = eros_analyzer_relation (self, EROS_RELATION_JOIN);
  ErosScope scope = { .names = merge->both, .clause = "MERGE ON clause" };

  join->join.kind = join_kind (merge->ast);
  join->join.left = merge->target;
  join->join.right = merge->source;
  join->join.using_values = eros_analyzer_list (self);
  join->join.on = eros_analyze_bool (self, &scope, merge->ast->on, "merge condition", error);
  merge->dml.select->from = join;
  return join->join.on != NULL;
}

/* CASE action WHEN index THEN value END */
static ErosExpr *
guarded (Merge *merge, ErosColumn *action, guint index, ErosExpr *value)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  ErosAstSpan span = eros_expr_span (value);
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_CASE, value->type, &span);

  expr->case_.operand = eros_analyzer_column_expr (self, action, &span);
  expr->case_.conditions = eros_analyzer_list (self);
  expr->case_.results = eros_analyzer_list (self);
  g_ptr_array_add (expr->case_.conditions, eros_literal_integer (self, index, &span));
  g_ptr_array_add (expr->case_.results, value);
  return expr;
}

static gboolean
finish (Merge *merge, const ErosAstSpan *span, GError **error)
{
  ErosAnalyzer *self = merge->dml.analyzer;
  ErosSelect *select = merge->dml.select;
  ErosExpr *rowid = eros_analyzer_column_expr (self, merge->target->rowid, span);
  g_autoptr (GPtrArray) slots = g_ptr_array_new ();
  ErosColumn *action = NULL;

  for (guint i = 0; i < merge->values->len; i++)
    g_ptr_array_add (slots, &merge->values->pdata[i]);
  g_ptr_array_add (slots, &rowid);
  action = eros_compute_below (self, select, merge->action, slots);
  select->where = is_null (merge, action, TRUE, span, error);
  if (select->where == NULL)
    return FALSE;
  eros_dml_add_item (&merge->dml, NULL, rowid);
  eros_dml_add_item (&merge->dml, NULL, eros_analyzer_column_expr (self, action, span));
  for (guint i = 0; i < merge->values->len; i++)
    eros_dml_add_item (
      &merge->dml, NULL,
      guarded (merge, action, g_array_index (merge->owners, guint, i), merge->values->pdata[i]));
  eros_dml_finish (&merge->dml);
  return TRUE;
}

gboolean
eros_analyze_merge (ErosAnalyzer *self, const ErosAstMerge *ast, const ErosAstSpan *span, GError **error)
{
  Merge merge = { .ast = ast };

  if (!eros_dml_init (&merge.dml, self, EROS_DML_MERGE, &ast->table, error))
    return FALSE;
  merge.target_names = eros_names_new (self);
  merge.source_names = eros_names_new (self);
  merge.both = eros_names_new (self);
  merge.values = eros_analyzer_list (self);
  merge.owners = g_array_new (FALSE, FALSE, sizeof (guint));
  eros_analyzer_own (self, merge.owners, (GDestroyNotify) g_array_unref);
  merge.action = eros_analyzer_expr (self, EROS_EXPR_CASE, eros_sql_type (EROS_SQL_INT64), span);
  merge.action->case_.conditions = eros_analyzer_list (self);
  merge.action->case_.results = eros_analyzer_list (self);
  merge.target = eros_dml_target (&merge.dml, ast->alias, merge.target_names);
  if (!wrap_source (&merge, error))
    return FALSE;
  eros_names_merge (self, merge.both, merge.target_names);
  eros_names_merge (self, merge.both, merge.source_names);
  if (!join_both (&merge, error))
    return FALSE;
  for (guint i = 0; i < ast->n_whens; i++)
    if (!analyze_when (&merge, i, error))
      return FALSE;
  return finish (&merge, span, error);
}
