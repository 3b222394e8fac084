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

void eros_chart_draw (const ErosChart *self, cairo_t *cr, PangoContext *context, double width, double height);

G_END_DECLS
