/* test-way-back.c: back to a backup at three in the morning, with things missing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "on-call.h"

/* (transfer full): "20251031_143022" of the newest backup */
static char *
newest_stamp (OnCall *test)
{
  g_autoptr (JsonNode) list = NULL;
  JsonObject *newest;

  on_call (test, 0, "backups", "--json");
  list = cli_test_json (&test->cli);
  newest = json_array_get_object_element (json_node_get_array (list), 0);
  return g_strdup (json_object_get_string_member (newest, "name") + strlen ("backup_"));
}

/* In what "status --json" has just said. (transfer none): until the next call */
static const char *
mark_of (OnCall *test, const char *id)
{
  static char mark[32];
  g_autofree char *pattern = g_strdup_printf ("\"id\" *: *\"%s\"[^}]*?\"mark\" *: *\"([a-z-]+)\"", id);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *found = NULL;

  g_assert_true (g_regex_match (regex, test->cli.output, 0, &match));
  found = g_match_info_fetch (match, 1);
  g_strlcpy (mark, found, sizeof mark);
  return mark;
}

static void
deploy (OnCall *test)
{
  on_call (test, 0, "deploy", "phase1", "--override-name", "Grace", "--override-reason", "an incident");
}

static void
test_newest_before (OnCall *test, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *chosen = NULL;
  g_autofree char *skipped = NULL;

  on_call (test, 0, "backup");
  before = newest_stamp (test);
  deploy (test);
  on_call_query (test,
                 "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id < 100");
  on_call (test, 0, "backup");
  after = newest_stamp (test);
  g_assert_cmpstr (after, !=, before);
  chosen =
    g_strdup_printf ("Back to backup_%s: the newest verified backup from before the deployment", before);
  skipped = g_strdup_printf ("backup_%s was taken after that, and may hold what the deployment did", after);
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output, chosen);
  on_call_assert_says (test, test->cli.output, skipped);
  on_call (test, 0, "rollback", after, "--dry-run");
  g_assert_null (strstr (test->cli.output, "Back to"));
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, chosen);
  on_call (test, 5, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "Data integrity: 0 impossible statistics");
}

/* Reading what was written down about such a backup, or about any, is refused. */
static void
refuse_metadata (OnCall *test, const char *stamp)
{
  g_autofree char *folder =
    stamp != NULL ? g_strdup_printf ("%.4s-%.2s-%.2s%s", stamp, stamp + 4, stamp + 6, stamp + 8) : NULL;
  g_autofree char *rule = g_strdup_printf (
    "{\"method\":\"GET\",\"path\":\"/o/%s.*metadata.json$\",\"action\":\"403:accessDenied\",\"times\":-1}",
    folder != NULL ? folder : "");

  local_server_fault (test->server, rule);
}

/* Of a backup whose description cannot be read nobody says that it is not verified, or that there is none. */
static void
test_unread (OnCall *test, gconstpointer data)
{
  g_autofree char *older = NULL;
  g_autofree char *newer = NULL;
  g_autofree char *back = NULL;
  g_autofree char *newest = NULL;
  g_autofree char *unknown = NULL;

  on_call (test, 0, "backup");
  older = newest_stamp (test);
  on_call (test, 0, "backup");
  newer = newest_stamp (test);
  g_assert_cmpstr (newer, !=, older);
  refuse_metadata (test, newer);
  back = g_strdup_printf ("Back to backup_%s: the newest that is known to be a verified backup", older);
  newest = g_strdup_printf ("whether backup_%s, which is newer, is one could not be read", newer);
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output, back);
  on_call_assert_says (test, test->cli.output, newest);
  on_call (test, 0, "backups");
  on_call_assert_says (test, test->cli.output, "not known whether it was verified");
  g_assert_null (strstr (test->cli.output, "not verified"));
  local_server_no_faults (test->server);
  refuse_metadata (test, NULL);
  unknown = g_strdup_printf ("Whether backup_%s is a verified backup could not be read", newer);
  on_call (test, 4, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.errors, unknown);
  on_call_assert_says (test, test->cli.errors, "accessDenied");
  local_server_no_faults (test->server);
  local_server_fault (test->server,
                      "{\"method\":\"GET\",\"path\":\"/b/[^/]*/o$\",\"action\":\"403:accessDenied\","
                      "\"times\":-1}");
  on_call (test, 4, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.errors, unknown);
  /* There is another, of which it is not known either. */
  on_call_assert_says (test, test->cli.errors,
                       "no other is known to be one that holds nothing of the deployment");
  on_call (test, 4, "rollback", "20250101_000000", "--dry-run");
  on_call_assert_says (test, test->cli.errors,
                       "Whether there is a backup backup_20250101_000000 is not known");
  local_server_no_faults (test->server);
  on_call (test, 2, "rollback", "20250101_000000", "--dry-run");
  on_call_assert_says (test, test->cli.errors, "There is no backup backup_20250101_000000");
}

