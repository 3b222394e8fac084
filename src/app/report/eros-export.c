/* eros-export.c: writes the signed report to where the person wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-export.h"

#include <glib/gi18n-lib.h>

#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-identity.h"
#include "eros-mail.h"
#include "eros-report.h"
#include "eros-text.h"

#define EXPORT "eros-export"

typedef struct
{
  GtkWidget *widget; /* where it is asked for */
  ErosDeployment *deployment;
  GFile *file;
  char *person; /* whom the certificate names */
  ErosSigner *signer;
  gboolean keep;    /* a key that is made stays in the keyring */
  gboolean is_kept; /* the key is there */
  gboolean mail;    /* it is then sent to whoever signs it */
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->widget);
  g_object_unref (export->deployment);
  g_clear_object (&export->file);
  g_clear_object (&export->signer);
  g_free (export->person);
  g_free (export);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

/* What those do who sign, in words that stand by themselves in their mail. */
static void
write_mail (Export *export)
{
  const char *name = eros_deployment_get_setup (export->deployment)->name;
  /* Translators: a deployment */
  g_autofree char *subject = eros_text_format (_ ("Please sign the report of %s"), name);
  g_autofree char *file = g_file_get_basename (export->file);
  g_autofree char *body = eros_text_format (
    /* Translators: an e-mail; a deployment, the name of a PDF, the same, the same */
    _ ("The report of %s is attached: %s.\n\n"
       "1. Read it.\n"
       "2. Open it with Eros Deploy, which says whether it is as it was signed, and choose “Countersign…”. "
       "In a terminal: eros-deploy verify %s; eros-deploy sign %s --as ROLE\n"
       "3. Send the signed file back. It then counts as your sign-off."),
    name, file, file, file);

  eros_mail_compose (export->widget, subject, body, export->file);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  if (!eros_report_write_finish (result, &error))
    {
      eros_feedback_error (export->widget, _ ("Report Not Exported"), error);
      return;
    }
  eros_feedback_toast (export->widget,
                       export->is_kept ? _ ("Report exported and signed")
                                       : _ ("Report exported and signed, with a key for this report alone"));
  if (export->mail)
    write_mail (export);
}

/* Another key than before goes on record first, so that the report itself says so. Takes export. */
static void
write_report (Export *owned)
{
  g_autoptr (Export) export = owned;
  g_autoptr (GError) error = NULL;
  ErosJournal *journal = eros_deployment_get_journal (export->deployment);

  if (eros_journal_is_writable (journal) &&
      eros_identity_is_new (export->deployment, export->person, export->signer, export->is_kept) &&
      !eros_identity_record (export->deployment, export->person, export->signer, &error))
    {
      eros_feedback_error (export->widget, _ ("Report Not Exported"), error);
      return;
    }
  eros_report_write_async (export->deployment, export->file, export->signer, EROS_PAPER_A4, NULL, written_cb,
                           export);
  g_steal_pointer (&export);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  export->signer = eros_identity_make_finish (result, &error);
  if (export->signer != NULL)
    {
      export->is_kept = export->keep;
      write_report (g_steal_pointer (&export));
    }
  else
    eros_feedback_error (export->widget, _ ("Report Not Exported"), error);
}

/* Takes export. */
static void
make_key (Export *export)
{
  eros_identity_make_async (export->person, export->keep, NULL, made_cb, export);
}

static void
answered_cb (GtkWidget *question, const char *response, gpointer user_data)
{
  g_autoptr (Export) export = g_object_steal_data (G_OBJECT (question), EXPORT);

  if (!g_str_equal (response, "sign"))
    return;
  if (export->signer != NULL)
    write_report (g_steal_pointer (&export));
  else
    make_key (g_steal_pointer (&export));
}

/* Nobody's identity changes without their knowing. Takes export. */
static void
ask_for_change (Export *export, const char *heading, const char *why, const char *answer)
{
  const char *recorded = eros_identity_get_recorded (export->deployment, export->person);
  /* Translators: a sentence; the fingerprint of a certificate */
  g_autofree char *body =
    recorded != NULL ? g_strdup_printf (_ ("%s\n\nSo far %s has signed reports of this deployment with the "
                                           "certificate %s. Whoever compares fingerprints will see another."),
                                        why, export->person, recorded)
                     : g_strdup (why);
  GtkWidget *question = eros_compat_question_new (heading, body);

  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "sign", answer, ADW_RESPONSE_DEFAULT);
  g_object_set_data_full (G_OBJECT (question), EXPORT, export, (GDestroyNotify) export_free);
  g_signal_connect (question, "response", G_CALLBACK (answered_cb), NULL);
  eros_compat_question_present (question, export->widget);
}

