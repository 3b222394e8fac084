/* eros-check-row.c: a check box of the runbook, with what is known about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-check-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-outcome.h"
#include "eros-reason.h"
#include "eros-refusal.h"
#include "eros-tick-box.h"
#include "eros-text.h"

struct _ErosCheckRow
{
  AdwActionRow parent_instance;

  ErosDeployment *deployment;
  ErosItem *item;
  gboolean expanded;
  gboolean running;

  GtkCheckButton *box;
  GtkImage *outcome;
  GtkToggleButton *expander;
  GtkMenuButton *note_button;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
};

G_DEFINE_FINAL_TYPE (ErosCheckRow, eros_check_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_DEPLOYMENT,
  PROP_ITEM,
  PROP_TICKED,
  PROP_EXPANDED,
  PROP_RUNNING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
element_id (ErosCheckRow *self)
{
  return eros_element_get_id (eros_item_get_element (self->item));
}

static const char *
label (ErosCheckRow *self)
{
  return eros_element_get_label (eros_item_get_element (self->item));
}

static char *
plain_label (ErosCheckRow *self)
{
  return eros_format_plain (label (self));
}

static void
add_line (GString *lines, const char *text)
{
  g_autofree char *line = g_markup_escape_text (text, -1);

  if (lines->len > 0)
    g_string_append_c (lines, '\n');
  g_string_append (lines, line);
}

/* Who set the mark and when, in one sentence. */
static char *
describe_mark (ErosItem *item)
{
  g_autofree char *who = eros_format_actor (eros_item_get_actor (item));
  g_autofree char *when = eros_format_time (eros_item_get_time (item));

  switch (eros_item_get_mark (item))
    {
    case EROS_ITEM_TICKED:
      if (eros_item_is_decided (item) && !eros_item_is_failing (item))
        return g_strdup_printf (_ ("By decision: ticked before its time, by %s, %s"), who, when);
      if (eros_item_is_decided (item))
        return g_strdup_printf (_ ("By decision: ticked although the check fails, by %s, %s"), who, when);
      /* Translators: who ticked a check box, and when */
      return g_strdup_printf (_ ("Ticked by %s, %s"), who, when);
    case EROS_ITEM_NOT_APPLICABLE:
      if (eros_item_is_decided (item))
        return g_strdup_printf (_ ("By decision: not applicable although the check fails: %s (%s, %s)"),
                                eros_item_get_reason (item), who, when);
      /* Translators: reason, who, when */
      return g_strdup_printf (_ ("Not applicable: %s (%s, %s)"), eros_item_get_reason (item), who, when);
    case EROS_ITEM_OPEN:
    default:
      return NULL;
    }
}

static char *
describe (ErosItem *item)
{
  GString *lines = g_string_new (NULL);
  g_autofree char *mark = describe_mark (item);
  const char *summary = eros_item_get_summary (item);
  const char *hint = eros_element_get_hint (eros_item_get_element (item));
  const char *note = eros_item_get_note (item);

  if (mark == NULL && summary == NULL && hint != NULL)
    add_line (lines, hint);
  if (summary != NULL)
    add_line (lines, summary);
  if (eros_item_is_retracted (item))
    add_line (lines, _ ("The machine took its tick back: the check has failed since"));
  if (mark != NULL)
    add_line (lines, mark);
  if (eros_item_is_decided (item) && eros_item_get_mark (item) == EROS_ITEM_TICKED)
    {
      g_autofree char *reason = g_strdup_printf (_ ("Reason: %s"), eros_item_get_reason (item));

      add_line (lines, reason);
    }
  if (note != NULL && note[0] != '\0')
    {
      g_autofree char *text = g_strdup_printf (_ ("Note: %s"), note);

      add_line (lines, text);
    }
  return g_string_free (lines, FALSE);
}

static void
show_outcome (ErosCheckRow *self, ErosOutcome outcome)
{
  ErosElement *element = eros_item_get_element (self->item);
  gboolean known = outcome != EROS_OUTCOME_NONE || eros_element_get_check_binding (element) != NULL;

  eros_outcome_show (outcome, self->outcome);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome), known && !self->running);
}

