/* test-checks.c: the machine's checks against a real local BigQuery
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "controller-test.h"
#include "eros-plan.h"
#include "eros-probe-private.h"
#include "eros-vocabulary.h"

static gboolean
run_checks (ControllerTest *test, const char *id, GError **error)
{
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  return eros_controller_run_checks_finish (test->controller, result, error);
}

static ErosItem *
item (ControllerTest *test, const char *id)
{
  ErosItem *found = eros_deployment_get_item (test->deployment, id);

  g_assert_nonnull (found);
  return found;
}

static void
assert_passed (ControllerTest *test, const char *id)
{
  ErosItem *checked = item (test, id);

  if (eros_item_get_outcome (checked) != EROS_OUTCOME_PASS)
    g_error ("%s: %s", id, eros_item_get_summary (checked));
  g_assert_cmpint (eros_item_get_mark (checked), ==, EROS_ITEM_TICKED);
  g_assert_nonnull (eros_item_get_evidence (checked));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (eros_item_get_evidence (checked))), >, 0);
}

static void
assert_undecided (ControllerTest *test, const char *id)
{
  ErosItem *checked = item (test, id);

  if (eros_item_get_outcome (checked) != EROS_OUTCOME_NOT_ENOUGH)
    g_error ("%s: %s", id, eros_item_get_summary (checked));
  g_assert_cmpint (eros_item_get_mark (checked), ==, EROS_ITEM_OPEN);
  g_assert_false (eros_item_is_failing (checked));
}

static void
test_the_environment_is_verified (ControllerTest *test, gconstpointer data)
{
  static const char *items[] = { "project", "dataset", "permissions", "bucket", "network" };
  g_autoptr (GError) error = NULL;

  run_checks (test, "preparation.environment", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *id = g_strconcat ("preparation.environment.", items[i], NULL);

      assert_passed (test, id);
    }
  /* The box is about a command that nobody has asked: the program's own client is no proof of it. */
  assert_undecided (test, "preparation.environment.client");
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.environment.project.id"), ==,
                   "eros-rehearsal");
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.environment.dataset.name"), ==,
                   "eros_platform");
}

static void
test_health_and_baseline_are_measured (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  run_checks (test, "validation.health", &error);
  g_assert_no_error (error);
  assert_undecided (test, "validation.health.row-counts");
  controller_test_expect_rows (test);
  g_assert_true (run_checks (test, "validation.health", &error));
  g_assert_no_error (error);
  assert_passed (test, "validation.health.row-counts");
  assert_passed (test, "validation.health.corruption");
  assert_passed (test, "validation.health.orphans");
  assert_passed (test, "validation.health.foreign-keys");
  assert_passed (test, "validation.health.scheduled-queries");
  /* The program's own jobs are no workload, and what has just begun is not a day. */
  g_free (controller_test_query (
    test, "SELECT COUNT(*) FROM `eros-rehearsal.eros_platform.caption_bank` WHERE caption_id > 7"));
  g_assert_false (run_checks (test, "validation.baseline", &error));
  g_assert_no_error (error);
  assert_undecided (test, "validation.baseline.query-time");
  assert_undecided (test, "validation.baseline.slot-usage");
  assert_undecided (test, "validation.baseline.daily-cost");
  operation = eros_controller_find_operation (test->controller, "checks");
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpfloat (eros_operation_get_progress (operation), ==, 1);
  g_assert_false (eros_controller_get_busy (test->controller));
}

