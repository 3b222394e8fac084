/* eros-deployment-view.c: one deployment: its phases, and the page that is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-deployment-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-clock.h"
#include "eros-connection-button.h"
#include "eros-element-rows.h"
#include "eros-environment.h"
#include "eros-field-entry.h"
#include "eros-notifier.h"
#include "eros-now-bar.h"
#include "eros-now-page.h"
#include "eros-operation-bar.h"
#include "eros-phase-page.h"
#include "eros-reader-bar.h"
#include "eros-report-view.h"
#include "eros-sidebar-row.h"
#include "eros-timeline-view.h"
#include "eros-watcher.h"

#define PAGE_NOW      "now"
#define PAGE_OVERVIEW "overview"
#define PAGE_APPENDIX "contacts"
#define PAGE_REPORT   "report"

#define WIDE 1500 /* pixels, from which on the timeline stands beside the page */

struct _ErosDeploymentView
{
  AdwBin parent_instance;

  ErosSession *session;
  ErosDeployment *deployment; /* the session’s */
  ErosSituation *situation;
  ErosWatcher *watcher;
  ErosNotifier *notifier;

  GtkWidget *flap;
  GtkLabel *deployment_name;
  GtkLabel *page_title;
  GtkLabel *badge;
  GtkLabel *header_badge;
  GtkLabel *project;
  GtkLabel *header_project;
  GtkListBox *sidebar;
  ErosConnectionButton *connection;
  ErosClock *clock;
  ErosReaderBar *reader_bar;
  GtkStack *pages;
  ErosNowBar *now_bar;
  ErosOperationBar *operation_bar;
  GtkWidget *timeline_flap;
  AdwBin *timeline_place;
  gboolean is_wide;
};

G_DEFINE_FINAL_TYPE (ErosDeploymentView, eros_deployment_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_PAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
make_page (ErosDeploymentView *self, const char *page)
{
  ErosPhase *phase = eros_runbook_find_phase (eros_deployment_get_runbook (self->deployment), page);

  if (phase != NULL)
    return eros_phase_page_new (self->session, phase);
  if (g_str_equal (page, PAGE_NOW))
    return eros_now_page_new (self->situation);
  if (g_str_equal (page, PAGE_OVERVIEW))
    return eros_phase_page_new_overview (self->session);
  if (g_str_equal (page, PAGE_APPENDIX))
    return eros_phase_page_new_appendix (self->session);
  if (g_str_equal (page, PAGE_REPORT))
    return eros_report_view_new (self->deployment);
  return NULL;
}

static void
show_title (ErosDeploymentView *self, const char *page)
{
  ErosPhase *phase = eros_runbook_find_phase (eros_deployment_get_runbook (self->deployment), page);
  g_autofree char *title = NULL;

  if (phase != NULL)
    title = g_strdup_printf ("%u %s", eros_phase_get_number (phase), eros_phase_get_short_title (phase));
  else
    title = g_strdup (g_str_equal (page, PAGE_NOW)        ? _ ("Now")
                      : g_str_equal (page, PAGE_OVERVIEW) ? _ ("Overview")
                      : g_str_equal (page, PAGE_REPORT)   ? _ ("Report")
                                                          : _ ("Contacts"));
  gtk_label_set_text (self->page_title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->page_title),
                               phase != NULL ? eros_phase_get_title (phase) : title);
}

/* (nullable): the page has none */
static GtkListBoxRow *
find_row (ErosDeploymentView *self, const char *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    if (g_str_equal (eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)), page))
      return row;
  return NULL;
}

