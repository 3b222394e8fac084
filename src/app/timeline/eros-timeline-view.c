/* eros-timeline-view.c: all that happened, newest first, and a search for events and boxes
 *
 * The list is the journal itself: a sentence is only made for a row that shows, or while something is
 * searched.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-timeline-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-event-text.h"
#include "eros-newest-first.h"
#include "eros-stand-in.h"
#include "eros-timeline-row.h"

struct _ErosTimelineView
{
  AdwBin parent_instance;

  ErosDeployment *deployment;
  GtkFilterListModel *events;
  GtkFilterListModel *boxes; /* of ErosElement; none unless something is searched */
  GtkFlattenListModel *shown;
  char *wanted; /* case folded; "": all */

  GtkEditable *search;
  GtkDropDown *choice;
  GtkListView *list;
  GtkWidget *scroller;
  GtkWidget *nothing;
};

G_DEFINE_FINAL_TYPE (ErosTimelineView, eros_timeline_view, ADW_TYPE_BIN)

/* In the order of the choice in the template. */
enum
{
  EVERYTHING,
  BY_PEOPLE,
  BY_MACHINE,
  TROUBLE,
};

/* ---- what is shown ------------------------------------------------------------------------------------- */

static gboolean
contains (ErosTimelineView *self, const char *text)
{
  g_autofree char *folded = NULL;

  if (self->wanted[0] == '\0')
    return TRUE;
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, self->wanted) != NULL;
}

static gboolean
is_chosen (ErosTimelineView *self, ErosEvent *event)
{
  const char *actor = eros_event_get_actor (event);
  /* The stand-in of a rehearsal is nobody. */
  gboolean by_machine = g_str_equal (actor, "machine") || g_str_equal (actor, EROS_STAND_IN_ACTOR);

  switch (gtk_drop_down_get_selected (self->choice))
    {
    case BY_PEOPLE:
      return !by_machine;
    case BY_MACHINE:
      return by_machine;
    case TROUBLE:
      return eros_event_text_is_trouble (event);
    case EVERYTHING:
    default:
      return TRUE;
    }
}

static gboolean
matches_event (gpointer item, gpointer user_data)
{
  ErosTimelineView *self = user_data;
  g_autofree char *sentence = NULL;

  if (!is_chosen (self, item))
    return FALSE;
  if (self->wanted[0] == '\0')
    return TRUE;
  sentence = eros_event_text_make_sentence (eros_deployment_get_runbook (self->deployment), item);
  return contains (self, sentence) || contains (self, eros_event_get_actor (item));
}

static gboolean
matches_box (gpointer item, gpointer user_data)
{
  ErosTimelineView *self = user_data;

  return self->wanted[0] != '\0' && contains (self, eros_element_get_label (item));
}

static void
set_filter (GtkFilterListModel *model, GtkCustomFilterFunc matches, gpointer user_data)
{
  g_autoptr (GtkFilter) filter =
    matches != NULL ? GTK_FILTER (gtk_custom_filter_new (matches, user_data, NULL)) : NULL;

  gtk_filter_list_model_set_filter (model, filter);
}

/* That there is nothing is said when all was looked through. What is shown learns of the last hit later. */
static void
show_nothing (ErosTimelineView *self)
{
  gboolean is_nothing = g_list_model_get_n_items (G_LIST_MODEL (self->boxes)) == 0 &&
                        g_list_model_get_n_items (G_LIST_MODEL (self->events)) == 0 &&
                        gtk_filter_list_model_get_pending (self->events) == 0;

  gtk_widget_set_visible (self->nothing, is_nothing);
  gtk_widget_set_visible (self->scroller, !is_nothing);
}

