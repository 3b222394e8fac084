/* eros-sql-script.c: a script as the statements that it consists of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-script.h"

#include <string.h>

typedef enum
{
  TOKEN_OTHER, /* a literal, a quoted name, a character */
  TOKEN_WORD,
} TokenType;

typedef struct
{
  TokenType type;
  gsize start;
  gsize end;
} Token;

struct _ErosSqlScript
{
  char *sql;
  GArray *tokens;     /* of Token, until it has been divided */
  GArray *statements; /* of ErosSqlStatement */
  GArray *parents;    /* of guint: the scope in which a scope is */
};

typedef struct
{
  ErosSqlScript *script;
  guint next; /* token */
  guint scope;
  guint depth;
  gboolean is_inside;
  gboolean is_conditional;
  gboolean is_body; /* of a procedure, which is one statement */
} Parser;

#define DEEPEST 100

static gboolean parse_list (Parser *self);

/* ---- tokens -------------------------------------------------------------------------------------------- */

/* https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical; in the order of the groups: blanks
 * and comments, words, all else. */
#define PATTERN                                                                                              \
  "((?:\\s|--[^\\n]*|#[^\\n]*|/\\*(?s:.*?)\\*/)++)"                                                          \
  "|(?:[rR]|[bB]|[rR][bB]|[bB][rR])?"                                                                        \
  "(?:\"\"\"(?s:[^\\\\\"]++|\\\\.|\"(?!\"\"))*+\"\"\"|'''(?s:[^\\\\']++|\\\\.|'(?!''))*+'''"                 \
  "|\"(?:[^\\\\\"\\n]|\\\\.)*+\"|'(?:[^\\\\'\\n]|\\\\.)*+'|`(?:[^\\\\`]|\\\\.)*+`)"                          \
  "|(@{0,2}[A-Za-z_][A-Za-z_0-9]*+)"                                                                         \
  "|(?s:.)"

static void
read_tokens (ErosSqlScript *self)
{
  g_autoptr (GRegex) regex = g_regex_new (PATTERN, G_REGEX_RAW | G_REGEX_OPTIMIZE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, self->sql, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      Token token = { TOKEN_OTHER, 0, 0 };
      int start;
      int end;
      int group;

      g_match_info_fetch_pos (match, 0, &start, &end);
      token.start = start;
      token.end = end;
      if (g_match_info_fetch_pos (match, 1, &group, NULL) && group >= 0)
        continue;
      if (g_match_info_fetch_pos (match, 2, &group, NULL) && group >= 0)
        token.type = TOKEN_WORD;
      g_array_append_val (self->tokens, token);
    }
}

static const Token *
token_at (Parser *self, guint ahead)
{
  GArray *tokens = self->script->tokens;

  return self->next + ahead < tokens->len ? &g_array_index (tokens, Token, self->next + ahead) : NULL;
}

static gboolean
is_sign (Parser *self, guint ahead, char sign)
{
  const Token *token = token_at (self, ahead);

  return token != NULL && token->end - token->start == 1 && self->script->sql[token->start] == sign;
}

/* A key word, and not the part of a name. */
static gboolean
is_word (Parser *self, guint ahead, const char *word)
{
  const Token *token = token_at (self, ahead);

  return token != NULL && token->type == TOKEN_WORD && token->end - token->start == strlen (word) &&
         g_ascii_strncasecmp (self->script->sql + token->start, word, strlen (word)) == 0 &&
         (self->next + ahead == 0 || token->start == 0 || self->script->sql[token->start - 1] != '.');
}

static gboolean
is_one_of (Parser *self, guint ahead, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (is_word (self, ahead, words[i]))
      return TRUE;
  return FALSE;
}

static gboolean
take_word (Parser *self, const char *word)
{
  gboolean is_it = is_word (self, 0, word);

  self->next += is_it;
  return is_it;
}

/* ---- statements ---------------------------------------------------------------------------------------- */

static guint
line_of (const char *sql, gsize place)
{
  guint line = 1;

  for (const char *end = memchr (sql, '\n', place); end != NULL;
       end = memchr (end + 1, '\n', place - (end + 1 - sql)))
    line++;
  return line;
}

/* From the token FIRST to the one before the next. MAKES: (nullable) (transfer full) */
static void
emit (Parser *self, guint first, ErosSqlStatementKind kind, char *makes)
{
  GArray *tokens = self->script->tokens;
  ErosSqlStatement statement = { .kind = kind,
                                 .start = g_array_index (tokens, Token, first).start,
                                 .end = g_array_index (tokens, Token, self->next - 1).end,
                                 .scope = self->scope,
                                 .is_inside = self->is_inside,
                                 .is_conditional = self->is_conditional,
                                 .makes = makes };

  statement.line = line_of (self->script->sql, statement.start);
  if (self->is_body)
    g_free (makes);
  else
    g_array_append_val (self->script->statements, statement);
}

