/* test-locks.c: of many callers for one caption exactly one wins, and a release releases one lock
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "sql-test.h"

#define CALLERS 64

static void
make_free (SqlTest *test, guint caption, guint round)
{
  g_autofree char *sql = NULL;

  /* In turn: there was never a row; a lock that has run out a moment ago; a free row twice, as two callers at
   * once may leave it; a released lock, whose row is gone. */
  switch (round % 4)
    {
    case 1:
    case 2:
      sql = g_strdup_printf ("INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, "
                             "locked_at, expires_at, lock_id)\n"
                             "SELECT %u, 'somebody', TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 5 SECOND), "
                             "CURRENT_TIMESTAMP(), 'old'\n"
                             "FROM UNNEST(GENERATE_ARRAY(1, %u))",
                             caption, round % 4);
      break;
    case 3:
      sql = g_strdup_printf ("DECLARE id STRING; DECLARE released BOOL;\n"
                             "CALL `${project}.${dataset}.acquire_caption_lock`(%u, 'somebody', 60, id);\n"
                             "CALL `${project}.${dataset}.release_caption_lock`(id, released)",
                             caption);
      break;
    case 0:
    default:
      return;
    }
  sql_test_run (test, sql);
}

static void
assert_all_succeeded (GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      g_autoptr (GError) error = eros_job_dup_error (jobs->pdata[i]);

      g_assert_no_error (error);
    }
}

/* How many of the jobs were under way at one time. */
static guint
most_at_once (GPtrArray *jobs)
{
  guint most = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      gint64 moment = eros_job_get_started (jobs->pdata[i]);
      guint n = 0;

      for (guint j = 0; j < jobs->len; j++)
        n += eros_job_get_started (jobs->pdata[j]) <= moment && moment < eros_job_get_ended (jobs->pdata[j]);
      most = MAX (most, n);
    }
  return most;
}

static guint
run_round (SqlTest *test, const char *acquire, guint round)
{
  g_autoptr (GPtrArray) sqls = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) jobs = NULL;
  g_autofree char *count = NULL;
  g_autofree char *held = NULL;
  guint caption = round + 1;
  guint winners = 0;

  make_free (test, caption, round);
  for (guint i = 0; i < CALLERS; i++)
    g_ptr_array_add (sqls,
                     g_strdup_printf ("DECLARE id STRING; CALL `${project}.${dataset}.%s`(%u, 'account_%u', "
                                      "3600, id); SELECT id IS NOT NULL",
                                      acquire, caption, i));
  g_ptr_array_add (sqls, NULL);
  jobs = sql_test_run_at_once (test, (const char *const *) sqls->pdata);
  assert_all_succeeded (jobs);
  for (guint i = 0; i < jobs->len; i++)
    {
      g_autofree char *won = sql_test_job_cell (test, jobs->pdata[i]);

      winners += g_str_equal (won, "true");
    }
  if (round == 0)
    g_test_message ("%u of %u callers at once", most_at_once (jobs), CALLERS);
  return winners;
}

static void
test_one_of_64_callers_wins (void)
{
  const guint rounds = g_getenv ("EROS_TEST_LONG") != NULL ? 1000 : 12;
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  sql_test_deploy (test, "phase1/20-caption-locking");
  for (guint round = 0; round < rounds; round++)
    {
      guint winners = run_round (test, "acquire_caption_lock", round);

      if (winners != 1)
        g_error ("round %u: %u callers won", round, winners);
    }
  g_assert_cmpint (
    sql_test_integer (test, "SELECT COUNT(*) FROM (\n"
                            "  SELECT caption_id FROM `${project}.${dataset}.caption_locks`\n"
                            "  WHERE expires_at > CURRENT_TIMESTAMP() GROUP BY caption_id\n"
                            "  HAVING COUNT(DISTINCT lock_id) = 1 AND COUNT(DISTINCT account_id) = 1)"),
    ==, rounds);
}

/* The old procedure: looks, and inserts when it found nothing. The test must see through it. */
static void
test_looking_before_inserting_lets_several_win (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  guint most = 0;

  sql_test_deploy (test, "phase1/20-caption-locking");
  sql_test_run (test, "CREATE PROCEDURE `${project}.${dataset}.old_lock`(\n"
                      "  p_caption_id INT64, p_account_id STRING, p_seconds INT64, OUT p_lock_id STRING)\n"
                      "BEGIN\n"
                      "  SET p_lock_id = NULL;\n"
                      "  IF NOT EXISTS (SELECT 1 FROM `${project}.${dataset}.caption_locks`\n"
                      "    WHERE caption_id = p_caption_id AND expires_at > CURRENT_TIMESTAMP()) THEN\n"
                      "    SET p_lock_id = GENERATE_UUID();\n"
                      "    INSERT INTO `${project}.${dataset}.caption_locks`\n"
                      "      (caption_id, account_id, locked_at, expires_at, lock_id)\n"
                      "    VALUES (p_caption_id, p_account_id, CURRENT_TIMESTAMP(),\n"
                      "      TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_seconds SECOND), p_lock_id);\n"
                      "  END IF;\n"
                      "END");
  for (guint round = 0; round < 40 && most < 2; round++)
    {
      guint winners = run_round (test, "old_lock", round * 4);

      most = MAX (most, winners);
    }
  g_assert_cmpuint (most, >, 1);
}

