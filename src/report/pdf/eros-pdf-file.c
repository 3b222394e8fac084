/* eros-pdf-file.c: a PDF and its revisions, found through its cross-reference sections only
 *
 * ISO 32000-2, 7.5. Reads classic cross-reference tables and cross-reference streams; never searches for
 * objects: what no cross-reference section lists does not exist. Refused: encryption, hybrid files,
 * linearized files, sections that list an object outside the bytes that their revision has added, bytes
 * behind the last %%EOF.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-file.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-stream.h"
#include "eros-report-error.h"

#define MAX_REVISIONS 64
#define MAX_OBJECTS   1000000

typedef struct
{
  int kind; /* 0: free, 1: at OFFSET, 2: the GENERATIONth object of the stream OFFSET */
  gint64 offset;
  gint64 generation;
} Entry;

struct _ErosPdfFile
{
  GBytes *bytes;
  const char *data;
  gsize length;
  GPtrArray *revisions; /* oldest first */
  gint64 size;
};

static gboolean
fail (GError **error, const char *reason)
{
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, reason);
  return FALSE;
}

static void
revision_free (gpointer data)
{
  ErosPdfRevision *revision = data;

  eros_pdf_object_free (revision->trailer);
  g_hash_table_unref (revision->entries);
  g_free (revision);
}

