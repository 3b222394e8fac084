/* eros-controller.c: the work of a deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-controller-private.h"

#include <glib/gi18n-lib.h>

#include "eros-check-run.h"
#include "eros-earlier-values.h"
#include "eros-error-domain.h"
#include "eros-operation-private.h"
#include "eros-plan.h"
#include "eros-probe.h"
#include "eros-record.h"

EROS_DEFINE_ERROR_DOMAIN (controller)
G_DEFINE_FINAL_TYPE (ErosController, eros_controller, G_TYPE_OBJECT)

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
eros_controller_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, eros_controller_get_busy (EROS_CONTROLLER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_controller_dispose (GObject *object)
{
  ErosController *self = EROS_CONTROLLER (object);

  g_clear_pointer (&self->works, g_hash_table_unref);
  g_clear_object (&self->deployment);
  g_clear_object (&self->connection);
  g_clear_object (&self->big_query);
  g_clear_object (&self->operations);
  G_OBJECT_CLASS (eros_controller_parent_class)->dispose (object);
}

static void
eros_controller_class_init (ErosControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_controller_get_property;
  object_class->dispose = eros_controller_dispose;
  properties[PROP_BUSY] = g_param_spec_boolean (
    "busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_controller_init (ErosController *self)
{
  self->operations = g_list_store_new (EROS_TYPE_OPERATION);
  self->works = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) eros_work_unref);
}

/**
 * eros_controller_new:
 * @deployment: what the work is for; everything that happens is recorded there
 * @connection: where it is done
 *
 * Returns: (transfer full): a controller that has nothing to do yet
 */
ErosController *
eros_controller_new (ErosDeployment *deployment, ErosConnection *connection)
{
  ErosController *self = g_object_new (EROS_TYPE_CONTROLLER, NULL);

  self->deployment = g_object_ref (deployment);
  self->connection = g_object_ref (connection);
  self->big_query = eros_big_query_new (connection);
  eros_controller_restore_operations (self);
  if (eros_journal_is_writable (eros_deployment_get_journal (deployment)))
    eros_controller_look_for_proofs (self);
  return self;
}

ErosDeployment *
eros_controller_get_deployment (ErosController *self)
{
  return self->deployment;
}

ErosConnection *
eros_controller_get_connection (ErosController *self)
{
  return self->connection;
}

gboolean
eros_controller_get_busy (ErosController *self)
{
  return self->n_active > 0;
}

GListModel *
eros_controller_get_operations (ErosController *self)
{
  return G_LIST_MODEL (self->operations);
}

ErosOperation *
eros_controller_find_operation (ErosController *self, const char *kind)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));

  for (guint i = n; i > 0; i--)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

      if (g_str_equal (eros_operation_get_kind (operation), kind))
        return operation; /* the list keeps it alive */
    }
  return NULL;
}

void
eros_controller_change_active (ErosController *self, int by)
{
  gboolean was_busy = eros_controller_get_busy (self);

  self->n_active += by;
  if (was_busy != eros_controller_get_busy (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* ---- what can be run ----------------------------------------------------------------------------------- */

static gboolean
knows_check (const ErosCheckBinding *binding)
{
  return binding->sql != NULL || (binding->builtin != NULL && eros_probe_is_known (binding->builtin));
}

static gboolean
explain (char **reason, const char *text)
{
  if (reason != NULL)
    *reason = g_strdup (text);
  return FALSE;
}

/**
 * eros_controller_can_run:
 * @self: a controller
 * @element_id: a check box, or an operation
 * @reason: (out) (optional) (transfer full): what it needs, for people
 *
 * Returns: whether the machine can do it, now
 */
gboolean
eros_controller_can_run (ErosController *self, const char *element_id, char **reason)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  ErosElement *element = eros_runbook_find_element (runbook, element_id);

  if (element == NULL)
    return explain (reason, _ ("The runbook has no such element."));
  if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION)
    {
      const char *kind = eros_element_get_operation (element);

      if (!eros_plan_is_known (kind))
        return explain (
          reason, _ ("This version does not do this by itself yet: do it by hand, and tick what is done."));
      return eros_deployment_allows (self->deployment, "run", kind, reason, NULL);
    }
  if (eros_element_get_check_binding (element) == NULL)
    return explain (reason, _ ("Only a person can judge this."));
  if (!knows_check (eros_element_get_check_binding (element)))
    return explain (reason,
                    _ ("This version of the program cannot make the check that the runbook names: look "
                       "yourself, and tick what is done."));
  return eros_deployment_allows (self->deployment, "run", element_id, reason, NULL);
}

/* ---- checks -------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosOperation *operation;
  GPtrArray *elements; /* of ErosElement */
  guint next;
  guint under_way;
  gboolean all_passed;
  GError *error; /* the first one */
} Checks;

static void
checks_free (Checks *checks)
{
  g_clear_object (&checks->operation);
  g_ptr_array_unref (checks->elements);
  g_clear_error (&checks->error);
  g_free (checks);
}

/* As many checks as this are under way at once: they do not depend on each other, and BigQuery runs them in
 * parallel. */
#define ABREAST 6

static gboolean
is_wanted (const char *const *ids, const char *phase, const char *section, const char *element)
{
  return g_strv_contains (ids, phase) || g_strv_contains (ids, section) || g_strv_contains (ids, element);
}

