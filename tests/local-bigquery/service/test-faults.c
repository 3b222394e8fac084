/* test-faults.c: faults on demand, the record of requests, permissions, scheduled queries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "test-utils.h"

static Server *server;

static void
add_fault (const char *description)
{
  guint status;
  g_autofree char *answer = server_call (server, "POST", "/_local/faults", description, &status);

  g_assert_cmpuint (status, ==, 204);
}

static guint
list (void)
{
  guint status;
  g_autofree char *answer = server_call (server, "GET", PROJECT "/datasets", NULL, &status);

  return status;
}

static void
test_status (void)
{
  g_autoptr (JsonObject) answer = NULL;

  add_fault ("{\"method\":\"GET\",\"path\":\"/"
             "datasets$\",\"skip\":1,\"times\":2,\"action\":\"403:rateLimitExceeded\"}");
  g_assert_cmpuint (list (), ==, 200);
  g_assert_cmpuint (list (), ==, 403);
  answer = server_json (server, "GET", PROJECT "/datasets", NULL, 403);
  g_assert_nonnull (
    strstr (json_object_get_string_member (json_object_get_object_member (answer, "error"), "message"),
            "rateLimitExceeded"));
  g_assert_cmpuint (list (), ==, 200);
}

static void
test_broken_connections (void)
{
  const char *faults[] = { "reset", "truncate", "drop-response" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *fault = g_strdup_printf ("{\"method\":\"POST\",\"action\":\"%s\"}", faults[i]);
      g_autofree char *body = g_strdup_printf (
        "{\"jobReference\":{\"jobId\":\"%s\"},\"configuration\":{\"query\":{\"query\":\"SELECT 1\","
        "\"useLegacySql\":false}}}",
        faults[i]);
      g_autofree char *path = g_strdup_printf (PROJECT "/jobs/%s", faults[i]);
      guint status;
      g_autofree char *answer = NULL;
      g_autoptr (JsonObject) job = NULL;

      add_fault (fault);
      answer = server_call (server, "POST", PROJECT "/jobs", body, &status);
      g_assert_cmpuint (status, ==, 0);
      /* the work was done, but for the one that never arrived */
      job = server_json (server, "GET", path, NULL, i == 0 ? 404 : 200);
    }
}

static void
test_delay (void)
{
  gint64 start = g_get_monotonic_time ();

  add_fault ("{\"path\":\"/datasets$\",\"action\":\"delay:150\"}");
  g_assert_cmpuint (list (), ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 150000);
}

static void
test_clear (void)
{
  guint status;
  g_autofree char *answer = NULL;
  g_autoptr (JsonObject) refused = NULL;

  add_fault ("{\"times\":-1,\"action\":\"500\"}");
  g_assert_cmpuint (list (), ==, 500);
  g_assert_cmpuint (list (), ==, 500);
  answer = server_call (server, "DELETE", "/_local/faults", NULL, &status);
  g_assert_cmpuint (status, ==, 204);
  g_assert_cmpuint (list (), ==, 200);
  refused = server_json (server, "POST", "/_local/faults", "{\"action\":\"explode\"}", 400);
}

static void
test_requests (void)
{
  g_autoptr (JsonObject) before = server_json (server, "GET", "/_local/requests", NULL, 200);
  JsonArray *requests = json_object_get_array_member (before, "requests");
  JsonObject *last = json_array_get_object_element (requests, json_array_get_length (requests) - 1);
  g_autofree char *since =
    g_strdup_printf ("/_local/requests?since=%" G_GINT64_FORMAT, json_object_get_int_member (last, "number"));
  g_autoptr (JsonObject) job = NULL;
  g_autoptr (JsonObject) after = NULL;
  JsonObject *request;

  job = server_json (
    server, "POST", PROJECT "/jobs",
    "{\"jobReference\":{\"jobId\":\"recorded\"},\"configuration\":{\"query\":{\"query\":\"SELECT 1\","
    "\"useLegacySql\":false}}}",
    200);
  after = server_json (server, "GET", since, NULL, 200);
  request = json_array_get_object_element (json_object_get_array_member (after, "requests"), 0);
  g_assert_cmpstr (json_object_get_string_member (request, "method"), ==, "POST");
  g_assert_cmpstr (json_object_get_string_member (request, "path"), ==, PROJECT "/jobs");
  g_assert_cmpstr (json_object_get_string_member (request, "jobId"), ==, "recorded");
  g_assert_cmpint (json_object_get_int_member (request, "status"), ==, 200);
}

static void
deny (const char *permission)
{
  g_autofree char *body = g_strdup_printf ("{\"deny\":[\"%s\"]}", permission);
  guint status;
  g_autofree char *answer = server_call (server, "POST", "/_local/permissions", body, &status);

  g_assert_cmpuint (status, ==, 204);
}