void
eros_pdf_file_free (ErosPdfFile *self)
{
  g_ptr_array_unref (self->revisions);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
add_entry (ErosPdfRevision *revision, gint64 number, Entry entry, GError **error)
{
  gint64 *key = g_new (gint64, 1);

  *key = number;
  if (number > MAX_OBJECTS || g_hash_table_contains (revision->entries, key))
    {
      g_free (key);
      return fail (error, _ ("the cross-reference section lists an object twice, or too many"));
    }
  g_hash_table_insert (revision->entries, key, g_memdup2 (&entry, sizeof entry));
  return TRUE;
}

/* One line of a classic table: exactly 20 bytes. */
static gboolean
read_table_line (const char *line, Entry *entry)
{
  gint64 offset = 0, generation = 0;

  for (guint i = 0; i < 10; i++)
    {
      if (!g_ascii_isdigit (line[i]))
        return FALSE;
      offset = offset * 10 + (line[i] - '0');
    }
  for (guint i = 11; i < 16; i++)
    {
      if (!g_ascii_isdigit (line[i]))
        return FALSE;
      generation = generation * 10 + (line[i] - '0');
    }
  if (line[10] != ' ' || line[16] != ' ' || (line[17] != 'n' && line[17] != 'f') ||
      !((line[18] == ' ' && (line[19] == '\n' || line[19] == '\r')) ||
        (line[18] == '\r' && line[19] == '\n')))
    return FALSE;
  *entry = (Entry){ line[17] == 'n' ? 1 : 0, offset, generation };
  return TRUE;
}

static gboolean
read_table (ErosPdfFile *self, ErosPdfRevision *revision, gsize *position, GError **error)
{
  gint64 first, count;

  while (!eros_pdf_take (self->data, self->length, position, "trailer"))
    {
      if (!eros_pdf_take_number (self->data, self->length, position, &first) ||
          !eros_pdf_take_number (self->data, self->length, position, &count))
        return fail (error, _ ("the cross-reference table is broken"));
      if (*position < self->length && self->data[*position] == ' ')
        (*position)++;
      if (*position < self->length && self->data[*position] == '\r')
        (*position)++;
      if (*position < self->length && self->data[*position] == '\n')
        (*position)++;
      if (count > MAX_OBJECTS || (gsize) count * 20 > self->length - *position)
        return fail (error, _ ("the cross-reference table is longer than the file"));
      for (gint64 i = 0; i < count; i++, *position += 20)
        {
          Entry entry;

          if (!read_table_line (self->data + *position, &entry))
            return fail (error, _ ("the cross-reference table is broken"));
          if (!add_entry (revision, first + i, entry, error))
            return FALSE;
        }
    }
  revision->trailer = eros_pdf_parse (self->data, self->length, position, error);
  if (revision->trailer == NULL)
    return FALSE;
  if (eros_pdf_get (revision->trailer, "XRefStm") != NULL)
    return fail (error, _ ("it is a hybrid file, with two kinds of cross-references"));
  return TRUE;
}

static gint64
big_endian (const guint8 *bytes, guint n, gint64 absent)
{
  gint64 value = 0;

  if (n == 0)
    return absent;
  for (guint i = 0; i < n; i++)
    value = (value << 8) | bytes[i];
  return value;
}

static gboolean
read_widths (const ErosPdfObject *trailer, guint widths[3])
{
  const ErosPdfObject *array = eros_pdf_get_typed (trailer, "W", EROS_PDF_ARRAY);

  for (guint i = 0; i < 3; i++)
    {
      const ErosPdfObject *item = eros_pdf_item (array, i);

      if (item == NULL || item->type != EROS_PDF_INTEGER || item->integer < 0 || item->integer > 7)
        return FALSE;
      widths[i] = (guint) item->integer;
    }
  return eros_pdf_length (array) == 3 && widths[1] > 0;
}

static gboolean
read_stream_entries (ErosPdfRevision *revision, GBytes *content, GError **error)
{
  const ErosPdfObject *index = eros_pdf_get_typed (revision->trailer, "Index", EROS_PDF_ARRAY);
  gsize length;
  const guint8 *p = g_bytes_get_data (content, &length);
  guint widths[3];
  gint64 size = 0;

  if (!read_widths (revision->trailer, widths) || !eros_pdf_get_integer (revision->trailer, "Size", &size) ||
      eros_pdf_length (index) % 2 != 0)
    return fail (error, _ ("the cross-reference stream is broken"));
  for (guint s = 0; s < (index != NULL ? eros_pdf_length (index) / 2 : 1); s++)
    {
      const ErosPdfObject *first = eros_pdf_item (index, 2 * s), *n = eros_pdf_item (index, 2 * s + 1);
      gint64 start = first != NULL ? first->integer : 0, count = n != NULL ? n->integer : size;

      if (start < 0 || count < 0 || count > MAX_OBJECTS)
        return fail (error, _ ("the cross-reference stream is broken"));
      for (gint64 i = 0; i < count; i++)
        {
          gsize row = widths[0] + widths[1] + widths[2];
          Entry entry;

          if (length < row)
            return fail (error, _ ("the cross-reference stream is too short"));
          entry = (Entry){ (int) big_endian (p, widths[0], 1), big_endian (p + widths[0], widths[1], 0),
                           big_endian (p + widths[0] + widths[1], widths[2], 0) };
          p += row;
          length -= row;
          if (entry.kind > 2 || !add_entry (revision, start + i, entry, error))
            return fail (error, _ ("the cross-reference stream is broken"));
        }
    }
  return TRUE;
}

static gboolean
read_stream (ErosPdfFile *self, ErosPdfRevision *revision, gsize *position, GError **error)
{
  g_autoptr (GBytes) content = NULL;
  gint64 number, generation, n = -1;

  if (!eros_pdf_take_number (self->data, self->length, position, &number) ||
      !eros_pdf_take_number (self->data, self->length, position, &generation) ||
      !eros_pdf_take (self->data, self->length, position, "obj"))
    return fail (error, _ ("there is no cross-reference section where the file says"));
  revision->trailer = eros_pdf_parse (self->data, self->length, position, error);
  if (revision->trailer == NULL || !eros_pdf_has_name (revision->trailer, "Type", "XRef"))
    return fail (error, _ ("there is no cross-reference section where the file says"));
  eros_pdf_get_integer (revision->trailer, "Length", &n);
  content = eros_pdf_stream_read (self->data, self->length, position, revision->trailer, n, error);
  if (content == NULL)
    return FALSE;
  if (!eros_pdf_take (self->data, self->length, position, "endobj"))
    return fail (error, _ ("the cross-reference stream has no end"));
  revision->is_stream = TRUE;
  return read_stream_entries (revision, content, error);
}

/* "startxref", the very offset, "%%EOF" and the end of its line. */
static gboolean
read_end (ErosPdfFile *self, ErosPdfRevision *revision, gsize position, GError **error)
{
  gint64 offset;

  if (!eros_pdf_take (self->data, self->length, &position, "startxref") ||
      !eros_pdf_take_number (self->data, self->length, &position, &offset) ||
      (gsize) offset != revision->xref || !eros_pdf_take (self->data, self->length, &position, "%%EOF"))
    return fail (error, _ ("a revision does not end as it should"));
  if (position < self->length && self->data[position] == '\r')
    position++;
  if (position < self->length && self->data[position] == '\n')
    position++;
  revision->end = position;
  return TRUE;
}

static ErosPdfRevision *
read_revision (ErosPdfFile *self, gsize offset, GError **error)
{
  ErosPdfRevision *revision = g_new0 (ErosPdfRevision, 1);
  gsize position = offset;
  gboolean fine;

  revision->xref = offset;
  revision->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  if (eros_pdf_take (self->data, self->length, &position, "xref"))
    fine = read_table (self, revision, &position, error);
  else
    fine = read_stream (self, revision, &position, error);
  fine = fine && read_end (self, revision, position, error);
  if (fine && eros_pdf_get (revision->trailer, "Encrypt") != NULL)
    fine = fail (error, _ ("it is encrypted"));
  if (!fine)
    g_clear_pointer (&revision, revision_free);
  return revision;
}

/* The offset behind the file's last "startxref", which stands in its last bytes. */
static gboolean
find_last_xref (ErosPdfFile *self, gint64 *offset, GError **error)
{
  if (self->length < 64 || memcmp (self->data, "%PDF-", 5) != 0)
    return fail (error, _ ("it does not begin as a PDF does"));
  for (gsize at = self->length - strlen ("startxref"); at > self->length - 64; at--)
    {
      gsize position = at;

      if (eros_pdf_take (self->data, self->length, &position, "startxref") &&
          eros_pdf_take_number (self->data, self->length, &position, offset) &&
          (gsize) *offset < self->length)
        return TRUE;
    }
  return fail (error, _ ("it does not end as a PDF does"));
}

/* What a revision lists lies in the bytes that it has added: it cannot give old bytes a new meaning. */
static gboolean
entries_lie_in (const ErosPdfRevision *revision, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, revision->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Entry *entry = value;

      if (entry->kind == 1 &&
          (entry->offset < (gint64) revision->start || entry->offset > (gint64) revision->xref))
        return fail (error, _ ("a revision lists an object outside of what it has added"));
    }
  return TRUE;
}

