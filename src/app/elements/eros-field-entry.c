/* eros-field-entry.c: a blank of the runbook as something to type into
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-field-entry.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-reason.h"
#include "eros-text.h"
#include "eros-time-text.h"

/* Long enough not to record half a word, short enough that a crash takes nothing with it. */
#define PAUSE_MS 1200

struct _ErosFieldEntry
{
  GtkBox parent_instance;

  ErosDeployment *deployment;
  ErosField *field;
  char *message; /* what is wrong with the text, or who filled it in */
  gboolean invalid;
  gboolean wants_reason; /* what was typed would replace what was measured */
  gboolean showing;      /* the stored value is being shown: nobody types */
  gboolean is_draft;     /* nothing of it is stored */
  guint pause;           /* source id */

  GtkEntry *entry;
  GtkDropDown *choice;
  GtkLabel *unit;
};

G_DEFINE_FINAL_TYPE (ErosFieldEntry, eros_field_entry, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_DEPLOYMENT,
  PROP_FIELD,
  PROP_MESSAGE,
  PROP_INVALID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
stored (ErosFieldEntry *self)
{
  const char *value = eros_deployment_get_value (self->deployment, eros_field_get_id (self->field));

  return value != NULL ? value : "";
}

/* What stands in the entry as long as nobody types there. */
static char *
dup_shown (ErosFieldEntry *self)
{
  return eros_text_show (stored (self));
}

static gboolean
is_choice (ErosFieldEntry *self)
{
  return eros_field_get_field_type (self->field) == EROS_FIELD_CHOICE;
}

static GtkWidget *
control (ErosFieldEntry *self)
{
  return is_choice (self) ? GTK_WIDGET (self->choice) : GTK_WIDGET (self->entry);
}

/* The first choice stands for “blank”. */
static const char *
typed (ErosFieldEntry *self)
{
  guint selected = gtk_drop_down_get_selected (self->choice);

  if (!is_choice (self))
    return gtk_editable_get_text (GTK_EDITABLE (self->entry));
  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return "";
  return eros_field_get_choices (self->field)[selected - 1];
}

/* What stands for the value under the field: how it reads with its unit, and where it came from. */
static char *
describe (ErosFieldEntry *self)
{
  const char *value = stored (self);
  const char *example = eros_field_get_placeholder (self->field);
  gboolean machine = FALSE;
  gint64 time = 0;
  const char *actor =
    eros_deployment_get_value_actor (self->deployment, eros_field_get_id (self->field), &machine, &time);
  g_autofree char *who = NULL;
  g_autofree char *when = NULL;
  g_autofree char *reading = NULL;

  /* In the entry itself an example would read like a value. */
  if (value[0] == '\0' && example != NULL)
    return g_strdup_printf (_ ("For example %s"), example);
  if (value[0] == '\0' || actor == NULL)
    return g_strdup ("");

  who = eros_format_actor (actor);
  when = eros_format_time (time);
  reading = eros_field_format (self->field, value);
  if (machine)
    /* Translators: a value with its unit, and when the machine filled it in */
    return g_strdup_printf (_ ("%s, filled in by the machine, %s"), reading, when);
  if (*eros_deployment_get_value_reason (self->deployment, eros_field_get_id (self->field)) != '\0')
    /* Translators: a value with its unit, who typed it in the place of a measured one, when, and why */
    return g_strdup_printf (
      _ ("%s, by decision of %s, %s: %s"), reading, who, when,
      eros_deployment_get_value_reason (self->deployment, eros_field_get_id (self->field)));
  /* Translators: a value with its unit, who typed it, and when */
  return g_strdup_printf (_ ("%s, by %s, %s"), reading, who, when);
}

static void
set_message (ErosFieldEntry *self, char *message, gboolean invalid)
{
  if (g_strcmp0 (self->message, message) != 0)
    {
      g_free (self->message);
      self->message = message;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
    }
  else
    g_free (message);

  if (invalid)
    gtk_widget_add_css_class (control (self), "error");
  else
    gtk_widget_remove_css_class (control (self), "error");
  eros_accessible_describe (control (self), self->message, invalid);
  if (self->invalid == invalid)
    return;
  self->invalid = invalid;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INVALID]);
}

