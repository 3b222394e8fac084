/* eros-sample-history.c: made-up jobs of the past, as the statistics of a baseline need them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "eros-sample-private.h"
#include "eros-clock.h"

#define JOBS_PER_DAY 120

typedef struct
{
  const char *statement_type;
  const char *label; /* query_type */
  const char *query;
  const char *tables[2]; /* that it reads or writes */
  guint weight;
  double seconds; /* median */
  double mebibytes;
} Kind;

static const Kind KINDS[] = {
  { "SELECT",
    "caption_selection",
    "SELECT caption_id FROM `eros_platform.caption_bandit_stats` ORDER BY wilson_score_lower_bound DESC "
    "LIMIT 50",
    { "caption_bandit_stats" },
    60,
    1.4,
    3 },
  { "SELECT",
    "reporting",
    "SELECT category, COUNT(*) FROM `eros_platform.caption_bank` JOIN `eros_platform.caption_bandit_stats` "
    "USING"
    " (caption_id) GROUP BY category",
    { "caption_bank", "caption_bandit_stats" },
    20,
    4.2,
    9 },
  { "UPDATE",
    "feedback_loop",
    "UPDATE `eros_platform.caption_bandit_stats` SET total_views = total_views + 1 WHERE caption_id = "
    "@caption_id",
    { "caption_bandit_stats" },
    15,
    6.5,
    6 },
  { "INSERT",
    "assignment",
    "INSERT INTO `eros_platform.active_caption_assignments` SELECT * FROM UNNEST(@rows)",
    { "active_caption_assignments" },
    20,
    1.1,
    1 },
};

static const Kind *
draw_kind (ErosRandom *random)
{
  guint total = 0, drawn;

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    total += KINDS[i].weight;
  drawn = eros_random_below (random, total);
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      if (drawn < KINDS[i].weight)
        return &KINDS[i];
      drawn -= KINDS[i].weight;
    }
  return &KINDS[0];
}

static char *
list_tables (const Kind *kind, const char *project)
{
  GString *list = g_string_new ("[");

  for (guint i = 0; i < G_N_ELEMENTS (kind->tables) && kind->tables[i] != NULL; i++)
    g_string_append_printf (list, "%s{\"projectId\":\"%s\",\"datasetId\":\"%s\",\"tableId\":\"%s\"}",
                            i > 0 ? "," : "", project, EROS_SAMPLE_DATASET, kind->tables[i]);
  g_string_append_c (list, ']');
  return g_string_free (list, FALSE);
}

static char *
iso_resource (const ErosStoreJob *job)
{
  return g_strdup_printf (
    "{\"kind\":\"bigquery#job\",\"id\":\"%s:US.%s\",\"user_email\":\"%s\",\"configuration\":{\"jobType\":"
    "\"QUERY\","
    "\"query\":{\"query\":\"%s\",\"priority\":\"INTERACTIVE\",\"useLegacySql\":false},\"labels\":%s},"
    "\"jobReference\":{\"projectId\":\"%s\",\"jobId\":\"%s\",\"location\":\"US\"},\"statistics\":{"
    "\"creationTime\":\"%" G_GINT64_FORMAT "\",\"startTime\":\"%" G_GINT64_FORMAT
    "\",\"endTime\":\"%" G_GINT64_FORMAT "\",\"totalBytesProcessed\":\"%" G_GINT64_FORMAT
    "\",\"totalSlotMs\":\"%" G_GINT64_FORMAT
    "\",\"query\":{\"statementType\":\"%s\",\"totalBytesProcessed\":\"%" G_GINT64_FORMAT
    "\",\"totalBytesBilled\":\"%" G_GINT64_FORMAT
    "\",\"cacheHit\":false,\"referencedTables\":%s}},\"status\":{\"state\":\"DONE\"%s}}",
    job->project, job->id, job->user_email, job->query, job->labels, job->project, job->id,
    job->created / 1000, job->started / 1000, job->ended / 1000, job->bytes_processed, job->slot_ms,
    job->statement_type, job->bytes_processed, job->bytes_billed, job->referenced_tables,
    job->error_reason != NULL ? ",\"errorResult\":{\"reason\":\"timeout\",\"message\":\"Operation timed "
                                "out\"},\"errors\":[{\"reason\":"
                                "\"timeout\",\"message\":\"Operation timed out\"}]"
                              : "");
}

static const ErosSampleLoad HEALTHY = { 1, 8, 1 };

