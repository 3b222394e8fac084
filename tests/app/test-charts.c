/* test-charts.c: charts of what is measured: drawn in time, and read by keyboard and as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "app-test.h"

#include "eros-chart-view.h"
#include "eros-criteria-charts.h"

#define MANY 100000

static GArray *
make_points (guint n)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (ErosChartPoint));

  for (guint i = 0; i < n; i++)
    {
      double value = 5 + sin (i / 50.0) + i % 7 / 10.0;

      g_array_append_vals (points, &(ErosChartPoint){ 1.8e9 + i * 60, value, value - 1, value + 1 }, 1);
    }
  return points;
}

static ErosChart *
make_chart (const GArray *points)
{
  return eros_chart_new_curve ("Query failure rate", "%", 8, "limit 8 %", "first", "last",
                               (const ErosChartPoint *) (gpointer) points->data, points->len);
}

/* Of this thread: a machine that has much else to do is no slower drawing. */
static gint64
get_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static guint
count_red (cairo_surface_t *surface, int width, int height)
{
  const guint32 *pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  guint n = 0;

  for (int i = 0; i < width * height; i++)
    n += ((pixels[i] >> 16) & 255) > 150 && ((pixels[i] >> 8) & 255) < 90 && (pixels[i] & 255) < 90;
  return n;
}

/* The first draw of very many, without anything kept from before. The peak must not be lost among them. */
static void
test_very_many_points_are_drawn_in_time (void)
{
  g_autoptr (GArray) points = make_points (MANY);
  g_autoptr (ErosChart) chart = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 600, 150);
  cairo_t *cr = cairo_create (surface);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  gint64 best = G_MAXINT64;

  g_array_index (points, ErosChartPoint, 77777).value = 40;
  for (guint i = 0; i < 5; i++)
    {
      gint64 begun;

      g_clear_pointer (&chart, eros_chart_free);
      chart = make_chart (points);
      begun = get_time ();
      eros_chart_draw (chart, cr, context, 600, 150);
      best = MIN (best, get_time () - begun);
    }
  cairo_surface_flush (surface);
  g_test_message ("drawn in %.2f ms", best / 1000.0);
  g_assert_cmpint (best, <, 16000);
  g_assert_cmpuint (count_red (surface, 600, 150), >, 0); /* the limit */
  g_assert_cmpint (eros_chart_find_point (chart, 600, 600 - 4), ==, MANY - 1);
  g_assert_cmpint (eros_chart_find_point (chart, 600, 0), ==, 0);
  g_object_unref (context);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
press (GtkWidget *area, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (area);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
  g_assert_true (handled);
}

static void
test_values_are_read_by_keyboard_and_as_a_table (void)
{
  g_autoptr (GArray) points = make_points (3);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = eros_chart_view_new ("Query failure rate");
  GtkWidget *area, *table;

  eros_chart_view_show (EROS_CHART_VIEW (view), make_chart (points), points, "%");
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  app_test_settle ();
  g_assert_nonnull (
    strstr (eros_chart_view_get_value (EROS_CHART_VIEW (view)), "08:02:00 UTC: 5.24 % (4.24 to 6.24)"));
  area = app_test_find (view, GTK_TYPE_DRAWING_AREA, NULL, NULL);
  g_assert_true (gtk_widget_get_focusable (area));
  press (area, GDK_KEY_Home);
  g_assert_nonnull (
    strstr (eros_chart_view_get_value (EROS_CHART_VIEW (view)), "08:00:00 UTC: 5 % (4 to 6)"));
  press (area, GDK_KEY_Right);
  g_assert_nonnull (strstr (eros_chart_view_get_value (EROS_CHART_VIEW (view)), "08:01:00 UTC"));

  gtk_expander_set_expanded (GTK_EXPANDER (app_test_find (view, GTK_TYPE_EXPANDER, NULL, NULL)), TRUE);
  app_test_settle ();
  table = app_test_find (view, GTK_TYPE_COLUMN_VIEW, NULL, NULL);
  g_assert_nonnull (table);
  g_assert_true (app_test_has_label (table, "6.24"));
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

static void
record (ErosSession *session, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);

  g_assert_nonnull (eros_deployment_record (eros_session_get_deployment (session), kind, body, NULL));
}

static void
measure (ErosSession *session, const char *failed)
{
  g_autofree char *json = g_strdup_printf (
    "{\"step\":\"query-performance\",\"values\":{\"queries_after\":\"480\",\"failed_after\":\"%s\"}}",
    failed);

  record (session, "step.ended", json);
  record (session, "operation.ended",
          "{\"id\":\"monitoring\",\"operation\":\"monitoring\",\"outcome\":\"pass\"}");
}

/* Whoever reads an earlier value goes on reading when a round of the monitoring is over. */
static void
test_a_new_round_takes_neither_focus_nor_place (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *area, *view, *table;
  g_autofree char *first = NULL;

  measure (session, "12");
  measure (session, "24");
  gtk_window_set_child (
    GTK_WINDOW (window),
    eros_criteria_charts_new (deployment, eros_runbook_find_element (eros_deployment_get_runbook (deployment),
                                                                     "rollback.decision.criteria")));
  gtk_window_present (GTK_WINDOW (window));
  app_test_settle ();
  view = app_test_find (window, EROS_TYPE_CHART_VIEW, NULL, NULL);
  gtk_expander_set_expanded (GTK_EXPANDER (app_test_find (view, GTK_TYPE_EXPANDER, NULL, NULL)), TRUE);
  app_test_settle ();
  table = app_test_find (view, GTK_TYPE_COLUMN_VIEW, NULL, NULL);
  area = app_test_find (view, GTK_TYPE_DRAWING_AREA, NULL, NULL);
  gtk_widget_grab_focus (area);
  press (area, GDK_KEY_Home);
  first = g_strdup (eros_chart_view_get_value (EROS_CHART_VIEW (view)));
  measure (session, "48");
  app_test_settle ();
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == area);
  g_assert_cmpstr (eros_chart_view_get_value (EROS_CHART_VIEW (view)), ==, first);
  g_assert_true (app_test_find (view, GTK_TYPE_COLUMN_VIEW, NULL, NULL) == table);
  g_assert_true (app_test_has_label (table, "10"));
  /* At the last value the newest is followed. */
  press (area, GDK_KEY_End);
  measure (session, "96");
  g_assert_nonnull (strstr (eros_chart_view_get_value (EROS_CHART_VIEW (view)), " 20 %"));
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  g_test_add_func ("/app/charts/very-many-points-are-drawn-in-time", test_very_many_points_are_drawn_in_time);
  g_test_add_func ("/app/charts/values-are-read-by-keyboard-and-as-a-table",
                   test_values_are_read_by_keyboard_and_as_a_table);
  g_test_add_func ("/app/charts/a-new-round-takes-neither-focus-nor-place",
                   test_a_new_round_takes_neither_focus_nor_place);
  return g_test_run ();
}
