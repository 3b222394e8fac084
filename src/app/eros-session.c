/* eros-session.c: a deployment that is open, and the machine that works for it
 *
 * The machine is only made ready when there is work for it: to read a deployment and to tick what a person
 * has done needs no service.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-session-private.h"

#include <glib/gi18n-lib.h>

#include "eros-connections.h"
#include "eros-rehearsal-clock.h"
#include "eros-timeline.h"
#include "eros-witness.h"

G_DEFINE_FINAL_TYPE (ErosSession, eros_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_OPERATION,
  PROP_STATUS,
  PROP_OFFLINE,
  N_PROPS
};

enum
{
  SIGNAL_STEP_CHANGED,
  SIGNAL_FAILED,
  SIGNAL_REHEARSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
eros_session_set_status (ErosSession *self, const char *status)
{
  if (g_strcmp0 (self->status, status) == 0)
    return;
  g_free (self->status);
  self->status = g_strdup (status);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
update_busy (ErosSession *self)
{
  gboolean busy = self->working || self->preparing != NULL;

  if (self->busy == busy)
    return;
  self->busy = busy;
  if (busy)
    self->cancellable = g_cancellable_new ();
  else
    g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

gboolean
eros_session_begin_work (ErosSession *self)
{
  if (self->busy || !eros_session_is_writable (self))
    return FALSE;
  self->working = TRUE;
  update_busy (self);
  return TRUE;
}

/* The work is over: nothing runs any more, whatever its last step said. */
void
eros_session_end_work (ErosSession *self, const GError *error)
{
  GHashTableIter iter;
  gpointer id;

  self->working = FALSE;
  update_busy (self);
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_autofree char *element_id = g_strdup (id);

      g_hash_table_iter_remove (&iter);
      g_signal_emit (self, signals[SIGNAL_STEP_CHANGED], 0, element_id);
    }
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
}

static void
step_state_cb (ErosStep *step, GParamSpec *pspec, ErosSession *self)
{
  const char *element_id = eros_step_get_element_id (step);
  ErosState state = eros_step_get_state (step);
  gboolean running = state == EROS_STATE_RUNNING || state == EROS_STATE_WAITING;
  gboolean changed;

  if (element_id == NULL)
    {
      /* It works for no box; who shows the operation still wants to know. */
      g_signal_emit (self, signals[SIGNAL_STEP_CHANGED], 0, "");
      return;
    }
  if (running)
    changed = g_hash_table_add (self->running, g_strdup (element_id));
  else
    changed = g_hash_table_remove (self->running, element_id);
  if (changed)
    g_signal_emit (self, signals[SIGNAL_STEP_CHANGED], 0, element_id);
}

static void
steps_changed_cb (GListModel *steps, guint position, guint removed, guint added, ErosSession *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      g_signal_connect_object (step, "notify::state", G_CALLBACK (step_state_cb), self, 0);
      step_state_cb (step, NULL, self);
    }
}

void
eros_session_set_operation (ErosSession *self, ErosOperation *operation)
{
  GListModel *steps;

  if (!g_set_object (&self->operation, operation))
    return;
  steps = eros_operation_get_steps (operation);
  g_signal_connect_object (steps, "items-changed", G_CALLBACK (steps_changed_cb), self, 0);
  steps_changed_cb (steps, 0, 0, g_list_model_get_n_items (steps), self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
}

/* ---- making the machine ready -------------------------------------------------------------------------- */

/* The machine is ready, or will not be. */
static void
prepared (ErosSession *self, const GError *error)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->preparing);

  eros_session_set_status (self, NULL);
  update_busy (self);
  for (guint i = 0; i < tasks->len; i++)
    if (error != NULL)
      g_task_return_error (g_ptr_array_index (tasks, i), g_error_copy (error));
    else
      g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autoptr (GError) error = NULL;

  eros_controller_resume_finish (EROS_CONTROLLER (source), result, &error);
  prepared (self, error);
}

