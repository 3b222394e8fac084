/* eros-engine-control.c: DECLARE, SET, IF, CASE, loops, blocks, RAISE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-script.h"

#include <string.h>

static ErosEngineFlow
flow_of (gboolean good)
{
  return good ? ENGINE_NEXT : ENGINE_FAILED;
}

static void
set_position_error (GError **error, const ErosAstSpan *span, const char *message, const char *what)
{
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s%s at [%u:%u]", message, what,
               span->line, span->column);
}

/* Variables */

static gboolean
run_declare (ErosRun *run, const ErosAstDeclare *declare, GError **error)
{
  const ErosSqlType *type = NULL;
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (declare->type != NULL)
    {
      type = eros_analyze_type (declare->type, error);
      if (type == NULL)
        return FALSE;
    }
  if (declare->default_ != NULL && !eros_engine_script_value (run, declare->default_, type, &value, error))
    return FALSE;
  for (guint i = 0; i < declare->names.length; i++)
    {
      const ErosAstName *name = &declare->names.items[i];
      ErosEngineVariable *variable = eros_engine_find_in_scope (run, name->text);

      if (variable != NULL)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Variable '%s' redeclaration at [%u:%u]", name->text, name->span.line,
                       name->span.column);
          return FALSE;
        }
      variable = eros_engine_add_variable (run, name->text, type != NULL ? type : value.type);
      if (declare->default_ != NULL)
        eros_engine_variable_set (variable, &value);
    }
  return TRUE;
}

static ErosEngineVariable *
find_target (ErosRun *run, const ErosAstName *name, GError **error)
{
  ErosEngineVariable *variable = eros_engine_find_variable (run, name->text);

  if (variable == NULL)
    set_position_error (error, &name->span, "Undeclared variable: ", name->text);
  return variable;
}

static gboolean
set_one (ErosRun *run, const ErosAstSetTarget *target, const ErosAstExpr *expr, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  ErosEngineVariable *variable;

  if (target->system)
    return eros_engine_script_value (run, expr, eros_sql_type (EROS_SQL_STRING), &value, error) &&
           eros_engine_system_variable_set (run, &target->path, &value, error);
  variable = find_target (run, &target->path.parts[0], error);
  if (variable == NULL || !eros_engine_script_value (run, expr, variable->type, &value, error))
    return FALSE;
  eros_engine_variable_set (variable, &value);
  return TRUE;
}

/* The type that a STRUCT has to be, to be taken apart into the variables. */
static const ErosSqlType *
struct_of_targets (ErosRun *run, const ErosAstSet *set, GError **error)
{
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, set->n_targets);

  for (guint i = 0; i < set->n_targets; i++)
    {
      ErosEngineVariable *variable;

      if (set->targets[i].system)
        {
          fields[i] = (ErosSqlField){ "", eros_sql_type (EROS_SQL_STRING) };
          continue;
        }
      variable = find_target (run, &set->targets[i].path.parts[0], error);
      if (variable == NULL)
        return NULL;
      fields[i] = (ErosSqlField){ "", variable->type };
    }
  return eros_sql_type_struct (fields, set->n_targets);
}

