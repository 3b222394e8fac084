/* eros-file-verdict.c: what is to be believed of a report or a journal that somebody hands over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-file-verdict.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-report-again.h"
#include "eros-report-boxes.h"
#include "eros-text.h"

void
eros_file_verdict_free (ErosFileVerdict *self)
{
  g_free (self->name);
  g_clear_object (&self->file);
  g_free (self->problem);
  g_free (self->head);
  g_strfreev (self->beside);
  g_clear_pointer (&self->witnessed, eros_witnessed_free);
  g_clear_pointer (&self->signatures, g_ptr_array_unref);
  g_free (self->journal);
  g_clear_pointer (&self->boxes, g_ptr_array_unref);
  g_clear_pointer (&self->after, g_ptr_array_unref);
  g_free (self);
}

/* Not by its name, which may be anything. Only a plain file is opened: a pipe would wait for somebody who
 * writes. */
static gboolean
begins_with (GFile *file, const char *text)
{
  g_autoptr (GFileInputStream) stream = NULL;
  char start[8] = "";
  gssize length = (gssize) strlen (text);

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_REGULAR)
    return FALSE;
  stream = g_file_read (file, NULL, NULL);
  return stream != NULL &&
         g_input_stream_read (G_INPUT_STREAM (stream), start, (gsize) length, NULL, NULL) == length &&
         memcmp (start, text, (gsize) length) == 0;
}

gboolean
eros_file_verdict_is_pdf (GFile *file)
{
  return begins_with (file, "%PDF-");
}

/* As “eros-deploy attest” writes it, and others. */
static gboolean
is_envelope (GFile *file)
{
  g_autofree char *text = NULL;

  return begins_with (file, "{") && g_file_load_contents (file, NULL, &text, NULL, NULL, NULL) &&
         strstr (text, "\"payloadType\"") != NULL && strstr (text, "\"signatures\"") != NULL;
}

/* What other programs check better is not taken for a broken file of ours. */
static void
advise (ErosFileVerdict *verdict)
{
  verdict->is_foreign = TRUE;
  verdict->problem = g_strdup_printf (
    _ ("%s is a statement in a signed DSSE envelope, which is not checked here. Check it with a program for "
       "in-toto statements, or with “openssl dgst -sha256 -verify” and the signer’s public key over “DSSEv1 "
       "LENGTH TYPE LENGTH PAYLOAD”."),
    verdict->name);
}

/* The chain, and every time stamp that it holds. */
static gboolean
verify_journal (ErosFileVerdict *verdict, const ErosTrust *trust, GCancellable *cancellable, GError **error)
{
  g_autoptr (ErosJournal) journal = NULL;

  verdict->is_journal = TRUE;
  verdict->beside = eros_journal_find_beside (verdict->file);
  if (!eros_journal_verify (verdict->file, &verdict->n_events, &verdict->head, cancellable, error))
    return FALSE;
  journal = eros_journal_open (verdict->file, EROS_JOURNAL_READ, error);
  return journal != NULL && eros_witness_check (G_LIST_MODEL (journal), trust, &verdict->witnessed, error);
}

/* Whole: each event is the one that the next was chained to. Sealed: somebody has signed its beginning.
 * Witnessed: an authority that is trusted has stamped its beginning, which nobody can do again who holds the
 * file and all keys. */
const char *
eros_file_verdict_get_grade (const ErosFileVerdict *verdict)
{
  if (verdict->witnessed != NULL && verdict->witnessed->is_trusted)
    return "witnessed";
  return verdict->is_sealed ? "sealed" : "whole";
}