static void
offline_cb (ErosSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFLINE]);
}

static void
use_connection (ErosSession *self, ErosConnection *connection)
{
  self->controller = eros_controller_new (self->deployment, connection);
  g_signal_connect_object (connection, "notify::offline", G_CALLBACK (offline_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "notify::waiting", G_CALLBACK (offline_cb), self, G_CONNECT_SWAPPED);
  if (!eros_session_is_writable (self))
    {
      /* What became of that work is for the program to look up that may write it down. */
      prepared (self, NULL);
      return;
    }
  eros_session_set_status (self, _ ("Looking up work that was under way…"));
  eros_controller_resume_async (self->controller, self->cancellable, resumed_cb, g_object_ref (self));
}

static void
clock_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (eros_rehearsal_advance_finish (self->rehearsal, result, &error))
    use_connection (self, eros_rehearsal_get_connection (self->rehearsal));
  else
    prepared (self, error);
}

/* A server that has just been started knows nothing of the days that its rehearsal has passed over. */
static void
rehearsal_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->rehearsal = eros_rehearsal_start_finish (result, &error);
  if (self->rehearsal != NULL)
    eros_rehearsal_advance_async (self->rehearsal, self->deployment, eros_timeline_get_now (self->deployment),
                                  NULL, self->cancellable, clock_set_cb, g_object_ref (self));
  else
    prepared (self, error);
}

/* With the data that it had when it was left. */
static void
start_rehearsal (ErosSession *self)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (self->deployment));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);
  g_autoptr (GError) error = NULL;

  if (!eros_session_is_writable (self))
    {
      g_set_error_literal (
        &error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
        _ ("Another program is at work on this rehearsal and has its BigQuery. Look there, "
           "or close it there and open it here again."));
      prepared (self, error);
      return;
    }
  eros_session_set_status (self, _ ("Starting the BigQuery in the box…"));
  eros_rehearsal_start_async (0, NULL, data, self->cancellable, rehearsal_started_cb, g_object_ref (self));
}

static void
make_ready (ErosSession *self)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (self->deployment);
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  if (self->rehearsal != NULL)
    use_connection (self, eros_rehearsal_get_connection (self->rehearsal));
  else if (setup->environment == EROS_ENVIRONMENT_REHEARSAL)
    start_rehearsal (self);
  else if ((connection = eros_connections_for_setup (setup, &error)) != NULL)
    use_connection (self, connection);
  else
    prepared (self, error);
}

/* ---- work ---------------------------------------------------------------------------------------------- */

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->all_passed = eros_controller_run_checks_finish (EROS_CONTROLLER (source), result, &error);
  eros_session_end_work (self, error);
}

static void
ready_to_check_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosSession *self = EROS_SESSION (source);
  g_auto (GStrv) ids = user_data;
  g_autoptr (GError) error = NULL;
  GListModel *operations;
  guint n;

  if (!eros_session_prepare_finish (self, result, &error))
    {
      eros_session_end_work (self, error);
      return;
    }
  operations = eros_controller_get_operations (self->controller);
  n = g_list_model_get_n_items (operations);
  eros_controller_run_checks_async (self->controller, (const char *const *) ids, self->cancellable,
                                    checked_cb, g_object_ref (self));
  if (g_list_model_get_n_items (operations) > n)
    {
      g_autoptr (ErosOperation) checks = g_list_model_get_item (operations, n);

      eros_session_set_operation (self, checks);
    }
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->all_passed = eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  eros_session_end_work (self, error);
  /* What the record says of it has changed. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
}

static void
ready_to_start_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosSession *self = EROS_SESSION (source);
  g_autoptr (ErosOperation) operation = user_data;
  ErosOperation *own = NULL;
  g_autoptr (GError) error = NULL;

  /* The controller’s own, for one that was read from the record. */
  if (eros_session_prepare_finish (self, result, &error))
    own = eros_controller_get_operation (self->controller, eros_operation_get_id (operation));
  if (own == NULL)
    {
      if (error == NULL)
        error = g_error_new (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                             _ ("“%s” cannot go on: what it was planned from is not there any more. Plan it "
                                "anew."),
                             eros_operation_get_title (operation));
      eros_session_end_work (self, error);
      return;
    }
  eros_controller_start_async (self->controller, own, self->cancellable, started_cb, g_object_ref (self));
  eros_session_set_operation (self, own);
}

