/* eros-parse-operators.c: what may stand after a table: PIVOT, UNPIVOT, TABLESAMPLE
 *
 * Each becomes the query that says the same in other words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

#define ROWS "$unpivoted"

/* ---- PIVOT --------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosAstExpr *expr;
  const char *name; /* (nullable) */
} Named;

typedef struct
{
  GArray *aggregates; /* of Named */
  GArray *values;     /* of Named */
  ErosAstExpr *input;
  GArray *mentioned; /* of ErosAstName: columns that are used, and so do not come through */
} Pivot;

/* All words from token @from on that are no function's name. */
static void
note_mentioned (ErosParser *self, guint from, GArray *mentioned)
{
  for (guint i = from; i < self->at; i++)
    {
      const ErosToken *token = g_ptr_array_index (self->tokens, i);
      const ErosToken *next = i + 1 < self->tokens->len ? g_ptr_array_index (self->tokens, i + 1) : token;
      gboolean known = FALSE;

      if ((token->kind != EROS_TOKEN_WORD && token->kind != EROS_TOKEN_QUOTED_WORD) ||
          (next->kind == EROS_TOKEN_SYMBOL && next->symbol == '('))
        continue;
      for (guint j = 0; j < mentioned->len && !known; j++)
        known = g_ascii_strcasecmp (g_array_index (mentioned, ErosAstName, j).text, token->text) == 0;
      if (!known)
        g_array_append_vals (mentioned, eros_build_name (self, token->text, &token->span), 1);
    }
}

static void
parse_aggregates (ErosParser *self, Pivot *pivot)
{
  do
    {
      guint start = self->at;
      Named aggregate = { eros_parser_expression (self), NULL };
      const ErosAstName *alias = NULL;

      if (self->error != NULL)
        return;
      if (aggregate.expr->kind != EROS_AST_CALL || aggregate.expr->call.over != NULL)
        eros_parser_fail_at (self, &aggregate.expr->span,
                             "PIVOT expression must be an aggregate function call");
      note_mentioned (self, start, pivot->mentioned);
      alias = eros_parser_alias (self);
      aggregate.name = alias != NULL ? alias->text : NULL;
      g_array_append_val (pivot->aggregates, aggregate);
    }
  while (eros_parser_accept_symbol (self, ','));
  for (guint i = 0; pivot->aggregates->len > 1 && i < pivot->aggregates->len; i++)
    if (g_array_index (pivot->aggregates, Named, i).name == NULL)
      eros_parser_fail_at (
        self, &g_array_index (pivot->aggregates, Named, i).expr->span,
        "PIVOT expression must specify an alias unless it is the only pivot expression in the PIVOT clause");
}

/* 1.5 is _1_point_5, -1 is minus_1. */
static char *
name_of_number (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 2);
  g_autofree char *joined = g_strjoinv ("_point_", parts);

  return joined[0] == '-' ? g_strdup_printf ("minus_%s", joined + 1) : g_strdup_printf ("_%s", joined);
}

static char *
name_of_literal (const ErosAstExpr *expr)
{
  const ErosAstLiteral *literal = &expr->literal;
  g_autofree char *text = literal->text != NULL ? g_strndup (literal->text, literal->length) : NULL;
  char *name = NULL;

  switch (literal->kind)
    {
    case EROS_AST_LITERAL_NULL:
      return g_strdup ("NULL");
    case EROS_AST_LITERAL_BOOL:
      return g_strdup (literal->boolean ? "true" : "false");
    case EROS_AST_LITERAL_STRING:
      return g_steal_pointer (&text);
    case EROS_AST_LITERAL_INT:
    case EROS_AST_LITERAL_NUMERIC:
    case EROS_AST_LITERAL_BIGNUMERIC:
      return name_of_number (text);
    case EROS_AST_LITERAL_DATE:
    case EROS_AST_LITERAL_TIME:
    case EROS_AST_LITERAL_DATETIME:
    case EROS_AST_LITERAL_TIMESTAMP:
      name = g_strdup_printf ("_%s", text);
      for (char *p = name; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p))
          *p = '_';
      return name;
    case EROS_AST_LITERAL_FLOAT:
    case EROS_AST_LITERAL_BYTES:
    case EROS_AST_LITERAL_JSON:
    default:
      return NULL;
    }
}

