/* test-pages.c: what stands on which page, how it is set, and what rides inside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <glib/gstdio.h>

#include "eros-layout.h"
#include "report-fixture.h"

/* What a page says, lines joined. LAST: from the first one to this. */
static char *
read_pages (ReportFixture *f, const char *last)
{
  g_autofree char *text =
    test_run ("pdftotext", "-layout", "-l", last, g_file_peek_path (f->output), "-", NULL);
  g_auto (GStrv) words = g_strsplit_set (text, " \n\f", -1);
  GString *joined = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (joined, "%s ", words[i]);
  return g_string_free (joined, FALSE);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + strlen (part), part))
    n++;
  return n;
}

/* A deployment with a gate that was not waited for, a check with a query, changes, and a rollback. */
static void
conduct (ReportFixture *f)
{
  static const char evidence_text[] =
    "[{\"values\":{\"bad_rows\":\"3\"},\"sql\":\"SELECT COUNT(*) AS bad_rows\\nFROM broken_things\","
    "\"sql_sha256\":\"49752161971f233d2efc9bd6f7d71034f89ee9e34ede812635780e2fe28d127a\","
    "\"sql_source\":\"sql/health/corruption.sql\",\"job_id\":\"eros-1\"}]";
  static const char inventory[] = "{\"id\":\"%s\",\"step\":\"inventory/"
                                  "%s\",\"outcome\":\"pass\",\"values\":{\"digest\":\"d\",\"inventory\":"
                                  "\"{\\\"objects\\\":[{\\\"kind\\\":\\\"view\\\",\\\"name\\\":\\\"old_"
                                  "view\\\",\\\"digest\\\":\\\"%s\\\"}%s]}\"}}";
  static const char new_table[] =
    ",{\\\"kind\\\":\\\"table\\\",\\\"name\\\":\\\"new_table\\\",\\\"digest\\\":\\\"2222222222222222\\\"}";
  g_autoptr (JsonNode) evidence = json_from_string (evidence_text, NULL);
  g_autofree char *before = g_strdup_printf (inventory, "1", "before", "1111111111111111", "");
  g_autofree char *after = g_strdup_printf (inventory, "1", "after", "3333333333333333", new_table);
  ErosDeployment *d = f->deployment;

  must (eros_deployment_tick (d, "preparation.sign-off.product-owner", e));
  must (eros_deployment_record_check (d, "validation.health.corruption", EROS_OUTCOME_FAIL,
                                      "3 rows are broken", evidence, e));
  must (
    eros_deployment_record_check (d, "validation.health.orphans", EROS_OUTCOME_PASS, "none", evidence, e));
  must (eros_deployment_override (d, "gate.backup", "Ada Lovelace", "in haste", e));
  report_fixture_append (f, "operation.started",
                         "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"title\":\"Deploy phase 1\"}");
  report_fixture_append (f, "step.started",
                         "{\"id\":\"1\",\"step\":\"phase1/10-thing/deploy\",\"title\":\"Deploy a thing\","
                         "\"sql_sha256\":\"aa\",\"sql\":\"CREATE VIEW thing AS SELECT 1\"}");
  /* Of this one it stands in the evidence what was sent. */
  report_fixture_append (
    f, "step.started",
    "{\"id\":\"1\",\"step\":\"corruption\",\"title\":\"Look\",\"sql\":\"SELECT general\","
    "\"sql_sha256\":\"49752161971f233d2efc9bd6f7d71034f89ee9e34ede812635780e2fe28d127a\"}");
  report_fixture_append (f, "step.ended", before);
  report_fixture_append (f, "step.ended", after);
  report_fixture_append (f, "operation.ended",
                         "{\"operation\":\"deploy-phase1\",\"id\":\"1\",\"outcome\":\"pass\"}");
  report_fixture_append (
    f, "operation.started",
    "{\"operation\":\"rollback\",\"id\":\"2\",\"title\":\"Rollback\",\"arguments\":"
    "{\"reason\":\"rows were lost\",\"authority\":\"Grace H.\",\"backup\":\"backup_x\"}}");
  report_fixture_append (f, "step.started",
                         "{\"id\":\"2\",\"step\":\"restore\",\"title\":\"Restore the tables\"}");
  report_fixture_append (f, "step.ended",
                         "{\"id\":\"2\",\"step\":\"restore\",\"outcome\":\"pass\",\"summary\":\"all of them, "
                         "together\",\"values\":{}}");
  report_fixture_append (f, "operation.ended",
                         "{\"operation\":\"rollback\",\"id\":\"2\",\"outcome\":\"pass\"}");
}