static void
select_row (ErosDeploymentView *self, const char *page)
{
  GtkListBoxRow *row = find_row (self, page);

  gtk_list_box_select_row (self->sidebar, row);
  /* A shortcut opened the page: the focus in the list goes with it. */
  if (row != NULL && gtk_widget_get_focus_child (GTK_WIDGET (self->sidebar)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* The keyboard moves the selection with it, the page only opens when a row is activated: the row that is
 * selected is always that of the open page, and the focus shows where the keyboard is. */
static void
row_selected_cb (ErosDeploymentView *self, GtkListBoxRow *row)
{
  const char *page = eros_deployment_view_get_page (self);
  GtkListBoxRow *own = page != NULL ? find_row (self, page) : NULL;

  if (row != own)
    gtk_list_box_select_row (self->sidebar, own);
}

static void
row_activated_cb (ErosDeploymentView *self, GtkListBoxRow *row)
{
  gboolean folded;

  eros_deployment_view_set_page (self, eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)));
  g_object_get (self->flap, "folded", &folded, NULL);
  if (folded)
    g_object_set (self->flap, "reveal-flap", FALSE, NULL);
}

static void
fill_sidebar (ErosDeploymentView *self)
{
  GListModel *progress = eros_deployment_get_progress (self->deployment);

  gtk_list_box_append (self->sidebar, eros_sidebar_row_new (PAGE_NOW, _ ("Now"), "mark-location-symbolic"));
  gtk_list_box_append (self->sidebar,
                       eros_sidebar_row_new (PAGE_OVERVIEW, _ ("Overview"), "view-list-bullet-symbolic"));
  for (guint i = 0; i < g_list_model_get_n_items (progress); i++)
    {
      g_autoptr (ErosPhaseProgress) phase = g_list_model_get_item (progress, i);

      gtk_list_box_append (self->sidebar, eros_sidebar_row_new_phase (self->situation, phase));
    }
  gtk_list_box_append (self->sidebar,
                       eros_sidebar_row_new (PAGE_REPORT, _ ("Report"), "x-office-document-symbolic"));
}

static void
show_setup (ErosDeploymentView *self)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (self->deployment);

  gtk_label_set_text (self->deployment_name, setup->name);
  eros_environment_show_badge (setup->environment, self->badge);
  eros_environment_show_badge (setup->environment, self->header_badge);
  gtk_label_set_text (self->project, setup->project);
  gtk_label_set_text (self->header_project, setup->project);
}

static void
eros_deployment_view_constructed (GObject *object)
{
  ErosDeploymentView *self = EROS_DEPLOYMENT_VIEW (object);

  G_OBJECT_CLASS (eros_deployment_view_parent_class)->constructed (object);

  self->situation = eros_situation_new (self->session);
  self->watcher = eros_watcher_new (self->session);
  self->notifier = eros_notifier_new (self->situation);
  fill_sidebar (self);
  show_setup (self);
  eros_connection_button_set_session (self->connection, self->session);
  eros_reader_bar_set_deployment (self->reader_bar, self->deployment);
  eros_clock_set_deployment (self->clock, self->deployment);
  eros_operation_bar_set_session (self->operation_bar, self->session);
  eros_now_bar_set_situation (self->now_bar, self->situation);
  eros_deployment_view_set_page (self, PAGE_NOW);
}

/* ---- timeline ------------------------------------------------------------------------------------------ */

/* Made when it is first looked at. */
static ErosTimelineView *
get_timeline (ErosDeploymentView *self)
{
  if (adw_bin_get_child (self->timeline_place) == NULL)
    adw_bin_set_child (self->timeline_place, eros_timeline_view_new (self->deployment));
  return EROS_TIMELINE_VIEW (adw_bin_get_child (self->timeline_place));
}

static gboolean
is_timeline_revealed (ErosDeploymentView *self)
{
  gboolean revealed;

  g_object_get (self->timeline_flap, "reveal-flap", &revealed, NULL);
  return revealed;
}

/* What does not show is heard neither. */
static void
timeline_revealed_cb (ErosDeploymentView *self)
{
  gboolean revealed = is_timeline_revealed (self);

  if (revealed)
    get_timeline (self);
  gtk_widget_set_visible (GTK_WIDGET (self->timeline_place), revealed);
}

static gboolean
width_cb (gpointer user_data)
{
  ErosDeploymentView *self = user_data;
  gboolean is_wide = gtk_widget_get_width (GTK_WIDGET (self)) >= WIDE;

  if (is_wide != self->is_wide)
    g_object_set (self->timeline_flap, "reveal-flap", is_wide, NULL);
  self->is_wide = is_wide;
  return G_SOURCE_REMOVE;
}

/* After the widgets have their places. */
static void
layout_cb (ErosDeploymentView *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, width_cb, g_object_ref (self), g_object_unref);
}

/* Somebody looks at it while its window has the keyboard. */
static void
active_cb (ErosDeploymentView *self, GParamSpec *pspec, GtkWindow *window)
{
  if (self->notifier != NULL)
    eros_notifier_set_watched (self->notifier, gtk_window_is_active (window));
}

