/* test-watch.c: eros-deploy monitor as a server runs it: who is told, what others see, what was missed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "on-call.h"

#include "eros-journal.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define END "deployment.phase-2.end.time"

static void
end_ago (OnCall *test, int hours)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_hours (now, -hours);
  g_autofree char *text = g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");

  cli_test_assert (&test->cli, 0, "set", test->id, END, text);
}

static char *
read_file (OnCall *test, const char *name)
{
  g_autofree char *path = cli_test_path (&test->cli, name);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The command reads one problem as a line of JSON, and has nothing in its environment that might be secret.
 */
static void
test_notify (OnCall *test, gconstpointer data)
{
  g_autofree char *told = cli_test_path (&test->cli, "told");
  g_autofree char *command = g_strdup_printf ("cat >> '%s'; env > '%s.env'", told, told);
  g_autofree char *text = NULL;
  g_autofree char *environment = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_criterion_told = FALSE;

  on_call (test, 5, "monitor", "--once", "--notify", command);
  g_assert_false (g_file_test (told, G_FILE_TEST_EXISTS));
  g_setenv ("EROS_SECRET_OF_THE_TEST", "geheim", TRUE);
  on_call_query (test, "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id = 1");
  on_call (test, 1, "monitor", "--once", "--notify", command);
  g_unsetenv ("EROS_SECRET_OF_THE_TEST");
  text = read_file (test, "told");
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = json_from_string (lines[i], &error);
      JsonObject *problem = json_node_get_object (node);

      g_assert_no_error (error);
      g_assert_cmpstr (json_object_get_string_member (problem, "state"), ==, "begun");
      g_assert_cmpstr (
        json_object_get_string_member (json_object_get_object_member (problem, "deployment"), "id"), ==,
        test->id);
      is_criterion_told |=
        g_str_equal (json_object_get_string_member (problem, "kind"), "criterion-reached") &&
        json_object_get_boolean_member (problem, "grave") &&
        strstr (json_object_get_string_member (problem, "text"), "data corruption") != NULL;
    }
  g_assert_true (is_criterion_told);
  environment = read_file (test, "told.env");
  g_assert_null (strstr (environment, "geheim"));
  g_assert_null (strstr (environment, "BIGQUERY"));
}

/* A command that fails or does not read is said, and keeps nobody from watching. */
static void
test_notify_fails (OnCall *test, gconstpointer data)
{
  on_call_query (test, "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id = 1");
  on_call (test, 1, "monitor", "--once", "--notify", "exit 3");
  on_call_assert_says (test, test->cli.output, "The command of --notify did not work");
  g_assert_null (strstr (test->cli.output, "It is tried again"));
  on_call_assert_says (test, test->cli.output, "is reached: Critical bug causing data corruption");
}

static void
test_prometheus (OnCall *test, gconstpointer data)
{
  g_autofree char *path = cli_test_path (&test->cli, "eros.prom");
  g_autofree char *text = NULL;
  g_autofree char *before = NULL;
  g_auto (GStrv) lines = NULL;

  on_call (test, 5, "monitor", "--once", "--prometheus", path);
  before = read_file (test, "eros.prom");
  g_assert_nonnull (strstr (before, "criterion=\"rollback.decision.data-corruption\"} 0\n"));
  /* Nobody has decided on it: it is neither reached nor not. */
  g_assert_null (strstr (before, "criterion=\"rollback.decision.security\"} "));
  cli_test_assert (&test->cli, 0, "criterion", test->id, "rollback.decision.security", "no");
  /* What was asked for and not done is no success. */
  on_call (test, 1, "monitor", "--once", "--prometheus", "/nonexistent/x.prom");
  on_call (test, 2, "monitor", "--once", "--every", "5");
  on_call_query (test, "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id = 1");
  on_call (test, 1, "monitor", "--once", "--prometheus", path);
  text = read_file (test, "eros.prom");
  g_assert_nonnull (strstr (text, "criterion=\"rollback.decision.data-corruption\"} 1\n"));
  g_assert_nonnull (strstr (text, "criterion=\"rollback.decision.security\"} 0\n"));
  g_assert_nonnull (strstr (text, "kind=\"criterion-reached\"} 1\n"));
  /* Every line is a comment or NAME{LABELS} NUMBER, and the file ends with a line feed. */
  g_assert_true (g_str_has_suffix (text, "\n"));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (
      g_regex_match_simple ("^(# (HELP|TYPE) eros_deploy_[a-z_]+ "
                            ".+|eros_deploy_[a-z_]+\\{deployment=\"[^\"]+\"(,[a-z]+=\"[^\"]+\")?\\} "
                            "(NaN|[+-]Inf|[-0-9.e]+))$",
                            lines[i], 0, 0));
}

