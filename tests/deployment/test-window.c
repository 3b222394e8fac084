/* test-window.c: nothing is deployed outside of the window, or without the team having been told a day before
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"
#include "eros-problem.h"
#include "eros-window.h"

#include <string.h>

#define SENT_AT "preparation.notification.sent.at"
#define SENT_TO "preparation.notification.sent.to"

/* So many minutes from now. (transfer full) */
static char *
in_minutes (int minutes)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_minutes (now, minutes);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

/* A deployment of another environment, with a window that begins and ends in so many minutes. */
static void
make (DeploymentTest *test, ErosEnvironment environment, int start, int end)
{
  g_autofree char *start_text = in_minutes (start);
  g_autofree char *end_text = in_minutes (end);
  const ErosDeploymentSetup setup = {
    .name = (char *) "EROS", .environment = environment, .window_start = start_text, .window_end = end_text
  };
  g_autoptr (ErosRunbook) runbook = g_object_ref (eros_deployment_get_runbook (test->deployment));
  g_autoptr (GError) error = NULL;

  g_clear_object (&test->deployment);
  g_assert_true (g_file_delete (test->file, NULL, NULL));
  test->deployment = eros_deployment_create (test->file, runbook, &setup, DEPLOYMENT_TEST_ACTOR, &error);
  g_assert_no_error (error);
}

/* What the gate lacks has WORDS; NULL: it is open. */
static void
assert_gate (DeploymentTest *test, const char *id, const char *words)
{
  ErosGate *gate = eros_runbook_find_gate (eros_deployment_get_runbook (test->deployment), id);
  g_autofree char *missing = NULL;
  gboolean is_open = eros_deployment_gate_is_open (test->deployment, gate, &missing);

  g_assert_cmpint (is_open, ==, words == NULL);
  if (words != NULL && strstr (missing, words) == NULL)
    g_error ("“%s” is not in: %s", words, missing);
  /* Once is enough. */
  if (words != NULL)
    g_assert_null (strstr (strstr (missing, words) + 1, words));
}

/* Whether a problem of the kind is there at a time, with these words. */
static void
set_time (DeploymentTest *test, const char *field, int minutes)
{
  g_autofree char *text = in_minutes (minutes);

  must (eros_deployment_set_value (test->deployment, field, text, error));
}

static void
test_waits (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_PRODUCTION, 60, 180);
  assert_gate (test, "gate.window", "the window begins at");
  g_assert_false (eros_deployment_allows (test->deployment, "run", "deploy-phase1", NULL, NULL));
  make (test, EROS_ENVIRONMENT_PRODUCTION, -60, 60);
  assert_gate (test, "gate.window", NULL);
  make (test, EROS_ENVIRONMENT_PRODUCTION, -180, -60);
  assert_gate (test, "gate.window", "the window ended at");
  must (eros_deployment_override (test->deployment, "gate.window", "Ada", "it took longer", error));
  /* Where it is not for real nobody waits. */
  make (test, EROS_ENVIRONMENT_STAGING, 60, 180);
  assert_gate (test, "gate.window", NULL);
}

static void
test_announced (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_PRODUCTION, 48 * 60, 50 * 60);
  assert_gate (test, "gate.announced", "“Sent at”, which was due at");
  set_time (test, SENT_AT, 30);
  assert_gate (test, "gate.announced", "has not come yet");
  set_time (test, SENT_AT, -5);
  assert_gate (test, "gate.announced", "“Sent to”");
  must (eros_deployment_set_value (test->deployment, SENT_TO, "team@example.com", error));
  assert_gate (test, "gate.announced", NULL);
  make (test, EROS_ENVIRONMENT_PRODUCTION, 23 * 60, 25 * 60);
  must (eros_deployment_set_value (test->deployment, SENT_TO, "team@example.com", error));
  set_time (test, SENT_AT, -5);
  assert_gate (test, "gate.announced", "which was due at");
}

