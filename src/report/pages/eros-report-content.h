/* eros-report-content.h: what the report says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-layout.h"
#include "eros-report-state.h"

G_BEGIN_DECLS

/* The whole report, from the title page to the record. Returns FALSE when it was cancelled. */
gboolean eros_report_compose (ErosReportState *state, ErosLayout *layout, GCancellable *cancellable, GError **error);

/* Its parts. */
void eros_report_compose_elements (ErosReportState *state, ErosLayout *layout, GListModel *sections);
void eros_report_compose_evidence (ErosLayout *layout, JsonNode *evidence);

G_END_DECLS
