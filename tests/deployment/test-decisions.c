/* test-decisions.c: what was decided is never unsaid, and nothing is called a success against what speaks
 * against it without somebody's saying so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#define APPROVAL "preparation.sign-off.product-owner"
#define NETWORK  "preparation.environment.network"
#define BASELINE "validation.baseline.query-time"
#define LEAD     "sign-off.confirmation.deployment-lead"
#define QA       "deployment.phase-1-sign-off.qa"

#define assert_refused(test, call, words)                                                                    \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autoptr (GError) e = NULL;                                                                             \
    GError **error = &e;                                                                                     \
    guint before = count_events (test);                                                                      \
    gboolean done = (call);                                                                                  \
    g_assert_false (done);                                                                                   \
    g_assert_nonnull (e);                                                                                    \
    if (strstr (e->message, words) == NULL)                                                                  \
      g_error ("“%s” is not in: %s", words, e->message);                                                     \
    g_assert_cmpuint (count_events (test), ==, before);                                                      \
  }                                                                                                          \
  G_STMT_END

static guint
count_events (DeploymentTest *test)
{
  return g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
}

static void
record (DeploymentTest *test, const char *id, ErosOutcome outcome, const char *summary)
{
  must (eros_deployment_record_check (test->deployment, id, outcome, summary, NULL, error));
}

/* An event as a program wrote it, this one or an older one. */
static void
append (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);

  must (eros_journal_append (eros_deployment_get_journal (test->deployment), "Bob", kind, body, error) !=
        NULL);
}

static ErosItem *
item_of (DeploymentTest *test, const char *id)
{
  return eros_deployment_get_item (test->deployment, id);
}

static const ErosDecision *
nth_decision (DeploymentTest *test, guint i)
{
  GPtrArray *decisions = eros_deployment_get_decisions (test->deployment);

  g_assert_cmpuint (decisions->len, >, i);
  return decisions->pdata[i];
}

static void
assert_contradicted (DeploymentTest *test, const char *words)
{
  g_auto (GStrv) found = eros_deployment_list_contradictions (test->deployment, LEAD);
  g_autofree char *all = g_strjoinv ("\n", found);

  if (strstr (all, words) == NULL)
    g_error ("“%s” is not in: %s", words, all);
}

/* Whatever is open or overridden elsewhere is not what these tests are about. */
static void
open_final_gate (DeploymentTest *test)
{
  must (eros_deployment_override (test->deployment, "gate.final-sign-off", "Grace", "a test", error));
}

static void
test_undo_passes_decisions_by (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *what = NULL;

  must (eros_deployment_set_note (d, APPROVAL, "by phone", error));
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  must (eros_deployment_override (d, "gate.backup", "Grace", "no time", error));
  must (eros_deployment_tick_by_decision (d, NETWORK, "known", error));
  must (eros_deployment_set_not_applicable (d, NETWORK, "not here", error));
  must (eros_deployment_sign_with (d, QA, "Quinn", NULL, "only a test", error));

  g_assert_true (eros_deployment_can_undo (d, &what));
  g_assert_nonnull (strstr (what, "Note on"));
  must (eros_deployment_undo (d, error));
  assert_refused (test, eros_deployment_undo (d, error), "withdrawn where they stand");
  g_assert_true (eros_deployment_get_override (d, "gate.backup", NULL));
  g_assert_cmpint (eros_item_get_mark (item_of (test, NETWORK)), ==, EROS_ITEM_NOT_APPLICABLE);
  g_assert_true (eros_item_is_signed (item_of (test, QA)));
  /* Nor are they unticked without a word. */
  assert_refused (test, eros_deployment_untick (d, NETWORK, error), "withdrawn, with a reason");
  assert_refused (test, eros_deployment_untick (d, QA, error), "withdrawn, with a reason");
}

/* What was signed is what it was when it was signed: it is as little undone as it can be set. */
static void
test_undo_passes_what_is_signed_by (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *what = NULL;

  must (eros_deployment_set_note (d, APPROVAL, "by phone", error));
  must (eros_deployment_override (d, "gate.final-sign-off", "Grace", "no time", error));
  must (eros_deployment_set_value (d, LEAD ".status", "SUCCESS", error));
  must (eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "only a test", error));
  g_assert_true (eros_deployment_can_undo (d, &what));
  g_assert_nonnull (strstr (what, "Note on"));
  must (eros_deployment_undo (d, error));
  assert_refused (test, eros_deployment_undo (d, error), "withdrawn where they stand");
  g_assert_cmpstr (eros_deployment_get_value (d, LEAD ".status"), ==, "SUCCESS");
}

