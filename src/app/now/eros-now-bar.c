/* eros-now-bar.c: on every page: what is wrong, what is next, and the way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-now-bar.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"
#include "eros-remedy.h"

struct _ErosNowBar
{
  AdwBin parent_instance;

  ErosSituation *situation;

  GtkWidget *problem;
  GtkImage *problem_icon;
  GtkLabel *problem_text;
  GtkLabel *problem_more;
  GtkButton *problem_show;
  GtkButton *problem_remedy;
  GtkLabel *next_text;
  GtkButton *next_button;
};

G_DEFINE_FINAL_TYPE (ErosNowBar, eros_now_bar, ADW_TYPE_BIN)

/* The text is cut after its second line; it stands whole on the page of what is now, and is heard whole. */
static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), text);
}

static gboolean
is_same (ErosNowBar *self, ErosProblem *problem)
{
  const ErosNext *next = eros_situation_get_next (self->situation)->pdata[0];
  const char *operation = next->element != NULL ? eros_element_get_operation (next->element) : NULL;

  return (next->kind == EROS_NEXT_GO_ON && g_strcmp0 (operation, eros_problem_get_target (problem)) == 0) ||
         (next->kind == EROS_NEXT_LOOK && eros_problem_get_kind (problem) == EROS_PROBLEM_ROUND_LATE);
}

static void
show_problem (ErosNowBar *self)
{
  GPtrArray *problems = eros_situation_get_problems (self->situation);
  ErosProblem *worst = problems->len > 0 ? problems->pdata[0] : NULL;
  guint n_more = problems->len > 0 ? problems->len - 1 : 0;
  g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->problem, worst != NULL);
  if (worst == NULL)
    return;
  gtk_image_set_from_icon_name (self->problem_icon, eros_remedy_get_icon (worst));
  gtk_widget_set_css_classes (GTK_WIDGET (self->problem_icon),
                              (const char *[]){ eros_remedy_get_style (worst), NULL });
  text = eros_format_plain (eros_problem_get_text (worst));
  set_text (self->problem_text, text);
  gtk_label_set_text (self->problem_more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_more), n_more > 0);
  eros_remedy_lead_to (self->problem_show, eros_problem_get_place (worst));
  eros_remedy_offer (self->problem_remedy, worst);
  /* What is next is the same then, with the same button. */
  if (eros_situation_get_next (self->situation)->len > 0 && is_same (self, worst))
    gtk_widget_set_visible (GTK_WIDGET (self->problem_remedy), FALSE);
  /* Whoever hears the window is told at once. */
  eros_accessible_set_name (self->problem, text);
}

static void
show_next (ErosNowBar *self)
{
  GPtrArray *list = eros_situation_get_next (self->situation);
  const ErosNext *next = list->len > 0 ? list->pdata[0] : NULL;
  g_autofree char *what = next != NULL ? eros_remedy_describe_next (next) : NULL;
  g_autofree char *text =
    /* Translators: what is to be done next */
    next != NULL ? g_strdup_printf (_ ("Next: %s"), what) : g_strdup (_ ("Nothing is left to do."));

  set_text (self->next_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->next_button), next != NULL);
  if (next != NULL)
    eros_remedy_offer_next (self->next_button, next);
}

static void
update (ErosNowBar *self)
{
  show_problem (self);
  show_next (self);
}

static void
eros_now_bar_dispose (GObject *object)
{
  g_clear_object (&EROS_NOW_BAR (object)->situation);

  G_OBJECT_CLASS (eros_now_bar_parent_class)->dispose (object);
}

static void
eros_now_bar_class_init (ErosNowBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_now_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/now-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem_icon);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem_text);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem_more);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem_show);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, problem_remedy);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, next_text);
  gtk_widget_class_bind_template_child (widget_class, ErosNowBar, next_button);
}

static void
eros_now_bar_init (ErosNowBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_now_bar_set_situation:
 * @self: a bar
 * @situation: of the open deployment
 *
 * Shows the worst of what is wrong with the button that helps, what is next, and the way back.
 */
void
eros_now_bar_set_situation (ErosNowBar *self, ErosSituation *situation)
{
  g_return_if_fail (EROS_IS_NOW_BAR (self));

  g_set_object (&self->situation, situation);
  g_signal_connect_object (situation, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
