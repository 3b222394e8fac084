/* eros-countersign.c: signs a report in one of its boxes
 *
 * One question after the other: as whom and with which key, where that key is, its password, where the signed
 * report goes. Nothing is written before the last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-countersign.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-identity.h"
#include "eros-report-boxes.h"
#include "eros-settings.h"

#define SIGNING "eros-countersign"

typedef enum
{
  KEY_OF_KEYRING,
  KEY_IN_FILE,
  KEY_ON_TOKEN,
} KeyPlace;

typedef struct
{
  GtkWidget *widget; /* where it is asked for */
  GFile *report;
  GPtrArray *names;   /* of char *: boxes that are free, as in the file */
  char *box;          /* the one that is signed in */
  char *person;       /* whose key */
  char *where;        /* (nullable): the key’s file or address */
  ErosSigner *signer; /* (nullable) */
  GFile *output;      /* (nullable) */

  /* In the questions. */
  GtkDropDown *roles;
  GtkDropDown *keys;
  GtkEditable *name;
  GtkEditable *label; /* of a key on a token */
  GtkEditable *password;
} Signing;

static void
signing_free (gpointer data)
{
  Signing *signing = data;

  g_object_unref (signing->widget);
  g_object_unref (signing->report);
  g_ptr_array_unref (signing->names);
  g_free (signing->box);
  g_free (signing->person);
  g_free (signing->where);
  g_clear_object (&signing->signer);
  g_clear_object (&signing->output);
  g_free (signing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Signing, signing_free)

static void
fail (Signing *signing, const GError *error)
{
  eros_feedback_error (signing->widget, _ ("Report Not Signed"), error);
}

/* ---- last: it is signed ---- */

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_file_get_uri (signing->output);
  const char *remark = eros_signer_get_remark (signing->signer);
  g_autofree char *text = NULL;

  if (!eros_report_countersign_finish (result, &error))
    {
      fail (signing, error);
      return;
    }
  if (remark != NULL)
    /* Translators: why there is no time stamp */
    text =
      g_strdup_printf (_ ("Signed without a time stamp, at the time of this computer’s clock: %s"), remark);
  eros_feedback_toast (signing->widget, text != NULL ? text : _ ("Signed: please send it back"));
  gtk_widget_activate_action (signing->widget, "verdict.open", "s", uri);
}

static void
placed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;

  signing->output = eros_compat_choose_file_finish (result, &error);
  if (signing->output == NULL)
    {
      fail (signing, error);
      return;
    }
  eros_report_countersign_async (signing->report, signing->signer, signing->box, signing->output, NULL,
                                 signed_cb, signing);
  g_steal_pointer (&signing);
}

/* Takes over SIGNING. */
static void
ask_where (Signing *signing)
{
  ErosFileFilter filter = { _ ("PDF documents"), "*.pdf" };
  g_autofree char *name = g_file_get_basename (signing->report);

  eros_compat_save_file_async (GTK_WINDOW (gtk_widget_get_root (signing->widget)),
                               _ ("Save the Signed Report"), name, &filter, NULL, placed_cb, signing);
}

/* ---- before that: the key ---- */

static void open_key (Signing *signing, const char *password);

static void
password_given_cb (GtkWidget *question, const char *response, gpointer user_data)
{
  g_autoptr (Signing) signing = g_object_steal_data (G_OBJECT (question), SIGNING);
  const char *password = gtk_editable_get_text (signing->password);

  if (g_str_equal (response, "open"))
    open_key (g_steal_pointer (&signing), password);
}

/* Takes over SIGNING. */
static void
ask_password (Signing *signing, const char *why)
{
  gboolean is_pin = eros_signer_is_on_token (signing->where);
  GtkWidget *question =
    eros_compat_question_new (is_pin ? _ ("PIN of the Token") : _ ("Password of the Key"), why);
  /* No GtkPasswordEntry: that of GTK 4.8 is told of its focus when it is gone already. */
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
  GtkWidget *entry = gtk_entry_new_with_buffer (buffer);

  signing->password = GTK_EDITABLE (entry);
  gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PASSWORD);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  eros_accessible_set_name (entry, is_pin ? _ ("PIN of the token") : _ ("Password of the key"));
  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "open", _ ("_Sign"), ADW_RESPONSE_SUGGESTED);
  eros_compat_question_set_child (question, entry);
  g_object_set_data_full (G_OBJECT (question), SIGNING, signing, signing_free);
  g_signal_connect (question, "response", G_CALLBACK (password_given_cb), NULL);
  eros_compat_question_present (question, signing->widget);
  gtk_widget_grab_focus (entry);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;

  signing->signer = eros_signer_open_finish (result, &error);
  if (signing->signer != NULL)
    ask_where (g_steal_pointer (&signing));
  else if (g_error_matches (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_PASSWORD))
    ask_password (g_steal_pointer (&signing), error->message);
  else
    fail (signing, error);
}

/* Takes over SIGNING. */
static void
open_key (Signing *signing, const char *password)
{
  eros_signer_open_async (signing->where, password, NULL, opened_cb, signing);
}

static void
key_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file == NULL)
    {
      fail (signing, error);
      return;
    }
  signing->where = g_file_get_path (file);
  open_key (g_steal_pointer (&signing), NULL);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;

  signing->signer = eros_identity_make_finish (result, &error);
  if (signing->signer != NULL)
    ask_where (g_steal_pointer (&signing));
  else
    fail (signing, error);
}