/* What was deployed is not, and the rollback's own boxes come next. */
static void
test_boxes (OnCall *test, gconstpointer data)
{
  static const char *const taken_back[] = { "deployment.phase-1.execute",
                                            "deployment.after-phase-1.wilson-score" };

  on_call (test, 0, "backup");
  deploy (test);
  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  for (guint i = 0; i < G_N_ELEMENTS (taken_back); i++)
    g_assert_cmpstr (mark_of (test, taken_back[i]), ==, "ticked");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  for (guint i = 0; i < G_N_ELEMENTS (taken_back); i++)
    g_assert_cmpstr (mark_of (test, taken_back[i]), ==, "open");
  g_assert_cmpstr (mark_of (test, "rollback.steps.restored"), ==, "ticked");
  g_assert_cmpstr (mark_of (test, "backup.verification.completed"), ==, "ticked");
  cli_test_assert (&test->cli, 0, "status", test->id);
  /* A round is due from the moment on; of the boxes the rollback's come first. */
  on_call_assert_says (test, test->cli.output, "Watch after the rollback, ");
  on_call_assert_says (test, test->cli.output, "\n    rollback.steps.watch\n  ☐ Declare rollback decision");
}

static void
test_none_before (OnCall *test, gconstpointer data)
{
  deploy (test);
  on_call (test, 0, "backup");
  on_call (test, 2, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors,
                       "no verified backup from before the deployment, which began at");
  on_call_assert_says (test, test->cli.errors, "name it");
}

/* The tables come back all the same, and what could not be done stays to be done. */
static void
test_no_schedules (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) denied = local_server_call (test->server, "POST", "/_local/permissions",
                                                   "{\"deny\": [\"bigquery.transfers.update\"]}");
  g_autoptr (JsonNode) allowed = NULL;

  on_call (test, 0, "backup");
  deploy (test);
  on_call_query (test, "DELETE FROM eros_platform.caption_bank WHERE caption_id > 100");
  on_call (test, 1, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output,
                       "caption_bank: " CAPTIONS " rows, same fingerprint as the backup: true");
  on_call_assert_says (test, test->cli.errors, "still to be done: Pause the scheduled queries.");
  cli_test_assert (&test->cli, 0, "status", test->id);
  on_call_assert_says (test, test->cli.output, "Rolled back at");
  on_call_assert_says (test, test->cli.output,
                       "done, but for what is still to be done: Pause the scheduled queries");
  on_call (test, 1, "resume");
  on_call_assert_says (test, test->cli.output, "✘ Pause the scheduled queries");
  g_assert_null (strstr (test->cli.output, "Compare"));
  allowed = local_server_call (test->server, "DELETE", "/_local/permissions", NULL);
  on_call (test, 0, "resume");
  on_call_assert_says (test, test->cli.output, "✔ Pause the scheduled queries: EROS");
  cli_test_assert (&test->cli, 0, "status", test->id);
  g_assert_null (strstr (test->cli.output, "still to be done"));
  on_call (test, 0, "resume-schedules");
  on_call_assert_says (test, test->cli.output, "3 resumed");
}

