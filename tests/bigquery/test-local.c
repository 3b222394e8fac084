/* test-local.c: the client against the BigQuery in the box, in good and in bad weather
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "eros-big-query.h"
#include "eros-answer.h"
#include "local-server.h"

typedef struct
{
  LocalServer *server;
  ErosConnection *connection;
  ErosBigQuery *client;
  GAsyncResult *result;
  guint n_retries;
  guint n_answers; /* after a retry */
} Fixture;

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&fixture->result);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = local_server_new (NULL);
  fixture->connection = local_server_connect (fixture->server);
  fixture->client = eros_big_query_new (fixture->connection);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->connection);
  local_server_free (fixture->server);
}

static void
count_retry (guint attempt, const GError *why, guint wait_ms, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (why != NULL)
    fixture->n_retries++;
  else
    fixture->n_answers++;
}

static ErosJobRequest *
make_query (Fixture *fixture, const char *sql)
{
  g_autofree char *id = eros_job_request_make_id ("test");
  ErosJobRequest *request = eros_job_request_new_query (id, sql);

  eros_job_request_set_retry (request, count_retry, fixture);
  return request;
}

static ErosJob *
run_request (Fixture *fixture, ErosJobRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_big_query_run_async (fixture->client, request, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  return eros_big_query_run_finish (fixture->client, result, error);
}

static ErosPage *
query (Fixture *fixture, const char *sql, guint max_rows, char **token, guint64 *total, GError **error)
{
  g_autoptr (ErosJobRequest) request = make_query (fixture, sql);
  g_autoptr (GAsyncResult) result = NULL;

  eros_big_query_query_async (fixture->client, request, max_rows, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  return eros_big_query_query_finish (fixture->client, result, token, total, error);
}

static void
test_every_type_arrives_exactly (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page =
    query (fixture,
           "SELECT -9223372036854775808 AS i, 0.1 AS f, CAST('NaN' AS FLOAT64) AS nan, TRUE AS b, "
           "'a\"\\\\ü😀\\n' AS s, b'\\x00\\xff' "
           "AS y, NUMERIC '-99999999999999999999999999999.999999999' AS n, TIMESTAMP '0001-01-01 "
           "00:00:00.000001+00' AS t, "
           "DATE '9999-12-31' AS d, TIME '23:59:59.999999' AS tm, DATETIME '2024-02-29 12:00:00.5' AS dt, "
           "[1, 2] AS a, STRUCT('x' AS p, [STRUCT(1 AS q)] AS r) AS st, JSON '{\"k\":[1]}' AS j, CAST(NULL "
           "AS INT64) AS z",
           0, NULL, NULL, &error);
  g_autoptr (ErosPage) list = NULL;
  g_autoptr (ErosPage) structure = NULL;
  g_autofree char *nan = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, G_MININT64);
  g_assert_cmpfloat (eros_page_get_double (page, 0, 1), ==, 0.1);
  nan = eros_page_dup_text (page, 0, 2);
  g_assert_cmpstr (nan, ==, "NaN");
  g_assert_cmpint (eros_page_get_int64 (page, 0, 3), ==, TRUE);
  g_assert_cmpstr (eros_page_get_text (page, 0, 4), ==, "a\"\\ü😀\n");
  g_assert_cmpstr (eros_page_get_text (page, 0, 5), ==, "AP8=");
  g_assert_cmpstr (eros_page_get_text (page, 0, 6), ==, "-99999999999999999999999999999.999999999");
  g_assert_cmpint (eros_page_get_int64 (page, 0, 7), ==, -62135596799999999);
  g_assert_cmpstr (eros_page_get_text (page, 0, 8), ==, "9999-12-31");
  g_assert_cmpstr (eros_page_get_text (page, 0, 9), ==, "23:59:59.999999");
  g_assert_true (g_str_has_prefix (eros_page_get_text (page, 0, 10), "2024-02-29T12:00:00.5"));
  list = eros_page_dup_nested (page, 0, 11, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (list, 1, 0), ==, 2);
  structure = eros_page_dup_nested (page, 0, 12, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_page_get_text (structure, 0, 0), ==, "x");
  g_assert_cmpstr (eros_page_get_text (page, 0, 13), ==, "{\"k\":[1]}");
  g_assert_true (eros_page_is_null (page, 0, 14));
}

static void
test_pages_follow_each_other (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = make_query (
    fixture,
    "SELECT i, CONCAT('row ', CAST(i AS STRING)) AS s FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS i ORDER BY i");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = run_request (fixture, request, &error);
  g_autofree char *token = NULL;
  g_autoptr (ErosSchema) schema = NULL;
  guint n_pages = 0;
  gint64 next = 1;

  g_assert_no_error (error);
  do
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (ErosPage) page = NULL;
      g_autofree char *following = NULL;
      guint64 total = 0;

      eros_big_query_read_page_async (fixture->client, job, token, schema, 1000, NULL, keep_cb, fixture);
      result = wait_for (fixture);
      page = eros_big_query_read_page_finish (fixture->client, result, &following, &total, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (total, ==, 2500);
      for (guint i = 0; i < eros_page_get_n_rows (page); i++)
        g_assert_cmpint (eros_page_get_int64 (page, i, 0), ==, next++);
      if (schema == NULL)
        schema = eros_schema_ref (eros_page_get_schema (page));
      g_free (token);
      token = g_steal_pointer (&following);
      n_pages++;
    }
  while (token != NULL);
  g_assert_cmpint (next, ==, 2501);
  g_assert_cmpuint (n_pages, ==, 3);
}

/* Each fault once, at each kind of request that running a statement makes. */
static void
test_a_statement_runs_once_in_any_weather (Fixture *fixture, gconstpointer data)
{
  static const char *actions[] = { "503",
                                   "500:internalError",
                                   "429:rateLimitExceeded",
                                   "403:rateLimitExceeded",
                                   "reset",
                                   "truncate",
                                   "drop-response",
                                   "delay:50",
                                   "502",
                                   "408",
                                   "504",
                                   "hang" };
  static const char *paths[] = { "/jobs$", "/queries/", "/jobs/" };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) counted = NULL;
  guint n = 0;

  {
    g_autoptr (ErosJobRequest) create = make_query (
      fixture, "CREATE SCHEMA IF NOT EXISTS eros_platform; CREATE TABLE eros_platform.runs (n INT64)");
    g_autoptr (ErosJob) job = run_request (fixture, create, &error);
    g_autoptr (GError) failure = eros_job_dup_error (job);

    g_assert_no_error (error);
    g_assert_no_error (failure);
  }
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    for (guint j = 0; j < G_N_ELEMENTS (paths); j++)
      {
        g_autofree char *rule =
          g_strdup_printf ("{\"path\":\"%s\",\"action\":\"%s\",\"times\":1}", paths[j], actions[i]);
        g_autoptr (ErosJobRequest) request = NULL;
        g_autoptr (ErosJob) job = NULL;
        g_autoptr (GError) failure = NULL;

        if (g_str_equal (actions[i], "hang") && j > 0)
          continue; /* each takes a second */
        local_server_fault (fixture->server, rule);
        request = make_query (fixture, "INSERT INTO eros_platform.runs (n) VALUES (1)");
        job = run_request (fixture, request, &error);
        if (error != NULL)
          g_error ("%s at %s: %s", actions[i], paths[j], error->message);
        failure = eros_job_dup_error (job);
        g_assert_no_error (failure);
        g_assert_cmpint (eros_job_get_affected_rows (job), ==, 1);
        n++;
        local_server_no_faults (fixture->server);
      }
  /* libsoup itself asks once more where a GET over a kept connection gets no answer */
  g_assert_cmpuint (fixture->n_retries, >, 15);
  counted = query (fixture, "SELECT COUNT(*) AS n FROM eros_platform.runs", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (counted, 0, 0), ==, n);
}

