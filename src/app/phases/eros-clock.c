/* eros-clock.c: the time to the window and since the deployment started, and what is left of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-clock.h"

#include <glib/gi18n-lib.h>

#include "eros-format.h"
#include "eros-timeline.h"

struct _ErosClock
{
  AdwBin parent_instance;

  ErosDeployment *deployment;
  GtkLabel *label;
  gint64 start; /* microseconds; 0: not started */
  guint tick;   /* source id */
};

G_DEFINE_FINAL_TYPE (ErosClock, eros_clock, ADW_TYPE_BIN)

/* The time to the window’s end, or since then. */
static char *
describe_window (ErosClock *self, gint64 now)
{
  gint64 end = eros_timeline_get_window_end (self->deployment);
  g_autofree char *left = eros_format_countdown (end - now);

  if (end == 0)
    return NULL;
  /* Translators: of the window in which may be deployed; hours, minutes and seconds */
  return now < end ? g_strdup_printf (_ ("ends in %s"), left) : g_strdup (_ ("window over"));
}

/* Down to the window’s start, then up from the start of the work. (transfer full) (nullable) */
static char *
describe_start (ErosClock *self, gint64 now)
{
  gint64 start = self->start != 0 ? self->start : eros_timeline_get_window_start (self->deployment);

  return self->start != 0 || now < start ? eros_format_clock (now - start) : NULL;
}

static void
show_time (ErosClock *self)
{
  gint64 now = eros_timeline_get_now (self->deployment);
  gint64 end = eros_timeline_get_window_end (self->deployment);
  g_autofree char *start = describe_start (self, now);
  g_autofree char *window = describe_window (self, now);
  g_autofree char *both = start != NULL && window != NULL ? g_strdup_printf ("%s · %s", start, window) : NULL;

  gtk_label_set_text (self->label, both != NULL     ? both
                                   : start != NULL  ? start
                                   : window != NULL ? window
                                                    : "");
  if (end != 0 && now >= end)
    gtk_widget_add_css_class (GTK_WIDGET (self->label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->label), "warning");
}

static gboolean
tick_cb (gpointer user_data)
{
  show_time (user_data);
  return G_SOURCE_CONTINUE;
}

/* Whether what it shows changes: not when nothing was begun and the window is over. */
static gboolean
is_counting (ErosClock *self)
{
  return self->start != 0 ||
         eros_timeline_get_now (self->deployment) < eros_timeline_get_window_end (self->deployment);
}

/* Runs only while somebody can see it and there is something to count. */
static void
update (ErosClock *self)
{
  gboolean undecided;

  if (self->deployment == NULL)
    return;
  self->start = eros_timeline_get_start (self->deployment);
  undecided = eros_deployment_get_result (self->deployment) == EROS_RESULT_UNDECIDED;
  gtk_widget_set_visible (GTK_WIDGET (self), undecided);
  show_time (self);
  if (!undecided || !is_counting (self) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    g_clear_handle_id (&self->tick, g_source_remove);
  else if (self->tick == 0)
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
}

static void
eros_clock_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_clock_parent_class)->map (widget);

  update (EROS_CLOCK (widget));
}

static void
eros_clock_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&EROS_CLOCK (widget)->tick, g_source_remove);

  GTK_WIDGET_CLASS (eros_clock_parent_class)->unmap (widget);
}

static void
eros_clock_dispose (GObject *object)
{
  ErosClock *self = EROS_CLOCK (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_clock_parent_class)->dispose (object);
}

static void
eros_clock_class_init (ErosClockClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_clock_dispose;
  widget_class->map = eros_clock_map;
  widget_class->unmap = eros_clock_unmap;
}

static void
eros_clock_init (ErosClock *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _ ("Time since the deployment started"));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * eros_clock_set_deployment:
 * @self: a clock
 * @deployment: what it counts the time of
 *
 * Shows the time to the window of @deployment, then since it started, and what is left of the window, until
 * its outcome is decided.
 */
void
eros_clock_set_deployment (ErosClock *self, ErosDeployment *deployment)
{
  g_return_if_fail (EROS_IS_CLOCK (self));

  if (!g_set_object (&self->deployment, deployment))
    return;
  g_signal_connect_object (deployment, "field-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update (self);
}

/**
 * eros_clock_is_ticking:
 * @self: a clock
 *
 * Returns: whether it wakes up every second
 */
gboolean
eros_clock_is_ticking (ErosClock *self)
{
  g_return_val_if_fail (EROS_IS_CLOCK (self), FALSE);

  return self->tick != 0;
}
