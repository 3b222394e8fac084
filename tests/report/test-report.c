/* test-report.c: the report of a real deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <glib/gstdio.h>

#include "eros-stand-in.h"
#include "report-fixture.h"

/* A bit of everything, in many scripts. */
static void
conduct (ErosDeployment *d)
{
  static const char evidence_text[] =
    "[{\"values\":{\"bad_rows\":\"3\",\"empty\":null},\"sql\":\"SELECT COUNT(*) AS bad_rows\\nFROM "
    "t\",\"job_id\":\"eros-1\",\"started\":1761919200000000,"
    "\"ended\":1761919201000000,\"bytes_processed\":1048576,\"rows\":[{\"bad_rows\":\"3\"}]}]";
  g_autoptr (JsonNode) evidence = json_from_string (evidence_text, NULL);

  must (eros_deployment_tick (d, "preparation.sign-off.product-owner", e));
  must (eros_deployment_set_note (d, "preparation.sign-off.product-owner", "تمت الموافقة في الاجتماع", e));
  must (eros_deployment_set_not_applicable (d, "preparation.testing.benchmarks", "計測は本番でのみ行う", e));
  must (eros_deployment_set_value (d, "validation.baseline.query-time.value", "2", e));
  must (eros_deployment_set_value (d, "deployment.comparison.query-time.before", "2", e));
  must (eros_deployment_record_value (d, "deployment.comparison.query-time.after", "1.5", NULL, e));
  must (eros_deployment_record_check (d, "validation.health.corruption", EROS_OUTCOME_FAIL,
                                      "3 of 100 rows hold impossible values", evidence, e));
  must (eros_deployment_override (d, "gate.backup", "Ada Lovelace",
                                  "The backup of yesterday is enough for staging", e));
}

static void
test_says_everything (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  const char *head;

  if (!report_has_poppler ())
    return;
  conduct (f->deployment);
  must (report_fixture_write (f, NULL, NULL, e));
  text = report_fixture_extract (f);
  head = eros_journal_get_head (eros_deployment_get_journal (f->deployment));

  report_assert_contains (text, "EROS 2.4 – Größe");
  report_assert_contains (text, "STAGING");
  report_assert_contains (text, "Grace Hopper, grace@example.com, +1 555 0100");
  report_assert_contains (text, "2025-10-31 14:00:00 UTC to 2025-10-31 16:00:00 UTC");
  report_assert_contains (text, "gs://eros-platform-backups");
  report_assert_contains (text, head);
  report_assert_contains (text, eros_runbook_get_sha256 (eros_deployment_get_runbook (f->deployment)));
  report_assert_contains (text, "Not waited for: “There is a verified backup”");
  report_assert_contains (text, "The backup of yesterday is enough for staging");
  report_assert_contains (text, "Ada Lovelace");
  report_assert_contains (text, "Ticked by Grace Hopper <grace@example.com>");
  report_assert_contains (text, "Machine check: failed: 3 of 100 rows hold impossible values");
  report_assert_contains (text, "Job: eros-1");
  report_assert_contains (text, "2025-10-31 14:00:00 UTC");
  report_assert_contains (text, "FROM t");
  report_assert_contains (text, "Answer: bad_rows 3, empty –");
  report_assert_contains (text, "-25.0 %, not measured together");
  report_assert_contains (text, "Phase 7: Post-Deployment Activities");
  report_assert_contains (text, "Plan next deployment cycle improvements");
  report_assert_contains (text, "Page 1 of");
}

/* Each number of the table stands with its spread, its span and its verdict: those of the comparison's
 * record. */
