/* eros-reader-bar.c: who writes a deployment that can only be read here
 *
 * Follows what the writer adds, and offers to go on here when there is no writer any more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-reader-bar.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"

#define LOOK_S 1 /* seconds from one look for the writer to the next */

struct _ErosReaderBar
{
  AdwBin parent_instance;

  ErosDeployment *deployment;
  GFileMonitor *monitor; /* (nullable) */
  guint looking;         /* source id; 0: it can be written here */
  char *unreadable;      /* (nullable): why what was added cannot be read */

  GtkWidget *banner;
  GtkLabel *text;
  GtkWidget *take_over;
};

G_DEFINE_FINAL_TYPE (ErosReaderBar, eros_reader_bar, ADW_TYPE_BIN)

static ErosJournal *
get_journal (ErosReaderBar *self)
{
  return eros_deployment_get_journal (self->deployment);
}

static void
show_text (ErosReaderBar *self, const char *text)
{
  if (g_str_equal (gtk_label_get_text (self->text), text))
    return;
  gtk_label_set_text (self->text, text);
  /* Whoever hears the window is told at once. */
  eros_accessible_set_name (self->banner, text);
}

static void
update (ErosReaderBar *self)
{
  g_autofree char *writer = eros_journal_find_writer (get_journal (self));
  g_autofree char *text = NULL;

  if (self->unreadable != NULL)
    text = g_strdup (self->unreadable);
  else if (writer != NULL)
    /* Translators: program, process number, host and time in one, or “another program” */
    text =
      g_strdup_printf (_ ("Being written by %s. Here you can read, and see what happens there."), writer);
  else
    text = g_strdup (_ ("Nobody writes this deployment any more. Take it over to go on with it here."));
  show_text (self, text);
  gtk_widget_set_visible (self->take_over, writer == NULL && self->unreadable == NULL);
}

static void
read_on (ErosReaderBar *self)
{
  g_autoptr (GError) error = NULL;

  if (!eros_deployment_reload (self->deployment, &error))
    {
      self->unreadable = g_strdup (error->message);
      g_clear_object (&self->monitor);
    }
  update (self);
}

static gboolean
look_cb (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

/* SQLite writes into the file beside the journal. */
static void
follow (ErosReaderBar *self)
{
  g_autofree char *path = g_file_get_path (eros_journal_get_file (get_journal (self)));
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);
  g_autoptr (GFile) log = g_file_new_for_path (log_path);

  self->monitor = g_file_monitor_file (log, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (read_on), self, G_CONNECT_SWAPPED);
  self->looking = g_timeout_add_seconds (LOOK_S, look_cb, self);
}

static void
eros_reader_bar_dispose (GObject *object)
{
  ErosReaderBar *self = EROS_READER_BAR (object);

  g_clear_handle_id (&self->looking, g_source_remove);
  g_clear_object (&self->monitor);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_reader_bar_parent_class)->dispose (object);
}

static void
eros_reader_bar_finalize (GObject *object)
{
  g_free (EROS_READER_BAR (object)->unreadable);

  G_OBJECT_CLASS (eros_reader_bar_parent_class)->finalize (object);
}

static void
eros_reader_bar_class_init (ErosReaderBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_reader_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_reader_bar_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/reader-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosReaderBar, banner);
  gtk_widget_class_bind_template_child (widget_class, ErosReaderBar, text);
  gtk_widget_class_bind_template_child (widget_class, ErosReaderBar, take_over);
}

static void
eros_reader_bar_init (ErosReaderBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_reader_bar_set_deployment:
 * @self: a bar
 * @deployment: an open deployment
 *
 * Shows who writes @deployment if it is open for reading only, and keeps it up to date.
 */
void
eros_reader_bar_set_deployment (ErosReaderBar *self, ErosDeployment *deployment)
{
  g_return_if_fail (EROS_IS_READER_BAR (self));
  g_return_if_fail (self->deployment == NULL);

  self->deployment = g_object_ref (deployment);
  if (eros_journal_is_writable (get_journal (self)))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  follow (self);
  update (self);
}
