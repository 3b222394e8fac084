/* eros-sign-off-row.c: the signature of one role
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sign-off-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-field-entry.h"
#include "eros-format.h"
#include "eros-refusal.h"
#include "eros-text.h"

struct _ErosSignOffRow
{
  AdwActionRow parent_instance;

  ErosDeployment *deployment;
  ErosItem *item;

  GtkImage *icon;
  GtkButton *sign;
  GtkButton *withdraw;
};

G_DEFINE_FINAL_TYPE (ErosSignOffRow, eros_sign_off_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_DEPLOYMENT,
  PROP_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
element_id (ErosSignOffRow *self)
{
  return eros_element_get_id (eros_item_get_element (self->item));
}

static char *
describe (ErosSignOffRow *self)
{
  GListModel *fields = eros_element_get_fields (eros_item_get_element (self->item));
  g_autoptr (GString) text = g_string_new (NULL);

  if (eros_item_is_signed (self->item))
    {
      g_autofree char *who = eros_format_actor (eros_item_get_actor (self->item));
      g_autofree char *when = eros_format_time (eros_item_get_time (self->item));

      g_string_append_printf (text, _ ("Signed by %s, %s"), who, when);
    }
  else
    g_string_append (text, _ ("Not signed"));

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *value = eros_deployment_get_value (self->deployment, eros_field_get_id (field));
      g_autofree char *reading = value[0] != '\0' ? eros_field_format (field, value) : NULL;

      if (reading != NULL)
        g_string_append_printf (text, "\n%s: %s", eros_field_get_label (field), reading);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update (ErosSignOffRow *self)
{
  g_autofree char *subtitle = describe (self);
  gboolean writable = eros_journal_is_writable (eros_deployment_get_journal (self->deployment));
  gboolean is_signed = eros_item_is_signed (self->item);
  const char *classes[] = { is_signed ? "success" : "dim-label", NULL };

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_image_set_from_icon_name (self->icon, is_signed ? "emblem-ok-symbolic" : "avatar-default-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "item.sign", writable && !is_signed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "item.withdraw", writable && is_signed);
  gtk_widget_set_visible (GTK_WIDGET (self->sign), !is_signed);
  gtk_widget_set_visible (GTK_WIDGET (self->withdraw), is_signed);
  eros_accessible_set_description (GTK_WIDGET (self), subtitle);
}

static void
field_changed_cb (ErosDeployment *deployment, const char *field_id, ErosSignOffRow *self)
{
  if (g_str_has_prefix (field_id, element_id (self)))
    update (self);
}

static gboolean
is_moment (ErosField *field)
{
  ErosFieldType type = eros_field_get_field_type (field);

  return type == EROS_FIELD_DATE || type == EROS_FIELD_TIME || type == EROS_FIELD_TIMESTAMP;
}

static gboolean
is_name (ErosField *field)
{
  return g_str_has_suffix (eros_field_get_id (field), ".name");
}

/* With a name, and with everything chosen that the card asks to choose. */
static void
update_question (GtkWidget *question)
{
  ErosSignOffRow *self = g_object_get_data (G_OBJECT (question), "row");
  GtkEditable *entry = g_object_get_data (G_OBJECT (question), "name");
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  eros_compat_question_set_enabled (
    question, "sign",
    name[0] != '\0' && eros_deployment_allows (self->deployment, "sign", element_id (self), NULL, NULL));
}

static void
signed_cb (GtkWidget *question, const char *response, ErosSignOffRow *self)
{
  GtkWidget *entry = g_object_get_data (G_OBJECT (question), "name");
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "sign"))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (gtk_widget_get_parent (entry)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (EROS_IS_FIELD_ENTRY (child))
      eros_field_entry_save (EROS_FIELD_ENTRY (child));
  if (!eros_deployment_sign (self->deployment, element_id (self), name, &error))
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Not Signed"), error);
      return;
    }
  text = g_strdup_printf (_ ("Signed by %s"), name);
  eros_feedback_undo_toast (GTK_WIDGET (self), text);
}

static void
add_caption (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (box, label);
}

/* Name, and what the card asks for beside it; date and time are filled in by signing. */
static GtkWidget *
make_form (ErosSignOffRow *self, GtkWidget *question)
{
  GListModel *fields = eros_element_get_fields (eros_item_get_element (self->item));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *name = gtk_entry_new ();
  g_autofree char *actor = eros_format_actor (eros_deployment_get_actor (self->deployment));

  add_caption (GTK_BOX (box), _ ("Name"));
  eros_accessible_set_name (name, _ ("Name"));
  gtk_box_append (GTK_BOX (box), name);
  g_object_set_data (G_OBJECT (question), "name", name);
  g_signal_connect_swapped (name, "changed", G_CALLBACK (update_question), question);
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *value = eros_deployment_get_value (self->deployment, eros_field_get_id (field));

      if (is_name (field) && value[0] != '\0')
        {
          g_autofree char *shown = eros_text_show_line (value);

          gtk_editable_set_text (GTK_EDITABLE (name), shown);
        }
      if (is_name (field) || is_moment (field))
        continue;
      add_caption (GTK_BOX (box), eros_field_get_label (field));
      gtk_box_append (GTK_BOX (box), eros_field_entry_new (self->deployment, field));
    }
  if (gtk_editable_get_text (GTK_EDITABLE (name))[0] == '\0')
    gtk_editable_set_text (GTK_EDITABLE (name), actor);
  return box;
}

