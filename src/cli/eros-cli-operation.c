/* eros-cli-operation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-operation.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-progress.h"

static char *
describe (ErosStep *step)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  gint64 taken = eros_step_get_ended (step) - eros_step_get_started (step);
  const char *text =
    eros_step_get_error (step) != NULL ? eros_step_get_error (step) : eros_step_get_detail (step);

  if (text != NULL)
    g_ptr_array_add (parts, g_strdup (text));
  if (eros_step_get_started (step) > 0 && taken >= 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%.2f s"), taken / (double) G_USEC_PER_SEC));
  if (eros_step_get_bytes_processed (step) > 0)
    g_ptr_array_add (parts, g_format_size (eros_step_get_bytes_processed (step)));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

static void
state_changed_cb (ErosStep *step, GParamSpec *spec, gpointer user_data)
{
  ErosState state = eros_step_get_state (step);
  g_autofree char *detail = NULL;

  if (state != EROS_STATE_SUCCEEDED && state != EROS_STATE_FAILED)
    return;
  detail = describe (step);
  eros_cli_progress_line (state == EROS_STATE_SUCCEEDED ? "✔" : "✘", eros_step_get_title (step), detail);
}

static void
follow (GListModel *steps, guint position, guint removed, guint added, gpointer user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "notify::state", G_CALLBACK (state_changed_cb), NULL);
    }
}

gboolean
eros_cli_run_operation (ErosController *controller, const char *kind, GHashTable *arguments, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  ErosOperation *operation = eros_controller_plan (controller, kind, arguments, error);
  GListModel *steps;

  if (operation == NULL)
    return FALSE;
  steps = eros_operation_get_steps (operation);
  follow (steps, 0, 0, g_list_model_get_n_items (steps), NULL);
  g_signal_connect (steps, "items-changed", G_CALLBACK (follow), NULL);

  eros_cli_progress_line ("▶", eros_operation_get_title (operation), NULL);
  eros_controller_start_async (controller, operation, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_controller_start_finish (controller, result, error);
}
