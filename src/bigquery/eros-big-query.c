/* eros-big-query.c: BigQuery's jobs, answers and resources
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-big-query-private.h"

#include <glib/gi18n-lib.h>

#include "eros-json.h"

#define MOST_CHILDREN 200

G_DEFINE_FINAL_TYPE (ErosBigQuery, eros_big_query, G_TYPE_OBJECT)

static void
eros_big_query_dispose (GObject *object)
{
  ErosBigQuery *self = EROS_BIG_QUERY (object);

  g_clear_object (&self->locator);
  g_clear_object (&self->http);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (eros_big_query_parent_class)->dispose (object);
}

static void
eros_big_query_class_init (ErosBigQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_big_query_dispose;
}

static void
eros_big_query_init (ErosBigQuery *self)
{
}

/**
 * eros_big_query_new:
 * @connection: where to, and how to sign in
 *
 * Returns: (transfer full): a client; nothing is sent yet
 */
ErosBigQuery *
eros_big_query_new (ErosConnection *connection)
{
  ErosBigQuery *self = g_object_new (EROS_TYPE_BIG_QUERY, NULL);

  self->connection = g_object_ref (connection);
  self->http = eros_http_new (connection);
  self->locator = eros_locator_new (self->http, connection);
  return self;
}

ErosConnection *
eros_big_query_get_connection (ErosBigQuery *self)
{
  return self->connection;
}

ErosHttp *
eros_big_query_get_http (ErosBigQuery *self)
{
  return self->http;
}

/* ---- where the data set is ----------------------------------------------------------------------------- */

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_locator_ask_finish (EROS_LOCATOR (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * eros_big_query_locate_async:
 * @self: a client
 * @retry: (nullable): told of each further attempt to find out
 * @retry_data: for @retry
 * @cancellable: (nullable): a cancellable
 * @callback: called when the connection has a location
 * @user_data: for @callback
 *
 * Finds out where jobs run, unless the connection says it: where the data set is, which is asked once,
 * however many wait for it. Every job does so by itself; this is for who needs the location in another place.
 */
void
eros_big_query_locate_async (ErosBigQuery *self,
                             ErosHttpRetry retry,
                             gpointer retry_data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_big_query_locate_async);
  if (eros_connection_get_location (self->connection) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    eros_locator_ask_async (self->locator, retry, retry_data, cancellable, located_cb,
                            g_steal_pointer (&task));
}

gboolean
eros_big_query_locate_finish (ErosBigQuery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- paths --------------------------------------------------------------------------------------------- */

const char *
eros_big_query_project (ErosBigQuery *self)
{
  return eros_connection_get_project (self->connection);
}

ErosRequest *
eros_big_query_job_request (ErosBigQuery *self, const char *job_id, const char *location)
{
  ErosRequest *request = eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/jobs/%s",
                                           eros_big_query_project (self), job_id);

  eros_request_add_query (request, "location", location);
  return request;
}

ErosRequest *
eros_big_query_answer_request (ErosBigQuery *self, const char *job_id, const char *location, guint max_rows)
{
  ErosRequest *request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/queries/%s",
                      eros_big_query_project (self), job_id);
  g_autofree char *most = max_rows > 0 ? g_strdup_printf ("%u", max_rows) : NULL;

  eros_request_add_query (request, "formatOptions.useInt64Timestamp", "true");
  eros_request_add_query (request, "maxResults", most);
  eros_request_add_query (request, "location", location);
  return request;
}

/* ---- a page while it arrives --------------------------------------------------------------------------- */

void
eros_reading_free (ErosBigQueryReading *reading)
{
  eros_page_decoder_free (reading->decoder);
  g_free (reading->next_token);
  g_free (reading);
}

gboolean
eros_reading_push_cb (const char *data, gsize length, gpointer user_data, GError **error)
{
  return eros_page_decoder_push (user_data, data, length, error);
}

void
eros_reading_reset_cb (gpointer user_data)
{
  eros_page_decoder_reset (user_data);
}

/* The page that has arrived, and what came with it: FALSE when it cannot be one. */
gboolean
eros_reading_finish (ErosBigQueryReading *reading, ErosPage **page, JsonNode **head, GError **error)
{
  if (!eros_page_decoder_finish (reading->decoder, page, head, error))
    return FALSE;
  reading->next_token = g_strdup (eros_json_string (json_node_get_object (*head), "pageToken"));
  reading->total_rows = MAX (0, eros_json_int64 (json_node_get_object (*head), "totalRows", 0));
  return TRUE;
}

/* ---- a job as it is ------------------------------------------------------------------------------------ */

static void
got_job_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  ErosJob *job = answer != NULL ? eros_job_new_from_json (answer, &error) : NULL;

  if (job == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, job, g_object_unref);
}

