/* eros-phase-page.c: a page of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-phase-page.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-decisions-view.h"
#include "eros-field-row.h"
#include "eros-format.h"
#include "eros-section-view.h"

struct _ErosPhasePage
{
  AdwBin parent_instance;

  GtkBox *box;
  GtkLabel *introduction;
};

G_DEFINE_FINAL_TYPE (ErosPhasePage, eros_phase_page, ADW_TYPE_BIN)

static void
append_sections (ErosPhasePage *self, ErosSession *session, GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);

      gtk_box_append (self->box, eros_section_view_new (session, section));
    }
}

static void
introduce (ErosPhasePage *self, const char *text)
{
  gtk_label_set_text (self->introduction, text);
  gtk_widget_set_visible (GTK_WIDGET (self->introduction), TRUE);
}

static void
eros_phase_page_class_init (ErosPhasePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/phase-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosPhasePage, box);
  gtk_widget_class_bind_template_child (widget_class, ErosPhasePage, introduction);
}

static void
eros_phase_page_init (ErosPhasePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_phase_page_new:
 * @session: the open deployment
 * @phase: a phase of its runbook
 *
 * Makes the page of a phase: a boxed list for each section.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
eros_phase_page_new (ErosSession *session, ErosPhase *phase)
{
  ErosPhasePage *self = g_object_new (EROS_TYPE_PHASE_PAGE, NULL);

  if (eros_phase_is_contingency (phase))
    introduce (
      self,
      _ ("Only when something goes wrong: this phase does not count towards the deployment’s progress."));
  append_sections (self, session, eros_phase_get_sections (phase));
  return GTK_WIDGET (self);
}

/**
 * eros_phase_page_new_appendix:
 * @session: the open deployment
 *
 * Makes the page of contacts, escalation path, quick reference and revision history.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
eros_phase_page_new_appendix (ErosSession *session)
{
  ErosPhasePage *self = g_object_new (EROS_TYPE_PHASE_PAGE, NULL);

  append_sections (
    self, session,
    eros_runbook_get_appendix (eros_deployment_get_runbook (eros_session_get_deployment (session))));
  return GTK_WIDGET (self);
}

static void
append_fact (GtkListBox *list, const char *title, const char *value)
{
  GtkWidget *row;

  if (value == NULL || value[0] == '\0')
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), value);
  eros_accessible_set_name (row, title);
  eros_accessible_set_description (GTK_WIDGET (row), value);
  gtk_list_box_append (list, row);
}

/* "2025-10-31T14:00:00Z" as people read it. */
static char *
read_moment (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) moment = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return moment != NULL ? eros_format_time (g_date_time_to_unix (moment) * G_USEC_PER_SEC) : g_strdup ("");
}

static GtkListBox *
append_list (ErosPhasePage *self, const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *list = gtk_list_box_new ();

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "title-4");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  eros_accessible_set_name (list, title);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (self->box, box);
  return GTK_LIST_BOX (list);
}

static void
append_setup (GtkListBox *list, ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);
  g_autofree char *start = read_moment (setup->window_start);
  g_autofree char *end = read_moment (setup->window_end);
  g_autofree char *title = g_strdup_printf (_ ("%s, version %s"), eros_runbook_get_title (runbook),
                                            eros_runbook_get_version (runbook));

  append_fact (list, _ ("Runbook"), title);
  append_fact (list, _ ("Window starts"), start);
  append_fact (list, _ ("Window ends"), end);
  append_fact (list, _ ("Deployment lead"), setup->lead_name);
  append_fact (list, _ ("E-mail"), setup->lead_email);
  append_fact (list, _ ("Phone"), setup->lead_phone);
  append_fact (list, _ ("Project"), setup->project);
  append_fact (list, _ ("Dataset"), setup->dataset);
  append_fact (list, _ ("Location"), setup->location);
  append_fact (list, _ ("Bucket"), setup->bucket);
}

/**
 * eros_phase_page_new_overview:
 * @session: the open deployment
 *
 * Makes the page that the paper begins with: what this is about, its date, its lead, its connection.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
eros_phase_page_new_overview (ErosSession *session)
{
  ErosPhasePage *self = g_object_new (EROS_TYPE_PHASE_PAGE, NULL);
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);
  GListModel *details = eros_runbook_get_details (runbook);
  GtkListBox *list;

  introduce (self, eros_runbook_get_overview (runbook));
  list = append_list (self, _ ("Details"));
  for (guint i = 0; i < g_list_model_get_n_items (details); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (details, i);

      gtk_list_box_append (list, eros_field_row_new (deployment, field, FALSE));
    }
  gtk_box_append (self->box, eros_decisions_view_new (deployment));
  append_setup (append_list (self, _ ("Set-Up")), deployment);
  return GTK_WIDGET (self);
}
