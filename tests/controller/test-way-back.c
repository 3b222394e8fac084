/* test-way-back.c: what a rollback does when something that it needs is missing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-unfinished.h"

#define D "`eros-rehearsal.eros_platform`."

/* The tables do not wait for a service that they do not need. */
static void
test_no_transfer_service (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_controller_get_connection (test->controller);
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *backup = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (ErosUnfinished) owed = NULL;
  g_autoptr (ErosUnfinished) over = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;
  gint64 begun;
  gint64 ended;

  controller_test_run (test, "backup", NULL);
  g_free (controller_test_query (test, "DELETE FROM " D "caption_bank WHERE caption_id > 100"));
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  g_object_set (connection, "patience-ms", (gint64) 1000, NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\": \"transferConfigs\", \"times\": -1, \"action\": \"503:backendError\"}");
  operation = controller_test_plan (test, "rollback", arguments);
  begun = g_get_monotonic_time ();
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 15 * G_TIME_SPAN_SECOND);
  after = controller_test_fingerprint (test);
  g_assert_cmpstr (after, ==, before);
  controller_test_assert_ticked (test, "rollback.verification.tables");
  owed = eros_unfinished_find (test->deployment, "rollback");
  g_assert_cmpstr (owed->owed, ==, "Pause the scheduled queries");
  ended = eros_deployment_get_operation_end (test->deployment, "rollback");
  g_assert_cmpint (ended, >, 0);

  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  controller_test_reopen (test);
  operation = eros_controller_get_operation (test->controller, owed->id);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  over = eros_unfinished_find (test->deployment, "rollback");
  g_assert_null (over);
  /* What is counted from the rollback is counted from when the tables were back. */
  g_assert_cmpint (eros_deployment_get_operation_end (test->deployment, "rollback"), ==, ended);
  controller_test_run (test, "resume-schedules", NULL);
}

#define add(path, function)                                                                                  \
  g_test_add (path, ControllerTest, NULL, controller_test_set_up, function, controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/way-back/without-the-transfer-service", test_no_transfer_service);
  return g_test_run ();
}