static void
test_says_what_was_compared (ReportFixture *f, gconstpointer data)
{
  ErosDeployment *d = f->deployment;
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  must (eros_deployment_record_value (d, "deployment.comparison.query-time.before", "2", NULL, e));
  must (eros_deployment_record_value (d, "deployment.comparison.query-time.after", "1.5", NULL, e));
  report_fixture_append (
    f, "step.ended",
    "{\"id\":\"1\",\"step\":\"verdict\",\"outcome\":\"pass\",\"values\":{\"metrics\":\"query-time\","
    "\"query-time.unit\":\"s\",\"query-time.of\":\"hours\",\"query-time.verdict\":\"better\","
    "\"query-time.p\":\"0.0312\",\"query-time.before\":\"2\",\"query-time.before_spread\":\"0.625\","
    "\"query-time.before_n\":\"91\",\"query-time.after\":\"1.5\",\"query-time.after_spread\":\"0.375\","
    "\"query-time.after_n\":\"13\",\"query-time.after_begun\":\"2025-10-31T16:00:00Z\","
    "\"query-time.after_ended\":\"2025-11-01T05:00:00Z\"}}");
  text = report_fixture_text (f);
  report_assert_contains (text, "2 s ± 0.625");
  report_assert_contains (text, "1.5 s ± 0.375");
  report_assert_contains (text, "better: -25.0 %");
  report_assert_contains (text, "0.031");
  report_assert_contains (text, "91 hours");
  report_assert_contains (text, "13 hours, 2025-10-31");
  g_assert_null (strstr (text, "not measured together"));
}

/* In a rehearsal nobody reads that people did what nobody did. */
static void
test_stand_ins (ReportFixture *f, gconstpointer data)
{
  ErosDeploymentSetup *setup = (ErosDeploymentSetup *) eros_deployment_get_setup (f->deployment);
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  setup->environment = EROS_ENVIRONMENT_REHEARSAL;
  must (eros_deployment_tick (f->deployment, "preparation.sign-off.technical-lead", e));
  eros_deployment_set_actor (f->deployment, EROS_STAND_IN_ACTOR);
  must (eros_deployment_tick (f->deployment, "preparation.sign-off.product-owner", e));
  text = report_fixture_text (f);
  report_assert_contains (text, "1 by people, 1 by stand-ins");
}

static void
test_withdrawn_decisions (ReportFixture *f, gconstpointer data)
{
  ErosDeployment *d = f->deployment;
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  must (eros_deployment_override (d, "gate.backup", "Ada Lovelace", "it burns", e));
  report_fixture_append (f, "operation.started",
                         "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"title\":\"Deploy one\"}");
  must (eros_deployment_withdraw (d, "gate.backup", "there was one", e));
  report_fixture_append (f, "gate.overridden",
                         "{\"gate\":\"gate.health\",\"name\":\"Bob\",\"reason\":\"in haste\"}");
  report_fixture_append (f, "event.undone", "{\"sequence\":5,\"kind\":\"gate.overridden\"}");
  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.qa", "Quinn", NULL, "only a test", e));
  must (eros_deployment_withdraw (d, "deployment.phase-1-sign-off.qa", "too early", e));
  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.qa", "Kyle", NULL, "only a test", e));
  must (eros_deployment_sign_with (d, "deployment.phase-1-sign-off.deployment-lead", "Kyle", NULL,
                                   "only a test", e));
  text = report_fixture_text (f);
  report_assert_contains (text, "Withdrawn: not waited for “There is a verified backup”");
  report_assert_contains (text, " UTC Reason it burns Recorded by Grace Hopper");
  report_assert_contains (text, "Done while it held Deploy one, 20");
  report_assert_contains (text, ": there was one");
  report_assert_contains (text, "Withdrawn: not waited for “The data is sound”");
  report_assert_contains (text, "no reason was given");
  report_assert_contains (text, "Withdrawn: signature of “QA Verification”");
  report_assert_contains (text, "Was signed by Quinn, 20");
  report_assert_contains (text, ": too early");
  report_assert_contains (text, "Kyle has signed for several roles: “QA Verification”, “Deployment Lead”.");
  g_assert_null (strstr (text, "nothing was done past a gate"));
}

static void
test_decided_failures (ReportFixture *f, gconstpointer data)
{
  ErosDeployment *d = f->deployment;
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  must (eros_deployment_record_check (d, "validation.health.corruption", EROS_OUTCOME_FAIL, "3 bad rows",
                                      NULL, e));
  must (eros_deployment_tick_by_decision (d, "validation.health.corruption", "they are known", e));
  must (
    eros_deployment_record_check (d, "validation.health.orphans", EROS_OUTCOME_FAIL, "7 orphans", NULL, e));
  must (eros_deployment_set_not_applicable (d, "validation.health.orphans", "not ours", e));
  must (eros_deployment_record_value (d, "validation.baseline.query-time.value", "5", NULL, e));
  must (eros_deployment_set_value_by_decision (d, "validation.baseline.query-time.value", "0.1",
                                               "a slow network", e));
  text = report_fixture_text (f);
  report_assert_contains (text, "Ticked over a check that failed: “No data corruption detected”");
  report_assert_contains (text, "they are known");
  report_assert_contains (text, "Ticked by decision although the machine check failed");
  report_assert_contains (text, "By decision: ticked over a check that failed, by Grace Hopper");
  report_assert_contains (text, "Not applicable over a check that failed: “No orphaned records found”");
  report_assert_contains (text, "In progress, 2 by decision");
  report_assert_contains (text, "in place of what was measured: 5 seconds");
  report_assert_contains (text, "by decision of Grace Hopper");
  report_assert_contains (text, "a slow network");
}