/* Goes behind the next such word, or semicolon where WORD is NULL, that stands in no parentheses and no CASE
 * expression. */
static gboolean
skip_to (Parser *self, const char *word)
{
  guint parentheses = 0;
  guint cases = 0;

  for (; token_at (self, 0) != NULL; self->next++)
    {
      gboolean is_outside = parentheses == 0 && cases == 0;

      if (is_outside && (word != NULL ? is_word (self, 0, word) : is_sign (self, 0, ';')))
        {
          self->next++;
          return TRUE;
        }
      if (is_sign (self, 0, '(') || is_sign (self, 0, '['))
        parentheses++;
      else if ((is_sign (self, 0, ')') || is_sign (self, 0, ']')) && parentheses > 0)
        parentheses--;
      else if (is_word (self, 0, "CASE"))
        cases++;
      else if (is_word (self, 0, "END") && cases > 0)
        cases--;
    }
  /* The last statement needs no semicolon. */
  return word == NULL;
}

static gboolean
parse_head (Parser *self, const char *last_word)
{
  guint first = self->next++;

  if (!skip_to (self, last_word))
    return FALSE;
  emit (self, first, EROS_SQL_STATEMENT_CONTROL, NULL);
  return TRUE;
}

static gboolean
end_with (Parser *self, const char *word)
{
  return take_word (self, "END") && (word == NULL || take_word (self, word));
}

/* What may never run. */
static gboolean
parse_conditional (Parser *self)
{
  gboolean was_conditional = self->is_conditional;
  gboolean good;

  self->is_conditional = TRUE;
  good = parse_list (self);
  self->is_conditional = was_conditional;
  return good;
}

/* Any number of branches, each with a head, and one without. */
static gboolean
parse_branches (Parser *self, const char *next_branch, const char *end)
{
  if (!parse_head (self, "THEN") || !parse_conditional (self))
    return FALSE;
  while (is_word (self, 0, next_branch))
    if (!parse_head (self, "THEN") || !parse_conditional (self))
      return FALSE;
  if (take_word (self, "ELSE") && !parse_conditional (self))
    return FALSE;
  return end_with (self, end);
}

static gboolean
parse_inside (Parser *self)
{
  gboolean was_inside = self->is_inside;
  gboolean good;

  self->is_inside = TRUE;
  good = parse_conditional (self);
  self->is_inside = was_inside;
  return good;
}

static gboolean
parse_block (Parser *self)
{
  guint outer = self->scope;

  self->next++;
  self->scope = self->script->parents->len;
  g_array_append_val (self->script->parents, outer);
  if (!parse_list (self))
    return FALSE;
  self->scope = outer;
  if (take_word (self, "EXCEPTION") && (!skip_to (self, "THEN") || !parse_inside (self)))
    return FALSE;
  return end_with (self, NULL);
}

static gboolean
parse_repeat (Parser *self)
{
  guint first;

  self->next++;
  if (!parse_list (self) || !is_word (self, 0, "UNTIL"))
    return FALSE;
  first = self->next;
  if (!skip_to (self, "END") || !take_word (self, "REPEAT"))
    return FALSE;
  emit (self, first, EROS_SQL_STATEMENT_CONTROL, NULL);
  return TRUE;
}

static gboolean
parse_loop (Parser *self)
{
  self->next++;
  return parse_list (self) && end_with (self, "LOOP");
}

static gboolean
parse_while (Parser *self)
{
  return parse_head (self, "DO") && parse_conditional (self) && end_with (self, "WHILE");
}

static gboolean
parse_for (Parser *self)
{
  return parse_head (self, "DO") && parse_inside (self) && end_with (self, "FOR");
}

static gboolean
parse_if (Parser *self)
{
  return parse_branches (self, "ELSEIF", "IF");
}

static gboolean
parse_case (Parser *self)
{
  return parse_branches (self, "WHEN", "CASE");
}

