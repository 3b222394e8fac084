/* eros-report-document-private.h: how the pages become a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-state.h"
#include "eros-report.h"

G_BEGIN_DECLS

ErosReportDocument *eros_report_document_new_for_state (ErosReportState *state,
                                                        GCancellable    *cancellable,
                                                        GError         **error);
GBytes             *eros_report_document_to_pdf (ErosReportDocument *self, GCancellable *cancellable, GError **error);
/* The bytes of a file that is not too large for a report. */
GBytes *eros_report_load (GFile *file, GCancellable *cancellable, GError **error);

G_END_DECLS
