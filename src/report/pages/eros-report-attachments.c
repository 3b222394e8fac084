/* eros-report-attachments.c: what rides inside a report, packed, with its digests
 *
 * A journal may be long: its lines are packed one after the other, and never stand in memory together.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-attachments.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

/* What a journal’s hashes are made of cannot be packed any better with more work. */
#define LEVEL 2
#define CHUNK (256 * 1024)

static void
attachment_free (gpointer data)
{
  ErosReportAttachment *self = data;

  g_free (self->name);
  g_free (self->description);
  g_clear_pointer (&self->packed, g_bytes_unref);
  g_free (self->sha256);
  g_free (self->md5);
  g_free (self);
}

typedef struct
{
  GOutputStream *memory, *stream;
  GChecksum *sha256, *md5;
  gsize size;
} Packer;

static void
packer_init (Packer *packer)
{
  g_autoptr (GConverter) zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL));

  packer->memory = g_memory_output_stream_new_resizable ();
  packer->stream = g_converter_output_stream_new (packer->memory, zlib);
  packer->sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  packer->md5 = g_checksum_new (G_CHECKSUM_MD5);
  packer->size = 0;
}

static void
packer_clear (Packer *packer)
{
  g_clear_object (&packer->stream);
  g_clear_object (&packer->memory);
  g_clear_pointer (&packer->sha256, g_checksum_free);
  g_clear_pointer (&packer->md5, g_checksum_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packer, packer_clear)

static gboolean
pack (Packer *packer, const char *data, gsize length, GCancellable *cancellable, GError **error)
{
  g_checksum_update (packer->sha256, (const guchar *) data, (gssize) length);
  g_checksum_update (packer->md5, (const guchar *) data, (gssize) length);
  packer->size += length;
  return g_output_stream_write_all (packer->stream, data, length, NULL, cancellable, error);
}

/* Takes description. */
static gboolean
finish (Packer *packer,
        GPtrArray *attachments,
        const char *name,
        char *description,
        const char *type,
        const char *relationship,
        GError **error)
{
  ErosReportAttachment *attachment = g_new0 (ErosReportAttachment, 1);

  attachment->name = g_strdup (name);
  attachment->description = description;
  attachment->type = type;
  attachment->relationship = relationship;
  attachment->size = packer->size;
  attachment->sha256 = g_strdup (g_checksum_get_string (packer->sha256));
  attachment->md5 = g_strdup (g_checksum_get_string (packer->md5));
  g_ptr_array_add (attachments, attachment);
  if (!g_output_stream_close (packer->stream, NULL, error))
    return FALSE;
  attachment->packed = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (packer->memory));
  return TRUE;
}

static gboolean
add_text (GPtrArray *attachments,
          const char *name,
          char *description,
          const char *type,
          const char *relationship,
          const char *text,
          GError **error)
{
  g_auto (Packer) packer = { NULL };

  packer_init (&packer);
  if (pack (&packer, text, strlen (text), NULL, error))
    return finish (&packer, attachments, name, description, type, relationship, error);
  g_free (description);
  return FALSE;
}

/* As canonical JSON wants it (docs/journal.md). */
static void
append_string (GString *line, const char *text)
{
  static const char names[] = "btn\0fr"; /* of U+0008 to U+000D; the fourth has none */
  const char *start = text;

  g_string_append_c (line, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      guchar c = (guchar) *at;

      if (c >= 0x20 && c != '"' && c != '\\')
        continue;
      g_string_append_len (line, start, at - start);
      start = at + 1;
      if (c == '"' || c == '\\')
        g_string_append_printf (line, "\\%c", c);
      else if (c >= 8 && c <= 13 && names[c - 8] != '\0')
        g_string_append_printf (line, "\\%c", names[c - 8]);
      else
        g_string_append_printf (line, "\\u%04x", c);
    }
  g_string_append (line, start);
  g_string_append_c (line, '"');
}

static void
append_member (GString *line, const char *before, const char *text)
{
  g_string_append (line, before);
  append_string (line, text);
}

/* One event a line, in canonical JSON, with all that its hash is made of: docs/report.md. PREVIOUS is the
 * hash of the event before it, and is made this one's. */
static void
append_event (GString *line, ErosEvent *event, char **previous)
{
  g_autofree char *body = eros_event_dup_body_text (event);
  char *hash = eros_event_dup_hash (event);

  append_member (line, "{\"actor\":", eros_event_get_actor (event));
  append_member (line, ",\"body\":", body);
  append_member (line, ",\"hash\":", hash);
  append_member (line, ",\"kind\":", eros_event_get_kind (event));
  append_member (line, ",\"previous\":", *previous);
  g_string_append_printf (line, ",\"sequence\":%" G_GINT64_FORMAT ",\"time\":%" G_GINT64_FORMAT "}\n",
                          eros_event_get_sequence (event), eros_event_get_time (event));
  g_free (*previous);
  *previous = hash;
}

static gboolean
add_journal (ErosReportState *state, GPtrArray *attachments, GCancellable *cancellable, GError **error)
{
  g_auto (Packer) packer = { NULL };
  g_autoptr (GString) lines = g_string_sized_new (CHUNK * 2);
  g_autofree char *previous = g_strnfill (64, '0'); /* docs/journal.md: of the first */

  packer_init (&packer);
  for (guint i = 0; i < state->events->len; i++)
    {
      append_event (lines, g_ptr_array_index (state->events, i), &previous);
      if (lines->len < CHUNK)
        continue;
      if (!pack (&packer, lines->str, lines->len, cancellable, error))
        return FALSE;
      g_string_truncate (lines, 0);
    }
  return pack (&packer, lines->str, lines->len, cancellable, error) &&
         finish (&packer, attachments, "journal.jsonl",
                 g_strdup (_ ("Every event of the deployment, one a line")), "application/x-ndjson", "Data",
                 error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const ErosReportAttachment *const *first = a;
  const ErosReportAttachment *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

GPtrArray *
eros_report_pack_attachments (ErosReportState *state, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) attachments = g_ptr_array_new_with_free_func (attachment_free);

  if (!add_journal (state, attachments, cancellable, error) ||
      !add_text (attachments, "runbook.json", g_strdup (_ ("What had to be done")), "application/json",
                 "Source", eros_runbook_get_json (state->runbook), error))
    return NULL;
  for (guint i = 0; i < state->story->inventories->len; i++)
    {
      const ErosReportInventory *inventory = state->story->inventories->pdata[i];

      if (!add_text (attachments, inventory->file,
                     /* Translators: an operation and its step */
                     g_strdup_printf (_ ("What the data set was: %s"), inventory->title), "application/json",
                     "Data", inventory->text, error))
        return NULL;
    }
  for (guint i = 0; i < state->story->sql->len; i++)
    {
      const ErosReportSql *sql = state->story->sql->pdata[i];

      if (!add_text (attachments, sql->file, g_strdup_printf (_ ("Query %u (%s)"), sql->number, sql->name),
                     "application/sql", "Source", sql->text, error))
        return NULL;
    }
  g_ptr_array_sort (attachments, compare);
  return g_steal_pointer (&attachments);
}
