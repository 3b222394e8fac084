/* test-round-trip.c: the DDL in INFORMATION_SCHEMA makes the same object again when it is run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *sql;  /* makes the object x, and what it needs */
  const char *drop; /* what is dropped before it is made again */
} Thing;

#define TABLE "DROP TABLE d.x"

static const Thing things[] = {
  { "every-type",
    "CREATE TABLE d.x (a INT64, b FLOAT64, c STRING, d BYTES, e BOOL, f NUMERIC, g BIGNUMERIC, h DATE, i "
    "TIME, "
    "j DATETIME, k TIMESTAMP, l JSON, m ARRAY<INT64>, n INTERVAL)",
    TABLE },
  { "parameters",
    "CREATE TABLE d.x (a STRING(10), b BYTES(5), c NUMERIC(5, 2), d NUMERIC(5), e BIGNUMERIC(40, 3), "
    "f ARRAY<STRING(7)>, g STRUCT<h STRING(3), i ARRAY<NUMERIC(4, 1)>>)",
    TABLE },
  { "modes-and-defaults",
    "CREATE TABLE d.x (a INT64 DEFAULT 7 NOT NULL, b STRING DEFAULT 'it\\'s' OPTIONS (description = 'say "
    "\"b\"'),"
    " c TIMESTAMP DEFAULT CURRENT_TIMESTAMP(), d ARRAY<INT64> DEFAULT [1, 2])",
    TABLE },
  { "nested-fields",
    "CREATE TABLE d.x (a STRUCT<b INT64 NOT NULL OPTIONS (description = 'inside'), c STRUCT<d STRING OPTIONS "
    "(description = 'deep'), e ARRAY<STRUCT<f DATE NOT NULL>>>> OPTIONS (description = 'outside'),"
    " g ARRAY<STRUCT<h INT64 OPTIONS (description = 'repeated')>>)",
    TABLE },
  { "names-that-need-quotes",
    "CREATE TABLE d.x (`select` INT64, `order` STRUCT<`from` STRING>, `with space` STRING) CLUSTER BY "
    "`select`",
    TABLE },
  { "by-day", "CREATE TABLE d.x (a DATE, b INT64) PARTITION BY a CLUSTER BY b, a", TABLE },
  { "by-month", "CREATE TABLE d.x (a DATE) PARTITION BY DATE_TRUNC(a, MONTH)", TABLE },
  { "by-hour",
    "CREATE TABLE d.x (a TIMESTAMP) PARTITION BY TIMESTAMP_TRUNC(a, HOUR) OPTIONS (partition_expiration_days "
    "= "
    "2.5, require_partition_filter = TRUE)",
    TABLE },
  { "by-datetime", "CREATE TABLE d.x (a DATETIME) PARTITION BY DATETIME_TRUNC(a, YEAR)", TABLE },
  { "by-range",
    "CREATE TABLE d.x (`group` INT64) PARTITION BY RANGE_BUCKET(`group`, GENERATE_ARRAY(0, 100, 10))",
    TABLE },
  { "by-ingestion-day", "CREATE TABLE d.x (a INT64) PARTITION BY _PARTITIONDATE", TABLE },
  { "by-ingestion-hour", "CREATE TABLE d.x (a INT64) PARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, HOUR)",
    TABLE },
  { "table-options",
    "CREATE TABLE d.x (a INT64) OPTIONS (description = 'line\\nline', friendly_name = 'X', labels = [('a', "
    "'b'), "
    "('c', 'd')], expiration_timestamp = TIMESTAMP '2099-01-01 00:00:00 UTC', enable_change_history = TRUE, "
    "kms_key_name = 'projects/p/key', max_staleness = INTERVAL 4 HOUR)",
    TABLE },
  { "keys",
    "CREATE TABLE IF NOT EXISTS d.other (`key` INT64, PRIMARY KEY (`key`) NOT ENFORCED);"
    "CREATE TABLE d.x (a INT64, b INT64, PRIMARY KEY (a, b) NOT ENFORCED, CONSTRAINT `to-other` FOREIGN KEY "
    "(b) "
    "REFERENCES d.other (`key`) NOT ENFORCED, FOREIGN KEY (a) REFERENCES d.other (`key`) NOT ENFORCED)",
    TABLE },
  { "altered",
    "CREATE TABLE d.x (a INT64 NOT NULL, b STRING(3), z INT64); ALTER TABLE d.x ADD COLUMN c STRUCT<d INT64 "
    "OPTIONS "
    "(description = 'new')>, ALTER COLUMN a DROP NOT NULL, ALTER COLUMN b SET DATA TYPE STRING(9), DROP "
    "COLUMN z;"
    "ALTER TABLE d.x ALTER COLUMN b SET OPTIONS (description = 'longer'); ALTER TABLE d.x SET OPTIONS "
    "(enable_change_history = TRUE, labels = [('x', 'y')]); ALTER TABLE d.x ADD PRIMARY KEY (a) NOT ENFORCED",
    TABLE },
  { "like",
    "CREATE OR REPLACE TABLE d.other (a DATE OPTIONS (description = 'A')) PARTITION BY a; CREATE TABLE d.x "
    "LIKE "
    "d.other",
    TABLE },
  { "view",
    "CREATE VIEW d.x OPTIONS (description = 'V', labels = [('a', 'b')]) AS SELECT 1 AS one, 'a;b' AS two -- "
    "end\n",
    "DROP VIEW d.x" },
  { "view-with-columns", "CREATE VIEW d.x (one OPTIONS (description = 'first'), `two`) AS SELECT 1, 2",
    "DROP VIEW d.x" },
  { "materialized-view",
    "CREATE OR REPLACE TABLE d.other (a DATE, b INT64) PARTITION BY a; CREATE MATERIALIZED VIEW d.x "
    "PARTITION BY a "
    "CLUSTER BY b OPTIONS (enable_refresh = FALSE, refresh_interval_minutes = 30, description = 'M') AS "
    "SELECT a, b "
    "FROM d.other",
    "DROP MATERIALIZED VIEW d.x" },
  { "snapshot",
    "CREATE OR REPLACE TABLE d.other (a INT64); CREATE SNAPSHOT TABLE d.x CLONE d.other OPTIONS "
    "(expiration_timestamp = TIMESTAMP '2099-01-01 00:00:00 UTC', description = 'S')",
    "DROP SNAPSHOT TABLE d.x" },
  { "function",
    "CREATE FUNCTION d.x(a INT64, `from` STRUCT<`order` STRING, b ARRAY<FLOAT64>>) RETURNS STRING OPTIONS "
    "(description = 'F') AS (CONCAT(`from`.`order`, CAST(a AS STRING)))",
    "DROP FUNCTION d.x" },
  { "function-of-any-type", "CREATE FUNCTION d.x(a ANY TYPE) AS (a /* as it is */)", "DROP FUNCTION d.x" },
  { "procedure",
    "CREATE PROCEDURE d.x(a INT64, OUT b STRING, INOUT c ARRAY<INT64>) OPTIONS (strict_mode = FALSE, "
    "description = "
    "'P') BEGIN -- first\n  SET b = 'END;'; SET c = [a]; END",
    "DROP PROCEDURE d.x" },
};

