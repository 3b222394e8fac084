/* test-jobs.c: a job runs once, whatever the network does
 *
 * A small server on loopback stands for BigQuery: it keeps jobs by id, counts how often each ran, and
 * misbehaves as told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libsoup/soup.h>
#include <string.h>

#include "eros-big-query.h"

typedef struct
{
  SoupServer *server;
  ErosBigQuery *client;
  GHashTable *jobs;   /* id → number of times it ran */
  guint n_inserts;    /* requests that arrived */
  guint fail_inserts; /* this many inserts answer with fail_status, without running */
  guint fail_status;
  const char *fail_reason;
  const char *retry_after;
  const char *date;   /* (nullable): now, by the server's clock */
  char *budget;       /* of the last job that arrived */
  guint lose_answers; /* this many inserts run, and then the connection is cut */
  guint polls_until_done;
  const char *job_error_reason;
  gboolean cancelled;
  guint n_polls;        /* questions for the answer */
  gboolean fail_polls;  /* they answer as the job ended, or will */
  guint cancel_status;  /* 0: 200 */
  guint hide;           /* this many questions for a job: not found */
  gboolean hold_insert; /* the job runs when the test lets it */
  SoupServerMessage *held;
  GCancellable *stop_then; /* (nullable): cancelled when an insert has arrived */
  gboolean done;           /* the test's own: an asynchronous call has come back */
  ErosJob *job;
  GError *error;
} Fixture;

static void
answer_json (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
answer_error (SoupServerMessage *message, guint status, const char *reason)
{
  g_autofree char *text = g_strdup_printf (
    "{\"error\":{\"code\":%u,\"message\":\"told to\",\"errors\":[{\"reason\":\"%s\"}]}}", status, reason);

  answer_json (message, status, text);
}

static void
answer_job (Fixture *fixture, SoupServerMessage *message, const char *id)
{
  gboolean is_done = fixture->cancelled || fixture->polls_until_done == 0;
  g_autofree char *failure = NULL;
  g_autofree char *text = NULL;

  if (is_done && (fixture->cancelled || fixture->job_error_reason != NULL))
    failure = g_strdup_printf (",\"errorResult\":{\"reason\":\"%s\",\"message\":\"told to\"}",
                               fixture->cancelled ? "stopped" : fixture->job_error_reason);
  text = g_strdup_printf (
    "{\"jobReference\":{\"projectId\":\"eros-rehearsal\",\"jobId\":\"%s\",\"location\":\"US\"},"
    "\"configuration\":{\"jobType\":\"QUERY\"},\"status\":{\"state\":\"%s\"%s},"
    "\"statistics\":{\"totalBytesProcessed\":\"42\"}}",
    id, is_done ? "DONE" : "RUNNING", failure != NULL ? failure : "");
  answer_json (message, 200, text);
}

static char *
posted_id (Fixture *fixture, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root;

  g_assert_true (json_parser_load_from_data (parser, body->data, body->length, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (
    json_object_get_string_member (json_object_get_object_member (root, "configuration"), "jobTimeoutMs"), ==,
    "60000");
  g_assert_cmpstr (
    json_object_get_string_member (json_object_get_object_member (root, "jobReference"), "location"), ==,
    "US");
  g_free (fixture->budget);
  fixture->budget = g_strdup (json_object_get_string_member_with_default (
    json_object_get_object_member (json_object_get_object_member (root, "configuration"), "query"),
    "maximumBytesBilled", NULL));
  return g_strdup (
    json_object_get_string_member (json_object_get_object_member (root, "jobReference"), "jobId"));
}

static void
insert_job (Fixture *fixture, SoupServerMessage *message)
{
  g_autofree char *id = posted_id (fixture, message);
  guint ran = GPOINTER_TO_UINT (g_hash_table_lookup (fixture->jobs, id));

  /* Otherwise Google does not compress: https://cloud.google.com/bigquery/docs/api-performance */
  g_assert_nonnull (strstr (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "User-Agent"), "gzip"));
  fixture->n_inserts++;
  g_cancellable_cancel (fixture->stop_then);
  if (fixture->hold_insert)
    {
      fixture->hold_insert = FALSE;
      fixture->held = g_object_ref (message);
      soup_server_message_pause (message);
      return;
    }
  if (fixture->fail_inserts > 0)
    {
      fixture->fail_inserts--;
      if (fixture->retry_after != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                      fixture->retry_after);
      if (fixture->date != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date",
                                      fixture->date);
      answer_error (message, fixture->fail_status, fixture->fail_reason);
      return;
    }
  if (ran > 0)
    {
      answer_error (message, 409, "duplicate");
      return;
    }
  g_hash_table_insert (fixture->jobs, g_strdup (id), GUINT_TO_POINTER (ran + 1));
  if (fixture->lose_answers > 0)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      fixture->lose_answers--;
      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  answer_job (fixture, message, id);
}

static void
jobs_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *id = strrchr (path, '/') + 1;

  if (g_str_has_suffix (path, "/jobs"))
    insert_job (fixture, message);
  else if (g_str_equal (id, "cancel"))
    {
      if (fixture->cancel_status != 0)
        {
          answer_error (message, fixture->cancel_status, "accessDenied");
          return;
        }
      if (g_hash_table_size (fixture->jobs) == 0)
        {
          answer_error (message, 404, "notFound");
          return;
        }
      fixture->cancelled = TRUE;
      answer_json (message, 200, "{\"job\":{}}");
    }
  else if (g_hash_table_lookup (fixture->jobs, id) == NULL || fixture->hide > 0)
    {
      fixture->hide -= fixture->hide > 0;
      answer_error (message, 404, "notFound");
    }
  else if (strstr (path, "/queries/") != NULL)
    {
      fixture->n_polls++;
      if (fixture->polls_until_done > 0)
        fixture->polls_until_done--;
      if (fixture->fail_polls)
        answer_error (message, 503, "jobBackendError");
      else
        answer_json (message, 200,
                     fixture->polls_until_done > 0 ? "{\"jobComplete\":false}" : "{\"jobComplete\":true}");
    }
  else
    answer_job (fixture, message, id);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosConnection) connection = NULL;
  g_autofree char *endpoint = NULL;
  GSList *uris;

  fixture->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, jobs_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (fixture->server);
  endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal",
                             "dataset", "d", "location", "US", NULL);
  fixture->client = eros_big_query_new (connection);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->job);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->server);
  g_hash_table_unref (fixture->jobs);
  g_free (fixture->budget);
  memset (fixture, 0, sizeof *fixture);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
