/* eros-cli-status.c: eros-deploy status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-changes.h"
#include "eros-cli-commands.h"
#include "eros-cli-criteria.h"
#include "eros-cli-private.h"
#include "eros-identity.h"
#include "eros-next.h"
#include "eros-escalation.h"
#include "eros-problem.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"
#include "eros-countersignature.h"
#include "eros-watch.h"

#include <glib/gi18n-lib.h>

#define N_NEXT 5 /* things to do that are named */

/* (transfer full) (nullable): what was expected of the answers that the evidence holds */
static char *
list_expected (ErosItem *item)
{
  JsonNode *node = eros_item_get_evidence (item);
  JsonArray *evidence = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; evidence != NULL && i < json_array_get_length (evidence); i++)
    {
      JsonNode *one = json_array_get_element (evidence, i);
      const char *expected =
        JSON_NODE_HOLDS_OBJECT (one)
          ? json_object_get_string_member_with_default (json_node_get_object (one), "expected", NULL)
          : NULL;

      if (expected != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", expected);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
add_item_json (ErosItem *item, JsonArray *array)
{
  ErosElement *element = eros_item_get_element (item);
  g_autofree char *expected = list_expected (item);
  g_autofree char *time = eros_time_iso (eros_item_get_time (item));
  JsonObject *object = json_object_new ();

  eros_cli_set_text (object, "id", eros_element_get_id (element));
  eros_cli_set_text (object, "text", eros_element_get_text (element));
  eros_cli_set_text (object, "mark", eros_cli_mark_text (eros_item_get_mark (item)));
  eros_cli_set_text (object, "actor", eros_item_get_actor (item));
  eros_cli_set_text (object, "time", time);
  eros_cli_set_text (object, "note", eros_item_get_note (item));
  eros_cli_set_text (object, "reason", eros_item_get_reason (item));
  eros_cli_set_text (object, "outcome", eros_outcome_to_text (eros_item_get_outcome (item)));
  eros_cli_set_text (object, "summary", eros_item_get_summary (item));
  eros_cli_set_text (object, "expected", expected);
  json_object_set_boolean_member (object, "failing", eros_item_is_failing (item));
  json_object_set_boolean_member (object, "by_decision", eros_item_is_decided (item));
  json_object_set_boolean_member (object, "signed", eros_item_is_signed (item));
  json_array_add_object_element (array, object);
}

static JsonArray *
items_to_json (ErosDeployment *deployment, ErosPhase *phase)
{
  GListModel *sections = eros_phase_get_sections (phase);
  JsonArray *items = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);
          ErosElementKind kind = eros_element_get_kind (element);

          if (kind == EROS_ELEMENT_CHECK || kind == EROS_ELEMENT_SIGN_OFF)
            add_item_json (eros_deployment_get_item (deployment, eros_element_get_id (element)), items);
        }
    }
  return items;
}

static JsonObject *
phase_to_json (ErosDeployment *deployment, ErosPhaseProgress *progress)
{
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  JsonObject *object = json_object_new ();

  eros_cli_set_text (object, "id", eros_phase_get_id (phase));
  eros_cli_set_text (object, "title", eros_phase_get_title (phase));
  json_object_set_int_member (object, "number", eros_phase_get_number (phase));
  json_object_set_boolean_member (object, "contingency", eros_phase_is_contingency (phase));
  json_object_set_int_member (object, "done", eros_phase_progress_get_done (progress));
  json_object_set_int_member (object, "total", eros_phase_progress_get_total (progress));
  json_object_set_int_member (object, "by_decision", eros_phase_progress_get_decided (progress));
  eros_cli_set_text (object, "state", eros_cli_phase_state_text (eros_phase_progress_get_state (progress)));
  json_object_set_boolean_member (object, "taken_back", eros_problem_is_taken_back (deployment, phase));
  json_object_set_array_member (object, "items", items_to_json (deployment, phase));
  return object;
}

static JsonArray *
gates_to_json (ErosDeployment *deployment)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (deployment));
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      g_autofree char *missing = NULL;
      JsonObject *object = json_object_new ();
      ErosOverride override = { 0 };

      eros_cli_set_text (object, "id", eros_gate_get_id (gate));
      eros_cli_set_text (object, "title", eros_gate_get_title (gate));
      json_object_set_boolean_member (object, "open",
                                      eros_deployment_gate_is_open (deployment, gate, &missing));
      eros_cli_set_text (object, "missing", missing);
      if (eros_deployment_get_override (deployment, eros_gate_get_id (gate), &override))
        {
          JsonObject *decision = json_object_new ();

          eros_cli_set_text (decision, "name", override.name);
          eros_cli_set_text (decision, "reason", override.reason);
          json_object_set_object_member (object, "override", decision);
        }
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
texts_to_json (const char *const *texts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  return array;
}

