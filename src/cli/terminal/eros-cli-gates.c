/* eros-cli-gates.c: what keeps an operation from running, and going on by decision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-gates.h"

#include <glib/gi18n-lib.h>

#include "eros-text.h"

/* (transfer full): of ErosObstacle */
static GPtrArray *
find_closed (ErosController *controller, const char *kind)
{
  return eros_deployment_list_obstacles (eros_controller_get_deployment (controller), kind);
}

char *
eros_cli_list_closed_gates (ErosController *controller, const char *kind)
{
  g_autoptr (GPtrArray) closed = find_closed (controller, kind);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < closed->len; i++)
    {
      const ErosObstacle *obstacle = closed->pdata[i];
      /* Translators: a gate's id; its condition; what is not done yet. */
      g_autofree char *line =
        eros_text_format (_ ("  %s, “%s”: still open: %s\n"), eros_gate_get_id (obstacle->gate),
                          eros_gate_get_title (obstacle->gate), obstacle->missing);

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

  if (name == NULL)
    return explain (controller, kind, refusal, error);
  for (guint i = 0; i < closed->len; i++)
    if (!eros_deployment_override (deployment, eros_gate_get_id (((ErosObstacle *) closed->pdata[i])->gate),
                                   name, reason, error))
      return FALSE;
  return TRUE;
}
