/* eros-controller-operations.c: planning operations, running them, and going on with them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-authority.h"
#include "eros-controller-private.h"
#include "eros-plan.h"
#include "eros-proof.h"
#include "eros-record.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"
#include "eros-way-back.h"

/* (transfer none) */
static ErosOperation *
keep_work (ErosController *self, ErosWork *work)
{
  ErosOperation *operation = eros_work_get_operation (work);

  g_hash_table_insert (self->works, g_object_ref (operation), work);
  g_list_store_append (self->operations, operation);
  return operation;
}

static void
restore_operation (ErosController *self, ErosEvent *started)
{
  const char *id = eros_event_get_string (started, EROS_MEMBER_ID);
  const char *kind = eros_event_get_string (started, EROS_MEMBER_OPERATION);
  JsonNode *node = json_object_get_member (eros_event_get_body (started), EROS_MEMBER_ARGUMENTS);
  ErosWork *work;

  if (id == NULL || !eros_plan_is_known (kind) || node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  work = eros_plan_make (self->deployment, self->big_query, id, kind, json_node_get_object (node), NULL);
  if (work == NULL)
    return; /* a folder of steps that has gone: the record stays, but it cannot go on */
  eros_work_restore (work);
  keep_work (self, work);
}

void
eros_controller_restore_operations (ErosController *self)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_OPERATION_STARTED))
        restore_operation (self, event);
    }
}

/* The newest event of this kind that says so. (transfer full) (nullable) */
static ErosEvent *
find_last_event (ErosController *self, const char *kind, const char *member, const char *value)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (g_str_equal (eros_event_get_kind (event), kind) &&
          g_strcmp0 (eros_event_get_string (event, member), value) == 0)
        return g_steal_pointer (&event);
    }
  return NULL;
}

/* (transfer full): what the runbook deploys, in the order of its pages */
static char **
list_deployments (ErosController *self)
{
  return eros_runbook_list_deployments (eros_deployment_get_runbook (self->deployment));
}

/* UNKNOWN: no end of an operation that went well. */
static ErosOperationKind
get_kind_done (ErosEvent *event)
{
  return eros_event_is (event, EROS_EVENT_OPERATION_ENDED) && eros_event_has_passed (event)
           ? eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION))
           : EROS_OPERATION_KIND_UNKNOWN;
}

/* When the first phase began to be deployed: what was before it knows nothing of it. */
static void
add_until (ErosController *self, JsonObject *arguments)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      g_autofree char *text = eros_time_iso_exact (eros_event_get_time (event));

      if (!eros_event_is (event, EROS_EVENT_OPERATION_STARTED) ||
          eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION)) !=
            EROS_OPERATION_KIND_DEPLOY)
        continue;
      json_object_set_string_member (arguments, "until", text);
      return;
    }
}

/* When the last phase was deployed, or that was taken back; a day ago when neither has been. "deployed" is
 * empty where nothing that was deployed is there. */
static void
add_since (ErosController *self, JsonObject *arguments)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));
  ErosOperationKind kind = EROS_OPERATION_KIND_UNKNOWN;
  gint64 since = 0;
  g_autofree char *text = NULL;

  for (guint i = g_list_model_get_n_items (journal); since == 0 && i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      kind = get_kind_done (event);
      if (kind == EROS_OPERATION_KIND_DEPLOY || kind == EROS_OPERATION_KIND_ROLLBACK)
        since = eros_event_get_time (event);
    }
  json_object_set_string_member (arguments, "deployed",
                                 since != 0 && kind == EROS_OPERATION_KIND_DEPLOY ? "true" : "");
  text =
    eros_time_iso_exact (since != 0 ? since : eros_timeline_get_now (self->deployment) - G_TIME_SPAN_DAY);
  json_object_set_string_member (arguments, "since", text);
}

/* Steps are taken back by the texts that belong to those which were deployed, each set by its own. */
static void
add_sql_folders (ErosController *self, JsonObject *arguments)
{
  g_auto (GStrv) names = list_deployments (self);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *member = g_strconcat ("sql_", eros_operation_kind_get_set (names[i]), NULL);
      g_autoptr (ErosEvent) started =
        find_last_event (self, EROS_EVENT_OPERATION_STARTED, EROS_MEMBER_OPERATION, names[i]);
      JsonNode *node = started != NULL
                         ? json_object_get_member (eros_event_get_body (started), EROS_MEMBER_ARGUMENTS)
                         : NULL;
      const char *folder =
        node != NULL && JSON_NODE_HOLDS_OBJECT (node)
          ? json_object_get_string_member_with_default (json_node_get_object (node), "sql", NULL)
          : NULL;

      if (folder != NULL)
        json_object_set_string_member (arguments, member, folder);
    }
}

