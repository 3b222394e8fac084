/* eros-parser.c: tokens, errors, names, paths, types and options
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

/* Tokens */

static const ErosToken *
token_at (ErosParser *self, guint index)
{
  static const ErosToken end = { .kind = EROS_TOKEN_END };
  ErosToken *token;

  while (index >= self->tokens->len)
    {
      token = self->tokens->len == 0 ? NULL : g_ptr_array_index (self->tokens, self->tokens->len - 1);
      if (token != NULL && (token->kind == EROS_TOKEN_END || token->kind == EROS_TOKEN_ERROR))
        return token;
      token = eros_arena_new_struct (self->arena, ErosToken);
      eros_lexer_next (&self->lexer, token);
      g_ptr_array_add (self->tokens, token);
    }
  return self->error != NULL ? &end : g_ptr_array_index (self->tokens, index);
}

const ErosToken *
eros_parser_peek_at (ErosParser *self, guint ahead)
{
  static const ErosToken end = { .kind = EROS_TOKEN_END };

  return self->error != NULL ? &end : token_at (self, self->at + ahead);
}

const ErosToken *
eros_parser_peek (ErosParser *self)
{
  return eros_parser_peek_at (self, 0);
}

/* The last token consumed. */
const ErosToken *
eros_parser_previous (ErosParser *self)
{
  return token_at (self, self->at > 0 ? self->at - 1 : 0);
}

gboolean
eros_parser_at_end (ErosParser *self)
{
  return eros_parser_peek (self)->kind == EROS_TOKEN_END;
}

void
eros_parser_advance (ErosParser *self)
{
  const ErosToken *token = eros_parser_peek (self);

  if (token->kind == EROS_TOKEN_ERROR)
    eros_parser_unexpected (self);
  else if (token->kind != EROS_TOKEN_END)
    self->at++;
}

gboolean
eros_parser_is_word_at (ErosParser *self, guint ahead, ErosKeyword keyword)
{
  const ErosToken *token = eros_parser_peek_at (self, ahead);

  return token->kind == EROS_TOKEN_WORD && token->keyword == keyword;
}

gboolean
eros_parser_is_word (ErosParser *self, ErosKeyword keyword)
{
  return eros_parser_is_word_at (self, 0, keyword);
}

/* For words that are no keywords of the grammar. */
gboolean
eros_parser_is_text_at (ErosParser *self, guint ahead, const char *word)
{
  const ErosToken *token = eros_parser_peek_at (self, ahead);

  return token->kind == EROS_TOKEN_WORD && g_ascii_strcasecmp (token->text, word) == 0;
}

gboolean
eros_parser_is_symbol_at (ErosParser *self, guint ahead, int symbol)
{
  const ErosToken *token = eros_parser_peek_at (self, ahead);

  return token->kind == EROS_TOKEN_SYMBOL && token->symbol == symbol;
}

gboolean
eros_parser_is_symbol (ErosParser *self, int symbol)
{
  return eros_parser_is_symbol_at (self, 0, symbol);
}

gboolean
eros_parser_accept (ErosParser *self, ErosKeyword keyword)
{
  if (!eros_parser_is_word (self, keyword))
    return FALSE;
  eros_parser_advance (self);
  return TRUE;
}

gboolean
eros_parser_accept_symbol (ErosParser *self, int symbol)
{
  if (!eros_parser_is_symbol (self, symbol))
    return FALSE;
  eros_parser_advance (self);
  return TRUE;
}

gboolean
eros_parser_expect (ErosParser *self, ErosKeyword keyword)
{
  g_autofree char *what = NULL;

  if (eros_parser_accept (self, keyword))
    return TRUE;
  what = g_strdup_printf ("keyword %s", eros_keyword_name (keyword));
  eros_parser_expected (self, what);
  return FALSE;
}

gboolean
eros_parser_expect_symbol (ErosParser *self, int symbol)
{
  char what[] = { '"', (char) symbol, '"', '\0' };

  if (eros_parser_accept_symbol (self, symbol))
    return TRUE;
  eros_parser_expected (self, what);
  return FALSE;
}

ErosAstSpan
eros_parser_span_from (ErosParser *self, const ErosAstSpan *start)
{
  ErosAstSpan span = *start;

  span.end = MAX (eros_parser_previous (self)->span.end, start->start);
  return span;
}

