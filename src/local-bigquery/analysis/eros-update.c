/* eros-update.c: UPDATE, and what MERGE shares of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-dml-private.h"

/* A STRUCT with one field replaced, at any depth. */
static ErosExpr *
replace_field (ErosDmlAnalysis *dml,
               ErosExpr *row,
               const ErosAstPath *path,
               guint part,
               ErosExpr *value,
               GError **error)
{
  ErosAnalyzer *self = dml->analyzer;
  const ErosAstName *name = &path->parts[part];
  ErosExpr *result = NULL;
  guint index = 0;
  gboolean ambiguous = FALSE;

  if (!eros_sql_type_is (row->type, EROS_SQL_STRUCT))
    return eros_analyzer_fail (&name->span, error, "Cannot access field %s on a value with type %s",
                               name->text, eros_sql_type_get_name (row->type));
  if (!eros_sql_type_find_field (row->type, name->text, &index, &ambiguous) || ambiguous)
    return eros_analyzer_fail (&name->span, error, "Field name %s does not exist in %s", name->text,
                               eros_sql_type_get_name (row->type));
  result = eros_analyzer_expr (self, EROS_EXPR_STRUCT, row->type, &name->span);
  result->items = eros_analyzer_list (self);
  for (guint i = 0; i < eros_sql_type_get_n_fields (row->type); i++)
    {
      ErosExpr *field = eros_field_of (self, row, i, &name->span);

      if (i == index && part + 1 < path->n_parts)
        field = replace_field (dml, field, path, part + 1, value, error);
      else if (i == index)
        field = value;
      if (field == NULL)
        return NULL;
      g_ptr_array_add (result->items, field);
    }
  return result;
}

/* What a nested target's innermost field has as its type. */
static const ErosSqlType *
field_type (const ErosSqlType *type, const ErosAstPath *path, guint part, GError **error)
{
  for (; part < path->n_parts; part++)
    {
      const ErosAstName *name = &path->parts[part];
      guint index = 0;
      gboolean ambiguous = FALSE;

      if (!eros_sql_type_is (type, EROS_SQL_STRUCT))
        return eros_analyzer_fail (&name->span, error, "Cannot access field %s on a value with type %s",
                                   name->text, eros_sql_type_get_name (type));
      if (!eros_sql_type_find_field (type, name->text, &index, &ambiguous) || ambiguous)
        return eros_analyzer_fail (&name->span, error, "Field name %s does not exist in %s", name->text,
                                   eros_sql_type_get_name (type));
      type = eros_sql_type_get_field (type, index)->type;
    }
  return type;
}

/* The first part of a target may be the table's alias. */
static gboolean
find_target (ErosDmlAnalysis *dml,
             const ErosAstPath *path,
             const char *alias,
             guint *index,
             guint *part,
             GError **error)
{
  *part = path->n_parts > 1 && g_ascii_strcasecmp (path->parts[0].text, alias) == 0 ? 1 : 0;
  if (!eros_dml_find_column (dml, &path->parts[*part], index, error))
    return FALSE;
  (*part)++;
  return TRUE;
}

static ErosExpr *
target_value (ErosDmlAnalysis *dml,
              ErosScope *scope,
              const ErosAstSetItem *item,
              guint index,
              guint part,
              ErosRelation *target,
              ErosExpr *previous,
              GError **error)
{
  ErosColumn *column = target->columns->pdata[index];
  const ErosSqlType *type = field_type (column->type, &item->target, part, error);
  ErosExpr *value = NULL;

  if (type == NULL)
    return NULL;
  if (part == item->target.n_parts)
    return eros_dml_value (dml, scope, item->value, index, TRUE, error);
  value = eros_analyze_expr (dml->analyzer, scope, item->value, error);
  if (value == NULL)
    return NULL;
  if (!eros_expr_assignable (value, type))
    return eros_analyzer_fail (
      &item->value->span, error, "Value of type %s cannot be assigned to %s, which has type %s",
      eros_sql_type_get_name (value->type), item->target.parts[item->target.n_parts - 1].text,
      eros_sql_type_get_name (type));
  value = eros_coerce (dml->analyzer, value, type, error);
  if (value == NULL)
    return NULL;
  if (previous == NULL)
    previous = eros_analyzer_column_expr (dml->analyzer, column, &item->span);
  return replace_field (dml, previous, &item->target, part, value, error);
}

