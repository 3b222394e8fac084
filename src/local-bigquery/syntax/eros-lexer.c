/* eros-lexer.c: GoogleSQL text to tokens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-lexer.h"

#include <string.h>
#include "eros-literal.h"

#define TAB_WIDTH 8

void
eros_lexer_init (ErosLexer *lexer, ErosArena *arena, const char *text, gsize length)
{
  *lexer = (ErosLexer){ .text = text, .length = length, .line = 1, .column = 1, .arena = arena };
}

/* Goes back to read @token again. */
static void
eros_lexer_seek (ErosLexer *lexer, const ErosToken *token)
{
  lexer->offset = token->span.start;
  lexer->line = token->span.line;
  lexer->column = token->span.column;
}

static int
peek (const ErosLexer *lexer, gsize ahead)
{
  return lexer->offset + ahead < lexer->length ? (guchar) lexer->text[lexer->offset + ahead] : -1;
}

/* Over one byte, counting lines and characters. */
static void
step (ErosLexer *lexer)
{
  int c = peek (lexer, 0);

  lexer->offset++;
  if (c == '\n' || (c == '\r' && peek (lexer, 0) != '\n'))
    {
      lexer->line++;
      lexer->column = 1;
    }
  else if (c == '\t')
    lexer->column += TAB_WIDTH - (lexer->column - 1) % TAB_WIDTH;
  else if ((c & 0xC0) != 0x80 && c != '\r')
    lexer->column++;
}

static void
step_to (ErosLexer *lexer, gsize offset)
{
  while (lexer->offset < offset)
    step (lexer);
}

static void
begin (const ErosLexer *lexer, ErosToken *token)
{
  *token = (ErosToken){ .span = { lexer->offset, lexer->offset, lexer->line, lexer->column } };
}

static void
finish (const ErosLexer *lexer, ErosToken *token, ErosTokenKind kind)
{
  token->kind = kind;
  token->span.end = lexer->offset;
}

static void
fail (ErosToken *token, ErosArena *arena, const char *message)
{
  token->kind = EROS_TOKEN_ERROR;
  token->text = eros_arena_strndup (arena, message, strlen (message));
}

/* Spaces beyond ASCII that GoogleSQL takes for white space */
static gsize
wide_space (const ErosLexer *lexer)
{
  gunichar c;

  if (peek (lexer, 0) < 0x80)
    return 0;
  c = g_utf8_get_char (lexer->text + lexer->offset);
  if (c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
      c == 0x3000 || c == 0xFEFF)
    return g_unichar_to_utf8 (c, NULL);
  return 0;
}

static void
skip_line (ErosLexer *lexer)
{
  while (peek (lexer, 0) >= 0 && peek (lexer, 0) != '\n' && peek (lexer, 0) != '\r')
    step (lexer);
}

/* FALSE, with the error in @token, when a comment is not closed. */
static gboolean
skip_space (ErosLexer *lexer, ErosToken *token)
{
  while (lexer->offset < lexer->length)
    {
      int c = peek (lexer, 0);
      gsize wide = wide_space (lexer);

      if (c == ' ' || (c >= '\b' && c <= '\r'))
        step (lexer);
      else if (wide > 0)
        step_to (lexer, lexer->offset + wide);
      else if (c == '#' || (c == '-' && peek (lexer, 1) == '-'))
        skip_line (lexer);
      else if (c == '/' && peek (lexer, 1) == '*')
        {
          const char *rest = lexer->text + lexer->offset + 2;
          const char *close = g_strstr_len (rest, lexer->text + lexer->length - rest, "*/");

          if (close == NULL)
            {
              begin (lexer, token);
              fail (token, lexer->arena, "Unclosed comment");
              return FALSE;
            }
          step_to (lexer, close + 2 - lexer->text);
        }
      else
        break;
    }
  return TRUE;
}

