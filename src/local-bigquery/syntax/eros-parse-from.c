/* eros-parse-from.c: the FROM clause
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

static ErosAstFrom *
new_from (ErosParser *self, ErosAstFromKind kind)
{
  ErosAstFrom *from = eros_arena_new_struct (self->arena, ErosAstFrom);

  from->kind = kind;
  from->span = eros_parser_peek (self)->span;
  return from;
}

static ErosAstFrom *
finish (ErosParser *self, ErosAstFrom *from)
{
  from->span = eros_parser_span_from (self, &from->span);
  return from;
}

/* WITH OFFSET [[AS] name] */
static gboolean
parse_with_offset (ErosParser *self, const ErosAstName **alias, ErosAstSpan *span)
{
  if (!eros_parser_is_word (self, EROS_KEYWORD_WITH) ||
      !eros_parser_is_word_at (self, 1, EROS_KEYWORD_OFFSET))
    return FALSE;
  *span = eros_parser_peek (self)->span;
  eros_parser_advance (self);
  eros_parser_advance (self);
  *alias = eros_parser_alias (self);
  return TRUE;
}

/* FOR SYSTEM_TIME AS OF expr, or FOR SYSTEM TIME */
static ErosAstExpr *
parse_system_time (ErosParser *self)
{
  if (!eros_parser_is_word (self, EROS_KEYWORD_FOR) ||
      (!eros_parser_is_word_at (self, 1, EROS_KEYWORD_SYSTEM_TIME) &&
       !eros_parser_is_word_at (self, 1, EROS_KEYWORD_SYSTEM)))
    return NULL;
  eros_parser_advance (self);
  if (eros_parser_accept (self, EROS_KEYWORD_SYSTEM))
    eros_parser_expect (self, EROS_KEYWORD_TIME);
  else
    eros_parser_advance (self);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  eros_parser_expect (self, EROS_KEYWORD_OF);
  return eros_parser_expression (self);
}

static const ErosAstName *
parse_from_alias (ErosParser *self)
{
  return eros_parser_operator_here (self) ? NULL : eros_parser_alias (self);
}

/* (expression, TABLE name, name => expression …): a table function's */
static void
parse_arguments (ErosParser *self, ErosAstTableRef *table)
{
  GArray *arguments = g_array_new (FALSE, TRUE, sizeof (ErosAstArgument));

  table->is_call = TRUE;
  eros_parser_advance (self);
  if (!eros_parser_is_symbol (self, ')'))
    do
      {
        ErosAstArgument argument = { EROS_AST_ARGUMENT_EXPR, NULL, NULL };
        ErosAstSpan span = eros_parser_peek (self)->span;

        if (eros_parser_accept (self, EROS_KEYWORD_TABLE))
          {
            argument.kind = EROS_AST_ARGUMENT_TABLE;
            argument.expr = eros_parser_new_expr (self, EROS_AST_PATH, &span);
            eros_parser_table_path (self, &argument.expr->path);
          }
        else
          argument.expr = eros_parser_expression (self);
        g_array_append_val (arguments, argument);
      }
    while (eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, ')');
  table->arguments = eros_arena_steal_array (self->arena, arguments, &table->n_arguments);
}

static ErosAstFrom *
parse_table (ErosParser *self)
{
  ErosAstFrom *from = new_from (self, EROS_AST_FROM_TABLE);
  ErosAstSpan span;

  eros_parser_table_path (self, &from->table.path);
  if (eros_parser_is_symbol (self, '('))
    parse_arguments (self, &from->table);
  from->table.alias = parse_from_alias (self);
  from->table.with_offset = parse_with_offset (self, &from->table.offset_alias, &span);
  from->table.system_time = parse_system_time (self);
  return eros_parser_operators (self, finish (self, from));
}

