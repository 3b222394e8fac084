/* eros-report-document.h: the laid out pages of a report
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cairo.h>
#include "eros-deployment.h"
#include "eros-report-error.h"

G_BEGIN_DECLS

/* The laid out pages: what the window shows is what is exported. Immutable; draw from one thread at a time. */
#define EROS_TYPE_REPORT_DOCUMENT (eros_report_document_get_type ())
G_DECLARE_FINAL_TYPE (ErosReportDocument, eros_report_document, EROS, REPORT_DOCUMENT, GObject)

/* The deployment's state is copied before this returns; the layout happens in a worker thread. */
void                eros_report_document_new_async (ErosDeployment     *deployment,
                                                    GCancellable       *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer            user_data);
ErosReportDocument *eros_report_document_new_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint               eros_report_document_get_n_pages (ErosReportDocument *self);
void                eros_report_document_get_page_size (ErosReportDocument *self,
                                                        double             *width, /* in points, 1/72 inch */
                                                        double             *height);
void                eros_report_document_draw_page (ErosReportDocument *self, cairo_t *cr, guint page); /* from 0 */

G_END_DECLS
