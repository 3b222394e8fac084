/* eros-attestation.c: what was deployed, as a statement that other programs read
 *
 * Its subjects are the files that a report of the same record carries, by the digests that the report prints.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-attestation.h"

#include "eros-report-attachments.h"
#include "eros-report-content.h"
#include "eros-time-text.h"

#define STATEMENT "https://in-toto.io/Statement/v1"

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (object, name, text);
}

static void
set_time (JsonObject *object, const char *name, gint64 time)
{
  g_autofree char *text = eros_time_iso (time);

  set_text (object, name, text);
}

/* ---- what it is about ---------------------------------------------------------------------------------- */

/* The SQL that was sent, and the inventories; the record and the runbook are what the predicate rests on. */
static JsonArray *
list_subjects (GPtrArray *attachments)
{
  JsonArray *subjects = json_array_new ();

  for (guint i = 0; i < attachments->len; i++)
    {
      const ErosReportAttachment *attachment = attachments->pdata[i];
      JsonObject *subject, *digest;

      if (!g_str_has_prefix (attachment->name, "sql-") && !g_str_has_prefix (attachment->name, "inventory-"))
        continue;
      digest = json_object_new ();
      json_object_set_string_member (digest, "sha256", attachment->sha256);
      subject = json_object_new ();
      json_object_set_string_member (subject, "name", attachment->name);
      json_object_set_object_member (subject, "digest", digest);
      json_array_add_object_element (subjects, subject);
    }
  return subjects;
}

/* ---- what is said of it -------------------------------------------------------------------------------- */

static JsonObject *
describe_place (ErosReportState *state)
{
  static const char *const environments[] = { "rehearsal", "staging", "production" };
  JsonObject *object = json_object_new ();

  set_text (object, "name", state->name);
  set_text (object, "environment", environments[state->environment]);
  set_text (object, "project", state->project);
  set_text (object, "dataset", state->dataset);
  set_text (object, "location", state->location);
  set_text (object, "window", state->window);
  set_text (object, "lead", state->lead);
  set_text (object, "prepared_by", state->story->created_by);
  set_time (object, "prepared_at", eros_report_state_first (state));
  return object;
}

static JsonObject *
describe_record (ErosReportState *state)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "events", state->events->len);
  set_text (object, "head", state->head);
  set_text (object, "runbook_sha256", eros_runbook_get_sha256 (state->runbook));
  return object;
}

static JsonArray *
list_work (ErosReportState *state)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->story->operations->len; i++)
    {
      const ErosReportOperation *operation = state->story->operations->pdata[i];
      JsonObject *object = json_object_new ();

      set_text (object, "operation", operation->kind);
      set_text (object, "by", operation->actor);
      set_time (object, "started", operation->started);
      set_time (object, "ended", operation->ended);
      set_text (object, "outcome", operation->outcome);
      set_text (object, "reason", operation->reason);
      set_text (object, "authority", operation->authority);
      set_text (object, "backup", operation->backup);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
list_decisions (ErosReportState *state)
{
  static const char *const kinds[] = { "override", "signature", "tick", "not-applicable" };
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < state->decisions->len; i++)
    {
      const ErosReportDecision *decision = state->decisions->pdata[i];
      JsonObject *object = json_object_new ();

      set_text (object, "kind", kinds[decision->kind]);
      set_text (object, "of", decision->target);
      set_text (object, "name", decision->name);
      set_time (object, "time", decision->time);
      set_text (object, "reason", decision->reason);
      set_text (object, "withdrawn_by", decision->withdrawn_by);
      json_array_add_object_element (array, object);
    }
  return array;
}

typedef struct
{
  JsonArray *approvals;
  JsonArray *tests;
} Lists;

/* A box about a person that is ticked: one that was set aside approves nothing; and one that the machine has
 * looked at. */
static void
add_box_cb (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  Lists *lists = user_data;
  const char *id = eros_element_get_id (element);
  const char *person = eros_element_get_person (element);
  const ErosReportItem *item = eros_report_state_item (state, id);
  JsonObject *object;

  if (person != NULL ? item->mark != EROS_ITEM_TICKED : item->outcome == EROS_OUTCOME_NONE)
    return;
  object = json_object_new ();
  set_text (object, "id", id);
  if (person != NULL)
    {
      set_text (object, "name", eros_report_state_value (state, person)->text);
      set_text (object, "marked_by", item->actor);
      set_time (object, "time", item->time);
      json_array_add_object_element (lists->approvals, object);
      return;
    }
  set_text (object, "outcome", eros_outcome_to_text (item->outcome));
  set_text (object, "found", item->summary);
  if (item->is_decided)
    set_text (object, "decided_by", item->actor);
  json_array_add_object_element (lists->tests, object);
}

static JsonObject *
describe_outcome (ErosReportState *state)
{
  static const char *const results[] = { "undecided", "success", "rolled-back", "rollback-required" };
  JsonObject *object = json_object_new ();
  JsonArray *against = json_array_new ();

  set_text (object, "result", results[state->result]);
  set_text (object, "signed", state->signed_status);
  set_time (object, "rolled_back_at", state->rolled_back);
  for (guint i = 0; state->contradictions[i] != NULL; i++)
    json_array_add_string_element (against, state->contradictions[i]);
  json_object_set_array_member (object, "contradictions", against);
  return object;
}

static JsonObject *
describe (ErosReportState *state)
{
  JsonObject *predicate = json_object_new ();
  Lists lists = { json_array_new (), json_array_new () };

  eros_report_foreach_element (state, add_box_cb, &lists);
  json_object_set_object_member (predicate, "deployment", describe_place (state));
  json_object_set_object_member (predicate, "record", describe_record (state));
  json_object_set_array_member (predicate, "approvals", lists.approvals);
  json_object_set_array_member (predicate, "tests", lists.tests);
  json_object_set_array_member (predicate, "work", list_work (state));
  json_object_set_array_member (predicate, "decisions", list_decisions (state));
  json_object_set_object_member (predicate, "outcome", describe_outcome (state));
  return predicate;
}

/**
 * eros_attestation_make:
 * @deployment: a deployment, however far it is
 * @error: return location for an error
 *
 * The same record gives the same text. Signing it is another matter: eros_dsse_sign ().
 *
 * Returns: (transfer full): an in-toto statement in JSON
 */
char *
eros_attestation_make (ErosDeployment *deployment, GError **error)
{
  g_autoptr (ErosReportState) state = eros_report_state_new (deployment);
  g_autoptr (GPtrArray) attachments = eros_report_pack_attachments (state, NULL, error);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *statement;

  if (attachments == NULL)
    return NULL;
  statement = json_object_new ();
  json_object_set_string_member (statement, "_type", STATEMENT);
  json_object_set_array_member (statement, "subject", list_subjects (attachments));
  json_object_set_string_member (statement, "predicateType", EROS_ATTESTATION_PREDICATE);
  json_object_set_object_member (statement, "predicate", describe (state));
  json_node_take_object (node, statement);
  return json_to_string (node, FALSE);
}
