/* test-causes.c: one cause is said once, by a connection test and by a round of checks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "controller-test.h"
#include "eros-connection-test.h"

/* (transfer full) */
static GListModel *
test_connection (ControllerTest *test)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *findings;

  eros_connection_test_async (connection, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  findings = eros_connection_test_finish (connection, result, &error);
  g_assert_no_error (error);
  return findings;
}

static void
run_checks (ControllerTest *test, const char *id)
{
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_run_checks_finish (test->controller, result, &error));
  g_assert_no_error (error);
}

/* What says it says it alone: each other row names it, or has passed; and no row says its own name again. */
static void
assert_said_once (GListModel *findings, const char *by, guint n_passed)
{
  g_autofree char *needs = g_strdup_printf ("Not looked at (needs “%s”)", by);
  guint n = g_list_model_get_n_items (findings);
  guint n_silent = 0, n_said = 0;

  g_assert_cmpuint (n, ==, 7);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      const char *what = eros_finding_get_what (finding);
      const char *message = eros_finding_get_message (finding);
      g_autofree char *doubled = g_strconcat (what, ":", NULL);

      g_test_message ("%s | %s | %s", what, message, eros_finding_get_advice (finding));
      g_assert_false (g_str_has_prefix (message, doubled));
      if (g_str_equal (what, by))
        {
          n_said++;
          g_assert_true (eros_finding_get_outcome (finding) == EROS_OUTCOME_FAIL ||
                         eros_finding_get_outcome (finding) == EROS_OUTCOME_ERROR);
        }
      else if (eros_finding_get_outcome (finding) == EROS_OUTCOME_NOT_LOOKED)
        {
          n_silent++;
          g_assert_cmpstr (message, ==, needs);
          g_assert_null (eros_finding_get_advice (finding));
        }
      else
        g_assert_cmpint (eros_finding_get_outcome (finding), ==, EROS_OUTCOME_PASS);
    }
  g_assert_cmpuint (n_said, ==, 1);
  g_assert_cmpuint (n_silent, ==, n - 1 - n_passed);
}

/* A key file that is one, but for its key. */
static void
sign_in_with_a_bad_key (ControllerTest *test)
{
  g_autofree char *path = g_build_filename (test->folder, "key.json", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (
    path,
    "{\"type\":\"service_account\",\"client_email\":\"a@b.iam.gserviceaccount.com\","
    "\"private_key_id\":\"1\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nAAAA\\n"
    "-----END PRIVATE KEY-----\\n\",\"token_uri\":\"https://oauth2.googleapis.com/token\"}",
    -1, &error);
  g_assert_no_error (error);
  g_setenv ("GOOGLE_APPLICATION_CREDENTIALS", path, TRUE);
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "sign-in", EROS_SIGN_IN_APPLICATION_DEFAULT,
                NULL);
}

static void
test_a_bad_key_fails_one_row (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) findings = NULL;

  sign_in_with_a_bad_key (test);
  findings = test_connection (test);
  assert_said_once (findings, "Sign-in", 1);
}

static void
test_an_account_that_is_refused_fails_one_row (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) findings = NULL;

  controller_test_tell_server (test, "POST", "/_local/faults",
                               "{\"path\":\"/(?:v1|v2|storage)/\",\"action\":\"401:authError\","
                               "\"times\":1000}");
  findings = test_connection (test);
  assert_said_once (findings, "Sign-in", 1);
}

static void
test_a_network_that_is_not_there_fails_one_row (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) findings = NULL;

  /* Nobody listens on the discard port. */
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "endpoint", "http://127.0.0.1:9", NULL);
  findings = test_connection (test);
  assert_said_once (findings, "Network", 0);
}

/* What is each row's own is each row's own. */
static void
test_different_causes_are_all_said (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) findings = NULL;
  guint n_failed = 0;

  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "bucket", "not-there", "dataset",
                "not_there_either", NULL);
  findings = test_connection (test);
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);

      n_failed += eros_finding_get_outcome (finding) == EROS_OUTCOME_FAIL;
      g_assert_cmpint (eros_finding_get_outcome (finding), !=, EROS_OUTCOME_NOT_LOOKED);
    }
  g_assert_cmpuint (n_failed, ==, 2);
}

