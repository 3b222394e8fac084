/* eros-parse-pipe.c: pipe syntax: FROM t |> WHERE … |> AGGREGATE …
 *
 * Each operator becomes the query over what stands before it that says the same in other words. As long as it
 * can be, what stands before is a FROM clause with a condition, so that the names of its tables can be used.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

/* What has been read so far: SELECT * FROM from WHERE where ORDER BY order */
typedef struct
{
  ErosAstFrom *from;
  ErosAstExpr *where; /* (nullable) */
  ErosAstOrder order;
  GArray *with; /* of ErosAstWith: what |> WITH names */
} Pipe;

/* ---- what stands before -------------------------------------------------------------------------------- */

/* The name of a single table, subquery or array */
static const ErosAstName *
name_of (ErosParser *self, const ErosAstFrom *from)
{
  switch (from->kind)
    {
    case EROS_AST_FROM_TABLE:
      if (from->table.alias != NULL || from->table.path.n_parts == 0)
        return from->table.alias;
      return &from->table.path.parts[from->table.path.n_parts - 1];
    case EROS_AST_FROM_UNNEST:
      return from->unnest.alias;
    case EROS_AST_FROM_SUBQUERY:
      return from->subquery.alias;
    case EROS_AST_FROM_JOIN:
    default:
      return NULL;
    }
}

/* Whether what is @ahead is one of the names: @column, or `*` for all of them; NULL: whatever it is */
static gboolean
is_column (ErosParser *self, guint ahead, const char *column)
{
  const ErosToken *token = eros_parser_peek_at (self, ahead);

  if (column == NULL || eros_parser_is_symbol_at (self, ahead, '*'))
    return TRUE;
  return (token->kind == EROS_TOKEN_WORD || token->kind == EROS_TOKEN_QUOTED_WORD) &&
         g_ascii_strcasecmp (token->text, column) == 0;
}

/* Whether a later operator uses @name to say whose column it means, name.column, before it is given away */
static gboolean
uses_column (ErosParser *self, const char *name, const char *column)
{
  guint level = 0;

  for (guint ahead = 0;; ahead++)
    {
      const ErosToken *token = eros_parser_peek_at (self, ahead);
      gboolean word = token->kind == EROS_TOKEN_WORD || token->kind == EROS_TOKEN_QUOTED_WORD;

      if (token->kind == EROS_TOKEN_END || token->kind == EROS_TOKEN_ERROR)
        return FALSE;
      if (token->kind == EROS_TOKEN_SYMBOL && token->symbol == ';' && level == 0)
        return FALSE;
      if (column != NULL && level == 0 && eros_parser_is_symbol_at (self, ahead, EROS_SYMBOL_PIPE) &&
          eros_parser_is_text_at (self, ahead + 1, "AS"))
        return FALSE;
      if (token->kind == EROS_TOKEN_SYMBOL && token->symbol == '(')
        level++;
      else if (token->kind == EROS_TOKEN_SYMBOL && token->symbol == ')' && level-- == 0)
        return FALSE;
      if (word && g_ascii_strcasecmp (token->text, name) == 0 &&
          eros_parser_is_symbol_at (self, ahead + 1, '.') && is_column (self, ahead + 2, column))
        return TRUE;
    }
}

static gboolean
is_used (ErosParser *self, const char *name)
{
  return uses_column (self, name, NULL);
}

static gboolean
names_are_used (ErosParser *self, const ErosAstFrom *from)
{
  const ErosAstName *name = name_of (self, from);

  if (from->kind == EROS_AST_FROM_JOIN)
    return names_are_used (self, from->join.left) || names_are_used (self, from->join.right);
  return name != NULL && is_used (self, name->text);
}

/* What a subquery that stands for @from is called: an array's name is also that of its column, unless its
 * parts are used. */
static const ErosAstName *
alias_of (ErosParser *self, const ErosAstFrom *from)
{
  const ErosAstName *name = name_of (self, from);

  return from->kind != EROS_AST_FROM_UNNEST || (name != NULL && is_used (self, name->text)) ? name : NULL;
}

