/* eros-history.c: operations as the journal tells of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-history.h"

#include <glib/gi18n-lib.h>

#include "eros-operation-private.h"
#include "eros-script.h"

struct _ErosHistory
{
  ErosOperation *operation;
  GHashTable *steps; /* id → ErosStep */
  GHashTable *jobs;  /* job id → ErosStep, borrowed from steps */
  ErosState state;
  gint64 started;
  gint64 ended;
  char *message;
  char *error;
};

ErosHistory *
eros_history_new (ErosOperation *operation)
{
  ErosHistory *self = g_new0 (ErosHistory, 1);

  self->operation = g_object_ref (operation);
  self->steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
eros_history_free (ErosHistory *self)
{
  g_object_unref (self->operation);
  g_hash_table_unref (self->steps);
  g_hash_table_unref (self->jobs);
  g_free (self->message);
  g_free (self->error);
  g_free (self);
}

void
eros_history_know_step (ErosHistory *self, const char *id, ErosStep *step)
{
  g_hash_table_insert (self->steps, g_strdup (id), g_object_ref (step));
}

/* (nullable) when the event names none that is known */
static ErosStep *
find_step (ErosHistory *self, ErosEvent *event)
{
  const char *id = eros_event_get_string (event, EROS_MEMBER_STEP);

  return id != NULL ? g_hash_table_lookup (self->steps, id) : NULL;
}

static void
step_started (ErosHistory *self, ErosEvent *event)
{
  const char *id = eros_event_get_string (event, EROS_MEMBER_STEP);
  const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);
  ErosStep *step = find_step (self, event);

  if (id == NULL)
    return;
  if (step == NULL)
    {
      step = eros_step_new (title != NULL ? title : id);
      eros_operation_add_step (self->operation, G_MAXUINT, step);
      g_hash_table_insert (self->steps, g_strdup (id), step);
    }
  eros_step_restore (step, EROS_STATE_RUNNING, eros_event_get_happened (event), 0, NULL);
}

static ErosState
state_of (const char *outcome)
{
  if (g_strcmp0 (outcome, "pass") == 0 || g_strcmp0 (outcome, "warning") == 0)
    return EROS_STATE_SUCCEEDED;
  return g_strcmp0 (outcome, "cancelled") == 0 ? EROS_STATE_CANCELLED : EROS_STATE_FAILED;
}

static gint64
number_in (ErosEvent *event, const char *member)
{
  return json_object_get_int_member_with_default (eros_event_get_body (event), member, -1);
}

static void
restore_statements (ErosStep *step, ErosEvent *event)
{
  JsonNode *statements = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_STATEMENTS);

  if (statements != NULL && JSON_NODE_HOLDS_ARRAY (statements))
    eros_script_show (step, json_node_get_array (statements));
  else
    eros_step_set_children (step, NULL);
  eros_step_set_trouble (step, (guint) MAX (number_in (event, EROS_MEMBER_LINE), 0),
                         (guint) MAX (number_in (event, EROS_MEMBER_COLUMN), 0),
                         eros_event_get_string (event, EROS_MEMBER_LINE_TEXT));
}

static void
step_ended (ErosHistory *self, ErosEvent *event)
{
  ErosStep *step = find_step (self, event);
  const char *summary = eros_event_get_string (event, EROS_MEMBER_SUMMARY);

  if (step == NULL)
    return;
  restore_statements (step, event);
  eros_step_set_detail (step, summary);
  eros_step_set_undecided (
    step, eros_event_says (event, EROS_MEMBER_VERDICT, eros_outcome_to_text (EROS_OUTCOME_NOT_ENOUGH)));
  eros_step_set_warned (
    step, eros_event_says (event, EROS_MEMBER_VERDICT, eros_outcome_to_text (EROS_OUTCOME_WARNING)));
  eros_step_restore (step, state_of (eros_event_get_string (event, EROS_MEMBER_OUTCOME)),
                     eros_step_get_started (step), eros_event_get_happened (event),
                     eros_event_get_string (event, EROS_MEMBER_ERROR));
}

static void
job_ended (ErosHistory *self, ErosEvent *event)
{
  const char *job_id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);
  ErosStep *step = job_id != NULL ? g_hash_table_lookup (self->jobs, job_id) : NULL;

  if (step != NULL)
    eros_step_set_statistics (
      step, number_in (event, EROS_MEMBER_BYTES_PROCESSED), number_in (event, EROS_MEMBER_BYTES_BILLED),
      number_in (event, EROS_MEMBER_SLOT_MS), number_in (event, EROS_MEMBER_AFFECTED_ROWS));
}

