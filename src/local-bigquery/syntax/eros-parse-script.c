/* eros-parse-script.c: statements, and the language around them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

static ErosAstStatement *parse_statement (ErosParser *self);

ErosAstStatement *
eros_parser_new_statement (ErosParser *self, ErosAstStatementKind kind, const ErosAstSpan *start)
{
  ErosAstStatement *statement = eros_arena_new_struct (self->arena, ErosAstStatement);

  statement->kind = kind;
  statement->span = *start;
  return statement;
}

static ErosAstStatement *
new_here (ErosParser *self, ErosAstStatementKind kind)
{
  return eros_parser_new_statement (self, kind, &eros_parser_peek (self)->span);
}

/* Lists of statements */

static gboolean
list_ends (ErosParser *self)
{
  static const ErosKeyword enders[] = {
    EROS_KEYWORD_END, EROS_KEYWORD_ELSE, EROS_KEYWORD_ELSEIF, EROS_KEYWORD_WHEN, EROS_KEYWORD_UNTIL,
  };
  ErosKeyword keyword = eros_parser_peek (self)->keyword;

  if (eros_parser_at_end (self))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (enders); i++)
    if (keyword == enders[i])
      return TRUE;
  return keyword == EROS_KEYWORD_EXCEPTION;
}

/* Variables are declared before anything else is done in a block. */
static void
check_declaration (ErosParser *self, const ErosAstStatement *statement, gboolean may_declare)
{
  if (statement->kind == EROS_AST_STATEMENT_DECLARE && !may_declare)
    eros_parser_fail_at (self, &statement->span,
                         "Variable declarations are allowed only at the start of a block or script");
}

/* Statements, each with its ";", up to what ends the list. */
static ErosAstStatements
parse_list (ErosParser *self, gboolean may_declare)
{
  GArray *statements = g_array_new (FALSE, TRUE, sizeof (ErosAstStatement *));

  self->lists++;
  while (!list_ends (self))
    {
      ErosAstStatement *statement = parse_statement (self);

      check_declaration (self, statement, may_declare);
      may_declare = may_declare && statement->kind == EROS_AST_STATEMENT_DECLARE;
      g_array_append_val (statements, statement);
      if (!eros_parser_accept_symbol (self, ';'))
        eros_parser_expected (self, "\";\"");
    }
  self->lists--;
  return eros_parser_take (self, statements, ErosAstStatements);
}

ErosAstStatements
eros_parser_script (ErosParser *self)
{
  GArray *statements = g_array_new (FALSE, TRUE, sizeof (ErosAstStatement *));
  gboolean may_declare = TRUE;

  while (!eros_parser_at_end (self))
    {
      ErosAstStatement *statement = parse_statement (self);

      check_declaration (self, statement, may_declare);
      may_declare = may_declare && statement->kind == EROS_AST_STATEMENT_DECLARE;
      g_array_append_val (statements, statement);
      if (!eros_parser_accept_symbol (self, ';') && !eros_parser_at_end (self))
        eros_parser_expected (self, "end of input");
    }
  return eros_parser_take (self, statements, ErosAstStatements);
}

/* Variables */

static ErosAstStatement *
parse_declare (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_DECLARE);
  ErosAstDeclare *declare = &statement->declare;
  GArray *names = g_array_new (FALSE, TRUE, sizeof (ErosAstName));

  eros_parser_advance (self);
  do
    {
      ErosAstName name;

      eros_parser_name (self, &name);
      g_array_append_val (names, name);
    }
  while (eros_parser_accept_symbol (self, ','));
  declare->names = eros_parser_take (self, names, ErosAstNames);
  if (!eros_parser_is_word (self, EROS_KEYWORD_DEFAULT))
    declare->type = eros_parser_type (self, FALSE);
  if (eros_parser_accept (self, EROS_KEYWORD_DEFAULT))
    declare->default_ = eros_parser_expression (self);
  return statement;
}

