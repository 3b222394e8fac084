/* test-anchor.c: what no chain can show, a signed report shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <string.h>
#include <sys/stat.h>
#include <glib/gstdio.h>

#include "eros-deployment.h"

/* Made for its own sake, and another each time: the first event holds a time. */
static ErosDeployment *
make (CliTest *test, const char *name)
{
  const ErosDeploymentSetup setup = {
    .name = (char *) "EROS 2.4",
    .window_start = (char *) "",
    .window_end = (char *) "",
    .lead_name = (char *) "Grace Hopper",
    .lead_email = (char *) "",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_STAGING,
    .project = (char *) "eros-staging",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "eros-platform-backups",
    .profile = (char *) "nowhere",
  };
  g_autofree char *path = cli_test_path (test, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  ErosDeployment *deployment = eros_deployment_create (file, runbook, &setup, "Grace Hopper", &error);

  g_assert_no_error (error);
  return deployment;
}

static void
note (ErosDeployment *deployment, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_deployment_set_note (deployment, "preparation.sign-off.product-owner", text, &error));
  g_assert_no_error (error);
}

static void
append_note (const char *path, const char *text)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, &error);

  g_assert_no_error (error);
  note (deployment, text);
}

static void
copy (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
}

typedef struct
{
  char *journal; /* three events, then a report, then two more */
  char *earlier; /* as it was with two events */
  char *report;
} Record;

static void
record_clear (Record *record)
{
  g_free (record->journal);
  g_free (record->earlier);
  g_free (record->report);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Record, record_clear)

static void
make_record (CliTest *test, Record *record)
{
  g_autoptr (ErosDeployment) deployment = make (test, "one.erosdeploy");

  record->journal = cli_test_path (test, "one.erosdeploy");
  record->earlier = cli_test_path (test, "earlier.erosdeploy");
  record->report = cli_test_path (test, "report.pdf");
  note (deployment, "first");
  g_clear_object (&deployment);
  copy (record->journal, record->earlier);
  append_note (record->journal, "second");
  cli_test_assert (test, 0, "report", record->journal, "--output", record->report);
}

static void
test_what_came_after (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *report;

  make_record (test, &record);
  cli_test_assert (test, 0, "verify", record.journal, record.report);
  g_assert_nonnull (strstr (test->output, "begins with all of its 3 events"));
  g_assert_nonnull (strstr (test->output, "nothing came after the report"));

  append_note (record.journal, "third");
  append_note (record.journal, "fourth");
  cli_test_assert (test, 0, "verify", record.report, record.journal);
  g_assert_nonnull (strstr (test->output, "2 events came after the report"));
  g_assert_nonnull (strstr (test->output, "    4  "));
  g_assert_nonnull (strstr (test->output, "note.set"));

  cli_test_assert (test, 0, "verify", "--json", record.journal, record.report);
  node = cli_test_json (test);
  report = json_array_get_object_element (json_node_get_array (node), 1);
  g_assert_cmpint (json_object_get_int_member (report, "events"), ==, 3);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "after")), ==, 2);
}

static void
test_cut_end (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };

  make_record (test, &record);
  /* The chain itself is whole. */
  cli_test_assert (test, 0, "verify", record.earlier);
  cli_test_assert (test, 1, "verify", record.earlier, record.report);
  g_assert_nonnull (strstr (test->output, "has been cut off"));
}

/* The same beginning, and another end: every hash of it is right. */
static void
test_other_end (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };

  make_record (test, &record);
  append_note (record.earlier, "something else");
  append_note (record.earlier, "and more");
  cli_test_assert (test, 0, "verify", record.earlier);
  cli_test_assert (test, 1, "verify", record.earlier, record.report);
  g_assert_nonnull (strstr (test->output, "event 3 is another than in the report"));
}

