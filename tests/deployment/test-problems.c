/* test-problems.c: what is wrong and what is next, as window, terminal and report have it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#include "eros-next.h"
#include "eros-problem.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"

#define NETWORK "preparation.environment.network"

static void
record (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (body);
  eros_deployment_record (test->deployment, kind, body, &error);
  g_assert_no_error (error);
}

static void
begin (DeploymentTest *test, const char *id, const char *operation, const char *title)
{
  g_autofree char *json = g_strdup_printf (
    "{\"id\":\"%s\",\"operation\":\"%s\",\"title\":\"%s\",\"arguments\":{}}", id, operation, title);

  record (test, "operation.started", json);
}

static void
end (DeploymentTest *test, const char *id, const char *operation, const char *outcome, const char *error)
{
  g_autofree char *json =
    g_strdup_printf ("{\"id\":\"%s\",\"operation\":\"%s\",\"outcome\":\"%s\",\"error\":\"%s\"}", id,
                     operation, outcome, error);

  record (test, "operation.ended", json);
}

static void
check (DeploymentTest *test, const char *element, ErosOutcome outcome)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_record_check (test->deployment, element, outcome, "no route", NULL, &error);
  g_assert_no_error (error);
}

static GPtrArray *
list (DeploymentTest *test, const char *running)
{
  return eros_problem_list (test->deployment, eros_timeline_get_now (test->deployment), running);
}

/* "kind place kind place …" */
static void
assert_problems (DeploymentTest *test, const char *running, const char *expected)
{
  g_autoptr (GPtrArray) problems = list (test, running);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    {
      ErosProblem *problem = problems->pdata[i];
      const char *place = eros_problem_get_place (problem);

      if (eros_problem_get_kind (problem) != EROS_PROBLEM_WINDOW_OVER)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "",
                                eros_problem_kind_to_text (eros_problem_get_kind (problem)),
                                place != NULL ? place : "-");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
assert_said (DeploymentTest *test, const char *words)
{
  g_autoptr (GPtrArray) problems = list (test, NULL);

  for (guint i = 0; i < problems->len; i++)
    if (strstr (eros_problem_get_text (problems->pdata[i]), words) != NULL)
      return;
  g_error ("“%s” is not said", words);
}

static void
assert_first (DeploymentTest *test, ErosNextKind kind, const char *element)
{
  g_autoptr (GPtrArray) next = eros_next_list (test->deployment, eros_timeline_get_now (test->deployment), 5);
  const ErosNext *first;

  g_assert_cmpuint (next->len, >, 0);
  first = next->pdata[0];
  g_assert_cmpstr (eros_next_kind_to_text (first->kind), ==, eros_next_kind_to_text (kind));
  g_assert_cmpstr (first->element != NULL ? eros_element_get_id (first->element) : NULL, ==, element);
}

static ErosPhase *
phase_of (DeploymentTest *test, const char *id)
{
  return eros_runbook_find_phase (eros_deployment_get_runbook (test->deployment), id);
}

static void
test_nothing (DeploymentTest *test, gconstpointer data)
{
  assert_problems (test, NULL, "");
  assert_first (test, EROS_NEXT_TICK, "preparation.sign-off.product-owner");
}

static void
test_failure (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  ErosProblem *worst;

  check (test, NETWORK, EROS_OUTCOME_FAIL);
  assert_problems (test, NULL, "check-failed " NETWORK);
  assert_said (test, "no route");
  problems = list (test, NULL);
  worst = eros_problem_find_worst (problems, test->deployment, phase_of (test, "preparation"));
  g_assert_nonnull (worst);
  g_assert_true (eros_problem_is_grave (worst));
  g_assert_null (eros_problem_find_worst (problems, test->deployment, phase_of (test, "backup")));

  eros_deployment_tick_by_decision (test->deployment, NETWORK, "the wire is out", &error);
  g_assert_no_error (error);
  assert_problems (test, NULL, "decided " NETWORK);
  assert_said (test, "the wire is out");
  check (test, NETWORK, EROS_OUTCOME_PASS);
  assert_problems (test, NULL, "");
  /* What was left out was not marked as done. */
  g_assert_true (eros_deployment_withdraw (test->deployment, NETWORK, "it is another's", NULL));
  check (test, NETWORK, EROS_OUTCOME_FAIL);
  g_assert_true (eros_deployment_set_not_applicable (test->deployment, NETWORK, "there is none", NULL));
  assert_said (test, "fails, and was left out by decision of");
}

static void
test_operation (DeploymentTest *test, gconstpointer data)
{
  begin (test, "a", "backup", "Backup");
  assert_problems (test, NULL, "operation-cut-off backup.execution.run");
  /* What is at work here is no problem. */
  assert_problems (test, "a", "");
  end (test, "a", "backup", "error", "no quota is left");
  assert_problems (test, "a", "");
  assert_problems (test, NULL, "operation-failed backup.execution.run");
  assert_said (test, "“Backup” failed: no quota is left");
  assert_first (test, EROS_NEXT_GO_ON, "backup.execution.run");

  begin (test, "b", "deploy-phase1", "Deploy phase 1");
  end (test, "b", "deploy-phase1", "cancelled", "");
  assert_problems (test, NULL,
                   "operation-failed backup.execution.run, operation-stopped deployment.phase-1.run");
  assert_first (test, EROS_NEXT_GO_ON, "deployment.phase-1.run");
  record (test, "operation.resumed", "{\"id\":\"b\"}");
  end (test, "b", "deploy-phase1", "pass", "");
  assert_problems (test, NULL, "operation-failed backup.execution.run");
  deployment_test_reopen (test);
  assert_problems (test, NULL, "operation-failed backup.execution.run");
}

static gboolean
is_next (DeploymentTest *test, const char *id)
{
  g_autoptr (GPtrArray) all = eros_next_list (test->deployment, 0, G_MAXUINT);
  gboolean found = FALSE;

  for (guint i = 0; i < all->len; i++)
    found |= g_str_equal (eros_element_get_id (((const ErosNext *) all->pdata[i])->element), id);
  return found;
}

static void
test_rollback (DeploymentTest *test, gconstpointer data)
{
  begin (test, "a", "deploy-phase1", "Deploy phase 1");
  end (test, "a", "deploy-phase1", "pass", "");
  begin (test, "d", "deploy-phase2", "Deploy phase 2");
  end (test, "d", "deploy-phase2", "pass", "");
  g_assert_false (is_next (test, "deployment.phase-2.run"));
  g_assert_false (eros_problem_is_taken_back (test->deployment, phase_of (test, "deployment")));
  begin (test, "b", "rollback", "Roll back");
  end (test, "b", "rollback", "pass", "");
  assert_problems (test, NULL,
                   "rolled-back rollback.steps.run, message-due rollback.notification.email, "
                   "message-due sign-off.confirmation.notice");
  assert_said (test, "Rolled back at ");
  g_assert_true (eros_problem_is_taken_back (test->deployment, phase_of (test, "deployment")));
  g_assert_false (eros_problem_is_taken_back (test->deployment, phase_of (test, "preparation")));
  /* It is watched at once, and then the pages for it are what comes next. */
  assert_first (test, EROS_NEXT_LOOK, "rollback.steps.watch");
  record (test, "operation.started", "{\"operation\":\"monitoring\"}");
  record (test, "operation.ended", "{\"operation\":\"monitoring\",\"outcome\":\"pass\"}");
  assert_first (test, EROS_NEXT_TICK, "rollback.steps.declare");

  begin (test, "c", "deploy-phase1", "Deploy phase 1");
  end (test, "c", "deploy-phase1", "pass", "");
  assert_problems (test, NULL, "");
  /* What was taken back is not there because something else is. */
  g_assert_true (is_next (test, "deployment.phase-2.run"));
  g_assert_false (eros_problem_is_taken_back (test->deployment, phase_of (test, "deployment")));
}

/* Before an operation stand the boxes of its page, and those that it ticks are not named beside it; what is
 * in its way comes with it, all at once. */
static void
test_next (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) all = eros_next_list (test->deployment, 0, G_MAXUINT);
  gboolean has_phase_1 = FALSE;

  for (guint i = 0; i < all->len; i++)
    {
      const ErosNext *next = all->pdata[i];
      const char *id = eros_element_get_id (next->element);

      g_assert_cmpstr (id, !=, "backup.verification.completed");
      g_assert_cmpstr (id, !=, "deployment.phase-1.execute");
      g_assert_false (g_str_has_prefix (id, "rollback."));
      if (!g_str_equal (id, "deployment.phase-1.run"))
        continue;
      has_phase_1 = TRUE;
      g_assert_cmpint (next->kind, ==, EROS_NEXT_RUN);
      g_assert_cmpuint (next->obstacles->len, >, 1);
      g_assert_nonnull (((ErosObstacle *) next->obstacles->pdata[0])->elements[0]);
    }
  g_assert_true (has_phase_1);
}

