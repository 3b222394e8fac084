/* eros-template-row.c: a message to send, its placeholders filled in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-template-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-format.h"

struct _ErosTemplateRow
{
  GtkListBoxRow parent_instance;

  ErosDeployment *deployment;
  ErosElement *element;
  /* Placeholder name → GtkWidget to answer it with. The answers are the sender's own words and belong to this
   * message only: the deployment does not know them. */
  GHashTable *answers;

  GtkLabel *heading;
  GtkButton *copy;
  GtkButton *compose;
  GtkGrid *questions;
  GtkLabel *missing;
  GtkEditable *recipients;
  GtkLabel *sent;
  GtkLabel *subject;
  GtkLabel *body;
};

G_DEFINE_FINAL_TYPE (ErosTemplateRow, eros_template_row, GTK_TYPE_LIST_BOX_ROW)

static char *
get_answer (GtkWidget *widget)
{
  if (GTK_IS_DROP_DOWN (widget))
    {
      GtkDropDown *choice = GTK_DROP_DOWN (widget);

      if (gtk_drop_down_get_selected (choice) == 0)
        return g_strdup ("");
      return g_strdup (gtk_string_object_get_string (gtk_drop_down_get_selected_item (choice)));
    }
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (widget))));
}

static char *
replace (const char *text, const char *name, const char *with)
{
  g_autofree char *placeholder = g_strdup_printf ("[%s]", name);
  GString *result = g_string_new (text);

  g_string_replace (result, placeholder, with, 0);
  return g_string_free (result, FALSE);
}

/* The message with everything that is known; MISSING gets the names of the placeholders that are left. */
static char *
fill (ErosTemplateRow *self, char **subject, GPtrArray *missing)
{
  g_auto (GStrv) unfilled = NULL;
  g_autofree char *own_subject = NULL;
  char *text = eros_deployment_fill_template (self->deployment, eros_element_get_id (self->element),
                                              &own_subject, &unfilled);

  for (guint i = 0; unfilled != NULL && unfilled[i] != NULL; i++)
    {
      GtkWidget *widget = g_hash_table_lookup (self->answers, unfilled[i]);
      g_autofree char *answer = widget != NULL ? get_answer (widget) : g_strdup ("");
      g_autofree char *old_text = text;
      g_autofree char *old_subject = own_subject;

      if (answer[0] == '\0' && missing != NULL)
        g_ptr_array_add (missing, g_strdup (unfilled[i]));
      if (answer[0] == '\0')
        {
          own_subject = g_steal_pointer (&old_subject);
          text = g_steal_pointer (&old_text);
          continue;
        }
      text = replace (old_text, unfilled[i], answer);
      own_subject = old_subject != NULL ? replace (old_subject, unfilled[i], answer) : NULL;
    }
  if (subject != NULL)
    *subject = g_steal_pointer (&own_subject);
  return text;
}

/* A translucent yellow is readable on light and on dark; the brackets stay, for those who do not see it. */
static void
show_text (GtkLabel *label, const char *text, GPtrArray *missing)
{
  g_autoptr (GString) markup = NULL;
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  markup = g_string_new (escaped);
  for (guint i = 0; i < missing->len; i++)
    {
      g_autofree char *name = g_markup_printf_escaped ("[%s]", (char *) g_ptr_array_index (missing, i));
      g_autofree char *marked = g_strdup_printf (
        "<span weight=\"bold\" background=\"#f5c211\" background_alpha=\"40%%\">%s</span>", name);

      g_string_replace (markup, name, marked, 0);
    }
  gtk_label_set_markup (label, markup->str);
}

static const char *
label_of (ErosTemplateRow *self, const char *name)
{
  guint n;
  const ErosPlaceholder *placeholders = eros_element_get_placeholders (self->element, &n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (placeholders[i].name, name) && placeholders[i].label != NULL)
      return placeholders[i].label;
  return name;
}

static void
show_missing (ErosTemplateRow *self, GPtrArray *missing)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < missing->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            label_of (self, g_ptr_array_index (missing, i)));
  /* Translators: list of what a message still lacks */
  text = g_strdup_printf (_ ("Still to fill in: %s"), names->str);
  gtk_label_set_text (self->missing, text);
  gtk_widget_set_visible (GTK_WIDGET (self->missing), missing->len > 0);
}

