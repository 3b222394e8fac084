/* eros-pdf-update.c: appends a revision to a PDF; never touches what is there
 *
 * ISO 32000-2, 7.5.6: an incremental update, with a cross-reference section of the kind that the file ends
 * with.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-update.h"

#include <string.h>

struct _ErosPdfUpdate
{
  ErosPdfFile *file; /* not owned */
  GByteArray *bytes;
  GTree *offsets; /* number → offset of the object */
  gint64 size;
};

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer data)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : *(const gint64 *) a > *(const gint64 *) b;
}

ErosPdfUpdate *
eros_pdf_update_new (ErosPdfFile *file)
{
  ErosPdfUpdate *self = g_new0 (ErosPdfUpdate, 1);
  gsize length;
  const guint8 *data = g_bytes_get_data (eros_pdf_file_get_bytes (file), &length);

  self->file = file;
  self->bytes = g_byte_array_sized_new ((guint) length + 65536);
  self->offsets = g_tree_new_full (compare_numbers, NULL, g_free, g_free);
  self->size = eros_pdf_file_get_size (file);
  g_byte_array_append (self->bytes, data, (guint) length);
  if (length > 0 && data[length - 1] != '\n')
    g_byte_array_append (self->bytes, (const guint8 *) "\n", 1);
  return self;
}

void
eros_pdf_update_free (ErosPdfUpdate *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_tree_unref (self->offsets);
  g_free (self);
}

gint64
eros_pdf_update_number (ErosPdfUpdate *self)
{
  return self->size++;
}

static void
append (ErosPdfUpdate *self, const char *text)
{
  g_byte_array_append (self->bytes, (const guint8 *) text, (guint) strlen (text));
}

static void
begin_object (ErosPdfUpdate *self, gint64 number)
{
  g_autofree char *head = g_strdup_printf ("%" G_GINT64_FORMAT " 0 obj\n", number);
  gint64 *key = g_memdup2 (&number, sizeof number);
  gsize *offset = g_new (gsize, 1);

  *offset = self->bytes->len;
  g_tree_replace (self->offsets, key, offset);
  append (self, head);
}

gsize
eros_pdf_update_add (ErosPdfUpdate *self, gint64 number, const char *body)
{
  gsize offset;

  begin_object (self, number);
  offset = self->bytes->len;
  append (self, body);
  append (self, "\nendobj\n");
  return offset;
}

void
eros_pdf_update_add_raw (ErosPdfUpdate *self,
                         gint64 number,
                         const char *head,
                         const char *stream,
                         gsize length)
{
  g_autofree char *size = g_strdup_printf ("/Length %" G_GSIZE_FORMAT " >>\nstream\n", length);

  begin_object (self, number);
  append (self, head);
  append (self, size);
  g_byte_array_append (self->bytes, (const guint8 *) stream, (guint) length);
  append (self, "\nendstream\nendobj\n");
}

void
eros_pdf_update_add_stream (ErosPdfUpdate *self, gint64 number, const char *members, GBytes *packed)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);
  g_autofree char *head =
    g_strdup_printf ("<< %s /Filter /FlateDecode /Length %" G_GSIZE_FORMAT " >>\nstream\n", members, length);

  begin_object (self, number);
  append (self, head);
  g_byte_array_append (self->bytes, data, (guint) length);
  append (self, "\nendstream\nendobj\n");
}

typedef struct
{
  GArray *numbers; /* gint64 */
  GArray *offsets; /* gsize */
} Listing;

static gboolean
list_cb (gpointer key, gpointer value, gpointer user_data)
{
  Listing *listing = user_data;

  g_array_append_vals (listing->numbers, key, 1);
  g_array_append_vals (listing->offsets, value, 1);
  return FALSE;
}

/* How many numbers follow one another from position I. */
static guint
run_length (const Listing *listing, guint i)
{
  guint n = 1;

  while (i + n < listing->numbers->len &&
         g_array_index (listing->numbers, gint64, i + n) == g_array_index (listing->numbers, gint64, i) + n)
    n++;
  return n;
}