static void
update_actions (ErosCheckRow *self)
{
  gboolean writable = eros_journal_is_writable (eros_deployment_get_journal (self->deployment));
  gboolean applies = eros_item_get_mark (self->item) != EROS_ITEM_NOT_APPLICABLE;
  gboolean machine = eros_element_get_check_binding (eros_item_get_element (self->item)) != NULL;
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "item.ticked", writable && applies);
  gtk_widget_action_set_enabled (widget, "item.not-applicable", writable && applies);
  gtk_widget_action_set_enabled (widget, "item.applicable", writable && !applies);
  gtk_widget_action_set_enabled (widget, "item.run", writable && machine && !self->running);
}

static void
update (ErosCheckRow *self)
{
  g_autofree char *subtitle = describe (self->item);
  g_autofree char *name = plain_label (self);
  ErosItemMark mark = eros_item_get_mark (self->item);
  const char *note = eros_item_get_note (self->item);
  gboolean has_note = note != NULL && note[0] != '\0';
  g_autofree char *local =
    mark == EROS_ITEM_OPEN ? NULL : eros_format_local_time (eros_item_get_time (self->item));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), local);
  gtk_check_button_set_inconsistent (self->box, mark == EROS_ITEM_NOT_APPLICABLE);
  gtk_widget_set_visible (GTK_WIDGET (self->expander), eros_item_get_evidence (self->item) != NULL);
  gtk_menu_button_set_icon_name (self->note_button,
                                 has_note ? "accessories-text-editor-symbolic" : "document-edit-symbolic");
  if (eros_item_is_failing (self->item))
    {
      /* Translators: a check box */
      g_autofree char *failing = g_strdup_printf (_ ("%s, its check fails"), name);

      eros_accessible_set_name (GTK_WIDGET (self), failing);
      eros_accessible_set_name (GTK_WIDGET (self->box), failing);
    }
  else
    {
      eros_accessible_set_name (GTK_WIDGET (self), name);
      eros_accessible_set_name (GTK_WIDGET (self->box), name);
    }
  eros_accessible_set_description (GTK_WIDGET (self), subtitle);
  show_outcome (self, eros_item_get_outcome (self->item));
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKED]);
}

static void
ticked_by_decision (GtkWidget *widget, const char *reason)
{
  ErosCheckRow *self = EROS_CHECK_ROW (widget);
  g_autoptr (GError) error = NULL;

  if (eros_deployment_tick_by_decision (self->deployment, element_id (self), reason, &error))
    eros_feedback_toast (widget, _ ("Ticked by decision: it stands in the report"));
  else
    eros_feedback_error (widget, _ ("Not Ticked"), error);
}

static void
withdrawn (GtkWidget *widget, const char *reason)
{
  ErosCheckRow *self = EROS_CHECK_ROW (widget);
  g_autoptr (GError) error = NULL;

  if (eros_deployment_withdraw (self->deployment, element_id (self), reason, &error))
    eros_feedback_toast (widget, _ ("Decision withdrawn"));
  else
    eros_feedback_error (widget, _ ("Not Withdrawn"), error);
}

static void
ask_to_withdraw (ErosCheckRow *self)
{
  eros_reason_ask (
    GTK_WIDGET (self), _ ("Withdraw the Decision?"),
    _ ("It was marked although something spoke against it. The decision and its withdrawal both stay in "
       "the journal and in the report."),
    "withdraw", _ ("_Withdraw"), withdrawn);
}

/* The box shows what is stored, and that is what it was. */
static void
refuse (ErosCheckRow *self, gboolean ticked, const GError *error)
{
  if (g_error_matches (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    eros_reason_ask (GTK_WIDGET (self),
                     eros_element_wants_signature (eros_item_get_element (self->item))
                       ? _ ("Sign All the Same?")
                       : _ ("Tick All the Same?"),
                     error->message, "tick", _ ("_Tick"), ticked_by_decision);
  else if (!ticked && eros_deployment_allows (self->deployment, "withdraw", element_id (self), NULL, NULL))
    ask_to_withdraw (self);
  else
    eros_refusal_show (GTK_WIDGET (self), self->deployment, ticked ? "tick" : "untick", element_id (self),
                       ticked ? _ ("Not Ticked") : _ ("Not Unticked"), error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKED]);
}

static void
set_ticked (ErosCheckRow *self, gboolean ticked)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = plain_label (self);
  g_autofree char *text = NULL;
  gboolean done;

  if (ticked == (eros_item_get_mark (self->item) == EROS_ITEM_TICKED))
    return;

  done = ticked ? eros_deployment_tick (self->deployment, element_id (self), &error)
                : eros_deployment_untick (self->deployment, element_id (self), &error);
  if (!done)
    {
      refuse (self, ticked, error);
      return;
    }
  text = g_strdup_printf (ticked ? _ ("Ticked “%s”") : _ ("Unticked “%s”"), name);
  eros_feedback_undo_toast (GTK_WIDGET (self), text);
}

