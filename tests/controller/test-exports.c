/* test-exports.c: an export is a backup when it has been loaded once and is the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"

#define D "`eros-rehearsal.eros_platform`."

#define Y "STRUCT<z STRING, many ARRAY<STRUCT<n NUMERIC, t TIMESTAMP, j JSON>>>"

/* Every type that a column can have, with a default, nested and repeated. */
static const char table[] =
  "CREATE OR REPLACE TABLE " D "caption_bank (\n"
  "  id INT64, a_bool BOOL DEFAULT TRUE, a_float FLOAT64 DEFAULT 1.5, a_numeric NUMERIC,\n"
  "  a_big BIGNUMERIC, a_string STRING DEFAULT 'd', a_bytes BYTES, a_date DATE, a_time TIME, a_datetime "
  "DATETIME,\n"
  "  a_timestamp TIMESTAMP DEFAULT TIMESTAMP '2020-01-01 00:00:00+00', a_json JSON, an_interval INTERVAL,\n"
  "  a_geography GEOGRAPHY, a_range RANGE<DATE>, short NUMERIC(9, 2), few STRING(10),\n"
  "  many_floats ARRAY<FLOAT64>, many_bytes ARRAY<BYTES>, many_json ARRAY<JSON>, many_stamps "
  "ARRAY<TIMESTAMP>,\n"
  "  nested STRUCT<x INT64, y " Y ">,\n"
  "  `select` ARRAY<STRUCT<f FLOAT64, s STRING>>)";

/* A column, and values at its edges; each is a row of its own. */
static const char *const edges[][2] = {
  { "id", "9223372036854775807; -9223372036854775808; 0; 9007199254740993" },
  { "a_bool", "TRUE; FALSE; NULL" },
  { "a_float",
    "CAST('NaN' AS FLOAT64); CAST('inf' AS FLOAT64); CAST('-inf' AS FLOAT64); -0.0; 0.0; 0.1; "
    "1.7976931348623157e308; 4.9e-324; 2.2250738585072014e-308; 123456789012345680.0; 1e23; NULL" },
  { "a_numeric",
    "NUMERIC '99999999999999999999999999999.999999999'; NUMERIC "
    "'-99999999999999999999999999999.999999999'; NUMERIC '0.000000001'; NUMERIC '0'; NUMERIC '1.10'" },
  { "a_big", "BIGNUMERIC '578960446186580977117854925043439539266.34992332820282019728792003956564819967'; "
             "BIGNUMERIC '-578960446186580977117854925043439539266.34992332820282019728792003956564819968'; "
             "BIGNUMERIC '0.00000000000000000000000000000000000001'" },
  { "a_string", "''; 'NaN'; 'null'; ' a '; '\\\\'; '\"'; 'a\\nb\\tc\\r\\u0001\\u007f'; '<&>'; "
                "'\\u2028\\u2029'; 'e\\u0301é'; "
                "'\\U0001F600'; '\\ufeffx'; '2020-01-01'; '1e5'; '{\"a\": 1}'" },
  { "a_bytes", "b''; b'\\x00\\xff\\x80'; b'text'; b'\\n'" },
  { "a_date", "DATE '0001-01-01'; DATE '9999-12-31'; DATE '1970-01-01'; DATE '2024-02-29'" },
  { "a_time", "TIME '00:00:00'; TIME '23:59:59.999999'; TIME '12:00:00.000001'; TIME '12:00:00.100000'" },
  { "a_datetime",
    "DATETIME '0001-01-01 00:00:00'; DATETIME '9999-12-31 23:59:59.999999'; DATETIME '2024-02-29 "
    "12:00:00.000001'" },
  { "a_timestamp",
    "TIMESTAMP '0001-01-01 00:00:00+00'; TIMESTAMP '9999-12-31 23:59:59.999999+00'; TIMESTAMP "
    "'1969-12-31 23:59:59.999999+00'; TIMESTAMP '2024-02-29 12:00:00.000001+00'; TIMESTAMP '2024-01-01 "
    "00:00:00.500+00'; NULL" },
  { "a_json",
    "JSON '{}'; JSON '[]'; JSON '\"\"'; JSON '\"text\"'; JSON '\"1\"'; JSON '1'; JSON '1.5'; JSON '-0.0'; "
    "JSON "
    "'1.0'; JSON '18446744073709551615'; JSON '-9223372036854775808'; JSON '1e300'; JSON 'true'; JSON "
    "'null'; "
    "JSON '[null, {\"b\": null, \"a\": [1, 1.0, \"1\"]}]'; JSON '{\"\": \"\\\\u0000\\\\n\\\\\"\"}'; JSON "
    "'\"\\\\u2028\"'; JSON '{\"n\": 18446744073709551615}'; JSON '[0.1, 1e23, 5e-324]'" },
  { "an_interval",
    "INTERVAL 0 DAY; INTERVAL '1-2 3 4:5:6.789' YEAR TO SECOND; INTERVAL '-1-2 3 -4:5:6.000001' YEAR TO "
    "SECOND; INTERVAL 10000 YEAR; INTERVAL -87840000 HOUR" },
  { "a_geography",
    "ST_GEOGPOINT(0.1, -0.1); ST_GEOGFROMTEXT('LINESTRING(0 0, 1 1, 179.123456789 2)'); "
    "ST_GEOGFROMTEXT('POLYGON((0 0, 1 0, 1 1, 0 0))'); ST_GEOGFROMTEXT('GEOMETRYCOLLECTION EMPTY')" },
  { "a_range", "RANGE<DATE> '[2020-01-01, 2020-12-31)'; RANGE<DATE> '[UNBOUNDED, 2020-12-31)'; RANGE<DATE> "
               "'[2020-01-01, "
               "UNBOUNDED)'" },
  { "short", "NUMERIC '9999999.99'; NUMERIC '-0.01'" },
  { "few", "'0123456789'; ''" },
  { "many_floats",
    "[]; CAST(NULL AS ARRAY<FLOAT64>); [CAST('NaN' AS FLOAT64), -0.0, CAST('inf' AS FLOAT64)]" },
  { "many_bytes", "[b'', b'\\xff']" },
  { "many_json", "[JSON '1', JSON '\"a\"', JSON '{\"a\": [1.0]}']" },
  { "many_stamps", "[TIMESTAMP '2024-02-29 12:00:00.000001+00', TIMESTAMP '0001-01-01 00:00:00+00']" },
  { "nested",
    "NULL; STRUCT<x INT64, y " Y ">(1, NULL); STRUCT<x INT64, y " Y ">(NULL, " Y "('', [])); "
    "STRUCT<x INT64, y " Y ">(2, " Y
    "(NULL, [STRUCT<n NUMERIC, t TIMESTAMP, j JSON>(NUMERIC '1.1', TIMESTAMP '2024-02-29 "
    "12:00:00.000001+00', JSON '{\"a\": \"\\\\u0000\"}'), STRUCT<n NUMERIC, t TIMESTAMP, j JSON>(NULL, NULL, "
    "NULL)]))" },
  { "`select`", "[STRUCT(CAST('-inf' AS FLOAT64) AS f, '' AS s), STRUCT(CAST(NULL AS FLOAT64) AS f, "
                "CAST(NULL AS STRING) AS s)]; [STRUCT(-0.0 AS f, '<' AS s)]" },
};

