/* eros-cli-jobs.c: eros-deploy jobs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query.h"
#include "eros-cli-commands.h"
#include "eros-cli-service.h"
#include "eros-json.h"

#define DEFAULT_NUMBER 50

typedef struct
{
  char *id;
  char *state;   /* "done", "running", "failed" … */
  char *what;    /* (nullable) the step of the deployment, or the kind of statement */
  char *user;    /* (nullable) */
  char *problem; /* (nullable) */
  gboolean ours; /* the deployment's */
  gint64 begun;
  gint64 ended;
  gint64 bytes; /* -1: not known */
} Job;

static void
job_free (Job *job)
{
  g_free (job->id);
  g_free (job->state);
  g_free (job->what);
  g_free (job->user);
  g_free (job->problem);
  g_free (job);
}

static gboolean
is_failed (const Job *job)
{
  return g_str_equal (job->state, "failed");
}

/* ---- what the journal says ----------------------------------------------------------------------------- */

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

static void
end_job (Job *job, ErosEvent *event)
{
  const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);
  gint64 begun = parse_time (eros_event_get_string (event, EROS_MEMBER_STARTED));

  g_free (job->state);
  job->state = g_strdup (g_strcmp0 (outcome, "pass") == 0        ? "done"
                         : g_strcmp0 (outcome, "cancelled") == 0 ? "cancelled"
                                                                 : "failed");
  g_free (job->problem);
  job->problem = g_strdup (eros_event_get_string (event, EROS_MEMBER_ERROR));
  job->ended = eros_event_get_time (event);
  if (begun > 0)
    job->begun = begun;
  if (eros_event_has (event, EROS_MEMBER_BYTES_PROCESSED))
    job->bytes = eros_event_get_int (event, EROS_MEMBER_BYTES_PROCESSED);
}

/* Job id → Job; LIST: (nullable): all of them, oldest first, which then owns them. */
static GHashTable *
read_journal (ErosDeployment *deployment, GPtrArray *list)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GHashTable *jobs = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      const char *id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);
      Job *job = id != NULL ? g_hash_table_lookup (jobs, id) : NULL;

      if (id != NULL && job == NULL && eros_event_is (event, EROS_EVENT_JOB_PLANNED))
        {
          job = g_new0 (Job, 1);
          job->id = g_strdup (id);
          job->state = g_strdup ("open");
          job->what = g_strdup (eros_event_get_string (event, EROS_MEMBER_STEP));
          job->begun = eros_event_get_time (event);
          job->bytes = -1;
          job->ours = TRUE;
          g_hash_table_insert (jobs, job->id, job);
          g_ptr_array_add (list, job);
        }
      else if (job != NULL && eros_event_is (event, EROS_EVENT_JOB_ENDED))
        end_job (job, event);
    }
  return jobs;
}

/* ---- what the service says ----------------------------------------------------------------------------- */

static Job *
read_job (JsonObject *entry, GHashTable *recorded)
{
  const char *id = eros_json_string (entry, "jobReference.jobId");
  const char *state = eros_json_string (entry, "status.state");
  const char *statement = eros_json_string (entry, "statistics.query.statementType");
  const char *type = eros_json_string (entry, "configuration.jobType");
  const Job *known = id != NULL ? g_hash_table_lookup (recorded, id) : NULL;
  gboolean failed = eros_json_object (entry, "status.errorResult") != NULL;
  Job *job = g_new0 (Job, 1);

  job->id = g_strdup (id != NULL ? id : "");
  job->state = failed ? g_strdup ("failed") : g_ascii_strdown (state != NULL ? state : "unknown", -1);
  job->what = g_strdup (known != NULL ? known->what : statement != NULL ? statement : type);
  job->user = g_strdup (eros_json_string (entry, "user_email"));
  job->problem = g_strdup (eros_json_string (entry, "status.errorResult.message"));
  job->begun = eros_json_int64 (entry, "statistics.creationTime", 0) * 1000;
  job->ended = eros_json_int64 (entry, "statistics.endTime", 0) * 1000;
  job->bytes = eros_json_int64 (entry, "statistics.totalBytesProcessed", -1);
  job->ours = known != NULL;
  return job;
}

static JsonNode *
ask_for_page (ErosHttp *http, ErosConnection *connection, const char *token, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosRequest) request = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/jobs", eros_connection_get_project (connection));

  eros_request_add_query (request, "allUsers", "true");
  eros_request_add_query (request, "projection", "full");
  eros_request_add_query (request, "maxResults", "50");
  eros_request_add_query (request, "pageToken", token);
  eros_http_send_async (http, request, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_http_json_finish (http, result, error);
}

