/* eros-engine-check.c: looks through statements without running them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the body of a procedure that is being created, and for the dry run of a script. What a statement means
 * may depend on what those before it have made: once one has made something, a name that is not found is no
 * error any more.
 */
#include "eros-engine-script.h"

#include <string.h>

typedef struct
{
  ErosRun *run;
  gboolean lenient;
} Check;

static gboolean check_list (Check *self, const ErosAstStatements *list, GError **error);

/* Whether an error may come from what a statement before would have made. */
static gboolean
may_forgive (Check *self, const GError *error)
{
  if (!self->lenient)
    return FALSE;
  return eros_engine_is_not_found (error) || strstr (error->message, "not found") != NULL ||
         strstr (error->message, "must be qualified with a dataset") != NULL ||
         strstr (error->message, "Unrecognized name") != NULL;
}

static gboolean
judge (Check *self, gboolean good, GError *failure, GError **error)
{
  if (good)
    return TRUE;
  if (may_forgive (self, failure))
    {
      g_clear_error (&failure);
      self->run->current->reads_more = TRUE;
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static void
declare (Check *self, const char *name, const ErosSqlType *type)
{
  if (type != NULL && eros_engine_find_in_scope (self->run, name) == NULL)
    eros_engine_add_variable (self->run, name, type);
}

static void
push_scope (Check *self)
{
  g_ptr_array_add (self->run->frame->scopes, eros_engine_scope_new ());
}

static void
pop_scope (Check *self)
{
  g_ptr_array_set_size (self->run->frame->scopes, self->run->frame->scopes->len - 1);
}

/* Expressions and queries */

static gboolean
check_expr (Check *self,
            const ErosAstExpr *expr,
            const ErosSqlType *wanted,
            const ErosSqlType **type,
            GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = NULL;
  g_autoptr (ErosAnalysis) analysis = NULL;
  GError *failure = NULL;

  if (expr == NULL)
    return TRUE;
  catalog = eros_engine_catalog_new (self->run);
  analysis = eros_analyze_expression (expr, wanted, &catalog->catalog, &failure);
  if (analysis != NULL && type != NULL)
    *type = analysis->expression->type;
  return judge (self, analysis != NULL && eros_engine_account (self->run, analysis, NULL, &failure), failure,
                error);
}

static gboolean
check_condition (Check *self, const ErosAstExpr *expr, GError **error)
{
  return check_expr (self, expr, eros_sql_type (EROS_SQL_BOOL), NULL, error);
}

static gboolean
check_exprs (Check *self, const ErosAstExprs *list, GError **error)
{
  for (guint i = 0; i < list->length; i++)
    if (!check_expr (self, list->items[i], NULL, NULL, error))
      return FALSE;
  return TRUE;
}

static const ErosSqlType *
row_type (const ErosAnalysis *analysis)
{
  g_autoptr (GPtrArray) columns = eros_engine_columns_of_query (analysis, EROS_ENGINE_DUPLICATES_KEPT, NULL);
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, MAX (columns->len, 1));

  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      fields[i] = (ErosSqlField){ column->name, column->type };
    }
  return eros_sql_type_struct (fields, columns->len);
}

static gboolean
check_query (Check *self, const ErosAstQuery *query, const ErosSqlType **type, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (self->run);
  g_autoptr (ErosAnalysis) analysis = NULL;
  GError *failure = NULL;

  analysis = eros_analyze_query (query, &catalog->catalog, &failure);
  if (analysis != NULL && type != NULL)
    *type = row_type (analysis);
  return judge (self, analysis != NULL && eros_engine_account (self->run, analysis, NULL, &failure), failure,
                error);
}

static gboolean
check_dml (Check *self, const ErosAstStatement *statement, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (self->run);
  g_autoptr (ErosAnalysis) analysis = NULL;
  GError *failure = NULL;

  if (statement->kind == EROS_AST_STATEMENT_TRUNCATE)
    return TRUE;
  analysis = eros_analyze_dml (statement, &catalog->catalog, &failure);
  return judge (self,
                analysis != NULL && eros_engine_account (self->run, analysis,
                                                         eros_engine_changed_table (analysis->dml), &failure),
                failure, error);
}

/* Statements */

static gboolean
check_declare (Check *self, const ErosAstDeclare *statement, GError **error)
{
  const ErosSqlType *type = NULL;

  if (statement->type != NULL)
    {
      type = eros_analyze_type (statement->type, error);
      if (type == NULL)
        return FALSE;
    }
  if (!check_expr (self, statement->default_, type, statement->type == NULL ? &type : NULL, error))
    return FALSE;
  for (guint i = 0; i < statement->names.length; i++)
    declare (self, statement->names.items[i].text, type);
  return TRUE;
}

static gboolean
check_set (Check *self, const ErosAstSet *set, GError **error)
{
  ErosEngineVariable *variable = NULL;

  for (guint i = 0; i < set->n_targets; i++)
    {
      const ErosAstName *name = &set->targets[i].path.parts[0];

      if (set->targets[i].system)
        continue;
      variable = eros_engine_find_variable (self->run, name->text);
      if (variable == NULL && !self->lenient)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Undeclared variable: %s at [%u:%u]", name->text, name->span.line, name->span.column);
          return FALSE;
        }
    }
  return check_expr (self, set->value, set->n_targets == 1 && variable != NULL ? variable->type : NULL, NULL,
                     error);
}

