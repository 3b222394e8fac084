/* eros-parse-query.c: queries, up to their FROM clause
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

/* Is what follows in parentheses a query, or an expression? */

static gboolean
begins_query (ErosParser *self, guint ahead)
{
  return eros_parser_is_word_at (self, ahead, EROS_KEYWORD_SELECT) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_FROM) ||
         (eros_parser_is_word_at (self, ahead, EROS_KEYWORD_WITH) &&
          !eros_parser_is_symbol_at (self, ahead + 1, '('));
}

static gboolean
continues_query (ErosParser *self, guint ahead)
{
  return eros_parser_is_word_at (self, ahead, EROS_KEYWORD_UNION) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_INTERSECT) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_EXCEPT) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_ORDER) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_LIMIT) ||
         eros_parser_is_symbol_at (self, ahead, EROS_SYMBOL_PIPE);
}

/* Behind the parenthesis that closes the level which @ahead is in; 0 when the text ends before. */
static guint
skip_to_close (ErosParser *self, guint ahead)
{
  guint level = 1;

  for (;; ahead++)
    {
      const ErosToken *token = eros_parser_peek_at (self, ahead);

      if (token->kind == EROS_TOKEN_END || token->kind == EROS_TOKEN_ERROR)
        return 0;
      if (token->kind != EROS_TOKEN_SYMBOL)
        continue;
      if (token->symbol == '(')
        level++;
      else if (token->symbol == ')' && --level == 0)
        return ahead + 1;
    }
}

/*
 * eros_parser_is_query:
 * @ahead: behind an opening parenthesis
 *
 * ((SELECT 1) UNION ALL (SELECT 2)) is a query, ((SELECT 1) + 1) is not: what counts is what follows the
 * inner parentheses. Text that ends too early is taken for a query; the error is the same either way.
 */
gboolean
eros_parser_is_query (ErosParser *self, guint ahead)
{
  guint level = 0;

  while (eros_parser_is_symbol_at (self, ahead, '('))
    {
      ahead++;
      level++;
    }
  if (!begins_query (self, ahead))
    return FALSE;

  for (; level > 0; level--)
    {
      ahead = skip_to_close (self, ahead);
      if (ahead == 0)
        return TRUE;
      if (!eros_parser_is_symbol_at (self, ahead, ')') && !continues_query (self, ahead))
        return FALSE;
    }
  return TRUE;
}

/* SELECT list */

static void
parse_except (ErosParser *self, ErosAstSelectItem *item)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_EXCEPT) && eros_parser_is_symbol_at (self, 1, '('))
    {
      eros_parser_advance (self);
      item->except = eros_parser_name_list (self);
    }
}

static void
parse_replace (ErosParser *self, ErosAstSelectItem *item)
{
  GArray *items;

  if (!eros_parser_is_word (self, EROS_KEYWORD_REPLACE) || !eros_parser_is_symbol_at (self, 1, '('))
    return;
  eros_parser_advance (self);
  eros_parser_advance (self);
  items = g_array_new (FALSE, TRUE, sizeof (ErosAstReplace));
  do
    {
      ErosAstReplace replace = { .span = eros_parser_peek (self)->span };

      replace.expr = eros_parser_expression (self);
      if (!eros_parser_accept (self, EROS_KEYWORD_AS))
        eros_parser_unexpected (self);
      eros_parser_name (self, &replace.name);
      replace.span = eros_parser_span_from (self, &replace.span);
      g_array_append_val (items, replace);
    }
  while (eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, ')');
  item->replace = eros_arena_steal_array (self->arena, items, &item->n_replace);
}

static ErosAstSelectItem
parse_select_item (ErosParser *self)
{
  ErosAstSelectItem item = { .span = eros_parser_peek (self)->span };

  if (eros_parser_accept_symbol (self, '*'))
    item.kind = EROS_AST_SELECT_STAR;
  else
    {
      item.expr = eros_parser_expression (self);
      if (eros_parser_accept_symbol (self, '.'))
        {
          eros_parser_expect_symbol (self, '*');
          item.kind = EROS_AST_SELECT_DOT_STAR;
        }
    }
  if (item.kind == EROS_AST_SELECT_EXPR)
    item.alias = eros_parser_alias (self);
  else
    {
      parse_except (self, &item);
      parse_replace (self, &item);
    }
  item.span = eros_parser_span_from (self, &item.span);
  return item;
}

