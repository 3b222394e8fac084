/* test-reopen.c: a rehearsal in a window that is closed at any moment goes on to the same end when it is
 * opened again
 *
 * The window is a process of its own, this very program: it is killed, or closed as a person closes it. With
 * EROS_REOPENINGS=200 in the environment that is done so many times.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib-unix.h>

#include "app-test.h"
#include "eros-big-query.h"
#include "eros-window.h"
#include "eros-timeline.h"

#define USUALLY    20
#define LONGEST_MS 4000
#define CAPTIONS   500

static const char *const kinds[] = { "backup", "deploy-phase1", "deploy-phase2", "comparison", "monitoring" };

/* What is there in the end: tables with their columns and rows, routines; backups by the number of their
 * tables. */
#define STATE                                                                                                \
  "SELECT CONCAT ((SELECT STRING_AGG (CONCAT (table_name, '.', column_name, ' ', data_type), ', ' ORDER BY " \
  "table_name, ordinal_position) FROM eros_platform.INFORMATION_SCHEMA.COLUMNS WHERE NOT "                   \
  "REGEXP_CONTAINS (table_name, r'[0-9]{8}')), '; ', IFNULL ((SELECT STRING_AGG (routine_name, ', ' ORDER "  \
  "BY routine_name) FROM eros_platform.INFORMATION_SCHEMA.ROUTINES), '-'), '; ', (SELECT STRING_AGG "        \
  "(CONCAT (table_id, ' ', row_count), ', ' ORDER BY table_id) FROM eros_platform.__TABLES__ WHERE NOT "     \
  "REGEXP_CONTAINS (table_id, r'[0-9]{8}')), '; ', (SELECT CAST (COUNT (*) AS STRING) FROM "                 \
  "eros_platform.__TABLES__ WHERE REGEXP_CONTAINS (table_id, r'[0-9]{8}'))) AS state"

/* ---- the window, in a process of its own ------------------------------------------------------------- */

typedef struct
{
  ErosSession *session;
  GtkWindow *window;
  gboolean ready;
  gboolean closed;
  GError *error;
  char *state;
} Child;

static gboolean
is_ready (gpointer child)
{
  return ((Child *) child)->ready;
}

static gboolean
is_idle (gpointer session)
{
  return !eros_session_get_busy (session);
}

/* Then main () comes to its end, whatever is under way. */
static gboolean
close_cb (gpointer user_data)
{
  Child *child = user_data;

  gtk_window_close (child->window);
  g_clear_object (&child->session);
  app_test_settle ();
  fflush (NULL);
  _exit (0);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Child *child = user_data;

  eros_session_prepare_finish (EROS_SESSION (source), result, &child->error);
  child->ready = TRUE;
}

static gboolean
has_succeeded (ErosSession *session, const char *kind)
{
  ErosOperation *last = eros_session_find_operation (session, kind);

  return last != NULL && eros_operation_get_state (last) == EROS_STATE_SUCCEEDED;
}

static void
override_all_gates (ErosDeployment *self)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (self));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (!eros_deployment_gate_is_open (self, gate, NULL) &&
          !eros_deployment_get_override (self, eros_gate_get_id (gate), NULL))
        g_assert_true (eros_deployment_override (self, eros_gate_get_id (gate), "Ada", "test", NULL));
    }
}

/* As somebody does who sees what is open and presses Resume, or Start. */
static void
work (Child *child)
{
  ErosDeployment *deployment = eros_session_get_deployment (child->session);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      ErosOperation *operation = eros_session_find_operation (child->session, kinds[i]);

      if (has_succeeded (child->session, kinds[i]))
        continue;
      override_all_gates (deployment);
      if (operation == NULL)
        operation =
          eros_controller_plan (eros_session_get_controller (child->session), kinds[i], NULL, &child->error);
      g_assert_no_error (child->error);
      eros_session_start (child->session, operation);
      app_test_wait (is_idle, child->session);
      g_assert_true (has_succeeded (child->session, kinds[i]));
    }
}

/* What the machine has found for each box. (transfer full) */
static char *
describe_items (ErosDeployment *deployment)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));
  g_autoptr (GString) text = g_string_new (NULL);

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

              if (item != NULL && eros_item_get_outcome (item) != EROS_OUTCOME_NONE)
                g_string_append_printf (text, "\n%s %d %s", eros_element_get_id (element),
                                        eros_item_get_mark (item),
                                        eros_outcome_to_text (eros_item_get_outcome (item)));
            }
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Child *child = user_data;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &child->error);

  child->state = page != NULL ? eros_page_dup_text (page, 0, 0) : NULL;
  child->ready = TRUE;
}

static void
failed_cb (ErosSession *session, const char *message, gpointer user_data)
{
  g_printerr ("failed: %s\n", message);
}

static void
ask_for_state (Child *child)
{
  g_autoptr (ErosBigQuery) client =
    eros_big_query_new (eros_controller_get_connection (eros_session_get_controller (child->session)));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, STATE);

  child->ready = FALSE;
  eros_big_query_query_async (client, request, 1, NULL, queried_cb, child);
  app_test_wait (is_ready, child);
  g_assert_no_error (child->error);
}

