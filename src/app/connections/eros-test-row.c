/* eros-test-row.c: tries a connection, and says what was found right there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-test-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-controller.h"
#include "eros-finding-row.h"

struct _ErosTestRow
{
  GtkListBoxRow parent_instance;

  ErosTestRowSource source;
  gpointer source_data;
  GCancellable *testing; /* (nullable) */
  gboolean allowed;

  GtkLabel *summary;
  GtkSpinner *spinner;
  GtkWidget *run;
  GtkWidget *stop;
  GtkListBox *findings;
};

G_DEFINE_FINAL_TYPE (ErosTestRow, eros_test_row, GTK_TYPE_LIST_BOX_ROW)

static void
update (ErosTestRow *self)
{
  gboolean testing = self->testing != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), testing);
  gtk_spinner_set_spinning (self->spinner, testing);
  gtk_widget_set_visible (self->run, !testing);
  gtk_widget_set_visible (self->stop, testing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "test.run", self->allowed && !testing);
}

static void
say (ErosTestRow *self, const char *text, const char *style)
{
  gtk_label_set_text (self->summary, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->summary), (const char *[]){ "caption", style, NULL });
  eros_accessible_set_description (GTK_WIDGET (self), text);
}

static void
clear_findings (ErosTestRow *self)
{
  gtk_list_box_bind_model (self->findings, NULL, NULL, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->findings), FALSE);
}

static gboolean
has_failed (ErosFinding *finding)
{
  return eros_finding_get_outcome (finding) == EROS_OUTCOME_FAIL ||
         eros_finding_get_outcome (finding) == EROS_OUTCOME_ERROR;
}

static gboolean
works (ErosFinding *finding)
{
  return eros_finding_get_outcome (finding) == EROS_OUTCOME_PASS ||
         eros_finding_get_outcome (finding) == EROS_OUTCOME_WARNING;
}

/* What could not be looked at does not work either, as far as anybody knows. The first that has failed, or
 * else the first, comes into sight with the keyboard. */
static void
show_findings (ErosTestRow *self, GListModel *findings)
{
  guint n = g_list_model_get_n_items (findings);
  guint n_good = 0, first = n;
  g_autofree char *text = NULL;
  GtkListBoxRow *row;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);

      n_good += works (finding);
      if (first == n && has_failed (finding))
        first = i;
    }
  text =
    n_good == n
      ? g_strdup_printf (ngettext ("%u thing was tried, and works.", "%u things were tried, and work.", n), n)
      : g_strdup_printf (_ ("%u of %u work."), n_good, n);
  say (self, text, n_good == n ? "success" : "error");
  gtk_list_box_bind_model (self->findings, findings, eros_finding_row_new, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->findings), TRUE);
  row = gtk_list_box_get_row_at_index (self->findings, first < n ? (int) first : 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosTestRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) findings = eros_connection_test_finish (EROS_CONNECTION (source), result, &error);

  /* Of a row that is gone. */
  if (self->testing == NULL)
    return;
  g_clear_object (&self->testing);
  update (self);
  if (findings != NULL)
    show_findings (self, findings);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say (self, _ ("Stopped before anything was found."), "dim-label");
  else
    say (self, error->message, "error");
}

static void
run_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosTestRow *self = EROS_TEST_ROW (widget);
  g_autoptr (ErosConnection) connection = self->source (self->source_data);

  if (connection == NULL)
    return;
  clear_findings (self);
  say (self, _ ("Testing…"), "dim-label");
  self->testing = g_cancellable_new ();
  update (self);
  eros_connection_test_async (connection, self->testing, tested_cb, g_object_ref (self));
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_cancellable_cancel (EROS_TEST_ROW (widget)->testing);
}

static void
eros_test_row_dispose (GObject *object)
{
  ErosTestRow *self = EROS_TEST_ROW (object);

  g_cancellable_cancel (self->testing);
  g_clear_object (&self->testing);

  G_OBJECT_CLASS (eros_test_row_parent_class)->dispose (object);
}

static void
eros_test_row_class_init (ErosTestRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_test_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/test-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosTestRow, summary);
  gtk_widget_class_bind_template_child (widget_class, ErosTestRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ErosTestRow, run);
  gtk_widget_class_bind_template_child (widget_class, ErosTestRow, stop);
  gtk_widget_class_bind_template_child (widget_class, ErosTestRow, findings);
  gtk_widget_class_install_action (widget_class, "test.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "test.stop", NULL, stop_action);
}

static void
eros_test_row_init (ErosTestRow *self)
{
  self->allowed = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  eros_accessible_set_name (GTK_WIDGET (self), _ ("Does it work?"));
  update (self);
}

/**
 * eros_test_row_new:
 *
 * Makes a row without a connection.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_test_row_new (void)
{
  return g_object_new (EROS_TYPE_TEST_ROW, NULL);
}

/**
 * eros_test_row_set_source:
 * @self: a row
 * @source: makes or finds the connection whenever it is to be tried
 * @user_data: for @source
 *
 * Sets what the row tries.
 */
void
eros_test_row_set_source (ErosTestRow *self, ErosTestRowSource source, gpointer user_data)
{
  g_return_if_fail (EROS_IS_TEST_ROW (self));

  self->source = source;
  self->source_data = user_data;
}

/**
 * eros_test_row_set_allowed:
 * @self: a row
 * @allowed: whether there is anything to try yet
 *
 * Lets the connection be tried, or not.
 */
void
eros_test_row_set_allowed (ErosTestRow *self, gboolean allowed)
{
  g_return_if_fail (EROS_IS_TEST_ROW (self));

  self->allowed = allowed;
  update (self);
}