static gboolean
set_many (ErosRun *run, const ErosAstSet *set, GError **error)
{
  g_auto (ErosSqlValue) whole = EROS_SQL_VALUE_INIT;
  const ErosSqlType *wanted = struct_of_targets (run, set, error);
  ErosSqlReader reader;

  if (wanted == NULL || !eros_engine_script_value (run, set->value, wanted, &whole, error))
    return FALSE;
  if (whole.is_null || !eros_sql_reader_init (&reader, whole.data, whole.size))
    {
      set_position_error (error, &set->value->span, "Cannot unpack a NULL struct into variables", "");
      return FALSE;
    }
  for (guint i = 0; i < set->n_targets; i++)
    {
      ErosSqlValue field = EROS_SQL_VALUE_INIT;

      if (!eros_sql_reader_next_value (&reader, eros_sql_type_get_field (wanted, i)->type, &field))
        break;
      if (!set->targets[i].system)
        eros_engine_variable_set (eros_engine_find_variable (run, set->targets[i].path.parts[0].text),
                                  &field);
      else if (!eros_engine_system_variable_set (run, &set->targets[i].path, &field, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_set (ErosRun *run, const ErosAstSet *set, GError **error)
{
  if (set->n_targets > 1 && set->value->kind == EROS_AST_STRUCT &&
      set->value->struct_.n_items != set->n_targets)
    {
      set_position_error (error, &set->value->span, "Number of values does not match the number of variables",
                          "");
      return FALSE;
    }
  return set->n_targets > 1 ? set_many (run, set, error) : set_one (run, &set->targets[0], set->value, error);
}

/* Branches */

static ErosEngineFlow
run_if (ErosRun *run, const ErosAstIf *if_, const char **label, GError **error)
{
  for (guint i = 0; i < if_->n_branches; i++)
    {
      gboolean holds;

      if (!eros_engine_script_condition (run, if_->branches[i].condition, &holds, error))
        return ENGINE_FAILED;
      if (holds)
        return eros_engine_run_list (run, &if_->branches[i].statements, label, error);
    }
  return eros_engine_run_list (run, &if_->otherwise, label, error);
}

static gboolean
branch_applies (ErosRun *run,
                const ErosSqlValue *operand,
                const ErosAstBranch *branch,
                gboolean *applies,
                GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (operand == NULL)
    return eros_engine_script_condition (run, branch->condition, applies, error);
  if (!eros_engine_script_value (run, branch->condition, operand->type, &value, error))
    return FALSE;
  *applies = !operand->is_null && !value.is_null && eros_sql_value_equal (operand, &value);
  return TRUE;
}

static ErosEngineFlow
run_case (ErosRun *run, const ErosAstCaseStatement *case_, const char **label, GError **error)
{
  g_auto (ErosSqlValue) operand = EROS_SQL_VALUE_INIT;

  if (case_->operand != NULL && !eros_engine_script_value (run, case_->operand, NULL, &operand, error))
    return ENGINE_FAILED;
  for (guint i = 0; i < case_->n_branches; i++)
    {
      gboolean applies;

      if (!branch_applies (run, case_->operand == NULL ? NULL : &operand, &case_->branches[i], &applies,
                           error))
        return ENGINE_FAILED;
      if (applies)
        return eros_engine_run_list (run, &case_->branches[i].statements, label, error);
    }
  return eros_engine_run_list (run, &case_->otherwise, label, error);
}

/* Loops */

static gboolean
is_mine (const char *label, const char *mine)
{
  return label == NULL || (mine != NULL && g_ascii_strcasecmp (label, mine) == 0);
}

/* Whether the loop goes on after its body has ended with @flow, which becomes what the loop ends with. */
static gboolean
goes_on (ErosEngineFlow *flow, const char **label, const char *mine)
{
  if (*flow == ENGINE_NEXT)
    return TRUE;
  if ((*flow == ENGINE_BREAK || *flow == ENGINE_CONTINUE) && is_mine (*label, mine))
    {
      gboolean next = *flow == ENGINE_CONTINUE;

      *flow = ENGINE_NEXT;
      *label = NULL;
      return next;
    }
  return FALSE;
}

static ErosEngineFlow
run_loop (ErosRun *run, const ErosAstLoop *loop, const char **label, GError **error)
{
  ErosEngineFlow flow = ENGINE_NEXT;
  gboolean holds = TRUE;

  do
    {
      if (!eros_engine_check_cancelled (run, error))
        return ENGINE_FAILED;
      if (loop->kind == EROS_AST_LOOP_WHILE &&
          !eros_engine_script_condition (run, loop->condition, &holds, error))
        return ENGINE_FAILED;
      if (!holds)
        return ENGINE_NEXT;
      flow = eros_engine_run_list (run, &loop->body, label, error);
      if (!goes_on (&flow, label, loop->label))
        return flow;
      if (loop->kind == EROS_AST_LOOP_UNTIL)
        {
          if (!eros_engine_script_condition (run, loop->condition, &holds, error))
            return ENGINE_FAILED;
          holds = !holds;
        }
    }
  while (holds);
  return ENGINE_NEXT;
}

/* FOR: the rows are there before the first is looked at */

#define BATCH 256

typedef struct
{
  const ErosSqlType *type;
  GArray *rows; /* of ErosSqlValue */
} Batch;

static gboolean
collect_cb (const ErosSqlValue *values, guint n_values, gpointer user_data)
{
  Batch *batch = user_data;
  ErosSqlBuilder builder;
  ErosSqlValue row = EROS_SQL_VALUE_INIT;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < n_values; i++)
    eros_sql_builder_add (&builder, &values[i]);
  eros_sql_builder_end_value (&builder, batch->type, &row);
  g_array_append_val (batch->rows, row);
  return TRUE;
}

static const ErosSqlType *
row_type (GPtrArray *columns)
{
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, MAX (columns->len, 1));

  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      fields[i] = (ErosSqlField){ column->name, column->type };
    }
  return eros_sql_type_struct (fields, columns->len);
}

static ErosEngineFlow
run_batch (ErosRun *run,
           const ErosAstFor *for_,
           ErosEngineVariable *variable,
           Batch *batch,
           gboolean *stop,
           const char **label,
           GError **error)
{
  for (guint i = 0; i < batch->rows->len; i++)
    {
      ErosEngineFlow flow;

      eros_engine_variable_set (variable, &g_array_index (batch->rows, ErosSqlValue, i));
      flow = eros_engine_run_list (run, &for_->body, label, error);
      if (!goes_on (&flow, label, for_->label))
        {
          *stop = TRUE;
          return flow;
        }
    }
  return ENGINE_NEXT;
}

static ErosEngineFlow
run_rows (ErosRun *run, const ErosAstFor *for_, ErosStoreResult *result, const char **label, GError **error)
{
  Batch batch = { row_type (eros_store_result_get_columns (result)), NULL };
  ErosEngineVariable *variable = eros_engine_add_variable (run, for_->variable.text, batch.type);
  gint64 n_rows = eros_store_result_get_n_rows (result);
  ErosEngineFlow flow = ENGINE_NEXT;
  gboolean stop = FALSE;

  batch.rows = g_array_new (FALSE, FALSE, sizeof (ErosSqlValue));
  g_array_set_clear_func (batch.rows, (GDestroyNotify) eros_sql_value_clear);
  for (gint64 first = 0; !stop && first < n_rows; first += BATCH)
    {
      g_array_set_size (batch.rows, 0);
      if (!eros_store_result_foreach (result, first, BATCH, collect_cb, &batch, error))
        {
          flow = ENGINE_FAILED;
          break;
        }
      flow = run_batch (run, for_, variable, &batch, &stop, label, error);
    }
  g_array_unref (batch.rows);
  return flow;
}

static ErosEngineFlow
run_for (ErosRun *run, const ErosAstFor *for_, const char **label, GError **error)
{
  ErosAstStatement query = { .kind = EROS_AST_STATEMENT_QUERY,
                             .span = for_->query->span,
                             .query = for_->query };
  g_autoptr (ErosStoreResult) result = NULL;
  const ErosAstStatement *statement = run->frame->statement;
  ErosEngineFlow flow;

  run->frame->statement = &query;
  flow = flow_of (eros_engine_run_statement (run, &query, error));
  run->frame->statement = statement;
  if (flow == ENGINE_FAILED)
    return flow;
  result = eros_store_result_ref (run->job->result);
  g_ptr_array_add (run->frame->scopes, eros_engine_scope_new ());
  flow = run_rows (run, for_, result, label, error);
  g_ptr_array_set_size (run->frame->scopes, run->frame->scopes->len - 1);
  return flow;
}

/* Blocks and errors */

/* What nobody may catch: the job has to end. */
static gboolean
ends_job (const GError *error)
{
  return g_error_matches (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_STOPPED) ||
         g_error_matches (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TIMEOUT) ||
         g_error_matches (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_FAILED) ||
         g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED) ||
         g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED) ||
         g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FULL);
}

