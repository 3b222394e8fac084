/* eros-report-record.c: the record that a report carries, and whether a journal still holds it
 *
 * A chain cannot show that its end was cut off, or that all of it was written anew: a report that was signed
 * while it was whole can. It carries every event of its time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-private.h"

#include <string.h>
#include <glib/gstdio.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-event-hash.h"
#include "eros-pdf-file.h"
#include "eros-pdf-stream.h"

#define RECORD "journal.jsonl"

struct _ErosReportRecord
{
  GPtrArray *events; /* of JsonObject, in sequence */
};

static gboolean
fail (GError **error, const char *reason)
{
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD, reason);
  return FALSE;
}

static gboolean
is_named (const ErosPdfObject *name)
{
  return name != NULL && name->type == EROS_PDF_STRING && g_bytes_get_size (name->bytes) == strlen (RECORD) &&
         memcmp (g_bytes_get_data (name->bytes, NULL), RECORD, strlen (RECORD)) == 0;
}

/* The number of the stream of an embedded file; 0 when there is none. */
static gint64
get_stream (ErosPdfFile *file, guint last, const ErosPdfObject *entry)
{
  g_autoptr (ErosPdfObject) specification = eros_pdf_file_follow (file, last, entry, NULL);
  const ErosPdfObject *stream =
    eros_pdf_get_typed (eros_pdf_get (specification, "EF"), "F", EROS_PDF_REFERENCE);

  return stream != NULL ? stream->integer : 0;
}

/* NAME and specification, one after the other. (transfer full) (nullable): the dictionary in which they stand
 */
static ErosPdfObject *
find_embedded (ErosPdfFile *file, guint last, const ErosPdfObject **names_out)
{
  const ErosPdfObject *root =
    eros_pdf_get_typed (eros_pdf_file_get_revision (file, last)->trailer, "Root", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) catalog = root != NULL ? eros_pdf_file_follow (file, last, root, NULL) : NULL;
  const ErosPdfObject *names = eros_pdf_get (catalog, "Names");
  g_autoptr (ErosPdfObject) all = names != NULL ? eros_pdf_file_follow (file, last, names, NULL) : NULL;
  const ErosPdfObject *embedded = eros_pdf_get (all, "EmbeddedFiles");
  ErosPdfObject *tree = embedded != NULL ? eros_pdf_file_follow (file, last, embedded, NULL) : NULL;

  *names_out = eros_pdf_get_typed (tree, "Names", EROS_PDF_ARRAY);
  return tree;
}

static gint64
find_record (ErosPdfFile *file, guint last)
{
  const ErosPdfObject *embedded;
  g_autoptr (ErosPdfObject) tree = find_embedded (file, last, &embedded);

  for (guint i = 0; i + 1 < eros_pdf_length (embedded); i += 2)
    if (is_named (eros_pdf_item (embedded, i)))
      return get_stream (file, last, eros_pdf_item (embedded, i + 1));
  return 0;
}

/* What is embedded as object NUMBER. */
static GBytes *
unpack (ErosPdfFile *file, GBytes *pdf, guint last, gint64 number, GError **error)
{
  g_autoptr (ErosPdfObject) dictionary = NULL;
  gint64 length;
  gsize position;

  if (number == 0 || !eros_pdf_file_is_plain (file, last, number))
    return fail (error, _ ("it carries no record of its deployment")), NULL;
  dictionary = eros_pdf_file_load (file, last, number, error);
  if (dictionary == NULL)
    return NULL;
  if (!eros_pdf_get_integer (dictionary, "Length", &length))
    return fail (error, _ ("the record that it carries cannot be read")), NULL;
  position = dictionary->end;
  return eros_pdf_stream_read (g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), &position, dictionary,
                               length, error);
}

static GBytes *
extract (GBytes *pdf, GError **error)
{
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, error);
  guint last = file != NULL ? eros_pdf_file_n_revisions (file) - 1 : 0;

  return file != NULL ? unpack (file, pdf, last, find_record (file, last), error) : NULL;
}

