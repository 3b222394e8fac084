/* test-inventory.c: what a data set is, and what has changed in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "controller-test.h"

#include <string.h>

#include "eros-definition.h"
#include "eros-inventory-diff.h"
#include "eros-inventory-read.h"

/* ---- definitions --------------------------------------------------------------------------------------- */

static void
test_a_definition_goes_there_and_back (void)
{
  static const char *const texts[] = {
    "CREATE TABLE `acme-prod.eros`\n(x INT64)",
    "SELECT * FROM `acme-prod`.`eros`.`t` JOIN acme-prod.eros.u JOIN eros.v JOIN `eros`.w JOIN `eros.x`",
    "SELECT '${project} ${dataset} ${' || '$' || '{$}' || '${$}{'",
    "SELECT neros.x, erosion, `my-eros.t`, a.eros.b, acme-prod.eros_old.t, 'acme-prod:eros.t'",
    "${project}.${dataset}",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *general = eros_definition_generalize (texts[i], "acme-prod", "eros");
      g_autofree char *back = eros_definition_specialize (general, "acme-prod", "eros");

      g_assert_cmpstr (back, ==, texts[i]);
    }
}

static void
test_random_definitions_go_there_and_back (void)
{
  static const char *const parts[] = { "acme-prod", "eros",    ".",  "`", ":", "${", "}", "$", "{",
                                       "project",   "dataset", "\n", "a", "-", "_",  "é", " ", "'" };

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *general = NULL;
      g_autofree char *back = NULL;

      for (int i = g_test_rand_int_range (0, 14); i > 0; i--)
        g_string_append (text, parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
      general = eros_definition_generalize (text->str, "acme-prod", "eros");
      back = eros_definition_specialize (general, "acme-prod", "eros");
      g_assert_cmpstr (back, ==, text->str);
    }
}

static void
test_a_definition_moves_to_another_data_set (void)
{
  g_autofree char *general = eros_definition_generalize (
    "CREATE VIEW `acme-prod.eros.v`\nAS SELECT * FROM eros.t, `acme-prod`.eros.u, other.eros.w, erosion.x",
    "acme-prod", "eros");
  g_autofree char *there = eros_definition_specialize (general, "acme-test", "proof");

  g_assert_cmpstr (there, ==,
                   "CREATE VIEW `acme-test.proof.v`\nAS SELECT * FROM proof.t, `acme-test`.proof.u, "
                   "other.eros.w, erosion.x");
}

/* ---- differences --------------------------------------------------------------------------------------- */

static ErosInventory *
make_inventory (const char *project, const char *view, const char *more)
{
  ErosInventory *inventory = eros_inventory_new (project, "d", 1000000);
  g_autofree char *text = g_strdup_printf ("CREATE VIEW `%s.d.v`\nAS %s;", project, view);

  eros_inventory_add (inventory, EROS_INVENTORY_VIEW, "v", text);
  eros_inventory_add (inventory, EROS_INVENTORY_TABLE, "t", "CREATE TABLE …");
  eros_inventory_add (inventory, EROS_INVENTORY_SNAPSHOT, more, "CREATE SNAPSHOT TABLE …");
  eros_inventory_complete (inventory);
  return inventory;
}

static void
test_the_same_shape_has_the_same_digest_anywhere (void)
{
  g_autoptr (ErosInventory) staging = make_inventory ("acme-staging", "SELECT 1", "t_backup_20251031_143022");
  g_autoptr (ErosInventory) production = make_inventory ("acme-prod", "SELECT 1", "t_backup_20251101_000000");
  g_autoptr (ErosInventory) other = make_inventory ("acme-prod", "SELECT 2", "t_backup_20251101_000000");
  g_autoptr (GPtrArray) none = eros_inventory_diff (staging, production);
  g_autoptr (GPtrArray) one = eros_inventory_diff (staging, other);
  const ErosInventoryChange *change;

  g_assert_cmpstr (eros_inventory_get_digest (staging), ==, eros_inventory_get_digest (production));
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpstr (eros_inventory_get_digest (staging), !=, eros_inventory_get_digest (other));
  g_assert_cmpuint (one->len, ==, 1);
  change = one->pdata[0];
  g_assert_cmpint (change->change, ==, EROS_CHANGE_CHANGED);
  g_assert_cmpstr (change->name, ==, "v");
}

