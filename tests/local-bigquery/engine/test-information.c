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
  assert_error (fixture, "SELECT 1 FROM d.INFORMATION_SCHEMA.NONSENSE", "notFound",
                "Not found: Table p:d.INFORMATION_SCHEMA.NONSENSE was not found in location US at [1:15]");
  assert_error (
    fixture, "SELECT 1 FROM d.INFORMATION_SCHEMA.ROW_ACCESS_POLICIES", "notFound",
    "Not found: Table p:d.INFORMATION_SCHEMA.ROW_ACCESS_POLICIES was not found in location US at [1:15]");
  assert_error (fixture, "SELECT 1 FROM `region-us`.INFORMATION_SCHEMA.RESERVATIONS", "invalidQuery",
                "INFORMATION_SCHEMA.RESERVATIONS is not supported by the local BigQuery at [1:15]");
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
               "d.INFORMATION_SCHEMA.PARAMETERS ORDER BY 1, 2",
               "f|0|NULL|NULL|INT64\nf|1|NULL|x|INT64\np|1|OUT|y|STRING\n");
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

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE a (x INT64, y STRING, PRIMARY KEY (x, y) NOT ENFORCED);"
                     "CREATE TABLE b (x INT64, y STRING, z INT64 PRIMARY KEY NOT ENFORCED, "
                     "FOREIGN KEY (x, y) REFERENCES a (x, y) NOT ENFORCED, CONSTRAINT own FOREIGN KEY (z) "
                     "REFERENCES b (z) NOT "
                     "ENFORCED)");
  assert_rows (
    fixture,
    "SELECT constraint_schema, constraint_name, table_name, constraint_type, is_deferrable, "
    "initially_deferred, enforced FROM d.INFORMATION_SCHEMA.TABLE_CONSTRAINTS ORDER BY 2",
    "d|a.pk$|a|PRIMARY KEY|NO|NO|NO\nd|b.fk$1|b|FOREIGN KEY|NO|NO|NO\nd|b.own|b|FOREIGN KEY|NO|NO|NO\n"
    "d|b.pk$|b|PRIMARY KEY|NO|NO|NO\n");
  assert_rows (
    fixture,
    "SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM "
    "d.INFORMATION_SCHEMA.KEY_COLUMN_USAGE ORDER BY 1, 4",
    "a.pk$|a|x|1|NULL\na.pk$|a|y|2|NULL\nb.fk$1|b|x|1|1\nb.fk$1|b|y|2|2\nb.own|b|z|1|1\n"
    "b.pk$|b|z|1|NULL\n");
  assert_rows (
    fixture,
    "SELECT table_name, column_name, constraint_name FROM d.INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE "
    "ORDER BY 3, 2",
    "a|x|a.pk$\na|y|a.pk$\na|x|b.fk$1\na|y|b.fk$1\nb|z|b.own\nb|z|b.pk$\n");
}

static void
test_more_views (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE t (a INT64); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE SCHEMA e OPTIONS "
    "(description = 'E', default_table_expiration_days = 3); CREATE FUNCTION f() AS (1) OPTIONS (description "
    "= "
    "'F \"q\"'); GRANT `roles/r` ON TABLE t TO 'user:a@b'; GRANT `roles/s` ON SCHEMA e TO 'group:g@b'");
  assert_rows (fixture,
               "SELECT table_name, last_refresh_time IS NULL FROM d.INFORMATION_SCHEMA.MATERIALIZED_VIEWS",
               "m|false\n");
  assert_rows (fixture,
               "SELECT * FROM INFORMATION_SCHEMA.SCHEMATA_OPTIONS WHERE schema_name = 'e' ORDER BY 3",
               "p|e|default_table_expiration_days|FLOAT64|3.0\np|e|description|STRING|\"E\"\n");
  assert_rows (fixture,
               "SELECT specific_name, option_name, option_type, option_value FROM "
               "d.INFORMATION_SCHEMA.ROUTINE_OPTIONS",
               "f|description|STRING|\"F \\\"q\\\"\"\n");
  assert_rows (fixture, "SELECT * FROM `region-us`.INFORMATION_SCHEMA.OBJECT_PRIVILEGES ORDER BY object_name",
               "p|NULL|e|SCHEMA|roles/s|group:g@b\np|d|t|TABLE|roles/r|user:a@b\n");
}

static void
test_loading_time (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE day (a INT64) PARTITION BY _PARTITIONDATE; INSERT INTO day (a) VALUES (1), (2);"
            "CREATE TABLE hour (a INT64) PARTITION BY timestamp_trunc(_PARTITIONTIME, hour); INSERT INTO "
            "hour (a) VALUES (1);"
            "CREATE TABLE none (a INT64) PARTITION BY _PARTITIONDATE");
  assert_rows (
    fixture,
    "SELECT table_name, partition_id = FORMAT_TIMESTAMP(IF(table_name = 'day', '%Y%m%d', '%Y%m%d%H'), "
    "CURRENT_TIMESTAMP()), total_rows FROM d.INFORMATION_SCHEMA.PARTITIONS ORDER BY 1",
    "day|true|2\nhour|true|1\n");
  assert_rows (
    fixture,
    "SELECT column_name, ordinal_position, data_type, is_hidden, is_system_defined, is_partitioning_column "
    "FROM d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'day' ORDER BY 1",
    "_PARTITIONDATE|NULL|DATE|YES|YES|YES\n_PARTITIONTIME|NULL|TIMESTAMP|YES|YES|YES\n"
    "a|1|INT64|NO|NO|NO\n");
}

static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  ErosStore *store = eros_engine_get_store (fixture->engine);
  g_autoptr (ErosStoreJob) job = eros_store_job_new ("p", "long");
  g_autoptr (GError) error = NULL;

  job->state = g_strdup ("DONE");
  job->resource = g_strdup ("{}");
  job->user_email = g_strdup ("a@b");
  job->created = job->started = g_get_real_time () / 1000000 * 1000000 - 10000000;
  job->ended = job->started + 2500000;
  job->slot_ms = 8;
  g_assert_true (eros_store_insert_job (store, job, &error));
  g_assert_true (eros_store_save_job (store, job, NULL, &error));
  assert_rows (
    fixture,
    "SELECT TIMESTAMP_DIFF(period_start, job_start_time, SECOND), period_slot_ms, job_id, user_email FROM "
    "`region-us`.INFORMATION_SCHEMA.JOBS_TIMELINE ORDER BY 1",
    "0|3|long|a@b\n1|3|long|a@b\n2|2|long|a@b\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.JOBS_TIMELINE_BY_PROJECT", "3\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.JOBS_TIMELINE_BY_USER", "0\n");
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

  add_test ("/local-engine/information-schema-lists-keys", test_keys);
  add_test ("/local-engine/information-schema-lists-options-and-privileges", test_more_views);
  add_test ("/local-engine/information-schema-tells-when-rows-were-loaded", test_loading_time);
  add_test ("/local-engine/information-schema-tells-what-ran-in-each-second", test_timeline);

  return g_test_run ();
}
