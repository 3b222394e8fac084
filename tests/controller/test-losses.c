/* test-losses.c: what a rollback does when something of the backup, of the tables or of all is lost
 *
 * Each loss, with each critical table, with its export there and gone: the tables come back with the
 * fingerprints that they had, or nothing is changed and it is said which table nothing has kept. A few cases
 * run by themselves, others each day; EROS_TEST_ALL_LOSSES=1 runs all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-rehearsal-clock.h"
#include "eros-timeline.h"

#define D "`eros-rehearsal.eros_platform."

static const char *const tables[] = { "caption_bank", "caption_bandit_stats", "active_caption_assignments" };
#define N_TABLES G_N_ELEMENTS (tables)

typedef enum
{
  LOSE_SNAPSHOT = 1 << 0,      /* of the table */
  LOSE_TABLE = 1 << 1,         /* itself */
  LOSE_NEXT_TABLE = 1 << 2,    /* another with it */
  LOSE_ALL_SNAPSHOTS = 1 << 3, /* of the backup */
  LOSE_DATASET = 1 << 4,       /* with all that is in it */
  LOSE_TIME_TRAVEL = 1 << 5,   /* a week and a day have gone by since */
  LOSE_EXPORT = 1 << 6,        /* of the table */
} Loss;

static const guint losses[] = {
  LOSE_SNAPSHOT,
  LOSE_TABLE,
  LOSE_TABLE | LOSE_NEXT_TABLE,
  LOSE_ALL_SNAPSHOTS,
  LOSE_DATASET,
  LOSE_DATASET | LOSE_TIME_TRAVEL,
  LOSE_TABLE | LOSE_SNAPSHOT,
  LOSE_TABLE | LOSE_SNAPSHOT | LOSE_TIME_TRAVEL,
  LOSE_ALL_SNAPSHOTS | LOSE_TIME_TRAVEL,
  LOSE_TABLE | LOSE_TIME_TRAVEL,
};
#define N_LOSSES G_N_ELEMENTS (losses)

/* What has to be there for a way back: a snapshot, or what time travel still reaches, or the export. */
static gboolean
can_come_back (guint loss)
{
  gboolean snapshot = (loss & (LOSE_SNAPSHOT | LOSE_ALL_SNAPSHOTS)) == 0;
  gboolean is_gone = (loss & LOSE_DATASET) != 0 && (loss & LOSE_TIME_TRAVEL) != 0;

  return (snapshot && !is_gone) || (loss & LOSE_TIME_TRAVEL) == 0 || (loss & LOSE_EXPORT) == 0;
}

static void
run (ControllerTest *test, const char *format, const char *table, const char *backup)
{
  g_autoptr (GString) sql = g_string_new (format);

  g_string_replace (sql, "TABLE_", table, 0);
  g_string_replace (sql, "BACKUP", backup, 0);
  g_free (controller_test_query (test, sql->str));
}

static void
lose_export (ControllerTest *test, const char *table, const char *backup)
{
  const char *stamp = backup + strlen ("backup_");
  g_autofree char *path =
    g_strdup_printf ("/storage/v1/b/eros-platform-backups/o/%.4s-%.2s-%.2s_%s%%2F%s-000000000000.json.gz",
                     stamp, stamp + 4, stamp + 6, stamp + 9, table);

  controller_test_tell_server (test, "DELETE", path, NULL);
}

static void
let_time_pass (ControllerTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_rehearsal_advance_async (test->rehearsal, test->deployment,
                                eros_timeline_get_now (test->deployment) + 8 * G_TIME_SPAN_DAY, NULL, NULL,
                                controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_rehearsal_advance_finish (test->rehearsal, result, &error));
  g_assert_no_error (error);
}