static void
parse_set_target (ErosParser *self, ErosAstSetTarget *target)
{
  ErosAstName *name;

  target->system = eros_parser_accept_symbol (self, EROS_SYMBOL_DOUBLE_AT);
  if (target->system)
    {
      eros_parser_path (self, &target->path);
      return;
    }
  if (eros_parser_is_symbol (self, '@'))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span,
                         "Assignment to a query parameter is not allowed");
  name = eros_arena_new_struct (self->arena, ErosAstName);
  eros_parser_name (self, name);
  target->path = (ErosAstPath){ .span = name->span, .parts = name, .n_parts = 1 };
}

static ErosAstStatement *
parse_set (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_SET);
  ErosAstSet *set = &statement->set;
  GArray *targets = g_array_new (FALSE, TRUE, sizeof (ErosAstSetTarget));

  eros_parser_advance (self);
  set->is_tuple = eros_parser_accept_symbol (self, '(');
  if (set->is_tuple && eros_parser_is_symbol (self, ')'))
    eros_parser_fail_at (self, &eros_parser_previous (self)->span,
                         "Parenthesized SET statement requires a variable list");
  do
    {
      ErosAstSetTarget target = { 0 };

      parse_set_target (self, &target);
      g_array_append_val (targets, target);
    }
  while (set->is_tuple && eros_parser_accept_symbol (self, ','));
  set->targets = eros_arena_steal_array (self->arena, targets, &set->n_targets);
  if (set->is_tuple)
    eros_parser_expect_symbol (self, ')');
  if (!eros_parser_accept_symbol (self, '='))
    eros_parser_expected (self, set->is_tuple || set->targets[0].system ? "\"=\"" : "\",\" or \"=\"");
  set->value = eros_parser_expression (self);
  return statement;
}

/* Branches */

static ErosAstBranch
parse_branch (ErosParser *self)
{
  ErosAstBranch branch;

  branch.condition = eros_parser_expression (self);
  if (!eros_parser_accept (self, EROS_KEYWORD_THEN))
    eros_parser_unexpected (self);
  branch.statements = parse_list (self, FALSE);
  return branch;
}

static void
parse_end (ErosParser *self, ErosKeyword keyword)
{
  eros_parser_expect (self, EROS_KEYWORD_END);
  eros_parser_expect (self, keyword);
}

static ErosAstStatement *
parse_if (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_IF);
  ErosAstIf *if_ = &statement->if_;
  GArray *branches = g_array_new (FALSE, TRUE, sizeof (ErosAstBranch));

  eros_parser_advance (self);
  do
    {
      ErosAstBranch branch = parse_branch (self);

      g_array_append_val (branches, branch);
    }
  while (eros_parser_accept (self, EROS_KEYWORD_ELSEIF));
  if_->branches = eros_arena_steal_array (self->arena, branches, &if_->n_branches);
  if_->has_else = eros_parser_accept (self, EROS_KEYWORD_ELSE);
  if (if_->has_else)
    if_->otherwise = parse_list (self, FALSE);
  if (!eros_parser_is_word (self, EROS_KEYWORD_END) && self->error == NULL)
    eros_parser_fail_at (self, &eros_parser_peek (self)->span, "Syntax error: Expected END IF");
  if (eros_parser_is_word (self, EROS_KEYWORD_END) && !eros_parser_is_word_at (self, 1, EROS_KEYWORD_IF))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span, "Syntax error: Expected END IF");
  parse_end (self, EROS_KEYWORD_IF);
  return statement;
}

static ErosAstStatement *
parse_case (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_CASE);
  ErosAstCaseStatement *case_ = &statement->case_;
  GArray *branches = g_array_new (FALSE, TRUE, sizeof (ErosAstBranch));

  eros_parser_advance (self);
  if (!eros_parser_is_word (self, EROS_KEYWORD_WHEN))
    case_->operand = eros_parser_expression (self);
  if (!eros_parser_is_word (self, EROS_KEYWORD_WHEN))
    eros_parser_expected (self, "keyword WHEN");
  while (eros_parser_accept (self, EROS_KEYWORD_WHEN))
    {
      ErosAstBranch branch = parse_branch (self);

      g_array_append_val (branches, branch);
    }
  case_->branches = eros_arena_steal_array (self->arena, branches, &case_->n_branches);
  case_->has_else = eros_parser_accept (self, EROS_KEYWORD_ELSE);
  if (case_->has_else)
    case_->otherwise = parse_list (self, FALSE);
  parse_end (self, EROS_KEYWORD_CASE);
  return statement;
}

