/* eros-parse-primary.c: literals, names, and whatever begins with a keyword or a bracket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

static ErosAstExpr *
begin (ErosParser *self, ErosAstExprKind kind)
{
  return eros_parser_new_expr (self, kind, &eros_parser_peek (self)->span);
}

static ErosAstExpr *
finish (ErosParser *self, ErosAstExpr *expr)
{
  expr->span = eros_parser_span_from (self, &expr->span);
  return expr;
}

/* Literals */

static void
take_integer (ErosAstLiteral *literal)
{
  gboolean hex = literal->length > 2 && (literal->text[1] == 'x' || literal->text[1] == 'X');
  guint base = hex ? 16 : 10;
  const char *digits = hex ? literal->text + 2 : literal->text;

  for (const char *c = digits; *c != '\0'; c++)
    {
      guint digit = g_ascii_xdigit_value (*c);

      if (literal->integer > (G_MAXUINT64 - digit) / base)
        literal->too_big = TRUE;
      literal->integer = literal->integer * base + digit;
    }
}

static ErosAstExpr *
parse_literal (ErosParser *self, ErosAstLiteralKind kind)
{
  ErosAstExpr *expr = begin (self, EROS_AST_LITERAL);
  const ErosToken *token = eros_parser_peek (self);

  expr->literal.kind = kind;
  expr->literal.text = token->text;
  expr->literal.length = token->length;
  expr->literal.boolean = token->keyword == EROS_KEYWORD_TRUE;
  if (kind == EROS_AST_LITERAL_INT)
    take_integer (&expr->literal);
  eros_parser_advance (self);
  return finish (self, expr);
}

/* DATE '2025-01-31' */
static ErosAstExpr *
parse_typed_literal (ErosParser *self, ErosAstLiteralKind kind)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  ErosAstExpr *expr;

  eros_parser_advance (self);
  expr = parse_literal (self, kind);
  expr->span = eros_parser_span_from (self, &start);
  return expr;
}

static gboolean
typed_literal_here (ErosParser *self, ErosAstLiteralKind *kind)
{
  static const struct
  {
    ErosKeyword keyword;
    ErosAstLiteralKind kind;
  } types[] = {
    { EROS_KEYWORD_DATE, EROS_AST_LITERAL_DATE },
    { EROS_KEYWORD_TIME, EROS_AST_LITERAL_TIME },
    { EROS_KEYWORD_DATETIME, EROS_AST_LITERAL_DATETIME },
    { EROS_KEYWORD_TIMESTAMP, EROS_AST_LITERAL_TIMESTAMP },
    { EROS_KEYWORD_NUMERIC, EROS_AST_LITERAL_NUMERIC },
    { EROS_KEYWORD_DECIMAL, EROS_AST_LITERAL_NUMERIC },
    { EROS_KEYWORD_BIGNUMERIC, EROS_AST_LITERAL_BIGNUMERIC },
    { EROS_KEYWORD_BIGDECIMAL, EROS_AST_LITERAL_BIGNUMERIC },
    { EROS_KEYWORD_JSON, EROS_AST_LITERAL_JSON },
  };
  ErosKeyword keyword = eros_parser_peek (self)->keyword;

  if (keyword == EROS_KEYWORD_NONE || eros_parser_peek_at (self, 1)->kind != EROS_TOKEN_STRING)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].keyword == keyword)
      {
        *kind = types[i].kind;
        return TRUE;
      }
  return FALSE;
}

/* RANGE<DATE> '[2025-01-31, UNBOUNDED)' */
static ErosAstExpr *
parse_range_literal (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_CAST);

  expr->cast.type = eros_parser_type (self, FALSE);
  if (eros_parser_peek (self)->kind != EROS_TOKEN_STRING)
    eros_parser_expected (self, "string literal");
  expr->cast.operand = parse_literal (self, EROS_AST_LITERAL_STRING);
  return finish (self, expr);
}

/* @name, @@path, ? */

static ErosAstExpr *
parse_parameter (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_PARAMETER);

  if (eros_parser_accept_symbol (self, '?'))
    expr->parameter.position = self->n_positional++;
  else
    {
      const ErosToken *token;

      eros_parser_advance (self);
      token = eros_parser_peek (self);
      if (token->kind != EROS_TOKEN_WORD && token->kind != EROS_TOKEN_QUOTED_WORD)
        eros_parser_unexpected (self);
      expr->parameter.name = token->text;
      eros_parser_advance (self);
    }
  return finish (self, expr);
}

