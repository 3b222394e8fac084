/* eros-work.c: an operation as a list of steps: which run when, and what is on record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-record.h"
#include "eros-work-private.h"

/* Steps of a group that are under way at once. */
#define ABREAST 64

typedef struct
{
  gpointer data;
  GDestroyNotify free_data;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  kept->free_data (kept->data);
  g_free (kept);
}

static void
work_step_free (WorkStep *step)
{
  ErosWorkStep *base = &step->step;

  if (base->data_free != NULL)
    base->data_free (base->data);
  g_free (base->id);
  g_free (base->title);
  g_free (base->element);
  g_free (base->sql);
  g_free (base->sql_source);
  g_clear_pointer (&base->forecast, eros_work_unref);
  g_free (base->reads);
  g_clear_pointer (&base->configuration, json_object_unref);
  g_ptr_array_unref (base->parameters);
  g_free (base->summary);
  g_strfreev (base->proves);
  g_free (base->taken_back_by);
  g_free (base->impossible);
  g_clear_object (&step->row);
  g_clear_object (&step->job);
  g_free (step->job_id);
  g_free (step->filled_sql);
  g_free (step->sha256);
  g_free (step->found);
  json_array_unref (step->evidence);
  g_clear_pointer (&step->statements, json_array_unref);
  g_clear_error (&step->failure);
  if (step->repeat_source != NULL)
    g_source_destroy (step->repeat_source);
  g_clear_pointer (&step->repeat_source, g_source_unref);
  g_clear_pointer (&step->watch, eros_script_watch_free);
  g_free (step);
}

/**
 * eros_work_new:
 * @deployment: what it is for
 * @big_query: the client to use
 * @id: (nullable): of an operation that is on record; %NULL for a new one
 * @kind: "backup" …
 * @title: for people
 * @arguments: what it was asked for; goes on record
 *
 * Returns: (transfer full): an operation without steps
 */
ErosWork *
eros_work_new (ErosDeployment *deployment,
               ErosBigQuery *big_query,
               const char *id,
               const char *kind,
               const char *title,
               JsonObject *arguments)
{
  ErosWork *work = g_new0 (ErosWork, 1);
  g_autofree char *fresh = g_uuid_string_random ();

  g_atomic_ref_count_init (&work->n_references);
  work->deployment = g_object_ref (deployment);
  work->big_query = g_object_ref (big_query);
  work->operation = eros_operation_new (id != NULL ? id : fresh, kind, title);
  work->arguments = json_object_ref (arguments);
  work->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) work_step_free);
  work->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  work->kept = g_ptr_array_new_with_free_func (kept_free);
  work->left_undone = g_string_new (NULL);
  work->owed = g_string_new (NULL);
  work->results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  work->is_recorded = id != NULL;
  return work;
}

ErosWork *
eros_work_ref (ErosWork *work)
{
  g_atomic_ref_count_inc (&work->n_references);
  return work;
}

void
eros_work_unref (ErosWork *work)
{
  if (!g_atomic_ref_count_dec (&work->n_references))
    return;
  g_clear_object (&work->deployment);
  g_clear_object (&work->big_query);
  g_clear_object (&work->operation);
  json_object_unref (work->arguments);
  g_ptr_array_unref (work->steps);
  g_hash_table_unref (work->values);
  g_clear_error (&work->failure);
  g_string_free (work->left_undone, TRUE);
  g_string_free (work->owed, TRUE);
  g_hash_table_unref (work->results);
  g_ptr_array_unref (work->kept);
  g_clear_error (&work->error);
  g_free (work);
}

ErosWorkStep *
eros_work_add (ErosWork *work, guint group, const char *id, const char *title)
{
  WorkStep *step = g_new0 (WorkStep, 1);
  guint place = work->steps->len;

  while (work->is_in_order && place > 0 &&
         ((WorkStep *) g_ptr_array_index (work->steps, place - 1))->step.group > group)
    place--;
  step->work = work;
  step->step.id = g_strdup (id);
  step->step.title = g_strdup (title);
  step->step.group = group;
  step->step.parameters = g_ptr_array_new_with_free_func (g_free);
  step->row = eros_step_new (title);
  step->evidence = json_array_new ();
  g_ptr_array_insert (work->steps, (int) place, step);
  eros_operation_add_step (work->operation, place, step->row);
  return &step->step;
}

