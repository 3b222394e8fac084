/* test-cuts.c: deployments and rollbacks that are cut off at every border between two steps
 *
 * A border is a word in the journal: a step has begun, a job is planned, a step has ended. At each the
 * process is killed, or the person cancels, or the network fails. What goes on after it must come to the end
 * that an undisturbed run comes to.
 *
 * EROS_TEST_ALL_CUTS=1 tries every border, EROS_TEST_CUTS=N as many; without it, a few of them that differ
 * from day to day.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <unistd.h>

#include "controller-test.h"

#define DATASET "`eros-rehearsal.eros_platform"

/* What deploying leaves: routines, tables with their layout, and numbers without the times at which they were
 * made. */
static char *
state_of (ControllerTest *test)
{
  g_autofree char *inventory = controller_test_inventory (test);
  g_autofree char *scores = controller_test_query (
    test, "SELECT CAST(BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(STRUCT(caption_id, total_views, "
          "engagement_count, wilson_score_lower_bound)))) AS STRING) FROM " DATASET ".caption_bandit_stats`");
  g_autofree char *rows = controller_test_query (
    test,
    "SELECT STRING_AGG(CONCAT(table_id, ' ', CAST(row_count AS STRING)), '\\n' ORDER BY table_id) "
    "FROM " DATASET
    ".__TABLES__` WHERE table_id IN ('caption_bank', 'caption_bandit_stats', 'active_caption_assignments', "
    "'caption_locks', 'account_metrics', 'query_timeout_config')");

  return g_strjoin ("\n", inventory, scores, rows, NULL);
}

typedef enum
{
  CUT_KILL,
  CUT_CANCEL,
  CUT_NETWORK,
} Cut;
#define N_CUTS (CUT_NETWORK + 1)

static const char *const names[] = { "killed", "cancelled", "network fails" };

/* ---- counting borders ---------------------------------------------------------------------------------- */

typedef struct
{
  ControllerTest *test;
  ErosOperation *operation;
  Cut cut;
  guint border;     /* at which it is cut; 0: never */
  const char *step; /* (nullable): … or when this one has ended */
  guint n;
} Counter;

static gboolean
is_border (Counter *counter, ErosEvent *event)
{
  return counter->step != NULL ? g_str_equal (eros_event_get_kind (event), "step.ended") &&
                                   g_strcmp0 (eros_event_get_string (event, "step"), counter->step) == 0
                               : counter->n == counter->border;
}

static void
cut_now (Counter *counter)
{
  switch (counter->cut)
    {
    case CUT_KILL:
      _exit (9);
    case CUT_CANCEL:
      eros_operation_cancel (counter->operation);
      break;
    case CUT_NETWORK:
    default:
      /* What is sent after this is done by the server, or is not, and the answer never comes. */
      controller_test_tell_server (
        counter->test, "POST", "/_local/faults",
        counter->n % 2 == 0
          ? "{\"path\":\"^/(bigquery|v1|upload)\",\"times\":100000,\"action\":\"reset\"}"
          : "{\"path\":\"^/(bigquery|v1|upload)\",\"times\":100000,\"action\":\"drop-response\"}");
      break;
    }
}

static void
items_changed_cb (GListModel *journal, guint position, guint removed, guint added, Counter *counter)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      const char *kind = eros_event_get_kind (event);

      if (!g_str_has_prefix (kind, "step.") && !g_str_has_prefix (kind, "job."))
        continue;
      counter->n++;
      if (is_border (counter, event))
        cut_now (counter);
    }
}

static GHashTable *
arguments_of (ControllerTest *test, const char *kind)
{
  g_autofree char *backup = NULL;
  GHashTable *arguments;

  if (!g_str_has_prefix (kind, "rollback"))
    return NULL;
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  if (g_str_equal (kind, "rollback-part"))
    g_hash_table_insert (arguments, (gpointer) "only", g_strdup ("phase1"));
  return arguments;
}

/* Runs it, cut at the border if there is one: a number or a step. Returns the number of borders passed. */
static guint
run_to (ControllerTest *test, const char *kind, Cut cut, const char *border)
{
  g_autoptr (GHashTable) arguments = arguments_of (test, kind);
  gboolean is_number = g_ascii_isdigit (*border);
  guint number = is_number ? (guint) g_ascii_strtoull (border, NULL, 10) : 0;
  Counter counter = {
    test, controller_test_plan (test, kind, arguments), cut, number, is_number ? NULL : border, 0
  };
  ErosJournal *journal = eros_deployment_get_journal (test->deployment);
  gulong handler = g_signal_connect (journal, "items-changed", G_CALLBACK (items_changed_cb), &counter);
  g_autoptr (GError) error = NULL;

  controller_test_start (test, counter.operation, &error);
  if (g_str_equal (border, "0"))
    g_assert_no_error (error);
  g_signal_handler_disconnect (journal, handler);
  return counter.n;
}

