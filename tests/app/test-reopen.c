/* test-reopen.c: a rehearsal in a window that is closed at any moment goes on to the same end when it is
 * opened again
 *
 * The window is a process of its own, this very program: closing it is a kill, or the end of its main loop.
 * With EROS_REOPENINGS=20 in the environment it is closed so many times.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "app-test.h"
#include "eros-big-query.h"
#include "eros-window.h"

#define USUALLY       3
#define LONGEST_MS    4000
#define CAPTIONS      500
#define MOST_ATTEMPTS 3

static const char *const kinds[] = { "backup", "deploy-phase1", "deploy-phase2" };

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
  gboolean ready;
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
  g_autoptr (ErosOperation) last = eros_session_find_operation (session, kind);

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

/* As somebody does who sees what is open and presses Resume, once more where that is asked for, or Start. */
static void
work (Child *child)
{
  ErosDeployment *deployment = eros_session_get_deployment (child->session);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint attempt = 0; attempt < MOST_ATTEMPTS && !has_succeeded (child->session, kinds[i]); attempt++)
      {
        g_autoptr (ErosOperation) operation = eros_session_find_operation (child->session, kinds[i]);

        override_all_gates (deployment);
        if (operation == NULL)
          operation = eros_controller_plan (eros_session_get_controller (child->session), kinds[i], NULL,
                                            &child->error);
        g_assert_no_error (child->error);
        eros_session_start (child->session, operation);
        app_test_wait (is_idle, child->session);
      }
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

/* Writes the end to @result when it has come to it. */
static int
be_window (const char *path, const char *result)
{
  Child child = { 0 };
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, &child.error);
  GtkWidget *window = g_object_new (EROS_TYPE_WINDOW, NULL);
  g_autoptr (ErosBigQuery) client = NULL;
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, STATE);

  g_assert_no_error (child.error);
  eros_deployment_set_actor (deployment, "Ada <ada@example.com>");
  child.session = eros_session_new (deployment, NULL);
  g_signal_connect (child.session, "failed", G_CALLBACK (failed_cb), NULL);
  eros_window_show (EROS_WINDOW (window), child.session);
  gtk_window_present (GTK_WINDOW (window));
  eros_session_prepare_async (child.session, prepared_cb, &child);
  app_test_wait (is_ready, &child);
  g_assert_no_error (child.error);
  work (&child);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_true (has_succeeded (child.session, kinds[i]));
  client = eros_big_query_new (eros_controller_get_connection (eros_session_get_controller (child.session)));
  child.ready = FALSE;
  eros_big_query_query_async (client, request, 1, NULL, queried_cb, &child);
  app_test_wait (is_ready, &child);
  g_assert_no_error (child.error);
  g_assert_true (g_file_set_contents (result, child.state, -1, NULL));
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
test_a_closed_rehearsal_goes_on_to_the_same_end (void)
{
  const char *wanted = g_getenv ("EROS_REOPENINGS");
  guint n = wanted != NULL ? (guint) atoi (wanted) : USUALLY;
  Rehearsal straight = { 0 };
  Rehearsal cut = { 0 };
  g_autofree char *expected = NULL;
  g_autofree char *state = NULL;
  gint64 begun;
  gint64 whole_ms;

  set_up (&straight);
  begun = g_get_monotonic_time ();
  expected = go_on_to_the_end (&straight);
  whole_ms = (g_get_monotonic_time () - begun) / 1000;
  set_up (&cut);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GSubprocess) window = open_window (&cut);
      guint ms = (guint) g_test_rand_int_range (0, (gint32) CLAMP (whole_ms, 100, LONGEST_MS));

      g_usleep (ms * 1000);
      g_test_message ("closed after %u of %" G_GINT64_FORMAT " ms", ms, whole_ms);
      g_subprocess_send_signal (window, g_test_rand_bit () ? SIGKILL : SIGTERM);
      g_subprocess_wait (window, NULL, NULL);
    }
  state = go_on_to_the_end (&cut);
  g_assert_cmpstr (state, ==, expected);
  /* What was reached stays, too. */
  g_free (state);
  state = go_on_to_the_end (&cut);
  g_assert_cmpstr (state, ==, expected);
  clear (&straight);
  clear (&cut);
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
