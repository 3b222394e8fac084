/* eros-result-window.c: the rows of a query that was run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-result-window.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-answer.h"
#include "eros-feedback.h"
#include "eros-value.h"
#include "eros-text.h"

#define ROWS_KEPT_US          (23 * G_TIME_SPAN_HOUR)
#define MOST_ROWS             10000000 /* that are shown: more are more pixels than a list can count */
#define SHOWN_CHARACTERS      1000     /* of a cell: the rest can be copied */
#define TOOLTIP_CHARACTERS    2000     /* of a cell */
#define NAME_BYTES            120      /* of a row, about */
#define MOST_TITLE_CHARACTERS 40       /* that make a column wider */

struct _ErosResultWindow
{
  AdwWindow parent_instance;

  ErosSession *session;
  char *job_id;
  char *location; /* (nullable) */
  ErosBigQuery *big_query;
  ErosAnswer *answer;
  ErosJob *job; /* (nullable): whose rows they are */
  GCancellable *cancellable;

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkWidget *waiting;
  GtkLabel *status;
  AdwStatusPage *failed;
  GtkWidget *again;
  AdwStatusPage *empty;
  GtkWidget *rows;
  GtkWidget *trouble;
  GtkLabel *trouble_label;
  GtkColumnView *view;
};

G_DEFINE_FINAL_TYPE (ErosResultWindow, eros_result_window, ADW_TYPE_WINDOW)

/* ---- a cell -------------------------------------------------------------------------------------------- */

/* How a column looks. The width is the same for all of its cells, so that it stays while a person scrolls. */
typedef struct
{
  guint column;
  int n_characters;
  gboolean is_number;
  gboolean fills; /* what is left of the width */
} Look;

static const int widths[] = {
  [EROS_COLUMN_STRING] = 24,    [EROS_COLUMN_BYTES] = 24, [EROS_COLUMN_INT64] = 12,
  [EROS_COLUMN_FLOAT64] = 16,   [EROS_COLUMN_BOOL] = 6,   [EROS_COLUMN_NUMERIC] = 16,
  [EROS_COLUMN_TIMESTAMP] = 30, [EROS_COLUMN_DATE] = 11,  [EROS_COLUMN_TIME] = 15,
  [EROS_COLUMN_DATETIME] = 26,  [EROS_COLUMN_JSON] = 32,  [EROS_COLUMN_OTHER] = 20,
  [EROS_COLUMN_STRUCT] = 32,
};

static const char *const types[] = {
  [EROS_COLUMN_STRING] = "STRING",       [EROS_COLUMN_BYTES] = "BYTES", [EROS_COLUMN_INT64] = "INT64",
  [EROS_COLUMN_FLOAT64] = "FLOAT64",     [EROS_COLUMN_BOOL] = "BOOL",   [EROS_COLUMN_NUMERIC] = "NUMERIC",
  [EROS_COLUMN_TIMESTAMP] = "TIMESTAMP", [EROS_COLUMN_DATE] = "DATE",   [EROS_COLUMN_TIME] = "TIME",
  [EROS_COLUMN_DATETIME] = "DATETIME",   [EROS_COLUMN_JSON] = "JSON",   [EROS_COLUMN_OTHER] = NULL,
  [EROS_COLUMN_STRUCT] = "STRUCT",
};

static char *
shorten (const char *text, glong most)
{
  g_autofree char *head = NULL;

  if (g_utf8_strlen (text, most * 6) <= most)
    return g_strdup (text);
  head = g_utf8_substring (text, 0, most);
  return g_strconcat (head, "…", NULL);
}

/* (nullable): SQL NULL. The row is loaded. */
static char *
dup_text (ErosAnswerRow *row, guint column)
{
  guint place;
  ErosPage *page = eros_answer_row_get_page (row, &place);

  return eros_value_dup_text (page, place, column);
}

static void
show_value (GtkLabel *label, Look *look, ErosAnswerRow *row)
{
  g_autofree char *text = dup_text (row, look->column);
  g_autofree char *visible = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *tooltip = NULL;

  if (text == NULL)
    {
      gtk_label_set_text (label, "NULL");
      gtk_widget_add_css_class (GTK_WIDGET (label), "dim-label");
      return;
    }
  visible = eros_text_show (text);
  shown = shorten (visible, SHOWN_CHARACTERS);
  gtk_label_set_text (label, shown);
  if (g_utf8_strlen (shown, -1) < look->n_characters && strchr (shown, '\n') == NULL)
    return;
  tooltip = shorten (visible, TOOLTIP_CHARACTERS);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), tooltip);
}