/* ---- a process that is killed -------------------------------------------------------------------------- */

static const char *own_path;

static void
run_in_child (ControllerTest *test, const char *kind, const char *border)
{
  g_autofree char *path =
    g_file_get_path (eros_journal_get_file (eros_deployment_get_journal (test->deployment)));
  const char *endpoint = eros_connection_get_endpoint (eros_rehearsal_get_connection (test->rehearsal));
  const char *argv[] = { own_path, "--operate", path, endpoint, kind, border, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_clear_object (&test->controller);
  g_clear_object (&test->deployment);
  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status) && (WEXITSTATUS (status) == 9 || WEXITSTATUS (status) == 0));
  controller_test_open (test, path);
}

/* The child: opens the deployment, and dies at the border. */
static int
operate (char **argv)
{
  ControllerTest test = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  eros_rehearsal_start_async (0, argv[3], NULL, NULL, controller_test_keep_cb, &test.result);
  result = controller_test_wait (&test);
  test.rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
  controller_test_open (&test, argv[2]);
  run_to (&test, argv[4], CUT_KILL, argv[5]);
  return 0;
}

/* ---- the test ------------------------------------------------------------------------------------------ */

/* loss: (nullable): SQL that takes away what a rollback needs; STAMP: the backup's */
static void
prepare (ControllerTest *test, const char *kind, const char *loss)
{
  g_autofree char *backup = NULL;
  g_autoptr (GString) sql = g_string_new (loss);

  controller_test_set_up (test, NULL);
  controller_test_open_gates (test);
  if (!g_str_has_prefix (kind, "rollback"))
    return;
  controller_test_run (test, "backup", NULL);
  controller_test_run (test, "deploy-phase1", NULL);
  if (loss == NULL)
    return;
  backup = controller_test_backup_suffix (test);
  g_string_replace (sql, "SUFFIX", backup, 0);
  g_free (controller_test_query (test, sql->str));
}

static void
go_on (ControllerTest *test, const char *kind)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  controller_test_reopen (test);
  eros_controller_resume_async (test->controller, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_resume_finish (test->controller, result, &error);
  g_assert_no_error (error);
  operation = eros_controller_find_operation (test->controller, kind);
  if (operation == NULL) /* it was cut before it was on record */
    operation = controller_test_plan (test, kind, NULL);
  if (eros_operation_get_state (operation) != EROS_STATE_SUCCEEDED)
    controller_test_start (test, operation, &error);
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
}

/* Each job id that was planned for a change is that of at most one job that has changed something. */
static void
assert_nothing_ran_twice (ControllerTest *test, const char *kind)
{
  g_autofree char *twice = controller_test_query (
    test, "SELECT IFNULL(STRING_AGG(step), '') FROM (\n"
          "  SELECT (SELECT value FROM UNNEST(labels) WHERE key = 'eros-step') AS step,\n"
          "    (SELECT value FROM UNNEST(labels) WHERE key = 'eros-operation') AS operation, COUNT(*) AS n\n"
          "  FROM `eros-rehearsal`.`region-us`.INFORMATION_SCHEMA.JOBS\n"
          "  WHERE state = 'DONE' AND error_result IS NULL AND parent_job_id IS NULL AND statement_type = "
          "'SCRIPT'\n"
          "  GROUP BY step, operation)\n"
          "WHERE n > 1");

  g_assert_cmpstr (twice, ==, "");
}

/* How many times it is cut off. */
static guint
count_cuts (guint n_borders)
{
  const char *wanted = g_getenv ("EROS_TEST_CUTS");

  if (g_getenv ("EROS_TEST_ALL_CUTS") != NULL)
    return n_borders * N_CUTS;
  return wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : N_CUTS;
}

/* (transfer full): what an undisturbed run leaves. n_borders: (out): that it passes */
static char *
run_undisturbed (const char *kind, const char *loss, guint *n_borders)
{
  ControllerTest test = { 0 };
  char *state;

  prepare (&test, kind, loss);
  *n_borders = run_to (&test, kind, CUT_KILL, "0");
  state = state_of (&test);
  controller_test_tear_down (&test, NULL);
  g_test_message ("%s has %u borders", kind, *n_borders);
  return state;
}