static ErosAstExpr *
parse_system_variable (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_SYSTEM_VARIABLE);

  eros_parser_advance (self);
  eros_parser_path (self, &expr->path);
  return finish (self, expr);
}

/* Parentheses: a scalar subquery, a tuple, or just parentheses */

static ErosAstExpr *
parse_subquery (ErosParser *self, ErosAstSubqueryKind kind)
{
  ErosAstExpr *expr = begin (self, EROS_AST_SUBQUERY);

  expr->subquery.kind = kind;
  if (kind != EROS_AST_SUBQUERY_SCALAR)
    eros_parser_advance (self);
  expr->subquery.query = eros_parser_paren_query (self);
  return finish (self, expr);
}

static ErosAstExpr *
parse_tuple (ErosParser *self, const ErosAstSpan *start, ErosAstExpr *first)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_STRUCT, start);
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstStructItem));

  expr->struct_.is_tuple = TRUE;
  g_array_append_val (items, ((ErosAstStructItem){ NULL, first }));
  while (eros_parser_accept_symbol (self, ','))
    g_array_append_val (items, ((ErosAstStructItem){ NULL, eros_parser_expression (self) }));
  eros_parser_expect_symbol (self, ')');
  expr->struct_.items = eros_arena_steal_array (self->arena, items, &expr->struct_.n_items);
  return finish (self, expr);
}

static ErosAstExpr *
parse_parenthesized (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  ErosAstExpr *expr;

  if (eros_parser_is_query (self, 1))
    return parse_subquery (self, EROS_AST_SUBQUERY_SCALAR);

  eros_parser_advance (self);
  expr = eros_parser_expression (self);
  if (eros_parser_is_symbol (self, ','))
    return parse_tuple (self, &start, expr);
  eros_parser_expect_symbol (self, ')');
  expr->parenthesized = TRUE;
  return expr;
}

/* CASE, CAST, EXTRACT, INTERVAL */

static ErosAstExpr *
parse_case (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_CASE);
  GArray *whens = g_array_new (FALSE, TRUE, sizeof (ErosAstWhen));

  eros_parser_advance (self);
  if (!eros_parser_is_word (self, EROS_KEYWORD_WHEN))
    expr->case_.operand = eros_parser_expression (self);
  eros_parser_expect (self, EROS_KEYWORD_WHEN);
  do
    {
      ErosAstWhen when;

      when.when = eros_parser_expression (self);
      if (!eros_parser_accept (self, EROS_KEYWORD_THEN))
        eros_parser_unexpected (self);
      when.then = eros_parser_expression (self);
      g_array_append_val (whens, when);
    }
  while (eros_parser_accept (self, EROS_KEYWORD_WHEN));
  expr->case_.whens = eros_arena_steal_array (self->arena, whens, &expr->case_.n_whens);
  if (eros_parser_accept (self, EROS_KEYWORD_ELSE))
    {
      expr->case_.otherwise = eros_parser_expression (self);
      eros_parser_expect (self, EROS_KEYWORD_END);
    }
  else if (!eros_parser_accept (self, EROS_KEYWORD_END))
    eros_parser_expected (self, "keyword ELSE or keyword END");
  return finish (self, expr);
}

static ErosAstExpr *
parse_time_zone (ErosParser *self)
{
  if (!eros_parser_accept (self, EROS_KEYWORD_AT))
    return NULL;
  eros_parser_expect (self, EROS_KEYWORD_TIME);
  eros_parser_expect (self, EROS_KEYWORD_ZONE);
  return eros_parser_expression (self);
}

static ErosAstExpr *
parse_cast (ErosParser *self, gboolean safe)
{
  ErosAstExpr *expr = begin (self, EROS_AST_CAST);

  expr->cast.safe = safe;
  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  expr->cast.operand = eros_parser_expression (self);
  if (!eros_parser_accept (self, EROS_KEYWORD_AS))
    eros_parser_unexpected (self);
  expr->cast.type = eros_parser_type (self, FALSE);
  if (eros_parser_accept (self, EROS_KEYWORD_FORMAT))
    {
      expr->cast.format = eros_parser_expression (self);
      expr->cast.time_zone = parse_time_zone (self);
    }
  eros_parser_expect_symbol (self, ')');
  return finish (self, expr);
}