static void
show_choice (ErosFieldEntry *self, const char *value)
{
  const char *const *choices = eros_field_get_choices (self->field);
  guint selected = 0;

  for (guint i = 0; choices != NULL && choices[i] != NULL; i++)
    if (g_str_equal (choices[i], value))
      selected = i + 1;
  gtk_drop_down_set_selected (self->choice, selected);
}

static void
show_stored (ErosFieldEntry *self)
{
  g_autofree char *value = dup_shown (self);

  if (self->is_draft)
    return;
  g_clear_handle_id (&self->pause, g_source_remove);
  self->showing = TRUE;
  if (is_choice (self))
    show_choice (self, value);
  else if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entry)), value))
    gtk_editable_set_text (GTK_EDITABLE (self->entry), value);
  self->showing = FALSE;
  set_message (self, describe (self), FALSE);
}

static gboolean
pause_cb (gpointer user_data)
{
  ErosFieldEntry *self = user_data;

  self->pause = 0;
  if (!self->invalid)
    eros_field_entry_save (self);
  return G_SOURCE_REMOVE;
}

static void
entry_changed_cb (ErosFieldEntry *self)
{
  g_autofree char *value = NULL;
  g_autoptr (GError) error = NULL;

  if (self->showing || self->field == NULL)
    return;

  g_clear_handle_id (&self->pause, g_source_remove);
  value =
    eros_deployment_check_value (self->deployment, eros_field_get_id (self->field), typed (self), &error);
  if (self->is_draft || value == NULL)
    {
      set_message (self, g_strdup (value == NULL ? error->message : ""), value == NULL);
      g_signal_emit (self, signals[SIGNAL_EDITED], 0);
      return;
    }
  set_message (self, describe (self), FALSE);
  self->pause = g_timeout_add (PAUSE_MS, pause_cb, self);
}

static void
replaced_by_decision (GtkWidget *widget, const char *reason)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (widget);
  g_autoptr (GError) error = NULL;

  if (!eros_deployment_set_value_by_decision (self->deployment, eros_field_get_id (self->field), typed (self),
                                              reason, &error))
    set_message (self, g_strdup (error->message), TRUE);
}

/* Whoever has finished typing is asked; whoever pauses is told. */
static void
save_or_ask (ErosFieldEntry *self)
{
  if (!eros_field_entry_save (self) && self->wants_reason)
    eros_reason_ask (GTK_WIDGET (self), _ ("Replace What Was Measured?"), self->message, "replace",
                     _ ("_Replace"), replaced_by_decision);
}

static void
choice_selected_cb (ErosFieldEntry *self)
{
  if (self->is_draft)
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
  else if (!self->showing && self->field != NULL)
    save_or_ask (self);
}

static void
entry_activate_cb (ErosFieldEntry *self)
{
  save_or_ask (self);
}

static void
focus_leave_cb (ErosFieldEntry *self)
{
  eros_field_entry_save (self);
}

/* The format in which a moment is stored, by the kind of field; NULL when it is no moment. */
static const char *
moment_format (ErosFieldEntry *self)
{
  switch ((int) eros_field_get_field_type (self->field))
    {
    case EROS_FIELD_DATE:
      return EROS_TIME_DAY;
    case EROS_FIELD_TIME:
      return EROS_TIME_CLOCK;
    case EROS_FIELD_TIMESTAMP:
      return EROS_TIME_ISO;
    default:
      return NULL;
    }
}

static void
now_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (widget);
  g_autofree char *text = NULL;

  if (moment_format (self) == NULL)
    return;
  text = eros_time_format (g_get_real_time (), moment_format (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  eros_field_entry_save (self);
}

static void
entry_icon_press_cb (ErosFieldEntry *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "field.now", NULL);
}

/* What the number counts; some kinds of field say it by themselves. */
static const char *
unit_of (ErosField *field)
{
  const char *unit = eros_field_get_unit (field);

  if (unit != NULL && unit[0] != '\0')
    return unit;
  switch ((int) eros_field_get_field_type (field))
    {
    case EROS_FIELD_PERCENTAGE:
      return "%";
    case EROS_FIELD_MONEY:
      return "US$";
    case EROS_FIELD_BYTES:
      return _ ("bytes");
    default:
      return NULL;
    }
}

