/* eros-probe.c: checks that are built in: is what a deployment needs there, and may we use it?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <glib/gi18n-lib.h>

#include "eros-finding.h"
#include "eros-json.h"
#include "eros-role.h"
#include "eros-sentences.h"
#include "eros-sign-in.h"

#define BIG_QUERY_API "BigQuery API"

static void
probe_free (Probe *probe)
{
  g_clear_object (&probe->big_query);
  g_clear_object (&probe->deployment);
  g_clear_pointer (&probe->record, g_hash_table_unref);
  g_string_free (probe->missing, TRUE);
  g_clear_pointer (&probe->result, eros_probe_result_free);
  g_clear_error (&probe->refusal);
  g_free (probe);
}

void
eros_probe_result_free (ErosProbeResult *self)
{
  g_clear_object (&self->findings);
  g_hash_table_unref (self->values);
  json_object_unref (self->evidence);
  g_clear_error (&self->error);
  g_free (self);
}

ErosProbeResult *
eros_probe_result_new (void)
{
  ErosProbeResult *result = g_new0 (ErosProbeResult, 1);

  result->findings = g_list_store_new (EROS_TYPE_FINDING);
  result->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  result->evidence = json_object_new ();
  return result;
}

static guint
badness (ErosOutcome outcome)
{
  switch (outcome)
    {
    case EROS_OUTCOME_FAIL:
      return 3;
    case EROS_OUTCOME_ERROR:
      return 2;
    case EROS_OUTCOME_NOT_ENOUGH:
    case EROS_OUTCOME_NOT_LOOKED:
    case EROS_OUTCOME_WARNING:
      return 1;
    case EROS_OUTCOME_NONE:
    case EROS_OUTCOME_PASS:
    default:
      return 0;
    }
}

/**
 * eros_probe_result_summarize:
 * @self: what a probe found
 * @summary: (out) (transfer full): the message of the worst finding, with what to do; of several equal ones,
 * all
 *
 * Returns: the worst outcome
 */
ErosOutcome
eros_probe_result_summarize (ErosProbeResult *self, char **summary)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ErosOutcome worst = EROS_OUTCOME_PASS;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->findings));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (G_LIST_MODEL (self->findings), i);

      if (badness (eros_finding_get_outcome (finding)) > badness (worst))
        {
          worst = eros_finding_get_outcome (finding);
          g_string_truncate (text, 0);
        }
      if (badness (eros_finding_get_outcome (finding)) < badness (worst))
        continue;
      if (text->len > 0)
        g_string_append (text, "; ");
      if (eros_finding_get_advice (finding) != NULL)
        {
          g_autofree char *said =
            eros_sentences_join (eros_finding_get_message (finding), eros_finding_get_advice (finding));
          g_string_append (text, said);
        }
      else
        g_string_append (text, eros_finding_get_message (finding));
    }
  *summary = g_string_free (g_steal_pointer (&text), FALSE);
  return worst;
}

/* ---- helpers of the probes ----------------------------------------------------------------------------- */

Probe *
eros_probe_of (GTask *task)
{
  return g_task_get_task_data (task);
}

ErosConnection *
eros_probe_connection (GTask *task)
{
  return eros_big_query_get_connection (eros_probe_of (task)->big_query);
}

void
eros_probe_add (GTask *task, const char *what, ErosOutcome outcome, char *message, char *advice)
{
  g_autoptr (ErosFinding) finding = eros_finding_new (what, outcome, message, advice);

  g_list_store_append (eros_probe_of (task)->result->findings, finding);
}

void
eros_probe_remember (GTask *task, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_hash_table_insert (eros_probe_of (task)->result->values, g_strdup (name), g_strdup (value));
  json_object_set_string_member (eros_probe_of (task)->result->evidence, name, value);
}

void
eros_probe_done (GTask *task)
{
  g_task_return_pointer (task, g_steal_pointer (&eros_probe_of (task)->result),
                         (GDestroyNotify) eros_probe_result_free);
}