static void
upper (char *text)
{
  for (; *text != '\0'; text++)
    *text = g_ascii_toupper (*text);
}

static ErosAstPart
take_part (ErosParser *self)
{
  ErosAstName name;
  ErosAstPart part = { 0 };
  char *copy;

  eros_parser_name (self, &name);
  part.span = name.span;
  part.name = copy = eros_arena_strndup (self->arena, name.text, strlen (name.text));
  upper (copy);
  return part;
}

static ErosAstExpr *
parse_extract (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_EXTRACT);

  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  expr->extract.part = take_part (self);
  if (eros_parser_accept_symbol (self, '('))
    {
      expr->extract.part.argument = take_part (self).name;
      eros_parser_expect_symbol (self, ')');
    }
  if (!eros_parser_accept (self, EROS_KEYWORD_FROM))
    eros_parser_unexpected (self);
  expr->extract.operand = eros_parser_expression (self);
  expr->extract.time_zone = parse_time_zone (self);
  eros_parser_expect_symbol (self, ')');
  return finish (self, expr);
}

static ErosAstExpr *
parse_interval (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_INTERVAL);

  eros_parser_advance (self);
  expr->interval.value = eros_parser_expression (self);
  expr->interval.from = take_part (self);
  if (eros_parser_accept (self, EROS_KEYWORD_TO))
    expr->interval.to = take_part (self);
  return finish (self, expr);
}

/* Arrays and structs */

static ErosAstExpr *
parse_array_items (ErosParser *self, const ErosAstSpan *start, ErosAstType *element)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_ARRAY, start);

  expr->array.element = element;
  eros_parser_expect_symbol (self, '[');
  if (!eros_parser_is_symbol (self, ']'))
    expr->array.items = eros_parser_expressions (self);
  if (!eros_parser_accept_symbol (self, ']'))
    eros_parser_expected (self, "\",\" or \"]\"");
  return finish (self, expr);
}

static ErosAstExpr *
parse_array (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  ErosAstType *type;

  if (eros_parser_is_symbol_at (self, 1, '('))
    return parse_subquery (self, EROS_AST_SUBQUERY_ARRAY);
  if (eros_parser_is_symbol_at (self, 1, '<'))
    {
      type = eros_parser_type (self, FALSE);
      if (eros_parser_is_symbol (self, '('))
        eros_parser_unsupported (self, &start, "ARRAY<…>(query)");
      return parse_array_items (self, &start, type->element);
    }
  eros_parser_advance (self);
  if (!eros_parser_is_symbol (self, '['))
    eros_parser_expected (self, "\"(\" or \"<\" or \"[\"");
  return parse_array_items (self, &start, NULL);
}

static ErosAstExpr *
parse_struct (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_STRUCT);
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstStructItem));

  if (eros_parser_is_symbol_at (self, 1, '<') || eros_parser_is_symbol_at (self, 1, EROS_SYMBOL_NOT_EQUAL))
    expr->struct_.type = eros_parser_type (self, FALSE);
  else
    eros_parser_advance (self);

  if (!eros_parser_accept_symbol (self, '('))
    eros_parser_expected (self, expr->struct_.type == NULL ? "\"(\" or \"<\"" : "\"(\"");
  if (!eros_parser_is_symbol (self, ')'))
    do
      {
        ErosAstStructItem item = { NULL, eros_parser_expression (self) };

        if (eros_parser_accept (self, EROS_KEYWORD_AS))
          item.name = eros_parser_name_dup (self);
        g_array_append_val (items, item);
      }
    while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  expr->struct_.items = eros_arena_steal_array (self->arena, items, &expr->struct_.n_items);
  return finish (self, expr);
}

/* Names and calls */

