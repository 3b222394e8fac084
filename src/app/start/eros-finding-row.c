/* eros-finding-row.c: one thing that a connection test looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-finding-row.h"

#include <adwaita.h>

#include "eros-accessible.h"
#include "eros-controller.h"
#include "eros-outcome.h"

/**
 * eros_finding_row_new:
 * @finding: (type ErosFinding): what was found
 * @user_data: nothing
 *
 * Makes the row of a finding: what was looked at, whether it works, and what to do when it does not. Fits
 * gtk_list_box_bind_model ().
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_finding_row_new (gpointer finding, gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();
  const char *what = eros_finding_get_what (finding);
  const char *message = eros_finding_get_message (finding);
  const char *advice = eros_finding_get_advice (finding);
  ErosOutcome outcome = eros_finding_get_outcome (finding);
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  text = g_strjoin ("\n", message != NULL ? message : "", advice, NULL);
  name = g_strdup_printf ("%s: %s. %s", what, eros_outcome_get_name (outcome), text);
  eros_outcome_show (outcome, GTK_IMAGE (icon));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), what);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  eros_accessible_set_name (row, name);
  return row;
}
