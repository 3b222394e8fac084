/* test-wrong-steps.c: wrong implementations of each step, of which its verification lets none through
 *
 * A draw of them, or all with EROS_TEST_LONG.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "sql-test.h"

#define DRAWN 8

#define T "`${project}.${dataset}."

typedef struct
{
  const char *step;
  const char *what;
  const char *find; /* in deploy.sql, and what stands there instead */
  const char *replace;
} Wrong;

static const Wrong wrongs[] = {
#define STEP "phase1/10-wilson-score"
  { STEP, "z is 1.645", "+ 1.96 * SQRT", "+ 1.645 * SQRT" },
  { STEP, "no minimum of views", "OR views < 10 OR", "OR" },
  { STEP, "a minimum of eleven views", "views < 10", "views < 11" },
  { STEP, "scores are not recomputed",
    "SET wilson_score_lower_bound = " T "wilson_score_lower_bound`(engagement_count, total_views)",
    "SET last_updated = last_updated" },
  { STEP, "only some scores are recomputed",
    "IS DISTINCT FROM " T "wilson_score_lower_bound`(engagement_count, total_views);",
    "IS DISTINCT FROM " T "wilson_score_lower_bound`(engagement_count, total_views) AND caption_id > 20;" },
  { STEP, "the plain rate", "ELSE engagements / views * engagements",
    "WHEN TRUE THEN engagements / views ELSE engagements / views * engagements" },
  { STEP, "the upper bound", "+ 1.96 * SQRT", "- 1.96 * SQRT" },
  { STEP, "all engaged is certain", "THEN views / (views + 3.8416)", "THEN 1.0" },
  { STEP, "engagements above views are let through", "OR engagements > views THEN", "THEN" },
  { STEP, "a count that is missing gives nothing", "WHEN views IS NULL OR engagements IS NULL OR", "WHEN" },
  { STEP, "the view's tiers are shifted", "corrected_score >= 0.4 THEN 'medium'",
    "corrected_score >= 0.5 THEN 'medium'" },
  { STEP, "the view leaves rows out", "  FROM " T "caption_bandit_stats`\n);",
    "  FROM " T "caption_bandit_stats` WHERE total_views > 9\n);" },
  { STEP, "the view's rate is upside down", "SAFE_DIVIDE(engagement_count, total_views)",
    "SAFE_DIVIDE(total_views, engagement_count)" },
#undef STEP
#define STEP "phase1/20-caption-locking"
  { STEP, "live locks are not looked at", "AND live.expires_at > CURRENT_TIMESTAMP()", "AND FALSE" },
  { STEP, "locks never expire", "INTERVAL p_seconds SECOND", "INTERVAL 876000 HOUR" },
  { STEP, "locks last minutes", "INTERVAL p_seconds SECOND", "INTERVAL p_seconds MINUTE" },
  { STEP, "locks end at once", "INTERVAL p_seconds SECOND", "INTERVAL 1 SECOND" },
  { STEP, "locks that have run out are kept", "AND live.expires_at > CURRENT_TIMESTAMP()", "" },
  { STEP, "release removes all", "WHERE lock_id = p_lock_id", "WHERE TRUE" },
  { STEP, "release removes nothing", "WHERE lock_id = p_lock_id", "WHERE FALSE" },
  { STEP, "release says yes always", "SET p_released = @@row_count > 0", "SET p_released = TRUE" },
  { STEP, "the clean-up removes live locks",
    "WHERE expires_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 MINUTE)", "WHERE TRUE" },
  { STEP, "the clean-up removes nothing",
    "WHERE expires_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 MINUTE)", "WHERE FALSE" },
  { STEP, "the clean-up keeps what has run out for a day", "INTERVAL 1 MINUTE", "INTERVAL 1 DAY" },
  { STEP, "the account is not written down", "SET account_id = p_account_id", "SET account_id = 'somebody'" },
  { STEP, "the lock's id is always the same", "DEFAULT GENERATE_UUID()", "DEFAULT 'lock'" },
  { STEP, "any time is let through", "OR p_seconds NOT BETWEEN 1 AND 86400", "" },
  { STEP, "all captions are locked as one", "WHERE live.caption_id = p_caption_id AND", "WHERE" },
  { STEP, "it looks first and inserts afterwards",
    "    UPDATE " T "caption_locks` AS locks\n    SET account_id = p_account_id,\n        lock_id = "
    "v_lock_id,\n        locked_at = CURRENT_TIMESTAMP(),\n"
    "        expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_seconds SECOND)\n    WHERE "
    "locks.caption_id = p_caption_id\n      AND NOT EXISTS (\n"
    "        SELECT 1 FROM " T "caption_locks` AS live\n        WHERE live.caption_id = p_caption_id AND "
    "live.expires_at > CURRENT_TIMESTAMP()\n      );",
    "    INSERT INTO " T "caption_locks` VALUES (p_caption_id, p_account_id, CURRENT_TIMESTAMP(), "
    "TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_seconds SECOND), v_lock_id);" },
#undef STEP
#define STEP "phase1/30-thompson-sampling"
  { STEP, "always the smallest id", "ORDER BY y / x NULLS LAST, arm_id", "ORDER BY arm_id" },
  { STEP, "always the largest id", "ORDER BY y / x NULLS LAST, arm_id", "ORDER BY arm_id DESC" },
  { STEP, "the lowest draw", "ORDER BY y / x NULLS LAST", "ORDER BY y / x DESC" },
  { STEP, "at random, whatever was counted", "ORDER BY y / x NULLS LAST", "ORDER BY RAND()" },
  { STEP, "no randomness", "ORDER BY y / x NULLS LAST", "ORDER BY x" },
  { STEP, "the best of the past", "SELECT arm_id FROM draws ORDER BY y / x NULLS LAST",
    "SELECT arm_id FROM draws ORDER BY (SELECT d_y / d_x FROM arms WHERE arms.arm_id = draws.arm_id)" },
  { STEP, "locks are ignored",
    "WHERE locks.caption_id = bank.caption_id AND locks.expires_at > CURRENT_TIMESTAMP()", "WHERE FALSE" },
  { STEP, "assignments are ignored", "WHERE taken.caption_id = bank.caption_id\n",
    "WHERE FALSE AND taken.caption_id = bank.caption_id\n" },
  { STEP, "an assignment is for ever",
    "AND (taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())", "" },
  { STEP, "an assignment without an end is none",
    "(taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP())",
    "taken.expires_at > CURRENT_TIMESTAMP()" },
  { STEP, "inactive captions are handed out", "WHERE bank.is_active AND", "WHERE" },
  { STEP, "captions that nobody knows to be active are handed out", "WHERE bank.is_active AND",
    "WHERE bank.is_active IS NOT FALSE AND" },
  { STEP, "one that nobody has seen is never shown", "LEFT JOIN " T "caption_bandit_stats`",
    "JOIN " T "caption_bandit_stats`" },
  { STEP, "every candidate is accepted", "LN(uniform) < d *", "TRUE OR LN(uniform) < d *" },
  { STEP, "a candidate is its shape", "    d * root * root * root,", "    d," },
  { STEP, "a candidate is not cubed", "    d * root * root * root,", "    d * root," },
  { STEP, "it selects nothing", "SELECT arm_id FROM draws ORDER BY",
    "SELECT arm_id FROM draws WHERE FALSE ORDER BY" },
  { STEP, "views and engagements are exchanged", "ORDER BY y / x", "ORDER BY x / y" },
#undef STEP
#define STEP "phase1/40-injection-protection"
  { STEP, "all is let through", "IFNULL(REGEXP_CONTAINS(input, r'\\A[A-Za-z0-9_-]+\\z') AND",
    "IFNULL(TRUE AND" },
  { STEP, "single quotes", "[A-Za-z0-9_-]", "[A-Za-z0-9_\\x27-]" },
  { STEP, "back-quotes and semicolons", "[A-Za-z0-9_-]", "[A-Za-z0-9_`;-]" },
  { STEP, "double quotes and per cent", "[A-Za-z0-9_-]", "[A-Za-z0-9_\"%-]" },
  { STEP, "spaces", "[A-Za-z0-9_-]", "[A-Za-z0-9_ -]" },
  { STEP, "a line's end", "r'\\A[A-Za-z0-9_-]+\\z'", "r'(?m)\\A[A-Za-z0-9_-]+$'" },
  { STEP, "letters of any script", "[A-Za-z0-9_-]", "[\\pL0-9_-]" },
  { STEP, "only the beginning is looked at", "+\\z')", "+')" },
  { STEP, "only a part is looked at", "r'\\A[", "r'[" },
  { STEP, "any length", "AND CHAR_LENGTH(input) <= max_length", "" },
  { STEP, "nothing is let through", "+\\z')", "+\\z^')" },
  { STEP, "a missing text is let through", "max_length, FALSE)", "max_length, TRUE)" },
  { STEP, "the account is not looked at", "IF NOT " T "validate_input`(p_account_id, v_account_limit)",
    "IF FALSE" },
  { STEP, "the size is not looked at", "IF NOT " T "validate_input`(p_account_size, v_size_limit)",
    "IF FALSE" },
  { STEP, "the size is run as SQL",
    "  CALL " T "select_caption_thompson_sampling`(p_account_id, p_account_size, selected_caption_id);",
    "  EXECUTE IMMEDIATE CONCAT(\"SELECT '\", p_account_size, \"'\");\n  CALL " T
    "select_caption_thompson_sampling`(p_account_id, p_account_size, selected_caption_id);" },
  { STEP, "everybody is refused", "IF NOT " T "validate_input`(p_account_id, v_account_limit)", "IF TRUE" },
  { STEP, "nothing is selected",
    "  CALL " T "select_caption_thompson_sampling`(p_account_id, p_account_size, selected_caption_id);",
    "  SET selected_caption_id = NULL;" },
#undef STEP
#define STEP "phase1/50-caption-assignment"
  { STEP, "nothing is written", "IF @@row_count > 0 THEN",
    "DELETE FROM " T "active_caption_assignments` WHERE caption_id = v_candidate; IF TRUE THEN" },
  { STEP, "no lock is taken", "CALL " T "acquire_caption_lock`(v_candidate, p_account_id, 60, v_lock_id);",
    "SET v_lock_id = 'none';" },
  { STEP, "the lock is kept", "CALL " T "release_caption_lock`(v_lock_id, v_released);",
    "SET v_released = TRUE;" },
  { STEP, "it does not look under the lock",
    "WHERE NOT EXISTS (\n        SELECT 1 FROM " T
    "active_caption_assignments` AS taken\n        WHERE taken.caption_id = v_candidate\n          AND "
    "(taken.expires_at IS NULL OR taken.expires_at > CURRENT_TIMESTAMP()))",
    "" },
  { STEP, "another account is written down", "SELECT v_candidate, p_account_id,",
    "SELECT v_candidate, 'somebody'," },
  { STEP, "another schedule is written down", "CURRENT_TIMESTAMP(), p_schedule_id,",
    "CURRENT_TIMESTAMP(), p_account_id," },
  { STEP, "it ends in days", "INTERVAL p_hours HOUR", "INTERVAL p_hours DAY" },
  { STEP, "it never ends", "TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL p_hours HOUR)",
    "CAST(NULL AS TIMESTAMP)" },
  { STEP, "it is written twice", "FROM (SELECT 1)", "FROM (SELECT 1 UNION ALL SELECT 1)" },
  { STEP, "another caption is written down", "SELECT v_candidate, p_account_id,",
    "SELECT v_candidate - 1, p_account_id," },
  { STEP, "the schedule is not looked at", "IF NOT " T "validate_input`(p_schedule_id, v_schedule_limit)",
    "IF FALSE" },
  { STEP, "any time is let through", "p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 8760", "FALSE" },
  { STEP, "the account is not looked at",
    "select_caption_safe`(p_account_id, p_account_size, v_candidate);\n  WHILE",
    "select_caption_thompson_sampling`(p_account_id, p_account_size, v_candidate);\n  WHILE" },
  { STEP, "it says nothing", "SET p_assigned_caption_id = v_candidate;", "SET v_attempts = 9;" },
#undef STEP
#define STEP "phase2/10-feedback-loop"
  { STEP, "the batch does nothing", "IF v_until IS NOT NULL THEN", "IF FALSE THEN" },
  { STEP, "every row is counted twice", "COUNT(*) AS new_views", "2 * COUNT(*) AS new_views" },
  { STEP, "every engagement is counted twice", "COUNTIF(engaged) AS new_engagements",
    "2 * COUNTIF(engaged) AS new_engagements" },
  { STEP, "rows are never marked", "SET processed = TRUE", "SET processed = processed" },
  { STEP, "all rows are marked",
    "WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at <= v_until;", "WHERE TRUE;" },
  { STEP, "rows that are counted are counted again",
    "WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at <= v_until\n",
    "WHERE caption_id IS NOT NULL AND observed_at <= v_until\n" },
  { STEP, "the batch has no size", "LIMIT @most", "LIMIT 1000000" },
  { STEP, "a row that nobody has marked does not count",
    "WHERE processed IS NOT TRUE AND caption_id IS NOT NULL AND observed_at <= v_until\n",
    "WHERE processed = FALSE AND caption_id IS NOT NULL AND observed_at <= v_until\n" },
  { STEP, "new captions are left out", "      WHEN NOT MATCHED THEN\n",
    "      WHEN NOT MATCHED AND batch.caption_id > 0 THEN\n" },
  { STEP, "any size is let through", "IF p_batch_size IS NULL OR p_batch_size < 1 THEN", "IF FALSE THEN" },
  { STEP, "a single update adds twice", "total_views = IFNULL(stats.total_views, 0) + p_views",
    "total_views = IFNULL(stats.total_views, 0) + 2 * p_views" },
  { STEP, "a single update does not rescore",
    "      IFNULL(stats.engagement_count, 0) + p_engagements, IFNULL(stats.total_views, 0) + p_views),",
    "      stats.engagement_count, stats.total_views)," },
  { STEP, "a single update is of all", "ON stats.caption_id = observed.observed_id", "ON TRUE" },
  { STEP, "more engagements than views are let through", "OR p_engagements > p_views THEN", "THEN" },
  { STEP, "the summary's tiers are shifted", "COUNTIF(wilson_score_lower_bound >= 0.7) AS high_tier",
    "COUNTIF(wilson_score_lower_bound >= 0.2) AS high_tier" },
  { STEP, "the best are the worst", "ORDER BY stats.wilson_score_lower_bound DESC, stats.caption_id\n",
    "ORDER BY stats.wilson_score_lower_bound, stats.caption_id\n" },
  { STEP, "inactive ones are among the best", "WHERE bank.is_active\n", "" },
#undef STEP
#define STEP "phase2/20-account-classification"
  { STEP, "10,000 are mid_tier", "follower_count <= 10000 THEN", "follower_count < 10000 THEN" },
  { STEP, "1,000 are nano", "WHEN follower_count < 1000 THEN", "WHEN follower_count <= 1000 THEN" },
  { STEP, "a million are mega", "follower_count <= 1000000 THEN", "follower_count < 1000000 THEN" },
  { STEP, "100,000 are macro", "follower_count <= 100000 THEN", "follower_count < 100000 THEN" },
  { STEP, "five in a hundred is much", "avg_engagement_rate > 0.05", "avg_engagement_rate >= 0.05" },
  { STEP, "nobody is unknown",
    "WHEN follower_count IS NULL OR follower_count < 0 OR avg_engagement_rate < 0 THEN 'unknown'",
    "WHEN FALSE THEN 'unknown'" },
  { STEP, "the biggest explore most", "WHEN 'mega' THEN 0.05", "WHEN 'mega' THEN 0.9" },
  { STEP, "nano explore less", "WHEN 'nano' THEN 0.30", "WHEN 'nano' THEN 0.25" },
  { STEP, "who is unknown never explores", "ELSE 0.20", "ELSE 0.0" },
  { STEP, "the size is not asked for", "WHERE metrics.account_id = p_account_id", "WHERE FALSE" },
  { STEP, "it always explores", "IF RAND() < " T "exploration_rate`(v_account_size) THEN", "IF TRUE THEN" },
  { STEP, "exploring ignores locks",
    "WHERE locks.caption_id = bank.caption_id AND locks.expires_at > CURRENT_TIMESTAMP()", "WHERE FALSE" },
  { STEP, "exploring hands out inactive ones", "WHERE bank.is_active AND", "WHERE" },
  { STEP, "the account is not looked at", "IF NOT " T "validate_input`(p_account_id, v_account_limit)",
    "IF FALSE" },
  { STEP, "account_metrics is not read",
    "    SELECT " T "classify_account_size`(metrics.follower_count, metrics.avg_engagement_rate)\n    FROM " T
    "account_metrics` AS metrics\n    WHERE metrics.account_id = p_account_id\n    ORDER BY "
    "metrics.last_updated DESC\n    LIMIT 1\n",
    "    SELECT 'micro'\n" },
#undef STEP
#define STEP "phase2/30-query-timeouts"
  { STEP, "the default is 61", "'default' AS query_type, 60 AS", "'default' AS query_type, 61 AS" },
  { STEP, "the default is 6", "'default' AS query_type, 60 AS", "'default' AS query_type, 6 AS" },
  { STEP, "selection has ten minutes", "'caption_selection', 30", "'caption_selection', 600" },
  { STEP, "scores have two minutes", "'wilson_score', 45", "'wilson_score', 120" },
  { STEP, "reports have ten minutes", "'reporting', 120", "'reporting', 600" },
  { STEP, "a batch has an hour", "'batch_update', 300", "'batch_update', 3600" },
  { STEP, "a backup has a day", "'backup', 600", "'backup', 86400" },
  { STEP, "no time at all", "'wilson_score', 45", "'wilson_score', 0" },
  { STEP, "one kind is missing", "    STRUCT('batch_update', 300, 1, 'The feedback loop'),\n", "" },
  { STEP, "one kind is there twice", "    STRUCT('batch_update', 300, 1, 'The feedback loop'),\n",
    "    STRUCT('batch_update', 300, 1, 'The feedback loop'),\n    STRUCT('batch_update', 200, 1, 'The "
    "feedback loop'),\n" },
  { STEP, "it is tried for ever", "'caption_selection', 30, 3", "'caption_selection', 30, 1000000" },
  { STEP, "the log lacks a column", "  slot_ms INT64,\n", "" },
  { STEP, "a time of the log is a text", "  start_time TIMESTAMP,\n  end_time TIMESTAMP,",
    "  start_time TIMESTAMP,\n  end_time STRING," },
#undef STEP
};

