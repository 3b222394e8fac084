/* test-rehearse.c: a whole rehearsal on the terminal, to its end, interrupted, and killed
 *
 * EROS_CRASH_ROUNDS says how often it is killed (10).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* memmem () */
#include "cli-test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#define FILE_NAME "r.erosdeploy"

static JsonObject *
verify (CliTest *test, JsonNode **verdicts)
{
  cli_test_assert (test, 0, "verify", "--json", FILE_NAME);
  *verdicts = cli_test_json (test);
  return json_array_get_object_element (json_node_get_array (*verdicts), 0);
}

/* Somebody reads it: twenty-one pages at most, eleven of them before the appendix. */
static void
assert_readable (CliTest *test)
{
  g_autofree char *path = cli_test_path (test, "r.pdf");
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autofree char *text = NULL;
  g_auto (GStrv) pages = NULL;
  guint n = 0, appendix = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL))
    return;
  pages = g_strsplit (text, "\f", -1);
  for (; pages[n] != NULL && *pages[n] != '\0'; n++)
    if (appendix == 0 && g_regex_match_simple ("^ *Appendix$", pages[n], G_REGEX_MULTILINE, 0))
      appendix = n + 1;
  g_test_message ("%u pages, the appendix begins on page %u", n, appendix);
  g_assert_cmpuint (n, <=, 21);
  g_assert_cmpuint (appendix, >, 0);
  g_assert_cmpuint (appendix, <=, 12);
}

/* In the order of the pages, but that it goes back once everything is deployed, and deploys again. */
static void
assert_course (const char *printed, const char *const *headings)
{
  const char *at = printed;

  for (guint i = 0; headings[i] != NULL; i++)
    {
      at = strstr (at, headings[i]);
      if (at == NULL)
        g_error ("no more “%s” in %s", headings[i], printed);
      at += strlen (headings[i]);
    }
}

static void
test_whole (CliTest *test, gconstpointer data)
{
  static const char *const course[] = { "\nPhase 0: ",      "\nPhase 1: ",
                                        "▶ Backup",         "\nPhase 2: ",
                                        "\nPhase 3: ",      "▶ Deploy phase 1",
                                        "▶ Deploy phase 2", "\nPhase 5: ",
                                        "▶ Rollback",       "▶ Resume scheduled queries",
                                        "\nPhase 3: ",      "▶ Deploy phase 1",
                                        "▶ Deploy phase 2", "▶ Comparison",
                                        "\nPhase 4: ",      "▶ Monitoring round",
                                        "\nPhase 5: ",      "\nPhase 6: ",
                                        "\nPhase 7: ",      NULL };

  g_autoptr (JsonNode) verdicts = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autofree char *printed = NULL;
  int rehearsal_status;
  gboolean nothing_open;

  cli_test_run (test, "rehearse", "--captions", "500", "--file", FILE_NAME, "--output", "r.pdf", NULL);
  rehearsal_status = test->status;
  printed = g_strdup (test->output);
  g_test_message ("%s", printed);
  assert_course (printed, course);
  g_assert_nonnull (strstr (printed, "signed by Rehearsal"));
  nothing_open = strstr (printed, ", 0 open;") != NULL;
  g_assert_cmpint (rehearsal_status, ==, nothing_open ? 0 : 1);

  g_assert_true (json_object_get_boolean_member (verify (test, &verdicts), "good"));
  cli_test_assert (test, 0, "verify", "r.pdf");
  assert_readable (test);
  cli_test_assert (test, 0, "status", "--json", FILE_NAME);
  status = cli_test_json (test);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "environment"), ==,
                   "rehearsal");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "result"), ==,
                   nothing_open ? "success" : "undecided");
}

/* Where production fares badly, it is watched until a criterion says so, and no longer. */
static void
test_ill (CliTest *test, gconstpointer data)
{
  static const char *const course[] = { "\nPhase 4: ",
                                        "⚠ Critical bug causing data corruption (1 wrong",
                                        "\nPhase 5: ",
                                        "▶ Rollback",
                                        "▶ Monitoring round",
                                        "▶ Resume scheduled queries",
                                        "\nPhase 6: ",
                                        "\nPhase 7: ",
                                        NULL };
  static const char *const contents[] = { "Rolled back at ", "ROLLBACK REQUIRED", NULL };
  g_autofree char *path = cli_test_path (test, "r.pdf");
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autofree char *text = NULL;

  cli_test_assert (test, 0, "rehearse", "--scenario", "corrupt", "--captions", "500", "--file", FILE_NAME,
                   "--output", "r.pdf");
  assert_course (test->output, course);
  if (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL))
    assert_course (text, contents);
  cli_test_assert (test, 0, "status", FILE_NAME);
  g_assert_nonnull (strstr (test->output, "result: rolled-back"));
  g_assert_nonnull (strstr (test->output, "Signed as ROLLBACK REQUIRED by "));
  /* Nothing is deployed again when it is gone on with. */
  cli_test_assert (test, 0, "rehearse", "--scenario", "corrupt", "--file", FILE_NAME, "--output", "r.pdf");
  g_assert_null (strstr (test->output, "▶ "));
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