static void
test_rolled_back (ReportFixture *f, gconstpointer data)
{
  static const char LEAD[] = "sign-off.confirmation.deployment-lead";
  ErosDeployment *d = f->deployment;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  if (!report_has_poppler ())
    return;
  must (eros_deployment_override (d, "gate.final-sign-off", "Ada Lovelace", "a drill", e));
  report_fixture_append (f, "operation.ended",
                         "{\"operation\":\"rollback\",\"id\":\"1\",\"outcome\":\"pass\"}");
  must (eros_deployment_set_value (d, "sign-off.confirmation.deployment-lead.status", "SUCCESS", e));
  must (eros_deployment_sign_with (d, LEAD, "Kyle", NULL, "only a drill", e));
  text = report_fixture_text (f);
  report_assert_contains (text, "Outcome Rolled back at 20");
  report_assert_contains (text, "Signed as SUCCESS, by Kyle");
  report_assert_contains (text, "Against it It was rolled back at 20");
  report_assert_contains (text, "Signed although this was named before:");
  report_assert_contains (text, "• “All validation tests passed (");
  report_assert_contains (text, "Reason: only a drill");

  report_fixture_append (f, "operation.ended",
                         "{\"operation\":\"deploy-phase1\",\"id\":\"2\",\"outcome\":\"pass\"}");
  must (eros_deployment_record_check (d, "validation.health.corruption", EROS_OUTCOME_FAIL, "3 bad rows",
                                      NULL, e));
  again = report_fixture_text (f);
  report_assert_contains (again, "Outcome Success; it was rolled back at 20");
  report_assert_contains (again,
                          "Against it, when this report was written: • The check of “No data corruption");
}

/* Each check box of the runbook is in the report. */
static void
test_every_check_box (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (f->deployment));
  guint n = 0;

  if (!report_has_poppler ())
    return;
  must (report_fixture_write (f, NULL, NULL, e));
  text = report_fixture_extract (f);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint s = 0; s < g_list_model_get_n_items (sections); s++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, s);
          GListModel *elements = eros_section_get_elements (section);

          for (guint e = 0; e < g_list_model_get_n_items (elements); e++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, e);

              if (eros_element_get_kind (element) != EROS_ELEMENT_CHECK)
                continue;
              report_assert_contains (text, eros_element_get_label (element));
              n++;
            }
        }
    }
  g_assert_cmpuint (n, ==, 114);
}

static void
test_form (ReportFixture *f, gconstpointer data)
{
  g_autofree char *info = NULL;
  g_autofree char *fonts = NULL;
  g_autofree char *checked = NULL;
  g_auto (GStrv) lines = NULL;
  const char *path = g_file_peek_path (f->output);

  if (!report_has_poppler () || !test_has_program ("qpdf"))
    return;
  conduct (f->deployment);
  must (report_fixture_write (f, test_signer (), NULL, e));
  info = test_run ("pdfinfo", path, NULL);
  report_assert_contains (info, "Title:           Deployment report: EROS 2.4");
  report_assert_contains (info, "Tagged:          yes");
  report_assert_contains (info, "(A4)");
  fonts = test_run ("pdffonts", path, NULL);
  lines = g_strsplit (g_strchomp (fonts), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 3);
  /* Columns from the right: object (two), unicode, subset, embedded. */
  for (guint i = 2; lines[i] != NULL; i++)
    g_assert_true (g_regex_match_simple (" yes +yes +(yes|no) +[0-9]+ +[0-9]+ *$", lines[i], 0, 0));
  checked = test_run ("qpdf", "--check", path, NULL);
  report_assert_contains (checked, "No syntax or stream encoding errors found");
}