/* Errors */

static void
take_error (ErosParser *self, ErosSyntaxError code, const ErosAstSpan *span, const char *message)
{
  if (self->error == NULL)
    self->error = g_error_new (EROS_SYNTAX_ERROR, code, "%s at [%u:%u]", message, MAX (span->line, 1),
                               MAX (span->column, 1));
}

void
eros_parser_fail_at (ErosParser *self, const ErosAstSpan *span, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  take_error (self, EROS_SYNTAX_ERROR_INVALID, span, message);
}

void
eros_parser_unsupported (ErosParser *self, const ErosAstSpan *span, const char *what)
{
  g_autofree char *message = g_strdup_printf ("%s is not supported by the local BigQuery", what);

  take_error (self, EROS_SYNTAX_ERROR_UNSUPPORTED, span, message);
}

/* BigQuery's words for it. */
void
eros_parser_too_deep (ErosParser *self)
{
  take_error (self, EROS_SYNTAX_ERROR_TOO_LARGE, &eros_parser_peek (self)->span,
              "Resources exceeded during query execution: Not enough resources for query planning - too many "
              "subqueries or query is too complex");
}

gboolean
eros_parser_enter (ErosParser *self)
{
  self->depth++;
  if (self->depth <= EROS_PARSER_MAX_DEPTH)
    return TRUE;
  eros_parser_too_deep (self);
  return FALSE;
}

void
eros_parser_leave (ErosParser *self)
{
  self->depth--;
}

/* As in the text; long ones are cut. */
static char *
quote_source (ErosParser *self, const ErosToken *token)
{
  const guint max = 50;
  const char *source = self->lexer.text + token->span.start;
  guint length = token->span.end - token->span.start;
  const char *end = source + max - 1;

  if (length <= max)
    return g_strndup (source, length);
  while (((guchar) *end & 0xC0) == 0x80)
    end--;
  return g_strdup_printf ("%.*s...%c", (int) (end - source), source, source[length - 1]);
}

static char *
describe (ErosParser *self, const ErosToken *token)
{
  g_autofree char *source = quote_source (self, token);

  switch (token->kind)
    {
    case EROS_TOKEN_WORD:
      return token->keyword == EROS_KEYWORD_NONE
               ? g_strdup_printf ("identifier \"%s\"", token->text)
               : g_strdup_printf ("keyword %s", eros_keyword_name (token->keyword));
    case EROS_TOKEN_QUOTED_WORD:
      return g_strdup_printf ("identifier %s", source);
    case EROS_TOKEN_INT:
      return g_strdup_printf ("integer literal \"%s\"", source);
    case EROS_TOKEN_FLOAT:
      return g_strdup_printf ("floating point literal \"%s\"", source);
    case EROS_TOKEN_STRING:
      return g_strdup_printf ("string literal %s", source);
    case EROS_TOKEN_BYTES:
      return g_strdup_printf ("bytes literal %s", source);
    case EROS_TOKEN_SYMBOL:
      return g_strdup_printf ("\"%s\"", source);
    case EROS_TOKEN_END:
    case EROS_TOKEN_ERROR:
    default:
      return g_strdup ("end of script");
    }
}

void
eros_parser_expected (ErosParser *self, const char *what)
{
  const ErosToken *token = eros_parser_peek (self);
  g_autofree char *got = NULL;

  if (self->error != NULL)
    return;
  got = describe (self, token);
  if (token->kind == EROS_TOKEN_ERROR)
    eros_parser_fail_at (self, &token->span, "Syntax error: %s", token->text);
  else if (token->keyword == EROS_KEYWORD_OVER)
    eros_parser_fail_at (self, &token->span, "Syntax error: OVER keyword must follow a function call");
  else if (what == NULL)
    eros_parser_fail_at (self, &token->span, "Syntax error: Unexpected %s", got);
  else
    eros_parser_fail_at (self, &token->span, "Syntax error: Expected %s but got %s", what, got);
}

void
eros_parser_unexpected (ErosParser *self)
{
  eros_parser_expected (self, NULL);
}

/* Names */