/* What a value is called that has no alias; NULL: it needs one. */
static char *
name_of_value (const ErosAstExpr *expr)
{
  if (expr->kind == EROS_AST_UNARY && expr->unary.op == EROS_AST_MINUS &&
      expr->unary.operand->kind == EROS_AST_LITERAL)
    {
      g_autofree char *name = name_of_literal (expr->unary.operand);

      return name != NULL ? g_strdup_printf ("minus%s", name) : NULL;
    }
  return expr->kind == EROS_AST_LITERAL ? name_of_literal (expr) : NULL;
}

static void
parse_values (ErosParser *self, Pivot *pivot)
{
  eros_parser_expect_symbol (self, '(');
  do
    {
      Named value = { eros_parser_expression (self), NULL };
      const ErosAstName *alias = self->error == NULL ? eros_parser_alias (self) : NULL;

      if (self->error != NULL)
        return;
      value.name = alias != NULL ? alias->text : NULL;
      if (value.name == NULL)
        {
          g_autofree char *name = name_of_value (value.expr);

          if (name == NULL)
            eros_parser_fail_at (self, &value.expr->span,
                                 "PIVOT values must be literals, or have an alias: this one needs one");
          else
            value.name = eros_arena_strndup (self->arena, name, strlen (name));
        }
      g_array_append_val (pivot->values, value);
    }
  while (eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, ')');
}

/* @aggregate over the rows whose input is @value */
static ErosAstExpr *
restrict_call (ErosParser *self, const Pivot *pivot, const ErosAstExpr *aggregate, ErosAstExpr *value)
{
  ErosAstExpr *condition = eros_build_binary (self, EROS_AST_IS_DISTINCT_FROM, TRUE, pivot->input, value);
  ErosAstExpr *call = eros_parser_new_expr (self, EROS_AST_CALL, &aggregate->span);
  const char *name = aggregate->call.function.parts[aggregate->call.function.n_parts - 1].text;
  ErosAstArgument *arguments = NULL;
  guint n = aggregate->call.n_arguments;

  call->call = aggregate->call;
  if (n == 0 || aggregate->call.arguments[0].kind == EROS_AST_ARGUMENT_STAR)
    return eros_build_call_of (self, "COUNTIF", condition, &aggregate->span);
  if (g_ascii_strcasecmp (name, "ANY_VALUE") == 0 && call->call.having == EROS_AST_HAVING_NONE)
    {
      call->call.having = EROS_AST_HAVING_MAX;
      call->call.having_expr = condition;
      return eros_build_if (self, eros_build_call_of (self, "LOGICAL_OR", condition, &aggregate->span), call);
    }
  if (g_ascii_strcasecmp (name, "ARRAY_AGG") == 0)
    call->call.nulls = EROS_AST_IGNORE_NULLS;
  arguments = eros_arena_alloc (self->arena, sizeof *arguments * n);
  memcpy (arguments, aggregate->call.arguments, sizeof *arguments * n);
  arguments[0].expr = eros_build_if (self, condition, arguments[0].expr);
  call->call.arguments = arguments;
  return call;
}

