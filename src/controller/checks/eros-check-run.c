/* eros-check-run.c: one machine check, from its binding in the runbook to the record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-check-run.h"

#include <glib/gi18n-lib.h>

#include "eros-expectation.h"
#include "eros-job-run.h"
#include "eros-operation-private.h"
#include "eros-probe.h"
#include "eros-record.h"
#include "eros-sql-text.h"
#include "eros-time-text.h"

#define A_MOMENT (5 * G_TIME_SPAN_MINUTE)

typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery *big_query;
  ErosOperation *operation;
  ErosCauses *causes; /* of the round */
  ErosStep *step;
  ErosElement *element;
  const ErosCheckBinding *binding; /* the element's */
  char *sql;                       /* as it is sent */
  char *sha256;                    /* of the text before */
  char *job_id;
  GHashTable *all_cut_off; /* of the round */
  GPtrArray *cut_off;      /* of char *: jobs of an attempt that a crash has ended, in order */
  ErosJob *job;
  GArray *times_ms; /* of a benchmark: gint64 each run's */
  JsonArray *evidence;
} CheckRun;

static void
check_run_free (CheckRun *run)
{
  g_clear_object (&run->deployment);
  g_clear_object (&run->big_query);
  g_clear_object (&run->operation);
  g_clear_object (&run->step);
  g_clear_object (&run->element);
  g_clear_object (&run->job);
  g_free (run->sql);
  g_free (run->sha256);
  g_free (run->job_id);
  g_hash_table_unref (run->all_cut_off);
  g_ptr_array_unref (run->cut_off);
  g_array_unref (run->times_ms);
  json_array_unref (run->evidence);
  g_free (run);
}

static CheckRun *
run_of (GTask *task)
{
  return g_task_get_task_data (task);
}

static GCancellable *
cancellable_of (GTask *task)
{
  return eros_operation_get_cancellable (run_of (task)->operation);
}

static const char *
element_id (CheckRun *run)
{
  return eros_element_get_id (run->element);
}

static ErosJobPlace
place_of (CheckRun *run)
{
  return (ErosJobPlace){
    .deployment = run->deployment,
    .big_query = run->big_query,
    .operation = run->operation,
    .row = run->step,
    .step = element_id (run),
    .phase = eros_runbook_phase_of (eros_deployment_get_runbook (run->deployment), element_id (run)),
    .sql = run->sql,
    .sha256 = run->sha256,
    .sql_source = run->binding->sql_source,
  };
}

/* ---- the record ---------------------------------------------------------------------------------------- */

static gboolean
fill_fields (CheckRun *run, GHashTable *values, JsonNode *evidence, GError **error)
{
  char **fills = run->binding->fills;

  for (guint i = 0; fills != NULL && fills[i] != NULL && fills[i + 1] != NULL; i += 2)
    {
      const char *value = NULL;

      if (run->binding->builtin == NULL &&
          !g_hash_table_lookup_extended (values, fills[i + 1], NULL, (gpointer *) &value))
        {
          g_set_error (
            error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
            _ ("the answer has no column “%s”, which is to fill a field; correct the query or the runbook"),
            fills[i + 1]);
          return FALSE;
        }
      value = g_hash_table_lookup (values, fills[i + 1]);
      if (value != NULL && !eros_deployment_record_value (run->deployment, fills[i], value, evidence, error))
        return FALSE;
    }
  return TRUE;
}

static ErosState
state_of (ErosOutcome outcome)
{
  if (outcome == EROS_OUTCOME_NOT_LOOKED)
    return EROS_STATE_CANCELLED;
  return outcome == EROS_OUTCOME_FAIL || outcome == EROS_OUTCOME_ERROR ? EROS_STATE_FAILED
                                                                       : EROS_STATE_SUCCEEDED;
}

