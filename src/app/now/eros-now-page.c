/* eros-now-page.c: the first page: what is next, what is wrong, how far it is, who can be asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-now-page.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-contact-row.h"
#include "eros-format.h"
#include "eros-obstacle-view.h"
#include "eros-remedy.h"
#include "eros-timeline.h"

struct _ErosNowPage
{
  AdwBin parent_instance;

  ErosSituation *situation;
  ErosDeployment *deployment; /* the situation’s */
  guint tick;                 /* source id: ages grow while somebody can see them */

  GtkListBox *next;
  GtkListBox *problems;
  GtkListBox *contacts;
  AdwActionRow *backup;
  AdwActionRow *round;
  GtkWidget *rehearse;
  GtkWidget *contacts_box;
};

G_DEFINE_FINAL_TYPE (ErosNowPage, eros_now_page, ADW_TYPE_BIN)

static void
clear (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_button (void)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

/* An icon and the texts. Returns: (transfer none): the box of the texts */
static GtkBox *
append_row (GtkListBox *list, const char *icon, const char *style, const char *text, GtkWidget *button)
{
  GtkWidget *row = gtk_list_box_row_new ();
  /* A horizontal box would try out at which width a long text is as high as the row, line by line. */
  GtkWidget *line = gtk_grid_new ();
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  if (style != NULL)
    gtk_widget_add_css_class (image, style);
  gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (line, "eros-content");
  gtk_box_append (GTK_BOX (texts), make_label (text, NULL));
  gtk_grid_set_column_spacing (GTK_GRID (line), 12);
  gtk_grid_attach (GTK_GRID (line), image, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (line), texts, 1, 0, 1, 1);
  if (button != NULL)
    gtk_grid_attach (GTK_GRID (line), button, 2, 0, 1, 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  /* What can be done there are its buttons. */
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  eros_accessible_set_name (row, text);
  gtk_list_box_append (list, row);
  return GTK_BOX (texts);
}

static void
append_next (ErosNowPage *self, const ErosNext *next, gboolean is_first)
{
  static const char *const icons[] = {
    [EROS_NEXT_GO_ON] = "media-playback-start-symbolic",
    [EROS_NEXT_LOOK] = "alarm-symbolic",
    [EROS_NEXT_RUN] = "system-run-symbolic",
    [EROS_NEXT_CHECK] = "system-run-symbolic",
    [EROS_NEXT_TICK] = "checkbox-symbolic",
    [EROS_NEXT_SIGN] = "document-edit-symbolic",
    [EROS_NEXT_WAIT] = "alarm-symbolic",
  };
  GtkWidget *button = make_button ();
  GtkWidget *obstacles = eros_obstacle_view_new ();
  g_autofree char *text = eros_remedy_describe_next (next);
  GtkBox *texts = append_row (self->next, icons[next->kind], "dim-label", text, button);

  if (next->phase != NULL)
    gtk_box_append (texts, make_label (eros_phase_get_title (next->phase), "dim-label"));
  eros_remedy_offer_next (GTK_BUTTON (button), next);
  if (is_first)
    gtk_widget_add_css_class (button, "suggested-action");
  eros_obstacle_view_show (EROS_OBSTACLE_VIEW (obstacles), self->deployment, next->obstacles);
  gtk_box_append (texts, obstacles);
}

static void
append_problem (ErosNowPage *self, ErosProblem *problem)
{
  GtkWidget *show = make_button ();
  GtkWidget *remedy = make_button ();
  GtkWidget *other = make_button ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *text = eros_format_plain (eros_problem_get_text (problem));
  GtkBox *texts =
    append_row (self->problems, eros_remedy_get_icon (problem), eros_remedy_get_style (problem), text, NULL);

  gtk_box_append (GTK_BOX (buttons), show);
  gtk_box_append (GTK_BOX (buttons), remedy);
  gtk_box_append (GTK_BOX (buttons), other);
  gtk_widget_set_visible (buttons, eros_problem_get_place (problem) != NULL);
  gtk_box_append (texts, buttons);
  eros_remedy_lead_to (GTK_BUTTON (show), eros_problem_get_place (problem));
  eros_remedy_offer (GTK_BUTTON (remedy), problem);
  eros_remedy_offer_other (GTK_BUTTON (other), problem);
}

/* ---- what grows old ------------------------------------------------------------------------------------ */

static void
show_fact (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  eros_accessible_describe (GTK_WIDGET (row), text, FALSE);
}

static void
show_backup (ErosNowPage *self)
{
  const char *kind = eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP);
  gint64 end = eros_deployment_get_operation_end (self->deployment, kind);
  gint64 now = eros_timeline_get_now (self->deployment);
  g_autofree char *time = eros_format_time (end);
  g_autofree char *age = eros_format_duration (MAX (0, now - end));
  g_autofree char *text = end != 0 ? g_strdup_printf (_ ("%s, %s old"), time, age)
                                   : g_strdup (_ ("None was taken by this deployment yet"));

  show_fact (self->backup, text);
}

/* (nullable) */
static const ErosNext *
find_round (ErosNowPage *self)
{
  GPtrArray *list = eros_situation_get_next (self->situation);

  for (guint i = 0; i < list->len; i++)
    {
      const ErosNext *next = list->pdata[i];

      if (next->kind == EROS_NEXT_WAIT || next->kind == EROS_NEXT_LOOK)
        return next;
    }
  return NULL;
}

static void
show_round (ErosNowPage *self)
{
  const ErosNext *round = find_round (self);
  gint64 left = round != NULL ? round->due - eros_timeline_get_now (self->deployment) : 0;
  g_autofree char *time = round != NULL ? eros_format_time (round->due) : NULL;
  g_autofree char *clock = round != NULL ? eros_format_countdown (left) : NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->round), round != NULL);
  if (round == NULL)
    return;
  /* Translators: a time; hours, minutes and seconds */
  text = g_strdup_printf (left > 0 ? _ ("%s, in %s") : _ ("%s, due for %s"), time, clock);
  show_fact (self->round, text);
}

