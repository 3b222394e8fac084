/* eros-controller.c: the work of a deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-controller-private.h"

#include <glib/gi18n-lib.h>

#include "eros-check-forecast.h"
#include "eros-check-round.h"
#include "eros-plan.h"

G_DEFINE_FINAL_TYPE (ErosController, eros_controller, G_TYPE_OBJECT)

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
eros_controller_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, eros_controller_get_busy (EROS_CONTROLLER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
eros_controller_dispose (GObject *object)
{
  ErosController *self = EROS_CONTROLLER (object);

  g_clear_pointer (&self->works, g_hash_table_unref);
  g_clear_pointer (&self->wait_record, eros_wait_record_free);
  g_clear_object (&self->deployment);
  g_clear_object (&self->connection);
  g_clear_object (&self->backups);
  g_clear_object (&self->big_query);
  g_clear_object (&self->operations);
  G_OBJECT_CLASS (eros_controller_parent_class)->dispose (object);
}

static void
eros_controller_class_init (ErosControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = eros_controller_get_property;
  object_class->dispose = eros_controller_dispose;
  properties[PROP_BUSY] = g_param_spec_boolean (
    "busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
eros_controller_init (ErosController *self)
{
  self->operations = g_list_store_new (EROS_TYPE_OPERATION);
  self->works = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify) eros_work_unref);
}

/**
 * eros_controller_new:
 * @deployment: what the work is for; everything that happens is recorded there
 * @connection: where it is done
 *
 * Returns: (transfer full): a controller that has nothing to do yet
 */
ErosController *
eros_controller_new (ErosDeployment *deployment, ErosConnection *connection)
{
  ErosController *self = g_object_new (EROS_TYPE_CONTROLLER, NULL);

  self->deployment = g_object_ref (deployment);
  self->connection = g_object_ref (connection);
  self->big_query = eros_big_query_new (connection);
  self->backups = eros_backup_store_new (deployment, self->big_query);
  eros_controller_restore_operations (self);
  if (eros_journal_is_writable (eros_deployment_get_journal (deployment)))
    {
      eros_controller_look_for_proofs (self);
      self->wait_record = eros_wait_record_new (deployment, connection);
    }
  return self;
}

ErosDeployment *
eros_controller_get_deployment (ErosController *self)
{
  return self->deployment;
}

ErosConnection *
eros_controller_get_connection (ErosController *self)
{
  return self->connection;
}

ErosBackupStore *
eros_controller_get_backups (ErosController *self)
{
  return self->backups;
}

gboolean
eros_controller_get_busy (ErosController *self)
{
  return self->n_active > 0;
}

GListModel *
eros_controller_get_operations (ErosController *self)
{
  return G_LIST_MODEL (self->operations);
}

ErosOperation *
eros_controller_find_operation (ErosController *self, const char *kind)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));

  for (guint i = n; i > 0; i--)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

      if (g_str_equal (eros_operation_get_kind (operation), kind))
        return operation; /* the list keeps it alive */
    }
  return NULL;
}

/**
 * eros_controller_get_operation:
 * @self: a controller
 * @id: of an operation
 *
 * Returns: (transfer none) (nullable): the one that it can run or go on with
 */
ErosOperation *
eros_controller_get_operation (ErosController *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->operations));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (g_str_equal (eros_operation_get_id (operation), id))
        return operation; /* the list keeps it alive */
    }
  return NULL;
}

void
eros_controller_change_active (ErosController *self, int by)
{
  gboolean was_busy = eros_controller_get_busy (self);

  self->n_active += by;
  if (was_busy != eros_controller_get_busy (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* ---- what can be run ----------------------------------------------------------------------------------- */

static gboolean
explain (char **reason, const char *text)
{
  if (reason != NULL)
    *reason = g_strdup (text);
  return FALSE;
}

/**
 * eros_controller_can_run:
 * @self: a controller
 * @element_id: a check box, or an operation
 * @reason: (out) (optional) (transfer full): what it needs, for people
 *
 * Returns: whether the machine can do it, now
 */
gboolean
eros_controller_can_run (ErosController *self, const char *element_id, char **reason)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  ErosElement *element = eros_runbook_find_element (runbook, element_id);

  if (element == NULL)
    return explain (reason, _ ("The runbook has no such element."));
  if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION)
    {
      const char *kind = eros_element_get_operation (element);

      if (!eros_plan_is_known (kind))
        return explain (
          reason, _ ("This version does not do this by itself yet: do it by hand, and tick what is done."));
      return eros_deployment_allows (self->deployment, "run", kind, reason, NULL);
    }
  if (eros_element_get_check_binding (element) == NULL)
    return explain (reason, _ ("Only a person can judge this."));
  if (!eros_check_round_knows (eros_element_get_check_binding (element)))
    return explain (reason,
                    _ ("This version of the program cannot make the check that the runbook names: look "
                       "yourself, and tick what is done."));
  return eros_deployment_allows (self->deployment, "run", element_id, reason, NULL);
}

/* ---- checks -------------------------------------------------------------------------------------------- */

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean all_passed = eros_check_round_run_finish (result, &error);

  eros_controller_change_active (g_task_get_source_object (task), -1);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, all_passed);
}

/**
 * eros_controller_run_checks_async:
 * @self: a controller
 * @ids: (array zero-terminated=1): elements, sections or phases
 * @cancellable: (nullable): stops what is under way, on the server too
 * @callback: called when all are done
 * @user_data: for @callback
 *
 * Runs every machine check among @ids, several at a time. Each ends in the record by itself: what has been
 * found stays found when the rest is cut off.
 */
void
eros_controller_run_checks_async (ErosController *self,
                                  const char *const *ids,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  ErosCheckRound *round = eros_check_round_begin (self->deployment, self->big_query, ids, &error);

  g_task_set_source_tag (task, eros_controller_run_checks_async);
  if (round == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_list_store_append (self->operations, eros_check_round_get_operation (round));
  eros_controller_change_active (self, +1);
  eros_check_round_run_async (round, cancellable, checked_cb, g_steal_pointer (&task));
}

gboolean
eros_controller_run_checks_finish (ErosController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * eros_controller_forecast_checks_async:
 * @self: a controller
 * @ids: (array zero-terminated=1): elements, sections or phases
 * @cancellable: (nullable): to stop
 * @callback: called when all have been asked about
 * @user_data: for @callback
 *
 * Asks by dry runs what the queries of the checks among @ids would read. Nothing is run, and nothing
 * recorded.
 */
void
eros_controller_forecast_checks_async (ErosController *self,
                                       const char *const *ids,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  eros_check_forecast_async (self->deployment, self->big_query, ids, cancellable, callback, user_data);
}

gboolean
eros_controller_forecast_checks_finish (GAsyncResult *result, guint *n_queries, gint64 *bytes, GError **error)
{
  return eros_check_forecast_finish (result, n_queries, bytes, error);
}