/* Whoever was agreed on stands beside whoever orders it. */
static void
add_designated (ErosController *self, JsonObject *arguments)
{
  const char *name = eros_authority_get_designated (
    self->deployment, eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK));

  if (name != NULL)
    json_object_set_string_member (arguments, "designated", name);
}

static void
add_names (GPtrArray *names, ErosEvent *noted)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (noted), EROS_MEMBER_VALUES);
  g_auto (GStrv) lines = NULL;

  if (values == NULL || !JSON_NODE_HOLDS_OBJECT (values))
    return;
  lines = g_strsplit (json_object_get_string_member_with_default (json_node_get_object (values), "names", ""),
                      "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !g_ptr_array_find_with_equal_func (names, lines[i], g_str_equal, NULL))
      g_ptr_array_add (names, g_strdup (lines[i]));
}

/* What any rollback has paused since schedules were last resumed: a second one finds them paused already. */
static void
add_paused_names (ErosController *self, JsonObject *arguments)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      const char *kind = eros_event_get_kind (event);

      if (g_str_equal (kind, EROS_EVENT_STEP_NOTED) && eros_event_says (event, EROS_MEMBER_STEP, "pause"))
        add_names (names, event);
      else if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED) &&
               eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION)) ==
                 EROS_OPERATION_KIND_RESUME_SCHEDULES &&
               eros_event_has_passed (event))
        g_ptr_array_set_size (names, 0);
    }
  g_ptr_array_add (names, NULL);
  text = g_strjoinv ("\n", (char **) names->pdata);
  json_object_set_string_member (arguments, "names", text);
}

/* What nobody has said, and is on record. */
static const struct
{
  ErosOperationKind kind;
  const char *unless; /* this argument is given */
  void (*add) (ErosController *self, JsonObject *arguments);
} completions[] = {
  { EROS_OPERATION_KIND_COMPARISON, "since", add_since },
  { EROS_OPERATION_KIND_COMPARISON, "until", add_until },
  { EROS_OPERATION_KIND_MONITORING, "since", add_since },
  { EROS_OPERATION_KIND_ROLLBACK, "sql", add_sql_folders },
  { EROS_OPERATION_KIND_ROLLBACK, "designated", add_designated },
  { EROS_OPERATION_KIND_ROLLBACK_PART, "sql", add_sql_folders },
  { EROS_OPERATION_KIND_ROLLBACK_PART, "designated", add_designated },
  { EROS_OPERATION_KIND_REVERT, "sql", add_sql_folders },
  { EROS_OPERATION_KIND_VERIFY_STEPS, "sql", add_sql_folders },
  { EROS_OPERATION_KIND_RESUME_SCHEDULES, "names", add_paused_names },
};

static void
complete (ErosController *self, ErosOperationKind kind, JsonObject *arguments)
{
  for (guint i = 0; i < G_N_ELEMENTS (completions); i++)
    if (completions[i].kind == kind && !json_object_has_member (arguments, completions[i].unless))
      completions[i].add (self, arguments);
}

/**
 * eros_controller_knows:
 * @kind: of an operation, from a runbook
 *
 * Returns: whether this version can run it
 */
gboolean
eros_controller_knows (const char *kind)
{
  return eros_plan_is_known (kind);
}

/**
 * eros_controller_plan:
 * @self: a controller
 * @kind: which operation
 * @arguments: (nullable) (element-type utf8 utf8): what it is asked for; what is on record need not be given
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: (transfer none): the operation, planned; nothing has been sent or recorded
 */
ErosOperation *
eros_controller_plan (ErosController *self, const char *kind, GHashTable *arguments, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GHashTableIter iter;
  const char *name;
  const char *value;
  ErosWork *work;

  if (arguments != NULL)
    {
      g_hash_table_iter_init (&iter, arguments);
      while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
        json_object_set_string_member (object, name, value);
    }
  complete (self, eros_operation_kind_of (kind), object);
  work = eros_plan_make (self->deployment, self->big_query, NULL, kind, object, error);
  if (work == NULL)
    return NULL;
  eros_work_show_sql (work);
  return keep_work (self, work);
}

/**
 * eros_controller_take_up:
 * @self: a controller
 * @kind: which operation
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * A round that has ended, however that was, is over; one that was cut off goes on.
 *
 * Returns: (transfer none): the one of this kind that was begun and has not ended well, to go on with; else
 * one that is planned
 */
ErosOperation *
eros_controller_take_up (ErosController *self, const char *kind, GError **error)
{
  g_autoptr (ErosUnfinished) unfinished = eros_unfinished_find (self->deployment, kind);
  ErosOperation *operation = unfinished != NULL ? eros_controller_get_operation (self, unfinished->id) : NULL;

  if (operation == NULL ||
      (unfinished->outcome != NULL && eros_operation_kind_is_made_anew (eros_operation_kind_of (kind))))
    return eros_controller_plan (self, kind, NULL, error);
  return operation;
}

