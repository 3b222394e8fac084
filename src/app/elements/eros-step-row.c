/* eros-step-row.c: one step of an operation, planned, under way or done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-step-row.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-code-view.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-grid.h"
#include "eros-result-window.h"
#include "eros-compat.h"

struct _ErosStepRow
{
  AdwExpanderRow parent_instance;

  ErosStep *step;
  GtkWidget *details; /* (nullable): only once it has been looked at */

  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *numbers;
  guint tick; /* source id */
};

G_DEFINE_FINAL_TYPE (ErosStepRow, eros_step_row, ADW_TYPE_EXPANDER_ROW)

/* States of their own to look at: done, and not enough to say, or something wrong. */
#define UNDECIDED (EROS_STATE_CANCELLED + 1)
#define WARNED    (UNDECIDED + 1)

static const struct
{
  const char *icon;
  const char *style;
  const char *text;
} looks[] = {
  [EROS_STATE_PLANNED] = { "eros-circle-symbolic", "dim-label", N_ ("planned") },
  [EROS_STATE_WAITING] = { "content-loading-symbolic", "accent", N_ ("waiting") },
  [EROS_STATE_RUNNING] = { "eros-half-circle-symbolic", "accent", N_ ("running") },
  [EROS_STATE_SUCCEEDED] = { "emblem-ok-symbolic", "success", N_ ("done") },
  [EROS_STATE_FAILED] = { "dialog-error-symbolic", "error", N_ ("failed") },
  [EROS_STATE_CANCELLED] = { "process-stop-symbolic", "warning", N_ ("stopped") },
  [UNDECIDED] = { "action-unavailable-symbolic", "dim-label", N_ ("not enough to say") },
  [WARNED] = { "dialog-warning-symbolic", "warning", N_ ("something was found wrong") },
};

static guint
look_of (ErosStep *step)
{
  if (eros_step_is_warned (step))
    return WARNED;
  return eros_step_is_undecided (step) ? UNDECIDED : (guint) eros_step_get_state (step);
}

/**
 * eros_step_row_get_state_name:
 * @state: of a step or of an operation
 *
 * Returns: (transfer none): what it is called, in lower case
 */
const char *
eros_step_row_get_state_name (ErosState state)
{
  return _ (looks[state].text);
}

static void
add_part (GString *text, char *part)
{
  g_autofree char *owned = part;

  g_string_append_printf (text, "%s%s", text->len > 0 ? "   " : "", owned);
}

/* How long, how much, how dear: only what is known. */
static char *
format_numbers (ErosStep *step)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 started = eros_step_get_started (step);
  gint64 ended = eros_step_get_ended (step);
  gint64 slot_ms = eros_step_get_slot_ms (step);

  if (started > 0 && ended >= started)
    add_part (text, eros_format_duration (ended - started));
  if (eros_step_get_bytes_processed (step) > 0)
    add_part (text, g_format_size (eros_step_get_bytes_processed (step)));
  if (slot_ms > 0)
    /* Translators: how long the work took, counted over all processors that shared it */
    add_part (text, g_strdup_printf (_ ("slot %'" PRId64 " ms"), slot_ms));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint
count_done (GListModel *statements)
{
  guint n = 0;

  for (guint i = 0; statements != NULL && i < g_list_model_get_n_items (statements); i++)
    {
      g_autoptr (ErosStep) statement = g_list_model_get_item (statements, i);

      n += eros_step_get_state (statement) == EROS_STATE_SUCCEEDED;
    }
  return n;
}

static char *
describe (ErosStep *step)
{
  g_autofree char *retry = eros_step_describe_retry (step);
  const char *text = retry != NULL                        ? retry
                     : eros_step_get_error (step) != NULL ? eros_step_get_error (step)
                                                          : eros_step_get_detail (step);
  guint n_done = count_done (eros_step_get_children (step));
  const char *line_text;
  guint line;
  guint column;

  if (eros_step_get_error (step) != NULL && eros_step_get_trouble (step, &line, &column, &line_text))
    {
      g_autofree char *trimmed = g_strstrip (g_strdup (line_text));

      /* Translators: what is wrong, the number of a line, that line */
      return g_strdup_printf (_ ("%1$s\nLine %2$u: %3$s"), text, line, trimmed);
    }
  if (eros_step_get_state (step) == EROS_STATE_RUNNING && text == NULL && n_done > 0)
    return g_strdup_printf (ngettext ("%u statement is done", "%u statements are done", n_done), n_done);
  if (eros_step_get_attempt (step) > 1 && text == NULL)
    return g_strdup_printf (_ ("attempt %u"), eros_step_get_attempt (step));
  return g_strdup (text != NULL ? text : "");
}