/* GTK 4.8 gives a cell no name, not even that of the label in it. */
static void
name_cell (GtkLabel *label)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (label));

  if (cell != NULL)
    eros_accessible_set_name (cell, gtk_label_get_text (label));
}

static void
show_cell (ErosAnswerRow *row, GParamSpec *pspec, GtkListItem *item)
{
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));

  gtk_widget_remove_css_class (GTK_WIDGET (label), "dim-label");
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), NULL);
  if (eros_answer_row_get_loaded (row))
    show_value (label, g_object_get_data (G_OBJECT (label), "look"), row);
  else
    gtk_label_set_text (label, "…");
  name_cell (label);
}

static void
set_up_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Look *look)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), look->is_number ? 1 : 0);
  gtk_label_set_width_chars (GTK_LABEL (label), look->n_characters);
  gtk_label_set_max_width_chars (GTK_LABEL (label), look->n_characters);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (label), "look", look);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  ErosAnswerRow *row = gtk_list_item_get_item (item);

  g_signal_connect (row, "notify::loaded", G_CALLBACK (show_cell), item);
  show_cell (row, NULL, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

/* The focus is on the whole row, which GTK gives no name: the cell of its number is two levels below it. */
static void
name_row (ErosAnswerRow *row, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *cell = gtk_widget_get_parent (gtk_list_item_get_child (item));
  GtkWidget *widget = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  ErosPage *page = eros_answer_row_get_page (row, NULL);
  g_autoptr (GString) name = NULL;

  if (widget == NULL)
    return;
  name = g_string_new (gtk_label_get_text (GTK_LABEL (gtk_list_item_get_child (item))));
  for (guint i = 0;
       page != NULL && i < eros_schema_get_n_columns (eros_page_get_schema (page)) && name->len < NAME_BYTES;
       i++)
    {
      g_autofree char *text = dup_text (row, i);
      g_autofree char *part = shorten (text != NULL ? text : "NULL", NAME_BYTES);

      g_string_append_printf (name, "%s %s", i == 0 ? ":" : ",", part);
    }
  eros_accessible_set_name (widget, name->str);
}

static void
bind_number_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_autofree char *number = g_strdup_printf ("%'u", gtk_list_item_get_position (item) + 1);
  GtkWidget *label = gtk_list_item_get_child (item);
  ErosAnswerRow *row = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (label), number);
  gtk_widget_add_css_class (label, "dim-label");
  name_cell (GTK_LABEL (label));
  g_signal_connect (row, "notify::loaded", G_CALLBACK (name_row), item);
  name_row (row, NULL, item);
}

static void
look_free (gpointer look, GClosure *closure)
{
  g_free (look);
}

/* look: (transfer full) */
static void
add_column (ErosResultWindow *self, const char *title, Look *look, GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  g_signal_connect_data (factory, "setup", G_CALLBACK (set_up_cb), look, look_free, 0);
  g_signal_connect (factory, "bind", bind, NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, look->fills);
  gtk_column_view_append_column (self->view, column);
}

/* ---- the columns --------------------------------------------------------------------------------------- */

static Look *
look_of (ErosSchema *schema, guint column)
{
  Look *look = g_new0 (Look, 1);
  ErosColumnType type = eros_schema_get_column_type (schema, column);
  int title = (int) g_utf8_strlen (eros_schema_get_name (schema, column), -1) + 2;
  gboolean repeated = eros_schema_is_repeated (schema, column);

  look->column = column;
  look->fills = column + 1 == eros_schema_get_n_columns (schema);
  look->n_characters = MAX (repeated ? 32 : widths[type], MIN (title, MOST_TITLE_CHARACTERS));
  look->is_number =
    !repeated && (type == EROS_COLUMN_INT64 || type == EROS_COLUMN_FLOAT64 || type == EROS_COLUMN_NUMERIC);
  return look;
}