/* It says of each object which way it comes back, and each way can work. */
static void
test_dry_run (OnCall *test, gconstpointer data)
{
  on_call_query (test, "CREATE VIEW eros_platform.top_performing_captions AS SELECT 1 AS mine");
  on_call (test, 0, "backup");
  deploy (test);
  on_call_query (test, "ALTER TABLE eros_platform.caption_bank ADD COLUMN surplus STRING");
  on_call_query (test, "DROP TABLE eros_platform.caption_bandit_stats");
  on_call_query (test, "CREATE VIEW eros_platform.theirs AS SELECT 1 AS one");
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output,
                       "table caption_bank is made anew, with the rows of the backup");
  on_call_assert_says (test, test->cli.output,
                       "table caption_bandit_stats is made anew, with the rows of the backup");
  on_call_assert_says (test, test->cli.output, "procedure select_caption_thompson_sampling is removed");
  on_call_assert_says (test, test->cli.output, "view theirs stays as it is");
  on_call_assert_says (test, test->cli.output, "0 would fail");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, "caption_bandit_stats: " CAPTIONS " rows, same fingerprint");
}

/* What cannot work is found before anything is changed. */
static void
test_dry_run_fails (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) denied = NULL;

  on_call (test, 0, "backup");
  deploy (test);
  denied = local_server_call (test->server, "POST", "/_local/permissions",
                              "{\"deny\": [\"bigquery.tables.createSnapshot\"]}");
  on_call (test, 1, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output, "Snapshot of caption_bank as it is now: ✘ Access Denied");
}

/* As the team writes the time, and of no other backup. */
static void
test_names (OnCall *test, gconstpointer data)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = NULL;
  g_autofree char *last = NULL;
  g_autofree char *location = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (GDateTime) then = g_date_time_add_seconds (now, i);
      g_autofree char *sql = NULL;

      g_free (last);
      last = g_date_time_format (then, "%Y%m%d_%H%M%S");
      sql = g_strdup_printf ("CREATE SNAPSHOT TABLE eros_platform.caption_bank_backup_%s CLONE "
                             "eros_platform.active_caption_assignments",
                             last);
      on_call_query (test, sql);
    }
  on_call (test, 0, "backup");
  stamp = newest_stamp (test);
  g_assert_cmpstr (stamp, >, last);
  location =
    g_strdup_printf ("gs://eros-platform-backups/%.4s-%.2s-%.2s_%s/", stamp, stamp + 4, stamp + 6, stamp + 9);
  on_call (test, 0, "backups");
  on_call_assert_says (test, test->cli.output, location);
  on_call (test, 0, "check", "backup.verification");
}

static void
assert_back (OnCall *test)
{
  on_call_assert_says (test, test->cli.output,
                       "caption_bank: " CAPTIONS " rows, same fingerprint as the backup: true");
  on_call_assert_says (test, test->cli.output, "caption_bandit_stats: " CAPTIONS " rows, same fingerprint");
  on_call_assert_says (test, test->cli.output, "active_caption_assignments: 300 rows, same fingerprint");
  on_call_assert_says (test, test->cli.output, "every object is what it was when it was backed up");
}

static void
drop_snapshot (OnCall *test, const char *table, const char *stamp)
{
  g_autofree char *sql = g_strdup_printf ("DROP SNAPSHOT TABLE eros_platform.%s_backup_%s", table, stamp);

  on_call_query (test, sql);
}

/* A snapshot is gone, and another with its table: time travel has both. */
static void
test_snapshots_gone (OnCall *test, gconstpointer data)
{
  g_autofree char *stamp = NULL;

  on_call (test, 0, "backup");
  stamp = newest_stamp (test);
  deploy (test);
  on_call_query (test, "DELETE FROM eros_platform.caption_bank WHERE caption_id > 100");
  on_call_query (test, "DROP TABLE eros_platform.caption_bandit_stats");
  drop_snapshot (test, "caption_bank", stamp);
  drop_snapshot (test, "caption_bandit_stats", stamp);
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output,
                       "gone are those of caption_bank, caption_bandit_stats: their rows come from "
                       "time travel, or else from the export");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, "✔ Look for the rows of caption_bandit_stats in time travel");
  on_call_assert_says (test, test->cli.output, "not needed: time travel has the backup's rows");
  assert_back (test);
}

