/* test-prove.c: the way back, proved on a copy of the data set, of which nothing is left
 *
 * The variable EROS_PROVE says how many tables the large data set has (10; with 100 there are also 30
 * routines and 20 views of views, and each call takes 20 ms).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "controller-test.h"
#include "eros-inventory-read.h"
#include "eros-plan-copy.h"
#include "eros-transfer.h"
#include "eros-way-back.h"

#define D "`eros-rehearsal.eros_platform."

/* Every kind of object, also such as depend on others that come after them in the alphabet. */
static const char all_kinds[] =
  "CREATE TABLE " D "plain` (id INT64 NOT NULL, stamp TIMESTAMP, nested STRUCT<a INT64, b ARRAY<STRING>>)\n"
  "PARTITION BY DATE(stamp) CLUSTER BY id OPTIONS (description = 'T', labels = [('team', 'a')]);\n"
  "CREATE TABLE " D "keyed` (a INT64, b NUMERIC(9, 2), PRIMARY KEY (a) NOT ENFORCED);\n"
  "INSERT INTO " D "keyed` VALUES (1, 2), (2, 3);\n"
  "CREATE VIEW " D "z_base` AS SELECT a FROM " D "keyed`;\n"
  "CREATE VIEW " D "b_view` AS SELECT a + 1 AS b FROM " D "z_base`;\n"
  "CREATE VIEW " D "a_view` OPTIONS (description = 'V') AS SELECT b + 1 AS c FROM " D "b_view`;\n"
  "CREATE MATERIALIZED VIEW " D "mv` OPTIONS (enable_refresh = FALSE) AS SELECT a FROM " D "keyed`;\n"
  "CREATE SNAPSHOT TABLE " D "theirs` CLONE " D "keyed` OPTIONS (description = 'S');\n"
  "CREATE FUNCTION " D "inner_f`() AS (1);\n"
  "CREATE FUNCTION " D "a_f`(x INT64) AS (" D "inner_f`() + x);\n"
  "CREATE PROCEDURE " D "p`(OUT b STRING) BEGIN SET b = 'x;'; INSERT INTO " D "keyed` VALUES (9, 9); END;";

static char *
list_data_sets (ControllerTest *test)
{
  return controller_test_query (
    test, "SELECT STRING_AGG(schema_name ORDER BY schema_name) FROM `region-us`.INFORMATION_SCHEMA.SCHEMATA");
}

static char *
digest_of_data_set (ControllerTest *test)
{
  static const char *const no_tables[] = { NULL };
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_controller_get_connection (test->controller));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosInventory) inventory = NULL;
  g_autoptr (GError) error = NULL;

  eros_inventory_read_async (client, no_tables, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  inventory = eros_inventory_read_finish (result, &error);
  g_assert_no_error (error);
  return g_strdup (eros_inventory_get_digest (inventory));
}

/* (transfer full) (nullable) */
static ErosEvent *
find_event (ControllerTest *test, const char *kind)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (g_str_equal (eros_event_get_kind (event), kind))
        return g_steal_pointer (&event);
    }
  return NULL;
}