/* (transfer full): the step with what is wrong with it */
static char *
make_wrong (const ErosSqlStep *step, const Wrong *wrong)
{
  GString *text = g_string_new (step->deploy);

  if (g_string_replace (text, wrong->find, wrong->replace, 0) == 0)
    g_error ("%s, “%s”: “%s” is not in deploy.sql", wrong->step, wrong->what, wrong->find);
  return g_string_free (text, FALSE);
}

static ErosSqlStep *
find_step (GPtrArray *steps, const char *id)
{
  for (guint i = 0; i < steps->len; i++)
    if (g_str_equal (((ErosSqlStep *) steps->pdata[i])->id, id))
      return steps->pdata[i];
  return NULL;
}

/* Which query of the step says no, or that it cannot be run. */
static gboolean
is_caught (SqlTest *test, ErosSqlStep *step, char **why)
{
  for (guint i = 0; i < step->verifies->len; i++)
    {
      ErosSqlVerify *verify = step->verifies->pdata[i];
      g_autoptr (GError) error = NULL;

      if (!sql_test_try (test, verify->sql, &error))
        {
          *why = g_strdup_printf ("%s: %s", verify->name, error->message);
          return TRUE;
        }
    }
  return sql_test_verify (test, step, why) == EROS_OUTCOME_FAIL;
}

