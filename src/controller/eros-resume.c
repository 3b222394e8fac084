/* eros-resume.c: what became of jobs whose end nobody has written down
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query.h"
#include "eros-controller.h"
#include "eros-plan-copy.h"
#include "eros-record.h"

typedef struct
{
  char *id;
  char *location; /* (nullable): nobody knew */
  gint64 planned; /* µs since 1970 */
} OpenJob;

static void
open_job_free (OpenJob *job)
{
  g_free (job->id);
  g_free (job->location);
  g_free (job);
}

typedef struct
{
  ErosBigQuery *big_query;
  GPtrArray *jobs; /* of OpenJob: planned and not ended */
  guint next;
} Resume;

static void
resume_free (Resume *resume)
{
  g_clear_object (&resume->big_query);
  g_ptr_array_unref (resume->jobs);
  g_free (resume);
}

static gboolean
is_job (gconstpointer job, gconstpointer id)
{
  return g_str_equal (((const OpenJob *) job)->id, id);
}

/* Those of another project cannot be asked for here; that they are not found would say nothing. */
static gboolean
is_elsewhere (ErosEvent *planned, const char *project)
{
  const char *its = eros_event_get_string (planned, EROS_MEMBER_PROJECT);

  return its != NULL && g_strcmp0 (its, project) != 0;
}

static GPtrArray *
find_open_jobs (ErosDeployment *deployment, const char *project)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GPtrArray *open = g_ptr_array_new_with_free_func ((GDestroyNotify) open_job_free);
  guint place;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      const char *job_id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);

      if (job_id == NULL)
        continue;
      if (eros_event_is (event, EROS_EVENT_JOB_PLANNED) && !is_elsewhere (event, project))
        {
          OpenJob *job = g_new0 (OpenJob, 1);

          job->id = g_strdup (job_id);
          job->location = g_strdup (eros_event_get_string (event, EROS_MEMBER_LOCATION));
          job->planned = eros_event_get_time (event);
          g_ptr_array_add (open, job);
        }
      else if (eros_event_is (event, EROS_EVENT_JOB_ENDED) &&
               g_ptr_array_find_with_equal_func (open, job_id, is_job, &place))
        g_ptr_array_remove_index (open, place);
    }
  return open;
}

/* What was sent just before the program was killed may still be on its way: whoever says now that it never
 * arrived, and gives its step another id, may run it twice. Until then it keeps its id. */
static gboolean
may_be_on_its_way (Resume *resume, const OpenJob *job)
{
  gint64 patience =
    1000 * eros_connection_get_patience_ms (eros_big_query_get_connection (resume->big_query));

  return g_get_real_time () - job->planned < 2 * patience;
}

static void look_up_next (GTask *task);

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosController *self = g_task_get_source_object (task);
  Resume *resume = g_task_get_task_data (task);
  const OpenJob *open = g_ptr_array_index (resume->jobs, resume->next);
  g_autoptr (GError) failure = NULL;
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (EROS_BIG_QUERY (source), result, &failure);

  /* Not found: it was written down and never arrived. Another failure says nothing about the job. */
  if (job == NULL && !g_error_matches (failure, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      g_prefix_error (&failure, _ ("What became of job %s could not be found out: "), open->id);
      g_task_return_error (task, g_steal_pointer (&failure));
      return;
    }
  if (job != NULL)
    failure = eros_job_dup_error (job);
  if ((job == NULL ? !may_be_on_its_way (resume, open) : eros_job_is_done (job)) &&
      !eros_record_job_ended (eros_controller_get_deployment (self), open->id, job, failure, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  resume->next++;
  look_up_next (task);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  guint n_removed;
  GError *error = NULL;

  if (eros_copy_remove_all_finish (result, &n_removed, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Work on a copy of the data set that was cut off is not gone on with. */
static void
remove_copies (GTask *task)
{
  ErosDeployment *deployment = eros_controller_get_deployment (g_task_get_source_object (task));
  Resume *resume = g_task_get_task_data (task);

  if (eros_copy_is_left (deployment))
    eros_copy_remove_all_async (deployment, resume->big_query, g_task_get_cancellable (task), removed_cb,
                                g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
look_up_next (GTask *task)
{
  ErosController *self = g_task_get_source_object (task);
  Resume *resume = g_task_get_task_data (task);

  const OpenJob *open =
    resume->next < resume->jobs->len ? g_ptr_array_index (resume->jobs, resume->next) : NULL;
  const char *now = eros_connection_get_location (eros_controller_get_connection (self));

  if (open == NULL)
    remove_copies (task);
  else
    eros_big_query_get_job_async (resume->big_query, open->id, open->location != NULL ? open->location : now,
                                  g_task_get_cancellable (task), looked_up_cb, g_object_ref (task));
}

/**
 * eros_controller_resume_async:
 * @self: a controller of a deployment that has just been opened
 * @cancellable: (nullable): a cancellable
 * @callback: called when every such job has been looked up
 * @user_data: for @callback
 *
 * Looks up every job that is on record as planned and not as ended, and records what became of it, unless
 * that cannot be known yet. Runs nothing; a copy of the data set that work has left behind is removed.
 */
void
eros_controller_resume_async (ErosController *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Resume *resume = g_new0 (Resume, 1);

  g_task_set_source_tag (task, eros_controller_resume_async);
  resume->big_query = eros_big_query_new (eros_controller_get_connection (self));
  resume->jobs = find_open_jobs (eros_controller_get_deployment (self),
                                 eros_connection_get_project (eros_controller_get_connection (self)));
  g_task_set_task_data (task, resume, (GDestroyNotify) resume_free);
  look_up_next (task);
}

gboolean
eros_controller_resume_finish (ErosController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
