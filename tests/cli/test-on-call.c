/* test-on-call.c: backup, deploy, monitor, roll back, as a stranger would, against a server of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "on-call.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "foreign-texts.h"

/* (transfer full): the newest backup's name. */
static char *
newest_backup (OnCall *test)
{
  g_autoptr (JsonNode) list = NULL;
  JsonObject *newest;

  on_call (test, 0, "backups", "--json");
  list = cli_test_json (&test->cli);
  newest = json_array_get_object_element (json_node_get_array (list), 0);
  g_assert_true (json_object_get_boolean_member (newest, "verified"));
  return g_strdup (json_object_get_string_member (newest, "name"));
}

static void
assert_result (OnCall *test, const char *expected)
{
  g_autoptr (JsonNode) status = NULL;

  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  status = cli_test_json (&test->cli);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "result"), ==, expected);
  cli_test_assert (&test->cli, 0, "verify", test->id);
}

static void
test_evening (OnCall *test, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *paper = NULL;
  g_autoptr (JsonNode) operation = NULL;

  on_call (test, 0, "backup");
  on_call_assert_says (test, test->cli.output, "✔ Snapshot of caption_bank");
  /* There is none before it. */
  on_call_assert_says (test, test->cli.output, "– Compare sizes with the previous backup: ");
  backup = newest_backup (test);
  on_call (test, 0, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "an incident");
  on_call_assert_says (test, test->cli.output, "✔ Verify Wilson score: formula");
  on_call (test, 0, "compare", "--json");
  on_call (test, 5, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "✔ Data integrity: 0 impossible statistics");

  /* One criterion is enough, although no step finds anything wrong. */
  cli_test_assert (&test->cli, 2, "criterion", test->id, "rollback.decision.security", "maybe");
  cli_test_assert (&test->cli, 3, "criterion", test->id, "rollback.decision.cost", "yes", "--note", "dear");
  cli_test_assert (&test->cli, 0, "criterion", test->id, "rollback.decision.security", "yes", "--note",
                   "a key");
  on_call (test, 1, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "✔ Data integrity: 0 impossible statistics");
  on_call_assert_says (
    test, test->cli.output,
    "✘ Roll back: a criterion for it is reached: Security vulnerability introduced (Yes: a key");
  cli_test_assert (&test->cli, 0, "status", test->id);
  on_call_assert_says (test, test->cli.output, "✘ Roll back: a criterion for it is reached: Security");
  cli_test_assert (&test->cli, 0, "criterion", test->id, "rollback.decision.security", "no");
  on_call (test, 5, "monitor", "--once");

  /* Something breaks: the watch says so, and by its status. */
  on_call_query (test, "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id = 1");
  on_call_query (test, "DELETE FROM eros_platform.caption_bank WHERE caption_id > 100");
  on_call (test, 1, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "✘ Data integrity: 1 impossible statistics");
  on_call_assert_says (test, test->cli.output,
                       "is reached: Critical bug causing data corruption (1 wrong in ");
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "nothing to go on with");

  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output, "caption_bank: " CAPTIONS " rows in the backup, 100 now");
  on_call_assert_says (test, test->cli.output, "caption_bank: 0 of 100 rows\n");
  on_call_assert_says (test, test->cli.output, "Nothing has been run");
  /* As the paper writes the time. */
  paper = g_strdup_printf ("%.4s-%.2s-%.2s_%s", backup + 7, backup + 11, backup + 13, backup + 16);
  on_call (test, 0, "rollback", paper, "--reason", "statistics are broken", "--confirm", "ROLLBACK",
           "--authority", "Grace", "--json");
  operation = cli_test_json (&test->cli);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (operation), "state"), ==,
                   "succeeded");
  assert_result (test, "rolled-back");
  on_call (test, 5, "monitor", "--once");
  on_call (test, 0, "backups", backup);
  on_call_assert_says (test, test->cli.output,
                       "caption_bank: " CAPTIONS " rows in the backup, " CAPTIONS " now");
  on_call (test, 0, "resume-schedules");
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "nothing to go on with");
}

