/* eros-connection-button.c: how a deployment reaches BigQuery: who is signed in, how fast it answers, whether
 * it works
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-connection-button.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-connections.h"
#include "eros-format.h"
#include "eros-sign-in-row.h"
#include "eros-test-row.h"

struct _ErosConnectionButton
{
  AdwBin parent_instance;

  ErosSession *session;
  ErosConnection *known; /* (nullable): the one of the settings, while the deployment has none at work */

  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *trouble;
  GtkLabel *name;
  GtkLabel *where;
  GtkLabel *state;
  ErosSignInRow *sign_in;
  ErosTestRow *test;
};

G_DEFINE_FINAL_TYPE (ErosConnectionButton, eros_connection_button, ADW_TYPE_BIN)

static const ErosDeploymentSetup *
get_setup (ErosConnectionButton *self)
{
  return eros_deployment_get_setup (eros_session_get_deployment (self->session));
}

static const char *
get_name (ErosConnectionButton *self)
{
  const ErosDeploymentSetup *setup = get_setup (self);

  if (setup->environment == EROS_ENVIRONMENT_REHEARSAL)
    return _ ("The BigQuery in the box");
  return setup->profile != NULL && *setup->profile != '\0' ? setup->profile : setup->project;
}

/* (transfer none) (nullable): the one at work, or else the one that is set up */
static ErosConnection *
get_connection (ErosConnectionButton *self)
{
  ErosConnection *at_work = eros_session_get_connection (self->session);

  return at_work != NULL ? at_work : self->known;
}

/* Without trouble the icon is enough; its name and its tooltip say the rest. */
static void
show_trouble (ErosConnectionButton *self)
{
  gboolean offline = eros_session_get_offline (self->session);
  const char *waiting = eros_session_get_waiting (self->session);
  const char *text = offline ? _ ("Offline") : waiting != NULL ? _ ("Waiting for an answer") : NULL;
  const char *tooltip = waiting != NULL ? waiting
                        : offline ? _ ("No server can be reached. Work waits, and goes on when one can.")
                                  : _ ("Connection: sign in, test, change");
  g_autofree char *name = g_strdup_printf (_ ("Connection: %s"), text != NULL ? text : get_name (self));

  gtk_image_set_from_icon_name (self->icon, offline ? "network-offline-symbolic" : "network-server-symbolic");
  gtk_label_set_text (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tooltip);
  eros_accessible_set_name (GTK_WIDGET (self->button), name);
  eros_accessible_set_name (gtk_widget_get_first_child (GTK_WIDGET (self->button)), name);
  eros_accessible_set_description (GTK_WIDGET (self->button), tooltip);
}

static char *
describe_state (ErosConnectionButton *self)
{
  ErosConnection *connection = get_connection (self);
  gint64 latency = connection != NULL ? eros_connection_get_latency (connection) : 0;
  g_autofree char *taken = eros_format_duration (latency);

  if (eros_session_get_waiting (self->session) != NULL)
    return g_strdup (eros_session_get_waiting (self->session));
  if (eros_session_get_offline (self->session))
    return g_strdup (_ ("No server can be reached. Work waits, and goes on when one can."));
  if (connection == NULL)
    return g_strdup (
      get_setup (self)->environment == EROS_ENVIRONMENT_REHEARSAL
        ? _ ("It starts when there is work for it.")
        : _ ("It is not set up on this computer. Set it up under the same name with New Deployment."));
  /* Translators: how long the last request took */
  return latency > 0 ? g_strdup_printf (_ ("The last answer came after %s."), taken)
                     : g_strdup (_ ("Nothing was asked yet."));
}

static ErosConnection *
find_connection (gpointer user_data)
{
  ErosConnection *connection = get_connection (user_data);

  return connection != NULL ? g_object_ref (connection) : NULL;
}

/* What is asked of the keyring or the settings is asked when somebody looks. */
static void
show_details (ErosConnectionButton *self)
{
  const ErosDeploymentSetup *setup = get_setup (self);
  gboolean rehearsal = setup->environment == EROS_ENVIRONMENT_REHEARSAL;
  g_autofree char *where = g_strdup_printf ("%s.%s", setup->project, setup->dataset);
  g_autofree char *state = NULL;
  ErosConnection *connection;

  g_clear_object (&self->known);
  if (!rehearsal)
    self->known = eros_connections_for_setup (setup, NULL);
  connection = get_connection (self);
  state = describe_state (self);
  gtk_label_set_text (self->name, get_name (self));
  gtk_label_set_text (self->where, where);
  gtk_label_set_text (self->state, state);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in),
                          connection != NULL &&
                            eros_connection_get_sign_in (connection) != EROS_SIGN_IN_NONE);
  if (connection != NULL)
    eros_sign_in_row_set_connection (self->sign_in, connection);
  eros_test_row_set_allowed (self->test, connection != NULL);
}

static void
eros_connection_button_dispose (GObject *object)
{
  ErosConnectionButton *self = EROS_CONNECTION_BUTTON (object);

  g_clear_object (&self->known);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_connection_button_parent_class)->dispose (object);
}

static void
eros_connection_button_class_init (ErosConnectionButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_connection_button_dispose;

  g_type_ensure (EROS_TYPE_SIGN_IN_ROW);
  g_type_ensure (EROS_TYPE_TEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/connection-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, button);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, trouble);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, name);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, where);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, state);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, sign_in);
  gtk_widget_class_bind_template_child (widget_class, ErosConnectionButton, test);
  gtk_widget_class_bind_template_callback (widget_class, show_details);
}

static void
eros_connection_button_init (ErosConnectionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  eros_test_row_set_source (self->test, find_connection, self);
}

/**
 * eros_connection_button_set_session:
 * @self: a button
 * @session: an open deployment
 *
 * Shows how @session reaches BigQuery.
 */
void
eros_connection_button_set_session (ErosConnectionButton *self, ErosSession *session)
{
  g_return_if_fail (EROS_IS_CONNECTION_BUTTON (self));

  g_set_object (&self->session, session);
  g_signal_connect_object (session, "notify::offline", G_CALLBACK (show_trouble), self, G_CONNECT_SWAPPED);
  show_trouble (self);
}
