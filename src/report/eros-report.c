/* eros-report.c: the report is written, whole or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report.h"

#include <pango/pango.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-sign.h"
#include "eros-report-boxes.h"
#include "eros-report-private.h"
#include "eros-whole-file.h"

typedef struct
{
  ErosReportState *state;
  GFile *output;
  ErosSigner *signer; /* (nullable) */
  ErosPaper paper;
} WriteData;

static void
write_data_free (gpointer data)
{
  WriteData *self = data;

  eros_report_state_unref (self->state);
  g_object_unref (self->output);
  g_clear_object (&self->signer);
  g_free (self);
}

static GBytes *
attach_sources (GPtrArray *sources, GBytes *pdf, GError **error)
{
  g_autofree ErosPdfAttachment *attachments = g_new0 (ErosPdfAttachment, sources->len);

  for (guint i = 0; i < sources->len; i++)
    {
      const ErosReportAttachment *source = sources->pdata[i];

      attachments[i] = (ErosPdfAttachment){ .name = source->name,
                                            .description = source->description,
                                            .type = source->type,
                                            .relationship = source->relationship,
                                            .packed = source->packed,
                                            .size = source->size,
                                            .md5 = source->md5 };
    }
  return eros_pdf_attach (pdf, attachments, sources->len,
                          pango_language_to_string (pango_language_get_default ()), error);
}

GBytes *
eros_report_make_pdf (ErosReportDocument *document, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) pages = eros_report_document_to_pdf (document, cancellable, error);

  return pages != NULL ? attach_sources (eros_report_document_get_attachments (document), pages, error)
                       : NULL;
}

static gboolean
write_report (WriteData *data, GCancellable *cancellable, GError **error)
{
  g_autoptr (ErosReportDocument) document =
    eros_report_document_new_for_state (data->state, data->paper, cancellable, error);
  g_autoptr (GBytes) pdf = document != NULL ? eros_report_make_pdf (document, cancellable, error) : NULL;

  if (pdf != NULL && data->signer != NULL)
    {
      g_autoptr (GBytes) unsigned_pdf = g_steal_pointer (&pdf);

      pdf = eros_report_sign_first (unsigned_pdf, data->state->runbook, data->signer, error);
    }
  if (pdf == NULL)
    return FALSE;
  return eros_whole_file_write (data->output, pdf, cancellable, error);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (write_report (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * eros_report_write_async:
 * @deployment: a deployment, however far it is
 * @output: where to write to; replaced as a whole, or left as it was
 * @signer: (nullable): who signs; %NULL for a report that is not signed
 * @paper: on what it is laid out
 * @cancellable: (nullable): to stop early; then nothing is written
 * @callback: called on the caller's main context
 * @user_data: for @callback
 *
 * Writes the report of the deployment as it is now as a PDF, in a thread of its own. All that it says is made
 * of is attached to it; the signature covers them too. Without a signer the same record gives the same bytes.
 */
void
eros_report_write_async (ErosDeployment *deployment,
                         GFile *output,
                         ErosSigner *signer,
                         ErosPaper paper,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  WriteData *data;

  g_return_if_fail (EROS_IS_DEPLOYMENT (deployment));
  g_return_if_fail (G_IS_FILE (output));
  g_return_if_fail (signer == NULL || EROS_IS_SIGNER (signer));

  data = g_new0 (WriteData, 1);
  data->state = eros_report_state_new (deployment);
  data->output = g_object_ref (output);
  data->signer = signer != NULL ? g_object_ref (signer) : NULL;
  data->paper = paper;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, eros_report_write_async);
  g_task_set_task_data (task, data, write_data_free);
  g_task_run_in_thread (task, write_in_thread);
}

/**
 * eros_report_write_finish:
 * @result: what the callback was given
 * @error: return location for %EROS_REPORT_ERROR, %EROS_SIGNER_ERROR or an I/O error
 *
 * Returns: whether the report has been written
 */
gboolean
eros_report_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