static void
assert_withdrawn (DeploymentTest *test, const char *target, const char *kind)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  g_autoptr (ErosEvent) last = NULL;

  assert_refused (test, eros_deployment_withdraw (test->deployment, target, " ", error), "Say why");
  must (eros_deployment_withdraw (test->deployment, target, " a slip ", error));
  last = g_list_model_get_item (events, g_list_model_get_n_items (events) - 1);
  g_assert_cmpstr (eros_event_get_kind (last), ==, kind);
  assert_refused (test, eros_deployment_withdraw (test->deployment, target, "again", error),
                  "Nothing stands");
}

static void
test_withdrawal (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_withdraw (d, "no.such", "x", error), "no element and no gate");
  must (eros_deployment_tick (d, APPROVAL, error));
  assert_refused (test, eros_deployment_withdraw (d, APPROVAL, "x", error), "Nothing stands");
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  must (eros_deployment_override (d, "gate.backup", "Grace", "no time", error));
  must (eros_deployment_tick_by_decision (d, NETWORK, "known", error));
  must (eros_deployment_sign_with (d, QA, "Quinn", NULL, "only a test", error));
  assert_withdrawn (test, "gate.backup", "override.withdrawn");
  assert_withdrawn (test, NETWORK, "decision.withdrawn");
  assert_withdrawn (test, QA, "sign-off.withdrawn");

  for (int i = 0; i < 2; i++)
    {
      g_assert_false (eros_deployment_get_override (test->deployment, "gate.backup", NULL));
      g_assert_cmpint (eros_item_get_mark (item_of (test, NETWORK)), ==, EROS_ITEM_OPEN);
      g_assert_true (eros_item_is_failing (item_of (test, NETWORK)));
      g_assert_false (eros_item_is_decided (item_of (test, NETWORK)));
      g_assert_false (eros_item_is_signed (item_of (test, QA)));
      for (guint n = 0; n < 3; n++)
        {
          g_assert_nonnull (nth_decision (test, n)->withdrawal);
          g_assert_cmpstr (eros_decision_get_withdrawal_reason (nth_decision (test, n)), ==, "a slip");
        }
      g_assert_cmpstr (eros_decision_get_reason (nth_decision (test, 0)), ==, "no time");
      g_assert_cmpstr (eros_decision_get_name (nth_decision (test, 0)), ==, "Grace");
      deployment_test_reopen (test);
    }
  /* And the withdrawal is not undone either. */
  must (eros_deployment_undo (test->deployment, error));
  g_assert_cmpint (eros_item_get_mark (item_of (test, APPROVAL)), ==, EROS_ITEM_OPEN);
  assert_refused (test, eros_deployment_undo (test->deployment, error), "withdrawn where they stand");
}

static void
test_done_through (DeploymentTest *test, gconstpointer data)
{
  g_auto (GStrv) through = NULL;

  must (eros_deployment_override (test->deployment, "gate.backup", "Grace", "no time", error));
  append (test, "operation.started",
          "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"title\":\"Deploy phase 1\"}");
  append (test, "operation.started", "{\"operation\":\"checks\",\"id\":\"2\",\"title\":\"Checks\"}");
  must (eros_deployment_withdraw (test->deployment, "gate.backup", "a slip", error));
  append (test, "operation.started", "{\"operation\":\"deploy-phase2\",\"id\":\"3\",\"title\":\"Later\"}");
  through = eros_deployment_list_done_through (test->deployment, nth_decision (test, 0));
  g_assert_cmpuint (g_strv_length (through), ==, 1);
  g_assert_nonnull (strstr (through[0], "Deploy phase 1, 20"));
  assert_contradicted (test, "withdrawn after: Deploy phase 1");
}

