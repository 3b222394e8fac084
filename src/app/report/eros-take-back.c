/* eros-take-back.c: a report that was signed elsewhere comes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-take-back.h"

#include <glib/gi18n-lib.h>

#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-reason.h"
#include "eros-returned.h"

#define TAKING "eros-take-back"

typedef struct
{
  GtkWidget *widget; /* where it is asked for */
  ErosDeployment *deployment;
  ErosReturned *returned; /* (nullable): not read yet */
} Taking;

static void take (Taking *taking, const char *reason);

static void
taking_free (gpointer data)
{
  Taking *taking = data;

  g_object_unref (taking->widget);
  g_object_unref (taking->deployment);
  g_clear_pointer (&taking->returned, eros_returned_free);
  g_free (taking);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Taking, taking_free)

static Taking *
taking_new (GtkWidget *widget, ErosDeployment *deployment)
{
  Taking *taking = g_new0 (Taking, 1);

  taking->widget = g_object_ref (widget);
  taking->deployment = g_object_ref (deployment);
  return taking;
}

static void
tell (Taking *taking, GPtrArray *taken)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < taken->len; i++)
    {
      const ErosReportSignature *signature = taken->pdata[i];

      if (text->len > 0)
        g_string_append_c (text, '\n');
      /* Translators: a role, a name */
      g_string_append_printf (text, _ ("%s: signed by %s"), signature->title, signature->name);
    }
  eros_feedback_toast (taking->widget, taken->len > 0
                                         ? text->str
                                         : _ ("There is no signature in it that is not on record already."));
}

static void
reason_given_cb (GtkWidget *widget, const char *reason)
{
  take (g_object_steal_data (G_OBJECT (widget), TAKING), reason);
}

/* What speaks against it is decided upon, as for a sign-off here. Takes over TAKING. */
static void
ask_for_reason (Taking *taking, const GError *error)
{
  GtkWidget *widget = taking->widget;

  g_object_set_data_full (G_OBJECT (widget), TAKING, taking, taking_free);
  eros_reason_ask (widget, _ ("Take Signatures All the Same?"), error->message, "take", _ ("_Take"),
                   reason_given_cb);
}

/* Takes over OWNED. */
static void
take (Taking *owned, const char *reason)
{
  g_autoptr (Taking) taking = owned;
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GError) error = NULL;

  if (eros_returned_take (taking->returned, taking->deployment, reason, &taken, &error))
    tell (taking, taken);
  else if (g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    ask_for_reason (g_steal_pointer (&taking), error);
  else
    eros_feedback_error (taking->widget, _ ("Signatures Not Taken"), error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Taking) taking = user_data;
  g_autoptr (GError) error = NULL;

  taking->returned = eros_returned_read_finish (result, &error);
  if (taking->returned != NULL)
    take (g_steal_pointer (&taking), "");
  else
    eros_feedback_error (taking->widget, _ ("Signatures Not Taken"), error);
}

/**
 * eros_take_back_file:
 * @widget: where it is asked for
 * @deployment: one that can be written
 * @file: a report of it
 *
 * Verifies @file off the main thread, and makes each signature in a box the sign-off that the box is for.
 */
void
eros_take_back_file (GtkWidget *widget, ErosDeployment *deployment, GFile *file)
{
  eros_returned_read_async (file, NULL, read_cb, taking_new (widget, deployment));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Taking) taking = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file != NULL)
    eros_take_back_file (taking->widget, taking->deployment, file);
  else
    eros_feedback_error (taking->widget, _ ("Signatures Not Taken"), error);
}

/**
 * eros_take_back_ask:
 * @widget: where it is asked for
 * @deployment: one that can be written
 *
 * Asks for the report that came back, and takes it.
 */
void
eros_take_back_ask (GtkWidget *widget, ErosDeployment *deployment)
{
  ErosFileFilter filter = { _ ("PDF documents"), "*.pdf" };

  eros_compat_open_file_async (GTK_WINDOW (gtk_widget_get_root (widget)), _ ("Take a Signed Report Back"),
                               &filter, NULL, chosen_cb, taking_new (widget, deployment));
}
