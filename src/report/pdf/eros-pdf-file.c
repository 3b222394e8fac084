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

#include <inttypes.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-stream.h"
#include "eros-report-error.h"

#define MAX_REVISIONS 64
/* Of all revisions together. */
#define MAX_OBJECTS 1000000
/* What all object streams unpack to. */
#define MAX_UNPACKED (64 * 1024 * 1024)

/* An object stream, unpacked. */
typedef struct
{
  GBytes *content;
  GArray *places; /* of gint64: number, offset in CONTENT, … */
} Packed;

struct _ErosPdfFile
{
  GBytes *bytes;
  const char *data;
  gsize length;
  GPtrArray *revisions; /* oldest first */
  gint64 size;
  guint n_entries;
  gsize n_unpacked;
  GHashTable *packed; /* offset of the object stream → Packed */
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
  g_array_unref (revision->entries);
  g_free (revision);
}

static void
packed_free (gpointer data)
{
  Packed *packed = data;

  g_bytes_unref (packed->content);
  g_array_unref (packed->places);
  g_free (packed);
}

void
eros_pdf_file_free (ErosPdfFile *self)
{
  g_ptr_array_unref (self->revisions);
  g_hash_table_unref (self->packed);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
add_entry (ErosPdfFile *self, ErosPdfRevision *revision, ErosPdfEntry entry, GError **error)
{
  if (entry.number > MAX_OBJECTS || ++self->n_entries > MAX_OBJECTS)
    return fail (error, _ ("the cross-reference section lists too many objects"));
  g_array_append_val (revision->entries, entry);
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const ErosPdfEntry *one = a;
  const ErosPdfEntry *other = b;

  return one->number < other->number ? -1 : one->number > other->number;
}

static gboolean
sort_entries (ErosPdfRevision *revision, GError **error)
{
  const ErosPdfEntry *entries;

  g_array_sort (revision->entries, compare_entries);
  entries = (const ErosPdfEntry *) (gpointer) revision->entries->data;
  for (guint i = 1; i < revision->entries->len; i++)
    {
      if (entries[i].number == entries[i - 1].number)
        return fail (error, _ ("the cross-reference section lists an object twice"));
    }
  return TRUE;
}

/* One line of a classic table: exactly 20 bytes. */
static gboolean
read_table_line (const char *line, ErosPdfEntry *entry)
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
  *entry = (ErosPdfEntry){ 0, line[17] == 'n' ? 1 : 0, offset, generation };
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
          ErosPdfEntry entry;

          if (!read_table_line (self->data + *position, &entry))
            return fail (error, _ ("the cross-reference table is broken"));
          entry.number = first + i;
          if (!add_entry (self, revision, entry, error))
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
read_stream_entries (ErosPdfFile *self, ErosPdfRevision *revision, GBytes *content, GError **error)
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
          ErosPdfEntry entry;

          if (length < row)
            return fail (error, _ ("the cross-reference stream is too short"));
          entry = (ErosPdfEntry){ start + i, (int) big_endian (p, widths[0], 1),
                                  big_endian (p + widths[0], widths[1], 0),
                                  big_endian (p + widths[0] + widths[1], widths[2], 0) };
          p += row;
          length -= row;
          if (entry.kind > 2 || entry.kind < 0 || !add_entry (self, revision, entry, error))
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
  return read_stream_entries (self, revision, content, error);
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
  revision->entries = g_array_new (FALSE, FALSE, sizeof (ErosPdfEntry));
  if (eros_pdf_take (self->data, self->length, &position, "xref"))
    fine = read_table (self, revision, &position, error);
  else
    fine = read_stream (self, revision, &position, error);
  fine = fine && sort_entries (revision, error) && read_end (self, revision, position, error);
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
  for (guint i = 0; i < revision->entries->len; i++)
    {
      const ErosPdfEntry *entry = &g_array_index (revision->entries, ErosPdfEntry, i);

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
  self->packed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, packed_free);
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

static const ErosPdfEntry *
find_entry (ErosPdfFile *self, guint revision, gint64 number, int *changed_in)
{
  const ErosPdfEntry wanted = { number, 0, 0, 0 };

  for (int i = (int) revision; i >= 0; i--)
    {
      const ErosPdfRevision *r = g_ptr_array_index (self->revisions, (guint) i);
      guint at;

      if (!g_array_binary_search (r->entries, &wanted, compare_entries, &at))
        continue;
      *changed_in = i;
      return g_array_index (r->entries, ErosPdfEntry, at).kind != 0
               ? &g_array_index (r->entries, ErosPdfEntry, at)
               : NULL;
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
  const ErosPdfEntry *entry = find_entry (self, revision, number, &changed_in);

  return entry != NULL && entry->kind == 1;
}

/* The value of the object at OFFSET, whose number must be NUMBER; *position is moved behind the value. */
static ErosPdfObject *
load_at (ErosPdfFile *self, const ErosPdfEntry *entry, gint64 number, gsize *position, GError **error)
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
  const ErosPdfEntry *entry;
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

/* The head of an object stream: N pairs of number and offset. */
static Packed *
packed_new (GBytes *content, gint64 n, gint64 first)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gint64));
  gsize length, at = 0;
  const char *data = g_bytes_get_data (content, &length);
  Packed *packed;

  if (first < 0 || (gsize) first > length || n > first)
    return NULL;
  for (gint64 i = 0; i < n; i++)
    {
      gint64 pair[2];

      if (!eros_pdf_take_number (data, (gsize) first, &at, &pair[0]) ||
          !eros_pdf_take_number (data, (gsize) first, &at, &pair[1]) || pair[1] > (gint64) length - first)
        return NULL;
      pair[1] += first;
      g_array_append_vals (places, pair, 2);
    }
  packed = g_new0 (Packed, 1);
  packed->content = g_bytes_ref (content);
  packed->places = g_steal_pointer (&places);
  return packed;
}