static void
show_sent (ErosTemplateRow *self)
{
  ErosEvent *event = eros_deployment_find_message (self->deployment, eros_element_get_id (self->element));
  g_autofree char *time = event != NULL ? eros_format_time (eros_event_get_time (event)) : NULL;
  g_autofree char *who = event != NULL ? eros_format_actor (eros_event_get_actor (event)) : NULL;
  g_autofree char *text =
    /* Translators: a time; a person; e-mail addresses */
    event != NULL ? g_strdup_printf (_ ("Sent at %s by %s to %s"), time, who,
                                     eros_event_get_string (event, EROS_MEMBER_TEXT))
                  : g_strdup (_ ("Not sent yet, as far as the record knows."));

  gtk_label_set_text (self->sent, text);
}

/* Until somebody has written others. */
static void
propose_recipients (ErosTemplateRow *self)
{
  g_auto (GStrv) known = eros_deployment_list_addresses (self->deployment);
  g_autofree char *all = g_strjoinv (", ", known);
  const char *shown = gtk_editable_get_text (self->recipients);

  if (*shown == '\0' || g_strcmp0 (shown, g_object_get_data (G_OBJECT (self->recipients), "proposed")) == 0)
    gtk_editable_set_text (self->recipients, all);
  g_object_set_data_full (G_OBJECT (self->recipients), "proposed", g_steal_pointer (&all), g_free);
}

static void
update (ErosTemplateRow *self)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *subject = NULL;
  g_autofree char *text = fill (self, &subject, missing);

  show_text (self->subject, subject, missing);
  gtk_widget_set_visible (GTK_WIDGET (self->subject), subject != NULL && subject[0] != '\0');
  show_text (self->body, text, missing);
  show_missing (self, missing);
  propose_recipients (self);
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosTemplateRow *self = EROS_TEMPLATE_ROW (widget);
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *subject = NULL;
  g_autofree char *text = fill (self, &subject, missing);
  g_autofree char *whole =
    /* Translators: of an e-mail */
    subject != NULL && *subject != '\0' ? g_strdup_printf (_ ("Subject: %s\n\n%s"), subject, text)
                                        : g_strdup (text);

  eros_feedback_copy (
    widget, whole, missing->len > 0 ? _ ("Copied, with placeholders that are not filled in") : _ ("Copied"));
}

static void
composed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosTemplateRow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    {
      g_prefix_error (&error, _ ("No e-mail program could be opened; copy the message in its place. "));
      eros_feedback_error (GTK_WIDGET (self), _ ("No E-Mail Composed"), error);
    }
}

static void
compose_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosTemplateRow *self = EROS_TEMPLATE_ROW (widget);
  g_autofree char *subject = NULL;
  g_autofree char *text = fill (self, &subject, NULL);
  g_autofree char *subject_part = g_uri_escape_string (subject != NULL ? subject : "", NULL, FALSE);
  g_autofree char *body_part = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *recipients = g_uri_escape_string (gtk_editable_get_text (self->recipients), "@,", FALSE);
  g_autofree char *uri =
    g_strdup_printf ("mailto:%s?subject=%s&body=%s", recipients, subject_part, body_part);
  g_autoptr (GAppLaunchContext) context =
    G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (gtk_widget_get_display (widget)));

  g_app_info_launch_default_for_uri_async (uri, context, NULL, composed_cb, g_object_ref (self));
}

static void
sent_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosTemplateRow *self = EROS_TEMPLATE_ROW (widget);
  g_autofree char *subject = NULL;
  g_autofree char *text = fill (self, &subject, NULL);
  g_autoptr (GError) error = NULL;

  if (!eros_deployment_record_message (self->deployment, eros_element_get_id (self->element),
                                       gtk_editable_get_text (self->recipients), subject, &error))
    eros_feedback_error (widget, _ ("Not Recorded as Sent"), error);
  show_sent (self);
}

/* Another window of this deployment may say it. */
static void
appended_cb (ErosTemplateRow *self, ErosEvent *event)
{
  if (eros_event_is (event, EROS_EVENT_MESSAGE_SENT))
    show_sent (self);
}

