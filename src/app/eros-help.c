/* eros-help.c: how the program works, in a page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-help.h"

struct _ErosHelp
{
  AdwWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosHelp, eros_help, ADW_TYPE_WINDOW)

static void
eros_help_class_init (ErosHelpClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), EROS_RESOURCE_BASE "/help.ui");
}

static void
eros_help_init (ErosHelp *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_help_new:
 * @parent: the window it belongs to
 *
 * Makes the window with the help.
 *
 * Returns: (transfer none): the window
 */
GtkWindow *
eros_help_new (GtkWindow *parent)
{
  return g_object_new (EROS_TYPE_HELP, "transient-for", parent, NULL);
}