run (Fixture *fixture, const char *id, GCancellable *cancellable)
{
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, "SELECT 1");

  fixture->done = FALSE;
  g_clear_object (&fixture->job);
  g_clear_error (&fixture->error);
  eros_big_query_run_async (fixture->client, request, cancellable, ran_cb, fixture);
}

static void
wait_done (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static guint
times_run (Fixture *fixture, const char *id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (fixture->jobs, id));
}

static void
test_a_lost_answer_runs_nothing_twice (Fixture *fixture, gconstpointer data)
{
  fixture->lose_answers = 1;
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (eros_job_is_done (fixture->job));
  g_assert_cmpuint (fixture->n_inserts, ==, 2);
  g_assert_cmpuint (times_run (fixture, "job-1"), ==, 1);
}

static void
test_running_it_again_finds_the_first_run (Fixture *fixture, gconstpointer data)
{
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (eros_job_get_bytes_processed (fixture->job), ==, 42);
  g_assert_cmpuint (times_run (fixture, "job-1"), ==, 1);
}

static void
test_a_passing_fault_is_tried_again (Fixture *fixture, gconstpointer data)
{
  fixture->fail_inserts = 1;
  fixture->fail_status = 503;
  fixture->fail_reason = "backendError";
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_inserts, ==, 2);
}

static void
test_the_server_says_how_long_to_wait (Fixture *fixture, gconstpointer data)
{
  gint64 begun = g_get_monotonic_time ();

  g_object_set (eros_big_query_get_connection (fixture->client), "patience-ms", (gint64) 30, NULL);
  fixture->fail_inserts = 1;
  fixture->fail_status = 503;
  fixture->fail_reason = "backendError";
  fixture->retry_after = "1";
  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 60000);
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, G_USEC_PER_SEC);
}

