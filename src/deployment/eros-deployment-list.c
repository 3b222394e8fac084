/* eros-deployment-list.c: what is in the folder of deployments, for the start view and "list"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-list.h"

#include <string.h>
#include <glib/gi18n-lib.h>

struct _ErosDeploymentSummary
{
  GObject parent_instance;
  GFile *file;
  char *id;
  char *error;
  char *name;
  char *phase;
  ErosEnvironment environment;
  ErosResult result;
  gint64 created;
  gint64 modified;
  guint done;
  guint total;
};

G_DEFINE_FINAL_TYPE (ErosDeploymentSummary, eros_deployment_summary, G_TYPE_OBJECT)

static void
eros_deployment_summary_finalize (GObject *object)
{
  ErosDeploymentSummary *self = EROS_DEPLOYMENT_SUMMARY (object);

  g_clear_object (&self->file);
  g_free (self->id);
  g_free (self->error);
  g_free (self->name);
  g_free (self->phase);
  G_OBJECT_CLASS (eros_deployment_summary_parent_class)->finalize (object);
}

static void
eros_deployment_summary_class_init (ErosDeploymentSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_deployment_summary_finalize;
}

static void
eros_deployment_summary_init (ErosDeploymentSummary *self)
{
}

static void
fill (ErosDeploymentSummary *self, ErosDeployment *deployment)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (ErosEvent) first = g_list_model_get_item (events, 0);
  g_autoptr (ErosEvent) last = g_list_model_get_item (events, g_list_model_get_n_items (events) - 1);
  ErosPhase *phase = eros_deployment_get_phase_reached (deployment);

  self->name = g_strdup (eros_deployment_get_setup (deployment)->name);
  self->environment = eros_deployment_get_setup (deployment)->environment;
  self->phase = phase != NULL ? g_strdup (eros_phase_get_short_title (phase)) : NULL;
  self->result = eros_deployment_get_result (deployment);
  self->created = eros_event_get_time (first);
  self->modified = eros_event_get_time (last);
  eros_deployment_get_overall (deployment, &self->done, &self->total);
}

static gint64
get_modified (GFile *file)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, 0, NULL, NULL);
  g_autoptr (GDateTime) time = info != NULL ? g_file_info_get_modification_date_time (info) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static ErosDeploymentSummary *
summarize (GFile *file, const char *name)
{
  ErosDeploymentSummary *self = g_object_new (EROS_TYPE_DEPLOYMENT_SUMMARY, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_READ, &error);

  self->file = g_object_ref (file);
  self->id = g_strndup (name, strlen (name) - strlen (".erosdeploy"));
  if (deployment != NULL)
    fill (self, deployment);
  else
    {
      self->error = g_strdup (error->message);
      self->name = g_strdup (self->id);
      self->modified = get_modified (file);
    }
  return self;
}

static int
compare_modified (gconstpointer a, gconstpointer b)
{
  const ErosDeploymentSummary *left = *(const ErosDeploymentSummary *const *) a;
  const ErosDeploymentSummary *right = *(const ErosDeploymentSummary *const *) b;

  if (left->modified != right->modified)
    return left->modified < right->modified ? 1 : -1;
  return strcmp (left->id, right->id);
}

static gboolean
add_files (GFile *directory, GPtrArray *summaries, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileEnumerator) files = NULL;
  GFileInfo *info;
  GFile *file;

  files = g_file_enumerate_children (
    directory, G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN,
    G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (files == NULL)
    return FALSE;
  while (g_file_enumerator_iterate (files, &info, &file, cancellable, error))
    {
      if (info == NULL)
        return TRUE;
      /* A hidden one is a journal that is just being made, or was when its maker was killed. */
      if (!g_file_info_get_is_hidden (info) &&
          g_str_has_suffix (g_file_info_get_display_name (info), ".erosdeploy"))
        g_ptr_array_add (summaries, summarize (file, g_file_info_get_display_name (info)));
    }
  return FALSE;
}

/**
 * eros_deployment_list:
 * @directory: a folder
 * @cancellable: (nullable): to stop
 * @error: return location for an I/O error
 *
 * Reads and verifies every deployment in @directory, waiting for the disk. One
 * that cannot be read is listed with its error. A folder that is not there is
 * an empty one.
 *
 * Returns: (transfer full): a #GListModel of #ErosDeploymentSummary, the last
 *   modified first
 */
