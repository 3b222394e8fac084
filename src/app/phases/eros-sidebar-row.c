/* eros-sidebar-row.c: a page in the sidebar, with its state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sidebar-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-remedy.h"

struct _ErosSidebarRow
{
  GtkListBoxRow parent_instance;

  char *page;
  ErosSituation *situation;    /* (nullable): not of a phase */
  ErosPhaseProgress *progress; /* (nullable): likewise */

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *count;
  GtkLabel *decided;
};

G_DEFINE_FINAL_TYPE (ErosSidebarRow, eros_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

typedef struct
{
  const char *icon;
  const char *style;
  const char *text;
} Look;

/* (nullable): what is wrong with the phase is the worst of what there is to say about it */
static const char *
describe_problem (ErosProblemKind kind)
{
  switch (kind)
    {
    case EROS_PROBLEM_CRITERION_REACHED:
      return _ ("a criterion to roll back by is reached");
    case EROS_PROBLEM_ROLLED_BACK:
      return _ ("rolled back");
    case EROS_PROBLEM_OPERATION_FAILED:
      return _ ("an operation has failed");
    case EROS_PROBLEM_CHECK_FAILED:
      return _ ("a check has failed");
    case EROS_PROBLEM_OPERATION_CUT_OFF:
      return _ ("an operation was cut off");
    case EROS_PROBLEM_OPERATION_OWED:
      return _ ("something of an operation is still to be done");
    case EROS_PROBLEM_OPERATION_STOPPED:
      return _ ("an operation was stopped");
    case EROS_PROBLEM_MESSAGE_DUE:
      return _ ("a message is to be sent");
    case EROS_PROBLEM_OVERDUE:
      return _ ("something is overdue");
    case EROS_PROBLEM_ROUND_LATE:
      return _ ("a round is late");
    case EROS_PROBLEM_ROUND_MISSED:
      return _ ("a round was missed");
    case EROS_PROBLEM_OVERRIDDEN:
      return _ ("a gate was overridden");
    case EROS_PROBLEM_REFUSED:
    case EROS_PROBLEM_OFFLINE:
    case EROS_PROBLEM_WINDOW_OVER:
    case EROS_PROBLEM_OUTSIDE_WINDOW:
    case EROS_PROBLEM_NOT_ANNOUNCED:
    case EROS_PROBLEM_NAMES_NOBODY:
    case EROS_PROBLEM_OTHER_PERSON:
    case EROS_PROBLEM_DECIDED:
    default:
      return NULL;
    }
}

static Look
find_look (ErosSidebarRow *self)
{
  static const Look looks[] = {
    [EROS_PHASE_NOT_STARTED] = { "eros-circle-symbolic", "dim-label", N_ ("not started") },
    [EROS_PHASE_IN_PROGRESS] = { "eros-half-circle-symbolic", "accent", N_ ("in progress") },
    [EROS_PHASE_COMPLETE] = { "emblem-ok-symbolic", "success", N_ ("complete") },
    [EROS_PHASE_FAILED] = { "dialog-error-symbolic", "error", N_ ("a check has failed") },
  };
  ErosDeployment *deployment = eros_session_get_deployment (eros_situation_get_session (self->situation));
  ErosPhase *phase = eros_phase_progress_get_phase (self->progress);
  ErosProblem *worst =
    eros_problem_find_worst (eros_situation_get_problems (self->situation), deployment, phase);
  Look look = looks[eros_phase_progress_get_state (self->progress)];
  const char *problem = worst != NULL ? describe_problem (eros_problem_get_kind (worst)) : NULL;

  look.text = _ (look.text);
  if (worst == NULL && !eros_problem_is_taken_back (deployment, phase))
    return look;
  if (worst != NULL && (eros_problem_is_grave (worst) || !eros_problem_is_taken_back (deployment, phase)))
    return (Look){ eros_remedy_get_icon (worst), eros_remedy_get_style (worst),
                   problem != NULL ? problem : look.text };
  return (Look){ "edit-undo-symbolic", "warning", _ ("taken back by the rollback") };
}

/* What was taken back holds no longer, whatever was ticked. */
static void
show_title (ErosSidebarRow *self)
{
  ErosDeployment *deployment = eros_session_get_deployment (eros_situation_get_session (self->situation));
  ErosPhase *phase = eros_phase_progress_get_phase (self->progress);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  if (eros_problem_is_taken_back (deployment, phase))
    pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
  gtk_label_set_attributes (self->title, attributes);
  gtk_label_set_attributes (self->count, attributes);
}

static void
show_name (ErosSidebarRow *self, const char *state)
{
  ErosPhase *phase = eros_phase_progress_get_phase (self->progress);
  guint decided = eros_phase_progress_get_decided (self->progress);
  g_autofree char *text =
    /* Translators: how a phase stands; how many of its boxes were marked although their checks fail */
    decided > 0 ? g_strdup_printf (_ ("%s, %u by decision"), state, decided) : g_strdup (state);
  g_autofree char *name =
    /* Translators: number and title of a phase, its state, how much of it is done */
    g_strdup_printf (_ ("%u %s, %s, %u of %u done"), eros_phase_get_number (phase),
                     eros_phase_get_short_title (phase), text, eros_phase_progress_get_done (self->progress),
                     eros_phase_progress_get_total (self->progress));

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
  eros_accessible_set_name (GTK_WIDGET (self), name);
}

static void
update (ErosSidebarRow *self)
{
  ErosPhase *phase = eros_phase_progress_get_phase (self->progress);
  guint decided = eros_phase_progress_get_decided (self->progress);
  gboolean is_unused = eros_phase_is_contingency (phase) &&
                       eros_phase_progress_get_state (self->progress) == EROS_PHASE_NOT_STARTED;
  g_autofree char *by_decision = g_strdup_printf (_ ("%u by decision"), decided);
  g_autofree char *count = is_unused
                             ? g_strdup ("–")
                             : g_strdup_printf ("%u/%u", eros_phase_progress_get_done (self->progress),
                                                eros_phase_progress_get_total (self->progress));
  Look look = find_look (self);

  gtk_label_set_text (self->decided, by_decision);
  gtk_widget_set_visible (GTK_WIDGET (self->decided), decided > 0);
  gtk_image_set_from_icon_name (self->icon, look.icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]){ look.style, NULL });
  gtk_label_set_text (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), TRUE);
  show_title (self);
  show_name (self, look.text);
}