static ErosEngineFlow
run_handler (ErosRun *run, const ErosAstBlock *block, const char **label, GError **error)
{
  ErosEngineFlow flow;

  g_ptr_array_add (run->handled, g_steal_pointer (&run->failure));
  flow = eros_engine_run_list (run, &block->handler, label, error);
  g_ptr_array_set_size (run->handled, run->handled->len - 1);
  return flow;
}

static ErosEngineFlow
run_block (ErosRun *run, const ErosAstBlock *block, const char **label, GError **error)
{
  GError *failure = NULL;
  guint depth = run->frame->scopes->len;
  ErosEngineFlow flow;

  g_ptr_array_add (run->frame->scopes, eros_engine_scope_new ());
  flow = eros_engine_run_list (run, &block->statements, label, &failure);
  g_ptr_array_set_size (run->frame->scopes, depth);
  if (flow == ENGINE_FAILED && block->has_handler && run->failure != NULL && !ends_job (failure))
    {
      g_clear_error (&failure);
      flow = run_handler (run, block, label, &failure);
    }
  if (flow == ENGINE_BREAK && block->label != NULL && *label != NULL && is_mine (*label, block->label))
    {
      flow = ENGINE_NEXT;
      *label = NULL;
    }
  if (flow == ENGINE_FAILED)
    g_propagate_error (error, failure);
  return flow;
}