/* By the hours of a day, each number from the same measurement, with its spread and its span. */
static void
test_a_baseline_says_what_it_is_of (ControllerTest *test, gconstpointer data)
{
  static const char *filled[] = { "query-time", "caption-selection-time", "slot-usage", "daily-cost",
                                  "distribution-effectiveness" };
  g_autoptr (GError) error = NULL;

  g_assert_true (run_checks (test, "validation.baseline", &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (filled); i++)
    {
      g_autofree char *id = g_strconcat ("validation.baseline.", filled[i], NULL);
      g_autofree char *field = g_strconcat (id, ".value", NULL);
      const char *summary = eros_item_get_summary (eros_deployment_get_item (test->deployment, id));
      gboolean machine = FALSE;

      assert_passed (test, id);
      g_assert_cmpstr (eros_deployment_get_value (test->deployment, field), !=, "");
      eros_deployment_get_value_actor (test->deployment, field, &machine, NULL);
      g_assert_true (machine);
      g_test_message ("%s", summary);
      if (g_str_equal (filled[i], "query-time") || g_str_equal (filled[i], "slot-usage") ||
          g_str_equal (filled[i], "daily-cost"))
        {
          g_assert_nonnull (strstr (summary, " ± "));
          g_assert_true (g_regex_match_simple ("2[34] whole hours", summary, 0, 0));
          g_assert_true (g_regex_match_simple ("\\dZ to 20\\d\\d-", summary, 0, 0));
        }
    }
}

static void
test_a_tick_that_later_fails_is_taken_back (ControllerTest *test, gconstpointer data)
{
  const char *id = "validation.health.corruption";
  g_autoptr (GError) error = NULL;

  g_assert_true (run_checks (test, id, &error));
  g_assert_no_error (error);
  assert_passed (test, id);
  g_free (controller_test_query (
    test, "UPDATE `eros-rehearsal.eros_platform.caption_bandit_stats` SET total_views = -1 WHERE "
          "caption_id IN (1, 2, 3)"));
  g_assert_false (run_checks (test, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, id)), ==, EROS_OUTCOME_FAIL);
  g_assert_cmpint (eros_item_get_mark (item (test, id)), ==, EROS_ITEM_OPEN);
  g_assert_nonnull (strstr (eros_item_get_summary (item (test, id)), "3 breaches of"));
}

static void
test_what_is_missing_is_named (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_object_set (eros_controller_get_connection (test->controller), "dataset", "not_there", "bucket",
                "not-there", NULL);
  g_assert_false (run_checks (test, "preparation.environment.dataset", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, "preparation.environment.dataset")), ==,
                   EROS_OUTCOME_FAIL);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (test, "preparation.environment.dataset")), "not_there"));
  g_assert_false (run_checks (test, "preparation.environment.bucket", &error));
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (test, "preparation.environment.bucket")), "not-there"));
  g_assert_false (run_checks (test, "validation.health.orphans", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, "validation.health.orphans")), ==, EROS_OUTCOME_ERROR);
  g_assert_cmpint (eros_item_get_mark (item (test, "validation.health.orphans")), ==, EROS_ITEM_OPEN);
}

static guint
count_events (ControllerTest *test, const char *kind, const char *member, const char *value)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (g_str_equal (eros_event_get_kind (event), kind) &&
          (member == NULL || g_strcmp0 (eros_event_get_string (event, member), value) == 0))
        n++;
    }
  return n;
}

static void
test_every_job_is_written_down_before_and_after (ControllerTest *test, gconstpointer data)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  g_autoptr (GError) error = NULL;
  guint n_planned = 0;

  run_checks (test, "validation.health", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (!g_str_equal (eros_event_get_kind (event), "job.planned"))
        continue;
      n_planned++;
      g_assert_cmpuint (count_events (test, "job.ended", "job_id", eros_event_get_string (event, "job_id")),
                        ==, 1);
    }
  g_assert_cmpuint (n_planned, ==, 4);
  g_assert_cmpuint (count_events (test, "operation.started", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_events (test, "operation.ended", NULL, NULL), ==, 1);
}

