/* test-sums.c: what follows from other boxes, from operations and from criteria is computed, and says from
 * what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#define PASSED      "deployment.after-phase-1.tests-passed"
#define NO_ERRORS   "deployment.after-phase-1.no-errors"
#define QA          "deployment.phase-1-sign-off.qa"
#define PERFORMANCE "deployment.phase-2-sign-off.performance"
#define IMPROVED    "sign-off.final.improvements"
#define PHASES      "sign-off.final.phases"
#define ISSUES      "sign-off.final.no-critical-issues"
#define LOOKED      "preparation.testing.queries"
#define STAGING     "preparation.testing.staging"

static const char *const verified[] = { "deployment.after-phase-1.wilson-score",
                                        "deployment.after-phase-1.thompson-sampling",
                                        "deployment.after-phase-1.caption-locking",
                                        "deployment.after-phase-1.injection-protection" };

static void
append (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (
    eros_journal_append (eros_deployment_get_journal (test->deployment), "Bob", kind, body, &error));
  g_assert_no_error (error);
}

static void
record (DeploymentTest *test, const char *id, ErosOutcome outcome, const char *summary)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_deployment_record_check (test->deployment, id, outcome, summary, NULL, &error));
  g_assert_no_error (error);
}

static void
record_all (DeploymentTest *test, const char *const *ids, guint n)
{
  for (guint i = 0; i < n; i++)
    record (test, ids[i], EROS_OUTCOME_PASS, "as it should be");
}

static void
assert_state (DeploymentTest *test, const char *id, ErosItemMark mark, ErosOutcome outcome, const char *words)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, id);
  const char *summary = eros_item_get_summary (item);

  g_assert_cmpint (eros_item_get_mark (item), ==, mark);
  g_assert_cmpint (eros_item_get_outcome (item), ==, outcome);
  if (words != NULL && (summary == NULL || strstr (summary, words) == NULL))
    g_error ("“%s” is not in: %s", words, summary);
}

/* A reason is wanted, and makes it a decision. */
static void
assert_only_by_decision (DeploymentTest *test, const char *id, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (eros_deployment_tick_by_decision (test->deployment, id, "", &error));
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
  g_clear_error (&error);
  g_assert_true (eros_deployment_tick_by_decision (test->deployment, id, "I have looked", &error));
  g_assert_no_error (error);
  g_assert_true (eros_item_is_decided (eros_deployment_get_item (test->deployment, id)));
}

static void
reopen_unchanged (DeploymentTest *test)
{
  g_autofree char *before = deployment_test_describe (test->deployment);
  g_autofree char *after = NULL;

  deployment_test_reopen (test);
  after = deployment_test_describe (test->deployment);
  g_assert_cmpstr (before, ==, after);
}

static void
test_passed (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *reason = NULL;

  assert_state (test, PASSED, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  record (test, verified[0], EROS_OUTCOME_PASS, "0 of 5,000 differ");
  assert_state (test, PASSED, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "is open");
  record_all (test, verified, G_N_ELEMENTS (verified));
  assert_state (test, PASSED, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "Wilson");
  g_assert_cmpstr (eros_item_get_actor (eros_deployment_get_item (test->deployment, PASSED)), ==, "machine");
  reopen_unchanged (test);

  g_assert_false (eros_deployment_allows (test->deployment, "untick", PASSED, &reason, NULL));
  g_assert_nonnull (strstr (reason, "follows from others"));
  record (test, verified[3], EROS_OUTCOME_FAIL, "1 hostile input let through");
  assert_state (test, PASSED, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "1 hostile input");
  reopen_unchanged (test);
}

/* All of them: those before the deployment and those after each phase. */
static void
test_all_tests (DeploymentTest *test, gconstpointer data)
{
  static const char *const others[] = { "validation.health.row-counts",
                                        "validation.health.corruption",
                                        "validation.health.orphans",
                                        "validation.health.foreign-keys",
                                        "validation.health.scheduled-queries",
                                        "deployment.after-phase-2.feedback-loop",
                                        "deployment.after-phase-2.account-classification",
                                        "deployment.after-phase-2.query-timeouts" };

  record_all (test, verified, G_N_ELEMENTS (verified));
  assert_state (test, "sign-off.final.tests", EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "is open");
  record_all (test, others, G_N_ELEMENTS (others));
  assert_state (test, "sign-off.final.tests", EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "and 9 more");
}

static void
test_what_a_person_ticked_did_not_pass (DeploymentTest *test, gconstpointer data)
{
  record_all (test, verified, G_N_ELEMENTS (verified) - 1);
  g_assert_true (eros_deployment_tick (test->deployment, verified[3], NULL));
  assert_state (test, PASSED, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "not seen to pass");
}

static void
test_decision (DeploymentTest *test, gconstpointer data)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, PASSED);

  record_all (test, verified, G_N_ELEMENTS (verified));
  record (test, verified[1], EROS_OUTCOME_FAIL, "the lowest draw");
  assert_only_by_decision (test, PASSED, "the lowest draw");
  g_assert_cmpuint (eros_deployment_get_decisions (test->deployment)->len, ==, 1);
  reopen_unchanged (test);
  /* Of something else nobody has decided. */
  item = eros_deployment_get_item (test->deployment, PASSED);
  record (test, verified[2], EROS_OUTCOME_FAIL, "two have it");
  g_assert_false (eros_item_is_decided (item));
  g_assert_true (eros_item_is_failing (item));
  record (test, verified[2], EROS_OUTCOME_PASS, "one has it");
  g_assert_true (eros_item_is_decided (item));
}