static void
job_planned (ErosHistory *self, ErosEvent *event)
{
  const char *job_id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);
  ErosStep *step = find_step (self, event);

  if (step == NULL || job_id == NULL)
    return;
  eros_step_set_job_id (step, job_id);
  g_hash_table_insert (self->jobs, g_strdup (job_id), step);
}

static void
begun (ErosHistory *self, ErosEvent *event)
{
  self->state = EROS_STATE_RUNNING;
  self->started = eros_event_get_happened (event);
  self->ended = 0;
  g_clear_pointer (&self->error, g_free);
}

static void
ended (ErosHistory *self, ErosEvent *event)
{
  self->state = state_of (eros_event_get_string (event, EROS_MEMBER_OUTCOME));
  self->ended = eros_event_get_happened (event);
  g_free (self->message);
  self->message = g_strdup (eros_event_get_string (event, EROS_MEMBER_SUMMARY));
  g_free (self->error);
  self->error = g_strdup (eros_event_get_string (event, EROS_MEMBER_ERROR));
}

void
eros_history_fold (ErosHistory *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_equal (kind, EROS_EVENT_JOB_ENDED))
    {
      job_ended (self, event);
      return;
    }
  if (!eros_event_says (event, EROS_MEMBER_ID, eros_operation_get_id (self->operation)))
    return;
  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED) || g_str_equal (kind, EROS_EVENT_OPERATION_RESUMED))
    begun (self, event);
  else if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    ended (self, event);
  else if (g_str_equal (kind, EROS_EVENT_STEP_STARTED))
    step_started (self, event);
  else if (g_str_equal (kind, EROS_EVENT_STEP_ENDED))
    step_ended (self, event);
  else if (g_str_equal (kind, EROS_EVENT_JOB_PLANNED))
    job_planned (self, event);
}

/* A step whose end is not on record when that of its operation is, or when nobody runs it any more. */
static void
cut_off_steps (ErosHistory *self)
{
  GHashTableIter iter;
  ErosStep *step;

  g_hash_table_iter_init (&iter, self->steps);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &step))
    if (eros_step_get_state (step) == EROS_STATE_RUNNING)
      eros_step_restore (step, EROS_STATE_CANCELLED, eros_step_get_started (step), 0,
                         _ ("cut off: its end is not on record"));
}

void
eros_history_end (ErosHistory *self, gboolean writable)
{
  gboolean interrupted = self->state == EROS_STATE_RUNNING && writable;

  if (interrupted)
    {
      self->state = EROS_STATE_FAILED;
      g_free (self->error);
      self->error =
        g_strdup (_ ("It was cut off before its end. What was done is on record, and it can go on "
                     "from there: nothing that has run is run again."));
    }
  if (self->state != EROS_STATE_RUNNING)
    cut_off_steps (self);
  eros_operation_restore (self->operation, self->state, self->started, self->ended, self->message,
                          self->error, interrupted);
}

/* Checks are shown by their boxes. */
static ErosHistory *
begin (ErosEvent *event, GListStore *operations)
{
  const char *id = eros_event_get_string (event, EROS_MEMBER_ID);
  const char *kind = eros_event_get_string (event, EROS_MEMBER_OPERATION);
  const char *title = eros_event_get_string (event, EROS_MEMBER_TITLE);
  g_autoptr (ErosOperation) operation = NULL;

  if (id == NULL || kind == NULL || eros_operation_kind_of (kind) == EROS_OPERATION_KIND_CHECKS)
    return NULL;
  operation = eros_operation_new (id, kind, title != NULL ? title : kind);
  g_list_store_append (operations, operation);
  return eros_history_new (operation);
}

/**
 * eros_history_read:
 * @deployment: a deployment
 *
 * Reads which operations have been run, from the journal alone: no service is needed. They are as their last
 * run left them; one that was cut off says so, and goes on with a controller's operation of the same id.
 *
 * Returns: (transfer full): a list of #ErosOperation, newest last
 */
GListModel *
eros_history_read (ErosDeployment *deployment)
{
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  GListStore *operations = g_list_store_new (EROS_TYPE_OPERATION);
  g_autoptr (GPtrArray) histories = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_history_free);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (journal)); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (journal), i);
      ErosHistory *begun_now =
        eros_event_is (event, EROS_EVENT_OPERATION_STARTED) ? begin (event, operations) : NULL;

      if (begun_now != NULL)
        g_ptr_array_add (histories, begun_now);
      for (guint j = 0; j < histories->len; j++)
        eros_history_fold (g_ptr_array_index (histories, j), event);
    }
  for (guint j = 0; j < histories->len; j++)
    eros_history_end (g_ptr_array_index (histories, j), eros_journal_is_writable (journal));
  return G_LIST_MODEL (operations);
}
