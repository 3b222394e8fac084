/* eros-report-content.h: what the report says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-layout.h"
#include "eros-report-state.h"

G_BEGIN_DECLS

/* The whole report, from the first page to the appendix. Returns FALSE when it was cancelled. */
gboolean eros_report_compose (ErosReportState *state,
                              GPtrArray       *attachments, /* of ErosReportAttachment */
                              ErosLayout      *layout,
                              GCancellable    *cancellable,
                              GError         **error);

/* Its parts, in their order. */
/* First page: how it ended, that it was rolled back, and what was signed. */
void eros_report_compose_outcome (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_front_concerns (ErosReportState *state, ErosLayout *layout);
/* The twelve questions of an auditor, each with its answer and the page that says more. */
void eros_report_compose_questions (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_timeline (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_phases (ErosReportState *state, ErosLayout *layout);
/* Overrides, marks over checks that failed, and signatures that were withdrawn or stand for several people. */
void eros_report_compose_decisions (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_concerns (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_rollback (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_changes (ErosReportState *state, ErosLayout *layout);
/* The before/after tables with their charts. */
void eros_report_compose_comparisons (ErosReportState *state, ErosLayout *layout);
/* The verdicts of all criteria with their grounds, and what monitoring has read. */
void eros_report_compose_criteria (ErosReportState *state, ErosLayout *layout);
void eros_report_compose_elements (ErosReportState *state, ErosLayout *layout, GListModel *sections);
void eros_report_compose_appendix (ErosReportState *state, GPtrArray *attachments, ErosLayout *layout);

/* Beside a sign-off: what was named before it was signed, what speaks against it now, who has withdrawn one. */
void eros_report_describe_signatures (ErosReportState *state, const char *element_id, GString *text);
/* (nullable): the one that holds. */
const ErosReportDecision *eros_report_find_signature (ErosReportState *state, const char *element_id);
/* A label and a value; "–" for "". */
void eros_report_compose_pair (ErosLayout *layout, const char *label, const char *value);
/* What a check rests on, in sentences: appended to TEXT. SEQUENCE: of the event that has it all; 0: none. */
void eros_report_describe_evidence (ErosReportState *state, ErosElement *element, JsonNode *evidence, GString *text);
/* Calls FUNC for each element of the phases, in the order of the pages. */
typedef void (*ErosReportElementFunc) (ErosReportState *state, ErosElement *element, gpointer user_data);
void eros_report_foreach_element (ErosReportState *state, ErosReportElementFunc func, gpointer user_data);

G_END_DECLS
