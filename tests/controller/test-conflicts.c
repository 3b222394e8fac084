/* test-conflicts.c: steps that lose to somebody else's change of the same table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "controller-test.h"
#include "eros-work.h"

/* Looks for a while, and by then somebody else has changed what it is to change. */
#define SCRIPT                                                                                               \
  "BEGIN TRANSACTION;\n"                                                                                     \
  "SELECT COUNT(*) FROM `eros-rehearsal.eros_platform.caption_bank` AS a "                                   \
  "CROSS JOIN UNNEST(GENERATE_ARRAY(1, 2000)) AS b WHERE SQRT(a.caption_id * b) > 7;\n"                      \
  "UPDATE `eros-rehearsal.eros_platform.caption_bank` SET caption_text = 'ours' WHERE caption_id = 1;\n"     \
  "COMMIT TRANSACTION;\n"

static guint
count_events (ControllerTest *test, const char *kind)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      n += g_str_equal (eros_event_get_kind (event), kind);
    }
  return n;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Runs the script while somebody else goes on changing the table, until it has lost once. */
static gboolean
run_against_others (ControllerTest *test, gboolean is_repeatable, GError **error)
{
  g_autoptr (JsonObject) arguments = json_object_new ();
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (ErosWork) work =
    eros_work_new (test->deployment, big_query, NULL, "deploy", "Deploy", arguments);
  ErosWorkStep *step = eros_work_add (work, 0, "script", "The script");
  g_autoptr (GAsyncResult) result = NULL;

  step->sql = g_strdup (SCRIPT);
  step->is_verbatim = TRUE;
  step->is_repeatable = is_repeatable;
  eros_work_run_async (work, NULL, done_cb, &result);
  while (result == NULL)
    {
      if (count_events (test, "job.planned") == 1 && count_events (test, "job.ended") == 0)
        g_free (controller_test_query (test, "UPDATE `eros-rehearsal.eros_platform.caption_bank` "
                                             "SET caption_text = 'theirs' WHERE caption_id = 1"));
      g_main_context_iteration (NULL, FALSE);
    }
  return eros_work_run_finish (work, result, error);
}

static void
test_what_can_be_run_again_is (ControllerTest *test, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (run_against_others (test, TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_events (test, "step.repeated"), >=, 1);
  g_assert_cmpuint (count_events (test, "job.planned"), ==, count_events (test, "step.repeated") + 1);
  g_assert_cmpuint (count_events (test, "job.ended"), ==, count_events (test, "job.planned"));
  g_assert_cmpuint (count_events (test, "step.ended"), ==, 1);
  text = controller_test_query (
    test, "SELECT caption_text FROM `eros-rehearsal.eros_platform.caption_bank` WHERE caption_id = 1");
  g_assert_cmpstr (text, ==, "ours");
}

static void
test_what_cannot_is_not (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run_against_others (test, FALSE, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CONFLICT);
  g_assert_cmpuint (count_events (test, "step.repeated"), ==, 0);
  g_assert_cmpuint (count_events (test, "job.planned"), ==, 1);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/conflicts/" name, ControllerTest, NULL, controller_test_set_up, function,         \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what-can-be-run-again-is", test_what_can_be_run_again_is);
  ADD ("what-cannot-is-not", test_what_cannot_is_not);
  return g_test_run ();
}