static void
test_a_small_query_takes_one_request (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  guint64 total = 0;
  g_autoptr (ErosPage) page =
    query (fixture, "SELECT i FROM UNNEST([3, 4]) AS i ORDER BY i", 1, &token, &total, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (eros_page_get_n_rows (page), ==, 1);
  g_assert_cmpuint (total, ==, 2);
  g_assert_nonnull (token);
  g_assert_cmpuint (local_server_count (fixture->server, "POST", "/queries$"), ==, 1);
  g_assert_cmpuint (local_server_count (fixture->server, "GET", "/queries/"), ==, 0);
}

static void
test_a_small_query_whose_answer_is_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (JsonNode) jobs = NULL;

  local_server_fault (fixture->server, "{\"path\":\"/queries$\",\"action\":\"drop-response\"}");
  page = query (fixture, "SELECT 7 AS i", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, 7);
  g_assert_cmpuint (local_server_count (fixture->server, "POST", "/queries$"), ==, 2);
  /* The server knew the second request again. */
  jobs = local_server_call (fixture->server, "GET", "/bigquery/v2/projects/eros-rehearsal/jobs?allUsers=true",
                            NULL);
  g_assert_cmpuint (
    json_array_get_length (json_object_get_array_member (json_node_get_object (jobs), "jobs")), ==, 1);
}

