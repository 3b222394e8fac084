/* eros-rehearsal.c: the BigQuery in the box, started on demand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-rehearsal.h"

#include <string.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "eros-big-query.h"
#include "eros-controller-error.h"
#include "eros-shape.h"
#include "eros-time-text.h"

#define SERVER "eros-bigquery-local"
#define READY  "listening on "
#define SUFFIX ".erosdeploy"

struct _ErosRehearsal
{
  GObject parent_instance;

  ErosConnection *connection;
  GSubprocess *server; /* NULL: somebody else's */
  GCancellable *watching;
  gboolean running;
};

/* A week and a day: what monitoring compares with. */
#define HISTORY_DAYS 8

G_DEFINE_FINAL_TYPE (ErosRehearsal, eros_rehearsal, G_TYPE_OBJECT)

enum
{
  PROP_RUNNING = 1,
  N_PROPS
};

enum
{
  DIED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
eros_rehearsal_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RUNNING)
    g_value_set_boolean (value, EROS_REHEARSAL (object)->running);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_rehearsal_dispose (GObject *object)
{
  ErosRehearsal *self = EROS_REHEARSAL (object);

  g_cancellable_cancel (self->watching);
  if (self->server != NULL)
    g_subprocess_send_signal (self->server, 15);
  g_clear_object (&self->server);
  g_clear_object (&self->connection);
  g_clear_object (&self->watching);
  G_OBJECT_CLASS (eros_rehearsal_parent_class)->dispose (object);
}

static void
eros_rehearsal_class_init (ErosRehearsalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_rehearsal_get_property;
  object_class->dispose = eros_rehearsal_dispose;
  properties[PROP_RUNNING] = g_param_spec_boolean (
    "running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[DIED] = g_signal_new ("died", EROS_TYPE_REHEARSAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
eros_rehearsal_init (ErosRehearsal *self)
{
  self->watching = g_cancellable_new ();
}

static void
set_running (ErosRehearsal *self, gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static char *
find_server (GError **error)
{
  const char *named = g_getenv ("EROS_LOCAL_BIGQUERY");
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self_path != NULL ? g_path_get_dirname (self_path) : g_strdup (".");
  g_autofree char *beside = g_build_filename (folder, SERVER, NULL);
  g_autofree char *in_build_tree = g_build_filename (folder, "local-bigquery", SERVER, NULL);
  const char *candidates[] = { named, EROS_BIN_DIR "/" SERVER, beside, in_build_tree };

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] != NULL && g_file_test (candidates[i], G_FILE_TEST_IS_EXECUTABLE))
      return g_strdup (candidates[i]);
  g_set_error (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
    _ ("A rehearsal needs the program %s, which was not found in %s or beside this program. Install "
       "the package again, or name its place in EROS_LOCAL_BIGQUERY."),
    SERVER, EROS_BIN_DIR);
  return NULL;
}

/* Ctrl+C in a terminal is for this process, which then ends the server in good order. */
static void
leave_process_group (gpointer user_data)
{
  setpgid (0, 0);
}

static void
add_sample (GPtrArray *arguments, guint captions, gboolean has_history)
{
  if (has_history)
    g_ptr_array_add (arguments, g_strdup_printf ("--history=%d", HISTORY_DAYS));
  g_ptr_array_add (arguments, captions > 0 ? g_strdup_printf ("--sample=eros:%u", captions)
                                           : g_strdup ("--sample=eros"));
}

static GSubprocess *
spawn (guint captions, GFile *data, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  char *program = find_server (error);

  if (program == NULL)
    return NULL;
  g_subprocess_launcher_set_child_setup (launcher, leave_process_group, NULL, NULL);
  g_ptr_array_add (arguments, program);
  g_ptr_array_add (arguments, g_strdup ("--port=0"));
  if (data == NULL || !eros_shape_is_prepared (data))
    add_sample (arguments, captions, data != NULL);
  /* Its standard input ends with this process, however this process ends. */
  g_ptr_array_add (arguments, g_strdup ("--until-eof"));
  if (data != NULL)
    g_ptr_array_add (arguments, g_strconcat ("--data=", g_file_peek_path (data), NULL));
  g_ptr_array_add (arguments, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, error);
}

/* Dispose cancels the wait, and a cancelled wait never touches the rehearsal. */
static void
exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GSubprocess *server = G_SUBPROCESS (source);
  ErosRehearsal *self = user_data;
  g_autofree char *message = NULL;

  if (!g_subprocess_wait_finish (server, result, NULL))
    return;
  if (g_subprocess_get_if_signaled (server))
    message = g_strdup_printf (_ ("The local BigQuery was stopped by signal %d. Start the rehearsal again."),
                               g_subprocess_get_term_sig (server));
  else
    message = g_strdup_printf (_ ("The local BigQuery ended with status %d. Start the rehearsal again."),
                               g_subprocess_get_exit_status (server));
  set_running (self, FALSE);
  g_signal_emit (self, signals[DIED], 0, message);
}

