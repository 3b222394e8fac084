/* eros-cli-check.c: eros-deploy check
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-progress.h"
#include "eros-cli-service.h"

static gboolean
run_checks (ErosController *controller, const char *const *ids, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  GError *problem = NULL;

  eros_controller_run_checks_async (controller, ids, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  /* Failed checks are no error: they are in the record. */
  eros_controller_run_checks_finish (controller, result, &problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/* The outcomes that the checks of the last run have left. */
typedef struct
{
  GPtrArray *items; /* of ErosItem */
  guint n_passed;
  guint n_warnings;
  guint n_failed;
  guint n_not_enough;
  guint n_errors;
} Tally;

static void
tally_clear (Tally *tally)
{
  g_clear_pointer (&tally->items, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tally, tally_clear)

static void
count (ErosController *controller, Tally *tally)
{
  GListModel *steps = eros_operation_get_steps (
    eros_controller_find_operation (controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_CHECKS)));

  tally->items = g_ptr_array_new ();
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      ErosItem *item = eros_deployment_get_item (eros_controller_get_deployment (controller),
                                                 eros_step_get_element_id (step));
      ErosOutcome outcome = eros_item_get_outcome (item);

      g_ptr_array_add (tally->items, item);
      tally->n_passed += outcome == EROS_OUTCOME_PASS;
      tally->n_warnings += outcome == EROS_OUTCOME_WARNING;
      tally->n_failed += outcome == EROS_OUTCOME_FAIL;
      tally->n_not_enough += outcome == EROS_OUTCOME_NOT_ENOUGH;
      tally->n_errors +=
        outcome == EROS_OUTCOME_ERROR || outcome == EROS_OUTCOME_NOT_LOOKED || outcome == EROS_OUTCOME_NONE;
    }
}

static ErosExit
get_exit (const Tally *tally)
{
  return eros_cli_exit_of (tally->n_failed > 0, tally->n_errors > 0, tally->n_not_enough > 0);
}

static void
print_json (const Tally *tally)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < tally->items->len; i++)
    {
      ErosItem *item = tally->items->pdata[i];
      JsonObject *object = json_object_new ();

      eros_cli_set_text (object, "id", eros_element_get_id (eros_item_get_element (item)));
      eros_cli_set_text (object, "text", eros_element_get_text (eros_item_get_element (item)));
      eros_cli_set_text (object, "outcome", eros_outcome_to_text (eros_item_get_outcome (item)));
      eros_cli_set_text (object, "summary", eros_item_get_summary (item));
      eros_cli_set_text (object, "mark", eros_cli_mark_text (eros_item_get_mark (item)));
      if (eros_item_get_evidence (item) != NULL)
        json_object_set_member (object, "evidence", json_node_copy (eros_item_get_evidence (item)));
      json_array_add_object_element (array, object);
    }
  json_node_take_array (node, array);
  eros_cli_print_json (node);
}

static char **
list_ids (ErosDeployment *deployment, int argc, char **argv)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));

  for (int i = 2; i < argc; i++)
    g_strv_builder_add (builder, argv[i]);
  for (guint i = 0; argc == 2 && i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      g_strv_builder_add (builder, eros_phase_get_id (phase));
    }
  return g_strv_builder_end (builder);
}

/* Sections have no index of their own. */
static gboolean
has_section (GListModel *phases, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);

          if (g_str_equal (eros_section_get_id (section), id))
            return TRUE;
        }
    }
  return FALSE;
}

static gboolean
check_ids (ErosDeployment *deployment, char **ids, GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);

  for (guint i = 0; ids[i] != NULL; i++)
    if (eros_runbook_find_element (runbook, ids[i]) == NULL &&
        eros_runbook_find_phase (runbook, ids[i]) == NULL &&
        !has_section (eros_runbook_get_phases (runbook), ids[i]))
      {
        g_set_error (
          error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
          _ ("The runbook has no item, section or phase “%s”. “eros-deploy status --json” names them."),
          ids[i]);
        return FALSE;
      }
  return TRUE;
}

