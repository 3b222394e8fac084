/* eros-query-around.c: queries that are made here, around those of the text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

ErosQuery *
eros_query_new (ErosAnalyzer *self)
{
  ErosQuery *query = new_node (self, ErosQuery);

  query->with = eros_analyzer_list (self);
  query->columns = eros_analyzer_list (self);
  query->order_by = eros_analyzer_list (self);
  return query;
}

/* SELECT of some columns of @query: those at @from, each by the name in @names; NULL where there is none. */
ErosQuery *
eros_query_around (ErosAnalyzer *self,
                   ErosQuery *query,
                   const ErosQueryColumn *columns,
                   guint n_columns,
                   const ErosAstSpan *span)
{
  ErosQuery *outer = eros_query_new (self);
  ErosRelation *relation = eros_analyzer_relation (self, EROS_RELATION_QUERY);

  outer->kind = EROS_QUERY_SELECT;
  outer->select = new_node (self, ErosSelect);
  outer->select->keys = eros_analyzer_list (self);
  outer->select->aggregates = eros_analyzer_list (self);
  outer->select->analytics = eros_analyzer_list (self);
  outer->select->items = eros_analyzer_list (self);
  outer->is_value = query->is_value;
  relation->query = query;
  outer->select->from = relation;
  for (guint i = 0; i < query->columns->len; i++)
    {
      ErosColumn *inner = query->columns->pdata[i];
      ErosColumn *column = eros_analyzer_column (self, inner->name, inner->type, outer->select);

      column->relation = relation;
      column->index = i;
      g_ptr_array_add (relation->columns, column);
    }
  for (guint i = 0; i < n_columns; i++)
    {
      ErosOutput *output = new_node (self, ErosOutput);

      if (columns[i].from >= 0)
        output->expr = eros_analyzer_column_expr (self, relation->columns->pdata[columns[i].from], span);
      else
        {
          output->expr = eros_literal_null (self, eros_sql_type (EROS_SQL_INT64), span);
          output->expr->form = EROS_SQL_FORM_NULL;
        }
      output->column = eros_analyzer_column (self, columns[i].name, output->expr->type, NULL);
      g_ptr_array_add (outer->select->items, output);
      g_ptr_array_add (outer->columns, output->column);
    }
  return outer;
}
