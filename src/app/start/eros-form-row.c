/* eros-form-row.c: a line of a form that says what is wrong with it while it is typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-form-row.h"

#include "eros-accessible.h"

struct _ErosFormRow
{
  AdwActionRow parent_instance;

  ErosFormCheck check;
  gpointer check_data;
  char *error;
  gboolean touched; /* it was left, or something was typed */
  char *hint;       /* (nullable): what stands under the title while nothing is wrong */

  GtkEntry *entry;
};

G_DEFINE_FINAL_TYPE (ErosFormRow, eros_form_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_PLACEHOLDER,
  PROP_HINT,
  PROP_ERROR,
  N_PROPS
};

enum
{
  SIGNAL_LEFT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
title_cb (ErosFormRow *self)
{
  eros_accessible_set_name (GTK_WIDGET (self), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  eros_accessible_set_name (GTK_WIDGET (self->entry),
                            adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
}

static void
show_message (ErosFormRow *self)
{
  const char *message = self->error != NULL ? self->error : self->hint;
  /* Nobody has done anything wrong in a line that is still to be filled in: it only says what is expected. */
  gboolean invalid = self->error != NULL && (self->touched || *eros_form_row_get_text (self) != '\0');

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), message != NULL ? message : "");
  if (invalid)
    gtk_widget_add_css_class (GTK_WIDGET (self), "eros-invalid");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "eros-invalid");
  eros_accessible_describe (GTK_WIDGET (self->entry), message, invalid);
}

static void
changed_cb (ErosFormRow *self)
{
  eros_form_row_check (self);
  show_message (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
left_cb (ErosFormRow *self)
{
  self->touched = TRUE;
  show_message (self);
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
eros_form_row_finalize (GObject *object)
{
  ErosFormRow *self = EROS_FORM_ROW (object);

  g_free (self->error);
  g_free (self->hint);

  G_OBJECT_CLASS (eros_form_row_parent_class)->finalize (object);
}

static void
eros_form_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ErosFormRow *self = EROS_FORM_ROW (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, eros_form_row_get_text (self));
      break;
    case PROP_PLACEHOLDER:
      g_value_set_string (value, gtk_entry_get_placeholder_text (self->entry));
      break;
    case PROP_HINT:
      g_value_set_string (value, self->hint);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_form_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ErosFormRow *self = EROS_FORM_ROW (object);
  const char *text = g_value_get_string (value);

  switch (prop_id)
    {
    case PROP_TEXT:
      gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
      break;
    case PROP_PLACEHOLDER:
      gtk_entry_set_placeholder_text (self->entry, text);
      break;
    case PROP_HINT:
      g_free (self->hint);
      self->hint = g_strdup (text);
      show_message (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
eros_form_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (EROS_FORM_ROW (widget)->entry));
}

static void
eros_form_row_class_init (ErosFormRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = eros_form_row_finalize;
  object_class->get_property = eros_form_row_get_property;
  object_class->set_property = eros_form_row_set_property;
  widget_class->grab_focus = eros_form_row_grab_focus;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL, flags);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string (
    "error", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_LEFT] =
    g_signal_new ("left", EROS_TYPE_FORM_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/form-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosFormRow, entry);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
}

static void
eros_form_row_init (ErosFormRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::title", G_CALLBACK (title_cb), NULL);
}

/**
 * eros_form_row_set_check:
 * @self: a row
 * @check: (nullable): says what is wrong with a text
 * @user_data: for @check
 *
 * Sets how the row is checked whenever its text changes.
 */
void
eros_form_row_set_check (ErosFormRow *self, ErosFormCheck check, gpointer user_data)
{
  g_return_if_fail (EROS_IS_FORM_ROW (self));

  self->check = check;
  self->check_data = user_data;
}

/**
 * eros_form_row_check:
 * @self: a row
 *
 * Checks the text again, when something else has changed that it depends on.
 */
void
eros_form_row_check (ErosFormRow *self)
{
  g_autofree char *error = NULL;

  g_return_if_fail (EROS_IS_FORM_ROW (self));

  error = self->check != NULL ? self->check (eros_form_row_get_text (self), self->check_data) : NULL;
  if (g_strcmp0 (error, self->error) == 0)
    return;
  g_free (self->error);
  self->error = g_steal_pointer (&error);
  show_message (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/**
 * eros_form_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none): what was typed
 */
const char *
eros_form_row_get_text (ErosFormRow *self)
{
  g_return_val_if_fail (EROS_IS_FORM_ROW (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/**
 * eros_form_row_get_error:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what is wrong with the text
 */
const char *
eros_form_row_get_error (ErosFormRow *self)
{
  g_return_val_if_fail (EROS_IS_FORM_ROW (self), NULL);

  return self->error;
}