static gboolean
read_revisions (ErosPdfFile *self, GError **error)
{
  gint64 offset = 0;
  gboolean more = find_last_xref (self, &offset, error);

  if (!more)
    return FALSE;
  while (more)
    {
      ErosPdfRevision *revision = read_revision (self, (gsize) offset, error);
      gint64 before = offset;

      if (revision == NULL)
        return FALSE;
      g_ptr_array_insert (self->revisions, 0, revision);
      more = eros_pdf_get_integer (revision->trailer, "Prev", &offset);
      if ((more && (offset < 0 || offset >= before)) || self->revisions->len > MAX_REVISIONS)
        return fail (error, _ ("its revisions are not in order"));
    }
  for (guint i = 0; i < self->revisions->len; i++)
    {
      ErosPdfRevision *revision = g_ptr_array_index (self->revisions, i);
      gint64 size = 0;

      if (i > 0)
        revision->start = ((ErosPdfRevision *) g_ptr_array_index (self->revisions, i - 1))->end;
      if (revision->xref < revision->start || !entries_lie_in (revision, error))
        return fail (error, _ ("its revisions are not in order"));
      if (!eros_pdf_get_integer (revision->trailer, "Size", &size) || size < self->size || size > MAX_OBJECTS)
        return fail (error, _ ("its number of objects is wrong"));
      self->size = size;
    }
  if (((ErosPdfRevision *) g_ptr_array_index (self->revisions, self->revisions->len - 1))->end !=
      self->length)
    return fail (error, _ ("there is something behind its end"));
  return TRUE;
}

/**
 * eros_pdf_file_new:
 * @bytes: the whole file
 * @error: return location for %EROS_REPORT_ERROR_NOT_A_PDF
 *
 * Reads the cross-reference sections of all revisions.
 *
 * Returns: (transfer full): the file, or %NULL
 */
ErosPdfFile *
eros_pdf_file_new (GBytes *bytes, GError **error)
{
  g_autoptr (ErosPdfFile) self = g_new0 (ErosPdfFile, 1);

  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->length);
  self->revisions = g_ptr_array_new_with_free_func (revision_free);
  return read_revisions (self, error) ? g_steal_pointer (&self) : NULL;
}

GBytes *
eros_pdf_file_get_bytes (ErosPdfFile *self)
{
  return self->bytes;
}

guint
eros_pdf_file_n_revisions (ErosPdfFile *self)
{
  return self->revisions->len;
}

const ErosPdfRevision *
eros_pdf_file_get_revision (ErosPdfFile *self, guint revision)
{
  return g_ptr_array_index (self->revisions, revision);
}

gint64
eros_pdf_file_get_size (ErosPdfFile *self)
{
  return self->size;
}

static const Entry *
find_entry (ErosPdfFile *self, guint revision, gint64 number, int *changed_in)
{
  for (int i = (int) revision; i >= 0; i--)
    {
      const ErosPdfRevision *r = g_ptr_array_index (self->revisions, (guint) i);
      const Entry *entry = g_hash_table_lookup (r->entries, &number);

      if (entry == NULL)
        continue;
      *changed_in = i;
      return entry->kind != 0 ? entry : NULL;
    }
  *changed_in = -1;
  return NULL;
}

