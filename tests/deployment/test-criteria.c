/* test-criteria.c: criteria to roll back by, measured and decided
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "deployment-test.h"
#include "eros-criteria.h"

#define SECURITY      "rollback.decision.security"
#define UNRECOVERABLE "rollback.decision.unrecoverable"

static void
append (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (body);
  g_assert_nonnull (
    eros_journal_append (eros_deployment_get_journal (test->deployment), "Bob", kind, body, &error));
  g_assert_no_error (error);
}

static void
measure (DeploymentTest *test, const char *step, const char *values)
{
  g_autofree char *json = g_strdup_printf ("{\"step\":\"%s\",\"values\":{%s}}", step, values);

  append (test, "step.ended", json);
}

static ErosCriterionState *
state_of (DeploymentTest *test, const char *id)
{
  g_autoptr (GPtrArray) list = eros_criteria_list (test->deployment);

  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((ErosCriterionState *) list->pdata[i])->criterion->id, id))
      return eros_criterion_state_new (test->deployment, ((ErosCriterionState *) list->pdata[i])->criterion);
  g_assert_not_reached ();
}

static void
assert_verdict (DeploymentTest *test, const char *id, ErosCriterionVerdict verdict, const char *text)
{
  g_autoptr (ErosCriterionState) state = state_of (test, id);

  g_assert_cmpstr (eros_criterion_verdict_to_text (state->verdict), ==,
                   eros_criterion_verdict_to_text (verdict));
  if (text != NULL && (state->text == NULL || strstr (state->text, text) == NULL))
    g_error ("“%s” is not in “%s”", text, state->text);
}

static void
assert_reached (DeploymentTest *test, guint n, const char *first)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (test->deployment);

  g_assert_cmpuint (g_strv_length (reached), ==, n);
  if (n > 0 && !g_str_has_prefix (reached[0], first))
    g_error ("“%s” does not begin with “%s”", reached[0], first);
}

static void
test_failures (DeploymentTest *test, gconstpointer data)
{
  const char *id = "rollback.decision.query-failure-rate";

  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, NULL);
  measure (test, "query-performance", "\"queries_after\":\"0\",\"failed_after\":\"0\"");
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, NULL);
  /* A third of them, but few. */
  measure (test, "query-performance", "\"queries_after\":\"6\",\"failed_after\":\"2\"");
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, "2 of 6 queries failed: 33.3 %");
  measure (test, "query-performance", "\"queries_after\":\"480\",\"failed_after\":\"12\"");
  assert_verdict (test, id, EROS_CRITERION_NOT_REACHED,
                  "12 of 480 queries failed: 2.5 %, 95 % interval over");
  assert_reached (test, 0, NULL);
  measure (test, "query-performance", "\"queries_after\":\"1000\",\"failed_after\":\"170\"");
  assert_verdict (test, id, EROS_CRITERION_REACHED, "limit > 10 %");
  assert_reached (test, 1, "Query failure rate >10% (170 of 1000 queries failed: 17.0 %");
}

#define COMPARED(what, n, after, variance)                                                                   \
  "\"" what "_n_after\":\"" n "\",\"" what "_n_before\":\"7000\",\"" what "_worth_before\":\"7000\",\"" what \
  "_log_after\":\"" after "\",\"" what "_log_before\":\"0.0\",\"" what "_variance_after\":\"" variance       \
  "\",\"" what "_variance_before\":\"" variance "\""

/* exp (0.6) is 1.82, exp (0.05) is 1.05. */
static void
test_time (DeploymentTest *test, gconstpointer data)
{
  const char *id = "rollback.decision.performance";

  measure (test, "query-performance", COMPARED ("seconds", "19", "0.6", "0.1"));
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, "fewer than 20 on a side");
  measure (test, "query-performance", COMPARED ("seconds", "50", "0.6", "0.5"));
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, "+82.2 %");
  measure (test, "query-performance", COMPARED ("seconds", "5000", "0.6", "0.5"));
  assert_verdict (test, id, EROS_CRITERION_REACHED, "(5000 queries, 7000 before)");
  measure (test, "query-performance", COMPARED ("seconds", "50000", "0.01", "0.5"));
  assert_verdict (test, id, EROS_CRITERION_NOT_REACHED, "the same within 10 %");
}

/* Each query may cost what it did, and there be twice as many. */
static void
test_cost (DeploymentTest *test, gconstpointer data)
{
  const char *id = "rollback.decision.cost";

  measure (test, "cost", COMPARED ("billed", "5000", "0.0", "0.5"));
  assert_verdict (test, id, EROS_CRITERION_NOT_REACHED, "bytes billed for a query");
  assert_verdict (test, "monitoring.success.query-cost-criterion", EROS_CRITERION_NOT_ENOUGH, NULL);
  measure (test, "cost",
           COMPARED ("billed", "5000", "0.0", "0.5") "," COMPARED ("hourly", "30", "0.4", "0.2"));
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, "bytes billed in an hour +49.2 %");
  measure (test, "cost",
           COMPARED ("billed", "5000", "0.0", "0.5") "," COMPARED ("hourly", "150", "0.7", "0.02"));
  assert_verdict (test, id, EROS_CRITERION_REACHED, "bytes billed in an hour +101.4 %");
  assert_verdict (test, "monitoring.success.query-cost-criterion", EROS_CRITERION_NOT_MET, NULL);
  measure (test, "cost", COMPARED ("billed", "5000", "1.0", "0.5"));
  assert_reached (test, 1, "Cost increase >25% (bytes billed for a query +171.8 %");
}