/* A comma may end the list. */
static gboolean
list_ends (ErosParser *self)
{
  static const ErosKeyword enders[] = {
    EROS_KEYWORD_FROM,    EROS_KEYWORD_WHERE,  EROS_KEYWORD_GROUP,     EROS_KEYWORD_HAVING,
    EROS_KEYWORD_ORDER,   EROS_KEYWORD_UNION,  EROS_KEYWORD_INTERSECT, EROS_KEYWORD_EXCEPT,
    EROS_KEYWORD_QUALIFY, EROS_KEYWORD_WINDOW, EROS_KEYWORD_LIMIT,
  };
  const ErosToken *token = eros_parser_peek (self);

  if (token->kind == EROS_TOKEN_END)
    return TRUE;
  if (token->kind == EROS_TOKEN_SYMBOL)
    return token->symbol == ')' || token->symbol == ';' || token->symbol == EROS_SYMBOL_PIPE;
  for (guint i = 0; i < G_N_ELEMENTS (enders); i++)
    if (token->keyword == enders[i])
      return TRUE;
  return FALSE;
}

static void
parse_select_list (ErosParser *self, ErosAstSelect *select)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));

  if (eros_parser_is_word (self, EROS_KEYWORD_FROM))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span, "Syntax error: SELECT list must not be empty");
  do
    {
      ErosAstSelectItem item = parse_select_item (self);

      g_array_append_val (items, item);
    }
  while (eros_parser_accept_symbol (self, ',') && !list_ends (self));
  select->items = eros_arena_steal_array (self->arena, items, &select->n_items);
}

/* GROUP BY */

static ErosAstExprs
parse_group_exprs (ErosParser *self)
{
  ErosAstExprs exprs = { NULL, 0 };

  eros_parser_expect_symbol (self, '(');
  if (!eros_parser_is_symbol (self, ')'))
    exprs = eros_parser_expressions (self);
  eros_parser_expect_symbol (self, ')');
  return exprs;
}

static gboolean
parse_rollup_or_cube (ErosParser *self, ErosAstGroupItem *item)
{
  if (eros_parser_accept (self, EROS_KEYWORD_ROLLUP))
    item->kind = EROS_AST_GROUP_ROLLUP;
  else if (eros_parser_accept (self, EROS_KEYWORD_CUBE))
    item->kind = EROS_AST_GROUP_CUBE;
  else
    return FALSE;
  item->exprs = parse_group_exprs (self);
  return TRUE;
}

/* (a, b), a, (), ROLLUP (…), CUBE (…) */
static ErosAstGroupItem
parse_grouping_set (ErosParser *self)
{
  ErosAstGroupItem item = { .span = eros_parser_peek (self)->span };
  GArray *single;

  if (parse_rollup_or_cube (self, &item))
    return item;
  item.kind = EROS_AST_GROUP_SET;
  if (eros_parser_is_symbol (self, '(') && eros_parser_is_symbol_at (self, 1, ')'))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
      return item;
    }
  single = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));
  item.expr = eros_parser_expression (self);
  g_array_append_val (single, item.expr);
  item.exprs = eros_parser_take (self, single, ErosAstExprs);
  return item;
}

static void
parse_grouping_sets (ErosParser *self, ErosAstGroupItem *item)
{
  GArray *sets = g_array_new (FALSE, TRUE, sizeof (ErosAstGroupItem));

  item->kind = EROS_AST_GROUP_SETS;
  eros_parser_advance (self);
  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  do
    {
      ErosAstGroupItem set = parse_grouping_set (self);

      g_array_append_val (sets, set);
    }
  while (eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, ')');
  item->sets = eros_arena_steal_array (self->arena, sets, &item->n_sets);
}

ErosAstGroupItem
eros_parser_group_item (ErosParser *self)
{
  ErosAstGroupItem item = { .span = eros_parser_peek (self)->span };

  if (eros_parser_is_word (self, EROS_KEYWORD_GROUPING) &&
      eros_parser_is_word_at (self, 1, EROS_KEYWORD_SETS))
    parse_grouping_sets (self, &item);
  else if (!parse_rollup_or_cube (self, &item))
    item.expr = eros_parser_expression (self);
  item.span = eros_parser_span_from (self, &item.span);
  return item;
}

static void
parse_group_by (ErosParser *self, ErosAstGroupBy *group)
{
  GArray *items;

  group->span = eros_parser_peek (self)->span;
  if (!eros_parser_accept (self, EROS_KEYWORD_GROUP))
    return;
  group->present = TRUE;
  eros_parser_expect (self, EROS_KEYWORD_BY);
  if (eros_parser_accept (self, EROS_KEYWORD_ALL))
    group->all = TRUE;
  else if (eros_parser_is_symbol (self, '(') && eros_parser_is_symbol_at (self, 1, ')'))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
    }
  else
    {
      items = g_array_new (FALSE, TRUE, sizeof (ErosAstGroupItem));
      do
        {
          ErosAstGroupItem item = eros_parser_group_item (self);

          g_array_append_val (items, item);
        }
      while (eros_parser_accept_symbol (self, ','));
      group->items = eros_arena_steal_array (self->arena, items, &group->length);
    }
  group->span = eros_parser_span_from (self, &group->span);
}