/* (transfer full): “project eros-production” */
char *
eros_probe_place (GTask *task)
{
  ErosConnection *connection = eros_probe_connection (task);

  switch (eros_probe_of (task)->need->where)
    {
    case ON_DATASET:
      return g_strdup_printf (_ ("data set %s"), eros_connection_get_dataset (connection));
    case ON_BUCKET:
      return g_strdup_printf (_ ("bucket gs://%s"), eros_connection_get_bucket (connection));
    case ON_PROJECT:
    default:
      return g_strdup_printf (_ ("project %s"), eros_connection_get_project (connection));
    }
}

/* The use of a project's services is a role of its own, whatever is asked of them. */
static const char *
role_for (const Need *need, const GError *error)
{
  const char *role = eros_big_query_error_get_role (error);

  return g_strcmp0 (role, EROS_ROLE_USAGE) == 0 ? role : need->role;
}

/* (transfer full): whom to ask for what */
static char *
advise_denied (GTask *task, const GError *error)
{
  const Need *need = eros_probe_of (task)->need;
  const char *project = eros_connection_get_project (eros_probe_connection (task));
  g_autofree char *place = eros_probe_place (task);

  switch (eros_big_query_error_get_cause (error))
    {
    case EROS_BIG_QUERY_CAUSE_API_OFF:
      /* Translators: %1$s: “BigQuery Data Transfer API”, %2$s: a project */
      return g_strdup_printf (_ ("Ask the project's administrator to enable the %1$s in project %2$s."),
                              need->api, project);
    case EROS_BIG_QUERY_CAUSE_BILLING:
      return g_strdup_printf (_ ("Ask the project's administrator to link a billing account to project %s."),
                              project);
    case EROS_BIG_QUERY_CAUSE_ROLE:
      /* Translators: %1$s: a role, %2$s: “data set eros_platform” */
      return g_strdup_printf (_ ("Ask the project's administrator for the role “%1$s” on %2$s."),
                              role_for (need, error), place);
    case EROS_BIG_QUERY_CAUSE_NONE:
    case EROS_BIG_QUERY_CAUSE_SCOPE:
    case EROS_BIG_QUERY_CAUSE_CLOCK:
    case EROS_BIG_QUERY_CAUSE_OTHER:
    default:
      return g_strdup (eros_big_query_error_get_advice (error));
    }
}

/* (transfer full): what to do about what is not there */
static char *
advise_absent (GTask *task)
{
  g_autofree char *place = eros_probe_place (task);

  if (eros_probe_of (task)->need->where == ON_PROJECT)
    return g_strdup (_ ("Check the names in the connection, or ask the project's administrator for them."));
  /* Translators: %s: “data set eros_platform” */
  return g_strdup_printf (_ ("Check its name, or ask the project's administrator to create the %s."), place);
}

/* (transfer full) (nullable): what to do, where more is known of what was asked than the error's own advice
 * knows */
static char *
advise (GTask *task, const GError *error)
{
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED))
    return advise_denied (task, error);
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    return advise_absent (task);
  /* A sign-in's error says itself what to do. */
  if (eros_big_query_error_get_advice (error) != NULL || error->domain == EROS_SIGN_IN_ERROR)
    return g_strdup (eros_big_query_error_get_advice (error));
  return g_strdup (_ ("Try again; if it stays so, look at the network and the service's status."));
}

/* What an error means for what was looked at, in words; takes error. */
static void
add_error (GTask *task, const char *what, GError *error)
{
  ErosProbeResult *result = eros_probe_of (task)->result;
  gboolean is_no = eros_big_query_error_is_sign_in (error) ||
                   g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DENIED) ||
                   g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);

  /* That nobody answers is the answer where it is asked whether somebody does. */
  if (eros_probe_of (task)->need->is_network)
    is_no = TRUE;
  eros_probe_add (task, what, is_no ? EROS_OUTCOME_FAIL : EROS_OUTCOME_ERROR,
                  eros_sentences_join (eros_big_query_error_get_said (error), NULL), advise (task, error));
  result->error = error;
  result->tells_of_all = g_str_equal (eros_probe_of (task)->need->api, BIG_QUERY_API);
}

