/* test-scripts.c: the statements of a script, and its mistakes, are shown where they stand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"

#define STEP "phase1/10-wilson-score/deploy.sql"
/* A script of its own would hide on which line the program's own text ends. */
#define BROKEN                                                                                               \
  "CALL `${project}.${dataset}.does_it`(0);\n"                                                               \
  "SELECT 'never run';\n"
#define PROCEDURE                                                                                            \
  "CREATE OR REPLACE PROCEDURE `${project}.${dataset}.does_it`(x INT64)\n"                                   \
  "BEGIN\n"                                                                                                  \
  "  SELECT 7 AS seven;\n"                                                                                   \
  "  SELECT 1 / x AS broken;\n"                                                                              \
  "END;\n"

static ErosOperation *
plan_with (ControllerTest *test, const char *more)
{
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (arguments, (gpointer) "sql", controller_test_copy_steps (test, STEP, more));
  return controller_test_plan (test, "deploy-phase1", arguments);
}

/* How many lines the program's own text of that step has. */
static guint
count_lines (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", STEP, NULL);
  g_autofree char *text = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *p = text; *p != '\0'; p++)
    n += *p == '\n';
  return n;
}

/* The first one with these words in its title. (transfer none) */
static ErosStep *
find_step (GListModel *steps, const char *words)
{
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (strstr (eros_step_get_title (step), words) != NULL)
        return step;
    }
  g_error ("no step is called “%s”", words);
}

static void
assert_trouble (ErosStep *step, guint wanted_line, const char *wanted_text)
{
  guint line;
  guint column;
  const char *text;

  g_assert_true (eros_step_get_trouble (step, &line, &column, &text));
  g_assert_cmpuint (line, ==, wanted_line);
  g_assert_cmpuint (column, >=, 1);
  g_assert_cmpstr (text, ==, wanted_text);
}

static void
assert_statements (ErosOperation *operation)
{
  ErosStep *script = find_step (eros_operation_get_steps (operation), "Wilson score");
  GListModel *statements = eros_step_get_children (script);
  ErosStep *update;
  ErosStep *broken;
  guint n_lines = count_lines ();
  g_autofree char *line = g_strdup_printf ("Line %u, in ", n_lines + 6);

  g_assert_nonnull (statements);
  update = find_step (statements, "UPDATE caption_bandit_stats SET");
  g_assert_true (g_str_has_prefix (eros_step_get_title (update), "Line "));
  g_assert_cmpint (eros_step_get_state (update), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpint (eros_step_get_n_rows (update), >, 0);
  g_assert_cmpint (eros_step_get_bytes_processed (update), >, 0);
  g_assert_cmpint (eros_step_get_started (update), >, 0);
  g_assert_cmpint (eros_step_get_ended (update), >=, eros_step_get_started (update));
  g_assert_cmpstr (eros_step_get_job_id (update), !=, eros_step_get_job_id (script));

  broken = find_step (statements, "SELECT 1 / x AS broken");
  g_assert_true (g_str_has_prefix (eros_step_get_title (broken), line));
  g_assert_nonnull (strstr (eros_step_get_title (broken), "does_it"));
  g_assert_cmpint (eros_step_get_state (broken), ==, EROS_STATE_FAILED);
  g_assert_nonnull (strstr (eros_step_get_error (broken), "division by zero"));
  g_assert_cmpint (eros_step_get_state (find_step (statements, "SELECT 7 AS seven")), ==,
                   EROS_STATE_SUCCEEDED);
  assert_trouble (script, n_lines + 6, "CALL `eros-rehearsal.eros_platform.does_it`(0);");
}

static void
test_statements_stand_below_their_script (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = plan_with (test, PROCEDURE BROKEN);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_strdup (eros_operation_get_id (operation));
  GListModel *operations;

  controller_test_open_gates (test);
  g_assert_null (eros_step_get_children (find_step (eros_operation_get_steps (operation), "Wilson score")));
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "division by zero"));
  assert_statements (operation);

  /* The journal knows them, too. */
  controller_test_reopen (test);
  operations = eros_controller_get_operations (test->controller);
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr (ErosOperation) again = g_list_model_get_item (operations, i);

      if (g_str_equal (eros_operation_get_id (again), id))
        {
          assert_statements (again);
          return;
        }
    }
  g_error ("the operation is not on record");
}