static gboolean
tick_cb (gpointer user_data)
{
  show_backup (user_data);
  show_round (user_data);
  return G_SOURCE_CONTINUE;
}

static void
eros_now_page_map (GtkWidget *widget)
{
  ErosNowPage *self = EROS_NOW_PAGE (widget);

  GTK_WIDGET_CLASS (eros_now_page_parent_class)->map (widget);
  tick_cb (self);
  if (self->tick == 0)
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
}

static void
eros_now_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&EROS_NOW_PAGE (widget)->tick, g_source_remove);

  GTK_WIDGET_CLASS (eros_now_page_parent_class)->unmap (widget);
}

/* ---- the page ------------------------------------------------------------------------------------------ */

static void
update (ErosNowPage *self)
{
  GPtrArray *next = eros_situation_get_next (self->situation);
  GPtrArray *problems = eros_situation_get_problems (self->situation);

  clear (self->next);
  clear (self->problems);
  for (guint i = 0; i < next->len; i++)
    append_next (self, next->pdata[i], i == 0);
  for (guint i = 0; i < problems->len; i++)
    append_problem (self, problems->pdata[i]);
  show_backup (self);
  show_round (self);
}

static GtkWidget *
make_empty (const char *text)
{
  GtkWidget *label = make_label (text, "dim-label");

  gtk_widget_add_css_class (label, "eros-content");
  return label;
}

static void
append_contacts (ErosNowPage *self)
{
  GListModel *appendix = eros_runbook_get_appendix (eros_deployment_get_runbook (self->deployment));
  gboolean has_any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (appendix); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (appendix, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (!eros_contact_row_is_for (element))
            continue;
          gtk_list_box_append (self->contacts, eros_contact_row_new (self->deployment, element));
          has_any = TRUE;
        }
    }
  gtk_widget_set_visible (self->contacts_box, has_any);
}

static void
eros_now_page_dispose (GObject *object)
{
  ErosNowPage *self = EROS_NOW_PAGE (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->situation);

  G_OBJECT_CLASS (eros_now_page_parent_class)->dispose (object);
}

static void
eros_now_page_class_init (ErosNowPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_now_page_dispose;
  widget_class->map = eros_now_page_map;
  widget_class->unmap = eros_now_page_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/now-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, next);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, problems);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, contacts);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, contacts_box);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, backup);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, round);
  gtk_widget_class_bind_template_child (widget_class, ErosNowPage, rehearse);
}

static void
eros_now_page_init (ErosNowPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  gtk_list_box_set_placeholder (self->next, make_empty (_ ("Nothing is left to do.")));
  gtk_list_box_set_placeholder (self->problems, make_empty (_ ("Nothing that this program knows of.")));
}

/**
 * eros_now_page_new:
 * @situation: of the open deployment
 *
 * Makes the page that answers what is next, what is wrong and who can be asked.
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
eros_now_page_new (ErosSituation *situation)
{
  ErosNowPage *self = g_object_new (EROS_TYPE_NOW_PAGE, NULL);

  self->situation = g_object_ref (situation);
  self->deployment = eros_session_get_deployment (eros_situation_get_session (situation));
  gtk_widget_set_visible (self->rehearse, eros_deployment_get_setup (self->deployment)->environment ==
                                            EROS_ENVIRONMENT_REHEARSAL);
  append_contacts (self);
  g_signal_connect_object (situation, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
