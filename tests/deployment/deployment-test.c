/* deployment-test.c: a deployment of the shipped runbook, or of a small one, in a folder of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <glib/gstdio.h>

static void
set_up_in (DeploymentTest *test, gconstpointer data, ErosEnvironment environment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook =
    data != NULL ? eros_runbook_parse (data, -1, "test", &error) : eros_runbook_load_default (&error);
  ErosDeploymentSetup setup = { 0 };

  g_assert_no_error (error);
  setup.name = (char *) "EROS 2.4";
  setup.window_start = (char *) "2026-11-24T14:30:00Z";
  setup.window_end = (char *) "2026-11-24T16:30:00Z";
  setup.lead_name = (char *) "Kyle";
  setup.lead_email = (char *) "kyle@example.com";
  setup.environment = environment;
  setup.project = (char *) "eros-dev";
  setup.dataset = (char *) "eros_platform";

  test->folder = g_dir_make_tmp ("eros-deployment-XXXXXX", &error);
  g_assert_no_error (error);
  test->file = g_file_new_build_filename (test->folder, "one.erosdeploy", NULL);
  test->deployment = eros_deployment_create (test->file, runbook, &setup, DEPLOYMENT_TEST_ACTOR, &error);
  g_assert_no_error (error);
}

void
deployment_test_set_up (DeploymentTest *test, gconstpointer data)
{
  set_up_in (test, data, EROS_ENVIRONMENT_STAGING);
}

void
deployment_test_set_up_rehearsal (DeploymentTest *test, gconstpointer data)
{
  set_up_in (test, data, EROS_ENVIRONMENT_REHEARSAL);
}

void
deployment_test_set_up_production (DeploymentTest *test, gconstpointer data)
{
  set_up_in (test, data, EROS_ENVIRONMENT_PRODUCTION);
}

void
deployment_test_tear_down (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_object (&test->deployment);
  dir = g_dir_open (test->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (test->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (test->folder);
  g_free (test->folder);
  g_clear_object (&test->file);
}

void
deployment_test_reopen (DeploymentTest *test)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&test->deployment);
  test->deployment = eros_deployment_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  eros_deployment_set_actor (test->deployment, DEPLOYMENT_TEST_ACTOR);
}

static void
describe_field (ErosDeployment *deployment, ErosField *field, GString *text)
{
  gboolean machine;
  gint64 time;
  const char *id = eros_field_get_id (field);
  const char *actor = eros_deployment_get_value_actor (deployment, id, &machine, &time);

  g_string_append_printf (text, "%s=%s by %s %d %" G_GINT64_FORMAT "\n", id,
                          eros_deployment_get_value (deployment, id), actor, machine, time);
}

static void
describe_fields (ErosDeployment *deployment, GListModel *fields, GString *text)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      describe_field (deployment, field, text);
    }
}

static void
describe_item (ErosDeployment *deployment, ErosElement *element, GString *text)
{
  ErosItem *item = eros_deployment_get_item (deployment, eros_element_get_id (element));
  g_autofree char *evidence =
    eros_item_get_evidence (item) != NULL ? json_to_string (eros_item_get_evidence (item), FALSE) : NULL;

  g_string_append_printf (
    text, "%s: %d %s %" G_GINT64_FORMAT " note=%s reason=%s %d %s %s %d %d %d %d\n",
    eros_element_get_id (element), eros_item_get_mark (item), eros_item_get_actor (item),
    eros_item_get_time (item), eros_item_get_note (item), eros_item_get_reason (item),
    eros_item_get_outcome (item), eros_item_get_summary (item), evidence, eros_item_is_retracted (item),
    eros_item_is_failing (item), eros_item_is_decided (item), eros_item_is_signed (item));
  describe_fields (deployment, eros_element_get_fields (element), text);
}

static void
describe_sections (ErosDeployment *deployment, GListModel *sections, GString *text)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          describe_item (deployment, element, text);
        }
    }
}

static void
describe_gates (ErosDeployment *deployment, GString *text)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (deployment));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      ErosOverride override = { 0 };
      gboolean overridden = eros_deployment_get_override (deployment, eros_gate_get_id (gate), &override);
      g_autofree char *missing = NULL;
      gboolean open = eros_deployment_gate_is_open (deployment, gate, &missing);

      g_string_append_printf (text, "%s %d %d %s %s %s %s\n", eros_gate_get_id (gate), open, overridden,
                              override.name, override.reason, override.actor, missing);
    }
}

static void
describe_decisions (ErosDeployment *deployment, GString *text)
{
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);

  for (guint i = 0; i < decisions->len; i++)
    {
      const ErosDecision *decision = decisions->pdata[i];
      g_autofree char *what = eros_deployment_describe_decision (deployment, decision);

      g_string_append_printf (text, "%s by %s: %s, withdrawn %d: %s\n", what,
                              eros_decision_get_name (decision), eros_decision_get_reason (decision),
                              decision->withdrawal != NULL, eros_decision_get_withdrawal_reason (decision));
    }
}

char *
deployment_test_describe (ErosDeployment *deployment)
{
  GString *text = g_string_new (NULL);
  GListModel *progress = eros_deployment_get_progress (deployment);
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);
  g_autofree char *undo = NULL;
  guint done, total;

  describe_fields (deployment, eros_runbook_get_details (runbook), text);
  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      g_string_append_printf (text, "# %s %u/%u %u %d\n",
                              eros_phase_get_id (eros_phase_progress_get_phase (phase)),
                              eros_phase_progress_get_done (phase), eros_phase_progress_get_total (phase),
                              eros_phase_progress_get_decided (phase), eros_phase_progress_get_state (phase));
      describe_sections (deployment, eros_phase_get_sections (eros_phase_progress_get_phase (phase)), text);
    }
  describe_sections (deployment, eros_runbook_get_appendix (runbook), text);
  describe_gates (deployment, text);
  describe_decisions (deployment, text);
  eros_deployment_get_overall (deployment, &done, &total);
  g_string_append_printf (text, "%u/%u %s %d", done, total,
                          eros_phase_get_id (eros_deployment_get_phase_reached (deployment)),
                          eros_deployment_get_result (deployment));
  if (eros_journal_is_writable (eros_deployment_get_journal (deployment)))
    eros_deployment_can_undo (deployment, &undo);
  g_string_append_printf (text, " undo: %s\n", undo);
  return g_string_free (text, FALSE);
}

gboolean
deployment_test_warns (DeploymentTest *test, int minutes, ErosProblemKind kind, const char *words)
{
  gint64 now = g_get_real_time () + minutes * G_TIME_SPAN_MINUTE;
  g_autoptr (GPtrArray) list = eros_problem_list (test->deployment, now, NULL);

  for (guint i = 0; i < list->len; i++)
    if (eros_problem_get_kind (list->pdata[i]) == kind &&
        strstr (eros_problem_get_text (list->pdata[i]), words) != NULL)
      return TRUE;
  return FALSE;
}