/* ---- killed -------------------------------------------------------------------------------------------- */

/* What the terminal was told has been done, line by line; the journal is to say the same, in the same order.
 */
static GPtrArray *
read_reported (FILE *output)
{
  static const char *const signs[] = { "✔ ", "✘ ", "– ", "✍ ", "⚠ " };
  GPtrArray *reported = g_ptr_array_new_with_free_func (g_free);
  char line[16384];

  while (fgets (line, sizeof line, output) != NULL && strcmp (line, "Report\n") != 0)
    for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
      {
        const char *text = line + 9 + strlen (signs[i]);

        if (strlen (line) <= 12 || line[2] != ':' || line[5] != ':' ||
            !g_str_has_prefix (line + 9, signs[i]) || strchr (line, '\n') == NULL)
          continue;
        /* The server, the deployment’s name, and what is none of a rehearsal’s, are no events. */
        if (!g_str_has_prefix (text, "http://") && !g_str_has_prefix (text, "Rehearsal 20") &&
            !g_str_has_prefix (text, "Prove the way back"))
          g_ptr_array_add (reported, g_strchomp (g_strdup (text)));
      }
  return reported;
}

static gboolean
ends_with (const char *line, JsonObject *body, const char *member)
{
  const char *text = json_object_get_string_member_with_default (body, member, NULL);

  return text != NULL && g_str_has_suffix (line, text);
}

/* TITLES: operation and step → title. */
static gboolean
tells (const char *line, const char *kind, JsonObject *body, GHashTable *titles)
{
  if (g_str_equal (kind, "step.ended"))
    {
      g_autofree char *step = g_strdup_printf ("%s %s", json_object_get_string_member (body, "id"),
                                               json_object_get_string_member (body, "step"));

      return g_str_has_prefix (line, g_hash_table_lookup (titles, step));
    }
  if (g_str_equal (kind, "check.finished"))
    return ends_with (line, body, "summary");
  if (g_str_equal (kind, "item.not-applicable"))
    return ends_with (line, body, "reason");
  if (g_str_equal (kind, "sign-off.signed"))
    return ends_with (line, body, "name");
  return g_str_equal (kind, "item.ticked") && g_str_has_suffix (line, ": by Rehearsal");
}

static void
note_title (const char *kind, JsonObject *body, GHashTable *titles)
{
  if (g_str_equal (kind, "step.started"))
    g_hash_table_insert (titles,
                         g_strdup_printf ("%s %s", json_object_get_string_member (body, "id"),
                                          json_object_get_string_member (body, "step")),
                         g_strdup (json_object_get_string_member (body, "title")));
}

/* The first step of a text has it, and it is the one that its digest says. KEPT: digests of those so far. */
static void
assert_text_kept (const char *kind, JsonObject *body, GHashTable *kept)
{
  const char *sha256 = json_object_get_string_member_with_default (body, "sql_sha256", NULL);
  const char *sql = json_object_get_string_member_with_default (body, "sql", NULL);

  if (!g_str_equal (kind, "step.started") || sha256 == NULL)
    return;
  if (sql != NULL)
    {
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, sql, -1);

      g_assert_cmpstr (digest, ==, sha256);
      g_assert_true (g_hash_table_add (kept, g_strdup (sha256)));
    }
  g_assert_true (g_hash_table_contains (kept, sha256));
}

/* Not through the program that is tested. */
static void
assert_all_stored (const char *path, GPtrArray *reported)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3 *database = NULL;
  sqlite3_stmt *rows = NULL;
  guint n_found = 0;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (
    sqlite3_prepare_v2 (database, "SELECT kind, body FROM event ORDER BY sequence", -1, &rows, NULL), ==,
    SQLITE_OK);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      const char *kind = (const char *) sqlite3_column_text (rows, 0);
      g_autoptr (JsonNode) node = json_from_string ((const char *) sqlite3_column_text (rows, 1), NULL);
      JsonObject *body = json_node_get_object (node);

      note_title (kind, body, titles);
      assert_text_kept (kind, body, kept);
      if (n_found < reported->len && tells (reported->pdata[n_found], kind, body, titles))
        n_found++;
    }
  sqlite3_finalize (rows);
  sqlite3_close (database);
  if (n_found < reported->len)
    g_error ("%u of %u lines are in the journal; not this one: %s", n_found, reported->len,
             (const char *) reported->pdata[n_found]);
}