/* Takes export. */
static void
go_on_with (Export *export, ErosIdentityState state, const char *why)
{
  gboolean is_known = eros_identity_get_recorded (export->deployment, export->person) != NULL;

  export->is_kept = state == EROS_IDENTITY_KEPT;
  export->keep = state != EROS_IDENTITY_UNKNOWN && state != EROS_IDENTITY_NO_KEYRING;
  if (state == EROS_IDENTITY_KEPT && is_known &&
      eros_identity_is_new (export->deployment, export->person, export->signer, TRUE))
    ask_for_change (export, _ ("Sign with Another Key?"),
                    _ ("The key in this keyring is not the one that was used before."), _ ("_Sign"));
  else if (state == EROS_IDENTITY_KEPT)
    write_report (export);
  else if ((state == EROS_IDENTITY_NONE || state == EROS_IDENTITY_NO_KEYRING) && !is_known)
    make_key (export); /* the first time, or where no key can be kept: that takes no other's place */
  else if (!export->keep)
    ask_for_change (export, _ ("Sign Without Your Key?"), why, _ ("_Sign with a Key for This Report Alone"));
  else
    ask_for_change (export, _ ("Make a New Key?"), why, _ ("_Make a New Key and Sign"));
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  ErosIdentityState state;

  if (eros_identity_find_finish (result, &state, &export->signer, &why, &error))
    go_on_with (g_steal_pointer (&export), state, why);
  else
    eros_feedback_error (export->widget, _ ("Report Not Exported"), error);
}

/* Writes the report as a PDF, signed by the person at the keyboard with the key that is kept in the
 * keyring; the first time, one is made. Whenever that would be another key than before, the person is
 * asked, and it goes on record. */
static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  export->file = eros_compat_choose_file_finish (result, &error);
  if (export->file == NULL)
    {
      eros_feedback_error (export->widget, _ ("Report Not Exported"), error);
      return;
    }
  export->person = eros_identity_get_person (eros_deployment_get_actor (export->deployment));
  eros_feedback_toast (export->widget, _ ("Exporting…"));
  eros_identity_find_async (export->person, NULL, found_cb, export);
  g_steal_pointer (&export);
}

static Export *
export_new (GtkWidget *widget, ErosDeployment *deployment)
{
  Export *export = g_new0 (Export, 1);

  export->widget = g_object_ref (widget);
  export->deployment = g_object_ref (deployment);
  return export;
}

/* Takes over EXPORT. */
static void
ask_where (Export *export)
{
  ErosFileFilter filter = { _ ("PDF documents"), "*.pdf" };
  g_autofree char *name = g_strdup_printf ("%s.pdf", eros_deployment_get_id (export->deployment));

  eros_compat_save_file_async (GTK_WINDOW (gtk_widget_get_root (export->widget)), _ ("Export the Report"),
                               name, &filter, NULL, chosen_cb, export);
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
  ask_where (export_new (widget, deployment));
}

static void
way_chosen_cb (GtkWidget *question, const char *response, gpointer user_data)
{
  g_autoptr (Export) export = g_object_steal_data (G_OBJECT (question), EXPORT);

  if (g_str_equal (response, "cancel"))
    return;
  export->mail = g_str_equal (response, "mail");
  ask_where (g_steal_pointer (&export));
}

/**
 * eros_export_ask_to_sign:
 * @widget: where it is asked for
 * @deployment: the deployment
 *
 * Writes the report for those who sign it elsewhere, and begins an e-mail to them where that is wanted.
 */
void
eros_export_ask_to_sign (GtkWidget *widget, ErosDeployment *deployment)
{
  GtkWidget *question = eros_compat_question_new (
    _ ("Ask to Sign"),
    _ ("The report is saved as a PDF that has a box for each role. Whoever signs needs nothing else: they "
       "open it with Eros Deploy, choose “Countersign…” and send it back. “Take a Signed Report Back…” then "
       "makes it their sign-off. Several can sign copies, in any order."));

  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "save", _ ("_Save…"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "mail", _ ("Save and Write an _E-Mail…"), ADW_RESPONSE_SUGGESTED);
  g_object_set_data_full (G_OBJECT (question), EXPORT, export_new (widget, deployment),
                          (GDestroyNotify) export_free);
  g_signal_connect (question, "response", G_CALLBACK (way_chosen_cb), NULL);
  eros_compat_question_present (question, widget);
}