/* IF (…), LEFT (…): reserved words that are functions */
static ErosAstExpr *
parse_keyword_call (ErosParser *self)
{
  const ErosToken *token = eros_parser_peek (self);
  ErosAstName *name = eros_arena_new_struct (self->arena, ErosAstName);
  ErosAstPath path = { .span = token->span, .parts = name, .n_parts = 1 };

  name->text = token->text;
  name->span = token->span;
  eros_parser_advance (self);
  if (!eros_parser_is_symbol (self, '('))
    eros_parser_expected (self, "\"(\"");
  return eros_parser_call (self, &path);
}

static ErosAstExpr *
parse_path_or_call (ErosParser *self)
{
  ErosAstExpr *expr = begin (self, EROS_AST_PATH);

  eros_parser_path (self, &expr->path);
  if (eros_parser_is_symbol (self, '('))
    {
      ErosAstPath path = expr->path;

      return eros_parser_call (self, &path);
    }
  return finish (self, expr);
}

static void
refuse_by_name (ErosParser *self, const char *what)
{
  eros_parser_unsupported (self, &eros_parser_peek (self)->span, what);
}

static ErosAstExpr *
parse_word (ErosParser *self)
{
  ErosKeyword keyword = eros_parser_peek (self)->keyword;
  ErosAstLiteralKind literal;

  if (typed_literal_here (self, &literal))
    return parse_typed_literal (self, literal);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum"
  switch (keyword)
    {
    case EROS_KEYWORD_NULL:
      return parse_literal (self, EROS_AST_LITERAL_NULL);
    case EROS_KEYWORD_TRUE:
    case EROS_KEYWORD_FALSE:
      return parse_literal (self, EROS_AST_LITERAL_BOOL);
    case EROS_KEYWORD_CASE:
      return parse_case (self);
    case EROS_KEYWORD_CAST:
      return parse_cast (self, FALSE);
    case EROS_KEYWORD_EXTRACT:
      return parse_extract (self);
    case EROS_KEYWORD_INTERVAL:
      return parse_interval (self);
    case EROS_KEYWORD_ARRAY:
      return parse_array (self);
    case EROS_KEYWORD_STRUCT:
      return parse_struct (self);
    case EROS_KEYWORD_IF:
    case EROS_KEYWORD_LEFT:
    case EROS_KEYWORD_RIGHT:
    case EROS_KEYWORD_GROUPING:
    case EROS_KEYWORD_COLLATE:
    case EROS_KEYWORD_RANGE:
      if (keyword == EROS_KEYWORD_RANGE && eros_parser_is_symbol_at (self, 1, '<'))
        return parse_range_literal (self);
      return parse_keyword_call (self);
    case EROS_KEYWORD_EXISTS:
      if (!eros_parser_is_symbol_at (self, 1, '('))
        {
          eros_parser_advance (self);
          eros_parser_expected (self, "\"(\"");
        }
      return parse_subquery (self, EROS_AST_SUBQUERY_EXISTS);
    case EROS_KEYWORD_SAFE_CAST:
      if (eros_parser_is_symbol_at (self, 1, '('))
        return parse_cast (self, TRUE);
      break;
    case EROS_KEYWORD_NEW:
      refuse_by_name (self, "NEW");
      break;
    case EROS_KEYWORD_WITH:
      if (eros_parser_is_symbol_at (self, 1, '('))
        refuse_by_name (self, "A WITH expression");
      break;
    default:
      break;
    }
#pragma GCC diagnostic pop

  if (eros_parser_is_name_at (self, 0))
    return parse_path_or_call (self);
  eros_parser_unexpected (self);
  return begin (self, EROS_AST_DEFAULT);
}

static ErosAstExpr *
parse_symbol (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;

  switch (eros_parser_peek (self)->symbol)
    {
    case '(':
      return parse_parenthesized (self);
    case '[':
      return parse_array_items (self, &start, NULL);
    case '?':
    case '@':
      return parse_parameter (self);
    case EROS_SYMBOL_DOUBLE_AT:
      return parse_system_variable (self);
    case '{':
      refuse_by_name (self, "A braced constructor");
      return begin (self, EROS_AST_DEFAULT);
    default:
      eros_parser_unexpected (self);
      return begin (self, EROS_AST_DEFAULT);
    }
}