static JsonObject *
withdrawal_to_json (const ErosDecision *decision)
{
  g_autofree char *time = eros_time_iso (eros_event_get_time (decision->withdrawal));
  JsonObject *object = json_object_new ();

  eros_cli_set_text (object, "actor", eros_event_get_actor (decision->withdrawal));
  eros_cli_set_text (object, "time", time);
  eros_cli_set_text (object, "reason", eros_decision_get_withdrawal_reason (decision));
  return object;
}

/* That stands behind a signature which holds; NULL: it is by name only. */
static const char *
certificate_of (ErosDeployment *deployment, const ErosDecision *decision)
{
  return decision->kind == EROS_DECISION_SIGNATURE && decision->withdrawal == NULL
           ? eros_identity_get_certificate (deployment, eros_decision_get_target (decision))
           : NULL;
}

static void
print_certificate (ErosDeployment *deployment, const ErosDecision *decision)
{
  const char *certificate = certificate_of (deployment, decision);

  if (certificate != NULL)
    /* Translators: a fingerprint */
    eros_cli_print (_ ("    certificate %s\n"), certificate);
  else if (decision->kind == EROS_DECISION_SIGNATURE && decision->withdrawal == NULL)
    eros_cli_print (_ ("    by name only\n"));
}

static JsonArray *
decisions_to_json (ErosDeployment *deployment)
{
  static const char *const kinds[] = { "override", "signature", "tick", "not-applicable" };
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < decisions->len; i++)
    {
      const ErosDecision *decision = decisions->pdata[i];
      g_autofree char *time = eros_time_iso (eros_event_get_time (decision->event));
      g_autofree char *text = eros_deployment_describe_decision (deployment, decision);
      g_auto (GStrv) through = eros_deployment_list_done_through (deployment, decision);
      g_auto (GStrv) contradictions = eros_deployment_list_contradictions_of (deployment, decision);
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "kind", kinds[decision->kind]);
      eros_cli_set_text (object, "target", eros_decision_get_target (decision));
      eros_cli_set_text (object, "text", text);
      eros_cli_set_text (object, "name", eros_decision_get_name (decision));
      eros_cli_set_text (object, "reason", eros_decision_get_reason (decision));
      eros_cli_set_text (object, "certificate", certificate_of (deployment, decision));
      eros_cli_set_text (object, "actor", eros_event_get_actor (decision->event));
      eros_cli_set_text (object, "time", time);
      json_object_set_array_member (object, "done_through", texts_to_json ((const char *const *) through));
      json_object_set_array_member (object, "contradictions",
                                    texts_to_json ((const char *const *) contradictions));
      if (decision->withdrawal != NULL)
        json_object_set_object_member (object, "withdrawn", withdrawal_to_json (decision));
      else
        json_object_set_null_member (object, "withdrawn");
      json_array_add_object_element (array, object);
    }
  return array;
}

/* What was signed, and what speaks against it now. */
static void
add_outcome_json (ErosDeployment *deployment, JsonObject *object)
{
  g_autofree char *rolled_back = eros_time_iso (eros_deployment_get_operation_end (deployment, "rollback"));
  g_auto (GStrv) reviews = eros_deployment_list_reviews (deployment);
  g_auto (GStrv) shared = eros_deployment_list_shared_signatures (deployment);
  g_auto (GStrv) escalations = eros_escalation_list (deployment);
  g_auto (GStrv) contradictions = eros_deployment_list_contradictions (deployment, NULL);
  const char *status = NULL;

  eros_deployment_get_verdict (deployment, &status);
  eros_cli_set_text (object, "result", eros_cli_result_text (eros_deployment_get_result (deployment)));
  eros_cli_set_text (object, "rolled_back_at", rolled_back);
  eros_cli_set_text (object, "signed_status", status);
  json_object_set_array_member (object, "contradictions",
                                texts_to_json ((const char *const *) contradictions));
  json_object_set_array_member (object, "shared_signatures", texts_to_json ((const char *const *) shared));
  json_object_set_array_member (object, "reviews", texts_to_json ((const char *const *) reviews));
  json_object_set_array_member (object, "escalations", texts_to_json ((const char *const *) escalations));
}

