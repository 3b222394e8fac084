/* eros-deployment-row.c: an earlier deployment in the start view
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-environment.h"
#include "eros-format.h"

struct _ErosDeploymentRow
{
  AdwActionRow parent_instance;

  GFile *file;
};

G_DEFINE_FINAL_TYPE (ErosDeploymentRow, eros_deployment_row, ADW_TYPE_ACTION_ROW)

static const char *
result_text (ErosResult result)
{
  switch (result)
    {
    case EROS_RESULT_SUCCESS:
      return _ ("successful");
    case EROS_RESULT_ROLLED_BACK:
      return _ ("rolled back");
    case EROS_RESULT_ROLLBACK_REQUIRED:
      return _ ("rollback required");
    case EROS_RESULT_UNDECIDED:
    default:
      return _ ("under way");
    }
}

static GtkWidget *
make_sign (ErosDeploymentSummary *summary)
{
  GtkWidget *sign;

  if (eros_deployment_summary_get_error (summary) != NULL)
    {
      sign = gtk_image_new_from_icon_name ("dialog-error-symbolic");
      gtk_widget_add_css_class (sign, "error");
      return sign;
    }
  sign = gtk_label_new (NULL);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  eros_environment_show_badge (eros_deployment_summary_get_environment (summary), GTK_LABEL (sign));
  return sign;
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *uri = g_file_get_uri (EROS_DEPLOYMENT_ROW (widget)->file);

  gtk_widget_activate_action (widget, "app.open-file", "s", uri);
}

static void
eros_deployment_row_activate (AdwActionRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (row), "deployment.open", NULL);
}

static void
eros_deployment_row_dispose (GObject *object)
{
  g_clear_object (&EROS_DEPLOYMENT_ROW (object)->file);

  G_OBJECT_CLASS (eros_deployment_row_parent_class)->dispose (object);
}

static void
eros_deployment_row_class_init (ErosDeploymentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_deployment_row_dispose;
  ADW_ACTION_ROW_CLASS (klass)->activate = eros_deployment_row_activate;

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "deployment.open", NULL, open_action);
}

static void
eros_deployment_row_init (ErosDeploymentRow *self)
{
}

/**
 * eros_deployment_row_new:
 * @summary: what is known of a deployment’s file
 *
 * Makes the row of an earlier deployment. One that cannot be read says why, and cannot be opened.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_deployment_row_new (ErosDeploymentSummary *summary)
{
  ErosDeploymentRow *self = g_object_new (EROS_TYPE_DEPLOYMENT_ROW, "use-markup", FALSE, NULL);
  AdwActionRow *row = ADW_ACTION_ROW (self);
  g_autofree char *subtitle = eros_deployment_row_describe (summary);
  const char *name = eros_deployment_summary_get_name (summary);
  g_autofree char *label = g_strdup_printf ("%s, %s", name, subtitle);
  gboolean broken = eros_deployment_summary_get_error (summary) != NULL;

  self->file = g_object_ref (eros_deployment_summary_get_file (summary));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (row, subtitle);
  adw_action_row_add_suffix (row, make_sign (summary));
  if (!broken)
    adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), !broken);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "deployment.open", !broken);
  eros_accessible_set_name (GTK_WIDGET (self), label);
  return GTK_WIDGET (self);
}

/**
 * eros_deployment_row_describe:
 * @summary: what is known of a deployment’s file
 *
 * Returns: (transfer full): its date, phase, progress and outcome in a line, or why it cannot be read
 */
char *
eros_deployment_row_describe (ErosDeploymentSummary *summary)
{
  g_autofree char *date = eros_format_time (eros_deployment_summary_get_created (summary));
  const char *phase = eros_deployment_summary_get_phase (summary);

  if (eros_deployment_summary_get_error (summary) != NULL)
    return g_strdup (eros_deployment_summary_get_error (summary));
  /* Translators: date; phase reached; done, total; outcome */
  return g_strdup_printf (_ ("%s · %s · %u of %u done · %s"), date, phase != NULL ? phase : _ ("not started"),
                          eros_deployment_summary_get_done (summary),
                          eros_deployment_summary_get_total (summary),
                          result_text (eros_deployment_summary_get_result (summary)));
}