static void
progress_cb (ErosPhaseProgress *progress, GParamSpec *pspec, ErosSidebarRow *self)
{
  update (self);
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "view.page", "s", EROS_SIDEBAR_ROW (widget)->page);
}

static void
eros_sidebar_row_dispose (GObject *object)
{
  ErosSidebarRow *self = EROS_SIDEBAR_ROW (object);

  g_clear_object (&self->situation);
  g_clear_object (&self->progress);

  G_OBJECT_CLASS (eros_sidebar_row_parent_class)->dispose (object);
}

static void
eros_sidebar_row_finalize (GObject *object)
{
  g_free (EROS_SIDEBAR_ROW (object)->page);

  G_OBJECT_CLASS (eros_sidebar_row_parent_class)->finalize (object);
}

static void
eros_sidebar_row_class_init (ErosSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_sidebar_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_sidebar_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, count);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, decided);
  gtk_widget_class_install_action (widget_class, "page.open", NULL, open_action);
}

static void
eros_sidebar_row_init (ErosSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_sidebar_row_new:
 * @page: the page it leads to
 * @title: its title
 * @icon_name: its icon
 *
 * Makes the row of a page that is no phase.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sidebar_row_new (const char *page, const char *title, const char *icon_name)
{
  ErosSidebarRow *self = g_object_new (EROS_TYPE_SIDEBAR_ROW, NULL);

  self->page = g_strdup (page);
  gtk_label_set_text (self->title, title);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  eros_accessible_set_name (GTK_WIDGET (self), title);
  return GTK_WIDGET (self);
}

/**
 * eros_sidebar_row_new_phase:
 * @situation: of the open deployment
 * @progress: how far a phase is
 *
 * Makes the row of a phase: its state as an icon, its number and title, and how much of it is done. What is
 * wrong wins over what is done, and what a rollback has taken back is struck through.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sidebar_row_new_phase (ErosSituation *situation, ErosPhaseProgress *progress)
{
  ErosSidebarRow *self = g_object_new (EROS_TYPE_SIDEBAR_ROW, NULL);
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  g_autofree char *title =
    g_strdup_printf ("%u  %s", eros_phase_get_number (phase), eros_phase_get_short_title (phase));

  self->page = g_strdup (eros_phase_get_id (phase));
  self->situation = g_object_ref (situation);
  self->progress = g_object_ref (progress);
  gtk_label_set_text (self->title, title);
  g_signal_connect_object (progress, "notify", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (situation, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/**
 * eros_sidebar_row_get_page:
 * @self: a row
 *
 * Returns: (transfer none): the page it leads to
 */
const char *
eros_sidebar_row_get_page (ErosSidebarRow *self)
{
  g_return_val_if_fail (EROS_IS_SIDEBAR_ROW (self), NULL);

  return self->page;
}
