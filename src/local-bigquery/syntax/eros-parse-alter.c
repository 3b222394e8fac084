/* eros-parse-alter.c: ALTER and DROP
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

gboolean
eros_parser_if_exists (ErosParser *self)
{
  return eros_parser_accept (self, EROS_KEYWORD_IF) && eros_parser_expect (self, EROS_KEYWORD_EXISTS);
}

gboolean
eros_parser_if_not_exists (ErosParser *self)
{
  if (!eros_parser_accept (self, EROS_KEYWORD_IF))
    return FALSE;
  eros_parser_expect (self, EROS_KEYWORD_NOT);
  return eros_parser_expect (self, EROS_KEYWORD_EXISTS);
}

/* The kind of object, by its words; what this server does not have is refused. */
static ErosAstObject
parse_object (ErosParser *self, const char *verb)
{
  static const char *const known[] = { "MODEL",      "EXTERNAL",   "ROW",         "ALL",
                                       "SEARCH",     "VECTOR",     "CAPACITY",    "RESERVATION",
                                       "ASSIGNMENT", "CONNECTION", "BI_CAPACITY", "PROPERTY" };
  const ErosAstSpan span = eros_parser_peek (self)->span;

  if (eros_parser_accept (self, EROS_KEYWORD_TABLE))
    {
      if (eros_parser_is_word (self, EROS_KEYWORD_FUNCTION) && g_str_equal (verb, "DROP"))
        {
          eros_parser_advance (self);
          return EROS_AST_OBJECT_FUNCTION;
        }
      if (eros_parser_is_word (self, EROS_KEYWORD_FUNCTION))
        eros_parser_unsupported (self, &span, "A table function");
      return EROS_AST_OBJECT_TABLE;
    }
  if (eros_parser_accept (self, EROS_KEYWORD_SCHEMA))
    return EROS_AST_OBJECT_SCHEMA;
  if (eros_parser_accept (self, EROS_KEYWORD_VIEW))
    return EROS_AST_OBJECT_VIEW;
  if (eros_parser_accept (self, EROS_KEYWORD_FUNCTION))
    return EROS_AST_OBJECT_FUNCTION;
  if (eros_parser_accept (self, EROS_KEYWORD_PROCEDURE))
    return EROS_AST_OBJECT_PROCEDURE;
  if (eros_parser_accept (self, EROS_KEYWORD_PROJECT))
    return EROS_AST_OBJECT_PROJECT;
  if (eros_parser_is_word (self, EROS_KEYWORD_MATERIALIZED) &&
      eros_parser_is_word_at (self, 1, EROS_KEYWORD_VIEW))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
      return EROS_AST_OBJECT_MATERIALIZED_VIEW;
    }
  if (eros_parser_is_word (self, EROS_KEYWORD_SNAPSHOT) &&
      eros_parser_is_word_at (self, 1, EROS_KEYWORD_TABLE))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
      return EROS_AST_OBJECT_SNAPSHOT_TABLE;
    }
  if (eros_parser_is_text_at (self, 0, "ORGANIZATION"))
    {
      eros_parser_advance (self);
      return EROS_AST_OBJECT_ORGANIZATION;
    }
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (eros_parser_is_text_at (self, 0, known[i]))
      {
        g_autofree char *what = g_strdup_printf ("%s %s", verb, known[i]);

        eros_parser_unsupported (self, &span, what);
      }
  if (eros_parser_is_name_at (self, 0))
    eros_parser_fail_at (self, &span, "%s is not a supported object type", eros_parser_peek (self)->text);
  eros_parser_unexpected (self);
  return EROS_AST_OBJECT_TABLE;
}

static ErosAstStatement *
begin (ErosParser *self, ErosAstStatementKind kind)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, kind, &eros_parser_peek (self)->span);

  eros_parser_advance (self);
  return statement;
}

ErosAstStatement *
eros_parser_drop (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_DROP);
  ErosAstDrop *drop = &statement->drop;
  const ErosAstSpan span = eros_parser_peek (self)->span;

  if (eros_parser_is_text_at (self, 0, "ROW") ||
      (eros_parser_is_word (self, EROS_KEYWORD_ALL) && eros_parser_is_text_at (self, 1, "ROW")))
    return eros_parser_drop_policy (self);
  drop->object = parse_object (self, "DROP");
  if (drop->object == EROS_AST_OBJECT_PROJECT || drop->object == EROS_AST_OBJECT_ORGANIZATION)
    eros_parser_fail_at (self, &span, "DROP %s is not supported",
                         drop->object == EROS_AST_OBJECT_PROJECT ? "PROJECT" : "ORGANIZATION");
  drop->if_exists = eros_parser_if_exists (self);
  eros_parser_table_path (self, &drop->path);
  if (drop->object == EROS_AST_OBJECT_FUNCTION && eros_parser_is_symbol (self, '('))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "DROP FUNCTION with a signature");
  if (drop->object == EROS_AST_OBJECT_SCHEMA && !eros_parser_accept (self, EROS_KEYWORD_RESTRICT))
    drop->cascade = eros_parser_accept (self, EROS_KEYWORD_CASCADE);
  return statement;
}

