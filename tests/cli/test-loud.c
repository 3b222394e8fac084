/* test-loud.c: a command that is told what is wrong, and takes its time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include "eros-cli-loud.h"
#include "eros-cli-private.h"

#include <string.h>

typedef struct
{
  ErosCliLoud loud;
  ErosDeployment *deployment;
  guint n_calls;
} Teller;

static gboolean
tell_cb (gpointer user_data)
{
  Teller *teller = user_data;

  teller->n_calls++;
  g_assert_true (eros_cli_loud_tell (&teller->loud, teller->deployment, "nobody answers"));
  return G_SOURCE_CONTINUE;
}

/* A round may end while a command runs: the problem is told once, and what is over afterwards. */
static void
test_meanwhile (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *told = g_build_filename (test->folder, "told", NULL);
  Teller teller = { { NULL }, test->deployment, 0 };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_begun = 0;
  guint n_over = 0;
  guint timer;

  teller.loud.command = g_strdup_printf ("cat >> '%s'; sleep 1", told);
  timer = g_timeout_add (200, tell_cb, &teller);
  g_assert_true (eros_cli_loud_tell (&teller.loud, test->deployment, "nobody answers"));
  g_source_remove (timer);
  g_assert_cmpuint (teller.n_calls, >, 0);
  g_assert_true (eros_cli_loud_tell (&teller.loud, test->deployment, NULL));
  g_assert_true (g_file_get_contents (told, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "\"offline\"") != NULL)
      {
        n_begun += strstr (lines[i], "\"begun\"") != NULL;
        n_over += strstr (lines[i], "\"over\"") != NULL;
      }
  g_assert_cmpuint (n_begun, ==, 1);
  g_assert_cmpuint (n_over, ==, 1);
  eros_cli_loud_clear (&teller.loud);
}

/* One that reads nothing has no more time than others. */
static void
test_not_read (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (1 << 20, 'x');
  ErosCliLoud loud = { .limit_s = 1, .once = TRUE };
  gint64 begun = g_get_monotonic_time ();

  loud.command = g_strdup ("sleep 8");
  g_assert_false (eros_cli_loud_tell (&loud, test->deployment, long_text));
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 7 * G_USEC_PER_SEC);
  eros_cli_loud_clear (&loud);
}

static gboolean
interrupt_cb (gpointer user_data)
{
  g_cancellable_cancel (eros_cli_get_interruption ());
  return G_SOURCE_REMOVE;
}

/* Whoever presses Ctrl+C while a command runs waits neither for it nor for those that would come after it. */
static void
test_interrupted (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *file = g_build_filename (test->folder, "pid", NULL);
  ErosCliLoud loud = { .once = TRUE };
  g_autofree char *pid = NULL;
  gint64 begun = g_get_monotonic_time ();

  loud.command = g_strdup_printf ("echo $$ >> '%s'; sleep 20", file);
  g_timeout_add (500, interrupt_cb, NULL);
  g_assert_false (eros_cli_loud_tell (&loud, test->deployment, "nobody answers"));
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
  g_assert_false (eros_cli_loud_tell (&loud, test->deployment, "nobody answers"));
  g_assert_true (g_file_get_contents (file, &pid, NULL, NULL));
  /* There was one. */
  g_assert_cmpuint (strcspn (pid, "\n"), ==, strlen (pid) - 1);
  g_cancellable_reset (eros_cli_get_interruption ());
  eros_cli_loud_clear (&loud);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  deployment_test_add ("/cli/loud/who-comes-while-a-command-runs-waits", NULL, test_meanwhile);
  deployment_test_add ("/cli/loud/a-command-that-reads-nothing-is-ended", NULL, test_not_read);
  deployment_test_add ("/cli/loud/an-interruption-ends-a-command", NULL, test_interrupted);

  return g_test_run ();
}