/* Whether the probe goes on; ends it when it was cancelled. */
gboolean
eros_probe_answered (GTask *task, const char *what, JsonNode *answer, GError *error)
{
  if (answer != NULL)
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return FALSE;
    }
  add_error (task, what, error);
  eros_probe_done (task);
  return FALSE;
}

void
eros_probe_get (GTask *task, ErosRequest *request, GAsyncReadyCallback callback)
{
  eros_big_query_get_async (eros_probe_of (task)->big_query, request, g_task_get_cancellable (task), callback,
                            g_object_ref (task));
}

JsonNode *
eros_probe_got (GObject *source, GAsyncResult *result, GError **error)
{
  return eros_big_query_get_finish (EROS_BIG_QUERY (source), result, error);
}

gboolean
eros_probe_contains (JsonArray *array, const char *text)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && g_strcmp0 (json_node_get_string (element), text) == 0)
        return TRUE;
    }
  return FALSE;
}

/* ---- project ------------------------------------------------------------------------------------------- */

static void
project_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  const char *project = eros_connection_get_project (eros_probe_connection (task));
  g_autofree char *what = g_strdup_printf (_ ("Project %s"), project);

  if (!eros_probe_answered (task, what, answer, error))
    return;
  eros_probe_remember (task, "project", project);
  eros_probe_add (task, what, EROS_OUTCOME_PASS, g_strdup_printf (_ ("Project %s is there"), project), NULL);
  eros_probe_done (task);
}

static void
probe_project (GTask *task)
{
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets",
                      eros_connection_get_project (eros_probe_connection (task)));

  eros_request_add_query (request, "maxResults", "1");
  eros_probe_get (task, request, project_cb);
}

/* ---- client -------------------------------------------------------------------------------------------- */

static void
client_row_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_read_page_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);
  g_autofree char *who = NULL;

  if (page == NULL || eros_page_get_n_rows (page) == 0)
    {
      if (error == NULL)
        error = g_error_new_literal (EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                                     _ ("a query for the user gave no row"));
      eros_probe_answered (task, _ ("Sign-in"), NULL, error);
      return;
    }
  who = eros_page_dup_text (page, 0, 0);
  eros_probe_remember (task, "user", who);
  eros_probe_add (task, _ ("Sign-in"), EROS_OUTCOME_PASS,
                  g_strdup_printf (_ ("Queries run, signed in as %s"), who != NULL ? who : "?"), NULL);
  if (eros_probe_of (task)->looks_for_command)
    eros_probe_look_for_command (task);
  else
    eros_probe_done (task);
}

static void
client_job_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);

  if (job != NULL)
    error = eros_job_dup_error (job);
  if (error != NULL)
    {
      eros_probe_answered (task, _ ("Sign-in"), NULL, error);
      return;
    }
  json_object_set_string_member (eros_probe_of (task)->result->evidence, "job_id", eros_job_get_id (job));
  eros_big_query_read_page_async (eros_probe_of (task)->big_query, job, NULL, NULL, 1,
                                  g_task_get_cancellable (task), client_row_cb, g_object_ref (task));
}

/* A query that changes nothing needs no entry in the journal before it is sent. */
static void
probe_client (GTask *task)
{
  g_autofree char *id = eros_job_request_make_id ("eros-probe");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, "SELECT SESSION_USER() AS user");

  eros_big_query_run_async (eros_probe_of (task)->big_query, request, g_task_get_cancellable (task),
                            client_job_cb, g_object_ref (task));
}

static void
probe_command (GTask *task)
{
  eros_probe_of (task)->looks_for_command = TRUE;
  probe_client (task);
}

/* ---- network -------------------------------------------------------------------------------------------- */