static ErosAstFrom *
parse_unnest (ErosParser *self)
{
  ErosAstFrom *from = new_from (self, EROS_AST_FROM_UNNEST);

  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  from->unnest.expr = eros_parser_expression (self);
  if (eros_parser_is_symbol (self, ','))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "UNNEST of more than one array");
  eros_parser_expect_symbol (self, ')');
  from->unnest.alias = parse_from_alias (self);
  from->unnest.with_offset = parse_with_offset (self, &from->unnest.offset_alias, &from->unnest.offset_span);
  return eros_parser_operators (self, finish (self, from));
}

static ErosAstFrom *
parse_subquery (ErosParser *self)
{
  ErosAstFrom *from = new_from (self, EROS_AST_FROM_SUBQUERY);

  from->subquery.query = eros_parser_paren_query (self);
  from->subquery.alias = parse_from_alias (self);
  return eros_parser_operators (self, finish (self, from));
}

static ErosAstFrom *parse_joins (ErosParser *self, gboolean in_parentheses);

static ErosAstFrom *
parse_parenthesized (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  ErosAstFrom *from;

  if (eros_parser_is_query (self, 1))
    return parse_subquery (self);
  eros_parser_advance (self);
  if (!eros_parser_enter (self))
    return new_from (self, EROS_AST_FROM_TABLE);
  from = parse_joins (self, TRUE);
  eros_parser_leave (self);
  if (from->kind != EROS_AST_FROM_JOIN || from->parenthesized)
    eros_parser_expected (self, "keyword JOIN");
  eros_parser_expect_symbol (self, ')');
  from->parenthesized = TRUE;
  from->span = eros_parser_span_from (self, &start);
  return from;
}

static ErosAstFrom *
parse_operand (ErosParser *self)
{
  if (eros_parser_is_symbol (self, '('))
    return parse_parenthesized (self);
  if (eros_parser_is_word (self, EROS_KEYWORD_UNNEST))
    return parse_unnest (self);
  return parse_table (self);
}

/* Joins. In `a JOIN b JOIN c ON x ON y` the second condition belongs to the first join, whose right side is
 * then `b JOIN c ON x`. A join to an array needs no condition, so a missing one is not an error here. */

typedef struct
{
  ErosAstFrom *join; /* left, right and op_span are filled in; left only at the end */
  gboolean has_condition;
  guint last; /* the index of the join that its condition follows */
} Join;

static gboolean
join_kind_here (ErosParser *self, ErosAstJoinKind *kind)
{
  if (eros_parser_set_here (self))
    return FALSE;
  if (eros_parser_is_symbol (self, ','))
    *kind = EROS_AST_JOIN_COMMA;
  else if (eros_parser_is_word (self, EROS_KEYWORD_JOIN) || eros_parser_is_word (self, EROS_KEYWORD_INNER))
    *kind = EROS_AST_JOIN_INNER;
  else if (eros_parser_is_word (self, EROS_KEYWORD_CROSS))
    *kind = EROS_AST_JOIN_CROSS;
  else if (eros_parser_is_word (self, EROS_KEYWORD_LEFT))
    *kind = EROS_AST_JOIN_LEFT;
  else if (eros_parser_is_word (self, EROS_KEYWORD_RIGHT))
    *kind = EROS_AST_JOIN_RIGHT;
  else if (eros_parser_is_word (self, EROS_KEYWORD_FULL))
    *kind = EROS_AST_JOIN_FULL;
  else
    return FALSE;
  return TRUE;
}

static void
skip_join_words (ErosParser *self, ErosAstJoinKind kind)
{
  if (kind == EROS_AST_JOIN_COMMA)
    {
      eros_parser_advance (self);
      return;
    }
  if (!eros_parser_is_word (self, EROS_KEYWORD_JOIN))
    eros_parser_advance (self);
  if (kind != EROS_AST_JOIN_INNER && kind != EROS_AST_JOIN_CROSS)
    eros_parser_accept (self, EROS_KEYWORD_OUTER);
  if (eros_parser_is_word (self, EROS_KEYWORD_HASH) || eros_parser_is_word (self, EROS_KEYWORD_LOOKUP))
    eros_parser_advance (self);
  eros_parser_expect (self, EROS_KEYWORD_JOIN);
}