/* The last part of the name that stands behind what kind of thing it is. (nullable) (transfer full) */
static char *
name_of_object (Parser *self, guint first)
{
  static const char *const words[] = { "OR",       "REPLACE",   "TEMP",         "TEMPORARY", "EXTERNAL",
                                       "SNAPSHOT", "TABLE",     "MATERIALIZED", "AGGREGATE", "VIEW",
                                       "FUNCTION", "PROCEDURE", "SCHEMA",       "IF",        "NOT",
                                       "EXISTS",   "SEARCH",    "INDEX",        "RECURSIVE", "VECTOR",
                                       "MODEL",    NULL };
  Parser at = { .script = self->script, .next = first + 1 };
  const Token *token;
  g_autofree char *name = NULL;
  const char *dot;

  while (is_one_of (&at, 0, words))
    at.next++;
  while (token_at (&at, 0) != NULL && (is_sign (&at, 1, '.') || is_sign (&at, 1, '-')))
    at.next += 2;
  token = token_at (&at, 0);
  if (token == NULL)
    return NULL;
  name = g_strndup (self->script->sql + token->start, token->end - token->start);
  g_strdelimit (name, "`", ' ');
  dot = strrchr (name, '.');
  return g_strstrip (g_strdup (dot != NULL ? dot + 1 : name));
}

static ErosSqlStatementKind
kind_of (Parser *self)
{
  static const struct
  {
    const char *word;
    ErosSqlStatementKind kind;
  } kinds[] = {
    { "DECLARE", EROS_SQL_STATEMENT_DECLARATION }, { "CALL", EROS_SQL_STATEMENT_CALL },
    { "EXECUTE", EROS_SQL_STATEMENT_EXECUTE },     { "BEGIN", EROS_SQL_STATEMENT_TRANSACTION },
    { "COMMIT", EROS_SQL_STATEMENT_TRANSACTION },  { "ROLLBACK", EROS_SQL_STATEMENT_TRANSACTION },
    { "BREAK", EROS_SQL_STATEMENT_CONTROL },       { "LEAVE", EROS_SQL_STATEMENT_CONTROL },
    { "CONTINUE", EROS_SQL_STATEMENT_CONTROL },    { "ITERATE", EROS_SQL_STATEMENT_CONTROL },
    { "RETURN", EROS_SQL_STATEMENT_CONTROL },      { "RAISE", EROS_SQL_STATEMENT_CONTROL },
  };
  static const char *const temporary[] = { "TEMP", "TEMPORARY", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (is_word (self, 0, kinds[i].word))
      return kinds[i].kind;
  if (is_word (self, 0, "CREATE") &&
      is_one_of (self, is_word (self, 1, "OR") && is_word (self, 2, "REPLACE") ? 3 : 1, temporary))
    return EROS_SQL_STATEMENT_TEMPORARY;
  return EROS_SQL_STATEMENT_PLAIN;
}

/* The body of a procedure has semicolons of its own. */
static gboolean
skip_procedure (Parser *self)
{
  Parser body = *self;
  guint parentheses = 0;

  for (; token_at (&body, 0) != NULL && (parentheses > 0 || !is_sign (&body, 0, ';')); body.next++)
    if (is_sign (&body, 0, '('))
      parentheses++;
    else if (is_sign (&body, 0, ')') && parentheses > 0)
      parentheses--;
    else if (parentheses == 0 && is_word (&body, 0, "BEGIN"))
      {
        body.is_body = TRUE;
        if (!parse_block (&body))
          return FALSE;
        break;
      }
  self->next = body.next;
  return skip_to (self, NULL);
}

static gboolean
parse_plain (Parser *self)
{
  static const char *const makers[] = { "CREATE", "ALTER", "DROP", "UNDROP", NULL };
  guint first = self->next;
  ErosSqlStatementKind kind = kind_of (self);
  gboolean is_procedure = FALSE;
  gboolean makes = is_one_of (self, 0, makers);

  for (guint i = 1; is_word (self, 0, "CREATE") && i <= 3; i++)
    is_procedure |= is_word (self, i, "PROCEDURE");
  if (is_procedure ? !skip_procedure (self) : !skip_to (self, NULL))
    return FALSE;
  emit (self, first, kind, makes ? name_of_object (self, first) : NULL);
  return TRUE;
}

static gboolean
parse_one (Parser *self)
{
  static const struct
  {
    const char *word;
    gboolean (*parse) (Parser *self);
  } forms[] = { { "IF", parse_if },         { "CASE", parse_case },   { "LOOP", parse_loop },
                { "REPEAT", parse_repeat }, { "WHILE", parse_while }, { "FOR", parse_for } };

  if (token_at (self, 0)->type == TOKEN_WORD && is_sign (self, 1, ':'))
    self->next += 2; /* a label */
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (is_word (self, 0, forms[i].word))
      return forms[i].parse (self);
  if (is_word (self, 0, "BEGIN") && token_at (self, 1) != NULL && !is_word (self, 1, "TRANSACTION") &&
      !is_sign (self, 1, ';'))
    return parse_block (self);
  return token_at (self, 0) != NULL && parse_plain (self);
}

/* Up to the word that ends it, which is its caller's. */
static gboolean
parse_list (Parser *self)
{
  static const char *const ends[] = { "END", "ELSE", "ELSEIF", "WHEN", "EXCEPTION", "UNTIL", NULL };
  gboolean good = ++self->depth <= DEEPEST;

  while (good && token_at (self, 0) != NULL && !is_one_of (self, 0, ends))
    if (is_sign (self, 0, ';'))
      self->next++;
    else
      good = parse_one (self);
  self->depth--;
  return good;
}

/* ---- public -------------------------------------------------------------------------------------------- */

static void
clear_statement (gpointer statement)
{
  g_free (((ErosSqlStatement *) statement)->makes);
}

/**
 * eros_sql_script_new:
 * @sql: one statement or more, with every name filled in
 *
 * Divides a script into its statements, those within blocks, branches and loops included. The head of a
 * branch or a loop is one of its own; the body of a procedure belongs to the statement that creates it.
 *
 * Returns: (transfer full) (nullable): %NULL when blocks, branches or loops are not closed
 */
ErosSqlScript *
eros_sql_script_new (const char *sql)
{
  g_autoptr (ErosSqlScript) self = g_new0 (ErosSqlScript, 1);
  Parser parser = { .script = self };
  const guint nowhere = 0;

  self->sql = g_strdup (sql);
  self->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  self->statements = g_array_new (FALSE, FALSE, sizeof (ErosSqlStatement));
  g_array_set_clear_func (self->statements, clear_statement);
  self->parents = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->parents, nowhere);
  read_tokens (self);
  return parse_list (&parser) && token_at (&parser, 0) == NULL ? g_steal_pointer (&self) : NULL;
}