/* A date by the server's clock, which here is an hour behind; and a time that is past all patience. */
static void
test_the_server_may_say_until_when_to_wait (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) theirs = g_date_time_add_hours (now, -1);
  g_autoptr (GDateTime) until = g_date_time_add_seconds (theirs, 2);
  g_autofree char *date = soup_date_time_to_string (theirs, SOUP_DATE_HTTP);
  g_autofree char *then = soup_date_time_to_string (until, SOUP_DATE_HTTP);
  gint64 begun = g_get_monotonic_time ();

  g_object_set (eros_big_query_get_connection (fixture->client), "patience-ms", (gint64) 30, NULL);
  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 60000);
  fixture->fail_inserts = 1;
  fixture->fail_status = 503;
  fixture->fail_reason = "backendError";
  fixture->date = date;
  fixture->retry_after = then;
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);

  fixture->fail_inserts = 1;
  fixture->retry_after = "99999999999999999999999";
  run (fixture, "job-2", NULL);
  wait_done (fixture);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
}

static void
test_a_quota_for_a_rate_is_tried_again (void)
{
  static const struct
  {
    const char *message;
    gboolean passes;
  } cases[] = {
    { "Your project: x exceeded quota for tabledata.list bytes per second per project.", TRUE },
    { "Exceeded rate limits: too many concurrent queries for this project", TRUE },
    { "Quota exceeded: Your project exceeded quota for free query bytes scanned.", FALSE },
    { "Quota exceeded: Your table exceeded quota for imports or query appends per table", FALSE },
    { "Custom quota exceeded: your usage exceeded the custom quota for QueryUsagePerDay: separate", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = eros_big_query_error_new (403, "quotaExceeded", cases[i].message);

      g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_QUOTA);
      g_assert_cmpint (eros_big_query_error_is_transient (error), ==, cases[i].passes);
    }
}

static void
test_no_job_costs_more_than_the_budget (Fixture *fixture, gconstpointer data)
{
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_null (fixture->budget);
  g_object_set (eros_big_query_get_connection (fixture->client), "budget-bytes", (gint64) 5000000000, NULL);
  run (fixture, "job-2", NULL);
  wait_done (fixture);
  g_assert_cmpstr (fixture->budget, ==, "5000000000");
}

static void
test_a_refusal_is_not_tried_again (Fixture *fixture, gconstpointer data)
{
  fixture->fail_inserts = 9;
  fixture->fail_status = 403;
  fixture->fail_reason = "accessDenied";
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED);
  g_assert_cmpstr (eros_big_query_error_get_reason (fixture->error), ==, "accessDenied");
  g_assert_cmpuint (fixture->n_inserts, ==, 1);
}

static void
test_the_deadline_ends_it (Fixture *fixture, gconstpointer data)
{
  fixture->fail_inserts = G_MAXUINT;
  fixture->fail_status = 503;
  fixture->fail_reason = "backendError";
  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 50);
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
}

static void
test_a_failed_job_says_why (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->job_error_reason = "invalidQuery";
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  error = eros_job_dup_error (fixture->job);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_INVALID);
}

static void
test_a_long_job_is_waited_for (Fixture *fixture, gconstpointer data)
{
  fixture->polls_until_done = 4;
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (eros_job_is_done (fixture->job));
}

static void
test_cancelling_reaches_the_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->polls_until_done = G_MAXUINT;
  run (fixture, "job-1", cancellable);
  while (times_run (fixture, "job-1") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (fixture->cancelled);
}

static gboolean
let_insert_through_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  insert_job (fixture, fixture->held);
  soup_server_message_unpause (fixture->held);
  g_clear_object (&fixture->held);
  return G_SOURCE_REMOVE;
}

static gboolean
arrive_cb (gpointer user_data)
{
  g_hash_table_insert (((Fixture *) user_data)->jobs, g_strdup ("job-1"), GUINT_TO_POINTER (1));
  return G_SOURCE_REMOVE;
}

