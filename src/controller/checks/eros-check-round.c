/* eros-check-round.c: machine checks, several at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-check-round.h"

#include <glib/gi18n-lib.h>

#include "eros-check-run.h"
#include "eros-controller-error.h"
#include "eros-operation-private.h"
#include "eros-probe.h"
#include "eros-record.h"

struct _ErosCheckRound
{
  ErosCheckSetting setting;
  GPtrArray *elements; /* of ErosElement */
  guint next;
  guint under_way;
  guint n_not_passed; /* a failure, or it could not be made */
  guint n_undecided;  /* it was made, and what there is proves nothing */
  GError *error;      /* the first one */
};

static void
round_free (ErosCheckRound *round)
{
  g_clear_object (&round->setting.deployment);
  g_clear_object (&round->setting.big_query);
  g_clear_object (&round->setting.operation);
  eros_causes_free (round->setting.causes);
  g_hash_table_unref (round->setting.cut_off);
  g_ptr_array_unref (round->elements);
  g_clear_error (&round->error);
  g_free (round);
}

/* As many checks as this are under way at once: they do not depend on each other, and BigQuery runs them in
 * parallel. */
#define ABREAST 6

/**
 * eros_check_round_knows:
 * @binding: what the runbook says of a check
 *
 * Returns: whether this version can make it
 */
gboolean
eros_check_round_knows (const ErosCheckBinding *binding)
{
  return binding->sql != NULL || (binding->builtin != NULL && eros_probe_is_known (binding->builtin));
}

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

/* What others need comes before them: without a network nobody can sign in. */
static guint
place_of (ErosElement *element)
{
  static const char *const first[] = { "connection.network", "connection.client", "command.bq",
                                       "connection.project" };
  const ErosCheckBinding *binding = eros_element_get_check_binding (element);

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    if (g_strcmp0 (binding->builtin, first[i]) == 0)
      return i;
  return G_MAXUINT;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  guint left = place_of (*(ErosElement *const *) a);
  guint right = place_of (*(ErosElement *const *) b);

  return (left > right) - (left < right);
}

GPtrArray *
eros_check_round_collect (ErosDeployment *deployment, const char *const *ids)
{
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));

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
  g_ptr_array_sort (elements, compare_places);
  return elements;
}

static ErosOutcome
overall_outcome (ErosCheckRound *round)
{
  if (round->error != NULL)
    return g_error_matches (round->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? EROS_OUTCOME_NONE
                                                                            : EROS_OUTCOME_ERROR;
  if (round->n_not_passed > 0)
    return EROS_OUTCOME_FAIL;
  return round->n_undecided > 0 ? EROS_OUTCOME_NOT_ENOUGH : EROS_OUTCOME_PASS;
}

/* (transfer full) (nullable): an error says more */
static char *
describe (ErosCheckRound *round)
{
  if (round->error != NULL)
    return NULL;
  if (round->n_not_passed > 0)
    return g_strdup (_ ("Not all checks passed"));
  if (round->n_undecided == 0)
    return g_strdup (_ ("All checks passed"));
  return g_strdup_printf (ngettext ("No check failed; %u has not enough to say",
                                    "No check failed; %u have not enough to say", round->n_undecided),
                          round->n_undecided);
}

static void
finish_checks (GTask *task)
{
  ErosCheckRound *round = g_task_get_task_data (task);
  ErosOutcome outcome = overall_outcome (round);
  g_autofree char *message = describe (round);
  GError *error = NULL;

  eros_operation_set_message (round->setting.operation, message);
  eros_operation_end (round->setting.operation, round->error);
  if (!eros_record_operation_ended (round->setting.deployment, round->setting.operation, outcome, NULL,
                                    &error) &&
      round->error == NULL)
    round->error = g_steal_pointer (&error);
  g_clear_error (&error);
  if (round->error != NULL)
    g_task_return_error (task, g_steal_pointer (&round->error));
  else
    g_task_return_boolean (task, outcome == EROS_OUTCOME_PASS);
}

static void next_checks (GTask *task);

static void
check_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosCheckRound *round = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  ErosOutcome outcome = EROS_OUTCOME_ERROR;

  round->under_way--;
  if (!eros_check_run_finish (result, &outcome, &error) && round->error == NULL)
    round->error = g_steal_pointer (&error);
  if (outcome == EROS_OUTCOME_NOT_ENOUGH)
    round->n_undecided++;
  else if (outcome != EROS_OUTCOME_PASS && outcome != EROS_OUTCOME_WARNING)
    round->n_not_passed++;
  eros_operation_step_ended (round->setting.operation);
  next_checks (task);
}

