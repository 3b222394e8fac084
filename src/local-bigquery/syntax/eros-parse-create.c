/* eros-parse-create.c: CREATE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

/* Columns and constraints */

static void
parse_not_enforced (ErosParser *self)
{
  if (eros_parser_accept (self, EROS_KEYWORD_NOT))
    eros_parser_expect (self, EROS_KEYWORD_ENFORCED);
  else if (eros_parser_accept (self, EROS_KEYWORD_ENFORCED))
    eros_parser_unsupported (self, &eros_parser_previous (self)->span, "An enforced constraint");
}

static void
parse_references (ErosParser *self, ErosAstConstraint *constraint)
{
  eros_parser_expect (self, EROS_KEYWORD_REFERENCES);
  eros_parser_table_path (self, &constraint->references);
  constraint->referenced_columns = eros_parser_name_list (self);
  parse_not_enforced (self);
}

/* [CONSTRAINT name] PRIMARY KEY (…) | FOREIGN KEY (…) REFERENCES … */
void
eros_parser_constraint (ErosParser *self, ErosAstConstraint *constraint)
{
  *constraint = (ErosAstConstraint){ .span = eros_parser_peek (self)->span };
  if (eros_parser_accept (self, EROS_KEYWORD_CONSTRAINT))
    {
      if (eros_parser_accept (self, EROS_KEYWORD_IF))
        {
          eros_parser_expect (self, EROS_KEYWORD_NOT);
          eros_parser_expect (self, EROS_KEYWORD_EXISTS);
        }
      constraint->name = eros_parser_name_dup (self);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_PRIMARY))
    {
      eros_parser_expect (self, EROS_KEYWORD_KEY);
      constraint->columns = eros_parser_name_list (self);
      parse_not_enforced (self);
    }
  else
    {
      if (!eros_parser_accept (self, EROS_KEYWORD_FOREIGN))
        eros_parser_expected (self, "keyword FOREIGN or keyword PRIMARY");
      eros_parser_expect (self, EROS_KEYWORD_KEY);
      constraint->kind = EROS_AST_CONSTRAINT_FOREIGN_KEY;
      constraint->columns = eros_parser_name_list (self);
      parse_references (self, constraint);
    }
  constraint->span = eros_parser_span_from (self, &constraint->span);
}

static gboolean
constraint_here (ErosParser *self)
{
  return eros_parser_is_word (self, EROS_KEYWORD_CONSTRAINT) ||
         ((eros_parser_is_word (self, EROS_KEYWORD_PRIMARY) ||
           eros_parser_is_word (self, EROS_KEYWORD_FOREIGN)) &&
          eros_parser_is_word_at (self, 1, EROS_KEYWORD_KEY));
}

/* TRUE when a REFERENCES was read into @constraint. */
static gboolean
parse_column_attributes (ErosParser *self, ErosAstColumn *column, ErosAstConstraint *constraint)
{
  gboolean references = FALSE;

  while (TRUE)
    if (eros_parser_accept (self, EROS_KEYWORD_NOT))
      column->not_null = eros_parser_expect (self, EROS_KEYWORD_NULL);
    else if (eros_parser_accept (self, EROS_KEYWORD_PRIMARY))
      {
        eros_parser_expect (self, EROS_KEYWORD_KEY);
        parse_not_enforced (self);
        column->primary_key = TRUE;
      }
    else if (eros_parser_is_word (self, EROS_KEYWORD_REFERENCES) ||
             eros_parser_is_word (self, EROS_KEYWORD_CONSTRAINT))
      {
        *constraint = (ErosAstConstraint){ .kind = EROS_AST_CONSTRAINT_FOREIGN_KEY, .span = column->span };
        if (eros_parser_accept (self, EROS_KEYWORD_CONSTRAINT))
          constraint->name = eros_parser_name_dup (self);
        parse_references (self, constraint);
        references = TRUE;
      }
    else
      return references;
}