/* values: (nullable) */
static void
conclude (GTask *task, ErosOutcome outcome, const char *summary, GHashTable *values)
{
  CheckRun *run = run_of (task);
  g_autoptr (JsonNode) evidence = json_node_init_array (json_node_alloc (), run->evidence);
  GError *error = NULL;

  eros_step_set_detail (run->step, summary);
  eros_step_end (run->step, state_of (outcome), outcome == EROS_OUTCOME_ERROR ? summary : NULL);
  if ((values != NULL && outcome != EROS_OUTCOME_ERROR && !fill_fields (run, values, evidence, &error)) ||
      !eros_deployment_record_check (run->deployment, element_id (run), outcome, summary, evidence, &error))
    {
      g_prefix_error (&error, _ ("What “%s” found could not be recorded: "),
                      eros_element_get_label (run->element));
      g_task_return_error (task, error);
    }
  else
    g_task_return_int (task, outcome);
}

/* (transfer full) (nullable): when another check of the round says what is the matter */
static char *
find_who_says (CheckRun *run, gboolean tells_of_all, const GError *error)
{
  return eros_causes_meet (run->causes, eros_element_get_label (run->element), tells_of_all, error);
}

/* The check could not be made; takes error. */
static void
conclude_error (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  CheckRun *run = run_of (task);
  g_autofree char *elsewhere = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      eros_step_end (run->step, EROS_STATE_CANCELLED, NULL);
      g_task_return_error (task, g_steal_pointer (&owned));
    }
  else if ((elsewhere = find_who_says (run, TRUE, error)) != NULL)
    conclude (task, EROS_OUTCOME_NOT_LOOKED, elsewhere, NULL);
  else
    conclude (task, EROS_OUTCOME_ERROR, error->message, NULL);
}

/* ---- a built-in check ---------------------------------------------------------------------------------- */

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CheckRun *run = run_of (task);
  GError *error = NULL;
  g_autoptr (ErosProbeResult) probe = eros_probe_run_finish (result, &error);
  g_autofree char *summary = NULL;
  g_autofree char *elsewhere = NULL;
  ErosOutcome outcome;

  if (probe == NULL)
    {
      conclude_error (task, error);
      return;
    }
  if (probe->error != NULL)
    elsewhere = find_who_says (run, probe->tells_of_all, probe->error);
  if (elsewhere != NULL)
    {
      conclude (task, EROS_OUTCOME_NOT_LOOKED, elsewhere, NULL);
      return;
    }
  outcome = eros_probe_result_summarize (probe, &summary);
  json_object_set_string_member (probe->evidence, "check", run->binding->builtin);
  json_array_add_object_element (run->evidence, json_object_ref (probe->evidence));
  conclude (task, outcome, summary, probe->values);
}

/* ---- a query ------------------------------------------------------------------------------------------- */

static void send_query (GTask *task);

/* (nullable): a column that is to fill in a field, and is NULL: what is to be measured has not been */
static const char *
find_unmeasured (const ErosCheckBinding *binding, GHashTable *answer)
{
  for (guint i = 0; binding->fills != NULL && binding->fills[i] != NULL; i += 2)
    if (g_hash_table_lookup (answer, binding->fills[i + 1]) == NULL)
      return binding->fills[i + 1];
  return NULL;
}

static void
judge (GTask *task, GHashTable *answer)
{
  CheckRun *run = run_of (task);
  const ErosCheckBinding *binding = run->binding;
  g_autoptr (GString) summary = g_string_new (NULL);
  g_autofree char *why = NULL;
  GError *error = NULL;
  ErosOutcome outcome =
    eros_expectations_judge ((ErosExpectations){ binding->enough, binding->n_enough },
                             (ErosExpectations){ binding->expectations, binding->n_expectations }, answer,
                             run->deployment, &why, &error);

  if (error != NULL)
    {
      conclude_error (task, error);
      return;
    }

  if (binding->summary != NULL)
    {
      g_autofree char *sentence = eros_expectation_summary (binding->summary, answer);

      g_string_append (summary, sentence);
    }
  if (outcome == EROS_OUTCOME_PASS && find_unmeasured (binding, answer) != NULL)
    {
      outcome = EROS_OUTCOME_NOT_ENOUGH;
      g_free (why);
      why = g_strdup_printf (_ ("%s is not known"), find_unmeasured (binding, answer));
    }
  if (*why != '\0')
    g_string_append_printf (summary, "%s%s", summary->len > 0 ? "; " : "", why);
  conclude (task, outcome, summary->str, answer);
}

