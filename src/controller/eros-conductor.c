/* eros-conductor.c: conducts a rehearsal from its first phase to its last
 *
 * One act at a time, each from the main loop: an operation, a round of checks, a slot of the watch, a box.
 * Where one was cut off, what is on record as done is passed over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-conductor-private.h"

#include <glib/gi18n-lib.h>

#include "eros-rehearsal-clock.h"
#include "eros-shape.h"
#include "eros-stand-in.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

enum
{
  SIGNAL_PHASE,
  SIGNAL_TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What has become of an act. */
typedef enum
{
  ACT_DONE,
  ACT_BEGUN, /* its callback goes on */
  ACT_FAILED,
} Act;

G_DEFINE_FINAL_TYPE (ErosConductor, eros_conductor, G_TYPE_OBJECT)

static void go_on (ErosConductor *self);

void
eros_conductor_tell (ErosConductor *self, ErosConducted what, const char *text, const char *detail)
{
  g_signal_emit (self, signals[SIGNAL_TOLD], 0, (int) what, text, detail);
}

static void
end (ErosConductor *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- operations ---------------------------------------------------------------------------------------- */

static void
stop_work (ErosConductor *self, ErosConductorWork work, ErosElement *element, const char *reason)
{
  eros_conductor_tell (self, work == EROS_CONDUCTOR_MISSING ? EROS_CONDUCTED_LEFT_OUT : EROS_CONDUCTED_OPEN,
                       eros_element_get_label (element), reason);
  self->work = work;
  g_free (self->missing);
  self->missing =
    g_strdup_printf (_ ("“%s” has not been done in this rehearsal, so there is nothing to look at."),
                     eros_element_get_label (element));
}

/* In an earlier part of this rehearsal. */
static gboolean
is_done (ErosConductor *self, ErosElement *element)
{
  ErosOperation *operation =
    eros_controller_find_operation (self->controller, eros_element_get_operation (element));

  return operation != NULL && eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED;
}

/* What a failed one has come to stands in the record; the rehearsal goes on to show what else there is. */
static void
operation_ended (ErosConductor *self, GError *error)
{
  if (is_cancelled (error))
    {
      end (self, error);
      return;
    }
  if (error != NULL)
    stop_work (self, EROS_CONDUCTOR_STOPPED, self->operations->pdata[self->next - 1], error->message);
  g_clear_error (&error);
  go_on (self);
}

static void
operation_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  operation_ended (self, error);
}

/* By the team's own steps, where it has some. */
static ErosOperation *
take_up (ErosConductor *self, const char *name, GError **error)
{
  ErosOperationKind kind = eros_operation_kind_of (name);
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);

  if (self->sql == NULL || (kind != EROS_OPERATION_KIND_DEPLOY && kind != EROS_OPERATION_KIND_PROVE))
    return eros_controller_take_up (self->controller, name, error);
  g_hash_table_insert (arguments, (gpointer) "sql", self->sql);
  return eros_controller_plan (self->controller, name, arguments, error);
}

/* Operations are done as soon as they may be, so that people look at what is there. */
static Act
run_what_may_run (ErosConductor *self)
{
  while (self->work == EROS_CONDUCTOR_GOES_ON && self->next < self->operations->len)
    {
      ErosElement *element = self->operations->pdata[self->next];
      ErosOperation *operation;
      g_autoptr (GError) error = NULL;

      if (is_done (self, element))
        {
          self->next++;
          continue;
        }
      if (!eros_controller_can_run (self->controller, eros_element_get_id (element), NULL))
        return ACT_DONE;
      self->next++;
      operation = take_up (self, eros_element_get_operation (element), &error);
      if (operation == NULL)
        {
          stop_work (self, EROS_CONDUCTOR_STOPPED, element, error->message);
          return ACT_DONE;
        }
      eros_controller_start_async (self->controller, operation, g_task_get_cancellable (self->task),
                                   operation_ended_cb, g_object_ref (self));
      return ACT_BEGUN;
    }
  return ACT_DONE;
}

/* The page has come to an operation that could not be done before. */
static void
pass_operation (ErosConductor *self, ErosElement *element)
{
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (self->work != EROS_CONDUCTOR_GOES_ON || self->next >= self->operations->len ||
      self->operations->pdata[self->next] != element)
    return;
  eros_controller_can_run (self->controller, eros_element_get_id (element), &reason);
  eros_deployment_allows (self->deployment, "run", eros_element_get_id (element), NULL, &gate);
  stop_work (self, gate != NULL ? EROS_CONDUCTOR_STOPPED : EROS_CONDUCTOR_MISSING, element, reason);
}

