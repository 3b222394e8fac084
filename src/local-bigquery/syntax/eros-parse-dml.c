/* eros-parse-dml.c: INSERT, UPDATE, DELETE, MERGE, TRUNCATE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

static ErosAstStatement *
begin (ErosParser *self, ErosAstStatementKind kind)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, kind, &eros_parser_peek (self)->span);

  eros_parser_advance (self);
  return statement;
}

static ErosAstExprs
parse_values (ErosParser *self)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));

  eros_parser_expect_symbol (self, '(');
  do
    {
      ErosAstExpr *value = eros_parser_value (self);

      g_array_append_val (values, value);
    }
  while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  return eros_parser_take (self, values, ErosAstExprs);
}

static void
parse_rows (ErosParser *self, ErosAstInsert *insert)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (ErosAstRow));

  do
    {
      ErosAstRow row = { .span = eros_parser_peek (self)->span };

      row.values = parse_values (self);
      row.span = eros_parser_span_from (self, &row.span);
      g_array_append_val (rows, row);
    }
  while (eros_parser_accept_symbol (self, ','));
  insert->rows = eros_arena_steal_array (self->arena, rows, &insert->n_rows);
}

static gboolean
query_here (ErosParser *self)
{
  return eros_parser_is_word (self, EROS_KEYWORD_SELECT) || eros_parser_is_word (self, EROS_KEYWORD_WITH) ||
         eros_parser_is_word (self, EROS_KEYWORD_FROM) ||
         (eros_parser_is_symbol (self, '(') && eros_parser_is_query (self, 1));
}

ErosAstStatement *
eros_parser_insert (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_INSERT);
  ErosAstInsert *insert = &statement->insert;

  if (eros_parser_is_word (self, EROS_KEYWORD_OR) || eros_parser_is_word (self, EROS_KEYWORD_IGNORE))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "INSERT OR");
  eros_parser_accept (self, EROS_KEYWORD_INTO);
  eros_parser_table_path (self, &insert->table);
  if (eros_parser_is_symbol (self, '(') && !eros_parser_is_query (self, 1))
    insert->columns = eros_parser_name_list (self);

  if (query_here (self))
    insert->query = eros_parser_query (self);
  else if (eros_parser_accept (self, EROS_KEYWORD_VALUES))
    parse_rows (self, insert);
  else if (eros_parser_is_name_at (self, 0) || eros_parser_is_word (self, EROS_KEYWORD_AS))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span,
                         "Syntax error: INSERT target cannot have an alias");
  else
    eros_parser_fail_at (self, &eros_parser_peek (self)->span,
                         "Syntax error: Expecting VALUES list or query");
  return statement;
}

static void
parse_set_target (ErosParser *self, ErosAstPath *path)
{
  if (eros_parser_is_symbol (self, '('))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "A nested statement in UPDATE");
  eros_parser_path (self, path);
  if (eros_parser_is_symbol (self, '['))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "UPDATE of a single element of an array");
}

static const ErosAstSetItem *
parse_set_items (ErosParser *self, guint *length)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSetItem));

  eros_parser_expect (self, EROS_KEYWORD_SET);
  do
    {
      ErosAstSetItem item = { .span = eros_parser_peek (self)->span };

      parse_set_target (self, &item.target);
      eros_parser_expect_symbol (self, '=');
      item.value = eros_parser_value (self);
      item.span = eros_parser_span_from (self, &item.span);
      g_array_append_val (items, item);
    }
  while (eros_parser_accept_symbol (self, ','));
  return eros_arena_steal_array (self->arena, items, length);
}

static ErosAstExpr *
parse_where (ErosParser *self)
{
  return eros_parser_accept (self, EROS_KEYWORD_WHERE) ? eros_parser_expression (self) : NULL;
}

ErosAstStatement *
eros_parser_update (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_UPDATE);
  ErosAstUpdate *update = &statement->update;

  eros_parser_table_path (self, &update->table);
  update->alias = eros_parser_alias (self);
  update->items = parse_set_items (self, &update->n_items);
  if (eros_parser_accept (self, EROS_KEYWORD_FROM))
    update->from = eros_parser_from (self);
  update->where = parse_where (self);
  return statement;
}

ErosAstStatement *
eros_parser_delete (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_DELETE);

  eros_parser_accept (self, EROS_KEYWORD_FROM);
  eros_parser_table_path (self, &statement->delete.table);
  statement->delete.alias = eros_parser_alias (self);
  statement->delete.where = parse_where (self);
  return statement;
}

ErosAstStatement *
eros_parser_truncate (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_TRUNCATE);

  eros_parser_expect (self, EROS_KEYWORD_TABLE);
  eros_parser_table_path (self, &statement->truncate.table);
  statement->truncate.where = parse_where (self);
  return statement;
}

/* MERGE */