/* A program before this one let decisions be undone and unticked: they count as withdrawn, and are named. */
static void
test_old_journals (DeploymentTest *test, gconstpointer data)
{
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");                                           /* 2 */
  append (test, "gate.overridden", "{\"gate\":\"gate.backup\",\"name\":\"Bob\",\"reason\":\"x\"}"); /* 3 */
  append (test, "event.undone", "{\"sequence\":3,\"kind\":\"gate.overridden\"}");
  append (test, "item.ticked", "{\"element\":\"" NETWORK "\"}"); /* 5 */
  append (test, "item.unticked", "{\"element\":\"" NETWORK "\"}");
  append (test, "sign-off.signed", "{\"element\":\"" LEAD "\",\"name\":\"Bob\",\"values\":{}}"); /* 7 */
  append (test, "sign-off.withdrawn", "{\"element\":\"" LEAD "\"}");
  append (test, "event.undone", "{\"sequence\":8,\"kind\":\"sign-off.withdrawn\"}");

  for (int i = 0; i < 2; i++)
    {
      g_assert_false (eros_deployment_get_override (test->deployment, "gate.backup", NULL));
      g_assert_nonnull (nth_decision (test, 0)->withdrawal);
      g_assert_cmpstr (eros_decision_get_withdrawal_reason (nth_decision (test, 0)), ==, "");
      g_assert_cmpint (nth_decision (test, 1)->kind, ==, EROS_DECISION_TICK);
      g_assert_nonnull (nth_decision (test, 1)->withdrawal);
      g_assert_null (nth_decision (test, 2)->withdrawal);
      g_assert_true (eros_item_is_signed (item_of (test, LEAD)));
      deployment_test_reopen (test);
    }
}

/* Every way to a mark over a failure wants a reason, shows as a decision, and leaves the failure one. */
static void
test_failure_stays (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosItem *item = item_of (test, NETWORK);

  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  assert_refused (test, eros_deployment_tick (d, NETWORK, error), "no answer");
  assert_refused (test, eros_deployment_tick_by_decision (d, NETWORK, " \n", error), "give a reason");
  /* That the machine could not look again makes nothing of it good. */
  record (test, NETWORK, EROS_OUTCOME_ERROR, "offline");
  g_assert_true (eros_item_is_failing (item));
  assert_refused (test, eros_deployment_tick (d, NETWORK, error), "give a reason");
  /* Nor that it was not looked at. */
  record (test, NETWORK, EROS_OUTCOME_NOT_LOOKED, "Not looked at");
  g_assert_true (eros_item_is_failing (item));
  assert_refused (test, eros_deployment_tick (d, NETWORK, error), "give a reason");
  must (eros_deployment_tick_by_decision (d, NETWORK, "known", error));
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (eros_item_is_decided (item));
  g_assert_cmpstr (eros_item_get_reason (item), ==, "known");
  record (test, NETWORK, EROS_OUTCOME_ERROR, "offline");
  g_assert_true (eros_item_is_decided (item));

  must (eros_deployment_set_not_applicable (d, NETWORK, "not here", error));
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (eros_item_is_decided (item));
  /* Not applicable is no cover for what the machine finds later. */
  record (test, NETWORK, EROS_OUTCOME_FAIL, "still no answer");
  g_assert_true (eros_item_is_failing (item));
  g_assert_false (eros_item_is_decided (item));
  record (test, NETWORK, EROS_OUTCOME_PASS, "12 ms");
  g_assert_false (eros_item_is_failing (item));
}

/* It has looked again: what stands beside the box is no failure, and a person may judge. */
static void
test_failure_ends_with_the_next_look (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = item_of (test, NETWORK);

  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  record (test, NETWORK, EROS_OUTCOME_NOT_ENOUGH, "nobody to ask");
  g_assert_false (eros_item_is_failing (item));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  must (eros_deployment_tick (test->deployment, NETWORK, error));
  g_assert_false (eros_item_is_decided (item));
  g_assert_cmpuint (eros_deployment_get_decisions (test->deployment)->len, ==, 0);
}

/* What nobody can look at any more is no reason to forget that it was decided over. */
static void
test_decision_outlives_a_look_without_a_word (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = item_of (test, NETWORK);

  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  must (eros_deployment_tick_by_decision (test->deployment, NETWORK, "it is known", error));
  record (test, NETWORK, EROS_OUTCOME_NOT_ENOUGH, "nobody to ask");
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (eros_item_is_decided (item));
  deployment_test_reopen (test);
  g_assert_true (eros_item_is_decided (item_of (test, NETWORK)));
  record (test, NETWORK, EROS_OUTCOME_PASS, "it answers");
  g_assert_false (eros_item_is_decided (item_of (test, NETWORK)));
  g_assert_false (eros_item_is_failing (item_of (test, NETWORK)));
}

