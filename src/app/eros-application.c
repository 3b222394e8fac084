/* eros-application.c: the program with its window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-application.h"

#include <glib/gi18n-lib.h>

#include "eros-app-resources.h"

struct _ErosApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosApplication, eros_application, ADW_TYPE_APPLICATION)

static void
eros_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, "application", application, "title",
                             _ ("Eros Deploy"), "default-width", 1180, "default-height", 800, NULL);
      adw_application_window_set_content (
        ADW_APPLICATION_WINDOW (window),
        g_object_new (ADW_TYPE_STATUS_PAGE, "title", _ ("Eros Deploy"), NULL));
    }
  gtk_window_present (window);
}

static void
eros_application_class_init (ErosApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = eros_application_activate;
}

static void
eros_application_init (ErosApplication *self)
{
}

/**
 * eros_application_new:
 *
 * Makes the application; only one runs in a session, a second start hands its files over to the first.
 *
 * Returns: (transfer full): the application
 */
ErosApplication *
eros_application_new (void)
{
  /* A static library's constructor is only linked in when something in its object is asked for. */
  eros_app_get_resource ();
  return g_object_new (EROS_TYPE_APPLICATION, "application-id", EROS_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}

/**
 * eros_app_run:
 * @argc: number of arguments
 * @argv: the program's arguments, its name first
 *
 * Runs the program with its window until the last window is closed.
 *
 * Returns: the exit status
 */
int
eros_app_run (int argc, char **argv)
{
  g_autoptr (ErosApplication) application = eros_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