static void
test_cancelling_leaves_the_record_true (ControllerTest *test, gconstpointer data)
{
  const char *ids[] = { "validation", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  operation = eros_controller_find_operation (test->controller, "checks");
  eros_operation_cancel (operation);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_run_checks_finish (test->controller, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_CANCELLED);
  g_assert_cmpuint (count_events (test, "operation.ended", "outcome", "cancelled"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.planned", NULL, NULL), ==,
                    count_events (test, "job.ended", NULL, NULL));
  g_assert_false (eros_controller_get_busy (test->controller));
}

/* project: (nullable) */
static void
plan_job_in (ControllerTest *test, const char *job_id, const char *project, const char *location)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (body, "id", "an-operation");
  json_object_set_string_member (body, "step", "a-step");
  json_object_set_string_member (body, "job_id", job_id);
  if (project != NULL)
    json_object_set_string_member (body, "project", project);
  if (location != NULL)
    json_object_set_string_member (body, "location", location);
  json_node_take_object (node, body);
  eros_deployment_record (test->deployment, "job.planned", node, &error);
  g_assert_no_error (error);
}

static void
plan_job (ControllerTest *test, const char *job_id)
{
  plan_job_in (test, job_id, NULL, NULL);
}

static void
resume (ControllerTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_resume_async (test->controller, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_controller_resume_finish (test->controller, result, &error));
  g_assert_no_error (error);
}

static void
test_resuming_looks_jobs_up (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("arrived", "SELECT 1");
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;
  gint64 planned;

  plan_job (test, "arrived");
  plan_job (test, "never-sent");
  planned = g_get_monotonic_time ();
  /* Sent through another connection: nobody knows here. */
  plan_job_in (test, "elsewhere", "eros-production", "EU");
  eros_big_query_run_async (client, request, NULL, controller_test_keep_cb, &test->result);
  ran = controller_test_wait (test);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);

  resume (test);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "arrived"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "never-sent"), ==, 0);
  /* Nothing is on its way as long as that any more. */
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "patience-ms", (gint64) 500, NULL);
  while (g_get_monotonic_time () < planned + 1050 * 1000)
    g_main_context_iteration (NULL, FALSE);
  resume (test);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "arrived"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "never-sent"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "outcome", "pass"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "outcome", "error"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "elsewhere"), ==, 0);
}

static void
test_the_connection_is_tested_thing_by_thing (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) findings = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (connection, "bucket", "not-there", NULL);
  eros_connection_test_async (connection, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  findings = eros_connection_test_finish (connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (findings), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      gboolean is_bucket = g_str_has_prefix (eros_finding_get_what (finding), "Bucket");

      g_assert_cmpint (eros_finding_get_outcome (finding), ==,
                       is_bucket ? EROS_OUTCOME_FAIL : EROS_OUTCOME_PASS);
      g_assert_cmpint (eros_finding_get_advice (finding) != NULL, ==, is_bucket);
    }
}

/* (transfer full) */
static GListModel *
test_connection (ControllerTest *test)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *findings;

  eros_connection_test_async (connection, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  findings = eros_connection_test_finish (connection, result, &error);
  g_assert_no_error (error);
  return findings;
}

/* A finding that says both. */
static void
assert_advises (GListModel *findings, const char *message, const char *advice)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      const char *advised =
        eros_finding_get_advice (finding) != NULL ? eros_finding_get_advice (finding) : "-";

      g_autofree char *said =
        g_strdup_printf ("%s: %s", eros_finding_get_what (finding), eros_finding_get_message (finding));

      if (strstr (said, message) != NULL && strstr (advised, advice) != NULL)
        {
          g_assert_cmpint (eros_finding_get_outcome (finding), !=, EROS_OUTCOME_PASS);
          return;
        }
      g_string_append_printf (all, "\n%s | %s", eros_finding_get_message (finding), advised);
    }
  g_error ("Nothing says “%s” and “%s”:%s", message, advice, all->str);
}

typedef struct
{
  const char *name;
  const char *property; /* (nullable): of the connection, … */
  const char *value;
  const char *fault;      /* (nullable): a fault: path and action */
  const char *permission; /* (nullable): taken away */
  const char *resource;   /* (nullable): there only */
  const char *message;
  const char *advice;
} Failure;