/* A row without anything, and one that is twice there. */
static void
fill (ControllerTest *test)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_free (controller_test_query (test, table));
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      g_auto (GStrv) values = g_strsplit (edges[i][1], "; ", -1);

      for (guint j = 0; values[j] != NULL; j++)
        g_string_append_printf (sql, "INSERT INTO " D "caption_bank (%s) VALUES (%s);\n", edges[i][0],
                                values[j]);
    }
  g_string_append (sql, "INSERT INTO " D
                        "caption_bank (a_bool, a_float, a_string, a_timestamp) VALUES (NULL, NULL, NULL, "
                        "NULL), (NULL, NULL, NULL, NULL);\n");
  g_free (controller_test_query (test, sql->str));
}

static void
test_types (ControllerTest *test, gconstpointer data)
{
  g_autofree char *left = NULL;

  fill (test);
  controller_test_run (test, "backup", NULL);
  controller_test_assert_ticked (test, "backup.verification.completed");
  left = controller_test_query (test, "SELECT COUNT(*) FROM `eros-rehearsal.eros_platform.__TABLES__` WHERE "
                                      "STARTS_WITH(table_id, 'eros_')");
  g_assert_cmpstr (left, ==, "0");
}

/* As if the file had another row. The server is told, and nothing else goes on meanwhile. */
static void
loaded_cb (ErosStep *step, GParamSpec *property, ControllerTest *test)
{
  if (eros_step_get_state (step) == EROS_STATE_SUCCEEDED)
    controller_test_tell_server (
      test, "POST", "/bigquery/v2/projects/eros-rehearsal/queries",
      "{\"useLegacySql\": false, \"timeoutMs\": 60000, \"query\": \"EXECUTE IMMEDIATE (SELECT FORMAT('UPDATE "
      "eros_platform.%s SET "
      "caption_text = \\\\'other\\\\' WHERE caption_id = 1', table_name) FROM "
      "eros_platform.INFORMATION_SCHEMA.TABLES WHERE "
      "STARTS_WITH(table_name, 'eros_') AND STRPOS(table_name, 'caption_bank') > 0)\"}");
}

/* What was exported and is another when it is loaded does not count as a backup: nothing describes it. */
static void
test_difference (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "backup", NULL);
  GListModel *steps = eros_operation_get_steps (operation);
  g_autoptr (GError) error = NULL;
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (g_str_equal (eros_step_get_title (step), "Load the export of caption_bank"))
        n_found += g_signal_connect (step, "notify::state", G_CALLBACK (loaded_cb), test) > 0;
    }
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (
    strstr (error->message, "The export of caption_bank is no backup: loaded again, its checksum is"));
  g_assert_cmpint (
    eros_item_get_mark (eros_deployment_get_item (test->deployment, "backup.verification.completed")), ==,
    EROS_ITEM_OPEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/exports/every-type-comes-back-as-it-was", ControllerTest, NULL, controller_test_set_up,
              test_types, controller_test_tear_down);
  g_test_add ("/exports/one-that-is-another-when-it-is-loaded-is-no-backup", ControllerTest, NULL,
              controller_test_set_up, test_difference, controller_test_tear_down);
  return g_test_run ();
}
