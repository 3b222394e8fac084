/* eros-parse-expression.c: operators by precedence
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From loosest to tightest: OR, AND, NOT, comparisons (which do not associate), |, ^, &, << >>, + -, * / ||,
 * unary.
 */
#include "eros-parser-private.h"

/* Nodes are cut to what their kind needs: a long list of literals takes a third of the memory. */
static gsize
size_of (ErosAstExprKind kind)
{
  const gsize head = G_STRUCT_OFFSET (ErosAstExpr, literal);

  if (kind == EROS_AST_LITERAL)
    return head + sizeof (ErosAstLiteral);
  if (kind == EROS_AST_PATH)
    return head + sizeof (ErosAstPath);
  return sizeof (ErosAstExpr);
}

ErosAstExpr *
eros_parser_new_expr (ErosParser *self, ErosAstExprKind kind, const ErosAstSpan *start)
{
  ErosAstExpr *expr = eros_arena_alloc (self->arena, size_of (kind));

  expr->kind = kind;
  expr->span = *start;
  return expr;
}

static void
close_span (ErosParser *self, ErosAstExpr *expr)
{
  expr->span = eros_parser_span_from (self, &expr->span);
}

ErosAstExprs
eros_parser_expressions (ErosParser *self)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));

  do
    {
      ErosAstExpr *item = eros_parser_expression (self);

      g_array_append_val (items, item);
    }
  while (eros_parser_accept_symbol (self, ','));
  return eros_parser_take (self, items, ErosAstExprs);
}

ErosAstExpr *
eros_parser_value (ErosParser *self)
{
  ErosAstExpr *expr;

  if (!eros_parser_is_word (self, EROS_KEYWORD_DEFAULT))
    return eros_parser_expression (self);
  expr = eros_parser_new_expr (self, EROS_AST_DEFAULT, &eros_parser_peek (self)->span);
  eros_parser_advance (self);
  return expr;
}

/* Arithmetic */

typedef struct
{
  int symbol;
  guint level; /* higher binds tighter */
  ErosAstBinaryOp op;
} Operator;

static const Operator operators[] = {
  { '|', 1, EROS_AST_BIT_OR },
  { '^', 2, EROS_AST_BIT_XOR },
  { '&', 3, EROS_AST_BIT_AND },
  { EROS_SYMBOL_SHIFT_LEFT, 4, EROS_AST_SHIFT_LEFT },
  { EROS_SYMBOL_SHIFT_RIGHT, 4, EROS_AST_SHIFT_RIGHT },
  { '+', 5, EROS_AST_ADD },
  { '-', 5, EROS_AST_SUBTRACT },
  { '*', 6, EROS_AST_MULTIPLY },
  { '/', 6, EROS_AST_DIVIDE },
  { EROS_SYMBOL_CONCAT, 6, EROS_AST_CONCAT },
};

static const Operator *
operator_here (ErosParser *self)
{
  const ErosToken *token = eros_parser_peek (self);

  if (token->kind == EROS_TOKEN_SYMBOL)
    for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
      if (operators[i].symbol == token->symbol)
        return &operators[i];
  return NULL;
}

static gboolean
unary_here (ErosParser *self, ErosAstUnaryOp *op)
{
  if (eros_parser_is_symbol (self, '-'))
    *op = EROS_AST_MINUS;
  else if (eros_parser_is_symbol (self, '+'))
    *op = EROS_AST_PLUS;
  else if (eros_parser_is_symbol (self, '~'))
    *op = EROS_AST_BIT_NOT;
  else
    return FALSE;
  return TRUE;
}

static ErosAstExpr *
parse_unary (ErosParser *self)
{
  ErosAstUnaryOp op;
  ErosAstExpr *expr;

  if (!unary_here (self, &op))
    return eros_parser_primary (self);

  expr = eros_parser_new_expr (self, EROS_AST_UNARY, &eros_parser_peek (self)->span);
  expr->unary.op = op;
  eros_parser_advance (self);
  if (!eros_parser_enter (self))
    return expr;
  expr->unary.operand = parse_unary (self);
  eros_parser_leave (self);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
new_binary (ErosParser *self, ErosAstBinaryOp op, ErosAstExpr *left)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_BINARY, &left->span);

  expr->binary.op = op;
  expr->binary.op_span = eros_parser_peek (self)->span;
  expr->binary.left = left;
  return expr;
}

static ErosAstExpr *
parse_arithmetic (ErosParser *self, guint level)
{
  ErosAstExpr *left = parse_unary (self);
  const Operator *operator= NULL;
  guint chain = 0;

  while ((operator= operator_here (self)) != NULL && operator->level >= level)
    {
      ErosAstExpr *expr = new_binary (self, operator->op, left);

      if (++chain > EROS_PARSER_MAX_CHAIN)
        eros_parser_too_deep (self);
      eros_parser_advance (self);
      expr->binary.right = parse_arithmetic (self, operator->level + 1);
      close_span (self, expr);
      left = expr;
    }
  return left;
}

static ErosAstExpr *
parse_bits (ErosParser *self)
{
  return parse_arithmetic (self, 1);
}