static void
test_not_applicable_is_a_decision (DeploymentTest *test, gconstpointer data)
{
  record (test, verified[1], EROS_OUTCOME_FAIL, "the lowest draw");
  g_assert_true (eros_deployment_set_not_applicable (test->deployment, PASSED, "another team's", NULL));
  g_assert_cmpuint (eros_deployment_get_decisions (test->deployment)->len, ==, 1);
}

static void
test_log (DeploymentTest *test, gconstpointer data)
{
  assert_only_by_decision (test, NO_ERRORS, "has not been begun");
  g_assert_true (eros_deployment_withdraw (test->deployment, NO_ERRORS, "too early", NULL));
  append (test, "operation.started", "{\"operation\":\"deploy-phase1\",\"id\":\"a\",\"title\":\"Deploy\"}");
  append (
    test, "step.ended",
    "{\"id\":\"a\",\"step\":\"phase1/10\",\"outcome\":\"fail\",\"values\":{},\"error\":\"Access Denied\"}");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"a\",\"outcome\":\"error\"}");
  append (test, "operation.resumed", "{\"id\":\"a\"}");
  append (test, "step.ended", "{\"id\":\"a\",\"step\":\"phase1/10\",\"outcome\":\"pass\",\"values\":{}}");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"a\",\"outcome\":\"pass\"}");
  assert_state (test, NO_ERRORS, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "phase1/10: Access Denied");
  reopen_unchanged (test);

  append (test, "operation.started", "{\"operation\":\"deploy-phase1\",\"id\":\"b\",\"title\":\"Deploy\"}");
  append (test, "step.ended", "{\"id\":\"b\",\"step\":\"phase1/10\",\"outcome\":\"pass\",\"values\":{}}");
  assert_state (test, NO_ERRORS, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  /* Somebody stops it, and goes on. */
  append (test, "step.ended",
          "{\"id\":\"b\",\"step\":\"phase1/20\",\"outcome\":\"cancelled\",\"values\":{},"
          "\"error\":\"Operation was cancelled\"}");
  append (test, "operation.ended",
          "{\"operation\":\"deploy-phase1\",\"id\":\"b\",\"outcome\":\"cancelled\"}");
  assert_state (test, NO_ERRORS, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "has not ended well");
  append (test, "operation.resumed", "{\"id\":\"b\"}");
  append (test, "step.ended", "{\"id\":\"b\",\"step\":\"phase1/20\",\"outcome\":\"pass\",\"values\":{}}");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"b\",\"outcome\":\"pass\"}");
  assert_state (test, NO_ERRORS, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "no error");
}

static void
compare (DeploymentTest *test, const char *verdict)
{
  g_autofree char *step = g_strdup_printf (
    "{\"id\":\"c\",\"step\":\"verdict\",\"outcome\":\"pass\",\"values\":{\"metrics\":\"query-time\","
    "\"query-time.before\":\"3\",\"query-time.after\":\"2\",\"query-time.before_n\":\"9\","
    "\"query-time.after_n\":\"9\",\"query-time.p\":\"0.01\",\"query-time.verdict\":\"%s\"}}",
    verdict);

  append (test, "operation.started", "{\"operation\":\"comparison\",\"id\":\"c\",\"title\":\"Compare\"}");
  append (test, "step.ended", step);
  append (test, "operation.ended", "{\"operation\":\"comparison\",\"id\":\"c\",\"outcome\":\"pass\"}");
}