static char *
name_type (ErosSchema *schema, guint column)
{
  const char *name = types[eros_schema_get_column_type (schema, column)];

  if (name == NULL)
    return NULL;
  return eros_schema_is_repeated (schema, column) ? g_strdup_printf ("ARRAY<%s>", name) : g_strdup (name);
}

/* A column has no tooltip; the widgets of its title come in the order of the columns, after the row's number.
 */
static void
describe_columns (ErosResultWindow *self, ErosSchema *schema)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = gtk_widget_get_next_sibling (gtk_widget_get_first_child (header));

  eros_accessible_set_name (header, _ ("Columns"));
  for (guint i = 0; i < eros_schema_get_n_columns (schema) && title != NULL; i++)
    {
      g_autofree char *type = name_type (schema, i);

      gtk_widget_set_tooltip_text (title, type);
      title = gtk_widget_get_next_sibling (title);
    }
}

static void
make_columns (ErosResultWindow *self, ErosSchema *schema, guint n_rows)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  Look *number = g_new0 (Look, 1);

  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (self->view, column);
    }
  number->n_characters = snprintf (NULL, 0, "%'u", n_rows) + 1;
  number->is_number = TRUE;
  /* Translators: the heading of a column with the numbers of the rows */
  add_column (self, _ ("Row"), number, G_CALLBACK (bind_number_cb));
  for (guint i = 0; i < eros_schema_get_n_columns (schema); i++)
    add_column (self, eros_schema_get_name (schema, i), look_of (schema, i), G_CALLBACK (bind_cb));
  describe_columns (self, schema);
}

/* ---- opening ------------------------------------------------------------------------------------------- */

/* again: whether another try may help. (transfer none) */
static void
show_trouble (ErosResultWindow *self, const char *title, const char *text, gboolean again)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->failed, title);
  adw_status_page_set_description (self->failed, escaped);
  gtk_widget_set_visible (self->again, again);
  eros_accessible_show_page (self->stack, GTK_WIDGET (self->failed));
}

static void
show_failure (ErosResultWindow *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_trouble (self, _ ("Rows Not Shown"), error->message, TRUE);
}

/* What BigQuery has kept is said to have expired only when it may have. */
static void
show_lost_rows (ErosResultWindow *self, ErosJob *job, const GError *error)
{
  gint64 ended = eros_job_get_ended (job);
  gboolean expired = ended > 0 && g_get_real_time () - ended > ROWS_KEPT_US;
  g_autofree char *text = g_strdup_printf (
    "%s\n\n%s",
    expired
      ? _ ("BigQuery keeps the rows of an answer for about a day, and has those of this job no more. To "
           "see them, run the check or the step again.")
      : _ ("The job is known, and its rows are not there although they should be. To see them, run the "
           "check or the step again."),
    eros_big_query_error_get_said (error));

  show_trouble (self, expired ? _ ("The Rows Have Expired") : _ ("Rows Not Shown"), text, !expired);
}

static void
show_unknown_job (ErosResultWindow *self, const GError *error)
{
  g_autofree char *text =
    g_strdup_printf (_ ("The BigQuery of this connection does not know the job: it was run elsewhere, or was "
                        "deleted. To see rows, run the check or the step again.\n\n%s"),
                     eros_big_query_error_get_said (error));

  show_trouble (self, _ ("Job Not Found"), text, TRUE);
}

static void
selected_cb (ErosResultWindow *self, GParamSpec *pspec, GtkSingleSelection *selection)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.copy",
                                 gtk_single_selection_get_selected_item (selection) != NULL);
}

static void
error_cb (ErosResultWindow *self)
{
  const char *error = eros_answer_get_error (self->answer);
  /* Translators: why */
  g_autofree char *text = error != NULL ? g_strdup_printf (_ ("Some rows are missing: %s"), error) : NULL;

  gtk_label_set_text (self->trouble_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->trouble, text != NULL);
}