GListModel *
eros_deployment_list (GFile *directory, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) summaries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) problem = NULL;
  GListStore *list;

  g_return_val_if_fail (G_IS_FILE (directory), NULL);

  if (!add_files (directory, summaries, cancellable, &problem) &&
      !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&problem),
                                  _ ("The list of deployments cannot be read: "));
      return NULL;
    }
  g_ptr_array_sort (summaries, compare_modified);
  list = g_list_store_new (EROS_TYPE_DEPLOYMENT_SUMMARY);
  g_list_store_splice (list, 0, 0, summaries->pdata, summaries->len);
  return G_LIST_MODEL (list);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GListModel *list = eros_deployment_list (data, cancellable, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * eros_deployment_list_async:
 * @directory: a folder
 * @cancellable: (nullable): to stop
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * As eros_deployment_list(), in a thread.
 */
void
eros_deployment_list_async (GFile *directory,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (directory));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, eros_deployment_list_async);
  g_task_set_task_data (task, g_object_ref (directory), g_object_unref);
  g_task_run_in_thread (task, list_in_thread);
}

/**
 * eros_deployment_list_finish:
 * @result: what the callback got
 * @error: return location for an I/O error
 *
 * Returns: (transfer full): see eros_deployment_list()
 */
GListModel *
eros_deployment_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_deployment_summary_get_file:
 * @self: a summary
 *
 * Returns: (transfer none): the deployment’s file
 */
GFile *
eros_deployment_summary_get_file (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), NULL);
  return self->file;
}

/**
 * eros_deployment_summary_get_id:
 * @self: a summary
 *
 * Returns: the name of its file without “.erosdeploy”
 */
const char *
eros_deployment_summary_get_id (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), NULL);
  return self->id;
}

/**
 * eros_deployment_summary_get_error:
 * @self: a summary
 *
 * Returns: (nullable): why the file cannot be read
 */
const char *
eros_deployment_summary_get_error (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), NULL);
  return self->error;
}

/**
 * eros_deployment_summary_get_name:
 * @self: a summary
 *
 * Returns: the deployment’s name; its id if the file cannot be read
 */
const char *
eros_deployment_summary_get_name (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), NULL);
  return self->name;
}

/**
 * eros_deployment_summary_get_environment:
 * @self: a summary
 *
 * Returns: where it deploys
 */
ErosEnvironment
eros_deployment_summary_get_environment (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), EROS_ENVIRONMENT_REHEARSAL);
  return self->environment;
}

/**
 * eros_deployment_summary_get_created:
 * @self: a summary
 *
 * Returns: the time of its first event, in microseconds since 1970 UTC; 0 if
 *   the file cannot be read
 */
gint64
eros_deployment_summary_get_created (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), 0);
  return self->created;
}

/**
 * eros_deployment_summary_get_modified:
 * @self: a summary
 *
 * Returns: the time of its last event, or the file’s own if it cannot be read,
 *   in microseconds since 1970 UTC
 */
gint64
eros_deployment_summary_get_modified (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), 0);
  return self->modified;
}

/**
 * eros_deployment_summary_get_phase:
 * @self: a summary
 *
 * Returns: (nullable): short title of the phase reached
 */
const char *
eros_deployment_summary_get_phase (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), NULL);
  return self->phase;
}

/**
 * eros_deployment_summary_get_result:
 * @self: a summary
 *
 * Returns: how it ended
 */
ErosResult
eros_deployment_summary_get_result (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), EROS_RESULT_UNDECIDED);
  return self->result;
}

/**
 * eros_deployment_summary_get_done:
 * @self: a summary
 *
 * Returns: how many checks and sign-offs are done
 */
guint
eros_deployment_summary_get_done (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), 0);
  return self->done;
}

/**
 * eros_deployment_summary_get_total:
 * @self: a summary
 *
 * Returns: how many checks and sign-offs there are
 */
guint
eros_deployment_summary_get_total (ErosDeploymentSummary *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_SUMMARY (self), 0);
  return self->total;
}
