/* eros-parse-build.c: trees of what has other words in the grammar, as if it had been written out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

static ErosAstExpr *
new_expr (ErosParser *self, ErosAstExprKind kind, const ErosAstSpan *span)
{
  ErosAstExpr *expr = eros_arena_new_struct (self->arena, ErosAstExpr);

  expr->kind = kind;
  expr->span = *span;
  return expr;
}

ErosAstName *
eros_build_name (ErosParser *self, const char *text, const ErosAstSpan *span)
{
  ErosAstName *name = eros_arena_new_struct (self->arena, ErosAstName);

  name->text = eros_arena_strndup (self->arena, text, strlen (text));
  name->span = *span;
  return name;
}

/* @qualifier.@text, or @text alone without a qualifier */
ErosAstExpr *
eros_build_path (ErosParser *self, const char *qualifier, const char *text, const ErosAstSpan *span)
{
  ErosAstExpr *expr = new_expr (self, EROS_AST_PATH, span);
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (ErosAstName));

  if (qualifier != NULL)
    g_array_append_vals (parts, eros_build_name (self, qualifier, span), 1);
  g_array_append_vals (parts, eros_build_name (self, text, span), 1);
  expr->path.span = *span;
  expr->path.parts = eros_arena_steal_array (self->arena, parts, &expr->path.n_parts);
  return expr;
}

ErosAstExpr *
eros_build_string (ErosParser *self, const char *text, const ErosAstSpan *span)
{
  ErosAstExpr *expr = new_expr (self, EROS_AST_LITERAL, span);

  expr->literal.kind = EROS_AST_LITERAL_STRING;
  expr->literal.text = eros_arena_strndup (self->arena, text, strlen (text));
  expr->literal.length = strlen (text);
  return expr;
}

ErosAstExpr *
eros_build_integer (ErosParser *self, guint64 integer, const ErosAstSpan *span)
{
  ErosAstExpr *expr = eros_build_string (self, "", span);
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, integer);

  expr->literal.kind = EROS_AST_LITERAL_INT;
  expr->literal.integer = integer;
  expr->literal.text = eros_arena_strndup (self->arena, text, strlen (text));
  expr->literal.length = strlen (text);
  return expr;
}

/* A call of @function with one argument, or none when that is NULL */
ErosAstExpr *
eros_build_call_of (ErosParser *self, const char *function, ErosAstExpr *argument, const ErosAstSpan *span)
{
  ErosAstExpr *expr = new_expr (self, EROS_AST_CALL, span);
  ErosAstArgument *arguments = eros_arena_new_struct (self->arena, ErosAstArgument);

  expr->call.function = eros_build_path (self, NULL, function, span)->path;
  arguments->expr = argument;
  expr->call.arguments = arguments;
  expr->call.n_arguments = argument != NULL ? 1 : 0;
  return expr;
}

/* CASE WHEN @condition THEN @value END */
ErosAstExpr *
eros_build_if (ErosParser *self, ErosAstExpr *condition, ErosAstExpr *value)
{
  ErosAstExpr *expr = new_expr (self, EROS_AST_CASE, &value->span);
  ErosAstWhen *when = eros_arena_new_struct (self->arena, ErosAstWhen);

  when->when = condition;
  when->then = value;
  expr->case_.whens = when;
  expr->case_.n_whens = 1;
  return expr;
}

ErosAstExpr *
eros_build_binary (ErosParser *self,
                   ErosAstBinaryOp op,
                   gboolean negated,
                   ErosAstExpr *left,
                   ErosAstExpr *right)
{
  ErosAstExpr *expr = new_expr (self, EROS_AST_BINARY, &left->span);

  expr->binary.op = op;
  expr->binary.negated = negated;
  expr->binary.op_span = left->span;
  expr->binary.left = left;
  expr->binary.right = right;
  return expr;
}

/* AND or OR of @operands (of ErosAstExpr *), which it takes */
ErosAstExpr *
eros_build_logical (ErosParser *self, gboolean is_or, GArray *operands)
{
  ErosAstExpr *first = g_array_index (operands, ErosAstExpr *, 0);
  ErosAstExpr *expr = first;

  if (operands->len == 1)
    {
      g_array_unref (operands);
      return first;
    }
  expr = new_expr (self, EROS_AST_LOGICAL, &first->span);
  expr->logical.is_or = is_or;
  expr->logical.operands = eros_parser_take (self, operands, ErosAstExprs);
  return expr;
}

/* SELECT @items (of ErosAstSelectItem, taken) FROM @from */
ErosAstQuery *
eros_build_select (ErosParser *self, GArray *items, ErosAstFrom *from, const ErosAstSpan *span)
{
  ErosAstQuery *query = eros_arena_new_struct (self->arena, ErosAstQuery);
  ErosAstQueryBody *body = eros_arena_new_struct (self->arena, ErosAstQueryBody);

  body->kind = EROS_AST_BODY_SELECT;
  body->span = *span;
  body->select.span = *span;
  body->select.items = eros_arena_steal_array (self->arena, items, &body->select.n_items);
  body->select.from = from;
  query->span = *span;
  query->body = body;
  return query;
}

/* SELECT * FROM @from */
ErosAstQuery *
eros_build_star (ErosParser *self, ErosAstFrom *from, const ErosAstSpan *span)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));
  ErosAstSelectItem star = { .kind = EROS_AST_SELECT_STAR, .span = *span };

  g_array_append_val (items, star);
  return eros_build_select (self, items, from, span);
}

ErosAstFrom *
eros_build_subquery (ErosParser *self, ErosAstQuery *query, const ErosAstName *alias)
{
  ErosAstFrom *from = eros_arena_new_struct (self->arena, ErosAstFrom);

  from->kind = EROS_AST_FROM_SUBQUERY;
  from->span = query->span;
  from->subquery.query = query;
  from->subquery.alias = alias;
  return from;
}