typedef struct
{
  ErosStep *script;
  gboolean seen; /* statements that were over, before the one that ends the script badly */
} Look;

static void
children_cb (ErosStep *script, GParamSpec *spec, Look *look)
{
  GListModel *statements = eros_step_get_children (script);
  gboolean over = FALSE, failed = FALSE;

  for (guint i = 0; statements != NULL && i < g_list_model_get_n_items (statements); i++)
    {
      g_autoptr (ErosStep) statement = g_list_model_get_item (statements, i);

      over |= eros_step_get_state (statement) == EROS_STATE_SUCCEEDED;
      failed |= eros_step_get_state (statement) == EROS_STATE_FAILED;
    }
  look->seen |= over && !failed && eros_step_get_state (script) == EROS_STATE_RUNNING;
}

/* Of a script that takes minutes, a person wants to know how far it is. */
static void
test_a_running_script_shows_how_far_it_is (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation =
    plan_with (test, "SELECT SUM(MOD(a * b, 7)) FROM UNNEST(GENERATE_ARRAY(1, 4000)) AS a, "
                     "UNNEST(GENERATE_ARRAY(1, 4000)) AS b;\nSELECT 1 / 0;\n");
  ErosStep *script = find_step (eros_operation_get_steps (operation), "Wilson score");
  Look look = { .script = script };
  g_autoptr (GError) error = NULL;

  controller_test_open_gates (test);
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "patience-ms", (gint64) 1000, NULL);
  g_signal_connect (script, "notify::children", G_CALLBACK (children_cb), &look);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "division by zero"));
  g_assert_true (look.seen);
  g_signal_handlers_disconnect_by_data (script, &look);
}

/* The script itself has ended: what its parts were is not worth waiting for. */
static void
test_cancel_answers_while_a_script_is_looked_into (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
  ErosStep *script = find_step (eros_operation_get_steps (operation), "Wilson score");
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  controller_test_open_gates (test);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"method\":\"GET\",\"path\":\"/jobs$\",\"action\":\"delay:15000\",\"times\":100}");
  eros_controller_start_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  while (eros_step_get_slot_ms (script) < 0)
    g_main_context_iteration (NULL, TRUE);
  eros_operation_cancel (operation);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_start_finish (test->controller, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (eros_step_get_state (script), ==, EROS_STATE_SUCCEEDED);
  g_assert_null (eros_step_get_children (script));
}

