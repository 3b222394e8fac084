/* eros-chart-view.c: a chart whose values are reached by pointer, by keyboard and as a table
 *
 * Drawn by what draws it in the report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-chart-view.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"
#include "eros-compat.h"

#define SCALE        1.5 /* what is small on paper */
#define HEIGHT       150
#define TABLE_HEIGHT 180

struct _ErosChartView
{
  GtkBox parent_instance;

  char *title;
  char *unit;
  ErosChart *chart;    /* (nullable) */
  GArray *points;      /* (nullable) of ErosChartPoint */
  GtkStringList *rows; /* (nullable): of the table, while it shows: as many as there are points */
  int point;           /* that is pointed at; -1: none */

  GtkWidget *area;
  GtkLabel *value;
  GtkExpander *table;
};

G_DEFINE_FINAL_TYPE (ErosChartView, eros_chart_view, GTK_TYPE_BOX)

enum
{
  COLUMN_TIME,
  COLUMN_VALUE,
  COLUMN_LOW,
  COLUMN_HIGH,
};

/* ---- texts --------------------------------------------------------------------------------------------- */

static char *
describe_number (double number)
{
  return isfinite (number) ? g_strdup_printf ("%.4g", number) : g_strdup ("–");
}

static char *
describe_cell (ErosChartView *self, guint i, guint column)
{
  const ErosChartPoint *point = &g_array_index (self->points, ErosChartPoint, i);

  switch (column)
    {
    case COLUMN_TIME:
      return eros_format_time ((gint64) point->x * G_USEC_PER_SEC);
    case COLUMN_VALUE:
      return describe_number (point->value);
    case COLUMN_LOW:
      return describe_number (point->low);
    case COLUMN_HIGH:
    default:
      return describe_number (point->high);
    }
}

static char *
describe_point (ErosChartView *self, guint i)
{
  g_autofree char *time = describe_cell (self, i, COLUMN_TIME);
  g_autofree char *value = describe_cell (self, i, COLUMN_VALUE);
  g_autofree char *low = describe_cell (self, i, COLUMN_LOW);
  g_autofree char *high = describe_cell (self, i, COLUMN_HIGH);

  /* Translators: a time, a number and its unit, the ends of its interval */
  return g_strdup_printf (_ ("%s: %s %s (%s to %s)"), time, value, self->unit, low, high);
}

/* Marks a value in the chart, and says it below; -1: none. */
static void
set_point (ErosChartView *self, int point)
{
  g_autofree char *text = point >= 0 ? describe_point (self, point) : g_strdup ("");

  self->point = point;
  gtk_label_set_text (self->value, text);
  eros_accessible_set_description (self->area, text);
  gtk_widget_queue_draw (self->area);
}

/* ---- drawing ------------------------------------------------------------------------------------------- */

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  ErosChartView *self = user_data;
  GdkRGBA ink;

  if (self->chart == NULL)
    return;
  ink = eros_compat_get_color (GTK_WIDGET (area));
  eros_chart_set_ink (self->chart, ink.red, ink.green, ink.blue);
  cairo_scale (cr, SCALE, SCALE);
  eros_chart_draw (self->chart, cr, gtk_widget_get_pango_context (GTK_WIDGET (area)), width / SCALE,
                   height / SCALE);
  if (self->point >= 0)
    eros_chart_draw_cursor (self->chart, cr, width / SCALE, height / SCALE, self->point);
}

/* ---- pointing ------------------------------------------------------------------------------------------ */

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, ErosChartView *self)
{
  if (self->points != NULL && self->chart != NULL)
    set_point (self,
               eros_chart_find_point (self->chart, gtk_widget_get_width (self->area) / SCALE, x / SCALE));
}

static gboolean
key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, ErosChartView *self)
{
  int n = self->points != NULL ? (int) self->points->len : 0;
  int last = n - 1;

  if (n == 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Left || key == GDK_KEY_Right)
    set_point (self, self->point < 0 ? last : CLAMP (self->point + (key == GDK_KEY_Left ? -1 : 1), 0, last));
  else if (key == GDK_KEY_Home || key == GDK_KEY_End)
    set_point (self, key == GDK_KEY_Home ? 0 : last);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* ---- the table ----------------------------------------------------------------------------------------- */

static void
cell_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
cell_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, ErosChartView *self)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  g_autofree char *text = describe_cell (self, gtk_list_item_get_position (item), column);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
add_column (ErosChartView *self, GtkColumnView *table, const char *title, guint column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) own = gtk_column_view_column_new (title, factory);

  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (column));
  g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (cell_bind_cb), self, 0);
  gtk_column_view_column_set_expand (own, TRUE);
  gtk_column_view_append_column (table, own);
}

static void
add_rows (ErosChartView *self)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (self->rows)) < self->points->len)
    gtk_string_list_append (self->rows, "");
}