static void
not_applicable (GtkWidget *widget, const char *reason)
{
  ErosCheckRow *self = EROS_CHECK_ROW (widget);
  g_autoptr (GError) error = NULL;

  if (!eros_deployment_set_not_applicable (self->deployment, element_id (self), reason, &error))
    eros_feedback_error (widget, _ ("Not Set to Not Applicable"), error);
  else if (eros_item_is_decided (self->item))
    eros_feedback_toast (widget, _ ("Set to not applicable by decision: it stands in the report"));
  else
    eros_feedback_undo_toast (widget, _ ("Set to not applicable"));
}

static void
not_applicable_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *name = plain_label (EROS_CHECK_ROW (widget));

  eros_reason_ask (widget, _ ("Not Applicable?"), name, "set", _ ("_Not Applicable"), not_applicable);
}

static void
applicable_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosCheckRow *self = EROS_CHECK_ROW (widget);
  g_autoptr (GError) error = NULL;

  if (eros_deployment_allows (self->deployment, "withdraw", element_id (self), NULL, NULL))
    ask_to_withdraw (self);
  else if (eros_deployment_untick (self->deployment, element_id (self), &error))
    eros_feedback_undo_toast (widget, _ ("Applicable again"));
  else
    eros_feedback_error (widget, _ ("Not Changed"), error);
}

static void
run_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "section.run-check", "s", element_id (EROS_CHECK_ROW (widget)));
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_feedback_copy (widget, eros_element_get_text (eros_item_get_element (EROS_CHECK_ROW (widget)->item)),
                      _ ("Wording copied"));
}

static void
note_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_menu_button_popup (EROS_CHECK_ROW (widget)->note_button);
}

/* As it stands in the text field. */
static char *
dup_note (ErosCheckRow *self)
{
  const char *note = eros_item_get_note (self->item);

  return eros_text_show (note != NULL ? note : "");
}

static void
note_closed_cb (GtkPopover *popover, ErosCheckRow *self)
{
  GtkTextBuffer *buffer = g_object_get_data (G_OBJECT (popover), "buffer");
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (GError) error = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
  shown = dup_note (self);
  if (g_str_equal (text, shown))
    return;
  if (!eros_deployment_set_note (self->deployment, element_id (self), text, &error))
    eros_feedback_error (GTK_WIDGET (self), _ ("Note Not Saved"), error);
}

static void
note_shown_cb (GtkPopover *popover, ErosCheckRow *self)
{
  GtkTextBuffer *buffer = g_object_get_data (G_OBJECT (popover), "buffer");
  g_autofree char *note = dup_note (self);

  gtk_text_buffer_set_text (buffer, note, -1);
}

/* A popover a row would make a page slow to open: it is made when it is wanted. */
static void
make_note_popover (GtkMenuButton *button, gpointer user_data)
{
  ErosCheckRow *self = user_data;
  gboolean writable = eros_journal_is_writable (eros_deployment_get_journal (self->deployment));
  GtkWidget *popover, *scroller, *text;

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  text = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (text), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (text), writable);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (text), FALSE);
  gtk_widget_add_css_class (text, "eros-note");
  eros_accessible_set_name (text, _ ("Note"));
  scroller = gtk_scrolled_window_new ();
  gtk_widget_set_size_request (scroller, 320, 120);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), text);
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  g_object_set_data (G_OBJECT (popover), "buffer", gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)));
  g_signal_connect_object (popover, "show", G_CALLBACK (note_shown_cb), self, 0);
  g_signal_connect_object (popover, "closed", G_CALLBACK (note_closed_cb), self, 0);
  gtk_menu_button_set_popover (button, popover);
}

static void
make_menu_popover (GtkMenuButton *button, gpointer user_data)
{
  ErosCheckRow *self = user_data;

  if (gtk_menu_button_get_popover (button) == NULL)
    gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (self->menu));
}