/* Whether it is a query that has been answered, as far as is known: copies have no statement and read no
 * bytes, and what changes data counts the rows it changed. */
static gboolean
may_have_rows (ErosStep *step)
{
  return eros_step_get_job_id (step) != NULL && eros_step_get_state (step) == EROS_STATE_SUCCEEDED &&
         eros_step_get_n_rows (step) < 0 &&
         (eros_step_get_sql (step) != NULL || eros_step_get_bytes_processed (step) >= 0);
}

static GtkWidget *
make_rows_button (ErosStep *step)
{
  return eros_result_window_make_button (eros_step_get_job_id (step), NULL, eros_step_get_title (step));
}

/* Of a script's statements, which are known by their text. */
static gboolean
is_query (ErosStep *statement)
{
  const char *sql = eros_step_get_sql (statement);

  if (sql == NULL || !may_have_rows (statement))
    return FALSE;
  sql += strspn (sql, " \t\r\n(");
  return g_ascii_strncasecmp (sql, "SELECT", 6) == 0 || g_ascii_strncasecmp (sql, "WITH", 4) == 0;
}

/* What has become of it or, before it runs, what a dry run says. */
static const char *
describe_statement (ErosStep *statement)
{
  if (eros_step_get_error (statement) != NULL)
    return eros_step_get_error (statement);
  if (eros_step_get_forecast (statement) == EROS_FORECAST_CHECKED)
    return _ ("checked");
  if (eros_step_get_forecast (statement) == EROS_FORECAST_UNCHECKED)
    return eros_step_get_detail (statement);
  return eros_step_row_get_state_name (eros_step_get_state (statement));
}

/* What a script consists of, a row a statement. */
static void
add_statements (GtkBox *box, GListModel *statements)
{
  g_autoptr (ErosGrid) grid = eros_grid_new ();

  eros_grid_add_column (grid, _ ("Statement"));
  eros_grid_add_column (grid, _ ("State"));
  eros_grid_add_column (grid, _ ("Took, read"));
  for (guint i = 0; i < g_list_model_get_n_items (statements); i++)
    {
      g_autoptr (ErosStep) statement = g_list_model_get_item (statements, i);
      g_autofree char *numbers = format_numbers (statement);

      eros_grid_begin_row (grid);
      eros_grid_add_heading (grid, eros_step_get_title (statement));
      eros_grid_add_text (grid, describe_statement (statement));
      eros_grid_add_text (grid, numbers);
      if (is_query (statement))
        eros_grid_add_widget (grid, make_rows_button (statement));
    }
  gtk_box_append (box, eros_grid_end (grid));
}

static void
add_job (ErosGrid *facts, const char *job_id)
{
  eros_grid_begin_row (facts);
  eros_grid_add_heading (facts, _ ("Job"));
  eros_grid_add_text (facts, job_id);
  eros_grid_add_widget (facts, eros_feedback_make_copy_button (job_id, _ ("Copy the job’s id")));
}

/* A hundred lines that nobody opens need no widgets: they are made when the row is opened. */
static void
fill (ErosStepRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autoptr (ErosGrid) facts = eros_grid_new ();
  const char *sql = eros_step_get_sql (self->step);
  const char *source = eros_step_get_sql_source (self->step);
  const char *job_id = eros_step_get_job_id (self->step);
  gint64 started = eros_step_get_started (self->step);
  g_autofree char *when = started > 0 ? eros_format_time (started) : NULL;
  gint64 n_rows = eros_step_get_n_rows (self->step);

  gtk_widget_add_css_class (box, "eros-content");
  if (sql != NULL)
    {
      GtkWidget *code = eros_code_view_new (sql, "sql");
      guint line;
      guint column;

      if (eros_step_get_trouble (self->step, &line, &column, NULL))
        eros_code_view_mark_line (EROS_CODE_VIEW (code), line);
      gtk_box_append (GTK_BOX (box), code);
    }
  eros_grid_begin_row (facts);
  eros_grid_add_heading (facts, _ ("State"));
  eros_grid_add_text (facts, _ (looks[look_of (self->step)].text));
  if (source != NULL)
    {
      eros_grid_begin_row (facts);
      eros_grid_add_heading (facts, _ ("From"));
      eros_grid_add_text (facts, source);
    }
  if (when != NULL)
    {
      eros_grid_begin_row (facts);
      eros_grid_add_heading (facts, _ ("Started"));
      eros_grid_add_text (facts, when);
    }
  if (job_id != NULL && started > 0)
    add_job (facts, job_id);
  if (eros_step_get_bytes_billed (self->step) >= 0)
    {
      g_autofree char *billed = g_format_size (eros_step_get_bytes_billed (self->step));

      eros_grid_begin_row (facts);
      eros_grid_add_heading (facts, _ ("Bytes billed"));
      eros_grid_add_text (facts, billed);
    }
  if (n_rows >= 0)
    {
      g_autofree char *rows = g_strdup_printf ("%'" G_GINT64_FORMAT, n_rows);

      eros_grid_begin_row (facts);
      eros_grid_add_heading (facts, _ ("Rows changed"));
      eros_grid_add_text (facts, rows);
    }
  gtk_box_append (GTK_BOX (box), eros_grid_end (facts));
  if (eros_step_get_children (self->step) != NULL)
    add_statements (GTK_BOX (box), eros_step_get_children (self->step));
  else if (may_have_rows (self->step))
    gtk_box_append (GTK_BOX (box), make_rows_button (self->step));
  self->details = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->details), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->details), box);
  eros_accessible_set_name (self->details, _ ("Details"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), self->details);
}

