/* eros-accessible.c: names for those who hear the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-accessible.h"

#include <adwaita.h>

#include "eros-text.h"

/**
 * eros_accessible_set_name:
 * @widget: a widget
 * @name: what a screen reader says
 *
 * Gives a widget its one name. A label with a mnemonic would otherwise be read as well: GTK 4.8 says “_Cancel
 * Cancel”.
 */
void
eros_accessible_set_name (GtkWidget *widget, const char *name)
{
  g_autofree char *shown = eros_text_show (name);

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
  /* The focus is on the button inside a choice. */
  if (GTK_IS_DROP_DOWN (widget))
    eros_accessible_set_name (gtk_widget_get_first_child (widget), name);
}

/**
 * eros_accessible_set_description:
 * @widget: a widget
 * @text: what a screen reader says after its name
 */
void
eros_accessible_set_description (GtkWidget *widget, const char *text)
{
  g_autofree char *shown = eros_text_show (text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, shown, -1);
}

static void
describe (GtkAccessible *accessible, const char *text, gboolean invalid)
{
  g_autofree char *shown = eros_text_show (text != NULL ? text : "");

  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, shown, -1);
  gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                               invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/**
 * eros_accessible_describe:
 * @widget: an entry or another control
 * @text: (nullable): what a screen reader says after the name
 * @invalid: whether what stands in it will not do
 *
 * Describes a control. The focus in an entry is on the text inside it, so that is described as well.
 */
void
eros_accessible_describe (GtkWidget *widget, const char *text, gboolean invalid)
{
  GtkEditable *inner = GTK_IS_EDITABLE (widget) ? gtk_editable_get_delegate (GTK_EDITABLE (widget)) : NULL;

  describe (GTK_ACCESSIBLE (widget), text, invalid);
  if (inner != NULL)
    describe (GTK_ACCESSIBLE (inner), text, invalid);
}

static char *
without_mnemonic (const char *text)
{
  g_autoptr (GString) result = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '_' && p[1] != '\0')
        p++;
      g_string_append_c (result, *p);
    }
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/**
 * eros_accessible_name_all:
 * @widget: a widget, mostly a template's
 *
 * Names every button under @widget that shows a text with a mnemonic by that text, without its underscore,
 * and every row of a list by its title.
 */
void
eros_accessible_name_all (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_use_underline (GTK_BUTTON (widget)) &&
      gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    {
      g_autofree char *name = without_mnemonic (gtk_button_get_label (GTK_BUTTON (widget)));

      eros_accessible_set_name (widget, name);
    }
  else if (ADW_IS_PREFERENCES_ROW (widget))
    eros_accessible_set_name (widget, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    eros_accessible_name_all (child);
}

/**
 * eros_accessible_show_page:
 * @stack: a stack
 * @page: one of its children
 *
 * Shows @page and hides the others: a screen reader would otherwise read through pages that nobody sees.
 */
void
eros_accessible_show_page (GtkStack *stack, GtkWidget *page)
{
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, child == page);
}
