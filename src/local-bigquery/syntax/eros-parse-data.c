/* eros-parse-data.c: who may see data, and data in files: row access policies, GRANT, EXPORT DATA, LOAD DATA
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

static void
expect_text (ErosParser *self, const char *word)
{
  g_autofree char *what = g_strdup_printf ("keyword %s", word);

  if (eros_parser_is_text_at (self, 0, word))
    eros_parser_advance (self);
  else
    eros_parser_expected (self, what);
}

/* ("user:a@example.com", …) or the same without parentheses */
static ErosAstExprs
parse_grantees (ErosParser *self, gboolean in_parentheses)
{
  ErosAstExprs grantees;

  if (in_parentheses)
    eros_parser_expect_symbol (self, '(');
  grantees = eros_parser_expressions (self);
  if (in_parentheses)
    eros_parser_expect_symbol (self, ')');
  return grantees;
}

/* Behind CREATE [OR REPLACE] */
ErosAstStatement *
eros_parser_create_policy (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement =
    eros_parser_new_statement (self, EROS_AST_STATEMENT_CREATE_POLICY, &eros_parser_peek (self)->span);
  ErosAstCreatePolicy *policy = &statement->create_policy;

  policy->create = *create;
  eros_parser_advance (self);
  expect_text (self, "ACCESS");
  expect_text (self, "POLICY");
  policy->create.if_not_exists = eros_parser_if_not_exists (self);
  eros_parser_name (self, &policy->name);
  eros_parser_expect (self, EROS_KEYWORD_ON);
  eros_parser_table_path (self, &policy->create.path);
  policy->has_grantees = eros_parser_is_text_at (self, 0, "GRANT");
  if (policy->has_grantees)
    {
      eros_parser_advance (self);
      eros_parser_expect (self, EROS_KEYWORD_TO);
      policy->grantees = parse_grantees (self, TRUE);
    }
  expect_text (self, "FILTER");
  eros_parser_expect (self, EROS_KEYWORD_USING);
  eros_parser_expect_symbol (self, '(');
  policy->filter = eros_parser_expression (self);
  eros_parser_expect_symbol (self, ')');
  return statement;
}

/* Behind DROP */
ErosAstStatement *
eros_parser_drop_policy (ErosParser *self)
{
  ErosAstStatement *statement =
    eros_parser_new_statement (self, EROS_AST_STATEMENT_DROP_POLICY, &eros_parser_peek (self)->span);
  ErosAstDropPolicy *policy = &statement->drop_policy;

  policy->all = eros_parser_accept (self, EROS_KEYWORD_ALL);
  expect_text (self, "ROW");
  expect_text (self, "ACCESS");
  expect_text (self, policy->all ? "POLICIES" : "POLICY");
  if (!policy->all)
    {
      policy->if_exists = eros_parser_if_exists (self);
      eros_parser_name (self, &policy->name);
    }
  eros_parser_expect (self, EROS_KEYWORD_ON);
  eros_parser_table_path (self, &policy->path);
  return statement;
}

static ErosAstObject
parse_securable (ErosParser *self)
{
  if (eros_parser_accept (self, EROS_KEYWORD_SCHEMA))
    return EROS_AST_OBJECT_SCHEMA;
  if (eros_parser_accept (self, EROS_KEYWORD_VIEW))
    return EROS_AST_OBJECT_VIEW;
  if (eros_parser_is_text_at (self, 0, "EXTERNAL"))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "An external table");
  if (!eros_parser_accept (self, EROS_KEYWORD_TABLE))
    eros_parser_expected (self, "keyword SCHEMA or keyword TABLE or keyword VIEW");
  return EROS_AST_OBJECT_TABLE;
}

ErosAstStatement *
eros_parser_grant (ErosParser *self)
{
  gboolean revoke = eros_parser_is_text_at (self, 0, "REVOKE");
  ErosAstStatement *statement = eros_parser_new_statement (
    self, revoke ? EROS_AST_STATEMENT_REVOKE : EROS_AST_STATEMENT_GRANT, &eros_parser_peek (self)->span);
  GArray *roles = g_array_new (FALSE, TRUE, sizeof (ErosAstName));

  eros_parser_advance (self);
  do
    {
      ErosAstName role = { 0 };

      eros_parser_name (self, &role);
      g_array_append_val (roles, role);
    }
  while (eros_parser_accept_symbol (self, ','));
  statement->grant.roles = eros_parser_take (self, roles, ErosAstNames);
  eros_parser_expect (self, EROS_KEYWORD_ON);
  statement->grant.object = parse_securable (self);
  eros_parser_table_path (self, &statement->grant.path);
  eros_parser_expect (self, revoke ? EROS_KEYWORD_FROM : EROS_KEYWORD_TO);
  statement->grant.grantees = parse_grantees (self, FALSE);
  return statement;
}

static void
refuse_connection (ErosParser *self)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_WITH))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span,
                             eros_parser_is_text_at (self, 1, "CONNECTION") ? "WITH CONNECTION"
                                                                            : "WITH PARTITION COLUMNS");
}

ErosAstStatement *
eros_parser_export_data (ErosParser *self)
{
  ErosAstStatement *statement =
    eros_parser_new_statement (self, EROS_AST_STATEMENT_EXPORT_DATA, &eros_parser_peek (self)->span);

  eros_parser_advance (self);
  eros_parser_advance (self);
  refuse_connection (self);
  statement->export_data.options = eros_parser_options (self);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  statement->export_data.query = eros_parser_query (self);
  return statement;
}

ErosAstStatement *
eros_parser_load_data (ErosParser *self)
{
  ErosAstStatement *statement =
    eros_parser_new_statement (self, EROS_AST_STATEMENT_LOAD_DATA, &eros_parser_peek (self)->span);
  ErosAstLoadData *load = &statement->load_data;

  eros_parser_advance (self);
  eros_parser_advance (self);
  load->overwrite = eros_parser_is_text_at (self, 0, "OVERWRITE");
  if (load->overwrite)
    eros_parser_advance (self);
  else
    eros_parser_expect (self, EROS_KEYWORD_INTO);
  if (eros_parser_is_word (self, EROS_KEYWORD_TEMP) || eros_parser_is_word (self, EROS_KEYWORD_TEMPORARY))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "LOAD DATA into a temporary table");
  eros_parser_table_path (self, &load->table.create.path);
  if (eros_parser_is_text_at (self, 0, "PARTITIONS"))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "LOAD DATA with PARTITIONS");
  eros_parser_layout (self, &load->table);
  eros_parser_expect (self, EROS_KEYWORD_FROM);
  if (!eros_parser_is_text_at (self, 0, "FILES"))
    eros_parser_expected (self, "keyword FILES");
  load->files = eros_parser_option_list (self);
  refuse_connection (self);
  return statement;
}
