/* eros-engine-script.c: the statements of a script, one after another, and the jobs that they are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"
#include "eros-clock.h"
#include "eros-engine-script.h"

#include <string.h>

/* Where we are */

static void
stack_frame_free (ErosEngineFrame *frame)
{
  g_free (frame->procedure);
  g_free (frame->text);
  g_free (frame);
}

/* The end of a text of which the start is known. */
static void
find_end (const char *text, guint *line, guint *column)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (*c == '\n')
      {
        (*line)++;
        *column = 1;
      }
    else
      (*column)++;
}

/* Returns: (transfer full) (element-type ErosEngineFrame): the running statement and those that have called
 * it */
static GPtrArray *
eros_engine_stack (ErosRun *run)
{
  GPtrArray *stack = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_frame_free);

  for (ErosRunFrame *frame = run->frame; frame != NULL; frame = frame->caller)
    {
      ErosEngineFrame *entry;

      if (frame->statement == NULL)
        continue;
      entry = g_new0 (ErosEngineFrame, 1);
      entry->start_line = entry->end_line = frame->statement->span.line;
      entry->start_column = entry->end_column = frame->statement->span.column;
      entry->procedure = g_strdup (frame->procedure);
      entry->text = eros_script_dup_span (frame->script, &frame->statement->span);
      find_end (entry->text, &entry->end_line, &entry->end_column);
      g_ptr_array_add (stack, entry);
    }
  return stack;
}

static gboolean
has_position (const char *message)
{
  const char *bracket = strrchr (message, '[');

  return bracket != NULL && bracket - message >= 4 && strncmp (bracket - 4, " at ", 4) == 0 &&
         message[strlen (message) - 1] == ']';
}

/* Completes an error's message with where in the script it happened; within a procedure that is
 * [project.dataset.name:line:column]. */
