/* eros-dml.c: INSERT and DELETE, and what all DML shares: queries for the rows that are to change
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-dml-private.h"

/* ---- what all of them share ---------------------------------------------------------------------------- */

gboolean
eros_dml_init (ErosDmlAnalysis *dml,
               ErosAnalyzer *self,
               ErosDmlKind kind,
               const ErosAstPath *path,
               GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  g_autoptr (GError) reason = NULL;
  const ErosCatalogTable *table = NULL;

  *dml = (ErosDmlAnalysis){ .analyzer = self };
  if (class->find_table != NULL)
    table = class->find_table (self->catalog, path, NULL, &reason);
  if (table == NULL)
    {
      if (reason == NULL)
        return !!eros_analyzer_fail (&path->span, error, "Table not found: %s",
                                     path->parts[path->n_parts - 1].text);
      g_propagate_error (error, g_steal_pointer (&reason));
      return !!eros_analyzer_place (&path->span, error);
    }
  if (table->kind == EROS_CATALOG_VIEW || table->read_only)
    return !!eros_analyzer_fail (&path->span, error, "DML over %s %s:%s.%s is not allowed",
                                 table->kind == EROS_CATALOG_VIEW ? "view" : "read-only table",
                                 table->project, table->dataset, table->name);
  eros_use_table (self, table);
  dml->table = table;
  dml->actions = g_array_new (FALSE, TRUE, sizeof (ErosDmlAction));
  eros_analyzer_own (self, dml->actions, (GDestroyNotify) g_array_unref);
  dml->select = new_node (self, ErosSelect);
  dml->select->keys = eros_analyzer_list (self);
  dml->select->aggregates = eros_analyzer_list (self);
  dml->select->analytics = eros_analyzer_list (self);
  dml->select->items = eros_analyzer_list (self);
  dml->result = new_node (self, ErosDml);
  dml->result->kind = kind;
  dml->result->table = table;
  return TRUE;
}

void
eros_dml_add_item (ErosDmlAnalysis *dml, const char *name, ErosExpr *expr)
{
  ErosOutput *output = new_node (dml->analyzer, ErosOutput);

  output->expr = expr;
  output->column = eros_analyzer_column (dml->analyzer, name, expr->type, NULL);
  g_ptr_array_add (dml->select->items, output);
}

/* @columns: of guint, the table's columns that are set */
void
eros_dml_add_action (ErosDmlAnalysis *dml, ErosDmlActionKind kind, const GArray *columns, guint first)
{
  ErosDmlAction action = { kind, 0, NULL, first };

  if (columns != NULL && columns->len > 0)
    {
      guint *copy = eros_arena_alloc (dml->analyzer->arena, sizeof (guint) * columns->len);

      memcpy (copy, columns->data, sizeof (guint) * columns->len);
      action.columns = copy;
      action.n_columns = columns->len;
    }
  g_array_append_val (dml->actions, action);
}

/* Hands the query over to the analysis. */
void
eros_dml_finish (ErosDmlAnalysis *dml)
{
  ErosAnalyzer *self = dml->analyzer;
  ErosQuery *query = new_node (self, ErosQuery);

  query->kind = EROS_QUERY_SELECT;
  query->select = dml->select;
  query->with = eros_analyzer_list (self);
  query->columns = eros_analyzer_list (self);
  query->order_by = eros_analyzer_list (self);
  for (guint i = 0; i < dml->select->items->len; i++)
    g_ptr_array_add (query->columns, ((ErosOutput *) dml->select->items->pdata[i])->column);
  dml->result->actions = (const ErosDmlAction *) dml->actions->data;
  dml->result->n_actions = dml->actions->len;
  self->result->analysis.query = query;
  self->result->analysis.dml = dml->result;
}