ErosAstStatement *
eros_parser_undrop (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_UNDROP);
  const ErosAstSpan span = eros_parser_peek (self)->span;

  if (!eros_parser_accept (self, EROS_KEYWORD_SCHEMA))
    eros_parser_fail_at (self, &span, "Only a SCHEMA can be undropped");
  statement->undrop.if_not_exists = eros_parser_if_not_exists (self);
  eros_parser_table_path (self, &statement->undrop.path);
  return statement;
}

/* ALTER … actions */

static void
parse_add (ErosParser *self, ErosAstAlterAction *action)
{
  const ErosToken *token;

  if (eros_parser_accept (self, EROS_KEYWORD_COLUMN))
    {
      action->kind = EROS_AST_ALTER_ADD_COLUMN;
      action->if_not_exists = eros_parser_if_not_exists (self);
      action->column = eros_arena_new_struct (self->arena, ErosAstColumn);
      eros_parser_column (self, action->column);
    }
  else if (eros_parser_is_word (self, EROS_KEYWORD_CONSTRAINT) ||
           eros_parser_is_word (self, EROS_KEYWORD_PRIMARY) ||
           eros_parser_is_word (self, EROS_KEYWORD_FOREIGN))
    {
      action->kind = EROS_AST_ALTER_ADD_CONSTRAINT;
      action->if_not_exists = eros_parser_is_word_at (self, 1, EROS_KEYWORD_IF);
      action->constraint = eros_arena_new_struct (self->arena, ErosAstConstraint);
      eros_parser_constraint (self, action->constraint);
    }
  else
    {
      token = eros_parser_peek (self);
      if (eros_parser_is_name_at (self, 0))
        eros_parser_fail_at (self, &token->span, "%s is not a supported nested object type", token->text);
      eros_parser_unexpected (self);
    }
}

static void
parse_drop_action (ErosParser *self, ErosAstAlterAction *action)
{
  const ErosToken *token = eros_parser_peek (self);

  if (eros_parser_accept (self, EROS_KEYWORD_COLUMN))
    action->kind = EROS_AST_ALTER_DROP_COLUMN;
  else if (eros_parser_accept (self, EROS_KEYWORD_CONSTRAINT))
    action->kind = EROS_AST_ALTER_DROP_CONSTRAINT;
  else if (eros_parser_accept (self, EROS_KEYWORD_PRIMARY))
    {
      eros_parser_expect (self, EROS_KEYWORD_KEY);
      action->kind = EROS_AST_ALTER_DROP_PRIMARY_KEY;
      action->if_exists = eros_parser_if_exists (self);
      return;
    }
  else
    {
      if (eros_parser_is_name_at (self, 0))
        eros_parser_fail_at (self, &token->span, "%s is not a supported nested object type", token->text);
      eros_parser_unexpected (self);
    }
  action->if_exists = eros_parser_if_exists (self);
  eros_parser_name (self, &action->name);
}

static void
parse_rename (ErosParser *self, ErosAstAlterAction *action)
{
  if (eros_parser_accept (self, EROS_KEYWORD_TO))
    {
      action->kind = EROS_AST_ALTER_RENAME_TO;
      eros_parser_table_path (self, &action->path);
      return;
    }
  if (!eros_parser_accept (self, EROS_KEYWORD_COLUMN))
    eros_parser_expected (self, "keyword COLUMN or keyword TO");
  action->kind = EROS_AST_ALTER_RENAME_COLUMN;
  action->if_exists = eros_parser_if_exists (self);
  eros_parser_name (self, &action->name);
  eros_parser_expect (self, EROS_KEYWORD_TO);
  eros_parser_name (self, &action->new_name);
}

static void
parse_set_of_column (ErosParser *self, ErosAstAlterAction *action)
{
  if (eros_parser_accept (self, EROS_KEYWORD_DATA))
    {
      eros_parser_expect (self, EROS_KEYWORD_TYPE);
      action->kind = EROS_AST_ALTER_COLUMN_SET_TYPE;
      action->type = eros_parser_type (self, TRUE);
    }
  else if (eros_parser_accept (self, EROS_KEYWORD_DEFAULT))
    {
      action->kind = EROS_AST_ALTER_COLUMN_SET_DEFAULT;
      action->expr = eros_parser_expression (self);
    }
  else if (eros_parser_is_word (self, EROS_KEYWORD_OPTIONS))
    {
      action->kind = EROS_AST_ALTER_COLUMN_SET_OPTIONS;
      action->options = eros_parser_options (self);
    }
  else
    eros_parser_expected (self, "keyword DATA or keyword DEFAULT or keyword OPTIONS");
}

