/* bench-client.c: reads a job's rows in pages, or runs small queries one after the other
 *
 *   bench-client ENDPOINT pages JOB-ID PAGE-ROWS
 *   bench-client ENDPOINT queries N
 *
 * compare-clients runs it beside Google's own client.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <sys/resource.h>

#include "eros-big-query.h"

static ErosBigQuery *client;
static GMainLoop *loop;
static guint64 n_rows;
static gint64 sum;

static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void
fail (GError *error)
{
  g_printerr ("%s\n", error->message);
  exit (1);
}

/* ---- pages --------------------------------------------------------------------------------------------- */

static guint page_rows;

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosJob *job = user_data;
  g_autofree char *token = NULL;
  GError *error = NULL;
  g_autoptr (ErosPage) page = eros_big_query_read_page_finish (client, result, &token, NULL, &error);

  if (page == NULL)
    fail (error);
  for (guint i = 0; i < eros_page_get_n_rows (page); i++)
    sum += eros_page_get_int64 (page, i, 0);
  n_rows += eros_page_get_n_rows (page);
  if (token != NULL)
    eros_big_query_read_page_async (client, job, token, eros_page_get_schema (page), page_rows, NULL, page_cb,
                                    job);
  else
    g_main_loop_quit (loop);
}

static void
job_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  ErosJob *job = eros_big_query_get_job_finish (client, result, &error);

  if (job == NULL)
    fail (error);
  eros_big_query_read_page_async (client, job, NULL, NULL, page_rows, NULL, page_cb, job);
}

/* ---- queries ------------------------------------------------------------------------------------------- */

static guint n_queries;
static double *times_ms;
static gint64 begun;

static void send_query (void);

static void
row_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  g_autoptr (ErosPage) page = eros_big_query_query_finish (client, result, NULL, NULL, &error);

  if (page == NULL)
    fail (error);
  sum += eros_page_get_int64 (page, 0, 0);
  times_ms[n_rows++] = (g_get_monotonic_time () - begun) / 1e3;
  if (n_rows < n_queries)
    send_query ();
  else
    g_main_loop_quit (loop);
}

static void
send_query (void)
{
  g_autofree char *id = eros_job_request_make_id ("bench");
  g_autofree char *sql = g_strdup_printf ("SELECT %u AS i, 'row' AS s", (guint) n_rows);
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);

  begun = g_get_monotonic_time ();
  eros_big_query_query_async (client, request, 0, NULL, row_cb, NULL);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  g_autoptr (ErosConnection) connection = NULL;
  double before, used;

  if (argc < 4)
    return 2;
  connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", argv[1], "project", "eros-rehearsal",
                             "dataset", "eros_platform", "location", "US", NULL);
  client = eros_big_query_new (connection);
  loop = g_main_loop_new (NULL, FALSE);
  before = cpu_ms ();
  if (g_str_equal (argv[2], "pages"))
    {
      page_rows = atoi (argv[4]);
      eros_big_query_get_job_async (client, argv[3], "US", NULL, job_cb, NULL);
    }
  else
    {
      n_queries = atoi (argv[3]);
      times_ms = g_new0 (double, n_queries);
      send_query ();
    }
  g_main_loop_run (loop);
  used = cpu_ms () - before;
  g_print ("{\"rows\":%" G_GUINT64_FORMAT ",\"sum\":\"%" G_GINT64_FORMAT "\",\"cpu_ms\":%.1f", n_rows, sum,
           used);
  if (times_ms != NULL)
    {
      qsort (times_ms, n_queries, sizeof *times_ms, compare);
      g_print (",\"median_ms\":%.3f", times_ms[n_queries / 2]);
    }
  g_print ("}\n");
  return 0;
}