static gboolean
is_name_start (int c)
{
  return c == '_' || (c < 0x80 && c >= 0 && g_ascii_isalpha (c));
}

static gboolean
is_name (int c)
{
  return is_name_start (c) || (c < 0x80 && c >= 0 && g_ascii_isdigit (c));
}

static void
scan_word (ErosLexer *lexer, ErosToken *token)
{
  while (is_name (peek (lexer, 0)))
    step (lexer);
  finish (lexer, token, EROS_TOKEN_WORD);
  token->length = token->span.end - token->span.start;
  token->text = eros_arena_strndup (lexer->arena, lexer->text + token->span.start, token->length);
  if (!lexer->after_dot)
    token->keyword = eros_keyword_lookup (token->text, token->length);
}

/* Counts the digits at @ahead. */
static gsize
digits (const ErosLexer *lexer, gsize ahead, gboolean hex)
{
  gsize n = 0;

  for (int c = peek (lexer, ahead); c >= 0 && c < 0x80 && (hex ? g_ascii_isxdigit (c) : g_ascii_isdigit (c));
       c = peek (lexer, ahead + n))
    n++;
  return n;
}

static gsize
exponent (const ErosLexer *lexer, gsize ahead)
{
  gsize sign;
  gsize n;

  if (peek (lexer, ahead) != 'e' && peek (lexer, ahead) != 'E')
    return 0;
  sign = peek (lexer, ahead + 1) == '+' || peek (lexer, ahead + 1) == '-';
  n = digits (lexer, ahead + 1 + sign, FALSE);
  return n == 0 ? 0 : 1 + sign + n;
}

static void
scan_number (ErosLexer *lexer, ErosToken *token)
{
  gboolean real = FALSE;
  gsize length;

  if (peek (lexer, 0) == '0' && (peek (lexer, 1) | 0x20) == 'x' && digits (lexer, 2, TRUE) > 0)
    length = 2 + digits (lexer, 2, TRUE);
  else
    {
      length = digits (lexer, 0, FALSE);
      if (peek (lexer, length) == '.')
        {
          real = TRUE;
          length += 1 + digits (lexer, length + 1, FALSE);
        }
      if (exponent (lexer, length) > 0)
        {
          real = TRUE;
          length += exponent (lexer, length);
        }
    }

  step_to (lexer, lexer->offset + length);
  if (is_name_start (peek (lexer, 0)))
    {
      begin (lexer, token);
      fail (token, lexer->arena, "Missing whitespace between literal and alias");
      return;
    }
  finish (lexer, token, real ? EROS_TOKEN_FLOAT : EROS_TOKEN_INT);
  token->length = length;
  token->text = eros_arena_strndup (lexer->arena, lexer->text + token->span.start, length);
}

/* How many characters of r, b, rb, br stand before a quote; -1 when none of these and no quote is here. */
static int
string_prefix (const ErosLexer *lexer, gboolean *raw, gboolean *bytes)
{
  *raw = *bytes = FALSE;
  for (int i = 0; i < 3; i++)
    {
      int c = peek (lexer, i);

      if (c == '"' || c == '\'')
        return i;
      if ((c == 'r' || c == 'R') && !*raw)
        *raw = TRUE;
      else if ((c == 'b' || c == 'B') && !*bytes)
        *bytes = TRUE;
      else
        return -1;
    }
  return -1;
}

/* The offset of the closing quote, or the text's length when there is none. */
static gsize
find_close (const ErosLexer *lexer, gsize from, char quote, gboolean triple)
{
  const char *text = lexer->text;
  gsize at = from;

  for (; at < lexer->length; at++)
    {
      if (text[at] == '\\' && at + 1 < lexer->length &&
          (triple || (text[at + 1] != '\n' && text[at + 1] != '\r')))
        at++;
      else if (text[at] == quote &&
               (!triple || (at + 2 < lexer->length && text[at + 1] == quote && text[at + 2] == quote)))
        return at;
      else if (!triple && (text[at] == '\n' || text[at] == '\r'))
        break;
    }
  return lexer->length;
}