/* SELECT items FROM … WHERE …, with the order if that is still to be kept */
static ErosAstQuery *
close_with (ErosParser *self, Pipe *pipe, GArray *items, const ErosAstSpan *span)
{
  ErosAstQuery *query = eros_build_select (self, items, pipe->from, span);

  query->body->select.where = pipe->where;
  query->order_by = pipe->order;
  pipe->where = NULL;
  pipe->order = (ErosAstOrder){ NULL, 0 };
  return query;
}

static ErosAstQuery *
close_pipe (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));
  ErosAstSelectItem star = { .kind = EROS_AST_SELECT_STAR, .span = *span };

  g_array_append_val (items, star);
  return close_with (self, pipe, items, span);
}

static void
go_on_with (ErosParser *self, Pipe *pipe, ErosAstQuery *query, const ErosAstName *alias)
{
  pipe->from = eros_build_subquery (self, query, alias);
}

/* What stands before, as a single operand: a table stays one, anything else becomes a subquery of the same
 * name. */
static void
make_operand (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = alias_of (self, pipe->from);

  if (pipe->where != NULL || pipe->order.length > 0 || pipe->from->kind == EROS_AST_FROM_JOIN)
    go_on_with (self, pipe, close_pipe (self, pipe, span), alias);
}

/* ---- operators on columns ------------------------------------------------------------------------------ */

/* An order is by the columns that there were: those that come must not be taken for them. */
static void
put_order_inside (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = alias_of (self, pipe->from);

  if (pipe->order.length > 0)
    go_on_with (self, pipe, close_pipe (self, pipe, span), alias);
}

static void
pipe_select (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  ErosAstQuery *query;
  ErosAstSelect *select;
  ErosAstFrom *from;
  ErosAstExpr *where;

  put_order_inside (self, pipe, span);
  query = close_pipe (self, pipe, span);
  select = &query->body->select;
  from = select->from;
  where = select->where;
  eros_parser_select_head (self, select);
  select->is_pipe = TRUE;
  select->from = from;
  select->where = where;
  eros_parser_named_windows (self, select);
  go_on_with (self, pipe, query, NULL);
}

typedef struct
{
  GArray *items;  /* of ErosAstSelectItem */
  gboolean plain; /* each has a name, and neither a query nor a window function in it */
} Extension;

static gboolean
is_plain (ErosParser *self, guint from)
{
  for (guint i = from; i < self->at; i++)
    {
      const ErosToken *token = g_ptr_array_index (self->tokens, i);

      if (token->keyword == EROS_KEYWORD_OVER || token->keyword == EROS_KEYWORD_SELECT ||
          token->keyword == EROS_KEYWORD_FROM)
        return FALSE;
    }
  return TRUE;
}

static Extension
parse_extension (ErosParser *self)
{
  Extension extension = { g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem)), TRUE };

  do
    {
      guint start = self->at;
      ErosAstSelectItem item = { .span = eros_parser_peek (self)->span };

      item.expr = eros_parser_expression (self);
      if (eros_parser_is_symbol (self, '.'))
        {
          eros_parser_advance (self);
          eros_parser_expect_symbol (self, '*');
          item.kind = EROS_AST_SELECT_DOT_STAR;
        }
      else
        item.alias = eros_parser_alias (self);
      item.span = eros_parser_span_from (self, &item.span);
      extension.plain = extension.plain && item.alias != NULL && is_plain (self, start);
      g_array_append_val (extension.items, item);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ',') &&
         !eros_parser_is_symbol (self, EROS_SYMBOL_PIPE));
  return extension;
}