#define SUCCESS_RATE "monitoring.success.query-success-rate"

static void
measure (DeploymentTest *test, guint failed, guint n)
{
  g_autofree char *json =
    g_strdup_printf ("{\"step\":\"query-performance\",\"values\":{\"failed_after\":\"%u\","
                     "\"queries_after\":\"%u\"}}",
                     failed, n);

  append (test, "step.ended", json);
}

/* What the monitoring measures is a word of the machine's as a check's is. */
static void
test_measured_criterion (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = item_of (test, SUCCESS_RATE);

  measure (test, 1, 8); /* that may be chance */
  g_assert_false (eros_item_is_failing (item));
  g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_NOT_ENOUGH);
  measure (test, 125, 1000);
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (
    g_str_has_prefix (eros_item_get_summary (item), "875 of 1000 queries succeeded: 87.5 %, 95 % "));
  g_assert_true (g_str_has_suffix (eros_item_get_summary (item), " %; limit >= 95 %"));
  assert_refused (test, eros_deployment_tick (test->deployment, SUCCESS_RATE, error), "87.5 %");
  measure (test, 0, 0); /* nothing was counted: that takes nothing back */
  assert_refused (test, eros_deployment_tick (test->deployment, SUCCESS_RATE, error), "give a reason");
  must (eros_deployment_tick_by_decision (test->deployment, SUCCESS_RATE, "two bots", error));
  g_assert_cmpint (nth_decision (test, 0)->kind, ==, EROS_DECISION_TICK);
  deployment_test_reopen (test);
  item = item_of (test, SUCCESS_RATE);
  g_assert_true (eros_item_is_failing (item));
  g_assert_true (eros_item_is_decided (item));
  assert_contradicted (test, " %; limit >= 95 %); marked by decision of Ada");
  assert_refused (test, eros_deployment_untick (test->deployment, SUCCESS_RATE, error), "withdrawn");
  must (eros_deployment_withdraw (test->deployment, SUCCESS_RATE, "a slip", error));

  measure (test, 10, 1000);
  g_assert_false (eros_item_is_failing (item));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_NONE);
}

static void
test_replaced_value (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  gint64 time = 0;

  g_assert_null (eros_deployment_get_measured (d, BASELINE ".value", NULL));
  must (eros_deployment_record_value (d, BASELINE ".value", "5", NULL, error));
  g_assert_null (eros_deployment_get_measured (d, BASELINE ".value", NULL));
  assert_refused (test, eros_deployment_set_value (d, BASELINE ".value", "0.1", error),
                  "was measured as “5 seconds”");
  assert_refused (test, eros_deployment_set_value_by_decision (d, BASELINE ".value", "0.1", " ", error),
                  "give a reason");
  must (eros_deployment_set_value_by_decision (d, BASELINE ".value", "0.1", "a slow network", error));
  g_assert_cmpstr (eros_deployment_get_value_reason (d, BASELINE ".value"), ==, "a slow network");
  g_assert_cmpstr (eros_deployment_get_measured (d, BASELINE ".value", &time), ==, "5");
  g_assert_cmpint (time, >, 0);
  assert_contradicted (
    test, "“0.1 seconds” was typed in its place by decision of Ada <ada@example.com>: a slow network");
  /* It is never unsaid. */
  g_assert_false (eros_deployment_can_undo (d, NULL));
  g_assert_cmpstr (eros_deployment_get_value_reason (d, BASELINE ".value"), ==, "a slow network");
  /* What was measured itself is no decision. */
  must (eros_deployment_set_value (d, BASELINE ".value", "5", error));
  g_assert_cmpstr (eros_deployment_get_value_reason (d, BASELINE ".value"), ==, "");
}

/* What is on record is read in any language: codes, ids and what was measured. */
static void
assert_language_neutral (const ErosDecision *decision)
{
  JsonArray *array = json_object_get_array_member (eros_event_get_body (decision->event), "contradictions");

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      g_assert_true (
        g_regex_match_simple ("^[a-z-]+$", json_object_get_string_member (object, "code"), 0, 0));
    }
}