static void
show_rows (ErosResultWindow *self, guint n_rows)
{
  GtkSliceListModel *slice =
    gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->answer)), 0, MOST_ROWS);
  GtkSingleSelection *selection = gtk_single_selection_new (NULL);
  g_autofree char *number = g_strdup_printf ("%'u", n_rows);
  g_autofree char *count = g_strdup_printf (ngettext ("%s row", "%s rows", n_rows), number);

  if (n_rows > MOST_ROWS)
    {
      g_autofree char *most = g_strdup_printf ("%'d", MOST_ROWS);

      g_free (count);
      /* Translators: two numbers */
      count = g_strdup_printf (_ ("The first %1$s of %2$s rows"), most, number);
    }
  adw_window_title_set_subtitle (self->title, count);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_single_selection_set_model (selection, G_LIST_MODEL (slice));
  g_object_unref (slice);
  g_signal_connect_object (selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  make_columns (self, eros_answer_get_schema (self->answer), MIN (n_rows, MOST_ROWS));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  eros_accessible_show_page (self->stack, self->rows);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* What makes a table is answered with its columns. */
static gboolean
asked_something (ErosResultWindow *self)
{
  const char *type = self->job != NULL ? eros_job_get_statement_type (self->job) : NULL;

  return eros_answer_get_schema (self->answer) != NULL &&
         (type == NULL || g_str_equal (type, "SELECT") || g_str_equal (type, "SCRIPT"));
}

static void
show_result (ErosResultWindow *self)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->answer));

  if (n_rows > 0)
    {
      show_rows (self, n_rows);
      return;
    }
  if (!asked_something (self))
    {
      adw_status_page_set_title (self->empty, _ ("This Statement Has No Rows"));
      adw_status_page_set_description (self->empty,
                                       _ ("It changed or defined something, and asked nothing."));
    }
  else
    {
      adw_status_page_set_title (self->empty, _ ("No Rows"));
      adw_status_page_set_description (self->empty, _ ("The query ran, and found nothing."));
    }
  eros_accessible_show_page (self->stack, GTK_WIDGET (self->empty));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosResultWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosAnswer) opened = eros_answer_open_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (opened == NULL && g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    show_lost_rows (self, self->job, error);
  else if (opened == NULL)
    show_failure (self, error);
  if (opened == NULL)
    return;
  self->answer = g_steal_pointer (&opened);
  g_signal_connect_object (self->answer, "notify::error", G_CALLBACK (error_cb), self, G_CONNECT_SWAPPED);
  show_result (self);
}

static void
got_job_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosResultWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (EROS_BIG_QUERY (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (job == NULL && g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      show_unknown_job (self, error);
      return;
    }
  /* Of a job that has failed, whatever it did not find is its own matter. */
  if (job != NULL)
    error = eros_job_dup_error (job);
  g_set_object (&self->job, job);
  if (error != NULL)
    show_failure (self, error);
  else
    eros_answer_open_async (self->big_query, job, self->cancellable, opened_cb, g_object_ref (self));
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosResultWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!eros_session_prepare_finish (EROS_SESSION (source), result, &error))
    {
      show_failure (self, error);
      return;
    }
  g_clear_object (&self->big_query);
  self->big_query =
    eros_big_query_new (eros_controller_get_connection (eros_session_get_controller (EROS_SESSION (source))));
  eros_big_query_get_job_async (self->big_query, self->job_id, self->location, self->cancellable, got_job_cb,
                                g_object_ref (self));
}

static void
load (ErosResultWindow *self)
{
  gtk_column_view_set_model (self->view, NULL);
  g_clear_object (&self->answer);
  g_clear_object (&self->job);
  gtk_widget_set_visible (self->trouble, FALSE);
  adw_window_title_set_subtitle (self->title, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result.copy", FALSE);
  eros_accessible_show_page (self->stack, self->waiting);
  eros_session_prepare_async (self->session, prepared_cb, g_object_ref (self));
}

static void
status_cb (ErosResultWindow *self)
{
  const char *status = eros_session_get_status (self->session);

  gtk_label_set_text (self->status, status != NULL ? status : _ ("Asking for the rows…"));
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static void
again_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  load (EROS_RESULT_WINDOW (widget));
}

/* As spreadsheets read it: what holds a tab, a quote or a line's end stands in quotes. */
static void
append_cell (GString *line, const char *text)
{
  if (text == NULL)
    return;
  if (strpbrk (text, "\t\n\r\"") == NULL)
    {
      g_string_append (line, text);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *p);
    }
  g_string_append_c (line, '"');
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosResultWindow *self = EROS_RESULT_WINDOW (widget);
  GtkSelectionModel *model = gtk_column_view_get_model (self->view);
  ErosAnswerRow *row =
    model != NULL ? gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model)) : NULL;
  g_autoptr (GString) line = g_string_new (NULL);

  if (row == NULL || !eros_answer_row_get_loaded (row))
    return;
  for (guint i = 0; i < eros_schema_get_n_columns (eros_answer_get_schema (self->answer)); i++)
    {
      g_autofree char *text = dup_text (row, i);

      if (i > 0)
        g_string_append_c (line, '\t');
      append_cell (line, text);
    }
  eros_feedback_copy (GTK_WIDGET (self->stack), line->str, _ ("The row is on the clipboard"));
}