/* Without a question nothing is looked through: a journal may be very long. */
static void
choose (ErosTimelineView *self)
{
  gboolean all;

  if (self->events == NULL)
    return;
  g_free (self->wanted);
  self->wanted = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  g_strstrip (self->wanted);
  all = self->wanted[0] == '\0' && gtk_drop_down_get_selected (self->choice) == EVERYTHING;
  set_filter (self->boxes, matches_box, self);
  set_filter (self->events, all ? NULL : matches_event, self);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ErosTimelineView *self)
{
  gtk_list_item_set_child (item, eros_timeline_row_new (self->deployment));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ErosTimelineView *self)
{
  eros_timeline_row_show (EROS_TIMELINE_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ErosTimelineView *self)
{
  eros_timeline_row_show (EROS_TIMELINE_ROW (gtk_list_item_get_child (item)), NULL);
}

/* Leads to the box that it is about. */
static void
activate_cb (ErosTimelineView *self, guint position)
{
  g_autoptr (GObject) thing = g_list_model_get_item (G_LIST_MODEL (self->shown), position);
  const char *place =
    EROS_IS_ELEMENT (thing) ? eros_element_get_id (EROS_ELEMENT (thing))
    : EROS_IS_EVENT (thing)
      ? eros_event_text_get_place (eros_deployment_get_runbook (self->deployment), EROS_EVENT (thing))
      : NULL;

  if (place != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", place);
}

/* ---- the view ------------------------------------------------------------------------------------------ */

static void
append_boxes (GListStore *store, GListModel *sections)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);

          g_list_store_append (store, element);
        }
    }
}

static GListModel *
list_boxes (ErosRunbook *runbook)
{
  GListStore *store = g_list_store_new (EROS_TYPE_ELEMENT);
  GListModel *phases = eros_runbook_get_phases (runbook);

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      append_boxes (store, eros_phase_get_sections (phase));
    }
  append_boxes (store, eros_runbook_get_appendix (runbook));
  return G_LIST_MODEL (store);
}

static void
set_up (ErosTimelineView *self)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (self->deployment));
  GListStore *both = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->events = gtk_filter_list_model_new (eros_newest_first_new (journal), NULL);
  gtk_filter_list_model_set_incremental (self->events, TRUE);
  self->boxes = gtk_filter_list_model_new (list_boxes (eros_deployment_get_runbook (self->deployment)), NULL);
  choose (self);
  g_list_store_append (both, self->boxes);
  g_list_store_append (both, self->events);
  self->shown = gtk_flatten_list_model_new (G_LIST_MODEL (both));
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (show_nothing), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->events, "notify::pending", G_CALLBACK (show_nothing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown))));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, selection);
  show_nothing (self);
}

static void
eros_timeline_view_dispose (GObject *object)
{
  ErosTimelineView *self = EROS_TIMELINE_VIEW (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  self->list = NULL;
  g_clear_object (&self->shown);
  g_clear_object (&self->events);
  g_clear_object (&self->boxes);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_timeline_view_parent_class)->dispose (object);
}

static void
eros_timeline_view_finalize (GObject *object)
{
  g_free (EROS_TIMELINE_VIEW (object)->wanted);

  G_OBJECT_CLASS (eros_timeline_view_parent_class)->finalize (object);
}

static void
eros_timeline_view_class_init (ErosTimelineViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_timeline_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_timeline_view_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosTimelineView, search);
  gtk_widget_class_bind_template_child (widget_class, ErosTimelineView, choice);
  gtk_widget_class_bind_template_child (widget_class, ErosTimelineView, list);
  gtk_widget_class_bind_template_child (widget_class, ErosTimelineView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ErosTimelineView, nothing);
  gtk_widget_class_bind_template_callback (widget_class, choose);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
eros_timeline_view_init (ErosTimelineView *self)
{
  self->wanted = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_set_name (GTK_WIDGET (self->choice), _ ("Which events"));
}

/**
 * eros_timeline_view_new:
 * @deployment: an open deployment
 *
 * Makes the list of all that happened to @deployment.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_timeline_view_new (ErosDeployment *deployment)
{
  ErosTimelineView *self = g_object_new (EROS_TYPE_TIMELINE_VIEW, NULL);

  self->deployment = g_object_ref (deployment);
  set_up (self);
  return GTK_WIDGET (self);
}

/**
 * eros_timeline_view_search:
 * @self: a view
 *
 * Puts the keyboard where what is searched for is typed.
 */
void
eros_timeline_view_search (ErosTimelineView *self)
{
  g_return_if_fail (EROS_IS_TIMELINE_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/**
 * eros_timeline_view_get_shown:
 * @self: a view
 *
 * Returns: (transfer none): what it lists: the #ErosElement that were searched for, then #ErosEvent
 */
GListModel *
eros_timeline_view_get_shown (ErosTimelineView *self)
{
  g_return_val_if_fail (EROS_IS_TIMELINE_VIEW (self), NULL);

  return G_LIST_MODEL (self->shown);
}
