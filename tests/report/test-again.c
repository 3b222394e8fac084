/* test-again.c: a report comes out again of the record that it carries, and one that says something else does
 * not; nor does one that is made to bring its reader down
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-sign.h"
#include "eros-report-again.h"
#include "eros-report-attachments.h"
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

/* Other pages, with what the record makes, and one file MORE that it does not make. */
static void
write_with (ReportFixture *f, const ErosPdfAttachment *more)
{
  g_autoptr (ErosReportState) state = eros_report_state_new (f->deployment);
  g_autoptr (GPtrArray) made = NULL;
  g_autofree ErosPdfAttachment *all = NULL;
  g_autoptr (GBytes) pages = test_pdf (1);
  g_autoptr (GBytes) pdf = NULL;

  must ((made = eros_report_pack_attachments (state, NULL, e)) != NULL);
  all = g_new0 (ErosPdfAttachment, made->len + 1);
  for (guint i = 0; i < made->len; i++)
    {
      const ErosReportAttachment *one = made->pdata[i];

      all[i] = (ErosPdfAttachment){ one->name,   one->description, one->type, one->relationship,
                                    one->packed, one->size,        one->md5 };
    }
  all[made->len] = *more;
  must ((pdf = eros_pdf_attach (pages, all, made->len + 1, "en", e)) != NULL);
  must (eros_whole_file_write (f->output, pdf, NULL, e));
}

static void
append_inventory (ReportFixture *f, const char *step)
{
  g_autofree char *ended =
    g_strdup_printf ("{\"id\":\"1\",\"step\":\"inventory/%s\",\"outcome\":\"pass\",\"values\":"
                     "{\"digest\":\"d\",\"inventory\":\"{\\\"objects\\\":[]}\"}}",
                     step);

  report_fixture_append (f, "step.ended", ended);
}

/* Two inventories of a data set that nothing has changed are the same: they leave no room for another file.
 */
static void
test_foreign_file (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GBytes) packed = test_pack ("Approved.\n");
  const ErosPdfAttachment more = {
    "approval.txt", "An approval", "application/json", "Data", packed, 10, "4ab605d7368e1b8c3ebd8b4b3a44a6d8"
  };
  g_autoptr (ErosReportRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gboolean same;

  report_fixture_append (f, "operation.started", "{\"id\":\"1\",\"kind\":\"deploy-phase1\"}");
  append_inventory (f, "before");
  append_inventory (f, "after");
  write_with (f, &more);
  record = read_record (f);
  g_assert_false (eros_report_make_again (f->output, record, &same, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD);
}

/* No reader runs out of stack, whatever the nesting is hidden behind. */
static void
test_deep_record (ReportFixture *f, gconstpointer data)
{
  static const char *const starts[] = { "", "{\"actor\":", "{/*\"*/\"actor\":", "{//\"\r\"actor\":",
                                        "{#\"\r\"actor\":" };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autofree char *nesting = g_strnfill (2000000, '[');
      g_autofree char *line = g_strconcat (starts[i], nesting, NULL);
      g_autoptr (GBytes) packed = test_pack (line);
      const ErosPdfAttachment record = { "journal.jsonl",
                                         "Every event",
                                         "application/x-ndjson",
                                         "Data",
                                         packed,
                                         strlen (line),
                                         "4ab605d7368e1b8c3ebd8b4b3a44a6d8" };
      g_autoptr (GBytes) pages = test_pdf (1);
      g_autoptr (GBytes) pdf = NULL;
      g_autoptr (GError) error = NULL;

      must ((pdf = eros_pdf_attach (pages, &record, 1, "en", e)) != NULL);
      must (eros_whole_file_write (f->output, pdf, NULL, e));
      g_assert_null (eros_report_record_read (f->output, &error));
      g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD);
    }
}

/* Nor does who makes the pages. */
static void
test_deep_inventory (ReportFixture *f, gconstpointer data)
{
  g_autofree char *nesting = g_strnfill (2000000, '[');
  g_autofree char *ended =
    g_strconcat ("{\"id\":\"1\",\"step\":\"inventory/after\",\"outcome\":\"pass\",\"values\":"
                 "{\"digest\":\"d\",\"inventory\":\"",
                 nesting, "\"}}", NULL);

  report_fixture_append (f, "operation.started", "{\"id\":\"1\",\"kind\":\"deploy-phase1\"}");
  append_inventory (f, "before");
  report_fixture_append (f, "step.ended", ended);
  must (report_fixture_write (f, NULL, NULL, e));
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
  g_test_add ("/report/again/no-foreign-file-hides-behind-two-that-are-the-same", ReportFixture, NULL,
              report_fixture_set_up, test_foreign_file, report_fixture_tear_down);
  g_test_add ("/report/again/a-record-nested-deeply-is-refused", ReportFixture, NULL, report_fixture_set_up,
              test_deep_record, report_fixture_tear_down);
  g_test_add ("/report/again/an-inventory-nested-deeply-is-none", ReportFixture, NULL, report_fixture_set_up,
              test_deep_inventory, report_fixture_tear_down);
  return g_test_run ();
}