static gboolean
run_raise (ErosRun *run, const ErosAstRaise *raise, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_autofree char *text = NULL;

  if (raise->message == NULL)
    {
      ErosEngineFailure *failure = g_ptr_array_index (run->handled, run->handled->len - 1);

      if (error != NULL)
        *error = g_error_copy (failure->error);
      return FALSE;
    }
  if (!eros_engine_script_value (run, raise->message, eros_sql_type (EROS_SQL_STRING), &value, error))
    return FALSE;
  text = value.is_null ? g_strdup ("NULL") : g_strndup (value.data, value.size);
  g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_RAISED, text);
  return FALSE;
}

/* A statement that is none of SQL's own. */
ErosEngineFlow
eros_engine_run_control (ErosRun *run, const ErosAstStatement *statement, const char **label, GError **error)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_DECLARE:
      return flow_of (run_declare (run, &statement->declare, error));
    case EROS_AST_STATEMENT_SET:
      return flow_of (run_set (run, &statement->set, error));
    case EROS_AST_STATEMENT_IF:
      return run_if (run, &statement->if_, label, error);
    case EROS_AST_STATEMENT_CASE:
      return run_case (run, &statement->case_, label, error);
    case EROS_AST_STATEMENT_LOOP:
      return run_loop (run, &statement->loop, label, error);
    case EROS_AST_STATEMENT_FOR:
      return run_for (run, &statement->for_, label, error);
    case EROS_AST_STATEMENT_BLOCK:
      return run_block (run, &statement->block, label, error);
    case EROS_AST_STATEMENT_BREAK:
      *label = statement->jump.label;
      return ENGINE_BREAK;
    case EROS_AST_STATEMENT_CONTINUE:
      *label = statement->jump.label;
      return ENGINE_CONTINUE;
    case EROS_AST_STATEMENT_RETURN:
      return ENGINE_RETURN;
    case EROS_AST_STATEMENT_RAISE:
      return flow_of (run_raise (run, &statement->raise, error));
    case EROS_AST_STATEMENT_CALL:
      return flow_of (eros_engine_run_call (run, &statement->call, error));
    case EROS_AST_STATEMENT_EXECUTE_IMMEDIATE:
    default:
      return flow_of (eros_engine_run_execute (run, &statement->execute_immediate, error));
    }
}