static void
test_outline (ReportFixture *f, gconstpointer data)
{
  g_autofree char *outline = NULL;

  if (!test_has_program ("mutool"))
    {
      g_test_skip ("mutool is not installed");
      return;
    }
  must (report_fixture_write (f, NULL, NULL, e));
  outline = test_run ("mutool", "show", g_file_peek_path (f->output), "outline", NULL);
  report_assert_contains (outline, "Phase 0: Pre-Deployment Preparation");
  report_assert_contains (outline, "Post-Phase 1 Validation");
}

static void
test_signed (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = NULL;

  conduct (f->deployment);
  must (report_fixture_write (f, test_signer (), NULL, e));
  signatures = eros_report_verify (f->output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signatures->len, ==, 1);
  if (test_has_program ("pdfsig"))
    {
      g_autofree char *output = test_run ("pdfsig", "-nocert", g_file_peek_path (f->output), NULL);

      report_assert_contains (output, "Signature is Valid.");
      report_assert_contains (output, "Total document signed");
    }
}

static void
add_netstring (GChecksum *checksum, const char *text)
{
  g_autofree char *netstring = g_strdup_printf ("%" G_GSIZE_FORMAT ":%s,", strlen (text), text);

  g_checksum_update (checksum, (const guchar *) netstring, -1);
}

/* As docs/journal.md says, from nothing but the line. */
static void
assert_chained (const char *line, const char *previous)
{
  static const char *const numbers[] = { "sequence", "time" };
  static const char *const texts[] = { "actor", "kind", "body", "previous" };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *event = json_node_get_object (node);

  add_netstring (checksum, "eros-event-1");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *number =
        g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (event, numbers[i]));

      add_netstring (checksum, number);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    add_netstring (checksum, json_object_get_string_member (event, texts[i]));
  g_assert_cmpstr (json_object_get_string_member (event, "hash"), ==, g_checksum_get_string (checksum));
  if (previous != NULL)
    {
      g_autoptr (JsonNode) before = json_from_string (previous, NULL);

      g_assert_cmpstr (json_object_get_string_member (event, "previous"), ==,
                       json_object_get_string_member (json_node_get_object (before), "hash"));
    }
}

/* A reader with nothing but the file has the whole record. */
static void
test_attachments (ReportFixture *f, gconstpointer data)
{
  g_autofree char *output = NULL;
  g_autofree char *journal = g_build_filename (f->folder, "journal.jsonl", NULL);
  g_autofree char *runbook = g_build_filename (f->folder, "runbook.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonNode) last = NULL;
  guint n;

  if (!test_has_program ("pdfdetach"))
    {
      g_test_skip ("poppler-utils is not installed");
      return;
    }
  conduct (f->deployment);
  must (report_fixture_write (f, test_signer (), NULL, e));
  output = test_run ("pdfdetach", "-saveall", "-o", f->folder, g_file_peek_path (f->output), NULL);
  g_assert_true (g_file_get_contents (journal, &text, NULL, NULL));
  g_assert_true (g_file_get_contents (runbook, &json, NULL, NULL));
  g_assert_cmpstr (json, ==, eros_runbook_get_json (eros_deployment_get_runbook (f->deployment)));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  n = g_strv_length (lines);
  g_assert_cmpuint (n, ==,
                    g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (f->deployment))));
  for (guint i = 0; i < n; i++)
    assert_chained (lines[i], i > 0 ? lines[i - 1] : NULL);
  last = json_from_string (lines[n - 1], NULL);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (last), "hash"), ==,
                   eros_journal_get_head (eros_deployment_get_journal (f->deployment)));
}

