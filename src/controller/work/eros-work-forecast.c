/* eros-work-forecast.c: what an operation would read, and where it would fail, before anything runs
 *
 * BigQuery looks at a script up to its first DDL, CALL, EXECUTE IMMEDIATE, condition or loop, and says
 * nothing of what follows: so each statement is asked for by itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-sql-script.h"
#include "eros-sql-text.h"
#include "eros-work-private.h"

typedef struct
{
  ErosWork *work; /* a reference: the plan may be dropped meanwhile */
  guint next;
  gint64 bytes;
  GPtrArray *made;    /* of char *: names of what statements before the next one make or change */
  gboolean is_unsure; /* they may make or change anything */

  /* of the step */
  ErosSqlScript *script; /* (nullable): it cannot be divided */
  guint statement;
  GListStore *rows;
  gboolean is_undeclared; /* a variable's declaration is not known to be right */
  GError *error;          /* (nullable): what the server says of the script as a whole */
} Forecast;

static void forecast_next (GTask *task);
static void forecast_statement (GTask *task);
static void forecast_work (ErosWork *work,
                           gboolean is_unsure,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

static void
forget_step (Forecast *self)
{
  g_clear_pointer (&self->script, eros_sql_script_free);
  g_clear_object (&self->rows);
  g_clear_error (&self->error);
  self->statement = 0;
  self->is_undeclared = FALSE;
}

static void
forecast_free (gpointer data)
{
  Forecast *self = data;

  forget_step (self);
  g_ptr_array_unref (self->made);
  eros_work_unref (self->work);
  g_free (self);
}

static WorkStep *
get_step (Forecast *self)
{
  return g_ptr_array_index (self->work->steps, self->next);
}

static guint
count (Forecast *self)
{
  return self->script != NULL ? eros_sql_script_get_n_statements (self->script) : 0;
}

/* ---- what an error means ------------------------------------------------------------------------------- */

/* Whether it is about what the step sends, and not about the way to the server. */
static gboolean
is_about_statement (const GError *error)
{
  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID) ||
         g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) ||
         g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED) ||
         g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_BUDGET) ||
         g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_FAILED);
}

static gboolean
is_syntax_error (const GError *error)
{
  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID) &&
         strstr (error->message, "Syntax error") != NULL;
}

static gboolean
is_about_a_name (const GError *error)
{
  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) ||
         (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID) &&
          !is_syntax_error (error));
}

/* Why what the statement names may be missing now and there when it runs, which is no mistake. (nullable): it
 * may not. (transfer full) */
