/* eros-locator.c: asks a data set where it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-locator.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-connection-private.h"
#include "eros-json.h"

struct _ErosLocator
{
  GObject parent_instance;

  ErosHttp *http;
  ErosConnection *connection;
  GPtrArray *waiting;   /* of GTask: who wants to know */
  GCancellable *asking; /* (nullable): ends the request under way */
};

G_DEFINE_FINAL_TYPE (ErosLocator, eros_locator, G_TYPE_OBJECT)

typedef struct
{
  ErosHttpRetry retry; /* (nullable) */
  gpointer retry_data;
  GSource *stop; /* (nullable): of the one who waits */
} Waiter;

static void
waiter_free (Waiter *waiter)
{
  if (waiter->stop != NULL)
    g_source_destroy (waiter->stop);
  g_clear_pointer (&waiter->stop, g_source_unref);
  g_free (waiter);
}

static void
eros_locator_dispose (GObject *object)
{
  ErosLocator *self = EROS_LOCATOR (object);

  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_object (&self->asking);
  g_clear_object (&self->http);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (eros_locator_parent_class)->dispose (object);
}

static void
eros_locator_class_init (ErosLocatorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_locator_dispose;
}

static void
eros_locator_init (ErosLocator *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

ErosLocator *
eros_locator_new (ErosHttp *http, ErosConnection *connection)
{
  ErosLocator *self = g_object_new (EROS_TYPE_LOCATOR, NULL);

  self->http = g_object_ref (http);
  self->connection = g_object_ref (connection);
  return self;
}

static void
end (GTask *task, const GError *error)
{
  Waiter *waiter = g_task_get_task_data (task);

  if (waiter->stop != NULL)
    g_source_destroy (waiter->stop);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
take_answer (ErosLocator *self, JsonNode *answer, GError **error)
{
  const char *location = eros_json_string (json_node_get_object (answer), "location");

  if (location == NULL || !g_regex_match_simple ("^[A-Za-z0-9-]{1,64}\\z", location, 0, 0))
    {
      g_set_error_literal (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                           _ ("the server does not say where the data set is"));
      return FALSE;
    }
  eros_connection_set_learned_location (self->connection, location);
  return TRUE;
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosLocator) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  g_autoptr (GPtrArray) waiting = NULL;

  /* Nobody waits any more, or somebody else has begun to. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->asking);
  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  if (answer == NULL || !take_answer (self, answer, &error))
    /* Translators: %1$s: the data set. What went wrong follows. */
    g_prefix_error (&error, _ ("Where the data set %1$s is could not be found out: "),
                    eros_connection_get_dataset (self->connection));
  for (guint i = 0; i < waiting->len; i++)
    end (g_ptr_array_index (waiting, i), error);
}

static void
retry_cb (guint attempt, const GError *why, guint wait_ms, gpointer user_data)
{
  ErosLocator *self = user_data;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      Waiter *waiter = g_task_get_task_data (g_ptr_array_index (self->waiting, i));

      if (waiter->retry != NULL)
        waiter->retry (attempt, why, wait_ms, waiter->retry_data);
    }
}

static void
ask (ErosLocator *self)
{
  g_autoptr (ErosRequest) request = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s",
    eros_connection_get_project (self->connection), eros_connection_get_dataset (self->connection));

  self->asking = g_cancellable_new ();
  eros_request_set_retry (request, retry_cb, self);
  eros_http_send_async (self->http, request, self->asking, asked_cb, g_object_ref (self));
}

/* One who waits has been cancelled; the last of them ends the request. */
static gboolean
stopped_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  ErosLocator *self = g_task_get_source_object (task);

  g_ptr_array_remove (self->waiting, task);
  if (self->waiting->len == 0)
    {
      g_cancellable_cancel (self->asking);
      g_clear_object (&self->asking);
    }
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/**
 * eros_locator_ask_async:
 * @self: a locator
 * @retry: (nullable): told of each further attempt
 * @retry_data: for @retry
 * @cancellable: (nullable): ends the waiting
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Asks where the data set is, unless it has been asked before.
 */
void
eros_locator_ask_async (ErosLocator *self,
                        ErosHttpRetry retry,
                        gpointer retry_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Waiter *waiter = g_new0 (Waiter, 1);

  g_task_set_source_tag (task, eros_locator_ask_async);
  waiter->retry = retry;
  waiter->retry_data = retry_data;
  g_task_set_task_data (task, waiter, (GDestroyNotify) waiter_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (eros_connection_get_learned_location (self->connection) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (cancellable != NULL)
    {
      waiter->stop = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, waiter->stop, G_SOURCE_FUNC (stopped_cb));
    }
  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  if (self->asking == NULL)
    ask (self);
}

gboolean
eros_locator_ask_finish (ErosLocator *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