static void
test_limits (OnCall *test, gconstpointer data)
{
  on_call (test, 2, "check", "validation.health.orphans", "--budget", "much");
  on_call_assert_says (test, test->cli.errors, "--budget “much”: Write a size like 50 GiB");
  on_call (test, 2, "backup", "--timeout", "0");
  on_call_assert_says (test, test->cli.errors, "--timeout “0”: A job may take from 0.001");
  on_call (test, 2, "backups", "--price", "6.255");
  on_call_assert_says (test, test->cli.errors, "--price “6.255”: A price has whole cents");
  cli_test_assert (&test->cli, 2, "rehearse", "--budget", "5 GB");
  on_call_assert_says (test, test->cli.errors, "--budget “5 GB”: Write the size in MiB, GiB or TiB");
  g_assert_cmpuint (local_server_count (test->server, "POST", "/jobs$"), ==, 0);

  on_call (test, 4, "check", "validation.health.orphans", "--budget", "0.5 MiB");
  on_call_assert_says (test, test->cli.output, "limit for bytes billed: 524288");
  on_call (test, 0, "check", "validation.health.orphans", "--budget", "1 GiB");
  /* There is no workload here: the question is taken, and there is not enough to answer it. */
  on_call (test, 5, "check", "validation.baseline.daily-cost", "--price", "0");
  on_call_assert_says (test, test->cli.output, "0 failed, 1 not enough to say");
  on_call_assert_says (test, test->cli.output, "by 0 whole hours with 0 queries");
}

/* Jobs say so, and the server keeps to it. */
static void
test_time_limit (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) jobs = NULL;
  JsonObject *newest;

  on_call (test, 0, "check", "validation.health.orphans", "--timeout", "12.5");
  jobs = local_server_call (test->server, "GET",
                            "/bigquery/v2/projects/eros-rehearsal/jobs?allUsers=true&projection=full", NULL);
  newest =
    json_array_get_object_element (json_object_get_array_member (json_node_get_object (jobs), "jobs"), 0);
  g_assert_cmpstr (
    json_object_get_string_member (json_object_get_object_member (newest, "configuration"), "jobTimeoutMs"),
    ==, "12500");
}

static void
test_jobs (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) started = NULL;
  g_autoptr (JsonNode) list = NULL;
  JsonArray *jobs;
  guint n_ours = 0;

  on_call (test, 0, "jobs");
  on_call_assert_says (test, test->cli.output, "There are no jobs.");
  on_call (test, 0, "backup");
  on_call (test, 0, "jobs", "--failed");
  on_call_assert_says (test, test->cli.output, "No job has failed.");
  /* Somebody else's. */
  started = local_server_call (test->server, "POST", "/bigquery/v2/projects/eros-rehearsal/jobs",
                               "{\"configuration\": {\"query\": {\"query\": \"SELECT ERROR('it burns')\", "
                               "\"useLegacySql\": false}}}");
  on_call_query (test, "SELECT 1");
  on_call (test, 0, "jobs", "--failed", "--json");
  list = cli_test_json (&test->cli);
  jobs = json_node_get_array (list);
  g_assert_cmpuint (json_array_get_length (jobs), ==, 1);
  g_assert_nonnull (
    strstr (json_object_get_string_member (json_array_get_object_element (jobs, 0), "error"), "it burns"));
  g_assert_false (
    json_object_get_boolean_member (json_array_get_object_element (jobs, 0), "of_this_deployment"));
  g_clear_pointer (&list, json_node_unref);

  on_call (test, 0, "jobs", "--json", "-n", "10000");
  list = cli_test_json (&test->cli);
  jobs = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (jobs); i++)
    n_ours +=
      json_object_get_boolean_member (json_array_get_object_element (jobs, i), "of_this_deployment") ? 1 : 0;
  g_clear_pointer (&list, json_node_unref);
  cli_test_assert (&test->cli, 0, "jobs", "--recorded", "--json", test->id);
  list = cli_test_json (&test->cli);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), ==, n_ours);
  g_assert_cmpuint (n_ours, >, 5);
}

static void
fail_with (OnCall *test, const char *message)
{
  g_autoptr (JsonNode) text = json_node_init_string (json_node_alloc (), message);
  g_autofree char *quoted = json_to_string (text, FALSE);
  g_autofree char *body = g_strdup_printf (
    "{\"configuration\": {\"query\": {\"query\": \"SELECT ERROR(@text)\", \"useLegacySql\": false, "
    "\"parameterMode\": \"NAMED\", \"queryParameters\": [{\"name\": \"text\", \"parameterType\": "
    "{\"type\": \"STRING\"}, \"parameterValue\": {\"value\": %s}}]}}}",
    quoted);
  g_autoptr (JsonNode) started =
    local_server_call (test->server, "POST", "/bigquery/v2/projects/eros-rehearsal/jobs", body);
}

