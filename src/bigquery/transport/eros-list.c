/* eros-list.c: a list that comes in pages of JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-json.h"
#include "eros-list-private.h"

#define MOST_PAGES    10000
#define MOST_ELEMENTS 100000
#define MOST_BYTES    (64 * 1024 * 1024) /* of all pages */

typedef struct
{
  ErosHttp *http;
  ErosService service;
  char *path;
  char *name;
  char *value;
  char *member;
  ErosListRead read;
  gpointer read_data;
  GPtrArray *elements;
  char *token;
  guint n_pages;
  gsize n_bytes;
} Listing;

static void
listing_free (Listing *listing)
{
  g_clear_object (&listing->http);
  g_free (listing->path);
  g_free (listing->name);
  g_free (listing->value);
  g_free (listing->member);
  g_ptr_array_unref (listing->elements);
  g_free (listing->token);
  g_free (listing);
}

static void ask_for_page (GTask *task);

static void
take_page (Listing *listing, JsonObject *answer)
{
  JsonArray *array = eros_json_array (answer, listing->member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gpointer element = JSON_NODE_HOLDS_OBJECT (node)
                           ? listing->read (json_node_get_object (node), listing->read_data)
                           : NULL;

      if (element != NULL)
        g_ptr_array_add (listing->elements, element);
    }
}

/* Takes body: (nullable): with error (taken). Returns: (nullable): what the page says; an error has been
 * returned. */
static JsonNode *
read_page (GTask *task, GBytes *body, GError *error)
{
  Listing *listing = g_task_get_task_data (task);
  JsonNode *answer = NULL;

  if (body != NULL)
    listing->n_bytes += g_bytes_get_size (body);
  if (body != NULL && listing->n_bytes > MOST_BYTES)
    error = g_error_new (EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                         _ ("the server's list of %s is larger than any should be"), listing->member);
  else if (body != NULL && g_bytes_get_size (body) == 0)
    answer = json_node_init_object (json_node_alloc (), json_object_new ());
  else if (body != NULL)
    answer = eros_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), &error);
  g_clear_pointer (&body, g_bytes_unref);
  if (answer == NULL)
    g_task_return_error (task, error);
  return answer;
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  GBytes *body = eros_http_send_finish (EROS_HTTP (source), result, &error);
  g_autoptr (JsonNode) answer = read_page (task, body, error);
  const char *token;

  if (answer == NULL)
    return;
  take_page (listing, json_node_get_object (answer));
  token = eros_json_string (json_node_get_object (answer), "nextPageToken");
  if (token == NULL || *token == '\0')
    g_task_return_pointer (task, g_ptr_array_ref (listing->elements), (GDestroyNotify) g_ptr_array_unref);
  else if (g_strcmp0 (token, listing->token) == 0 || ++listing->n_pages > MOST_PAGES ||
           listing->elements->len > MOST_ELEMENTS)
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                             _ ("the server's list of %s does not end"), listing->member);
  else
    {
      g_free (listing->token);
      listing->token = g_strdup (token);
      ask_for_page (task);
    }
}

static void
ask_for_page (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request = eros_request_new_for_path (listing->service, "GET", listing->path);

  if (listing->name != NULL)
    eros_request_add_query (request, listing->name, listing->value);
  eros_request_add_query (request, "pageToken", listing->token);
  eros_http_send_async (listing->http, request, g_task_get_cancellable (task), page_cb, g_object_ref (task));
}

void
eros_list_read_async (ErosHttp *http,
                      ErosService service,
                      const char *path,
                      const char *name,
                      const char *value,
                      const char *member,
                      ErosListRead read,
                      gpointer read_data,
                      GDestroyNotify free_element,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  g_task_set_source_tag (task, eros_list_read_async);
  listing->http = g_object_ref (http);
  listing->service = service;
  listing->path = g_strdup (path);
  listing->name = g_strdup (name);
  listing->value = g_strdup (value);
  listing->member = g_strdup (member);
  listing->read = read;
  listing->read_data = read_data;
  listing->elements = g_ptr_array_new_with_free_func (free_element);
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  ask_for_page (task);
}

GPtrArray *
eros_list_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_list_read_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