static char *
why_missing_yet (Forecast *self, const GError *error)
{
  const ErosSqlStatement *statement = eros_sql_script_get_statement (self->script, self->statement);

  for (guint i = 0; i < self->made->len; i++)
    if (eros_sql_script_mentions (self->script, self->statement, g_ptr_array_index (self->made, i)))
      /* Translators: the name of a table or the like */
      return g_strdup_printf (_ ("can only be looked at when the steps before it have run: it uses %s"),
                              (const char *) g_ptr_array_index (self->made, i));
  if (self->is_unsure)
    return g_strdup (_ ("can only be looked at when the steps before it have run"));
  if (self->is_undeclared)
    return g_strdup (_ ("not checked: a variable's declaration before it could not be"));
  if (statement->is_inside)
    return g_strdup (_ ("not checked: what it uses may be there only in its loop or handler"));
  if (statement->is_conditional &&
      g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    /* Translators: an error message */
    return g_strdup_printf (_ ("runs only under a condition; if it ran now, it would fail: %s"),
                            error->message);
  return NULL;
}

/* ---- a statement --------------------------------------------------------------------------------------- */

/* The row of the statement, or of its step when that is its only one. */
static ErosStep *
get_row (Forecast *self)
{
  ErosStep *row;

  if (self->rows == NULL)
    return get_step (self)->row;
  row = g_list_model_get_item (G_LIST_MODEL (self->rows), self->statement);
  g_object_unref (row); /* the list has one */
  return row;
}

/* Why there is nothing to ask for. (nullable): there is */
static const char *
why_not (ErosSqlStatementKind kind)
{
  switch (kind)
    {
    case EROS_SQL_STATEMENT_EXECUTE:
      return _ ("not checked: its text is put together only when it runs");
    case EROS_SQL_STATEMENT_TEMPORARY:
      return _ ("not checked: what is temporary can only be looked at when it is made");
    case EROS_SQL_STATEMENT_TRANSACTION:
      return _ ("not checked: a transaction begins and ends only when it runs");
    case EROS_SQL_STATEMENT_CONTROL:
      return _ ("not checked: it is decided only when it runs");
    case EROS_SQL_STATEMENT_PLAIN:
    case EROS_SQL_STATEMENT_DECLARATION:
    case EROS_SQL_STATEMENT_CALL:
    default:
      return NULL;
    }
}

/* What the statements after it can no longer be sure of. */
static void
learn (Forecast *self, gboolean is_checked)
{
  const ErosSqlStatement *statement = eros_sql_script_get_statement (self->script, self->statement);

  self->is_unsure |=
    statement->kind == EROS_SQL_STATEMENT_CALL || statement->kind == EROS_SQL_STATEMENT_EXECUTE;
  self->is_undeclared |= statement->kind == EROS_SQL_STATEMENT_DECLARATION && !is_checked;
  if (statement->makes != NULL)
    g_ptr_array_add (self->made, g_strdup (statement->makes));
}

static void
note_trouble (Forecast *self, const GError *error)
{
  ErosStep *row = get_row (self);
  guint line;
  guint column;
  g_autofree char *text = NULL;
  g_autofree char *detail =
    self->script != NULL && is_about_a_name (error) ? why_missing_yet (self, error) : NULL;

  if (detail == NULL && get_step (self)->step.may_fail)
    /* Translators: an error message */
    detail = g_strdup_printf (_ ("may not work, and then the rest goes on without it: %s"), error->message);
  if (detail != NULL)
    {
      eros_step_set_forecast (row, EROS_FORECAST_UNCHECKED, -1, NULL, detail);
      return;
    }
  if (eros_script_find_trouble (get_step (self)->filled_sql, error, NULL, &line, &column, &text))
    eros_step_set_trouble (row, line, column, text);
  eros_step_set_forecast (row, EROS_FORECAST_FAILS, -1, NULL, error->message);
}

/* (transfer full) (nullable) */
static char *
describe_tables (GStrv tables)
{
  g_autofree char *names = tables != NULL ? g_strjoinv (", ", tables) : g_strdup ("");

  /* Translators: names of tables */
  return *names != '\0' ? g_strdup_printf (_ ("reads %s"), names) : NULL;
}

static void
note_answer (Forecast *self, ErosJob *job)
{
  const ErosSqlStatement *statement =
    self->script != NULL ? eros_sql_script_get_statement (self->script, self->statement) : NULL;
  gint64 bytes = eros_job_get_bytes_processed (job);
  g_auto (GStrv) tables = eros_job_dup_referenced_tables (job);
  g_autofree char *detail = describe_tables (tables);
  ErosForecast forecast = EROS_FORECAST_CHECKED;

  if (statement == NULL || statement->kind == EROS_SQL_STATEMENT_CALL)
    {
      forecast = EROS_FORECAST_UNCHECKED;
      g_free (detail);
      detail =
        g_strdup (statement == NULL ? _ ("not checked: where its statements begin and end is not clear")
                                    : _ ("not checked: what is called is only looked at when it is called"));
    }
  eros_step_set_trouble (get_row (self), 0, 0, NULL);
  eros_step_set_forecast (get_row (self), forecast, bytes, tables, detail);
}

/* ---- a script ------------------------------------------------------------------------------------------ */

static void
make_rows (Forecast *self)
{
  guint n = count (self);

  self->rows = g_list_store_new (EROS_TYPE_STEP);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = eros_sql_script_dup_text (self->script, i);
      g_autoptr (ErosStep) row =
        eros_script_make_row (eros_sql_script_get_statement (self->script, i)->line, text);

      g_list_store_append (self->rows, row);
    }
}

static void
add_tables (GPtrArray *all, ErosStep *row)
{
  const char *const *tables = eros_step_get_tables (row);

  for (guint i = 0; tables != NULL && tables[i] != NULL; i++)
    if (!g_ptr_array_find_with_equal_func (all, tables[i], g_str_equal, NULL))
      g_ptr_array_add (all, g_strdup (tables[i]));
}

/* What its statements come to. */
typedef struct
{
  guint counts[EROS_N_FORECASTS];
  gint64 bytes;
  GPtrArray *tables; /* of char *, with a NULL at its end */
  ErosStep *failing; /* (nullable): the first */
} Sum;

