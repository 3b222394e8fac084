/* eros-work-record.c: what an operation writes down: its steps, what they have found, and the boxes they
 * prove
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-record.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"
#include "eros-work-private.h"

#include <glib/gi18n-lib.h>

/* ---- the record ---------------------------------------------------------------------------------------- */

/* Takes body. */
static gboolean
record (ErosWork *work, const char *kind, JsonObject *body, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  json_object_set_string_member (body, EROS_MEMBER_ID, eros_operation_get_id (work->operation));
  json_object_unref (body);
  return eros_deployment_record (eros_work_get_deployment (work), kind, node, error) != NULL;
}

gboolean
eros_work_record_started (ErosWork *work, GError **error)
{
  JsonObject *body;

  if (work->is_recorded)
    return record (work, EROS_EVENT_OPERATION_RESUMED, json_object_new (), error);
  body = json_object_new ();
  json_object_set_string_member (body, EROS_MEMBER_OPERATION, eros_operation_get_kind (work->operation));
  json_object_set_string_member (body, EROS_MEMBER_TITLE, eros_operation_get_title (work->operation));
  json_object_set_object_member (body, EROS_MEMBER_ARGUMENTS, json_object_ref (work->arguments));
  work->is_recorded = record (work, EROS_EVENT_OPERATION_STARTED, body, error);
  return work->is_recorded;
}

/* Whether the text of this digest stands in the journal: there it is looked for from its beginning, where the
 * rounds of a long watch find theirs at once. */
static gboolean
is_text_on_record (WorkStep *step)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (step->work)));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_STEP_STARTED) &&
          eros_event_says (event, EROS_MEMBER_SQL_SHA256, step->sha256) &&
          eros_event_get_string (event, EROS_MEMBER_SQL) != NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
eros_work_record_step_started (WorkStep *step, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_STEP, step->step.id);
  json_object_set_string_member (body, EROS_MEMBER_TITLE, step->step.title);
  if (step->sha256 != NULL)
    json_object_set_string_member (body, EROS_MEMBER_SQL_SHA256, step->sha256);
  if (step->sha256 != NULL && !is_text_on_record (step))
    json_object_set_string_member (body, EROS_MEMBER_SQL, step->step.sql);
  return record (step->work, EROS_EVENT_STEP_STARTED, body, error);
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
  json_object_set_int_member (body, EROS_MEMBER_LINE, line);
  json_object_set_int_member (body, EROS_MEMBER_COLUMN, column);
  json_object_set_string_member (body, EROS_MEMBER_LINE_TEXT, text);
}

/* What a round reads of the job history was so then. */
static void
add_happened (WorkStep *step, JsonObject *body)
{
  ErosOperation *operation = eros_work_get_operation (step->work);
  gint64 until = eros_time_parse (eros_work_get_argument (step->work, "until"));

  if (until > 0 &&
      eros_operation_kind_of (eros_operation_get_kind (operation)) == EROS_OPERATION_KIND_MONITORING)
    json_object_set_int_member (body, EROS_MEMBER_HAPPENED, until);
}

gboolean
eros_work_record_step_ended (WorkStep *step, const GError *failure, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_STEP, step->step.id);
  json_object_set_string_member (body, EROS_MEMBER_OUTCOME, word_of (failure));
  json_object_set_object_member (body, EROS_MEMBER_VALUES, values_of (step));
  if (step->found != NULL)
    json_object_set_string_member (body, EROS_MEMBER_SUMMARY, step->found);
  if (step->undecided || step->warned)
    json_object_set_string_member (
      body, "verdict",
      eros_outcome_to_text (step->undecided ? EROS_OUTCOME_NOT_ENOUGH : EROS_OUTCOME_WARNING));
  if (failure != NULL)
    json_object_set_string_member (body, EROS_MEMBER_ERROR, failure->message);
  if (step->statements != NULL)
    json_object_set_array_member (body, EROS_MEMBER_STATEMENTS, json_array_ref (step->statements));
  add_trouble (step, body);
  add_happened (step, body);
  if (failure != NULL && step->step.may_fail && !step->passed)
    json_object_set_boolean_member (body, EROS_MEMBER_AGAIN, TRUE);
  if (failure != NULL && step->job_is_open && step->job_has_ended)
    json_object_set_string_member (body, EROS_MEMBER_UNREAD_JOB, step->job_id);
  return record (step->work, EROS_EVENT_STEP_ENDED, body, error);
}