/* That nobody can be asked is a problem like another. */
static void
test_unreachable (OnCall *test, gconstpointer data)
{
  g_autofree char *path = cli_test_path (&test->cli, "eros.prom");
  g_autofree char *told = cli_test_path (&test->cli, "told");
  g_autofree char *command = g_strdup_printf ("cat >> '%s'", told);
  g_autofree char *numbers = NULL;
  g_autofree char *text = NULL;

  cli_test_assert (&test->cli, 4, "monitor", test->id, "--endpoint", "http://127.0.0.1:1", "--once",
                   "--notify", command, "--prometheus", path);
  numbers = read_file (test, "eros.prom");
  g_assert_nonnull (strstr (numbers, "kind=\"offline\"} 1\n"));
  text = read_file (test, "told");
  g_assert_nonnull (strstr (text, "\"offline\""));
  cli_test_assert (&test->cli, 4, "monitor", test->id, "--endpoint", "http://127.0.0.1:1", "--every", "1",
                   "--for", "0");
}

/* What the round as a whole came to stands where the others stand, and why it did is said once. */
static void
test_whole_round (OnCall *test, gconstpointer data)
{
  end_ago (test, 0);
  on_call_query (test, "UPDATE eros_platform.caption_bandit_stats SET total_views = -1 WHERE caption_id = 1");
  on_call (test, 1, "monitor", "--once");
  on_call_assert_says (test, test->cli.output, "✘ The round as a whole: something was found wrong");
  g_assert_null (strstr (test->cli.output, "✔ The round as a whole"));
  on_call_assert_says (test, test->cli.errors, "impossible statistics");
  g_assert_null (strstr (test->cli.errors, "The round as a whole"));
}

/* What was found wrong is not lost to what could not be asked. */
static void
test_wrong_and_unasked (OnCall *test, gconstpointer data)
{
  on_call_query (test, "DELETE FROM eros_platform.caption_bank WHERE caption_id > 100");
  on_call_query (test, "DROP TABLE eros_platform.caption_performance_log");
  on_call (test, 1, "monitor", "--once");
  on_call_assert_says (test, test->cli.errors, "free_captions");
  on_call_assert_says (test, test->cli.errors, "caption_performance_log");
}

/* (transfer full) */
static GFile *
find_file (OnCall *test)
{
  g_autoptr (JsonNode) list = NULL;

  cli_test_assert (&test->cli, 0, "list", "--json");
  list = cli_test_json (&test->cli);
  return g_file_new_for_path (
    json_object_get_string_member (json_array_get_object_element (json_node_get_array (list), 0), "file"));
}

/* How many events of the journal of FILE have this text in them. */
static guint
count_events (OnCall *test, const char *kind, const char *words)
{
  g_autoptr (GFile) file = find_file (test);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = eros_journal_open (file, EROS_JOURNAL_READ, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (journal)); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (journal), i);
      g_autofree char *text = eros_event_dup_body_text (event);

      n += g_str_equal (eros_event_get_kind (event), kind) && strstr (text, words) != NULL;
    }
  return n;
}

/* Starts the watch, and stops it when it has said WORDS. */
static void
watch_until (OnCall *test, const char *words)
{
  int fd = -1, status = 0;
  GPid child = cli_test_start (&test->cli, &fd, "monitor", "--endpoint", test->endpoint, test->id, NULL);
  FILE *output = fdopen (fd, "r");
  char line[4096];
  gboolean found = FALSE;

  while (!found && fgets (line, sizeof line, output) != NULL)
    found = strstr (line, words) != NULL;
  g_assert_true (found);
  kill (child, SIGINT);
  while (fgets (line, sizeof line, output) != NULL)
    ;
  fclose (output);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, 130);
}

/* What was missed is on record with its reason; what BigQuery still knows of it is read once, and it stays
 * missed. */
static void
test_fill_in (OnCall *test, gconstpointer data)
{
  guint n_missed, n_filled;

  end_ago (test, 7);
  watch_until (test, "◷ Next round at");
  n_missed = count_events (test, "watch.missed", "was not running");
  n_filled = count_events (test, "operation.started", "\"until\":");
  g_assert_cmpuint (n_missed, >, 9);
  /* Two slots that are due at the same moment are one. */
  g_assert_cmpuint (n_filled, >=, n_missed - 2);
  g_assert_cmpuint (count_events (test, "step.ended", "\"happened\":"), >=, 3 * n_filled);
  cli_test_assert (&test->cli, 0, "status", test->id);
  on_call_assert_says (test, test->cli.output, "filled in afterwards from the job history");

  watch_until (test, "◷ Next round at");
  g_assert_cmpuint (count_events (test, "operation.started", "\"until\":"), ==, n_filled);
}