/* The chain of the events that a report carries. A PDF of others carries none, and says so elsewhere. */
static gboolean
verify_record (ErosFileVerdict *verdict, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (verdict->file, &problem);

  if (record != NULL)
    verdict->n_carried = eros_report_record_get_length (record);
  if ((record != NULL &&
       eros_report_make_again (verdict->file, record, &verdict->comes_out_again, &problem)) ||
      g_error_matches (problem, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  g_prefix_error (error, "%s: ", verdict->name);
  return FALSE;
}

/* Where it can be signed. */
static void
note_boxes (ErosFileVerdict *verdict, GCancellable *cancellable)
{
  g_autoptr (GBytes) bytes = eros_report_load (verdict->file, cancellable, NULL);

  if (bytes != NULL)
    verdict->boxes = eros_pdf_list_boxes (bytes, NULL);
}

/* Another program's PDF is judged by what its signatures say, each by itself: it is no forged report for not
 * being a report. */
static void
explain (ErosFileVerdict *verdict, const ErosTrust *trust, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (verdict->file, &problem);

  if (record != NULL || !g_error_matches (problem, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NO_RECORD) ||
      g_error_matches (*error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_SIGNED))
    return;
  verdict->signatures = eros_report_explain (verdict->file, trust, NULL);
  if (verdict->signatures == NULL)
    return;
  g_clear_error (error);
  verdict->is_foreign = TRUE;
  verdict->good = TRUE;
  for (guint i = 0; i < verdict->signatures->len; i++)
    {
      const ErosReportSignature *signature = verdict->signatures->pdata[i];

      verdict->good &= signature->problem == NULL && !signature->is_changed;
    }
}

ErosFileVerdict *
eros_file_verdict_new (const char *name, GFile *file, const ErosTrust *trust, GCancellable *cancellable)
{
  ErosFileVerdict *verdict = g_new0 (ErosFileVerdict, 1);
  g_autoptr (GError) error = NULL;

  verdict->name = g_strdup (name);
  verdict->file = g_object_ref (file);
  if (eros_file_verdict_is_pdf (file))
    {
      verdict->signatures = eros_report_verify_with (file, trust, cancellable, &error);
      verdict->good = verdict->signatures != NULL && verify_record (verdict, &error);
      if (verdict->good)
        note_boxes (verdict, cancellable);
      if (verdict->signatures == NULL)
        explain (verdict, trust, &error);
    }
  else if (is_envelope (file))
    advise (verdict);
  else
    verdict->good = verify_journal (verdict, trust, cancellable, &error);
  if (error != NULL)
    verdict->problem = g_strdup (error->message);
  return verdict;
}

static void
note_after (ErosFileVerdict *report, ErosJournal *journal)
{
  GListModel *events = G_LIST_MODEL (journal);

  report->after = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = report->n_carried; i < g_list_model_get_n_items (events); i++)
    g_ptr_array_add (report->after, g_list_model_get_item (events, i));
}

/* (transfer full) (nullable): the one that begins as the report does, else the only one that there is; *NAME
 * is as it was given */
static ErosJournal *
find_journal (ErosReportRecord *record, GPtrArray *verdicts, const char **name)
{
  g_autoptr (ErosJournal) only = NULL;
  guint n = 0;

  for (guint i = 0; i < verdicts->len; i++)
    {
      ErosFileVerdict *verdict = verdicts->pdata[i];
      g_autoptr (ErosJournal) journal = verdict->is_journal && verdict->good
                                          ? eros_journal_open (verdict->file, EROS_JOURNAL_READ, NULL)
                                          : NULL;

      if (journal == NULL)
        continue;
      *name = verdict->name;
      if (eros_report_record_is_of (record, journal))
        return g_steal_pointer (&journal);
      n++;
      g_set_object (&only, journal);
    }
  return n == 1 ? g_steal_pointer (&only) : NULL;
}

/* JOURNAL is the very name of one of them: several files may be called the same. */
static void
seal (GPtrArray *verdicts, const char *journal)
{
  for (guint i = 0; i < verdicts->len; i++)
    {
      ErosFileVerdict *verdict = verdicts->pdata[i];

      verdict->is_sealed |= verdict->name == journal;
    }
}

/* What no chain can show, a report can: that the journal’s end was cut off, or all of it written anew. */
static void
compare (ErosFileVerdict *report, GPtrArray *verdicts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosReportRecord) record = eros_report_record_read (report->file, &error);
  g_autoptr (ErosJournal) journal = NULL;
  const char *name = NULL;

  if (record != NULL)
    {
      report->n_carried = eros_report_record_get_length (record);
      journal = find_journal (record, verdicts, &name);
      if (journal == NULL)
        g_set_error (&error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
                     _ ("none of the journals is that of its deployment"));
      else
        report->journal = g_strdup (name);
    }
  if (journal != NULL && eros_report_record_compare (record, journal, &error))
    {
      note_after (report, journal);
      seal (verdicts, name);
      return;
    }
  report->good = FALSE;
  /* Translators: a report, a journal (or nothing), why they do not agree */
  report->problem =
    name != NULL && report->journal != NULL
      ? eros_text_format (_ ("%s and %s do not agree: %s."), report->name, name, error->message)
      : eros_text_format (_ ("%s cannot be compared: %s."), report->name, error->message);
}

void
eros_file_verdict_compare (GPtrArray *verdicts)
{
  guint n_journals = 0;

  for (guint i = 0; i < verdicts->len; i++)
    n_journals += ((ErosFileVerdict *) verdicts->pdata[i])->is_journal;
  for (guint i = 0; i < verdicts->len && n_journals > 0; i++)
    {
      ErosFileVerdict *verdict = verdicts->pdata[i];

      if (!verdict->is_journal && !verdict->is_foreign && verdict->good)
        compare (verdict, verdicts);
    }
}

/* ---- in a thread ---- */

typedef struct
{
  GPtrArray *files;
  GPtrArray *trusted; /* (nullable) */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_ptr_array_unref (order->files);
  g_clear_pointer (&order->trusted, g_ptr_array_unref);
  g_free (order);
}

static GPtrArray *
work_off (const Order *order, GCancellable *cancellable, GError **error)
{
  g_autoptr (ErosTrust) trust = eros_trust_new ();
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_file_verdict_free);

  for (guint i = 0; order->trusted != NULL && i < order->trusted->len; i++)
    if (!eros_trust_add_file (trust, order->trusted->pdata[i], error))
      return NULL;
  for (guint i = 0; i < order->files->len; i++)
    {
      g_autofree char *name = g_file_get_basename (order->files->pdata[i]);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_ptr_array_add (verdicts, eros_file_verdict_new (name, order->files->pdata[i], trust, cancellable));
    }
  eros_file_verdict_compare (verdicts);
  return g_steal_pointer (&verdicts);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer order, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *verdicts = work_off (order, cancellable, &error);

  if (verdicts != NULL)
    g_task_return_pointer (task, verdicts, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
eros_file_verdict_list_async (GPtrArray *files,
                              GPtrArray *trusted,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Order *order = g_new0 (Order, 1);

  order->files = g_ptr_array_ref (files);
  order->trusted = trusted != NULL ? g_ptr_array_ref (trusted) : NULL;
  g_task_set_source_tag (task, eros_file_verdict_list_async);
  g_task_set_task_data (task, order, order_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
eros_file_verdict_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