static guint
count_running_schedules (ControllerTest *test)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_controller_get_connection (test->controller));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  eros_transfer_list_async (client, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  list = eros_transfer_list_finish (result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    n += !((const ErosSchedule *) list->pdata[i])->paused;
  return n;
}

static void
assert_nothing_is_left (ControllerTest *test)
{
  g_autofree char *data_sets = list_data_sets (test);
  g_autoptr (GFile) folder = g_file_new_build_filename (g_get_user_cache_dir (), "eros-deploy", NULL);
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (folder, "standard::name", 0, NULL, NULL);
  g_autoptr (GFileInfo) file = files != NULL ? g_file_enumerator_next_file (files, NULL, NULL) : NULL;

  g_assert_cmpstr (data_sets, ==, "eros_platform");
  g_assert_null (file);
  g_assert_false (eros_copy_is_left (test->deployment));
}

static void
test_the_way_back_is_proved (ControllerTest *test, gconstpointer data)
{
  g_autofree char *rows = controller_test_fingerprint (test);
  g_autofree char *rows_after = NULL;
  g_autofree char *digest = NULL;
  g_autofree char *digest_after = NULL;
  g_autofree char *text = NULL;
  g_autoptr (ErosEvent) proof = NULL;
  guint n_running;
  JsonObject *body;
  ErosOperation *deploy;
  g_autoptr (ErosEvent) begun = NULL;

  g_free (controller_test_query (test, all_kinds));
  digest = digest_of_data_set (test);
  n_running = count_running_schedules (test);
  g_assert_cmpuint (n_running, >, 0);
  g_assert_null (eros_way_back_describe (test->deployment));
  controller_test_run (test, "prove", NULL);

  digest_after = digest_of_data_set (test);
  rows_after = controller_test_fingerprint (test);
  g_assert_cmpstr (digest_after, ==, digest);
  g_assert_cmpstr (rows_after, ==, rows);
  g_assert_cmpuint (count_running_schedules (test), ==, n_running);
  assert_nothing_is_left (test);

  proof = find_event (test, EROS_EVENT_WAY_BACK_PROVED);
  g_assert_nonnull (proof);
  body = eros_event_get_body (proof);
  g_assert_cmpstr (eros_event_get_string (proof, "inventory_digest"), ==, digest);
  if (json_array_get_length (json_object_get_array_member (body, "unlike")) > 0)
    g_error ("%s", json_array_get_string_element (json_object_get_array_member (body, "unlike"), 0));
  g_assert_cmpint (
    json_object_get_int_member (json_object_get_object_member (body, "milliseconds"), "rollback"), >, 0);
  text = eros_way_back_describe (test->deployment);
  g_assert_nonnull (strstr (text, "The way back takes about"));

  /* It was of these very steps. */
  controller_test_open_gates (test);
  deploy = controller_test_run (test, "deploy-phase1", NULL);
  g_assert_nonnull (deploy);
  begun = find_event (test, "operation.started");
  g_assert_cmpstr (
    json_object_get_string_member (json_object_get_object_member (eros_event_get_body (begun), "arguments"),
                                   "sql_sha256"),
    ==, json_object_get_string_member (json_object_get_object_member (body, "sql"), "deploy-phase1"));
  g_assert_true (eros_way_back_is_proved (test->deployment, "deploy-phase1"));
}

static gint64
forecast (ControllerTest *test, ErosOperation *operation)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;

  eros_controller_forecast_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_controller_forecast_finish (test->controller, result, &bytes, &error));
  g_assert_no_error (error);
  return bytes;
}

/* What the phases read, and every reading of the tables that come back. */
static void
test_its_price_is_known_before (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "prove", NULL);
  gint64 phase1 = forecast (test, controller_test_plan (test, "deploy-phase1", NULL));
  gint64 bytes = forecast (test, operation);
  g_autofree char *text = controller_test_query (
    test, "SELECT SUM(size_bytes) FROM " D "__TABLES__` WHERE table_id IN ('caption_bank', "
          "'caption_bandit_stats', 'active_caption_assignments')");

  g_assert_cmpint (phase1, >, 0);
  g_assert_cmpint (bytes, >, phase1 + 16 * g_ascii_strtoll (text, NULL, 10));
  g_assert_cmpuint (eros_operation_count_failing (operation), ==, 0);
  assert_nothing_is_left (test);
}

/* steps: file and what is added to it */
static void
prove_with (ControllerTest *test, const char *file, const char *more, const char *words)
{
  g_autofree char *folder = controller_test_copy_steps (test, file, more);
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_hash_table_insert (arguments, (gpointer) "sql", folder);
  operation = eros_controller_plan (test->controller, "prove", arguments, &error);
  if (operation != NULL)
    g_assert_false (controller_test_start (test, operation, &error));
  if (error == NULL || strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error != NULL ? error->message : "");
  assert_nothing_is_left (test);
  g_assert_null (eros_way_back_describe (test->deployment));
  g_assert_false (eros_way_back_is_proved (test->deployment, "deploy-phase1"));
}

static void
test_a_step_that_fails_is_named (ControllerTest *test, gconstpointer data)
{
  prove_with (test, "phase2/20-account-classification/deploy.sql", "\nSELECT 1 / 0;", "division by zero");
}