static void
test_a_wrong_query_says_where (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page = query (fixture, "SELECT 1,\n  nonsense", 0, NULL, NULL, &error);

  g_assert_null (page);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "[2:3]"));
}

static void
test_parameters_are_typed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request =
    make_query (fixture, "SELECT @n + 1 AS n, @s AS s, @t AS t, @z IS NULL AS z");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  eros_job_request_add_parameter (request, "n", "INT64", "41");
  eros_job_request_add_parameter (request, "s", "STRING", "'; DROP TABLE x; --");
  eros_job_request_add_parameter (request, "t", "TIMESTAMP", "2025-01-01 00:00:00.000001+00:00");
  eros_job_request_add_parameter (request, "z", "STRING", NULL);
  eros_big_query_query_async (fixture->client, request, 0, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  page = eros_big_query_query_finish (fixture->client, result, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, 42);
  g_assert_cmpstr (eros_page_get_text (page, 0, 1), ==, "'; DROP TABLE x; --");
  g_assert_cmpint (eros_page_get_int64 (page, 0, 2), ==, 1735689600000001);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 3), ==, TRUE);
}

/* A query that takes for ever. */
#define LONG_QUERY                                                                                           \
  "SELECT COUNT(*) AS n FROM UNNEST(GENERATE_ARRAY(1, 30000)) AS a, UNNEST(GENERATE_ARRAY(1, 30000)) AS b, " \
  "UNNEST(GENERATE_ARRAY(1, 30000)) AS c WHERE MOD(a * b * c, 7) = 9"

static void
test_cancelling_stops_it_on_the_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = make_query (fixture, LONG_QUERY);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure = NULL;

  eros_big_query_run_async (fixture->client, request, cancellable, keep_cb, fixture);
  while (local_server_count (fixture->server, "GET", "/queries/") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  result = wait_for (fixture);
  g_assert_null (eros_big_query_run_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  eros_big_query_get_job_async (fixture->client, eros_job_request_get_id (request), "US", NULL, keep_cb,
                                fixture);
  looked = wait_for (fixture);
  job = eros_big_query_get_job_finish (fixture->client, looked, &failure);
  g_assert_no_error (failure);
  g_assert_true (eros_job_is_done (job));
  failure = eros_job_dup_error (job);
  g_assert_error (failure, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_STOPPED);
}

/* Whoever cancels gets an answer, also when nobody can say what became of the job. */
static void
test_cancelling_answers_without_a_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = make_query (fixture, LONG_QUERY);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun;

  eros_big_query_run_async (fixture->client, request, cancellable, keep_cb, fixture);
  while (local_server_count (fixture->server, "GET", "/queries/") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_object_set (fixture->connection, "endpoint", "http://127.0.0.1:1", NULL);
  begun = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  result = wait_for (fixture);
  g_assert_null (eros_big_query_run_finish (fixture->client, result, &error));
  /* Not “cancelled”: it may still run. */
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "may still run: no server has answered"));
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 5 * G_USEC_PER_SEC);
}