static void
set_up_entry (ErosFieldEntry *self)
{
  if (moment_format (self) == NULL)
    return;
  if (eros_field_get_field_type (self->field) == EROS_FIELD_TIMESTAMP)
    gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 20);
  gtk_entry_set_icon_from_icon_name (self->entry, GTK_ENTRY_ICON_SECONDARY,
                                     "preferences-system-time-symbolic");
  gtk_entry_set_icon_tooltip_text (self->entry, GTK_ENTRY_ICON_SECONDARY, _ ("Set to now (UTC)"));
}

static void
set_up_choice (ErosFieldEntry *self)
{
  g_autoptr (GtkStringList) strings = gtk_string_list_new (eros_field_get_choices (self->field));
  const char *blank[] = { _ ("(Blank)"), NULL };

  gtk_string_list_splice (strings, 0, 0, blank);
  self->showing = TRUE;
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (strings));
  self->showing = FALSE;
}

static void
eros_field_entry_constructed (GObject *object)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (object);
  g_autofree char *signal = g_strconcat ("field-changed::", eros_field_get_id (self->field), NULL);
  gboolean writable = eros_journal_is_writable (eros_deployment_get_journal (self->deployment));
  const char *unit = unit_of (self->field);

  G_OBJECT_CLASS (eros_field_entry_parent_class)->constructed (object);

  if (is_choice (self))
    set_up_choice (self);
  else
    set_up_entry (self);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), !is_choice (self));
  gtk_widget_set_visible (GTK_WIDGET (self->choice), is_choice (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->choice), writable);
  gtk_editable_set_editable (GTK_EDITABLE (self->entry), writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "field.now", writable);
  if (unit != NULL)
    {
      gtk_label_set_text (self->unit, unit);
      gtk_widget_set_visible (GTK_WIDGET (self->unit), TRUE);
    }
  eros_accessible_set_name (GTK_WIDGET (control (self)), eros_field_get_label (self->field));
  g_signal_connect_object (self->deployment, signal, G_CALLBACK (show_stored), self, G_CONNECT_SWAPPED);
  show_stored (self);
}

/* Another page, or the window's end: what was typed is not lost. */
static void
eros_field_entry_unmap (GtkWidget *widget)
{
  eros_field_entry_save (EROS_FIELD_ENTRY (widget));

  GTK_WIDGET_CLASS (eros_field_entry_parent_class)->unmap (widget);
}

static gboolean
eros_field_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (control (EROS_FIELD_ENTRY (widget)));
}

static void
eros_field_entry_dispose (GObject *object)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (object);

  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_object (&self->field);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_field_entry_parent_class)->dispose (object);
}

static void
eros_field_entry_finalize (GObject *object)
{
  g_free (EROS_FIELD_ENTRY (object)->message);

  G_OBJECT_CLASS (eros_field_entry_parent_class)->finalize (object);
}

