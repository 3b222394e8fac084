/* eros-reason.c: a question that wants a reason
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-reason.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"

typedef struct
{
  GtkWidget *question;
  GtkEditable *entry;
  char *response;
  ErosReasonFunc given;
} Asked;

static void
asked_free (gpointer data, GClosure *closure)
{
  Asked *asked = data;

  g_free (asked->response);
  g_free (asked);
}

static char *
text_of (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
changed_cb (GtkEditable *entry, Asked *asked)
{
  g_autofree char *reason = text_of (entry);

  eros_compat_question_set_enabled (asked->question, asked->response, reason[0] != '\0');
}

static void
answered_cb (GtkWidget *question, const char *response, Asked *asked)
{
  g_autoptr (GtkWidget) widget = g_weak_ref_get (g_object_get_data (G_OBJECT (question), "widget"));
  g_autofree char *reason = text_of (asked->entry);

  if (widget != NULL && g_str_equal (response, asked->response))
    asked->given (widget, reason);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/**
 * eros_reason_ask:
 * @widget: what it is about
 * @heading: what is asked
 * @body: more about it
 * @response: the id of the answer that does it
 * @label: that answer’s wording, with a mnemonic
 * @given: called with the reason when that is the answer
 *
 * Asks for a reason. Without one there is only “Cancel”.
 */
void
eros_reason_ask (GtkWidget *widget,
                 const char *heading,
                 const char *body,
                 const char *response,
                 const char *label,
                 ErosReasonFunc given)
{
  Asked *asked = g_new0 (Asked, 1);
  GWeakRef *about = g_new0 (GWeakRef, 1);
  GtkWidget *entry = gtk_entry_new ();

  asked->question = eros_compat_question_new (heading, body);
  asked->entry = GTK_EDITABLE (entry);
  asked->response = g_strdup (response);
  asked->given = given;
  g_weak_ref_init (about, widget);
  g_object_set_data_full (G_OBJECT (asked->question), "widget", about, weak_ref_free);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Reason"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  eros_accessible_set_name (entry, _ ("Reason"));
  eros_compat_question_add (asked->question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (asked->question, response, label, ADW_RESPONSE_SUGGESTED);
  eros_compat_question_set_enabled (asked->question, response, FALSE);
  eros_compat_question_set_child (asked->question, entry);
  g_signal_connect (entry, "changed", G_CALLBACK (changed_cb), asked);
  g_signal_connect_data (asked->question, "response", G_CALLBACK (answered_cb), asked, asked_free, 0);
  eros_compat_question_present (asked->question, widget);
  gtk_widget_grab_focus (entry);
}
