/* eros-contact-row.c: somebody who can be asked: who, and how to reach them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-contact-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-compat.h"

struct _ErosContactRow
{
  AdwActionRow parent_instance;

  ErosDeployment *deployment;
  ErosElement *element;

  GtkButton *call;
  GtkButton *mail;
  GtkButton *copy;
};

G_DEFINE_FINAL_TYPE (ErosContactRow, eros_contact_row, ADW_TYPE_ACTION_ROW)

/* "": there is none, or it is blank */
static const char *
get_value (ErosContactRow *self, ErosFieldType type)
{
  GListModel *fields = eros_element_get_fields (self->element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      if (eros_field_get_field_type (field) == type)
        return eros_deployment_get_value (self->deployment, eros_field_get_id (field));
    }
  return "";
}

/* (transfer full): what is known, a line each; "" when nothing is */
static char *
describe (ErosContactRow *self)
{
  static const ErosFieldType types[] = { EROS_FIELD_TEXT, EROS_FIELD_PHONE, EROS_FIELD_EMAIL };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const char *value = get_value (self, types[i]);

      if (*value != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
name_button (GtkButton *button, const char *pattern, ErosContactRow *self)
{
  g_autoptr (GString) name = g_string_new (pattern);

  g_string_replace (name, "%s", eros_element_get_label (self->element), 1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), name->str);
  eros_accessible_set_name (GTK_WIDGET (button), name->str);
}

static void
update (ErosContactRow *self)
{
  g_autofree char *known = describe (self);
  const char *text = *known != '\0' ? known : _ ("Not known yet: fill it in on the page of contacts");

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  eros_accessible_describe (GTK_WIDGET (self), text, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->call), *get_value (self, EROS_FIELD_PHONE) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->mail), *get_value (self, EROS_FIELD_EMAIL) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->copy), *known != '\0');
}

static void
open_uri (ErosContactRow *self, const char *scheme, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, "@+", FALSE);
  g_autofree char *uri = g_strconcat (scheme, escaped, NULL);

  eros_compat_show_uri (GTK_WIDGET (self), uri);
}

static void
call_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_uri (EROS_CONTACT_ROW (widget), "tel:", get_value (EROS_CONTACT_ROW (widget), EROS_FIELD_PHONE));
}

static void
mail_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_uri (EROS_CONTACT_ROW (widget), "mailto:", get_value (EROS_CONTACT_ROW (widget), EROS_FIELD_EMAIL));
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *known = describe (EROS_CONTACT_ROW (widget));

  eros_feedback_copy (widget, known, _ ("Contact copied"));
}

static void
eros_contact_row_dispose (GObject *object)
{
  ErosContactRow *self = EROS_CONTACT_ROW (object);

  g_clear_object (&self->element);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_contact_row_parent_class)->dispose (object);
}

static void
eros_contact_row_class_init (ErosContactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_contact_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/contact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosContactRow, call);
  gtk_widget_class_bind_template_child (widget_class, ErosContactRow, mail);
  gtk_widget_class_bind_template_child (widget_class, ErosContactRow, copy);
  gtk_widget_class_install_action (widget_class, "contact.call", NULL, call_action);
  gtk_widget_class_install_action (widget_class, "contact.mail", NULL, mail_action);
  gtk_widget_class_install_action (widget_class, "contact.copy", NULL, copy_action);
}

static void
eros_contact_row_init (ErosContactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_contact_row_is_for:
 * @element: an element
 *
 * Returns: whether it is a form with an e-mail address or a telephone number
 */
gboolean
eros_contact_row_is_for (ErosElement *element)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0;
       eros_element_get_kind (element) == EROS_ELEMENT_FORM && i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      ErosFieldType type = eros_field_get_field_type (field);

      if (type == EROS_FIELD_EMAIL || type == EROS_FIELD_PHONE)
        return TRUE;
    }
  return FALSE;
}

/**
 * eros_contact_row_new:
 * @deployment: the deployment
 * @element: a form with an e-mail address or a telephone number
 *
 * Makes a row with what is known of somebody, to be called, written to and copied.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_contact_row_new (ErosDeployment *deployment, ErosElement *element)
{
  ErosContactRow *self = g_object_new (EROS_TYPE_CONTACT_ROW, NULL);
  const char *title = eros_element_get_label (element);

  self->deployment = g_object_ref (deployment);
  self->element = g_object_ref (element);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  eros_accessible_set_name (GTK_WIDGET (self), title);
  /* Translators: somebody’s role */
  name_button (self->call, _ ("Call: %s"), self);
  name_button (self->mail, _ ("Write to: %s"), self);
  name_button (self->copy, _ ("Copy: %s"), self);
  g_signal_connect_object (deployment, "field-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