void
eros_work_keep_in_order (ErosWork *work)
{
  work->is_in_order = TRUE;
}

void
eros_work_step_add_parameter (ErosWorkStep *step, const char *name, const char *type, const char *value)
{
  g_ptr_array_add (step->parameters, g_strdup (name));
  g_ptr_array_add (step->parameters, g_strdup (type));
  g_ptr_array_add (step->parameters, g_strdup (value));
}

void
eros_work_step_prove (ErosWorkStep *step, const char *element_id)
{
  guint n = step->proves != NULL ? g_strv_length (step->proves) : 0;

  step->proves = g_renew (char *, step->proves, n + 2);
  step->proves[n] = g_strdup (element_id);
  step->proves[n + 1] = NULL;
  if (step->element == NULL)
    {
      step->element = g_strdup (element_id);
      eros_step_set_element_id (((WorkStep *) step)->row, element_id);
    }
}

ErosOperation *
eros_work_get_operation (ErosWork *work)
{
  return work->operation;
}

ErosDeployment *
eros_work_get_deployment (ErosWork *work)
{
  return work->deployment;
}

ErosBigQuery *
eros_work_get_big_query (ErosWork *work)
{
  return work->big_query;
}

JsonObject *
eros_work_get_arguments (ErosWork *work)
{
  return work->arguments;
}

const char *
eros_work_get_argument (ErosWork *work, const char *name)
{
  return json_object_get_string_member_with_default (work->arguments, name, "");
}

const char *
eros_work_get_value (ErosWork *work, const char *name)
{
  return g_hash_table_lookup (work->values, name);
}

GHashTable *
eros_work_get_answer (ErosWork *work, const char *step_id)
{
  g_autofree char *prefix = g_strconcat (step_id, ".", NULL);
  GHashTable *answer = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  char *name;
  char *value;

  g_hash_table_iter_init (&iter, work->values);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    if (g_str_has_prefix (name, prefix))
      g_hash_table_insert (answer, name + strlen (prefix), value);
  return answer;
}

void
eros_work_set_value (ErosWork *work, ErosWorkStep *step, const char *name, const char *value)
{
  g_hash_table_insert (work->values, g_strdup_printf ("%s.%s", step->id, name), g_strdup (value));
}

void
eros_work_drop_steps (ErosWork *work, guint from, guint unto)
{
  for (guint i = work->steps->len; i > 0; i--)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i - 1);

      if (step->step.group < from || step->step.group >= unto ||
          eros_step_get_state (step->row) != EROS_STATE_PLANNED)
        continue;
      eros_operation_remove_step (work->operation, step->row);
      g_ptr_array_remove_index (work->steps, i - 1);
    }
}

ErosWorkStep *
eros_work_get_step (ErosWork *work, guint i)
{
  return i < work->steps->len ? g_ptr_array_index (work->steps, i) : NULL;
}

void
eros_work_set_result (ErosWork *work, const char *name, const char *value)
{
  if (value != NULL)
    g_hash_table_insert (work->results, g_strdup (name), g_strdup (value));
}

GHashTable *
eros_work_get_results (ErosWork *work)
{
  return work->results;
}

void
eros_work_keep (ErosWork *work, gpointer data, GDestroyNotify free_data)
{
  Kept *kept = g_new (Kept, 1);

  kept->data = data;
  kept->free_data = free_data;
  g_ptr_array_add (work->kept, kept);
}

void
eros_work_set_conclusion (ErosWork *work, gboolean (*conclude) (ErosWork *work, GError **error))
{
  work->conclude = conclude;
}

/* ---- which step when ----------------------------------------------------------------------------------- */

/* What nobody has answered has not failed: it could not be done. */
static ErosOutcome
outcome_of (const GError *error)
{
  if (error == NULL)
    return EROS_OUTCOME_PASS;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return EROS_OUTCOME_NONE;
  return eros_big_query_error_may_pass (error) ? EROS_OUTCOME_ERROR : EROS_OUTCOME_FAIL;
}