static void
get_job (GTask *task, const char *location)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  g_autoptr (ErosRequest) request = eros_big_query_job_request (self, g_task_get_task_data (task), location);

  eros_http_send_async (self->http, request, g_task_get_cancellable (task), got_job_cb, g_object_ref (task));
}

static void
job_located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error))
    get_job (task, eros_connection_get_location (EROS_BIG_QUERY (source)->connection));
  else
    g_task_return_error (task, error);
}

/**
 * eros_big_query_get_job_async:
 * @self: a client
 * @job_id: of a job
 * @location: (nullable): where it ran; %NULL: where jobs run now
 * @cancellable: (nullable): a cancellable
 * @callback: called when the server has said
 * @user_data: for @callback
 */
void
eros_big_query_get_job_async (ErosBigQuery *self,
                              const char *job_id,
                              const char *location,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_big_query_get_job_async);
  g_task_set_task_data (task, g_strdup (job_id), g_free);
  if (location != NULL)
    get_job (task, location);
  else
    eros_big_query_locate_async (self, NULL, NULL, cancellable, job_located_cb, g_steal_pointer (&task));
}

ErosJob *
eros_big_query_get_job_finish (ErosBigQuery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what a script consists of ------------------------------------------------------------------------- */

/* The newest come first. */
static GPtrArray *
read_children (JsonNode *answer, GError **error)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *jobs = eros_json_array (json_node_get_object (answer), "jobs");

  for (guint i = jobs != NULL ? json_array_get_length (jobs) : 0; i > 0; i--)
    {
      JsonNode *node = json_array_get_element (jobs, i - 1);
      ErosJob *child = JSON_NODE_HOLDS_OBJECT (node) ? eros_job_new_from_json (node, error) : NULL;

      if (child == NULL)
        {
          if (error != NULL && *error == NULL)
            g_set_error_literal (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                                 _ ("the server's list of jobs holds something else"));
          return NULL;
        }
      g_ptr_array_add (children, child);
    }
  return g_steal_pointer (&children);
}

static void
children_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  GPtrArray *children = answer != NULL ? read_children (answer, &error) : NULL;

  if (children == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, children, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * eros_big_query_list_children_async:
 * @self: a client
 * @script_id: the job of a script that runs or is done
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Asks for the statements that the script has run or runs, each a job with statistics of its own. A loop may
 * have run a great many: no more than the last MOST_CHILDREN are asked for.
 */
void
eros_big_query_list_children_async (ErosBigQuery *self,
                                    const char *script_id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (ErosRequest) request = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/jobs", eros_big_query_project (self));

  g_task_set_source_tag (task, eros_big_query_list_children_async);
  eros_request_add_query (request, "parentJobId", script_id);
  eros_request_add_query (request, "projection", "full");
  eros_request_add_query (request, "maxResults", G_STRINGIFY (MOST_CHILDREN));
  eros_http_send_async (self->http, request, cancellable, children_cb, g_object_ref (task));
}

GPtrArray *
eros_big_query_list_children_finish (ErosBigQuery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- one page ------------------------------------------------------------------------------------------ */

/* Such an answer has no rows, as that of a statement without any has none. */
static gboolean
is_incomplete (JsonObject *answer)
{
  return json_object_has_member (answer, "jobComplete") && !eros_json_bool (answer, "jobComplete");
}

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosBigQueryReading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) rest = eros_http_send_finish (EROS_HTTP (source), result, &error);
  g_autoptr (JsonNode) head = NULL;
  ErosPage *page = NULL;

  if (rest == NULL || !eros_reading_finish (reading, &page, &head, &error))
    g_task_return_error (task, error);
  else if (is_incomplete (json_node_get_object (head)))
    {
      g_clear_object (&page);
      g_task_return_error (
        task, eros_big_query_error_new (503, "backendError", _ ("The answer of the job is not there yet")));
    }
  else
    g_task_return_pointer (task, page, g_object_unref);
}