static void
eros_deployment_view_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_deployment_view_parent_class)->realize (widget);

  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)), "layout",
                           G_CALLBACK (layout_cb), widget, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::is-active", G_CALLBACK (active_cb), widget,
                           G_CONNECT_SWAPPED);
}

/* The keyboard starts where the person is: at the open page in the list of phases. */
static gboolean
eros_deployment_view_grab_focus (GtkWidget *widget)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (EROS_DEPLOYMENT_VIEW (widget)->sidebar);

  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
eros_deployment_view_dispose (GObject *object)
{
  ErosDeploymentView *self = EROS_DEPLOYMENT_VIEW (object);

  g_clear_object (&self->situation);
  g_clear_object (&self->notifier);
  g_clear_object (&self->watcher);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_deployment_view_parent_class)->dispose (object);
}

static void
eros_deployment_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ErosDeploymentView *self = EROS_DEPLOYMENT_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_PAGE:
      g_value_set_string (value, eros_deployment_view_get_page (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_deployment_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ErosDeploymentView *self = EROS_DEPLOYMENT_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      self->deployment = eros_session_get_deployment (self->session);
      break;
    case PROP_PAGE:
      eros_deployment_view_set_page (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_deployment_view_class_init (ErosDeploymentViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = eros_deployment_view_constructed;
  object_class->dispose = eros_deployment_view_dispose;
  object_class->get_property = eros_deployment_view_get_property;
  object_class->set_property = eros_deployment_view_set_property;
  widget_class->grab_focus = eros_deployment_view_grab_focus;
  widget_class->realize = eros_deployment_view_realize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, EROS_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PAGE] = g_param_spec_string (
    "page", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (EROS_TYPE_CLOCK);
  g_type_ensure (EROS_TYPE_CONNECTION_BUTTON);
  g_type_ensure (EROS_TYPE_NOW_BAR);
  g_type_ensure (EROS_TYPE_OPERATION_BAR);
  g_type_ensure (EROS_TYPE_READER_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/deployment-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, flap);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, deployment_name);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, page_title);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, badge);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, header_badge);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, project);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, header_project);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, now_bar);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, connection);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, clock);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, reader_bar);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, pages);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, operation_bar);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, timeline_flap);
  gtk_widget_class_bind_template_child (widget_class, ErosDeploymentView, timeline_place);
  gtk_widget_class_bind_template_callback (widget_class, timeline_revealed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_install_property_action (widget_class, "view.page", "page");
}

static void
eros_deployment_view_init (ErosDeploymentView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_deployment_view_new:
 * @session: a deployment that is open
 *
 * Makes the view of a deployment, open at what is now.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_deployment_view_new (ErosSession *session)
{
  return g_object_new (EROS_TYPE_DEPLOYMENT_VIEW, "session", session, NULL);
}

/**
 * eros_deployment_view_get_session:
 * @self: a view
 *
 * Returns: (transfer none): the open deployment
 */
ErosSession *
eros_deployment_view_get_session (ErosDeploymentView *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_VIEW (self), NULL);

  return self->session;
}

/**
 * eros_deployment_view_get_page:
 * @self: a view
 *
 * Returns: (transfer none): the page that is open: a phase’s id, “now”, “overview”, “contacts” or “report”
 */
const char *
eros_deployment_view_get_page (ErosDeploymentView *self)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->pages);
}

/**
 * eros_deployment_view_set_page:
 * @self: a view
 * @page: a phase’s id, “now”, “overview”, “contacts” or “report”
 *
 * Opens a page. A page is made when it is first opened.
 */
void
eros_deployment_view_set_page (ErosDeploymentView *self, const char *page)
{
  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));
  g_return_if_fail (page != NULL);

  if (g_strcmp0 (page, eros_deployment_view_get_page (self)) == 0)
    return;
  if (gtk_stack_get_child_by_name (self->pages, page) == NULL)
    {
      GtkWidget *widget = make_page (self, page);

      if (widget == NULL)
        return;
      gtk_stack_add_named (self->pages, widget, page);
    }
  eros_accessible_show_page (self->pages, gtk_stack_get_child_by_name (self->pages, page));
  show_title (self, page);
  select_row (self, page);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

/**
 * eros_deployment_view_toggle_timeline:
 * @self: a view
 *
 * Shows all that happened, or hides it again.
 */