/* Another machine watches with a copy: its rounds come back once. */
static void
test_merge (OnCall *test, gconstpointer data)
{
  g_autofree char *copy = cli_test_path (&test->cli, "copy.erosdeploy");
  g_autofree char *foreign = cli_test_path (&test->cli, "foreign.erosdeploy");
  g_autoptr (GFile) from = find_file (test);
  g_autoptr (GFile) to = g_file_new_for_path (copy);
  g_autofree char *own = g_strdup (test->id);
  guint n_rounds;

  end_ago (test, 0);
  g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  on_call (test, 5, "monitor", "--once");
  n_rounds = count_events (test, "operation.ended", "\"monitoring\"");
  cli_test_assert (&test->cli, 5, "monitor", "--endpoint", test->endpoint, copy, "--once");
  cli_test_assert (&test->cli, 5, "monitor", "--endpoint", test->endpoint, copy, "--once");

  cli_test_assert (&test->cli, 2, "monitor", own, "--merge", copy, "--once");
  cli_test_assert (&test->cli, 0, "monitor", own, "--merge", copy);
  on_call_assert_says (test, test->cli.output, "2 rounds taken over");
  g_assert_cmpuint (count_events (test, "operation.ended", "\"monitoring\""), ==, n_rounds + 2);
  cli_test_assert (&test->cli, 0, "monitor", own, "--merge", copy);
  on_call_assert_says (test, test->cli.output, "0 rounds taken over");
  g_assert_cmpuint (count_events (test, "operation.ended", "\"monitoring\""), ==, n_rounds + 2);
  cli_test_assert (&test->cli, 0, "verify", own);

  cli_test_assert (&test->cli, 0, "new", "--name", "Another", "--file", foreign);
  cli_test_assert (&test->cli, 3, "monitor", own, "--merge", foreign);
  on_call_assert_says (test, test->cli.errors, "is no copy of this deployment");
}

static void
test_message (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) one = NULL;

  cli_test_assert (&test->cli, 0, "message", test->id);
  on_call_assert_says (test, test->cli.output, "rollback.notification.update");
  cli_test_assert (&test->cli, 0, "message", test->id, "preparation.notification.email");
  on_call_assert_says (test, test->cli.output, "Subject: EROS Scheduling System Deployment");
  cli_test_assert (&test->cli, 0, "message", test->id, "preparation.notification.email", "--json");
  one = cli_test_json (&test->cli);
  g_assert_true (
    g_str_has_prefix (json_object_get_string_member (json_node_get_object (one), "mailto"), "mailto:"));
  cli_test_assert (&test->cli, 2, "message", test->id, "no-such-message");
  cli_test_assert (&test->cli, 2, "message", test->id, "--sent");
  cli_test_assert (&test->cli, 0, "message", test->id, "preparation.notification.email", "--sent", "--to",
                   "team@example.com");
  cli_test_assert (&test->cli, 0, "message", test->id, "rollback.notification.email", "--sent", "--to",
                   "team@example.com");
  on_call_assert_says (test, test->cli.errors, "not due");
  cli_test_assert (&test->cli, 0, "message", test->id, "--json");
  list = cli_test_json (&test->cli);
  g_assert_cmpstr (
    json_object_get_string_member (json_array_get_object_element (json_node_get_array (list), 0), "to"), ==,
    "team@example.com");
}

/* Settings that are not said again are those of the one before. */
static void
test_next (OnCall *test, gconstpointer data)
{
  g_autoptr (JsonNode) made = NULL;
  const char *id;

  cli_test_assert (&test->cli, 0, "note", test->id, "follow-up.documentation.lessons", "Count twice.");
  cli_test_assert (&test->cli, 0, "new", "--name", "The next one", "--from", test->id, "--json");
  made = cli_test_json (&test->cli);
  id = json_object_get_string_member (json_node_get_object (made), "id");
  cli_test_assert (&test->cli, 0, "status", "--json", id);
  on_call_assert_says (test, test->cli.output, "eros_platform");
  on_call_assert_says (test, test->cli.output, "Count twice.");
  cli_test_assert (&test->cli, 2, "new", "--name", "Another", "--from", "no-such-deployment");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define add(path, function) g_test_add (path, OnCall, NULL, on_call_set_up, function, on_call_tear_down)
  add ("/cli/watch/a-command-is-told", test_notify);
  add ("/cli/watch/a-command-that-does-not-work-is-named", test_notify_fails);
  add ("/cli/watch/numbers-for-prometheus", test_prometheus);
  add ("/cli/watch/that-nobody-can-be-asked-is-told", test_unreachable);
  add ("/cli/watch/the-round-as-a-whole-is-as-its-steps", test_whole_round);
  add ("/cli/watch/what-was-found-wrong-is-said-beside-what-was-not-asked", test_wrong_and_unasked);
  add ("/cli/watch/what-was-missed-is-filled-in-once", test_fill_in);
  add ("/cli/watch/rounds-of-another-machine-count-once", test_merge);
  add ("/cli/watch/messages-are-filled-in-and-on-record-as-sent", test_message);
  add ("/cli/watch/the-next-deployment-from-this-one", test_next);

  return g_test_run ();
}