/* row: (nullable) */
static void
note_job (CheckRun *run, GHashTable *row)
{
  const ErosJobPlace place = place_of (run);
  JsonObject *evidence = eros_job_run_describe (&place, run->job, row);

  if (row != NULL)
    eros_expectations_note (evidence, (ErosExpectations){ run->binding->enough, run->binding->n_enough },
                            (ErosExpectations){ run->binding->expectations, run->binding->n_expectations },
                            row, run->deployment);
  json_array_add_object_element (run->evidence, evidence);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

static void
put_number (GHashTable *values, const char *name, gint64 doubled)
{
  /* Halves come from the median of an even number of runs. */
  g_hash_table_insert (values, g_strdup (name),
                       doubled % 2 == 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, doubled / 2)
                                        : g_strdup_printf ("%" G_GINT64_FORMAT ".5", doubled / 2));
}

static void
finish_benchmark (GTask *task)
{
  CheckRun *run = run_of (task);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gint64 *times;
  guint n = run->times_ms->len;

  g_array_sort (run->times_ms, compare_times);
  times = (gint64 *) (gpointer) run->times_ms->data;
  put_number (values, "median_ms", times[(n - 1) / 2] + times[n / 2]);
  put_number (values, "minimum_ms", 2 * times[0]);
  put_number (values, "maximum_ms", 2 * times[n - 1]);
  put_number (values, "runs", 2 * n);
  judge (task, values);
}

static void
benchmark_run_ended (GTask *task)
{
  CheckRun *run = run_of (task);
  gint64 ms = (eros_job_get_ended (run->job) - eros_job_get_started (run->job)) / 1000;

  note_job (run, NULL);
  g_array_append_val (run->times_ms, ms);
  if (run->times_ms->len < run->binding->runs)
    send_query (task);
  else
    finish_benchmark (task);
}

static void
row_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CheckRun *run = run_of (task);
  GError *error = NULL;
  g_autoptr (GHashTable) answer = eros_job_run_read_row_finish (result, &error);

  note_job (run, answer);
  if (answer != NULL)
    judge (task, answer);
  else
    conclude_error (task, error);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CheckRun *run = run_of (task);
  const ErosJobPlace place = place_of (run);
  GError *failure = NULL;
  GError *error = NULL;

  run->job = eros_job_run_finish (result, &failure, &error);
  if (error != NULL)
    {
      g_clear_error (&failure);
      g_task_return_error (task, error);
    }
  else if (failure != NULL)
    {
      if (run->job != NULL)
        note_job (run, NULL);
      conclude_error (task, failure);
    }
  else if (run->binding->runs > 0)
    benchmark_run_ended (task);
  else
    eros_job_run_read_row_async (&place, run->job, row_read_cb, g_object_ref (task));
}

/* Whatever has an end on record is over: an operation, or a job that has not gone well. */
static void
note_end (GHashTable *over, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *id = NULL;

  if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    id = eros_event_get_string (event, EROS_MEMBER_ID);
  else if (g_str_equal (kind, EROS_EVENT_JOB_ENDED) && !eros_event_has_passed (event))
    id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);
  if (id != NULL)
    g_hash_table_add (over, g_strdup (id));
}

/* Whether nothing is known against the job that was planned. */
static gboolean
is_open (ErosEvent *planned, GHashTable *over)
{
  const char *job_id = eros_event_get_string (planned, EROS_MEMBER_JOB_ID);
  const char *operation = eros_event_get_string (planned, EROS_MEMBER_ID);

  return job_id != NULL && operation != NULL && !g_hash_table_contains (over, job_id) &&
         !g_hash_table_contains (over, operation);
}