static const Failure failures[] = {
  { .name = "sign-in",
    .fault = "\"path\":\"/queries|/jobs$\",\"action\":\"401:authError\"",
    .message = "Sign-in: ",
    .advice = "Sign in again. If that does not help, ask the project's administrator whether" },
  { .name = "project",
    .fault = "\"path\":\"/datasets$\",\"action\":\"404:notFound\"",
    .message = "Project eros-rehearsal: ",
    .advice = "Check the names in the connection, or ask the project's administrator" },
  { .name = "project-denied",
    .fault = "\"path\":\"/datasets$\",\"action\":\"403:accessDenied\"",
    .message = "Project eros-rehearsal: ",
    .advice = "role “BigQuery User” on project eros-rehearsal." },
  { .name = "billing",
    .fault = "\"path\":\"/jobs$\",\"action\":\"403:billingNotEnabled\"",
    .message = "Sign-in: ",
    .advice = "link a billing account to project eros-rehearsal." },
  { .name = "data-set",
    .property = "dataset",
    .value = "not_there",
    .message = "Data set not_there: ",
    .advice = "ask the project's administrator to create the data set not_there." },
  { .name = "data-set-denied",
    .permission = "bigquery.datasets.get",
    .resource = "eros_platform",
    .message = "Data set eros_platform: ",
    .advice = "role “BigQuery Data Owner” on data set eros_platform." },
  { .name = "data-set-elsewhere",
    .property = "location",
    .value = "EU",
    .message = "Data set eros_platform is in US, and the connection says EU.",
    .advice = "Set the connection's location to US, or leave it empty." },
  { .name = "jobs-denied",
    .fault = "\"path\":\"/jobs$\",\"action\":\"403:accessDenied\"",
    .message = "Sign-in: ",
    .advice = "role “BigQuery Job User” on project eros-rehearsal." },
  { .name = "permissions-unknown",
    .fault = "\"path\":\":testIamPermissions$\",\"action\":\"403:accessNotConfigured\"",
    .message = "Permissions: ",
    .advice = "enable the Cloud Resource Manager API in project eros-rehearsal." },
  { .name = "bucket",
    .property = "bucket",
    .value = "not-there",
    .message = "Bucket gs://not-there: ",
    .advice = "ask the project's administrator to create the bucket gs://not-there." },
  { .name = "bucket-denied",
    .fault = "\"path\":\"/b/[^/]*$\",\"action\":\"403:forbidden\"",
    .message = "Bucket gs://eros-platform-backups: ",
    .advice = "role “Storage Admin” on bucket gs://eros-platform-backups." },
  { .name = "bucket-cannot-be-written-to",
    .permission = "storage.objects.create",
    .message = "Permission storage.objects.create is missing on bucket gs://eros-platform-backups",
    .advice = "role “Storage Admin” on bucket gs://eros-platform-backups." },
  { .name = "no-bucket",
    .property = "bucket",
    .value = "",
    .message = "names no bucket",
    .advice = "the project's administrator knows it" },
  { .name = "transfer-switched-off",
    .fault = "\"path\":\"/transferConfigs$\",\"action\":\"403:SERVICE_DISABLED\"",
    .message = "Scheduled queries: ",
    .advice = "enable the BigQuery Data Transfer API in project eros-rehearsal." },
  { .name = "transfer-denied",
    .fault = "\"path\":\"/transferConfigs$\",\"action\":\"403:forbidden\"",
    .message = "Scheduled queries: ",
    .advice = "role “BigQuery Admin” on project eros-rehearsal." },
};

static void
test_what_to_ask_for_is_said (ControllerTest *test, gconstpointer data)
{
  const Failure *failure = data;
  g_autoptr (GListModel) findings = NULL;

  if (failure->property != NULL)
    g_object_set (eros_rehearsal_get_connection (test->rehearsal), failure->property, failure->value, NULL);
  if (failure->fault != NULL)
    {
      g_autofree char *rule = g_strdup_printf ("{%s,\"times\":100}", failure->fault);

      controller_test_tell_server (test, "POST", "/_local/faults", rule);
    }
  if (failure->permission != NULL)
    {
      g_autofree char *where = failure->resource != NULL
                                 ? g_strdup_printf (",\"resource\":\"%s\"", failure->resource)
                                 : g_strdup ("");
      g_autofree char *body = g_strdup_printf ("{\"deny\":[\"%s\"]%s}", failure->permission, where);

      controller_test_tell_server (test, "POST", "/_local/permissions", body);
    }
  findings = test_connection (test);
  assert_advises (findings, failure->message, failure->advice);
}