static void
end_work (ErosWork *work)
{
  g_autoptr (GTask) task = g_steal_pointer (&work->task);
  GError *error = NULL;

  if (work->error == NULL && (!eros_work_record_missing_boxes (work, &work->error) ||
                              (work->conclude != NULL && !work->conclude (work, &work->error))))
    g_prefix_error (&work->error, _ ("All steps are done, but their results could not be recorded: "));
  if (work->error == NULL && work->left_undone->len > 0)
    {
      g_autofree char *message =
        /* Translators: what could not be done, and why */
        g_strdup_printf (_ ("Done, but somebody has to see to this: %s"), work->left_undone->str);

      eros_operation_set_message (work->operation, message);
    }
  eros_operation_end (work->operation, work->error);
  if (!eros_record_operation_ended (eros_work_get_deployment (work), work->operation,
                                    outcome_of (work->error), work->owed->str, &error) &&
      work->error == NULL)
    work->error = g_steal_pointer (&error);
  g_clear_error (&error);
  if (work->error != NULL)
    g_task_return_error (task, g_steal_pointer (&work->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
begin_step (WorkStep *step)
{
  GError *error = NULL;

  if (step->step.impossible != NULL)
    g_set_error_literal (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, step->step.impossible);
  if (error != NULL ||
      (step->step.prepare != NULL && !step->step.prepare (step->work, &step->step, &error)) ||
      !eros_work_fill_sql (step, &error) || !eros_work_record_step_started (step, &error))
    eros_work_step_ended (step, error);
  else
    eros_work_step_run (step);
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WorkStep *step = user_data;
  GError *error = NULL;

  /* What sends no job need not know where to: it may be what brings the data set back. */
  if (eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error) ||
      (step->step.call != NULL &&
       g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND)))
    {
      g_clear_error (&error);
      begin_step (step);
    }
  else
    eros_work_step_ended (step, error);
}

static void
start_step (WorkStep *step)
{
  ErosBigQuery *big_query = step->work->big_query;

  step->under_way = TRUE;
  step->has_run = TRUE;
  step->n_repeats = 0;
  step->warned = FALSE;
  step->undecided = FALSE;
  json_array_unref (step->evidence);
  step->evidence = json_array_new ();
  g_clear_pointer (&step->found, g_free);
  g_clear_pointer (&step->statements, json_array_unref);
  eros_step_start (step->row);
  /* A text may have the location in it. */
  if (step->step.at_end || eros_connection_get_location (eros_big_query_get_connection (big_query)) != NULL)
    begin_step (step);
  else
    eros_big_query_locate_async (big_query, eros_job_run_retry_cb, step->row,
                                 eros_operation_get_cancellable (step->work->operation), located_cb, step);
}

static guint
count_under_way (ErosWork *work)
{
  guint n = 0;

  for (guint i = 0; i < work->steps->len; i++)
    n += ((WorkStep *) g_ptr_array_index (work->steps, i))->under_way;
  return n;
}

/* The first group that has a step to run. */
static gboolean
find_group (ErosWork *work, guint *group)
{
  gboolean found = FALSE;

  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (!step->passed && !step->step.at_end && (!found || step->step.group < *group))
        {
          *group = step->step.group;
          found = TRUE;
        }
    }
  return found;
}

/* (nullable): what has to be done however the others have ended */
static WorkStep *
find_last_step (ErosWork *work)
{
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (step->step.at_end && !step->has_run)
        return step;
    }
  return NULL;
}