/* Whoever may run a query can put anything into a message that others read. */
static void
test_foreign_messages (OnCall *test, gconstpointer data)
{
  for (guint i = 0; i < N_FOREIGN_TEXTS; i++)
    {
      g_autofree char *text = foreign_text (i);

      fail_with (test, text);
      /* So many are listed at once. */
      if (i % 25 != 24)
        continue;
      on_call (test, 0, "jobs", "--failed");
      g_assert_null (foreign_find_raw (test->cli.output, TRUE));
      on_call_assert_says (test, test->cli.output, "‹U+");
      on_call (test, 0, "jobs", "--failed", "--json");
      g_assert_null (foreign_find_raw (test->cli.output, TRUE));
    }
}

static void
test_gates (OnCall *test, gconstpointer data)
{
  on_call (test, 3, "deploy", "phase1");
  on_call_assert_says (test, test->cli.errors,
                       "“The stakeholders have approved”: still open: “Product Owner");
  on_call_assert_says (test, test->cli.errors, "gate.backup");
  on_call_assert_says (test, test->cli.errors, "--override-name NAME --override-reason REASON");
  /* Nothing has been begun. */
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "nothing to go on with");
  on_call (test, 0, "deploy", "phase1", "--dry-run");
  on_call_assert_says (test, test->cli.output, "It has to wait for these:\n  gate.approvals");
  on_call_assert_says (test, test->cli.output, "phase1/10-wilson-score");
  on_call (test, 3, "resume-schedules");
  on_call (test, 3, "verify-steps");
  on_call_assert_says (test, test->cli.errors, "Nothing is deployed that could be verified");
}

/* All of it is looked at again, whatever fails, and the boxes say what was found. */
static void
test_verify_again (OnCall *test, gconstpointer data)
{
  on_call (test, 0, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "a test");
  on_call (test, 0, "verify-steps");
  on_call_assert_says (test, test->cli.output, "✔ Verify Wilson score: formula");
  on_call_query (
    test, "CREATE OR REPLACE FUNCTION eros_platform.wilson_score_lower_bound (engagements INT64, views "
          "INT64) RETURNS FLOAT64 AS (0.5)");
  on_call (test, 1, "verify-steps");
  on_call_assert_says (test, test->cli.output, "✘ Verify Wilson score: formula");
  on_call_assert_says (test, test->cli.output, "✔ Verify Injection protection");
  cli_test_assert (&test->cli, 0, "status", test->id);
  on_call_assert_says (test, test->cli.output, "Wilson Score calculations verified");
}

static void
test_pause (OnCall *test, gconstpointer data)
{
  on_call (test, 0, "pause-schedules");
  on_call_assert_says (test, test->cli.output, "✔ Pause the scheduled queries");
  on_call (test, 0, "resume-schedules");
  on_call (test, 3, "resume-schedules");
}

/* Each statement is checked, or it is said why it could not be. */
static void
test_forecast (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *script;
  JsonObject *view;

  on_call (test, 0, "deploy", "phase1", "--dry-run");
  on_call_assert_says (test, test->cli.output,
                       "✔ Line 6: CREATE OR REPLACE FUNCTION wilson_score_lower_bound");
  on_call_assert_says (test, test->cli.output, "– Line 22: CREATE OR REPLACE VIEW caption_scores_corrected");
  on_call_assert_says (test, test->cli.output, "it uses wilson_score_lower_bound\n");
  on_call_assert_says (test, test->cli.output, " could not be before they run, 0 would");
  on_call (test, 0, "deploy", "phase1", "--dry-run", "--json");
  answer = cli_test_json (&test->cli);
  script =
    json_array_get_object_element (json_object_get_array_member (json_node_get_object (answer), "steps"), 1);
  g_assert_cmpstr (json_object_get_string_member (script, "forecast"), ==, "not-checked");
  view = json_array_get_object_element (json_object_get_array_member (script, "statements"), 2);
  g_assert_cmpstr (json_object_get_string_member (view, "forecast"), ==, "not-checked");
  g_assert_nonnull (json_object_get_string_member (view, "detail"));
}