/* Loops and blocks, which may have a label */

static void
enter_label (ErosParser *self, const char *label, const ErosAstSpan *span)
{
  for (guint i = 0; label != NULL && i < self->labels->len; i++)
    if (self->labels->pdata[i] != NULL && g_ascii_strcasecmp (self->labels->pdata[i], label) == 0)
      eros_parser_fail_at (self, span, "Duplicate label: %s", label);
  g_ptr_array_add (self->labels, (gpointer) label);
}

static void
leave_label (ErosParser *self, const char *label)
{
  const ErosToken *token = eros_parser_peek (self);

  g_ptr_array_set_size (self->labels, self->labels->len - 1);
  if (!eros_parser_is_name_at (self, 0))
    return;
  if (label == NULL)
    eros_parser_unexpected (self);
  else if (g_ascii_strcasecmp (token->text, label) != 0)
    eros_parser_fail_at (self, &token->span, "Mismatched end label; expected %s, got %s", label, token->text);
  eros_parser_advance (self);
}

static ErosAstStatements
parse_loop_body (ErosParser *self)
{
  ErosAstStatements statements;

  self->loops++;
  statements = parse_list (self, FALSE);
  self->loops--;
  return statements;
}

static ErosAstStatement *
parse_loop (ErosParser *self, const char *label, const ErosAstSpan *start)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, EROS_AST_STATEMENT_LOOP, start);
  ErosAstLoop *loop = &statement->loop;
  ErosKeyword keyword = eros_parser_peek (self)->keyword;

  enter_label (self, label, start);
  loop->label = label;
  loop->kind = keyword == EROS_KEYWORD_WHILE    ? EROS_AST_LOOP_WHILE
               : keyword == EROS_KEYWORD_REPEAT ? EROS_AST_LOOP_UNTIL
                                                : EROS_AST_LOOP_FOREVER;
  eros_parser_advance (self);
  if (loop->kind == EROS_AST_LOOP_WHILE)
    {
      loop->condition = eros_parser_expression (self);
      if (!eros_parser_accept (self, EROS_KEYWORD_DO))
        eros_parser_unexpected (self);
    }
  loop->body = parse_loop_body (self);
  if (loop->kind == EROS_AST_LOOP_UNTIL)
    {
      eros_parser_expect (self, EROS_KEYWORD_UNTIL);
      loop->condition = eros_parser_expression (self);
    }
  parse_end (self, keyword);
  leave_label (self, label);
  return statement;
}

static ErosAstStatement *
parse_for (ErosParser *self, const char *label, const ErosAstSpan *start)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, EROS_AST_STATEMENT_FOR, start);
  ErosAstFor *for_ = &statement->for_;

  enter_label (self, label, start);
  for_->label = label;
  eros_parser_advance (self);
  eros_parser_name (self, &for_->variable);
  eros_parser_expect (self, EROS_KEYWORD_IN);
  for_->query = eros_parser_paren_query (self);
  eros_parser_expect (self, EROS_KEYWORD_DO);
  for_->body = parse_loop_body (self);
  parse_end (self, EROS_KEYWORD_FOR);
  leave_label (self, label);
  return statement;
}

