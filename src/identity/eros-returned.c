/* eros-returned.c: a report that comes back with signatures that were made elsewhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-returned.h"

#include "eros-countersignature.h"
#include "eros-report-boxes.h"
#include "eros-report-record.h"

struct _ErosReturned
{
  GPtrArray *signatures;
  ErosReportRecord *record;
  char *digest; /* of the file */
};

void
eros_returned_free (ErosReturned *self)
{
  g_clear_pointer (&self->signatures, g_ptr_array_unref);
  g_clear_pointer (&self->record, eros_report_record_free);
  g_free (self->digest);
  g_free (self);
}

ErosReturned *
eros_returned_read (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (ErosReturned) self = g_new0 (ErosReturned, 1);
  g_autoptr (GBytes) bytes = NULL;

  self->signatures = eros_report_verify (file, cancellable, error);
  bytes = self->signatures != NULL ? eros_report_load (file, cancellable, error) : NULL;
  self->record = bytes != NULL ? eros_report_record_read (file, error) : NULL;
  if (self->record == NULL)
    return NULL;
  self->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  return g_steal_pointer (&self);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  GError *error = NULL;
  ErosReturned *self = eros_returned_read (file, cancellable, &error);

  if (self != NULL)
    g_task_return_pointer (task, self, (GDestroyNotify) eros_returned_free);
  else
    g_task_return_error (task, error);
}

void
eros_returned_read_async (GFile *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_returned_read_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, read_in_thread);
}

ErosReturned *
eros_returned_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
eros_returned_take (ErosReturned *self,
                    ErosDeployment *deployment,
                    const char *reason,
                    GPtrArray **taken,
                    GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);

  *taken = g_ptr_array_new ();
  if (!eros_report_record_compare (self->record, eros_deployment_get_journal (deployment), error))
    return FALSE;
  for (guint i = 0; i < self->signatures->len; i++)
    {
      const ErosReportSignature *signature = self->signatures->pdata[i];
      ErosElement *element =
        signature->box != NULL ? eros_report_find_sign_off (runbook, signature->box) : NULL;
      ErosCountersignature one;

      if (element == NULL)
        continue; /* the report's own, or of nobody whom the runbook asks */
      one = (ErosCountersignature){ eros_element_get_id (element), signature->name,
                                    signature->fingerprint,        signature->time,
                                    signature->is_self_made,       self->digest };
      if (eros_identity_is_taken (deployment, &one))
        continue;
      if (!eros_identity_take (deployment, &one, reason, error))
        return FALSE;
      g_ptr_array_add (*taken, self->signatures->pdata[i]);
    }
  return TRUE;
}
