/* eros-code-view.c: a command or an SQL text to read and to copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-code-view.h"

#include <adwaita.h>
#include <math.h>
#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-text.h"

/* The mark beside the line in which something is wrong. */
#define MISTAKE "mistake"

struct _ErosCodeView
{
  GtkBox parent_instance;

  GtkSourceView *view;
  GtkButton *copy;
  char *text; /* as it was given, to be copied */
};

G_DEFINE_FINAL_TYPE (ErosCodeView, eros_code_view, GTK_TYPE_BOX)

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosCodeView *self = EROS_CODE_VIEW (widget);

  eros_feedback_copy (widget, self->text, _ ("Copied"));
}

/* The wheel scrolls the page, whatever it is over; sideways, and with Shift, the code. */
static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, ErosCodeView *self)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  GtkAdjustment *adjustment;
  double step;

  if (page == NULL || dy == 0 || (state & GDK_SHIFT_MASK) != 0)
    return FALSE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  /* As a scrolled window has it for a wheel; a touchpad counts in pixels. */
  step = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE
           ? 1
           : pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + dy * step);
  return TRUE;
}

static void
dark_cb (ErosCodeView *self)
{
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view)));
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  gtk_source_buffer_set_style_scheme (
    buffer, gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (),
                                                        dark ? "Adwaita-dark" : "Adwaita"));
}

static void
eros_code_view_finalize (GObject *object)
{
  ErosCodeView *self = EROS_CODE_VIEW (object);

  g_free (self->text);
  G_OBJECT_CLASS (eros_code_view_parent_class)->finalize (object);
}

static void
eros_code_view_class_init (ErosCodeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = eros_code_view_finalize;
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosCodeView, view);
  gtk_widget_class_bind_template_child (widget_class, ErosCodeView, copy);
  gtk_widget_class_bind_template_callback (widget_class, scroll_cb);
  gtk_widget_class_install_action (widget_class, "code.copy", NULL, copy_action);
}

static void
eros_code_view_init (ErosCodeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Code reads from left to right in every language. */
  gtk_widget_set_direction (GTK_WIDGET (self->view), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (gtk_widget_get_ancestor (GTK_WIDGET (self->view), GTK_TYPE_SCROLLED_WINDOW),
                            GTK_TEXT_DIR_LTR);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (dark_cb), self,
                           G_CONNECT_SWAPPED);
  dark_cb (self);
}

/**
 * eros_code_view_new:
 * @text: the command or statement
 * @language: (nullable): "sh" or "sql"
 *
 * Makes a view of a text in a fixed-width font, its language highlighted, with a button that copies it. What
 * of the text would not show is shown by its number; what is copied is the text itself.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_code_view_new (const char *text, const char *language)
{
  ErosCodeView *self = g_object_new (EROS_TYPE_CODE_VIEW, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  gboolean is_sql = g_strcmp0 (language, "sql") == 0;
  g_autofree char *shown = eros_text_show (text);

  self->text = g_strdup (text);
  gtk_text_buffer_set_text (buffer, shown, -1);
  gtk_source_buffer_set_language (GTK_SOURCE_BUFFER (buffer),
                                  gtk_source_language_manager_get_language (
                                    gtk_source_language_manager_get_default (), is_sql ? "sql" : "sh"));
  gtk_source_view_set_show_line_numbers (self->view, is_sql);
  /* What is long does not fill the page. */
  if (gtk_text_buffer_get_line_count (buffer) > 20)
    gtk_scrolled_window_set_policy (
      GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (self->view), GTK_TYPE_SCROLLED_WINDOW)),
      GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  eros_accessible_set_name (GTK_WIDGET (self->view), is_sql ? _ ("SQL") : _ ("Command"));
  eros_accessible_set_name (GTK_WIDGET (self->copy), is_sql ? _ ("Copy SQL") : _ ("Copy Command"));
  return GTK_WIDGET (self);
}

/* Beside the line, in the margin. */
static void
put_mark (ErosCodeView *self, const GtkTextIter *start)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  g_autoptr (GtkSourceMarkAttributes) look = gtk_source_mark_attributes_new ();

  gtk_source_mark_attributes_set_icon_name (look, "dialog-error-symbolic");
  gtk_source_view_set_mark_attributes (self->view, MISTAKE, look, 0);
  gtk_source_view_set_show_line_marks (self->view, TRUE);
  gtk_source_buffer_create_source_mark (GTK_SOURCE_BUFFER (buffer), NULL, MISTAKE, start);
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
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, "weight",
                                                PANGO_WEIGHT_BOLD, NULL);
  g_autofree char *description = NULL;
  g_autofree char *marked = NULL;
  GtkTextIter start;
  GtkTextIter end;

  if (line == 0 || !gtk_text_buffer_get_iter_at_line (buffer, &start, (int) line - 1))
    return;
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
  put_mark (self, &start);
  marked = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  /* Translators: the number of a line, that line */
  description = g_strdup_printf (_ ("The mistake is in line %1$u: %2$s"), line, marked);
  eros_accessible_describe (GTK_WIDGET (self->view), description, FALSE);
}
