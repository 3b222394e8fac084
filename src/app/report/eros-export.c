/* eros-export.c: writes the signed report to where the person wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-export.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-report.h"

typedef struct
{
  ErosDeployment *deployment;
  GFile *file;
  ErosSigner *signer;
  char *person; /* whom the certificate names */
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->deployment);
  g_clear_object (&export->file);
  g_clear_object (&export->signer);
  g_free (export->person);
  g_free (export);
}

static const SecretSchema *
key_schema (void)
{
  static const SecretSchema schema = {
    EROS_APPLICATION_ID ".SigningKey",
    SECRET_SCHEMA_NONE,
    { { "person", SECRET_SCHEMA_ATTRIBUTE_STRING } },
  };

  return &schema;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_report_write_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
write_report (GTask *task)
{
  Export *export = g_task_get_task_data (task);

  eros_report_write_async (export->deployment, export->file, export->signer, g_task_get_cancellable (task),
                           written_cb, task);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* A key that the keyring did not take signs this report only: the next one gets another. */
  if (!secret_password_store_finish (result, &error))
    g_message ("The signing key is not kept: %s", error->message);
  write_report (user_data);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *label = NULL;
  char *pem;

  export->signer = eros_signer_new_self_made_finish (result, &error);
  pem = export->signer != NULL ? eros_signer_to_pem (export->signer, &error) : NULL;
  if (pem == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  /* Translators: name of an entry in the keyring; whose key */
  label = g_strdup_printf (_ ("Eros Deploy: key with which %s signs reports"), export->person);
  secret_password_store (key_schema (), SECRET_COLLECTION_DEFAULT, label, pem, g_task_get_cancellable (task),
                         stored_cb, task, "person", export->person, NULL);
  eros_signer_free_pem (pem);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Export *export = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  char *pem = secret_password_lookup_finish (result, &error);

  /* No keyring, no key in it, or one that is too old: a new one is made. */
  if (error != NULL)
    g_message ("No signing key from the keyring: %s", error->message);
  if (pem != NULL)
    export->signer = eros_signer_new_from_pem (pem, NULL);
  secret_password_free (pem);
  if (export->signer != NULL)
    write_report (task);
  else
    eros_signer_new_self_made_async (export->person, g_task_get_cancellable (task), made_cb, task);
}

/**
 * eros_export_to_async:
 * @deployment: the deployment
 * @file: where its report goes
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Writes the report as a PDF, signed by the person at the keyboard with the certificate that is kept in the
 * keyring; the first time, one is made.
 */
void
eros_export_to_async (ErosDeployment *deployment,
                      GFile *file,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (deployment, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->deployment = g_object_ref (deployment);
  export->file = g_object_ref (file);
  export->person = eros_format_actor (eros_deployment_get_actor (deployment));
  g_task_set_source_tag (task, eros_export_to_async);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  secret_password_lookup (key_schema (), cancellable, found_cb, task, "person", export->person, NULL);
}

/**
 * eros_export_to_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether the report was written
 */
gboolean
eros_export_to_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (eros_export_to_finish (result, &error))
    eros_feedback_toast (widget, _ ("Report exported and signed"));
  else
    eros_feedback_error (widget, _ ("Report Not Exported"), error);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);
  ErosDeployment *deployment = g_object_get_data (G_OBJECT (widget), "eros-exported");

  if (file == NULL)
    {
      eros_feedback_error (widget, _ ("Report Not Exported"), error);
      return;
    }
  eros_feedback_toast (widget, _ ("Exporting…"));
  eros_export_to_async (deployment, file, NULL, exported_cb, g_steal_pointer (&widget));
}

/**
 * eros_export_ask:
 * @widget: where it is asked for
 * @deployment: the deployment
 *
 * Asks where the report goes, and writes it there.
 */
void
eros_export_ask (GtkWidget *widget, ErosDeployment *deployment)
{
  ErosFileFilter filter = { _ ("PDF documents"), "*.pdf" };
  g_autofree char *name = g_strdup_printf ("%s.pdf", eros_deployment_get_id (deployment));

  g_object_set_data_full (G_OBJECT (widget), "eros-exported", g_object_ref (deployment), g_object_unref);
  eros_compat_save_file_async (GTK_WINDOW (gtk_widget_get_root (widget)), _ ("Export the Report"), name,
                               &filter, NULL, chosen_cb, g_object_ref (widget));
}