/* from, UNNEST ([STRUCT (expr AS name, …)]): the names of the tables stay */
static void
extend_sideways (ErosParser *self, Pipe *pipe, GArray *items, const ErosAstSpan *span)
{
  ErosAstFrom *unnest = eros_arena_new_struct (self->arena, ErosAstFrom);
  ErosAstFrom *join = eros_arena_new_struct (self->arena, ErosAstFrom);
  ErosAstExpr *array = eros_parser_new_expr (self, EROS_AST_ARRAY, span);
  ErosAstExpr *row = eros_parser_new_expr (self, EROS_AST_STRUCT, span);
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));
  GArray *fields = g_array_new (FALSE, TRUE, sizeof (ErosAstStructItem));

  for (guint i = 0; i < items->len; i++)
    {
      const ErosAstSelectItem *item = &g_array_index (items, ErosAstSelectItem, i);
      ErosAstStructItem field = { .expr = item->expr, .name = item->alias };

      g_array_append_val (fields, field);
    }
  g_array_unref (items);
  row->struct_.items = eros_arena_steal_array (self->arena, fields, &row->struct_.n_items);
  g_array_append_val (rows, row);
  array->array.items = eros_parser_take (self, rows, ErosAstExprs);
  unnest->kind = EROS_AST_FROM_UNNEST;
  unnest->span = *span;
  unnest->unnest.expr = array;
  join->kind = EROS_AST_FROM_JOIN;
  join->span = *span;
  join->join =
    (ErosAstJoin){ .kind = EROS_AST_JOIN_COMMA, .left = pipe->from, .right = unnest, .op_span = *span };
  pipe->from = join;
}

static void
pipe_extend (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  Extension extension = parse_extension (self);
  ErosAstSelectItem star = { .kind = EROS_AST_SELECT_STAR, .span = *span };

  if (extension.plain && names_are_used (self, pipe->from))
    {
      extend_sideways (self, pipe, extension.items, span);
      return;
    }
  put_order_inside (self, pipe, span);
  g_array_prepend_val (extension.items, star);
  go_on_with (self, pipe, close_with (self, pipe, extension.items, span), alias_of (self, pipe->from));
}

/* A table's name goes on meaning its rows as they were; here it means what stands in its place. */
static void
check_not_used (ErosParser *self, const Pipe *pipe, const ErosAstName *column)
{
  const ErosAstName *name = name_of (self, pipe->from);
  g_autofree char *what = NULL;

  if (self->error != NULL || name == NULL || !uses_column (self, name->text, column->text))
    return;
  what = g_strdup_printf ("The column %s.%s as it was before a pipe operator changed it", name->text,
                          column->text);
  eros_parser_unsupported (self, &column->span, what);
}

/* SELECT * and @item's EXCEPT, REPLACE or renaming */
static void
change_star (ErosParser *self, Pipe *pipe, ErosAstSelectItem *item, const ErosAstSpan *span)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));

  for (guint i = 0; i < item->n_replace; i++)
    check_not_used (self, pipe, &item->replace[i].name);
  for (guint i = 0; i < item->except.length; i++)
    check_not_used (self, pipe, &item->except.items[i]);
  for (guint i = 0; i < item->n_rename; i++)
    check_not_used (self, pipe, &item->rename[i].from);
  put_order_inside (self, pipe, span);
  item->kind = EROS_AST_SELECT_STAR;
  item->span = *span;
  g_array_append_vals (items, item, 1);
  go_on_with (self, pipe, close_with (self, pipe, items, span), alias_of (self, pipe->from));
}

static void
pipe_set (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstReplace));
  ErosAstSelectItem item = { 0 };

  do
    {
      ErosAstReplace replace = { .span = eros_parser_peek (self)->span };

      eros_parser_name (self, &replace.name);
      eros_parser_expect_symbol (self, '=');
      replace.expr = eros_parser_expression (self);
      replace.span = eros_parser_span_from (self, &replace.span);
      g_array_append_val (items, replace);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ','));
  item.replace = eros_arena_steal_array (self->arena, items, &item.n_replace);
  change_star (self, pipe, &item, span);
}

static void
pipe_drop (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  GArray *names = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
  ErosAstSelectItem item = { 0 };

  do
    {
      ErosAstName name = { 0 };

      eros_parser_name (self, &name);
      g_array_append_val (names, name);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ','));
  item.except = eros_parser_take (self, names, ErosAstNames);
  change_star (self, pipe, &item, span);
}