static const char everything[] =
  "SELECT TO_JSON_STRING([\n"
  "  (SELECT IFNULL(SUM(FARM_FINGERPRINT(TO_JSON_STRING(t)) / 1e9), 0) FROM " T "caption_bank` AS t),\n"
  "  (SELECT IFNULL(SUM(FARM_FINGERPRINT(TO_JSON_STRING(t)) / 1e9), 0) FROM " T
  "active_caption_assignments` AS t),\n"
  "  (SELECT IFNULL(SUM(FARM_FINGERPRINT(TO_JSON_STRING(t)) / 1e9), 0) FROM " T
  "caption_performance_log` AS t),\n"
  "  (SELECT IFNULL(SUM(FARM_FINGERPRINT(TO_JSON_STRING(STRUCT(caption_id, total_views, engagement_count))) "
  "/ 1e9), 0)\n"
  "   FROM " T "caption_bandit_stats` AS t)])";

/* Back to what it was before; wrong implementations may leave something behind. */
static void
begin_anew (SqlTest *test, const Wrong *wrong)
{
  static const char *const tables[] = { "caption_bank", "caption_bandit_stats", "active_caption_assignments",
                                        "caption_performance_log" };

  if (g_str_equal (wrong->step, "phase2/30-query-timeouts"))
    sql_test_run (test, "DROP TABLE IF EXISTS " T "query_timeout_config`;\nDROP TABLE IF EXISTS " T
                        "query_performance_log`");
  sql_test_run (test, "TRUNCATE TABLE " T "caption_locks`");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("CREATE OR REPLACE TABLE " T "%s` CLONE " T "%s_kept`", tables[i], tables[i]);

      sql_test_run (test, sql);
    }
}