static void
test_improvements (DeploymentTest *test, gconstpointer data)
{
  assert_state (test, IMPROVED, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  compare (test, "equivalent");
  assert_state (test, IMPROVED, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  assert_only_by_decision (test, IMPROVED, "nothing is shown to be better");
  g_assert_true (eros_deployment_withdraw (test->deployment, IMPROVED, "wait", NULL));
  compare (test, "worse");
  assert_state (test, IMPROVED, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "worse");
  compare (test, "better");
  assert_state (test, IMPROVED, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "better");
  append (test, "operation.started", "{\"operation\":\"deploy-phase2\",\"id\":\"d\",\"title\":\"Deploy\"}");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase2\",\"id\":\"d\",\"outcome\":\"pass\"}");
  assert_state (test, IMPROVED, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
}

/* No machine signs; what it knows is named to whoever does. */
static void
test_signature (DeploymentTest *test, gconstpointer data)
{
  g_auto (GStrv) sentences = NULL;
  g_autofree char *all = NULL;

  append (test, "operation.started", "{\"operation\":\"deploy-phase1\",\"id\":\"b\",\"title\":\"Deploy\"}");
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"b\",\"outcome\":\"pass\"}");
  record_all (test, verified, G_N_ELEMENTS (verified) - 1);
  record (test, verified[3], EROS_OUTCOME_FAIL, "1 hostile input let through");
  g_assert_true (eros_deployment_preview_signature (test->deployment, QA, "Grace", NULL, &sentences, NULL));
  all = g_strjoinv ("\n", sentences);
  g_assert_nonnull (strstr (all, "1 hostile input let through"));
  g_assert_true (eros_deployment_is_contradicted_lightly (test->deployment, QA));
  g_assert_false (eros_deployment_sign (test->deployment, QA, "Grace", NULL));
  record (test, verified[3], EROS_OUTCOME_PASS, "0 let through");
  assert_state (test, QA, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  g_assert_true (eros_deployment_sign (test->deployment, QA, "Grace", NULL));
  g_assert_false (eros_deployment_sign (test->deployment, PERFORMANCE, "Grace", NULL));
}

static void
test_phases_and_issues (DeploymentTest *test, gconstpointer data)
{
  GListModel *progress = eros_deployment_get_progress (test->deployment);
  g_autoptr (ErosPhaseProgress) sign_off = g_list_model_get_item (progress, 6);

  assert_state (test, PHASES, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  assert_only_by_decision (test, PHASES, "Preparation 0 of");
  g_assert_true (eros_deployment_withdraw (test->deployment, PHASES, "too early", NULL));
  record (test, "validation.health.orphans", EROS_OUTCOME_FAIL, "7 orphans");
  assert_state (test, ISSUES, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "7 orphans");
  /* What fails elsewhere does not begin the phase. */
  g_assert_cmpint (eros_phase_progress_get_state (sign_off), ==, EROS_PHASE_NOT_STARTED);
  record (test, "validation.health.orphans", EROS_OUTCOME_PASS, "0 orphans");
  append (test, "operation.started", "{\"operation\":\"monitoring\",\"id\":\"m\",\"title\":\"Watch\"}");
  append (test, "operation.ended", "{\"operation\":\"monitoring\",\"id\":\"m\",\"outcome\":\"fail\"}");
  assert_state (test, ISSUES, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "has not ended well");
  append (test, "operation.started", "{\"operation\":\"monitoring\",\"id\":\"n\",\"title\":\"Watch\"}");
  append (test, "operation.ended", "{\"operation\":\"monitoring\",\"id\":\"n\",\"outcome\":\"pass\"}");
  assert_state (test, ISSUES, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "no check fails");
  append (test, "operation.started", "{\"operation\":\"rollback\",\"id\":\"r\",\"title\":\"Roll back\"}");
  append (test, "operation.ended", "{\"operation\":\"rollback\",\"id\":\"r\",\"outcome\":\"pass\"}");
  assert_state (test, ISSUES, EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "rolled back");
  reopen_unchanged (test);
}

static void
test_looked_at (DeploymentTest *test, gconstpointer data)
{
  static const char *const ids[] = { "validation.health.row-counts", "validation.health.corruption",
                                     "validation.health.orphans", "validation.health.foreign-keys" };

  record_all (test, ids, G_N_ELEMENTS (ids));
  record (test, "validation.health.scheduled-queries", EROS_OUTCOME_ERROR, "nobody answers");
  assert_state (test, LOOKED, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "has not been looked at");
  record (test, "validation.health.scheduled-queries", EROS_OUTCOME_FAIL, "one has failed");
  assert_state (test, LOOKED, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "Row counts");
}

static void
test_unproven (DeploymentTest *test, gconstpointer data)
{
  assert_only_by_decision (test, "backup.verification.completed", "Back up");
  g_assert_true (eros_deployment_withdraw (test->deployment, "backup.verification.completed", "no", NULL));
  append (test, "operation.started", "{\"operation\":\"backup\",\"id\":\"b\",\"title\":\"Back up\"}");
  append (test, "operation.ended", "{\"operation\":\"backup\",\"id\":\"b\",\"outcome\":\"pass\"}");
  g_assert_true (eros_deployment_tick (test->deployment, "backup.verification.completed", NULL));
}

static void
run (DeploymentTest *test, const char *operation, const char *outcome)
{
  g_autofree char *begun =
    g_strdup_printf ("{\"operation\":\"%s\",\"id\":\"%s\",\"title\":\"Work\"}", operation, operation);
  g_autofree char *ended = g_strdup_printf ("{\"operation\":\"%s\",\"id\":\"%s\",\"outcome\":\"%s\"}",
                                            operation, operation, outcome);

  append (test, "operation.started", begun);
  append (test, "operation.ended", ended);
}

/* In staging it is what was done there. */
static void
test_rehearsed (DeploymentTest *test, gconstpointer data)
{
  assert_state (test, STAGING, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  run (test, "deploy-phase1", "pass");
  assert_state (test, STAGING, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "Deploy phase 2");
  run (test, "deploy-phase2", "pass");
  assert_state (test, STAGING, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "has ended well here");
  run (test, "backup", "fail");
  assert_state (test, "preparation.testing.backup", EROS_ITEM_OPEN, EROS_OUTCOME_FAIL, "has not ended well");
  run (test, "backup", "pass");
  assert_state (test, "preparation.testing.backup", EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "here");
  assert_only_by_decision (test, "preparation.testing.rollback", "has not been begun");
  run (test, "rollback", "pass");
  assert_state (test, "preparation.testing.rollback", EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "here");
  reopen_unchanged (test);
}

/* For real it is what was done elsewhere before, and which it was is said. */
static void
test_rehearsed_elsewhere (DeploymentTest *test, gconstpointer data)
{
  run (test, "deploy-phase1", "pass");
  run (test, "deploy-phase2", "pass");
  assert_state (test, STAGING, EROS_ITEM_OPEN, EROS_OUTCOME_NONE, NULL);
  append (test, "rehearsal.looked-for",
          "{\"operation\":\"deploy-phase1\",\"sql_sha256\":\"a\",\"outcome\":\"pass\",\"deployment\":\"one\","
          "\"environment\":\"staging\",\"event\":\"e\",\"ended\":\"2026-11-01T10:00:00Z\"}");
  assert_state (test, STAGING, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "Deploy phase 2");
  append (test, "rehearsal.looked-for",
          "{\"operation\":\"deploy-phase2\",\"sql_sha256\":\"b\",\"outcome\":\"pass\",\"deployment\":\"two\","
          "\"environment\":\"staging\",\"event\":\"e\",\"ended\":\"2026-11-01T10:00:00Z\"}");
  assert_state (test, STAGING, EROS_ITEM_TICKED, EROS_OUTCOME_PASS, "“two”");
  /* The steps were changed since. */
  append (test, "rehearsal.looked-for",
          "{\"operation\":\"deploy-phase2\",\"sql_sha256\":\"c\",\"outcome\":\"fail\"}");
  assert_state (test, STAGING, EROS_ITEM_OPEN, EROS_OUTCOME_NOT_ENOUGH, "as it is now");

  append (test, "way-back.proved",
          "{\"id\":\"p\",\"dataset\":\"copy\",\"sql\":{\"deploy-phase1\":\"a\",\"deploy-phase2\":\"c\"}}");
  assert_state (test, "preparation.testing.rollback", EROS_ITEM_TICKED, EROS_OUTCOME_PASS,
                "proved on a copy");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  deployment_test_add ("/sums/tests-that-passed-tick-the-box-and-one-that-fails-opens-it", NULL, test_passed);
  deployment_test_add ("/sums/all-tests-are-those-of-every-phase", NULL, test_all_tests);
  deployment_test_add ("/sums/a-test-that-a-person-ticked-has-not-passed", NULL,
                       test_what_a_person_ticked_did_not_pass);
  deployment_test_add ("/sums/a-person-decides-over-what-was-named-and-over-nothing-else", NULL,
                       test_decision);
  deployment_test_add ("/sums/that-it-does-not-apply-is-a-decision-too", NULL,
                       test_not_applicable_is_a_decision);
  deployment_test_add ("/sums/an-error-that-was-got-over-is-still-in-the-log", NULL, test_log);
  deployment_test_add ("/sums/improvements-are-those-of-the-comparison-since-the-deployment", NULL,
                       test_improvements);
  deployment_test_add ("/sums/whoever-signs-hears-what-says-otherwise", NULL, test_signature);
  deployment_test_add ("/sums/phases-and-issues-are-known", NULL, test_phases_and_issues);
  deployment_test_add ("/sums/queries-are-tested-when-they-could-be-run", NULL, test_looked_at);

  deployment_test_add ("/sums/what-an-operation-proves-is-ticked-by-hand-with-a-reason", NULL, test_unproven);

  deployment_test_add ("/sums/what-was-done-in-staging-was-tested-there", NULL, test_rehearsed);
  g_test_add ("/sums/for-real-it-was-tested-elsewhere-before", DeploymentTest, NULL,
              deployment_test_set_up_production, test_rehearsed_elsewhere, deployment_test_tear_down);

  return g_test_run ();
}
