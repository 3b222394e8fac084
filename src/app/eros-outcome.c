/* eros-outcome.c: how the result of a machine's check looks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-outcome.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"

static const struct
{
  const char *icon;
  const char *style;
  const char *text;
} looks[] = {
  [EROS_OUTCOME_NONE] = { "eros-circle-symbolic", "dim-label", N_ ("Not checked yet") },
  [EROS_OUTCOME_PASS] = { "emblem-ok-symbolic", "success", N_ ("Passed") },
  [EROS_OUTCOME_FAIL] = { "dialog-error-symbolic", "error", N_ ("Failed") },
  [EROS_OUTCOME_ERROR] = { "dialog-question-symbolic", "warning", N_ ("Could not be checked") },
  [EROS_OUTCOME_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("Passed with a warning") },
  [EROS_OUTCOME_NOT_ENOUGH] = { "action-unavailable-symbolic", "dim-label", N_ ("Not enough to say") },
  [EROS_OUTCOME_NOT_LOOKED] = { "content-loading-symbolic", "dim-label", N_ ("Not looked at") },
};

/**
 * eros_outcome_get_name:
 * @outcome: a result
 *
 * Returns: (transfer none): what it is called
 */
const char *
eros_outcome_get_name (ErosOutcome outcome)
{
  return _ (looks[outcome].text);
}

/**
 * eros_outcome_show:
 * @outcome: a result
 * @image: an image
 *
 * Makes @image show the result, by its shape as well as by its colour.
 */
void
eros_outcome_show (ErosOutcome outcome, GtkImage *image)
{
  const char *classes[] = { looks[outcome].style, NULL };

  gtk_image_set_from_icon_name (image, looks[outcome].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (image), eros_outcome_get_name (outcome));
  eros_accessible_set_name (GTK_WIDGET (image), eros_outcome_get_name (outcome));
}