gboolean
eros_work_record_step_repeated (WorkStep *step, const GError *failure, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_STEP, step->step.id);
  json_object_set_string_member (body, EROS_MEMBER_JOB_ID, step->job_id);
  json_object_set_int_member (body, EROS_MEMBER_REPEAT, step->n_repeats + 1);
  json_object_set_string_member (body, EROS_MEMBER_ERROR, failure->message);
  return record (step->work, EROS_EVENT_STEP_REPEATED, body, error);
}

gboolean
eros_work_note_values (ErosWork *work, ErosWorkStep *step, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_STEP, step->id);
  json_object_set_object_member (body, EROS_MEMBER_VALUES, values_of ((WorkStep *) step));
  return record (work, EROS_EVENT_STEP_NOTED, body, error);
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
      if (!step->passed || step->warned || step->undecided)
        return FALSE;
      if (step->found != NULL)
        g_string_append_printf (summary, "%s%s", summary->len > 0 ? "; " : "", step->found);
      for (guint j = 0; j < json_array_get_length (step->evidence); j++)
        json_array_add_element (evidence, json_array_dup_element (step->evidence, j));
    }
  return TRUE;
}

/* Of a step that has found nothing itself: what it comes after. */
static void
append_work (GString *summary, WorkStep *step)
{
  GPtrArray *steps = step->work->steps;
  guint n = 0;

  for (guint i = 0; i < steps->len; i++)
    n += steps->pdata[i] != step && ((WorkStep *) steps->pdata[i])->passed;
  g_string_append (summary, step->step.title);
  if (n > 0)
    /* Translators: follows the name of an operation */
    g_string_append_printf (summary, ngettext (": %u step has ended well", ": %u steps have ended well", n),
                            n);
}

static gboolean
record_box (WorkStep *step, const char *element_id, const GError *failure, GError **error)
{
  g_autoptr (GString) summary = g_string_new (failure != NULL ? failure->message : NULL);
  g_autoptr (JsonNode) evidence = json_node_init_array (json_node_alloc (), step->evidence);
  g_autoptr (JsonArray) all = json_array_new ();
  ErosDeployment *deployment = eros_work_get_deployment (step->work);
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (deployment), element_id);
  g_autofree char *progress = NULL;
  ErosOutcome timely;

  if (element == NULL)
    return TRUE; /* the steps of one runbook may serve another that has no such box */
  if (failure != NULL)
    /* Without an answer nobody knows: that is no failure of what the box says. */
    return eros_deployment_record_check (deployment, element_id,
                                         eros_big_query_error_may_pass (failure) ? EROS_OUTCOME_ERROR
                                                                                 : EROS_OUTCOME_FAIL,
                                         summary->str, evidence, error);
  if (step->warned || step->undecided)
    return eros_deployment_record_check (deployment, element_id,
                                         step->warned ? EROS_OUTCOME_FAIL : EROS_OUTCOME_NOT_ENOUGH,
                                         step->found, evidence, error);
  if (!is_proved (step->work, element_id, summary, all))
    return TRUE;
  timely = eros_watch_judge (deployment, element, eros_timeline_get_now (deployment), &progress);
  if (timely == EROS_OUTCOME_NONE)
    return TRUE;
  json_node_set_array (evidence, all);
  if (summary->len == 0)
    append_work (summary, step);
  if (progress != NULL)
    g_string_append_printf (summary, "; %s", progress);
  return eros_deployment_record_check (deployment, element_id, timely, summary->str, evidence, error);
}

gboolean
eros_work_record_boxes (WorkStep *step, const GError *failure, GError **error)
{
  if (step->step.proves == NULL || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  for (guint i = 0; step->step.proves[i] != NULL; i++)
    if (!record_box (step, step->step.proves[i], failure, error))
      return FALSE;
  return TRUE;
}

/* An earlier attempt may have been cut off between a step's end and its boxes. */
gboolean
eros_work_record_missing_boxes (ErosWork *work, GError **error)
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