static void
test_override (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_override (test->deployment, "gate.approvals", "Grace", "an incident", &error);
  g_assert_no_error (error);
  assert_problems (test, NULL, "overridden deployment.phase-1.run");
  eros_deployment_withdraw (test->deployment, "gate.approvals", "over", &error);
  g_assert_no_error (error);
  assert_problems (test, NULL, "");
}

static void
test_rounds (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_set_value (test->deployment, "deployment.phase-2.end.time", "2026-11-24T15:00:00Z", &error);
  g_assert_no_error (error);
  {
    g_autoptr (GDateTime) ended = g_date_time_new_utc (2026, 11, 24, 15, 0, 0);
    gint64 then = g_date_time_to_unix (ended) * G_USEC_PER_SEC;
    g_autoptr (GPtrArray) coming = eros_next_list (test->deployment, then - 1, G_MAXUINT);
    g_autoptr (GPtrArray) due = eros_next_list (test->deployment, then + 1, 1);
    g_autoptr (GPtrArray) late = eros_problem_list (test->deployment, then + 10 * G_TIME_SPAN_MINUTE, NULL);
    g_autoptr (GPtrArray) missed = eros_problem_list (test->deployment, then + 16 * G_TIME_SPAN_MINUTE, NULL);

    g_assert_cmpint (((ErosNext *) coming->pdata[coming->len - 1])->kind, ==, EROS_NEXT_WAIT);
    g_assert_cmpint (((ErosNext *) due->pdata[0])->kind, ==, EROS_NEXT_LOOK);
    g_assert_cmpint (eros_problem_get_kind (late->pdata[0]), ==, EROS_PROBLEM_ROUND_LATE);
    g_assert_cmpint (eros_problem_get_kind (missed->pdata[0]), ==, EROS_PROBLEM_ROUND_MISSED);
  }
}