static gboolean
parse_column (ErosParser *self, ErosAstColumn *column, ErosAstConstraint *constraint)
{
  gboolean references;

  *column = (ErosAstColumn){ .span = eros_parser_peek (self)->span };
  eros_parser_name (self, &column->name);
  column->type = eros_parser_type (self, TRUE);
  if (eros_parser_is_word (self, EROS_KEYWORD_AS) || eros_parser_is_word (self, EROS_KEYWORD_GENERATED))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "A generated column");
  if (eros_parser_accept (self, EROS_KEYWORD_DEFAULT))
    column->default_ = eros_parser_expression (self);
  references = parse_column_attributes (self, column, constraint);
  column->options = eros_parser_options (self);
  column->span = eros_parser_span_from (self, &column->span);
  return references;
}

void
eros_parser_column (ErosParser *self, ErosAstColumn *column)
{
  ErosAstConstraint ignored;

  parse_column (self, column, &ignored);
}

static void
parse_columns (ErosParser *self, ErosAstCreateTable *table)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (ErosAstColumn));
  GArray *constraints = g_array_new (FALSE, TRUE, sizeof (ErosAstConstraint));

  table->has_columns = TRUE;
  eros_parser_advance (self);
  if (eros_parser_is_symbol (self, ')'))
    eros_parser_fail_at (self, &eros_parser_peek (self)->span, "A table must define at least one column.");
  do
    {
      ErosAstColumn column;
      ErosAstConstraint constraint;

      if (columns->len > 0 && eros_parser_is_symbol (self, ')'))
        break;
      if (constraint_here (self))
        {
          eros_parser_constraint (self, &constraint);
          g_array_append_val (constraints, constraint);
          continue;
        }
      if (parse_column (self, &column, &constraint))
        {
          ErosAstName *name = eros_arena_new_struct (self->arena, ErosAstName);

          *name = column.name;
          constraint.columns = (ErosAstNames){ name, 1 };
          g_array_append_val (constraints, constraint);
        }
      g_array_append_val (columns, column);
    }
  while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  table->columns = eros_arena_steal_array (self->arena, columns, &table->n_columns);
  table->constraints = eros_arena_steal_array (self->arena, constraints, &table->n_constraints);
}

/* Clauses */

static void
parse_if_not_exists (ErosParser *self, ErosAstCreate *create)
{
  if (!eros_parser_accept (self, EROS_KEYWORD_IF))
    return;
  eros_parser_expect (self, EROS_KEYWORD_NOT);
  create->if_not_exists = eros_parser_expect (self, EROS_KEYWORD_EXISTS);
}

static void
parse_default_collate (ErosParser *self)
{
  if (!eros_parser_is_word (self, EROS_KEYWORD_DEFAULT) ||
      !eros_parser_is_word_at (self, 1, EROS_KEYWORD_COLLATE))
    return;
  eros_parser_advance (self);
  eros_parser_collate (self);
}

static void
parse_partition_and_cluster (ErosParser *self, ErosAstExpr **partition_by, ErosAstExprs *cluster_by)
{
  if (eros_parser_accept (self, EROS_KEYWORD_PARTITION))
    {
      eros_parser_expect (self, EROS_KEYWORD_BY);
      *partition_by = eros_parser_expression (self);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_CLUSTER))
    {
      eros_parser_expect (self, EROS_KEYWORD_BY);
      *cluster_by = eros_parser_expressions (self);
    }
}

static ErosAstPath *
parse_source_path (ErosParser *self)
{
  ErosAstPath *path = eros_arena_new_struct (self->arena, ErosAstPath);

  eros_parser_advance (self);
  eros_parser_table_path (self, path);
  return path;
}

static ErosAstExpr *
parse_system_time (ErosParser *self)
{
  if (!eros_parser_accept (self, EROS_KEYWORD_FOR))
    return NULL;
  if (eros_parser_accept (self, EROS_KEYWORD_SYSTEM))
    eros_parser_expect (self, EROS_KEYWORD_TIME);
  else
    eros_parser_expect (self, EROS_KEYWORD_SYSTEM_TIME);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  eros_parser_expect (self, EROS_KEYWORD_OF);
  return eros_parser_expression (self);
}