static void
test_steps_that_name_the_data_set_are_refused (ControllerTest *test, gconstpointer data)
{
  prove_with (test, "phase1/10-wilson-score/deploy.sql", "\nSELECT COUNT(*) FROM eros_platform.caption_bank;",
              "phase1/10-wilson-score has the name of the data set eros_platform");
}

/* Its text is only put together when it runs. */
static void
test_a_routine_that_puts_its_name_together_is_refused (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_free (controller_test_query (
    test, "CREATE PROCEDURE " D "hidden`() BEGIN\n"
          "  EXECUTE IMMEDIATE FORMAT('DELETE FROM `%s.caption_bank` WHERE TRUE', 'eros_platform');\n"
          "END"));
  operation = controller_test_plan (test, "prove", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "procedure hidden has the name of the data set"));
  assert_nothing_is_left (test);
}

/* ---- cut off ------------------------------------------------------------------------------------------- */

static void
test_nothing_is_left_when_it_is_cancelled (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "prove", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_start_async (test->controller, operation, cancellable, controller_test_keep_cb,
                               &test->result);
  for (gboolean is_there = FALSE; !is_there && test->result == NULL;)
    {
      g_autoptr (ErosStep) deploy = g_list_model_get_item (eros_operation_get_steps (operation), 6);

      g_main_context_iteration (NULL, TRUE);
      is_there = eros_step_get_state (deploy) == EROS_STATE_RUNNING;
    }
  g_assert_null (test->result);
  g_cancellable_cancel (cancellable);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_start_finish (test->controller, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_is_left (test);

  /* Once more, from the beginning. */
  g_clear_error (&error);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  assert_nothing_is_left (test);
}

static void
note_copy (ControllerTest *test, const char *id, const char *dataset)
{
  g_autofree char *text = g_strdup_printf ("{\"id\": \"%s\", \"step\": \"" EROS_PLAN_COPY_CREATE
                                           "\", \"values\": {\"dataset\": \"%s\"}}",
                                           id, dataset);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (eros_deployment_record (test->deployment, "step.noted", node, &error));
  g_assert_no_error (error);
}

/* As a process that was killed leaves it; what has the name and is somebody else's stays. */
static void
test_what_a_crash_has_left_goes_when_it_is_opened_again (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data_sets = NULL;

  g_free (controller_test_query (
    test, "CREATE SCHEMA `eros-rehearsal.eros_platform_proof_20251031_143022` OPTIONS (labels = "
          "[('eros-copy', 'an-operation')]);\n"
          "CREATE TABLE `eros-rehearsal.eros_platform_proof_20251031_143022.t` (a INT64);\n"
          "CREATE SCHEMA `eros-rehearsal.eros_platform_proof_20251031_143023`;"));
  note_copy (test, "an-operation", "eros_platform_proof_20251031_143022");
  note_copy (test, "an-operation", "eros_platform_proof_20251031_143023");
  note_copy (test, "an-operation", "eros_platform_proof_20251031_143024"); /* which never came to be */
  controller_test_reopen (test);
  eros_controller_resume_async (test->controller, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_controller_resume_finish (test->controller, result, &error));
  g_assert_no_error (error);
  data_sets = list_data_sets (test);
  g_assert_cmpstr (data_sets, ==, "eros_platform,eros_platform_proof_20251031_143023");
  g_assert_false (eros_copy_is_left (test->deployment));
}

/* ---- a large one --------------------------------------------------------------------------------------- */

static void
make_large (ControllerTest *test, guint n_tables)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (guint i = 0; i < n_tables; i++)
    g_string_append_printf (sql,
                            "CREATE TABLE " D "table_%03u` (id INT64, name STRING) CLUSTER BY id;\n"
                            "INSERT INTO " D "table_%03u` SELECT n, CAST(n AS STRING) FROM "
                            "UNNEST(GENERATE_ARRAY(1, 100)) AS n;\n",
                            i, i);
  for (guint i = 0; i < n_tables * 3 / 10; i++)
    g_string_append_printf (sql, "CREATE FUNCTION " D "routine_%03u`(x INT64) AS (x + %u);\n", i, i);
  for (guint i = 0; i < n_tables / 5; i++)
    g_string_append_printf (sql,
                            "CREATE VIEW " D "z_base_%03u` AS SELECT id FROM " D "table_%03u`;\n"
                            "CREATE VIEW " D "view_%03u` AS SELECT id + 1 AS id FROM " D "z_base_%03u`;\n",
                            i, i, i, i);
  g_free (controller_test_query (test, sql->str));
}