typedef struct
{
  guint n_said;
  guint n_silent;
  guint n_passed;
} Outcomes;

static Outcomes
count_outcomes (ControllerTest *test, const char *section)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (test->deployment);
  GListModel *phases = eros_runbook_get_phases (runbook);
  Outcomes outcomes = { 0 };

  for (guint p = 0; p < g_list_model_get_n_items (phases); p++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, p);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (ErosSection) found = g_list_model_get_item (sections, s);
          GListModel *elements = eros_section_get_elements (found);

          for (guint e = 0; e < g_list_model_get_n_items (elements); e++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, e);
              ErosItem *item;

              if (!g_str_equal (eros_section_get_id (found), section) ||
                  eros_element_get_check_binding (element) == NULL)
                continue;
              item = eros_deployment_get_item (test->deployment, eros_element_get_id (element));
              g_test_message ("%s: %s", eros_element_get_id (element), eros_item_get_summary (item));
              outcomes.n_said += eros_item_get_outcome (item) == EROS_OUTCOME_FAIL ||
                                 eros_item_get_outcome (item) == EROS_OUTCOME_ERROR;
              outcomes.n_silent += eros_item_get_outcome (item) == EROS_OUTCOME_NOT_LOOKED;
              outcomes.n_passed += eros_item_get_outcome (item) == EROS_OUTCOME_PASS;
            }
        }
    }
  return outcomes;
}

static void
test_a_round_of_checks_says_a_cause_once (ControllerTest *test, gconstpointer data)
{
  Outcomes outcomes;

  sign_in_with_a_bad_key (test);
  run_checks (test, "preparation.environment");
  outcomes = count_outcomes (test, "preparation.environment");
  g_assert_cmpuint (outcomes.n_passed, ==, 1); /* somebody answers */
  g_assert_cmpuint (outcomes.n_said, ==, 1);
  g_assert_cmpuint (outcomes.n_silent, >=, 4);

  run_checks (test, "validation.health");
  outcomes = count_outcomes (test, "validation.health");
  g_assert_cmpuint (outcomes.n_said, ==, 1);
  g_assert_cmpuint (outcomes.n_silent, >=, 4);
}

/* Whatever the services say to all: one statement may not be run, and no other either. */
static void
test_a_round_says_what_is_refused_to_all_once (ControllerTest *test, gconstpointer data)
{
  Outcomes outcomes;

  controller_test_tell_server (test, "POST", "/_local/faults",
                               "{\"path\":\"/jobs$\",\"action\":\"403:accessDenied\",\"times\":1000}");
  run_checks (test, "validation.health");
  outcomes = count_outcomes (test, "validation.health");
  g_assert_cmpuint (outcomes.n_said, ==, 1);
  g_assert_cmpuint (outcomes.n_silent, >=, 3);
}

/* That it was not looked at again takes nothing back. */
static void
test_what_is_not_looked_at_keeps_its_tick (ControllerTest *test, gconstpointer data)
{
  const char *id = "preparation.environment.project";
  ErosItem *item = eros_deployment_get_item (test->deployment, id);
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_controller_run_checks_finish (test->controller, result, &error));
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  sign_in_with_a_bad_key (test);
  run_checks (test, "preparation.environment");
  g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_NOT_LOOKED);
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_TICKED);
  g_assert_false (eros_item_is_failing (item));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/causes/" name, ControllerTest, NULL, controller_test_set_up, function,            \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-bad-key-fails-one-row", test_a_bad_key_fails_one_row);
  ADD ("an-account-that-is-refused-fails-one-row", test_an_account_that_is_refused_fails_one_row);
  ADD ("a-network-that-is-not-there-fails-one-row", test_a_network_that_is_not_there_fails_one_row);
  ADD ("different-causes-are-all-said", test_different_causes_are_all_said);
  ADD ("a-round-of-checks-says-a-cause-once", test_a_round_of_checks_says_a_cause_once);
  ADD ("a-round-says-what-is-refused-to-all-once", test_a_round_says_what_is_refused_to_all_once);
  ADD ("what-is-not-looked-at-keeps-its-tick", test_what_is_not_looked_at_keeps_its_tick);
  return g_test_run ();
}
