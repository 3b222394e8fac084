/* eros-report-document-private.h: how the pages become a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-layout.h"
#include "eros-report-attachments.h"
#include "eros-report-document.h"

G_BEGIN_DECLS

ErosReportDocument *eros_report_document_new_for_state (ErosReportState *state,
                                                        ErosPaper        paper,
                                                        GCancellable    *cancellable,
                                                        GError         **error);
GBytes             *eros_report_document_to_pdf (ErosReportDocument *self, GCancellable *cancellable, GError **error);
/* (transfer none) (element-type ErosReportAttachment): what the pages say is attached. */
GPtrArray *eros_report_document_get_attachments (ErosReportDocument *self);

G_END_DECLS