static gboolean
assigned_before (const ErosAstSetItem *items, guint n, guint *parts, GError **error)
{
  const ErosAstPath *a = &items[n].target;

  for (guint i = 0; i < n; i++)
    {
      const ErosAstPath *b = &items[i].target;
      guint length = MIN (a->n_parts - parts[n], b->n_parts - parts[i]) + 1;
      gboolean same = TRUE;

      for (guint j = 0; j < length && same; j++)
        same = g_ascii_strcasecmp (a->parts[parts[n] - 1 + j].text, b->parts[parts[i] - 1 + j].text) == 0;
      if (same)
        return !!eros_analyzer_fail (&a->span, error, "Update item %s assigned more than once",
                                     a->parts[parts[n] - 1].text);
    }
  return TRUE;
}

/* The values of SET: @columns gets the columns that change, @values what they become. */
gboolean
eros_dml_assignments (ErosDmlAnalysis *dml,
                      ErosScope *scope,
                      const ErosAstSetItem *items,
                      guint n_items,
                      const char *alias,
                      ErosRelation *target,
                      GArray *columns,
                      GPtrArray *values,
                      GError **error)
{
  g_autofree guint *parts = g_new0 (guint, MAX (n_items, 1));

  for (guint i = 0; i < n_items; i++)
    {
      guint index = 0, place = 0;
      ErosExpr *value = NULL;

      if (!find_target (dml, &items[i].target, alias, &index, &parts[i], error) ||
          !assigned_before (items, i, parts, error))
        return FALSE;
      while (place < columns->len && g_array_index (columns, guint, place) != index)
        place++;
      value = target_value (dml, scope, &items[i], index, parts[i], target,
                            place < columns->len ? values->pdata[place] : NULL, error);
      if (value == NULL)
        return FALSE;
      if (place < columns->len)
        {
          values->pdata[place] = value;
          continue;
        }
      g_array_append_val (columns, index);
      g_ptr_array_add (values, value);
    }
  return TRUE;
}

static ErosRelation *
join_source (ErosAnalyzer *self, ErosRelation *target, ErosRelation *source)
{
  ErosRelation *join = eros_analyzer_relation (self, EROS_RELATION_JOIN);

  join->join.kind = EROS_AST_JOIN_CROSS;
  join->join.left = target;
  join->join.right = source;
  join->join.using_values = eros_analyzer_list (self);
  return join;
}

gboolean
eros_analyze_update (ErosAnalyzer *self, const ErosAstUpdate *ast, const ErosAstSpan *span, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  ErosNames *names = eros_names_new (self);
  ErosScope scope = { .names = names, .clause = "UPDATE" };
  ErosRelation *target = NULL;
  const char *alias = NULL;
  ErosDmlAnalysis dml;

  if (ast->where == NULL)
    return !!eros_analyzer_fail (span, error, "UPDATE must have a WHERE clause");
  if (!eros_dml_init (&dml, self, EROS_DML_UPDATE, &ast->table, error))
    return FALSE;
  alias = ast->alias != NULL ? ast->alias->text : dml.table->name;
  target = eros_dml_target (&dml, ast->alias, names);
  dml.select->from = target;
  if (ast->from != NULL)
    {
      ErosNames *source_names = eros_names_new (self);
      ErosRelation *source =
        eros_analyze_from_item (self, NULL, ast->from, dml.select, names, source_names, error);

      if (source == NULL)
        return FALSE;
      eros_names_merge (self, names, source_names);
      dml.select->from = join_source (self, target, source);
    }
  scope.clause = "WHERE clause";
  dml.select->where = eros_analyze_bool (self, &scope, ast->where, "WHERE clause", error);
  scope.clause = "UPDATE SET";
  if (dml.select->where == NULL ||
      !eros_dml_assignments (&dml, &scope, ast->items, ast->n_items, alias, target, columns, values, error))
    return FALSE;
  eros_dml_add_item (&dml, NULL, eros_analyzer_column_expr (self, target->rowid, span));
  eros_dml_add_item (&dml, NULL, eros_literal_integer (self, 0, span));
  for (guint i = 0; i < values->len; i++)
    eros_dml_add_item (&dml, dml.table->columns[g_array_index (columns, guint, i)].name, values->pdata[i]);
  eros_dml_add_action (&dml, EROS_DML_ACTION_UPDATE, columns, 2);
  eros_dml_finish (&dml);
  return TRUE;
}