static void
pipe_rename (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  GArray *renames = g_array_new (FALSE, TRUE, sizeof (ErosAstRename));
  ErosAstSelectItem item = { 0 };

  do
    {
      ErosAstRename rename = { 0 };

      eros_parser_name (self, &rename.from);
      eros_parser_accept (self, EROS_KEYWORD_AS);
      eros_parser_name (self, &rename.to);
      g_array_append_val (renames, rename);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ','));
  item.rename = eros_arena_steal_array (self->arena, renames, &item.n_rename);
  change_star (self, pipe, &item, span);
}

static void
pipe_as (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = eros_parser_name_dup (self);

  go_on_with (self, pipe, close_pipe (self, pipe, span), alias);
}

static void
pipe_distinct (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = alias_of (self, pipe->from);
  ErosAstQuery *query = close_pipe (self, pipe, span);

  query->body->select.distinct = TRUE;
  go_on_with (self, pipe, query, alias);
}

/* ---- operators on rows --------------------------------------------------------------------------------- */

static void
add_condition (ErosParser *self, Pipe *pipe, ErosAstExpr *condition)
{
  GArray *both;

  if (pipe->where == NULL)
    {
      pipe->where = condition;
      return;
    }
  both = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));
  g_array_append_val (both, pipe->where);
  g_array_append_val (both, condition);
  pipe->where = eros_build_logical (self, FALSE, both);
}

static void
pipe_where (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  add_condition (self, pipe, eros_parser_expression (self));
}

/* WHERE CASE WHEN condition THEN TRUE ELSE ERROR (message) END */
static void
pipe_assert (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = alias_of (self, pipe->from);
  ErosAstExpr *condition = eros_parser_expression (self);
  ErosAstExpr *yes = eros_parser_new_expr (self, EROS_AST_LITERAL, span);
  ErosAstExpr *message = eros_build_string (self, "Assertion failed", span);
  ErosAstExpr *check;

  while (self->error == NULL && eros_parser_accept_symbol (self, ','))
    {
      ErosAstExpr *text = eros_build_call_of (self, "TO_JSON_STRING", eros_parser_expression (self), span);

      message =
        eros_build_binary (self, EROS_AST_CONCAT, FALSE, message, eros_build_string (self, ": ", span));
      message = eros_build_binary (self, EROS_AST_CONCAT, FALSE, message, text);
    }
  if (self->error != NULL)
    return;
  yes->literal.kind = EROS_AST_LITERAL_BOOL;
  yes->literal.boolean = TRUE;
  check = eros_build_if (self, condition, yes);
  check->case_.otherwise = eros_build_call_of (self, "ERROR", message, span);
  add_condition (self, pipe, check);
  go_on_with (self, pipe, close_pipe (self, pipe, span), alias);
}

/* The order of what follows, and of the answer if nothing does */
static void
pipe_order (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  put_order_inside (self, pipe, span);
  pipe->order = eros_parser_order_by (self);
}

static void
pipe_limit (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  const ErosAstName *alias = alias_of (self, pipe->from);
  ErosAstQuery *query = close_pipe (self, pipe, span);

  query->limit = eros_parser_limit (self);
  if (eros_parser_accept (self, EROS_KEYWORD_OFFSET))
    query->offset = eros_parser_limit (self);
  go_on_with (self, pipe, query, alias);
}

/* ---- AGGREGATE ----------------------------------------------------------------------------------------- */

typedef struct
{
  GArray *items; /* of ErosAstSelectItem: the keys, then the aggregates */
  GArray *keys;  /* of ErosAstGroupItem */
  GArray *order; /* of ErosAstOrderItem */
  guint n_keys;
  gboolean ordered; /* GROUP AND ORDER BY */
} Aggregation;