static ErosAstStatement *
new_create (ErosParser *self, ErosAstStatementKind kind, ErosAstCreate *create)
{
  ErosAstStatement *statement = eros_parser_new_statement (self, kind, &create->path.span);

  parse_if_not_exists (self, create);
  eros_parser_table_path (self, &create->path);
  /* every kind of CREATE begins with it */
  statement->create_schema.create = *create;
  return statement;
}

/* The objects */

static ErosAstStatement *
parse_schema (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_SCHEMA, create);
  ErosAstCreateSchema *schema = &statement->create_schema;

  parse_default_collate (self);
  schema->options = eros_parser_options (self);
  return statement;
}

/* Columns, PARTITION BY, CLUSTER BY and OPTIONS, all of which may be missing */
void
eros_parser_layout (ErosParser *self, ErosAstCreateTable *table)
{
  if (eros_parser_is_symbol (self, '('))
    parse_columns (self, table);
  parse_partition_and_cluster (self, &table->partition_by, &table->cluster_by);
  table->options = eros_parser_options (self);
}

static ErosAstStatement *
parse_table (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_TABLE, create);
  ErosAstCreateTable *table = &statement->create_table;

  if (eros_parser_is_symbol (self, '('))
    parse_columns (self, table);
  if (eros_parser_is_word (self, EROS_KEYWORD_LIKE))
    table->like = parse_source_path (self);
  else if (eros_parser_is_word (self, EROS_KEYWORD_COPY))
    table->copy = parse_source_path (self);
  else if (eros_parser_is_word (self, EROS_KEYWORD_CLONE))
    table->clone = parse_source_path (self);
  if (table->copy != NULL || table->clone != NULL)
    table->system_time = parse_system_time (self);
  parse_default_collate (self);
  parse_partition_and_cluster (self, &table->partition_by, &table->cluster_by);
  if (eros_parser_is_word (self, EROS_KEYWORD_WITH) && eros_parser_is_text_at (self, 1, "CONNECTION"))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "WITH CONNECTION");
  table->options = eros_parser_options (self);
  if (eros_parser_accept (self, EROS_KEYWORD_AS))
    table->query = eros_parser_query (self);
  return statement;
}

static ErosAstStatement *
parse_snapshot (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE, create);
  ErosAstCreateTable *table = &statement->create_table;

  if (eros_parser_is_word (self, EROS_KEYWORD_CLONE))
    table->clone = parse_source_path (self);
  else
    eros_parser_expected (self, "keyword CLONE");
  table->system_time = parse_system_time (self);
  table->options = eros_parser_options (self);
  return statement;
}

static void
parse_view_columns (ErosParser *self, ErosAstCreateView *view)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (ErosAstColumn));

  eros_parser_advance (self);
  do
    {
      ErosAstColumn column = { .span = eros_parser_peek (self)->span };

      eros_parser_name (self, &column.name);
      column.options = eros_parser_options (self);
      column.span = eros_parser_span_from (self, &column.span);
      g_array_append_val (columns, column);
    }
  while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  view->columns = eros_arena_steal_array (self->arena, columns, &view->n_columns);
}

static ErosAstStatement *
parse_view (ErosParser *self, ErosAstCreate *create, gboolean materialized)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_VIEW, create);
  ErosAstCreateView *view = &statement->create_view;

  if (create->temporary)
    eros_parser_unsupported (self, &statement->span, "CREATE TEMP VIEW");
  view->materialized = materialized;
  if (eros_parser_is_symbol (self, '('))
    parse_view_columns (self, view);
  if (materialized)
    parse_partition_and_cluster (self, &view->partition_by, &view->cluster_by);
  view->options = eros_parser_options (self);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  view->query = eros_parser_query (self);
  return statement;
}

/* Routines */