/* SELECT */

void
eros_parser_named_windows (ErosParser *self, ErosAstSelect *select)
{
  GArray *windows;

  if (!eros_parser_accept (self, EROS_KEYWORD_WINDOW))
    return;
  windows = g_array_new (FALSE, TRUE, sizeof (ErosAstNamedWindow));
  do
    {
      ErosAstNamedWindow window = { 0 };

      eros_parser_name (self, &window.name);
      eros_parser_expect (self, EROS_KEYWORD_AS);
      eros_parser_window (self, &window.window);
      g_array_append_val (windows, window);
    }
  while (eros_parser_accept_symbol (self, ','));
  select->windows = eros_arena_steal_array (self->arena, windows, &select->n_windows);
}

static void
parse_select_as (ErosParser *self, ErosAstSelect *select)
{
  if (!eros_parser_accept (self, EROS_KEYWORD_AS))
    return;
  if (eros_parser_accept (self, EROS_KEYWORD_STRUCT))
    select->as = EROS_AST_AS_STRUCT;
  else if (eros_parser_accept (self, EROS_KEYWORD_VALUE))
    select->as = EROS_AST_AS_VALUE;
  else if (eros_parser_is_name_at (self, 0))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "SELECT AS with a type's name");
  else
    eros_parser_unexpected (self);
}

static ErosAstExpr *
clause (ErosParser *self, ErosKeyword keyword)
{
  return eros_parser_accept (self, keyword) ? eros_parser_expression (self) : NULL;
}

/* SELECT and what stands before FROM */
void
eros_parser_select_head (ErosParser *self, ErosAstSelect *select)
{
  select->span = eros_parser_peek (self)->span;
  eros_parser_expect (self, EROS_KEYWORD_SELECT);
  if (!eros_parser_accept (self, EROS_KEYWORD_ALL))
    select->distinct = eros_parser_accept (self, EROS_KEYWORD_DISTINCT);
  parse_select_as (self, select);
  parse_select_list (self, select);
}

static void
parse_select (ErosParser *self, ErosAstSelect *select)
{
  eros_parser_select_head (self, select);
  if (eros_parser_accept (self, EROS_KEYWORD_FROM))
    select->from = eros_parser_from (self);
  select->where = clause (self, EROS_KEYWORD_WHERE);
  parse_group_by (self, &select->group_by);
  select->having = clause (self, EROS_KEYWORD_HAVING);
  select->qualify = clause (self, EROS_KEYWORD_QUALIFY);
  eros_parser_named_windows (self, select);
  select->span = eros_parser_span_from (self, &select->span);
}

/* Set operations */

static ErosAstQueryBody *
new_body (ErosParser *self, ErosAstBodyKind kind)
{
  ErosAstQueryBody *body = eros_arena_new_struct (self->arena, ErosAstQueryBody);

  body->kind = kind;
  body->span = eros_parser_peek (self)->span;
  return body;
}

static ErosAstQueryBody *
parse_primary_body (ErosParser *self)
{
  ErosAstQueryBody *body;

  if (eros_parser_is_symbol (self, '('))
    {
      body = new_body (self, EROS_AST_BODY_QUERY);
      body->query = eros_parser_paren_query (self);
    }
  else
    {
      body = new_body (self, EROS_AST_BODY_SELECT);
      parse_select (self, &body->select);
    }
  body->span = eros_parser_span_from (self, &body->span);
  return body;
}

static ErosAstQueryBody *
parse_set_operation (ErosParser *self, ErosAstQueryBody *first)
{
  ErosAstQueryBody *body = new_body (self, EROS_AST_BODY_SET);
  GArray *inputs = g_array_new (FALSE, TRUE, sizeof (ErosAstQueryBody *));
  guint n = 0;

  body->set.op_span = body->span;
  body->span = first->span;
  g_array_append_val (inputs, first);
  while (eros_parser_set_here (self))
    {
      ErosAstSpan span = eros_parser_peek (self)->span;
      ErosAstSetOperation next = { 0 };
      ErosAstQueryBody *input;

      eros_parser_set_operator (self, n == 0 ? &body->set : &next);
      if (n++ > 0 && !eros_parser_same_set (&body->set, &next))
        eros_parser_fail_at (
          self, &span,
          "Syntax error: Different set operations cannot be used in the same query without "
          "using parentheses for grouping");
      if (!eros_parser_is_symbol (self, '(') && !eros_parser_is_word (self, EROS_KEYWORD_SELECT))
        eros_parser_expected (self, "\"(\" or keyword SELECT");
      input = parse_primary_body (self);
      g_array_append_val (inputs, input);
    }
  body->set.inputs = eros_arena_steal_array (self->arena, inputs, &body->set.n_inputs);
  body->span = eros_parser_span_from (self, &body->span);
  return body;
}