static ErosAstFrom *
build_pivot (ErosParser *self, Pivot *pivot, ErosAstFrom *source, const ErosAstSpan *span)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));
  ErosAstSelectItem star = { .kind = EROS_AST_SELECT_STAR, .span = *span, .lenient = TRUE };
  ErosAstQuery *query;

  star.except = eros_parser_take (self, pivot->mentioned, ErosAstNames);
  g_array_append_val (items, star);
  for (guint i = 0; i < pivot->values->len; i++)
    for (guint j = 0; j < pivot->aggregates->len; j++)
      {
        const Named *value = &g_array_index (pivot->values, Named, i);
        const Named *aggregate = &g_array_index (pivot->aggregates, Named, j);
        ErosAstSelectItem item = { .kind = EROS_AST_SELECT_EXPR, .span = *span };
        g_autofree char *name =
          aggregate->name != NULL
            ? g_strdup_printf ("%s_%s", aggregate->name, value->name + (*value->name == '_'))
            : g_strdup (value->name);

        item.expr = restrict_call (self, pivot, aggregate->expr, value->expr);
        item.alias = eros_build_name (self, name, span);
        g_array_append_val (items, item);
      }
  query = eros_build_select (self, items, source, span);
  query->body->select.group_by = (ErosAstGroupBy){ .present = TRUE, .all = TRUE, .span = *span };
  return eros_build_subquery (self, query, NULL);
}

/* PIVOT (aggregate [AS name], … FOR input IN (value [AS name], …)) */
static ErosAstFrom *
parse_pivot (ErosParser *self, ErosAstFrom *source)
{
  ErosAstSpan span = eros_parser_peek (self)->span;
  g_autoptr (GArray) aggregates = g_array_new (FALSE, TRUE, sizeof (Named));
  g_autoptr (GArray) values = g_array_new (FALSE, TRUE, sizeof (Named));
  Pivot pivot = { aggregates, values, NULL, g_array_new (FALSE, TRUE, sizeof (ErosAstName)) };
  guint start = 0;

  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  parse_aggregates (self, &pivot);
  eros_parser_expect (self, EROS_KEYWORD_FOR);
  start = self->at;
  pivot.input = eros_parser_primary (self);
  note_mentioned (self, start, pivot.mentioned);
  eros_parser_expect (self, EROS_KEYWORD_IN);
  parse_values (self, &pivot);
  eros_parser_expect_symbol (self, ')');
  if (self->error != NULL)
    {
      g_array_unref (pivot.mentioned);
      return source;
    }
  return build_pivot (self, &pivot, source, &span);
}

/* ---- UNPIVOT ------------------------------------------------------------------------------------------- */

/* a, or (a, b): names */
static ErosAstNames
parse_names (ErosParser *self)
{
  GArray *names;
  ErosAstName name;

  if (eros_parser_is_symbol (self, '('))
    return eros_parser_name_list (self);
  names = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
  eros_parser_name (self, &name);
  g_array_append_val (names, name);
  return eros_parser_take (self, names, ErosAstNames);
}

typedef struct
{
  ErosAstNames values;      /* the columns that come to be */
  const ErosAstName *label; /* and the one that tells where a value is from */
  GArray *columns;          /* of ErosAstName: what goes */
  GArray *rows;             /* of ErosAstExpr *: STRUCTs of values and label */
} Unpivot;

static void
parse_unpivot_row (ErosParser *self, Unpivot *unpivot)
{
  ErosAstSpan span = eros_parser_peek (self)->span;
  ErosAstNames columns = parse_names (self);
  ErosAstExpr *row = eros_parser_new_expr (self, EROS_AST_STRUCT, &span);
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstStructItem));
  g_autoptr (GString) label = g_string_new (NULL);
  ErosAstStructItem item = { NULL, NULL };

  if (self->error == NULL && columns.length != unpivot->values.length)
    eros_parser_fail_at (self, &span,
                         "The number of columns in each UNPIVOT group must be that of the values");
  for (guint i = 0; i < columns.length && self->error == NULL; i++)
    {
      item.name = &unpivot->values.items[i];
      item.expr = eros_build_path (self, NULL, columns.items[i].text, &columns.items[i].span);
      g_array_append_val (items, item);
      g_array_append_val (unpivot->columns, columns.items[i]);
      g_string_append_printf (label, "%s%s", i > 0 ? "_" : "", columns.items[i].text);
    }
  item.name = unpivot->label;
  item.expr = eros_build_string (self, label->str, &span);
  if (eros_parser_accept (self, EROS_KEYWORD_AS) || eros_parser_peek (self)->kind == EROS_TOKEN_STRING ||
      eros_parser_peek (self)->kind == EROS_TOKEN_INT)
    item.expr = eros_parser_primary (self);
  g_array_append_val (items, item);
  row->struct_.items = eros_arena_steal_array (self->arena, items, &row->struct_.n_items);
  g_array_append_val (unpivot->rows, row);
}