static void
parse_function_parameter (ErosParser *self, ErosAstRoutineParameter *parameter)
{
  eros_parser_name (self, &parameter->name);
  if (eros_parser_accept (self, EROS_KEYWORD_ANY))
    eros_parser_expect (self, EROS_KEYWORD_TYPE);
  else
    parameter->type = eros_parser_type (self, FALSE);
  if (eros_parser_is_word (self, EROS_KEYWORD_DEFAULT))
    eros_parser_unsupported (self, &eros_parser_peek (self)->span, "A default value of a parameter");
}

static ErosAstParameterMode
parse_mode (ErosParser *self)
{
  if (eros_parser_accept (self, EROS_KEYWORD_IN))
    return EROS_AST_PARAMETER_IN;
  if (eros_parser_peek_at (self, 1)->kind != EROS_TOKEN_WORD &&
      eros_parser_peek_at (self, 1)->kind != EROS_TOKEN_QUOTED_WORD)
    return EROS_AST_PARAMETER_IN;
  if (eros_parser_accept (self, EROS_KEYWORD_OUT))
    return EROS_AST_PARAMETER_OUT;
  if (eros_parser_accept (self, EROS_KEYWORD_INOUT))
    return EROS_AST_PARAMETER_INOUT;
  return EROS_AST_PARAMETER_IN;
}

static void
parse_procedure_parameter (ErosParser *self, ErosAstRoutineParameter *parameter)
{
  parameter->mode = parse_mode (self);
  if (eros_parser_is_symbol_at (self, 1, ')') || eros_parser_is_symbol_at (self, 1, ',') ||
      eros_parser_is_symbol (self, ')') || eros_parser_is_symbol (self, ','))
    {
      if (!eros_parser_is_symbol (self, ')') && !eros_parser_is_symbol (self, ','))
        eros_parser_advance (self);
      eros_parser_fail_at (
        self, &eros_parser_peek (self)->span,
        "Syntax error: Unexpected end of parameter. Parameters should be in the format "
        "[<parameter mode>] <parameter name> <type>. If IN/OUT/INOUT is intended to be the name "
        "of a parameter, it must be escaped with backticks");
    }
  parse_function_parameter (self, parameter);
}

static const ErosAstRoutineParameter *
parse_parameters (ErosParser *self, gboolean procedure, guint *length)
{
  GArray *parameters = g_array_new (FALSE, TRUE, sizeof (ErosAstRoutineParameter));

  if (!eros_parser_accept_symbol (self, '('))
    eros_parser_expected (self, "\"(\" or \".\"");
  if (!eros_parser_is_symbol (self, ')'))
    do
      {
        ErosAstRoutineParameter parameter = { .span = eros_parser_peek (self)->span };

        if (procedure)
          parse_procedure_parameter (self, &parameter);
        else
          parse_function_parameter (self, &parameter);
        parameter.span = eros_parser_span_from (self, &parameter.span);
        g_array_append_val (parameters, parameter);
      }
    while (eros_parser_accept_symbol (self, ','));
  if (!eros_parser_accept_symbol (self, ')'))
    eros_parser_expected (self, "\")\" or \",\"");
  return eros_arena_steal_array (self->arena, parameters, length);
}

/* [[NOT] DETERMINISTIC] [LANGUAGE js] */
static void
parse_language (ErosParser *self, ErosAstCreateFunction *function)
{
  char *language;

  if (eros_parser_is_text_at (self, 0, "DETERMINISTIC"))
    eros_parser_advance (self);
  else if (eros_parser_is_word (self, EROS_KEYWORD_NOT) && eros_parser_is_text_at (self, 1, "DETERMINISTIC"))
    {
      eros_parser_advance (self);
      eros_parser_advance (self);
    }
  if (!eros_parser_is_word (self, EROS_KEYWORD_LANGUAGE) || !eros_parser_is_text_at (self, 1, "js"))
    return;
  function->language_span = eros_parser_peek (self)->span;
  eros_parser_advance (self);
  eros_parser_advance (self);
  function->language = language = eros_arena_strndup (self->arena, "js", 2);
}

