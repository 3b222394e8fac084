/* eros-wait-record.c: that work waits for a server, on record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-wait-record.h"

/* What is over sooner is not worth an event. */
#define WORTH_AN_EVENT_MS 1500

struct _ErosWaitRecord
{
  ErosDeployment *deployment;
  ErosConnection *connection;
  guint timer;
  gboolean is_recorded; /* that it waits */
};

/* Whoever waits has an error of his own when the journal takes no more. */
static void
record (ErosWaitRecord *self, const char *kind, const char *why)
{
  g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autoptr (GError) error = NULL;

  if (why != NULL)
    json_object_set_string_member (object, "why", why);
  json_node_take_object (body, object);
  if (eros_deployment_record (self->deployment, kind, body, &error) == NULL)
    g_debug ("Could not record %s: %s", kind, error->message);
}

static gboolean
timeout_cb (gpointer user_data)
{
  ErosWaitRecord *self = user_data;

  self->timer = 0;
  self->is_recorded = TRUE;
  record (self, EROS_EVENT_SERVICE_WAITED_FOR, eros_connection_get_waiting (self->connection));
  return G_SOURCE_REMOVE;
}

static void
waiting_cb (ErosWaitRecord *self)
{
  gboolean waits = eros_connection_get_waiting (self->connection) != NULL;

  if (waits && !self->is_recorded && self->timer == 0)
    self->timer = g_timeout_add (WORTH_AN_EVENT_MS, timeout_cb, self);
  if (waits)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->is_recorded)
    record (self, EROS_EVENT_SERVICE_ANSWERED, NULL);
  self->is_recorded = FALSE;
}

ErosWaitRecord *
eros_wait_record_new (ErosDeployment *deployment, ErosConnection *connection)
{
  ErosWaitRecord *self = g_new0 (ErosWaitRecord, 1);

  self->deployment = g_object_ref (deployment);
  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "notify::waiting", G_CALLBACK (waiting_cb), self);
  return self;
}

void
eros_wait_record_free (ErosWaitRecord *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->deployment);
  g_object_unref (self->connection);
  g_free (self);
}
