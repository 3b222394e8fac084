/* eros-connection-test.c: everything a deployment needs of a connection, looked at one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-connection-test.h"

#include <glib/gi18n-lib.h>

#include "eros-causes.h"
#include "eros-probe.h"

typedef struct
{
  ErosBigQuery *big_query;
  ErosProbeResult **results; /* one for each probe, in its place */
  guint waiting;
  GError *error;
} ConnectionTest;

static void
connection_test_free (ConnectionTest *test)
{
  for (guint i = 0; eros_probe_get_connection_names ()[i] != NULL; i++)
    g_clear_pointer (&test->results[i], eros_probe_result_free);
  g_free (test->results);
  g_clear_object (&test->big_query);
  g_clear_error (&test->error);
  g_free (test);
}

/* Whose subject it is that is missing. */
static gboolean
is_about_its_subject (const char *name, const GError *error)
{
  static const char *const subjects[] = {
    [EROS_NEED_NOTHING] = "",
    [EROS_NEED_NETWORK] = "connection.network",
    [EROS_NEED_SIGN_IN] = "connection.client",
    [EROS_NEED_PROJECT] = "connection.project",
  };

  return g_str_equal (subjects[eros_need_of_error (error)], name);
}

/* One cause is said once, by the row that is about it if that has met it too. */
static void
say_cause_once (ErosCauses *causes, ErosProbeResult *result)
{
  g_autoptr (ErosFinding) finding = g_list_model_get_item (G_LIST_MODEL (result->findings), 0);
  const char *what = eros_finding_get_what (finding);
  g_autofree char *sentence = eros_causes_meet (causes, what, result->tells_of_all, result->error);
  g_autoptr (ErosFinding) other = NULL;

  g_clear_error (&result->error);
  if (sentence == NULL)
    return;
  other = eros_finding_new (what, EROS_OUTCOME_NOT_LOOKED, g_steal_pointer (&sentence), NULL);
  g_list_store_splice (result->findings, 0, 1, (gpointer *) &other, 1);
}

static void
say_causes_once (ConnectionTest *test)
{
  const char *const *names = eros_probe_get_connection_names ();
  g_autoptr (ErosCauses) causes = eros_causes_new ();

  for (guint i = 0; names[i] != NULL; i++)
    if (test->results[i]->error != NULL && is_about_its_subject (names[i], test->results[i]->error))
      say_cause_once (causes, test->results[i]);
  for (guint i = 0; names[i] != NULL; i++)
    if (test->results[i]->error != NULL)
      say_cause_once (causes, test->results[i]);
}

static GListModel *
join_findings (ConnectionTest *test)
{
  GListStore *all = g_list_store_new (EROS_TYPE_FINDING);

  for (guint i = 0; eros_probe_get_connection_names ()[i] != NULL; i++)
    {
      GListModel *some = G_LIST_MODEL (test->results[i]->findings);

      for (guint j = 0; j < g_list_model_get_n_items (some); j++)
        {
          g_autoptr (ErosFinding) finding = g_list_model_get_item (some, j);

          g_list_store_append (all, finding);
        }
    }
  return G_LIST_MODEL (all);
}

typedef struct
{
  GTask *task;
  guint place;
} Slot;

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Slot *slot = user_data;
  g_autoptr (GTask) task = slot->task;
  ConnectionTest *test = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  test->results[slot->place] = eros_probe_run_finish (result, &error);
  g_free (slot);
  if (error != NULL && test->error == NULL)
    test->error = g_steal_pointer (&error);
  if (--test->waiting > 0)
    return;
  if (test->error != NULL)
    g_task_return_error (task, g_steal_pointer (&test->error));
  else
    {
      say_causes_once (test);
      g_task_return_pointer (task, join_findings (test), g_object_unref);
    }
}

static GListModel *
single_finding (ErosFinding *finding)
{
  GListStore *store = g_list_store_new (EROS_TYPE_FINDING);

  g_list_store_append (store, finding);
  g_object_unref (finding);
  return G_LIST_MODEL (store);
}

/**
 * eros_connection_test_async:
 * @connection: a connection
 * @cancellable: (nullable): a cancellable
 * @callback: called when everything has been looked at
 * @user_data: for @callback
 *
 * Looks at network, sign-in, project, data set, permissions, bucket and scheduled queries, all at once. What
 * does not work is a finding, with advice; what could not be looked at because of another row says which.
 */
void
eros_connection_test_async (ErosConnection *connection,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (connection, cancellable, callback, user_data);
  const char *const *names = eros_probe_get_connection_names ();
  guint n = g_strv_length ((char **) names);
  g_autoptr (GError) error = NULL;
  ConnectionTest *test;

  g_task_set_source_tag (task, eros_connection_test_async);
  if (!eros_connection_validate (connection, &error))
    {
      ErosFinding *finding = eros_finding_new (_ ("Connection"), EROS_OUTCOME_FAIL, g_strdup (error->message),
                                               g_strdup (_ ("Nothing was sent.")));

      g_task_return_pointer (task, single_finding (finding), g_object_unref);
      return;
    }
  test = g_new0 (ConnectionTest, 1);
  test->big_query = eros_big_query_new (connection);
  /* Somebody waits for this in front of a window. */
  eros_http_set_deadline (eros_big_query_get_http (test->big_query), 8000);
  test->results = g_new0 (ErosProbeResult *, n);
  test->waiting = n;
  g_task_set_task_data (task, test, (GDestroyNotify) connection_test_free);
  for (guint i = 0; i < n; i++)
    {
      Slot *slot = g_new0 (Slot, 1);

      slot->task = g_object_ref (task);
      slot->place = i;
      eros_probe_run_async (names[i], test->big_query, NULL, cancellable, probed_cb, slot);
    }
}

GListModel *
eros_connection_test_finish (ErosConnection *connection, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, connection), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