static ErosConnection *
connection_to (const char *endpoint)
{
  const char *project = g_getenv ("EROS_PROJECT_ID");
  const char *dataset = g_getenv ("EROS_DATASET");

  return g_object_new (EROS_TYPE_CONNECTION, "name", _ ("Rehearsal"), "environment", "rehearsal", "endpoint",
                       endpoint, "project", project != NULL ? project : "eros-rehearsal", "dataset",
                       dataset != NULL ? dataset : "eros_platform", "location", "US", "bucket",
                       "eros-platform-backups", "sign-in", EROS_SIGN_IN_NONE, NULL);
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosRehearsal *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
    g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);

  if (error == NULL && line != NULL && g_str_has_prefix (line, READY))
    {
      self->connection = connection_to (line + strlen (READY));
      set_running (self, TRUE);
      g_subprocess_wait_async (self->server, self->watching, exited_cb, self);
      g_task_return_pointer (task, g_object_ref (self), g_object_unref);
    }
  else if (error != NULL)
    {
      g_prefix_error (&error, _ ("Could not start the local BigQuery: "));
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    g_task_return_new_error (
      task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
      _ ("The local BigQuery ended before it was ready%s%s. What it wrote to standard error says why."),
      line != NULL ? ": " : "", line != NULL ? line : "");
}

/**
 * eros_rehearsal_start_async:
 * @captions: how many captions the sample data has; 0: as many as the server likes (100,000)
 * @endpoint: (nullable): a server that runs already, instead of one of our own
 * @data: (nullable): a folder in which the server keeps its data, with the queries of the week before; by
 * default they go with it, and have no past
 * @cancellable: (nullable): cancelling ends the server
 * @callback: called when it answers
 * @user_data: for @callback
 *
 * Starts a local BigQuery on a free loopback port, with the EROS sample data.
 */
void
eros_rehearsal_start_async (guint captions,
                            const char *endpoint,
                            GFile *data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ErosRehearsal) self = g_object_new (EROS_TYPE_REHEARSAL, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, eros_rehearsal_start_async);
  if (endpoint != NULL)
    {
      self->connection = connection_to (endpoint);
      self->running = TRUE;
      g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
      return;
    }
  self->server = spawn (captions, data, &error);
  if (self->server == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  g_task_set_task_data (task, g_steal_pointer (&self), g_object_unref);
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, cancellable, line_read_cb,
                                       g_steal_pointer (&task));
}

/**
 * eros_rehearsal_start_finish:
 * @result: what the callback was given
 * @error: return location for %EROS_CONTROLLER_ERROR or an I/O error
 *
 * Returns: (transfer full): the running rehearsal; dropping the last reference ends the server
 */
ErosRehearsal *
eros_rehearsal_start_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_rehearsal_start_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_rehearsal_get_connection:
 * @self: a rehearsal
 *
 * Returns: (transfer none): how to reach its BigQuery
 */
ErosConnection *
eros_rehearsal_get_connection (ErosRehearsal *self)
{
  return self->connection;
}

/* (transfer full) */
static char *
make_name (void)
{
  g_autofree char *title = eros_time_format (g_get_real_time (), EROS_TIME_MINUTES);

  /* Translators: %s: date and time */
  return g_strdup_printf (_ ("Rehearsal %s"), title);
}

/**
 * eros_rehearsal_new_file:
 *
 * Returns: (transfer full): a file that does not exist, among the other deployments
 */
GFile *
eros_rehearsal_new_file (void)
{
  g_autofree char *name = make_name ();

  return eros_deployment_new_file (name);
}

static char *
in_utc (gint64 now, int minutes)
{
  return eros_time_format (now + minutes * G_TIME_SPAN_MINUTE, "%Y-%m-%dT%H:%M:00Z");
}

/**
 * eros_rehearsal_get_data_folder:
 * @file: a rehearsal's deployment, there or not yet
 *
 * Returns: (transfer full): where its BigQuery keeps what it holds: beside the deployment, so that both are
 * there or neither
 */
GFile *
eros_rehearsal_get_data_folder (GFile *file)
{
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = NULL;

  if (g_str_has_suffix (base, SUFFIX))
    base[strlen (base) - strlen (SUFFIX)] = '\0';
  name = g_strconcat (base, ".rehearsal", NULL);
  return g_file_get_child (parent, name);
}