/* Each object stream is unpacked once, whoever asks for its objects in whatever order. */
static const Packed *
find_packed (ErosPdfFile *self, guint revision, gint64 number, GError **error)
{
  int changed_in;
  const ErosPdfEntry *container = find_entry (self, revision, number, &changed_in);
  g_autoptr (ErosPdfObject) dictionary = NULL;
  g_autoptr (GBytes) content = NULL;
  gint64 n = 0, first = 0;
  Packed *packed;
  gsize position;

  if (container == NULL || container->kind != 1)
    return NULL;
  packed = g_hash_table_lookup (self->packed, &container->offset);
  if (packed != NULL)
    return packed;
  dictionary = load_at (self, container, number, &position, error);
  if (dictionary == NULL || !eros_pdf_has_name (dictionary, "Type", "ObjStm") ||
      !eros_pdf_get_integer (dictionary, "N", &n) || !eros_pdf_get_integer (dictionary, "First", &first))
    return NULL;
  content = eros_pdf_stream_read (self->data, self->length, &position, dictionary,
                                  stream_length (self, revision, dictionary), error);
  if (content == NULL)
    return NULL;
  self->n_unpacked += g_bytes_get_size (content);
  if (self->n_unpacked > MAX_UNPACKED)
    {
      fail (error, _ ("its object streams unpack to more than they should"));
      return NULL;
    }
  packed = packed_new (content, n, first);
  if (packed != NULL)
    g_hash_table_insert (self->packed, g_memdup2 (&container->offset, sizeof container->offset), packed);
  return packed;
}

static ErosPdfObject *
load_from_stream (ErosPdfFile *self, guint revision, const ErosPdfEntry *entry, gint64 number, GError **error)
{
  const Packed *packed = find_packed (self, revision, entry->offset, error);
  const gint64 *pair;
  const char *data;
  gsize length, at;

  if (packed == NULL || (guint64) entry->generation >= packed->places->len / 2)
    {
      fail (error, _ ("an object is not where the file says"));
      return NULL;
    }
  pair = &g_array_index (packed->places, gint64, 2 * (guint) entry->generation);
  if (pair[0] != number)
    {
      fail (error, _ ("an object is not where the file says"));
      return NULL;
    }
  data = g_bytes_get_data (packed->content, &length);
  at = (gsize) pair[1];
  return eros_pdf_parse (data, length, &at, error);
}

