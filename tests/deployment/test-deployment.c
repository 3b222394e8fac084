/* test-deployment.c: what happens to the state when something is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"
#include "eros-changes.h"

#include <string.h>

#define APPROVAL   "preparation.sign-off.product-owner"
#define NETWORK    "preparation.environment.network"
#define PROJECT    "preparation.environment.project"
#define PROJECT_ID "preparation.environment.project.id"
#define LEAD       "sign-off.confirmation.deployment-lead"

static ErosPhaseProgress *
get_phase (DeploymentTest *test, const char *id)
{
  GListModel *progress = eros_deployment_get_progress (test->deployment);

  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      if (g_str_equal (eros_phase_get_id (eros_phase_progress_get_phase (phase)), id))
        return phase;
    }
  g_assert_not_reached ();
}

static guint
count_events (DeploymentTest *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
}

static void
record (DeploymentTest *test, const char *id, ErosOutcome outcome, const char *summary)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_record_check (test->deployment, id, outcome, summary, NULL, &error);
  g_assert_no_error (error);
}

static void
test_creation (DeploymentTest *test, gconstpointer data)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (test->deployment);
  guint done, total;

  for (int i = 0; i < 2; i++)
    {
      setup = eros_deployment_get_setup (test->deployment);
      g_assert_cmpstr (setup->name, ==, "EROS 2.4");
      g_assert_cmpstr (setup->lead_email, ==, "kyle@example.com");
      g_assert_cmpstr (setup->lead_phone, ==, "");
      g_assert_cmpint (setup->environment, ==, EROS_ENVIRONMENT_STAGING);
      g_assert_cmpstr (eros_deployment_get_id (test->deployment), ==, "one");
      eros_deployment_get_overall (test->deployment, &done, &total);
      g_assert_cmpuint (done, ==, 0);
      /* All boxes of the paper but the rollback's, and three sign-offs. */
      g_assert_cmpuint (total, ==, 114 - 13 + 3);
      g_assert_cmpstr (eros_phase_get_id (eros_deployment_get_phase_reached (test->deployment)), ==,
                       "preparation");
      deployment_test_reopen (test);
    }
  g_assert_cmpuint (count_events (test), ==, 1);
}

static void
test_old_runbook (DeploymentTest *test, gconstpointer data)
{
  /* The shipped runbook is irrelevant to a deployment that was made with another. */
  deployment_test_reopen (test);
  g_assert_cmpstr (eros_runbook_get_id (eros_deployment_get_runbook (test->deployment)), ==, "tiny");
  g_assert_null (eros_deployment_get_item (test->deployment, APPROVAL));
  g_assert_nonnull (eros_deployment_get_item (test->deployment, "one.box"));
}

