/* test-durable.c: what is left after the server has been killed, and how it ends when asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "test-utils.h"

#define ROUNDS 8

static char *
job_body (guint number)
{
  return g_strdup_printf (
    "{\"jobReference\":{\"jobId\":\"job-%u\"},\"configuration\":{\"query\":{\"useLegacySql\":false,"
    "\"query\":\"INSERT INTO d.t (n) VALUES (%u)\"}}}",
    number, number);
}

static gpointer
kill_later (gpointer data)
{
  Server *server = data;

  g_usleep (g_random_int_range (5000, 120000));
  g_subprocess_send_signal (server->process, 9);
  return NULL;
}

/* Sends jobs until the server is gone; the last one may or may not have arrived. */
static guint
insert_until_killed (Server *server, guint number)
{
  GThread *killer = g_thread_new ("killer", kill_later, server);
  guint status = 200;

  while (status != 0)
    {
      g_autofree char *body = job_body (number);
      g_autofree char *answer = server_call (server, "POST", PROJECT "/jobs", body, &status);

      number++;
    }
  g_thread_join (killer);
  g_subprocess_wait (server->process, NULL, NULL);
  return number;
}

static void
check_job (Server *server, guint number, guint *n_done)
{
  g_autofree char *path = g_strdup_printf (PROJECT "/jobs/job-%u", number);
  g_autofree char *query = g_strdup_printf ("SELECT COUNT(*) FROM d.t WHERE n = %u", number);
  g_autofree char *rows = server_query_value (server, query);
  guint http;
  g_autofree char *text = server_call (server, "GET", path, NULL, &http);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *status;
  gboolean good;

  if (http == 404)
    {
      g_assert_cmpstr (rows, ==, "0");
      return;
    }
  status = json_object_get_object_member (json_node_get_object (node), "status");
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "DONE");
  good = !json_object_has_member (status, "errorResult");
  g_assert_cmpstr (rows, ==, good ? "1" : "0");
  if (good)
    {
      JsonObject *statistics = json_object_get_object_member (json_node_get_object (node), "statistics");

      /* Also when only its commit was there to tell. */
      statistics = json_object_get_object_member (statistics, "query");
      g_assert_nonnull (statistics);
      g_assert_cmpstr (json_object_get_string_member (statistics, "numDmlAffectedRows"), ==, "1");
    }
  *n_done += good;
}

static void
test_killed (void)
{
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { "--data", folder, NULL };
  guint number = 0, n_done = 0;

  for (guint round = 0; round <= ROUNDS; round++)
    {
      Server *server = server_start (arguments);
      guint first = number;

      if (round == 0)
        {
          g_autoptr (JsonObject) made =
            server_query (server, "CREATE SCHEMA d; CREATE TABLE d.t (n INT64)", 200);
        }
      for (guint i = first >= 60 ? first - 60 : 0; i < first; i++)
        check_job (server, i, &n_done);
      if (round < ROUNDS)
        number = insert_until_killed (server, number);
      else
        server_stop (server);
      server_free (server);
    }
  g_test_message ("%u jobs sent, %u found done", number, n_done);
  g_assert_cmpuint (n_done, >, 0);
  remove_folder (folder);
}

#define STATEMENTS 12

static char *
script_body (guint number)
{
  g_autoptr (GString) script = g_string_new (NULL);

  for (guint i = 0; i < STATEMENTS; i++)
    g_string_append_printf (script, "INSERT INTO d.t (n) VALUES (%u); ", number);
  return g_strdup_printf (
    "{\"jobReference\":{\"jobId\":\"script-%u\"},\"configuration\":{\"query\":{\"useLegacySql\":false,"
    "\"query\":\"%s\"}}}",
    number, script->str);
}

/* The children that are jobs of their own, and done. */
static guint
count_children (Server *server, guint number)
{
  g_autofree char *path = g_strdup_printf (PROJECT "/jobs?parentJobId=script-%u&maxResults=100", number);
  g_autoptr (JsonObject) list = server_json (server, "GET", path, NULL, 200);
  JsonArray *jobs =
    json_object_has_member (list, "jobs") ? json_object_get_array_member (list, "jobs") : NULL;
  guint n = jobs != NULL ? json_array_get_length (jobs) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *job = json_array_get_object_element (jobs, i);

      g_assert_cmpstr (json_object_get_string_member (job, "state"), ==, "DONE");
      g_assert_false (json_object_has_member (job, "errorResult"));
    }
  return n;
}