/* The job is on its way, and gets there after the person has said stop. */
static void
test_a_job_that_is_under_way_is_stopped_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->polls_until_done = G_MAXUINT;
  fixture->hold_insert = TRUE;
  run (fixture, "job-1", cancellable);
  while (fixture->held == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  g_timeout_add (200, let_insert_through_cb, fixture);
  wait_done (fixture);
  while (fixture->held != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (times_run (fixture, "job-1"), ==, 1);
  g_assert_true (fixture->cancelled);
}

/* The connection breaks while the server is at work on the job, and the person has had enough. */
static void
test_a_job_that_arrives_late_is_stopped_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GIOStream) stream = NULL;

  g_object_set (eros_big_query_get_connection (fixture->client), "patience-ms", (gint64) 30, NULL);
  fixture->polls_until_done = G_MAXUINT;
  fixture->hold_insert = TRUE;
  fixture->stop_then = cancellable;
  run (fixture, "job-1", cancellable);
  while (fixture->held == NULL)
    g_main_context_iteration (NULL, TRUE);
  stream = soup_server_message_steal_connection (fixture->held);
  g_io_stream_close (stream, NULL, NULL);
  g_clear_object (&fixture->held);
  fixture->stop_then = NULL;
  g_timeout_add (300, arrive_cb, fixture);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (times_run (fixture, "job-1"), ==, 1);
  g_assert_true (fixture->cancelled);
}

/* Where the server keeps its jobs not all may know of it yet. */
static void
test_a_job_that_is_not_found_at_once_is_looked_for (Fixture *fixture, gconstpointer data)
{
  fixture->lose_answers = 1;
  fixture->hide = 2;
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (eros_job_is_done (fixture->job));
  g_assert_cmpuint (times_run (fixture, "job-1"), ==, 1);
}

/* Otherwise its record would say that it has not run, and the next attempt would run it again. */
static void
test_a_job_that_was_faster_than_its_cancellation_has_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->stop_then = cancellable;
  run (fixture, "job-1", cancellable);
  wait_done (fixture);
  fixture->stop_then = NULL;
  g_assert_no_error (fixture->error);
  g_assert_true (eros_job_is_done (fixture->job));
  g_assert_false (fixture->cancelled);
}

static void
test_what_could_not_be_stopped_does_not_count_as_stopped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->polls_until_done = G_MAXUINT;
  fixture->cancel_status = 403;
  run (fixture, "job-1", cancellable);
  while (fixture->n_polls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  wait_done (fixture);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (fixture->error->message, "may still run"));
}

static void
test_what_was_never_heard_is_cancelled_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 begun = g_get_monotonic_time ();

  soup_server_disconnect (fixture->server);
  run (fixture, "job-1", cancellable);
  while (!eros_connection_get_offline (eros_big_query_get_connection (fixture->client)))
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 2 * G_USEC_PER_SEC);
}

/* Somebody goes on with work whose end nobody knows, and has had enough: before it begins, and without a
 * network. */
static void
test_a_job_of_an_earlier_attempt_is_stopped_or_stays_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("job-1", "SELECT 1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) later = g_cancellable_new ();

  eros_job_request_set_sent_before (request);
  g_hash_table_insert (fixture->jobs, g_strdup ("job-1"), GUINT_TO_POINTER (1));
  fixture->polls_until_done = G_MAXUINT;
  g_cancellable_cancel (cancellable);
  eros_big_query_run_async (fixture->client, request, cancellable, ran_cb, fixture);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (fixture->cancelled);

  g_clear_error (&fixture->error);
  fixture->done = FALSE;
  soup_server_disconnect (fixture->server);
  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 1500);
  eros_big_query_run_async (fixture->client, request, later, ran_cb, fixture);
  while (!eros_connection_get_offline (eros_big_query_get_connection (fixture->client)))
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (later);
  wait_done (fixture);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
}

/* The earlier attempt has given up while the server was at work on the job. */
static void
test_a_job_of_an_earlier_attempt_that_arrives_late_is_stopped_too (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("job-1", "SELECT 1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  eros_job_request_set_sent_before (request);
  fixture->polls_until_done = G_MAXUINT;
  g_cancellable_cancel (cancellable);
  eros_big_query_run_async (fixture->client, request, cancellable, ran_cb, fixture);
  g_timeout_add (300, arrive_cb, fixture);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (fixture->cancelled);
}

/* A question for the answer fails as the job does: with a status that, of another request, would pass. */
static void
test_a_failed_job_is_not_asked_for_its_answer_again_and_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->polls_until_done = 2;
  fixture->fail_polls = TRUE;
  fixture->job_error_reason = "jobBackendError";
  run (fixture, "job-1", NULL);
  wait_done (fixture);
  g_assert_no_error (fixture->error);
  error = eros_job_dup_error (fixture->job);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_cmpuint (fixture->n_polls, ==, 2);
}