static void
sign_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (widget);
  ErosElement *element = eros_item_get_element (self->item);
  g_autofree char *reason = NULL;
  g_autofree char *heading = NULL;
  ErosGate *gate = NULL;
  GtkWidget *question;

  if (!eros_deployment_allows (self->deployment, "sign", element_id (self), &reason, &gate) && gate != NULL)
    {
      g_autoptr (GError) error =
        g_error_new_literal (EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED, reason);

      eros_refusal_show (widget, self->deployment, "sign", element_id (self), _ ("Cannot Be Signed Yet"),
                         error);
      return;
    }
  heading = g_strdup_printf (_ ("Sign as %s"), eros_element_get_role (element));
  question = eros_compat_question_new (
    heading, _ ("Your name, the date and the time are recorded and stand in the report."));
  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "sign", _ ("_Sign"), ADW_RESPONSE_SUGGESTED);
  g_object_set_data_full (G_OBJECT (question), "row", g_object_ref (self), g_object_unref);
  eros_compat_question_set_child (question, make_form (self, question));
  g_signal_connect_object (self->deployment, "field-changed", G_CALLBACK (update_question), question,
                           G_CONNECT_SWAPPED);
  update_question (question);
  g_signal_connect_object (question, "response", G_CALLBACK (signed_cb), self, 0);
  eros_compat_question_present (question, widget);
}

static void
withdrawn_cb (GtkWidget *question, const char *response, ErosSignOffRow *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "withdraw"))
    return;
  if (eros_deployment_untick (self->deployment, element_id (self), &error))
    eros_feedback_undo_toast (GTK_WIDGET (self), _ ("Signature withdrawn"));
  else
    eros_feedback_error (GTK_WIDGET (self), _ ("Not Withdrawn"), error);
}

static void
withdraw_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *question = eros_compat_question_new (
    _ ("Withdraw the Signature?"),
    _ ("The signature and its withdrawal both stay in the journal and in the report."));

  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "withdraw", _ ("_Withdraw"), ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (withdrawn_cb), widget, 0);
  eros_compat_question_present (question, widget);
}

static void
eros_sign_off_row_constructed (GObject *object)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (object);
  const char *label = eros_element_get_label (eros_item_get_element (self->item));
  g_autofree char *sign = g_strdup_printf (_ ("Sign: %s"), label);
  g_autofree char *withdraw = g_strdup_printf (_ ("Withdraw: %s"), label);

  G_OBJECT_CLASS (eros_sign_off_row_parent_class)->constructed (object);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), label);
  eros_accessible_set_name (GTK_WIDGET (self), label);
  eros_accessible_set_name (GTK_WIDGET (self->sign), sign);
  eros_accessible_set_name (GTK_WIDGET (self->withdraw), withdraw);
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->deployment, "field-changed", G_CALLBACK (field_changed_cb), self, 0);
  update (self);
}

static void
eros_sign_off_row_dispose (GObject *object)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_sign_off_row_parent_class)->dispose (object);
}

static void
eros_sign_off_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (object);

  switch (prop_id)
    {
    case PROP_DEPLOYMENT:
      self->deployment = g_value_dup_object (value);
      break;
    case PROP_ITEM:
      self->item = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_sign_off_row_class_init (ErosSignOffRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags construct = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = eros_sign_off_row_constructed;
  object_class->dispose = eros_sign_off_row_dispose;
  object_class->set_property = eros_sign_off_row_set_property;

  properties[PROP_DEPLOYMENT] =
    g_param_spec_object ("deployment", NULL, NULL, EROS_TYPE_DEPLOYMENT, construct);
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, EROS_TYPE_ITEM, construct);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/sign-off-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosSignOffRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosSignOffRow, sign);
  gtk_widget_class_bind_template_child (widget_class, ErosSignOffRow, withdraw);
  gtk_widget_class_install_action (widget_class, "item.sign", NULL, sign_action);
  gtk_widget_class_install_action (widget_class, "item.withdraw", NULL, withdraw_action);
}

static void
eros_sign_off_row_init (ErosSignOffRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_sign_off_row_new:
 * @deployment: the deployment
 * @item: one of its sign-offs
 *
 * Makes the card of a sign-off: who signed and when, and the dialog to sign with.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sign_off_row_new (ErosDeployment *deployment, ErosItem *item)
{
  return g_object_new (EROS_TYPE_SIGN_OFF_ROW, "deployment", deployment, "item", item, NULL);
}
