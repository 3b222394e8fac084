/* test-rules.c: each refusal says what is missing and what to do, and changes nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"
#include "eros-way-back.h"

#include <string.h>

#define APPROVAL  "preparation.sign-off.product-owner"
#define NETWORK   "preparation.environment.network"
#define EXECUTE   "deployment.phase-1.execute"
#define LEAD      "sign-off.confirmation.deployment-lead"
#define TECHNICAL "sign-off.confirmation.technical-lead"

/* What was refused must have been refused with CODE and a sentence that has WORDS, and without an event. */
#define assert_refused(test, call, code, words)                                                              \
  G_STMT_START                                                                                               \
  {                                                                                                          \
    g_autoptr (GError) e = NULL;                                                                             \
    GError **error = &e;                                                                                     \
    GListModel *events = G_LIST_MODEL (eros_deployment_get_journal ((test)->deployment));                    \
    guint before = g_list_model_get_n_items (events);                                                        \
    gboolean done = (call);                                                                                  \
    g_assert_false (done);                                                                                   \
    g_assert_error (e, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_##code);                                 \
    if (strstr (e->message, words) == NULL)                                                                  \
      g_error ("“%s” is not in: %s", words, e->message);                                                     \
    g_assert_cmpuint (g_list_model_get_n_items (events), ==, before);                                        \
  }                                                                                                          \
  G_STMT_END

static void
test_tick (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_tick (d, "no.such", error), INVALID, "no element “no.such”");
  assert_refused (test, eros_deployment_tick (d, "backup.tables.list", error), INVALID, "not a check box");
  assert_refused (test, eros_deployment_tick (d, LEAD, error), NOT_ALLOWED, "sign it instead");
  must (eros_deployment_tick (d, APPROVAL, error));
  assert_refused (test, eros_deployment_tick (d, APPROVAL, error), NOT_ALLOWED, "ticked already, by Ada");
  must (eros_deployment_record_check (d, NETWORK, EROS_OUTCOME_PASS, "", NULL, error));
  assert_refused (test, eros_deployment_tick (d, NETWORK, error), NOT_ALLOWED, "by machine");
}

static void
test_untick (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_untick (d, "no.such", error), INVALID, "no element");
  assert_refused (test, eros_deployment_untick (d, APPROVAL, error), NOT_ALLOWED, "not ticked");
  assert_refused (test, eros_deployment_untick (d, LEAD, error), NOT_ALLOWED, "not signed");
  must (eros_deployment_set_not_applicable (d, APPROVAL, "nobody", error));
  must (eros_deployment_untick (d, APPROVAL, error));
}

static void
test_not_applicable (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_set_not_applicable (d, APPROVAL, " \n", error), INVALID, "Say why");
  assert_refused (test, eros_deployment_set_not_applicable (d, LEAD, "none", error), NOT_ALLOWED,
                  "override the gate");
  assert_refused (test, eros_deployment_set_not_applicable (d, "escalation.path", "none", error), INVALID,
                  "check box");
  assert_refused (test, eros_deployment_set_not_applicable (d, "no.such", "none", error), INVALID,
                  "no element");
}

static void
test_notes (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *longest = g_strnfill (65536, 'x');
  g_autofree char *longer = g_strnfill (65537, 'x');

  assert_refused (test, eros_deployment_set_note (d, "no.such", "x", error), INVALID, "no element");
  assert_refused (test, eros_deployment_set_note (d, APPROVAL, "\xff", error), INVALID, "UTF-8");
  assert_refused (test, eros_deployment_set_note (d, APPROVAL, longer, error), INVALID, "too long");
  must (eros_deployment_set_note (d, APPROVAL, longest, error));
}

static void
test_values (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_set_value (d, "no.such", "x", error), INVALID, "no field “no.such”");
  assert_refused (test, eros_deployment_set_value (d, "details.deployment-date", "someday", error), INVALID,
                  "");
  assert_refused (test, eros_deployment_set_value (d, LEAD ".status", "MAYBE", error), INVALID, "");
  assert_refused (
    test, eros_deployment_record_value (d, "validation.baseline.daily-cost.value", "much", NULL, error),
    INVALID, "");
  assert_refused (test, eros_deployment_record_value (d, "no.such", "1", NULL, error), INVALID, "no field");
}