static void
test_first_page (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  conduct (f);
  must (report_fixture_write (f, NULL, NULL, e));
  text = read_pages (f, "1");
  report_assert_contains (text, "EROS 2.4 – Größe");
  report_assert_contains (text, "Outcome Rolled back at 20");
  report_assert_contains (text, "eros-staging.eros_platform (US); backups in gs://eros-platform-backups");
  report_assert_contains (text, "Deployed 20");
  report_assert_contains (
    text, "Who has signed Deployment Lead QA Verification Deployment Lead not signed not signed not signed");
  report_assert_contains (text, "What needs attention");
  report_assert_contains (text, "Not waited for, by decision of Ada Lovelace: in haste");
  report_assert_contains (text, "The machine check failed: 3 rows are broken");
}

static void
test_questions (ReportFixture *f, gconstpointer data)
{
  static const char *const questions[] = {
    "1 Who asked for it?",
    "2 What was changed, and where?",
    "3 Who prepared it, and who carried it out?",
    "4 Who approved it, and before it ran?",
    "5 Was that somebody else than its author?",
    "6 Where was it tested outside production?",
    "7 What was the risk, and which limits were",
    "8 How could one go back?",
    "9 What was done when?",
    "10 Did it work?",
    "11 What went past the rules,",
    "12 Is this the whole record,",
    "objects added: 1, defined anew: 1, removed: 0, in",
    "rows are not compared here",
    "deployed by Bob.",
    "Before it ran: “Product Owner approval received” by Grace Hopper <grace@example.com>,",
    "No: nobody but Grace Hopper <grace@example.com>, who prepared it, has signed.",
    "No rehearsal of the same SQL stands in the record.",
    "No backup stands in the record.",
    "It was rolled back at 20",
    "Gates not waited for: 1;",
  };
  g_autofree char *text = NULL;
  g_autofree char *page = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "docs", "evidence.md", NULL);
  g_autofree char *evidence = NULL;

  must (g_file_get_contents (page, &evidence, NULL, e));
  for (guint i = 0; i < 12; i++)
    report_assert_contains (evidence, strchr (questions[i], ' ') + 1);
  if (!report_has_poppler ())
    return;
  conduct (f);
  must (report_fixture_write (f, NULL, NULL, e));
  text = read_pages (f, "3");
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    report_assert_contains (text, questions[i]);
}

static void
test_story (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  conduct (f);
  text = report_fixture_text (f);
  report_assert_contains (text, "Deploy phase 1: ended well, 20");
  report_assert_contains (text, "Rollback, begun by Bob at 20");
  report_assert_contains (text, "decided by Grace H., from the backup backup_x; ended well");
  report_assert_contains (text, "Reason: rows were lost");
  report_assert_contains (text, "Restore the tables done all of them, together");
  report_assert_contains (text, "Deploy phase 1 added table new_table – 222222222222");
  report_assert_contains (text, "changed view old_view 111111111111 333333333333");
}

/* From which window to which; before that was on record, to which. */
static void
test_moved (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  report_fixture_append (f, "window.moved",
                         "{\"window_start\":\"2025-11-01T14:00:00Z\",\"window_end\":\"2025-11-01T16:00:00Z\","
                         "\"reason\":\"a feast day\"}");
  report_fixture_append (f, "window.moved",
                         "{\"window_start\":\"2025-11-02T14:00:00Z\",\"window_end\":\"2025-11-02T16:00:00Z\","
                         "\"from_start\":\"2025-11-01T14:00:00Z\",\"from_end\":\"2025-11-01T16:00:00Z\","
                         "\"reason\":\"another one\"}");
  text = report_fixture_text (f);
  report_assert_contains (
    text, "The window was moved to 2025-11-01 14:00:00 UTC – 2025-11-01 16:00:00 UTC (a feast day)");
  /* The last column's name stands between these two lines. */
  report_assert_contains (
    text, "The window was moved: from 2025-11-01 14:00:00 UTC – 2025-11-01 16:00:00 UTC to Bob");
  report_assert_contains (text, "2025-11-02 14:00:00 UTC – 2025-11-02 16:00:00 UTC (another one)");
}