static void
keep (SqlTest *test)
{
  sql_test_run (
    test,
    "CREATE SNAPSHOT TABLE " T "caption_bank_kept` CLONE " T "caption_bank`;\n"
    "CREATE SNAPSHOT TABLE " T "caption_bandit_stats_kept` CLONE " T "caption_bandit_stats`;\n"
    "CREATE SNAPSHOT TABLE " T "active_caption_assignments_kept` CLONE " T "active_caption_assignments`;\n"
    "CREATE SNAPSHOT TABLE " T "caption_performance_log_kept` CLONE " T "caption_performance_log`");
}

static void
test_no_wrong_step_is_let_through (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:400", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  gboolean all = g_getenv ("EROS_TEST_LONG") != NULL;
  g_autoptr (GString) missed = g_string_new (NULL);
  guint n_tried = 0, n_missed = 0;

  keep (test);
  sql_test_deploy (test, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      const Wrong *wrong = &wrongs[i];
      ErosSqlStep *step = find_step (steps, wrong->step);
      g_autofree char *sql = make_wrong (step, wrong);
      g_autofree char *why = NULL;
      g_autoptr (GError) error = NULL;

      if (!all && g_test_rand_int_range (0, G_N_ELEMENTS (wrongs)) >= DRAWN)
        continue;
      n_tried++;
      begin_anew (test, wrong);
      /* One that BigQuery refuses is caught as well. */
      if (sql_test_try (test, sql, &error) && !is_caught (test, step, &why))
        {
          n_missed++;
          g_string_append_printf (missed, "\n%s: %s", wrong->step, wrong->what);
        }
      g_test_message ("%s, %s: %s", wrong->step, wrong->what,
                      why != NULL     ? why
                      : error != NULL ? error->message
                                      : "missed");
      begin_anew (test, wrong);
      sql_test_run (test, step->deploy);
    }
  g_test_message ("%u of %u wrong implementations tried, %u missed", n_tried, (guint) G_N_ELEMENTS (wrongs),
                  n_missed);
  if (n_missed > 0)
    g_error ("Let through:%s", missed->str);
}

