/* eros-cli-rehearse-watch.c: the days after a rehearsed deployment, in seconds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-rehearse-watch.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-connect.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"
#include "eros-controller-error.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

/* FALSE with an error: it was interrupted. What a round finds stands in the record. */
static gboolean
look (ErosController *controller, GError **error)
{
  GError *problem = NULL;

  if (eros_cli_run_operation (controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING),
                              &problem))
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  eros_cli_progress_line ("⚠", problem->message, NULL);
  g_error_free (problem);
  return TRUE;
}

static gboolean
is_done (ErosDeployment *deployment, const ErosScheduleEntry *entry, gint64 due)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);

      if (slot->entry == entry && slot->due == due)
        return slot->state == EROS_SLOT_DONE;
    }
  return FALSE;
}

/* Whether the clock is there now. Not every server has one that can be set: then nobody waits. */
static gboolean
wait_for (ErosRehearsal *rehearsal,
          ErosDeployment *deployment,
          const ErosSlot *slot,
          const char *scenario,
          gboolean *is_there,
          GError **error)
{
  g_autofree char *time = eros_time_text (slot->due);
  g_autoptr (GError) problem = NULL;

  *is_there = slot->due <= eros_timeline_get_now (deployment) ||
              eros_cli_advance (rehearsal, deployment, slot->due, scenario, &problem);
  if (*is_there)
    eros_cli_progress_line ("◷", time, NULL);
  else if (g_error_matches (problem, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE))
    eros_cli_progress_line ("–", problem->message, NULL);
  else
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/**
 * eros_cli_rehearse_watch:
 * @controller: of a rehearsed deployment
 * @rehearsal: the server that it is rehearsed on
 * @deployment: the deployment
 * @scenario: how those fare who work with the data in these days
 * @error: return location for an error of the server or the journal
 *
 * Looks in every slot that is still to come, with the clock set ahead to it.
 *
 * Returns: whether the rehearsal can go on
 */
gboolean
eros_cli_rehearse_watch (ErosController *controller,
                         ErosRehearsal *rehearsal,
                         ErosDeployment *deployment,
                         const char *scenario,
                         GError **error)
{
  for (;;)
    {
      g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));
      const ErosSlot *next = eros_watch_find_next (slots);
      gboolean is_there;

      if (next == NULL)
        return TRUE;
      if (!wait_for (rehearsal, deployment, next, scenario, &is_there, error))
        return FALSE;
      if (!is_there)
        return TRUE;
      if (!look (controller, error))
        return FALSE;
      /* Whatever keeps this one from being made keeps the others as well. */
      if (!is_done (deployment, next->entry, next->due))
        return TRUE;
    }
}
