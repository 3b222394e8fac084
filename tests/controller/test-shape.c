/* test-shape.c: a rehearsal's data set made from the inventory of another
 *
 * The variable EROS_SHAPE says how many tables the large one has (20); with 200, and 50 routines, it has to
 * be made in ten seconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-inventory-diff.h"
#include "eros-inventory-read.h"
#include "eros-shape.h"

#define D "`eros-rehearsal.eros_platform."

static const char objects[] =
  "CREATE TABLE " D "plain` (id INT64 NOT NULL, stamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP(),\n"
  "  nested STRUCT<a INT64, b ARRAY<STRING>>) PARTITION BY DATE(stamp) CLUSTER BY id\n"
  "  OPTIONS (description = 'T', labels = [('team', 'a')]);\n"
  "CREATE TABLE " D "keyed` (a INT64, b NUMERIC(9, 2), PRIMARY KEY (a) NOT ENFORCED);\n"
  "CREATE VIEW " D "z_base` AS SELECT a FROM " D "keyed`;\n"
  "CREATE VIEW " D "a_view` OPTIONS (description = 'V') AS SELECT a + 1 AS b FROM " D "z_base`;\n"
  "CREATE MATERIALIZED VIEW " D "mv` OPTIONS (enable_refresh = FALSE) AS SELECT a FROM " D "keyed`;\n"
  "CREATE FUNCTION " D "inner_f`() AS (1);\n"
  "CREATE FUNCTION " D "a_f`(x INT64) AS (" D "inner_f`() + x);\n"
  "CREATE PROCEDURE " D "p`(OUT b STRING) BEGIN SET b = 'x;'; INSERT INTO " D "keyed` VALUES (9, 9); END;";

static ErosInventory *
read_inventory (ControllerTest *test)
{
  static const char *const no_tables[] = { NULL };
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosInventory *inventory;

  eros_inventory_read_async (client, no_tables, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  inventory = eros_inventory_read_finish (result, &error);
  g_assert_no_error (error);
  return inventory;
}

static GPtrArray *
make_anew (ControllerTest *test, const ErosInventory *inventory)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *gaps;

  g_free (controller_test_query (test, "DROP SCHEMA `eros-rehearsal.eros_platform` CASCADE"));
  eros_shape_make_async (eros_rehearsal_get_connection (test->rehearsal), inventory, NULL,
                         controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  gaps = eros_shape_make_finish (result, &error);
  g_assert_no_error (error);
  return gaps;
}

static void
test_it_is_the_same (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosInventory) before = NULL;
  g_autoptr (ErosInventory) after = NULL;
  g_autoptr (GPtrArray) gaps = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *n_rows = NULL;

  g_free (controller_test_query (test, objects));
  before = read_inventory (test);
  gaps = make_anew (test, before);
  for (guint i = 0; i < gaps->len; i++)
    if (!((ErosShapeGap *) gaps->pdata[i])->is_meant)
      g_error ("%s: %s", ((ErosShapeGap *) gaps->pdata[i])->name, ((ErosShapeGap *) gaps->pdata[i])->why);
  after = read_inventory (test);
  changes = eros_inventory_diff (before, after);
  for (guint i = 0; i < changes->len; i++)
    {
      const ErosInventoryChange *change = changes->pdata[i];

      if (!g_str_equal (change->kind, EROS_INVENTORY_ACCESS))
        g_error ("%s %s %s", eros_change_kind_get_word (change->change), change->kind, change->name);
    }
  n_rows = controller_test_query (test, "SELECT COUNT(*) FROM " D "caption_bank`");
  g_assert_cmpstr (n_rows, ==, "0");
}

static const ErosShapeGap *
find_gap (GPtrArray *gaps, const char *name)
{
  for (guint i = 0; i < gaps->len; i++)
    if (g_str_equal (((ErosShapeGap *) gaps->pdata[i])->name, name))
      return gaps->pdata[i];
  g_error ("%s is not named", name);
}

/* What depends on it cannot be there either. */
static void
test_what_cannot_be_held_is_named (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosInventory) inventory = eros_inventory_new ("acme-prod", "eros", 0);
  g_autoptr (GPtrArray) gaps = NULL;
  g_autofree char *tables = NULL;

  eros_inventory_add (inventory, EROS_INVENTORY_OPTIONS, "", "{}");
  eros_inventory_add (inventory, EROS_INVENTORY_TABLE, "good",
                      "CREATE TABLE `acme-prod.eros.good`\n(\n  a INT64\n);");
  eros_inventory_add (inventory, "external", "sheet",
                      "CREATE EXTERNAL TABLE `acme-prod.eros.sheet`\nOPTIONS(format=\"GOOGLE_SHEETS\");");
  eros_inventory_add (inventory, EROS_INVENTORY_VIEW, "of_sheet",
                      "CREATE VIEW `acme-prod.eros.of_sheet`\nAS SELECT a FROM `acme-prod.eros.sheet`;");
  eros_inventory_add (inventory, EROS_INVENTORY_VIEW, "of_others",
                      "CREATE VIEW `acme-prod.eros.of_others`\nAS SELECT a FROM `acme-prod.others.t`;");
  eros_inventory_add (inventory, EROS_INVENTORY_SNAPSHOT, "of_then",
                      "CREATE SNAPSHOT TABLE `acme-prod.eros.of_then`\nCLONE `acme-prod.eros.good`;");
  eros_inventory_add (inventory, EROS_INVENTORY_ACCESS, "READER userByEmail ada@example.com", "{}");
  eros_inventory_complete (inventory);
  gaps = make_anew (test, inventory);
  g_assert_cmpuint (gaps->len, ==, 5);
  g_assert_false (find_gap (gaps, "sheet")->is_meant);
  g_assert_nonnull (strstr (find_gap (gaps, "of_sheet")->why, "sheet"));
  g_assert_nonnull (strstr (find_gap (gaps, "of_others")->why, "others"));
  g_assert_false (find_gap (gaps, "of_then")->is_meant);
  g_assert_true (find_gap (gaps, "READER userByEmail ada@example.com")->is_meant);
  tables = controller_test_query (test, "SELECT STRING_AGG(table_name) FROM " D "INFORMATION_SCHEMA.TABLES`");
  g_assert_cmpstr (tables, ==, "good");
}