static void
test_permissions (void)
{
  g_autoptr (JsonObject) refused = NULL;
  g_autoptr (JsonObject) told = NULL;
  g_autoptr (JsonObject) rows = NULL;
  guint status;
  g_autofree char *answer = NULL;

  deny ("bigquery.tables.get");
  deny ("bigquery.tables.getData");
  refused = server_json (server, "GET", PROJECT "/datasets/eros_platform/tables/caption_bank", NULL, 403);
  told =
    server_json (server, "POST", PROJECT "/datasets/eros_platform/tables/caption_bank:testIamPermissions",
                 "{\"permissions\":[\"bigquery.tables.get\",\"bigquery.tables.list\"]}", 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (told, "permissions")), ==, 1);
  rows = server_query (server, "SELECT COUNT(*) FROM eros_platform.caption_bank", 403);
  answer = server_call (server, "DELETE", "/_local/permissions", NULL, &status);
  g_assert_cmpuint (status, ==, 204);
  g_clear_pointer (&rows, json_object_unref);
  rows = server_query (server, "SELECT COUNT(*) FROM eros_platform.caption_bank", 200);
}

/* Whoever may read an object may not for that make another one. */
static void
test_copies_want_two_permissions (void)
{
  static const struct
  {
    const char *path;
    const char *body;
    const char *denied;
  } calls[] = {
    { "/storage/v1/b/eros-platform-backups/o/one/copyTo/b/eros-platform-backups/o/two", "{}",
      "storage.objects.create" },
    { "/storage/v1/b/eros-platform-backups/o/one/rewriteTo/b/eros-platform-backups/o/two", "{}",
      "storage.objects.create" },
    { "/storage/v1/b/eros-platform-backups/o/two/compose", "{\"sourceObjects\":[{\"name\":\"one\"}]}",
      "storage.objects.get" },
  };
  guint status;
  g_autoptr (JsonObject) put = server_json (
    server, "POST", "/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name=one", "x", 200);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (JsonObject) refused = NULL;
      g_autoptr (JsonObject) absent = NULL;
      g_autoptr (JsonObject) made = NULL;

      deny (calls[i].denied);
      refused = server_json (server, "POST", calls[i].path, calls[i].body, 403);
      g_free (server_call (server, "DELETE", "/_local/permissions", NULL, &status));
      absent = server_json (server, "GET", "/storage/v1/b/eros-platform-backups/o/two", NULL, 404);
      made = server_json (server, "POST", calls[i].path, calls[i].body, 200);
      g_free (server_call (server, "DELETE", "/storage/v1/b/eros-platform-backups/o/two", NULL, &status));
      g_assert_cmpuint (status, ==, 204);
    }
}

static void
test_schedules (void)
{
  const char *path = "/v1/projects/eros-rehearsal/locations/us/transferConfigs?dataSourceIds=scheduled_query";
  g_autoptr (JsonObject) configs = server_json (server, "GET", path, NULL, 200);
  JsonArray *all = json_object_get_array_member (configs, "transferConfigs");
  JsonObject *first = json_array_get_object_element (all, 0);
  g_autofree char *one = g_strconcat ("/v1/", json_object_get_string_member (first, "name"), NULL);
  g_autofree char *patch = g_strconcat (one, "?updateMask=disabled", NULL);
  g_autoptr (JsonObject) paused = NULL;
  g_autoptr (JsonObject) read = NULL;
  g_autoptr (JsonObject) refused = NULL;

  g_assert_cmpuint (json_array_get_length (all), ==, 3);
  g_assert_true (json_object_has_member (first, "nextRunTime"));
  paused = server_json (server, "PATCH", patch, "{\"disabled\":true}", 200);
  read = server_json (server, "GET", one, NULL, 200);
  g_assert_true (json_object_get_boolean_member (read, "disabled"));
  g_assert_false (json_object_has_member (read, "nextRunTime"));
  g_assert_nonnull (json_object_get_string_member (json_object_get_object_member (read, "params"), "query"));
  refused = server_json (server, "PATCH", patch, "{\"disabled\":\"yes\"}", 400);
}

int
main (int argc, char **argv)
{
  const char *arguments[] = { "--sample", "eros:100", NULL };
  int result;

  g_test_init (&argc, &argv, NULL);
  server = server_start (arguments);
  g_test_add_func ("/faults/a-status-comes-when-it-was-asked-for", test_status);
  g_test_add_func ("/faults/connections-break-as-asked", test_broken_connections);
  g_test_add_func ("/faults/an-answer-is-late", test_delay);
  g_test_add_func ("/faults/faults-end", test_clear);
  g_test_add_func ("/faults/requests-are-told-in-order", test_requests);
  g_test_add_func ("/faults/what-is-denied-is-refused", test_permissions);
  g_test_add_func ("/faults/a-copy-wants-two-permissions", test_copies_want_two_permissions);
  g_test_add_func ("/faults/scheduled-queries-are-paused", test_schedules);
  result = g_test_run ();
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
  return result;
}