static void
parse_alter_column (ErosParser *self, ErosAstAlterAction *action)
{
  const ErosToken *token = eros_parser_peek (self);

  if (!eros_parser_accept (self, EROS_KEYWORD_COLUMN))
    {
      if (eros_parser_is_name_at (self, 0))
        eros_parser_fail_at (self, &token->span, "%s is not a supported nested object type", token->text);
      eros_parser_unexpected (self);
    }
  action->if_exists = eros_parser_if_exists (self);
  eros_parser_name (self, &action->name);
  if (eros_parser_accept (self, EROS_KEYWORD_SET))
    parse_set_of_column (self, action);
  else if (!eros_parser_accept (self, EROS_KEYWORD_DROP))
    eros_parser_expected (self, "keyword DROP or keyword SET");
  else if (eros_parser_accept (self, EROS_KEYWORD_DEFAULT))
    action->kind = EROS_AST_ALTER_COLUMN_DROP_DEFAULT;
  else
    {
      action->kind = EROS_AST_ALTER_COLUMN_DROP_NOT_NULL;
      if (!eros_parser_accept (self, EROS_KEYWORD_NOT))
        eros_parser_expected (self, "keyword DEFAULT or keyword NOT");
      eros_parser_expect (self, EROS_KEYWORD_NULL);
    }
}

static void
parse_set (ErosParser *self, ErosAstAlterAction *action)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_OPTIONS))
    {
      action->kind = EROS_AST_ALTER_SET_OPTIONS;
      action->options = eros_parser_options (self);
    }
  else if (eros_parser_accept (self, EROS_KEYWORD_DEFAULT))
    {
      action->kind = EROS_AST_ALTER_SET_DEFAULT_COLLATE;
      if (!eros_parser_is_word (self, EROS_KEYWORD_COLLATE))
        eros_parser_expected (self, "keyword COLLATE");
      eros_parser_collate (self);
    }
  else
    eros_parser_expected (self, "keyword DEFAULT or keyword OPTIONS");
}

static void
parse_action (ErosParser *self, ErosAstAlterAction *action)
{
  action->span = eros_parser_peek (self)->span;
  if (eros_parser_accept (self, EROS_KEYWORD_ADD))
    parse_add (self, action);
  else if (eros_parser_accept (self, EROS_KEYWORD_DROP))
    parse_drop_action (self, action);
  else if (eros_parser_accept (self, EROS_KEYWORD_RENAME))
    parse_rename (self, action);
  else if (eros_parser_accept (self, EROS_KEYWORD_ALTER))
    parse_alter_column (self, action);
  else if (eros_parser_accept (self, EROS_KEYWORD_SET))
    parse_set (self, action);
  else
    eros_parser_unexpected (self);
  action->span = eros_parser_span_from (self, &action->span);
}

/* A table takes all actions, the others only options and, if they are schemas, a collation. */
static gboolean
allows (ErosAstObject object, ErosAstAlterKind kind)
{
  return object == EROS_AST_OBJECT_TABLE || kind == EROS_AST_ALTER_SET_OPTIONS ||
         (object == EROS_AST_OBJECT_SCHEMA && kind == EROS_AST_ALTER_SET_DEFAULT_COLLATE) ||
         (object == EROS_AST_OBJECT_VIEW && kind == EROS_AST_ALTER_COLUMN_SET_OPTIONS);
}

ErosAstStatement *
eros_parser_alter (ErosParser *self)
{
  ErosAstStatement *statement = begin (self, EROS_AST_STATEMENT_ALTER);
  ErosAstAlter *alter = &statement->alter;
  const ErosAstSpan span = eros_parser_peek (self)->span;
  GArray *actions = g_array_new (FALSE, TRUE, sizeof (ErosAstAlterAction));

  alter->object = parse_object (self, "ALTER");
  if (alter->object == EROS_AST_OBJECT_FUNCTION || alter->object == EROS_AST_OBJECT_PROCEDURE ||
      alter->object == EROS_AST_OBJECT_SNAPSHOT_TABLE)
    eros_parser_fail_at (self, &span, "ALTER %s is not supported",
                         alter->object == EROS_AST_OBJECT_FUNCTION    ? "FUNCTION"
                         : alter->object == EROS_AST_OBJECT_PROCEDURE ? "PROCEDURE"
                                                                      : "SNAPSHOT TABLE");
  alter->if_exists = eros_parser_if_exists (self);
  if (alter->object < EROS_AST_OBJECT_PROJECT || !eros_parser_is_word (self, EROS_KEYWORD_SET))
    eros_parser_table_path (self, &alter->path);
  do
    {
      ErosAstAlterAction action = { 0 };

      parse_action (self, &action);
      if (!allows (alter->object, action.kind))
        eros_parser_fail_at (self, &action.span, "ALTER of this object can only set its options");
      g_array_append_val (actions, action);
    }
  while (eros_parser_accept_symbol (self, ','));
  alter->actions = eros_arena_steal_array (self->arena, actions, &alter->n_actions);
  return statement;
}