static void
eros_result_window_dispose (GObject *object)
{
  ErosResultWindow *self = EROS_RESULT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->answer);
  g_clear_object (&self->big_query);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_result_window_parent_class)->dispose (object);
}

static void
eros_result_window_finalize (GObject *object)
{
  ErosResultWindow *self = EROS_RESULT_WINDOW (object);

  g_object_unref (self->cancellable);
  g_free (self->job_id);
  g_free (self->location);

  G_OBJECT_CLASS (eros_result_window_parent_class)->finalize (object);
}

static void
eros_result_window_class_init (ErosResultWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = eros_result_window_dispose;
  object_class->finalize = eros_result_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/result-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, waiting);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, status);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, again);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, empty);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, trouble);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, ErosResultWindow, view);
  gtk_widget_class_install_action (widget_class, "result.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "result.copy", NULL, copy_action);
}

static void
eros_result_window_init (ErosResultWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_result_window_new:
 * @parent: (nullable): the window of the deployment
 * @session: the open deployment
 * @job_id: a query that was run
 * @location: (nullable): where it ran; %NULL: where jobs run now
 * @title: what it is called
 *
 * Makes the window that shows the rows of an answer. Rows are fetched when a person scrolls to them; closing
 * the window stops that.
 *
 * Returns: (transfer none): the window
 */
GtkWindow *
eros_result_window_new (GtkWindow *parent,
                        ErosSession *session,
                        const char *job_id,
                        const char *location,
                        const char *title)
{
  g_autofree char *shown = eros_text_show_line (title);
  ErosResultWindow *self =
    g_object_new (EROS_TYPE_RESULT_WINDOW, "transient-for", parent, "title", shown, NULL);

  self->session = g_object_ref (session);
  self->job_id = g_strdup (job_id);
  self->location = g_strdup (location);
  adw_window_title_set_title (self->title, title);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (status_cb), self, G_CONNECT_SWAPPED);
  status_cb (self);
  load (self);
  return GTK_WINDOW (self);
}

/* ---- where a person gets to it ------------------------------------------------------------------------- */

#define GROUP  "results"
#define ACTION "show"

static void
show_cb (GSimpleAction *action, GVariant *parameter, GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  const char *job_id, *location, *title;

  g_variant_get (parameter, "(&sm&s&s)", &job_id, &location, &title);
  gtk_window_present (eros_result_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              g_object_get_data (G_OBJECT (action), "session"), job_id,
                                              location, title));
}

/**
 * eros_result_window_add_action:
 * @widget: a widget
 * @session: the open deployment
 *
 * Gives @widget and all that is in it the action “results.show”: a job, where it ran (nullable), and a title.
 */
void
eros_result_window_add_action (GtkWidget *widget, ErosSession *session)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new (ACTION, G_VARIANT_TYPE ("(smss)"));

  g_object_set_data_full (G_OBJECT (action), "session", g_object_ref (session), g_object_unref);
  g_signal_connect_object (action, "activate", G_CALLBACK (show_cb), widget, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (widget, GROUP, G_ACTION_GROUP (group));
}

/**
 * eros_result_window_make_button:
 * @job_id: a query that was run
 * @location: (nullable): where it ran
 * @title: what it is called
 *
 * Makes the button that shows the rows of @job_id; see eros_result_window_add_action ().
 *
 * Returns: (transfer floating): the button
 */
GtkWidget *
eros_result_window_make_button (const char *job_id, const char *location, const char *title)
{
  /* Translators: shows the rows that a query has found */
  GtkWidget *button = gtk_button_new_with_label (_ ("Rows…"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), GROUP "." ACTION);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(smss)", job_id, location, title);
  eros_accessible_set_name (button, _ ("Rows…"));
  eros_accessible_describe (button, title, FALSE);
  return button;
}