/* Its rows are their numbers: what stands in them is made when it shows. */
static GtkWidget *
make_table (ErosChartView *self)
{
  GtkWidget *table = gtk_column_view_new (NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->rows = gtk_string_list_new (NULL);
  add_rows (self);
  add_column (self, GTK_COLUMN_VIEW (table), _ ("Time"), COLUMN_TIME);
  add_column (self, GTK_COLUMN_VIEW (table), _ ("Value"), COLUMN_VALUE);
  add_column (self, GTK_COLUMN_VIEW (table), _ ("From"), COLUMN_LOW);
  add_column (self, GTK_COLUMN_VIEW (table), _ ("To"), COLUMN_HIGH);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->rows))));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (table), selection);
  eros_accessible_set_name (table, self->title);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), table);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TABLE_HEIGHT);
  return scroller;
}

static void
table_cb (ErosChartView *self)
{
  gboolean shown = gtk_expander_get_expanded (self->table) && self->points != NULL;

  g_clear_object (&self->rows);
  gtk_expander_set_child (self->table, shown ? make_table (self) : NULL);
}

/* ---- the view ------------------------------------------------------------------------------------------ */

static void
eros_chart_view_finalize (GObject *object)
{
  ErosChartView *self = EROS_CHART_VIEW (object);

  g_clear_pointer (&self->chart, eros_chart_free);
  g_clear_pointer (&self->points, g_array_unref);
  g_clear_object (&self->rows);
  g_free (self->title);
  g_free (self->unit);

  G_OBJECT_CLASS (eros_chart_view_parent_class)->finalize (object);
}

static void
eros_chart_view_class_init (ErosChartViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_chart_view_finalize;
}

static void
add_controllers (ErosChartView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->area, motion);
  gtk_widget_add_controller (self->area, keys);
}

static void
eros_chart_view_init (ErosChartView *self)
{
  self->point = -1;
  self->area = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, NULL);
  self->value = GTK_LABEL (gtk_label_new (NULL));
  self->table = GTK_EXPANDER (gtk_expander_new (_ ("As a table")));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->area), HEIGHT);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->area), 260);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  gtk_label_set_xalign (self->value, 0);
  gtk_label_set_wrap (self->value, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "caption");
  gtk_box_append (GTK_BOX (self), self->area);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->value));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->table));
  g_signal_connect_object (self->table, "notify::expanded", G_CALLBACK (table_cb), self, G_CONNECT_SWAPPED);
  add_controllers (self);
}

/**
 * eros_chart_view_new:
 * @title: what the chart is of
 *
 * Makes a view that shows nothing yet.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_chart_view_new (const char *title)
{
  ErosChartView *self = g_object_new (EROS_TYPE_CHART_VIEW, NULL);

  eros_chart_view_set_title (self, title);
  return GTK_WIDGET (self);
}

/**
 * eros_chart_view_set_title:
 * @self: a view
 * @title: what the chart is of
 *
 * Names the chart anew, for those who hear it.
 */
void
eros_chart_view_set_title (ErosChartView *self, const char *title)
{
  g_autofree char *table = g_strdup_printf (_ ("%s, as a table"), title);

  g_return_if_fail (EROS_IS_CHART_VIEW (self));

  g_free (self->title);
  self->title = g_strdup (title);
  eros_accessible_set_name (self->area, title);
  eros_accessible_set_name (GTK_WIDGET (self->table), table);
}

/**
 * eros_chart_view_show:
 * @self: a view
 * @chart: (transfer full): what is drawn
 * @points: (nullable): its values, with their times
 * @unit: of the values
 *
 * Shows @chart from here on. Where @points are those that were shown before and further ones, the one that is
 * pointed at stays so, unless it was the last.
 */
void
eros_chart_view_show (ErosChartView *self, ErosChart *chart, GArray *points, const char *unit)
{
  guint n_before;
  gboolean stays;

  g_return_if_fail (EROS_IS_CHART_VIEW (self));

  n_before = self->points != NULL ? self->points->len : 0;
  stays = points != NULL && n_before <= points->len;
  g_clear_pointer (&self->chart, eros_chart_free);
  g_clear_pointer (&self->points, g_array_unref);
  g_free (self->unit);
  self->chart = chart;
  self->points = points != NULL ? g_array_ref (points) : NULL;
  self->unit = g_strdup (unit != NULL ? unit : "");
  gtk_widget_set_focusable (self->area, points != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->table), points != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->value), points != NULL);
  set_point (self, stays && self->point + 1 < (int) n_before ? self->point
                   : points != NULL                          ? (int) points->len - 1
                                                             : -1);
  if (stays && self->rows != NULL)
    add_rows (self);
  else
    table_cb (self);
}

/**
 * eros_chart_view_get_value:
 * @self: a view
 *
 * Returns: (transfer none): the value that is pointed at, in words
 */
const char *
eros_chart_view_get_value (ErosChartView *self)
{
  g_return_val_if_fail (EROS_IS_CHART_VIEW (self), NULL);

  return gtk_label_get_text (self->value);
}