/* Two checks rest on one query: its text stands once, and both name it. */
static void
test_sql_once (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  conduct (f);
  text = report_fixture_text (f);
  g_assert_cmpuint (count (text, "FROM broken_things"), ==, 1);
  g_assert_cmpuint (count (text, "Query 1 (sql/health/corruption.sql, SHA-256 "), ==, 2);
  report_assert_contains (text, "CREATE VIEW thing AS SELECT 1");
  report_assert_contains (text, "Query 2 (phase1/10-thing/deploy)");
  g_assert_null (strstr (text, "Query 3 ("));
}

/* What people have done is listed; what the machine has done rides inside. */
static void
test_deeds (ReportFixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  const char *deeds;

  if (!report_has_poppler ())
    return;
  conduct (f);
  text = report_fixture_text (f);
  deeds = strstr (text, "What people have done");
  g_assert_nonnull (deeds);
  report_assert_contains (deeds, "Ticked Product Owner approval received");
  report_assert_contains (deeds, "Overridden There is a verified backup: in haste");
  g_assert_null (strstr (deeds, "Checked"));
}

/* Of each file that is attached the pages print the digest that it has. */
static void
test_digests (ReportFixture *f, gconstpointer data)
{
  static const char *const wanted[] = { "journal.jsonl",
                                        "runbook.json",
                                        "sql-001-health-corruption.sql",
                                        "sql-002-phase1-10-thing-deploy.sql",
                                        "inventory-deploy-phase1-6-before.json",
                                        "inventory-deploy-phase1-6-after.json" };
  g_autofree char *text = NULL;
  g_autofree char *output = NULL;

  if (!report_has_poppler () || !test_has_program ("pdfdetach"))
    return;
  conduct (f);
  text = report_fixture_text (f);
  output = test_run ("pdfdetach", "-saveall", "-o", f->folder, g_file_peek_path (f->output), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, wanted[i], NULL);
      g_autofree char *content = NULL;
      g_autofree char *digest = NULL;
      gsize length;

      must (g_file_get_contents (path, &content, &length, e));
      digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
      report_assert_contains (text, digest);
      g_unlink (path);
    }
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_letter (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *info = NULL;
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  conduct (f);
  eros_report_write_async (f->deployment, f->output, NULL, EROS_PAPER_LETTER, NULL, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  must (eros_report_write_finish (result, e));
  info = test_run ("pdfinfo", g_file_peek_path (f->output), NULL);
  report_assert_contains (info, "612 x 792 pts (letter)");
  text = report_fixture_extract (f);
  report_assert_contains (text, "Plan next deployment cycle improvements");
}

/* For screen readers: tables with rows, heads and cells; references that lead somewhere; a language. */
static void
test_tags (ReportFixture *f, gconstpointer data)
{
  static const char *const tags[] = { "Table", "TR", "TH", "TD", "H1", "H2", "P", "Code", "Link" };
  g_autofree char *json = NULL;

  if (!test_has_program ("qpdf"))
    {
      g_test_skip ("qpdf is not installed");
      return;
    }
  conduct (f);
  must (report_fixture_write (f, NULL, NULL, e));
  json = test_run ("qpdf", "--json=1", "--json-key=objects", g_file_peek_path (f->output), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autofree char *tag = g_strdup_printf ("\"/S\": \"/%s\"", tags[i]);

      report_assert_contains (json, tag);
    }
  report_assert_contains (json, "\"/Lang\": ");
  report_assert_contains (json, "\"/Subtype\": \"/Link\"");
}

/* ---- how it is set ------------------------------------------------------------------------------------- */

static void
note_page (const char *text, guint level, guint page, double y, gpointer user_data)
{
  *(guint *) user_data = page;
}

/* However full a page is: what a heading is about begins on the heading's own page. */
static void
test_headings (void)
{
  static const ErosTextStyle styles[] = { EROS_TEXT_HEADING_1, EROS_TEXT_HEADING_2 };

  for (guint n = 0; n < 160; n++)
    {
      g_autoptr (ErosLayout) layout = eros_layout_new (n % 2 == 0 ? EROS_PAPER_A4 : EROS_PAPER_LETTER);
      guint page = G_MAXUINT;

      for (guint i = 0; i < n / 2; i++)
        eros_layout_text (layout, EROS_TEXT_BODY, "A line.");
      eros_layout_heading (layout, styles[n / 2 % 2], "A heading", NULL);
      eros_layout_marked (layout, EROS_MARK_TICKED, "A box", "and what is known of it");
      eros_layout_foreach_heading (layout, note_page, &page);
      g_assert_cmpuint (page, ==, eros_layout_n_pages (layout) - 1);
    }
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static char *
read_layout (ErosLayout *layout)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GBytes) pdf = NULL;
  cairo_surface_t *surface;
  cairo_t *cr;
  char *path, *text;
  double width, height;

  eros_layout_get_page_size (layout, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, width, height);
  cr = cairo_create (surface);
  for (guint i = 0; i < eros_layout_n_pages (layout); i++)
    {
      eros_layout_draw_page (layout, cr, i, TRUE);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  pdf = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  path = test_write (pdf);
  text = test_run ("pdftotext", "-layout", path, "-", NULL);
  test_remove (path);
  return text;
}

/* Each page of a long table has its heads, and no row is torn. */
static void
test_tables (void)
{
  static const double weights[] = { 1, 3 };
  static const char *const titles[] = { "Number", "Words", NULL };
  g_autoptr (ErosLayout) layout = eros_layout_new (EROS_PAPER_A4);
  g_autofree char *words = g_strnfill (400, 'w');
  g_autofree char *text = NULL;
  g_auto (GStrv) pages = NULL;

  if (!report_has_poppler ())
    return;
  for (guint i = 20; i < 400; i += 20)
    words[i] = ' ';
  eros_layout_table_begin (layout, weights, titles, 2);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *number = g_strdup_printf ("row%u", i);
      g_autofree char *cell = g_strdup_printf ("%s end%u", words, i);
      const char *cells[] = { number, cell, NULL };

      eros_layout_table_row (layout, cells);
    }
  eros_layout_table_end (layout);
  eros_layout_finish (layout);
  text = read_layout (layout);
  pages = g_strsplit (g_strchomp (text), "\f", -1);
  g_assert_cmpuint (eros_layout_n_pages (layout), >, 3);
  for (guint i = 0; i < eros_layout_n_pages (layout); i++)
    {
      g_assert_cmpuint (count (pages[i], "Number"), ==, 1);
      g_assert_cmpuint (count (pages[i], "row"), ==, count (pages[i], "end"));
      g_assert_cmpuint (count (pages[i], "row"), >, 0);
    }
}

