/* eros-code-view.c: a command or an SQL text to read and to copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-code-view.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"

struct _ErosCodeView
{
  GtkBox parent_instance;

  GtkLabel *label;
  GtkButton *copy;
};

G_DEFINE_FINAL_TYPE (ErosCodeView, eros_code_view, GTK_TYPE_BOX)

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosCodeView *self = EROS_CODE_VIEW (widget);

  eros_feedback_copy (widget, gtk_label_get_text (self->label), _ ("Copied"));
}

static void
eros_code_view_class_init (ErosCodeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosCodeView, label);
  gtk_widget_class_bind_template_child (widget_class, ErosCodeView, copy);
  gtk_widget_class_install_action (widget_class, "code.copy", NULL, copy_action);
}

static void
eros_code_view_init (ErosCodeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_code_view_new:
 * @text: the command or statement
 * @language: (nullable): "sh" or "sql"
 *
 * Makes a view of a text in a fixed-width font, with a button that copies it.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_code_view_new (const char *text, const char *language)
{
  ErosCodeView *self = g_object_new (EROS_TYPE_CODE_VIEW, NULL);
  gboolean is_sql = g_strcmp0 (language, "sql") == 0;

  gtk_label_set_text (self->label, text);
  /* Code reads from left to right in every language. */
  gtk_widget_set_direction (GTK_WIDGET (self->label), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (gtk_widget_get_ancestor (GTK_WIDGET (self->label), GTK_TYPE_SCROLLED_WINDOW),
                            GTK_TEXT_DIR_LTR);
  eros_accessible_set_name (GTK_WIDGET (self->label), is_sql ? _ ("SQL") : _ ("Command"));
  eros_accessible_set_name (GTK_WIDGET (self->copy), is_sql ? _ ("Copy SQL") : _ ("Copy Command"));
  return GTK_WIDGET (self);
}

/**
 * eros_code_view_mark_line:
 * @self: a view
 * @line: a line of its text, from 1
 *
 * Marks the line in which something is wrong.
 */
void
eros_code_view_mark_line (ErosCodeView *self, guint line)
{
  const char *text = gtk_label_get_text (self->label);
  const char *start = text;
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  PangoAttribute *marks[] = { pango_attr_underline_new (PANGO_UNDERLINE_ERROR),
                              pango_attr_weight_new (PANGO_WEIGHT_BOLD) };
  g_autofree char *description = NULL;
  g_autofree char *marked = NULL;

  for (guint i = 1; i < line && start != NULL; i++)
    {
      start = strchr (start, '\n');
      start = start != NULL ? start + 1 : NULL;
    }
  start = start != NULL ? start : text + strlen (text);
  marked = g_strndup (start, strcspn (start, "\n"));
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      marks[i]->start_index = (guint) (start - text);
      marks[i]->end_index = (guint) (start - text) + (guint) strlen (marked);
      pango_attr_list_insert (attributes, marks[i]);
    }
  gtk_label_set_attributes (self->label, attributes);
  /* Translators: the number of a line, that line */
  description = g_strdup_printf (_ ("The mistake is in line %1$u: %2$s"), line, marked);
  eros_accessible_describe (GTK_WIDGET (self->label), description, FALSE);
}
