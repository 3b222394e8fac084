/* test-notifications.c: what goes wrong is told to the desktop over the session bus, and taken back
 *
 * A notification service of the test's own hears what the program says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"

#include "eros-application.h"
#include "eros-criteria.h"

#define SECURITY "rollback.decision.security"

static const char interface[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' "
  "direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
  "<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>"
  "</interface></node>";

typedef struct
{
  GApplication *application;
  GDBusConnection *bus;
  char *summary, *body;
  GStrv actions;
  guint n, n_closed;
} Service;

static void
called_cb (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface_name,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Service *service = user_data;

  if (g_str_equal (method, "Notify"))
    {
      g_clear_pointer (&service->summary, g_free);
      g_clear_pointer (&service->body, g_free);
      g_clear_pointer (&service->actions, g_strfreev);
      g_variant_get (parameters, "(susss^asa{sv}i)", NULL, NULL, NULL, &service->summary, &service->body,
                     &service->actions, NULL, NULL);
      service->n++;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", service->n));
      return;
    }
  if (g_str_equal (method, "GetCapabilities"))
    {
      g_dbus_method_invocation_return_value (
        invocation, g_variant_new ("(^as)", (const char *[]){ "actions", "body", NULL }));
      return;
    }
  service->n_closed++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
named_cb (GDBusConnection *bus, const char *name, gpointer is_named)
{
  *(gboolean *) is_named = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

/* On a connection of its own, as another program would be. */
static void
serve (Service *service)
{
  static const GDBusInterfaceVTable table = { called_cb, NULL, NULL };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_named = FALSE;

  service->bus = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (service->bus, "/org/freedesktop/Notifications", node->interfaces[0],
                                     &table, service, NULL, &error);
  g_assert_no_error (error);
  g_bus_own_name_on_connection (service->bus, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE,
                                named_cb, NULL, &is_named, NULL);
  app_test_wait (is_true, &is_named);
}

static gboolean
has_told (gpointer service)
{
  return ((Service *) service)->n > 0;
}

/* The program knows its notification’s number when it has heard the answer: before another one that is asked
 * for later. */
static void
let_hear (Service *service)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  g_dbus_connection_flush_sync (service->bus, NULL, NULL);
  answer = g_dbus_connection_call_sync (g_application_get_dbus_connection (service->application),
                                        "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId", NULL,
                                        NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  app_test_settle ();
}

static gboolean
has_told_again (gpointer service)
{
  return ((Service *) service)->n > 1;
}

static gboolean
has_taken_back (gpointer service)
{
  return ((Service *) service)->n_closed > 0;
}

static gboolean
asks (gpointer unused)
{
  return app_test_get_question () != NULL;
}

static void
test_a_criterion_that_fires_is_told_and_taken_back (void)
{
  Service service = { 0 };
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (GError) error = NULL;
  ErosWindow *window;
  const char *action = NULL;

  serve (&service);
  service.application = g_object_new (EROS_TYPE_APPLICATION, "application-id", EROS_APPLICATION_ID, "flags",
                                      G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
  g_assert_true (g_application_register (service.application, NULL, &error));
  window = eros_window_new (GTK_APPLICATION (service.application));
  eros_window_show (window, session);
  gtk_window_present (GTK_WINDOW (window));
  app_test_settle ();
  g_assert_cmpuint (service.n, ==, 0);

  eros_criterion_decide (deployment, SECURITY, TRUE, "a key stands in a log", &error);
  g_assert_no_error (error);
  app_test_wait (has_told, &service);
  g_assert_cmpstr (service.summary, ==, "Staging: EROS 2.4");
  g_assert_nonnull (strstr (service.body, "a key stands in a log"));
  g_assert_true (g_strv_contains ((const char *const *) service.actions, "Roll Back…"));
  for (guint i = 0; service.actions[i] != NULL; i += 2)
    if (g_str_equal (service.actions[i + 1], "Continue Anyway…"))
      action = service.actions[i];
  g_assert_nonnull (action);

  let_hear (&service);
  /* Pressed on the desktop, it asks in the window. */
  g_dbus_connection_emit_signal (service.bus, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "ActionInvoked",
                                 g_variant_new ("(us)", service.n, action), &error);
  g_assert_no_error (error);
  app_test_wait (asks, NULL);
  app_test_answer ("cancel");

  /* One that was pressed is gone; the next one goes when what it says does not hold any more. */
  eros_criterion_decide (deployment, SECURITY, FALSE, "", &error);
  g_assert_no_error (error);
  app_test_settle ();
  eros_criterion_decide (deployment, SECURITY, TRUE, "another key stands in a log", &error);
  g_assert_no_error (error);
  app_test_wait (has_told_again, &service);
  let_hear (&service);
  eros_criterion_decide (deployment, SECURITY, FALSE, "", &error);
  g_assert_no_error (error);
  app_test_wait (has_taken_back, &service);
  app_test_close_window (window);
  g_object_unref (service.application);
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  g_test_add_func ("/app/notifications/a-criterion-that-fires-is-told-and-taken-back",
                   test_a_criterion_that_fires_is_told_and_taken_back);
  return g_test_run ();
}