/* As Google answers a person's sign-in, whose scopes do not reach so far, in each of its words. */
static void
test_permissions_that_cannot_be_asked_for_are_not_missing (ControllerTest *test, gconstpointer data)
{
  static const struct
  {
    const char *reason;
    const char *advice;
  } words[] = {
    { "insufficientPermissions", "the role “Browser” on project eros-rehearsal" },
    { "forbidden", "the role “Browser” on project eros-rehearsal" },
    { "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Sign in again and agree to all that is asked for" },
  };

  for (guint w = 0; w < G_N_ELEMENTS (words); w++)
    {
      g_autofree char *rule = g_strdup_printf (
        "{\"path\":\":testIamPermissions$\",\"action\":\"403:%s\",\"times\":100}", words[w].reason);
      g_autoptr (GListModel) findings = NULL;

      controller_test_tell_server (test, "POST", "/_local/faults", rule);
      findings = test_connection (test);
      assert_advises (findings, "cannot be asked", words[w].advice);
      for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
        {
          g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);

          g_assert_cmpint (eros_finding_get_outcome (finding), !=, EROS_OUTCOME_FAIL);
        }
      controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
    }
}

static void
test_each_missing_permission_is_named (ControllerTest *test, gconstpointer data)
{
  static const char *const missing[][3] = {
    { "bigquery.jobs.create", "BigQuery Job User", "running queries" },
    { "bigquery.jobs.listAll", "BigQuery Resource Viewer", "reading the job history" },
    { "bigquery.datasets.get", "BigQuery Data Owner", "finding the data set" },
    { "bigquery.tables.get", "BigQuery Data Owner", "checking tables" },
    { "bigquery.tables.list", "BigQuery Data Owner", "checking tables" },
    { "bigquery.tables.getData", "BigQuery Data Owner", "checking tables" },
    { "bigquery.tables.create", "BigQuery Data Owner", "deploying" },
    { "bigquery.tables.update", "BigQuery Data Owner", "deploying" },
    { "bigquery.tables.updateData", "BigQuery Data Owner", "deploying" },
    { "bigquery.tables.delete", "BigQuery Data Owner", "rolling back" },
    { "bigquery.tables.createSnapshot", "BigQuery Data Owner", "backing up" },
    { "bigquery.tables.deleteSnapshot", "BigQuery Data Owner", "deleting old backups" },
    { "bigquery.tables.restoreSnapshot", "BigQuery Data Owner", "rolling back" },
    { "bigquery.tables.export", "BigQuery Data Owner", "backing up to the bucket" },
    { "bigquery.routines.get", "BigQuery Data Owner", "checking routines" },
    { "bigquery.routines.list", "BigQuery Data Owner", "checking routines" },
    { "bigquery.routines.create", "BigQuery Data Owner", "deploying" },
    { "bigquery.routines.update", "BigQuery Data Owner", "deploying" },
    { "bigquery.routines.delete", "BigQuery Data Owner", "rolling back" },
    { "bigquery.transfers.get", "BigQuery Admin", "seeing scheduled queries" },
    { "bigquery.transfers.update", "BigQuery Admin", "pausing scheduled queries" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"deny\":[\"%s\"]}", missing[i][0]);
      g_autofree char *message = g_strdup_printf (
        "Permission %s is missing in project eros-rehearsal; it is needed for ", missing[i][0]);
      g_autofree char *role = g_strdup_printf ("Ask the project's administrator for the role “%s” on project "
                                               "eros-rehearsal.",
                                               missing[i][1]);
      g_autoptr (GListModel) findings = NULL;

      controller_test_tell_server (test, "POST", "/_local/permissions", body);
      findings = test_connection (test);
      assert_advises (findings, message, role);
      assert_advises (findings, missing[i][2], role);
      controller_test_tell_server (test, "DELETE", "/_local/permissions", NULL);
    }
}

/* The worst of all findings about permissions. */
static ErosOutcome
outcome_of_permissions (GListModel *findings)
{
  ErosOutcome worst = EROS_OUTCOME_PASS;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      ErosOutcome outcome = eros_finding_get_outcome (finding);

      if (worst != EROS_OUTCOME_FAIL && outcome != EROS_OUTCOME_PASS)
        worst = outcome;
    }
  return worst;
}