static void
test_a_snapshot_of_somebody_else_is_an_object (void)
{
  g_autoptr (ErosInventory) before = make_inventory ("acme-prod", "SELECT 1", "t_backup_20251031_143022");
  g_autoptr (ErosInventory) after = make_inventory ("acme-prod", "SELECT 1", "t_before_wilson");
  g_autoptr (GPtrArray) changes = eros_inventory_diff (before, after);

  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpstr (((ErosInventoryChange *) changes->pdata[0])->name, ==, "t_before_wilson");
  g_assert_true (eros_inventory_find (before, EROS_INVENTORY_SNAPSHOT, "t_backup_20251031_143022")->is_ours);
  /* A number of objects that stands beside the digest is that of the objects that it is of. */
  g_assert_cmpuint (eros_inventory_count_digested (before) + 1, ==, eros_inventory_get_n_objects (before));
  g_assert_cmpuint (eros_inventory_count_digested (after), ==, eros_inventory_get_n_objects (after));
}

static void
test_what_could_not_be_read_is_no_difference (void)
{
  g_autoptr (ErosInventory) before = make_inventory ("acme-prod", "SELECT 1", "s");
  g_autoptr (ErosInventory) after = eros_inventory_new ("acme-prod", "d", 0);
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GPtrArray) unknown = NULL;

  eros_inventory_add_gap (after, EROS_INVENTORY_GAP_TABLES, "bigquery.tables.list is missing");
  eros_inventory_add (after, EROS_INVENTORY_FUNCTION, "f", "CREATE FUNCTION …");
  eros_inventory_complete (after);
  changes = eros_inventory_diff (before, after);
  unknown = eros_inventory_list_unknown (before, after);
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_cmpstr (((ErosInventoryChange *) changes->pdata[0])->name, ==, "f");
  g_assert_cmpuint (unknown->len, ==, 1);
  g_assert_cmpstr (unknown->pdata[0], ==, "tables: bigquery.tables.list is missing");
}

