/* test-again.c: a report comes out again of the record that it carries, and one that says something else does
 * not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-again.h"
#include "eros-whole-file.h"
#include "report-fixture.h"

#include <string.h>

static ErosReportRecord *
read_record (ReportFixture *f)
{
  g_autoptr (GError) error = NULL;
  ErosReportRecord *record = eros_report_record_read (f->output, &error);

  g_assert_no_error (error);
  return record;
}

static void
assert_again (ReportFixture *f, gboolean expected)
{
  g_autoptr (ErosReportRecord) record = read_record (f);
  gboolean same = !expected;

  must (eros_report_make_again (f->output, record, &same, e));
  g_assert_cmpint (same, ==, expected);
}

static void
test_same (ReportFixture *f, gconstpointer data)
{
  must (report_fixture_write (f, NULL, NULL, e));
  assert_again (f, TRUE);
  must (report_fixture_write (f, test_signer (), NULL, e));
  assert_again (f, TRUE);
}

/* One byte of the first page, which is packed: what is attached stays as it is. */
static void
test_other_pages (ReportFixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GBytes) changed = NULL;
  gsize length;
  char *at;

  must (report_fixture_write (f, NULL, NULL, e));
  must (g_file_load_contents (f->output, NULL, &bytes, &length, NULL, e));
  at = g_strstr_len (bytes, (gssize) length, "stream\n");
  g_assert_nonnull (at);
  at[200] ^= 1;
  changed = g_bytes_new (bytes, length);
  must (eros_whole_file_write (f->output, changed, NULL, e));
  assert_again (f, FALSE);
}

/* A record that was made after the pages, or of another deployment. */
static void
test_other_record (ReportFixture *f, gconstpointer data)
{
  g_autoptr (ErosReportRecord) before = NULL;
  g_autoptr (GError) error = NULL;
  gboolean same;

  must (report_fixture_write (f, NULL, NULL, e));
  before = read_record (f);
  must (eros_deployment_set_note (f->deployment, "preparation.sign-off.product-owner", "Afterwards", e));
  must (report_fixture_write (f, NULL, NULL, e));
  g_assert_false (eros_report_make_again (f->output, before, &same, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD);
  g_assert_nonnull (strstr (error->message, "journal.jsonl"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/report/again/it-comes-out-the-same-signed-or-not", ReportFixture, NULL, report_fixture_set_up,
              test_same, report_fixture_tear_down);
  g_test_add ("/report/again/pages-that-say-something-else-are-seen", ReportFixture, NULL,
              report_fixture_set_up, test_other_pages, report_fixture_tear_down);
  g_test_add ("/report/again/what-is-attached-is-what-the-record-makes", ReportFixture, NULL,
              report_fixture_set_up, test_other_record, report_fixture_tear_down);
  return g_test_run ();
}