static void
test_a_time_limit_ends_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = make_query (fixture, LONG_QUERY);
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure = NULL;

  eros_job_request_set_timeout (request, 200);
  job = run_request (fixture, request, &error);
  g_assert_no_error (error);
  failure = eros_job_dup_error (job);
  g_assert_error (failure, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_STOPPED);
}

static void
test_a_dry_run_makes_no_job (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = make_query (fixture, "SELECT 1");
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (JsonNode) jobs = NULL;
  g_autoptr (GError) error = NULL;

  eros_job_request_set_dry_run (request, TRUE);
  job = run_request (fixture, request, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_job_get_bytes_processed (job), ==, 0);
  g_assert_cmpstr (eros_job_get_statement_type (job), ==, "SELECT");
  jobs = local_server_call (fixture->server, "GET", "/bigquery/v2/projects/eros-rehearsal/jobs?allUsers=true",
                            NULL);
  g_assert_false (json_object_has_member (json_node_get_object (jobs), "jobs") &&
                  json_array_get_length (json_object_get_array_member (json_node_get_object (jobs), "jobs")) >
                    0);
}

/* ---- where the data set is ----------------------------------------------------------------------------- */

static void
make_dataset (Fixture *fixture, const char *name, const char *location)
{
  g_autofree char *body = g_strdup_printf (
    "{\"datasetReference\":{\"projectId\":\"eros-rehearsal\",\"datasetId\":\"%s\"},\"location\":\"%s\"}",
    name, location);
  g_autoptr (JsonNode) answer =
    local_server_call (fixture->server, "POST", "/bigquery/v2/projects/eros-rehearsal/datasets", body);

  g_object_set (fixture->connection, "dataset", name, NULL);
}

typedef struct
{
  guint waiting;
  ErosJob *jobs[5];
} Several;

static void
one_of_several_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Several *several = user_data;
  g_autoptr (GError) error = NULL;

  several->jobs[--several->waiting] = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);
  g_assert_no_error (error);
}

static void
test_a_location_is_learned_once_from_the_data_set (Fixture *fixture, gconstpointer data)
{
  Several several = { .waiting = G_N_ELEMENTS (several.jobs) };

  make_dataset (fixture, "in_europe", "EU");
  g_object_set (fixture->connection, "location", "", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (several.jobs); i++)
    {
      g_autoptr (ErosJobRequest) request = make_query (fixture, "SELECT 1");

      eros_big_query_run_async (fixture->client, request, NULL, one_of_several_cb, &several);
    }
  while (several.waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (several.jobs); i++)
    {
      g_assert_cmpstr (eros_job_get_location (several.jobs[i]), ==, "EU");
      g_object_unref (several.jobs[i]);
    }
  g_assert_cmpstr (eros_connection_get_location (fixture->connection), ==, "EU");
  g_assert_cmpuint (local_server_count (fixture->server, "GET", "/datasets/in_europe$"), ==, 1);
}

static void
test_asking_where_the_data_set_is_goes_on_in_bad_weather (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  make_dataset (fixture, "in_europe", "EU");
  g_object_set (fixture->connection, "location", NULL, NULL);
  local_server_fault (fixture->server, "{\"path\":\"/datasets/in_europe$\",\"action\":\"503\",\"times\":2}");
  page = query (fixture, "SELECT 1", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, 1);
  g_assert_cmpuint (fixture->n_retries, ==, 2);
}