static void
eros_engine_add_position (ErosRun *run, GError **error)
{
  const ErosAstStatement *statement = run->frame->statement;
  const char *procedure = run->frame->procedure;
  g_autofree char *message = NULL;
  char *bracket;

  if (error == NULL || *error == NULL || statement == NULL)
    return;
  if (!has_position ((*error)->message))
    message = g_strdup_printf ("%s at [%s%s%u:%u]", (*error)->message, procedure == NULL ? "" : procedure,
                               procedure == NULL ? "" : ":", statement->span.line, statement->span.column);
  else if (procedure != NULL)
    {
      bracket = strrchr ((*error)->message, '[');
      if (strchr (bracket, '.') !=
          NULL) /* it has been said already, by this procedure or one that it calls */
        return;
      message = g_strdup_printf ("%.*s[%s:%s", (int) (bracket - (*error)->message), (*error)->message,
                                 procedure, bracket + 1);
    }
  else
    return;
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

void
eros_engine_failure_free (ErosEngineFailure *failure)
{
  g_clear_error (&failure->error);
  g_clear_pointer (&failure->frames, g_ptr_array_unref);
  g_free (failure->message);
  g_free (failure->statement_text);
  g_free (failure);
}

/* What @@error will say of @error, which the running statement has just raised. */
static ErosEngineFailure *
failure_new (ErosRun *run, GError **error)
{
  ErosEngineFailure *failure = g_new0 (ErosEngineFailure, 1);
  gboolean raised = g_error_matches (*error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_RAISED);

  if (raised)
    failure->message = g_strdup ((*error)->message);
  eros_engine_add_position (run, error);
  if (!raised)
    failure->message = g_strdup_printf ("Query error: %s", (*error)->message);
  failure->error = g_error_copy (*error);
  failure->statement_text = eros_script_dup_span (run->frame->script, &run->frame->statement->span);
  failure->frames = eros_engine_stack (run);
  return failure;
}

/* One statement is a job by itself, also with the temporary functions that it uses; anything else is a
 * script. */
gboolean
eros_engine_is_script (const ErosAstStatements *statements)
{
  const ErosAstStatement *last;

  if (statements->length == 0)
    return FALSE;
  for (guint i = 0; i + 1 < statements->length; i++)
    if (statements->items[i]->kind != EROS_AST_STATEMENT_CREATE_FUNCTION ||
        !statements->items[i]->create_function.create.temporary)
      return TRUE;
  last = statements->items[statements->length - 1];
  return last->kind >= EROS_AST_STATEMENT_DECLARE && last->kind < EROS_AST_STATEMENT_ASSERT;
}

/* Child jobs */

/* A script's answer is that of the last query, DML or DDL statement that it has run. */
static void
add_totals (ErosEngineResult *job, const ErosEngineResult *child)
{
  job->bytes_processed += child->bytes_processed;
  job->bytes_billed += child->bytes_billed;
  job->slot_ms += child->slot_ms;
  if (child->result == NULL && child->columns == NULL && child->affected_rows < 0 &&
      child->ddl_operation == NULL)
    return;
  g_clear_pointer (&job->result, eros_store_result_unref);
  g_clear_pointer (&job->columns, g_ptr_array_unref);
  if (child->result != NULL)
    job->result = eros_store_result_ref (child->result);
  if (child->columns != NULL)
    job->columns = g_ptr_array_ref (child->columns);
}

static ErosEngineChild *
child_begin (ErosRun *run, const ErosAstSpan *span, gboolean is_expression)
{
  ErosEngineChild *child = g_new0 (ErosEngineChild, 1);

  child->job_id = g_strdup_printf ("%s_%u", run->child_prefix, run->n_children++);
  child->is_expression = is_expression;
  child->query = eros_script_dup_span (run->frame->script, span);
  child->frames = eros_engine_stack (run);
  run->running_job_id = child->job_id;
  run->child = child;
  if (run->request->child_func != NULL)
    run->request->child_func (child, run->request->child_data);
  child->result = run->current = eros_engine_result_new ();
  child->result->started = eros_clock_get_now ();
  child->result->statement_type =
    is_expression ? "SELECT" : eros_engine_statement_type (run->frame->statement);
  child->result->transaction_id = g_strdup (run->session->transaction_id);
  return child;
}

static void
child_end (ErosRun *run, ErosEngineChild *child, const GError *error)
{
  child->result->ended = eros_clock_get_now ();
  if (error != NULL)
    eros_engine_result_set_error (child->result, error);
  add_totals (run->job, child->result);
  g_ptr_array_add (run->job->children, child);
  g_free (run->last_job_id);
  run->last_job_id = g_strdup (child->job_id);
  run->running_job_id = run->request->job_id;
  run->child = NULL;
  run->current = run->job;
  if (run->request->child_func != NULL)
    run->request->child_func (child, run->request->child_data);
}

/* Does @work as a child job of the script, or as the job itself when that is all there is. */
static gboolean
do_as_job (ErosRun *run,
           const ErosAstSpan *span,
           gboolean is_expression,
           ErosEngineWork work,
           gconstpointer data,
           GError **error)
{
  ErosEngineChild *child = NULL;
  GError *failure = NULL;
  gint64 cpu = eros_engine_thread_cpu ();
  gboolean good;

  if (run->is_script && run->current == run->job)
    child = child_begin (run, span, is_expression);
  good = work (run, data, &failure);
  if (!good)
    eros_engine_note_conflict (run, failure);
  run->current->slot_ms += (eros_engine_thread_cpu () - cpu + 999) / 1000;
  if (child != NULL)
    {
      if (!good)
        eros_engine_add_position (run, &failure);
      child_end (run, child, failure);
    }
  if (!good)
    g_propagate_error (error, failure);
  return good;
}

typedef struct
{
  const ErosAstExpr *expr;
  const ErosSqlType *wanted;
  ErosSqlValue *value;
} Evaluation;

static gboolean
do_evaluate (ErosRun *run, gconstpointer data, GError **error)
{
  const Evaluation *evaluation = data;

  return eros_engine_evaluate (run, evaluation->expr, evaluation->wanted, evaluation->value, error);
}

/* The value of a condition, a SET … Only what runs a query is a job of its own. */
gboolean
eros_engine_script_value (ErosRun *run,
                          const ErosAstExpr *expr,
                          const ErosSqlType *wanted,
                          ErosSqlValue *value,
                          GError **error)
{
  Evaluation evaluation = { expr, wanted, value };

  if (!expr->has_query)
    return eros_engine_evaluate (run, expr, wanted, value, error);
  return do_as_job (run, &expr->span, TRUE, do_evaluate, &evaluation, error);
}

gboolean
eros_engine_script_condition (ErosRun *run, const ErosAstExpr *expr, gboolean *holds, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (!eros_engine_script_value (run, expr, eros_sql_type (EROS_SQL_BOOL), &value, error))
    return FALSE;
  *holds = !value.is_null && value.integer != 0;
  return TRUE;
}

/* SQL statements */

static gboolean
run_assert (ErosRun *run, const ErosAstAssert *assertion, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (!eros_engine_evaluate (run, assertion->condition, eros_sql_type (EROS_SQL_BOOL), &value, error))
    return FALSE;
  if (!value.is_null && value.integer != 0)
    return TRUE;
  if (run->request->dry_run)
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Assertion failed%s%s",
               assertion->description == NULL ? "" : ": ",
               assertion->description == NULL ? "" : assertion->description);
  return FALSE;
}