/* A reference says the page of what it leads to, also of what comes after it. */
static void
test_references (void)
{
  static const double weights[] = { 3, 1 };
  static const char *const titles[] = { "What", "Page", NULL };
  static const char *const cells[] = { "the far end", NULL };
  g_autoptr (ErosLayout) layout = eros_layout_new (EROS_PAPER_A4);
  g_autofree char *text = NULL;

  if (!report_has_poppler ())
    return;
  eros_layout_table_begin (layout, weights, titles, 2);
  eros_layout_table_reference (layout, cells, "end");
  eros_layout_table_reference (layout, cells, "nowhere");
  eros_layout_table_end (layout);
  for (guint i = 0; i < 300; i++)
    eros_layout_text (layout, EROS_TEXT_BODY, "A line.");
  eros_layout_heading (layout, EROS_TEXT_HEADING_1, "The end", "end");
  eros_layout_finish (layout);
  text = read_layout (layout);
  {
    g_autofree char *wanted = g_strdup_printf ("the far end +%u\n", eros_layout_n_pages (layout));

    g_assert_true (g_regex_match_simple (wanted, text, 0, 0));
    g_assert_true (g_regex_match_simple ("the far end +–\n", text, 0, 0));
  }
}

#define add(path, func)                                                                                      \
  g_test_add ("/pages/" path, ReportFixture, NULL, report_fixture_set_up, func, report_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("the-first-one-says-what-matters", test_first_page);
  add ("answer-an-auditor-on-the-first-three", test_questions);
  add ("tell-what-was-done-and-taken-back", test_story);
  add ("say-from-which-window-to-which-it-was-moved", test_moved);
  add ("have-each-query-once", test_sql_once);
  add ("list-what-people-have-done", test_deeds);
  add ("print-the-digest-of-each-attachment", test_digests);
  add ("can-be-letter", test_letter);
  add ("are-tagged-and-linked", test_tags);
  g_test_add_func ("/pages/keep-a-heading-with-what-follows", test_headings);
  g_test_add_func ("/pages/repeat-the-heads-of-a-table-and-tear-no-row", test_tables);
  g_test_add_func ("/pages/say-where-a-reference-leads", test_references);
  return g_test_run ();
}
