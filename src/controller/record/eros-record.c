/* eros-record.c: what the controller writes into the journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-record.h"

#include "eros-big-query-error.h"
#include "eros-time-text.h"

static const char *
word_of (ErosOutcome outcome)
{
  switch (outcome)
    {
    case EROS_OUTCOME_PASS:
      return "pass";
    case EROS_OUTCOME_FAIL:
      return "fail";
    case EROS_OUTCOME_WARNING:
      return "warning";
    case EROS_OUTCOME_NOT_ENOUGH:
    case EROS_OUTCOME_NOT_LOOKED:
      return eros_outcome_to_text (outcome);
    case EROS_OUTCOME_NONE:
      return "cancelled";
    case EROS_OUTCOME_ERROR:
    default:
      return "error";
    }
}

/* Takes body. */
static gboolean
record (ErosDeployment *deployment, const char *kind, JsonObject *body, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  json_object_unref (body);
  return eros_deployment_record (deployment, kind, node, error) != NULL;
}

gboolean
eros_record_operation_started (ErosDeployment *deployment, ErosOperation *operation, GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_OPERATION, eros_operation_get_kind (operation));
  json_object_set_string_member (body, EROS_MEMBER_ID, eros_operation_get_id (operation));
  json_object_set_string_member (body, EROS_MEMBER_TITLE, eros_operation_get_title (operation));
  return record (deployment, EROS_EVENT_OPERATION_STARTED, body, error);
}

gboolean
eros_record_operation_ended (ErosDeployment *deployment,
                             ErosOperation *operation,
                             ErosOutcome outcome,
                             const char *owed,
                             GError **error)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_OPERATION, eros_operation_get_kind (operation));
  json_object_set_string_member (body, EROS_MEMBER_ID, eros_operation_get_id (operation));
  json_object_set_string_member (body, EROS_MEMBER_OUTCOME, word_of (outcome));
  if (eros_operation_get_error (operation) != NULL)
    json_object_set_string_member (body, EROS_MEMBER_ERROR, eros_operation_get_error (operation));
  if (eros_operation_get_message (operation) != NULL)
    json_object_set_string_member (body, EROS_MEMBER_SUMMARY, eros_operation_get_message (operation));
  if (owed != NULL && *owed != '\0')
    json_object_set_string_member (body, EROS_MEMBER_OWED, owed);
  return record (deployment, EROS_EVENT_OPERATION_ENDED, body, error);
}

gboolean
eros_record_job_ended (ErosDeployment *deployment,
                       const char *job_id,
                       ErosJob *job,
                       const GError *failure,
                       GError **error)
{
  JsonObject *body = job != NULL ? eros_record_job_evidence (job) : json_object_new ();
  ErosOutcome outcome = EROS_OUTCOME_PASS;

  if (failure != NULL)
    {
      gboolean stopped = g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      outcome = stopped ? EROS_OUTCOME_NONE : job != NULL ? EROS_OUTCOME_FAIL : EROS_OUTCOME_ERROR;
      json_object_set_string_member (body, EROS_MEMBER_ERROR, failure->message);
    }
  json_object_set_string_member (body, EROS_MEMBER_JOB_ID, job_id);
  json_object_set_string_member (body, EROS_MEMBER_OUTCOME, word_of (outcome));
  return record (deployment, EROS_EVENT_JOB_ENDED, body, error);
}

static void
set_known (JsonObject *object, const char *member, gint64 value)
{
  if (value >= 0)
    json_object_set_int_member (object, member, value);
}

static void
set_time (JsonObject *object, const char *member, gint64 micros)
{
  g_autofree char *text = micros > 0 ? eros_time_iso_exact (micros) : NULL;

  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

JsonObject *
eros_record_job_evidence (ErosJob *job)
{
  JsonObject *evidence = json_object_new ();

  if (eros_job_get_id (job) != NULL)
    json_object_set_string_member (evidence, EROS_MEMBER_JOB_ID, eros_job_get_id (job));
  if (eros_job_get_location (job) != NULL)
    json_object_set_string_member (evidence, EROS_MEMBER_LOCATION, eros_job_get_location (job));
  set_time (evidence, EROS_MEMBER_STARTED, eros_job_get_started (job));
  set_time (evidence, EROS_MEMBER_ENDED, eros_job_get_ended (job));
  set_known (evidence, EROS_MEMBER_BYTES_PROCESSED, eros_job_get_bytes_processed (job));
  set_known (evidence, EROS_MEMBER_BYTES_BILLED, eros_job_get_bytes_billed (job));
  set_known (evidence, EROS_MEMBER_SLOT_MS, eros_job_get_slot_ms (job));
  set_known (evidence, EROS_MEMBER_AFFECTED_ROWS, eros_job_get_affected_rows (job));
  return evidence;
}