static gboolean
parse_join (ErosParser *self, Join *join)
{
  ErosAstJoinKind kind;

  if (eros_parser_is_word (self, EROS_KEYWORD_NATURAL))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "NATURAL JOIN");
  if (!join_kind_here (self, &kind))
    return FALSE;
  *join = (Join){ .join = new_from (self, EROS_AST_FROM_JOIN) };
  join->join->join.kind = kind;
  join->join->join.op_span = join->join->span;
  skip_join_words (self, kind);
  join->join->join.right = parse_operand (self);
  return TRUE;
}

/* One ON or USING: it belongs to the latest join that has none yet. */
static void
parse_condition (ErosParser *self, GArray *joins)
{
  Join *join = NULL;
  gboolean crosses = FALSE; /* commas do not go with conditions that follow one another */

  for (guint i = 0; i < joins->len; i++)
    if (g_array_index (joins, Join, i).join->join.kind == EROS_AST_JOIN_COMMA)
      crosses = TRUE;
    else if (!g_array_index (joins, Join, i).has_condition)
      join = &g_array_index (joins, Join, i);
  if (join == NULL || (crosses && join != &g_array_index (joins, Join, joins->len - 1)))
    {
      eros_parser_unexpected (self);
      return;
    }

  join->has_condition = TRUE;
  join->last = joins->len - 1;
  if (eros_parser_accept (self, EROS_KEYWORD_ON))
    join->join->join.on = eros_parser_expression (self);
  else
    {
      eros_parser_advance (self);
      join->join->join.using_ = eros_parser_name_list (self);
    }
  join->join->span.end = eros_parser_previous (self)->span.end;
}

static gboolean
condition_here (ErosParser *self)
{
  return eros_parser_is_word (self, EROS_KEYWORD_ON) || eros_parser_is_word (self, EROS_KEYWORD_USING);
}

/* Makes the tree of @first and the joins [*at, end). */
static ErosAstFrom *
build_tree (GArray *joins, ErosAstFrom *first, guint *at, guint end)
{
  ErosAstFrom *left = first;

  while (*at < end)
    {
      Join *join = &g_array_index (joins, Join, *at);
      ErosAstFrom *from = join->join;
      guint last = join->has_condition ? join->last : *at;

      (*at)++;
      if (last + 1 > *at)
        from->join.right = build_tree (joins, from->join.right, at, last + 1);
      from->join.left = left;
      from->span.start = left->span.start;
      from->span.line = left->span.line;
      from->span.column = left->span.column;
      from->span.end = MAX (from->span.end, from->join.right->span.end);
      left = from;
    }
  return left;
}

/* @first with the joins that follow it */
static ErosAstFrom *
parse_joins_to (ErosParser *self, ErosAstFrom *first, gboolean in_parentheses)
{
  g_autoptr (GArray) joins = g_array_new (FALSE, TRUE, sizeof (Join));
  Join join;
  guint at = 0;

  while (!(in_parentheses && joins->len == 0 && eros_parser_is_symbol (self, ',')) &&
         parse_join (self, &join))
    {
      if (joins->len > EROS_PARSER_MAX_DEPTH)
        eros_parser_too_deep (self);
      g_array_append_val (joins, join);
      while (condition_here (self))
        parse_condition (self, joins);
    }
  return build_tree (joins, first, &at, joins->len);
}

static ErosAstFrom *
parse_joins (ErosParser *self, gboolean in_parentheses)
{
  return parse_joins_to (self, parse_operand (self), in_parentheses);
}

/* |> JOIN … */
ErosAstFrom *
eros_parser_join_to (ErosParser *self, ErosAstFrom *first)
{
  return parse_joins_to (self, first, FALSE);
}

ErosAstFrom *
eros_parser_from (ErosParser *self)
{
  return parse_joins (self, FALSE);
}

/* MERGE … USING table | (query) | UNNEST (…) */
ErosAstFrom *
eros_parser_merge_source (ErosParser *self)
{
  if (eros_parser_is_symbol (self, '('))
    return parse_subquery (self);
  return parse_operand (self);
}