static ErosAstMergeMatch
parse_match (ErosParser *self)
{
  gboolean not ;

  if (!eros_parser_is_word (self, EROS_KEYWORD_NOT) && !eros_parser_is_word (self, EROS_KEYWORD_MATCHED))
    eros_parser_expected (self, "keyword MATCHED or keyword NOT");
  not = eros_parser_accept (self, EROS_KEYWORD_NOT);
  eros_parser_expect (self, EROS_KEYWORD_MATCHED);
  if (!not )
    return EROS_AST_MERGE_MATCHED;
  if (!eros_parser_accept (self, EROS_KEYWORD_BY) || eros_parser_accept (self, EROS_KEYWORD_TARGET))
    return EROS_AST_MERGE_NOT_MATCHED_BY_TARGET;
  if (!eros_parser_accept (self, EROS_KEYWORD_SOURCE))
    eros_parser_expected (self, "keyword SOURCE or keyword TARGET");
  return EROS_AST_MERGE_NOT_MATCHED_BY_SOURCE;
}

static void
parse_merge_insert (ErosParser *self, ErosAstMergeWhen *when)
{
  if (when->match != EROS_AST_MERGE_NOT_MATCHED_BY_TARGET)
    eros_parser_fail_at (self, &eros_parser_peek (self)->span,
                         "INSERT is not allowed in MERGE WHEN clauses other than NOT MATCHED [BY TARGET]");
  when->action = EROS_AST_MERGE_INSERT;
  eros_parser_advance (self);
  if (eros_parser_is_symbol (self, '('))
    when->columns = eros_parser_name_list (self);
  if (eros_parser_accept (self, EROS_KEYWORD_ROW))
    when->row = TRUE;
  else if (eros_parser_accept (self, EROS_KEYWORD_VALUES))
    when->values = parse_values (self);
  else
    eros_parser_expected (self, "keyword ROW or keyword VALUES");
}

static void
parse_merge_action (ErosParser *self, ErosAstMergeWhen *when)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_INSERT))
    {
      parse_merge_insert (self, when);
      return;
    }
  if (when->match == EROS_AST_MERGE_NOT_MATCHED_BY_TARGET &&
      (eros_parser_is_word (self, EROS_KEYWORD_UPDATE) || eros_parser_is_word (self, EROS_KEYWORD_DELETE)))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span,
                         "%s is not allowed in MERGE NOT MATCHED BY TARGET clause",
                         eros_keyword_name (eros_parser_peek (self)->keyword));
  if (eros_parser_accept (self, EROS_KEYWORD_UPDATE))
    {
      when->action = EROS_AST_MERGE_UPDATE;
      when->items = parse_set_items (self, &when->n_items);
    }
  else if (eros_parser_accept (self, EROS_KEYWORD_DELETE))
    when->action = EROS_AST_MERGE_DELETE;
  else
    eros_parser_expected (self, "keyword DELETE or keyword INSERT or keyword UPDATE");
}

static void
parse_whens (ErosParser *self, ErosAstMerge *merge)
{
  GArray *whens = g_array_new (FALSE, TRUE, sizeof (ErosAstMergeWhen));

  while (eros_parser_is_word (self, EROS_KEYWORD_WHEN))
    {
      ErosAstMergeWhen when = { .span = eros_parser_peek (self)->span };

      eros_parser_advance (self);
      when.match = parse_match (self);
      if (eros_parser_accept (self, EROS_KEYWORD_AND))
        when.condition = eros_parser_expression (self);
      eros_parser_expect (self, EROS_KEYWORD_THEN);
      parse_merge_action (self, &when);
      when.span = eros_parser_span_from (self, &when.span);
      g_array_append_val (whens, when);
    }
  if (whens->len == 0)
    eros_parser_expected (self, "keyword WHEN");
  merge->whens = eros_arena_steal_array (self->arena, whens, &merge->n_whens);
}

ErosAstStatement *
eros_parser_merge (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_MERGE);
  ErosAstMerge *merge = &statement->merge;

  eros_parser_accept (self, EROS_KEYWORD_INTO);
  eros_parser_table_path (self, &merge->table);
  merge->alias = eros_parser_alias (self);
  eros_parser_expect (self, EROS_KEYWORD_USING);
  merge->source = eros_parser_merge_source (self);
  eros_parser_expect (self, EROS_KEYWORD_ON);
  merge->on = eros_parser_expression (self);
  parse_whens (self, merge);
  return statement;
}
