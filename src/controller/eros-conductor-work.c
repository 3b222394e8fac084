/* eros-conductor-work.c: the operations of a rehearsal, as soon as they may be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-conductor-private.h"

#include <glib/gi18n-lib.h>

#include "eros-authority.h"
#include "eros-backup-choice.h"
#include "eros-stand-in.h"
#include "eros-unfinished.h"

static ErosOperationKind
get_kind (ErosElement *element)
{
  return eros_operation_kind_of (eros_element_get_operation (element));
}

void
eros_conductor_stop_work (ErosConductor *self,
                          ErosConductorWork work,
                          ErosElement *element,
                          const char *reason)
{
  eros_conductor_tell (self, work == EROS_CONDUCTOR_MISSING ? EROS_CONDUCTED_LEFT_OUT : EROS_CONDUCTED_OPEN,
                       eros_element_get_label (element), reason);
  self->work = work;
  g_free (self->missing);
  self->missing =
    g_strdup_printf (_ ("“%s” has not been done in this rehearsal, so there is nothing to look at."),
                     eros_element_get_label (element));
}

/* In an earlier part of this rehearsal, and still so. Who is on no way back needs no rollback. */
gboolean
eros_conductor_is_done (ErosConductor *self, ErosElement *element)
{
  const char *name = eros_element_get_operation (element);
  ErosOperation *operation = eros_controller_find_operation (self->controller, name);

  if (get_kind (element) == EROS_OPERATION_KIND_ROLLBACK)
    return self->course == EROS_CONDUCTOR_ONWARD ||
           eros_deployment_get_result (self->deployment) == EROS_RESULT_ROLLED_BACK;
  return operation != NULL && eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED &&
         !eros_deployment_was_taken_back (self->deployment, name);
}

/* What a failed one has come to stands in the record; the rehearsal goes on to show what else there is. */
static void
operation_ended (ErosConductor *self, GError *error)
{
  if (eros_conductor_is_stopped (self, error))
    return;
  if (error != NULL)
    eros_conductor_stop_work (self, EROS_CONDUCTOR_STOPPED, self->operations->pdata[self->next - 1],
                              error->message);
  g_clear_error (&error);
  eros_conductor_go_on (self);
}

static void
operation_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  operation_ended (self, error);
}

static void
start (ErosConductor *self, ErosOperation *operation)
{
  eros_controller_start_async (self->controller, operation, g_task_get_cancellable (self->task),
                               operation_ended_cb, g_object_ref (self));
}

/* ---- the rollback -------------------------------------------------------------------------------------- */

static ErosOperation *
plan_rollback (ErosConductor *self, const char *backup, GError **error)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  const char *authority = eros_authority_get_designated (self->deployment, name);
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (arguments, (gpointer) "backup", (gpointer) backup);
  g_hash_table_insert (arguments, (gpointer) "reason",
                       self->reason != NULL
                         ? self->reason
                         : _ ("The way back is rehearsed, and everything deployed again after it"));
  g_hash_table_insert (arguments, (gpointer) "authority",
                       (gpointer) (authority != NULL ? authority : EROS_STAND_IN_ACTOR));
  g_hash_table_insert (arguments, (gpointer) "confirm", (gpointer) "ROLLBACK");
  return eros_controller_plan (self->controller, name, arguments, error);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  ErosBackupStore *store = EROS_BACKUP_STORE (source);
  g_autofree char *why = NULL;
  g_autoptr (GError) trouble = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) backups = eros_backup_store_list_finish (store, result, &trouble, &error);
  const ErosStoredBackup *backup = backups != NULL ? eros_backup_store_choose (store, backups, &why) : NULL;
  ErosOperation *operation = backup != NULL ? plan_rollback (self, backup->name, &error) : NULL;

  if (operation != NULL)
    start (self, operation);
  else if (error != NULL)
    operation_ended (self, error);
  else
    operation_ended (self, g_error_new (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, "%s%s%s", why,
                                        trouble != NULL ? " " : "", trouble != NULL ? trouble->message : ""));
}

static void
roll_back (ErosConductor *self)
{
  const char *name = eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK);
  g_autoptr (ErosUnfinished) unfinished = eros_unfinished_find (self->deployment, name);
  ErosOperation *begun =
    unfinished != NULL ? eros_controller_get_operation (self->controller, unfinished->id) : NULL;

  /* One that is over but for what is owed is not gone on with. */
  if (begun != NULL && unfinished->owed == NULL)
    start (self, begun);
  else
    eros_backup_store_list_async (eros_controller_get_backups (self->controller),
                                  g_task_get_cancellable (self->task), listed_cb, g_object_ref (self));
}

/* That they stay paused keeps nobody from going on: it stands in the record. */
static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  if (eros_conductor_is_stopped (self, error))
    return;
  if (error != NULL)
    eros_conductor_tell (self, EROS_CONDUCTED_WARNING, error->message, NULL);
  g_clear_error (&error);
  eros_conductor_go_on (self);
}

/* Those that a rollback has paused, if it has. */
ErosConductorAct
eros_conductor_resume_schedules (ErosConductor *self)
{
  ErosOperation *operation = eros_controller_take_up (
    self->controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_RESUME_SCHEDULES), NULL);

  if (operation == NULL)
    return EROS_CONDUCTOR_DONE;
  eros_controller_start_async (self->controller, operation, g_task_get_cancellable (self->task), resumed_cb,
                               g_object_ref (self));
  return EROS_CONDUCTOR_BEGUN;
}

/* ---- the others ---------------------------------------------------------------------------------------- */

/* By the team's own steps, where it has some. */
static ErosOperation *
take_up (ErosConductor *self, ErosElement *element, GError **error)
{
  const char *name = eros_element_get_operation (element);
  ErosOperationKind kind = get_kind (element);
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);

  if (self->sql == NULL || (kind != EROS_OPERATION_KIND_DEPLOY && kind != EROS_OPERATION_KIND_PROVE))
    return eros_controller_take_up (self->controller, name, error);
  g_hash_table_insert (arguments, (gpointer) "sql", self->sql);
  return eros_controller_plan (self->controller, name, arguments, error);
}

static ErosConductorAct
run (ErosConductor *self, ErosElement *element)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = NULL;

  self->next++;
  if (get_kind (element) == EROS_OPERATION_KIND_ROLLBACK)
    roll_back (self);
  else if ((operation = take_up (self, element, &error)) != NULL)
    start (self, operation);
  else
    eros_conductor_stop_work (self, EROS_CONDUCTOR_STOPPED, element, error->message);
  return error != NULL ? EROS_CONDUCTOR_DONE : EROS_CONDUCTOR_BEGUN;
}

/* Operations are done as soon as they may be, so that people look at what is there. */
ErosConductorAct
eros_conductor_run_what_may_run (ErosConductor *self)
{
  while (self->work == EROS_CONDUCTOR_GOES_ON && self->next < self->operations->len)
    {
      ErosElement *element = self->operations->pdata[self->next];

      if (eros_conductor_is_done (self, element))
        self->next++;
      else if (eros_controller_can_run (self->controller, eros_element_get_id (element), NULL))
        return run (self, element);
      else
        break;
    }
  return EROS_CONDUCTOR_DONE;
}