static void
open_gate (DeploymentTest *test, const char *id)
{
  must (eros_deployment_override (test->deployment, id, "Grace", "it burns", error));
}

static void
test_sign (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;

  assert_refused (test, eros_deployment_sign (d, APPROVAL, "Kyle", error), INVALID, "not a sign-off");
  assert_refused (test, eros_deployment_sign (d, "no.such", "Kyle", error), INVALID, "no element");
  assert_refused (test, eros_deployment_sign (d, LEAD, "Kyle", error), NOT_ALLOWED,
                  "phase “Preparation” (0 of 16)");
  open_gate (test, "gate.final-sign-off");
  assert_refused (test, eros_deployment_sign (d, LEAD, "Kyle", error), NOT_ALLOWED,
                  "SUCCESS / ROLLBACK REQUIRED");
  must (eros_deployment_set_value (d, LEAD ".status", "SUCCESS", error));
  assert_refused (test, eros_deployment_sign (d, LEAD, " ", error), INVALID, "name");
  assert_refused (test, eros_deployment_sign (d, LEAD, "Kyle\nM.", error), INVALID, "one line");
  must (eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "a test of signatures", error));

  assert_refused (test, eros_deployment_sign (d, LEAD, "Kyle", error), NOT_ALLOWED,
                  "signed already, by Kyle");
  assert_refused (test, eros_deployment_set_value (d, LEAD ".status", "ROLLBACK REQUIRED", error),
                  NOT_ALLOWED, "Withdraw the signature");
  assert_refused (test, eros_deployment_record_value (d, LEAD ".name", "machine", NULL, error), NOT_ALLOWED,
                  "Withdraw");
  must (eros_deployment_sign (d, TECHNICAL, "Grace", error));
}

static void
settle (DeploymentTest *test, const char *const *ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    if (eros_item_get_mark (eros_deployment_get_item (test->deployment, ids[i])) == EROS_ITEM_OPEN)
      {
        const char *person = eros_element_get_person (
          eros_runbook_find_element (eros_deployment_get_runbook (test->deployment), ids[i]));

        if (person != NULL)
          must (eros_deployment_set_value (test->deployment, person, "Grace", error));
        if (i % 2 == 0)
          must (eros_deployment_tick_by_decision (test->deployment, ids[i], "done by hand, in the console",
                                                  error));
        else
          must (eros_deployment_set_not_applicable (test->deployment, ids[i], "small team", error));
      }
}

static ErosGate *
get_gate (DeploymentTest *test, const char *id)
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
record_backup (DeploymentTest *test, const char *outcome)
{
  g_autoptr (JsonNode) body = json_from_string ("{\"operation\": \"backup\", \"id\": \"b\"}", NULL);

  json_object_set_string_member (json_node_get_object (body), "outcome", outcome);
  g_assert_nonnull (eros_deployment_record (test->deployment, "operation.ended", body, NULL));
}

/* The boxes say that there is a backup, and a person may go on by hand; the machine wants one of its own. */
static void
test_gate_wants_a_recent_operation (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;
  guint hours;

  g_assert_cmpstr (eros_gate_get_recent (get_gate (test, "gate.backup"), &hours), ==, "backup");
  g_assert_cmpuint (hours, ==, 24);
  open_gate (test, "gate.approvals");
  open_gate (test, "gate.environment");
  open_gate (test, "gate.health");
  open_gate (test, "gate.baseline");
  settle (test, eros_gate_get_requires (get_gate (test, "gate.backup")));
  must (eros_deployment_tick_by_decision (d, EXECUTE, "by hand", error));
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", &reason, &gate));
  g_assert_true (gate == get_gate (test, "gate.backup"));
  g_assert_nonnull (strstr (reason, "has taken no backup in the last 24 hours that it has verified"));
  record_backup (test, "pass");
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  record_backup (test, "fail");
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  open_gate (test, "gate.backup");
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  /* What no page asks for has no gates. */
  g_assert_true (eros_deployment_allows (d, "run", "resume-schedules", NULL, NULL));
}