static char *
read_ddl (Fixture *fixture)
{
  g_autoptr (ErosEngineResult) result =
    run_sql (fixture, "SELECT ddl FROM d.INFORMATION_SCHEMA.TABLES WHERE table_name = 'x' UNION ALL "
                      "SELECT ddl FROM d.INFORMATION_SCHEMA.ROUTINES WHERE routine_name = 'x'");
  char *rows = rows_of (result);

  return g_strchomp (rows);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  const Thing *thing = data;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  run_fine (fixture, thing->sql);
  first = read_ddl (fixture);
  g_assert_true (g_str_has_prefix (first, "CREATE "));
  run_fine (fixture, thing->drop);
  run_fine (fixture, first);
  second = read_ddl (fixture);
  g_assert_cmpstr (second, ==, first);
}

/* What the round trip would not notice: that something is missing both times. */
static void
test_the_ddl_says_all (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = {
    "description=\"inside\"",
    "b INT64 NOT NULL",
    "description=\"deep\"",
    "`order`",
    "PRIMARY KEY (`order`)",
    "REFERENCES `p.d.other`",
    "`to-other`",
    "enable_change_history=TRUE",
    "DEFAULT 7",
    "STRING(3)",
  };
  g_autofree char *ddl = NULL;

  run_fine (
    fixture,
    "CREATE TABLE d.other (a INT64, PRIMARY KEY (a) NOT ENFORCED); CREATE TABLE d.x (`order` INT64 DEFAULT "
    "7, "
    "s STRUCT<b INT64 NOT NULL OPTIONS (description = 'inside'), c STRING(3) OPTIONS (description = "
    "'deep')>, "
    "PRIMARY KEY (`order`) NOT ENFORCED, CONSTRAINT `to-other` FOREIGN KEY (`order`) REFERENCES d.other (a) "
    "NOT ENFORCED) OPTIONS (enable_change_history = TRUE)");
  ddl = read_ddl (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (ddl, words[i]) == NULL)
      g_error ("No “%s” in %s", words[i], ddl);
}