/* The server says before anything runs what would fail, and where; and afterwards how far the script came. */
static void
test_mistakes (OnCall *test, gconstpointer data)
{
  g_autofree char *source = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", NULL);
  g_autofree char *copy = g_build_filename (test->cli.folder, "sql", NULL);
  g_autofree char *script = g_build_filename (copy, "phase1/10-wilson-score/deploy.sql", NULL);
  const char *argv[] = { "cp", "-r", source, copy, NULL };
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;

  g_assert_true (
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (script, &text, NULL, NULL));
  longer = g_strconcat (text, "SELECT 1;\nSELECT FROM;\n", NULL);
  g_assert_true (g_file_set_contents (script, longer, -1, NULL));
  on_call (test, 1, "deploy", "phase1", "--dry-run", "--sql", copy);
  on_call_assert_says (test, test->cli.output, "Wilson score: ✘ Syntax error");
  on_call_assert_says (test, test->cli.output, " | SELECT FROM;\n       |        ^\n");
  on_call_assert_says (test, test->cli.errors, "1 step would fail");
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "nothing to go on with");

  on_call_query (test, "DROP TABLE eros_platform.caption_bandit_stats");
  on_call (test, 1, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "an incident");
  on_call_assert_says (test, test->cli.output,
                       "✔ Line 6: CREATE OR REPLACE FUNCTION wilson_score_lower_bound");
  on_call_assert_says (test, test->cli.output, " | CREATE SNAPSHOT TABLE");
}

/* The boxes say that there is a backup; the machine has taken none today. */
static void
test_old_backup (OnCall *test, gconstpointer data)
{
  static const char *const gates[] = { "gate.approvals", "gate.environment", "gate.health", "gate.baseline" };
  static const char *const boxes[] = { "completed", "sizes", "metadata", "location" };

  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    cli_test_assert (&test->cli, 0, "override", test->id, gates[i], "Grace", "a test");
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      g_autofree char *box = g_strconcat ("backup.verification.", boxes[i], NULL);

      cli_test_assert (&test->cli, 0, "tick", "--reason", "in the console", test->id, box);
    }
  on_call (test, 3, "deploy", "phase1");
  on_call_assert_says (test, test->cli.errors, "has taken no backup in the last 24 hours");
  on_call (test, 0, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "taken by hand");
  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  on_call_assert_says (test, test->cli.output, "taken by hand");
}

static void
test_wrong_usage (OnCall *test, gconstpointer data)
{
  on_call (test, 2, "rollback", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "--reason");
  on_call (test, 2, "rollback", "--confirm", "ROLLBACK", "--reason", " ");
  on_call (test, 2, "rollback", "--reason", "x");
  on_call_assert_says (test, test->cli.errors, "--confirm ROLLBACK");
  on_call (test, 2, "rollback", "--reason", "x", "--confirm", "rollback");
  on_call (test, 2, "rollback", "yesterday", "--reason", "x", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "“yesterday”");
  on_call (test, 2, "rollback", "20251031_143022", "--reason", "x", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "no backup backup_20251031_143022");
  on_call (test, 2, "rollback", "--reason", "x", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "No verified backup");
  on_call (test, 2, "rollback", "20251031_143022", "extra", "--reason", "x", "--confirm", "ROLLBACK");
  on_call (test, 2, "deploy");
  on_call (test, 2, "deploy", "phase3");
  on_call (test, 2, "deploy", "phase1", "--override-name", "Grace");
  on_call (test, 1, "deploy", "phase1", "--sql", "/nowhere");
  on_call_assert_says (test, test->cli.errors, "/nowhere");
  on_call (test, 2, "backup", "--retention-days", "0");
  on_call (test, 2, "backup", "--retention-days", "90d");
  on_call (test, 2, "backup", "--captions", "-1");
  on_call (test, 2, "backups", "--dry-run");
  on_call (test, 2, "backups", "--prune", "--json");
  on_call (test, 2, "backups", "soon");
  on_call (test, 2, "jobs", "-n", "0");
  on_call (test, 2, "jobs", "-n", "many");
  on_call (test, 2, "monitor", "--every", "0");
  on_call (test, 2, "monitor", "--since", "soon");
  on_call (test, 2, "backup", "--sign-in", "magic");
  cli_test_assert (&test->cli, 2, "backup", "--endpoint", "nonsense://", test->id);
  on_call (test, 2, "rollback", "--reason", "\xff", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "not valid UTF-8");
  on_call (test, 2, "rollback", "\xff", "--reason", "x", "--confirm", "ROLLBACK");
  on_call (test, 2, "deploy", "phase\xff");
  on_call (test, 2, "deploy", "phase1", "--sql", "\xff");
  on_call (test, 1, "revert", "\xff");
  cli_test_assert (&test->cli, 2, "\xff");
  g_assert_true (g_utf8_validate (test->cli.errors, -1, NULL));
  cli_test_assert (&test->cli, 1, "new", "--name", "x", "--file", "no/folder.erosdeploy");
  on_call_assert_says (test, test->cli.errors, "There is no folder");
  /* None of it is on record. */
  cli_test_assert (&test->cli, 0, "verify", test->id);
  on_call_assert_says (test, test->cli.output, "1 events");
}

