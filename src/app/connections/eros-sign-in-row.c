/* eros-sign-in-row.c: who a connection is signed in as, and how to change that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sign-in-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-sign-in.h"

struct _ErosSignInRow
{
  AdwActionRow parent_instance;

  ErosConnection *connection; /* (nullable) */
  GCancellable *describing;   /* (nullable) */
  GCancellable *working;      /* (nullable): of a sign-in or sign-out under way */
  gboolean is_signed_in;

  GtkSpinner *spinner;
  GtkButton *sign_in;
  GtkButton *stop;
  GtkButton *sign_out;
};

G_DEFINE_FINAL_TYPE (ErosSignInRow, eros_sign_in_row, ADW_TYPE_ACTION_ROW)

static void
show_text (ErosSignInRow *self, const char *text)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  eros_accessible_describe (GTK_WIDGET (self), text, FALSE);
}

/* A key and a Google account can be given and taken back here; what the system has is the system's. */
static void
update (ErosSignInRow *self)
{
  ErosSignIn kind =
    self->connection != NULL ? eros_connection_get_sign_in (self->connection) : EROS_SIGN_IN_NONE;
  gboolean ours = kind == EROS_SIGN_IN_SERVICE_ACCOUNT || kind == EROS_SIGN_IN_GOOGLE_ACCOUNT;
  gboolean working = self->working != NULL;
  const char *label = kind == EROS_SIGN_IN_SERVICE_ACCOUNT ? _ ("Choose _Key File…") : _ ("Sign _In…");

  gtk_button_set_label (self->sign_in, label);
  eros_accessible_name_all (GTK_WIDGET (self->sign_in));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), working);
  gtk_spinner_set_spinning (self->spinner, working);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in), ours && !working);
  gtk_widget_set_visible (GTK_WIDGET (self->stop), working);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_out), ours && !working && self->is_signed_in);
}

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSignInRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *who = eros_sign_in_describe_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_signed_in = who != NULL;
  show_text (self, who != NULL ? who : error->message);
  update (self);
}

static void
describe (ErosSignInRow *self)
{
  g_cancellable_cancel (self->describing);
  g_clear_object (&self->describing);
  self->is_signed_in = FALSE;
  update (self);
  if (self->connection == NULL)
    {
      show_text (self,
                 _ ("Give the connection a name first: what is secret is kept in the keyring under it."));
      return;
    }
  self->describing = g_cancellable_new ();
  eros_sign_in_describe_async (self->connection, self->describing, described_cb, g_object_ref (self));
}

static void
done (ErosSignInRow *self, const char *heading, const GError *error)
{
  g_clear_object (&self->working);
  if (error != NULL)
    eros_feedback_error (GTK_WIDGET (self), heading, error);
  describe (self);
}

static void
keyed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSignInRow) self = user_data;
  g_autoptr (GError) error = NULL;

  eros_sign_in_with_key_finish (result, NULL, &error);
  done (self, _ ("Not Signed In"), error);
}

static void
agreed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSignInRow) self = user_data;
  g_autoptr (GError) error = NULL;

  eros_sign_in_with_google_finish (result, &error);
  done (self, _ ("Not Signed In"), error);
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSignInRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file == NULL || self->connection == NULL || self->working != NULL)
    return;
  self->working = g_cancellable_new ();
  if (eros_connection_get_sign_in (self->connection) == EROS_SIGN_IN_SERVICE_ACCOUNT)
    eros_sign_in_with_key_async (self->connection, file, self->working, keyed_cb, g_object_ref (self));
  else
    {
      show_text (self, _ ("Waiting until you have agreed in the browser…"));
      eros_sign_in_with_google_async (self->connection, file, NULL, NULL, self->working, agreed_cb,
                                      g_object_ref (self));
    }
  update (self);
}

static void
sign_in_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSignInRow *self = EROS_SIGN_IN_ROW (widget);
  ErosFileFilter filter = { _ ("JSON files"), "*.json" };
  gboolean key;

  if (self->connection == NULL)
    return;
  key = eros_connection_get_sign_in (self->connection) == EROS_SIGN_IN_SERVICE_ACCOUNT;
  eros_compat_open_file_async (GTK_WINDOW (gtk_widget_get_root (widget)),
                               key ? _ ("Key File of a Service Account")
                                   : _ ("OAuth Client for Desktop Apps, from Google’s Console"),
                               &filter, NULL, file_chosen_cb, g_object_ref (self));
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_cancellable_cancel (EROS_SIGN_IN_ROW (widget)->working);
}

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosSignInRow) self = user_data;
  g_autoptr (GError) error = NULL;

  eros_sign_out_finish (result, &error);
  done (self, _ ("Not Signed Out"), error);
}

static void
sign_out_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSignInRow *self = EROS_SIGN_IN_ROW (widget);

  if (self->connection == NULL || self->working != NULL)
    return;
  self->working = g_cancellable_new ();
  update (self);
  eros_sign_out_async (self->connection, self->working, signed_out_cb, g_object_ref (self));
}

static void
eros_sign_in_row_dispose (GObject *object)
{
  ErosSignInRow *self = EROS_SIGN_IN_ROW (object);

  g_cancellable_cancel (self->describing);
  g_cancellable_cancel (self->working);
  g_clear_object (&self->describing);
  g_clear_object (&self->working);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (eros_sign_in_row_parent_class)->dispose (object);
}

static void
eros_sign_in_row_class_init (ErosSignInRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_sign_in_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/sign-in-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosSignInRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ErosSignInRow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, ErosSignInRow, stop);
  gtk_widget_class_bind_template_child (widget_class, ErosSignInRow, sign_out);
  gtk_widget_class_install_action (widget_class, "sign-in.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "sign-in.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "sign-in.sign-out", NULL, sign_out_action);
}

static void
eros_sign_in_row_init (ErosSignInRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  update (self);
}

/**
 * eros_sign_in_row_new:
 *
 * Makes a row without a connection.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sign_in_row_new (void)
{
  return g_object_new (EROS_TYPE_SIGN_IN_ROW, NULL);
}

/**
 * eros_sign_in_row_set_connection:
 * @self: a row
 * @connection: (nullable): a connection with a name; %NULL while there is none
 *
 * Shows who @connection is signed in as. What is given or taken back here is in the keyring at once.
 */
void
eros_sign_in_row_set_connection (ErosSignInRow *self, ErosConnection *connection)
{
  g_return_if_fail (EROS_IS_SIGN_IN_ROW (self));

  /* Somebody else's answer must not be taken for this one's. */
  g_cancellable_cancel (self->working);
  g_set_object (&self->connection, connection);
  describe (self);
}