GHashTable *
eros_report_digest_attached (GBytes *pdf, GError **error)
{
  g_autoptr (ErosPdfFile) file = eros_pdf_file_new (pdf, error);
  g_autoptr (GHashTable) digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint last = file != NULL ? eros_pdf_file_n_revisions (file) - 1 : 0;
  const ErosPdfObject *embedded = NULL;
  g_autoptr (ErosPdfObject) tree = file != NULL ? find_embedded (file, last, &embedded) : NULL;

  for (guint i = 0; i + 1 < eros_pdf_length (embedded); i += 2)
    {
      gint64 number = get_stream (file, last, eros_pdf_item (embedded, i + 1));
      g_autoptr (GBytes) bytes = unpack (file, pdf, last, number, error);

      if (bytes == NULL)
        return NULL;
      g_hash_table_add (digests, g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes));
    }
  if (tree != NULL)
    return g_steal_pointer (&digests);
  fail (error, _ ("it carries no record of its deployment"));
  return NULL;
}

static const char *
text_of (JsonObject *event, const char *member)
{
  JsonNode *node = json_object_get_member (event, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
}

/* Whether each event has the hash of what it says and of the one before. */
static gboolean
is_chained (ErosReportRecord *self, GError **error)
{
  const char *previous = NULL;

  for (guint i = 0; i < self->events->len; i++)
    {
      JsonObject *event = self->events->pdata[i];
      char hash[65];

      eros_event_hash (json_object_get_int_member_with_default (event, "sequence", 0),
                       json_object_get_int_member_with_default (event, "time", 0), text_of (event, "actor"),
                       text_of (event, "kind"), text_of (event, "body"), text_of (event, "previous"), hash);
      if (json_object_get_int_member_with_default (event, "sequence", 0) != (gint64) i + 1 ||
          !g_str_equal (hash, text_of (event, "hash")) ||
          (previous != NULL && !g_str_equal (previous, text_of (event, "previous"))))
        {
          g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
                       _ ("the chain of the events that it carries is broken at event %u"), i + 1);
          return FALSE;
        }
      previous = text_of (event, "hash");
    }
  return TRUE;
}

/* An object of texts and numbers in the canonical form, as every event is: json-glib 1.6 recurses without a
 * limit. */
static gboolean
is_flat (const char *line)
{
  gboolean in_text = FALSE;

  for (const char *at = line + 1; *line == '{' && *at != '\0'; at++)
    if (*at == '"')
      in_text = !in_text;
    else if (in_text && *at == '\\' && at[1] != '\0')
      at++;
    else if (!in_text && strchr ("}:,-0123456789", *at) == NULL)
      return FALSE;
  return *line == '{';
}

static gboolean
parse (ErosReportRecord *self, GBytes *lines, GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (lines, NULL), g_bytes_get_size (lines));
  g_auto (GStrv) each = g_strsplit (text, "\n", -1);

  for (guint i = 0; each[i] != NULL; i++)
    {
      g_autoptr (JsonNode) node = is_flat (each[i]) ? json_from_string (each[i], NULL) : NULL;

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (self->events, json_node_dup_object (node));
      else if (*each[i] != '\0')
        return fail (error, _ ("the record that it carries cannot be read"));
    }
  return self->events->len > 0 || fail (error, _ ("the record that it carries is empty"));
}

/**
 * eros_report_record_read:
 * @report: a PDF that this program has written
 * @error: return location for %EROS_REPORT_ERROR or an I/O error
 *
 * Also checks the chain of what it carries.
 *
 * Returns: (transfer full): what it carries
 */
ErosReportRecord *
eros_report_record_read (GFile *report, GError **error)
{
  g_autoptr (ErosReportRecord) self = NULL;
  g_autoptr (GBytes) pdf = NULL;
  g_autoptr (GBytes) lines = NULL;

  g_return_val_if_fail (G_IS_FILE (report), NULL);

  self = g_new0 (ErosReportRecord, 1);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  pdf = eros_report_load (report, NULL, error);
  lines = pdf != NULL ? extract (pdf, error) : NULL;
  if (lines != NULL && parse (self, lines, error) && is_chained (self, error))
    return g_steal_pointer (&self);
  return NULL;
}