static void
test_tick (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, APPROVAL);
  ErosPhaseProgress *phase = get_phase (test, "preparation");

  g_assert_cmpint (eros_phase_progress_get_state (phase), ==, EROS_PHASE_NOT_STARTED);
  must (eros_deployment_set_value (test->deployment, "preparation.sign-off.people.product-owner", "Grace",
                                   error));
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_cmpstr (eros_item_get_actor (item), ==, DEPLOYMENT_TEST_ACTOR);
  g_assert_cmpint (eros_item_get_time (item), >, 0);
  g_assert_cmpuint (eros_phase_progress_get_done (phase), ==, 1);
  g_assert_cmpint (eros_phase_progress_get_state (phase), ==, EROS_PHASE_IN_PROGRESS);

  must (eros_deployment_untick (test->deployment, APPROVAL, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  g_assert_null (eros_item_get_actor (item));
  g_assert_cmpint (eros_item_get_time (item), ==, 0);
  g_assert_cmpint (eros_phase_progress_get_state (phase), ==, EROS_PHASE_NOT_STARTED);

  must (eros_deployment_set_not_applicable (test->deployment, APPROVAL, " nobody owns it ", error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_NOT_APPLICABLE);
  g_assert_cmpstr (eros_item_get_reason (item), ==, "nobody owns it");
  g_assert_cmpuint (eros_phase_progress_get_done (phase), ==, 1);
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  g_assert_null (eros_item_get_reason (item));
  g_assert_cmpuint (count_events (test), ==, 6);
}

static void
count_notify_cb (GObject *object, GParamSpec *spec, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", spec->name);
}

static void
test_exact_notification (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, NETWORK);
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GString) phase_seen = g_string_new (NULL);

  g_signal_connect (item, "notify", G_CALLBACK (count_notify_cb), seen);
  g_signal_connect (get_phase (test, "preparation"), "notify", G_CALLBACK (count_notify_cb), phase_seen);
  must (eros_deployment_set_note (test->deployment, NETWORK, "slow today", error));
  g_assert_cmpstr (seen->str, ==, "note ");
  g_assert_cmpstr (phase_seen->str, ==, "");

  must (eros_deployment_set_value (test->deployment, "preparation.sign-off.people.product-owner", "Grace",
                                   error));
  g_string_truncate (seen, 0);
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  g_assert_cmpstr (seen->str, ==, "");
  g_assert_cmpstr (phase_seen->str, ==, "state done ");

  record (test, NETWORK, EROS_OUTCOME_PASS, "12 ms");
  g_assert_nonnull (strstr (seen->str, "mark "));
  g_assert_nonnull (strstr (seen->str, "outcome "));
  g_assert_null (strstr (seen->str, "note "));
  g_string_truncate (seen, 0);
  g_string_truncate (phase_seen, 0);
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  g_assert_nonnull (strstr (seen->str, "retracted "));
  g_assert_nonnull (strstr (seen->str, "failing "));
  g_assert_cmpstr (phase_seen->str, ==, "state done ");
}

static void
test_machine_tick (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, NETWORK);
  g_autoptr (JsonNode) evidence = json_from_string ("[{\"job_id\":\"j-1\",\"ms\":\"12.5\"}]", NULL);
  ErosPhaseProgress *phase = get_phase (test, "preparation");

  must (
    eros_deployment_record_check (test->deployment, NETWORK, EROS_OUTCOME_PASS, "12 ms", evidence, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_cmpstr (eros_item_get_actor (item), ==, "machine");
  g_assert_cmpstr (eros_item_get_summary (item), ==, "12 ms");
  g_assert_true (json_node_equal (eros_item_get_evidence (item), evidence));

  record (test, NETWORK, EROS_OUTCOME_ERROR, "could not find out");
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_null (eros_item_get_evidence (item));

  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  g_assert_true (eros_item_is_retracted (item));
  g_assert_true (eros_item_is_failing (item));
  g_assert_cmpint (eros_phase_progress_get_state (phase), ==, EROS_PHASE_FAILED);

  record (test, NETWORK, EROS_OUTCOME_PASS, "13 ms");
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_false (eros_item_is_retracted (item));
  g_assert_cmpint (eros_phase_progress_get_state (phase), ==, EROS_PHASE_IN_PROGRESS);
}

static void
test_person_against_machine (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, NETWORK);

  must (eros_deployment_tick (test->deployment, NETWORK, error));
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  /* The person's tick stays, and the failure shows. */
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_cmpstr (eros_item_get_actor (item), ==, DEPLOYMENT_TEST_ACTOR);
  g_assert_true (eros_item_is_failing (item));
  g_assert_false (eros_item_is_retracted (item));
  g_assert_cmpint (eros_phase_progress_get_state (get_phase (test, "preparation")), ==, EROS_PHASE_FAILED);

  /* Ticking it again is a decision against the machine, which hides nothing of what the machine says. */
  must (eros_deployment_tick_by_decision (test->deployment, NETWORK, "the port is closed", error));
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (eros_item_is_decided (item));
  g_assert_cmpint (eros_phase_progress_get_state (get_phase (test, "preparation")), ==,
                   EROS_PHASE_IN_PROGRESS);
  g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_FAIL);

  record (test, NETWORK, EROS_OUTCOME_FAIL, "still no answer");
  g_assert_false (eros_item_is_decided (item));
  must (eros_deployment_set_not_applicable (test->deployment, NETWORK, "there is no network", error));
  record (test, NETWORK, EROS_OUTCOME_PASS, "oh, there is");
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_NOT_APPLICABLE);
}