/* What is right passes each time, and leaves nothing behind. */
static void
test_what_is_right_passes_and_leaves_no_trace (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:400", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  guint rounds = g_getenv ("EROS_TEST_LONG") != NULL ? 25 : 1;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sql_test_deploy (test, NULL);
  sql_test_run (test, "INSERT INTO " T "account_metrics` (account_id, follower_count, account_size_category) "
                      "VALUES ('acct_00001', 500, 'nano')");
  before = sql_test_rows (test, everything);
  for (guint i = 0; i < rounds * steps->len; i++)
    {
      ErosSqlStep *step = steps->pdata[i % steps->len];
      g_autofree char *why = NULL;

      if (sql_test_verify (test, step, &why) != EROS_OUTCOME_PASS)
        g_error ("%s", why);
    }
  after = sql_test_rows (test, everything);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNT(*) FROM " T "caption_locks`"), ==, 0);
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNT(*) FROM " T "account_metrics`"), ==, 1);
}

/* Callers that come at once select the same caption often, and one of them gets it. */
static void
test_many_callers_never_get_the_same_caption (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:60", 0);
  const char *calls[13] = { NULL };
  gint64 before, after;

  sql_test_deploy (test, NULL);
  before = sql_test_integer (test, "SELECT COUNT(*) FROM " T "active_caption_assignments`");
  for (guint i = 0; i < 12; i++)
    calls[i] = "BEGIN DECLARE v_caption INT64; CALL " T
               "assign_caption`('acct_1', 'micro', 'sched_1', 24, v_caption); SELECT v_caption; END";
  g_ptr_array_unref (sql_test_run_at_once (test, calls));
  after = sql_test_integer (test, "SELECT COUNT(*) FROM " T "active_caption_assignments`");
  g_assert_cmpint (after, >, before);
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNT(*) - COUNT(DISTINCT caption_id) FROM " T
                                           "active_caption_assignments`\n"
                                           "WHERE expires_at > CURRENT_TIMESTAMP()"),
                   ==, 0);
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNT(*) FROM " T
                                           "caption_locks` WHERE expires_at > CURRENT_TIMESTAMP()"),
                   ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/wrong-steps/no-wrong-step-is-let-through", test_no_wrong_step_is_let_through);
  g_test_add_func ("/sql/wrong-steps/what-is-right-passes-and-leaves-no-trace",
                   test_what_is_right_passes_and_leaves_no_trace);
  g_test_add_func ("/sql/wrong-steps/many-callers-never-get-the-same-caption",
                   test_many_callers_never_get_the_same_caption);
  return g_test_run ();
}
