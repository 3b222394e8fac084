/* eros-operation-row.c: work that the program does, or says what it needs for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"

/* What the card says instead of a button. A button that does nothing is worse than none. */
static char *
describe (ErosSession *session, ErosElement *element)
{
  const char *hint = eros_element_get_hint (element);
  g_autofree char *reason = NULL;

  if (eros_session_can_run (session, eros_element_get_id (element), &reason))
    return g_strdup (hint != NULL ? hint : "");
  if (reason == NULL)
    reason = g_strdup (
      _ ("This version does not run it: do it by hand, then tick the boxes that it would have ticked, "
         "with a note on how."));
  return hint != NULL ? g_strdup_printf ("%s\n%s", hint, reason) : g_steal_pointer (&reason);
}

/**
 * eros_operation_row_new:
 * @session: the open deployment
 * @element: an operation of its runbook
 *
 * Makes the card of an operation: what it does, and what it needs to be run.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_operation_row_new (ErosSession *session, ErosElement *element)
{
  GtkWidget *row = adw_action_row_new ();
  const char *title = eros_element_get_text (element);
  g_autofree char *subtitle = describe (session, element);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("system-run-symbolic"));
  eros_accessible_set_name (row, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  return row;
}