ErosAstStatement *
eros_parser_block (ErosParser *self, const char *label, const ErosAstSpan *start)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, EROS_AST_STATEMENT_BLOCK, start);
  ErosAstBlock *block = &statement->block;

  if (!eros_parser_enter (self))
    return statement;
  enter_label (self, label, start);
  block->label = label;
  eros_parser_advance (self);
  block->statements = parse_list (self, TRUE);
  if (eros_parser_accept (self, EROS_KEYWORD_EXCEPTION))
    {
      eros_parser_expect (self, EROS_KEYWORD_WHEN);
      eros_parser_expect (self, EROS_KEYWORD_ERROR);
      eros_parser_expect (self, EROS_KEYWORD_THEN);
      block->has_handler = TRUE;
      self->handlers++;
      block->handler = parse_list (self, FALSE);
      self->handlers--;
    }
  eros_parser_expect (self, EROS_KEYWORD_END);
  leave_label (self, label);
  statement->span = eros_parser_span_from (self, start);
  eros_parser_leave (self);
  return statement;
}

static ErosAstStatement *
parse_labelled (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  const char *label = eros_parser_peek (self)->text;
  ErosKeyword keyword = eros_parser_peek_at (self, 2)->keyword;

  if (keyword != EROS_KEYWORD_BEGIN && keyword != EROS_KEYWORD_FOR && keyword != EROS_KEYWORD_LOOP &&
      keyword != EROS_KEYWORD_WHILE && keyword != EROS_KEYWORD_REPEAT)
    eros_parser_expected (self, "end of input");
  eros_parser_advance (self);
  eros_parser_advance (self);
  if (keyword == EROS_KEYWORD_BEGIN)
    return eros_parser_block (self, label, &start);
  if (keyword == EROS_KEYWORD_FOR)
    return parse_for (self, label, &start);
  return parse_loop (self, label, &start);
}

/* BREAK, LEAVE, CONTINUE, ITERATE, each with an optional label */
static ErosAstStatement *
parse_jump (ErosParser *self)
{
  ErosKeyword keyword = eros_parser_peek (self)->keyword;
  gboolean leaves = keyword == EROS_KEYWORD_BREAK || keyword == EROS_KEYWORD_LEAVE;
  ErosAstStatement *statement =
    new_here (self, leaves ? EROS_AST_STATEMENT_BREAK : EROS_AST_STATEMENT_CONTINUE);
  gboolean found = FALSE;

  eros_parser_advance (self);
  if (!eros_parser_is_name_at (self, 0))
    {
      if (self->loops == 0)
        eros_parser_fail_at (self, &statement->span, "%s is only allowed inside of a loop body",
                             eros_keyword_name (keyword));
      return statement;
    }

  statement->jump.label = eros_parser_peek (self)->text;
  for (guint i = 0; i < self->labels->len; i++)
    found |= self->labels->pdata[i] != NULL &&
             g_ascii_strcasecmp (self->labels->pdata[i], statement->jump.label) == 0;
  if (!found)
    eros_parser_fail_at (self, &eros_parser_peek (self)->span, "Label not found: %s", statement->jump.label);
  eros_parser_advance (self);
  return statement;
}

/* Errors, procedures, dynamic SQL */

static ErosAstStatement *
parse_raise (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_RAISE);

  eros_parser_advance (self);
  if (eros_parser_accept (self, EROS_KEYWORD_USING))
    {
      eros_parser_expect (self, EROS_KEYWORD_MESSAGE);
      eros_parser_expect_symbol (self, '=');
      statement->raise.message = eros_parser_expression (self);
    }
  else if (self->handlers == 0 && (eros_parser_at_end (self) || eros_parser_is_symbol (self, ';')))
    eros_parser_fail_at (self, &statement->span,
                         "Cannot re-raise an existing exception outside of an exception handler");
  return statement;
}

static ErosAstStatement *
parse_call (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_CALL);

  eros_parser_advance (self);
  eros_parser_table_path (self, &statement->call.procedure);
  if (!eros_parser_accept_symbol (self, '('))
    eros_parser_expected (self, "\"(\" or \".\"");
  if (!eros_parser_is_symbol (self, ')'))
    statement->call.arguments = eros_parser_expressions (self);
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  return statement;
}

