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

G_DEFINE_FINAL_TYPE (ErosConductor, eros_conductor, G_TYPE_OBJECT)

void
eros_conductor_tell (ErosConductor *self, ErosConducted what, const char *text, const char *detail)
{
  g_signal_emit (self, signals[SIGNAL_TOLD], 0, (int) what, text, detail);
}

void
eros_conductor_end (ErosConductor *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
eros_conductor_is_stopped (ErosConductor *self, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  eros_conductor_end (self, error);
  return TRUE;
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
    eros_conductor_end (self, error);
  else
    eros_conductor_go_on (self);
}

/* What the machine can look at, and has not ticked yet. */
static ErosConductorAct
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
    return EROS_CONDUCTOR_DONE;
  g_ptr_array_add (ids, NULL);
  eros_controller_run_checks_async (self->controller, (const char *const *) ids->pdata,
                                    g_task_get_cancellable (self->task), checked_cb, g_object_ref (self));
  return EROS_CONDUCTOR_BEGUN;
}

/* What was to come before has not been done: there is nothing here that anybody could look at yet. */
static void
pass_by (ErosConductor *self)
{
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_phase_get_title (self->phase), self->missing);
  self->n_elements = self->elements->len;
}

/* Of the data that come with the program the way back is known. */
static gboolean
is_part (ErosConductor *self, ErosElement *element)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (self->deployment));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  return eros_operation_kind_of (eros_element_get_operation (element)) != EROS_OPERATION_KIND_PROVE ||
         eros_shape_is_prepared (data);
}

/* The page has come to an operation that could not be done before, or is none of a rehearsal's. */
static void
pass_operation (ErosConductor *self, ErosElement *element)
{
  const char *id = eros_element_get_id (element);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (!is_part (self, element))
    eros_conductor_tell (self, EROS_CONDUCTED_LEFT_OUT, eros_element_get_label (element),
                         _ ("not in a rehearsal with the program’s own data; “eros-deploy prove” does it"));
  if (self->work != EROS_CONDUCTOR_GOES_ON || self->next >= self->operations->len ||
      self->operations->pdata[self->next] != element)
    return;
  eros_controller_can_run (self->controller, id, &reason);
  eros_deployment_allows (self->deployment, "run", id, NULL, &gate);
  eros_conductor_stop_work (self, gate != NULL ? EROS_CONDUCTOR_STOPPED : EROS_CONDUCTOR_MISSING, element,
                            reason);
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

  /* In between, what is still to come is no word against it. */
  for (guint i = 0; done && self->course == EROS_CONDUCTOR_ONWARD && i < self->n_phases; i++)
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

/* Nobody watches for an emergency that there is none of, or for what is deployed again at once. */
static gboolean
is_watched_in (ErosConductor *self)
{
  if (eros_phase_is_contingency (self->phase) && self->course != EROS_CONDUCTOR_BACK)
    return FALSE;
  for (guint i = 0; i < self->elements->len; i++)
    if (eros_element_get_kind (self->elements->pdata[i]) == EROS_ELEMENT_SCHEDULE)
      return TRUE;
  return FALSE;
}

static ErosConductorAct
begin_phase (ErosConductor *self, GError **error)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  if (!settle_earlier_sums (self, error))
    return EROS_CONDUCTOR_FAILED;
  g_clear_object (&self->phase);
  self->phase = g_list_model_get_item (phases, self->n_phases++);
  self->n_elements = 0;
  self->next = 0;
  take_elements (self);
  self->has_watched = !is_watched_in (self);
  g_signal_emit (self, signals[SIGNAL_PHASE], 0, self->phase);
  if (self->work == EROS_CONDUCTOR_STOPPED)
    {
      pass_by (self);
      return EROS_CONDUCTOR_DONE;
    }
  self->work = EROS_CONDUCTOR_GOES_ON;
  g_clear_pointer (&self->missing, g_free);
  if (!eros_conductor_open_sign_offs (self, error))
    return EROS_CONDUCTOR_FAILED;
  look_at_sign_offs (self);
  return run_open_checks (self);
}

/* Boxes that are watched for may stand before the schedule. */
static gboolean
is_to_be_watched (ErosConductor *self, ErosElement *element)
{
  return !self->has_watched && self->work == EROS_CONDUCTOR_GOES_ON &&
         (eros_element_get_kind (element) == EROS_ELEMENT_SCHEDULE ||
          eros_element_get_watched (element) != NULL);
}

static ErosConductorAct
conduct_element (ErosConductor *self, GError **error)
{
  ErosElement *element = self->elements->pdata[self->n_elements];
  gboolean done = TRUE;

  if (eros_conductor_is_to_practise (self))
    {
      eros_conductor_begin_way_back (self, EROS_CONDUCTOR_PRACTISES);
      return EROS_CONDUCTOR_DONE;
    }
  if (eros_conductor_run_what_may_run (self) == EROS_CONDUCTOR_BEGUN)
    return EROS_CONDUCTOR_BEGUN;
  if (is_to_be_watched (self, element))
    return eros_conductor_watch (self);
  if (eros_element_wants_signature (element))
    done = eros_conductor_sign_off (self, element, error);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_CHECK)
    done = eros_conductor_check (self, element, error);
  else if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION)
    pass_operation (self, element);
  self->n_elements++;
  return done ? EROS_CONDUCTOR_DONE : EROS_CONDUCTOR_FAILED;
}

static gboolean
has_phases_left (ErosConductor *self)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  return self->n_phases < g_list_model_get_n_items (phases);
}

static gboolean
act_cb (gpointer user_data)
{
  ErosConductor *self = user_data;
  GError *error = NULL;
  ErosConductorAct act;

  eros_deployment_set_actor (self->deployment, EROS_STAND_IN_ACTOR);
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error))
    act = EROS_CONDUCTOR_FAILED;
  else if (self->phase != NULL && self->n_elements < self->elements->len)
    act = conduct_element (self, &error);
  else if (eros_conductor_is_way_back_over (self))
    act = eros_conductor_end_way_back (self);
  else if (has_phases_left (self))
    act = begin_phase (self, &error);
  else
    {
      eros_conductor_count (self);
      eros_conductor_end (self, NULL);
      return G_SOURCE_REMOVE;
    }
  if (act == EROS_CONDUCTOR_FAILED)
    eros_conductor_end (self, error);
  return act == EROS_CONDUCTOR_DONE;
}

void
eros_conductor_go_on (ErosConductor *self)
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
  g_ptr_array_set_size (self->elements, 0);
  eros_conductor_find_way_back (self);
  eros_conductor_go_on (self);
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
  g_free (self->reason);
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