static void
test_reminder (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, 72 * 60, 74 * 60);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_NOT_ANNOUNCED, ""));
  g_assert_true (
    deployment_test_warns (test, 25 * 60, EROS_PROBLEM_NOT_ANNOUNCED, "has to be announced until"));
  g_assert_true (
    deployment_test_warns (test, 49 * 60, EROS_PROBLEM_NOT_ANNOUNCED, "was not announced in time"));
  must (eros_deployment_set_value (test->deployment, SENT_TO, "team@example.com", error));
  set_time (test, SENT_AT, -5);
  g_assert_false (deployment_test_warns (test, 49 * 60, EROS_PROBLEM_NOT_ANNOUNCED, ""));
  make (test, EROS_ENVIRONMENT_REHEARSAL, 24 * 60, 26 * 60);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_NOT_ANNOUNCED, ""));
}

static void
test_end (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, -60, 60);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_WINDOW_OVER, ""));
  g_assert_true (deployment_test_warns (test, 45, EROS_PROBLEM_WINDOW_OVER, "window ends at"));
  g_assert_true (deployment_test_warns (test, 61, EROS_PROBLEM_WINDOW_OVER, "window ended at"));
}

static void
test_outside (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, -60, 60);
  set_time (test, "deployment.phase-1.start.time", -30);
  set_time (test, "deployment.phase-1.end.time", -20);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, ""));
  set_time (test, "deployment.phase-1.end.time", 90);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "after the window"));
  set_time (test, "deployment.phase-1.start.time", -90);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "outside of the window"));
}

static void
test_moved (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *start = in_minutes (96 * 60);
  g_autofree char *end = in_minutes (98 * 60);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) refusal = NULL;

  make (test, EROS_ENVIRONMENT_PRODUCTION, 48 * 60, 50 * 60);
  must (eros_deployment_set_value (test->deployment, SENT_TO, "team@example.com", error));
  set_time (test, SENT_AT, -5);
  assert_gate (test, "gate.announced", NULL);
  g_assert_false (eros_window_move (test->deployment, start, end, " ", &refusal));
  g_assert_error (refusal, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
  g_clear_error (&refusal);
  g_assert_false (eros_window_move (test->deployment, end, start, "a feast day", &refusal));
  g_clear_error (&refusal);
  before = eros_deployment_fill_template (test->deployment, "preparation.notification.email", NULL, NULL);

  must (eros_window_move (test->deployment, start, end, "a feast day", error));
  g_assert_cmpstr (eros_deployment_get_setup (test->deployment)->window_start, ==, start);
  assert_gate (test, "gate.announced", "before the window was moved");
  after = eros_deployment_fill_template (test->deployment, "preparation.notification.email", NULL, NULL);
  g_assert_cmpstr (before, !=, after);
  g_assert_true (
    g_str_has_prefix (start, eros_deployment_get_value (test->deployment, "details.deployment-date")));

  deployment_test_reopen (test);
  g_assert_cmpstr (eros_deployment_get_setup (test->deployment)->window_end, ==, end);
  assert_gate (test, "gate.announced", "before the window was moved");
}

static void
move (DeploymentTest *test, int start, int end)
{
  g_autofree char *start_text = in_minutes (start);
  g_autofree char *end_text = in_minutes (end);

  must (eros_window_move (test->deployment, start_text, end_text, "a feast day", error));
}

/* It was outside of the window that held when it began, wherever that was moved later. */
static void
test_outside_moved (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, 60, 120);
  set_time (test, "deployment.phase-1.start.time", -30);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "outside of the window"));
  move (test, -60, 60);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "outside of the window"));
  deployment_test_reopen (test);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "outside of the window"));

  make (test, EROS_ENVIRONMENT_STAGING, -60, 60);
  set_time (test, "deployment.phase-1.start.time", -30);
  move (test, 60, 120);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, ""));
  /* It was moved before that began. */
  set_time (test, "deployment.phase-1.start.time", 30);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "outside of the window"));
  set_time (test, "deployment.phase-1.start.time", 90);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, ""));
}