static void
parse_using (ErosParser *self, ErosAstExecuteImmediate *execute)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (ErosAstUsing));

  do
    {
      ErosAstUsing item = { .expr = eros_parser_expression (self) };

      if (eros_parser_accept (self, EROS_KEYWORD_AS))
        item.alias = eros_parser_name_dup (self);
      g_array_append_val (items, item);
    }
  while (eros_parser_accept_symbol (self, ','));
  execute->using_ = eros_arena_steal_array (self->arena, items, &execute->n_using);
}

static ErosAstStatement *
parse_execute (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_EXECUTE_IMMEDIATE);
  ErosAstExecuteImmediate *execute = &statement->execute_immediate;
  GArray *into;

  eros_parser_advance (self);
  eros_parser_expect (self, EROS_KEYWORD_IMMEDIATE);
  execute->sql = eros_parser_expression (self);
  if (eros_parser_accept (self, EROS_KEYWORD_INTO))
    {
      into = g_array_new (FALSE, TRUE, sizeof (ErosAstName));
      do
        {
          ErosAstName name;

          eros_parser_name (self, &name);
          g_array_append_val (into, name);
        }
      while (eros_parser_accept_symbol (self, ','));
      execute->into = eros_parser_take (self, into, ErosAstNames);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_USING))
    parse_using (self, execute);
  return statement;
}

static ErosAstStatement *
parse_assert (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_ASSERT);

  eros_parser_advance (self);
  statement->assert_.condition = eros_parser_expression (self);
  if (eros_parser_accept (self, EROS_KEYWORD_AS))
    statement->assert_.description = eros_parser_string (self);
  return statement;
}

/* Transactions */

static ErosAstStatement *
parse_transaction (ErosParser *self, ErosAstStatementKind kind)
{
  ErosAstStatement *statement = new_here (self, kind);

  eros_parser_advance (self);
  eros_parser_accept (self, EROS_KEYWORD_TRANSACTION);
  if (kind == EROS_AST_STATEMENT_BEGIN_TRANSACTION &&
      (eros_parser_is_word (self, EROS_KEYWORD_READ) || eros_parser_is_word (self, EROS_KEYWORD_ISOLATION)))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "A transaction mode");
  return statement;
}

static ErosAstStatement *
parse_begin (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  const ErosToken *next = eros_parser_peek_at (self, 1);

  if (next->keyword == EROS_KEYWORD_TRANSACTION || next->kind == EROS_TOKEN_END ||
      (next->kind == EROS_TOKEN_SYMBOL && next->symbol == ';'))
    return parse_transaction (self, EROS_AST_STATEMENT_BEGIN_TRANSACTION);
  return eros_parser_block (self, NULL, &start);
}

/* One statement */

static ErosAstStatement *
parse_query_statement (ErosParser *self)
{
  ErosAstStatement *statement = new_here (self, EROS_AST_STATEMENT_QUERY);

  statement->query = eros_parser_query (self);
  return statement;
}

static void
refuse_statement (ErosParser *self)
{
  static const char *const known[] = { "EXPORT", "EXPLAIN", "DESCRIBE", "SHOW",
                                       "IMPORT", "RUN",     "ANALYZE",  "CLONE" };
  const ErosAstSpan span = eros_parser_peek (self)->span;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (eros_parser_is_text_at (self, 0, known[i]))
      {
        gboolean data = eros_parser_is_word_at (self, 1, EROS_KEYWORD_DATA);
        g_autofree char *what = g_strconcat (known[i], data ? " DATA" : "", NULL);

        eros_parser_unsupported (self, &span, what);
      }
  eros_parser_expected (self, self->lists > 0 ? "keyword END" : "end of input");
}

