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
#include "eros-feedback.h"
#include "eros-form-row.h"
#include "eros-limits-row.h"
#include "eros-sign-in-row.h"
#include "eros-sign-in.h"
#include "eros-test-row.h"

struct _ErosConnectionRow
{
  AdwExpanderRow parent_instance;

  ErosConnection *connection;

  GtkLabel *project;
  GtkLabel *dataset;
  ErosFormRow *location;
  ErosFormRow *bucket;
  ErosFormRow *address;
  ErosLimitsRow *limits;
  ErosSignInRow *sign_in;
  ErosTestRow *test;
};

G_DEFINE_FINAL_TYPE (ErosConnectionRow, eros_connection_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ErosConnection *
get_connection (gpointer user_data)
{
  return g_object_ref (EROS_CONNECTION_ROW (user_data)->connection);
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

/* What will not do is said where it stands, and takes nothing away. */
static void
place_left_cb (ErosConnectionRow *self)
{
  const struct
  {
    const char *property;
    ErosFormRow *row;
  } places[] = { { "location", self->location }, { "bucket", self->bucket }, { "endpoint", self->address } };
  g_autoptr (ErosConnection) stored =
    self->connection != NULL ? eros_connections_find (eros_connection_get_name (self->connection)) : NULL;

  for (gsize i = 0; stored != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *text = g_strstrip (g_strdup (eros_form_row_get_text (places[i].row)));
      gboolean is_address = g_str_equal (places[i].property, "endpoint");

      if (eros_form_row_get_error (places[i].row) != NULL)
        continue;
      g_object_set (stored, places[i].property, is_address && *text == '\0' ? NULL : text, NULL);
      g_object_set (self->connection, places[i].property, is_address && *text == '\0' ? NULL : text, NULL);
    }
  if (stored != NULL)
    eros_connections_store (stored);
}

static void
eros_connection_row_dispose (GObject *object)
{
  ErosConnectionRow *self = EROS_CONNECTION_ROW (object);

  g_clear_object (&self->connection);

  G_OBJECT_CLASS (eros_connection_row_parent_class)->dispose (object);
}

static void
eros_connection_row_class_init (ErosConnectionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_connection_row_dispose;

  signals[SIGNAL_REMOVED] = g_signal_new ("removed", EROS_TYPE_CONNECTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (EROS_TYPE_FORM_ROW);
  g_type_ensure (EROS_TYPE_LIMITS_ROW);
  g_type_ensure (EROS_TYPE_SIGN_IN_ROW);
  g_type_ensure (EROS_TYPE_TEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/connection-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, project);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, dataset);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, location);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, bucket);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, limits);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, address);
  gtk_widget_class_bind_template_callback (widget_class, limits_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_left_cb);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionRow, test);
  gtk_widget_class_install_action (widget_class, "connection.remove", NULL, remove_action);
}

static void
eros_connection_row_init (ErosConnectionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  eros_form_row_set_check (self->location, eros_connections_check_part, (gpointer) "location");
  eros_form_row_set_check (self->bucket, eros_connections_check_part, (gpointer) "bucket");
  eros_form_row_set_check (self->address, eros_connections_check_address, NULL);
  eros_test_row_set_source (self->test, get_connection, self);
}

static void
show_fact (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
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
  show_fact (self->project, eros_connection_get_project (connection));
  show_fact (self->dataset, eros_connection_get_dataset (connection));
  g_object_set (self->location, "text", eros_connection_get_location (connection), NULL);
  g_object_set (self->bucket, "text", eros_connection_get_bucket (connection), NULL);
  g_object_set (self->address, "text", eros_connection_get_endpoint (connection), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->address),
                          eros_connection_get_sign_in (connection) == EROS_SIGN_IN_NONE);
  eros_limits_row_show (self->limits, connection);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in),
                          eros_connection_get_sign_in (connection) != EROS_SIGN_IN_NONE);
  eros_sign_in_row_set_connection (self->sign_in, connection);
  return GTK_WIDGET (self);
}
