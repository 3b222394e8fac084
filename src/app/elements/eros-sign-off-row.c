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
#include "eros-reason.h"
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

static void
add_withdrawn (ErosSignOffRow *self, GString *text)
{
  GPtrArray *decisions = eros_deployment_get_decisions (self->deployment);

  for (guint i = 0; i < decisions->len; i++)
    {
      const ErosDecision *decision = decisions->pdata[i];
      g_autofree char *reason = eros_text_show_line (eros_decision_get_withdrawal_reason (decision));

      if (decision->withdrawal == NULL ||
          !g_str_equal (eros_decision_get_target (decision), element_id (self)))
        continue;
      /* Translators: who had signed; why that was withdrawn */
      g_string_append_printf (text, _ ("\nSigned by %s, withdrawn: %s"), eros_decision_get_name (decision),
                              reason);
    }
}

/* Somebody may sign in the name of somebody else. */
static void
add_recorder (ErosSignOffRow *self, const char *signer, GString *text)
{
  GPtrArray *decisions = eros_deployment_get_decisions (self->deployment);

  for (guint i = 0; i < decisions->len; i++)
    {
      const ErosDecision *decision = decisions->pdata[i];
      g_autofree char *recorder = eros_format_actor (eros_event_get_actor (decision->event));

      if (decision->withdrawal == NULL &&
          g_str_equal (eros_decision_get_target (decision), element_id (self)) &&
          !g_str_equal (recorder, signer))
        /* Translators: a person */
        g_string_append_printf (text, _ ("\nRecorded by %s"), recorder);
    }
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
      add_recorder (self, who, text);
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
  if (eros_item_is_signed (self->item) && eros_item_get_reason (self->item) != NULL)
    {
      g_autofree char *reason = eros_text_show_line (eros_item_get_reason (self->item));

      g_string_append_printf (text, _ ("\nSigned although something contradicts it: %s"), reason);
    }
  add_withdrawn (self, text);
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

/* What is asked before it is signed; nothing of it is recorded until then. */
typedef struct
{
  ErosSignOffRow *row;
  GtkWidget *question;
  GtkEditable *name;
  GPtrArray *fields;  /* of ErosFieldEntry */
  GtkWidget *against; /* what contradicts it, and why it is signed all the same */
  GtkLabel *contradictions;
  GtkEditable *reason;
} Signing;

static void
signing_free (gpointer data)
{
  Signing *signing = data;

  g_object_unref (signing->row);
  g_ptr_array_unref (signing->fields);
  g_free (signing);
}

static char *
text_of (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static GHashTable *
collect_values (Signing *signing)
{
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < signing->fields->len; i++)
    {
      ErosFieldEntry *entry = signing->fields->pdata[i];

      g_hash_table_insert (values, (gpointer) eros_field_get_id (eros_field_entry_get_field (entry)),
                           (gpointer) eros_field_entry_get_text (entry));
    }
  return values;
}

/* With a name, with everything chosen that the card asks to choose, and with a reason where something speaks
 * against it. */
static void
update_question (Signing *signing)
{
  g_autoptr (GHashTable) values = collect_values (signing);
  g_autofree char *name = text_of (signing->name);
  g_autofree char *reason = text_of (signing->reason);
  g_auto (GStrv) contradictions = NULL;
  g_autofree char *list = NULL;
  gboolean is_possible = eros_deployment_preview_signature (
    signing->row->deployment, element_id (signing->row), name, values, &contradictions, NULL);
  gboolean is_contradicted = is_possible && contradictions[0] != NULL;

  if (is_contradicted)
    list = g_strjoinv ("\n• ", contradictions);
  if (is_contradicted)
    {
      g_autofree char *text = g_strdup_printf (_ ("This speaks against it:\n• %s"), list);

      gtk_label_set_text (signing->contradictions, text);
    }
  gtk_widget_set_visible (signing->against, is_contradicted);
  eros_compat_question_set_enabled (signing->question, "sign",
                                    is_possible && (!is_contradicted || reason[0] != '\0'));
}

static void
signed_cb (GtkWidget *question, const char *response, Signing *signing)
{
  ErosSignOffRow *self = signing->row;
  g_autoptr (GHashTable) values = collect_values (signing);
  g_autofree char *name = text_of (signing->name);
  g_autofree char *reason = text_of (signing->reason);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "sign"))
    return;
  /* Nobody has seen a reason that is hidden. */
  if (!gtk_widget_get_visible (signing->against))
    reason[0] = '\0';
  if (!eros_deployment_sign_with (self->deployment, element_id (self), name, values, reason, &error))
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Not Signed"), error);
      return;
    }
  text = g_strdup_printf (_ ("Signed by %s"), name);
  eros_feedback_toast (GTK_WIDGET (self), text);
}

