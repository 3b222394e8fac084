/* eros-parse-call.c: function calls and windows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

/* ORDER BY, of whatever */
ErosAstOrder
eros_parser_order_by (ErosParser *self)
{
  GArray *items;

  if (!eros_parser_accept (self, EROS_KEYWORD_ORDER))
    return (ErosAstOrder){ NULL, 0 };
  eros_parser_expect (self, EROS_KEYWORD_BY);

  items = g_array_new (FALSE, TRUE, sizeof (ErosAstOrderItem));
  do
    {
      ErosAstOrderItem item = { .span = eros_parser_peek (self)->span };

      item.expr = eros_parser_expression (self);
      if (eros_parser_is_word (self, EROS_KEYWORD_COLLATE))
        eros_parser_unsupported (self, &eros_parser_peek (self)->span, "COLLATE");
      if (!eros_parser_accept (self, EROS_KEYWORD_ASC))
        item.descending = eros_parser_accept (self, EROS_KEYWORD_DESC);
      if (eros_parser_accept (self, EROS_KEYWORD_NULLS))
        {
          if (eros_parser_accept (self, EROS_KEYWORD_FIRST))
            item.nulls = EROS_AST_NULLS_FIRST;
          else if (eros_parser_accept (self, EROS_KEYWORD_LAST))
            item.nulls = EROS_AST_NULLS_LAST;
          else
            eros_parser_expected (self, "keyword FIRST or keyword LAST");
        }
      item.span = eros_parser_span_from (self, &item.span);
      g_array_append_val (items, item);
    }
  while (eros_parser_accept_symbol (self, ','));
  return eros_parser_take (self, items, ErosAstOrder);
}

/* The number of LIMIT and OFFSET: a literal, a parameter, or a CAST of one */
ErosAstExpr *
eros_parser_limit (ErosParser *self)
{
  const ErosToken *token = eros_parser_peek (self);

  if (token->kind != EROS_TOKEN_INT && !eros_parser_is_symbol (self, '@') &&
      !eros_parser_is_symbol (self, '?') && !eros_parser_is_symbol (self, EROS_SYMBOL_DOUBLE_AT) &&
      !eros_parser_is_word (self, EROS_KEYWORD_CAST) && !eros_parser_is_word (self, EROS_KEYWORD_SAFE_CAST))
    eros_parser_unexpected (self);
  return eros_parser_primary (self);
}

/* Windows */

static ErosAstBound
parse_bound (ErosParser *self)
{
  ErosAstBound bound = { .span = eros_parser_peek (self)->span };
  gboolean unbounded = eros_parser_accept (self, EROS_KEYWORD_UNBOUNDED);
  gboolean preceding;

  if (!unbounded && eros_parser_accept (self, EROS_KEYWORD_CURRENT))
    {
      eros_parser_expect (self, EROS_KEYWORD_ROW);
      bound.kind = EROS_AST_BOUND_CURRENT_ROW;
      bound.span = eros_parser_span_from (self, &bound.span);
      return bound;
    }
  if (!unbounded)
    bound.offset = eros_parser_expression (self);
  preceding = eros_parser_accept (self, EROS_KEYWORD_PRECEDING);
  if (!preceding && !eros_parser_accept (self, EROS_KEYWORD_FOLLOWING))
    eros_parser_expected (self, "keyword FOLLOWING or keyword PRECEDING");
  if (unbounded)
    bound.kind = preceding ? EROS_AST_BOUND_UNBOUNDED_PRECEDING : EROS_AST_BOUND_UNBOUNDED_FOLLOWING;
  else
    bound.kind = preceding ? EROS_AST_BOUND_PRECEDING : EROS_AST_BOUND_FOLLOWING;
  bound.span = eros_parser_span_from (self, &bound.span);
  return bound;
}

static const ErosAstFrame *
parse_frame (ErosParser *self)
{
  ErosAstFrame *frame;

  if (!eros_parser_is_word (self, EROS_KEYWORD_ROWS) && !eros_parser_is_word (self, EROS_KEYWORD_RANGE))
    return NULL;
  frame = eros_arena_new_struct (self->arena, ErosAstFrame);
  frame->span = eros_parser_peek (self)->span;
  frame->unit = eros_parser_is_word (self, EROS_KEYWORD_ROWS) ? EROS_AST_FRAME_ROWS : EROS_AST_FRAME_RANGE;
  eros_parser_advance (self);
  if (eros_parser_accept (self, EROS_KEYWORD_BETWEEN))
    {
      frame->start = parse_bound (self);
      eros_parser_expect (self, EROS_KEYWORD_AND);
      frame->end = parse_bound (self);
    }
  else
    {
      frame->start = parse_bound (self);
      frame->end.kind = EROS_AST_BOUND_CURRENT_ROW;
      frame->end.span = frame->start.span;
    }
  frame->span = eros_parser_span_from (self, &frame->span);
  return frame;
}

/* name, or (…) */
void
eros_parser_window (ErosParser *self, ErosAstWindow *window)
{
  window->span = eros_parser_peek (self)->span;
  if (!eros_parser_accept_symbol (self, '('))
    window->base = eros_parser_name_dup (self);
  else
    {
      if (eros_parser_is_name_at (self, 0))
        window->base = eros_parser_name_dup (self);
      if (eros_parser_accept (self, EROS_KEYWORD_PARTITION))
        {
          eros_parser_expect (self, EROS_KEYWORD_BY);
          window->partition_by = eros_parser_expressions (self);
        }
      window->order_by = eros_parser_order_by (self);
      window->frame = parse_frame (self);
      eros_parser_expect_symbol (self, ')');
    }
  window->span = eros_parser_span_from (self, &window->span);
}