/* Table and snapshot are gone, and time travel does not have them: the export does, or nothing does. */
static void
test_export (OnCall *test, gconstpointer data)
{
  gboolean is_lost = GPOINTER_TO_INT (data);
  g_autofree char *stamp = NULL;

  on_call (test, 0, "backup");
  stamp = newest_stamp (test);
  deploy (test);
  on_call_query (test, "DROP TABLE eros_platform.caption_bank");
  on_call_query (test, "DELETE FROM eros_platform.active_caption_assignments WHERE TRUE");
  drop_snapshot (test, "caption_bank", stamp);
  if (is_lost)
    {
      g_autofree char *path = g_strdup_printf (
        "/storage/v1/b/eros-platform-backups/o/%.4s-%.2s-%.2s_%s%%2Fcaption_bank-000000000000.json.gz", stamp,
        stamp + 4, stamp + 6, stamp + 9);
      g_autoptr (JsonNode) answer = local_server_call (test->server, "DELETE", path, NULL);
    }
  /* The first job is the copy of what was. */
  local_server_fault (test->server,
                      "{\"method\": \"POST\", \"path\": \"/jobs$\", \"action\": \"404:notFound\"}");
  if (is_lost)
    {
      on_call (test, 1, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
      on_call_assert_says (test, test->cli.errors, "Load caption_bank from the backup's export");
      g_assert_null (strstr (test->cli.output, "Release all caption locks"));
      on_call (test, 0, "backups", stamp);
      on_call_assert_says (test, test->cli.output,
                           "active_caption_assignments: 300 rows in the backup, 0 now");
      return;
    }
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, "✔ Load caption_bank from the backup's export: gs://");
  assert_back (test);
}

/* Nothing is left in the data set: it comes back, or is made anew and loaded. */
static void
test_dataset_gone (OnCall *test, gconstpointer data)
{
  gboolean is_anew = GPOINTER_TO_INT (data);

  on_call_query (test, "CREATE VIEW eros_platform.mine AS SELECT caption_id FROM eros_platform.caption_bank");
  on_call (test, 0, "backup");
  deploy (test);
  on_call_query (test, "DROP SCHEMA eros_platform CASCADE");
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output, "it is gone: it is brought back");
  /* The first job is what brings it back. */
  if (is_anew)
    local_server_fault (test->server,
                        "{\"method\": \"POST\", \"path\": \"/jobs$\", \"action\": \"404:notFound\"}");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output,
                       is_anew ? "made anew: what is in it" : "it came back with all that was");
  assert_back (test);
}

/* What one set has done goes; the other's stays, as do rows, and no box says that a rollback was done. */
static void
test_only_set (OnCall *test, gconstpointer data)
{
  g_autofree char *stamp = NULL;

  on_call (test, 0, "backup");
  stamp = newest_stamp (test);
  deploy (test);
  on_call (test, 0, "deploy", "phase2", "--override-name", "Grace", "--override-reason", "an incident");
  on_call_query (test, "DELETE FROM eros_platform.caption_bank WHERE caption_id > 100");
  on_call_query (test, "CREATE VIEW eros_platform.theirs AS SELECT 1 AS one");
  on_call (test, 0, "rollback", "--only", "phase2", "--dry-run");
  on_call_assert_says (test, test->cli.output, "In part: the rows of the critical tables stay as they are.");
  on_call_assert_says (test, test->cli.output, "procedure update_caption_stats_batch is removed");
  g_assert_null (strstr (test->cli.output, "select_caption_thompson_sampling is removed"));
  on_call (test, 0, "rollback", "--only", "phase2", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output, "in part: what was asked for is what it was");
  on_call (test, 0, "inventory");
  on_call_assert_says (test, test->cli.output, "select_caption_thompson_sampling");
  on_call_assert_says (test, test->cli.output, "theirs");
  g_assert_null (strstr (test->cli.output, "update_caption_stats_batch"));
  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  g_assert_cmpstr (mark_of (test, "rollback.steps.restored"), ==, "open");
  g_assert_cmpstr (mark_of (test, "deployment.phase-1.execute"), ==, "ticked");
  g_assert_cmpstr (mark_of (test, "deployment.phase-2.execute"), ==, "open");
  on_call (test, 0, "backups", stamp);
  on_call_assert_says (test, test->cli.output, "caption_bank: " CAPTIONS " rows in the backup, 100 now");
}