static void
test_nobody_home (OnCall *test, gconstpointer data)
{
  static const char *const commands[] = { "backup", "backups", "compare", "jobs", "monitor", "resume" };

  g_clear_pointer (&test->server, local_server_free);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      on_call (test, 4, commands[i]);
      on_call_assert_says (test, test->cli.errors, "Nothing answers at");
    }
  on_call (test, 4, "deploy", "phase1");
  on_call (test, 4, "rollback", "--reason", "x", "--confirm", "ROLLBACK");
}

static void
test_denied (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) answer =
    local_server_call (test->server, "POST", "/_local/permissions",
                       "{\"deny\": [\"bigquery.tables.createSnapshot\", \"bigquery.tables.list\"]}");

  on_call (test, 4, "backup");
  on_call (test, 4, "backups");
  on_call_assert_says (test, test->cli.errors, "could not be listed");
}

/* The bucket has gone: what is in the data set is still shown. */
static void
test_no_bucket (OnCall *test, gconstpointer data)
{
  on_call (test, 0, "backup");
  local_server_fault (test->server,
                      "{\"path\": \"storage/v1/b/\", \"times\": -1, \"action\": \"403:forbidden\"}");
  on_call (test, 0, "backups");
  on_call_assert_says (test, test->cli.errors, "bucket could not be looked at");
  on_call_assert_says (test, test->cli.output, "not known whether it was verified");
}

static void
test_prune (OnCall *test, gconstpointer data)
{
  static const char *const objects[] = { "20200131_120000/metadata.json", "20200131_120000/caption_bank-0.gz",
                                         "20200131_120000/more/metadata.json" };
  g_autoptr (JsonNode) left = NULL;
  JsonArray *objects_left;

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name=%s", objects[i]);
      g_autoptr (JsonNode) answer =
        local_server_call (test->server, "POST", path,
                           "{\"format\": \"eros-backup-1\", \"tables\": [{\"table\": \"caption_bank\", "
                           "\"rows\": \"7\"}]}");
    }
  on_call (test, 0, "backup");
  on_call (test, 0, "backups");
  on_call_assert_says (test, test->cli.output, "backup_20200131_120000: taken 2020-01-31 12:00:00 UTC");
  on_call_assert_says (test, test->cli.output, "caption_bank: 7 rows");
  on_call (test, 1, "rollback", "20200131_120000", "--dry-run");
  on_call_assert_says (test, test->cli.output, "and no export is on record: choose another backup");
  on_call (test, 1, "rollback", "20200131_120000", "--reason", "x", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "and no export is on record: choose another backup");

  on_call (test, 0, "backups", "--prune", "--dry-run");
  on_call_assert_says (test, test->cli.output, "backup_20200131_120000: would be removed");
  on_call (test, 0, "backups", "--prune");
  on_call_assert_says (test, test->cli.output, "1 of 2 backups");
  on_call (test, 0, "backups", "--prune");
  on_call_assert_says (test, test->cli.output, "0 of 1 backups");
  left = local_server_call (test->server, "GET", "/storage/v1/b/eros-platform-backups/o", NULL);
  objects_left = json_object_get_array_member (json_node_get_object (left), "items");
  for (guint i = 0; i < json_array_get_length (objects_left); i++)
    g_assert_false (g_str_has_prefix (
      json_object_get_string_member (json_array_get_object_element (objects_left, i), "name"), "2020"));
  g_assert_cmpuint (json_array_get_length (objects_left), >=, 4);
  cli_test_assert (&test->cli, 0, "verify", test->id);
}