static void
test_contradictions (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_auto (GStrv) named = NULL;
  g_autofree char *all = NULL;

  open_final_gate (test);
  must (eros_deployment_set_value (d, LEAD ".status", "SUCCESS", error));
  record (test, NETWORK, EROS_OUTCOME_FAIL, "no answer");
  assert_contradicted (test, "“Network connectivity to BigQuery verified” fails (no answer)");
  must (eros_deployment_tick_by_decision (d, NETWORK, "known", error));
  assert_contradicted (test, "by decision of Ada <ada@example.com>: known");
  assert_contradicted (test, "“Everything before the sign-off is done” was overridden by Grace: a test");
  assert_contradicted (test, "“All validation tests passed (");
  assert_contradicted (test, "Of phase “Backup” 0 of");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"outcome\":\"fail\"}");
  assert_contradicted (test, "has not ended well");
  append (test, "operation.ended", "{\"operation\":\"revert\",\"id\":\"3\",\"outcome\":\"pass\"}");
  assert_contradicted (test, "A step of the deployment was taken back (20");
  append (test, "operation.started", "{\"operation\":\"rollback\",\"id\":\"2\"}");
  assert_contradicted (test, "A rollback was begun that has not ended well");
  append (test, "operation.ended", "{\"operation\":\"rollback\",\"id\":\"2\",\"outcome\":\"pass\"}");
  assert_contradicted (test, "It was rolled back at 20");

  assert_refused (test, eros_deployment_sign (d, LEAD, "Kyle", error), "It was rolled back at 20");
  assert_refused (test, eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "  ", error), "give a reason");
  must (eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "a fire drill", error));
  g_assert_cmpstr (eros_item_get_reason (item_of (test, LEAD)), ==, "a fire drill");
  named = eros_deployment_list_contradictions_of (test->deployment, nth_decision (test, 2));
  all = g_strjoinv ("\n", named);
  g_assert_nonnull (strstr (all, "It was rolled back at"));
  g_assert_nonnull (strstr (all, "“All validation tests passed ("));
  assert_language_neutral (nth_decision (test, 2));
}

/* As they were stored before: sentences, in the language of whoever signed. */
static void
test_old_contradictions (DeploymentTest *test, gconstpointer data)
{
  g_auto (GStrv) named = NULL;

  append (test, "sign-off.signed",
          "{\"element\":\"" LEAD "\",\"name\":\"Bob\",\"values\":{},\"reason\":\"x\","
          "\"contradictions\":[\"„Netz“ schlägt fehl.\",{\"code\":\"open\",\"element\":\"" NETWORK "\"},"
          "{\"code\":\"of-a-newer-program\"}]}");
  named = eros_deployment_list_contradictions_of (test->deployment, nth_decision (test, 0));
  g_assert_cmpuint (g_strv_length (named), ==, 3);
  g_assert_cmpstr (named[0], ==, "„Netz“ schlägt fehl.");
  g_assert_cmpstr (named[1], ==, "“Network connectivity to BigQuery verified” is open.");
  g_assert_cmpstr (named[2], ==, "of-a-newer-program");
}

/* What is deployed before a box of the same phase has ended well, or the reason why it is signed off is
 * named. */
static void
test_phase_sign_off_wants_its_deployment (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_auto (GStrv) named = NULL;

  assert_refused (test, eros_deployment_sign (d, QA, "Quinn", error), "“Deploy phase 1…” has not been begun");
  append (test, "operation.started", "{\"operation\":\"deploy-phase1\",\"id\":\"1\"}");
  assert_refused (test, eros_deployment_sign (d, QA, "Quinn", error), "“Deploy phase 1…” has not ended");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"outcome\":\"fail\"}");
  assert_refused (test, eros_deployment_sign (d, QA, "Quinn", error), "has not ended well");
  must (eros_deployment_sign_with (d, QA, "Quinn", NULL, "by hand", error));
  named = eros_deployment_list_contradictions_of (d, nth_decision (test, 0));
  g_assert_cmpstr (named[0], ==, "“Deploy phase 1…” has not ended well.");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"outcome\":\"pass\"}");
  must (eros_deployment_sign (d, "deployment.phase-1-sign-off.deployment-lead", "Kyle", error));
  assert_refused (test,
                  eros_deployment_sign (d, "deployment.phase-2-sign-off.deployment-lead", "Kyle", error),
                  "“Deploy phase 2…” has not been begun");
}

