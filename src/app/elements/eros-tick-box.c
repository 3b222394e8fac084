/* eros-tick-box.c: a check box that a screen reader can tick
 *
 * GTK 4.8 offers no action for a check button over the accessibility bus; one of the widget’s own it does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-tick-box.h"

struct _ErosTickBox
{
  GtkCheckButton parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosTickBox, eros_tick_box, GTK_TYPE_CHECK_BUTTON)

static void
toggle_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate (widget);
}

static void
eros_tick_box_class_init (ErosTickBoxClass *klass)
{
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "tick-box.toggle", NULL, toggle_action);
}

static void
eros_tick_box_init (ErosTickBox *self)
{
}
