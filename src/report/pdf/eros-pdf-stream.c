/* eros-pdf-stream.c: the bytes of a stream, unpacked
 *
 * ISO 32000-2, 7.3.8 and 7.4.4, as far as cross-reference and object streams need it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-stream.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-error.h"

/* A cross-reference or object stream of a million objects is smaller. */
#define MAX_UNPACKED (64 * 1024 * 1024)

static GBytes *
fail (GError **error, const char *reason)
{
  g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, reason);
  return NULL;
}

static GBytes *
inflate (const char *data, gsize length, GError **error)
{
  g_autoptr (GInputStream) packed = g_memory_input_stream_new_from_data (data, (gssize) length, NULL);
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (packed, G_CONVERTER (zlib));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16384];
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error)) > 0)
    {
      g_byte_array_append (bytes, buffer, (guint) n);
      if (bytes->len > MAX_UNPACKED)
        return fail (error, _ ("a stream unpacks to more than it should"));
    }
  if (n < 0)
    {
      g_prefix_error (error, "%s", _ ("a stream cannot be unpacked: "));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static guint8
paeth (int left, int up, int corner)
{
  int p = left + up - corner, a = ABS (p - left), b = ABS (p - up), c = ABS (p - corner);

  return (guint8) (a <= b && a <= c ? left : b <= c ? up : corner);
}

/* The PNG predictors, for one byte a pixel. */
static gboolean
undo_prediction (guint8 kind, guint8 *row, const guint8 *above, gsize columns)
{
  for (gsize i = 0; i < columns; i++)
    {
      guint8 left = i > 0 ? row[i - 1] : 0, corner = i > 0 ? above[i - 1] : 0;

      if (kind == 1)
        row[i] = (guint8) (row[i] + left);
      else if (kind == 2)
        row[i] = (guint8) (row[i] + above[i]);
      else if (kind == 3)
        row[i] = (guint8) (row[i] + (left + above[i]) / 2);
      else if (kind == 4)
        row[i] = (guint8) (row[i] + paeth (left, above[i], corner));
      else if (kind != 0)
        return FALSE;
    }
  return TRUE;
}

static GBytes *
undo_predictor (GBytes *predicted, gint64 columns, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (predicted, &length);
  gsize width = (gsize) columns, rows;
  g_autofree guint8 *plain = NULL;
  g_autofree guint8 *zeros = NULL;

  if (columns < 1 || columns > 4096 || length % (width + 1) != 0)
    return fail (error, _ ("a stream has a predictor that does not fit it"));
  rows = length / (width + 1);
  plain = g_malloc (MAX (rows * width, 1));
  zeros = g_malloc0 (width);
  for (gsize r = 0; r < rows; r++)
    {
      guint8 *row = plain + r * width;

      memcpy (row, data + r * (width + 1) + 1, width);
      if (!undo_prediction (data[r * (width + 1)], row, r > 0 ? row - width : zeros, width))
        return fail (error, _ ("a stream has an unknown predictor"));
    }
  return g_bytes_new_take (g_steal_pointer (&plain), rows * width);
}

static GBytes *
unpack (const char *data, gsize length, const ErosPdfObject *dictionary, GError **error)
{
  const ErosPdfObject *parameters = eros_pdf_get_typed (dictionary, "DecodeParms", EROS_PDF_DICTIONARY);
  gint64 predictor = 1, columns = 1, other;
  g_autoptr (GBytes) bytes = NULL;

  if (eros_pdf_get (dictionary, "Filter") == NULL)
    return g_bytes_new (data, length);
  if (!eros_pdf_has_name (dictionary, "Filter", "FlateDecode") ||
      eros_pdf_get_integer (parameters, "Colors", &other) ||
      eros_pdf_get_integer (parameters, "BitsPerComponent", &other))
    return fail (error, _ ("a stream is packed in a way that is not read here"));
  bytes = inflate (data, length, error);
  eros_pdf_get_integer (parameters, "Predictor", &predictor);
  eros_pdf_get_integer (parameters, "Columns", &columns);
  if (bytes == NULL || predictor == 1)
    return g_steal_pointer (&bytes);
  if (predictor < 10)
    return fail (error, _ ("a stream has an unknown predictor"));
  return undo_predictor (bytes, columns, error);
}

const char *
eros_pdf_stream_find (const char *data,
                      gsize length,
                      gsize *position,
                      gint64 n,
                      gsize *found_length,
                      GError **error)
{
  gsize start;

  if (n < 0 || !eros_pdf_take (data, length, position, "stream"))
    return (gpointer) fail (error, _ ("a stream is broken"));
  if (*position < length && data[*position] == '\r')
    (*position)++;
  if (*position >= length || data[*position] != '\n' || (gsize) n > length - *position - 1)
    return (gpointer) fail (error, _ ("a stream is broken"));
  start = *position + 1;
  *position = start + (gsize) n;
  if (!eros_pdf_take (data, length, position, "endstream"))
    return (gpointer) fail (error, _ ("a stream has another length than it says"));
  if (found_length != NULL)
    *found_length = (gsize) n;
  return data + start;
}

GBytes *
eros_pdf_stream_read (const char *data,
                      gsize length,
                      gsize *position,
                      const ErosPdfObject *dictionary,
                      gint64 n,
                      GError **error)
{
  gsize packed_length = 0;
  const char *packed = eros_pdf_stream_find (data, length, position, n, &packed_length, error);

  return packed != NULL ? unpack (packed, packed_length, dictionary, error) : NULL;
}
