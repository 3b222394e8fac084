/* test-witness.c: an authority's word for how far a journal was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <string.h>

#include "eros-deployment.h"
#include "test-authority.h"

static void
assert_said (CliTest *test, const char *text)
{
  if (strstr (test->output, text) == NULL && strstr (test->errors, text) == NULL)
    g_test_message ("“%s” is not in: %s%s", text, test->output, test->errors);
  g_assert_true (strstr (test->output, text) != NULL || strstr (test->errors, text) != NULL);
}

static char *
make (CliTest *test)
{
  char *journal = cli_test_path (test, "one.erosdeploy");

  cli_test_assert (test, 0, "new", "--name", "One", "--environment", "staging", "--file", journal);
  return journal;
}

/* The grade of the journal, in JSON. */
static char *
grade (CliTest *test)
{
  g_autoptr (JsonNode) node = cli_test_json (test);
  JsonArray *all = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (all); i++)
    {
      JsonObject *verdict = json_array_get_object_element (all, i);

      if (json_object_has_member (verdict, "grade"))
        return g_strdup (json_object_get_string_member (verdict, "grade"));
    }
  return NULL;
}

static void
assert_grade (CliTest *test, const char *expected)
{
  g_autofree char *found = grade (test);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_grades (CliTest *test, gconstpointer data)
{
  TestAuthority *authority = test_authority_new ("Time Root");
  g_autofree char *url = test_authority_serve_time (authority);
  g_autofree char *report = cli_test_path (test, "one.pdf");
  g_autofree char *journal = NULL;

  g_setenv ("EROS_TIME_AUTHORITY", url, TRUE);
  journal = make (test);
  cli_test_assert (test, 0, "report", journal, "--output", report);
  assert_said (test, "time stamp of");
  g_unsetenv ("EROS_TIME_AUTHORITY");

  cli_test_assert (test, 0, "verify", journal, "--json");
  assert_grade (test, "whole");
  cli_test_assert (test, 0, "verify", journal, report, "--json");
  assert_grade (test, "sealed");
  cli_test_assert (test, 0, "verify", journal, "--trust", authority->certificate, "--json");
  assert_grade (test, "witnessed");
  cli_test_assert (test, 0, "verify", journal);
  assert_said (test, "its first 1 events were there at");
  assert_said (test, "not vouched for");
  test_authority_free (authority);
}

/* The work goes on, and what was missed is witnessed by the next command. */
static void
test_offline (CliTest *test, gconstpointer data)
{
  TestAuthority *authority = test_authority_new ("Time Root");
  g_autofree char *url = test_authority_serve_time (authority);
  g_autofree char *journal = NULL;

  g_setenv ("EROS_TIME_AUTHORITY", "http://127.0.0.1:1/", TRUE);
  journal = make (test);
  assert_said (test, "was not witnessed");
  cli_test_assert (test, 0, "verify", journal, "--trust", authority->certificate, "--json");
  assert_grade (test, "whole");
  g_setenv ("EROS_TIME_AUTHORITY", url, TRUE);
  cli_test_assert (test, 0, "note", journal, "sign-off.final.tests", "All well");
  g_unsetenv ("EROS_TIME_AUTHORITY");
  cli_test_assert (test, 0, "verify", journal, "--trust", authority->certificate, "--json");
  assert_grade (test, "witnessed");
  test_authority_free (authority);
}

/* All events are written anew, with a chain that is whole; the time stamps come along, as there are no
 * others. */
static void
test_written_anew (CliTest *test, gconstpointer data)
{
  TestAuthority *authority = test_authority_new ("Time Root");
  g_autofree char *url = test_authority_serve_time (authority);
  g_autofree char *journal = NULL;
  g_autofree char *forged_path = cli_test_path (test, "forged.erosdeploy");
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) forged_file = g_file_new_for_path (forged_path);
  g_autoptr (ErosJournal) old = NULL;
  g_autoptr (ErosJournal) forged = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("EROS_TIME_AUTHORITY", url, TRUE);
  journal = make (test);
  g_unsetenv ("EROS_TIME_AUTHORITY");
  file = g_file_new_for_path (journal);
  old = eros_journal_open (file, EROS_JOURNAL_READ, &error);
  g_assert_no_error (error);
  forged = eros_journal_create (forged_file, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (old)); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (old), i);
      g_autofree char *text = eros_event_dup_body_text (event);
      g_autoptr (JsonNode) body = json_from_string (text, NULL);

      g_assert_nonnull (eros_journal_append (forged, "Mallory", eros_event_get_kind (event), body, &error));
      g_assert_no_error (error);
    }
  g_clear_object (&forged);
  cli_test_assert (test, 0, "verify", journal);
  cli_test_assert (test, 1, "verify", forged_path);
  assert_said (test, "is not of this journal");
  test_authority_free (authority);
}

int
main (int argc, char **argv)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  g_test_init (&argc, &argv, NULL);
  if (openssl != NULL)
    {
      cli_test_add ("/cli/witness/whole-sealed-witnessed", test_grades);
      cli_test_add ("/cli/witness/an-authority-that-cannot-be-reached", test_offline);
      cli_test_add ("/cli/witness/a-journal-that-was-written-anew-shows", test_written_anew);
    }
  return g_test_run ();
}