/* What the server says of a script is what the table holds. */
static gboolean
check_script (Server *server, guint number)
{
  g_autofree char *path = g_strdup_printf (PROJECT "/jobs/script-%u", number);
  g_autofree char *query = g_strdup_printf ("SELECT COUNT(*) FROM d.t WHERE n = %u", number);
  g_autofree char *value = server_query_value (server, query);
  guint rows = (guint) g_ascii_strtoull (value, NULL, 10);
  guint http;
  g_autofree char *text = server_call (server, "GET", path, NULL, &http);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autofree char *says = g_strdup_printf ("What %u of its statements", rows);
  JsonObject *status;
  const char *message;

  if (http == 404)
    {
      g_assert_cmpuint (rows, ==, 0);
      return FALSE;
    }
  g_assert_cmpuint (count_children (server, number), ==, rows);
  status = json_object_get_object_member (json_node_get_object (node), "status");
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "DONE");
  if (!json_object_has_member (status, "errorResult"))
    {
      g_assert_cmpuint (rows, ==, STATEMENTS);
      return FALSE;
    }
  message = json_object_get_string_member (json_object_get_object_member (status, "errorResult"), "message");
  g_assert_nonnull (strstr (message, rows > 0 ? says : "it has changed nothing"));
  return rows > 0;
}

static void
test_killed_script (void)
{
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { "--data", folder, NULL };
  guint n_partly = 0;

  for (guint number = 0; number < 40 && n_partly < 8; number++)
    {
      Server *server = server_start (arguments);
      g_autofree char *body = script_body (number);
      g_autoptr (JsonObject) job = NULL;

      if (number == 0)
        {
          g_autoptr (JsonObject) made =
            server_query (server, "CREATE SCHEMA d; CREATE TABLE d.t (n INT64)", 200);
        }
      job = server_json (server, "POST", PROJECT "/jobs", body, 200);
      g_usleep (g_random_int_range (2000, 60000));
      server_kill (server);
      server_free (server);
      server = server_start (arguments);
      n_partly += check_script (server, number);
      server_stop (server);
      server_free (server);
    }
  g_test_message ("%u scripts were cut off between two statements", n_partly);
  g_assert_cmpuint (n_partly, >, 0);
  remove_folder (folder);
}

static void
test_results_survive (void)
{
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { "--data", folder, NULL };
  Server *server = server_start (arguments);
  g_autoptr (JsonObject) job = server_json (
    server, "POST", PROJECT "/jobs",
    "{\"jobReference\":{\"jobId\":\"answer\"},\"configuration\":{\"query\":{\"useLegacySql\":false,\"query\":"
    "\"SELECT n FROM UNNEST(GENERATE_ARRAY(1, 30000)) AS n ORDER BY n\"}}}",
    200);
  g_autoptr (JsonObject) before =
    server_json (server, "GET", PROJECT "/queries/answer?maxResults=1", NULL, 200);
  g_autoptr (JsonObject) after = NULL;
  JsonObject *row;

  server_kill (server);
  server_free (server);
  server = server_start (arguments);
  after = server_json (server, "GET", PROJECT "/queries/answer?startIndex=29999", NULL, 200);
  g_assert_cmpstr (json_object_get_string_member (after, "totalRows"), ==, "30000");
  row = json_array_get_object_element (json_object_get_array_member (after, "rows"), 0);
  row = json_array_get_object_element (json_object_get_array_member (row, "f"), 0);
  g_assert_cmpstr (json_object_get_string_member (row, "v"), ==, "30000");
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
  remove_folder (folder);
}

static void
test_until_eof (void)
{
  Server *server = server_start (NULL);

  g_output_stream_close (g_subprocess_get_stdin_pipe (server->process), NULL, NULL);
  g_subprocess_wait (server->process, NULL, NULL);
  g_assert_true (g_subprocess_get_successful (server->process));
  server_free (server);
}

