/* eros-rehearsal-clock.c: a rehearsal's days, which nobody waits for
 *
 * The server's clock goes first: when the record says that it is later, it is later there too. The server's
 * clock is not kept with its data, so it is set again where a rehearsal goes on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-rehearsal-clock.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "eros-controller-error.h"
#include "eros-timeline.h"

#define PATH "/_local/clock"

typedef struct
{
  ErosDeployment *deployment;
  SoupMessage *message;
  gint64 time;
} Advance;

static void
advance_free (Advance *advance)
{
  g_object_unref (advance->deployment);
  g_object_unref (advance->message);
  g_free (advance);
}

/* (transfer full) */
static GBytes *
make_body (gint64 ahead_s, const char *scenario)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ahead_seconds");
  json_builder_add_int_value (builder, ahead_s);
  if (scenario != NULL)
    {
      json_builder_set_member_name (builder, "production");
      json_builder_add_string_value (builder, scenario);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Advance *advance = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (answer != NULL && soup_message_get_status (advance->message) != SOUP_STATUS_OK)
    g_set_error (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                 _ ("The rehearsal's BigQuery does not set its clock ahead (status %u). Rehearse on the one "
                    "that comes with this program."),
                 soup_message_get_status (advance->message));
  if (error == NULL)
    eros_timeline_advance (advance->deployment, advance->time, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * eros_rehearsal_advance_async:
 * @self: a rehearsal
 * @deployment: what is rehearsed there
 * @time: in microseconds since 1970; the present of @deployment to set the server’s clock again
 * @scenario: (nullable): “healthy”, “slow”, “failing”, “dear”, “corrupt”; %NULL when nobody works with the
 * data
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is so late
 * @user_data: for @callback
 *
 * Sets both clocks ahead; they are never set back.
 */
void
eros_rehearsal_advance_async (ErosRehearsal *self,
                              ErosDeployment *deployment,
                              gint64 time,
                              const char *scenario,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (SoupSession) session = soup_session_new ();
  gint64 ahead_s = (time - g_get_real_time () + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  g_autofree char *uri =
    g_strconcat (eros_connection_get_endpoint (eros_rehearsal_get_connection (self)), PATH, NULL);
  g_autoptr (GBytes) body = make_body (MAX (ahead_s, 0), scenario);
  Advance *advance = g_new0 (Advance, 1);

  g_task_set_source_tag (task, eros_rehearsal_advance_async);
  advance->deployment = g_object_ref (deployment);
  advance->message = soup_message_new ("POST", uri);
  advance->time = time;
  g_task_set_task_data (task, advance, (GDestroyNotify) advance_free);
  soup_message_set_request_body_from_bytes (advance->message, "application/json", body);
  soup_session_send_and_read_async (session, advance->message, G_PRIORITY_DEFAULT, cancellable, answered_cb,
                                    g_steal_pointer (&task));
}

/**
 * eros_rehearsal_advance_finish:
 * @self: a rehearsal
 * @result: what the callback was given
 * @error: return location for %EROS_CONTROLLER_ERROR_UNAVAILABLE when the server has no such clock, an I/O
 * error or one of the journal
 *
 * Returns: whether it is so late now
 */
gboolean
eros_rehearsal_advance_finish (ErosRehearsal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