static void
lose (ControllerTest *test, guint loss, guint which, const char *backup)
{
  const char *table = tables[which];

  if ((loss & LOSE_SNAPSHOT) != 0)
    run (test, "DROP SNAPSHOT TABLE " D "TABLE__BACKUP`", table, backup);
  for (guint i = 0; (loss & LOSE_ALL_SNAPSHOTS) != 0 && i < N_TABLES; i++)
    run (test, "DROP SNAPSHOT TABLE " D "TABLE__BACKUP`", tables[i], backup);
  if ((loss & LOSE_TABLE) != 0)
    run (test, "DROP TABLE " D "TABLE_`", table, backup);
  if ((loss & LOSE_NEXT_TABLE) != 0)
    run (test, "DROP TABLE " D "TABLE_`", tables[(which + 1) % N_TABLES], backup);
  if ((loss & LOSE_EXPORT) != 0)
    lose_export (test, table, backup);
  if ((loss & LOSE_DATASET) != 0)
    g_free (controller_test_query (test, "DROP SCHEMA `eros-rehearsal.eros_platform` CASCADE"));
  if ((loss & LOSE_TIME_TRAVEL) != 0)
    let_time_pass (test);
}

/* Rows and layouts of what is there. (transfer full) */
static char *
state_of (ControllerTest *test)
{
  g_autofree char *n = controller_test_query (
    test,
    "SELECT COUNT(*) FROM `eros-rehearsal`.INFORMATION_SCHEMA.SCHEMATA WHERE schema_name = 'eros_platform'");

  if (g_str_equal (n, "0"))
    return g_strdup ("no data set");
  return controller_test_query (
    test,
    "SELECT STRING_AGG(CONCAT(table_id, ' ', CAST(row_count AS STRING), ' ', CAST(last_modified_time AS "
    "STRING)), "
    "'\\n' ORDER BY table_id) FROM " D
    "__TABLES__` WHERE table_id IN ('caption_bank', 'caption_bandit_stats', 'active_caption_assignments')");
}

static void
test_loss (ControllerTest *test, gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);
  guint loss = losses[number % N_LOSSES];
  guint which = number / N_LOSSES % N_TABLES;
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *backup = NULL;
  g_autofree char *left = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  if (number >= N_LOSSES * N_TABLES)
    loss |= LOSE_EXPORT;
  controller_test_open_gates (test);
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  controller_test_run (test, "deploy-phase1", NULL);
  run (test, "DELETE FROM " D "TABLE_` WHERE MOD(caption_id, 3) = 0", tables[which], backup);
  lose (test, loss, which, backup);
  left = state_of (test);
  arguments = controller_test_rollback_arguments (backup);
  operation = controller_test_plan (test, "rollback", arguments);
  if (controller_test_start (test, operation, &error))
    {
      g_autofree char *after = controller_test_fingerprint (test);

      g_assert_true (can_come_back (loss));
      g_assert_cmpstr (after, ==, before);
      controller_test_assert_ticked (test, "rollback.verification.tables");
    }
  else
    {
      g_autofree char *now = state_of (test);

      if (can_come_back (loss))
        g_assert_no_error (error);
      g_assert_nonnull (strstr (error->message, tables[which]));
      g_assert_cmpstr (now, ==, left);
    }
}

static void
add_case (guint number)
{
  guint loss = losses[number % N_LOSSES];
  g_autofree char *path = g_strdup_printf (
    "/losses/%s/%s%s%s%s%s%s%s", tables[number / N_LOSSES % N_TABLES],
    (loss & LOSE_SNAPSHOT) != 0 ? "snapshot-" : "", (loss & LOSE_TABLE) != 0 ? "table-" : "",
    (loss & LOSE_NEXT_TABLE) != 0 ? "another-table-" : "",
    (loss & LOSE_ALL_SNAPSHOTS) != 0 ? "all-snapshots-" : "", (loss & LOSE_DATASET) != 0 ? "data-set-" : "",
    (loss & LOSE_TIME_TRAVEL) != 0 ? "time-travel-" : "",
    number >= N_LOSSES * N_TABLES ? "export-gone" : "gone");

  g_test_add (path, ControllerTest, GUINT_TO_POINTER (number), controller_test_set_up, test_loss,
              controller_test_tear_down);
}

int
main (int argc, char **argv)
{
  guint n = 2 * N_LOSSES * N_TABLES;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("EROS_TEST_ALL_LOSSES") != NULL)
    for (guint i = 0; i < n; i++)
      add_case (i);
  else
    for (guint i = 0; i < 5; i++)
      add_case ((guint) g_test_rand_int_range ((gint32) (i * n / 5), (gint32) ((i + 1) * n / 5)));
  return g_test_run ();
}