static void
test_boxes_of_one_name_are_told_apart (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.deployment-lead", "Kyle", NULL,
                                   "only a test", error));
  must (eros_deployment_sign_with (d, "deployment.phase-2-sign-off.deployment-lead", "Kyle", NULL,
                                   "only a test", error));
  one = eros_deployment_describe_decision (d, nth_decision (test, 0));
  two = eros_deployment_describe_decision (d, nth_decision (test, 1));
  g_assert_cmpstr (one, !=, two);
  g_assert_nonnull (strstr (one, "Deployment Lead ("));
}

static void
test_rolled_back (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  const char *status = NULL;

  open_final_gate (test);
  append (test, "operation.ended", "{\"operation\":\"rollback\",\"id\":\"1\",\"outcome\":\"pass\"}");
  /* That it was a failure needs no reason. */
  must (eros_deployment_set_value (d, LEAD ".status", "ROLLBACK REQUIRED", error));
  must (eros_deployment_sign (d, LEAD, "Kyle", error));
  must (eros_deployment_withdraw (d, LEAD, "the wrong line", error));
  must (eros_deployment_set_value (d, LEAD ".status", "SUCCESS", error));
  must (eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "a fire drill", error));
  g_assert_cmpint (eros_deployment_get_result (d), ==, EROS_RESULT_ROLLED_BACK);
  g_assert_nonnull (eros_deployment_get_verdict (d, &status));
  g_assert_cmpstr (status, ==, "SUCCESS");
  /* What is deployed again is no longer rolled back; that it was stays. */
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"2\",\"outcome\":\"pass\"}");
  g_assert_cmpint (eros_deployment_get_result (d), ==, EROS_RESULT_SUCCESS);
  assert_contradicted (test, "It was rolled back at 20");
}

static void
test_clean_success (DeploymentTest *test, gconstpointer data)
{
  g_auto (GStrv) found = NULL;

  must (eros_deployment_tick (test->deployment, "one.box", error));
  found = eros_deployment_list_contradictions (test->deployment, "one.sign");
  g_assert_cmpuint (g_strv_length (found), ==, 0);
  must (eros_deployment_set_value (test->deployment, "one.sign.status", "GOOD", error));
  must (eros_deployment_sign (test->deployment, "one.sign", "Kyle", error));
  g_assert_null (eros_item_get_reason (item_of (test, "one.sign")));
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_SUCCESS);
}

/* What is typed while it is signed is recorded with the signature, and nothing of it when it is not. */
static void
test_values_with_signature (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_events = count_events (test);

  g_hash_table_insert (values, (gpointer) "one.sign.status", (gpointer) "MAYBE");
  assert_refused (test, eros_deployment_sign_with (d, "one.sign", "Kyle", values, "x", error), "GOOD");
  g_hash_table_insert (values, (gpointer) "one.sign.status", (gpointer) "BAD");
  g_hash_table_insert (values, (gpointer) "details.lead", (gpointer) "Bob");
  assert_refused (test, eros_deployment_sign_with (d, "one.sign", "Kyle", values, "", error),
                  "no field “details.lead”");
  g_hash_table_remove (values, "details.lead");
  must (eros_deployment_sign_with (d, "one.sign", "Kyle", values, "", error));
  g_assert_cmpuint (count_events (test), ==, n_events + 1);
  g_assert_cmpstr (eros_deployment_get_value (d, "one.sign.status"), ==, "BAD");
  g_assert_cmpstr (eros_deployment_get_value (d, "one.sign.name"), ==, "Kyle");
}

static ErosGate *
find_gate (DeploymentTest *test, const char *id)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (g_str_equal (eros_gate_get_id (gate), id))
        return gate;
    }
  g_assert_not_reached ();
}

static void
append_tick (DeploymentTest *test, const char *id)
{
  g_autofree char *body = g_strdup_printf ("{\"element\":\"%s\"}", id);

  append (test, "item.ticked", body);
}