static void
note_cut_off (GHashTable *found, ErosEvent *planned)
{
  const char *element = eros_event_get_string (planned, EROS_MEMBER_STEP);
  GPtrArray *list = g_hash_table_lookup (found, element);

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (found, g_strdup (element), list);
    }
  g_ptr_array_insert (list, 0, g_object_ref (planned));
}

/* Of the last moment only: after that a check looks anew, for what may have changed. Once for all checks: a
 * look back for each would take time with the square of their number. */
GHashTable *
eros_check_run_find_cut_off (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (GHashTable) over = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTable *found =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  gint64 oldest = g_get_real_time () - A_MOMENT;

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *kind = eros_event_get_kind (event);

      if (eros_event_get_time (event) < oldest)
        break;
      note_end (over, event);
      if (g_str_equal (kind, EROS_EVENT_CHECK_FINISHED) &&
          eros_event_get_string (event, EROS_MEMBER_ELEMENT) != NULL)
        g_hash_table_add (told, g_strdup (eros_event_get_string (event, EROS_MEMBER_ELEMENT)));
      else if (g_str_equal (kind, EROS_EVENT_JOB_PLANNED) &&
               eros_event_get_string (event, EROS_MEMBER_STEP) != NULL && is_open (event, over) &&
               !g_hash_table_contains (told, eros_event_get_string (event, EROS_MEMBER_STEP)))
        note_cut_off (found, event);
    }
  return found;
}

/* Those of this check, with the text that it has now: the server has the answer, and the statement need not
 * run again.
 */
static GPtrArray *
list_cut_off (CheckRun *run)
{
  GPtrArray *planned = g_hash_table_lookup (run->all_cut_off, element_id (run));
  GPtrArray *job_ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; planned != NULL && i < planned->len; i++)
    if (eros_event_says (planned->pdata[i], EROS_MEMBER_SQL_SHA256, run->sha256))
      g_ptr_array_add (job_ids, g_strdup (eros_event_get_string (planned->pdata[i], EROS_MEMBER_JOB_ID)));
  return job_ids;
}

/* The next job of the check: one that was cut off, or a new one, written down first. */
static gboolean
plan_job (CheckRun *run, GError **error)
{
  const ErosJobPlace place = place_of (run);

  g_free (run->job_id);
  run->job_id = run->cut_off->len > 0 ? g_ptr_array_steal_index (run->cut_off, 0)
                                      : eros_job_run_plan (&place, "eros-check", error);
  return run->job_id != NULL;
}

/* What every query may ask for: a price, when the deployment was made, the day that ends now. */
static void
add_known (ErosDeployment *deployment, ErosBigQuery *big_query, const char *sql, ErosJobRequest *request)
{
  g_autofree char *price = eros_connection_dup_price_per_tib (eros_big_query_get_connection (big_query));
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (ErosEvent) created = g_list_model_get_item (journal, 0);
  g_autofree char *time = eros_time_iso_exact (eros_event_get_time (created));
  g_autofree char *begun = eros_time_iso_exact (g_get_real_time () - G_TIME_SPAN_DAY);
  g_autofree char *ended = eros_time_iso_exact (g_get_real_time ());
  const struct
  {
    const char *name;
    const char *type;
    const char *value;
  } known[] = { { "@price_per_tib", "NUMERIC", price },
                { "@deployment_created", "TIMESTAMP", time },
                { "@begun", "TIMESTAMP", begun },
                { "@ended", "TIMESTAMP", ended },
                { "@hours", "INT64", "24" } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (sql, known[i].name) != NULL)
      eros_job_request_add_parameter (request, known[i].name + 1, known[i].type, known[i].value);
}

