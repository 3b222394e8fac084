/* test-pdf.c: the reader of PDFs takes what is right and nothing else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-pdf-update.h"
#include "eros-report.h"
#include "report-test-utils.h"

static ErosPdfObject *
parse (const char *text, GError **error)
{
  gsize position = 0;

  return eros_pdf_parse (text, strlen (text), &position, error);
}

typedef struct
{
  const char *name, *text, *written;
} Case;

static const Case good[] = {
  { "null", "null", "null" },
  { "numbers", "[1 -2 +3 .5 -1.25 0.]", "[ 1 -2 3 .5 -1.25 0. ]" },
  { "booleans", "[true false]", "[ true false ]" },
  { "names", "[/A /A#20B /a.b-c]", "[ /A /A#20B /a.b-c ]" },
  { "references", "[12 0 R 3 4 R 5 6]", "[ 12 0 R 3 4 R 5 6 ]" },
  { "hexadecimal-strings", "<48 65 6C>", "<48656c>" },
  { "literal-strings", "(a(b)\\)\\101\\n\\\nc)", "<6128622929410a63>" },
  { "dictionaries", "<</A<</B[1]>>/C(x)>>", "<< /A << /B [ 1 ]\n>>\n/C <78>\n>>" },
  { "comments", "<< /A % one\n 1 >>", "<< /A 1\n>>" },
};

static const Case bad[] = {
  { "nothing", "", NULL },
  { "key-twice", "<< /A 1 /A 2 >>", NULL },
  { "open-dictionary", "<< /A 1", NULL },
  { "open-array", "[1 2", NULL },
  { "open-string", "(a(b)", NULL },
  { "odd-hexadecimal-digits", "<123>", NULL },
  { "no-hexadecimal-digit", "<12g4>", NULL },
  { "value-for-a-key", "<< 1 2 >>", NULL },
  { "key-without-value", "<< /A >>", NULL },
  { "zero-in-a-name", "/A#00", NULL },
  { "endless-number", "1234567890123456789012345", NULL },
  { "exponent", "1e5", NULL },
  { "unknown-word", "truth", NULL },
};

static void
test_good (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfObject) object = parse (c->text, &error);
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (ErosPdfObject) again = NULL;

  g_assert_no_error (error);
  eros_pdf_write (written, object);
  g_assert_cmpstr (written->str, ==, c->written);
  again = parse (written->str, &error);
  g_assert_no_error (error);
  g_assert_true (eros_pdf_equal (object, again));
}

static void
test_bad (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (c->text, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF);
}

static void
test_deep (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (brackets, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF);
}

static ErosPdfFile *
open_bytes (const char *data, gsize length, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  return eros_pdf_file_new (bytes, error);
}

/* A file of one object, with what the case puts in place of its parts. */
static char *
make_file (const char *table, const char *trailer, const char *end)
{
  g_autoptr (GString) file = g_string_new ("%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n");
  gsize xref = file->len;

  g_string_append_printf (file, "%s\ntrailer\n%s\nstartxref\n", table, trailer);
  if (end != NULL)
    g_string_append (file, end);
  else
    g_string_append_printf (file, "%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref);
  return g_string_free (g_steal_pointer (&file), FALSE);
}

#define TABLE   "xref\n0 2\n0000000000 65535 f \n0000000009 00000 n "
#define TRAILER "<< /Size 2 /Root 1 0 R >>"

static void
test_file (void)
{
  g_autofree char *text = make_file (TABLE, TRAILER, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = open_bytes (text, strlen (text), &error);
  g_autoptr (ErosPdfObject) catalog = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (eros_pdf_file_n_revisions (file), ==, 1);
  g_assert_cmpint (eros_pdf_file_get_size (file), ==, 2);
  catalog = eros_pdf_file_load (file, 0, 1, &error);
  g_assert_no_error (error);
  g_assert_true (eros_pdf_has_name (catalog, "Type", "Catalog"));
  g_assert_null (eros_pdf_file_load (file, 0, 0, NULL));
  g_assert_null (eros_pdf_file_load (file, 0, 7, NULL));
}

static const struct
{
  const char *name, *table, *trailer, *end;
} bad_files[] = {
  { "no-end", TABLE, TRAILER, "" },
  { "another-offset", TABLE, TRAILER, "9\n%%EOF\n" },
  { "offset-behind-the-end", TABLE, TRAILER, "99999\n%%EOF\n" },
  { "text-behind-the-end", TABLE, TRAILER, "46\n%%EOF\nmore\n" },
  { "table-that-is-too-long", "xref\n0 900\n0000000000 65535 f \n0000000009 00000 n ", TRAILER, NULL },
  { "line-of-another-length", "xref\n0 2\n0000000000 65535 f\n0000000009 00000 n ", TRAILER, NULL },
  { "object-listed-twice", TABLE "\n1 1\n0000000009 00000 n ", TRAILER, NULL },
  { "object-behind-its-table", "xref\n0 2\n0000000000 65535 f \n0000009999 00000 n ", TRAILER, NULL },
  { "no-size", TABLE, "<< /Root 1 0 R >>", NULL },
  { "huge-size", TABLE, "<< /Size 99999999 /Root 1 0 R >>", NULL },
  { "encrypted", TABLE, "<< /Size 2 /Root 1 0 R /Encrypt 1 0 R >>", NULL },
  { "hybrid", TABLE, "<< /Size 2 /Root 1 0 R /XRefStm 9 >>", NULL },
  { "revision-that-is-its-own-predecessor", TABLE, "<< /Size 2 /Root 1 0 R /Prev 46 >>", NULL },
  { "revision-before-the-file", TABLE, "<< /Size 2 /Root 1 0 R /Prev -1 >>", NULL },
};

static void
test_bad_file (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *text = make_file (bad_files[i].table, bad_files[i].trailer, bad_files[i].end);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = open_bytes (text, strlen (text), &error);

  g_assert_null (file);
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF);
}

static void
test_wrong_number (void)
{
  g_autofree char *text =
    make_file ("xref\n0 1\n0000000000 65535 f \n5 1\n0000000009 00000 n ", "<< /Size 6 /Root 5 0 R >>", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = open_bytes (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_null (eros_pdf_file_load (file, 0, 5, &error));
  g_assert_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF);
}

/* Whatever the bytes are: an answer, and no more memory than the file asks for. */
static void
test_noise (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GBytes) pdf = test_pdf (2);
  gsize length;
  const char *data = g_bytes_get_data (pdf, &length);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *copy = g_memdup2 (data, length);
      g_autoptr (ErosPdfFile) file = NULL;
      gint n = g_rand_int_range (rand, 1, 20);

      for (gint k = 0; k < n; k++)
        {
          gsize at = g_rand_int_range (rand, 0, 3) == 0
                       ? (gsize) g_rand_int_range (rand, 0, (gint32) length)
                       : length - 1 - (gsize) g_rand_int_range (rand, 0, 900);

          copy[at] = "0123456789 <>[]()/%\n\xff"[g_rand_int_range (rand, 0, 21)];
        }
      file = open_bytes (copy, length, NULL);
      for (gint64 number = 0; file != NULL && number < MIN (eros_pdf_file_get_size (file), 100); number++)
        eros_pdf_object_free (eros_pdf_file_load (file, eros_pdf_file_n_revisions (file) - 1, number, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/report/pdf/value/%s", good[i].name);

      g_test_add_data_func (path, &good[i], test_good);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/report/pdf/no-value/%s", bad[i].name);

      g_test_add_data_func (path, &bad[i], test_bad);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_files); i++)
    {
      g_autofree char *path = g_strdup_printf ("/report/pdf/no-file/%s", bad_files[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad_file);
    }
  g_test_add_func ("/report/pdf/nested-a-million-times", test_deep);
  g_test_add_func ("/report/pdf/a-file", test_file);
  g_test_add_func ("/report/pdf/an-object-of-another-number", test_wrong_number);
  g_test_add_func ("/report/pdf/noise", test_noise);
  return g_test_run ();
}