static ErosAstExpr *
parse_operand (ErosParser *self)
{
  switch (eros_parser_peek (self)->kind)
    {
    case EROS_TOKEN_INT:
      return parse_literal (self, EROS_AST_LITERAL_INT);
    case EROS_TOKEN_FLOAT:
      return parse_literal (self, EROS_AST_LITERAL_FLOAT);
    case EROS_TOKEN_STRING:
      return parse_literal (self, EROS_AST_LITERAL_STRING);
    case EROS_TOKEN_BYTES:
      return parse_literal (self, EROS_AST_LITERAL_BYTES);
    case EROS_TOKEN_QUOTED_WORD:
      return parse_path_or_call (self);
    case EROS_TOKEN_WORD:
      return parse_word (self);
    case EROS_TOKEN_SYMBOL:
      return parse_symbol (self);
    case EROS_TOKEN_END:
    case EROS_TOKEN_ERROR:
    default:
      eros_parser_unexpected (self);
      return begin (self, EROS_AST_DEFAULT);
    }
}

/* Suffixes: [index], .field */

static ErosAstSubscriptKind
subscript_kind (ErosParser *self)
{
  static const struct
  {
    ErosKeyword keyword;
    ErosAstSubscriptKind kind;
  } kinds[] = {
    { EROS_KEYWORD_OFFSET, EROS_AST_SUBSCRIPT_OFFSET },
    { EROS_KEYWORD_ORDINAL, EROS_AST_SUBSCRIPT_ORDINAL },
    { EROS_KEYWORD_SAFE_OFFSET, EROS_AST_SUBSCRIPT_SAFE_OFFSET },
    { EROS_KEYWORD_SAFE_ORDINAL, EROS_AST_SUBSCRIPT_SAFE_ORDINAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (eros_parser_is_word (self, kinds[i].keyword) && eros_parser_is_symbol_at (self, 1, '('))
      return kinds[i].kind;
  return EROS_AST_SUBSCRIPT_PLAIN;
}

static ErosAstExpr *
parse_subscript (ErosParser *self, ErosAstExpr *operand)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_SUBSCRIPT, &operand->span);

  expr->subscript.operand = operand;
  eros_parser_advance (self);
  expr->subscript.kind = subscript_kind (self);
  if (expr->subscript.kind == EROS_AST_SUBSCRIPT_PLAIN)
    expr->subscript.index = eros_parser_expression (self);
  else
    {
      eros_parser_advance (self);
      eros_parser_expect_symbol (self, '(');
      expr->subscript.index = eros_parser_expression (self);
      eros_parser_expect_symbol (self, ')');
    }
  if (!eros_parser_accept_symbol (self, ']'))
    eros_parser_unexpected (self);
  return finish (self, expr);
}

static ErosAstExpr *
parse_field (ErosParser *self, ErosAstExpr *operand)
{
  ErosAstExpr *expr = eros_parser_new_expr (self, EROS_AST_FIELD, &operand->span);
  const ErosToken *token;

  eros_parser_advance (self);
  token = eros_parser_peek (self);
  if (token->kind == EROS_TOKEN_SYMBOL && token->symbol == '(')
    eros_parser_unsupported (self, &token->span, "An extension field");
  if (token->kind != EROS_TOKEN_WORD && token->kind != EROS_TOKEN_QUOTED_WORD)
    eros_parser_unexpected (self);
  expr->field.operand = operand;
  expr->field.name.text = token->text;
  expr->field.name.quoted = token->kind == EROS_TOKEN_QUOTED_WORD;
  expr->field.name.span = token->span;
  eros_parser_advance (self);
  if (eros_parser_is_symbol (self, '('))
    eros_parser_unsupported (self, &expr->field.name.span, "A chained function call");
  return finish (self, expr);
}

ErosAstExpr *
eros_parser_primary (ErosParser *self)
{
  ErosAstExpr *expr = parse_operand (self);
  guint chain = 0;

  while (TRUE)
    {
      if (++chain > EROS_PARSER_MAX_DEPTH)
        eros_parser_too_deep (self);
      if (eros_parser_is_symbol (self, '['))
        expr = parse_subscript (self, expr);
      else if (eros_parser_is_symbol (self, '.') && !eros_parser_is_symbol_at (self, 1, '*'))
        expr = parse_field (self, expr);
      else
        return expr;
    }
}