/* What was found wrong is known, also when something else could not be asked. */
static void
take_failure (ErosWork *work)
{
  if (work->failure == NULL || g_error_matches (work->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (work->error != NULL)
    {
      g_autofree char *message = g_strdup_printf ("%s; %s", work->failure->message, work->error->message);

      g_free (work->failure->message);
      work->failure->message = g_steal_pointer (&message);
      g_clear_error (&work->error);
    }
  work->error = g_steal_pointer (&work->failure);
}

static void
finish (ErosWork *work)
{
  WorkStep *last = find_last_step (work);

  take_failure (work);
  if (last != NULL)
    start_step (last);
  else
    end_work (work);
}

static void
go_on (ErosWork *work)
{
  /* Whoever is told that it has ended may let go of it, while steps that ended at once are still on the
   * stack. */
  g_autoptr (ErosWork) kept = eros_work_ref (work);
  guint under_way = count_under_way (work);
  guint group = 0;

  if (work->error == NULL)
    g_cancellable_set_error_if_cancelled (eros_operation_get_cancellable (work->operation), &work->error);
  if (work->error != NULL || !find_group (work, &group))
    {
      if (under_way == 0)
        finish (work);
      return;
    }
  for (guint i = 0; i < work->steps->len && under_way < ABREAST; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (step->step.group != group || step->passed || step->under_way)
        continue;
      under_way++;
      start_step (step);
      if (work->task == NULL || work->error != NULL)
        return; /* it failed at once, and with it the whole */
    }
}

static void
keep_record_error (WorkStep *step, GError **error)
{
  step->passed = FALSE;
  if (step->work->error == NULL)
    step->work->error = g_steal_pointer (error);
  g_clear_error (error);
}

/* The record says that it has failed; this attempt goes on as if it had not. */
static void
leave_undone (WorkStep *step, const GError *error)
{
  GString *list = step->work->left_undone;
  GString *owed = step->work->owed;

  step->passed = TRUE;
  if (step->step.is_attempt)
    return;
  g_string_append_printf (list, "%s%s: %s", list->len > 0 ? "; " : "", step->step.title, error->message);
  if (step->step.is_owed)
    g_string_append_printf (owed, "%s%s", owed->len > 0 ? "; " : "", step->step.title);
}

/* Takes error: for the end. */
static void
keep_failure (WorkStep *step, GError *error)
{
  ErosWork *work = step->work;

  g_prefix_error (&error, "%s: ", step->step.title);
  step->passed = TRUE;
  step->warned = TRUE;
  if (step->step.is_echo && work->failure != NULL)
    {
      g_error_free (error);
      return;
    }
  if (work->failure == NULL)
    work->failure = g_steal_pointer (&error);
  else
    {
      g_autofree char *message = g_strdup_printf ("%s; %s", work->failure->message, error->message);

      g_free (work->failure->message);
      work->failure->message = g_steal_pointer (&message);
    }
  g_clear_error (&error);
}

/* What may fail is left undone when a server has said so. Where none has answered nobody knows, and nothing
 * is concluded from it: it is as with any other step, and going on runs it again. What is owed is run again
 * anyway, and does not keep the rest waiting. */
static gboolean
may_be_left (WorkStep *step, const GError *error)
{
  return step->step.may_fail && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
         (step->step.is_owed ||
          (!eros_big_query_error_may_pass (error) && !eros_big_query_error_is_sign_in (error)));
}

/* A server may not know what is asked for. */
static gboolean
can_do_without (WorkStep *step, const GError *error)
{
  return step->step.is_optional &&
         (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID) ||
          g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED));
}

/* Takes error. Of several the first, and what has to be done at the end and could not be. */
static void
keep_error (WorkStep *step, GError *error)
{
  ErosWork *work = step->work;

  g_prefix_error (&error, "%s: ", step->step.title);
  if (work->error == NULL)
    work->error = g_steal_pointer (&error);
  else if (step->step.at_end)
    {
      g_autofree char *message = g_strdup_printf ("%s; %s", work->error->message, error->message);

      g_free (work->error->message);
      work->error->message = g_steal_pointer (&message);
    }
  g_clear_error (&error);
}

