/* eros-session-record.c: which operations there were, now or before, and which of them can be gone on with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-session-private.h"

#include "eros-unfinished.h"

/* (transfer none) (nullable): the newest of this kind that has been started; the list keeps it alive */
static ErosOperation *
find_last (GListModel *operations, const char *kind)
{
  for (guint i = g_list_model_get_n_items (operations); i > 0; i--)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i - 1);

      if ((kind == NULL || g_str_equal (eros_operation_get_kind (operation), kind)) &&
          eros_operation_get_state (operation) != EROS_STATE_PLANNED)
        return operation;
    }
  return NULL;
}

/* (transfer none) (nullable): the list keeps it alive */
static ErosOperation *
get_from (GListModel *operations, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i);

      if (g_str_equal (eros_operation_get_id (operation), id))
        return operation;
    }
  return NULL;
}

static GListModel *
read_history (ErosSession *self)
{
  if (self->history == NULL)
    self->history = eros_history_read (self->deployment);
  return self->history;
}

/**
 * eros_session_find_operation:
 * @self: a session
 * @kind: of an operation: “backup” …
 *
 * Returns: (transfer none) (nullable): the newest such operation that has been started, now or before; it
 * changes with “operation”
 */
ErosOperation *
eros_session_find_operation (ErosSession *self, const char *kind)
{
  ErosOperation *operation = NULL;

  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  if (self->controller != NULL)
    operation = find_last (eros_controller_get_operations (self->controller), kind);
  return operation != NULL ? operation : find_last (read_history (self), kind);
}

/**
 * eros_session_find_unfinished:
 * @self: a session in which nothing has been started yet
 *
 * Returns: (transfer none) (nullable): the operation to go on with, of those that have not ended well: the
 * one that “eros-deploy resume” would go on with
 */
ErosOperation *
eros_session_find_unfinished (ErosSession *self)
{
  g_autoptr (ErosUnfinished) unfinished = NULL;

  g_return_val_if_fail (EROS_IS_SESSION (self), NULL);

  if (self->operation != NULL || !eros_session_is_writable (self))
    return NULL;
  unfinished = eros_unfinished_find (self->deployment, NULL);
  return unfinished != NULL ? get_from (read_history (self), unfinished->id) : NULL;
}

/**
 * eros_session_can_go_on:
 * @self: a session
 * @operation: one that has been started
 *
 * Returns: whether it has not ended well, and nothing has taken its place
 */
gboolean
eros_session_can_go_on (ErosSession *self, ErosOperation *operation)
{
  g_autoptr (ErosUnfinished) unfinished = NULL;

  g_return_val_if_fail (EROS_IS_SESSION (self), FALSE);

  if (eros_operation_is_active (operation) || eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED)
    return FALSE;
  unfinished = eros_unfinished_find (self->deployment, eros_operation_get_kind (operation));
  return unfinished != NULL && g_str_equal (unfinished->id, eros_operation_get_id (operation));
}