/* A server that does not let us wait: at once “not yet”, or an error. */
static void
test_a_running_job_is_asked_for_now_and_then (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autofree char *id = g_strdup_printf ("job-%u", i);
      gint64 begun = g_get_monotonic_time ();

      fixture->n_polls = 0;
      fixture->cancelled = FALSE;
      fixture->polls_until_done = G_MAXUINT;
      fixture->fail_polls = i == 1;
      run (fixture, id, cancellable);
      while (fixture->n_polls < 4)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (g_get_monotonic_time () - begun, >, 300 * 1000);
      g_cancellable_cancel (cancellable);
      wait_done (fixture);
    }
}

static void
test_a_cancelled_job_is_never_sent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  run (fixture, "job-1", cancellable);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_inserts, ==, 0);
}

static void
test_ids_are_well_formed_and_new (void)
{
  g_autofree char *one = eros_job_request_make_id ("check: a.b/ü");
  g_autofree char *two = eros_job_request_make_id ("check: a.b/ü");

  g_assert_cmpstr (one, !=, two);
  g_assert_true (g_regex_match_simple ("^[A-Za-z0-9_-]{1,1024}$", one, 0, 0));
}

#define ADD(name, function) g_test_add ("/bigquery/jobs/" name, Fixture, NULL, set_up, function, tear_down)

static void
test_where_the_mistake_is (void)
{
  static const struct
  {
    const char *message;
    guint line;
    guint column;
  } cases[] = {
    { "Syntax error: Unexpected keyword WHERE at [12:3]", 12, 3 },
    { "Query error: Division by zero at [d.p:2:10]; error in script at [7:1]", 7, 1 },
    { "Syntax error at [3:4]\nat [5:6]", 5, 6 },
    { "Syntax error at [0:0]", 0, 0 },
    { "combat [1:2]", 0, 0 },
    { "at [1:]", 0, 0 },
    { "at [99999999999999999999:1]", 0, 0 },
    { "", 0, 0 },
  };
  g_autoptr (GError) other = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "at [1:2]");
  guint line;
  guint column;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = eros_big_query_error_new (400, "invalidQuery", cases[i].message);

      g_assert_true (eros_big_query_error_get_position (error, &line, &column) == (cases[i].line > 0));
      g_assert_cmpuint (line, ==, cases[i].line);
      if (line > 0)
        g_assert_cmpuint (column, ==, cases[i].column);
    }
  g_assert_false (eros_big_query_error_get_position (other, &line, &column));
}

static ErosJob *
make_job (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;
  ErosJob *job = eros_job_new_from_json (node, &error);

  g_assert_no_error (error);
  return job;
}