static void
test_a_location_that_cannot_be_learned_says_so (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (fixture->connection, "location", "", "dataset", "not_there", NULL);
  page = query (fixture, "SELECT 1", 0, NULL, NULL, &error);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Where the data set not_there is could not be found out: "));
  g_assert_cmpuint (local_server_count (fixture->server, "POST", "/queries$"), ==, 0);
}

static void
test_whoever_stops_waiting_for_a_location_stops_nobody_else (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ErosJobRequest) first = NULL;
  g_autoptr (ErosJobRequest) second = NULL;
  Several several = { .waiting = 1 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  make_dataset (fixture, "in_europe", "EU");
  g_object_set (fixture->connection, "location", "", NULL);
  local_server_fault (fixture->server, "{\"path\":\"/datasets/in_europe$\",\"action\":\"delay:300\"}");
  first = make_query (fixture, "SELECT 1");
  second = make_query (fixture, "SELECT 2");
  eros_big_query_run_async (fixture->client, first, cancellable, keep_cb, fixture);
  eros_big_query_run_async (fixture->client, second, NULL, one_of_several_cb, &several);
  g_cancellable_cancel (cancellable);
  result = wait_for (fixture);
  g_assert_null (eros_big_query_run_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (several.waiting, ==, 1);
  while (several.waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (eros_job_get_location (several.jobs[0]), ==, "EU");
  g_object_unref (several.jobs[0]);
  /* The first one was never sent. */
  g_assert_cmpuint (local_server_count (fixture->server, "POST", "/jobs$"), ==, 1);
}

static void
test_a_wrong_location_is_named_and_mended (Fixture *fixture, gconstpointer data)
{
  const char *sql = "SELECT COUNT(*) AS n FROM eros_platform.runs";
  g_autoptr (ErosJobRequest) create = make_query (fixture, "CREATE TABLE eros_platform.runs (n INT64)");
  g_autoptr (ErosJobRequest) request = make_query (fixture, sql);
  g_autoptr (ErosJob) made = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  make_dataset (fixture, "eros_platform", "US");
  made = run_request (fixture, create, &error);
  g_assert_no_error (error);

  g_object_set (fixture->connection, "location", "EU", NULL);
  job = run_request (fixture, request, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "eros_platform is in US, and the connection says EU."));
  g_clear_error (&error);

  page = query (fixture, sql, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, 0);
  g_assert_cmpuint (local_server_count (fixture->server, "GET", "/datasets/eros_platform$"), ==, 1);
}

static void
test_what_is_absent_in_the_right_place_gets_no_such_advice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  make_dataset (fixture, "eros_platform", "US");
  page = query (fixture, "SELECT 1 FROM eros_platform.nothing", 0, NULL, NULL, &error);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
  g_assert_null (strstr (error->message, "the connection says"));
}

/* ---- signed in ----------------------------------------------------------------------------------------- */

static void
test_a_real_key_signs_in_and_survives_an_expired_token (void)
{
  g_autofree char *folder = g_dir_make_tmp ("eros-local-XXXXXX", NULL);
  g_autofree char *key = g_build_filename (folder, "key.json", NULL);
  g_autofree char *option = g_strconcat ("--issue-key=", key, NULL);
  const char *arguments[] = { option, NULL };
  Fixture fixture = { .server = local_server_new (arguments) };
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  local_server_sign_in (fixture.server, key);
  g_setenv ("GOOGLE_APPLICATION_CREDENTIALS", key, TRUE);
  fixture.connection = local_server_connect (fixture.server);
  fixture.client = eros_big_query_new (fixture.connection);
  page = query (&fixture, "SELECT 1 AS one", 0, NULL, NULL, &error);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_SIGN_IN);
  g_clear_error (&error);

  g_object_set (fixture.connection, "sign-in", EROS_SIGN_IN_APPLICATION_DEFAULT, NULL);
  page = query (&fixture, "SELECT SESSION_USER() AS who", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (eros_page_get_text (page, 0, 0), "eros-deploy@"));
  g_assert_cmpuint (local_server_count (fixture.server, "POST", "^/token$"), ==, 2);

  local_server_fault (fixture.server, "{\"path\":\"/queries$\",\"action\":\"expire-token\"}");
  g_clear_object (&page);
  page = query (&fixture, "SELECT 2 AS two", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, 2);
  g_assert_cmpuint (local_server_count (fixture.server, "POST", "^/token$"), ==, 3);
  tear_down (&fixture, NULL);
  g_unlink (key);
  g_rmdir (folder);
}