static void
test_phase_sign_offs (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosGate *gate = find_gate (test, "gate.phase1-sign-off");
  g_autofree char *missing = NULL;
  g_autofree char *still = NULL;

  /* What phase 1 has done and proved, and then the signatures. */
  for (guint i = 0; i < 7; i++)
    append_tick (test, eros_gate_get_requires (gate)[i]);
  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.deployment-lead", "Kyle", NULL,
                                   "only a test", error));
  /* It is Kyle's, although Ada has put it on record. */
  g_assert_cmpstr (eros_item_get_actor (item_of (test, "deployment.phase-1-sign-off.deployment-lead")), ==,
                   "Kyle");
  assert_refused (test, eros_deployment_tick (d, QA, error), "sign it instead");
  assert_refused (test, eros_deployment_set_not_applicable (d, QA, "small team", error), "override the gate");
  g_assert_false (eros_deployment_gate_is_open (d, gate, &missing));
  g_assert_cmpstr (missing, ==, "“QA Verification”");
  /* As an older program let it be ticked: blank, and again when the name has gone. */
  append (test, "item.ticked", "{\"element\":\"" QA "\"}");
  g_assert_false (eros_deployment_gate_is_open (d, gate, NULL));
  must (eros_deployment_set_value (d, QA ".name", "Quinn", error));
  g_assert_true (eros_deployment_gate_is_open (d, gate, NULL));
  must (eros_deployment_set_value (d, QA ".name", "", error));
  g_assert_false (eros_deployment_gate_is_open (d, gate, &still));
  deployment_test_reopen (test);
  d = test->deployment;
  g_assert_false (eros_deployment_gate_is_open (d, find_gate (test, "gate.phase1-sign-off"), NULL));

  must (eros_deployment_sign_with (d, QA, "Quinn", NULL, "only a test", error));
  g_assert_true (eros_deployment_gate_is_open (d, find_gate (test, "gate.phase1-sign-off"), NULL));
  g_assert_cmpstr (eros_deployment_get_value (d, QA ".name"), ==, "Quinn");
  g_assert_cmpuint (strlen (eros_deployment_get_value (d, QA ".time")), ==, 8);
  assert_refused (test, eros_deployment_set_value (d, QA ".name", "", error), "Withdraw the signature");
}

static void
test_one_for_all (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_auto (GStrv) none = NULL;
  g_auto (GStrv) by_name = NULL;
  g_auto (GStrv) by_actor = NULL;
  g_auto (GStrv) one_role = NULL;

  must (eros_deployment_sign_with (d, QA, "Kyle M.", NULL, "only a test", error));
  none = eros_deployment_list_shared_signatures (d);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.deployment-lead", "KYLE  m.", NULL,
                                   "only a test", error));
  by_name = eros_deployment_list_shared_signatures (d);
  g_assert_cmpuint (g_strv_length (by_name), ==, 1);
  g_assert_cmpstr (by_name[0], ==,
                   "Kyle M. has signed for several roles: “QA Verification”, “Deployment Lead”.");
  /* A role is one however often it signs. */
  must (eros_deployment_withdraw (d, QA, "the wrong name", error));
  must (eros_deployment_sign_with (d, "deployment.phase-2-sign-off.deployment-lead", "Kyle M.", NULL,
                                   "only a test", error));
  one_role = eros_deployment_list_shared_signatures (d);
  g_assert_cmpuint (g_strv_length (one_role), ==, 0);
  /* Other names, and the same keyboard. */
  must (eros_deployment_sign_with (d, QA, "Quinn", NULL, "only a test", error));
  by_actor = eros_deployment_list_shared_signatures (d);
  g_assert_cmpuint (g_strv_length (by_actor), ==, 1);
  g_assert_nonnull (
    strstr (by_actor[0], DEPLOYMENT_TEST_ACTOR " has entered the signatures of several people"));
}