/* Reads lines until one has WORDS. */
static gboolean
wait_for (FILE *output, const char *words)
{
  char line[4096];

  while (fgets (line, sizeof line, output) != NULL)
    if (strstr (line, words) != NULL)
      return TRUE;
  return FALSE;
}

static int
stop_at (OnCall *test, const char *command, const char *argument, const char *words, int signal)
{
  int fd = -1;
  int status = 0;
  GPid child =
    cli_test_start (&test->cli, &fd, command, "--endpoint", test->endpoint, test->id, argument, NULL);
  FILE *output = fdopen (fd, "r");

  g_assert_true (wait_for (output, words));
  kill (child, signal);
  while (wait_for (output, "\n"))
    ;
  fclose (output);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
test_interrupted (OnCall *test, gconstpointer data)
{
  static const char *const gates[] = { "gate.approvals", "gate.environment", "gate.backup", "gate.health",
                                       "gate.baseline" };

  /* So that there is a middle to stop in. */
  local_server_fault (test->server, "{\"path\": \"/jobs/eros-restore-test\", \"action\": \"delay:1500\"}");
  g_assert_cmpint (stop_at (test, "backup", NULL, "✔ Export caption_bank", SIGINT), ==, 130);
  local_server_no_faults (test->server);
  cli_test_assert (&test->cli, 0, "verify", test->id);
  on_call (test, 0, "backup");
  on_call_assert_says (test, test->cli.output, "it goes on");
  g_assert_null (strstr (test->cli.output, "✔ Snapshot of caption_bank"));
  /* It is the first one: nobody but a person can say that its sizes are reasonable. */
  cli_test_assert (&test->cli, 0, "tick", test->id, "backup.verification.sizes");

  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    if (i != 2)
      cli_test_assert (&test->cli, 0, "override", test->id, gates[i], "Grace", "a test");
  local_server_fault (test->server, "{\"path\": \"/jobs/eros-phase1-20\", \"action\": \"delay:1500\"}");
  g_assert_cmpint (stop_at (test, "deploy", "phase1", "✔ Verify Wilson score: formula", SIGKILL), ==, -1);
  local_server_no_faults (test->server);
  on_call (test, 0, "resume");
  g_assert_null (strstr (test->cli.output, "✔ Wilson score"));
  on_call_assert_says (test, test->cli.output, "✔ Verify Injection protection: safe-selection");
  cli_test_assert (&test->cli, 0, "verify", test->id);
}

static void
test_failed_step (OnCall *test, gconstpointer data)
{
  on_call_query (test, "CREATE TABLE eros_platform.caption_locks (nothing INT64)");
  on_call (test, 1, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "a test");
  on_call_assert_says (test, test->cli.output, "✔ Wilson score");
  on_call_assert_says (test, test->cli.output, "eros-deploy revert");
  on_call (test, 0, "revert");
  on_call_assert_says (test, test->cli.output, "✔ Take back: Caption locking");
  on_call_query (test, "DROP TABLE eros_platform.caption_locks");
  on_call (test, 0, "deploy", "phase1");
  on_call_assert_says (test, test->cli.output, "it goes on");
  on_call_assert_says (test, test->cli.output, "✔ Caption locking");
  g_assert_null (strstr (test->cli.output, "✔ Wilson score"));
  on_call (test, 0, "revert", "phase1/40-injection-protection");
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "nothing to go on with");
  on_call (test, 2, "revert");
  on_call (test, 1, "revert", "phase1/99-nothing");
}

static void
test_watch (OnCall *test, gconstpointer data)
{
  g_assert_cmpint (stop_at (test, "monitor", "--every=1", "✔ Data integrity", SIGINT), ==, 130);
  on_call (test, 5, "monitor", "--for", "0");
}

/* Away in the middle: nobody knows, so nothing has failed but the connection. */
static void
test_server_dies (OnCall *test, gconstpointer data)
{
  int fd = -1;
  int status = 0;
  GPid child;
  FILE *output;

  local_server_fault (test->server, "{\"path\": \"/jobs/eros-restore-test\", \"action\": \"delay:2000\"}");
  child = cli_test_start (&test->cli, &fd, "backup", "--endpoint", test->endpoint, test->id, NULL);
  output = fdopen (fd, "r");
  g_assert_true (wait_for (output, "✔ Export caption_bank"));
  g_clear_pointer (&test->server, local_server_free);
  while (wait_for (output, "\n"))
    ;
  fclose (output);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, 4);
  cli_test_assert (&test->cli, 0, "status", test->id);
  g_assert_null (strstr (test->cli.output, "Failing"));
}

