/* eros-connection-row.c: a connection that was set up: sign in and out, try it, remove it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-connection-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-connections.h"
#include "eros-controller.h"
#include "eros-feedback.h"
#include "eros-finding-row.h"
#include "eros-limits-row.h"
#include "eros-sign-in-row.h"
#include "eros-sign-in.h"

struct _ErosConnectionRow
{
  AdwExpanderRow parent_instance;

  ErosConnection *connection;
  GCancellable *testing; /* (nullable) */
  GPtrArray *findings;   /* of GtkWidget: the rows of the last test */

  GtkLabel *project;
  GtkLabel *dataset;
  GtkLabel *location;
  GtkLabel *bucket;
  ErosLimitsRow *limits;
  ErosSignInRow *sign_in;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (ErosConnectionRow, eros_connection_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clear_findings (ErosConnectionRow *self)
{
  for (guint i = 0; i < self->findings->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->findings, i));
  g_ptr_array_set_size (self->findings, 0);
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConnectionRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) findings = eros_connection_test_finish (EROS_CONNECTION (source), result, &error);

  g_clear_object (&self->testing);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connection.test", TRUE);
  if (findings == NULL)
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Connection Not Tested"), error);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      GtkWidget *row = eros_finding_row_new (finding, NULL);

      g_ptr_array_add (self->findings, row);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
    }
}

static void
test_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosConnectionRow *self = EROS_CONNECTION_ROW (widget);

  clear_findings (self);
  self->testing = g_cancellable_new ();
  gtk_spinner_set_spinning (self->spinner, TRUE);
  gtk_widget_action_set_enabled (widget, "connection.test", FALSE);
  eros_connection_test_async (self->connection, self->testing, tested_cb, g_object_ref (self));
}

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConnectionRow) self = user_data;
  g_autoptr (GError) error = NULL;

  /* Without its secret a connection may go; a secret must not stay behind without its connection. */
  if (!eros_sign_out_finish (result, &error))
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Connection Not Removed"), error);
      return;
    }
  eros_connections_remove (eros_connection_get_name (self->connection));
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0);
}

static void
answered_cb (GtkWidget *question, const char *response, ErosConnectionRow *self)
{
  if (g_str_equal (response, "remove"))
    eros_sign_out_async (self->connection, NULL, signed_out_cb, g_object_ref (self));
}

static void
remove_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosConnectionRow *self = EROS_CONNECTION_ROW (widget);
  g_autofree char *heading =
    g_strdup_printf (_ ("Remove “%s”?"), eros_connection_get_name (self->connection));
  GtkWidget *question =
    eros_compat_question_new (heading, _ ("Its key or sign-in is taken out of the keyring. Deployments that "
                                          "were made with it stay, and can go on "
                                          "when a connection of this name is set up again."));

  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "remove", _ ("_Remove"), ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (answered_cb), self, 0);
  eros_compat_question_present (question, widget);
}

/* Whatever else of it has been changed elsewhere meanwhile stays. */
static void
limits_left_cb (ErosConnectionRow *self)
{
  g_autoptr (ErosConnection) stored =
    self->connection != NULL ? eros_connections_find (eros_connection_get_name (self->connection)) : NULL;

  if (stored == NULL)
    return;
  eros_limits_row_apply (self->limits, self->connection);
  eros_limits_row_apply (self->limits, stored);
  eros_connections_store (stored);
}

static void
eros_connection_row_dispose (GObject *object)
{
  ErosConnectionRow *self = EROS_CONNECTION_ROW (object);

  g_cancellable_cancel (self->testing);
  g_clear_object (&self->testing);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->findings, g_ptr_array_unref);

  G_OBJECT_CLASS (eros_connection_row_parent_class)->dispose (object);
}

static void
eros_connection_row_class_init (ErosConnectionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_connection_row_dispose;

  signals[SIGNAL_REMOVED] = g_signal_new ("removed", EROS_TYPE_CONNECTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (EROS_TYPE_LIMITS_ROW);
  g_type_ensure (EROS_TYPE_SIGN_IN_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/connection-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, project);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, dataset);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, location);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, bucket);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, limits);
  gtk_widget_class_bind_template_callback (widget_class, limits_left_cb);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, spinner);
  gtk_widget_class_install_action (widget_class, "connection.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "connection.remove", NULL, remove_action);
}

static void
eros_connection_row_init (ErosConnectionRow *self)
{
  self->findings = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

static void
show_fact (GtkLabel *label, const char *text, const char *otherwise)
{
  gtk_label_set_text (label, text != NULL && *text != '\0' ? text : otherwise);
}

/**
 * eros_connection_row_new:
 * @connection: one from the settings
 *
 * Makes the row of a connection: where it goes, and inside its limits, who it is signed in as, a test, and
 * its removal.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_connection_row_new (ErosConnection *connection)
{
  ErosConnectionRow *self = g_object_new (EROS_TYPE_CONNECTION_ROW, NULL);
  const char *name = eros_connection_get_name (connection);
  const char *environment = eros_connection_get_environment (connection);
  g_autofree char *where = g_strdup_printf ("%s.%s", eros_connection_get_project (connection),
                                            eros_connection_get_dataset (connection));
  g_autofree char *subtitle =
    /* Translators: an environment, a project with its data set */
    g_strdup_printf (_ ("%1$s: %2$s"),
                     g_strcmp0 (environment, "production") == 0 ? _ ("Production") : _ ("Staging"), where);
  g_autofree char *title = g_markup_escape_text (name != NULL ? name : "", -1);
  g_autofree char *escaped = g_markup_escape_text (subtitle, -1);

  self->connection = g_object_ref (connection);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), escaped);
  eros_accessible_set_name (GTK_WIDGET (self), name);
  eros_accessible_describe (GTK_WIDGET (self), subtitle, FALSE);
  show_fact (self->project, eros_connection_get_project (connection), "");
  show_fact (self->dataset, eros_connection_get_dataset (connection), "");
  show_fact (self->location, eros_connection_get_location (connection), _ ("As the dataset’s"));
  show_fact (self->bucket, eros_connection_get_bucket (connection), _ ("None"));
  eros_limits_row_show (self->limits, connection);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in),
                          eros_connection_get_sign_in (connection) != EROS_SIGN_IN_NONE);
  eros_sign_in_row_set_connection (self->sign_in, connection);
  return GTK_WIDGET (self);
}