static void
add_caption (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (box, label);
}

static GtkEditable *
add_entry (GtkBox *box, const char *caption, Signing *signing)
{
  GtkWidget *entry = gtk_entry_new ();

  add_caption (box, caption);
  eros_accessible_set_name (entry, caption);
  gtk_box_append (box, entry);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (update_question), signing);
  return GTK_EDITABLE (entry);
}

static void
add_field (GtkBox *box, ErosField *field, Signing *signing)
{
  GtkWidget *entry = eros_field_entry_new_draft (signing->row->deployment, field);

  add_caption (box, eros_field_get_label (field));
  gtk_box_append (box, entry);
  g_ptr_array_add (signing->fields, entry);
  g_signal_connect_swapped (entry, "edited", G_CALLBACK (update_question), signing);
}

static void
add_against (GtkBox *box, Signing *signing)
{
  GtkWidget *against = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "warning");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 200);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_box_append (GTK_BOX (against), scroller);
  signing->against = against;
  signing->contradictions = GTK_LABEL (label);
  signing->reason = add_entry (GTK_BOX (against), _ ("Why it is signed all the same"), signing);
  gtk_box_append (box, against);
}

/* Name, and what the card asks for beside it; date and time are filled in by signing. */
static GtkWidget *
make_form (Signing *signing)
{
  ErosSignOffRow *self = signing->row;
  GListModel *fields = eros_element_get_fields (eros_item_get_element (self->item));
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  g_autofree char *name = eros_format_actor (eros_deployment_get_actor (self->deployment));

  signing->name = add_entry (box, _ ("Name"), signing);
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);
      const char *value = eros_deployment_get_value (self->deployment, eros_field_get_id (field));

      if (is_name (field) && value[0] != '\0')
        {
          g_free (name);
          name = eros_text_show_line (value);
        }
      else if (!is_name (field) && !is_moment (field))
        add_field (box, field, signing);
    }
  add_against (box, signing);
  gtk_editable_set_text (signing->name, name);
  return GTK_WIDGET (box);
}

static void
ask (ErosSignOffRow *self)
{
  ErosElement *element = eros_item_get_element (self->item);
  const char *role = eros_element_get_role (element);
  g_autofree char *heading =
    g_strdup_printf (_ ("Sign as %s"), role != NULL ? role : eros_element_get_label (element));
  Signing *signing = g_new0 (Signing, 1);

  signing->row = g_object_ref (self);
  signing->fields = g_ptr_array_new ();
  signing->question = eros_compat_question_new (
    heading, _ ("Your name, the date and the time are recorded and stand in the report, for ever."));
  eros_compat_question_add (signing->question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (signing->question, "sign", _ ("_Sign"), ADW_RESPONSE_SUGGESTED);
  g_object_set_data_full (G_OBJECT (signing->question), "signing", signing, signing_free);
  eros_compat_question_set_child (signing->question, make_form (signing));
  update_question (signing);
  g_signal_connect (signing->question, "response", G_CALLBACK (signed_cb), signing);
  eros_compat_question_present (signing->question, GTK_WIDGET (self));
}

static void
sign_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (widget);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (!eros_deployment_allows (self->deployment, "sign", element_id (self), &reason, &gate) && gate != NULL)
    {
      g_autoptr (GError) error =
        g_error_new_literal (EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED, reason);

      eros_refusal_show (widget, self->deployment, "sign", element_id (self), _ ("Cannot Be Signed Yet"),
                         error);
      return;
    }
  ask (self);
}

static void
withdrawn (GtkWidget *widget, const char *reason)
{
  ErosSignOffRow *self = EROS_SIGN_OFF_ROW (widget);
  g_autoptr (GError) error = NULL;

  if (eros_deployment_withdraw (self->deployment, element_id (self), reason, &error))
    eros_feedback_toast (widget, _ ("Signature withdrawn"));
  else
    eros_feedback_error (widget, _ ("Not Withdrawn"), error);
}

static void
withdraw_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_reason_ask (widget, _ ("Withdraw the Signature?"),
                   _ ("The signature and its withdrawal both stay in the journal and in the report."),
                   "withdraw", _ ("_Withdraw"), withdrawn);
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