/**
 * eros_controller_forget:
 * @self: a controller
 * @operation: one that is planned
 *
 * Drops a plan that nobody wants to run. One that has been started is on record and stays.
 */
void
eros_controller_forget (ErosController *self, ErosOperation *operation)
{
  guint place;

  if (eros_operation_get_state (operation) != EROS_STATE_PLANNED ||
      !g_list_store_find (self->operations, operation, &place))
    return;
  g_object_ref (operation);
  g_list_store_remove (self->operations, place);
  g_hash_table_remove (self->works, operation);
  g_object_unref (operation);
}

static void
return_dropped (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The plan was dropped."));
}

static void
forecast_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gint64 bytes;

  if (eros_work_forecast_finish (g_task_get_task_data (task), result, &bytes, &error))
    g_task_return_int (task, bytes);
  else
    g_task_return_error (task, error);
}

static void
located_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  /* A data set that is not there says not where it is: the steps say that it is not there. */
  if (eros_big_query_locate_finish (EROS_BIG_QUERY (source), result, &error) ||
      g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      eros_work_forecast_async (work, g_task_get_cancellable (task), forecast_cb, g_object_ref (task));
    }
  else
    g_task_return_error (task, error);
}

/**
 * eros_controller_forecast_async:
 * @self: a controller
 * @operation: one that is planned
 * @cancellable: (nullable): a cancellable
 * @callback: called when every step that can be has been forecast
 * @user_data: for @callback
 *
 * Asks the server what each query would read, by dry runs, which cost nothing and change nothing.
 */
void
eros_controller_forecast_async (ErosController *self,
                                ErosOperation *operation,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ErosWork *work = g_hash_table_lookup (self->works, operation);

  g_task_set_source_tag (task, eros_controller_forecast_async);
  if (work == NULL)
    {
      return_dropped (task);
      return;
    }
  g_task_set_task_data (task, eros_work_ref (work), (GDestroyNotify) eros_work_unref);
  /* A text may have the location in it. */
  eros_big_query_locate_async (self->big_query, NULL, NULL, cancellable, located_cb, g_steal_pointer (&task));
}

gboolean
eros_controller_forecast_finish (ErosController *self, GAsyncResult *result, gint64 *bytes, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  *bytes = g_task_propagate_int (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
may_start (ErosController *self, ErosOperation *operation, GError **error)
{
  const char *kind = eros_operation_get_kind (operation);
  g_autofree char *reason = NULL;

  if (self->n_active > 0)
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_BUSY,
                           _ ("Another operation is running. Wait for it, or cancel it."));
      return FALSE;
    }
  if (eros_deployment_allows (self->deployment, "run", kind, &reason, NULL))
    return TRUE;
  g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED, reason);
  return FALSE;
}

typedef struct
{
  ErosOperation *operation;
  ErosWork *work; /* (nullable): no longer one of the controller's */
  GCancellable *cancellable;
  char **looked_at; /* (nullable): elements, while they are */
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;

  g_clear_object (&start->operation);
  g_clear_pointer (&start->work, eros_work_unref);
  g_clear_object (&start->cancellable);
  g_strfreev (start->looked_at);
  g_free (start);
}