static void
eros_check_row_constructed (GObject *object)
{
  ErosCheckRow *self = EROS_CHECK_ROW (object);
  g_autofree char *markup = eros_format_code_markup (label (self));
  g_autofree char *name = plain_label (self);
  g_autofree char *note = g_strdup_printf (_ ("Note: %s"), name);
  g_autofree char *more = g_strdup_printf (_ ("More: %s"), name);
  g_autofree char *evidence = g_strdup_printf (_ ("Evidence: %s"), name);

  G_OBJECT_CLASS (eros_check_row_parent_class)->constructed (object);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), markup);
  eros_accessible_set_name (GTK_WIDGET (self->box), name);
  eros_accessible_set_name (GTK_WIDGET (self->note_button), note);
  eros_accessible_set_name (GTK_WIDGET (self->menu_button), more);
  eros_accessible_set_name (GTK_WIDGET (self->expander), evidence);
  gtk_menu_button_set_create_popup_func (self->note_button, make_note_popover, self, NULL);
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu_popover, self, NULL);
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
eros_check_row_dispose (GObject *object)
{
  ErosCheckRow *self = EROS_CHECK_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_check_row_parent_class)->dispose (object);
}

static void
eros_check_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ErosCheckRow *self = EROS_CHECK_ROW (object);

  switch (prop_id)
    {
    case PROP_DEPLOYMENT:
      g_value_set_object (value, self->deployment);
      break;
    case PROP_ITEM:
      g_value_set_object (value, self->item);
      break;
    case PROP_TICKED:
      g_value_set_boolean (value, self->item != NULL && eros_item_get_mark (self->item) == EROS_ITEM_TICKED);
      break;
    case PROP_EXPANDED:
      g_value_set_boolean (value, self->expanded);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_flag (ErosCheckRow *self, gboolean *flag, gboolean value, guint property)
{
  if (*flag == value)
    return;
  *flag = value;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
eros_check_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ErosCheckRow *self = EROS_CHECK_ROW (object);

  switch (prop_id)
    {
    case PROP_DEPLOYMENT:
      self->deployment = g_value_dup_object (value);
      break;
    case PROP_ITEM:
      self->item = g_value_dup_object (value);
      break;
    case PROP_TICKED:
      set_ticked (self, g_value_get_boolean (value));
      break;
    case PROP_EXPANDED:
      set_flag (self, &self->expanded, g_value_get_boolean (value), PROP_EXPANDED);
      break;
    case PROP_RUNNING:
      set_flag (self, &self->running, g_value_get_boolean (value), PROP_RUNNING);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
eros_check_row_class_init (ErosCheckRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = eros_check_row_constructed;
  object_class->dispose = eros_check_row_dispose;
  object_class->get_property = eros_check_row_get_property;
  object_class->set_property = eros_check_row_set_property;

  properties[PROP_DEPLOYMENT] =
    g_param_spec_object ("deployment", NULL, NULL, EROS_TYPE_DEPLOYMENT, construct);
  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, EROS_TYPE_ITEM, construct);
  properties[PROP_TICKED] = g_param_spec_boolean ("ticked", NULL, NULL, FALSE, flags);
  properties[PROP_EXPANDED] = g_param_spec_boolean ("expanded", NULL, NULL, FALSE, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (EROS_TYPE_TICK_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, box);
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, outcome);
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, expander);
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, note_button);
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, ErosCheckRow, menu);

  gtk_widget_class_install_property_action (widget_class, "item.ticked", "ticked");
  gtk_widget_class_install_property_action (widget_class, "item.expanded", "expanded");
  gtk_widget_class_install_action (widget_class, "item.not-applicable", NULL, not_applicable_action);
  gtk_widget_class_install_action (widget_class, "item.applicable", NULL, applicable_action);
  gtk_widget_class_install_action (widget_class, "item.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "item.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "item.note", NULL, note_action);
}

static void
eros_check_row_init (ErosCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_check_row_new:
 * @deployment: the deployment
 * @item: one of its check boxes
 *
 * Makes the row of a check box. It shows what @item says and changes only when @item does.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_check_row_new (ErosDeployment *deployment, ErosItem *item)
{
  return g_object_new (EROS_TYPE_CHECK_ROW, "deployment", deployment, "item", item, NULL);
}

/**
 * eros_check_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none): the check box it shows
 */
ErosItem *
eros_check_row_get_item (ErosCheckRow *self)
{
  g_return_val_if_fail (EROS_IS_CHECK_ROW (self), NULL);

  return self->item;
}