static void
field_changed_cb (ErosDeployment *deployment, const char *id, gpointer user_data)
{
  g_string_append_printf (user_data, "%s=%s ", id, eros_deployment_get_value (deployment, id));
}

static void
test_fields (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  gboolean machine;
  gint64 time;
  guint n;

  g_assert_cmpstr (eros_deployment_get_value (test->deployment, PROJECT_ID), ==, "");
  g_assert_null (eros_deployment_get_value_actor (test->deployment, PROJECT_ID, &machine, &time));
  g_assert_false (machine);
  g_assert_cmpint (time, ==, 0);

  g_signal_connect (test->deployment, "field-changed::" PROJECT_ID, G_CALLBACK (field_changed_cb), seen);
  must (eros_deployment_set_value (test->deployment, PROJECT_ID, " eros-dev ", error));
  n = count_events (test);
  must (eros_deployment_set_value (test->deployment, PROJECT_ID, "eros-dev", error));
  g_assert_cmpuint (count_events (test), ==, n);
  g_assert_cmpstr (eros_deployment_get_value_actor (test->deployment, PROJECT_ID, &machine, NULL), ==,
                   DEPLOYMENT_TEST_ACTOR);
  g_assert_false (machine);

  must (eros_deployment_record_value (test->deployment, PROJECT_ID, "eros-prod", NULL, error));
  eros_deployment_get_value_actor (test->deployment, PROJECT_ID, &machine, &time);
  g_assert_true (machine);
  g_assert_cmpint (time, >, 0);
  must (eros_deployment_set_value_by_decision (test->deployment, PROJECT_ID, "", "not yet known", error));
  g_assert_cmpstr (seen->str, ==, PROJECT_ID "=eros-dev " PROJECT_ID "=eros-prod " PROJECT_ID "= ");
}

static void
test_sources (DeploymentTest *test, gconstpointer data)
{
  /* Known from the settings until somebody says otherwise, also by blanking it. */
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "details.deployment-lead"), ==, "Kyle");
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "details.deployment-date"), ==, "2026-11-24");
  g_assert_null (eros_deployment_get_value_actor (test->deployment, "details.deployment-lead", NULL, NULL));
  must (eros_deployment_set_value (test->deployment, "details.deployment-lead", "Grace", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "details.deployment-lead"), ==, "Grace");
  must (eros_deployment_set_value (test->deployment, "details.deployment-lead", "", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "details.deployment-lead"), ==, "");
  must (eros_deployment_undo (test->deployment, error));
  must (eros_deployment_undo (test->deployment, error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "details.deployment-lead"), ==, "Kyle");
}

static void
test_followers (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (test->deployment, "field-changed", G_CALLBACK (field_changed_cb), seen);
  must (eros_deployment_set_value (test->deployment, "one.form.name", "Grace", error));
  g_assert_cmpstr (seen->str, ==, "one.form.name=Grace one.form.again=Grace ");
}