static void
leave_out_the_rest (ErosCheckRound *round)
{
  GListModel *steps = eros_operation_get_steps (round->setting.operation);

  for (; round->next < round->elements->len; round->next++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, round->next);

      eros_step_end (step, EROS_STATE_CANCELLED, NULL);
    }
}

/* What the others need is looked at by itself. */
static gboolean
may_begin (ErosCheckRound *round)
{
  if (round->next >= round->elements->len || round->under_way >= ABREAST)
    return FALSE;
  return round->under_way == 0 || place_of (round->elements->pdata[round->next - 1]) == G_MAXUINT;
}

static void
next_checks (GTask *task)
{
  ErosCheckRound *round = g_task_get_task_data (task);
  GListModel *steps = eros_operation_get_steps (round->setting.operation);

  if (round->error == NULL)
    g_cancellable_set_error_if_cancelled (eros_operation_get_cancellable (round->setting.operation),
                                          &round->error);
  if (round->error != NULL)
    leave_out_the_rest (round);
  while (may_begin (round))
    {
      ErosElement *element = g_ptr_array_index (round->elements, round->next);
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, round->next);

      round->next++;
      round->under_way++;
      eros_check_run_async (&round->setting, step, element, check_done_cb, g_object_ref (task));
    }
  if (round->under_way == 0)
    finish_checks (task);
}

static ErosOperation *
make_operation (GPtrArray *elements)
{
  g_autofree char *id = g_uuid_string_random ();
  ErosOperation *operation =
    eros_operation_new (id, eros_operation_kind_get_name (EROS_OPERATION_KIND_CHECKS),
                        eros_operation_kind_get_title (EROS_OPERATION_KIND_CHECKS));

  for (guint i = 0; i < elements->len; i++)
    {
      ErosElement *element = g_ptr_array_index (elements, i);
      g_autoptr (ErosStep) step = eros_step_new (eros_element_get_label (element));

      eros_step_set_element_id (step, eros_element_get_id (element));
      eros_operation_add_step (operation, G_MAXUINT, step);
    }
  return operation;
}

/**
 * eros_check_round_begin:
 * @deployment: whose checks they are
 * @big_query: where they look
 * @ids: (array zero-terminated=1): elements, sections or phases
 * @error: return location for %EROS_CONTROLLER_ERROR when there is none that the machine can make
 *
 * Returns: (transfer full): a round that is on record as begun, for eros_check_round_run_async ()
 */
ErosCheckRound *
eros_check_round_begin (ErosDeployment *deployment,
                        ErosBigQuery *big_query,
                        const char *const *ids,
                        GError **error)
{
  ErosCheckRound *round = g_new0 (ErosCheckRound, 1);

  round->setting.deployment = g_object_ref (deployment);
  round->setting.big_query = g_object_ref (big_query);
  round->setting.causes = eros_causes_new ();
  round->setting.cut_off = eros_check_run_find_cut_off (deployment);
  round->elements = eros_check_round_collect (deployment, ids);
  if (round->elements->len == 0)
    g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                         _ ("There is nothing here that the machine can check."));
  else
    {
      round->setting.operation = make_operation (round->elements);
      if (eros_record_operation_started (deployment, round->setting.operation, error))
        return round;
    }
  round_free (round);
  return NULL;
}

ErosOperation *
eros_check_round_get_operation (ErosCheckRound *round)
{
  return round->setting.operation;
}

/**
 * eros_check_round_run_async:
 * @round: (transfer full): a round that has begun
 * @cancellable: (nullable): stops what is under way, on the server too
 * @callback: called when all are done
 * @user_data: for @callback
 *
 * Each check ends in the record by itself: what has been found stays found when the rest is cut off.
 */
void
eros_check_round_run_async (ErosCheckRound *round,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, eros_check_round_run_async);
  g_task_set_task_data (task, round, (GDestroyNotify) round_free);
  eros_operation_follow (round->setting.operation, cancellable);
  eros_operation_start (round->setting.operation);
  next_checks (task);
  g_object_unref (task);
}

gboolean
eros_check_round_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_check_round_run_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