static void
network_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_probe_got (source, result, &error);
  const char *endpoint = eros_connection_get_endpoint (eros_probe_connection (task));
  const char *place = endpoint != NULL ? endpoint : "bigquery.googleapis.com";
  double ms = (g_get_monotonic_time () - eros_probe_of (task)->begun) / 1000.0;

  /* Whatever a server answers, it answers. */
  if (error != NULL && error->domain == EROS_BIG_QUERY_ERROR &&
      error->code != EROS_BIG_QUERY_ERROR_UNAVAILABLE)
    {
      g_clear_error (&error);
      answer = json_from_string ("{}", NULL);
    }
  if (!eros_probe_answered (task, _ ("Network"), answer, error))
    return;
  eros_probe_add (task, _ ("Network"), EROS_OUTCOME_PASS,
                  g_strdup_printf (_ ("%s answered in %.1f ms"), place, ms), NULL);
  eros_probe_done (task);
}

static void
probe_network (GTask *task)
{
  g_autoptr (ErosRequest) request = eros_probe_request_dataset (task);

  /* Whether somebody answers is a question without a name: no sign-in has to work for it. */
  eros_request_set_anonymous (request);
  eros_probe_of (task)->begun = g_get_monotonic_time ();
  eros_probe_get (task, request, network_cb);
}

/* ---- by name ------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  void (*start) (GTask *task);
  Need need;
} probes[] = {
  { "connection.network", probe_network, { BIG_QUERY_API, ROLE_DATA, ON_DATASET, TRUE } },
  { "connection.client", probe_client, { BIG_QUERY_API, ROLE_JOBS, ON_PROJECT, FALSE } },
  { "connection.project", probe_project, { BIG_QUERY_API, "BigQuery User", ON_PROJECT, FALSE } },
  { "connection.dataset", eros_probe_start_dataset, { BIG_QUERY_API, ROLE_DATA, ON_DATASET, FALSE } },
  { "connection.permissions",
    eros_probe_start_permissions,
    { "Cloud Resource Manager API", "Browser", ON_PROJECT, FALSE } },
  { "connection.bucket",
    eros_probe_start_bucket,
    { "Cloud Storage API", "Storage Admin", ON_BUCKET, FALSE } },
  { "transfer.scheduled-queries",
    eros_probe_start_schedules,
    { "BigQuery Data Transfer API", ROLE_ADMIN, ON_PROJECT, FALSE } },
  { "backup.stored", eros_probe_start_backup, { BIG_QUERY_API, ROLE_DATA, ON_DATASET, FALSE } },
  { "command.bq", probe_command, { BIG_QUERY_API, ROLE_JOBS, ON_PROJECT, FALSE } },
};

gboolean
eros_probe_is_known (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    if (g_str_equal (probes[i].name, name))
      return TRUE;
  return FALSE;
}

/**
 * eros_probe_get_connection_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): those that are about the connection, and not about this
 * computer, in the order in which a person would ask
 */
const char *const *
eros_probe_get_connection_names (void)
{
  static const char *names[G_N_ELEMENTS (probes) + 1];
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    if (!g_str_has_prefix (probes[i].name, "command.") && !g_str_has_prefix (probes[i].name, "backup."))
      names[n++] = probes[i].name;
  return names;
}

/* (nullable): those that a backup has: the ones that matter */
static const char *const *
find_tables (ErosDeployment *deployment)
{
  ErosElement *element = eros_runbook_find_operation (
    eros_deployment_get_runbook (deployment), eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP));

  return element != NULL ? eros_element_get_tables (element) : NULL;
}

void
eros_probe_run_async (const char *name,
                      ErosBigQuery *big_query,
                      ErosDeployment *deployment,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Probe *probe = g_new0 (Probe, 1);

  g_task_set_source_tag (task, eros_probe_run_async);
  probe->big_query = g_object_ref (big_query);
  probe->deployment = deployment != NULL ? g_object_ref (deployment) : NULL;
  probe->tables = deployment != NULL ? find_tables (deployment) : NULL;
  probe->missing = g_string_new (NULL);
  probe->result = eros_probe_result_new ();
  g_task_set_task_data (task, probe, (GDestroyNotify) probe_free);
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    if (g_str_equal (probes[i].name, name))
      {
        probe->need = &probes[i].need;
        probes[i].start (task);
        return;
      }
  g_task_return_new_error (task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                           _ ("This version has no built-in check “%s”"), name);
}

ErosProbeResult *
eros_probe_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_probe_run_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