static GtkWidget *
make_answer (ErosTemplateRow *self, const ErosPlaceholder *placeholder)
{
  GtkWidget *widget;

  if (placeholder->choices == NULL)
    {
      widget = gtk_entry_new ();
      g_signal_connect_swapped (widget, "changed", G_CALLBACK (update), self);
      return widget;
    }
  widget = gtk_drop_down_new_from_strings ((const char *const *) placeholder->choices);
  gtk_string_list_splice (GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (widget))), 0, 0,
                          (const char *[]){ _ ("(Blank)"), NULL });
  gtk_drop_down_set_selected (GTK_DROP_DOWN (widget), 0);
  g_signal_connect_swapped (widget, "notify::selected", G_CALLBACK (update), self);
  return widget;
}

static void
add_question (ErosTemplateRow *self, const ErosPlaceholder *placeholder)
{
  const char *text = placeholder->label != NULL ? placeholder->label : placeholder->name;
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *widget = make_answer (self, placeholder);
  int row = g_hash_table_size (self->answers);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  eros_accessible_set_name (widget, text);
  gtk_grid_attach (self->questions, label, 0, row, 1, 1);
  gtk_grid_attach (self->questions, widget, 1, row, 1, 1);
  gtk_widget_set_visible (GTK_WIDGET (self->questions), TRUE);
  g_hash_table_insert (self->answers, g_strdup (placeholder->name), widget);
}

static void
set_up (ErosTemplateRow *self)
{
  const char *label = eros_element_get_label (self->element);
  guint n;
  const ErosPlaceholder *placeholders = eros_element_get_placeholders (self->element, &n);

  gtk_label_set_text (self->heading, label);
  eros_accessible_set_name (GTK_WIDGET (self), label);
  eros_accessible_set_name (GTK_WIDGET (self->copy), _ ("Copy Message"));
  for (guint i = 0; i < n; i++)
    /* What an operation was asked for is not known when it was done by hand. */
    if (placeholders[i].source == NULL || g_str_has_prefix (placeholders[i].source, "operation:"))
      add_question (self, &placeholders[i]);
  g_signal_connect_object (self->deployment, "field-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (self->deployment), "appended",
                           G_CALLBACK (appended_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "template.sent",
                                 eros_journal_is_writable (eros_deployment_get_journal (self->deployment)));
  update (self);
  show_sent (self);
}

static void
eros_template_row_dispose (GObject *object)
{
  ErosTemplateRow *self = EROS_TEMPLATE_ROW (object);

  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_object (&self->element);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_template_row_parent_class)->dispose (object);
}

static void
eros_template_row_class_init (ErosTemplateRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_template_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/template-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, heading);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, copy);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, compose);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, questions);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, missing);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, subject);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, body);
  gtk_widget_class_install_action (widget_class, "template.copy", NULL, copy_action);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, recipients);
  gtk_widget_class_bind_template_child (widget_class, ErosTemplateRow, sent);
  gtk_widget_class_install_action (widget_class, "template.sent", NULL, sent_action);
  gtk_widget_class_install_action (widget_class, "template.compose", NULL, compose_action);
}

static void
eros_template_row_init (ErosTemplateRow *self)
{
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_template_row_new:
 * @deployment: the deployment
 * @element: one of its message templates
 *
 * Makes the card of a message: what is known is filled in, what only the sender knows is asked for, what is
 * missing stands out.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_template_row_new (ErosDeployment *deployment, ErosElement *element)
{
  ErosTemplateRow *self = g_object_new (EROS_TYPE_TEMPLATE_ROW, NULL);

  self->deployment = g_object_ref (deployment);
  self->element = g_object_ref (element);
  set_up (self);
  return GTK_WIDGET (self);
}

/**
 * eros_template_row_get_text:
 * @self: a row
 * @subject: (out) (optional) (nullable): return location for the subject
 *
 * Returns: (transfer full): the message as it would be sent
 */
char *
eros_template_row_get_text (ErosTemplateRow *self, char **subject)
{
  g_return_val_if_fail (EROS_IS_TEMPLATE_ROW (self), NULL);

  return fill (self, subject, NULL);
}
