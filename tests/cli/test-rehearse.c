/* test-rehearse.c: a whole rehearsal on the terminal, to its end, interrupted, and killed
 *
 * EROS_CRASH_ROUNDS says how often it is killed (5).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

#define FILE_NAME "r.erosdeploy"

static JsonObject *
verify (CliTest *test, JsonNode **verdicts)
{
  cli_test_assert (test, 0, "verify", "--json", FILE_NAME);
  *verdicts = cli_test_json (test);
  return json_array_get_object_element (json_node_get_array (*verdicts), 0);
}

static void
test_whole (CliTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) verdicts = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autofree char *printed = NULL;
  const char *at;
  int rehearsal_status;
  gboolean nothing_open;

  cli_test_run (test, "rehearse", "--captions", "500", "--file", FILE_NAME, "--output", "r.pdf", NULL);
  rehearsal_status = test->status;
  printed = g_strdup (test->output);
  g_test_message ("%s", printed);
  at = printed;
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *heading = g_strdup_printf ("\nPhase %u: ", i);

      at = strstr (at, heading);
      g_assert_nonnull (at);
    }
  g_assert_nonnull (strstr (printed, "signed by Rehearsal"));
  nothing_open = strstr (printed, ", 0 open;") != NULL;
  g_assert_cmpint (rehearsal_status, ==, nothing_open ? 0 : 1);

  g_assert_true (json_object_get_boolean_member (verify (test, &verdicts), "good"));
  cli_test_assert (test, 0, "verify", "r.pdf");
  cli_test_assert (test, 0, "status", "--json", FILE_NAME);
  status = cli_test_json (test);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "environment"), ==,
                   "rehearsal");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "result"), ==,
                   nothing_open ? "success" : "undecided");
}

/* Reads lines until one has WORDS. */
static gboolean
wait_for (FILE *output, const char *words)
{
  char line[4096];

  while (fgets (line, sizeof line, output) != NULL)
    if (strstr (line, words) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_interrupted (CliTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) verdicts = NULL;
  g_autofree char *lock = cli_test_path (test, FILE_NAME "-lock");
  int fd = -1;
  int status = 0;
  GPid child = cli_test_start (test, &fd, "rehearse", "--captions", "500", "--file", FILE_NAME, NULL);
  FILE *output = fdopen (fd, "r");

  g_assert_true (wait_for (output, "Phase 1: "));
  kill (child, SIGINT);
  while (wait_for (output, "\n"))
    ;
  fclose (output);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 130);
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));
  g_assert_true (json_object_get_boolean_member (verify (test, &verdicts), "good"));
}

/* How many lines tell of something that is stored: they begin with a time and have one of these signs. */
static guint
count_stored (FILE *output)
{
  static const char *const signs[] = { "✔ ", "✘ ", "– ", "✍ ", "⚠ " };
  char line[4096];
  guint n = 0;

  while (fgets (line, sizeof line, output) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
      if (strlen (line) > 12 && line[2] == ':' && line[5] == ':' && g_str_has_prefix (line + 9, signs[i]) &&
          strchr (line, '\n') != NULL && strstr (line, "by Rehearsal") != NULL)
        n++;
  return n;
}

static guint
count_ticks (CliTest *test)
{
  g_autoptr (JsonNode) status = NULL;
  JsonArray *phases;
  guint n = 0;

  cli_test_assert (test, 0, "status", "--json", FILE_NAME);
  status = cli_test_json (test);
  phases = json_object_get_array_member (json_node_get_object (status), "phases");
  for (guint i = 0; i < json_array_get_length (phases); i++)
    {
      JsonArray *items = json_object_get_array_member (json_array_get_object_element (phases, i), "items");

      for (guint j = 0; j < json_array_get_length (items); j++)
        {
          JsonObject *item = json_array_get_object_element (items, j);

          n += g_strcmp0 (json_object_get_string_member_with_default (item, "actor", NULL), "Rehearsal") == 0;
        }
    }
  return n;
}

static void
test_killed (CliTest *test, gconstpointer data)
{
  const char *rounds = g_getenv ("EROS_CRASH_ROUNDS");
  g_autofree char *path = cli_test_path (test, FILE_NAME);
  guint n_rounds = rounds != NULL ? atoi (rounds) : 5;
  guint n_survived = 0;

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr (JsonNode) verdicts = NULL;
      int fd = -1;
      GPid child = cli_test_start (test, &fd, "rehearse", "--captions", "200", "--file", FILE_NAME, NULL);
      FILE *output = fdopen (fd, "r");
      guint n_stored;

      /* Any moment: there is no condition to wait for. */
      g_usleep (g_test_rand_int_range (0, 3 * G_USEC_PER_SEC));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
      n_stored = count_stored (output);
      fclose (output);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_assert_cmpuint (n_stored, ==, 0);
          continue;
        }
      n_survived++;
      g_assert_true (json_object_get_boolean_member (verify (test, &verdicts), "good"));
      g_assert_cmpuint (count_ticks (test), >=, n_stored);
      /* It goes on. */
      cli_test_assert (test, 0, "note", FILE_NAME, "escalation.path", "after the crash");
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_test_message ("%u of %u had begun", n_survived, n_rounds);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/rehearse/goes-through-all-phases-and-signs-a-report", test_whole);
  cli_test_add ("/cli/rehearse/stops-cleanly-at-ctrl-c", test_interrupted);
  cli_test_add ("/cli/rehearse/loses-nothing-when-killed", test_killed);
  return g_test_run ();
}