gboolean
eros_parser_is_name_at (ErosParser *self, guint ahead)
{
  const ErosToken *token = eros_parser_peek_at (self, ahead);

  return token->kind == EROS_TOKEN_QUOTED_WORD ||
         (token->kind == EROS_TOKEN_WORD && !eros_keyword_is_reserved (token->keyword));
}

static void
take_name (ErosParser *self, const ErosToken *token, ErosAstName *name)
{
  name->text = token->text == NULL ? "" : token->text;
  name->quoted = token->kind == EROS_TOKEN_QUOTED_WORD;
  name->span = token->span;
}

void
eros_parser_name (ErosParser *self, ErosAstName *name)
{
  take_name (self, eros_parser_peek (self), name);
  if (eros_parser_is_name_at (self, 0))
    eros_parser_advance (self);
  else
    eros_parser_unexpected (self);
}

const ErosAstName *
eros_parser_name_dup (ErosParser *self)
{
  ErosAstName *name = eros_arena_new_struct (self->arena, ErosAstName);

  eros_parser_name (self, name);
  return name;
}

/* [AS] name, or NULL */
const ErosAstName *
eros_parser_alias (ErosParser *self)
{
  if (eros_parser_accept (self, EROS_KEYWORD_AS) || eros_parser_is_name_at (self, 0))
    return eros_parser_name_dup (self);
  return NULL;
}

static ErosAstNames
take_names (ErosParser *self, GArray *array)
{
  return eros_parser_take (self, array, ErosAstNames);
}

/* (a, b) */
ErosAstNames
eros_parser_name_list (ErosParser *self)
{
  GArray *names = g_array_new (FALSE, TRUE, sizeof (ErosAstName));

  eros_parser_expect_symbol (self, '(');
  do
    {
      ErosAstName name;

      eros_parser_name (self, &name);
      g_array_append_val (names, name);
    }
  while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  return take_names (self, names);
}

/* Paths */

/* What follows a dot is a name whatever it is. */
static void
path_rest (ErosParser *self, GArray *parts, ErosAstPath *path)
{
  while (eros_parser_is_symbol (self, '.') && (eros_parser_peek_at (self, 1)->kind == EROS_TOKEN_WORD ||
                                               eros_parser_peek_at (self, 1)->kind == EROS_TOKEN_QUOTED_WORD))
    {
      ErosAstName name;

      eros_parser_advance (self);
      take_name (self, eros_parser_peek (self), &name);
      eros_parser_advance (self);
      g_array_append_val (parts, name);
    }
  path->span = eros_parser_span_from (self, &g_array_index (parts, ErosAstName, 0).span);
  path->parts = eros_arena_steal_array (self->arena, parts, &path->n_parts);
}

/* a.b.c in an expression; stops before ".*" */
void
eros_parser_path (ErosParser *self, ErosAstPath *path)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
  ErosAstName name;

  eros_parser_name (self, &name);
  g_array_append_val (parts, name);
  path_rest (self, parts, path);
}

/* Where the first part of a path ends. The dots of a domain, “example.com:team”, are a project's own. */
static const char *
end_of_first (const char *text)
{
  const char *colon = strchr (text, ':');
  const char *dot = strchr (text, '.');

  return colon != NULL && dot != NULL && dot < colon ? strchr (colon, '.') : dot;
}

static void
append_split (ErosParser *self, GArray *parts, const ErosAstName *name)
{
  const char *rest = name->text;

  while (rest != NULL)
    {
      const char *end = !name->quoted ? NULL : rest == name->text ? end_of_first (rest) : strchr (rest, '.');
      gsize length = end != NULL ? (gsize) (end - rest) : strlen (rest);
      ErosAstName piece = *name;

      if (length == 0)
        eros_parser_fail_at (self, &name->span, "Invalid empty identifier in path `%s`", name->text);
      piece.text = eros_arena_strndup (self->arena, rest, length);
      g_array_append_val (parts, piece);
      rest = end != NULL ? end + 1 : NULL;
    }
}

/* BigQuery reads `a.b.c` in one pair of quotes as three parts where a table, routine or data set is meant. */
void
eros_parser_split_path (ErosParser *self, ErosAstPath *path)
{
  GArray *parts;

  for (guint i = 0; i < path->n_parts; i++)
    if (path->parts[i].quoted && strchr (path->parts[i].text, '.') != NULL)
      {
        parts = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
        for (guint j = 0; j < path->n_parts; j++)
          append_split (self, parts, &path->parts[j]);
        path->parts = eros_arena_steal_array (self->arena, parts, &path->n_parts);
        return;
      }
}