static void
add_up (GListModel *rows, Sum *sum)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (ErosStep) row = g_list_model_get_item (rows, i);

      sum->counts[eros_step_get_forecast (row)]++;
      sum->bytes += MAX (eros_step_get_bytes_processed (row), 0);
      add_tables (sum->tables, row);
      if (sum->failing == NULL && eros_step_get_forecast (row) == EROS_FORECAST_FAILS)
        sum->failing = row;
    }
  g_ptr_array_add (sum->tables, NULL);
}

static void
note_failing (Forecast *self, const Sum *sum)
{
  ErosStep *row = get_step (self)->row;
  guint line;
  guint column;
  const char *text;

  if (eros_step_get_trouble (sum->failing, &line, &column, &text))
    eros_step_set_trouble (row, line, column, text);
  eros_step_set_forecast (row, EROS_FORECAST_FAILS, sum->bytes, (GStrv) sum->tables->pdata,
                          eros_step_get_error (sum->failing));
}

/* Of a script its statements, of a call the steps of the work that it does. */
static void
conclude_rows (Forecast *self, GListModel *rows)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  Sum sum = { .tables = tables };
  ErosStep *row = get_step (self)->row;
  g_autofree char *reads = NULL;
  g_autofree char *detail = NULL;
  guint n = g_list_model_get_n_items (rows);

  add_up (rows, &sum);
  eros_step_set_children (row, rows);
  reads = describe_tables ((GStrv) tables->pdata);
  if (sum.failing != NULL)
    note_failing (self, &sum);
  else if (self->error != NULL && !get_step (self)->step.may_fail && sum.counts[EROS_FORECAST_CHECKED] == n)
    eros_step_set_forecast (row, EROS_FORECAST_FAILS, sum.bytes, (GStrv) tables->pdata, self->error->message);
  else
    {
      gboolean is_checked = sum.counts[EROS_FORECAST_CHECKED] == n;

      /* Translators: %1$u of %2$u statements; %3$s: nothing, or “; reads a, b” */
      detail = g_strdup_printf (_ ("%1$u of %2$u statements were checked%3$s%4$s"),
                                sum.counts[EROS_FORECAST_CHECKED], n, reads != NULL ? "; " : "",
                                reads != NULL ? reads : "");
      eros_step_set_forecast (row, is_checked ? EROS_FORECAST_CHECKED : EROS_FORECAST_UNCHECKED, sum.bytes,
                              (GStrv) tables->pdata, detail);
    }
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static void
ask (GTask *task, const char *sql, GAsyncReadyCallback callback)
{
  Forecast *self = g_task_get_task_data (task);
  WorkStep *step = get_step (self);
  /* A job that was planned before, and may have been sent, keeps its id. */
  g_autofree char *id = eros_job_request_make_id ("eros-forecast");
  g_autofree char *whole = g_steal_pointer (&step->filled_sql);
  g_autoptr (ErosJobRequest) request = NULL;

  step->filled_sql = g_strdup (sql);
  request = eros_work_make_request (step, id);
  g_free (step->filled_sql);
  step->filled_sql = g_steal_pointer (&whole);
  eros_job_request_set_dry_run (request, TRUE);
  eros_big_query_run_async (self->work->big_query, request, g_task_get_cancellable (task), callback,
                            g_object_ref (task));
}

/* The job or, in @problem, what is wrong with what was sent; neither: the task has ended. */
static ErosJob *
take_job (GTask *task, GObject *source, GAsyncResult *result, GError **problem)
{
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);

  if (job != NULL)
    error = eros_job_dup_error (job);
  if (error == NULL)
    return g_steal_pointer (&job);
  if (is_about_statement (error))
    g_propagate_error (problem, error);
  else
    g_task_return_error (task, error);
  return NULL;
}

static void
step_done (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);

  self->bytes += MAX (eros_step_get_bytes_processed (get_step (self)->row), 0);
  forget_step (self);
  self->next++;
  forecast_next (task);
}

static void
statement_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosJob) job = take_job (task, source, result, &problem);

  if (job != NULL)
    note_answer (self, job);
  else if (problem != NULL)
    note_trouble (self, problem);
  else
    return;
  learn (self, job != NULL);
  self->statement++;
  forecast_statement (task);
}