static gboolean
do_statement (ErosRun *run, gconstpointer data, GError **error)
{
  const ErosAstStatement *statement = data;

  if (eros_engine_is_ddl (statement))
    return eros_engine_run_ddl (run, statement, error);
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_QUERY:
      return eros_engine_run_query (run, statement->query, error);
    case EROS_AST_STATEMENT_TRUNCATE:
      return eros_engine_run_truncate (run, &statement->truncate, error);
    case EROS_AST_STATEMENT_ASSERT:
      return run_assert (run, &statement->assert_, error);
    case EROS_AST_STATEMENT_EXPORT_DATA:
      return eros_engine_export_data (run, &statement->export_data, error);
    case EROS_AST_STATEMENT_LOAD_DATA:
      return eros_engine_load_data (run, &statement->load_data, error);
    case EROS_AST_STATEMENT_BEGIN_TRANSACTION:
      return eros_engine_begin_transaction (run, error);
    case EROS_AST_STATEMENT_COMMIT_TRANSACTION:
      return eros_engine_commit_transaction (run, error);
    case EROS_AST_STATEMENT_ROLLBACK_TRANSACTION:
      return eros_engine_rollback_transaction (run, error);
    default:
      return eros_engine_run_dml (run, statement, error);
    }
}

/* A query, DML, DDL, ASSERT or transaction statement. */
gboolean
eros_engine_run_statement (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  return do_as_job (run, &statement->span, FALSE, do_statement, statement, error);
}

/* Lists */

static ErosEngineFlow
run_one (ErosRun *run, const ErosAstStatement *statement, const char **label, GError **error)
{
  if (statement->kind == EROS_AST_STATEMENT_QUERY || eros_engine_is_ddl (statement) ||
      statement->kind <= EROS_AST_STATEMENT_TRUNCATE || statement->kind >= EROS_AST_STATEMENT_ASSERT)
    return eros_engine_run_statement (run, statement, error) ? ENGINE_NEXT : ENGINE_FAILED;
  return eros_engine_run_control (run, statement, label, error);
}

/*
 * eros_engine_run_list:
 * @label: (out): with %ENGINE_BREAK and %ENGINE_CONTINUE: of which loop or block; NULL is the innermost loop
 *
 * Runs statements until one of them leaves the list.
 */
ErosEngineFlow
eros_engine_run_list (ErosRun *run, const ErosAstStatements *list, const char **label, GError **error)
{
  const ErosAstStatement *outer = run->frame->statement;
  ErosEngineFlow flow = ENGINE_NEXT;

  for (guint i = 0; flow == ENGINE_NEXT && i < list->length; i++)
    {
      GError *failure = NULL;

      run->frame->statement = list->items[i];
      if (!eros_engine_check_cancelled (run, &failure))
        flow = ENGINE_FAILED;
      else
        flow = run_one (run, list->items[i], label, &failure);
      if (flow == ENGINE_FAILED)
        {
          if (run->failure == NULL && run->is_script)
            run->failure = failure_new (run, &failure);
          g_propagate_error (error, failure);
        }
    }
  run->frame->statement = outer;
  return flow;
}