static void
refuse_language (ErosParser *self)
{
  g_autofree char *what = NULL;
  const ErosAstSpan span = eros_parser_peek (self)->span;

  if (eros_parser_accept (self, EROS_KEYWORD_LANGUAGE))
    {
      what = g_strdup_printf ("LANGUAGE %s",
                              eros_parser_is_name_at (self, 0) ? eros_parser_peek (self)->text : "");
      eros_parser_unsupported (self, &span, what);
    }
  else if (eros_parser_is_word (self, EROS_KEYWORD_REMOTE))
    eros_parser_unsupported (self, &span, "A remote function");
  else if (eros_parser_is_word (self, EROS_KEYWORD_WITH) && eros_parser_is_text_at (self, 1, "CONNECTION"))
    eros_parser_unsupported (self, &span, "WITH CONNECTION");
  else if (eros_parser_is_text_at (self, 0, "DETERMINISTIC") || eros_parser_is_word (self, EROS_KEYWORD_NOT))
    eros_parser_unsupported (self, &span, "DETERMINISTIC");
}

static void
parse_function_body (ErosParser *self, ErosAstCreateFunction *function)
{
  if (!eros_parser_is_symbol (self, '('))
    eros_parser_expected (self, "\"(\" or string literal");
  eros_parser_advance (self);
  function->body_span = eros_parser_peek (self)->span;
  if (eros_parser_is_word (self, EROS_KEYWORD_SELECT) || eros_parser_is_word (self, EROS_KEYWORD_WITH))
    eros_parser_fail_at (
      self, &function->body_span,
      "The body of each CREATE FUNCTION statement is an expression, not a query; to use a query "
      "as an expression, the query must be wrapped with additional parentheses to make it a "
      "scalar subquery expression");
  function->body = eros_parser_expression (self);
  function->body_span = eros_parser_span_from (self, &function->body_span);
  eros_parser_expect_symbol (self, ')');
}

static ErosAstStatement *
parse_function (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_FUNCTION, create);
  ErosAstCreateFunction *function = &statement->create_function;

  function->parameters = parse_parameters (self, FALSE, &function->n_parameters);
  if (eros_parser_accept (self, EROS_KEYWORD_RETURNS))
    function->returns = eros_parser_type (self, FALSE);
  parse_language (self, function);
  refuse_language (self);
  function->options = eros_parser_options (self);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  if (function->language != NULL)
    {
      function->body_span = eros_parser_peek (self)->span;
      function->code = eros_parser_string (self);
    }
  else
    parse_function_body (self, function);
  if (!function->options.present)
    function->options = eros_parser_options (self);
  return statement;
}

/* RETURNS TABLE<a INT64, b STRING> */
static void
parse_table_type (ErosParser *self, ErosAstCreateFunction *function)
{
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (ErosAstField));

  eros_parser_expect (self, EROS_KEYWORD_TABLE);
  eros_parser_expect_symbol (self, '<');
  do
    {
      ErosAstField column = { .name = eros_parser_name_dup (self) };

      column.type = eros_parser_type (self, FALSE);
      g_array_append_val (columns, column);
    }
  while (eros_parser_accept_symbol (self, ','));
  eros_parser_expect_symbol (self, '>');
  function->table_columns = eros_arena_steal_array (self->arena, columns, &function->n_table_columns);
}

static ErosAstStatement *
parse_table_function (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_FUNCTION, create);
  ErosAstCreateFunction *function = &statement->create_function;

  function->is_table = TRUE;
  function->parameters = parse_parameters (self, FALSE, &function->n_parameters);
  if (eros_parser_accept (self, EROS_KEYWORD_RETURNS))
    parse_table_type (self, function);
  function->options = eros_parser_options (self);
  eros_parser_expect (self, EROS_KEYWORD_AS);
  function->body_span = eros_parser_peek (self)->span;
  if (eros_parser_is_symbol (self, '('))
    {
      function->query = eros_parser_paren_query (self);
      function->body_span = function->query->span;
    }
  else
    {
      function->query = eros_parser_query (self);
      function->body_span = eros_parser_span_from (self, &function->body_span);
    }
  return statement;
}