/* A path whose first part may have dashes: my-project.d.t */
void
eros_parser_table_path (ErosParser *self, ErosAstPath *path)
{
  const ErosToken *first = eros_parser_peek (self);
  ErosToken *dashed = eros_arena_new_struct (self->arena, ErosToken);

  if (first->kind == EROS_TOKEN_WORD && !eros_keyword_is_reserved (first->keyword) &&
      eros_lexer_scan_dashed (&self->lexer, first, dashed))
    {
      g_ptr_array_set_size (self->tokens, self->at);
      g_ptr_array_add (self->tokens, dashed);
    }
  else if (first->kind == EROS_TOKEN_WORD && eros_parser_is_symbol_at (self, 1, '-'))
    {
      eros_parser_advance (self);
      eros_parser_unexpected (self);
    }

  eros_parser_path (self, path);
  eros_parser_split_path (self, path);
}

/* Types */

static ErosAstType *
new_type (ErosParser *self, ErosAstTypeKind kind)
{
  ErosAstType *type = eros_arena_new_struct (self->arena, ErosAstType);

  type->kind = kind;
  type->span = eros_parser_peek (self)->span;
  return type;
}

/* The ">" that ends ARRAY<…>; the token ">>" ends two of them. */
static void
expect_close_angle (ErosParser *self)
{
  ErosToken *token;

  if (self->error == NULL && eros_parser_is_symbol (self, EROS_SYMBOL_SHIFT_RIGHT))
    {
      token = g_ptr_array_index (self->tokens, self->at);
      token->symbol = '>';
      token->span.start++;
      token->span.column++;
    }
  else if (!eros_parser_accept_symbol (self, '>'))
    eros_parser_expected (self, "\">\"");
}

static void
array_type (ErosParser *self, ErosAstType *type, gboolean in_columns)
{
  eros_parser_advance (self);
  if (!eros_parser_accept_symbol (self, '<'))
    eros_parser_expected (self, "\"<\"");
  type->element = eros_parser_type (self, in_columns);
  expect_close_angle (self);
}

static void
struct_field (ErosParser *self, ErosAstField *field, gboolean in_columns)
{
  const ErosToken *next = eros_parser_peek_at (self, 1);

  /* "a INT64" against "INT64", "a.b", "STRING (10)" */
  if (eros_parser_is_name_at (self, 0) &&
      (next->kind == EROS_TOKEN_WORD || next->kind == EROS_TOKEN_QUOTED_WORD) &&
      next->keyword != EROS_KEYWORD_NOT && next->keyword != EROS_KEYWORD_OPTIONS &&
      next->keyword != EROS_KEYWORD_COLLATE)
    field->name = eros_parser_name_dup (self);
  field->type = eros_parser_type (self, in_columns);
  if (!in_columns)
    return;
  if (eros_parser_accept (self, EROS_KEYWORD_NOT))
    field->not_null = eros_parser_expect (self, EROS_KEYWORD_NULL);
  if (eros_parser_is_word (self, EROS_KEYWORD_OPTIONS))
    field->options = eros_parser_options (self);
}

static void
struct_type (ErosParser *self, ErosAstType *type, gboolean in_columns)
{
  GArray *fields;

  eros_parser_advance (self);
  if (eros_parser_accept_symbol (self, EROS_SYMBOL_NOT_EQUAL))
    return;
  if (!eros_parser_accept_symbol (self, '<'))
    eros_parser_expected (self, "\"<\"");
  fields = g_array_new (FALSE, TRUE, sizeof (ErosAstField));
  if (!eros_parser_is_symbol (self, '>'))
    do
      {
        ErosAstField field = { 0 };

        struct_field (self, &field, in_columns);
        g_array_append_val (fields, field);
      }
    while (eros_parser_accept_symbol (self, ','));
  type->fields = eros_arena_steal_array (self->arena, fields, &type->n_fields);
  expect_close_angle (self);
}