static void
test_window (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GDateTime) over = g_date_time_new_utc (2026, 11, 24, 16, 30, 0);
  gint64 time = g_date_time_to_unix (over) * G_USEC_PER_SEC;
  g_autoptr (GPtrArray) before = eros_problem_list (test->deployment, time - 1, NULL);
  g_autoptr (GPtrArray) after = eros_problem_list (test->deployment, time, NULL);

  g_assert_nonnull (strstr (eros_problem_get_text (before->pdata[0]), "window ends at"));
  g_assert_nonnull (strstr (eros_problem_get_text (after->pdata[0]), "window ended at"));
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpint (eros_problem_get_kind (after->pdata[0]), ==, EROS_PROBLEM_WINDOW_OVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/problems/none-at-the-start", NULL, test_nothing);
  deployment_test_add ("/problems/a-failing-check-stays-one-until-it-passes", NULL, test_failure);
  deployment_test_add ("/problems/what-was-begun-and-has-not-ended-well", NULL, test_operation);
  deployment_test_add ("/problems/a-rollback-takes-back-what-was-deployed", NULL, test_rollback);
  deployment_test_add ("/problems/an-override-until-it-is-withdrawn", NULL, test_override);
  deployment_test_add ("/problems/rounds-that-are-late-or-missed", NULL, test_rounds);
  deployment_test_add ("/problems/the-window-is-over", NULL, test_window);
  deployment_test_add ("/next/in-the-order-of-the-pages-with-what-is-in-the-way", NULL, test_next);
  return g_test_run ();
}