static void
fail_unclosed (ErosLexer *lexer, ErosToken *token, gboolean triple, gboolean raw, gboolean bytes)
{
  g_autofree char *message = g_strdup_printf ("Unclosed %s%s%s literal", triple ? "triple-quoted " : "",
                                              raw ? "raw " : "", bytes ? "bytes" : "string");

  fail (token, lexer->arena, message);
}

/* Takes the text up to @close, unescaped; an error stands where the wrong escape is. */
static void
take_quoted (ErosLexer *lexer,
             ErosToken *token,
             ErosTokenKind kind,
             gsize close,
             gsize quotes,
             gboolean triple)
{
  gsize inner = lexer->offset;
  gsize wrong;
  g_autofree char *message = NULL;

  token->text = eros_literal_unescape (lexer->arena, lexer->text + inner, close - inner,
                                       kind == EROS_TOKEN_BYTES, triple, &token->length, &wrong, &message);
  if (token->text == NULL)
    {
      step_to (lexer, inner + wrong);
      begin (lexer, token);
      fail (token, lexer->arena, message);
      return;
    }
  step_to (lexer, close + quotes);
  finish (lexer, token, kind);
}

static void
take_raw (ErosLexer *lexer, ErosToken *token, ErosTokenKind kind, gsize close, gsize quotes)
{
  token->length = close - lexer->offset;
  token->text = eros_arena_strndup (lexer->arena, lexer->text + lexer->offset, token->length);
  step_to (lexer, close + quotes);
  finish (lexer, token, kind);
}

static void
scan_string (ErosLexer *lexer, ErosToken *token, gsize prefix, gboolean raw, gboolean bytes)
{
  ErosTokenKind kind = bytes ? EROS_TOKEN_BYTES : EROS_TOKEN_STRING;
  int quote = peek (lexer, prefix);
  gboolean triple = peek (lexer, prefix + 1) == quote && peek (lexer, prefix + 2) == quote;
  gsize quotes = triple ? 3 : 1;
  gsize inner = lexer->offset + prefix + quotes;
  gsize close = find_close (lexer, inner, quote, triple);

  if (close == lexer->length)
    {
      fail_unclosed (lexer, token, triple, raw, bytes);
      return;
    }
  step_to (lexer, inner);
  if (raw)
    take_raw (lexer, token, kind, close, quotes);
  else
    take_quoted (lexer, token, kind, close, quotes, triple);
}

static void
scan_quoted_word (ErosLexer *lexer, ErosToken *token)
{
  gsize close = find_close (lexer, lexer->offset + 1, '`', FALSE);

  if (close == lexer->length)
    fail (token, lexer->arena, "Unclosed identifier literal");
  else if (close == lexer->offset + 1)
    fail (token, lexer->arena, "Invalid empty identifier");
  else
    {
      step (lexer);
      take_quoted (lexer, token, EROS_TOKEN_QUOTED_WORD, close, 1, FALSE);
    }
}