void
eros_sql_script_free (ErosSqlScript *self)
{
  g_free (self->sql);
  g_array_unref (self->tokens);
  g_array_unref (self->statements);
  g_array_unref (self->parents);
  g_free (self);
}

guint
eros_sql_script_get_n_statements (ErosSqlScript *self)
{
  return self->statements->len;
}

const ErosSqlStatement *
eros_sql_script_get_statement (ErosSqlScript *self, guint i)
{
  return &g_array_index (self->statements, ErosSqlStatement, i);
}

char *
eros_sql_script_dup_text (ErosSqlScript *self, guint i)
{
  const ErosSqlStatement *statement = eros_sql_script_get_statement (self, i);

  return g_strndup (self->sql + statement->start, statement->end - statement->start);
}

static gboolean
sees (ErosSqlScript *self, const ErosSqlStatement *statement, const ErosSqlStatement *declaration)
{
  guint scope = statement->scope;

  while (scope != declaration->scope && scope != 0)
    scope = g_array_index (self->parents, guint, scope);
  return scope == declaration->scope;
}

/* What is not shown is blank: a character for each, on its line. */
static void
add_blanks (GString *text, const char *sql, gsize end)
{
  for (const char *p = sql; p < sql + end; p++)
    if (*p == '\n' || *p == '\r' || *p == '\t')
      g_string_append_c (text, *p);
    else if (((guchar) *p & 0xc0) != 0x80)
      g_string_append_c (text, ' ');
}

/**
 * eros_sql_script_isolate:
 * @self: a script
 * @i: one of its statements
 *
 * Returns: (transfer full): the statement after the declarations of the variables that it sees, each on its
 * line and in its column of the script
 */
char *
eros_sql_script_isolate (ErosSqlScript *self, guint i)
{
  const ErosSqlStatement *statement = eros_sql_script_get_statement (self, i);
  GString *text = g_string_new (NULL);
  gsize done = 0;

  for (guint k = 0; k <= i; k++)
    {
      const ErosSqlStatement *other = eros_sql_script_get_statement (self, k);

      if (k < i && (other->kind != EROS_SQL_STATEMENT_DECLARATION || !sees (self, statement, other)))
        continue;
      add_blanks (text, self->sql + done, other->start - done);
      g_string_append_len (text, self->sql + other->start, other->end - other->start);
      done = other->end;
    }
  return g_string_free (text, FALSE);
}

gboolean
eros_sql_script_mentions (ErosSqlScript *self, guint i, const char *name)
{
  g_autofree char *text = eros_sql_script_dup_text (self, i);
  g_autofree char *escaped = g_regex_escape_string (name, -1);
  g_autofree char *pattern = g_strconcat ("(?<![A-Za-z0-9_])", escaped, "(?![A-Za-z0-9_])", NULL);

  return g_regex_match_simple (pattern, text, G_REGEX_CASELESS | G_REGEX_RAW, 0);
}
