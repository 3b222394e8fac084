/* test-defaults.c: rows that do not come from SQL, and statements that may not do what they do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "test-utils.h"

static Server *server;

static void
make_table (void)
{
  g_autoptr (JsonObject) made = server_query (
    server,
    "CREATE OR REPLACE TABLE d.t (id INT64 NOT NULL, word STRING DEFAULT 'none', n NUMERIC DEFAULT 7,"
    " key STRING DEFAULT GENERATE_UUID(), made TIMESTAMP DEFAULT CURRENT_TIMESTAMP())",
    200);
}

static void
assert_value (const char *query, const char *expected)
{
  g_autofree char *value = server_query_value (server, query);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_insert_all (void)
{
  g_autoptr (JsonObject) one = NULL;
  g_autoptr (JsonObject) two = NULL;

  make_table ();
  one =
    server_json (server, "POST", PROJECT "/datasets/d/tables/t/insertAll",
                 "{\"rows\":[{\"json\":{\"id\":1}},{\"json\":{\"id\":2,\"word\":null}},{\"json\":{\"id\":3,"
                 "\"word\":\"x\",\"n\":\"1.5\"}},{\"json\":{\"id\":4}}]}",
                 200);
  g_assert_false (json_object_has_member (one, "insertErrors"));
  assert_value ("SELECT STRING_AGG(FORMAT('%d %t %t', id, word, n), ',' ORDER BY id) FROM d.t",
                "1 none 7,2 NULL 7,3 x 1.5,4 none 7");
  assert_value ("SELECT COUNT(DISTINCT key) = 4 AND COUNTIF(made <= CURRENT_TIMESTAMP()) = 4 FROM d.t",
                "true");
  two = server_json (server, "POST", PROJECT "/datasets/d/tables/t/insertAll",
                     "{\"rows\":[{\"json\":{\"word\":\"no id\"}},{\"json\":{\"id\":5}}]}", 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (two, "insertErrors")), ==, 2);
  assert_value ("SELECT COUNT(*) FROM d.t", "4");
}

/* Waits for the job, and returns the reason why it has failed, if it has. */
static char *
load (const char *object, const char *content, const char *configuration)
{
  g_autofree char *upload = g_strconcat ("/upload/storage/v1/b/files/o?uploadType=media&name=", object, NULL);
  g_autoptr (JsonObject) stored = server_json (server, "POST", upload, content, 200);
  g_autofree char *body = g_strdup_printf (
    "{\"configuration\":{\"load\":{\"sourceUris\":[\"gs://files/%s\"],\"writeDisposition\":\"WRITE_APPEND\","
    "\"destinationTable\":{\"projectId\":\"eros-rehearsal\",\"datasetId\":\"d\",\"tableId\":\"t\"},%s}}}",
    object, configuration);
  g_autoptr (JsonObject) job = server_json (server, "POST", PROJECT "/jobs", body, 200);
  g_autofree char *path = g_strconcat (
    PROJECT "/jobs/",
    json_object_get_string_member (json_object_get_object_member (job, "jobReference"), "jobId"), NULL);

  while (TRUE)
    {
      g_autoptr (JsonObject) now = server_json (server, "GET", path, NULL, 200);
      JsonObject *status = json_object_get_object_member (now, "status");

      if (strcmp (json_object_get_string_member (status, "state"), "DONE") != 0)
        continue;
      if (!json_object_has_member (status, "errorResult"))
        return NULL;
      return g_strdup (
        json_object_get_string_member (json_object_get_object_member (status, "errorResult"), "message"));
    }
}

static void
test_load (void)
{
  static const char json[] = "\"sourceFormat\":\"NEWLINE_DELIMITED_JSON\"";
  static const char csv[] = "\"sourceFormat\":\"CSV\",\"skipLeadingRows\":1,\"schema\":{\"fields\":[{"
                            "\"name\":\"n\",\"type\":\"NUMERIC\"},"
                            "{\"name\":\"id\",\"type\":\"INT64\"}]}";
  g_autoptr (JsonObject) bucket =
    server_json (server, "POST", "/storage/v1/b?project=eros-rehearsal", "{\"name\":\"files\"}", 200);
  g_autofree char *fine = NULL, *fine_too = NULL, *no_id = NULL, *empty_id = NULL, *unknown = NULL;

  make_table ();
  fine = load ("a.json", "{\"id\":1}\n\n{\"id\":2,\"word\":null,\"n\":3}\n", json);
  g_assert_cmpstr (fine, ==, NULL);
  fine_too = load ("a.csv", "n,id\n5,3\n,4\n", csv);
  g_assert_cmpstr (fine_too, ==, NULL);
  assert_value ("SELECT STRING_AGG(FORMAT('%d %t %t', id, word, n), ',' ORDER BY id) FROM d.t",
                "1 none 7,2 NULL 3,3 none 5,4 none NULL");
  assert_value ("SELECT COUNT(DISTINCT key) FROM d.t", "4");
  no_id = load ("b.json", "{\"id\":8}\n{\"word\":\"x\"}\n", json);
  g_assert_nonnull (strstr (no_id, "Missing required field: id."));
  empty_id = load ("b.csv", "n,id\n1,\n", csv);
  g_assert_nonnull (strstr (empty_id, "Missing required field: id."));
  unknown = load ("c.csv", "1\n",
                  "\"sourceFormat\":\"CSV\",\"schema\":{\"fields\":[{\"name\":\"zz\",\"type\":\"INT64\"}]}");
  g_assert_nonnull (strstr (unknown, "Cannot add fields (field: zz)"));
  assert_value ("SELECT COUNT(*) FROM d.t", "4");
}

