/* eros-cli-gates.c: what keeps an operation from running, and going on by decision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-gates.h"

#include <glib/gi18n-lib.h>

#include "eros-plan.h"
#include "eros-text.h"

static gboolean
is_before (ErosGate *gate, ErosRunbook *runbook, ErosElement *element, const char *kind)
{
  const char *const *guarded = eros_gate_get_guards (gate);
  ErosPhase *phase = eros_runbook_phase_of (runbook, eros_element_get_id (element));

  return guarded != NULL &&
         (g_strv_contains (guarded, kind) || g_strv_contains (guarded, eros_element_get_id (element)) ||
          (phase != NULL && g_strv_contains (guarded, eros_phase_get_id (phase))));
}

/* (transfer full): of ErosGate. */
static GPtrArray *
find_closed (ErosController *controller, const char *kind)
{
  ErosDeployment *deployment = eros_controller_get_deployment (controller);
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);
  ErosElement *element = eros_plan_find_element (controller, kind);
  GListModel *gates = eros_runbook_get_gates (runbook);
  GPtrArray *closed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; element != NULL && i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (is_before (gate, runbook, element, kind) &&
          !eros_deployment_get_override (deployment, eros_gate_get_id (gate), NULL) &&
          !eros_deployment_gate_is_open (deployment, gate, NULL))
        g_ptr_array_add (closed, g_steal_pointer (&gate));
    }
  return closed;
}

char *
eros_cli_list_closed_gates (ErosController *controller, const char *kind)
{
  g_autoptr (GPtrArray) closed = find_closed (controller, kind);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < closed->len; i++)
    {
      g_autofree char *missing = NULL;
      g_autofree char *line = NULL;

      eros_deployment_gate_is_open (eros_controller_get_deployment (controller), closed->pdata[i], &missing);
      /* Translators: a gate's id; its condition; what is not done yet. */
      line = eros_text_format (_ ("  %s, “%s”: still open: %s\n"), eros_gate_get_id (closed->pdata[i]),
                               eros_gate_get_title (closed->pdata[i]), missing);
      g_string_append (text, line);
    }
  return closed->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static gboolean
explain (ErosController *controller, const char *kind, const GError *refusal, GError **error)
{
  g_autofree char *closed = eros_cli_list_closed_gates (controller, kind);
  g_autofree char *said = eros_text_format ("  %s\n", refusal->message);

  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_NOT_ALLOWED,
               /* Translators: a list of lines; a deployment's id. */
               _ ("This has to wait:\n%sDo that first. Or go on by decision, which stands in the report: add "
                  "--override-name NAME --override-reason REASON, or open a single gate with “eros-deploy "
                  "override %s GATE NAME REASON”."),
               closed != NULL ? closed : said,
               eros_deployment_get_id (eros_controller_get_deployment (controller)));
  return FALSE;
}

gboolean
eros_cli_override_gates (ErosController *controller,
                         const char *kind,
                         const char *name,
                         const char *reason,
                         const GError *refusal,
                         GError **error)
{
  ErosDeployment *deployment = eros_controller_get_deployment (controller);
  g_autoptr (GPtrArray) closed = find_closed (controller, kind);
  g_autofree char *why = NULL;
  ErosGate *gate = NULL;

  if (name == NULL)
    return explain (controller, kind, refusal, error);
  for (guint i = 0; i < closed->len; i++)
    if (!eros_deployment_override (deployment, eros_gate_get_id (closed->pdata[i]), name, reason, error))
      return FALSE;
  /* The machine may want more than the boxes say: a backup of today. */
  if (!eros_controller_allows (controller, kind, &why, &gate) && gate != NULL)
    return eros_deployment_override (deployment, eros_gate_get_id (gate), name, reason, error);
  return TRUE;
}
