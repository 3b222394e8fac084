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
/* Title page: how it ended, that it was rolled back, and what was signed. */
void eros_report_compose_outcome (ErosReportState *state, ErosLayout *layout);
/* Overrides, marks over checks that failed, and signatures that were withdrawn or stand for several people. */
void eros_report_compose_decisions (ErosReportState *state, ErosLayout *layout);
/* Beside a sign-off: what was named before it was signed, what speaks against it now, who has withdrawn one. */
void eros_report_compose_signature (ErosReportState *state, ErosLayout *layout, const char *element_id);
/* A label and a value; "–" for "". */
void eros_report_compose_pair (ErosLayout *layout, const char *label, const char *value);
void eros_report_compose_evidence (ErosLayout *layout, JsonNode *evidence);

G_END_DECLS