static void
deny (const char *permission, const char *resource)
{
  g_autofree char *body = g_strdup_printf ("{\"deny\":[\"%s\"],\"resource\":\"%s\"}", permission, resource);
  guint status = 0;
  g_autofree char *answer = server_call (server, "POST", "/_local/permissions", body, &status);

  g_assert_cmpuint (status / 100, ==, 2);
}

static void
allow (void)
{
  guint status = 0;
  g_autofree char *answer = server_call (server, "DELETE", "/_local/permissions", NULL, &status);

  g_assert_cmpuint (status / 100, ==, 2);
}

/* Each alone, and as a statement of a script */
static void
test_denied (void)
{
  static const struct
  {
    const char *permission;
    const char *resource;
    const char *statement;
  } cases[] = {
    { "bigquery.tables.getData", "d.t", "SELECT * FROM d.t" },
    { "bigquery.tables.getData", "d.t", "EXECUTE IMMEDIATE 'SELECT * FROM d.t'" },
    { "bigquery.tables.getData", "d.t", "SET x = (SELECT MAX(id) FROM d.t)" },
    { "bigquery.tables.getData", "d.t", "IF EXISTS (SELECT 1 FROM d.t) THEN SELECT 1; END IF" },
    { "bigquery.tables.getData", "d.t", "FOR r IN (SELECT id FROM d.t) DO SELECT 1; END FOR" },
    { "bigquery.tables.getData", "d.t", "CREATE TEMP TABLE z AS SELECT * FROM d.t" },
    { "bigquery.tables.updateData", "d.t", "BEGIN TRANSACTION; DELETE FROM d.t WHERE TRUE; COMMIT" },
    { "bigquery.tables.updateData", "d.t", "DELETE FROM d.t WHERE TRUE" },
    { "bigquery.tables.updateData", "d.t", "INSERT INTO d.t (id) VALUES (5)" },
    { "bigquery.tables.updateData", "d.t", "TRUNCATE TABLE d.t" },
    { "bigquery.tables.update", "d.t", "ALTER TABLE d.t ADD COLUMN more INT64" },
    { "bigquery.tables.delete", "d.t", "DROP TABLE d.t" },
    { "bigquery.tables.create", "d", "CREATE TABLE d.other (a INT64)" },
    { "bigquery.tables.createSnapshot", "d", "CREATE SNAPSHOT TABLE d.shot CLONE d.t" },
    { "bigquery.routines.create", "d", "CREATE FUNCTION d.f() AS (1)" },
    { "bigquery.datasets.create", "e", "CREATE SCHEMA e" },
    { "bigquery.datasets.update", "d", "ALTER SCHEMA d SET OPTIONS (description = 'x')" },
    { "bigquery.datasets.delete", "d", "DROP SCHEMA d CASCADE" },
  };

  make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script =
        g_strconcat ("DECLARE x INT64; SELECT 1; ", cases[i].statement, "; SELECT 2", NULL);
      g_autoptr (JsonObject) answer = NULL;
      JsonObject *error = NULL;

      g_test_message ("%s", cases[i].statement);
      deny (cases[i].permission, cases[i].resource);
      answer = server_query (server, script, 403);
      error = json_array_get_object_element (
        json_object_get_array_member (json_object_get_object_member (answer, "error"), "errors"), 0);
      g_assert_cmpstr (json_object_get_string_member (error, "reason"), ==, "accessDenied");
      g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), cases[i].permission));
      allow ();
    }
  assert_value ("SELECT COUNT(*) FROM d.INFORMATION_SCHEMA.TABLES", "1");
  assert_value ("SELECT COUNT(*) FROM d.INFORMATION_SCHEMA.COLUMNS", "5");
  assert_value ("SELECT COUNT(*) FROM d.t", "0");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL);
  json_object_unref (server_query (server, "CREATE SCHEMA d", 200));
  g_test_add_func ("/defaults/streamed-rows-get-defaults-and-must-not-lack-values", test_insert_all);
  g_test_add_func ("/defaults/loaded-rows-get-defaults-and-must-not-lack-values", test_load);
  g_test_add_func ("/defaults/what-is-denied-is-denied-in-scripts", test_denied);
  result = g_test_run ();
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
  return result;
}
