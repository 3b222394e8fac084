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
  g_clear_pointer (&base->configuration, json_object_unref);
  g_ptr_array_unref (base->parameters);
  g_free (base->summary);
  g_strfreev (base->proves);
  g_free (base->taken_back_by);
  g_clear_object (&step->row);
  g_clear_object (&step->job);
  g_free (step->job_id);
  g_free (step->filled_sql);
  g_free (step->sha256);
  g_free (step->found);
  json_array_unref (step->evidence);
  g_clear_pointer (&step->statements, json_array_unref);
  g_clear_error (&step->failure);
  g_clear_pointer (&step->watch, eros_script_watch_free);
  g_free (step);
}

/**
 * eros_work_new:
 * @controller: whose deployment and connection it is for; must outlive the work
 * @big_query: the client to use
 * @id: (nullable): of an operation that is on record; %NULL for a new one
 * @kind: "backup" …
 * @title: for people
 * @arguments: what it was asked for; goes on record
 *
 * Returns: (transfer full): an operation without steps
 */
ErosWork *
eros_work_new (ErosController *controller,
               ErosBigQuery *big_query,
               const char *id,
               const char *kind,
               const char *title,
               JsonObject *arguments)
{
  ErosWork *work = g_new0 (ErosWork, 1);
  g_autofree char *fresh = g_uuid_string_random ();

  g_atomic_ref_count_init (&work->n_references);
  work->controller = controller;
  work->big_query = g_object_ref (big_query);
  work->operation = eros_operation_new (id != NULL ? id : fresh, kind, title);
  work->arguments = json_object_ref (arguments);
  work->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) work_step_free);
  work->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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
  g_clear_object (&work->big_query);
  g_clear_object (&work->operation);
  json_object_unref (work->arguments);
  g_ptr_array_unref (work->steps);
  g_hash_table_unref (work->values);
  g_clear_error (&work->error);
  g_free (work);
}

ErosWorkStep *
eros_work_add (ErosWork *work, guint group, const char *id, const char *title)
{
  WorkStep *step = g_new0 (WorkStep, 1);

  step->work = work;
  step->step.id = g_strdup (id);
  step->step.title = g_strdup (title);
  step->step.group = group;
  step->step.parameters = g_ptr_array_new_with_free_func (g_free);
  step->row = eros_step_new (title);
  step->evidence = json_array_new ();
  g_ptr_array_add (work->steps, step);
  eros_operation_add_step (work->operation, step->row);
  return &step->step;
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

ErosController *
eros_work_get_controller (ErosWork *work)
{
  return work->controller;
}

ErosDeployment *
eros_work_get_deployment (ErosWork *work)
{
  return eros_controller_get_deployment (work->controller);
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

void
eros_work_set_value (ErosWork *work, ErosWorkStep *step, const char *name, const char *value)
{
  g_hash_table_insert (work->values, g_strdup_printf ("%s.%s", step->id, name), g_strdup (value));
}

void
eros_work_set_conclusion (ErosWork *work, gboolean (*conclude) (ErosWork *work, GError **error))
{
  work->conclude = conclude;
}

/* ---- the record ---------------------------------------------------------------------------------------- */

/* Takes body. */
static gboolean
record (ErosWork *work, const char *kind, JsonObject *body, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  json_object_set_string_member (body, "id", eros_operation_get_id (work->operation));
  json_object_unref (body);
  return eros_deployment_record (eros_work_get_deployment (work), kind, node, error) != NULL;
}

static gboolean
record_started (ErosWork *work, GError **error)
{
  JsonObject *body;

  if (work->is_recorded)
    return record (work, "operation.resumed", json_object_new (), error);
  body = json_object_new ();
  json_object_set_string_member (body, "operation", eros_operation_get_kind (work->operation));
  json_object_set_string_member (body, "title", eros_operation_get_title (work->operation));
  json_object_set_object_member (body, "arguments", json_object_ref (work->arguments));
  work->is_recorded = record (work, "operation.started", body, error);
  return work->is_recorded;
}

static gboolean
record_step_started (WorkStep *step, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "step", step->step.id);
  json_object_set_string_member (body, "title", step->step.title);
  if (step->sha256 != NULL)
    json_object_set_string_member (body, "sql_sha256", step->sha256);
  return record (step->work, "step.started", body, error);
}

/* What the steps after it, and a later attempt, need to know. */
static JsonObject *
values_of (WorkStep *step)
{
  g_autofree char *prefix = g_strconcat (step->step.id, ".", NULL);
  JsonObject *values = json_object_new ();
  GHashTableIter iter;
  const char *name;
  const char *value;

  g_hash_table_iter_init (&iter, step->work->values);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    if (g_str_has_prefix (name, prefix) && value != NULL)
      json_object_set_string_member (values, name + strlen (prefix), value);
  return values;
}

static const char *
word_of (const GError *error)
{
  if (error == NULL)
    return "pass";
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "cancelled" : "fail";
}

static void
add_trouble (WorkStep *step, JsonObject *body)
{
  guint line;
  guint column;
  const char *text;

  if (!eros_step_get_trouble (step->row, &line, &column, &text))
    return;
  json_object_set_int_member (body, "line", line);
  json_object_set_int_member (body, "column", column);
  json_object_set_string_member (body, "line_text", text);
}

static gboolean
record_step_ended (WorkStep *step, const GError *failure, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "step", step->step.id);
  json_object_set_string_member (body, "outcome", word_of (failure));
  json_object_set_object_member (body, "values", values_of (step));
  if (step->found != NULL)
    json_object_set_string_member (body, "summary", step->found);
  if (failure != NULL)
    json_object_set_string_member (body, "error", failure->message);
  if (step->statements != NULL)
    json_object_set_array_member (body, "statements", json_array_ref (step->statements));
  add_trouble (step, body);
  if (failure != NULL && step->job_is_open && step->job_has_ended)
    json_object_set_string_member (body, "unread_job", step->job_id);
  return record (step->work, "step.ended", body, error);
}