/* The next one that there is something to ask about. */
static void
forecast_statement (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);
  guint n = count (self);

  for (; self->statement < n; self->statement++)
    {
      const ErosSqlStatement *statement = eros_sql_script_get_statement (self->script, self->statement);
      const char *why = why_not (statement->kind);

      if (why == NULL)
        {
          g_autofree char *sql = eros_sql_script_isolate (self->script, self->statement);

          ask (task, sql, statement_cb);
          return;
        }
      eros_step_set_forecast (get_row (self), EROS_FORECAST_UNCHECKED, -1, NULL, why);
      learn (self, FALSE);
    }
  if (self->rows != NULL)
    conclude_rows (self, G_LIST_MODEL (self->rows));
  step_done (task);
}

/* A script as a whole: whether it can be read at all. */
static void
script_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosJob) job = take_job (task, source, result, &problem);

  if (job == NULL && problem == NULL)
    return;
  if (self->script != NULL && !is_syntax_error (problem))
    {
      self->error = g_steal_pointer (&problem);
      make_rows (self);
      forecast_statement (task);
      return;
    }
  if (problem != NULL)
    {
      /* What it would have made is not known. */
      g_clear_pointer (&self->script, eros_sql_script_free);
      note_trouble (self, problem);
    }
  else
    note_answer (self, job);
  self->is_unsure = TRUE;
  step_done (task);
}

/* One before it that sends the same, of which it has been found out. (nullable) */
static WorkStep *
find_twin (Forecast *self)
{
  WorkStep *step = get_step (self);

  for (guint i = 0; step->step.parameters->len == 0 && i < self->next; i++)
    {
      WorkStep *other = g_ptr_array_index (self->work->steps, i);

      if (other->step.parameters->len == 0 && g_strcmp0 (other->filled_sql, step->filled_sql) == 0 &&
          eros_step_get_forecast (other->row) != EROS_FORECAST_NONE)
        return other;
    }
  return NULL;
}

/* ---- a call -------------------------------------------------------------------------------------------- */

static void
inner_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  ErosWork *inner = get_step (self)->step.forecast;
  GError *error = NULL;
  gint64 bytes;

  if (!eros_work_forecast_finish (inner, result, &bytes, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  conclude_rows (self, eros_operation_get_steps (inner->operation));
  self->is_unsure = TRUE;
  step_done (task);
}

static void
reading_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  const ErosWorkStep *step = &get_step (self)->step;
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosJob) job = take_job (task, source, result, &problem);
  g_autofree char *detail = NULL;
  gint64 bytes;

  if (job == NULL && problem == NULL)
    return;
  g_clear_pointer (&get_step (self)->filled_sql, g_free);
  if (job != NULL)
    {
      bytes = eros_job_get_bytes_processed (job) * step->n_readings;
      detail = g_strdup_printf (ngettext ("not checked: it reads the tables that are compared %u time",
                                          "not checked: it reads the tables that are compared %u times",
                                          step->n_readings),
                                step->n_readings);
      eros_step_set_forecast (get_step (self)->row, EROS_FORECAST_UNCHECKED, bytes, NULL, detail);
    }
  else
    eros_step_set_forecast (get_step (self)->row, EROS_FORECAST_FAILS, -1, NULL, problem->message);
  step_done (task);
}

/* FALSE: nothing is known of what it does. */
static gboolean
forecast_call (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);
  WorkStep *step = get_step (self);

  if (step->step.forecast != NULL)
    {
      forecast_work (step->step.forecast, self->is_unsure, g_task_get_cancellable (task), inner_cb,
                     g_object_ref (task));
      return TRUE;
    }
  if (step->step.reads == NULL)
    return FALSE;
  step->filled_sql = eros_sql_text_fill (step->step.reads, step->step.id,
                                         eros_big_query_get_connection (self->work->big_query), NULL);
  if (step->filled_sql == NULL)
    return FALSE;
  ask (task, step->filled_sql, reading_cb);
  return TRUE;
}

/* ---- what only reads ----------------------------------------------------------------------------------- */