static JsonArray *
unfinished_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_unfinished_list (deployment);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const ErosUnfinished *unfinished = list->pdata[i];
      g_autofree char *begun = eros_time_iso (unfinished->begun);
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "id", unfinished->id);
      eros_cli_set_text (object, "operation", unfinished->kind);
      eros_cli_set_text (object, "title", unfinished->title);
      eros_cli_set_text (object, "begun", begun);
      eros_cli_set_text (object, "outcome", unfinished->outcome);
      eros_cli_set_text (object, "owed", unfinished->owed);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
watch_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);
      JsonObject *object = json_object_new ();
      g_autofree char *due = eros_time_iso (slot->due);

      eros_cli_set_text (object, "entry", slot->entry->id);
      eros_cli_set_text (object, "due", due);
      eros_cli_set_text (object, "state", eros_slot_state_to_text (slot->state));
      eros_cli_set_text (object, "reason", slot->reason);
      json_array_add_object_element (array, object);
    }
  return array;
}

static GPtrArray *
list_problems (ErosDeployment *deployment)
{
  return eros_problem_list (deployment, eros_timeline_get_now (deployment), NULL);
}

static JsonArray *
problems_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) problems = list_problems (deployment);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < problems->len; i++)
    {
      ErosProblem *problem = problems->pdata[i];
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "kind", eros_problem_kind_to_text (eros_problem_get_kind (problem)));
      eros_cli_set_text (object, "target", eros_problem_get_target (problem));
      eros_cli_set_text (object, "place", eros_problem_get_place (problem));
      eros_cli_set_text (object, "text", eros_problem_get_text (problem));
      json_object_set_boolean_member (object, "grave", eros_problem_is_grave (problem));
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
obstacles_to_json (GPtrArray *obstacles)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < obstacles->len; i++)
    {
      const ErosObstacle *obstacle = obstacles->pdata[i];
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "gate", eros_gate_get_id (obstacle->gate));
      eros_cli_set_text (object, "missing", obstacle->missing);
      json_object_set_array_member (object, "elements",
                                    texts_to_json ((const char *const *) obstacle->elements));
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
next_to_json (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = eros_next_list (deployment, eros_timeline_get_now (deployment), N_NEXT);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const ErosNext *next = list->pdata[i];
      g_autofree char *due = eros_time_iso (next->due);
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "kind", eros_next_kind_to_text (next->kind));
      eros_cli_set_text (object, "element",
                         next->element != NULL ? eros_element_get_id (next->element) : NULL);
      eros_cli_set_text (object, "operation", next->operation);
      eros_cli_set_text (object, "text", next->text);
      eros_cli_set_text (object, "due", due);
      json_object_set_array_member (object, "obstacles", obstacles_to_json (next->obstacles));
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
print_watch (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));
  g_autofree char *made = eros_watch_describe (slots, NULL);

  if (made != NULL)
    /* Translators: how many rounds of monitoring were made, missed, and which is next */
    eros_cli_print (_ ("\nMonitoring: %s\n"), made);
}

static void
print_json (ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  GListModel *progress = eros_deployment_get_progress (deployment);
  JsonObject *object = json_object_new ();
  JsonArray *phases = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  g_autoptr (ErosUnfinished) next = eros_unfinished_find (deployment, NULL);
  guint done, total;

  eros_deployment_get_overall (deployment, &done, &total);
  eros_cli_set_text (object, "id", eros_deployment_get_id (deployment));
  eros_cli_set_text (object, "name", setup->name);
  eros_cli_set_text (object, "environment", eros_cli_environment_text (setup->environment));
  eros_cli_set_text (object, "project", setup->project);
  eros_cli_set_text (object, "dataset", setup->dataset);
  add_outcome_json (deployment, object);
  json_object_set_int_member (object, "done", done);
  json_object_set_int_member (object, "total", total);
  eros_cli_set_text (object, "head", eros_journal_get_head (journal));
  json_object_set_int_member (object, "events", g_list_model_get_n_items (G_LIST_MODEL (journal)));
  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      json_array_add_object_element (phases, phase_to_json (deployment, phase));
    }
  json_object_set_array_member (object, "phases", phases);
  json_object_set_array_member (object, "gates", gates_to_json (deployment));
  json_object_set_array_member (object, "decisions", decisions_to_json (deployment));
  json_object_set_array_member (object, "changes", eros_cli_changes_to_json (deployment));
  json_object_set_array_member (object, "criteria", eros_cli_criteria_to_json (deployment));
  json_object_set_array_member (object, "unfinished", unfinished_to_json (deployment));
  json_object_set_array_member (object, "watch", watch_to_json (deployment));
  json_object_set_array_member (object, "problems", problems_to_json (deployment));
  json_object_set_array_member (object, "next", next_to_json (deployment));
  /* What “resume” goes on with. */
  eros_cli_set_text (object, "resume", next != NULL ? next->id : NULL);
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

