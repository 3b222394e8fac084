/* eros-report-view.h: the report's pages as they would be printed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_REPORT_VIEW (eros_report_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosReportView, eros_report_view, EROS, REPORT_VIEW, AdwBin)

GtkWidget *eros_report_view_new (ErosDeployment *deployment);
guint      eros_report_view_get_n_pages (ErosReportView *self);

G_END_DECLS