/* [ASC | DESC] [NULLS FIRST | LAST] behind an item orders by it. */
static void
parse_item_order (ErosParser *self,
                  Aggregation *aggregation,
                  guint index,
                  gboolean always,
                  const ErosAstSpan *span)
{
  ErosAstOrderItem item = { .span = *span };
  gboolean asc = eros_parser_accept (self, EROS_KEYWORD_ASC);

  item.descending = !asc && eros_parser_accept (self, EROS_KEYWORD_DESC);
  if ((asc || item.descending) && eros_parser_accept (self, EROS_KEYWORD_NULLS))
    {
      item.nulls =
        eros_parser_is_word (self, EROS_KEYWORD_FIRST) ? EROS_AST_NULLS_FIRST : EROS_AST_NULLS_LAST;
      if (!eros_parser_accept (self, EROS_KEYWORD_FIRST) && !eros_parser_accept (self, EROS_KEYWORD_LAST))
        eros_parser_expected (self, "keyword FIRST or keyword LAST");
    }
  if (!asc && !item.descending && !always)
    return;
  item.expr = eros_build_integer (self, index + 1, span);
  g_array_append_val (aggregation->order, item);
}

static void
parse_aggregates (ErosParser *self, Aggregation *aggregation)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_GROUP))
    return;
  do
    {
      ErosAstSelectItem item = { .span = eros_parser_peek (self)->span };

      item.expr = eros_parser_expression (self);
      item.alias = eros_parser_alias (self);
      item.span = eros_parser_span_from (self, &item.span);
      g_array_append_val (aggregation->items, item);
      /* The keys come first: numbers are put right when they are known. */
      parse_item_order (self, aggregation, aggregation->items->len - 1, FALSE, &item.span);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ',') &&
         !eros_parser_is_word (self, EROS_KEYWORD_GROUP));
}

/* The columns of a key that is none by itself: ROLLUP (a, b), GROUPING SETS ((a), (b)) */
static void
add_columns_of (ErosParser *self, Aggregation *aggregation, const ErosAstGroupItem *key, GArray *keys)
{
  for (guint i = 0; i < key->n_sets; i++)
    add_columns_of (self, aggregation, &key->sets[i], keys);
  for (guint i = 0; i < key->exprs.length; i++)
    {
      ErosAstSelectItem item = { .span = key->exprs.items[i]->span, .expr = key->exprs.items[i] };
      gboolean known = FALSE;

      for (guint k = 0; k < keys->len && !known; k++)
        {
          const ErosAstSpan *span = &g_array_index (keys, ErosAstSelectItem, k).span;

          known = span->end - span->start == item.span.end - item.span.start &&
                  memcmp (self->lexer.text + span->start, self->lexer.text + item.span.start,
                          span->end - span->start) == 0;
        }
      if (!known)
        g_array_append_val (keys, item);
    }
}

static void
parse_keys (ErosParser *self, Aggregation *aggregation)
{
  GArray *keys = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));
  guint n_orders = aggregation->order->len;

  eros_parser_advance (self);
  aggregation->ordered =
    eros_parser_accept (self, EROS_KEYWORD_AND) && eros_parser_expect (self, EROS_KEYWORD_ORDER);
  eros_parser_expect (self, EROS_KEYWORD_BY);
  if (eros_parser_is_symbol (self, '(') && eros_parser_is_symbol_at (self, 1, ')'))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
    }
  else
    do
      {
        ErosAstGroupItem key = eros_parser_group_item (self);
        ErosAstSelectItem item = { .span = key.span, .expr = key.expr };

        if (key.expr != NULL)
          {
            item.alias = eros_parser_alias (self);
            g_array_append_val (keys, item);
            key.expr = eros_build_integer (self, keys->len, &key.span);
            parse_item_order (self, aggregation, keys->len - 1, aggregation->ordered, &key.span);
          }
        else
          add_columns_of (self, aggregation, &key, keys);
        g_array_append_val (aggregation->keys, key);
      }
    while (self->error == NULL && eros_parser_accept_symbol (self, ',') &&
           !eros_parser_is_symbol (self, EROS_SYMBOL_PIPE));
  aggregation->n_keys = keys->len;
  for (guint i = 0; i < n_orders; i++)
    g_array_index (aggregation->order, ErosAstOrderItem, i).expr->literal.integer += keys->len;
  g_array_prepend_vals (aggregation->items, keys->data, keys->len);
  g_array_unref (keys);
}