void
eros_deployment_view_toggle_timeline (ErosDeploymentView *self)
{
  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));

  g_object_set (self->timeline_flap, "reveal-flap", !is_timeline_revealed (self), NULL);
}

/**
 * eros_deployment_view_search:
 * @self: a view
 *
 * Shows all that happened, with the keyboard where boxes and events are searched.
 */
void
eros_deployment_view_search (ErosDeploymentView *self)
{
  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));

  g_object_set (self->timeline_flap, "reveal-flap", TRUE, NULL);
  eros_timeline_view_search (get_timeline (self));
}

/**
 * eros_deployment_view_set_phase:
 * @self: a view
 * @number: of a phase
 *
 * Opens the page of a phase; nothing happens when there is none.
 */
void
eros_deployment_view_set_phase (ErosDeploymentView *self, guint number)
{
  GListModel *phases = NULL;

  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));

  phases = eros_runbook_get_phases (eros_deployment_get_runbook (self->deployment));
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (eros_phase_get_number (phase) == number)
        eros_deployment_view_set_page (self, eros_phase_get_id (phase));
    }
}

/* After the page has been laid out. */
static gboolean
scroll_cb (gpointer user_data)
{
  GtkWidget *row = user_data;
  GtkWidget *scroller = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *content = scroller != NULL ? gtk_widget_get_ancestor (row, ADW_TYPE_CLAMP) : NULL;
  graphene_point_t top;

  if (content != NULL && gtk_widget_compute_point (row, content, &GRAPHENE_POINT_INIT (0, 0), &top))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)),
                              top.y - 12);
  /* Its own first control, if the row itself has nothing to do. */
  if (!gtk_widget_grab_focus (row))
    gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

/**
 * eros_deployment_view_show_place:
 * @self: a view
 * @place: an element or a phase of the runbook
 *
 * Opens the page that @place is on, and brings it into sight; nothing happens when there is none.
 */
void
eros_deployment_view_show_place (ErosDeploymentView *self, const char *place)
{
  ErosRunbook *runbook;
  ErosPhase *phase;
  GtkWidget *row;

  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));

  runbook = eros_deployment_get_runbook (self->deployment);
  phase = eros_runbook_find_phase (runbook, place);
  if (phase == NULL)
    phase = eros_runbook_phase_of (runbook, place);
  if (phase == NULL && eros_runbook_find_element (runbook, place) == NULL)
    return;
  eros_deployment_view_set_page (self, phase != NULL ? eros_phase_get_id (phase) : PAGE_APPENDIX);
  row = eros_element_rows_find (gtk_stack_get_visible_child (self->pages), place);
  if (row != NULL)
    g_idle_add_full (G_PRIORITY_LOW, scroll_cb, g_object_ref (row), g_object_unref);
}

static void
save_fields (GtkWidget *widget, GPtrArray *unsaved)
{
  if (EROS_IS_FIELD_ENTRY (widget) && !eros_field_entry_save (EROS_FIELD_ENTRY (widget)))
    g_ptr_array_add (unsaved, eros_field_entry_get_field (EROS_FIELD_ENTRY (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    save_fields (child, unsaved);
}

/**
 * eros_deployment_view_save:
 * @self: a view
 *
 * Stores what has been typed into any of its fields, now.
 *
 * Returns: (transfer container) (element-type ErosField): fields whose text cannot be stored, mostly none
 */
GPtrArray *
eros_deployment_view_save (ErosDeploymentView *self)
{
  GPtrArray *unsaved = g_ptr_array_new ();

  g_return_val_if_fail (EROS_IS_DEPLOYMENT_VIEW (self), unsaved);

  save_fields (GTK_WIDGET (self), unsaved);
  return unsaved;
}

/**
 * eros_deployment_view_run_checks:
 * @self: a view
 *
 * Runs the machine’s checks of the page that is open; nothing happens when it is no phase.
 */
void
eros_deployment_view_run_checks (ErosDeploymentView *self)
{
  const char *page;

  g_return_if_fail (EROS_IS_DEPLOYMENT_VIEW (self));

  page = eros_deployment_view_get_page (self);
  if (eros_runbook_find_phase (eros_deployment_get_runbook (self->deployment), page) != NULL)
    eros_session_run_checks (self->session, (const char *[]){ page, NULL });
}