/* Arguments */

static void
refuse_query_argument (ErosParser *self)
{
  const ErosToken *token = eros_parser_peek (self);

  if (eros_parser_is_word (self, EROS_KEYWORD_SELECT) ||
      (eros_parser_is_word (self, EROS_KEYWORD_WITH) && !eros_parser_is_symbol_at (self, 1, '(')))
    eros_parser_fail_at (
      self, &token->span,
      "Each function argument is an expression, not a query; to use a query as an expression, "
      "the query must be wrapped with additional parentheses to make it a scalar subquery "
      "expression");
}

static void
refuse_exotic_argument (ErosParser *self)
{
  static const char *const words[] = { "TABLE", "MODEL", "CONNECTION", "DESCRIPTOR" };
  const ErosAstSpan span = eros_parser_peek (self)->span;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (eros_parser_is_text_at (self, 0, words[i]) && eros_parser_is_name_at (self, 1))
      {
        g_autofree char *what = g_strdup_printf ("A %s argument", words[i]);

        eros_parser_unsupported (self, &span, what);
      }
}

static ErosAstArgument
parse_argument (ErosParser *self)
{
  ErosAstArgument argument = { .kind = EROS_AST_ARGUMENT_EXPR };

  if (eros_parser_accept_symbol (self, '*'))
    {
      argument.kind = EROS_AST_ARGUMENT_STAR;
      return argument;
    }
  refuse_query_argument (self);
  refuse_exotic_argument (self);
  if (eros_parser_is_name_at (self, 0) && eros_parser_is_symbol_at (self, 1, EROS_SYMBOL_ARROW))
    {
      argument.name = eros_parser_name_dup (self);
      eros_parser_advance (self);
    }
  argument.expr = eros_parser_expression (self);
  if (eros_parser_is_symbol (self, EROS_SYMBOL_THIN_ARROW))
    eros_parser_unsupported (self, &argument.expr->span, "A lambda expression");
  return argument;
}

static void
parse_modifiers (ErosParser *self, ErosAstCall *call)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_IGNORE) || eros_parser_is_word (self, EROS_KEYWORD_RESPECT))
    {
      call->nulls =
        eros_parser_is_word (self, EROS_KEYWORD_IGNORE) ? EROS_AST_IGNORE_NULLS : EROS_AST_RESPECT_NULLS;
      eros_parser_advance (self);
      eros_parser_expect (self, EROS_KEYWORD_NULLS);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_HAVING))
    {
      call->having = eros_parser_is_word (self, EROS_KEYWORD_MAX) ? EROS_AST_HAVING_MAX : EROS_AST_HAVING_MIN;
      if (!eros_parser_accept (self, EROS_KEYWORD_MAX) && !eros_parser_accept (self, EROS_KEYWORD_MIN))
        eros_parser_expected (self, "keyword MAX or keyword MIN");
      call->having_expr = eros_parser_expression (self);
    }
  call->order_by = eros_parser_order_by (self);
  if (eros_parser_accept (self, EROS_KEYWORD_LIMIT))
    call->limit = eros_parser_limit (self);
}

static void
parse_arguments (ErosParser *self, ErosAstCall *call)
{
  GArray *arguments = g_array_new (FALSE, TRUE, sizeof (ErosAstArgument));

  eros_parser_expect_symbol (self, '(');
  call->distinct = eros_parser_accept (self, EROS_KEYWORD_DISTINCT);
  if (!call->distinct && eros_parser_is_symbol (self, ','))
    eros_parser_expected (self, "\")\"");
  if (call->distinct || !eros_parser_is_symbol (self, ')'))
    do
      {
        ErosAstArgument argument = parse_argument (self);

        g_array_append_val (arguments, argument);
      }
    while (eros_parser_accept_symbol (self, ','));
  call->arguments = eros_arena_steal_array (self->arena, arguments, &call->n_arguments);
  parse_modifiers (self, call);
  eros_parser_expect_symbol (self, ')');
}

/* SAFE.SUBSTR: the prefix is no part of the name. */
static void
take_safe_prefix (ErosAstCall *call)
{
  ErosAstPath *path = &call->function;

  if (path->n_parts < 2 || g_ascii_strcasecmp (path->parts[0].text, "SAFE") != 0)
    return;
  call->safe = TRUE;
  path->parts++;
  path->n_parts--;
}

/* The arguments and all that may follow them; @function has been read. */
ErosAstExpr *
eros_parser_call (ErosParser *self, ErosAstPath *function)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_CALL, &function->span);

  expr->call.function = *function;
  eros_parser_split_path (self, &expr->call.function);
  take_safe_prefix (&expr->call);
  parse_arguments (self, &expr->call);
  if (eros_parser_accept (self, EROS_KEYWORD_OVER))
    {
      ErosAstWindow *window = eros_arena_new_struct (self->arena, ErosAstWindow);

      if (!eros_parser_is_symbol (self, '(') && !eros_parser_is_name_at (self, 0))
        eros_parser_unexpected (self);
      eros_parser_window (self, window);
      expr->call.over = window;
    }
  expr->span = eros_parser_span_from (self, &expr->span);
  return expr;
}
