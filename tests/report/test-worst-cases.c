/* test-worst-cases.c: files made to keep whoever reads them busy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <sys/resource.h>

#include "eros-pdf-sign.h"
#include "eros-pdf-update.h"
#include "eros-report.h"
#include "report-test-utils.h"

#define MAX_SECONDS 5
#define MAX_KIB     (200 * 1024)
#define SIZE        (16 * 1024 * 1024)

/* Whatever the answer, it comes soon and takes little memory: in a process of its own, so that only that is
 * measured. Takes over PDF. */
static void
assert_soon (GBytes *pdf, const char *what)
{
  char *path = test_write (pdf);
  g_autofree char *answer = NULL;
  struct rusage before, after;
  double seconds;

  g_bytes_unref (pdf);
  getrusage (RUSAGE_CHILDREN, &before);
  answer = test_run ("/proc/self/exe", "--verify", path, NULL);
  getrusage (RUSAGE_CHILDREN, &after);
  seconds = (double) (after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
            (double) (after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6;
  g_test_message ("%s: %.2f s, %ld MiB at most: %s", what, seconds, after.ru_maxrss / 1024, answer);
  g_assert_cmpfloat (seconds, <, MAX_SECONDS);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (after.ru_maxrss, <, MAX_KIB);
#endif
  test_remove (path);
}

static int
verify (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signatures = eros_report_verify (file, NULL, &error);

  g_print ("%s\n", error != NULL ? error->message : "fine");
  return signatures != NULL || error != NULL ? 0 : 1;
}

/* A report whose last object, unsigned, is BODY; then it is signed. */
static GBytes *
with_object (const char *body)
{
  g_autoptr (GBytes) pages = test_pdf (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pages, &error);
  g_autoptr (ErosPdfUpdate) update = eros_pdf_update_new (file);
  g_autoptr (GBytes) pdf = NULL;
  GBytes *signed_pdf;

  eros_pdf_update_add (update, eros_pdf_update_number (update), body);
  pdf = g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
  signed_pdf = eros_pdf_sign (pdf, test_signer (), "Lead", g_get_real_time () / G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  return signed_pdf;
}

static GString *
repeat (const char *first, const char *unit, const char *last, gsize size)
{
  GString *text = g_string_sized_new (size + 64);

  g_string_append (text, first);
  while (text->len < size)
    g_string_append (text, unit);
  return g_string_append (text, last);
}

static void
assert_object_soon (const char *first, const char *unit, const char *last)
{
  g_autoptr (GString) body = repeat (first, unit, last, SIZE);
  GBytes *pdf = with_object (body->str);

  g_string_truncate (body, 0);
  assert_soon (pdf, unit);
}

static void
test_objects (void)
{
  assert_object_soon ("[", "1 ", "]");
  assert_object_soon ("[", "[]", "]");
  assert_object_soon ("[", "<<>>", "]");
  assert_object_soon ("[", "1 0 R ", "]");
  assert_object_soon ("[", ".5 ", "]");
  assert_object_soon ("[", "/a", "]");
  assert_object_soon ("[", "()", "]");
  assert_object_soon ("(", "\\", ")");
  assert_object_soon ("(", "()", ")");
  assert_object_soon ("<", "00", ">");
  assert_object_soon ("/", "#41", " ");
  assert_object_soon ("1 ", " ", "");
  assert_object_soon ("[ ", "%x\n", "]");
  assert_object_soon ("", "[", "");
}

/* 100,000 and 800,000 keys, in an object and in the catalog, which is compared and copied. */
static void
test_keys (void)
{
  for (guint n = 100000; n <= 800000; n += 700000)
    {
      g_autoptr (GString) body = g_string_new ("<< ");
      g_autoptr (GBytes) pages = test_pdf (1);
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pages, &error);
      g_autoptr (ErosPdfUpdate) update = eros_pdf_update_new (file);
      const ErosPdfObject *root = eros_pdf_get (eros_pdf_file_get_revision (file, 0)->trailer, "Root");
      g_autoptr (ErosPdfObject) catalog = eros_pdf_file_load (file, 0, root->integer, &error);
      g_autoptr (GBytes) pdf = NULL;
      GBytes *signed_pdf;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (body, "/K%u 1 ", i);
      eros_pdf_write_members (body, catalog, NULL);
      g_string_append (body, ">>");
      if (n == 100000)
        eros_pdf_update_add (update, root->integer, body->str);
      else
        eros_pdf_update_add (update, eros_pdf_update_number (update), body->str);
      pdf = g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
      signed_pdf = eros_pdf_sign (pdf, test_signer (), "Lead", g_get_real_time () / G_USEC_PER_SEC, &error);
      g_assert_no_error (error);
      g_clear_pointer (&pdf, g_bytes_unref);
      g_string_free (g_steal_pointer (&body), TRUE);
      assert_soon (signed_pdf, "keys");
    }
}

/* A hundred thousand objects in one stream: each used to unpack it again. */
static void
test_object_stream (void)
{
  g_autoptr (GString) heads = g_string_new (NULL);
  g_autoptr (GString) file = g_string_new ("%PDF-1.7\n");
  g_autoptr (GString) fields = g_string_new (NULL);
  const guint n = 100000;
  gsize stream, xref;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (heads, "%u %u ", i + 10, 2 * i);
  for (guint i = 0; i < 64; i++)
    g_string_append_printf (fields, "%u 0 R ", n + 9 - i);
  stream = file->len;
  g_string_append_printf (file,
                          "9 0 obj\n<< /Type /ObjStm /N %u /First %" G_GSIZE_FORMAT
                          " /Length %" G_GSIZE_FORMAT " >>\nstream\n%s",
                          n, heads->len, heads->len + 2 * n, heads->str);
  for (guint i = 0; i < n; i++)
    g_string_append (file, "1 ");
  g_string_append (file, "\nendstream\nendobj\n");
  xref = file->len;
  g_string_append_printf (file,
                          "8 0 obj\n<< /Type /XRef /Size %u /W [ 1 4 3 ] /Index [ 7 3 10 %u ] /Root 7 0 R "
                          "/Length %u >>\nstream\n",
                          n + 10, n, (n + 3) * 8);
  {
    guint8 rows[3][8] = { { 2, 0, 0, 0, 9, 0, 0, 0 },
                          { 0 },
                          { 1, 0, 0, (guint8) (stream >> 8), (guint8) stream, 0, 0, 0 } };

    g_string_append_len (file, (const char *) rows, sizeof rows);
    for (guint i = 0; i < n; i++)
      {
        guint8 row[8] = { 2, 0, 0, 0, 9, (guint8) (i >> 16), (guint8) (i >> 8), (guint8) i };

        g_string_append_len (file, (const char *) row, sizeof row);
      }
  }
  g_string_append_printf (file, "\nendstream\nendobj\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref);
  {
    g_autoptr (GBytes) bytes = g_bytes_new (file->str, file->len);
    g_autoptr (GError) error = NULL;
    g_autoptr (ErosPdfFile) pdf = eros_pdf_file_new (bytes, &error);
    g_autoptr (GTimer) timer = g_timer_new ();

    g_assert_no_error (error);
    for (guint i = 0; i < n; i++)
      {
        g_autoptr (ErosPdfObject) object = eros_pdf_file_load (pdf, 0, i + 10, &error);

        g_assert_no_error (error);
        g_assert_cmpint (object->integer, ==, 1);
      }
    g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, MAX_SECONDS);
  }
}

/* Many revisions, each of which is a large part of the file; sections that repeat themselves. */
static void
test_sections (void)
{
  g_autoptr (GBytes) pdf = test_pdf (1);
  g_autoptr (GString) body = repeat ("[", "1 ", "]", SIZE / 64);

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, &error);
      g_autoptr (ErosPdfUpdate) update = NULL;

      g_assert_no_error (error);
      update = eros_pdf_update_new (file);
      eros_pdf_update_add (update, eros_pdf_update_number (update), body->str);
      g_clear_pointer (&pdf, g_bytes_unref);
      pdf = g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
    }
  assert_soon (g_steal_pointer (&pdf), "revisions");
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--verify"))
    return verify (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/worst-case/large-objects", test_objects);
  g_test_add_func ("/report/worst-case/many-keys", test_keys);
  g_test_add_func ("/report/worst-case/an-object-stream", test_object_stream);
  g_test_add_func ("/report/worst-case/revisions", test_sections);
  return g_test_run ();
}
