/* eros-environment.c: the badge that says where a deployment goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-environment.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"

/**
 * eros_environment_get_name:
 * @environment: an environment
 *
 * Returns: (transfer none): its name, as a title
 */
const char *
eros_environment_get_name (ErosEnvironment environment)
{
  switch (environment)
    {
    case EROS_ENVIRONMENT_STAGING:
      return _ ("Staging");
    case EROS_ENVIRONMENT_PRODUCTION:
      return _ ("Production");
    case EROS_ENVIRONMENT_REHEARSAL:
    default:
      return _ ("Rehearsal");
    }
}

/**
 * eros_environment_show_badge:
 * @environment: an environment
 * @badge: a label
 *
 * Makes @badge say the environment so that it cannot be overlooked: in words, and in its colour.
 */
void
eros_environment_show_badge (ErosEnvironment environment, GtkLabel *badge)
{
  static const char *const styles[] = {
    [EROS_ENVIRONMENT_REHEARSAL] = "rehearsal",
    [EROS_ENVIRONMENT_STAGING] = "staging",
    [EROS_ENVIRONMENT_PRODUCTION] = "production",
  };
  const char *classes[] = { "eros-badge", styles[environment], NULL };
  g_autofree char *text = g_utf8_strup (eros_environment_get_name (environment), -1);
  g_autofree char *name = g_strdup_printf (_ ("Environment: %s"), eros_environment_get_name (environment));

  gtk_label_set_text (badge, text);
  gtk_widget_set_css_classes (GTK_WIDGET (badge), classes);
  eros_accessible_set_name (GTK_WIDGET (badge), name);
}