/* What it would cost. */
static ErosExit
forecast (ErosCliService *service, char **ids, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *size = NULL;
  guint n;
  gint64 bytes;

  eros_controller_forecast_checks_async (service->controller, (const char *const *) ids,
                                         eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  if (!eros_controller_forecast_checks_finish (result, &n, &bytes, error))
    return EROS_EXIT_FAILED;
  if (service->json)
    {
      JsonObject *object = json_object_new ();
      JsonNode *node = json_node_new (JSON_NODE_OBJECT);

      json_object_set_int_member (object, "queries", n);
      json_object_set_int_member (object, "bytes_billed", bytes);
      json_node_take_object (node, object);
      eros_cli_print_json (node);
      return EROS_EXIT_DONE;
    }
  size = g_format_size (bytes);
  eros_cli_print (
    ngettext ("%u query, for which %s would be billed, about US$ %.4f. Nothing has been run.\n",
              "%u queries, for which %s would be billed, about US$ %.4f. Nothing has been run.\n", n),
    n, size, eros_connection_get_cost (eros_controller_get_connection (service->controller), bytes));
  return EROS_EXIT_DONE;
}

static ErosExit
check (ErosCliService *service, char **ids, GError **error)
{
  g_auto (Tally) tally = { 0 };

  if (!service->json)
    eros_cli_progress_watch (service->deployment);
  if (!run_checks (service->controller, (const char *const *) ids, error))
    return EROS_EXIT_FAILED;
  count (service->controller, &tally);
  if (service->json)
    print_json (&tally);
  else
    eros_cli_print (
      _ ("%u passed, %u passed with a warning, %u failed, %u not enough to say, %u could not be made\n"),
      tally.n_passed, tally.n_warnings, tally.n_failed, tally.n_not_enough, tally.n_errors);
  return get_exit (&tally);
}

/* That nobody answers is what the box about it says, and no other: those could not be looked at. */
static void
record_no_answer (ErosDeployment *deployment, char **ids, const GError *error)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));
  const char *const *wanted = (const char *const *) ids;

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);
          GListModel *elements = eros_section_get_elements (section);

          for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);
              const ErosCheckBinding *binding = eros_element_get_check_binding (element);
              const char *id = eros_element_get_id (element);

              if (binding != NULL && g_strcmp0 (binding->builtin, "connection.network") == 0 &&
                  (g_strv_contains (wanted, id) || g_strv_contains (wanted, eros_section_get_id (section)) ||
                   g_strv_contains (wanted, eros_phase_get_id (phase))))
                eros_deployment_record_check (deployment, id, EROS_OUTCOME_FAIL, error->message, NULL, NULL);
            }
        }
    }
}

static gboolean
connect_to (ErosCliService *service, char **ids, gboolean dry_run, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (eros_cli_service_connect (service, &problem))
    return TRUE;
  if (!dry_run && g_error_matches (problem, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE))
    record_no_answer (service->deployment, ids, problem);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

int
eros_cli_check (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  gboolean dry_run = FALSE;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_ ("Say what would be billed for; run nothing"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON, with the evidence"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) ids = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID [ITEM…]",
        _ (
          "Runs the machine’s checks of these items, sections or phases (all, if none is named), and records "
          "what they find."),
        1, -1, error) ||
      !eros_cli_service_open_deployment (&service, argv[1], dry_run ? EROS_JOURNAL_READ : EROS_JOURNAL_WRITE,
                                         error))
    return EROS_EXIT_FAILED;
  ids = list_ids (service.deployment, argc, argv);
  if (!check_ids (service.deployment, ids, error) || !connect_to (&service, ids, dry_run, error))
    return EROS_EXIT_FAILED;
  return dry_run ? forecast (&service, ids, error) : check (&service, ids, error);
}