/* Durations are skewed: most around the median, a few many times longer. About one in a hundred fails. */
static ErosStoreJob *
make_job (ErosRandom *random, const char *project, const ErosSampleLoad *load, const char *id, gint64 created)
{
  ErosStoreJob *job = eros_store_job_new (project, id);
  const Kind *kind = draw_kind (random);
  double normal =
    sqrt (-2 * log (1 - eros_random_double (random))) * cos (2 * G_PI * eros_random_double (random));
  double seconds = kind->seconds * load->duration * exp (0.5 * normal);
  gboolean failed = eros_random_below (random, 1000) < load->failures_per_thousand;

  job->location = g_strdup ("US");
  job->user_email = g_strdup_printf ("scheduler@%s.iam.gserviceaccount.com", project);
  job->created = created;
  job->started = created + 80000 + eros_random_below (random, 200000);
  job->ended = job->started + (gint64) (seconds * G_USEC_PER_SEC);
  job->job_type = g_strdup ("QUERY");
  job->statement_type = g_strdup (kind->statement_type);
  job->priority = g_strdup ("INTERACTIVE");
  job->state = g_strdup ("DONE");
  job->query = g_strdup (kind->query);
  job->referenced_tables = list_tables (kind, project);
  job->bytes_processed =
    failed ? 0
           : (gint64) (kind->mebibytes * load->bytes * 1048576 * (0.9 + 0.2 * eros_random_double (random)));
  job->bytes_billed =
    failed ? 0
           : MAX (job->bytes_processed, (gint64) (load->bytes * 10 * 1048576)); /* the least for a query */
  job->slot_ms = failed ? 0 : (gint64) (seconds * 1000 * (0.5 + eros_random_double (random)));
  job->labels = g_strdup_printf ("{\"query_type\":\"%s\"}", kind->label);
  if (failed)
    {
      job->error_reason = g_strdup ("timeout");
      job->error_message = g_strdup ("Operation timed out");
    }
  if (g_str_equal (kind->statement_type, "UPDATE"))
    job->inserted_rows = job->deleted_rows = 0, job->updated_rows = failed ? 0 : 1;
  else if (g_str_equal (kind->statement_type, "INSERT"))
    job->updated_rows = job->deleted_rows = 0,
    job->inserted_rows = failed ? 0 : eros_random_below (random, 40) + 1;
  job->resource = iso_resource (job);
  return job;
}

gboolean
eros_sample_history (ErosStore *store, const ErosSampleOptions *options, GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_job_free);
  gint64 now = options->now != 0 ? options->now : eros_clock_get_now ();
  guint n = options->history_days * JOBS_PER_DAY;
  gint64 span = options->history_days * G_TIME_SPAN_DAY;
  ErosRandom random;

  eros_random_init (&random, 42);
  for (guint i = 0; i < n; i++)
    {
      gint64 within = span * i / n;
      g_autofree char *id = g_strdup_printf ("sample_%08u", i);

      g_ptr_array_add (
        jobs, make_job (&random, options->project, &HEALTHY, id, now - span + within - G_TIME_SPAN_MINUTE));
    }
  return eros_store_insert_jobs (store, jobs, error);
}

/* When the sample says that it has begun; 0 where it is not. */
static gboolean
find_begun (ErosStore *store, const char *project, gint64 *begun, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (store, error);
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (connection == NULL || !eros_store_begin (connection, EROS_STORE_READ, NULL, error))
    return FALSE;
  dataset = eros_store_get_dataset (connection, project, EROS_SAMPLE_DATASET, NULL);
  *begun = dataset != NULL ? dataset->created : 0;
  return TRUE;
}

/**
 * eros_sample_go_on:
 * @store: the store
 * @project: whose jobs they are
 * @load: how they do
 * @from: microseconds since 1970
 * @to: the same, later
 * @error: return location for an #ErosStoreError
 *
 * Makes the jobs that production would have run between two moments, as evenly as those of the sample’s past.
 * As long after the sample was made the same jobs are run, whenever that was.
 *
 * Returns: whether they are there
 */
gboolean
eros_sample_go_on (ErosStore *store,
                   const char *project,
                   const ErosSampleLoad *load,
                   gint64 from,
                   gint64 to,
                   GError **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_job_free);
  gint64 step = G_TIME_SPAN_DAY / JOBS_PER_DAY;
  gint64 begun = 0;

  if (!find_begun (store, project, &begun, error))
    return FALSE;
  for (gint64 number = (from - begun) / step + 1; begun + number * step <= to; number++)
    {
      g_autofree char *id = g_strdup_printf ("production_%" G_GINT64_FORMAT, number);
      gint64 created = begun + number * step;
      ErosRandom random;

      eros_random_init (&random, (guint64) number);
      g_ptr_array_add (jobs, make_job (&random, project, load, id, created));
    }
  return jobs->len == 0 || eros_store_insert_jobs (store, jobs, error);
}