/* The newest job that the deployment has on record as well done: (nullable) (transfer full). */
static char *
find_last_job (ErosDeployment *deployment, char **location)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (!eros_event_is (event, EROS_EVENT_JOB_ENDED) || !eros_event_has_passed (event))
        continue;
      *location = g_strdup (eros_event_get_string (event, EROS_MEMBER_LOCATION));
      return g_strdup (eros_event_get_string (event, EROS_MEMBER_JOB_ID));
    }
  return NULL;
}

static void
job_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (EROS_BIG_QUERY (source), result, &error);

  if (job != NULL)
    g_task_return_boolean (task, TRUE);
  else if (!g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_task_return_error (task, error);
  else
    {
      g_task_return_new_error (task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                               _ ("The rehearsal cannot go on: its BigQuery does not hold what is on record "
                                  "as done (job %s). Its data were "
                                  "removed, or it was rehearsed on another server: name that with "
                                  "--endpoint, or begin again with “eros-deploy "
                                  "rehearse”."),
                               (const char *) g_task_get_task_data (task));
      g_error_free (error);
    }
}

/**
 * eros_rehearsal_check_data_async:
 * @self: a rehearsal
 * @deployment: what has been rehearsed there so far
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whether the rehearsal's BigQuery is the one in which @deployment was rehearsed: whether it knows
 * the newest job that is on record as well done.
 */
void
eros_rehearsal_check_data_async (ErosRehearsal *self,
                                 ErosDeployment *deployment,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (self->connection);
  g_autofree char *location = NULL;
  char *job = find_last_job (deployment, &location);

  g_task_set_source_tag (task, eros_rehearsal_check_data_async);
  g_task_set_task_data (task, job, g_free);
  if (job == NULL)
    g_task_return_boolean (task, TRUE);
  else
    eros_big_query_get_job_async (big_query, job, location != NULL ? location : "US", cancellable,
                                  job_looked_up_cb, g_steal_pointer (&task));
}

/**
 * eros_rehearsal_check_data_finish:
 * @self: a rehearsal
 * @result: what the callback was given
 * @error: return location for %EROS_CONTROLLER_ERROR_UNAVAILABLE, which says what to do
 *
 * Returns: whether the rehearsal can go on there
 */
gboolean
eros_rehearsal_check_data_finish (ErosRehearsal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * eros_rehearsal_create_deployment:
 * @self: (nullable): a rehearsal; %NULL for the one that will be started with this deployment's data
 * @file: (nullable): where; by default a fresh file among the other deployments
 * @actor: who rehearses
 * @error: return location for an error of the journal or the runbook
 *
 * Makes a deployment by the built-in runbook, with a window of two hours that begins now.
 *
 * Returns: (transfer full): the deployment, open for writing
 */
ErosDeployment *
eros_rehearsal_create_deployment (ErosRehearsal *self, GFile *file, const char *actor, GError **error)
{
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (error);

  return runbook != NULL ? eros_rehearsal_create_deployment_by (self, runbook, file, actor, error) : NULL;
}

/**
 * eros_rehearsal_create_deployment_by:
 * @self: (nullable): a rehearsal; %NULL for the one that will be started with this deployment's data
 * @runbook: what is rehearsed
 * @file: (nullable): where; by default a fresh file among the other deployments
 * @actor: who rehearses
 * @error: return location for an error of the journal
 *
 * Makes a deployment with a window of two hours that begins now.
 *
 * Returns: (transfer full): the deployment, open for writing
 */
ErosDeployment *
eros_rehearsal_create_deployment_by (ErosRehearsal *self,
                                     ErosRunbook *runbook,
                                     GFile *file,
                                     const char *actor,
                                     GError **error)
{
  gint64 now = g_get_real_time ();
  g_autofree char *start = in_utc (now, 0);
  g_autofree char *end = in_utc (now, 120);
  g_autoptr (ErosConnection) connection =
    self != NULL ? g_object_ref (self->connection) : connection_to (NULL);
  g_autofree char *name = make_name ();
  g_autoptr (GFile) place = file != NULL ? g_object_ref (file) : eros_rehearsal_new_file ();
  ErosDeploymentSetup setup = {
    .name = name,
    .window_start = start,
    .window_end = end,
    .lead_name = (char *) actor,
    .lead_email = (char *) "",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_REHEARSAL,
    .project = (char *) eros_connection_get_project (connection),
    .dataset = (char *) eros_connection_get_dataset (connection),
    .location = (char *) eros_connection_get_location (connection),
    .bucket = (char *) eros_connection_get_bucket (connection),
    .profile = (char *) "",
  };

  return eros_deployment_create (place, runbook, &setup, actor, error);
}