/* Comparisons */

static void
parse_in_operands (ErosParser *self, ErosAstIn *in)
{
  if (eros_parser_accept (self, EROS_KEYWORD_UNNEST))
    {
      eros_parser_expect_symbol (self, '(');
      in->unnest = eros_parser_expression (self);
      eros_parser_expect_symbol (self, ')');
    }
  else if (!eros_parser_is_symbol (self, '('))
    eros_parser_expected (self, "\"(\" or keyword UNNEST");
  else if (eros_parser_is_query (self, 1))
    in->query = eros_parser_paren_query (self);
  else
    {
      eros_parser_advance (self);
      in->list = eros_parser_expressions (self);
      eros_parser_expect_symbol (self, ')');
    }
}

static ErosAstExpr *
parse_in (ErosParser *self, ErosAstExpr *left, ErosAstInKind kind, gboolean negated)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_IN, &left->span);

  expr->in.kind = kind;
  expr->in.negated = negated;
  expr->in.operand = left;
  expr->in.op_span = eros_parser_peek (self)->span;
  eros_parser_advance (self);
  parse_in_operands (self, &expr->in);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
parse_like (ErosParser *self, ErosAstExpr *left, gboolean negated)
{
  ErosAstExpr *expr;

  if (eros_parser_is_word_at (self, 1, EROS_KEYWORD_ANY) ||
      eros_parser_is_word_at (self, 1, EROS_KEYWORD_SOME) ||
      eros_parser_is_word_at (self, 1, EROS_KEYWORD_ALL))
    {
      eros_parser_advance (self);
      return parse_in (self, left,
                       eros_parser_is_word (self, EROS_KEYWORD_ALL) ? EROS_AST_LIKE_ALL : EROS_AST_LIKE_ANY,
                       negated);
    }

  expr = new_binary (self, EROS_AST_LIKE, left);
  expr->binary.negated = negated;
  eros_parser_advance (self);
  expr->binary.right = parse_bits (self);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
parse_between (ErosParser *self, ErosAstExpr *left, gboolean negated)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_BETWEEN, &left->span);

  expr->between.negated = negated;
  expr->between.operand = left;
  expr->between.op_span = eros_parser_peek (self)->span;
  eros_parser_advance (self);
  expr->between.low = parse_bits (self);
  eros_parser_expect (self, EROS_KEYWORD_AND);
  expr->between.high = parse_bits (self);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