static ErosAstStatement *
parse_simple (ErosParser *self, ErosAstStatementKind kind)
{
  ErosAstStatement *statement = new_here (self, kind);

  eros_parser_advance (self);
  return statement;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum"

static ErosAstStatement *
parse_dml_or_ddl (ErosParser *self)
{
  switch (eros_parser_peek (self)->keyword)
    {
    case EROS_KEYWORD_INSERT:
      return eros_parser_insert (self);
    case EROS_KEYWORD_UPDATE:
      return eros_parser_update (self);
    case EROS_KEYWORD_DELETE:
      return eros_parser_delete (self);
    case EROS_KEYWORD_MERGE:
      return eros_parser_merge (self);
    case EROS_KEYWORD_TRUNCATE:
      return eros_parser_truncate (self);
    case EROS_KEYWORD_CREATE:
      return eros_parser_create (self);
    case EROS_KEYWORD_DROP:
      return eros_parser_drop (self);
    case EROS_KEYWORD_UNDROP:
      return eros_parser_undrop (self);
    case EROS_KEYWORD_ALTER:
      return eros_parser_alter (self);
    default:
      if (eros_parser_is_text_at (self, 0, "EXPORT") && eros_parser_is_text_at (self, 1, "DATA"))
        return eros_parser_export_data (self);
      if (eros_parser_is_text_at (self, 0, "LOAD") && eros_parser_is_text_at (self, 1, "DATA"))
        return eros_parser_load_data (self);
      if (eros_parser_is_text_at (self, 0, "GRANT") || eros_parser_is_text_at (self, 0, "REVOKE"))
        return eros_parser_grant (self);
      refuse_statement (self);
      return parse_simple (self, EROS_AST_STATEMENT_RETURN);
    }
}

static ErosAstStatement *
parse_kind (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;

  if (eros_parser_is_name_at (self, 0) && eros_parser_is_symbol_at (self, 1, ':'))
    return parse_labelled (self);
  if (eros_parser_is_symbol (self, '('))
    return parse_query_statement (self);

  switch (eros_parser_peek (self)->keyword)
    {
    case EROS_KEYWORD_SELECT:
    case EROS_KEYWORD_WITH:
    case EROS_KEYWORD_FROM:
      return parse_query_statement (self);
    case EROS_KEYWORD_DECLARE:
      return parse_declare (self);
    case EROS_KEYWORD_SET:
      return parse_set (self);
    case EROS_KEYWORD_IF:
      return parse_if (self);
    case EROS_KEYWORD_CASE:
      return parse_case (self);
    case EROS_KEYWORD_LOOP:
    case EROS_KEYWORD_WHILE:
    case EROS_KEYWORD_REPEAT:
      return parse_loop (self, NULL, &start);
    case EROS_KEYWORD_FOR:
      return parse_for (self, NULL, &start);
    case EROS_KEYWORD_BEGIN:
      return parse_begin (self);
    case EROS_KEYWORD_START:
      return parse_transaction (self, EROS_AST_STATEMENT_BEGIN_TRANSACTION);
    case EROS_KEYWORD_COMMIT:
      return parse_transaction (self, EROS_AST_STATEMENT_COMMIT_TRANSACTION);
    case EROS_KEYWORD_ROLLBACK:
      return parse_transaction (self, EROS_AST_STATEMENT_ROLLBACK_TRANSACTION);
    case EROS_KEYWORD_BREAK:
    case EROS_KEYWORD_LEAVE:
    case EROS_KEYWORD_CONTINUE:
    case EROS_KEYWORD_ITERATE:
      return parse_jump (self);
    case EROS_KEYWORD_RETURN:
      return parse_simple (self, EROS_AST_STATEMENT_RETURN);
    case EROS_KEYWORD_RAISE:
      return parse_raise (self);
    case EROS_KEYWORD_CALL:
      return parse_call (self);
    case EROS_KEYWORD_EXECUTE:
      return parse_execute (self);
    case EROS_KEYWORD_ASSERT:
      return parse_assert (self);
    default:
      return parse_dml_or_ddl (self);
    }
}

#pragma GCC diagnostic pop

static ErosAstStatement *
parse_statement (ErosParser *self)
{
  ErosAstSpan start = eros_parser_peek (self)->span;
  ErosAstStatement *statement;

  if (!eros_parser_enter (self))
    return new_here (self, EROS_AST_STATEMENT_RETURN);
  statement = parse_kind (self);
  statement->span = eros_parser_span_from (self, &start);
  eros_parser_leave (self);
  return statement;
}