static void
collect_section (ErosPhase *phase, ErosSection *section, const char *const *ids, GPtrArray *elements)
{
  GListModel *model = eros_section_get_elements (section);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (model, i);

      if (eros_element_get_check_binding (element) != NULL &&
          is_wanted (ids, eros_phase_get_id (phase), eros_section_get_id (section),
                     eros_element_get_id (element)))
        g_ptr_array_add (elements, g_steal_pointer (&element));
    }
}

static GPtrArray *
collect (ErosController *self, const char *const *ids)
{
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);

          collect_section (phase, section, ids, elements);
        }
    }
  return elements;
}

static ErosOutcome
overall_outcome (Checks *checks)
{
  if (checks->error != NULL)
    return g_error_matches (checks->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? EROS_OUTCOME_NONE
                                                                             : EROS_OUTCOME_ERROR;
  return checks->all_passed ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;
}

static void
finish_checks (GTask *task)
{
  ErosController *self = g_task_get_source_object (task);
  Checks *checks = g_task_get_task_data (task);
  GError *error = NULL;

  eros_operation_set_message (checks->operation, checks->error != NULL ? NULL
                                                 : checks->all_passed  ? _ ("All checks passed")
                                                                       : _ ("Not all checks passed"));
  eros_operation_end (checks->operation, checks->error);
  if (!eros_record_operation_ended (self->deployment, checks->operation, overall_outcome (checks), &error) &&
      checks->error == NULL)
    checks->error = g_steal_pointer (&error);
  g_clear_error (&error);
  eros_controller_change_active (self, -1);
  if (checks->error != NULL)
    g_task_return_error (task, g_steal_pointer (&checks->error));
  else
    g_task_return_boolean (task, checks->all_passed);
}

static void next_checks (GTask *task);

static void
check_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Checks *checks = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  ErosOutcome outcome = EROS_OUTCOME_ERROR;

  checks->under_way--;
  if (!eros_check_run_finish (result, &outcome, &error) && checks->error == NULL)
    checks->error = g_steal_pointer (&error);
  if (outcome != EROS_OUTCOME_PASS && outcome != EROS_OUTCOME_WARNING)
    checks->all_passed = FALSE;
  eros_operation_step_ended (checks->operation);
  next_checks (task);
}

static void
leave_out_the_rest (Checks *checks)
{
  GListModel *steps = eros_operation_get_steps (checks->operation);

  for (; checks->next < checks->elements->len; checks->next++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, checks->next);

      eros_step_end (step, EROS_STATE_CANCELLED, NULL);
    }
}

static void
next_checks (GTask *task)
{
  ErosController *self = g_task_get_source_object (task);
  Checks *checks = g_task_get_task_data (task);
  GListModel *steps = eros_operation_get_steps (checks->operation);

  if (checks->error == NULL)
    g_cancellable_set_error_if_cancelled (eros_operation_get_cancellable (checks->operation), &checks->error);
  if (checks->error != NULL)
    leave_out_the_rest (checks);
  while (checks->next < checks->elements->len && checks->under_way < ABREAST)
    {
      ErosElement *element = g_ptr_array_index (checks->elements, checks->next);
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, checks->next);

      checks->next++;
      checks->under_way++;
      eros_check_run_async (self->deployment, self->big_query, checks->operation, step, element,
                            check_done_cb, g_object_ref (task));
    }
  if (checks->under_way == 0)
    finish_checks (task);
}

static void
expected_taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Checks *checks = g_task_get_task_data (task);

  eros_expected_take_finish (EROS_DEPLOYMENT (source), result, &checks->error);
  next_checks (task);
}

static ErosOperation *
make_operation (ErosController *self, GPtrArray *elements, GCancellable *cancellable)
{
  g_autofree char *id = g_uuid_string_random ();
  ErosOperation *operation = eros_operation_new (id, "checks", _ ("Checks"));

  for (guint i = 0; i < elements->len; i++)
    {
      ErosElement *element = g_ptr_array_index (elements, i);
      g_autoptr (ErosStep) step = eros_step_new (eros_element_get_label (element));

      eros_step_set_element_id (step, eros_element_get_id (element));
      eros_operation_add_step (operation, step);
    }
  eros_operation_follow (operation, cancellable);
  return operation;
}

/**
 * eros_controller_run_checks_async:
 * @self: a controller
 * @ids: (array zero-terminated=1): elements, sections or phases
 * @cancellable: (nullable): stops what is under way, on the server too
 * @callback: called when all are done
 * @user_data: for @callback
 *
 * Runs every machine check among @ids, several at a time. Each ends in the record by itself: what has been
 * found stays found when the rest is cut off.
 */
void
eros_controller_run_checks_async (ErosController *self,
                                  const char *const *ids,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GPtrArray) elements = collect (self, ids);
  GError *error = NULL;
  Checks *checks;

  g_task_set_source_tag (task, eros_controller_run_checks_async);
  if (elements->len == 0)
    {
      g_task_return_new_error (task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                               _ ("There is nothing here that the machine can check."));
      return;
    }
  checks = g_new0 (Checks, 1);
  checks->all_passed = TRUE;
  checks->operation = make_operation (self, elements, cancellable);
  checks->elements = g_steal_pointer (&elements);
  g_task_set_task_data (task, checks, (GDestroyNotify) checks_free);
  if (!eros_record_operation_started (self->deployment, checks->operation, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_list_store_append (self->operations, checks->operation);
  eros_controller_change_active (self, +1);
  eros_operation_start (checks->operation);
  eros_expected_take_async (self->deployment, checks->elements,
                            eros_operation_get_cancellable (checks->operation), expected_taken_cb,
                            g_steal_pointer (&task));
}

gboolean
eros_controller_run_checks_finish (ErosController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
