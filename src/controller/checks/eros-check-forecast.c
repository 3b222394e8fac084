/* eros-check-forecast.c: what the queries of checks would read, before any is made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-check-forecast.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-check-round.h"
#include "eros-check-run.h"
#include "eros-sql-text.h"

/* BigQuery bills no query for less. */
#define LEAST_BILLED (10 * 1024 * 1024)

typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery *big_query;
  GPtrArray *elements; /* of ErosElement */
  guint next;
  guint n_queries;
  gint64 bytes;
  GString *beyond; /* labels of those that would read more than the connection allows */
  guint n_beyond;
} Forecast;

static void
forecast_free (Forecast *self)
{
  g_object_unref (self->deployment);
  g_object_unref (self->big_query);
  g_ptr_array_unref (self->elements);
  g_string_free (self->beyond, TRUE);
  g_free (self);
}

static void ask_next (GTask *task);

static const ErosCheckBinding *
get_binding (Forecast *self)
{
  return eros_element_get_check_binding (g_ptr_array_index (self->elements, self->next));
}

static const char *
get_label (Forecast *self)
{
  return eros_element_get_label (g_ptr_array_index (self->elements, self->next));
}

/* Of all that are beyond the budget somebody wants to know. */
static gboolean
take_beyond (Forecast *self, GError **error)
{
  if (!g_error_matches (*error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_BUDGET))
    return FALSE;
  g_string_append_printf (self->beyond, "%s%s", self->n_beyond > 0 ? ", " : "", get_label (self));
  self->n_beyond++;
  g_clear_error (error);
  return TRUE;
}

/* A benchmark runs its query as often as it says. */
static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forecast *self = g_task_get_task_data (task);
  guint runs = MAX (get_binding (self)->runs, 1);
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);

  if (job != NULL)
    error = eros_job_dup_error (job);
  if (error == NULL)
    {
      self->n_queries += runs;
      self->bytes += runs * MAX (eros_job_get_bytes_processed (job), LEAST_BILLED);
    }
  else if (!take_beyond (self, &error))
    {
      g_prefix_error (&error, "%s: ", get_label (self));
      g_task_return_error (task, error);
      return;
    }
  self->next++;
  ask_next (task);
}

static void
end (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);

  if (self->n_beyond == 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (
      task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_BUDGET,
      /* Translators: %2$s: names of checks */
      ngettext ("%1$u query would read more than a query may cost here: %2$s. Nothing has been run.",
                "%1$u queries would read more than a query may cost here: %2$s. Nothing has been run.",
                self->n_beyond),
      self->n_beyond, self->beyond->str);
}

static void
ask_next (GTask *task)
{
  Forecast *self = g_task_get_task_data (task);
  g_autofree char *id = eros_job_request_make_id ("eros-forecast");
  g_autofree char *sql = NULL;
  g_autoptr (ErosJobRequest) request = NULL;
  const ErosCheckBinding *binding;
  GError *error = NULL;

  while (self->next < self->elements->len && get_binding (self)->sql == NULL)
    self->next++;
  if (self->next == self->elements->len)
    {
      end (task);
      return;
    }
  binding = get_binding (self);
  sql =
    eros_sql_text_fill (binding->sql, binding->id, eros_big_query_get_connection (self->big_query), &error);
  if (sql == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  request = eros_check_run_new_request (self->deployment, self->big_query, binding, sql, id);
  eros_job_request_set_dry_run (request, TRUE);
  eros_big_query_run_async (self->big_query, request, g_task_get_cancellable (task), told_cb,
                            g_object_ref (task));
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error))
    ask_next (task);
  else
    g_task_return_error (task, error);
}

/**
 * eros_check_forecast_async:
 * @deployment: whose checks they are
 * @big_query: where they look
 * @ids: (array zero-terminated=1): elements, sections or phases
 * @cancellable: (nullable): to stop
 * @callback: called when all have been asked about
 * @user_data: for @callback
 *
 * Asks, without running anything, what the queries would read.
 */
void
eros_check_forecast_async (ErosDeployment *deployment,
                           ErosBigQuery *big_query,
                           const char *const *ids,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Forecast *self = g_new0 (Forecast, 1);

  g_task_set_source_tag (task, eros_check_forecast_async);
  self->deployment = g_object_ref (deployment);
  self->big_query = g_object_ref (big_query);
  self->elements = eros_check_round_collect (deployment, ids);
  self->beyond = g_string_new (NULL);
  g_task_set_task_data (task, self, (GDestroyNotify) forecast_free);
  eros_big_query_locate_async (big_query, NULL, NULL, cancellable, located_cb, g_object_ref (task));
}

/**
 * eros_check_forecast_finish:
 * @result: what the callback was given
 * @n_queries: (out): how many would be sent
 * @bytes: (out): what would be billed for at least: 10 MiB a query, or what it reads
 * @error: return location for an error
 *
 * Returns: whether all could be asked about
 */
gboolean
eros_check_forecast_finish (GAsyncResult *result, guint *n_queries, gint64 *bytes, GError **error)
{
  Forecast *self;

  g_return_val_if_fail (g_async_result_is_tagged (result, eros_check_forecast_async), FALSE);
  self = g_task_get_task_data (G_TASK (result));
  *n_queries = self->n_queries;
  *bytes = self->bytes;
  return g_task_propagate_boolean (G_TASK (result), error);
}
