/* test-boxes.c: several people sign in turn, in boxes that the first revision has reserved
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-pdf-boxes.h"
#include "eros-pdf-sign.h"
#include "eros-report.h"
#include "report-test-utils.h"

#define NOW (g_get_real_time () / G_USEC_PER_SEC)

static ErosSignatureBox boxes[] = {
  { (char *) "report", (char *) "Report" },
  { (char *) "deployment-lead", (char *) "Deployment Lead" },
  { (char *) "technical-lead", (char *) "Technical Lead" },
  { (char *) "product-owner", (char *) "Produktverantwortliche, größtenteils" },
  { (char *) "qa", (char *) "مسؤول الجودة" },
  { (char *) "performance", (char *) "Performance" },
};

static GBytes *
with_boxes (guint n_boxes)
{
  g_autoptr (GBytes) pdf = test_pdf (2);
  g_autoptr (GError) error = NULL;
  GBytes *reserved = eros_pdf_add_boxes (pdf, boxes, n_boxes, &error);

  g_assert_no_error (error);
  return reserved;
}

static GBytes *
sign (GBytes *pdf, const char *box)
{
  g_autoptr (GError) error = NULL;
  GBytes *signed_pdf = eros_pdf_sign_box (pdf, test_signer (), box, "I have read it", NOW, &error);

  g_assert_no_error (error);
  return signed_pdf;
}

static void
test_in_turn (void)
{
  g_autoptr (GBytes) pdf = with_boxes (G_N_ELEMENTS (boxes));

  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      g_autoptr (GBytes) before = g_steal_pointer (&pdf);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) signatures = NULL;
      const ErosReportSignature *last;

      /* In whatever order. */
      pdf = sign (before, boxes[(i * 5) % G_N_ELEMENTS (boxes)].name);
      signatures = test_verify (pdf, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (signatures->len, ==, i + 1);
      last = signatures->pdata[i];
      g_assert_cmpstr (last->box, ==, boxes[(i * 5) % G_N_ELEMENTS (boxes)].name);
      g_assert_cmpstr (last->title, ==, boxes[(i * 5) % G_N_ELEMENTS (boxes)].title);
      test_assert_others_agree (pdf, i + 1);
    }
}

static void
test_listed (void)
{
  g_autoptr (GBytes) pdf = with_boxes (3);
  g_autoptr (GBytes) signed_pdf = sign (pdf, "technical-lead");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = eros_pdf_list_boxes (signed_pdf, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const ErosPdfBox *box = list->pdata[i];

      g_assert_cmpstr (box->name, ==, boxes[i].name);
      g_assert_cmpint (box->is_signed, ==, i == 2);
    }
}

/* The box itself shows who signed, in areas of ink and not as text of a font. */
static void
test_stamp (void)
{
  g_autoptr (GBytes) pdf = with_boxes (2);
  g_autoptr (GBytes) once = sign (pdf, "report");
  guint ink[2];

  if (!test_has_program ("pdftoppm"))
    {
      g_test_skip ("pdftoppm is not installed");
      return;
    }
  for (guint i = 0; i < 2; i++)
    {
      char *path = test_write (i == 0 ? pdf : once);
      g_autofree char *picture = g_strconcat (path, ".pgm", NULL);
      g_autofree char *output =
        test_run ("pdftoppm", "-gray", "-r", "72", "-f", "3", "-l", "3", "-singlefile", path, path, NULL);
      g_autofree char *data = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (picture, &data, &length, NULL));
      ink[i] = 0;
      for (gsize k = 20; k < length; k++)
        ink[i] += (guchar) data[k] < 128;
      test_remove (g_steal_pointer (&picture));
      test_remove (path);
    }
  g_test_message ("%u dark dots before, %u after", ink[0], ink[1]);
  g_assert_cmpuint (ink[1], >, ink[0] + 200);
}

static void
test_refusals (void)
{
  g_autoptr (GBytes) pdf = with_boxes (2);
  g_autoptr (GBytes) once = sign (pdf, "report");
  g_autoptr (GError) error = NULL;

  g_assert_null (eros_pdf_sign_box (once, test_signer (), "report", "Again", NOW, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "signed already"));
  g_clear_error (&error);
  g_assert_null (eros_pdf_sign_box (once, test_signer (), "nobody", "Again", NOW, &error));
  g_assert_nonnull (strstr (error->message, "no box"));
}

/* More boxes than a page holds. */
static void
test_pages (void)
{
  ErosSignatureBox many[30];
  g_autoptr (GBytes) pdf = test_pdf (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) reserved = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) last = NULL;

  for (guint i = 0; i < 30; i++)
    {
      many[i].name = g_strdup_printf ("box-%u", i);
      many[i].title = g_strdup_printf ("Role %u", i);
    }
  reserved = eros_pdf_add_boxes (pdf, many, 30, &error);
  g_assert_no_error (error);
  first = sign (reserved, "box-0");
  last = sign (first, "box-29");
  test_assert_others_agree (last, 2);
  if (test_has_program ("pdfinfo"))
    {
      char *path = test_write (last);
      g_autofree char *output = test_run ("pdfinfo", path, NULL);
      g_autofree char *text = test_run ("pdftotext", path, "-", NULL);

      g_assert_nonnull (strstr (output, "Pages:           4"));
      g_assert_nonnull (strstr (text, "Role 29"));
      test_remove (path);
    }
  for (guint i = 0; i < 30; i++)
    {
      g_free (many[i].name);
      g_free (many[i].title);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/boxes/six-sign-in-turn", test_in_turn);
  g_test_add_func ("/report/boxes/are-listed-with-those-that-are-signed", test_listed);
  g_test_add_func ("/report/boxes/show-who-signed", test_stamp);
  g_test_add_func ("/report/boxes/are-signed-once", test_refusals);
  g_test_add_func ("/report/boxes/go-on-over-pages", test_pages);
  return g_test_run ();
}