static void
test_undo (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *what = NULL;
  ErosItem *item = eros_deployment_get_item (test->deployment, APPROVAL);

  g_assert_false (eros_deployment_can_undo (test->deployment, &what));
  g_assert_null (what);

  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  must (eros_deployment_set_note (test->deployment, APPROVAL, "by phone", error));
  record (test, NETWORK, EROS_OUTCOME_PASS, "12 ms");
  g_assert_true (eros_deployment_can_undo (test->deployment, &what));
  g_assert_cmpstr (what, ==, "Note on “Product Owner approval received”");
  g_clear_pointer (&what, g_free);

  /* What the machine did in between stays. */
  must (eros_deployment_undo (test->deployment, error));
  g_assert_cmpstr (eros_item_get_note (item), ==, "");
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (test->deployment, NETWORK)), ==,
                   EROS_ITEM_TICKED);
  g_assert_true (eros_deployment_can_undo (test->deployment, &what));
  g_assert_cmpstr (what, ==, "Tick “Product Owner approval received”");
  must (eros_deployment_undo (test->deployment, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  g_assert_false (eros_deployment_can_undo (test->deployment, NULL));
  g_assert_cmpuint (count_events (test), ==, 6);

  /* Not after reopening either: an undo is no act to be undone. */
  deployment_test_reopen (test);
  g_assert_false (eros_deployment_can_undo (test->deployment, NULL));
}

static void
test_undo_below_machine (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, NETWORK);

  /* A person unticks what the machine ticked; taking that back leaves the machine's tick. */
  record (test, NETWORK, EROS_OUTCOME_PASS, "12 ms");
  must (eros_deployment_untick (test->deployment, NETWORK, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  must (eros_deployment_undo (test->deployment, error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_cmpstr (eros_item_get_actor (item), ==, "machine");
}

static void
override_gates (DeploymentTest *test)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (eros_deployment_gate_is_open (test->deployment, gate, NULL))
        continue;
      must (eros_deployment_override (test->deployment, eros_gate_get_id (gate), "Grace", "it burns", error));
    }
}

static void
test_sign_off (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, LEAD);
  ErosPhaseProgress *phase = get_phase (test, "sign-off");

  override_gates (test);
  must (eros_deployment_set_value (test->deployment, LEAD ".status", "SUCCESS", error));
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_UNDECIDED);
  must (eros_deployment_sign_with (test->deployment, LEAD, " Kyle M. ", NULL, "a test of signatures", error));
  for (int i = 0; i < 2; i++)
    {
      item = eros_deployment_get_item (test->deployment, LEAD);
      phase = get_phase (test, "sign-off");
      g_assert_true (eros_item_is_signed (item));
      g_assert_cmpstr (eros_deployment_get_value (test->deployment, LEAD ".name"), ==, "Kyle M.");
      g_assert_cmpuint (strlen (eros_deployment_get_value (test->deployment, LEAD ".date")), ==, 10);
      g_assert_cmpuint (strlen (eros_deployment_get_value (test->deployment, LEAD ".time")), ==, 8);
      g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_SUCCESS);
      g_assert_cmpuint (eros_phase_progress_get_done (phase), ==, 1);
      deployment_test_reopen (test);
    }

  must (eros_deployment_withdraw (test->deployment, LEAD, "too early", error));
  item = eros_deployment_get_item (test->deployment, LEAD);
  g_assert_false (eros_item_is_signed (item));
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_UNDECIDED);
  /* Withdrawn, not forgotten: the fields keep what was signed. */
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, LEAD ".name"), ==, "Kyle M.");
}

static void
test_result (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) failed = json_from_string ("{\"operation\":\"rollback\",\"outcome\":\"fail\"}", NULL);
  g_autoptr (JsonNode) ended = json_from_string ("{\"operation\":\"rollback\",\"outcome\":\"pass\"}", NULL);

  override_gates (test);
  must (eros_deployment_set_value (test->deployment, LEAD ".status", "ROLLBACK REQUIRED", error));
  must (eros_deployment_sign (test->deployment, LEAD, "Kyle", error));
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_ROLLBACK_REQUIRED);
  must (eros_deployment_record (test->deployment, "operation.ended", failed, error) != NULL);
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_ROLLBACK_REQUIRED);
  must (eros_deployment_record (test->deployment, "operation.ended", ended, error) != NULL);
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_ROLLED_BACK);
  deployment_test_reopen (test);
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_ROLLED_BACK);
}

static void
test_contingency (DeploymentTest *test, gconstpointer data)
{
  guint before, after, total;

  eros_deployment_get_overall (test->deployment, &before, &total);
  must (eros_deployment_tick (test->deployment, "rollback.steps.declare", error));
  eros_deployment_get_overall (test->deployment, &after, NULL);
  g_assert_cmpuint (before, ==, after);
  g_assert_cmpuint (eros_phase_progress_get_done (get_phase (test, "rollback")), ==, 1);
  g_assert_cmpstr (eros_phase_get_id (eros_deployment_get_phase_reached (test->deployment)), ==,
                   "preparation");
}

static void
test_complete_phase (DeploymentTest *test, gconstpointer data)
{
  g_assert_cmpint (eros_phase_progress_get_state (get_phase (test, "one")), ==, EROS_PHASE_NOT_STARTED);
  must (eros_deployment_tick (test->deployment, "one.box", error));
  g_assert_cmpint (eros_phase_progress_get_state (get_phase (test, "one")), ==, EROS_PHASE_COMPLETE);
  record (test, "one.box", EROS_OUTCOME_FAIL, "no");
  g_assert_cmpint (eros_phase_progress_get_state (get_phase (test, "one")), ==, EROS_PHASE_FAILED);
}