static void
test_stop_with_running_job (void)
{
  Server *server = server_start (NULL);
  g_autoptr (JsonObject) job =
    server_json (server, "POST", PROJECT "/jobs",
                 "{\"configuration\":{\"query\":{\"useLegacySql\":false,\"query\":\"SELECT COUNT(*) FROM "
                 "UNNEST(GENERATE_ARRAY(1,"
                 " 100000)) a, UNNEST(GENERATE_ARRAY(1, 100000)) b WHERE a * b = 7\"}}}",
                 200);

  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
}

static gpointer
count_up (gpointer data)
{
  Server own = *(Server *) data;
  guint lost = 0;

  own.session = soup_session_new ();
  for (guint i = 0; i < 10; i++)
    {
      guint status;
      g_autofree char *answer =
        server_call (&own, "POST", PROJECT "/queries",
                     "{\"query\":\"UPDATE d.t SET n = n + 1 WHERE TRUE\",\"useLegacySql\":false}", &status);

      lost += status != 200;
    }
  g_object_unref (own.session);
  return GUINT_TO_POINTER (lost);
}

static void
test_concurrent_updates (void)
{
  Server *server = server_start (NULL);
  g_autoptr (JsonObject) made =
    server_query (server, "CREATE SCHEMA d; CREATE TABLE d.t AS SELECT 0 AS n", 200);
  g_autofree char *value = NULL;
  GThread *threads[20];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", count_up, server);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 0);
  value = server_query_value (server, "SELECT n FROM d.t");
  g_assert_cmpstr (value, ==, "200");
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
}

static guint
count_entries (const char *path, char **first)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    if (n++ == 0 && first != NULL)
      *first = g_build_filename (path, name, NULL);
  return n;
}

/* Otherwise every kill would leave a rehearsal's data behind for ever. */
static void
test_abandoned (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *before = g_strdup (g_getenv ("TMPDIR"));
  g_autofree char *left = NULL;
  g_autofree char *lock = NULL;
  struct utimbuf old = { .actime = 1000000000, .modtime = 1000000000 };
  Server *killed;
  Server *living;
  Server *third;

  g_setenv ("TMPDIR", folder, TRUE);
  killed = server_start (NULL);
  server_kill (killed);
  g_assert_cmpuint (count_entries (folder, &left), ==, 1);
  /* It may just as well be one that begins. */
  living = server_start (NULL);
  g_assert_cmpuint (count_entries (folder, NULL), ==, 2);
  /* A minute later. */
  lock = g_build_filename (left, "lock", NULL);
  g_assert_cmpint (g_utime (lock, &old), ==, 0);
  third = server_start (NULL);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_entries (folder, NULL), ==, 2);
  /* The one that lives is nobody's to remove, however old. */
  server_stop (third);
  g_clear_pointer (&lock, g_free);
  g_clear_pointer (&left, g_free);
  g_assert_cmpuint (count_entries (folder, &left), ==, 1);
  lock = g_build_filename (left, "lock", NULL);
  g_assert_cmpint (g_utime (lock, &old), ==, 0);
  server_free (third);
  third = server_start (NULL);
  g_assert_true (g_file_test (left, G_FILE_TEST_EXISTS));

  server_stop (third);
  server_stop (living);
  g_assert_cmpuint (count_entries (folder, NULL), ==, 0);
  if (before != NULL)
    g_setenv ("TMPDIR", before, TRUE);
  else
    g_unsetenv ("TMPDIR");
  remove_folder (folder);
  server_free (killed);
  server_free (living);
  server_free (third);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/durable/a-job-is-done-or-has-done-nothing", test_killed);
  g_test_add_func ("/durable/a-killed-script-names-the-statements-that-are-done", test_killed_script);
  g_test_add_func ("/durable/rows-of-a-job-survive-a-kill", test_results_survive);
  g_test_add_func ("/durable/the-server-ends-with-its-parent", test_until_eof);
  g_test_add_func ("/durable/the-server-ends-although-a-job-runs", test_stop_with_running_job);
  g_test_add_func ("/durable/what-a-killed-server-has-left-is-removed", test_abandoned);
  g_test_add_func ("/durable/no-update-of-twenty-clients-is-lost", test_concurrent_updates);
  return g_test_run ();
}