static void
test_all_obstacles_are_listed_with_their_elements (DeploymentTest *test, gconstpointer data)
{
  static const char *const ids[] = { "gate.approvals", "gate.environment", "gate.backup", "gate.health",
                                     "gate.baseline" };
  ErosDeployment *d = test->deployment;
  g_autoptr (GPtrArray) obstacles = eros_deployment_list_obstacles (d, "deploy-phase1");
  g_autoptr (GPtrArray) rest = NULL;
  const ErosObstacle *backup;

  g_assert_cmpuint (obstacles->len, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < obstacles->len; i++)
    g_assert_cmpstr (eros_gate_get_id (((ErosObstacle *) obstacles->pdata[i])->gate), ==, ids[i]);
  backup = obstacles->pdata[2];
  g_assert_true (g_strv_contains ((const char *const *) backup->elements, "backup.verification.sizes"));
  g_assert_true (g_strv_contains ((const char *const *) backup->elements, "backup.execution.run"));

  settle (test, eros_gate_get_requires (get_gate (test, "gate.backup")));
  open_gate (test, "gate.approvals");
  rest = eros_deployment_list_obstacles (d, "deployment.phase-1.run");
  g_assert_cmpuint (rest->len, ==, 4);
  backup = rest->pdata[1];
  g_assert_cmpuint (g_strv_length (backup->elements), ==, 1);
  g_assert_nonnull (strstr (backup->missing, "no backup in the last 24 hours"));
}

static void
test_gate_of_items (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosGate *approvals = get_gate (test, "gate.approvals");
  ErosGate *gate = NULL;
  g_autofree char *reason = NULL;

  /* The same for the box, for the operation by its name, and for the operation by its element. */
  assert_refused (test, eros_deployment_tick (d, EXECUTE, error), NOT_ALLOWED,
                  "“The stakeholders have approved”");
  assert_refused (test, eros_deployment_tick (d, EXECUTE, error), NOT_ALLOWED,
                  "“Product Owner approval received”");
  assert_refused (test, eros_deployment_tick (d, EXECUTE, error), NOT_ALLOWED, "and 1 more");
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", &reason, &gate));
  g_assert_true (gate == approvals);
  g_assert_nonnull (strstr (reason, "override it with your name and a reason"));
  g_assert_false (eros_deployment_allows (d, "run", "deployment.phase-1.run", NULL, NULL));

  settle (test, eros_gate_get_requires (approvals));
  g_assert_true (eros_deployment_gate_is_open (d, approvals, NULL));
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", NULL, &gate));
  g_assert_true (gate == get_gate (test, "gate.environment"));
  settle (test, eros_gate_get_requires (gate));
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", NULL, &gate));
  g_assert_true (gate == get_gate (test, "gate.backup"));
  settle (test, eros_gate_get_requires (gate));
  settle (test, eros_gate_get_requires (get_gate (test, "gate.health")));
  open_gate (test, "gate.baseline");
  record_backup (test, "pass");
  g_clear_pointer (&reason, g_free);
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", &reason, &gate));
  g_assert_null (reason);
  g_assert_null (gate);
  must (eros_deployment_tick_by_decision (d, EXECUTE, "by hand", error));
  /* Another gate keeps phase 2. */
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase2", NULL, &gate));
  g_assert_true (gate == get_gate (test, "gate.phase1-sign-off"));
}

static void
test_failing_check_closes_gate (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosGate *health = get_gate (test, "gate.health");
  g_autofree char *missing = NULL;

  settle (test, eros_gate_get_requires (health));
  g_assert_true (eros_deployment_gate_is_open (d, health, NULL));
  /* Ticked by a person, and then the machine looks. */
  must (eros_deployment_record_check (d, "validation.health.row-counts", EROS_OUTCOME_FAIL, "3 rows too many",
                                      NULL, error));
  g_assert_false (eros_deployment_gate_is_open (d, health, &missing));
  g_assert_cmpstr (missing, ==, "“Row counts match expected values”, whose check fails (3 rows too many)");
  assert_refused (test, eros_deployment_tick (d, "validation.health.row-counts", error), NEEDS_REASON,
                  "3 rows too many");
  must (eros_deployment_tick_by_decision (d, "validation.health.row-counts", "they are known", error));
  g_assert_true (eros_deployment_gate_is_open (d, health, NULL));
}