static void
test_unknown_kinds (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) body = json_from_string ("{\"element\":\"" APPROVAL "\",\"sequence\":1}", NULL);
  g_autofree char *before = deployment_test_describe (test->deployment);
  g_autofree char *after = NULL;

  /* From a version that knows more. */
  must (eros_deployment_record (test->deployment, "item.delegated", body, error) != NULL);
  must (eros_journal_append (eros_deployment_get_journal (test->deployment), "Bob", "event.undone", body,
                             error) != NULL);
  deployment_test_reopen (test);
  after = deployment_test_describe (test->deployment);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_events (test), ==, 3);
}

static void
test_actor_of_operations (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) body = json_from_string ("{\"operation\":\"backup\"}", NULL);
  ErosEvent *event;

  event = eros_deployment_record (test->deployment, "operation.started", body, NULL);
  g_assert_cmpstr (eros_event_get_actor (event), ==, DEPLOYMENT_TEST_ACTOR);
  event = eros_deployment_record (test->deployment, "job.planned", body, NULL);
  g_assert_cmpstr (eros_event_get_actor (event), ==, "machine");
}

static void
test_reader (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (ErosDeployment) reader = eros_deployment_open (test->file, EROS_JOURNAL_READ, &failure);
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  g_assert_no_error (failure);
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  must (eros_deployment_set_value (test->deployment, PROJECT_ID, "eros-dev", error));
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (reader, APPROVAL)), ==, EROS_ITEM_OPEN);
  must (eros_deployment_reload (reader, error));
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (reader, APPROVAL)), ==, EROS_ITEM_TICKED);
  g_assert_cmpstr (eros_deployment_get_value (reader, PROJECT_ID), ==, "eros-dev");

  g_assert_false (eros_deployment_tick (reader, NETWORK, &failure));
  g_assert_error (failure, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED);
  g_clear_error (&failure);
  g_assert_false (eros_deployment_record_check (reader, NETWORK, EROS_OUTCOME_PASS, "", NULL, &failure));
  g_assert_error (failure, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED);
}

static void
test_other_journals (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GFile) empty = g_file_new_build_filename (test->folder, "empty.erosdeploy", NULL);
  g_autoptr (GFile) other = g_file_new_build_filename (test->folder, "other.erosdeploy", NULL);
  g_autoptr (JsonNode) body = json_from_string ("{\"setup\":{},\"runbook\":\"{}\"}", NULL);
  g_autoptr (GError) failure = NULL;

  g_object_unref (eros_journal_create (empty, NULL));
  g_object_unref (eros_journal_create_with_event (other, "Ada", "deployment.created", body, NULL));
  g_assert_null (eros_deployment_open (empty, EROS_JOURNAL_WRITE, &failure));
  g_assert_error (failure, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_UNREADABLE);
  g_clear_error (&failure);
  g_assert_null (eros_deployment_open (other, EROS_JOURNAL_READ, &failure));
  g_assert_error (failure, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_UNREADABLE);
}

static void
test_item_outlives_deployment (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (ErosItem) item = NULL;

  must (eros_deployment_set_not_applicable (test->deployment, APPROVAL, "nobody", error));
  item = g_object_ref (eros_deployment_get_item (test->deployment, APPROVAL));
  g_clear_object (&test->deployment);
  g_assert_cmpstr (eros_item_get_reason (item), ==, "nobody");
  g_assert_cmpstr (eros_element_get_id (eros_item_get_element (item)), ==, APPROVAL);
}

