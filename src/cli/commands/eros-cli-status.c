/* eros-cli-status.c: eros-deploy status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <glib/gi18n-lib.h>

#define N_NEXT 5 /* open items that are named */

typedef void (*EachItem) (ErosDeployment *deployment, ErosItem *item, gpointer user_data);

static void
each_item (ErosDeployment *deployment, ErosPhase *phase, EachItem function, gpointer user_data)
{
  GListModel *sections = eros_phase_get_sections (phase);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);
          ErosElementKind kind = eros_element_get_kind (element);

          if (kind == EROS_ELEMENT_CHECK || kind == EROS_ELEMENT_SIGN_OFF)
            function (deployment, eros_deployment_get_item (deployment, eros_element_get_id (element)),
                      user_data);
        }
    }
}

static void
add_item_json (ErosDeployment *deployment, ErosItem *item, gpointer array)
{
  ErosElement *element = eros_item_get_element (item);
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
  json_object_set_boolean_member (object, "failing", eros_item_is_failing (item));
  json_array_add_object_element (array, object);
}

static JsonObject *
phase_to_json (ErosDeployment *deployment, ErosPhaseProgress *progress)
{
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  JsonObject *object = json_object_new ();
  JsonArray *items = json_array_new ();

  eros_cli_set_text (object, "id", eros_phase_get_id (phase));
  eros_cli_set_text (object, "title", eros_phase_get_title (phase));
  json_object_set_int_member (object, "number", eros_phase_get_number (phase));
  json_object_set_boolean_member (object, "contingency", eros_phase_is_contingency (phase));
  json_object_set_int_member (object, "done", eros_phase_progress_get_done (progress));
  json_object_set_int_member (object, "total", eros_phase_progress_get_total (progress));
  eros_cli_set_text (object, "state", eros_cli_phase_state_text (eros_phase_progress_get_state (progress)));
  each_item (deployment, phase, add_item_json, items);
  json_object_set_array_member (object, "items", items);
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

static void
print_json (ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  GListModel *progress = eros_deployment_get_progress (deployment);
  JsonObject *object = json_object_new ();
  JsonArray *phases = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  guint done, total;

  eros_deployment_get_overall (deployment, &done, &total);
  eros_cli_set_text (object, "id", eros_deployment_get_id (deployment));
  eros_cli_set_text (object, "name", setup->name);
  eros_cli_set_text (object, "environment", eros_cli_environment_text (setup->environment));
  eros_cli_set_text (object, "project", setup->project);
  eros_cli_set_text (object, "dataset", setup->dataset);
  eros_cli_set_text (object, "result", eros_cli_result_text (eros_deployment_get_result (deployment)));
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
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

static void
print_phase (ErosPhaseProgress *progress)
{
  static const char *const symbols[] = { "○", "▶", "✔", "✘" };
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  int padding = MAX (1, 24 - (int) g_utf8_strlen (eros_phase_get_short_title (phase), -1));

  eros_cli_print ("  %s %u %s%*s%u/%u%s\n", symbols[eros_phase_progress_get_state (progress)],
                  eros_phase_get_number (phase), eros_phase_get_short_title (phase), padding, "",
                  eros_phase_progress_get_done (progress), eros_phase_progress_get_total (progress),
                  eros_phase_is_contingency (phase) ? _ ("  (only when needed)") : "");
}

static void
print_failing (ErosDeployment *deployment, ErosItem *item, gpointer user_data)
{
  guint *n = user_data;

  if (!eros_item_is_failing (item))
    return;
  if ((*n)++ == 0)
    eros_cli_print (_ ("\nFailing:\n"));
  eros_cli_print ("  ✘ %s: %s\n    %s\n", eros_element_get_label (eros_item_get_element (item)),
                  eros_item_get_summary (item), eros_element_get_id (eros_item_get_element (item)));
}

static void
print_next (ErosDeployment *deployment, ErosItem *item, gpointer user_data)
{
  guint *n = user_data;
  g_autofree char *reason = NULL;
  ErosElement *element = eros_item_get_element (item);
  const char *action = eros_element_get_kind (element) == EROS_ELEMENT_SIGN_OFF ? "sign" : "tick";
  ErosGate *gate = NULL;

  if (eros_item_get_mark (item) != EROS_ITEM_OPEN || *n >= N_NEXT)
    return;
  if ((*n)++ == 0)
    eros_cli_print (_ ("\nNext:\n"));
  eros_cli_print ("  ☐ %s\n    %s\n", eros_element_get_label (element), eros_element_get_id (element));
  if (!eros_deployment_allows (deployment, action, eros_element_get_id (element), &reason, &gate) &&
      gate != NULL)
    eros_cli_print ("    %s\n", reason);
}

static void
each_phase (ErosDeployment *deployment, EachItem function)
{
  GListModel *progress = eros_deployment_get_progress (deployment);
  guint n_printed = 0;

  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      if (!eros_phase_is_contingency (eros_phase_progress_get_phase (phase)))
        each_item (deployment, eros_phase_progress_get_phase (phase), function, &n_printed);
    }
}

static void
print_text (ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  GListModel *progress = eros_deployment_get_progress (deployment);
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  guint done, total, n_events;

  eros_deployment_get_overall (deployment, &done, &total);
  /* Translators: name, environment, numbers, “undecided” and the like. */
  eros_cli_print (_ ("%s (%s): %u of %u done, result: %s\n"), setup->name,
                  eros_cli_environment_text (setup->environment), done, total,
                  eros_cli_result_text (eros_deployment_get_result (deployment)));
  /* Whoever keeps the second line elsewhere can tell later whether anything was changed or taken away.
   * Translators: number; SHA-256 */
  n_events = g_list_model_get_n_items (G_LIST_MODEL (journal));
  eros_cli_print ("  %s\n", g_file_peek_path (eros_journal_get_file (journal)));
  eros_cli_print (ngettext ("  %u event, head %s\n\n", "  %u events, head %s\n\n", n_events), n_events,
                  eros_journal_get_head (journal));
  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      print_phase (phase);
    }
  each_phase (deployment, print_failing);
  each_phase (deployment, print_next);
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