/* WHERE caption_id = caption_id is always true: one release deleted every lock. */
static void
test_a_release_leaves_the_other_locks (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *answers = NULL;

  sql_test_deploy (test, "phase1/20-caption-locking");
  answers =
    sql_test_rows (test, "DECLARE a, b, c, again STRING; DECLARE r1, r2, r3, r4 BOOL; DECLARE others INT64;\n"
                         "CALL `${project}.${dataset}.acquire_caption_lock`(1, 'x', 60, a);\n"
                         "CALL `${project}.${dataset}.acquire_caption_lock`(2, 'x', 60, b);\n"
                         "CALL `${project}.${dataset}.acquire_caption_lock`(3, 'y', 60, c);\n"
                         "CALL `${project}.${dataset}.release_caption_lock`(a, r1);\n"
                         "SET others = (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks`\n"
                         "  WHERE expires_at > CURRENT_TIMESTAMP() AND lock_id IN (b, c));\n"
                         "CALL `${project}.${dataset}.release_caption_lock`(a, r2);\n"
                         "CALL `${project}.${dataset}.release_caption_lock`(NULL, r3);\n"
                         "CALL `${project}.${dataset}.release_caption_lock`('lock_id', r4);\n"
                         "CALL `${project}.${dataset}.acquire_caption_lock`(1, 'y', 60, again);\n"
                         "SELECT others, r1, r2, r3, r4, again IS NOT NULL AND again != a,\n"
                         "  (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks`)");
  g_assert_cmpstr (answers, ==, "2|true|false|false|false|true|3");
}

/* A lock that ran out is somebody else's by now: its first holder must not release it. */
static void
test_a_late_release_does_not_free_the_next_holder_s_lock (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *answers = NULL;

  sql_test_deploy (test, "phase1/20-caption-locking");
  answers = sql_test_rows (
    test, "DECLARE a, b, c STRING; DECLARE released BOOL;\n"
          "CALL `${project}.${dataset}.acquire_caption_lock`(1, 'x', 60, a);\n"
          "UPDATE `${project}.${dataset}.caption_locks` SET expires_at = CURRENT_TIMESTAMP() WHERE TRUE;\n"
          "CALL `${project}.${dataset}.acquire_caption_lock`(1, 'y', 60, b);\n"
          "CALL `${project}.${dataset}.release_caption_lock`(a, released);\n"
          "CALL `${project}.${dataset}.acquire_caption_lock`(1, 'z', 60, c);\n"
          "SELECT b IS NOT NULL, released, c IS NULL,\n"
          "  (SELECT STRING_AGG(account_id) FROM `${project}.${dataset}.caption_locks`)");
  g_assert_cmpstr (answers, ==, "true|false|true|y");
}

static void
test_the_cleanup_removes_what_has_run_out (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *answers = NULL;

  sql_test_deploy (test, "phase1/20-caption-locking");
  answers = sql_test_rows (
    test,
    "DECLARE removed, again INT64;\n"
    "INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, "
    "lock_id)\n"
    "SELECT id, 'a', CURRENT_TIMESTAMP(), TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL seconds SECOND), 'l'\n"
    "FROM UNNEST([STRUCT(1 AS id, -86400 AS seconds), (2, -61), (3, -30), (4, 30), (5, 86400)]);\n"
    "CALL `${project}.${dataset}.cleanup_expired_locks`(removed);\n"
    "CALL `${project}.${dataset}.cleanup_expired_locks`(again);\n"
    "SELECT removed, again, (SELECT STRING_AGG(CAST(caption_id AS STRING), ',' ORDER BY caption_id)\n"
    "  FROM `${project}.${dataset}.caption_locks`)");
  g_assert_cmpstr (answers, ==, "2|0|3,4,5");
}