static const char tiny[] =
  "{\"format\":1,\"id\":\"tiny\",\"title\":\"Tiny\",\"version\":\"1\",\"overview\":\"Tiny.\","
  "\"details\":[{\"id\":\"details.lead\",\"label\":\"Lead\",\"type\":\"text\"}],"
  "\"appendix\":[{\"id\":\"more\",\"title\":\"More\",\"elements\":[{\"id\":\"more.text\",\"kind\":\"text\","
  "\"text\":\"The end.\"}]}],"
  "\"phases\":[{\"id\":\"one\",\"number\":0,\"title\":\"One\",\"short_title\":\"One\",\"sections\":[{\"id\":"
  "\"one.s\",\"title\":\"S\",\"elements\":["
  "{\"id\":\"one.box\",\"kind\":\"check\",\"text\":\"Box\"},"
  "{\"id\":\"one.form\",\"kind\":\"form\",\"text\":\"Form\",\"fields\":["
  "{\"id\":\"one.form.name\",\"label\":\"Name\",\"type\":\"text\"},"
  "{\"id\":\"one.form.again\",\"label\":\"Again\",\"type\":\"text\",\"source\":\"field:one.form.name\"}]}]}]}"
  "]}";

/* Somebody else's journal may carry it. */
static void
test_nested_changes (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GString) nested = g_string_new (NULL);
  g_autoptr (JsonNode) started = json_from_string ("{\"id\":\"1\",\"operation\":\"rollback\"}", NULL);
  g_autoptr (JsonNode) ended = json_from_string ("{\"id\":\"1\",\"step\":\"inventory/after\"}", NULL);
  g_autoptr (GPtrArray) changes = NULL;
  JsonObject *values = json_object_new ();

  for (guint i = 0; i < 500000; i++)
    g_string_append_c (nested, '[');
  json_object_set_string_member (values, "changes", nested->str);
  json_object_set_object_member (json_node_get_object (ended), "values", values);
  must (eros_deployment_record (test->deployment, "operation.started", started, error) != NULL);
  must (eros_deployment_record (test->deployment, "step.ended", ended, error) != NULL);
  changes = eros_changes_list (test->deployment);
  g_assert_cmpuint (changes->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/deployment/what-was-set-up-comes-back", NULL, test_creation);
  deployment_test_add ("/deployment/it-opens-with-the-runbook-it-was-made-with", tiny, test_old_runbook);
  deployment_test_add ("/deployment/a-box-is-ticked-unticked-left-out", NULL, test_tick);
  deployment_test_add ("/deployment/only-what-changed-is-notified", NULL, test_exact_notification);
  deployment_test_add ("/deployment/a-machine-tick-that-fails-is-taken-back", NULL, test_machine_tick);
  deployment_test_add ("/deployment/a-person-s-tick-is-not-taken-back-by-the-machine", NULL,
                       test_person_against_machine);
  deployment_test_add ("/deployment/fields-keep-who-filled-them-in", NULL, test_fields);
  deployment_test_add ("/deployment/a-blank-field-shows-its-source", NULL, test_sources);
  deployment_test_add ("/deployment/a-blank-field-follows-another", tiny, test_followers);
  deployment_test_add ("/deployment/undo-takes-back-the-last-act-of-a-person", NULL, test_undo);
  deployment_test_add ("/deployment/undo-leaves-the-machine-s-tick", NULL, test_undo_below_machine);
  deployment_test_add ("/deployment/a-signature-fills-in-name-and-time", NULL, test_sign_off);
  deployment_test_add ("/deployment/the-result-is-what-was-signed-or-rolled-back", NULL, test_result);
  deployment_test_add ("/deployment/a-contingency-is-no-progress", NULL, test_contingency);
  deployment_test_add ("/deployment/a-phase-is-complete-unless-a-check-fails", tiny, test_complete_phase);
  deployment_test_add ("/deployment/unknown-kinds-are-kept-and-ignored", NULL, test_unknown_kinds);
  deployment_test_add ("/deployment/operations-are-somebody-s", NULL, test_actor_of_operations);
  deployment_test_add ("/deployment/a-reader-follows-and-cannot-act", NULL, test_reader);
  deployment_test_add ("/deployment/a-journal-of-something-else-says-so", NULL, test_other_journals);
  deployment_test_add ("/deployment/changes-that-are-nested-bring-nobody-down", NULL, test_nested_changes);
  deployment_test_add ("/deployment/an-item-outlives-its-deployment", NULL, test_item_outlives_deployment);
  return g_test_run ();
}