static const char tiny[] =
  "{\"format\":1,\"id\":\"tiny\",\"title\":\"Tiny\",\"version\":\"1\",\"overview\":\"Tiny.\","
  "\"details\":[{\"id\":\"details.lead\",\"label\":\"Lead\",\"type\":\"text\"}],"
  "\"appendix\":[{\"id\":\"more\",\"title\":\"More\",\"elements\":[{\"id\":\"more.text\",\"kind\":\"text\","
  "\"text\":\"The end.\"}]}],"
  "\"phases\":[{\"id\":\"one\",\"number\":0,\"title\":\"One\",\"short_title\":\"One\",\"sections\":[{\"id\":"
  "\"one.s\",\"title\":\"S\",\"elements\":["
  "{\"id\":\"one.box\",\"kind\":\"check\",\"text\":\"Box\"},"
  "{\"id\":\"one.sign\",\"kind\":\"sign-off\",\"text\":\"Lead\",\"role\":\"Lead\",\"fields\":["
  "{\"id\":\"one.sign.name\",\"label\":\"Name\",\"type\":\"text\"},"
  "{\"id\":\"one.sign.status\",\"label\":\"Status\",\"type\":\"choice\",\"choices\":[\"GOOD\",\"BAD\"]}]}]}]}"
  "]}";

/* What the machine has found stands under its name: nobody's word may pass for it. */
static void
test_nobody_is_the_machine (DeploymentTest *test, gconstpointer data)
{
  static const char *const names[] = { "machine", " Machine ", "MACHINE <ada@example.com>", "the machine" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      assert_refused (test,
                      eros_deployment_override (test->deployment, "gate.approvals", names[i], "x", error),
                      "Enter a person's name");
      assert_refused (test, eros_deployment_sign (test->deployment, QA, names[i], error),
                      "Enter a person's name");
      eros_deployment_set_actor (test->deployment, names[i]);
      assert_refused (test, eros_deployment_tick (test->deployment, APPROVAL, error),
                      "Enter a person's name");
    }
  eros_deployment_set_actor (test->deployment, "Ada\nBob");
  assert_refused (test, eros_deployment_tick (test->deployment, APPROVAL, error), "one line");
  eros_deployment_set_actor (test->deployment, "A machine operator");
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/decisions/undo-passes-them-by", NULL, test_undo_passes_decisions_by);
  deployment_test_add ("/decisions/undo-passes-what-is-signed-by", NULL, test_undo_passes_what_is_signed_by);
  deployment_test_add ("/decisions/they-are-withdrawn-with-a-reason-and-stay", NULL, test_withdrawal);
  deployment_test_add ("/decisions/what-an-override-let-through-is-named", NULL, test_done_through);
  deployment_test_add ("/decisions/what-an-older-program-undid-is-withdrawn", NULL, test_old_journals);
  deployment_test_add ("/decisions/a-failure-stays-one-whatever-is-marked", NULL, test_failure_stays);
  deployment_test_add ("/decisions/a-failure-ends-with-the-next-look", NULL,
                       test_failure_ends_with_the_next_look);
  deployment_test_add ("/decisions/one-outlives-a-look-that-has-nothing-to-say", NULL,
                       test_decision_outlives_a_look_without_a_word);
  deployment_test_add ("/decisions/a-criterion-against-its-measure-wants-a-reason", NULL,
                       test_measured_criterion);
  deployment_test_add ("/decisions/a-measured-value-that-was-replaced-is-named", NULL, test_replaced_value);
  deployment_test_add ("/decisions/a-success-wants-a-reason-against-what-contradicts-it", NULL,
                       test_contradictions);
  deployment_test_add ("/decisions/what-contradicted-it-is-read-from-older-records", NULL,
                       test_old_contradictions);
  deployment_test_add ("/decisions/a-phase-sign-off-wants-its-deployment", NULL,
                       test_phase_sign_off_wants_its_deployment);
  deployment_test_add ("/decisions/boxes-of-one-name-are-told-apart", NULL,
                       test_boxes_of_one_name_are_told_apart);
  deployment_test_add ("/decisions/a-rollback-is-the-result-whatever-is-signed", NULL, test_rolled_back);
  deployment_test_add ("/decisions/nothing-contradicts-a-clean-success", tiny, test_clean_success);
  deployment_test_add ("/decisions/a-signature-brings-its-values-with-it", tiny, test_values_with_signature);
  deployment_test_add ("/decisions/a-phase-is-signed-off-with-a-name", NULL, test_phase_sign_offs);
  deployment_test_add ("/decisions/who-signs-for-several-is-said", NULL, test_one_for_all);
  deployment_test_add ("/decisions/nobody-acts-or-signs-as-the-machine", NULL, test_nobody_is_the_machine);
  return g_test_run ();
}