gboolean
eros_work_note_values (ErosWork *work, ErosWorkStep *step, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "step", step->id);
  json_object_set_object_member (body, "values", values_of ((WorkStep *) step));
  return record (work, "step.noted", body, error);
}

/* ---- check boxes --------------------------------------------------------------------------------------- */

static gboolean
proves (WorkStep *step, const char *element_id)
{
  return step->step.proves != NULL && g_strv_contains ((const char *const *) step->step.proves, element_id);
}

/* A box that several steps prove is ticked when the last of them has passed, with the evidence of all. */
static gboolean
is_proved (ErosWork *work, const char *element_id, GString *summary, JsonArray *evidence)
{
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (!proves (step, element_id))
        continue;
      if (!step->passed || step->warned)
        return FALSE;
      if (step->found != NULL)
        g_string_append_printf (summary, "%s%s", summary->len > 0 ? "; " : "", step->found);
      for (guint j = 0; j < json_array_get_length (step->evidence); j++)
        json_array_add_element (evidence, json_array_dup_element (step->evidence, j));
    }
  return TRUE;
}

static gboolean
record_box (WorkStep *step, const char *element_id, const GError *failure, GError **error)
{
  g_autoptr (GString) summary = g_string_new (failure != NULL ? failure->message : NULL);
  g_autoptr (JsonNode) evidence = json_node_init_array (json_node_alloc (), step->evidence);
  g_autoptr (JsonArray) all = json_array_new ();
  ErosDeployment *deployment = eros_work_get_deployment (step->work);

  if (eros_runbook_find_element (eros_deployment_get_runbook (deployment), element_id) == NULL)
    return TRUE; /* the steps of one runbook may serve another that has no such box */
  if (failure != NULL)
    /* Without an answer nobody knows: that is no failure of what the box says. */
    return eros_deployment_record_check (deployment, element_id,
                                         eros_big_query_error_may_pass (failure) ? EROS_OUTCOME_ERROR
                                                                                 : EROS_OUTCOME_FAIL,
                                         summary->str, evidence, error);
  if (step->warned)
    return eros_deployment_record_check (deployment, element_id, EROS_OUTCOME_WARNING, step->found, evidence,
                                         error);
  if (!is_proved (step->work, element_id, summary, all))
    return TRUE;
  json_node_set_array (evidence, all);
  if (summary->len == 0)
    g_string_append (summary, step->step.title);
  return eros_deployment_record_check (deployment, element_id, EROS_OUTCOME_PASS, summary->str, evidence,
                                       error);
}

