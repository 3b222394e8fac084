/* eros-proof.c: have these very steps been run before, where it is no production?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-proof.h"

#include "eros-deployment-list.h"
#include "eros-record.h"
#include "eros-time-text.h"

/* What is looked for, and what has been found. */
typedef struct
{
  char *operation;
  char *sql_sha256;
  char *deployment; /* (nullable) id of the one that proves it */
  const char *environment;
  char *event;     /* the hash of its last word about the operation */
  char *inventory; /* (nullable): of the data set that it was made like */
  char *digest;    /* … and its digest */
  gint64 ended;
} Proof;

static void
proof_free (Proof *proof)
{
  g_free (proof->operation);
  g_free (proof->sql_sha256);
  g_free (proof->deployment);
  g_free (proof->event);
  g_free (proof->inventory);
  g_free (proof->digest);
  g_free (proof);
}

/* The operations of a journal that were begun with the steps. (transfer full) (element-type utf8) */
static GPtrArray *
find_begun (GListModel *journal, const Proof *proof)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      JsonNode *node = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_ARGUMENTS);
      JsonObject *arguments =
        node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (eros_event_is (event, EROS_EVENT_OPERATION_STARTED) && arguments != NULL &&
          eros_event_says (event, EROS_MEMBER_OPERATION, proof->operation) &&
          g_strcmp0 (json_object_get_string_member_with_default (arguments, "sql_sha256", ""),
                     proof->sql_sha256) == 0)
        g_ptr_array_add (ids, g_strdup (eros_event_get_string (event, EROS_MEMBER_ID)));
    }
  return ids;
}

/* What the data set was made like on which it was done. */
static void
look_for_shape (GListModel *journal, Proof *proof)
{
  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (!eros_event_is (event, EROS_EVENT_REHEARSAL_SHAPED))
        continue;
      proof->inventory = g_strdup (eros_event_get_string (event, EROS_MEMBER_INVENTORY));
      proof->digest = g_strdup (eros_event_get_string (event, EROS_MEMBER_INVENTORY_DIGEST));
      return;
    }
}

static gboolean
look_into (GListModel *journal, Proof *proof)
{
  g_autoptr (GPtrArray) begun = find_begun (journal, proof);

  for (guint i = g_list_model_get_n_items (journal); begun->len > 0 && i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *id = eros_event_get_string (event, EROS_MEMBER_ID);

      if (!eros_event_is (event, EROS_EVENT_OPERATION_ENDED) || id == NULL ||
          !eros_event_has_passed (event) || !g_ptr_array_find_with_equal_func (begun, id, g_str_equal, NULL))
        continue;
      proof->event = eros_event_dup_hash (event);
      proof->ended = eros_event_get_time (event);
      look_for_shape (journal, proof);
      return TRUE;
    }
  return FALSE;
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Proof *proof = data;
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  GError *error = NULL;
  g_autoptr (GListModel) list = eros_deployment_list (folder, cancellable, &error);

  for (guint i = 0; list != NULL && proof->deployment == NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);
      ErosEnvironment environment = eros_deployment_summary_get_environment (summary);
      g_autoptr (ErosJournal) journal = NULL;

      if (eros_deployment_summary_get_error (summary) != NULL || environment == EROS_ENVIRONMENT_PRODUCTION)
        continue;
      /* One that cannot be read, or whose chain is broken, proves nothing. */
      journal = eros_journal_open (eros_deployment_summary_get_file (summary), EROS_JOURNAL_READ, NULL);
      if (journal == NULL || !look_into (G_LIST_MODEL (journal), proof))
        continue;
      proof->deployment = g_strdup (eros_deployment_summary_get_id (summary));
      proof->environment = environment == EROS_ENVIRONMENT_STAGING ? "staging" : "rehearsal";
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, proof->deployment != NULL);
}

/* The last word on record. (transfer full) (nullable) */
static ErosEvent *
find_on_record (ErosDeployment *deployment, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (eros_event_is (event, EROS_EVENT_REHEARSAL_LOOKED_FOR) &&
          eros_event_says (event, EROS_MEMBER_OPERATION, operation))
        return g_steal_pointer (&event);
    }
  return NULL;
}

static gboolean
is_proved (ErosEvent *event, const char *sql_sha256)
{
  return event != NULL && eros_event_has_passed (event) &&
         (sql_sha256 == NULL || eros_event_says (event, EROS_MEMBER_SQL_SHA256, sql_sha256));
}

static gboolean
record (ErosDeployment *deployment, const Proof *proof, GError **error)
{
  JsonObject *body = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  json_object_unref (body);
  json_object_set_string_member (body, EROS_MEMBER_OPERATION, proof->operation);
  json_object_set_string_member (body, EROS_MEMBER_SQL_SHA256, proof->sql_sha256);
  json_object_set_string_member (body, EROS_MEMBER_OUTCOME, proof->deployment != NULL ? "pass" : "fail");
  if (proof->deployment != NULL)
    {
      g_autofree char *ended = eros_time_iso_exact (proof->ended);

      json_object_set_string_member (body, EROS_MEMBER_DEPLOYMENT, proof->deployment);
      json_object_set_string_member (body, EROS_MEMBER_ENVIRONMENT, proof->environment);
      json_object_set_string_member (body, EROS_MEMBER_EVENT, proof->event);
      json_object_set_string_member (body, EROS_MEMBER_ENDED, ended);
      if (proof->inventory != NULL && proof->digest != NULL)
        {
          json_object_set_string_member (body, EROS_MEMBER_INVENTORY, proof->inventory);
          json_object_set_string_member (body, EROS_MEMBER_INVENTORY_DIGEST, proof->digest);
        }
    }
  return eros_deployment_record (deployment, EROS_EVENT_REHEARSAL_LOOKED_FOR, node, error) != NULL;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosDeployment *deployment = ((gpointer) source);
  const Proof *proof = g_task_get_task_data (G_TASK (result));
  g_autoptr (ErosEvent) known = find_on_record (deployment, proof->operation);
  GError *error = NULL;
  gboolean found = g_task_propagate_boolean (G_TASK (result), &error);

  /* Nothing needs to be said when nothing was said before: what is not proved is not. */
  if (error == NULL && (found || is_proved (known, NULL)))
    record (deployment, proof, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, found);
}

void
eros_proof_look_for_async (ErosDeployment *deployment,
                           const char *operation,
                           const char *sql_sha256,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (deployment, cancellable, callback, user_data);
  g_autoptr (ErosEvent) known = find_on_record (deployment, operation);
  g_autoptr (GTask) search = NULL;
  Proof *proof;

  g_task_set_source_tag (task, eros_proof_look_for_async);
  if (is_proved (known, sql_sha256))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  proof = g_new0 (Proof, 1);
  proof->operation = g_strdup (operation);
  proof->sql_sha256 = g_strdup (sql_sha256);
  search = g_task_new (deployment, cancellable, looked_cb, task);
  g_task_set_task_data (search, proof, (GDestroyNotify) proof_free);
  g_task_run_in_thread (search, look_in_thread);
}

gboolean
eros_proof_look_for_finish (ErosDeployment *deployment, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, deployment), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
