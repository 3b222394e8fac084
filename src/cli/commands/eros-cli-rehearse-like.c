/* eros-cli-rehearse-like.c: a rehearsal on the shape of another data set
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-rehearse-like.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-inventory.h"
#include "eros-cli-progress.h"
#include "eros-shape.h"

void
eros_cli_like_clear (ErosCliLike *self)
{
  eros_cli_service_clear (&self->service);
  g_clear_pointer (&self->inventory, eros_inventory_unref);
}

/* WHAT is a file, or the name of a connection, or a deployment. */
static ErosInventory *
read_inventory (ErosCliLike *self, const char *what, GError **error)
{
  g_autofree char *endpoint = eros_cli_find_endpoint (self->service.endpoint);
  g_autoptr (GFile) deployment = NULL;
  GError *problem = NULL;

  if (!g_file_test (what, G_FILE_TEST_EXISTS))
    self->service.connection = eros_cli_connect_by_name (what, endpoint, self->service.sign_in, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return NULL;
    }
  if (self->service.connection != NULL)
    return eros_cli_read_inventory_over (self->service.connection, NULL, error);
  deployment = eros_cli_find_file (what, error);
  if (deployment != NULL)
    return eros_cli_read_inventory (&self->service, what, error);
  g_prefix_error (error, _ ("There is neither a file nor a connection “%s”. "), what);
  return NULL;
}

gboolean
eros_cli_like_read (ErosCliLike *self, const char *what, GError **error)
{
  self->inventory = read_inventory (self, what, error);
  if (self->inventory == NULL)
    return FALSE;
  if (eros_inventory_knows (self->inventory, EROS_INVENTORY_TABLE) &&
      eros_inventory_knows (self->inventory, EROS_INVENTORY_PROCEDURE))
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("%s cannot be rehearsed like: its %s could not be read: %s"), what,
               eros_inventory_get_gap (self->inventory, 0)->what,
               eros_inventory_get_gap (self->inventory, 0)->why);
  return FALSE;
}

ErosRunbook *
eros_cli_like_get_runbook (ErosCliLike *self)
{
  return self->service.deployment != NULL ? eros_deployment_get_runbook (self->service.deployment) : NULL;
}

/* Returns: of how many the rehearsal is without that others might have. */
static guint
print_gaps (GPtrArray *gaps)
{
  guint n = 0;

  for (guint i = 0; i < gaps->len; i++)
    {
      const ErosShapeGap *gap = gaps->pdata[i];
      g_autofree char *what = g_strdup_printf ("%s %s", gap->kind, gap->name);

      eros_cli_progress_line (gap->is_meant ? "–" : "✘", what, gap->why);
      n += !gap->is_meant;
    }
  return n;
}

gboolean
eros_cli_like_make (ErosCliLike *self,
                    ErosDeployment *deployment,
                    ErosConnection *connection,
                    gboolean leave_out,
                    GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) gaps = NULL;
  g_autofree char *title = g_strdup_printf (_ ("The data set is like %1$s.%2$s, without its rows"),
                                            eros_inventory_get_project (self->inventory),
                                            eros_inventory_get_dataset (self->inventory));
  guint n_missing;

  eros_shape_make_async (connection, self->inventory, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  gaps = eros_shape_make_finish (result, error);
  if (gaps == NULL)
    return FALSE;
  n_missing = print_gaps (gaps);
  if (n_missing > 0 && !leave_out)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                   ngettext ("The local BigQuery cannot hold %u object: see above. Nothing has been "
                             "rehearsed. --leave-out goes on without it.",
                             "The local BigQuery cannot hold %u objects: see above. Nothing has been "
                             "rehearsed. --leave-out goes on without them.",
                             n_missing),
                   n_missing);
      return FALSE;
    }
  eros_cli_progress_line ("✔", title, eros_inventory_get_digest (self->inventory));
  return eros_shape_record (deployment, self->inventory, gaps, error);
}