static void
pipe_aggregate (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  Aggregation aggregation = { .items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem)),
                              .keys = g_array_new (FALSE, TRUE, sizeof (ErosAstGroupItem)),
                              .order = g_array_new (FALSE, TRUE, sizeof (ErosAstOrderItem)) };
  ErosAstQuery *query;
  ErosAstGroupBy *group;

  parse_aggregates (self, &aggregation);
  if (eros_parser_is_word (self, EROS_KEYWORD_GROUP))
    parse_keys (self, &aggregation);
  pipe->order = (ErosAstOrder){ NULL, 0 };
  query = close_with (self, pipe, aggregation.items, span);
  group = &query->body->select.group_by;
  group->present = TRUE;
  group->span = *span;
  group->items = eros_arena_steal_array (self->arena, aggregation.keys, &group->length);
  go_on_with (self, pipe, query, NULL);
  pipe->order = eros_parser_take (self, aggregation.order, ErosAstOrder);
}

/* ---- operators with other tables ----------------------------------------------------------------------- */

static void
pipe_set_operation (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  ErosAstQueryBody *first = eros_arena_new_struct (self->arena, ErosAstQueryBody);
  ErosAstQuery *query = eros_arena_new_struct (self->arena, ErosAstQuery);

  first->kind = EROS_AST_BODY_QUERY;
  first->span = *span;
  first->query = close_pipe (self, pipe, span);
  query->span = *span;
  query->body = eros_parser_set_list (self, first);
  go_on_with (self, pipe, query, NULL);
}

/* A condition on the left side alone may stand behind the join where it says the same. */
static void
pipe_join (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  gboolean outer;
  gboolean keep;

  if (eros_parser_set_here (self))
    {
      pipe_set_operation (self, pipe, span);
      return;
    }
  outer = eros_parser_is_word (self, EROS_KEYWORD_RIGHT) || eros_parser_is_word (self, EROS_KEYWORD_FULL);
  keep = !outer && pipe->from->kind == EROS_AST_FROM_JOIN && names_are_used (self, pipe->from);

  if (!keep && (pipe->where != NULL || pipe->order.length > 0))
    make_operand (self, pipe, span);
  pipe->from = eros_parser_join_to (self, pipe->from);
}

static void
pipe_operator (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  make_operand (self, pipe, span);
  if (pipe->from->kind == EROS_AST_FROM_UNNEST)
    go_on_with (self, pipe, close_pipe (self, pipe, span), alias_of (self, pipe->from));
  if (!eros_parser_operator_here (self))
    eros_parser_unexpected (self);
  pipe->from = eros_parser_operators (self, pipe->from);
}

static void
pipe_with (ErosParser *self, Pipe *pipe, const ErosAstSpan *span)
{
  do
    {
      ErosAstWith entry = { 0 };

      eros_parser_name (self, &entry.name);
      eros_parser_expect (self, EROS_KEYWORD_AS);
      if (!eros_parser_is_symbol (self, '('))
        eros_parser_expected (self, "\"(\"");
      entry.query = eros_parser_paren_query (self);
      g_array_append_val (pipe->with, entry);
    }
  while (self->error == NULL && eros_parser_accept_symbol (self, ',') &&
         !eros_parser_is_symbol (self, EROS_SYMBOL_PIPE));
}

/* ---- all of them --------------------------------------------------------------------------------------- */

typedef void (*Operator) (ErosParser *self, Pipe *pipe, const ErosAstSpan *span);