void
eros_work_step_ended (WorkStep *step, GError *error)
{
  ErosWork *work = step->work;
  GError *record_error = NULL;

  if (step->looked != NULL)
    {
      step->looked (step, error);
      return;
    }
  step->under_way = FALSE;
  step->passed = error == NULL;
  if (error != NULL && may_be_left (step, error))
    leave_undone (step, error);
  step->passed |= can_do_without (step, error);
  /* It is on the disk before anybody sees it. */
  if (!eros_work_record_step_ended (step, error, &record_error))
    keep_record_error (step, &record_error);
  eros_step_set_detail (step->row, step->found);
  eros_step_set_undecided (step->row, step->undecided);
  eros_step_set_warned (step->row, step->warned);
  eros_step_end (step->row,
                 g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? EROS_STATE_CANCELLED
                 : error == NULL                                           ? EROS_STATE_SUCCEEDED
                                                                           : EROS_STATE_FAILED,
                 error != NULL ? error->message : NULL);
  eros_operation_step_ended (work->operation);
  if (!eros_work_record_boxes (step, error, &record_error))
    keep_record_error (step, &record_error);
  if (error != NULL && !step->passed && step->step.keeps_going &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    keep_failure (step, g_steal_pointer (&error));
  if (error != NULL && !step->passed)
    keep_error (step, g_steal_pointer (&error));
  g_clear_error (&error);
  go_on (work);
}

gboolean
eros_work_has_failed (ErosWork *work)
{
  return work->failure != NULL;
}

void
eros_work_step_say (ErosWorkStep *step, const char *what)
{
  eros_step_set_detail (((WorkStep *) step)->row, what);
}

void
eros_work_step_count (ErosWorkStep *step, gint64 bytes)
{
  eros_step_set_statistics (((WorkStep *) step)->row, bytes, -1, -1, -1);
}

void
eros_work_step_done (ErosWork *work, ErosWorkStep *step, const char *summary)
{
  WorkStep *own = (WorkStep *) step;

  g_free (own->found);
  own->found = g_strdup (summary);
  eros_work_step_ended (own, NULL);
}

void
eros_work_step_judged (ErosWork *work, ErosWorkStep *step, GHashTable *answer)
{
  GError *error = NULL;

  eros_work_step_judge ((WorkStep *) step, answer, &error);
  eros_work_step_ended ((WorkStep *) step, error);
}

void
eros_work_step_failed (ErosWork *work, ErosWorkStep *step, GError *error)
{
  eros_work_step_ended ((WorkStep *) step, error);
}

/* Whether what the step did has been taken back since. */
static gboolean
is_taken_back (WorkStep *step)
{
  ErosDeployment *deployment = eros_work_get_deployment (step->work);
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = step->step.taken_back_by != NULL ? g_list_model_get_n_items (journal) : 0; i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *id = eros_event_get_string (event, EROS_MEMBER_STEP);

      if (!eros_event_is (event, EROS_EVENT_STEP_ENDED) || id == NULL)
        continue;
      if (g_str_equal (id, step->step.taken_back_by))
        return TRUE;
      if (g_str_equal (id, step->step.id))
        return FALSE;
    }
  return FALSE;
}

/* All else has ended well, maybe long ago: what has been looked at since then is somebody else's by now. */
static gboolean
has_only_owed (ErosWork *work)
{
  guint n_owed = 0;

  for (guint i = 0; i < work->steps->len; i++)
    {
      const WorkStep *step = g_ptr_array_index (work->steps, i);

      if (!step->passed && !step->step.is_owed)
        return FALSE;
      n_owed += !step->passed;
    }
  return n_owed > 0;
}

/**
 * eros_work_run_async:
 * @work: an operation, new or restored, that is not running
 * @cancellable: (nullable): stops it, on the server too
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * Runs every step that has not ended well yet, or has been taken back since.
 */
void
eros_work_run_async (ErosWork *work,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (work->deployment, NULL, callback, user_data);
  gboolean only_owed = has_only_owed (work);
  GError *error = NULL;

  g_task_set_source_tag (task, eros_work_run_async);
  if (work->task != NULL)
    g_set_error_literal (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_BUSY,
                         _ ("This operation is running already. Wait for it, or cancel it."));
  if (error != NULL || !eros_work_record_started (work, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  work->task = task;
  g_string_truncate (work->left_undone, 0);
  g_clear_error (&work->failure);
  g_string_truncate (work->owed, 0);
  eros_work_restore_jobs (work);
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      step->has_run = FALSE;
      if ((step->step.always && !only_owed) || (step->passed && is_taken_back (step)))
        step->passed = FALSE;
    }
  eros_operation_follow (work->operation, cancellable);
  eros_operation_start (work->operation);
  go_on (work);
}

gboolean
eros_work_run_finish (ErosWork *work, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
eros_work_show_sql (ErosWork *work)
{
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      /* A text that cannot be filled in is an error when it is to be run, and says so then. */
      if (step->step.sql != NULL && !eros_work_fill_sql (step, NULL))
        eros_step_set_sql (step->row, step->step.sql, step->step.sql_source);
    }
}

char *
eros_work_dup_stopped_at (ErosWork *work)
{
  for (guint i = 0; i < work->steps->len; i++)
    {
      const WorkStep *step = g_ptr_array_index (work->steps, i);

      if (step->passed || step->step.taken_back_by == NULL)
        continue;
      /* One that has not begun has left nothing to take back. */
      return eros_step_get_state (step->row) != EROS_STATE_PLANNED
               ? g_path_get_dirname (step->step.taken_back_by)
               : NULL;
    }
  return NULL;
}