void
eros_report_record_free (ErosReportRecord *self)
{
  g_ptr_array_unref (self->events);
  g_free (self);
}

guint
eros_report_record_get_length (ErosReportRecord *self)
{
  return self->events->len;
}

static gboolean
has_text (JsonObject *object, const char *member, const char *text)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING &&
         g_str_equal (json_node_get_string (node), text);
}

static gboolean
has_integer (JsonObject *object, const char *member, gint64 integer)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 &&
         json_node_get_int (node) == integer;
}

static gboolean
is_event (JsonObject *object, ErosEvent *event, const char *previous)
{
  g_autofree char *body = eros_event_dup_body_text (event);
  g_autofree char *hash = eros_event_dup_hash (event);

  return has_integer (object, "sequence", eros_event_get_sequence (event)) &&
         has_integer (object, "time", eros_event_get_time (event)) &&
         has_text (object, "actor", eros_event_get_actor (event)) &&
         has_text (object, "kind", eros_event_get_kind (event)) && has_text (object, "body", body) &&
         has_text (object, "previous", previous) && has_text (object, "hash", hash);
}

static gboolean
holds (ErosReportRecord *self, ErosJournal *journal, guint i)
{
  g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (journal), i);
  g_autofree char *previous = event != NULL ? eros_journal_dup_head_of (journal, i) : NULL;

  return event != NULL && is_event (g_ptr_array_index (self->events, i), event, previous);
}

gboolean
eros_report_record_is_of (ErosReportRecord *self, ErosJournal *journal)
{
  return holds (self, journal, 0);
}

/**
 * eros_report_record_compare:
 * @self: what a report carries
 * @journal: a journal that was verified when it was opened
 * @error: return location for %EROS_REPORT_ERROR_OTHER_RECORD
 *
 * Returns: whether the journal begins with all that the report carries
 */
gboolean
eros_report_record_compare (ErosReportRecord *self, ErosJournal *journal, GError **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (journal));

  for (guint i = 0; i < MIN (n, self->events->len); i++)
    if (!holds (self, journal, i))
      {
        g_set_error (
          error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
          i == 0 ? _ ("event %u is another than in the report: this is another deployment, or all of its "
                      "journal has been written anew")
                 : _ ("event %u is another than in the report: from there on the journal has been written "
                      "anew"),
          i + 1);
        return FALSE;
      }
  if (n >= self->events->len)
    return TRUE;
  g_set_error (
    error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
    /* Translators: two numbers of events */
    _ ("the report carries %u events, and the journal has only the first %u of them: the end of the "
       "journal has been cut off"),
    self->events->len, n);
  return FALSE;
}

/**
 * eros_report_record_open:
 * @self: what a report carries
 * @error: return location for an error
 *
 * Returns: (transfer full): the deployment whose record it is, for reading
 */
ErosDeployment *
eros_report_record_open (ErosReportRecord *self, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("eros-report-XXXXXX", error);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "record.erosdeploy", NULL) : NULL;
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autofree ErosJournalRow *rows = g_new0 (ErosJournalRow, self->events->len);
  g_autoptr (ErosJournal) journal = NULL;
  ErosDeployment *deployment;

  if (folder == NULL)
    return NULL;
  for (guint i = 0; i < self->events->len; i++)
    {
      JsonObject *event = self->events->pdata[i];

      rows[i] = (ErosJournalRow){ json_object_get_int_member_with_default (event, "sequence", 0),
                                  json_object_get_int_member_with_default (event, "time", 0),
                                  text_of (event, "actor"),
                                  text_of (event, "kind"),
                                  text_of (event, "body"),
                                  text_of (event, "previous"),
                                  text_of (event, "hash") };
    }
  journal = eros_journal_restore (file, rows, self->events->len, error);
  deployment = journal != NULL ? eros_deployment_open (file, EROS_JOURNAL_READ, error) : NULL;
  /* It has been read: nothing goes back to it. */
  g_unlink (path);
  g_rmdir (folder);
  return deployment;
}