/* The name under which @source's columns are seen; it gets one where it has none. */
static const char *
name_source (ErosParser *self, ErosAstFrom *source, const ErosAstSpan *span)
{
  const ErosAstName **alias = NULL;

  if (source->kind == EROS_AST_FROM_TABLE)
    {
      if (source->table.alias == NULL && source->table.path.n_parts > 0)
        return source->table.path.parts[source->table.path.n_parts - 1].text;
      alias = &source->table.alias;
    }
  else if (source->kind == EROS_AST_FROM_SUBQUERY)
    alias = &source->subquery.alias;
  else
    {
      eros_parser_unsupported (self, span, "UNPIVOT or TABLESAMPLE of anything but a table or a subquery");
      return "";
    }
  if (*alias == NULL)
    *alias = eros_build_name (self, "$source", span);
  return (*alias)->text;
}

static ErosAstFrom *
build_unpivot (ErosParser *self,
               Unpivot *unpivot,
               gboolean nulls,
               ErosAstFrom *source,
               const ErosAstSpan *span)
{
  const char *name = name_source (self, source, span);
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstSelectItem));
  GArray *conditions = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));
  ErosAstSelectItem item = { .kind = EROS_AST_SELECT_DOT_STAR, .span = *span, .lenient = TRUE };
  ErosAstFrom *unnest = eros_arena_new_struct (self->arena, ErosAstFrom);
  ErosAstFrom *join = eros_arena_new_struct (self->arena, ErosAstFrom);
  ErosAstExpr *array = eros_parser_new_expr (self, EROS_AST_ARRAY, span);
  ErosAstQuery *query;

  item.expr = eros_build_path (self, NULL, name, span);
  item.except = eros_parser_take (self, unpivot->columns, ErosAstNames);
  g_array_append_val (items, item);
  for (guint i = 0; i <= unpivot->values.length; i++)
    {
      const ErosAstName *column = i < unpivot->values.length ? &unpivot->values.items[i] : unpivot->label;
      ErosAstExpr *is_null = eros_parser_new_expr (self, EROS_AST_IS, span);

      item = (ErosAstSelectItem){ .kind = EROS_AST_SELECT_EXPR, .span = *span, .alias = column };
      item.expr = eros_build_path (self, ROWS, column->text, span);
      g_array_append_val (items, item);
      is_null->is = (ErosAstIs){ EROS_AST_IS_NULL, TRUE, item.expr };
      if (i < unpivot->values.length)
        g_array_append_val (conditions, is_null);
    }
  array->array.items = eros_parser_take (self, unpivot->rows, ErosAstExprs);
  unnest->kind = EROS_AST_FROM_UNNEST;
  unnest->span = *span;
  unnest->unnest.expr = array;
  unnest->unnest.alias = eros_build_name (self, ROWS, span);
  join->kind = EROS_AST_FROM_JOIN;
  join->span = *span;
  join->join =
    (ErosAstJoin){ .kind = EROS_AST_JOIN_COMMA, .left = source, .right = unnest, .op_span = *span };
  query = eros_build_select (self, items, join, span);
  if (nulls)
    g_array_unref (conditions);
  else
    query->body->select.where = eros_build_logical (self, TRUE, conditions);
  return eros_build_subquery (self, query, NULL);
}