static gboolean
check_branches (Check *self,
                const ErosAstBranch *branches,
                guint n_branches,
                gboolean conditions,
                const ErosAstStatements *otherwise,
                GError **error)
{
  for (guint i = 0; i < n_branches; i++)
    if (!check_expr (self, branches[i].condition, conditions ? eros_sql_type (EROS_SQL_BOOL) : NULL, NULL,
                     error) ||
        !check_list (self, &branches[i].statements, error))
      return FALSE;
  return check_list (self, otherwise, error);
}

static gboolean
check_for (Check *self, const ErosAstFor *statement, GError **error)
{
  const ErosSqlType *type = NULL;
  gboolean good;

  if (!check_query (self, statement->query, &type, error))
    return FALSE;
  self->run->current->reads_more = TRUE;
  push_scope (self);
  declare (self, statement->variable.text, type);
  good = check_list (self, &statement->body, error);
  pop_scope (self);
  return good;
}

static gboolean
check_block (Check *self, const ErosAstBlock *block, GError **error)
{
  gboolean good;

  push_scope (self);
  good = check_list (self, &block->statements, error);
  pop_scope (self);
  return good && check_list (self, &block->handler, error);
}

static gboolean
check_execute (Check *self, const ErosAstExecuteImmediate *execute, GError **error)
{
  if (!check_expr (self, execute->sql, eros_sql_type (EROS_SQL_STRING), NULL, error))
    return FALSE;
  for (guint i = 0; i < execute->n_using; i++)
    if (!check_expr (self, execute->using_[i].expr, NULL, NULL, error))
      return FALSE;
  self->lenient = self->run->current->reads_more = TRUE;
  return TRUE;
}

static gboolean
check_ddl (Check *self, const ErosAstStatement *statement, GError **error)
{
  gboolean good = TRUE;

  if (statement->kind == EROS_AST_STATEMENT_CREATE_TABLE && statement->create_table.query != NULL)
    good = check_query (self, statement->create_table.query, NULL, error);
  else if (statement->kind == EROS_AST_STATEMENT_CREATE_VIEW)
    good = check_query (self, statement->create_view.query, NULL, error);
  self->lenient = TRUE;
  return good;
}

static gboolean
check_control (Check *self, const ErosAstStatement *statement, GError **error)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_DECLARE:
      return check_declare (self, &statement->declare, error);
    case EROS_AST_STATEMENT_SET:
      return check_set (self, &statement->set, error);
    case EROS_AST_STATEMENT_IF:
      return check_branches (self, statement->if_.branches, statement->if_.n_branches, TRUE,
                             &statement->if_.otherwise, error);
    case EROS_AST_STATEMENT_CASE:
      return check_expr (self, statement->case_.operand, NULL, NULL, error) &&
             check_branches (self, statement->case_.branches, statement->case_.n_branches,
                             statement->case_.operand == NULL, &statement->case_.otherwise, error);
    case EROS_AST_STATEMENT_LOOP:
      self->run->current->reads_more = TRUE;
      return check_condition (self, statement->loop.condition, error) &&
             check_list (self, &statement->loop.body, error);
    case EROS_AST_STATEMENT_FOR:
      return check_for (self, &statement->for_, error);
    case EROS_AST_STATEMENT_BLOCK:
      return check_block (self, &statement->block, error);
    case EROS_AST_STATEMENT_RAISE:
      return check_expr (self, statement->raise.message, eros_sql_type (EROS_SQL_STRING), NULL, error);
    case EROS_AST_STATEMENT_CALL:
      self->lenient = self->run->current->reads_more = TRUE;
      return check_exprs (self, &statement->call.arguments, error);
    case EROS_AST_STATEMENT_EXECUTE_IMMEDIATE:
      return check_execute (self, &statement->execute_immediate, error);
    case EROS_AST_STATEMENT_EXPORT_DATA:
      return check_query (self, statement->export_data.query, NULL, error);
    case EROS_AST_STATEMENT_LOAD_DATA:
      self->lenient = TRUE;
      return TRUE;
    case EROS_AST_STATEMENT_ASSERT:
      return check_condition (self, statement->assert_.condition, error);
    default:
      return TRUE;
    }
}

static gboolean
check_one (Check *self, const ErosAstStatement *statement, GError **error)
{
  if (statement->kind == EROS_AST_STATEMENT_QUERY)
    return check_query (self, statement->query, NULL, error);
  if (eros_engine_is_ddl (statement))
    return check_ddl (self, statement, error);
  if (statement->kind <= EROS_AST_STATEMENT_TRUNCATE)
    return check_dml (self, statement, error);
  return check_control (self, statement, error);
}

static gboolean
check_list (Check *self, const ErosAstStatements *list, GError **error)
{
  for (guint i = 0; i < list->length; i++)
    if (!check_one (self, list->items[i], error))
      return FALSE;
  return TRUE;
}

/*
 * eros_engine_check_statements:
 *
 * Looks through @list, in the middle of a statement and in a scope of its own: names, types, and what it
 * would read, which is added to the running statement's statistics.
 */
gboolean
eros_engine_check_statements (ErosRun *run, const ErosAstStatements *list, GError **error)
{
  Check self = { .run = run };
  gboolean good;

  push_scope (&self);
  good = check_list (&self, list, error);
  pop_scope (&self);
  return good;
}