/* ---- the days after: every slot that is still to come, with the clock set ahead to it ------------------- */

/* Whatever keeps this one from being made keeps the others as well. */
static gboolean
has_looked (ErosConductor *self)
{
  g_autoptr (GPtrArray) slots =
    eros_watch_list (self->deployment, NULL, eros_timeline_get_now (self->deployment));

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);

      if (slot->due == self->due && slot->state == EROS_SLOT_DONE)
        return TRUE;
    }
  return FALSE;
}

static void
leave_watch (ErosConductor *self)
{
  self->due = 0;
  self->n_elements++;
}

/* What a round finds stands in the record. */
static void
round_ended (ErosConductor *self, GError *error)
{
  if (is_cancelled (error))
    {
      end (self, error);
      return;
    }
  if (error != NULL)
    eros_conductor_tell (self, EROS_CONDUCTED_WARNING, error->message, NULL);
  g_clear_error (&error);
  if (!has_looked (self))
    leave_watch (self);
  go_on (self);
}

static void
round_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  round_ended (self, error);
}

static void
look (ErosConductor *self)
{
  GError *error = NULL;
  ErosOperation *operation = eros_controller_take_up (
    self->controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), &error);

  if (operation != NULL)
    eros_controller_start_async (self->controller, operation, g_task_get_cancellable (self->task),
                                 round_ended_cb, g_object_ref (self));
  else
    round_ended (self, error);
}

static void
tell_time (ErosConductor *self)
{
  g_autofree char *time = eros_time_text (self->due);

  eros_conductor_tell (self, EROS_CONDUCTED_CLOCK, time, NULL);
}

/* Not every server has a clock that can be set: then nobody waits. */
static void
advanced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  if (eros_rehearsal_advance_finish (EROS_REHEARSAL (source), result, &error))
    {
      tell_time (self);
      look (self);
    }
  else if (g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE))
    {
      eros_conductor_tell (self, EROS_CONDUCTED_LEFT_OUT, error->message, NULL);
      g_error_free (error);
      leave_watch (self);
      go_on (self);
    }
  else
    end (self, error);
}

static Act
watch (ErosConductor *self)
{
  gint64 now = eros_timeline_get_now (self->deployment);
  g_autoptr (GPtrArray) slots = eros_watch_list (self->deployment, NULL, now);
  const ErosSlot *next = eros_watch_find_next (slots);

  if (next == NULL)
    {
      leave_watch (self);
      return ACT_DONE;
    }
  self->due = next->due;
  if (next->due <= now)
    {
      tell_time (self);
      look (self);
    }
  else
    eros_rehearsal_advance_async (self->rehearsal, self->deployment, next->due, self->scenario,
                                  g_task_get_cancellable (self->task), advanced_cb, g_object_ref (self));
  return ACT_BEGUN;
}

/* ---- phases -------------------------------------------------------------------------------------------- */

/* Where people sign for all that was done, a stand-in does not vouch for what is still open. */
static void
look_at_sign_offs (ErosConductor *self)
{
  for (guint i = 0; i < self->elements->len && self->work == EROS_CONDUCTOR_GOES_ON; i++)
    {
      ErosElement *element = self->elements->pdata[i];
      g_autofree char *reason = NULL;
      ErosGate *gate = NULL;

      if (eros_element_get_kind (element) != EROS_ELEMENT_SIGN_OFF ||
          eros_deployment_allows (self->deployment, "sign", eros_element_get_id (element), &reason, &gate) ||
          gate == NULL)
        continue;
      self->work = EROS_CONDUCTOR_STOPPED;
      self->missing = g_steal_pointer (&reason);
    }
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  /* Failed checks are no error: they are in the record. */
  eros_controller_run_checks_finish (EROS_CONTROLLER (source), result, &error);
  if (error != NULL)
    end (self, error);
  else
    go_on (self);
}

/* What the machine can look at, and has not ticked yet. */
static Act
run_open_checks (ErosConductor *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < self->elements->len; i++)
    {
      ErosElement *element = self->elements->pdata[i];
      const char *id = eros_element_get_id (element);

      if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK &&
          eros_controller_can_run (self->controller, id, NULL) &&
          eros_item_get_mark (eros_deployment_get_item (self->deployment, id)) == EROS_ITEM_OPEN)
        g_ptr_array_add (ids, (gpointer) id);
    }
  if (ids->len == 0)
    return ACT_DONE;
  g_ptr_array_add (ids, NULL);
  eros_controller_run_checks_async (self->controller, (const char *const *) ids->pdata,
                                    g_task_get_cancellable (self->task), checked_cb, g_object_ref (self));
  return ACT_BEGUN;
}