static gboolean
record_boxes (WorkStep *step, const GError *failure, GError **error)
{
  if (step->step.proves == NULL || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  for (guint i = 0; step->step.proves[i] != NULL; i++)
    if (!record_box (step, step->step.proves[i], failure, error))
      return FALSE;
  return TRUE;
}

/* An earlier attempt may have been cut off between a step's end and its boxes. */
static gboolean
record_missing_boxes (ErosWork *work, GError **error)
{
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      for (guint j = 0; step->step.proves != NULL && step->step.proves[j] != NULL; j++)
        {
          ErosItem *item = eros_deployment_get_item (eros_work_get_deployment (work), step->step.proves[j]);

          if (item != NULL && eros_item_get_outcome (item) == EROS_OUTCOME_NONE &&
              !record_box (step, step->step.proves[j], NULL, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* ---- which step when ----------------------------------------------------------------------------------- */

static void
end_work (ErosWork *work)
{
  g_autoptr (GTask) task = g_steal_pointer (&work->task);
  GError *error = NULL;

  if (work->error == NULL && (!record_missing_boxes (work, &work->error) ||
                              (work->conclude != NULL && !work->conclude (work, &work->error))))
    g_prefix_error (&work->error, _ ("All steps are done, but their results could not be recorded: "));
  eros_operation_end (work->operation, work->error);
  if (!eros_record_operation_ended (eros_work_get_deployment (work), work->operation,
                                    work->error == NULL ? EROS_OUTCOME_PASS
                                    : g_error_matches (work->error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                      ? EROS_OUTCOME_NONE
                                      : EROS_OUTCOME_FAIL,
                                    &error) &&
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

  if ((step->step.prepare != NULL && !step->step.prepare (step->work, &step->step, &error)) ||
      !eros_work_fill_sql (step, &error) || !record_step_started (step, &error))
    eros_work_step_ended (step, error);
  else
    eros_work_step_run (step);
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  if (eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error))
    begin_step (user_data);
  else
    eros_work_step_ended (user_data, error);
}

static void
start_step (WorkStep *step)
{
  ErosBigQuery *big_query = step->work->big_query;

  step->under_way = TRUE;
  step->warned = FALSE;
  json_array_unref (step->evidence);
  step->evidence = json_array_new ();
  g_clear_pointer (&step->found, g_free);
  g_clear_pointer (&step->statements, json_array_unref);
  eros_step_start (step->row);
  /* A text may have the location in it. */
  if (eros_connection_get_location (eros_big_query_get_connection (big_query)) != NULL)
    begin_step (step);
  else
    eros_big_query_locate_async (big_query, eros_work_retry_cb, step->row,
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

      if (!step->passed && (!found || step->step.group < *group))
        {
          *group = step->step.group;
          found = TRUE;
        }
    }
  return found;
}

static void
go_on (ErosWork *work)
{
  guint under_way = count_under_way (work);
  guint group = 0;

  if (work->error == NULL)
    g_cancellable_set_error_if_cancelled (eros_operation_get_cancellable (work->operation), &work->error);
  if (work->error != NULL || !find_group (work, &group))
    {
      if (under_way == 0)
        end_work (work);
      return;
    }
  for (guint i = 0; i < work->steps->len && under_way < ABREAST; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (step->step.group != group || step->passed || step->under_way)
        continue;
      under_way++;
      start_step (step);
      if (work->task == NULL)
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

void
eros_work_step_ended (WorkStep *step, GError *error)
{
  ErosWork *work = step->work;
  GError *record_error = NULL;

  step->under_way = FALSE;
  step->passed = error == NULL;
  /* It is on the disk before anybody sees it. */
  if (!record_step_ended (step, error, &record_error))
    keep_record_error (step, &record_error);
  eros_step_set_detail (step->row, step->found);
  eros_step_end (step->row,
                 g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? EROS_STATE_CANCELLED
                 : step->passed                                            ? EROS_STATE_SUCCEEDED
                                                                           : EROS_STATE_FAILED,
                 error != NULL ? error->message : NULL);
  eros_operation_step_ended (work->operation);
  if (!record_boxes (step, error, &record_error))
    keep_record_error (step, &record_error);
  if (error != NULL && work->error == NULL)
    {
      g_prefix_error (&error, "%s: ", step->step.title);
      work->error = g_steal_pointer (&error);
    }
  g_clear_error (&error);
  go_on (work);
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
      const char *id = eros_event_get_string (event, "step");

      if (!g_str_equal (eros_event_get_kind (event), "step.ended") || id == NULL)
        continue;
      if (g_str_equal (id, step->step.taken_back_by))
        return TRUE;
      if (g_str_equal (id, step->step.id))
        return FALSE;
    }
  return FALSE;
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
  GTask *task = g_task_new (work->controller, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, eros_work_run_async);
  if (work->task != NULL)
    g_set_error_literal (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_BUSY,
                         _ ("This operation is running already. Wait for it, or cancel it."));
  if (error != NULL || !record_started (work, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  work->task = task;
  for (guint i = 0; i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (step->step.always || (step->passed && is_taken_back (step)))
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