/* (transfer full) */
static char *
name_of_backup (ControllerTest *test)
{
  GListModel *steps = eros_operation_get_steps (eros_controller_find_operation (test->controller, "backup"));

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      const char *detail = eros_step_get_detail (step);
      const char *found = detail != NULL ? strstr (detail, "caption_bank_backup_") : NULL;

      if (found != NULL)
        return g_strndup (found + strlen ("caption_bank_"), strlen ("backup_20251031_143022"));
    }
  return NULL;
}

/* Returns: how long it took, in milliseconds */
static gint64
roll_back (ControllerTest *test)
{
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  gint64 begun;

  controller_test_run (test, "backup", NULL);
  controller_test_run (test, "deploy-phase1", NULL);
  controller_test_run (test, "deploy-phase2", NULL);
  backup = name_of_backup (test);
  arguments = controller_test_rollback_arguments (backup);
  begun = g_get_monotonic_time ();
  controller_test_run (test, "rollback", arguments);
  return (g_get_monotonic_time () - begun) / 1000;
}

/* What else the machine does makes single times vary: several of both, in turns. */
static void
test_a_large_data_set (ControllerTest *test, gconstpointer data)
{
  const char *wanted = g_getenv ("EROS_PROVE");
  guint n_tables = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 10;
  gboolean is_full = n_tables >= 100;
  gint64 expected = 0;
  gint64 taken = 0;

  make_large (test, n_tables);
  controller_test_open_gates (test);
  if (is_full)
    controller_test_tell_server (test, "POST", "/_local/faults", "{\"path\":\".\",\"action\":\"delay:20\"}");
  for (guint round = 0; round < (is_full ? 5 : 1); round++)
    {
      gint64 begun = g_get_monotonic_time ();
      ErosWayBack way_back;
      gint64 ms;

      controller_test_run (test, "prove", NULL);
      g_test_message ("proved in %.1f s", (g_get_monotonic_time () - begun) / 1e6);
      assert_nothing_is_left (test);
      g_assert_true (eros_way_back_find (test->deployment, &way_back));
      ms = roll_back (test);
      g_test_message ("the way back: %" G_GINT64_FORMAT " ms expected, %" G_GINT64_FORMAT " ms taken",
                      way_back.rollback_ms, ms);
      expected += way_back.rollback_ms;
      taken += ms;
    }
  if (is_full)
    g_assert_cmpfloat (ABS (expected - taken), <=, 0.2 * taken);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("eros-prove-XXXXXX", NULL);
  g_autofree char *records = g_build_filename (cache, "eros-deploy", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/prove/" name, ControllerTest, NULL, controller_test_set_up, function,             \
              controller_test_tear_down)
  ADD ("the-way-back-is-proved", test_the_way_back_is_proved);
  ADD ("its-price-is-known-before", test_its_price_is_known_before);
  ADD ("a-step-that-fails-is-named", test_a_step_that_fails_is_named);
  ADD ("steps-that-name-the-data-set-are-refused", test_steps_that_name_the_data_set_are_refused);
  ADD ("a-routine-that-puts-its-name-together-is-refused",
       test_a_routine_that_puts_its_name_together_is_refused);
  ADD ("nothing-is-left-when-it-is-cancelled", test_nothing_is_left_when_it_is_cancelled);
  ADD ("what-a-crash-has-left-goes-when-it-is-opened-again",
       test_what_a_crash_has_left_goes_when_it_is_opened_again);
  ADD ("a-large-data-set", test_a_large_data_set);
#undef ADD
  status = g_test_run ();
  g_rmdir (records);
  g_rmdir (cache);
  return status;
}
