/* test-signing-key.c: with whose key the terminal signs, and that another one is told and goes on record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "fake-keyring.h"

#define ADA "Ada <ada@example.com>"

static void
exited_cb (GPid pid, int status, gpointer user_data)
{
  *(int *) user_data = status;
}

/* The keyring is in this process, so it has to go on answering. */
static int
run (CliTest *test, const char *more, char **output)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *report = cli_test_path (test, "report.pdf");
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  int pipe;
  int status = -1;
  gssize n;
  GPid child =
    cli_test_start (test, &pipe, "report", journal, "--actor", ADA, "--output", report, more, NULL);

  g_child_watch_add (child, exited_cb, &status);
  while (status == -1)
    g_main_context_iteration (NULL, TRUE);
  while ((n = read (pipe, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
  close (pipe);
  *output = g_strdup (text->str);
  return WEXITSTATUS (status);
}

static void
make (CliTest *test)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");

  cli_test_assert (test, 0, "new", "--name", "EROS 2.4", "--environment", "staging", "--actor", ADA, "--file",
                   journal);
}

static gint64
count_events (CliTest *test)
{
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autoptr (JsonNode) status = NULL;

  cli_test_assert (test, 0, "status", journal, "--json");
  status = cli_test_json (test);
  return json_object_get_int_member (json_node_get_object (status), "events");
}

static char *
fingerprint_of (const char *output)
{
  const char *at = strstr (output, "  certificate ");

  g_assert_nonnull (at);
  return g_strndup (at + strlen ("  certificate "), 64);
}

/* What is told beside the output. */
static char *
run_and_read_errors (CliTest *test)
{
  g_autofree char *path = cli_test_path (test, "errors");
  g_autofree char *output = NULL;
  int own = dup (STDERR_FILENO);
  int file = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char *errors = NULL;
  int status;

  g_assert_cmpint (dup2 (file, STDERR_FILENO), >=, 0);
  status = run (test, NULL, &output);
  g_assert_cmpint (dup2 (own, STDERR_FILENO), >=, 0);
  close (own);
  close (file);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (path, &errors, NULL, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  return errors;
}

/* Only one that is made now is new: another deployment is signed with the same. */
static void
test_first_of_another (CliTest *test, gconstpointer data)
{
  FakeKeyring *keyring = fake_keyring_new ();
  g_autofree char *journal = cli_test_path (test, "one.erosdeploy");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  make (test);
  first = run_and_read_errors (test);
  g_assert_nonnull (strstr (first, "signs with a new key"));
  g_assert_cmpint (g_unlink (journal), ==, 0);
  make (test);
  second = run_and_read_errors (test);
  g_assert_null (strstr (second, "new key"));
  g_assert_nonnull (strstr (second, "for the first time"));
  fake_keyring_free (keyring);
}

static void
test_one_key (CliTest *test, gconstpointer data)
{
  FakeKeyring *keyring = fake_keyring_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *first_key = NULL;
  g_autofree char *second_key = NULL;
  gint64 n;

  make (test);
  n = count_events (test);
  g_assert_cmpint (run (test, NULL, &first), ==, 0);
  first_key = fingerprint_of (first);
  g_assert_cmpint (count_events (test), ==, n + 1);
  g_assert_cmpint (run (test, NULL, &second), ==, 0);
  second_key = fingerprint_of (second);
  g_assert_cmpstr (first_key, ==, second_key);
  g_assert_cmpint (count_events (test), ==, n + 1);
  fake_keyring_free (keyring);
}

static void
test_key_that_is_gone (CliTest *test, gconstpointer data)
{
  FakeKeyring *keyring = fake_keyring_new ();
  g_autofree char *first = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *second = NULL;
  g_autofree char *first_key = NULL;
  g_autofree char *second_key = NULL;
  gint64 n;

  make (test);
  g_assert_cmpint (run (test, NULL, &first), ==, 0);
  first_key = fingerprint_of (first);
  n = count_events (test);
  fake_keyring_delete (keyring, FALSE);
  g_assert_cmpint (run (test, NULL, &refused), ==, 2);
  g_assert_null (fake_keyring_secret (keyring));
  g_assert_cmpint (count_events (test), ==, n);
  g_assert_cmpint (run (test, "--new-key", &second), ==, 0);
  second_key = fingerprint_of (second);
  g_assert_cmpstr (first_key, !=, second_key);
  g_assert_cmpint (count_events (test), ==, n + 1);
  fake_keyring_free (keyring);
}

/* It could not be asked: the key that is in it stays, and the one for this report is not kept. */
static void
test_denied (CliTest *test, gconstpointer data)
{
  FakeKeyring *keyring = fake_keyring_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *secret = NULL;
  gint64 n;

  make (test);
  g_assert_cmpint (run (test, NULL, &first), ==, 0);
  secret = g_strdup (fake_keyring_secret (keyring));
  n = count_events (test);
  fake_keyring_set_mood (keyring, FAKE_KEYRING_DENIED);
  g_assert_cmpint (run (test, NULL, &second), ==, 0);
  g_assert_cmpstr (fake_keyring_secret (keyring), ==, secret);
  g_assert_cmpint (count_events (test), ==, n + 1);
  fake_keyring_free (keyring);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fake_keyring_use_private_bus ();
  cli_test_add ("/cli/signing-key/the-same-from-report-to-report", test_one_key);
  cli_test_add ("/cli/signing-key/only-one-that-is-made-is-called-new", test_first_of_another);
  cli_test_add ("/cli/signing-key/one-that-is-gone-is-not-replaced-unasked", test_key_that_is_gone);
  cli_test_add ("/cli/signing-key/a-keyring-that-denies-keeps-its-key", test_denied);
  return g_test_run ();
}
