/* test-rehearse.c: the window conducts a rehearsal to its end, and stops where it is told to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"
#include "eros-conductor.h"
#include "eros-settings.h"

#define CAPTIONS 500

typedef struct
{
  char *folder;
  ErosRehearsal *rehearsal;
  ErosSession *session;
  ErosWindow *window;
  char *said; /* when it has come to its end, or was stopped */
} Fixture;

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(ErosRehearsal **) user_data = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_started (gpointer rehearsal)
{
  return *(ErosRehearsal **) rehearsal != NULL;
}

static void
rehearsed_cb (ErosSession *session, const char *message, char **said)
{
  g_assert_null (*said);
  *said = g_strdup (message);
}

static void
set_up (Fixture *test, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) folder = NULL;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GError) error = NULL;

  test->folder = g_dir_make_tmp ("eros-rehearse-XXXXXX", NULL);
  path = g_build_filename (test->folder, "test.erosdeploy", NULL);
  file = g_file_new_for_path (path);
  folder = eros_rehearsal_get_data_folder (file);
  eros_rehearsal_start_async (CAPTIONS, NULL, folder, NULL, started_cb, &test->rehearsal);
  app_test_wait (is_started, &test->rehearsal);
  deployment = eros_rehearsal_create_deployment (test->rehearsal, file, "Ada", &error);
  g_assert_no_error (error);
  test->session = eros_session_new (deployment, test->rehearsal);
  g_signal_connect (test->session, "rehearsed", G_CALLBACK (rehearsed_cb), &test->said);
  test->window = app_test_open_window (test->session);
}

static void
tear_down (Fixture *test, gconstpointer data)
{
  const char *arguments[] = { "rm", "-rf", test->folder, NULL };

  app_test_close_window (test->window);
  g_clear_object (&test->session);
  g_clear_object (&test->rehearsal);
  g_assert_true (
    g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (test->folder);
  g_free (test->said);
}

static void
rehearse (Fixture *test)
{
  g_clear_pointer (&test->said, g_free);
  gtk_widget_activate_action (GTK_WIDGET (test->window), "win.rehearse-all", NULL);
  app_test_answer ("rehearse");
  g_assert_true (eros_session_get_busy (test->session));
}

static gboolean
is_over (gpointer said)
{
  return *(char **) said != NULL;
}

/* Longer than what a window usually takes. */
static void
wait_for_end (Fixture *test)
{
  while (test->said == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* How many boxes are open, and which are ticked by hand in the name of anybody but the stand-in. */
static guint
count_open (ErosDeployment *deployment, const char *actor, guint *others)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));
  guint open = 0;

  *others = 0;
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);
          GListModel *elements = eros_section_get_elements (section);

          for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);
              ErosItem *item = eros_deployment_get_item (deployment, eros_element_get_id (element));

              if (eros_element_get_kind (element) != EROS_ELEMENT_CHECK &&
                  !eros_element_wants_signature (element))
                continue;
              open += item != NULL && eros_item_get_mark (item) == EROS_ITEM_OPEN;
              *others += item != NULL && g_strcmp0 (eros_item_get_actor (item), actor) == 0;
            }
        }
    }
  return open;
}

static void
test_to_the_end (Fixture *test, gconstpointer data)
{
  ErosDeployment *deployment = eros_session_get_deployment (test->session);
  g_autofree char *person = eros_settings_get_actor ();
  guint by_person;

  /* What a person has done stays theirs. */
  g_assert_true (
    eros_deployment_set_value (deployment, "preparation.sign-off.people.product-owner", "Olga", NULL));
  g_assert_true (eros_deployment_tick (deployment, "preparation.sign-off.product-owner", NULL));
  rehearse (test);
  wait_for_end (test);
  if (strstr (test->said, " 1 by people, ") == NULL || !g_str_has_suffix (test->said, " 0 open"))
    g_error ("%s", test->said);
  g_assert_cmpuint (count_open (deployment, person, &by_person), ==, 0);
  g_assert_cmpuint (by_person, ==, 1);
  g_assert_cmpstr (eros_deployment_get_actor (deployment), ==, person);
  g_assert_false (eros_session_get_busy (test->session));
  g_assert_null (eros_session_get_status (test->session));
  g_assert_true (app_test_has_label (GTK_WIDGET (test->window), test->said));
}

static gboolean
is_in_a_backup (gpointer session)
{
  ErosOperation *operation = eros_session_get_operation (session);

  return operation != NULL && g_str_equal (eros_operation_get_kind (operation), "backup") &&
         eros_operation_get_state (operation) == EROS_STATE_RUNNING;
}

static gboolean
is_ready (gpointer session)
{
  return eros_session_get_controller (session) != NULL && !eros_session_get_busy (session);
}

/* It says that it was stopped, does nothing more, and goes on to the end when it is told to. */
static void
test_stopped (Fixture *test, gconstpointer data)
{
  ErosDeployment *deployment = eros_session_get_deployment (test->session);
  ErosJournal *journal = eros_deployment_get_journal (deployment);
  guint others;
  guint n;

  rehearse (test);
  app_test_wait (is_in_a_backup, test->session);
  g_assert_true (app_test_has_label (GTK_WIDGET (test->window), eros_session_get_status (test->session)));
  eros_session_cancel (test->session);
  app_test_wait (is_over, &test->said);
  if (strstr (test->said, "was stopped") == NULL)
    g_error ("%s", test->said);
  g_assert_cmpint (eros_operation_get_state (eros_session_get_operation (test->session)), ==,
                   EROS_STATE_CANCELLED);
  n = g_list_model_get_n_items (G_LIST_MODEL (journal));
  app_test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, n);
  rehearse (test);
  wait_for_end (test);
  g_assert_cmpuint (count_open (deployment, "", &others), ==, 0);
}

/* It has begun no phase yet, and says all the same what was stopped. */
static void
test_stopped_at_once (Fixture *test, gconstpointer data)
{
  const char *name = eros_deployment_get_setup (eros_session_get_deployment (test->session))->name;

  eros_session_prepare_async (test->session, NULL, NULL);
  app_test_wait (is_ready, test->session);
  eros_session_rehearse (test->session);
  eros_session_cancel (test->session);
  app_test_wait (is_over, &test->said);
  if (strstr (test->said, name) == NULL || strstr (test->said, "was stopped") == NULL)
    g_error ("%s", test->said);
}

/* Only in a rehearsal. */
static void
test_nowhere_else (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();

  g_assert_cmpint (eros_deployment_get_setup (eros_session_get_deployment (session))->environment, !=,
                   EROS_ENVIRONMENT_REHEARSAL);
  g_assert_false (eros_session_can_rehearse (session));
  eros_session_rehearse (session);
  g_assert_false (eros_session_get_busy (session));
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add ("/app/rehearse/the-window-conducts-it-to-its-end", Fixture, NULL, set_up, test_to_the_end,
              tear_down);
  g_test_add ("/app/rehearse/it-stops-when-told-and-goes-on", Fixture, NULL, set_up, test_stopped, tear_down);
  g_test_add ("/app/rehearse/it-is-stopped-before-it-begins", Fixture, NULL, set_up, test_stopped_at_once,
              tear_down);
  g_test_add_func ("/app/rehearse/nothing-else-is-conducted", test_nowhere_else);
  return g_test_run ();
}