#define ON_PROJECT_ONLY(names) "{\"deny\":[" names "],\"resource\":\"projects/eros-rehearsal\"}"

/* As most teams grant them. */
static void
test_permissions_may_be_granted_on_the_data_set (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) one = NULL;
  g_autoptr (GListModel) many = NULL;
  g_autoptr (GListModel) missing = NULL;

  controller_test_tell_server (test, "POST", "/_local/permissions",
                               ON_PROJECT_ONLY ("\"bigquery.tables.getData\",\"bigquery.tables.update\""));
  one = test_connection (test);
  g_assert_cmpint (outcome_of_permissions (one), ==, EROS_OUTCOME_PASS);

  /* A data set cannot be asked about these itself. */
  controller_test_tell_server (test, "POST", "/_local/permissions",
                               ON_PROJECT_ONLY ("\"bigquery.tables.create\",\"bigquery.routines.update\""));
  many = test_connection (test);
  g_assert_cmpint (outcome_of_permissions (many), ==, EROS_OUTCOME_WARNING);
  assert_advises (many, "cannot be looked at: bigquery.tables.create, bigquery.routines.update.",
                  "The role “BigQuery Data Owner” on data set eros_platform has them all.");

  controller_test_tell_server (test, "POST", "/_local/permissions",
                               "{\"deny\":[\"bigquery.tables.delete\"]}");
  missing = test_connection (test);
  g_assert_cmpint (outcome_of_permissions (missing), ==, EROS_OUTCOME_FAIL);
  assert_advises (missing, "Permission bigquery.tables.delete is missing", "BigQuery Data Owner");
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Each built-in check gives the results that a runbook may take from it, and no other program has more
 * checks. */
static void
test_each_builtin_gives_its_results (ControllerTest *test, gconstpointer data)
{
  const char *const *names = eros_vocabulary_get_names (EROS_WORD_BUILTIN);
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *const *results = eros_vocabulary_get_results (EROS_WORD_BUILTIN, names[i]);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (ErosProbeResult) probe = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (eros_probe_is_known (names[i]));
      eros_probe_run_async (names[i], big_query, NULL, NULL, controller_test_keep_cb, &test->result);
      result = controller_test_wait (test);
      probe = eros_probe_run_finish (result, &error);
      g_assert_no_error (error);
      for (guint k = 0; results[k] != NULL; k++)
        if (g_hash_table_lookup (probe->values, results[k]) == NULL)
          g_error ("%s gives no %s", names[i], results[k]);
    }
}

/* What this program can do, the controller does. */
static void
test_each_operation_of_the_vocabulary_has_a_plan (void)
{
  const char *const *names = eros_vocabulary_get_names (EROS_WORD_OPERATION);

  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (eros_plan_is_known (names[i]));
}

/* Where there is no row, nothing is sound. */
static void
test_empty_tables_prove_nothing (ControllerTest *test, gconstpointer data)
{
  static const char *const tables[] = { "caption_bank", "caption_bandit_stats", "active_caption_assignments",
                                        "caption_performance_log" };
  static const char *const boxes[] = { "validation.health.corruption", "validation.health.orphans",
                                       "validation.health.foreign-keys",
                                       "validation.baseline.distribution-effectiveness" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("TRUNCATE TABLE `eros-rehearsal.eros_platform.%s`", tables[i]);

      g_free (controller_test_query (test, sql));
    }
  run_checks (test, "validation.health", &error);
  g_assert_no_error (error);
  run_checks (test, "validation.baseline", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    assert_undecided (test, boxes[i]);
}

/* Two pages, whose second is named by a token. */
static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  gboolean is_second = query != NULL && g_strcmp0 (g_hash_table_lookup (query, "pageToken"), "more") == 0;
  const char *body =
    is_second
      ? "{\"transferConfigs\":[{\"name\":\"p/2\",\"displayName\":\"Second\",\"disabled\":true}]}"
      : "{\"transferConfigs\":[{\"name\":\"p/1\",\"displayName\":\"First\"}],\"nextPageToken\":\"more\"}";

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, body, strlen (body));
}

