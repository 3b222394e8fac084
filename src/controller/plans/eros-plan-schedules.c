/* eros-plan-schedules.c: scheduled queries paused for a rollback, and those alone resumed after it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-plan-parts.h"
#include "eros-transfer.h"

/* One change after the other. Those that a rollback pauses are a value of its step "pause": names, a line
 * each, written down before the first is changed. */
typedef struct
{
  ErosWork *work;
  ErosWorkStep *step;
  GCancellable *cancellable;
  GPtrArray *names; /* still to be changed */
  gboolean pause;
  GString *summary;
  guint timeout; /* 0: as long as it takes */
  gboolean took_too_long;
  GCancellable *own; /* cancelled when it takes too long, or with the operation */
  gulong cancelled_id;
} Schedules;

static guint
patience_s (ErosWork *work)
{
  return MAX (
    1,
    eros_connection_get_patience_ms (eros_big_query_get_connection (eros_work_get_big_query (work))) / 1000);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Schedules *schedules = user_data;

  schedules->timeout = 0;
  schedules->took_too_long = TRUE;
  g_cancellable_cancel (schedules->own);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *callers, GCancellable *own)
{
  g_cancellable_cancel (own);
}

static Schedules *
schedules_new (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable, gboolean pause)
{
  Schedules *schedules = g_new0 (Schedules, 1);

  schedules->work = work;
  schedules->step = step;
  schedules->cancellable = g_object_ref (cancellable);
  schedules->own = g_cancellable_new ();
  schedules->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                   g_object_ref (schedules->own), g_object_unref);
  schedules->names = g_ptr_array_new_with_free_func (g_free);
  schedules->pause = pause;
  schedules->summary = g_string_new (NULL);
  return schedules;
}

/* Takes error. */
static void
end (Schedules *schedules, GError *error)
{
  ErosWork *work = schedules->work;
  ErosWorkStep *step = schedules->step;
  g_autofree char *summary = g_string_free (schedules->summary, FALSE);

  if (error != NULL && schedules->took_too_long)
    {
      g_clear_error (&error);
      error = g_error_new (
        EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
        _ ("the Data Transfer service has not answered within %u s. Until they are paused, the "
           "scheduled queries go on running: pause them in the Google Cloud console, or go on with "
           "this operation when the service answers"),
        patience_s (work));
    }
  g_cancellable_disconnect (schedules->cancellable, schedules->cancelled_id);
  g_clear_handle_id (&schedules->timeout, g_source_remove);
  g_clear_object (&schedules->own);
  g_clear_object (&schedules->cancellable);
  g_ptr_array_unref (schedules->names);
  g_free (schedules);
  if (error != NULL)
    eros_work_step_failed (work, step, error);
  else
    eros_work_step_done (work, step, summary);
}

static void change_next (Schedules *schedules);

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Schedules *schedules = user_data;
  GError *error = NULL;

  /* One that somebody has deleted meanwhile neither runs nor can be resumed. */
  if (!eros_transfer_pause_finish (result, &error) &&
      !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      end (schedules, error);
      return;
    }
  if (error != NULL)
    g_string_append_printf (schedules->summary, _ ("; %s does not exist any more"),
                            (const char *) g_ptr_array_index (schedules->names, 0));
  g_clear_error (&error);
  g_ptr_array_remove_index (schedules->names, 0);
  change_next (schedules);
}

static void
change_next (Schedules *schedules)
{
  if (schedules->names->len == 0)
    end (schedules, NULL);
  else
    eros_transfer_pause_async (eros_big_query_get_http (eros_work_get_big_query (schedules->work)),
                               g_ptr_array_index (schedules->names, 0), schedules->pause, schedules->own,
                               changed_cb, schedules);
}

/* Those that run now. What an earlier attempt of this rollback has paused is on record and stays counted. */
static void
collect_running (Schedules *schedules, GPtrArray *list)
{
  g_autoptr (GString) names = g_string_new (eros_work_get_value (schedules->work, "pause.names"));

  for (guint i = 0; i < list->len; i++)
    {
      const ErosSchedule *schedule = g_ptr_array_index (list, i);

      if (schedule->paused)
        continue;
      g_ptr_array_add (schedules->names, g_strdup (schedule->name));
      g_string_append_printf (names, "%s%s", names->len > 0 ? "\n" : "", schedule->name);
      g_string_append_printf (schedules->summary, "%s%s", schedules->summary->len > 0 ? ", " : "",
                              schedule->title);
    }
  if (schedules->names->len == 0)
    g_string_append (schedules->summary, _ ("none was running"));
  eros_work_set_value (schedules->work, schedules->step, "names", names->str);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Schedules *schedules = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) list = eros_transfer_list_finish (result, &error);

  if (list != NULL)
    collect_running (schedules, list);
  if (list == NULL || !eros_work_note_values (schedules->work, schedules->step, &error))
    end (schedules, error);
  else
    change_next (schedules);
}

/* The tables do not wait for another service longer than for one answer. */
static void
pause_schedules (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Schedules *schedules = schedules_new (work, step, cancellable, TRUE);

  schedules->timeout = g_timeout_add_seconds (patience_s (work), timeout_cb, schedules);
  eros_transfer_list_async (eros_work_get_big_query (work), schedules->own, listed_cb, schedules);
}

static void
resume_schedules (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  Schedules *schedules = schedules_new (work, step, cancellable, FALSE);
  g_auto (GStrv) names = g_strsplit (eros_work_get_argument (work, "names"), "\n", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] != '\0')
      g_ptr_array_add (schedules->names, g_strdup (names[i]));
  g_string_append_printf (schedules->summary, ngettext ("%u resumed", "%u resumed", schedules->names->len),
                          schedules->names->len);
  change_next (schedules);
}

void
eros_plan_add_pause (ErosWork *work, guint group)
{
  ErosWorkStep *step;

  /* They work with the data set itself, and not with a copy of it. */
  if (*eros_work_get_argument (work, EROS_PLAN_ON_COPY) != '\0')
    return;
  step = eros_work_add (work, group, "pause", _ ("Pause the scheduled queries"));
  step->call = pause_schedules;
  step->may_fail = TRUE;
  step->is_owed = TRUE;
}

/**
 * eros_plan_pause_schedules:
 * @work: an operation without steps
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Pauses the scheduled queries that run, and writes down which: resuming them later resumes exactly these.
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_pause_schedules (ErosWork *work, GError **error)
{
  ErosWorkStep *step = eros_work_add (work, 0, "pause", _ ("Pause the scheduled queries"));

  step->call = pause_schedules;
  return TRUE;
}

/**
 * eros_plan_resume_schedules:
 * @work: an operation without steps; its argument "names" are those that were paused, a line each
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Resumes exactly the scheduled queries that were paused, and no other.
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_resume_schedules (ErosWork *work, GError **error)
{
  ErosWorkStep *step;

  if (*eros_work_get_argument (work, "names") == '\0')
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                           _ ("Nothing in this deployment has paused a scheduled query."));
      return FALSE;
    }
  step = eros_work_add (work, 0, "resume", _ ("Resume the scheduled queries that were paused"));
  step->call = resume_schedules;
  return TRUE;
}
