/* eros-chart.h: a number over time beside its limit, or before and after; knows nothing of deployments
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* All NAN where it is not known. */
typedef struct
{
  double x;
  double value;
  double low;
  double high;
} ErosChartPoint;

typedef struct _ErosChart ErosChart;

/* A curve with its interval. LIMIT: NAN without one. FIRST, LAST: what stands below the axis at its ends. */
ErosChart *eros_chart_new_curve (const char           *title,
                                 const char           *unit,
                                 double                limit,
                                 const char           *limit_text,
                                 const char           *first,
                                 const char           *last,
                                 const ErosChartPoint *points,
                                 guint                 n);
/* Two bars; their x is not used. The texts stand beside them. */
ErosChart *eros_chart_new_bars (const char           *title,
                                const char           *remark,
                                const ErosChartPoint *before,
                                const char           *before_text,
                                const ErosChartPoint *after,
                                const char           *after_text);
void       eros_chart_free (ErosChart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosChart, eros_chart_free)

/* Where X is: a line with TEXT beside it. */
void eros_chart_add_mark (ErosChart *self, double x, const char *text);
/* What counts as the same as before. */
void eros_chart_set_band (ErosChart *self, double low, double high);
/* Of texts and axes; black otherwise. */
void eros_chart_set_ink (ErosChart *self, double red, double green, double blue);
/* The point nearest to X of a curve that is drawn WIDTH wide; -1: there is none. */
int eros_chart_find_point (const ErosChart *self, double width, double x);
/* Marks a point of a curve. */
void eros_chart_draw_cursor (const ErosChart *self, cairo_t *cr, double width, double height, guint point);
void eros_chart_draw (const ErosChart *self, cairo_t *cr, PangoContext *context, double width, double height);

G_END_DECLS