static void
test_a_large_one (ControllerTest *test, gconstpointer data)
{
  const char *wanted = g_getenv ("EROS_SHAPE");
  guint n_tables = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 20;
  g_autoptr (ErosInventory) inventory = eros_inventory_new ("acme-prod", "eros", 0);
  g_autoptr (GPtrArray) gaps = NULL;
  gint64 begun;

  for (guint i = 0; i < n_tables; i++)
    {
      g_autofree char *name = g_strdup_printf ("table_%03u", i);
      g_autofree char *text =
        g_strdup_printf ("CREATE TABLE `acme-prod.eros.%s`\n(\n  id INT64 NOT NULL,\n  name STRING "
                         "OPTIONS(description=\"N\"),\n  stamp TIMESTAMP\n)\nPARTITION BY "
                         "DATE(stamp)\nCLUSTER BY id;",
                         name);

      eros_inventory_add (inventory, EROS_INVENTORY_TABLE, name, text);
    }
  for (guint i = 0; i < n_tables / 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("routine_%03u", i);
      g_autofree char *text =
        g_strdup_printf ("CREATE FUNCTION `acme-prod.eros.%s`(x INT64) AS (x + %u);", name, i);

      eros_inventory_add (inventory, EROS_INVENTORY_FUNCTION, name, text);
    }
  eros_inventory_complete (inventory);
  begun = g_get_monotonic_time ();
  gaps = make_anew (test, inventory);
  g_test_message ("%u tables and %u routines in %.2f s", n_tables, n_tables / 4,
                  (g_get_monotonic_time () - begun) / 1e6);
  g_assert_cmpuint (gaps->len, ==, 0);
  if (n_tables >= 200)
    g_assert_cmpint (g_get_monotonic_time () - begun, <=, 10 * G_USEC_PER_SEC);
}

/* ---- drift --------------------------------------------------------------------------------------------- */

static void
record (ControllerTest *test, const char *kind, const char *text_of_inventory, const char *members)
{
  g_autoptr (JsonNode) node = json_from_string (members, NULL);
  JsonObject *body = json_node_get_object (node);
  g_autoptr (GError) error = NULL;

  if (g_str_equal (kind, "step.ended"))
    {
      JsonObject *values = json_object_new ();

      json_object_set_string_member (values, "inventory", text_of_inventory);
      json_object_set_object_member (body, "values", values);
    }
  else
    json_object_set_string_member (body, "inventory", text_of_inventory);
  g_assert_nonnull (eros_deployment_record (test->deployment, kind, node, &error));
  g_assert_no_error (error);
}

static void
test_drift_is_shown (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosInventory) rehearsed = read_inventory (test);
  g_autoptr (ErosInventory) now = NULL;
  g_autofree char *text = eros_inventory_to_text (rehearsed, NULL);
  g_autofree char *text_now = NULL;
  g_autofree char *same = NULL;
  g_autofree char *drift = NULL;

  g_assert_null (eros_shape_describe_drift (test->deployment, "deploy-phase1"));
  record (test, "rehearsal.looked-for", text,
          "{\"operation\":\"deploy-phase1\",\"outcome\":\"pass\",\"sql_sha256\":\"a\"}");
  g_assert_null (eros_shape_describe_drift (test->deployment, "deploy-phase1"));
  record (test, "step.ended", text, "{\"id\":\"1\",\"step\":\"inventory\",\"outcome\":\"pass\"}");
  same = eros_shape_describe_drift (test->deployment, "deploy-phase1");
  g_assert_nonnull (strstr (same, "exactly this shape"));
  g_assert_null (eros_shape_describe_drift (test->deployment, "deploy-phase2"));

  g_free (controller_test_query (test, "CREATE TABLE " D "another` (id INT64)"));
  now = read_inventory (test);
  text_now = eros_inventory_to_text (now, NULL);
  record (test, "step.ended", text_now, "{\"id\":\"2\",\"step\":\"inventory\",\"outcome\":\"pass\"}");
  drift = eros_shape_describe_drift (test->deployment, "deploy-phase1");
  g_test_message ("%s", drift);
  g_assert_nonnull (strstr (drift, "table another"));
  g_assert_nonnull (strstr (drift, "rehearse --like"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/shape/" name, ControllerTest, NULL, controller_test_set_up, function,             \
              controller_test_tear_down)
  ADD ("it-is-the-same", test_it_is_the_same);
  ADD ("what-cannot-be-held-is-named", test_what_cannot_be_held_is_named);
  ADD ("a-large-one", test_a_large_one);
  ADD ("drift-is-shown", test_drift_is_shown);
#undef ADD
  return g_test_run ();
}