static void
read_page (ErosBigQuery *self,
           ErosJob *job,
           const char *name,
           const char *value,
           ErosSchema *schema,
           guint max_rows,
           GTask *task)
{
  g_autoptr (ErosRequest) request = NULL;
  ErosBigQueryReading *reading;

  g_task_set_source_tag (task, read_page);
  if (eros_job_get_id (job) == NULL)
    {
      g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                               _ ("the server does not say which job it has run"));
      return;
    }
  request =
    eros_big_query_answer_request (self, eros_job_get_id (job), eros_job_get_location (job), max_rows);
  reading = g_new0 (ErosBigQueryReading, 1);
  reading->decoder = eros_page_decoder_new (schema);
  g_task_set_task_data (task, reading, (GDestroyNotify) eros_reading_free);
  eros_request_add_query (request, name, value);
  eros_request_set_sink (request, eros_reading_push_cb, eros_reading_reset_cb, reading->decoder);
  eros_http_send_async (self->http, request, g_task_get_cancellable (task), page_read_cb,
                        g_object_ref (task));
}

/**
 * eros_big_query_read_page_async:
 * @self: a client
 * @job: a query that is done
 * @token: (nullable): what the page before gave
 * @schema: (nullable): of the page before, which spares decoding it again
 * @max_rows: at most this many; 0: as many as the server likes
 * @cancellable: (nullable): a cancellable
 * @callback: called when the page is there
 * @user_data: for @callback
 *
 * Reads a page of an answer. It is decoded while it arrives.
 */
void
eros_big_query_read_page_async (ErosBigQuery *self,
                                ErosJob *job,
                                const char *token,
                                ErosSchema *schema,
                                guint max_rows,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  read_page (self, job, "pageToken", token, schema, max_rows, task);
}

void
eros_big_query_read_rows_async (ErosBigQuery *self,
                                ErosJob *job,
                                guint64 start,
                                ErosSchema *schema,
                                guint max_rows,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *place = g_strdup_printf ("%" G_GUINT64_FORMAT, start);

  read_page (self, job, "startIndex", place, schema, max_rows, task);
}

ErosPage *
eros_big_query_read_page_finish (ErosBigQuery *self,
                                 GAsyncResult *result,
                                 char **next_token,
                                 guint64 *total_rows,
                                 GError **error)
{
  ErosBigQueryReading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) local_error = NULL;
  ErosPage *page;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  page = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (next_token != NULL)
    *next_token = g_steal_pointer (&reading->next_token);
  if (total_rows != NULL)
    *total_rows = reading->total_rows;
  return page;
}

/* ---- resources ----------------------------------------------------------------------------------------- */

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JsonNode *answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, (GDestroyNotify) json_node_unref);
}

void
eros_big_query_get_async (ErosBigQuery *self,
                          ErosRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_big_query_get_async);
  eros_http_send_async (self->http, request, cancellable, got_cb, g_steal_pointer (&task));
}

JsonNode *
eros_big_query_get_finish (ErosBigQuery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