/* Where the keyring has none yet, one is made; it takes no other’s place. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Signing) signing = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  ErosIdentityState state;

  if (!eros_identity_find_finish (result, &state, &signing->signer, &why, &error))
    fail (signing, error);
  else if (signing->signer != NULL)
    ask_where (g_steal_pointer (&signing));
  else if (state == EROS_IDENTITY_NONE)
    {
      eros_identity_make_async (signing->person, TRUE, NULL, made_cb, signing);
      g_steal_pointer (&signing);
    }
  else
    {
      /* Translators: why the key of the keyring cannot be used, a sentence */
      g_set_error (&error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED, _ ("%s Choose a key in a file."),
                   why);
      fail (signing, error);
    }
}

/* ---- first: as whom, with which key ---- */

/* LABEL: what the key is named on its token, or its whole address; "": the only one. (transfer full) */
static char *
make_address (const char *label)
{
  g_autofree char *escaped = g_uri_escape_string (label, NULL, FALSE);

  if (eros_signer_is_on_token (label))
    return g_strdup (label);
  return g_strconcat ("pkcs11:", *label != '\0' ? "object=" : "", escaped, NULL);
}

static void
answered_cb (GtkWidget *question, const char *response, gpointer user_data)
{
  ErosFileFilter filter = { _ ("Keys (PKCS #12, PEM)"), "*.p12 *.pfx *.pem" };
  g_autoptr (Signing) signing = g_object_steal_data (G_OBJECT (question), SIGNING);

  if (!g_str_equal (response, "sign"))
    return;
  signing->box = g_strdup (signing->names->pdata[gtk_drop_down_get_selected (signing->roles)]);
  signing->person = eros_identity_get_person (gtk_editable_get_text (signing->name));
  switch ((KeyPlace) gtk_drop_down_get_selected (signing->keys))
    {
    case KEY_IN_FILE:
      eros_compat_open_file_async (GTK_WINDOW (gtk_widget_get_root (signing->widget)),
                                   _ ("The Key to Sign With"), &filter, NULL, key_chosen_cb, signing);
      break;
    case KEY_ON_TOKEN:
      signing->where = make_address (gtk_editable_get_text (signing->label));
      open_key (signing, NULL);
      break;
    case KEY_OF_KEYRING:
    default:
      eros_identity_find_async (signing->person, NULL, found_cb, signing);
    }
  g_steal_pointer (&signing);
}

static void
add_control (GtkBox *box, const char *label, GtkWidget *control)
{
  GtkWidget *caption = gtk_label_new (label);

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption-heading");
  eros_accessible_set_name (control, label);
  gtk_box_append (box, caption);
  gtk_box_append (box, control);
}

/* The name of the key matters only for one on a token. */
static void
place_chosen_cb (GtkDropDown *places, GParamSpec *property, GtkWidget *named)
{
  gtk_widget_set_visible (named, gtk_drop_down_get_selected (places) == KEY_ON_TOKEN);
}

static GtkWidget *
make_controls (Signing *signing, GtkStringList *titles)
{
  const char *const keys[] = { _ ("My key in the keyring"), _ ("A key in a file"),
                               _ ("A key on a smart card or another token"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *roles = gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
  GtkWidget *name = gtk_entry_new ();
  GtkWidget *places = gtk_drop_down_new_from_strings (keys);
  GtkWidget *named = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_entry_new ();
  g_autofree char *actor = eros_settings_get_actor ();
  g_autofree char *person = eros_identity_get_person (actor);

  gtk_editable_set_text (GTK_EDITABLE (name), person);
  signing->roles = GTK_DROP_DOWN (roles);
  signing->name = GTK_EDITABLE (name);
  signing->keys = GTK_DROP_DOWN (places);
  add_control (GTK_BOX (box), _ ("As"), roles);
  add_control (GTK_BOX (box), _ ("Your name"), name);
  signing->label = GTK_EDITABLE (label);
  add_control (GTK_BOX (box), _ ("With"), places);
  add_control (GTK_BOX (named), _ ("Its name on the token, if there are several"), label);
  gtk_widget_set_visible (named, FALSE);
  g_signal_connect (places, "notify::selected", G_CALLBACK (place_chosen_cb), named);
  gtk_box_append (GTK_BOX (box), named);
  return box;
}

/**
 * eros_countersign_ask:
 * @widget: where it is asked for; its “verdict.open” is given the signed report
 * @report: a report that is good
 * @boxes: (element-type ErosPdfBox): its boxes, one of which at least is free
 *
 * Asks as whom and with which key, and signs a copy of @report off the main thread.
 */
void
eros_countersign_ask (GtkWidget *widget, GFile *report, GPtrArray *boxes)
{
  GtkWidget *question = eros_compat_question_new (
    _ ("Countersign the Report"),
    _ ("Your signature is put into the box of your role. Read the report first: you vouch for all of it."));
  GtkStringList *titles = gtk_string_list_new (NULL);
  Signing *signing = g_new0 (Signing, 1);

  signing->widget = g_object_ref (widget);
  signing->report = g_object_ref (report);
  signing->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < boxes->len; i++)
    {
      const ErosPdfBox *box = boxes->pdata[i];

      if (box->is_signed)
        continue;
      g_ptr_array_add (signing->names, g_strdup (box->name));
      gtk_string_list_append (titles, box->title != NULL ? box->title : box->name);
    }
  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "sign", _ ("_Sign…"), ADW_RESPONSE_SUGGESTED);
  eros_compat_question_set_child (question, make_controls (signing, titles));
  g_object_set_data_full (G_OBJECT (question), SIGNING, signing, signing_free);
  g_signal_connect (question, "response", G_CALLBACK (answered_cb), NULL);
  eros_compat_question_present (question, widget);
}