/* Somebody waits for a long query's answer when the program that started the server has gone. */
static void
test_server_ends (void)
{
  const char *sql =
    "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)), UNNEST(GENERATE_ARRAY(1, 100000))";
  g_autofree char *body = g_strdup_printf ("{\"query\": \"%s\", \"useLegacySql\": false}", sql);
  g_autofree char *request = g_strdup_printf ("POST /bigquery/v2/projects/eros-rehearsal/queries HTTP/1.1\r\n"
                                              "Host: localhost\r\nContent-Type: application/json\r\n"
                                              "Content-Length: %zu\r\n\r\n%s",
                                              strlen (body), body);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) server =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      g_getenv ("EROS_LOCAL_BIGQUERY"), "--port=0", "--until-eof", NULL);
  g_autoptr (GDataInputStream) output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_no_error (error);
  for (guint i = 0; i < 6; i++)
    {
      GSocketConnection *connection =
        g_socket_client_connect_to_uri (client, line + strlen ("listening on "), 80, NULL, &error);

      g_assert_no_error (error);
      g_ptr_array_add (waiting, connection);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                                 strlen (request), NULL, NULL, &error);
      g_assert_no_error (error);
    }
  /* Until they wait: nobody can see that from outside. */
  g_usleep (G_USEC_PER_SEC / 2);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (server), NULL, NULL));
  g_assert_true (g_subprocess_wait (server, NULL, &error));
  g_assert_true (g_subprocess_get_successful (server));
}

/* What a rehearsal's BigQuery holds is there for the next command. */
static void
test_rehearsal (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) made = NULL;

  cli_test_assert (&test->cli, 0, "new", "--json", "--name", "Practice");
  made = cli_test_json (&test->cli);
  g_free (test->id);
  test->id = g_strdup (json_object_get_string_member (json_node_get_object (made), "id"));
  cli_test_assert (&test->cli, 0, "backup", "--captions", CAPTIONS, test->id);
  cli_test_assert (&test->cli, 0, "rollback", test->id, "--reason", "practice", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, "caption_bank: " CAPTIONS " rows, same fingerprint");
}

#define add(path, function) g_test_add (path, OnCall, NULL, on_call_set_up, function, on_call_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/cli/on-call/a-whole-evening", test_evening);
  add ("/cli/on-call/budget-time-and-price-are-what-was-said", test_limits);
  add ("/cli/on-call/a-time-limit-is-sent-along", test_time_limit);
  add ("/cli/on-call/jobs-of-everybody-and-which-are-ours", test_jobs);
  add ("/cli/on-call/what-a-server-says-is-shown", test_foreign_messages);
  add ("/cli/on-call/a-forecast-says-of-each-statement-what-is-known", test_forecast);
  add ("/cli/on-call/a-closed-gate-says-what-is-missing", test_gates);
  add ("/cli/on-call/an-old-backup-can-be-overridden", test_old_backup);
  add ("/cli/on-call/wrong-usage-changes-nothing", test_wrong_usage);
  add ("/cli/on-call/nobody-home", test_nobody_home);
  add ("/cli/on-call/denied", test_denied);
  add ("/cli/on-call/snapshots-without-their-bucket", test_no_bucket);
  add ("/cli/on-call/prunes-only-past-retention", test_prune);
  add ("/cli/on-call/goes-on-after-ctrl-c-and-a-kill", test_interrupted);
  add ("/cli/on-call/watches-until-it-is-told-to-stop", test_watch);
  add ("/cli/on-call/the-server-dies-in-the-middle", test_server_dies);
  add ("/cli/on-call/a-mistake-is-named-with-its-line-before-and-after", test_mistakes);
  g_test_add_func ("/cli/on-call/a-server-ends-although-somebody-waits", test_server_ends);
  add ("/cli/on-call/a-failed-step-can-be-taken-back", test_failed_step);
  add ("/cli/on-call/a-rehearsal-of-several-commands", test_rehearsal);
  add ("/cli/on-call/what-was-deployed-is-verified-again-to-the-end", test_verify_again);
  add ("/cli/on-call/schedules-are-paused-alone", test_pause);

  return g_test_run ();
}
