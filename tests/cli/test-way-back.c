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
  on_call (test, 0, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "Data integrity: 0 impossible statistics");
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

#define add(path, function) g_test_add (path, OnCall, NULL, on_call_set_up, function, on_call_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/cli/way-back/takes-the-newest-backup-from-before-the-deployment", test_newest_before);
  add ("/cli/way-back/a-backup-of-what-was-deployed-has-to-be-named", test_none_before);
  return g_test_run ();
}