/* Takes error. An answer is an answer; that there is none says nothing of the step. */
static void
looked_cb (WorkStep *step, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&step->looking);

  step->looked = NULL;
  if (error != NULL &&
      (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || eros_big_query_error_may_pass (error)))
    {
      g_task_return_error (task, error);
      return;
    }
  if (((Forecast *) g_task_get_task_data (task))->is_unsure &&
      g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    eros_step_set_forecast (step->row, EROS_FORECAST_UNCHECKED, -1, NULL,
                            _ ("can only be looked at when the steps before it have run"));
  else
    eros_step_set_forecast (step->row, error != NULL ? EROS_FORECAST_FAILS : EROS_FORECAST_CHECKED, -1, NULL,
                            error != NULL ? error->message : step->found);
  g_clear_error (&error);
  step_done (task);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  WorkStep *step = get_step (self);
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);
  g_autoptr (GHashTable) answer =
    page != NULL && eros_page_get_n_rows (page) == 1 ? eros_page_dup_row (page, 0) : NULL;

  step->looking = g_steal_pointer (&task);
  if (answer != NULL &&
      (step->step.answered == NULL || step->step.answered (self->work, &step->step, answer, &error)))
    {
      eros_work_step_keep (step, answer);
      eros_work_step_judge (step, answer, &error);
    }
  looked_cb (step, error);
}

/* Whether it is looked at, and not only asked about. */
static gboolean
look (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);
  WorkStep *step = get_step (self);

  if (step->passed || (step->step.look == NULL && !step->step.is_free))
    return FALSE;
  if (step->step.look != NULL)
    {
      step->looked = looked_cb;
      step->looking = g_object_ref (task);
      step->step.look (self->work, &step->step, g_task_get_cancellable (task));
      return TRUE;
    }
  if (eros_work_fill_sql (step, NULL))
    {
      g_autofree char *id = eros_job_request_make_id ("eros-forecast");
      g_autoptr (ErosJobRequest) request = eros_work_make_request (step, id);

      eros_big_query_query_async (self->work->big_query, request, 2, g_task_get_cancellable (task),
                                  queried_cb, g_object_ref (task));
      return TRUE;
    }
  return FALSE;
}

/* ---- one step after the other -------------------------------------------------------------------------- */

/* Whether what it sends is known. */
static gboolean
fill (Forecast *self, WorkStep *step)
{
  return (step->step.prepare == NULL ||
          (step->step.is_foreseeable && step->step.prepare (self->work, &step->step, NULL))) &&
         step->step.sql != NULL && eros_work_fill_sql (step, NULL);
}

/* FALSE: there is nothing to ask about it. */
static gboolean
begin_step (Forecast *self)
{
  WorkStep *step = get_step (self);
  WorkStep *twin;

  if (step->passed)
    return FALSE;
  if (step->step.impossible != NULL)
    {
      eros_step_set_forecast (step->row, EROS_FORECAST_FAILS, -1, NULL, step->step.impossible);
      return FALSE;
    }
  if (step->step.call != NULL)
    return FALSE;
  if (!fill (self, step))
    {
      eros_step_set_forecast (step->row, EROS_FORECAST_UNCHECKED, -1, NULL,
                              step->step.sql != NULL
                                ? _ ("not checked: what it sends depends on what the steps before it find")
                                : _ ("not checked: it is no query, of which a dry run says something"));
      self->is_unsure = TRUE;
      return FALSE;
    }
  twin = find_twin (self);
  if (twin == NULL)
    return TRUE;
  eros_step_copy_forecast (step->row, twin->row);
  self->bytes += MAX (eros_step_get_bytes_processed (step->row), 0);
  return FALSE;
}

static void
forecast_next (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);

  for (; self->next < self->work->steps->len; self->next++)
    {
      if (look (task) || (get_step (self)->step.call != NULL && forecast_call (task)))
        return;
      if (!begin_step (self))
        continue;
      self->script = eros_sql_script_new (get_step (self)->filled_sql);
      eros_step_set_children (get_step (self)->row, NULL);
      if (count (self) == 1)
        forecast_statement (task);
      else
        ask (task, get_step (self)->filled_sql, script_cb);
      return;
    }
  g_task_return_int (task, self->bytes);
}

/* is_unsure: what comes before the whole may make or change anything. */
static void
forecast_work (ErosWork *work,
               gboolean is_unsure,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (work->deployment, cancellable, callback, user_data);
  Forecast *self = g_new0 (Forecast, 1);

  g_task_set_source_tag (task, eros_work_forecast_async);
  self->work = eros_work_ref (work);
  self->is_unsure = is_unsure;
  self->made = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, self, forecast_free);
  forecast_next (task);
}

void
eros_work_forecast_async (ErosWork *work,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  forecast_work (work, FALSE, cancellable, callback, user_data);
}

gboolean
eros_work_forecast_finish (ErosWork *work, GAsyncResult *result, gint64 *bytes, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *bytes = g_task_propagate_int (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