static void
test_same_bytes (ReportFixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize n_first, n_second;

  conduct (f->deployment);
  must (report_fixture_write (f, NULL, NULL, e));
  must (g_file_load_contents (f->output, NULL, &first, &n_first, NULL, e));
  must (report_fixture_write (f, NULL, NULL, e));
  must (g_file_load_contents (f->output, NULL, &second, &n_second, NULL, e));
  g_assert_cmpmem (first, n_first, second, n_second);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What happens while it is written is not in it. */
static void
test_one_moment (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  eros_report_write_async (f->deployment, f->output, NULL, EROS_PAPER_A4, NULL, finished_cb, &result);
  must (eros_deployment_set_note (f->deployment, "preparation.sign-off.product-owner", "Afterwards", e));
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  must (eros_report_write_finish (result, e));
  text = report_fixture_extract (f);
  g_assert_null (strstr (text, "Afterwards"));
}

static void
test_long_texts (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GString) lines = g_string_new ("begin ");
  g_autofree char *word = g_strnfill (3000, 'w');
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  for (guint i = 0; i < 900; i++)
    g_string_append_printf (lines, "line %u\n", i);
  g_string_append (lines, " theend");
  must (eros_deployment_set_note (f->deployment, "preparation.sign-off.product-owner", lines->str, e));
  must (eros_deployment_set_value (f->deployment, "contacts.technical-lead.name", word, e));
  must (report_fixture_write (f, NULL, NULL, e));
  text = report_fixture_extract (f);
  report_assert_contains (text, "line 450");
  report_assert_contains (text, "theend");
}

static void
test_cancel (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_file_set_contents (g_file_peek_path (f->output), "before", -1, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_false (report_fixture_write (f, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  {
    g_autofree char *text = NULL;

    g_file_get_contents (g_file_peek_path (f->output), &text, NULL, NULL);
    g_assert_cmpstr (text, ==, "before");
  }
}

static void
test_nowhere (ReportFixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "missing", "report.pdf", NULL);
  g_autoptr (GError) error = NULL;

  g_object_unref (f->output);
  f->output = g_file_new_for_path (path);
  g_assert_false (report_fixture_write (f, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
}

/* What the window shows: as many pages as the file has, and something on each. */
static void
test_preview (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosReportDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  double width, height;

  conduct (f->deployment);
  eros_report_document_new_async (f->deployment, NULL, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  document = eros_report_document_new_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eros_report_document_get_n_pages (document), >, 5);
  eros_report_document_get_page_size (document, &width, &height);
  for (guint i = 0; i < eros_report_document_get_n_pages (document); i++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, (int) width, (int) height);
      cairo_t *cr = cairo_create (surface);
      const unsigned char *data_ = NULL;
      gsize ink = 0;

      eros_report_document_draw_page (document, cr, i);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      cairo_surface_flush (surface);
      data_ = cairo_image_surface_get_data (surface);
      for (gsize k = 0; k < (gsize) cairo_image_surface_get_stride (surface) * (gsize) height; k++)
        ink += data_[k] != 0;
      g_assert_cmpuint (ink, >, 500);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
  if (test_has_program ("pdfinfo"))
    {
      g_autofree char *pages =
        g_strdup_printf ("Pages:           %u\n", eros_report_document_get_n_pages (document));
      g_autofree char *info = NULL;

      must (report_fixture_write (f, NULL, NULL, e));
      info = test_run ("pdfinfo", g_file_peek_path (f->output), NULL);
      report_assert_contains (info, pages);
    }
}

#define add(path, func)                                                                                      \
  g_test_add ("/report/" path, ReportFixture, NULL, report_fixture_set_up, func, report_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("says-who-did-what-when-and-why", test_says_everything);
  add ("says-what-was-compared", test_says_what_was_compared);
  add ("names-what-was-withdrawn-and-what-it-let-through", test_withdrawn_decisions);
  add ("what-stand-ins-did-is-told-apart", test_stand_ins);
  add ("shows-a-failure-that-was-decided-over-as-one", test_decided_failures);
  add ("says-rolled-back-whatever-was-signed", test_rolled_back);
  add ("has-every-check-box", test_every_check_box);
  add ("is-a-tagged-a4-pdf-with-its-fonts", test_form);
  add ("has-an-outline", test_outline);
  add ("is-signed-so-that-others-believe-it", test_signed);
  add ("carries-journal-and-runbook", test_attachments);
  add ("of-the-same-record-has-the-same-bytes", test_same_bytes);
  add ("shows-one-moment", test_one_moment);
  add ("continues-what-is-longer-than-a-page", test_long_texts);
  add ("leaves-the-old-file-when-cancelled", test_cancel);
  add ("that-cannot-be-written-says-where", test_nowhere);
  add ("preview-shows-the-same-pages", test_preview);
  return g_test_run ();
}