static void
test_override (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosOverride override;

  assert_refused (test, eros_deployment_override (d, "gate.none", "Grace", "x", error), INVALID,
                  "no gate “gate.none”");
  assert_refused (test, eros_deployment_override (d, "gate.backup", "", "x", error), INVALID, "name");
  assert_refused (test, eros_deployment_override (d, "gate.backup", "Grace", " ", error), INVALID, "Say why");
  g_assert_false (eros_deployment_get_override (d, "gate.backup", NULL));
  open_gate (test, "gate.backup");
  g_assert_true (eros_deployment_get_override (d, "gate.backup", &override));
  g_assert_cmpstr (override.name, ==, "Grace");
  g_assert_cmpstr (override.reason, ==, "it burns");
  g_assert_cmpstr (override.actor, ==, DEPLOYMENT_TEST_ACTOR);
  assert_refused (test, eros_deployment_override (d, "gate.backup", "Bob", "x", error), NOT_ALLOWED,
                  "by Grace: it burns");
  assert_refused (test, eros_deployment_undo (d, error), NOT_ALLOWED, "withdrawn where they stand");
  must (eros_deployment_withdraw (d, "gate.backup", "there is one", error));
  g_assert_false (eros_deployment_get_override (d, "gate.backup", NULL));
  settle (test, eros_gate_get_requires (get_gate (test, "gate.backup")));
  /* The work may want more than the boxes say. */
  must (eros_deployment_override (d, "gate.backup", "Grace", "the backup is of yesterday", error));
  /* The report would say that it was not waited for. */
  settle (test, eros_gate_get_requires (get_gate (test, "gate.approvals")));
  assert_refused (test, eros_deployment_override (d, "gate.approvals", "Grace", "x", error), NOT_ALLOWED,
                  "there is nothing to override");
}

static void
test_strict_gates (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  ErosGate *gate = NULL;

  /* A gate on a whole phase keeps everything in it. */
  g_assert_false (eros_deployment_allows (d, "tick", "two.box", NULL, &gate));
  g_assert_cmpstr (eros_gate_get_id (gate), ==, "gate.strict");
  assert_refused (test, eros_deployment_tick (d, "two.box", error), NOT_ALLOWED, "Do that first.");
  assert_refused (test, eros_deployment_override (d, "gate.strict", "Grace", "x", error), NOT_ALLOWED,
                  "cannot be overridden. Still open: phase “One” (0 of 2)");
  must (eros_deployment_tick (d, "one.box", error));
  assert_refused (test, eros_deployment_tick (d, "two.box", error), NOT_ALLOWED, "phase “One” (1 of 2)");
  must (eros_deployment_sign (d, "one.sign", "Kyle", error));
  must (eros_deployment_tick (d, "two.box", error));

  /* A gate on sign-offs. */
  must (eros_deployment_tick (d, "two.last", error));
  must (eros_deployment_untick (d, "two.last", error));
  must (eros_deployment_withdraw (d, "one.sign", "not read", error));
  assert_refused (test, eros_deployment_tick (d, "two.last", error), NOT_ALLOWED, "“Lead Sign-Off”");
}

static void
test_run (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *reason = NULL;

  g_assert_true (eros_deployment_allows (d, "run", "backup", NULL, NULL));
  g_assert_true (eros_deployment_allows (d, "run", NETWORK, NULL, NULL));
  g_assert_false (eros_deployment_allows (d, "run", "make-coffee", &reason, NULL));
  g_assert_nonnull (strstr (reason, "“make-coffee”"));
  g_clear_pointer (&reason, g_free);
  g_assert_false (eros_deployment_allows (d, "run", APPROVAL, &reason, NULL));
  g_assert_nonnull (strstr (reason, "for a person"));
  g_clear_pointer (&reason, g_free);
  g_assert_false (eros_deployment_allows (d, "dance", APPROVAL, &reason, NULL));
  g_assert_nonnull (strstr (reason, "“dance”"));
}

static void
test_undo (DeploymentTest *test, gconstpointer data)
{
  assert_refused (test, eros_deployment_undo (test->deployment, error), NOT_ALLOWED, "nothing to undo");
}