static void
scan_symbol (ErosLexer *lexer, ErosToken *token)
{
  static const struct
  {
    char text[3];
    ErosSymbol symbol;
  } pairs[] = {
    { "!=", EROS_SYMBOL_NOT_EQUAL },     { "<>", EROS_SYMBOL_NOT_EQUAL },  { "<=", EROS_SYMBOL_LESS_EQUAL },
    { ">=", EROS_SYMBOL_GREATER_EQUAL }, { "<<", EROS_SYMBOL_SHIFT_LEFT }, { ">>", EROS_SYMBOL_SHIFT_RIGHT },
    { "||", EROS_SYMBOL_CONCAT },        { "=>", EROS_SYMBOL_ARROW },      { "->", EROS_SYMBOL_THIN_ARROW },
    { "@@", EROS_SYMBOL_DOUBLE_AT },     { "|>", EROS_SYMBOL_PIPE },
  };
  int c = peek (lexer, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (c == pairs[i].text[0] && peek (lexer, 1) == pairs[i].text[1])
      {
        step_to (lexer, lexer->offset + 2);
        finish (lexer, token, EROS_TOKEN_SYMBOL);
        token->symbol = pairs[i].symbol;
        return;
      }

  if (c > 0 && c < 0x80 && strchr ("()[]{},;.+-*/%&|^~<>=!?@:$", c) != NULL)
    {
      step (lexer);
      finish (lexer, token, EROS_TOKEN_SYMBOL);
      token->symbol = c;
      return;
    }

  {
    g_autofree char *shown = g_ascii_isprint (c) && c != '\\' ? g_strdup_printf ("%c", c)
                             : c == '\\'                      ? g_strdup ("\\\\")
                                                              : g_strdup_printf ("\\%03o", (guint) c);
    g_autofree char *message = g_strdup_printf ("Illegal input character \"%s\"", shown);

    fail (token, lexer->arena, message);
  }
}

static void
scan (ErosLexer *lexer, ErosToken *token)
{
  int c = peek (lexer, 0);
  gboolean raw;
  gboolean bytes;
  int prefix = string_prefix (lexer, &raw, &bytes);

  if (c < 0)
    finish (lexer, token, EROS_TOKEN_END);
  else if (prefix >= 0)
    scan_string (lexer, token, prefix, raw, bytes);
  else if (is_name_start (c) || (lexer->after_dot && is_name (c)))
    scan_word (lexer, token);
  else if (c == '`')
    scan_quoted_word (lexer, token);
  else if ((c < 0x80 && g_ascii_isdigit (c)) ||
           (c == '.' && !lexer->dot_is_access && digits (lexer, 1, FALSE) > 0))
    scan_number (lexer, token);
  else
    scan_symbol (lexer, token);
}

void
eros_lexer_next (ErosLexer *lexer, ErosToken *token)
{
  gboolean is_word;

  if (!skip_space (lexer, token))
    return;
  begin (lexer, token);
  scan (lexer, token);

  is_word = token->kind == EROS_TOKEN_QUOTED_WORD ||
            (token->kind == EROS_TOKEN_WORD && !eros_keyword_is_reserved (token->keyword));
  lexer->after_dot = token->kind == EROS_TOKEN_SYMBOL && token->symbol == '.' && lexer->dot_is_access;
  lexer->dot_is_access =
    is_word || (token->kind == EROS_TOKEN_SYMBOL && (token->symbol == ')' || token->symbol == ']'));
}

/*
 * eros_lexer_scan_dashed:
 * @first: the word that begins a table's path
 * @dashed: (out): the same word with all that hangs on it: my-project-1
 *
 * Only the path of a table may begin with a name with dashes, so only the parser knows when to look for one.
 *
 * Returns: whether there is a dash with a name right after it; the lexer then stands behind @dashed
 */
gboolean
eros_lexer_scan_dashed (ErosLexer *lexer, const ErosToken *first, ErosToken *dashed)
{
  gsize end = first->span.end;

  while (end + 1 < lexer->length && lexer->text[end] == '-' && is_name ((guchar) lexer->text[end + 1]))
    {
      end++;
      while (end < lexer->length && is_name ((guchar) lexer->text[end]))
        end++;
    }
  if (end == first->span.end)
    return FALSE;

  eros_lexer_seek (lexer, first);
  step_to (lexer, end);
  *dashed = *first;
  dashed->keyword = EROS_KEYWORD_NONE;
  finish (lexer, dashed, EROS_TOKEN_WORD);
  dashed->length = end - first->span.start;
  dashed->text = eros_arena_strndup (lexer->arena, lexer->text + first->span.start, dashed->length);
  lexer->after_dot = FALSE;
  lexer->dot_is_access = TRUE;
  return TRUE;
}