static const struct
{
  const char *word;
  Operator read;
  gboolean stays; /* the word belongs to what is read */
} OPERATORS[] = {
  { "SELECT", pipe_select, TRUE },
  { "EXTEND", pipe_extend, FALSE },
  { "SET", pipe_set, FALSE },
  { "DROP", pipe_drop, FALSE },
  { "RENAME", pipe_rename, FALSE },
  { "AS", pipe_as, FALSE },
  { "WHERE", pipe_where, FALSE },
  { "LIMIT", pipe_limit, FALSE },
  { "AGGREGATE", pipe_aggregate, FALSE },
  { "DISTINCT", pipe_distinct, FALSE },
  { "ORDER", pipe_order, TRUE },
  { "JOIN", pipe_join, TRUE },
  { "INNER", pipe_join, TRUE },
  { "CROSS", pipe_join, TRUE },
  { "LEFT", pipe_join, TRUE },
  { "RIGHT", pipe_join, TRUE },
  { "FULL", pipe_join, TRUE },
  { "UNION", pipe_set_operation, TRUE },
  { "INTERSECT", pipe_set_operation, TRUE },
  { "EXCEPT", pipe_set_operation, TRUE },
  { "TABLESAMPLE", pipe_operator, TRUE },
  { "PIVOT", pipe_operator, TRUE },
  { "UNPIVOT", pipe_operator, TRUE },
  { "WINDOW", pipe_extend, FALSE },
  { "ASSERT", pipe_assert, FALSE },
  { "WITH", pipe_with, FALSE },
};

static void
read_operator (ErosParser *self, Pipe *pipe)
{
  static const char *const elsewhere[] = { "CALL", "MATCH_RECOGNIZE", "DESCRIBE", "FORK",   "TEE",      "LOG",
                                           "IF",   "CREATE",          "INSERT",   "EXPORT", "RECURSIVE" };
  ErosAstSpan span = eros_parser_peek (self)->span;

  for (guint i = 0; i < G_N_ELEMENTS (OPERATORS); i++)
    if (eros_parser_is_text_at (self, 0, OPERATORS[i].word))
      {
        if (!OPERATORS[i].stays)
          eros_parser_advance (self);
        OPERATORS[i].read (self, pipe, &span);
        return;
      }
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (eros_parser_is_text_at (self, 0, elsewhere[i]))
      {
        g_autofree char *what = g_strconcat ("The pipe operator ", elsewhere[i], NULL);

        eros_parser_unsupported (self, &span, what);
      }
  eros_parser_unexpected (self);
}

/* Reads all operators that follow @from; returns the query that says the same. */
static ErosAstQuery *
read_operators (ErosParser *self, ErosAstFrom *from)
{
  Pipe pipe = { .from = from, .with = g_array_new (FALSE, TRUE, sizeof (ErosAstWith)) };
  ErosAstSpan span = from->span;
  guint n = 0;
  ErosAstQuery *query;

  while (self->error == NULL && eros_parser_accept_symbol (self, EROS_SYMBOL_PIPE))
    {
      if (++n > EROS_PARSER_MAX_DEPTH / 4)
        eros_parser_too_deep (self);
      read_operator (self, &pipe);
    }
  /* The last query stands for all of it, if nothing has come after it. */
  if (pipe.from->kind == EROS_AST_FROM_SUBQUERY && pipe.where == NULL && pipe.order.length == 0)
    query = pipe.from->subquery.query;
  else
    query = close_pipe (self, &pipe, &span);
  if (pipe.with->len > 0 && query->n_with > 0)
    query = eros_build_star (self, eros_build_subquery (self, query, NULL), &span);
  if (pipe.with->len > 0)
    query->with = eros_arena_steal_array (self->arena, pipe.with, &query->n_with);
  else
    g_array_unref (pipe.with);
  return query;
}

/*
 * eros_parser_pipe_from:
 *
 * A query that begins with FROM: the token is that word.
 */
ErosAstQuery *
eros_parser_pipe_from (ErosParser *self)
{
  eros_parser_advance (self);
  return read_operators (self, eros_parser_from (self));
}

/*
 * eros_parser_pipe_query:
 * @query: what stands before the first operator
 */
ErosAstQuery *
eros_parser_pipe_query (ErosParser *self, ErosAstQuery *query)
{
  return read_operators (self, eros_build_subquery (self, query, NULL));
}