static void
test_machine (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autoptr (JsonNode) body = json_from_string ("{\"element\":\"" APPROVAL "\"}", NULL);
  g_autoptr (JsonNode) floats = json_from_string ("[{\"ms\":1.5}]", NULL);
  g_autoptr (GError) failure = NULL;

  assert_refused (test, eros_deployment_record_check (d, LEAD, EROS_OUTCOME_PASS, "", NULL, error), INVALID,
                  "no check box");
  assert_refused (test, eros_deployment_record_check (d, "no.such", EROS_OUTCOME_PASS, "", NULL, error),
                  INVALID, "no check");
  /* Nobody but a person ticks for a person. */
  assert_refused (test, eros_deployment_record (d, "item.ticked", body, error) != NULL, INVALID,
                  "item.ticked");
  assert_refused (test, eros_deployment_record (d, "event.undone", body, error) != NULL, INVALID,
                  "event.undone");
  g_assert_false (eros_deployment_record_check (d, NETWORK, EROS_OUTCOME_PASS, "", floats, &failure));
  g_assert_error (failure, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT);
  g_assert_cmpint (eros_item_get_outcome (eros_deployment_get_item (d, NETWORK)), ==, EROS_OUTCOME_NONE);
}

static void
assert_not_created (DeploymentTest *test, const char *member, const char *value, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_build_filename (test->folder, "two.erosdeploy", NULL);
  ErosDeploymentSetup setup = { 0 };
  const struct
  {
    const char *name;
    char **text;
  } members[] = {
    { "name", &setup.name },
    { "window_start", &setup.window_start },
    { "window_end", &setup.window_end },
    { "project", &setup.project },
    { "dataset", &setup.dataset },
    { "bucket", &setup.bucket },
    { "lead_email", &setup.lead_email },
    { "lead_phone", &setup.lead_phone },
  };
  ErosDeployment *made;

  setup.name = (char *) "EROS";
  setup.window_start = (char *) "2026-11-24T14:30:00Z";
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_str_equal (member, members[i].name))
      *members[i].text = (char *) value;
  made = eros_deployment_create (file, eros_deployment_get_runbook (test->deployment), &setup, "Ada", &error);
  g_assert_null (made);
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_false (g_file_query_exists (file, NULL));
}

static void
test_setup (DeploymentTest *test, gconstpointer data)
{
  assert_not_created (test, "name", "", "needs a name");
  assert_not_created (test, "name", "  ", "needs a name");
  assert_not_created (test, "name", "a\nb", "one line");
  assert_not_created (test, "name", "\xff", "UTF-8");
  assert_not_created (test, "window_start", "tomorrow", "Window start: Please enter date and time in UTC");
  assert_not_created (test, "window_start", "2026-11-31T14:30:00Z", "2025-10-31 14:30");
  assert_not_created (test, "project", "p1", "Project: Please enter a project id");
  assert_not_created (test, "project", "a-project`.x", "Project: ");
  assert_not_created (test, "dataset", "eros.platform", "Data set: ");
  assert_not_created (test, "bucket", "a/b", "Bucket: ");
  assert_not_created (test, "lead_email", "kyle", "E-mail: Please enter an e-mail address");
  assert_not_created (test, "lead_phone", "call me maybe", "Phone: Please enter a phone number");
  assert_not_created (test, "window_end", "2026-11-24T14:30:00Z", "end after it starts");
}

/* What people write is stored as a field of that kind stores it. */
static void
test_a_setup_is_stored_as_its_fields_are (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_build_filename (test->folder, "three.erosdeploy", NULL);
  const ErosDeploymentSetup given = {
    .name = (char *) " EROS ",
    .window_start = (char *) "2026-11-24 14:30",
    .window_end = (char *) "2026-11-24T18:00:00+02:00",
    .project = (char *) "`example.com:team`",
    .bucket = (char *) "gs://eros-backups/",
  };
  g_autoptr (ErosDeployment) made =
    eros_deployment_create (file, eros_deployment_get_runbook (test->deployment), &given, "Ada", &error);
  const ErosDeploymentSetup *setup;

  g_assert_no_error (error);
  setup = eros_deployment_get_setup (made);
  g_assert_cmpstr (setup->name, ==, "EROS");
  g_assert_cmpstr (setup->window_start, ==, "2026-11-24T14:30:00Z");
  g_assert_cmpstr (setup->window_end, ==, "2026-11-24T16:00:00Z");
  g_assert_cmpstr (setup->project, ==, "example.com:team");
  g_assert_cmpstr (setup->bucket, ==, "eros-backups");
}