/* The newest NUMBER of the project, whoever sent them. */
static gboolean
read_service (ErosConnection *connection, GHashTable *recorded, guint number, GPtrArray *jobs, GError **error)
{
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (connection);
  g_autofree char *token = NULL;

  do
    {
      g_autoptr (JsonNode) page =
        ask_for_page (eros_big_query_get_http (big_query), connection, token, error);
      JsonArray *entries = page != NULL ? eros_json_array (json_node_get_object (page), "jobs") : NULL;

      if (page == NULL)
        {
          g_prefix_error (error, _ ("The jobs of the project %s could not be listed: "),
                          eros_connection_get_project (connection));
          return FALSE;
        }
      for (guint i = 0; entries != NULL && i < json_array_get_length (entries) && jobs->len < number; i++)
        if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (entries, i)))
          g_ptr_array_add (jobs, read_job (json_array_get_object_element (entries, i), recorded));
      g_free (token);
      token = g_strdup (eros_json_string (json_node_get_object (page), "nextPageToken"));
      if (entries == NULL || json_array_get_length (entries) == 0)
        g_clear_pointer (&token, g_free);
    }
  while (token != NULL && *token != '\0' && jobs->len < number);
  return TRUE;
}

/* ---- printing ------------------------------------------------------------------------------------------ */

static void
print_json (GPtrArray *jobs)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < jobs->len; i++)
    {
      const Job *job = jobs->pdata[i];
      JsonObject *object = json_object_new ();
      g_autofree char *begun = eros_time_iso (job->begun);
      g_autofree char *ended = eros_time_iso (job->ended);

      eros_cli_set_text (object, "job_id", job->id);
      eros_cli_set_text (object, "state", job->state);
      eros_cli_set_text (object, "what", job->what);
      eros_cli_set_text (object, "user", job->user);
      json_object_set_boolean_member (object, "of_this_deployment", job->ours);
      eros_cli_set_text (object, "begun", begun);
      eros_cli_set_text (object, "ended", ended);
      if (job->bytes >= 0)
        json_object_set_int_member (object, "bytes_processed", job->bytes);
      eros_cli_set_text (object, "error", job->problem);
      json_array_add_object_element (array, object);
    }
  json_node_take_array (node, array);
  eros_cli_print_json (node);
}

static void
print_text (GPtrArray *jobs, gboolean failed)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      const Job *job = jobs->pdata[i];
      g_autofree char *begun = eros_time_text (job->begun);
      const char *symbol = is_failed (job) ? "✘" : g_str_equal (job->state, "done") ? "✔" : "…";

      eros_cli_print ("%s %s %s%s%s\n    %s\n", symbol, begun, job->what != NULL ? job->what : job->state,
                      job->user != NULL ? ", " : "", job->user != NULL ? job->user : "", job->id);
      if (job->problem != NULL)
        eros_cli_print ("    %s\n", job->problem);
    }
  if (jobs->len == 0)
    eros_cli_print ("%s\n", failed ? _ ("No job has failed.") : _ ("There are no jobs."));
}

static void
keep_failed (GPtrArray *jobs)
{
  for (guint i = jobs->len; i > 0; i--)
    if (!is_failed (jobs->pdata[i - 1]))
      g_ptr_array_remove_index (jobs, i - 1);
}

static void
print (GPtrArray *jobs, gboolean failed, gboolean json)
{
  if (failed)
    keep_failed (jobs);
  if (json)
    print_json (jobs);
  else
    print_text (jobs, failed);
}

static int
list_recorded (const char *id, gboolean failed, gboolean json, GError **error)
{
  g_autoptr (ErosDeployment) deployment = eros_cli_open (id, EROS_JOURNAL_READ, error);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);

  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  g_hash_table_unref (read_journal (deployment, jobs));
  print (jobs, failed, json);
  return EROS_EXIT_DONE;
}

static int
list_of_service (ErosCliService *service, guint number, gboolean failed, GError **error)
{
  g_autoptr (GPtrArray) recorded = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
  g_autoptr (GHashTable) known = read_journal (service->deployment, recorded);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);

  if (!read_service (service->connection, known, number, jobs, error))
    return EROS_EXIT_FAILED;
  print (jobs, failed, service->json);
  return EROS_EXIT_DONE;
}

int
eros_cli_jobs (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  gboolean failed = FALSE;
  gboolean recorded = FALSE;
  int number = DEFAULT_NUMBER;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "failed", 0, 0, G_OPTION_ARG_NONE, &failed, N_ ("Only those that have failed"), NULL },
    { "number", 'n', 0, G_OPTION_ARG_INT, &number, N_ ("How many to look at (50)"), N_ ("N") },
    { "recorded", 0, 0, G_OPTION_ARG_NONE, &recorded,
      N_ ("All that this deployment has on record, without asking the service"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Lists the newest jobs of the deployment’s project, of all users, and says which step "
           "of the deployment each was for."),
        1, 1, error))
    return EROS_EXIT_USAGE;
  if (number < 1 || number > 10000)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--number is a number from 1 to 10,000."));
      return EROS_EXIT_USAGE;
    }
  if (recorded)
    return list_recorded (argv[1], failed, service.json, error);
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_READ, error))
    return EROS_EXIT_FAILED;
  return list_of_service (&service, number, failed, error);
}