static void
cut_once (const char *kind, const char *loss, Cut cut, const char *border, const char *wanted)
{
  ControllerTest test = { 0 };
  g_autofree char *state = NULL;

  g_test_message ("%s at border %s of %s", names[cut], border, kind);
  prepare (&test, kind, loss);
  if (cut == CUT_NETWORK)
    g_object_set (eros_rehearsal_get_connection (test.rehearsal), "patience-ms", 200, NULL);
  if (cut == CUT_KILL)
    run_in_child (&test, kind, border);
  else
    run_to (&test, kind, cut, border);
  go_on (&test, kind);
  state = state_of (&test);
  g_assert_cmpstr (state, ==, wanted);
  assert_nothing_ran_twice (&test, kind);
  controller_test_tear_down (&test, NULL);
}

static void
cut_everywhere (const char *kind, const char *loss)
{
  gboolean all = g_getenv ("EROS_TEST_ALL_CUTS") != NULL;
  guint n_borders = 0;
  g_autofree char *wanted = run_undisturbed (kind, loss, &n_borders);
  guint n_cuts = count_cuts (n_borders);

  for (guint i = 0; i < n_cuts; i++)
    {
      guint number = all ? 1 + i / N_CUTS : (guint) g_test_rand_int_range (1, n_borders + 1);
      g_autofree char *border = g_strdup_printf ("%u", number);

      cut_once (kind, loss, i % N_CUTS, border, wanted);
    }
}

static void
test_deployment (void)
{
  cut_everywhere ("deploy-phase1", NULL);
}

static void
test_rollback (void)
{
  cut_everywhere ("rollback", NULL);
}

/* A table and its snapshot are gone, and another snapshot: they are made again first. */
static const char lost_tables[] =
  "DROP TABLE " DATASET ".caption_bank`; DROP SNAPSHOT TABLE " DATASET
  ".caption_bank_SUFFIX`; DROP SNAPSHOT TABLE " DATASET ".caption_bandit_stats_SUFFIX`;";
static const char lost_data_set[] = "DROP SCHEMA " DATASET "` CASCADE";

static void
test_rollback_in_part (void)
{
  cut_everywhere ("rollback-part", NULL);
}

static void
test_rollback_after_losses (void)
{
  cut_everywhere ("rollback", lost_tables);
}

static void
test_rollback_of_a_dropped_data_set (void)
{
  cut_everywhere ("rollback", lost_data_set);
}

/* The network fails when the next step is one that the rollback can do without: that is no answer to whether
 * time travel has the rows, or the data set comes back, or something can be taken back. */
static void
test_no_answer_is_no_verdict (void)
{
  static const struct
  {
    const char *loss;
    const char *border;
  } cuts[] = {
    { lost_tables, "phase1/50-caption-assignment/revert" },
    { lost_tables, "source/travel/caption_bank" },
    { lost_data_set, "dataset" },
  };
  guint n_borders = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autofree char *wanted = run_undisturbed ("rollback", cuts[i].loss, &n_borders);

      cut_once ("rollback", cuts[i].loss, CUT_NETWORK, cuts[i].border, wanted);
    }
}

/* Killed when its end is on record, and the box that it proves is not yet. */
static void
test_a_box_says_what_its_step_has_found (void)
{
  ControllerTest test = { 0 };

  prepare (&test, "backup", NULL);
  run_in_child (&test, "backup", "space");
  g_assert_cmpint (eros_item_get_outcome (eros_deployment_get_item (test.deployment, "backup.before.quota")),
                   ==, EROS_OUTCOME_NONE);
  go_on (&test, "backup");
  g_assert_cmpint (eros_item_get_outcome (eros_deployment_get_item (test.deployment, "backup.before.quota")),
                   ==, EROS_OUTCOME_NOT_ENOUGH);
  controller_test_tear_down (&test, NULL);
}

int
main (int argc, char **argv)
{
  own_path = argv[0];
  if (argc == 6 && g_str_equal (argv[1], "--operate"))
    return operate (argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller/cuts/a-deployment-goes-on-to-its-end", test_deployment);
  g_test_add_func ("/controller/cuts/a-rollback-goes-on-to-its-end", test_rollback);
  g_test_add_func ("/controller/cuts/a-rollback-in-part-goes-on-to-its-end", test_rollback_in_part);
  g_test_add_func ("/controller/cuts/a-rollback-after-losses-goes-on-to-its-end", test_rollback_after_losses);
  g_test_add_func ("/controller/cuts/a-rollback-of-a-dropped-data-set-goes-on-to-its-end",
                   test_rollback_of_a_dropped_data_set);
  g_test_add_func ("/controller/cuts/no-answer-is-no-verdict", test_no_answer_is_no_verdict);
  g_test_add_func ("/controller/cuts/a-box-says-what-its-step-has-found",
                   test_a_box_says_what_its_step_has_found);
  return g_test_run ();
}