static void
test_written_anew (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };
  g_autofree char *path = cli_test_path (test, "anew.erosdeploy");
  g_autoptr (ErosDeployment) deployment = NULL;

  make_record (test, &record);
  deployment = make (test, "anew.erosdeploy");
  note (deployment, "first");
  note (deployment, "second");
  g_clear_object (&deployment);
  cli_test_assert (test, 0, "verify", path);
  cli_test_assert (test, 1, "verify", path, record.report);
  g_assert_nonnull (strstr (test->output, "event 1 is another"));
  /* Where the right one is given as well, it is that which counts. */
  cli_test_assert (test, 0, "verify", path, record.journal, record.report);
}

static void
test_status (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };
  g_autoptr (JsonNode) verdicts = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autofree char *line = NULL;
  const char *head;

  make_record (test, &record);
  cli_test_assert (test, 0, "verify", record.journal, "--json");
  verdicts = cli_test_json (test);
  head =
    json_object_get_string_member (json_array_get_object_element (json_node_get_array (verdicts), 0), "head");
  cli_test_assert (test, 0, "status", record.journal, "--json");
  status = cli_test_json (test);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (status), "head"), ==, head);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (status), "events"), ==, 3);
  cli_test_assert (test, 0, "status", record.journal);
  line = g_strdup_printf ("3 events, head %s\n", head);
  g_assert_nonnull (strstr (test->output, line));
}

static void
test_beside (CliTest *test, gconstpointer data)
{
  g_auto (Record) record = { NULL };
  g_autofree char *wal = NULL;
  g_autofree char *shm = NULL;

  make_record (test, &record);
  wal = g_strconcat (record.journal, "-wal", NULL);
  shm = g_strconcat (record.journal, "-shm", NULL);
  cli_test_assert (test, 0, "verify", record.journal);
  g_assert_nonnull (strstr (test->output, "nothing lies beside it"));
  g_assert_true (g_file_set_contents (shm, "", 0, NULL));
  cli_test_assert (test, 0, "verify", record.journal);
  g_assert_nonnull (strstr (test->output, "one.erosdeploy-shm, but no -wal"));
  g_assert_true (g_file_set_contents (wal, "", 0, NULL));
  cli_test_assert (test, 0, "verify", record.journal);
  g_assert_nonnull (strstr (test->output, "one.erosdeploy-wal, one.erosdeploy-shm"));
}

/* A pipe that nobody writes to would be waited for, for ever. */
static void
test_pipes (CliTest *test, gconstpointer data)
{
  static const char *const names[] = { "pipe.erosdeploy", "pipe.pdf" };
  g_auto (Record) record = { NULL };

  make_record (test, &record);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = cli_test_path (test, names[i]);

      g_assert_cmpint (mkfifo (path, 0600), ==, 0);
      cli_test_assert (test, 1, "verify", path);
      cli_test_assert (test, 1, "verify", record.journal, path);
      cli_test_assert (test, 1, "status", path);
      cli_test_assert (test, 1, "diff", path, path);
      cli_test_assert (test, 1, "runbook", "import", path);
      cli_test_assert (test, 1, "runbook", "import", "--dry-run", path);
      cli_test_assert (test, 1, "new", "--name", "x", "--runbook", path);
      cli_test_assert (test, 1, "report", "--unsigned", "--output", path, record.journal);
    }
  cli_test_assert (test, 0, "list");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/anchor/what-came-after-the-report-is-named", test_what_came_after);
  cli_test_add ("/cli/anchor/a-cut-end-is-found", test_cut_end);
  cli_test_add ("/cli/anchor/another-end-is-found", test_other_end);
  cli_test_add ("/cli/anchor/one-written-anew-is-found", test_written_anew);
  cli_test_add ("/cli/anchor/status-shows-head-and-number", test_status);
  cli_test_add ("/cli/anchor/what-lies-beside-is-named", test_beside);
  cli_test_add ("/cli/anchor/pipes-are-not-waited-for", test_pipes);
  return g_test_run ();
}