/* Sends a job of any kind whose first answer is lost, and waits until it is done. */
static void
run_job (Fixture *fixture, const char *configuration)
{
  g_autoptr (JsonNode) node = json_from_string (configuration, NULL);
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (node);
  request = eros_job_request_new (id, json_node_get_object (node));
  local_server_fault (fixture->server,
                      "{\"method\":\"POST\",\"path\":\"/jobs$\",\"action\":\"drop-response\"}");
  job = run_request (fixture, request, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_job_get_id (job), ==, id);
  g_assert_cmpstr (eros_job_get_location (job), ==, "US");
}

static void
assert_sum (Fixture *fixture, const char *table, gint64 sum)
{
  g_autofree char *sql = g_strdup_printf ("SELECT SUM(a) FROM eros_platform.%s", table);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page = query (fixture, sql, 0, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (eros_page_get_int64 (page, 0, 0), ==, sum);
}

#define TABLE(name)                                                                                          \
  "{\"projectId\":\"eros-rehearsal\",\"datasetId\":\"eros_platform\",\"tableId\":\"" name "\"}"
#define COPY(from, to, type, disposition)                                                                    \
  "{\"copy\":{\"sourceTable\":" TABLE (from) ",\"destinationTable\":" TABLE (                                \
    to) ",\"operationType\":\"" type "\",\"writeDisposition\":\"" disposition "\"}}"

static void
test_jobs_that_are_no_queries (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) bucket = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) made = query (fixture,
                                     "CREATE SCHEMA eros_platform;"
                                     "CREATE TABLE eros_platform.t AS SELECT a FROM UNNEST([1, 2, 4]) AS a",
                                     0, NULL, NULL, &error);
  g_autoptr (ErosPage) changed = NULL;

  g_assert_no_error (error);
  bucket = local_server_call (fixture->server, "POST", "/storage/v1/b?project=eros-rehearsal",
                              "{\"name\":\"kept\"}");
  run_job (fixture, COPY ("t", "snapshot", "SNAPSHOT", "WRITE_EMPTY"));
  run_job (fixture, COPY ("t", "clone", "CLONE", "WRITE_EMPTY"));
  run_job (fixture, "{\"extract\":{\"sourceTable\":" TABLE (
                      "t") ",\"destinationUris\":[\"gs://kept/t-*.json.gz\"],\"destinationFormat\":"
                           "\"NEWLINE_DELIMITED_JSON\",\"compression\":\"GZIP\"}}");
  changed = query (fixture, "UPDATE eros_platform.t SET a = 0 WHERE TRUE", 0, NULL, NULL, &error);
  g_assert_no_error (error);
  /* Appended twice would be seen in the sum. */
  run_job (fixture, COPY ("snapshot", "t", "RESTORE", "WRITE_TRUNCATE"));
  run_job (fixture, COPY ("t", "clone", "COPY", "WRITE_APPEND"));
  run_job (fixture, "{\"load\":{\"sourceUris\":[\"gs://kept/t-*.json.gz\"],\"destinationTable\":" TABLE (
                      "loaded") ",\"sourceFormat\":\"NEWLINE_DELIMITED_JSON\",\"writeDisposition\":"
                                "\"WRITE_APPEND\",\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":"
                                "\"INTEGER\"}]}}}");
  assert_sum (fixture, "snapshot", 7);
  assert_sum (fixture, "t", 7);
  assert_sum (fixture, "clone", 14);
  assert_sum (fixture, "loaded", 7);
}

