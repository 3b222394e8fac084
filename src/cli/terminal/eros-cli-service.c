/* eros-cli-service.c: a deployment together with the BigQuery that it works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-service.h"

#include <glib/gi18n-lib.h>

void
eros_cli_service_clear (ErosCliService *self)
{
  g_free (self->endpoint);
  g_free (self->sign_in);
  for (guint i = 0; i < G_N_ELEMENTS (self->limits); i++)
    g_free (self->limits[i]);
  g_free (self->actor);
  g_clear_object (&self->controller);
  g_clear_object (&self->connection);
  g_clear_object (&self->rehearsal);
  g_clear_object (&self->deployment);
}

gboolean
eros_cli_service_open_deployment (ErosCliService *self, const char *id, ErosJournalMode mode, GError **error)
{
  if (!eros_cli_check_captions (self->captions, error) || !eros_cli_set_limits (NULL, self->limits, error))
    return FALSE;
  self->deployment = eros_cli_open (id, mode, error);
  if (self->deployment != NULL && self->actor != NULL)
    eros_deployment_set_actor (self->deployment, self->actor);
  return self->deployment != NULL;
}

gboolean
eros_cli_service_connect (ErosCliService *self, GError **error)
{
  g_autofree char *endpoint = eros_cli_find_endpoint (self->endpoint);

  self->connection =
    eros_cli_connect (self->deployment, self->captions, endpoint, self->sign_in, &self->rehearsal, error);
  if (self->connection == NULL || !eros_cli_set_limits (self->connection, self->limits, error))
    return FALSE;
  eros_cli_watch_connection (self->connection);
  self->controller = eros_controller_new (self->deployment, self->connection);
  return TRUE;
}

gboolean
eros_cli_service_open (ErosCliService *self, const char *id, ErosJournalMode mode, GError **error)
{
  return eros_cli_service_open_deployment (self, id, mode, error) && eros_cli_service_connect (self, error);
}