static void
expanded_cb (ErosStepRow *self)
{
  if (self->details != NULL)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->details);
  self->details = NULL;
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    fill (self);
}

static void
update (ErosStepRow *self)
{
  ErosState state = eros_step_get_state (self->step);
  gboolean running = state == EROS_STATE_RUNNING;
  guint look = look_of (self->step);
  const char *classes[] = { looks[look].style, NULL };
  g_autofree char *numbers = format_numbers (self->step);
  g_autofree char *description = describe (self->step);
  g_autofree char *escaped = g_markup_escape_text (description, -1);
  g_autofree char *name =
    /* Translators: a step, its state */
    g_strdup_printf (_ ("%s, %s"), eros_step_get_title (self->step), _ (looks[look].text));

  gtk_image_set_from_icon_name (self->icon, looks[look].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_label_set_text (self->numbers, numbers);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), escaped);
  eros_accessible_set_name (GTK_WIDGET (self), name);
  eros_accessible_set_description (GTK_WIDGET (self), description);
}

static gboolean
tick_cb (gpointer user_data)
{
  ErosStepRow *self = user_data;

  update (self);
  return G_SOURCE_CONTINUE;
}

/* The seconds until it is tried again go by while somebody can see them. */
static void
follow_retry (ErosStepRow *self)
{
  g_autofree char *retry = eros_step_describe_retry (self->step);

  if (retry == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    g_clear_handle_id (&self->tick, g_source_remove);
  else if (self->tick == 0)
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
}

static void
step_cb (ErosStepRow *self)
{
  update (self);
  follow_retry (self);
}

static void
eros_step_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_step_row_parent_class)->map (widget);
  step_cb (EROS_STEP_ROW (widget));
}

static void
eros_step_row_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&EROS_STEP_ROW (widget)->tick, g_source_remove);

  GTK_WIDGET_CLASS (eros_step_row_parent_class)->unmap (widget);
}

static void
eros_step_row_dispose (GObject *object)
{
  g_clear_handle_id (&EROS_STEP_ROW (object)->tick, g_source_remove);
  g_clear_object (&EROS_STEP_ROW (object)->step);

  G_OBJECT_CLASS (eros_step_row_parent_class)->dispose (object);
}

static void
eros_step_row_class_init (ErosStepRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_step_row_dispose;
  GTK_WIDGET_CLASS (klass)->map = eros_step_row_map;
  GTK_WIDGET_CLASS (klass)->unmap = eros_step_row_unmap;
}

static void
eros_step_row_init (ErosStepRow *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->numbers = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->numbers), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->numbers), "numeric");
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->icon));
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->spinner));
  eros_compat_expander_row_add_suffix (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->numbers));
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
}

/**
 * eros_step_row_new:
 * @step: a step
 *
 * Makes the row of a step: its state, what it found or why it failed, how long it took and how much it read.
 * It opens to its statements and its job.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_step_row_new (ErosStep *step)
{
  ErosStepRow *self = g_object_new (EROS_TYPE_STEP_ROW, NULL);
  g_autofree char *title = g_markup_escape_text (eros_step_get_title (step), -1);

  self->step = g_object_ref (step);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  g_signal_connect_object (step, "notify", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::children", G_CALLBACK (expanded_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