#define ADD(name, function) g_test_add ("/bigquery/local/" name, Fixture, NULL, set_up, function, tear_down)

/* A port that was free a moment ago. */
static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_assert_cmpuint (port, >, 0);
  g_socket_listener_close (listener);
  return port;
}

static void
test_without_a_server_work_waits_and_goes_on (void)
{
  Fixture fixture = { 0 };
  guint16 port = find_port ();
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autofree char *argument = g_strdup_printf ("--port=%u", port);
  const char *arguments[] = { argument, NULL };
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("job-1", "SELECT 1");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;

  fixture.connection =
    g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal", "dataset",
                  "eros_platform", "location", "US", "patience-ms", (gint64) 1000, NULL);
  fixture.client = eros_big_query_new (fixture.connection);
  eros_job_request_set_retry (request, count_retry, &fixture);
  eros_big_query_run_async (fixture.client, request, NULL, keep_cb, &fixture);
  while (fixture.n_retries < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (fixture.result);
  g_assert_true (eros_connection_get_offline (fixture.connection));

  fixture.server = local_server_new (arguments);
  result = wait_for (&fixture);
  job = eros_big_query_run_finish (fixture.client, result, &error);
  g_assert_no_error (error);
  g_assert_true (eros_job_is_done (job));
  g_assert_false (eros_connection_get_offline (fixture.connection));
  g_assert_cmpuint (fixture.n_answers, ==, 1);
  tear_down (&fixture, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-type-arrives-exactly", test_every_type_arrives_exactly);
  ADD ("pages-follow-each-other", test_pages_follow_each_other);
  ADD ("a-statement-runs-once-in-any-weather", test_a_statement_runs_once_in_any_weather);
  ADD ("a-small-query-takes-one-request", test_a_small_query_takes_one_request);
  ADD ("a-small-query-whose-answer-is-lost", test_a_small_query_whose_answer_is_lost);
  ADD ("a-wrong-query-says-where", test_a_wrong_query_says_where);
  ADD ("parameters-are-typed", test_parameters_are_typed);
  ADD ("cancelling-stops-it-on-the-server", test_cancelling_stops_it_on_the_server);
  ADD ("cancelling-answers-without-a-server", test_cancelling_answers_without_a_server);
  ADD ("a-time-limit-ends-it", test_a_time_limit_ends_it);
  ADD ("a-dry-run-makes-no-job", test_a_dry_run_makes_no_job);
  ADD ("a-location-is-learned-once-from-the-data-set", test_a_location_is_learned_once_from_the_data_set);
  ADD ("asking-where-the-data-set-is-goes-on-in-bad-weather",
       test_asking_where_the_data_set_is_goes_on_in_bad_weather);
  ADD ("a-location-that-cannot-be-learned-says-so", test_a_location_that_cannot_be_learned_says_so);
  ADD ("whoever-stops-waiting-for-a-location-stops-nobody-else",
       test_whoever_stops_waiting_for_a_location_stops_nobody_else);
  ADD ("a-wrong-location-is-named-and-mended", test_a_wrong_location_is_named_and_mended);
  ADD ("what-is-absent-in-the-right-place-gets-no-such-advice",
       test_what_is_absent_in_the_right_place_gets_no_such_advice);
  ADD ("copies-snapshots-clones-extracts-and-loads-run-once", test_jobs_that_are_no_queries);
  g_test_add_func ("/bigquery/local/without-a-server-work-waits-and-goes-on",
                   test_without_a_server_work_waits_and_goes_on);
  g_test_add_func ("/bigquery/local/a-real-key-signs-in-and-survives-an-expired-token",
                   test_a_real_key_signs_in_and_survives_an_expired_token);
  return g_test_run ();
}
