/* eros-report-record.h: the record that a report carries, and whether a journal still holds it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report.h"

G_BEGIN_DECLS

/* The events that a report carries, as they were when it was written. */
typedef struct _ErosReportRecord ErosReportRecord;

/* Reads what is attached to REPORT. Whether that is what somebody has signed says eros_report_verify (). */
ErosReportRecord *eros_report_record_read (GFile *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void              eros_report_record_free (ErosReportRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReportRecord, eros_report_record_free)

guint eros_report_record_get_length (ErosReportRecord *self);
/* Whether both begin with the same event. */
gboolean eros_report_record_is_of (ErosReportRecord *self, ErosJournal *journal);
/* Whether JOURNAL, which has been verified, begins with all of these events; the error says where it does not. */
gboolean eros_report_record_compare (ErosReportRecord *self,
                                     ErosJournal      *journal,
                                     GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
