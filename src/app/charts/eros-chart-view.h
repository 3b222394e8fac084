/* eros-chart-view.h: a chart whose values are reached by pointer, by keyboard and as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-chart.h"

G_BEGIN_DECLS

#define EROS_TYPE_CHART_VIEW (eros_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosChartView, eros_chart_view, EROS, CHART_VIEW, GtkBox)

GtkWidget *eros_chart_view_new (const char *title);
void       eros_chart_view_set_title (ErosChartView *self, const char *title);
/* chart: (transfer full). points: (element-type ErosChartPoint) with x in seconds since 1970, as many as CHART has;
 * %NULL: what CHART shows stands in its texts. */
void        eros_chart_view_show (ErosChartView *self, ErosChart *chart, GArray *points, const char *unit);
const char *eros_chart_view_get_value (ErosChartView *self);

G_END_DECLS