static void
type_parameters (ErosParser *self, ErosAstType *type)
{
  GArray *parameters = g_array_new (FALSE, TRUE, sizeof (ErosAstExpr *));

  eros_parser_expect_symbol (self, '(');
  do
    {
      ErosTokenKind kind = eros_parser_peek (self)->kind;
      ErosAstExpr *parameter;

      if (kind != EROS_TOKEN_INT && !eros_parser_is_text_at (self, 0, "MAX"))
        eros_parser_unexpected (self);
      parameter = eros_parser_primary (self);
      g_array_append_val (parameters, parameter);
    }
  while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  type->parameters = eros_parser_take (self, parameters, ErosAstExprs);
}

/* COLLATE '…': all collations but the empty one are left out. */
void
eros_parser_collate (ErosParser *self)
{
  const ErosAstSpan span = eros_parser_peek (self)->span;

  if (!eros_parser_accept (self, EROS_KEYWORD_COLLATE))
    return;
  if (*eros_parser_string (self) != '\0')
    eros_parser_unsupported (self, &span, "COLLATE");
}

/* @in_columns: NOT NULL and OPTIONS may stand in fields, as in the columns of a table */
ErosAstType *
eros_parser_type (ErosParser *self, gboolean in_columns)
{
  ErosAstType *type;

  if (!eros_parser_enter (self))
    return new_type (self, EROS_AST_TYPE_SIMPLE);

  if (eros_parser_is_word (self, EROS_KEYWORD_ARRAY))
    array_type (self, type = new_type (self, EROS_AST_TYPE_ARRAY), in_columns);
  else if (eros_parser_is_word (self, EROS_KEYWORD_STRUCT))
    struct_type (self, type = new_type (self, EROS_AST_TYPE_STRUCT), in_columns);
  else if (eros_parser_is_word (self, EROS_KEYWORD_RANGE))
    array_type (self, type = new_type (self, EROS_AST_TYPE_RANGE), FALSE);
  else if (eros_parser_is_word (self, EROS_KEYWORD_INTERVAL))
    {
      GArray *parts = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
      ErosAstName name;

      type = new_type (self, EROS_AST_TYPE_SIMPLE);
      take_name (self, eros_parser_peek (self), &name);
      g_array_append_val (parts, name);
      eros_parser_advance (self);
      type->name.span = type->span;
      type->name.parts = eros_arena_steal_array (self->arena, parts, &type->name.n_parts);
    }
  else
    {
      type = new_type (self, EROS_AST_TYPE_SIMPLE);
      eros_parser_path (self, &type->name);
      if (eros_parser_is_symbol (self, '('))
        type_parameters (self, type);
    }
  type->span = eros_parser_span_from (self, &type->span);
  eros_parser_collate (self);

  eros_parser_leave (self);
  return type;
}

/* OPTIONS (a = 1, …), if it is there */
ErosAstOptions
eros_parser_options (ErosParser *self)
{
  ErosAstOptions none = { .span = eros_parser_peek (self)->span };

  return eros_parser_is_word (self, EROS_KEYWORD_OPTIONS) ? eros_parser_option_list (self) : none;
}

/* A word and (a = 1, …) */
ErosAstOptions
eros_parser_option_list (ErosParser *self)
{
  ErosAstOptions options = { .span = eros_parser_peek (self)->span, .present = TRUE };
  GArray *items;

  eros_parser_advance (self);
  items = g_array_new (FALSE, TRUE, sizeof (ErosAstOption));
  eros_parser_expect_symbol (self, '(');
  if (!eros_parser_is_symbol (self, ')'))
    do
      {
        ErosAstOption option;

        eros_parser_name (self, &option.name);
        eros_parser_expect_symbol (self, '=');
        option.value = eros_parser_expression (self);
        g_array_append_val (items, option);
      }
    while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  options.items = eros_arena_steal_array (self->arena, items, &options.length);
  options.span = eros_parser_span_from (self, &options.span);
  return options;
}

const char *
eros_parser_string (ErosParser *self)
{
  const char *text = eros_parser_peek (self)->text;

  if (eros_parser_peek (self)->kind != EROS_TOKEN_STRING)
    {
      eros_parser_expected (self, "string literal");
      return "";
    }
  eros_parser_advance (self);
  return text;
}