static void
test_a_senseless_call_changes_nothing (void)
{
  static const char *const arguments[] = { "NULL, 'a', 60", "1, NULL, 60", "1, 'a', NULL",
                                           "1, 'a', 0",     "1, 'a', -1",  "1, 'a', 86401" };
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  sql_test_deploy (test, "phase1/20-caption-locking");
  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sql = g_strdup_printf (
        "DECLARE id STRING; CALL `${project}.${dataset}.acquire_caption_lock`(%s, id)", arguments[i]);

      g_assert_false (sql_test_try (test, sql, &error));
      g_assert_nonnull (g_strrstr (error->message, "needs a caption, an account"));
    }
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks`"), ==,
                   0);
}

/* Callers, releases and cleanups of the same few captions, all at once: never two holders, and who has
 * released has had the lock. */
static void
test_acquiring_releasing_and_cleaning_at_once (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autoptr (GPtrArray) sqls = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) jobs = NULL;

  sql_test_deploy (test, "phase1/20-caption-locking");
  /* A holder writes itself down on getting the lock and out before giving it back: two at a time would show.
   */
  sql_test_run (test, "CREATE TABLE `${project}.${dataset}.holders` AS\n"
                      "SELECT id AS caption_id, 0 AS n, 0 AS most, 0 AS times FROM UNNEST([1, 2]) AS id");
  for (guint i = 0; i < 24; i++)
    g_ptr_array_add (
      sqls, i % 8 == 7
              ? g_strdup ("DECLARE n INT64 DEFAULT 0; DECLARE removed INT64;\n"
                          "WHILE n < 10 DO SET n = n + 1;\n"
                          "  DELETE FROM `${project}.${dataset}.caption_locks`\n"
                          "  WHERE expires_at < CURRENT_TIMESTAMP() AND lock_id IS NOT NULL;\n"
                          "  CALL `${project}.${dataset}.cleanup_expired_locks`(removed);\n"
                          "END WHILE; SELECT 0")
              : g_strdup_printf (
                  "DECLARE n, won INT64 DEFAULT 0; DECLARE id STRING; DECLARE released BOOL;\n"
                  "WHILE n < 10 DO SET n = n + 1;\n"
                  "  CALL `${project}.${dataset}.acquire_caption_lock`(%u, 'a%u', 3600, id);\n"
                  "  IF id IS NOT NULL THEN\n"
                  "    SET won = won + 1;\n"
                  "    UPDATE `${project}.${dataset}.holders` SET n = n + 1, most = GREATEST(most, n + 1),\n"
                  "      times = times + 1 WHERE caption_id = %u;\n"
                  "    UPDATE `${project}.${dataset}.holders` SET n = n - 1 WHERE caption_id = %u;\n"
                  "    CALL `${project}.${dataset}.release_caption_lock`(id, released);\n"
                  "    IF NOT released THEN RAISE USING MESSAGE = 'lost a lock'; END IF;\n"
                  "  END IF;\n"
                  "END WHILE; SELECT won",
                  i % 2 + 1, i, i % 2 + 1, i % 2 + 1));
  g_ptr_array_add (sqls, NULL);
  {
    g_autofree char *holders = NULL;
    gint64 won = 0;

    jobs = sql_test_run_at_once (test, (const char *const *) sqls->pdata);
    assert_all_succeeded (jobs);
    for (guint i = 0; i < jobs->len; i++)
      {
        g_autofree char *cell = sql_test_job_cell (test, jobs->pdata[i]);

        won += g_ascii_strtoll (cell, NULL, 10);
      }
    holders =
      sql_test_rows (test, "SELECT SUM(n), MAX(most), SUM(times) FROM `${project}.${dataset}.holders`");
    g_test_message ("%" G_GINT64_FORMAT " locks held and released", won);
    g_assert_cmpint (won, >=, 2);
    {
      g_autofree char *expected = g_strdup_printf ("0|1|%" G_GINT64_FORMAT, won);

      g_assert_cmpstr (holders, ==, expected);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/locks/one-of-64-callers-wins", test_one_of_64_callers_wins);
  g_test_add_func ("/sql/locks/old-failure/looking-before-inserting-lets-several-win",
                   test_looking_before_inserting_lets_several_win);
  g_test_add_func ("/sql/locks/old-failure/a-release-leaves-the-other-locks",
                   test_a_release_leaves_the_other_locks);
  g_test_add_func ("/sql/locks/a-late-release-does-not-free-the-next-holder-s-lock",
                   test_a_late_release_does_not_free_the_next_holder_s_lock);
  g_test_add_func ("/sql/locks/the-cleanup-removes-what-has-run-out",
                   test_the_cleanup_removes_what_has_run_out);
  g_test_add_func ("/sql/locks/a-senseless-call-changes-nothing", test_a_senseless_call_changes_nothing);
  g_test_add_func ("/sql/locks/acquiring-releasing-and-cleaning-at-once",
                   test_acquiring_releasing_and_cleaning_at_once);
  return g_test_run ();
}