/* A process that was started from this test, and lives. */
static gboolean
has_orphan (CliTest *test)
{
  g_autofree char *mark = g_strconcat ("XDG_DATA_HOME=", test->folder, NULL);
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  gboolean found = FALSE;
  const char *name;

  while (dir != NULL && !found && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *environment = NULL;
      gsize length = 0;

      found = g_ascii_isdigit (*name) && g_file_get_contents (path, &environment, &length, NULL) &&
              memmem (environment, length, mark, strlen (mark)) != NULL;
    }
  return found;
}

static void
assert_no_orphans (CliTest *test)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  while (has_orphan (test))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (G_USEC_PER_SEC / 100);
    }
}

#define rehearsal "rehearse", "--captions", "200", "--file", FILE_NAME, "--output", "r.pdf"

/* How long one takes here and now. */
static gint64
measure (CliTest *test)
{
  g_autofree char *path = cli_test_path (test, FILE_NAME);
  gint64 begun = g_get_monotonic_time ();

  cli_test_run (test, rehearsal, NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  return g_get_monotonic_time () - begun;
}

/* Returns: whether it had begun, and how many lines there were */
static gboolean
kill_once (CliTest *test, gint64 within, guint *n_lines)
{
  g_autofree char *path = cli_test_path (test, FILE_NAME);
  g_autoptr (JsonNode) verdicts = NULL;
  g_autoptr (GPtrArray) reported = NULL;
  int fd = -1;
  GPid child = cli_test_start (test, &fd, rehearsal, NULL);
  FILE *output = fdopen (fd, "r");

  /* Any moment: there is no condition to wait for. */
  g_usleep (g_test_rand_int_range (0, within));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  reported = read_reported (output);
  fclose (output);
  assert_no_orphans (test);
  *n_lines += reported->len;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpuint (reported->len, ==, 0);
      return FALSE;
    }
  g_assert_true (json_object_get_boolean_member (verify (test, &verdicts), "good"));
  assert_all_stored (path, reported);
  cli_test_assert (test, 0, "status", FILE_NAME);
  /* It goes on. */
  cli_test_assert (test, 0, "note", FILE_NAME, "escalation.path", "after the crash");
  g_assert_cmpint (g_unlink (path), ==, 0);
  return TRUE;
}

static void
test_killed (CliTest *test, gconstpointer data)
{
  const char *rounds = g_getenv ("EROS_CRASH_ROUNDS");
  guint n_rounds = rounds != NULL ? atoi (rounds) : 10;
  gint64 within = measure (test);
  guint n_begun = 0;
  guint n_lines = 0;

  for (guint round = 0; round < n_rounds; round++)
    n_begun += kill_once (test, within, &n_lines) ? 1 : 0;
  g_test_message ("%u of %u had begun; all opened, with whole chains; %u lines reported, all of them stored",
                  n_begun, n_rounds, n_lines);
}

/* Before anything is rehearsed. */
static void
test_what_cannot_be_held_is_named_first (CliTest *test, gconstpointer data)
{
  static const char inventory[] =
    "{\"format\":\"eros-inventory-1\",\"project\":\"acme-prod\",\"dataset\":\"eros\",\"taken_at\":\"2025-10-"
    "31T14:30:22.000000Z\","
    "\"digest\":\"f6af90888514d527156c0a15990b05e1cee437bbe145d31df87a8818cdf36113\",\"objects\":[{\"kind\":"
    "\"external\",\"name\":\"sheet\",\"definition\":"
    "\"CREATE EXTERNAL TABLE `${project}.${dataset}.sheet`\\nOPTIONS(format=\\\"GOOGLE_SHEETS\\\");\","
    "\"digest\":\"f78f59e630dfc23170bdce430578495aac3dd320d9a2e3528a45e9546513e92b\"}],\"tables\":[],\"not_"
    "read\":[]}";
  g_autofree char *file = cli_test_path (test, "inventory.json");

  g_assert_true (g_file_set_contents (file, inventory, -1, NULL));
  cli_test_assert (test, 1, "rehearse", "--like", file, "--file", FILE_NAME, "--output", "r.pdf");
  if (strstr (test->output, "✘ external sheet: ") == NULL ||
      strstr (test->errors, "cannot hold 1 object") == NULL || strstr (test->output, "Phase 0") != NULL)
    g_error ("%s\n%s", test->output, test->errors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/rehearse/goes-through-all-phases-and-signs-a-report", test_whole);
  cli_test_add ("/cli/rehearse/ends-with-the-rollback-where-production-is-ill", test_ill);
  cli_test_add ("/cli/rehearse/stops-cleanly-at-ctrl-c", test_interrupted);
  cli_test_add ("/cli/rehearse/loses-nothing-when-killed", test_killed);
  cli_test_add ("/cli/rehearse/what-cannot-be-held-is-named-first", test_what_cannot_be_held_is_named_first);
  return g_test_run ();
}