/* What was to come before has not been done: there is nothing here that anybody could look at yet. */
static void
pass_by (ErosConductor *self)
{
  for (guint i = 0; i < self->elements->len; i++)
    {
      ErosItem *item =
        eros_deployment_get_item (self->deployment, eros_element_get_id (self->elements->pdata[i]));

      /* Those are counted at the end. */
      if (eros_element_get_sum (self->elements->pdata[i]) != NULL &&
          !eros_element_wants_signature (self->elements->pdata[i]))
        continue;
      if (item != NULL && eros_item_get_mark (item) == EROS_ITEM_OPEN)
        self->tally.open++;
      else if (item != NULL)
        eros_conductor_count (self, item);
    }
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_phase_get_title (self->phase), self->missing);
  self->n_elements = self->elements->len;
}

/* Of the data that come with the program the way back is known. */
static gboolean
is_part (ErosConductor *self, ErosElement *element)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (self->deployment));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  if (eros_operation_kind_of (eros_element_get_operation (element)) != EROS_OPERATION_KIND_PROVE ||
      eros_shape_is_prepared (data))
    return TRUE;
  eros_conductor_tell (self, EROS_CONDUCTED_LEFT_OUT, eros_element_get_label (element),
                       _ ("not in a rehearsal with the program’s own data; “eros-deploy prove” does it"));
  return FALSE;
}

static void
take_elements (ErosConductor *self)
{
  GListModel *sections = eros_phase_get_sections (self->phase);

  g_ptr_array_set_size (self->elements, 0);
  g_ptr_array_set_size (self->operations, 0);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          ErosElement *element = g_list_model_get_item (elements, j);

          g_ptr_array_add (self->elements, element);
          if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION && is_part (self, element))
            g_ptr_array_add (self->operations, g_object_ref (element));
        }
    }
}

/* What was open when its own phase was passed, and has been looked at since. */
static gboolean
settle_earlier_sums (ErosConductor *self, GError **error)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));
  gboolean done = TRUE;

  for (guint i = 0; done && i < self->n_phases; i++)
    {
      g_clear_object (&self->phase);
      self->phase = g_list_model_get_item (phases, i);
      take_elements (self);
      for (guint j = 0; done && j < self->elements->len; j++)
        {
          ErosElement *element = self->elements->pdata[j];

          if (eros_element_get_sum (element) != NULL && !eros_element_wants_signature (element) &&
              !eros_phase_is_contingency (self->phase))
            done = eros_conductor_settle_sum (
              self, eros_deployment_get_item (self->deployment, eros_element_get_id (element)), error);
        }
    }
  return done;
}

static Act
begin_phase (ErosConductor *self, GError **error)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  if (!settle_earlier_sums (self, error))
    return ACT_FAILED;
  g_clear_object (&self->phase);
  self->phase = g_list_model_get_item (phases, self->n_phases++);
  self->n_elements = 0;
  self->next = 0;
  take_elements (self);
  g_signal_emit (self, signals[SIGNAL_PHASE], 0, self->phase);
  if (self->work == EROS_CONDUCTOR_STOPPED)
    {
      pass_by (self);
      return ACT_DONE;
    }
  self->work = EROS_CONDUCTOR_GOES_ON;
  g_clear_pointer (&self->missing, g_free);
  look_at_sign_offs (self);
  return run_open_checks (self);
}

static Act
conduct_element (ErosConductor *self, GError **error)
{
  ErosElement *element = self->elements->pdata[self->n_elements];
  gboolean is_contingency = eros_phase_is_contingency (self->phase);
  gboolean done = TRUE;

  if (!is_contingency && run_what_may_run (self) == ACT_BEGUN)
    return ACT_BEGUN;
  if (eros_element_wants_signature (element))
    done = eros_conductor_sign_off (self, element, error);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    done = eros_conductor_check (self, element, error);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION && !is_contingency)
    pass_operation (self, element);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_SCHEDULE && self->work == EROS_CONDUCTOR_GOES_ON)
    return watch (self);
  self->n_elements++;
  return done ? ACT_DONE : ACT_FAILED;
}

static gboolean
has_phases_left (ErosConductor *self)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  return self->n_phases < g_list_model_get_n_items (phases);
}

static void
count_sums (ErosConductor *self)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_clear_object (&self->phase);
      self->phase = g_list_model_get_item (phases, i);
      take_elements (self);
      for (guint j = 0; j < self->elements->len; j++)
        eros_conductor_count_sums (self, self->elements->pdata[j]);
    }
}