/* One row that cannot be is enough, and none among none proves nothing. */
static void
test_corruption (DeploymentTest *test, gconstpointer data)
{
  const char *id = "rollback.decision.data-corruption";
#define COUNTED(rows, wrong)                                                                                 \
  "\"checked_rows\":\"" rows "\",\"corrupted_rows\":\"" wrong "\",\"integrity_issues\":\"" wrong "\""

  measure (test, "data-integrity", COUNTED ("0", "0"));
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, NULL);
  measure (test, "data-integrity", COUNTED ("5", "0"));
  assert_verdict (test, id, EROS_CRITERION_NOT_REACHED, "0 wrong in 5 rows");
  measure (test, "data-integrity", COUNTED ("5", "1"));
  assert_verdict (test, id, EROS_CRITERION_REACHED, "1 wrong in 5 rows; limit > 0 rows");
  assert_verdict (test, "monitoring.success.data-integrity-criterion", EROS_CRITERION_NOT_MET, NULL);
  assert_reached (test, 1, "Critical bug causing data corruption");

  /* Who has gone back is not told to; what is deployed anew has not been looked at. */
  append (test, "operation.ended", "{\"operation\":\"rollback\",\"id\":\"1\",\"outcome\":\"pass\"}");
  assert_reached (test, 0, NULL);
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"2\",\"outcome\":\"pass\"}");
  assert_reached (test, 0, NULL);
  assert_verdict (test, id, EROS_CRITERION_NOT_ENOUGH, NULL);
}

static void
assert_refused (DeploymentTest *test, const char *id, gboolean is_reached, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (eros_criterion_decide (test->deployment, id, is_reached, "", &error));
  if (error->domain != EROS_DEPLOYMENT_ERROR || strstr (error->message, why) == NULL)
    g_error ("“%s” is not in “%s”", why, error->message);
}

static void
test_decided (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) named = NULL;

  assert_verdict (test, SECURITY, EROS_CRITERION_NOT_DECIDED, NULL);
  assert_refused (test, "rollback.decision.cost", TRUE, "is measured by the monitoring");
  assert_refused (test, "monitoring.success.critical-bugs-criterion", TRUE, "has a box of its own");
  assert_refused (test, "no.such", TRUE, SECURITY ", " UNRECOVERABLE);
  assert_refused (test, SECURITY, TRUE, "Say what was found");
  assert_verdict (test, SECURITY, EROS_CRITERION_NOT_DECIDED, NULL);

  eros_criterion_decide (test->deployment, SECURITY, TRUE, "  a key in a log ", &error);
  g_assert_no_error (error);
  assert_verdict (test, SECURITY, EROS_CRITERION_REACHED, "Yes: a key in a log (Ada <ada@example.com> at ");
  assert_reached (test, 1, "Security vulnerability introduced (Yes: a key");
  /* Whoever would call it a success all the same is told. */
  named = eros_deployment_list_contradictions (test->deployment, "sign-off.confirmation.deployment-lead");
  g_assert_true (
    g_strv_contains ((const char *const *) named,
                     "A criterion to roll back by is reached: Security vulnerability introduced."));
  /* It is taken back by another word only. */
  g_assert_false (eros_deployment_can_undo (test->deployment, NULL));
  deployment_test_reopen (test);
  assert_verdict (test, SECURITY, EROS_CRITERION_REACHED, "a key in a log");
  eros_criterion_decide (test->deployment, SECURITY, FALSE, "", &error);
  g_assert_no_error (error);
  assert_verdict (test, SECURITY, EROS_CRITERION_NOT_REACHED, "No, said Ada");
  assert_reached (test, 0, NULL);
}

/* The record says it; whether that cannot be recovered from is for a person. */
static void
test_fact (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (ErosCriterionState) before = state_of (test, UNRECOVERABLE);
  g_autoptr (ErosCriterionState) failed = NULL;
  g_autoptr (ErosCriterionState) resumed = NULL;

  g_assert_null (before->fact);
  append (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"outcome\":\"fail\"}");
  failed = state_of (test, UNRECOVERABLE);
  g_assert_true (g_str_has_prefix (failed->fact, "“deploy-phase1” did not end well at "));
  g_assert_cmpint (failed->verdict, ==, EROS_CRITERION_NOT_DECIDED);
  append (test, "operation.resumed", "{\"operation\":\"deploy-phase1\",\"id\":\"1\"}");
  resumed = state_of (test, UNRECOVERABLE);
  g_assert_null (resumed->fact);
}

/* Six of the shipped runbook's criteria are estimated. */
static void
test_share (DeploymentTest *test, gconstpointer data)
{
  g_assert_cmpfloat_with_epsilon (eros_measure_get_error (test->deployment), 0.05 / 6, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/criteria/few-failures-are-not-enough", NULL, test_failures);
  deployment_test_add ("/criteria/slower-is-shown-by-many", NULL, test_time);
  deployment_test_add ("/criteria/dearer-each-or-all-together", NULL, test_cost);
  deployment_test_add ("/criteria/one-corrupted-row-is-enough", NULL, test_corruption);
  deployment_test_add ("/criteria/a-person-decides-what-nobody-measures", NULL, test_decided);
  deployment_test_add ("/criteria/a-failed-deployment-stands-beside", NULL, test_fact);
  deployment_test_add ("/criteria/the-error-is-shared", NULL, test_share);
  return g_test_run ();
}