/* UNPIVOT [INCLUDE NULLS | EXCLUDE NULLS] (values FOR label IN (columns [AS 'label'], …)) */
static ErosAstFrom *
parse_unpivot (ErosParser *self, ErosAstFrom *source)
{
  ErosAstSpan span = eros_parser_peek (self)->span;
  Unpivot unpivot = { .columns = g_array_new (FALSE, TRUE, sizeof (ErosAstName)),
                      .rows = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *)) };
  gboolean nulls = FALSE;

  eros_parser_advance (self);
  if (!eros_parser_is_symbol (self, '('))
    {
      nulls = eros_parser_is_text_at (self, 0, "INCLUDE");
      eros_parser_advance (self);
      eros_parser_expect (self, EROS_KEYWORD_NULLS);
    }
  eros_parser_expect_symbol (self, '(');
  unpivot.values = parse_names (self);
  eros_parser_expect (self, EROS_KEYWORD_FOR);
  unpivot.label = eros_parser_name_dup (self);
  eros_parser_expect (self, EROS_KEYWORD_IN);
  eros_parser_expect_symbol (self, '(');
  do
    parse_unpivot_row (self, &unpivot);
  while (self->error == NULL && eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, ')');
  eros_parser_expect_symbol (self, ')');
  if (self->error == NULL)
    return build_unpivot (self, &unpivot, nulls, source, &span);
  g_array_unref (unpivot.columns);
  g_array_unref (unpivot.rows);
  return source;
}

/* ---- TABLESAMPLE --------------------------------------------------------------------------------------- */

/* TABLESAMPLE SYSTEM (10 PERCENT): each row by chance, where BigQuery takes each block by chance */
static ErosAstFrom *
parse_sample (ErosParser *self, ErosAstFrom *source)
{
  ErosAstSpan span = eros_parser_peek (self)->span;
  const char *name = name_source (self, source, &span);
  ErosAstExpr *percent, *chance;
  ErosAstQuery *query;

  eros_parser_advance (self);
  if (!eros_parser_is_text_at (self, 0, "SYSTEM"))
    eros_parser_expected (self, "keyword SYSTEM");
  eros_parser_advance (self);
  eros_parser_expect_symbol (self, '(');
  percent = eros_parser_primary (self);
  if (!eros_parser_is_text_at (self, 0, "PERCENT"))
    eros_parser_expected (self, "keyword PERCENT");
  eros_parser_advance (self);
  eros_parser_expect_symbol (self, ')');
  if (self->error != NULL)
    return source;
  chance = eros_build_call_of (self, "RAND", NULL, &span);
  chance = eros_build_binary (
    self, EROS_AST_LESS, FALSE, chance,
    eros_build_binary (self, EROS_AST_DIVIDE, FALSE, percent, eros_build_integer (self, 100, &span)));
  query = eros_build_star (self, source, &span);
  query->body->select.where = chance;
  return eros_build_subquery (self, query, eros_build_name (self, name, &span));
}

gboolean
eros_parser_operator_here (ErosParser *self)
{
  return eros_parser_is_word (self, EROS_KEYWORD_TABLESAMPLE) ||
         (eros_parser_is_word (self, EROS_KEYWORD_PIVOT) && eros_parser_is_symbol_at (self, 1, '(')) ||
         (eros_parser_is_word (self, EROS_KEYWORD_UNPIVOT) &&
          (eros_parser_is_symbol_at (self, 1, '(') || eros_parser_is_text_at (self, 1, "INCLUDE") ||
           eros_parser_is_word_at (self, 1, EROS_KEYWORD_EXCLUDE)));
}

/* @source with all operators that follow it, each with its alias */
ErosAstFrom *
eros_parser_operators (ErosParser *self, ErosAstFrom *source)
{
  ErosAstFrom *from = source;

  while (self->error == NULL && eros_parser_operator_here (self))
    {
      if (eros_parser_is_word (self, EROS_KEYWORD_TABLESAMPLE))
        {
          from = parse_sample (self, from);
          continue;
        }
      from = eros_parser_is_word (self, EROS_KEYWORD_PIVOT) ? parse_pivot (self, from)
                                                            : parse_unpivot (self, from);
      if (self->error == NULL && !eros_parser_operator_here (self))
        from->subquery.alias = eros_parser_alias (self);
    }
  return from;
}