ErosPdfObject *
eros_pdf_file_load (ErosPdfFile *self, guint revision, gint64 number, GError **error)
{
  int changed_in;
  const ErosPdfEntry *entry = find_entry (self, revision, number, &changed_in);
  gsize position;

  if (entry == NULL)
    {
      g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, _ ("object %" PRId64 " is missing"),
                   number);
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

/* Moves *POSITION behind the object at ENTRY, streams and their length included. */
static gboolean
skip_object (ErosPdfFile *self, guint revision, const ErosPdfEntry *entry, gsize *position, GError **error)
{
  g_autoptr (ErosPdfObject) object = load_at (self, entry, entry->number, position, error);
  gsize after;

  if (object == NULL)
    return FALSE;
  after = *position;
  if (object->type == EROS_PDF_DICTIONARY && eros_pdf_take (self->data, self->length, &after, "stream") &&
      eros_pdf_stream_find (self->data, self->length, position, stream_length (self, revision, object), NULL,
                            error) == NULL)
    return FALSE;
  return eros_pdf_take (self->data, self->length, position, "endobj") ||
         fail (error, _ ("an object has no end"));
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
  const ErosPdfEntry *const *one = a;
  const ErosPdfEntry *const *other = b;

  return (*one)->offset < (*other)->offset ? -1 : (*one)->offset > (*other)->offset;
}

/* Behind "%PDF-1.7" and the line of bytes that says that the file is not text. */
static gsize
skip_header (ErosPdfFile *self)
{
  gsize at = 0;

  for (guint line = 0; line < 2 && at < self->length && self->data[at] == '%'; line++)
    {
      gsize end = at;

      while (end < self->length && end - at <= 16 && self->data[end] != '\n' && self->data[end] != '\r')
        end++;
      if (end - at > 16)
        return at;
      while (end < self->length && eros_pdf_is_space (self->data[end]))
        end++;
      at = end;
    }
  return at;
}

static gboolean
is_blank (ErosPdfFile *self, gsize from, gsize to)
{
  while (from < to && eros_pdf_is_space (self->data[from]))
    from++;
  return from == to;
}

/**
 * eros_pdf_file_account:
 * @self: a file
 * @since: the first revision to look at
 * @error: return location for %EROS_REPORT_ERROR_NOT_A_PDF
 *
 * Whether every byte belongs to an object that is listed, to a cross-reference section or to the head:
 * readers that repair files search them for objects, and find those that no section lists.
 *
 * Returns: whether nothing is left over
 */
gboolean
eros_pdf_file_account (ErosPdfFile *self, guint since, GError **error)
{
  for (guint r = since; r < self->revisions->len; r++)
    {
      const ErosPdfRevision *revision = g_ptr_array_index (self->revisions, r);
      g_autoptr (GPtrArray) plain = g_ptr_array_new ();
      gsize at = r > 0 ? revision->start : skip_header (self);

      for (guint i = 0; i < revision->entries->len; i++)
        {
          ErosPdfEntry *entry = &g_array_index (revision->entries, ErosPdfEntry, i);

          /* The section itself, where it is a stream, may be listed. */
          if (entry->kind == 1 && entry->offset != (gint64) revision->xref)
            g_ptr_array_add (plain, entry);
        }
      g_ptr_array_sort (plain, compare_offsets);
      for (guint i = 0; i < plain->len; i++)
        {
          const ErosPdfEntry *entry = plain->pdata[i];

          if ((gsize) entry->offset < at || !is_blank (self, at, (gsize) entry->offset))
            return fail (error, _ ("there are bytes that belong to no object"));
          if (!skip_object (self, r, entry, &at, error))
            return FALSE;
        }
      if (at > revision->xref || !is_blank (self, at, revision->xref))
        return fail (error, _ ("there are bytes that belong to no object"));
    }
  return TRUE;
}
