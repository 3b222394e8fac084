/* eros-work-forecast.c: what an operation would read, and where it would fail, before anything runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-script.h"
#include "eros-work-private.h"

typedef struct
{
  ErosWork *work; /* a reference: the plan may be dropped meanwhile */
  guint next;
  gint64 bytes;
  gboolean changes; /* a step before the next one makes or changes something */
} Forecast;

static void forecast_next (GTask *task);

static void
forecast_free (gpointer data)
{
  Forecast *forecast = data;

  eros_work_unref (forecast->work);
  g_free (forecast);
}

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

/* What an earlier step makes is not there yet: its users cannot be looked at, and that is no mistake. */
static gboolean
may_be_missing_yet (Forecast *forecast, const GError *error)
{
  if (!forecast->changes)
    return FALSE;
  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) ||
         (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID) &&
          strstr (error->message, "Syntax error") == NULL);
}

static void
note_trouble (Forecast *forecast, WorkStep *step, const GError *error)
{
  guint line;
  guint column;
  g_autofree char *text = NULL;
  g_autofree char *detail = NULL;

  if (may_be_missing_yet (forecast, error))
    {
      /* Translators: why a statement was refused */
      detail =
        g_strdup_printf (_ ("can only be looked at when the steps before it have run: %s"), error->message);
      eros_step_set_forecast (step->row, -1, NULL, detail, NULL);
      return;
    }
  if (eros_script_find_trouble (step->filled_sql, error, NULL, &line, &column, &text))
    eros_step_set_trouble (step->row, line, column, text);
  eros_step_set_forecast (step->row, -1, NULL, NULL, error->message);
}

static void
note_answer (Forecast *forecast, WorkStep *step, ErosJob *job)
{
  gint64 bytes = eros_job_get_bytes_processed (job);
  const char *type = eros_job_get_statement_type (job);
  g_auto (GStrv) tables = eros_job_dup_referenced_tables (job);
  g_autofree char *names = g_strjoinv (", ", tables);
  /* Translators: names of tables */
  g_autofree char *detail = *names != '\0' ? g_strdup_printf (_ ("reads %s"), names) : NULL;

  forecast->bytes += MAX (bytes, 0);
  /* Of a script nobody knows. */
  forecast->changes |= type != NULL && !g_str_equal (type, "SELECT") && !g_str_equal (type, "SCRIPT");
  eros_step_set_trouble (step->row, 0, 0, NULL);
  eros_step_set_forecast (step->row, bytes, tables, detail, NULL);
}

static void
forecast_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *forecast = g_task_get_task_data (task);
  WorkStep *step = g_ptr_array_index (forecast->work->steps, forecast->next);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);

  if (job != NULL)
    error = eros_job_dup_error (job);
  if (error != NULL && !is_about_statement (error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (error != NULL)
    note_trouble (forecast, step, error);
  else
    note_answer (forecast, step, job);
  forecast->changes |= step->step.taken_back_by != NULL;
  forecast->next++;
  forecast_next (task);
}

static void
forecast_next (GTask *task)
{
  Forecast *forecast = g_task_get_task_data (task);
  GPtrArray *steps = forecast->work->steps;

  for (; forecast->next < steps->len; forecast->next++)
    {
      WorkStep *step = g_ptr_array_index (steps, forecast->next);
      g_autoptr (ErosJobRequest) request = NULL;
      g_autofree char *id = NULL;

      if (step->passed || step->step.call != NULL)
        continue;
      /* What it sends depends on what the steps before it find. */
      if (step->step.sql == NULL || step->step.prepare != NULL || !eros_work_fill_sql (step, NULL))
        {
          forecast->changes = TRUE;
          continue;
        }
      /* A job that was planned before, and may have been sent, keeps its id. */
      id = eros_job_request_make_id ("eros-forecast");
      request = eros_work_make_request (step, id);
      eros_job_request_set_dry_run (request, TRUE);
      eros_big_query_run_async (forecast->work->big_query, request, g_task_get_cancellable (task),
                                forecast_cb, g_object_ref (task));
      return;
    }
  g_task_return_int (task, forecast->bytes);
}

void
eros_work_forecast_async (ErosWork *work,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (work->deployment, cancellable, callback, user_data);
  Forecast *forecast = g_new0 (Forecast, 1);

  g_task_set_source_tag (task, eros_work_forecast_async);
  forecast->work = eros_work_ref (work);
  g_task_set_task_data (task, forecast, forecast_free);
  forecast_next (task);
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