parse_distinct_from (ErosParser *self, ErosAstExpr *left, gboolean negated)
{
  ErosAstExpr *expr = new_binary (self, EROS_AST_IS_DISTINCT_FROM, left);

  expr->binary.negated = negated;
  eros_parser_advance (self);
  eros_parser_expect (self, EROS_KEYWORD_FROM);
  expr->binary.right = parse_bits (self);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
parse_is (ErosParser *self, ErosAstExpr *left)
{
  ErosAstExpr *expr;
  gboolean negated;

  eros_parser_advance (self);
  negated = eros_parser_accept (self, EROS_KEYWORD_NOT);
  if (eros_parser_is_word (self, EROS_KEYWORD_DISTINCT))
    return parse_distinct_from (self, left, negated);

  expr = eros_parser_new_expr (self, EROS_AST_IS, &left->span);
  expr->is.negated = negated;
  expr->is.operand = left;
  if (eros_parser_accept (self, EROS_KEYWORD_NULL))
    expr->is.what = EROS_AST_IS_NULL;
  else if (eros_parser_accept (self, EROS_KEYWORD_TRUE))
    expr->is.what = EROS_AST_IS_TRUE;
  else if (eros_parser_accept (self, EROS_KEYWORD_FALSE))
    expr->is.what = EROS_AST_IS_FALSE;
  else if (eros_parser_accept (self, EROS_KEYWORD_UNKNOWN))
    expr->is.what = EROS_AST_IS_UNKNOWN;
  else
    eros_parser_expected (self, "keyword FALSE or keyword NULL or keyword TRUE or keyword UNKNOWN");
  close_span (self, expr);
  return expr;
}

static gboolean
comparison_here (ErosParser *self, ErosAstBinaryOp *op)
{
  static const struct
  {
    int symbol;
    ErosAstBinaryOp op;
  } comparisons[] = {
    { '=', EROS_AST_EQUAL },   { EROS_SYMBOL_NOT_EQUAL, EROS_AST_NOT_EQUAL },
    { '<', EROS_AST_LESS },    { EROS_SYMBOL_LESS_EQUAL, EROS_AST_LESS_OR_EQUAL },
    { '>', EROS_AST_GREATER }, { EROS_SYMBOL_GREATER_EQUAL, EROS_AST_GREATER_OR_EQUAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (eros_parser_is_symbol (self, comparisons[i].symbol))
      {
        *op = comparisons[i].op;
        return TRUE;
      }
  return FALSE;
}

static ErosAstExpr *
parse_binary_comparison (ErosParser *self, ErosAstBinaryOp op, ErosAstExpr *left)
{
  ErosAstExpr *expr = new_binary (self, op, left);

  eros_parser_advance (self);
  expr->binary.right = parse_bits (self);
  close_span (self, expr);
  return expr;
}

/* NULL when no comparison follows @left. */
static ErosAstExpr *
parse_comparison_after (ErosParser *self, ErosAstExpr *left)
{
  ErosAstBinaryOp op;
  gboolean negated;

  if (comparison_here (self, &op))
    return parse_binary_comparison (self, op, left);
  if (eros_parser_is_word (self, EROS_KEYWORD_IS))
    return parse_is (self, left);

  negated =
    eros_parser_is_word (self, EROS_KEYWORD_NOT) && (eros_parser_is_word_at (self, 1, EROS_KEYWORD_IN) ||
                                                     eros_parser_is_word_at (self, 1, EROS_KEYWORD_LIKE) ||
                                                     eros_parser_is_word_at (self, 1, EROS_KEYWORD_BETWEEN));
  if (negated)
    eros_parser_advance (self);
  if (eros_parser_is_word (self, EROS_KEYWORD_IN))
    return parse_in (self, left, EROS_AST_IN_PLAIN, negated);
  if (eros_parser_is_word (self, EROS_KEYWORD_LIKE))
    return parse_like (self, left, negated);
  if (eros_parser_is_word (self, EROS_KEYWORD_BETWEEN))
    return parse_between (self, left, negated);
  return NULL;
}

/* a = b = c is an error; which one depends on what stands on the left. */
static void
refuse_second_comparison (ErosParser *self, const ErosAstExpr *left)
{
  gboolean closed = left->kind == EROS_AST_IN || left->kind == EROS_AST_IS;
  ErosAstBinaryOp op;
  const ErosToken *token;
  const char *what;

  if (closed && eros_parser_is_word (self, EROS_KEYWORD_NOT))
    eros_parser_advance (self);
  token = eros_parser_peek (self);
  what = comparison_here (self, &op)           ? "comparison"
         : token->keyword != EROS_KEYWORD_NONE ? eros_keyword_name (token->keyword)
                                               : NULL;
  if (closed && what != NULL)
    eros_parser_fail_at (self, &token->span,
                         "Syntax error: Expression to the left of %s must be parenthesized", what);
  else
    eros_parser_unexpected (self);
}

static gboolean
comparison_follows (ErosParser *self)
{
  ErosAstBinaryOp op;
  guint ahead = eros_parser_is_word (self, EROS_KEYWORD_NOT) ? 1 : 0;

  return comparison_here (self, &op) || eros_parser_is_word (self, EROS_KEYWORD_IS) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_IN) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_LIKE) ||
         eros_parser_is_word_at (self, ahead, EROS_KEYWORD_BETWEEN);
}

static ErosAstExpr *
parse_comparison (ErosParser *self)
{
  ErosAstExpr *left = parse_bits (self);
  ErosAstExpr *expr = parse_comparison_after (self, left);

  if (expr == NULL)
    return left;
  if (comparison_follows (self))
    refuse_second_comparison (self, expr);
  return expr;
}

/* Logic */

static ErosAstExpr *
parse_not (ErosParser *self)
{
  ErosAstExpr *expr;

  if (!eros_parser_is_word (self, EROS_KEYWORD_NOT))
    return parse_comparison (self);

  expr = eros_parser_new_expr (self, EROS_AST_UNARY, &eros_parser_peek (self)->span);
  expr->unary.op = EROS_AST_NOT;
  eros_parser_advance (self);
  if (!eros_parser_enter (self))
    return expr;
  expr->unary.operand = parse_not (self);
  eros_parser_leave (self);
  close_span (self, expr);
  return expr;
}

static ErosAstExpr *
parse_logical (ErosParser *self, gboolean is_or)
{
  ErosKeyword keyword = is_or ? EROS_KEYWORD_OR : EROS_KEYWORD_AND;
  ErosAstExpr *first = is_or ? parse_logical (self, FALSE) : parse_not (self);
  ErosAstExpr *expr;
  GArray *operands;

  if (!eros_parser_is_word (self, keyword))
    return first;

  expr = eros_parser_new_expr (self, EROS_AST_LOGICAL, &first->span);
  expr->logical.is_or = is_or;
  operands = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));
  g_array_append_val (operands, first);
  while (eros_parser_accept (self, keyword))
    {
      ErosAstExpr *operand = is_or ? parse_logical (self, FALSE) : parse_not (self);

      g_array_append_val (operands, operand);
    }
  expr->logical.operands = eros_parser_take (self, operands, ErosAstExprs);
  close_span (self, expr);
  return expr;
}

ErosAstExpr *
eros_parser_expression (ErosParser *self)
{
  ErosAstExpr *expr;
  guint n_queries = self->n_queries;

  if (!eros_parser_enter (self))
    return eros_parser_new_expr (self, EROS_AST_DEFAULT, &eros_parser_peek (self)->span);
  expr = parse_logical (self, TRUE);
  expr->has_query = self->n_queries > n_queries;
  eros_parser_leave (self);
  return expr;
}