/* With what the query may ask for, and what people have typed in. */
ErosJobRequest *
eros_check_run_new_request (ErosDeployment *deployment,
                            ErosBigQuery *big_query,
                            const ErosCheckBinding *binding,
                            const char *sql,
                            const char *job_id)
{
  ErosJobRequest *request = eros_job_request_new_query (job_id, sql);
  char **parameters = binding->parameters;

  add_known (deployment, big_query, sql, request);
  for (guint i = 0; parameters != NULL && parameters[i] != NULL; i += 2)
    {
      const char *value = eros_deployment_get_value (deployment, parameters[i]);

      eros_job_request_add_parameter (request, parameters[i + 1], "NUMERIC", *value != '\0' ? value : NULL);
    }
  if (binding->runs > 0)
    eros_job_request_set_use_cache (request, FALSE);
  return request;
}

static void
send_query (GTask *task)
{
  CheckRun *run = run_of (task);
  const ErosJobPlace place = place_of (run);
  ErosJobRequest *request;
  gboolean sent_before = run->cut_off->len > 0;
  GError *error = NULL;

  g_clear_object (&run->job);
  if (!plan_job (run, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  request = eros_check_run_new_request (run->deployment, run->big_query, run->binding, run->sql, run->job_id);
  if (sent_before)
    eros_job_request_set_sent_before (request);
  eros_job_run_label (&place, request);
  eros_job_run_async (&place, request, run->job_id, job_done_cb, g_object_ref (task));
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CheckRun *run = run_of (task);
  GError *error = NULL;

  if (!eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error))
    {
      conclude_error (task, error);
      return;
    }
  run->sha256 = eros_sql_text_sha256 (run->binding->sql);
  run->sql = eros_sql_text_fill (
    run->binding->sql, run->binding->sql_source != NULL ? run->binding->sql_source : run->binding->id,
    eros_big_query_get_connection (run->big_query), &error);
  if (run->sql == NULL)
    {
      conclude_error (task, error);
      return;
    }
  g_ptr_array_unref (run->cut_off);
  run->cut_off = list_cut_off (run);
  send_query (task);
}

/* A text may have the location in it. */
static void
start_query (GTask *task)
{
  CheckRun *run = run_of (task);

  eros_big_query_locate_async (run->big_query, eros_job_run_retry_cb, run->step, cancellable_of (task),
                               located_cb, g_object_ref (task));
}

void
eros_check_run_async (const ErosCheckSetting *setting,
                      ErosStep *step,
                      ErosElement *element,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  /* The operation's own cancellable ends it; what has been found by then is still recorded. */
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  CheckRun *run = g_new0 (CheckRun, 1);
  g_autofree char *blocked = eros_causes_explain_block (setting->causes);

  g_task_set_source_tag (task, eros_check_run_async);
  run->deployment = g_object_ref (setting->deployment);
  run->big_query = g_object_ref (setting->big_query);
  run->operation = g_object_ref (setting->operation);
  run->causes = setting->causes;
  run->all_cut_off = g_hash_table_ref (setting->cut_off);
  run->step = g_object_ref (step);
  run->element = g_object_ref (element);
  run->binding = eros_element_get_check_binding (element);
  run->cut_off = g_ptr_array_new ();
  run->times_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  run->evidence = json_array_new ();
  g_task_set_task_data (task, run, (GDestroyNotify) check_run_free);

  eros_step_start (step);
  if (blocked != NULL)
    conclude (task, EROS_OUTCOME_NOT_LOOKED, blocked, NULL);
  else if (run->binding->builtin != NULL)
    eros_probe_run_async (run->binding->builtin, run->big_query, run->deployment, cancellable_of (task),
                          probed_cb, g_object_ref (task));
  else
    start_query (task);
}

gboolean
eros_check_run_finish (GAsyncResult *result, ErosOutcome *outcome, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gssize value;

  g_return_val_if_fail (g_async_result_is_tagged (result, eros_check_run_async), FALSE);
  value = g_task_propagate_int (G_TASK (result), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *outcome = value;
  return TRUE;
}