static ErosAstQueryBody *
parse_body (ErosParser *self)
{
  ErosAstQueryBody *body = parse_primary_body (self);

  return eros_parser_set_here (self) ? parse_set_operation (self, body) : body;
}

/* WITH … */

static void
parse_with (ErosParser *self, ErosAstQuery *query)
{
  GArray *entries;

  if (!eros_parser_accept (self, EROS_KEYWORD_WITH))
    return;
  query->recursive = eros_parser_accept (self, EROS_KEYWORD_RECURSIVE);
  entries = g_array_new (FALSE, TRUE, sizeof (ErosAstWith));
  do
    {
      ErosAstWith entry;

      /* a comma may end the list here too */
      if (entries->len > 0 && begins_query (self, 0))
        break;
      eros_parser_name (self, &entry.name);
      eros_parser_expect (self, EROS_KEYWORD_AS);
      if (!eros_parser_is_symbol (self, '('))
        eros_parser_expected (self, "\"(\"");
      entry.query = eros_parser_paren_query (self);
      g_array_append_val (entries, entry);
    }
  while (eros_parser_accept_symbol (self, ','));
  query->with = eros_arena_steal_array (self->arena, entries, &query->n_with);
  if (!begins_query (self, 0) && !eros_parser_is_symbol (self, '('))
    eros_parser_expected (self, "\"(\" or \",\" or keyword SELECT");
}

static void
parse_tail (ErosParser *self, ErosAstQuery *query)
{
  query->order_by = eros_parser_order_by (self);
  if (eros_parser_accept (self, EROS_KEYWORD_LIMIT))
    {
      query->limit = eros_parser_limit (self);
      if (eros_parser_accept (self, EROS_KEYWORD_OFFSET))
        query->offset = eros_parser_limit (self);
    }
}

/* |> UNION ALL (query), (query): the operator, and the queries in parentheses that follow @first */
ErosAstQueryBody *
eros_parser_set_list (ErosParser *self, ErosAstQueryBody *first)
{
  ErosAstQueryBody *body = new_body (self, EROS_AST_BODY_SET);
  GArray *inputs = g_array_new (FALSE, TRUE, sizeof (ErosAstQueryBody *));
  ErosAstSpan span = body->span;

  body->set.op_span = span;
  g_array_append_val (inputs, first);
  eros_parser_set_operator (self, &body->set);
  do
    {
      ErosAstQueryBody *input;

      if (!eros_parser_is_symbol (self, '('))
        eros_parser_expected (self, "\"(\"");
      input = parse_primary_body (self);
      g_array_append_val (inputs, input);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ','));
  body->set.inputs = eros_arena_steal_array (self->arena, inputs, &body->set.n_inputs);
  body->span = eros_parser_span_from (self, &span);
  return body;
}

/* All but WITH, which is @query's and in the end that of the whole. */
static ErosAstQuery *
parse_rest (ErosParser *self, ErosAstQuery *query)
{
  const ErosAstQuery head = *query;
  ErosAstQuery *whole = query;

  if (eros_parser_is_word (self, EROS_KEYWORD_FROM))
    whole = eros_parser_pipe_from (self);
  else
    {
      query->body = parse_body (self);
      parse_tail (self, query);
      query->span = eros_parser_span_from (self, &query->span);
    }
  if (whole == query && !eros_parser_is_symbol (self, EROS_SYMBOL_PIPE))
    return query;
  if (whole == query)
    {
      query->with = NULL;
      query->n_with = 0;
      query->recursive = FALSE;
      whole = eros_parser_pipe_query (self, query);
    }
  if (head.n_with == 0)
    return whole;
  if (whole->n_with > 0)
    whole = eros_build_star (self, eros_build_subquery (self, whole, NULL), &head.span);
  whole->with = head.with;
  whole->n_with = head.n_with;
  whole->recursive = head.recursive;
  return whole;
}

ErosAstQuery *
eros_parser_query (ErosParser *self)
{
  ErosAstQuery *query = eros_arena_new_struct (self->arena, ErosAstQuery);
  const ErosAstSpan start = eros_parser_peek (self)->span;

  self->n_queries++;
  query->span = start;
  if (!eros_parser_enter (self))
    return query;
  parse_with (self, query);
  query = parse_rest (self, query);
  query->span = eros_parser_span_from (self, &start);
  eros_parser_leave (self);
  return query;
}

ErosAstQuery *
eros_parser_paren_query (ErosParser *self)
{
  ErosAstQuery *query;

  eros_parser_expect_symbol (self, '(');
  if (!eros_parser_is_symbol (self, '(') && !begins_query (self, 0))
    eros_parser_expected (self, "\"(\" or keyword SELECT or keyword WITH");
  query = eros_parser_query (self);
  eros_parser_expect_symbol (self, ')');
  return query;
}