/* The worst wins, and what was taken back holds no longer. */
static const char *
find_symbol (ErosDeployment *deployment, ErosPhaseProgress *progress, GPtrArray *problems)
{
  static const char *const symbols[] = { "○", "▶", "✔", "✘" };
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  ErosProblem *worst = eros_problem_find_worst (problems, deployment, phase);

  if (worst != NULL && eros_problem_is_grave (worst))
    return "✘";
  if (eros_problem_is_taken_back (deployment, phase))
    return "⟲";
  return worst != NULL ? "⚠" : symbols[eros_phase_progress_get_state (progress)];
}

static void
print_phase (ErosDeployment *deployment, ErosPhaseProgress *progress, GPtrArray *problems)
{
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  guint decided = eros_phase_progress_get_decided (progress);
  g_autofree char *by_decision =
    decided > 0 ? g_strdup_printf (
                    g_dngettext (GETTEXT_PACKAGE, "  %u by decision", "  %u by decision", decided), decided)
                : g_strdup ("");
  int padding = MAX (1, 24 - (int) g_utf8_strlen (eros_phase_get_short_title (phase), -1));

  eros_cli_print ("  %s %u %s%*s%u/%u%s%s%s\n", find_symbol (deployment, progress, problems),
                  eros_phase_get_number (phase), eros_phase_get_short_title (phase), padding, "",
                  eros_phase_progress_get_done (progress), eros_phase_progress_get_total (progress),
                  by_decision, eros_problem_is_taken_back (deployment, phase) ? _ ("  (taken back)") : "",
                  eros_phase_is_contingency (phase) ? _ ("  (only when needed)") : "");
}

static void
print_problems (GPtrArray *problems)
{
  if (problems->len > 0)
    eros_cli_print (_ ("\nWhat is wrong:\n"));
  for (guint i = 0; i < problems->len; i++)
    {
      ErosProblem *problem = problems->pdata[i];

      eros_cli_print ("  %s %s\n", eros_problem_is_grave (problem) ? "✘" : "⚠",
                      eros_problem_get_text (problem));
      if (eros_problem_get_place (problem) != NULL)
        eros_cli_print ("    %s\n", eros_problem_get_place (problem));
    }
}

static void
print_decision (ErosDeployment *deployment, const ErosDecision *decision)
{
  g_autofree char *text = eros_deployment_describe_decision (deployment, decision);
  g_autofree char *time = eros_time_text (eros_event_get_time (decision->event));
  g_autofree char *person = eros_identity_get_person (eros_decision_get_name (decision));
  g_autofree char *recorder = eros_identity_get_person (eros_event_get_actor (decision->event));
  g_auto (GStrv) through = eros_deployment_list_done_through (deployment, decision);

  /* Translators: what was decided; by whom; when */
  eros_cli_print (_ ("  %s, by %s, %s\n"), text, eros_decision_get_name (decision), time);
  eros_cli_print ("    %s\n", eros_decision_get_target (decision));
  if (!g_str_equal (person, recorder))
    eros_cli_print (_ ("    recorded by %s\n"), recorder);
  print_certificate (deployment, decision);
  if (*eros_decision_get_reason (decision) != '\0')
    /* Translators: why something was decided */
    eros_cli_print (_ ("    reason: %s\n"), eros_decision_get_reason (decision));
  for (guint i = 0; through[i] != NULL; i++)
    eros_cli_print (_ ("    done while it held: %s\n"), through[i]);
  if (decision->withdrawal != NULL)
    {
      g_autofree char *when = eros_time_text (eros_event_get_time (decision->withdrawal));

      /* Translators: a person; when; the reason */
      eros_cli_print (_ ("    withdrawn by %s, %s: %s\n"), eros_event_get_actor (decision->withdrawal), when,
                      eros_decision_get_withdrawal_reason (decision));
    }
}