static void
eros_session_dispose (GObject *object)
{
  ErosSession *self = EROS_SESSION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->operation);
  g_clear_object (&self->history);
  g_clear_object (&self->controller);
  g_clear_object (&self->rehearsal);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_session_parent_class)->dispose (object);
}

static void
eros_session_finalize (GObject *object)
{
  ErosSession *self = EROS_SESSION (object);

  g_clear_pointer (&self->preparing, g_ptr_array_unref);
  g_hash_table_unref (self->running);
  g_free (self->status);

  G_OBJECT_CLASS (eros_session_parent_class)->finalize (object);
}

static void
eros_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ErosSession *self = EROS_SESSION (object);

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_OPERATION:
      g_value_set_object (value, self->operation);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROP_OFFLINE:
      g_value_set_boolean (value, eros_session_get_offline (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_session_class_init (ErosSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = eros_session_dispose;
  object_class->finalize = eros_session_finalize;
  object_class->get_property = eros_session_get_property;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_OPERATION] = g_param_spec_object ("operation", NULL, NULL, EROS_TYPE_OPERATION, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_STEP_CHANGED] = g_signal_new ("step-changed", EROS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", EROS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_REHEARSED] = g_signal_new ("rehearsed", EROS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* Another program writes: what it adds may belong to an operation. */
static void
appended_cb (ErosSession *self)
{
  g_clear_object (&self->history);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPERATION]);
}

static void
eros_session_init (ErosSession *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * eros_session_new:
 * @deployment: a deployment
 * @rehearsal: (nullable): the BigQuery in the box that it was made with, when that runs already
 *
 * Opens a deployment for work.
 *
 * Returns: (transfer full): the session
 */
ErosSession *
eros_session_new (ErosDeployment *deployment, ErosRehearsal *rehearsal)
{
  ErosSession *self = g_object_new (EROS_TYPE_SESSION, NULL);

  self->deployment = g_object_ref (deployment);
  g_set_object (&self->rehearsal, rehearsal);
  if (!eros_session_is_writable (self))
    g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (appended_cb),
                             self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  else
    eros_witness_watch (deployment);
  return self;
}

/**
 * eros_session_get_deployment:
 * @self: a session
 *
 * Returns: (transfer none): its deployment
 */
ErosDeployment *
eros_session_get_deployment (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->deployment;
}

/**
 * eros_session_is_writable:
 * @self: a session
 *
 * Returns: whether this program may write the deployment's journal
 */
gboolean
eros_session_is_writable (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return eros_journal_is_writable (eros_deployment_get_journal (self->deployment));
}

/**
 * eros_session_get_busy:
 * @self: a session
 *
 * Returns: whether the machine works
 */
gboolean
eros_session_get_busy (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return self->busy;
}

/**
 * eros_session_get_status:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what is done to make the machine ready; %NULL when that is not under
 * way
 */
const char *
eros_session_get_status (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->status;
}

/**
 * eros_session_get_all_passed:
 * @self: a session
 *
 * Returns: whether all checks of the last run passed
 */
gboolean
eros_session_get_all_passed (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return self->all_passed;
}

/**
 * eros_session_get_operation:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the operation that runs, or has run last in this session
 */
ErosOperation *
eros_session_get_operation (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->operation;
}

/**
 * eros_session_run_checks:
 * @self: a session that is not busy
 * @ids: (array zero-terminated=1): elements, sections or phases
 *
 * Runs the machine's checks of @ids, after making the machine ready when it is not. What comes out shows in
 * the check boxes; “failed” is emitted when the work could not be done.
 */
void
eros_session_run_checks (ErosSession *self, const char *const *ids)
{
  g_return_if_fail (EROS_IS_SESSION (self));

  if (eros_session_begin_work (self))
    eros_session_prepare_async (self, ready_to_check_cb, g_strdupv ((char **) ids));
}

/**
 * eros_session_prepare_async:
 * @self: a session
 * @callback: called when the machine is ready
 * @user_data: for @callback
 *
 * Makes the machine ready when it is not: signs in, or starts the BigQuery in the box, and looks up work that
 * was under way. While that takes, the session is busy and says what it is at.
 */
void
eros_session_prepare_async (ErosSession *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  gboolean first;

  g_return_if_fail (EROS_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, eros_session_prepare_async);
  if (self->controller != NULL && self->preparing == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  first = self->preparing == NULL;
  if (first)
    self->preparing = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->preparing, g_steal_pointer (&task));
  update_busy (self);
  if (first)
    make_ready (self);
}

/**
 * eros_session_prepare_finish:
 * @self: a session
 * @result: what the callback got
 * @error: return location for why the machine cannot be made ready
 *
 * Returns: whether it is; then eros_session_get_controller () is not %NULL
 */
gboolean
eros_session_prepare_finish (ErosSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * eros_session_get_waiting:
 * @self: a session
 *
 * Notified as “offline” is.
 *
 * Returns: (nullable): what requests wait for that have failed and are sent again
 */
const char *
eros_session_get_waiting (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->controller != NULL
           ? eros_connection_get_waiting (eros_controller_get_connection (self->controller))
           : NULL;
}

/**
 * eros_session_get_offline:
 * @self: a session
 *
 * Returns: whether no server can be reached: work waits, and goes on when one can
 */
gboolean
eros_session_get_offline (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return self->controller != NULL &&
         eros_connection_get_offline (eros_controller_get_connection (self->controller));
}

/**
 * eros_session_get_controller:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the machine, once it is ready
 */
ErosController *
eros_session_get_controller (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->preparing == NULL ? self->controller : NULL;
}

/**
 * eros_session_start:
 * @self: a session that is not busy
 * @operation: one that is planned, or one that has not ended well, also one from the record
 *
 * Runs @operation, or goes on with it. “failed” is emitted when it did not end well.
 */
void
eros_session_start (ErosSession *self, ErosOperation *operation)
{
  g_return_if_fail (EROS_IS_SESSION (self));

  if (eros_session_begin_work (self))
    eros_session_prepare_async (self, ready_to_start_cb, g_object_ref (operation));
}

/**
 * eros_session_cancel:
 * @self: a session
 *
 * Stops what the machine is doing. Until that has answered, eros_session_is_cancelling () says so.
 */
void
eros_session_cancel (ErosSession *self)
{
  g_return_if_fail (EROS_IS_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[SIGNAL_STEP_CHANGED], 0, "");
}

/**
 * eros_session_is_cancelling:
 * @self: a session
 *
 * Notified by “step-changed”.
 *
 * Returns: whether the machine was told to stop and has not stopped yet
 */
gboolean
eros_session_is_cancelling (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return self->busy && g_cancellable_is_cancelled (self->cancellable);
}

/**
 * eros_session_is_running:
 * @self: a session
 * @element_id: a check box
 *
 * Returns: whether the machine works for it at this moment
 */
gboolean
eros_session_is_running (ErosSession *self, const char *element_id)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  return g_hash_table_contains (self->running, element_id);
}

/**
 * eros_session_get_connection:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the connection at work; %NULL before there was work for it
 */
ErosConnection *
eros_session_get_connection (ErosSession *self)
{
  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  return self->controller != NULL ? eros_controller_get_connection (self->controller) : NULL;
}