/* What an earlier set had made is not missing after a whole rollback, and does not come back with a part. */
static void
test_only_set_after_all (OnCall *test, gconstpointer data)
{
  on_call (test, 0, "backup");
  deploy (test);
  on_call (test, 0, "deploy", "phase2", "--override-name", "Grace", "--override-reason", "an incident");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call (test, 0, "rollback", "--only", "phase2", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.output,
                       "in part: what was asked for is what it was, and nothing else is different");
  on_call (test, 0, "inventory");
  g_assert_null (strstr (test->cli.output, "select_caption_thompson_sampling"));
}

/* One object comes back, whoever has changed it; the others stay. */
static void
test_only_objects (OnCall *test, gconstpointer data)
{
  on_call_query (test, "CREATE VIEW eros_platform.mine AS SELECT 1 AS one");
  on_call_query (test, "CREATE VIEW eros_platform.other AS SELECT 1 AS one");
  on_call (test, 0, "backup");
  deploy (test);
  on_call_query (test, "DROP VIEW eros_platform.mine");
  on_call_query (test, "CREATE OR REPLACE VIEW eros_platform.other AS SELECT 2 AS two");
  on_call (test, 3, "rollback", "--only", "caption_bank", "--reason", "x", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "caption_bank is a critical table: those come back together");
  on_call (test, 3, "rollback", "--only", "phase1", "--only", "mine", "--reason", "x", "--confirm",
           "ROLLBACK");
  on_call (test, 1, "rollback", "--only", "nowhere", "--dry-run");
  on_call_assert_says (test, test->cli.output, "There is no object nowhere");
  /* One that has failed is not gone on with in the place of another part. */
  on_call (test, 3, "rollback", "--only", "nowhere", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call (test, 3, "rollback", "--only", "mine", "--reason", "broken", "--confirm", "ROLLBACK");
  on_call_assert_says (test, test->cli.errors, "add --new to begin another instead");
  on_call (test, 0, "rollback", "--only", "mine", "--reason", "broken", "--confirm", "ROLLBACK", "--new");
  on_call_assert_says (test, test->cli.output, "view mine is made again from its definition");
  on_call_assert_says (test, test->cli.output, "Others are still different: ");
  on_call_query (test, "SELECT one FROM eros_platform.mine");
  on_call_query (test, "SELECT two FROM eros_platform.other");
  cli_test_assert (&test->cli, 0, "status", "--json", test->id);
  g_assert_cmpstr (mark_of (test, "rollback.steps.restored"), ==, "open");
  g_assert_cmpstr (mark_of (test, "deployment.phase-1.execute"), ==, "ticked");
}

/* What lies in the bucket, elsewhere: nothing that stands there is overwritten, and no other rows pass for
 * it. */
static void
test_restore (OnCall *test, gconstpointer data)
{
  g_autofree char *stamp = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *object = NULL;
  g_autoptr (JsonNode) replaced = NULL;

  on_call_query (test, "CREATE TABLE eros_platform.by_range PARTITION BY RANGE_BUCKET(caption_id, "
                       "GENERATE_ARRAY(0, 1000000, 1000)) AS SELECT * FROM eros_platform.caption_bank");
  on_call_query (test, "DROP TABLE eros_platform.caption_bank");
  on_call_query (test, "ALTER TABLE eros_platform.by_range RENAME TO caption_bank");
  on_call (test, 0, "backup");
  stamp = newest_stamp (test);
  folder =
    g_strdup_printf ("gs://eros-platform-backups/%.4s-%.2s-%.2s_%s/", stamp, stamp + 4, stamp + 6, stamp + 9);
  on_call_query (test, "DROP TABLE eros_platform.caption_bank");
  on_call (test, 3, "restore", "--from", folder, "--to", "eros-rehearsal.eros_platform");
  on_call_assert_says (test, test->cli.errors, "That is the deployment's own data set");
  on_call (test, 0, "restore", "--from", folder, "--to", "eros-rehearsal.looking");
  on_call_assert_says (test, test->cli.output,
                       "✔ Compare what was loaded of caption_bank with what was backed up: " CAPTIONS
                       " rows");
  on_call_query (test, "SELECT IF(ddl LIKE '%RANGE_BUCKET(caption_id%', 1, ERROR(ddl)) FROM "
                       "looking.INFORMATION_SCHEMA.TABLES WHERE table_name = 'caption_bank'");
  on_call_query (test, "SELECT caption_text FROM looking.caption_bank LIMIT 1");
  on_call (test, 3, "restore", "--from", folder, "--to", "eros-rehearsal.looking");
  on_call_assert_says (test, test->cli.errors, "already, and nothing is overwritten");
  on_call (test, 1, "restore", "--from", "gs://eros-platform-backups/2020-01-01_000000", "--to",
           "eros-rehearsal.other");
  /* Somebody puts one row where the export was. */
  object =
    g_strdup_printf ("/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name=%.4s-%.2s-%.2s_%s/"
                     "active_caption_assignments-000000000000.json.gz",
                     stamp, stamp + 4, stamp + 6, stamp + 9);
  replaced = local_server_call (test->server, "POST", object, "{}");
  on_call (test, 1, "restore", "--from", folder, "--to", "eros-rehearsal.other");
  on_call_assert_says (test, test->cli.errors,
                       "What was loaded of active_caption_assignments is not what was backed up");
  /* Or a layout that is none. */
  g_free (object);
  object = g_strdup_printf (
    "/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name=%.4s-%.2s-%.2s_%s/metadata.json",
    stamp, stamp + 4, stamp + 6, stamp + 9);
  g_clear_pointer (&replaced, json_node_unref);
  replaced = local_server_call (test->server, "POST", object,
                                "{\"tables\": [{\"table\": \"caption_bank\", \"layout\": {\"schema\": "
                                "{\"fields\": [1, null, \"a\"]}, \"timePartitioning\": 1}}]}");
  on_call (test, 1, "restore", "--from", folder, "--to", "eros-rehearsal.third");
}

/* A rollback that takes others' work with it says so of each object by its name. */
static void
test_of_others (OnCall *test, gconstpointer data)
{
  on_call_query (test, "CREATE SNAPSHOT TABLE eros_platform.kept CLONE eros_platform.caption_bank");
  on_call (test, 0, "backup");
  on_call_query (test, "CREATE VIEW eros_platform.caption_scores_corrected AS SELECT 1 AS theirs");
  deploy (test);
  on_call_query (test, "CREATE TABLE eros_platform.theirs AS SELECT 1 AS one");
  on_call (test, 0, "rollback", "--dry-run");
  on_call_assert_says (test, test->cli.output,
                       "view caption_scores_corrected is removed, whoever made it: it was not there when the "
                       "backup was taken, but it was there before the deployment changed it");
  on_call_assert_says (test, test->cli.output,
                       "procedure select_caption_thompson_sampling is removed: it was not there");
  on_call_assert_says (test, test->cli.output, "table theirs stays as it is");
  on_call_query (test, "DROP SNAPSHOT TABLE eros_platform.kept;"
                       "CREATE SNAPSHOT TABLE eros_platform.kept CLONE eros_platform.caption_bandit_stats");
  on_call (test, 0, "rollback", "--only", "theirs", "--only", "kept", "--dry-run");
  on_call_assert_says (test, test->cli.output, "snapshot kept is removed first: it cannot be replaced; ");
  on_call_assert_says (test, test->cli.output, "snapshot kept is made again");
  on_call_assert_says (
    test, test->cli.output,
    "table theirs is removed, as it was asked for by name: it was not there when the backup "
    "was taken, and the deployment has not touched it");
}

/* Nobody is kept from it: it is said, and both names stand on record. */
static void
test_authority (OnCall *test, gconstpointer data)
{
  cli_test_assert (&test->cli, 0, "set", test->id, "preparation.sign-off.rollback-authority.name",
                   "Grace Hopper");
  on_call (test, 0, "backup");
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK", "--authority", "grace hopper");
  g_assert_null (strstr (test->cli.errors, "designated"));
  on_call (test, 0, "rollback", "--reason", "broken", "--confirm", "ROLLBACK", "--authority", "Ada");
  on_call_assert_says (test, test->cli.errors,
                       "Grace Hopper was designated for this, and Ada orders it: that goes on record");
}

#define add(path, function) g_test_add (path, OnCall, NULL, on_call_set_up, function, on_call_tear_down)

/* As the window keeps it. */
static void
set_up_connection (OnCall *test)
{
  g_autofree char *folder = g_build_filename (test->cli.folder, "glib-2.0", "settings", NULL);
  g_autofree char *file = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *text = g_strdup_printf (
    "[com/eros_platform/Deploy]\nconnections=[{'name': <'Acme'>, 'environment': <'staging'>, "
    "'project': <'eros-rehearsal'>, 'dataset': <'eros_platform'>, 'location': <'US'>, "
    "'bucket': <'b-b-b'>, 'endpoint': <'%s'>, 'sign-in': <'none'>}]\n",
    test->endpoint);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  g_setenv ("XDG_CONFIG_HOME", test->cli.folder, TRUE);
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
}

/* What cannot be held names it, and ends it before anything is rehearsed. */
static void
test_like_a_connection (OnCall *test, gconstpointer data)
{
  on_call_query (test, "CREATE TABLE eros_platform.of_the_connection AS SELECT 1 AS a");
  set_up_connection (test);
  cli_test_assert (&test->cli, 1, "rehearse", "--like", "Acme", "--sql", "/nowhere", "--file", "r.eros",
                   "--output", "r.pdf");
  on_call_assert_says (test, test->cli.output,
                       "✔ The data set is like eros-rehearsal.eros_platform, without its rows");
  cli_test_assert (&test->cli, 2, "rehearse", "--like", "Other", "--file", "o.eros", "--output", "r.pdf");
  on_call_assert_says (test, test->cli.errors,
                       "There is neither a file nor a connection “Other”. There is no deployment “Other”.");
  cli_test_assert (&test->cli, 2, "diff", "was.json", "is.json");
  on_call_assert_says (test, test->cli.errors,
                       "There is no file “was.json”. There is no deployment “was.json”.");
  g_unsetenv ("GSETTINGS_BACKEND");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/cli/way-back/takes-the-newest-backup-from-before-the-deployment", test_newest_before);
  add ("/cli/way-back/says-of-what-could-not-be-read-that-it-is-not-known", test_unread);
  add ("/cli/way-back/what-was-taken-back-is-open-again", test_boxes);
  add ("/cli/way-back/a-backup-of-what-was-deployed-has-to-be-named", test_none_before);
  add ("/cli/way-back/schedules-that-cannot-be-paused-stay-to-be-done", test_no_schedules);
  add ("/cli/way-back/a-dry-run-says-which-way-each-object-takes", test_dry_run);
  add ("/cli/way-back/a-dry-run-finds-what-cannot-work", test_dry_run_fails);
  add ("/cli/way-back/folders-are-named-as-the-team-names-them", test_names);
  add ("/cli/way-back/snapshots-that-are-gone-come-from-time-travel", test_snapshots_gone);
  add ("/cli/way-back/what-time-travel-does-not-have-comes-from-the-export", test_export);
  g_test_add ("/cli/way-back/what-nothing-has-kept-is-refused-before-anything-changes", OnCall,
              GINT_TO_POINTER (TRUE), on_call_set_up, test_export, on_call_tear_down);
  add ("/cli/way-back/a-dropped-data-set-comes-back", test_dataset_gone);
  g_test_add ("/cli/way-back/a-data-set-is-made-anew-from-inventory-and-export", OnCall,
              GINT_TO_POINTER (TRUE), on_call_set_up, test_dataset_gone, on_call_tear_down);
  add ("/cli/way-back/an-export-is-restored-elsewhere-and-overwrites-nothing", test_restore);
  add ("/cli/way-back/a-set-of-steps-is-taken-back-alone", test_only_set);
  add ("/cli/way-back/a-set-of-steps-after-all-was-taken-back", test_only_set_after_all);
  add ("/cli/way-back/an-object-comes-back-alone", test_only_objects);
  add ("/cli/way-back/what-others-have-made-is-named-before-it-is-removed", test_of_others);
  add ("/cli/way-back/another-authority-is-said-and-recorded", test_authority);
  add ("/cli/way-back/a-rehearsal-is-like-a-connection-of-the-window", test_like_a_connection);
  return g_test_run ();
}