static void
test_an_inventory_is_read_again (void)
{
  g_autoptr (ErosInventory) inventory = make_inventory ("acme-prod", "SELECT '${'", "s");
  g_autoptr (ErosInventory) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autofree char *forged = NULL;
  g_autoptr (GError) error = NULL;

  eros_inventory_add_rows (inventory, "t", 3, 24, "-1", "2");
  text = eros_inventory_to_text (inventory, &error);
  g_assert_no_error (error);
  again = eros_inventory_new_from_text (text, strlen (text), &error);
  g_assert_no_error (error);
  text_again = eros_inventory_to_text (again, &error);
  g_assert_cmpstr (text_again, ==, text);

  forged = g_strdup (text);
  strstr (forged, "SELECT '")[7] = '"' - 1;
  g_assert_null (eros_inventory_new_from_text (forged, strlen (forged), &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED);
}

static void
assert_lines (const char *before, const char *after, const char *expected)
{
  g_autoptr (GArray) lines = eros_diff_lines (before, after);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const ErosDiffLine *line = &g_array_index (lines, ErosDiffLine, i);

      g_string_append_printf (text, "%c%.*s|", line->mark, (int) line->length, line->text);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_lines (void)
{
  assert_lines ("", "", "");
  assert_lines ("a\nb", "a\nb", " a| b|");
  assert_lines ("", "a\nb", "+a|+b|");
  assert_lines ("a\nb", "", "-a|-b|");
  assert_lines ("a\nb\nc", "a\nx\nc", " a|-b|+x| c|");
  assert_lines ("a\nb\nc\nd", "b\nc\ne\nd", "-a| b| c|+e| d|");
}

/* ---- of a real data set -------------------------------------------------------------------------------- */

static ErosInventory *
read_inventory (ControllerTest *test, GError **error)
{
  static const char *const tables[] = { "caption_bank", "not_there", NULL };
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (GAsyncResult) result = NULL;

  eros_inventory_read_async (client, tables, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  return eros_inventory_read_finish (result, error);
}

static void
test_every_kind_of_object_is_found (ControllerTest *test, gconstpointer data)
{
  static const char *const found[][2] = {
    { EROS_INVENTORY_TABLE, "caption_bank" },
    { EROS_INVENTORY_SNAPSHOT, "a_snapshot" },
    { EROS_INVENTORY_VIEW, "a_view" },
    { EROS_INVENTORY_MATERIALIZED_VIEW, "a_materialized_view" },
    { EROS_INVENTORY_FUNCTION, "a_function" },
    { EROS_INVENTORY_PROCEDURE, "a_procedure" },
    { EROS_INVENTORY_OPTIONS, "" },
    { EROS_INVENTORY_ACCESS, "OWNER specialGroup projectOwners" },
    { EROS_INVENTORY_SCHEDULE, "EROS feedback loop" },
  };
  g_autoptr (ErosInventory) inventory = NULL;
  g_autoptr (GError) error = NULL;

  g_free (controller_test_query (
    test, "CREATE SNAPSHOT TABLE eros_platform.a_snapshot CLONE eros_platform.caption_bank;"
          "CREATE VIEW eros_platform.a_view AS SELECT 1 AS one;"
          "CREATE MATERIALIZED VIEW eros_platform.a_materialized_view AS SELECT caption_id FROM "
          "eros_platform.caption_bank;"
          "CREATE FUNCTION eros_platform.a_function() AS (1);"
          "CREATE PROCEDURE eros_platform.a_procedure() BEGIN SELECT 1; END"));
  inventory = read_inventory (test, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    if (eros_inventory_find (inventory, found[i][0], found[i][1]) == NULL)
      g_error ("No %s %s", found[i][0], found[i][1]);
  g_assert_cmpuint (eros_inventory_get_n_gaps (inventory), ==, 0);
  g_assert_cmpuint (eros_inventory_get_n_rows (inventory), ==, 1);
  g_assert_cmpint (eros_inventory_get_rows (inventory, 0)->n_rows, ==, 2000);
  g_assert_cmpint (eros_inventory_get_rows (inventory, 0)->bytes, >, 2000);
}

static void
test_what_may_not_be_read_is_named (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosInventory) inventory = NULL;
  g_autoptr (GError) error = NULL;

  controller_test_tell_server (test, "POST", "/_local/permissions",
                               "{\"deny\": [\"bigquery.transfers.get\", \"bigquery.rowAccessPolicies.list\", "
                               "\"bigquery.tables.getData\"]}");
  inventory = read_inventory (test, &error);
  controller_test_tell_server (test, "DELETE", "/_local/permissions", NULL);
  g_assert_no_error (error);
  g_assert_false (eros_inventory_knows (inventory, EROS_INVENTORY_SCHEDULE));
  g_assert_false (eros_inventory_knows (inventory, EROS_INVENTORY_ROW_POLICY));
  g_assert_true (eros_inventory_knows (inventory, EROS_INVENTORY_VIEW));
  g_assert_nonnull (strstr (eros_inventory_get_gap (inventory, 0)->why, "bigquery."));
}

static void
test_a_data_set_that_is_not_there_is_an_error (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_free (controller_test_query (test, "DROP SCHEMA eros_platform CASCADE"));
  g_assert_null (read_inventory (test, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
}

/* ---- a large one --------------------------------------------------------------------------------------- */

#define N_COLUMNS 71

static void
make_large (ControllerTest *test, guint n_objects)
{
  g_autoptr (GString) columns = g_string_new ("id INT64");
  guint n_tables = n_objects * 7 / 10;

  for (guint i = 1; i < N_COLUMNS; i++)
    g_string_append_printf (columns, ", column_%u STRING OPTIONS (description = 'the %u. of them')", i, i);
  for (guint i = 0; i < n_objects;)
    {
      g_autoptr (GString) sql = g_string_new (NULL);

      for (guint end = i + 5; i < end && i < n_objects; i++)
        if (i < n_tables)
          g_string_append_printf (sql, "CREATE TABLE eros_platform.table_%u (%s);\n", i, columns->str);
        else if (i % 2 == 0)
          g_string_append_printf (
            sql, "CREATE VIEW eros_platform.view_%u AS SELECT * FROM eros_platform.table_0;\n", i);
        else
          g_string_append_printf (sql, "CREATE FUNCTION eros_platform.function_%u(x INT64) AS (x + %u);\n", i,
                                  i);
      g_free (controller_test_query (test, sql->str));
    }
}

/* In kB, since it was last set to what it is now; 0 where nobody says. */
static guint
get_peak (gboolean reset)
{
  g_autofree char *status = NULL;
  const char *line;

  if (reset &&
      !g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return 0;
  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");
  return line != NULL ? (guint) g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

/* The variable EROS_INVENTORY says how many objects (50); from 1,000 on, 20 ms a call, it has to keep its
 * time. */
static void
test_a_large_data_set (ControllerTest *test, gconstpointer data)
{
  const char *wanted = g_getenv ("EROS_INVENTORY");
  guint n_objects = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 50;
  g_autoptr (ErosInventory) before = NULL;
  g_autoptr (ErosInventory) after = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autoptr (GArray) lines = NULL;
  g_autoptr (GError) error = NULL;
  const ErosInventoryChange *change;
  gint64 reading = G_MAXINT64;
  gint64 comparing;
  guint peak;

  make_large (test, n_objects);
  if (n_objects >= 1000)
    controller_test_tell_server (test, "POST", "/_local/faults", "{\"path\":\".\",\"action\":\"delay:20\"}");
  before = read_inventory (test, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eros_inventory_get_n_objects (before), >, n_objects);
  g_free (controller_test_query (test, "ALTER TABLE eros_platform.table_3 ADD COLUMN more INT64;\n"
                                       "DROP TABLE eros_platform.table_4;\n"
                                       "CREATE TABLE eros_platform.another (id INT64)"));
  for (guint i = 0; i < (n_objects >= 1000 ? 5 : 1); i++)
    {
      gint64 begun = g_get_monotonic_time ();

      g_clear_pointer (&after, eros_inventory_unref);
      get_peak (TRUE);
      after = read_inventory (test, &error);
      g_assert_no_error (error);
      reading = MIN (reading, g_get_monotonic_time () - begun);
      g_test_message ("read in %.2f s", (g_get_monotonic_time () - begun) / 1e6);
    }
  peak = get_peak (FALSE);
  comparing = g_get_monotonic_time ();
  changes = eros_inventory_diff (before, after);
  g_assert_cmpuint (changes->len, ==, 3);
  change = changes->pdata[2];
  g_assert_cmpstr (change->name, ==, "table_4");
  change = changes->pdata[1];
  g_assert_cmpstr (change->name, ==, "table_3");
  lines = eros_diff_lines (change->before->definition, change->after->definition);
  comparing = g_get_monotonic_time () - comparing;
  g_test_message ("%u objects read in %.2f s at best, with at most %u kB; compared in %.1f ms", n_objects,
                  reading / 1e6, peak, comparing / 1e3);
  g_assert_cmpint (comparing, <=, 100000);
  if (n_objects < 1000)
    return;
  g_assert_cmpint (reading, <=, 3 * G_USEC_PER_SEC);
  g_assert_cmpuint (peak, <=, 60 * 1024);
}

#define add_test(path, func)                                                                                 \
  g_test_add (path, ControllerTest, NULL, controller_test_set_up, func, controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inventory/a-definition-goes-there-and-back", test_a_definition_goes_there_and_back);
  g_test_add_func ("/inventory/random-definitions-go-there-and-back",
                   test_random_definitions_go_there_and_back);
  g_test_add_func ("/inventory/a-definition-moves-to-another-data-set",
                   test_a_definition_moves_to_another_data_set);
  g_test_add_func ("/inventory/the-same-shape-has-the-same-digest-anywhere",
                   test_the_same_shape_has_the_same_digest_anywhere);
  g_test_add_func ("/inventory/a-snapshot-of-somebody-else-is-an-object",
                   test_a_snapshot_of_somebody_else_is_an_object);
  g_test_add_func ("/inventory/what-could-not-be-read-is-no-difference",
                   test_what_could_not_be_read_is_no_difference);
  g_test_add_func ("/inventory/an-inventory-is-read-again", test_an_inventory_is_read_again);
  g_test_add_func ("/inventory/lines", test_lines);
  add_test ("/inventory/every-kind-of-object-is-found", test_every_kind_of_object_is_found);
  add_test ("/inventory/what-may-not-be-read-is-named", test_what_may_not_be_read_is_named);
  add_test ("/inventory/a-data-set-that-is-not-there-is-an-error",
            test_a_data_set_that_is_not_there_is_an_error);
  add_test ("/inventory/a-large-data-set", test_a_large_data_set);
  return g_test_run ();
}