/* (transfer full) (nullable): what is wrong with a new deployment's window, so many hours from now */
static char *
check_ahead (int start, int end)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) from = g_date_time_add_hours (now, start);
  g_autoptr (GDateTime) to = g_date_time_add_hours (now, end);
  g_autofree char *from_text = g_date_time_format (from, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *to_text = g_date_time_format (to, "%Y-%m-%dT%H:%M:%SZ");
  const ErosDeploymentSetup setup = { .window_start = from_text, .window_end = to_text };
  g_autoptr (GError) error = NULL;

  return eros_deployment_setup_check_ahead (&setup, &error) ? NULL : g_strdup (error->message);
}

static void
test_a_window_is_not_in_the_past (void)
{
  g_autofree char *over = check_ahead (-4, -1);
  g_autofree char *long_ago = check_ahead (-48, 1);
  g_autofree char *open = check_ahead (-1, 3);
  g_autofree char *ahead = check_ahead (24, 28);

  g_assert_nonnull (strstr (over, "end is in the past"));
  g_assert_nonnull (strstr (long_ago, "start is in the past"));
  g_assert_null (open);
  g_assert_null (ahead);
}

#define Q(...) #__VA_ARGS__

static const char strict[] = Q ({
  "format" : 1,
  "id" : "strict",
  "title" : "Strict",
  "version" : "1",
  "overview" : "Strict gates.",
  "details" : [ { "id" : "details.lead", "label" : "Lead", "type" : "text" } ],
  "appendix" : [ {
    "id" : "more",
    "title" : "More",
    "elements" : [ { "id" : "more.text", "kind" : "text", "text" : "End." } ]
  } ],
  "phases" : [
    {
      "id" : "one",
      "number" : 0,
      "title" : "One",
      "short_title" : "One",
      "sections" : [ {
        "id" : "one.s",
        "title" : "S",
        "elements" : [
          { "id" : "one.box", "kind" : "check", "text" : "Box" }, {
            "id" : "one.sign",
            "kind" : "sign-off",
            "text" : "Lead Sign-Off:",
            "label" : "Lead Sign-Off",
            "role" : "Lead",
            "fields" : [ { "id" : "one.sign.name", "label" : "Name", "type" : "text" } ]
          }
        ]
      } ]
    },
    {
      "id" : "two",
      "number" : 1,
      "title" : "Two",
      "short_title" : "Two",
      "sections" : [ {
        "id" : "two.s",
        "title" : "S",
        "elements" : [
          { "id" : "two.box", "kind" : "check", "text" : "Box" },
          { "id" : "two.last", "kind" : "check", "text" : "Last" }
        ]
      } ]
    }
  ],
  "gates" : [
    {
      "id" : "gate.signed",
      "kind" : "sign-offs",
      "title" : "It is signed",
      "guards" : ["two.last"],
      "requires" : ["one.sign"],
      "may_override" : true
    },
    {
      "id" : "gate.strict",
      "kind" : "phases",
      "title" : "Phase one is done",
      "guards" : ["two"],
      "requires" : ["one"],
      "may_override" : false
    }
  ]
});

/* ---- the way back, proved ------------------------------------------------------------------------------ */

static const char proved_runbook[] =
  "{\"format\":1,\"id\":\"p\",\"title\":\"P\",\"version\":\"1\",\"overview\":\"O\",\"phases\":[{\"id\":"
  "\"one\","
  "\"number\":1,\"title\":\"One\",\"short_title\":\"One\",\"sections\":[{\"id\":\"s\",\"title\":\"S\","
  "\"elements\":["
  "{\"id\":\"run\",\"kind\":\"operation\",\"text\":\"Deploy phase 1\",\"label\":\"Deploy\",\"operation\":"
  "\"deploy-phase1\"}]}]}],\"gates\":[{\"id\":\"gate\",\"kind\":\"proved\",\"title\":\"The way back is "
  "proved\","
  "\"guards\":[\"deploy-phase1\"],\"requires\":[\"deploy-phase1\"],\"may_override\":true}]}";