/* Whoever needs longer moves the end before it has come. */
static void
test_longer (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, -60, 60);
  set_time (test, "deployment.phase-1.start.time", -30);
  set_time (test, "deployment.phase-1.end.time", 90);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "after the window"));
  move (test, -60, 120);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, ""));
  /* What had ended before it was moved had ended too late. */
  make (test, EROS_ENVIRONMENT_STAGING, -60, -20);
  set_time (test, "deployment.phase-1.start.time", -30);
  set_time (test, "deployment.phase-1.end.time", -10);
  move (test, -60, 120);
  g_assert_true (deployment_test_warns (test, 0, EROS_PROBLEM_OUTSIDE_WINDOW, "after the window"));
}

/* Also while nothing of it was deployed. */
static void
test_open (DeploymentTest *test, gconstpointer data)
{
  make (test, EROS_ENVIRONMENT_STAGING, -60, 60);
  move (test, -60, 120);
}

static void
assert_refused (DeploymentTest *test, const char *start, const char *end, const char *words)
{
  g_autoptr (GError) refusal = NULL;

  g_assert_false (eros_window_move (test->deployment, start, end, "a feast day", &refusal));
  g_assert_error (refusal, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
  g_assert_nonnull (strstr (refusal->message, words));
}

static void
test_refused (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *past = in_minutes (-5);
  g_autofree char *start = in_minutes (60);
  g_autofree char *end = in_minutes (120);

  make (test, EROS_ENVIRONMENT_PRODUCTION, 30, 90);
  must (eros_window_move (test->deployment, start, end, "a feast day", error));
  assert_refused (test, start, end, "the window already");
  assert_refused (test, past, end, "start is in the past");
  set_time (test, "deployment.phase-1.start.time", -1);
  must (eros_window_move (test->deployment, past, end, "it was begun early", error));
}

/* The event says which window there was. */
static void
test_from (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *start = NULL;
  g_autofree char *end = NULL;
  g_autoptr (ErosEvent) event = NULL;
  GListModel *events;

  make (test, EROS_ENVIRONMENT_STAGING, 60, 120);
  start = g_strdup (eros_deployment_get_setup (test->deployment)->window_start);
  end = g_strdup (eros_deployment_get_setup (test->deployment)->window_end);
  move (test, 180, 240);
  events = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  event = g_list_model_get_item (events, g_list_model_get_n_items (events) - 1);
  g_assert_cmpstr (eros_event_get_string (event, "from_start"), ==, start);
  g_assert_cmpstr (eros_event_get_string (event, "from_end"), ==, end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  deployment_test_add ("/deployment/window/what-is-for-real-waits-for-it", NULL, test_waits);
  deployment_test_add ("/deployment/window/the-team-is-told-a-day-before", NULL, test_announced);
  deployment_test_add ("/deployment/window/that-it-has-to-be-announced-is-said-in-time", NULL, test_reminder);
  deployment_test_add ("/deployment/window/that-it-runs-out-is-said", NULL, test_end);
  deployment_test_add ("/deployment/window/what-was-deployed-outside-of-it-is-said", NULL, test_outside);
  deployment_test_add ("/deployment/window/moved-it-is-announced-anew", NULL, test_moved);
  deployment_test_add ("/deployment/window/moved-it-judges-what-began-later", NULL, test_outside_moved);
  deployment_test_add ("/deployment/window/may-be-made-longer-in-time", NULL, test_longer);
  deployment_test_add ("/deployment/window/that-is-open-may-be-made-longer", NULL, test_open);
  deployment_test_add ("/deployment/window/is-not-moved-to-where-it-is-or-to-the-past", NULL, test_refused);
  deployment_test_add ("/deployment/window/moved-it-is-known-from-where", NULL, test_from);
  return g_test_run ();
}