static ErosAstStatement *
parse_procedure (ErosParser *self, ErosAstCreate *create)
{
  ErosAstStatement *statement = new_create (self, EROS_AST_STATEMENT_CREATE_PROCEDURE, create);
  ErosAstCreateProcedure *procedure = &statement->create_procedure;
  ErosAstSpan start;

  procedure->parameters = parse_parameters (self, TRUE, &procedure->n_parameters);
  refuse_language (self);
  procedure->options = eros_parser_options (self);
  start = eros_parser_peek (self)->span;
  if (!eros_parser_is_word (self, EROS_KEYWORD_BEGIN))
    eros_parser_expected (self, "keyword BEGIN or keyword LANGUAGE");
  procedure->body = eros_parser_block (self, NULL, &start);
  return statement;
}

/* What BigQuery can create and this server cannot */
static void
refuse_object (ErosParser *self)
{
  static const char *const known[] = {
    "MODEL",      "EXTERNAL",  "SEARCH",      "VECTOR",   "CAPACITY", "RESERVATION", "ASSIGNMENT",
    "CONNECTION", "AGGREGATE", "DATA_POLICY", "PROPERTY", "CONSTANT", "ALL",
  };
  const ErosToken *token = eros_parser_peek (self);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (eros_parser_is_text_at (self, 0, known[i]))
      {
        g_autofree char *what = g_strdup_printf ("CREATE %s", known[i]);

        eros_parser_unsupported (self, &token->span, what);
      }
  if (eros_parser_is_name_at (self, 0))
    eros_parser_fail_at (self, &token->span, "%s is not a supported object type", token->text);
  eros_parser_unexpected (self);
}

static ErosAstStatement *
parse_object (ErosParser *self, ErosAstCreate *create)
{
  ErosAstSpan start = eros_parser_peek (self)->span;

  if (eros_parser_accept (self, EROS_KEYWORD_TABLE))
    {
      if (eros_parser_accept (self, EROS_KEYWORD_FUNCTION))
        return parse_table_function (self, create);
      return parse_table (self, create);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_SCHEMA))
    return parse_schema (self, create);
  if (eros_parser_accept (self, EROS_KEYWORD_VIEW))
    return parse_view (self, create, FALSE);
  if (eros_parser_accept (self, EROS_KEYWORD_FUNCTION))
    return parse_function (self, create);
  if (eros_parser_accept (self, EROS_KEYWORD_PROCEDURE))
    return parse_procedure (self, create);
  if (eros_parser_accept (self, EROS_KEYWORD_MATERIALIZED))
    {
      eros_parser_expect (self, EROS_KEYWORD_VIEW);
      return parse_view (self, create, TRUE);
    }
  if (eros_parser_accept (self, EROS_KEYWORD_SNAPSHOT))
    {
      eros_parser_expect (self, EROS_KEYWORD_TABLE);
      return parse_snapshot (self, create);
    }
  if (eros_parser_is_text_at (self, 0, "ROW"))
    return eros_parser_create_policy (self, create);
  refuse_object (self);
  return eros_parser_new_statement (self, EROS_AST_STATEMENT_CREATE_TABLE, &start);
}

ErosAstStatement *
eros_parser_create (ErosParser *self)
{
  ErosAstCreate create = { .path.span = eros_parser_peek (self)->span };
  ErosAstStatement *statement;
  ErosAstSpan start = create.path.span;

  eros_parser_advance (self);
  if (eros_parser_accept (self, EROS_KEYWORD_OR))
    create.or_replace = eros_parser_expect (self, EROS_KEYWORD_REPLACE);
  create.temporary =
    eros_parser_accept (self, EROS_KEYWORD_TEMP) || eros_parser_accept (self, EROS_KEYWORD_TEMPORARY);
  statement = parse_object (self, &create);
  statement->span = start;
  return statement;
}
