/* report-test-utils.c: a small PDF, other people's verifiers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report-test-utils.h"

#include <stdarg.h>
#include <string.h>
#include <glib/gstdio.h>

#include "eros-report-verify.h"

ErosSigner *
test_signer (void)
{
  static ErosSigner *signer;
  g_autoptr (GError) error = NULL;

  if (signer == NULL)
    signer = eros_signer_new_self_made ("Grace Hopper", &error);
  g_assert_no_error (error);
  return signer;
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
test_pdf (guint n_pages)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, 200, 100);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; i < n_pages; i++)
    {
      cairo_tag_begin (cr, "P", NULL);
      cairo_tag_begin (cr, CAIRO_TAG_LINK, "uri='https://example.com'");
      cairo_move_to (cr, 20, 50);
      cairo_show_text (cr, "A report");
      cairo_tag_end (cr, CAIRO_TAG_LINK);
      cairo_tag_end (cr, "P");
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

char *
test_write (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("report-XXXXXX.pdf", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return path;
}

void
test_remove (char *path)
{
  g_unlink (path);
  g_free (path);
}

gboolean
test_has_program (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  return path != NULL;
}

char *
test_run (const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;
  char *output = NULL;
  int status = 0;
  va_list args;

  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_test_message ("%s: %s%s", first, output, errors);
  g_assert_no_error (error);
  return output;
}

GBytes *
test_pack (const char *text)
{
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, zlib);

  g_assert_true (g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

GPtrArray *
test_verify (GBytes *pdf, GError **error)
{
  char *path = test_write (pdf);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GPtrArray *signatures = eros_report_verify (file, NULL, error);

  test_remove (path);
  return signatures;
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, part)) != NULL; p++)
    n++;
  return n;
}

void
test_assert_others_agree (GBytes *pdf, guint n_signatures)
{
  char *path = test_write (pdf);

  if (test_has_program ("qpdf"))
    {
      g_autofree char *checked = test_run ("qpdf", "--check", path, NULL);

      g_assert_nonnull (strstr (checked, "No syntax or stream encoding errors found"));
    }
  if (test_has_program ("pdfsig"))
    {
      g_autofree char *output = test_run ("pdfsig", "-nocert", path, NULL);

      g_assert_cmpuint (count (output, "Signature is Valid."), ==, n_signatures);
      g_assert_cmpuint (count (output, "Total document signed"), ==, 1);
      g_assert_cmpuint (count (output, "ETSI.CAdES.detached"), ==, n_signatures);
    }
  if (test_has_program ("mutool"))
    {
      g_autofree char *output = test_run ("mutool", "sign", "-v", path, NULL);

      g_assert_cmpuint (count (output, "The document is unchanged since signing"), ==, 1);
    }
  test_remove (path);
}