static void
work_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  eros_controller_change_active (g_task_get_source_object (task), -1);
  if (eros_work_run_finish (((Start *) g_task_get_task_data (task))->work, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start_now (GTask *task)
{
  ErosController *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  /* Somebody may have dropped the plan while proofs were looked for. */
  if (g_hash_table_lookup (self->works, start->operation) != start->work)
    {
      return_dropped (task);
      return;
    }
  if (!may_start (self, start->operation, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  eros_controller_change_active (self, +1);
  eros_work_run_async (start->work, start->cancellable, work_done_cb, g_object_ref (task));
}

/* What could not be looked at is not what it was. (nullable) (transfer full): a sentence */
static char *
find_unseen (ErosController *self, const char *const *ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    {
      ErosItem *item = eros_deployment_get_item (self->deployment, ids[i]);
      ErosOutcome outcome = eros_item_get_outcome (item);

      if (outcome == EROS_OUTCOME_ERROR || outcome == EROS_OUTCOME_NOT_LOOKED)
        /* Translators: %1$s: a check box, %2$s: why not */
        return g_strdup_printf (_ ("“%1$s” could not be looked at again: %2$s"),
                                eros_element_get_label (eros_item_get_element (item)),
                                eros_item_get_summary (item));
    }
  return NULL;
}

static void
looked_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosController *self = EROS_CONTROLLER (source);
  Start *start = g_task_get_task_data (task);
  g_auto (GStrv) ids = g_steal_pointer (&start->looked_at);
  g_autofree char *unseen = NULL;
  GError *error = NULL;

  eros_controller_run_checks_finish (self, result, &error);
  if (error == NULL && (unseen = find_unseen (self, (const char *const *) ids)) != NULL)
    g_set_error_literal (&error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, unseen);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    start_now (task);
}

/* Before it begins; what goes on has begun. */
static void
look_again (GTask *task)
{
  ErosController *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  start->looked_at =
    eros_deployment_list_to_look_at_again (self->deployment, eros_operation_get_kind (start->operation));
  if (eros_operation_get_state (start->operation) != EROS_STATE_PLANNED || start->looked_at[0] == NULL)
    start_now (task);
  /* Nothing is looked at for what would not be allowed anyway. */
  else if (!may_start (self, start->operation, &error))
    g_task_return_error (task, error);
  else
    eros_controller_run_checks_async (self, (const char *const *) start->looked_at, start->cancellable,
                                      looked_again_cb, g_object_ref (task));
}

static void
looked_for_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  eros_proof_look_for_finish (EROS_DEPLOYMENT (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    look_again (task);
}

static const char *
digest_of (ErosWork *work)
{
  return eros_work_get_argument (work, "sql_sha256");
}

/* Where it is for real, what is deployed must have been seen to work elsewhere: this very text. */
static gboolean
needs_proof (ErosController *self, ErosWork *work)
{
  return eros_deployment_wants_rehearsal (self->deployment) && *digest_of (work) != '\0';
}

/* A proof of the way back counts for the steps with which it was made. */
static gboolean
look_for_way_back (ErosController *self, ErosWork *work, GError **error)
{
  const char *kind = eros_operation_get_kind (eros_work_get_operation (work));

  return eros_operation_kind_of (kind) != EROS_OPERATION_KIND_DEPLOY ||
         !eros_journal_is_writable (eros_deployment_get_journal (self->deployment)) ||
         eros_way_back_look_for (self->deployment, kind, digest_of (work), error);
}

void
eros_controller_look_for_proofs (ErosController *self)
{
  static const ErosOperationKind others[] = { EROS_OPERATION_KIND_BACKUP, EROS_OPERATION_KIND_ROLLBACK };
  g_auto (GStrv) kinds = list_deployments (self);

  if (!eros_deployment_wants_rehearsal (self->deployment))
    return;
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      g_autoptr (JsonObject) arguments = json_object_new ();
      g_autoptr (ErosWork) work =
        eros_plan_make (self->deployment, self->big_query, NULL, kinds[i], arguments, NULL);

      if (work != NULL && needs_proof (self, work))
        eros_proof_look_for_async (self->deployment, kinds[i], digest_of (work), NULL, NULL, NULL);
    }
  /* Those are the program's own, without steps that a runbook could change. */
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    eros_proof_look_for_async (self->deployment, eros_operation_kind_get_name (others[i]), "", NULL, NULL,
                               NULL);
}

/**
 * eros_controller_get_step_to_revert:
 * @self: a controller
 * @operation: one from the list
 *
 * Returns: (transfer full) (nullable): the argument "step" of the operation "revert" that takes back the step
 * at which this deployment has stopped; %NULL when there is none
 */
char *
eros_controller_get_step_to_revert (ErosController *self, ErosOperation *operation)
{
  ErosWork *work = g_hash_table_lookup (self->works, operation);
  ErosState state = eros_operation_get_state (operation);

  if (work == NULL || (state != EROS_STATE_FAILED && state != EROS_STATE_CANCELLED))
    return NULL;
  return eros_work_dup_stopped_at (work);
}

/**
 * eros_controller_start_async:
 * @self: a controller
 * @operation: one that eros_controller_plan () made, or one from the list that has not ended well
 * @cancellable: (nullable): stops it, on the server too
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * Runs it, or goes on with it. No statement that has run is run again.
 */
void
eros_controller_start_async (ErosController *self,
                             ErosOperation *operation,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Start *start = g_new0 (Start, 1);
  ErosWork *work = g_hash_table_lookup (self->works, operation);
  GError *error = NULL;

  start->operation = g_object_ref (operation);
  start->work = work != NULL ? eros_work_ref (work) : NULL;
  start->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, eros_controller_start_async);
  g_task_set_task_data (task, start, start_free);
  if (work == NULL)
    return_dropped (task);
  else if (!look_for_way_back (self, work, &error))
    g_task_return_error (task, error);
  else if (needs_proof (self, work))
    eros_proof_look_for_async (self->deployment, eros_operation_get_kind (operation), digest_of (work),
                               cancellable, looked_for_cb, g_steal_pointer (&task));
  else
    look_again (task);
}

gboolean
eros_controller_start_finish (ErosController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