static void
print_decisions (ErosDeployment *deployment)
{
  GPtrArray *decisions = eros_deployment_get_decisions (deployment);
  g_auto (GStrv) shared = eros_deployment_list_shared_signatures (deployment);
  g_auto (GStrv) reviews = eros_deployment_list_reviews (deployment);
  g_auto (GStrv) escalations = eros_escalation_list (deployment);

  for (guint i = 0; escalations[i] != NULL; i++)
    eros_cli_print ("  ⚠ %s\n", escalations[i]);
  if (decisions->len > 0)
    eros_cli_print (_ ("\nDecided and signed:\n"));
  for (guint i = 0; i < decisions->len; i++)
    print_decision (deployment, decisions->pdata[i]);
  for (guint i = 0; shared[i] != NULL; i++)
    eros_cli_print ("  ⚠ %s\n", shared[i]);
  for (guint i = 0; reviews[i] != NULL; i++)
    eros_cli_print ("  ⚠ %s\n", reviews[i]);
}

/* What a signed success has against it, and that it was rolled back. */
static void
print_outcome (ErosDeployment *deployment)
{
  gint64 rolled_back = eros_deployment_get_operation_end (deployment, "rollback");
  const char *status = NULL;
  ErosItem *verdict = eros_deployment_get_verdict (deployment, &status);
  g_auto (GStrv) contradictions = eros_deployment_list_contradictions (deployment, NULL);

  if (rolled_back != 0)
    {
      g_autofree char *time = eros_time_text (rolled_back);

      eros_cli_print (_ ("  Rolled back at %s\n"), time);
    }
  if (verdict == NULL)
    return;
  /* Translators: “SUCCESS”; a person */
  eros_cli_print (_ ("  Signed as %s by %s\n"), status, eros_item_get_actor (verdict));
  for (guint i = 0; contradictions[i] != NULL; i++)
    eros_cli_print ("    ⚠ %s\n", contradictions[i]);
}

static void
print_next (ErosDeployment *deployment)
{
  static const char *const symbols[] = { "▶", "▶", "▶", "▶", "☐", "☐", "◷" };
  g_autoptr (GPtrArray) list = eros_next_list (deployment, eros_timeline_get_now (deployment), N_NEXT);

  if (list->len > 0)
    eros_cli_print (_ ("\nNext:\n"));
  for (guint i = 0; i < list->len; i++)
    {
      const ErosNext *next = list->pdata[i];
      g_autofree char *due = eros_time_text (next->due);

      eros_cli_print ("  %s %s%s%s\n", symbols[next->kind], next->text, next->due != 0 ? ", " : "", due);
      if (next->element != NULL)
        eros_cli_print ("    %s\n", eros_element_get_id (next->element));
      for (guint k = 0; k < next->obstacles->len; k++)
        {
          const ErosObstacle *obstacle = next->obstacles->pdata[k];

          /* Translators: a condition; what is not done yet */
          eros_cli_print (_ ("    waits for “%s”: %s\n"), eros_gate_get_title (obstacle->gate),
                          obstacle->missing);
        }
    }
}

static void
print_text (ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  GListModel *progress = eros_deployment_get_progress (deployment);
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  g_autoptr (GPtrArray) problems = list_problems (deployment);
  guint done, total, n_events;

  eros_deployment_get_overall (deployment, &done, &total);
  /* Translators: name, environment, numbers, “undecided” and the like. */
  eros_cli_print (_ ("%s (%s): %u of %u done, result: %s\n"), setup->name,
                  eros_cli_environment_text (setup->environment), done, total,
                  eros_cli_result_text (eros_deployment_get_result (deployment)));
  print_outcome (deployment);
  /* Whoever keeps the second line elsewhere can tell later whether anything was changed or taken away.
   * Translators: number; SHA-256 */
  n_events = g_list_model_get_n_items (G_LIST_MODEL (journal));
  eros_cli_print ("  %s\n", g_file_peek_path (eros_journal_get_file (journal)));
  eros_cli_print (ngettext ("  %u event, head %s\n\n", "  %u events, head %s\n\n", n_events), n_events,
                  eros_journal_get_head (journal));
  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      print_phase (deployment, phase, problems);
    }
  print_problems (problems);
  print_decisions (deployment);
  eros_cli_print_changes (deployment);
  eros_cli_print_criteria (deployment);
  print_watch (deployment);
  print_next (deployment);
}

int
eros_cli_status (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON, with every item"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Says how far a deployment is, what fails and what is next."), 1, 1, error))
    return EROS_EXIT_USAGE;
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_READ, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (json)
    print_json (deployment);
  else
    print_text (deployment);
  return EROS_EXIT_DONE;
}