static void
record_proof (ErosDeployment *d, const char *sql_sha256)
{
  g_autofree char *text =
    g_strdup_printf ("{\"id\":\"1\",\"inventory_digest\":\"%064d\",\"sql\":{\"deploy-phase1\":"
                     "\"%s\"},\"milliseconds\":{\"rollback\":61000}}",
                     7, sql_sha256);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  must (eros_deployment_record (d, EROS_EVENT_WAY_BACK_PROVED, node, error) != NULL);
}

static void
test_a_gate_asks_for_a_proof_of_these_very_steps (DeploymentTest *test, gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autofree char *reason = NULL;
  g_autofree char *text = NULL;

  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", &reason, NULL));
  g_assert_nonnull (strstr (reason, "the way back from “Deploy” with the same SQL, proved on a copy"));
  g_assert_null (eros_way_back_describe (d));
  record_proof (d, "a");
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  text = eros_way_back_describe (d);
  g_assert_true (g_str_has_prefix (text, "The way back takes about 61 seconds"));

  must (eros_way_back_look_for (d, "deploy-phase1", "a", error));
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  must (eros_way_back_look_for (d, "deploy-phase1", "b", error));
  g_assert_false (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
  must (eros_way_back_look_for (d, "deploy-phase1", "a", error));
  g_assert_true (eros_deployment_allows (d, "run", "deploy-phase1", NULL, NULL));
}

static void
test_a_proof_of_other_steps_than_were_deployed_says_nothing_of_the_time (DeploymentTest *test,
                                                                         gconstpointer data)
{
  ErosDeployment *d = test->deployment;
  g_autoptr (JsonNode) node = json_from_string (
    "{\"id\":\"2\",\"operation\":\"deploy-phase1\",\"title\":\"\",\"arguments\":{\"sql_sha256\":\"b\"}}",
    NULL);

  record_proof (d, "a");
  must (eros_deployment_record (d, "operation.started", node, error) != NULL);
  g_assert_null (eros_way_back_describe (d));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/deployment/rules/tick", NULL, test_tick);
  deployment_test_add ("/deployment/rules/untick", NULL, test_untick);
  deployment_test_add ("/deployment/rules/not-applicable", NULL, test_not_applicable);
  deployment_test_add ("/deployment/rules/note", NULL, test_notes);
  deployment_test_add ("/deployment/rules/set", NULL, test_values);
  deployment_test_add ("/deployment/rules/sign", NULL, test_sign);
  deployment_test_add ("/deployment/rules/a-gate-keeps-box-and-operation", NULL, test_gate_of_items);
  deployment_test_add ("/deployment/rules/a-gate-wants-a-recent-operation", NULL,
                       test_gate_wants_a_recent_operation);
  deployment_test_add ("/deployment/rules/all-obstacles-are-listed-with-their-elements", NULL,
                       test_all_obstacles_are_listed_with_their_elements);
  deployment_test_add ("/deployment/rules/a-failing-check-closes-a-gate", NULL,
                       test_failing_check_closes_gate);
  deployment_test_add ("/deployment/rules/override", NULL, test_override);
  deployment_test_add ("/deployment/rules/a-gate-on-a-phase-and-one-on-sign-offs", strict, test_strict_gates);
  deployment_test_add ("/deployment/rules/run", NULL, test_run);
  deployment_test_add ("/deployment/rules/undo", NULL, test_undo);
  deployment_test_add ("/deployment/rules/what-the-machine-may-store", NULL, test_machine);
  deployment_test_add ("/deployment/rules/what-a-deployment-needs", NULL, test_setup);
  deployment_test_add ("/deployment/rules/a-setup-is-stored-as-its-fields-are", NULL,
                       test_a_setup_is_stored_as_its_fields_are);
  g_test_add_func ("/deployment/rules/a-window-is-not-in-the-past", test_a_window_is_not_in_the_past);
  deployment_test_add ("/deployment/rules/a-gate-asks-for-a-proof-of-these-very-steps", proved_runbook,
                       test_a_gate_asks_for_a_proof_of_these_very_steps);
  deployment_test_add ("/deployment/rules/a-proof-of-other-steps-than-were-deployed-says-nothing-of-the-time",
                       proved_runbook,
                       test_a_proof_of_other_steps_than_were_deployed_says_nothing_of_the_time);
  return g_test_run ();
}
