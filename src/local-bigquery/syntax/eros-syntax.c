/* eros-syntax.c: the parser's front door
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-syntax.h"

#include <string.h>
#include "eros-parser-private.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (syntax)

struct _ErosScript
{
  gatomicrefcount references;
  ErosArena *arena;
  const char *text;
  ErosAstStatements statements;
  const ErosAstExpr *expression;
  const ErosAstType *type;
  ErosAstPath path;
  guint n_positional;
};

static ErosScript *
script_new (const char *sql, gsize length)
{
  ErosScript *script = g_new0 (ErosScript, 1);

  g_atomic_ref_count_init (&script->references);
  script->arena = eros_arena_new ();
  script->text = eros_arena_strndup (script->arena, sql, length);
  return script;
}

static gboolean
check_text (const char *sql, gsize length, GError **error)
{
  const char *bad;

  if (length > EROS_SYNTAX_MAX_LENGTH)
    {
      g_set_error (
        error, EROS_SYNTAX_ERROR, EROS_SYNTAX_ERROR_TOO_LARGE,
        "The query is too large. The maximum standard SQL query length is %.2fK characters, including "
        "comments and white space characters.",
        EROS_SYNTAX_MAX_LENGTH / 1024.0);
      return FALSE;
    }
  if (!g_utf8_validate_len (sql, length, &bad))
    {
      guint line = 1;

      for (const char *c = sql; c < bad; c++)
        line += *c == '\n';
      g_set_error (error, EROS_SYNTAX_ERROR, EROS_SYNTAX_ERROR_INVALID,
                   "Query text is not valid UTF-8: byte %" G_GSIZE_FORMAT ", in line %u",
                   (gsize) (bad - sql) + 1, line);
      return FALSE;
    }
  return TRUE;
}

static gsize
without_trailing_space (const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return length;
}

typedef void (*ParseFunc) (ErosParser *parser, ErosScript *script);

static void
parse_statements (ErosParser *parser, ErosScript *script)
{
  script->statements = eros_parser_script (parser);
}

static void
parse_expression (ErosParser *parser, ErosScript *script)
{
  script->expression = eros_parser_expression (parser);
}

static void
parse_type (ErosParser *parser, ErosScript *script)
{
  script->type = eros_parser_type (parser, TRUE);
}

static void
parse_path (ErosParser *parser, ErosScript *script)
{
  eros_parser_table_path (parser, &script->path);
}

static ErosScript *
parse (const char *sql, gssize signed_length, ParseFunc func, GError **error)
{
  gsize length = signed_length < 0 ? strlen (sql) : (gsize) signed_length;
  ErosScript *script;
  ErosParser parser = { 0 };

  if (!check_text (sql, length, error))
    return NULL;

  script = script_new (sql, length);
  parser.arena = script->arena;
  parser.tokens = g_ptr_array_new ();
  parser.labels = g_ptr_array_new ();
  eros_lexer_init (&parser.lexer, script->arena, script->text, without_trailing_space (sql, length));

  func (&parser, script);
  if (!eros_parser_at_end (&parser))
    eros_parser_expected (&parser, "end of input");
  script->n_positional = parser.n_positional;

  g_ptr_array_unref (parser.tokens);
  g_ptr_array_unref (parser.labels);
  if (parser.error != NULL)
    {
      g_propagate_error (error, parser.error);
      eros_script_unref (script);
      return NULL;
    }
  return script;
}

/**
 * eros_syntax_parse:
 * @sql: the text of a script: any number of statements
 * @length: its length in bytes, or -1 if it ends in a NUL
 * @error: return location for %EROS_SYNTAX_ERROR; all but errors about the text as a whole end in " at
 * [line:column]"
 *
 * Parses @sql, which need not outlive the call. Knows no names and no types.
 *
 * Returns: (transfer full) (nullable): the script
 */
ErosScript *
eros_syntax_parse (const char *sql, gssize length, GError **error)
{
  return parse (sql, length, parse_statements, error);
}

/**
 * eros_syntax_parse_expression:
 * @sql: an expression: the body of a function, a default value
 *
 * As eros_syntax_parse(), for the text of one expression.
 *
 * Returns: (transfer full) (nullable): a script with an expression
 */
ErosScript *
eros_syntax_parse_expression (const char *sql, gssize length, GError **error)
{
  return parse (sql, length, parse_expression, error);
}

/**
 * eros_syntax_parse_type:
 * @sql: a type: ARRAY<STRUCT<a INT64 NOT NULL>>
 *
 * As eros_syntax_parse(), for the text of one type.
 *
 * Returns: (transfer full) (nullable): a script with a type
 */
ErosScript *
eros_syntax_parse_type (const char *sql, gssize length, GError **error)
{
  return parse (sql, length, parse_type, error);
}

/**
 * eros_syntax_parse_path:
 * @sql: the path of a table or routine, in any form of quoting
 *
 * As eros_syntax_parse(), for one path.
 *
 * Returns: (transfer full) (nullable): a script with a path
 */
ErosScript *
eros_syntax_parse_path (const char *sql, gssize length, GError **error)
{
  return parse (sql, length, parse_path, error);
}

/**
 * eros_script_ref:
 *
 * Returns: (transfer full): @script
 */
ErosScript *
eros_script_ref (ErosScript *script)
{
  g_atomic_ref_count_inc (&script->references);
  return script;
}

/**
 * eros_script_unref:
 *
 * Lets go of the tree; when the last reference is gone, so are all its nodes.
 */
void
eros_script_unref (ErosScript *script)
{
  if (!g_atomic_ref_count_dec (&script->references))
    return;
  eros_arena_free (script->arena);
  g_free (script);
}

/**
 * eros_script_get_statements:
 *
 * Returns: the statements; none when an expression, type or path was parsed
 */
const ErosAstStatements *
eros_script_get_statements (ErosScript *script)
{
  return &script->statements;
}

/**
 * eros_script_get_expression:
 *
 * Returns: (nullable): what eros_syntax_parse_expression() found
 */
const ErosAstExpr *
eros_script_get_expression (ErosScript *script)
{
  return script->expression;
}

/**
 * eros_script_get_type:
 *
 * Returns: (nullable): what eros_syntax_parse_type() found
 */
const ErosAstType *
eros_script_get_type (ErosScript *script)
{
  return script->type;
}

/**
 * eros_script_dup_span:
 * @span: of a node of @script
 *
 * Returns: (transfer full): the text of the node
 */
char *
eros_script_dup_span (ErosScript *script, const ErosAstSpan *span)
{
  return g_strndup (script->text + span->start, span->end - span->start);
}