static void
test_schema (Fixture *fixture, gconstpointer data)
{
  static const char ask[] = "SELECT ddl FROM INFORMATION_SCHEMA.SCHEMATA WHERE schema_name = 'e'";
  g_autoptr (ErosEngineResult) before = NULL;
  g_autoptr (ErosEngineResult) after = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  run_fine (
    fixture,
    "CREATE SCHEMA e OPTIONS (description = 'E', default_table_expiration_days = 3.5, labels = [('a', "
    "'b')], max_time_travel_hours = 72, default_partition_expiration_days = 30)");
  before = run_sql (fixture, ask);
  first = g_strchomp (rows_of (before));
  g_assert_nonnull (strstr (first, "max_time_travel_hours=72"));
  run_fine (fixture, "DROP SCHEMA e");
  run_fine (fixture, first);
  after = run_sql (fixture, ask);
  second = g_strchomp (rows_of (after));
  g_assert_cmpstr (second, ==, first);
}

static void
test_undrop (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE d.t (a INT64); INSERT INTO d.t VALUES (1), (2); CREATE TABLE d.gone (a INT64);"
            "CREATE VIEW d.v AS SELECT SUM(a) AS s FROM d.t; CREATE FUNCTION d.f() AS (42);"
            "CREATE SNAPSHOT TABLE d.s CLONE d.t; DROP TABLE d.gone");
  assert_error (fixture, "UNDROP SCHEMA d", "duplicate", "Already Exists: Dataset p:d");
  run_fine (fixture, "UNDROP SCHEMA IF NOT EXISTS d");
  run_fine (fixture, "DROP SCHEMA d CASCADE");
  assert_error (fixture, "SELECT 1 FROM d.t", "notFound",
                "Not found: Dataset p:d was not found in location US at [1:15]");
  run_fine (fixture, "UNDROP SCHEMA d");
  assert_rows (fixture, "SELECT s, d.f(), (SELECT COUNT(*) FROM d.s) FROM d.v", "3|42|2\n");
  assert_error (fixture, "SELECT 1 FROM d.gone", "notFound",
                "Not found: Table p:d.gone was not found in location US at [1:15]");
  run_fine (fixture, "INSERT INTO d.t VALUES (3); DROP SCHEMA d CASCADE; CREATE SCHEMA d; DROP SCHEMA d");
  /* The newest of that name: an empty one. */
  run_fine (fixture, "UNDROP SCHEMA d");
  assert_rows (fixture, "SELECT COUNT(*) FROM d.INFORMATION_SCHEMA.TABLES", "0\n");
  run_fine (fixture, "DROP SCHEMA d; UNDROP SCHEMA d; DROP SCHEMA d");
  assert_error (fixture, "UNDROP SCHEMA never", "notFound", "Not found: Dataset p:never");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    {
      g_autofree char *path = g_strdup_printf ("/round-trip/%s", things[i].name);

      g_test_add (path, Fixture, &things[i], fixture_set_up, test_round_trip, fixture_tear_down);
    }
  add_test ("/round-trip/the-ddl-says-all", test_the_ddl_says_all);
  add_test ("/round-trip/schema", test_schema);
  add_test ("/round-trip/undrop", test_undrop);
  return g_test_run ();
}