int
eros_pdf_file_changed_in (ErosPdfFile *self, guint revision, gint64 number)
{
  int changed_in;

  find_entry (self, revision, number, &changed_in);
  return changed_in;
}

gboolean
eros_pdf_file_is_plain (ErosPdfFile *self, guint revision, gint64 number)
{
  int changed_in;
  const Entry *entry = find_entry (self, revision, number, &changed_in);

  return entry != NULL && entry->kind == 1;
}

/* The value of the object at OFFSET, whose number must be NUMBER; *position is moved behind the value. */
static ErosPdfObject *
load_at (ErosPdfFile *self, const Entry *entry, gint64 number, gsize *position, GError **error)
{
  gint64 found, generation;

  *position = (gsize) entry->offset;
  if (!eros_pdf_take_number (self->data, self->length, position, &found) || found != number ||
      !eros_pdf_take_number (self->data, self->length, position, &generation) ||
      generation != entry->generation || !eros_pdf_take (self->data, self->length, position, "obj"))
    {
      fail (error, _ ("an object is not where the file says"));
      return NULL;
    }
  return eros_pdf_parse (self->data, self->length, position, error);
}

/* A stream's length, which may be an object of its own. */
static gint64
stream_length (ErosPdfFile *self, guint revision, const ErosPdfObject *dictionary)
{
  const ErosPdfObject *reference = eros_pdf_get_typed (dictionary, "Length", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) number = NULL;
  const Entry *entry;
  gint64 n = -1;
  gsize position;
  int changed_in;

  if (eros_pdf_get_integer (dictionary, "Length", &n) || reference == NULL)
    return n;
  entry = find_entry (self, revision, reference->integer, &changed_in);
  if (entry != NULL && entry->kind == 1)
    number = load_at (self, entry, reference->integer, &position, NULL);
  return number != NULL && number->type == EROS_PDF_INTEGER ? number->integer : -1;
}

static ErosPdfObject *
load_from_stream (ErosPdfFile *self, guint revision, const Entry *entry, gint64 number, GError **error)
{
  int changed_in;
  const Entry *container = find_entry (self, revision, entry->offset, &changed_in);
  g_autoptr (ErosPdfObject) dictionary = NULL;
  g_autoptr (GBytes) content = NULL;
  gsize position = 0, length = 0, at = 0;
  gint64 n = 0, first = 0, found = 0, offset = 0;
  const char *data;

  if (container != NULL && container->kind == 1)
    dictionary = load_at (self, container, entry->offset, &position, error);
  if (dictionary == NULL || !eros_pdf_has_name (dictionary, "Type", "ObjStm") ||
      !eros_pdf_get_integer (dictionary, "N", &n) || !eros_pdf_get_integer (dictionary, "First", &first))
    {
      fail (error, _ ("an object is not where the file says"));
      return NULL;
    }
  content = eros_pdf_stream_read (self->data, self->length, &position, dictionary,
                                  stream_length (self, revision, dictionary), error);
  if (content == NULL)
    return NULL;
  data = g_bytes_get_data (content, &length);
  for (gint64 i = 0; i <= entry->generation; i++)
    {
      if (i >= n || !eros_pdf_take_number (data, length, &at, &found) ||
          !eros_pdf_take_number (data, length, &at, &offset))
        found = -1;
    }
  if (found != number || first < 0 || (gsize) first > length || (gsize) offset > length - (gsize) first)
    {
      fail (error, _ ("an object is not where the file says"));
      return NULL;
    }
  at = (gsize) (first + offset);
  return eros_pdf_parse (data, length, &at, error);
}

ErosPdfObject *
eros_pdf_file_load (ErosPdfFile *self, guint revision, gint64 number, GError **error)
{
  int changed_in;
  const Entry *entry = find_entry (self, revision, number, &changed_in);
  gsize position;

  if (entry == NULL)
    {
      g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF,
                   _ ("object %" G_GINT64_FORMAT " is missing"), number);
      return NULL;
    }
  if (entry->kind == 2)
    return load_from_stream (self, (guint) changed_in, entry, number, error);
  return load_at (self, entry, number, &position, error);
}

ErosPdfObject *
eros_pdf_file_follow (ErosPdfFile *self, guint revision, const ErosPdfObject *value, GError **error)
{
  g_autoptr (GString) text = NULL;
  gsize position = 0;

  if (value == NULL)
    {
      fail (error, _ ("a value is missing"));
      return NULL;
    }
  if (value->type == EROS_PDF_REFERENCE)
    return eros_pdf_file_load (self, revision, value->integer, error);
  text = g_string_new (NULL);
  eros_pdf_write (text, value);
  return eros_pdf_parse (text->str, text->len, &position, error);
}