static gboolean
act_cb (gpointer user_data)
{
  ErosConductor *self = user_data;
  GError *error = NULL;
  Act act;

  eros_deployment_set_actor (self->deployment, EROS_STAND_IN_ACTOR);
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error))
    act = ACT_FAILED;
  else if (self->phase != NULL && self->n_elements < self->elements->len)
    act = conduct_element (self, &error);
  else if (has_phases_left (self))
    act = begin_phase (self, &error);
  else
    {
      count_sums (self);
      end (self, NULL);
      return G_SOURCE_REMOVE;
    }
  if (act == ACT_FAILED)
    end (self, error);
  return act == ACT_DONE;
}

static void
go_on (ErosConductor *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, act_cb, g_object_ref (self), g_object_unref);
}

/* ---- the object ---------------------------------------------------------------------------------------- */

const char *const *
eros_conductor_list_scenarios (void)
{
  static const char *const scenarios[] = { "healthy", "slow", "failing", "dear", "corrupt", NULL };

  return scenarios;
}

char *
eros_conductor_tally_to_text (const ErosConductorTally *tally)
{
  if (tally->people == 0)
    return g_strdup_printf (
      _ ("%u checked by the machine, %u by stand-ins, %u left out with a reason, %u open"), tally->machine,
      tally->stand_ins, tally->left_out, tally->open);
  return g_strdup_printf (
    _ ("%u checked by the machine, %u by people, %u by stand-ins, %u left out with a reason, %u open"),
    tally->machine, tally->people, tally->stand_ins, tally->left_out, tally->open);
}

void
eros_conductor_set_sql (ErosConductor *self, const char *sql)
{
  g_free (self->sql);
  self->sql = g_strdup (sql);
}

/**
 * eros_conductor_run_async:
 * @self: a conductor
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * Conducts the whole rehearsal, or goes on with one that was cut off. An operation that fails is no error:
 * what relies on it stays open. What is done from here on is done in the name of %EROS_STAND_IN_ACTOR, until
 * the caller says otherwise.
 */
void
eros_conductor_run_async (ErosConductor *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (EROS_IS_CONDUCTOR (self) && self->task == NULL);
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, eros_conductor_run_async);
  self->n_phases = 0;
  self->work = EROS_CONDUCTOR_GOES_ON;
  self->tally = (ErosConductorTally){ 0 };
  g_clear_object (&self->phase);
  go_on (self);
}

/**
 * eros_conductor_run_finish:
 * @self: a conductor
 * @result: the result
 * @tally: (out): what has become of the boxes and sign-offs
 * @error: return location for an error of the journal or the server, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it has come to its end
 */
gboolean
eros_conductor_run_finish (ErosConductor *self,
                           GAsyncResult *result,
                           ErosConductorTally *tally,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  *tally = self->tally;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
eros_conductor_finalize (GObject *object)
{
  ErosConductor *self = EROS_CONDUCTOR (object);

  g_clear_object (&self->phase);
  g_clear_object (&self->controller);
  g_clear_object (&self->deployment);
  g_clear_object (&self->rehearsal);
  g_ptr_array_unref (self->elements);
  g_ptr_array_unref (self->operations);
  g_free (self->sql);
  g_free (self->scenario);
  g_free (self->missing);
  G_OBJECT_CLASS (eros_conductor_parent_class)->finalize (object);
}

static void
eros_conductor_class_init (ErosConductorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_conductor_finalize;
  signals[SIGNAL_PHASE] = g_signal_new ("phase", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, EROS_TYPE_PHASE);
  signals[SIGNAL_TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_STRING, G_TYPE_STRING);
}

static void
eros_conductor_init (ErosConductor *self)
{
  self->elements = g_ptr_array_new_with_free_func (g_object_unref);
  self->operations = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * eros_conductor_new:
 * @controller: of a deployment whose environment is a rehearsal
 * @rehearsal: the server that it is rehearsed on
 * @scenario: one of eros_conductor_list_scenarios()
 *
 * Returns: (transfer full): whoever conducts it
 */
ErosConductor *
eros_conductor_new (ErosController *controller, ErosRehearsal *rehearsal, const char *scenario)
{
  ErosConductor *self = g_object_new (EROS_TYPE_CONDUCTOR, NULL);

  self->controller = g_object_ref (controller);
  self->deployment = g_object_ref (eros_controller_get_deployment (controller));
  self->rehearsal = g_object_ref (rehearsal);
  self->scenario = g_strdup (scenario);
  return self;
}