/* The target as a relation whose rows have an identity. */
ErosRelation *
eros_dml_target (ErosDmlAnalysis *dml, const ErosAstName *alias, ErosNames *names)
{
  ErosAnalyzer *self = dml->analyzer;
  ErosRelation *relation = eros_table_relation (self, dml->table, dml->select);
  ErosNames *own = eros_relation_names (self, relation, FALSE);

  relation->rowid = eros_analyzer_column (self, NULL, eros_sql_type (EROS_SQL_INT64), dml->select);
  eros_names_merge (self, names, own);
  eros_names_add_range (self, names, alias != NULL ? alias->text : dml->table->name, own);
  dml->target = own;
  return relation;
}

gboolean
eros_dml_find_column (ErosDmlAnalysis *dml, const ErosAstName *name, guint *index, GError **error)
{
  for (guint i = 0; i < dml->table->n_columns; i++)
    if (!dml->table->columns[i].hidden && g_ascii_strcasecmp (dml->table->columns[i].name, name->text) == 0)
      {
        *index = i;
        return TRUE;
      }
  return !!eros_analyzer_fail (&name->span, error, "Column %s is not present in table %s", name->text,
                               dml->table->name);
}

/* What a column gets that is not named, or is set to DEFAULT. */
ErosExpr *
eros_dml_default (ErosDmlAnalysis *dml, guint index, const ErosAstSpan *span, GError **error)
{
  ErosAnalyzer *self = dml->analyzer;
  const ErosCatalogColumn *column = &dml->table->columns[index];
  ErosScope scope = { .clause = "DEFAULT" };
  ErosScript *script = NULL;
  ErosExpr *expr = NULL;
  gboolean in_view = self->in_view;

  if (column->default_ == NULL)
    return eros_literal_null (self, column->type, span);
  script = eros_syntax_parse_expression (column->default_, -1, error);
  if (script == NULL)
    return NULL;
  eros_analyzer_own (self, script, (GDestroyNotify) eros_script_unref);
  self->in_view = TRUE;
  expr = eros_analyze_expr (self, &scope, eros_script_get_expression (script), error);
  self->in_view = in_view;
  return expr != NULL ? eros_coerce (self, expr, column->type, error) : NULL;
}

/* A value for a column: of its type, or an error in BigQuery's words. */
ErosExpr *
eros_dml_value (ErosDmlAnalysis *dml,
                ErosScope *scope,
                const ErosAstExpr *ast,
                guint index,
                gboolean assigned,
                GError **error)
{
  const ErosCatalogColumn *column = &dml->table->columns[index];
  ErosExpr *expr = NULL;

  if (ast->kind == EROS_AST_DEFAULT)
    return eros_dml_default (dml, index, &ast->span, error);
  expr = eros_analyze_expr (dml->analyzer, scope, ast, error);
  if (expr == NULL)
    return NULL;
  if (!eros_expr_assignable (expr, column->type))
    return eros_analyzer_fail (&ast->span, error,
                               assigned ? "Value of type %s cannot be assigned to %s, which has type %s"
                                        : "Value has type %s which cannot be inserted into column %s, "
                                          "which has type %s",
                               eros_sql_type_get_name (expr->type), column->name,
                               eros_sql_type_get_name (column->type));
  return eros_coerce (dml->analyzer, expr, column->type, error);
}

/* ---- INSERT -------------------------------------------------------------------------------------------- */

/* The columns that an INSERT names, or all that are not hidden. */
gboolean
eros_dml_insert_columns (ErosDmlAnalysis *dml, const ErosAstNames *names, GArray *columns, GError **error)
{
  for (guint i = 0; names->length == 0 && i < dml->table->n_columns; i++)
    if (!dml->table->columns[i].hidden)
      g_array_append_val (columns, i);
  for (guint i = 0; i < names->length; i++)
    {
      guint index = 0;

      if (!eros_dml_find_column (dml, &names->items[i], &index, error))
        return FALSE;
      for (guint j = 0; j < columns->len; j++)
        if (g_array_index (columns, guint, j) == index)
          return !!eros_analyzer_fail (&names->items[i].span, error,
                                       "INSERT has columns with duplicate name: %s", names->items[i].text);
      g_array_append_val (columns, index);
    }
  return TRUE;
}

/* ---- DELETE -------------------------------------------------------------------------------------------- */