/* https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#ScriptStackFrame */
static void
test_a_statement_knows_its_place_in_the_script (void)
{
  g_autoptr (ErosJob) child = make_job (
    "{\"jobReference\":{\"projectId\":\"p\",\"jobId\":\"c\"},\"status\":{\"state\":\"DONE\"},"
    "\"configuration\":{\"query\":{\"query\":\"SELECT 1/0\"}},\"statistics\":{\"parentJobId\":\"s\","
    "\"query\":{\"referencedTables\":[{\"projectId\":\"p\",\"datasetId\":\"d\",\"tableId\":\"t\"},"
    "{\"projectId\":\"q\",\"datasetId\":\"d\",\"tableId\":\"u\"},{\"datasetId\":\"d\"},7]},"
    "\"scriptStatistics\":{\"evaluationKind\":\"STATEMENT\",\"stackFrames\":["
    "{\"startLine\":2,\"startColumn\":3,\"procedureId\":\"p.d.inner\",\"text\":\"SELECT 1/x\"},"
    "{\"startLine\":9,\"startColumn\":5,\"text\":\"CALL inner(0)\"}]}}}");
  g_autoptr (ErosJob) plain =
    make_job ("{\"jobReference\":{\"projectId\":\"p\",\"jobId\":\"c\"},\"status\":{\"state\":\"DONE\"},"
              "\"configuration\":{\"query\":{\"query\":\"SELECT 1\"}},\"statistics\":{\"scriptStatistics\":"
              "{\"stackFrames\":[7,{\"startLine\":-4}]},\"query\":{\"referencedTables\":{}}}}");
  g_auto (GStrv) tables = eros_job_dup_referenced_tables (child);
  g_auto (GStrv) none = eros_job_dup_referenced_tables (plain);
  const char *expected[] = { "d.t", "q.d.u", NULL };
  guint line;
  guint column;

  eros_job_get_position (child, &line, &column);
  g_assert_cmpuint (line, ==, 9);
  g_assert_cmpuint (column, ==, 5);
  g_assert_cmpstr (eros_job_get_statement (child), ==, "SELECT 1/x");
  g_assert_cmpstr (eros_job_get_procedure (child), ==, "p.d.inner");
  g_assert_cmpstrv (tables, expected);

  eros_job_get_position (plain, &line, &column);
  g_assert_cmpuint (line, ==, 0);
  g_assert_cmpstr (eros_job_get_statement (plain), ==, "SELECT 1");
  g_assert_null (eros_job_get_procedure (plain));
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-lost-answer-runs-nothing-twice", test_a_lost_answer_runs_nothing_twice);
  ADD ("running-it-again-finds-the-first-run", test_running_it_again_finds_the_first_run);
  ADD ("a-passing-fault-is-tried-again", test_a_passing_fault_is_tried_again);
  ADD ("the-server-says-how-long-to-wait", test_the_server_says_how_long_to_wait);
  ADD ("the-server-may-say-until-when-to-wait", test_the_server_may_say_until_when_to_wait);
  g_test_add_func ("/bigquery/jobs/a-quota-for-a-rate-is-tried-again",
                   test_a_quota_for_a_rate_is_tried_again);
  ADD ("no-job-costs-more-than-the-budget", test_no_job_costs_more_than_the_budget);
  ADD ("a-refusal-is-not-tried-again", test_a_refusal_is_not_tried_again);
  ADD ("the-deadline-ends-it", test_the_deadline_ends_it);
  ADD ("a-failed-job-says-why", test_a_failed_job_says_why);
  ADD ("a-long-job-is-waited-for", test_a_long_job_is_waited_for);
  ADD ("cancelling-reaches-the-server", test_cancelling_reaches_the_server);
  ADD ("a-cancelled-job-is-never-sent", test_a_cancelled_job_is_never_sent);
  ADD ("a-job-that-is-under-way-is-stopped-too", test_a_job_that_is_under_way_is_stopped_too);
  ADD ("a-job-that-arrives-late-is-stopped-too", test_a_job_that_arrives_late_is_stopped_too);
  ADD ("a-job-that-is-not-found-at-once-is-looked-for", test_a_job_that_is_not_found_at_once_is_looked_for);
  ADD ("a-job-that-was-faster-than-its-cancellation-has-run",
       test_a_job_that_was_faster_than_its_cancellation_has_run);
  ADD ("what-could-not-be-stopped-does-not-count-as-stopped",
       test_what_could_not_be_stopped_does_not_count_as_stopped);
  ADD ("what-was-never-heard-is-cancelled-at-once", test_what_was_never_heard_is_cancelled_at_once);
  ADD ("a-job-of-an-earlier-attempt-is-stopped-or-stays-unknown",
       test_a_job_of_an_earlier_attempt_is_stopped_or_stays_unknown);
  ADD ("a-job-of-an-earlier-attempt-that-arrives-late-is-stopped-too",
       test_a_job_of_an_earlier_attempt_that_arrives_late_is_stopped_too);
  ADD ("a-failed-job-is-not-asked-for-its-answer-again-and-again",
       test_a_failed_job_is_not_asked_for_its_answer_again_and_again);
  ADD ("a-running-job-is-asked-for-now-and-then", test_a_running_job_is_asked_for_now_and_then);
  g_test_add_func ("/bigquery/jobs/ids-are-well-formed-and-new", test_ids_are_well_formed_and_new);
  g_test_add_func ("/bigquery/jobs/where-the-mistake-is", test_where_the_mistake_is);
  g_test_add_func ("/bigquery/jobs/a-statement-knows-its-place-in-the-script",
                   test_a_statement_knows_its_place_in_the_script);
  return g_test_run ();
}