static void
eros_field_entry_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (object);

  switch (prop_id)
    {
    case PROP_DEPLOYMENT:
      g_value_set_object (value, self->deployment);
      break;
    case PROP_FIELD:
      g_value_set_object (value, self->field);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_INVALID:
      g_value_set_boolean (value, self->invalid);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_field_entry_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ErosFieldEntry *self = EROS_FIELD_ENTRY (object);

  switch (prop_id)
    {
    case PROP_DEPLOYMENT:
      self->deployment = g_value_dup_object (value);
      break;
    case PROP_FIELD:
      self->field = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_field_entry_class_init (ErosFieldEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = eros_field_entry_constructed;
  object_class->dispose = eros_field_entry_dispose;
  object_class->finalize = eros_field_entry_finalize;
  object_class->get_property = eros_field_entry_get_property;
  object_class->set_property = eros_field_entry_set_property;
  widget_class->unmap = eros_field_entry_unmap;
  widget_class->grab_focus = eros_field_entry_grab_focus;

  properties[PROP_DEPLOYMENT] =
    g_param_spec_object ("deployment", NULL, NULL, EROS_TYPE_DEPLOYMENT, construct);
  properties[PROP_FIELD] = g_param_spec_object ("field", NULL, NULL, EROS_TYPE_FIELD, construct);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, readable);
  properties[PROP_INVALID] = g_param_spec_boolean ("invalid", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ErosFieldEntry::edited:
   * @self: an entry of a draft
   *
   * What eros_field_entry_get_text() says is new.
   */
  signals[SIGNAL_EDITED] =
    g_signal_new ("edited", EROS_TYPE_FIELD_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/field-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosFieldEntry, entry);
  gtk_widget_class_bind_template_child (widget_class, ErosFieldEntry, choice);
  gtk_widget_class_bind_template_child (widget_class, ErosFieldEntry, unit);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_icon_press_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_leave_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_selected_cb);
  gtk_widget_class_install_action (widget_class, "field.now", NULL, now_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_semicolon, GDK_CONTROL_MASK, "field.now", NULL);
}

static void
eros_field_entry_init (ErosFieldEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_field_entry_new:
 * @deployment: the deployment
 * @field: one of its fields
 *
 * Makes an entry (or a choice) for a field. What is typed is checked as it is typed, and stored when the
 * entry is left, when nothing was typed for a while, or when the page goes away.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
eros_field_entry_new (ErosDeployment *deployment, ErosField *field)
{
  return g_object_new (EROS_TYPE_FIELD_ENTRY, "deployment", deployment, "field", field, NULL);
}

/**
 * eros_field_entry_new_draft:
 * @deployment: the deployment
 * @field: one of its fields
 *
 * As eros_field_entry_new(), for a question: nothing that is typed or chosen is stored.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
eros_field_entry_new_draft (ErosDeployment *deployment, ErosField *field)
{
  ErosFieldEntry *self = g_object_new (EROS_TYPE_FIELD_ENTRY, "deployment", deployment, "field", field, NULL);

  self->is_draft = TRUE;
  return GTK_WIDGET (self);
}

/**
 * eros_field_entry_get_text:
 * @self: an entry
 *
 * Returns: (transfer none): what is typed or chosen, stored or not
 */
const char *
eros_field_entry_get_text (ErosFieldEntry *self)
{
  g_return_val_if_fail (EROS_IS_FIELD_ENTRY (self), NULL);

  return typed (self);
}

/**
 * eros_field_entry_get_field:
 * @self: an entry
 *
 * Returns: (transfer none): its field
 */
ErosField *
eros_field_entry_get_field (ErosFieldEntry *self)
{
  g_return_val_if_fail (EROS_IS_FIELD_ENTRY (self), NULL);

  return self->field;
}

/**
 * eros_field_entry_get_message:
 * @self: an entry
 *
 * Returns: (transfer none): what is wrong with the text, or who filled it in; empty when there is nothing to
 * say
 */
const char *
eros_field_entry_get_message (ErosFieldEntry *self)
{
  g_return_val_if_fail (EROS_IS_FIELD_ENTRY (self), NULL);

  return self->message;
}

/**
 * eros_field_entry_is_invalid:
 * @self: an entry
 *
 * Returns: whether what was typed cannot be stored
 */
gboolean
eros_field_entry_is_invalid (ErosFieldEntry *self)
{
  g_return_val_if_fail (EROS_IS_FIELD_ENTRY (self), FALSE);

  return self->invalid;
}

/**
 * eros_field_entry_save:
 * @self: an entry
 *
 * Stores what was typed, now, unless it is a draft. When it cannot be stored it stays in the entry, with the
 * reason as its message.
 *
 * Returns: whether the entry shows what is stored
 */
gboolean
eros_field_entry_save (ErosFieldEntry *self)
{
  g_autofree char *value = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (EROS_IS_FIELD_ENTRY (self), FALSE);

  if (self->is_draft)
    return FALSE;
  self->wants_reason = FALSE;
  g_clear_handle_id (&self->pause, g_source_remove);
  shown = dup_shown (self);
  value =
    eros_deployment_check_value (self->deployment, eros_field_get_id (self->field), typed (self), &error);
  if (g_str_equal (typed (self), shown) || (value != NULL && g_str_equal (value, stored (self))))
    {
      show_stored (self);
      return TRUE;
    }
  if (value != NULL &&
      eros_deployment_set_value (self->deployment, eros_field_get_id (self->field), value, &error))
    return TRUE;

  self->wants_reason = g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON);
  set_message (self, g_strdup (error->message), TRUE);
  return FALSE;
}

/**
 * eros_field_entry_set_name:
 * @self: an entry
 * @name: what a screen reader says
 *
 * Gives the entry another accessible name than its field's label, where that alone would not tell it apart.
 */
void
eros_field_entry_set_name (ErosFieldEntry *self, const char *name)
{
  g_return_if_fail (EROS_IS_FIELD_ENTRY (self));

  eros_accessible_set_name (GTK_WIDGET (control (self)), name);
}