/* Writes the end to @result when it has come to it. */
static int
be_window (const char *path, const char *result)
{
  Child child = { 0 };
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, &child.error);
  g_autofree char *items = NULL;
  g_autofree char *whole = NULL;

  g_assert_no_error (child.error);
  eros_deployment_set_actor (deployment, "Ada <ada@example.com>");
  child.window = g_object_new (EROS_TYPE_WINDOW, NULL);
  child.session = eros_session_new (deployment, NULL);
  g_signal_connect (child.session, "failed", G_CALLBACK (failed_cb), NULL);
  g_unix_signal_add (SIGTERM, close_cb, &child);
  eros_window_show (EROS_WINDOW (child.window), child.session);
  gtk_window_present (child.window);
  eros_session_prepare_async (child.session, prepared_cb, &child);
  app_test_wait (is_ready, &child);
  g_assert_no_error (child.error);
  work (&child);
  ask_for_state (&child);
  items = describe_items (deployment);
  whole = g_strconcat (child.state, items, NULL);
  g_assert_true (g_file_set_contents (result, whole, -1, NULL));
  return 0;
}

/* ---- whoever opens and closes it --------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  char *path;
  char *result;
} Rehearsal;

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

/* A fresh one, as the window makes it, and closed again. */
static void
set_up (Rehearsal *self)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) data = NULL;
  ErosRehearsal *rehearsal = NULL;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("eros-reopen-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "test.erosdeploy", NULL);
  self->result = g_build_filename (self->folder, "result", NULL);
  file = g_file_new_for_path (self->path);
  data = eros_rehearsal_get_data_folder (file);
  eros_rehearsal_start_async (CAPTIONS, NULL, data, NULL, started_cb, &rehearsal);
  app_test_wait (is_started, &rehearsal);
  deployment = eros_rehearsal_create_deployment (rehearsal, file, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  /* It has passed over an hour: whoever opens it has a server that has done so, too. */
  g_assert_true (
    eros_timeline_advance (deployment, eros_timeline_get_now (deployment) + G_TIME_SPAN_HOUR, &error));
  g_assert_no_error (error);
  g_object_unref (rehearsal);
}

static void
clear (Rehearsal *self)
{
  const char *arguments[] = { "rm", "-rf", self->folder, NULL };

  g_assert_true (
    g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (self->folder);
  g_free (self->path);
  g_free (self->result);
}

static GSubprocess *
open_window (Rehearsal *self)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *window =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--window", self->path, self->result, NULL);

  g_assert_no_error (error);
  return window;
}

/* (transfer full): what is there in the end */
static char *
go_on_to_the_end (Rehearsal *self)
{
  g_autoptr (GSubprocess) window = open_window (self);
  g_autoptr (GError) error = NULL;
  char *state = NULL;

  g_subprocess_wait_check (window, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (self->result, &state, NULL, &error));
  g_assert_no_error (error);
  return state;
}

static void
close_window (GSubprocess *window, gboolean kill)
{
  g_subprocess_send_signal (window, kill ? SIGKILL : SIGTERM);
  g_subprocess_wait (window, NULL, NULL);
  /* Before it is there it knows no better end than to be killed. */
  if (g_subprocess_get_if_signaled (window))
    g_assert_cmpint (g_subprocess_get_term_sig (window), ==, kill ? SIGKILL : SIGTERM);
  else
    g_assert_cmpint (g_subprocess_get_exit_status (window), ==, 0);
}

/* Returns: whether it was still on its way to the end */
static gboolean
close_at_random (Rehearsal *self, guint whole_ms)
{
  g_autoptr (GSubprocess) window = open_window (self);
  guint ms = (guint) g_test_rand_int_range (0, (gint32) whole_ms);
  gboolean kill = g_test_rand_bit ();
  gboolean is_early;

  g_usleep (ms * 1000);
  is_early = !g_file_test (self->result, G_FILE_TEST_EXISTS);
  g_test_message ("%s after %u of %u ms%s", kill ? "killed" : "closed", ms, whole_ms,
                  is_early ? "" : ", and done");
  close_window (window, kill);
  return is_early;
}

static void
assert_end (Rehearsal *self, const char *expected)
{
  /* What was reached stays, too. */
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *state = go_on_to_the_end (self);

      g_assert_cmpstr (state, ==, expected);
    }
}

static void
test_a_closed_rehearsal_goes_on_to_the_same_end (void)
{
  const char *wanted = g_getenv ("EROS_REOPENINGS");
  guint n = wanted != NULL ? (guint) atoi (wanted) : USUALLY;
  Rehearsal rehearsal = { 0 };
  g_autofree char *expected = NULL;
  gint64 begun;
  gint64 whole_ms;

  set_up (&rehearsal);
  begun = g_get_monotonic_time ();
  expected = go_on_to_the_end (&rehearsal);
  whole_ms = CLAMP ((g_get_monotonic_time () - begun) / 1000, 100, LONGEST_MS);
  clear (&rehearsal);
  set_up (&rehearsal);
  for (guint n_closed = 0; n_closed < n;)
    if (close_at_random (&rehearsal, (guint) whole_ms))
      n_closed++;
    else
      {
        assert_end (&rehearsal, expected);
        clear (&rehearsal);
        set_up (&rehearsal);
      }
  assert_end (&rehearsal, expected);
  clear (&rehearsal);
}

int
main (int argc, char **argv)
{
  gboolean is_window = argc == 4 && g_str_equal (argv[1], "--window");
  int one = 1;

  app_test_init (is_window ? &one : &argc, &argv);
  if (is_window)
    return be_window (argv[2], argv[3]);
  g_test_add_func ("/app/reopen/a-closed-rehearsal-goes-on-to-the-same-end",
                   test_a_closed_rehearsal_goes_on_to_the_same_end);
  return g_test_run ();
}
