/* eros-transfer.c: scheduled queries, which the Data Transfer service runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-transfer.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-json.h"
#include "eros-list-private.h"

void
eros_schedule_free (ErosSchedule *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->schedule);
  g_free (self->query);
  g_free (self->next_run);
  g_free (self->state);
  g_free (self->owner);
  g_free (self->destination);
  g_free (self);
}

static gpointer
read_schedule (JsonObject *config, gpointer user_data)
{
  const char *name = eros_json_string (config, "name");
  const char *title = eros_json_string (config, "displayName");
  ErosSchedule *schedule;

  if (name == NULL)
    return NULL;
  schedule = g_new0 (ErosSchedule, 1);
  schedule->name = g_strdup (name);
  schedule->title = g_strdup (title != NULL ? title : name);
  schedule->schedule = g_strdup (eros_json_string (config, "schedule"));
  schedule->query = g_strdup (eros_json_string (config, "params.query"));
  schedule->next_run = g_strdup (eros_json_string (config, "nextRunTime"));
  schedule->state = g_strdup (eros_json_string (config, "state"));
  schedule->owner = g_strdup (eros_json_string (config, "ownerInfo.email"));
  if (schedule->owner == NULL)
    schedule->owner = g_strdup (eros_json_string (config, "userId"));
  schedule->destination = g_strdup (eros_json_string (config, "destinationDatasetId"));
  schedule->paused = eros_json_bool (config, "disabled");
  return schedule;
}

/* The project in a name may be its id or its number. */
static gboolean
is_same_schedule (const char *name, const char *other)
{
  return other != NULL && g_strcmp0 (strrchr (name, '/'), strrchr (other, '/')) == 0;
}

/* What is asked for: the location's, and then those of all. */
typedef struct
{
  ErosBigQuery *big_query;
  gboolean everywhere;
  GPtrArray *own; /* (nullable): not listed yet */
} Listing;

static void
listing_free (Listing *listing)
{
  g_clear_object (&listing->big_query);
  g_clear_pointer (&listing->own, g_ptr_array_unref);
  g_free (listing);
}

static gboolean
is_known (GPtrArray *list, const ErosSchedule *schedule)
{
  for (guint i = 0; i < list->len; i++)
    if (is_same_schedule (((const ErosSchedule *) list->pdata[i])->name, schedule->name))
      return TRUE;
  return FALSE;
}

/* A service that lists no more than one location at a time says no: then the others are not known. */
static void
listed_everywhere_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = eros_list_read_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; all != NULL && i < all->len;)
    if (is_known (listing->own, all->pdata[i]))
      i++;
    else
      g_ptr_array_add (listing->own, g_ptr_array_steal_index (all, i));
  g_task_return_pointer (task, g_steal_pointer (&listing->own), (GDestroyNotify) g_ptr_array_unref);
}

static void read_from (GTask *task, const char *location, GAsyncReadyCallback callback);

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *list = eros_list_read_finish (result, &error);
  Listing *listing = g_task_get_task_data (task);

  listing->own = list;
  if (list != NULL && listing->everywhere)
    read_from (task, "-", listed_everywhere_cb);
  else if (list != NULL)
    g_task_return_pointer (task, g_steal_pointer (&listing->own), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
read_from (GTask *task, const char *location, GAsyncReadyCallback callback)
{
  Listing *listing = g_task_get_task_data (task);
  ErosConnection *connection = eros_big_query_get_connection (listing->big_query);
  g_autofree char *lower = g_ascii_strdown (location, -1);
  g_autofree char *path = g_strdup_printf ("v1/projects/%s/locations/%s/transferConfigs",
                                           eros_connection_get_project (connection), lower);

  eros_list_read_async (eros_big_query_get_http (listing->big_query), EROS_SERVICE_TRANSFER, path,
                        "dataSourceIds", "scheduled_query", "transferConfigs", read_schedule, NULL,
                        (GDestroyNotify) eros_schedule_free, g_task_get_cancellable (task), callback,
                        g_object_ref (task));
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosBigQuery *big_query = EROS_BIG_QUERY (source);
  GError *error = NULL;

  if (eros_big_query_locate_finish (big_query, result, &error))
    read_from (task, eros_connection_get_location (eros_big_query_get_connection (big_query)), listed_cb);
  else
    g_task_return_error (task, error);
}

static void
start_listing (GTask *task, ErosBigQuery *big_query, gboolean everywhere)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->big_query = g_object_ref (big_query);
  listing->everywhere = everywhere;
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  eros_big_query_locate_async (big_query, NULL, NULL, g_task_get_cancellable (task), located_cb,
                               g_object_ref (task));
}

/**
 * eros_transfer_list_async:
 * @big_query: a client; its connection's project and location
 * @cancellable: (nullable): a cancellable
 * @callback: called when all pages are there
 * @user_data: for @callback
 */
void
eros_transfer_list_async (ErosBigQuery *big_query,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_transfer_list_async);
  start_listing (task, big_query, FALSE);
}

/**
 * eros_transfer_list_everywhere_async:
 * @big_query: a client; its connection's project
 * @cancellable: (nullable): a cancellable
 * @callback: called when all pages are there
 * @user_data: for @callback
 *
 * First those of the connection's location, then those of others, as far as the service lists them.
 */
void
eros_transfer_list_everywhere_async (ErosBigQuery *big_query,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_transfer_list_everywhere_async);
  start_listing (task, big_query, TRUE);
}

GPtrArray *
eros_transfer_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  char *name;
  gboolean paused;
} Change;

static void
change_free (Change *change)
{
  g_free (change->name);
  g_free (change);
}

/* That it was answered well says that something was understood: what, is in the answer. */
static void
paused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Change *change = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  JsonObject *config = answer != NULL ? json_node_get_object (answer) : NULL;

  if (config == NULL)
    g_task_return_error (task, error);
  else if (is_same_schedule (change->name, eros_json_string (config, "name")) &&
           eros_json_bool (config, "disabled") == change->paused)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (
      task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
      change->paused
        ? _ ("The service has answered, and does not say that %s is paused. Try again; if that does not "
             "help, pause it in the Google Cloud console.")
        : _ ("The service has answered, and does not say that %s runs again. Try again; if that does not "
             "help, resume it in the Google Cloud console."),
      change->name);
}

/* The service's own name is put into the path as it is. */
static gboolean
is_name (const char *name)
{
  return g_regex_match_simple (
    "^projects/[A-Za-z0-9.:-]+/(?:locations/[A-Za-z0-9-]+/)?transferConfigs/[A-Za-z0-9-]+\\z", name, 0, 0);
}

void
eros_transfer_pause_async (ErosHttp *http,
                           const char *name,
                           gboolean paused,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *path = g_strconcat ("v1/", name, NULL);
  g_autoptr (ErosRequest) request = eros_request_new_for_path (EROS_SERVICE_TRANSFER, "PATCH", path);
  g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  Change *change = g_new0 (Change, 1);

  g_task_set_source_tag (task, eros_transfer_pause_async);
  change->name = g_strdup (name);
  change->paused = paused;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  json_object_set_boolean_member (object, "disabled", paused);
  json_node_take_object (body, object);
  if (!is_name (name))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                               _ ("“%s” is not the name of a scheduled query."), name);
      return;
    }
  eros_request_add_query (request, "updateMask", "disabled");
  eros_request_set_json (request, body);
  eros_http_send_async (http, request, cancellable, paused_cb, g_object_ref (task));
}

gboolean
eros_transfer_pause_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_transfer_pause_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
