/* eros-visible.c: no label shows a text that hides something
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-visible.h"

#include "eros-text.h"

#define WATCHED "eros-visible"

static gboolean
replace_reference (const GMatchInfo *match, GString *out, gpointer user_data)
{
  g_autofree char *reference = g_match_info_fetch (match, 0);
  g_autofree char *digits = g_match_info_fetch (match, 2);
  g_autofree char *base = g_match_info_fetch (match, 1);
  gunichar c = (gunichar) g_ascii_strtoull (digits, NULL, *base != '\0' ? 16 : 10);
  g_autofree char *raw = NULL;
  g_autofree char *shown = NULL;

  if (!g_unichar_validate (c) || c == 0)
    return g_string_append (out, reference), FALSE;
  raw = g_ucs4_to_utf8 (&c, 1, NULL, NULL, NULL);
  shown = eros_text_show (raw);
  g_string_append (out, g_str_equal (raw, shown) ? reference : shown);
  return FALSE;
}

/* Escaping writes control characters as references: &#x1b; */
static char *
show_markup (const char *markup)
{
  g_autoptr (GRegex) regex = g_regex_new ("&#(x?)([0-9a-fA-F]+);", 0, 0, NULL);
  g_autofree char *shown = g_regex_replace_eval (regex, markup, -1, 0, 0, replace_reference, NULL, NULL);

  return eros_text_show (shown != NULL ? shown : markup);
}

static void
check_label (GtkLabel *label)
{
  const char *text = gtk_label_get_text (label);
  g_autofree char *shown = eros_text_show (text);

  if (g_str_equal (text, shown))
    return;
  if (gtk_label_get_use_markup (label))
    {
      g_autofree char *markup = show_markup (gtk_label_get_label (label));

      gtk_label_set_label (label, markup);
    }
  else
    {
      g_autofree char *plain = eros_text_show (gtk_label_get_label (label));

      gtk_label_set_label (label, plain);
    }
}

static gboolean
realized_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GObject *widget = g_value_get_object (values);

  if (!GTK_IS_LABEL (widget) || g_object_get_data (widget, WATCHED) != NULL)
    return TRUE;
  g_object_set_data (widget, WATCHED, widget);
  g_signal_connect (widget, "notify::label", G_CALLBACK (check_label), NULL);
  check_label (GTK_LABEL (widget));
  return TRUE;
}

void
eros_visible_watch_labels (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  g_type_ensure (GTK_TYPE_WIDGET);
  g_type_class_unref (g_type_class_ref (GTK_TYPE_LABEL));
  g_signal_add_emission_hook (g_signal_lookup ("realize", GTK_TYPE_WIDGET), 0, realized_cb, NULL, NULL);
  g_once_init_leave (&done, 1);
}
