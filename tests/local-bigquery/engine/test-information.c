/* test-information.c: INFORMATION_SCHEMA and __TABLES__
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
make_things (Fixture *fixture)
{
  run_fine (fixture, "CREATE TABLE t (a INT64 NOT NULL, b STRUCT<x INT64, y ARRAY<STRING>>, c NUMERIC(5, 2) "
                     "DEFAULT 1.5, ts TIMESTAMP)"
                     " PARTITION BY DATE(ts) CLUSTER BY a OPTIONS (description = 'T');"
                     "INSERT INTO t (a, ts) VALUES (1, TIMESTAMP '2025-01-02 03:04:05'), (2, NULL), (3, "
                     "TIMESTAMP '2025-01-02 23:00:00');"
                     "CREATE VIEW v AS SELECT a FROM t; CREATE SNAPSHOT TABLE s CLONE t;"
                     "CREATE FUNCTION d.f(x INT64) RETURNS INT64 AS (x + 1); CREATE PROCEDURE d.p(OUT y "
                     "STRING) BEGIN SET y = 'y'; END");
}

static void
test_tables (Fixture *fixture, gconstpointer data)
{
  make_things (fixture);
  assert_rows (fixture,
               "SELECT table_catalog, table_schema, table_name, table_type, is_insertable_into FROM "
               "d.INFORMATION_SCHEMA.TABLES ORDER BY 3",
               "p|d|s|SNAPSHOT|NO\np|d|t|BASE TABLE|YES\np|d|v|VIEW|NO\n");
  assert_rows (fixture, "SELECT ddl FROM p.d.INFORMATION_SCHEMA.TABLES WHERE table_name = 't'",
               "CREATE TABLE `p.d.t`\n(\n  a INT64 NOT NULL,\n  b STRUCT<x INT64, y ARRAY<STRING>>,\n  c "
               "NUMERIC(5, 2) DEFAULT 1.5,\n"
               "  ts TIMESTAMP\n)\nPARTITION BY DATE(ts)\nCLUSTER BY a\nOPTIONS(\n  description=\"T\"\n);\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM `region-us`.INFORMATION_SCHEMA.TABLES", "3\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM `p.region-us.INFORMATION_SCHEMA.TABLES`", "3\n");
  assert_rows (fixture, "SELECT table_name, view_definition FROM d.INFORMATION_SCHEMA.VIEWS",
               "v|SELECT a FROM t\n");
  assert_rows (fixture,
               "SELECT table_name, base_table_name, snapshot_time <= CURRENT_TIMESTAMP() FROM "
               "d.INFORMATION_SCHEMA.TABLE_SNAPSHOTS",
               "s|t|true\n");
  assert_error (fixture, "SELECT 1 FROM e.INFORMATION_SCHEMA.TABLES", "notFound",
                "Not found: Dataset p:e was not found in location US at [1:15]");
  assert_error (fixture, "SELECT 1 FROM d.INFORMATION_SCHEMA.NONSENSE", "invalidQuery",
                "INFORMATION_SCHEMA.NONSENSE is not supported by the local BigQuery at [1:15]");
}

static void
test_columns (Fixture *fixture, gconstpointer data)
{
  make_things (fixture);
  assert_rows (
    fixture,
    "SELECT column_name, ordinal_position, is_nullable, data_type, column_default, is_partitioning_column,"
    " clustering_ordinal_position FROM d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 't' ORDER BY 2",
    "a|1|NO|INT64|NULL|NO|1\nb|2|YES|STRUCT<x INT64, y ARRAY<STRING>>|NULL|NO|NULL\n"
    "c|3|YES|NUMERIC(5, 2)|1.5|NO|NULL\nts|4|YES|TIMESTAMP|NULL|YES|NULL\n");
  assert_rows (fixture,
               "SELECT field_path, data_type FROM d.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS WHERE table_name = "
               "'t' AND column_name = 'b'",
               "b|STRUCT<x INT64, y ARRAY<STRING>>\nb.x|INT64\nb.y|ARRAY<STRING>\n");
}

static void
test_storage (Fixture *fixture, gconstpointer data)
{
  make_things (fixture);
  assert_rows (fixture,
               "SELECT partition_id, total_rows, total_logical_bytes FROM d.INFORMATION_SCHEMA.PARTITIONS "
               "WHERE table_name = 't' ORDER BY 1",
               "20250102|2|64\n__NULL__|1|24\n");
  assert_rows (fixture,
               "SELECT table_name, total_rows, total_logical_bytes FROM "
               "`region-us`.INFORMATION_SCHEMA.TABLE_STORAGE ORDER BY 1",
               "s|3|88\nt|3|88\nv|0|0\n");
  assert_rows (fixture, "SELECT table_id, row_count, size_bytes, type FROM d.__TABLES__ ORDER BY 1",
               "s|3|88|1\nt|3|88|1\nv|0|0|2\n");
  assert_rows (fixture,
               "SELECT creation_time <= last_modified_time FROM `p.d.__TABLES__` WHERE table_id = 't'",
               "true\n");
}

static void
test_routines (Fixture *fixture, gconstpointer data)
{
  make_things (fixture);
  assert_rows (fixture,
               "SELECT routine_name, routine_type, data_type, routine_definition FROM "
               "d.INFORMATION_SCHEMA.ROUTINES ORDER BY 1",
               "f|FUNCTION|INT64|x + 1\np|PROCEDURE|NULL|BEGIN SET y = 'y'; END\n");
  assert_rows (fixture,
               "SELECT specific_name, ordinal_position, parameter_mode, parameter_name, data_type FROM "
               "d.INFORMATION_SCHEMA.PARAMETERS ORDER BY 1",
               "f|1|NULL|x|INT64\np|1|OUT|y|STRING\n");
  assert_rows (fixture, "SELECT schema_name, location FROM INFORMATION_SCHEMA.SCHEMATA", "d|US\n");
}

static void
store_job (Fixture *fixture, const char *id, gint64 created, const char *user, const char *reason)
{
  ErosStore *store = eros_engine_get_store (fixture->engine);
  g_autoptr (ErosStoreJob) job = eros_store_job_new ("p", id);
  g_autoptr (GError) error = NULL;
  gboolean good;

  job->created = job->started = created;
  job->ended = created + 1500000;
  job->user_email = g_strdup (user);
  job->job_type = g_strdup ("QUERY");
  job->statement_type = g_strdup ("UPDATE");
  job->state = g_strdup ("DONE");
  job->query = g_strdup ("UPDATE t SET a = 1 WHERE TRUE");
  job->bytes_billed = 10485760;
  job->slot_ms = 42;
  job->updated_rows = 3;
  job->inserted_rows = job->deleted_rows = 0;
  job->labels = g_strdup ("{\"team\":\"eros\"}");
  job->referenced_tables = g_strdup ("[{\"projectId\":\"p\",\"datasetId\":\"d\",\"tableId\":\"t\"}]");
  job->error_reason = g_strdup (reason);
  job->error_message = g_strdup (reason == NULL ? NULL : "it failed");
  job->resource = g_strdup ("{}");
  good = eros_store_insert_job (store, job, &error);
  g_assert_no_error (error);
  g_assert_true (good);
}

static void
test_jobs (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time ();

  store_job (fixture, "old", now - 10 * G_TIME_SPAN_DAY, "lead@example.com", NULL);
  store_job (fixture, "new", now - G_TIME_SPAN_HOUR, "lead@example.com", NULL);
  store_job (fixture, "failed", now - G_TIME_SPAN_MINUTE, "other@example.com", "invalidQuery");
  assert_rows (
    fixture,
    "SELECT job_id, state, total_slot_ms, TIMESTAMP_DIFF(end_time, start_time, MILLISECOND), "
    "error_result.reason,"
    " labels[OFFSET(0)].value, referenced_tables[OFFSET(0)].table_id, dml_statistics.updated_row_count"
    " FROM `region-us`.INFORMATION_SCHEMA.JOBS WHERE creation_time > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), "
    "INTERVAL 1 DAY)"
    " ORDER BY creation_time",
    "new|DONE|42|1500|NULL|eros|t|3\nfailed|DONE|42|1500|invalidQuery|eros|t|3\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT", "3\n");
  assert_rows (fixture, "SELECT job_id FROM INFORMATION_SCHEMA.JOBS_BY_USER ORDER BY 1", "new\nold\n");
  assert_rows (fixture,
               "SELECT l.key, COUNTIF(error_result IS NOT NULL) FROM `region-us`.INFORMATION_SCHEMA.JOBS, "
               "UNNEST(labels) AS l GROUP BY 1",
               "team|1\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/information-schema-lists-tables", test_tables);
  add_test ("/local-engine/information-schema-lists-columns", test_columns);
  add_test ("/local-engine/information-schema-measures-storage", test_storage);
  add_test ("/local-engine/information-schema-lists-routines", test_routines);
  add_test ("/local-engine/information-schema-is-the-job-history", test_jobs);

  return g_test_run ();
}