static void
test_scheduled_queries_are_read_to_the_last_page (void)
{
  g_autoptr (SoupServer) server = g_object_new (SOUP_TYPE_SERVER, NULL);
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (ErosBigQuery) big_query = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosProbeResult) probe = NULL;
  g_autofree char *endpoint = NULL;
  g_autofree char *summary = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, page_cb, NULL, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  uris = soup_server_get_uris (server);
  endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  connection = g_object_new (EROS_TYPE_CONNECTION, "project", "eros-production", "dataset", "eros_platform",
                             "location", "US", "endpoint", endpoint, NULL);
  big_query = eros_big_query_new (connection);
  eros_probe_run_async ("transfer.scheduled-queries", big_query, NULL, NULL, found_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  probe = eros_probe_run_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_probe_result_summarize (probe, &summary), ==, EROS_OUTCOME_PASS);
  g_assert_cmpstr (summary, ==, "2 scheduled queries in US: First, Second (paused)");
  g_assert_cmpstr (g_hash_table_lookup (probe->values, "count"), ==, "2");
}

static void
died_cb (ErosRehearsal *rehearsal, const char *message, gpointer user_data)
{
  *(char **) user_data = g_strdup (message);
}

static void
test_a_server_that_dies_is_noticed (ControllerTest *test, gconstpointer data)
{
  g_autofree char *message = NULL;

  g_signal_connect (test->rehearsal, "died", G_CALLBACK (died_cb), &message);
  /* The shell's parent is this test, and the server its child. */
  g_assert_cmpint (system ("pkill -KILL -P $PPID eros-bigquery- || true"), ==, 0);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "signal 9"));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/checks/" name, ControllerTest, NULL, controller_test_set_up, function,            \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-environment-is-verified", test_the_environment_is_verified);
  ADD ("health-and-baseline-are-measured", test_health_and_baseline_are_measured);
  g_test_add ("/controller/checks/a-baseline-says-what-it-is-of", ControllerTest, NULL,
              controller_test_set_up_with_history, test_a_baseline_says_what_it_is_of,
              controller_test_tear_down);
  ADD ("a-tick-that-later-fails-is-taken-back", test_a_tick_that_later_fails_is_taken_back);
  ADD ("what-is-missing-is-named", test_what_is_missing_is_named);
  ADD ("every-job-is-written-down-before-and-after", test_every_job_is_written_down_before_and_after);
  ADD ("cancelling-leaves-the-record-true", test_cancelling_leaves_the_record_true);
  ADD ("resuming-looks-jobs-up", test_resuming_looks_jobs_up);
  ADD ("the-connection-is-tested-thing-by-thing", test_the_connection_is_tested_thing_by_thing);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path =
        g_strconcat ("/controller/checks/what-to-ask-for-is-said/", failures[i].name, NULL);

      g_test_add (path, ControllerTest, &failures[i], controller_test_set_up, test_what_to_ask_for_is_said,
                  controller_test_tear_down);
    }
  ADD ("permissions-that-cannot-be-asked-for-are-not-missing",
       test_permissions_that_cannot_be_asked_for_are_not_missing);
  ADD ("permissions-may-be-granted-on-the-data-set", test_permissions_may_be_granted_on_the_data_set);
  ADD ("each-missing-permission-is-named", test_each_missing_permission_is_named);
  ADD ("empty-tables-prove-nothing", test_empty_tables_prove_nothing);
  g_test_add_func ("/controller/checks/scheduled-queries-are-read-to-the-last-page",
                   test_scheduled_queries_are_read_to_the_last_page);
  ADD ("each-builtin-gives-its-results", test_each_builtin_gives_its_results);
  g_test_add_func ("/controller/checks/each-operation-of-the-vocabulary-has-a-plan",
                   test_each_operation_of_the_vocabulary_has_a_plan);
  ADD ("a-server-that-dies-is-noticed", test_a_server_that_dies_is_noticed);
  return g_test_run ();
}