static gint64
forecast (ControllerTest *test, ErosOperation *operation)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 bytes = -1;

  eros_controller_forecast_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_forecast_finish (test->controller, result, &bytes, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_a_forecast_names_the_line_of_a_mistake (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = plan_with (test, "SELECT 1;\nSELEKT 2;\n");
  GListModel *steps = eros_operation_get_steps (operation);
  ErosStep *script = find_step (steps, "Wilson score");
  ErosStep *user;

  forecast (test, operation);
  g_assert_nonnull (strstr (eros_step_get_error (script), "Syntax error"));
  assert_trouble (script, count_lines () + 2, "SELEKT 2;");
  g_assert_cmpint (eros_step_get_state (script), ==, EROS_STATE_PLANNED);
  /* What uses things that the script would make is no mistake. */
  user = find_step (steps, "Verify Wilson score: range");
  g_assert_null (eros_step_get_error (user));
  g_assert_nonnull (strstr (eros_step_get_detail (user), "when the steps before it have run"));
}

static ErosStep *
forecast_statement (ErosStep *script, const char *words, ErosForecast wanted)
{
  ErosStep *statement = find_step (eros_step_get_children (script), words);

  g_test_message ("%s: %d %s %s", eros_step_get_title (statement), eros_step_get_forecast (statement),
                  eros_step_get_detail (statement), eros_step_get_error (statement));
  g_assert_cmpint (eros_step_get_forecast (statement), ==, wanted);
  if (wanted == EROS_FORECAST_FAILS)
    g_assert_nonnull (eros_step_get_error (statement));
  else
    g_assert_null (eros_step_get_error (statement));
  if (wanted == EROS_FORECAST_UNCHECKED)
    g_assert_nonnull (eros_step_get_detail (statement));
  return statement;
}

/* BigQuery's dry run of a script ends at its first DDL, CALL, EXECUTE IMMEDIATE, condition or loop, and is
 * content. */
static void
test_a_forecast_looks_at_every_statement (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation =
    plan_with (test, "CREATE TABLE `${project}.${dataset}.made_here` (a INT64);\n"
                     "SELECT b FROM `${project}.${dataset}.made_here`;\n"
                     "SELECT caption_id FROM `${project}.${dataset}.caption_bank`;\n"
                     "SELECT no_such_column FROM `${project}.${dataset}.caption_bank`;\n"
                     "IF TRUE THEN\n"
                     "  SELECT 1 FROM `${project}.${dataset}.no_such_table`;\n"
                     "  SELECT no_name FROM `${project}.${dataset}.caption_bank`;\n"
                     "END IF;\n"
                     "EXECUTE IMMEDIATE 'SELECT 1';\n");
  ErosStep *script = find_step (eros_operation_get_steps (operation), "Wilson score");
  gint64 bytes = forecast (test, operation);
  guint n_lines = count_lines ();
  ErosStep *statement;

  forecast_statement (script, "CREATE TABLE made_here", EROS_FORECAST_CHECKED);
  forecast_statement (script, "SELECT b FROM made_here", EROS_FORECAST_UNCHECKED);
  statement = forecast_statement (script, "SELECT caption_id FROM", EROS_FORECAST_CHECKED);
  g_assert_cmpint (eros_step_get_bytes_processed (statement), >, 0);
  g_assert_cmpint (bytes, >=, eros_step_get_bytes_processed (statement));
  statement = forecast_statement (script, "SELECT no_such_column", EROS_FORECAST_FAILS);
  assert_trouble (statement, n_lines + 4,
                  "SELECT no_such_column FROM `eros-rehearsal.eros_platform.caption_bank`;");
  forecast_statement (script, "IF TRUE THEN", EROS_FORECAST_UNCHECKED);
  /* Whoever asks first whether it is there has no mistake. */
  statement = forecast_statement (script, "SELECT 1 FROM no_such_table", EROS_FORECAST_UNCHECKED);
  g_assert_nonnull (
    strstr (eros_step_get_detail (statement), "runs only under a condition; if it ran now, it would fail: "));
  forecast_statement (script, "SELECT no_name FROM", EROS_FORECAST_FAILS);
  forecast_statement (script, "EXECUTE IMMEDIATE", EROS_FORECAST_UNCHECKED);
  g_assert_cmpint (eros_step_get_forecast (script), ==, EROS_FORECAST_FAILS);
  g_assert_cmpuint (eros_operation_count_failing (operation), ==, 1);
  g_assert_cmpuint (eros_operation_count_forecasts (operation, EROS_FORECAST_FAILS), ==, 2);
}

/* What calls or puts together a text may have done anything: then a name that is missing is no mistake. */
static void
test_a_forecast_knows_what_it_cannot_know (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = plan_with (test, "BEGIN\n"
                                              "  DECLARE v_n INT64 DEFAULT 1;\n"
                                              "  SELECT v_n + 1;\n"
                                              "  FOR r IN (SELECT 1 AS x) DO SELECT r.x; END FOR;\n"
                                              "  CREATE TEMP TABLE mine AS SELECT 1 AS x;\n"
                                              "  SELECT x FROM mine;\n"
                                              "  EXECUTE IMMEDIATE 'CREATE TABLE d.t (a INT64)';\n"
                                              "  SELECT a FROM `${project}.${dataset}.who_knows`;\n"
                                              "END;\n");
  ErosStep *script = find_step (eros_operation_get_steps (operation), "Wilson score");

  forecast (test, operation);
  forecast_statement (script, "DECLARE v_n", EROS_FORECAST_CHECKED);
  forecast_statement (script, "SELECT v_n + 1", EROS_FORECAST_CHECKED);
  forecast_statement (script, "SELECT r.x", EROS_FORECAST_UNCHECKED);
  forecast_statement (script, "CREATE TEMP TABLE mine", EROS_FORECAST_UNCHECKED);
  forecast_statement (script, "SELECT x FROM mine", EROS_FORECAST_UNCHECKED);
  forecast_statement (script, "SELECT a FROM who_knows", EROS_FORECAST_UNCHECKED);
  g_assert_cmpuint (eros_operation_count_failing (operation), ==, 0);
  g_assert_cmpint (eros_step_get_forecast (script), ==, EROS_FORECAST_UNCHECKED);
  g_assert_nonnull (strstr (eros_step_get_detail (script), "statements were checked"));
}

/* None of what the program brings would fail. */
static void
test_a_forecast_of_what_is_shipped_finds_no_mistake (ControllerTest *test, gconstpointer data)
{
  static const char *const kinds[] = { "deploy-phase1", "deploy-phase2", "comparison", "monitoring",
                                       "backup" };

  controller_test_open_gates (test);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      ErosOperation *operation = controller_test_plan (test, kinds[i], NULL);
      GListModel *steps = eros_operation_get_steps (operation);

      forecast (test, operation);
      for (guint k = 0; k < g_list_model_get_n_items (steps); k++)
        {
          g_autoptr (ErosStep) step = g_list_model_get_item (steps, k);

          if (eros_step_get_error (step) != NULL)
            g_error ("%s: %s: %s", kinds[i], eros_step_get_title (step), eros_step_get_error (step));
          if (eros_step_get_sql (step) != NULL)
            g_assert_cmpint (eros_step_get_forecast (step), !=, EROS_FORECAST_NONE);
        }
      g_test_message ("%s: %u checked, %u not", kinds[i],
                      eros_operation_count_forecasts (operation, EROS_FORECAST_CHECKED),
                      eros_operation_count_forecasts (operation, EROS_FORECAST_UNCHECKED));
      /* The second phase needs what the first has made. */
      if (i == 0)
        {
          g_autoptr (GError) error = NULL;

          controller_test_start (test, operation, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_a_forecast_names_what_is_read (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "monitoring", NULL);
  ErosStep *step = find_step (eros_operation_get_steps (operation), "Data integrity");
  gint64 bytes = forecast (test, operation);
  const char *const *tables = eros_step_get_tables (step);

  g_assert_nonnull (tables);
  g_assert_true (g_strv_contains (tables, "eros_platform.caption_bandit_stats"));
  g_assert_cmpint (eros_step_get_bytes_processed (step), >, 0);
  g_assert_cmpint (bytes, >=, eros_step_get_bytes_processed (step));
}

/* What only looks depends on nothing that a step before it makes: there, a missing table is a mistake. */
static void
test_a_forecast_tells_a_missing_table (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "monitoring", NULL);
  ErosStep *step;

  g_free (controller_test_query (test, "DROP TABLE `eros-rehearsal.eros_platform.caption_bandit_stats`"));
  forecast (test, operation);
  step = find_step (eros_operation_get_steps (operation), "Data integrity");
  g_assert_nonnull (eros_step_get_error (step));
  g_assert_nonnull (strstr (eros_step_get_error (step), "caption_bandit_stats"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                                  \
  g_test_add ("/scripts/" name, ControllerTest, NULL, controller_test_set_up, function,                      \
              controller_test_tear_down)
  ADD ("statements-stand-below-their-script", test_statements_stand_below_their_script);
  ADD ("a-running-script-shows-how-far-it-is", test_a_running_script_shows_how_far_it_is);
  ADD ("cancel-answers-while-a-script-is-looked-into", test_cancel_answers_while_a_script_is_looked_into);
  ADD ("a-forecast-names-the-line-of-a-mistake", test_a_forecast_names_the_line_of_a_mistake);
  ADD ("a-forecast-looks-at-every-statement", test_a_forecast_looks_at_every_statement);
  ADD ("a-forecast-knows-what-it-cannot-know", test_a_forecast_knows_what_it_cannot_know);
  ADD ("a-forecast-of-what-is-shipped-finds-no-mistake", test_a_forecast_of_what_is_shipped_finds_no_mistake);
  ADD ("a-forecast-names-what-is-read", test_a_forecast_names_what_is_read);
  ADD ("a-forecast-tells-a-missing-table", test_a_forecast_tells_a_missing_table);
#undef ADD
  return g_test_run ();
}