static void
write_table (ErosPdfUpdate *self, const Listing *listing)
{
  append (self, "xref\n");
  for (guint i = 0, n; i < listing->numbers->len; i += n)
    {
      g_autofree char *head = NULL;

      n = run_length (listing, i);
      head = g_strdup_printf ("%" G_GINT64_FORMAT " %u\n", g_array_index (listing->numbers, gint64, i), n);
      append (self, head);
      for (guint k = i; k < i + n; k++)
        {
          g_autofree char *line =
            g_strdup_printf ("%010" G_GSIZE_FORMAT " 00000 n \n", g_array_index (listing->offsets, gsize, k));

          append (self, line);
        }
    }
}

static void
write_trailer_members (ErosPdfUpdate *self, GString *out, const ErosPdfRevision *last)
{
  /* What belongs to the old section or to its being a stream stays behind. */
  static const char *const omit[] = { "Size",   "Prev",        "Type",   "W", "Index",
                                      "Filter", "DecodeParms", "Length", NULL };

  eros_pdf_write_members (out, last->trailer, omit);
  g_string_append_printf (out, "/Size %" G_GINT64_FORMAT " /Prev %" G_GSIZE_FORMAT, self->size, last->xref);
}

static void
write_stream (ErosPdfUpdate *self, const Listing *listing, const ErosPdfRevision *last, gint64 number)
{
  g_autoptr (GString) head = g_string_new (NULL);
  g_autofree char *object = g_strdup_printf ("%" G_GINT64_FORMAT " 0 obj\n", number);

  g_string_append (head, "<< /Type /XRef /W [ 1 4 0 ] /Index [");
  for (guint i = 0; i < listing->numbers->len; i += run_length (listing, i))
    g_string_append_printf (head, " %" G_GINT64_FORMAT " %u", g_array_index (listing->numbers, gint64, i),
                            run_length (listing, i));
  g_string_append (head, " ]\n");
  write_trailer_members (self, head, last);
  g_string_append_printf (head, " /Length %u >>\nstream\n", listing->numbers->len * 5);
  append (self, object);
  append (self, head->str);
  for (guint i = 0; i < listing->offsets->len; i++)
    {
      gsize offset = g_array_index (listing->offsets, gsize, i);
      guint8 row[5] = { 1, (guint8) (offset >> 24), (guint8) (offset >> 16), (guint8) (offset >> 8),
                        (guint8) offset };

      g_byte_array_append (self->bytes, row, sizeof row);
    }
  append (self, "\nendstream\nendobj\n");
}

GByteArray *
eros_pdf_update_finish (ErosPdfUpdate *self)
{
  const ErosPdfRevision *last =
    eros_pdf_file_get_revision (self->file, eros_pdf_file_n_revisions (self->file) - 1);
  Listing listing = { g_array_new (FALSE, FALSE, sizeof (gint64)),
                      g_array_new (FALSE, FALSE, sizeof (gsize)) };
  gint64 stream = last->is_stream ? eros_pdf_update_number (self) : 0;
  gsize xref = self->bytes->len;
  g_autofree char *end = g_strdup_printf ("startxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref);

  g_tree_foreach (self->offsets, list_cb, &listing);
  if (last->is_stream)
    {
      g_array_append_val (listing.numbers, stream);
      g_array_append_val (listing.offsets, xref);
      write_stream (self, &listing, last, stream);
    }
  else
    {
      g_autoptr (GString) trailer = g_string_new ("trailer\n<< ");

      write_table (self, &listing);
      write_trailer_members (self, trailer, last);
      g_string_append (trailer, " >>\n");
      append (self, trailer->str);
    }
  append (self, end);
  g_array_unref (listing.numbers);
  g_array_unref (listing.offsets);
  return g_steal_pointer (&self->bytes);
}
